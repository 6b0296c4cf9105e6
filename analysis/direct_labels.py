"""Names beside what they name, instead of a legend: at the end of a line, beside the last bar."""

from collections.abc import Sequence
from textwrap import wrap
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.palette import INK, Look

NAME_LETTERS = 11
"""Longer names stand in two lines."""

LINE_POINTS = 13.5
"""What a line of 11 points takes."""

SHRUNK = 0.8
"""What layout leaves of the height of an Axes, at least."""


class Named(NamedTuple):
    """A name, and the height of what it names."""

    height: float
    name: str
    look: Look


def name_beside(ax: Axes, named: Sequence[Named], *, swatch: bool = True) -> None:
    """Names to the right of an Axes, each as near to its height as the others leave room, in the order given from below.

    Parameters
    ----------
    ax
        With its limits as they will be.
    named
        From the lowest to the highest.
    swatch
        A patch of colour and pattern before the name; else the name itself has the colour, which must then be dark.
    """
    texts = ["\n".join(wrap(one.name, NAME_LETTERS, break_long_words=False)) for one in named]
    low, high = ax.get_ylim()
    per_point = (high - low) / _points(ax)
    sizes = [LINE_POINTS * (text.count("\n") + 1) * per_point for text in texts]
    heights = spread([one.height for one in named], sizes, low=low, high=high)
    for one, text, height in zip(named, texts, heights, strict=True):
        if swatch:
            half = 4.5 * per_point
            ax.add_patch(Rectangle(
                (1.02, height - half), 0.03, 2 * half, transform=ax.get_yaxis_transform(), clip_on=False, linewidth=0,
                facecolor=one.look.colour, hatch=one.look.hatch,
            ))  # fmt: skip
        ax.annotate(text, (1.07 if swatch else 1.02, height), xycoords=ax.get_yaxis_transform(), va="center",
                    color=INK if swatch else one.look.colour, annotation_clip=False, linespacing=1.1)  # fmt: skip


def spread(heights: Sequence[float], sizes: Sequence[float], *, low: float, high: float) -> list[float]:
    """Heights moved apart so that nothing of those sizes overlaps; the order stays, and all is between ``low`` and ``high``
    if there is room.

    Examples
    --------
    >>> spread([1, 2, 9], [4, 4, 4], low=0, high=12)
    [2.0, 6.0, 10.0]
    """
    at, floor = [], low
    for height, size in zip(heights, sizes, strict=True):
        at.append(max(float(height), floor + size / 2))
        floor = at[-1] + size / 2
    ceiling = high
    for i in range(len(at) - 1, -1, -1):
        at[i] = min(at[i], ceiling - sizes[i] / 2)
        ceiling = at[i] - sizes[i] / 2
    return at


def _points(ax: Axes) -> float:
    """How high an Axes will be, in points, or somewhat less: the figure is not laid out yet."""
    return SHRUNK * float(ax.get_window_extent().height) * 72 / ax.figure.dpi
