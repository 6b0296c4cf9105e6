"""The sections of a page: where each begins, what the list of contents names, and which are annexes.

A section begins at a Markdown cell whose first line is a heading of the second order. One whose cell is tagged ``annex`` is
folded: it holds what few readers ask for.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from nbformat import NotebookNode

ANNEX = "annex"
"""The tag of a heading whose section is folded."""

HEADING = re.compile(r"##[ \t]+(.+?)[ \t]*(?:\n+|\Z)")


class Section(NamedTuple):
    """Some cells of a notebook that stand below one heading."""

    anchor: str
    """What a link within the page goes to; empty before the first heading."""
    title: str
    is_annex: bool
    cells: list[NotebookNode]
    """The first of them without its heading."""


def sections_of(cells: Sequence[NotebookNode]) -> list[Section]:
    r"""The sections of a page, in order; what stands before the first heading is the first, without a title.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_markdown_cell
    >>> cells = [new_code_cell("head"), new_markdown_cell("## Tiếp nhận\n\nBao nhiêu?"), new_code_cell("intake")]
    >>> [(section.anchor, section.title, len(section.cells)) for section in sections_of(cells)]
    [('', '', 1), ('s1', 'Tiếp nhận', 2)]
    """
    sections = [Section("", "", is_annex=False, cells=[])]
    for cell in cells:
        begins = HEADING.match(cell.source) if cell.cell_type == "markdown" else None
        if begins:
            is_annex = ANNEX in cell.metadata.get("tags", [])
            sections.append(Section(f"s{len(sections)}", begins[1], is_annex=is_annex, cells=[]))
            cell = NotebookNode({**cell, "source": cell.source[begins.end() :]})  # noqa: PLW2901 - the rest of it
        sections[-1].cells.append(cell)
    return sections
