"""The charts of procedures and fields: rates of the busiest procedures, and a small chart for each field."""

from textwrap import shorten, wrap

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from analysis.canvas import axes_of, head, in_house_style, percent_format, say
from analysis.findings import whole_percent
from analysis.labels import Labels
from analysis.metrics import on_time_rate, online_share, wilson_interval
from analysis.palette import RATES
from analysis.strata import FEW
from analysis.target_lines import PAPER, draw_upright, own_targets

NAME_LETTERS, NAME_LINES = 58, 2
"""Of the name of a procedure so much is written."""

STEP = 0.33
"""The height of a line of text, where a procedure with a name of one line has 1."""

MARKERS = {"online_share": "o", "on_time_rate": "D"}


@in_house_style
def plot_procedures(
    procedures: pd.DataFrame, *, labels: Labels, most: int = 10, targets: pd.DataFrame | None = None,
    few: int = FEW, ax: Axes | None = None,
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
    few
        The mark of a rate of fewer dossiers is hollow.
    labels, ax
        As in ``charts.plot_intake``.

    Returns
    -------
    Axes
        Labelled with the sentence.
    """
    named = procedures[procedures.procedure != ""]
    busiest = named[named.received > 0].head(most)
    texts = [_name_lines(*row, labels) for row in zip(busiest.procedure, busiest.received, strict=True)]
    rows = np.cumsum([0, *(1.0 + STEP * text.count("\n") for text in texts)])
    goals = own_targets(targets, RATES)
    top = -0.4 - STEP * (len(RATES) + len(goals))
    ax = axes_of(ax, height=0.5 + 0.5 * (max(rows[-1], 2) - top))
    unit = labels.name("charts.procedures_unit")
    if busiest.empty:
        return say(head(ax, labels.name("charts.procedures"), unit), labels.name("charts.nothing"))
    drawn = draw_upright(ax, goals, RATES, top=top + STEP * (len(RATES) + 0.4), labels=labels)
    shares = _draw_rates(ax, busiest, rows[1:] - 0.3, few)
    for row, text in zip(rows, texts, strict=False):
        # A name with two dollar signs is no formula.
        ax.text(0, row, text, va="top", parse_math=False, bbox=PAPER, linespacing=1.1)
    _name_marks(ax, top, labels)
    ax.set(xlim=(-0.02, 1.02), ylim=(rows[-1] + 0.1, top), yticks=[])
    ax.xaxis.set_major_formatter(percent_format(labels))
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    head(ax, _finding(shares, labels), unit)
    share = busiest.assign(share=online_share).sort_values(["share", "received"], ascending=False).iloc[0]
    said = labels.name(
        "charts.procedures_says",
        number=labels.number(len(busiest)), share=labels.percent(busiest.received.sum() / procedures.received.sum()),
        most=busiest.procedure.iloc[0], received=labels.number(busiest.received.iloc[0]),
        online=share.procedure, online_share=labels.percent(share.share),
    )  # fmt: skip
    return say(ax, f"{said} {drawn}".strip())


def _name_lines(name: str, received: int, labels: Labels) -> str:
    """A name and its number of dossiers, in one or two lines."""
    count = f"\xa0({labels.number(received)})"
    lines = wrap(name + count, NAME_LETTERS) or [name + count]
    if len(lines) > NAME_LINES:
        lines = [
            *lines[: NAME_LINES - 1],
            shorten(" ".join(lines[1:]), NAME_LETTERS - len(count) - 2, placeholder=" …") + count,
        ]
    return "\n".join(lines)


def _draw_rates(ax: Axes, busiest: pd.DataFrame, rows: np.ndarray, few: int) -> pd.DataFrame:
    """Both rates of each procedure, one a little above the other."""
    timely = busiest.resolved_early + busiest.resolved_on_time
    sums = {"online_share": (busiest.online, busiest.received, -0.12),
            "on_time_rate": (timely, timely + busiest.resolved_late, 0.08)}  # fmt: skip
    for measure, (part, whole, lower) in sums.items():
        interval, colour = wilson_interval(part, whole), RATES[measure]
        ax.hlines(rows + lower, interval.low, interval.high, color=colour, alpha=0.3, linewidth=4)
        rate = (part / whole.where(whole > 0)).to_numpy(float)
        for hollow, fill in ((False, colour), (True, "white")):
            held = (whole < few).to_numpy() == hollow
            sns.scatterplot(
                x=rate[held], y=rows[held] + lower, marker=MARKERS[measure], facecolor=fill, edgecolor=colour,
                linewidth=1, s=42, legend=False, ax=ax,
            )  # fmt: skip
    return pd.DataFrame({"online_share": online_share(busiest), "on_time_rate": on_time_rate(busiest)})


def _name_marks(ax: Axes, top: float, labels: Labels) -> None:
    """What the two marks mean, in their colours, above the first procedure."""
    for line, (measure, colour) in enumerate(RATES.items()):
        at = top + STEP * (line + 0.5)
        ax.plot([0.01], [at], MARKERS[measure], color=colour, markersize=6.5)
        ax.text(0.035, at, labels.name(f"charts.{measure}"), va="center", color=colour)


def _finding(shares: pd.DataFrame, labels: Labels) -> str:
    """Between what the two rates lie."""
    if len(shares) < 2 or shares.isna().all().any():
        return labels.name("charts.procedures")
    ends = {"low": shares.min(), "high": shares.max()}
    words = {f"{end}_{m}": whole_percent(found[m], labels) for end, found in ends.items() for m in RATES}
    return labels.name("findings.procedures", number=labels.number(len(shares)), **words)
