"""The pieces of a page: whatever the data say is shown and never run."""

import base64
import re
import subprocess
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from lxml import html
from patience import PATIENCE

from analysis.labels import read_labels
from analysis.marks import FINISHED
from analysis.page import Finished, show_chart, show_list, show_notices, show_sentences, show_table

TEMPLATE = Path(__file__).parents[1] / "analysis/template"
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "&lt;b&gt;", "'; DROP"]


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_shown_as_it_is_written(text):
    table = pd.DataFrame({"a": [text], "b": [text]})
    pieces = [
        show_table(table, headings={"a": text, "b": text}, caption=text, summary=text),
        show_sentences([text]),
        show_notices([text]),
    ]
    page = html.fromstring(f"<div>{''.join(pieces)}</div>")
    assert not page.xpath("//script | //img | //b")
    shown = [element.text for element in page.iter("td", "th", "caption", "summary", "li", "p")]
    assert shown == [text] * 8


def test_numbers_stand_to_the_right_and_texts_to_the_left():
    table = pd.DataFrame(
        {
            "name": ["a", "b"],
            "n": ["1.234", "–"],
            "rate": ["17,40\xa0%", "+1,03\xa0%"],
            "code": ["1.007767", "2.000986"],
        }
    )
    page = html.fromstring(show_table(table, headings={c: c for c in table}, caption="A table"))
    assert [cell.get("class") for cell in page.xpath("//tbody/tr[1]/td")] == ["number", "number", None]


def test_the_first_cell_of_a_row_names_it():
    page = html.fromstring(
        show_table(pd.DataFrame({"a": ["x"], "b": ["1"]}), headings={"a": "A", "b": "B"}, caption="A table")
    )
    assert page.xpath("string(//tbody//th[@scope='row'])") == "x"
    assert page.xpath("//thead//th/@scope") == ["col", "col"]


def test_an_empty_table_has_a_heading_and_no_rows():
    page = html.fromstring(
        show_table(pd.DataFrame({"a": [], "b": []}), headings={"a": "A", "b": "B"}, caption="A table")
    )
    assert page.xpath("//thead//th/text()") == ["A", "B"]
    assert not page.xpath("//tbody/tr")


def chart(title="Tiêu đề"):
    ax = plt.subplots()[1]
    ax.bar([0], [1])
    ax.set_title(title, loc="left")
    ax.set_label("Một <cột> duy nhất.")
    return ax


def test_a_chart_is_a_picture_with_its_sentence_and_needs_nothing_else():
    page = html.fromstring(show_chart(chart()))
    (image,) = page.xpath("//img")
    assert image.get("alt") == "Tiêu đề. Một <cột> duy nhất."
    assert page.xpath("string(//figcaption)") == "Một <cột> duy nhất."
    picture = base64.b64decode(image.get("src").partition("base64,")[2]).decode()
    linked = set(re.findall(r'(?:xlink:href|href|src)="([^"]*)"', picture))
    assert all(link.startswith("#") for link in linked)


@pytest.mark.parametrize("said", ["", "_child0", "Biểu đồ", "picture"])
def test_a_chart_that_says_nothing_to_those_who_cannot_see_it_is_refused(said):
    ax = chart()
    ax.set_label(said)
    with pytest.raises(ValueError, match="give it a title"):
        show_chart(ax)


def test_a_chart_without_a_title_is_refused():
    with pytest.raises(ValueError, match="give it a title"):
        show_chart(chart(title=""))


def test_a_chart_has_its_finding_and_its_unit_above_it():
    page = html.fromstring(show_chart(chart("Tăng\n\nhồ sơ <mỗi> tháng")))
    assert page.xpath("//p/text()") == ["Tăng", "hồ sơ <mỗi> tháng"]
    assert page.xpath("//p/@class") == ["finding", "unit"]


def test_the_same_chart_is_the_same_bytes():
    assert show_chart(chart()) == show_chart(chart())


def test_a_shown_chart_is_closed():
    show_chart(chart())
    assert not plt.get_fignums()


def test_the_last_cell_leaves_a_mark_that_is_no_text_of_the_page():
    assert set(Finished()._repr_mimebundle_()) == {FINISHED, "text/plain"}


def test_on_paper_the_rows_that_a_list_folds_are_printed(tmp_path, chromium):
    table = pd.DataFrame({"name": [f"row{n}" for n in range(20)]})
    style = (TEMPLATE / "report.css").read_text("utf-8")
    shown = show_list(table, headings={"name": "Name"}, caption="Names", labels=read_labels("en"))
    run = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'user'}"]
    pages = {}
    for name, printed in (("folded", shown), ("open", shown.replace("<details", "<details open"))):
        (tmp_path / f"{name}.html").write_text(f"<style>{style}</style>{printed * 20}", encoding="utf-8")
        command = [*run, f"--print-to-pdf={tmp_path / name}.pdf", (tmp_path / f"{name}.html").as_uri()]
        subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True)
        pages[name] = len(re.findall(rb"/Type\s*/Page\b", (tmp_path / f"{name}.pdf").read_bytes()))
    assert pages["folded"] == pages["open"] > 5
