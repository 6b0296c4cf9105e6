"""The handbook's words and settings, laid over the vocabulary: the same words, the same checks, in the words of a workbook."""

import hashlib
from typing import Any

import pandas as pd

from analysis.handbook import Handbook, Mistake, nearest_of
from analysis.handbook_form import UNREAD, chosen, meanings_of
from analysis.vocabulary import Vocabulary, VocabularyError, checked_settings, fold


def lay_words(handbook: Handbook, vocabulary: Vocabulary) -> tuple[Handbook, Vocabulary]:
    """The vocabulary with the handbook's words, which win; and the handbook without the lines that say nothing.

    A meaning may be written as the vocabulary's own word for it, in either language. Of two lines that give one word two
    meanings the first holds and the second is a mistake.

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
    said: dict[tuple[str, str, str], str] = {}
    for line in handbook.of("words").to_dict("records"):
        try:
            meaning = _meaning(line["list"], line["word"], line["meaning"], vocabulary)
            key = (line["list"], line["system"], fold(line["word"]))
            if said.setdefault(key, meaning) != meaning:
                raise Mistake("twice", said[key])
        except Mistake as mistake:
            column = "word" if mistake.problem == "no_letters" else "meaning"
            handbook = handbook.without("words", line["row"], column, line[column], mistake)
    laid = vocabulary
    for (list_, system, word), meaning in said.items():
        if not system:
            laid = _with_word(laid, list_, word, meaning)
    return handbook, noted(laid, handbook.of("words")[["list", "word", "meaning", "system"]])


def _meaning(list_: str, word: str, meaning: str, vocabulary: Vocabulary) -> str:
    """The meaning that a line gives a word."""
    if not fold(word):
        raise Mistake("no_letters")
    section, _, name = list_.partition(".")
    choices = meanings_of(list_)
    if (value := chosen(meaning, choices)) is not None:
        return value
    known = vocabulary.words[name] if section == "words" else {h: c for h, (_, c) in vocabulary.columns[name].items()}
    if fold(meaning) in known:
        return known[fold(meaning)]
    raise Mistake("not_a_choice", nearest_of(meaning, [names["vi"] for names in choices.values()]))


def _with_word(vocabulary: Vocabulary, list_: str, word: str, meaning: str) -> Vocabulary:
    section, _, name = list_.partition(".")
    if section == "words":
        return vocabulary._replace(words={**vocabulary.words, name: {**vocabulary.words[name], word: meaning}})
    headings = {heading: ranked for heading, ranked in vocabulary.columns[name].items() if heading != word}
    if meaning == UNREAD:
        return vocabulary._replace(
            personal=vocabulary.personal | {word}, columns={**vocabulary.columns, name: headings}
        )
    first = min((rank for rank, _ in headings.values()), default=0) - 1  # ranks before those that were known
    return vocabulary._replace(columns={**vocabulary.columns, name: {**headings, word: (first, meaning)}})


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
    settings = dict(vocabulary.settings)
    for line in handbook.of("settings").to_dict("records"):
        if line["system"]:
            continue
        try:
            settings = _with_setting(settings, line["setting"], line["value"], handbook)
        except Mistake as mistake:
            handbook = handbook.without("settings", line["row"], "value", line["value"], mistake)
    laid = vocabulary._replace(settings=settings)
    return handbook, noted(laid, handbook.of("settings")[["setting", "system", "value"]])


def _with_setting(settings: dict[str, Any], name: str, text: str, handbook: Handbook) -> dict[str, Any]:
    value: Any = "" if fold(text) in {"khong", "none"} and name == "latest_receipt" else text
    if isinstance(settings[name], int):
        if not text.isdecimal():
            raise Mistake("not_a_setting", "0, 1, 2 …")
        value = int(text)
    try:
        return checked_settings({**settings, name: value}, handbook.path)
    except VocabularyError as error:
        raise Mistake("not_a_setting", str(error).partition(": ")[2]) from None


def noted(vocabulary: Vocabulary, lines: pd.DataFrame) -> Vocabulary:
    """A vocabulary whose checksum knows of some lines, so that tables made by others are made anew; without lines, itself."""
    if lines.empty:
        return vocabulary
    text = lines.to_csv(index=False)
    return vocabulary._replace(sha256=hashlib.sha256(f"{vocabulary.sha256}\n{text}".encode()).hexdigest())
