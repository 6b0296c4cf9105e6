"""What a reader of a finished file can read, as texts that each stand for themselves.

A cell, a heading, a paragraph, a description and a word of a chart are a text each, with the place where it stands.
"""

import base64
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

from lxml import etree
from openpyxl import load_workbook

INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "code", "em", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u"}
)
"""Elements that stand within a text; any other begins a new one."""

SAYING = ("alt", "aria-label", "aria-description", "content", "label", "placeholder", "summary", "title", "value")
"""Attributes that a person, or a program that reads aloud, can read."""

PICTURE = "data:image/svg+xml;base64,"

WORDS_OF_PICTURE = re.compile(r"<!--(.*?)-->|>([^<>]+)(?=<)", re.DOTALL)
"""Matplotlib draws letters as paths, and names each text in a comment."""

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Said(NamedTuple):
    """A text of a file."""

    where: str
    """The heading that it stands under, the cell of a sheet, or the part of the file; empty above the first heading."""
    text: str


def said_in(name: str, content: str | bytes) -> list[Said]:
    """Every text of a finished file; of a file of another kind, none.

    Parameters
    ----------
    name
        Its name, which says the kind: ``.html``, ``.ipynb``, ``.json``, ``.csv``, ``.xlsx`` or ``.docx``. A PDF is printed from a
        page, and has no other text.
    content
        All of it.

    Examples
    --------
    >>> said_in("2022.html", "<h2>Thủ tục</h2><table><caption>Một <b>bảng</b></caption><td>A</td></table>")
    [Said(where='Thủ tục', text='Thủ tục'), Said(where='Thủ tục', text='Một bảng'), Said(where='Thủ tục', text='A')]
    """
    reads = {".html": _of_page, ".ipynb": _of_notebook, ".json": _of_json, ".csv": _of_lines}
    reads_bytes = {".xlsx": _of_workbook, ".docx": _of_letter}
    kind = Path(name).suffix.lower()
    if kind in reads_bytes:
        return list(reads_bytes[kind](content if isinstance(content, bytes) else content.encode()))
    text = content if isinstance(content, str) else content.decode("utf-8", "replace") if kind in reads else ""
    return list(reads[kind](text)) if kind in reads else []


class _Page(HTMLParser):
    """Collects the texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Said] = []
        self.where, self.parts, self.inside = "", list[str](), ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in INLINE:
            self.end()
            self.inside = tag
        for name, value in attrs:
            if name in SAYING and value:
                self.found.append(Said(self.where, value))
            elif name == "src" and value and value.startswith(PICTURE):
                self.found += [Said(self.where, word) for word in words_of_picture(value)]

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self.end()
            self.inside = ""

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.append(Said(self.where, data))

    def end(self) -> None:
        """The text before an element that is none within it."""
        text = " ".join("".join(self.parts).split())
        self.parts.clear()
        if not text or self.inside == "style":
            return
        if re.fullmatch("h[1-6]", self.inside):
            self.where = text
        if self.inside == "script":
            self.found += [Said(self.where, said.text) for said in _of_json(text)]
        else:
            self.found.append(Said(self.where, text))


def _of_page(page: str) -> Iterator[Said]:
    reader = _Page()
    reader.feed(page)
    reader.close()
    reader.end()
    yield from reader.found


def words_of_picture(source: str) -> Iterator[str]:
    """Every text that a chart draws.

    Parameters
    ----------
    source
        A picture as a page holds it, ``data:image/svg+xml;base64,...``.
    """
    drawn = base64.b64decode(source.removeprefix(PICTURE)).decode("utf-8", "replace")
    for match in WORDS_OF_PICTURE.finditer(drawn):
        if text := unescape(match[1] or match[2]).strip():
            yield text


def _of_notebook(notebook: str) -> Iterator[Said]:
    """The sources of cells, what they put out, and what else a notebook says of itself."""
    held = json.loads(notebook)
    for number, cell in enumerate(held.pop("cells", []), 1):
        for text in _texts(cell):
            yield from (Said(f"cell {number}", said.text) for said in _of_page(text))
    yield from (Said("metadata", text) for text in _texts(held))


def _of_json(text: str) -> Iterator[Said]:
    try:
        held = json.loads(text)
    except ValueError:
        held = text
    yield from (Said("", each) for each in _texts(held))


def _texts(held: Any) -> Iterator[str]:
    """Every text of a JSON value, and the names in it; a list of lines is one."""
    if isinstance(held, str):
        yield held
    elif isinstance(held, dict):
        for name, value in held.items():
            yield name
            yield from _texts(value)
    elif isinstance(held, list):
        is_text = all(isinstance(line, str) for line in held) and all(line.endswith("\n") for line in held[:-1])
        for value in ["".join(held)] if is_text else held:
            yield from _texts(value)


def _of_lines(text: str) -> Iterator[Said]:
    for number, line in enumerate(text.splitlines(), 1):
        yield from (Said(f"line {number}", cell) for cell in re.split('[,;\t"]+', line) if cell.strip())


def _of_workbook(content: bytes) -> Iterator[Said]:
    book = load_workbook(io.BytesIO(content), read_only=False)
    for sheet in book.worksheets:
        yield Said(sheet.title, sheet.title)
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            said = [str(cell.value)] if isinstance(cell.value, str) else []
            said += [cell.comment.text] if cell.comment else []
            yield from (Said(f"{sheet.title}!{cell.coordinate}", text) for text in said)
    yield from _properties(content)


def _of_letter(content: bytes) -> Iterator[Said]:
    """The paragraphs of a document, its heads and feet, and what is drawn in its charts."""
    with ZipFile(io.BytesIO(content)) as parts:
        for name in sorted(parts.namelist()):
            if not name.startswith("word/") or not name.endswith(".xml"):
                continue
            tree = etree.fromstring(parts.read(name))
            paragraphs = list(tree.iter(f"{WORD}p"))
            texts = ["".join(map(str, p.itertext(f"{WORD}t"))) for p in paragraphs] or list(map(str, tree.itertext()))
            yield from (Said(Path(name).stem, text) for text in texts if text.strip())
    yield from _properties(content)


def _properties(content: bytes) -> Iterator[Said]:
    """Title, author and the like of an Office file."""
    with ZipFile(io.BytesIO(content)) as parts:
        for name in sorted(name for name in parts.namelist() if name.startswith("docProps/") and name.endswith(".xml")):
            texts = etree.fromstring(parts.read(name)).itertext()
            yield from (Said("properties", str(text)) for text in texts if str(text).strip())
