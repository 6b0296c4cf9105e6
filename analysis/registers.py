"""The running numbers of registers: which are missing, and which were given more than once.

A register has a number for every document (Decree 30/2020/NĐ-CP, annex IV). As offices keep it, the series of a book begins
anew every year, and an incoming document stands in the year of its arrival. What is found are questions to the office: a number may be missing
because a document is secret or was withdrawn, and a number twice because a book has a series for every kind.
"""

import pandas as pd

from analysis.documents import registered_on
from analysis.symbols import SYMBOL

SERIES = ("source_system", "direction", "book", "year")
"""What has a series of numbers of its own."""

NUMBER = r"^\s*(?P<number>\d{1,9})\s*(?P<letter>[^\W\d_]?)\s*$"
"""A running number, and the letter of what was put between two: 12a."""


def serials(documents: pd.DataFrame) -> pd.DataFrame:
    """The running number of every document, and the series it belongs to.

    Zeros before a number say nothing. An outgoing document without a number has that of its symbol; the symbol of an
    incoming one has the number of its sender.

    Returns
    -------
    DataFrame
        The columns of ``SERIES``, as text but for ``year``; ``serial``, missing where there is no number, and ``letter``.
        ``year`` and ``serial`` are Int64.

    Examples
    --------
    >>> documents = pd.DataFrame({
    ...     "source_system": "one-stop", "direction": ["outgoing", "outgoing", "incoming"], "book": None,
    ...     "number": ["012a", None, None], "symbol": [None, "13/BC-SXD", "14/UBND"],
    ...     "issued_on": pd.to_datetime(["2022-01-04"] * 3), "arrived_on": pd.to_datetime([None] * 3),
    ... })
    >>> serials(documents)[["year", "serial", "letter"]]
       year  serial letter
    0  2022      12      a
    1  2022      13
    2  2022    <NA>
    """
    said = documents.number.astype("str").str.extract(NUMBER)
    of_symbol = documents.symbol.astype("str").str.extract(SYMBOL)[["number", "letter"]]
    takes = documents.direction.eq("outgoing") & documents.number.isna()
    found = said.where(~takes, of_symbol)
    texts = {c: documents[c].astype("str").fillna("") for c in SERIES[:-1]}
    return pd.DataFrame(
        {
            **texts,
            "year": registered_on(documents).dt.year.astype("Int64"),
            "serial": pd.to_numeric(found.number).astype("Int64"),
            "letter": found.letter.fillna("").str.casefold(),
        }
    )


def number_series(documents: pd.DataFrame) -> pd.DataFrame:
    """Every series: from which number to which, and how many of them no document has.

    Returns
    -------
    DataFrame
        The columns of ``SERIES``; ``first`` and ``last`` number (Int64; an export that begins within a year has a
        ``first`` above 1); int64 ``documents``, ``unnumbered`` and ``missing``.

    Examples
    --------
    >>> documents = pd.DataFrame({
    ...     "source_system": "one-stop", "direction": "outgoing", "book": None, "symbol": None,
    ...     "number": ["1", "2", "6", None], "arrived_on": pd.to_datetime([None] * 4),
    ...     "issued_on": pd.to_datetime(["2022-01-04"] * 4),
    ... })
    >>> number_series(documents)[["year", "first", "last", "documents", "unnumbered", "missing"]]
       year  first  last  documents  unnumbered  missing
    0  2022      1     6          4           1        3
    """
    found = serials(documents)
    grouped = found.groupby(list(SERIES), dropna=False).serial
    table = grouped.agg(first="min", last="max", documents="size", numbered="count", distinct="nunique").reset_index()
    held = (table["last"] - table["first"] + 1).fillna(0)
    table = table.assign(missing=held - table.distinct, unnumbered=table.documents - table.numbered)
    counts = ["documents", "unnumbered", "missing"]
    return table[[*SERIES, "first", "last", *counts]].astype(dict.fromkeys(counts, "int64"))


def missing_numbers(documents: pd.DataFrame) -> pd.DataFrame:
    """The numbers between the first and the last of a series that no document has, as ranges.

    Returns
    -------
    DataFrame
        The columns of ``SERIES``, ``from_number`` and ``to_number``, both missing, and ``missing``, how many they are;
        int64, in order.

    Examples
    --------
    >>> documents = pd.DataFrame({
    ...     "source_system": "one-stop", "direction": "outgoing", "book": None, "symbol": None, "number": ["1", "2", "6"],
    ...     "issued_on": pd.to_datetime(["2022-01-04"] * 3), "arrived_on": pd.to_datetime([None] * 3),
    ... })
    >>> missing_numbers(documents)[["year", "from_number", "to_number", "missing"]]
       year  from_number  to_number  missing
    0  2022            3          5        3
    """
    series = [*SERIES, "serial"]
    held = serials(documents).dropna(subset=["year", "serial"])[series].drop_duplicates().sort_values(series)
    before = held.groupby(list(SERIES)).serial.shift()
    gaps = held.assign(from_number=before + 1, to_number=held.serial - 1, missing=held.serial - before - 1)
    found = gaps[gaps.missing.fillna(0) > 0].drop(columns="serial").reset_index(drop=True)
    return found.astype(dict.fromkeys(["year", "from_number", "to_number", "missing"], "int64"))


def repeated_numbers(states: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Numbers under which a series has several documents.

    Of several lines that the key of a document (``keys.key_of``) cannot tell apart only the latest is counted; so they are
    looked for among all lines. Two lines are of two documents if they differ in number as it is written, symbol, sender or
    day.

    Parameters
    ----------
    states
        One row per different line of a document, as ``Data.document_history`` has them.
    documents
        One row per document that is counted.

    Returns
    -------
    DataFrame
        The columns of ``SERIES``, ``number`` (text: 12 or 12a), int64 ``documents`` (2 or more) and ``counted``, how many
        of them stand among ``documents``; ordered by number.

    Examples
    --------
    >>> states = pd.DataFrame({
    ...     "source_system": "one-stop", "direction": "outgoing", "book": None, "sender": None,
    ...     "number": ["7", "07", "7", "8"], "symbol": ["7/BC-SXD", "7/QĐ-SXD", "7/BC-SXD", "8/BC-SXD"],
    ...     "issued_on": pd.to_datetime(["2022-01-04"] * 4), "arrived_on": pd.to_datetime([None] * 4),
    ... })
    >>> repeated_numbers(states, states.iloc[1:])[["year", "number", "documents", "counted"]]
       year number  documents  counted
    0  2022      7          2        2
    """
    found = serials(states)
    told = {c: states[c].astype("str").fillna("") for c in ("number", "symbol", "sender")}
    different = found.assign(**told, day=registered_on(states)).dropna(subset=["year", "serial"]).drop_duplicates()
    one = [*SERIES, "serial", "letter"]
    counted = different.groupby(one).size().reset_index(name="documents")
    several = counted[counted.documents > 1].sort_values(one, ignore_index=True)
    held = serials(documents).groupby(one).size().rename("counted").reset_index()
    several = several.merge(held, on=one, how="left", validate="1:1").fillna({"counted": 0})
    number = several.serial.astype("str").str.cat(several.letter)
    columns = [*SERIES, "number", "documents", "counted"]
    return several.assign(number=number)[columns].astype({"year": "int64", "counted": "int64"})
