"""A period is a pair of days with a name, and every other name is refused."""

import calendar
import itertools

import pandas as pd
import pytest

from analysis.periods import FORMS, Period, read_day, read_period, until, year_before


def days(period):
    return f"{period.first:%Y-%m-%d}..{period.last:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2022", "2022-01-01..2022-12-31"),
        ("2022-Q1", "2022-01-01..2022-03-31"),
        ("2022-Q2", "2022-04-01..2022-06-30"),
        ("2022-Q3", "2022-07-01..2022-09-30"),
        ("2022-Q4", "2022-10-01..2022-12-31"),
        ("2022-H1", "2022-01-01..2022-06-30"),
        ("2022-H2", "2022-07-01..2022-12-31"),
        ("2022-6M", "2022-01-01..2022-06-30"),
        ("2022-9M", "2022-01-01..2022-09-30"),
        ("2022-11", "2022-11-01..2022-11-30"),
        ("2024-02", "2024-02-01..2024-02-29"),
        ("2022-official", "2021-12-15..2022-12-14"),
        ("2021-12-15..2022-12-14", "2021-12-15..2022-12-14"),
        ("2022-01-01..2022-01-01", "2022-01-01..2022-01-01"),
    ],
)
def test_a_period_has_a_first_and_a_last_day(name, expected):
    assert days(read_period(f" {name} ")) == expected
    assert read_period(f" {name} ").name == name


@pytest.mark.parametrize("year", [2021, 2024])
def test_quarters_and_months_fill_a_year_without_gap(year):
    for parts in (["Q1", "Q2", "Q3", "Q4"], ["H1", "H2"], [f"{month:02}" for month in range(1, 13)]):
        periods = [read_period(f"{year}-{part}") for part in parts]
        lengths = [(p.last - p.first).days + 1 for p in periods]
        assert sum(lengths) == 365 + calendar.isleap(year)
        assert all(b.first - a.last == pd.Timedelta(days=1) for a, b in itertools.pairwise(periods))


@pytest.mark.parametrize(
    "name",
    [
        "", "22", "1822", "2022-Q5", "2022-q3", "2022-13", "2022-00", "2022-1", "2022-H3", "2022-12M", "2022/11", "quý 3",
        "2022-11-10", "2022-01-01..", "..2022-01-01", "2022-01-01..2022-02-30", "2022-01-01..2022-01-02..2022-01-03",
        "1/1/2022..31/1/2022", "2022-01-01 .. 2022-01-31", "２０２２",
    ],
)  # fmt: skip
def test_a_name_that_stands_for_no_period_is_refused_with_the_forms(name):
    with pytest.raises(ValueError, match="is no period; a period is written") as caught:
        read_period(name)
    assert repr(name) in str(caught.value)
    assert FORMS in str(caught.value)


def test_every_form_that_a_refusal_lists_is_one():
    for form in FORMS.replace(" or", "").split(", "):
        assert read_period(form).name == form


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="ends before it begins"):
        read_period("2022-02-01..2022-01-31")


def test_a_day_is_written_in_one_way():
    assert read_day(" 2022-11-10 ") == pd.Timestamp("2022-11-10")


@pytest.mark.parametrize("day", ["", "10/11/2022", "2022-11", "2022-02-30", "20221110", "2022-11-10 08:00", "today"])
def test_what_is_no_day_is_refused(day):
    with pytest.raises(ValueError, match="is no day; a day is written 2022-11-10"):
        read_day(day)


def test_a_running_period_ends_on_the_day_of_the_data():
    year = read_period("2022")
    assert days(until(year, pd.Timestamp("2022-11-10 15:00"))) == "2022-01-01..2022-11-10"
    assert days(until(year, pd.Timestamp("2022-01-01"))) == "2022-01-01..2022-01-01"
    assert until(year, pd.Timestamp("2023-05-01")) == year


def test_a_period_that_has_not_begun_is_refused():
    with pytest.raises(ValueError, match="2022 begins on 2022-01-01, after the day of the data, 2021-12-31"):
        until(read_period("2022"), pd.Timestamp("2021-12-31"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2022", "2021-01-01..2021-12-31"),
        ("2024-02", "2023-02-01..2023-02-28"),
        ("2024-01-01..2024-02-29", "2023-01-01..2023-02-28"),
        ("2024-02-29..2024-03-31", "2023-02-28..2023-03-31"),
        ("2022-official", "2020-12-15..2021-12-14"),
    ],
)
def test_the_year_before_has_the_same_days_and_28_february_for_the_29th(name, expected):
    assert days(year_before(read_period(name))) == expected


def test_the_year_before_is_told_from_the_year_by_its_name():
    assert year_before(Period("2022", pd.Timestamp("2022-01-01"), pd.Timestamp("2022-11-10"))).name == "2022 (-1)"
