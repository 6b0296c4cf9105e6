"""The finished Word document: the same bytes for the same content, and a seal that is broken when somebody changes it.

The seal is a digest of all parts in the core properties. Who saves the document in Word breaks it; then a new run writes
beside it and never over it.
"""

import hashlib
import io
import itertools
import re
import zipfile
from pathlib import Path

import pandas as pd

from analysis.grids import FileProblem

CORE = "docProps/core.xml"
NO_SEAL = b"0" * 64
SEAL = re.compile(rb"(?<=<dc:identifier>)[0-9a-f]{64}(?=</dc:identifier>)")
WHEN = (1980, 1, 1, 0, 0, 0)
"""The time that a zip archive says of its parts; no clock is read."""


def seal(document: bytes, *, title: str, lang: str, day: pd.Timestamp) -> bytes:
    """A document with its properties and its seal.

    Parameters
    ----------
    document
        A DOCX file.
    title, lang
        What its properties say.
    day
        The day of the figures, which stands for the time of writing.

    Returns
    -------
    bytes
        The same for the same arguments.
    """
    from docx import Document  # noqa: PLC0415 - of an extra

    opened, packed = Document(io.BytesIO(document)), io.BytesIO()
    core = opened.core_properties
    core.title, core.language, core.identifier = title, lang, NO_SEAL.decode()
    core.author, core.last_modified_by, core.comments, core.revision = (
        "",
        "",
        "",
        1,
    )  # those of whoever made the template
    core.created = core.modified = day.to_pydatetime()
    opened.save(packed)
    parts = _parts(packed.getvalue())
    parts[CORE] = SEAL.sub(_digest(parts), parts[CORE], count=1)
    return _packed(parts)


def is_untouched(document: bytes) -> bool:
    """Whether a document is as ``seal`` left it.

    Examples
    --------
    >>> is_untouched(b"anything else")
    False
    """
    try:
        parts = _parts(document)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return False
    found = SEAL.search(parts.get(CORE, b""))
    if not found:
        return False
    parts[CORE] = SEAL.sub(NO_SEAL, parts[CORE], count=1)
    return found.group() == _digest(parts)


def place_for(path: Path) -> Path:
    """Where a document may be written: a path, or the first beside it that nobody changed.

    Examples
    --------
    >>> path = getfixture("tmp_path") / "bao-cao_2022.docx"
    >>> place_for(path).name
    'bao-cao_2022.docx'
    >>> _ = path.write_text("somebody's work")
    >>> place_for(path).name
    'bao-cao_2022-2.docx'
    """
    others = (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(2))
    return next(p for p in itertools.chain([path], others) if not p.exists() or is_untouched(p.read_bytes()))


def write_sealed(document: bytes, path: Path) -> Path:
    """Write a sealed document in one step, never over one that somebody changed.

    Returns
    -------
    Path
        Where it stands; see ``place_for``.

    Raises
    ------
    FileProblem
        If it is open in Word.
    """
    place = place_for(path)
    part = place.with_name(f".{place.name}.part")
    try:
        part.write_bytes(document)
        part.replace(place)
    except PermissionError:
        raise FileProblem(f"{place}: cannot be written; close it in Word, or give the permission.") from None
    finally:
        part.unlink(missing_ok=True)
    return place


def _parts(document: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _digest(parts: dict[str, bytes]) -> bytes:
    """Of the names and contents of all parts, in the order of their names."""
    whole = hashlib.sha256()
    for name in sorted(parts):
        whole.update(f"{name}\0{len(parts[name])}\0".encode() + parts[name])
    return whole.hexdigest().encode()


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():  # the content types come first, as they do in Word's own
            archive.writestr(zipfile.ZipInfo(name, WHEN), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
