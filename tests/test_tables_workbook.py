"""The workbook of a page: a sheet per table, real numbers, text as text, and nothing that runs or leads out."""

import io
import re
import subprocess
import zipfile

import openpyxl
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from patience import PATIENCE

from analysis.data_sheets import LONGEST_NAME, LONGEST_TEXT, sheet_name
from analysis.labels import read_labels
from analysis.page import show_list, show_sentences, show_table
from analysis.tables_workbook import tables_workbook

HOSTILE = ["=1+1", "+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0", "<script>", "http://example.org", "_x0041_", "00123"]
HEAD = '<header class="head"><p class="unit">Sở A</p><h1>Năm 2022</h1><p class="asof">Đến 10/11/2022.</p></header>'


def shown(piece):
    return new_code_cell("…", outputs=[new_output("display_data", {"text/html": piece})])


def table(**columns):
    rows = pd.DataFrame(columns)
    return show_table(rows, headings={name: name for name in rows}, caption="")


def opened(*cells, lang="vi"):
    return openpyxl.load_workbook(
        io.BytesIO(tables_workbook(new_notebook(cells=[*cells]), title="Năm 2022", lang=lang))
    )


def rows_of(sheet):
    """The cells below the head, up to the first blank line."""
    rows = []
    for row in sheet.iter_rows(min_row=4):
        if all(cell.value is None for cell in row):
            break
        rows.append(list(row))
    return rows


@pytest.fixture(scope="module")
def figures():
    """A table with every kind of number."""
    shown_table = table(
        name=["a", "b"], code=["1.007767", "2.000986"], count=["1.234", "–"], share=["17,40\xa0%", "0,00\xa0%"],
        change=["+1,03\xa0%", "−2,10 điểm\xa0%"], moved=["302†", "5"], mixed=["3", "ba"], day=["10/11/2022", "–"],
    )  # fmt: skip
    return opened(new_markdown_cell("## Kết quả"), shown(shown_table)).worksheets[1]


def test_numbers_are_numbers_and_codes_are_text(figures):
    first, second = ([cell.value for cell in row] for row in rows_of(figures))
    assert first == ["a", "1.007767", 1234, 0.174, 0.0103, 302, "3", pd.Timestamp("2022-11-10")]
    assert second == ["b", "2.000986", "–", 0, -2.1, 5, "ba", "–"]


def test_numbers_are_shown_with_the_decimals_and_marks_of_the_page(figures):
    formats = [cell.number_format for cell in rows_of(figures)[0]]
    assert formats[2:6] == ["#,##0", "0.00%", '+0.00%;"−"0.00%;0.00%', '#,##0"†"']


def test_marks_and_dashes_are_explained_below(figures):
    notes = [row[0].value for row in figures.iter_rows(min_row=7) if row[0].value]
    assert [note[:7] for note in notes] == ["Dấu † :", "Dấu – :"]


def test_a_sheet_is_filtered_frozen_and_prints_one_page_wide_with_its_head_on_every_page(figures):
    assert figures.auto_filter.ref == "A3:H5"
    assert figures.freeze_panes == "B4"
    assert figures["A3"].font.bold
    assert figures.print_title_rows == "$3:$3"
    assert (figures.page_setup.fitToWidth or 1, figures.page_setup.fitToHeight, figures.page_setup.paperSize) == (
        1,
        0,
        9,
    )


def test_the_first_column_names_the_rows_unless_it_is_of_days():
    book = opened(shown(table(year=["2021"], n=["1"])), shown(table(day=["01/02/2022"], n=["1"])))
    assert [rows_of(sheet)[0][0].value for sheet in book.worksheets[1:]] == ["2021", pd.Timestamp("2022-02-01")]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_stays_that_text_and_no_formula_or_link(text):
    book = opened(new_markdown_cell(f"## {text}"), shown(table(**{"a": [text, "x"], text: [text, "x"]})))
    sheet = book.worksheets[1]
    cells = [*rows_of(sheet)[0], sheet["B3"]]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [(text, "s", None)] * 3


def test_no_link_leads_out_of_the_workbook():
    content = tables_workbook(
        new_notebook(cells=[shown(table(**{text: [text] for text in HOSTILE}))]), title="", lang="en"
    )
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        texts = {name: parts.read(name).decode() for name in parts.namelist()}
    assert not [name for name, text in texts.items() if 'TargetMode="External"' in text or "<f>" in text]
    assert not [name for name in texts if re.search("external|vba|comments|drawing", name)]


def test_the_first_sheet_names_every_table_and_leads_there_and_back():
    book = opened(
        shown(HEAD), new_markdown_cell("## Tiếp nhận"), shown(table(a=["x"], n=["1"])), new_markdown_cell("## Đúng hạn"),
        shown(table(a=["x", "y"], n=["1", "2"])),
    )  # fmt: skip
    contents = book.worksheets[0]
    assert [contents.cell(row, 1).value for row in (1, 2, 3)] == ["Sở A", "Năm 2022", "Đến 10/11/2022."]
    lines = [[cell.value for cell in row] for row in contents.iter_rows(min_row=6)]
    assert lines == [["1.1", "Tiếp nhận", None, None, 1], ["2.1", "Đúng hạn", None, None, 2]]
    assert contents["A7"].hyperlink.location == "'2.1 Đúng hạn'!A1"
    assert book.sheetnames == ["Mục lục", "1.1 Tiếp nhận", "2.1 Đúng hạn"]
    assert book["2.1 Đúng hạn"]["A2"].hyperlink.location == "'Mục lục'!A1"


def test_a_long_list_stands_in_one_sheet_with_all_its_rows():
    rows = pd.DataFrame({"a": [f"x{i}" for i in range(70)], "n": [str(i) for i in range(70)]})
    book = opened(shown(show_list(rows, headings={"a": "A", "n": "N"}, caption="", labels=read_labels("vi"))))
    assert len(book.worksheets) == 2
    assert [row[1].value for row in rows_of(book.worksheets[1])] == list(range(70))


def test_a_list_that_is_not_whole_says_how_many_rows_it_lacks():
    cut = show_table(pd.DataFrame({"a": ["x"]}), headings={"a": "A"}, caption="", most=1, of=1_001)
    assert "1.000 dòng" not in str(cut)
    sheet = opened(
        shown(cut.replace("</table>", '<tbody class="beyond" data-left="1000"></tbody></table>'))
    ).worksheets[1]
    assert "1.000 dòng" in str(sheet["A6"].value)


def test_sentences_stand_below_their_table():
    sheet = opened(shown(show_sentences(["Đã đọc 9 tệp."]) + table(a=["x"], n=["1"]))).worksheets[1]
    assert sheet["A6"].value == "Đã đọc 9 tệp."


@pytest.mark.parametrize(
    "title", ["a" * 80, "Biểu số II.06a/VPCP/KSTT [mới]: *?", "'", "", "\\", "history", "Tiếp nhận " * 5]
)
def test_every_name_of_a_sheet_is_allowed_and_differs(title):
    book = opened(new_markdown_cell(f"## {title or '-'}"), *(shown(table(a=["x"])) for _ in range(3)))
    names = book.sheetnames
    assert len({name.casefold() for name in names}) == 4
    assert all(0 < len(name) <= LONGEST_NAME and not re.search(r"[\[\]:*?/\\]", name) for name in names)


def test_a_name_is_cut_at_a_word():
    assert sheet_name("5.2 Hồ sơ của phòng nào, và đã hẹn lại bao nhiêu") == "5.2 Hồ sơ của phòng nào, và đã…"


def test_a_text_that_no_cell_can_hold_is_cut_in_sight():
    (row,) = rows_of(opened(shown(table(a=["x" * 40_000]))).worksheets[1])
    assert len(row[0].value) == LONGEST_TEXT
    assert row[0].value.endswith("x…")


def test_the_same_notebook_gives_the_same_bytes():
    cells = [new_markdown_cell("## Kết quả"), shown(table(a=["x"], n=["1,5"]))]
    made = [
        tables_workbook(new_notebook(cells=cells), title="t", lang="vi", about={"as_of": "10/11/2022"})
        for _ in range(2)
    ]
    assert made[0] == made[1]
    properties = openpyxl.load_workbook(io.BytesIO(made[0])).properties
    assert (properties.title, properties.created) == ("t", pd.Timestamp("2022-11-10"))


def test_libreoffice_reads_the_numbers_of_a_table_as_they_are_shown(soffice, tmp_path):
    path = tmp_path / "t.xlsx"
    cells = [shown(table(a=["=1+1"], code=["00123"], n=["1.234,5"], share=["17,40\xa0%†"]))]
    path.write_bytes(tables_workbook(new_notebook(cells=cells), title="t", lang="vi"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    second = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2"
    command = [soffice, profile, "--headless", "--convert-to", second, "--outdir", tmp_path, path]
    subprocess.run(command, check=True, timeout=PATIENCE, capture_output=True)
    (read,) = tmp_path.glob("*.csv")
    assert read.read_text("utf-8").splitlines()[2:4] == ["a,code,n,share", "=1+1,00123,1234.5,17.4%"]
