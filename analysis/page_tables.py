"""The tables of an executed notebook, as its page shows them: so a workbook of them cannot differ from the page."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lxml import html
from lxml.html import HtmlElement
from nbformat import NotebookNode

from analysis.contents import sections_of
from analysis.labels import LANGUAGES

SUBHEADING = re.compile(r"^###[ \t]+(.+?)[ \t]*$", re.MULTILINE)

ASIDE = "ancestor-or-self::table | ancestor::header | ancestor-or-self::*[contains(concat(' ', @class, ' '), ' card ')]"
"""Where a paragraph belongs to something that is no sentence of its own."""


class PageTable(NamedTuple):
    """A table of a page, every cell a text."""

    number: str
    """Of its section, and its place among the tables there: ``4.2``."""
    headings: tuple[str, ...]
    """What it stands below, from the section to its own caption, or to the text that it is folded behind."""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """All that the notebook holds, also those that the page leaves out."""
    notes: tuple[str, ...] = ()
    """The sentences of the same cell that stand before it, and after the last."""
    left: int = 0
    """How many more rows there are that the notebook does not hold."""

    @property
    def title(self) -> str:
        """All that it stands below, as one text."""
        return " · ".join(self.headings)


def tables_of(notebook: NotebookNode, *, lang: str) -> list[PageTable]:
    r"""Every table of an executed notebook, in order; one whose last rows are folded away is one table.

    Parameters
    ----------
    notebook
        Its outputs made by ``page``.
    lang
        The language of the page: headings are those of its Markdown.

    Examples
    --------
    >>> import pandas as pd
    >>> from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
    >>> from analysis.page import show_table
    >>> shown = show_table(pd.DataFrame({"name": ["a"], "n": ["1.234"]}), headings={"name": "Tên", "n": "Số"}, caption="Tất cả")
    >>> told = new_output("display_data", {"text/html": shown})
    >>> notebook = new_notebook(cells=[new_markdown_cell("## Tiếp nhận"), new_code_cell("…", outputs=[told])])
    >>> (table,) = tables_of(notebook, lang="vi")
    >>> table.number, table.title, table.columns, table.rows
    ('1.1', 'Tiếp nhận · Tất cả', ('Tên', 'Số'), (('a', '1.234'),))
    """
    found: list[PageTable] = []
    for number, section in enumerate(sections_of(_of_language(notebook.cells, lang))):
        first, above = len(found), [section.title]
        for cell in section.cells:
            if cell.cell_type == "markdown":
                above = [above[0], *SUBHEADING.findall(cell.source)[-1:]] if SUBHEADING.search(cell.source) else above
                continue
            for table in _of_cell(cell):
                place = f"{number}.{len(found) - first + 1}"
                headings = dict.fromkeys([*above, *table.headings])
                found.append(table._replace(number=place, headings=tuple(filter(None, headings))))
    return found


def head_of(notebook: NotebookNode) -> tuple[str, ...]:
    """The texts of the title block of a page: of whom, of what, up to which day; empty if it has none."""
    pieces = (piece for cell in notebook.cells if cell.cell_type == "code" for piece in _pieces(cell))
    heads = (head for piece in pieces for head in piece.xpath(".//header[@class='head']"))
    head = next(heads, None)
    return () if head is None else tuple(_text(part) for part in head.xpath("./h1 | ./p"))


def _of_language(cells: Sequence[NotebookNode], lang: str) -> list[NotebookNode]:
    """All cells but the Markdown of other languages."""
    others = {*LANGUAGES} - {lang}
    tags = [{*cell.metadata.get("tags", [])} for cell in cells]
    return [c for c, own in zip(cells, tags, strict=True) if c.cell_type == "code" or not others & own or lang in own]


def _pieces(cell: NotebookNode) -> Iterator[HtmlElement]:
    """The pieces of page that a cell put out."""
    for output in cell.get("outputs", []):
        if text := output.get("data", {}).get("text/html"):
            yield html.fragment_fromstring("".join(text), create_parent="div")


def _of_cell(cell: NotebookNode) -> list[PageTable]:
    """The tables of a cell, without what stands above the cell."""
    found: list[PageTable] = []
    told: list[str] = []
    for element in (element for piece in _pieces(cell) for element in piece.iter("table", "p", "li")):
        if element.tag != "table":
            if not element.xpath(ASIDE) and not _is_more(element):
                told.append(_text(element))
            continue
        table = _read(element)
        if element.xpath("ancestor::details[@class='rest']") and found and found[-1].columns == table.columns:
            found[-1] = found[-1]._replace(rows=found[-1].rows + table.rows, left=found[-1].left + table.left)
        else:
            found.append(table._replace(notes=tuple(told)))
            told = []
    if found:
        found[-1] = found[-1]._replace(notes=(*found[-1].notes, *told))
    return found


def _is_more(element: HtmlElement) -> bool:
    """Whether a sentence says that a page shows only some rows; the workbook has them all, or says itself how many it lacks."""
    parent = element.getparent()
    return parent is not None and "more" in parent.get("class", "").split()


def _read(table: HtmlElement) -> PageTable:
    named = table.xpath("./caption | ancestor::details[1]/summary[not(ancestor::details[@class='rest'])]")
    lefts = [int(body.get("data-left", 0)) for body in table.xpath("./tbody[@class='beyond']")]
    return PageTable(
        number="",
        headings=tuple(_text(name) for name in named),
        columns=tuple(_text(cell) for cell in table.xpath("./thead/tr/*")),
        rows=tuple(tuple(_text(cell) for cell in row) for row in table.xpath("./tbody/tr")),
        left=sum(lefts),
    )


def _text(element: HtmlElement) -> str:
    return str(element.text_content())
