"""One table -> one chart, with a sentence that says what it shows.

Each function draws on the Axes it is given, or on a new one in the house style, and returns it. The sentence is
computed from the same table and stands as the label of the Axes (``ax.get_label()``): it is the chart for those who
cannot see it. Categories differ in lightness and hatching too, so that a chart survives a grey printer.
"""

import itertools
from collections.abc import Mapping
from textwrap import shorten

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.canvas import axes_of, in_house_style, legend, name_months, number_format, percent_format, say
from analysis.counts import CHANNELS
from analysis.labels import Labels
from analysis.metrics import on_time_rate, online_share, wilson_interval
from analysis.sentences import matured_sentences
from analysis.target_lines import HALO, draw_upright, own_targets

CHANNEL_LOOK = {
    "online": ("#0b5394", ""), "in_person": ("#a9c7e3", ""), "postal": ("#e69f00", "//"), "other": ("#7f6a93", ".."),
    "unknown": ("#9ca3af", "xx"),
}  # fmt: skip
TIMELINESS_LOOK = {
    "early": ("#0f6b53", ""), "on_time": ("#8fd0bb", ""), "late": ("#c8501e", "//"), "no_due": ("#9ca3af", "xx"),
}  # fmt: skip
OPEN_LOOK = {"in_time": ("#8fd0bb", ""), "overdue": ("#c8501e", "//"), "no_due": ("#9ca3af", "xx")}
HELD_LOOK = ("#d1d5db", "..")
"""Of what is told in one sum only; see ``editions``."""

RATES = {"online_share": "#0b5394", "on_time_rate": "#0f6b53"}

AGES = (0, 7, 14, 30, 60, 90, 180, 365)
"""Days since receipt at which a new class of age begins; the last class is open."""


@in_house_style
def plot_intake(monthly: pd.DataFrame, *, labels: Labels, ax: Axes | None = None) -> Axes:
    """Dossiers received per month, stacked by channel, with the online share above each month.

    Parameters
    ----------
    monthly
        Index: months (period[M]); the columns of ``counts.CHANNELS`` and ``received``, as from ``counts.by_month``.
    labels
        The language.
    ax
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
        Labelled with the sentence.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> months = pd.period_range("2022-01", periods=2, freq="M")
    >>> counts = {"online": [1, 3], "in_person": [3, 3], "postal": [0, 0], "other": [0, 0], "unknown": [0, 0]}
    >>> monthly = pd.DataFrame(counts, index=months).assign(received=[4, 6])
    >>> print(plot_intake(monthly, labels=read_labels("en")).get_label())
    10 dossiers in 2 months; most in Feb 2022 (6). The online share went from 25.00% (Jan 2022) to 50.00% (Feb 2022).
    """
    ax = axes_of(ax)
    names = {channel: labels.name(f"channels.{channel}") for channel in CHANNELS}
    _stack(ax, monthly, names, CHANNEL_LOOK, labels, totals=monthly.received)
    share = online_share(monthly).dropna()
    _write_above(ax, monthly.received, online_share(monthly), labels)
    ax.set_title(labels.name("charts.intake"))
    if share.empty:
        return say(ax, labels.name("charts.nothing"))
    said = labels.name(
        "charts.intake_says",
        total=labels.number(monthly.received.sum()), months=labels.number(len(monthly)),
        most=labels.number(monthly.received.max()), most_month=labels.month(monthly.received.idxmax()),
        first_share=labels.percent(share.iloc[0]), first_month=labels.month(share.index[0]),
        last_share=labels.percent(share.iloc[-1]), last_month=labels.month(share.index[-1]),
    )  # fmt: skip
    return say(ax, said + _of_those_told(monthly[list(CHANNELS)], labels))


@in_house_style
def plot_timeliness(monthly: pd.DataFrame, *, labels: Labels, ax: Axes | None = None) -> Axes:
    """Dossiers resolved per month, stacked by timeliness, with the on-time rate above each month.

    Parameters
    ----------
    monthly
        Index: months (period[M]); the columns of ``counts.RESOLVED``, as from ``counts.by_month``.
    labels, ax
        As in ``plot_intake``.

    Returns
    -------
    Axes
        Labelled with the sentence.
    """
    ax = axes_of(ax)
    counts = monthly[[f"resolved_{t}" for t in TIMELINESS_LOOK]].set_axis(list(TIMELINESS_LOOK), axis=1)
    names = {t: labels.name(f"measures.{t}") for t in TIMELINESS_LOOK}
    whole = monthly.get("resolved", counts.sum(axis=1))
    _stack(ax, counts, names, TIMELINESS_LOOK, labels, totals=whole)
    rate = on_time_rate(monthly)
    _write_above(ax, whole, rate, labels)
    ax.set_title(labels.name("charts.timeliness"))
    rate = rate.dropna()
    if rate.empty:
        return say(ax, labels.name("charts.nothing"))
    said = labels.name(
        "charts.timeliness_says",
        total=labels.number(whole.sum()),
        worst=labels.percent(rate.min()), worst_month=labels.month(rate.idxmin()),
        best=labels.percent(rate.max()), best_month=labels.month(rate.idxmax()),
    )  # fmt: skip
    return say(ax, said + _of_those_told(counts, labels))


@in_house_style
def plot_procedures(
    procedures: pd.DataFrame, *, labels: Labels, most: int = 10, targets: pd.DataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """The busiest procedures: their online share and on-time rate, with 95 % intervals after Wilson.

    Parameters
    ----------
    procedures
        As from ``catalogue.count_procedures``, most received first.
    most
        How many procedures are drawn.
    targets
        As from ``targets.targets_of``; those of the two rates by the report's own definitions are drawn as lines.
    labels, ax
        As in ``plot_intake``.

    Returns
    -------
    Axes
        Labelled with the sentence.
    """
    named = procedures[procedures.procedure != ""]
    busiest = named[named.received > 0].head(most)
    ax = axes_of(ax, height=1.1 + 0.6 * max(len(busiest), 2))
    ax.set_title(labels.name("charts.procedures"))
    if busiest.empty:
        return say(ax, labels.name("charts.nothing"))
    rows = np.arange(len(busiest))
    goals = own_targets(targets, RATES)
    timely = busiest.resolved_early + busiest.resolved_on_time
    online, on_time = (RATES[name] for name in ("online_share", "on_time_rate"))
    _points(ax, rows - 0.06, busiest.online, busiest.received, "o", online, labels.name("charts.online_share"))
    _points(ax, rows + 0.18, timely, timely + busiest.resolved_late, "D", on_time, labels.name("charts.on_time_rate"))
    halo = HALO if goals else None
    for row, name, received in zip(rows, busiest.procedure, busiest.received, strict=True):
        text = f"{shorten(name, 62, placeholder=' …')} ({labels.number(received)})"
        # A name with two dollar signs is no formula.
        ax.text(0, row - 0.3, text, va="bottom", parse_math=False, path_effects=halo)
    room = 0.36 * len(goals)
    ax.set(xlim=(-0.02, 1.02), ylim=(len(busiest) - 0.6, -0.85 - room), yticks=[])
    drawn = draw_upright(ax, goals, RATES, top=-0.7 - room, labels=labels)
    ax.xaxis.set_major_formatter(percent_format(labels))
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    legend(ax)
    share = busiest.assign(share=online_share).sort_values(["share", "received"], ascending=False).iloc[0]
    said = labels.name(
        "charts.procedures_says",
        number=labels.number(len(busiest)), share=labels.percent(busiest.received.sum() / procedures.received.sum()),
        most=busiest.procedure.iloc[0], received=labels.number(busiest.received.iloc[0]),
        online=share.procedure, online_share=labels.percent(share.share),
    )  # fmt: skip
    return say(ax, f"{said} {drawn}".strip())


@in_house_style
def plot_open_age(still_open: pd.DataFrame, *, labels: Labels, ax: Axes | None = None) -> Axes:
    """Open dossiers by days since receipt, the overdue ones apart.

    Parameters
    ----------
    still_open
        As from ``stocks.open_on``.
    labels, ax
        As in ``plot_intake``.

    Returns
    -------
    Axes
        Labelled with the sentence.
    """
    ax = axes_of(ax)
    ages = age_classes(still_open)
    names = {t: labels.name(f"headings.{t}" if t != "no_due" else "measures.no_due") for t in OPEN_LOOK}
    ax.set_title(labels.name("charts.open_age"))
    ax.set_xlabel(labels.name("headings.age"))
    _stack(ax, ages, names, OPEN_LOOK, labels, ticks=list(ages.index))
    if still_open.empty:
        return say(ax, labels.name("charts.nothing"))
    said = labels.name(
        "charts.open_age_says",
        total=labels.number(len(still_open)), overdue=labels.number((still_open.timeliness == "overdue").sum()),
        median=labels.number(still_open.age_days.median()), longest=labels.number(still_open.age_days.max()),
    )  # fmt: skip
    return say(ax, said)


@in_house_style
def plot_matured(matured: pd.DataFrame, *, labels: Labels, ax: Axes | None = None) -> Axes:
    """The on-time rate by month of receipt, with its interval, beside the plain rate; months too early to judge are
    shaded. No target is drawn: one is about what was resolved or received in a period, not about an estimate per month.

    Parameters
    ----------
    matured
        As from ``maturity.on_time_rate_matured``, of the months to be drawn.
    labels, ax
        As in ``plot_intake``.

    Returns
    -------
    Axes
        Labelled with the sentences.
    """
    ax = axes_of(ax)
    ax.set_title(labels.name("maturity.chart"))
    if matured[["on_time_rate", "on_time_rate_matured"]].isna().all(axis=None):
        return say(ax, labels.name("charts.nothing"))
    places = np.arange(len(matured))
    unripe = places[~matured.is_ripe]
    name = labels.name("maturity.not_ripe")
    ax.bar(unripe, 1, 1, color="#e5e7eb", hatch="//", label=name, zorder=0)
    plain, known = matured.on_time_rate.to_numpy(float), matured.on_time_rate_matured.to_numpy(float)
    ax.plot(places, plain, "--o", color="#7f6a93", markersize=5, mfc="white", label=labels.name("maturity.plain"))
    ax.vlines(places, matured.low, matured.high, color="#0f6b53", alpha=0.35, linewidth=4)
    ax.plot(places, known, "-D", color="#0f6b53", markersize=6, label=labels.name("maturity.matured"))
    name_months(ax, matured.index, labels)
    ax.set(xlim=(-0.6, len(matured) - 0.4), ylim=(0, 1.02))
    ax.yaxis.set_major_formatter(percent_format(labels))
    legend(ax, columns=2)
    return say(ax, " ".join(matured_sentences(matured, labels=labels)))


def age_classes(still_open: pd.DataFrame) -> pd.DataFrame:
    """Open dossiers per class of age and timeliness.

    Returns
    -------
    DataFrame
        Index: the classes, in days (``0–6`` … ``365+``); int64 columns ``in_time``, ``overdue``, ``no_due``.

    Examples
    --------
    >>> age_classes(pd.DataFrame({"age_days": [3, 400], "timeliness": ["in_time", "overdue"]})).loc["365+"].tolist()
    [0, 1, 0]
    """
    names = [f"{low}–{high - 1}" for low, high in itertools.pairwise(AGES)] + [f"{AGES[-1]}+"]
    age = pd.cut(still_open.age_days, [*AGES, np.inf], right=False, labels=names)
    table = pd.crosstab(age, still_open.timeliness, dropna=False).reindex(index=names, columns=list(OPEN_LOOK))
    return table.fillna(0).astype("int64").rename_axis(index=None, columns=None)


def _stack(
    ax: Axes, counts: pd.DataFrame, names: Mapping[str, str], look: Mapping[str, tuple[str, str]], labels: Labels,
    *, ticks: list[str] | None = None, totals: pd.Series | None = None,
) -> None:  # fmt: skip
    """Stacked bars, one per row; a category that never occurs is not drawn. What is missing of a total is drawn as one."""
    known, bottom, places = counts[list(look)].fillna(0), np.zeros(len(counts)), np.arange(len(counts))
    rest = {} if totals is None else {"held": totals - known.sum(axis=1)}
    names = {**names, "held": labels.name("editions.in_one_sum")}
    for category, (colour, hatch) in {**look, "held": HELD_LOOK}.items():
        heights = known.assign(**rest).get(category)
        if heights is not None and heights.any():
            ax.bar(places, heights, 0.72, bottom, color=colour, hatch=hatch, label=names[category])
            bottom += heights.to_numpy()
    if ticks:
        ax.set_xticks(places, ticks)
    else:
        name_months(ax, counts.index, labels)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    ax.yaxis.set_major_formatter(number_format(labels))
    ax.set_ylim(0, max(bottom.max(initial=0) * 1.15, 1))
    legend(ax)


def _of_those_told(counts: pd.DataFrame, labels: Labels) -> str:
    """That a sentence about rates does not speak of every row, where counts are held back."""
    return f" {labels.name('editions.of_those_told')}" if counts.isna().any(axis=None) else ""


def _write_above(ax: Axes, heights: pd.Series, shares: pd.Series, labels: Labels) -> None:
    for place, (height, share) in enumerate(zip(heights, shares, strict=True)):
        if height and pd.notna(share):
            text = labels.percent(round(share, 2)).replace(",00", "").replace(".00", "")
            ax.annotate(
                text, (place, height), (0, 3), textcoords="offset points", ha="center", fontsize=10, color="#111827"
            )


def _points(
    ax: Axes, rows: np.ndarray, part: pd.Series, whole: pd.Series, marker: str, colour: str, name: str
) -> None:  # fmt: skip
    """A rate per row with its interval; nothing where there is no denominator."""
    interval = wilson_interval(part, whole)
    ax.hlines(rows, interval.low, interval.high, color=colour, alpha=0.35, linewidth=4)
    rate = part / whole.where(whole > 0)
    sns.scatterplot(x=rate.to_numpy(), y=rows, marker=marker, color=colour, s=48, label=name, ax=ax, legend=False)
