"""What a chart draws, read back from its figure as plain lists, so that a test holds data against data and not pixels."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.text import Text


def bars_of(ax: Axes) -> dict[str, list[float]]:
    """Name of a part -> the heights of its bars."""
    return {bars.get_label(): [round(float(bar.get_height()), 4) for bar in bars] for bars in ax.containers}


def lines_of(ax: Axes) -> list[list[float | None]]:
    """The heights of each line with more than two points, in the order in which they were drawn."""
    drawn = [np.asarray(line.get_ydata(), dtype=float) for line in ax.lines if len(line.get_xdata()) > 2]
    return [[None if np.isnan(y) else round(float(y), 4) for y in line] for line in drawn]


def hollow_of(ax: Axes) -> list[float]:
    """Where the hollow points stand."""
    return [float(x) for line in ax.lines if line.get_markerfacecolor() == "white" for x in line.get_xdata()]


def points_of(ax: Axes) -> list[tuple[float, bool]]:
    """Where single points stand, and whether each is filled."""
    clouds = [cloud for cloud in ax.collections if isinstance(cloud, PathCollection)]
    filled = [bool((cloud.get_facecolor()[:, :3] < 1).any()) for cloud in clouds]
    found = zip(clouds, filled, strict=True)
    return [(round(float(x), 4), is_filled) for cloud, is_filled in found for x, _ in cloud.get_offsets()]


def targets_of(ax: Axes) -> list[float]:
    """The heights of lines from side to side."""
    return [float(line.get_ydata()[0]) for line in ax.lines if list(line.get_xdata()) == [0, 1]]


def texts_of(ax: Axes) -> list[str]:
    """What is written on it, line breaks as spaces."""
    return [" ".join(text.get_text().split()) for text in ax.texts]


def ticks_of(ax: Axes) -> list[str]:
    return [" ".join(tick.get_text().split()) for tick in ax.get_xticklabels()]


def shaded_of(ax: Axes) -> list[float]:
    """The middles of what is hatched behind the months."""
    grounds = [patch for patch in ax.patches if patch.get_zorder() == 0]
    return [float(patch.get_x() + patch.get_width() / 2) for patch in grounds]


def written(ax: Axes) -> list[Text]:
    """Every text of the whole figure that is seen, the title of the chart apart."""
    panels = [panel for one in ax.get_figure(root=True).axes for panel in (one, *one.child_axes)]
    found = []
    for panel in dict.fromkeys(panels):
        found += [*panel.texts, panel._left_title]
        for axis in (panel.xaxis, panel.yaxis):
            found += [axis.label, *(tick.label1 for tick in axis._update_ticks())]
    titles = {id(ax._left_title)}
    return [text for text in found if text.get_text() and text.get_visible() and id(text) not in titles]


def overlaps(ax: Axes) -> list[tuple[str, str]]:
    """Pairs of texts of the figure that lie over each other by more than a point."""
    texts = written(ax)
    boxes = [text.get_window_extent() for text in texts]
    pairs = [(i, j) for i in range(len(texts)) for j in range(i)]
    return [(texts[j].get_text(), texts[i].get_text()) for i, j in pairs if _overlap(boxes[i], boxes[j])]


def outside(ax: Axes) -> list[str]:
    """Texts that do not lie wholly in the picture."""
    figure = ax.get_figure(root=True)
    width, height = figure.bbox.width, figure.bbox.height
    found = [(text.get_text(), text.get_window_extent()) for text in written(ax)]
    return [text for text, box in found if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1]


def _overlap(one, other, slack: float = 1.5) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    upright = min(one.y1, other.y1) - max(one.y0, other.y0)
    return across > slack and upright > slack
