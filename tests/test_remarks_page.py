"""Remarks: printed as written, in their section and period, as the department's own words; nothing in them is run."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from analysis.handbook_form import read_form
from analysis.labels import read_labels
from analysis.periods import read_period
from analysis.remarks_page import OF_REPORT, show_all_remarks, show_remarks

VI, EN = read_labels("vi"), read_labels("en")
YEAR = read_period("2022")
LINE = {"period": "2022", "section": "causes", "text": "Phần mềm thay đổi."}


@pytest.fixture(scope="module")
def noted(sample, book_of):
    """The sample with some remarks."""
    return lambda *lines: sample.with_(handbook=book_of("remarks", *[LINE | line for line in lines]))


def quotes(piece):
    return [p.text_content() for p in html.fromstring(f"<div>{piece}</div>").xpath("//blockquote/p[not(@class)]")]


def test_a_remark_stands_in_its_section_as_the_departments_own_words(noted):
    piece = show_remarks(noted({"who": "Văn phòng Sở"}), YEAR, "causes", labels=VI)
    assert "<h3>Nguyên nhân (nhận định của đơn vị)</h3>" in piece
    assert quotes(piece) == ["Phần mềm thay đổi."]
    assert "Người viết: Văn phòng Sở" in piece
    assert VI.name("remarks.own_words") in piece


@pytest.mark.parametrize("other", [{"section": "results"}, {"period": "2021"}, {"period": "2022-Q1"}])
def test_a_remark_stands_in_no_other_section_and_period(noted, other):
    assert show_remarks(noted(other), YEAR, "causes", labels=VI) == ""


def test_without_its_line_a_remark_is_gone(noted):
    assert show_all_remarks(noted(), YEAR, labels=VI) == ""


def test_a_period_of_the_same_days_is_the_same_period(noted):
    assert quotes(show_remarks(noted({"period": "2022-01-01..2022-12-31"}), YEAR, "causes", labels=VI))


def test_line_breaks_are_kept(noted):
    assert "Một.<br>Hai." in show_remarks(noted({"text": "Một.\nHai."}), YEAR, "causes", labels=VI)


def test_markup_in_a_remark_is_shown_and_never_run(noted):
    strange = {"text": "<script>x()</script>", "who": "<b>who</b>"}
    page = html.fromstring(f"<div>{show_remarks(noted(strange), YEAR, 'causes', labels=VI)}</div>")
    assert not page.xpath("//script | //b")
    assert page.xpath("//blockquote/p")[0].text == "<script>x()</script>"


PRINTED = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" <>&\"'\n"), min_size=1)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=PRINTED)
def test_any_text_is_printed_as_it_was_written(noted, text):
    page = html.fromstring(f"<div>{show_remarks(noted({'text': text}), YEAR, 'causes', labels=VI)}</div>")
    (written,) = page.xpath("//blockquote/p")
    assert "\n".join(written.itertext()) == "\n".join(filter(None, text.split("\n")))
    assert {child.tag for child in written} <= {"br"}


def test_a_remark_in_the_language_of_the_page_comes_before_one_in_another(noted):
    both = noted({"language": "vi"}, {"language": "en", "text": "The system changed."})
    assert quotes(show_remarks(both, YEAR, "causes", labels=VI)) == ["Phần mềm thay đổi."]
    assert quotes(show_remarks(both, YEAR, "causes", labels=EN)) == ["The system changed."]


def test_a_remark_in_the_other_language_only_is_shown_and_marked(noted):
    piece = show_remarks(noted({"language": ""}), YEAR, "causes", labels=EN)
    assert '<p lang="vi">Phần mềm thay đổi.</p>' in piece
    assert "lang=" not in show_remarks(noted({"language": ""}), YEAR, "causes", labels=VI)


def test_all_remarks_stand_in_the_order_of_a_report(noted):
    piece = show_all_remarks(
        noted({"section": "proposals"}, {"section": "results"}, {"section": "intake"}), YEAR, labels=VI
    )
    headings = [h.text for h in html.fromstring(f"<div>{piece}</div>").xpath("//h3")]
    assert [h.partition(" (")[0] for h in headings] == ["Kết quả", "Đề xuất, kiến nghị"]
    assert piece.count(VI.name("remarks.own_words")) == 1


def test_a_remark_can_stand_in_a_section_of_figures(noted):
    sections = [s for s in read_form().choices["sections"] if s not in OF_REPORT]
    assert sections == ["intake", "on_time", "handling_time", "open", "procedures", "documents", "meetings"]
    for section in sections:
        piece = show_remarks(noted({"section": section}), YEAR, section, labels=VI)
        assert "<h3>Nhận định của đơn vị</h3>" in piece


def test_on_the_page_of_a_unit_remarks_are_said_to_be_the_departments(noted):
    piece = show_remarks(noted({}).with_(unit="Phòng <A>"), YEAR, "causes", labels=VI)
    assert "không riêng Phòng &lt;A&gt;" in piece


def test_a_section_that_does_not_exist_is_an_error(noted):
    with pytest.raises(KeyError):
        show_remarks(noted({}), YEAR, "reasons", labels=VI)
