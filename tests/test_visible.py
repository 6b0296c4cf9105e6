"""Visible: whatever a reader, or a program that reads aloud, can read of a finished file is among its texts."""

import base64
import io
import json
import zipfile

import matplotlib.pyplot as plt
import nbformat
import xlsxwriter

from analysis.canvas import head, say
from analysis.page import show_chart
from analysis.visible import said_in

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def texts(name, content):
    return [said.text for said in said_in(name, content)]


def test_a_cell_a_heading_and_a_paragraph_are_a_text_each_and_do_not_run_together():
    page = "<h2>Mục</h2><table><tr><th>Người Thứ</th><td>Nhất</td></tr></table><p>một <b>hai</b>\n ba<br>bốn</p>"
    assert texts("a.html", page) == ["Mục", "Người Thứ", "Nhất", "một hai ba", "bốn"]


def test_a_text_is_where_the_heading_above_it_says():
    page = (
        "<p>trên</p><section><h2>Một</h2><p>a</p></section><details><summary><h2>Hai</h2></summary><p>b</p></details>"
    )
    assert [(said.where, said.text) for said in said_in("a.html", page)] == [
        ("", "trên"), ("Một", "Một"), ("Một", "a"), ("Hai", "Hai"), ("Hai", "b"),
    ]  # fmt: skip


def test_what_is_only_read_aloud_or_by_a_machine_is_a_text_too():
    page = (
        '<meta name="analysis-unit" content="đơn vị"><title>tên</title><img alt="tả"><a aria-label="nhãn" title="gợi ý">x</a><!-- ghi -->'
        '<script type="application/json">{"a": ["trong JSON"], "b": 123456789}</script><style>p { color: red }</style>'
    )
    found = texts("a.html", page)
    assert {"đơn vị", "tên", "tả", "nhãn", "gợi ý", "x", "ghi", "trong JSON"} <= {text.strip() for text in found}
    assert not any("123456789" in text or "color" in text for text in found)


def test_the_words_of_a_chart_are_read_although_they_are_drawn():
    ax = plt.subplots()[1]
    ax.text(0, 0, "Người <Thứ> Nhất & 0900 000 000")
    say(head(ax, "Finding", "unit"), "What is drawn is one text.")
    assert "Người <Thứ> Nhất & 0900 000 000" in texts("a.html", show_chart(ax))


def test_words_that_a_picture_holds_as_letters_are_read():
    picture = base64.b64encode("<svg><title>tên</title><text>chữ &amp; số</text></svg>".encode()).decode()
    assert texts("a.html", f'<img src="data:image/svg+xml;base64,{picture}">') == ["tên", "chữ & số"]


def test_an_entity_is_read_as_the_letter_that_it_is():
    assert texts("a.html", "<p>nguoi&#46;mau&#64;example&period;org</p>") == ["nguoi.mau@example.org"]


def test_a_notebook_s_outputs_sources_and_parameters_are_read():
    output = nbformat.v4.new_output("display_data", {"text/html": "<table><td>một</td>\n<td>hai</td></table>"})
    cell = nbformat.v4.new_code_cell('unit = "đơn vị"', outputs=[output])
    held = nbformat.v4.new_notebook(cells=[cell], metadata={"papermill": {"parameters": {"unit": "tham số"}}})
    found = said_in("a.ipynb", nbformat.writes(held))
    assert {("cell 1", "một"), ("cell 1", "hai"), ("cell 1", 'unit = "đơn vị"'), ("metadata", "tham số")} <= set(found)


def test_a_workbook_s_cells_comments_sheets_and_properties_are_read_each_with_its_place():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.set_properties({"author": "người làm"})
        sheet = book.add_worksheet("Bảng 1")
        sheet.write_string("B3", "=ô")
        sheet.write_comment("C4", "ghi chú")
        sheet.write_number("D5", 123456789)
    found = {(said.where, said.text) for said in said_in("a.xlsx", content.getvalue())}
    assert {("Bảng 1", "Bảng 1"), ("Bảng 1!B3", "=ô"), ("properties", "người làm")} <= found
    assert any(where == "Bảng 1!C4" and "ghi chú" in text for where, text in found)
    assert not any("123456789" in text for _, text in found)


def test_a_paragraph_of_word_is_one_text_however_many_runs_it_has():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as parts:
        parts.writestr(
            "word/document.xml",
            f"<w:document {W}><w:p><w:r><w:t>Người </w:t></w:r><w:r><w:t>Thứ</w:t></w:r></w:p></w:document>",
        )
        parts.writestr("word/footer1.xml", f"<w:ftr {W}><w:p><w:r><w:t>chân trang</w:t></w:r></w:p></w:ftr>")
        parts.writestr("docProps/core.xml", "<p><creator>người soạn</creator></p>")
    found = [(said.where, said.text) for said in said_in("a.docx", content.getvalue())]
    assert found == [("document", "Người Thứ"), ("footer1", "chân trang"), ("properties", "người soạn")]


def test_json_and_csv_are_read_and_a_pdf_is_the_page_that_it_was_printed_from():
    assert texts("a.json", json.dumps({"tên": [["một"], 2, None, "hai"]})) == ["tên", "một", "hai"]
    assert texts("a.csv", "a;b\n'=c,d\n") == ["a", "b", "'=c", "d"]
    assert texts("a.pdf", b"%PDF") == []
