"""Signs: each shows on the dossier that has it and on no other, and what cannot show it is not counted."""

import pandas as pd
import pytest

from analysis.periods import read_period, until
from analysis.signs import BULK, SIGNS, count_signs, mark_signs, pile_up
from analysis.tables import DOSSIERS, EXPORTED

YEAR = read_period("2022")
USUAL = {
    "source_system": "one-stop", "status": "resolved", "received_on": "2022-01-03 08:15", "due_on": "2022-01-12 17:00",
    "resolved_on": "2022-01-11 09:30",
}  # fmt: skip


def dossiers_of(*rows):
    """Dossiers that differ from a usual one only in what is said."""
    table = pd.DataFrame([{**USUAL, "dossier_id": str(number), **row} for number, row in enumerate(rows)])
    columns = [*DOSSIERS.columns, EXPORTED]
    table = table.reindex(columns=columns).astype(dict.fromkeys([*DOSSIERS.instants, EXPORTED], "datetime64[us]"))
    return table.assign(first_due_on=table.first_due_on.fillna(table.due_on))


def marks_of(*rows, history=(), **options):
    return mark_signs(dossiers_of(*rows), dossiers_of(*history), YEAR, **options)


def test_a_usual_dossier_shows_no_sign():
    counts = count_signs(marks_of({}))
    assert counts.number.sum() == 0
    assert counts.of.to_dict() == dict.fromkeys(SIGNS, 1) | {"end_changed": 0}


@pytest.mark.parametrize(
    ("sign", "row"),
    [
        ("resolved_on_due_day", {"resolved_on": "2022-01-12 08:00"}),
        ("resolved_at_due_instant", {"resolved_on": "2022-01-12 17:00"}),
        ("due_changed", {"first_due_on": "2022-01-13 17:00"}),
        ("resolved_outside_hours", {"resolved_on": "2022-01-11 17:31"}),
        ("resolved_outside_hours", {"resolved_on": "2022-01-11 06:59"}),
        ("resolved_on_day_off", {"resolved_on": "2022-01-08 09:00"}),
        ("resolved_before_received", {"resolved_on": "2022-01-03 08:14"}),
    ],
)
def test_a_sign_shows_on_the_dossier_that_has_it(sign, row):
    counts = count_signs(marks_of({}, row))
    assert counts.loc[sign].tolist() == [1, 2]


def test_a_day_without_a_time_is_not_outside_hours_nor_before_the_receipt_of_its_day():
    marks = marks_of({"resolved_on": "2022-01-03"})
    assert marks.resolved_outside_hours.isna().all()
    assert marks.resolved_at_due_instant.isna().all()
    assert not marks.resolved_before_received[0]
    assert count_signs(marks_of({"resolved_on": "2022-01-02"})).number.resolved_before_received == 1


def test_an_end_that_another_export_gave_another_day_was_changed():
    changed = [{"resolved_on": "2022-01-14 09:30"}, {}]
    for row in changed:
        row["dossier_id"] = "0"
    marks = marks_of({}, {}, history=[*changed, {"dossier_id": "1"}])
    assert marks.end_changed.tolist() == [True, pd.NA]


def test_an_end_that_only_gained_its_time_of_day_was_not_changed():
    states = [{"dossier_id": "0", "resolved_on": "2022-01-11"}, {"dossier_id": "0"}]
    assert marks_of({}, history=states).end_changed.tolist() == [False]


def test_an_end_that_came_with_a_later_export_was_not_changed():
    states = [{"dossier_id": "0", "resolved_on": None}, {"dossier_id": "0"}]
    assert marks_of({}, history=states).end_changed.tolist() == [False]


def test_a_due_date_that_moved_and_moved_back_moved_twice():
    states = [
        {"dossier_id": "0", "due_on": day} for day in ("2022-01-12 17:00", None, "2022-01-14 17:00", "2022-01-12 17:00")
    ]
    marks = marks_of({}, {}, history=states)
    assert marks.due_changed.tolist() == marks.due_changed_twice.tolist() == [True, False]


def test_another_due_date_of_another_dossier_is_no_change():
    days = {"0": "2022-01-12 17:00", "1": "2022-01-14 17:00"}
    states = [
        {"dossier_id": name, "due_on": day, "status": s} for name, day in days.items() for s in ("pending", "resolved")
    ]
    rows = [{"due_on": day} for day in days.values()]
    assert marks_of(*rows, history=states).due_changed.tolist() == [False, False]


def test_the_same_code_in_another_system_is_another_dossier():
    states = [{"dossier_id": "0", "source_system": system, "resolved_on": day} for system, day in (
        ("one-stop", "2022-01-11"), ("ministry", "2022-01-14"),
    )]  # fmt: skip
    assert marks_of({}, history=states).end_changed.isna().all()


def test_ten_ends_in_one_minute_are_bulk_and_nine_are_not():
    same = [{"resolved_on": f"2022-01-11 09:30:{second:02}"} for second in range(BULK)]
    assert count_signs(marks_of(*same)).loc["resolved_in_bulk"].tolist() == [BULK, BULK]
    assert count_signs(marks_of(*same[1:])).number.resolved_in_bulk == 0
    systems = [row | {"source_system": str(number)} for number, row in enumerate(same)]
    assert count_signs(marks_of(*systems)).number.resolved_in_bulk == 0


def test_what_is_received_in_the_period_is_looked_at_for_bulk_receipts_alone():
    counts = count_signs(marks_of(*[{"resolved_on": None, "status": "pending"}] * BULK))
    assert counts.loc["received_in_bulk"].tolist() == [BULK, BULK]
    assert counts.of.drop("received_in_bulk").sum() == 0


@pytest.mark.parametrize(
    "row", [{"status": "not_accepted"}, {"status": "withdrawn"}, {"resolved_on": "2023-01-11 09:30"}]
)
def test_what_was_not_resolved_in_the_period_shows_no_sign_of_an_end(row):
    assert count_signs(marks_of(row)).of.drop("received_in_bulk").sum() == 0


def test_the_working_days_and_hours_may_be_others():
    nobody_knows = lambda instants: pd.Series(pd.NA, index=instants.index, dtype="boolean")  # noqa: E731
    marks = marks_of({"resolved_on": "2022-01-08 06:30"}, is_worked=nobody_knows, hours=("06:00", "18:00"))
    assert marks.resolved_on_day_off.isna().all()
    assert not marks.resolved_outside_hours[0]


def test_counts_of_groups_add_up_to_those_of_all(sample):
    marks = mark_signs(sample.dossiers, sample.history, until(YEAR, sample.as_of))
    groups = count_signs(marks, by=sample.dossiers.division)
    pd.testing.assert_frame_equal(groups.groupby("sign", sort=False).sum(), count_signs(marks))
    assert count_signs(marks).of.resolved_on_due_day == 855


def test_no_dossiers_show_no_sign():
    counts = count_signs(mark_signs(dossiers_of({}).iloc[:0], dossiers_of({}).iloc[:0], YEAR))
    assert counts.index.tolist() == list(SIGNS)
    assert counts.to_numpy().sum() == 0


def ends(**numbers):
    """Ends so many days after (or, b, before) Wednesday the 12th."""
    days = {"b2": "10", "b1": "11", "on": "12", "a1": "13", "a2": "14", "weekend": "15"}
    return dossiers_of(*({"resolved_on": f"2022-01-{days[day]} 09:00"} for day, n in numbers.items() for _ in range(n)))


def test_a_pile_on_the_due_day_is_held_against_the_days_around_it():
    pile = pile_up(ends(b2=3, b1=5, on=40, a1=2, a2=2), YEAR)
    assert (pile.number, pile.expected, pile.is_surprising) == (40, 3, True)


def test_few_ends_on_the_due_day_surprise_nobody():
    assert not pile_up(ends(on=9), YEAR).is_surprising
    assert not pile_up(ends(b2=10, b1=10, on=14, a1=10, a2=10), YEAR).is_surprising


def test_an_end_at_the_weekend_is_no_neighbour_of_the_due_day():
    assert pile_up(ends(on=1, weekend=8), YEAR).expected == 0
    saturday = {"due_on": "2022-01-15 17:00", "resolved_on": "2022-01-14 09:00"}
    assert pile_up(dossiers_of(saturday), YEAR)[:2] == (0, 0)


def test_the_day_before_a_weekend_is_next_to_the_day_after_it():
    row = {"due_on": "2022-01-10 17:00", "resolved_on": "2022-01-07 09:00"}
    assert pile_up(dossiers_of(row), YEAR).expected == 0.25


@pytest.mark.parametrize("number", [1, 5, 50])
def test_days_that_are_all_alike_never_surprise(number):
    assert not pile_up(ends(b2=number, b1=number, on=number, a1=number, a2=number), YEAR).is_surprising


def test_the_tables_are_left_as_they_were(sample):
    before = sample.dossiers.copy(), sample.history.copy()
    mark_signs(sample.dossiers, sample.history, YEAR)
    pd.testing.assert_frame_equal(sample.dossiers, before[0])
    pd.testing.assert_frame_equal(sample.history, before[1])
