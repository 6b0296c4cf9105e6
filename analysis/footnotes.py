"""What calamine leaves out of a sheet: error cells, hidden rows, formulas without a value, and some merged cells.

calamine gives an error cell as a blank, and a blank is no error. So the parts of a workbook are looked through for
these few things, by their bytes, which costs a fraction of reading them.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from struct import unpack_from
from typing import NamedTuple
from xml.etree import ElementTree as ET
from xml.parsers import expat

from analysis.containers import Refused, records, refuse_entities, workbook_stream

Range = tuple[tuple[int, int], tuple[int, int]]

ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
"""Number of an error in XLS and XLSB -> the text that a spreadsheet shows."""

PIECE = 1 << 20
"""Bytes of a part that are looked through at once."""


class Footnotes(NamedTuple):
    """What is to be added to the cells of one sheet; positions count from 0."""

    errors: dict[tuple[int, int], str]
    """(row, column) -> the error's text."""
    merged: list[Range]
    """((top, left), (bottom, right)), where calamine does not tell it."""
    counts: dict[str, int]
    """Reason of a doubt -> how often: ``hidden_rows``, ``formula_without_value``, ``error_without_place``."""


def read_footnotes(form: str, content: bytes, sheets: int) -> list[Footnotes]:
    """The footnotes of every sheet of a workbook, in its order.

    Parameters
    ----------
    form
        ``xlsx``, ``xlsb``, ``xls`` or ``ods``.
    content
        The whole file, found safe.
    sheets
        How many sheets there are.
    """
    notes = [Footnotes({}, [], {}) for _ in range(sheets)]
    if form == "xls":
        _note_records(workbook_stream(content), notes)
        return notes
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if form == "ods":
            _note_open_document(archive, notes)
            return notes
        for part, note in zip(sheet_parts(archive, form), notes, strict=False):
            if part in archive.NameToInfo:
                _NOTE[form](archive, part, note)
    return notes


def _count(note: Footnotes, reason: str, more: int) -> None:
    if more:
        note.counts[reason] = note.counts.get(reason, 0) + more


# --- where the sheets are --------------------------------------------------------------------------------------------


def sheet_parts(archive: zipfile.ZipFile, form: str) -> list[str]:
    """The part of each sheet of an XLSX or XLSB, in the workbook's order; empty for one that has none."""
    book = next((n for n in archive.namelist() if re.search(r"(^|/)workbook\d*\.(xml|bin)$", n)), "")
    folder, _, name = book.rpartition("/")
    targets = {}
    for link in _tree(archive, f"{folder}/_rels/{name}.rels".lstrip("/")):
        target = link.get("Target", "")
        targets[link.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
    ids = _ids_of_xlsb(archive.read(book)) if form == "xlsb" else _ids_of_xlsx(archive, book)
    return [targets.get(key, "") for key in ids]


def _tree(archive: zipfile.ZipFile, part: str) -> ET.Element:
    xml = archive.read(part)
    refuse_entities(xml)
    return ET.fromstring(xml)  # noqa: S314 - without a document type there is nothing to expand


def _ids_of_xlsx(archive: zipfile.ZipFile, book: str) -> list[str]:
    sheets = [node for node in _tree(archive, book).iter() if node.tag.endswith("}sheet")]
    return [next((value for key, value in node.items() if key.endswith("}id")), "") for node in sheets]


def _ids_of_xlsb(stream: bytes) -> list[str]:
    ids = []
    for kind, at, _ in _binary_records(stream):
        if kind == 156:
            length = unpack_from("<I", stream, at + 8)[0]
            ids.append(stream[at + 12 : at + 12 + 2 * length].decode("utf-16-le", "replace"))
    return ids


# --- XLSX ------------------------------------------------------------------------------------------------------------

ERROR = re.compile(rb"""\st=["']e["']""")
PLACE = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<|</(?:\w+:)?c>")
HIDDEN = re.compile(rb"""<(?:\w+:)?row\s[^>]*\bhidden=["'](?:1|true)["']""")
NO_VALUE = re.compile(rb"(?:f\s*>|<(?:\w+:)?f\b[^<>]*/>)\s*</(?:\w+:)?c>")


def pieces(archive: zipfile.ZipFile, part: str, end: bytes) -> Iterator[bytes]:
    """A part, unpacked a piece at a time, each ending where a row does."""
    rest = b""
    with archive.open(part) as opened:
        while more := opened.read(PIECE):
            whole = rest + more
            cut = whole.rfind(end) + len(end)
            if cut < len(end):
                cut = len(whole) if len(whole) > 16 * PIECE else 0
            if cut:
                yield whole[:cut]
            rest = whole[cut:]
    yield rest


def _note_xlsx(archive: zipfile.ZipFile, part: str, note: Footnotes) -> None:
    for xml in pieces(archive, part, b"row>"):
        if b"hidden=" in xml:
            _count(note, "hidden_rows", sum(1 for _ in HIDDEN.finditer(xml)))
        if b"<f" in xml or b":f" in xml:
            _count(note, "formula_without_value", sum(1 for _ in NO_VALUE.finditer(xml)))
        for found in ERROR.finditer(xml) if b'="e"' in xml or b"='e'" in xml else ():
            _note_error(xml, found.start(), note)


def _note_error(xml: bytes, at: int, note: Footnotes) -> None:
    end = xml.find(b">", at)
    place = PLACE.search(xml, xml.rfind(b"<", 0, at), end)
    value = VALUE.search(xml, end)
    if value and value[1]:
        if place:
            note.errors[int(place[2]) - 1, column_number(place[1])] = value[1].decode("utf-8", "replace")
        else:
            _count(note, "error_without_place", 1)


def column_number(letters: bytes) -> int:
    """Position of a column, from 0, by its letters.

    Examples
    --------
    >>> column_number(b"A"), column_number(b"XFD")
    (0, 16383)
    """
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1


def far_cell(content: bytes) -> tuple[int, int, int] | None:
    """(sheet, rows, columns) of the sheet of an XLSX that says it reaches farthest; None if none says."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = []
        for number, part in enumerate(sheet_parts(archive, "xlsx")):
            rows = columns = 0
            for xml in pieces(archive, part, b"row>") if part in archive.NameToInfo else ():
                for letters, row in set(PLACE.findall(xml)):
                    rows, columns = max(rows, int(row)), max(columns, column_number(letters) + 1)
            found.append((rows * columns, number, rows, columns))
    return max(found)[1:] if found else None


# --- XLSB and XLS ----------------------------------------------------------------------------------------------------


def _binary_records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """(kind, position, length) of every record of a part of an XLSB."""
    at, end = 0, len(stream)
    while at + 1 < end:
        kind, at = stream[at], at + 1
        if kind & 0x80:
            kind, at = kind & 0x7F | (stream[at] & 0x7F) << 7, at + 1
        length = shift = 0
        while at < end and shift < 28:
            byte, at = stream[at], at + 1
            length, shift = length | (byte & 0x7F) << shift, shift + 7
            if byte < 0x80:
                break
        yield kind, at, length
        at += length


def _note_xlsb(archive: zipfile.ZipFile, part: str, note: Footnotes) -> None:
    stream, row = archive.read(part), 0
    for kind, at, length in _binary_records(stream):
        if kind == 0 and length >= 12:
            row = unpack_from("<I", stream, at)[0]
            _count(note, "hidden_rows", stream[at + 11] >> 4 & 1)
        elif kind in (3, 11) and length >= 9:
            note.errors[row, unpack_from("<I", stream, at)[0]] = ERRORS.get(stream[at + 8], "#ERROR!")
        elif kind == 176 and length >= 16:
            top, bottom, left, right = unpack_from("<4I", stream, at)
            note.merged.append(((top, left), (bottom, right)))


def _note_records(stream: bytes, notes: list[Footnotes]) -> None:
    begins: dict[int, Footnotes] = {}
    note = Footnotes({}, [], {})
    for kind, at, length in records(stream):
        if kind == 0x85 and length >= 4 and len(begins) < len(notes):
            begins[unpack_from("<I", stream, at)[0]] = notes[len(begins)]
        elif kind == 0x809:
            note = begins.get(at - 4, note)
        elif kind == 0x208 and length >= 16:
            _count(note, "hidden_rows", stream[at + 12] >> 5 & 1)
        elif (kind == 0x205 and length >= 8 and stream[at + 7]) or (
            kind == 6 and length >= 14 and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2
        ):
            code = stream[at + (6 if kind == 0x205 else 8)]
            note.errors[unpack_from("<HH", stream, at)] = ERRORS.get(code, "#ERROR!")


# --- ODS -------------------------------------------------------------------------------------------------------------

WORTH = re.compile(rb'value-type="error"|-spanned="|visibility="(?:collapse|filter)"|formula="')


def _note_open_document(archive: zipfile.ZipFile, notes: list[Footnotes]) -> None:
    if any(WORTH.search(xml) for xml in pieces(archive, "content.xml", b"row>")):
        with archive.open("content.xml") as opened:
            _OpenDocument(notes).read(opened)


class _OpenDocument:
    """Where one is in the cells of an ODS, while its elements go by."""

    def __init__(self, notes: list[Footnotes]) -> None:
        self.notes = iter(notes)
        self.note = Footnotes({}, [], {})
        self.row = self.column = self.rows = self.columns = 0
        self.error: list[str] | None = None

    def read(self, opened: io.BufferedIOBase | object) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse
        parser.ParseFile(opened)  # type: ignore[arg-type]

    def _refuse(self, *_: object) -> None:
        raise Refused("declares XML entities, which no export does; open it in a spreadsheet and save it as XLSX.")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(" ")[2]
        if kind not in ("table", "table-row", "table-cell", "covered-table-cell"):
            return
        said = {key.rpartition(" ")[2]: value for key, value in attributes.items() if "calcext" not in key}
        error = any(key.endswith("value-type") and value == "error" for key, value in attributes.items())
        if kind == "table":
            self.note, self.row, self.rows = next(self.notes, self.note), 0, 0
        elif kind == "table-row":
            self.row, self.rows = self.row + self.rows, _times(said, "number-rows-repeated")
            self.column = self.columns = 0
            if said.get("visibility") in ("collapse", "filter") and self.rows < 100_000:
                _count(self.note, "hidden_rows", self.rows)
        else:
            self.column, self.columns = self.column + self.columns, _times(said, "number-columns-repeated")
            self._cell(said, error=error)

    def _cell(self, said: dict[str, str], *, error: bool) -> None:
        down, right = _times(said, "number-rows-spanned"), _times(said, "number-columns-spanned")
        if down > 1 or right > 1:
            first = (self.row, self.column)
            self.note.merged.append((first, (self.row + down - 1, self.column + right - 1)))
        if "formula" in said and "value-type" not in said:
            _count(self.note, "formula_without_value", 1)
        self.error = [] if error else None

    def _text(self, text: str) -> None:
        if self.error is not None:
            self.error.append(text)

    def _end(self, tag: str) -> None:
        if self.error is not None and tag.endswith(" table-cell"):
            self.note.errors[self.row, self.column] = "".join(self.error).strip() or "#ERROR!"
            self.error = None


def _times(said: dict[str, str], name: str) -> int:
    text = said.get(name, "1")
    return min(max(int(text), 1), 1 << 21) if text.isdecimal() and len(text) < 8 else 1


_NOTE = {"xlsx": _note_xlsx, "xlsb": _note_xlsb}
