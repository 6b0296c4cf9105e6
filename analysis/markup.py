"""Markup saved under the name of a workbook -> sheets: HTML, MHTML and XML Spreadsheet 2003. Runs in the child process."""

import contextlib
import io
import re
from array import array
from email import message_from_bytes
from math import isfinite
from typing import Any
from xml.etree import ElementTree as ET

from analysis.containers import CUT, SAVE, Refused, refuse_entities
from analysis.sheets import Sheet, number_text, sheet_of

SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

MOST_REPEATED = 1_000_000
"""How many cells those that span several may fill beyond twenty times the cells that are written down."""


def read_markup(content: bytes) -> list[Sheet]:
    """Read every table of a page, or every sheet of an XML workbook.

    Parameters
    ----------
    content
        Text in UTF-8, whatever it says of its own encoding.

    Returns
    -------
    list of Sheet
        Tables inside a cell are tables of their own, and their text is not that of the cell.

    Raises
    ------
    Refused
        If there is no table, the XML is cut short, or its cells span more than they hold.
    """
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"<"):
        return _read_mail(start)
    if re.search(rb"<(\w+:)?Workbook\b", start[:5000]) and b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        return _read_xml(start)
    return _read_html(start, "html")


class Lines:
    """Lines of cells that grow from left to right and downwards, as far as each cell spans."""

    def __init__(self) -> None:
        self.lines: list[list[str]] = []
        self.below: dict[int, tuple[int, str]] = {}
        self.written = self.repeated = 0

    def add_line(self) -> None:
        """Begin a line; cells of those above that reach into it stand in their columns."""
        self.finish_line()
        self.lines.append([])
        self.covered, self.below = self.below, {}

    def add_cell(self, text: str, wide: int = 1, high: int = 1, column: int | None = None) -> int:
        """Set the next free cell of the line, or that of a column, and give its position."""
        line = self.lines[-1]
        if column is not None:
            while len(line) < column:
                self._take_covered(line)
        while len(line) in self.covered:
            self._take_covered(line)
        at = len(line)
        wide = min(wide, LAST_COLUMN - at)
        self.written += 1
        self._repeat(wide - 1)
        line += [text] * wide
        if high > 1:
            self.below |= {at + i: (high - 1, text) for i in range(wide)}
        return at

    def finish_line(self) -> None:
        """Let the cells from above that stand to the right of the last one follow it."""
        if self.lines:
            last = max(self.covered, default=-1)
            while len(self.lines[-1]) <= last:
                self._take_covered(self.lines[-1])

    def _take_covered(self, line: list[str]) -> None:
        left, text = self.covered.pop(len(line), (0, ""))
        if left > 1:
            self.below[len(line)] = (left - 1, text)
        self._repeat(1)
        line.append(text)

    def _repeat(self, more: int) -> None:
        self.repeated += more
        if self.repeated > MOST_REPEATED + 20 * self.written:
            raise Refused(f"has cells that span far more rows and columns than the table holds; {SAVE}")


# --- HTML and MHTML --------------------------------------------------------------------------------------------------


def _read_html(content: bytes, form: str, before: int = 0) -> list[Sheet]:
    from lxml import html  # noqa: PLC0415 - an XML workbook does without
    from lxml.etree import ParserError  # noqa: PLC0415

    try:
        parser = html.HTMLParser(encoding="utf-8", no_network=True)
        document = html.document_fromstring(content, parser=parser)
    except ParserError as error:
        raise Refused(f"is no HTML table ({error}); export it as XLSX or CSV.") from None
    sheets = []
    for number, table in enumerate(document.iter("table"), before + 1):
        lines, hidden = _read_table(table)
        if any(any(line) for line in lines) or next(table.iterdescendants("table"), None) is None:
            name = f"table {number}" if number > 1 else ""
            doubts = [("hidden_rows", f"{hidden} in table {number}")] if hidden else []
            sheets.append(sheet_of(lines, name, form, doubts=doubts))
    if not sheets:
        raise Refused("is no HTML table (it has no cell); export it as XLSX or CSV.")
    return sheets


def _read_table(table: Any) -> tuple[list[list[str]], int]:
    """The lines of a table, and how many of them are hidden."""
    read, hidden = Lines(), 0
    for row in table.iter("tr"):
        if next(row.iterancestors("table")) is not table:
            continue
        read.add_line()
        hidden += bool(re.search(r"display\s*:\s*none", row.get("style", ""), re.IGNORECASE))
        for cell in row.iterchildren("td", "th"):
            read.add_cell(_cell_text(cell), _span(cell.get("colspan", "")), _span(cell.get("rowspan", "")))
    read.finish_line()
    return read.lines, hidden


BREAKS = {"br", "p", "div", "li", "tr", "td", "th", "table"}
"""Elements after which a word has ended."""


def _cell_text(cell: Any) -> str:
    """The text of a cell without that of tables in it."""
    found = [cell.text or ""]
    walk = iter(cell.iterdescendants())
    for node in walk:
        if node.tag == "table":
            for _ in node.iterdescendants():
                next(walk)
        elif isinstance(node.tag, str) and node.tag not in ("style", "script"):
            found += [" " if node.tag in BREAKS else "", node.text or ""]
        found += [" " if node.tag in BREAKS else "", node.tail or ""]
    return " ".join("".join(found).split())


def _span(said: str) -> int:
    return min(max(int(said), 1), LAST_COLUMN) if said.isdecimal() and len(said) < 10 else 1


def _read_mail(content: bytes) -> list[Sheet]:
    """Every table of every page that a browser or spreadsheet saved as one file."""
    sheets: list[Sheet] = []
    for part in message_from_bytes(content).walk():
        if part.get_content_type() == "text/html" and isinstance(page := part.get_payload(decode=True), bytes):
            packed = str(part.get("Content-Transfer-Encoding", "")).lower() in ("quoted-printable", "base64")
            text = page.decode(_charset(part, page) if packed else "utf-8", "replace")
            if "<table" in text.lower():
                sheets += _read_html(text.encode("utf-8", "replace"), "mhtml", len(sheets))
    if not sheets:
        raise Refused("is a saved page without a table; export it as XLSX or CSV.")
    return sheets


def _charset(part: Any, page: bytes) -> str:
    meta = re.search(rb"charset=[\"']?([\w-]+)", page[:2000])
    for name in (part.get_content_charset(), meta and meta[1].decode()):
        try:
            return name if name and "".encode(name) is not None else "utf-8"
        except LookupError:
            continue
    return "utf-8"


# --- XML Spreadsheet 2003 --------------------------------------------------------------------------------------------


def _read_xml(content: bytes) -> list[Sheet]:
    refuse_entities(content)
    text = re.sub(rb"^<\?xml.*?\?>", b"", content[:500], flags=re.DOTALL) + content[500:]
    sheets = []
    try:
        # Without a document type there is nothing to expand and nothing to fetch.
        for _, node in ET.iterparse(io.BytesIO(text)):  # noqa: S314
            if node.tag == f"{SPREADSHEET}Worksheet":
                sheets.append(_read_worksheet(node))
                node.clear()
    except ET.ParseError as error:
        line, column = error.position
        cut = "no element found" in str(error) or "unclosed token" in str(error)
        raise Refused(CUT if cut else f"line {line}, column {column + 1} is no XML; {SAVE}") from None
    if not sheets:
        raise Refused(f"is a workbook without a sheet; {SAVE}")
    return sheets


def _read_worksheet(worksheet: ET.Element) -> Sheet:
    name = worksheet.get(f"{SPREADSHEET}Name", "")
    read, numbers, hidden, without = Lines(), dict[int, array](), 0, 0
    for row in worksheet.iterfind(f"{SPREADSHEET}Table/{SPREADSHEET}Row"):
        for _ in range(_index(row, len(read.lines), LAST_ROW, name) - len(read.lines) + 1):
            read.add_line()
        hidden += row.get(f"{SPREADSHEET}Hidden") == "1"
        for cell in row.iterfind(f"{SPREADSHEET}Cell"):
            data = cell.find(f"{SPREADSHEET}Data")
            without += data is None and cell.get(f"{SPREADSHEET}Formula") is not None
            kind = "" if data is None else data.get(f"{SPREADSHEET}Type", "String")
            text = "" if data is None else _data_text("".join(data.itertext()), kind)
            wide, high = (int(_number(cell, f"Merge{way}")) + 1 for way in ("Across", "Down"))
            given = cell.get(f"{SPREADSHEET}Index")
            at = None if given is None else _index(cell, 0, LAST_COLUMN, name)
            at = read.add_cell(text, wide, high, at)
            if kind == "Number":
                numbers.setdefault(at, array("q")).append(len(read.lines))
        row.clear()
    read.finish_line()
    said = [text for node in worksheet.iter() if node.tag.endswith("}Visible") for text in [node.text or ""]]
    if any("Hidden" in text for text in said):
        return Sheet(name, len(read.lines), [], {}, {"format": "xml 2003"}, skipped="sheet_hidden")
    counts = {"hidden_rows": hidden, "formula_without_value": without}
    doubts = [(reason, f"{count} in sheet {name}") for reason, count in counts.items() if count]
    return sheet_of(read.lines, name, "xml 2003", numbers=numbers, doubts=doubts)


def _index(node: ET.Element, following: int, most: int, sheet: str) -> int:
    """The position, from 0, that a row or cell has or says it has."""
    index = _number(node, "Index") - 1 if node.get(f"{SPREADSHEET}Index") else following
    if index >= most:
        raise Refused(f"sheet {sheet} says that it reaches row or column {index + 1}; {SAVE}")
    return max(index, following)


def _number(node: ET.Element, name: str) -> int:
    said = node.get(f"{SPREADSHEET}{name}", "0")
    return int(said) if said.isdecimal() and len(said) < 10 else 0


def _data_text(text: str, kind: str) -> str:
    if kind == "Boolean":
        return {"1": "TRUE", "0": "FALSE"}.get(text.strip(), text)
    if kind == "DateTime":
        day, _, clock = text.strip().partition("T")
        clock = clock.removesuffix("Z").removesuffix(".000")
        if day in ("1899-12-30", "1899-12-31") and clock:
            return clock
        return day if clock in ("", "00:00:00") else f"{day} {clock}"
    if kind == "Number" and not re.fullmatch(r"-?\d+", text.strip()):
        with contextlib.suppress(ValueError):
            return number_text(float(text)) if isfinite(float(text)) else text
    return text
