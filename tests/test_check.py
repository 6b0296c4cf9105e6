"""The doctor: it explains every file in 80 columns, shows nobody's name, writes nothing, and its advice works."""

import hashlib
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import __main__ as command_line
from analysis import commands
from analysis.check import check
from analysis.checkup import checkup
from analysis.labels import read_labels
from analysis.privacy import shown
from analysis.suggestions import look_at, vocabulary_lines
from analysis.terminal import aligned, paragraph, pieces, plain, width
from analysis.vocabulary import read_vocabulary

EXPORTS = Path(__file__).parent / "exports"
SHIPPED = read_vocabulary()
EN = read_labels("en")


def checked(*paths, own=None):
    return check(paths, vocabulary=read_vocabulary(own), own=own)


def sheet_of(path, own=None):
    (file,) = checked(path, own=own)["files"]
    (sheet,) = file["sheets"]
    return sheet


def columns_of(path):
    return {c["heading"]: c for c in sheet_of(path)["columns"]}


def told(*paths):
    return "\n".join(checkup(checked(*paths), EN))


@pytest.fixture(scope="module")
def everything():
    """What is found in every file of ``tests/exports``."""
    return checked(EXPORTS)


@pytest.fixture
def export(tmp_path):
    """Write an export of some lines."""

    def write(*lines, name="export.csv"):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return tmp_path / name

    return write


@pytest.fixture
def run(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["analysis", "check", *map(str, arguments)])
        try:
            command_line.main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        return code, *capsys.readouterr()

    return run


# --- how it is printed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(path.name for path in EXPORTS.iterdir()))
def test_every_export_is_explained_in_80_columns(everything, name):
    (file,) = [f for f in everything["files"] if Path(f["file"]).name == name]
    lines = list(checkup(everything | {"files": [file]}, EN))
    assert [line for line in lines if width(line) > 80] == []
    assert all(line.isprintable() for line in lines)
    assert "".join(lines[: lines.index("")] if "" in lines else lines).find(name) >= 0
    assert file["usable"] != any(line.startswith("CANNOT BE USED") for line in lines)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.text(max_size=120), min_size=3, max_size=3), min_size=1, max_size=3), st.text(max_size=300))
def test_no_text_makes_a_line_wider_than_80_columns_or_speaks_to_the_terminal(rows, text):
    lines = [*aligned(rows), *paragraph(text, 2, 2)]
    assert all(width(line) <= 80 and line.isprintable() for line in lines)
    assert "".join(pieces(plain(text), 20)) == plain(text)


def test_an_escape_sequence_in_a_file_does_not_reach_the_terminal(export):
    text = told(export("Mã hồ sơ,Ngày tiếp nhận,\x1b[2JMàu", "H-1,03/01/2022,x"))
    assert "\x1b" not in text
    assert "Màu" in text


def test_decomposed_letters_are_printed_composed():
    assert "Mã hồ sơ" in told(EXPORTS / "decomposed-letters.csv")


# --- what is found ---------------------------------------------------------------------------------------------------


def test_each_column_is_told_with_how_surely_it_is_understood(export):
    path = export(
        "Mã hồ sơ,Chủ hồ sơ,Ngày nhận,Ngày tiếp nhận,Ngày hẹn trả,Ngày vào sổ",
        *(f"H-{i},Người Thứ Nhất,01/01/2022,0{i}/01/2022,tuần sau {i},0{i}/02/2022" for i in range(1, 10)),
    )
    found = {heading: (c["column"], c["how"], bool(c["unsure"])) for heading, c in columns_of(path).items()}
    assert found == {
        "Mã hồ sơ": ("dossier_id", "exact", False),
        "Chủ hồ sơ": (None, "personal", False),
        "Ngày nhận": (None, "second_choice", True),
        "Ngày tiếp nhận": ("received_on", "exact", True),
        "Ngày hẹn trả": ("due_on", "exact", True),
        "Ngày vào sổ": (None, "unknown", False),
    }
    assert "9 of 9 cells are days" in told(path)


def test_a_column_understood_by_two_rows_says_so(export):
    path = export(
        "Mã hồ sơ,Ngày tiếp nhận,Tạm dừng,", ",,Từ ngày,Đến ngày", "H-1,03/01/2022,04/01/2022,05/01/2022",
        "H-2,03/01/2022,,",
    )  # fmt: skip
    assert columns_of(path)["Từ ngày"]["how"] == "two_rows"
    assert columns_of(path)["Từ ngày"]["column"] == "paused_from"


def test_the_first_lines_are_shown_as_understood_without_personal_columns(export):
    path = export(
        "Mã hồ sơ,Chủ hồ sơ,Ngày tiếp nhận,Hình thức nộp", "H-1,Người Thứ Nhất,44564,TRUC TUYEN",
        "H-2,Người Thứ Hai,03/01/2022 08:15,Kiosk",
    )  # fmt: skip
    assert sheet_of(path)["first_rows"] == [
        {"row": 2, "dossier_id": "H-1", "channel": "online", "received_on": "2022-01-03"},
        {"row": 3, "dossier_id": "H-2", "channel": "unknown", "received_on": "2022-01-03 08:15"},
    ]
    assert "Người" not in json.dumps(checked(path), ensure_ascii=False)


def test_what_would_be_rejected_is_counted_with_an_example(export):
    path = export("Mã hồ sơ,Ngày tiếp nhận", "H-1,31/02/2022", "H-2,32/01/2022", ",03/01/2022", "H-4,04/01/2022")
    sheet = sheet_of(path)
    assert sheet["rejected"] == [
        {"reason": "unreadable_received_on", "column": "received_on", "lines": 2, "row": 2, "value": "31/02/2022"},
        {"reason": "missing_dossier_id", "column": "dossier_id", "lines": 1, "row": 4, "value": ""},
    ]
    assert sheet["fates"] == {"kept": 1, "rejected": 3, "not_data": 1}
    assert sum(sheet["fates"].values()) == sheet["lines"]


def test_unmapped_words_of_all_lines_are_counted(export):
    path = export(
        "Mã hồ sơ,Ngày tiếp nhận,Hình thức nộp", "H-1,03/01/2022,Kiosk", "H-2,bad day,KIOSK", "H-3,03/01/2022,",
        "H-4,03/01/2022,Trực tuyến",
    )  # fmt: skip
    assert sum(w["lines"] for w in sheet_of(path)["unmapped"]) == 2
    assert {w["column"] for w in sheet_of(path)["unmapped"]} == {"channel"}


def test_a_column_of_names_under_the_heading_of_a_status_is_not_listed(export):
    names = [f"Người Thứ {chr(65 + i)}{chr(65 + j)}" for i in range(8) for j in range(8)]
    path = export("Mã hồ sơ,Ngày tiếp nhận,Trạng thái", *(f"H-{i},03/01/2022,{n}" for i, n in enumerate(names)))
    said = json.dumps(checked(path), ensure_ascii=False)
    assert not [name for name in names if name in said]


def test_a_file_without_a_header_that_is_understood_is_told_by_its_shape(export):
    path = export(
        "BÁO CÁO,,",
        "Ngày tiếp nhận HS,Mã hồ sơ điện tử,Màu giấy",
        *(f"0{i}/01/2022,H-{i}.22,vàng" for i in range(1, 5)),
    )
    found = checked(path)
    (sheet,) = found["files"][0]["sheets"]
    assert not found["files"][0]["usable"]
    assert (sheet["header"]["row"], sheet["header"]["found_by"]) == (2, "shape")
    assert (sheet["lines"], sheet["width"], sheet["nearest_table"]) == (6, 3, "dossiers")
    near = {c["heading"]: [n["column"] for n in c["nearest"]][:1] for c in sheet["columns"]}
    assert near["Ngày tiếp nhận HS"] == ["received_on"]
    assert sheet["missing"] == [["dossier_id"], ["received_on"]]


def test_a_required_column_that_is_missing_is_named():
    assert sheet_of(EXPORTS / "one-column.csv")["missing"] == [["received_on"]]
    assert "missing: received_on" in told(EXPORTS / "one-column.csv")


def test_every_sheet_of_a_workbook_is_explained(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "two.xlsx") as book:
        for name, headings in {"Hồ sơ": ["Mã hồ sơ", "Ngày tiếp nhận"], "Ghi chú": ["Việc", "Ai"]}.items():
            sheet = book.add_worksheet(name)
            sheet.write_row("A1", headings)
            sheet.write_row("A2", ["H-1", "03/01/2022"])
    (file,) = checked(tmp_path / "two.xlsx")["files"]
    assert file["usable"]
    assert [(s["sheet"], s["table"]) for s in file["sheets"]] == [("Hồ sơ", "dossiers"), ("Ghi chú", "")]


# --- the command -----------------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_used_is_told_in_its_place_and_the_others_go_on(run):
    code, out, _ = run(EXPORTS / "comma.csv", EXPORTS / "picture.xlsx", EXPORTS / "tab.tsv", "not/there.csv")
    assert code == commands.BAD_INPUT
    assert [out.index(name) for name in ("comma.csv", "picture.xlsx", "tab.tsv", "not/there.csv")] == sorted(
        out.index(name) for name in ("comma.csv", "picture.xlsx", "tab.tsv", "not/there.csv")
    )
    assert out.count("CANNOT BE USED") == 2
    assert "2 can be used, 2 cannot" in out


def test_files_that_can_be_used_end_with_zero(run):
    assert run(EXPORTS / "comma.csv", EXPORTS / "tab.tsv")[0] == 0


def test_the_json_of_all_files_is_one_whole_document(run):
    names = ["comma.csv", "document.xlsx", "sections.csv"]
    _, out, _ = run("--json", *(EXPORTS / name for name in names))
    found = json.loads(out)
    assert found == json.loads(json.dumps(checked(*(EXPORTS / name for name in names))))
    assert [Path(f["file"]).name for f in found["files"]] == names
    assert found["unusable"] == 1


def test_every_file_of_a_folder_is_there_with_all_its_lines(everything):
    assert sorted(Path(f["file"]).name for f in everything["files"]) == sorted(p.name for p in EXPORTS.iterdir())
    assert everything["unusable"] == sum(not f["usable"] for f in everything["files"])
    for file in everything["files"]:
        assert file.keys() == {"file", "usable", "problem", "bytes", "sha256", "sheets"}
        assert bool(file["problem"]) != file["usable"]
        assert all(s["fates"] == {} or sum(s["fates"].values()) == s["lines"] for s in file["sheets"])


def test_the_keys_of_the_json_are_those_the_docstring_names(run):
    found = checked(EXPORTS / "personal-columns.csv")
    sheet = found["files"][0]["sheets"][0]
    keys = {*found, *found["files"][0], *sheet, *(key for column in sheet["columns"] for key in column)}
    named = set(re.findall(r"``(\w+)``", check.__doc__))
    assert keys - named == set()


def test_nothing_is_written(run, tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_bytes((EXPORTS / "comma.csv").read_bytes())
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04")
    monkeypatch.chdir(tmp_path)

    def tree():
        return {p: (p.stat().st_mtime_ns, hashlib.sha256(p.read_bytes()).digest()) for p in tmp_path.rglob("*")}

    before = tree()
    run(".")
    run("--json", ".")
    assert tree() == before


# --- the lines it advises --------------------------------------------------------------------------------------------


def test_the_lines_to_add_make_the_file_understood_once_the_meaning_is_put_in(export, tmp_path):
    path = export(
        "Nhãn,Ngày tiếp nhận HS,Kênh,Kênh tiếp nhận", *(f"H-{i}.22,0{i}/01/2022,x,Kiosk" for i in range(1, 6))
    )
    lines = checked(path)["vocabulary_lines"]
    assert read_vocabulary(write(tmp_path, lines))  # valid before anything is filled in
    filled = lines.replace('# ??? = ["Nhãn"]', 'dossier_id = ["Nhãn"]')
    own = write(tmp_path, filled)
    assert sheet_of(path, own)["table"] == "dossiers"
    words = checked(path, own=own)["vocabulary_lines"]
    assert '"Kiosk",' in words
    whole = filled + "\n" + words[words.index("[words.channel]") :].replace("online = []", 'online = ["Kiosk"]')
    sheet = sheet_of(path, write(tmp_path, whole))
    assert sheet["unmapped"] == []
    assert {row["channel"] for row in sheet["first_rows"]} == {"online"}


def write(folder, text):
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return folder / "own.toml"


def test_a_likely_heading_is_offered_as_the_answer_only_if_its_cells_fit(export):
    days = export("Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả KQ", "H-1,03/01/2022,04/01/2022", name="a.csv")
    texts = export("Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả KQ", "H-1,03/01/2022,mai", name="b.csv")
    assert columns_of(days)["Ngày hẹn trả KQ"]["guess"] == "due_on"
    assert columns_of(texts)["Ngày hẹn trả KQ"]["guess"] == ""


ANY = st.text(min_size=1, max_size=150).filter(lambda text: any(c.isalnum() for c in text))


@settings(max_examples=100, deadline=None)
@given(st.lists(ANY, max_size=4), st.lists(ANY, max_size=4), st.booleans())
def test_any_heading_and_word_gives_valid_lines_of_80_columns(headings, words, guessed):
    lines = vocabulary_lines(
        [{"table": "dossiers", "heading": h, "guess": "due_on" if guessed else "", "said": "?"} for h in headings],
        [{"list": "mode", "word": w, "lines": 1} for w in words],
        meanings={"mode": ["online", "in_person"]},
    )
    found = tomllib.loads(lines)
    assert all(width(line) <= 80 for line in lines.splitlines())
    offered = found.get("columns", {}).get("dossiers", {}).get("due_on", [])
    assert len(offered) == (len(headings) if guessed else 0)
    uncommented = (
        re.sub(r"(?m)^# ", "", lines.replace("???", "closed_on")) if len(headings) == 1 and not guessed else ""
    )
    assert not uncommented or "closed_on" in uncommented


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2", "3", "4"], "count"),
        (["03/01/2022", "2022-01-03", "", "?"], "days"),
        (["Trực tuyến", "Tại quầy", "Kiosk"], "channel"),
        (["H-1", "H-2"], "codes"),
        (["50.000", "20000"], "numbers"),
        (["một", "hai"], "texts"),
        (["", "-"], ""),
    ],
)
def test_cells_are_told_by_their_kind(cells, kind):
    assert look_at(cells, SHIPPED).kind == kind


@pytest.mark.parametrize(
    ("value", "column", "whole"),
    [
        ("31/02/2022", "received_on", True),
        ("sáng thứ hai", "resolved_on", True),
        ("0912 345 678", "received_on", False),
        ("Người Thứ Nhất", "received_on", False),
        ("nguoi@noi.vn", "channel", False),
        ("000.00.16.H99-220103-0001", "dossier_id", True),
        ("Người Thứ Nhất", "dossier_id", False),
        ("Đang chờ ký", "status", True),
        ("x" * 500, "procedure", False),
    ],
)
def test_a_value_that_cannot_be_what_its_column_holds_is_cut(value, column, whole):
    assert (shown(value, column) == value) == whole
    assert whole or (len(shown(value, column)) <= 7 and shown(value, column).endswith("…"))
