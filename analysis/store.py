"""What was read: the cleaned tables, and everything that tells how far they can be trusted.

The tables stand in data/processed; the exports are cleaned first where those do not answer to them. A big table is read
when it is asked for.
"""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.blocks import Block, Survey, blocks_of, survey
from analysis.counts import add_counts, count_lines
from analysis.coverage import answered
from analysis.files import BEING_WRITTEN, export_name, find_exports, root_of
from analysis.grids import Doubt, FileProblem, doubts_of
from analysis.legacy import joined
from analysis.periods import Unanswerable, read_day
from analysis.processed import (
    SPILL,
    answers,
    keep,
    locked,
    processed_folder,
    read_table,
    rewritten,
    vouched_for,
    write_part,
)
from analysis.stages import Map, Sheet, Spill, Staged, Taken, stage, starts_of
from analysis.tables import EVENT_DAYS, EXPORTED, SOURCE
from analysis.vocabulary import Vocabulary, read_vocabulary

PROGRAM = Path(__file__).parent

IN_MEMORY = 48 << 20
"""Bytes of exports whose lines stay in memory between the stages."""

PART = 32 << 20
"""Bytes of exports for each part of a spilled block."""

LEDGER = (*SOURCE, "fate", "reason", "column", "value")
"""The columns of the table of fates."""

SHORT_SILENCE, LONG_SILENCE = pd.Timedelta(days=7), pd.Timedelta(days=31)


class Changed(FileProblem):
    """The cleaned tables are not those any more that were looked at."""


@dataclass(frozen=True)
class Data:
    """Everything that was read: cleaned tables, the ledger of lines, and the files they come from."""

    read: Callable[..., pd.DataFrame]
    """Reads a cleaned table by its name; ``columns`` and ``filters`` as ``pyarrow.parquet.read_table`` has them."""
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
    files: pd.DataFrame
    """One row per sheet: file, table, format, sha256, lines, header row, export day, days covered, columns; how it was
    read and what is doubtful about it (JSON)."""
    problems: pd.DataFrame
    """One row per file that cannot be read: ``source_file`` and ``message``. Its lines stand nowhere else."""
    ledger: pd.DataFrame
    """How many lines of each sheet have which fate, for which reason; see ``counts.count_lines``."""
    unit: str = ""
    """The receiving unit whose dossiers these are; empty for all."""
    columns: tuple[str, ...] = ()
    """The columns of dossiers that are read; empty for all."""

    @cached_property
    def dossiers(self) -> pd.DataFrame:
        """One row per dossier in its latest known state; see ``tables.DOSSIERS``."""
        return self._of_unit("dossiers")

    @cached_property
    def history(self) -> pd.DataFrame:
        """One row per different state of a dossier, with ``exported_on``."""
        return self._of_unit("history")

    @cached_property
    def documents(self) -> pd.DataFrame:
        """One row per document; see ``tables.DOCUMENTS``."""
        return self.read("documents")

    @cached_property
    def meetings(self) -> pd.DataFrame:
        """One row per meeting; see ``tables.MEETINGS``."""
        return self.read("meetings")

    @cached_property
    def procedures(self) -> pd.DataFrame:
        """One row per procedure; see ``tables.PROCEDURES``."""
        return self.read("procedures")

    @cached_property
    def fates(self) -> pd.DataFrame:
        """One row per line of every export."""
        return _by_source(self.read("fates"))

    @cached_property
    def rejected(self) -> pd.DataFrame:
        """The fates of the lines that were rejected."""
        return _by_source(self.read("fates", filters=[("fate", "==", "rejected")]))

    @cached_property
    def warnings(self) -> pd.DataFrame:
        """One row per doubt about a kept line."""
        return _by_source(self.read("warnings"))

    @property
    def name(self) -> str:
        """Whose figures these are: the unit's or the whole department's."""
        return self.unit or str(self.vocabulary.settings["unit_name"])

    def has(self, table: str, column: str) -> bool:
        """Whether any export of a table has a column."""
        of_table = self.files[self.files.table == table]
        return bool(of_table["columns"].map(lambda held: column in json.loads(held)).any())

    def with_(self, **tables: Any) -> "Data":
        """The same with other tables in place of some.

        >>> data = Data(lambda name: None, *[None] * 9)
        >>> data.with_(meetings="others").meetings
        'others'
        """
        own = {name: tables.pop(name) for name in tuple(tables) if name in self.__dataclass_fields__}
        changed = replace(self, **own)
        changed.__dict__.update({n: t for n, t in (self.__dict__ | tables).items() if n not in own | changed.__dict__})
        return changed

    def _of_unit(self, name: str) -> pd.DataFrame:
        columns = [*self.columns, *(["unit"] if self.unit else [])] if self.columns and name == "dossiers" else None
        dossiers = self.read(name, columns=columns)
        return dossiers[dossiers.unit == self.unit].reset_index(drop=True) if self.unit else dossiers


def load(
    data: str | Path = "data/raw",
    *,
    vocabulary: str | Path | None = None,
    unit: str = "",
    as_of: str = "",
    columns: Sequence[str] = (),
    run: Map = map,
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
    columns
        The columns of dossiers that are needed, as ``counts.REPORTED``; all of them unless said.
    run
        What maps blocks and partitions where cleaning is needed: this process, or a cluster (``cluster.on_cluster``).
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
    words = read_vocabulary(find(vocabulary) if vocabulary else None)
    folder = find(data)
    paths = find_exports(folder)
    processed = processed_folder(folder)
    surveys = survey(paths)
    digest = _digest(surveys, folder, words)

    def read(name: str, **options: Any) -> pd.DataFrame:
        """A table, if it is still the one that was looked at."""
        with locked(processed):
            if vouched_for(processed) != vouched:
                raise Changed(f"{processed}: was cleaned anew from other exports meanwhile; run again.")
            return read_table(processed, name, **options)

    with locked(processed):
        if not answers(processed, digest):
            say(f"cleaning {len(paths)} files of {root_of(folder)}")
            clean(surveys, processed, folder=folder, vocabulary=words, digest=digest, run=run, say=say)
        vouched = vouched_for(processed)
        small = {name: read_table(processed, name) for name in ("files", "problems", "days", "spans", "ledger")}
    begins = {name: _begin(name, small) for name in EVENT_DAYS}
    day, basis = (read_day(as_of), "given") if as_of else _as_of(small)
    root = root_of(folder)
    sample = (root.is_dir() and all(p.relative_to(root).parts[0] == "sample" for p in paths)) or root.name == "sample"
    found = Data(
        read, vocabulary=words, as_of=day, as_of_basis=basis, is_sample=sample, begins=begins,
        coverage=_coverage(small, begins), files=small["files"], problems=small["problems"], ledger=small["ledger"],
        unit=unit, columns=tuple(columns),
    )  # fmt: skip
    return _proven(found)


def _proven(found: Data) -> Data:
    """Data of a unit that some dossier has, or of none."""
    if found.unit and found.dossiers.empty:
        known = (
            ", ".join(sorted(found.read("dossiers", columns=["unit"]).unit.dropna().astype("str").unique())) or "none"
        )
        raise Unanswerable(f"no dossier is of the unit {found.unit!r}; the units in the exports are: {known}.")
    return found


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


def clean(
    surveys: list[Survey], processed: Path, *, folder: Path, vocabulary: Vocabulary, digest: str, run: Map = map,
    say: Callable[[str], None] = lambda _: None,
) -> None:  # fmt: skip
    """Clean exports into a folder of processed tables.

    Parameters
    ----------
    surveys
        Of the files.
    folder
        The data folder, below which they are named.
    digest
        What the folder answers to when it is whole.

    Raises
    ------
    FileProblem
        If no file can be read, naming each. The folder is then as it was.
    """
    with spilled(surveys, processed) as spill:
        staged = read_all(surveys, folder=folder, vocabulary=vocabulary, spill=spill, run=run, say=say)
        _keep_all(staged, processed, digest, run)


def _keep_all(staged: Staged, processed: Path, digest: str, run: Map) -> None:
    """Write every table of what was read."""
    # While a file is being written it vouches for nothing: the same content may be whole the next time.
    busy = any(message == BEING_WRITTEN for _, message in staged.problems)
    with rewritten(processed, "" if busy else digest):
        kept = list(run(partial(keep, folder=processed), staged.partitions()))
        others = others_of(staged)
        write_part(processed, "fates", "others", others)
        small = {
            "files": _describe(staged.sheets),
            "problems": pd.DataFrame(staged.problems, columns=["source_file", "message"]).astype("str"),
            "days": pd.concat([k.days for k in kept], ignore_index=True),
            "spans": pd.concat([k.spans for k in kept], ignore_index=True),
            "ledger": add_counts([*(k.ledger for k in kept), count_lines(others)]),
        }
        for name, table in small.items():
            write_part(processed, name, "all", table)


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


def _by_source(ledger: pd.DataFrame) -> pd.DataFrame:
    """A ledger by file, sheet, row and reason, as text: equal ledgers are equal frames."""
    texts = {str(c): ledger[c].astype("str") for c in ledger if c != "source_row"}
    return ledger.assign(**texts).sort_values([*SOURCE, "reason", "column"], ignore_index=True)


def find(path: str | Path) -> Path:
    """A path as given or, if relative and not there, below a folder above the working folder."""
    path = Path(path).expanduser()
    if path.is_absolute() or root_of(path).exists():
        return path
    return next((above / path for above in Path.cwd().parents if root_of(above / path).exists()), path)


def _digest(surveys: list[Survey], folder: Path, vocabulary: Vocabulary) -> str:
    """A checksum over the content and names of exports, the vocabulary, and the program's own text."""
    program = survey(sorted(p for p in PROGRAM.iterdir() if p.suffix in {".py", ".toml"}))
    named = [f"{export_name(found.path, folder)}:{found.sha256}" for found in surveys]
    sums = [*named, *(found.sha256 for found in program), vocabulary.sha256, pd.__version__]
    return hashlib.sha256("\n".join(sums).encode()).hexdigest()


def _begin(table: str, small: dict[str, pd.DataFrame]) -> pd.Timestamp:
    days, files = small["days"], small["files"]
    return first_answered(days.day[(days.table == table) & days.is_kept], files[files.table == table].covers_from.min())


def _coverage(small: dict[str, pd.DataFrame], begins: dict[str, pd.Timestamp]) -> pd.DataFrame:
    """The stretches of days that the exports of each table answer for; every state of a dossier counts, not the last."""
    parts = []
    for name, begin in begins.items():
        days, files, spans = (small[t][small[t].table == name] for t in ("days", "files", "spans"))
        events = days if name == "dossiers" else days[days.is_kept]
        last = (spans.last_state if name == "dossiers" else spans.last_kept).max()
        stretches = answered(files, events, begin=begin, last_event=pd.Timestamp(last).floor("D"))
        parts += [{"table": name, "first": days.first, "last": days.last} for days in stretches]
    found = pd.DataFrame(parts, columns=["table", "first", "last"])
    return found.astype({"first": "datetime64[us]", "last": "datetime64[us]"})


def _as_of(small: dict[str, pd.DataFrame]) -> tuple[pd.Timestamp, str]:
    """The day up to which the exports tell, and where it comes from."""
    files, spans = small["files"], small["spans"]
    exported = files[EXPORTED][files.table.isin(EVENT_DAYS)].max()  # a catalogue may name a day to come
    if pd.notna(exported):
        return exported, "export"
    last = spans.last_kept.max()
    if pd.isna(last):
        raise FileProblem("no export names a day, and nothing in them has one; give the day with --as-of.")
    return last.normalize(), "event"


def _describe(sheets: list[Sheet]) -> pd.DataFrame:
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
