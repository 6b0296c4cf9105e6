"""Decomposition: why a rate moved, and whether an easy mix passes for good work.

Everything here starts from counts. A rate of a group is ``part`` over ``whole``: on time of resolved with a due date, or
online of received.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.counts import total, within
from analysis.metrics import ratio
from analysis.periods import Period, year_before
from analysis.strata import FEW, combine_strata, difference

SIDES = ("online", "in_person")
"""The channels that are compared."""


def on_time_parts(counts: pd.DataFrame) -> pd.DataFrame:
    """What an on-time rate (D1) is made of.

    Parameters
    ----------
    counts
        The columns of ``counts.RESOLVED``, summed.

    Returns
    -------
    DataFrame
        ``part`` (early or on time) and ``whole`` (with late), int64, by the rows of the counts.

    Examples
    --------
    >>> on_time_parts(pd.DataFrame({"resolved_early": [5], "resolved_on_time": [1], "resolved_late": [2]}))
       part  whole
    0     6      8
    """
    part = counts.resolved_early + counts.resolved_on_time
    return pd.DataFrame({"part": part, "whole": part + counts.resolved_late})


def online_parts(counts: pd.DataFrame) -> pd.DataFrame:
    """What an online share (O1) is made of: ``part`` is online, ``whole`` received; as ``on_time_parts``."""
    return pd.DataFrame({"part": counts.online, "whole": counts.received})


def against_year_before(counts: pd.DataFrame, period: Period, *, by: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Daily counts of a period and of the same days of the year before, each summed by a column."""
    return total(within(counts, period), by=[by]), total(within(counts, year_before(period)), by=[by])


def decompose(parts: pd.DataFrame, before: pd.DataFrame, *, few: int = FEW) -> pd.DataFrame:
    """The change of a rate, split by group into what is due to the mix and what happened within.

    Within a group: its mean share of the two years times the change of its rate. Mix: the change of its share times
    how far its mean rate stands above the mean of the two overall rates; a group below the mean that grows pulls the
    rate down. The columns add up to the change of the overall rate, whatever the groups. A group that one year does not
    have has in that year the overall rate.

    Parameters
    ----------
    parts, before
        ``part`` and ``whole`` by group, of the period and of the one before; as from ``on_time_parts``.
    few
        Of how many dossiers a rate begins to tell.

    Returns
    -------
    DataFrame
        Index: the groups of both. ``part``, ``whole``, ``part_before``, ``whole_before`` (int64); ``rate``,
        ``rate_before`` (missing where the group was not there); ``mix``, ``within`` and ``change``, their sum
        (float, 1 is 100 points; missing if a period has nothing at all); ``is_small`` (bool): fewer than ``few`` in a
        period. Those that moved the rate most come first.

    References
    ----------
    Kitagawa 1955, *Components of a Difference Between Two Rates*, JASA 50.

    Examples
    --------
    Both groups work as well as before, but more dossiers are of the slow kind:

    >>> this = pd.DataFrame({"part": [10, 18], "whole": [20, 20]}, index=["slow", "quick"])
    >>> last = pd.DataFrame({"part": [5, 27], "whole": [10, 30]}, index=["slow", "quick"])
    >>> decompose(this, last)[["rate", "rate_before", "mix", "within"]].round(4)
           rate  rate_before     mix  within
    slow    0.5          0.5 -0.0625     0.0
    quick   0.9          0.9 -0.0375     0.0
    """
    both = parts.join(before.add_suffix("_before"), how="outer").fillna(0).astype("int64")
    rate, rate_before = ratio(both.part, both.whole), ratio(both.part_before, both.whole_before)
    overall, overall_before = overall_rate(parts), overall_rate(before)
    share = both.whole / max(both.whole.sum(), 1)
    share_before = both.whole_before / max(both.whole_before.sum(), 1)
    now, then = rate.fillna(overall), rate_before.fillna(overall_before)
    mix = (share - share_before) * ((now + then) / 2 - (overall + overall_before) / 2)
    inside = (share + share_before) / 2 * (now - then)
    table = both.assign(rate=rate, rate_before=rate_before, mix=mix, within=inside, change=mix + inside)
    small = (both[["whole", "whole_before"]] < few).any(axis=1)
    seen = both.whole + both.whole_before > 0
    return table.assign(is_small=small)[seen].sort_values("change", key=lambda c: -c.abs(), kind="stable")


def effects(table: pd.DataFrame) -> pd.Series:
    """The sums of a decomposition.

    Returns
    -------
    Series
        ``rate``, ``rate_before``, ``change``, ``within``, ``mix``: the last two add up to the third.

    Examples
    --------
    >>> this, last = (pd.DataFrame({"part": [p], "whole": [10]}) for p in (6, 8))
    >>> effects(decompose(this, last)).round(3).to_dict()
    {'rate': 0.6, 'rate_before': 0.8, 'change': -0.2, 'within': -0.2, 'mix': 0.0}
    """
    before = table[["part_before", "whole_before"]].set_axis(["part", "whole"], axis=1)
    rates = {"rate": overall_rate(table), "rate_before": overall_rate(before)}
    sums = {name: table[name].sum(skipna=False) if len(table) else np.nan for name in ("change", "within", "mix")}
    return pd.Series(rates | sums, dtype="float64")


def overall_rate(parts: pd.DataFrame) -> float:
    """All of ``part`` over all of ``whole``; missing where there is nothing."""
    return float(parts.part.sum() / parts.whole.sum()) if parts.whole.sum() else np.nan


def compare_channels(
    counts: pd.DataFrame, *, within_each: str = "procedure", sides: Sequence[str] = SIDES
) -> pd.DataFrame:
    """The on-time rates of two channels within the same procedures (direct standardisation).

    Only procedures that resolved dossiers of both channels can be compared. Each channel's rates are weighted by the
    dossiers that both channels have together, so that neither looks good for having the easier procedures.

    Parameters
    ----------
    counts
        ``channel``, the column ``within_each``, and the columns of ``counts.RESOLVED``; summed here.
    within_each
        What must be the same; an empty name is no procedure, and has no counterpart.
    sides
        The two channels.

    Returns
    -------
    DataFrame
        Index ``channel``, in the order of ``sides``: ``part``, ``whole`` (int64) and ``rate`` as they are;
        ``compared`` and ``without_counterpart`` (int64; they add up to ``whole``); ``standardised``, ``low`` and
        ``high`` (95 %), missing where no procedure has both.

    References
    ----------
    Direct standardisation: e.g. Rothman, Greenland & Lash, *Modern Epidemiology*, chapter 3; the interval:
    ``strata.combine_strata``.

    Examples
    --------
    Online is quicker only because it has the easy procedure:

    >>> counts = pd.DataFrame({
    ...     "procedure": ["easy", "easy", "hard", "hard"], "channel": ["online", "in_person"] * 2,
    ...     "resolved_early": [72, 9, 4, 36], "resolved_on_time": 0, "resolved_late": [8, 1, 6, 54],
    ... })
    >>> compare_channels(counts)[["whole", "rate", "standardised"]].round(2)
               whole  rate  standardised
    channel
    online        90  0.84          0.64
    in_person    100  0.45          0.64
    """
    parts = on_time_parts(total(counts, by=[within_each, "channel"])).reset_index()
    parts = parts[parts.channel.isin(list(sides)) & (parts.whole > 0)]
    is_both = (parts.groupby(within_each).channel.transform("nunique") == len(sides)) & (parts[within_each] != "")
    parts = parts.assign(compared=parts.whole.where(is_both, 0))
    sums = parts.groupby("channel")[["part", "whole", "compared"]].sum().reindex(list(sides), fill_value=0)
    both = parts[is_both]
    joint = both.groupby(within_each).whole.transform("sum")
    strata = both.assign(rate=ratio(both.part, both.whole), weight=joint, worth=both.whole)
    combined = combine_strata(strata, by=["channel"])[["rate", "low", "high"]].rename(columns={"rate": "standardised"})
    table = sums.assign(rate=ratio(sums.part, sums.whole), without_counterpart=sums.whole - sums.compared)
    return table[["part", "whole", "rate", "compared", "without_counterpart"]].join(combined)


def channel_gap(compared: pd.DataFrame) -> tuple[float, float, float]:
    """The standardised rate of the first channel less that of the second, with its 95 % interval.

    Examples
    --------
    >>> rates = pd.DataFrame({"standardised": [0.8, 0.6], "low": [0.6918, 0.4905], "high": [0.8769, 0.7004]})
    >>> [round(end, 3) for end in channel_gap(rates)]
    [0.2, 0.052, 0.334]
    """
    rates = compared[["standardised", "low", "high"]].set_axis(["rate", "low", "high"], axis=1)
    return difference(rates.iloc[0], rates.iloc[1])
