"""What a file is, its content says; the header is found, every line accounted for, and no code loses a zero."""

import contextlib
import datetime as dt
import shutil
from pathlib import Path

import pyarrow.compute as pc
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.files import find_exports, read_export, read_grids
from analysis.grids import Doubt, FileProblem
from analysis.headers import LOOK
from analysis.vocabulary import read_vocabulary

EXPORTS = Path(__file__).parent / "exports"
SHIPPED = read_vocabulary()
CODES = ["H99.01-220103-0001", "H99.01-220104-0001"]


def read(name, called=None):
    """Every sheet of a file of ``tests/exports``; its lines add up to the rows of the file."""
    sheets = read_export(EXPORTS / name, vocabulary=SHIPPED, name=called)
    for sheet in sheets:
        rows = [*sheet.lines["source_row"].to_pylist(), *(row for row, _ in sheet.not_data)]
        assert sorted(rows) == list(range(1, sheet.lines_read + 1))
    return sheets


def only(name, called=None):
    (sheet,) = read(name, called)
    return sheet


def problem(name):
    """What is said of a file that is no export; the file is named first."""
    with pytest.raises(FileProblem) as caught:
        read(name)
    assert str(caught.value).startswith(name)
    return str(caught.value)


def not_data(sheet):
    """Reason -> rows."""
    rows = {}
    for row, reason in sheet.not_data:
        rows.setdefault(reason, []).append(row)
    return rows


@pytest.fixture
def workbook(tmp_path):
    """Read a workbook that a function writes, under any name."""

    def write_and_read(write, name="export.xlsx"):
        path = tmp_path / name
        with xlsxwriter.Workbook(path) as book:
            write(book)
        sheets = read_export(path, vocabulary=SHIPPED)
        for sheet in sheets:
            rows = [*sheet.lines["source_row"].to_pylist(), *(row for row, _ in sheet.not_data)]
            assert sorted(rows) == list(range(1, sheet.lines_read + 1))
        return sheets

    return write_and_read


def plain_sheet(book, name="Data", codes=CODES):
    sheet = book.add_worksheet(name)
    sheet.write_row("A1", ["Mã hồ sơ", "Ngày tiếp nhận"])
    for row, code in enumerate(codes, 1):
        sheet.write_row(row, 0, [code, "03/01/2022"])
    return sheet


# --- delimited text --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "tcvn3-bytes.csv", "vni-bytes.csv", "windows-1258.csv", "tcvn3-in-utf-8.csv", "vni-in-utf-8.csv", "utf-8-misread.csv",
        "windows-1258-misread.csv", "utf-16-big-endian.csv", "utf-16-without-mark.csv", "utf-32.csv", "zero-bytes-in-text.csv",
        "comma.csv", "semicolon.csv", "tab.tsv", "pipe.txt", "byte-order-mark.csv", "utf-16.csv", "windows-line-ends.csv",
        "no-last-line-end.csv", "sep-line.csv", "decomposed-letters.csv", "capitals-without-accents.csv", "title-block.csv",
        "short-title-lines.csv", "number-row.csv", "repeated-header.csv", "total-and-signature.csv", "sections.csv",
        "lines-of-other-lengths.csv", "two-row-header.csv",
    ],
)  # fmt: skip
def test_the_same_two_dossiers_are_read_however_they_are_written(name):
    sheet = only(name)
    assert (sheet.table, sheet.format, sheet.file) == ("dossiers", "csv", name)
    lines = sheet.lines.filter(pc.invert(sheet.lines["ragged"]))
    assert lines["dossier_id"].to_pylist() == CODES
    assert lines["received_on"].to_pylist() == ["03/01/2022", "04/01/2022"]
    assert len(lines["channel"]) == 2


@pytest.mark.parametrize(
    "name", ["tcvn3-bytes.csv", "vni-bytes.csv", "windows-1258.csv", "vni-in-utf-8.csv", "utf-8-misread.csv"]
)
def test_headings_and_words_of_old_text_are_as_they_were_written(name):
    assert only(name).headings == only("comma.csv").headings
    assert only(name).lines["channel"].to_pylist() == ["Trực tuyến", "Trực tiếp"]


def test_text_in_an_old_font_is_restored_in_a_workbook_too():
    sheet = only("vni-in-a-workbook.xlsx")
    assert sheet.lines["channel"].to_pylist() == ["Trực tuyến", "Trực tiếp"]
    assert Doubt("restored_text", "VNI: 1, 2, 3") in sheet.doubts


@pytest.mark.parametrize("name", ["windows-1252", "cp850", "mac-roman"])
def test_western_encodings_are_told_apart(name):
    sheet = only(f"{name}.csv")
    assert sheet.lines["procedure"].to_pylist() == ["Straße Köln Gebäude Prüfung", "Größe Fläche Übergabe"]
    assert (sheet.read_as["encoding"], sheet.doubts) == (name, ())


def test_an_encoding_that_cannot_be_told_from_another_is_a_doubt():
    assert only("mac-roman-or-cp850.csv").doubts == (Doubt("encoding_doubtful", "mac-roman; cp850"),)


def test_an_invalid_byte_in_utf8_is_shown_as_such_and_said():
    sheet = only("latin-bytes.csv")
    assert sheet.lines["channel"].to_pylist() == ["Tr\ufffdc"]
    assert sheet.doubts == (Doubt("invalid_bytes", "1 (2)"),)


def test_a_title_block_says_the_export_day_and_the_days_covered():
    sheet = only("title-block.csv")
    assert not_data(sheet) == {"title": [1, 2, 3, 4, 5], "header": [6]}
    assert sheet.header_row == 6
    assert sheet.exported_on == dt.date(2022, 2, 5)
    assert sheet.covers == (dt.date(2022, 1, 1), dt.date(2022, 1, 31))


def test_title_lines_shorter_than_the_header_are_title_not_ragged():
    sheet = only("short-title-lines.csv")
    assert not_data(sheet) == {"title": [1, 2, 3], "header": [4]}
    assert sheet.covers == (dt.date(2022, 1, 1), dt.date(2022, 1, 31))


def test_a_header_of_two_rows_is_read_from_both():
    sheet = only("two-row-header.csv")
    assert not_data(sheet) == {"header": [1, 2]}
    assert sheet.lines["due_on"].to_pylist() == ["10/01/2022", "11/01/2022"]
    assert sheet.headings["dossier_id"] == "Mã hồ sơ"


def test_a_row_that_numbers_the_columns_is_no_dossier():
    assert not_data(only("number-row.csv")) == {"header": [1], "number_row": [2]}


def test_a_header_repeated_on_every_page_is_no_dossier():
    assert not_data(only("repeated-header.csv")) == {"header": [1], "repeated_header": [3]}


def test_totals_blank_lines_signatures_and_the_names_below_them_are_no_dossiers():
    assert not_data(only("total-and-signature.csv")) == {
        "header": [1], "total": [4], "blank": [5, 8], "section": [6], "signature": [7, 9],
    }  # fmt: skip


def test_a_line_with_a_day_is_no_total_whatever_its_first_word():
    sheet = only("first-words-of-totals.csv")
    assert sheet.lines["number"].to_pylist() == ["7", "8", "9"]
    assert not_data(sheet) == {"header": [1], "total": [5], "signature": [6]}


def test_a_row_of_one_cell_is_a_section():
    assert not_data(only("sections.csv")) == {"header": [1], "section": [2, 4]}


def test_of_a_line_with_more_or_fewer_cells_only_the_code_is_kept_wherever_it_stands():
    sheet = only("lines-of-other-lengths.csv")
    ragged = sheet.lines.filter(sheet.lines["ragged"])
    assert ragged["source_row"].to_pylist() == [3, 4]
    assert ragged["dossier_id"].to_pylist() == ["H99.01-220105-0001", "H99.01-220106-0001"]
    assert ragged["received_on"].to_pylist() == ["", ""]
    assert not_data(sheet) == {"header": [1], "total": [6]}
    assert "ai đó" not in str(sheet)


def test_line_breaks_and_delimiters_in_quoted_cells_stay_in_their_cells():
    sheet = only("line-breaks-in-cells.csv")
    assert sheet.lines["procedure"].to_pylist() == ['Cấp giấy phép\nxây dựng, "mới"', "Cấp\r\nlại"]
    assert sheet.lines["source_row"].to_pylist() == [2, 3]


@pytest.mark.parametrize(("name", "row"), [("quote-never-closed.csv", 3), ("quote-closed-lines-later.csv", 2)])
def test_a_quotation_mark_that_is_never_closed_spoils_no_other_line(name, row):
    sheet = only(name)
    assert sheet.lines["dossier_id"].to_pylist() == [*CODES, "H99.01-220105-0001"]
    (grid,) = read_grids((EXPORTS / name).read_bytes())
    assert grid.doubts[0] == Doubt("quote_mended", str(row))
    assert "Cấp" in grid.lines()[row - 1][1][2]


def test_quotation_marks_inside_a_cell_are_text():
    assert only("quotes-inside-words.csv").lines["procedure"].to_pylist() == ['Ống 12" mới', 'Cấp "lại"']


def test_codes_keep_their_zeros():
    lines = only("codes-with-zeros.csv").lines
    assert lines["dossier_id"].to_pylist() == ["00123", "00123.10", "1e5"]
    assert lines["procedure_code"].to_pylist() == ["1.115150", "2.000", "0012"]


def test_columns_that_can_name_a_person_are_known_and_never_read():
    sheet = only("personal-columns.csv")
    assert sheet.lines.column_names == ["dossier_id", "received_on", "source_row", "ragged"]
    assert sheet.personal == ["Chủ hồ sơ", "Địa chỉ", "SỐ ĐIỆN THOẠI", "Trích yếu"]
    assert sheet.unknown == ["Màu giấy"]
    assert [
        secret for secret in ("Người Thứ Nhất", "số của ai đó", "Nơi Nào Đó", "Kể lể") if secret in str(sheet)
    ] == []


def test_of_two_headings_with_one_meaning_the_one_listed_first_is_read():
    sheet = only("two-columns-of-one-meaning.csv")
    assert sheet.lines["received_on"].to_pylist() == ["03/01/2022"]
    assert sheet.headings["received_on"] == "Ngày tiếp nhận"
    assert sheet.unknown == ["Ngày nhận"]


def test_a_header_without_lines_is_an_export_of_nothing():
    sheet = only("header-only.csv")
    assert (sheet.table, len(sheet.lines), sheet.lines_read) == ("dossiers", 0, 1)


def test_a_long_cell_in_the_first_lines_is_read(tmp_path):
    long = "x" * 200_000
    (tmp_path / "long.csv").write_text(f"Mã hồ sơ,Ngày tiếp nhận,Thủ tục\nH1,03/01/2022,{long}\n", encoding="utf-8")
    (sheet,) = read_export(tmp_path / "long.csv", vocabulary=SHIPPED)
    assert sheet.lines["procedure"].to_pylist() == [long]


def test_a_header_is_looked_for_in_the_first_lines_only(tmp_path):
    path = tmp_path / "deep.csv"
    header = "Mã hồ sơ,Ngày tiếp nhận\nH1,03/01/2022\n"
    path.write_text("lời nói đầu,\n" * (LOOK - 1) + header, encoding="utf-8")
    assert read_export(path, vocabulary=SHIPPED)[0].header_row == LOOK
    path.write_text("lời nói đầu,\n" * LOOK + header, encoding="utf-8")
    with pytest.raises(FileProblem, match=f"no header was found in the first {LOOK} lines"):
        read_export(path, vocabulary=SHIPPED)


def test_an_export_is_called_what_its_caller_calls_it():
    assert only("comma.csv", called="2022/comma.csv").file == "2022/comma.csv"


# --- HTML and workbooks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["so.xls", "so.csv", "so.xlsx"])
def test_an_html_table_is_read_under_any_name(tmp_path, name):
    shutil.copy(EXPORTS / "html-named.xls", tmp_path / name)
    (sheet,) = read_export(tmp_path / name, vocabulary=SHIPPED)
    assert (sheet.format, sheet.table) == ("html", "dossiers")
    assert sheet.lines["dossier_id"].to_pylist() == ["00123", "1.10"]
    assert sheet.lines["received_on"].to_pylist() == ["03/01/2022 08:15", "04/01/2022"]
    assert sheet.lines["due_on"].to_pylist() == ["10/01/2022", ""]
    assert not_data(sheet) == {"title": [1, 2], "header": [3], "section": [4], "total": [7]}


@pytest.mark.parametrize("span", ["-1", "0", "²", "x", "1"])
def test_a_cell_that_spans_nothing_sensible_is_one_cell(tmp_path, span):
    html = f"<table><tr><td>Mã hồ sơ<td>Ngày tiếp nhận<tr><td colspan='{span}' rowspan='{span}'>1<td>03/01/2022</table>"
    (tmp_path / "a.xls").write_text(html, encoding="utf-8")
    (sheet,) = read_export(tmp_path / "a.xls", vocabulary=SHIPPED)
    assert sheet.lines["received_on"].to_pylist() == ["03/01/2022"]


def official(book):
    """A register as one-stop systems print it: title block, merged two-row header, number row, sections, signatures."""
    sheet = book.add_worksheet("Sổ theo dõi")
    sheet.merge_range("A1:H1", "SỞ XÂY DỰNG")
    sheet.merge_range("A2:H2", "SỔ THEO DÕI HỒ SƠ")
    sheet.merge_range("A3:H3", "Từ ngày 01/01/2022 đến ngày 31/03/2022 - Ngày xuất: 05/04/2022 10:15:22")
    for column, heading in {
        "A": "STT",
        "B": "Mã hồ sơ",
        "C": "Chủ hồ sơ",
        "G": "Hình thức nộp",
        "H": "Ghi chú",
    }.items():
        sheet.merge_range(f"{column}5:{column}6", heading)
    sheet.merge_range("D5:F5", "Thời gian giải quyết hồ sơ")
    sheet.write_row("D6", ["Ngày tiếp nhận", "Ngày hẹn trả", "Ngày có kết quả"])
    sheet.write_row("A7", [f"({n})" for n in range(1, 9)])
    sheet.merge_range("A8:H8", "I. Lĩnh vực nhà ở (2 hồ sơ)")
    sheet.write_row("A9", [1, "00123", "Người Thứ Nhất", "03/01/2022 08:15", "10/01/2022", "", "Trực tuyến", ""])
    sheet.write_row("A10", [2, "1.10", "Người Thứ Hai", "04/01/2022", "11/01/2022", "10/01/2022", "", ""])
    sheet.write("A11", "II. Lĩnh vực quy hoạch")
    sheet.write_row("A12", [3, 4400, "Người Thứ Ba"])
    sheet.write_datetime("D12", dt.datetime(2022, 1, 5, 8, 15), book.add_format({"num_format": "dd/mm/yyyy hh:mm"}))
    sheet.write_datetime("E12", dt.datetime(2022, 1, 12), book.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.write_number("F12", 44571.5)
    sheet.merge_range("A13:B13", "Tổng cộng")
    sheet.write("C13", 3)
    sheet.write("F15", "Ngày 05 tháng 04 năm 2022")
    sheet.write("B16", "NGƯỜI LẬP BIỂU")
    sheet.write("F16", "GIÁM ĐỐC")
    sheet.write("B19", "Người Thứ Tư")
    sheet.write("D19", "Người Thứ Năm")


@pytest.mark.parametrize("name", ["so.xlsx", "so.csv", "so.xls"])
def test_a_printed_register_is_read_under_any_name(workbook, name):
    (sheet,) = workbook(official, name)
    assert (sheet.format, sheet.sheet, sheet.table) == ("xlsx", "Sổ theo dõi", "dossiers")
    assert sheet.lines["dossier_id"].to_pylist() == ["00123", "1.10", "4400"]
    assert sheet.lines["received_on"].to_pylist() == ["03/01/2022 08:15", "04/01/2022", "2022-01-05 08:15:00"]
    assert sheet.lines["due_on"].to_pylist() == ["10/01/2022", "11/01/2022", "2022-01-12"]
    assert sheet.lines["resolved_on"].to_pylist() == ["", "10/01/2022", "44571.5"]
    assert sheet.lines["channel"].to_pylist() == ["Trực tuyến", "", ""]
    assert sheet.lines["source_row"].to_pylist() == [9, 10, 12]
    assert not_data(sheet) == {
        "title": [1, 2, 3, 4, 5], "header": [6], "number_row": [7], "section": [8, 11, 15], "total": [13],
        "blank": [14, 17, 18], "signature": [16, 19],
    }  # fmt: skip
    assert sheet.exported_on == dt.date(2022, 4, 5)
    assert sheet.covers == (dt.date(2022, 1, 1), dt.date(2022, 3, 31))
    assert (sheet.personal, sheet.unknown) == (["Chủ hồ sơ", "Ghi chú"], ["STT"])
    assert "Người Thứ" not in str(sheet)


@pytest.mark.parametrize("name", ["list.xlsx", "list.xls", "list.ods"])
def test_a_csv_is_read_under_the_name_of_a_workbook(tmp_path, name):
    shutil.copy(EXPORTS / "comma.csv", tmp_path / name)
    (sheet,) = read_export(tmp_path / name, vocabulary=SHIPPED)
    assert (sheet.format, sheet.lines["dossier_id"].to_pylist()) == ("csv", CODES)


def test_a_sheet_that_is_not_understood_has_every_line_named_beside_one_that_is(workbook):
    def write(book):
        notes = book.add_worksheet("Ghi chú")
        notes.write("A1", "Lời nói đầu")
        notes.write("B3", "hết")
        plain_sheet(book)
        book.add_worksheet("Trống")

    notes, data, empty = workbook(write)
    assert (notes.table, notes.lines_read, not_data(notes)) == ("", 3, {"sheet_not_understood": [1, 2, 3]})
    assert (data.table, data.lines["dossier_id"].to_pylist()) == ("dossiers", CODES)
    assert (empty.table, empty.lines_read) == ("", 0)


def test_sheets_of_several_tables_stand_in_one_workbook(workbook):
    def write(book):
        plain_sheet(book)
        book.add_worksheet("Họp").write_row("A1", ["Ngày họp", "Hình thức họp"])
        book.add_worksheet("Danh mục").write_row("A1", ["Mã số", "Tên"])
        book.add_worksheet("Đến").write_row("A1", ["Số đến", "Ngày đến", "Tác giả"])

    assert [sheet.table for sheet in workbook(write)] == ["dossiers", "meetings", "procedures", "documents"]


def test_merged_cells_below_the_header_count_for_each_of_their_lines(workbook):
    def write(book):
        sheet = plain_sheet(book)
        sheet.write("C1", "Lĩnh vực")
        sheet.merge_range("C2:C3", "Nhà ở")

    assert workbook(write)[0].lines["field"].to_pylist() == ["Nhà ở", "Nhà ở"]


def test_merged_cells_outside_the_data_do_no_harm(workbook):
    def write(book):
        sheet = plain_sheet(book)
        sheet.merge_range("J1:K1", "")
        sheet.merge_range("F2:G2", "")
        sheet.merge_range("A20:B22", "")

    assert workbook(write)[0].lines["dossier_id"].to_pylist() == CODES


def test_a_sentence_merged_over_all_columns_is_no_dossier_even_with_a_number_in_it(workbook):
    def write(book):
        sheet = plain_sheet(book)
        sheet.merge_range("A4:B4", "Lĩnh vực nhà ở: 2 hồ sơ")
        sheet.merge_range("A5:B5", "Tổng số hồ sơ trong kỳ: 2")

    (sheet,) = workbook(write)
    assert sheet.lines["dossier_id"].to_pylist() == CODES
    assert not_data(sheet) == {"header": [1], "section": [4], "total": [5]}


def test_a_table_that_starts_far_from_the_corner_keeps_its_rows(workbook):
    def write(book):
        sheet = book.add_worksheet()
        sheet.write_row("C5", ["Mã hồ sơ", "Ngày tiếp nhận"])
        sheet.write_row("C6", ["1", "03/01/2022"])

    (sheet,) = workbook(write)
    assert (sheet.header_row, sheet.lines["source_row"].to_pylist()) == (5, [6])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (123456789012345, "123456789012345"),
        (1234567890123456, "1234567890123456"),
        (2.5, "2.5"),
        (True, "TRUE"),
        (7, "7"),
    ],
)
def test_a_number_in_a_workbook_is_written_out(workbook, value, text):
    assert workbook(lambda book: plain_sheet(book, codes=[value]))[0].lines["dossier_id"].to_pylist() == [text]


# --- what is no export -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("blank.csv", "is empty"),
        ("nothing-but-a-byte-order-mark.csv", "is empty"),
        ("picture.xlsx", "is a PNG picture"),
        ("document.xlsx", "is a PDF document"),
        ("null-bytes.csv", "holds binary data"),
        ("broken-workbook.xlsx", "is cut short"),
        ("locked-workbook.xls", "is cut short"),
        ("comment-only.xls", "is no HTML table"),
        ("xml-workbook.xls", "no header was found"),
        ("no-header.csv", "no header was found"),
        ("one-column.csv", "dossiers: dossier_id, received_on"),
        ("fits-two-tables.csv", "fits the tables dossiers and procedures equally well"),
        ("missing.csv", "is not there any more"),
    ],
)
def test_what_is_no_export_is_named_with_what_to_do(name, said):
    message = problem(name)
    assert said in message
    assert any(advice in message for advice in (";", "export it as"))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_a_problem(tmp_path, content):
    (tmp_path / "empty.csv").write_bytes(content)
    with pytest.raises(FileProblem, match=r"empty\.csv: is empty"):
        read_export(tmp_path / "empty.csv", vocabulary=SHIPPED)


def test_a_workbook_of_empty_sheets_is_a_problem(workbook):
    with pytest.raises(FileProblem, match="holds no line"):
        workbook(lambda book: book.add_worksheet())


def test_a_tie_in_a_workbook_names_its_sheet(workbook):
    with pytest.raises(FileProblem, match=r"export\.xlsx: sheet Tên: a header fits the tables dossiers and procedures"):
        workbook(lambda book: book.add_worksheet("Tên").write_row("A1", ["Mã số", "Tên", "Số hồ sơ", "Ngày nhận"]))


def test_a_file_without_permission_is_a_problem(monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "cannot be read (Permission denied); check the permissions" in problem("comma.csv")


def test_a_folder_in_place_of_a_file_is_a_problem(tmp_path):
    with pytest.raises(FileProblem, match="is a folder"):
        read_export(tmp_path, vocabulary=SHIPPED)


PIECES = [*'",;|\n\r\t\0 <', "\r\n", "<table>", "<td rowspan=3>", "</td>", "Tổng cộng", "Mã hồ sơ", "03/01/2022", "ÿ"]
NAMES = sorted(path.name for path in EXPORTS.iterdir())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(NAMES), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.sampled_from(PIECES)), max_size=4)
)
def test_a_damaged_file_is_a_problem_or_every_line_of_it_is_accounted_for(tmp_path, name, damages):
    content = (EXPORTS / name).read_bytes()
    for place, lost, piece in damages:
        at = int(place * len(content))
        content = content[:at] + piece.encode("utf-8" if lost % 2 else "utf-16-le") + content[at + lost :]
    (tmp_path / name).write_bytes(content)
    with contextlib.suppress(FileProblem):
        for sheet in read_export(tmp_path / name, vocabulary=SHIPPED):
            rows = [*sheet.lines["source_row"].to_pylist(), *(row for row, _ in sheet.not_data)]
            assert sorted(rows) == list(range(1, sheet.lines_read + 1))


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("ho-so_20221110.csv", dt.date(2022, 11, 10)),
        ("ho-so 2022-11-10 10.15.csv", dt.date(2022, 11, 10)),
        ("HoSo_10-11-2022.csv", dt.date(2022, 11, 10)),
        ("ho.so.10.11.2022.csv", dt.date(2022, 11, 10)),
        ("SoTheoDoi_20221110101522.csv", dt.date(2022, 11, 10)),
        ("202211101015.csv", dt.date(2022, 11, 10)),
        ("2022111010.csv", None),
        ("20220101-20221110.csv", dt.date(2022, 11, 10)),
        ("tu 01-01-2022 den 10-11-2022.csv", dt.date(2022, 11, 10)),
        ("20221310.csv", None),
        ("quy-3-2022.csv", None),
    ],
)
def test_the_export_day_is_the_last_day_in_a_files_name(tmp_path, name, day):
    shutil.copy(EXPORTS / "comma.csv", tmp_path / name)
    assert read_export(tmp_path / name, vocabulary=SHIPPED)[0].exported_on == day


def test_the_title_blocks_export_day_comes_before_the_file_names(tmp_path):
    shutil.copy(EXPORTS / "title-block.csv", tmp_path / "ho-so_20301231.csv")
    assert read_export(tmp_path / "ho-so_20301231.csv", vocabulary=SHIPPED)[0].exported_on == dt.date(2022, 2, 5)


def make(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def found(folder):
    return [path.relative_to(folder).as_posix() for path in find_exports(folder)]


def test_the_sample_is_read_only_while_nothing_else_is_there(tmp_path):
    assert found(make(tmp_path, "sample/a.csv", "sample/b.xlsx", "README.md")) == ["sample/a.csv", "sample/b.xlsx"]
    assert found(make(tmp_path, "2022/own.csv")) == ["2022/own.csv"]


def test_hidden_files_and_those_of_open_spreadsheets_are_no_exports(tmp_path):
    folder = make(tmp_path, "~$a.xlsx", ".~lock.a.ods#", ".gitkeep", ".hidden/b.csv", "README.txt", "a.xlsx")
    assert found(folder) == ["a.xlsx"]
    assert found(make(tmp_path / "2", "sample/a.csv", ".gitkeep", "~$b.xlsx")) == ["sample/a.csv"]


def test_one_file_is_its_own_folder(tmp_path):
    make(tmp_path, "a.csv", "b.csv")
    assert find_exports(tmp_path / "a.csv") == [tmp_path / "a.csv"]


def test_a_folder_that_is_missing_or_empty_is_a_problem(tmp_path):
    with pytest.raises(FileProblem, match="there is no such file or folder"):
        find_exports(tmp_path / "nowhere")
    with pytest.raises(FileProblem, match="holds no export"):
        find_exports(make(tmp_path, ".gitkeep", "README.md"))
