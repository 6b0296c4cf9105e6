"""Files -> blocks of lines, so that a file of any size takes the same memory.

A long text in UTF-8 is judged by its beginning (how it is written, which columns are understood) and then read so many
bytes at a time. Any other file is one block: workbooks and archives are limited by their formats, and a text in an old
encoding or with a quotation mark out of place can only be understood whole.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.containers import is_container, is_markup
from analysis.delimited import count_of, positions_of, read_written
from analysis.dialects import Writing, find_writing
from analysis.encodings import decode
from analysis.files import BEING_WRITTEN, SIGNATURES, open_exports, read_exports, read_grids
from analysis.grids import FileProblem, Grid
from analysis.layout import Export, Layout, find_layout, set_apart
from analysis.legacy import Verdict, judge, restore_as
from analysis.vocabulary import Vocabulary, fold

BLOCK = 30 << 20
"""Bytes of a block, about. (What takes 32 MB and more, the C library gives back to the system each time, page by page.)"""

HEAD = 4 << 20
"""Bytes by which a text is judged; a file that has no more is one block."""

TAIL = 1 << 16
"""Bytes that the last block has at least, so that a signature stays with the names below it."""


class Survey(NamedTuple):
    """What one look at all bytes of a file tells."""

    path: Path
    sha256: str
    """Its checksum, or ``unreadable``."""
    stamp: tuple[int, int]
    """Bytes and time of writing, by which a later change is seen."""
    cuts: tuple[int, ...]
    """Where it can be cut: behind line ends that stand in no quotation."""


class Known(NamedTuple):
    """What is known of a long text by its beginning."""

    writing: Writing
    layout: Layout
    verdicts: dict[int, Verdict]
    encoding: str


class Block(NamedTuple):
    """Some lines of one file, or all of it."""

    path: Path
    name: str
    """How ``source_file`` calls the file."""
    sha256: str
    stamp: tuple[int, int]
    start: int = 0
    end: int = 0
    known: Known | None = None
    """None if the block is the whole file."""


class NotPlain(Exception):
    """A block cannot be read apart from the rest of its file."""


def survey(paths: Iterable[Path], *, size: int | None = None, checked: bool = True) -> list[Survey]:
    r"""Look at every byte of some files once.

    Parameters
    ----------
    size
        How far apart a file can be cut, in bytes, about; ``BLOCK`` unless said.
    checked
        Whether to make checksums.

    Examples
    --------
    >>> path = getfixture("tmp_path") / "a.csv"
    >>> _ = path.write_text("Ma;Ten\n1;x\n", encoding="utf-8")
    >>> found = survey([path])[0]
    >>> found.sha256[:8], found.stamp[0], found.cuts
    ('4a2fa158', 11, ())
    """
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda path: _survey(path, size or BLOCK, checked=checked), paths))


def _survey(path: Path, size: int, *, checked: bool) -> Survey:
    checksum, cuts, at, seen, cut = hashlib.sha256(), [], 0, 0, 1
    try:
        with path.open("rb") as file:
            stamp = _stamp(file.fileno())
            while content := file.read(size):
                if checked:
                    checksum.update(memoryview(content)[seen - at :])
                seen = at + len(content)
                cut = _last_cut(content) if cut and HEAD < stamp[0] != seen else 0
                at = at + cut if cut else seen  # behind a line that is longer than a block nothing is cut
                if cut:
                    cuts.append(at)
                    file.seek(at)
    except OSError:
        return Survey(path, "unreadable", (0, 0), ())
    return Survey(path, checksum.hexdigest(), stamp, tuple(cut for cut in cuts if cut <= stamp[0] - TAIL))


def _stamp(file: int) -> tuple[int, int]:
    found = os.fstat(file)
    return found.st_size, found.st_mtime_ns


def _last_cut(content: bytes) -> int:
    """Behind the last line end of some content that stands in no quotation; 0 if there is none."""
    at = content.rfind(b"\n")
    marks = count_of(content, b'"') - content.count(b'"', at + 1)
    while at >= 0 and marks % 2:
        before = content.rfind(b"\n", 0, content.rfind(b'"', 0, at))
        marks -= count_of(content[before + 1 : at], b'"')
        at = before
    return at + 1


def blocks_of(found: Survey, *, name: str, vocabulary: Vocabulary) -> list[Block]:
    """The blocks of a file.

    Parameters
    ----------
    found
        Its survey, whose cuts are as far apart as blocks shall be large.
    name
        How ``source_file`` calls it.
    """
    whole = Block(found.path, name, found.sha256, found.stamp)
    known = _known(found, vocabulary.of_file(name)) if found.stamp[0] > HEAD else None
    if not known:
        return [whole]
    start = 3 if known.encoding == "utf-8-sig" else 0
    bounds = [start, *found.cuts, found.stamp[0]]
    return [
        whole._replace(start=a, end=b, known=known if a == start else known._replace(layout=known.layout.below))
        for a, b in pairwise(bounds)
    ]


def _known(found: Survey, vocabulary: Vocabulary) -> Known | None:
    """What the beginning of a file tells; None if it is no long text that can be read in blocks."""
    with found.path.open("rb") as file:
        head = file.read(HEAD)
    head = head[: _last_cut(head)]
    if not head or is_container(head) or any(map(head.startswith, SIGNATURES)):
        return None
    try:
        text, encoding, doubts = decode(head)
        if doubts or encoding not in {"utf-8", "utf-8-sig"} or is_markup(text):
            return None
        writing = find_writing(text, vocabulary)
        grid = _grid(head.removeprefix(b"\xef\xbb\xbf"), writing, encoding)
        verdicts = judge(grid)
        layout = find_layout(restore_as(grid, verdicts), vocabulary)
    except (FileProblem, NotPlain):
        return None  # reading it whole says what is wrong
    return Known(writing, layout, verdicts, encoding) if layout else None


def _grid(content: bytes, writing: Writing, encoding: str, *, is_last: bool = False) -> Grid:
    plain = b"\0" not in content and writing.dialect.quote == '"'
    grid = read_written(content, writing, is_last=is_last) if plain else None
    if not grid or _has_lone_return(content, len(grid.cells) + len(grid.ragged)):
        raise NotPlain
    return grid._replace(read_as={**writing.read_as, "encoding": encoding}, doubts=tuple(writing.doubts))


def _has_lone_return(content: bytes, lines: int) -> bool:
    """Whether a carriage return stands without a line feed, as in files of old systems; Arrow takes it for a line end.

    Where there are as many line feeds as lines were read, there is none.
    """
    if b"\r" not in content or count_of(content, b"\n") + (not content.endswith(b"\n")) == lines:
        return False
    letters, returns = np.frombuffer(content, np.uint8), positions_of(content, b"\r")
    return bool(returns[-1] == len(letters) - 1 or (letters[returns + 1] != ord("\n")).any())


def read_block(block: Block, *, vocabulary: Vocabulary) -> Iterator[tuple[str, list[Export] | FileProblem]]:
    """The exports in a block; see ``files.read_exports``.

    The rows of a block that is not the whole file are counted from its own first line.

    Raises
    ------
    NotPlain
        If the file must be read whole after all.
    """
    if not block.known:
        yield from read_exports(block.path, vocabulary=vocabulary, name=block.name)
        return
    writing, layout, verdicts, encoding = block.known
    try:
        content = _read(block)
    except FileProblem as problem:
        yield block.name, problem
        return
    grid = _grid(content, writing, encoding, is_last=block.end == block.stamp[0])
    grid = restore_as(grid, verdicts, of={i + 1 for i in layout.header.columns.values()})
    yield block.name, [set_apart(grid, layout, block.name, block.sha256, vocabulary.of_file(block.name))]


def sheets_of(block: Block, *, vocabulary: Vocabulary) -> Iterator[tuple[str, Grid, Layout]]:
    """The sheets in a block whose header is understood, with all their columns: name of the file, cells, layout.

    Of a long text, old Vietnamese text is restored in the columns that can name a person alone.

    A member of an archive that cannot be read is left out.

    Raises
    ------
    NotPlain
        As ``read_block``.
    FileProblem
        If the file cannot be read; it is named.
    """
    try:
        if block.known:
            writing, layout, verdicts, encoding = block.known
            grid = _grid(_read(block), writing, encoding, is_last=block.end == block.stamp[0])
            personal = vocabulary.of_file(block.name).personal
            of = {i for i, heading in enumerate(layout.header.headings, 1) if fold(heading) in personal}
            yield block.name, restore_as(grid, verdicts, of=of), layout
            return
        for name, content in open_exports(block.path, name=block.name):
            with suppress(*([FileProblem] if name != block.name else [])):
                yield from ((name, *found) for found in _understood(content, vocabulary.of_file(name)))
    except FileProblem as problem:
        raise FileProblem(f"{block.name}: {problem}") from None


def _understood(content: bytes | FileProblem, vocabulary: Vocabulary) -> list[tuple[Grid, Layout]]:
    """The sheets of a file whose header is understood."""
    if isinstance(content, FileProblem):
        raise content
    grids = [grid for grid in read_grids(content, vocabulary=vocabulary) if not grid.skipped]
    return [(grid, layout) for grid in grids if (layout := find_layout(grid, vocabulary))]


def _read(block: Block) -> bytes:
    try:
        with block.path.open("rb") as file:
            file.seek(block.start)
            content = file.read(block.end - block.start)
            if _stamp(file.fileno()) == block.stamp:
                return content
    except OSError as error:
        raise FileProblem(
            f"cannot be read ({error.strerror}); check the permissions, or close the program that has it open."
        ) from None
    raise FileProblem(BEING_WRITTEN)
