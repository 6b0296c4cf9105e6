"""The states of a dossier: which of several lines of one key is kept.

The latest state is told by the day of the export, then by the latest event in the line, then by its content; never by
the order of files or lines. What is said here of dossiers holds for documents, meetings and procedures too.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.tables import EXPORTED, FATES, SOURCE, TABLES, Table

KEY, EVENT, REJECTS = "key", "event", "rejects"
"""Columns of judged lines: what tells one dossier from another, as text; the latest event in the line; whether the line
is rejected."""

KEPT, SUPERSEDED, REPEATED, REJECTED = range(4)
"""Positions in ``tables.FATES``."""


class Judged(NamedTuple):
    """A block of lines of one table, each read and judged by itself."""

    lines: pa.Table
    """The columns of the table that the export has, ``tables.SOURCE``, ``exported_on``, and ``key``, ``event``,
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

    table: Table
    lines: pd.DataFrame
    """All columns of the table, and those of judged lines; by file, sheet and row."""
    fates: np.ndarray
    """Position in ``FATES`` of every line; int8."""
    remarks: pd.DataFrame
    first_due: pd.Series
    """For tables with a first due date: what the earliest known state promised, by line."""
    states: pd.DataFrame
    """Of the lines that share their key: ``exported_on``, ``content`` and others that order them; by line."""

    def rows(self) -> pd.DataFrame:
        """The kept lines in no order; the columns of the table and of their source."""
        kept: pd.DataFrame = self.lines.loc[self.fates == KEPT, [*self.table.columns, *SOURCE]]
        return kept if self.first_due.empty else kept.assign(first_due_on=self.first_due[kept.index])

    def cleaned(self) -> Cleaned:
        """Everything, in order."""
        order = pc.sort_indices(_texts(self.lines[KEY])).to_numpy().astype(np.int64)
        is_kept, is_state = self.fates == KEPT, self.fates <= SUPERSEDED
        rows = self.rows().loc[order[is_kept[order]]].reset_index(drop=True)
        by_key = np.empty(len(order), np.int64)
        by_key[order] = np.arange(len(order))
        return Cleaned(rows, self._history(is_state, by_key), self.ledger(), self.warnings())

    def _history(self, is_state: np.ndarray, by_key: np.ndarray) -> pd.DataFrame:
        stated = self.lines.loc[is_state, [*self.table.columns, *SOURCE, EXPORTED, EVENT, KEY]]
        order = pd.DataFrame({"number": pd.factorize(stated[KEY])[0], "by_key": by_key[is_state]}, index=stated.index)
        order["first"] = order.groupby("number").by_key.transform("min")
        order[["age", "content"]] = self.states[["age", "content"]].reindex(stated.index)
        order["event"] = stated[EVENT]
        ranked = order.sort_values(["first", "age", "event", "content"]).index
        history: pd.DataFrame = stated.loc[ranked, [*self.table.columns, *SOURCE, EXPORTED]]
        return history.reset_index(drop=True)

    def ledger(self) -> pd.DataFrame:
        """The fate of every line, by file, sheet and row."""
        why = self.remarks[self.remarks.rejects]
        told = {c: _sparse(why[c], why.line.to_numpy(), len(self.lines)) for c in ("reason", "column", "value")}
        fate = pd.Categorical.from_codes(self.fates, pd.Index(FATES))
        return self.lines[list(SOURCE)].assign(fate=fate, **told)

    def warnings(self) -> pd.DataFrame:
        """What is doubtful about the kept lines, by file, sheet, row and reason."""
        doubts = self.remarks[~self.remarks.rejects & (self.fates[self.remarks.line] == KEPT)]
        doubts = doubts.sort_values(["line", "reason", "column"])
        source = self.lines.loc[doubts.line, list(SOURCE)].reset_index(drop=True)
        told = {c: doubts[c].astype("category").reset_index(drop=True) for c in ("reason", "column", "value")}
        return source.assign(**told)


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
            known = pa.array(list(column.cat.categories), pa.string())
            columns[name] = pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), known)
        else:
            columns[name] = _texts(column) if column.dtype in ("str", "object") else pa.array(column, from_pandas=True)
    return pa.table(columns)


def _texts(column: pd.Series) -> pa.Array:
    """A column of text; also an empty one, which pandas hands over as one of nothing."""
    found = pa.array(column, pa.string(), from_pandas=True)
    return (found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found).cast(pa.string())


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
    table = TABLES[name]
    lines, remarks = _in_order(gather(blocks), table)
    codes = _numbers(lines, table)
    several = np.flatnonzero(np.bincount(codes)[codes] > 1) if len(codes) else np.empty(0, np.int64)
    states = _states(lines.iloc[several], codes[several], table, _ages(lines, ages))
    fates = np.where(lines[REJECTS], REJECTED, KEPT).astype(np.int8)
    good = states[~states[REJECTS]]
    fates[good.index] = _latest(good)
    withheld = good.index[_is_withheld(states)[~states[REJECTS]]]
    fates[withheld] = REJECTED
    named = lines[table.columns[0]]
    told = [
        ("newer_line_unreadable", withheld, True),
        ("equal_rank_different_content", states.index[_has_rival(states)], False),
    ]
    more = [
        Remark(at.to_numpy(), reason, table.columns[0], named[at].astype("str").fillna("").tolist(), rejects)
        for reason, at, rejects in told
    ]
    remarks = pd.concat([remarks, remarks_of(more)], ignore_index=True)
    return Settled(table, lines, fates, remarks, _first_due(lines, states, fates), states)


def _in_order(judged: Judged, table: Table) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lines with all columns of the table, by file, sheet and row; and the remarks by their new positions."""
    lines = judged.lines.to_pandas()
    absent = {
        c: pd.NaT if c in table.instants else pd.Categorical([None] * len(lines))
        for c in table.columns
        if c not in lines
    }
    lines = lines.assign(**absent).astype(
        dict.fromkeys(table.instants, "datetime64[us]") | dict.fromkeys(SOURCE[:2], "category")
    )
    places = [lines[c].cat.reorder_categories(sorted(lines[c].cat.categories)) for c in SOURCE[:2]]
    lines = lines.assign(**dict(zip(SOURCE[:2], places, strict=True)))
    order = np.lexsort([lines.source_row, *(place.cat.codes for place in reversed(places))])
    if (np.diff(order) == 1).all():
        return lines, judged.remarks
    position = np.empty(len(order), np.int64)
    position[order] = np.arange(len(order))
    return lines.iloc[order].reset_index(drop=True), judged.remarks.assign(line=position[judged.remarks.line])


def _numbers(lines: pd.DataFrame, table: Table) -> np.ndarray:
    """A number for every different key; int64. Of a table without codes, equal lines of one sheet are counted apart."""
    codes = _texts(lines[KEY]).dictionary_encode().indices.to_numpy().astype(np.int64)
    if "occurrence" not in table.key:
        return codes
    occurrence = lines[list(SOURCE[:2])].assign(key=codes).groupby([*SOURCE[:2], "key"]).cumcount()
    return pd.factorize(codes * (int(occurrence.max() or 0) + 1) + occurrence.to_numpy())[0] if len(codes) else codes


def _ages(lines: pd.DataFrame, ages: Mapping[tuple[str, str], pd.Timestamp] | None) -> pd.Series:
    """(file, sheet) -> the day of its latest event: how old a file is that names no day of export."""
    if ages is None:
        return lines.groupby(list(SOURCE[:2]))[EVENT].max().dt.normalize()
    places = pd.MultiIndex.from_arrays([[place[i] for place in ages] for i in (0, 1)], names=SOURCE[:2])
    return pd.Series(list(ages.values()), index=places, dtype="datetime64[us]").dt.normalize()


def _states(lines: pd.DataFrame, codes: np.ndarray, table: Table, ages: pd.Series) -> pd.DataFrame:
    """What orders lines that share their key: ``number`` of the key, ``age`` (day of export), ``event``, ``content``."""
    places = pd.MultiIndex.from_frame(lines[list(SOURCE[:2])].astype("str"))
    age = lines[EXPORTED].fillna(pd.Series(ages.reindex(places).to_numpy("datetime64[us]"), index=lines.index))
    states = lines[[*SOURCE, EVENT, REJECTS, KEY, "due_on"] if "due_on" in lines else [*SOURCE, EVENT, REJECTS, KEY]]
    return states.assign(number=codes, age=age, content=_content(lines[list(table.columns)]))


def _content(lines: pd.DataFrame) -> pd.Series:
    """A checksum of what each line says; equal for equal content, whatever else is read."""
    columns = map(str, lines.columns)
    texts = {
        c: lines[c].astype("str").fillna("") for c in columns if not pd.api.types.is_datetime64_any_dtype(lines[c])
    }
    hashed = pd.util.hash_pandas_object(lines.assign(**texts), index=False).to_numpy() if len(lines) else None
    return pd.Series(hashed, index=lines.index, dtype="uint64")


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
    bad = states[states[REJECTS] & (states[KEY].str.strip("\x1f") != "")]
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


def _first_due(lines: pd.DataFrame, states: pd.DataFrame, fates: np.ndarray) -> pd.Series:
    """The first due date of every kept line: what the export says, else that of the earliest known state with one."""
    if "first_due_on" not in lines:
        return pd.Series(dtype="datetime64[us]")
    promised = states[(fates[states.index] <= SUPERSEDED) & states.due_on.notna()].sort_values(
        ["age", EVENT, "content"]
    )
    earliest = promised.drop_duplicates("number").set_index("number").due_on
    due = lines.due_on.copy()
    due[states.index] = earliest.reindex(states.number).to_numpy("datetime64[us]")
    return lines.first_due_on.fillna(due)


def _sparse(values: pd.Series, at: np.ndarray, size: int) -> pd.Categorical:
    """A categorical that is empty but for some places."""
    known = pd.Index(values.unique()).union(pd.Index([""], dtype="str"))
    codes = np.full(size, known.get_loc(""), np.int32)
    codes[at] = known.get_indexer(values)
    return pd.Categorical.from_codes(codes, known)
