"""Text and words of cells, read once per different text.

A column of a million lines has a few thousand different texts. They are cleaned one by one, in Python, and put in place
by number; only codes, of which every line has another, are told by their bytes to need no cleaning.
"""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.tables import is_error_cell
from analysis.vocabulary import Vocabulary, fold

UNKNOWN = "unknown"
"""The meaning of a word that the vocabulary does not have."""


class Texts(NamedTuple):
    """A column of text or of words, read."""

    values: pd.Series
    """Text or meanings; missing where blank or unreadable."""
    flawed: np.ndarray
    """bool; where a spreadsheet's error stands, or a word that the vocabulary does not have."""


def read_texts(texts: pa.ChunkedArray, *, vocabulary: Vocabulary) -> Texts:
    """Trimmed text in NFC with single spaces, as a categorical; flawed where a spreadsheet's error stands.

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> read_texts(pa.chunked_array([[" Xây  dựng", "", "#REF!"]]), vocabulary=read_vocabulary()).values.tolist()
    ['Xây dựng', nan, nan]
    """
    coded = coded_texts(texts)
    tidy = list(map(_tidy, coded.dictionary.to_pylist()))
    broken = np.array([is_error_cell(text) for text in tidy], bool)
    known = [
        None if is_error or vocabulary.is_blank(text) else text for text, is_error in zip(tidy, broken, strict=True)
    ]
    at = coded.indices.to_numpy()
    return Texts(pd.Series(_categorical(known, at)), broken[at] if len(at) else np.empty(0, bool))


def read_codes(texts: pa.ChunkedArray, *, vocabulary: Vocabulary) -> Texts:
    """As ``read_texts``, for a column of which nearly every line has another text; as text.

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> codes = read_codes(pa.chunked_array([["H99-220103-0001", " H99-1", "-", "#N/A"]]), vocabulary=read_vocabulary())
    >>> codes.values.tolist(), codes.flawed.tolist()
    (['H99-220103-0001', 'H99-1', nan, nan], [False, False, False, True])
    """
    column = pc.fill_null(texts.cast(pa.string()), "").combine_chunks()
    odd = np.flatnonzero(~_is_plain(column, longest=max(map(len, vocabulary.blanks), default=0)))
    few, broken = read_texts(pa.chunked_array([column.take(pa.array(odd))]), vocabulary=vocabulary)
    flawed = np.zeros(len(column), bool)
    flawed[odd] = broken
    if len(odd):
        is_odd = np.zeros(len(column), bool)
        is_odd[odd] = True
        column = pc.replace_with_mask(column, pa.array(is_odd), pa.array(few.astype("str"), pa.string()))
    return Texts(pd.Series(column.to_pandas()).astype("str"), flawed)


def read_words(texts: pa.ChunkedArray, meanings: dict[str, str], *, vocabulary: Vocabulary) -> Texts:
    """Meanings of words, as a categorical; flawed, and ``unknown``, where a word has none.

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> words = read_vocabulary()
    >>> read_words(pa.chunked_array([["QUA MẠNG", "", "bồ câu"]]), words.words["channel"], vocabulary=words).values.tolist()
    ['online', nan, 'unknown']
    """

    def meaning(text: str) -> str | None:
        known = None if is_error_cell(text) else meanings.get(fold(text))
        return known or (None if vocabulary.is_blank(text) else UNKNOWN)

    coded = coded_texts(texts)
    known = [meaning(_tidy(text)) for text in coded.dictionary.to_pylist()]
    values = _categorical(known, coded.indices.to_numpy(), meanings_of(meanings))
    unknown = values.categories.get_loc(UNKNOWN)
    return Texts(pd.Series(values), values.codes == unknown)


def meanings_of(meanings: dict[str, str]) -> list[str]:
    """The different meanings of a list of words, in the order of the vocabulary; ``unknown`` is always one."""
    return list(dict.fromkeys([*meanings.values(), UNKNOWN]))


def coded_texts(texts: pa.ChunkedArray) -> pa.DictionaryArray:
    """A column as different texts and the number of each line's; a missing text is empty.

    Examples
    --------
    >>> coded_texts(pa.chunked_array([["a", None], ["a"]])).to_pylist()
    ['a', '', 'a']
    """
    is_coded = pa.types.is_dictionary(texts.type)
    if is_coded and not texts.null_count:
        return texts.unify_dictionaries().combine_chunks()
    return pc.fill_null(texts.cast(pa.string()), "").combine_chunks().dictionary_encode()


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _categorical(values: list[str | None], at: np.ndarray, categories: Iterable[str] | None = None) -> pd.Categorical:
    """Values by number as a categorical."""
    names = list(dict.fromkeys(v for v in values if v is not None)) if categories is None else list(categories)
    number = {name: i for i, name in enumerate(names)}
    codes = np.array([-1 if value is None else number[value] for value in values], np.int32)
    return pd.Categorical.from_codes(codes[at] if len(at) else at.astype(np.int32), pd.Index(names, dtype="str"))


def _is_plain(texts: pa.Array, *, longest: int) -> np.ndarray:
    """Which texts are letters, digits and marks of codes alone, and too long for a word that means a blank; bool.

    Folding a text takes its marks away and leaves its letters and digits, so a text that has more of these than the
    longest blank is none.
    """
    plain = pc.match_substring_regex(texts, rf"^(?:[./_-]*[0-9A-Za-z]){{{longest + 1},}}$")
    return plain.to_numpy(zero_copy_only=False)
