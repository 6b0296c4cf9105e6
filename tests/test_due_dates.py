"""Terms and due dates: which term held, when it ends, and where the system says another day."""

import numpy as np
import pandas as pd
import pytest

from analysis.calendars import NO_CALENDAR, read_calendar
from analysis.due_dates import OUTCOMES, compare_due_dates, count_due_dates, due_dates
from analysis.periods import read_period
from analysis.terms import cut_terms, read_terms, terms_of
from analysis.vocabulary import read_vocabulary

CALENDAR = read_calendar()
WORDS = read_vocabulary().words["term_unit"]
CODE = "1.009974"
MARCH = read_period("2024-03")
TEXTS = ["procedure_code", "procedure", "term_days", "legal_term_days", "term_unit"]
INSTANTS = ["received_on", "first_due_on", "paused_from", "paused_to"]


def catalogue(*lines):
    """Terms of procedure A, 5 working days unless a line says otherwise."""
    usual = {"procedure_code": CODE, "procedure": "A", "term_days": "5", "term_unit": "working_days"}
    table = pd.DataFrame([{**usual, **line} for line in lines], columns=[*TEXTS, "valid_from", "valid_to"])
    table = table.astype(dict.fromkeys(TEXTS, "str"))
    return read_terms(table.astype(dict.fromkeys(["valid_from", "valid_to"], "datetime64[us]")), words=WORDS)


def dossiers(*lines):
    """Dossiers of procedure A received on Monday 4 March 2024, unless they say otherwise."""
    usual = {"procedure_code": CODE, "received_on": "2024-03-04 08:00"}
    table = pd.DataFrame([{**usual, **line} for line in lines], columns=["procedure_code", "status", *INSTANTS])
    days = {c: pd.Series([pd.Timestamp(day) for day in table[c]], dtype="datetime64[us]") for c in INSTANTS}
    return table.astype({"procedure_code": "str", "status": "str"}).assign(**days)


def due(terms, calendar=CALENDAR, **line):
    """(Recomputed day, why not)."""
    row = due_dates(dossiers(line), catalogue(*terms), calendar=calendar).iloc[0]
    return f"{row.recomputed_on:%m-%d}" if pd.notna(row.recomputed_on) else None, row.why


def outcome(*terms, **line):
    row = compare_due_dates(dossiers(line), catalogue(*(terms or ({},))), calendar=CALENDAR).iloc[0]
    return row.outcome, None if pd.isna(row.difference_days) else row.difference_days


# --- terms -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "column", "term", "unit"),
    [
        ("15", "working_days", 15, "working_days"),
        (" 15 ngày làm việc ", None, 15, "working_days"),
        ("15 ngày", "working_days", 15, "calendar_days"),
        ("4 giờ", None, 4, "hours"),
        ("0,5", "working_days", 0.5, "working_days"),
        ("15", None, None, ""),
        ("15", "unknown", None, ""),
        ("15 tuần", "working_days", None, ""),
        ("15-20 ngày", "working_days", None, ""),
        ("không quá 15", "working_days", None, ""),
        ("0", "working_days", None, ""),
        (None, "working_days", None, ""),
    ],
)
def test_a_term_is_a_number_in_a_known_unit_or_it_is_unknown(days, column, term, unit):
    row = catalogue({"term_days": days, "term_unit": column}).iloc[0]
    assert (None if np.isnan(row.term) else row.term, row.unit) == (term, unit)


@pytest.mark.parametrize("code", [CODE, f"{CODE}.000.00.00.H13", f"{CODE}.H12", f" {CODE} "])
def test_dossiers_and_catalogue_agree_by_the_core_of_a_code(code):
    assert terms_of(dossiers({"procedure_code": code}), catalogue({"procedure_code": f"{CODE}.H05"})).term.tolist() == [
        5
    ]


def test_a_code_of_another_form_is_compared_whole():
    terms = catalogue({"procedure_code": "TT-7.H12"})
    assert terms_of(dossiers({"procedure_code": "TT-7.H12"}, {"procedure_code": "TT-7"}), terms).version.tolist() == [
        0,
        -1,
    ]


@pytest.mark.parametrize(
    ("day", "term", "why"),
    [
        ("2021-12-31 23:00", 20, None), ("2022-01-01", 15, None), ("2023-06-30 17:00", 15, None),
        ("2023-07-01", None, "not_in_force"), ("2023-12-31", None, "not_in_force"), ("2024-01-01", 10, None),
    ],
)  # fmt: skip
def test_the_version_of_the_day_of_receipt_holds(day, term, why):
    terms = catalogue(
        {"term_days": "10", "valid_from": "2024-01-01"},
        {"term_days": "15", "valid_from": "2022-01-01", "valid_to": "2023-06-30"},
        {"term_days": "20"},
        {"procedure_code": "2.000001", "term_days": "99"},
    )
    row = terms_of(dossiers({"received_on": day}), terms).iloc[0]
    assert (None if np.isnan(row.term) else row.term, None if pd.isna(row.why) else row.why) == (term, why)


@pytest.mark.parametrize(
    ("terms", "line", "why"),
    [
        ([{}], {"procedure_code": None}, "no_code"),
        ([{}], {"procedure_code": " "}, "no_code"),
        ([{}], {"procedure_code": "1.000000"}, "not_in_catalogue"),
        ([], {}, "not_in_catalogue"),
        ([{}, {"term_days": "7"}], {}, "ambiguous_term"),
        ([{"term_days": "theo quy định"}], {}, "no_term"),
        ([{"term_unit": "hours"}], {"received_on": "2024-03-04"}, "no_time_of_day"),
        ([{}], {"received_on": "2026-12-30 08:00"}, "no_calendar"),
        ([{"term_unit": "calendar_days"}], {"received_on": "2026-12-30 08:00"}, "no_calendar"),
    ],
)
def test_a_due_date_that_cannot_be_recomputed_says_why(terms, line, why):
    assert due(terms, **line) == (None, why)


def test_the_same_term_twice_is_no_doubt():
    lines = [{"valid_to": "2024-01-31"}, {"procedure_code": f"{CODE}.H12"}, {}]
    (row,) = catalogue(*lines).itertuples()
    assert (row.term, row.is_ambiguous, pd.isna(row.valid_to)) == (5, False, True)
    assert due(lines)[0] == "03-11"


# --- due dates -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "received", "day"),
    [
        ("5 ngày làm việc", "2024-03-04 08:00", "03-11"),
        ("5 ngày làm việc", "2024-03-04 17:30", "03-12"),
        ("5 ngày làm việc", "2024-04-25 08:00", "05-06"),  # the make-up Saturday counts
        ("5 ngày", "2024-03-04 08:00", "03-11"),  # Saturday 9th, so Monday
        ("4 ngày", "2024-03-04 08:00", "03-08"),
        ("4 ngày", "2024-04-25 08:00", "05-02"),  # Monday 29 April was off, and the two days after it
        ("4 giờ", "2024-03-04 08:00", "03-04"),
        ("4 giờ", "2024-03-04 15:00", "03-05"),
    ],
)
def test_a_due_date_follows_from_the_term_and_its_unit(term, received, day):
    found, why = due([{"term_days": term, "term_unit": None}], received_on=received)
    assert (found, pd.isna(why)) == (day, True)


def test_without_a_calendar_no_due_date_is_recomputed():
    assert due([{}], NO_CALENDAR) == (None, "no_calendar")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"first_due_on": "2024-03-11 17:00"}, ("agrees", 0)),
        ({"first_due_on": "2024-03-08 17:00"}, ("earlier", -1)),
        ({"first_due_on": "2024-03-14"}, ("later", 3)),
        ({"first_due_on": None}, ("no_due", None)),
        ({"first_due_on": "2024-03-11", "procedure_code": "9.999999"}, ("not_in_catalogue", None)),
        # waited from Tuesday 5 to Thursday 7: two days more, or five days from Thursday
        (
            {"first_due_on": "2024-03-13", "paused_from": "2024-03-05", "paused_to": "2024-03-07"},
            ("agrees_after_pause", 2),
        ),
        (
            {"first_due_on": "2024-03-14", "paused_from": "2024-03-05", "paused_to": "2024-03-07"},
            ("agrees_after_pause", 3),
        ),
        ({"first_due_on": "2024-03-15", "paused_from": "2024-03-05", "paused_to": "2024-03-07"}, ("later", 4)),
        ({"first_due_on": "2024-03-13", "paused_from": "2024-03-05"}, ("later", 2)),
        ({"first_due_on": "2024-03-13", "paused_from": "2024-03-07", "paused_to": "2024-03-05"}, ("later", 2)),
    ],
)
def test_the_systems_due_date_is_held_against_the_recomputed_one(line, expected):
    assert outcome(**line) == expected


def test_a_pause_moves_a_term_in_calendar_days_by_calendar_days():
    line = {"first_due_on": "2024-03-12", "paused_from": "2024-03-05", "paused_to": "2024-03-09"}
    assert outcome({"term_days": "4 ngày"}, **line)[0] == "agrees_after_pause"


def test_disagreements_are_counted_by_direction_and_everything_received_stands_once():
    table = dossiers(
        {"first_due_on": "2024-03-11"}, {"first_due_on": "2024-03-11"}, {"first_due_on": "2024-03-12"},
        {"first_due_on": "2024-03-14"}, {"first_due_on": "2024-03-08"}, {}, {"procedure_code": None, "first_due_on": "2024-03-11"},
        {"first_due_on": "2024-03-11", "status": "not_accepted"}, {"received_on": "2024-02-29", "first_due_on": "2024-03-11"},
        {"received_on": "2024-03-09 09:00", "first_due_on": "2024-03-18"},
    )  # fmt: skip
    counted = count_due_dates(table, compare_due_dates(table, catalogue({}), calendar=CALENDAR), MARCH)
    assert tuple(counted.index) == OUTCOMES
    assert counted.dossiers[counted.dossiers > 0].to_dict() == {
        "agrees": 2, "earlier": 1, "later": 3, "no_due": 1, "no_code": 1,
    }  # fmt: skip
    assert counted.loc["later", ["off_hours", "median_days", "most_days"]].tolist() == [1, 1, 3]
    assert counted.loc["earlier", ["off_hours", "median_days", "most_days"]].tolist() == [0, 1, 1]


def test_the_sample_gives_its_own_due_dates_but_for_the_weekends_it_rounds_up(sample):
    """The sample takes what comes on a day off for received on the next working day; its terms are working days."""
    terms = read_terms(sample.procedures, words=WORDS)
    compared = compare_due_dates(sample.dossiers, terms, calendar=CALENDAR)
    apart = compared[compared.outcome.isin(["earlier", "later"])]
    assert (compared.outcome == "agrees").mean() > 0.97
    assert apart.is_off_hours.mean() > 0.9
    assert apart.difference_days.abs().max() == 1


# --- cut terms -------------------------------------------------------------------------------------------------------


def test_a_term_below_the_legal_one_or_below_the_one_before_was_cut():
    terms = catalogue(
        {"term_days": "7", "legal_term_days": "10", "valid_from": "2024-03-15"},
        {"term_days": "10", "legal_term_days": "10", "valid_to": "2024-03-14"},
        {"procedure_code": "1.000002", "procedure": "B", "term_days": "5", "legal_term_days": "7 ngày"},  # other unit
        {
            "procedure_code": "1.000003",
            "procedure": "C",
            "term_days": "5",
            "legal_term_days": "8",
            "valid_to": "2024-02-01",
        },
        {"procedure_code": "1.000004", "procedure": "D", "term_days": "20"},
        {"procedure_code": "1.000004", "procedure": "D", "term_days": "15", "valid_from": "2024-01-01"},
        {"procedure_code": "1.000004", "procedure": "D", "term_days": "9", "valid_from": "2024-04-01"},
    )
    table = dossiers({}, {"received_on": "2024-03-15"}, {"received_on": "2024-03-20"}, {"received_on": "2024-04-02"})
    found = cut_terms(terms, table, MARCH)
    assert found[["procedure", "term", "received"]].to_numpy().tolist() == [["A", 7, 2], ["D", 15, 0]]
    assert found.legal_term.iloc[0] == found.term_before.iloc[0] == 10
    assert np.isnan(found.legal_term.iloc[1])
    assert found.term_before.iloc[1] == 20


def test_no_function_changes_the_table_it_is_given():
    table, terms = dossiers({"first_due_on": "2024-03-11"}), catalogue({})
    before, listed = table.copy(deep=True), terms.copy(deep=True)
    count_due_dates(table, compare_due_dates(table, terms, calendar=CALENDAR), MARCH)
    cut_terms(terms, table, MARCH)
    pd.testing.assert_frame_equal(table, before)
    pd.testing.assert_frame_equal(terms, listed)
