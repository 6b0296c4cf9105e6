"""The rules by which a line is rejected, or kept with a doubt.

The rules are data: an ordered mapping from a reason to what it looks at. Each looks at one line by itself, so that it
does not matter which others are read with it.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.tables import DOCUMENTS, DOSSIERS, ENDED_OTHERWISE, EXPORTED, MEETINGS, Table


class Lines(NamedTuple):
    """Raw lines with their cells read, before anything is judged."""

    texts: pa.Table
    """The columns that the export has, as they stand in it."""
    rows: pd.DataFrame
    """All columns of the table; one that the export does not have is missing throughout."""
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
        return self.unreadable[column] if column in self.unreadable else np.zeros(len(self.rows), bool)

    def is_missing(self, column: str) -> np.ndarray:
        """Where a cell is blank or unreadable; bool."""
        return self.rows[column].isna().to_numpy()

    def instants(self, column: str) -> np.ndarray:
        """The instants of a column; datetime64[us]."""
        return self.rows[column].to_numpy("datetime64[us]")


class Rule(NamedTuple):
    """What a rejection or a warning looks at."""

    column: str
    """The column whose value is reported."""
    applies: Callable[[Lines], np.ndarray]
    """bool, one per line."""


def end_of(rows: pd.DataFrame) -> np.ndarray:
    """When the result was ready, or collected where only that is known; datetime64[us]."""
    resolved, collected = (rows[c].to_numpy("datetime64[us]") for c in ("resolved_on", "collected_on"))
    return np.where(np.isnat(resolved), collected, resolved)


def is_of(lines: Lines, statuses: tuple[str, ...]) -> np.ndarray:
    """Where the status word of a line is one of some; bool, one per line."""
    status = lines.rows.status.cat
    return np.append(status.categories.isin(statuses), False)[status.codes]  # a missing one has the code -1


def _resolved_before_received(lines: Lines) -> np.ndarray:
    """Compared as instants; an end without a time of day lasts until its day is over."""
    end, received = end_of(lines.rows), lines.instants("received_on")
    return _narrowed(end < received, lambda at: end[at] != _day(received[at]))


def _before_day_of_receipt(lines: Lines, column: str) -> np.ndarray:
    instants, received = lines.instants(column), lines.instants("received_on")
    return _narrowed(instants < received, lambda at: _day(instants[at]) < _day(received[at]))


def _after_export(lines: Lines, table: Table) -> np.ndarray:
    latest, exported = latest_event(lines.rows, table), lines.instants(EXPORTED)
    return _narrowed(latest > exported, lambda at: _day(latest[at]) > exported[at])


def _narrowed(where: np.ndarray, holds: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Where something holds, of the few lines for which it can."""
    at = np.flatnonzero(where)
    where[at] = holds(at)
    return where


def _day(instants: np.ndarray) -> np.ndarray:
    return instants.astype("datetime64[D]")


def latest_event(rows: pd.DataFrame, table: Table) -> np.ndarray:
    """The latest instant at which something happened; datetime64[us], missing where none is known.

    Examples
    --------
    >>> days = pd.to_datetime(pd.Series(["2022-01-03", None]))
    >>> latest_event(pd.DataFrame({c: days for c in DOSSIERS.events}), DOSSIERS)[0]
    np.datetime64('2022-01-03T00:00:00.000000')
    """
    latest = np.full(len(rows), np.iinfo(np.int64).min)  # what NaT is as a number
    for column in table.events:
        np.maximum(latest, rows[column].to_numpy("datetime64[us]").view(np.int64), out=latest)
    return latest.view("datetime64[us]")


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
                np.isnat(end_of(t.rows))
                & (is_of(t, ("resolved",)) | (is_of(t, ENDED_OTHERWISE) & t.is_missing("closed_on")))
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
        "closed_before_received": Rule("closed_on", lambda t: _before_day_of_receipt(t, "closed_on")),
        "due_before_received": Rule("due_on", lambda t: _before_day_of_receipt(t, "due_on")),
        "open_status_with_end": Rule(
            "status",
            lambda t: is_of(t, ("pending", "paused")) & ~(t.is_missing("resolved_on") & t.is_missing("closed_on")),
        ),
        "collected_day_taken_as_end": Rule(
            "collected_on",
            lambda t: t.is_missing("resolved_on") & ~t.is_missing("collected_on") & ~is_of(t, ENDED_OTHERWISE),
        ),
        "after_export": Rule("received_on", lambda t: _after_export(t, DOSSIERS)),
    },
    "documents": {"after_export": Rule("issued_on", lambda t: _after_export(t, DOCUMENTS))},
    "meetings": {"after_export": Rule("held_on", lambda t: _after_export(t, MEETINGS))},
    "procedures": {},
}
"""Table -> reason -> rule; all that apply are said of a kept line."""
