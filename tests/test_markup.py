"""Markup under the name of a workbook: HTML, MHTML and XML workbooks of 2003."""

import time
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from analysis.grids import Doubt, FileProblem
from analysis.sandbox import read_markup


def lines(grid):
    return [cells for _, cells in grid.lines()]


def only(text):
    (grid,) = read_markup(text)
    return grid


def refusal(text):
    with pytest.raises(FileProblem) as caught:
        read_markup(text)
    return str(caught.value)


# --- HTML ------------------------------------------------------------------------------------------------------------


def test_text_that_is_no_markup_is_left_to_others():
    assert read_markup("Mã hồ sơ,Ngày\n<table>,x\n") == []
    assert read_markup("From: a,To: b\n1,2\n") == []


def test_codes_of_a_page_keep_their_zeros_and_breaks_are_blanks():
    page = "<html><table><tr><th>Mã<br>hồ sơ<th>Nơi nộp<tr><td>00123<td><p>Sở</p><p>Xây&nbsp;dựng</p><b>H</b>à</table>"
    assert lines(only(page)) == [["Mã hồ sơ", "Nơi nộp"], ["00123", "Sở Xây dựng Hà"]]


def test_a_row_belongs_to_its_nearest_table():
    page = """<table><tr><td>ngoài</td><td>a<table><tr><td>trong</td></tr><tr><td>sâu</td></tr></table>b</td></tr>
      <tr><td>cuối</td></tr></table>"""
    outer, inner = read_markup(page)
    assert lines(outer) == [["ngoài", "a b"], ["cuối", ""]]
    assert (inner.sheet, lines(inner)) == ("table 2", [["trong"], ["sâu"]])


def test_a_table_that_only_lays_out_others_is_no_sheet():
    assert lines(only("<table><tr><td><table><tr><td>1</table></table>")) == [["1"]]


def test_cells_that_span_columns_and_rows_stand_in_each():
    page = (
        """<table><tr><td rowspan=2>Mã<td colspan=2>Ngày<td rowspan=3>Z<tr><td>nhận<td>trả<tr><td>1<td>2<td>3</table>"""
    )
    assert lines(only(page)) == [["Mã", "Ngày", "Ngày", "Z"], ["Mã", "nhận", "trả", "Z"], ["1", "2", "3", "Z"]]


def test_a_cell_that_reaches_below_the_table_ends_with_it():
    assert lines(only("<table><tr><td rowspan=65000>1<td>2<tr><td>3</table>")) == [["1", "2"], ["1", "3"]]


@pytest.mark.parametrize(
    "page",
    [
        "<table>" + "<tr><td rowspan=65534 colspan=16384>x" * 400 + "</table>",
        "<table><tr>" + "<td rowspan=9999>x" * 5000 + "<tr>" * 5000 + "</table>",
        "<table><tr>" + "<td>x" * 16000 + "<tr><td>y" * 9000 + "</table>",
    ],
    ids=["spans", "rows below a wide one", "one wide line"],
)
def test_spans_that_would_fill_the_memory_are_refused(page):
    start = time.monotonic()
    assert refusal(page).endswith("open it in a spreadsheet and save it as XLSX.")
    assert time.monotonic() - start < 15


def test_hidden_rows_of_a_page_are_read_and_said():
    grid = only("<table><tr><td>1<tr style='height:1pt; display:none'><td>2</table>")
    assert (lines(grid), grid.doubts) == ([["1"], ["2"]], (Doubt("hidden_rows", "1 in table 1"),))


def test_a_page_without_a_cell_says_so():
    assert "is no HTML table" in refusal("<html><!-- <table> --></html>")


# --- MHTML -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1258", "utf-16"])
def test_a_page_saved_as_one_file_is_read_from_its_parts(encoding):
    mail = MIMEMultipart("related")
    mail["From"] = "<Saved by a browser>"
    mail.attach(MIMEText("<frameset>", "html"))
    mail.attach(MIMEText("<table><tr><td>Sô<td>00123</table>", "html", encoding))
    mail.attach(MIMEText("<table><tr><td>khác</table>".encode("ascii", "xmlcharrefreplace").decode(), "html"))
    first, second = read_markup(mail.as_string())
    assert (lines(first), first.read_as) == (
        [["Sô", "00123"]],
        {"format": "mhtml"},
    )
    assert (lines(second), second.sheet) == ([["khác"]], "table 2")


def test_a_part_that_is_not_packed_is_in_the_encoding_of_the_file():
    mail = 'MIME-Version: 1.0\nContent-Type: text/html; charset="windows-1252"\nContent-Transfer-Encoding: 8bit\n\n<table><tr><td>Số hồ sơ</table>'
    assert lines(only(mail)) == [["Số hồ sơ"]]


def test_a_saved_page_without_a_table_says_so():
    assert "is a saved page without a table" in refusal("MIME-Version: 1.0\nContent-Type: text/html\n\n<p>x</p>")


# --- XML Spreadsheet 2003 --------------------------------------------------------------------------------------------

HEAD = (
    '<?xml version="1.0" encoding="UTF-16"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel">'
)


def sheet(rows, more="", name="Dữ liệu"):
    return f'<Worksheet ss:Name="{name}"><Table>{rows}</Table>{more}</Worksheet>'


def data(kind, text, **more):
    said = " ".join(f'ss:{name}="{value}"' for name, value in more.items())
    return f'<Cell {said}><Data ss:Type="{kind}">{text}</Data></Cell>'


@pytest.mark.parametrize(
    ("kind", "given", "text"),
    [
        ("String", "00123", "00123"),
        ("Number", "4400", "4400"),
        ("Number", "12.0", "12"),
        ("Number", "123456789012345678", "123456789012345678"),
        ("Number", "1.5E-7", "0.00000015"),
        ("Number", "1E400", "1E400"),
        ("DateTime", "2022-01-03T00:00:00.000", "2022-01-03"),
        ("DateTime", "2022-01-03T08:15:00.000", "2022-01-03 08:15:00"),
        ("DateTime", "1899-12-31T08:15:00.000", "08:15:00"),
        ("Boolean", "1", "TRUE"),
        ("Boolean", "0", "FALSE"),
        ("Error", "#N/A", "#N/A"),
        ("String", '<B xmlns="http://www.w3.org/TR/REC-html40">Số</B> 1 &amp; 2', "Số 1 & 2"),
    ],
)
def test_a_cell_of_an_xml_workbook_is_the_text_that_it_holds(kind, given, text):
    grid = only(HEAD + sheet(f"<Row>{data(kind, given)}</Row>") + "</Workbook>")
    assert (lines(grid), grid.read_as) == ([[text]], {"format": "xml 2003"})
    assert (0 in grid.numbers) == (kind == "Number")


def test_rows_and_cells_of_an_xml_workbook_stand_where_they_say():
    rows = (
        f"<Row>{data('String', 'Mã', MergeDown=1)}{data('String', 'Ngày', MergeAcross=1)}</Row>"
        f"<Row>{data('String', 'nhận', Index=2)}{data('String', 'trả')}</Row>"
        f'<Row ss:Index="4" ss:Hidden="1">{data("Number", "7")}{data("String", "x", Index=3)}</Row>'
        '<Row><Cell ss:Formula="=1+1"/></Row>'
    )
    grid = only(HEAD + sheet(rows) + "</Workbook>")
    assert lines(grid) == [["Mã", "Ngày", "Ngày"], ["Mã", "nhận", "trả"], ["", "", ""], ["7", "", "x"], ["", "", ""]]
    assert grid.numbers[0].tolist() == [4]
    assert grid.doubts == (
        Doubt("hidden_rows", "1 in sheet Dữ liệu"),
        Doubt("formula_without_value", "1 in sheet Dữ liệu"),
    )


def test_a_hidden_sheet_of_an_xml_workbook_is_skipped():
    hide = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    shown, hidden = read_markup(
        HEAD + sheet(f"<Row>{data('String', '1')}</Row>") + sheet("<Row/><Row/>", hide, "Ẩn") + "</Workbook>"
    )
    assert (shown.skipped, hidden.skipped, hidden.rows.tolist()) == ("", "sheet_hidden", [1, 2])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "<Worksheet><Table><Row>", "is cut short"),
        (HEAD + "<Worksheet></Table></Worksheet></Workbook>", "line 3, column "),
        (HEAD + "</Workbook>", "without a sheet"),
        (HEAD + sheet('<Row ss:Index="99999999"/>') + "</Workbook>", "row or column 99999999"),
        (
            HEAD + sheet(f'<Row>{data("String", "x", Index=16384)}</Row><Row ss:Index="1000000"/>') + "</Workbook>",
            "almost all of it empty",
        ),
        (
            HEAD
            + sheet(f'<Row>{data("String", "x", MergeAcross=16000, MergeDown=9999999)}</Row><Row ss:Index="1000000"/>')
            + "</Workbook>",
            "span far more",
        ),
    ],
)
def test_an_xml_workbook_that_cannot_be_read_says_why(text, said):
    assert said in refusal(text)
