"""The handbook: what a department tells the program, in one workbook beside the exports.

Every line stands for itself. One that cannot be used is a mistake, told with its place, what was found and what is allowed,
and stops nothing else. What a line does is undone by deleting it: nothing of it is kept anywhere else.
"""

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from analysis.files import read_grids
from analysis.grids import FileProblem, Grid
from analysis.handbook_form import Column, Sheet, chosen, heads, read_form
from analysis.periods import Unanswerable, read_period
from analysis.vocabulary import fold

NAME = "so-tay.xlsx"
"""What the handbook is called (sổ tay, without its accents)."""

LOOK = 30
"""Rows in which the headings of a sheet are looked for."""

DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S")

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)

MISTAKE = ("sheet", "row", "column", "found", "problem", "detail")


class Mistake(Exception):
    """A cell that cannot be used; ``problem`` is a key of the labels, of the section ``handbook`` unless it names one."""

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(problem, detail)
        self.problem, self.detail = problem, detail


class Handbook(NamedTuple):
    """What a handbook says."""

    path: Path | None
    sha256: str
    lines: Mapping[str, pd.DataFrame]
    """Sheet -> one row per line that can be used: the columns of the form that are read (text; days datetime64[us];
    numbers and per cent float64; years Int64; choices by their value; blank where nothing was typed) and ``row``."""
    mistakes: pd.DataFrame
    """One row per line that cannot be used, or sheet: ``sheet`` and ``column`` as the workbook calls them, ``row`` (0: the
    whole sheet), ``found``, ``problem`` (as in ``Mistake``) and ``detail`` (what is allowed)."""

    def __repr__(self) -> str:
        """How many lines each sheet has, and how many cannot be used.

        Examples
        --------
        >>> read_handbook(None)
        <Handbook: none>
        """
        lines = [f"{sheet} {len(found)}" for sheet, found in self.lines.items() if len(found)]
        lines += [f"cannot be used {len(self.mistakes)}"] * bool(len(self.mistakes))
        return f"<Handbook: {', '.join([self.path.name if self.path else 'none', *lines])}>"

    def of(self, sheet: str) -> pd.DataFrame:
        """The lines of a sheet."""
        return self.lines[sheet]

    def without(self, sheet: str, row: int, column: str, found: str, mistake: Mistake) -> "Handbook":
        """The same with a line taken out that turned out to be a mistake; names are those of the form."""
        left = self.lines[sheet][self.lines[sheet].row != row].reset_index(drop=True)
        form = read_form().sheets[sheet]
        told = _told(form.names["vi"], row, form.columns[column].names["vi"], found, mistake)
        mistakes = pd.concat([self.mistakes, _table([told])], ignore_index=True)
        return self._replace(lines={**self.lines, sheet: left}, mistakes=mistakes)


def read_handbook(path: Path | None) -> Handbook:
    """Read a handbook.

    Parameters
    ----------
    path
        The workbook; none for one that says nothing. Its sheets and columns may stand in any order, and be called as in
        either language. Sheets that are no part of the form are the department's own and are not read.

    Returns
    -------
    Handbook

    Raises
    ------
    FileProblem
        If there is no such file, or it is no workbook that can be opened. Figures without what it says would be others.

    Examples
    --------
    >>> read_handbook(None).of("targets").columns.tolist()
    ['measure', 'definition', 'unit', 'year', 'value', 'source', 'row']
    """
    if path is None:
        return Handbook(None, "", {name: _frame(sheet, []) for name, sheet in read_form().sheets.items()}, _table([]))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileProblem(
            f"{path}: the handbook cannot be read ({error.strerror}); close it where it is open."
        ) from None
    try:
        grids = {grid.sheet: grid for grid in read_grids(content)}
    except FileProblem as problem:
        raise FileProblem(f"{path}: the handbook {problem}") from None
    return _read(path, hashlib.sha256(content).hexdigest(), grids)


def _read(path: Path, sha256: str, grids: Mapping[str, Grid]) -> Handbook:
    lines, mistakes = {}, []
    found = {_sheet_named(name): name for name in grids}
    for name, form in read_form().sheets.items():
        rows: list[dict[str, Any]] = []
        if name in found:
            rows, wrong = _read_sheet(grids[found[name]], form)
            mistakes += wrong
        lines[name] = _frame(form, rows)
    if not set(found) & set(lines):
        raise FileProblem(f"{path}: holds no sheet of a handbook; write a new one with `analysis handbook`.")
    mistakes += [mistake for name in grids if (mistake := _misnamed(name, set(found)))]
    return Handbook(path, sha256, lines, _table(mistakes))


def _sheet_named(name: str) -> str:
    """The sheet of the form that a workbook's sheet is; its own name if it is none."""
    sheets = {sheet: form.names for sheet, form in read_form().sheets.items()}
    return chosen(name, sheets) or name


def _misnamed(name: str, found: set[str]) -> tuple[Any, ...] | None:
    """A mistake, if the name of a sheet is nearly that of one that is not there."""
    missing = {fold(form.names["vi"]): form.names["vi"] for s, form in read_form().sheets.items() if s not in found}
    if _sheet_named(name) in read_form().sheets:
        return None
    near = difflib.get_close_matches(fold(name), missing, n=1, cutoff=0.75)
    return _told(name, 0, "", "", Mistake("unknown_sheet", missing[near[0]])) if near else None


def _read_sheet(grid: Grid, form: Sheet) -> tuple[list[dict[str, Any]], list[tuple[Any, ...]]]:
    """The good lines of a sheet, and its mistakes."""
    lines = grid.lines()
    at, places = heads([cells for _, cells in lines[:LOOK]], form)
    missing = [column for column in form.read if column.required and column.name not in places]
    if missing:
        wanted = "; ".join(column.names["vi"] for column in missing)
        return [], [_told(grid.sheet, 0, "", "", Mistake("missing_columns", wanted))]
    numbers = {position: set(rows.tolist()) for position, rows in grid.numbers.items()}
    named = {name: lines[at][1][position].strip() for name, position in places.items()}
    good, wrong = [], []
    for row, cells in lines[at + 1 :]:
        texts = {name: _plain(cells[position]) if position < len(cells) else "" for name, position in places.items()}
        if _waits(texts, form):
            continue
        typed = {name: row in numbers.get(position, ()) for name, position in places.items()}
        read, mistakes = _read_line(texts, typed, form)
        wrong += [_told(grid.sheet, row, named.get(name, ""), texts[name], each) for name, each in mistakes]
        if not mistakes:
            good.append(read | {"row": row})
    return good, wrong


def _waits(texts: Mapping[str, str], form: Sheet) -> bool:
    """Whether a line is blank, or is one that the program wrote and nobody has answered."""
    answers = [column for column in form.read if column.answer]
    return not any(texts.get(column.name) for column in answers or form.read)


def _read_line(
    texts: Mapping[str, str], typed: Mapping[str, bool], form: Sheet
) -> tuple[dict[str, Any], list[tuple[str, Mistake]]]:
    read: dict[str, Any] = {}
    mistakes = []
    for column in form.read:
        text = texts.get(column.name, "")
        try:
            read[column.name] = _value(text, column, is_number=typed.get(column.name, False)) if text else None
            if column.required and not text:
                raise Mistake("blank")
        except Mistake as mistake:
            mistakes.append((column.name, mistake))
    return read, mistakes


# --- cells -----------------------------------------------------------------------------------------------------------


def _value(text: str, column: Column, *, is_number: bool) -> Any:
    """What a cell says, by the kind of its column.

    Raises
    ------
    Mistake
        If it does not say such a thing.
    """
    match column.kind:
        case "choice":
            return _choice(text, column)
        case "day":
            return _day(text)
        case "number":
            return _number(text, is_number=is_number)
        case "percent":
            return _percent(text)
        case "year":
            return _year(text)
        case "period":
            return _period(text)
    return text


def _choice(text: str, column: Column) -> str:
    choices = read_form().choices[column.choices]
    if (value := chosen(text, choices)) is None:
        raise Mistake("not_a_choice", nearest_of(text, [names["vi"] for names in choices.values()]))
    return value


def nearest_of(text: str, known: Sequence[str], most: int = 8) -> str:
    """What may be written in the place of a text: the nearest first, and not too many.

    Examples
    --------
    >>> nearest_of("Nghi", ["Làm việc", "Nghỉ"])
    'Nghỉ; Làm việc'
    """
    folded = {fold(name): name for name in known}
    near = [folded[match] for match in difflib.get_close_matches(fold(text), folded, n=most, cutoff=0.5)]
    listed = list(dict.fromkeys([*near, *known]))
    return "; ".join(listed[:most]) + (" …" if len(listed) > most else "")


def _day(text: str) -> pd.Timestamp:
    for form in DAYS:
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
        if EARLIEST <= day <= LATEST:
            return pd.Timestamp(day)
    raise Mistake("not_a_day")


def _number(text: str, *, is_number: bool) -> float:
    """A number; the text "1.234" is refused, since it is a thousand to one and little more than one to another."""
    plain = text.replace(" ", "").replace("\xa0", "")
    if is_number or not re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", plain):
        try:
            value = float(plain.replace(",", ".")) if plain.count(",") <= 1 else float("nan")
        except ValueError:
            value = float("nan")
        if abs(value) < 1e15:
            return value
    raise Mistake("not_a_number")


def _percent(text: str) -> float:
    """Per cent above 1 and up to 100; what a cell formatted as 85 % holds, 0.85, is refused and not guessed at."""
    value = _number(text.removesuffix("%").strip(), is_number=False)
    if not 1 < value <= 100:
        raise Mistake("not_a_percentage")
    return value


def _year(text: str) -> int:
    if not re.fullmatch(r"(19|20)\d\d", text):
        raise Mistake("not_a_year")
    return int(text)


def _period(text: str) -> str:
    try:
        return read_period(text).name
    except Unanswerable:
        raise Mistake("not_a_period") from None


def _plain(text: str) -> str:
    """A text in composed letters without blanks around it; the lines of a longer text stay."""
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\xa0", " ")).strip().split("\n")
    return "\n".join(" ".join(line.split()) for line in lines)


# --- tables ----------------------------------------------------------------------------------------------------------

TYPES = {"day": "datetime64[us]", "number": "float64", "percent": "float64", "year": "Int64"}


def _frame(form: Sheet, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The lines of a sheet as a table whose types do not depend on its content; a blank text is empty."""
    columns = {column.name: TYPES.get(column.kind, "str") for column in form.read}
    frame = pd.DataFrame(list(rows), columns=[*columns, "row"])
    texts = {name: frame[name].fillna("") for name, kind in columns.items() if kind == "str"}
    return frame.assign(**texts).astype({**columns, "row": "int64"})


def _told(sheet: str, row: int, column: str, found: str, mistake: Mistake) -> tuple[Any, ...]:
    return sheet, row, column, found, mistake.problem, mistake.detail


def _table(mistakes: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    texts = dict.fromkeys(MISTAKE, "str") | {"row": "int64"}
    return pd.DataFrame(list(mistakes), columns=list(MISTAKE)).astype(texts)
