"""Coverage: of which days the exports say something, and of which they say nothing.

Fates prove what was read; they cannot know of a month that nobody delivered. So the days that files claim in their
title blocks or, failing that, their first and last event are held against a period.
"""

from collections.abc import Iterable, Iterator
from math import log
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.periods import Period

DAY = pd.Timedelta(days=1)

FEW = 12
"""Fewer days with events than this have no rhythm that a silence could break."""

MONTH = 28
"""No shorter silence is ever taken for a missing export: over New Year a desk rests for nine days, or some more."""

NEAR = 7
"""A silence that ends this many days from the end of a month is taken to end with it: weekends and holidays."""


class Days(NamedTuple):
    """From the first to the last day, both within it."""

    first: pd.Timestamp
    last: pd.Timestamp
    said: bool = False
    """Whether a title block says so; else they are the days of the first and last event."""


def usual_silence(days: np.ndarray) -> float:
    """How many days without an event are nothing unusual.

    If events came at random, at the rate seen, only one in a thousand sets of exports would hold a longer silence
    (for n waits of mean m: m · (ln n + ln 1000), from the largest of n exponential ones). The longest silence itself
    is left out of the rate, since it is the one in question.

    Parameters
    ----------
    days
        Different days with an event, in order; datetime64[D].

    Returns
    -------
    float
        Days; at least ``MONTH``, and infinite where there are too few events to tell.

    Examples
    --------
    >>> round(usual_silence(np.arange("2022-01-03", "2022-12-31", dtype="datetime64[D]")))
    28
    >>> round(usual_silence(np.arange("2022-01-03", "2022-12-31", 14, dtype="datetime64[D]")))
    141
    >>> usual_silence(np.array(["2022-01-03", "2022-10-01"], dtype="datetime64[D]"))
    inf
    """
    if len(days) < FEW:
        return float("inf")
    waits = np.sort(np.diff(days).astype(int))[:-1]
    return max(MONTH, float(waits.mean()) * (log(len(waits)) + log(1000)))


def answered(files: pd.DataFrame, events: pd.DataFrame, *, begin: pd.Timestamp, last_event: pd.Timestamp) -> list[Days]:
    """The stretches of days that the exports of one table answer for.

    Parameters
    ----------
    files
        One row per sheet: ``source_file``, ``source_sheet``, ``exported_on``, ``covers_from``, ``covers_to``.
    events
        ``source_file``, ``source_sheet``, ``day``; one row per event.
    begin
        The first day that they answer for (``store.first_answered``), which may lie before the first event.
    last_event
        The latest event of any kind.

    Returns
    -------
    list of Days
        In order, apart by days that count as missing (see ``join``). Files that claim no days let the last stretch
        reach to their last event or export day, unless an unusual silence lies between.
    """
    runs, usual, longest = _runs(events)
    claims = {key: claim for key, claim in map(_claim, files.itertuples(index=False)) if claim}
    unclaimed = [run for key, of_file in runs.items() if key not in claims for run in of_file]
    stretches = join([*claims.values(), *unclaimed], usual=usual, quiet=longest)
    if not stretches:
        return []
    final = stretches.pop()
    silent_files = files[files.covers_to.isna()]
    for day in sorted(
        d for d in ([] if final.said else [last_event]) + [silent_files.exported_on.max()] if pd.notna(d)
    ):
        if 0 < (day - final.last).days <= usual:
            final = final._replace(last=day.normalize())
    first, *rest = [*stretches, final]
    return [first._replace(first=min(begin, first.first) if pd.notna(begin) else first.first), *rest]


def _claim(file: Any) -> tuple[tuple[str, str], Days | None]:
    """A sheet, and the days that its title block claims, as far as they had come on the day of the export."""
    sheet, first, last = (file.source_file, file.source_sheet), file.covers_from, file.covers_to
    last = min(last, file.exported_on) if pd.notna(file.exported_on) else last
    return sheet, Days(first, last, said=True) if pd.notna(first) and pd.notna(last) and first <= last else None


def _runs(events: pd.DataFrame) -> tuple[dict[Any, list[Days]], float, int]:
    """Of each sheet its days from first to last event, parted where it is silent for unusually long; the usual
    silence; and the longest one inside a run.
    """
    known = events.dropna(subset="day")
    days = known.day.dt.normalize().to_numpy().astype("datetime64[D]")
    usual, longest = usual_silence(np.unique(days)), 0
    runs: dict[Any, list[Days]] = {}
    for sheet, at in known.groupby(["source_file", "source_sheet"], observed=True).indices.items():
        own = np.unique(days[at])
        silences = np.diff(own).astype(int) - 1
        longest = max(longest, int(silences[silences <= usual].max(initial=0)))
        parts = np.split(own, np.flatnonzero(silences > usual) + 1)
        runs[sheet] = [Days(pd.Timestamp(part[0]), pd.Timestamp(part[-1])) for part in parts]
    return runs, usual, longest


def join(found: Iterable[Days], *, usual: float, quiet: float = 0) -> list[Days]:
    """Days of several files as one: what overlaps, adjoins, or is parted by nothing that counts becomes one stretch.

    Between two claims it counts if there is a weekday in it. Else it must be longer than ``usual``, or hold a whole
    calendar month and be longer than any silence inside one file (``quiet``); its ends are then moved to those of the
    month where they are near, since a month may begin with a holiday.

    Examples
    --------
    >>> claims = [("2022-01-01", "2022-06-30"), ("2022-06-01", "2022-07-31"), ("2022-09-01", "2022-11-10")]
    >>> days = [Days(pd.Timestamp(first), pd.Timestamp(last), said=True) for first, last in claims]
    >>> [(str(d.first.date()), str(d.last.date())) for d in join(days, usual=28)]
    [('2022-01-01', '2022-07-31'), ('2022-09-01', '2022-11-10')]
    """
    joined: list[Days] = []
    for days in sorted(found):
        if not joined:
            joined.append(days)
            continue
        before = joined[-1]
        gap = Days(before.last + DAY, days.first - DAY)
        if _counts(gap, usual, quiet, claimed=before.said and days.said):
            first = gap.first if before.said else _near_first(gap.first)
            last = gap.last if days.said else _near_last(gap.last)
            joined[-1] = before._replace(last=first - DAY)
            joined.append(days._replace(first=last + DAY))
        elif days.last >= before.last:
            said = days.said or (before.said and days.last == before.last)
            joined[-1] = before._replace(last=days.last, said=said)
    return joined


def _counts(gap: Days, usual: float, quiet: float, *, claimed: bool) -> bool:
    """Whether the days between two stretches are days that an export is missing for."""
    length = (gap.last - gap.first).days + 1
    if length < 1:
        return False
    if claimed:
        return bool(np.busday_count(gap.first.date(), (gap.last + DAY).date()) > 0)
    month = gap.first if gap.first.day == 1 else gap.first + pd.offsets.MonthBegin()
    return length > usual or (length > quiet and month + pd.offsets.MonthEnd() <= gap.last)


def _near_first(day: pd.Timestamp) -> pd.Timestamp:
    """The first day of a month, if it is this day or follows soon."""
    first = day if day.day == 1 else day + pd.offsets.MonthBegin()
    return first if (first - day).days <= NEAR else day


def _near_last(day: pd.Timestamp) -> pd.Timestamp:
    """The last day of a month, if it was shortly before this day."""
    return day - pd.Timedelta(days=day.day) if day.day <= NEAR else day


def gaps(stretches: Iterable[tuple[pd.Timestamp, pd.Timestamp]], period: Period) -> Iterator[Days]:
    """The days of a period that no stretch holds.

    Examples
    --------
    >>> from analysis.periods import read_period
    >>> known = [(pd.Timestamp("2021-12-28"), pd.Timestamp("2022-07-31")), (pd.Timestamp("2022-09-01"), pd.Timestamp("2022-12-31"))]
    >>> [(str(d.first.date()), str(d.last.date())) for d in gaps(known, read_period("2022"))]
    [('2022-08-01', '2022-08-31')]
    """
    at = period.first
    for first, last in stretches:
        if first > period.last:
            break
        if first > at:
            yield Days(at, first - DAY)
        at = max(at, last + DAY)
    if at <= period.last:
        yield Days(at, period.last)
