"""Delimited text -> a grid.

A text whose quotation marks are all in their places is read by Arrow. In any other each line is read for itself, so
that a mark too many or too few spoils its own line alone; every line that was mended is named.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from analysis.dialects import Writing, find_writing, split_lines
from analysis.grids import FileProblem, Grid, doubts_of, says
from analysis.records import Dialect, Record, records_of
from analysis.vocabulary import Vocabulary

MOST_ODD = 100_000
"""From so many odd lines on, a text more than half of whose lines are odd is no table."""

CHUNK = 1 << 22
"""Bytes that Arrow takes at once: they stay in the processor's own memory."""


def read_delimited(text: str, vocabulary: Vocabulary | None = None) -> Grid:
    r"""Read delimited text whose dialect is not known.

    Parameters
    ----------
    text
        The whole text.
    vocabulary
        Finds the header; without one, or without a header that it knows, the shape of the lines decides.

    Returns
    -------
    Grid
        ``ragged`` holds the lines with more or fewer cells than the header, or than most lines where there is none.
        Doubts name the lines that were mended, a delimiter that is not certain, and a text that ends half-way.

    Examples
    --------
    >>> grid = read_delimited("Mã;Tên\n1;\"Sửa \"nhà\"\n2;Xây nhà\n3;Xây kho\n4;\n")
    >>> [cells for _, cells in grid.lines()][:3]
    [['Mã', 'Tên'], ['1', 'Sửa "nhà'], ['2', 'Xây nhà']]
    >>> grid.doubts
    (Doubt(reason='quote_mended', detail='2'),)
    """
    writing = find_writing(text, vocabulary)
    grid = read_written(text.encode(), writing, is_last=True) or _read_slowly(text, writing)
    return grid._replace(read_as=writing.read_as, doubts=(*doubts_of(grid.flaws), *writing.doubts), flaws={})


def read_written(content: bytes, writing: Writing, *, is_last: bool = False) -> Grid | None:
    r"""Read lines whose writing is known, the fast way.

    Parameters
    ----------
    content
        Lines in UTF-8, from the beginning of one to the end of another.
    is_last
        Whether the text ends with them, so that one that stops half-way is a flaw.

    Returns
    -------
    Grid or None
        Without doubts: ``flaws`` has the lines that were mended. None if a quotation mark is out of place, so that it
        might swallow cells or lines, if bytes are no UTF-8, or if Arrow stops.

    Examples
    --------
    >>> read_written(b"1;x\n2;y\n", find_writing("Ma;Ten\n1;x\n")).cells.to_pylist()
    [{'0': '1', '1': 'x'}, {'0': '2', '1': 'y'}]
    """
    if writing.dialect.escape or not _is_well_formed(content, writing.dialect):
        return None
    grid = _read_fast(content, writing, CHUNK) or _read_fast(content, writing, max(1 << 24, len(content) // 8))
    if not grid:
        return None
    grid = _without_blank_tail(grid, writing.headings)
    return _told_if_cut(grid, content[-1:]) if is_last else grid


def _read_fast(content: bytes, writing: Writing, chunk: int) -> Grid | None:
    """Read by Arrow, so many bytes at once; None if a line is longer, or is none."""
    dialect, width = writing.dialect, writing.width
    odd: list[tuple[int, Record]] = []

    def keep_odd(line: pacsv.InvalidRow) -> str:
        odd.append((line.number, next(records_of([line.text], dialect, width), Record([""]))))
        return "error" if _is_no_table(odd) else "skip"

    names = [str(i) for i in range(width)]
    kinds = {
        name: pa.dictionary(pa.int32(), pa.string()) if i in writing.few else pa.string()
        for i, name in enumerate(names)
    }
    try:
        cells = pacsv.read_csv(
            pa.BufferReader(content),
            read_options=pacsv.ReadOptions(column_names=names, use_threads=False, block_size=chunk),
            parse_options=pacsv.ParseOptions(
                delimiter=dialect.delimiter, quote_char=dialect.quote, newlines_in_values=True,
                ignore_empty_lines=False, invalid_row_handler=keep_odd,
            ),
            convert_options=pacsv.ConvertOptions(column_types=kinds, strings_can_be_null=False, check_utf8=False),
        )  # fmt: skip
        cells.validate(full=True)  # that all of it is UTF-8: each different text once, not each cell
    except pa.ArrowInvalid:
        return None
    rows = np.arange(1, len(cells) + len(odd) + 1)
    if odd:
        rows = np.setdiff1d(rows, [row for row, _ in odd], assume_unique=True)
    return _with(cells.unify_dictionaries(), rows, odd)


def _read_slowly(text: str, writing: Writing) -> Grid:
    """Read line by line, so that a damaged line spoils no other."""
    dialect, width = writing.dialect, writing.width
    regular, odd = [], []
    for row, record in enumerate(records_of(split_lines(text), dialect, width), 1):
        if len(record.cells) == width and not record.flaw:
            regular.append((row, record.cells))
        else:
            odd.append((row, record))
        if _is_no_table(odd):
            raise FileProblem(
                f"of its first {row} lines more than half have a quotation mark out of place or another number of cells "
                "than the header; export it again."
            )
    columns = zip(*(cells for _, cells in regular), strict=True) if regular else [[]] * width
    cells = pa.table({str(i): pa.array(column, pa.string()) for i, column in enumerate(columns)})
    grid = _with(cells, np.array([row for row, _ in regular], np.int64), odd)
    return _told_if_cut(_without_blank_tail(grid, writing.headings), text[-1:].encode())


def _is_well_formed(content: bytes, dialect: Dialect) -> bool:
    """Whether every quotation mark opens or closes a cell, or is doubled in one.

    Of the marks in their order every second one closes. One that opens must follow a delimiter, a line end, or the
    mark that it doubles; one that closes must stand before such.
    """
    letters, quote = np.frombuffer(content, np.uint8), ord(dialect.quote)
    marks = positions_of(content, dialect.quote.encode())
    if len(marks) % 2:
        return False
    opening, closing = marks[0::2], marks[1::2]
    may_stand = np.zeros(256, bool)
    may_stand[list(f"{dialect.delimiter}{dialect.quote}\r\n".encode())] = True
    before, after = letters[opening[opening > 0] - 1], letters[closing[closing < len(letters) - 1] + 1]
    doubled = (letters[opening[1:] - 1] != quote) | (opening[1:] - 1 == closing[:-1])
    return bool(may_stand[before].all() and may_stand[after].all() and doubled.all())


def count_of(content: bytes, letter: bytes) -> int:
    """How often a byte stands in some content.

    Examples
    --------
    >>> count_of(b'a"b"', b'"')
    2
    """
    return sum(int(np.count_nonzero(piece == letter[0])) for _, piece in _pieces(content))


def positions_of(content: bytes, letter: bytes) -> np.ndarray:
    """Where a byte stands; int64.

    Examples
    --------
    >>> positions_of(b'a"b"', b'"').tolist()
    [1, 3]
    """
    pieces = _pieces(content) if letter in content else ()
    found = [np.flatnonzero(piece == letter[0]) + at for at, piece in pieces]
    return np.concatenate(found) if found else np.empty(0, np.int64)


def _pieces(content: bytes) -> Iterator[tuple[int, np.ndarray]]:
    """The bytes of some content and where each piece of them begins; a piece stays in the processor's own memory."""
    letters = np.frombuffer(content, np.uint8)
    return ((at, letters[at : at + CHUNK // 16]) for at in range(0, len(letters), CHUNK // 16))


def _is_no_table(odd: list[tuple[int, Record]]) -> bool:
    return len(odd) > MOST_ODD and len(odd) > odd[-1][0] / 2


def _with(cells: pa.Table, rows: np.ndarray, odd: list[tuple[int, Record]]) -> Grid:
    """A grid of regular lines and odd ones; an odd line of the usual width joins the regular ones, and is named."""
    width = cells.num_columns
    joining = [(row, r.cells) for row, r in odd if len(r.cells) == width]
    if joining:
        columns = zip(*(line for _, line in joining), strict=True)
        more = pa.table({str(i): pa.array(column, pa.string()) for i, column in enumerate(columns)})
        rows = np.concatenate([rows, np.array([row for row, _ in joining], np.int64)])
        cells, rows = pa.concat_tables([cells, more.cast(cells.schema)]).take(np.argsort(rows)), np.sort(rows)
    ragged = [(row, r.cells) for row, r in odd if len(r.cells) != width]
    flaws: dict[str, list[int]] = {}
    for row, record in odd:
        if record.flaw:
            flaws.setdefault(record.flaw, []).append(row)
    return Grid("", cells, rows, ragged, flaws=flaws)


def _without_blank_tail(grid: Grid, headings: int) -> Grid:
    """Take off the columns right of the header: they are blank, or else their lines are ragged."""
    width = grid.cells.num_columns
    if not headings or headings >= width:
        return grid
    said = np.zeros(len(grid.cells), bool)
    for position in range(headings, width):
        said |= says(grid.cells.column(position))
        said |= pc.not_equal(pc.utf8_trim_whitespace(grid.cells.column(position)), "").to_numpy()
    longer = grid.cells.filter(said).to_pylist()
    ragged = [*grid.ragged, *zip(grid.rows[said].tolist(), (list(line.values()) for line in longer), strict=True)]
    kept = grid.cells.filter(~said).select(list(range(headings)))
    return grid._replace(cells=kept, rows=grid.rows[~said], ragged=sorted(ragged))


def _told_if_cut(grid: Grid, end: bytes) -> Grid:
    """Tell of a text that ends within a line: no line end, and too few cells for a line but too many for a footnote."""
    if end in (b"\n", b"\r") or not grid.ragged or len(grid.cells) < 2:
        return grid
    row, cells = grid.ragged[-1]
    is_last = row > int(grid.rows.max())
    is_cut = is_last and len(cells) < grid.cells.num_columns and (len(cells) > 1 or any(c.isdigit() for c in cells[0]))
    return grid._replace(flaws={**grid.flaws, "cut_short": [row]}) if is_cut else grid
