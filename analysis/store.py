"""data/processed: the cleaned tables as Parquet, and whether they still answer to the exports.

``manifest.json`` is written last and holds a checksum over exports, vocabulary and program, and the tables' sizes.
Tables whose manifest is missing or differs are cleaned anew, so a half-written folder is never read.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock

from analysis.cleaning import CLEAN
from analysis.coverage import answered
from analysis.files import BEING_WRITTEN, export_name, find_exports, read_exports, root_of
from analysis.grids import FileProblem
from analysis.layout import Export
from analysis.periods import Unanswerable, read_day
from analysis.tables import EXPORTED, SOURCE, TABLES
from analysis.vocabulary import Vocabulary, read_vocabulary

PROGRAM = Path(__file__).parent


class Data(NamedTuple):
    """Everything that was read: cleaned tables, the ledger of lines, and the files they come from."""

    dossiers: pd.DataFrame
    documents: pd.DataFrame
    meetings: pd.DataFrame
    procedures: pd.DataFrame
    history: pd.DataFrame
    """One row per different state of a dossier, with ``exported_on``."""
    fates: pd.DataFrame
    """One row per line of every export."""
    warnings: pd.DataFrame
    """One row per doubt about a kept line."""
    files: pd.DataFrame
    """One row per sheet: file, table, format, sha256, lines, header row, export day, days covered, columns; how it was
    read and what is doubtful about it (JSON)."""
    problems: pd.DataFrame
    """One row per file that cannot be read: ``source_file`` and ``message``. Its lines stand nowhere else."""
    vocabulary: Vocabulary
    as_of: pd.Timestamp
    """The latest export day named in the files, else the latest day on which something happened."""
    as_of_basis: str
    """Where ``as_of`` comes from: ``given``, ``export`` or ``event``."""
    is_sample: bool
    """Whether this is the made-up sample."""
    begins: dict[str, pd.Timestamp]
    """Table -> the first day its exports answer for; see ``first_answered``."""
    coverage: pd.DataFrame
    """One row per stretch of days that the exports of a table answer for: ``table``, ``first``, ``last``; in order.
    See ``coverage.answered``."""
    unit: str = ""
    """The receiving unit whose dossiers these are; empty for all."""

    @property
    def name(self) -> str:
        """Whose figures these are: the unit's or the whole department's."""
        return self.unit or str(self.vocabulary.settings["unit_name"])

    def has(self, table: str, column: str) -> bool:
        """Whether any export of a table has a column."""
        of_table = self.files[self.files.table == table]
        return bool(of_table["columns"].map(lambda held: column in json.loads(held)).any())


EVENT_DAYS = {"dossiers": ["received_on"], "documents": ["arrived_on", "issued_on"], "meetings": ["held_on"]}
"""Table -> the day on which one of its rows came about, the first that is known."""

SHORT_SILENCE, LONG_SILENCE = pd.Timedelta(days=7), pd.Timedelta(days=31)

TABLE_NAMES = ("dossiers", "documents", "meetings", "procedures", "history", "fates", "warnings", "files", "problems")


def load(
    data: str | Path = "data/raw",
    *,
    vocabulary: str | Path | None = None,
    unit: str = "",
    as_of: str = "",
    say: Callable[[str], None] = lambda _: None,
) -> Data:
    """Read the cleaned tables of some exports; clean the exports first if they changed.

    Parameters
    ----------
    data
        A folder of exports, one file, or a pattern of files such as ``data/raw/2022*.csv``. A relative path is looked
        for in the working folder and those above it, so that notebooks find it too. In ``data/raw`` the made-up sample
        is read while nothing else is there.
    vocabulary
        A user's own vocabulary file, laid over the shipped one.
    unit
        Keep the dossiers of one receiving unit only. Documents and meetings are always those of the department.
    as_of
        The day up to which things have happened, as ``2022-11-10``; by default what the exports say.
    say
        Is told in one line what goes on.

    Returns
    -------
    Data
        A file that cannot be read stands in ``problems`` and stops no other.

    Raises
    ------
    FileProblem
        If no file can be read; all are named, one a line, and nothing is written.
    VocabularyError
        If the vocabulary cannot be used.
    Unanswerable
        If there is no such unit or day.
    """
    words = read_vocabulary(_find(vocabulary) if vocabulary else None)
    folder = _find(data)
    paths = find_exports(folder)
    processed = processed_folder(folder)
    digest = _digest(paths, folder, words)
    with _lock(processed):
        manifest = _manifest(processed)
        if manifest.get("digest") != digest or manifest.get("bytes") != _sizes(processed):
            say(f"cleaning {len(paths)} files of {root_of(folder)}")
            _write(processed, clean(paths, folder=folder, vocabulary=words, say=say), digest)
        tables = {name: pq.read_table(processed / f"{name}.parquet").to_pandas() for name in TABLE_NAMES}
    begins = {name: _begin(name, tables) for name in EVENT_DAYS}
    coverage = _coverage(tables, begins)
    tables |= {name: _of_unit(tables[name], unit) for name in ("dossiers", "history")}
    day, basis = (read_day(as_of), "given") if as_of else _as_of(tables)
    root = root_of(folder)
    sample = (root.is_dir() and all(p.relative_to(root).parts[0] == "sample" for p in paths)) or root.name == "sample"
    return Data(
        **tables, vocabulary=words, as_of=day, as_of_basis=basis, is_sample=sample, begins=begins, coverage=coverage, unit=unit
    )  # fmt: skip


def first_answered(days: pd.Series, said: pd.Timestamp) -> pd.Timestamp:
    """The first day that the exports of a table answer for.

    It is what a title block says or, without one, the first event less the longest silence between two later ones,
    which is taken as at least 7 days (a desk rests over New Year) and at most 31 (a longer one is a missing export).

    Examples
    --------
    >>> first_answered(pd.Series(pd.to_datetime(["2021-01-04", "2021-01-05"])), pd.NaT)
    Timestamp('2020-12-28 00:00:00')
    """
    distinct = pd.Series(days.dropna().dt.normalize().unique()).sort_values()
    silence = min(max(distinct.diff().max(), SHORT_SILENCE), LONG_SILENCE) if len(distinct) > 1 else SHORT_SILENCE
    known = [day for day in (said, distinct.min() - silence if len(distinct) else said) if pd.notna(day)]
    return min(known, default=pd.Timestamp("NaT"))


def _begin(table: str, tables: dict[str, pd.DataFrame]) -> pd.Timestamp:
    rows, files = tables[table], tables["files"]
    days = rows[EVENT_DAYS[table]].bfill(axis=1).iloc[:, 0]
    return first_answered(days.astype("datetime64[us]"), files[files.table == table].covers_from.min())


def _coverage(tables: dict[str, pd.DataFrame], begins: dict[str, pd.Timestamp]) -> pd.DataFrame:
    """The stretches of days that the exports of each table answer for; every state of a dossier counts, not the last."""
    parts = []
    for name, begin in begins.items():
        rows = tables["history" if name == "dossiers" else name]
        events = rows[list(SOURCE[:2])].assign(
            day=rows[EVENT_DAYS[name]].bfill(axis=1).iloc[:, 0].astype("datetime64[us]")
        )
        last = rows[list(TABLES[name].events)].max().max()
        files = tables["files"][tables["files"].table == name]
        stretches = answered(files, events, begin=begin, last_event=pd.Timestamp(last).floor("D"))
        parts += [{"table": name, "first": days.first, "last": days.last} for days in stretches]
    found = pd.DataFrame(parts, columns=["table", "first", "last"])
    return found.astype({"first": "datetime64[us]", "last": "datetime64[us]"})


def _of_unit(dossiers: pd.DataFrame, unit: str) -> pd.DataFrame:
    """The dossiers of one unit; all of them if none is named."""
    if not unit:
        return dossiers
    units = dossiers.unit.dropna().astype("str").unique()
    if unit not in units:
        known = ", ".join(sorted(units)) or "none"
        raise Unanswerable(f"no dossier is of the unit {unit!r}; the units in the exports are: {known}.")
    return dossiers[dossiers.unit == unit].reset_index(drop=True)


def clean(
    paths: list[Path], *, folder: Path, vocabulary: Vocabulary, say: Callable[[str], None] = lambda _: None
) -> dict[str, pd.DataFrame]:
    """Read and clean export files.

    Returns
    -------
    dict of DataFrame
        The tables of ``Data`` by name. The fates add up to the lines read of every file.

    Raises
    ------
    FileProblem
        If no file can be read, naming each.
    """
    exports, problems = _read_all(paths, folder, vocabulary, say)
    cleaned = {name: CLEAN[name](gather(exports, name), vocabulary=vocabulary) for name in TABLES}
    fates = pd.concat([*(c.fates for c in cleaned.values()), *map(_other_fates, exports)], ignore_index=True)
    return {
        **{name: c.rows for name, c in cleaned.items()},
        "history": cleaned["dossiers"].history,
        "fates": _by_source(fates),
        "warnings": _by_source(pd.concat([c.warnings for c in cleaned.values()], ignore_index=True)),
        "files": _describe(exports),
        "problems": pd.DataFrame(problems, columns=["source_file", "message"]).astype("str"),
    }


def processed_folder(folder: Path) -> Path:
    """Where the cleaned tables of a data folder stand.

    ``folder`` may be a pattern or a file. Those of ``data/raw`` stand in ``data/processed``; those of other data in a folder of their own below the
    working folder's ``data/processed``, named for the data and its place.

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


def _find(path: str | Path) -> Path:
    """A path as given or, if relative and not there, below a folder above the working folder."""
    path = Path(path).expanduser()
    if path.is_absolute() or root_of(path).exists():
        return path
    return next((above / path for above in Path.cwd().parents if root_of(above / path).exists()), path)


def _digest(paths: list[Path], folder: Path, vocabulary: Vocabulary) -> str:
    """A checksum over the content and names of exports, the vocabulary, and the program's own text."""
    program = sorted(p for p in PROGRAM.iterdir() if p.suffix in {".py", ".toml"})

    def checksum(path: Path) -> str:
        try:
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return "unreadable"

    with ThreadPoolExecutor() as pool:
        sums = list(pool.map(checksum, [*paths, *program]))
    named = [f"{export_name(p, folder)}:{s}" for p, s in zip(paths, sums, strict=False)] + sums[len(paths) :]
    return hashlib.sha256("\n".join([*named, vocabulary.sha256, pd.__version__]).encode()).hexdigest()


@contextmanager
def _lock(processed: Path) -> Iterator[None]:
    """One writer at a time; readers wait for it."""
    processed.mkdir(parents=True, exist_ok=True)
    with FileLock(processed / ".lock"):
        yield


def _manifest(processed: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((processed / "manifest.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _sizes(processed: Path) -> dict[str, int]:
    """Table -> bytes on disk; a table that is not there is left out."""
    paths = {name: processed / f"{name}.parquet" for name in TABLE_NAMES}
    return {name: path.stat().st_size for name, path in paths.items() if path.is_file()}


def _write(processed: Path, tables: dict[str, pd.DataFrame], digest: str) -> None:
    """Write every table and, once all are whole, the manifest that vouches for them.

    While a file is being written it vouches for nothing: the same content may be whole the next time.
    """
    digest = "" if (tables["problems"].message == BEING_WRITTEN).any() else digest
    (processed / "manifest.json").unlink(missing_ok=True)
    for name, table in tables.items():
        part = processed / f"{name}.parquet.part"
        pq.write_table(pa.Table.from_pandas(table, preserve_index=False), part, compression="zstd")
        part.replace(processed / f"{name}.parquet")
    part = processed / "manifest.json.part"
    with part.open("w", encoding="utf-8") as file:
        lines = {name: len(table) for name, table in tables.items()}
        json.dump({"digest": digest, "lines": lines, "bytes": _sizes(processed)}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(processed / "manifest.json")


def _read_all(
    paths: list[Path], folder: Path, vocabulary: Vocabulary, say: Callable[[str], None]
) -> tuple[list[Export], list[tuple[str, str]]]:
    """Every export that can be read, and (file, message) of those that cannot."""
    exports: list[Export] = []
    problems = []
    for path in paths:
        for name, found in read_exports(path, vocabulary=vocabulary, name=export_name(path, folder)):
            if isinstance(found, FileProblem):
                problems.append((name, str(found)))
                continue
            say(f"{name}: {sum(e.lines_read for e in found)} lines")
            exports += found
    if not exports:
        raise FileProblem(
            "\n".join(f"{name}: {message}" for name, message in problems) or f"{folder}: holds no export."
        )
    return exports, problems


def gather(exports: list[Export], table: str) -> pa.Table:
    """The lines of all exports of one table under each other, each with its source and export day."""
    parts = [_with_source(e) for e in exports if e.table == table]
    empty = {"source_row": pa.int64(), EXPORTED: pa.timestamp("us"), **dict.fromkeys(SOURCE[:2], pa.string())}
    nothing = pa.table({name: pa.array([], kind) for name, kind in empty.items()})
    return pa.concat_tables([*parts, nothing], promote_options="permissive")


def _with_source(export: Export) -> pa.Table:
    size = len(export.lines)
    same = {
        "source_file": pa.repeat(pa.scalar(export.file), size),
        "source_sheet": pa.repeat(pa.scalar(export.sheet), size),
        EXPORTED: pa.repeat(pa.scalar(_instant(export.exported_on), pa.timestamp("us")), size),
    }
    return pa.table({**{c: export.lines[c] for c in export.lines.column_names}, **same})


def _instant(day: date | None) -> pd.Timestamp | None:
    return None if day is None else pd.Timestamp(day)


def _other_fates(export: Export) -> pd.DataFrame:
    """The fates of lines that never reached cleaning: no data."""
    fates = pd.DataFrame(export.not_data, columns=["source_row", "reason"])
    return fates.assign(fate="not_data", source_file=export.file, source_sheet=export.sheet, column="", value="")


def _by_source(table: pd.DataFrame) -> pd.DataFrame:
    columns = [*SOURCE, *(c for c in ("fate", "reason", "column", "value") if c in table)]
    texts = {c: table[c].astype("str") for c in columns if c != "source_row"}
    rows = table.assign(**texts, source_row=table.source_row.astype(np.int64))
    return rows.sort_values([*SOURCE, "reason", "column"], ignore_index=True)[columns]


def _describe(exports: list[Export]) -> pd.DataFrame:
    """One row per sheet of every export."""
    rows = [
        {
            "source_file": e.file, "source_sheet": e.sheet, "table": e.table, "format": e.format, "sha256": e.sha256,
            "lines": e.lines_read, "header_row": e.header_row, EXPORTED: _instant(e.exported_on),
            "covers_from": _instant(e.covers[0]), "covers_to": _instant(e.covers[1]),
            "columns": json.dumps(e.headings, ensure_ascii=False), "personal": json.dumps(e.personal, ensure_ascii=False),
            "unknown": json.dumps(e.unknown, ensure_ascii=False), "read_as": json.dumps(e.read_as, ensure_ascii=False),
            "doubts": json.dumps(e.doubts, ensure_ascii=False),
        }
        for e in exports
    ]  # fmt: skip
    files = pd.DataFrame(rows).astype(dict.fromkeys([EXPORTED, "covers_from", "covers_to"], "datetime64[us]"))
    return files.sort_values(list(SOURCE[:2]), ignore_index=True)


def _as_of(tables: dict[str, pd.DataFrame]) -> tuple[pd.Timestamp, str]:
    """The day up to which the exports tell, and where it comes from."""
    files = tables["files"]
    exported = files[EXPORTED][files.table.isin(EVENT_DAYS)].max()  # a catalogue may name a day to come
    if pd.notna(exported):
        return exported, "export"
    events = [tables[name][list(TABLES[name].events)].max().max() for name in TABLES if TABLES[name].events]
    known = [event for event in events if pd.notna(event)]
    if not known:
        raise FileProblem("no export names a day, and nothing in them has one; give the day with --as-of.")
    return max(known).normalize(), "event"
