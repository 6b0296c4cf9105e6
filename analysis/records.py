"""One line of delimited text -> its cells.

A quotation mark that is out of place spoils its own line alone: the line is read as far as it can be, and named.
"""

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

LONGEST = 500
"""How many lines a cell may take in a text whose quotation marks are damaged."""


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


def records_of(lines: list[str], dialect: Dialect, width: int = 0) -> Iterator[Record]:
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
