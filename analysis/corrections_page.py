"""What a page says of the handbook's corrections: which act, which no longer do, and which figures they move.

Codes of dossiers stand on the page about quality alone, as those of rejected lines do.
"""

from typing import Any

import pandas as pd

from analysis.editions import EVERYTHING, Edition
from analysis.effects import standing
from analysis.handbook_form import read_form
from analysis.labels import Labels
from analysis.page import MOVED, Html, show_list, show_notices, show_sentences
from analysis.privacy import shown
from analysis.sections import value_of
from analysis.store import Data

MOST = 50
"""Corrections without effect that a page names one by one."""

SHOWN = ("row", "dossier_id", "column", "change", "reason", "who", "day", "lines", "files")


def show_corrections(data: Data, *, labels: Labels) -> Html:
    """Every correction of the handbook: first those that apply to no line any more and why, then what the others change."""
    table = standing(data)
    if table.empty:
        return show_sentences([labels.name("corrections.none")])
    idle = idle_sentences(data, labels=labels)
    more = len(idle) - MOST
    rest = show_sentences([labels.name("quality.more", number=labels.number(more))]) if more > 0 else ""
    acting = table[table.state == "acts"]
    told = show_sentences([applied_sentence(data, labels=labels)])
    rows = acting.assign(
        row=acting.row.astype("str"),
        dossier_id=[shown(code, "dossier_id") for code in acting.dossier_id],
        change=[_change(*each, labels=labels) for each in zip(acting.column, acting.old, acting.new, strict=True)],
        column=[labels.name(f"columns.{column}") for column in acting.column],
        day=acting.day.map(labels.day),
        lines=[_lines(*each, labels=labels) for each in zip(acting.lines, acting.rejected, strict=True)],
    )
    headings = {column: labels.name(f"corrections.head_{column}") for column in SHOWN}
    caption = labels.name("captions.corrections")
    listed = show_list(rows, headings=headings, caption=caption, labels=labels) if len(rows) else ""
    return Html(show_notices(idle[:MOST]) + rest + told + listed)


def applied_sentence(data: Data, *, labels: Labels) -> str:
    """How many corrections act, on how many lines."""
    table, lines = standing(data), data.corrected[data.corrected.acts]
    words = {
        "acting": labels.number(int((table.state == "acts").sum())), "number": labels.number(len(table)),
        "lines": labels.number(len(lines.drop_duplicates(["source_file", "source_sheet", "source_row"]))),
    }  # fmt: skip
    return labels.name("corrections.applied", **words)


def idle_sentences(data: Data, *, labels: Labels) -> list[str]:
    """One sentence for each correction that applies to no line any more, with why."""
    table = standing(data)
    idle = table[table.state != "acts"]
    return [_idle(line, labels) for line in idle.to_dict("records")]


def _idle(line: dict[Any, Any], labels: Labels) -> str:
    column, code = line["column"], shown(line["dossier_id"], "dossier_id")
    sheet = read_form().sheets["corrections"].names["vi"]
    says = shown(line["says"], column) or read_form().blank[labels.lang]
    words = {"code": code, "column": labels.name(f"columns.{column}"), "old": shown(line["old"], column), "says": says}
    told = labels.name(f"corrections.{line['state']}", system=line["system"], **words)
    return labels.name("corrections.idle", sheet=sheet, row=str(line["row"]), told=told)


def _change(column: str, old: str, new: str, *, labels: Labels) -> str:
    return labels.name("corrections.change", old=shown(old, column), new=shown(new, column))


def _lines(lines: int, rejected: int, *, labels: Labels) -> str:
    """How many lines were changed, and how many of these are rejected all the same."""
    if not rejected:
        return labels.number(lines)
    return labels.name("corrections.lines_rejected", lines=labels.number(lines), rejected=labels.number(rejected))


def show_effect(data: Data, moved: pd.DataFrame, *, edition: Edition = EVERYTHING, labels: Labels) -> Html:
    """That corrections act, and which headline figures would be others without them; nothing where none acts. The public
    edition only marks them: the difference is of single dossiers.

    Parameters
    ----------
    moved
        What ``effects.effect`` gives.
    """
    told = " ".join(effect_sentences(data, moved, labels=labels))
    if told and edition.is_public:
        number = labels.number(data.corrected[data.corrected.acts].row.nunique())
        return show_notices([labels.name("editions.corrected", number=number, mark=MOVED)])
    marked = f" {labels.name('corrections.marked', mark=MOVED)}" if told and len(moved) else ""
    return show_notices([told + marked]) if told else Html("")


def effect_sentences(data: Data, moved: pd.DataFrame, *, labels: Labels) -> list[str]:
    """As ``show_effect``, in sentences.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from analysis.labels import read_labels
    >>> data = SimpleNamespace(corrected=pd.DataFrame({"row": [7], "acts": [True]}))
    >>> moved = pd.DataFrame({"measure": ["late"], "figure": ["value"], "with": [255.0], "without": [256.0]})
    >>> effect_sentences(data, moved, labels=read_labels("en"))
    ['Corrections of the handbook that apply: 1. Figures that would be others without them: Late 255 (without: 256).']
    """
    acting = data.corrected[data.corrected.acts].row.nunique()
    if not acting:
        return []
    parts = []
    for measure, figure, value, without in moved[["measure", "figure", "with", "without"]].itertuples(index=False):
        name = labels.name(f"measures.{measure}")
        if figure != "value":
            name = f"{name} ({labels.name(f'headings.{figure}')})"
        values = {"value": value_of(measure, value, labels), "without": value_of(measure, without, labels)}
        parts.append(labels.name("corrections.part", name=name, **values))
    number = labels.number(acting)
    if not parts:
        return [labels.name("corrections.moves_nothing", number=number)]
    return [labels.name("corrections.effect", parts="; ".join(parts), number=number)]
