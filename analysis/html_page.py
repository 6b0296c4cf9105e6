"""A page of an executed notebook: the Markdown of one language, and the outputs that may be shown.

The page loads nothing and runs nothing: what would is found here, and a policy in its head stops what was not.
"""

from html.parser import HTMLParser
from pathlib import Path

from nbformat import NotebookNode

from analysis.contents import sections_of
from analysis.execution import SHOWN, ReportError, tags

LANGUAGES = frozenset({"vi", "en"})
"""The tags of Markdown cells that a page in another language leaves out."""

FORBIDDEN = frozenset({"script", "iframe", "frame", "object", "embed", "applet", "link", "base", "form"})
"""Elements that run or load something."""

CONTENTS = {
    "vi": {"contents": "Mục lục", "annex": "phụ lục"},
    "en": {"contents": "Contents", "annex": "annex"},
}
"""What the list of contents says, by language."""


def to_html(notebook: NotebookNode, *, title: str, lang: str, about: dict[str, str] | None = None) -> str:
    """One HTML page of an executed notebook: the Markdown of one language, and the outputs that may be shown.

    Raises
    ------
    ReportError
        If a picture has no description, or the page would run or load anything.

    Examples
    --------
    >>> cells = [nbformat.v4.new_markdown_cell(text, metadata={"tags": [text]}) for text in ("vi", "en")]
    >>> page = to_html(nbformat.v4.new_notebook(cells=cells), title="Năm 2022", lang="vi")
    >>> "<title>Năm 2022</title>" in page, "<p>vi</p>" in page, "<p>en</p>" in page
    (True, True, False)
    """
    from nbconvert.exporters.html import HTMLExporter  # noqa: PLC0415 - slow to import, and first needed after a run

    others = LANGUAGES - {lang}
    cells = [c for c in notebook.cells if c.cell_type == "code" or not others & set(tags(c)) or lang in tags(c)]
    for output in (output for cell in cells for output in cell.get("outputs", [])):
        shown = [kind for kind in SHOWN if kind in output.get("data", {})]
        if shown == ["image/png"] and not output.metadata.get("image/png", {}).get("alt"):
            raise ReportError("a picture has no description: display it with alt.")
    exporter = HTMLExporter(
        extra_template_basedirs=[str(Path(__file__).parent)], template_name="template", exclude_anchor_links=True
    )
    resources = {
        "title": title, "lang": lang, "about": {"title": title, "lang": lang, **(about or {})},
        "sections": sections_of(cells), "words": CONTENTS[lang],
    }  # fmt: skip
    page, _ = exporter.from_notebook_node(NotebookNode({**notebook, "cells": cells}), resources)
    for tag, attributes in tags_of(page):
        loads = not (attributes.get("src") or "data:").startswith("data:")
        if tag in FORBIDDEN or loads or any(name.startswith("on") for name in attributes):
            raise ReportError(f"the page holds a <{tag}> that would run or load something: {attributes}")
    return str(page)


class _Reader(HTMLParser):
    """Collects every start tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags_of(page: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = _Reader()
    reader.feed(page)
    return reader.found
