"""Signed reports: what was published when a report was signed stays under its number, for good.

Newer pages stand beside it and say what moved since. Each signed report is a folder that needs nothing else: the page, its notebook,
workbook and PDF, the document that was signed, its vintage, those that its page is compared with, and a list of checksums that ``sha256sum -c`` accepts.
"""

import hashlib
import os
import re
import shutil
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from analysis.grids import FileProblem
from analysis.labels import read_labels
from analysis.printing import pdf_name
from analysis.publication import hold
from analysis.vintages import COMPARED, FILE, SIGNED, Vintage, read_vintage, vintage_of

SUMS = "SHA256SUMS"

LONGEST = 60
"""Letters of a number."""


class Taken(ValueError):
    """A number is there already, of another report."""


def freeze(
    page: Path, *, number: str, day: str = "", documents: Sequence[Path] = (), at: datetime
) -> tuple[Path, bool]:
    """Keep a published report under the number that it was signed with.

    Parameters
    ----------
    page
        The page.
    number
        As it is written, as 123/BC-SXD.
    day
        The day of the signature, as 2023-01-15.
    documents
        What was signed, as the Word document or a scan of it; kept beside the page as it is.
    at
        When this is done.

    Returns
    -------
    Path, bool
        Its folder, and whether it is new: the same report may be frozen again, and nothing is written then.

    Raises
    ------
    FileProblem
        If the page holds no figures that can be read, or what it is compared with is gone; or if a document is not
        there, or is called as another file.
    Taken
        If the number is there already, with anything else; or is none.
    ReportBusy
        If a run is writing the page.
    OSError
        If it cannot be written; nothing is left then.
    """
    from analysis.html_page import record_in  # noqa: PLC0415 - slow to import, and plans look only for what was signed

    folder = page.parent / SIGNED / page.stem / folder_name(number)
    with ExitStack() as held:
        if not page.is_file():
            raise FileProblem(
                f"{page}: there is no such report; make it first, or see --out, --unit, --names, --lang and --edition."
            )
        if busy := hold(page, held):
            raise busy
        record = record_in(page.read_text("utf-8", errors="replace"))
        if not record.get("figures"):
            raise FileProblem(f"{page}: it holds no figures that can be read, so it cannot be kept as a signed report.")
        files = _with_documents(_files(page, record), documents)
        if folder.exists():
            _require_same(folder, files, number=number, day=day)
            return folder, False
        files[FILE] = vintage_of(page, record, at=at, number=number, day=day)
        _place(folder, files)
    return folder, True


def folder_name(number: str) -> str:
    """The number of a document, as a folder may be called.

    Raises
    ------
    Taken
        If nothing of it is left, or it is too long.

    Examples
    --------
    >>> folder_name("123/BC-SXD"), folder_name(" 45/BC-SXD (Đà Nẵng)")
    ('123-BC-SXD', '45-BC-SXD-Da-Nang')
    """
    plain = unicodedata.normalize("NFKD", number.replace("Đ", "D").replace("đ", "d")).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")
    if not name or len(name) > LONGEST:
        raise Taken(f"{number!r} is no number of a document; write it as 123/BC-SXD, in at most {LONGEST} letters.")
    return name


def read_signed(folder: Path, page: Path, *, say: Callable[[str], None] = lambda _: None) -> list[Vintage]:
    """The signed reports of a page, the latest first: by the day of the signature, or else by when it was frozen.

    Parameters
    ----------
    folder, page, say
        As ``vintages.read_vintages`` takes them.
    """
    held = []
    for path in sorted((folder / SIGNED / page.stem).glob(f"*/{FILE}")):
        try:
            held.append(read_vintage(path))
        except FileProblem as problem:
            say(str(problem))
    return sorted(
        held, key=lambda each: (each.day or f"{each.at:%Y-%m-%d}", f"{each.at:%Y-%m-%dT%H%M%S}"), reverse=True
    )


def standing(page: Path) -> str:
    """What a signed report is, in one sentence; empty for a page that is none.

    Raises
    ------
    FileProblem
        If its vintage cannot be read.
    """
    if not (page.parent / FILE).is_file():
        return ""
    vintage = read_vintage(page.parent / FILE)
    if not vintage.number:
        return ""
    if hashlib.sha256(page.read_bytes()).hexdigest() != vintage.sha256.get(page.name):
        return f"this was changed after it was kept as signed no. {vintage.number}; take it from a backup."
    return (
        f"this is the report that was signed as no. {vintage.number}, unchanged since it was kept; "
        "what differs came afterwards, to the exports, the settings or the program."
    )


def _files(page: Path, record: dict[str, Any]) -> dict[str, bytes]:
    """What is kept of a report, by its name in the folder: what is published, and what its page is compared with."""
    about = record.get("about", {})
    labels = read_labels(str(about.get("lang", "vi")))
    day = date.fromisoformat(str(record["as_of"]))
    pdf = page.with_name(pdf_name(page, unit=str(record.get("unit", "")), day=day, labels=labels))
    published = [page, page.with_suffix(".ipynb"), page.with_suffix(".xlsx"), pdf]
    files = {path.name: path.read_bytes() for path in published if path.is_file()}
    for name in filter(None, (str(record.get("parameters", {}).get(name, "")) for name in COMPARED)):
        read_vintage(page.parent / name)
        files[name] = (page.parent / name).read_bytes()
    return files


def _with_documents(files: dict[str, bytes], documents: Sequence[Path]) -> dict[str, bytes]:
    """Those files, and what was signed."""
    for document in documents:
        if not document.is_file():
            raise FileProblem(f"{document}: there is no such file; name the document that was signed.")
        if document.name in {*files, FILE, SUMS}:
            raise FileProblem(f"{document}: another file of the signed report is called so; give it another name.")
        files = {**files, document.name: document.read_bytes()}
    return files


def _require_same(folder: Path, files: dict[str, bytes], *, number: str, day: str) -> None:
    """Hold a report against the one that has its number.

    Raises
    ------
    Taken
        If they differ.
    """
    there = read_vintage(folder / FILE)
    if there.number != number:
        raise Taken(f"{folder}: the number {there.number!r} is kept there, which {number!r} cannot be told from.")
    if day and day != there.day:
        raise Taken(f"{folder}: {number} is kept there already, as signed on {there.day or 'a day that nobody said'}.")
    if different := [name for name, content in files.items() if not _is(folder / name, content)]:
        raise Taken(
            f"{folder}: {number} is kept there already, and is another report ({', '.join(different)}); it stays. "
            "Give the new one its own number."
        )


def _is(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _place(folder: Path, files: dict[str, bytes]) -> None:
    """Write the files of a signed report, for reading only; the folder takes its name when all are whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(mkdtemp(dir=folder.parent, prefix=".freeze-"))
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    try:
        for name, content in {**files, SUMS: sums.encode()}.items():
            path = aside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            path.chmod(0o444)
        aside.chmod(0o755)
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    for place in (*(path for path in folder.rglob("*") if path.is_dir()), folder):
        place.chmod(0o555)
