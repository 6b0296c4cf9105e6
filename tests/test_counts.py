"""Each event counts on its own day, so counts add; the balance of any period leaves nothing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.counts import (
    CHANNELS,
    EVENTS,
    RESOLVED,
    by_month,
    count_each,
    count_events,
    count_fates,
    count_intake,
    count_lines,
    ended_on,
    timeliness,
    total,
    within,
)
from analysis.periods import Period, read_period
from analysis.stocks import STATES, balance, open_on, state_on
from analysis.tables import DOSSIERS, ENDED_OTHERWISE

DAY = pd.Timestamp
WORDS = ("pending", "paused", "resolved", *ENDED_OTHERWISE, "not_accepted", "unknown")
KINDS = {"channel": CHANNELS, "status": WORDS}


def dossiers(*lines):
    """Dossiers as ``cleaning`` leaves them; received on 3 January 2022 and due on the 10th unless they say otherwise."""
    usual = {
        "received_on": "2022-01-03",
        "first_due_on": "2022-01-10",
        "channel": "unknown",
        "source_system": "one-stop",
    }
    table = pd.DataFrame([{**usual, **line} for line in lines], columns=list(DOSSIERS.columns))
    plain = [c for c in table if c not in DOSSIERS.instants and c not in KINDS]
    days = {c: pd.Series([DAY(day) for day in table[c]], dtype="datetime64[us]") for c in DOSSIERS.instants}
    return table.astype(dict.fromkeys(plain, "str")).assign(
        **days, **{c: pd.Categorical(table[c], categories=kinds) for c, kinds in KINDS.items()}
    )


def period(first, last):
    return Period("p", DAY(first), DAY(last))


JANUARY = read_period("2022-01")


# --- timeliness ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "end", "by_day", "by_timestamp"),
    [
        ("2022-01-10", "2022-01-09 23:59", "early", "early"),
        ("2022-01-10", "2022-01-10", "on_time", "on_time"),
        ("2022-01-10", "2022-01-10 23:59:59", "on_time", "on_time"),
        ("2022-01-10", "2022-01-11", "late", "late"),
        ("2022-01-10 10:00", "2022-01-10 09:00", "on_time", "on_time"),
        ("2022-01-10 10:00", "2022-01-10 10:00", "on_time", "on_time"),
        ("2022-01-10 10:00", "2022-01-10 10:01", "on_time", "late"),
        ("2022-01-10 10:00", "2022-01-09 17:00", "early", "early"),
        ("2022-01-10 10:00", None, None, None),
        (None, "2022-01-10", "no_due", "no_due"),
        (None, None, None, None),
    ],
)
def test_lateness_is_told_by_the_day_or_by_the_instant(due, end, by_day, by_timestamp):
    table = dossiers({"first_due_on": due, "resolved_on": end})
    for rule, expected in (("day", by_day), ("timestamp", by_timestamp)):
        (kind,) = timeliness(table, rule=rule)
        assert (kind if expected else pd.isna(kind)) == (expected or True)


def test_midnight_is_a_time_only_in_a_system_whose_other_due_dates_have_times():
    end = {"first_due_on": "2022-01-10", "resolved_on": "2022-01-10 09:00"}
    timed = {"source_system": "timed", "first_due_on": "2022-01-12 10:00"}
    table = dossiers(end, timed, {**end, "source_system": "timed"})
    assert timeliness(table, rule="timestamp").tolist() == ["on_time", np.nan, "late"]


def test_lateness_is_against_the_first_due_date_not_a_later_one():
    table = dossiers({"first_due_on": "2022-01-10", "due_on": "2022-01-20", "resolved_on": "2022-01-15"})
    assert timeliness(table).tolist() == ["late"]


def test_an_unknown_rule_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="rule 'hour' is not known; known are day, timestamp"):
        timeliness(dossiers({}), rule="hour")


# --- events ----------------------------------------------------------------------------------------------------------


def events(*lines, **options):
    """(Day, event) -> number, of what is not zero."""
    counts = count_events(dossiers(*lines), **options)
    assert list(counts) == ["day", *options.get("by", ()), *EVENTS]
    long = counts.melt(["day"], list(EVENTS))
    return {(f"{r.day:%m-%d}", r.variable): r.value for r in long.itertuples() if r.value}


def test_each_event_counts_on_its_own_day():
    assert events(
        {"received_on": "2022-01-03 08:00", "resolved_on": "2022-01-10 16:00", "status": "resolved"},
        {"received_on": "2022-01-03", "resolved_on": "2022-01-05"},
        {"received_on": "2022-01-04", "resolved_on": "2022-01-12", "status": "resolved"},
        {"received_on": "2022-01-04", "resolved_on": "2022-01-12", "first_due_on": None},
        {"received_on": "2022-01-05", "closed_on": "2022-01-06", "status": "withdrawn"},
        {"received_on": "2022-01-05", "closed_on": "2022-01-07", "status": "returned"},
        {"received_on": "2022-01-05", "closed_on": "2022-01-08", "status": "transferred"},
        {"received_on": "2022-01-05", "status": "pending"},
    ) == {
        ("01-03", "received"): 2, ("01-04", "received"): 2, ("01-05", "received"): 4, ("01-05", "resolved_early"): 1,
        ("01-10", "resolved_on_time"): 1, ("01-12", "resolved_late"): 1, ("01-12", "resolved_no_due"): 1,
        ("01-06", "withdrawn"): 1, ("01-07", "returned"): 1, ("01-08", "transferred"): 1,
    }  # fmt: skip


def test_a_dossier_never_accepted_is_counted_by_its_own_day_and_never_received():
    assert events(
        {"status": "not_accepted"}, {"status": "not_accepted", "resolved_on": "2022-01-05"}
    ) == {("01-03", "not_accepted"): 1, ("01-05", "not_accepted"): 1}  # fmt: skip


def test_a_dossier_that_left_before_it_came_left_on_the_day_it_came():
    table = dossiers(
        {"resolved_on": "2021-12-31"},
        {"received_on": "2022-01-03 10:00", "resolved_on": "2022-01-03"},
        {"status": "withdrawn", "closed_on": "2021-12-30"},
    )
    assert ended_on(table).tolist() == [DAY("2022-01-03")] * 3


def test_a_closing_day_ends_only_what_ended_otherwise():
    table = dossiers(
        {"status": "pending", "closed_on": "2022-01-05"}, {"status": "returned", "closed_on": "2022-01-05"}
    )
    assert ended_on(table).notna().tolist() == [False, True]


def test_groups_sum_to_the_total_and_a_missing_group_is_a_group():
    lines = [{"field": f, "channel": c, "resolved_on": "2022-01-11"} for f in ("a", None, "b") for c in CHANNELS]
    whole = total(count_events(dossiers(*lines)))
    for by in (["field"], ["channel"], ["field", "channel"]):
        grouped = total(count_events(dossiers(*lines), by=by), by=by)
        assert grouped.sum().tolist() == whole.iloc[0].tolist()
    assert count_events(dossiers(*lines), by=["field"]).field.unique().tolist() == ["", "a", "b"]


def test_counts_are_integers_ordered_by_day_and_group_one_row_each():
    counts = count_events(
        dossiers({"channel": "online"}, {"channel": "in_person"}, {"received_on": "2022-01-02"}, {"channel": "online"}),
        by=["channel"],
    )
    assert counts.set_index(["day", "channel"]).index.is_monotonic_increasing
    assert not counts.duplicated(["day", "channel"]).any()
    assert {str(counts[e].dtype) for e in EVENTS} == {"int64"}


def test_intake_by_channel_sums_to_what_was_received():
    table = dossiers(*({"channel": c} for c in [*CHANNELS, "online"]), {"status": "not_accepted", "channel": "online"})
    (row,) = count_intake(table).to_dict("records")
    assert row == {
        "day": DAY("2022-01-03"),
        "online": 2,
        "in_person": 1,
        "postal": 1,
        "other": 1,
        "unknown": 1,
        "received": 6,
    }
    assert list(count_intake(table, by=["field"])) == ["day", "field", *CHANNELS, "received"]


# --- months and periods ----------------------------------------------------------------------------------------------


def test_both_ends_of_a_period_are_within_it():
    counts = count_events(dossiers(*({"received_on": f"2022-01-{d:02}"} for d in (3, 4, 5, 6))))
    assert within(counts, period("2022-01-04", "2022-01-05")).day.dt.day.tolist() == [4, 5]


def test_a_month_without_events_is_a_row_of_zeros():
    table = by_month(count_events(dossiers({}, {"received_on": "2022-03-31"})), read_period("2022-H1"))
    assert table.index.astype("str").tolist() == [f"2022-0{m}" for m in range(1, 7)]
    assert table.received.tolist() == [1, 0, 1, 0, 0, 0]
    assert by_month(count_events(dossiers({})), read_period("2021-Q1")).received.tolist() == [0, 0, 0]


def test_every_group_has_every_month():
    counts = count_intake(dossiers({"field": "a"}, {"field": "b", "received_on": "2022-03-01"}), by=["field"])
    table = by_month(counts, read_period("2022-Q1"), by=["field"])
    assert table.index.names == ["field", "month"]
    assert table.received.tolist() == [1, 0, 0, 0, 0, 1]
    assert len(by_month(counts, read_period("2021"), by=["field"])) == 0
    two = count_intake(dossiers({"field": "a", "unit": "x"}, {"field": "b"}), by=["field", "unit"])
    assert by_month(two, JANUARY, by=["field", "unit"]).received.tolist() == [1, 1]


def test_months_of_a_period_that_begins_within_one_are_cut():
    counts = count_events(dossiers({"received_on": "2021-12-14"}, {"received_on": "2021-12-15"}))
    assert by_month(counts, read_period("2022-official")).received.tolist() == [1, *[0] * 12]


# --- stocks ----------------------------------------------------------------------------------------------------------


def states(line, *days):
    table = dossiers(line)
    return [None if pd.isna(s) else s for day in days for s in state_on(table, DAY(day))]


def test_a_dossier_is_open_from_its_receipt_to_the_day_before_its_end():
    line = {"received_on": "2022-01-03 16:00", "resolved_on": "2022-01-05 08:00", "status": "resolved"}
    assert states(line, "2022-01-02", "2022-01-03", "2022-01-04", "2022-01-05") == [
        None,
        "pending",
        "pending",
        "resolved",
    ]


def test_a_dossier_is_paused_from_the_day_asked_to_the_day_before_the_supplement_came():
    line = {"status": "pending", "paused_from": "2022-01-05 10:00", "paused_to": "2022-01-07 10:00"}
    assert states(line, *(f"2022-01-0{d}" for d in range(4, 9))) == [
        "pending",
        "paused",
        "paused",
        "pending",
        "pending",
    ]


def test_a_dossier_paused_by_its_word_alone_is_paused_on_every_open_day():
    assert states({"status": "paused"}, "2022-01-02", "2022-01-03", "2022-06-30") == [None, "paused", "paused"]


def test_dates_come_before_the_word():
    line = {"status": "paused", "paused_from": "2022-01-05", "paused_to": "2022-01-07"}
    assert states(line, "2022-01-04", "2022-01-06", "2022-01-08") == ["pending", "paused", "pending"]
    assert states({"status": "pending", "resolved_on": "2022-01-05"}, "2022-01-05") == ["resolved"]


@pytest.mark.parametrize("outcome", ENDED_OTHERWISE)
def test_what_ended_otherwise_is_open_until_then(outcome):
    line = {"status": outcome, "closed_on": "2022-01-05"}
    assert states(line, "2022-01-04", "2022-01-05") == ["pending", outcome]


def test_a_word_nobody_explained_is_never_open():
    table = dossiers({"status": "unknown"}, {"status": None}, {"status": "not_accepted"})
    assert state_on(table, DAY("2022-01-10")).tolist() == ["unknown", "pending", np.nan]
    assert len(open_on(table, DAY("2022-01-10"))) == 1
    (row,) = balance(table, JANUARY).to_dict("records")
    assert (row["received"], row["open"], row["unknown"], row["missing"], row["not_accepted"]) == (2, 1, 1, 0, 1)


def test_an_open_dossier_is_overdue_once_its_due_day_is_over():
    table = dossiers({"first_due_on": "2022-01-10 08:00"}, {"first_due_on": None}, {"resolved_on": "2022-01-04"})
    on_due_day, after = (open_on(table, DAY(day)) for day in ("2022-01-10", "2022-01-11"))
    assert on_due_day.timeliness.tolist() == ["in_time", "no_due"]
    assert after.timeliness.tolist() == ["overdue", "no_due"]
    assert after.age_days.tolist() == [8, 8]
    assert set(after.state) == {"pending"}


def test_nothing_is_open_before_the_first_dossier():
    assert len(open_on(dossiers({}), DAY("2022-01-02"))) == 0


# --- the balance -----------------------------------------------------------------------------------------------------


def test_what_is_open_at_the_end_of_a_year_is_carried_over_into_the_next():
    table = dossiers(
        {"received_on": "2021-12-30"},
        {"received_on": "2021-12-31", "resolved_on": "2022-01-01"},
        {"received_on": "2021-12-31", "status": "unknown"},
        {"received_on": "2021-11-01", "resolved_on": "2021-12-31"},
        {"received_on": "2022-01-01"},
    )
    last, this = (balance(table, read_period(year)).iloc[0] for year in ("2021", "2022"))
    assert (last.carried_over, last.received, last.resolved, last.open, last.unknown) == (0, 4, 1, 2, 1)
    assert (this.carried_over, this.received, this.resolved, this.open, this.unknown) == (3, 1, 1, 2, 1)
    assert this.carried_over == last.open + last.unknown


def test_the_balance_of_nothing_is_zero():
    for table in (dossiers(), dossiers({"received_on": "2025-01-01"})):
        (row,) = balance(table, JANUARY).to_dict("records")
        assert set(row.values()) == {0}


def test_a_group_with_stock_and_no_flow_is_in_the_balance():
    table = dossiers({"field": "old", "received_on": "2021-01-01"}, {"field": "new"}, {"field": None})
    rows = balance(table, JANUARY, by=["field"]).set_index("field")
    assert rows.carried_over.to_dict() == {"": 0, "new": 0, "old": 1}
    assert rows.open.to_dict() == {"": 1, "new": 1, "old": 1}


MAYBE = st.one_of(st.none(), st.integers(0, 40))
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "received_on": st.integers(0, 40),
            "first_due_on": MAYBE,
            "resolved_on": MAYBE,
            "closed_on": MAYBE,
            "paused_from": MAYBE,
            "paused_to": MAYBE,
            "status": st.sampled_from([*WORDS, None]),
            "channel": st.sampled_from(CHANNELS),
            "field": st.sampled_from(["a", "b", None]),
        }
    ),
    max_size=15,
)
FIRST = DAY("2021-12-20")
QUICK = settings(max_examples=25, deadline=None)


def random_dossiers(lines):
    """Days by number, as instants with a time of day in every third dossier; nothing makes them agree."""

    def instants(line, at):
        hours = pd.Timedelta(hours=at % 3 * 7)
        return {c: None if line[c] is None else FIRST + pd.Timedelta(days=line[c]) + hours for c in line if "_" in c}

    return dossiers(*({**line, **instants(line, at)} for at, line in enumerate(lines)))


@QUICK
@given(LINES, st.integers(-2, 42), st.integers(0, 30), st.sampled_from([[], ["field"], ["field", "channel"]]))
def test_the_balance_of_any_period_of_any_dossiers_leaves_nothing(lines, first, length, by):
    table = random_dossiers(lines)
    some = Period("p", FIRST + pd.Timedelta(days=first), FIRST + pd.Timedelta(days=first + length))
    rows = balance(table, some, by=by)
    assert (rows.missing == 0).all()
    assert (rows.drop(columns=by) >= 0).all().all()
    whole = balance(table, some).iloc[0]
    assert rows.drop(columns=by).sum().to_dict() == whole.to_dict()


@settings(max_examples=5, deadline=None)
@given(LINES, st.integers(-2, 25))
def test_the_balance_of_every_day_carries_over_to_the_next(lines, first):
    table = random_dossiers(lines)
    span = pd.date_range(FIRST + pd.Timedelta(days=first), periods=18)
    days = [balance(table, Period("d", day, day)).iloc[0] for day in span]
    assert [day.missing for day in days] == [0] * len(days)
    assert [day.carried_over for day in days[1:]] == [day.open + day.unknown for day in days[:-1]]
    whole = balance(table, Period("p", span[0], span[-1])).iloc[0]
    for event in EVENTS:
        assert sum(day[event] for day in days) == whole[event]


@QUICK
@given(LINES, st.sampled_from(["day", "timestamp"]))
def test_every_dossier_is_received_once_and_leaves_at_most_once(lines, rule):
    table = random_dossiers(lines)
    counts = total(count_events(table, rule=rule)).iloc[0]
    assert counts.received + counts.not_accepted == len(table)
    assert counts[[*RESOLVED, *ENDED_OTHERWISE]].sum() <= counts.received
    assert total(count_intake(table)).iloc[0].received == counts.received


@QUICK
@given(LINES, st.integers(-1, 41))
def test_each_dossier_is_in_one_state_and_the_open_are_pending_or_paused(lines, number):
    table, day = random_dossiers(lines), FIRST + pd.Timedelta(days=number)
    state = state_on(table, day)
    there = (table.received_on.dt.normalize() <= day) & (table.status != "not_accepted").fillna(True)
    assert (state.notna() == there).all()
    assert set(state.dropna()) <= set(STATES)
    still = open_on(table, day)
    assert still.index.tolist() == state.index[state.isin(["pending", "paused"])].tolist()
    assert (still.age_days >= 0).all()


# --- fates -----------------------------------------------------------------------------------------------------------


def test_fates_are_counted_by_sheet_and_sum_to_its_lines():
    fates = pd.DataFrame(
        {"source_file": ["a", "a", "a", "b"], "source_sheet": ["1", "1", "2", ""],
         "fate": ["kept", "rejected", "not_data", "kept"], "reason": "", "column": ""}
    )  # fmt: skip
    counted = count_fates(count_lines(fates))
    assert counted[["source_file", "source_sheet", "kept", "rejected", "not_data", "lines"]].to_numpy().tolist() == [
        ["a", "1", 1, 1, 0, 2], ["a", "2", 0, 0, 1, 1], ["b", "", 1, 0, 0, 1],
    ]  # fmt: skip


def test_no_function_changes_the_table_it_is_given():
    table = dossiers({"status": "paused", "field": None}, {"resolved_on": "2022-01-05"}, {"status": "not_accepted"})
    before = table.copy(deep=True)
    counts = count_events(table, by=["field"])
    counted = counts.copy(deep=True)
    for call in (timeliness, ended_on, count_intake):
        call(table)
    state_on(table, DAY("2022-01-10"))
    open_on(table, DAY("2022-01-10"))
    balance(table, JANUARY, by=["channel"])
    by_month(counts, JANUARY, by=["field"])
    total(within(counts, JANUARY), by=["field"])
    pd.testing.assert_frame_equal(table, before)
    pd.testing.assert_frame_equal(counts, counted)


def test_counts_by_several_groupings_are_those_by_each(sample):
    groupings = [["channel"], ["procedure", "unit"], []]
    for per in ("day", "month"):
        each = count_each(sample.dossiers, by=groupings, per=per)
        for by, counted in zip(groupings, each, strict=True):
            pd.testing.assert_frame_equal(counted, count_events(sample.dossiers, by=by, per=per))


def test_months_are_the_sums_of_their_days(sample):
    daily = count_events(sample.dossiers, by=["channel"])
    monthly = daily.assign(month=daily.day.dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")).drop(
        columns="day"
    )
    summed = monthly.groupby(["month", "channel"], as_index=False).sum()
    pd.testing.assert_frame_equal(count_events(sample.dossiers, by=["channel"], per="month"), summed)
