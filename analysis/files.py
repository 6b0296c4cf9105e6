"""Export files -> raw tables of text.

What a file is, its content says, not its name. The header is found by the vocabulary, wherever it stands; every
line that is no data (title, header, number row, section, total, signature, blank) is named as such. Cells stay the
text that the file holds: codes keep their zeros, and dates are read later, by ``cleaning``.
"""

import contextlib
import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from lxml import html as lxml_html
from lxml.etree import ParserError
from python_calamine import CalamineWorkbook

from analysis.tables import RAGGED, TABLES, Table
from analysis.vocabulary import Vocabulary, fold

LOOK = 60
"""How many lines of a sheet are searched for its header."""

NO_EXPORTS = {"readme.md", "readme.txt", "thumbs.db", "desktop.ini"}
"""Files that people and Windows leave in folders."""

DELIMITERS = ",;\t|"

csv.field_size_limit(2**31 - 1)

DAY_LIKE = r"\d[-/.]\d|^\d{5}"
"""What a cell has in it that holds a day, right or wrong."""

SIGNATURES = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"{\\rtf": "an RTF document",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip archive",
}
"""First bytes of what is no export, and what to call it."""


class FileProblem(Exception):
    """A file cannot be read as an export; the message names the file, what is wrong, and what to do."""


class Grid(NamedTuple):
    """The cells of one sheet, as text, before anything is understood."""

    sheet: str
    cells: pa.Table
    """One string column per column of the sheet; a missing cell is empty."""
    rows: np.ndarray
    """The row of each line, from 1, as a spreadsheet shows it; int64."""
    ragged: list[tuple[int, list[str]]]
    """(row, cells) of lines with more or fewer cells than the header."""


class Export(NamedTuple):
    """One sheet of one export, with its header understood."""

    file: str
    sheet: str
    format: str
    sha256: str
    table: str
    """The table it belongs to; a key of ``tables.TABLES``."""
    lines: pa.Table
    """The understood columns as text, by the table's names; ``source_row`` (int64); and ``ragged`` (bool): the line has
    more or fewer cells than the header, so of its cells only those that name its row are there."""
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

    @property
    def lines_read(self) -> int:
        """Lines of the sheet: data and no data."""
        return len(self.lines) + len(self.not_data)


def find_exports(data: Path) -> list[Path]:
    """The export files of a folder, or the one file named.

    While a folder holds nothing but ``sample/``, that is what is read; a folder with files of its own never reads
    the sample beside them.

    Raises
    ------
    FileProblem
        If there is no such file or folder, or nothing in it.
    """
    if data.is_file():
        return [data]
    if not data.is_dir():
        raise FileProblem(f"{data}: there is no such file or folder; name the folder that holds the exports.")
    found = sorted(p for p in data.rglob("*") if p.is_file() and not _is_no_export(p.relative_to(data)))
    own = [p for p in found if p.relative_to(data).parts[0] != "sample"]
    if not found:
        raise FileProblem(f"{data}: holds no export; put the files of the one-stop system there.")
    return own or found


def _is_no_export(path: Path) -> bool:
    """Whether a file is hidden, a lock, or a note to read."""
    return any(part.startswith((".", "~$")) for part in path.parts) or path.name.lower() in NO_EXPORTS


def read_export(path: Path, *, vocabulary: Vocabulary, name: str | None = None) -> list[Export]:
    """Read every sheet of one export.

    Parameters
    ----------
    path
        CSV or TSV, XLSX, XLS, XLSB or ODS, or an HTML table saved under any of these names.
    vocabulary
        Finds the header and says what its columns mean.
    name
        How ``source_file`` calls it; by default the file's name.

    Returns
    -------
    list of Export
        Sheets with a header that is understood. In a workbook with at least one such sheet the others become an
        ``Export`` without lines, every line of theirs ``sheet_not_understood``.

    Raises
    ------
    FileProblem
        If the file is no export, cannot be opened, or no sheet of it has a header that is understood.
    """
    name = name or path.name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileProblem(
            f"{name}: cannot be read ({error.strerror}); check the permissions, or close the program that has it open."
        ) from None
    form, grids = _read_grids(content, name, vocabulary)
    checksum = hashlib.sha256(content).hexdigest()
    understood = [_understand(grid, name, form, checksum, vocabulary) for grid in grids]
    if not any(e.table for e in understood):
        raise FileProblem(_no_header(grids, name))
    return understood


def _no_header(grids: list[Grid], name: str) -> str:
    if not any(len(g.cells) or g.ragged for g in grids):
        return f"{name}: holds no line; export it again."
    needs = "; ".join(f"{t}: " + ", ".join(" or ".join(r) for r in table.required) for t, table in TABLES.items())
    return (
        f"{name}: no header was found in the first {LOOK} lines, so no column is understood. A table needs these columns "
        f"({needs}); add your system's headings to a vocabulary file."
    )


# --- the grid: any format -> cells of text ---------------------------------------------------------------------------


def _read_grids(content: bytes, name: str, vocabulary: Vocabulary) -> tuple[str, list[Grid]]:
    """Tell the format by its content and read every sheet."""
    for first, what in SIGNATURES.items():
        if content.startswith(first):
            raise FileProblem(f"{name}: is {what}, not a table; export it as XLSX or CSV.")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "workbook", list(_read_workbook(content, name))
    text = _decode(content, name)
    if not text.strip():
        raise FileProblem(f"{name}: is empty; export it again.")
    if re.match(r"\s*<\?xml", text) and "urn:schemas-microsoft-com:office:spreadsheet" in text[:5000]:
        raise FileProblem(f"{name}: is an XML workbook of 2003; open it in a spreadsheet and save it as XLSX.")
    if re.match(r"\s*<", text) and re.search(r"<table\b", text, re.IGNORECASE):
        return "html", list(_read_html(text, name))
    try:
        return "csv", [_read_text(text, vocabulary)]
    except FileProblem as problem:
        raise FileProblem(f"{name}: {problem}") from None


def _decode(content: bytes, name: str) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileProblem(
            f"{name}: line {line} is not {encoding.removesuffix('-sig').upper()} text; save it as CSV UTF-8."
        ) from None
    if "\0" in text:
        raise FileProblem(f"{name}: holds binary data, not a table; export it as XLSX or CSV.")
    return text


def _read_workbook(content: bytes, name: str) -> Iterator[Grid]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in workbook.sheet_names:
            opened = workbook.get_sheet_by_name(sheet)
            lines = [[_cell_text(c) for c in line] for line in opened.to_python(skip_empty_area=False)]
            _fill_merged(lines, opened.merged_cell_ranges or [])
            yield _grid(sheet, lines)
    except Exception as error:
        raise FileProblem(
            f"{name}: cannot be opened as a workbook ({error}); open it in a spreadsheet, without a password, and save it as XLSX."
        ) from None


def _cell_text(cell: Any) -> str:
    """A workbook's cell as text: whole numbers without a fraction, days and instants in ISO form."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _fill_merged(lines: list[list[str]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Give every cell of a merged range the text of its first."""
    for (top, left), (bottom, right) in ranges:
        for line in lines[top : bottom + 1]:
            line[left : right + 1] = lines[top][left : left + 1] * len(line[left : right + 1])


def _read_html(text: str, name: str) -> Iterator[Grid]:
    try:
        document = lxml_html.fromstring(text.encode(), parser=lxml_html.HTMLParser(encoding="utf-8", no_network=True))
    except ParserError as error:
        raise FileProblem(f"{name}: is no HTML table ({error}); export it as XLSX or CSV.") from None
    for part in document.iter("br", "p", "div", "li"):
        part.tail = "\n" + (part.tail or "")
    for number, table in enumerate(document.iter("table"), 1):
        yield _grid(f"table {number}" if number > 1 else "", _spread(table))


def _spread(table: Any) -> list[list[str]]:
    """The rows of an HTML table, a cell that spans several repeated in each."""
    lines: list[list[str]] = []
    below: dict[tuple[int, int], str] = {}
    for top, row in enumerate(table.iter("tr")):
        line: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while (top, len(line)) in below:
                line.append(below.pop((top, len(line))))
            text = " ".join(cell.text_content().split())
            wide, high = (_span(cell.get(way, "")) for way in ("colspan", "rowspan"))
            below |= {(top + down, len(line) + i): text for down in range(1, high) for i in range(wide)}
            line += [text] * wide
        while (top, len(line)) in below:
            line.append(below.pop((top, len(line))))
        lines.append(line)
    return lines


def _span(said: str) -> int:
    return min(max(int(said), 1), 1000) if said.isdecimal() else 1


def _grid(sheet: str, lines: list[list[str]]) -> Grid:
    """Lines of any length as a grid; a short line ends in empty cells, as a spreadsheet shows it."""
    width = max(map(len, lines), default=0)
    columns = [[line[i] if i < len(line) else "" for line in lines] for i in range(width)]
    cells = pa.table({str(i): pa.array(c, pa.string()) for i, c in enumerate(columns)})
    return Grid(sheet, cells, np.arange(1, len(lines) + 1), [])


def _read_text(text: str, vocabulary: Vocabulary) -> Grid:
    """Delimited text, under the delimiter that makes its header best understood."""
    head = list(_take(io.StringIO(text, newline=""), LOOK))
    looks = {d: list(csv.reader(head, delimiter=d)) for d in DELIMITERS}
    best = max(DELIMITERS, key=lambda d: (_best_header(looks[d], vocabulary).score, max(map(len, looks[d]), default=0)))
    found = _best_header(looks[best], vocabulary)
    width = len(looks[best][found.row]) if found.score else max(map(len, looks[best]), default=1)
    odd: list[tuple[int, list[str]]] = []

    def keep_odd(line: pacsv.InvalidRow) -> str:
        odd.append((line.number, next(csv.reader(io.StringIO(line.text, newline=""), delimiter=best), [])))
        return "skip"

    names = [str(i) for i in range(width)]
    try:
        cells = pacsv.read_csv(
            pa.BufferReader(text.encode()),
            read_options=pacsv.ReadOptions(
                column_names=names, use_threads=False, block_size=max(1 << 24, len(text) // 8)
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=best, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=keep_odd
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        _check_quotes(text, best)
        raise FileProblem(f"cannot be read as delimited text ({error}); save it as CSV UTF-8.") from None
    if len(cells) + len(odd) < text.count("\n"):
        _check_quotes(text, best)
    rows = np.setdiff1d(np.arange(1, len(cells) + len(odd) + 1), [row for row, _ in odd], assume_unique=True)
    return Grid("", cells, rows, odd)


def _check_quotes(text: str, delimiter: str) -> None:
    """Refuse a quotation mark that is not closed where its cell ends, if it swallows the lines below."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            if next(reader, None) is None:
                return
        except csv.Error:
            if reader.line_num > line:
                raise FileProblem(
                    f"a quotation mark in line {line} is not closed in its cell, so the lines below it would be lost; "
                    "close it, or export the file again."
                ) from None


def _take(lines: Iterable[str], most: int) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == most:
            return
        yield line.replace("\0", "")


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


def _best_header(lines: list[list[str]], vocabulary: Vocabulary) -> Header:
    """The line, or pair of lines, of which the vocabulary understands most; a tie between two tables is an error."""
    found = [h for i in range(len(lines)) for h in _headers_at(lines, i, vocabulary)]
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


def _understand(grid: Grid, file: str, form: str, checksum: str, vocabulary: Vocabulary) -> Export:
    """Find a sheet's header and set apart the lines that are no data."""
    head = _head(grid)
    try:
        header = _best_header([line for _, line in head], vocabulary)
    except FileProblem as problem:
        place = f"{file}, sheet {grid.sheet}" if grid.sheet else file
        raise FileProblem(f"{place}: {problem}") from None
    if not header.score:
        rows = [*grid.rows.tolist(), *(row for row, _ in grid.ragged)]
        lines = pa.table({"source_row": pa.array([], pa.int64())})
        reasons = [(row, "sheet_not_understood") for row in sorted(rows)]
        return Export(file, grid.sheet, form, checksum, "", lines, reasons, {}, [], [], 0, None, (None, None))
    return _split(grid, header, head, file, form, checksum, vocabulary)


def _head(grid: Grid) -> list[tuple[int, list[str]]]:
    """The first lines of a sheet, ragged ones in their places."""
    columns = [c.to_pylist() for c in grid.cells.slice(0, LOOK).columns]
    regular = [(int(grid.rows[i]), [c[i] for c in columns]) for i in range(min(LOOK, len(grid.cells)))]
    return sorted([*regular, *grid.ragged[:LOOK]])[:LOOK]


def _split(
    grid: Grid,
    header: Header,
    head: list[tuple[int, list[str]]],
    file: str,
    form: str,
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
    lines = pa.table({**{c: pa.chunked_array([*lines[c].chunks, shifted[c]]) for c in shifted}, **marks})
    named = set(header.columns.values())
    unread = [h for i, h in enumerate(header.headings) if i not in named and h.strip()]
    exported, covers = _title_days(title, vocabulary)
    return Export(
        file, grid.sheet, form, checksum, header.table,
        lines, sorted(reasons.items()), {c: header.headings[i] for c, i in header.columns.items()},
        [h for h in unread if fold(h) in vocabulary.personal], [h for h in unread if fold(h) not in vocabulary.personal],
        last, exported or _name_day(file), covers,
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
    alone = len(set(said)) == 1 and len(line) > 1
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
