"""Sheets that print: A4 across, one page wide, numbered; real numbers, text as text, a dash for what is missing.

Nothing in them is a formula or a link; a field named ``=1+1`` stays that text. A workbook appears under its name when it is
whole.
"""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import xlsxwriter

from analysis.labels import NOTHING, Labels
from analysis.periods import Period
from analysis.store import Data

A4 = 9
"""The number that workbooks have for the size of paper."""

LINE, SMALL_LINE = 15.5, 12.5
"""Height of a line of text, and of a note, in points."""

FONT = {"font_name": "Times New Roman", "font_family": 1, "font_scheme": "none", "font_size": 11, "valign": "vcenter"}
"""Of every cell; with a scheme, Excel would put the font of its theme in the place of this one."""

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}

STYLES: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True, "border": 1, "indent": 1},
    "count": {"num_format": "#,##0_)", "border": 1, "align": "right"},
    "share": {"num_format": "0.00%_)", "border": 1, "align": "right"},
    "decimal": {"num_format": "#,##0.00_)", "border": 1, "align": "right"},
    "dash": {"border": 1, "align": "right", "indent": 1},
    "head": {"bold": True, "text_wrap": True, "border": 1, "align": "center"},
    "mark": {"italic": True, "font_size": 10, "border": 1, "align": "center"},
    "total_text": {"bold": True, "text_wrap": True, "border": 1, "indent": 1},
    "total_count": {"bold": True, "num_format": "#,##0_)", "border": 1, "align": "right"},
    "total_share": {"bold": True, "num_format": "0.00%_)", "border": 1, "align": "right"},
    "title": {"bold": True, "font_size": 13, "text_wrap": True, "align": "center"},
    "subtitle": {"align": "center"},
    "days": {"italic": True, "align": "center"},
    "side": {"text_wrap": True, "valign": "top"},
    "side_bold": {"bold": True, "text_wrap": True, "valign": "top"},
    "small": {"italic": True, "font_size": 9, "text_wrap": True, "valign": "top"},
    "right": {"italic": True, "align": "right"},
    "note": {"text_wrap": True, "valign": "top", "font_size": 9},
}


class Column(NamedTuple):
    """A column of a plain sheet."""

    name: str
    """In the table."""
    heading: str
    width: float
    style: str = "text"


class Book:
    """A workbook being written, with its styles."""

    def __init__(self, labels: Labels, period: Period, data: Data) -> None:
        self.labels, self.period, self.data = labels, period, data
        self.content = io.BytesIO()
        # A copy of the font: xlsxwriter writes into it.
        self.book = xlsxwriter.Workbook(self.content, {**OPTIONS, "default_format_properties": {**FONT}})
        self.book.set_properties({"title": labels.name("forms.number"), "created": data.as_of.to_pydatetime()})
        self.styles = {name: self.book.add_format({**FONT, **style}) for name, style in STYLES.items()}

    def sheet(self, name: str) -> Any:
        """A sheet that prints on A4, landscape, one page wide, with numbers of pages."""
        sheet = self.book.add_worksheet(self.labels.name(f"forms.sheet_{name}"))
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
        sheet.center_horizontally()
        sheet.hide_gridlines(1)
        sheet.set_footer(f'&C&"Times New Roman,Regular"&10{self.labels.name("forms.page")} &P/&N')
        return sheet

    def write(self, sheet: Any, row: int, column: int, value: Any, style: str) -> None:
        """One cell: text as text, a number as a number, what is missing as a dash."""
        if isinstance(value, str):
            sheet.write_string(row, column, value, self.styles[style])
        elif pd.isna(value):
            sheet.write_string(row, column, NOTHING, self.styles["dash"])
        else:
            sheet.write_number(row, column, float(value), self.styles[style])

    def days(self) -> str:
        """From the first to the last day of the period."""
        first, last = (self.labels.day(day) for day in (self.period.first, self.period.last))
        return self.labels.name("forms.days", first=first, last=last)

    def close(self, path: Path) -> Path:
        """Write the workbook under its name, whole or not at all."""
        self.book.close()
        part = path.with_name(f".{path.name}.part")
        try:
            part.write_bytes(self.content.getvalue())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return path


def height(text: str, letters: int, line: float = LINE) -> float:
    """Height of a cell that holds a text, in points, by how many letters fit into a line of it."""
    return line * (1 + len(text) // letters)


def write_table(book: Book, sheet: Any, title: str, columns: Sequence[Column], table: pd.DataFrame) -> None:
    """A plain sheet: title, days, heads, rows; a column ``is_total`` marks those in bold."""
    last = len(columns) - 1
    sheet.merge_range(0, 0, 0, last, title, book.styles["title"])
    sheet.merge_range(1, 0, 1, last, f"{book.data.name}. {book.days()}", book.styles["days"])
    sheet.set_row(0, 24)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
        book.write(sheet, 3, number, column.heading, "head")
    sheet.set_row(3, 3 * LINE)
    bold = table.get("is_total", pd.Series(data=False, index=table.index))
    for row, (total, values) in enumerate(zip(bold, table.to_dict("records"), strict=True), 4):
        for number, column in enumerate(columns):
            style = values.get(f"{column.name}_style", column.style)
            book.write(sheet, row, number, values[column.name], f"total_{style}" if total else style)
        texts = [(values[c.name], c.width) for c in columns if isinstance(values[c.name], str)]
        sheet.set_row(row, max([18, *(height(text, int(width * 1.1)) for text, width in texts)]))
    sheet.repeat_rows(3)
    sheet.freeze_panes(4, 1)
    sheet.print_area(0, 0, 3 + max(len(table), 1), last)
