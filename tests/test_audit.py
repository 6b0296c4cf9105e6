"""An audit says what holds, what does not, why, and what to write instead; alone and against the data."""

import json
import re

import pytest

from analysis.audit import audit, verdict_table
from analysis.audit_sentences import lines_of, place_name, verdict_sentence
from analysis.claim_texts import read_passages
from analysis.claim_tokens import Passage
from analysis.commands_audit import WRONG
from analysis.labels import TEXTS, read_labels
from analysis.periods import read_period, until

TEXT_2022 = """Năm 2022, bộ phận một cửa đã tiếp nhận 937 hồ sơ, trong đó nộp trực tuyến 163 hồ sơ (17%), nộp trực tiếp 774 hồ sơ (83%). Đã giải quyết 855 hồ sơ, đạt 91%: đúng hạn 600 hồ sơ (70%), trễ hạn 255 hồ sơ (30%); còn lại 67 hồ sơ đang giải quyết.
Sở đã phát hành 2.734 văn bản điện tử, tăng 1,02% so với năm 2021; tiếp nhận 9.505 văn bản điện tử đến."""  # fmt: skip


def audited(text, **more):
    return audit(read_passages(text.encode()), **more)


def judged(text):
    """(Check, verdict, difference, reasons) of a text."""
    table = verdict_table(audited(text))
    return list(table[["name", "status", "difference", "reasons"]].itertuples(index=False, name=None))


def statuses(text):
    return [(v.name.removeprefix("dossiers."), v.status) for v in audited(text).verdicts]


def test_the_text_of_2022_is_judged():
    assert judged(TEXT_2022) == [
        ("by_channel", "holds", 0, ""),
        ("by_timeliness", "holds", 0, ""),
        ("balance", "off", 15, "no_class"),
        ("dossiers.received.online", "rounded", 0, ""),
        ("dossiers.received.in_person", "rounded", 0, ""),
        ("dossiers.resolved", "rounded", 0, ""),
        ("dossiers.resolved.on_time", "rounded", 0, ""),
        ("dossiers.resolved.late", "rounded", 0, ""),
        ("documents.sent.electronic", "impossible", 0, "nearest nearest factor"),
    ]


def test_the_data_explain_the_gap_of_2022(sample):
    found = audited(TEXT_2022, data=sample, period=read_period("2022"))
    (gap,) = (v for v in found.verdicts if v.name == "balance")
    assert (gap.status, [(r.key, r.number, r.names) for r in gap.reasons]) == (
        "explained",
        [("class_of_data", 9, ("withdrawn",)), ("class_of_data", 6, ("returned",))],
    )
    compared = {found.claims[v.whole].written: v.status for v in found.verdicts if v.check == "data"}
    assert compared == dict.fromkeys(
        ["937", "163", "17%", "774", "855", "600", "70%", "255", "67", "2.734", "9.505"], "agrees"
    )
    (share,) = (v for v in found.verdicts if v.check == "data" and found.claims[v.whole].written == "17%")
    assert share.reasons[0].names == ("O1", "O2")


def test_what_the_data_give_otherwise_is_said(sample):
    found = audited(
        "Năm 2022 tiếp nhận 940 hồ sơ; tỷ lệ trực tuyến đạt 17,4%. Năm 2021 tiếp nhận 5 hồ sơ.",
        data=sample,
        period=read_period("2022"),
    )
    said = [(found.claims[v.whole].written, v.status, float(v.computed)) for v in found.verdicts]
    assert said == [("940", "differs", 937.0), ("17,4%", "agrees", pytest.approx(17.3959, abs=1e-4))]
    assert found.is_wrong


def test_what_to_write_instead_is_said_with_the_data(sample):
    found = audited(TEXT_2022, data=sample, period=until(read_period("2022"), sample.as_of))
    said = [verdict_sentence(v, found, labels=read_labels("vi")) for v in found.verdicts]
    (change,) = (s for s in said if "1,02%" in s)
    assert "không có số nguyên nào" in change
    assert "2.706 cho +1,03\u00a0%; 2.707 cho +1,00\u00a0%" in change
    assert "gấp 1,02 lần" in change
    assert change.endswith("(2.706)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nhận 26.030 hồ sơ, trực tuyến 3.399 hồ sơ (13,06%)", ("received.online", "rounded")),
        ("nhận 26.030 hồ sơ, trực tuyến 3.399 hồ sơ (13,05%)", ("received.online", "cut_off")),
        ("nhận 6.776 hồ sơ, trực tuyến 2.521 hồ sơ (37,76%)", ("received.online", "wrong")),
        ("nhận 3.000 hồ sơ, giải quyết 2.900 hồ sơ, đúng hạn 2.800 hồ sơ (93,33%)", ("resolved.on_time", "other_base")),
        ("giải quyết gần 27.000 hồ sơ, trước hạn 22.357 hồ sơ, đạt 83%", ("resolved.early", "possible")),
        ("giải quyết 855/937 hồ sơ, đạt 91,25%", ("resolved", "rounded")),
        ("giải quyết 855/937 hồ sơ, đạt 92,25%", ("resolved", "wrong")),
        ("giải quyết 800 hồ sơ, đúng hạn 1 hồ sơ (0,125%)", ("resolved.on_time", "rounded")),
        ("giải quyết 800 hồ sơ, đúng hạn 1 hồ sơ (0,13%)", ("resolved.on_time", "rounded")),
        ("giải quyết 800 hồ sơ, đúng hạn 1 hồ sơ (0,12%)", ("resolved.on_time", "rounded")),  # half to even
    ],
)
def test_a_share_is_right_when_rounded_or_cut_off_or_else_said_to_be_wrong(text, expected):
    assert statuses(text)[-1] == expected


def test_a_share_after_two_joined_parts_may_be_of_both():
    text = "giải quyết 1.000 hồ sơ; trước hạn là 300 và đúng hạn là 600 hồ sơ (90%), quá hạn 100 hồ sơ"
    assert statuses(text) == [("by_timeliness", "holds"), ("resolved.on_time", "rounded")]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("tiếp nhận 937 hồ sơ, tăng 14,27% so với cùng kỳ (820 hồ sơ)", "rounded"),
        ("tiếp nhận 937 hồ sơ, tăng 14,3% so với cùng kỳ (820 hồ sơ)", "rounded"),
        ("tiếp nhận 937 hồ sơ, tăng 114,27% so với cùng kỳ (820 hồ sơ)", "wrong"),
        ("tiếp nhận 937 hồ sơ, giảm 14,27% so với cùng kỳ (820 hồ sơ)", "wrong"),
        ("tiếp nhận 937 hồ sơ, bằng 114,27% so với cùng kỳ (820 hồ sơ)", "rounded"),
        ("tiếp nhận 937 hồ sơ, tăng 14,27% so với cùng kỳ", "possible"),
        ("tiếp nhận 12 hồ sơ, tăng 14% so với cùng kỳ", "impossible"),
        ("Năm 2022 tiếp nhận 937 hồ sơ, năm 2021 tiếp nhận 820 hồ sơ, tăng 14,27%", "rounded"),
    ],
)
def test_a_change_needs_a_whole_number_of_the_year_before(text, status):
    assert [s for _, s in statuses(text)] == [status]


@pytest.mark.parametrize(
    ("text", "difference", "reasons"),
    [
        ("nhận 937 hồ sơ, giải quyết 855 hồ sơ, đang giải quyết 67 hồ sơ", 15, "no_class"),
        ("nhận 1.294 hồ sơ, giải quyết 1.260 hồ sơ, đang giải quyết 77 hồ sơ, trả lại 5 hồ sơ", -48, "carry_over"),
        ("nhận 583 hồ sơ (trực tuyến: 163; trực tiếp: 690)", -270, "swapped"),
        ("giải quyết 855 hồ sơ, đúng hạn 600, quá hạn 265", -10, ""),
        ("đang giải quyết 67 hồ sơ (trong hạn 47, quá hạn 21)", -1, ""),
        ("gửi, nhận 100 văn bản, trong đó gửi 40 văn bản, nhận 50 văn bản", 10, ""),
    ],
)
def test_a_sum_that_does_not_hold_says_by_how_much_and_why(text, difference, reasons):
    (verdict,) = [each for each in judged(text) if each[1] == "off"]
    assert verdict[2:] == (difference, reasons)


def test_a_figure_that_would_mend_two_sums_is_named():
    text = """Toàn tỉnh giải quyết 643.272 hồ sơ, trước và đúng hạn 635.593 hồ sơ, quá hạn 7.677 hồ sơ.
Cấp tỉnh trước và đúng hạn 51.072 hồ sơ; cấp huyện trước và đúng hạn 323.911 hồ sơ; cấp xã trước và đúng hạn 260.612 hồ sơ."""
    found = audited(text)
    wrong = [v for v in found.verdicts if v.is_wrong]
    assert [(v.name, v.difference) for v in wrong] == [("by_timeliness", 2), ("levels", -2)]
    assert all(("one_figure", 635_595) in [(r.key, r.number) for r in v.reasons] for v in wrong)


def test_a_rounded_number_is_never_off():
    assert statuses("tiếp nhận khoảng 900 hồ sơ, giải quyết 855 hồ sơ, đang giải quyết 67 hồ sơ") == []


def test_two_months_are_two_accounts():
    text = "Tháng 5 nhận 40 hồ sơ, giải quyết 38 hồ sơ. Tháng 6 nhận 50 hồ sơ, giải quyết 44 hồ sơ, đang giải quyết 6 hồ sơ."
    assert statuses(text) == [("balance", "holds")]


def test_two_agencies_are_two_accounts():
    text = "Sở Y tế nhận 90 hồ sơ, giải quyết 80 hồ sơ; Sở Xây dựng nhận 50 hồ sơ, giải quyết 44 hồ sơ, đang giải quyết 6 hồ sơ"
    assert statuses(text) == [("balance", "holds")]


def test_parts_that_wait_within_what_is_open_are_counted_once():
    text = "nhận 937 hồ sơ, giải quyết 870 hồ sơ; đang giải quyết 67 hồ sơ, trong đó 12 chờ bổ sung và 20 đã quá hạn"
    assert statuses(text) == [("balance", "holds")]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_verdict_and_reason_can_be_said(lang, sample):
    labels = read_labels(lang)
    found = audited(TEXT_2022, data=sample, period=read_period("2022"))
    lines = list(lines_of(found, labels=labels))
    assert not [line for line in lines if re.search(r"[{}]|audit_", line)]


def test_a_place_is_told_in_the_language():
    assert place_name("table 2, row 5", labels=read_labels("vi")) == "bảng 2, dòng 5"


def test_every_feature_has_a_word_in_both_languages():
    import tomllib

    from analysis.claim_words import FEATURES, WORDS

    claims, labels = tomllib.loads(WORDS.read_text("utf-8")), tomllib.loads(TEXTS.read_text("utf-8"))
    named = (
        {value for name in FEATURES for value in claims[name]} | set(claims["joined"]) | {"overdue", *claims["levels"]}
    )
    unnamed = {"rest", "both", "announced", "whole"}  # these make no measure
    assert named - unnamed <= set(labels["audit_words"])
    assert set(claims["not_counts"]) | {"period", "other_thing", "not_said"} == set(labels["audit_others"])


def test_the_command_ends_with_a_code_of_its_own_when_something_is_wrong(run, tmp_path):
    draft = tmp_path / "du-thao.txt"
    draft.write_text(TEXT_2022, "utf-8")
    code, out, _ = run("audit", str(draft))
    assert code == WRONG == 10
    assert out.startswith("15 số liệu đọc được; 7 phép kiểm tra khớp; 2 không khớp.")
    draft.write_text("Nhận 937 hồ sơ, trong đó trực tuyến 163 hồ sơ, trực tiếp 774 hồ sơ.", "utf-8")
    assert run("audit", str(draft))[0] == 0


def test_a_text_without_claims_is_said_to_have_none(run, tmp_path):
    (tmp_path / "a.txt").write_text("Hội nghị có 120 đại biểu.", "utf-8")
    code, out, _ = run("audit", str(tmp_path / "a.txt"), "--lang", "en")
    assert code == 0
    assert out.startswith("No figures")


def test_other_programs_get_json(run, tmp_path):
    (tmp_path / "a.txt").write_text("nhận 6.776 hồ sơ, trực tuyến 2.521 hồ sơ (37,76%)", "utf-8")
    code, out, _ = run("audit", str(tmp_path / "a.txt"), "--json")
    told = json.loads(out)
    assert (code, told["is_wrong"], [v["status"] for v in told["verdicts"]]) == (WRONG, True, ["wrong"])
    assert {"place", "start", "end", "written", "value", "measure"} <= told["claims"][0].keys()


def test_a_folder_is_named_as_one(run, tmp_path):
    code, _, error = run("audit", str(tmp_path))
    assert (code, "is a folder; name a file in it." in error) == (3, True)


def test_a_file_that_is_not_there_is_named(run):
    code, _, error = run("audit", "khong-co.docx")
    assert code == 3
    assert "khong-co.docx" in error


def test_what_is_pasted_is_read(run, monkeypatch):
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("nhận 9 hồ sơ (trực tuyến 5, trực tiếp 3)".encode())))
    assert run("audit", "-")[0] == WRONG


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", ["2021", "2022", "2022-Q3"])
def test_our_own_sentences_hold(lang, name, sample):
    from analysis.answers import first_day
    from analysis.metrics import headline
    from analysis.sentences import sentences

    labels, span = read_labels(lang), until(read_period(name), sample.as_of)
    told = sentences(headline(sample, span), labels, unit=sample.name, period=span, first=first_day(sample, "dossiers"))
    found = audit([Passage(str(number), sentence) for number, sentence in enumerate(told)], data=sample, period=span)
    assert [verdict_sentence(v, found, labels=labels) for v in found.verdicts if v.is_wrong] == []
    assert sum(v.status in ("holds", "rounded", "agrees") for v in found.verdicts) >= 12


@pytest.mark.parametrize(("last", "expected"), [(210, [("list", "off")]), (200, [("list", "holds")]), (190, [])])
def test_a_list_of_fields_may_leave_something_out_but_not_exceed_its_whole(last, expected):
    assert statuses(f"nhận 500 hồ sơ, trong đó lĩnh vực xây dựng 300 hồ sơ, lĩnh vực nhà ở {last} hồ sơ") == expected


def test_a_figure_said_anew_with_another_value_begins_another_account():
    text = "Tháng 10 nhận 40 hồ sơ, giải quyết 30 hồ sơ. Lũy kế nhận 350 hồ sơ, giải quyết 300 hồ sơ, đang giải quyết 50 hồ sơ."
    assert statuses(text) == [("balance", "holds")]


def test_a_share_that_is_what_the_other_leaves_of_a_hundred_is_told():
    found = audited("giải quyết 855 hồ sơ, đúng hạn 600 hồ sơ (70,17%), quá hạn 255 hồ sơ (29,83%)")
    (wrong,) = (v for v in found.verdicts if v.is_wrong)
    assert (found.claims[wrong.whole].written, [r.key for r in wrong.reasons]) == ("29,83%", ["complement"])


def test_what_is_digitised_is_no_claim_of_what_was_received():
    assert statuses("đã số hoá 850 hồ sơ trong tổng số 937 hồ sơ tiếp nhận, đạt tỷ lệ 95%") == []


def test_an_agency_that_is_named_after_the_whole_province_is_another_account():
    assert (
        statuses("Toàn tỉnh giải quyết 1.295 hồ sơ; Sở Xây dựng giải quyết đúng hạn 600 hồ sơ, quá hạn 255 hồ sơ") == []
    )
