"""Raw lines -> rows, fates and warnings.

Every line has one fate: *kept*, *superseded* by a later state of the same dossier, *repeated*, *rejected* for one
named reason, or *not_data*. Doubt about a kept line is a warning.

A block of lines is judged by itself (``judge_dossiers`` and its like): its cells are read, and each line is rejected,
or doubted, or neither. Which of several lines of one key is kept is then settled among all of them (``states``).
"""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.dates import read_instants
from analysis.grids import by_value
from analysis.keys import key_checksum
from analysis.privacy import kept
from analysis.rules import DOUBTED, RAGGED_LINES, REJECTED, Lines, end_of, is_of, latest_event
from analysis.states import CHECKSUM, EVENT, REJECTS, Cleaned, Judged, Remark, remarks_of, settle, to_arrow
from analysis.tables import (
    DOCUMENTS,
    DOSSIERS,
    ENDED_OTHERWISE,
    EXPORTED,
    MEETINGS,
    NUMBER_MARK,
    PROCEDURES,
    RAGGED,
    SOURCE,
    TABLES,
    Table,
    word_list,
)
from analysis.texts import UNKNOWN, coded_texts, meanings_of, read_codes, read_texts, read_words
from analysis.vocabulary import Vocabulary

SCIENTIFIC = r"^\d+([.,]\d+)?[eE][+-]\d+$"
"""How a spreadsheet writes a long code that it took for a number: 1E+05, 1,2E+10."""


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
    return settle([judge_dossiers(raw, vocabulary=vocabulary)], "dossiers").cleaned()


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
    return settle([judge_documents(raw, vocabulary=vocabulary)], "documents").cleaned()


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
    return settle([judge_meetings(raw, vocabulary=vocabulary)], "meetings").cleaned()


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
    return settle([judge_procedures(raw, vocabulary=vocabulary)], "procedures").cleaned()


# --- a block of lines ------------------------------------------------------------------------------------------------


def judge_dossiers(raw: pa.Table, *, vocabulary: Vocabulary) -> Judged:
    """Read and judge lines of dossiers; see ``clean_dossiers``."""
    lines = _read_lines(raw, DOSSIERS, vocabulary)
    rows, end = lines.rows, end_of(lines.rows)
    otherwise, closed = is_of(lines, ENDED_OTHERWISE), lines.instants("closed_on")
    final = rows.assign(
        channel=rows.channel.fillna(UNKNOWN),
        closed_on=np.where(otherwise & np.isnat(closed), end, closed),
        resolved_on=np.where(otherwise, np.datetime64("NaT"), end),
    )
    return _judge("dossiers", lines, final, derived=("channel", "closed_on", "resolved_on"))


def judge_documents(raw: pa.Table, *, vocabulary: Vocabulary) -> Judged:
    """Read and judge lines of registers; see ``clean_documents``."""
    lines = _read_lines(raw, DOCUMENTS, vocabulary)
    rows = lines.rows
    by_day = rows.arrived_on.notna().map({True: "incoming", False: "outgoing"})
    direction = pd.Categorical(rows.direction.astype("str").fillna(by_day), rows.direction.cat.categories)
    return _judge("documents", lines, rows.assign(direction=direction), derived=("direction",))


def judge_meetings(raw: pa.Table, *, vocabulary: Vocabulary) -> Judged:
    """Read and judge lines of lists of meetings; see ``clean_meetings``."""
    lines = _read_lines(raw, MEETINGS, vocabulary)
    return _judge("meetings", lines, lines.rows)


def judge_procedures(raw: pa.Table, *, vocabulary: Vocabulary) -> Judged:
    """Read and judge lines of catalogues; see ``clean_procedures``."""
    lines = _read_lines(raw, PROCEDURES, vocabulary)
    return _judge("procedures", lines, lines.rows)


JUDGE: dict[str, Callable[..., Judged]] = {
    "dossiers": judge_dossiers,
    "documents": judge_documents,
    "meetings": judge_meetings,
    "procedures": judge_procedures,
}
"""Table -> the function that judges a block of its lines."""


def _judge(name: str, lines: Lines, final: pd.DataFrame, *, derived: tuple[str, ...] = ()) -> Judged:
    """Say of each line whether it is rejected, and what is doubtful about it."""
    table = TABLES[name]
    rejected, told = np.zeros(len(final), bool), []
    for reason, rule in {**RAGGED_LINES, **REJECTED[name]}.items():
        new = rule.applies(lines) & ~rejected
        rejected |= new
        told.append(_told(lines, new, reason, rule.column, rejects=True))
    told += [_told(lines, where & ~rejected, *doubt) for *doubt, where in _doubts(name, table, lines)]
    held = [c for c in table.columns if c in lines.texts.column_names or c in {*derived, "source_system"}]
    judged = final[[*held, *SOURCE, EXPORTED]].assign(
        **{
            CHECKSUM: key_checksum(final, name),
            EVENT: latest_event(final, table),
            REJECTS: rejected,
        }
    )
    return Judged(to_arrow(judged), remarks_of(told))


def _doubts(name: str, table: Table, lines: Lines) -> list[tuple[str, str, np.ndarray]]:
    """Reason and column of every doubt, and where it holds."""
    found = [(reason, rule.column, rule.applies(lines)) for reason, rule in DOUBTED[name].items()]
    found += [("unmapped_word", column, where) for column, where in lines.unmapped.items()]
    found += [(reason, column, where) for reason, of in lines.codes.items() for column, where in of.items()]
    rejecting = {rule.column for reason, rule in REJECTED[name].items() if reason == f"unreadable_{rule.column}"}
    needed = rejecting - {"collected_on", "symbol"}
    return found + [(f"unreadable_{c}", c, where) for c, where in lines.unreadable.items() if c not in needed]


def _told(lines: Lines, where: np.ndarray, reason: str, column: str, *, rejects: bool = False) -> Remark:
    """What is said of some lines, with the text that the rule looked at, cut where it may name a person."""
    at = np.flatnonzero(where)
    has_text = len(at) and column in lines.texts.column_names
    texts = lines.texts[column].take(pa.array(at)).cast(pa.string()) if has_text else pa.repeat("", len(at))
    coded = pc.fill_null(texts, "").combine_chunks().dictionary_encode() if has_text else texts.dictionary_encode()
    told = [kept(text, column) for text in coded.dictionary.to_pylist()]
    return Remark(at, reason, column, [told[code] for code in coded.indices.to_pylist()], rejects)


# --- cells -----------------------------------------------------------------------------------------------------------


def _read_lines(raw: pa.Table, table: Table, vocabulary: Vocabulary) -> Lines:
    """Read every cell; columns that the exports do not have are missing throughout."""
    columns: dict[str, pd.Series] = {}
    unreadable, unmapped = {}, {}
    texts = raw.select([c for c in table.columns if c in raw.column_names]).combine_chunks()
    for name in table.columns:
        known = vocabulary.words[word_list(name)] if name in table.words else {}
        if name not in texts.column_names:
            columns[name] = _nothing(len(raw), is_instant=name in table.instants, meanings=known)
        elif name in table.instants:
            columns[name], unreadable[name] = read_instants(texts[name], vocabulary=vocabulary)
        elif name in table.words:
            columns[name], unmapped[name] = read_words(texts[name], known, vocabulary=vocabulary)
        else:
            read = read_codes if name in table.distinct else read_texts
            columns[name], unreadable[name] = read(texts[name], vocabulary=vocabulary)
    columns |= {name: pd.Series(_categories(raw[name])) for name in SOURCE[:2]}
    columns["source_row"] = pd.Series(raw["source_row"].to_numpy(), dtype="int64")
    exported = raw[EXPORTED].to_numpy() if EXPORTED in raw.column_names else pd.NaT
    columns[EXPORTED] = pd.Series(exported, index=columns["source_row"].index, dtype="datetime64[us]")
    if "source_system" in columns:
        columns["source_system"] = _systems(columns["source_system"], columns["source_file"], vocabulary)
    for own, lines in _told_apart(columns, vocabulary):
        for name in (c for c in table.words if c in texts.column_names):
            of_system = texts[name].filter(pa.array(lines))
            again, flawed = read_words(of_system, own.words[word_list(name)], vocabulary=own)
            columns[name][lines] = again.cat.set_categories(columns[name].cat.categories).to_numpy()
            unmapped[name][lines] = flawed
    rows = pd.DataFrame(columns, copy=False)
    ragged = raw[RAGGED].to_numpy() if RAGGED in raw.column_names else np.zeros(len(raw), bool)
    return Lines(texts, rows, unreadable, unmapped, ragged, _changed_codes(raw, texts, table))


def _nothing(size: int, *, is_instant: bool, meanings: dict[str, str]) -> pd.Series:
    """A column that no export has."""
    if is_instant:
        return pd.Series(np.full(size, "NaT", "datetime64[us]"))
    names = pd.Index(meanings_of(meanings) if meanings else [], dtype="str")
    return pd.Series(pd.Categorical.from_codes(np.full(size, -1, np.int8), names))


def _categories(texts: pa.ChunkedArray) -> pd.Categorical:
    coded = coded_texts(texts)
    return pd.Categorical.from_codes(coded.indices.to_numpy(), coded.dictionary.to_pylist())


def _systems(said: pd.Series, files: pd.Series, vocabulary: Vocabulary) -> pd.Series:
    """The system of every line: as the line says, else as its file's name does."""
    by_file = files.cat.rename_categories(str).map({f: vocabulary.source_of(f) for f in files.cat.categories})
    return (
        said.astype("str").fillna(by_file.astype("str")).astype("category")
        if said.notna().any()
        else by_file.astype("category")
    )


def _told_apart(columns: dict[str, pd.Series], vocabulary: Vocabulary) -> Iterator[tuple[Vocabulary, np.ndarray]]:
    """The vocabulary of each system that has words of its own, and where its lines are."""
    if not any(system.words for system in vocabulary.systems.values()):
        return
    nothing = pd.Series(np.nan, columns["source_file"].index, dtype="str")
    of = (
        columns["source_system"]
        if "source_system" in columns
        else _systems(nothing, columns["source_file"], vocabulary)
    )
    for code, name in enumerate(of.cat.categories):
        if vocabulary.system(name).words:
            yield vocabulary.of_system(name), (of.cat.codes == code).to_numpy()


def _changed_codes(raw: pa.Table, texts: pa.Table, table: Table) -> dict[str, dict[str, np.ndarray]]:
    """Where a code went through a spreadsheet as a number: its zeros or its last digits may be lost. Never repaired."""
    marks = {c: raw[NUMBER_MARK + c] for c in table.codes if NUMBER_MARK + c in raw.column_names}
    codes = [c for c in table.codes if c in texts.column_names]
    return {
        "code_is_a_number": {c: pc.fill_null(mark, False).to_numpy() for c, mark in marks.items()},
        "code_in_scientific_notation": {c: _is_scientific(texts[c]) for c in codes},
    }


def _is_scientific(texts: pa.ChunkedArray) -> np.ndarray:
    found = by_value(texts, lambda each: pc.match_substring_regex(pc.utf8_trim_whitespace(each), SCIENTIFIC))
    return pc.fill_null(found, False).to_numpy(zero_copy_only=False)
