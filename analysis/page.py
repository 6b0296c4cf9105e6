"""The pieces of a page: tables, charts, sentences.

Everything a page says passes through here and is escaped here, so that a procedure named ``<script>`` is shown and
never run. The pieces are plain HTML with the classes of ``template/report.css``; JupyterLab shows them too.
"""

import base64
import io
import re
from collections.abc import Iterable, Mapping
from html import escape

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from analysis.canvas import HOUSE
from analysis.labels import NOTHING, Labels

FINISHED = "application/vnd.analysis.finished+json"
"""The mark that the last cell of a notebook leaves; without it a run is no report."""

MOST_ROWS = 50
"""Rows of a long list that a page shows."""

FIRST_ROWS, FOLDED_FROM = 8, 12
"""Rows of a list that stand open where it has more than so many."""

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


def show_table(table: pd.DataFrame, *, headings: Mapping[str, str], caption: str, summary: str = "") -> Html:
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

    Examples
    --------
    >>> numbers = pd.DataFrame({"name": ["<script>"], "n": ["1.234"]})
    >>> shown = show_table(numbers, headings={"name": "Name", "n": "N"}, caption="Some numbers")
    >>> "&lt;script&gt;" in shown, '<td class="number">1.234</td>' in shown
    (True, True)
    """
    columns = list(headings)
    kind = {c: _kind(table[c], is_first=c == columns[0]) for c in columns}
    head = "".join(f'<th scope="col"{kind[c]}>{escape(headings[c])}</th>' for c in columns)
    lines = []
    for row in table[columns].itertuples(index=False, name=None):
        first, *rest = (escape(str(value)) for value in row)
        cells = "".join(f"<td{kind[c]}>{value}</td>" for c, value in zip(columns[1:], rest, strict=True))
        lines.append(f'<tr><th scope="row"{kind[columns[0]]}>{first}</th>{cells}</tr>')
    title = tag("caption", caption)
    body = f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    wide = " wide" if len(columns) > WIDE else ""
    shown = f'<div class="scroll{wide}" role="group" aria-label="{escape(caption)}" tabindex="0">{body}</div>'
    return Html(f"<details>{tag('summary', summary)}{shown}</details>" if summary else shown)


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
    held, rest = table.head(MOST_ROWS), len(table) - MOST_ROWS
    more = show_sentences([labels.name("quality.more", number=labels.number(rest))]) if rest > 0 else ""
    if summary or len(held) <= FOLDED_FROM:
        return Html(show_table(held, headings=headings, caption=caption, summary=summary) + more)
    others = held.iloc[FIRST_ROWS:]
    folded = labels.name("headings.other_rows", number=labels.number(len(others)))
    first = show_table(held.head(FIRST_ROWS), headings=headings, caption=caption)
    following = show_table(others, headings=headings, caption=labels.name("captions.rest", caption=caption))
    return Html(f'{first}<details class="rest">{tag("summary", folded)}{following}</details>{more}')


def show_chart(ax: Axes) -> Html:
    """A chart as a picture that needs nothing else, its sentence below and as its alternative text."""
    picture = io.BytesIO()
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("the Axes stands in no figure, so there is nothing to show.")
    with mpl.rc_context(fname=HOUSE):
        figure.savefig(picture, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches="tight")
    plt.close(figure)
    said = escape(str(ax.get_label()))
    source = base64.b64encode(picture.getvalue()).decode()
    title = escape(ax.get_title("left") or ax.get_title())
    image = f'<img alt="{title}. {said}" src="data:image/svg+xml;base64,{source}">'
    return Html(f'<figure class="chart">{image}<figcaption>{said}</figcaption></figure>')


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
    return text == NOTHING or NUMBER.fullmatch(str(text)) is not None
