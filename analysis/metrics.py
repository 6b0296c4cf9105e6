"""Counts -> rates. A rate is always a ratio of sums, and missing where its denominator is 0.

A function takes a table of counts and gives one number per row, so that it reads in
``counts.assign(online_share=online_share)``. Sum first, then divide: rates are never averaged.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import pandas as pd

from analysis.answers import covers, is_silent, require_answers
from analysis.counts import RESOLVED, count_intake, ended_on, is_received, is_resolved, total, within
from analysis.documents import count_documents, count_meetings
from analysis.lacking import DURATIONS_FIRST, EVENTS_FIRST, INTAKE_FIRST, need
from analysis.periods import Period, need_period, year_before
from analysis.stocks import balance, open_on
from analysis.store import Data
from analysis.tables import ENDED_OTHERWISE


def ratio(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """One sum over another; missing where the denominator is 0.

    Examples
    --------
    >>> ratio(pd.Series([1, 0]), pd.Series([4, 0])).tolist()
    [0.25, nan]
    """
    return numerator / denominator.where(denominator != 0)


def online_share(counts: pd.DataFrame) -> pd.Series:
    """Online dossiers among all received (definition O1).

    Parameters
    ----------
    counts
        ``online`` and ``received``, summed over the days and groups in question.

    Returns
    -------
    Series
        Float from 0 to 1; missing where nothing was received.

    Examples
    --------
    The published figures of 2022:

    >>> online_share(pd.DataFrame({"online": [163], "received": [937]})).round(4)[0]
    np.float64(0.174)
    """
    need(counts, ["online", "received"], of="online_share", otherwise=INTAKE_FIRST)
    return ratio(counts.online, counts.received)


def on_time_rate(counts: pd.DataFrame) -> pd.Series:
    """Dossiers resolved early or on time among those resolved with a due date (definition D1).

    Parameters
    ----------
    counts
        The columns of ``counts.RESOLVED``, summed; what has no due date stands in neither sum.

    Returns
    -------
    Series
        Float from 0 to 1; missing where nothing with a due date was resolved.

    Examples
    --------
    >>> on_time_rate(pd.DataFrame({"resolved_early": [500], "resolved_on_time": [100], "resolved_late": [255]})).round(4)[0]
    np.float64(0.7018)
    """
    need(counts, ["resolved_early", "resolved_on_time", "resolved_late"], of="on_time_rate", otherwise=EVENTS_FIRST)
    timely = counts.resolved_early + counts.resolved_on_time
    return ratio(timely, timely + counts.resolved_late)


def clearance_rate(counts: pd.DataFrame) -> pd.Series:
    """Dossiers that left the desk for every one that came in; below 1 the open stock grows.

    The term is that of case-flow statistics (CEPEJ).

    Parameters
    ----------
    counts
        The columns of ``counts.EVENTS``, summed.

    Returns
    -------
    Series
        Float, 0 or more; missing where nothing was received.

    Examples
    --------
    >>> events = {"resolved_early": 5, "resolved_on_time": 1, "resolved_late": 2, "resolved_no_due": 0}
    >>> others = {"withdrawn": 1, "returned": 0, "transferred": 0, "received": 10}
    >>> clearance_rate(pd.DataFrame([events | others]))[0]
    np.float64(0.9)
    """
    need(counts, [*RESOLVED, *ENDED_OTHERWISE, "received"], of="clearance_rate", otherwise=EVENTS_FIRST)
    return ratio(counts[[*RESOLVED, *ENDED_OTHERWISE]].sum(axis=1), counts.received)


def disposition_days(counts: pd.DataFrame, *, days: int) -> pd.Series:
    """How many days it would take to end what is open, at the pace of the period.

    The term is that of case-flow statistics (CEPEJ): open at the end ÷ ended in the period × days of the period.

    Parameters
    ----------
    counts
        ``open`` at the last day, and the columns of ``counts.EVENTS``, summed over the period.
    days
        Calendar days of the period, up to the day of the data.

    Returns
    -------
    Series
        Float, days; missing where nothing ended.

    Examples
    --------
    >>> events = {"resolved_early": 5, "resolved_on_time": 1, "resolved_late": 2, "resolved_no_due": 0}
    >>> others = {"withdrawn": 1, "returned": 1, "transferred": 0, "open": 4}
    >>> disposition_days(pd.DataFrame([events | others]), days=30)[0]
    np.float64(12.0)
    """
    need(
        counts,
        [*RESOLVED, *ENDED_OTHERWISE, "open"],
        of="disposition_days",
        otherwise="stocks.balance(data.dossiers, period) gives such counts",
    )
    return ratio(counts.open * days, counts[[*RESOLVED, *ENDED_OTHERWISE]].sum(axis=1))


def quantile_days(durations: pd.DataFrame, share: float, *, of: str = "calendar_days") -> float:
    """In how many days so large a share of dossiers was resolved: exact, from counts that add.

    Parameters
    ----------
    durations
        ``resolved`` and the column named by ``of``, as ``turnaround.count_durations`` has them, of any months and groups.
    share
        Above 0, at most 1; 0.5 is the median.
    of
        ``calendar_days`` or ``working_days``; where it is missing (no calendar) a dossier does not count.

    Returns
    -------
    float
        Days, the least within which at least this share was resolved; missing where nothing was.

    Raises
    ------
    ValueError
        If ``share`` is no share.

    Examples
    --------
    >>> durations = pd.DataFrame({"calendar_days": [2, 20, 3], "resolved": [5, 1, 4]})
    >>> quantile_days(durations, 0.5), quantile_days(durations, 0.9), quantile_days(durations, 0.95)
    (2.0, 3.0, 20.0)
    """
    found = quantiles_by(durations.assign(whole=0), share, by=["whole"], of=of)
    return float(found.iloc[0]) if len(found) else float("nan")


def quantiles_by(durations: pd.DataFrame, share: float, *, by: Sequence[str], of: str) -> pd.Series:
    """``quantile_days`` of each group of some columns; float, index ``by``, without groups of which nothing is known.

    Examples
    --------
    >>> durations = pd.DataFrame({"channel": ["online", "postal", "online"], "working_days": [2, 9, 5], "resolved": [3, 1, 2]})
    >>> quantiles_by(durations, 0.9, by=["channel"], of="working_days").to_dict()
    {'online': 5.0, 'postal': 9.0}
    """
    if not 0 < share <= 1:
        raise ValueError(f"share must be above 0 and at most 1, not {share}.")
    need(durations, [of, *by, "resolved"], of="quantiles", otherwise=DURATIONS_FIRST)
    resolved = durations[durations[of].notna()].groupby([*by, of]).resolved.sum()
    groups = resolved.groupby(level=list(by))
    # 0.55 times 100 is a hair above 55
    reached = resolved.index[groups.cumsum() >= share * groups.transform("sum") - 1e-9].to_frame(index=False)
    return reached.drop_duplicates(list(by)).set_index(list(by))[of].astype("float64")


def wilson_interval(successes: pd.Series, trials: pd.Series, *, confidence: float = 0.95) -> pd.DataFrame:
    """Where a rate may lie that was seen in few dossiers (Wilson 1927).

    Parameters
    ----------
    successes, trials
        Counts of equal length.
    confidence
        Between 0 and 1.

    Returns
    -------
    DataFrame
        ``low`` and ``high``, floats from 0 to 1; missing where there was no trial.

    Examples
    --------
    >>> wilson_interval(pd.Series([3, 0]), pd.Series([4, 0])).round(2)
        low  high
    0  0.3  0.95
    1  NaN   NaN
    """
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415 - slow to import, and seldom needed

    known = trials.where(trials > 0, 1)
    low, high = proportion_confint(successes.clip(upper=known), known, alpha=1 - confidence, method="wilson")
    table = pd.DataFrame({"low": low, "high": high}, index=trials.index)
    return table.where(trials > 0)


class Measure(NamedTuple):
    """How a headline figure is made: a count, or a rate of one sum over another: a share, or a number of days."""

    table: str
    """The table it is counted from."""
    column: str | None = None
    """The column the exports must have for it."""
    over: tuple[str, str] | None = None
    """(numerator, denominator), the names of sums, if it is a rate."""
    flow: bool = True
    """Whether it is of the days of a period; a stock is of its last day."""
    unit: str = ""
    """``share`` or ``days``, if it is a rate."""

    @property
    def is_share(self) -> bool:
        """Whether it is written in per cent, and its change in points."""
        return self.unit == "share"


DOSSIERS = Measure("dossiers")
CHANNEL = Measure("dossiers", "channel")
TIMED = Measure("dossiers", "due_on")
STATUS = Measure("dossiers", "status")
OUTGOING = Measure("documents", "form")

TABLES = ("dossiers", "documents", "meetings")
"""The tables that figures are counted from."""

MEASURES: dict[str, Measure] = {
    "received": DOSSIERS,
    "online": CHANNEL,
    "in_person": CHANNEL,
    "postal": CHANNEL,
    "other": CHANNEL,
    "unknown_channel": CHANNEL,
    "online_share": CHANNEL._replace(over=("online", "received"), unit="share"),
    "resolved": DOSSIERS,
    "early": TIMED,
    "on_time": TIMED,
    "timely": TIMED,
    "late": TIMED,
    "no_due": TIMED,
    "on_time_rate": TIMED._replace(over=("timely", "timed"), unit="share"),
    "resolved_of_received": DOSSIERS,
    "resolved_share": DOSSIERS._replace(over=("resolved_of_received", "received"), unit="share"),
    "clearance_rate": DOSSIERS._replace(over=("left", "received"), unit="share"),
    "disposition_days": DOSSIERS._replace(over=("open_times_days", "left"), unit="days"),
    "withdrawn": STATUS,
    "returned": STATUS,
    "transferred": STATUS,
    "not_accepted": STATUS,
    "carried_over": DOSSIERS._replace(flow=False),
    "open": DOSSIERS._replace(flow=False),
    "pending": DOSSIERS._replace(flow=False),
    "paused": STATUS._replace(flow=False),
    "overdue": TIMED._replace(flow=False),
    "unknown_state": STATUS._replace(flow=False),
    "outgoing_electronic": OUTGOING,
    "outgoing_paper": OUTGOING,
    "outgoing_signed_share": Measure("documents", "signed", ("outgoing_signed", "outgoing_electronic"), unit="share"),
    "incoming_electronic": OUTGOING,
    "incoming_paper": OUTGOING,
    "incoming_signed_share": Measure("documents", "signed", ("incoming_signed", "incoming_electronic"), unit="share"),
    "meetings_online": Measure("meetings"),
    "meetings": Measure("meetings"),
}
"""The figures of a report, by name, in the order of reading."""


def headline(
    data: Data, period: Period, *, whole_year: Period | None = None, rule: str = "day", tables: Collection[str] = TABLES
) -> pd.DataFrame:
    """The figures of a period, beside the same days of the year before and the whole of it.

    Parameters
    ----------
    data
        What was read.
    period
        Cut at the day of the data (``periods.until``).
    whole_year
        The period before it, uncut, which stands beside; by default the same days again.
    rule
        How lateness is judged; see ``counts.timeliness``.
    tables
        Of which tables the figures are needed; those of the others are missing.

    Returns
    -------
    DataFrame
        Index: the names of ``MEASURES``. ``value``, ``numerator`` and ``denominator`` (of rates), ``before`` (the same
        days of the year before), ``whole`` (the whole of it), ``change`` (relative for counts and days, a difference for
        shares).
        Missing where the exports have no such column or do not reach back so far.

    Raises
    ------
    Unanswerable
        If the exports say nothing of the period.
    """
    need_period(period, of="headline")
    require_answers(data, period)
    before = year_before(period)
    sums = {"value": _sums(data, period, rule, tables), "before": _sums(data, before, rule, tables)}
    sums["whole"] = _sums(data, whole_year, rule, tables) if whole_year else sums["before"]
    table = pd.DataFrame({name: _values(found) for name, found in sums.items()}, index=list(MEASURES))
    over = {name: m.over for name, m in MEASURES.items() if m.over}
    missing = float("nan")
    table["numerator"] = pd.Series({name: sums["value"].get(top, missing) for name, (top, _) in over.items()})
    table["denominator"] = pd.Series({name: sums["value"].get(bottom, missing) for name, (_, bottom) in over.items()})
    told = {each for each in tables if not is_silent(data, each, period)}
    needed = {(m.table, m.column) for m in MEASURES.values() if m.table in told}
    held = {each: _is_known(data, *each) for each in needed}
    known = pd.Series({name: held.get((m.table, m.column), False) for name, m in MEASURES.items()})
    earlier = {each: covers(data, each, before) for each in tables}
    since = pd.Series({name: earlier.get(m.table, False) for name, m in MEASURES.items()})
    table = table.where(known, axis=0)
    table[["before", "whole"]] = table[["before", "whole"]].where(since, axis=0)
    is_share = pd.Series({name: m.is_share for name, m in MEASURES.items()})
    difference = table.value - table.before
    table["change"] = difference.where(is_share, ratio(difference, table.before))
    return table[["value", "numerator", "denominator", "before", "whole", "change"]].astype("float64")


def _is_known(data: Data, table: str, column: str | None) -> bool:
    """Whether the exports have what a measure is made of; without, nothing is known, not zero."""
    return bool((data.files.table == table).any()) if column is None else data.has(table, column)


def _values(sums: dict[str, float]) -> pd.Series:
    """Each measure by its sums; missing where there are none, or nothing stands below."""
    missing = float("nan")
    values = {
        name: sums.get(name, missing) if not m.over else _over(sums.get(m.over[0], missing), sums.get(m.over[1], 0))
        for name, m in MEASURES.items()
    }
    return pd.Series(values, dtype="float64")


def _over(top: float, bottom: float) -> float:
    return top / bottom if bottom else float("nan")


def _sums(data: Data, period: Period, rule: str, tables: Collection[str]) -> dict[str, float]:
    """Every sum that the measures of some tables are made of."""
    dossiers = _dossier_sums(data.dossiers, period, rule) if "dossiers" in tables else {}
    return {**dossiers, **(_document_sums(data, period) if {"documents", "meetings"} & {*tables} else {})}


def _dossier_sums(dossiers: pd.DataFrame, period: Period, rule: str) -> dict[str, float]:
    balanced = balance(dossiers, period, rule=rule).iloc[0]
    intake = total(within(count_intake(dossiers), period)).iloc[0]
    still = open_on(dossiers, period.last)
    timely = balanced.resolved_early + balanced.resolved_on_time
    sums = {
        **balanced[
            ["received", "resolved", *ENDED_OTHERWISE, "not_accepted", "carried_over", "open", "pending", "paused"]
        ],
        **intake[["online", "in_person", "postal", "other"]],
        "unknown_channel": intake.unknown,
        "early": balanced.resolved_early,
        "on_time": balanced.resolved_on_time,
        "timely": timely,
        "late": balanced.resolved_late,
        "timed": timely + balanced.resolved_late,
        "no_due": balanced.resolved_no_due,
        "left": balanced[["resolved", *ENDED_OTHERWISE]].sum(),
        "open_times_days": balanced.open * ((period.last - period.first).days + 1),
        "resolved_of_received": resolved_of_received(dossiers, period),
        "overdue": (still.timeliness == "overdue").sum(),
        "unknown_state": balanced.unknown,
    }
    return {str(name): float(value) for name, value in sums.items()}


def resolved_of_received(dossiers: pd.DataFrame, period: Period) -> int:
    """How many of the dossiers received in a period were resolved by its last day ("đạt p %")."""
    return int((is_received(dossiers, period) & is_resolved(dossiers) & (ended_on(dossiers) <= period.last)).sum())


def _document_sums(data: Data, period: Period) -> dict[str, float]:
    documents = total(within(count_documents(data.documents), period).drop(columns="day"), by=["direction"])
    documents = documents.reindex(["outgoing", "incoming"], fill_value=0)
    kinds = ("electronic", "paper", "signed", "unsigned")
    sums = {
        f"{direction}_{kind}": float(documents.loc[direction, kind]) for direction in documents.index for kind in kinds
    }
    meetings = total(within(count_meetings(data.meetings), period)).iloc[0]
    return {**sums, "meetings_online": float(meetings.online), "meetings": float(meetings.meetings)}
