"""Strata: a rate weighted over groups that are alike within, with an interval for the whole.

A rate over strata is no sum over a sum, so its interval cannot be Wilson's as it stands. Each stratum says how many
dossiers its own rate is worth; together they are worth a number of dossiers, and for that number Wilson's interval holds.
"""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist

import numpy as np
import pandas as pd

FEW = 10
"""A rate seen in fewer dossiers is marked, unless a department set otherwise: one of them moves it by more than ten points."""


def combine_strata(strata: pd.DataFrame, *, by: Sequence[str], confidence: float = 0.95) -> pd.DataFrame:
    """The rate of each group, weighted over its strata, and where it may lie.

    The variances of the strata are combined, the weights taken as given: Σ w² v ÷ (Σ w)². A stratum's variance v is
    p(1 − p) ÷ ``worth``, with p drawn to the rate of its group by z² dossiers: in a stratum of one dossier, of which all
    or none are on time, the plain p would claim certainty. The interval is Wilson's for the number of dossiers of
    which a plain rate would have this variance, so that it stays between 0 and 1 and opens at both ends.

    Parameters
    ----------
    strata
        The columns of ``by``, ``rate`` (0 to 1, or missing), ``weight`` (dossiers it stands for) and ``worth``
        (dossiers of which a plain rate would be as sure).
    by
        What tells groups apart.
    confidence
        Between 0 and 1.

    Returns
    -------
    DataFrame
        One row per group: ``weight``, ``rate``, ``low``, ``high``; all but the first missing where a stratum that has
        weight has no rate, or none has weight.

    References
    ----------
    Wilson 1927 (the interval); Agresti & Coull 1998 (z² dossiers added to a small number); Kish 1965, *Survey Sampling*
    (the effective number).

    Examples
    --------
    Two halves of 100 dossiers, all of them known, are one rate of 200 dossiers:

    >>> halves = pd.DataFrame({"month": 1, "rate": [0.5, 0.5], "weight": [100, 100], "worth": [100, 100]})
    >>> combine_strata(halves, by=["month"]).round(3)
           weight  rate    low   high
    month
    1         200   0.5  0.431  0.569
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    held = strata[strata.weight > 0]
    groups = held[list(by)].apply(tuple, axis=1) if len(by) > 1 else held[by[0]]
    sums = held.assign(product=held.weight * held.rate).groupby(list(by), sort=True)
    weight, rate = sums.weight.sum(), sums["product"].sum(skipna=False) / sums.weight.sum()
    pooled = groups.map(rate).to_numpy(float)
    drawn = (held.worth * held.rate + z * z * pooled) / (held.worth + z * z)
    one_each = held.weight**2 / held.worth
    parts = held.assign(one=one_each, seen=one_each * drawn * (1 - drawn)).groupby(list(by), sort=True)
    usual = rate * (1 - rate)
    variance = parts.seen.sum(skipna=False) / weight**2
    worth = (usual / variance).where(usual > 0, weight**2 / parts.one.sum(skipna=False))
    middle = (rate + z * z / (2 * worth)) / (1 + z * z / worth)
    half = z / (1 + z * z / worth) * np.sqrt(usual.clip(lower=0) / worth + (z / (2 * worth)) ** 2)
    # rounding may not push a rate of 0 or 1 out of its interval
    low, high = (middle - half).clip(lower=0, upper=rate), (middle + half).clip(lower=rate, upper=1)
    return pd.DataFrame({"weight": weight, "rate": rate, "low": low, "high": high})


def difference(first: pd.Series, second: pd.Series) -> tuple[float, float, float]:
    """The first rate less the second, with an interval from those of the two (Newcombe 1998, method 10).

    Parameters
    ----------
    first, second
        ``rate``, ``low`` and ``high`` of two independent rates, as rows of ``combine_strata``.

    Returns
    -------
    tuple of float
        Difference, its low end, its high end.

    Examples
    --------
    >>> [round(end, 3) for end in difference(
    ...     pd.Series({"rate": 56 / 70, "low": 0.6918, "high": 0.8769}),
    ...     pd.Series({"rate": 48 / 80, "low": 0.4905, "high": 0.7004}))]
    [0.2, 0.052, 0.334]
    """
    gap = first["rate"] - second["rate"]
    below = sqrt((first["rate"] - first["low"]) ** 2 + (second["high"] - second["rate"]) ** 2)
    above = sqrt((first["high"] - first["rate"]) ** 2 + (second["rate"] - second["low"]) ** 2)
    return float(gap), float(gap - below), float(gap + above)
