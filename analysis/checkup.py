"""What ``check`` found, as text for a terminal of 80 columns."""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.check import FIRST_ROWS, look_told
from analysis.labels import Labels
from analysis.terminal import WIDTH, aligned, fitted, paragraph, plain

HOW = {
    "exact": "",
    "two_rows": "understood together with the heading above it",
    "personal": "not read: can name a person",
    "second_choice": "not read",
}
"""How a column was understood -> what is said of it."""

FOUND_BY = {"words": "", "shape": ", by its shape alone", "guess": ", a guess: nothing sets it apart"}

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


def checkup(found: Mapping[str, Any], labels: Labels) -> Iterator[str]:
    """The lines to print: each file, then what to add to a vocabulary file.

    Parameters
    ----------
    found
        As ``check.check`` gives it.
    labels
        Name reasons and doubts.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> file = {"file": "a.xlsx", "usable": False, "problem": "is a PNG picture, not a table.", "sheets": []}
    >>> for line in checkup({"files": [file], "unusable": 1, "vocabulary_lines": ""}, read_labels("en")): print(line)
    a.xlsx
    ──────
    CANNOT BE USED: is a PNG picture, not a table.
    """
    for number, file in enumerate(found["files"]):
        yield from [""] * 2 * bool(number)
        yield from _file(file, labels)
    if found["vocabulary_lines"]:
        yield from ["", "", *_heading("Lines for a vocabulary file")]
        yield from paragraph(
            "Fill in each ???, drop what means nothing here, and give the file with --vocabulary. Or run the same with --learn, and choose the meanings in the handbook."
        )
        yield from ["", *found["vocabulary_lines"].splitlines()]
    if len(found["files"]) > 1:
        usable = len(found["files"]) - found["unusable"]
        yield from ["", "", *_heading("All files"), f"{usable} can be used, {found['unusable']} cannot."]


def _file(file: Mapping[str, Any], labels: Labels) -> Iterator[str]:
    name = list(paragraph(file["file"]))
    yield from name
    yield "─" * max(len(line) for line in name)
    if not file["usable"]:
        yield from paragraph(f"CANNOT BE USED: {file['problem']}", hanging=2)
    for sheet in file["sheets"]:
        if sheet["sheet"] or len(file["sheets"]) > 1:
            yield from ["", *paragraph(f"Sheet “{sheet['sheet']}”")]
        if sheet["problem"] and sheet["problem"] != file["problem"]:
            yield from paragraph(f"CANNOT BE USED: {sheet['problem']}", hanging=2)
        yield from _sheet(sheet, labels)


def _heading(text: str) -> list[str]:
    return [text, "─" * len(text)]


def _sheet(sheet: Mapping[str, Any], labels: Labels) -> Iterator[str]:
    yield from aligned(list(_facts(sheet, labels)), indent=0)
    if sheet["columns"]:
        yield from ["", "Columns", *aligned([_column(c) for c in sheet["columns"]])]
    for one_of in sheet["missing"]:
        yield from paragraph(f"missing: {' or '.join(one_of)}", 2, 2)
    if sheet["first_rows"]:
        yield from ["", "First lines, as understood", *_first_rows(sheet["first_rows"])]
    for title, name in (("Would be rejected", "rejected"), ("Read, but doubtful", "doubtful")):
        if sheet[name]:
            yield from ["", title, *aligned([_reason(r, labels) for r in sheet[name]])]
    if sheet["unmapped"]:
        rows = [(w["column"], str(w["lines"]), f"“{w['word']}”") for w in sheet["unmapped"]]
        yield from ["", "Words without a meaning (column, lines, word)", *aligned(rows)]


def _facts(sheet: Mapping[str, Any], labels: Labels) -> Iterator[tuple[str, str]]:
    """What is known of a sheet as a whole."""
    yield "read as", ", ".join(_read_as(sheet["read_as"]))
    yield "size", f"{_several(sheet['lines'], 'line')}, {_several(sheet['width'], 'column')}"
    if sheet["skipped"]:
        yield "skipped", labels.doubt(sheet["skipped"])
    if not sheet["skipped"] and not sheet["problem"]:
        likely = f"; nearest is {sheet['nearest_table']}" if sheet["nearest_table"] else ""
        yield "table", sheet["table"] or f"not understood{likely}"
    row, height = sheet["header"]["row"], sheet["header"]["height"]
    if row:
        rows = f"row {row}" if height == 1 else f"rows {row - height + 1} and {row}"
        yield "header", rows + FOUND_BY[sheet["header"]["found_by"]]
    if sheet["exported_on"]:
        yield "exported", sheet["exported_on"]
    if any(sheet["covers"]):
        yield "covers", " to ".join(day or "?" for day in sheet["covers"])
    if sheet["fates"]:
        parts = [f"{number} {fate.replace('_', ' ')}" for fate, number in sheet["fates"].items()]
        reasons = ", ".join(f"{n} {reason.replace('_', ' ')}" for reason, n in sheet["not_data"].items())
        yield "lines", f"{sheet['lines']} = {' + '.join(parts)}" + (f" ({reasons})" if reasons else "")
    for doubt in sheet["doubts"]:
        yield "doubt", labels.doubt(doubt["reason"], doubt["detail"])


def _read_as(read_as: Mapping[str, str]) -> Iterator[str]:
    for name, value in read_as.items():
        told = DELIMITERS.get(value, value) if name == "delimiter" else value
        if told:
            yield told if name in ("format", "encoding") else f"{name.replace('_', ' ')} {told}"


def _column(column: Mapping[str, Any]) -> tuple[str, str, str]:
    """Letter, heading, and what it is understood as."""
    if column["how"] == "unknown":
        near = " or ".join(f"“{n['heading']}” ({n['column']})" for n in column["nearest"])
        said = f"? not understood; {look_told(column)}" + (f"; nearest: {near}" if near else "")
    else:
        said = ", ".join(filter(None, [column["column"], HOW[column["how"]]]))
    unsure = f"; UNSURE: {column['unsure']}" if column["unsure"] and column["column"] else ""
    also = f": {column['unsure']}" if column["unsure"] and not column["column"] else ""
    return _letter(column["position"]), fitted(plain(column["heading"]), 26).rstrip(), said + unsure + also


def _several(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("s" if number != 1 else "")


def _letter(position: int) -> str:
    """The name of a column in a spreadsheet.

    >>> _letter(1), _letter(28)
    ('A', 'AB')
    """
    rest, last = divmod(position - 1, 26)
    return (_letter(rest) if rest else "") + chr(ord("A") + last)


def _first_rows(rows: list[dict[str, Any]]) -> Iterator[str]:
    """The first lines side by side, one line per column; what is empty in all of them is left out."""
    columns = [c for c in rows[0] if c == "row" or any(row[c] is not None for row in rows)]
    names = max(map(len, columns))
    each = (WIDTH - 2 - names - 2 * FIRST_ROWS) // FIRST_ROWS
    for column in columns:
        cells = [fitted(plain(str(row[column] if row[column] is not None else "–")), each) for row in rows]
        yield "  ".join(["  " + column.ljust(names), *cells]).rstrip()


def _reason(group: Mapping[str, Any], labels: Labels) -> tuple[str, str]:
    value = f": “{group['value']}”" if group["value"] else ""
    said = labels.reason(group["reason"], group["column"])
    return str(group["lines"]), f"{said[0].lower()}{said[1:]}; for example row {group['row']}{value}"
