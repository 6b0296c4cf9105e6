"""The page about open dossiers: its parts add up, and what no export says is not claimed."""

import pandas as pd
import pytest
from lxml import html

from analysis import open_page
from analysis.labels import read_labels
from analysis.periods import read_period, until
from analysis.stocks import count_open, open_on

VI = read_labels("vi")
SPAN = until(read_period("2022"), pd.Timestamp("2022-11-10"))


def rows(piece):
    found = html.fromstring(f"<div>{piece}</div>").xpath("//tbody/tr")
    return [[cell.text_content() for cell in row] for row in found]


def total(table, column):
    return sum(int(row[column].replace(".", "")) for row in table)


def test_the_67_open_dossiers_wait_for_somebody_each(sample):
    table = rows(open_page.show_waiting(sample, SPAN, labels=VI))
    assert [total(table, column) for column in (1, 2, 3, 4)] == [67, 47, 20, 12]
    assert {row[0]: row[4] for row in table}["Người nộp bổ sung"] == "12"


def test_for_whom_dossiers_waited_on_an_earlier_day_is_not_known(sample):
    earlier = until(read_period("2022-H1"), sample.as_of)
    assert rows(open_page.show_waiting(sample, earlier, labels=VI)) == []
    told = sample.with_(as_of=pd.Timestamp("2022-06-30"))
    assert rows(open_page.show_waiting(told, earlier, labels=VI)) == []


def test_the_255_late_ones_are_shared_out_over_the_divisions(sample):
    table = rows(open_page.show_divisions(sample, SPAN, labels=VI))
    assert [total(table, column) for column in (1, 2, 5, 6)] == [855, 255, 67, 20]
    assert table == sorted(table, key=lambda row: -int(row[2]))


def test_what_no_export_says_is_said_to_be_missing(sample):
    silent = sample.with_(files=sample.files.assign(columns="{}"))
    assert VI.name("open.no_waiting_for") in open_page.show_waiting(silent, SPAN, labels=VI)
    assert VI.name("open.no_division") in open_page.show_divisions(silent, SPAN, labels=VI)


def test_second_due_dates_are_told_for_resolved_and_open_dossiers(sample):
    piece = open_page.show_appointments(sample, SPAN, labels=VI)
    assert piece.count("<li>") == 2
    never = sample.with_(dossiers=sample.dossiers.assign(due_on=sample.dossiers.first_due_on))
    assert VI.name("open.none_again") in open_page.show_appointments(never, SPAN, labels=VI)


def test_the_ages_add_up_to_the_open_dossiers(sample):
    table = rows(open_page.show_ages(open_on(sample.dossiers, SPAN.last), labels=VI))
    assert total(table, -1) == 67


def test_a_division_named_like_markup_is_shown_as_text(sample):
    hostile = sample.with_(dossiers=sample.dossiers.assign(division="<script>x</script>"))
    assert "<script>" not in open_page.show_divisions(hostile, SPAN, labels=VI)


@pytest.mark.parametrize("by", [[], ["division"], ["waiting_for", "channel"]])
def test_the_open_of_all_groups_are_the_open_of_the_whole(sample, by):
    table = count_open(sample.dossiers, SPAN.last, by=by)
    assert table[["open", "in_time", "overdue", "no_due", "paused"]].sum().tolist() == [67, 47, 20, 0, 12]


def test_nothing_open_is_a_zero_without_an_age(sample):
    table = count_open(sample.dossiers, pd.Timestamp("2020-01-01"))
    assert table.open.tolist() == [0]
    assert table.median_age_days.isna().all()


def with_settings(sample, **settings):
    return sample.with_(vocabulary=sample.vocabulary._replace(settings=sample.vocabulary.settings | settings))


def test_what_is_due_soon_is_shown_by_due_day_in_working_days(sample):
    piece = open_page.show_at_risk(sample, SPAN, labels=VI)
    soon = open_on(sample.dossiers, SPAN.last)
    # 10 November 2022 was a Thursday; five working days later is Thursday the 17th.
    due = soon.first_due_on.dt.normalize().between("2022-11-10", "2022-11-17")
    table = rows(piece)
    assert total(table, 2) == due.sum() > 0
    assert all(int(row[1]) <= 5 for row in table)
    assert f"{due.sum()} hồ sơ chưa quá hạn" in piece


def test_without_a_calendar_what_is_due_soon_is_told_in_calendar_days(sample):
    piece = open_page.show_at_risk(with_settings(sample, calendar="none"), SPAN, labels=VI)
    assert "5 ngày dương lịch" in piece
    assert {row[1] for row in rows(piece)} <= {"–"}


def test_where_the_calendar_ends_the_file_to_extend_is_named(sample):
    late = sample.dossiers.assign(
        first_due_on=pd.Timestamp("2027-01-04"), due_on=pd.Timestamp("2027-01-04"), resolved_on=pd.NaT
    )
    period = read_period("2026-12")
    piece = open_page.show_at_risk(
        sample.with_(dossiers=late.assign(status="pending", closed_on=pd.NaT)), period, labels=VI
    )
    assert "workdays.csv" in piece


def test_no_dossier_is_named_on_the_page(sample):
    piece = open_page.show_at_risk(sample, SPAN, labels=VI) + open_page.show_divisions(sample, SPAN, labels=VI)
    assert not [code for code in sample.dossiers.dossier_id if code in piece]


def test_a_division_with_few_dossiers_is_marked(sample):
    few = sample.with_(dossiers=sample.dossiers[sample.dossiers.division == "Quy hoạch - kiến trúc"].head(12))
    piece = open_page.show_divisions(few, read_period("2021"), labels=VI)
    resolved = rows(piece)[0][1]
    assert ("*" in rows(piece)[0][0]) == (int(resolved) < 10)
