"""Small counts that are held back, so that nobody can work them out from what is published.

A count from 1 to ``least - 1`` may let a reader know a person's dossier. It is held back, and with it as many other cells as it
takes: who knows every published cell and every total can then make it at least ``least``, or, where its own row or column
comes to less, at least another number. Zeros stay unless nothing else would do. This is the search for one protecting circuit per cell
that Statistics Canada's CONFID used (L. H. Cox, "Suppression methodology and statistical disclosure control", JASA 75, 1980).
A table is safe by itself; tables that share more than totals must be held back together.
"""

import heapq
from collections.abc import Iterator

import numpy as np
import pandas as pd

ZERO_COST = 3
"""A zero counts as so many cells where complementary ones are chosen: it tells much and protects little."""


def hold_back(counts: pd.DataFrame, *, least: int) -> pd.DataFrame:
    """Counts, missing where they are held back.

    Parameters
    ----------
    counts
        Rows and columns of one cross-table, without its totals, which are taken as known. Whole numbers, none negative.
    least
        The smallest count that may be told, besides 0; with 1 or less nothing is held back.

    Returns
    -------
    DataFrame
        As ``counts``, float64. A table of which but one row or one column is not zero is its own totals: nothing of it can
        be held back.

    Examples
    --------
    >>> counts = pd.DataFrame({"online": [3, 12, 5], "in_person": [41, 75, 65]}, index=["Feb", "Mar", "Jan"])
    >>> hold_back(counts, least=5)
         online  in_person
    Feb     NaN        NaN
    Mar    12.0       75.0
    Jan     NaN        NaN
    """
    known = counts.to_numpy("int64")
    if (known < 0).any():
        raise ValueError("`counts` must not be negative: a difference is not held back, but what it is made of.")
    is_cross = min(known.any(axis=axis).sum() for axis in (0, 1)) > 1
    held = (known > 0) & (known < least) & is_cross
    for cell in sorted(zip(*np.nonzero(held), strict=True), key=lambda at: (known[at], at)):
        _protect(known, held, cell, least)
    return counts.astype("float64").mask(held)


def hold_back_list(counts: pd.Series, *, least: int) -> pd.Series:
    """Counts of groups whose sum is known, missing where they are held back: never one alone.

    Examples
    --------
    >>> hold_back_list(pd.Series([3, 40, 9, 0], ["a", "b", "c", "d"]), least=5).tolist()
    [nan, 40.0, nan, 0.0]
    """
    # What the groups have besides is not known to anybody, so it may be anything.
    rest = 0 if least <= 1 else int(counts.sum()) + least
    return hold_back(pd.DataFrame({"count": counts, "rest": rest}), least=least)["count"]


def held_rows(counts: pd.DataFrame, *, least: int) -> pd.Series:
    """Which rows are told only together, as one: bool.

    Rows with a count from 1 to ``least - 1``, and the smallest others until the sum of all these rows has no such count
    and is of two rows at least. The sums over all rows are taken as known; where every row is held back, they are all that is left. A
    row of zeros stays. The only row that is not zero is these sums, and stays too.

    Examples
    --------
    >>> counts = pd.DataFrame({"timely": [7, 111, 5, 0], "late": [2, 50, 9, 0]}, index=["a", "b", "c", "d"])
    >>> held_rows(counts, least=5).tolist()
    [True, False, True, False]
    """
    size = counts.sum(axis=1)
    held = _is_small(counts, least).any(axis=1)
    if (size > 0).sum() < 2:
        return held & False
    for name in size[~held & (size > 0)].sort_values(kind="stable").index:
        if not _is_small(counts[held].sum().to_frame().T, least).any(axis=None):
            break
        held[name] = True
    return held


def _is_small(counts: pd.DataFrame, least: int) -> pd.DataFrame:
    return (counts > 0) & (counts < least)


Cell = tuple[int, int]


def _protect(known: np.ndarray, held: np.ndarray, cell: Cell, least: int) -> None:
    """Hold back the cells that, moved against each other, let ``cell`` be ``least`` with the same totals; or all of its row
    or column, if that is less; or less than it is, if it is all of them.
    """
    moved, goal = known.copy(), min(least, known[cell[0]].sum(), known[:, cell[1]].sum())
    if goal == known[cell]:
        _move(moved, held, cell, 0)
    while moved[cell] < goal:
        _move(moved, held, cell, goal)


def _move(known: np.ndarray, held: np.ndarray, cell: Cell, goal: int) -> None:
    """Bring ``cell`` nearer to ``goal`` along one circuit, of which every cell is held back."""
    is_up = goal > known[cell]
    for by in range(abs(goal - int(known[cell])), 0, -1):
        if (circuit := _cheapest(known, held, cell, by=by, is_up=is_up)) is not None:
            for number, at in enumerate((cell, *circuit)):
                known[at] += by if is_up == (number % 2 == 0) else -by
                held[at] = True
            return
    raise AssertionError(f"no circuit goes through the cell {cell}.")


def _cheapest(known: np.ndarray, held: np.ndarray, cell: Cell, *, by: int, is_up: bool) -> tuple[Cell, ...] | None:
    """The circuit through ``cell`` that holds back fewest further cells, of the smallest counts; Dijkstra's search.

    Rows and columns are its nodes. A step from a row to a column moves a cell against ``cell``, one from a column to a row moves
    it likewise; what moves down must have as much.
    """
    rows, _ = known.shape
    start, end = cell[0], rows + cell[1]
    queue: list[tuple[int, int, int, tuple[Cell, ...]]] = [(0, 0, start, ())]
    done: set[int] = set()
    while queue:
        cells, weight, node, path = heapq.heappop(queue)
        if node == end:
            return path
        if node in done:
            continue
        done.add(node)
        for at, further in _steps(known, node, cell, by, is_up=is_up):
            new = 0 if held[at] else 1 if known[at] else ZERO_COST
            step = (cells + new, weight + (int(known[at]) if new else 0), further, (*path, at))
            heapq.heappush(queue, step)
    return None


def _steps(known: np.ndarray, node: int, cell: Cell, by: int, *, is_up: bool) -> Iterator[tuple[Cell, int]]:
    """From a row (below ``len(known)``) or a column: the cells that can be moved, and where each leads."""
    rows, columns = known.shape
    is_row = node < rows
    for place in range(columns if is_row else rows):
        at = (node, place) if is_row else (place, node - rows)
        if at != cell and (known[at] >= by or is_row != is_up):
            yield at, rows + place if is_row else place
