"""Signs that data were bent to look better: questions to ask, not verdicts.

A day entered by hand can be any day. Each sign counts what is unusual, of how many it could be seen in; every one of
them has an innocent explanation too. None names a dossier or a person.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.counts import days_of, is_accepted, promised_on
from analysis.periods import Period
from analysis.strata import FEW
from analysis.tables import ENDED_OTHERWISE

WORKING_HOURS = ("07:00", "17:30")
"""A day at the desk from its first to its last minute: the one-stop systems known open their sessions at 7:00 and close
them at 17:00 (OpenCPS); half an hour more for entering what was decided."""

BULK = 10
"""So many dossiers in one minute are no longer entered one by one."""

NEAR = 2
"""Working days on each side of the due day that say how many ends to expect on it."""

SURPRISE = 0.001
"""A pile-up is told from chance if it would happen by chance less often than this."""

TOLD = ("source_system", "dossier_id", "due_on", "resolved_on")
"""The columns of ``history`` that are looked at."""

SIGNS = (
    "resolved_on_due_day",
    "resolved_at_due_instant",
    "end_changed",
    "due_changed",
    "due_changed_twice",
    "resolved_outside_hours",
    "resolved_on_day_off",
    "resolved_before_received",
    "resolved_in_bulk",
    "received_in_bulk",
)
"""Every sign, in the order of reading. The first is no sign by itself: see ``pile_up``."""


def is_weekday(instants: pd.Series) -> pd.Series:
    """Monday to Friday; what stands in for the official calendar where none is given. Bool, missing where it is.

    Examples
    --------
    >>> is_weekday(pd.Series(pd.to_datetime(["2022-01-07", "2022-01-08", None]))).tolist()
    [True, False, <NA>]
    """
    return (instants.dt.day_of_week < 5).astype("boolean").mask(instants.isna())


def mark_signs(
    dossiers: pd.DataFrame,
    history: pd.DataFrame,
    period: Period,
    *,
    is_worked: Callable[[pd.Series], pd.Series] = is_weekday,
    hours: tuple[str, str] = WORKING_HOURS,
) -> pd.DataFrame:
    """Which dossiers show which sign.

    Parameters
    ----------
    dossiers
        One row per dossier; the columns of ``counts.REPORTED``.
    history
        One row per different state of a dossier, from oldest to latest; the columns of ``TOLD``.
    period
        What is looked at: dossiers resolved in it, and for ``received_in_bulk`` received in it.
    is_worked
        Instants -> whether their days are working days, missing where nobody knows; by default Monday to Friday.
    hours
        First and last minute of the working day.

    Returns
    -------
    DataFrame
        The rows of ``dossiers``, a boolean column for each of ``SIGNS``: missing where a dossier cannot show the sign,
        because a day or its time is not known, or no second state of it was delivered.

    Examples
    --------
    >>> from analysis.periods import read_period
    >>> from analysis.tables import DOSSIERS, EXPORTED
    >>> dossiers = pd.DataFrame({"dossier_id": ["1"], "received_on": "2022-01-03 08:00", "first_due_on": "2022-01-10 17:00",
    ...     "due_on": "2022-01-10 17:00", "resolved_on": "2022-01-10 17:00"}).reindex(columns=list(DOSSIERS.columns))
    >>> dossiers = dossiers.astype(dict.fromkeys(DOSSIERS.instants, "datetime64[us]"))
    >>> marks = mark_signs(dossiers, dossiers.assign(**{EXPORTED: pd.NaT}), read_period("2022"))
    >>> marks.columns[marks.loc[0].fillna(False).astype(bool)].tolist()
    ['resolved_on_due_day', 'resolved_at_due_instant']
    """
    end, received, due = dossiers.resolved_on, dossiers.received_on, dossiers.first_due_on
    accepted = is_accepted(dossiers)
    is_resolved = accepted & ~dossiers.status.isin(ENDED_OTHERWISE) & _in(end, period)
    timed, received_timed = is_resolved & _has_time(end), accepted & _in(received, period) & _has_time(received)
    states = _changes(dossiers, history)
    minute = (end - _day(end)).dt.floor("min")
    opens, closes = (pd.Timedelta(f"{hour}:00") for hour in hours)
    marks = {
        "resolved_on_due_day": (_day(end) == _day(due), is_resolved & due.notna()),
        "resolved_at_due_instant": (end == due, timed & _has_time(due)),
        "end_changed": (states.ends > 1, is_resolved & (states.states > 1)),
        "due_changed": (states.dues > 0, is_resolved & due.notna()),
        "due_changed_twice": (states.dues > 1, is_resolved & due.notna()),
        "resolved_outside_hours": ((minute < opens) | (minute > closes), timed),
        "resolved_on_day_off": (~is_worked(end), is_resolved & is_worked(end).notna()),
        "resolved_before_received": (_is_before(end, received), is_resolved),
        "resolved_in_bulk": (_in_bulk(dossiers, end, timed), timed),
        "received_in_bulk": (_in_bulk(dossiers, received, received_timed), received_timed),
    }
    return pd.DataFrame({name: shows.astype("boolean").where(can) for name, (shows, can) in marks.items()})


def count_signs(marks: pd.DataFrame, *, by: pd.Series | None = None) -> pd.DataFrame:
    """How many dossiers show each sign, of how many that could.

    Parameters
    ----------
    marks
        As from ``mark_signs``.
    by
        The group of each dossier, such as its division; none for all together.

    Returns
    -------
    DataFrame
        Index: ``sign``, and ``group`` if there are groups. ``number`` and ``of`` (int64). Adds over groups. Where ``of``
        is 0 the exports cannot show the sign.

    Examples
    --------
    >>> marks = pd.DataFrame({"end_changed": pd.array([True, False, None], "boolean")})
    >>> count_signs(marks).loc["end_changed"].tolist()
    [1, 2]
    """
    groups = pd.Series("", index=marks.index, dtype="str") if by is None else by.astype("str").fillna("")
    names = [""] if by is None else sorted(set(groups))
    numbers = {}
    for sign in marks:
        can = marks[sign].dropna().astype("int64").groupby(groups.rename("group"))
        numbers[sign] = pd.DataFrame({"number": can.sum(), "of": can.size()}).reindex(names, fill_value=0)
    table = pd.concat(numbers, names=["sign", "group"]).astype("int64")
    return table.droplevel("group") if by is None else table


class PileUp(NamedTuple):
    """How many dossiers ended on their due day, and how many the days around it let one expect."""

    number: int
    """Resolved on the due day."""
    expected: float
    """The mean number on each of the working days around it."""
    is_surprising: bool
    """Whether chance alone would hardly make so many of it."""


def pile_up(dossiers: pd.DataFrame, period: Period) -> PileUp:
    """Whether ends pile up on the due day, against the two working days before it and the two after.

    If the due day were a day like those, each of the five would have a fifth of their ends; the number on the due day is
    then binomial. Days are Monday to Friday; what is due or ends at a weekend is left out.

    Examples
    --------
    >>> from analysis.periods import read_period
    >>> dossiers = pd.DataFrame({"status": "resolved", "first_due_on": pd.to_datetime(["2022-01-12"] * 14),
    ...     "resolved_on": pd.to_datetime(["2022-01-12"] * 12 + ["2022-01-11", "2022-01-14"])})
    >>> pile_up(dossiers, read_period("2022"))
    PileUp(number=12, expected=0.5, is_surprising=True)
    """
    from statsmodels.stats.proportion import binom_test  # noqa: PLC0415 - slow to import, and seldom needed

    end, due = dossiers.resolved_on, dossiers.first_due_on
    counted = is_accepted(dossiers) & ~dossiers.status.isin(ENDED_OTHERWISE) & _in(end, period)
    counted &= (end.dt.day_of_week < 5) & (due.dt.day_of_week < 5)
    days = np.busday_count(days_of(due[counted], "day"), days_of(end[counted], "day"))
    number, near = int((days == 0).sum()), int(((days != 0) & (np.abs(days) <= NEAR)).sum())
    chance = binom_test(number, number + near, 1 / (2 * NEAR + 1), alternative="larger") if number else 1.0
    return PileUp(number, near / (2 * NEAR), bool(number >= FEW and chance < SURPRISE))


def _in(instants: pd.Series, period: Period) -> pd.Series:
    return instants.dt.normalize().between(period.first, period.last)


def _day(instants: pd.Series) -> pd.Series:
    return instants.dt.normalize()


def _has_time(instants: pd.Series) -> pd.Series:
    """Whether an instant has a time of day; midnight is none, for a system writes it where nobody entered a time."""
    return instants.notna() & (instants != _day(instants))


def _is_before(end: pd.Series, received: pd.Series) -> pd.Series:
    """Compared as instants; an end without a time lasts until its day is over."""
    return (end < received) & (_has_time(end) | (_day(end) < _day(received)))


def _in_bulk(dossiers: pd.DataFrame, instants: pd.Series, timed: pd.Series) -> pd.Series:
    """Whether a dossier shares its minute with so many others of its system that they were not entered one by one."""
    minute = instants.where(timed).dt.floor("min")
    systems = dossiers.source_system.astype("str").fillna("")
    return minute.groupby([systems, minute]).transform("size").reindex(dossiers.index).fillna(0) >= BULK


def _changes(dossiers: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """How many states, different days of end, and changes of the due day the exports show of each dossier."""
    key = ["source_system", "dossier_id"]
    told = history[list(TOLD)].astype(dict.fromkeys(key, "str")).fillna(dict.fromkeys(key, ""))
    told = told[told.duplicated(key, keep=False)]
    told = told.assign(due=_day(told.due_on), end=_day(told.resolved_on))
    dated = told[told.due.notna()]
    before = dated.groupby(key).due.shift()
    moved = (before.notna() & (before != dated.due)).groupby([dated[c] for c in key]).sum()
    seen = told.groupby(key).agg(states=("due", "size"), ends=("end", "nunique")).assign(dues=moved)
    keys = dossiers[key].astype("str").fillna("")
    found = keys.merge(seen, left_on=key, right_index=True, how="left").set_axis(dossiers.index)
    found = found[["states", "ends", "dues"]].fillna(0).astype("int64")
    # an export may name both due dates of a dossier that no other export shows in another state
    promised = promised_on(dossiers)
    is_moved = (_day(dossiers.due_on) != _day(promised)) & dossiers.due_on.notna() & promised.notna()
    return found.assign(dues=np.maximum(found.dues, is_moved.astype("int64")))
