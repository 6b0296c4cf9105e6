"""Zip archives of exports -> their members, each as if it were a file of its own. Nothing is ever written to disk."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath

from analysis.grids import FileProblem

MOST_MEMBERS = 10_000

SMALL = 128 << 20
"""Bytes that any archive may unpack to."""

MOST_TIMES = 20
"""How many times its own size an archive may unpack to beyond that; delimited text shrinks to a tenth or so."""

WORKBOOK_MEMBERS = {"[Content_Types].xml", "mimetype"}
"""A zip archive with one of these is a workbook or another document, not an archive of exports."""

PASSWORD = 1
"""The bit of a member's flags that says that it is encrypted."""


def is_archive(content: bytes) -> bool:
    """Whether a file is a zip archive of files, and no workbook.

    Examples
    --------
    >>> is_archive(b"PK, but no archive")
    False
    """
    if not content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return not WORKBOOK_MEMBERS & set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def read_archive(content: bytes) -> Iterator[tuple[str, bytes | FileProblem]]:
    """Every member of an archive with its bytes, or with why it cannot be read.

    Parameters
    ----------
    content
        The archive; see ``is_archive``.

    Yields
    ------
    tuple
        The member's name without anything that leads out of the archive, and its bytes. One at a time, so that no
        more than one is held.

    Raises
    ------
    FileProblem
        If the archive is empty or would unpack to too much.

    Examples
    --------
    >>> buffer = io.BytesIO()
    >>> with zipfile.ZipFile(buffer, "w") as archive:
    ...     archive.writestr("../2022/a.csv", "Mã hồ sơ,Ngày tiếp nhận")
    >>> [name for name, _ in read_archive(buffer.getvalue())]
    ['2022/a.csv']
    """
    room = max(SMALL, MOST_TIMES * len(content))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        if not members:
            raise FileProblem("is an archive without a file; put the exports into it, or remove it.")
        if len(members) > MOST_MEMBERS:
            raise FileProblem(f"is an archive of more than {MOST_MEMBERS} files; unpack it and keep only the exports.")
        if sum(m.file_size for m in members) > room:
            raise FileProblem(_too_big(room))
        seen: set[str] = set()
        for member in members:
            name = _plain_name(member)
            twice = name in seen
            seen.add(name)
            if twice:
                yield name, FileProblem("stands twice in its archive; keep one of the two.")
                continue
            yield name, _read_member(archive, member, room)


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytes | FileProblem:
    """A member's bytes; what it declares of its size is not believed."""
    if member.flag_bits & PASSWORD:
        return FileProblem("is protected by a password; pack it without one.")
    try:
        with archive.open(member) as file:
            content = file.read(room + 1)
    except NotImplementedError:
        return FileProblem("is packed in a way that is not known here; pack it as an ordinary zip archive.")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        return FileProblem(f"is damaged in its archive ({error}); copy or pack it again.")
    if len(content) > room:
        return FileProblem(_too_big(room))
    if is_archive(content):
        return FileProblem("is an archive inside an archive; unpack it and put its files beside the others.")
    return content


def _plain_name(member: zipfile.ZipInfo) -> str:
    """A member's path below its archive; names that Windows wrote without saying that they are UTF-8 are read as such."""
    name = member.filename
    if not member.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return "/".join(p for p in parts if p not in {"/", "//", "..", "."}) or "(no name)"


def _too_big(room: int) -> str:
    return f"unpacks to more than {room >> 20} MB, too much for its size; unpack it, and check what it holds."
