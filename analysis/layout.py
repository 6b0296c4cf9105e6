"""Grid -> the columns that are understood, and the lines that are data.

The header is found by the vocabulary, wherever it stands; every line that is no data (title, header, number row,
section, total, signature, blank) is named as such.
"""

import contextlib
import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.grids import Doubt, FileProblem, Grid
from analysis.tables import NUMBER_MARK, RAGGED, TABLES, Table, is_error_cell
from analysis.vocabulary import Vocabulary, fold

LOOK = 60
"""How many lines of a sheet are searched for its header."""

DAY_LIKE = r"\d[-/.]\d|^\d{5}"
"""What a cell has in it that holds a day, right or wrong."""


class Export(NamedTuple):
    """One sheet of one export, with its header understood."""

    file: str
    sheet: str
    format: str
    sha256: str
    table: str
    """The table it belongs to; a key of ``tables.TABLES``."""
    lines: pa.Table
    """The understood columns as text, by the table's names; ``source_row`` (int64); ``ragged`` (bool): the line has
    more or fewer cells than the header, so of its cells only those that name its row are there; and, where a workbook
    holds numbers in a column of codes, ``number:`` and its name (bool)."""
    not_data: list[tuple[int, str]]
    """(row, reason) of every line that is no data."""
    headings: dict[str, str]
    """Column -> the heading it was read from."""
    personal: list[str]
    """Headings of columns left unread because they can name a person."""
    unknown: list[str]
    """Headings that the vocabulary does not know; left unread."""
    header_row: int
    exported_on: date | None
    covers: tuple[date | None, date | None]
    read_as: dict[str, str] = {}  # noqa: RUF012 - nobody changes it
    """What was chosen: ``format`` and, for text, ``encoding``, ``delimiter`` and so on."""
    doubts: tuple[Doubt, ...] = ()
    """What was not certain about the whole sheet."""

    @property
    def lines_read(self) -> int:
        """Lines of the sheet: data and no data."""
        return len(self.lines) + len(self.not_data)


# --- the header: cells -> columns that are understood ----------------------------------------------------------------


class Header(NamedTuple):
    """Where a sheet's header stands, and what it says."""

    score: int
    """How many columns are understood; 0 if there is no header."""
    row: int
    """The last line of the header, from 0."""
    height: int
    table: str
    columns: dict[str, int]
    """Column of the table -> position in the sheet."""
    headings: list[str]


NO_HEADER = Header(0, -1, 0, "", {}, [])


def best_header(lines: list[list[str]], vocabulary: Vocabulary | None) -> Header:
    """The line, or pair of lines, of which the vocabulary understands most; a tie between two tables is an error."""
    found = [h for i in range(len(lines)) for h in _headers_at(lines, i, vocabulary)] if vocabulary else []
    first = max(found, key=lambda h: (h.score, -h.height), default=NO_HEADER)
    rivals = {h.table for h in found if (h.score, h.row, h.height) == (first.score, first.row, first.height)}
    if len(rivals) > 1:
        both = " and ".join(sorted(rivals))
        raise FileProblem(
            f"a header fits the tables {both} equally well; rename a column, or add it to one in a vocabulary file."
        )
    return first


def _headers_at(lines: list[list[str]], i: int, vocabulary: Vocabulary) -> Iterator[Header]:
    top = lines[i]
    for name, table in TABLES.items():
        known = vocabulary.columns[name]
        single = _match([(h,) for h in top], known)
        yield _header(name, table, single, i, 1, top)
        if i + 1 < len(lines) and _is_lower_half(top, lines[i + 1], single):
            pairs = [(low, f"{high} {low}", high) for high, low in zip(top, lines[i + 1], strict=False)]
            double = _match(pairs, known)
            if len(double) > len(single):
                headings = [low or high for high, low in zip(top, lines[i + 1], strict=False)]
                yield _header(name, table, double, i + 1, 2, headings)


def _header(name: str, table: Table, columns: dict[str, int], row: int, height: int, headings: list[str]) -> Header:
    whole = all(any(c in columns for c in needed) for needed in table.required)
    return Header(len(columns), row, height, name, columns, headings) if whole else NO_HEADER


def _is_lower_half(top: list[str], low: list[str], understood: dict[str, int]) -> bool:
    """Whether a line can be the second of a header: under a heading that says all, it says nothing new."""
    return len(low) >= len(top) and all(not low[i].strip() or low[i] == top[i] for i in understood.values())


def _match(candidates: Sequence[tuple[str, ...]], known: dict[str, tuple[int, str]]) -> dict[str, int]:
    """Column -> position; where two headings mean one column, the one listed first in the vocabulary."""
    ranked: dict[str, tuple[int, int]] = {}
    for position, names in enumerate(candidates):
        hit = next((known[f] for n in names if n and (f := fold(n)) in known), None)
        if hit and (hit[1] not in ranked or hit[0] < ranked[hit[1]][0]):
            ranked[hit[1]] = (hit[0], position)
    return {column: position for column, (_, position) in ranked.items()}


# --- the lines: what is data and what is not -------------------------------------------------------------------------


def understand(grid: Grid, file: str, checksum: str, vocabulary: Vocabulary) -> Export:
    """Find a sheet's header and set apart the lines that are no data."""
    if grid.skipped:
        return _no_data(grid, file, checksum, grid.skipped)
    head = first_lines(grid)
    try:
        header = best_header([line for _, line in head], vocabulary)
    except FileProblem as problem:
        place = f"sheet {grid.sheet}: " if grid.sheet else ""
        raise FileProblem(f"{place}{problem}") from None
    if not header.score:
        return _no_data(grid, file, checksum, "sheet_not_understood")
    return _split(grid, header, head, file, checksum, vocabulary)


def _no_data(grid: Grid, file: str, checksum: str, reason: str) -> Export:
    """A sheet of which no line is data."""
    rows = [*grid.rows.tolist(), *(row for row, _ in grid.ragged)]
    lines = pa.table({"source_row": pa.array([], pa.int64())})
    return Export(
        file, grid.sheet, grid.read_as.get("format", ""), checksum, "", lines, [(row, reason) for row in sorted(rows)],
        {}, [], [], 0, None, (None, None), grid.read_as, grid.doubts,
    )  # fmt: skip


def first_lines(grid: Grid) -> list[tuple[int, list[str]]]:
    """The first lines of a sheet, ragged ones in their places."""
    columns = [c.to_pylist() for c in grid.cells.slice(0, LOOK).columns]
    regular = [(int(grid.rows[i]), [c[i] for c in columns]) for i in range(min(LOOK, len(grid.cells)))]
    return sorted([*regular, *grid.ragged[:LOOK]])[:LOOK]


def _split(
    grid: Grid,
    header: Header,
    head: list[tuple[int, list[str]]],
    file: str,
    checksum: str,
    vocabulary: Vocabulary,
) -> Export:
    """The lines below a header, and the fate of those that are no data."""
    last = head[header.row][0]
    first = head[header.row - header.height + 1][0]
    title = [line for row, line in head if row < first]
    reasons = {row: "title" if row < first else "header" for row, _ in head if row <= last}
    body = np.flatnonzero(grid.rows > last)
    table = TABLES[header.table]
    needed = [c for one_of in table.required for c in one_of if c in header.columns]
    required = [header.columns[c] for c in needed]
    days = [header.columns[c] for c in needed if c in table.instants]
    blank = body[_is_blank(grid.cells.take(body))]
    body = np.setdiff1d(body, blank, assume_unique=True)
    suspects = body[_suspect(grid.cells.take(body), required)]
    columns = [c.to_pylist() for c in grid.cells.take(suspects).columns]
    odd = [(int(grid.rows[s]), [c[i] for c in columns]) for i, s in enumerate(suspects)]
    ragged = [(row, line) for row, line in grid.ragged if row > last]
    headings = {fold(h) for h in header.headings}
    judged = {row: _not_data(line, required, days, headings, vocabulary) for row, line in odd + ragged}
    judged |= dict.fromkeys(_below_signature(odd + ragged, judged, required), "signature")
    reasons |= {row: reason for row, reason in judged.items() if reason}
    kept = body[~np.isin(grid.rows[body], list(reasons))]
    lines = pa.table({c: grid.cells.column(i) for c, i in header.columns.items()}).take(kept)
    shifted = _shifted([line for row, line in ragged if not judged[row]], lines, table)
    rows = [*grid.rows[kept], *(row for row, _ in ragged if not judged[row])]
    marks = {"source_row": pa.array(rows, pa.int64()), RAGGED: pa.array(np.arange(len(rows)) >= len(kept))}
    numeric = {NUMBER_MARK + c: grid.numbers.get(header.columns.get(c, -1), np.array([])) for c in table.codes}
    marks |= {mark: pa.array(np.isin(rows, numbers)) for mark, numbers in numeric.items() if len(numbers)}
    lines = pa.table({**{c: pa.chunked_array([*lines[c].chunks, shifted[c]]) for c in shifted}, **marks})
    named = set(header.columns.values())
    unread = [h for i, h in enumerate(header.headings) if i not in named and h.strip()]
    exported, covers = _title_days(title, vocabulary)
    return Export(
        file, grid.sheet, grid.read_as["format"], checksum, header.table,
        lines, sorted([*reasons.items(), *zip(grid.rows[blank].tolist(), repeat("blank"))]), {c: header.headings[i] for c, i in header.columns.items()},
        [h for h in unread if fold(h) in vocabulary.personal], [h for h in unread if fold(h) not in vocabulary.personal],
        last, exported or _name_day(file), covers, grid.read_as, grid.doubts,
    )  # fmt: skip


def _shifted(ragged: list[list[str]], lines: pa.Table, table: Table) -> dict[str, pa.Array]:
    """The cells of lines with more or fewer cells than the header: only what tells whose line it is.

    Any cell may stand in the wrong column, and a shifted one can hold a telephone number. So a code is looked for in
    every cell, by the shape that the codes of the other lines have, and nothing else is kept.
    """
    names = set(table.key) - set(table.words) - set(table.instants)
    cells = {}
    for column in lines.column_names:
        shapes = set(map(_shape, pc.unique(lines[column]).to_pylist())) - {""} if ragged and column in names else set()
        cells[column] = [next((cell for cell in line if _shape(cell) in shapes), "") for line in ragged]
    return {column: pa.array(texts, pa.string()) for column, texts in cells.items()}


def _shape(text: str) -> str:
    """A text with a 9 for every digit and an A for every letter."""
    return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", text.strip()))


def _is_blank(cells: pa.Table) -> np.ndarray:
    """Lines without a cell that says something; bool."""
    blank = np.ones(len(cells), bool)
    for column in cells.columns:
        if blank.any():
            blank &= pc.equal(pc.utf8_trim_whitespace(column), "").to_numpy(zero_copy_only=False)
    return blank


def _suspect(cells: pa.Table, required: list[int]) -> np.ndarray:
    """Lines that may be no data, judged by their required cells alone: one is empty, short, says no digit, or is
    merged with another.

    Each distinct value is looked at once, so a million lines cost no more than their different texts.
    """
    suspect = np.zeros(len(cells), bool)
    for position in required:
        column = pc.utf8_trim_whitespace(cells.column(position))
        short = pc.less(pc.utf8_length(column), 5)
        wordy = pc.invert(pc.match_substring_regex(column, r"\d"))
        suspect |= pc.or_(short, wordy).to_numpy(zero_copy_only=False)
    for position in required[1:]:
        suspect |= pc.equal(cells.column(position), cells.column(required[0])).to_numpy(zero_copy_only=False)
    return suspect


def _not_data(
    line: list[str], required: list[int], days: list[int], headings: set[str], vocabulary: Vocabulary
) -> str | None:
    """Why a line is no data, or None if it may be; a line with a required day is no total, whatever else it says."""
    texts = [" ".join(cell.split()) for cell in line]
    said = [t for t in texts if t]
    if not said:
        return "blank"
    folded = [fold(t) for t in said]
    if len(set(folded)) > 1 and set(folded) <= headings:
        return "repeated_header"
    if len(said) > 1 and _counts_up(said):
        return "number_row"
    if not any(re.search(DAY_LIKE, texts[p]) for p in days if p < len(texts) and texts[p] != said[0]):
        if any(_begins(folded[0], fold(word)) for word in vocabulary.layout["totals"]):
            return "total"
        if any(_begins(folded[0], fold(word)) for word in vocabulary.layout["signatures"]):
            return "signature"
    alone = len(set(said)) == 1 and len(line) > 1 and not is_error_cell(said[0])
    if alone and (len(said) > 1 or not any(p < len(texts) and texts[p] for p in required)):
        return "section"
    return None


def _below_signature(
    lines: list[tuple[int, list[str]]], judged: dict[int, str | None], required: list[int]
) -> list[int]:
    """Rows below a signature that hold the signers' names: nothing that is required has a digit."""
    first = min((row for row, reason in judged.items() if reason == "signature"), default=None)
    said = {row: "".join(line[p] for p in required if p < len(line)) for row, line in lines}
    return [row for row in said if first and row > first and not judged[row] and not re.search(r"\d", said[row])]


def _begins(text: str, word: str) -> bool:
    return text == word or text.startswith(word + " ")


def _counts_up(said: list[str]) -> bool:
    """Whether cells number the columns: (1) (2) (3), or A B 1 2 3."""
    bare = [t.strip("()[] ") for t in said]
    numbers = [int(t) for t in bare if t.isdecimal()]
    letters = [t for t in bare if not t.isdecimal()]
    return (
        bool(numbers)
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and all(len(t) == 1 and t.isalpha() for t in letters)
        and numbers[0] in (0, 1)
        and len(numbers) > 1
    )


# --- what a title block and a file name say --------------------------------------------------------------------------


def _title_days(title: list[list[str]], vocabulary: Vocabulary) -> tuple[date | None, tuple[date | None, date | None]]:
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


def _name_day(name: str) -> date | None:
    """The export day in a file's name: 20221110 (a time may follow), 2022-11-10 or 10-11-2022; the last of several."""
    stem = Path(name).stem
    iso = re.findall(r"(?<!\d)(20\d{2})[-_.]?(\d{2})[-_.]?(\d{2})(?=(?:\d{4}|\d{6}|\d{9})?(?!\d))", stem)
    dmy = re.findall(r"(?<!\d)(\d{2})[-_.](\d{2})[-_.](20\d{2})(?!\d)", stem)
    found = []
    for year, month, day in [*iso, *((y, m, d) for d, m, y in dmy)]:
        with contextlib.suppress(ValueError):
            found.append(date(int(year), int(month), int(day)))
    return max(found, default=None)
