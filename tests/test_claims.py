"""What a figure counts is read from the words around it, in whatever order they stand."""

import pytest

from analysis.claim_tokens import Passage
from analysis.claims import read_claims


def told(text):
    """(Value, measure) of each count of a text."""
    claims, _ = read_claims([Passage("1", text)])
    return [(int(c.value), c.measure.name.removeprefix("dossiers.")) for c in claims if c.kind == "count"]


def claims_of(text):
    return read_claims([Passage("1", text)])[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tiếp nhận 937 hồ sơ", [(937, "received")]),
        ("937 hồ sơ được tiếp nhận", [(937, "received")]),
        ("Tiếp nhận: 937", [(937, "received")]),
        ("TIẾP NHẬN 937 HS", [(937, "received")]),
        ("hồ sơ trực tuyến là 163 hồ sơ", [(163, "received.online")]),
        ("nộp trực tuyến 163 hồ sơ, trực tiếp 774 hồ sơ", [(163, "received.online"), (774, "received.in_person")]),
        ("163 hồ sơ trực tuyến, 774 hồ sơ trực tiếp", [(163, "received.online"), (774, "received.in_person")]),
        ("tiếp nhận trực tiếp hoặc qua BCCI 774 hồ sơ", [(774, "received.in_person_or_postal")]),
        ("giải quyết trước và đúng hạn 600 hồ sơ", [(600, "resolved.timely")]),
        ("301 hồ sơ trước hạn, đúng hạn 299 hồ sơ", [(301, "resolved.early"), (299, "resolved.on_time")]),
        ("đang giải quyết 67 hồ sơ, trong đó 20 hồ sơ quá hạn", [(67, "pending"), (20, "pending.overdue")]),
        ("giải quyết 855 hồ sơ, trong đó 255 hồ sơ quá hạn", [(855, "resolved"), (255, "resolved.late")]),
        ("HST còn hạn : 460 HST trễ hạn : 713", [(460, "pending.in_time"), (713, "pending.overdue")]),
        ("hồ sơ kỳ trước chuyển sang 48", [(48, "carried")]),
        ("công dân rút 9 hồ sơ, trả lại 6 hồ sơ", [(9, "withdrawn"), (6, "returned")]),
        ("returned before the deadline 86 dossiers", [(86, "resolved.early")]),
        ("5 dossiers were returned due to missing papers", [(5, "returned")]),
        ("received 1,294 dossiers, processed 1,260 dossiers", [(1294, "received"), (1260, "resolved")]),
        ("hoà giải: tiếp nhận 12 hồ sơ", [(12, "received")]),
    ],
)
def test_a_count_is_of_what_its_words_say(text, expected):
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "tiếp nhận 15 lượt công dân",
        "giải quyết việc làm cho 15.200 lao động",
        "tiếp nhận và giải quyết 1.200 hồ sơ",
        "công bố 12 thủ tục hành chính",
        "số hoá 850 hồ sơ tiếp nhận",
        "thanh toán trực tuyến 300 hồ sơ",
    ],
)
def test_what_counts_another_thing_or_two_at_once_makes_no_claim(text):
    assert told(text) == []


def test_a_claim_points_at_its_place():
    text = "Năm 2022 tiếp nhận 1.294 hồ sơ."
    (claim,) = claims_of(text)
    assert (text[claim.start : claim.end], claim.place, claim.period) == ("1.294", "1", "2022")


def test_text_in_separate_marks_is_read_as_text_in_one():
    assert told("Tiê\u0301p nhâ\u0323n 937 hô\u0300 sơ") == [(937, "received")]


def test_the_older_and_the_newer_place_of_a_tone_mark_say_the_same():
    assert told("huỷ 5 hồ sơ") == told("hủy 5 hồ sơ") == [(5, "returned")]


def test_a_word_before_a_number_makes_it_inexact():
    text = "giải quyết gần 27.000 hồ sơ, trên 900 hồ sơ trực tuyến, khoảng 70 hồ sơ đang giải quyết"
    assert [c.bound for c in claims_of(text)] == ["at_most", "at_least", "about"]


def test_parts_of_a_list_have_its_head():
    claims = claims_of("tiếp nhận 180 hồ sơ (khu vực I: 74 hồ sơ, khu vực II: 106 hồ sơ); đã giải quyết 160 hồ sơ")
    assert [(c.scope, c.head) for c in claims] == [("", -1), ("khu vực i", 0), ("khu vực ii", 0), ("", -1)]


def test_a_level_holds_until_another_is_named():
    claims = claims_of(
        "Cấp tỉnh tiếp nhận 54 hồ sơ. Giải quyết 51 hồ sơ. Cấp xã tiếp nhận 20 hồ sơ. Toàn tỉnh tiếp nhận 90 hồ sơ."
    )
    assert [c.scope for c in claims] == ["province", "province", "commune", ""]


def test_the_year_that_is_compared_with_is_no_period_of_what_follows():
    claims = claims_of("Năm 2022 tiếp nhận 937 hồ sơ, tăng 14% so với năm 2021; giải quyết 855 hồ sơ")
    assert [(c.kind, c.period) for c in claims] == [("count", "2022"), ("change", "2022"), ("count", "2022")]


def test_a_period_in_brackets_holds_within_them():
    claims = claims_of("Năm 2022 tiếp nhận 937 hồ sơ (quý IV: tiếp nhận 90 hồ sơ), giải quyết 855 hồ sơ")
    assert [c.period for c in claims] == ["2022", "2022-quarter-4", "2022"]


def test_what_is_aimed_at_is_a_target():
    claims = claims_of("Chỉ tiêu 95% hồ sơ đúng hạn")
    assert [c.kind for c in claims] == ["target"]


def test_a_share_is_of_the_count_before_it_unless_it_says_another():
    claims = claims_of("giải quyết 516 hồ sơ (94,5%), tỷ lệ hồ sơ trực tuyến đạt 91,6%")
    assert [(c.measure.name, c.owner) for c in claims[1:]] == [
        ("dossiers.resolved", 0),
        ("dossiers.received.online", -1),
    ]


def test_a_share_with_words_that_nobody_explained_makes_no_claim():
    _, others = read_claims([Passage("1", "giải quyết 855 hồ sơ, mức độ hài lòng đạt 98%")])
    assert [(other.written, other.why) for other in others] == [("98%", "not_said")]


def test_a_value_of_the_year_before_is_no_count_of_this_one():
    claims = claims_of("tiếp nhận 937 hồ sơ, tăng 14,27% so với cùng kỳ năm 2021 (820 hồ sơ)")
    assert [(c.kind, c.owner) for c in claims] == [("count", -1), ("change", 0), ("before", 0)]


def test_what_was_received_within_a_total_makes_that_what_was_to_be_dealt_with():
    text = "tiếp nhận 1.000 hồ sơ (mới tiếp nhận 900 hồ sơ, kỳ trước chuyển sang 100 hồ sơ)"
    assert told(text) == [(1000, "handled"), (900, "received"), (100, "carried")]
