"""What tells one dossier (document, meeting, procedure) from another."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.symbols import SYMBOL
from analysis.tables import DOCUMENTS, TABLES

SPREAD = np.uint64(0xBF58476D1CE4E5B9)
"""An odd number whose multiples are spread over all 64 bits (from splitmix64, Steele, Lea and Flood 2014)."""

FIRST_BYTES = np.array([(1 << 8 * held) - 1 for held in range(9)], np.uint64)
"""What is left of eight bytes of which so many count."""

UNDER = "\x1f"
"""Divides the parts of a key; no text of an export has it in it."""


def key_of(rows: pd.DataFrame, table: str) -> pa.Array:
    """The key of every row as one text, in which its parts can be told apart.

    The year in the key of a document follows the arrival of an incoming one, since its number was given on that day.
    Without a number it is told by sender, symbol and day. An outgoing document whose register names no book is told by what
    stands behind the number in its symbol too, since many offices number every kind by itself: 1/BC-SXD and 1/QĐ-SXD are
    two. Of a table whose rows have no code, equal rows have one key.

    Parameters
    ----------
    rows
        The columns of the table.

    Returns
    -------
    pyarrow.Array
        Text; nothing but dividers where no part is known.

    Examples
    --------
    >>> rows = pd.DataFrame({"source_system": ["one-stop"], "dossier_id": ["H99-1"]})
    >>> key_of(rows, "dossiers").to_pylist() == [f"one-stop{UNDER}H99-1{UNDER}"]
    True
    """
    return pc.binary_join_element_wise(*map(_part, _parts(rows, table)), "", UNDER)


def key_checksum(rows: pd.DataFrame, table: str) -> np.ndarray:
    """A checksum of the key of every row, uint64; keys that are equal have equal ones."""
    sums = np.zeros(len(rows), np.uint64)
    for part in _parts(rows, table):
        sums = mix(sums + checksums_of(part))
    return sums


def _parts(rows: pd.DataFrame, table: str) -> list[pd.Series]:
    key = _document_key(rows) if table == "documents" else rows[[c for c in TABLES[table].key if c in rows]]
    return [key[c] for c in key]


def _document_key(rows: pd.DataFrame) -> pd.DataFrame:
    day = rows.issued_on.where(rows.direction != "incoming", rows.arrived_on.fillna(rows.issued_on)).fillna(
        rows.arrived_on
    )
    numbered = rows.number.notna()
    year_or_day = day.dt.strftime("%Y").where(numbered, day.dt.strftime("%Y-%m-%d"))
    key = rows.assign(year_or_day=year_or_day)[list(DOCUMENTS.key)].astype("str").fillna("")
    key = key.assign(**{c: key[c].mask(numbered, "") for c in ("symbol", "sender")})
    series = rows.symbol.astype("str").str.extract(SYMBOL).rest.str.strip().str.casefold().fillna("")
    unnamed = (key.book == "") & (rows.direction == "outgoing")
    return key.assign(book=key.book.mask(unnamed, series).where(numbered, ""))


def _part(column: pd.Series) -> pa.Array:
    """A part of a key as text, empty where it is missing; each different one is written once."""
    if column.dtype != "category":
        return pc.fill_null(text_array(column), "")
    codes = column.cat.codes.to_numpy()
    return pc.fill_null(text_array(column.cat.categories.to_series()).take(pa.array(codes, mask=codes < 0)), "")


def text_array(column: pd.Series) -> pa.Array:
    """A column as Arrow's text; also an empty one, which pandas hands over as one of nothing.

    Examples
    --------
    >>> text_array(pd.Series([], dtype="str")).type
    DataType(string)
    """
    found = pa.array(column.astype("str"), pa.string(), from_pandas=True)
    return (found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found).cast(pa.string())


def checksum(keys: pa.Array) -> np.ndarray:
    """A checksum of every text, uint64: the same on every machine, whatever stands beside it.

    Eight bytes at a time are mixed in. Two keys may share one, if hardly ever: what it says is the same is proven.

    Examples
    --------
    >>> a, b, c = checksum(pa.array(["H99-220103-0001", "H99-220103-0002", "H99-220103-0001"]))
    >>> bool(a == b), bool(a == c)
    (False, True)
    """
    if not len(keys):
        return np.empty(0, np.uint64)
    ends = np.frombuffer(keys.buffers()[1], np.int32)[keys.offset : keys.offset + len(keys) + 1].astype(np.int64)
    data = np.concatenate(
        [np.frombuffer(keys.buffers()[2] or b"", np.uint8)[ends[0] : ends[-1]], np.zeros(8, np.uint8)]
    )
    start, size = ends[:-1] - ends[0], np.diff(ends)
    words = np.ndarray(len(data) - 7, "<u8", data, strides=(1,))  # one begins at each byte
    mixed = mix(size.astype(np.uint64) + np.uint64(1))  # mixed too, or a short text could undo its own length
    for at in range(0, int(size.max()), 8):
        held = np.clip(size - at, 0, 8)
        word = words[np.minimum(start + at, len(words) - 1)] & FIRST_BYTES[held]
        mixed = np.where(held > 0, mix(mixed ^ word), mixed)  # else it would depend on the longest text beside it
    return mixed


def checksums_of(column: pd.Series) -> np.ndarray:
    """A checksum of every text or instant of a column, uint64; 0 where it is missing."""
    if column.dtype == "category":
        return np.append(checksum(text_array(column.cat.categories.to_series())), np.uint64(0))[column.cat.codes]
    if column.dtype in ("str", "object"):
        return np.where(column.isna(), np.uint64(0), checksum(pc.fill_null(text_array(column), "")))
    return np.where(column.isna(), 0, column.to_numpy("datetime64[us]").view(np.int64)).astype(np.uint64)


def mix(numbers: np.ndarray) -> np.ndarray:
    """Numbers of 64 bits, each bit of which depends on many of the old ones; equal ones stay equal."""
    numbers = numbers * SPREAD
    return numbers ^ (numbers >> np.uint64(29))
