"""Appointments: the first due date of a dossier, and the one that it was given instead.

An agency that will miss a due date has to say so, apologise and name a new one, once at most (Decree 61/2018). Lateness is
held against the first due date; what the second one makes of it stands here, beside it.
"""

import pandas as pd

from analysis.counts import ended_on, promised_on, timeliness
from analysis.periods import Period
from analysis.stocks import OPEN, state_on


def count_appointments(dossiers: pd.DataFrame, period: Period, *, rule: str = "day") -> pd.DataFrame:
    """How many dossiers were re-appointed, and how each of their due dates was met.

    Parameters
    ----------
    dossiers
        One row per dossier; ``first_due_on`` and ``due_on``, the current one.
    period
        Cut at the day of the data.
    rule
        How lateness is judged; see ``counts.timeliness``. An open dossier is late from the day after its due day.

    Returns
    -------
    DataFrame
        Index: ``resolved`` (in the period) and ``open`` (at its end). int64 ``dossiers`` (those with a due date),
        ``reappointed`` (the current due date is another than the first), and of these ``by_first`` (in time by the first
        already), ``by_current`` (only by the current one) and ``missed``, which add up to them.

    Examples
    --------
    >>> from analysis.periods import read_period
    >>> days = {
    ...     "received_on": ["2022-01-03"] * 3, "first_due_on": ["2022-01-10"] * 3,
    ...     "due_on": ["2022-01-10", "2022-01-14", "2022-01-14"], "resolved_on": ["2022-01-10", "2022-01-13", None],
    ...     "closed_on": None, "paused_from": None, "paused_to": None,
    ... }
    >>> dossiers = pd.DataFrame(days).astype("datetime64[us]").assign(status=["resolved", "resolved", "pending"])
    >>> count_appointments(dossiers, read_period("2022-01"))
              dossiers  reappointed  by_first  by_current  missed
    resolved         2            1         0           1       0
    open             1            1         0           0       1
    """
    state = state_on(dossiers, period.last)
    promised = promised_on(dossiers)
    timed, first = promised.notna(), promised.dt.normalize()
    current = dossiers.due_on.dt.normalize().fillna(first)
    moved = timed & (current != first)
    ways = {
        "by_first": dossiers.assign(first_due_on=promised),
        "by_current": dossiers.assign(first_due_on=dossiers.due_on.fillna(promised)),
    }
    met = {name: timeliness(each, rule=rule).isin(["early", "on_time"]) for name, each in ways.items()}
    due = {"by_first": first, "by_current": current}
    rows = {
        "resolved": (state.eq("resolved") & (ended_on(dossiers) >= period.first), met),
        "open": (state.isin(OPEN), {name: day >= period.last for name, day in due.items()}),
    }
    return pd.DataFrame.from_dict(
        {name: _counted(those & timed, moved, in_time) for name, (those, in_time) in rows.items()}, orient="index"
    )


def _counted(those: pd.Series, moved: pd.Series, in_time: dict[str, pd.Series]) -> dict[str, int]:
    again = those & moved
    by_first, by_current = again & in_time["by_first"], again & in_time["by_current"] & ~in_time["by_first"]
    counted = {"dossiers": those, "reappointed": again, "by_first": by_first, "by_current": by_current}
    return {name: int(mask.sum()) for name, mask in counted.items()} | {
        "missed": int((again & ~by_first & ~by_current).sum())
    }
