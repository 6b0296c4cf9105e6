"""What every reader gives: the cells of a sheet as text, and what was chosen on the way to them."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


class FileProblem(Exception):
    """A file cannot be read as an export; the message names the file, what is wrong, and what to do.

    A reader that sees only bytes leaves out the file's name; ``files`` puts it in front.
    """


class Doubt(NamedTuple):
    """Something about a sheet that was chosen or found, and that a reader of its figures should know."""

    reason: str
    """A key of the labels' section ``doubts``."""
    detail: str = ""
    """What was chosen, where, or how often."""


class Grid(NamedTuple):
    """The cells of one sheet, as text, before anything is understood."""

    sheet: str
    cells: pa.Table
    """One column of text per column of the sheet, named "0", "1" ...; a missing cell is empty. Where few texts differ
    it may be a column of Arrow's dictionaries."""
    rows: np.ndarray
    """The row of each line, from 1, as a spreadsheet shows it; int64."""
    ragged: list[tuple[int, list[str]]]
    """(row, cells) of lines with more or fewer cells than the header."""
    read_as: dict[str, str] = {}  # noqa: RUF012 - nobody changes it
    """What was chosen: ``format`` and, for text, ``encoding``, ``delimiter``, ``quote``, ``line_end``."""
    doubts: tuple[Doubt, ...] = ()
    flaws: dict[str, list[int]] = {}  # noqa: RUF012 - nobody changes it
    """Reason -> rows of the lines that are not written as the others, until a doubt tells of them."""
    numbers: dict[int, np.ndarray] = {}  # noqa: RUF012 - nobody changes it
    """Position of a column -> the rows in which a workbook holds a number, not text; int64."""
    skipped: str = ""
    """Why the sheet is not read although it can be, as ``sheet_hidden``; empty for one that is."""

    def lines(self) -> list[tuple[int, list[str]]]:
        """(row, cells) of every line in its place, ragged ones too."""
        columns = [column.to_pylist() for column in self.cells.columns]
        regular = zip(self.rows.tolist(), map(list, zip(*columns, strict=True)), strict=True)
        return sorted([*regular, *self.ragged], key=lambda line: line[0])


def doubts_of(flaws: dict[str, list[int]]) -> list[Doubt]:
    """One doubt per reason, with the first rows and how many more there are.

    Examples
    --------
    >>> doubts_of({"quote_mended": [2, 5, 6, 9, 11, 12]})
    [Doubt(reason='quote_mended', detail='2, 5, 6, 9, 11 (+1)')]
    """
    more = {reason: f" (+{len(rows) - 5})" if len(rows) > 5 else "" for reason, rows in flaws.items()}
    return [Doubt(reason, ", ".join(map(str, rows[:5])) + more[reason]) for reason, rows in flaws.items()]


def by_value(column: pa.ChunkedArray, function: Callable[[pa.Array], pa.Array]) -> pa.ChunkedArray:
    """Apply a function of texts; to each different text once, where a column has them by number.

    Examples
    --------
    >>> coded = pa.chunked_array([pa.array(["a ", "b", "a "]).dictionary_encode()])
    >>> by_value(coded, pc.utf8_trim_whitespace).to_pylist()
    ['a', 'b', 'a']
    """
    if not pa.types.is_dictionary(column.type):
        return function(column)
    chunks = [function(chunk.dictionary).take(chunk.indices) for chunk in column.chunks]
    return pa.chunked_array(chunks, type=function(pa.array([], pa.string())).type)


def says(column: pa.ChunkedArray) -> np.ndarray:
    """Where a cell has more than white space; bool."""
    said = by_value(column, lambda texts: pc.not_equal(pc.utf8_trim_whitespace(texts), ""))
    return said.to_numpy(zero_copy_only=False)


def grid_of(lines: list[list[str]], *, sheet: str = "", **more: Any) -> Grid:
    """Lines of any length as a grid; a short line ends in empty cells, as a spreadsheet shows it.

    Examples
    --------
    >>> grid_of([["Số hồ sơ", "Kênh"], ["00123"]]).cells.to_pylist()
    [{'0': 'Số hồ sơ', '1': 'Kênh'}, {'0': '00123', '1': ''}]
    """
    width = max(map(len, lines), default=0)
    columns = [[line[i] if i < len(line) else "" for line in lines] for i in range(width)]
    cells = pa.table({str(i): pa.array(c, pa.string()) for i, c in enumerate(columns)})
    return Grid(sheet, cells, np.arange(1, len(lines) + 1), [], **more)
