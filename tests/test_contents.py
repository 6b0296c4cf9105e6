"""A page is made of sections; few headings need no list of them."""

import pytest
from lxml import html
from nbformat.v4 import new_markdown_cell, new_notebook

from analysis.contents import sections_of
from analysis.html_page import to_html


def page(*texts, lang="vi"):
    cells = [new_markdown_cell(text, metadata={"tags": ["annex"] if "Annex" in text else []}) for text in texts]
    return html.fromstring(to_html(new_notebook(cells=cells), title="", lang=lang))


def test_a_heading_of_another_order_begins_no_section():
    texts = ["# Title", "### Part", "prose ## no", "##none"]
    assert [section.title for section in sections_of([new_markdown_cell(text) for text in texts])] == [""]


def test_the_prose_below_a_heading_stays_with_its_section():
    document = page("before", "## One\n\nWhy?", "more", "## Two")
    assert [section.text_content().split() for section in document.xpath("//section")] == [
        ["One", "Why?", "more"],
        ["Two"],
    ]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_an_annex_is_folded_and_said_in_the_contents(lang):
    document = page("## A", "## B", "## Annex C", lang=lang)
    assert [d.xpath("string(summary)").strip() for d in document.xpath("//details")] == ["Annex C"]
    said = {"vi": "phụ lục", "en": "annex"}[lang]
    assert document.xpath("//nav//li[span]/span/text()") == [said]


def test_two_sections_need_no_contents():
    assert not page("## A", "## B").xpath("//nav | //a")


def test_a_heading_is_text():
    document = page("## <script>alert(1)</script>", "## B", "## C")
    assert document.xpath("string(//section/h2)") == "<script>alert(1)</script>"
    assert not document.xpath("//script")
