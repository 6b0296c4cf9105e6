"""Corrections: cells of exports that the department's handbook says are wrong.

A correction acts on every line of its dossier whose cell still says the old value, before anything is judged, so that a line
that would be rejected can be saved. The export stays as it is, and the lines stay known as they are without corrections. It
touches no other dossier: how old a file is, is told by what it says itself.
"""

import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.cleaning import judge_dossiers
from analysis.dates import read_instants
from analysis.handbook import Handbook, Mistake, nearest_of
from analysis.handbook_form import is_blank_mark, meanings_of
from analysis.handbook_words import noted
from analysis.privacy import kept
from analysis.states import CORRECTED, NOT_CORRECTED, Judged, Remark, Settled, gather, remarks_of
from analysis.tables import DOSSIERS, FATES, NUMBER_MARK, RAGGED, SOURCE, is_error_cell, word_list
from analysis.vocabulary import Correction, Vocabulary, fold

KEY = ["system", "dossier_id"]


class Both(NamedTuple):
    """A block of lines with corrections, and the lines of the dossiers concerned without."""

    judged: Judged
    exported: Judged | None
    """None if the block has no line of them."""


# --- what the handbook says -----------------------------------------------------------------------------------------


def lay_corrections(handbook: Handbook, vocabulary: Vocabulary) -> tuple[Handbook, Vocabulary]:
    """The vocabulary with the handbook's corrections; and the handbook without the lines that cannot be used.

    A new value has to be one that its column can hold. Of two lines about the same value of one cell the first holds.

    Examples
    --------
    >>> from analysis.handbook import read_handbook
    >>> from analysis.vocabulary import read_vocabulary
    >>> book = read_handbook(None)
    >>> line = {"system": "", "dossier_id": "H99-1", "column": "resolved_on", "old": "12/05/2032", "new": "12/05/2022", "row": 7}
    >>> lines = pd.DataFrame([line, {**line, "new": "31/02/2022", "row": 8}])
    >>> book, words = lay_corrections(book._replace(lines={**book.lines, "corrections": lines}), read_vocabulary())
    >>> words.corrections[0].new, book.mistakes[["row", "problem"]].to_numpy().tolist()
    ('12/05/2022', [[8, 'not_an_instant']])
    """
    told: dict[tuple[str, ...], Correction] = {}
    for line in handbook.of("corrections").to_dict("records"):
        try:
            said = _checked(line, vocabulary)
            (old,) = spellings([said.old], said.column, vocabulary=vocabulary)
            first = told.setdefault((said.system, said.dossier_id, said.column, old), said)
            if first is not said:
                raise Mistake("corrected_twice", str(first.row))
        except Mistake as mistake:
            handbook = handbook.without("corrections", line["row"], "new", line["new"], mistake)
    corrections = tuple(told.values())
    lines = pd.DataFrame(corrections, columns=list(Correction._fields))
    return handbook, noted(vocabulary, lines)._replace(corrections=corrections)


def _checked(line: dict[Any, Any], vocabulary: Vocabulary) -> Correction:
    """A line of the handbook whose new value can be used.

    Raises
    ------
    Mistake
        If it cannot.
    """
    column, system = line["column"], line["system"] or str(vocabulary.settings["source_system"])
    old, new = ("" if is_blank_mark(line[c]) else line[c] for c in ("old", "new"))
    before, after = spellings([old, new], column, vocabulary=vocabulary)
    if before == after:
        raise Mistake("nothing_changes")
    if not after:
        if (column,) in DOSSIERS.required:
            raise Mistake("not_an_instant")
    elif column in DOSSIERS.instants:
        if read_instants(pa.chunked_array([[new]]), vocabulary=vocabulary).unreadable[0]:
            raise Mistake("not_an_instant")
    elif column in DOSSIERS.words:
        known = vocabulary.words[word_list(column)]
        if fold(new) not in known:
            names = [each["vi"] for each in meanings_of(f"words.{word_list(column)}").values()]
            raise Mistake("not_a_choice", nearest_of(new, names))
    elif is_error_cell(new):
        raise Mistake("not_a_text")
    return Correction(line["row"], system, line["dossier_id"], column, old, new)


def spellings(texts: Sequence[str], column: str, *, vocabulary: Vocabulary) -> list[str]:
    """What cells of a column say, each in one spelling: an instant, a folded word or a text; empty where it is blank.

    A workbook makes an instant of what was typed as a day, so days that are the same instant are the same.

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> words = read_vocabulary()
    >>> spellings(["3/1/2022", "2022-01-03 00:00:00", "31/02/2022", "-"], "due_on", vocabulary=words)
    ['2022-01-03T00:00:00.000000', '2022-01-03T00:00:00.000000', '31/02/2022', '']
    >>> spellings(["TRỰC  TUYẾN", "trực tuyến"], "channel", vocabulary=words), spellings(["N/A"], "field", vocabulary=words)
    (['truc tuyen', 'truc tuyen'], [''])
    """
    plain = [" ".join(unicodedata.normalize("NFC", text).split()) for text in texts]
    plain = ["" if vocabulary.is_blank(text) else text for text in plain]
    if column in DOSSIERS.words:
        return [fold(text) or text for text in plain]
    if column not in DOSSIERS.instants:
        return plain
    instants, unreadable = read_instants(pa.chunked_array([pa.array(plain, pa.string())]), vocabulary=vocabulary)
    told = instants.dt.strftime("%Y-%m-%dT%H:%M:%S.%f").astype("str").fillna("").tolist()
    return [text if flawed else at for at, text, flawed in zip(told, plain, unreadable, strict=True)]


# --- a block of lines -----------------------------------------------------------------------------------------------


def correct(judged: Judged, raw: pa.Table, *, vocabulary: Vocabulary) -> Both:
    """Lines of dossiers as the handbook corrects them.

    Only the lines of the dossiers concerned are looked at twice: their cells are corrected as text, and judged again.

    Parameters
    ----------
    judged
        Lines as they are without corrections.
    raw
        The same lines as text; see ``cleaning.clean_dossiers``.

    Returns
    -------
    Both
        ``judged`` itself if no line is of a dossier that is corrected. Else those lines come last, each with a remark for
        every correction of its dossier and system that acted (``CORRECTED``), or that found another value (``NOT_CORRECTED``).

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> day = Correction(7, "one-stop", "H99-1", "received_on", "31/02/2022", "28/02/2022")
    >>> words = read_vocabulary()._replace(corrections=(day,))
    >>> raw = pa.table({
    ...     "dossier_id": ["H99-1", "H99-2"], "received_on": ["31/02/2022"] * 2,
    ...     "source_file": ["a.csv"] * 2, "source_sheet": [""] * 2, "source_row": [2, 3],
    ... })
    >>> judged, exported = correct(judge_dossiers(raw, vocabulary=words), raw, vocabulary=words)
    >>> judged.lines.select(["dossier_id", "rejects"]).to_pylist()
    [{'dossier_id': 'H99-2', 'rejects': True}, {'dossier_id': 'H99-1', 'rejects': False}]
    """
    if not vocabulary.corrections:
        return Both(judged, None)
    codes = pa.array(sorted({each.dossier_id for each in vocabulary.corrections}))
    concerned = pc.is_in(judged.lines["dossier_id"], value_set=codes).to_numpy()
    at = np.flatnonzero(concerned)
    if not len(at):
        return Both(judged, None)
    exported, others = _taken(judged, concerned), _taken(judged, ~concerned)
    few = raw.take(pa.array(at)).combine_chunks()
    acts, differs = _acts(_cells(few, exported.lines, vocabulary))
    again = judge_dossiers(_with_texts(few, acts), vocabulary=vocabulary)
    remarks = remarks_of([*_notes(acts, CORRECTED), *_notes(differs, NOT_CORRECTED)])
    again = again._replace(remarks=pd.concat([again.remarks, remarks], ignore_index=True))
    return Both(gather([others, again]), exported)


def _taken(judged: Judged, where: np.ndarray) -> Judged:
    """Some lines, with what is said of them."""
    remarks = judged.remarks[where[judged.remarks.line]]
    position = np.cumsum(where) - 1
    return Judged(judged.lines.filter(pa.array(where)), remarks.assign(line=position[remarks.line]))


def _cells(few: pa.Table, lines: pa.Table, vocabulary: Vocabulary) -> pd.DataFrame:
    """What the cells say that corrections are about: one row per line and correction of its dossier.

    Of a ragged line none is: its cells may stand in other columns than they seem to.
    """
    known = pd.DataFrame({
        "system": lines["source_system"].cast(pa.string()).to_pandas(), "dossier_id": lines["dossier_id"].to_pandas(),
        "line": np.arange(len(few)),
    })  # fmt: skip
    if RAGGED in few.column_names:
        known = known[~few[RAGGED].to_numpy()]
    told = _told(vocabulary, set(known.dossier_id))
    cells = known.merge(told, on=KEY, how="inner", validate="m:m")
    for column in cells.column.unique():
        of = cells.column == column
        texts = [text or "" for text in _texts(few, column).take(pa.array(cells.line[of])).to_pylist()]
        cells.loc[of, "text"] = [kept(text, column) for text in texts]
        cells.loc[of, "says"] = spellings(texts, column, vocabulary=vocabulary)
    return cells


def _told(vocabulary: Vocabulary, codes: set[str]) -> pd.DataFrame:
    """The corrections of some dossiers, with the spellings of their values."""
    told = [each for each in vocabulary.corrections if each.dossier_id in codes]
    table = pd.DataFrame(told, columns=list(Correction._fields)).assign(text="", says="", was="", becomes="")
    for column in table.column.unique():
        of = table.column == column
        table.loc[of, "was"] = spellings(table.old[of].tolist(), column, vocabulary=vocabulary)
        table.loc[of, "becomes"] = spellings(table.new[of].tolist(), column, vocabulary=vocabulary)
    return table


def _texts(few: pa.Table, column: str) -> pa.Array:
    """The cells of a column as text; blank if the export has none."""
    if column not in few.column_names:
        return pa.nulls(len(few), pa.string())
    return few[column].cast(pa.string()).combine_chunks()


def _acts(cells: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cells that corrections change, in the order in which they do; and those in which they find another value.

    Corrections act one after the other, as they stand in the handbook: a later one may take back what an earlier did.
    """
    told = cells[["line", "column", "row", "was", "becomes", "new"]]
    now = cells[["line", "column", "text", "says"]].drop_duplicates(["line", "column"]).assign(after=0)
    acts = [now.merge(told, on=["line", "column"]).head(0)]
    while len(now):
        hit = now.merge(told, left_on=["line", "column", "says"], right_on=["line", "column", "was"], validate="1:1")
        hit = hit[hit.row > hit.after]
        acts.append(hit)
        now = hit[["line", "column"]].assign(text=hit.new, says=hit.becomes, after=hit.row)
    done = pd.concat(acts, ignore_index=True)
    pairs = pd.MultiIndex.from_frame(cells[["line", "row"]])
    return done, cells[~pairs.isin(pd.MultiIndex.from_frame(done[["line", "row"]]))]


def _with_texts(few: pa.Table, acts: pd.DataFrame) -> pa.Table:
    """Lines with the new texts in place of the old; a cell that held a number holds a text then."""
    last = acts.drop_duplicates(["line", "column"], keep="last")
    for column in last.column.unique():
        of = last[last.column == column]
        few = _replaced(few, column, _texts(few, column), of.line.to_numpy(), pa.array(of.new.tolist(), pa.string()))
        if (mark := NUMBER_MARK + column) in few.column_names:
            no = pa.array(np.zeros(len(of), bool))
            few = _replaced(few, mark, few[mark].combine_chunks(), of.line.to_numpy(), no)
    return few


def _replaced(few: pa.Table, column: str, held: pa.Array, lines: np.ndarray, new: pa.Array) -> pa.Table:
    where = np.zeros(len(held), bool)
    where[lines] = True
    in_order = new.take(pa.array(np.argsort(lines)))
    changed = pc.replace_with_mask(held, pa.array(where), in_order)
    if column in few.column_names:
        return few.set_column(few.column_names.index(column), column, changed)
    return few.append_column(column, changed)


# --- what was done --------------------------------------------------------------------------------------------------


def _notes(cells: pd.DataFrame, reason: str) -> list[Remark]:
    """Remarks that say which correction it was, by its row in the handbook, and what stood there."""
    return [
        Remark(of.line.to_numpy(), reason, str(column), (of.row.astype("str") + " " + of.text).tolist())
        for column, of in cells.groupby("column")
    ]


def acts_of(settled: Settled) -> pd.DataFrame:
    """What became of the lines that corrections are about.

    Returns
    -------
    DataFrame
        One row per line and correction: source, ``row`` (in the handbook), ``column``, ``value`` (what the export says),
        ``acts`` (bool; False where it says something else than the old value) and ``fate``; by row and source.
    """
    notes = settled.remarks[settled.remarks.reason.isin([CORRECTED, NOT_CORRECTED])]
    lines = notes.line.to_numpy()
    said = notes["value"].str.extract(r"(?s)^(?P<row>\d+) (?P<found>.*)$")
    fate = pd.Categorical.from_codes(settled.fates[lines], pd.Index(FATES)).astype("str")
    places = settled.frame(lines, SOURCE).astype(dict.fromkeys(SOURCE[:2], "str"))
    table = places.assign(
        row=said.row.to_numpy("int64"), column=notes.column.to_numpy(), value=said.found.to_numpy(),
        acts=(notes.reason == CORRECTED).to_numpy(), fate=fate,
    )  # fmt: skip
    return table.astype({"column": "str", "value": "str", "fate": "str"}).sort_values(
        ["row", *SOURCE], ignore_index=True
    )
