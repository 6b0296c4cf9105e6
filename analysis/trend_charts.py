"""The charts of all months: lines with the places where a series breaks.

As in ``charts``, a function draws on the Axes it is given or on a new one, and its sentence is the label of the Axes.
Lines differ in dashes and in lightness too. Breaks carry the number that ``trends_page`` explains.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.canvas import axes_of, head, in_house_style, name_months, note_below, number_format, percent_format, say
from analysis.direct_labels import Named, name_beside
from analysis.findings import tell_move
from analysis.labels import Labels
from analysis.palette import DASHES, FLOWS, OTHER_YEAR, PLAIN, RATES, Look
from analysis.strata import FEW
from analysis.target_lines import draw_steps

YEAR = 12

MOST_POINTS = 36
"""Months of which each has a point on the line."""

MOST_YEARS = 6
"""Lines of years that are named."""


@in_house_style
def plot_flows(monthly: pd.DataFrame, breaks: pd.DataFrame, *, labels: Labels, ax: Axes | None = None) -> Axes:
    """Dossiers received and resolved in each month, and those not ended at its end.

    Parameters
    ----------
    monthly
        As from ``trends.monthly``.
    breaks
        As from ``trends.breaks_within``.
    labels
        The language.
    ax
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
        Labelled with the sentence.
    """
    ax = axes_of(ax)
    _lines(ax, monthly, FLOWS)
    _months(ax, pd.PeriodIndex(monthly.index), breaks, labels)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    ax.yaxis.set_major_formatter(number_format(labels))
    ax.set_ylim(bottom=0)
    _name_ends(ax, monthly, {name: labels.name(f"trends.{name}") for name in FLOWS}, FLOWS)
    note_below(ax, "" if monthly.is_whole.all() else labels.name("chart_notes.hollow"))
    head(ax, _flows_finding(monthly, labels), labels.name("trends.flows_unit"))
    said = labels.name(
        "trends.flows_say",
        months=labels.number(len(monthly)), received=labels.number(monthly.received.sum()),
        resolved=labels.number(monthly.resolved.sum()), most_month=labels.month(monthly.received.idxmax()),
        most=labels.number(monthly.received.max()), not_ended=labels.number(monthly.not_ended.iloc[-1]),
    )  # fmt: skip
    return say(ax, said)


@in_house_style
def plot_rates(
    monthly: pd.DataFrame, breaks: pd.DataFrame, *, targets: pd.DataFrame | None = None,
    few: int = FEW, labels: Labels, ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """The online share of each month's intake, and the on-time rate of what was resolved in it.

    Parameters
    ----------
    targets
        As from ``targets.yearly_targets``; drawn as steps, one a year.
    few
        The point of a rate of fewer dossiers is hollow; a page hands over ``settings["few_dossiers"]``.
    monthly, breaks, labels, ax
        As in ``plot_flows``.
    """
    ax = axes_of(ax)
    names = {name: labels.name(f"measures.{name}") for name in RATES}
    _lines(ax, monthly, RATES, few=few)
    _months(ax, pd.PeriodIndex(monthly.index), breaks, labels)
    drawn = draw_steps(ax, monthly, targets, RATES, labels=labels) if targets is not None else ""
    ax.yaxis.set_major_formatter(percent_format(labels))
    ax.set_ylim(0, 1.04)
    _name_ends(ax, monthly, names, RATES)
    part, small = ~monthly.is_whole, (_wholes(monthly) < few).any(axis=1) & _wholes(monthly).any(axis=1)
    kind = "hollow_or_few" if small.any() else "hollow"
    noted = labels.name(f"chart_notes.{kind}", number=labels.number(few)) if part.any() or small.any() else ""
    note_below(ax, noted)
    head(ax, _rates_finding(monthly, few, labels), labels.name("trends.rates_unit"))
    said = [
        labels.name(
            "trends.rate_says",
            name=names[name], first=labels.percent(rate.iloc[0]), first_month=labels.month(rate.index[0]),
            last=labels.percent(rate.iloc[-1]), last_month=labels.month(rate.index[-1]),
        )
        for name in RATES
        if len(rate := monthly[name].dropna())
    ]  # fmt: skip
    return say(ax, " ".join([*said, drawn]).strip() if said else labels.name("charts.nothing"))


@in_house_style
def plot_seasons(seasons: pd.DataFrame, *, labels: Labels, ax: Axes | None = None) -> Axes:
    """Dossiers received in each month of the year, one line per year, the last year strongest.

    Parameters
    ----------
    seasons
        As from ``trends.seasons``.
    labels, ax
        As in ``plot_flows``.
    """
    ax = axes_of(ax, height=3.2)
    years = [c for c in seasons if c != "index"]
    dashes, ends = ["-", "--", ":", "-."], []
    for back, year in enumerate(reversed(years)):
        colour, width = (OTHER_YEAR, 1.3) if back else (RATES["online_share"], 2.2)
        values = seasons[year].astype("Float64").to_numpy("float64", na_value=np.nan)
        ax.plot(seasons.index, values, dashes[back % len(dashes)], label=str(year), color=colour, linewidth=width)
        if back < MOST_YEARS and not np.isnan(values).all():
            ends.append(Named(float(values[~np.isnan(values)][-1]), str(year), Look(colour)))
    ax.set_xticks(seasons.index)
    ax.set_ylim(bottom=0)
    ax.yaxis.set_major_formatter(number_format(labels))
    name_beside(ax, sorted(ends), swatch=False)
    note_below(ax, labels.name("trends.month"))
    head(ax, labels.name("trends.seasons"), labels.name("trends.seasons_unit"))
    usual = seasons["index"].dropna()
    if usual.empty:
        return say(ax, labels.name("trends.no_whole_year"))
    busiest = labels.name("findings.seasons", busy=str(usual.idxmax()), more=labels.number(usual.max()))
    head(ax, busiest, labels.name("trends.seasons_unit"))
    said = labels.name(
        "trends.seasons_say",
        busy=str(usual.idxmax()), more=labels.number(usual.max()),
        quiet=str(usual.idxmin()), less=labels.number(usual.min()),
    )  # fmt: skip
    return say(ax, said)


def _lines(ax: Axes, monthly: pd.DataFrame, look: dict[str, str], *, few: int = 0) -> None:
    """A line per measure; the point of a month that is not whole, or of a rate of few dossiers, is hollow."""
    places, wholes = np.arange(len(monthly)), _wholes(monthly) if few else pd.DataFrame()
    for name, colour in look.items():
        marker = "o" if len(monthly) <= MOST_POINTS else None
        ax.plot(places, monthly[name], DASHES[name], color=colour, label=name, marker=marker, markersize=3.5)
        part = ~monthly.is_whole | (wholes[name] < few if name in wholes else False)
        ax.plot(places[part], monthly[name][part], "o", color=colour, markerfacecolor="white", markersize=5)


def _wholes(monthly: pd.DataFrame) -> pd.DataFrame:
    """Of how many dossiers each rate is."""
    timed = ["resolved_early", "resolved_on_time", "resolved_late"]
    return pd.DataFrame({"online_share": monthly.received, "on_time_rate": monthly[timed].sum(axis=1)})


def _name_ends(ax: Axes, monthly: pd.DataFrame, names: dict[str, str], look: dict[str, str]) -> None:
    """Each line named where it ends."""
    held = [(float(line.iloc[-1]), name) for name in look if len(line := monthly[name].dropna())]
    name_beside(ax, [Named(end, names[name], Look(look[name])) for end, name in sorted(held)], swatch=False)


def _flows_finding(monthly: pd.DataFrame, labels: Labels) -> str:
    """What is not ended at last, and what was not at the end of the same month of the year before."""
    left = labels.number(monthly.not_ended.iloc[-1])
    if len(monthly) <= YEAR:
        return labels.name("findings.flows_short", not_ended=left)
    before, month = monthly.not_ended.iloc[-1 - YEAR], labels.month(monthly.index[-1 - YEAR])
    return labels.name("findings.flows", not_ended=left, before=labels.number(before), month=month)


def _rates_finding(monthly: pd.DataFrame, few: int, labels: Labels) -> str:
    """How the two rates moved."""
    whole = monthly[monthly.is_whole] if monthly.is_whole.any() else monthly
    timely = whole.resolved_early + whole.resolved_on_time
    moves = [
        tell_move("online_share", whole.online, whole.received, few=few, labels=labels),
        tell_move("on_time_rate", timely, timely + whole.resolved_late, few=few, labels=labels),
    ]
    return "; ".join(move if i == 0 else move[0].lower() + move[1:] for i, move in enumerate(filter(None, moves))) or (
        labels.name("trends.rates")
    )


def _months(ax: Axes, months: pd.PeriodIndex, breaks: pd.DataFrame, labels: Labels) -> None:
    """The months along the axis, and a numbered mark where the series breaks."""
    name_months(ax, months, labels)
    for number, (first, last) in enumerate(zip(breaks["first"], breaks["last"], strict=True), 1):
        begin, end = (_place(months, day) for day in (first, last))
        if last > first:
            ax.axvspan(begin, end, color=PLAIN, alpha=0.1, linewidth=0)
        ax.axvline(begin, color=PLAIN, linewidth=1.2, linestyle=(0, (5, 2)))
        ax.annotate(f"[{number}]", (begin, 1), (3, -2), xycoords=("data", "axes fraction"), textcoords="offset points",
                    va="top", color=PLAIN, fontsize=10)  # fmt: skip
    ax.set_xlim(-0.5, len(months) - 0.5)


def _place(months: pd.PeriodIndex, day: pd.Timestamp) -> float:
    """Where a day lies on an axis whose whole numbers are the middles of months."""
    month = day.to_period("M")
    return (month - months[0]).n - 0.5 + (day.day - 1) / month.days_in_month
