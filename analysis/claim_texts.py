"""A text that was published, in the form it comes: typed, DOCX, PDF, a saved page, a table -> passages with their places.

A passage is a paragraph, a line of a list or a row of a table; a claim points at it. A row is written out as "heading: figure"
for each of its figures, so that tables and running text are read by the same rules.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lxml import etree, html

from analysis.claim_tokens import tokens_of
from analysis.claim_words import plain
from analysis.encodings import decode
from analysis.files import read_grids
from analysis.grids import FileProblem

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_BYTES = 64 << 20
"""A document's text is never bigger, unless it is made to fill the memory."""

OLD_WORD = b"\xd0\xcf\x11\xe0"
TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".xlsb", ".ods")

FIGURE = re.compile(r"^\(?[-+−]?\d[\d.,\s\u00a0]*%?\)?$")
BLOCKS = "p div li h1 h2 h3 h4 h5 h6 br tr td th table section article figcaption blockquote dt dd".split()


class Passage(NamedTuple):
    """A piece of text that is read by itself."""

    place: str
    """``paragraph 3``, ``page 2, paragraph 1``, ``Sheet1, row 5``."""
    text: str
    scope: str = ""
    """Of a row of a table: which part of the whole it is about."""
    goes_on: bool = False
    """Whether what was spoken of before is spoken of still, as in the rows of one table."""
    is_row: bool = False
    """Whether it is a row under headings, which have no place for what a table leaves out."""


def read_passages(content: bytes, *, name: str = "") -> list[Passage]:
    r"""The passages of a file, whose form is told by its content; a name tells delimited text from running text.

    Parameters
    ----------
    content
        The whole file: text in any encoding that ``encodings.decode`` knows, DOCX, PDF with text, HTML, or a table.
    name
        The file's name.

    Raises
    ------
    FileProblem
        If there is no text to be had: a scan, an old DOC, a damaged file; without the file's name.

    Examples
    --------
    >>> read_passages("Nhận 937 hồ sơ.\n\nCòn 67 hồ sơ.".encode())
    [Passage(place='paragraph 1', text='Nhận 937 hồ sơ.', scope='', goes_on=False, is_row=False), Passage(place='paragraph 2', text='Còn 67 hồ sơ.', scope='', goes_on=False, is_row=False)]
    >>> [passage.text for passage in read_passages("Nội dung;Số lượng\nTiếp nhận;937\n".encode(), name="a.csv")]
    ['Tiếp nhận: 937']
    """
    if content.startswith(b"%PDF"):
        found = _of_pdf(content)
    elif _has_member(content, "word/document.xml"):
        found = _of_docx(content)
    elif content.startswith(OLD_WORD) and not name.lower().endswith(".xls"):
        raise FileProblem("is a document of an old Word; save it as DOCX and try again.")
    elif content.startswith((b"PK", OLD_WORD)) or name.lower().endswith(TABLES):
        found = [p for grid in read_grids(content) for p in passages_of_table([cells for _, cells in grid.lines()], place=grid.sheet)]
    else:
        text = decode(content).text
        found = _of_html(text) if re.match(r"\s*<(!doctype html|html|body|p|div|table)\b", text, re.IGNORECASE) else _of_text(text)
    if not any(passage.text.strip() for passage in found):
        raise FileProblem("holds no text; a scan must be turned into text first (OCR), or its figures typed.")
    return found


def _has_member(content: bytes, member: str) -> bool:
    if not content.startswith(b"PK"):
        return False
    try:
        return member in zipfile.ZipFile(io.BytesIO(content)).namelist()
    except zipfile.BadZipFile:
        raise FileProblem("is damaged or half copied; copy it again.") from None


def _of_text(text: str, *, place: str = "paragraph", before: str = "") -> list[Passage]:
    """Paragraphs; a line that was broken by its width is put together again."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").split("\n")
    paragraphs: list[str] = []
    for line in lines:
        if paragraphs and _goes_on(paragraphs[-1], line):
            paragraphs[-1] += " " + line.strip()
        else:
            paragraphs.append(line.strip())
    told = [paragraph for paragraph in paragraphs if paragraph]
    return [Passage(f"{before}{place} {number}", paragraph) for number, paragraph in enumerate(told, 1)]


def _goes_on(paragraph: str, line: str) -> bool:
    """Whether a line was broken in the middle of a sentence."""
    line = line.strip()
    if not paragraph or not line or paragraph[-1] in ".;:!?" or re.match(r"([-–+*•]|\d+[.)]|[a-zđ]\))\s", line):
        return False
    return len(paragraph) > 40 and (line[0].islower() or line[0].isdigit() or line[0] in "(%,")


def _of_docx(content: bytes) -> list[Passage]:
    """Paragraphs and tables of a Word document, in their order; what tracking has deleted is not there any more."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts, parts.open("word/document.xml") as part:
            xml = part.read(MOST_BYTES + 1)
        if len(xml) > MOST_BYTES:
            raise FileProblem("holds more text than a report can; save the part with the figures by itself.")
        body = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True)).find(f"{W}body")
    except (zipfile.BadZipFile, etree.XMLSyntaxError, EOFError, zipfile.zlib.error):  # type: ignore[attr-defined]
        raise FileProblem("is damaged or half copied; copy it again.") from None
    found: list[Passage] = []
    tables = 0
    for element in body if body is not None else ():
        if element.tag == f"{W}tbl":
            tables += 1
            rows = [[_docx_text(cell) for cell in row.iter(f"{W}tc")] for row in element.iter(f"{W}tr")]
            found += passages_of_table(rows, place=f"table {tables}")
        elif text := _docx_text(element):
            found.append(Passage(f"paragraph {len(found) + 1}", text))
    return found


def _docx_text(element: etree._Element) -> str:
    pieces = {f"{W}tab": " ", f"{W}br": " ", f"{W}noBreakHyphen": "-"}
    words = [(node.text or "") if node.tag == f"{W}t" else pieces.get(str(node.tag), "") for node in element.iter()]
    return " ".join("".join(words).split())


def _of_pdf(content: bytes) -> list[Passage]:
    try:
        from pypdf import PdfReader  # noqa: PLC0415 - an extra
        from pypdf.errors import PyPdfError  # noqa: PLC0415
    except ImportError:
        raise FileProblem("is a PDF, which needs the package pypdf; install it, or save the text as DOCX or TXT.") from None
    try:
        pages = [page.extract_text() or "" for page in PdfReader(io.BytesIO(content)).pages]
    except (PyPdfError, ValueError, KeyError, TypeError, OSError):
        raise FileProblem("is a PDF that cannot be opened; save its text as DOCX or TXT.") from None
    return [p for number, text in enumerate(pages, 1) for p in _of_text(text, before=f"page {number}, ")]


def _of_html(text: str) -> list[Passage]:
    """The text of a saved page; its tables as tables."""
    tree = html.document_fromstring(text)
    for unread in tree.xpath("//script|//style|//nav|//noscript"):
        unread.drop_tree()
    found: list[Passage] = []
    for number, table in enumerate(tree.xpath("//table[not(.//table)]"), 1):
        rows = [[" ".join(cell.text_content().split()) for cell in row.xpath("./td|./th")] for row in table.iter("tr")]
        found += passages_of_table(rows, place=f"table {number}")
        table.drop_tree()
    for block in tree.iter(*BLOCKS):
        block.tail = "\n" + (block.tail or "")
        block.text = "\n" + (block.text or "")
    lines = "\n\n".join(" ".join(line.split()) for line in tree.text_content().split("\n"))
    return _of_text(lines) + found


def passages_of_table(lines: Sequence[Sequence[str]], *, place: str) -> list[Passage]:
    """The rows of a table, written out: "heading: figure" where its headings say what is counted, else "label: figure".

    Examples
    --------
    >>> rows = [["Cấp", "Tiếp nhận", "Đã giải quyết"], ["Cấp tỉnh", "54", "51"]]
    >>> passages_of_table(rows, place="table 1")
    [Passage(place='table 1, row 2', text='Tiếp nhận: 54; Đã giải quyết: 51', scope='cấp tỉnh', goes_on=True, is_row=True)]
    """
    rows = [[" ".join(cell.split()) for cell in line] for line in lines]
    begin = next((i for i, row in enumerate(rows) if _is_data(row)), len(rows))
    width = max(map(len, rows), default=0)
    heads = [_heading(rows[:begin], column) for column in range(width)]
    headed = sum(_says_what(head) for head in heads) >= 2
    where = f"{place}, " if place else ""
    found = []
    for number, row in enumerate(rows, 1):
        if number <= begin or not any(row):
            text = "; ".join(dict.fromkeys(cell for cell in row if cell))
            if number <= begin and len(set(filter(None, row))) == 1:  # a title, not a heading
                found.append(Passage(f"{where}row {number}", text))
            continue
        if _is_data(row):
            at = f"{where}row {number}"
            found += [_row(row, heads, at)] if headed else _row_of_columns(row, heads, at)
    return found


def _row(row: Sequence[str], heads: Sequence[str], place: str) -> Passage:
    """A row under headings that say what is counted; its label is the part of the whole that it is about."""
    label = _label(row)
    pieces: list[str] = []
    for column, cell in _figures(row):
        head = heads[column]
        figure = cell if "%" in cell or "%" not in head else f"{cell}%"
        is_share = "%" in figure and pieces and _is_plain(head)
        pieces.append(f"({figure})" if is_share else f"{head}: {figure}")
    text = "; ".join(pieces).replace("; (", " (")
    return Passage(place, text, "" if _is_whole(label) else plain(label), goes_on=True, is_row=True)


def _row_of_columns(row: Sequence[str], heads: Sequence[str], place: str) -> list[Passage]:
    """A row whose label says what is counted: a passage per column; another column than the first is another whole."""
    label, found = _label(row), list[Passage]()
    for column, cell in _figures(row):
        head = heads[column]
        figure = cell if "%" in cell or "%" not in head else f"{cell}%"
        if "%" in figure and found and _is_plain(head):
            found[-1] = found[-1]._replace(text=f"{found[-1].text} ({figure})")
        elif _says_when(head) or _is_plain(head) or not found:
            said = f"{head}, {label}" if _says_when(head) else label
            found.append(Passage(place, f"{said}: {figure}", goes_on=True))
        elif "%" in figure:
            found.append(Passage(place, f"{head} {label}: {figure}", goes_on=True))
        else:
            found.append(Passage(place, f"{label}: {figure}", plain(head), goes_on=True))
    return found


def _label(row: Sequence[str]) -> str:
    """The words before the first figure; a number that only counts the rows is none."""
    first = next((column for column, _ in _figures(row)), len(row))
    return " ".join(cell for cell in row[:first] if cell and not FIGURE.match(cell))


def _figures(row: Sequence[str]) -> list[tuple[int, str]]:
    """(Column, cell) of the figures of a row, without the number of the row."""
    is_counted = len(row) > 1 and bool(FIGURE.match(row[0])) and bool(row[1]) and not FIGURE.match(row[1])
    return [(column, cell) for column, cell in enumerate(row) if FIGURE.match(cell) and not (is_counted and column == 0)]


def _is_data(row: Sequence[str]) -> bool:
    """Whether a row holds figures beside a label; a row that numbers the columns holds none."""
    figures = [cell for cell in row if FIGURE.match(cell)]
    others = [cell for cell in row if cell and not FIGURE.match(cell)]
    return bool(figures) and bool(others) and not all(re.match(r"^[(\[]", cell) for cell in figures)


def _heading(rows: Iterable[Sequence[str]], column: int) -> str:
    """The words above a column; a blank beside a heading belongs to the heading to its left, as merged cells do."""
    told: list[str] = []
    above = list(rows)
    for depth, row in enumerate(above):
        if len(set(filter(None, row))) <= 1 and len(row) > 1:
            continue  # a title over the whole table
        cell = row[column] if column < len(row) else ""
        is_last = depth == len(above) - 1
        if not cell and not is_last:
            cell = next((row[left] for left in range(min(column, len(row)) - 1, -1, -1) if row[left]), "")
        if cell and cell not in told and not re.match(r"^[\d()=+\s]+$", cell):
            told.append(cell)
    return " ".join(told)


def _says_what(head: str) -> bool:
    tokens, _ = tokens_of(head)
    return any(t.says("action") or t.says("timeliness") or t.says("channel") for t in tokens)


def _says_when(head: str) -> bool:
    """Whether a heading names a period."""
    _, skipped = tokens_of(head)
    return any(each.period for each in skipped)


def _is_plain(head: str) -> bool:
    """Whether a heading says nothing of its own: "Tỷ lệ (%)"."""
    tokens, _ = tokens_of(head)
    return all(t.kind in ("plain", "mark") or t.relation == "share" or t.text == "%" for t in tokens)


def _is_whole(label: str) -> bool:
    tokens, _ = tokens_of(label)
    return all(t.kind in ("plain", "mark", "feature") for t in tokens)

