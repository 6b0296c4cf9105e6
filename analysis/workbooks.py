"""Workbooks -> sheets: XLSX, XLS, XLSB and ODS. Runs in the child process, and gives text, column by column."""

import io
import re
from array import array
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, NamedTuple

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from analysis.containers import PASSWORD, SAVE, Refused, workbook_format
from analysis.footnotes import Footnotes, Range, far_cell, read_footnotes
from analysis.sheets import Sheet, column_of, number_text

BATCH = 1000
"""Lines that are turned into text at once: a long sheet never stands in memory cell by cell, and so few fit a cache."""


def read_workbook(content: bytes) -> list[Sheet]:
    """Read every sheet of a workbook.

    Parameters
    ----------
    content
        The whole file; nothing of it is trusted.

    Returns
    -------
    list of Sheet
        Numbers without scientific notation, days and instants in ISO form, lengths of time as hours:minutes:seconds,
        errors as the text that a spreadsheet shows, formulas by their stored value; every cell of a merged range has
        the text of its first.

    Raises
    ------
    Refused
        If it is not opened. Whatever else is raised means that it is damaged.
    """
    form = workbook_format(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError:
        raise Refused(PASSWORD) from None
    if not book.sheets_metadata:
        raise Refused(f"is a workbook without a sheet; {SAVE}")
    with ThreadPoolExecutor(1) as pool:  # calamine lets others work while it reads a sheet
        notes = pool.submit(read_footnotes, form, content, len(book.sheets_metadata))
        return [_read_sheet(book, i, form, notes) for i in range(len(book.sheets_metadata))]


def explain(content: bytes) -> list[Sheet]:
    """Say why a workbook cannot be read, after reading it has failed: its sheets say they reach too far.

    Raises
    ------
    Refused
        With the reason, if one is found.
    """
    if workbook_format(content) == "xlsx" and (far := far_cell(content)):
        sheet, rows, columns = far
        if rows * columns > 10_000_000:
            name = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names[sheet]
            last = f"{_letters(columns)}{rows}"
            raise Refused(
                f"sheet {name} says that it reaches cell {last}; delete the cells far from its table, "
                "or save the table alone as XLSX."
            )
    raise MemoryError


def _letters(column: int) -> str:
    """A column's letters by its number, from 1."""
    found = ""
    while column:
        column, letter = divmod(column - 1, 26)
        found = chr(65 + letter) + found
    return found


def _read_sheet(book: CalamineWorkbook, number: int, form: str, notes: Future[list[Footnotes]]) -> Sheet:
    known = book.sheets_metadata[number]
    if known.typ not in (SheetTypeEnum.WorkSheet, SheetTypeEnum.MacroSheet, SheetTypeEnum.DialogSheet):
        return Sheet(known.name, 0, [], {}, {"format": form}, skipped="sheet_no_table")
    sheet = book.get_sheet_by_index(number)
    if known.visible != SheetVisibleEnum.Visible:
        height = (sheet.end[0] + 1) if sheet.end else 0
        return Sheet(known.name, height, [], {}, {"format": form}, skipped="sheet_hidden")
    note = notes.result()[number]
    height, columns, numbers = _read_cells(sheet, form, note)
    doubts = [(reason, f"{count} in sheet {known.name}") for reason, count in note.counts.items()]
    return Sheet(known.name, height, columns, numbers, {"format": form}, doubts)


def _read_cells(sheet: CalamineSheet, form: str, note: Footnotes) -> tuple[int, list[bytes], dict[int, array]]:
    """(lines, columns, rows that hold numbers) of a sheet; what stands left of its first column is blank."""
    if sheet.start is None or sheet.end is None:
        return 0, [], {}
    left, height = sheet.start[1], sheet.end[0] + 1
    parts: list[list[bytes]] = [[] for _ in range(sheet.end[1] + 1)]
    numbers: dict[int, array] = {}
    spans = _within(sheet.merged_cell_ranges or note.merged, left, height, len(parts))
    for first, lines in _batches(sheet, height):
        _set_errors(lines, first, left, note.errors)
        spans = _fill_merged(lines, first, left, spans)
        blank = b"\0" * (len(lines) - 1)
        for position in range(left):
            parts[position].append(blank)
        for position, cells in enumerate(zip(*lines, strict=True), left):
            kinds = set(map(type, cells))
            if kinds & {int, float}:
                rows = [row for row, cell in enumerate(cells, first + 1) if type(cell) in (int, float)]
                numbers.setdefault(position, array("q")).extend(rows)
            parts[position].append(column_of(cells if kinds == {str} and form != "ods" else _texts(cells, form)))
    return height, [b"\0".join(part) for part in parts], numbers


def _batches(sheet: CalamineSheet, height: int) -> Iterator[tuple[int, list[list[Any]]]]:
    rows = sheet.iter_rows()
    for first in range(0, height, BATCH):
        yield first, list(islice(rows, BATCH))


def _set_errors(lines: list[list[Any]], first: int, left: int, errors: dict[tuple[int, int], str]) -> None:
    for (row, column), text in errors.items():
        if first <= row < first + len(lines) and left <= column < left + len(lines[0]):
            lines[row - first][column - left] = text


class Span(NamedTuple):
    """Merged cells, and what the first of them holds; ``bottom`` and ``right`` are their last."""

    top: int
    left: int
    bottom: int
    right: int
    cell: Any = ""


def _within(ranges: list[Range], start: int, height: int, width: int) -> list[Span]:
    """Merged ranges, cut to the cells that a sheet has."""
    cut = [Span(top, left, min(bottom, height - 1), min(right, width - 1)) for (top, left), (bottom, right) in ranges]
    cut = [s for s in cut if s.top <= s.bottom and start <= s.left <= s.right]
    if sum((s.bottom - s.top + 1) * (s.right - s.left + 1) for s in cut) > 2 * height * width:
        raise Refused(f"has merged cells that lie over each other; {SAVE}")
    return cut


def _fill_merged(lines: list[list[Any]], first: int, start: int, spans: list[Span]) -> list[Span]:
    """Give every cell of merged ones what the first holds; those that go on below these lines are given back."""
    later = []
    for span in spans:
        if span.top < first + len(lines):
            cell = lines[span.top - first][span.left - start] if span.top >= first else span.cell
            for line in lines[max(span.top - first, 0) : span.bottom + 1 - first]:
                line[span.left - start : span.right + 1 - start] = [cell] * (span.right + 1 - span.left)
            span = span._replace(cell=cell)  # noqa: PLW2901 - the same cells, their content known
        if span.bottom >= first + len(lines):
            later.append(span)
    return later


def _texts(cells: tuple[Any, ...], form: str) -> list[str]:
    if form == "ods":
        return list(map(_open_text, cells))
    convert = {kind: _TEXT.get(kind, str) for kind in set(map(type, cells))}
    if len(convert) == 1:
        return list(map(*convert.values(), cells))
    return [convert[type(cell)](cell) for cell in cells]


def _length_text(length: timedelta) -> str:
    seconds = length.days * 86400 + length.seconds
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _open_text(cell: Any) -> str:
    """As the others, and the lengths of time that an ODS spells as PT42H00M00S."""
    if (
        isinstance(cell, str)
        and cell.startswith("PT")
        and (told := re.fullmatch(r"PT(\d+)H(\d\d)M(\d\d)(?:\.\d+)?S", cell))
    ):
        return f"{int(told[1])}:{told[2]}:{told[3]}"
    return _TEXT.get(type(cell), str)(cell)


_TEXT: dict[type, Any] = {
    str: str,
    float: number_text,
    bool: {True: "TRUE", False: "FALSE"}.__getitem__,
    datetime: str,
    date: str,
    time: time.isoformat,
    timedelta: _length_text,
    type(None): lambda _: "",
}
