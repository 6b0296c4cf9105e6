"""What every chart is drawn on: the house style, axes, and the sentence that says what a chart shows."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from analysis.labels import Labels

P = ParamSpec("P")

HOUSE = Path(__file__).with_name("house.mplstyle")

FEW_MONTHS = 8
"""So many months may each be written with their year."""

STEPS, MOST_TICKS = (1, 2, 3, 6, 12, 24, 60), 12
"""Every how many months one is named, so that no more than so many are."""


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


def name_months(ax: Axes, months: pd.Index, labels: Labels) -> None:
    """Months below an axis, at the whole numbers; where they are many, every second, third, sixth ... is named."""
    months = pd.PeriodIndex(months)
    step = next((step for step in STEPS if len(months) <= step * MOST_TICKS), STEPS[-1])
    shown = [i for i, month in enumerate(months) if (month.year * 12 + month.month - 1) % step == 0]
    short = step == 1 and len(months) > FEW_MONTHS
    names = [str(months[i].month) if short and months[i].month > 1 else labels.month(months[i]) for i in shown]
    ax.set_xticks(shown, names, rotation=0 if step == 1 else 30, ha="center" if step == 1 else "right")


def legend(ax: Axes, *, columns: int | None = None) -> None:
    """The names of what is drawn, below the picture; in one row unless said."""
    handles, names = ax.get_legend_handles_labels()
    if handles:
        inches = 0.62 if ax.get_xlabel() else 0.42
        below = -inches / ax.get_window_extent().height * ax.figure.dpi
        ax.legend(
            handles, names, ncols=columns or len(names), loc="upper center", bbox_to_anchor=(0.5, below), fontsize=10.5
        )
