"""The internal workbook: a line per dossier as real days and text, the filter of each figure, for its owner's eyes alone."""

import io
import os
import stat
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis import dossier_workbook
from analysis.dossier_workbook import dossiers_workbook, write_dossiers
from analysis.labels import read_labels
from analysis.periods import Unanswerable, read_period, until

VI = read_labels("vi")
HOSTILE = ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "@SUM(A1)"]


def span(sample):
    return until(read_period("2022"), sample.as_of)


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def table_of(sheet, head):
    """The rows below the row that begins with a head, as texts and numbers, by column."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    top = next(at for at, row in enumerate(rows) if row[0] == head)
    below = rows[top + 1 :]
    ends = next((at for at, row in enumerate(below) if row[0] is None), len(below))
    return pd.DataFrame(below[:ends], columns=rows[top])


@pytest.fixture(scope="module")
def content(sample):
    """The workbook of the sample, made once."""
    return dossiers_workbook(sample, span(sample), labels=VI)


@pytest.fixture(scope="module")
def book(content):
    return opened(content)


@pytest.fixture(scope="module")
def dossiers(book):
    return table_of(book["Hồ sơ"], "Mã hồ sơ")


def filtered(dossiers, how):
    """As a person filters: column = values; column = value."""
    for choice in how.split("; "):
        column, values = choice.split(" = ")
        dossiers = dossiers[dossiers[column].isin(values.split(", "))]
    return dossiers


def test_the_filters_written_on_the_first_sheet_give_the_published_figures(book, dossiers):
    figures = table_of(book["Cách lọc"], "Chỉ tiêu").set_index("Chỉ tiêu")
    counts = figures[~figures["Cách lọc"].str.contains("÷")]
    given = {name: len(filtered(dossiers, how)) for name, how in counts["Cách lọc"].items()}
    assert given == counts["Trong báo cáo"].to_dict()
    published = {
        "Hồ sơ tiếp nhận": 937, "Trực tuyến": 163, "Trực tiếp": 774, "Hồ sơ đã giải quyết": 855, "Trước và đúng hạn": 600,
        "Quá hạn": 255, "Hồ sơ đang giải quyết": 67, "Đang giải quyết, đã quá hạn": 20, "Người nộp rút": 9, "Trả lại": 6,
    }  # fmt: skip
    assert {name: given[name] for name in published} == published


def test_each_figure_is_said_to_be_the_same(book):
    figures = table_of(book["Cách lọc"], "Chỉ tiêu")
    assert set(figures["So sánh"]) == {"khớp"}
    assert (figures["Trong báo cáo"] == figures["Đếm theo danh sách"]).all()


def test_a_figure_that_differs_is_said_to(sample, monkeypatch):
    lines = dossier_workbook.dossier_lines(sample, span(sample)).iloc[1:]
    monkeypatch.setattr(dossier_workbook, "dossier_lines", lambda *_: lines)
    figures = table_of(opened(dossiers_workbook(sample, span(sample), labels=VI))["Cách lọc"], "Chỉ tiêu")
    assert figures["So sánh"][0] == "LỆCH"


def test_days_are_days_and_codes_are_text(book, dossiers):
    assert dossiers["Ngày tiếp nhận"].map(type).eq(pd.Timestamp).all()
    assert dossiers["Ngày tiếp nhận"].between("2022-01-01", "2022-11-11").all()
    assert dossiers["Mã thủ tục"].map(type).eq(str).all()
    assert dossiers["Mã hồ sơ"].str.startswith("000.").all()
    cell = book["Hồ sơ"]["B4"]
    assert (cell.is_date, cell.number_format) == (True, "dd/mm/yyyy hh:mm")


def test_a_corrected_line_and_a_doubtful_one_say_so(dossiers):
    assert (dossiers["Có đính chính theo sổ tay"] == "có").sum() == 1
    doubtful = dossiers[dossiers["Điểm nghi vấn"].notna()]
    assert "Giải quyết trước khi tiếp nhận" in doubtful["Điểm nghi vấn"].tolist()
    assert set(doubtful["Dòng"]) <= {34, 147}


def test_every_rejected_line_is_named_with_its_place_and_reason(book, sample):
    rejected = table_of(book["Dòng bị loại"], "Tệp")
    assert rejected["Dòng"].tolist() == sample.rejected.source_row.tolist()
    assert "Không đọc được ngày tiếp nhận" in set(rejected["Lý do"])


def test_a_value_of_a_rejected_line_that_may_be_a_person_is_cut(sample):
    told = sample.rejected.assign(value="0900 000 000", column="received_on", reason="unreadable_received_on")
    sheet = opened(dossiers_workbook(sample.with_(rejected=told), span(sample), labels=VI))["Dòng bị loại"]
    assert set(table_of(sheet, "Tệp")["Giá trị trong tệp"]) == {"0900 0…"}


def test_no_cell_is_a_formula_and_no_link_leads_out(sample):
    dossiers = sample.dossiers.tail(300)
    names = {c: pd.Series(HOSTILE * 100, dossiers.index) for c in ("procedure", "field", "division", "dossier_id")}
    book = opened(dossiers_workbook(sample.with_(dossiers=dossiers.assign(**names)), span(sample), labels=VI))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert {cell.value for cell in cells} >= set(HOSTILE)
    assert all(cell.hyperlink is None or cell.hyperlink.location for cell in cells)


def test_a_day_that_no_spreadsheet_holds_stays_as_text(sample):
    early = sample.dossiers.assign(due_on=pd.Timestamp("1022-03-04"))
    table = table_of(
        opened(dossiers_workbook(sample.with_(dossiers=early), span(sample), labels=VI))["Hồ sơ"], "Mã hồ sơ"
    )
    assert set(table["Ngày hẹn trả hiện nay"]) == {"1022-03-04 00:00:00"}


def test_more_dossiers_than_a_sheet_holds_are_refused_with_what_to_do(sample, monkeypatch):
    monkeypatch.setattr(dossier_workbook, "MOST_LINES", 938)
    with pytest.raises(Unanswerable, match=r"2022 has 939 dossiers.*shorter period.*--unit"):
        dossiers_workbook(sample, span(sample), labels=VI)


def test_the_same_data_give_the_same_bytes(sample, content):
    assert dossiers_workbook(sample, span(sample), labels=VI) == content


def test_the_english_workbook_holds_no_vietnamese_word_of_its_own(sample):
    book = opened(dossiers_workbook(sample, span(sample), labels=read_labels("en")))
    assert book.sheetnames == ["Figures", "Dossiers", "Rejected lines"]
    figures = table_of(book["Figures"], "Figure")
    assert figures["Filter"][0] == "Received in the period = yes"
    assert set(figures["Compared"]) == {"same"}


def test_the_command_writes_into_a_folder_for_its_owner_alone(sample_folder, monkeypatch, run):
    monkeypatch.chdir(sample_folder)
    monkeypatch.setattr(dossier_workbook, "dossiers_workbook", lambda *_, **__: b"PK")
    code, out, _ = run("dossiers", "2022")
    path = sample_folder / "internal/ho-so_2022.xlsx"
    assert (code, out.strip()) == (0, str(Path("internal/ho-so_2022.xlsx")))
    assert path.read_bytes() == b"PK"
    if os.name == "posix":
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_workbook_that_cannot_be_written_leaves_the_last_good_one(sample, tmp_path, monkeypatch):
    path = tmp_path / "ho-so_2022.xlsx"
    path.write_text("the last good one")
    monkeypatch.setattr(dossier_workbook, "dossiers_workbook", lambda *_, **__: b"half")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_dossiers(sample, span(sample), path, labels=VI)
    assert path.read_text() == "the last good one"
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_no_internal_workbook_is_ever_committed(root):
    assert "internal/" in (root / ".gitignore").read_text("utf-8").splitlines()
