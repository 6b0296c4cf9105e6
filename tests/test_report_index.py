"""The list of reports: a card for each, with its first figures, and since when one fails."""

from datetime import UTC, datetime

import nbformat
import pytest
from lxml import html
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.html_page import to_html
from analysis.marks import RECORD
from analysis.report_index import write_index
from analysis.run_state import NAME, Outcome, note_runs, read_runs

MORNING = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
FIGURES = {
    name: {"value": value}
    for name, value in {"received": 1937, "online_share": 0.174, "open": 0, "on_time_rate": None}.items()
}


def page(folder, name, title="Báo cáo", record=None, lang="vi", **about):
    """A report in a folder, with a record if one is given."""
    outputs = [new_output("display_data", {RECORD: record})] if record else []
    notebook = new_notebook(cells=[new_code_cell("record", outputs=outputs)])
    (folder / name).write_text(to_html(nbformat.from_dict(notebook), title=title, lang=lang, about=about), "utf-8")


def cards(folder, **options):
    """The cards of a list, as elements."""
    return html.fromstring(write_index(folder, **options).read_text("utf-8")).xpath('//ul[@class="reports"]/li')


def texts(element):
    return [" ".join(text.split()) for text in element.itertext() if text.strip()]


def test_a_card_holds_the_figures_that_are_known_and_a_line(tmp_path):
    months = {"2022-01": 10, "2022-02": 0, "2022-03": 5}
    page(tmp_path, "2022.html", "Năm 2022", {"figures": FIGURES, "months": months}, period="2022", as_of="10/11/2022")
    (card,) = cards(tmp_path, lang="en")
    assert texts(card) == [
        "Năm 2022", "2022 · data up to 10/11/2022", "Dossiers received", "1,937", "Online share", "17.40%", "Dossiers open", "0",
    ]  # fmt: skip
    assert card.xpath(".//polyline/@points") == ["0.0,0.0 80.0,32.0 160.0,16.0"]
    assert card.xpath(".//svg/@aria-label") == ["Dossiers received per month, Jan 2022 to Mar 2022: between 0 and 10"]
    assert card.xpath(".//a/@href") == ["2022.html"]


def test_the_units_stand_apart_and_pages_of_all_exports_last(tmp_path):
    page(tmp_path, "trends.html")
    for year in ("2021", "2022"):
        page(tmp_path, f"{year}.html", record={"unit": "Sở"}, period=year)
    page(tmp_path, "2022.phong.html", record={"unit": "Phòng"}, period="2022", unit="Phòng")
    found = html.fromstring(write_index(tmp_path).read_text("utf-8"))
    assert [heading.text for heading in found.iter("h2")] == ["Phòng", "Sở", "Trang khác"]
    assert found.xpath("//li/a/@href") == ["2022.phong.html", "2022.html", "2021.html", "trends.html"]


def test_one_unit_needs_no_heading(tmp_path):
    page(tmp_path, "2022.html", period="2022")
    write_index(tmp_path)
    assert "<h2" not in (tmp_path / "index.html").read_text("utf-8")


def test_a_page_that_is_no_longer_renewed_says_since_when(tmp_path):
    page(tmp_path, "2022.html", period="2022")
    note_runs(tmp_path, {"2022.html": Outcome()}, at=MORNING)
    assert texts(cards(tmp_path, lang="en")[0])[-1] == "Last made 5 Jan 2026 06:00."
    for day, code in ((6, 4), (7, 5)):
        note_runs(tmp_path, {"2022.html": Outcome(code)}, at=MORNING.replace(day=day))
    (card,) = cards(tmp_path, lang="en")
    assert card.find_class("notice")[0].text == (
        "Failing since 6 Jan 2026 06:00; last tried 7 Jan 2026 06:00 (code 5). The page, if there is one, is an old one."
    )
    note_runs(tmp_path, {"2022.html": Outcome()}, at=MORNING.replace(day=8))
    assert read_runs(tmp_path)["2022.html"].failed_since is None


def test_a_page_that_never_was_made_is_named_without_a_link(tmp_path):
    note_runs(tmp_path, {"2023.html": Outcome(4), "2022.html": Outcome()}, at=MORNING)
    (card,) = cards(tmp_path)
    assert (texts(card)[0], card.xpath(".//a")) == ("2023", [])


@pytest.mark.parametrize(
    "held",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"a.html": {}}',
        b'{"a.html": 1}',
        b'{"a.html": {"at": "x", "failed_since": null, "code": 0}}',
    ],
)
def test_what_was_kept_and_cannot_be_read_is_as_if_nothing_was(held, tmp_path):
    (tmp_path / NAME).write_bytes(held)
    assert read_runs(tmp_path) == {}
    note_runs(tmp_path, {"b.html": Outcome()}, at=MORNING)
    assert list(read_runs(tmp_path)) == ["b.html"]


def test_what_a_page_says_of_itself_is_escaped(tmp_path):
    page(tmp_path, "2022.html", "<script>", {"unit": "<b>", "figures": {}}, period="2022", unit="<b>")
    page(tmp_path, "2021.html", period="2021", unit="b")
    text = write_index(tmp_path).read_text("utf-8")
    assert "<b>" not in text
    assert text.count("<script") == 0
