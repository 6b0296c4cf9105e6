"""A choice is one line that says it all, and means the same after it was copied into Python, a shell, or a file name."""

import ast
import shlex
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.exploration import Choice, ChoiceRefused, read_choice
from analysis.explored_files import commands
from analysis.labels import read_labels

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20).map(
    lambda name: " ".join(name.split())
)


def test_a_choice_of_nothing_is_an_empty_line():
    assert Choice().line() == ""
    assert read_choice("") == Choice()


@given(unit=NAMES, field=NAMES, procedure=NAMES)
def test_a_line_gives_the_choice_again_whatever_names_hold(unit, field, procedure):
    choice = Choice(period="2022-Q3", unit=unit, field=field, procedure=procedure, channel="online", on_time="D2")
    assert read_choice(choice.line()) == choice
    assert "\n" not in choice.line()


@given(unit=NAMES, field=NAMES)
def test_a_line_stands_between_double_quotes_in_python_and_in_a_shell(unit, field):
    choice = Choice(period="2022", unit=unit, field=field)
    assert read_choice(ast.literal_eval(f'"{choice.line()}"')) == choice
    words = shlex.split(commands(choice, lang="vi", told={})["command"])
    assert read_choice(words[words.index("choice") + 1]) == choice
    assert not set("$`\\!\"';") & set(choice.line().replace("; ", ""))


@pytest.mark.parametrize("part", [field.name for field in fields(Choice)])
def test_every_part_is_told_where_it_differs(part):
    others = {
        "channel": "postal",
        "due": "current",
        "judged_by": "timestamp",
        "on_time": "D3",
        "online": "O4",
        "table": "unit",
    }
    choice = replace(Choice(), **{part: others.get(part, "2022")})
    assert choice.line() == f"{part}={others.get(part, '2022')}"
    assert read_choice(choice.line()) == choice


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("periode=2022", "no part “periode”; the nearest is “period”"),
        ("period=2022; period=2021", "says the part “period” twice"),
        ("period", "“period=value”"),
        ("channel=onlin", "channel cannot be “onlin”; the nearest is “online”"),
        ("on_time=D9", "It can be: D1, D1_pauses_out, D2, D3, D4"),
    ],
)
def test_a_line_that_means_nothing_says_what_may_be_written(line, said):
    with pytest.raises(ChoiceRefused) as refused:
        read_choice(line)
    assert said in str(refused.value)
    assert refused.value.told(read_labels("vi")) != str(refused.value)


def test_a_file_is_named_for_all_that_was_chosen():
    choice = Choice(period="2021-12-15..2022-12-14", as_of="2022-11-10", unit="Điểm tiếp nhận số 01", channel="online",
                    due="current", on_time="D2")  # fmt: skip
    name = choice.file_name("Đúng hạn", ".png")
    assert name == "2021-12-15_2022-12-14.as-of-2022-11-10.diem-tiep-nhan-so-01.online.current.D2.dung-han.png"


def test_a_file_stays_in_its_folder_whatever_a_name_holds():
    assert "/" not in Choice(period="2022", unit="../../etc", field="a\\b:c").file_name("x", ".png")


@pytest.mark.parametrize(("choice", "can"), [
    (Choice(period="2022"), True), (Choice(period="2022", unit="A", as_of="2022-06-30", table="unit"), True),
    (Choice(period="2022", field="A"), False), (Choice(period="2022", channel="online"), False),
    (Choice(period="2022", procedure="1.000001"), False), (Choice(period="2022", due="current"), False),
    (Choice(period="2022", on_time="D2"), False), (Choice(period="2022", online="O2"), False),
])  # fmt: skip
def test_the_report_is_offered_only_where_it_shows_the_same(choice, can):
    assert ("report_command" in commands(choice, lang="vi", told={})) == can


def test_a_unit_that_a_shell_would_run_is_in_no_command_but_as_its_number():
    shown = commands(Choice(period="2022", unit="$(rm -rf x)"), lang="vi", told={})
    assert list(shown) == ["command"]
    assert "$" not in shown["command"]


def test_the_commands_name_the_exports_the_words_and_the_language():
    told = {"data": "more data/2022*.csv", "vocabulary": "ours.toml", "handbook": "none", "names": ""}
    shown = commands(Choice(period="2022-Q3", unit="Sở Xây dựng", as_of="2022-11-10"), lang="en", told=told)
    assert shlex.split(shown["report_command"]) == [
        "analysis", "report", "2022-Q3", "--as-of", "2022-11-10", "--unit", "Sở Xây dựng", "--lang", "en",
        "--data", "more data/2022*.csv", "--vocabulary", "ours.toml", "--handbook", "none",
    ]  # fmt: skip
    words = shlex.split(shown["report_papermill"])
    assert words[:2] == ["papermill", "notebooks/annual.ipynb"]
    assert words[3:9] == ["-r", "period", "2022-Q3", "-r", "as_of", "2022-11-10"]
