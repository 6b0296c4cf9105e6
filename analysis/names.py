"""Names: a unit, division, field or procedure under one name, however exports write it and whatever it is called by now.

Another spelling always counts under its name. A successor acts only in the view ``today``, and is followed to its end. Exports
and ``data/processed`` keep what was exported; a name is changed in the categories of a column, when a table is read.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.codes import core_code
from analysis.periods import Unanswerable
from analysis.vocabulary import VIEWS, fold

KINDS = ("unit", "division", "field", "procedure")
"""Kinds of names; each is also the column of a table that holds them."""

ALSO_OF = {"documents": ("division",), "document_history": ("division",)}
"""Table -> further kinds of names that its units have: a register of documents names divisions there."""

Line = Mapping[Any, Any]


class Naming(NamedTuple):
    """What exports call things -> what a page calls them."""

    spelt: Mapping[str, Mapping[str, str]]
    """Kind -> folded spelling -> its name, without successors."""
    names: Mapping[str, Mapping[str, str]]
    """Kind -> folded spelling -> its name in the view."""
    codes: Mapping[str, str]
    """Core code of a procedure -> that of its successor; empty but in the view ``today``."""

    def name_of(self, kind: str, text: str) -> str:
        """What the view calls something; what the handbook does not name keeps its own name.

        >>> Naming({}, {"unit": {"co so 1": "Cơ sở một"}}, {}).name_of("unit", "CƠ SỞ 1")
        'Cơ sở một'
        """
        return self.names[kind].get(fold(text), text)

    def spelling_of(self, kind: str, text: str) -> str:
        """The same without successors."""
        return self.spelt[kind].get(fold(text), text)


def view_of(names: str) -> str:
    """A view of names, if it is one; blank for none.

    Raises
    ------
    Unanswerable
        If it is none.

    Examples
    --------
    >>> view_of("now")
    Traceback (most recent call last):
    ...
    analysis.periods.Unanswerable: there is no view of names 'now'; known are then and today.
    """
    if names and names not in VIEWS:
        raise Unanswerable(f"there is no view of names {names!r}; known are {' and '.join(VIEWS)}.")
    return names


def naming_of(names: pd.DataFrame, *, view: str, catalogue: pd.DataFrame | None = None) -> Naming:
    """What the names of a handbook make of the words of exports.

    Parameters
    ----------
    names
        The handbook's lines, as ``lay_names`` left them.
    view
        ``then`` or ``today``.
    catalogue
        ``procedure_code`` and ``procedure``: the codes of successors that no line of the handbook gives.

    Examples
    --------
    >>> line = {"kind": "division", "name": "Phòng A", "also": "P.A", "code": "", "successor": "Phòng B"}
    >>> for view in ("then", "today"):
    ...     naming_of(pd.DataFrame([line]), view=view).name_of("division", "p. a")
    'Phòng A'
    'Phòng B'
    """
    of_kind: dict[str, Sequence[Line]] = {kind: names[names.kind == kind].to_dict("records") for kind in KINDS}
    spelt = {kind: spellings(lines) for kind, lines in of_kind.items()}
    if view != "today":
        return Naming(spelt, spelt, {})
    today = {kind: names_today(lines) for kind, lines in of_kind.items()}
    return Naming(spelt, today, _codes(of_kind["procedure"], today["procedure"], catalogue))


def spellings(lines: Sequence[Line]) -> dict[str, str]:
    """Folded spelling -> the name it counts under, as the first line of that name writes it."""
    names: dict[str, str] = {}
    for line in lines:
        names.setdefault(fold(line["name"]), line["name"])
    return names | {fold(line["also"]): names[fold(line["name"])] for line in lines if line["also"]}


def successors(lines: Sequence[Line]) -> dict[str, str]:
    """Folded name -> the folded name of its successor."""
    names = spellings(lines)
    return {
        fold(line["name"]): fold(names.get(fold(line["successor"]), line["successor"]))
        for line in lines
        if line["successor"]
    }


def names_today(lines: Sequence[Line]) -> dict[str, str]:
    """Folded spelling -> the last of its successors; a successor is written as its own line has it, or as it was first."""
    names, ahead = spellings(lines), successors(lines)
    written = {fold(line["successor"]): line["successor"] for line in reversed(lines) if line["successor"]} | names

    def last(name: str) -> str:
        for _ in ahead:  # as many steps as there can be: a circle, were there one, would not be followed for ever
            name = ahead.get(name, name)
        return written[name]

    return {spelling: last(fold(name)) for spelling, name in written.items()}


def core_of(code: str) -> str:
    """The core of one code; see ``codes.core_code``."""
    return str(core_code(pd.Series([code], dtype="str")).fillna("").iloc[0])


def _codes(lines: Sequence[Line], today: Mapping[str, str], catalogue: pd.DataFrame | None) -> dict[str, str]:
    """Core code of a procedure -> that of its last successor: the handbook's, else the only one that the catalogue has.
    Where neither says one, the code stays.
    """
    listed = pd.DataFrame({"name": [], "code": []}) if catalogue is None else _listed(catalogue)
    code_of = dict(zip(listed.name, listed.code, strict=True))
    code_of |= {fold(line["name"]): core_of(line["code"]) for line in reversed(lines) if line["code"]}
    ends = {fold(line["name"]): fold(today[fold(line["name"])]) for line in lines}
    codes = {
        core_of(line["code"]): code_of.get(ends[fold(line["name"])], "")
        for line in lines
        if line["code"] and ends[fold(line["name"])] != fold(line["name"])
    }
    return {code: new for code, new in codes.items() if new and new != code}


def _listed(catalogue: pd.DataFrame) -> pd.DataFrame:
    """The folded names of a catalogue that have one code only."""
    folded = catalogue.procedure.map(fold, na_action="ignore").astype("str")
    listed = pd.DataFrame({"name": folded, "code": core_code(catalogue.procedure_code)})
    return listed.dropna().drop_duplicates().drop_duplicates("name", keep=False)


# --- tables ----------------------------------------------------------------------------------------------------------


def rename(table: pd.DataFrame, naming: Naming, *, name: str = "") -> pd.DataFrame:
    """A table with the names of a view; itself where they change nothing.

    Parameters
    ----------
    table
        Any table with some columns of ``KINDS``, ``procedure_code`` and ``successor``.
    naming
        As from ``naming_of``.
    name
        Which table it is, of ``tables.TABLES`` and their histories.

    Examples
    --------
    >>> line = {"kind": "field", "name": "Nhà ở", "also": "Nhà", "code": "", "successor": ""}
    >>> rename(pd.DataFrame({"field": ["nhà", "Đất", None]}), naming_of(pd.DataFrame([line]), view="then")).field.tolist()
    ['Nhà ở', 'Đất', nan]
    """
    changed: dict[str, pd.Series] = {}
    for kind in KINDS:
        names = dict(naming.names.get(kind, {}))
        for other in ALSO_OF.get(name, ()) if kind == "unit" else ():
            names = {**naming.names.get(other, {}), **names}
        if kind in table and names:
            changed[kind] = _mapped(table[kind], names, lambda texts: texts.map(fold))
    for column in ("procedure_code", "successor"):
        if column in table and naming.codes:
            changed[column] = _mapped(table[column], naming.codes, core_code)
    if "successor" in changed and "procedure_code" in table:  # a procedure that goes on under its successor has none
        successor, code = (core_code(changed[column]) for column in ("successor", "procedure_code"))
        changed["successor"] = changed["successor"].mask(successor == code)
    return table.assign(**changed) if changed else table


def _mapped(texts: pd.Series, names: Mapping[str, str], keys_of: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Texts by another name where one stands under their key; categories stay in order."""
    coded = texts.astype("category")
    held = coded.cat.categories.astype("str")
    told = pd.Index(
        [names.get(key, text) for key, text in zip(keys_of(held.to_series()), held, strict=True)], dtype="str"
    )
    if told.equals(held):
        return texts
    known = told.unique().sort_values()
    codes = np.append(known.get_indexer(told), -1)[coded.cat.codes]
    renamed = pd.Series(pd.Categorical.from_codes(codes, known), index=texts.index, name=texts.name)
    return renamed if texts.dtype == "category" else renamed.astype(texts.dtype)
