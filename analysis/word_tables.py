"""The tables of the signed report's annex, as texts; every row is a dict that a template names the parts of."""

import pandas as pd

from analysis.answers import silent_months
from analysis.completion import with_fields
from analysis.counts import RESOLVED, by_month, count_events, count_intake
from analysis.labels import NOTHING, Labels
from analysis.metrics import on_time_rate, online_share
from analysis.periods import Period
from analysis.sections import headline_rows
from analysis.stocks import balance
from analysis.store import Data
from analysis.targets_page import COLUMNS, target_rows

Rows = list[dict[str, str]]

COUNTED = ("received", "online", "online_share", "resolved", "timely", "late", "on_time_rate")
"""What the tables by month and by field say of each row."""

TABLES = {
    "headline": ("measure", "value", "before", "change", "whole"),
    "balance": ("part", "number"),
    "months": ("month", *COUNTED),
    "fields": ("field", *COUNTED, "open"),
    "targets": COLUMNS,
}
"""Table -> what a template may say of a row."""


def tables_of(
    data: Data, period: Period, *, figures: pd.DataFrame, targets: pd.DataFrame, moved: pd.DataFrame, labels: Labels
) -> dict[str, Rows]:
    """Every table of ``TABLES``.

    Parameters
    ----------
    data
        What was read.
    period
        Cut at the day of the data.
    figures, targets, moved
        As from ``metrics.headline``, ``targets.targets_of`` and ``effects.effect``.
    """
    return {
        "headline": headline_rows(figures, moved=moved, labels=labels),
        "balance": balance_rows(figures, labels=labels),
        "months": _month_rows(data, period, labels),
        "fields": _field_rows(data, period, labels),
        "targets": target_rows(targets, labels=labels),
    }


def balance_rows(figures: pd.DataFrame, *, labels: Labels) -> Rows:
    """Where the dossiers of a period came from and went; those that came are as many as those that went.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> figures = pd.DataFrame({"value": {"carried_over": 0, "received": 937, "resolved": 855, "open": 82, "returned": 0}})
    >>> for row in balance_rows(figures, labels=read_labels("en")):
    ...     print(row["number"], row["part"])
    0 Carried over
    937 Dossiers received
    855 Dossiers resolved
    82 Dossiers open
    """
    values = figures.value
    ends = [end for end in labels.texts["ends"] if values.get(end, 0) > 0]
    parts = [part for part in ("carried_over", "received", *ends) if pd.notna(values.get(part))]
    return [{"part": labels.name(f"measures.{part}"), "number": labels.number(values[part])} for part in parts]


def _month_rows(data: Data, period: Period, labels: Labels) -> Rows:
    """The months and their sum; a month that no export says anything of has dashes."""
    intake, events = (by_month(count(data.dossiers), period) for count in (count_intake, count_events))
    table = _counted(intake[["online"]].join(events))
    silent = silent_months(data, "dossiers", period)
    rows = []
    for month, row in zip(table.index, _texts(table, labels), strict=True):
        unknown = silent.get(month) and not table.loc[month].any()
        texts = dict.fromkeys(row, NOTHING) if unknown else row
        rows.append({"month": labels.month(month) + "*" * (month in silent), **texts})
    return [*rows, {"month": labels.name("headings.total"), **_total(table, labels)}] if rows else []


def _field_rows(data: Data, period: Period, labels: Labels) -> Rows:
    """The fields, most received first, and their sum."""
    dossiers = with_fields(data.dossiers, data.procedures)
    dossiers = dossiers.assign(field=dossiers.field.fillna(""))
    intake = count_intake(dossiers, by=["field"])
    online = intake[intake.day.between(period.first, period.last)].groupby("field").online.sum()
    table = balance(dossiers, period, by=["field"]).set_index("field")
    table = _counted(table.assign(online=online.reindex(table.index, fill_value=0)))
    table = table[table.drop(columns=["online_share", "on_time_rate"]).any(axis=1)]
    table = table.sort_values("received", ascending=False, kind="stable")
    names = [name or labels.name("signed.field_unknown") for name in table.index]
    rows = [{"field": name, **row} for name, row in zip(names, _texts(table, labels), strict=True)]
    return [*rows, {"field": labels.name("headings.total"), **_total(table, labels)}] if rows else []


def _counted(counts: pd.DataFrame) -> pd.DataFrame:
    """Counts that add, by the names of ``COUNTED``, with their rates."""
    return counts.assign(
        resolved=counts[list(RESOLVED)].sum(axis=1),
        timely=counts.resolved_early + counts.resolved_on_time,
        late=counts.resolved_late,
        online_share=online_share,
        on_time_rate=on_time_rate,
    )


def _total(table: pd.DataFrame, labels: Labels) -> dict[str, str]:
    sums = table.drop(columns=["online_share", "on_time_rate"]).sum().to_frame().T
    return _texts(_counted(sums), labels)[0]


def _texts(table: pd.DataFrame, labels: Labels) -> Rows:
    columns = [*COUNTED, *(["open"] if "open" in table else [])]
    writes = {c: labels.percent if c in {"online_share", "on_time_rate"} else labels.number for c in columns}
    return [{c: writes[c](row[c]) for c in columns} for row in table[columns].to_dict("records")]
