"""Export files -> raw tables of text.

What a file is, its content says, not its name. Cells stay the text that the file holds: codes keep their zeros, and
dates are read later, by ``cleaning``.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePath, PurePosixPath

from analysis.archives import is_archive, read_archive
from analysis.containers import is_container
from analysis.delimited import read_delimited
from analysis.encodings import decode
from analysis.grids import FileProblem, Grid
from analysis.headers import LOOK
from analysis.layout import Export, understand
from analysis.legacy import restore
from analysis.sandbox import read_markup, read_workbook
from analysis.tables import TABLES
from analysis.vocabulary import Vocabulary

NO_EXPORTS = {"readme.md", "readme.txt", "thumbs.db", "desktop.ini", "so-tay.xlsx"}
"""Files that people and Windows leave in folders, and the handbook."""

BEING_WRITTEN = "is being written; wait until it is whole, and run again."

SIGNATURES = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"{\\rtf": "an RTF document",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip archive",
}
"""First bytes of what is no export, and what to call it."""


def find_exports(data: Path) -> list[Path]:
    """The export files of a folder, of a pattern such as ``data/raw/2022*.csv``, or the one file named.

    While a folder holds nothing but ``sample/``, that is what is read; a folder with files of its own never reads
    the sample beside them. A folder that cannot be opened is among the files, so that it is reported like one.

    Raises
    ------
    FileProblem
        If there is no such file or folder, or nothing in it.
    """
    root = root_of(data)
    if data.is_file():
        return [data]
    if not root.is_dir() or not (data == root or _is_pattern(data)):
        raise FileProblem(f"{data}: there is no such file or folder; name the folder that holds the exports.")
    tops = [root] if data == root else sorted(root.glob(str(data.relative_to(root))))
    found = sorted({p for top in tops for p in _files_below(top) if not _is_no_export(p.relative_to(root))})
    own = [p for p in found if p.relative_to(root).parts[0] != "sample"]
    if not found and data != root:
        raise FileProblem(f"{data}: no file fits this pattern; name the folder that holds the exports.")
    if not found:
        raise FileProblem(f"{data}: holds no export; put the files of the one-stop system there.")
    return own or found


def root_of(data: Path) -> Path:
    """The folder below which exports are named: of a pattern, the part before its first ``*``, ``?`` or ``[``.

    Examples
    --------
    >>> root_of(Path("data/raw/2022*/*.csv")).as_posix(), root_of(Path("data/raw")).as_posix()
    ('data/raw', 'data/raw')
    """
    return next((above for above in (*reversed(data.parents), data) if _is_pattern(above)), data / "x").parent


def export_name(path: Path, data: Path) -> str:
    """How ``source_file`` calls an export: its path below the data folder, or its own name if it was named alone."""
    return path.name if path == data else path.relative_to(root_of(data)).as_posix()


def _is_pattern(path: Path) -> bool:
    """Whether a path is a pattern of files; one that exists is meant as it stands."""
    return any(mark in str(path) for mark in "*?[") and not path.exists()


def _files_below(top: Path) -> list[Path]:
    """The files of a folder and of those below it, and the folders that cannot be opened."""
    if not top.is_dir():
        return [top] if top.is_file() or top.is_symlink() else []
    closed: list[OSError] = []
    found = [Path(folder) / name for folder, _, names in os.walk(top, onerror=closed.append) for name in names]
    return [p for p in found if p.is_file() or p.is_symlink()] + [Path(error.filename) for error in closed]


def _is_no_export(path: PurePath) -> bool:
    """Whether a file is hidden, a lock, or a note to read."""
    return any(part.startswith((".", "~$")) for part in path.parts) or path.name.lower() in NO_EXPORTS


def read_export(path: Path, *, vocabulary: Vocabulary, name: str | None = None) -> list[Export]:
    """Read every sheet of one export, or of every member of a zip archive of exports.

    Parameters
    ----------
    path
        CSV or TSV, XLSX, XLS, XLSB or ODS, an HTML table saved under any of these names, or a zip archive of them.
    vocabulary
        Finds the header and says what its columns mean.
    name
        How ``source_file`` calls it; by default the file's name.

    Returns
    -------
    list of Export
        Sheets with a header that is understood. In a workbook with at least one such sheet the others become an
        ``Export`` without lines, every line of theirs ``sheet_not_understood``.

    Raises
    ------
    FileProblem
        If the file is no export, cannot be opened, or no sheet of it has a header that is understood.
    """
    exports: list[Export] = []
    for part, found in read_exports(path, vocabulary=vocabulary, name=name):
        if isinstance(found, FileProblem):
            raise FileProblem(f"{part}: {found}")
        exports += found
    return exports


def read_exports(
    path: Path, *, vocabulary: Vocabulary, name: str | None = None
) -> Iterator[tuple[str, list[Export] | FileProblem]]:
    """Read an export, or every member of an archive, and go on after one that cannot be read.

    Parameters and results are those of ``read_export``; each comes with its name, ``archive.zip/member.csv`` for a
    member, and a problem in the place of its exports does not name the file.
    """
    for part, content in open_exports(path, name=name):
        try:
            yield part, _understand_all(content, part, vocabulary)
        except FileProblem as problem:
            yield part, problem


def open_exports(path: Path, *, name: str | None = None) -> Iterator[tuple[str, bytes | FileProblem]]:
    """The name and bytes of a file, or of each member of an archive; or why there are none."""
    name = name or path.name
    try:
        content = _read_bytes(path)
        if not is_archive(content):
            yield name, content
            return
        for member, inner in read_archive(content):
            if not _is_no_export(PurePosixPath(member)) and not member.startswith("__MACOSX/"):
                yield f"{name}/{member}", inner
    except FileProblem as problem:
        yield name, problem


def _understand_all(content: bytes | FileProblem, name: str, vocabulary: Vocabulary) -> list[Export]:
    if isinstance(content, FileProblem):
        raise content
    checksum, vocabulary = hashlib.sha256(content).hexdigest(), vocabulary.of_file(name)
    grids = read_grids(content, vocabulary=vocabulary)
    understood = [understand(grid, name, checksum, vocabulary) for grid in grids]
    if not any(e.table for e in understood):
        raise FileProblem(_no_header(grids))
    return understood


def read_grids(content: bytes, *, vocabulary: Vocabulary | None = None) -> list[Grid]:
    r"""Tell the format by its content, and read every sheet.

    Parameters
    ----------
    content
        The whole file.
    vocabulary
        Helps to find the dialect of delimited text by its header; without one, the shape of the lines decides.

    Returns
    -------
    list of Grid
        One per sheet, or per table of a page; a delimited text is one.

    Raises
    ------
    FileProblem
        If it is no table, or cannot be opened; without the file's name.

    Examples
    --------
    >>> grid = read_grids("Số hồ sơ;Kênh\n00123;Trực tuyến\n".encode())[0]
    >>> grid.read_as["delimiter"], grid.cells.to_pylist()[1]
    ('semicolon', {'0': '00123', '1': 'Trực tuyến'})
    """
    for first, what in SIGNATURES.items():
        if content.startswith(first):
            raise FileProblem(f"is {what}, not a table; export it as XLSX or CSV.")
    if is_container(content):
        return [restore(grid) for grid in read_workbook(content)]
    text, encoding, doubts = decode(content)
    if not text.strip():
        raise FileProblem("is empty; export it again.")
    grids = read_markup(text) or [read_delimited(text, vocabulary)]
    grids = [g._replace(read_as={**g.read_as, "encoding": encoding}, doubts=(*doubts, *g.doubts)) for g in grids]
    return [restore(grid) for grid in grids]


def _read_bytes(path: Path) -> bytes:
    """A file's content, if nobody wrote to it meanwhile."""
    try:
        if path.is_dir():
            raise FileProblem("is a folder that cannot be opened; check the permissions.")
        before = path.stat()
        content = path.read_bytes()
        after = path.stat()
    except FileNotFoundError:
        raise FileProblem("is not there any more; run again when nobody moves the files.") from None
    except OSError as error:
        raise FileProblem(
            f"cannot be read ({error.strerror}); check the permissions, or close the program that has it open."
        ) from None
    if (before.st_size, before.st_mtime_ns, len(content)) != (after.st_size, after.st_mtime_ns, after.st_size):
        raise FileProblem(BEING_WRITTEN)
    return content


def _no_header(grids: list[Grid]) -> str:
    if not any(len(g.cells) or g.ragged for g in grids):
        return "holds no line; export it again."
    if all(g.skipped for g in grids):
        return "has only sheets that are not read, such as hidden ones; show the sheet that holds the table."
    needs = "; ".join(f"{t}: " + ", ".join(" or ".join(r) for r in table.required) for t, table in TABLES.items())
    return (
        f"no header was found in the first {LOOK} lines, so no column is understood. A table needs these columns "
        f"({needs}); add your system's headings to a vocabulary file."
    )
