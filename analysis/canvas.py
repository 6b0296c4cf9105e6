"""What every chart is drawn on: the house style, axes, and the sentence that says what a chart shows."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from analysis.labels import Labels

P = ParamSpec("P")

HOUSE = Path(__file__).with_name("house.mplstyle")


def in_house_style(plot: Callable[P, Axes]) -> Callable[P, Axes]:
    """Draw in the house style, whatever style the session has."""

    @wraps(plot)
    def styled(*args: P.args, **options: P.kwargs) -> Axes:
        with mpl.rc_context(fname=HOUSE):
            return plot(*args, **options)

    return styled


def axes_of(ax: Axes | None, *, height: float | None = None) -> Axes:
    """The Axes given, or those of a new figure."""
    width, usual = mpl.rcParams["figure.figsize"]
    return ax or plt.subplots(figsize=(width, height or usual))[1]


def say(ax: Axes, sentence: str) -> Axes:
    """The Axes, labelled with what they show; it is the chart for those who cannot see it."""
    ax.set_label(sentence)
    return ax


def number_format(labels: Labels) -> FuncFormatter:
    """Counts along an axis, as the language writes them."""
    write: Callable[[float, int], str] = lambda value, _: labels.number(value)  # noqa: E731 - typed for FuncFormatter
    return FuncFormatter(write)


def percent_format(labels: Labels) -> FuncFormatter:
    """Shares along an axis, in whole per cent."""
    return FuncFormatter(lambda share, _: labels.percent(round(share, 2)).replace(",00", "").replace(".00", ""))


def legend(ax: Axes) -> None:
    """The names of what is drawn, in one row below the picture."""
    handles, names = ax.get_legend_handles_labels()
    if handles:
        inches = 0.62 if ax.get_xlabel() else 0.42
        below = -inches / ax.get_window_extent().height * ax.figure.dpi
        ax.legend(handles, names, ncols=len(names), loc="upper center", bbox_to_anchor=(0.5, below), fontsize=10.5)
