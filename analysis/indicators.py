"""The indicators of Decision 766/QĐ-TTg that exports can answer, and what the others would need.

The formulas are those of a working paper on the national indicators, in our own words; the full text of the decision could not
be had. Points are nowhere in here: see ``points``.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.catalogue import catalogue_of, count_procedures, procedure_keys, procedure_names
from analysis.codes import core_code
from analysis.completion import with_fees
from analysis.counts import ended_on, is_received, within
from analysis.digital import count_filing, count_results
from analysis.metrics import ratio
from analysis.periods import Period
from analysis.stocks import state_on
from analysis.store import Data
from analysis.take_up import count_services
from analysis.terms import last_terms, read_terms
from analysis.turnaround import days_taken, pauses_within

NEVER = {
    "1.4": "national_portal", "1": "national_database", "3": "national_portal", "4.2": "attachments", "4.3": "reuse",
    "5": "feedback",
}  # fmt: skip
"""Indicator, or a group of others -> what no export of a one-stop desk holds of it."""

NO_CALENDAR = "calendar"
"""What stands for a lack of working days, beside columns and what is in ``NEVER``."""


class Ratio(NamedTuple):
    """One sum over another, and what stands beside it."""

    numerator: float
    denominator: float
    unknown: float = 0
    """Of how many the exports do not say it; the rule says where they stand."""
    after_pauses: float = float("nan")
    """How many are on time only because supplement time is taken out."""


class Indicator(NamedTuple):
    """How an indicator is made."""

    of: Callable[[Data, Period], Ratio]
    needs: tuple[tuple[str, str], ...]
    """(Table, column) that the exports must have; of a table without a column, rows."""
    unit: str = "share"
    """``share`` (0 to 1) or ``working_days``, which need a calendar."""


def on_time(data: Data, period: Period) -> Ratio:
    """Indicator 2.1: dossiers in hand in a period that are on time, those still pending in time included.

    A dossier ends on the day of its result or, without one, of its withdrawal or return; while it waits for a supplement, on the
    day that was asked for, and late if it was asked for more than once; otherwise on the last day of the period. Days from a
    request to its supplement are taken out (calendar days; ``turnaround.pauses_within``). On time is an end on the first due
    day or before.
    """
    state, before = state_on(data.dossiers, period.last), state_on(data.dossiers, period.first - pd.Timedelta(days=1))
    in_hand = before.isin(["pending", "paused", "unknown"]) | is_received(data.dossiers, period)
    dossiers, state = data.dossiers[in_hand], state[in_hand]
    received, asked, due = (dossiers[c].dt.normalize() for c in ("received_on", "paused_from", "first_due_on"))
    waits = state == "paused"
    end = ended_on(dossiers).where(lambda days: days <= period.last)
    end = end.fillna(asked.where(waits)).fillna(period.last)
    end = end.mask(end < received, received)
    held = pauses_within(dossiers, received, end)
    known = due.notna() & (state != "unknown")
    often = waits & _asked_often(data, dossiers)
    timely = known & ~often & (end - (held.resumed - held.stopped) <= due)
    return Ratio(timely.sum(), known.sum(), (~known).sum(), (timely & (end > due)).sum())


def _asked_often(data: Data, dossiers: pd.DataFrame) -> pd.Series:
    """Whether a supplement was asked for on more than one day, as far as several exports tell."""
    keys = ["source_system", "dossier_id"]
    asked = data.history[data.history.paused_from.notna()][[*keys, "paused_from"]].drop_duplicates()
    asked = asked.astype(dict.fromkeys(keys, "str"))
    often = asked.loc[asked.duplicated(keys), keys].drop_duplicates().assign(often=True)
    table = dossiers[keys].astype("str").merge(often, on=keys, how="left", validate="m:1")
    return pd.Series(table.often.notna().to_numpy(), index=dossiers.index)


def mean_days(data: Data, period: Period) -> Ratio:
    """Indicator 2.2 of all procedures whose term is in working days; see ``handling_times``.

    Days of different units are never summed: what is counted in calendar days, or not at all, is ``unknown``.
    """
    times = handling_times(data, period)
    counted = times[times.unit == "working_days"]
    others = times.dossiers.sum() - counted.dossiers.sum() + times.no_calendar.sum()
    return Ratio(float(counted.days.sum()), float(counted.dossiers.sum()), float(others))


def handling_times(data: Data, period: Period) -> pd.DataFrame:
    """Indicator 2.2: the mean handling time of each procedure, of dossiers that came and ended in a period.

    Ended in whatever way; supplement time is taken out (``turnaround.pauses_within``). In the unit of the procedure's term:
    calendar days where it is in those, else working days, also of a term in hours or unknown. Without a calendar all are in
    calendar days.

    Returns
    -------
    DataFrame
        ``procedure_code`` (its national part; empty where unknown), ``procedure``, ``dossiers`` and ``days`` (sums, int64),
        ``unit``, ``mean_days``, ``no_calendar`` (dossiers besides, of days that the calendar does not cover), and of the last
        version in the catalogue ``term_days`` and ``term_unit`` (empty where unknown); most dossiers first.
    """
    calendar = data.calendar
    came = data.dossiers[is_received(data.dossiers, period)]
    ended = came[ended_on(came) <= period.last]
    terms = last_terms(read_terms(data.procedures, words=data.vocabulary.words["term_unit"]), period)
    key = procedure_keys(ended, data.procedures)
    in_calendar_days = key.map(terms.unit).eq("calendar_days") | (not calendar.file)
    took = days_taken(ended, ended_on(ended), calendar=calendar)
    days = took.working_days.mask(in_calendar_days, took.calendar_days)
    marks = pd.DataFrame(
        {
            "key": key, "procedure": procedure_names(ended, data.procedures),
            "unit": in_calendar_days.map({True: "calendar_days", False: "working_days"}),
            "dossiers": days.notna(), "days": days.fillna(0), "no_calendar": days.isna(),
        }
    )  # fmt: skip
    sums = marks.groupby(["key", "procedure", "unit"])[["dossiers", "days", "no_calendar"]].sum().astype("int64")
    table = sums.reset_index()
    codes = core_code(pd.concat([ended.procedure_code.astype("str"), data.procedures.procedure_code.astype("str")]))
    table = table.assign(
        procedure_code=table.key.where(table.key.isin(codes), ""),
        mean_days=ratio(table.days, table.dossiers),
        term_days=table.key.map(terms.term).astype("float64"),
        term_unit=table.key.map(terms.unit).astype("str").fillna(""),
    )
    columns = [
        "procedure_code",
        "procedure",
        "dossiers",
        "days",
        "unit",
        "mean_days",
        "no_calendar",
        "term_days",
        "term_unit",
    ]
    ordered = table.sort_values(["dossiers", *columns[:2]], ascending=[False, True, True], ignore_index=True)
    return ordered[columns]


def offered_online(data: Data, period: Period) -> Ratio:
    """Indicator 3.1: procedures in force that are offered online, fully or in part; of several levels the best counts."""
    listed = catalogue_of(data.procedures, period).assign(in_catalogue=True, online=0)
    sums = count_services(listed)
    return Ratio(sums.offered, sums.in_force, sums.level_unknown)


def used_online(data: Data, period: Period) -> Ratio:
    """Indicator 3.2: of the procedures offered online, those with at least one online dossier in the period.

    Unknown are online dossiers of what is not in the catalogue, or not in force.
    """
    table = count_procedures(data.dossiers[is_received(data.dossiers, period)], data.procedures, period)
    sums, is_listed = count_services(table), table.in_catalogue & table.in_force
    return Ratio(sums.with_online, sums.offered, table.online[~is_listed].sum())


def online_share(data: Data, period: Period) -> Ratio:
    """Indicator 3.3, without the rate of synchronisation: dossiers filed online that have an electronic result, of all accepted.

    A dossier without a known channel counts as filed in person, here and nowhere else.
    """
    came = data.dossiers[is_received(data.dossiers, period)]
    electronic = came.channel.eq("online") & came.result_digitised.eq("yes")
    return Ratio(int(electronic.sum()), len(came), int((came.channel.isna() | came.channel.eq("unknown")).sum()))


def paid_online(data: Data, period: Period) -> Ratio:
    """Indicator 3.6: of the dossiers with a fee to pay, those paid online.

    Where a dossier does not say whether it has a fee, its procedure in the catalogue does. Missing where none says how it
    was paid: that is unknown, not 0.
    """
    sums = _sums(count_filing(with_fees(data.dossiers, data.procedures, period)), period)
    says_nothing = sums.payment_unknown == sums.fee_due
    return Ratio(np.nan if says_nothing else sums.paid_online, sums.fee_due, sums.payment_unknown)


def digitised(data: Data, period: Period) -> Ratio:
    """Indicator 4.1: of the dossiers resolved in the period, those with an electronic result."""
    sums = _sums(count_results(data.dossiers), period)
    return Ratio(sums.digitised, sums.resolved, sums.digitised_unknown)


def _sums(counts: pd.DataFrame, period: Period) -> pd.Series:
    return within(counts, period).sum(numeric_only=True)


LEVEL, CHANNEL = ("procedures", "service_level"), ("dossiers", "channel")
RESULT = ("dossiers", "result_digitised")

INDICATORS = {
    "2.1": Indicator(on_time, (("dossiers", "due_on"), ("dossiers", "resolved_on"))),
    "2.2": Indicator(mean_days, (("dossiers", "resolved_on"),), "working_days"),
    "3.1": Indicator(offered_online, (LEVEL,)),
    "3.2": Indicator(used_online, (LEVEL, CHANNEL, ("dossiers", "procedure_code"))),
    "3.3": Indicator(online_share, (CHANNEL, RESULT)),
    "3.6": Indicator(paid_online, (("dossiers", "fee_due"), ("dossiers", "paid_online"))),
    "4.1": Indicator(digitised, (RESULT,)),
}
"""The indicators that exports can answer, by their number."""


def indicators(data: Data, period: Period) -> pd.DataFrame:
    """The indicators of Decision 766/QĐ-TTg of a period.

    Parameters
    ----------
    data
        What was read.
    period
        Cut at the day of the data (``periods.until``).

    Returns
    -------
    DataFrame
        Index ``indicator``, its number: those of ``INDICATORS`` and ``NEVER``, in order. ``value`` (a share of 1, or working days),
        ``numerator``, ``denominator``, ``unknown`` and ``after_pauses`` (see ``Ratio``) as floats; ``unit``; ``lacks``, what is
        missing: columns as ``table.column``, ``NO_CALENDAR`` or a name of ``NEVER``; empty where the indicator could be computed.

    Examples
    --------
    See ``tests/test_indicators.py``: every indicator by hand, on exports of a few lines.
    """
    rows: dict[str, dict[str, Any]] = {}
    for number, indicator in INDICATORS.items():
        lacks = [f"{table}.{column}" for table, column in indicator.needs if not data.has(table, column)]
        if not lacks and indicator.unit == "working_days" and not data.calendar.file:
            lacks = [NO_CALENDAR]
        found = Ratio(np.nan, np.nan, np.nan) if lacks else indicator.of(data, period)
        rows[number] = {**found._asdict(), "unit": indicator.unit, "lacks": " ".join(lacks)}
    rows |= {number: {"unit": "share", "lacks": lacks} for number, lacks in NEVER.items()}
    order = sorted(rows, key=lambda number: (number[0], "." not in number, number))
    table = pd.DataFrame.from_dict(rows, orient="index").loc[order].rename_axis("indicator")
    table = table.astype(dict.fromkeys(Ratio._fields, "float64"))
    value = ratio(table.numerator, table.denominator)
    return table.assign(value=value)[["value", *Ratio._fields, "unit", "lacks"]]
