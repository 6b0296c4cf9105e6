"""A table as a page shows it -> CSV that can be copied from the page: for machines, and harmless in a spreadsheet.

It is made of the texts that are shown, never of the data behind them, so that what a page holds back or rounds is held back and
rounded in it too. Commas part the cells, since the decimal sign is a point; who wants Excel takes the workbook of the report.
"""

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal

from analysis.labels import NOTHING, Labels

MARKS = "†*"
"""Stand behind a number or a month to say more; they are no part of it."""

NUMBERS = {
    lang: re.compile(rf"([+−-]?)(\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{point}(\d+))?([ \xa0]?%)?")
    for lang, group, point in (("vi", r"\.", ","), ("en", ",", r"\."))
}
"""Language -> a number as it writes one: sign, whole part, decimals, per cent."""

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a text that begins so for a formula."""


def csv_of(headings: Sequence[str], rows: Sequence[Sequence[str]], *, labels: Labels) -> str:
    """The CSV of a table: numbers plain, with a point; shares as fractions of 1; an unknown value is an empty cell.

    Parameters
    ----------
    headings
        Of the columns.
    rows
        Texts as they are shown, in the language of ``labels``; the first of each row names it and stays as it is.

    Returns
    -------
    str
        Lines that end in a line feed; texts that look like a formula begin with an apostrophe.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> print(csv_of(["Tháng", "Tiếp nhận", "Tỷ lệ"], [["1/2022*", "1.234", "7,14 %"], ["=1+1", "–", "−3"]], labels=read_labels("vi")), end="")
    Tháng,Tiếp nhận,Tỷ lệ
    1/2022,1234,0.0714
    '=1+1,,-3
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")  # so that a cell with either is quoted
    writer.writerow(map(_harmless, headings))
    for first, *rest in rows:
        writer.writerow([_harmless(first.rstrip(MARKS)), *(_cell(text, labels) for text in rest)])
    return written.getvalue().replace("\r\n", "\n")


def _cell(text: str, labels: Labels) -> str:
    """A number as a machine reads it, or the text."""
    if text == NOTHING:
        return ""
    found = NUMBERS[labels.lang].fullmatch(text.rstrip(MARKS))
    if not found:
        return _harmless(text)
    sign, whole, decimals, per_cent = found.groups()
    number = re.sub(r"\D", "", whole) + (f".{decimals}" if decimals else "")
    if per_cent:
        number = format(Decimal(number).scaleb(-2), "f")
    return f"{'-' if sign in '−-' and sign else ''}{number}"


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(RISKY) else text
