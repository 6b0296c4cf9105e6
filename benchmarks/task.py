"""The task that every contender does, in a process of its own: ``python with_....py FILE FOLDER``.

From the export it makes two tables of counts, and writes them into the folder, in whatever order, as its own writer does:
``procedure.csv`` and ``unit.csv`` with ``month`` (2022-01), the group, ``channel``, and the columns of ``EVENTS``; and, by
``write_lines``, how many lines met which fate.

The rules are those of ``analysis.cleaning`` and ``analysis.counts``. Text is compared in NFC, trimmed, with single spaces;
words of channel and status are compared folded.

1. A line is rejected for the first of ``REASONS`` that applies. A word that the vocabulary does not have, and a blank
   channel, is ``unknown``; that rejects nothing.
2. All lines come from one export. Where one line of a dossier is rejected, its good lines are too (``WITHHELD``).
3. Of the different good lines of a dossier the one with the latest event (received or resolved) is kept, the others are
   superseded; a line equal to another is repeated. No two different lines of a dossier have the same latest event.
4. The due day of a dossier is that of its earliest different line which has one.
5. A dossier is received on its day of receipt, unless it was never accepted; it leaves on the day it was resolved or, by
   its status, withdrawn, returned or transferred, and on the day of receipt if that is later. Resolved is early, on time
   or late by calendar days; the number of each of ``EVENTS`` is asked per month of the event and channel, by procedure and
   by unit.

Nothing here but the standard library is imported, so that no contender pays for another's imports.
"""

import csv
import json
import re
import tomllib
import unicodedata
from pathlib import Path
from typing import NamedTuple

ID, PROCEDURE, UNIT, CHANNEL = "Mã hồ sơ", "Tên TTHC", "Đơn vị", "Kênh tiếp nhận"
RECEIVED, DUE, RESOLVED, STATUS = "Ngày nhận", "Hạn trả", "Ngày kết thúc xử lý", "Trạng thái"
COLUMNS = (ID, PROCEDURE, UNIT, CHANNEL, RECEIVED, DUE, RESOLVED, STATUS)
"""The headings that are needed, of 14."""

APPLICANT = "Người nộp"
"""The heading of the one column that nobody reads: it names a person."""

FORMAT = "%d/%m/%Y %H:%M"
"""How the export writes an instant."""

REASONS = (
    "missing_dossier_id", "unreadable_received_on", "missing_received_on", "unreadable_due_on",
    "unreadable_resolved_on", "end_without_day",
)  # fmt: skip
WITHHELD = "newer_line_unreadable"
CLOSED = ("withdrawn", "returned", "transferred")
ENDED = ("resolved", *CLOSED)
EVENTS = (
    "received", "resolved_early", "resolved_on_time", "resolved_late", "resolved_no_due", *CLOSED, "not_accepted",
)  # fmt: skip


def fold(text: str) -> str:
    """A word without case, accents, punctuation and repeated spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold()).replace("đ", "d")
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


def tidy(text: str | None) -> str:
    """Text in NFC, trimmed, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def meanings(column: str) -> dict[str, str]:
    """Folded word -> meaning, of a column (``channel`` or ``status``)."""
    path = Path(__file__).parents[1] / "analysis/vocabulary.toml"
    words = tomllib.loads(path.read_text("utf-8"))["words"][column]
    return {fold(word): meaning for meaning, spelt in words.items() for word in spelt}


def meaning(text: str | None, known: dict[str, str]) -> str:
    """What a word means; ``unknown`` where it is blank or not known."""
    return known.get(fold(text or ""), "unknown")


class Answer(NamedTuple):
    """What a contender found, in one order for all."""

    lines: dict[str, int]
    """Fate, or reason of a rejection -> lines."""
    counts: dict[tuple[str, ...], tuple[int, ...]]
    """(``procedure`` or ``unit``, its name, month, channel) -> the number of each of ``EVENTS``."""


def write_lines(folder: str, lines: dict[str, int]) -> None:
    """Write how many lines met which fate or, where rejected, for which reason."""
    (Path(folder) / "lines.json").write_text(json.dumps(lines), "utf-8")


def read_answer(folder: Path) -> Answer:
    """What a contender wrote, without what is zero."""
    lines = json.loads((folder / "lines.json").read_text("utf-8"))
    counts = {}
    for group in ("procedure", "unit"):
        with (folder / f"{group}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                numbers = tuple(int(row[event]) for event in EVENTS)
                if any(numbers):
                    counts[group, row[group], row["month"], row["channel"]] = numbers
    return Answer({name: count for name, count in lines.items() if count}, counts)


def difference(found: Answer, expected: Answer) -> str:
    """Where two answers differ first; empty where they do not."""
    for mine, theirs in zip(found, expected, strict=True):
        for key in sorted(mine.keys() | theirs.keys()):
            if mine.get(key) != theirs.get(key):
                return f"{key}: {mine.get(key)}, expected {theirs.get(key)}"
    return ""
