"""Seven ways to say "on time" and four to say "online": each by hand, and where they must agree."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.definitions import ON_TIME, ONLINE, on_time_definitions, online_definitions
from analysis.metrics import headline
from analysis.periods import Period, read_period, until, year_before
from analysis.stocks import balance
from analysis.store import load

DAYS = ["received_on", "due_on", "first_due_on", "resolved_on", "closed_on", "paused_from", "paused_to"]
JANUARY = read_period("2022-01")


def dossiers(*rows):
    """Rows of status and days by name."""
    table = pd.DataFrame([dict.fromkeys(DAYS) | row for row in rows])
    table = table.assign(due_on=table.due_on.fillna(table.first_due_on))
    table = table.reindex(columns=[*DAYS, "status", "channel", "procedure_code", "service_level", "result_digitised"])
    table = table.astype(dict.fromkeys(table.columns[len(DAYS) :], "str"))
    table = table.fillna({"channel": "in_person", "procedure_code": "1.000001"})
    return table.astype(dict.fromkeys(DAYS, "datetime64[us]"))


# Ten dossiers; the comments say what each is under D1, D2, D3, D4 ("+" above and below, "-" below only).
TEN = dossiers(
    {"status": "resolved", "received_on": "2022-01-03", "first_due_on": "2022-01-10", "resolved_on": "2022-01-10"},  # ++++
    {"status": "resolved", "received_on": "2022-01-03", "first_due_on": "2022-01-10", "resolved_on": "2022-01-11"},  # ----
    # Carried over, in time: received before the period.
    {"status": "resolved", "received_on": "2021-12-20", "first_due_on": "2022-01-05", "resolved_on": "2022-01-04"},  # +++.
    # Due after the period, resolved in it.
    {"status": "resolved", "received_on": "2022-01-20", "first_due_on": "2022-02-10", "resolved_on": "2022-01-25"},  # ++.+
    # Resolved after the period, so open in it: due on its last day, due before, paused before its due day.
    {"status": "resolved", "received_on": "2022-01-20", "first_due_on": "2022-01-31", "resolved_on": "2022-02-02"},  # .+--
    {"status": "pending", "received_on": "2022-01-04", "first_due_on": "2022-01-20"},  # .---
    {"status": "paused", "received_on": "2022-01-04", "first_due_on": "2022-01-20", "paused_from": "2022-01-20"},  # .+--
    {"status": "paused", "received_on": "2022-01-04", "first_due_on": "2022-01-20", "paused_from": "2022-01-21"},  # .---
    # Withdrawn: still due in the period and received in it.
    {"status": "withdrawn", "received_on": "2022-01-04", "first_due_on": "2022-01-20", "closed_on": "2022-01-06"},  # ..--
    # Without a due date it stands in none.
    {"status": "resolved", "received_on": "2022-01-04", "resolved_on": "2022-01-06"},
)  # fmt: skip


def parts(table, names):
    return {name: (int(table.numerator[name]), int(table.denominator[name])) for name in names}


def test_ten_dossiers_under_every_definition():
    found = on_time_definitions(TEN, JANUARY)
    assert tuple(found.index) == ON_TIME
    assert parts(found, ["D1", "D2", "D3", "D4"]) == {"D1": (3, 4), "D2": (5, 8), "D3": (2, 8), "D4": (2, 8)}
    assert found.left_out.to_dict() == {
        "D1": 1, "D1_other_rule": 1, "D1_current_due": 1, "D1_pauses_out": 1, "D2": 1, "D3": 0, "D4": 1,
    }  # fmt: skip


def test_a_re_appointed_dossier_is_late_by_its_first_due_date_and_in_time_by_its_second():
    moved = dossiers(
        {"status": "resolved", "received_on": "2022-01-03", "first_due_on": "2022-01-10", "due_on": "2022-01-14",
         "resolved_on": "2022-01-14"}
    )  # fmt: skip
    found = on_time_definitions(moved, JANUARY)
    assert parts(found, ["D1", "D1_current_due"]) == {"D1": (0, 1), "D1_current_due": (1, 1)}


def test_a_pause_moves_the_due_date_only_if_it_began_by_it_and_has_ended():
    late = {
        "status": "resolved",
        "received_on": "2022-01-03",
        "first_due_on": "2022-01-10",
        "resolved_on": "2022-01-12",
    }
    pauses = dossiers(
        late | {"paused_from": "2022-01-05 10:00", "paused_to": "2022-01-07 09:00"},
        late | {"paused_from": "2022-01-05", "paused_to": "2022-01-06"},
        late | {"paused_from": "2022-01-11", "paused_to": "2022-01-13"},
        late | {"paused_from": "2022-01-05"},
    )
    found = on_time_definitions(pauses, JANUARY)
    assert parts(found, ["D1", "D1_pauses_out"]) == {"D1": (0, 4), "D1_pauses_out": (1, 4)}


def test_by_the_instant_a_result_after_the_hour_is_late_and_by_the_day_it_is_not():
    noon = dossiers(
        {"status": "resolved", "received_on": "2022-01-03", "first_due_on": "2022-01-10 12:00",
         "resolved_on": "2022-01-10 16:00"}
    )  # fmt: skip
    for rule, (own, other) in {"day": (1, 0), "timestamp": (0, 1)}.items():
        found = on_time_definitions(noon, JANUARY, rule=rule)
        assert parts(found, ["D1", "D1_other_rule"]) == {"D1": (own, 1), "D1_other_rule": (other, 1)}


@given(st.lists(st.tuples(*[st.integers(0, 30)] * 3), min_size=1, max_size=20))
def test_all_agree_when_everything_came_was_due_and_was_resolved_inside_the_period(offsets):
    day = pd.Timestamp("2022-01-01")
    inside = dossiers(
        *(
            {"status": "resolved", "received_on": day + pd.Timedelta(days=min(three)),
             "first_due_on": day + pd.Timedelta(days=three[0]), "resolved_on": day + pd.Timedelta(days=three[1])}
            for three in offsets
        )
    )  # fmt: skip
    found = on_time_definitions(inside, JANUARY)
    assert len(set(parts(found, ["D1", "D2", "D3", "D4"]).values())) == 1


states = st.sampled_from(
    ["resolved", "pending", "paused", "withdrawn", "returned", "transferred", "unknown", "not_accepted"]
)
days = st.one_of(st.none(), st.integers(-40, 60))


@given(st.lists(st.tuples(states, st.integers(-40, 30), days, days, days), min_size=1, max_size=25))
def test_no_rate_exceeds_one_and_d1_is_what_the_balance_counts(rows):
    start = pd.Timestamp("2022-01-01")
    table = dossiers(
        *(
            {"status": status, "received_on": start + pd.Timedelta(days=came)}
            | {
                column: None if offset is None else start + pd.Timedelta(days=offset)
                for column, offset in zip(("first_due_on", "resolved_on", "paused_from"), rest, strict=True)
            }
            for status, came, *rest in rows
        )
    ).assign(closed_on=lambda t: t.resolved_on)
    found = on_time_definitions(table, JANUARY)
    assert (found.numerator <= found.denominator).all()
    flows = balance(table, JANUARY).iloc[0]
    timely = flows.resolved_early + flows.resolved_on_time
    assert parts(found, ["D1"])["D1"] == (timely, timely + flows.resolved_late)
    assert found.left_out["D1"] == flows.resolved_no_due
    assert found.denominator["D2"] + found.left_out["D2"] == flows.resolved + flows.open
    assert found.denominator["D4"] + found.left_out["D4"] == flows.received


def test_online_by_hand():
    table = dossiers(
        {"status": "resolved", "received_on": "2022-01-03", "channel": "online", "result_digitised": "yes"},
        {"status": "pending", "received_on": "2022-01-03", "channel": "online", "result_digitised": "no"},
        {"status": "pending", "received_on": "2022-01-03", "procedure_code": "1.000002"},
        {"status": "pending", "received_on": "2022-01-03", "procedure_code": "1.000003"},
        {"status": "pending", "received_on": "2022-01-03", "channel": "online", "procedure_code": "1.000004",
         "service_level": "partial"},
        {"status": "pending", "received_on": "2021-12-01"},
        {"status": "not_accepted", "received_on": "2022-01-03", "channel": "online"},
    )  # fmt: skip
    listed = {"procedure_code": ["1.000001", "1.000002"], "service_level": ["full", "information"]}
    found = online_definitions(table, pd.DataFrame(listed), JANUARY)
    assert tuple(found.index) == ONLINE
    assert parts(found, ONLINE) == {"O1": (3, 5), "O2": (3, 6), "O3": (1, 5), "O4": (3, 3)}
    assert found.left_out["O4"] == 1


def test_what_cannot_be_computed_is_missing_not_zero():
    table = dossiers({"status": "pending", "received_on": "2022-01-03"})
    nothing = pd.DataFrame({"procedure_code": [], "service_level": []}, dtype="str")
    found = online_definitions(table, nothing, JANUARY, has_results=False)
    assert found.loc[["O3", "O4"]].isna().all(axis=None)
    assert found.loc[["O1", "O2"], "rate"].tolist() == [0, 0]


def test_an_empty_period_has_no_rate():
    nothing = Period("", pd.Timestamp("2019-01-01"), pd.Timestamp("2019-12-31"))
    found = on_time_definitions(TEN, nothing)
    assert found.denominator.tolist() == [0] * len(ON_TIME)
    assert found[["rate", "low", "high"]].isna().all(axis=None)


@pytest.fixture(scope="module")
def sample(root):
    return load(root / "data/raw/sample")


def test_the_sample_of_2022_under_every_definition(sample):
    period = until(read_period("2022"), sample.as_of)
    found = on_time_definitions(sample.dossiers, period)
    assert parts(found, ["D1", "D2", "D3", "D4"]) == {
        "D1": (600, 855), "D2": (650, 922), "D3": (607, 898), "D4": (600, 937),
    }  # fmt: skip
    assert found.rate["D1"] == headline(sample, period, whole_year=year_before(period)).value["on_time_rate"]
    online = online_definitions(sample.dossiers, sample.procedures, period)
    assert parts(online, ["O1", "O2", "O4"]) == {"O1": (163, 937), "O2": (163, 937), "O4": (163, 892)}


def test_what_is_computed_leaves_the_table_as_it_was():
    before = TEN.copy()
    on_time_definitions(TEN, JANUARY)
    pd.testing.assert_frame_equal(TEN, before)
