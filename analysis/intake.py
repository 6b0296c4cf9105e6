"""Export files -> everything that is in them, staged; and what is told of every sheet."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.blocks import Block, Survey, blocks_of
from analysis.files import export_name, root_of
from analysis.grids import Doubt, FileProblem, doubts_of
from analysis.legacy import joined
from analysis.processed import SPILL
from analysis.stages import Map, Sheet, Spill, Staged, Taken, stage, starts_of
from analysis.tables import EXPORTED, SOURCE
from analysis.understanding import together
from analysis.vocabulary import Vocabulary

IN_MEMORY = 48 << 20
"""Bytes of exports whose lines stay in memory between the stages."""

PART = 32 << 20
"""Bytes of exports for each part of a spilled block."""

LEDGER = (*SOURCE, "fate", "reason", "column", "value")
"""The columns of the table of fates."""


def find(path: str | Path) -> Path:
    """A path as given or, if relative and not there, below a folder above the working folder."""
    path = Path(path).expanduser()
    if path.is_absolute() or root_of(path).exists():
        return path
    return next((above / path for above in Path.cwd().parents if root_of(above / path).exists()), path)


def read_all(
    surveys: list[Survey], *, folder: Path, vocabulary: Vocabulary, spill: Spill | None, run: Map,
    say: Callable[[str], None],
) -> Staged:  # fmt: skip
    """Run the first stage over files.

    Raises
    ------
    FileProblem
        If no file can be read, naming each.
    """
    names = [(found, export_name(found.path, folder)) for found in surveys]
    blocks = [block for found, name in names for block in blocks_of(found, name=name, vocabulary=vocabulary)]
    staged = stage(blocks, vocabulary=vocabulary, spill=spill, run=run, say=_progress(blocks, say))
    if not staged.sheets:
        named = "\n".join(f"{name}: {message}" for name, message in staged.problems)
        raise FileProblem(named or f"{folder}: holds no export.")
    return staged


@contextmanager
def spilled(surveys: list[Survey], processed: Path) -> Iterator[Spill | None]:
    """A place for the lines of big exports between the stages; those of small ones stay in memory."""
    size = sum(found.stamp[0] for found in surveys)
    folder = processed / SPILL
    shutil.rmtree(folder, ignore_errors=True)
    if size <= IN_MEMORY:
        yield None
        return
    folder.mkdir()
    try:
        yield Spill(folder, max(16, size // PART))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _progress(blocks: list[Block], say: Callable[[str], None]) -> Callable[[Taken], None]:
    """Say how many lines each file has, when its last block is done; and between its blocks, how far it is."""
    of_file, done, lines = Counter(block.name for block in blocks), Counter[str](), Counter[str]()

    def tell(taken: Taken) -> None:
        name = taken.block.name
        done[name] += 1
        for sheet in taken.sheets:
            lines[sheet.export.file] += sheet.lines
        if done[name] < of_file[name]:
            say(f"{name}: {lines[name]} lines, {100 * done[name] // of_file[name]} %")
        else:
            for file in dict.fromkeys(sheet.export.file for sheet in taken.sheets):
                say(f"{file}: {lines[file]} lines")

    return tell


def others_of(staged: Staged) -> pd.DataFrame:
    """The fates of lines that never reached cleaning: no data."""
    parts = [
        sheet.export.others.assign(
            source_row=sheet.export.others.source_row + start, source_file=sheet.export.file,
            source_sheet=sheet.export.sheet, fate="not_data", column="", value="",
        )
        for sheet, start in zip(staged.sheets, starts_of(staged.sheets), strict=True)
    ]  # fmt: skip
    others = pd.concat(parts, ignore_index=True)
    texts = others[list(LEDGER)].drop(columns="source_row").astype("category")
    return texts.assign(source_row=others.source_row)[list(LEDGER)]


def describe(sheets: list[Sheet]) -> pd.DataFrame:
    """One row per sheet of every export."""
    rows = []
    for _, of_sheet in groupby(zip(sheets, starts_of(sheets), strict=True), key=lambda held: held[0].place):
        blocks = list(of_sheet)
        export, lines = blocks[0][0].export, sum(sheet.lines for sheet, _ in blocks)
        rows.append({
            "source_file": export.file, "source_sheet": export.sheet, "table": export.table, "format": export.format,
            "sha256": export.sha256, "lines": lines, "header_row": export.header_row,
            EXPORTED: _instant(export.exported_on),
            "covers_from": _instant(export.covers[0]), "covers_to": _instant(export.covers[1]),
            "columns": _json(export.headings), "personal": _json(export.personal), "unknown": _json(export.unknown),
            "read_as": _json(export.read_as), "doubts": _json(_doubts(blocks)),
            "seen": together(sheet.seen for sheet, _ in blocks),
        })  # fmt: skip
    files = pd.DataFrame(rows).astype(dict.fromkeys([EXPORTED, "covers_from", "covers_to"], "datetime64[us]"))
    return files.sort_values(list(SOURCE[:2]), ignore_index=True)


def _doubts(blocks: list[tuple[Sheet, int]]) -> list[Doubt]:
    """What is doubtful about a sheet, as all its blocks say; rows are counted from its beginning."""
    flaws: dict[str, list[int]] = {}
    for sheet, start in blocks:
        for reason, rows in sheet.export.flaws.items():
            flaws.setdefault(reason, []).extend(row + start for row in rows)
    said = joined(doubt for sheet, _ in blocks for doubt in sheet.export.doubts)
    return sorted([*said, *doubts_of(flaws)])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _instant(day: date | None) -> pd.Timestamp | None:
    return None if day is None else pd.Timestamp(day)
