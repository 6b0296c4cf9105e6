"""Grid -> the columns that are understood, and the lines that are data.

Every line that is no data (title, header, number row, section, total, signature, blank) is named as such. What is
understood of a sheet (``Layout``) is told from its first lines, and then holds for all of them, a block at a time.
"""

import re
from collections.abc import Container
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.grids import Doubt, FileProblem, Grid, by_value, says
from analysis.headers import LOOK, Header, best_header
from analysis.tables import NUMBER_MARK, RAGGED, TABLES, Table, is_error_cell
from analysis.titles import name_day, title_days
from analysis.vocabulary import Vocabulary, fold

SHAPED = 10_000
"""Of how many lines the codes are looked at, to know what a code looks like."""

DAY_LIKE = r"\d[-/.]\d|^\d{5}"
"""What a cell has in it that holds a day, right or wrong."""


class Layout(NamedTuple):
    """What is understood of a sheet by its first lines."""

    header: Header
    first: int
    """The first row of the header."""
    last: int
    """Its last row; 0 in a block of lines below the one that holds it."""
    exported_on: date | None
    """The day of the export, as the title block says it."""
    covers: tuple[date | None, date | None]
    shapes: dict[str, frozenset[str]]
    """Column of codes -> what its codes look like, for lines in which a code stands in another cell."""

    @property
    def table(self) -> Table:
        """The table that the sheet belongs to."""
        return TABLES[self.header.table]

    @property
    def below(self) -> "Layout":
        """The same for lines that follow in another block."""
        return self._replace(first=0, last=0)


class Export(NamedTuple):
    """One sheet of one export, or a block of its lines, with its header understood."""

    file: str
    sheet: str
    format: str
    sha256: str
    table: str
    """The table it belongs to; a key of ``tables.TABLES``."""
    lines: pa.Table
    """The understood columns as text, by the table's names; ``source_row`` (int64); ``ragged`` (bool): the line has
    more or fewer cells than the header, so of its cells only those that name its row are there; and, where a workbook
    holds numbers in a column of codes, ``number:`` and its name (bool)."""
    others: pd.DataFrame
    """Every line that is no data: ``source_row`` (int64) and ``reason`` (categorical), by row."""
    headings: dict[str, str]
    """Column -> the heading it was read from."""
    personal: list[str]
    """Headings of columns left unread because they can name a person."""
    unknown: list[str]
    """Headings that the vocabulary does not know; left unread."""
    header_row: int
    exported_on: date | None
    covers: tuple[date | None, date | None]
    read_as: dict[str, str] = {}  # noqa: RUF012 - nobody changes it
    """What was chosen: ``format`` and, for text, ``encoding``, ``delimiter`` and so on."""
    doubts: tuple[Doubt, ...] = ()
    """What was not certain about the whole sheet."""
    flaws: dict[str, list[int]] = {}  # noqa: RUF012 - nobody changes it
    """As in a grid."""

    @property
    def lines_read(self) -> int:
        """Lines of the sheet: data and no data."""
        return len(self.lines) + len(self.others)

    @property
    def not_data(self) -> list[tuple[int, str]]:
        """(row, reason) of every line that is no data."""
        return list(self.others.itertuples(index=False, name=None))


def understand(grid: Grid, file: str, checksum: str, vocabulary: Vocabulary) -> Export:
    """Find a sheet's header and set apart the lines that are no data."""
    layout = None if grid.skipped else find_layout(grid, vocabulary)
    if not layout:
        return _no_data(grid, file, checksum, grid.skipped or "sheet_not_understood")
    return set_apart(grid, layout, file, checksum, vocabulary)


def find_layout(grid: Grid, vocabulary: Vocabulary) -> Layout | None:
    """What is understood of a sheet; None if it has no header that is.

    Raises
    ------
    FileProblem
        If its header fits two tables, or has a column that no line has.
    """
    head = first_lines(grid)
    try:
        header = best_header([line for _, line in head], vocabulary)
    except FileProblem as problem:
        raise FileProblem(f"sheet {grid.sheet}: {problem}" if grid.sheet else str(problem)) from None
    if not header.score:
        return None
    if max(header.columns.values()) >= grid.cells.num_columns:
        raise FileProblem(
            f"its header has {len(header.headings)} cells and its lines have {grid.cells.num_columns}, so nobody can tell "
            "which cell is of which column; export it again."
        )
    first, last = head[header.row - header.height + 1][0], head[header.row][0]
    days = title_days([line for row, line in head if row < first], vocabulary)
    return Layout(header, first, last, *days, _shapes(grid, header, last))


def first_lines(grid: Grid) -> list[tuple[int, list[str]]]:
    """The first lines of a sheet, ragged ones in their places."""
    columns = [c.to_pylist() for c in grid.cells.slice(0, LOOK).columns]
    regular = [(int(grid.rows[i]), [c[i] for c in columns]) for i in range(min(LOOK, len(grid.cells)))]
    return sorted([*regular, *grid.ragged[:LOOK]])[:LOOK]


def set_apart(grid: Grid, layout: Layout, file: str, checksum: str, vocabulary: Vocabulary) -> Export:
    """The lines of a sheet, or of a block of it, that are data; and the reason why each of the others is none."""
    others = _not_lines(grid, layout, vocabulary)
    kept = np.flatnonzero(~np.isin(grid.rows, others.source_row))
    of_ragged = np.isin([row for row, _ in grid.ragged], others.source_row)
    ragged = [line for line, is_other in zip(grid.ragged, of_ragged, strict=True) if not is_other]
    header, table = layout.header, layout.table
    cells = _taken(pa.table({c: grid.cells[str(i)] for c, i in header.columns.items()}), kept)
    shifted = {
        c: pa.array([_code(line, layout.shapes.get(c)) for _, line in ragged], pa.string()) for c in header.columns
    }
    rows = np.concatenate([grid.rows[kept], np.array([row for row, _ in ragged], np.int64)])
    marks = {"source_row": pa.array(rows, pa.int64()), RAGGED: pa.array(np.arange(len(rows)) >= len(kept))}
    numeric = {NUMBER_MARK + c: grid.numbers.get(header.columns.get(c, -1), np.array([])) for c in table.codes}
    marks |= {mark: pa.array(np.isin(rows, numbers)) for mark, numbers in numeric.items() if len(numbers)}
    if ragged:
        cells = pa.concat_tables([cells, pa.table(shifted).cast(cells.schema)])
    named = set(header.columns.values())
    unread = [h for i, h in enumerate(header.headings) if i not in named and h.strip()]
    return Export(
        file, grid.sheet, grid.read_as["format"], checksum, header.table,
        pa.table({**dict(zip(cells.column_names, cells.columns, strict=True)), **marks}), others,
        {c: header.headings[i] for c, i in header.columns.items()},
        [h for h in unread if fold(h) in vocabulary.personal], [h for h in unread if fold(h) not in vocabulary.personal],
        layout.last, layout.exported_on or name_day(file), layout.covers, grid.read_as, grid.doubts, grid.flaws,
    )  # fmt: skip


def cells_of(
    grid: Grid, layout: Layout, headings: Container[str], vocabulary: Vocabulary
) -> dict[str, pa.ChunkedArray]:
    """The cells of columns that are left unread, in the lines that are data; lines of other lengths left out.

    Parameters
    ----------
    headings
        Which columns, by their folded headings.

    Returns
    -------
    dict
        Heading -> cells, as text.
    """
    named = set(layout.header.columns.values())
    wanted = {h: i for i, h in enumerate(layout.header.headings) if i not in named and fold(h) in headings}
    wanted = {h: i for h, i in wanted.items() if i < grid.cells.num_columns}
    if not wanted:
        return {}
    kept = np.flatnonzero(~np.isin(grid.rows, _not_lines(grid, layout, vocabulary).source_row))
    return {h: _taken(grid.cells.select([str(i)]), kept).column(0) for h, i in wanted.items()}


def _no_data(grid: Grid, file: str, checksum: str, reason: str) -> Export:
    """A sheet of which no line is data."""
    rows = [*grid.rows.tolist(), *(row for row, _ in grid.ragged)]
    lines = pa.table({"source_row": pa.array([], pa.int64())})
    return Export(
        file, grid.sheet, grid.read_as.get("format", ""), checksum, "", lines, _by_row([(np.array(rows, np.int64), reason)]),
        {}, [], [], 0, None, (None, None), grid.read_as, grid.doubts,
    )  # fmt: skip


def _by_row(found: list[tuple[np.ndarray, str]]) -> pd.DataFrame:
    """Rows and the reason of each group of them, as one table by row."""
    reasons = list(dict.fromkeys(reason for _, reason in found))
    codes = np.concatenate([np.full(len(rows), reasons.index(reason)) for rows, reason in found] or [np.empty(0, int)])
    rows = np.concatenate([rows for rows, _ in found] or [np.empty(0)]).astype(np.int64)
    table = pd.DataFrame({"source_row": rows, "reason": pd.Categorical.from_codes(codes, pd.Index(reasons))})
    return table.sort_values("source_row", ignore_index=True)


def _taken(cells: pa.Table, positions: np.ndarray) -> pa.Table:
    """Some lines; without copying them where they follow each other."""
    if len(positions) and positions[-1] - positions[0] + 1 == len(positions):
        return cells.slice(int(positions[0]), len(positions))
    kept = np.zeros(len(cells), bool)
    kept[positions] = True
    return cells.filter(kept)


# --- what is no data -------------------------------------------------------------------------------------------------


def _not_lines(grid: Grid, layout: Layout, vocabulary: Vocabulary) -> pd.DataFrame:
    """Every line that is no data, and why; see ``Export.others``."""
    header, table = layout.header, layout.table
    above = np.array([*grid.rows[grid.rows <= layout.last], *(row for row, _ in grid.ragged if row <= layout.last)])
    needed = [c for one_of in table.required for c in one_of if c in header.columns]
    required = [header.columns[c] for c in needed]
    days = [header.columns[c] for c in needed if c in table.instants]
    is_suspect = _suspect(grid.cells, required) & (grid.rows > layout.last)
    suspects, cells = np.flatnonzero(is_suspect), grid.cells.filter(is_suspect)
    said = np.logical_or.reduce([np.zeros(len(suspects), bool), *map(says, cells.columns)])
    columns = [c.cast(pa.string()).to_pylist() for c in cells.filter(said).columns]
    odd = [(int(row), [c[i] for c in columns]) for i, row in enumerate(grid.rows[suspects[said]])]
    odd += [(row, line) for row, line in grid.ragged if row > layout.last]
    headings = {fold(h) for h in header.headings}
    judged = {row: _not_data(line, required, days, headings, vocabulary) for row, line in odd}
    judged |= dict.fromkeys(_below_signature(odd, judged, required), "signature")
    reasons = {reason for reason in judged.values() if reason}
    return _by_row([
        (above[above < layout.first], "title"), (above[above >= layout.first], "header"),
        (grid.rows[suspects[~said]], "blank"),
        *((np.array([row for row, why in judged.items() if why == reason]), reason) for reason in sorted(reasons)),
    ])  # fmt: skip


def _suspect(cells: pa.Table, required: list[int]) -> np.ndarray:
    """Lines that may be no data, judged by their required cells alone: one is empty, short, says no digit, or is
    merged with another.

    Each distinct value is looked at once, so a million lines cost no more than their different texts.
    """
    suspect = np.zeros(len(cells), bool)
    for position in required:
        suspect |= by_value(cells.column(position), _is_odd).to_numpy(zero_copy_only=False)
    texts = [cells.column(position).cast(pa.string()) for position in required]
    for other in texts[1:]:
        suspect |= pc.equal(other, texts[0]).to_numpy(zero_copy_only=False)
    return suspect


def _is_odd(texts: pa.Array) -> pa.Array:
    """Which texts are short or say no digit."""
    short = pc.less(pc.utf8_length(pc.utf8_trim_whitespace(texts)), 5)
    return pc.or_(short, pc.invert(pc.match_substring_regex(texts, r"\d")))


def _not_data(
    line: list[str], required: list[int], days: list[int], headings: set[str], vocabulary: Vocabulary
) -> str | None:
    """Why a line is no data, or None if it may be; a line with a required day is no total, whatever else it says."""
    texts = [" ".join(cell.split()) for cell in line]
    said = [t for t in texts if t]
    if not said:
        return "blank"
    has_day = any(re.search(DAY_LIKE, texts[p]) for p in days if p < len(texts) and texts[p] != said[0])
    if has_day and len(set(said)) > 1:
        return None
    folded = [fold(t) for t in said]
    if len(set(folded)) > 1 and set(folded) <= headings:
        return "repeated_header"
    if len(said) > 1 and _counts_up(said):
        return "number_row"
    if not has_day:
        if any(_begins(folded[0], fold(word)) for word in vocabulary.layout["totals"]):
            return "total"
        if any(_begins(folded[0], fold(word)) for word in vocabulary.layout["signatures"]):
            return "signature"
    alone = len(set(said)) == 1 and len(line) > 1 and not is_error_cell(said[0])
    if alone and (len(said) > 1 or not any(p < len(texts) and texts[p] for p in required)):
        return "section"
    return None


def _below_signature(
    lines: list[tuple[int, list[str]]], judged: dict[int, str | None], required: list[int]
) -> list[int]:
    """Rows below a signature that hold the signers' names: nothing that is required has a digit."""
    first = min((row for row, reason in judged.items() if reason == "signature"), default=None)
    said = {row: "".join(line[p] for p in required if p < len(line)) for row, line in lines}
    return [row for row in said if first and row > first and not judged[row] and not re.search(r"\d", said[row])]


def _begins(text: str, word: str) -> bool:
    return text == word or text.startswith(word + " ")


def _counts_up(said: list[str]) -> bool:
    """Whether cells number the columns: (1) (2) (3), or A B 1 2 3."""
    bare = [t.strip("()[] ") for t in said]
    numbers = [int(t) for t in bare if t.isdecimal()]
    letters = [t for t in bare if not t.isdecimal()]
    return (
        bool(numbers)
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and all(len(t) == 1 and t.isalpha() for t in letters)
        and numbers[0] in (0, 1)
        and len(numbers) > 1
    )


# --- lines with more or fewer cells than the header ---------------------------------------------------------------------


def _shapes(grid: Grid, header: Header, last: int) -> dict[str, frozenset[str]]:
    """What codes look like in the first lines below a header.

    Any cell of a line with more or fewer cells than the header may stand in the wrong column, and a shifted one can
    hold a telephone number. So a code is looked for in every cell, by the shape that the codes of other lines have, and
    nothing else is kept.
    """
    table = TABLES[header.table]
    first = int(np.searchsorted(grid.rows, last, side="right"))
    shapes = {}
    for column in (set(table.key) - set(table.words) - set(table.instants)) & set(header.columns):
        texts = pc.unique(grid.cells.column(header.columns[column]).slice(first, SHAPED).cast(pa.string()))
        shapes[column] = frozenset(shape for shape in map(_shape, texts.to_pylist()) if "9" in shape)
    return shapes


def _code(line: list[str], shapes: frozenset[str] | None) -> str:
    """The first cell of a line that looks like a code; an empty text if there is none."""
    return next((cell for cell in line if _shape(cell) in shapes), "") if shapes else ""


def _shape(text: str) -> str:
    """A text with a 9 for every digit and an A for every letter."""
    return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", text.strip()))
