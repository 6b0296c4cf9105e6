"""What the names of a handbook do to some data: what was put together, what is used out of its time, where a series breaks."""

from typing import Any

import pandas as pd

from analysis.codes import core_code
from analysis.counts import is_accepted
from analysis.names import KINDS, rename
from analysis.store import Data
from analysis.vocabulary import fold

CODE = "procedure_code"
"""The kind of a code that stands under that of its successor."""


def put_together(data: Data) -> pd.DataFrame:
    """The names and codes of the exports that stand under another one in the view.

    Returns
    -------
    DataFrame
        ``kind``, one of ``KINDS`` or ``CODE``; ``found``, as the exports have it; ``name``, as the view has it; ``is_replaced``
        (bool), whether a successor acted and not a spelling alone; ``dossiers`` and ``documents``, how many have it (int64; a
        dossier whose name and code both changed stands in two rows); ``reason``, as the handbook has it. By kind and name.

    Examples
    --------
    See ``tests/test_names.py``.
    """
    lines, dossiers = data.handbook.of("names"), _exported(data)
    rows = []
    for kind in [kind for kind in KINDS if (lines.kind == kind).any()]:
        of_kind = lines[lines.kind == kind]
        counts = pd.DataFrame({"dossiers": _counted(dossiers[kind]), "documents": _counted(_of_documents(data, kind))})
        for found, numbers in counts.fillna(0).astype("int64").iterrows():
            name, spelt = data.naming.name_of(kind, str(found)), data.naming.spelling_of(kind, str(found))
            row = {"kind": kind, "found": found, "name": name, "is_replaced": fold(name) != fold(spelt), **numbers}
            if name != found:
                rows.append(row | {"reason": _reason(of_kind, str(found), spelt, is_replaced=row["is_replaced"])})
    codes = _counted(core_code(dossiers.procedure_code)) if data.naming.codes else pd.Series(dtype="int64")
    for code in codes.index.intersection(list(data.naming.codes)):
        reason = "; ".join(dict.fromkeys(lines.reason[(core_code(lines.code) == code) & (lines.reason != "")]))
        row = {"kind": CODE, "found": code, "name": data.naming.codes[code], "is_replaced": True}
        rows.append(row | {"dossiers": codes[code], "documents": 0, "reason": reason})
    columns = ["kind", "found", "name", "is_replaced", "dossiers", "documents", "reason"]
    table = pd.DataFrame(rows, columns=columns)
    place = table.kind.map([*KINDS, CODE].index)
    return table.assign(place=place).sort_values(["place", "name", "found"], ignore_index=True)[columns]


def _reason(lines: pd.DataFrame, found: str, name: str, *, is_replaced: bool) -> str:
    """Why something stands under another name: the reason of its spelling, and that of its successor if it acted."""
    of_name = lines.name.map(fold) == fold(name)
    of_spelling = of_name & (lines.also.map(fold) == fold(found))
    of_successor = of_name & (lines.successor != "") & is_replaced
    told = lines.reason[of_spelling | of_successor]
    return "; ".join(dict.fromkeys(told[told != ""]))


def out_of_time(data: Data) -> pd.DataFrame:
    """Names that dossiers have which were received when the name did not hold; they are counted, and nothing is changed.

    Each line with a day is one stretch of its name's time, both days within it.

    Returns
    -------
    DataFrame
        ``kind``, ``name``, ``valid_from`` and ``valid_to`` (of all its stretches; missing where one has no end), and
        ``dossiers``, how many were received (and accepted) in none of them.
    """
    lines, dossiers = data.handbook.of("names"), _exported(data)
    dated = lines[lines.valid_from.notna() | lines.valid_to.notna()]
    received = dossiers.received_on.dt.normalize()
    rows = []
    for kind, of_kind in dated.groupby("kind", sort=False):
        folded = _spelt(dossiers, data, str(kind))
        for name, of_name in of_kind.groupby(of_kind.name.map(fold), sort=False):
            ends = zip(of_name.valid_from, of_name.valid_to, strict=True)
            holds = [~(received < since) & ~(received > until) for since, until in ends]
            outside = (folded == name) & is_accepted(dossiers) & ~pd.concat(holds, axis=1).any(axis=1)
            days = {"valid_from": of_name.valid_from.min(skipna=False), "valid_to": of_name.valid_to.max(skipna=False)}
            rows.append({"kind": kind, "name": of_name.name.iloc[0], **days, "dossiers": int(outside.sum())})
    table = pd.DataFrame(rows, columns=["kind", "name", "valid_from", "valid_to", "dossiers"])
    return table[table.dossiers > 0].reset_index(drop=True)


def own_breaks(data: Data) -> pd.DataFrame:
    """Where names of the data begin and where successors take over, as breaks of a series.

    Returns
    -------
    DataFrame
        The columns of ``trends.read_breaks`` and ``row``, the line of the handbook: one row for every day, reason and successor.
        The text is the department's own, the same in both languages.
    """
    lines, dossiers = data.handbook.of("names"), _exported(data)
    in_use = {(kind, name) for kind in KINDS for name in _spelt(dossiers, data, kind).dropna().unique()}
    used = lines[_are_in(lines.kind, lines.name, in_use)]
    ended = used[used.valid_to.notna() & (used.successor != "")]
    ended = ended.assign(first=ended.valid_to + pd.Timedelta(days=1))
    rows = []
    for (first, successor, reason), of in ended.groupby(["first", "successor", "reason"]):
        told = f"{'; '.join(dict.fromkeys(of.name))} → {successor}"
        rows.append({"first": first, "text": _with_reason(told, str(reason)), "row": of.row.min()})
    known = set(zip(ended["first"], ended.successor.map(fold), strict=True))
    begun = used[used.valid_from.notna()].rename(columns={"valid_from": "first"})
    begun = begun[~_are_in(begun["first"], begun.name, known)]
    for (first, name, reason), of in begun.groupby(["first", "name", "reason"]):
        rows.append({"first": first, "text": _with_reason(str(name), str(reason)), "row": of.row.min()})
    table = pd.DataFrame(rows, columns=["first", "text", "row"]).drop_duplicates(["first", "text"])
    table = table.assign(last=table["first"], vi=table.text, en=table.text, source="")
    days = dict.fromkeys(("first", "last"), "datetime64[us]")
    return table[["first", "last", "vi", "en", "source", "row"]].astype(days | {"row": "Int64"}).sort_values("first")


def _are_in(keys: pd.Series, names: pd.Series, pairs: set[tuple[Any, str]]) -> pd.Series:
    """Whether each pair of a key and a folded name is one of some."""
    each = [pair in pairs for pair in zip(keys, names.map(fold), strict=True)]
    return pd.Series(each, index=keys.index, dtype="bool")


def _with_reason(told: str, reason: str) -> str:
    return f"{told}: {reason}" if reason else told


def _exported(data: Data) -> pd.DataFrame:
    """The dossiers of the data with the names of the exports."""
    raw = data.read("dossiers", columns=[*KINDS, "procedure_code", "received_on", "status"])
    return raw[rename(raw, data.naming).unit == data.unit].reset_index(drop=True) if data.unit else raw


def _of_documents(data: Data, kind: str) -> pd.Series:
    """The units of documents that a kind of names is for; see ``names.ALSO_OF``."""
    if kind not in {"unit", "division"}:
        return pd.Series(dtype="str")
    units = data.read("documents", columns=["unit"]).unit
    known = units.map(lambda text: fold(text) in data.naming.names["unit"], na_action="ignore").astype("boolean")
    return units[known.fillna(False) == (kind == "unit")]


def _spelt(dossiers: pd.DataFrame, data: Data, kind: str) -> pd.Series:
    """The folded name of each dossier, without successors."""
    return dossiers[kind].map(lambda text: fold(data.naming.spelling_of(kind, text)), na_action="ignore").astype("str")


def _counted(texts: pd.Series) -> pd.Series:
    counts: Any = texts.astype("str").dropna().value_counts()
    return counts.rename_axis(None)
