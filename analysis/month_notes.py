"""Months that are not all known: not over, or of days that nobody delivered; said where they are read."""

from collections.abc import Mapping

import pandas as pd

from analysis.answers import silent_months
from analysis.labels import Labels
from analysis.periods import Period
from analysis.store import Data

KINDS = ("part", "partly_silent", "silent")
"""Only some of its days lie in the period; the exports say nothing of some of its days, or of none."""


def notes_of(data: Data, period: Period, *, table: str = "dossiers") -> dict[pd.Period, str]:
    """The months of a period that are not all known, each with its kind, of ``KINDS``.

    Parameters
    ----------
    data
        What was read.
    period
        Cut at the day of the data (``periods.until``).
    table
        The table that the figures are of.
    """
    months = pd.period_range(period.first, period.last, freq="M")
    part = {m: "part" for m in months if m.start_time < period.first or m.end_time.normalize() > period.last}
    silent = silent_months(data, table, period)
    return part | {month: "silent" if of_all else "partly_silent" for month, of_all in silent.items()}


def whole_months(table: pd.DataFrame, notes: Mapping[pd.Period, str]) -> pd.DataFrame:
    """The months that are all known; if none is, all of them.

    Examples
    --------
    >>> table = pd.DataFrame({"received": [4, 1]}, index=pd.period_range("2022-10", periods=2, freq="M"))
    >>> whole_months(table, {pd.Period("2022-11"): "part"}).received.tolist()
    [4]
    """
    whole = table[[month not in notes for month in table.index]]
    return whole if len(whole) else table


def tell_notes(notes: Mapping[pd.Period, str], *, labels: Labels) -> str:
    """What is shaded, as a sentence; empty if nothing is.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> tell_notes({pd.Period("2022-08"): "silent", pd.Period("2022-11"): "part"}, labels=read_labels("en"))
    'Hatched ground: Aug 2022 not delivered; Nov 2022 known in part.'
    """
    told = []
    for kind in reversed(KINDS):
        months = [labels.month(month) for month, of in sorted(notes.items()) if of == kind]
        if months:
            told.append(labels.name(f"chart_notes.{kind}", months=labels.several(months)))
    return labels.name("chart_notes.ground", notes="; ".join(told)) if told else ""
