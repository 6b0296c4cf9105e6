"""Symbols of documents: the number, and what they say of the kind.

Number and symbol are written ``47/BC-UBND``, with the year where they are legal norms (``06/2024/QĐ-UBND``), or as
the party does (``57-NQ/TW``). The abbreviation of the kind comes first; an official letter (công văn) has none and
begins with the agency: ``1736/SKHĐT-TTQHKH`` (Decree 30/2020/NĐ-CP).
"""

from collections.abc import Mapping

import pandas as pd

from analysis.vocabulary import fold

SYMBOL = r"^\s*(?P<number>\d+)(?P<letter>[^\W\d_]?)(?:/(?P<year>\d{4}))?\s*[/-]\s*(?P<rest>[^\W\d_].*)$"
"""Number, a letter for what was put between two numbers, year, and the rest, which begins with a letter."""

NO_KIND = ""
"""The key of ``Vocabulary.document_kinds`` for the kind that has no abbreviation."""

BASES = ("said", "abbreviation", "no_abbreviation", "unknown")
"""Where a kind comes from."""


def kinds_of(documents: pd.DataFrame, *, kinds: Mapping[str, str]) -> pd.DataFrame:
    """The kind of every document: what its register says, else what its symbol says; and which of the two it was.

    Parameters
    ----------
    documents
        ``kind`` and ``symbol``.
    kinds
        Abbreviation -> kind, as ``Vocabulary.document_kinds`` has them.

    Returns
    -------
    DataFrame
        ``kind``, text, missing where unknown, and ``kind_basis``, one of ``BASES``. ``no_abbreviation`` is an official
        letter because no abbreviation says otherwise. A symbol of another form, and an abbreviation written without
        its accents (``QD`` may be one or an agency), are ``unknown``. Names are spelt as in ``kinds`` where they have it.

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> symbols = ["47/BC-UBND", "06/2024/QĐ-UBND", "57-NQ/TW", "1736/SKHĐT-TTQHKH", "12/QD-UBND", "BC 47", "9/TB-SXD"]
    >>> documents = pd.DataFrame({"symbol": symbols, "kind": [None] * 6 + ["giấy mời"]})
    >>> kinds_of(documents, kinds=read_vocabulary().document_kinds)
             kind       kind_basis
    0     Báo cáo     abbreviation
    1  Quyết định     abbreviation
    2  Nghị quyết     abbreviation
    3    Công văn  no_abbreviation
    4         NaN          unknown
    5         NaN          unknown
    6    Giấy mời             said
    """
    names = {fold(name): name for name in kinds.values()}
    said = documents.kind.astype("str").map(lambda kind: names.get(fold(kind), kind), na_action="ignore").astype("str")
    rest = documents.symbol.astype("str").str.extract(SYMBOL).rest
    token = rest.str.extract(r"^([^-/\s.]+)", expand=False).str.casefold()
    shortened = {short.casefold(): kind for short, kind in kinds.items() if short != NO_KIND}
    told = token.map(shortened).astype("str")
    bare = {fold(short) for short in shortened}
    letter = token.notna() & told.isna() & ~token.map(lambda text: fold(text) in bare, na_action="ignore").eq(True)
    basis = pd.Series("unknown", index=documents.index).mask(letter, "no_abbreviation")
    basis = basis.mask(told.notna(), "abbreviation").mask(said.notna(), "said")
    kind = said.fillna(told).mask(letter & said.isna(), kinds[NO_KIND])
    return pd.DataFrame({"kind": kind, "kind_basis": basis})
