"""Workbooks of every kind give the same text, and each that cannot be opened is refused in its own words."""

import datetime as dt
import io
import zipfile
from pathlib import Path
from struct import pack

import pytest
import xlsxwriter

from analysis.grids import Doubt, FileProblem
from analysis.sandbox import read_workbook

EXPORTS = Path(__file__).parent / "exports"


def compound(**streams):
    """A compound file of sectors of 512 bytes; every stream is filled up to the 4,096 bytes that need no mini sectors."""
    bodies = {
        name: body.ljust(4096, b"\0") + bytes(-len(body.ljust(4096, b"\0")) % 512) for name, body in streams.items()
    }
    entries, table, at = [("Root Entry", 5, 0xFFFFFFFE, 0)], [], 0
    for name, body in bodies.items():
        count = len(body) // 512
        entries.append((name, 2, at, len(body)))
        table += [*range(at + 1, at + count), 0xFFFFFFFE]
        at += count
    directory = b"".join(
        n.encode("utf-16-le").ljust(64, b"\0") + pack("<HBBIII", 2 * len(n) + 2, kind, 1, *[0xFFFFFFFF] * 3)
        + bytes(36) + pack("<III", first, size, 0)
        for n, kind, first, size in entries
    )  # fmt: skip
    directory += bytes(-len(directory) % 512)
    count = len(directory) // 512
    table += [*range(at + 1, at + count), 0xFFFFFFFE, 0xFFFFFFFD]
    table += [0xFFFFFFFF] * (128 - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += pack("<IIIIIIIII", 1, at, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, at + count) + b"\xff" * 432
    return head + b"".join(bodies.values()) + directory + pack("<128I", *table)


def record(kind, body=b""):
    return pack("<HH", kind, len(body)) + body


def packed(parts):
    """A zip archive of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def written(write=lambda book: book.add_worksheet("Dữ liệu").write("A1", "x"), **options):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, options) as book:
        write(book)
    return out.getvalue()


def with_rows(rows, after=b""):
    """A workbook with other rows than its own."""
    parts = parts_of(written())
    name = "xl/worksheets/sheet1.xml"
    before = parts[name].partition(b"<sheetData>")[0]
    return packed(parts | {name: before + b"<sheetData>" + rows + b"</sheetData>" + after + b"</worksheet>"})


def binary(kind, body=b""):
    """A record of an XLSB."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(body)]) + body


def wide(text):
    return pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb():
    """A binary workbook: a text, a number, an error, a merged pair below a hidden row."""
    cell = [pack("<II", i, 0) for i in range(3)]
    sheet = [
        binary(129), binary(148, pack("<4I", 0, 1, 0, 2)), binary(145),
        binary(0, pack("<IIHBBB", 0, 0, 300, 0, 0, 0) + bytes(4)), binary(6, cell[0] + wide("Mã hồ sơ")),
        binary(5, cell[1] + pack("<d", 4400.0)), binary(3, cell[2] + b"\x17"),
        binary(0, pack("<IIHBBB", 1, 0, 300, 0, 0x10, 0) + bytes(4)), binary(6, cell[0] + wide("00123")),
        binary(1, cell[1]), binary(146), binary(177, pack("<I", 1)), binary(176, pack("<4I", 1, 1, 0, 1)), binary(178), binary(130),
    ]  # fmt: skip
    book = [
        binary(131), binary(143), binary(156, pack("<II", 0, 1) + wide("rId1") + wide("Dữ liệu")), binary(144), binary(132),
    ]  # fmt: skip
    office = "http://schemas.openxmlformats.org"
    link = '<Relationships xmlns="{0}/package/2006/relationships"><Relationship Id="rId1" Type="{0}/officeDocument/2006/relationships/{1}" Target="{2}"/></Relationships>'
    return packed({
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types"><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        "_rels/.rels": link.format(office, "officeDocument", "xl/workbook.bin"),
        "xl/workbook.bin": b"".join(book),
        "xl/_rels/workbook.bin.rels": link.format(office, "worksheet", "worksheets/sheet1.bin"),
        "xl/worksheets/sheet1.bin": b"".join(sheet),
    })  # fmt: skip


def biff5():
    """A workbook of Excel 95: one text and one number."""
    start = record(0x809, pack("<HHHH", 0x500, 5, 0, 0)) + record(0x42, pack("<H", 1252))
    place = len(start) + 4 + 6 + 1 + 4 + 4
    named = record(0x85, pack("<IBBB", place, 0, 0, 4) + b"Data")
    cells = record(0x204, pack("<HHHH", 0, 0, 0, 5) + b"00123") + record(0x203, pack("<HHHd", 0, 1, 0, 7.0))
    sheet = (
        record(0x809, pack("<HHHH", 0x500, 0x10, 0, 0))
        + record(0x200, pack("<HHHHH", 0, 1, 0, 2, 0))
        + cells
        + record(0xA)
    )
    return compound(Book=start + named + record(0xA) + sheet)


def lines(grid):
    return [cells for _, cells in grid.lines()]


def only(content):
    (grid,) = read_workbook(content)
    return grid


def refusal(content):
    with pytest.raises(FileProblem) as caught:
        read_workbook(content)
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


# --- cells -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_a_workbook_gives_the_same_text_in_every_format(form):
    data, hidden = read_workbook((EXPORTS / f"oddities.{form}").read_bytes())
    assert lines(data) == [
        ["Mã hồ sơ", "Thời gian", "Thời gian", "Ghi chú"],
        ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ghi chú"],
        ["00123", "2022-01-03", "2022-01-10 08:15:00", "12:00:00"],
        ["4400", "44565", "11/01/2022", "42:00:00"],
        ["#N/A", "#DIV/0!", "123456789012345", "1.5"],
        ["1.10", "2022-01-05", "1000000000000000000000", 'a "b" ;c'],
    ]
    assert (data.sheet, data.read_as, data.skipped) == ("Hồ sơ", {"format": form}, "")
    assert data.doubts == (Doubt("hidden_rows", "1 in sheet Hồ sơ"),)
    assert {position: rows.tolist() for position, rows in data.numbers.items()} == {0: [4], 1: [4], 2: [5, 6], 3: [5]}
    assert (hidden.sheet, hidden.skipped, hidden.rows.tolist(), len(hidden.cells)) == (
        "Ẩn",
        "sheet_hidden",
        [1, 2, 3],
        0,
    )


def test_a_binary_workbook_is_read_with_its_errors_merged_cells_and_hidden_rows():
    grid = only(xlsb())
    assert lines(grid) == [["Mã hồ sơ", "4400", "#REF!"], ["00123", "00123", ""]]
    assert (grid.read_as, grid.doubts) == ({"format": "xlsb"}, (Doubt("hidden_rows", "1 in sheet Dữ liệu"),))
    assert grid.numbers[1].tolist() == [1]


def test_a_workbook_of_excel_95_is_read():
    grid = only(biff5())
    assert (lines(grid), grid.read_as) == ([["00123", "7"]], {"format": "xls"})


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (b'<c r="A1"><v>12</v></c>', "12"),
        (b'<c r="A1"><v>123456789012345678</v></c>', "123456789012345680"),
        (b'<c r="A1"><v>1E+22</v></c>', "10000000000000000000000"),
        (b'<c r="A1"><v>1.5E-7</v></c>', "0.00000015"),
        (b'<c r="A1"><v>-0.5</v></c>', "-0.5"),
        (b'<c r="A1" t="b"><v>1</v></c>', "TRUE"),
        (b'<c r="A1" t="b"><v>0</v></c>', "FALSE"),
        (b'<c r="A1" t="inlineStr"><is><t>00123</t></is></c>', "00123"),
        (b'<c r="A1" t="str"><f>T(B1)</f><v>1.10</v></c>', "1.10"),
        (b'<c r="A1" t="d"><v>2022-01-03</v></c>', "2022-01-03"),
        (b"<c r='A1' t='e'><v>#NAME?</v></c>", "#NAME?"),
        (b'<c t="e" r="A1"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
    ],
)
def test_a_cell_is_the_text_that_it_holds(cell, text):
    assert lines(only(with_rows(b'<row r="1">' + cell + b"</row>"))) == [[text]]


def test_days_of_a_workbook_that_counts_from_1904_are_the_same_days():
    def write(book):
        book.add_worksheet().write_datetime(
            "A1", dt.datetime(2022, 1, 3), book.add_format({"num_format": "dd/mm/yyyy"})
        )

    assert lines(only(written(write, date_1904=True))) == [["2022-01-03"]]


def test_a_formula_without_a_stored_value_is_blank_and_said():
    grid = only(
        with_rows(
            b'<row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><f>2</f><v>2</v></c><c r="C1"><f t="shared" si="0"/></c></row>'
        )
    )
    assert lines(grid) == [["", "2"]]
    assert grid.doubts == (Doubt("formula_without_value", "2 in sheet Dữ liệu"),)


def test_an_error_is_found_in_whatever_piece_of_a_long_sheet_it_stands():
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="e"><v>#N/A</v></c><c r="B%d"><v>1</v></c></row>' % (r, r, r)
        for r in range(1, 30_001)
    )
    assert set(map(tuple, lines(only(with_rows(rows))))) == {("#N/A", "1")}


def test_a_false_dimension_changes_nothing():
    parts = parts_of(with_rows(b'<row r="2"><c r="B2"><v>1</v></c></row>'))
    name = "xl/worksheets/sheet1.xml"
    lied = parts[name].replace(b'<dimension ref="A1"/>', b'<dimension ref="A1:XFD1048576"/>')
    assert lied != parts[name]
    assert lines(only(packed(parts | {name: lied}))) == [["", ""], ["", "1"]]


def test_a_merged_range_that_covers_the_whole_sheet_fills_only_the_cells_there_are():
    merged = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    grid = only(
        with_rows(b'<row r="1"><c r="A1"><v>5</v></c></row><row r="2500"><c r="B2500"><v>1</v></c></row>', merged)
    )
    assert set(map(tuple, lines(grid))) == {("5", "5")}
    assert len(grid.cells) == 2500


def test_merged_ranges_over_each_other_are_refused():
    merged = b'<mergeCells count="9">' + b'<mergeCell ref="A1:XFD1048576"/>' * 9 + b"</mergeCells>"
    assert "merged cells that lie over each other" in refusal(
        with_rows(b'<row r="1"><c r="A1"><v>1</v></c></row>', merged)
    )


def test_very_hidden_sheets_and_charts_are_skipped_and_their_lines_counted():
    def write(book):
        book.add_worksheet("Dữ liệu").write("A1", 1)
        secret = book.add_worksheet("Kín")
        secret.write("A4", "x")
        secret.very_hidden()
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "='Dữ liệu'!$A$1"})
        book.add_chartsheet("Hình").set_chart(chart)

    assert [(g.skipped, len(g.rows)) for g in read_workbook(written(write))] == [
        ("", 1),
        ("sheet_hidden", 4),
        ("sheet_no_table", 0),
    ]


def test_a_nul_in_a_cell_does_not_shift_the_cells_below_it():
    content = biff5().replace(b"00123", b"00\x0023")
    assert lines(only(content)) == [["00�23", "7"]]


# --- refusals --------------------------------------------------------------------------------------------------------

OPEN = "application/vnd.oasis.opendocument."
TYPES = '<Types><Override ContentType="application/vnd.openxmlformats-officedocument.{}+xml"/></Types>'
LOCKED = record(0x809, pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + record(0x2F, pack("<HHH", 0, 1, 2)) + record(0xA)

REFUSED = {
    "password-protected xlsx": (lambda: compound(EncryptedPackage=b"", EncryptionInfo=b""), "is protected by a password"),
    "password-protected xls": (lambda: compound(Workbook=LOCKED), "is protected by a password"),
    "password-protected ods": (
        lambda: packed({"mimetype": OPEN + "spreadsheet", "META-INF/manifest.xml": "<m:encryption-data/>"}),
        "is protected by a password",
    ),
    "half of an xlsx": (lambda: written()[:3000], "is cut short"),
    "half of an xls": (lambda: biff5()[:3000], "is cut short"),
    "nothing but the head of an xls": (lambda: biff5()[:16], "is cut short"),
    "docx": (lambda: packed({"[Content_Types].xml": TYPES.format("wordprocessingml.document.main")}), "is a Word document"),
    "pptx": (lambda: packed({"[Content_Types].xml": TYPES.format("presentationml.main")}), "is a presentation"),
    "odt": (lambda: packed({"mimetype": OPEN + "text"}), "is a text document"),
    "doc": (lambda: compound(WordDocument=b"x"), "is a Word document"),
    "other compound file": (lambda: compound(Other=b"x"), "holds no workbook"),
    "zip of other things": (lambda: packed({"a.txt": "x"}), "is a zip archive that holds no workbook"),
    "workbook of Excel 2": (lambda: b"\x09\x00\x04\x00\x02\x00\x10\x00", "is a workbook of Excel 4 or older"),
    "thousands of parts": (lambda: packed({f"{n}": "" for n in range(10_001)}), "is packed from 10001 parts"),
    "damaged sheet": (lambda: packed(parts_of(written()) | {"xl/workbook.xml": b"<workbook><sheets"}), "it is damaged"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_opened_is_refused_in_one_sentence_of_its_own(kind):
    make, said = REFUSED[kind]
    assert said in refusal(make())


def test_a_workbook_without_a_sheet_is_refused():
    parts = parts_of(written())
    book = parts["xl/workbook.xml"]
    without = book[: book.index(b"<sheets>")] + b"<sheets/>" + book[book.index(b"</sheets>") + 9 :]
    assert "without a sheet" in refusal(packed(parts | {"xl/workbook.xml": without}))
