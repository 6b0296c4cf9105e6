"""Notes of months: what is not all known is named, each with its kind."""

import pandas as pd

from analysis.coverage import Days
from analysis.labels import read_labels
from analysis.month_notes import notes_of, tell_notes, whole_months
from analysis.periods import read_period, until

VI = read_labels("vi")


def month(text):
    return pd.Period(text, "M")


def test_the_last_month_of_the_sample_is_known_in_part(sample):
    assert notes_of(sample, until(read_period("2022"), sample.as_of)) == {month("2022-11"): "part"}


def test_a_year_that_begins_in_the_middle_of_a_month_has_two_such_months(sample):
    notes = notes_of(sample, until(read_period("2022-official"), sample.as_of))
    assert notes == {month("2021-12"): "part", month("2022-11"): "part"}


def test_months_that_nobody_delivered_are_silent_or_partly_so(sample, monkeypatch):
    gap = [Days(pd.Timestamp("2022-03-20"), pd.Timestamp("2022-04-30"))]
    monkeypatch.setattr("analysis.answers.unanswered", lambda data, table, period: [
        Days(max(days.first, period.first), min(days.last, period.last)) for days in gap
        if days.first <= period.last and days.last >= period.first
    ])  # fmt: skip
    notes = notes_of(sample, read_period("2022-H1"))
    assert notes == {month("2022-03"): "partly_silent", month("2022-04"): "silent"}


def test_the_notes_are_one_sentence():
    notes = {month("2022-08"): "silent", month("2022-09"): "silent", month("2022-11"): "part"}
    assert (
        tell_notes(notes, labels=VI)
        == "Nền gạch chéo: không có tệp số liệu của 8/2022 và 9/2022; 11/2022 chỉ có một phần tháng."
    )
    assert tell_notes({}, labels=VI) == ""


def test_where_no_month_is_whole_all_are_compared():
    table = pd.DataFrame({"n": [1]}, index=[month("2022-11")])
    assert len(whole_months(table, {month("2022-11"): "part"})) == 1
