"""The lines of targets on charts of rates: dashed in the colour of their rate, each labelled where it lies."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.handbook_targets import DEFINED
from analysis.labels import Labels

LOOK: dict[str, Any] = {"linestyle": (0, (6, 2, 1, 2)), "linewidth": 1.4, "zorder": 1.5}
LABEL = 0.3
"""The part of the axis that the label of a level takes, about."""

PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 0, "alpha": 0.85}
"""Behind a text that may lie over a line. An outline around each letter would make the picture ten times as large."""


def own_targets(targets: pd.DataFrame | None, measures: Iterable[str]) -> dict[str, float]:
    """Measure -> target (0 to 1), of those of some measures that are about the report's own definitions.

    Only these may be drawn: a line of another definition beside a rate would be read against it.

    Examples
    --------
    >>> targets = pd.DataFrame({"measure": ["on_time_rate"] * 2, "definition": ["D2", "D1"], "target_percent": [95.0, 90.0]})
    >>> own_targets(targets, ["online_share", "on_time_rate"])
    {'on_time_rate': 0.9}
    """
    if targets is None:
        return {}
    rows = zip(targets.measure, targets.definition, targets.target_percent, strict=True)
    held = {measure: percent / 100 for measure, of, percent in rows if of == DEFINED.get(measure, ("",))[0]}
    return {measure: held[measure] for measure in measures if measure in held}


def draw_upright(
    ax: Axes, targets: Mapping[str, float], colours: Mapping[str, str], *, top: float, labels: Labels
) -> str:
    """A line from top to bottom for each of ``own_targets``; the labels stand one below the other from ``top`` on.

    Returns
    -------
    str
        What is drawn, as a sentence; empty if nothing is.
    """
    for number, (measure, value) in enumerate(targets.items()):
        ax.axvline(value, color=colours[measure], **LOOK)
        text = labels.name("targets.line_of", measure=_name(measure, labels), target=_written(value, labels))
        aside, away = ("right", -4) if value > 0.5 else ("left", 4)
        ax.annotate(text, (value, top + 0.36 * number), (away, 0), textcoords="offset points", ha=aside, va="center",
                    color=colours[measure], bbox=PAPER)  # fmt: skip
    return _said((f"{_name(m, labels)} {_written(v, labels)}" for m, v in targets.items()), labels)


def draw_across(
    ax: Axes, targets: Mapping[str, float], colours: Mapping[str, str], rates: np.ndarray, *, labels: Labels
) -> str:
    """A line from side to side for each of ``own_targets``, labelled where the rates that are drawn leave room.

    Returns
    -------
    str
        What is drawn, as a sentence; empty if nothing is.
    """
    for measure, value in targets.items():
        ax.axhline(value, color=colours[measure], **LOOK)
        text, place = _label(rates.reshape(-1, 1), np.arange(len(rates)), value, labels)
        ax.annotate(text, (place, value), (2, 4), textcoords="offset points", color=colours[measure], bbox=PAPER)
    return _said((f"{_name(m, labels)} {_written(v, labels)}" for m, v in targets.items()), labels)


def draw_steps(
    ax: Axes, monthly: pd.DataFrame, yearly: pd.DataFrame, colours: Mapping[str, str], *, labels: Labels
) -> str:
    """A line of steps for each measure, one step a year, along months at the whole numbers; labelled at each level.

    Parameters
    ----------
    monthly
        The rates that are drawn, as from ``trends.monthly``; a label stands where they are farthest from it.
    yearly
        As from ``targets.yearly_targets``.
    colours
        Measure -> colour of its rate; others are not drawn.

    Returns
    -------
    str
        What is drawn, as a sentence; empty if nothing is.
    """
    told, years = [], pd.PeriodIndex(monthly.index).year.to_numpy()
    rates = monthly[list(colours)].to_numpy("float64")
    for measure in [m for m in colours if m in yearly]:
        values = yearly[measure].reindex(pd.unique(years)).astype("float64")
        if values.isna().all():
            continue
        places = np.concatenate([np.flatnonzero(years == year)[[0, -1]] + [-0.5, 0.5] for year in values.index])
        ax.plot(places, np.repeat(values.to_numpy(), 2), color=colours[measure], **LOOK)
        for named, value in _levels(values):
            text, place = _label(rates, np.flatnonzero(np.isin(years, named)), value, labels)
            ax.annotate(text, (place, value), (2, 4), textcoords="offset points", color=colours[measure], bbox=PAPER)  # fmt: skip
            told.append(_of_years(measure, value, named, labels))
    return _said(told, labels)


def _levels(values: pd.Series) -> Iterable[tuple[list[int], float]]:
    """The years of an equal target, one after the other."""
    number = (values != values.shift()).cumsum()
    for _, same in values.dropna().groupby(number):
        yield list(same.index), float(same.iloc[0])


def _label(rates: np.ndarray, months: np.ndarray, value: float, labels: Labels) -> tuple[str, float]:
    """What is written on a level, and where: over the months in which the rates leave the most room above it."""
    width = max(1, round(LABEL * len(rates)))
    if len(months) < width:
        return _written(value, labels), months[0] - 0.5
    apart = np.nan_to_num(np.abs(rates - value - 0.03), nan=1).min(axis=1)
    room = [apart[start : start + width].min() for start in months[: len(months) - width + 1]]
    return labels.name("targets.line", target=_written(value, labels)), months[int(np.argmax(room))] - 0.5


def _of_years(measure: str, value: float, years: list[int], labels: Labels) -> str:
    span = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    words = {"measure": _name(measure, labels), "target": _written(value, labels), "years": span}
    return labels.name("targets.drawn_year", **words)


def _said(parts: Iterable[str], labels: Labels) -> str:
    listed = list(parts)
    return labels.name("targets.drawn", targets="; ".join(listed)) if listed else ""


def _name(measure: str, labels: Labels) -> str:
    return labels.name(f"measures.{measure}")


def _written(value: float, labels: Labels) -> str:
    return labels.as_typed(value, of_share=True)
