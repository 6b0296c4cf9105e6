"""The handbook is written so that a clerk can fill it in, and brought up to date so that nothing typed is lost."""

import os
import subprocess
import sys

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from analysis.grids import FileProblem
from analysis.handbook import NAME, read_handbook
from analysis.handbook_form import read_form
from analysis.handbook_page import mistake_sentences
from analysis.handbook_workbook import HEADINGS, Learned, write_handbook
from analysis.labels import read_labels
from analysis.vocabulary import read_vocabulary

WORDS = read_vocabulary()

LEARNED = Learned("words.status", "Chờ lãnh đạo ký", 12, "a.csv")


@pytest.fixture
def path(tmp_path):
    write_handbook(tmp_path / NAME, vocabulary=WORDS)
    return tmp_path / NAME


def run(*arguments, folder):
    command = [sys.executable, "-m", "analysis", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)


def cell_of(sheet, column, row):
    heads = [cell.value for cell in sheet[HEADINGS]]
    return sheet.cell(row, heads.index(column) + 1)


# --- a new one -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_new_workbook_says_nothing_and_shows_how(lang, tmp_path):
    write_handbook(tmp_path / NAME, vocabulary=WORDS, lang=lang)
    read = read_handbook(tmp_path / NAME)
    assert all(lines.empty for lines in read.lines.values())
    assert read.mistakes.empty
    book = openpyxl.load_workbook(tmp_path / NAME)
    for name, form in read_form().sheets.items():
        sheet = book[form.names[lang]]
        assert sheet.freeze_panes == f"A{HEADINGS + 1}"
        assert sheet["A2"].value == form.helps[lang]
        assert [cell.value for cell in sheet[HEADINGS]] == [column.names[lang] for column in form.columns.values()]
        assert any(cell.value for cell in sheet[HEADINGS - 1][1:]), name
        assert sheet.data_validations.count


def test_every_choice_of_a_drop_down_is_one_that_is_read(path):
    book = openpyxl.load_workbook(path)
    lists = book["Danh mục chọn"]
    assert lists.sheet_state == "hidden"
    (column,) = [c for c in lists.iter_cols(values_only=True) if c[0] == "[definitions]"]
    sheet = book["Chỉ tiêu"]
    for row, text in enumerate(filter(None, column[1:]), HEADINGS + 1):
        for name, typed in {
            "Chỉ tiêu": "Tỷ lệ trực tuyến",
            "Cách tính": text,
            "Năm": 2000 + row,
            "Giá trị (%)": 50,
        }.items():
            cell_of(sheet, name, row).value = typed
        cell_of(sheet, "Căn cứ", row).value = "Quyết định"
    book.save(path)
    assert read_handbook(path).of("targets").definition.tolist() == list(read_form().choices["definitions"])


def test_every_setting_stands_there_with_its_default_and_what_it_does(path):
    sheet = openpyxl.load_workbook(path)["Thiết lập"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEADINGS + 1) if row[0].value]
    assert [row[0] for row in rows] == [said["vi"] for said in read_form().choices["settings"].values()]
    assert [row[3] or "" for row in rows] == [str(WORDS.settings[name]) for name in read_form().choices["settings"]]
    assert all(row[4] for row in rows)


def test_days_are_typed_as_text_so_that_no_country_swaps_day_and_month(path):
    sheet = openpyxl.load_workbook(path)["Ngày nghỉ"]
    assert sheet.cell(HEADINGS + 1, 1).number_format == "@"


# --- an old one ------------------------------------------------------------------------------------------------------


def test_what_was_typed_is_kept_with_its_format_its_remarks_and_ones_own_sheets(path):
    book = openpyxl.load_workbook(path)
    sheet = book["Ngày nghỉ"]
    for column, text in enumerate(["02/09/2022", "Nghỉ", "Thông báo", "đã đối chiếu"], 1):
        sheet.cell(7, column).value = text
    sheet["C7"].fill = PatternFill("solid", fgColor="FF0000")
    sheet["C7"].comment = Comment("hỏi lại", "Một cửa")
    sheet["H9"].value = "ghi chép ngoài lề"
    book.create_sheet("Việc cần làm")["B2"].value = "31/02/2022"
    book.save(path)
    before = read_handbook(path)
    write_handbook(path, vocabulary=WORDS, learned=[LEARNED])
    after, book = read_handbook(path), openpyxl.load_workbook(path)
    assert after.of("days").equals(before.of("days"))
    assert len(after.of("days")) == 1
    sheet = book["Ngày nghỉ"]
    assert (sheet["C7"].fill.fgColor.rgb[-6:], sheet["C7"].comment.text) == ("FF0000", "hỏi lại")
    assert (sheet["H9"].value, book["Việc cần làm"]["B2"].value) == ("ghi chép ngoài lề", "31/02/2022")


def test_what_is_missing_is_added(path):
    book = openpyxl.load_workbook(path)
    del book["Chỉ tiêu"]
    book["Ngày nghỉ"].delete_cols(4)
    book["Thiết lập"].delete_rows(HEADINGS + 2)
    book.save(path)
    added = write_handbook(path, vocabulary=WORDS)
    assert added == {"sheets": 1, "columns": 1, "settings": 1, "words": 0}
    assert write_handbook(path, vocabulary=WORDS) == dict.fromkeys(added, 0)


def test_the_second_writing_changes_no_cell(path):
    def cells():
        return [[c.value for c in row] for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows()]

    before = cells()
    write_handbook(path, vocabulary=WORDS)
    assert cells() == before


def test_a_workbook_whose_formulas_would_lose_their_values_is_not_touched(path, soffice, tmp_path):
    book = openpyxl.load_workbook(path)
    for column, text in enumerate(['="02/09/"&"2022"', "Nghỉ", "Thông báo"], 1):
        book["Ngày nghỉ"].cell(5, column).value = text
    book.save(path)
    computed = converted(soffice, path, tmp_path / "computed")
    assert len(read_handbook(computed).of("days")) == 1
    before = computed.read_bytes()
    with pytest.raises(FileProblem, match="formulas"):
        write_handbook(computed, vocabulary=WORDS)
    assert computed.read_bytes() == before
    assert [p.name for p in computed.parent.iterdir()] == [NAME]


def test_a_disk_that_is_full_leaves_the_old_workbook(path, monkeypatch):
    before = path.read_bytes()

    def full(self, content):
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(type(path), "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write_handbook(path, vocabulary=WORDS)
    monkeypatch.undo()
    assert path.read_bytes() == before


def test_a_file_that_is_no_handbook_is_never_written_over(tmp_path):
    (tmp_path / NAME).write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(FileProblem, match="PNG"):
        write_handbook(tmp_path / NAME, vocabulary=WORDS)
    assert (tmp_path / NAME).read_bytes() == b"\x89PNG\r\n\x1a\n"


# --- words that are learned ------------------------------------------------------------------------------------------


def test_a_learned_word_waits_for_its_meaning_and_stands_there_once(path):
    assert write_handbook(path, vocabulary=WORDS, learned=[LEARNED])["words"] == 1
    assert (
        write_handbook(path, vocabulary=WORDS, learned=[LEARNED._replace(word="CHỜ LÃNH ĐẠO KÝ", lines=15)])["words"]
        == 0
    )
    sheet = openpyxl.load_workbook(path)["Từ vựng"]
    assert [cell.value for cell in sheet[HEADINGS + 1]][:6] == [
        "Trạng thái hồ sơ",
        LEARNED.word,
        None,
        None,
        "15",
        "a.csv",
    ]
    assert read_handbook(path).of("words").empty


def test_a_word_that_looks_like_a_formula_is_text(path):
    write_handbook(path, vocabulary=WORDS, learned=[LEARNED._replace(word='=HYPERLINK("http://a")')])
    cell = cell_of(openpyxl.load_workbook(path)["Từ vựng"], "Từ trong phần mềm", HEADINGS + 1)
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://a")')


def test_check_learns_words_and_the_next_run_understands_them(tmp_path):
    text = (
        "Mã hồ sơ;Ngày tiếp nhận;Trạng thái;Vùng\nH-1;03/01/2022;Chờ lãnh đạo ký;A\nH-2;04/01/2022;Chờ lãnh đạo ký;B\n"
    )
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    done = run("check", "--learn", tmp_path, folder=tmp_path)
    assert (done.returncode, "2 words were added" in done.stderr) == (0, True), done.stderr
    book = openpyxl.load_workbook(tmp_path / NAME)
    sheet = book["Từ vựng"]
    cell_of(sheet, "Ý nghĩa", HEADINGS + 1).value = "Không đọc"
    cell_of(sheet, "Ý nghĩa", HEADINGS + 2).value = "Đang xử lý"
    book.save(tmp_path / NAME)
    again = run("check", "--learn", tmp_path, folder=tmp_path)
    assert "nothing to learn" in again.stderr, again.stderr
    counted = run("clean", "--data", tmp_path, folder=tmp_path)
    assert "unmapped_word" not in counted.stderr
    none = run("clean", "--data", tmp_path, "--handbook", "none", folder=tmp_path)
    assert "2 x unmapped_word (status)" in none.stderr


def test_the_command_writes_one_beside_the_exports(tmp_path):
    (tmp_path / "exports").mkdir()
    done = run("handbook", "--data", tmp_path / "exports", folder=tmp_path)
    assert (done.returncode, done.stderr.strip().endswith("was written.")) == (0, True), done.stderr
    again = run("handbook", "--data", tmp_path / "exports", folder=tmp_path)
    assert "nothing added; what was typed is as it was" in again.stderr
    missing = run("handbook", "--data", tmp_path / "nowhere", folder=tmp_path)
    assert (missing.returncode, "there is no such folder" in missing.stderr) == (3, True)


# --- LibreOffice -----------------------------------------------------------------------------------------------------


def converted(soffice, workbook, folder):
    profile = (folder / "profile").as_uri()
    command = [
        soffice,
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(folder),
    ]
    subprocess.run([*command, str(workbook)], check=True, capture_output=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    subprocess.run(["rm", "-rf", folder / "profile"], check=True)
    return folder / workbook.name


def test_libreoffice_opens_and_saves_what_was_filled_in(path, soffice, tmp_path, handbook_of):
    filled = {
        "Ngày nghỉ": ["02/09/2022", "Nghỉ", "Thông báo", ""],
        "Chỉ tiêu": ["Tỷ lệ trước và đúng hạn", "", "", 2022, 95, "Quyết định"],
        "Điều chỉnh": ["", "000.00.99", "Ngày có kết quả", "12/05/2032", "12/05/2022", "Nhầm", "Một cửa", "20/05/2022"],
        "Nhận định": ["2022", "Nguyên nhân", "Đổi phần mềm.\nThiếu người.", "", ""],
    }
    book = openpyxl.load_workbook(path)
    for name, texts in filled.items():
        for column, text in enumerate(texts, 1):
            book[name].cell(HEADINGS + 1, column).value = text
    book.save(path)
    before = read_handbook(path)
    saved = converted(soffice, path, tmp_path / "saved")
    after = read_handbook(saved)
    assert mistake_sentences(after, labels=read_labels("en")) == []
    assert all(after.of(sheet).equals(lines) for sheet, lines in before.lines.items())
    assert sum(map(len, after.lines.values())) == len(filled)
    checks = openpyxl.load_workbook(saved)["Từ vựng"].data_validations.dataValidation
    assert any("OFFSET" in (check.formula1 or "") for check in checks)
    assert write_handbook(saved, vocabulary=WORDS) == dict.fromkeys(("sheets", "columns", "settings", "words"), 0)


def test_a_workbook_that_is_open_in_excel_is_to_be_closed(path, monkeypatch):
    before = path.read_bytes()

    def held(self, target):
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(type(path), "replace", held)
    with pytest.raises(FileProblem, match="close it where it is open"):
        write_handbook(path, vocabulary=WORDS)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [NAME]
