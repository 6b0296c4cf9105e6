"""Documents and meetings count on their own day, and every share shows what it is over."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.counts import by_month, total, within
from analysis.documents import (
    FORMS,
    HANDLING,
    MEETING_SHARES,
    MODES,
    SHARES,
    SIGNATURES,
    count_documents,
    count_handling,
    count_meetings,
    document_shares,
    handling,
    registered_on,
)
from analysis.periods import Period, read_period
from analysis.shares import shares_of
from analysis.tables import DOCUMENTS

DAY = pd.Timestamp
JANUARY = read_period("2022-01")
EVERY = DOCUMENTS.columns
QUICK = settings(max_examples=25, deadline=None)


def documents(*lines):
    """Documents as ``cleaning`` leaves them; electronic and outgoing, of 4 January 2022, unless they say otherwise."""
    usual = {"source_system": "one-stop", "direction": "outgoing", "form": "electronic", "issued_on": "2022-01-04"}
    table = pd.DataFrame([{**usual, **line} for line in lines], columns=list(DOCUMENTS.columns))
    days = {c: pd.Series([DAY(day) for day in table[c]], dtype="datetime64[us]") for c in DOCUMENTS.instants}
    return table.astype({c: "str" for c in table if c not in days}).assign(**days)


def incoming(arrived, due=None, handled=None, **line):
    return {"direction": "incoming", "arrived_on": arrived, "due_on": due, "handled_on": handled, **line}


# --- counts ----------------------------------------------------------------------------------------------------------


def test_documents_count_on_the_day_they_arrive_or_are_issued():
    days = {"issued_on": ["2022-01-03", "2022-01-03", "2022-01-03 10:00"], "arrived_on": ["2022-01-05", None, None]}
    table = pd.DataFrame({"direction": ["incoming", "incoming", "outgoing"], "form": "paper", "signed": None, **days})
    counts = count_documents(table.astype(dict.fromkeys(days, "datetime64[us]")).assign(secret=None))
    assert counts[["direction", "documents"]].to_dict("records") == [
        {"direction": "incoming", "documents": 1},
        {"direction": "outgoing", "documents": 1},
        {"direction": "incoming", "documents": 1},
    ]
    assert counts.day.dt.day.tolist() == [3, 3, 5]


def test_a_document_is_signed_or_not_only_if_it_is_electronic():
    forms = ["electronic", "electronic", "both", "paper", "unknown", None]
    signed = ["agency", "none", None, "person", "person", "none"]
    table = pd.DataFrame({"direction": "outgoing", "form": forms, "signed": signed})
    table = table.assign(issued_on=DAY("2022-01-03"), arrived_on=pd.NaT, secret=None)
    (row,) = count_documents(table.astype({"arrived_on": "datetime64[us]"})).to_dict("records")
    expected = {"documents": 6, "electronic": 3, "paper": 1, "form_unknown": 2, "signed": 1, "unsigned": 1}
    assert {name: row[name] for name in expected} == expected
    assert row["signature_unknown"] == 1


def test_a_document_without_the_day_of_its_register_counts_on_the_other_day_and_is_not_lost():
    table = documents(
        incoming(None, issued_on="2022-01-05"), {"issued_on": None, "arrived_on": "2022-01-06"}, incoming("2022-01-07")
    )
    assert registered_on(table).dt.day.tolist() == [5, 6, 7]
    assert count_documents(table).documents.sum() == 3


def test_a_missing_unit_is_a_group_of_its_own_and_groups_sum_to_the_whole():
    table = documents({"unit": "A"}, {"unit": None, "form": "paper"}, {"unit": "A", "signed": "both"})
    rows = count_documents(table, by=["unit"])
    assert rows[["unit", "documents", "electronic", "signed"]].to_numpy().tolist() == [["", 1, 0, 0], ["A", 2, 2, 1]]
    whole = total(count_documents(table)).iloc[0]
    assert total(rows).iloc[0].to_dict() == whole.to_dict()


def test_documents_count_per_month_unit_and_kind():
    table = documents(
        {"unit": "A", "kind": "Báo cáo"}, {"unit": "A", "kind": "Báo cáo", "issued_on": "2022-03-31"}, {"unit": "B"}
    )
    groups = ["direction", "unit", "kind"]
    monthly = by_month(count_documents(table, by=groups[1:]), read_period("2022-Q1"), by=groups)
    assert monthly.loc[("outgoing", "A", "Báo cáo")].documents.tolist() == [1, 0, 1]
    assert monthly.loc[("outgoing", "B", "")].documents.tolist() == [1, 0, 0]


WORD = {
    "direction": ["outgoing", "incoming"],
    "form": ["electronic", "paper", "both", "unknown", None],
    "signed": ["none", "person", "agency", "both", "unknown", None],
    "secret": ["yes", "no", "unknown", None],
}
LINES = st.lists(st.fixed_dictionaries({c: st.sampled_from(words) for c, words in WORD.items()}), max_size=12)


@QUICK
@given(LINES)
def test_forms_sum_to_the_documents_and_signatures_to_the_electronic_ones(lines):
    row = total(count_documents(documents(*lines))).iloc[0]
    assert row[list(FORMS)].sum() == row.documents == len(lines)
    assert row[list(SIGNATURES)].sum() == row.electronic == row.electronic_only + row.electronic_and_paper
    assert row.secret + row.not_secret + row.secrecy_unknown == row.documents


@QUICK
@given(LINES)
def test_a_share_is_never_above_one_even_if_all_that_is_unknown_belonged_in_the_numerator(lines):
    shares = document_shares(count_documents(documents(*lines)), known=EVERY)
    assert (shares.share.dropna() <= 1).all()
    ways = shares.pivot_table(index="name", columns="direction", values="numerator")
    assert (ways.together == ways.outgoing + ways.incoming).all()
    inside = shares[shares.name.isin(["signed_of_electronic", "signed_of_all", "electronic_of_all"])]
    assert (inside.numerator + inside.unknown <= inside.denominator).all()


def test_each_denominator_in_use_gives_a_share_of_its_own():
    """Ten documents: 8 electronic, 2 of them with paper; 6 signed, 3 by both; 1 of the signed is secret."""
    lines = [
        *[{"signed": "both", "secret": "no"}] * 3,
        *[{"signed": "person", "secret": "no"}, {"signed": "agency", "secret": "no", "form": "both"}],
        {"signed": "agency", "secret": "yes"},
        {"signed": "none", "secret": "no", "form": "both"},
        {"signed": None, "secret": None},
        *[{"form": "paper", "secret": "no"}, {"form": None, "secret": "no"}],
    ]
    shares = document_shares(count_documents(documents(*lines)), known=EVERY)
    rows = shares[shares.direction == "outgoing"].set_index("name")[["numerator", "denominator", "unknown"]]
    assert {name: tuple(row) for name, row in rows.iterrows()} == {
        "signed_of_electronic": (6, 8, 1),
        "fully_signed_of_electronic": (3, 8, 1),
        "signed_of_not_secret": (5, 8, 2),
        "signed_of_all": (6, 10, 2),
        "electronic_of_all": (8, 10, 1),
        "electronic_only_of_electronic": (6, 8, 1),
        "electronic_only_of_all": (6, 10, 1),
    }
    assert set(rows.index) == set(SHARES)
    assert shares[shares.direction == "incoming"].share.isna().all()


def test_a_share_whose_column_no_export_has_is_missing_and_names_it():
    counts = count_documents(documents({"signed": "both"}))
    shares = document_shares(counts, known=["form", "signed"]).set_index(["direction", "name"])
    row = shares.loc["outgoing", "signed_of_not_secret"]
    assert row.missing == "secret"
    assert row[["numerator", "denominator", "share", "unknown"]].isna().all()
    assert shares.loc["outgoing", "signed_of_electronic"].share == 1


def test_the_published_figures_of_documents_stand(sample):
    counts = count_documents(sample.documents)
    year = Period("2022", DAY("2022-01-01"), DAY("2022-11-10"))
    before = Period("2021", DAY("2021-01-01"), DAY("2021-11-10"))
    now, then = (total(within(counts, span).drop(columns="day"), by=["direction"]) for span in (year, before))
    assert now.electronic.to_dict() == {"outgoing": 2734, "incoming": 9505}
    assert then.electronic["outgoing"] == 2706
    shares = document_shares(within(counts, year), known=EVERY).set_index(["direction", "name"]).share
    assert shares["outgoing", "signed_of_electronic"] == pytest.approx(0.9356, abs=5e-5)
    assert shares["incoming", "signed_of_electronic"] == pytest.approx(0.9390, abs=5e-5)
    assert total(within(count_meetings(sample.meetings), year)).online[0] == 23


# --- deadlines -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "handled", "expected"),
    [
        ("2022-01-10", "2022-01-09", "on_time"),
        ("2022-01-10", "2022-01-10 23:00", "on_time"),
        ("2022-01-10", "2022-01-11", "late"),
        ("2022-01-10", "2022-01-13", "open_overdue"),
        ("2022-01-10", None, "open_overdue"),
        ("2022-01-12", None, "open_in_time"),
        ("2022-01-12 08:00", "2022-01-13", "open_in_time"),
        (None, "2022-01-11", "no_deadline"),
        (None, None, "no_deadline"),
    ],
)
def test_an_incoming_document_is_held_to_the_day_of_its_deadline(due, handled, expected):
    """As of 12 January: what was handled later had not been."""
    (state,) = handling(documents(incoming("2022-01-04", due, handled)), DAY("2022-01-12"))
    assert state == expected


def test_only_what_came_in_by_the_day_has_a_state():
    table = documents({"due_on": "2022-01-10"}, incoming("2022-01-13", "2022-01-20"), incoming("2022-01-12 17:00"))
    assert handling(table, DAY("2022-01-12")).isna().tolist() == [True, True, False]


def test_what_was_open_when_the_period_began_stands_beside_what_arrived_in_it():
    table = documents(
        incoming("2021-12-20", "2021-12-30", None),
        incoming("2021-12-20", "2021-12-30", "2022-01-05"),
        incoming("2021-12-20", "2021-12-30", "2021-12-31"),
        incoming("2021-12-20"),
        incoming("2022-01-04", "2022-02-10", None),
        incoming("2022-01-04", "2022-01-10", "2022-01-07"),
        incoming("2022-01-04", None, "2022-01-07"),
        incoming("2022-02-01", "2022-02-10"),
    )
    rows = count_handling(table, JANUARY).set_index("arrived")
    assert list(rows) == [*HANDLING, "documents"]
    assert rows.loc["before"].tolist() == [0, 1, 0, 1, 0, 2]
    assert rows.loc["in_period"].tolist() == [1, 0, 1, 0, 1, 3]


@QUICK
@given(st.lists(st.tuples(*[st.one_of(st.none(), st.integers(0, 60))] * 2, st.integers(0, 60)), max_size=12))
def test_what_became_of_incoming_documents_sums_to_them_in_any_group(days):
    first = DAY("2021-12-10")

    def day(number):
        return None if number is None else first + pd.Timedelta(days=number)

    lines = [incoming(day(a), day(d), day(h), unit=str(a % 2)) for d, h, a in days]
    table = documents(*lines)
    rows = count_handling(table, JANUARY, by=["unit"])
    assert (rows[list(HANDLING)].sum(axis=1) == rows.documents).all()
    arrived = registered_on(table).between(JANUARY.first, JANUARY.last).sum()
    assert rows[rows.arrived == "in_period"].documents.sum() == arrived


# --- meetings --------------------------------------------------------------------------------------------------------


def test_a_hybrid_meeting_is_no_online_one():
    modes = ["online", "hybrid", "in_person", "unknown", None]
    (row,) = count_meetings(pd.DataFrame({"held_on": DAY("2022-01-03 14:00"), "mode": modes})).to_dict("records")
    assert row == {
        "day": DAY("2022-01-03"),
        "meetings": 5,
        "online": 1,
        "in_person": 1,
        "hybrid": 1,
        "mode_unknown": 2,
        "online_or_hybrid": 2,
    }


def test_hybrid_meetings_stand_apart_and_together():
    modes = ["online"] * 3 + ["hybrid"] * 2 + ["in_person"] * 4 + [None]
    sums = total(count_meetings(pd.DataFrame({"held_on": DAY("2022-01-03"), "mode": modes}))).iloc[0]
    shares = shares_of(sums, MEETING_SHARES, known=["mode"]).set_index("name")
    assert shares.share.tolist() == [0.3, 0.5]
    assert shares.unknown.tolist() == [1, 1]
    assert sums[list(MODES)].sum() == sums.meetings


def test_meetings_count_by_level_and_a_level_nobody_named_is_one():
    levels = ["province", None, "province"]
    meetings = pd.DataFrame({"held_on": DAY("2022-01-03"), "mode": "online", "with_level": levels})
    rows = count_meetings(meetings, by=["with_level"])
    assert rows[["with_level", "online"]].to_numpy().tolist() == [["", 1], ["province", 2]]


def test_no_function_of_documents_changes_its_table():
    table = documents({"signed": "both"}, incoming("2022-01-04", "2022-01-05"))
    before = table.copy(deep=True)
    counts = count_documents(table, by=["unit", "kind"])
    counted = counts.copy(deep=True)
    document_shares(counts, known=EVERY)
    count_handling(table, JANUARY, by=["unit"])
    pd.testing.assert_frame_equal(table, before)
    pd.testing.assert_frame_equal(counts, counted)
