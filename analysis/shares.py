"""Shares: one count over another, with what is unknown beside it.

A share has a name, a numerator and a denominator that are counts which add, and the columns that exports must have for
it. Where no export has them it is missing and says which, and is never 0.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import pandas as pd


class Share(NamedTuple):
    """Of which counts a share is made."""

    numerator: str
    denominator: str
    unknown: str = ""
    """The count of those about which a blank cell leaves it open whether they belong in the numerator."""
    columns: tuple[str, ...] = ()
    """The columns that the exports must have."""


def shares_of(sums: pd.Series, shares: Mapping[str, Share], *, known: Collection[str]) -> pd.DataFrame:
    """Every share of some sums.

    Parameters
    ----------
    sums
        Counts by name, summed over the days and groups in question.
    shares
        Name -> what it is made of.
    known
        The columns that some export has.

    Returns
    -------
    DataFrame
        One row per share: ``name``, ``numerator``, ``denominator``, ``share`` (0 to 1; missing where the denominator
        is 0), ``unknown``, and ``missing``, the columns that no export has (else empty; without them no number stands).

    Examples
    --------
    >>> sums = pd.Series({"signed": 3, "electronic": 4, "signature_unknown": 1})
    >>> signed = Share("signed", "electronic", "signature_unknown", ("form", "signed"))
    >>> shares_of(sums, {"signed": signed}, known=["form", "signed"])
         name  numerator  denominator  share  unknown missing
    0  signed        3.0          4.0   0.75      1.0
    >>> shares_of(sums, {"signed": signed}, known=["form"])
         name  numerator  denominator  share  unknown missing
    0  signed        NaN          NaN    NaN      NaN  signed
    """
    rows = [
        {
            "name": name,
            "numerator": sums[share.numerator],
            "denominator": sums[share.denominator],
            "unknown": sums[share.unknown] if share.unknown else 0,
            "missing": ", ".join(column for column in share.columns if column not in known),
        }
        for name, share in shares.items()
    ]
    columns = ["name", "numerator", "denominator", "unknown", "missing"]
    table = pd.DataFrame(rows, columns=columns).astype({"name": "str", "missing": "str"})
    numbers = table[["numerator", "denominator", "unknown"]].astype("float64").where(table.missing == "")
    share = numbers.numerator / numbers.denominator.where(numbers.denominator != 0)
    return table.assign(**numbers, share=share)[[*columns[:3], "share", *columns[3:]]]
