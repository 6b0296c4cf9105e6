"""The list of reports: a page that links to every report of a folder."""

from html import escape
from pathlib import Path
from urllib.parse import quote

import nbformat

from analysis.html_page import tags_of, to_html
from analysis.publication import publish

INDEX = {
    "vi": {"title": "Các báo cáo", "as_of": "số liệu đến {}", "none": "Chưa có báo cáo nào."},
    "en": {"title": "Reports", "as_of": "data up to {}", "none": "There is no report yet."},
}
"""What the list of reports says, by language."""


def write_index(folder: Path, *, lang: str = "vi") -> Path:
    """Write ``index.html``: a link to every report in a folder, the newest period first.

    Other HTML files are left out: a report is known by what ``to_html`` writes into its head.
    """
    words = INDEX[lang]
    found = [(path, about_of(path)) for path in sorted(folder.glob("*.html")) if path.name != "index.html"]
    reports = [(path, about) for path, about in found if about.get("title")]
    reports.sort(key=lambda report: report[1].get("period", "").rpartition("..")[2], reverse=True)
    items = "".join(_item(path, about, words) for path, about in reports)
    nav = f'<nav aria-label="{words["title"]}"><ul>{items}</ul></nav>' if items else f"<p>{words['none']}</p>"
    html = f'<header class="head"><h1>{words["title"]}</h1></header>{nav}'
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", {"text/html": html})])
    page = to_html(nbformat.v4.new_notebook(cells=[cell]), title=words["title"], lang=lang)
    publish({folder / "index.html": page.encode()})
    return folder / "index.html"


def about_of(path: Path) -> dict[str, str]:
    """What a page says of itself in its head; empty for a page that is no report."""
    head, _, _ = path.read_text("utf-8", errors="replace").partition("</head>")
    metas = [attributes for tag, attributes in tags_of(head) if tag == "meta"]
    named = {attributes.get("name") or "": attributes.get("content") or "" for attributes in metas}
    return {name.removeprefix("analysis-"): text for name, text in named.items() if name.startswith("analysis-")}


def _item(path: Path, about: dict[str, str], words: dict[str, str]) -> str:
    """One line of the list of reports."""
    as_of = words["as_of"].format(about["as_of"]) if about.get("as_of") else ""
    facts = " · ".join(filter(None, [about.get("period"), about.get("unit"), as_of]))
    lang = escape(about.get("lang", ""))
    return (
        f'<li><a href="{quote(path.name)}" lang="{lang}" hreflang="{lang}">{escape(about["title"])}</a>'
        f"<p>{escape(facts)}</p></li>"
    )
