"""The page about handling time: figures with their denominators, what is not known said, small groups marked."""

import numpy as np
import pandas as pd
import pytest
from lxml import html

from analysis.calendars import NO_CALENDAR, calendar_of
from analysis.due_dates import OUTCOMES, compare_due_dates, count_due_dates
from analysis.labels import read_labels
from analysis.periods import read_period, until, year_before
from analysis.strata import FEW
from analysis.terms import cut_terms, read_terms
from analysis.turnaround import against_terms, count_durations, turnaround
from analysis.turnaround_page import (
    show_against_terms,
    show_cut_terms,
    show_due_dates,
    show_turnaround,
    show_turnaround_by,
)

VI = read_labels("vi")
SPAN = until(read_period("2022"), pd.Timestamp("2022-11-10"))


def rows(piece):
    page = html.fromstring(f"<div>{piece}</div>")
    return [[cell.text_content() for cell in row] for row in page.xpath("//tbody/tr")]


@pytest.fixture(scope="module")
def calendar(sample):
    return calendar_of(sample.vocabulary.settings)


@pytest.fixture(scope="module")
def durations(sample, calendar):
    return count_durations(sample.dossiers, calendar=calendar, by=["channel", "field"], per="day")


@pytest.fixture(scope="module")
def terms(sample):
    return read_terms(sample.procedures, words=sample.vocabulary.words["term_unit"])


def with_column(data, table, column):
    """The same data, as if the exports of a table had this column alone."""
    told = data.files["columns"].where(data.files.table != table, f'["{column}"]')
    return data.with_(files=data.files.assign(columns=told))


def test_the_period_stands_beside_the_year_before_with_its_numbers(sample, durations, calendar):
    now, before = rows(show_turnaround(sample, durations, SPAN, calendar=calendar, labels=VI))
    assert (now[0], now[1], now[-1]) == (VI.name("turnaround.this_period"), "855", "0")
    assert before[0] == VI.name("turnaround.before")
    took = turnaround(sample.dossiers, calendar=calendar)
    days = took[took.ended_on.between(SPAN.first, SPAN.last)]
    assert now[2:6] == [
        f"{np.quantile(days[of].astype('int64'), share, method='inverted_cdf'):.0f}"
        for of in ("working_days", "calendar_days")
        for share in (0.5, 0.9)
    ]


def test_exports_that_do_not_reach_back_are_not_compared(sample, durations, calendar):
    span = read_period("2021")
    piece = show_turnaround(sample, durations, span, calendar=calendar, labels=VI)
    assert len(rows(piece)) == 1
    assert VI.name("turnaround.not_before") in piece
    assert len(rows(show_turnaround_by(sample, durations, span, "channel", calendar=calendar, labels=VI))[0]) == 4


def test_a_pause_is_said_and_so_is_that_no_export_has_one(sample, durations, calendar):
    piece = show_turnaround(sample, durations, SPAN, calendar=calendar, labels=VI)
    taken = sum(durations.resolved[(durations.pause == "taken_out") & durations.day.between(SPAN.first, SPAN.last)])
    assert VI.name("turnaround.pauses", number=str(taken)) in piece
    assert VI.name("turnaround.unknown_pauses", number="0") not in piece
    unknown = durations.assign(pause=durations.pause.replace("taken_out", "unknown"))
    piece = show_turnaround(sample, unknown, SPAN, calendar=calendar, labels=VI)
    assert VI.name("turnaround.unknown_pauses", number=str(taken)) in piece
    bare = with_column(sample, "dossiers", "received_on")
    assert VI.name("turnaround.no_pauses") in show_turnaround(bare, durations, SPAN, calendar=calendar, labels=VI)


def test_what_has_no_calendar_in_either_year_names_the_file_to_extend(sample, durations, calendar):
    outside = durations.assign(working_days=durations.working_days.mask(durations.channel == "online"))
    piece = show_turnaround(sample, outside, SPAN, calendar=calendar, labels=VI)
    numbers = [int(row[-1]) for row in rows(piece)]
    assert numbers == [
        outside.resolved[outside.working_days.isna() & outside.day.between(days.first, days.last)].sum()
        for days in (SPAN, year_before(SPAN))
    ]
    words = {"number": VI.number(sum(numbers)), "file": "workdays.csv", "years": "2015–2026"}
    assert f'<p class="notice">{VI.name("turnaround.no_calendar", **words)}</p>' in piece
    assert "workdays.csv" not in show_turnaround(sample, durations, SPAN, calendar=calendar, labels=VI)


def test_without_a_calendar_only_calendar_days_show_and_it_is_said(sample, terms):
    bare = count_durations(sample.dossiers, calendar=NO_CALENDAR, by=["channel"], per="day")
    piece = show_turnaround(sample, bare, SPAN, calendar=NO_CALENDAR, labels=VI)
    assert VI.name("turnaround.without_calendar") in piece
    assert [len(row) for row in rows(piece)] == [4, 4]
    assert "–" not in "".join(cell for row in rows(piece) for cell in row)
    table = against_terms(sample.dossiers, terms, SPAN, calendar=NO_CALENDAR)
    counted = count_due_dates(sample.dossiers, compare_due_dates(sample.dossiers, terms, calendar=NO_CALENDAR), SPAN)
    for shown in (
        show_against_terms(sample, table, SPAN, calendar=NO_CALENDAR, labels=VI),
        show_due_dates(sample, counted, calendar=NO_CALENDAR, labels=VI),
    ):
        assert VI.name("turnaround.without_calendar") in shown
        assert rows(shown) == []


def test_groups_of_few_dossiers_are_marked_and_the_threshold_is_printed(sample, durations, calendar):
    piece = show_turnaround_by(sample, durations, SPAN, "field", calendar=calendar, labels=VI)
    shown = rows(piece)
    assert [int(row[1]) < FEW for row in shown] == [row[0].endswith("*") for row in shown]
    assert any(row[0].endswith("*") for row in shown)
    assert VI.name("turnaround.few", number=str(FEW)) in piece
    assert sum(int(row[1]) for row in shown) == 855
    assert "*" not in show_turnaround_by(sample, durations, SPAN, "channel", calendar=calendar, labels=VI)


def test_a_channel_has_its_name_and_a_blank_field_says_so(sample, durations, calendar):
    shown = rows(show_turnaround_by(sample, durations, SPAN, "channel", calendar=calendar, labels=VI))
    assert {row[0] for row in shown} == {VI.name("channels.online"), VI.name("channels.in_person")}
    blank = durations.assign(field="")
    (row,) = rows(show_turnaround_by(sample, blank, SPAN, "field", calendar=calendar, labels=VI))
    assert row[:2] == [VI.name("turnaround.unnamed"), "855"]


def test_a_period_without_a_result_says_so(sample, durations, calendar):
    nothing = durations.iloc[:0]
    said = VI.name("turnaround.nothing")
    assert said in show_turnaround(sample, nothing, SPAN, calendar=calendar, labels=VI)
    assert said in show_turnaround_by(sample, nothing, SPAN, "field", calendar=calendar, labels=VI)


def test_procedures_stand_against_their_terms_and_sum_to_what_was_resolved(sample, terms, calendar):
    table = against_terms(sample.dossiers, terms, SPAN, calendar=calendar)
    piece = show_against_terms(sample, table, SPAN, calendar=calendar, labels=VI)
    shown = rows(piece)
    assert sum(int(row[3]) for row in shown) == 855
    assert shown[0][2] == VI.name("turnaround.unit_working_days", number="20")
    words = {"over": VI.number(table.over_term.sum()), "judged": "855"}
    assert VI.name("turnaround.over_terms", **words) in piece


def test_a_catalogue_without_a_term_says_so(sample, terms, calendar):
    table = against_terms(sample.dossiers, terms.assign(term=float("nan")), SPAN, calendar=calendar)
    piece = show_against_terms(sample, table, SPAN, calendar=calendar, labels=VI)
    assert VI.name("turnaround.no_terms") in piece


def test_due_dates_that_agree_or_not_add_up_to_what_was_received(sample, terms, calendar):
    counted = count_due_dates(sample.dossiers, compare_due_dates(sample.dossiers, terms, calendar=calendar), SPAN)
    piece = show_due_dates(sample, counted, calendar=calendar, labels=VI)
    assert sum(int(row[1]) for row in rows(piece)) == 937
    assert rows(piece)[0][0] == VI.name("turnaround.outcome_agrees")
    bare = with_column(sample, "dossiers", "received_on")
    assert VI.name("turnaround.no_due_column") in show_due_dates(bare, counted, calendar=calendar, labels=VI)


def test_every_outcome_of_a_due_date_has_a_text():
    assert {f"outcome_{name}" for name in OUTCOMES} == {k for k in VI.texts["turnaround"] if k.startswith("outcome_")}


def test_cut_terms_are_listed_or_said_to_be_unknown(sample, terms):
    none = cut_terms(terms, sample.dossiers, SPAN)
    without = with_column(sample, "procedures", "term_days")
    assert VI.name("turnaround.no_legal_terms") in show_cut_terms(without, none, labels=VI)
    told = with_column(sample, "procedures", "legal_term_days")
    assert VI.name("turnaround.no_cut") in show_cut_terms(told, none.iloc[:0], labels=VI)
    cut = cut_terms(terms.assign(legal_term=terms.term + 5), sample.dossiers, SPAN)
    shown = rows(show_cut_terms(told, cut, labels=VI))
    assert len(shown) == len(cut) >= 27
    assert sum(int(row[-1]) for row in shown) == 937


def test_a_name_like_markup_is_shown_as_text(sample, durations, calendar):
    piece = show_turnaround_by(
        sample, durations.assign(field="<script>x</script>"), SPAN, "field", calendar=calendar, labels=VI
    )
    assert "<script>" not in piece
    assert "&lt;script&gt;" in piece
