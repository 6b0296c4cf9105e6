"""Cleaning in two stages, so that any number of lines takes the memory of one block or one partition.

First each block of lines is judged by itself, and its lines are put apart by a checksum of their key. Then each
partition is settled: it holds every line of its keys, whichever file or block they came from, so what is kept is exact.
Both stages are functions of plain arguments, mapped over blocks and partitions by whatever maps: this process, or the
workers of a cluster that see the same files.
"""

import gc
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.blocks import Block, NotPlain, read_block
from analysis.cleaning import JUDGE
from analysis.corrections import Both, correct
from analysis.grids import FileProblem
from analysis.layout import Export
from analysis.states import CHECKSUM, EVENT, Judged, Settled, settle
from analysis.tables import EXPORTED, TABLES
from analysis.understanding import NOTHING_SEEN, Seen, see
from analysis.vocabulary import Vocabulary

CUTS = b"cuts"
"""The key under which a spilled block says where its partitions begin."""

Map = Callable[..., Iterable[Any]]
"""Calls a function for each of some arguments and gives the results in order, as the built-in ``map`` does."""


LINES = 300_000
"""Lines of a partition, about."""


class Spill(NamedTuple):
    """Where judged lines are written."""

    folder: Path
    parts: int
    """By the checksum of their keys; more than there will be partitions, so that small tables have few of these."""


class Sheet(NamedTuple):
    """What the first stage leaves of one sheet, or of a block of its lines."""

    export: Export
    """Without its lines."""
    lines: int
    """How many lines it read."""
    judged: "Judged | Path | None"
    """Its lines, or where they were spilled; None if it is of no table."""
    age: pd.Timestamp
    """The latest event in it; NaT if there is none."""
    start: int = 0
    """Where its block begins in the file."""
    seen: Seen = NOTHING_SEEN
    """Its words and days, before its lines are gone."""
    exported: Judged | None = None
    """Its lines of the dossiers that the handbook corrects, as they are without corrections."""

    @property
    def place(self) -> tuple[str, str]:
        """File and sheet."""
        return self.export.file, self.export.sheet


class Taken(NamedTuple):
    """What the first stage makes of one block."""

    block: Block
    sheets: list[Sheet]
    problems: list[tuple[str, str]]
    """(file, message) of what cannot be read."""
    is_plain: bool = True
    """Whether the block could be read apart from the rest of its file."""


class Staged(NamedTuple):
    """Everything that was read, before it is settled."""

    sheets: list[Sheet]
    """By file, sheet and block."""
    problems: list[tuple[str, str]]
    empty: dict[str, Judged]
    """Table -> no line of it, with the columns that it has at least."""

    def partitions(self, *, lines: int = LINES) -> list["Partition"]:
        """The lines of every table by key, in as many partitions as hold so many lines each, about."""
        starts = list(zip(self.sheets, starts_of(self.sheets), strict=True))
        return [partition for table in TABLES for partition in self._partitions_of(table, starts, lines)]

    def exported(self) -> "Partition":
        """The lines of the dossiers that the handbook corrects, as they are without corrections."""
        starts = zip(self.sheets, starts_of(self.sheets), strict=True)
        held = [(sheet.exported, start) for sheet, start in starts if sheet.exported]
        return Partition("dossiers", 0, 1, [(self.empty["dossiers"], 0), *held], self._ages("dossiers"))

    def _ages(self, table: str) -> dict[tuple[str, str], pd.Timestamp]:
        """The latest event in each sheet of a table."""
        ages: dict[tuple[str, str], pd.Timestamp] = {}
        for sheet in self.sheets:
            if sheet.export.table == table and pd.notna(sheet.age):
                ages[sheet.place] = max(ages.get(sheet.place, sheet.age), sheet.age)
        return ages

    def _partitions_of(self, table: str, starts: list[tuple[Sheet, int]], lines: int) -> Iterator["Partition"]:
        own = [(sheet, start) for sheet, start in starts if sheet.export.table == table]
        ages = self._ages(table)
        held = [(sheet.judged, start) for sheet, start in own]
        spilled = [judged for judged, _ in held if isinstance(judged, Path)]
        most = len(_cuts(spilled[0])) - 1 if spilled else 1
        wanted = min(most, max(1, -(-sum(sheet.lines for sheet, _ in own) // lines)))
        bounds = np.linspace(0, most, wanted + 1).astype(int)
        for first, last in pairwise(bounds):
            yield Partition(table, int(first), int(last), [(self.empty[table], 0), *held], ages)


class Partition(NamedTuple):
    """Every line of some keys of one table, in the blocks that hold them."""

    table: str
    first: int
    last: int
    """Which of the parts of a spilled block; the last is the first that is none."""
    blocks: list[tuple[Any, int]]
    """Judged lines, or where they were spilled, and how many lines of their sheet come before them."""
    ages: Mapping[tuple[str, str], pd.Timestamp]

    def settle(self) -> Settled:
        """See ``states.settle``."""
        parts = [_shifted(_read_spilled(held, self.first, self.last), start) for held, start in self.blocks]
        return settle(parts, self.table, ages=self.ages)


def take(block: Block, *, vocabulary: Vocabulary, spill: Spill | None = None) -> Taken:
    """The first stage: read a block and judge its lines.

    Parameters
    ----------
    spill
        Where its lines are written, and into how many parts; by default they stay in memory.
    """
    sheets, problems = [], []
    watched = gc.isenabled()
    gc.disable()  # the many small objects of a block hold no circles; looking for some takes a sixteenth of the time
    try:
        for name, found in read_block(block, vocabulary=vocabulary):
            if isinstance(found, FileProblem):
                problems.append((name, str(found)))
                continue
            sheets += [_sheet(export, block, vocabulary) for export in found]
    except NotPlain:
        return Taken(block, [], [], is_plain=False)
    finally:
        if watched:
            gc.enable()
    if spill:
        stem = f"{hashlib.sha256(block.name.encode()).hexdigest()[:16]}-{block.start:x}"
        sheets = [s._replace(judged=_spill(s, spill.folder / f"{stem}-{i}", spill.parts)) for i, s in enumerate(sheets)]
    return Taken(block, sheets, problems)


def stage(
    blocks: Iterable[Block], *, vocabulary: Vocabulary, spill: Spill | None = None, run: Map = map,
    say: Callable[[Taken], None] = lambda _: None,
) -> Staged:  # fmt: skip
    """Run the first stage over blocks; a file that cannot be read apart is read whole.

    Parameters
    ----------
    run
        What maps.
    say
        Is told of each block that is done.
    """
    first = partial(take, vocabulary=vocabulary, spill=spill)
    taken = []
    for done in run(first, blocks):
        taken.append(done)
        say(done)
    whole = {t.block.name: t.block._replace(start=0, end=0, known=None) for t in taken if not t.is_plain}
    taken = [t for t in taken if t.block.name not in whole]
    for done in run(first, whole.values()):
        taken.append(done)
        say(done)
    problems = sorted({problem for t in taken for problem in t.problems})
    broken = {name for name, _ in problems}
    sheets = [s for t in taken for s in t.sheets if s.export.file not in broken]
    pa.default_memory_pool().release_unused()  # the second stage has other needs
    empty = {table: JUDGE[table](_no_lines(), vocabulary=vocabulary) for table in TABLES}
    return Staged(sorted(sheets, key=lambda s: (*s.place, s.start)), problems, empty)


def _no_lines() -> pa.Table:
    """What every raw table has at least. (Not made on import: Arrow takes a gigabyte of addresses for its first byte.)"""
    kinds = {
        "source_file": pa.string(),
        "source_sheet": pa.string(),
        "source_row": pa.int64(),
        EXPORTED: pa.timestamp("us"),
    }
    return pa.table({name: pa.array([], kind) for name, kind in kinds.items()})


def judge(export: Export, *, vocabulary: Vocabulary) -> Judged:
    """Judge the lines of one sheet, each with its source and export day, as they stand in it."""
    return JUDGE[export.table](_raw(export), vocabulary=vocabulary)


def _raw(export: Export) -> pa.Table:
    size = len(export.lines)
    day = pd.NaT if export.exported_on is None else pd.Timestamp(export.exported_on)
    same = {
        "source_file": _repeated(export.file, size),
        "source_sheet": _repeated(export.sheet, size),
        EXPORTED: pa.array(
            np.full(size, day.to_datetime64() if day is not pd.NaT else np.datetime64("NaT"), "datetime64[us]")
        ),
    }
    lines = export.lines
    return pa.table({**dict(zip(lines.column_names, lines.columns, strict=True)), **same})


def _repeated(text: str, size: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(size, np.int32)), pa.array([text]))


def _sheet(export: Export, block: Block, vocabulary: Vocabulary) -> Sheet:
    without = export._replace(lines=export.lines.schema.empty_table())
    if not export.table:
        return Sheet(without, export.lines_read, None, pd.Timestamp("NaT"), block.start)
    judged = judge(export, vocabulary=vocabulary)
    latest = pd.Timestamp(pc.max(judged.lines[EVENT]).as_py() or "NaT")
    is_corrected = export.table == "dossiers" and vocabulary.corrections
    both = correct(judged, _raw(export), vocabulary=vocabulary) if is_corrected else Both(judged, None)
    seen = see(export, both.judged, vocabulary=vocabulary)
    return Sheet(without, export.lines_read, both.judged, latest, block.start, seen, both.exported)


# --- partitions ------------------------------------------------------------------------------------------------------


def _spill(sheet: Sheet, path: Path, parts: int) -> Path | None:
    """Write judged lines, those of each part together; the file's metadata says where each begins."""
    judged = sheet.judged
    if not isinstance(judged, Judged):
        return judged
    number = (judged.lines[CHECKSUM].to_numpy() % np.uint64(parts)).astype(np.uint16)  # few bits sort fast
    order = np.argsort(number, kind="stable")
    position = np.empty(len(order), np.int64)
    position[order] = np.arange(len(order))
    remarks = judged.remarks.assign(line=position[judged.remarks.line]).sort_values("line", kind="stable")
    cuts = np.searchsorted(number[order], np.arange(parts + 1))
    _write(judged.lines.take(order), path.with_suffix(".lines"), cuts)
    _write(
        pa.Table.from_pandas(remarks, preserve_index=False, nthreads=1),
        path.with_suffix(".remarks"),
        np.searchsorted(remarks.line, cuts),
    )
    return path


def _write(table: pa.Table, path: Path, cuts: np.ndarray) -> None:
    """Write a table as one batch per part, so that a part is read without its neighbours."""
    (batch,) = table.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)]
    schema = batch.schema.with_metadata({CUTS: json.dumps(cuts.tolist())})
    with pa.ipc.new_file(path, schema) as file:
        for first, last in pairwise(cuts.tolist()):
            file.write_batch(batch.slice(first, last - first))


def _read_spilled(held: "Judged | Path", first: int, last: int) -> Judged:
    """The lines of some parts of a block."""
    if isinstance(held, Judged):
        return held
    lines, before = _slice(held.with_suffix(".lines"), first, last)
    remarks, _ = _slice(held.with_suffix(".remarks"), first, last)
    told = remarks.to_pandas()
    return Judged(lines, told.assign(line=told.line - before))


def _slice(path: Path, first: int, last: int) -> tuple[pa.Table, int]:
    """Some parts of a file, and how many lines come before them."""
    with pa.OSFile(str(path)) as source, pa.ipc.open_file(source) as file:
        batches = [file.get_batch(part) for part in range(first, last)]
        return pa.Table.from_batches(batches, file.schema), json.loads(file.schema.metadata[CUTS])[first]


def _cuts(path: Path) -> list[int]:
    with pa.OSFile(str(path.with_suffix(".lines"))) as source, pa.ipc.open_file(source) as file:
        return list(json.loads(file.schema.metadata[CUTS]))


def _shifted(judged: Judged, before: int) -> Judged:
    """Lines with their rows counted from the beginning of the sheet."""
    if not before:
        return judged
    at = judged.lines.column_names.index("source_row")
    return judged._replace(lines=judged.lines.set_column(at, "source_row", pc.add(judged.lines["source_row"], before)))


def starts_of(sheets: list[Sheet]) -> list[int]:
    """How many lines of the same sheet come before each block."""
    seen: dict[tuple[str, str], int] = {}
    starts = []
    for sheet in sheets:
        starts.append(seen.get(sheet.place, 0))
        seen[sheet.place] = starts[-1] + sheet.lines
    return starts
