"""What a page shows of targets: a table, a note on a card, a sentence."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.handbook import nearest_of
from analysis.handbook_form import read_form
from analysis.handbook_targets import DEFINED, OF_DEPARTMENT
from analysis.labels import NOTHING, Labels
from analysis.page import Html, show_table
from analysis.store import Data
from analysis.vocabulary import fold

COLUMNS = ("measure", "definition", "target", "value", "numerator", "denominator", "result", "source")


def show_targets(targets: pd.DataFrame, *, labels: Labels) -> Html:
    """The targets of a year: met, or how many are short.

    Parameters
    ----------
    targets
        As from ``targets.targets_of``; of none nothing is shown.
    """
    if targets.empty:
        return Html("")
    headings = {c: labels.name(f"targets.heading_{c}") for c in COLUMNS}
    caption = labels.name("targets.caption", year=str(targets.year.iloc[0]))
    return show_table(pd.DataFrame(target_rows(targets, labels=labels)), headings=headings, caption=caption)


def target_rows(targets: pd.DataFrame, *, labels: Labels) -> list[dict[str, str]]:
    """The targets of a year as texts, one row each, by the names of ``COLUMNS``."""
    return [
        {
            "measure": labels.name(f"measures.{row['measure']}"),
            "definition": labels.name(_definition(row)),
            "target": _target(row, labels),
            "value": labels.percent(row["value"]),
            **{c: _count(row[c], labels) for c in ("numerator", "denominator")},
            "result": _result(row, labels),
            "source": row["source"],
        }
        for row in _rows(targets)
    ]


def card_notes(targets: pd.DataFrame, *, labels: Labels) -> dict[str, list[str]]:
    r"""Measure -> what its card says of each of its targets.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> target = {"measure": "on_time_rate", "definition": "D1", "year": 2022, "target_percent": 95.0, "numerator": 600,
    ...           "denominator": 855, "value": 600 / 855, "met": False, "short": 213, "is_over": True, "source": "s"}
    >>> card_notes(pd.DataFrame([target]), labels=read_labels("vi"))
    {'on_time_rate': ['Chỉ tiêu 95\xa0%: thiếu 213 hồ sơ']}
    """
    notes: dict[str, list[str]] = {}
    for row in _rows(targets):
        words = {"target": _target(row, labels), "result": _result(row, labels)}
        if not _is_own(row):
            words |= {"definition": row["definition"], "value": labels.percent(row["value"])}
        notes.setdefault(row["measure"], []).append(labels.name(_key("card", row), **words))
    return notes


def target_sentences(targets: pd.DataFrame, *, labels: Labels) -> list[str]:
    """One sentence per target, with its basis, its numbers and what it comes to."""
    told = []
    for row in _rows(targets):
        measure = labels.name(f"measures.{row['measure']}")
        if not _is_own(row):
            measure = labels.name("targets.measure_of", measure=measure, definition=row["definition"])
        key = "says_untold" if pd.isna(row["met"]) else "says" if row["is_over"] else "says_so_far"
        words = {
            "measure": measure, "year": str(row["year"]), "target": _target(row, labels), "source": row["source"],
            "value": labels.percent(row["value"]), "result": _result(row, labels), "day": labels.day(row["last"]),
            **{c: _count(row[c], labels) for c in ("numerator", "denominator")},
        }  # fmt: skip
        told.append(labels.name(f"targets.{key}", **words))
    return told


def scope_sentences(data: Data, *, labels: Labels) -> list[str]:
    """The targets of units that no dossier is of, each with its place in the handbook.

    Only the data of the whole department tell; of those of a unit, and where no export says the unit, nothing is said.
    """
    targets = data.handbook.of("targets")
    named = targets[targets.unit != ""]
    if named.empty or data.unit or not data.has("dossiers", "unit"):
        return []
    known = {fold(unit): unit for unit in data.dossiers.unit.astype("str").dropna().unique()}
    form = read_form().sheets["targets"]
    place = {"sheet": form.names["vi"], "column": form.columns["unit"].names["vi"]}
    told = []
    for unit, row in zip(named.unit, named.row, strict=True):
        if fold(data.naming.spelling_of("unit", unit)) not in known:
            said = labels.name("targets.unknown_unit", found=unit, detail=nearest_of(unit, sorted(known.values())))
            told.append(labels.name("handbook.place", row=str(row), told=said, **place))
    return told


def _rows(targets: pd.DataFrame) -> Iterator[dict[Any, Any]]:
    yield from targets.to_dict("records")


def _is_own(row: dict[Any, Any]) -> bool:
    """Whether a target is about the figure that the report prints."""
    return bool(row["definition"] == DEFINED.get(row["measure"], ("",))[0])


def _key(name: str, row: dict[Any, Any]) -> str:
    return f"targets.{name}" if _is_own(row) else f"targets.{name}_of"


def _definition(row: dict[Any, Any]) -> str:
    return f"definitions_of.{row['definition']}" if row["definition"] else "targets.one_definition"


def _target(row: dict[Any, Any], labels: Labels) -> str:
    return labels.as_typed(row["target_percent"] / 100, of_share=True)


def _count(number: Any, labels: Labels) -> str:
    return NOTHING if pd.isna(number) else labels.number(int(number))


def _result(row: dict[Any, Any], labels: Labels) -> str:
    """Met, or how many are short; up to now, if the period is not over; or why neither can be said."""
    unit = labels.name("targets.unit_documents" if row["measure"] in OF_DEPARTMENT else "targets.unit_dossiers")
    if pd.isna(row["met"]):
        return labels.name(
            "targets.result_untold" if pd.isna(row["numerator"]) else "targets.result_nothing", unit=unit
        )
    key = f"targets.result_{'met' if row['met'] else 'short'}{'' if row['is_over'] else '_so_far'}"
    return labels.name(key, number=_count(row["short"], labels), unit=unit)
