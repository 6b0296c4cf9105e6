"""A table of a published text, written out row by row, so that it is read by the same rules as running text."""

import re
from collections.abc import Iterable, Sequence
from itertools import dropwhile

from analysis.claim_tokens import Passage, tokens_of
from analysis.claim_words import plain

FIGURE = re.compile(r"^\(?[-+−]?\d[\d.,\s\u00a0]*%?\)?$")
NUMBERED = re.compile(r"^[\d()=+\s-]*$")
"""What stands in a row that numbers the columns."""


def passages_of_table(lines: Sequence[Sequence[str]], *, place: str) -> list[Passage]:
    """The rows of a table, written out: "heading: figure" where its headings say what is counted, else "label: figure".

    Examples
    --------
    >>> rows = [["Cấp", "Tiếp nhận", "Đã giải quyết"], ["Cấp tỉnh", "54", "51"]]
    >>> passages_of_table(rows, place="table 1")
    [Passage(place='table 1, row 2', text='Tiếp nhận: 54; Đã giải quyết: 51', scope='cấp tỉnh', goes_on=True, is_row=True)]
    """
    rows = [[" ".join(cell.split()) for cell in line] for line in lines]
    begin = next((i for i, row in enumerate(rows) if _is_data(row)), len(rows))
    width = max(map(len, rows), default=0)
    heads = [_heading(rows[:begin], column) for column in range(width)]
    headed = sum(_says_what(head) for head in heads) >= 2
    where = f"{place}, " if place else ""
    found = []
    for number, row in enumerate(rows, 1):
        if number <= begin or not any(row):
            text = "; ".join(dict.fromkeys(cell for cell in row if cell))
            if number <= begin and len(set(filter(None, row))) == 1:  # a title, not a heading
                found.append(Passage(f"{where}row {number}", text))
            continue
        if _is_data(row):
            at = f"{where}row {number}"
            found += [_row(row, heads, at)] if headed else _row_of_columns(row, heads, at)
    return found


def _row(row: Sequence[str], heads: Sequence[str], place: str) -> Passage:
    """A row under headings that say what is counted; its label is the part of the whole that it is about."""
    label = _label(row)
    pieces: list[str] = []
    for column, cell in _figures(row):
        head = heads[column]
        figure = cell if "%" in cell or "%" not in head else f"{cell}%"
        is_share = "%" in figure and pieces and _is_plain(head)
        pieces.append(f"({figure})" if is_share else f"{head}: {figure}")
    text = "; ".join(pieces).replace("; (", " (")
    return Passage(place, text, "" if _is_whole(label) else plain(label), goes_on=True, is_row=True)


def _row_of_columns(row: Sequence[str], heads: Sequence[str], place: str) -> list[Passage]:
    """A row whose label says what is counted: a passage per column; another column than the first is another whole."""
    label, found = _label(row), list[Passage]()
    for column, cell in _figures(row):
        head = heads[column]
        figure = cell if "%" in cell or "%" not in head else f"{cell}%"
        if "%" in figure and found and _is_plain(head):
            found[-1] = found[-1]._replace(text=f"{found[-1].text} ({figure})")
        elif _says_when(head) or _is_plain(head) or not found:
            said = f"{head}, {label}" if _says_when(head) else label
            found.append(Passage(place, f"{said}: {figure}", goes_on=True))
        elif "%" in figure:
            found.append(Passage(place, f"{head} {label}: {figure}", goes_on=True))
        else:
            found.append(Passage(place, f"{label}: {figure}", plain(head), goes_on=True))
    return found


def _is_title(row: Sequence[str]) -> bool:
    """Whether a row says one thing, over the whole table."""
    return len(row) > 1 and len(set(filter(None, row))) <= 1


def _label(row: Sequence[str]) -> str:
    """The words before the first figure; a number that only counts the rows is none."""
    first = next((column for column, _ in _figures(row)), len(row))
    return " ".join(cell for cell in row[:first] if cell and not FIGURE.match(cell))


def _figures(row: Sequence[str]) -> list[tuple[int, str]]:
    """(Column, cell) of the figures of a row, without the number of the row."""
    is_counted = len(row) > 1 and bool(FIGURE.match(row[0])) and bool(row[1]) and not FIGURE.match(row[1])
    return [
        (column, cell) for column, cell in enumerate(row) if FIGURE.match(cell) and not (is_counted and column == 0)
    ]


def _is_data(row: Sequence[str]) -> bool:
    """Whether a row holds figures beside a label; a row that numbers the columns holds none."""
    figures = [cell for cell in row if FIGURE.match(cell)]
    others = [cell for cell in row if cell and not FIGURE.match(cell)]
    return bool(figures) and bool(others) and not all(re.match(r"^[(\[]", cell) for cell in figures)


def _heading(rows: Iterable[Sequence[str]], column: int) -> str:
    """The words above a column; a blank beside a heading belongs to the heading to its left, as merged cells do."""
    above = [row for row in dropwhile(_is_title, rows) if not all(NUMBERED.match(cell) for cell in row)]
    told: list[str] = []
    is_own = False
    for depth, row in enumerate(above):
        cell = row[column] if column < len(row) else ""
        if cell:
            is_own = True
        elif not is_own and depth < len(above) - 1:
            cell = next((row[left] for left in range(min(column, len(row)) - 1, -1, -1) if row[left]), "")
        if cell and cell not in told:
            told.append(cell)
    return " ".join(told)


def _says_what(head: str) -> bool:
    tokens, _ = tokens_of(head)
    return any(t.says("action") or t.says("timeliness") or t.says("channel") for t in tokens)


def _says_when(head: str) -> bool:
    """Whether a heading names a period."""
    _, skipped = tokens_of(head)
    return any(each.period for each in skipped)


def _is_plain(head: str) -> bool:
    """Whether a heading says nothing of its own: "Tỷ lệ (%)"."""
    tokens, _ = tokens_of(head)
    return all(t.kind in ("plain", "mark") or t.relation == "share" or t.text == "%" for t in tokens)


def _is_whole(label: str) -> bool:
    tokens, _ = tokens_of(label)
    return all(t.kind in ("plain", "mark", "feature") for t in tokens)
