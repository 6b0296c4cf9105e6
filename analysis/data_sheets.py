"""Sheets to work with: one table each, its head frozen and filtered, real numbers and days, text as text.

Nothing in them is a formula, and no link leads out of the workbook; a procedure named ``=1+1`` stays that text.
"""

import io
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import xlsxwriter

from analysis.labels import NOTHING, Labels
from analysis.printed import A4, FONT, LINE, OPTIONS, SMALL_LINE, height
from analysis.written import Written

HEAD = 2
"""The row of heads, from 0: above it stand the title and the way back to the contents."""

MOST_LINES = 1_048_576 - HEAD - 1
"""Lines below the heads that a sheet can hold."""

LONGEST_TEXT = 32_767
"""Characters that a cell can hold."""

LONGEST_NAME = 31
"""Characters that the name of a sheet may have."""

FORBIDDEN = str.maketrans("/\\", "--", "[]:*?'")
"""What the name of a sheet may not hold, or not everywhere."""

NARROWEST, WIDEST = 5, 60
"""Width of a column, in characters."""

MOST_MEASURED = 2_000
"""Rows by which the width of a column is chosen."""

WIDE = 110
"""A sheet wider than so many characters is printed across."""

WIDEST_PAGE = 240
"""Characters beside each other that can still be read on a page."""

MADE = datetime(2000, 1, 1)
"""The day that stands in every workbook, so that equal tables give equal bytes."""

HEADS = {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#eef1f4", "valign": "top"}

STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 13, "align": "left", "indent": 1},
    "plain": {"align": "left", "indent": 1},
    "note": {"text_wrap": True, "valign": "top", "align": "left", "indent": 1, "italic": True, "font_size": 10},
    "back": {"font_color": "#0b5394", "underline": 1, "valign": "top", "align": "left", "indent": 1},
    "head": {**HEADS, "align": "left", "indent": 1},
    "head_right": {**HEADS, "align": "right", "indent": 1},
    "text": {"text_wrap": True, "valign": "top", "align": "left", "indent": 1},
    "line": {"valign": "top", "align": "left", "indent": 1},
    "number": {"valign": "top", "align": "right", "indent": 1},
    "dash": {"align": "right", "valign": "top", "indent": 1},
}


class Sheet(NamedTuple):
    """A table, as it is to stand in a workbook."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str | Written]]
    notes: Sequence[str] = ()
    """Sentences below it."""
    is_wrapped: bool = True
    """Whether a long text takes several lines; else it is cut short by the next cell, and all lines are of one height."""

    @property
    def style(self) -> str:
        """That of its texts."""
        return "text" if self.is_wrapped else "line"


def sheet_name(text: str) -> str:
    """A text as the name of a sheet: without what is not allowed, cut at a word.

    Examples
    --------
    >>> sheet_name("4.2 Tiếp nhận: những gì [đã] nộp trực tuyến"), sheet_name("'?'")
    ('4.2 Tiếp nhận những gì đã nộp…', '–')
    """
    name = " ".join(text.translate(FORBIDDEN).split()) or "–"
    if len(name) <= LONGEST_NAME:
        return name
    words = name[:LONGEST_NAME].rsplit(" ", 1)[0]
    return f"{words[: LONGEST_NAME - 1].rstrip(' ,;.')}…"


class DataBook:
    """A workbook being written; its first sheet names the others, each of which leads back."""

    def __init__(self, labels: Labels, *, title: str, made: datetime = MADE, first: str = "") -> None:
        self.labels = labels
        self.content = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.content, {**OPTIONS, "default_format_properties": {**FONT}})
        self.book.set_properties({"title": title, "created": made})
        self.formats: dict[tuple[str, str], Any] = {}
        self.first = self.book.add_worksheet(first or labels.name("workbooks.contents"))

    def style(self, name: str, number: str = "") -> Any:
        """A style, with the format of its numbers; made once."""
        key = (name, number)
        if key not in self.formats:
            own = {"num_format": number} if number else {}
            self.formats[key] = self.book.add_format({**FONT, **STYLES[name], **own})
        return self.formats[key]

    def write(self, sheet: Any, row: int, column: int, value: str | Written, style: str = "text") -> None:
        """One cell: text as text, a number as a number, a day as a day, nothing where there is nothing."""
        if isinstance(value, str):
            if value:
                text = value if len(value) <= LONGEST_TEXT else f"{value[: LONGEST_TEXT - 1]}…"
                sheet.write_string(row, column, text, self.style(style))
        elif isinstance(value.value, datetime):
            sheet.write_datetime(row, column, value.value, self.style("number", value.style))
        else:
            sheet.write_number(row, column, value.value, self.style("number", value.style))

    def link(self, sheet: Any, row: int, column: int, to: str, text: str) -> None:
        """A cell that leads to another sheet of this workbook."""
        sheet.write_url(row, column, f"internal:'{to}'!A1", self.style("back"), text)

    def add(self, table: Sheet) -> None:
        """A sheet of its own for a table."""
        sheet = self.book.add_worksheet(table.name)
        self.write(sheet, 0, 0, table.title, "title")
        self.link(sheet, 1, 0, self.first.get_name(), f"← {self.first.get_name()}")
        self.table(sheet, HEAD, table)
        sheet.freeze_panes(HEAD + 1, 1)
        sheet.repeat_rows(HEAD)

    def table(self, sheet: Any, top: int, table: Sheet) -> int:
        """Heads, rows and filters from a row on, the columns as wide as they need; gives the last row."""
        widths = _widths(table)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        is_right = [any(isinstance(row[at], Written) for row in table.rows[:1]) for at in range(len(widths))]
        sheet.set_row(
            top, LINE * max(_lines(head, width - 4) for head, width in zip(table.columns, widths, strict=True)) + 3
        )
        for column, head in enumerate(table.columns):
            self.write(sheet, top, column, head, "head_right" if is_right[column] else "head")
        for row, values in enumerate(table.rows, top + 1):
            if table.is_wrapped:
                sheet.set_row(row, LINE * max(map(_lines, values, widths)))
            for column, value in enumerate(values):
                self.write(sheet, row, column, value, "dash" if value == NOTHING else table.style)
        last = top + len(table.rows)
        sheet.autofilter(top, 0, last, len(table.columns) - 1)
        self.print_on_a4(sheet, sum(widths))
        self.notes(sheet, last + 2, table.notes, len(table.columns), int(sum(widths)))
        return last

    def notes(self, sheet: Any, row: int, notes: Sequence[str], columns: int, letters: int) -> None:
        """Sentences one below the other, across some columns."""
        for at, note in enumerate(notes, row):
            if columns > 1:
                sheet.merge_range(at, 0, at, columns - 1, "", self.style("note"))
            self.write(sheet, at, 0, note, "note")
            sheet.set_row(at, height(note, max(letters, 1), SMALL_LINE + 1))

    def print_on_a4(self, sheet: Any, letters: int) -> None:
        """One page wide, or as many as it takes to be read, with the number of the page."""
        if letters > WIDE:
            sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(math.ceil(letters / WIDEST_PAGE), 0)
        sheet.repeat_columns(0)
        sheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
        sheet.set_footer(f'&C&"Times New Roman,Regular"&10{self.labels.name("forms.page")} &P/&N')

    def close(self) -> bytes:
        """The bytes of the workbook."""
        self.book.close()
        return self.content.getvalue()


def _widths(table: Sheet) -> list[int]:
    """Of each column, by its head, of which no word is cut, and by the first rows."""
    return [
        min(max(_width_of_head(head), *(_width(row[at]) for row in table.rows[:MOST_MEASURED]), NARROWEST) + 2, WIDEST)
        for at, head in enumerate(table.columns)
    ]


def _width_of_head(head: str) -> int:
    return max(*map(len, head.split()), math.ceil(len(head) / 3), 0) + 3  # the button of the filter stands there too


def _width(value: str | Written) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value.value, datetime):
        return len(value.style)
    unit = value.style.partition(";")[0].lstrip("+#,0.").replace('"', "")
    return len(f"{value.value:,.2f}") + len(unit)


def _lines(value: str | Written, width: int) -> int:
    """How many lines a text takes in a column."""
    return math.ceil(len(value) / width) or 1 if isinstance(value, str) else 1
