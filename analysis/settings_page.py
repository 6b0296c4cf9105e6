"""What a page says of settings: the rules that are not the usual ones, where they act, and every setting with its source."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.editions import EVERYTHING, OWN_SETTINGS, Edition
from analysis.handbook_form import read_form
from analysis.labels import Labels
from analysis.page import Html, show_notices, show_sentences, show_table
from analysis.store import Data
from analysis.vocabulary import CHOICES, PER_SYSTEM, fold, read_vocabulary

JUDGING = ("due", "judged_by")
"""The rules that decide what is late."""

COLUMNS = ("setting", "system", "value", "default", "source")


def show_rules(data: Data, *, labels: Labels) -> Html:
    """The rules that differ from those of the table of definitions, and for which systems; nothing where there is none."""
    told = rule_sentences(data, labels=labels)
    return show_notices([labels.name("rules.differ"), *told]) if told else Html("")


def rule_sentences(data: Data, *, names: Sequence[str] = PER_SYSTEM, labels: Labels) -> list[str]:
    """One sentence for each rule that is not the usual one: which systems it holds for, and what it does.

    Parameters
    ----------
    names
        The settings to tell of. Of the latest hour of receipt only what differs from the one for all is told.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> words = read_vocabulary()
    >>> data = Data(lambda name: None, words._replace(settings={**words.settings, "due": "current"}), *[None] * 8)
    >>> rule_sentences(data, labels=read_labels("en"))
    ['In every system: a re-appointed dossier is held to the due date that it has now.']
    """
    return [sentence for name in names for sentence in _rules(data, name, labels)]


def _rules(data: Data, name: str, labels: Labels) -> Iterator[str]:
    everywhere = data.vocabulary.settings[name]
    of: dict[Any, list[str]] = {}
    for system in data.systems:
        if (value := data.vocabulary.setting(name, system)) != everywhere:
            of.setdefault(value, []).append(f"“{system}”")
    is_used = not data.systems or sum(map(len, of.values())) < len(data.systems)
    if is_used and name in CHOICES and everywhere != CHOICES[name][0]:
        yield labels.name("rules.elsewhere" if of else "rules.everywhere", rule=_rule(name, everywhere, labels))
    for value, systems in of.items():
        yield labels.name("rules.of_system", system=labels.several(systems), rule=_rule(name, value, labels))


def _rule(name: str, value: str, labels: Labels) -> str:
    if name in CHOICES:
        return labels.name(f"rules.{name}_{value}")
    return labels.name(f"rules.{name}" if value else f"rules.{name}_none", value=value)


def show_settings(data: Data, *, edition: Edition = EVERYTHING, labels: Labels) -> Html:
    """Every setting that is not at its default, for whom, and who said so: the handbook or a vocabulary file; in the public
    edition without those of the department alone.
    """
    own = OWN_SETTINGS if edition.is_public else frozenset()
    rows = list(_settings(data, labels, without=own))
    if not rows:
        shown = show_sentences([labels.name("settings.all_usual")])
    else:
        headings = {column: labels.name(f"settings.{column}") for column in COLUMNS}
        shown = show_table(
            pd.DataFrame(rows, columns=list(COLUMNS)), headings=headings, caption=labels.name("captions.settings")
        )
    strangers = [labels.name("settings.stranger", system=name) for name in _strangers(data)]
    return Html(shown + show_notices(strangers))


def _settings(data: Data, labels: Labels, *, without: frozenset[str]) -> Iterator[tuple[str, ...]]:
    usual, set_to, names = read_vocabulary().settings, data.vocabulary.settings, read_form().choices["settings"]
    for name in (name for name in names if name not in without):
        told = [("", set_to[name])] if set_to[name] != usual[name] else []
        told += [(s, own[name]) for s in data.systems if name in (own := data.vocabulary.system(s).settings)]
        for system, value in told:
            of = system or labels.name("settings.every_system")
            source = _source(data, name, system, labels)
            yield names[name][labels.lang], of, said(name, value, labels), said(name, usual[name], labels), source


def said(name: str, value: Any, labels: Labels) -> str:
    """What a setting is set to, by what the handbook calls it.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> said("due", "current", read_labels("vi")), said("report_to", "", read_labels("en"))
    ('hiện hành', 'none')
    """
    if name in CHOICES and value in CHOICES[name]:
        return read_form().choices[name][value][labels.lang]
    return Path(str(value)).name if name == "calendar" else str(value) or labels.name("settings.none")


def _source(data: Data, name: str, system: str, labels: Labels) -> str:
    lines = data.handbook.of("settings")
    rows = lines.row[(lines.setting == name) & (lines.system.map(fold) == fold(system))]
    if len(rows):
        return labels.name("settings.handbook", row=str(rows.iloc[0]))
    return data.vocabulary.files[-1]


def _strangers(data: Data) -> Iterable[str]:
    """The systems that a vocabulary file speaks of and no export is of; those of the handbook are told as its mistakes."""
    told = {fold(found) for found in data.handbook.mistakes.found}
    known = {fold(name) for name in data.systems} | told
    return [system.name for key, system in data.vocabulary.systems.items() if key not in known]
