"""CSV that is copied from a page: what the page shows, for machines, and harmless in a spreadsheet."""

import csv
import io

import pandas as pd
import pytest
from lxml import html

from analysis.copies import csv_of
from analysis.labels import read_labels
from analysis.page import show_table

VI, EN = read_labels("vi"), read_labels("en")


def cells(*texts, labels=VI):
    """A row of these texts behind a name, read back."""
    text = csv_of(["", *texts], [["row", *texts]], labels=labels)
    return list(csv.reader(io.StringIO(text, newline="")))[1][1:]


@pytest.mark.parametrize("labels", [VI, EN], ids=["vi", "en"])
@pytest.mark.parametrize("number", [0, 7, 937, 1234, 1234567, -3, 12.5])
def test_a_number_comes_back_as_it_was(labels, number):
    assert [float(cell) for cell in cells(labels.number(number), labels=labels)] == [number]


@pytest.mark.parametrize("labels", [VI, EN], ids=["vi", "en"])
def test_a_share_is_a_fraction_as_exact_as_it_is_shown(labels):
    shares = [labels.percent(share) for share in (163 / 937, 0, 1, 0.0007)]
    assert cells(*shares, labels=labels) == ["0.1740", "0.0000", "1.0000", "0.0007"]


def test_a_dash_is_an_empty_cell_and_marks_are_no_part_of_a_number():
    assert cells("–", "302†", "12*") == ["", "302", "12"]


def test_a_day_a_code_and_a_span_stay_as_they_are_written():
    texts = ["10/11/2022", "1.007767.000", "66,76\xa0%\xa0–\xa075,60\xa0%", "Quý 4/2022"]
    assert cells(*texts) == texts


@pytest.mark.parametrize("text", ["=cmd()", "+1+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "=1"])
def test_a_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(text):
    assert cells(text) == [f"'{text}"]
    lines = csv_of([text, "n"], [[text, "1"]], labels=VI)
    assert [row[0] for row in csv.reader(io.StringIO(lines, newline=""))] == [f"'{text}"] * 2


@pytest.mark.parametrize("text", ['a,b "c"', "a\nb", "<script>alert(1)</script>", "'; DROP"])
def test_any_other_text_comes_back_as_it_was(text):
    assert cells(text) == [text]


def test_a_table_that_is_folded_away_can_be_copied_and_reached_by_the_keyboard():
    table = pd.DataFrame({"name": ["<b>x</b>"], "n": ["1.234"]})
    shown = show_table(table, headings={"name": "Tên", "n": "Số"}, caption="Số liệu", summary="Bảng", copy=VI)
    (text,) = html.fromstring(shown).xpath("//details/details/pre")
    assert text.text_content() == "Tên,Số\n<b>x</b>,1234\n"
    assert (text.get("tabindex"), text.get("role"), text.get("aria-label")) == ("0", "group", "CSV: Số liệu")
    assert "<b>" not in shown


def test_what_is_held_back_in_a_table_is_held_back_in_its_copy():
    table = pd.DataFrame({"name": ["A"], "n": ["< 5"]})
    assert (
        "A,< 5"
        in html.fromstring(
            show_table(table, headings={"name": "", "n": "N"}, caption="", summary="S", copy=VI)
        ).text_content()
    )


def test_a_table_that_is_open_or_not_asked_for_has_no_copy():
    table = pd.DataFrame({"name": ["A"], "n": ["1"]})
    for options in ({"copy": VI}, {"summary": "S"}):
        assert "<pre" not in show_table(table, headings={"name": "", "n": "N"}, caption="", **options)
