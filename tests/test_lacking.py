"""A call that cannot work says what is lacking and what would work; and what was read shows itself in a few lines."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis import counts, metrics, periods, stocks, turnaround
from analysis.calendars import read_calendar
from analysis.lacking import Lacking
from analysis.periods import Unanswerable

DAYS = ("received_on", "first_due_on", "resolved_on", "closed_on", "paused_from", "paused_to")


@pytest.fixture
def dossiers():
    days = dict.fromkeys(DAYS, "2022-01-04") | dict.fromkeys(DAYS[3:])
    return pd.DataFrame([days]).astype("datetime64[us]").assign(status="resolved", channel="online", unit="A")


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda t: counts.count_events(t, by=["chanel"]), "no column 'chanel'; the nearest is 'channel'"),
        (lambda t: counts.count_events(t, by="channel"), r"write \['channel'\] instead of 'channel'"),
        (lambda t: counts.count_events(t, per="week"), "per 'week' is not known; known are day, month"),
        (lambda t: counts.count_events(t.drop(columns="status")), "no column 'status'.*store.load"),
        (lambda t: counts.within(t, periods.read_period("2022")), "no column 'day'.*count_events"),
        (lambda t: counts.total(counts.count_events(t), by=["unit"]), "no column 'unit'"),
        (lambda t: metrics.online_share(counts.count_events(t)), "online_share: there is no column 'online'.*count_intake"),
        (lambda t: metrics.on_time_rate(counts.count_intake(t)), "no column 'resolved_early'.*count_events"),
        (lambda t: metrics.clearance_rate(counts.count_intake(t)), "no column 'resolved_early'"),
        (lambda t: metrics.disposition_days(counts.count_events(t), days=30), "no column 'open'.*balance"),
        (lambda t: stocks.count_open(t, pd.Timestamp("2022-01-04"), by=["unitt"]), "nearest is 'unit'"),
        (lambda t: turnaround.count_durations(t, calendar=read_calendar(), by=["units"]), "nearest is 'unit'"),
        (lambda t: turnaround.typical_days(durations(t), by=["procedure"]), "no column 'procedure'"),
        (lambda t: metrics.quantile_days(durations(t), 0.5, of="working"), "nearest is 'working_days'"),
    ],
)  # fmt: skip
def test_a_column_that_is_not_there_is_named_with_what_would_work(dossiers, call, told):
    with pytest.raises(Lacking, match=told):
        call(dossiers)


def durations(dossiers):
    return turnaround.count_durations(dossiers, calendar=read_calendar())


@pytest.mark.parametrize(
    "call",
    [
        lambda t: counts.within(counts.count_events(t), "2022-Q1"),
        lambda t: counts.by_month(counts.count_events(t), "2022-Q1"),
        lambda t: metrics.headline(t, "2022-Q1"),
        lambda t: periods.until("2022-Q1", pd.Timestamp("2022-01-04")),
        lambda t: periods.year_before("2022-Q1"),
    ],
)
def test_a_name_in_place_of_a_period_is_told_how_it_becomes_one(dossiers, call):
    with pytest.raises(Unanswerable, match=r"write periods.read_period\('2022-Q1'\)"):
        call(dossiers)


def test_a_unit_that_is_misspelt_is_told_the_nearest(sample_folder, monkeypatch):
    from analysis.store import load

    monkeypatch.chdir(sample_folder)
    with pytest.raises(Unanswerable, match="no dossier is of the unit 'So xay dung A'; the nearest is 'Sở Xây dựng'"):
        load(unit="So xay dung A")


def test_what_was_read_shows_whose_it_is_until_when_and_how_many_lines_each_table_has(sample):
    fresh = replace(sample)  # without the tables that other tests have read
    first, *others = repr(fresh).splitlines()
    assert first == "<Data: Sở Xây dựng, up to 2022-11-10 (as the files say), made-up sample>"
    assert [line.split() for line in others if line.startswith("dossiers")] == [
        ["dossiers", "2020-12-25", "2022-11-10", "3", "2082", "1759", "5"]
    ]
    assert "dossiers" not in vars(fresh), "no table is read to be shown"


def test_what_each_table_has_is_what_the_ledger_says(sample):
    from analysis.glance import glance

    found = glance(sample)
    assert found.loc["dossiers", ["sheets", "lines", "kept", "rejected"]].tolist() == [3, 2082, 1759, 5]
    assert found.lines.sum() == sample.ledger.lines.sum()


def test_the_head_names_files_that_cannot_be_read(sample):
    from analysis.glance import head

    damaged = sample.with_(problems=pd.DataFrame({"source_file": ["a.xlsx"], "message": ["damaged"]}))
    assert head(damaged).endswith("1 files cannot be read; see .problems")
