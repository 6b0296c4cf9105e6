"""What each colour and pattern means, on every chart of every page.

A channel, a timeliness, a rate has one look everywhere. Neighbours differ in lightness too, and what is late in its pattern, so
that a chart is read on a grey printer and by those who see red and green alike; ``tests/test_palette.py`` measures it.
"""

from typing import NamedTuple


class Look(NamedTuple):
    """A fill: its colour, and the pattern over it."""

    colour: str
    hatch: str = ""


CHANNELS = {
    "online": Look("#0b5394"), "in_person": Look("#a9c7e3"), "postal": Look("#e69f00", "//"),
    "other": Look("#7f6a93", ".."), "unknown": Look("#d5dae0", "xx"),
}  # fmt: skip
"""In the order in which they are stacked."""

NO_DUE = Look("#d5dae0", "xx")
LATE = Look("#c8501e", "//")
TIMELINESS = {"early": Look("#0f6b53"), "on_time": Look("#8fd0bb"), "late": LATE, "no_due": NO_DUE}
OPEN = {"in_time": Look("#8fd0bb"), "overdue": LATE, "no_due": NO_DUE}

HELD = Look("#f3f4f6", "..")
"""What is told in one sum only; see ``editions``."""

RATES = {"online_share": "#0b5394", "on_time_rate": "#0f6b53"}
FLOWS = {"received": "#0b5394", "resolved": "#0f6b53", "not_ended": "#c8501e"}
DASHES = {"online_share": "-", "on_time_rate": "--", "received": "-", "resolved": "--", "not_ended": ":"}

INK = "#1b2530"
QUIET = "#54606c"
PLAIN = "#7f6a93"
"""A rate beside the one that is meant; the places where a series breaks."""
OTHER_YEAR = "#6b7280"
GROUND = "#eceff2"
"""Behind a month that is not all known."""
