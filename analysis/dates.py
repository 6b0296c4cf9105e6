"""Text -> instants, by the formats that the vocabulary lists and no other.

A column of a million instants has a few thousand different days and at most 1,440 different minutes, so each
different day and each different time of day is read once, strictly, and put together by position.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.vocabulary import Vocabulary

MISSING = np.iinfo(np.int64).min
PAIR = np.dtype([("instant", np.int64), ("offset", np.int64)])
DAY = 86_400_000_000
"""Microseconds in a day."""
SERIAL_EPOCH = date(1899, 12, 30)
"""The day that a spreadsheet numbers 0 (its 29 February 1900 never was, so 1 is 31 December 1899)."""
SERIALS = range(30_000, 70_000)
"""Bare numbers that are read as the day number of a spreadsheet: 1982 to 2091."""


class Instants(NamedTuple):
    """A column of text, read as instants."""

    values: pd.Series
    """datetime64[us], local time; missing where blank or unreadable."""
    unreadable: np.ndarray
    """bool; True where something stands that is neither a blank nor an instant."""


def read_instants(texts: pa.ChunkedArray, *, vocabulary: Vocabulary) -> Instants:
    """Read a column of text as local instants.

    Parameters
    ----------
    texts
        Strings: a day, or a day and a time of day in either order; a time may carry an offset from UTC.
    vocabulary
        Its formats, blanks, local time zone, and earliest and latest day.

    Returns
    -------
    Instants
        As long as ``texts``. An instant with an offset is converted to the local time zone. A day that the calendar
        does not have, or outside the vocabulary's earliest and latest, is unreadable.

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> texts = pa.chunked_array([["03/04/2022 08:15", "2022-04-03", "44654", "", "31/02/2022"]])
    >>> instants = read_instants(texts, vocabulary=read_vocabulary())
    >>> instants.values.dt.strftime("%d %b %H:%M").tolist()
    ['03 Apr 08:15', '03 Apr 00:00', '03 Apr 00:00', nan, nan]
    >>> instants.unreadable.tolist()
    [False, False, False, False, True]
    """
    column = pc.utf8_trim_whitespace(texts).combine_chunks()
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    column = pc.fill_null(column, "")
    local, offset = np.full((2, len(column)), MISSING)
    for read in (_day_first, _day_last, _whole):
        rest = np.flatnonzero(local == MISSING)
        local[rest], offset[rest] = read(column.take(pa.array(rest)), vocabulary)
    values = _to_local(local, offset, vocabulary.timezone)
    outside = (values < pd.Timestamp(vocabulary.earliest)) | (
        values >= pd.Timestamp(vocabulary.latest) + pd.Timedelta(days=1)
    )
    blank = _lookup(column, lambda text: _is_blank(text, vocabulary), bool)
    unreadable = ((local == MISSING) & ~blank) | (outside.to_numpy() & ~blank)
    return Instants(values.mask(outside | blank), unreadable)


def _is_blank(text: str, vocabulary: Vocabulary) -> bool:
    return vocabulary.is_blank(text) or any(text.startswith(day) for day in vocabulary.blank_days)


def _day_first(column: pa.Array, vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    return _join(pc.utf8_slice_codeunits(column, 0, stop=10), pc.utf8_slice_codeunits(column, 10), vocabulary)


def _day_last(column: pa.Array, vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    return _join(pc.utf8_slice_codeunits(column, -10), pc.utf8_slice_codeunits(column, 0, stop=-10), vocabulary)


def _join(days: pa.Array, times: pa.Array, vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    """Instants and offsets of days and times of day that stand apart; missing where either is unreadable."""
    at_day = _lookup(days, lambda text: _read_day(text, vocabulary), np.int64)
    at_time = _lookup(times, lambda text: _read_time(text.strip(" T,"), vocabulary), PAIR)
    both = (at_day != MISSING) & (at_time["instant"] != MISSING)
    return np.where(both, at_day + np.where(both, at_time["instant"], 0), MISSING), at_time["offset"]


def _whole(column: pa.Array, vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    """Instants of the odd texts, each different one read as a whole: one-digit days, serials, uncommon spacing."""
    found = _lookup(column, lambda text: _read_text(text, vocabulary), PAIR)
    return found["instant"], found["offset"]


def _lookup(column: pa.Array, read: Callable[[str], Any], dtype: Any) -> np.ndarray:
    """Call ``read`` once per different text; the results by position."""
    coded = column.dictionary_encode()
    table = np.array([read(text) for text in coded.dictionary.to_pylist()], dtype=dtype)
    return table[coded.indices.to_numpy(zero_copy_only=False)] if len(column) else np.empty(0, dtype)


def _read_day(text: str, vocabulary: Vocabulary) -> int:
    """Microseconds from 1970 to a day, or MISSING."""
    for form in vocabulary.days:
        try:
            return (datetime.strptime(text, form).date() - date(1970, 1, 1)).days * DAY  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return MISSING


def _read_time(text: str, vocabulary: Vocabulary) -> tuple[int, int]:
    """(Microseconds since midnight or MISSING, offset from UTC in microseconds or MISSING); no text is midnight."""
    if not text:
        return 0, MISSING
    for form in vocabulary.times:
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - the offset is kept apart
        except ValueError:
            continue
        offset = found.utcoffset()
        since = timedelta(hours=found.hour, minutes=found.minute, seconds=found.second, microseconds=found.microsecond)
        return since // timedelta(microseconds=1), MISSING if offset is None else offset // timedelta(microseconds=1)
    return MISSING, MISSING


def _read_text(text: str, vocabulary: Vocabulary) -> tuple[int, int]:
    """(Instant, offset) of one text in any of the listed formats, or as a spreadsheet's number."""
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(float(text)) in SERIALS:
        minutes = round(float(text) * 1440)
        return ((SERIAL_EPOCH - date(1970, 1, 1)).days * 1440 + minutes) * 60_000_000, MISSING
    parts = [p for p in re.split(r"[\sT,]+", text) if p]
    for day, time in ((parts[:1], parts[1:]), (parts[-1:], parts[:-1])):
        at = _read_day("".join(day), vocabulary)
        since, offset = _read_time(" ".join(time), vocabulary)
        if MISSING not in (at, since):
            return at + since, offset
    return MISSING, MISSING


def _to_local(instants: np.ndarray, offset: np.ndarray, timezone: str) -> pd.Series:
    """Instants in local time; those with an offset are converted, the others are local already."""
    local = pd.Series(instants.view("datetime64[us]"))
    zoned = (offset != MISSING) & (instants != MISSING)
    if zoned.any():
        utc = pd.Series((instants[zoned] - offset[zoned]).view("datetime64[us]")).dt.tz_localize("UTC")
        local[zoned] = utc.dt.tz_convert(timezone).dt.tz_localize(None).to_numpy()
    return local
