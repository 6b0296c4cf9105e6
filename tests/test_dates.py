"""Text becomes an instant by the listed formats and no other; blank is not unreadable."""

import datetime as dt

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.dates import SERIALS, read_instants
from analysis.vocabulary import read_vocabulary

SHIPPED = read_vocabulary()
QUICK = settings(max_examples=60, deadline=None)


def read(*texts, vocabulary=SHIPPED):
    return read_instants(pa.chunked_array([list(texts)], pa.string()), vocabulary=vocabulary)


def one(text, vocabulary=SHIPPED):
    """One text read: an ISO instant, ``blank`` or ``unreadable``."""
    values, unreadable = read(text, vocabulary=vocabulary)
    if unreadable[0]:
        assert pd.isna(values[0])
        return "unreadable"
    return "blank" if pd.isna(values[0]) else values[0].isoformat(sep=" ")


@pytest.mark.parametrize(
    "text", ["03/04/2022", "3/4/2022", "03-04-2022", "03.04.2022", "2022-04-03", "2022/04/03", "2022-4-3", "44654"]
)
def test_a_day_comes_before_its_month_unless_the_year_comes_first(text):
    assert one(text) == "2022-04-03 00:00:00"


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2022 08:15", "03/04/2022 8:15", "03/04/2022 08:15:00", "2022-04-03T08:15", "2022-04-03 08:15:00.000",
        "08:15 03/04/2022", "08:15:00 03/04/2022", "8:15 3/4/2022", "03/04/2022, 08:15", "03/04/2022  08:15",
        "  03/04/2022 08:15\t", "03/04/2022\u00a008:15", "\u00a03/4/2022\u00a0\u00a08:15", "03/04/2022\n08:15",
        "44654.34375", "2022-04-03 01:15:00Z", "2022-04-03T08:15:00+07:00", "2022-04-02 18:15:00-07:00",
    ],
)  # fmt: skip
def test_a_time_stands_before_or_after_its_day_in_any_spacing(text):
    assert one(text) == "2022-04-03 08:15:00"


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2022", "29/02/2023", "31/04/2022", "03/13/2022", "00/01/2022", "1/1/22", "2022", "04/2022", "20220403",
        "03/04/2022 24:00", "03/04/2022 08:60", "03/04/2022 8h15", "03/04/2022 08:15 PM", "08:15", "03/04/20221",
        "03/04/2022 x", "x 03/04/2022", "Ngày 03/04/2022", "44654,5", "1e5", "?", "0", "sắp có", "-44654", "٠٣ ٠٤ ٢٠٢٢",
    ],
)  # fmt: skip
def test_what_is_no_day_of_the_calendar_is_unreadable_never_guessed(text):
    assert one(text) == "unreadable"


@pytest.mark.parametrize(
    "text",
    ["", "  ", "-", "...", "N/A", "null", "Chưa có", "01/01/0001", "0001-01-01 00:00:00", "31/12/9999", "01/01/1900"],
)
def test_a_known_blank_is_missing_and_not_unreadable(text):
    assert one(text) == "blank"


def test_a_day_that_a_vocabulary_calls_a_blank_is_missing_even_if_it_could_be_meant():
    own = SHIPPED._replace(blank_days=SHIPPED.blank_days | {"01/01/2000"})
    assert one("01/01/2000 00:00", own) == "blank"
    assert one("02/01/2000", own) == "2000-01-02 00:00:00"


def test_a_missing_cell_is_blank():
    values, unreadable = read(None, "03/04/2022")
    assert values.isna().tolist() == [True, False]
    assert not unreadable.any()


def test_29_february_is_read_in_leap_years_alone():
    assert [one(f"29/02/{year}") for year in (2020, 2021, 2024)] == [
        "2020-02-29 00:00:00",
        "unreadable",
        "2024-02-29 00:00:00",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("31/12/1989", "unreadable"),
        ("01/01/1990", "1990-01-01 00:00:00"),
        ("31/12/2099 23:59:59", "2099-12-31 23:59:59"),
        ("01/01/2100", "unreadable"),
        (str(SERIALS.start), "unreadable"),
        (str(SERIALS.start - 1), "unreadable"),
        ("32874", "1990-01-01 00:00:00"),
        (str(SERIALS.stop - 1), "2091-08-24 00:00:00"),
        (str(SERIALS.stop), "unreadable"),
        ("44654.999999", "2022-04-04 00:00:00"),
    ],
)
def test_a_day_outside_the_earliest_and_latest_is_a_typing_error(text, said):
    assert one(text) == said


def test_the_bounds_are_the_vocabularys():
    narrow = SHIPPED._replace(earliest=dt.date(2022, 1, 1), latest=dt.date(2022, 12, 31))
    assert [one(t, narrow) for t in ("31/12/2021", "01/01/2022", "31/12/2022 23:59", "01/01/2023")] == [
        "unreadable",
        "2022-01-01 00:00:00",
        "2022-12-31 23:59:00",
        "unreadable",
    ]


def test_offsets_become_local_time_in_winter_and_in_summer():
    amsterdam = SHIPPED._replace(timezone="Europe/Amsterdam")
    texts = {
        "2011-10-11 00:30:00.250000+02:00": "2011-10-11 00:30:00.250000",
        "2011-10-10 23:30:00+01:00": "2011-10-11 00:30:00",
        "2011-12-06 00:30:00+01:00": "2011-12-06 00:30:00",
        "2011-12-06 00:30:00+02:00": "2011-12-05 23:30:00",
        "2011-12-05 23:30:00Z": "2011-12-06 00:30:00",
        "2011-12-06 00:30:00": "2011-12-06 00:30:00",
    }
    assert {text: one(text, amsterdam) for text in texts} == texts


def test_the_hour_that_comes_twice_is_read_twice_alike():
    amsterdam = SHIPPED._replace(timezone="Europe/Amsterdam")
    summer, winter = "2011-10-30 02:30:00+02:00", "2011-10-30 02:30:00+01:00"
    assert one(summer, amsterdam) == one(winter, amsterdam) == "2011-10-30 02:30:00"


def test_columns_with_and_without_offsets_mix():
    values, unreadable = read("2022-01-01 20:00:00Z", "01/01/2022", "", "x", "01/01/2022 20:00")
    assert values.astype("str").fillna("").tolist() == [
        "2022-01-02 03:00:00", "2022-01-01 00:00:00", "", "", "2022-01-01 20:00:00",
    ]  # fmt: skip
    assert unreadable.tolist() == [False, False, False, True, False]


def test_an_own_format_comes_first_and_others_stay():
    american = SHIPPED._replace(days=("%m/%d/%Y", *SHIPPED.days))
    assert one("04/03/2022", american) == "2022-04-03 00:00:00"
    assert one("13/04/2022", american) == "2022-04-13 00:00:00"


def test_the_result_is_as_long_as_the_column_and_in_its_order():
    texts = ["03/04/2022", "x", "", "2022-04-05 07:00"] * 50
    values, unreadable = read_instants(pa.chunked_array([texts[:7], [], texts[7:]]), vocabulary=SHIPPED)
    assert (len(values), str(values.dtype)) == (200, "datetime64[us]")
    assert values[:4].astype("str").fillna("").tolist() * 50 == values.astype("str").fillna("").tolist()
    assert unreadable.tolist() == [False, True, False, False] * 50


def test_an_empty_column_stays_empty():
    values, unreadable = read()
    assert (len(values), len(unreadable), str(values.dtype)) == (0, 0, "datetime64[us]")


DAYS = st.dates(SHIPPED.earliest, SHIPPED.latest)
CLOCK = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@QUICK
@given(st.lists(st.tuples(DAYS, st.sampled_from(SHIPPED.days)), min_size=1, max_size=20))
def test_any_day_written_in_any_listed_format_is_read_back(written):
    values, unreadable = read(*(day.strftime(form) for day, form in written))
    assert not unreadable.any()
    assert values.dt.date.tolist() == [day for day, _ in written]


@QUICK
@given(DAYS, CLOCK, st.sampled_from(SHIPPED.days), st.sampled_from(["{d} {t}", "{t} {d}", "{d}T{t}", "{d},  {t}"]))
def test_any_minute_of_any_day_is_read_back_in_either_order(day, clock, form, order):
    text = order.format(d=day.strftime(form), t=clock.strftime("%H:%M"))
    assert one(text) == dt.datetime.combine(day, clock).isoformat(sep=" ")


@QUICK
@given(st.integers(32874, SERIALS.stop - 1), CLOCK)
def test_any_serial_number_is_the_minute_a_spreadsheet_means(serial, clock):
    text = repr(serial + (clock.hour * 60 + clock.minute) / 1440)
    expected = pd.Timestamp("1899-12-30") + pd.Timedelta(days=serial, hours=clock.hour, minutes=clock.minute)
    assert one(text.removesuffix(".0")) == expected.isoformat(sep=" ")


@QUICK
@given(st.lists(st.text(max_size=12), max_size=20))
def test_any_text_is_an_instant_a_blank_or_unreadable_and_alone_as_in_a_column(texts):
    values, unreadable = read(*texts)
    assert not (values.notna() & unreadable).any()
    for i, text in enumerate(texts):
        alone, alone_unreadable = read(text)
        assert (alone_unreadable[0], str(alone[0])) == (unreadable[i], str(values[i]))
