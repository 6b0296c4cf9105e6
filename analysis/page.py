"""The pieces of a page: tables, charts, sentences.

Everything a page says passes through here and is escaped here, so that a procedure named ``<script>`` is shown and
never run. The pieces are plain HTML with the classes of ``template/report.css``; JupyterLab shows them too.
"""

import base64
import re
from collections.abc import Iterable, Mapping
from html import escape

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from analysis.copies import csv_of
from analysis.labels import HELD, NOTHING, Labels
from analysis.marks import FINISHED
from analysis.pictures import figure_of, head_of, svg_of

MOST_ROWS = 50
"""Rows of a long list that a page shows."""

MOST_HELD = 2_000
"""Rows of a long list that a notebook holds, for the workbook of its tables."""

FIRST_ROWS, FOLDED_FROM = 8, 12
"""Rows of a list that stand open where it has more than so many."""

LEAST_WORDS = 3
"""A sentence about a chart has at least so many words."""

WIDE = 8
"""A table of more columns may be wider than any page."""

PROSE = 40
"""Letters of a cell that make its column one of sentences, not of words."""

MOVED = "†"
"""Stands behind a figure that corrections of the handbook move."""

NUMBER = re.compile(r"[+−]?(\d+|\d{1,3}([.,]\d{3})+)([.,]\d{1,2})?([ \xa0]?(điểm\xa0)?%|[ \xa0]pp)?" + f"{MOVED}?")
"""A number as a page writes it; a procedure's code, such as 1.007767, is none."""


class Html(str):
    """A piece of page; a notebook shows it as such."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


class Finished:
    """The mark of a notebook that ran to its end."""

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {FINISHED: {"finished": True}, "text/plain": "✔"}


def show_sentences(texts: Iterable[str]) -> Html:
    """Sentences, one below the other."""
    return Html(f'<ul class="sentences">{"".join(tag("li", text) for text in texts)}</ul>')


def show_notices(texts: Iterable[str], *, good: bool = False) -> Html:
    """What a reader must know before trusting a figure; or that there is nothing of the kind."""
    return Html("".join(tag("p", text, "good" if good else "notice") for text in texts))


def show_table(
    table: pd.DataFrame,
    *,
    headings: Mapping[str, str],
    caption: str,
    summary: str = "",
    copy: Labels | None = None,
    most: int | None = None,
    of: int = 0,
) -> Html:
    """A table; every cell, heading and caption escaped.

    Parameters
    ----------
    table
        Texts, as they are to be shown; a column whose values all look like numbers is set to the right.
    headings
        Column -> heading; only these columns are shown, in this order. The first names the row.
    caption
        What the table is. It names the table to those who cannot see it, so no other of the page has the same.
    summary
        If given, the table is folded away behind this text.
    most
        How many rows a page shows; the notebook holds the others, out of sight, up to ``MOST_HELD``. All of them unless said.
    of
        How many rows there are in all, if the table was cut before.
    copy
        If given, CSV of a table that is folded away can be copied below it; the language that its numbers are written in.

    Examples
    --------
    >>> numbers = pd.DataFrame({"name": ["<script>"], "n": ["1.234"]})
    >>> shown = show_table(numbers, headings={"name": "Name", "n": "N"}, caption="Some numbers")
    >>> "&lt;script&gt;" in shown, '<td class="number">1.234</td>' in shown
    (True, True)
    """
    columns, held = list(headings), table.iloc[:most]
    kind = {c: _kind(held[c], is_first=c == columns[0]) for c in columns}
    head = "".join(f'<th scope="col"{kind[c]}>{escape(headings[c])}</th>' for c in columns)
    rows = f"<tbody>{_rows(held[columns], kind)}</tbody>{_beyond(table[columns].iloc[len(held) :], of - len(held))}"
    body = f"<table>{tag('caption', caption)}<thead><tr>{head}</tr></thead>{rows}</table>"
    wide = " wide" if len(columns) > WIDE else ""
    shown = f'<div class="scroll{wide}" role="group" aria-label="{escape(caption)}" tabindex="0">{body}</div>'
    if not summary:
        return Html(shown)
    copied = _show_csv(held[columns], list(headings.values()), caption, copy) if copy else ""
    return Html(f"<details>{tag('summary', summary)}{shown}{copied}</details>")


def _show_csv(table: pd.DataFrame, headings: list[str], name: str, labels: Labels) -> str:
    """The table as text that one click selects, or the keyboard reaches."""
    rows = [[str(value) for value in row] for row in table.itertuples(index=False, name=None)]
    text = escape(csv_of(headings, rows, labels=labels))
    named = escape(labels.name("headings.csv_of", table=name))
    summary = tag("summary", labels.name("headings.csv"))
    return f'<details>{summary}<pre class="csv" tabindex="0" role="group" aria-label="{named}">{text}</pre></details>'


def _rows(table: pd.DataFrame, kind: Mapping[str, str]) -> str:
    """Rows of a table, the first cell of each as its name."""
    lines = []
    for row in table.itertuples(index=False, name=None):
        first, *rest = (escape(str(value)) for value in row)
        cells = "".join(f"<td{kind.get(c, '')}>{value}</td>" for c, value in zip(table.columns[1:], rest, strict=True))
        lines.append(f'<tr><th scope="row"{kind.get(table.columns[0], "")}>{first}</th>{cells}</tr>')
    return "".join(lines)


def _beyond(rows: pd.DataFrame, of: int) -> str:
    """Rows out of sight, and how many more there are that not even the notebook holds."""
    if rows.empty:
        return ""
    left = max(len(rows), of) - min(len(rows), MOST_HELD)
    return f'<tbody class="beyond" hidden data-left="{left}">{_rows(rows.head(MOST_HELD), {})}</tbody>'


def _kind(column: pd.Series, *, is_first: bool) -> str:
    """The class of a column's cells: a number, or prose that needs room to be read."""
    if not is_first and len(column) and column.map(_looks_like_number).all():
        return ' class="number"'
    return ' class="prose"' if column.astype("str").str.len().max() > PROSE else ""


def show_list(
    table: pd.DataFrame, *, headings: Mapping[str, str], caption: str, labels: Labels, summary: str = ""
) -> Html:
    """As ``show_table``, of a list that may be long: its first rows, the others folded away, and how many more there are.

    On paper nothing of it is folded.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> numbers = pd.DataFrame({"n": [str(n) for n in range(60)]})
    >>> shown = show_list(numbers, headings={"n": "N"}, caption="Numbers", labels=read_labels("en"))
    >>> shown.count("<table>"), "The other rows (42)" in shown, "10 more rows" in shown
    (2, True, True)
    """
    rest = len(table) - MOST_ROWS
    more = show_more(labels.name("quality.more", number=labels.number(rest))) if rest > 0 else ""
    if summary or len(table) <= FOLDED_FROM:
        return Html(show_table(table, headings=headings, caption=caption, summary=summary, most=MOST_ROWS) + more)
    others, seen = table.iloc[FIRST_ROWS:], MOST_ROWS - FIRST_ROWS
    folded = labels.name("headings.other_rows", number=labels.number(min(len(others), seen)))
    first = show_table(table.head(FIRST_ROWS), headings=headings, caption=caption)
    named = labels.name("captions.rest", caption=caption)
    rest_of = show_table(others, headings=headings, caption=named, summary=folded, most=seen)
    return Html(first + rest_of.replace("<details>", '<details class="rest">', 1) + more)


def show_more(text: str) -> Html:
    """That a page shows only some rows of the table above; a workbook, which has them, does not say it."""
    return Html(f'<ul class="sentences more">{tag("li", text)}</ul>')


def show_chart(ax: Axes) -> Html:
    """A chart as a picture that needs nothing else; its finding and its unit above it, its sentence below it.

    The picture itself has the finding and the sentence as its alternative text.

    Raises
    ------
    ValueError
        If it has no title or no sentence: those who cannot see it would be told nothing.
    """
    head, said = head_of(ax), str(ax.get_label())
    if not head.finding or len(said.split()) < LEAST_WORDS:
        raise ValueError(
            f"the chart {head.finding!r} says {said!r}; give it a title (canvas.head) and a sentence (canvas.say)."
        )
    source = base64.b64encode(svg_of(ax).encode()).decode()
    plt.close(figure_of(ax))
    above = tag("p", head.finding, "finding") + (tag("p", head.unit, "unit") if head.unit else "")
    image = f'<img alt="{escape(f"{head.finding}. {said}")}" src="data:image/svg+xml;base64,{source}">'
    return Html(f'<figure class="chart">{above}{image}<figcaption>{escape(said)}</figcaption></figure>')


def show_quote(text: str, *, by: str = "", lang: str = "") -> Html:
    r"""What a person wrote, as it was written: line breaks stay, and nothing in it is markup.

    Parameters
    ----------
    text
        One line or several.
    by
        Who wrote it, if that is known.
    lang
        Its language, if that is not the page's.

    Examples
    --------
    >>> show_quote("1 < 2\nand more", by="the office", lang="en")
    '<blockquote><p lang="en">1 &lt; 2<br>and more</p><p class="by">the office</p></blockquote>'
    """
    start = f'p lang="{escape(lang)}"' if lang else "p"
    lines = "<br>".join(escape(line) for line in text.split("\n"))
    return Html(f"<blockquote><{start}>{lines}</p>{tag('p', by, 'by') if by else ''}</blockquote>")


def tag(name: str, text: str, kind: str = "") -> str:
    """An element that holds a text, escaped; with a class if ``kind`` is given.

    Examples
    --------
    >>> tag("p", "a < b", "note")
    '<p class="note">a &lt; b</p>'
    """
    start = f'{name} class="{kind}"' if kind else name
    return f"<{start}>{escape(text)}</{name}>"


def _looks_like_number(text: object) -> bool:
    return text in {HELD, NOTHING} or NUMBER.fullmatch(str(text)) is not None
