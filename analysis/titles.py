"""What the title block of a sheet and the name of its file say: the day of the export, and the days it covers."""

import contextlib
import re
from datetime import date
from pathlib import Path

from analysis.vocabulary import Vocabulary, fold


def title_days(title: list[list[str]], vocabulary: Vocabulary) -> tuple[date | None, tuple[date | None, date | None]]:
    """The export day and the days covered, as the title block says them."""
    said = " | ".join(dict.fromkeys(fold(cell) for line in title for cell in line if cell.strip()))
    find = {name: _day_after(said, vocabulary.layout[name]) for name in ("exported", "covers_from", "covers_to")}
    return find["exported"], (find["covers_from"], find["covers_to"])


def _day_after(text: str, words: tuple[str, ...]) -> date | None:
    for word in words:
        for match in re.finditer(
            rf"\b{re.escape(fold(word))} (?:\d+ \d+ (?:\d+ )?)??(\d{{1,2}}) (\d{{1,2}}) (\d{{4}})\b", text
        ):
            day, month, year = map(int, match.groups())
            try:
                return date(year, month, day)
            except ValueError:
                continue
    return None


def name_day(name: str) -> date | None:
    """The export day in a file's name: 20221110 (a time may follow), 2022-11-10 or 10-11-2022; the last of several."""
    stem = Path(name).stem
    iso = re.findall(r"(?<!\d)(20\d{2})[-_.]?(\d{2})[-_.]?(\d{2})(?=(?:\d{4}|\d{6}|\d{9})?(?!\d))", stem)
    dmy = re.findall(r"(?<!\d)(\d{2})[-_.](\d{2})[-_.](20\d{2})(?!\d)", stem)
    found = []
    for year, month, day in [*iso, *((y, m, d) for d, m, y in dmy)]:
        with contextlib.suppress(ValueError):
            found.append(date(int(year), int(month), int(day)))
    return max(found, default=None)
