"""Strata: one interval for a weighted rate, never surer than the dossiers it was seen in."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.metrics import wilson_interval
from analysis.strata import combine_strata


def strata_of(*rows, group=1):
    """(on time, dossiers) of each stratum, all of them known."""
    part, whole = (pd.Series(column, dtype=float) for column in zip(*rows, strict=True))
    return pd.DataFrame({"group": group, "rate": part / whole, "weight": whole, "worth": whole})


def test_the_rates_of_strata_are_weighted_by_their_dossiers():
    both = combine_strata(strata_of((1, 4), (8, 16)), by=["group"]).iloc[0]
    assert both.rate == pytest.approx(9 / 20)
    assert both.weight == 20


@given(st.integers(0, 40), st.integers(1, 40))
def test_one_stratum_that_is_wholly_known_has_the_interval_of_wilson(part, more):
    one = combine_strata(strata_of((part, part + more)), by=["group"]).iloc[0]
    wilson = wilson_interval(pd.Series([part]), pd.Series([part + more])).iloc[0]
    assert [one.low, one.high] == pytest.approx([wilson.low, wilson.high])


@given(st.lists(st.booleans(), min_size=2, max_size=40))
def test_strata_of_one_dossier_each_are_no_surer_than_one_group_of_them(fates):
    apart = combine_strata(strata_of(*((int(fate), 1) for fate in fates)), by=["group"]).iloc[0]
    whole = wilson_interval(pd.Series([sum(fates)]), pd.Series([len(fates)])).iloc[0]
    assert apart.high - apart.low >= 0.85 * (whole.high - whole.low)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), min_size=1, max_size=6))
def test_a_combined_rate_lies_in_its_interval_between_0_and_1(rows):
    one = combine_strata(strata_of(*((part, part + more) for part, more in rows)), by=["group"]).iloc[0]
    assert 0 <= one.low <= one.rate <= one.high <= 1
    assert one.low < one.high


def test_a_group_with_one_stratum_of_which_nothing_is_known_has_no_rate():
    strata = pd.concat([strata_of((1, 2)), strata_of((1, 2)).assign(rate=float("nan")), strata_of((1, 2), group=2)])
    rate = combine_strata(strata, by=["group"]).rate
    assert rate.isna().tolist() == [True, False]


def test_groups_told_by_two_columns_are_kept_apart():
    strata = pd.concat([strata_of((1, 2)), strata_of((2, 2)), strata_of((0, 2), group=2)]).assign(side=[1, 2, 1])
    assert combine_strata(strata, by=["group", "side"]).rate.tolist() == [0.5, 1, 0]
