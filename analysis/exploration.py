"""An exploration: what an analyst chose to look at, as one line that can be kept, repeated and sent on.

The line is the only parameter of ``notebooks/explore.ipynb`` that its controls change; what the choice selects says ``explored``.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

from analysis.commands import slug
from analysis.counts import CHANNELS
from analysis.definitions import ONLINE
from analysis.labels import NOTHING, Labels, read_labels
from analysis.periods import Unanswerable
from analysis.vocabulary import OF_DOSSIERS

BLANK = NOTHING
"""The name of those dossiers of which the exports leave a column blank."""

ON_TIME = ("D1", "D1_pauses_out", "D2", "D3", "D4")
"""The definitions that can be chosen; the others of ``definitions.ON_TIME`` are D1 under another rule, which is chosen apart."""

TABLES = ("month", "unit", "division", "field", "procedure", "channel")
"""What the rows of the table can be."""

ONE_OF: Mapping[str, tuple[str, ...]] = {
    "channel": ("", *CHANNELS), "due": ("", *OF_DOSSIERS["due"]), "judged_by": ("", *OF_DOSSIERS["judged_by"]),
    "on_time": ON_TIME, "online": ONLINE, "table": TABLES,
}  # fmt: skip
"""Part of a choice -> what it may be; the others are free."""

PARTS = ("unit", "field", "procedure", "channel")
"""What narrows the dossiers."""

OF_REPORT = ("period", "as_of", "unit")
"""What the yearly report can be asked for too."""

LIVE = re.compile(r'[;%"\'\\$`!\x00-\x1f\x7f]')
"""What means something to the line, to Python or to a shell between double quotes; written as ``%`` and its number."""


class ChoiceRefused(Unanswerable):
    """What was chosen shows nothing; the message says why and what to do, in either language."""

    def __init__(self, why: str, **values: str) -> None:
        self.why, self.values = why, values
        super().__init__(self.told(read_labels("en")))

    def told(self, labels: Labels) -> str:
        """The same as a sentence of a page."""
        return labels.name(f"explore.{self.why}", **self.values)


@dataclass(frozen=True)
class Choice:
    """What is looked at; what is empty is not narrowed, and a rule that is empty is the department's own.

    Examples
    --------
    >>> choice = Choice(period="2022-Q3", channel="online")
    >>> choice.line()
    'period=2022-Q3; channel=online'
    >>> read_choice(choice.line()) == choice
    True
    """

    period: str = ""
    """As ``periods.read_period`` takes it; empty for the year of the data."""
    as_of: str = ""
    """The day up to which things have happened, as 2022-11-10; empty for the day of the data."""
    unit: str = ""
    field: str = ""
    procedure: str = ""
    """The key of ``catalogue.procedure_keys``: the core of a code, or the name where there is none."""
    channel: str = ""
    due: str = ""
    judged_by: str = ""
    on_time: str = ON_TIME[0]
    online: str = ONLINE[0]
    table: str = TABLES[0]
    """What the rows of the table are."""

    def __post_init__(self) -> None:
        for name, known in ONE_OF.items():
            if getattr(self, name) not in known:
                near = difflib.get_close_matches(getattr(self, name), known, n=1, cutoff=0)
                raise ChoiceRefused(
                    "bad_value",
                    part=name,
                    typed=getattr(self, name),
                    near="".join(near),
                    known=", ".join(filter(None, known)),
                )

    def line(self) -> str:
        """What differs from the usual, as one line; safe between double quotes in Python and in a shell."""
        usual = Choice()
        told = {name: value for name, value in asdict(self).items() if value != getattr(usual, name)}
        return "; ".join(f"{name}={LIVE.sub(_escaped, value)}" for name, value in told.items())

    def is_narrowed(self, *, beyond: tuple[str, ...] = ()) -> bool:
        """Whether only some dossiers are looked at, by another part than those of ``beyond``."""
        return any(getattr(self, name) for name in PARTS if name not in beyond)

    def is_of_report(self) -> bool:
        """Whether the yearly report shows the same: it takes no other part, and has the department's own rules."""
        return replace(self, **dict.fromkeys(OF_REPORT, ""), table=TABLES[0]) == Choice()

    def file_name(self, what: str, ending: str) -> str:
        """A name that says what is in a file.

        Examples
        --------
        >>> Choice(period="2022-Q3", field="Nhà ở", on_time="D2").file_name("Đúng hạn", ".png")
        '2022-Q3.nha-o.D2.dung-han.png'
        """
        usual = Choice()
        told = [self.period.replace("..", "_") or "all", *([f"as-of-{self.as_of}"] if self.as_of else [])]
        told += [slug(value)[:40].strip("-") or "blank" for name in PARTS if (value := getattr(self, name))]
        rules = ("due", "judged_by", "on_time", "online")
        told += [value for name in rules if (value := getattr(self, name)) != getattr(usual, name)]
        return ".".join([re.sub(r"[^\w.-]+", "-", part) for part in told] + [slug(what)]) + ending


def read_choice(line: str) -> Choice:
    """The choice that a line stands for.

    Raises
    ------
    ChoiceRefused
        If it has a part that is not known, or one twice, or a value that is not; the message names the nearest.

    Examples
    --------
    >>> read_choice("period=2022; field=Nhà ở%3B đất")
    Choice(period='2022', as_of='', unit='', field='Nhà ở; đất', ...)
    >>> read_choice("periode=2022")
    Traceback (most recent call last):
    ...
    analysis.exploration.ChoiceRefused: A choice has no part “periode”; the nearest is “period”. It has: period, as_of, ...
    """
    known = [field.name for field in fields(Choice)]
    told: dict[str, str] = {}
    for part in filter(str.strip, line.split(";")):
        name, is_said, value = part.partition("=")
        if (name := name.strip()) not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0)
            raise ChoiceRefused("no_part", part=name, near="".join(near), known=", ".join(known))
        if not is_said or name in told:
            raise ChoiceRefused("part_twice" if is_said else "no_value", part=name)
        told[name] = re.sub(r"%([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), value.strip())
    return Choice(**told)


def _escaped(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"
