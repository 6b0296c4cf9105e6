"""Any table, written in any format, encoding and dialect, comes back cell for cell."""

import html
import io
import zipfile
from xml.sax.saxutils import escape

import xlsxwriter
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from analysis.files import read_grids

WORDS = st.sampled_from(
    [
        "Cấp",
        "giấy",
        "phép",
        "xây",
        "dựng",
        "nhà",
        "ở",
        "riêng",
        "lẻ",
        "thẩm",
        "định",
        "thiết",
        "kế",
        "quy",
        "hoạch",
        "đô",
        "thị",
        "chuyển",
        "nhượng",
        "dự",
        "án",
        "phòng",
        "quản",
        "lý",
    ]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
MARKS = st.text(st.sampled_from("abzABZ 0123456789-/.,;|\"'<>&=+"), max_size=10)
CELLS = st.lists(WORDS | WORDS.map(str.upper) | MARKS, max_size=4).map(" ".join)
"""Vietnamese words, and whatever stands between them; letters at random could be those of an old font."""

SOME = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MORE = settings(SOME, max_examples=100)


@st.composite
def tables(draw, cell=CELLS):
    """A header of known words and some lines; no cell begins or ends with a blank, which some formats do not keep."""
    tidy = cell.map(lambda text: " ".join(text.split()))
    lines = draw(st.lists(st.lists(tidy, min_size=3, max_size=3).filter(any), min_size=1, max_size=8))
    return [["Mã hồ sơ", "Ngày tiếp nhận", "Tên thủ tục"], *lines]


def read(content):
    (grid,) = read_grids(content)
    return [cells for _, cells in grid.lines()], grid


def delimited(lines, delimiter, end="\r\n"):
    return end.join(delimiter.join('"' + c.replace('"', '""') + '"' for c in line) for line in lines) + end


@MORE
@given(
    tables(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_delimited_text_in_unicode(lines, encoding, delimiter, end):
    found, grid = read(delimited(lines, delimiter, end).encode(encoding))
    assert found == lines
    assert grid.read_as["encoding"] == encoding


@MORE
@given(lines=tables(SENTENCES), delimiter=st.sampled_from(",;\t|"))
def test_delimited_text_in_windows_1258(pollute, lines, delimiter):
    found, grid = read(pollute.windows_1258(delimited(lines, delimiter)))
    assert found == lines
    assert grid.read_as["encoding"] == "windows-1258"


EUROPEAN = st.sampled_from(
    [
        "Müller",
        "Straße",
        "Köln",
        "Prüfung",
        "François",
        "reçu",
        "délai",
        "hôtel",
        "élève",
        "Señor",
        "año",
        "número",
        "Århus",
        "søgning",
    ]
)


@MORE
@given(
    st.lists(st.lists(EUROPEAN, min_size=3, max_size=3), min_size=2), st.sampled_from(["cp1252", "cp850", "mac_roman"])
)
def test_delimited_text_in_western_encodings_comes_back_or_is_doubtful(lines, encoding):
    assume(len({word for line in lines for word in line}) >= 5)  # one word over and over may be one of another encoding
    found, grid = read(delimited(lines, ";").encode(encoding))
    assert found == lines or "encoding_doubtful" in {d.reason for d in grid.doubts}


@SOME
@given(tables())
@example([["Mã hồ sơ", "Ngày tiếp nhận", "Tên thủ tục"], ["", "", "Ã"], ["Ã", "LÃ y", ""]])
def test_xlsx(lines):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                sheet.write_string(row, column, text)
    assert read(out.getvalue())[0] == lines


@SOME
@given(tables())
def test_ods(lines):
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{''.join(cell.format(escape(c)) for c in line)}</table:table-row>" for line in lines
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="A">{rows}</table:table></office:spreadsheet></office:body>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", kind)
        book.writestr("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>")
        book.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{entry}</manifest:manifest>',
        )
    assert read(out.getvalue())[0] == lines


@SOME
@given(tables(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_html(lines, encoding):
    rows = "".join(f"<tr>{''.join(f'<td>{html.escape(c)}</td>' for c in line)}</tr>" for line in lines)
    assert read(f"<html><body><table>{rows}</table></body></html>".encode(encoding))[0] == lines


@SOME
@given(tables())
def test_xml_of_2003(lines):
    cell = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    rows = "".join(f"<Row>{''.join(cell.format(escape(c)) for c in line)}</Row>" for line in lines)
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    book = f'<Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="A"><Table>{rows}</Table></Worksheet></Workbook>'
    assert read(f'<?xml version="1.0"?>{book}'.encode())[0] == lines
