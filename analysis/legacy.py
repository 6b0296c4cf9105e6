"""Old Vietnamese text in a sheet -> Unicode.

Text that was written in the fonts of TCVN3 and VNI, or whose UTF-8 was taken for windows-1252, is restored where its
words say clearly what it was; column by column, since one sheet may hold both.
"""

from collections import defaultdict
from collections.abc import Container, Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.grids import Doubt, Grid
from analysis.headers import LOOK
from analysis.mojibake import BYTES, SCHEMES, from_utf8
from analysis.spelling import european_share, is_european, is_vietnamese, words_of

OLD = r"\A[\x{0}-\x{FF}" + "".join(map(chr, BYTES)) + r"]*\z"
"""Text that an old font can have drawn; whatever has another character is Unicode already."""

MOST_TEXTS = 2000
"""Different texts that a column is judged by."""

EUROPEAN = 0.75
"""Words of which more can be of one European language may be just that ..."""
MANY = 5
"""... unless they are so many, and hardly any other word stands beside them: chance makes no Vietnamese of those."""

OF_COLUMNS = {"restored_text", "text_may_be_legacy"}
"""Doubts whose detail ends in positions of columns."""

RAGGED = 0
"""Stands in place of a column for the lines with more or fewer cells than the header."""


class Column(NamedTuple):
    """The different texts of a column that an old font can have drawn."""

    texts: list[str]
    first: list[str]
    """Those of its first lines: its heading, and the title."""
    is_mixed: bool
    """Whether Unicode texts stand beside them."""

    def without(self, restored: Container[str]) -> "Column":
        """What is left when some texts are restored."""
        texts, first = ([t for t in each if t not in restored] for each in (self.texts, self.first))
        return Column(texts, first, self.is_mixed)

    @property
    def sample(self) -> list[str]:
        """What it is judged by."""
        return [*self.first, *self.texts[:: max(len(self.texts) // MOST_TEXTS, 1)]]


class Evidence(NamedTuple):
    """How many words speak for and against one old way to write."""

    scheme: str = ""
    better: tuple[str, ...] = ()
    """Words that are Vietnamese once restored, and not as they stand."""
    worse: int = 0
    """Words that are Vietnamese as they stand, and not once restored."""
    foreign: int = 0
    """No Vietnamese either way, but European words."""
    neither: int = 0
    """None of these."""

    @property
    def is_likely(self) -> bool:
        """Whether it fits most words that are no Vietnamese as they stand."""
        return len(self.better) > max(self.worse, self.foreign + self.neither)

    @property
    def is_certain(self) -> bool:
        """Whether it fits, and the words cannot be those of one European language instead."""
        many = len(self.better) >= max(MANY, 4 * (self.foreign + self.neither))
        return self.is_likely and (many or european_share(self.better) <= EUROPEAN)


class Verdict(NamedTuple):
    """How the old texts of a column are restored."""

    scheme: str
    """How they were written; empty if it can only be guessed, and they are left alone."""
    is_mixed: bool
    """Whether texts stand beside them that are no old ones."""
    only: frozenset[str] | None = None
    """The texts that this concerns, if not all."""


def restore(grid: Grid) -> Grid:
    """Restore the old Vietnamese texts of a sheet.

    Each column is judged by its different texts; where they say too little, as a heading over numbers does, by what
    all first lines say together. A text that is Vietnamese as it stands is left alone, unless all beside it are old.

    Returns
    -------
    Grid
        The same, if nothing is old. Otherwise with the doubts ``restored_text`` (how it was written, and the positions
        of the columns, from 1; 0 stands for the lines with more or fewer cells than the header), and
        ``text_may_be_legacy`` (positions of columns with texts that can be read both ways, and were left alone).

    Examples
    --------
    >>> from analysis.grids import grid_of
    >>> grid = restore(grid_of([["Sè hå s¬", "Số", "NgÃ y"], ["00123", "Hoà", "Müller"]]))
    >>> grid.cells.to_pylist()
    [{'0': 'Số hồ sơ', '1': 'Số', '2': 'Ngày'}, {'0': '00123', '1': 'Hoà', '2': 'Müller'}]
    >>> grid.doubts
    (Doubt(reason='restored_text', detail='UTF-8: 3'), Doubt(reason='restored_text', detail='TCVN3: 1'))
    """
    return restore_as(grid, judge(grid))


def judge(grid: Grid) -> dict[int, Verdict]:
    """Position, from 1, of each column that holds old texts -> how to restore them; see ``restore``."""
    columns = {i: c.without(_read_utf8(c)) for i, c in _columns(grid).items()}
    return _judge(columns) if columns else {}


def restore_as(grid: Grid, verdicts: dict[int, Verdict], *, of: Container[int] | None = None) -> Grid:
    """Restore the old texts of a sheet, or of a block of its lines, as its first lines were judged.

    Parameters
    ----------
    of
        Positions, from 1, of the columns that matter; by default all.
    """
    columns = _columns(grid, of)
    said = {}
    utf8 = {i: _read_utf8(c) for i, c in columns.items()}
    said["UTF-8"] = {i for i, read in utf8.items() if read}
    restored, unsure = {}, set()
    for i, verdict in verdicts.items():
        if i in columns:
            restored[i], is_unsure = _restored(columns[i].without(utf8[i]), verdict)
            said.setdefault(verdict.scheme, set()).update({i} if restored[i] else ())
            unsure |= {i} if is_unsure else set()
    doubts = [Doubt("restored_text", f"{scheme}: {_enumerate(where)}") for scheme, where in said.items() if where]
    doubts += [Doubt("text_may_be_legacy", _enumerate(unsure))] if unsure else []
    new = {i: utf8[i] | restored.get(i, {}) for i in columns}
    return _replaced(grid, {i: texts for i, texts in new.items() if texts}, tuple(doubts)) if doubts else grid


def joined(doubts: Iterable[Doubt]) -> list[Doubt]:
    """The doubts of several blocks as one list; those about old text name the columns of all blocks.

    Examples
    --------
    >>> joined([Doubt("restored_text", "VNI: 2"), Doubt("restored_text", "VNI: 1, 2"), Doubt("cut_short", "7")])
    [Doubt(reason='cut_short', detail='7'), Doubt(reason='restored_text', detail='VNI: 1, 2')]
    """
    others: set[Doubt] = set()
    columns: dict[tuple[str, str], set[int]] = defaultdict(set)
    for reason, detail in doubts:
        scheme, colon, where = detail.rpartition(": ")
        if reason in OF_COLUMNS:
            columns[reason, scheme + colon].update(map(int, where.split(", ")))
        else:
            others.add(Doubt(reason, detail))
    return sorted([*others, *(Doubt(reason, how + _enumerate(at)) for (reason, how), at in columns.items())])


# --- the texts -------------------------------------------------------------------------------------------------------


def _columns(grid: Grid, of: Container[int] | None = None) -> dict[int, Column]:
    """Position, from 1, of each column that may hold old texts -> these."""
    columns = {}
    ragged = pa.chunked_array([[cell for _, line in grid.ragged for cell in line]], pa.string())
    for i, cells in enumerate([ragged, *grid.cells.columns], RAGGED):
        if of is not None and i not in of and i != RAGGED:
            continue
        texts = _unique(cells)
        texts = texts.filter(pc.invert(pc.string_is_ascii(texts)))
        old = texts.filter(pc.match_substring_regex(texts, OLD)).to_pylist() if len(texts) else []
        if old:
            first = set(cells.slice(0, LOOK).to_pylist())
            columns[i] = Column(old, [t for t in old if t in first], is_mixed=len(old) < len(texts))
    return columns


def _unique(cells: pa.ChunkedArray) -> pa.Array:
    """The different texts of a column that has a letter beyond ASCII; none of any other."""
    if pa.types.is_dictionary(cells.type):
        return pc.unique(pa.chunked_array([chunk.dictionary for chunk in cells.chunks], pa.string()))
    said = [chunk for chunk in cells.chunks if not _is_ascii(chunk)]
    return pc.unique(pa.chunked_array(said, pa.string()))


def _is_ascii(texts: pa.Array) -> bool:
    """Whether no text has a byte beyond ASCII, by a look at all of them at once."""
    ends = (
        np.frombuffer(texts.buffers()[1], np.int32)[[texts.offset, texts.offset + len(texts)]] if len(texts) else [0, 0]
    )
    return ends[0] == ends[1] or bool(np.frombuffer(texts.buffers()[2], np.uint8)[ends[0] : ends[1]].max() < 128)


def _read_utf8(column: Column) -> dict[str, str]:
    """Text whose UTF-8 was misread -> what it was."""
    return {text: read for text in column.texts if (read := from_utf8(text)) != text}


def _replaced(grid: Grid, new: dict[int, dict[str, str]], doubts: tuple[Doubt, ...]) -> Grid:
    cells = grid.cells
    for i, texts in new.items():
        if i != RAGGED:
            column = cells.column(i - 1)
            coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
            chunks = coded.chunks
            known = [pa.array([texts.get(t, t) for t in c.dictionary.to_pylist()], pa.string()) for c in chunks]
            column = pa.chunked_array([k.take(c.indices) for k, c in zip(known, chunks, strict=True)], pa.string())
            cells = cells.set_column(i - 1, cells.column_names[i - 1], column)
    texts = new.get(RAGGED, {})
    ragged = [(row, [texts.get(cell, cell) for cell in line]) for row, line in grid.ragged]
    return grid._replace(cells=cells, ragged=ragged, doubts=(*grid.doubts, *doubts))


def _enumerate(positions: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(positions)))


# --- what they were --------------------------------------------------------------------------------------------------


def _judge(columns: dict[int, Column]) -> dict[int, Verdict]:
    own = {i: _best_evidence(c.sample) for i, c in columns.items()}
    together = _judge_together(columns, own)
    is_mixed = any(c.is_mixed for c in columns.values()) or together.worse > 0
    judged = {}
    for i, column in columns.items():
        if own[i].is_certain:
            judged[i] = Verdict(own[i].scheme, column.is_mixed or own[i].worse > 0)
        elif together.is_certain:
            fits = _weigh(column.sample, together.scheme)
            few = fits.worse + fits.foreign + fits.neither > len(fits.better)
            judged[i] = Verdict(together.scheme, is_mixed, frozenset(column.first) if few else None)
        elif own[i].is_likely:
            judged[i] = Verdict("", column.is_mixed)
    return judged


def _judge_together(columns: dict[int, Column], own: dict[int, Evidence]) -> Evidence:
    """What the first lines of all columns say; or those of their texts that are certain alone; or one column."""
    first = [text for c in columns.values() for text in (c.first or c.sample)[:MOST_TEXTS]]
    alone = [text for c in columns.values() for text in c.first[:LOOK] if _best_evidence([text]).is_certain]
    found = (_best_evidence(first), _best_evidence(alone), *own.values())
    return max(found, key=lambda evidence: (evidence.is_certain, len(evidence.better)))


def _restored(column: Column, verdict: Verdict) -> tuple[dict[str, str], bool]:
    """Text -> restored text; and whether a text was left alone that may be old."""
    if not verdict.scheme:
        return {}, bool(column.texts)
    restored, unsure = {}, False
    for text in column.texts if verdict.only is None else verdict.only.intersection(column.texts):
        new = SCHEMES[verdict.scheme](text)
        found = _weigh([text], verdict.scheme)
        if new == text or found.worse > len(found.better):
            continue
        if len(found.better) > found.worse or (not verdict.is_mixed and not found.foreign):
            restored[text] = new
        elif not found.foreign:
            unsure = True
    return restored, unsure


def _best_evidence(texts: list[str]) -> Evidence:
    """The evidence of the scheme for which most words speak."""
    return max((_weigh(texts, scheme) for scheme in SCHEMES), key=lambda found: (len(found.better), found.is_certain))


def _weigh(texts: Iterable[str], scheme: str) -> Evidence:
    """The evidence of the different words of some texts."""
    said: dict[str, list[str]] = {"better": [], "worse": [], "foreign": [], "neither": [], "either": []}
    for word in words_of("\n".join(texts)):
        said[_weigh_word(word, scheme)].append(word)
    return Evidence(scheme, tuple(said["better"]), *(len(said[kind]) for kind in ("worse", "foreign", "neither")))


@lru_cache(100_000)
def _weigh_word(word: str, scheme: str) -> str:
    match is_vietnamese(word), is_vietnamese(SCHEMES[scheme](word)):
        case False, True:
            return "better"
        case True, False:
            return "worse"
        case True, True:
            return "either"
    return "foreign" if is_european(word) else "neither"
