"""The controls: what is changed follows at once, mistakes are sentences, and files say where they went."""

from datetime import date

import openpyxl
import pytest
from conftest import module

from analysis.exploration import Choice
from analysis.labels import read_labels


@pytest.fixture(scope="module")
def explorer_of(sample, tmp_path_factory):
    """Makes the controls of the sample: a choice, and a language."""
    module("ipywidgets")
    from analysis.explore_controls import Explorer

    def made(choice="", lang="vi"):
        explorer = Explorer(sample, choice, labels=read_labels(lang), told={"data": "data/raw"})
        explorer.folder = tmp_path_factory.mktemp("exploration")
        return explorer

    return made


@pytest.fixture(scope="module")
def shared(explorer_of):
    return explorer_of()


@pytest.fixture
def explorer(shared):
    """The same controls for each test, with nothing chosen."""
    shared._set(Choice(period="2022"))
    shared.said.value = ""
    shared._read()
    shared._look()
    return shared


def received(explorer):
    return int(explorer.explored.figures.value["received"])


def test_the_controls_begin_with_the_year_of_the_data(explorer):
    assert explorer.choice == Choice(period="2022")
    assert (explorer.controls["year"].value, explorer.controls["part"].value) == ("2022", "")
    assert received(explorer) == 937


def test_a_line_sets_every_control(explorer_of):
    line = "period=2022-Q3; as_of=2022-08-31; unit=Sở Xây dựng; field=Hoạt động xây dựng; channel=in_person; due=current; on_time=D2; online=O4; table=unit"
    controls = explorer_of(line).controls
    assert {name: controls[name].value for name in ("year", "part", "period", "unit", "field", "channel", "due", "on_time", "online", "table")} == {
        "year": "2022", "part": "Q3", "period": "2022-Q3", "unit": "Sở Xây dựng", "field": "Hoạt động xây dựng", "channel": "in_person",
        "due": "current", "on_time": "D2", "online": "O4", "table": "unit",
    }  # fmt: skip
    assert controls["as_of"].value == date(2022, 8, 31)


@pytest.mark.parametrize(("name", "value", "line"), [
    ("part", "Q3", "period=2022-Q3"), ("year", "2021", "period=2021"), ("period", "2022-02", "period=2022-02"),
    ("as_of", date(2022, 6, 30), "period=2022; as_of=2022-06-30"), ("unit", "Sở Xây dựng", "period=2022; unit=Sở Xây dựng"),
    ("channel", "online", "period=2022; channel=online"), ("field", "Hạ tầng kỹ thuật", "period=2022; field=Hạ tầng kỹ thuật"),
    ("due", "current", "period=2022; due=current"), ("judged_by", "timestamp", "period=2022; judged_by=timestamp"),
    ("on_time", "D3", "period=2022; on_time=D3"), ("online", "O2", "period=2022; online=O2"), ("table", "unit", "period=2022; table=unit"),
])  # fmt: skip
def test_each_control_changes_the_choice(explorer, name, value, line):
    explorer.controls[name].value = value
    assert explorer.choice.line() == line
    assert explorer.explored.choice == explorer.choice


def test_other_rows_of_the_table_draw_no_picture_anew(explorer, monkeypatch):
    monkeypatch.setattr(explorer, "_figures", None)
    monkeypatch.setattr(explorer, "_draw", None)
    explorer.controls["table"].value = "channel"
    assert explorer.explored.table.received.to_dict() == {"in_person": 774, "online": 163}


def test_a_procedure_is_found_by_a_part_of_its_name(explorer):
    title = explorer.controls["procedure"].options[0]
    explorer.controls["procedure"].value = title[10:40]
    assert explorer.choice.procedure == title.partition(" · ")[0]


def test_a_text_that_several_procedures_have_waits_for_a_choice(explorer):
    explorer.controls["procedure"].value = "cấp"
    assert "10 thủ tục có “cấp”" in explorer.said.value
    assert explorer.choice == Choice(period="2022")


def test_a_typed_period_that_is_no_part_of_a_year_says_so(explorer):
    explorer.controls["period"].value = "2022-01-10..2022-02-20"
    assert explorer.controls["part"].value == "typed"
    assert received(explorer) > 0


@pytest.mark.parametrize(("name", "value", "said"), [
    ("period", "20222", "“20222” không phải là kỳ. Có thể gõ: 2022, 2022-Q3"),
    ("period", "2019", "từ 01/01/2019 đến 31/12/2019"),
    ("as_of", date(2, 1, 1), "sau ngày của số liệu"),
    ("procedure", "không có thật", "Thủ tục: không có hồ sơ nào mang tên “không có thật”; gần nhất là"),
    ("channel", "other", "Không có hồ sơ nào phù hợp với lựa chọn này: Hình thức nộp: hình thức khác"),
])  # fmt: skip
def test_what_shows_nothing_is_a_sentence_and_can_be_left_again(explorer, name, value, said):
    explorer.controls[name].value = value
    assert said in explorer._figures()
    assert explorer._grid() == ""
    explorer._reset()
    assert received(explorer) == 937


def test_a_line_that_cannot_be_read_is_a_sentence_in_the_place_of_the_figures(explorer_of):
    explorer = explorer_of("perio=2022")
    assert "Lựa chọn không có phần “perio”; gần nhất là “period”" in explorer._figures()


def test_a_name_that_the_exports_do_not_have_is_refused_with_the_nearest(explorer_of):
    assert "gần nhất là “Sở Xây dựng”" in explorer_of("unit=Sở Xây dựn")._figures()


def test_the_controls_speak_english_too(explorer_of):
    explorer = explorer_of(lang="en")
    assert explorer.controls["channel"].description == "Channel"
    assert "Dossiers received" in explorer._figures()


def test_a_saved_file_is_named_and_opens(explorer):
    explorer.controls["channel"].value = "online"
    explorer._save_table()
    path = explorer.folder / "2022.online.bang-thang.xlsx"
    assert str(path) in explorer.said.value
    assert openpyxl.load_workbook(path).worksheets[1]["B4"].value == 5
    explorer.picture.value = "open"
    explorer._save_picture("png")
    assert (explorer.folder / "2022.online.dang-giai-quyet.png").is_file()


def test_the_folder_that_the_shown_command_writes_into_is_there(explorer, monkeypatch):
    monkeypatch.setattr(explorer, "folder", explorer.folder / "exploration")
    explorer.show_kept()
    assert explorer.folder.is_dir()


def test_a_file_that_cannot_be_written_is_a_sentence(explorer, monkeypatch):
    (explorer.folder / "file").write_text("")
    monkeypatch.setattr(explorer, "folder", explorer.folder / "file" / "below")
    explorer._save_table()
    assert "Không lưu được" in explorer.said.value


def test_nothing_is_saved_where_nothing_is_shown(explorer):
    explorer.controls["period"].value = "2019"
    explorer._save_picture("svg")
    assert "Chưa có gì để lưu" in explorer.said.value
    assert not list(explorer.folder.glob("2019*"))
