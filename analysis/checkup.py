"""What ``check`` found, as text for a terminal of 80 columns."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from analysis.check import FIRST_ROWS, look_told
from analysis.labels import Labels
from analysis.messages import in_language
from analysis.terminal import WIDTH, aligned, fitted, paragraph, plain

HOW = {
    "exact": "",
    "two_rows": "understood together with the heading above it",
    "personal": "not read: can name a person",
    "second_choice": "not read",
}
"""How a column was understood -> what is said of it."""

FOUND_BY = {"words": "", "shape": ", by its shape alone", "guess": ", a guess: nothing sets it apart"}

TO_DO = (
    "Fill in each ???, drop what means nothing here, and give the file with --vocabulary. Or run the same with --learn, and "
    "choose the meanings in the handbook."
)
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


def checkup(found: Mapping[str, Any], labels: Labels) -> Iterator[str]:
    """The lines to print: each file, then what to add to a vocabulary file.

    Parameters
    ----------
    found
        As ``check.check`` gives it.
    labels
        Their language is that of all that is said; they name reasons and doubts.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> file = {"file": "a.xlsx", "usable": False, "problem": "is a PNG picture, not a table.", "sheets": []}
    >>> for line in checkup({"files": [file], "unusable": 1, "vocabulary_lines": ""}, read_labels("en")): print(line)
    a.xlsx
    ──────
    CANNOT BE USED: is a PNG picture, not a table.
    """
    said = partial(in_language, lang=labels.lang)
    for number, file in enumerate(found["files"]):
        yield from [""] * 2 * bool(number)
        yield from _file(file, labels)
    if found["vocabulary_lines"]:
        yield from ["", "", *_heading(said("Lines for a vocabulary file"))]
        yield from paragraph(said(TO_DO))
        yield from ["", *found["vocabulary_lines"].splitlines()]
    if len(found["files"]) > 1:
        usable = len(found["files"]) - found["unusable"]
        yield from ["", "", *_heading(said("All files")), said(f"{usable} can be used, {found['unusable']} cannot.")]


def _file(file: Mapping[str, Any], labels: Labels) -> Iterator[str]:
    said, name = partial(in_language, lang=labels.lang), list(paragraph(file["file"]))
    yield from name
    yield "─" * max(len(line) for line in name)
    if not file["usable"]:
        yield from paragraph(said(f"CANNOT BE USED: {file['problem']}"), hanging=2)
    for sheet in file["sheets"]:
        if sheet["sheet"] or len(file["sheets"]) > 1:
            yield from ["", *paragraph(said(f"Sheet “{sheet['sheet']}”"))]
        if sheet["problem"] and sheet["problem"] != file["problem"]:
            yield from paragraph(said(f"CANNOT BE USED: {sheet['problem']}"), hanging=2)
        yield from _sheet(sheet, labels)


def _heading(text: str) -> list[str]:
    return [text, "─" * len(text)]


def _sheet(sheet: Mapping[str, Any], labels: Labels) -> Iterator[str]:
    said = partial(in_language, lang=labels.lang)
    yield from aligned([(said(name), fact) for name, fact in _facts(sheet, labels)], indent=0)
    if sheet["columns"]:
        yield from ["", said("Columns"), *aligned([_column(c, labels) for c in sheet["columns"]])]
    for one_of in sheet["missing"]:
        yield from paragraph(said(f"missing: {' or '.join(one_of)}"), 2, 2)
    if sheet["first_rows"]:
        yield from ["", said("First lines, as understood"), *_first_rows(sheet["first_rows"], labels)]
    for title, name in (("Would be rejected", "rejected"), ("Read, but doubtful", "doubtful")):
        if sheet[name]:
            yield from ["", said(title), *aligned([_reason(r, labels) for r in sheet[name]])]
    if sheet["unmapped"]:
        rows = [(w["column"], str(w["lines"]), f"“{w['word']}”") for w in sheet["unmapped"]]
        yield from ["", said("Words without a meaning (column, lines, word)"), *aligned(rows)]


def _facts(sheet: Mapping[str, Any], labels: Labels) -> Iterator[tuple[str, str]]:
    """What is known of a sheet as a whole."""
    said = partial(in_language, lang=labels.lang)
    yield "read as", ", ".join(map(said, _read_as(sheet["read_as"])))
    lines, columns = sheet["lines"], sheet["width"]
    height = said(f"{lines} line" if lines == 1 else f"{lines} lines")
    yield "size", f"{height}, {said(f'{columns} column' if columns == 1 else f'{columns} columns')}"
    if sheet["skipped"]:
        yield "skipped", labels.doubt(sheet["skipped"])
    if not sheet["skipped"] and not sheet["problem"]:
        likely = f"; nearest is {sheet['nearest_table']}" if sheet["nearest_table"] else ""
        yield "table", sheet["table"] or said(f"not understood{likely}")
    row, height = sheet["header"]["row"], sheet["header"]["height"]
    if row:
        rows = f"row {row}" if height == 1 else f"rows {row - height + 1} and {row}"
        yield "header", said(rows) + said(FOUND_BY[sheet["header"]["found_by"]])
    if sheet["exported_on"]:
        yield "exported", sheet["exported_on"]
    if any(sheet["covers"]):
        first, last = (day or "?" for day in sheet["covers"])
        yield "covers", said(f"{first} to {last}")
    if sheet["fates"]:
        parts = [said(f"{number} {fate.replace('_', ' ')}") for fate, number in sheet["fates"].items()]
        reasons = ", ".join(said(f"{n} {reason.replace('_', ' ')}") for reason, n in sheet["not_data"].items())
        yield "lines", f"{sheet['lines']} = {' + '.join(parts)}" + (f" ({reasons})" if reasons else "")
    for doubt in sheet["doubts"]:
        yield "doubt", labels.doubt(doubt["reason"], doubt["detail"])


def _read_as(read_as: Mapping[str, str]) -> Iterator[str]:
    for name, value in read_as.items():
        told = DELIMITERS.get(value, value) if name == "delimiter" else value
        if told:
            yield told if name in ("format", "encoding") else f"{name.replace('_', ' ')} {told}"


def _column(column: Mapping[str, Any], labels: Labels) -> tuple[str, str, str]:
    """Letter, heading, and what it is understood as."""
    in_words, doubt = partial(in_language, lang=labels.lang), column["unsure"]
    if column["how"] == "unknown":
        near = " or ".join(f"“{n['heading']}” ({n['column']})" for n in column["nearest"])
        said = in_words(f"? not understood; {look_told(column)}") + (in_words(f"; nearest: {near}") if near else "")
    else:
        said = ", ".join(filter(None, [column["column"], in_words(HOW[column["how"]])]))
    unsure = in_words(f"; UNSURE: {doubt}") if doubt and column["column"] else ""
    also = f": {in_words(doubt)}" if doubt and not column["column"] else ""
    return _letter(column["position"]), fitted(plain(column["heading"]), 26).rstrip(), said + unsure + also


def _letter(position: int) -> str:
    """The name of a column in a spreadsheet.

    >>> _letter(1), _letter(28)
    ('A', 'AB')
    """
    rest, last = divmod(position - 1, 26)
    return (_letter(rest) if rest else "") + chr(ord("A") + last)


def _first_rows(rows: list[dict[str, Any]], labels: Labels) -> Iterator[str]:
    """The first lines side by side, one line per column; what is empty in all of them is left out."""
    columns = [c for c in rows[0] if c == "row" or any(row[c] is not None for row in rows)]
    names = max(map(len, columns))
    row_of = {"row": in_language("row", labels.lang)}
    each = (WIDTH - 2 - names - 2 * FIRST_ROWS) // FIRST_ROWS
    for column in columns:
        cells = [fitted(plain(str(row[column] if row[column] is not None else "–")), each) for row in rows]
        yield "  ".join(["  " + row_of.get(column, column).ljust(names), *cells]).rstrip()


def _reason(group: Mapping[str, Any], labels: Labels) -> tuple[str, str]:
    value = f": “{group['value']}”" if group["value"] else ""
    said = labels.reason(group["reason"], group["column"])
    example = in_language(f"; for example row {group['row']}", labels.lang)
    return str(group["lines"]), f"{said[0].lower()}{said[1:]}{example}{value}"
