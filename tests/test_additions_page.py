"""Additions: said to be entered by hand, of their period only, and never in place of a computed figure."""

import pytest
from lxml import html

from analysis.additions_page import measure_named, show_additions
from analysis.labels import read_labels
from analysis.metrics import MEASURES, headline
from analysis.periods import read_period, until

VI, EN = read_labels("vi"), read_labels("en")
YEAR = read_period("2022")
LINE = {
    "period": "2022", "measure": "Lượt công dân được hướng dẫn", "value": 1350.5, "measured_in": "lượt", "source": "Sổ",
    "who": "Văn phòng",
}  # fmt: skip


@pytest.fixture(scope="module")
def added(sample, book_of):
    """The sample with some figures entered by hand."""
    return lambda *lines: sample.with_(handbook=book_of("additions", *[LINE | line for line in lines]))


def rows(piece):
    return [[cell.text_content() for cell in row] for row in html.fromstring(f"<div>{piece}</div>").xpath("//tbody/tr")]


def test_a_figure_entered_by_hand_is_said_to_be_so(added):
    piece = show_additions(added({}), YEAR, labels=VI)
    assert "<caption>Số liệu nhập tay từ sổ tay, không tính từ dữ liệu xuất</caption>" in piece
    assert rows(piece) == [["Lượt công dân được hướng dẫn", "1.350,5", "lượt", "Sổ", "Văn phòng"]]
    assert rows(show_additions(added({}), YEAR, labels=EN))[0][1] == "1,350.5"


@pytest.mark.parametrize("period", ["2021", "2022-Q1", "2022-official"])
def test_a_figure_of_another_period_is_not_shown(added, period):
    assert show_additions(added({"period": period}), YEAR, labels=VI) == ""


def test_without_its_line_a_figure_is_gone(added):
    assert show_additions(added(), YEAR, labels=VI) == ""


@pytest.mark.parametrize("name", ["Hồ sơ tiếp nhận", "DOSSIERS received", "received"])
def test_a_figure_that_is_computed_too_stands_beside_it_with_the_difference(added, name):
    piece = show_additions(added({"measure": name, "value": 940}, {}), YEAR, labels=VI)
    computed, other = rows(piece)
    assert computed[:5] == [name, "940", "lượt", "937", "+3"]
    assert other[3:5] == ["–", "–"]
    assert "chương trình tính được 937 từ dữ liệu xuất, và báo cáo dùng số này" in piece


def test_a_figure_entered_by_hand_changes_no_computed_one(added, sample):
    span = until(YEAR, sample.as_of)
    changed = headline(added({"measure": "received", "value": 1}), span)
    assert changed.equals(headline(sample, span))


def test_a_share_is_compared_in_points(added):
    (row,) = rows(show_additions(added({"measure": "on_time_rate", "value": 71, "measured_in": "%"}), YEAR, labels=VI))
    assert row[3:5] == ["70,18\xa0%", "+0,82 điểm\xa0%"]


def test_a_share_whose_unit_is_not_per_cent_is_not_compared(added):
    piece = show_additions(added({"measure": "on_time_rate", "value": 0.71, "measured_in": ""}), YEAR, labels=VI)
    assert rows(piece)[0][3:5] == ["70,18\xa0%", "–"]
    assert "không so được" in piece


def test_a_figure_that_the_exports_do_not_give_is_compared_with_nothing(added):
    data = added({"measure": "on_time_rate"})
    data = data.with_(files=data.files.assign(columns=data.files["columns"].str.replace("due_on", "none")))
    assert len(rows(show_additions(data, YEAR, labels=VI))[0]) == 5


def test_on_the_page_of_a_unit_a_figure_is_the_departments_and_compared_with_nothing(added, sample):
    unit = str(sample.dossiers.unit.iloc[0])
    piece = show_additions(added({"measure": "received"}).with_(unit=unit), YEAR, labels=VI)
    assert len(rows(piece)[0]) == 5
    assert f"không riêng {unit}" in piece


def test_markup_in_an_addition_is_shown_and_never_run(added):
    strange = dict.fromkeys(("measure", "measured_in", "source", "who"), "<script>x()</script>")
    page = html.fromstring(f"<div>{show_additions(added(strange), YEAR, labels=VI)}</div>")
    assert not page.xpath("//script")
    assert page.text_content().count("<script>x()</script>") == 4


def test_every_measure_is_found_by_its_names():
    for measure in MEASURES:
        assert measure_named(measure) == measure
    for lang in ("vi", "en"):
        named = {m: read_labels(lang).name(f"measures.{m}") for m in MEASURES}
        assert {m: measure_named(name) for m, name in named.items()} == {m: m for m in MEASURES}
