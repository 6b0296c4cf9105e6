"""A text that was published, in the form it comes: typed, DOCX, PDF, a saved page, a table -> passages with their places.

A passage is a paragraph, a line of a list or a row of a table; a claim points at it. A row is written out as "heading: figure"
for each of its figures, so that tables and running text are read by the same rules.
"""

import io
import re
import zipfile
import zlib
from importlib import import_module
from typing import Any

from lxml import etree, html

from analysis.claim_tables import passages_of_table
from analysis.claim_tokens import Passage
from analysis.encodings import decode
from analysis.files import read_grids
from analysis.grids import FileProblem

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_BYTES = 64 << 20
"""A document's text is never bigger, unless it is made to fill the memory."""

TORN = 0.1
"""Of the words of a text, fewer are a single accented letter."""

OLD_WORD = b"\xd0\xcf\x11\xe0"
TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".xlsb", ".ods")

BLOCKS = ["p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "br", "section", "article", "blockquote", "dt", "dd"]


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
        found = [
            p
            for grid in read_grids(content)
            for p in passages_of_table([cells for _, cells in grid.lines()], place=grid.sheet)
        ]
    else:
        text = decode(content).text
        found = (
            _of_html(text)
            if re.match(r"\s*<(!doctype html|html|body|p|div|table)\b", text, re.IGNORECASE)
            else _of_text(text)
        )
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
    except (zipfile.BadZipFile, etree.XMLSyntaxError, EOFError, zlib.error):
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
        pypdf, errors = import_module("pypdf"), import_module("pypdf.errors")  # nothing else needs it
    except ImportError:
        raise FileProblem(
            "is a PDF, which needs the package pypdf; install it, or save the text as DOCX or TXT."
        ) from None
    try:
        pages = [page.extract_text() or "" for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    except (errors.PyPdfError, ValueError, KeyError, TypeError, OSError):
        raise FileProblem("is a PDF that cannot be opened; save its text as DOCX or TXT.") from None
    if _is_torn(" ".join(pages)):
        raise FileProblem("is a PDF whose letters cannot be put in order; save its text as DOCX or TXT.")
    return [p for number, text in enumerate(pages, 1) for p in _of_text(text, before=f"page {number}, ")]


def _is_torn(text: str) -> bool:
    """Whether accented letters stand by themselves: they came from another font than the rest of their words."""
    letters = re.findall(r"\b[^\W\da-zA-Z_]\b", text)
    return len(letters) > len(text.split()) * TORN


def _of_html(text: str) -> list[Passage]:
    """The text of a saved page; its tables as tables."""
    tree: Any = html.document_fromstring(text)
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
