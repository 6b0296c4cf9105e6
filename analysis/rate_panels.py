"""A rate per month below the counts that it is made of: with its interval, its target, and small groups marked."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.canvas import percent_format
from analysis.findings import whole_percent
from analysis.labels import Labels
from analysis.metrics import ratio, wilson_interval
from analysis.palette import GROUND, INK, QUIET, RATES
from analysis.strata import FEW
from analysis.target_lines import PAPER, draw_across

HEIGHTS = (1.15, 1)
"""Of the counts, and of the rate below them."""


class Rate(NamedTuple):
    """A rate: counts per row, one over the other."""

    measure: str
    part: pd.Series
    whole: pd.Series


def panel_below(ax: Axes) -> Axes:
    """The lower part of the room of an Axes, parted from it, with the same months."""
    room, figure = ax.get_subplotspec(), ax.get_figure(root=True)
    if room is None or figure is None:
        return ax.inset_axes((0, -0.95, 1, 0.75), sharex=ax)
    parts = room.subgridspec(2, 1, height_ratios=HEIGHTS)
    ax.set_subplotspec(parts[0])
    ax.tick_params(labelbottom=False)
    return figure.add_subplot(parts[1], sharex=ax)


def draw_rate(
    panel: Axes, rate: Rate, *, few: int = FEW, targets: Mapping[str, float] | None = None, labels: Labels
) -> str:
    """In the panel below monthly counts: the rate of each month with its 95 % interval after Wilson.

    The point of a month of fewer than ``few`` dossiers is hollow. The first, the last, the highest and the lowest of the others
    are written out.

    Returns
    -------
    str
        What is said of the targets that are drawn; empty if none is.
    """
    colour, places = RATES[rate.measure], np.arange(len(rate.whole))
    shares, interval = ratio(rate.part, rate.whole).to_numpy(float), wilson_interval(rate.part, rate.whole)
    is_few = (rate.whole < few).to_numpy()
    panel.vlines(places, interval.low, interval.high, color=colour, alpha=0.3, linewidth=4)
    panel.plot(places, shares, "-", color=colour, linewidth=1.8)
    for hollow, fill in ((False, colour), (True, "white")):
        held = is_few == hollow
        panel.plot(places[held], shares[held], "o", color=colour, markerfacecolor=fill, markersize=5.5)
    panel.set_ylim(0, 1.28)
    panel.set_yticks([0, 0.5, 1])
    panel.yaxis.set_major_formatter(percent_format(labels))
    said = draw_across(panel, targets or {}, RATES, shares, labels=labels)
    for place in told_places(np.where(is_few, np.nan, shares)):
        side, aside = ("left", -6) if place == 0 else ("center", 0)
        panel.annotate(whole_percent(shares[place], labels), (place, interval.high.iloc[place]), (aside, 2), ha=side,
                       textcoords="offset points", color=INK, bbox=PAPER)  # fmt: skip
    name_panel(panel, labels.name(f"measures.{rate.measure}"))
    return said


def told_places(shares: np.ndarray) -> list[int]:
    """The places that are written out: last, highest, lowest, first; none beside another.

    Examples
    --------
    >>> told_places(np.array([0.1, 0.2, 0.5, 0.4, 0.3]))
    [0, 2, 4]
    """
    known = np.flatnonzero(~np.isnan(shares))
    if not len(known):
        return []
    wanted = [known[-1], np.nanargmax(shares), np.nanargmin(shares), known[0]]
    told: list[int] = []
    for place in map(int, wanted):
        if all(abs(place - other) > 1 for other in told):
            told.append(place)
    return sorted(told)


def name_panel(ax: Axes, name: str) -> None:
    """What is drawn in a panel, above it."""
    ax.text(0, 1.03, name, transform=ax.transAxes, va="bottom", color=QUIET)


def shade_months(ax: Axes, months: pd.Index, notes: Mapping[pd.Period, str]) -> None:
    """Hatched ground behind the months that are not all known."""
    for place, month in enumerate(months):
        if month in notes:
            ax.axvspan(place - 0.5, place + 0.5, facecolor=GROUND, hatch="//", edgecolor="white", linewidth=0, zorder=0)
