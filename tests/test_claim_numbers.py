"""Numbers as officials write them, and what is none."""

import pytest

from analysis.claim_numbers import find_numbers


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("1.150.343 hồ sơ", "1150343", "count"),
        ("1150343 hồ sơ", "1150343", "count"),
        ("1\u00a0150\u00a0343 hồ sơ", "1150343", "count"),
        ("1,294 dossiers", "1294", "count"),
        ("đạt 99,86%", "99.86", "percent"),
        ("99.86% of them", "99.86", "percent"),
        ("98,945 %", "98.945", "percent"),
        ("đạt 70 phần trăm", "70", "percent"),
        ("tăng 2,5 điểm phần trăm", "2.5", "points"),
        ("2.5 percentage points", "2.5", "points"),
        ("5,65 ngàn hồ sơ", "5650", "count"),
        ("1,2 triệu hồ sơ", "1200000", "count"),
        ("12.5 thousand documents", "12500", "count"),
        ("gấp 1,5 lần", "1.5", "times"),
        ("0 hồ sơ", "0", "count"),
        ("2.734văn bản", "2734", "count"),
    ],
)
def test_a_number_has_its_value_however_it_is_written(text, value, kind):
    (number,), _ = find_numbers(text)
    assert (str(number.value), number.kind) == (value, kind)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Quyết định 2289/QĐ-TTg", "document"),
        ("Công văn số 736/SXD-VP", "document"),
        ("Nghị định 61/2018/NĐ-CP", "document"),
        ("Nghị quyết 57-NQ/TW", "document"),
        ("khoản 2 Điều 5", "article"),
        ("tại trang 14", "article"),
        ("ngày 15/12/2022", "day"),
        ("từ 15/12 đến", "day"),
        ("December 10, 2023", "day"),
        ("0900 000 000", "phone"),
        ("150.000 đồng", "money"),
        ("3.215 tỷ đồng", "money"),
        ("68,5 m2", "measurement"),
        ("15 ngày làm việc", "time"),
        ("lúc 8h30", "time"),
        ("năm 2022", "period"),
        ("quý III/2022", "period"),
        ("6 tháng đầu năm 2023", "period"),
        ("H21.65-220914-0011", "code"),
        ("tổ 7 của phường", "ordinal"),
        ("mức độ 3, 4", "level"),
    ],
)
def test_what_is_no_count_is_known_by_its_form(text, why):
    numbers, skipped = find_numbers(text)
    assert (numbers, [s.why for s in skipped][:1]) == ([], [why])


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("năm 2022", "2022"),
        ("quý IV năm 2021", "2021-quarter-4"),
        ("Tháng 9/2021", "2021-month-9"),
        ("6 tháng đầu năm 2023", "2023-months-6"),
        ("sáu tháng đầu năm 2023", "2023-months-6"),
        ("trong quý II", "quarter-2"),
        ("in 2024", "2024"),
    ],
)
def test_a_period_is_told_by_its_year_and_part(text, period):
    _, skipped = find_numbers(text)
    assert [s.period for s in skipped] == [period]


def test_a_year_before_a_noun_is_a_count():
    (number,), skipped = find_numbers("đã giải quyết 2021 hồ sơ")
    assert (number.value, skipped) == (2021, [])


def test_two_shares_with_a_stroke_are_this_year_and_last():
    (number,), _ = find_numbers("đạt 91,6/15,4%")
    assert (str(number.value), str(number.before), number.kind) == ("91.6", "15.4", "percent")


@pytest.mark.parametrize(
    "text", ["600/855 hồ sơ", "600 trên 855", "600 hồ sơ trong tổng số 855", "600 of 855", "600 out of 855"]
)
def test_a_part_is_told_with_its_whole(text):
    (number,), _ = find_numbers(text)
    assert (number.value, number.of) == (600, 855)


def test_a_number_with_a_word_for_thousands_is_as_exact_as_its_last_digit():
    (number,), _ = find_numbers("5,65 ngàn hồ sơ")
    assert number.grain == 10
