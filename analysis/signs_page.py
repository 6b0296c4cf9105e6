"""What a page shows of signs that data were bent: questions, by division and by procedure, never by dossier."""

from collections.abc import Iterable
from functools import partial

import pandas as pd

from analysis.catalogue import procedure_names
from analysis.labels import Labels
from analysis.page import Html, show_sentences, show_table
from analysis.periods import Period
from analysis.signs import TOLD, count_signs, is_weekday, mark_signs, pile_up
from analysis.store import Data
from analysis.workdays import is_workday

PLACES = ("division", "procedure")
"""What tells where a sign is seen."""

MOST = 10
"""Rows of a folded table, per sign."""


def show_signs(data: Data, period: Period, *, labels: Labels) -> Html:
    """Which signs the dossiers of a period show, what each may mean, and what to ask; where they are seen, folded away.

    Days off are those of the calendar that the vocabulary names; without one Saturdays and Sundays, and the page says so.
    """
    calendar = data.calendar
    is_worked = partial(is_workday, calendar=calendar) if calendar.years else is_weekday
    history = data.read("history", columns=list(TOLD))  # of all units; it is looked up by dossier
    marks = mark_signs(data.dossiers, history, period, is_worked=is_worked)
    counts = count_signs(marks)
    pile = pile_up(data.dossiers, period)
    if not pile.is_surprising:  # ending on the due day is no sign by itself
        counts.loc["resolved_on_due_day", "number"] = 0
    found, silent = counts[counts.number > 0], counts[counts.of == 0]
    told = [labels.name("signs.intro")]
    if pile.is_surprising:
        expected = round(pile.expected)
        numbers = {"number": pile.number, "expected": expected, "more": pile.number - expected}
        words = {name: labels.number(number) for name, number in numbers.items()}
        told.append(labels.name("signs.piled", **words))
    told += [
        _found(str(sign), row, labels) for sign, row in found.drop("resolved_on_due_day", errors="ignore").iterrows()
    ]
    for key, signs in (("not_found", counts[(counts.number == 0) & (counts.of > 0)]), ("cannot", silent)):
        if len(signs):
            told.append(labels.name(f"signs.{key}", names="; ".join(_names(signs.index, labels))))
    if not calendar.years:
        told.append(labels.name("signs.weekends_only"))
    places = "".join(_show_places(data, marks[list(found.index)], place, labels) for place in PLACES)
    few = (
        show_sentences([labels.name("signs.few", number=labels.number(data.vocabulary.settings["few_dossiers"]))])
        if "*" in places
        else ""
    )
    return Html(show_sentences(told) + (_show_questions(found, labels) if len(found) else "") + places + few)


def _show_questions(found: pd.DataFrame, labels: Labels) -> Html:
    rows = _numbers(found, labels).assign(
        sign=_names(found.index, labels),
        means=[labels.name(f"signs.means_{sign}") for sign in found.index],
        ask=[labels.name(f"signs.ask_{sign}") for sign in found.index],
    )
    headings = _headings(("sign", "number", "of", "share", "means", "ask"), labels)
    return show_table(rows, headings=headings, caption=labels.name("captions.signs"))


def _show_places(data: Data, marks: pd.DataFrame, place: str, labels: Labels) -> str:
    """Where each sign is seen most; nothing where the exports do not say, or there is no sign."""
    if not data.has("dossiers", place) or marks.columns.empty:
        return ""
    named = procedure_names(data.dossiers, data.procedures) if place == "procedure" else data.dossiers[place]
    counts = count_signs(marks, by=named)
    seen = counts[counts.number > 0].reset_index().sort_values("number", ascending=False, kind="stable")
    order = {sign: position for position, sign in enumerate(marks)}
    most = seen.groupby("sign").head(MOST).sort_values("sign", key=lambda s: s.map(order), kind="stable")
    names = most.group.replace("", labels.name("signs.unknown"))
    rows = _numbers(most, labels).assign(
        sign=_names(most.sign, labels),
        **{
            place: [
                name + "*" * bool(of < data.vocabulary.settings["few_dossiers"])
                for name, of in zip(names, most.of, strict=True)
            ]
        },
    )
    headings = _headings((place, "sign", "number", "of", "share"), labels)
    caption, summary = labels.name(f"captions.signs_by_{place}"), labels.name(f"signs.by_{place}")
    return show_table(rows, headings=headings, caption=caption, summary=summary)


def _numbers(counts: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "number": counts.number.map(labels.number), "of": counts.of.map(labels.number),
            "share": (counts.number / counts.of).map(labels.percent),
        }
    )  # fmt: skip


def _found(sign: str, row: pd.Series, labels: Labels) -> str:
    name, share = labels.name(f"signs.name_{sign}"), labels.percent(row["number"] / row["of"])
    words = {"number": labels.number(row["number"]), "of": labels.number(row["of"])}
    return labels.name("signs.found", name=name, share=share, **words)


def _names(signs: Iterable[str], labels: Labels) -> list[str]:
    return [labels.name(f"signs.name_{sign}") for sign in signs]


def _headings(columns: Iterable[str], labels: Labels) -> dict[str, str]:
    return {c: labels.name(f"signs.{c}") for c in columns}
