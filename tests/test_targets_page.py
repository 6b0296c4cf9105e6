"""Targets on a page: met or how many short, on the table, the card and in the sentence, and nothing without a line."""

import pytest
from click.testing import CliRunner
from lxml import html

from analysis import __main__ as command_line
from analysis import commands_figures
from analysis.labels import read_labels
from analysis.metrics import headline
from analysis.periods import read_period, until
from analysis.sections import show_cards, show_missing
from analysis.targets import targets_of
from analysis.targets_page import show_targets, target_sentences

VI, EN = read_labels("vi"), read_labels("en")
YEAR = read_period("2022")
LINE = {"measure": "on_time_rate", "year": 2022, "value": 95.0, "source": "Decision 1"}


@pytest.fixture(scope="module")
def told(book_of):
    """Makes a handbook of some targets."""
    return lambda *lines: book_of("targets", *[LINE | line for line in lines])


@pytest.fixture(scope="module")
def held(told):
    """Holds some targets against data."""
    return lambda data, *lines, asked=YEAR: targets_of(data.with_(handbook=told(*lines)), asked)


def rows(piece):
    return [[cell.text_content() for cell in row] for row in html.fromstring(f"<div>{piece}</div>").xpath("//tbody/tr")]


@pytest.fixture(scope="module")
def cards(sample, held):
    """What each card says of some targets, by the card's name."""
    figures = headline(sample, until(YEAR, sample.as_of))

    def shown(*lines):
        page = html.fromstring(show_cards(figures, targets=held(sample, *lines), labels=VI))
        named = {card.xpath("p[@class='name']")[0].text: card for card in page.xpath("//div[@class='card']")}
        return {name: [p.text for p in card.xpath("p[@class='target']")] for name, card in named.items()}

    return shown


def test_a_target_stands_in_a_table_with_its_numbers_and_its_basis(sample, held):
    (row,) = rows(show_targets(held(sample, {"source": "<b>Decision"}, asked=read_period("2022-Q1")), labels=VI))
    assert row[:3] == ["Tỷ lệ trước và đúng hạn", "D1 · giải quyết trong kỳ", "95\xa0%"]
    assert row[6].startswith("thiếu ")
    assert row[7] == "<b>Decision"


def test_without_a_line_nothing_is_shown(sample, held, cards):
    assert show_targets(held(sample), labels=VI) == ""
    assert target_sentences(held(sample), labels=VI) == []
    assert not any(cards().values())


def test_a_card_says_how_many_dossiers_are_short_or_that_the_target_is_met(sample, cards):
    found = cards({}, {"measure": "online_share", "value": 17.0})
    assert found["Tỷ lệ trước và đúng hạn"] == ["Chỉ tiêu 95\xa0%: đến nay thiếu 213 hồ sơ"]
    assert found["Tỷ lệ trực tuyến"] == ["Chỉ tiêu 17\xa0%: đến nay đạt"]
    assert found["Hồ sơ tiếp nhận"] == []


def test_a_card_names_the_definition_that_is_not_its_own(sample, cards):
    assert cards({"definition": "D2"})["Tỷ lệ trước và đúng hạn"] == [
        "Chỉ tiêu 95\xa0% (tính theo D2: 70,50\xa0%): đến nay thiếu 226 hồ sơ"
    ]


def test_a_measure_with_a_target_has_a_card(sample, cards):
    assert "Tỷ lệ giải quyết trong số tiếp nhận" not in cards()
    assert cards({"measure": "resolved_share", "value": 50.0})["Tỷ lệ giải quyết trong số tiếp nhận"]


def test_a_sentence_says_up_to_which_day_while_the_period_is_not_over(sample, held):
    (so_far,) = target_sentences(held(sample, {}), labels=VI)
    assert so_far == (
        "Tỷ lệ trước và đúng hạn, chỉ tiêu năm 2022: 95\xa0% (Decision 1); thực hiện đến hết ngày 10/11/2022 "
        "70,18\xa0% (600 trên 855), đến nay thiếu 213 hồ sơ."
    )
    (over,) = target_sentences(held(sample, {}, asked=read_period("2022-Q1")), labels=EN)
    assert "reached in the period" in over
    assert "up to" not in over


def test_documents_are_short_of_documents(sample, held):
    (said,) = target_sentences(held(sample, {"measure": "outgoing_signed_share", "value": 100.0}), labels=VI)
    assert said.endswith(("văn bản.", "đến nay đạt."))
    short = held(sample, {"measure": "outgoing_signed_share"}).assign(met=False, short=3)
    assert target_sentences(short, labels=VI)[0].endswith("đến nay thiếu 3 văn bản.")


def test_what_cannot_be_computed_says_so_and_shows_no_number(sample, held):
    files = sample.files.assign(columns=sample.files["columns"].str.replace("due_on", "none"))
    targets = held(sample.with_(files=files), {"definition": "D2"})
    (row,) = rows(show_targets(targets, labels=VI))
    assert row[3:7] == ["–", "–", "–", "không tính được từ dữ liệu này"]
    assert "không tính được" in target_sentences(targets, labels=VI)[0]
    nobody = held(sample.with_(dossiers=sample.dossiers.iloc[:0]), {})
    assert rows(show_targets(nobody, labels=VI))[0][6] == "chưa phát sinh hồ sơ nào để tính"


@pytest.mark.parametrize(
    ("percent", "written"), [(95.0, "95\xa0%"), (87.5, "87,5\xa0%"), (99.999, "99,999\xa0%"), (57.9, "57,9\xa0%")]
)
def test_a_target_is_written_as_it_was_typed(sample, percent, written, held):
    assert rows(show_targets(held(sample, {"value": percent}), labels=VI))[0][2] == written


def test_a_target_of_a_unit_that_no_dossier_is_of_is_told_before_any_figure(sample, told):
    unit = str(sample.dossiers.unit.iloc[0])
    span = until(YEAR, sample.as_of)
    book = told({"unit": "Phòng <X>"}, {"unit": unit.upper()})
    said = show_missing(sample.with_(handbook=book), span, labels=VI)
    assert "dòng 7, cột “Phạm vi (đơn vị tiếp nhận)”: ghi “Phòng &lt;X&gt;”" in said
    assert unit in said
    assert "dòng 8" not in said
    assert show_missing(sample.with_(handbook=book, unit=unit), span, labels=VI).count("Sổ tay") == 0


def test_the_command_figures_says_each_target(sample, monkeypatch, told):
    monkeypatch.setattr(
        commands_figures, "load_asked", lambda asked: sample.with_(handbook=told({}, {"definition": "D2"}))
    )
    said = CliRunner().invoke(command_line.cli, ["figures", "2022"]).output
    assert said.count("chỉ tiêu năm 2022: 95") == 2
