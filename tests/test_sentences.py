"""The headline in words: every number of the published report, ready to paste."""

import pandas as pd
import pytest

from analysis.answers import first_day
from analysis.labels import read_labels
from analysis.metrics import headline
from analysis.periods import read_period, until, year_before
from analysis.sentences import limits, sentences, unread


def told(data, period="2022", lang="vi"):
    asked = read_period(period)
    span = until(asked, data.as_of)
    table = headline(data, span, whole_year=year_before(asked))
    return "\n".join(sentences(table, read_labels(lang), unit="Sở", period=span, first=first_day(data, "dossiers")))


def test_the_sentences_say_the_published_figures_and_where_the_fifteen_went(sample):
    text = told(sample).replace("\xa0", " ")
    assert "937 hồ sơ: 163 trực tuyến (17,40 %) và 774 trực tiếp (82,60 %)" in text
    assert "855 hồ sơ: 600 trước và đúng hạn, đạt 70,18 %; 255 quá hạn" in text
    assert "còn 67 hồ sơ đang giải quyết" in text
    assert "9 người nộp rút và 6 trả lại" in text
    assert "2.734, tăng 1,03 % so với cùng kỳ năm trước (2.706)" in text
    assert "9.505" in text


def test_english_writes_numbers_the_english_way(sample):
    assert "Electronic documents out: 2,734, up 1.03%" in told(sample, lang="en")


def test_a_year_without_a_year_before_says_so(sample):
    assert "dữ liệu bắt đầu từ ngày" in told(sample, "2021")


@pytest.mark.parametrize("column", ["channel", "status", "due_on"])
def test_what_the_exports_do_not_have_is_not_spoken_of(sample, column):
    files = sample.files.assign(columns=sample.files["columns"].str.replace(f'"{column}"', '"x"'))
    text = told(sample.with_(files=files), lang="en")
    said = {"channel": "online (", "status": "wait for the applicant", "due_on": "early or on time"}
    assert said[column] in told(sample, lang="en")
    assert said[column] not in text
    assert "–" not in text


def test_a_register_that_ends_before_the_day_of_the_report_is_named(sample):
    until_spring = sample.coverage["last"].mask(sample.coverage.table == "documents", pd.Timestamp("2022-03-31"))
    cut = sample.with_(coverage=sample.coverage.assign(last=until_spring))
    (sentence,) = limits(cut, until(read_period("2022"), sample.as_of), labels=read_labels("en"))
    assert sentence.startswith("The documents reach only 31 Mar 2022")
    assert not limits(sample, until(read_period("2022"), sample.as_of), labels=read_labels("en"))


def test_exports_that_begin_within_the_period_say_from_which_day(sample):
    said = limits(sample, until(read_period("2022-official"), sample.as_of), labels=read_labels("en"))
    assert not said
    years = until(read_period("2020-07-01..2022-06-30"), sample.as_of)
    assert [sentence[:40] for sentence in limits(sample, years, labels=read_labels("en"))] == [
        "The dossiers begin only on 4 Jan 2021; n",
        "The documents begin only on 4 Jan 2021; ",
        "The meetings begin only on 4 Jan 2021; n",
    ]


def test_exports_without_dossiers_of_the_period_say_so_and_show_no_zero(sample):
    begins = {**sample.begins, "dossiers": pd.Timestamp("2023-01-01")}
    text = told(sample.with_(begins=begins), lang="en")
    assert "no dossiers of this period" in text
    assert "received" not in text
    assert "Electronic documents out: 2,734" in text


def test_documents_of_a_unit_are_said_to_be_those_of_the_department(sample):
    some = sample.with_(unit="Phòng A")
    assert "toàn cơ quan" in limits(some, until(read_period("2022"), sample.as_of), labels=read_labels("vi"))[0]
    assert some.name == "Phòng A"
    assert isinstance(first_day(some, "documents"), pd.Timestamp)


def holding(sample, *stretches):
    """The sample, with dossiers of some days only."""
    held = pd.DataFrame(stretches, columns=["first", "last"]).astype("datetime64[us]").assign(table="dossiers")
    others = sample.coverage[sample.coverage.table != "dossiers"]
    return sample.with_(coverage=pd.concat([held, others], ignore_index=True))


def test_days_that_nobody_delivered_are_named_in_this_period_and_the_one_before(sample):
    span = until(read_period("2022"), sample.as_of)
    cut = holding(sample, ("2020-12-25", "2021-04-30"), ("2021-06-01", "2022-07-31"), ("2022-09-01", "2022-11-10"))
    here, before = limits(cut, span, labels=read_labels("en"))
    assert here == (
        "The exports say nothing of the dossiers from 1 Aug 2022 to 31 Aug 2022; figures of these days are missing."
    )
    assert before.startswith(
        "Of the year before, the exports say nothing of the dossiers from 1 May 2021 to 31 May 2021"
    )


def test_a_period_that_falls_into_a_silence_has_no_figures_of_that_table(sample):
    cut = holding(sample, ("2020-12-25", "2022-07-31"), ("2022-09-01", "2022-11-10"))
    assert "no dossiers of this period" in told(cut, "2022-08", lang="en")
    (sentence,) = limits(cut, read_period("2022-08"), labels=read_labels("en"))
    assert "in the whole period, 1 Aug 2022 to 31 Aug 2022; that is not a zero" in sentence


def test_files_that_could_not_be_read_are_counted_and_the_first_of_them_named(sample):
    assert unread(sample, labels=read_labels("vi")) == []
    problems = pd.DataFrame({"source_file": [f"{n}.xlsx" for n in range(7)], "message": "is empty"})
    (sentence,) = unread(sample.with_(problems=problems), labels=read_labels("en"))
    assert sentence.startswith("Files that could not be read, so that their lines are in no figure: 7 (0.xlsx")
    assert "4.xlsx" in sentence
    assert "5.xlsx" not in sentence
