"""The form of the handbook: which sheets it has, what stands in their columns, and what may be chosen there.

It is data, ``handbook.toml``, in Vietnamese and English. ``handbook`` reads a workbook by it, ``handbook_workbook`` writes
one.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from analysis.tables import DOSSIERS
from analysis.vocabulary import SHIPPED, fold

FORM = Path(__file__).with_name("handbook.toml")

CORRECTABLE = tuple(c for c in DOSSIERS.columns if c not in {"dossier_id", "source_system"})
"""Columns of a dossier that a correction may change."""

UNREAD = "unread"
"""What a heading means whose column is not to be read."""

Choices = Mapping[str, Mapping[str, str]]
"""Value -> language -> what it is called."""


class Column(NamedTuple):
    """A column of a sheet."""

    name: str
    names: Mapping[str, str]
    """Language -> heading."""
    helps: Mapping[str, str]
    """Language -> a remark on what a blank means; may be empty."""
    kind: str
    """``text``, ``day``, ``number``, ``percent``, ``year``, ``period`` or ``choice``."""
    choices: str
    """The list that a choice is made from."""
    required: bool
    answer: bool
    """Whether a line waits, and says nothing, while this is blank."""
    written: bool
    """Whether the program writes it and nobody reads it."""
    width: int
    example: str


class Sheet(NamedTuple):
    """A sheet of the handbook."""

    name: str
    names: Mapping[str, str]
    helps: Mapping[str, str]
    columns: Mapping[str, Column]

    @property
    def read(self) -> list[Column]:
        """The columns that a line is read from."""
        return [column for column in self.columns.values() if not column.written]


class Form(NamedTuple):
    """Everything that ``handbook.toml`` says."""

    sheets: Mapping[str, Sheet]
    guide: Mapping[str, Any]
    choices: Mapping[str, Choices]
    blank: Mapping[str, str]
    """Language -> what stands for an empty cell."""


@cache
def read_form() -> Form:
    """Read the form.

    Returns
    -------
    Form

    Examples
    --------
    >>> form = read_form()
    >>> list(form.sheets)
    ['words', 'corrections', 'additions', 'remarks', 'targets', 'names', 'days', 'settings']
    >>> form.sheets["corrections"].columns["old"].names["vi"], form.choices["days"]["off"]["en"]
    ('Giá trị cũ', 'Off')
    """
    said = tomllib.loads(FORM.read_text("utf-8"))
    sheets = {name: _sheet(name, of) for name, of in said["sheets"].items()}
    return Form(sheets, said["guide"], {**said["choices"], "correctable": _correctable()}, said["blank"])


def _sheet(name: str, said: Mapping[str, Any]) -> Sheet:
    columns = {column: _column(column, of) for column, of in said["columns"].items()}
    return Sheet(name, _languages(said), _languages(said, "help_"), columns)


def _column(name: str, said: Mapping[str, Any]) -> Column:
    flags = {flag: bool(said.get(flag)) for flag in ("required", "answer", "written")}
    return Column(
        name, _languages(said), _languages(said, "help_"), said["kind"], said.get("choices", ""), **flags,
        width=said["width"], example=said["example"],
    )  # fmt: skip


def _languages(said: Mapping[str, Any], before: str = "") -> dict[str, str]:
    return {lang: str(said.get(f"{before}{lang}", "")) for lang in ("vi", "en")}


def _correctable() -> Choices:
    """The columns of a dossier by the first heading that the vocabulary has for each, and the last, which is English."""
    headings = _shipped()["columns"]["dossiers"]
    return {column: {"vi": headings[column][0], "en": headings[column][-1]} for column in CORRECTABLE}


def meanings_of(list_: str) -> Choices:
    """What a word of a list can mean, each by the first and the last word that the vocabulary has for it.

    Parameters
    ----------
    list_
        One of the form's ``lists``, such as ``words.status`` or ``columns.dossiers``.

    Examples
    --------
    >>> meanings_of("words.mode")["hybrid"], meanings_of("columns.meetings")[UNREAD]
    ({'vi': 'Kết hợp', 'en': 'Hybrid'}, {'vi': 'Không đọc', 'en': 'Not read'})
    """
    section, _, name = list_.partition(".")
    known: Mapping[str, list[str]] = _shipped()[section].get(name, {})
    meanings: dict[str, Mapping[str, str]] = {m: {"vi": words[0], "en": _english(words)} for m, words in known.items()}
    return {**meanings, **read_form().choices["unread"]} if section == "columns" else meanings


@cache
def _shipped() -> dict[str, Any]:
    return tomllib.loads(SHIPPED.read_text("utf-8"))


def _english(words: list[str]) -> str:
    return next((word for word in reversed(words) if not word.isdecimal()), words[-1])


def chosen(text: str, choices: Choices) -> str | None:
    """The value that a text names, in either language or as the value itself; None if it names none.

    Examples
    --------
    >>> chosen("làm việc (LÀM BÙ)", read_form().choices["days"]), chosen("off", read_form().choices["days"])
    ('make-up', 'off')
    """
    wanted = fold(text)
    return next(
        (v for v, names in choices.items() if wanted in {fold(v), *(fold(name) for name in names.values())}), None
    )


def heads(lines: Iterable[Sequence[str]], sheet: Sheet) -> tuple[int, dict[str, int]]:
    """The line in which most of a sheet's headings stand, and the position of each column there.

    A single heading is no line of them: the title of a sheet may be called like a column.

    Examples
    --------
    >>> sheet = read_form().sheets["days"]
    >>> heads([["Ngày"], ["Căn cứ", "", "Ngày", "Nghỉ hay làm"]], sheet)
    (1, {'basis': 0, 'day': 2, 'kind': 3})
    """
    names = {column: of.names for column, of in sheet.columns.items()}
    best, places = 0, dict[str, int]()
    for at, texts in enumerate(lines):
        here: dict[str, int] = {}
        for position, text in enumerate(texts):
            if fold(text) and (column := chosen(text, names)):
                here.setdefault(column, position)
        if len(here) > max(len(places), 1):
            best, places = at, here
    return best, places


def is_blank_mark(text: str) -> bool:
    """Whether a text stands for an empty cell, in either language; the brackets belong to it.

    Examples
    --------
    >>> is_blank_mark("(TRỐNG)"), is_blank_mark("(blank)"), is_blank_mark("trống"), is_blank_mark("")
    (True, True, False, False)
    """
    in_brackets = text.startswith("(") and text.endswith(")")
    return in_brackets and fold(text) in {fold(mark) for mark in read_form().blank.values()}
