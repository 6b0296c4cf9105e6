"""The calendar: which days and hours the office works.

Monday to Friday, but for the exceptions in ``workdays.csv``: days off (holidays and the days that replace them),
make-up days (Saturdays worked in exchange), and days that nobody has decided yet. The government decides them year by
year, so they are data with a source, and no rule computes them. What the calendar does not cover is missing.
"""

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

OFFICIAL = Path(__file__).with_name("workdays.csv")
SHIPPED = {"vn": OFFICIAL}
"""Name in the vocabulary -> a calendar that comes with the program."""

KINDS = ("off", "make-up", "undecided")
COLUMNS = ("date", "kind", "basis", "source")


class Calendar(NamedTuple):
    """Which days are worked, in the years it covers, and at which hours."""

    file: str
    """The file to extend; empty if there is no calendar."""
    first: int
    """The first day covered, in days since 1970."""
    worked: np.ndarray
    """Whether each day is worked; bool. An undecided day is not, and is in doubt."""
    elapsed: np.ndarray
    """Working days gone by at the end of each day, from the eve of ``first`` on."""
    doubtful: np.ndarray
    """The same of days in doubt: undecided ones, and those of a year without a single line. What spans one is missing,
    not guessed."""
    latest_receipt: int
    """What is received after this minute of the day counts as received on the next day."""
    sessions: tuple[int, ...]
    """Minutes at which the office opens and closes, by turns."""

    def __repr__(self) -> str:
        """The years it covers.

        Examples
        --------
        >>> read_calendar()
        <Calendar: workdays.csv, 2015–2026>
        """
        return f"<Calendar: {self.file or 'none'}, {self.years or 'no year'}>"

    @property
    def years(self) -> str:
        """The years that are covered, as ``2015–2026, 2028``; empty if there is no calendar."""
        days = np.arange(self.first, self.first + len(self.worked)).view("datetime64[D]").astype("datetime64[Y]")
        years = np.unique(days[np.diff(self.doubtful) == 0]).astype(np.int64) + 1970
        runs = np.split(years, np.flatnonzero(np.diff(years) > 1) + 1) if len(years) else []
        return ", ".join(f"{run[0]}–{run[-1]}" if run[0] < run[-1] else f"{run[0]}" for run in runs)

    def state_of(self, days: pd.Series) -> pd.Series:
        """Whether each day is ``worked``, ``off``, ``undecided``, or ``not_covered``; text.

        Examples
        --------
        >>> days = pd.Series(pd.to_datetime(["2024-04-29", "2024-05-04", "1999-01-04"]))
        >>> read_calendar().state_of(days).tolist()
        ['off', 'worked', 'not_covered']
        """
        at = days.to_numpy("datetime64[D]").astype(np.int64) - self.first
        within = (at >= 0) & (at < len(self.worked))
        in_doubt = np.append(np.diff(self.doubtful) > 0, False)
        every = np.arange(self.first, self.first + len(self.worked)).view("datetime64[D]").astype("datetime64[Y]")
        covered = np.append(np.isin(every, every[~in_doubt[:-1]]), False)
        place = np.where(within, at, len(self.worked))
        chosen = [~covered[place], in_doubt[place], np.append(self.worked, False)[place]]
        return pd.Series(
            np.select(chosen, ["not_covered", "undecided", "worked"], "off"), index=days.index, dtype="str"
        )


def read_calendar(
    path: Path = OFFICIAL, *, latest_receipt: str = "17:00", office_hours: str = "07:00-11:30 13:30-17:00",
    days: pd.DataFrame | None = None,
) -> Calendar:  # fmt: skip
    """Read the exceptions to the Monday-to-Friday week.

    Parameters
    ----------
    path
        CSV with the columns ``date`` (ISO), ``kind`` (one of ``KINDS``), ``basis``, ``source``; a line that begins with
        ``#`` is a remark.
    latest_receipt
        What comes after this time of day counts from the next day; empty: whatever comes counts on its own day.
    office_hours
        Sessions of a working day; their sum is one working day of a term in hours (8 h).
    days
        Other exceptions, which win: the columns ``day`` (datetime64) and ``kind``. They cover a year that the
        file does not name only where they hold all its holidays; see ``is_whole_year``.

    Returns
    -------
    Calendar
        Covers whole years, from the first to the last year that the file names; a year between them that it does not
        name is in doubt.

    Raises
    ------
    ValueError
        If a line has a wrong number of cells, an unknown kind, no date or one that stands there twice; the message
        names the file, the line and what is known. Also if a time of day is none.

    Examples
    --------
    >>> undecided = pd.Series(pd.to_datetime(["2026-11-24"]))
    >>> decided = pd.DataFrame({"day": undecided, "kind": "off"})
    >>> read_calendar().state_of(undecided)[0], read_calendar(days=decided).state_of(undecided)[0]
    ('undecided', 'off')
    """
    exceptions = _read_exceptions(path)[["date", "kind"]]
    covered = exceptions.date.dt.year.unique().tolist()
    if days is not None and len(days):
        covered += [year for year, of in days.drop_duplicates("day").groupby(days.day.dt.year) if is_whole_year(of)]
        told = days[["day", "kind"]].drop_duplicates("day").set_axis(["date", "kind"], axis=1)
        exceptions = pd.concat([exceptions, told]).drop_duplicates("date", keep="last")
    latest = latest_minute(latest_receipt)
    return _calendar(path.name, exceptions, covered, latest, _sessions(office_hours))


def is_whole_year(days: pd.DataFrame) -> bool:
    """Whether days of one year can be all of its holidays: as many weekdays off as the law gives.

    A holiday at a weekend is made good on a weekday, so every one of them stands for a weekday off. They are 11 (Labour Code
    2019, article 112), and were 10 before 2021 (Labour Code 2012, article 115).

    Parameters
    ----------
    days
        ``day`` and ``kind`` of exceptions of one year.

    Examples
    --------
    >>> tet = pd.DataFrame({"day": pd.date_range("2028-01-24", periods=5), "kind": "off"})
    >>> is_whole_year(tet)
    False
    """
    off = days.day[days.kind == "off"]
    return len(off) > 0 and int((off.dt.day_of_week < 5).sum()) >= holidays_of(off.dt.year.iloc[0])


def holidays_of(year: int) -> int:
    """How many days off the law gives in a year; see ``is_whole_year``."""
    return 11 if year >= 2021 else 10


def _calendar(
    file: str, exceptions: pd.DataFrame, covered: list[int], latest_receipt: int, sessions: tuple[int, ...]
) -> Calendar:
    """The calendar of exceptions in the years that are covered; a year between them is in doubt."""
    named = (np.array(sorted(set(covered))) - 1970).astype("datetime64[Y]")
    days = np.arange(named.min(), named.max() + 1, dtype="datetime64[D]")
    dates = exceptions.date.to_numpy("datetime64[D]")
    within = (dates >= days[0]) & (dates <= days[-1])
    at, kind = (dates[within] - days[0]).astype(np.int64), exceptions.kind.to_numpy()[within]
    worked = np.is_busday(days)
    worked[at] = kind == "make-up"
    doubtful = ~np.isin(days.astype("datetime64[Y]"), named)
    doubtful[at] |= kind == "undecided"
    worked &= ~doubtful
    elapsed, in_doubt = (np.append(0, np.cumsum(of)) for of in (worked, doubtful))
    return Calendar(file, int(days[0].astype(np.int64)), worked, elapsed, in_doubt, latest_receipt, sessions)


NO_CALENDAR = Calendar("", 0, np.empty(0, bool), np.empty(0, np.int64), np.empty(0, np.int64), 24 * 60, (0, 24 * 60))
"""Covers no day, so every measure in working days is missing."""


def calendar_of(settings: Mapping[str, str], *, days: pd.DataFrame | None = None) -> Calendar:
    """The calendar that a vocabulary names in its ``[settings]``.

    ``calendar`` is the name of one that comes with the program (``vn``), the path of a file, or ``none`` (or empty).

    Parameters
    ----------
    days
        Days that a handbook lays over it, as ``read_calendar`` takes them; where there is no calendar they make none.

    Raises
    ------
    ValueError
        If there is no such file, or it cannot be used; see ``read_calendar``.

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> calendar_of(read_vocabulary().settings).years, calendar_of({"calendar": "none"}).years
    ('2015–2026', '')
    """
    name = settings["calendar"]
    if name in {"", "none"}:
        return NO_CALENDAR
    path = SHIPPED.get(name, Path(name))
    hours = {name: settings[name] for name in ("latest_receipt", "office_hours")}
    return read_calendar(path, **hours, days=days)


def _read_exceptions(path: Path) -> pd.DataFrame:
    """Date and kind of every line of a calendar."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        known = ", ".join(SHIPPED)
        raise ValueError(f"{path.name}: the calendar cannot be read ({error.strerror}); known are {known}.") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path.name}: is not UTF-8 text; save it as UTF-8.") from None
    told = [(n, row) for n, row in enumerate(csv.reader(text.splitlines()), 1) if row and not row[0].startswith("#")]
    if not told or tuple(told[0][1]) != COLUMNS:
        found = ",".join(told[0][1]) if told else "nothing"
        raise ValueError(f"{path.name}: the header must be {','.join(COLUMNS)}; found {found}.")
    if not (lines := told[1:]):
        raise ValueError(f"{path.name}: names no day, so it covers none.")
    for number, row in lines:
        if len(row) != len(COLUMNS):
            raise ValueError(f"{path.name}, line {number}: has {len(row)} cells; the header has {len(COLUMNS)}.")
    exceptions = pd.DataFrame([row for _, row in lines], columns=list(COLUMNS), index=[n for n, _ in lines])
    days = pd.to_datetime(exceptions.date, format="%Y-%m-%d", errors="coerce")
    _refuse(path, exceptions[days.isna()], "{0.date!r} is no day; a day is written 2026-01-02.")
    _refuse(
        path,
        exceptions[~exceptions.kind.isin(KINDS)],
        f"{{0.date}} has the kind {{0.kind!r}}; known are {', '.join(KINDS)}.",
    )
    _refuse(path, exceptions[days.duplicated()], "{0.date} stands there twice; keep one line.")
    return exceptions.assign(date=days)


def _refuse(path: Path, wrong: pd.DataFrame, message: str) -> None:
    if len(wrong):
        line = next(wrong.itertuples())
        raise ValueError(f"{path.name}, line {line.Index}: {message.format(line)}")


def latest_minute(latest_receipt: str) -> int:
    """The latest hour of receipt, in minutes of the day; the end of the day if there is none.

    Raises
    ------
    ValueError
        If it is no time of day.

    Examples
    --------
    >>> latest_minute("17:00"), latest_minute("")
    (1020, 1440)
    """
    return _minute(latest_receipt) if latest_receipt else 24 * 60


def _minute(time: str) -> int:
    """A time of day in minutes."""
    if not (match := re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", time.strip())):
        raise ValueError(f"{time!r} is no time of day; a time is written 17:00.")
    return 60 * int(match[1]) + int(match[2])


def _sessions(office_hours: str) -> tuple[int, ...]:
    """Opening and closing minutes, by turns.

    >>> _sessions("07:00-11:30 13:30-17:00")
    (420, 690, 810, 1020)
    """
    times = tuple(_minute(time) for session in office_hours.split() for time in session.split("-"))
    if not times or len(times) % 2 or list(times) != sorted(set(times)):
        raise ValueError(f"{office_hours!r} are no office hours; they are written 07:00-11:30 13:30-17:00.")
    return times
