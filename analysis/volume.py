"""How many lines an export should have, by earlier ones of its kind."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import pandas as pd

from analysis.calendars import calendar_of
from analysis.understanding import Understanding
from analysis.workdays import count_workdays

SAME_START = pd.Timedelta(days=7)
"""Exports of one series that begin within so many days of each other are of the same time."""


def begin_together(one: Understanding, other: Understanding) -> bool:
    """Whether two exports begin on the same days, about; False where that is not known.

    Examples
    --------
    >>> one = Understanding("a.csv", "", "1", "dossiers", "desk", {}, [], {}, 9, 0, "2022-11-01", "2022-11-30")
    >>> begin_together(one, one._replace(first="2022-11-03")), begin_together(one, one._replace(first="2022-12-01"))
    (True, False)
    """
    days = pd.to_datetime(pd.Series([one.first, other.first]), errors="coerce")
    return bool(days.notna().all() and abs(days[1] - days[0]) <= SAME_START)


def expected_lines(sheet: Understanding, alike: Sequence[Understanding], settings: Mapping[str, Any]) -> float:
    """How many lines a sheet would have by the median of others: per working day; per day where the calendar does not say;
    per sheet where days are not known.

    Examples
    --------
    >>> one = Understanding("a.csv", "", "1", "dossiers", "desk", {}, [], {}, 90, 0, "2022-11-01", "2022-11-30")
    >>> expected_lines(one._replace(last="2022-11-10"), [one], {"calendar": "none"})
    30.0
    """
    days = _days([sheet, *alike], settings)
    if not days[0] or not any(days[1:]):
        return float(median(old.lines for old in alike))
    return days[0] * float(median(old.lines / of for old, of in zip(alike, days[1:], strict=True) if of))


def _days(sheets: Sequence[Understanding], settings: Mapping[str, Any]) -> list[float]:
    """How many days each sheet covers; 0 where that is not known."""
    first = pd.to_datetime(pd.Series([each.first for each in sheets]), errors="coerce")
    last = pd.to_datetime(pd.Series([each.last for each in sheets]), errors="coerce")
    one = pd.Timedelta(days=1)
    days = ((last - first) / one + 1).where(last >= first)
    if settings.get("calendar", "none") not in {"", "none"}:
        working = count_workdays(first - one, last, calendar=calendar_of(settings)).astype("float64")
        days = working if (working[days.notna()] > 0).all() else days
    return days.fillna(0).tolist()
