"""The handbook's words and settings, laid over the vocabulary: the same words, the same checks, in the words of a workbook."""

import hashlib
from collections.abc import Iterable
from typing import Any, TypeVar

import pandas as pd

from analysis.handbook import Handbook, Mistake, nearest_of
from analysis.handbook_form import UNREAD, chosen, meanings_of, read_form
from analysis.vocabulary import PER_SYSTEM, System, Vocabulary, VocabularyError, checked_settings, fold

Words = TypeVar("Words", Vocabulary, System)

SAID_OF = ("words", "settings")
"""The sheets whose lines can be of one system."""


def lay_words(handbook: Handbook, vocabulary: Vocabulary) -> tuple[Handbook, Vocabulary]:
    """The vocabulary with the handbook's words, which win; and the handbook without the lines that say nothing.

    A meaning may be written as the vocabulary's own word for it, in either language. Of two lines that give one word two
    meanings the first holds and the second is a mistake. The words of a system hold for its lines and files alone.

    Examples
    --------
    >>> from analysis.handbook import read_handbook
    >>> from analysis.vocabulary import read_vocabulary
    >>> book = read_handbook(None)
    >>> line = {"list": "words.status", "word": "Dừng chờ dân", "meaning": "chờ bổ sung", "system": "", "note": "", "row": 6}
    >>> book, words = lay_words(book._replace(lines={**book.lines, "words": pd.DataFrame([line])}), read_vocabulary())
    >>> words.words["status"][fold("dừng chờ dân")]
    'paused'
    """
    said: dict[tuple[str, str, str], tuple[str, str]] = {}
    for line in handbook.of("words").to_dict("records"):
        column = "meaning"
        try:
            for column in ("system", "word"):
                if line[column] and not fold(line[column]):
                    raise Mistake("no_letters")
            column = "meaning"
            meaning = _meaning(line["list"], line["meaning"], vocabulary.of_system(line["system"]))
            first = said.setdefault((line["list"], fold(line["system"]), fold(line["word"])), (line["system"], meaning))
            if first[1] != meaning:
                raise Mistake("twice", first[1])
        except Mistake as mistake:
            handbook = handbook.without("words", line["row"], column, line[column], mistake)
    laid = vocabulary
    for (list_, _, word), (system, meaning) in said.items():
        if system:
            laid = _with_system(laid, _with_word(laid.system(system), list_, word, meaning))
        else:
            laid = _with_word(laid, list_, word, meaning)
    return handbook, noted(laid, handbook.of("words")[["list", "word", "meaning", "system"]])


def _meaning(list_: str, meaning: str, vocabulary: Vocabulary) -> str:
    """The meaning that a line gives a word."""
    section, _, name = list_.partition(".")
    choices = meanings_of(list_)
    if (value := chosen(meaning, choices)) is not None:
        return value
    known = vocabulary.words[name] if section == "words" else {h: c for h, (_, c) in vocabulary.columns[name].items()}
    if fold(meaning) in known:
        return known[fold(meaning)]
    raise Mistake("not_a_choice", nearest_of(meaning, [names["vi"] for names in choices.values()]))


def _with_word(held: Words, list_: str, word: str, meaning: str) -> Words:
    """The words of every system, or of one, with one more."""
    section, _, name = list_.partition(".")
    if section == "words":
        return held._replace(words={**held.words, name: {**held.words.get(name, {}), word: meaning}})
    headings = {heading: ranked for heading, ranked in held.columns.get(name, {}).items() if heading != word}
    if meaning == UNREAD:
        return held._replace(personal=held.personal | {word}, columns={**held.columns, name: headings})
    first = min((rank for rank, _ in headings.values()), default=0) - 1  # ranks before those that were known
    return held._replace(columns={**held.columns, name: {**headings, word: (first, meaning)}})


def _with_system(vocabulary: Vocabulary, system: System) -> Vocabulary:
    return vocabulary._replace(systems={**vocabulary.systems, fold(system.name): system})


def lay_settings(handbook: Handbook, vocabulary: Vocabulary) -> tuple[Handbook, Vocabulary]:
    """The vocabulary with the handbook's settings, each checked as one of a vocabulary file.

    Examples
    --------
    >>> from analysis.handbook import read_handbook
    >>> from analysis.vocabulary import read_vocabulary
    >>> book = read_handbook(None)
    >>> line = {"setting": "at_risk_days", "system": "", "value": "many", "row": 9}
    >>> book, words = lay_settings(book._replace(lines={**book.lines, "settings": pd.DataFrame([line])}), read_vocabulary())
    >>> words.settings["at_risk_days"], book.mistakes.problem.tolist()
    (5, ['not_a_setting'])
    """
    said: dict[tuple[str, str], tuple[Any, str]] = {}
    laid = vocabulary
    for line in handbook.of("settings").to_dict("records"):
        column = "value"
        try:
            name, system = line["setting"], line["system"]
            if system and name not in PER_SYSTEM:
                column = "system"
                raise Mistake("handbook_systems.not_of_a_system", "; ".join(_called("settings", PER_SYSTEM)))
            if system and not fold(system):
                column = "system"
                raise Mistake("no_letters")
            value = _value(name, line["value"], laid, handbook)
            first = said.setdefault((name, fold(system)), (value, line["value"]))
            if first[0] != value:
                raise Mistake("twice", first[1])
            laid = _with_setting(laid, name, value, system)
        except Mistake as mistake:
            handbook = handbook.without("settings", line["row"], column, line[column], mistake)
    return handbook, noted(laid, handbook.of("settings")[["setting", "system", "value"]])


def _value(name: str, text: str, vocabulary: Vocabulary, handbook: Handbook) -> Any:
    """What a line sets a setting to; where it is one of a few things, by what the form calls them."""
    choices = read_form().choices.get(name)
    value: Any = text
    if choices:
        if (value := chosen(text, choices)) is None:
            raise Mistake("not_a_choice", "; ".join(_called(name, choices)))
    elif name == "latest_receipt" and fold(text) in {"khong", "none"}:
        value = ""
    elif isinstance(vocabulary.settings[name], int):
        if not text.isdecimal():
            raise Mistake("not_a_setting", "0, 1, 2 …")
        value = int(text)
    try:
        return checked_settings({**vocabulary.settings, name: value}, handbook.path)[name]
    except VocabularyError as error:
        raise Mistake("not_a_setting", str(error).partition(": ")[2]) from None


def _with_setting(vocabulary: Vocabulary, name: str, value: Any, system: str) -> Vocabulary:
    if not system:
        return vocabulary._replace(settings={**vocabulary.settings, name: value})
    own = vocabulary.system(system)
    return _with_system(vocabulary, own._replace(settings={**own.settings, name: value}))


def _called(list_: str, values: Iterable[str]) -> list[str]:
    return [read_form().choices[list_][value]["vi"] for value in values]


def without_strangers(handbook: Handbook, systems: Iterable[str]) -> Handbook:
    """A handbook without the lines about systems that the exports are not of: each is a mistake.

    Parameters
    ----------
    systems
        Those that the exports are of (``systems.systems_in``). Only who has read them knows.

    Examples
    --------
    >>> from analysis.handbook import read_handbook
    >>> book = read_handbook(None)
    >>> line = {"setting": "due", "system": "Hệ thống B", "value": "hiện hành", "row": 9}
    >>> book = without_strangers(book._replace(lines={**book.lines, "settings": pd.DataFrame([line])}), ["Hệ thống A"])
    >>> book.mistakes[["found", "problem", "detail"]].values.tolist()
    [['Hệ thống B', 'handbook_systems.no_such_system', 'Hệ thống A']]
    """
    known = list(systems)
    there = {fold(name) for name in known}
    for sheet in SAID_OF:
        for line in handbook.of(sheet).to_dict("records"):
            if line["system"] and fold(line["system"]) not in there:
                mistake = Mistake("handbook_systems.no_such_system", nearest_of(line["system"], known))
                handbook = handbook.without(sheet, line["row"], "system", line["system"], mistake)
    return handbook


def noted(vocabulary: Vocabulary, lines: pd.DataFrame) -> Vocabulary:
    """A vocabulary whose checksum knows of some lines, so that tables made by others are made anew; without lines, itself."""
    if lines.empty:
        return vocabulary
    text = lines.to_csv(index=False)
    return vocabulary._replace(sha256=hashlib.sha256(f"{vocabulary.sha256}\n{text}".encode()).hexdigest())
