"""What a chart shows, in one line that is its title: computed from the table that is drawn.

A title claims a rise or a fall only where the two rates differ by more than chance would make them.
"""

from typing import NamedTuple

import pandas as pd

from analysis.labels import Labels
from analysis.metrics import wilson_interval
from analysis.strata import FEW, difference

QUARTER = 3
"""A move is from the first so many months to the last so many: one month alone says little."""


class Move(NamedTuple):
    """How a rate moved; the rates from 0 to 1."""

    kind: str
    """``rose``, ``fell`` or ``same``: the interval of the difference holds 0."""
    first: float
    last: float
    months: int
    """Of how many months each of the two rates is."""


def move_of(part: pd.Series, whole: pd.Series, *, few: int = FEW) -> Move | None:
    """How a rate moved from the first to the last three months, or from the first to the last where they are fewer than six.

    Parameters
    ----------
    part, whole
        Counts per month, in order; only months that are all known.
    few
        Where one of the two rates would be of fewer dossiers, nothing is said.

    Returns
    -------
    Move or None
        None where there is nothing to compare.

    Examples
    --------
    >>> move_of(pd.Series([5, 30]), pd.Series([100, 100]))
    Move(kind='rose', first=0.05, last=0.3, months=1)
    >>> move_of(pd.Series([5, 6]), pd.Series([100, 100])).kind
    'same'
    """
    months = QUARTER if len(whole) >= 2 * QUARTER else 1
    if len(whole) < 2:
        return None
    ends = pd.DataFrame({"part": [part.iloc[:months].sum(), part.iloc[-months:].sum()],
                         "whole": [whole.iloc[:months].sum(), whole.iloc[-months:].sum()]})  # fmt: skip
    if (ends.whole < max(few, 1)).any():
        return None
    rates = ends.assign(rate=ends.part / ends.whole).join(wilson_interval(ends.part, ends.whole))
    _, low, high = difference(rates.iloc[1], rates.iloc[0])
    kind = "rose" if low > 0 else "fell" if high < 0 else "same"
    return Move(kind, float(rates["rate"].iloc[0]), float(rates["rate"].iloc[1]), months)


def tell_move(measure: str, part: pd.Series, whole: pd.Series, *, few: int = FEW, labels: Labels) -> str:
    """The move of a rate as a title; without one, the rate of all months; empty where nothing is known.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> tell_move("online_share", pd.Series([5, 30]), pd.Series([100, 100]), labels=read_labels("en"))
    'Online share up from 5% (first month) to 30% (last month)'
    """
    name, total = labels.name(f"measures.{measure}"), whole.sum()
    if not total:
        return ""
    move = move_of(part, whole, few=few)
    if move is None:
        return labels.name("findings.rate", measure=name, rate=whole_percent(part.sum() / total, labels))
    span = "months" if move.months > 1 else "month"
    words = {"first": whole_percent(move.first, labels), "last": whole_percent(move.last, labels)}
    return labels.name(f"findings.{move.kind}_{span}", measure=name, **words)


def whole_percent(share: float, labels: Labels) -> str:
    """A share in whole per cent, as a title and a mark on a chart have it.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> whole_percent(0.1234, read_labels("en"))
    '12%'
    """
    return labels.as_typed(round(share, 2), of_share=True)
