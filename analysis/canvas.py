"""What every chart is drawn on: the house style, axes, and the sentence that says what a chart shows."""

import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from textwrap import fill
from typing import ParamSpec

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from analysis.labels import Labels

P = ParamSpec("P")

HOUSE = Path(__file__).with_name("house.mplstyle")

SHORT_SPAN = 14
"""So many months may each be named along an axis."""

STEPS, MOST_TICKS = (2, 3, 6, 12, 24, 60), 6
"""Of more months every how many are named, so that no more than so many are."""

PARTED = "\n\n"
"""Stands in a title between the finding and its unit."""

LINE = 54
"""Characters of a title, or of a note below a chart, that fit into a line."""


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


def head(ax: Axes, finding: str, unit: str = "") -> Axes:
    r"""The Axes, titled with what it shows as a finding, and what is counted.

    Examples
    --------
    >>> head(plt.subplots()[1], "Intake doubled", "dossiers per month").get_title("left")
    'Intake doubled\n\ndossiers per month'
    """
    ax.set_title(PARTED.join(fill(text, LINE) for text in (finding, unit) if text), loc="left")
    return ax


def note_below(ax: Axes, *notes: str) -> None:
    """What must be known to read a chart, below its axis; one line or more for each."""
    ax.set_xlabel("\n".join(fill(note, LINE) for note in notes if note), loc="left")


def name_months(ax: Axes, months: pd.Index, labels: Labels) -> None:
    """Months below an axis, at the whole numbers, the year under the first and under each January; where they are
    many, every second, third, sixth ... is named.
    """
    months = pd.PeriodIndex(months)
    step = 1 if len(months) <= SHORT_SPAN else next((s for s in STEPS if len(months) <= s * MOST_TICKS), STEPS[-1])
    shown = [i for i, month in enumerate(months) if (month.year * 12 + month.month - 1) % step == 0]
    names = []
    for i in shown:
        name, year = re.split("[/ ]", labels.month(months[i]))
        names.append(f"{name}\n{year}" if i == shown[0] or months[i].month == 1 or step > 1 else name)
    ax.set_xticks(shown, names)
