"""The charts of all months: lines with the places where a series breaks.

As in ``charts``, a function draws on the Axes it is given or on a new one, and its sentence is the label of the Axes.
Lines differ in dashes and in lightness too. Breaks carry the number that ``trends_page`` explains.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.canvas import axes_of, in_house_style, legend, name_months, number_format, percent_format, say
from analysis.labels import Labels
from analysis.target_lines import draw_steps

FLOWS = {"received": ("#0b5394", "-"), "resolved": ("#0f6b53", "--"), "not_ended": ("#c8501e", ":")}
RATES = {"online_share": ("#0b5394", "-"), "on_time_rate": ("#0f6b53", "--")}
BREAK = "#7f6a93"
OTHER_YEAR = "#9ca3af"

MOST_POINTS = 36
"""Months of which each has a point on the line."""


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
    names = {name: labels.name(f"trends.{name}") for name in FLOWS}
    _lines(ax, monthly, names, FLOWS)
    _months(ax, pd.PeriodIndex(monthly.index), breaks, labels)
    ax.set_title(labels.name("trends.flows"))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    ax.yaxis.set_major_formatter(number_format(labels))
    ax.set_ylim(bottom=0)
    said = labels.name(
        "trends.flows_say",
        months=labels.number(len(monthly)), received=labels.number(monthly.received.sum()),
        resolved=labels.number(monthly.resolved.sum()), most_month=labels.month(monthly.received.idxmax()),
        most=labels.number(monthly.received.max()), not_ended=labels.number(monthly.not_ended.iloc[-1]),
    )  # fmt: skip
    return say(ax, said)


@in_house_style
def plot_rates(
    monthly: pd.DataFrame, breaks: pd.DataFrame, *, targets: pd.DataFrame | None = None, labels: Labels,
    ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """The online share of each month's intake, and the on-time rate of what was resolved in it.

    Parameters
    ----------
    targets
        As from ``targets.yearly_targets``; drawn as steps, one a year.
    monthly, breaks, labels, ax
        As in ``plot_flows``.
    """
    ax = axes_of(ax)
    names = {name: labels.name(f"measures.{name}") for name in RATES}
    _lines(ax, monthly, names, RATES)
    _months(ax, pd.PeriodIndex(monthly.index), breaks, labels)
    colours = {name: colour for name, (colour, _) in RATES.items()}
    drawn = draw_steps(ax, monthly, targets, colours, labels=labels) if targets is not None else ""
    ax.set_title(labels.name("trends.rates"))
    ax.yaxis.set_major_formatter(percent_format(labels))
    ax.set_ylim(0, 1.04)
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
    ax = axes_of(ax)
    years = [c for c in seasons if c != "index"]
    dashes = ["-", "--", ":", "-."]
    for back, year in enumerate(reversed(years)):
        colour, width = (OTHER_YEAR, 1.3) if back else ("#0b5394", 2.2)
        values = seasons[year].astype("Float64").to_numpy("float64", na_value=np.nan)
        ax.plot(seasons.index, values, dashes[back % len(dashes)], label=str(year), color=colour, linewidth=width)
    ax.set_xticks(seasons.index)
    ax.set_ylim(bottom=0)
    ax.yaxis.set_major_formatter(number_format(labels))
    ax.set_title(labels.name("trends.seasons"))
    if len(years) > 1:
        legend(ax)
    usual = seasons["index"].dropna()
    if usual.empty:
        return say(ax, labels.name("trends.no_whole_year"))
    said = labels.name(
        "trends.seasons_say",
        busy=str(usual.idxmax()), more=labels.number(usual.max()),
        quiet=str(usual.idxmin()), less=labels.number(usual.min()),
    )  # fmt: skip
    return say(ax, said)


def _lines(ax: Axes, monthly: pd.DataFrame, names: dict[str, str], look: dict[str, tuple[str, str]]) -> None:
    """A line per measure; the point of a month that is not whole is hollow."""
    places, part = np.arange(len(monthly)), ~monthly.is_whole.to_numpy()
    for name, (colour, dashes) in look.items():
        marker = "o" if len(monthly) <= MOST_POINTS else None
        ax.plot(places, monthly[name], dashes, color=colour, label=names[name], marker=marker, markersize=3.5)
        ax.plot(places[part], monthly[name][part], "o", color=colour, markerfacecolor="white", markersize=5)
    legend(ax)


def _months(ax: Axes, months: pd.PeriodIndex, breaks: pd.DataFrame, labels: Labels) -> None:
    """The months along the axis, and a numbered mark where the series breaks."""
    name_months(ax, months, labels)
    for number, (first, last) in enumerate(zip(breaks["first"], breaks["last"], strict=True), 1):
        begin, end = (_place(months, day) for day in (first, last))
        if last > first:
            ax.axvspan(begin, end, color=BREAK, alpha=0.1, linewidth=0)
        ax.axvline(begin, color=BREAK, linewidth=1.2, linestyle=(0, (5, 2)))
        ax.annotate(f"[{number}]", (begin, 1), (3, -2), xycoords=("data", "axes fraction"), textcoords="offset points",
                    va="top", color=BREAK, fontsize=10)  # fmt: skip
    ax.set_xlim(-0.5, len(months) - 0.5)


def _place(months: pd.PeriodIndex, day: pd.Timestamp) -> float:
    """Where a day lies on an axis whose whole numbers are the middles of months."""
    month = day.to_period("M")
    return (month - months[0]).n - 0.5 + (day.day - 1) / month.days_in_month
