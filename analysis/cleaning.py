"""Raw lines -> rows, fates and warnings.

Every line has one fate: *kept*, *superseded* by a later state of the same dossier, *repeated*, *rejected* for one
named reason, or *not_data*. Doubt about a kept line is a warning. The rules are data: an ordered mapping from a
reason to what it looks at. Text is cleaned once per different value.
"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.dates import read_instants
from analysis.tables import (
    DOCUMENTS,
    DOSSIERS,
    EXPORTED,
    MEETINGS,
    NUMBER_MARK,
    PROCEDURES,
    RAGGED,
    SOURCE,
    Table,
    is_error_cell,
    word_list,
)
from analysis.vocabulary import Vocabulary, fold

ENDED_OTHERWISE = ("withdrawn", "returned", "transferred")
"""Status words of dossiers that ended without a result."""

SCIENTIFIC = r"^\d+([.,]\d+)?[eE][+-]\d+$"
"""How a spreadsheet writes a long code that it took for a number: 1E+05, 1,2E+10."""

UNKNOWN = "unknown"
"""The meaning of a word that the vocabulary does not have."""


class Cleaned(NamedTuple):
    """What became of the lines of one kind of table."""

    rows: pd.DataFrame
    """One row per dossier (document, meeting, procedure) in its latest known state, ordered by key."""
    history: pd.DataFrame
    """One row per different state, with the export day; ordered by key, then from oldest to latest."""
    fates: pd.DataFrame
    """One row per line: source, ``fate``, ``reason``, ``column``, ``value``."""
    warnings: pd.DataFrame
    """One row per doubt about a kept line: source, ``reason``, ``column``, ``value``."""


class Lines(NamedTuple):
    """Raw lines with their cells read, before anything is judged."""

    texts: pa.Table
    rows: pd.DataFrame
    unreadable: dict[str, np.ndarray]
    """Column of instants or text -> where something stands that is none; in text, the error of a spreadsheet."""
    unmapped: dict[str, np.ndarray]
    """Column of words -> where a word stands that the vocabulary does not have."""
    ragged: np.ndarray
    """Where a line has more or fewer cells than its header; bool."""
    codes: dict[str, dict[str, np.ndarray]]
    """Reason -> column of codes -> where a spreadsheet may have changed the code; bool."""

    def is_unreadable(self, column: str) -> np.ndarray:
        """Where a cell cannot be read; bool."""
        return self.unreadable[column]

    def is_missing(self, column: str) -> np.ndarray:
        """Where a cell is blank or unreadable; bool."""
        return self.rows[column].isna().to_numpy()


class Rule(NamedTuple):
    """What a rejection or a warning looks at."""

    column: str
    """The column whose value is reported."""
    applies: Callable[[Lines], np.ndarray]
    """bool, one per line."""


def _end(lines: Lines) -> pd.Series:
    """When the result was ready, or collected where only that is known."""
    return lines.rows.resolved_on.fillna(lines.rows.collected_on)


def _ended(lines: Lines, statuses: tuple[str, ...]) -> np.ndarray:
    return lines.rows.status.isin(statuses).to_numpy()


def _resolved_before_received(lines: Lines) -> np.ndarray:
    """Compared as instants; an end without a time of day lasts until its day is over."""
    end, received = _end(lines), lines.rows.received_on
    whole_day = (end == end.dt.normalize()) & (end == received.dt.normalize())
    return ((end < received) & ~whole_day).to_numpy()


def _after_export(lines: Lines, table: Table) -> np.ndarray:
    return (lines.rows[list(table.events)].max(axis=1).dt.normalize() > lines.rows[EXPORTED]).to_numpy()


RAGGED_LINES = {"wrong_number_of_cells": Rule("", lambda t: t.ragged)}
"""Holds for every table, and comes first: in such a line any cell may stand in the wrong column."""

REJECTED: Mapping[str, Mapping[str, Rule]] = {
    "dossiers": {
        "unreadable_dossier_id": Rule("dossier_id", lambda t: t.is_unreadable("dossier_id")),
        "missing_dossier_id": Rule("dossier_id", lambda t: t.is_missing("dossier_id")),
        "unreadable_received_on": Rule("received_on", lambda t: t.is_unreadable("received_on")),
        "missing_received_on": Rule("received_on", lambda t: t.is_missing("received_on")),
        "unreadable_due_on": Rule("due_on", lambda t: t.is_unreadable("due_on")),
        "unreadable_first_due_on": Rule("first_due_on", lambda t: t.is_unreadable("first_due_on")),
        "unreadable_resolved_on": Rule("resolved_on", lambda t: t.is_unreadable("resolved_on")),
        "unreadable_closed_on": Rule("closed_on", lambda t: t.is_unreadable("closed_on")),
        "unreadable_collected_on": Rule(
            "collected_on", lambda t: t.is_unreadable("collected_on") & t.is_missing("resolved_on")
        ),
        "end_without_day": Rule(
            "status",
            lambda t: (
                (_ended(t, ("resolved",)) & _end(t).isna().to_numpy())
                | (_ended(t, ENDED_OTHERWISE) & _end(t).fillna(t.rows.closed_on).isna().to_numpy())
            ),
        ),
    },
    "documents": {
        "unreadable_number": Rule("number", lambda t: t.is_unreadable("number")),
        "unreadable_symbol": Rule("symbol", lambda t: t.is_unreadable("symbol") & t.is_missing("number")),
        "missing_number": Rule("number", lambda t: t.is_missing("number") & t.is_missing("symbol")),
        "unreadable_issued_on": Rule("issued_on", lambda t: t.is_unreadable("issued_on")),
        "unreadable_arrived_on": Rule("arrived_on", lambda t: t.is_unreadable("arrived_on")),
        "missing_day": Rule("issued_on", lambda t: t.is_missing("issued_on") & t.is_missing("arrived_on")),
    },
    "meetings": {
        "unreadable_held_on": Rule("held_on", lambda t: t.is_unreadable("held_on")),
        "missing_held_on": Rule("held_on", lambda t: t.is_missing("held_on")),
    },
    "procedures": {
        "unreadable_procedure_code": Rule("procedure_code", lambda t: t.is_unreadable("procedure_code")),
        "missing_procedure_code": Rule("procedure_code", lambda t: t.is_missing("procedure_code")),
        "missing_procedure": Rule("procedure", lambda t: t.is_missing("procedure")),
    },
}
"""Table -> reason -> rule; the first that applies names a line's fate."""

DOUBTED: Mapping[str, Mapping[str, Rule]] = {
    "dossiers": {
        "resolved_before_received": Rule("resolved_on", _resolved_before_received),
        "closed_before_received": Rule(
            "closed_on", lambda t: (t.rows.closed_on.dt.normalize() < t.rows.received_on.dt.normalize()).to_numpy()
        ),
        "due_before_received": Rule(
            "due_on", lambda t: (t.rows.due_on.dt.normalize() < t.rows.received_on.dt.normalize()).to_numpy()
        ),
        "open_status_with_end": Rule(
            "status",
            lambda t: (
                _ended(t, ("pending", "paused")) & (t.rows.resolved_on.notna() | t.rows.closed_on.notna()).to_numpy()
            ),
        ),
        "collected_day_taken_as_end": Rule(
            "collected_on",
            lambda t: t.is_missing("resolved_on") & ~t.is_missing("collected_on") & ~_ended(t, ENDED_OTHERWISE),
        ),
        "after_export": Rule("received_on", lambda t: _after_export(t, DOSSIERS)),
    },
    "documents": {"after_export": Rule("issued_on", lambda t: _after_export(t, DOCUMENTS))},
    "meetings": {"after_export": Rule("held_on", lambda t: _after_export(t, MEETINGS))},
    "procedures": {},
}
"""Table -> reason -> rule; all that apply are said of a kept line."""


def clean_dossiers(raw: pa.Table, *, vocabulary: Vocabulary) -> Cleaned:
    """Raw lines of dossiers -> dossiers in their latest known state, and the fate of every line.

    Parameters
    ----------
    raw
        Columns of ``tables.DOSSIERS`` as text, as far as the exports have them, with ``source_file``,
        ``source_sheet``, ``source_row`` and ``exported_on`` (timestamp; missing where no export day is known).
    vocabulary
        Its words, dates and blanks.

    Returns
    -------
    Cleaned
        ``rows`` has all columns of ``tables.DOSSIERS``. A blank channel is ``unknown``, never in person. An end day
        under the status withdrawn, returned or transferred is the day it closed. ``first_due_on`` is the due date of
        the earliest known state that has one, where the export says none.

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> raw = pa.table({
    ...     "dossier_id": ["H99-1", "H99-1", "H99-2"],
    ...     "channel": ["TRUC TUYEN", "Trực tuyến", ""],
    ...     "received_on": ["03/01/2022", "03/01/2022", "31/02/2022"],
    ...     "resolved_on": ["", "10/01/2022", ""],
    ...     "source_file": ["a.csv", "b.csv", "b.csv"], "source_sheet": [""] * 3, "source_row": [2, 2, 3],
    ... })
    >>> cleaned = clean_dossiers(raw, vocabulary=read_vocabulary())
    >>> cleaned.rows[["dossier_id", "channel", "resolved_on"]]
      dossier_id channel resolved_on
    0      H99-1  online  2022-01-10
    >>> cleaned.fates[["source_file", "source_row", "fate", "reason", "value"]]  # doctest: +NORMALIZE_WHITESPACE
      source_file  source_row        fate                  reason       value
    0       a.csv           2  superseded
    1       b.csv           2        kept
    2       b.csv           3    rejected  unreadable_received_on  31/02/2022
    """
    lines = _read_lines(raw, DOSSIERS, vocabulary)
    rows = lines.rows
    otherwise = _ended(lines, ENDED_OTHERWISE)
    closed = rows.closed_on.fillna(_end(lines)).where(otherwise, rows.closed_on)
    ended = _end(lines).mask(otherwise)
    lines = lines._replace(rows=rows.assign(channel=rows.channel.fillna(UNKNOWN)))
    final = lines.rows.assign(closed_on=closed, resolved_on=ended)
    cleaned = _settle("dossiers", DOSSIERS, lines, final)
    earliest = cleaned.history.dropna(subset="due_on").drop_duplicates(list(DOSSIERS.key))
    first_due = cleaned.rows[list(DOSSIERS.key)].merge(earliest[[*DOSSIERS.key, "due_on"]], how="left", validate="1:1")
    return cleaned._replace(rows=cleaned.rows.assign(first_due_on=cleaned.rows.first_due_on.fillna(first_due.due_on)))


def clean_documents(raw: pa.Table, *, vocabulary: Vocabulary) -> Cleaned:
    """Raw lines of registers -> documents.

    A register without a column of directions is one of incoming documents if it has a day of arrival. The year in
    the key follows the arrival of an incoming document, since its number was given on that day. Parameters and
    result are those of ``clean_dossiers``.

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> raw = pa.table({
    ...     "number": ["1", "2"], "arrived_on": ["03/01/2022", "03/01/2022"], "form": ["Điện tử", "Giấy"],
    ...     "source_file": ["in.csv"] * 2, "source_sheet": [""] * 2, "source_row": [2, 3],
    ... })
    >>> clean_documents(raw, vocabulary=read_vocabulary()).rows[["direction", "number", "form"]]
      direction number        form
    0  incoming      1  electronic
    1  incoming      2       paper
    """
    lines = _read_lines(raw, DOCUMENTS, vocabulary)
    rows = lines.rows
    by_day = rows.arrived_on.notna().map({True: "incoming", False: "outgoing"})
    direction = rows.direction.astype("str").fillna(by_day)
    day = rows.issued_on.where(direction != "incoming", rows.arrived_on.fillna(rows.issued_on)).fillna(rows.arrived_on)
    numbered = rows.number.notna()
    year_or_day = day.dt.strftime("%Y").where(numbered, day.dt.strftime("%Y-%m-%d"))
    final = rows.assign(direction=direction.astype("category"), year_or_day=year_or_day)
    key = final[list(DOCUMENTS.key)].astype("str").fillna("")
    key = key.assign(**{c: key[c].mask(numbered, "") for c in ("symbol", "sender")})
    return _settle("documents", DOCUMENTS, lines, final, key=key.assign(book=key.book.where(numbered, "")))


def clean_meetings(raw: pa.Table, *, vocabulary: Vocabulary) -> Cleaned:
    """Raw lines of lists of meetings -> meetings.

    A meeting has no code. Within one sheet every line is a meeting of its own; the same line in two exports is the
    same meeting. Parameters and result are those of ``clean_dossiers``.

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> raw = pa.table({
    ...     "held_on": ["03/01/2022"] * 3, "mode": ["Trực tuyến"] * 3,
    ...     "source_file": ["a.csv", "a.csv", "b.csv"], "source_sheet": [""] * 3, "source_row": [2, 3, 2],
    ... })
    >>> len(clean_meetings(raw, vocabulary=read_vocabulary()).rows)
    2
    """
    lines = _read_lines(raw, MEETINGS, vocabulary)
    same = [*SOURCE[:2], "held_on", "mode", "with_level"]
    occurrence = lines.rows.groupby(same, dropna=False, observed=True).cumcount().astype("str")
    return _settle("meetings", MEETINGS, lines, lines.rows.assign(occurrence=occurrence))


def clean_procedures(raw: pa.Table, *, vocabulary: Vocabulary) -> Cleaned:
    """Raw lines of catalogues -> procedures. Parameters and result are those of ``clean_dossiers``.

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> raw = pa.table({
    ...     "procedure_code": ["1.115150"], "procedure": ["Cấp giấy phép xây dựng"],
    ...     "source_file": ["list.xlsx"], "source_sheet": [""], "source_row": [3],
    ... })
    >>> clean_procedures(raw, vocabulary=read_vocabulary()).rows.procedure_code[0]
    '1.115150'
    """
    lines = _read_lines(raw, PROCEDURES, vocabulary)
    return _settle("procedures", PROCEDURES, lines, lines.rows)


CLEAN = {
    "dossiers": clean_dossiers,
    "documents": clean_documents,
    "meetings": clean_meetings,
    "procedures": clean_procedures,
}
"""Table -> the function that cleans its lines."""


# --- cells: text -> values -------------------------------------------------------------------------------------------


def _read_lines(raw: pa.Table, table: Table, vocabulary: Vocabulary) -> Lines:
    """Read every cell; columns that the exports do not have are missing throughout."""
    columns: dict[str, pd.Series | np.ndarray] = {}
    unreadable, unmapped = {}, {}
    nothing = pa.chunked_array([pa.nulls(len(raw), pa.string())])
    texts = pa.table({c: raw[c] if c in raw.column_names else nothing for c in (*table.columns, *SOURCE[:2])})
    for name in table.columns:
        text = texts[name].cast(pa.string())
        if name in table.instants:
            columns[name], unreadable[name] = read_instants(text, vocabulary=vocabulary)
        elif name in table.words:
            columns[name], unmapped[name] = _read_words(text, vocabulary.words[word_list(name)], vocabulary)
        else:
            columns[name], unreadable[name] = _read_text(text, vocabulary)
    rows = pd.DataFrame(columns)
    for name in SOURCE[:2]:
        rows[name] = texts[name].cast(pa.string()).to_pandas().astype("category")
    if "source_system" in columns:
        rows["source_system"] = rows.source_system.fillna(
            rows.source_file.astype("str").map({f: vocabulary.source_of(f) for f in rows.source_file.cat.categories})
        )
    rows["source_row"] = raw["source_row"].to_numpy().astype("int64") if len(raw) else np.array([], "int64")
    exported = raw[EXPORTED].to_pandas() if EXPORTED in raw.column_names else pd.NaT
    rows[EXPORTED] = pd.Series(exported, index=rows.index, dtype="datetime64[us]")
    ragged = raw[RAGGED].to_numpy() if RAGGED in raw.column_names else np.zeros(len(raw), bool)
    return Lines(texts, rows, unreadable, unmapped, ragged, _changed_codes(raw, rows, table))


def _changed_codes(raw: pa.Table, rows: pd.DataFrame, table: Table) -> dict[str, dict[str, np.ndarray]]:
    """Where a code went through a spreadsheet as a number: its zeros or its last digits may be lost. Never repaired."""
    marks = {c: raw[NUMBER_MARK + c] for c in table.codes if NUMBER_MARK + c in raw.column_names}
    return {
        "code_is_a_number": {c: pc.fill_null(mark, False).to_numpy() for c, mark in marks.items()},
        "code_in_scientific_notation": {
            c: rows[c].str.match(SCIENTIFIC).fillna(False).to_numpy(bool) for c in table.codes
        },
    }


def _read_text(texts: pa.ChunkedArray, vocabulary: Vocabulary) -> tuple[pd.Series, np.ndarray]:
    """Trimmed text in NFC with single spaces, missing where blank, and where a spreadsheet's error stands (bool)."""
    read = _by_value(texts, lambda text: None if vocabulary.is_blank(text) else text)
    unreadable = _by_value(texts, lambda text: "x" if is_error_cell(text) else None).notna()
    return read.mask(unreadable), unreadable.to_numpy()


def _read_words(
    texts: pa.ChunkedArray, meanings: dict[str, str], vocabulary: Vocabulary
) -> tuple[pd.Series, np.ndarray]:
    """Meanings as a categorical, missing where blank, and where a word has none (bool; its meaning is ``unknown``)."""

    def meaning(text: str) -> str | None:
        known = None if is_error_cell(text) else meanings.get(fold(text))
        return known or (None if vocabulary.is_blank(text) else UNKNOWN)

    values = _by_value(texts, meaning)
    categories = [*dict.fromkeys(meanings.values()), *([] if UNKNOWN in meanings.values() else [UNKNOWN])]
    return values.astype(pd.CategoricalDtype(categories)), (values == UNKNOWN).fillna(False).to_numpy(bool)


def _by_value(texts: pa.ChunkedArray, read: Callable[[str], str | None]) -> pd.Series:
    """Read each different text once; the results by position, as text."""
    coded = pc.fill_null(texts, "").combine_chunks()
    coded = (coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded).dictionary_encode()
    tidy = (" ".join(unicodedata.normalize("NFC", text).split()) for text in coded.dictionary.to_pylist())
    found = pa.array([read(text) for text in tidy], pa.string())
    return found.take(coded.indices).to_pandas().astype("str")


# --- lines: which are kept -------------------------------------------------------------------------------------------


def _settle(name: str, table: Table, lines: Lines, final: pd.DataFrame, key: pd.DataFrame | None = None) -> Cleaned:
    """Judge every line: rejected, superseded, repeated or kept; then say the doubts about the kept ones."""
    reason, column = _rejections(lines, {**RAGGED_LINES, **REJECTED[name]})
    good = reason == ""
    ranked = _rank(final, table, key)
    fate = np.full(len(final), "rejected", dtype=object)
    fate[good] = _latest(ranked[good])
    withheld = _is_withheld(ranked, good)
    fate[withheld], reason[withheld], column[withheld] = "rejected", "newer_line_unreadable", table.columns[0]
    fates = _ledger(lines, np.arange(len(final)), reason, column).assign(fate=fate)
    kept, stated = np.flatnonzero(fate == "kept"), np.flatnonzero(np.isin(fate, ["kept", "superseded"]))
    order = ["key", EXPORTED, "event", "content"]
    return Cleaned(
        final.iloc[ranked.iloc[kept].sort_values("key", kind="stable").index][[*table.columns, *SOURCE]].reset_index(
            drop=True
        ),
        final.iloc[ranked.iloc[stated].sort_values(order).index][[*table.columns, *SOURCE, EXPORTED]].reset_index(
            drop=True
        ),
        _in_order(fates[[*SOURCE, "fate", "reason", "column", "value"]]),
        _in_order(_doubts(name, table, lines, kept, ranked)),
    )


def _rejections(lines: Lines, rules: Mapping[str, Rule]) -> tuple[np.ndarray, np.ndarray]:
    """For each line the first reason that applies and the column it looks at; empty where none does."""
    reason, column = np.full((2, len(lines.rows)), "", dtype=object)
    for name, rule in rules.items():
        new = rule.applies(lines) & (reason == "")
        reason[new], column[new] = name, rule.column
    return reason, column


def _rank(final: pd.DataFrame, table: Table, key: pd.DataFrame | None) -> pd.DataFrame:
    """What orders the lines of one key: export day, latest event, content; never the order of files or lines.

    A file that names no export day is as old as the latest event in it.
    """
    keys = final[[k for k in table.key if k in final]] if key is None else key
    text = [keys[c].astype("str").fillna("").str.cat(np.full(len(keys), "\x1f")) for c in keys]
    event = final[list(table.events)].max(axis=1) if table.events else pd.Series(pd.NaT, index=final.index)
    event = event.astype("datetime64[us]")
    by_file = event.dt.normalize().groupby([final.source_file, final.source_sheet], observed=True).transform("max")
    joined = text[0].str.cat(pd.concat(text[1:], axis=1)) if len(text) > 1 else text[0]
    ranked = pd.DataFrame({"key": joined, EXPORTED: final[EXPORTED].fillna(by_file), "event": event})
    codes = pd.factorize(ranked.key)[0]
    repeated = np.bincount(codes, minlength=1)[codes] > 1 if len(codes) else np.array([], bool)
    content = final.loc[repeated, list(table.columns)].astype("str").fillna("")
    hashes = pd.Series(pd.util.hash_pandas_object(content, index=False), dtype="uint64")
    return ranked.assign(content=hashes.reindex(ranked.index, fill_value=0), **{c: final[c] for c in SOURCE})


def _latest(ranked: pd.DataFrame) -> np.ndarray:
    """The fate of good lines: the last of each key is kept, equal content is repeated, the rest superseded."""
    fate = pd.Series("kept", index=ranked.index, dtype=object)
    several = ranked[ranked.key.duplicated(keep=False)].sort_values(["key", EXPORTED, "event", "content", *SOURCE])
    if len(several):
        last = several.groupby("key").content.transform("last")
        first_of_content = ~several.duplicated(["key", "content"])
        fate[several.index] = "superseded"
        fate[several.index[~first_of_content]] = "repeated"
        current = several[several.content == last].drop_duplicates("key", keep="first")
        fate[current.index] = "kept"
    return fate.to_numpy()


def _is_withheld(ranked: pd.DataFrame, good: np.ndarray) -> np.ndarray:
    """Good lines of a key that has a rejected line of the same or a later export: that line may hold the truth."""
    if good.all():
        return np.zeros(len(ranked), bool)
    bad = ranked[~good & (ranked.key.str.strip("\x1f") != "").to_numpy()]
    newest_bad = bad.groupby("key")[EXPORTED].max().astype("datetime64[us]")
    newest_good = ranked[good].groupby("key")[EXPORTED].max().astype("datetime64[us]")
    both = pd.concat([newest_bad.rename("bad"), newest_good.rename("good")], axis=1, join="inner")
    keys = both.index[(both.bad >= both.good) | both.bad.isna()]
    return good & ranked.key.isin(keys).to_numpy()


def _doubts(name: str, table: Table, lines: Lines, kept: np.ndarray, ranked: pd.DataFrame) -> pd.DataFrame:
    """One row per doubt about a kept line."""
    rules = dict(DOUBTED[name])
    found = [(reason, rule.column, rule.applies(lines)) for reason, rule in rules.items()]
    found += [("unmapped_word", column, where) for column, where in lines.unmapped.items()]
    found += [(reason, column, where) for reason, of in lines.codes.items() for column, where in of.items()]
    rejecting = {rule.column for reason, rule in REJECTED[name].items() if reason == f"unreadable_{rule.column}"}
    found += [
        (f"unreadable_{c}", c, where)
        for c, where in lines.unreadable.items()
        if c not in rejecting or c in {"collected_on", "symbol"}
    ]
    found.append(("equal_rank_different_content", table.columns[0], _rivals(ranked)))
    is_kept = np.zeros(len(lines.rows), bool)
    is_kept[kept] = True
    parts = []
    for reason, column, where in found:
        at = np.flatnonzero(where & is_kept)
        parts.append(_ledger(lines, at, np.full(len(at), reason), np.full(len(at), column)))
    return pd.concat(parts, ignore_index=True)[[*SOURCE, "reason", "column", "value"]]


def _rivals(ranked: pd.DataFrame) -> np.ndarray:
    """Lines whose key has another line of the same export day and event, but of different content."""
    same_rank = ranked.groupby(["key", EXPORTED, "event"], dropna=False).content.transform("nunique")
    return (same_rank > 1).to_numpy()


def _ledger(lines: Lines, at: np.ndarray, reason: np.ndarray, column: np.ndarray) -> pd.DataFrame:
    """Source, reason, column and raw value of some lines."""
    value = np.full(len(at), "", dtype=object)
    for name in set(column) - {""}:
        where = np.flatnonzero(column == name)
        value[where] = pc.fill_null(lines.texts[name].cast(pa.string()).take(pa.array(at[where])), "").to_pylist()
    source = lines.rows[list(SOURCE)].iloc[at].reset_index(drop=True)
    return source.assign(reason=reason, column=column, value=value)


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """By source, with text as plain text, so that equal ledgers are equal frames."""
    texts = {c: table[c].astype("str") for c in table.columns if c != "source_row"}
    by = [*SOURCE, "reason", "column"]
    return table.assign(**texts).sort_values(by, ignore_index=True)[list(table.columns)]
