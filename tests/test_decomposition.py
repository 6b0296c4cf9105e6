"""Why a rate moved: two parts by hand, the law that they add up, and channels held to the same procedures."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.counts import count_events, count_intake, total, within
from analysis.decomposition import (
    against_year_before,
    channel_gap,
    compare_channels,
    decompose,
    effects,
    on_time_parts,
    online_parts,
)
from analysis.metrics import on_time_rate, online_share
from analysis.periods import read_period, until


def parts_of(**groups):
    """Group -> (part, whole)."""
    return pd.DataFrame.from_dict(groups, orient="index", columns=["part", "whole"])


def counted(**cells):
    """procedure_channel -> (on time, late)."""
    rows = [(*name.split("__"), early, 0, late) for name, (early, late) in cells.items()]
    return pd.DataFrame(rows, columns=["procedure", "channel", "resolved_early", "resolved_on_time", "resolved_late"])


def test_two_groups_by_hand():
    """80 to 50 of 100, of which a went from 40/50 to 15/30 and b from 40/50 to 35/70."""
    table = decompose(parts_of(a=(15, 30), b=(35, 70)), parts_of(a=(40, 50), b=(40, 50)))
    assert table.within.to_dict() == pytest.approx({"a": 0.4 * -0.3, "b": 0.6 * -0.3})
    assert table.mix.to_dict() == pytest.approx({"a": 0, "b": 0}, abs=1e-12)
    assert effects(table).to_dict() == pytest.approx(
        {"rate": 0.5, "rate_before": 0.8, "change": -0.3, "within": -0.3, "mix": 0}, abs=1e-12
    )


def test_a_group_with_a_low_rate_that_grows_pulls_the_rate_down_by_its_mix():
    table = decompose(parts_of(low=(20, 80), high=(18, 20)), parts_of(low=(5, 20), high=(72, 80)))
    assert table.mix["low"] == pytest.approx(0.6 * (0.25 - (0.38 + 0.77) / 2))
    assert table.mix.sum() == pytest.approx(0.38 - 0.77)
    assert table.within.tolist() == pytest.approx([0, 0])


def test_a_group_of_one_year_only_had_the_overall_rate_of_the_other():
    """b came new with 9/10; the year before stood at 50/100, so within it rose by 0.4 over half its share of 1/11."""
    table = decompose(parts_of(a=(50, 100), b=(9, 10)), parts_of(a=(50, 100)))
    assert pd.isna(table.rate_before["b"])
    assert table.within["b"] == pytest.approx(1 / 22 * 0.4)
    assert table.change.sum() == pytest.approx(59 / 110 - 0.5)


def test_a_year_without_anything_explains_nothing():
    table = decompose(parts_of(a=(5, 10)), parts_of(a=(0, 0)))
    assert table[["mix", "within", "change"]].isna().all(axis=None)
    assert effects(table)[["rate_before", "change", "mix", "within"]].isna().all()
    assert effects(decompose(parts_of(), parts_of())).isna().all()


def test_a_group_with_fewer_than_ten_dossiers_in_either_year_is_marked():
    table = decompose(parts_of(a=(5, 9), b=(5, 10), c=(1, 2)), parts_of(a=(5, 10), b=(5, 10), d=(9, 90)))
    assert table.is_small.to_dict() == {"a": True, "b": False, "c": True, "d": True}


def test_what_moved_the_rate_most_comes_first():
    table = decompose(parts_of(a=(50, 100), b=(10, 100)), parts_of(a=(51, 100), b=(90, 100)))
    assert table.index.tolist() == ["b", "a"]


GROUPS = st.dictionaries(
    st.sampled_from("abcde"), st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda n: (n[0], sum(n))), max_size=5
)  # fmt: skip


@given(GROUPS, GROUPS)
def test_the_parts_add_up_to_the_change_whatever_the_groups(this, last):
    sums = effects(decompose(parts_of(**this), parts_of(**last)))
    told = sums.mix + sums.within
    if sum(whole for _, whole in this.values()) and sum(whole for _, whole in last.values()):
        assert told == pytest.approx(sums.rate - sums.rate_before)
        assert sums.change == pytest.approx(told)
    else:
        assert pd.isna(told)


@given(GROUPS)
def test_a_year_against_itself_moves_nothing(this):
    table = decompose(parts_of(**this), parts_of(**this))
    assert table[["mix", "within"]].fillna(0).to_numpy() == pytest.approx(0)


@given(GROUPS, GROUPS)
def test_the_other_way_round_every_part_has_the_other_sign(this, last):
    there, back = decompose(parts_of(**this), parts_of(**last)), decompose(parts_of(**last), parts_of(**this))
    columns = ["mix", "within"]
    assert (there[columns] + back[columns].reindex(there.index)).fillna(0).to_numpy() == pytest.approx(0)


@pytest.mark.parametrize("by", ["procedure", "field", "division", "channel"])
def test_each_grouping_of_the_sample_explains_the_same_change(sample, by):
    period = until(read_period("2022"), sample.as_of)
    counts = count_events(sample.dossiers, by=[by])
    sums = effects(decompose(*map(on_time_parts, against_year_before(counts, period, by=by))))
    whole = on_time_rate(total(within(counts, period)))[0]
    assert sums.rate == pytest.approx(whole)
    assert sums.mix + sums.within == pytest.approx(sums.rate - sums.rate_before)


def test_the_online_share_is_split_the_same_way(sample):
    period = until(read_period("2022"), sample.as_of)
    counts = count_intake(sample.dossiers, by=["field"])
    sums = effects(decompose(*map(online_parts, against_year_before(counts, period, by="field"))))
    assert sums.rate == pytest.approx(online_share(total(within(counts, period)))[0])
    assert sums.mix + sums.within == pytest.approx(sums.change)


def test_channels_are_compared_within_the_same_procedures_by_hand():
    """a: 8/10 online, 30/40 in person; b: 1/10 and 2/20; joint weights 50 and 30. c has no counterpart."""
    counts = counted(
        a__online=(8, 2), a__in_person=(30, 10), b__online=(1, 9), b__in_person=(2, 18), c__online=(100, 0),
        a__postal=(1, 1),
    )  # fmt: skip
    table = compare_channels(counts)
    assert table.standardised.to_dict() == pytest.approx(
        {"online": (50 * 0.8 + 30 * 0.1) / 80, "in_person": (50 * 0.75 + 30 * 0.1) / 80}
    )
    assert table.rate.to_dict() == pytest.approx({"online": 109 / 120, "in_person": 32 / 60})
    assert table.without_counterpart.to_dict() == {"online": 100, "in_person": 0}
    gap, low, high = channel_gap(table)
    assert gap == pytest.approx(50 * 0.05 / 80)
    assert low < 0 < high


def test_without_a_procedure_of_both_channels_nothing_is_compared():
    table = compare_channels(counted(a__online=(8, 2), b__in_person=(1, 9)))
    assert table[["standardised", "low", "high"]].isna().all(axis=None)
    assert table.without_counterpart.tolist() == table.whole.tolist() == [10, 10]
    assert all(pd.isna(end) for end in channel_gap(table))


def test_dossiers_without_a_procedure_are_not_the_same_procedure():
    table = compare_channels(counted(__online=(8, 2), __in_person=(1, 9)))
    assert table.without_counterpart.tolist() == [10, 10]


@given(st.lists(st.tuples(*[st.integers(0, 30)] * 4), min_size=1, max_size=5))
def test_what_is_compared_and_what_has_no_counterpart_add_up(rows):
    cells = {}
    for number, (early, late, early_desk, late_desk) in enumerate(rows):
        cells |= {f"p{number}__online": (early, late), f"p{number}__in_person": (early_desk, late_desk)}
    table = compare_channels(counted(**cells))
    assert (table.compared + table.without_counterpart == table.whole).all()
    known = table[table.standardised.notna()]
    assert ((known.low <= known.standardised) & (known.standardised <= known.high)).all()


def test_the_counts_are_left_as_they_were(sample):
    counts = count_events(sample.dossiers, by=["procedure", "channel"])
    before = counts.copy()
    compare_channels(counts)
    pd.testing.assert_frame_equal(counts, before)
