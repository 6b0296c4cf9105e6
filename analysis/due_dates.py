"""Due dates: when a dossier should be ready by the term of its procedure, and where the system says another day.

A system's due date is a promise that a person or a program made; recomputing it tells whether lateness is measured
against the term or against something else.
"""

import numpy as np
import pandas as pd

from analysis.calendars import Calendar
from analysis.counts import is_received, promised_on
from analysis.periods import Period
from analysis.terms import NO_TERM, terms_of
from analysis.workdays import add_workdays, add_workhours, count_workdays, counted_from, next_workday

NOT_COMPUTED = (*NO_TERM, "no_time_of_day", "no_calendar")
"""Why a due date cannot be recomputed."""

AGREEMENTS = ("agrees", "agrees_after_pause", "earlier", "later")
"""How the system's first due day lies to the recomputed one."""

OUTCOMES = (*AGREEMENTS, "no_due", *NOT_COMPUTED)


def due_dates(dossiers: pd.DataFrame, terms: pd.DataFrame, *, calendar: Calendar) -> pd.DataFrame:
    """When each dossier should be ready by the term of its procedure.

    The day of receipt is not counted; what comes after the latest hour counts from the next day; 8 office hours are one
    working day; a term in calendar days skips nothing, but one that ends on a day off moves to the next working day. So a
    provincial one-stop system computes it. Pauses are left out of account here.

    Parameters
    ----------
    dossiers
        ``procedure_code``, ``received_on``.
    terms
        What ``terms.read_terms`` gives.

    Returns
    -------
    DataFrame
        Index of the dossiers: ``recomputed_on`` (datetime64[us], midnight), ``why`` (categorical, one of
        ``NOT_COMPUTED``; missing where it is computed), and the columns of ``terms.terms_of``.

    Examples
    --------
    Received on Thursday, 15 working days, over 2 September 2024 and the day after it:

    >>> from analysis.terms import read_terms
    >>> from analysis.calendars import read_calendar
    >>> listed = {"procedure_code": ["1.009974"], "procedure": ["A"], "term_days": ["15"], "legal_term_days": [None]}
    >>> table = pd.DataFrame(listed | {"term_unit": "working_days", "valid_from": pd.NaT, "valid_to": pd.NaT})
    >>> dossiers = pd.DataFrame({"procedure_code": ["1.009974"], "received_on": pd.to_datetime(["2024-08-29 08:00"])})
    >>> due_dates(dossiers, read_terms(table, words={}), calendar=read_calendar()).recomputed_on[0]
    Timestamp('2024-09-23 00:00:00')
    """
    told = terms_of(dossiers, terms)
    received = dossiers.received_on
    recomputed = _due(received, told, calendar, dossiers.get("latest_receipt"))
    timeless = (told.unit == "hours") & (received == received.dt.normalize())
    why = told.why.cat.codes.to_numpy(copy=True)
    unknown = (why < 0) & recomputed.isna().to_numpy()
    why[unknown] = np.where(timeless, NOT_COMPUTED.index("no_time_of_day"), NOT_COMPUTED.index("no_calendar"))[unknown]
    return told.assign(
        recomputed_on=recomputed, why=pd.Categorical.from_codes(why, dtype=pd.CategoricalDtype(list(NOT_COMPUTED)))
    )


def _due(begin: pd.Series, told: pd.DataFrame, calendar: Calendar, latest: pd.Series | None) -> pd.Series:
    """The end of terms that begin at some instants, each in its own unit."""
    start = counted_from(begin, calendar=calendar, latest=latest)
    term = {unit: told.term.where(told.unit == unit) for unit in ("working_days", "calendar_days", "hours")}
    plain = start + pd.to_timedelta(np.ceil(term["calendar_days"]), unit="D").astype("timedelta64[us]")
    return (
        add_workdays(start, term["working_days"], calendar=calendar)
        .fillna(next_workday(plain, calendar=calendar))
        .fillna(add_workhours(begin, term["hours"], calendar=calendar, latest=latest))
    )


def compare_due_dates(dossiers: pd.DataFrame, terms: pd.DataFrame, *, calendar: Calendar) -> pd.DataFrame:
    """Where the first due date that the system gave lies to the one that its procedure's term gives.

    A pause moves due dates in one of two ways, and either one agrees: by its length, or the whole term begins anew when
    the supplement has come.

    Returns
    -------
    DataFrame
        The columns of ``due_dates``, and ``outcome`` (categorical, one of ``OUTCOMES``), ``difference_days`` (working days
        from the recomputed day to the system's, negative where the system's is earlier; Int64), ``is_off_hours`` (received
        on a day off or after the latest hour, where ways of computing differ most).

    Examples
    --------
    Two dossiers of one day and one term of 15 working days; the system gave the second a day more:

    >>> from analysis.calendars import read_calendar
    >>> from analysis.terms import read_terms
    >>> listed = {"procedure_code": ["1.009974"], "procedure": ["A"], "term_days": ["15"], "legal_term_days": [None]}
    >>> table = pd.DataFrame(listed | {"term_unit": "working_days", "valid_from": pd.NaT, "valid_to": pd.NaT})
    >>> days = {"received_on": ["2024-08-29 08:00"] * 2, "first_due_on": ["2024-09-23", "2024-09-24"]}
    >>> dossiers = pd.DataFrame(days).astype("datetime64[us]").assign(procedure_code="1.009974", status="pending")
    >>> found = compare_due_dates(dossiers, read_terms(table, words={}), calendar=read_calendar())
    >>> found[["outcome", "difference_days"]]
      outcome  difference_days
    0  agrees                0
    1   later                1
    """
    told = due_dates(dossiers, terms, calendar=calendar)
    system = promised_on(dossiers).dt.normalize()
    recomputed = told.recomputed_on
    none = pd.Series(pd.NaT, index=dossiers.index, dtype="datetime64[us]")
    since, until = (dossiers.get(c, none) for c in ("paused_from", "paused_to"))
    is_paused = (since <= until).to_numpy()
    length = count_workdays(since, until, calendar=calendar)
    shifted = add_workdays(recomputed, length, calendar=calendar).where(told.unit != "calendar_days")
    by_days = next_workday(recomputed + (until.dt.normalize() - since.dt.normalize()), calendar=calendar)
    after_pause = (system == shifted.fillna(by_days)) | (
        system == _due(until, told, calendar, dossiers.get("latest_receipt"))
    )
    rules = [
        system.isna(), *((told.why == why).to_numpy() for why in NOT_COMPUTED), system == recomputed, is_paused & after_pause,
        system < recomputed,
    ]  # fmt: skip
    names = ["no_due", *NOT_COMPUTED, "agrees", "agrees_after_pause", "earlier"]
    outcome = np.select(rules, [OUTCOMES.index(name) for name in names], OUTCOMES.index("later"))
    day = counted_from(dossiers.received_on, calendar=calendar, latest=dossiers.get("latest_receipt"))
    off_hours = (day > dossiers.received_on) | (day != next_workday(day, calendar=calendar))
    return told.assign(
        outcome=pd.Categorical.from_codes(outcome, dtype=pd.CategoricalDtype(list(OUTCOMES))),
        difference_days=count_workdays(recomputed, system, calendar=calendar),
        is_off_hours=off_hours & bool(calendar.file),
    )


def count_due_dates(dossiers: pd.DataFrame, compared: pd.DataFrame, period: Period) -> pd.DataFrame:
    """How often the system's first due date agrees with the recomputed one, of the dossiers received in a period.

    Parameters
    ----------
    dossiers
        ``received_on``, ``status``.
    compared
        What ``compare_due_dates`` gives of them.

    Returns
    -------
    DataFrame
        Index ``outcome``, every one of ``OUTCOMES``: int64 ``dossiers`` (their sum is what was received) and ``off_hours``
        (of them, received on a day off or after the latest hour); of ``earlier`` and ``later``, ``median_days`` and
        ``most_days``, the working days of difference without sign (float).

    Examples
    --------
    Two dossiers of one day and one term of 15 working days; the system gave the second a day more:

    >>> from analysis.calendars import read_calendar
    >>> from analysis.terms import read_terms
    >>> listed = {"procedure_code": ["1.009974"], "procedure": ["A"], "term_days": ["15"], "legal_term_days": [None]}
    >>> table = pd.DataFrame(listed | {"term_unit": "working_days", "valid_from": pd.NaT, "valid_to": pd.NaT})
    >>> days = {"received_on": ["2024-08-29 08:00"] * 2, "first_due_on": ["2024-09-23", "2024-09-24"]}
    >>> dossiers = pd.DataFrame(days).astype("datetime64[us]").assign(procedure_code="1.009974", status="pending")
    >>> compared = compare_due_dates(dossiers, read_terms(table, words={}), calendar=read_calendar())
    >>> august = Period("", pd.Timestamp("2024-08-01"), pd.Timestamp("2024-08-31"))
    >>> count_due_dates(dossiers, compared, august).loc[["agrees", "later"], ["dossiers", "most_days"]]
             dossiers  most_days
    outcome
    agrees          1        NaN
    later           1        1.0
    """
    received = is_received(dossiers, period)
    in_period = compared[received]
    apart = in_period.difference_days.abs().where(in_period.outcome.isin(["earlier", "later"])).astype("float64")
    groups = in_period.assign(apart=apart).groupby("outcome", observed=False)
    return pd.DataFrame(
        {
            "dossiers": groups.size(), "off_hours": groups.is_off_hours.sum().astype("int64"),
            "median_days": groups.apart.median(), "most_days": groups.apart.max(),
        }
    )  # fmt: skip
