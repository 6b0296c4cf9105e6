"""Policies: where dossiers go that form II.06a has no column for.

The form has no column for what ended without a result, waits for the applicant, has no due date, or cannot be told. Systems
put these into other columns, each in its own way.
"""

from typing import NamedTuple

from analysis.periods import Unanswerable

POLICIES = {
    "ended": ("apart", "on_time", "by_due_day"),
    "paused": ("by_due_day", "by_pause_day", "in_time", "apart"),
    "no_due": ("apart", "on_time"),
    "channel": ("apart", "in_person"),
}
"""What the form does not say -> the ways to count it; the first is taken unless another is said."""


class Policy(NamedTuple):
    """Where dossiers go that the form has no column for; printed with every form."""

    ended: str = "apart"
    """Withdrawn, returned, transferred. ``apart``: in no column, so that (3) = (7) + (11) leaves them. ``on_time``: in (7) and
    (9), as a provincial one-stop system does. ``by_due_day``: in (7), and in (8), (9) or (10) by the day they ended."""
    paused: str = "by_due_day"
    """Waiting for the applicant. ``by_due_day``: in (12) or (13) like any open dossier. ``by_pause_day``: as they stood on the
    day the pause began; without such a day as before. ``in_time``: in (12), as that system does. ``apart``: not in (11)."""
    no_due: str = "apart"
    """Without a due date. ``apart``: in (7) or (11), but in none of their parts. ``on_time``: in (9) or (12)."""
    channel: str = "apart"
    """Of another or no known channel. ``apart``: in (3), but in neither (4) nor (5). ``in_person``: in (5)."""


USUAL = Policy()
"""The policy that is taken unless another is said."""


def read_policy(**chosen: str) -> Policy:
    """A policy of its parts by name.

    Raises
    ------
    Unanswerable
        If a way is not known; the message lists the known ones.

    Examples
    --------
    >>> read_policy(ended="on_time").ended
    'on_time'
    """
    for name, way in chosen.items():
        if way not in POLICIES[name]:
            raise Unanswerable(f"{name} = {way!r} is no way to count them; known are {', '.join(POLICIES[name])}.")
    return Policy(**chosen)
