"""The tables: their columns, what each column holds, and what makes a line one of theirs.

A column is *text*, an *instant* (local time; a name ending in ``_on``, ``_from`` or ``_to``), or a *word*: one of
the few values that the vocabulary lists under the same name. The order is the order of the cleaned table.
"""

import re
from typing import NamedTuple

YES_NO = ("assisted", "fee_due", "paid_online", "result_digitised", "has_fee")
"""Columns of words that share the vocabulary's list ``yes_no``."""

SOURCE = ("source_file", "source_sheet", "source_row")
"""Where a line stands: the file below the data folder, its sheet, and the row that a spreadsheet would show."""

EXPORTED = "exported_on"
"""The day of the export a line comes from; datetime64[us]."""

RAGGED = "ragged"
"""Whether a raw line has more or fewer cells than its header; bool."""

NUMBER_MARK = "number:"
"""Before the name of a column of codes: whether a workbook holds a number in the cell, so that zeros may be lost; bool."""

ENDED_OTHERWISE = ("withdrawn", "returned", "transferred")
"""Status words of dossiers that ended without a result."""

FATES = ("kept", "superseded", "repeated", "rejected", "not_data")
"""What becomes of a line."""

ERROR_CELL = re.compile(
    r"#(REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!)|#{2,}|Err:\d{3}", re.IGNORECASE
)
"""What a spreadsheet shows where it has no value: a failed formula, or a column too narrow for its number."""


class Table(NamedTuple):
    """What one kind of table holds."""

    columns: tuple[str, ...]
    """Every column, in order."""
    words: tuple[str, ...]
    """Columns whose values the vocabulary lists."""
    instants: tuple[str, ...]
    """Columns of days and instants."""
    required: tuple[tuple[str, ...], ...]
    """Columns a sheet must have to be of this table; of each inner tuple one is enough."""
    key: tuple[str, ...]
    """What tells two rows of the cleaned table apart."""
    events: tuple[str, ...]
    """Instants at which something happened (a due date is none); they date a line."""
    distinct: tuple[str, ...]
    """Columns of text of which nearly every line has another; the others are kept by number."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Columns of codes, whose digits are no number; the running number of a register is one.

        >>> DOSSIERS.codes
        ('dossier_id', 'procedure_code')
        """
        return tuple(c for c in self.columns if c.endswith(("_id", "_code")))


DOSSIERS = Table(
    columns=(
        "dossier_id", "source_system", "procedure_code", "procedure", "field", "unit", "division", "channel", "assisted",
        "service_level", "status", "waiting_for", "received_on", "due_on", "first_due_on", "resolved_on", "collected_on",
        "closed_on", "paused_from", "paused_to", "fee_due", "paid_online", "result_digitised",
    ),
    words=("channel", "assisted", "service_level", "status", "waiting_for", "fee_due", "paid_online", "result_digitised"),
    instants=(
        "received_on", "due_on", "first_due_on", "resolved_on", "collected_on", "closed_on", "paused_from", "paused_to",
    ),
    required=(("dossier_id",), ("received_on",)),
    key=("source_system", "dossier_id"),
    events=("received_on", "resolved_on", "collected_on", "closed_on", "paused_from", "paused_to"),
    distinct=("dossier_id",),
)  # fmt: skip

DOCUMENTS = Table(
    columns=(
        "source_system", "direction", "book", "number", "symbol", "sender", "kind", "unit", "issued_on", "arrived_on",
        "form", "signed", "secret", "due_on", "handled_on",
    ),
    words=("direction", "form", "signed", "secret"),
    instants=("issued_on", "arrived_on", "due_on", "handled_on"),
    required=(("number", "symbol"), ("issued_on", "arrived_on"), ("form", "book", "kind", "sender")),
    key=("source_system", "direction", "book", "number", "symbol", "sender", "year_or_day"),
    events=("issued_on", "arrived_on", "handled_on"),
    distinct=("number", "symbol"),
)  # fmt: skip

MEETINGS = Table(
    columns=("held_on", "mode", "with_level"),
    words=("mode", "with_level"),
    instants=("held_on",),
    required=(("held_on",), ("mode",)),
    key=("held_on", "mode", "with_level", "occurrence"),
    events=("held_on",),
    distinct=(),
)

PROCEDURES = Table(
    columns=(
        "procedure_code", "procedure", "field", "level", "service_level", "term_days", "legal_term_days", "term_unit",
        "has_fee", "valid_from", "valid_to", "successor",
    ),
    words=("service_level", "term_unit", "has_fee"),
    instants=("valid_from", "valid_to"),
    required=(("procedure_code",), ("procedure",)),
    key=("procedure_code", "valid_from"),
    events=(),
    distinct=("procedure_code", "procedure"),
)  # fmt: skip

EVENT_DAYS = {"dossiers": ["received_on"], "documents": ["arrived_on", "issued_on"], "meetings": ["held_on"]}
"""Table -> the day on which one of its rows came about, the first that is known."""

TABLES = {"dossiers": DOSSIERS, "documents": DOCUMENTS, "meetings": MEETINGS, "procedures": PROCEDURES}
"""Every table by its name, as ``data/processed`` and the vocabulary use it."""


def is_error_cell(text: str) -> bool:
    """Whether a cell says that a spreadsheet has no value for it; such a text is no code, no word and no blank.

    Examples
    --------
    >>> is_error_cell("#REF!"), is_error_cell(" ##### "), is_error_cell("#1"), is_error_cell("n/a")
    (True, True, False, False)
    """
    return ERROR_CELL.fullmatch(text.strip()) is not None


def word_list(column: str) -> str:
    """The name of the vocabulary's list of words for a column.

    Examples
    --------
    >>> word_list("channel"), word_list("assisted")
    ('channel', 'yes_no')
    """
    return "yes_no" if column in YES_NO else column
