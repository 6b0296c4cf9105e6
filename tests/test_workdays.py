"""Working days: the calendar's exceptions, both directions, hours, and what lies outside."""

from itertools import pairwise

import holidays
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.calendars import NO_CALENDAR, OFFICIAL, calendar_of, read_calendar
from analysis.vocabulary import VocabularyError, read_vocabulary
from analysis.workdays import add_workdays, add_workhours, count_workdays, counted_from, is_workday, next_workday

CALENDAR = read_calendar()
KNOWN_DIFFERENCES = {"2026-01-02": False, "2026-01-10": True}
"""Day -> whether it was worked, where the package says otherwise."""
UNDECIDED = "2026-11-24"


def days(*texts):
    return pd.Series(pd.to_datetime(list(texts), format="mixed")).astype("datetime64[us]")


def count(start, end, calendar=CALENDAR):
    return count_workdays(days(start), days(end), calendar=calendar)[0]


def add(start, term, calendar=CALENDAR):
    return add_workdays(days(start), pd.Series([term]), calendar=calendar)[0]


@pytest.fixture
def calendar_file(tmp_path):
    """A calendar of one's own, with some lines."""

    def write(*lines, header="date,kind,basis,source"):
        path = tmp_path / "days.csv"
        path.write_text("\n".join(["# a remark", header, *lines]), encoding="utf-8")
        return path

    return write


# --- the table -------------------------------------------------------------------------------------------------------


def test_the_calendar_agrees_with_another_opinion_but_for_the_known_differences():
    other = holidays.country_holidays("VN", years=range(2014, 2028))
    every = pd.date_range("2015-01-01", "2026-12-31")
    assert len(every) == len(CALENDAR.worked)
    found = {
        f"{day:%Y-%m-%d}": bool(worked)
        for day, worked in zip(every, CALENDAR.worked, strict=True)
        if worked != other.is_working_day(day)
    }
    assert found == KNOWN_DIFFERENCES


def test_a_line_that_only_the_package_has_says_so_and_every_line_has_a_source():
    table = pd.read_csv(OFFICIAL, comment="#", dtype=str)
    assert table.notna().all(axis=None)
    decided = table[table.date.isin(KNOWN_DIFFERENCES)]
    assert decided.source.str.startswith("CV 12729/VPCP-KGVX").all()
    assert len(decided) == len(KNOWN_DIFFERENCES)
    assert table[table.kind == "undecided"].date.tolist() == [UNDECIDED]
    assert (table.source == "holidays package only, unconfirmed").sum() > 50
    assert table.date.is_monotonic_increasing


def test_a_line_stands_only_where_a_day_differs_from_its_weekday():
    table = pd.read_csv(OFFICIAL, comment="#", parse_dates=["date"])
    weekend = table.date.dt.day_of_week > 4
    assert (weekend == (table.kind == "make-up")).all()


def test_every_make_up_day_is_named_by_the_day_it_is_exchanged_for():
    table = pd.read_csv(OFFICIAL, comment="#", parse_dates=["date"])
    exchanged = table[table.basis.str.startswith("exchanged")]
    told = {f"{day.day} {day:%B}" for day in exchanged.date}
    off = exchanged.basis.str.removeprefix("exchanged for ")
    assert set(off) - told == {"27 December"}  # of 2014, before the calendar


# --- counting and adding ---------------------------------------------------------------------------------------------


def test_the_day_of_receipt_is_not_counted():
    assert count("2024-03-04 08:00", "2024-03-04 16:00") == 0


def test_a_make_up_saturday_is_a_working_day_and_the_monday_it_replaces_is_not():
    assert (count("2024-04-26", "2024-04-29"), count("2024-05-03", "2024-05-04")) == (0, 1)


def test_a_term_over_tet_skips_it():
    """Friday 28 January 2022, three days: Tet until 4 February, then Monday, Tuesday, Wednesday."""
    assert add("2022-01-28 09:00", 3) == pd.Timestamp("2022-02-09")


def test_a_term_may_end_on_a_make_up_saturday():
    assert add("2026-01-09", 1) == pd.Timestamp("2026-01-10")


def test_an_end_before_the_start_is_negative_not_clipped():
    assert count("2024-03-06", "2024-03-04") == -2


@pytest.mark.parametrize("outside", ["2014-12-30", "2027-01-01", None])
def test_what_the_calendar_does_not_cover_is_missing_never_guessed(outside):
    assert pd.isna(count("2024-03-04", outside))
    assert pd.isna(count(outside, "2024-03-04"))
    assert pd.isna(add(outside, 3))


def test_the_first_day_of_the_calendar_is_covered_and_so_is_what_begins_on_its_eve():
    """1 and 2 January 2015 were off; the day on which a stretch begins is not counted, so the eve will do."""
    assert count("2014-12-31", "2015-01-05") == 1
    assert add("2014-12-31", 1) == pd.Timestamp("2015-01-05")
    assert next_workday(days("2015-01-01"), calendar=CALENDAR)[0] == pd.Timestamp("2015-01-05")
    assert add_workhours(days("2015-01-01 08:00"), pd.Series([8]), calendar=CALENDAR)[0] == pd.Timestamp("2015-01-05")


def test_a_term_that_ends_outside_the_calendar_is_missing():
    assert pd.isna(add("2026-12-30", 30))


@pytest.mark.parametrize("term", [0, -1, None])
def test_a_term_of_no_days_has_no_end(term):
    assert pd.isna(add_workdays(days("2024-03-04"), pd.Series([term], dtype="Int64"), calendar=CALENDAR)[0])


def test_what_spans_an_undecided_day_is_missing_and_what_does_not_is_counted():
    assert pd.isna(count("2026-11-23", "2026-11-24"))
    assert pd.isna(count("2026-11-23", "2026-11-30"))
    assert count("2026-11-24", "2026-11-25") == 1
    assert count("2026-11-20", "2026-11-23") == 1
    assert add("2026-11-20", 1) == pd.Timestamp("2026-11-23")
    assert pd.isna(add("2026-11-20", 2))
    assert pd.isna(next_workday(days(UNDECIDED), calendar=CALENDAR)[0])


def test_without_a_calendar_everything_in_working_days_is_missing():
    assert NO_CALENDAR.years == ""
    assert pd.isna(count("2024-03-04", "2024-03-08", NO_CALENDAR))
    assert pd.isna(add("2024-03-04", 2, NO_CALENDAR))
    assert pd.isna(next_workday(days("2024-03-04"), calendar=NO_CALENDAR)[0])
    assert counted_from(days("2024-03-04 23:00"), calendar=NO_CALENDAR)[0] == pd.Timestamp("2024-03-04")


def test_a_year_between_two_that_the_file_does_not_name_is_not_covered(calendar_file):
    calendar = read_calendar(calendar_file("2020-01-01,off,New Year,law", "2022-01-03,off,New Year,law"))
    assert count("2020-12-30", "2020-12-31", calendar) == 1
    assert pd.isna(count("2021-03-01", "2021-03-02", calendar))
    assert pd.isna(count("2020-12-30", "2022-01-04", calendar))


@given(st.dates(pd.Timestamp("2015-01-01").date(), pd.Timestamp("2026-09-01").date()), st.integers(1, 40))
def test_counting_undoes_adding(start, term):
    assert count(start, add(start, term)) == term


@given(st.lists(st.dates(pd.Timestamp("2015-01-01").date(), pd.Timestamp("2026-11-23").date()), min_size=3, max_size=3))
def test_the_days_of_two_stretches_are_those_of_the_whole(three):
    parts = [count(a, b) for a, b in pairwise(sorted(three))]
    assert sum(parts) == count(min(three), max(three))


def test_the_argument_is_untouched_and_its_index_kept():
    start = days("2024-03-04", "2024-03-05").set_axis([7, 3])
    before = start.copy(deep=True)
    assert add_workdays(start, pd.Series([1, 1], index=[7, 3]), calendar=CALENDAR).index.tolist() == [7, 3]
    assert count_workdays(start, start, calendar=CALENDAR).index.tolist() == [7, 3]
    pd.testing.assert_series_equal(start, before)


# --- hours -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "day"),
    [
        ("2024-03-04 16:59", "2024-03-04"),
        ("2024-03-04 17:00", "2024-03-04"),
        ("2024-03-04 17:00:01", "2024-03-05"),
        ("2024-03-08 20:00", "2024-03-09"),  # Friday evening counts like Saturday
        ("2024-03-04", "2024-03-04"),
    ],
)
def test_what_comes_after_the_latest_hour_counts_from_the_next_day(received, day):
    assert counted_from(days(received), calendar=CALENDAR)[0] == pd.Timestamp(day)


def test_the_latest_hour_is_a_setting_and_may_be_none():
    assert counted_from(days("2024-03-04 15:01"), calendar=read_calendar(latest_receipt="15:00"))[0].day == 5
    assert counted_from(days("2024-03-04 23:59"), calendar=read_calendar(latest_receipt=""))[0].day == 4


@pytest.mark.parametrize(
    ("received", "hours", "day"),
    [
        ("2024-03-04 10:00", 4, "2024-03-04"),  # 1.5 h, lunch, 2.5 h: until 16:00
        ("2024-03-04 10:00", 5, "2024-03-04"),  # until 17:00 sharp
        ("2024-03-04 10:00", 5.5, "2024-03-05"),
        ("2024-03-04 06:00", 8, "2024-03-04"),  # the whole day
        ("2024-03-04 07:01", 8, "2024-03-05"),  # 8 hours are one working day
        ("2024-03-04 12:30", 3.5, "2024-03-04"),  # lunch
        ("2024-03-04 17:30", 8, "2024-03-05"),
        ("2024-03-08 16:00", 8, "2024-03-11"),  # Friday
        ("2024-03-09 09:00", 8, "2024-03-11"),  # Saturday
        ("2024-03-08 18:00", 8, "2024-03-11"),
        ("2024-03-04 08:00", 20, "2024-03-06"),
        ("2024-03-04", 4, None),  # without a time of day nobody knows
        ("2024-03-04 08:00", 0, None),
        ("2026-11-24 08:00", 4, None),
        (None, 4, None),
    ],
)
def test_a_term_of_hours_counts_within_the_day(received, hours, day):
    found = add_workhours(days(received), pd.Series([hours]), calendar=CALENDAR)[0]
    assert pd.isna(found) if day is None else found == pd.Timestamp(day)


@given(
    st.datetimes(pd.Timestamp("2015-01-01").to_pydatetime(), pd.Timestamp("2026-09-01").to_pydatetime()),
    st.integers(1, 20),
)
def test_eight_hours_are_one_working_day_for_what_comes_within_office_hours(instant, term):
    """Only what comes at the opening ends within the last of its days; nothing ends later than the term in days."""
    received = days(instant)
    if received[0] == received[0].normalize():
        return
    by_hours = add_workhours(received, pd.Series([8 * term]), calendar=CALENDAR)[0]
    start = counted_from(received, calendar=CALENDAR)
    by_days = add_workdays(start, pd.Series([term]), calendar=CALENDAR)[0]
    one_less = count_workdays(days(by_hours), days(by_days), calendar=CALENDAR)[0]
    opened = 7 * 60 < instant.hour * 60 + instant.minute <= 17 * 60 - 1
    worked = next_workday(received.dt.normalize(), calendar=CALENDAR)[0] == received[0].normalize()
    assert one_less in ({0} if opened and worked else {0, 1})


# --- a file of one's own ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["2024-01-01,holiday,,"], "days.csv, line 3: 2024-01-01 has the kind 'holiday'; known are off, make-up, undecided"),
        (["2024-01-02,off,,", "01/01/2024,off,,"], "days.csv, line 4: '01/01/2024' is no day"),
        (["2024-02-30,off,,"], "days.csv, line 3: '2024-02-30' is no day"),
        (["2024-01-01,off,,", "# x", "2024-01-01,off,,"], "days.csv, line 5: 2024-01-01 stands there twice"),
        (["2024-01-01,off"], "days.csv, line 3: has 2 cells; the header has 4"),
        ([], "days.csv: names no day"),
    ],
)  # fmt: skip
def test_a_mistake_names_the_file_the_line_and_what_is_known(calendar_file, lines, message):
    with pytest.raises(ValueError) as caught:
        read_calendar(calendar_file(*lines))
    assert message in str(caught.value)


def test_another_header_is_refused(calendar_file):
    with pytest.raises(ValueError, match=r"days.csv: the header must be date,kind,basis,source; found date;kind"):
        read_calendar(calendar_file("2024-01-01;off", header="date;kind"))


def test_the_vocabulary_names_the_calendar_from_where_it_lies(calendar_file):
    path = calendar_file("2024-03-05,off,Our day,own")
    words = path.with_name("own.toml")
    words.write_text('[settings]\ncalendar = "days.csv"\nlatest_receipt = ""')
    calendar = calendar_of(read_vocabulary(words).settings)
    assert (calendar.file, calendar.years) == ("days.csv", "2024")
    assert count("2024-03-04 18:00", "2024-03-06", calendar) == 1


@pytest.mark.parametrize("none", ["none", ""])
def test_the_vocabulary_may_name_no_calendar(tmp_path, none):
    words = tmp_path / "own.toml"
    words.write_text(f'[settings]\ncalendar = "{none}"')
    assert calendar_of(read_vocabulary(words).settings) == NO_CALENDAR


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ('calendar = "nowhere.csv"', "nowhere.csv: the calendar cannot be read"),
        ('calendar = "days.csv"', "days.csv, line 3: 2024-01-01 has the kind 'holiday'"),
        ('latest_receipt = "5pm"', "'5pm' is no time of day"),
        ('office_hours = "13:30-17:00 07:00-11:30"', "are no office hours"),
        ('office_hours = "07:00"', "are no office hours"),
    ],
)
def test_a_calendar_that_cannot_be_used_is_refused_with_the_vocabulary(calendar_file, setting, message):
    words = calendar_file("2024-01-01,holiday,,").with_name("own.toml")
    words.write_text(f"[settings]\n{setting}")
    with pytest.raises(VocabularyError) as caught:
        read_vocabulary(words)
    assert message in str(caught.value)
    assert "own.toml" in str(caught.value)


def test_a_million_intervals_are_counted_in_well_under_a_second():
    import time

    start = pd.Series(np.datetime64("2022-01-01", "us") + np.arange(1_000_000) * np.timedelta64(60, "s"))
    end = start + pd.Timedelta(days=30)
    began = time.perf_counter()
    counted = count_workdays(start, end, calendar=CALENDAR)
    assert time.perf_counter() - began < 0.5
    assert counted.notna().all()


def test_a_day_is_worked_off_or_in_doubt():
    found = is_workday(
        days("2024-05-04 10:00", "2024-05-05", "2026-01-02", "2026-11-24", "2014-12-31", None), calendar=CALENDAR
    )
    assert found.tolist() == [True, False, False, pd.NA, pd.NA, pd.NA]


@given(st.dates(pd.Timestamp("2015-01-02").date(), pd.Timestamp("2026-11-20").date()))
def test_a_day_is_worked_where_it_adds_to_the_count(day):
    day = days(day)
    counted = count_workdays(day - pd.Timedelta(days=1), day, calendar=CALENDAR)
    assert bool(counted[0]) == is_workday(day, calendar=CALENDAR)[0]
