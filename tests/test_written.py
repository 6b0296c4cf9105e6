"""Numbers and days of a page, read back: what is read writes itself as it stood there, and no code becomes a number."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.labels import LANGUAGES, read_labels
from analysis.page import MOVED, NUMBER
from analysis.written import read_back

LANG = st.sampled_from(LANGUAGES)
COUNTS = st.one_of(st.integers(-(10**12), 10**12), st.floats(-1e9, 1e9))
SHARES = st.floats(-20, 20)


@given(LANG, COUNTS)
def test_a_count_is_read_back_as_it_was_printed(lang, value):
    labels = read_labels(lang)
    read = read_back(labels.number(value), lang=lang)
    assert read.value == pytest.approx(round(value, 1), abs=1e-3)
    assert labels.number(read.value) == labels.number(value)


@given(LANG, SHARES)
def test_a_share_is_read_back_to_the_decimals_that_were_printed(lang, value):
    labels = read_labels(lang)
    read = read_back(labels.percent(value), lang=lang)
    assert abs(read.value - value) <= 0.5000001e-4
    assert labels.percent(read.value) == labels.percent(value)
    assert read.style == "0.00%"


@given(LANG, st.floats(-9, 9), st.booleans())
def test_a_change_is_read_back_with_its_sign(lang, value, of_rate):
    labels = read_labels(lang)
    text = labels.change(value, of_rate=of_rate)
    read = read_back(text, lang=lang)
    assert labels.change(read.value / (100 if of_rate else 1), of_rate=of_rate) == text


@given(LANG, st.dates(pd.Timestamp("1900-03-01").date(), pd.Timestamp("2262-01-01").date()))
def test_a_day_is_read_back_as_the_same_day(lang, day):
    assert read_back(read_labels(lang).day(pd.Timestamp(day)), lang=lang).value == pd.Timestamp(day)


@given(LANG, COUNTS)
def test_a_mark_of_corrections_stays_in_sight_and_out_of_the_value(lang, value):
    text = read_labels(lang).number(value)
    plain, marked = read_back(text, lang=lang), read_back(text + MOVED, lang=lang)
    assert marked.value == plain.value
    assert marked.style == f'{plain.style}"†"'


@given(LANG, st.text(alphabet="0123456789.,%+−- \xa0†pđiểm", max_size=14))
def test_what_is_read_as_a_number_is_one_for_the_page_too(lang, text):
    read = read_back(text, lang=lang)
    assert read is None or read.is_day or NUMBER.fullmatch(text.replace("-", "−", 1))


@pytest.mark.parametrize(
    "text",
    [
        "1.007767", "1.007767.H12", "00123", "007", "0900 000 000", "123456789012345678", "2022-11", "3/2022", "31/02/2022",
        "31 Feb 2022", "1/1/2022", "–", "", " 5", "5 ", "5%%", "1e5", "0x1F", "=1+1", "١٢", "1.2.3", "12,34,567", "Inf", "nan",
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_no_number_stays_text(text, lang):
    assert read_back(text, lang=lang) is None


def test_a_number_is_read_by_the_rules_of_its_own_language():
    assert read_back("1.234", lang="vi").value == 1234
    assert read_back("1.234", lang="en") is None
    assert read_back("1,5", lang="vi").value == 1.5
    assert read_back("1,5", lang="en") is None
    assert read_back("1,234.5", lang="en").value == 1234.5


def test_a_year_has_no_mark_between_its_thousands():
    assert read_back("2022", lang="vi").style == "0"
    assert read_back("2.022", lang="vi").style == "#,##0"
