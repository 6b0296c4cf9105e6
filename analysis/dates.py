"""Text -> instants, by the formats that the vocabulary lists and no other.

A column of a million instants has a few thousand different days and at most 1,440 different minutes, so each
different day and each different time of day is read once, strictly, and put together by position.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.texts import coded_texts
from analysis.vocabulary import Vocabulary

MISSING = np.iinfo(np.int64).min
BLANK = MISSING + 1
"""Stands for an instant where a cell says that it is missing."""
WRITTEN = 10
"""Characters of a day as nearly all systems write it: 03/04/2022."""
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
    if pa.types.is_dictionary(texts.type):
        coded = coded_texts(texts)
        values, unreadable = read_instants(pa.chunked_array([coded.dictionary]), vocabulary=vocabulary)
        at = coded.indices.to_numpy()
        return Instants(values.take(at).reset_index(drop=True), unreadable[at])
    column = pc.fill_null(pc.utf8_trim_whitespace(texts.combine_chunks()), "")
    local, offset = np.full((2, len(column)), MISSING)
    for read in (_blank, _day_first, _day_last, _blank_text, _whole):
        rest = np.flatnonzero(local == MISSING)
        if len(rest):
            texts_left = column if len(rest) == len(column) else column.take(pa.array(rest))
            local[rest], offset[rest] = read(texts_left, vocabulary)
    instants = _to_local(np.where(local == BLANK, MISSING, local), offset, vocabulary.timezone)
    first, last = (np.datetime64(day, "us").view(np.int64) for day in (vocabulary.earliest, vocabulary.latest))
    outside = (local > BLANK) & ((instants < first) | (instants >= last + DAY))
    instants[outside] = MISSING
    return Instants(pd.Series(instants.view("datetime64[us]")), (local == MISSING) | outside)


def _blank(column: pa.Array, vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    """Where nothing stands, or a day that the system writes for a missing one and that is written unlike others."""
    odd = [day for day in vocabulary.blank_days if len(day) != WRITTEN]
    blank = pc.equal(column, "").to_numpy(zero_copy_only=False)
    if odd:
        blank = blank | _lookup(column, lambda text: any(map(text.startswith, odd)), bool)
    return np.where(blank, BLANK, MISSING), np.full(len(column), MISSING)


def _blank_text(column: pa.Array, vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    """Where a word says that the day is missing."""
    return _lookup(column, lambda text: BLANK if vocabulary.is_blank(text) else MISSING, np.int64), np.full(
        len(column), MISSING
    )


def _day_first(column: pa.Array, vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    letters = column.cast(pa.binary())
    return _join(
        pc.binary_slice(letters, 0, stop=WRITTEN), pc.binary_replace_slice(letters, 0, WRITTEN, b""), vocabulary
    )


def _day_last(column: pa.Array, vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    return _join(
        pc.utf8_slice_codeunits(column, -WRITTEN), pc.utf8_slice_codeunits(column, 0, stop=-WRITTEN), vocabulary
    )


def _join(days: pa.Array, times: pa.Array, vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    """Instants and offsets of days and times of day that stand apart; missing where either is unreadable.

    They may have been cut apart by bytes, which is right for ASCII; a letter that was cut is no day.
    """

    def day(letters: bytes) -> int:
        text = letters.decode(errors="replace")
        return BLANK if text in vocabulary.blank_days else _read_day(text, vocabulary.days)

    def time(letters: bytes) -> tuple[int, int]:
        return _read_time(letters.decode(errors="replace").strip(" T,"), vocabulary.times)

    at_day, at_time = _lookup(days.cast(pa.binary()), day, np.int64), _lookup(times.cast(pa.binary()), time, PAIR)
    both = (at_day > BLANK) & (at_time["instant"] != MISSING)
    instant = np.where(both, at_day + np.where(both, at_time["instant"], 0), MISSING)
    return np.where(at_day == BLANK, BLANK, instant), at_time["offset"]


def _whole(column: pa.Array, vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    """Instants of the odd texts, each different one read as a whole: one-digit days, serials, uncommon spacing."""
    found = _lookup(column, lambda text: _read_text(text, vocabulary), PAIR)
    return found["instant"], found["offset"]


def _lookup(column: pa.Array, read: Callable[[Any], Any], dtype: Any) -> np.ndarray:
    """Call ``read`` once per different text; the results by position."""
    coded = column.dictionary_encode()
    table = np.array([read(text) for text in coded.dictionary.to_pylist()], dtype=dtype)
    return table[coded.indices.to_numpy(zero_copy_only=False)] if len(column) else np.empty(0, dtype)


@lru_cache(1 << 16)
def _read_day(text: str, forms: tuple[str, ...]) -> int:
    """Microseconds from 1970 to a day, or MISSING."""
    for form in forms:
        try:
            return (datetime.strptime(text, form).date() - date(1970, 1, 1)).days * DAY  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return MISSING


@lru_cache(1 << 16)
def _read_time(text: str, forms: tuple[str, ...]) -> tuple[int, int]:
    """(Microseconds since midnight or MISSING, offset from UTC in microseconds or MISSING); no text is midnight."""
    if not text:
        return 0, MISSING
    for form in forms:
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
        at = _read_day("".join(day), vocabulary.days)
        since, offset = _read_time(" ".join(time), vocabulary.times)
        if MISSING not in (at, since):
            return at + since, offset
    return MISSING, MISSING


def _to_local(instants: np.ndarray, offset: np.ndarray, timezone: str) -> np.ndarray:
    """Instants in local time, in microseconds; those with an offset are converted, the others are local already."""
    local = instants.copy()
    zoned = (offset != MISSING) & (instants != MISSING)
    if zoned.any():
        utc = pd.Series((instants[zoned] - offset[zoned]).view("datetime64[us]")).dt.tz_localize("UTC")
        local[zoned] = utc.dt.tz_convert(timezone).dt.tz_localize(None).to_numpy("datetime64[us]").view(np.int64)
    return local
