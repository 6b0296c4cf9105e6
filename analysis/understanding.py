"""What each sheet was understood as: its columns, its words, its lines, its days.

The first stage looks at every block (``see``), blocks of a sheet are put together (``together``), and what is known of all
sheets (``understandings``) is what ``memory`` remembers and ``drift`` compares.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.layout import Export
from analysis.privacy import MOST_WORDS, shown
from analysis.states import REJECTS, Judged
from analysis.tables import EVENT_DAYS, EXPORTED, TABLES, is_error_cell, word_list
from analysis.texts import coded_texts
from analysis.vocabulary import Vocabulary, fold

OTHERS = "…"
"""Stands for all words without a meaning of a column that has more than ``MOST_WORDS`` of them: perhaps they are names."""

DATE = r"(?<!\d)(?:\d{2}[-_. ]){1,2}\d{4}(?!\d)|\d{4,}(?:[-_. ]\d{1,2}(?!\d)){0,2}"
"""What names of files say of days: 20221110, 2022, 2022-11, 10.11.2022, 11-2022."""

TRIMMED, TRIMMED_FROM = 0.01, 20
"""The share of the lines at either end that may lie on a mistyped day; one line at least, if there are so many lines."""

Word = tuple[str, str, int]
"""A word as it may be shown, its meaning (empty if it has none), and on how many lines it stands."""


class Seen(NamedTuple):
    """What was seen in the lines of a sheet, or of a block of it."""

    words: dict[str, list[Word]]
    """Column of words -> its words, in order."""
    lines: int
    """Lines that are data."""
    rejected: int
    """Those of them that are rejected, whatever other lines say."""
    days: dict[int, int]
    """Day on which something came about (since 1970) -> lines."""


class Understanding(NamedTuple):
    """What one sheet was understood as."""

    file: str
    sheet: str
    sha256: str
    table: str
    """Empty if the sheet was not understood."""
    system: str
    """The system that the file comes from."""
    columns: dict[str, str]
    """Column -> the heading it was read from."""
    unread: list[str]
    """The other headings."""
    words: dict[str, list[Word]]
    lines: int
    rejected: int
    first: str
    """The first day that it covers by its title or, failing that, of its events; ISO form, empty if unknown."""
    last: str
    """The last day, likewise; an export that was made later reaches to the end of the month of its last event."""

    @property
    def source(self) -> tuple[str, str]:
        """Table and system."""
        return self.table, self.system

    @property
    def content(self) -> str:
        """What tells this content from any other."""
        return f"{self.sha256[:16]}:{self.sheet}"

    @property
    def series(self) -> tuple[str, str]:
        """Which exports may be of the same kind, month by month: their names without digits."""
        return series_of(self.file), series_of(self.sheet)

    @property
    def dateless(self) -> tuple[str, str]:
        """Which exports are of the same kind: their names without years, months of years and days."""
        return series_of(self.file, digits=DATE), series_of(self.sheet, digits=DATE)

    @property
    def headings(self) -> frozenset[str]:
        """Every heading, folded."""
        return frozenset(fold(heading) for heading in (*self.columns.values(), *self.unread))


def series_of(name: str, *, digits: str = r"\d+") -> str:
    """The name of a file or sheet without its digits, or without some of them.

    Examples
    --------
    >>> series_of("2022/ho-so-1_20221110.csv"), series_of("2022/ho-so-1_20221110.csv", digits=DATE)
    ('ho so csv', 'ho so 1 csv')
    """
    return fold(re.sub(digits, " ", name))


NOTHING_SEEN = Seen({}, 0, 0, {})


def see(export: Export, judged: Judged | None, *, vocabulary: Vocabulary) -> Seen:
    """Look at the lines of a sheet, or of a block of it.

    Parameters
    ----------
    export
        With its lines.
    judged
        The same lines, judged; None if the sheet is of no table.

    Returns
    -------
    Seen
        Words are counted as they fold; which blocks a sheet is read in makes no difference.
    """
    if judged is None:
        return NOTHING_SEEN
    columns = [c for c in TABLES[export.table].words if c in export.lines.column_names]
    words = {column: _words(export.lines[column], column, vocabulary) for column in columns}
    rejected = pc.sum(judged.lines[REJECTS]).as_py() or 0
    return Seen(words, len(export.lines), rejected, _days(judged.lines, export.table))


def _words(texts: pa.ChunkedArray, column: str, vocabulary: Vocabulary) -> list[Word]:
    coded, known = coded_texts(texts), vocabulary.words[word_list(column)]
    lines = np.bincount(coded.indices.to_numpy(), minlength=len(coded.dictionary)).tolist()
    found = [
        (text, "" if is_error_cell(text) else known.get(fold(text), ""), number)
        for text, number in zip(coded.dictionary.to_pylist(), lines, strict=True)
        if number and not vocabulary.is_blank(text)
    ]
    return _summed([(shown(text, column), meaning, number) for text, meaning, number in found])


def _summed(words: Iterable[Word]) -> list[Word]:
    """Words that fold to the same as one; too many without a meaning as ``OTHERS``."""
    sums: dict[str, Word] = {}
    for word, meaning, lines in words:
        same = sums.get(key_of(word), (word, meaning, 0))
        sums[key_of(word)] = min(word, same[0]), meaning, same[2] + lines
    unknown = [word for word in sums.values() if not word[1]]
    if len(unknown) <= MOST_WORDS and OTHERS not in sums:
        return sorted(sums.values())
    others = (OTHERS, "", sum(lines for _, _, lines in unknown))
    return sorted([*(word for word in sums.values() if word[1]), others])


def key_of(word: str) -> str:
    """By what a word is known.

    Examples
    --------
    >>> key_of("ĐÃ TRẢ"), key_of("…")
    ('da tra', '…')
    """
    return fold(word) or word


def _days(lines: pa.Table, table: str) -> dict[int, int]:
    held = [lines[column] for column in EVENT_DAYS.get(table, []) if column in lines.column_names]
    if not held:
        return {}
    days = pc.coalesce(*held).drop_null().to_numpy().astype("datetime64[D]").astype(np.int64)
    if not len(days):
        return {}
    counts = np.bincount(days - days.min())
    return {int(day + days.min()): int(counts[day]) for day in np.flatnonzero(counts)}


def together(blocks: Iterable[Seen]) -> str:
    """What was seen in all blocks of a sheet, as JSON: ``words``, ``lines``, ``rejected``, ``first``, ``last``.

    ``first`` and ``last`` are the days between which the events lie, but for a hundredth at either end: one year that is
    typed wrongly does not make an export of a month one of ten years.

    Examples
    --------
    >>> one = Seen({"status": [("Rút", "withdrawn", 1)]}, 2, 0, {18995: 2})
    >>> together([one, one._replace(days={18996: 2})])
    '{"words": {"status": [["Rút", "withdrawn", 2]]}, "lines": 4, "rejected": 0, "first": "2022-01-03", "last": "2022-01-04"}'
    """
    blocks = list(blocks)
    columns = dict.fromkeys(column for block in blocks for column in block.words)
    words = {c: _summed(word for block in blocks for word in block.words.get(c, [])) for c in columns}
    days = pd.Series([n for block in blocks for n in block.days.values()], dtype="int64")
    days = days.groupby([day for block in blocks for day in block.days], sort=True).sum() if len(days) else days
    lines, rejected = sum(block.lines for block in blocks), sum(block.rejected for block in blocks)
    found = {"words": words, "lines": lines, "rejected": rejected, "first": _begin(days), "last": _begin(days[::-1])}
    return json.dumps(found, ensure_ascii=False)


def _begin(days: pd.Series) -> str:
    """The first of some days that have lines, less what may be mistyped; ISO form, empty if there is none."""
    lines = int(days.sum())
    if not lines:
        return ""
    spared = max(int(lines * TRIMMED), int(lines >= TRIMMED_FROM))
    day = days.index[int((days.cumsum() > spared).to_numpy().argmax())]
    return pd.Timestamp(int(day), unit="D").strftime("%Y-%m-%d")


def understandings(files: pd.DataFrame, *, vocabulary: Vocabulary) -> list[Understanding]:
    """What every sheet is understood as.

    Parameters
    ----------
    files
        One row per sheet, as ``intake.describe`` has them.

    Returns
    -------
    list of Understanding
        In the order of files and sheets.
    """
    return [_understanding(row, vocabulary) for row in files.to_dict("records")]


def _understanding(row: Mapping[Any, Any], vocabulary: Vocabulary) -> Understanding:
    seen = json.loads(row["seen"])
    words = {column: [tuple(word) for word in words] for column, words in seen["words"].items()}
    first = seen["first"] if pd.isna(row["covers_from"]) else f"{row['covers_from']:%Y-%m-%d}"
    return Understanding(
        row["source_file"], row["source_sheet"], row["sha256"], row["table"], vocabulary.source_of(row["source_file"]),
        json.loads(row["columns"]), [*json.loads(row["personal"]), *json.loads(row["unknown"])],
        words, seen["lines"], seen["rejected"], first, _last(seen["last"], row),
    )  # fmt: skip


def _last(event: str, row: Mapping[Any, Any]) -> str:
    """The last day that a sheet covers: as its title says, else the day of the export, within the month of its last event."""
    if pd.notna(row["covers_to"]):
        return f"{row['covers_to']:%Y-%m-%d}"
    exported, last = row[EXPORTED], pd.Timestamp(event or "NaT")
    if pd.isna(last) or pd.isna(exported) or exported < last:
        return event
    return f"{min(exported, last + pd.offsets.MonthEnd(0)):%Y-%m-%d}"
