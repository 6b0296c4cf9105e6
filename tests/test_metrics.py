"""Rates are ratios of sums, missing where nothing stands below; the headline compares the same days."""

from functools import partial

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.answers import covers
from analysis.metrics import (
    MEASURES,
    clearance_rate,
    disposition_days,
    headline,
    on_time_rate,
    online_share,
    resolved_of_received,
    wilson_interval,
)
from analysis.periods import Unanswerable, read_period, until, year_before
from analysis.stocks import balance

RESOLVED = ["resolved_early", "resolved_on_time", "resolved_late", "resolved_no_due"]


def headline_of(data, period="2022"):
    asked = read_period(period)
    return headline(data, until(asked, data.as_of), whole_year=year_before(asked))


@pytest.mark.parametrize("rate", [online_share, on_time_rate, clearance_rate, partial(disposition_days, days=30)])
def test_a_rate_over_nothing_is_missing_not_zero(rate):
    nothing = pd.DataFrame(
        [dict.fromkeys([*RESOLVED, "online", "received", "withdrawn", "returned", "transferred", "open"], 0)]
    )
    assert rate(nothing).isna().all()


def test_a_dossier_without_a_due_date_stands_in_no_part_of_the_on_time_rate():
    counts = pd.DataFrame([[1, 1, 2, 96]], columns=RESOLVED)
    assert on_time_rate(counts)[0] == 0.5


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1))
def test_the_rate_of_a_whole_is_the_ratio_of_sums_not_the_mean_of_rates(groups):
    online, rest = zip(*groups, strict=True)
    counts = pd.DataFrame({"online": online, "received": [a + b for a, b in groups]})
    whole = online_share(counts.sum().to_frame().T)[0]
    expected = sum(online) / (sum(online) + sum(rest)) if sum(online) + sum(rest) else None
    assert pd.isna(whole) if expected is None else whole == pytest.approx(expected)


def test_the_wilson_interval_is_the_published_one():
    interval = wilson_interval(pd.Series([15]), pd.Series([148])).iloc[0]  # Newcombe 1998, table I
    assert interval.low == pytest.approx(0.0624, abs=5e-5)
    assert interval.high == pytest.approx(0.1605, abs=5e-5)


@given(st.integers(1, 500), st.data())
def test_a_rate_lies_within_its_interval(trials, data):
    successes = data.draw(st.integers(0, trials))
    interval = wilson_interval(pd.Series([successes]), pd.Series([trials])).iloc[0]
    assert 0 <= interval.low <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= interval.high <= 1


def test_resolved_of_received_leaves_out_what_was_received_before():
    dossiers = pd.DataFrame(
        {
            "status": ["resolved"] * 3,
            "received_on": pd.to_datetime(["2021-12-30", "2022-01-03", "2022-01-04"]),
            "resolved_on": pd.to_datetime(["2022-01-05", "2022-01-05", "2022-02-05"]),
            "closed_on": pd.to_datetime([None] * 3),
        }
    )
    assert resolved_of_received(dossiers, read_period("2022-01")) == 1


def test_the_headline_of_the_sample_is_the_published_one(sample):
    table = headline_of(sample)
    figures = {
        "received": 937, "online": 163, "in_person": 774, "resolved": 855, "timely": 600, "late": 255, "open": 67,
        "withdrawn": 9, "returned": 6, "carried_over": 0, "outgoing_electronic": 2734, "incoming_electronic": 9505,
        "meetings_online": 23,
    }  # fmt: skip
    assert table.value[list(figures)].to_dict() == figures
    assert table.before.outgoing_electronic == 2706
    assert table.change.outgoing_electronic == pytest.approx(0.01035, abs=5e-6)


def test_a_rate_is_its_numerator_over_its_denominator(sample):
    table = headline_of(sample)
    rates = table[table.denominator.notna()]
    assert len(rates) == sum(measure.over is not None for measure in MEASURES.values())
    assert (rates.numerator / rates.denominator).tolist() == pytest.approx(rates.value.tolist())


def test_at_the_pace_of_314_days_67_open_dossiers_take_24_days(sample):
    flows = balance(sample.dossiers, until(read_period("2022"), sample.as_of))
    (days,) = disposition_days(flows, days=314)  # 1 January to 10 November
    assert days == pytest.approx(67 * 314 / (855 + 9 + 6))
    row = headline_of(sample).loc["disposition_days"]
    assert (row.value, row.denominator) == (pytest.approx(days), 870)
    assert row.before == pytest.approx(headline_of(sample, "2021-01-01..2021-11-10").value.disposition_days)


def test_a_number_of_days_changes_by_a_share_of_itself_and_a_share_by_points(sample):
    table = headline_of(sample)
    days, rate = table.loc["disposition_days"], table.loc["on_time_rate"]
    assert days.change == pytest.approx(days.value / days.before - 1)
    assert rate.change == pytest.approx(rate.value - rate.before)


def test_the_balance_of_the_headline_leaves_nothing(sample):
    value = headline_of(sample).value
    gone = value[["resolved", "withdrawn", "returned", "transferred", "open", "unknown_state"]].sum()
    assert value.carried_over + value.received == gone


def test_a_year_that_the_exports_do_not_reach_back_to_is_not_compared_with(sample):
    table = headline_of(sample, "2021")
    assert table.before.isna().all()
    assert table.change.isna().all()


def test_half_a_year_before_is_no_year_to_compare_with(sample):
    assert covers(sample, "dossiers", read_period("2021"))
    assert not covers(sample, "dossiers", year_before(read_period("2022-official")))
    assert pd.isna(headline_of(sample, "2022-official").before.received)


def test_a_period_before_the_first_export_is_unknown_never_zero(sample):
    with pytest.raises(Unanswerable, match="begin on 2021-01-04"):
        headline_of(sample, "2019")
    later = sample.with_(begins={**sample.begins, "documents": pd.Timestamp("2023-01-01")})
    assert pd.isna(headline_of(later).value.outgoing_electronic)


def test_a_measure_whose_column_no_export_has_is_missing_not_zero(sample):
    files = sample.files.assign(columns="{}")
    value = headline_of(sample.with_(files=files)).value
    assert value[["online", "withdrawn", "overdue", "outgoing_signed_share"]].isna().all()
    assert value.received == 937


def test_the_headline_leaves_the_tables_as_they_were(sample):
    before = sample.dossiers.copy()
    headline_of(sample)
    pd.testing.assert_frame_equal(sample.dossiers, before)
