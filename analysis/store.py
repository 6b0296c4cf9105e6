"""What was read: the cleaned tables, and everything that tells how far they can be trusted.

The tables stand in data/processed; the exports are cleaned first where those do not answer to them. A big table is read
when it is asked for.
"""

import difflib
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.blocks import Survey, survey
from analysis.calendars import Calendar, calendar_of
from analysis.counts import add_counts, count_lines
from analysis.coverage import answered
from analysis.drift import no_drift
from analysis.files import BEING_WRITTEN, export_name, root_of
from analysis.glance import glance, head
from analysis.grids import FileProblem
from analysis.handbook import Handbook, read_handbook
from analysis.handbook_words import without_strangers
from analysis.intake import describe, find, others_of, read_all, spilled
from analysis.memory import Recalled, no_acceptance, read_accepted, recall
from analysis.memory import accept as accept_drift
from analysis.names import Naming, naming_of, rename, view_of
from analysis.periods import Unanswerable, read_day
from analysis.processed import (
    answers,
    keep,
    locked,
    processed_folder,
    read_table,
    rewritten,
    vouched_for,
    write_part,
)
from analysis.stages import Map, Staged
from analysis.systems import NEEDED, has_rules, systems_in, with_rules
from analysis.tables import EVENT_DAYS, EXPORTED, SOURCE, TABLES
from analysis.told import find_told
from analysis.understanding import understandings
from analysis.vocabulary import VIEWS, Vocabulary, fold

PROGRAM = Path(__file__).parent

SHORT_SILENCE, LONG_SILENCE = pd.Timedelta(days=7), pd.Timedelta(days=31)


DERIVED = ("calendar", "naming")
"""What follows from the vocabulary and the handbook."""


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
    read, what is doubtful about it, and what was seen in it (JSON)."""
    problems: pd.DataFrame
    """One row per file that cannot be read: ``source_file`` and ``message``. Its lines stand nowhere else."""
    ledger: pd.DataFrame
    """How many lines of each sheet have which fate, for which reason; see ``counts.count_lines``."""
    unit: str = ""
    """The receiving unit whose dossiers these are; empty for all."""
    columns: tuple[str, ...] = ()
    """The columns of dossiers that are read; empty for all."""
    handbook: Handbook = field(default_factory=partial(read_handbook, None))
    """What the department told the program; see ``handbook``."""
    drift: pd.DataFrame = field(default_factory=no_drift)
    """What changed in the exports and nobody accepted; see ``drift.find_drift``."""
    memory: str = "first"
    """What it was held against: ``first``, ``remembered``, ``damaged`` or ``unwritable``; see ``memory.Recalled``."""
    accepted: pd.DataFrame = field(default_factory=no_acceptance)
    """Which changes were accepted before, by whom, when and why; see ``memory.read_accepted``."""
    systems: tuple[str, ...] = ()
    """The systems that the exports are of; empty where nobody said anything of one system alone."""
    names: str = VIEWS[0]
    """Which names the tables have, ``then`` or ``today``; what ``read`` gives has the names of the exports."""

    def __repr__(self) -> str:
        """What was read, at a glance; the tables themselves are not asked for."""
        table = glance(self).to_string(index_names=False, na_rep="–")
        return f"<Data: {head(self)}>\n{table}"

    @cached_property
    def dossiers(self) -> pd.DataFrame:
        """One row per dossier in its latest known state (``tables.DOSSIERS``), with its rules; see ``systems.with_rules``."""
        return with_rules(self._of_unit("dossiers"), self.vocabulary)

    @cached_property
    def history(self) -> pd.DataFrame:
        """One row per different state of a dossier, with ``exported_on``."""
        return self._of_unit("history")

    @cached_property
    def documents(self) -> pd.DataFrame:
        """One row per document; see ``tables.DOCUMENTS``."""
        return self.named("documents")

    @cached_property
    def document_history(self) -> pd.DataFrame:
        """One row per different line of a document; ``documents`` has the latest of each number."""
        return self.named("document_history")

    @cached_property
    def meetings(self) -> pd.DataFrame:
        """One row per meeting; see ``tables.MEETINGS``."""
        return self.read("meetings")

    @cached_property
    def procedures(self) -> pd.DataFrame:
        """One row per procedure; see ``tables.PROCEDURES``."""
        return self.named("procedures")

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

    @cached_property
    def naming(self) -> Naming:
        """What the handbook makes of the names in the exports."""
        lines = self.handbook.of("names")
        needed = self.names == "today" and bool(len(lines))
        catalogue = self.read("procedures", columns=["procedure_code", "procedure"]) if needed else None
        return naming_of(lines, view=self.names, catalogue=catalogue)

    def named(self, table: str, *, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """A cleaned table, or some of its columns, with the names of the view."""
        found = self.read(table, columns=columns) if columns else self.read(table)
        return rename(found, self.naming, name=table) if len(self.handbook.of("names")) else found

    @cached_property
    def calendar(self) -> Calendar:
        """The working days: the calendar of the settings, with the days of the handbook laid over it."""
        return calendar_of(self.vocabulary.settings, days=self.handbook.of("days"))

    @cached_property
    def corrected(self) -> pd.DataFrame:
        """One row per line and correction of its dossier in the handbook; see ``corrections.acts_of``."""
        return self.read("corrected").sort_values(["row", *SOURCE], ignore_index=True)

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
        held = {name: table for name, table in self.__dict__.items() if name not in DERIVED or not own}
        changed.__dict__.update({n: t for n, t in (held | tables).items() if n not in own | changed.__dict__})
        return changed

    def _of_unit(self, name: str) -> pd.DataFrame:
        ruled = NEEDED if has_rules(self.vocabulary) else ()
        needed = dict.fromkeys([*self.columns, *ruled, *(["unit"] if self.unit else [])])
        dossiers = self.named(name, columns=list(needed) if self.columns and name == "dossiers" else None)
        return dossiers[dossiers.unit == self.unit].reset_index(drop=True) if self.unit else dossiers


def load(
    data: str | Path = "data/raw",
    *,
    vocabulary: str | Path | None = None,
    handbook: str | Path = "",
    unit: str = "",
    as_of: str = "",
    names: str = "",
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
    handbook
        The department's handbook; unless one is named, the one beside the exports; ``none`` for none.
    unit
        Keep the dossiers of one receiving unit only, under its name in the view or another spelling of it that the handbook
        knows. Documents and meetings are always those of the department.
    as_of
        The day up to which things have happened, as ``2022-11-10``; by default what the exports say.
    names
        Names of units, divisions, fields and procedures ``then``, as they were, or ``today``, with the successors that the
        handbook names; by default as the settings say.
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
        If there is no such unit, day or view.
    """
    view_of(names)
    folder = find(data)
    paths, book, words = find_told(folder, vocabulary, handbook)
    processed = processed_folder(folder)
    surveys = survey(paths)
    digest, sample = _digest(surveys, folder, words), _is_sample(paths, root_of(folder))

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
        recalled, accepted = _recalled(processed, small, words, is_sample=sample), read_accepted(processed)
    begins = {name: _begin(name, small) for name in EVENT_DAYS}
    day, basis = (read_day(as_of), "given") if as_of else _as_of(small)
    found = Data(
        read, vocabulary=words, as_of=day, as_of_basis=basis, is_sample=sample, begins=begins,
        coverage=_coverage(small, begins), files=small["files"], problems=small["problems"], ledger=small["ledger"],
        columns=tuple(columns), handbook=book, names=view_of(names or words.settings["names"]), drift=recalled.drift,
        memory=recalled.basis, accepted=accepted,
    )  # fmt: skip
    return _of_unit(_of_systems(found), unit)


def _of_systems(found: Data) -> Data:
    """Data whose handbook speaks of no system that the exports are not of."""
    if not found.vocabulary.systems:
        return found
    known = systems_in(found.read, found.files.source_file, found.vocabulary)
    return replace(found, handbook=without_strangers(found.handbook, known), systems=known)


def accept(data: str | Path = "data/raw", *, who: str, when: str, why: str, vocabulary: str | Path | None = None,
    handbook: str | Path = "", say: Callable[[str], None] = lambda _: None,
) -> Data:  # fmt: skip
    """Accept what changed in some exports: from now on it is what is known of them.

    Parameters
    ----------
    data, vocabulary, handbook, say
        As ``load`` takes them.
    who, why
        In the words of whoever answers for it.
    when
        The instant, in ISO form.

    Returns
    -------
    Data
        Whose ``drift`` was accepted; empty if there was nothing to accept, and then nothing is written.

    Raises
    ------
    ValueError
        If ``who`` or ``why`` is blank.
    """
    if not (who.strip() and why.strip()):
        raise ValueError("who and why must say something.")
    found = load(data, vocabulary=vocabulary, handbook=handbook, as_of=when[:10], say=say)
    processed = processed_folder(find(data))
    with locked(processed):
        if not found.files.equals(read_table(processed, "files")):
            raise Changed(f"{processed}: was cleaned anew from other exports meanwhile; run again.")
        if len(found.drift):
            now = understandings(found.files, vocabulary=found.vocabulary)
            accept_drift(processed, now, found.drift, who=who, when=when, why=why, is_sample=found.is_sample)
    return found


def _recalled(processed: Path, small: dict[str, pd.DataFrame], vocabulary: Vocabulary, *, is_sample: bool) -> Recalled:
    """What the memory of a folder says to the exports that were read."""
    now, unread = understandings(small["files"], vocabulary=vocabulary), small["problems"].source_file.tolist()
    return recall(processed, now, settings=vocabulary.settings, unread=unread, is_sample=is_sample)


def _is_sample(paths: Sequence[Path], root: Path) -> bool:
    return (root.is_dir() and all(p.relative_to(root).parts[0] == "sample" for p in paths)) or root.name == "sample"


def _of_unit(found: Data, unit: str) -> Data:
    """The same of one unit, which some dossier has by any spelling; of all for none."""
    if not unit:
        return found
    spelt, now = found.naming.spelling_of("unit", unit), found.naming.name_of("unit", unit)
    spelt = now if fold(now) == fold(spelt) else spelt
    of_unit = found.with_(unit=spelt)
    if of_unit.dossiers.empty:
        known = sorted(found.named("dossiers", columns=["unit"]).unit.dropna().astype("str").unique())
        names = ", ".join(known) or "none"
        if now in known:
            raise Unanswerable(
                f"no dossier is of the unit {unit!r}; the units in the exports are: {names}. It is called {now!r} today."
            )
        if near := _nearest(unit, known):
            raise Unanswerable(
                f"no dossier is of the unit {unit!r}; the nearest is {near[0]!r}; the units in the exports are: {names}."
            )
        raise Unanswerable(f"no dossier is of the unit {unit!r}; the units in the exports are: {names}.")
    return of_unit


def _nearest(name: str, known: Sequence[str]) -> list[str]:
    """The one of some names that is written most like another, by folded letters; none if none is like it."""
    folded = {fold(other): other for other in known}
    return [folded[other] for other in difflib.get_close_matches(fold(name), folded, 1)]


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
        _keep_all(staged, processed, digest, run, say)


def _keep_all(staged: Staged, processed: Path, digest: str, run: Map, say: Callable[[str], None]) -> None:
    """Write every table of what was read."""
    # While a file is being written it vouches for nothing: the same content may be whole the next time.
    busy = any(message == BEING_WRITTEN for _, message in staged.problems)
    with rewritten(processed, "" if busy else digest):
        partitions, kept = staged.partitions(), []
        for each in run(partial(keep, folder=processed), partitions):
            kept.append(each)
            if len(partitions) > len(TABLES):
                say(f"settled {100 * len(kept) // len(partitions)} %")
        write_part(processed, "uncorrected", "all", staged.exported().settle().rows())
        others = others_of(staged)
        write_part(processed, "fates", "others", others)
        small = {
            "files": describe(staged.sheets),
            "problems": pd.DataFrame(staged.problems, columns=["source_file", "message"]).astype("str"),
            "days": pd.concat([k.days for k in kept], ignore_index=True),
            "spans": pd.concat([k.spans for k in kept], ignore_index=True),
            "ledger": add_counts([*(k.ledger for k in kept), count_lines(others)]),
        }
        for name, table in small.items():
            write_part(processed, name, "all", table)


def _by_source(ledger: pd.DataFrame) -> pd.DataFrame:
    """A ledger by file, sheet, row and reason, as text: equal ledgers are equal frames."""
    texts = {str(c): ledger[c].astype("str") for c in ledger if c != "source_row"}
    return ledger.assign(**texts).sort_values([*SOURCE, "reason", "column"], ignore_index=True)


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
