"""Export files -> raw tables of text.

What a file is, its content says, not its name. Cells stay the text that the file holds: codes keep their zeros, and
dates are read later, by ``cleaning``.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.containers import is_container
from analysis.delimited import read_delimited
from analysis.encodings import decode
from analysis.grids import FileProblem, Grid
from analysis.layout import LOOK, Export, understand
from analysis.legacy import restore
from analysis.sandbox import read_markup, read_workbook
from analysis.tables import TABLES
from analysis.vocabulary import Vocabulary

NO_EXPORTS = {"readme.md", "readme.txt", "thumbs.db", "desktop.ini"}
"""Files that people and Windows leave in folders."""

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
    """The export files of a folder, or the one file named.

    While a folder holds nothing but ``sample/``, that is what is read; a folder with files of its own never reads
    the sample beside them.

    Raises
    ------
    FileProblem
        If there is no such file or folder, or nothing in it.
    """
    if data.is_file():
        return [data]
    if not data.is_dir():
        raise FileProblem(f"{data}: there is no such file or folder; name the folder that holds the exports.")
    found = sorted(p for p in data.rglob("*") if p.is_file() and not _is_no_export(p.relative_to(data)))
    own = [p for p in found if p.relative_to(data).parts[0] != "sample"]
    if not found:
        raise FileProblem(f"{data}: holds no export; put the files of the one-stop system there.")
    return own or found


def _is_no_export(path: Path) -> bool:
    """Whether a file is hidden, a lock, or a note to read."""
    return any(part.startswith((".", "~$")) for part in path.parts) or path.name.lower() in NO_EXPORTS


def read_export(path: Path, *, vocabulary: Vocabulary, name: str | None = None) -> list[Export]:
    """Read every sheet of one export.

    Parameters
    ----------
    path
        CSV or TSV, XLSX, XLS, XLSB or ODS, or an HTML table saved under any of these names.
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
    name = name or path.name
    with _named(name):
        content = _read_bytes(path)
        checksum = hashlib.sha256(content).hexdigest()
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
    (';', {'0': '00123', '1': 'Trực tuyến'})
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


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Put a file's name in front of what is said of it."""
    try:
        yield
    except FileProblem as problem:
        raise FileProblem(f"{name}: {problem}") from None


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileProblem(
            f"cannot be read ({error.strerror}); check the permissions, or close the program that has it open."
        ) from None


def _no_header(grids: list[Grid]) -> str:
    if not any(len(g.cells) or g.ragged for g in grids):
        return "holds no line; export it again."
    needs = "; ".join(f"{t}: " + ", ".join(" or ".join(r) for r in table.required) for t, table in TABLES.items())
    return (
        f"no header was found in the first {LOOK} lines, so no column is understood. A table needs these columns "
        f"({needs}); add your system's headings to a vocabulary file."
    )
