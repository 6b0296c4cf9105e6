"""Whatever form a text comes in, its paragraphs and tables are read with their places."""

import io
import sys
import zipfile
from types import SimpleNamespace

import openpyxl
import pytest

from analysis.audit import audit
from analysis.claim_tables import passages_of_table
from analysis.claim_texts import read_passages
from analysis.grids import FileProblem

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SENTENCE = "Tiếp nhận 937 hồ sơ, trong đó trực tuyến 163 hồ sơ, trực tiếp 774 hồ sơ."


def texts(content, name=""):
    return [(p.place, p.text) for p in read_passages(content, name=name)]


def paragraph(text):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(body):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        parts.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
    return made.getvalue()


def table(rows):
    cells = ["".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_in_any_usual_encoding(encoding):
    assert texts(SENTENCE.encode(encoding)) == [("paragraph 1", SENTENCE)]


def test_a_line_that_was_broken_by_its_width_is_put_together():
    content = "Trong năm 2022 bộ phận một cửa của Sở đã tiếp nhận tất cả\n937 hồ sơ, trong đó trực tuyến 163 hồ sơ.\n- Còn 67 hồ sơ".encode()
    assert [place for place, _ in texts(content)] == ["paragraph 1", "paragraph 2"]


def test_paragraphs_and_tables_of_word_are_read_in_their_order():
    content = docx(
        paragraph(SENTENCE) + table([["Nội dung", "Số lượng"], ["Đã giải quyết", "855"]]) + paragraph("Hết.")
    )
    assert texts(content) == [
        ("paragraph 1", SENTENCE),
        ("table 1, row 2", "Đã giải quyết: 855"),
        ("paragraph 3", "Hết."),
    ]


def test_what_tracking_deleted_is_not_read():
    content = docx(
        "<w:p><w:r><w:t>Nhận 9</w:t></w:r><w:del><w:r><w:delText>8</w:delText></w:r></w:del><w:r><w:t>37 hồ sơ</w:t></w:r></w:p>"
    )
    assert texts(content) == [("paragraph 1", "Nhận 937 hồ sơ")]


def test_a_saved_page_is_read_without_its_scripts():
    page = f"<html><body><script>var n = 5;</script><p>{SENTENCE}</p><table><tr><th>Nội dung</th><th>Số</th></tr><tr><td>Tiếp nhận</td><td>937</td></tr></table></body></html>"
    assert texts(page.encode()) == [("paragraph 1", SENTENCE), ("table 1, row 2", "Tiếp nhận: 937")]


def test_a_workbook_is_read_row_by_row():
    book = openpyxl.Workbook()
    for row in [["Lĩnh vực", "Tiếp nhận", "Đã giải quyết"], ["Nhà ở", 100, 90], ["Tổng cộng", 100, 95]]:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    assert texts(made.getvalue(), "a.xlsx") == [
        ("Sheet, row 2", "Tiếp nhận: 100; Đã giải quyết: 90"),
        ("Sheet, row 3", "Tiếp nhận: 100; Đã giải quyết: 95"),
    ]


def test_delimited_text_is_a_table_by_its_name():
    assert texts("Nội dung;Số lượng\nTiếp nhận;937\n".encode(), "a.csv") == [("row 2", "Tiếp nhận: 937")]


def test_the_pages_of_a_pdf_are_named(monkeypatch):
    pages = [SimpleNamespace(extract_text=lambda: SENTENCE), SimpleNamespace(extract_text=lambda: "Hết.")]
    monkeypatch.setitem(sys.modules, "pypdf", SimpleNamespace(PdfReader=lambda _: SimpleNamespace(pages=pages)))
    monkeypatch.setitem(sys.modules, "pypdf.errors", SimpleNamespace(PyPdfError=ValueError))
    assert texts(b"%PDF-1.7") == [("page 1, paragraph 1", SENTENCE), ("page 2, paragraph 1", "Hết.")]


def test_a_pdf_whose_letters_are_torn_from_their_words_is_refused(monkeypatch):
    pages = [
        SimpleNamespace(extract_text=lambda: "- Ti p nh n 937 h  s : 163 tr c tuy nế ậ ồ ơ ự ế và 774 tr c ti p ự ế")
    ]
    monkeypatch.setitem(sys.modules, "pypdf", SimpleNamespace(PdfReader=lambda _: SimpleNamespace(pages=pages)))
    monkeypatch.setitem(sys.modules, "pypdf.errors", SimpleNamespace(PyPdfError=ValueError))
    with pytest.raises(FileProblem, match="order"):
        read_passages(b"%PDF-1.7")


def test_a_scan_says_that_it_holds_no_text(monkeypatch):
    pages = [SimpleNamespace(extract_text=lambda: "")]
    monkeypatch.setitem(sys.modules, "pypdf", SimpleNamespace(PdfReader=lambda _: SimpleNamespace(pages=pages)))
    monkeypatch.setitem(sys.modules, "pypdf.errors", SimpleNamespace(PyPdfError=ValueError))
    with pytest.raises(FileProblem, match="OCR"):
        read_passages(b"%PDF-1.7")


def test_without_the_package_a_pdf_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(FileProblem, match="pypdf"):
        read_passages(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "DOCX"),
        (docx("")[:40], "damaged"),
        (b"   ", "no text"),
        (docx(""), "no text"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(content, says):
    with pytest.raises(FileProblem, match=says):
        read_passages(content, name="bao-cao.doc")


def test_headings_of_two_rows_with_merged_cells_are_joined():
    rows = [
        ["BÁO CÁO", "", "", "", ""],
        ["TT", "Lĩnh vực", "Hồ sơ tiếp nhận", "", "Đã giải quyết"],
        ["", "", "Trực tuyến", "Trực tiếp", ""],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        ["1", "Nhà ở", "40", "60", "80"],
    ]
    assert passages_of_table(rows, place="")[-1][:3] == (
        "row 5",
        "Hồ sơ tiếp nhận Trực tuyến: 40; Hồ sơ tiếp nhận Trực tiếp: 60; Đã giải quyết: 80",
        "nhà ở",
    )


def verdicts(rows):
    return [(v.name, v.status, v.difference) for v in audit(passages_of_table(rows, place="table 1")).verdicts]


def test_the_rows_of_a_table_make_up_its_total():
    rows = [
        ["Lĩnh vực", "Tiếp nhận", "Đã giải quyết"],
        ["Nhà ở", "100", "90"],
        ["Quy hoạch", "50", "45"],
        ["Tổng cộng", "150", "136"],
    ]
    assert verdicts(rows) == [("rows", "holds", 0), ("rows", "off", 1)]


def test_columns_of_two_years_are_two_accounts():
    rows = [
        ["Nội dung", "Năm 2021", "Năm 2022"],
        ["Tiếp nhận", "820", "937"],
        ["Trực tuyến", "100", "163"],
        ["Trực tiếp", "720", "775"],
    ]
    assert verdicts(rows) == [("by_channel", "holds", 0), ("by_channel", "off", -1)]


def test_a_share_column_is_of_the_count_beside_it():
    rows = [
        ["Nội dung", "Số lượng", "Tỷ lệ (%)"],
        ["Tiếp nhận", "937", ""],
        ["Trực tuyến", "163", "17,4"],
        ["Trực tiếp", "774", "82,9"],
    ]
    assert [status for name, status, _ in verdicts(rows) if "received" in name] == ["rounded", "wrong"]


def test_a_table_without_a_column_for_what_was_withdrawn_is_not_called_wrong():
    rows = [["Lĩnh vực", "Tiếp nhận", "Đã giải quyết", "Đang giải quyết"], ["Nhà ở", "100", "90", "8"]]
    assert verdicts(rows) == []


def test_a_heading_that_spans_rows_takes_nothing_from_its_neighbour():
    rows = [
        ["Lĩnh vực", "Hồ sơ tiếp nhận", "", "Đã giải quyết"],
        ["", "Trong kỳ", "", ""],
        ["", "Trực tuyến", "Trực tiếp", ""],
        ["Nhà ở", "40", "60", "80"],
    ]
    assert passages_of_table(rows, place="")[-1].text == (
        "Hồ sơ tiếp nhận Trong kỳ Trực tuyến: 40; Hồ sơ tiếp nhận Trong kỳ Trực tiếp: 60; Đã giải quyết: 80"
    )
