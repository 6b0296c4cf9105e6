"""Delimited text -> a grid.

The delimiter is the one under which the header is understood; where no header is, clevercsv judges by the shape of
the lines. A text whose quotation marks are all in their places is read by Arrow. In any other each line is read for
itself, so that a mark too many or too few spoils its own line alone; every line that was mended is named.
"""

import io
from collections import Counter
from collections.abc import Iterator
from enum import Enum
from itertools import islice
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from analysis.grids import Doubt, FileProblem, Grid
from analysis.layout import LOOK, best_header
from analysis.vocabulary import Vocabulary

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

SAMPLE = 1 << 20
"""How many characters are looked at to choose a dialect."""

JUDGED = 100, 400
"""How many lines, and characters of each, clevercsv is given: on one long word it takes the square of its length."""

CERTAIN = 0.8
"""The share of lines with the usual number of cells from which a delimiter is taken for certain."""

LONGEST = 500
"""How many lines a cell may take in a text whose quotation marks are damaged."""


MOST_ODD = 100_000
"""From so many odd lines on, a text more than half of whose lines are odd is no table."""


class Dialect(NamedTuple):
    """How a text is written."""

    delimiter: str
    quote: str = '"'
    escape: str = ""
    """What makes a quotation mark part of a quoted cell where it is not doubled; mostly empty."""


class Place(Enum):
    """Why the cells of a line cannot be told: a quotation mark is out of place."""

    OPEN = "opens a cell that no mark closes"
    WRONG = "stands within a cell"


class Record(NamedTuple):
    """One line of the table, which is several of the text if a cell holds line breaks."""

    cells: list[str]
    lines: int = 1
    flaw: str = ""
    """``quote_mended`` or ``other_delimiter`` if the line is not written as the others are."""


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
    sample = _split(text[: text.find("\n", SAMPLE) + 1 or SAMPLE] if len(text) > SAMPLE else text)
    delimiter, headings, sure = _delimiter(sample, vocabulary)
    dialect = _quoting(sample, delimiter)
    width = _width(sample, dialect, headings)
    grid = _read_fast(text, dialect, width) or _read_slowly(text, dialect, width)
    grid = _without_blank_tail(grid, headings)
    doubts = [*grid.doubts, *([] if sure else [Doubt("delimiter_doubtful", DELIMITERS.get(delimiter, delimiter))])]
    if _is_cut(text, grid):
        doubts.append(Doubt("cut_short", str(grid.ragged[-1][0])))
    read_as = {"format": "csv", "delimiter": DELIMITERS.get(delimiter, delimiter), "line_end": _line_end(sample)}
    quoting = {"quote": dialect.quote, "escape": dialect.escape}
    return grid._replace(read_as=read_as | {k: v for k, v in quoting.items() if v}, doubts=tuple(doubts))


# --- the dialect -----------------------------------------------------------------------------------------------------


def _split(text: str) -> list[str]:
    """Lines with their ends, whichever they are."""
    return list(io.StringIO(text, newline=""))


def _delimiter(sample: list[str], vocabulary: Vocabulary | None) -> tuple[str, int, bool]:
    """The delimiter, the cells of the header if it is known (else 0), and whether the choice is certain."""
    looks = {d: [r.cells for r in _records(sample[:LOOK], Dialect(d))] for d in DELIMITERS}
    found = {d: best_header(lines, vocabulary) for d, lines in looks.items()}
    best = max(DELIMITERS, key=lambda d: (found[d].score, max(map(len, looks[d]), default=0)))
    if found[best].score:
        return best, len(looks[best][found[best].row]), True
    said = sample[0].strip().strip('"') if sample else ""
    if said.startswith("sep=") and len(said) == 5:
        return said[-1], 0, True
    steady = {d: _steadiness(sample, d) for d in DELIMITERS}
    judged = _judge(sample)
    if steady.get(judged, 0) < CERTAIN < max(steady.values()):
        judged = max(steady, key=lambda d: steady[d])
    return judged, 0, steady.get(judged, 0) >= CERTAIN


def _steadiness(sample: list[str], delimiter: str) -> float:
    """The share of lines that have the usual number of cells, if that is more than one."""
    records = list(_records(sample, Dialect(delimiter)))
    widths = Counter(len(r.cells) for r in records if not r.flaw)
    width, often = widths.most_common(1)[0] if widths else (1, 0)
    return often / len(records) if width > 1 else 0.0


def _judge(sample: list[str]) -> str:
    """The delimiter by the shape of the lines alone; the comma where nothing speaks for any."""
    import clevercsv  # noqa: PLC0415 - a quarter of a second that a known header saves

    lines = [line[: JUDGED[1]].rstrip("\r\n") for line in islice(sample, JUDGED[0])]
    try:
        found = clevercsv.Detector().detect("\n".join(lines), delimiters=list(DELIMITERS))
    except clevercsv.Error:
        found = None
    return (found.delimiter if found else "") or ","


def _quoting(sample: list[str], delimiter: str) -> Dialect:
    """Which mark quotes a cell and which escapes the mark: the pair under which most lines have the usual width."""
    plain = Dialect(delimiter)
    odd = [line for line in sample if "'" in line or '\\"' in line]
    if not odd:
        return plain
    usual = _width(sample, plain, 0)
    rivals = [plain, Dialect(delimiter, '"', "\\"), Dialect(delimiter, "'"), Dialect(delimiter, "'", "\\")]

    def fitting(dialect: Dialect) -> tuple[int, bool]:
        records = list(_records(sample, dialect, usual))
        whole = sum(len(r.cells) == usual and not r.flaw for r in records)
        escaped = bool(dialect.escape) and any(dialect.escape + dialect.quote in line for line in odd)
        return whole, escaped or (dialect.quote == "'" and all(_is_quoted(line, dialect) for line in odd))

    return max(rivals, key=fitting)


def _is_quoted(line: str, dialect: Dialect) -> bool:
    """Whether every cell of a line stands in quotation marks."""
    cells = line.rstrip("\r\n").split(dialect.delimiter)
    return all(len(c) > 1 and c[0] == c[-1] == dialect.quote for c in cells)


def _width(sample: list[str], dialect: Dialect, headings: int) -> int:
    """How many cells a line has: as many as the header or, without one, as most lines.

    Systems that end each line with a delimiter, except the header, give every line one blank cell more than the
    header; then most lines decide, and ``_without_blank_tail`` takes the blank ones off.
    """
    widths = Counter(len(r.cells) for r in _records(sample, dialect, headings) if any(r.cells))
    several = Counter({width: often for width, often in widths.items() if width > 1}) or widths
    most, often = several.most_common(1)[0] if several else (1, 0)
    return most if not headings or (most > headings and often > CERTAIN * several.total()) else headings


def _line_end(sample: list[str]) -> str:
    ends = Counter(line[len(line.rstrip("\r\n")) :][-2:] for line in sample)
    names = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}
    return names.get(ends.most_common(1)[0][0], "") if ends else ""


# --- the lines -------------------------------------------------------------------------------------------------------


def _read_fast(text: str, dialect: Dialect, width: int) -> Grid | None:
    """Read by Arrow; None if a quotation mark is out of place, so that it might swallow cells or lines, or if Arrow stops."""
    content = text.encode()
    if dialect.escape or not _is_well_formed(content, dialect):
        return None
    odd: list[tuple[int, Record]] = []

    def keep_odd(line: pacsv.InvalidRow) -> str:
        odd.append((line.number, next(_records([line.text], dialect, width), Record([""]))))
        return "error" if _is_no_table(odd) else "skip"

    names = [str(i) for i in range(width)]
    try:
        cells = pacsv.read_csv(
            pa.BufferReader(content),
            read_options=pacsv.ReadOptions(
                column_names=names, use_threads=False, block_size=max(1 << 24, len(content) // 8)
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=dialect.delimiter, quote_char=dialect.quote, newlines_in_values=True,
                ignore_empty_lines=False, invalid_row_handler=keep_odd,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )  # fmt: skip
    except pa.ArrowInvalid:
        return None
    rows = np.setdiff1d(np.arange(1, len(cells) + len(odd) + 1), [row for row, _ in odd], assume_unique=True)
    return _with(cells, rows, odd)


def _is_well_formed(content: bytes, dialect: Dialect) -> bool:
    """Whether every quotation mark opens or closes a cell, or is doubled in one.

    Of the marks in their order every second one closes. One that opens must follow a delimiter, a line end, or the
    mark that it doubles; one that closes must stand before such.
    """
    letters = np.frombuffer(b"\n" + content + b"\n", np.uint8)
    marks = np.flatnonzero(letters == ord(dialect.quote))
    if len(marks) % 2:
        return False
    opening, closing = marks[0::2], marks[1::2]
    around = np.frombuffer(f"{dialect.delimiter}{dialect.quote}\r\n".encode(), np.uint8)
    opens = np.isin(letters[opening - 1], around)
    opens[1:] &= (letters[opening[1:] - 1] != ord(dialect.quote)) | (opening[1:] - 1 == closing[:-1])
    return bool(opens.all() and np.isin(letters[closing + 1], around).all())


def _read_slowly(text: str, dialect: Dialect, width: int) -> Grid:
    """Read line by line, so that a damaged line spoils no other."""
    regular, odd = [], []
    for row, record in enumerate(_records(_split(text), dialect, width), 1):
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
    return _with(cells, np.array([row for row, _ in regular], np.int64), odd)


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
        cells, rows = pa.concat_tables([cells, more]).take(np.argsort(rows)), np.sort(rows)
    ragged = [(row, r.cells) for row, r in odd if len(r.cells) != width]
    flaws: dict[str, list[int]] = {}
    for row, record in odd:
        if record.flaw:
            flaws.setdefault(record.flaw, []).append(row)
    return Grid("", cells, rows, ragged, doubts=tuple(Doubt(flaw, _enumerate(at)) for flaw, at in flaws.items()))


def _enumerate(rows: list[int]) -> str:
    return ", ".join(map(str, rows[:5])) + (f" (+{len(rows) - 5})" if len(rows) > 5 else "")


def _without_blank_tail(grid: Grid, headings: int) -> Grid:
    """Take off the columns right of the header: they are blank, or else their lines are ragged."""
    width = grid.cells.num_columns
    if not headings or headings >= width:
        return grid
    said = np.zeros(len(grid.cells), bool)
    for position in range(headings, width):
        said |= pc.not_equal(pc.utf8_trim_whitespace(grid.cells.column(position)), "").to_numpy()
    longer = grid.cells.filter(said).to_pylist()
    ragged = [*grid.ragged, *zip(grid.rows[said].tolist(), (list(line.values()) for line in longer), strict=True)]
    kept = grid.cells.filter(~said).select(list(range(headings)))
    return grid._replace(cells=kept, rows=grid.rows[~said], ragged=sorted(ragged))


def _is_cut(text: str, grid: Grid) -> bool:
    """Whether the text ends within a line: no line end, and too few cells for a line but too many for a footnote."""
    if text.endswith(("\n", "\r")) or not grid.ragged or len(grid.cells) < 2:
        return False
    row, cells = grid.ragged[-1]
    is_last = row > int(grid.rows.max())
    return is_last and len(cells) < grid.cells.num_columns and (len(cells) > 1 or any(c.isdigit() for c in cells[0]))


# --- one line --------------------------------------------------------------------------------------------------------


def _records(lines: list[str], dialect: Dialect, width: int = 0) -> Iterator[Record]:
    """The lines of a table; of the given width as far as they can be read so, or of any if it is 0.

    Each cell that was never closed shortens how far the next one is looked for, so that no text takes the square of
    its length.
    """
    at, reach = 0, LONGEST
    while at < len(lines):
        first = lines[at].rstrip("\r\n")
        if dialect.quote not in first:
            record = Record(first.split(dialect.delimiter))
        elif found := _quoted(lines[at : at + reach], dialect, width):
            record, reach = found, LONGEST
        else:
            record, reach = _mend(first, dialect, width), max(reach // 4, 2)
        yield _other_delimiter(first, dialect, width) or record if len(record.cells) != width else record
        at += record.lines


def _other_delimiter(line: str, dialect: Dialect, width: int) -> Record | None:
    """A line that has the usual width under exactly one delimiter, which is not that of the others."""
    if width < 3:
        return None
    read = [_cells(line, dialect._replace(delimiter=d)) for d in DELIMITERS if d != dialect.delimiter]
    fitting = [cells for cells in read if isinstance(cells, list) and len(cells) == width]
    return Record(fitting[0], 1, "other_delimiter") if len(fitting) == 1 else None


def _quoted(lines: list[str], dialect: Dialect, width: int) -> Record | None:
    """The line whose quotation marks are all in place, over as many lines of text as it takes; None if there is none.

    A cell that runs over a line which is whole by itself has lost its closing mark, and does not count.
    """
    text = ""
    for number, line in enumerate(lines, 1):
        text += line
        if number > 1 and dialect.quote not in line:
            continue
        cells = _cells(text.rstrip("\r\n"), dialect)
        if cells is Place.OPEN:
            continue
        if cells is Place.WRONG or (len(cells) != width and _any_whole(lines[1:number], dialect, width)):
            return None
        return Record(cells, number)
    return None


def _any_whole(lines: list[str], dialect: Dialect, width: int) -> bool:
    return any(line.count(dialect.delimiter) >= max(width - 1, 1) for line in lines)


def _cells(text: str, dialect: Dialect, *, lenient: bool = False) -> "list[str] | Place":
    """The cells of a line, or where its quotation marks are out of place.

    Lenient, a quoted cell ends at the first mark that stands before a delimiter or the end; a cell whose quotation
    runs into the next cell's opening mark is no quotation.
    """
    delimiter, quote, _ = dialect
    cells, at = [], 0
    while True:
        start = at
        while text.startswith(" ", start):
            start += 1
        after = text.find(delimiter, at) % (len(text) + 1)
        cell = text[at:after]
        if text.startswith(quote, start):
            closed = _closing(text, start + 1, dialect, lenient=lenient)
            if isinstance(closed, Place) and not lenient:
                return closed
            if isinstance(closed, Place) or (lenient and delimiter + quote in text[start + 1 : closed[0]]):
                cell = text[start + 1 : after]
            else:
                cell, after = text[start + 1 : closed[0]], closed[1]
            cell = cell.replace(quote * 2, quote)
        cells.append(_unescape(cell, dialect))
        if after >= len(text):
            return cells
        at = after + 1


def _closing(text: str, at: int, dialect: Dialect, *, lenient: bool) -> "tuple[int, int] | Place":
    """Where a quotation ends, and where the delimiter behind it stands."""
    delimiter, quote, escape = dialect
    while (at := text.find(quote, at)) >= 0:
        after = at + 1
        while text.startswith(" ", after):
            after += 1
        ends = after == len(text) or text.startswith(delimiter, after)
        doubled = text.startswith(quote, at + 1)
        if escape and text[at - 1] == escape:
            at += 1
        elif ends and (lenient or not doubled):
            return at, after
        elif doubled:
            at += 2
        elif lenient:
            at += 1
        else:
            return Place.WRONG
    return Place.OPEN


def _unescape(cell: str, dialect: Dialect) -> str:
    return cell.replace(dialect.escape + dialect.quote, dialect.quote) if dialect.escape else cell


def _mend(line: str, dialect: Dialect, width: int) -> Record:
    """A line with a quotation mark out of place, read as far as it can be: marks in the wrong place are text."""
    lenient = _cells(line, dialect, lenient=True)
    assert isinstance(lenient, list)  # noqa: S101 - lenient, every line has cells
    literal = [c.strip().strip(dialect.quote) for c in line.split(dialect.delimiter)]
    fitting = [cells for cells in (lenient, literal) if len(cells) == width]
    return Record(fitting[0] if fitting else lenient, 1, "quote_mended")
