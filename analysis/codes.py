"""Codes: the national part of a procedure's code, by which systems and catalogues agree."""

import re

import pandas as pd

CORE = r"(?P<core>\d\.\d{6})(?:\.\d{3}\.\d{2}\.\d{2})?(?:\.[A-Z]\d{2})?"
"""A national code, with or without the office and the province that local systems write behind it."""


def core_code(codes: pd.Series) -> pd.Series:
    """The core ``d.dddddd`` of national codes; what has no such form stays as it is, without blanks around it.

    Returns
    -------
    Series
        Text; missing where the code is missing or blank.

    Examples
    --------
    >>> core_code(pd.Series(["2.001525.000.00.00.H13", "1.014466.H12", "1.115150", " SXD-07", None])).tolist()
    ['2.001525', '1.014466', '1.115150', 'SXD-07', nan]
    """
    coded = codes.astype("category")
    texts = coded.cat.categories.astype("str").to_series().str.strip()
    core = texts.str.extract(f"^{CORE}$", flags=re.IGNORECASE).core.fillna(texts)
    known = core.where(core != "").reset_index(drop=True)
    return known.reindex(coded.cat.codes).set_axis(codes.index)
