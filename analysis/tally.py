"""Exports -> counts, without keeping a row: for a whole country, whose tables nobody wants to have.

The stages are those of ``store``; what a partition leaves is its counts, which add.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.blocks import survey
from analysis.counts import COUNTED, add_counts, count_each, count_lines
from analysis.handbook import Handbook
from analysis.handbook_words import without_strangers
from analysis.intake import find, others_of, read_all, spilled
from analysis.names import Naming, naming_of, rename, view_of
from analysis.processed import locked, processed_folder
from analysis.stages import Map, Partition, Staged
from analysis.systems import NEEDED, OF_TABLES, has_rules, timed_systems, with_rules
from analysis.told import find_told
from analysis.vocabulary import Vocabulary

Counted = tuple[list[pd.DataFrame], pd.DataFrame]
"""Tables of events, and of lines."""

HELD = 3
"""Partitions whose counts are held before they are added; adding costs as much as counting."""


class Tally(NamedTuple):
    """Counts of dossiers, and of the lines they come from."""

    events: list[pd.DataFrame]
    """One table for each of the groupings asked for; see ``counts.count_events``."""
    ledger: pd.DataFrame
    """See ``counts.count_lines``."""
    problems: list[tuple[str, str]]
    """(file, message) of what cannot be read."""
    handbook: Handbook
    """Its ``mistakes`` say which lines of it counted for nothing."""


def count_exports(
    data: str | Path = "data/raw",
    *,
    by: Sequence[Sequence[str]] = (("channel",),),
    per: str = "month",
    vocabulary: str | Path | None = None,
    handbook: str | Path = "",
    names: str = "",
    run: Map = map,
    say: Callable[[str], None] = lambda _: None,
) -> Tally:
    r"""Count the events of all dossiers in some exports.

    Parameters
    ----------
    data, vocabulary, handbook, names, run, say
        As ``store.load`` takes them; a code that only the catalogue gives for a successor is not used here.
    by
        Groupings, each of some columns of ``tables.DOSSIERS``.
    per
        As ``counts.count_events`` takes it. What is late is judged by the rules of the systems; where one is judged by the
        hour, every partition is looked at once more before, since whether its due dates have times can only be told from all.

    Returns
    -------
    Tally
        The same whatever the size of blocks, the order of files, or what maps them.

    Raises
    ------
    FileProblem
        If no file can be read; all are named, one a line.

    Examples
    --------
    >>> path = getfixture("tmp_path") / "a.csv"
    >>> _ = path.write_text("Mã hồ sơ;Ngày tiếp nhận;Hình thức nộp\nH-1;03/01/2022;Trực tuyến\n", encoding="utf-8")
    >>> counted = count_exports(path, by=[["channel"]])
    >>> counted.events[0][["month", "channel", "received"]]
           month channel  received
    0 2022-01-01  online         1
    """
    view_of(names)
    folder = find(data)
    paths, book, words = find_told(folder, vocabulary, handbook)
    naming = naming_of(book.of("names"), view=view_of(names or words.settings["names"]))
    surveys = survey(paths, checked=False)
    processed = processed_folder(folder)
    with locked(processed), spilled(surveys, processed) as spill:
        staged = read_all(surveys, folder=folder, vocabulary=words, spill=spill, run=run, say=say)
        read = {"dossiers", *(sheet.export.table for sheet in staged.sheets)}
        partitions = [p for p in staged.partitions() if p.table in read]
        known, timed = _look(partitions, staged, words, run)
        book = without_strangers(book, known) if words.systems else book
        counted = run(partial(_count, by=by, per=per, vocabulary=words, timed=timed, naming=naming), partitions)
        events, ledger = _added(chain(counted, [([], count_lines(others_of(staged)))]))
    return Tally(events, ledger, staged.problems, book)


def _added(parts: Iterable[Counted]) -> Counted:
    """The counts of all partitions, added as they come: each may have as many rows as their sum."""
    held: list[Counted] = []
    for part in parts:
        held = [_add([*held, part])] if len(held) == HELD else [*held, part]
    return _add(held)


def _add(parts: list[Counted]) -> Counted:
    events = [add_counts(tables) for tables in zip(*(of for of, _ in parts if of), strict=True)]
    return events, add_counts(ledger for _, ledger in parts)


def _look(partitions: list[Partition], staged: Staged, vocabulary: Vocabulary, run: Map) -> tuple[set[str], set[str]]:
    """The systems that there are, and those whose due dates have times; looked for where anything depends on it."""
    if not vocabulary.systems and vocabulary.settings["judged_by"] == "day":
        return set(), set()
    known = {vocabulary.source_of(sheet.export.file) for sheet in staged.sheets}
    timed = set[str]()
    for named, with_times in run(partial(_systems_of, vocabulary=vocabulary), partitions):
        known |= named
        timed |= with_times
    return known, timed


def _systems_of(partition: Partition, *, vocabulary: Vocabulary) -> tuple[set[str], set[str]]:
    if partition.table not in OF_TABLES:
        return set(), set()
    rows = partition.settle().rows(columns=[*NEEDED] if partition.table == "dossiers" else ["source_system"])
    timed = timed_systems(rows, vocabulary) if partition.table == "dossiers" else set[str]()
    return set(rows.source_system.dropna().astype("str").unique()), timed


def _count(
    partition: Partition,
    *,
    by: Sequence[Sequence[str]],
    per: str,
    vocabulary: Vocabulary,
    timed: Collection[str],
    naming: Naming,
) -> Counted:
    """The second stage: the counts of a partition, and of its lines."""
    settled = partition.settle()
    events: list[pd.DataFrame] = []
    if partition.table == "dossiers":
        ruled = NEEDED if has_rules(vocabulary) else ()
        rows = settled.rows(columns=[*dict.fromkeys([*COUNTED, *ruled, *chain(*by)])])
        events = count_each(rename(with_rules(rows, vocabulary, timed=timed), naming), by=by, per=per)
    return events, settled.counted()


def write_counts(events: pd.DataFrame, out: Path, columns: Sequence[str]) -> Path:
    """Write one table of counts beside others: ``counts.csv`` by unit becomes ``counts-unit.csv``."""
    path = out.with_name(f"{out.stem}-{'-'.join(columns)}{out.suffix or '.csv'}")
    part = path.with_name(f".{path.name}.part")
    if path.suffix == ".parquet":
        events.to_parquet(part, index=False)
    else:
        for_people(events).to_csv(part, index=False, encoding="utf-8-sig", lineterminator="\n")
    part.replace(path)
    return path


def for_people(events: pd.DataFrame) -> pd.DataFrame:
    """Counts as a spreadsheet may open them: text that it would run as a formula gets an apostrophe in front.

    Examples
    --------
    >>> for_people(pd.DataFrame({"unit": ["=1+1", "Cơ sở 1"], "received": [1, 2]})).unit.tolist()
    ["'=1+1", 'Cơ sở 1']
    """
    texts = {
        str(c): events[c].str.replace(r"^(?=[=+@\t\r-])", "'", regex=True) for c in events if events[c].dtype == "str"
    }
    return events.assign(**texts)
