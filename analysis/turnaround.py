"""Turnaround: how many days dossiers took from receipt to result, and against the terms of their procedures.

Working days are those of the official calendar; the time that a dossier waited for the applicant is taken out where the
exports say from when to when. Medians do not add, so what is counted is how many dossiers took how many days.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.calendars import Calendar
from analysis.counts import days_of, ended_on, is_resolved, within
from analysis.due_dates import due_dates
from analysis.lacking import DOSSIERS_FIRST, need
from analysis.metrics import quantiles_by
from analysis.periods import Period, year_before
from analysis.terms import last_terms
from analysis.workdays import count_workdays, counted_from

PAUSES = ("none", "taken_out", "unknown")
"""What became of the time a dossier waited for the applicant; unknown where the exports tell one of its ends only, or an
end before the beginning: it is then not taken out, so that a guess flatters nobody."""


def turnaround(dossiers: pd.DataFrame, *, calendar: Calendar) -> pd.DataFrame:
    """How many days each resolved dossier took, without its pause.

    Parameters
    ----------
    dossiers
        ``tables.DOSSIERS``; ``paused_from`` and ``paused_to`` may be lacking.

    Returns
    -------
    DataFrame
        As from ``days_taken``; all missing where not resolved.

    Examples
    --------
    From Monday to Friday, waiting from Tuesday to Thursday: Tuesday and Friday are left.

    >>> from analysis.calendars import read_calendar
    >>> days = {"received_on": "2024-03-04", "paused_from": "2024-03-05", "paused_to": "2024-03-07", "resolved_on": "2024-03-08"}
    >>> table = pd.DataFrame({k: pd.to_datetime([v]) for k, v in (days | {"closed_on": None}).items()}).assign(status="resolved")
    >>> turnaround(table, calendar=read_calendar())[["working_days", "calendar_days", "pause"]]
       working_days  calendar_days      pause
    0             2              2  taken_out
    """
    return days_taken(dossiers, ended_on(dossiers).where(is_resolved(dossiers)), calendar=calendar)


def days_taken(dossiers: pd.DataFrame, end: pd.Series, *, calendar: Calendar) -> pd.DataFrame:
    """How many days each dossier took from its receipt to some end, without its pause (``pauses_within``).

    The day of receipt is not counted (``workdays.counted_from``); an end before it counts as on it.

    Returns
    -------
    DataFrame
        Index of the dossiers: ``ended_on`` (midnight), ``working_days``, ``calendar_days`` (Int64, 0 or more), ``pause``
        (categorical, ``PAUSES``). All missing where there is no end; ``working_days`` also where the calendar does not
        cover the days, or one of them is undecided.
    """
    start = counted_from(dossiers.received_on, calendar=calendar, latest=dossiers.get("latest_receipt"))
    end = end.mask(end < start, start)
    held = pauses_within(dossiers, start, end)
    days = (end - start) - (held.resumed - held.stopped)
    worked = count_workdays(start, held.stopped, calendar=calendar)
    worked += count_workdays(held.resumed, end, calendar=calendar)
    return pd.DataFrame(
        {"ended_on": end, "working_days": worked, "calendar_days": days.dt.days.astype("Int64"), "pause": held.pause}
    )


def pauses_within(dossiers: pd.DataFrame, start: pd.Series, end: pd.Series) -> pd.DataFrame:
    """When the clock of each dossier stood still between two days.

    It stops when a supplement was asked for and runs again when it came: from request to completion, as a working paper on
    the indicators of Decision 766/QĐ-TTg takes supplements out. A pause counts as far as it lies between the two days;
    in a system whose pauses are part of the handling time (``systems.with_rules``) there is none.

    Parameters
    ----------
    start, end
        Midnights, none of them after its end.

    Returns
    -------
    DataFrame
        Index of the dossiers: ``stopped``, ``resumed`` (midnights; both the end where nothing is taken out) and ``pause``
        (categorical, ``PAUSES``; missing where there is no end).
    """
    none = pd.Series(pd.NaT, index=dossiers.index, dtype="datetime64[us]")
    since, until = (dossiers.get(c, none).dt.normalize() for c in ("paused_from", "paused_to"))
    counts = dossiers.get("pause_counts", pd.Series(data=False, index=dossiers.index))
    touches = ~counts & (since.notna() | until.notna()) & ~(since > end) & ~(until < start) & end.notna()
    known = touches & (since <= until)
    kind = np.select([end.isna(), known, touches], [-1, 1, 2], 0)
    return pd.DataFrame(
        {
            "stopped": since.mask(since < start, start).where(known, end),
            "resumed": until.mask(until > end, end).where(known, end),
            "pause": pd.Categorical.from_codes(kind, dtype=pd.CategoricalDtype(list(PAUSES))),
        }
    )


def count_durations(
    dossiers: pd.DataFrame, *, calendar: Calendar, by: Sequence[str] = (), per: str = "month"
) -> pd.DataFrame:
    """How many dossiers took how many days from receipt to result, per month or day of the result and group.

    Medians do not add, but this does: a quantile of any months and groups is ``metrics.quantile_days`` of the sum.

    Returns
    -------
    DataFrame
        ``month`` (or ``day``) of the result, the columns of ``by`` (text, empty where missing), ``pause``,
        ``working_days`` (Int64; missing: no calendar), ``calendar_days`` (int64) and ``resolved`` (int64).

    Examples
    --------
    >>> from analysis.calendars import read_calendar
    >>> days = {"received_on": ["2022-01-07", "2022-01-07"], "resolved_on": ["2022-01-11", "2022-01-11"]}
    >>> table = pd.DataFrame(days | {"closed_on": None, "status": "resolved"})
    >>> table = table.astype(dict.fromkeys(["received_on", "resolved_on", "closed_on"], "datetime64[us]"))
    >>> count_durations(table, calendar=read_calendar())
           month pause  working_days  calendar_days  resolved
    0 2022-01-01  none             2              4         2
    """
    need(dossiers, by, of="count_durations", otherwise=DOSSIERS_FIRST)
    took = turnaround(dossiers, calendar=calendar)
    told = took.assign(
        **{per: days_of(took.ended_on, per).astype("datetime64[us]")}, **dossiers[list(by)].astype("category")
    )
    keys = [per, *by, "pause", "working_days", "calendar_days"]
    groups = told[took.calendar_days.notna()].groupby(keys, dropna=False, observed=True)
    counted = groups.size().reset_index(name="resolved").astype({"calendar_days": "int64"})
    texts = {c: counted[c].astype("str").fillna("") for c in (*by, "pause")}
    return counted.assign(**texts).sort_values(keys, ignore_index=True)


def typical_days(durations: pd.DataFrame, *, by: Sequence[str]) -> pd.DataFrame:
    """The median and the 90th percentile of turnaround, per group.

    Parameters
    ----------
    durations
        What ``count_durations`` gives, of the days in question.
    by
        Columns of it; at least one.

    Returns
    -------
    DataFrame
        Index ``by``: int64 ``resolved``, ``no_calendar`` (of them, not counted in working days), ``taken_out`` and
        ``unknown_pause``; float ``median_working_days``, ``p90_working_days``, ``median_calendar_days``,
        ``p90_calendar_days``: exact, the least number of days within which so large a share was resolved.
    """
    need(durations, by, of="typical_days", otherwise="Name in by what they were counted by in count_durations")
    counts = {
        "resolved": durations.resolved,
        "no_calendar": durations.resolved.where(durations.working_days.isna(), 0),
        "taken_out": durations.resolved.where(durations.pause == "taken_out", 0),
        "unknown_pause": durations.resolved.where(durations.pause == "unknown", 0),
    }
    table = durations[list(by)].assign(**counts).groupby(list(by)).sum().astype("int64")
    for name, share in (("median", 0.5), ("p90", 0.9)):
        for of in ("working_days", "calendar_days"):
            table[f"{name}_{of}"] = quantiles_by(durations, share, by=by, of=of).reindex(table.index)
    return table


def compared_days(durations: pd.DataFrame, period: Period, *, by: Sequence[str]) -> pd.DataFrame:
    """``typical_days`` of a period beside the same days of the year before (``_before``); groups of either.

    Parameters
    ----------
    durations
        What ``count_durations`` gives per day.
    """
    now, before = (typical_days(within(durations, days), by=by) for days in (period, year_before(period)))
    table = now.join(before.add_suffix("_before"), how="outer")
    counts = [c for c in table if not str(c).startswith(("median", "p90"))]
    return table.assign(**table[counts].fillna(0).astype("int64"))


def against_terms(dossiers: pd.DataFrame, terms: pd.DataFrame, period: Period, *, calendar: Calendar) -> pd.DataFrame:
    """Handling time per procedure, against its term and against the same days of the year before.

    A dossier is over its term if it took more days, pauses taken out, than lie between its receipt and its recomputed due
    date: working days, or calendar days where the term is in those. This is held against the catalogue, and so may differ
    from lateness, which is held against the date that the applicant was promised.

    Parameters
    ----------
    terms
        What ``terms.read_terms`` gives.

    Returns
    -------
    DataFrame
        Per core code of a procedure with a dossier resolved in the period (empty: no code): ``core_code``, ``procedure``,
        ``term``, ``unit`` and ``legal_term`` (of the last version that began by the end of the period), ``resolved``,
        ``judged`` (their term is known, and the calendar covers it) and ``over_term`` of them, the columns of
        ``compared_days``; most resolved first. In the unit of the term, working days where it is in hours or unknown:
        ``median_days``, ``p90_days``, ``median_days_before``, ``p90_days_before``.

    Examples
    --------
    A term of five working days; the second dossier took six:

    >>> from analysis.calendars import read_calendar
    >>> from analysis.terms import read_terms
    >>> listed = {"procedure_code": ["1.000001"], "procedure": ["A"], "term_days": ["5"], "legal_term_days": [None]}
    >>> table = pd.DataFrame(listed | {"term_unit": "working_days", "valid_from": pd.NaT, "valid_to": pd.NaT})
    >>> days = {"received_on": ["2024-03-04 08:00"] * 2, "resolved_on": ["2024-03-11", "2024-03-12"], "closed_on": None}
    >>> dossiers = pd.DataFrame(days).astype("datetime64[us]").assign(procedure_code="1.000001", status="resolved")
    >>> march = Period("", pd.Timestamp("2024-03-01"), pd.Timestamp("2024-03-31"))
    >>> dossiers["procedure"] = "A"
    >>> found = against_terms(dossiers, read_terms(table, words={}), march, calendar=read_calendar())
    >>> found[["core_code", "resolved", "over_term", "median_days", "p90_days"]]
      core_code  resolved  over_term  median_days  p90_days
    0  1.000001         2          1          5.0       6.0
    """
    due = due_dates(dossiers, terms, calendar=calendar)
    verdict = _verdict(dossiers, due, calendar)
    told = dossiers.assign(core_code=due.core_code, verdict=verdict)
    durations = count_durations(told, calendar=calendar, by=["core_code", "verdict"], per="day")
    table = compared_days(durations, period, by=["core_code"])
    verdicts = within(durations, period).pivot_table(
        index="core_code", columns="verdict", values="resolved", aggfunc="sum", fill_value=0
    )
    over, kept = (verdicts.get(v, pd.Series(0, index=verdicts.index)) for v in ("over", "within"))
    table = table[table.resolved > 0].assign(over_term=over, judged=over + kept)
    table = table.join(last_terms(terms, period)[["procedure", "term", "unit", "legal_term"]])
    is_calendar = table.unit == "calendar_days"
    for name in ("median_days", "p90_days", "median_days_before", "p90_days_before"):
        working, calendar_ = (table[name.replace("days", f"{kind}_days")] for kind in ("working", "calendar"))
        table[name] = working.mask(is_calendar, calendar_)
    unlisted = told[told.core_code.isin(table.index[table.procedure.isna()])]
    table = table.assign(procedure=table.procedure.fillna(_names(unlisted)).fillna(""))
    return table.reset_index().sort_values(["resolved", "core_code"], ascending=[False, True], ignore_index=True)


VERDICTS = ("unknown", "over", "within")
"""Whether a resolved dossier kept its term."""


def _verdict(dossiers: pd.DataFrame, due: pd.DataFrame, calendar: Calendar) -> pd.Series:
    """One of ``VERDICTS`` for each resolved dossier."""
    took = turnaround(dossiers, calendar=calendar)
    start = counted_from(dossiers.received_on, calendar=calendar, latest=dossiers.get("latest_receipt"))
    spare = count_workdays(start, due.recomputed_on, calendar=calendar) - took.working_days
    spare_days = (due.recomputed_on - start).dt.days.astype("Int64") - took.calendar_days
    left = spare.mask(due.unit == "calendar_days", spare_days)
    choice = np.select([left.isna(), left.lt(0).fillna(value=False)], [0, 1], 2)
    verdict = pd.Categorical.from_codes(choice, dtype=pd.CategoricalDtype(list(VERDICTS)))
    return pd.Series(verdict, index=dossiers.index)


def _names(told: pd.DataFrame) -> pd.Series:
    """The most frequent name of each code among dossiers, for what the catalogue does not list."""
    often = told[["core_code", "procedure"]].astype("str").value_counts().reset_index()
    last = often.sort_values(["count", "procedure"]).drop_duplicates("core_code", keep="last")
    return last.set_index("core_code").procedure
