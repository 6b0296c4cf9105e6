"""Old Vietnamese text in a sheet -> Unicode.

Text that was written in the fonts of TCVN3 and VNI, or whose UTF-8 was taken for windows-1252, is restored where its
words say clearly what it was; column by column, since one sheet may hold both.
"""

from collections.abc import Container, Iterable
from functools import lru_cache
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from analysis.grids import Doubt, Grid
from analysis.layout import LOOK
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
    columns = _columns(grid)
    if not columns:
        return grid
    said = {}
    utf8 = {i: {t: read for t in c.texts if (read := from_utf8(t)) != t} for i, c in columns.items()}
    said["UTF-8"] = {i for i, read in utf8.items() if read}
    columns = {i: c.without(utf8[i]) for i, c in columns.items()}
    restored, unsure = {}, set()
    for i, (scheme, column) in _judge(columns).items():
        restored[i], is_unsure = _restored(column, scheme)
        said.setdefault(scheme, set()).update({i} if restored[i] else ())
        unsure |= {i} if is_unsure else set()
    doubts = [Doubt("restored_text", f"{scheme}: {_enumerate(where)}") for scheme, where in said.items() if where]
    doubts += [Doubt("text_may_be_legacy", _enumerate(unsure))] if unsure else []
    new = {i: utf8[i] | restored.get(i, {}) for i in columns}
    return _replaced(grid, {i: texts for i, texts in new.items() if texts}, tuple(doubts)) if doubts else grid


# --- the texts -------------------------------------------------------------------------------------------------------


def _columns(grid: Grid) -> dict[int, Column]:
    """Position, from 1, of each column that may hold old texts -> these."""
    columns = {}
    ragged = pa.chunked_array([[cell for _, line in grid.ragged for cell in line]], pa.string())
    for i, cells in enumerate([ragged, *grid.cells.columns], RAGGED):
        texts = pc.unique(cells.filter(pc.invert(pc.string_is_ascii(cells))))
        old = texts.filter(pc.match_substring_regex(texts, OLD)).to_pylist() if len(texts) else []
        if old:
            first = set(cells.slice(0, LOOK).to_pylist())
            columns[i] = Column(old, [t for t in old if t in first], is_mixed=len(old) < len(texts))
    return columns


def _replaced(grid: Grid, new: dict[int, dict[str, str]], doubts: tuple[Doubt, ...]) -> Grid:
    cells = grid.cells
    for i, texts in new.items():
        if i != RAGGED:
            chunks = [chunk.dictionary_encode() for chunk in cells.column(i - 1).chunks]
            known = [pa.array([texts.get(t, t) for t in c.dictionary.to_pylist()], pa.string()) for c in chunks]
            column = pa.chunked_array([k.take(c.indices) for k, c in zip(known, chunks, strict=True)], pa.string())
            cells = cells.set_column(i - 1, cells.column_names[i - 1], column)
    texts = new.get(RAGGED, {})
    ragged = [(row, [texts.get(cell, cell) for cell in line]) for row, line in grid.ragged]
    return grid._replace(cells=cells, ragged=ragged, doubts=(*grid.doubts, *doubts))


def _enumerate(positions: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(positions)))


# --- what they were --------------------------------------------------------------------------------------------------


def _judge(columns: dict[int, Column]) -> dict[int, tuple[str, Column]]:
    """Position -> the scheme to restore it by, none if it can only be guessed, and the texts that this concerns."""
    own = {i: _best_evidence(c.sample) for i, c in columns.items()}
    together = _judge_together(columns, own)
    is_mixed = any(c.is_mixed for c in columns.values()) or together.worse > 0
    judged = {}
    for i, column in columns.items():
        if own[i].is_certain:
            judged[i] = own[i].scheme, column._replace(is_mixed=column.is_mixed or own[i].worse > 0)
        elif together.is_certain:
            fits = _weigh(column.sample, together.scheme)
            scope = column.first if fits.worse + fits.foreign + fits.neither > len(fits.better) else column.texts
            judged[i] = together.scheme, Column(scope, [], is_mixed)
        elif own[i].is_likely:
            judged[i] = "", column
    return judged


def _judge_together(columns: dict[int, Column], own: dict[int, Evidence]) -> Evidence:
    """What the first lines of all columns say; or those of their texts that are certain alone; or one column."""
    first = [text for c in columns.values() for text in (c.first or c.sample)[:MOST_TEXTS]]
    alone = [text for c in columns.values() for text in c.first[:LOOK] if _best_evidence([text]).is_certain]
    found = (_best_evidence(first), _best_evidence(alone), *own.values())
    return max(found, key=lambda evidence: (evidence.is_certain, len(evidence.better)))


def _restored(column: Column, scheme: str) -> tuple[dict[str, str], bool]:
    """Text -> restored text; and whether a text was left alone that may be old."""
    if not scheme:
        return {}, True
    restored, unsure = {}, False
    for text in column.texts:
        new = SCHEMES[scheme](text)
        found = _weigh([text], scheme)
        if new == text or found.worse > len(found.better):
            continue
        if len(found.better) > found.worse or (not column.is_mixed and not found.foreign):
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
