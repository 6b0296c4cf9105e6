"""The indicators of Decision 766 in words: their names, their rules, and what those that cannot be computed lack."""

from math import isnan

import pandas as pd

from analysis.indicators import NEVER, NO_CALENDAR
from analysis.labels import NOTHING, Labels


def indicator_rows(table: pd.DataFrame, *, labels: Labels) -> pd.DataFrame:
    """Indicators with their number, name and rule; of one that could not be computed, also what it lacks.

    Parameters
    ----------
    table
        As ``indicators.indicators`` or ``points.with_points`` gives it.

    Returns
    -------
    DataFrame
        ``table`` with ``indicator``, ``name``, ``rule``, one row each.
    """
    names = [labels.name(f"indicators.name_{number}") for number in table.index]
    rules = [labels.name(f"indicators.rule_{number}") for number in table.index]
    lacks = [lacking(lack, labels=labels) for lack in table.lacks]
    told = [f"{rule} {lack}".strip() for rule, lack in zip(rules, lacks, strict=True)]
    return table.reset_index().assign(name=names, rule=told)


def lacking(lacks: str, *, labels: Labels) -> str:
    """What an indicator lacks, in words; empty if nothing.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> lacking("dossiers.paid_online", labels=read_labels("en"))
    'Cannot be computed from these exports: they lack paid online.'
    """
    if not lacks:
        return ""
    if lacks in {NO_CALENDAR, *NEVER.values()}:
        return labels.name(f"indicators.lacks_{lacks}")
    columns = [f"columns.{each.partition('.')[2]}" for each in lacks.split()]
    return labels.name("indicators.lacks_columns", columns=labels.several(map(labels.name, columns)))


def indicator_sentences(table: pd.DataFrame, *, points: bool, labels: Labels) -> list[str]:
    """Where the indicators come from, what eases one of them, and where points come from or why there are none."""
    eased = table.after_pauses.get("2.1", float("nan"))
    told = [labels.name("indicators.source")]
    if eased > 0:
        told.append(labels.name("indicators.after_pauses", number=labels.number(eased)))
    return [*told, labels.name("indicators.points_from" if points else "indicators.no_points")]


def value_of(value: float, unit: str, *, labels: Labels) -> str:
    """The value of an indicator: a share in per cent, or a number of working days."""
    return labels.percent(value) if unit == "share" else labels.number(value)


def term(days: float, unit: object, *, labels: Labels) -> str:
    """A procedure's term with its unit; a dash where the catalogue has none.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> term(20, "working_days", labels=read_labels("vi")), term(float("nan"), None, labels=read_labels("vi"))
    ('20 ngày làm việc', '–')
    """
    known = f"term_{unit}" in labels.texts["indicators"]
    return NOTHING if isnan(days) or not known else labels.name(f"indicators.term_{unit}", number=labels.number(days))
