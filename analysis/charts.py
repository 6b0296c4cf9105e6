"""One table -> one chart, with a title that is its finding and a sentence that says what it shows.

Each function draws on the Axes it is given, or on a new one in the house style, and returns it. Title (``pictures.head_of``)
and sentence are computed from the same table; the sentence stands as the label of the Axes (``ax.get_label()``): it is the
chart for those who cannot see it. What a colour means says ``palette``.
"""

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis import palette
from analysis.canvas import axes_of, head, in_house_style, name_months, note_below, number_format, say
from analysis.counts import CHANNELS, RESOLVED
from analysis.direct_labels import Named, name_beside
from analysis.findings import tell_move, whole_percent
from analysis.labels import Labels
from analysis.metrics import on_time_rate, online_share
from analysis.month_notes import tell_notes, whole_months
from analysis.rate_panels import Rate, draw_rate, name_panel, panel_below, shade_months
from analysis.strata import FEW
from analysis.target_lines import own_targets

AGES = (0, 7, 14, 30, 60, 90, 180, 365)
"""Days since receipt at which a new class of age begins; the last class is open."""


@in_house_style
def plot_intake(
    monthly: pd.DataFrame, *, notes: Mapping[pd.Period, str] | None = None, targets: pd.DataFrame | None = None,
    few: int = FEW, labels: Labels, ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """Dossiers received per month, stacked by channel; below, the online share of each month.

    Parameters
    ----------
    monthly
        Index: months (period[M]); the columns of ``counts.CHANNELS`` and ``received``, as from ``counts.by_month``.
    notes
        Months that are not all known, as from ``month_notes.notes_of``: shaded, and in no comparison.
    targets
        As from ``targets.targets_of``; that of the report's own definition is drawn as a line.
    few
        The point of a month of fewer dossiers is hollow; a page hands over ``settings["few_dossiers"]``.
    labels
        The language.
    ax
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
        That of the counts, labelled with the sentence; that of the rate stands below it in the same figure.

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
    notes = notes or {}
    known = monthly.unknown.sum() < monthly.received.sum()
    panel = panel_below(ax) if known else ax
    names = {channel: labels.name(f"channels.{channel}") for channel in palette.CHANNELS}
    _stack(ax, monthly, names, palette.CHANNELS, labels, totals=monthly.received)
    name_panel(ax, labels.name("headings.received_per_month"))
    shade_months(ax, monthly.index, notes)
    told = monthly[monthly.online.notna()]
    whole = whole_months(told, notes)
    rate = Rate("online_share", monthly.online, monthly.received)
    drawn = _add_rate(panel, rate, notes, own_targets(targets, [rate.measure]), few, labels) if known else ""
    finding = (
        tell_move(rate.measure, whole.online, whole.received, few=few, labels=labels)
        if known and len(told) == len(monthly)
        else ""
    )
    head(
        ax,
        finding or _intake_finding(monthly, labels),
        labels.name("charts.intake_unit" if known else "charts.intake_unit_no_channel"),
    )
    share = online_share(whole).dropna()
    if share.empty:
        return say(ax, labels.name("charts.nothing"))
    said = labels.name(
        "charts.intake_says" if known else "charts.intake_says_no_channel",
        total=labels.number(monthly.received.sum()), months=labels.number(len(monthly)),
        most=labels.number(monthly.received.max()), most_month=labels.month(monthly.received.idxmax()),
        first_share=labels.percent(share.iloc[0]), first_month=labels.month(share.index[0]),
        last_share=labels.percent(share.iloc[-1]), last_month=labels.month(share.index[-1]),
    )  # fmt: skip
    return say(ax, " ".join(filter(None, [said, _of_those_told(monthly[list(CHANNELS)], labels), drawn])))


@in_house_style
def plot_timeliness(
    monthly: pd.DataFrame, *, notes: Mapping[pd.Period, str] | None = None, targets: pd.DataFrame | None = None,
    few: int = FEW, labels: Labels, ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """Dossiers resolved per month, stacked by timeliness; below, the on-time rate of each month.

    Parameters
    ----------
    monthly
        Index: months (period[M]); the columns of ``counts.RESOLVED``, as from ``counts.by_month``.
    notes, targets, few, labels, ax
        As in ``plot_intake``.

    Returns
    -------
    Axes
        As in ``plot_intake``.
    """
    ax = axes_of(ax)
    notes = notes or {}
    counts = monthly[[f"resolved_{t}" for t in palette.TIMELINESS]].set_axis(list(palette.TIMELINESS), axis=1)
    timely = counts.early + counts.on_time
    rate = Rate("on_time_rate", timely, timely + counts.late)
    known = bool(rate.whole.any())
    panel = panel_below(ax) if known else ax
    names = {t: labels.name(f"measures.{t}") for t in palette.TIMELINESS}
    resolved = monthly.get("resolved", counts.sum(axis=1))
    _stack(ax, counts, names, palette.TIMELINESS, labels, totals=resolved)
    name_panel(ax, labels.name("headings.resolved_per_month"))
    shade_months(ax, monthly.index, notes)
    drawn = _add_rate(panel, rate, notes, own_targets(targets, [rate.measure]), few, labels) if known else ""
    head(ax, _timeliness_finding(monthly, notes, few, labels), labels.name("charts.timeliness_unit"))
    if not known:
        return say(ax, labels.name("charts.no_due" if counts.no_due.any() else "charts.nothing"))
    judged = on_time_rate(whole_months(monthly, notes)).dropna()
    shares = judged if len(judged) else on_time_rate(monthly).dropna()
    said = labels.name(
        "charts.timeliness_says",
        total=labels.number(resolved.sum()),
        worst=labels.percent(shares.min()), worst_month=labels.month(shares.idxmin()),
        best=labels.percent(shares.max()), best_month=labels.month(shares.idxmax()),
    )  # fmt: skip
    return say(ax, " ".join(filter(None, [said, _of_those_told(counts, labels), drawn])))


@in_house_style
def plot_open_age(still_open: pd.DataFrame, *, labels: Labels, ax: Axes | None = None) -> Axes:
    """Open dossiers by days since receipt, the overdue ones apart; the number of each class above it.

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
    ax = axes_of(ax, height=3)
    ages = age_classes(still_open)
    names = {t: labels.name(f"headings.{t}" if t != "no_due" else "measures.no_due") for t in palette.OPEN}
    _stack(ax, ages, names, palette.OPEN, labels)
    ax.set_xticks(np.arange(len(AGES)) - 0.5, list(map(str, AGES)))
    ax.tick_params(labelleft=False)
    ax.grid(visible=False)
    for place, number in enumerate(ages.sum(axis=1)):
        ax.annotate(labels.number(number), (place, number), (0, 3), textcoords="offset points", ha="center")
    ax.set_xlabel(labels.name("headings.age"), loc="left")
    overdue, total = int((still_open.timeliness == "overdue").sum()), len(still_open)
    words = {
        "total": labels.number(total), "overdue": labels.number(overdue),
        "median": labels.number(still_open.age_days.median()), "longest": labels.number(still_open.age_days.max()),
    }  # fmt: skip
    finding = "open_age" if not total else "open_age_finding" if overdue else "open_age_none_overdue"
    head(ax, labels.name(f"charts.{finding}", **(words if total else {})), labels.name("charts.open_age_unit"))
    return say(ax, labels.name("charts.open_age_says", **words) if total else labels.name("charts.nothing"))


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
    table = pd.crosstab(age, still_open.timeliness, dropna=False).reindex(index=names, columns=list(palette.OPEN))
    return table.fillna(0).astype("int64").rename_axis(index=None, columns=None)


def _stack(
    ax: Axes, counts: pd.DataFrame, names: Mapping[str, str], look: Mapping[str, palette.Look], labels: Labels,
    *, totals: pd.Series | None = None,
) -> None:  # fmt: skip
    """Stacked bars, one per row, each part named beside the last; a category that never occurs is not drawn. What is missing
    of a total, because counts are held back, is drawn as one.
    """
    known = counts[list(look)].astype("float64").fillna(0)
    if totals is not None:
        known = known.assign(held=totals - known.sum(axis=1))
    names, look = {**names, "held": labels.name("editions.in_one_sum")}, {**look, "held": palette.HELD}
    bottom, places = np.zeros(len(counts)), np.arange(len(counts))
    named, sums = [], known.sum(axis=1).to_numpy()
    beside = int(np.flatnonzero(sums)[-1]) if sums.any() else 0
    for category in map(str, known):
        if known[category].any():
            colour, hatch = look[category]
            ax.bar(places, known[category], 0.72, bottom, color=colour, hatch=hatch, label=names[category])
            middle = bottom[beside] + known[category].iloc[beside] / 2
            named.append(Named(middle, names[category], look[category]))
            bottom += known[category].to_numpy()
    if isinstance(counts.index, pd.PeriodIndex):
        name_months(ax, counts.index, labels)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
    ax.yaxis.set_major_formatter(number_format(labels))
    ax.set_ylim(0, max(bottom.max(initial=0) * 1.1, 1))
    ax.set_xlim(-0.6, len(counts) - 0.4)
    name_beside(ax, named)


def _add_rate(
    panel: Axes, rate: Rate, notes: Mapping[pd.Period, str], goals: Mapping[str, float], few: int, labels: Labels
) -> str:
    """The rate in its panel, and what must be known to read the chart."""
    drawn = draw_rate(panel, rate, few=few, targets=goals, labels=labels)
    months = rate.whole.index
    name_months(panel, months, labels)
    shade_months(panel, months, notes)
    hollow = ((rate.whole > 0) & (rate.whole < few)).any()
    small = labels.name("chart_notes.few", number=labels.number(few)) if hollow else ""
    note_below(panel, tell_notes({m: kind for m, kind in notes.items() if m in months}, labels=labels), small)
    return drawn


def _of_those_told(counts: pd.DataFrame, labels: Labels) -> str:
    """That a sentence about rates does not speak of every row, where counts are held back."""
    return labels.name("editions.of_those_told") if counts.isna().any(axis=None) else ""


def _intake_finding(monthly: pd.DataFrame, labels: Labels) -> str:
    """How much came, where no channel is known."""
    total, most = monthly.received.sum(), monthly.received
    if not total:
        return labels.name("charts.intake")
    words = {"total": labels.number(total), "month": labels.month(most.idxmax()), "most": labels.number(most.max())}
    return labels.name("findings.received", **words)


def _timeliness_finding(monthly: pd.DataFrame, notes: Mapping[pd.Period, str], few: int, labels: Labels) -> str:
    """The rate of all, and the month in which it was lowest, of those that say something; where counts are held back, neither."""
    if monthly[list(RESOLVED)].isna().any(axis=None):
        return labels.name("charts.timeliness")
    total = on_time_rate(monthly.sum().to_frame().T).iloc[0]
    if pd.isna(total):
        return labels.name("charts.timeliness")
    rate = labels.name("findings.on_time", rate=whole_percent(total, labels))
    whole = whole_months(monthly, notes)
    timed = whole[["resolved_early", "resolved_on_time", "resolved_late"]].sum(axis=1)
    known = on_time_rate(whole)[timed >= few].dropna()
    if len(known) < 2:
        return rate
    worst = {"worst": whole_percent(known.min(), labels), "month": labels.month(known.idxmin())}
    return labels.name("findings.on_time_worst", rate=whole_percent(total, labels), **worst)
