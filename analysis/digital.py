"""How far the desk works electronically: filing with and without help, online payment, digitised results.

Each is counted on its own day and over its own denominator; a blank cell is unknown, never a no. The exports do not show a
visit to the office or an inspection on site, which a dossier handled fully online must be without; so that share may
overstate.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.counts import ended_on, is_accepted, is_resolved
from analysis.shares import Share

SHARES = {
    "assisted_of_online": Share("assisted", "online", "assistance_unknown", ("channel", "assisted")),
    "paid_online_of_fee_due": Share("paid_online", "fee_due", "payment_or_fee_unknown", ("fee_due", "paid_online")),
    "digitised_of_resolved": Share("digitised", "resolved", "digitised_unknown", ("result_digitised",)),
    "digitised_of_known": Share("digitised", "digitised_known", "digitised_unknown", ("result_digitised",)),
    "fully_online_of_resolved": Share(
        "fully_online", "resolved", "fully_online_unknown", ("channel", "fee_due", "paid_online", "result_digitised")
    ),
}
"""Paid online: dossiers paid online over those of procedures with a fee, less those whose fee is 0 (Decision
766/QĐ-TTg, indicator 3.6). Fully online: handled online from filing to result (Decision 942/QĐ-TTg, target of 80 % for
2025)."""


def count_filing(dossiers: pd.DataFrame, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """Dossiers per day of receipt and group: filed online alone or with help, with a fee, and paid online.

    Parameters
    ----------
    dossiers
        One row per dossier; the columns of ``tables.DOSSIERS``.
    by
        Columns to group by; a missing value is an empty text.

    Returns
    -------
    DataFrame
        ``day``, the columns of ``by``, and int64 counts: ``received``; ``online``, and ``assisted``, ``alone`` and
        ``assistance_unknown``, which sum to it; ``fee_due``, ``no_fee`` and ``fee_unknown``, which sum to ``received``;
        ``paid_online``, ``not_paid_online`` and ``payment_unknown``, which sum to ``fee_due``; ``payment_or_fee_unknown``.

    Examples
    --------
    >>> dossiers = pd.DataFrame({
    ...     "channel": ["online", "online", "in_person"], "assisted": ["yes", None, None], "status": "pending",
    ...     "fee_due": ["yes", "yes", "no"], "paid_online": ["yes", "no", None],
    ...     "received_on": pd.to_datetime(["2022-01-03"] * 3),
    ... })
    >>> count_filing(dossiers)[["online", "assisted", "assistance_unknown", "fee_due", "paid_online"]]
       online  assisted  assistance_unknown  fee_due  paid_online
    0       2         1                   1        2            1
    """
    online, assisted = dossiers.channel.eq("online"), _answer(dossiers.assisted)
    fee, paid = _answer(dossiers.fee_due), _answer(dossiers.paid_online)
    marks = {
        "received": True,
        "online": online,
        "assisted": online & (assisted == "yes"),
        "alone": online & (assisted == "no"),
        "assistance_unknown": online & (assisted == ""),
        "fee_due": fee == "yes",
        "no_fee": fee == "no",
        "fee_unknown": fee == "",
        "paid_online": (fee == "yes") & (paid == "yes"),
        "not_paid_online": (fee == "yes") & (paid == "no"),
        "payment_unknown": (fee == "yes") & (paid == ""),
        "payment_or_fee_unknown": (fee == "") | ((fee == "yes") & (paid == "")),
    }
    return _count(dossiers, dossiers.received_on.dt.normalize(), marks, by, is_accepted(dossiers))


def count_results(dossiers: pd.DataFrame, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """Dossiers per day of their result and group: with a digitised result, and handled fully online.

    Fully online: filed online and without the desk's help, any fee paid online, the result digitised. One of these that is
    known to be otherwise makes it a no; one that is blank leaves it unknown, but for the help, which few exports name.

    Returns
    -------
    DataFrame
        ``day``, the columns of ``by``, and int64 counts: ``resolved``; ``digitised``, ``not_digitised`` and
        ``digitised_unknown``, which sum to it; ``digitised_known``, the first two; ``fully_online``,
        ``not_fully_online`` and ``fully_online_unknown``, which sum to ``resolved``. Parameters as in ``count_filing``.

    Examples
    --------
    >>> days = pd.DataFrame({"received_on": ["2022-01-03"] * 3, "resolved_on": ["2022-01-05"] * 3, "closed_on": None})
    >>> dossiers = days.astype("datetime64[us]").assign(
    ...     channel="online", status="resolved", assisted=None, fee_due=["yes", "no", "yes"],
    ...     paid_online=["yes", None, "no"], result_digitised=["yes", "yes", None],
    ... )
    >>> count_results(dossiers)[["resolved", "digitised", "digitised_unknown", "fully_online", "not_fully_online"]]
       resolved  digitised  digitised_unknown  fully_online  not_fully_online
    0         3          2                  1             2                 1
    """
    digitised = _answer(dossiers.result_digitised)
    fully = _fully_online(dossiers)
    marks = {
        "resolved": True,
        "digitised": digitised == "yes",
        "not_digitised": digitised == "no",
        "digitised_unknown": digitised == "",
        "digitised_known": digitised != "",
        "fully_online": fully == "yes",
        "not_fully_online": fully == "no",
        "fully_online_unknown": fully == "",
    }
    return _count(dossiers, ended_on(dossiers), marks, by, is_resolved(dossiers))


def _fully_online(dossiers: pd.DataFrame) -> np.ndarray:
    """``yes``, ``no``, or an empty text where a blank cell leaves it open."""
    channel = dossiers.channel.astype("str").fillna("unknown")
    assisted, fee, paid, digitised = (
        _answer(dossiers[c]) for c in ("assisted", "fee_due", "paid_online", "result_digitised")
    )
    told = {"online": "yes", "unknown": ""}
    filed = channel.map(told).where(channel.isin(told), "no")
    settled = paid.mask((fee == "") & (paid == "no"), "").mask(fee == "no", "yes")
    parts = (filed, settled, digitised)
    is_no = (assisted == "yes") | np.logical_or.reduce([part == "no" for part in parts])
    is_yes = np.logical_and.reduce([part == "yes" for part in parts])
    return np.select([is_no, is_yes], ["no", "yes"], "")


def _answer(words: pd.Series) -> pd.Series:
    """``yes``, ``no``, or an empty text where nothing or nothing known is said."""
    said = words.astype("str")
    return said.where(said.isin(["yes", "no"]), "")


def _count(
    dossiers: pd.DataFrame, day: pd.Series, marks: dict[str, object], by: Sequence[str], where: pd.Series
) -> pd.DataFrame:
    """How many of some dossiers have each mark, per day and group."""
    groups = {c: dossiers[c].astype("str").fillna("") for c in by}
    table = pd.DataFrame({"day": day, **groups, **marks}, index=dossiers.index)[where]
    counts = table.astype(dict.fromkeys(marks, "int64"))
    return counts.groupby(["day", *by], as_index=False)[list(marks)].sum()
