"""What is shown of a choice: its figures, its pictures, its table; the pieces are those of the report where it has them.

Every text passes through ``page`` or is escaped here. The table is whole without a script; where scripts run it can be sorted and searched.
"""

import json
from collections.abc import Callable, Mapping
from html import escape
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis import charts
from analysis.canvas import head
from analysis.exploration import PARTS, Choice
from analysis.explored import Explored
from analysis.labels import Labels
from analysis.page import Html, show_chart, show_notices, show_sentences, tag
from analysis.pictures import head_of
from analysis.sections import show_cards
from analysis.sentences import limits
from analysis.settings_page import JUDGING, rule_sentences
from analysis.summary_page import show_balance
from analysis.targets import targets_of
from analysis.trend_charts import plot_rates
from analysis.trends_page import show_breaks

STYLE = Path(__file__).with_name("template") / "explore.css"

SHARES = ("online_share", "on_time_rate")
"""Columns of the table that are parts of 1."""

NOT_OF_REPORT = ("field", "procedure", "channel", "due", "judged_by", "on_time", "online")
"""Parts of a choice that the yearly report does not take."""

PAGE_LENGTH = 15
"""Rows of the table that stand on its first page."""


def show_style() -> Html:
    """The look of what follows, in the colours of JupyterLab."""
    return Html(f"<style>{STYLE.read_text('utf-8')}</style>")


def show_explored(explored: Explored, *, labels: Labels) -> Html:
    """What is looked at, what limits it, the headline figures, and by which definitions."""
    data = explored.data
    usual = show_sentences([labels.name("explore.usual_in_pictures")]) if explored.defined() else Html("")
    parts = [
        tag("p", labels.name("sentences.made_up"), "sample") if data.is_sample else "",
        tag("p", chosen(explored, labels=labels), "chosen"),
        show_notices(limits(data, explored.span, labels=labels)),
        show_cards(explored.figures, labels=labels),
        show_balance(explored.figures, labels=labels),
        show_sentences([*_defined(explored, labels), *rule_sentences(data, names=JUDGING, labels=labels)]),
        usual,
    ]
    return _explored("".join(parts), "figures")


def show_refused(message: str) -> Html:
    """Why nothing is shown."""
    return _explored(show_notices([message]), "figures")


def _explored(content: str, kind: str) -> Html:
    return Html(f'<div class="explored {kind}">{content}</div>')


def chosen(explored: Explored, *, labels: Labels) -> str:
    """What is looked at, in a sentence."""
    span, choice = explored.span, explored.choice
    days = {"first": labels.day(span.first), "last": labels.day(span.last)}
    parts = [labels.name("explore.of_period", period=labels.period(explored.asked), **days)]
    parts += [conditions(choice, labels=labels)] if choice.is_narrowed(beyond=("unit",)) else []
    return labels.name("explore.shown", unit=explored.data.name, chosen="; ".join(parts))


def conditions(choice: Choice, *, labels: Labels) -> str:
    """By what the dossiers are narrowed, but for their unit."""
    told = [
        labels.name("explore.of_part", part=part_name(part, labels), value=value_name(part, value, labels))
        for part in PARTS
        if part != "unit" and (value := getattr(choice, part))
    ]
    return "; ".join(told)


def part_name(part: str, labels: Labels) -> str:
    """What a part of a choice is called."""
    return labels.name(f"explore.head_{part}").partition(" (")[0]


def value_name(part: str, value: str, labels: Labels) -> str:
    """What a value of a part is called."""
    return labels.name(f"channels.{value}") if part == "channel" else value


def _defined(explored: Explored, labels: Labels) -> list[str]:
    """Both rates with their definitions, numerators and denominators."""
    told = []
    for measure, name in (("online_share", explored.choice.online), ("on_time_rate", explored.choice.on_time)):
        row = {part: float(explored.figures[part][measure]) for part in ("value", "numerator", "denominator")}
        if isnan(row["value"]):
            told.append(labels.name("definitions_of.not_computed", name=labels.name(f"definitions_of.{name}")))
            continue
        sums = {part: labels.number(row[part]) for part in ("numerator", "denominator")}
        words = {"measure": labels.name(f"measures.{measure}"), "definition": labels.name(f"definitions_of.{name}")}
        text = labels.name(f"definitions_of.{name}_is")
        told.append(labels.name("explore.defined", **words, **sums, rate=labels.percent(row["value"]), text=text))
    return told


def _intake(explored: Explored, labels: Labels) -> Axes:
    return charts.plot_intake(explored.intake, **_of_report(explored), labels=labels)


def _timeliness(explored: Explored, labels: Labels) -> Axes:
    return charts.plot_timeliness(explored.monthly, **_of_report(explored), labels=labels)


def _of_report(explored: Explored) -> dict[str, Any]:
    """What the report hands to the charts of months; its targets hold for no smaller part than a unit."""
    few = explored.data.vocabulary.settings["few_dossiers"]
    if explored.choice.is_narrowed(beyond=("unit",)) or explored.defined():
        return {"notes": explored.notes, "few": few}
    targets = targets_of(explored.data, explored.asked, figures=explored.figures)
    return {"notes": explored.notes, "few": few, "targets": targets}


def _rates(explored: Explored, labels: Labels) -> Axes:
    few = explored.data.vocabulary.settings["few_dossiers"]
    ax = plot_rates(explored.rates, explored.breaks, few=few, labels=labels)
    names = {part: labels.name(f"definitions_of.{getattr(explored.choice, part)}") for part in ("online", "on_time")}
    return head(ax, head_of(ax).finding, labels.name("explore.rates_defined", **names))


def _open(explored: Explored, labels: Labels) -> Axes:
    return charts.plot_open_age(explored.still_open, labels=labels)


PICTURES: Mapping[str, Callable[[Explored, Labels], Axes]] = {
    "intake": _intake, "timeliness": _timeliness, "rates": _rates, "open": _open,
}  # fmt: skip
"""Name -> draws one of the report's charts."""


def show_picture(name: str, explored: Explored, *, labels: Labels) -> Html:
    """One of ``PICTURES``, with what breaks its series, if anything does."""
    shown = show_chart(PICTURES[name](explored, labels))
    if name != "rates":
        return shown
    return shown if explored.breaks.empty else Html(shown + show_breaks(explored.breaks, labels=labels))


def show_pictures(shown: Mapping[str, str]) -> Html:
    """Pictures beside each other, as many as there is room for."""
    return _explored("".join(f'<div class="picture">{piece}</div>' for piece in shown.values()), "pictures")


def table_headings(explored: Explored, *, labels: Labels) -> dict[str, str]:
    """Column of ``Explored.table`` -> heading; the first, empty, is that of the rows."""
    rows = labels.name(f"explore.table_{explored.choice.table}")
    return {"": rows[0].upper() + rows[1:]} | {c: labels.name(f"explore.column_{c}") for c in map(str, explored.table)}


def row_name(explored: Explored, name: object, *, labels: Labels) -> str:
    """What a row of the table is called."""
    if explored.choice.table == "month":
        return labels.month(name)
    return value_name(explored.choice.table, str(name), labels) if str(name).strip("–") else str(name)


def show_grid(explored: Explored, *, number: int = 0, labels: Labels) -> Html:
    """The table, to be sorted and searched where scripts run.

    Parameters
    ----------
    number
        Tells it from the table that stood there before.
    """
    headings, table = table_headings(explored, labels=labels), explored.table
    caption = labels.name("explore.table_caption", table=labels.name(f"explore.table_{explored.choice.table}"))
    top = "".join(f'<th scope="col"{"" if not c else NUMBER}>{escape(h)}</th>' for c, h in headings.items())
    rows = "".join(
        _row(at, row_name(explored, name, labels=labels), dict(zip(map(str, table), values, strict=True)), labels)
        for at, (name, *values) in enumerate(table.itertuples(name=None))
    )
    body = f"<table id='explored-{number}'>{tag('caption', caption)}<thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>"
    return _explored(f'<div class="scroll">{body}</div>{_sortable(f"explored-{number}", labels)}', "grid")


NUMBER = ' class="number"'


def _row(at: int, name: str, values: Mapping[str, float], labels: Labels) -> str:
    """A row; by ``data-order`` it is sorted: rows as they came, numbers by what they are, what is missing first."""
    cells = [f'<th scope="row" data-order="{at}">{escape(name)}</th>']
    for column, value in values.items():
        text = labels.percent(value) if column in SHARES else labels.number(value)
        cells.append(f'<td{NUMBER} data-order="{-1 if pd.isna(value) else value}">{escape(text)}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _sortable(table: str, labels: Labels) -> str:
    """The script that makes it sortable, with the library that ``grid_library`` brought; without it the table stays as it is."""
    texts = {
        "search": "search", "info": "rows_shown", "infoEmpty": "rows_none", "infoFiltered": "rows_found",
        "lengthMenu": "rows_per_page", "zeroRecords": "not_found",
    }  # fmt: skip
    options = {
        "order": [], "pageLength": PAGE_LENGTH, "lengthMenu": [PAGE_LENGTH, 50, 500],
        "language": {name: labels.name(f"explore.{text}") for name, text in texts.items()},
    }  # fmt: skip
    made = json.dumps(options, ensure_ascii=False).replace("<", "\\u003c")
    start = f"window.exploredTables?.then((m) => new m.default('#{table}', {made}))"
    return f"<script>{start};</script>"


def grid_library() -> Html:
    """The library of tables that itables brings, for a page without a network; nothing where itables is not installed."""
    try:
        from itables.options import dt_bundle  # noqa: PLC0415 - of the extra lab
    except ImportError:
        return Html("")
    script, look = (Path(dt_bundle).with_suffix(ending).read_text("utf-8") for ending in (".js", ".css"))
    load = (
        f"window.exploredTables ??= (() => {{ const look = document.createElement('style'); look.textContent = {_quoted(look)};"
        f" document.head.append(look); const at = URL.createObjectURL(new Blob([{_quoted(script)}], {{type: 'text/javascript'}}));"
        " return import(at); })();"
    )
    return Html(f"<script>{load}</script>")


def _quoted(text: str) -> str:
    """A text as a script writes it, which no end of a script can end."""
    return json.dumps(text, ensure_ascii=False).replace("</", "<\\/").replace("<!--", "<\\!--")


def show_kept(choice: Choice, commands: Mapping[str, str], *, labels: Labels) -> Html:
    """The choice as a line to copy, and the commands that show the same; a click selects a line."""
    line = f'choice: str = "{choice.line()}"'
    parts = [tag("p", labels.name("explore.keep")), _line(line)]
    for name, command in commands.items():
        parts += [tag("p", labels.name(f"explore.{name}")), _line(command)]
    if differs := [
        part_name(part, labels) for part in NOT_OF_REPORT if getattr(choice, part) != getattr(Choice(), part)
    ]:
        parts.append(tag("p", labels.name("explore.no_report", parts=labels.several(differs))))
    return _explored("".join(parts), "kept")


def _line(text: str) -> str:
    return f'<pre class="line" tabindex="0">{escape(text)}</pre>'
