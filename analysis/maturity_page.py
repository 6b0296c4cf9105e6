"""What a page shows of the on-time rate by month of receipt."""

from collections.abc import Iterable

import pandas as pd

from analysis.labels import NOTHING, Labels
from analysis.page import Html, show_notices, show_sentences, show_table
from analysis.strata import FEW

COUNTS = ("received", "on_time", "resolved_late", "overdue", "ended_otherwise", "open")
"""Counts of a month that are shown; of the last two only those that occur."""


def show_matured(matured: pd.DataFrame, *, few: int = FEW, labels: Labels) -> Html:
    """How the chart of the matured rate is counted; folded away, its figures, every month under both rates.

    Parameters
    ----------
    matured
        As from ``maturity.on_time_rate_matured``, of the months to be shown.
    few
        Months of fewer dossiers are marked; a page hands over ``settings["few_dossiers"]``.
    labels
        The language.
    """
    left_out = matured[["no_due", "unknown"]].sum()
    if not (matured.received - matured.no_due - matured.unknown).any():
        return show_notices([labels.name("maturity.no_due")])
    told = [labels.name("maturity.how")]
    if left_out.any():
        told.append(labels.name("maturity.left_out", **{str(c): labels.number(n) for c, n in left_out.items()}))
    is_small = matured.weight < few
    if is_small.any():
        told.append(labels.name("maturity.few", number=labels.number(few)))
    counts = [c for c in COUNTS if c in COUNTS[:4] or matured[c].any()]
    rows = matured[counts].map(labels.number).assign(
        month=[labels.month(m) + "*" * small for m, small in zip(matured.index, is_small, strict=True)],
        plain_rate=matured.on_time_rate.map(labels.percent),
        matured_rate=matured.on_time_rate_matured.map(labels.percent),
        interval=[_between(*ends, labels) for ends in zip(matured.low, matured.high, strict=True)],
        ripe_on=["" if pd.isna(day) else labels.day(day) for day in matured.ripe_on],
    )  # fmt: skip
    columns = ["month", *counts, "plain_rate", "matured_rate", "interval", *["ripe_on"] * (not matured.is_ripe.all())]
    caption, summary = labels.name("captions.matured"), labels.name("maturity.each_month")
    table = show_table(rows, headings=_headings(columns, labels), caption=caption, summary=summary, copy=labels)
    return Html(show_sentences(told) + table)


def _between(low: float, high: float, labels: Labels) -> str:
    return NOTHING if pd.isna(low) else f"{labels.percent(low)}\xa0–\xa0{labels.percent(high)}"


def _headings(columns: Iterable[str], labels: Labels) -> dict[str, str]:
    return {c: labels.name(f"headings.{c}" if c == "month" else f"maturity.{c}") for c in columns}
