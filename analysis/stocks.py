"""Stocks: what is open, paused or overdue at the end of a day.

A stock is what the dates say at the end of one day; stocks do not add over days. The balance of a period holds them
against the flows.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.calendars import Calendar
from analysis.counts import RESOLVED, count_events, days_of, ended_on, is_accepted, total, within
from analysis.lacking import DOSSIERS_FIRST, need
from analysis.periods import Period
from analysis.tables import ENDED_OTHERWISE
from analysis.workdays import count_workdays

OPEN = ("pending", "paused")
STATES = (*OPEN, "resolved", *ENDED_OTHERWISE, "unknown")


def state_on(dossiers: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """What each dossier is at the end of a day, from its dates first, then from its status word.

    A dossier is paused from the day a supplement was asked for until it came; if no export says when, the status word
    counts on every day it was open: whether it is open does not depend on that, only how many of the open are paused.

    Returns
    -------
    Series
        Categorical, one of ``STATES``; missing before receipt and where never accepted.

    Examples
    --------
    See ``balance``.
    """
    status = {word: dossiers.status.eq(word).to_numpy(bool) for word in ("paused", "unknown", *ENDED_OTHERWISE)}
    at = np.datetime64(day, "D")
    received, since, until = (days_of(dossiers[c], "day") for c in ("received_on", "paused_from", "paused_to"))
    there = (received <= at) & is_accepted(dossiers).to_numpy()
    gone = ended_on(dossiers).to_numpy("datetime64[us]") <= np.datetime64(day, "us")
    is_paused = (status["paused"] & np.isnat(since)) | ((since <= at) & ~(until <= at))
    rules = [~there, *(gone & status[word] for word in ENDED_OTHERWISE), gone, is_paused, status["unknown"]]
    states = ["", *ENDED_OTHERWISE, "resolved", "paused", "unknown"]
    codes = np.select(rules, [STATES.index(state) if state else -1 for state in states], STATES.index("pending"))
    return pd.Series(pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(STATES))), index=dossiers.index)


def open_on(dossiers: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The dossiers open at the end of a day.

    Returns
    -------
    DataFrame
        The open dossiers with ``state`` (pending, paused), ``timeliness`` (in_time, overdue, no_due; overdue if the
        first due day is before the day) and ``age_days`` (calendar days since receipt; int64).
    """
    state = state_on(dossiers, day)
    still = dossiers.assign(state=state)[state.isin(OPEN)]
    due = still.first_due_on.dt.normalize()
    timely = np.select([due.isna(), due < day], ["no_due", "overdue"], "in_time")
    age = (day - still.received_on.dt.normalize()).dt.days
    return still.assign(timeliness=timely, age_days=age.astype("int64"))


def at_risk(dossiers: pd.DataFrame, day: pd.Timestamp, *, within: int, calendar: Calendar) -> pd.DataFrame:
    """The open dossiers that are due within some working days and not overdue, the most urgent first.

    Parameters
    ----------
    dossiers
        One row per dossier; the columns of ``tables.DOSSIERS``.
    day
        The day of the data. What is due on it is due within 0 days.
    within
        How many working days ahead.
    calendar
        The working days (``calendars.calendar_of``). Where it does not reach, as many calendar days decide.

    Returns
    -------
    DataFrame
        As from ``open_on``, with ``days_left`` (Int64, working days; missing where there is no calendar). Paused dossiers
        are among them: they wait for the applicant, and the due date stands.

    Examples
    --------
    Friday 29 April 2022 was a working day; Monday and Tuesday were off for holidays that fell on a weekend:

    >>> from analysis.calendars import read_calendar
    >>> days = {"received_on": ["2022-04-01"] * 3, "first_due_on": ["2022-04-28", "2022-05-04", "2022-05-05"],
    ...         "resolved_on": None, "closed_on": None, "paused_from": None, "paused_to": None}
    >>> dossiers = pd.DataFrame(days).astype("datetime64[us]").assign(status="pending")
    >>> at_risk(dossiers, pd.Timestamp("2022-04-29"), within=1, calendar=read_calendar()).days_left.to_dict()
    {1: 1}
    """
    still = open_on(dossiers, day)
    still = still[still.timeliness == "in_time"]
    due = still.first_due_on.dt.normalize()
    left = count_workdays(pd.Series(day.normalize(), index=still.index), due, calendar=calendar)
    urgent = left.fillna((due - day.normalize()).dt.days.astype("Int64")) <= within
    found = still.assign(days_left=left)[urgent.astype(bool)]
    return found.sort_values(["first_due_on", "received_on"], kind="stable")


def count_open(dossiers: pd.DataFrame, day: pd.Timestamp, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """How many dossiers are open at the end of a day, how many of them overdue or paused, and how long they have waited.

    Parameters
    ----------
    dossiers
        One row per dossier; the columns of ``tables.DOSSIERS``.
    by
        Columns to group by; a missing value is a group of its own, written as an empty text.

    Returns
    -------
    DataFrame
        Index: the groups of ``by``, most open first (one row, 0, without). int64 ``open``, ``in_time``, ``overdue`` and
        ``no_due``, which add up to it, and ``paused``; ``median_age_days`` and ``oldest_age_days`` (calendar days since
        receipt, float), which do not add.

    Examples
    --------
    >>> days = {"received_on": ["2022-01-03", "2022-01-05"], "first_due_on": ["2022-01-10", None], "resolved_on": None,
    ...         "closed_on": None, "paused_from": None, "paused_to": None}
    >>> dossiers = pd.DataFrame(days).astype("datetime64[us]").assign(status="pending", division=["A", "B"])
    >>> count_open(dossiers, pd.Timestamp("2022-01-13"), by=["division"])[["open", "overdue", "oldest_age_days"]]
              open  overdue  oldest_age_days
    division
    A            1        1             10.0
    B            1        0              8.0
    """
    still = open_on(dossiers, day)
    marks = {name: still.timeliness.eq(name) for name in ("in_time", "overdue", "no_due")}
    marks |= {"open": pd.Series(data=True, index=still.index), "paused": still.state.eq("paused")}
    order = ["open", "in_time", "overdue", "no_due", "paused"]
    need(dossiers, by, of="count_open", otherwise=DOSSIERS_FIRST)
    groups = [still[c].astype("str").fillna("") for c in by] or [pd.Series(0, index=still.index)]
    table = pd.DataFrame(marks)[order].astype("int64").groupby(groups).sum()
    age = still.age_days.groupby(groups)
    table = table.assign(median_age_days=age.median(), oldest_age_days=age.max().astype("float64"))
    if not by:
        return table.reindex([0]).fillna(dict.fromkeys(order, 0)).astype(dict.fromkeys(order, "int64"))
    return table.sort_values("open", ascending=False, kind="stable")


def balance(dossiers: pd.DataFrame, period: Period, *, by: Sequence[str] = (), rule: str = "day") -> pd.DataFrame:
    """Where the dossiers of a period went.

    Carried over + received = resolved + withdrawn + returned + transferred + open + unknown, at its last day.
    Flows are counted by ``count_events``, stocks by ``state_on``: two ways that must agree.

    Returns
    -------
    DataFrame
        One row per group of ``by`` (one row without): ``carried_over``, ``received``, ``resolved`` and the columns of
        ``EVENTS``, ``pending``, ``paused``, ``open``, ``unknown``, ``missing`` (what the balance leaves; 0).

    Examples
    --------
    >>> from analysis.periods import read_period
    >>> dossiers = pd.DataFrame({
    ...     "status": ["resolved", "pending", "returned"], "first_due_on": [None] * 3,
    ...     "received_on": ["2021-12-30", "2022-01-03", "2022-01-04"], "resolved_on": ["2022-01-05", None, None],
    ...     "closed_on": [None, None, "2022-01-06"], "paused_from": [None] * 3, "paused_to": [None] * 3,
    ... })
    >>> days = [c for c in dossiers if c.endswith(("_on", "_from", "_to"))]
    >>> balance(dossiers.astype(dict.fromkeys(days, "datetime64[us]")), read_period("2022-01"))[
    ...     ["carried_over", "received", "resolved", "returned", "open", "missing"]]
       carried_over  received  resolved  returned  open  missing
    0             1         2         1         1     1        0
    """
    flows = total(within(count_events(dossiers, by=by, rule=rule), period), by=by)
    before, after = state_on(dossiers, period.first - pd.Timedelta(days=1)), state_on(dossiers, period.last)
    stocks = {
        "carried_over": _stock(dossiers, before.isin([*OPEN, "unknown"]), by),
        **{state: _stock(dossiers, after.eq(state), by) for state in ("pending", "paused", "unknown")},
    }
    table = pd.concat([flows, pd.DataFrame(stocks)], axis=1).fillna(0).astype("int64")
    table = table.assign(resolved=table[list(RESOLVED)].sum(axis=1), open=table.pending + table.paused)
    gone = table[["resolved", *ENDED_OTHERWISE]].sum(axis=1)
    table = table.assign(missing=table.carried_over + table.received - gone - table.open - table.unknown)
    return table.reset_index(drop=not by)


def _stock(dossiers: pd.DataFrame, there: pd.Series, by: Sequence[str]) -> pd.Series:
    if not by:
        return pd.Series([int(there.sum())], index=[0])
    return dossiers.loc[there, list(by)].astype("str").fillna("").groupby(list(by)).size()
