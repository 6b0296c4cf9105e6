"""Labels: both languages say everything, with the same places to fill in, and write numbers their own way."""

import re
import tomllib

import pandas as pd
import pytest

from analysis.counts import CHANNELS, TIMELINESS
from analysis.labels import TEXTS, places, read_labels
from analysis.metrics import MEASURES
from analysis.periods import read_period
from analysis.rules import DOUBTED, REJECTED
from analysis.tables import TABLES

SECTIONS = tomllib.loads(TEXTS.read_text("utf-8"))
ALL = [(section, name) for section, texts in SECTIONS.items() for name in texts]


@pytest.mark.parametrize(("section", "name"), ALL)
def test_a_label_is_in_both_languages_with_the_same_places(section, name):
    text = SECTIONS[section][name]
    assert set(text) == {"vi", "en"}
    assert all(text.values())
    assert places(text["vi"]) == places(text["en"])


def test_every_measure_channel_and_timeliness_has_a_label():
    assert set(MEASURES) <= set(SECTIONS["measures"])
    assert set(CHANNELS) == set(SECTIONS["channels"])
    assert set(TIMELINESS) <= set(SECTIONS["measures"])


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_reason_of_every_table_can_be_said(lang):
    labels = read_labels(lang)
    rules = [(r, rule.column) for each in (REJECTED, DOUBTED) for table in each.values() for r, rule in table.items()]
    words = [("unmapped_word", c) for table in TABLES.values() for c in table.words]
    instants = [(f"unreadable_{c}", c) for table in TABLES.values() for c in table.instants]
    codes = [
        (reason, column)
        for reason in ("code_is_a_number", "code_in_scientific_notation")
        for table in TABLES.values()
        for column in table.codes
    ]
    others = [
        ("newer_line_unreadable", "dossier_id"),
        ("wrong_number_of_cells", ""),
        ("equal_rank_different_content", "number"),
    ]
    for reason, column in [*rules, *words, *instants, *codes, *others]:
        assert labels.reason(reason, column)


def test_a_label_that_does_not_exist_names_the_nearest():
    with pytest.raises(KeyError, match=r"measures\.received"):
        read_labels("vi").name("measures.recieved")


def test_a_language_that_does_not_exist_names_those_that_do():
    with pytest.raises(ValueError, match="vi and en"):
        read_labels("fr")


@pytest.mark.parametrize(
    ("name", "vi"),
    [
        ("2022", "năm 2022"),
        ("2022-H1", "6 tháng 1 năm 2022"),
        ("2022-9M", "9 tháng đầu năm 2022"),
        ("2022-11", "tháng 11 năm 2022"),
        ("2022-official", "kỳ báo cáo năm 2022"),
        ("2021-12-15..2022-12-14", "từ 15/12/2021 đến 14/12/2022"),
    ],
)
def test_a_period_has_a_name_in_words(name, vi):
    assert read_labels("vi").period(read_period(name)) == vi


def test_a_change_that_rounds_to_nothing_has_no_sign():
    assert read_labels("en").change(0.00001) == "0.00%"


def test_what_is_missing_is_a_dash_never_a_zero():
    labels = read_labels("vi")
    missing = float("nan")
    texts = [labels.number(missing), labels.percent(missing), labels.change(missing), labels.day(pd.NaT)]
    assert set(texts) == {"–"}


def test_every_doubt_about_a_file_has_a_text(root):
    """Whatever a module of the library may call a doubt, the labels say in both languages."""
    sources = [path.read_text("utf-8") for path in (root / "analysis").glob("*.py")]
    named = {
        name for text in sources for name in re.findall(r'(?:Doubt\(\s*|"flaw": |flaw=|, 1, |flaws, )"([a-z_]+)"', text)
    }
    assert {"quote_mended", "other_delimiter", "cut_short", "encoding_doubtful"} <= named
    for lang in ("vi", "en"):
        labels = read_labels(lang)
        assert not [name for name in named if labels.doubt(name) == name]
