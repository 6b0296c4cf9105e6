"""What a file is by its bytes, and whether it is safe and whole enough to open.

Only the standard library is imported: the child process that opens untrusted files starts with this.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from struct import Struct, error, unpack_from

MEBIBYTE = 1 << 20

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of a compound file: XLS, or an encrypted XLSX, or the old formats of other programs."""

BEFORE_COMPOUND = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
"""First bytes of the workbooks of Excel 2, 3 and 4."""

MOST_PARTS = 10_000
MOST_RATIO = 200
"""A sheet shrinks some twentyfold when it is packed; a part that shrinks more than this often and is large is a bomb."""

FREE = 0xFFFFFFFA
"""Sector numbers from here on mean no sector."""

SAVE = "open it in a spreadsheet and save it as XLSX."
PASSWORD = "is protected by a password; open it in a spreadsheet and save it without one."  # noqa: S105 - a sentence
CUT = "is cut short, as if it had been copied only in part; copy or export it again."
BROKEN = f"cannot be opened as a workbook, because it is damaged; {SAVE}"


class Refused(Exception):
    """A file is not opened; the message is what a ``FileProblem`` says after the file's name."""


def is_container(content: bytes) -> bool:
    r"""Whether a file is a zip archive, a compound file, or a workbook from before there were any.

    Examples
    --------
    >>> is_container(b"PK\x03\x04..."), is_container(b"code,day")
    (True, False)
    """
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", COMPOUND[:4], *BEFORE_COMPOUND))


def is_markup(text: str) -> bool:
    """Whether a text is HTML with a table, XML Spreadsheet 2003, or a page saved with all its parts (MHTML).

    Examples
    --------
    >>> is_markup("<html><table><tr><td>1"), is_markup("a < b"), is_markup("From: me,To: you")
    (True, False, False)
    """
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return bool(re.search(r"<table\b|urn:schemas-microsoft-com:office:spreadsheet", text, re.IGNORECASE))
    mail = re.match(r"(From|MIME-Version|Content-Type|Subject): ", start, re.IGNORECASE)
    return bool(
        mail and re.search(r"^Content-Type: *(multipart/related|text/html)", start[:5000], re.IGNORECASE | re.MULTILINE)
    )


def workbook_format(content: bytes) -> str:
    """Tell the format of a workbook, refusing what is none and what is not safe to open.

    Returns
    -------
    str
        ``xlsx``, ``xlsb``, ``ods`` or ``xls``.

    Raises
    ------
    Refused
        In one sentence.
    """
    if content.startswith(BEFORE_COMPOUND):
        raise Refused(f"is a workbook of Excel 4 or older, which no current reader knows; {SAVE}")
    return _packed_format(content) if content.startswith(b"PK") else _compound_format(content)


# --- zip -------------------------------------------------------------------------------------------------------------


def _packed_format(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive.infolist())
            names = set(archive.namelist())
            if "mimetype" in names:
                return _open_document(archive, names)
            return _office_document(archive)
    except (zipfile.BadZipFile, EOFError):
        raise Refused(CUT) from None
    except (ValueError, KeyError, NotImplementedError, OSError, error) as problem:
        raise Refused(BROKEN) from problem


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    """Judge a directory by what it declares, before anything is unpacked."""
    if len(parts) > MOST_PARTS:
        raise Refused(f"is packed from {len(parts)} parts, more than any workbook has; {SAVE}")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(PASSWORD)
    for part in parts:
        grown = part.file_size / max(part.compress_size, 1)
        if part.file_size > 64 * MEBIBYTE and grown > MOST_RATIO:
            raise Refused(
                f"would grow {grown:.0f}-fold to {part.file_size // MEBIBYTE} MB when it is unpacked, as a bomb does; "
                f"if you trust it, {SAVE}"
            )


def _open_document(archive: zipfile.ZipFile, names: set[str]) -> str:
    kind = archive.read("mimetype")[:200].decode("latin-1").strip()
    if not kind.startswith("application/vnd.oasis.opendocument.spreadsheet"):
        what = {"text": "a text document", "presentation": "a presentation"}.get(kind.rpartition(".")[2], "a document")
        raise Refused(f"is {what}, not a workbook; save its table as XLSX or CSV.")
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Refused(PASSWORD)
    _refuse_entities(archive)
    return "ods"


def _office_document(archive: zipfile.ZipFile) -> str:
    types = next((n for n in archive.namelist() if n.lower() == "[content_types].xml"), None)
    if types is None:
        raise Refused("is a zip archive that holds no workbook; unpack it and read the files in it.")
    said = archive.read(types)
    for sign, what in ((b"wordprocessingml", "a Word document"), (b"presentationml", "a presentation")):
        if sign in said and b"ms-excel" not in said and b"spreadsheetml.sheet.main" not in said:
            raise Refused(f"is {what}, not a workbook; save its table as XLSX or CSV.")
    _refuse_entities(archive)
    if b"sheet.binary" in said:
        return "xlsb"
    if b"spreadsheetml" in said or b"ms-excel" in said:
        return "xlsx"
    raise Refused("is a packed document, but no workbook; export it as XLSX or CSV.")


def _refuse_entities(archive: zipfile.ZipFile) -> None:
    """No part of a workbook has a document type; one that does wants entities expanded or files fetched."""
    for part in archive.infolist():
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            with archive.open(part) as opened:
                refuse_entities(opened.read(4096))


def refuse_entities(xml: bytes) -> None:
    """Refuse XML that declares entities, in any encoding that XML may have.

    Examples
    --------
    >>> refuse_entities(b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>')
    Traceback (most recent call last):
    ...
    analysis.containers.Refused: declares XML entities, which no export does and which can read other files; ...
    """
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", xml.replace(b"\0", b""), re.IGNORECASE):
        raise Refused(f"declares XML entities, which no export does and which can read other files; {SAVE}")


# --- compound files --------------------------------------------------------------------------------------------------

STREAMS = {
    "EncryptedPackage": PASSWORD,
    "WordDocument": "is a Word document, not a workbook; save its table as XLSX or CSV.",
    "PowerPoint Document": "is a presentation, not a workbook; save its table as XLSX or CSV.",
    "__properties_version1.0": "is a saved e-mail, not a workbook; save what is attached to it.",
}
"""Stream of a compound file -> what is said of a file that has it and no workbook."""


def _compound_format(content: bytes) -> str:
    names = {name for name, _, _ in _entries(content)}
    if not names & {"Workbook", "Book"}:
        raise Refused(next((said for name, said in STREAMS.items() if name in names), f"holds no workbook; {SAVE}"))
    stream = workbook_stream(content)
    for kind, _, _ in records(stream):
        if kind == FILE_PASS:
            raise Refused(PASSWORD)
        if kind == END_OF_PART:
            break
    return "xls"


def workbook_stream(content: bytes) -> bytes:
    """The records of an XLS, taken from the sectors over which a compound file spreads them."""
    entries = {name: (start, size) for name, start, size in _entries(content)}
    start, size = entries.get("Workbook") or entries["Book"]
    if size >= unpack_from("<I", content, 56)[0]:
        return _stream(content, start, _sector_table(content))[:size]
    small = b"".join(_sectors(content, unpack_from("<I", content, 60)[0], _sector_table(content)))
    table = unpack_from(f"<{len(small) // 4}I", small)
    whole = _stream(content, entries["Root Entry"][0], _sector_table(content))
    found = [whole[64 * n : 64 * n + 64] for n in _chain(start, table)]
    return b"".join(found)[:size]


def _entries(content: bytes) -> list[tuple[str, int, int]]:
    """(name, first sector, size) of everything in a compound file's directory."""
    try:
        directory = _stream(content, unpack_from("<I", content, 48)[0], _sector_table(content))
    except error:
        raise Refused(CUT) from None
    found = []
    for at in range(0, len(directory) - 127, 128):
        length = unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + min(max(length - 2, 0), 64)].decode("utf-16-le", "replace")
        found.append((name, *unpack_from("<II", directory, at + 116)))
    return found


def _sector_table(content: bytes) -> tuple[int, ...]:
    """Sector -> the next of its stream; a table that names sectors the file does not reach is that of a cut file."""
    size = _sector_size(content)
    count, more, _ = unpack_from("<I", content, 44)[0], *unpack_from("<II", content, 68)
    listed = list(unpack_from("<109I", content, 76))
    seen = 0
    while more < FREE and seen < len(content) // size:
        numbers = unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        listed, more, seen = listed + list(numbers[:-1]), numbers[-1], seen + 1
    table: list[int] = []
    for sector in [s for s in listed if s < FREE][:count]:
        table += unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
    last = max((n for n, following in enumerate(table) if following != 0xFFFFFFFF), default=0)
    if len(content) <= (last + 1) * size:
        raise Refused(CUT)
    return tuple(table)


def _sector_size(content: bytes) -> int:
    shift = unpack_from("<H", content, 30)[0]
    if shift not in (9, 12):
        raise Refused(CUT if len(content) < 512 else BROKEN)
    return 1 << int(shift)


def _stream(content: bytes, start: int, table: tuple[int, ...]) -> bytes:
    return b"".join(_sectors(content, start, table))


def _sectors(content: bytes, start: int, table: tuple[int, ...]) -> Iterator[bytes]:
    size = _sector_size(content)
    for sector in _chain(start, table):
        yield content[(sector + 1) * size : (sector + 2) * size]


def _chain(start: int, table: tuple[int, ...]) -> Iterator[int]:
    """The sectors of a stream; one that runs in a circle ends after as many as there are."""
    for _ in table:
        if start >= len(table):
            return
        yield start
        start = table[start]


RECORD = Struct("<HH")
FILE_PASS, END_OF_PART = 0x2F, 0x0A


def records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """(kind, position, length) of every record of an XLS."""
    at, end = 0, len(stream) - 4
    while at <= end:
        kind, length = RECORD.unpack_from(stream, at)
        yield kind, at + 4, length
        at += 4 + length
