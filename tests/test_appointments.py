"""Appointments: the first due date decides, the second is counted beside it."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.appointments import count_appointments
from analysis.periods import read_period

DAYS = ["received_on", "due_on", "first_due_on", "resolved_on", "closed_on", "paused_from", "paused_to"]
JANUARY = read_period("2022-01")


def dossiers(*rows):
    """Rows of (first due date, current due date, day of the result); received on 3 January."""
    table = pd.DataFrame(rows, columns=["first_due_on", "due_on", "resolved_on"]).reindex(columns=DAYS)
    table = table.assign(received_on="2022-01-03").astype("datetime64[us]")
    return table.assign(status=table.resolved_on.notna().map({True: "resolved", False: "pending"}))


def test_each_re_appointed_dossier_met_the_first_date_or_the_second_or_none():
    table = count_appointments(
        dossiers(
            ("2022-01-10", "2022-01-10", "2022-01-12"),  # late, and never re-appointed
            ("2022-01-10", "2022-01-14", "2022-01-10"),
            ("2022-01-10", "2022-01-14", "2022-01-14"),
            ("2022-01-10", "2022-01-14", "2022-01-17"),
            ("2022-01-10", None, "2022-01-17"),  # the current date is the first where no export has it
            (None, None, "2022-01-17"),
            ("2022-01-31", "2022-02-04", None),
            ("2022-01-10", "2022-01-31", None),
            ("2022-01-10", "2022-01-28", None),
        ),
        JANUARY,
    )
    assert table.loc["resolved"].to_dict() == {
        "dossiers": 5, "reappointed": 3, "by_first": 1, "by_current": 1, "missed": 1,
    }  # fmt: skip
    assert table.loc["open"].to_dict() == {"dossiers": 3, "reappointed": 3, "by_first": 1, "by_current": 1, "missed": 1}


def test_a_second_time_on_the_same_day_is_no_second_appointment():
    table = count_appointments(dossiers(("2022-01-10 10:00", "2022-01-10 17:00", "2022-01-10")), JANUARY)
    assert table.reappointed.tolist() == [0, 0]


def test_a_result_after_the_period_is_open_in_it():
    table = count_appointments(dossiers(("2022-01-10", "2022-02-10", "2022-02-02")), JANUARY)
    assert table.dossiers.to_dict() == {"resolved": 0, "open": 1}


day = st.one_of(st.none(), st.dates(pd.Timestamp("2022-01-03").date(), pd.Timestamp("2022-03-01").date()))


@given(st.lists(st.tuples(day, day, day), min_size=1, max_size=20))
def test_the_ways_add_up_to_the_re_appointed(rows):
    table = count_appointments(dossiers(*rows), JANUARY)
    assert (table.by_first + table.by_current + table.missed).equals(table.reappointed)
    assert (table.reappointed <= table.dossiers).all()
