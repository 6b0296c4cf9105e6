"""Markup saved under the name of a workbook -> grids."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import html as lxml_html
from lxml.etree import ParserError

from analysis.grids import FileProblem, Grid, grid_of


def read_markup(text: str) -> list[Grid]:
    """Read every table of a page; an empty list if the text is no markup."""
    if re.match(r"\s*<\?xml", text) and "urn:schemas-microsoft-com:office:spreadsheet" in text[:5000]:
        raise FileProblem("is an XML workbook of 2003; open it in a spreadsheet and save it as XLSX.")
    if re.match(r"\s*<", text) and re.search(r"<table\b", text, re.IGNORECASE):
        return list(_read_html(text))
    return []


def _read_html(text: str) -> Iterator[Grid]:
    try:
        document = lxml_html.fromstring(text.encode(), parser=lxml_html.HTMLParser(encoding="utf-8", no_network=True))
    except ParserError as error:
        raise FileProblem(f"is no HTML table ({error}); export it as XLSX or CSV.") from None
    for part in document.iter("br", "p", "div", "li"):
        part.tail = "\n" + (part.tail or "")
    for number, table in enumerate(document.iter("table"), 1):
        yield grid_of(_spread(table), sheet=f"table {number}" if number > 1 else "", read_as={"format": "html"})


def _spread(table: Any) -> list[list[str]]:
    """The rows of an HTML table, a cell that spans several repeated in each."""
    lines: list[list[str]] = []
    below: dict[tuple[int, int], str] = {}
    for top, row in enumerate(table.iter("tr")):
        line: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while (top, len(line)) in below:
                line.append(below.pop((top, len(line))))
            text = " ".join(cell.text_content().split())
            wide, high = (_span(cell.get(way, "")) for way in ("colspan", "rowspan"))
            below |= {(top + down, len(line) + i): text for down in range(1, high) for i in range(wide)}
            line += [text] * wide
        while (top, len(line)) in below:
            line.append(below.pop((top, len(line))))
        lines.append(line)
    return lines


def _span(said: str) -> int:
    return min(max(int(said), 1), 1000) if said.isdecimal() else 1
