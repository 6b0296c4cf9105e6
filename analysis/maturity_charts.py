"""The chart of the on-time rate by month of receipt: what can be judged, and what cannot yet."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.canvas import axes_of, head, in_house_style, name_months, note_below, percent_format, say
from analysis.direct_labels import Named, name_beside
from analysis.findings import whole_percent
from analysis.labels import Labels
from analysis.palette import GROUND, PLAIN, RATES, Look
from analysis.sentences import matured_sentences
from analysis.strata import FEW


@in_house_style
def plot_matured(matured: pd.DataFrame, *, few: int = FEW, labels: Labels, ax: Axes | None = None) -> Axes:
    """The on-time rate by month of receipt, with its interval, beside the plain rate; months too early to judge are
    shaded. No target is drawn: one is about what was resolved or received in a period, not about an estimate per month.

    Parameters
    ----------
    matured
        As from ``maturity.on_time_rate_matured``, of the months to be drawn.
    few
        The point of a month of fewer dossiers is hollow.
    labels, ax
        As in ``charts.plot_intake``.

    Returns
    -------
    Axes
        Labelled with the sentences.
    """
    ax = axes_of(ax, height=3.2)
    head(ax, _finding(matured, labels), labels.name("maturity.chart_unit"))
    if matured[["on_time_rate", "on_time_rate_matured"]].isna().all(axis=None):
        return say(ax, labels.name("charts.nothing"))
    places = np.arange(len(matured))
    unripe = places[~matured.is_ripe]
    ax.bar(unripe, 1.02, 1, color=GROUND, hatch="//", edgecolor="white", linewidth=0, zorder=0)
    plain, known = matured.on_time_rate.to_numpy(float), matured.on_time_rate_matured.to_numpy(float)
    is_few = (matured.weight < few).to_numpy()
    ax.plot(places, plain, "--o", color=PLAIN, markersize=4.5, mfc="white", label=labels.name("maturity.plain"))
    colour = RATES["on_time_rate"]
    ax.vlines(places, matured.low, matured.high, color=colour, alpha=0.3, linewidth=4)
    ax.plot(places, known, "-", color=colour, label=labels.name("maturity.matured"))
    for hollow, fill in ((False, colour), (True, "white")):
        held = is_few == hollow
        ax.plot(places[held], known[held], "D", color=colour, markerfacecolor=fill, markersize=6)
    name_months(ax, matured.index, labels)
    ax.set(xlim=(-0.6, len(matured) - 0.4), ylim=(0, 1.02))
    ax.yaxis.set_major_formatter(percent_format(labels))
    _name_lines(ax, plain, known, labels)
    small = labels.name("chart_notes.few_diamond", number=labels.number(few)) if is_few[~np.isnan(known)].any() else ""
    note_below(ax, labels.name("maturity.ground") if len(unripe) else "", small)
    return say(ax, " ".join(matured_sentences(matured, labels=labels)))


def _finding(matured: pd.DataFrame, labels: Labels) -> str:
    """The rate of the last month that can be judged."""
    known = matured[matured.on_time_rate_matured.notna() & matured.is_ripe]
    if known.empty:
        return labels.name("maturity.chart")
    rate = whole_percent(known.on_time_rate_matured.iloc[-1], labels)
    return labels.name("maturity.finding", month=labels.month(known.index[-1]), rate=rate)


def _name_lines(ax: Axes, plain: np.ndarray, known: np.ndarray, labels: Labels) -> None:
    """Each line named at the height of its last point."""
    lines = [(plain, "maturity.plain", PLAIN), (known, "maturity.matured", RATES["on_time_rate"])]
    ends = [(rates[~np.isnan(rates)][-1], name, colour) for rates, name, colour in lines if not np.isnan(rates).all()]
    named = [Named(float(end), labels.name(name), Look(colour)) for end, name, colour in sorted(ends)]
    name_beside(ax, named, swatch=False)
