"""data/processed: the cleaned tables as Parquet, in parts, and whether they still answer to the exports.

``manifest.json`` is written last and holds a checksum over exports, vocabulary and program, and the size of every part.
A folder whose manifest is missing or differs is cleaned anew, so a half-written one is never read.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from filelock import FileLock

from analysis.corrections import acts_of
from analysis.stages import Partition
from analysis.states import EVENT, Settled, to_arrow
from analysis.tables import EVENT_DAYS, FATES, SOURCE, TABLES

TABLE_NAMES = (
    *TABLES,
    "history",
    "document_history",
    "fates",
    "warnings",
    "files",
    "problems",
    "days",
    "spans",
    "ledger",
    "corrected",
    "uncorrected",
)
"""Every table of the folder; a folder of its own each, since a table may have many parts."""

HISTORIES = {"dossiers": "history", "documents": "document_history"}
"""Table -> the table of its different states; of the others only the kept ones are of use."""

MANIFEST = "manifest.json"

SPILL = ".spill"
"""What the first stage leaves for the second; below the folder of processed tables, so that other machines see it."""


class Kept(NamedTuple):
    """What a partition adds to the small tables, once its lines are written."""

    days: pd.DataFrame
    """One row per sheet and day on which something came about: source, ``table``, ``day``, ``is_kept``."""
    spans: pd.DataFrame
    """One row per sheet: source, ``table``, and the latest event in its states and in its kept rows."""
    ledger: pd.DataFrame
    """Lines by source, fate, reason and column."""


def processed_folder(folder: Path) -> Path:
    """Where the cleaned tables of a data folder stand.

    ``folder`` may be a pattern or a file. Those of ``data/raw`` stand in ``data/processed``; those of other data in a
    folder of their own below the working folder's ``data/processed``, named for the data and its place.

    Examples
    --------
    >>> processed_folder(Path("data/raw")).as_posix()
    'data/processed'
    """
    if folder.name == "raw" and folder.parent.name == "data":
        return folder.parent / "processed"
    place = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]
    root = next((p for p in (Path.cwd(), *Path.cwd().parents) if (p / "data" / "raw").is_dir()), Path.cwd())
    name = re.sub(r"[^\w.-]+", "-", folder.stem).strip("-.") or "exports"
    return root / "data" / "processed" / f"{name}-{place}"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One writer at a time; readers wait for it."""
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"):
        yield


def answers(folder: Path, digest: str) -> bool:
    """Whether the tables of a folder are whole, and those of these exports."""
    manifest = _manifest(folder)
    return bool(digest) and manifest.get("digest") == digest and manifest.get("bytes") == _sizes(folder)


def vouched_for(folder: Path) -> str:
    """What the manifest of a folder says; empty if there is none. It changes when the tables are written anew."""
    try:
        return (folder / MANIFEST).read_text("utf-8")
    except OSError:
        return ""


def read_table(folder: Path, name: str, *, columns: Sequence[str] | None = None, **options: Any) -> pd.DataFrame:
    """Read a table; only some columns, and with ``filters`` some rows, if that is asked for."""
    found = pq.read_table(folder / name, columns=columns, **options).to_pandas()
    coded = {
        c: found[c] for c in found if found[c].dtype == "category"
    }  # parts hold their texts in orders of their own
    return found.assign(**{c: text.cat.reorder_categories(sorted(text.cat.categories)) for c, text in coded.items()})


@contextmanager
def rewritten(folder: Path, digest: str) -> Iterator[None]:
    """Write the tables anew; the manifest goes first, and comes back when all are whole.

    A digest that is empty vouches for nothing: the next reader cleans again.
    """
    (folder / MANIFEST).unlink(missing_ok=True)
    for old in folder.glob("*.parquet*"):  # as they were written before tables had parts
        old.unlink()
    for name in TABLE_NAMES:
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()
    yield
    part = folder / f"{MANIFEST}.part"
    with part.open("w", encoding="utf-8") as file:
        lines = {name: sum(pq.read_metadata(p).num_rows for p in _parts(folder, name)) for name in TABLE_NAMES}
        told = {"digest": digest, "lines": lines, "bytes": _sizes(folder), "known": _known(folder)}
        json.dump(told, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / MANIFEST)


def write_part(folder: Path, name: str, part: str, table: pd.DataFrame) -> None:
    """Write a part of a table."""
    arrow = to_arrow(table)
    by_number = [field.name for field in arrow.schema if pa.types.is_dictionary(field.type)]
    pq.write_table(arrow, folder / name / f"{part}.parquet", compression="zstd", use_dictionary=by_number)


def keep(partition: Partition, *, folder: Path) -> Kept:
    """The second stage: settle a partition, and write its part of every table."""
    settled, name = partition.settle(), partition.table
    written = {"rows": name, "history": HISTORIES.get(name)}
    for table, content in settled.tables():
        if place := written.get(table, table):
            write_part(folder, place, f"{name}-{partition.first:04}", content)
    if name == "dossiers":
        write_part(folder, "corrected", f"{name}-{partition.first:04}", acts_of(settled))
    return Kept(_days(settled, name), _spans(settled, name), settled.counted())


def _days(settled: Settled, name: str) -> pd.DataFrame:
    states = _states(settled)
    columns = EVENT_DAYS.get(name, [])
    day = states[columns].bfill(axis=1).iloc[:, 0] if columns else pd.Series(pd.NaT, index=states.index)
    days = (
        states[[*SOURCE[:2], "is_kept"]]
        .assign(day=day.astype("datetime64[us]").dt.normalize(), table=name)
        .dropna(subset="day")
    )
    found = days.groupby([*SOURCE[:2], "table", "day"], as_index=False, observed=True)[["is_kept"]].max()
    return found.astype(dict.fromkeys(SOURCE[:2], "str"))


def _spans(settled: Settled, name: str) -> pd.DataFrame:
    states = _states(settled)
    spans = states[list(SOURCE[:2])].assign(
        table=name, last_state=states.event, last_kept=states.event.where(states.is_kept)
    )
    found = spans.groupby([*SOURCE[:2], "table"], as_index=False, observed=True)[["last_state", "last_kept"]].max()
    return found.astype(dict.fromkeys(SOURCE[:2], "str"))


def _states(settled: Settled) -> pd.DataFrame:
    """When the different states came about, and whether each is the kept one."""
    lines = np.flatnonzero(settled.fates <= FATES.index("superseded"))
    states = settled.frame(lines, [*SOURCE[:2], EVENT, *EVENT_DAYS.get(settled.name, [])])
    return states.assign(is_kept=settled.fates[lines] == FATES.index("kept"))


def _known(folder: Path) -> dict[str, list[Any]]:
    """What a shell may complete: the years in which something came about, and the units of dossiers, in order."""
    days = pq.read_table(folder / "days", columns=["table", "day"])
    years = pc.unique(pc.year(days["day"].filter(pc.equal(days["table"], "dossiers"))))
    units = (
        pq.read_table(folder / "dossiers", columns=["unit"])["unit"].cast(pa.string())
        if _parts(folder, "dossiers")
        else []
    )
    return {
        "years": sorted(year for year in years.to_pylist() if year),
        "units": sorted(unit for unit in pc.unique(units).to_pylist() if unit) if len(units) else [],
    }


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((folder / MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _parts(folder: Path, name: str) -> list[Path]:
    return sorted((folder / name).glob("*.parquet"))


def _sizes(folder: Path) -> dict[str, int]:
    """Part -> bytes on disk."""
    return {p.relative_to(folder).as_posix(): p.stat().st_size for name in TABLE_NAMES for p in _parts(folder, name)}
