"""Targets: what was to be reached in a year, and how many dossiers are short of it.

A target is held against the figure of its own definition. How many are short is counted in whole dossiers and exactly:
95 % of 20 is 19, never 18.999.
"""

from fractions import Fraction
from math import ceil, isnan
from typing import Any

import pandas as pd

from analysis.answers import is_silent
from analysis.definitions import on_time_definitions, online_definitions
from analysis.handbook import Handbook
from analysis.handbook_targets import DEFINED, definition_of
from analysis.metrics import MEASURES, headline
from analysis.periods import Period, until
from analysis.store import Data
from analysis.vocabulary import fold

COLUMNS = {
    "measure": "str", "definition": "str", "year": "int64", "target_percent": "float64", "numerator": "Int64",
    "denominator": "Int64", "value": "float64", "met": "boolean", "short": "Int64", "last": "datetime64[us]",
    "is_over": "bool", "source": "str",
}  # fmt: skip


def targets_of(data: Data, asked: Period, *, figures: pd.DataFrame | None = None) -> pd.DataFrame:
    """The targets that hold for a period, each with the figure it is about.

    Parameters
    ----------
    data
        What was read. Of the data of a unit only the targets of that unit hold, else only those of the whole department.
    asked
        The period, not cut: the targets are those of the year of its last day.
    figures
        Its headline (``metrics.headline``) where it was computed already.

    Returns
    -------
    DataFrame
        One row per target, in the order of the handbook: ``measure``; ``definition``, empty of a measure that has only one;
        ``year``; ``target_percent``, as typed; ``numerator`` and ``denominator`` (Int64) and ``value`` (0 to 1) up to
        ``last``; ``met`` and ``short`` (see ``shortfall``); ``is_over``, whether ``last`` is the last day of the period;
        ``source``. What cannot be computed is missing, and so is ``met``.

    Raises
    ------
    Unanswerable
        If there are targets, and the exports say nothing of the period.

    Examples
    --------
    See ``shortfall``.
    """
    lines = _of_scope(data.handbook, data.unit)
    lines = lines[lines.year == asked.last.year]
    if lines.empty:
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    known = until(asked, data.as_of)
    figures = headline(data, known) if figures is None else figures
    sums = {key: _sums(data, known, figures, *key) for key in zip(lines.measure, lines.definition, strict=True)}
    rows = [line | _judged(line["value"], *sums[line["measure"], line["definition"]]) for line in _records(lines)]
    table = pd.DataFrame(rows).assign(last=known.last, is_over=known.last == asked.last)
    return table[list(COLUMNS)].astype(COLUMNS)


def yearly_targets(data: Data) -> pd.DataFrame:
    """The targets of every year that are about the report's own definitions, so that they may be drawn beside its rates.

    Returns
    -------
    DataFrame
        Index ``year``; a float column for each measure that has a target, from 0 to 1, missing in years without one.

    Examples
    --------
    >>> yearly_targets(Data(lambda name: None, *[None] * 9)).shape
    (0, 0)
    """
    lines = _of_scope(data.handbook, data.unit)
    own = lines.definition.eq(lines.measure.map({m: names[0] for m, names in DEFINED.items()}).fillna(""))
    return lines[own].assign(value=lines.value / 100).pivot(index="year", columns="measure", values="value")


def shortfall(numerator: int, denominator: int, percent: float) -> int:
    """How many more would have to be in the numerator for a target to be met; 0 if it is.

    Exact in integers: the target is the decimal number that was typed, not the float nearest to it.

    Parameters
    ----------
    numerator, denominator
        Counts.
    percent
        The target, above 0 and up to 100.

    Examples
    --------
    >>> shortfall(600, 855, 95), shortfall(19, 20, 95), shortfall(579, 1000, 57.9)
    (213, 0, 0)
    """
    return max(0, ceil(Fraction(str(percent)) * denominator / 100) - numerator)


def _of_scope(handbook: Handbook, unit: str) -> pd.DataFrame:
    """The targets of a unit, or of the whole department; ``definition`` filled in."""
    lines = handbook.of("targets")
    lines = lines[lines.unit.map(fold) == fold(unit)]
    return lines.assign(definition=definition_of(lines))


def _records(lines: pd.DataFrame) -> list[dict[Any, Any]]:
    return lines.assign(target_percent=lines.value).to_dict("records")


def _judged(percent: float, numerator: float, denominator: float) -> dict[str, Any]:
    """What a target comes to; nothing where its figure cannot be computed, or nothing stands below it."""
    if isnan(numerator + denominator):
        return dict.fromkeys(("numerator", "denominator", "met", "short")) | {"value": float("nan")}
    part, whole = int(numerator), int(denominator)
    if not whole:
        return {"numerator": part, "denominator": whole, "met": None, "short": None, "value": float("nan")}
    short = shortfall(part, whole, percent)
    return {"numerator": part, "denominator": whole, "met": not short, "short": short, "value": part / whole}


def _sums(data: Data, known: Period, figures: pd.DataFrame, measure: str, definition: str) -> tuple[float, float]:
    """Numerator and denominator of a measure under a definition; missing where the exports do not say."""
    if definition == DEFINED.get(measure, ("",))[0]:
        table, row = figures, measure
    elif is_silent(data, "dossiers", known) or not data.has("dossiers", str(MEASURES[measure].column)):
        return float("nan"), float("nan")
    else:
        table, row = _defined(data, known, measure), definition
    sums = table[["numerator", "denominator"]].astype("float64").to_dict("index")
    return sums[row]["numerator"], sums[row]["denominator"]


def _defined(data: Data, known: Period, measure: str) -> pd.DataFrame:
    """A measure under every definition."""
    if measure == "on_time_rate":
        return on_time_definitions(data.dossiers, known)
    has_results = data.has("dossiers", "result_digitised")
    return online_definitions(data.dossiers, data.procedures, known, has_results=has_results)
