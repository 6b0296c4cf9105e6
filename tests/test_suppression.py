"""Small counts: what is held back, and that nobody who knows the rest and the totals can work it out."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.optimize import linprog

from analysis.suppression import held_rows, hold_back, hold_back_list

SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=5)
SLOWLY = settings(deadline=None, max_examples=60)
"""A busy machine is no fault."""

COUNTS = st.one_of(st.just(0), st.integers(1, 7), st.integers(0, 60))


def bounds(known, held):
    """What each cell held back may be for an attacker who knows all others and every total: linear programming.

    The polytope of tables with given totals has whole corners, so the bounds are those of whole numbers too.
    """
    rows, columns = known.shape
    totals = np.vstack([np.kron(np.eye(rows), np.ones(columns)), np.tile(np.eye(columns), rows)])
    told = [(0, None) if hidden else (n, n) for n, hidden in zip(known.ravel(), held.ravel(), strict=True)]
    sums = totals @ known.ravel()
    for at in np.flatnonzero(held.ravel()):
        aim = np.zeros(known.size)
        aim[at] = 1
        low, high = (linprog(sign * aim, A_eq=totals, b_eq=sums, bounds=told) for sign in (1, -1))
        yield tuple(int(n) for n in np.unravel_index(at, known.shape)), round(low.fun), round(-high.fun)


@SLOWLY
@given(arrays("int64", SHAPES, elements=COUNTS), st.integers(1, 8))
def test_nobody_works_out_a_count_from_what_is_published(known, least):
    held = hold_back(pd.DataFrame(known), least=least).isna().to_numpy()
    for at, low, high in bounds(known, held):
        assert low < high
        if 0 < known[at] < least:
            assert high >= min(least, known[at[0]].sum(), known[:, at[1]].sum())


@SLOWLY
@given(arrays("int64", SHAPES, elements=COUNTS), st.integers(1, 8))
def test_a_small_count_is_told_only_where_it_is_a_total(known, least):
    told = hold_back(pd.DataFrame(known), least=least)
    if min(known.any(axis=0).sum(), known.any(axis=1).sum()) > 1:
        assert not ((told > 0) & (told < least)).any(axis=None)
    assert (told.isna() | (told == known)).all(axis=None)


@SLOWLY
@given(st.lists(COUNTS, min_size=2, max_size=6), st.integers(1, 8))
def test_of_a_list_whose_sum_is_known_no_count_is_held_back_alone(known, least):
    told = hold_back_list(pd.Series(known), least=least)
    assert told.isna().sum() != 1
    assert not ((told > 0) & (told < least)).any()


def test_a_small_count_takes_the_smallest_three_with_it():
    counts = pd.DataFrame({"online": [5, 3, 12, 7], "in_person": [65, 41, 75, 25]}, index=["1", "2", "3", "11"])
    assert hold_back(counts, least=5).isna().any(axis=1).to_dict() == {"1": False, "2": True, "3": False, "11": True}


def test_zeros_stay_where_other_cells_do():
    told = hold_back(pd.DataFrame({"early": [20, 13, 24], "on_time": [3, 8, 35], "late": [0, 6, 15]}), least=5)
    assert told.late.tolist() == [0, 6, 15]
    assert told[["early", "on_time"]].isna().any(axis=1).tolist() == [True, True, False]


def test_a_small_count_alone_in_its_row_takes_a_zero_with_it():
    told = hold_back(pd.DataFrame({"online": [3, 20], "in_person": [0, 30]}), least=5)
    assert told.isna().all(axis=None)


def test_a_table_that_is_its_own_totals_stays():
    for counts in (
        {"online": [3], "in_person": [2]},
        {"online": [3, 4], "postal": [0, 0]},
        {"online": [3, 0], "postal": [4, 0]},
    ):
        assert hold_back(pd.DataFrame(counts), least=5).equals(pd.DataFrame(counts, dtype="float64"))


def test_nothing_is_held_back_where_nothing_is_small():
    counts = pd.DataFrame({"a": [5, 0], "b": [9, 12]})
    assert hold_back(counts, least=5).equals(counts.astype("float64"))


def test_the_threshold_itself_may_be_told():
    counts = pd.DataFrame({"a": [5, 4], "b": [9, 12]})
    assert hold_back(counts, least=4).notna().all(axis=None)
    assert hold_back(counts, least=5).isna().all(axis=None)


def test_the_argument_stays_untouched():
    counts = pd.DataFrame({"a": [1, 9], "b": [9, 12]})
    before = counts.copy()
    hold_back(counts, least=5)
    held_rows(counts, least=5)
    assert counts.equals(before)


def test_a_negative_number_is_refused():
    with pytest.raises(ValueError, match="negative"):
        hold_back(pd.DataFrame({"a": [-1, 9]}), least=5)


@SLOWLY
@given(arrays("int64", SHAPES, elements=COUNTS), st.integers(1, 8))
def test_rows_are_told_together_so_that_their_sums_hold_no_small_count(known, least):
    held = held_rows(pd.DataFrame(known), least=least).to_numpy()
    told, together = known[~held], known[held].sum(axis=0)
    if (known.sum(axis=1) > 0).sum() > 1:
        assert not ((told > 0) & (told < least)).any()
        assert held.sum() != 1
    if (~held & (known.sum(axis=1) > 0)).any():
        assert not ((together > 0) & (together < least)).any()


def test_one_small_row_takes_the_next_smallest_with_it():
    counts = pd.DataFrame({"timely": [60, 8, 30], "late": [20, 1, 9]}, index=["a", "b", "c"])
    assert held_rows(counts, least=5).to_dict() == {"a": False, "b": True, "c": True}


def test_the_only_row_is_its_own_total_and_stays():
    assert not held_rows(pd.DataFrame({"timely": [2, 0], "late": [2, 0]}), least=5).any()
