"""Working days: counting them, and adding terms of days and of hours.

Whole columns at once, by the number of working days gone by at the end of each day of the calendar. What the calendar does
not cover, or what spans a day that nobody has decided yet, is missing.
"""

import numpy as np
import pandas as pd

from analysis.calendars import Calendar

DAY, MINUTE = 86_400_000_000, 60_000_000
"""Microseconds."""


def counted_from(received: pd.Series, *, calendar: Calendar, latest: pd.Series | None = None) -> pd.Series:
    """The day from which a dossier's days count, which is not counted itself.

    It is the day of receipt; the next one for what comes after the latest hour of receipt. What comes on a Friday evening
    thus counts like what comes on Saturday: Monday is the first day of its term. One provincial system computes it so (17:00);
    some decrees say 15:00.

    Parameters
    ----------
    latest
        The latest minute of the day for each of them, where it is not the calendar's for all (``systems.with_rules``).

    Returns
    -------
    Series
        datetime64[us], midnight.

    Examples
    --------
    >>> from analysis.calendars import read_calendar
    >>> received = pd.Series(pd.to_datetime(["2024-03-04 17:00", "2024-03-04 17:01"]))
    >>> counted_from(received, calendar=read_calendar()).dt.day.tolist()
    [4, 5]
    """
    return _as_days(_days(received) + _is_after(received, calendar, latest), received.isna().to_numpy(), received.index)


def count_workdays(start: pd.Series, end: pd.Series, *, calendar: Calendar) -> pd.Series:
    """Working days after ``start``, up to and including ``end``.

    The day of receipt is not counted, so a dossier resolved on the day it came in took 0 days.

    Parameters
    ----------
    start, end
        Instants of equal length; the time of day is ignored (see ``counted_from``).

    Returns
    -------
    Series
        Int64, days; negative where ``end`` lies before ``start``; missing where either is missing or outside the
        calendar, or where a day between them is in doubt.

    Examples
    --------
    Tuesday 30 April and Wednesday 1 May 2024 were holidays, Monday 29 April was off in exchange for Saturday 4 May:

    >>> from analysis.calendars import read_calendar
    >>> friday, saturday = pd.Series(["2024-04-26"]), pd.Series(["2024-05-04"])
    >>> count_workdays(pd.to_datetime(friday), pd.to_datetime(saturday), calendar=read_calendar())
    0    3
    dtype: Int64
    """
    (from_, is_from), (to, is_to) = (_position(_days(instants), calendar) for instants in (start, end))
    elapsed, doubtful = np.append(calendar.elapsed, 0), np.append(calendar.doubtful, 0)
    known = is_from & is_to & (doubtful[from_] == doubtful[to])
    return pd.Series(pd.arrays.IntegerArray(elapsed[to] - elapsed[from_], ~known), index=start.index)


def add_workdays(start: pd.Series, days: pd.Series, *, calendar: Calendar) -> pd.Series:
    """The day on which a term of ``days`` working days that began on ``start`` ends.

    Parameters
    ----------
    start
        Instants; the time of day is ignored, the day of receipt is not counted.
    days
        Terms in working days, more than 0; half a day ends within its day.

    Returns
    -------
    Series
        datetime64[us], midnight; missing where the term is missing, not above 0, ends outside the calendar, or spans a
        day in doubt.

    Examples
    --------
    >>> from analysis.calendars import read_calendar
    >>> friday, term = pd.Series(pd.to_datetime(["2024-04-26"])), pd.Series([3])
    >>> add_workdays(friday, term, calendar=read_calendar()).dt.strftime("%A %d %B %Y")[0]
    'Saturday 04 May 2024'
    """
    return _nth_workday(_days(start) + 1, days, start.index, calendar)


def add_workhours(
    start: pd.Series, hours: pd.Series, *, calendar: Calendar, latest: pd.Series | None = None
) -> pd.Series:
    """The day on which a term of ``hours`` office hours that began at the instant ``start`` ends.

    The office hours of a working day make one working day (8 h); what comes outside them waits for the next opening.

    Parameters
    ----------
    start
        Instants with a time of day.
    hours
        Terms in office hours, more than 0.
    latest
        As ``counted_from`` takes it.

    Returns
    -------
    Series
        datetime64[us], midnight; missing as in ``add_workdays``, and where ``start`` has no time of day.

    Examples
    --------
    Received at 10:00 and at 15:00, four hours each; lunch is no office hour:

    >>> from analysis.calendars import read_calendar
    >>> monday = pd.Series(pd.to_datetime(["2024-03-04 10:00", "2024-03-04 15:00"]))
    >>> add_workhours(monday, pd.Series([4, 4]), calendar=read_calendar()).dt.day_name().tolist()
    ['Monday', 'Tuesday']
    """
    late = _is_after(start, calendar, latest)
    day = _days(start) + late
    minute = start.to_numpy("datetime64[us]").view(np.int64) % DAY / MINUTE
    gone = np.cumsum([0, *np.where(np.arange(len(calendar.sessions) - 1) % 2, 0, np.diff(calendar.sessions))])
    position, _ = _position(day, calendar)
    is_worked = np.concatenate([[False], calendar.worked, [False]])[position] & ~late
    used = np.where(is_worked, np.interp(minute, calendar.sessions, gone), 0)
    term = hours.to_numpy("float64", na_value=np.nan) * 60
    timed = (start != start.dt.normalize()).to_numpy()
    days = np.where(timed & (term > 0), (used + term) / gone[-1], np.nan)
    return _nth_workday(day, pd.Series(days), start.index, calendar)


def is_workday(instants: pd.Series, *, calendar: Calendar) -> pd.Series:
    """Whether the office works on the day of each instant; boolean, missing where it is missing, outside the calendar, or
    the day is in doubt.

    Examples
    --------
    >>> from analysis.calendars import read_calendar
    >>> days = pd.Series(pd.to_datetime(["2024-04-29", "2024-05-04", "1999-01-04"]))  # a Monday off, a Saturday worked
    >>> is_workday(days, calendar=read_calendar()).tolist()
    [False, True, <NA>]
    """
    day, (eve, is_eve) = _days(instants), _position(_days(instants) - 1, calendar)
    at, covered = _position(day, calendar)
    elapsed, doubtful = np.append(calendar.elapsed, 0), np.append(calendar.doubtful, 0)
    known = covered & is_eve & (doubtful[at] == doubtful[eve])
    return pd.Series(pd.arrays.BooleanArray(elapsed[at] > elapsed[eve], ~known), index=instants.index)


def next_workday(day: pd.Series, *, calendar: Calendar) -> pd.Series:
    """Each day itself if it is worked, else the next one that is; datetime64[us], missing as in ``add_workdays``.

    Examples
    --------
    >>> from analysis.calendars import read_calendar
    >>> saturdays = pd.Series(pd.to_datetime(["2024-04-27", "2024-05-04"]))
    >>> next_workday(saturdays, calendar=read_calendar()).dt.strftime("%d %b").tolist()
    ['02 May', '04 May']
    """
    return _nth_workday(_days(day), pd.Series(np.ones(len(day))), day.index, calendar)


def _nth_workday(begin: np.ndarray, days: pd.Series, index: pd.Index, calendar: Calendar) -> pd.Series:
    """The last of some working days, of which the first may be ``begin`` itself."""
    term = days.to_numpy("float64", na_value=np.nan)
    before, covered = _position(begin - 1, calendar)
    wanted = covered & (term > 0)
    elapsed, doubtful = np.append(calendar.elapsed, 0), np.append(calendar.doubtful, [0, 0])
    at = np.append(np.flatnonzero(calendar.worked), len(calendar.worked))  # the last one stands for "outside"
    number = elapsed[before] + np.ceil(np.where(wanted, term, 1)).astype(np.int64) - 1
    position = at[np.minimum(number, len(at) - 1)]
    known = wanted & (position < len(calendar.worked)) & (doubtful[position + 1] == doubtful[before])
    return _as_days(calendar.first + position, ~known, index)


def _position(days: np.ndarray, calendar: Calendar) -> tuple[np.ndarray, np.ndarray]:
    """Where days stand in ``calendar.elapsed``, and whether they do; one beyond its end where not."""
    position = days - calendar.first + 1
    covered = (position >= 0) & (position < len(calendar.elapsed))
    return np.where(covered, position, len(calendar.elapsed)), covered


def _days(instants: pd.Series) -> np.ndarray:
    """Days since 1970; far before any calendar where missing."""
    return instants.to_numpy("datetime64[us]").view(np.int64) // DAY


def _is_after(received: pd.Series, calendar: Calendar, latest: pd.Series | None) -> np.ndarray:
    """Whether instants lie after the latest hour of receipt; bool."""
    minute = calendar.latest_receipt if latest is None or not calendar.file else latest.to_numpy()
    late: np.ndarray = received.to_numpy("datetime64[us]").view(np.int64) % DAY > minute * MINUTE
    return late


def _as_days(days: np.ndarray, missing: np.ndarray, index: pd.Index) -> pd.Series:
    instants = days.astype("datetime64[D]").astype("datetime64[us]")
    return pd.Series(np.where(missing, np.datetime64("NaT", "us"), instants), index=index)
