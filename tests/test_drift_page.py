"""Changes of the exports stand before any figure, as sentences, in both languages; values of cells are cut and escaped."""

import pandas as pd
import pytest

from analysis import quality_page, sections
from analysis.drift import KINDS, TEXTS, no_drift
from analysis.drift_page import MOST_CHANGES, show_accepted, show_drift
from analysis.drift_sentences import drift_sentences
from analysis.labels import read_labels
from analysis.periods import read_period, until
from analysis.vocabulary import read_vocabulary

EN, VI = read_labels("en"), read_labels("vi")


def drift(*rows):
    told = [
        dict.fromkeys([*TEXTS, "lines"], "") | {"lines": 0, "file": "a.csv", "table": "dossiers"} | row for row in rows
    ]
    return pd.DataFrame(told, columns=list(no_drift()))


MOVED = {"kind": "moved", "column": "resolved_on", "before": "Ngày có kết quả", "after": "<b>Ngày hoàn thành</b>"}


def test_changes_stand_first_on_a_page_of_a_period(sample):
    data = sample.with_(drift=drift(MOVED))
    piece = sections.show_missing(data, until(read_period("2022"), sample.as_of), labels=VI)
    assert piece.startswith('<p class="notice">Cách xuất dữ liệu đã thay đổi')
    assert "“&lt;b&gt;Ngày hoàn thành&lt;/b&gt;”" in piece
    assert "analysis accept" in piece


def test_changes_stand_in_the_head_of_the_page_about_quality(sample):
    piece = quality_page.show_head(sample.with_(drift=drift(MOVED)), labels=EN)
    assert piece.index("</header>") < piece.index("The exports changed and nobody has accepted it (1")


def test_without_a_change_a_page_says_nothing(sample):
    assert show_drift(sample, labels=VI) == ""
    assert show_accepted(sample, labels=VI) == ""


def test_a_memory_that_cannot_be_kept_is_said(sample):
    assert "cannot be written" in show_drift(sample.with_(memory="unwritable"), labels=EN)


def test_many_changes_are_cut_and_counted(sample):
    piece = show_drift(sample.with_(drift=drift(*[MOVED] * (MOST_CHANGES + 3))), labels=EN)
    assert piece.count("now comes from") == MOST_CHANGES
    assert "3 more" in piece
    assert f"({MOST_CHANGES + 3}, named below)" in piece


def test_the_last_acceptances_stand_in_the_provenance(sample):
    told = {"when": "2022-12-01T08:00:00+07:00", "who": "Văn phòng", "why": "<i>đổi mẫu</i>", "changes": drift(MOVED)}
    data = sample.with_(accepted=pd.DataFrame([told]))
    piece = sections.show_provenance(data, {"period": "2022"}, labels=EN)
    assert "2022-12-01 08:00" in piece
    assert "&lt;i&gt;đổi mẫu&lt;/i&gt;" in piece
    assert "the day of the result now comes from" in piece


@pytest.mark.parametrize("labels", [EN, VI])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_change_is_a_sentence(kind, labels):
    row = {"kind": kind, "column": "status", "before": "0.25", "after": "0.5", "meaning": "paused", "lines": 9}
    others = [row | {"after": "", "meaning": ""}] if kind in {"vanished", "other_table"} else []
    for sentence in drift_sentences(drift(row, *others), labels=labels):
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert kind == "memory_damaged" or "a.csv" in sentence


def test_a_new_word_is_told_with_its_meaning_or_that_there_is_none():
    rows = [{"kind": "new_word", "column": "status", "after": word, "meaning": meaning, "lines": 1234} for word, meaning in
            [("Tạm dừng", "paused"), ("Chờ thuế", ""), ("…", ""), ("0900 000 000", "")]]  # fmt: skip
    assert drift_sentences(drift(*rows), labels=EN) == [
        "a.csv: the column status has a new word “Tạm dừng” (1,234 lines), understood as: paused.",
        "a.csv: the column status has a new word “Chờ thuế” (1,234 lines) that nobody explained.",
        "a.csv: the column status has very many words that nobody explained (1,234 lines); perhaps it is no status.",
        "a.csv: the column status has a new word “0900 0…” (1,234 lines) that nobody explained.",
    ]


def test_numbers_are_written_by_the_language():
    rows = [
        {"kind": "rejects", "before": "0.001000", "after": "0.113636", "lines": 10},
        {"kind": "volume", "before": "1880", "after": "940", "sheet": "T1"},
    ]
    assert drift_sentences(drift(*rows), labels=EN) == [
        "a.csv: 11.36% of its lines are rejected (10); it was 0.10%.",
        "a.csv, sheet T1: has 940 lines; by earlier exports it should have about 1,880 (−50.00%).",
    ]


def test_a_heading_that_looks_like_the_number_of_a_person_is_cut():
    row = {"kind": "vanished", "column": "status", "before": "Trạng thái", "after": "0900 000 000; " + "x" * 80}
    (sentence,) = drift_sentences(drift(row), labels=EN)
    assert "0900 000" not in sentence
    assert "x" * 61 not in sentence


def test_every_meaning_of_a_word_has_a_name():
    meanings = {meaning for words in read_vocabulary().words.values() for meaning in words.values()}
    assert meanings <= set(EN.texts["drift_meanings"])
