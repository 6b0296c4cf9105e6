"""Electronic work counts on its own day, over its own denominator, and a blank is never a no."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.counts import total, within
from analysis.digital import SHARES, count_filing, count_results
from analysis.periods import read_period
from analysis.shares import shares_of
from analysis.tables import DOSSIERS

DAY = pd.Timestamp


def dossiers(*lines):
    """Dossiers filed online on 3 January 2022, resolved on the 5th, unless they say otherwise."""
    usual = {"received_on": "2022-01-03", "resolved_on": "2022-01-05", "channel": "online", "status": "resolved"}
    rows = pd.DataFrame([{**usual, **line} for line in lines], columns=list(DOSSIERS.columns))
    days = {c: pd.Series([DAY(day) for day in rows[c]], dtype="datetime64[us]") for c in DOSSIERS.instants}
    return rows.astype({c: "str" for c in rows if c not in days}).assign(**days)


def sums_of(table):
    filing, results = (count(table).sum(numeric_only=True) for count in (count_filing, count_results))
    return filing.combine_first(results)


def test_each_share_has_its_own_numerator_and_denominator():
    """Ten dossiers: 6 online, 2 of them helped; 5 with a fee, 2 paid online; 8 resolved, 3 digitised."""
    good = {"fee_due": "no", "result_digitised": "yes", "assisted": "no"}
    table = dossiers(
        good,
        {**good, "fee_due": "yes", "paid_online": "yes"},
        {"assisted": "yes", "fee_due": "yes", "paid_online": "yes", "result_digitised": "yes"},
        {"assisted": "yes", "fee_due": "yes", "paid_online": "no", "result_digitised": "no"},
        {"assisted": "no", "fee_due": "yes", "result_digitised": None},
        {"assisted": None, "fee_due": None, "result_digitised": "no"},
        *[{"channel": "in_person", "assisted": "yes", "fee_due": "no", "result_digitised": "no"}] * 2,
        {"channel": "in_person", "fee_due": "yes", "paid_online": "no", "resolved_on": None, "status": "pending"},
        {"channel": "unknown", "fee_due": "no", "status": "withdrawn", "closed_on": "2022-01-04"},
        {
            "status": "not_accepted",
            "assisted": "yes",
            "fee_due": "yes",
            "paid_online": "yes",
            "result_digitised": "yes",
        },
    )
    shares = shares_of(sums_of(table), SHARES, known=DOSSIERS.columns).set_index("name")
    rows = shares[["numerator", "denominator", "unknown"]].astype(int)
    assert {name: tuple(row) for name, row in rows.iterrows()} == {
        "assisted_of_online": (2, 6, 1),
        "paid_online_of_fee_due": (2, 5, 2),
        "digitised_of_resolved": (3, 8, 1),
        "digitised_of_known": (3, 7, 1),
        "fully_online_of_resolved": (2, 8, 1),
    }


FULL = {"fee_due": "yes", "paid_online": "yes", "result_digitised": "yes"}


@pytest.mark.parametrize(
    ("change", "fully"),
    [
        ({}, "yes"),
        ({"fee_due": "no", "paid_online": None}, "yes"),
        ({"fee_due": "no", "paid_online": "no"}, "yes"),
        ({"fee_due": None}, "yes"),
        ({"assisted": "no"}, "yes"),
        ({"assisted": "yes"}, "no"),
        ({"channel": "in_person"}, "no"),
        ({"channel": "postal"}, "no"),
        ({"paid_online": "no"}, "no"),
        ({"result_digitised": "no"}, "no"),
        ({"result_digitised": "no", "channel": "unknown"}, "no"),
        ({"channel": "unknown"}, "unknown"),
        ({"paid_online": None}, "unknown"),
        ({"fee_due": None, "paid_online": "no"}, "unknown"),
        ({"result_digitised": None}, "unknown"),
        ({"result_digitised": "unknown"}, "unknown"),
    ],
)
def test_a_dossier_is_handled_fully_online_if_every_part_is_known_to_be(change, fully):
    (row,) = count_results(dossiers({**FULL, **change})).to_dict("records")
    found = {"yes": row["fully_online"], "no": row["not_fully_online"], "unknown": row["fully_online_unknown"]}
    assert found == {"yes": 0, "no": 0, "unknown": 0} | {fully: 1}


def test_filing_counts_on_the_day_of_receipt_and_results_on_their_own():
    table = dossiers({"received_on": "2021-12-30 09:00", "resolved_on": "2022-01-05 15:00", "result_digitised": "yes"})
    assert count_filing(table).day.tolist() == [DAY("2021-12-30")]
    assert count_results(table).day.tolist() == [DAY("2022-01-05")]


ANSWERS = ["yes", "no", "unknown", None]
LINES = st.lists(
    st.fixed_dictionaries(
        {
            **{c: st.sampled_from(ANSWERS) for c in ("assisted", "fee_due", "paid_online", "result_digitised")},
            "channel": st.sampled_from(["online", "in_person", "unknown"]),
            "unit": st.sampled_from(["a", "b", None]),
        }
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(LINES)
def test_what_is_yes_no_and_unknown_sums_to_its_whole_in_every_group(lines):
    table = dossiers(*lines)
    filing, results = count_filing(table, by=["unit"]), count_results(table, by=["unit"])
    assert (filing.assisted + filing.alone + filing.assistance_unknown == filing.online).all()
    assert (filing.fee_due + filing.no_fee + filing.fee_unknown == filing.received).all()
    assert (filing.paid_online + filing.not_paid_online + filing.payment_unknown == filing.fee_due).all()
    assert (filing.payment_unknown + filing.fee_unknown == filing.payment_or_fee_unknown).all()
    assert (results.digitised + results.not_digitised + results.digitised_unknown == results.resolved).all()
    assert (results.fully_online + results.not_fully_online + results.fully_online_unknown == results.resolved).all()
    whole = total(count_filing(table)).iloc[0]
    assert total(filing).iloc[0].to_dict() == whole.to_dict()
    assert whole.received == len(lines)


def test_the_sample_has_what_its_report_says(sample):
    year = read_period("2022")
    filing, results = (total(within(f(sample.dossiers), year)).iloc[0] for f in (count_filing, count_results))
    assert (filing.online, filing.assisted, results.resolved) == (163, 40, 855)


def test_no_function_of_electronic_work_changes_its_table():
    table = dossiers(FULL, {"status": "not_accepted"})
    before = table.copy(deep=True)
    for call in (count_filing, count_results):
        call(table, by=["unit"])
    pd.testing.assert_frame_equal(table, before)
