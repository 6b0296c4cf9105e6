"""A small chart for each field, all on one scale: its on-time rate in each quarter, beside that of all fields."""

from collections.abc import Mapping
from math import ceil
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.canvas import axes_of, head, in_house_style, note_below, percent_format, say
from analysis.findings import whole_percent
from analysis.labels import Labels
from analysis.metrics import ratio, wilson_interval
from analysis.month_notes import tell_notes
from analysis.palette import INK, QUIET, RATES
from analysis.rate_panels import shade_months
from analysis.strata import FEW

MOST_FIELDS, BESIDE = 9, 2
"""So many fields have a panel of their own, so many of them stand beside each other."""

MOST_MONTHS = 6
"""Of more months quarters are drawn: a field has few dossiers in a month."""

OTHERS = "…"
"""The index of the fields that are drawn as one."""

NAME_LETTERS, ROW_INCHES, FOOT_INCHES = 28, 1.4, 0.6


def sum_fields(monthly: pd.DataFrame, *, most: int = MOST_FIELDS) -> pd.DataFrame:
    """Dossiers with a due date that were resolved, per field and quarter; the fields with most first, the smallest as one.

    Parameters
    ----------
    monthly
        As from ``counts.by_month(counts.count_events(dossiers, by=["field"]), period, by=["field"])``.
    most
        So many fields stay; of more the last place is that of all others together.

    Returns
    -------
    DataFrame
        Index ``field`` (empty where unknown, ``OTHERS``) and ``span`` (quarters, or months where they are six or fewer);
        int64 ``timely``, ``timed`` and ``fields``: of how many fields the row is.

    Examples
    --------
    >>> months = pd.period_range("2022-01", periods=1, freq="M")
    >>> index = pd.MultiIndex.from_product([["a", "b", "c"], months], names=["field", "month"])
    >>> counts = {"resolved_early": [1, 5, 0], "resolved_on_time": [1, 0, 0], "resolved_late": [0, 1, 1]}
    >>> sum_fields(pd.DataFrame(counts, index=index), most=2).reset_index().astype({"span": "str"}).to_numpy().tolist()
    [['b', '2022-01', 5, 6, 1], ['…', '2022-01', 2, 3, 2]]
    """
    months = monthly.index.get_level_values("month")
    timely = monthly.resolved_early + monthly.resolved_on_time
    sums = pd.DataFrame({"timely": timely, "timed": timely + monthly.resolved_late}).reset_index()
    size = sums.groupby("field").timed.sum().sort_values(ascending=False, kind="stable")
    kept = list(size.index[: most if len(size) <= most else most - 1])
    shown = sums.field.where(sums.field.isin(kept), OTHERS)
    spans = sums.month.dt.asfreq("Q") if months.nunique() > MOST_MONTHS else sums.month
    table = sums.assign(field=shown, span=spans).groupby(["field", "span"])[["timely", "timed"]].sum()
    order = [*kept, *[OTHERS] * (len(size) > len(kept))]
    fields = dict.fromkeys(kept, 1) | {OTHERS: len(size) - len(kept)}
    table = table.reindex(order, level="field") if order else table  # pandas cannot put nothing in order
    return table.assign(fields=table.index.get_level_values("field").map(fields).astype("int64"))


@in_house_style
def plot_fields(
    monthly: pd.DataFrame, *, notes: Mapping[pd.Period, str] | None = None, few: int = FEW, labels: Labels,
    ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """The on-time rate of each quarter with its 95 % interval after Wilson, in a small panel for each field; shared axes.

    A rate of fewer than ``few`` dossiers is hollow; the dashed line is the rate of all fields in all the time.

    Parameters
    ----------
    monthly
        As for ``sum_fields``.
    notes, few, labels, ax
        As in ``charts.plot_intake``.

    Returns
    -------
    Axes
        Labelled with the sentence; the panels are its children, named by their titles.
    """
    sums = sum_fields(monthly)
    totals = sums.groupby("field", sort=False).agg(
        timely=("timely", "sum"), timed=("timed", "sum"), fields=("fields", "first")
    )
    is_monthly = sums.index.get_level_values("span").nunique() == monthly.index.get_level_values("month").nunique()
    unit = labels.name("fields.unit_months" if is_monthly else "fields.unit")
    if not totals.timed.any():
        return say(head(axes_of(ax), labels.name("fields.chart"), unit), labels.name("charts.nothing"))
    rows = ceil(len(totals) / BESIDE)
    ax = axes_of(ax, height=ROW_INCHES * rows + FOOT_INCHES)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    rate, notes = totals.timely.sum() / totals.timed.sum(), notes or {}
    for place, total in enumerate(totals.itertuples()):
        of_field = sums.index.get_level_values("field") == total.Index
        panel, spans = _panel(ax, place, rows), sums[of_field].droplevel("field")
        _draw(panel, spans, few, labels)
        shade_months(panel, spans.index, {m.asfreq(_freq(spans)): kind for m, kind in notes.items()})
        panel.axhline(rate, color=QUIET, linestyle=(0, (4, 2)), linewidth=1)
        _name_panel(panel, total, few, labels)
        panel.tick_params(labelbottom=place >= len(totals) - BESIDE, labelleft=place % BESIDE == 0)
    hollow = ((sums.timed > 0) & (sums.timed < few)).any()
    note_below(ax, labels.name("fields.all", rate=whole_percent(rate, labels)), tell_notes(notes, labels=labels),
               labels.name("chart_notes.few", number=labels.number(few)) if hollow else "")  # fmt: skip
    head(ax, _finding(totals, few, labels), unit)
    return say(ax, labels.name("fields.says", fields="; ".join(_said(totals, labels))))


def field_name(field: str, fields: int, labels: Labels) -> str:
    """What a panel is called."""
    if field == OTHERS:
        return labels.name("fields.others", number=labels.number(fields))
    return field or labels.name("fields.unnamed")


def _panel(ax: Axes, place: int, rows: int) -> Axes:
    """The panel at a place, counted from the upper left; titles of up to three lines fit between the rows."""
    row, column = divmod(place, BESIDE)
    height = 1 / rows
    panel = ax.inset_axes((0.02 + column * 0.5, 1 - (row + 1) * height + 0.14 * height, 0.45, height * 0.46))
    panel.set_in_layout(column == 0)
    return panel


def _draw(panel: Axes, spans: pd.DataFrame, few: int, labels: Labels) -> None:
    places, colour = np.arange(len(spans)), RATES["on_time_rate"]
    shares, interval = ratio(spans.timely, spans.timed).to_numpy(float), wilson_interval(spans.timely, spans.timed)
    panel.vlines(places, interval.low, interval.high, color=colour, alpha=0.3, linewidth=4)
    panel.plot(places, shares, "-", color=colour, linewidth=1.5)
    for hollow, fill in ((False, colour), (True, "white")):
        held = (spans.timed < few).to_numpy() == hollow
        panel.plot(places[held], shares[held], "o", color=colour, markerfacecolor=fill, markersize=5)
    panel.set(xlim=(-0.5, len(spans) - 0.5), ylim=(0, 1.12), yticks=[0, 0.5, 1])
    panel.yaxis.set_major_formatter(percent_format(labels))
    named = places if len(spans) <= 4 else places[[0, -1]]
    panel.set_xticks(named, [name_span(spans.index[i], labels, with_year=len(named) < 3) for i in named])


def name_span(span: Any, labels: Labels, *, with_year: bool) -> str:
    """A quarter or a month, as an axis has it."""
    if not span.freqstr.startswith("Q"):
        return labels.month(span)
    if with_year:
        return labels.name("fields.quarter_of", number=str(span.quarter), year=str(span.year))
    return labels.name("fields.quarter", number=str(span.quarter))


def _freq(spans: pd.DataFrame) -> str:
    return str(pd.PeriodIndex(spans.index).freqstr)


def _name_panel(panel: Axes, total: Any, few: int, labels: Labels) -> None:
    """The name of a field, and its rate of all the time, in three lines at most."""
    names = wrap(field_name(total.Index, total.fields, labels), NAME_LETTERS, max_lines=2, placeholder=" …")
    title = "\n".join([*names, _rate(total, few, labels)])
    panel.set_title(title, fontsize=11, fontweight="normal", color=INK, pad=3)


def _rate(total: Any, few: int, labels: Labels) -> str:
    if not total.timed:
        return labels.name("fields.none")
    kind = "rate_few" if total.timed < few else "rate"
    rate = whole_percent(total.timely / total.timed, labels)
    return labels.name(f"fields.{kind}", rate=rate, number=labels.number(total.timed))


def _finding(totals: pd.DataFrame, few: int, labels: Labels) -> str:
    """The fields with the lowest and the highest rate, of those that have some dossiers."""
    named = totals[(totals.timed >= max(few, 1)) & ~totals.index.isin(["", OTHERS])]
    if len(named) < 2:
        return labels.name("fields.chart")
    rates = named.timely / named.timed
    words = {"low": whole_percent(rates.min(), labels), "high": whole_percent(rates.max(), labels)}
    return labels.name("findings.fields", worst=str(rates.idxmin()), best=str(rates.idxmax()), **words)


def _said(totals: pd.DataFrame, labels: Labels) -> list[str]:
    return [
        labels.name(
            "fields.says_field",
            field=field_name(str(field), t.fields, labels), rate=labels.percent(t.timely / t.timed),
            timely=labels.number(t.timely), number=labels.number(t.timed),
        )
        for field, t in totals.iterrows()
        if t.timed
    ]  # fmt: skip
