"""Form II.06a: every dossier in one column, the four sums of every row, and what a policy puts beside them."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.channels import channel_table
from analysis.completion import with_fields
from analysis.counts import REPORTED
from analysis.forms import BESIDE, COLUMNS, IDENTITIES, fill_form, form_06a, identities
from analysis.periods import Period, Unanswerable, read_period, until
from analysis.policies import POLICIES, Policy, read_policy
from analysis.tables import DOSSIERS, ENDED_OTHERWISE

YEAR = read_period("2022")
JANUARY = read_period("2022-01")


def dossiers(*lines):
    """Dossiers of one field, received in person on 3 January 2022 and due on the 10th unless they say otherwise."""
    usual = {
        "field": "Nhà ở", "channel": "in_person", "status": "pending", "received_on": "2022-01-03",
        "first_due_on": "2022-01-10", "source_system": "one-stop",
    }  # fmt: skip
    table = pd.DataFrame([{**usual, **line} for line in lines], columns=list(DOSSIERS.columns))
    days = {c: pd.Series([pd.Timestamp(day) for day in table[c]], dtype="datetime64[us]") for c in DOSSIERS.instants}
    texts = [c for c in table if c not in DOSSIERS.instants]
    return table.astype(dict.fromkeys(texts, "str")).assign(**days)


def form(*lines, period=JANUARY, **policy):
    """What is not zero in the row of the total."""
    filled = form_06a(dossiers(*lines), period, policy=read_policy(**policy))
    (row,) = filled[filled.is_total].to_dict("records")
    return {c: row[c] for c in (*COLUMNS, *BESIDE) if row[c]}


# --- one dossier, one column -----------------------------------------------------------------------------------------


def test_seven_dossiers_on_paper_stand_in_the_columns_of_the_form():
    assert form(
        {"received_on": "2021-12-30", "status": "resolved", "resolved_on": "2022-01-05"},
        {"channel": "online", "status": "resolved", "resolved_on": "2022-01-10 16:00"},
        {"channel": "postal", "status": "resolved", "resolved_on": "2022-01-11"},
        {"first_due_on": "2022-02-10"},
        {},
        {"received_on": "2022-02-01"},
        {"status": "not_accepted"},
    ) == {
        "total": 5, "online": 1, "in_person": 3, "carried_over": 1, "resolved": 3, "early": 1, "on_time": 1, "late": 1,
        "open": 2, "in_time": 1, "overdue": 1,
    }  # fmt: skip


@pytest.mark.parametrize("status", ENDED_OTHERWISE)
@pytest.mark.parametrize(
    ("policy", "stands"),
    [
        ("apart", {"ended_apart": 1}),
        ("on_time", {"resolved": 1, "on_time": 1}),
        ("by_due_day", {"resolved": 1, "late": 1}),
    ],
)
def test_a_dossier_that_ended_without_a_result_stands_where_the_policy_says(status, policy, stands):
    ended = {"status": status, "closed_on": "2022-01-20"}
    assert form(ended, ended=policy) == {"total": 1, "in_person": 1, **stands}


@pytest.mark.parametrize(
    ("policy", "stands"),
    [
        ("by_due_day", {"open": 1, "overdue": 1}),
        ("by_pause_day", {"open": 1, "in_time": 1}),
        ("in_time", {"open": 1, "in_time": 1}),
        ("apart", {"paused_apart": 1}),
    ],
)
def test_a_paused_dossier_stands_where_the_policy_says(policy, stands):
    paused = {"status": "paused", "paused_from": "2022-01-10"}
    assert form(paused, paused=policy) == {"total": 1, "in_person": 1, **stands}


def test_a_pause_that_began_after_the_due_day_or_on_no_known_day_makes_nothing_timely():
    begun_late = {"status": "paused", "paused_from": "2022-01-11"}
    assert form(begun_late, {"status": "paused"}, paused="by_pause_day")["overdue"] == 2


@pytest.mark.parametrize(
    ("policy", "stands"),
    [
        ("apart", {"resolved_no_due": 1, "open_no_due": 1}),
        ("on_time", {"on_time": 1, "in_time": 1}),
    ],
)
def test_a_dossier_without_a_due_date_stands_where_the_policy_says(policy, stands):
    without = {"first_due_on": None}
    found = form(without, {**without, "status": "resolved", "resolved_on": "2022-01-05"}, no_due=policy)
    assert found == {"total": 2, "in_person": 2, "resolved": 1, "open": 1, **stands}


@pytest.mark.parametrize("channel", ["other", "unknown"])
def test_an_unclear_channel_is_in_person_only_where_the_policy_says_so(channel):
    assert form({"channel": channel})["channel_apart"] == 1
    assert "in_person" not in form({"channel": channel})
    assert form({"channel": channel}, channel="in_person")["in_person"] == 1


def test_a_state_that_nobody_explained_is_absorbed_by_no_policy():
    for ended, paused in zip(POLICIES["ended"], POLICIES["paused"], strict=False):
        found = form({"status": "unknown"}, ended=ended, paused=paused, no_due="on_time")
        assert found == {"total": 1, "in_person": 1, "unknown_state": 1}


def test_a_dossier_resolved_after_the_period_is_open_in_the_form_of_the_period():
    later = {"status": "resolved", "resolved_on": "2022-02-05"}
    assert form(later) == {"total": 1, "in_person": 1, "open": 1, "overdue": 1}
    assert form(later, period=read_period("2022-02")) == {"total": 1, "carried_over": 1, "resolved": 1, "late": 1}


def test_an_unknown_way_to_count_is_refused_with_the_known_ones():
    with pytest.raises(Unanswerable, match="ended = 'early' is no way to count them; known are apart, on_time, by_due"):
        read_policy(ended="early")


def test_the_usual_policy_is_the_first_way_of_each():
    assert Policy() == Policy(*(ways[0] for ways in POLICIES.values()))
    assert Policy._fields == tuple(POLICIES)


# --- rows ------------------------------------------------------------------------------------------------------------


def test_rows_stand_in_alphabetical_order_what_has_no_field_last_and_the_total_below():
    fields = ["Nhà ở", None, "Đô thị", "Hạ tầng", "Hoạt động xây dựng", "Giám định"]
    filled = form_06a(dossiers(*({"field": name} for name in fields)), JANUARY)
    assert filled.field.tolist() == ["Đô thị", "Giám định", "Hạ tầng", "Hoạt động xây dựng", "Nhà ở", "", ""]
    assert filled.is_total.tolist() == [False] * 6 + [True]


def test_a_form_of_nothing_is_a_total_of_zeros():
    filled = form_06a(dossiers({"received_on": "2023-01-01"}), JANUARY)
    assert len(filled) == 1
    assert filled[[*COLUMNS, *BESIDE]].eq(0).all(axis=None)


def test_a_field_that_the_export_leaves_blank_comes_from_the_catalogue():
    table = dossiers(
        {"field": None, "procedure_code": "1.000001.000.00.00.H99"}, {"field": "X", "procedure_code": "1.000001"}
    )
    catalogue = pd.DataFrame({"procedure_code": ["1.000001", "1.000001"], "field": ["Y", "Z"]})
    assert with_fields(table, catalogue).field.tolist() == ["Y", "X"]
    assert with_fields(table, catalogue[:0]).field.isna().tolist() == [True, False]


# --- the four sums ---------------------------------------------------------------------------------------------------

DAYS = st.dates(pd.Timestamp("2021-12-20").date(), pd.Timestamp("2022-02-20").date())
LINES = st.fixed_dictionaries(
    {
        "field": st.sampled_from(["Nhà ở", "Vật liệu", None]),
        "channel": st.sampled_from(["online", "in_person", "postal", "other", "unknown", None]),
        "status": st.sampled_from(["pending", "paused", "resolved", "unknown", "not_accepted", *ENDED_OTHERWISE]),
        "received_on": DAYS,
        "first_due_on": st.none() | DAYS,
        "resolved_on": st.none() | DAYS,
        "closed_on": st.none() | DAYS,
        "paused_from": st.none() | DAYS,
        "paused_to": st.none() | DAYS,
    }
)
WAYS = st.fixed_dictionaries({name: st.sampled_from(ways) for name, ways in POLICIES.items()})


@settings(deadline=None, max_examples=25)
@given(st.lists(LINES, min_size=1, max_size=12), WAYS)
def test_what_an_identity_leaves_is_always_explained_and_rows_add_up_to_the_total(lines, ways):
    lines = [{**line, "channel": line["channel"] or "unknown"} for line in lines]
    filled = form_06a(dossiers(*lines), JANUARY, policy=read_policy(**ways))
    assert identities(filled).unexplained.eq(0).all()
    rows, whole = filled[~filled.is_total], filled[filled.is_total]
    assert rows[[*COLUMNS, *BESIDE]].sum().tolist() == whole[[*COLUMNS, *BESIDE]].iloc[0].tolist()
    assert filled[[*COLUMNS, *BESIDE]].ge(0).all(axis=None)


@settings(deadline=None, max_examples=8)
@given(st.lists(LINES, min_size=1, max_size=8))
def test_no_policy_moves_a_dossier_into_or_out_of_the_third_column(lines):
    table = dossiers(*lines)
    totals = {
        form_06a(table, JANUARY, policy=Policy(ended=ended, paused=paused)).total.iloc[-1]
        for ended in POLICIES["ended"]
        for paused in POLICIES["paused"]
    }
    assert len(totals) == 1


def test_an_identity_that_is_broken_by_hand_is_told_with_its_row_and_difference():
    filled = form_06a(dossiers({}, {"field": "X"}), JANUARY)
    checked = identities(filled.assign(overdue=[1, 0, 1]))
    assert (
        checked[checked.unexplained != 0][["identity", "off_by"]].to_numpy().tolist() == [["(11) = (12) + (13)", 1]] * 2
    )


def test_the_form_leaves_its_argument_as_it_was():
    table = dossiers({}, {"status": "returned", "closed_on": "2022-01-20"})
    before = table.copy()
    form_06a(table, JANUARY)
    pd.testing.assert_frame_equal(table, before)


# --- channels --------------------------------------------------------------------------------------------------------


def test_the_table_of_channels_keeps_post_and_what_is_unknown_apart():
    table = channel_table(dossiers(*({"channel": c} for c in ("online", "online", "postal", "unknown"))), JANUARY)
    assert table.loc[0, ["received", "online", "in_person", "postal", "other", "unknown"]].tolist() == [
        4,
        2,
        0,
        1,
        0,
        1,
    ]
    assert table.online_share.tolist() == [0.5, 0.5]


def test_a_share_of_nothing_is_missing():
    table = channel_table(dossiers({"received_on": "2023-01-01"}), JANUARY)
    assert table.online_share.isna().all()


# --- the sample ------------------------------------------------------------------------------------------------------


def total_of(sample, period=YEAR, **policy):
    filled = fill_form(sample, until(period, sample.as_of), policy=read_policy(**policy))
    return filled[filled.is_total].iloc[0], identities(filled)


def test_the_form_of_the_sample_holds_the_published_figures_and_leaves_the_fifteen_beside(sample):
    row, checked = total_of(sample)
    assert row[list(COLUMNS)].tolist() == [937, 163, 774, 0, 855, 302, 298, 255, 67, 47, 20]
    assert row.early + row.on_time == 600
    assert row.ended_apart == 15
    assert checked[checked.is_total].off_by.tolist() == [0, 0, 0, 15]
    assert checked.unexplained.eq(0).all()


def test_under_the_policy_of_the_provincial_system_all_four_sums_hold(sample):
    row, checked = total_of(sample, ended="on_time", paused="in_time", no_due="on_time", channel="in_person")
    assert row[["resolved", "on_time", "open", "in_time", "overdue"]].tolist() == [870, 313, 67, 50, 17]
    assert checked.off_by.eq(0).all()


def test_paused_dossiers_of_the_sample_are_twelve_of_the_open(sample):
    row, _ = total_of(sample, paused="apart")
    assert row[["open", "paused_apart"]].tolist() == [55, 12]


def test_the_official_year_carries_over_what_was_open_on_14_december(sample):
    row, checked = total_of(sample, read_period("2022-official"))
    assert row[["total", "online", "in_person", "carried_over"]].tolist() == [1037, 170, 796, 71]
    assert checked.unexplained.eq(0).all()


def test_what_no_export_has_a_column_for_is_missing_from_the_form_not_zero(sample):
    row, checked = total_of(sample.with_(files=sample.files.assign(columns="{}")))
    assert row[["online", "in_person", "early", "late", "in_time", "overdue", "ended_apart"]].isna().all()
    assert row[["total", "resolved", "open"]].tolist() == [937, 855, 67]
    assert checked.off_by.isna().sum() == 3 * checked.identity.eq(IDENTITIES[0].name).sum()


def test_the_columns_that_are_read_are_enough(sample):
    few = sample.with_(dossiers=sample.dossiers[list(REPORTED)])
    assert total_of(few)[0].total == 937


def test_a_form_of_a_day_is_a_form(sample):
    day = pd.Timestamp("2022-03-01")
    filled = fill_form(sample, Period("d", day, day))
    assert identities(filled).unexplained.eq(0).all()
