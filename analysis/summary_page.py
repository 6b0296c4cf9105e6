"""The summary that a page begins with, and which is the first sheet of paper when it is printed."""

import pandas as pd

from analysis.counts import count_fates
from analysis.editions import EVERYTHING, Edition
from analysis.labels import Labels
from analysis.page import Html, show_table, tag
from analysis.periods import Period
from analysis.questions import least_online, most_late, standing
from analysis.revisions_page import show_since_signed
from analysis.sections import show_cards, show_head, show_missing
from analysis.store import Data

MOST_NAMED = 3
"""How many procedures an answer names."""

IN, OUT = ("carried_over", "received"), ("resolved", "withdrawn", "returned", "transferred", "open", "unknown_state")
"""The two sides of the balance."""


def show_summary(
    data: Data, period: Period, figures: pd.DataFrame, *, targets: pd.DataFrame, moved: pd.DataFrame,
    signed: str = "", edition: Edition = EVERYTHING, labels: Labels,
) -> Html:  # fmt: skip
    """Everything that a director needs on one sheet: figures, balance, targets, and three questions with their answers.

    Parameters
    ----------
    data, period
        What was read, and the period.
    figures, targets, moved
        As from ``metrics.headline``, ``targets.targets_of`` and ``effects.effect``.
    signed
        The vintage of the report that was signed, if there is one; see ``revisions_page.show_since_signed``.
    edition
        The public one has no questions: the answers tell of divisions, and of few dossiers.
    """
    parts = [
        show_head(data, period, edition=edition, labels=labels),
        show_missing(data, period, edition=edition, labels=labels),
        Html("") if edition.is_public else show_since_signed(figures, signed=signed, labels=labels),
        show_cards(figures, targets=targets, moved=moved, labels=labels),
        show_balance(figures, labels=labels),
    ]
    if not edition.is_public:
        parts += [show_questions(data, period, labels=labels), Html(tag("p", _trust(data, labels), "asof"))]
    return Html(f'<section class="summary">{"".join(parts)}</section>')


def show_balance(figures: pd.DataFrame, *, labels: Labels) -> Html:
    """Where every dossier of the period went; the right side adds up to the left. What is 0 is left out on the right."""
    value = figures.value
    if value.reindex([*IN, *OUT]).isna().any():
        return Html("")
    columns = [*IN, *(name for name in OUT if value[name] or name in {"resolved", "open"})]
    signs = ["", "+ ", "= ", *["+ "] * (len(columns) - len(IN) - 1)]
    headings = {name: sign + labels.name(f"measures.{name}") for name, sign in zip(columns, signs, strict=True)}
    row = {"side": labels.name("summary.dossiers"), **{name: labels.number(value[name]) for name in columns}}
    headings = {"side": labels.name("summary.balance"), **headings}
    return show_table(pd.DataFrame([row]), headings=headings, caption=labels.name("summary.balance_caption"))


def show_questions(data: Data, period: Period, *, labels: Labels) -> Html:
    """Three questions and their answers, side by side where there is room."""
    answers = {
        "late": _late(data, period, labels),
        "open": _open(data, period, labels),
        "online": _online(data, period, labels),
    }
    items = "".join(
        f"<div>{tag('dt', labels.name(f'summary.{name}_asked'))}{tag('dd', answer)}</div>"
        for name, answer in answers.items()
    )
    return Html(f'<dl class="questions">{items}</dl>')


def _late(data: Data, period: Period, labels: Labels) -> str:
    found = most_late(data, period)
    if found.empty:
        return labels.name("summary.none_late")
    where = [
        labels.name(
            f"summary.late_{by}", name=row["group"], number=labels.number(row["late"]),
            share=labels.percent(row["late"] / row["all_late"]),
        )
        for by, row in found.to_dict("index").items()
    ]  # fmt: skip
    return labels.name("summary.late", number=labels.number(found.all_late.iloc[0]), where=labels.several(where))


def _open(data: Data, period: Period, labels: Labels) -> str:
    found = standing(data, period.last)
    if not found.open:
        return labels.name("summary.none_open", day=labels.day(period.last))
    numbers = {name: labels.number(number) for name, number in found._asdict().items()}
    kind = "open" if data.calendar.years else "open_calendar_days"
    return labels.name(f"summary.{kind}", days=labels.number(data.vocabulary.settings["at_risk_days"]), **numbers)


def _online(data: Data, period: Period, labels: Labels) -> str:
    few = labels.number(data.vocabulary.settings["few_dossiers"])
    if not data.has("dossiers", "channel"):
        return labels.name("summary.no_channel")
    found = least_online(data, period)
    if found.empty:
        return labels.name("summary.few_everywhere", few=few)
    least = [
        labels.name(
            "summary.of",
            name=row["procedure"],
            online=labels.number(row["online"]),
            received=labels.number(row["received"]),
        )
        for row in found.head(MOST_NAMED).to_dict("records")
    ]
    counts = {"none": labels.number((found.online == 0).sum()), "all": labels.number(len(found))}
    return labels.name("summary.online", few=few, least=labels.several(least), **counts)


def _trust(data: Data, labels: Labels) -> str:
    """How far the figures can be trusted, in one sentence."""
    fates = count_fates(data.ledger)
    numbers = {
        "lines": fates.lines.sum(),
        "files": fates.source_file.nunique(),
        "rejected": len(data.rejected),
        "doubts": len(data.warnings),
    }
    return labels.name("summary.trust", **{name: labels.number(number) for name, number in numbers.items()})
