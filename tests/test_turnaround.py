"""Turnaround: working and calendar days without pauses, medians from counts that add, and terms that were kept."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.calendars import NO_CALENDAR, read_calendar
from analysis.counts import add_counts, ended_on
from analysis.metrics import quantile_days, quantiles_by
from analysis.periods import read_period
from analysis.tables import DOSSIERS, ENDED_OTHERWISE
from analysis.terms import read_terms
from analysis.turnaround import PAUSES, against_terms, compared_days, count_durations, turnaround, typical_days

CALENDAR = read_calendar()
MARCH = read_period("2024-03")


def dossiers(*lines):
    """Dossiers received on Monday 4 March 2024, resolved on Monday 11 March, unless they say otherwise."""
    usual = {"received_on": "2024-03-04 08:00", "resolved_on": "2024-03-11 16:00", "status": "resolved"}
    table = pd.DataFrame([{**usual, **line} for line in lines], columns=list(DOSSIERS.columns))
    days = {c: pd.Series([pd.Timestamp(day) for day in table[c]], dtype="datetime64[us]") for c in DOSSIERS.instants}
    return table.astype(dict.fromkeys([c for c in table if c not in DOSSIERS.instants], "str")).assign(**days)


def took(**line):
    """(Working days, calendar days, pause) of one dossier."""
    row = turnaround(dossiers(line), calendar=CALENDAR).iloc[0]
    return row.working_days, row.calendar_days, row.pause


def catalogue(*lines):
    columns = ["procedure_code", "procedure", "term_days", "legal_term_days", "term_unit", "valid_from", "valid_to"]
    table = pd.DataFrame([{"procedure": "A", "term_unit": "working_days", **line} for line in lines], columns=columns)
    table = table.astype(dict.fromkeys(columns[:5], "str"))
    return read_terms(table.astype(dict.fromkeys(columns[5:], "datetime64[us]")), words={"ngay": "calendar_days"})


def pause(since, until):
    return {"paused_from": since and f"2024-03-{since:02} 10:00", "paused_to": until and f"2024-03-{until:02} 09:00"}


# --- days of a dossier -----------------------------------------------------------------------------------------------


def test_a_week_is_five_working_days_and_seven_calendar_days():
    assert took() == (5, 7, "none")


@pytest.mark.parametrize(
    ("since", "until", "working", "calendar", "kind"),
    [
        (5, 7, 3, 5, "taken_out"),  # Tuesday to Thursday: Wednesday and Thursday go
        (5, 5, 5, 7, "taken_out"),  # asked for and brought on one day
        (8, 10, 5, 5, "taken_out"),  # a weekend costs no working day
        (1, 5, 4, 6, "taken_out"),  # began before receipt: Tuesday goes
        (7, 20, 3, 3, "taken_out"),  # lasted beyond the result: Friday and Monday go
        (1, 20, 0, 0, "taken_out"),
        (12, 14, 5, 7, "none"),  # after the result
        (1, 3, 5, 7, "none"),  # before receipt
        (5, None, 5, 7, "unknown"),  # nobody says when it came: nothing is taken out
        (None, 7, 5, 7, "unknown"),
        (7, 5, 5, 7, "unknown"),  # it came before it was asked for
        (12, None, 5, 7, "none"),
    ],
)
def test_a_pause_is_taken_out_of_the_clock_as_far_as_it_is_known(since, until, working, calendar, kind):
    assert took(**pause(since, until)) == (working, calendar, kind)


def test_a_table_without_the_columns_of_pauses_has_none():
    table = dossiers({}).drop(columns=["paused_from", "paused_to"])
    assert turnaround(table, calendar=CALENDAR).pause.tolist() == ["none"]


def test_what_comes_after_the_latest_hour_counts_from_the_next_day_and_never_took_less_than_nothing():
    assert took(received_on="2024-03-04 17:30") == (4, 6, "none")
    assert took(received_on="2024-03-11 17:30", resolved_on="2024-03-11 17:40") == (0, 0, "none")


def test_a_dossier_that_left_before_it_came_took_no_day():
    assert took(resolved_on="2024-03-01") == (0, 0, "none")


@pytest.mark.parametrize("line", [{"resolved_on": None}, *({"status": s} for s in (*ENDED_OTHERWISE, "not_accepted"))])
def test_only_what_was_resolved_has_a_turnaround(line):
    row = turnaround(dossiers(line), calendar=CALENDAR).iloc[0]
    assert row[["ended_on", "working_days", "calendar_days", "pause"]].isna().all()


@pytest.mark.parametrize(
    ("received", "resolved", "calendar"),
    [("2014-12-30", "2015-01-05", CALENDAR), ("2026-11-20", "2026-11-30", CALENDAR), ("2024-03-04", "2024-03-05", NO_CALENDAR)],
)  # fmt: skip
def test_without_a_calendar_calendar_days_still_show(received, resolved, calendar):
    row = turnaround(dossiers({"received_on": received, "resolved_on": resolved}), calendar=calendar).iloc[0]
    assert pd.isna(row.working_days)
    assert row.calendar_days == (pd.Timestamp(resolved) - pd.Timestamp(received)).days


DAYS = st.integers(0, 60).map(lambda n: pd.Timestamp("2024-01-15") + pd.Timedelta(days=n))


@given(DAYS, DAYS, DAYS, DAYS)
def test_the_days_without_the_pause_and_those_within_it_are_all_days(received, resolved, since, until):
    """Working and calendar days alike; and a pause never makes a dossier slower, or quicker than nothing."""
    line = {"received_on": received, "resolved_on": max(received, resolved)}
    gross = turnaround(dossiers(line), calendar=CALENDAR).iloc[0]
    net = turnaround(dossiers({**line, "paused_from": since, "paused_to": until}), calendar=CALENDAR).iloc[0]
    for kind in ("working_days", "calendar_days"):
        assert 0 <= net[kind] <= gross[kind]
    if since <= until and net.pause == "taken_out":
        inside = {"received_on": max(since, received), "resolved_on": min(until, line["resolved_on"])}
        within = turnaround(dossiers(inside), calendar=CALENDAR).iloc[0]
        assert net.working_days + within.working_days == gross.working_days
        assert net.calendar_days + within.calendar_days == gross.calendar_days


# --- counts that add -------------------------------------------------------------------------------------------------


def test_durations_are_counted_per_month_of_the_result_group_and_pause():
    table = dossiers(
        {"channel": "online"}, {"channel": "online"}, {"channel": "online", **pause(5, 7)}, {}, {"resolved_on": None},
        {"channel": "online", "resolved_on": "2024-04-01"},
    )  # fmt: skip
    found = count_durations(table, calendar=CALENDAR, by=["channel"])
    assert found.astype({"month": "str", "working_days": "int64"}).to_numpy().tolist() == [
        ["2024-03-01", "", "none", 5, 7, 1],
        ["2024-03-01", "online", "none", 5, 7, 2],
        ["2024-03-01", "online", "taken_out", 3, 5, 1],
        ["2024-04-01", "online", "none", 20, 28, 1],
    ]


def test_what_has_no_calendar_is_counted_apart_and_stands_in_no_working_day_quantile():
    table = dossiers({}, {}, {"received_on": "2026-11-20", "resolved_on": "2026-11-30"})
    found = typical_days(count_durations(table, calendar=CALENDAR, by=["unit"]), by=["unit"]).iloc[0]
    assert found[["resolved", "no_calendar"]].tolist() == [3, 1]
    assert found[["p90_working_days", "p90_calendar_days"]].tolist() == [5, 10]


@pytest.mark.parametrize("of", ["working_days", "calendar_days"])
def test_durations_add_and_their_quantiles_are_those_of_the_rows(sample, of):
    rows = sample.dossiers
    parts = [count_durations(rows.iloc[i::3], calendar=CALENDAR, by=["channel"]) for i in range(3)]
    whole = count_durations(rows, calendar=CALENDAR, by=["channel"])
    pd.testing.assert_frame_equal(add_counts(parts), whole, check_dtype=False)
    days = turnaround(rows, calendar=CALENDAR)[of].dropna().astype("int64")
    for share in (0.1, 0.5, 0.9, 1.0):
        assert quantile_days(whole, share, of=of) == np.quantile(days, share, method="inverted_cdf")
    online = turnaround(rows[rows.channel == "online"], calendar=CALENDAR)[of].dropna().astype("int64")
    expected = np.quantile(online, 0.5, method="inverted_cdf")
    assert quantiles_by(whole, 0.5, by=["channel"], of=of)["online"] == expected
    assert np.isnan(quantile_days(whole.iloc[:0], 0.5, of=of))
    with pytest.raises(ValueError, match="above 0"):
        quantile_days(whole, 0)


def test_the_calendar_days_of_the_sample_are_those_of_plain_subtraction(sample):
    """Where nothing was paused and nothing came in the evening."""
    rows = sample.dossiers
    plain = rows[rows.paused_from.isna() & (rows.received_on.dt.hour < 17) & rows.status.eq("resolved")]
    expected = (ended_on(plain) - plain.received_on.dt.normalize()).dt.days
    assert turnaround(plain, calendar=CALENDAR).calendar_days.tolist() == expected.tolist()
    assert len(plain) > 1000


def test_a_share_of_a_hundred_is_not_missed_by_a_hair():
    durations = pd.DataFrame({"calendar_days": [1, 2], "resolved": [55, 45]})
    assert 0.55 * 100 > 55
    assert quantile_days(durations, 0.55) == 1


def test_a_period_stands_beside_the_same_days_of_the_year_before():
    last_year = {"received_on": "2023-03-06", "resolved_on": "2023-03-07"}
    table = dossiers({"channel": "online"}, {"channel": "postal"}, {"channel": "online", **last_year})
    found = compared_days(count_durations(table, calendar=CALENDAR, by=["channel"], per="day"), MARCH, by=["channel"])
    columns = ["resolved", "median_working_days", "resolved_before", "median_working_days_before"]
    assert found.loc["online", columns].tolist() == [1, 5, 1, 1]
    assert found.loc["postal", ["resolved", "resolved_before"]].tolist() == [1, 0]
    assert np.isnan(found.loc["postal", "median_working_days_before"])


# --- against the term ------------------------------------------------------------------------------------------------


def test_handling_time_is_held_against_the_term_of_the_procedure():
    terms = catalogue({"procedure_code": "1.000001.H12", "term_days": "5", "legal_term_days": "7"})
    of_one = {"procedure_code": "1.000001"}
    table = dossiers(
        of_one, {**of_one, "resolved_on": "2024-03-12"}, {**of_one, "resolved_on": "2024-03-12", **pause(5, 7)},
        {"procedure_code": "1.000002", "procedure": "B"}, {}, {**of_one, "resolved_on": None},
    )  # fmt: skip
    found = against_terms(table, terms, MARCH, calendar=CALENDAR).set_index("core_code")
    row = found.loc["1.000001"]
    assert row[["procedure", "term", "legal_term", "resolved", "judged", "over_term"]].tolist() == ["A", 5, 7, 3, 3, 1]
    assert row[["median_days", "p90_days"]].tolist() == [5, 6]
    assert found.loc["1.000002", ["procedure", "resolved", "judged", "over_term"]].tolist() == ["B", 1, 0, 0]
    assert np.isnan(found.loc["1.000002", "term"])
    assert found.loc["", ["procedure", "resolved", "judged"]].tolist() == ["", 1, 0]
    assert found.resolved.sum() == 5


def test_a_term_in_calendar_days_is_held_against_calendar_days_and_may_end_after_a_day_off():
    """Five days from Monday end on Saturday 9 March, so on Monday 11 March; six days do too."""
    terms = catalogue({"procedure_code": "1.000001", "term_days": "5 ngày"})
    table = dossiers({"procedure_code": "1.000001"}, {"procedure_code": "1.000001", "resolved_on": "2024-03-12"})
    row = against_terms(table, terms, MARCH, calendar=CALENDAR).iloc[0]
    assert (row.unit, row.judged, row.over_term, row.median_days, row.p90_days) == ("calendar_days", 2, 1, 7, 8)


def test_a_day_off_after_a_term_in_calendar_days_is_over_it_though_no_working_day_went_by():
    """Four days from Monday end on Friday 8 March; the result came on Saturday."""
    terms = catalogue({"procedure_code": "1.000001", "term_days": "4 ngày"})
    table = dossiers({"procedure_code": "1.000001", "resolved_on": "2024-03-09"})
    assert against_terms(table, terms, MARCH, calendar=CALENDAR).over_term.tolist() == [1]


def test_each_dossier_is_held_against_the_term_of_the_day_it_was_received():
    terms = catalogue(
        {"procedure_code": "1.000001", "term_days": "4", "valid_from": "2024-03-05"},
        {"procedure_code": "1.000001", "term_days": "5", "valid_to": "2024-03-04"},
    )
    later = {"received_on": "2024-03-05", "resolved_on": "2024-03-12"}
    table = dossiers({"procedure_code": "1.000001"}, {"procedure_code": "1.000001", **later})
    row = against_terms(table, terms, MARCH, calendar=CALENDAR).iloc[0]
    assert (row.term, row.judged, row.over_term) == (4, 2, 1)


def test_no_function_changes_the_table_it_is_given(sample):
    table = sample.dossiers.head(50)
    before = table.copy(deep=True)
    turnaround(table, calendar=CALENDAR)
    durations = count_durations(table, calendar=CALENDAR, by=["channel"], per="day")
    counted = durations.copy(deep=True)
    compared_days(durations, read_period("2021"), by=["channel"])
    against_terms(table, catalogue(), read_period("2021"), calendar=CALENDAR)
    pd.testing.assert_frame_equal(table, before)
    pd.testing.assert_frame_equal(durations, counted)
    assert set(durations.pause) <= set(PAUSES)
