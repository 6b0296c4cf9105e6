"""The workbook of the official form: real numbers in their columns, no formula, and it opens and prints elsewhere."""

import csv
import re
import subprocess
import zipfile

import pandas as pd
import pytest
from patience import PATIENCE
from python_calamine import CalamineWorkbook

from analysis.form_workbook import FIRST, HEAD, NUMBERS, write_form
from analysis.forms import COLUMNS, fill_form
from analysis.labels import read_labels
from analysis.periods import read_period, until
from analysis.policies import Policy

VI = read_labels("vi")
YEAR = read_period("2022")
NAMES = ["06a", "Cân đối", "Hình thức nộp", "QĐ 766", "QĐ 766 - 2.2", "Ghi chú"]


def write(sample, path, **options):
    return write_form(sample, until(YEAR, sample.as_of), path, whole=YEAR, labels=VI, **options)


@pytest.fixture(scope="module")
def workbook(sample, tmp_path_factory):
    """The form of the sample, written once."""
    return write(sample, tmp_path_factory.mktemp("form") / "06a-2022.xlsx")


def read(path, sheet):
    with CalamineWorkbook.from_path(path) as book:
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def test_the_form_holds_the_published_figures_as_numbers_in_their_columns(workbook):
    rows = read(workbook, "06a")
    (total,) = [row for row in rows if row[1] == "Tổng số"]
    assert total[2:13] == [937, 163, 774, 0, 855, 302, 298, 255, 67, 47, 20]
    assert total[14] == 15
    assert all(isinstance(value, float) for value in total[2:13])


def test_every_row_of_the_form_is_that_of_the_table(workbook, sample):
    filled = fill_form(sample, until(YEAR, sample.as_of))
    rows = read(workbook, "06a")[FIRST : FIRST + len(filled)]
    assert [row[2:13] for row in rows] == filled[list(COLUMNS)].astype("float64").to_numpy().tolist()
    assert [row[0] for row in rows] == [*range(1, len(filled)), ""]


def test_the_head_is_that_of_the_form(workbook):
    rows = read(workbook, "06a")
    assert rows[0][0] == "Biểu số II.06a/VPCP/KSTT"
    assert rows[0][2].startswith("TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH")
    assert rows[0][10] == "Đơn vị báo cáo: Sở Xây dựng"
    assert rows[1][10].startswith("Đơn vị nhận báo cáo: …")
    assert rows[3][2] == "Năm 2022"
    assert rows[4][2] == "(Từ ngày 01/01/2022 đến ngày 10/11/2022)"
    assert rows[NUMBERS][:13] == [f"({number})" for number in range(1, 14)]
    assert [rows[HEAD][c] for c in (0, 2, 6, 10, 14)] == [
        "STT", "Số lượng hồ sơ tiếp nhận", "Số lượng hồ sơ đã giải quyết", "Số lượng hồ sơ đang giải quyết", "Ngoài biểu",
    ]  # fmt: skip


def test_the_receiving_unit_is_that_of_the_vocabulary(sample, tmp_path):
    settings = {**sample.vocabulary.settings, "report_to": "Văn phòng UBND tỉnh A"}
    named = sample.with_(vocabulary=sample.vocabulary._replace(settings=settings))
    assert read(write(named, tmp_path / "a.xlsx"), "06a")[1][10] == "Đơn vị nhận báo cáo: Văn phòng UBND tỉnh A"


def test_below_the_form_stand_the_policy_the_sums_the_day_and_that_it_is_a_sample(workbook):
    notes = " ".join(str(row[0]) for row in read(workbook, "06a")[FIRST:])
    for said in (
        "Dữ liệu mẫu, không có thật.",
        "Số liệu đến hết ngày 10/11/2022",
        "Kỳ báo cáo kéo dài đến ngày 31/12/2022",
        VI.name("forms.policy_ended_apart"),
        VI.name("forms.policy_paused_by_due_day"),
        "(3) = (7) + (11): lệch 15 (937 so với 922)",
    ):
        assert said in notes


def test_another_policy_changes_the_figures_and_the_note(sample, tmp_path):
    path = write(sample, tmp_path / "a.xlsx", policy=Policy(ended="on_time"))
    rows = read(path, "06a")
    (total,) = [row for row in rows if row[1] == "Tổng số"]
    assert total[6:10] == [870, 302, 313, 255]
    assert any(row[0] == VI.name("forms.policy_ended_on_time") for row in rows)
    assert len(rows[HEAD]) == 13, "nothing stands beside"


def test_the_other_sheets_hold_the_sums_the_channels_and_the_indicators(workbook):
    with CalamineWorkbook.from_path(workbook) as book:
        assert book.sheet_names == NAMES
    assert read(workbook, "Cân đối")[-1][:6] == ["Tổng số", "(3) = (7) + (11)", 937, 922, 15, 15]
    assert read(workbook, "Hình thức nộp")[-1][:4] == ["Tổng số", 937, 163, pytest.approx(163 / 937)]
    indicators = {row[0]: row for row in read(workbook, "QĐ 766")}
    assert indicators["2.1"][2:5] == [667, 937, pytest.approx(667 / 937)]
    assert indicators["4.2"][2:5] == ["–"] * 3
    assert sum(row[2] for row in read(workbook, "QĐ 766 - 2.2")[4:]) == 870


def test_points_stand_in_the_workbook_with_their_source(sample, tmp_path):
    worth = pd.DataFrame({"full_points": 6.0, "threshold": 80.0, "source": "QĐ 766"}, index=["3.2"])
    table = {row[0]: row for row in read(write(sample, tmp_path / "a.xlsx", points=worth), "QĐ 766")}
    assert table["3.2"][6:10] == [6, 6, 80, "QĐ 766"]
    assert table["3.1"][6] == "–"


def test_what_no_export_says_is_a_dash_in_the_workbook(sample, tmp_path):
    path = write(sample.with_(files=sample.files.assign(columns="{}")), tmp_path / "a.xlsx")
    (total,) = [row for row in read(path, "06a") if row[1] == "Tổng số"]
    assert total[2:13] == [937, "–", "–", 0, 855, "–", "–", "–", 67, "–", "–"]
    assert read(path, "Hình thức nộp")[-1][:3] == ["Tổng số", 937, "–"]


def test_a_field_that_looks_like_a_formula_or_a_link_stays_text(sample, tmp_path):
    odd = ["=1+1", "https://example.org/", "+84", "<b>&"]
    names = [odd[number % len(odd)] for number in range(len(sample.dossiers))]
    path = write(sample.with_(dossiers=sample.dossiers.assign(field=names)), tmp_path / "a.xlsx")
    assert {row[1] for row in read(path, "06a")[FIRST : FIRST + len(odd)]} == set(odd)
    with zipfile.ZipFile(path) as parts:
        text = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels")))
    assert "<f>" not in text
    assert "hyperlink" not in text


def test_the_page_is_a4_across_and_one_page_wide_with_its_heads_repeated(workbook):
    with zipfile.ZipFile(workbook) as parts:
        sheet, book = (parts.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "workbook"))
    assert 'paperSize="9"' in sheet
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert "&amp;P/&amp;N" in sheet
    assert f"'06a'!${HEAD + 1}:${NUMBERS + 1}" in book
    assert re.search(r"'06a'!\$A\$1:\$M\$\d+", book)


def test_the_font_is_its_own_and_not_that_of_a_theme(workbook):
    with zipfile.ZipFile(workbook) as parts:
        styles = parts.read("xl/styles.xml").decode()
    assert 'name val="Times New Roman"' in styles
    assert "<scheme" not in styles


def test_the_same_data_give_the_same_bytes(workbook, sample, tmp_path):
    assert write(sample, tmp_path / "again.xlsx").read_bytes() == workbook.read_bytes()


def converted(soffice, workbook, kind, folder):
    profile = (folder / "profile").as_uri()
    command = [soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind, "--outdir", str(folder)]
    subprocess.run([*command, str(workbook)], check=True, capture_output=True, timeout=PATIENCE)
    return folder / f"{workbook.stem}.{kind.partition(':')[0]}"


def test_libreoffice_opens_the_workbook_and_reads_the_same_figures(soffice, workbook, tmp_path):
    export = converted(soffice, workbook, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false", tmp_path)
    rows = list(csv.reader(export.read_text("utf-8-sig").splitlines()))
    (total,) = [row for row in rows if row[1] == "Tổng số"]
    assert total[2:13] == ["937", "163", "774", "0", "855", "302", "298", "255", "67", "47", "20"]


def test_libreoffice_prints_the_form_on_one_page_across(soffice, workbook, tmp_path):
    pdf = converted(soffice, workbook, "pdf", tmp_path).read_bytes()
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox\[([\d. ]+)\]", pdf)}
    assert boxes
    for _, _, width, height in boxes:
        assert (round(width), round(height)) == (842, 595), "A4, landscape"
    pages = len(re.findall(rb"/Type/Page\b(?!s)", pdf))
    assert len(NAMES) <= pages <= len(NAMES) + 3
