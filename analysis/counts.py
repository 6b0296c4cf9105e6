"""Rows -> counts that add.

Each event counts on its own day, so counts add over days and over groups.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.lacking import DAYS_FIRST, DOSSIERS_FIRST, Lacking, need
from analysis.periods import Period, need_period
from analysis.tables import ENDED_OTHERWISE, FATES

TIMELINESS = ("early", "on_time", "late", "no_due")
EVENTS = ("received", *(f"resolved_{t}" for t in TIMELINESS), *ENDED_OTHERWISE, "not_accepted")
"""What is counted; integers that add."""
RESOLVED = tuple(f"resolved_{t}" for t in TIMELINESS)
CHANNELS = ("online", "in_person", "postal", "other", "unknown")
RULES = ("day", "timestamp")
PROMISED = "promised_on"
"""The column of the first due date, where lateness is held against another (``systems.with_rules``)."""


def timeliness(dossiers: pd.DataFrame, *, rule: str = "day") -> pd.Series:
    """Whether each resolved dossier was early, on time or late, against its first due date.

    Rule ``day``: calendar days in local time; resolved on the due day is on time. Rule ``timestamp``: instants; a due
    date without a time of day ends with its day (midnight is a time only in a system whose other due dates have times).
    Under both, an earlier day than the due day is early. A dossier whose own column ``judged_by`` says a rule is judged by
    that one (``systems.with_rules``).

    Returns
    -------
    Series
        Categorical ``early``, ``on_time``, ``late``, ``no_due``; missing where not resolved.

    Raises
    ------
    ValueError
        If the rule is not one of ``RULES``.

    Examples
    --------
    >>> dossiers = pd.DataFrame({"first_due_on": ["2022-03-04 10:00", None], "resolved_on": ["2022-03-04 16:00"] * 2})
    >>> dossiers = dossiers.astype("datetime64[us]")
    >>> timeliness(dossiers).tolist(), timeliness(dossiers, rule="timestamp").tolist()
    (['on_time', 'no_due'], ['late', 'no_due'])
    """
    if rule not in RULES:
        raise ValueError(f"rule {rule!r} is not known; known are {', '.join(RULES)}.")
    end, due = dossiers.resolved_on, dossiers.first_due_on
    end_day, due_day = days_of(end, "day"), days_of(due, "day")
    late = end_day > due_day
    by_instant = dossiers["judged_by"].eq("timestamp") if "judged_by" in dossiers else rule == "timestamp"
    if np.any(by_instant):
        late |= ((end > due) & has_time(dossiers) & by_instant).to_numpy()
    choice = np.select([np.isnat(end_day), np.isnat(due_day), late, end_day < due_day], [-1, 3, 2, 0], 1).astype("int8")
    kind = pd.CategoricalDtype(list(TIMELINESS))
    return pd.Series(pd.Categorical.from_codes(choice, dtype=kind), index=dossiers.index)


def by_other_rule(dossiers: pd.DataFrame) -> pd.DataFrame:
    """Dossiers of which each is judged by the other of ``RULES`` than its own ``judged_by`` says.

    Examples
    --------
    >>> by_other_rule(pd.DataFrame({"judged_by": ["day", "timestamp"]})).judged_by.tolist()
    ['timestamp', 'day']
    """
    return dossiers.assign(
        judged_by=dossiers.judged_by.astype("str").map(dict(zip(RULES, reversed(RULES), strict=True)))
    )


def promised_on(dossiers: pd.DataFrame) -> pd.Series:
    """The first due date of each dossier, whichever lateness is held against; datetime64[us].

    Examples
    --------
    >>> promised_on(pd.DataFrame({"first_due_on": ["2022-03-09"], "promised_on": ["2022-03-04"]})).tolist()
    ['2022-03-04']
    """
    promised: pd.Series = dossiers[PROMISED if PROMISED in dossiers else "first_due_on"]
    return promised


def has_time(dossiers: pd.DataFrame) -> pd.Series:
    """Whether the due date that counts says at what time of its day it ends, as any does in its system; bool."""
    if "due_is_timed" in dossiers:
        return dossiers.due_is_timed & dossiers.first_due_on.notna()
    timed = dossiers.first_due_on != dossiers.first_due_on.dt.normalize()
    systems = dossiers.get("source_system", pd.Series("", index=dossiers.index))
    return timed.groupby(systems, dropna=False).transform("any") & dossiers.first_due_on.notna()


def is_accepted(dossiers: pd.DataFrame) -> pd.Series:
    """Whether a dossier was accepted; what was submitted and never accepted is never received. Bool."""
    return dossiers.status.ne("not_accepted") | dossiers.status.isna()


def is_resolved(dossiers: pd.DataFrame) -> pd.Series:
    """Whether a dossier ended with a result, on whatever day; withdrawn, returned or transferred it did not. Bool."""
    return is_accepted(dossiers) & dossiers.resolved_on.notna() & ~dossiers.status.isin(ENDED_OTHERWISE)


def is_received(dossiers: pd.DataFrame, period: Period) -> pd.Series:
    """Whether a dossier was received in a period, and accepted. Bool.

    Examples
    --------
    >>> days = pd.to_datetime(["2022-01-03 08:15", "2022-01-31 23:59", "2022-02-01 00:00"])
    >>> dossiers = pd.DataFrame({"received_on": days, "status": ["not_accepted", "pending", "pending"]})
    >>> is_received(dossiers, Period("2022-01", pd.Timestamp("2022-01-01"), pd.Timestamp("2022-01-31"))).tolist()
    [False, True, False]
    """
    return is_accepted(dossiers) & dossiers.received_on.dt.normalize().between(period.first, period.last)


def ended_on(dossiers: pd.DataFrame) -> pd.Series:
    """The day a dossier left the desk, by whatever way; missing while it is open.

    A dossier cannot leave before it came: where an end stands before the receipt (a contradiction that is warned of),
    it counts as having left on the day of receipt, so that no stock is ever negative.

    Returns
    -------
    Series
        datetime64[us], midnight.
    """
    closed, resolved, received = (days_of(dossiers[c], "day") for c in ("closed_on", "resolved_on", "received_on"))
    is_closed = dossiers.status.isin(ENDED_OTHERWISE).to_numpy() & ~np.isnat(closed)
    end = np.where(is_closed, closed, resolved)
    return pd.Series(np.where(end < received, received, end).astype("datetime64[us]"), index=dossiers.index)


def count_events(
    dossiers: pd.DataFrame, *, by: Sequence[str] = (), rule: str = "day", per: str = "day"
) -> pd.DataFrame:
    """Dossiers received, resolved, withdrawn, returned, transferred and not accepted, per day and group.

    Parameters
    ----------
    dossiers
        One row per dossier; the columns of ``tables.DOSSIERS``.
    by
        Columns to group by; a missing value is a group of its own, written as an empty text.
    rule
        How lateness is judged; see ``timeliness``.
    per
        ``day``, or ``month`` for far fewer rows.

    Returns
    -------
    DataFrame
        ``day`` (or ``month``, its first day), the columns of ``by``, and int64 counts, the columns of ``EVENTS``;
        ordered by day and group.

    Examples
    --------
    >>> dossiers = pd.DataFrame({
    ...     "channel": ["online", "in_person"], "status": ["resolved", "withdrawn"],
    ...     "received_on": ["2022-01-03", "2022-01-03"], "first_due_on": ["2022-01-10"] * 2,
    ...     "resolved_on": ["2022-01-05", None], "closed_on": [None, "2022-01-05"],
    ... }).astype(dict.fromkeys(["received_on", "first_due_on", "resolved_on", "closed_on"], "datetime64[us]"))
    >>> count_events(dossiers)[["day", "received", "resolved_early", "withdrawn"]]
             day  received  resolved_early  withdrawn
    0 2022-01-03         2               0          0
    1 2022-01-05         0               1          1
    """
    return _counted(dossiers, _happened(dossiers, rule, per), by, per)


def count_each(
    dossiers: pd.DataFrame, *, by: Sequence[Sequence[str]], rule: str = "day", per: str = "day"
) -> list[pd.DataFrame]:
    """``count_events`` by several groupings, at the cost of little more than one."""
    happened = _happened(dossiers, rule, per)
    return [_counted(dossiers, happened, columns, per) for columns in by]


class Happened(NamedTuple):
    """What happened to dossiers, one after the other."""

    which: np.ndarray
    """The dossier, by position."""
    event: np.ndarray
    """Position in ``EVENTS``."""
    when: np.ndarray
    """Days or months."""


def _happened(dossiers: pd.DataFrame, rule: str, per: str) -> Happened:
    need(dossiers, NEEDED, of="count_events", otherwise=DOSSIERS_FIRST)
    if per not in PER:
        raise Lacking(
            f"count_events: per {per!r} is not known; known are {', '.join(PER)}. For quarters, sum the days of each."
        )
    accepted = is_accepted(dossiers).to_numpy()
    received, left = (days_of(instants, per) for instants in (dossiers.received_on, ended_on(dossiers)))
    gone = ~np.isnat(left)

    def told(where: np.ndarray, event: int | np.ndarray, when: np.ndarray) -> tuple[np.ndarray, ...]:
        at = np.flatnonzero(where)
        return at, np.broadcast_to(event, len(where))[at], when[at]

    parts = [
        told(accepted, EVENTS.index("received"), received),
        told(accepted & gone, _outcome(dossiers, rule), left),
        told(~accepted, EVENTS.index("not_accepted"), np.where(gone, left, received)),
    ]
    return Happened(*map(np.concatenate, zip(*parts, strict=True)))


def days_of(instants: pd.Series, per: str) -> np.ndarray:
    """The day or month of each instant; datetime64[D] or [M], missing where it is.

    Each different day is asked for its month once.

    Examples
    --------
    >>> days_of(pd.Series(pd.to_datetime(["2022-01-03 08:15"])), "month")
    array(['2022-01'], dtype='datetime64[M]')
    """
    days = instants.to_numpy("datetime64[us]").view(np.int64) // DAY
    known = instants.notna().to_numpy()
    if not known.any():
        return np.full(len(days), "NaT", f"datetime64[{PER[per]}]")
    first, last = days[known].min(), days[known].max()
    calendar = np.append(np.arange(first, last + 1).view("datetime64[D]"), np.datetime64("NaT")).astype(
        f"datetime64[{PER[per]}]"
    )
    return calendar[np.where(known, days - first, -1)]


def _counted(dossiers: pd.DataFrame, happened: Happened, by: Sequence[str], per: str) -> pd.DataFrame:
    """How often each thing happened, per day or month and group."""
    need(dossiers, by, of="count_events", otherwise="by takes columns of dossiers")
    number, groups = _groups(dossiers, by)
    first = happened.when.min() if len(happened.when) else np.array("1970-01-01", f"datetime64[{PER[per]}]")
    cell, at = _held((happened.when - first).astype(np.int64) * len(groups) + number[happened.which])
    sums = np.bincount(at * len(EVENTS) + happened.event, minlength=len(cell) * len(EVENTS)).reshape(-1, len(EVENTS))
    table = groups.iloc[cell % len(groups)].reset_index(drop=True)
    table.insert(0, per, (first + cell // len(groups)).astype("datetime64[us]"))
    return pd.concat([table, pd.DataFrame(sums.astype(np.int64), columns=list(EVENTS))], axis=1)


COUNTED = ("source_system", "status", "received_on", "first_due_on", "resolved_on", "closed_on")
"""The columns of dossiers that ``count_events`` looks at, beside those it groups by."""

REPORTED = (
    *COUNTED, "dossier_id", "unit", "channel", "assisted", "procedure_code", "procedure", "field", "division", "service_level", "waiting_for",
    "due_on", "paused_from", "paused_to", "fee_due", "paid_online", "result_digitised",
)  # fmt: skip
"""The columns of dossiers that a report looks at; the others need not be read for it."""

DAY = 86_400_000_000
"""Microseconds in a day."""

NEEDED = ("status", "received_on", "first_due_on", "resolved_on", "closed_on")
"""Those of them that every table of dossiers has."""

PER = {"day": "D", "month": "M"}
"""What counts are of -> numpy's letter for it."""


def _outcome(dossiers: pd.DataFrame, rule: str) -> np.ndarray:
    """Position in ``EVENTS`` of how each dossier ended; of one that did not end, any."""
    outcome = timeliness(dossiers, rule=rule).cat.codes.to_numpy(np.int64) + EVENTS.index(RESOLVED[0])
    for status in ENDED_OTHERWISE:
        outcome[dossiers.status.eq(status).to_numpy(bool)] = EVENTS.index(status)
    return outcome


def _groups(dossiers: pd.DataFrame, by: Sequence[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """The group of every dossier by number, and what the groups are, in their order; a missing value is empty."""
    number, parts = np.zeros(len(dossiers), np.int64), []
    for column in by:
        rank, names = _ranked(dossiers[column])
        number = number * len(names) + rank
        parts.append(names)
    held, number = _held(number)
    groups = {}
    for column, names in zip(reversed(by), reversed(parts), strict=True):
        groups[column] = names[held % len(names)]
        held //= len(names)
    table = pd.DataFrame(
        {column: groups[column] for column in by}, index=range(max(len(held), 1) if not by else len(held))
    )
    return number, table


def _ranked(column: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """The number of each value among the different ones, in their order; a missing text is an empty one."""
    if column.dtype.kind in "iM":
        rank, known = pd.factorize(column, sort=True)
        return rank.astype(np.int64), known
    coded = column.astype("category")
    names = pd.Index(["", *coded.cat.categories.astype("str")], dtype="str")
    order = np.argsort(names, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank[coded.cat.codes.to_numpy(np.int64) + 1], names[order]


def _held(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different numbers in order, and the position of each among them; without sorting where they lie close."""
    space = int(numbers.max(initial=-1)) + 1
    if space > max(1 << 22, 8 * len(numbers)):
        return np.unique(numbers, return_inverse=True)
    seen = np.zeros(space, bool)
    seen[numbers] = True
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[numbers]


def add_counts(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Counts of several parts of the dossiers, or of several files, as one; in order.

    Examples
    --------
    >>> part = pd.DataFrame({"day": pd.to_datetime(["2022-01-03"]), "received": [2]})
    >>> add_counts([part, part])
             day  received
    0 2022-01-03         4
    """
    table = pd.concat(parts, ignore_index=True)
    by, counts = ([str(c) for c in table if (c in ADDED) == is_count] for is_count in (False, True))
    number, groups = _groups(table, by)
    sums = {c: np.bincount(number, table[c].to_numpy(), len(groups)) for c in counts}  # exact below 2 ** 53
    return groups.assign(**sums).astype(dict.fromkeys(counts, "int64"))


ADDED = {*EVENTS, "lines", "resolved"}
"""Columns of counts; the others are what they are of."""


def within(counts: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The counts of the days of a period.

    Raises
    ------
    Lacking
        If the table has no ``day``.
    Unanswerable
        If the period is none.
    """
    need(counts, ["day"], of="within", otherwise=DAYS_FIRST)
    need_period(period, of="within")
    return counts[counts.day.between(period.first, period.last)]


def total(counts: pd.DataFrame, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """Counts summed over days; one row per group, one row (index 0) without groups.

    Raises
    ------
    Lacking
        If a column of ``by`` is not there.
    """
    need(counts, by, of="total", otherwise="Counts have the columns that they were counted by")
    columns = [c for c in counts if c not in {"day", *by} and pd.api.types.is_numeric_dtype(counts[c])]
    return counts.groupby(list(by))[columns].sum() if by else counts[columns].sum().to_frame().T


def by_month(counts: pd.DataFrame, period: Period, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """Counts per month of a period; a month without events is a row of zeros.

    Returns
    -------
    DataFrame
        Index ``month`` (period[M]), and the columns of ``by`` before it.
    """
    need_period(period, of="by_month")
    months = pd.period_range(period.first, period.last, freq="M", name="month")
    monthly = within(counts, period).assign(month=lambda t: t.day.dt.to_period("M"))
    table = total(monthly.drop(columns="day"), by=[*by, "month"])
    if not by:
        return table.reindex(months, fill_value=0)
    groups = table.index.to_frame(index=False)[list(by)].drop_duplicates()
    rows = groups.merge(months.to_frame(index=False), how="cross")
    return table.reindex(pd.MultiIndex.from_frame(rows), fill_value=0)


def count_intake(dossiers: pd.DataFrame, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """Dossiers received per day and group, one column per channel.

    Returns
    -------
    DataFrame
        ``day``, the columns of ``by``, and int64 counts: the columns of ``CHANNELS``, and ``received``, their sum.
    """
    counts = count_events(dossiers, by=[*by, "channel"])
    wide = counts.pivot_table(index=["day", *by], columns="channel", values="received", aggfunc="sum", fill_value=0)
    wide = wide.reindex(columns=list(CHANNELS), fill_value=0).astype("int64").rename_axis(columns=None)
    return wide.assign(received=wide.sum(axis=1)).reset_index()


def count_lines(fates: pd.DataFrame) -> pd.DataFrame:
    """Lines by what became of them; adds over blocks, partitions and files.

    Returns
    -------
    DataFrame
        ``source_file``, ``source_sheet``, ``fate``, ``reason``, ``column``, as text, and int64 ``lines``.

    Examples
    --------
    >>> fates = pd.DataFrame({"source_file": "a.csv", "source_sheet": "", "fate": ["kept"] * 2, "reason": "", "column": ""})
    >>> count_lines(fates)[["source_file", "fate", "lines"]]
      source_file  fate  lines
    0       a.csv  kept      2
    """
    number, groups = _groups(fates, ["source_file", "source_sheet", "fate", "reason", "column"])
    return groups.assign(lines=np.bincount(number, minlength=len(groups)))


def count_fates(ledger: pd.DataFrame) -> pd.DataFrame:
    """Lines of every sheet of every file by their fate; the fates add up to the lines read.

    Parameters
    ----------
    ledger
        As ``count_lines`` counts them.

    Returns
    -------
    DataFrame
        ``source_file``, ``source_sheet``, int64 ``kept``, ``superseded``, ``repeated``, ``rejected``, ``not_data``,
        and ``lines``, their sum.
    """
    wide = ledger.pivot_table(
        index=["source_file", "source_sheet"], columns="fate", values="lines", aggfunc="sum", fill_value=0
    )
    wide = wide.reindex(columns=list(FATES), fill_value=0).astype("int64")
    return wide.rename_axis(columns=None).assign(lines=wide.sum(axis=1)).reset_index()
