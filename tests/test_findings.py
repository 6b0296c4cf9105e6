"""Findings: a title claims a rise or a fall only where chance would hardly make one."""

import pandas as pd
import pytest

from analysis.findings import move_of, tell_move
from analysis.labels import read_labels

VI = read_labels("vi")


def move(part, whole, **options):
    return move_of(pd.Series(part), pd.Series(whole), **options)


def test_a_move_is_from_the_first_to_the_last_three_months():
    found = move([1, 2, 3, 50, 30, 30, 30], [20, 20, 20, 50, 40, 40, 40])
    assert (found.kind, round(found.first, 2), found.last, found.months) == ("rose", 0.1, 0.75, 3)


def test_with_fewer_than_six_months_it_is_from_the_first_to_the_last():
    assert move([90, 50, 50, 50, 10], [100] * 5)[:3] == ("fell", 0.9, 0.1)


def test_what_chance_may_have_made_is_no_rise():
    assert move([4, 6], [20, 20]).kind == "same"
    assert move([400, 600], [2000, 2000]).kind == "rose"


@pytest.mark.parametrize("whole", [[100], [9, 100], [100, 9], [0, 100]])
def test_of_one_month_or_few_dossiers_no_move_is_told(whole):
    assert move([0] * len(whole), whole) is None
    told = tell_move("online_share", pd.Series([0] * len(whole)), pd.Series(whole), labels=VI)
    assert told == "Tỷ lệ trực tuyến: 0\xa0%"


def test_of_no_dossier_nothing_is_told():
    assert tell_move("online_share", pd.Series([0, 0]), pd.Series([0, 0]), labels=VI) == ""


def test_a_move_is_said_in_vietnamese_with_whole_per_cent():
    told = tell_move("online_share", pd.Series([0, 15] * 3), pd.Series([100] * 6), few=5, labels=VI)
    assert told == "Tỷ lệ trực tuyến tăng từ 5\xa0% (ba tháng đầu) lên 10\xa0% (ba tháng cuối)"
    same = tell_move("on_time_rate", pd.Series([50, 50]), pd.Series([100, 100]), labels=VI)
    assert same == "Tỷ lệ trước và đúng hạn chưa thay đổi rõ: tháng đầu 50\xa0%, tháng cuối 50\xa0%"
