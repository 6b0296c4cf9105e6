"""Sections: figures add up on the page itself, and nothing that was refused is hidden."""

import pandas as pd
import pytest
from lxml import html

from analysis import counts, sections
from analysis.labels import read_labels
from analysis.metrics import headline
from analysis.periods import read_period, until, year_before

VI = read_labels("vi")
SPAN = until(read_period("2022"), pd.Timestamp("2022-11-10"))


def rows(piece, table=1):
    page = html.fromstring(f"<div>{piece}</div>")
    found = page.xpath(f"(//table)[{table}]/tbody[not(@hidden)]/tr")
    return [[cell.text_content() for cell in row] for row in found]


def number(text):
    return int(text.replace(".", ""))


@pytest.fixture(scope="module")
def figures(sample):
    return headline(sample, SPAN, whole_year=year_before(read_period("2022")))


def test_the_head_says_that_the_sample_is_made_up_and_real_data_do_not(sample):
    assert 'class="sample"' in sections.show_head(sample, SPAN, labels=VI)
    assert 'class="sample"' not in sections.show_head(sample.with_(is_sample=False), SPAN, labels=VI)


@pytest.mark.parametrize("basis", ["given", "export", "event"])
def test_the_head_says_where_the_day_comes_from(sample, basis):
    said = VI.name(f"sentences.as_of_{basis}", day="10/11/2022")
    assert said in sections.show_head(sample.with_(as_of_basis=basis), SPAN, labels=VI)


def test_a_unit_named_like_markup_is_shown_as_text(sample):
    piece = sections.show_head(sample.with_(unit="<script>x</script>"), SPAN, labels=VI)
    assert "<script>" not in piece


def test_the_cards_show_the_published_figures(figures):
    page = html.fromstring(sections.show_cards(figures, labels=VI))
    values = [value.text_content() for value in page.xpath("//p[@class='value']")]
    assert values[:5] == ["937", "17,40\xa0%", "855", "70,18\xa0%", "67"]


def test_a_card_without_a_figure_is_left_out(figures):
    nothing = figures.assign(value=figures.value.where(figures.index == "received"))
    assert sections.show_cards(nothing, labels=VI).count('class="card"') == 1


def test_a_measure_that_is_zero_everywhere_is_left_out_of_the_table(figures):
    named = [row[0] for row in rows(sections.show_headline(figures, labels=VI))]
    assert VI.name("measures.postal") not in named
    assert VI.name("measures.received") in named


def test_the_fates_on_the_page_add_up_to_the_lines_of_every_file(sample):
    table = rows(sections.show_fates(sample, labels=VI))
    assert len(table) == len(sample.files)
    for _, _, _, lines, *fates in table:
        assert number(lines) == sum(map(number, fates))


def test_every_rejected_line_is_named_with_its_place_and_value(sample):
    table = rows(sections.show_rejected(sample, labels=VI))
    assert len(table) == 5
    assert any("31/02/2022" in row[3] and row[2] == "Không đọc được ngày tiếp nhận" for row in table)


def test_more_rejected_lines_than_fit_are_counted(sample):
    many = pd.concat([sample.rejected] * 20)
    piece = sections.show_rejected(sample.with_(rejected=many), labels=VI)
    assert len(rows(piece)) == sections.MOST_LINES
    assert "50 dòng nữa" in piece


def test_no_rejected_line_is_said_to_be_good(sample):
    clean = sample.with_(rejected=sample.rejected.iloc[:0], warnings=sample.warnings.iloc[:0])
    assert 'class="good"' in sections.show_rejected(clean, labels=VI)
    assert 'class="good"' in sections.show_doubts(clean, labels=VI)


def test_the_months_on_the_page_add_up(sample):
    intake = counts.by_month(counts.count_intake(sample.dossiers), SPAN)
    assert sum(number(row[-1]) for row in rows(sections.show_intake(sample, intake, SPAN, labels=VI))) == 937
    monthly = counts.by_month(counts.count_events(sample.dossiers), SPAN)
    assert sum(number(row[-1]) for row in rows(sections.show_timeliness(sample, monthly, SPAN, labels=VI))) == 855


def test_a_rate_is_shown_with_its_numerator_and_denominator(figures):
    table = {row[0]: row[2:] for row in rows(sections.show_definitions(figures, SPAN, labels=VI))}
    assert table["Tỷ lệ trước và đúng hạn"] == ["600", "855", "70,18\xa0%"]


def test_the_provenance_names_every_file_with_its_checksum_and_no_path_of_this_machine(sample, sample_folder):
    piece = sections.show_provenance(sample, {"period": "2022"}, labels=VI)
    assert all(checksum in piece.replace(" ", "") for checksum in sample.files.sha256)
    assert str(sample_folder) not in piece


AUGUST = [("2021-01-01", "2022-07-31"), ("2022-09-01", "2022-11-10")]


def without_august(sample):
    stretches = pd.DataFrame(AUGUST, columns=["first", "last"]).astype("datetime64[us]").assign(table="dossiers")
    others = sample.coverage[sample.coverage.table != "dossiers"]
    return sample.with_(coverage=pd.concat([stretches, others], ignore_index=True))


def test_nothing_is_missing_from_the_sample(sample):
    assert sections.show_missing(sample, SPAN, labels=VI) == ""


def test_what_could_not_be_read_and_what_nobody_delivered_stands_in_the_first_block(sample):
    problems = pd.DataFrame({"source_file": ["<b>.xlsx"], "message": ["is a PNG picture"]})
    piece = sections.show_missing(without_august(sample).with_(problems=problems), SPAN, labels=VI)
    assert "1 tệp không đọc được" in piece
    assert rows(piece) == [["<b>.xlsx", "is a PNG picture"]]
    assert "không có số liệu hồ sơ từ ngày 01/08/2022 đến ngày 31/08/2022" in piece


def test_a_month_that_nobody_delivered_has_no_zeros_and_a_mark(sample):
    data = without_august(sample)
    august = sample.dossiers.received_on.dt.to_period("M") == pd.Period("2022-08")
    intake = counts.by_month(counts.count_intake(sample.dossiers[~august]), SPAN)
    piece = sections.show_intake(data, intake, SPAN, labels=VI)
    table = {row[0]: row[1:] for row in rows(piece)}
    assert set(table["8/2022*"]) == {"–"}
    assert "7/2022" in table
    assert VI.name("sentences.partly_silent") in piece
    assert VI.name("sentences.partly_silent") not in sections.show_intake(sample, intake, SPAN, labels=VI)


def test_doubts_about_a_file_are_shown_in_words_or_by_their_key(sample):
    doubts = ['[["cut_short", "line 7"], ["<new>", ""]]', *["[]"] * (len(sample.files) - 1)]
    data = sample.with_(files=sample.files.assign(doubts=doubts))
    found = rows(sections.show_doubtful_files(data, labels=read_labels("en")))
    assert [row[1] for row in found] == [read_labels("en").doubt("cut_short", "line 7"), "<new>"]
    assert "cut" in sections.show_fates(data, labels=read_labels("en"))


def test_a_value_that_may_be_a_name_is_cut_on_the_page(sample):
    rejected = sample.fates[sample.fates.fate == "rejected"].assign(
        reason="unreadable_received_on", column="received_on", value="Nguyễn Thị Không Có Thật"
    )
    piece = sections.show_rejected(sample.with_(rejected=rejected), labels=VI)
    assert "Nguyễn…" in piece
    assert "Không Có Thật" not in piece
