"""Settings of a handbook: each acts, is printed where it acts, and is gone when its line is; a wrong line is one sentence."""

import re

import pandas as pd
import pytest
import xlsxwriter

from analysis.appointments import count_appointments
from analysis.calendars import calendar_of
from analysis.counts import count_events, timeliness
from analysis.definitions import FIRST_DUE, on_time_definitions
from analysis.handbook_form import read_form
from analysis.handbook_page import mistake_sentences
from analysis.labels import read_labels
from analysis.metrics import headline
from analysis.open_page import show_appointments
from analysis.periods import read_period, until
from analysis.sections import show_headline_sentences, show_provenance
from analysis.settings_page import rule_sentences, show_rules, show_settings
from analysis.store import load
from analysis.tally import count_exports
from analysis.turnaround import count_durations, turnaround
from analysis.turnaround_page import show_turnaround, show_turnaround_by
from analysis.vocabulary import CHOICES, OF_DOSSIERS, PER_SYSTEM, read_vocabulary

VI = read_labels("vi")
HEADER = "Mã hồ sơ;Ngày tiếp nhận;Ngày hẹn trả lần đầu;Ngày hẹn trả;Ngày có kết quả;Ngày yêu cầu bổ sung;Ngày bổ sung;Trạng thái;Hệ thống"
LINES = [
    "H-1;03/01/2022 08:00;10/01/2022 17:00;14/01/2022 17:00;13/01/2022 09:00;;;;",  # late by its first due day alone
    "H-2;03/01/2022 08:00;10/01/2022 17:00;10/01/2022 17:00;10/01/2022 17:30;;;;",  # late by the hour alone
    "H-3;03/01/2022 16:00;20/01/2022 17:00;20/01/2022 17:00;05/01/2022 10:00;;;;",  # took 2 days, or 1 if it came too late
    "H-4;03/01/2022 08:00;20/01/2022 00:00;20/01/2022 00:00;07/01/2022 10:00;04/01/2022;06/01/2022;;",  # 2, or 4 with its pause
    "H-5;03/01/2022 08:00;28/01/2022 17:00;28/01/2022 17:00;;;;Dừng xử lý;",
]
MANY = ("A", "B")


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with the same five dossiers from two systems, and what writes a handbook beside them."""
    folder = tmp_path / "data/raw"
    folder.mkdir(parents=True)
    lines = [f"{line}Hệ thống {name}" for name in MANY for line in LINES]
    (folder / "a_20220131.csv").write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def write(**sheets):
        """Lines of sheets: the values of their columns by name."""
        book = xlsxwriter.Workbook(folder / "so-tay.xlsx")
        for name, rows in {"settings": [], **sheets}.items():
            form = read_form().sheets[name]
            sheet = book.add_worksheet(form.names["vi"])
            sheet.write_row(0, 0, [column.names["vi"] for column in form.columns.values()])
            for number, row in enumerate(rows, 1):
                sheet.write_row(number, 0, [row.get(column, "") for column in form.columns])
        book.close()
        data = load(folder)
        assert len(data.dossiers) == len(lines)  # read now: the next handbook makes these tables anew
        return data

    return write


def setting(name, value, system=""):
    return {"setting": read_form().choices["settings"][name]["vi"], "value": value, "system": system}


def late(data):
    """The dossiers that are late, by code and system."""
    found = data.dossiers[timeliness(data.dossiers) == "late"]
    return sorted(found.dossier_id.str[2:] + found.source_system.astype("str").str[-1:])


def days(data, dossier):
    """The working days that a dossier took in each system."""
    took = turnaround(data.dossiers, calendar=calendar_of(data.vocabulary.settings)).working_days
    found = data.dossiers[data.dossiers.dossier_id == dossier].assign(took=took).sort_values("source_system")
    return found.took.tolist()


def text(piece):
    return re.sub(r"<[^>]*>", "\n", piece)


def handling(data):
    calendar, span = calendar_of(data.vocabulary.settings), read_period("2022-01")
    counted = count_durations(data.dossiers, calendar=calendar, by=["source_system"], per="day")
    return text(show_turnaround(data, counted, span, calendar=calendar, labels=VI))


def first_words(data):
    span = until(read_period("2022-01"), data.as_of)
    return text(show_headline_sentences(data, headline(data, span), span, labels=VI))


RULES = {
    "due": ("hiện hành", late, ["1A", "1B"], [], ["1A"], first_words, "ngày hẹn trả hiện hành"),
    "judged_by": ("giờ", late, ["1A", "1B"], ["1A", "1B", "2A", "2B"], ["1A", "1B", "2B"], first_words, "xét theo giờ"),
    "latest_receipt": ("15:00", lambda d: days(d, "H-3"), [2, 2], [1, 1], [2, 1], handling, "tiếp nhận sau 15:00"),
    "pause": (
        "tính",
        lambda d: days(d, "H-4"),
        [2, 2],
        [4, 4],
        [2, 4],
        handling,
        "vẫn được tính vào thời gian giải quyết",
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_acts_everywhere_or_in_one_system_is_printed_there_and_goes_with_its_line(desk, name):
    value, measured, usual, everywhere, in_b, page, said = RULES[name]
    assert measured(desk()) == usual
    assert said not in page(desk())
    of_all = desk(settings=[setting(name, value)])
    assert measured(of_all) == everywhere
    assert said in page(of_all)
    of_b = desk(settings=[setting(name, value, "hệ thống b")])
    assert measured(of_b) == in_b
    assert f"Ở hệ thống “Hệ thống B”: {VI.name(f'rules.{name}' if name == 'latest_receipt' else f'rules.{name}_{list(CHOICES[name])[1]}', value='15:00')}" in page(of_b)  # fmt: skip
    assert not of_b.handbook.mistakes.size
    assert measured(desk()) == usual


def test_every_rule_that_may_differ_between_systems_is_tried_here():
    assert set(RULES) == set(PER_SYSTEM)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_for_all_is_the_same_as_one_for_each_system(desk, name):
    value = RULES[name][0]
    of_all = desk(settings=[setting(name, value)])
    of_each = desk(settings=[setting(name, value, f"Hệ thống {system}") for system in MANY])
    assert RULES[name][1](of_all) == RULES[name][1](of_each)
    by = ["source_system"]
    pd.testing.assert_frame_equal(count_events(of_all.dossiers, by=by), count_events(of_each.dossiers, by=by))


OPPOSITE = [
    setting("due", "hiện hành", "Hệ thống A"), setting("judged_by", "ngày", "Hệ thống A"),
    setting("due", "lần đầu", "Hệ thống B"), setting("judged_by", "giờ", "Hệ thống B"),
]  # fmt: skip


def test_two_systems_with_opposite_rules_give_the_figures_counted_by_hand(desk):
    data = desk(settings=OPPOSITE)
    span = until(read_period("2022-01"), data.as_of)
    counts = count_events(data.dossiers, by=["source_system"]).groupby("source_system").sum(numeric_only=True)
    timely = counts[["resolved_early", "resolved_on_time", "resolved_late"]]
    assert timely.to_numpy().tolist() == [[3, 1, 0], [2, 0, 2]]
    told = on_time_definitions(data.dossiers, span).numerator
    assert told[["D1", "D1_other_rule", FIRST_DUE, "D1_current_due"]].tolist() == [6, 6, 5, 7]
    assert headline(data, span).loc["on_time_rate", "value"] == pytest.approx(6 / 8)


@pytest.mark.parametrize("settings", [[], OPPOSITE, [setting("judged_by", "giờ")]])
def test_counting_without_rows_follows_the_same_rules(desk, settings):
    data = desk(settings=settings)
    counted = count_exports("data/raw", by=[["source_system"]], per="day").events[0]
    expected = count_events(data.dossiers, by=["source_system"])
    pd.testing.assert_frame_equal(counted, expected, check_dtype=False)


def test_what_a_second_due_date_makes_is_still_told_from_the_first(desk):
    data = desk(settings=[setting("due", "hiện hành")])
    span = read_period("2022-01")
    usual = count_appointments(desk().dossiers, span)
    assert count_appointments(data.dossiers, span).equals(usual)
    assert usual.loc["resolved", ["reappointed", "by_first", "by_current"]].tolist() == [2, 0, 2]
    shown = show_appointments(data, span, labels=VI)
    assert "đều tính theo ngày hẹn đầu" not in shown
    assert "xét theo ngày hẹn trả hiện hành" in shown


def test_a_word_of_one_system_is_undone_by_deleting_its_line(desk):
    word = {"list": "Trạng thái hồ sơ", "word": "Dừng xử lý", "meaning": "Đang xử lý", "system": "Hệ thống B"}

    def states(data):
        found = data.dossiers[data.dossiers.dossier_id == "H-5"].sort_values("source_system")
        return found.status.tolist()

    assert states(desk(words=[word])) == ["paused", "pending"]
    assert states(desk()) == ["paused", "paused"]


WRONG = [
    (setting("due", "cuối cùng"), "cột “Giá trị”: ghi “cuối cùng”; được ghi: lần đầu; hiện hành."),
    (setting("judged_by", "phút", "Hệ thống A"), "cột “Giá trị”: ghi “phút”; được ghi: ngày; giờ."),
    (setting("pause", "có"), "cột “Giá trị”: ghi “có”; được ghi: trừ; tính."),
    (setting("latest_receipt", "25:00", "Hệ thống A"), "cột “Giá trị”: ghi “25:00”, không dùng được cho thiết lập này"),
    (setting("due", "hiện hành", "Hệ thống C"), "cột “Hệ thống”: ghi “Hệ thống C”, nhưng không tệp và không dòng nào"),
    (setting("unit_name", "Sở A", "Hệ thống A"), "cột “Hệ thống”: ghi “Hệ thống A”, nhưng thiết lập này chỉ đặt chung"),
    (setting("due", "hiện hành", "—"), "cột “Hệ thống”: ghi “—”, không có chữ hay số nào."),
    (setting("few_dossiers", "vài"), "cột “Giá trị”: ghi “vài”, không dùng được cho thiết lập này"),
]


@pytest.mark.parametrize(("line", "sentence"), WRONG)
def test_a_wrong_line_is_one_sentence_and_changes_no_figure(desk, line, sentence):
    data = desk(settings=[line])
    told = mistake_sentences(data.handbook, labels=VI)[1:]
    assert [f"dòng 2, {sentence}" in each for each in told] == [True]
    assert late(data) == ["1A", "1B"]
    assert data.name == "Sở Xây dựng"


def test_a_system_that_is_not_there_is_told_with_those_that_are(desk):
    word = {"list": "Trạng thái hồ sơ", "word": "Dừng xử lý", "meaning": "Đang xử lý", "system": "Hệ thống C"}
    data = desk(words=[word], settings=[setting("due", "hiện hành", "Hệ thống A")])
    told = mistake_sentences(data.handbook, labels=VI)
    assert len(told) == 2
    assert "các hệ thống trong dữ liệu: Hệ thống B; Hệ thống A; one-stop" in told[1]
    counted = count_exports("data/raw")
    assert counted.handbook.mistakes.equals(data.handbook.mistakes)


def test_of_two_lines_for_one_system_the_first_holds(desk):
    data = desk(settings=[setting("due", "hiện hành", "Hệ thống A"), setting("due", "lần đầu", "hệ thống a")])
    assert late(data) == ["1B"]
    assert "một dòng phía trên đã ghi khác (hiện hành)" in mistake_sentences(data.handbook, labels=VI)[1]


def test_the_settings_that_are_not_at_their_default_are_listed_with_who_said_so(desk, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[settings]\nat_risk_days = 3\n[systems."Hệ thống D".settings]\ndue = "current"\n', encoding="utf-8")
    desk(settings=[setting("due", "hiện hành", "Hệ thống A"), setting("latest_receipt", "không")])
    shown = text(show_provenance(load("data/raw", vocabulary=own), {"period": "2022"}, labels=VI))
    listed = re.sub(r"\n+", "|", shown)
    assert "|hiện hành|lần đầu|Sổ tay, dòng 2|" in listed
    assert "|mọi hệ thống|không|17:00|Sổ tay, dòng 3|" in listed
    assert "|mọi hệ thống|3|5|own.toml|" in listed
    assert "“Hệ thống D”, nhưng không tệp và không dòng nào" in listed


def test_without_a_setting_nothing_is_said_of_rules_and_no_column_is_added(desk):
    data = desk()
    assert (show_rules(data, labels=VI), data.systems) == ("", ())
    assert VI.name("settings.all_usual") in show_settings(data, labels=VI)
    assert list(data.dossiers) == list(data.read("dossiers"))


def test_rules_of_the_others_are_said_apart_from_that_of_one(desk):
    data = desk(settings=[setting("due", "hiện hành"), setting("due", "lần đầu", "Hệ thống A")])
    told = rule_sentences(data, labels=VI)
    assert told == [
        VI.name("rules.elsewhere", rule=VI.name("rules.due_current")),
        VI.name("rules.of_system", system="“Hệ thống A”", rule=VI.name("rules.due_first")),
    ]
    assert late(data) == ["1A"]


def test_a_rule_that_no_system_follows_is_not_said(desk):
    data = desk(settings=[setting("due", "hiện hành"), *(setting("due", "lần đầu", f"Hệ thống {s}") for s in MANY)])
    everyone = data.with_(systems=("Hệ thống A", "Hệ thống B"))  # the file's own system has no line
    assert len(rule_sentences(data, labels=VI)) == 2
    assert [VI.name("rules.due_first") in told for told in rule_sentences(everyone, labels=VI)] == [True]


def test_a_vocabulary_file_says_the_same_of_a_system_as_a_handbook(desk, tmp_path):
    of_handbook = desk(settings=[setting("due", "hiện hành", "Hệ thống A")])
    own = tmp_path / "own.toml"
    own.write_text('[systems."hệ thống a".settings]\ndue = "current"\n', encoding="utf-8")
    of_file = load("data/raw", vocabulary=own, handbook="none")
    assert late(of_file) == late(of_handbook) == ["1B"]
    assert rule_sentences(of_file, labels=VI) == rule_sentences(of_handbook, labels=VI) != []


def test_every_setting_stands_in_the_handbook_with_what_it_does_and_the_reverse():
    names = read_form().choices["settings"]
    assert set(names) == set(read_vocabulary().settings)
    for name, texts in names.items():
        assert all(texts.get(key) for key in ("vi", "en", "does_vi", "does_en")), name


def test_what_a_setting_may_be_is_the_same_in_vocabulary_handbook_and_labels():
    for name, choices in CHOICES.items():
        assert tuple(read_form().choices[name]) == choices
        if name in OF_DOSSIERS:
            assert {f"{name}_{choice}" for choice in choices} <= set(VI.texts["rules"])
        assert read_vocabulary().settings[name] == choices[0]


def test_where_only_some_columns_are_read_the_rules_have_what_they_need(desk):
    data = desk(settings=[setting("due", "hiện hành", "Hệ thống A")])
    few = load("data/raw", columns=["dossier_id", "resolved_on", "first_due_on"])
    assert late(few) == late(data) == ["1B"]


def test_what_counts_as_few_dossiers_is_marked_and_said_and_gone_with_its_line(desk):
    def marked(data):
        calendar, span = calendar_of(data.vocabulary.settings), read_period("2022-01")
        counted = count_durations(data.dossiers, calendar=calendar, by=["channel"], per="day")
        return text(show_turnaround_by(data, counted, span, "channel", calendar=calendar, labels=VI))

    assert VI.name("turnaround.few", number="10") in marked(desk())
    assert "*" not in marked(desk(settings=[setting("few_dossiers", "8")]))  # eight were resolved, of no known channel
    assert VI.name("turnaround.few", number="9") in marked(desk(settings=[setting("few_dossiers", "9")]))
    assert VI.name("turnaround.few", number="10") in marked(desk())
