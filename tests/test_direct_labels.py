"""Names beside what they name: never over each other, in order, and near."""

import pytest

from analysis.direct_labels import spread


@pytest.mark.parametrize(
    ("heights", "expected"),
    [
        ([2, 10, 18], [2, 10, 18]),  # room for all: nothing moves
        ([0, 0, 0], [2, 6, 10]),
        ([20, 20, 20], [10, 14, 18]),
        ([5, 6, 18], [5, 9, 18]),
    ],
)
def test_names_move_apart_only_as_far_as_they_must(heights, expected):
    assert spread(heights, [4, 4, 4], low=0, high=20) == expected


def test_a_name_of_two_lines_takes_the_room_of_two():
    assert spread([2, 3], [4, 8], low=0, high=20) == [2, 8]


def test_without_room_the_order_stays():
    at = spread([1, 1, 1, 1], [4] * 4, low=0, high=8)
    assert at == sorted(at)
