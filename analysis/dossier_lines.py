"""Dossiers line by line: what each of them is in a period, so that a filter gives every figure of the report.

Which of several figures a dossier stands in is said in columns of their own. They are made of what ``metrics`` counts by, and
counted anew by the filters of ``FILTERS``; whether both agree is for ``compare`` to say.
"""

from collections.abc import Mapping
from math import isclose

import pandas as pd

from analysis.counts import TIMELINESS, ended_on, is_accepted, is_received, promised_on, timeliness
from analysis.metrics import MEASURES, headline
from analysis.periods import Period
from analysis.stocks import OPEN, open_on, state_on
from analysis.store import Data
from analysis.tables import ENDED_OTHERWISE, SOURCE
from analysis.turnaround import turnaround

MARKS = (
    "received", "carried_over", "resolved", "ended_otherwise", "open", "overdue", "not_accepted",
)  # fmt: skip
"""Columns that say yes or no."""

COPIED = (
    "dossier_id", "source_system", "channel", "procedure_code", "procedure", "field", "division", "unit", "received_on",
    "due_on", "resolved_on", "closed_on",
)  # fmt: skip
"""Columns that are as the tables have them; none that could hold free text."""

TIMELY = TIMELINESS[:2]

FILTERS: Mapping[str, Mapping[str, tuple[object, ...]]] = {
    "received": {"received": (True,)},
    "online": {"received": (True,), "channel": ("online",)},
    "in_person": {"received": (True,), "channel": ("in_person",)},
    "postal": {"received": (True,), "channel": ("postal",)},
    "other": {"received": (True,), "channel": ("other",)},
    "unknown_channel": {"received": (True,), "channel": ("unknown",)},
    "resolved": {"resolved": (True,)},
    "early": {"timeliness": ("early",)},
    "on_time": {"timeliness": ("on_time",)},
    "timely": {"timeliness": TIMELY},
    "late": {"timeliness": ("late",)},
    "timed": {"timeliness": (*TIMELY, "late")},
    "no_due": {"timeliness": ("no_due",)},
    "resolved_of_received": {"received": (True,), "resolved": (True,)},
    "left": {"state": ("resolved", *ENDED_OTHERWISE)},
    **{state: {"ended_otherwise": (True,), "state": (state,)} for state in ENDED_OTHERWISE},
    "not_accepted": {"not_accepted": (True,)},
    "carried_over": {"carried_over": (True,)},
    "open": {"open": (True,)},
    **{state: {"open": (True,), "state": (state,)} for state in OPEN},
    "overdue": {"overdue": (True,)},
    "unknown_state": {"state": ("unknown",)},
}
"""A count of the report, or a part of one of its rates -> column -> the values that a line must have one of."""


def dossier_lines(data: Data, period: Period) -> pd.DataFrame:
    """One row per dossier that any figure of a period counts.

    Parameters
    ----------
    data
        With the columns of ``counts.REPORTED`` and ``tables.SOURCE``, or all.
    period
        Cut at the day of the data (``periods.until``).

    Returns
    -------
    DataFrame
        In order of receipt and code: ``COPIED``; ``promised_on``, the first due date; ``counts_on``, the one that timeliness is
        held against; ``MARKS`` (bool); ``state`` at the end of the period (``stocks.STATES``, or ``not_accepted``);
        ``timeliness`` of those resolved in the period and ``working_days`` that they took (Int64), else missing;
        ``corrected`` (bool), whether the handbook corrected the line; and ``tables.SOURCE``.
    """
    every = data.dossiers
    accepted, end = is_accepted(every), ended_on(every)
    ended = end.between(period.first, period.last)
    otherwise = every.status.isin(ENDED_OTHERWISE)
    before = state_on(every, period.first - pd.Timedelta(days=1))
    state, resolved = state_on(every, period.last), accepted & ended & ~otherwise
    still = open_on(every, period.last)
    refused = end.where(end.notna(), every.received_on.dt.normalize())
    marks = {
        "received": is_received(every, period),
        "carried_over": before.isin([*OPEN, "unknown"]),
        "resolved": resolved,
        "ended_otherwise": accepted & ended & otherwise,
        "open": state.isin(OPEN),
        "overdue": pd.Series(every.index.isin(still.index[still.timeliness == "overdue"]), every.index),
        "not_accepted": ~accepted & refused.between(period.first, period.last),
    }
    lines = every[list(COPIED)].assign(
        promised_on=promised_on(every), counts_on=every.first_due_on, **marks,
        state=state.astype("str").where(accepted, "not_accepted"),
        timeliness=timeliness(every).where(resolved),
        working_days=turnaround(every, calendar=data.calendar).working_days.where(resolved),
        corrected=_is_corrected(every, data), **every[list(SOURCE)],
    )  # fmt: skip
    counted = lines[list(MARKS)].any(axis=1) | (lines.state == "unknown")
    return lines[counted].sort_values(["received_on", "dossier_id"], ignore_index=True)


def _is_corrected(dossiers: pd.DataFrame, data: Data) -> pd.Series:
    """Whether a correction of the handbook changed the line that is kept of each dossier."""
    acting = data.corrected[data.corrected.acts] if len(data.corrected) else data.corrected
    keys = set(acting[list(SOURCE)].itertuples(index=False, name=None))
    rows = acting.source_row.unique()
    near = dossiers.source_row.isin(rows)
    places = dossiers.loc[near, list(SOURCE)].astype(dict.fromkeys(SOURCE[:2], "str"))
    found = pd.Series([place in keys for place in places.itertuples(index=False, name=None)], places.index, dtype=bool)
    return found.reindex(dossiers.index, fill_value=False)


def kept_by(lines: pd.DataFrame, name: str) -> pd.Series:
    """Which lines a filter of ``FILTERS`` keeps; bool.

    Examples
    --------
    >>> kept_by(pd.DataFrame({"timeliness": ["early", "late", None]}), "timely").tolist()
    [True, False, False]
    """
    kept = pd.Series(data=True, index=lines.index)
    for column, values in FILTERS[name].items():
        kept &= lines[column].isin(values)
    return kept


def compare(data: Data, period: Period, lines: pd.DataFrame) -> pd.DataFrame:
    """Every figure of the dossiers as the report has it, and as the lines give it.

    Parameters
    ----------
    data, period
        As ``metrics.headline`` takes them.
    lines
        As from ``dossier_lines``.

    Returns
    -------
    DataFrame
        ``measure``; ``reported``, float, missing where the exports do not say; ``counted``, float; ``numerator`` and
        ``denominator``, the counts of which it is made, missing of a count; ``agrees`` (boolean, missing where nothing is
        reported).
    """
    figures = headline(data, period).value
    counts = {name: float(kept_by(lines, name).sum()) for name in FILTERS}
    counts["open_times_days"] = counts["open"] * ((period.last - period.first).days + 1)
    rows = []
    for name, measure in MEASURES.items():
        if measure.table != "dossiers":
            continue
        top, bottom = (counts[part] for part in measure.over) if measure.over else (counts.get(name), None)
        if top is None:
            continue
        counted = top if bottom is None else top / bottom if bottom else None
        rows.append(
            {"measure": name, "reported": figures[name], "counted": counted, "numerator": top, "denominator": bottom}
        )
    table = pd.DataFrame(rows).astype(dict.fromkeys(["reported", "counted", "numerator", "denominator"], "float64"))
    same = [isclose(a, b) for a, b in zip(table.reported, table.counted, strict=True)]
    known = table.reported.notna()
    return table.assign(
        numerator=table.numerator.where(table.denominator.notna()),
        agrees=pd.Series(same, dtype="boolean").where(known),
    )
