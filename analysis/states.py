"""The states of a dossier: which of several lines of one key is kept.

The latest state is told by the day of the export, then by the latest event in the line, then by its content; never by
the order of files or lines. What is said here of dossiers holds for documents, meetings and procedures too.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.counts import count_lines
from analysis.keys import UNDER, checksum, checksums_of, key_of, mix, text_array
from analysis.tables import EXPORTED, FATES, SOURCE, TABLES, Table

CHECKSUM, EVENT, REJECTS = "checksum", "event", "rejects"
"""Columns of judged lines: a checksum of what tells one dossier from another; the latest event in the line; whether the
line is rejected."""

CORRECTED, NOT_CORRECTED = NO_DOUBTS = "corrected", "not_corrected"
"""Reasons of remarks that are no doubts: a correction of the handbook changed a cell of the line, or found another value
there than the old one; see ``corrections``."""

KEPT, SUPERSEDED, REPEATED, REJECTED = range(4)
"""Positions in ``tables.FATES``."""


class Judged(NamedTuple):
    """A block of lines of one table, each read and judged by itself."""

    lines: pa.Table
    """The columns of the table that the export has, ``tables.SOURCE``, ``exported_on``, and ``checksum``, ``event``,
    ``rejects``."""
    remarks: pd.DataFrame
    """What is said of lines: ``line`` (position), ``reason``, ``column``, ``value``, and ``rejects`` (bool): a line has
    one remark that rejects it, or any number that doubt it."""


class Remark(NamedTuple):
    """One reason, and the lines that it is said of."""

    lines: np.ndarray
    reason: str
    column: str
    texts: Sequence[str]
    rejects: bool = False


class Cleaned(NamedTuple):
    """What became of the lines of one kind of table."""

    rows: pd.DataFrame
    """One row per dossier (document, meeting, procedure) in its latest known state, ordered by key."""
    history: pd.DataFrame
    """One row per different state, with the export day; ordered by key, then from oldest to latest."""
    fates: pd.DataFrame
    """One row per line: source, ``fate``, ``reason``, ``column``, ``value``; all but the row categorical."""
    warnings: pd.DataFrame
    """One row per doubt about a kept line: source, ``reason``, ``column``, ``value``; as the fates."""


class Settled(NamedTuple):
    """The lines of some keys, all of them, and what becomes of each."""

    name: str
    """The table."""
    lines: pa.Table
    """Judged lines, in no order."""
    fates: np.ndarray
    """Position in ``FATES`` of every line; int8."""
    remarks: pd.DataFrame
    first_due: np.ndarray
    """Of dossiers: what the earliest known state promised, by line; datetime64[us], else nothing."""
    states: pd.DataFrame
    """Of the lines that share their key: ``age``, ``event``, ``content``, which order them; by line."""

    @property
    def table(self) -> Table:
        """What kind of table."""
        return TABLES[self.name]

    def frame(self, lines: np.ndarray, columns: Sequence[str]) -> pd.DataFrame:
        """Some columns of some lines; one that no export has is missing throughout."""
        kept = pa.array(lines)
        return pd.DataFrame({c: self._column(c, kept) for c in columns}, index=range(len(lines)), copy=False)

    def _column(self, name: str, lines: pa.Array) -> pd.Series:
        if name in self.lines.column_names:
            return series(self.lines[name].take(lines))
        if name in self.table.instants:
            return pd.Series(np.full(len(lines), "NaT", "datetime64[us]"))
        return pd.Series(pd.Categorical.from_codes(np.full(len(lines), -1, np.int8), pd.Index([], dtype="str")))

    def rows(self, columns: Sequence[str] = ()) -> pd.DataFrame:
        """The kept lines in no order: these columns, by default those of the table and of their source."""
        return self.stated(np.flatnonzero(self.fates == KEPT), columns or (*self.table.columns, *SOURCE))

    def stated(self, lines: np.ndarray, columns: Sequence[str]) -> pd.DataFrame:
        """Kept lines, with the first due date that was promised."""
        rows = self.frame(lines, columns)
        return rows.assign(first_due_on=self.first_due[lines]) if "first_due_on" in columns else rows

    def cleaned(self) -> Cleaned:
        """Everything, in order."""
        return Cleaned(**dict(self.tables()))

    def tables(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """The tables of ``Cleaned`` by name, one after the other, so that a big one need not be held beside the next."""
        order = pc.sort_indices(key_of(self.frame(np.arange(len(self.lines)), self._keyed()), self.name)).to_numpy()
        order = order.astype(np.int64)
        yield "rows", self.stated(order[self.fates[order] == KEPT], (*self.table.columns, *SOURCE))
        yield "history", self._history(order)
        yield "fates", self.ledger()
        yield "warnings", self.warnings()

    def _keyed(self) -> list[str]:
        """The columns of the table that its key is made of."""
        return [c for c in (*self.table.key, *self.table.events) if c in self.table.columns]

    def _history(self, by_key: np.ndarray) -> pd.DataFrame:
        """The different states; lines of one key, which stand together by key, from oldest to latest."""
        age = np.zeros(len(self.lines), np.int64)
        oldest = self.states.sort_values(["age", EVENT, "content"]).index
        age[oldest] = np.arange(len(oldest))
        checksums = self.lines[CHECKSUM].to_numpy()[by_key]
        group = np.cumsum(np.append(False, checksums[1:] != checksums[:-1])[: len(by_key)])
        order = by_key[np.lexsort([age[by_key], group])]
        return self.frame(order[self.fates[order] <= SUPERSEDED], (*self.table.columns, *SOURCE, EXPORTED))

    def ledger(self, lines: np.ndarray | None = None) -> pd.DataFrame:
        """The fate of every line, or of some, by file, sheet and row."""
        lines = self.by_source(np.arange(len(self.lines)) if lines is None else lines)
        position = np.empty(len(self.lines), np.int64)
        position[lines] = np.arange(len(lines))
        why = self.remarks[self.remarks.rejects]
        at = position[why.line]
        told = {c: _sparse(why[c], at, len(lines)) for c in ("reason", "column", "value")}
        fate = pd.Categorical.from_codes(self.fates[lines], pd.Index(FATES))
        return self.frame(lines, SOURCE).assign(fate=fate, **told)

    def by_source(self, lines: np.ndarray) -> np.ndarray:
        """Some lines by file, sheet and row."""
        file, sheet = (_coded(self.lines[c])[0][lines] for c in SOURCE[:2])
        return lines[np.lexsort([self.lines["source_row"].to_numpy()[lines], sheet, file])]

    def counted(self) -> pd.DataFrame:
        """How many lines have which fate, for which reason; see ``counts.count_lines``."""
        good, why = np.flatnonzero(self.fates != REJECTED), self.remarks[self.remarks.rejects].reset_index(drop=True)
        fate = pd.Categorical.from_codes(self.fates[good], pd.Index(FATES))
        none = pd.Categorical.from_codes(np.zeros(len(good), np.int8), pd.Index([""], dtype="str"))
        kept = self.frame(good, SOURCE[:2]).assign(fate=fate, reason=none, column=none)
        rejected = self.frame(why.line.to_numpy(), SOURCE[:2]).assign(
            fate=FATES[REJECTED], reason=why.reason, column=why.column
        )
        return pd.concat([count_lines(kept), count_lines(rejected)], ignore_index=True)

    def warnings(self) -> pd.DataFrame:
        """What is doubtful about the kept lines, by file, sheet, row and reason."""
        kept = self.fates[self.remarks.line] == KEPT
        doubts = self.remarks[~self.remarks.rejects & kept & ~self.remarks.reason.isin(NO_DOUBTS)]
        told = {c: doubts[c].astype("category").reset_index(drop=True) for c in ("reason", "column", "value")}
        warnings = self.frame(doubts.line.to_numpy(), SOURCE).assign(**told)
        return warnings.sort_values([*SOURCE, "reason", "column"], ignore_index=True)


def remarks_of(told: Sequence[Remark]) -> pd.DataFrame:
    """Remarks as one table; see ``Judged``."""
    told = [remark for remark in told if len(remark.lines)]
    columns = {
        "line": np.concatenate([np.empty(0, np.int64), *(remark.lines for remark in told)]),
        "reason": np.repeat([r.reason for r in told], [len(r.lines) for r in told]),
        "column": np.repeat([r.column for r in told], [len(r.lines) for r in told]),
        "value": [text for remark in told for text in remark.texts],
        "rejects": np.repeat(np.array([r.rejects for r in told], bool), [len(r.lines) for r in told]),
    }
    return pd.DataFrame(columns).astype({"reason": "str", "column": "str", "value": "str"})


def to_arrow(frame: pd.DataFrame) -> pa.Table:
    """A frame as a table whose types do not depend on its content, so that blocks can be put together."""
    columns = {}
    for name, column in frame.items():
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes = column.cat.codes.to_numpy(np.int32)
            known = text_array(column.cat.categories.to_series())
            columns[name] = pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), known)
        else:
            columns[name] = (
                text_array(column) if column.dtype in ("str", "object") else pa.array(column, from_pandas=True)
            )
    return pa.table(columns)


def gather(blocks: Sequence[Judged]) -> Judged:
    """Several blocks as one."""
    lines = pa.concat_tables([block.lines for block in blocks], promote_options="permissive")
    starts = np.cumsum([0, *(len(block.lines) for block in blocks)])
    remarks = [b.remarks.assign(line=b.remarks.line + start) for b, start in zip(blocks, starts[:-1], strict=True)]
    return Judged(lines.unify_dictionaries(), pd.concat(remarks, ignore_index=True))


def settle(
    blocks: Sequence[Judged], name: str, *, ages: Mapping[tuple[str, str], pd.Timestamp] | None = None
) -> Settled:
    """Say which lines are kept, of all lines of some keys.

    Parameters
    ----------
    blocks
        Every line of these keys, in any number of blocks and in any order.
    name
        The table.
    ages
        (file, sheet) -> its latest event, for files that name no day of export; by default, as these lines say.

    Returns
    -------
    Settled
        The same whatever the blocks.
    """
    lines, remarks = gather(blocks)
    settled = Settled(
        name, lines, np.zeros(len(lines), np.int8), remarks, np.empty(0, "datetime64[us]"), pd.DataFrame()
    )
    states = _states(settled, _ages(settled, ages))
    fates = settled.fates
    fates[lines[REJECTS].to_numpy()] = REJECTED
    good = states[~states[REJECTS]]
    fates[good.index] = _latest(good)
    withheld = good.index[_is_withheld(states)[~states[REJECTS]]].to_numpy()
    fates[withheld] = REJECTED
    rivals = states.index[_has_rival(states)].to_numpy()
    more = [
        Remark(at, reason, settled.table.columns[0], _named(settled, at), rejects)
        for reason, at, rejects in (
            ("newer_line_unreadable", withheld, True), ("equal_rank_different_content", rivals, False),
        )
    ]  # fmt: skip
    return settled._replace(
        remarks=pd.concat([remarks, remarks_of(more)], ignore_index=True), states=states,
        first_due=_first_due(settled, states),
    )  # fmt: skip


def _named(settled: Settled, lines: np.ndarray) -> list[str]:
    """What some lines say in the first column of their table."""
    (column,) = settled.table.columns[:1]
    return settled.frame(lines, [column])[column].astype("str").fillna("").tolist()


def series(column: pa.ChunkedArray) -> pd.Series:
    """A column as pandas has it: text by number as a categorical in order of the text, an instant in microseconds.

    Examples
    --------
    >>> series(pa.chunked_array([pa.array(["a", None]).dictionary_encode()])).tolist()
    ['a', nan]
    """
    if not pa.types.is_dictionary(column.type):
        return column.to_pandas()
    codes, names = _coded(column)
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(names, dtype="str"), validate=False))


def _coded(column: pa.ChunkedArray) -> tuple[np.ndarray, list[str]]:
    """The number of each line's text among those that occur, in order, -1 where it is missing; and these."""
    coded = column.unify_dictionaries().combine_chunks()
    names, numbers = coded.dictionary.to_pylist(), pc.fill_null(coded.indices, -1).to_numpy()
    occurs = np.bincount(numbers + 1, minlength=len(names) + 1)[1:] > 0
    order = sorted(np.flatnonzero(occurs), key=names.__getitem__)
    rank = np.full(len(names) + 1, -1, np.int32)
    rank[order] = np.arange(len(order))
    return rank[numbers], [names[i] for i in order]


def _ages(settled: Settled, ages: Mapping[tuple[str, str], pd.Timestamp] | None) -> pd.Series:
    """(file, sheet) -> the day of its latest event: how old a file is that names no day of export."""
    if ages is None:
        lines = settled.frame(np.arange(len(settled.lines)), [*SOURCE[:2], EVENT])
        return lines.groupby(list(SOURCE[:2]))[EVENT].max().dt.normalize()
    places = pd.MultiIndex.from_arrays([[place[i] for place in ages] for i in (0, 1)], names=SOURCE[:2])
    return pd.Series(list(ages.values()), index=places, dtype="datetime64[us]").dt.normalize()


def _states(settled: Settled, ages: pd.Series) -> pd.DataFrame:
    """The lines whose key another line may have too, and what orders those of one key; by line.

    Checksums tell most of them apart at once; those that share theirs are told by the whole key. Of a table without
    codes equal lines of one sheet are different, and are numbered by how often they stand there.

    Returns
    -------
    DataFrame
        ``number`` of the key, whether the key ``is_blank``, ``age`` (day of export), ``event``, ``content``, ``rejects``,
        ``due_on`` and the source.
    """
    shared = np.flatnonzero(settled.lines[CHECKSUM].to_pandas().duplicated(keep=False))
    table = settled.table
    lines = settled.frame(shared, [*dict.fromkeys([*table.columns, *SOURCE, EXPORTED, EVENT, REJECTS])]).set_axis(
        shared
    )
    keys = key_of(lines, settled.name)
    number = keys.dictionary_encode().indices.to_numpy().astype(np.int64)
    if "occurrence" in table.key and len(shared):
        in_order = lines[list(SOURCE)].assign(key=number).sort_values(list(SOURCE))
        occurrence = in_order.groupby([*SOURCE[:2], "key"]).cumcount().reindex(lines.index)
        number = pd.factorize(number * (int(occurrence.max()) + 1) + occurrence.to_numpy())[0]
    age = lines[EXPORTED]
    if age.hasnans:
        places = lines[list(SOURCE[:2])].astype("str").agg("\0".join, axis=1) if len(ages) > 1 else None
        age = age.fillna(
            ages.iloc[0] if places is None else places.map(ages.set_axis(["\0".join(p) for p in ages.index]))
        )
    held = [c for c in table.columns if c in settled.lines.column_names]
    return lines[[*SOURCE, EVENT, REJECTS, *(c for c in ("due_on",) if c in lines)]].assign(
        number=number, is_blank=pc.equal(pc.utf8_trim(keys, UNDER), "").to_numpy(zero_copy_only=False),
        age=age, content=_content(lines[held]),
    )  # fmt: skip


def _content(lines: pd.DataFrame) -> np.ndarray:
    """A checksum of what each line says, uint64; what is missing adds nothing, so that a column nobody has is none."""
    content = np.zeros(len(lines), np.uint64)
    for name in lines.columns:
        content += mix(checksums_of(lines[name])) * checksum(pa.array([str(name)]))
    return content


def _latest(good: pd.DataFrame) -> np.ndarray:
    """The fate of good lines: the last of each key is kept, equal content is repeated, the rest superseded."""
    fate = pd.Series(SUPERSEDED, index=good.index, dtype=np.int8)
    order = good.sort_values(["number", "age", EVENT, "content", *SOURCE])
    last = order.drop_duplicates("number", keep="last").set_index("number").content
    fate[order.index[order.duplicated(["number", "content"])]] = REPEATED
    current = order[order.content == order.number.map(last)].drop_duplicates("number")
    fate[current.index] = KEPT
    return fate.to_numpy()


def _is_withheld(states: pd.DataFrame) -> np.ndarray:
    """Lines of a key that has a rejected line of the same or a later export: that line may hold the truth."""
    bad = states[states[REJECTS] & ~states.is_blank]
    newest_bad = bad.groupby("number").age.max()
    newest_good = states[~states[REJECTS]].groupby("number").age.max()
    both = pd.concat([newest_bad.rename("bad"), newest_good.rename("good")], axis=1, join="inner")
    return states.number.isin(both.index[(both.bad >= both.good) | both.bad.isna()]).to_numpy()


def _has_rival(states: pd.DataFrame) -> np.ndarray:
    """Lines whose key has another line of the same age and event, but of different content."""
    rank = ["number", "age", EVENT]
    different = states.drop_duplicates([*rank, "content"])
    rivals = different.loc[different.duplicated(rank, keep=False), rank].drop_duplicates().assign(rival=True)
    return states[rank].merge(rivals, on=rank, how="left", validate="m:1").rival.notna().to_numpy()


def _first_due(settled: Settled, states: pd.DataFrame) -> np.ndarray:
    """The first due date of every line: what the export says, else that of the earliest known state with one."""
    if "first_due_on" not in settled.table.columns:
        return settled.first_due
    both = settled.frame(np.arange(len(settled.lines)), ["first_due_on", "due_on"])
    said, due = (np.array(both[c], "datetime64[us]") for c in both)
    promised = states[(settled.fates[states.index] <= SUPERSEDED) & states.due_on.notna()]
    earliest = promised.sort_values(["age", EVENT, "content"]).drop_duplicates("number").set_index("number").due_on
    due[states.index] = earliest.reindex(states.number).to_numpy("datetime64[us]")
    return np.where(np.isnat(said), due, said)


def _sparse(values: pd.Series, at: np.ndarray, size: int) -> pd.Categorical:
    """A categorical that is empty but for some places."""
    known = pd.Index(values.unique()).union(pd.Index([""], dtype="str"))
    codes = np.full(size, known.get_loc(""), np.int32)
    codes[at] = known.get_indexer(values)
    return pd.Categorical.from_codes(codes, known)
