"""What of a cell may be kept, and shown where a file or its lines are explained.

Columns that can name a person are never read. But a cell can stand in the wrong column, and then a day or a word may
be a name or a telephone number; what cannot be what its column holds is cut short before it is written anywhere.
"""

import re

from analysis.tables import TABLES, is_error_cell

INSTANTS = frozenset(column for table in TABLES.values() for column in table.instants)
WORDS = frozenset(column for table in TABLES.values() for column in table.words)

LONGEST_TEXT, LONGEST_CODE, LONGEST_WORD, LONGEST_DAY = 200, 60, 40, 32
"""Characters of a value that is shown whole."""

CUT = 6
"""Characters that are left of a value that is not."""

MOST_WORDS = 30
"""A column with more different words than this that nobody knows holds no words, but perhaps names."""


def shown(value: str, column: str) -> str:
    """A value as it may be shown: whole if it can be what its column holds, else its first characters.

    Examples
    --------
    >>> shown("31/02/2022", "received_on"), shown("0900 000 000", "received_on"), shown("Kiosk", "channel")
    ('31/02/2022', '0900 0…', 'Kiosk')
    >>> shown("Người Thứ Nhất", "received_on"), shown("0000.H99-220103-0001", "dossier_id")
    ('Người…', '0000.H99-220103-0001')
    """
    return " ".join(kept(value, column).split())


def kept(value: str, column: str) -> str:
    """A value as it may be written down: as it is if it can be what its column holds, else its first characters.

    Examples
    --------
    >>> kept(" - ", "dossier_id"), kept("Người  Thứ Nhất", "received_on")
    (' - ', 'Người…')
    """
    text = " ".join(value.split())
    return f"{text[:CUT].rstrip()}…" if len(text) > CUT and _is_out_of_place(text, column) else value


def _is_out_of_place(text: str, column: str) -> bool:
    digits = sum(c.isdecimal() for c in text)
    bare = not re.search(r"[^\d\s.+()-]", text) and not re.search(r"\d[-.]\d{1,2}[-.]\d", text)
    if is_error_cell(text):
        return False
    if "@" in text:
        return True
    if column in INSTANTS:
        return len(text) > LONGEST_DAY or (bare and digits >= 9) or (not digits and len(text) > 12)
    if column in WORDS:
        return len(text) > LONGEST_WORD or (bare and digits >= 9)
    if column == "dossier_id":
        return len(text) > LONGEST_CODE or (not digits and len(text) > 12)
    return len(text) > LONGEST_TEXT
