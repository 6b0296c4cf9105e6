"""A page of an executed notebook: the Markdown of one language, and the outputs that may be shown.

The page loads nothing and runs nothing: what would is found here, and a policy in its head stops what was not.
"""

import json
import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from lxml import html
from nbformat import NotebookNode

from analysis.contents import sections_of
from analysis.execution import SHOWN, ReportError, tags
from analysis.labels import read_labels
from analysis.languages import mark_vietnamese
from analysis.marks import RECORD
from analysis.paper import running_foot

FIRST = "vi"
"""The language of the exports."""

LANGUAGES = frozenset({"vi", "en"})
"""The tags of Markdown cells that a page in another language leaves out."""

DATA: tuple[str, dict[str, str | None]] = ("script", {"type": "application/json", "id": "record"})
"""The one element of its name that may stand in a page: the record, which is data and never runs."""

BEYOND = re.compile(r'<tbody class="beyond"[^>]*>.*?</tbody>', re.DOTALL)
"""Rows of a long table that a page leaves out; see ``page.show_table``."""

FORBIDDEN = frozenset({"script", "iframe", "frame", "object", "embed", "applet", "link", "base", "form"})
"""Elements that run or load something."""


def to_html(
    notebook: NotebookNode, *, title: str, lang: str, about: dict[str, str] | None = None, notices: Sequence[str] = ()
) -> str:
    """One HTML page of an executed notebook: the Markdown of one language, and the outputs that may be shown.

    Notices are sentences about the page itself; they stand before its first heading.

    Raises
    ------
    ReportError
        If a picture has no description, or the page would run or load anything.

    Examples
    --------
    >>> import nbformat
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
    held, labels = record_of(notebook), read_labels(lang)
    exporter = HTMLExporter(
        extra_template_basedirs=[str(Path(__file__).parent)], template_name="template", exclude_anchor_links=True
    )
    said = {"title": title, "lang": lang, **(about or {})}
    resources = {
        "title": title, "lang": lang, "about": said, "sections": sections_of(cells),
        "words": {name: labels.name(f"index.{name}") for name in ("contents", "annex", "skip")},
        "notices": notices, "foot": running_foot(title, said, labels=labels),
        "record": as_json({"about": said, **held}) if held else "",
    }  # fmt: skip
    page, _ = exporter.from_notebook_node(NotebookNode({**notebook, "cells": cells}), resources)
    page = without_beyond(page)
    found = tags_of(page)
    if held:
        found.remove(DATA)
    for tag, attributes in found:
        loads = not (attributes.get("src") or "data:").startswith("data:")
        if tag in FORBIDDEN or loads or any(name.startswith("on") for name in attributes):
            raise ReportError(f"the page holds a <{tag}> that would run or load something: {attributes}")
    return str(page) if lang == FIRST else mark_vietnamese(str(page))


def without_beyond(page: str) -> str:
    """A page without the rows that only its notebook holds, and the workbook shows.

    Examples
    --------
    >>> without_beyond('<table><tbody><tr></tr></tbody><tbody class="beyond" hidden><tr></tr></tbody></table>')
    '<table><tbody><tr></tr></tbody></table>'
    """
    return BEYOND.sub("", page)


def record_of(notebook: NotebookNode) -> dict[str, Any]:
    """The record that an executed notebook left; empty if it left none."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    return next((output.data[RECORD] for output in outputs if RECORD in output.get("data", {})), {})


def record_in(page: str) -> dict[str, Any]:
    """The record that a page holds; empty if it holds none that can be read.

    Examples
    --------
    >>> record_in('<p>937</p><script id="record" type="application/json">{"as_of": "2022-11-10"}</script>')
    {'as_of': '2022-11-10'}
    """
    held = html.document_fromstring(page or "<p>").find('.//script[@id="record"]')
    try:
        said = json.loads((held.text or "") if held is not None else "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def as_json(record: Mapping[str, Any]) -> str:
    r"""A record as JSON that can stand inside a page: nothing in it can end the element that holds it.

    Examples
    --------
    >>> as_json({"unit": "</script>"})
    '{"unit":"\\u003c/script>"}'
    """
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


class _Reader(HTMLParser):
    """Collects every start tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags_of(page: str) -> list[tuple[str, dict[str, str | None]]]:
    """Every element that a page opens, in order, with its attributes.

    Examples
    --------
    >>> tags_of('<p class="a">1 &lt; 2<br></p>')
    [('p', {'class': 'a'}), ('br', {})]
    """
    reader = _Reader()
    reader.feed(page)
    return reader.found
