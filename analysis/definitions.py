"""Every definition of "on time" and of "online" that is in use, for the same period, side by side.

Agencies print a rate under one name and mean different things by it. Each function gives one row per definition, with the
numerator and the denominator that it has.
"""

from collections.abc import Callable, Sequence

import pandas as pd

from analysis.codes import core_code
from analysis.counts import (
    PROMISED,
    RULES,
    by_other_rule,
    ended_on,
    is_accepted,
    is_received,
    promised_on,
    timeliness,
)
from analysis.metrics import ratio, wilson_interval
from analysis.periods import Period
from analysis.stocks import OPEN, state_on
from analysis.take_up import OFFERED

ON_TIME = ("D1", "D1_other_rule", "D1_current_due", "D1_pauses_out", "D2", "D3", "D4")
FIRST_DUE = "D1_first_due"
"""The definition that stands beside these where lateness is held against another due date than the first."""
ONLINE = ("O1", "O2", "O3", "O4")

Parts = tuple[pd.Series, pd.Series, pd.Series]
"""Whether each dossier stands in the numerator, in the denominator, or is left out; bool."""


def on_time_definitions(
    dossiers: pd.DataFrame, period: Period, *, rule: str = "day", only: Sequence[str] = ()
) -> pd.DataFrame:
    """The on-time rate of a period under every definition in use.

    ``D1`` (form II.06a, most newspapers): of the dossiers resolved in the period, those resolved by their first due date.
    ``D1_other_rule`` judges the same by the other of ``counts.RULES``; ``D1_current_due`` against the due date that a
    re-appointed dossier has now; ``D1_pauses_out`` against the first due date moved by the days of a known pause.
    ``D2`` (the national board of Decision 766): resolved in time and open in time, of all resolved or open; a paused
    dossier is open, in time if its pause began by its due day. ``D3``: of the dossiers due in the period, those resolved in
    time. ``D4``: of those received in it, those resolved in time by its last day; D3 and D4 keep in the denominator what
    ended without a result.

    Parameters
    ----------
    dossiers
        One row per dossier; the columns of ``tables.DOSSIERS``.
    period
        Cut at the day of the data (``periods.until``).
    rule
        How lateness is judged; see ``counts.timeliness``.
    only
        The definitions that are needed; all of them unless said.

    Returns
    -------
    DataFrame
        Index: the names of ``ON_TIME``, and ``FIRST_DUE`` where it differs. int64 ``numerator``, ``denominator`` and ``left_out`` (without a due date, so in
        neither); ``rate``, and ``low`` and ``high``, its 95 % Wilson interval: floats, missing where nothing stands below.

    Examples
    --------
    One was resolved in time, one late, and one is open and not due yet:

    >>> from analysis.periods import read_period
    >>> days = {
    ...     "received_on": ["2022-01-03"] * 3, "first_due_on": ["2022-01-10", "2022-01-10", "2022-02-10"],
    ...     "resolved_on": ["2022-01-10", "2022-01-12", None], "closed_on": None, "paused_from": None, "paused_to": None,
    ... }
    >>> dossiers = pd.DataFrame(days).astype("datetime64[us]").assign(status=["resolved"] * 2 + ["pending"])
    >>> dossiers = dossiers.assign(due_on=dossiers.first_due_on)
    >>> on_time_definitions(dossiers, read_period("2022-01")).loc[["D1", "D2", "D3", "D4"], ["numerator", "denominator"]]
        numerator  denominator
    D1          1            2
    D2          2            3
    D3          1            2
    D4          1            3
    """
    other_rule = next(other for other in RULES if other != rule)
    state, due, accepted = state_on(dossiers, period.last), dossiers.first_due_on.dt.normalize(), is_accepted(dossiers)
    resolved, is_open, timed = state.eq("resolved"), state.isin(OPEN), due.notna()
    in_period = resolved & ended_on(dossiers).ge(period.first)
    timely = _is_timely(dossiers, rule)

    def of_resolved(is_timely: pd.Series) -> Parts:
        return is_timely, in_period & timed, in_period & ~timed

    def other() -> Parts:
        return of_resolved(_is_timely(by_other_rule(dossiers) if "judged_by" in dossiers else dossiers, other_rule))

    def against(day: pd.Series) -> Parts:
        return of_resolved(_is_timely(dossiers.assign(first_due_on=day), rule))

    def with_open() -> Parts:
        in_time = (resolved & timely) | _is_open_in_time(dossiers, state, period.last)
        return in_time, (in_period | is_open) & timed, (in_period | is_open) & ~timed

    def of_due() -> Parts:
        came = dossiers.received_on.dt.normalize().le(period.last)
        nothing = timed & ~timed  # what has no due date is due in no period
        return resolved & timely, accepted & came & due.between(period.first, period.last), nothing

    def of_received() -> Parts:
        came = is_received(dossiers, period)
        return resolved & timely, came & timed, came & ~timed

    rows: dict[str, Callable[[], Parts]] = {
        "D1": lambda: of_resolved(timely),
        "D1_other_rule": other,
        FIRST_DUE: lambda: against(promised_on(dossiers)),
        "D1_current_due": lambda: against(dossiers.due_on.fillna(dossiers.first_due_on)),
        "D1_pauses_out": lambda: of_resolved(_is_timely(_without_pauses(dossiers), rule)),
        "D2": with_open,
        "D3": of_due,
        "D4": of_received,
    }
    shown = [name for name in rows if name != FIRST_DUE or PROMISED in dossiers]
    return _table({name: rows[name]() for name in only or shown})


def online_definitions(
    dossiers: pd.DataFrame, procedures: pd.DataFrame, period: Period, *, has_results: bool = True, only: Sequence[str] = ONLINE,
) -> pd.DataFrame:  # fmt: skip
    """The online share of a period under every definition in use.

    ``O1``: online ÷ received. ``O2``: online ÷ (received + carried over). ``O3`` (Decision 766, indicator 3.3): online and
    with an electronic result ÷ received, without its factor for dossiers that were not synchronised, which no export has.
    ``O4``: online ÷ received, within the procedures that are offered online.

    Parameters
    ----------
    dossiers
        One row per dossier; the columns of ``tables.DOSSIERS``.
    procedures
        The catalogue; its ``service_level`` says what is offered online, before that of a dossier.
    period
        Cut at the day of the data.
    has_results
        Whether the exports say which results are electronic; without, O3 cannot be computed.
    only
        The definitions that are needed.

    Returns
    -------
    DataFrame
        Index: the names of ``ONLINE``; columns as ``on_time_definitions``. ``left_out`` are, in O4, dossiers of which
        nobody says whether their procedure is offered online. A definition that cannot be computed is missing.

    Examples
    --------
    >>> from analysis.periods import read_period
    >>> days = {"received_on": ["2022-01-03", "2022-01-04", "2021-12-30"], "resolved_on": None, "closed_on": None,
    ...         "paused_from": None, "paused_to": None}
    >>> dossiers = pd.DataFrame(days).astype("datetime64[us]").assign(
    ...     status="pending", channel=["online", "in_person", "in_person"], procedure_code=["1.000001", "1.000002", "1.000002"],
    ...     service_level=None, result_digitised=None)
    >>> procedures = pd.DataFrame({"procedure_code": ["1.000001", "1.000002"], "service_level": ["full", "information"]})
    >>> online_definitions(dossiers, procedures, read_period("2022-01"), has_results=False).numerator.tolist()
    [1, 1, <NA>, 1]
    """
    received = is_received(dossiers, period)
    online, nothing = dossiers.channel.eq("online") & received, pd.Series(data=False, index=dossiers.index)

    def with_carried_over() -> Parts:
        before = state_on(dossiers, period.first - pd.Timedelta(days=1)).isin([*OPEN, "unknown"])
        return online, received | before, nothing

    def of_offered() -> Parts:
        level = _level_of(dossiers, procedures)
        offered = level.isin(OFFERED)
        return online & offered, received & offered, received & level.isna()

    rows: dict[str, Callable[[], Parts]] = {
        "O1": lambda: (online, received, nothing),
        "O2": with_carried_over,
        "O3": lambda: (online & dossiers.result_digitised.eq("yes"), received, nothing),
        "O4": of_offered,
    }
    table = _table({name: rows[name]() for name in only})
    known = {"O3": has_results, "O4": "O4" in only and bool(_level_of(dossiers, procedures).notna().any())}
    is_known = pd.Series({name: known.get(name, True) for name in only})
    return table.astype(dict.fromkeys(("numerator", "denominator", "left_out"), "Int64")).where(is_known, axis=0)


def _level_of(dossiers: pd.DataFrame, procedures: pd.DataFrame) -> pd.Series:
    """How far the procedure of each dossier is offered online; by the catalogue, else by the dossier. Text."""
    levels = pd.DataFrame(
        {"code": core_code(procedures.procedure_code), "level": procedures.service_level.astype("str")}
    )
    listed = levels.dropna().drop_duplicates("code", keep="last").set_index("code").level
    level = core_code(dossiers.procedure_code).map(listed).astype("str")
    return level.fillna(dossiers.service_level.astype("str"))


def _is_timely(dossiers: pd.DataFrame, rule: str) -> pd.Series:
    return timeliness(dossiers, rule=rule).isin(["early", "on_time"])


def _is_open_in_time(dossiers: pd.DataFrame, state: pd.Series, day: pd.Timestamp) -> pd.Series:
    """Whether a dossier is open at the end of a day and not overdue, or was paused before it could be; bool."""
    due = dossiers.first_due_on.dt.normalize()
    stopped = state.eq("paused") & (dossiers.paused_from.dt.normalize() <= due)
    return state.isin(OPEN) & ((due >= day) | stopped)


def _without_pauses(dossiers: pd.DataFrame) -> pd.DataFrame:
    """Dossiers whose due date is moved by the calendar days of a pause that began by it and has ended."""
    since, until = dossiers.paused_from.dt.normalize(), dossiers.paused_to.dt.normalize()
    counts = (until > since) & (since <= dossiers.first_due_on.dt.normalize())
    moved = dossiers.first_due_on + (until - since)
    return dossiers.assign(first_due_on=dossiers.first_due_on.mask(counts, moved))


def _table(rows: dict[str, Parts]) -> pd.DataFrame:
    """Name -> in the numerator, in the denominator, left out -> counts, rates and intervals."""
    counted = {
        name: [int((part & whole).sum()), int(whole.sum()), int(out.sum())] for name, (part, whole, out) in rows.items()
    }
    table = pd.DataFrame.from_dict(counted, orient="index", columns=["numerator", "denominator", "left_out"])
    rate = ratio(table.numerator, table.denominator)
    return table.assign(rate=rate, **wilson_interval(table.numerator, table.denominator))
