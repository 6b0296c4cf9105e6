"""The notebooks: thin, clean, and the real one gives a page that a director can trust."""

import csv
import io
import re
import shutil
import subprocess
import sys

import nbformat
import openpyxl
import pytest
from lxml import html
from patience import PATIENCE

from analysis import planning
from analysis.handbook_form import read_form
from analysis.page_tables import tables_of
from analysis.remarks_page import OF_REPORT
from analysis.report import render_report
from analysis.tables_workbook import tables_workbook

NOTEBOOKS = sorted(planning.ANNUAL.parent.glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.name)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_a_notebook_holds_no_output(notebook):
    assert all(not cell.outputs and cell.execution_count is None for cell in code(notebook))


def test_a_notebook_holds_prose_and_calls_only(notebook):
    for cell in code(notebook):
        assert len(cell.source.splitlines()) <= 12
        assert not re.search(r"^\s*(def|class|for|while|if|try)\b", cell.source, re.MULTILINE)


def test_no_number_is_typed_by_hand(notebook):
    prose = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert set(re.findall(r"\d+", prose)) <= {"0", "95"}


def test_prose_stands_in_both_languages(notebook):
    tags = [cell.metadata.tags for cell in notebook.cells if cell.cell_type == "markdown"]
    assert [each[0] for each in tags] == ["vi", "en"] * (len(tags) // 2)
    assert [each[1:] for each in tags[::2]] == [each[1:] for each in tags[1::2]]


def test_the_second_language_is_hidden_in_jupyterlab(notebook):
    for cell in notebook.cells:
        hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        assert hidden == (cell.cell_type == "markdown" and "en" in cell.metadata.tags)


def test_the_parameters_are_those_of_the_command(notebook, request):
    (cell,) = [cell for cell in code(notebook) if "parameters" in cell.metadata.get("tags", [])]
    every = ["period", "as_of", "unit", "lang", "data", "vocabulary", "handbook", "names", "edition"]
    every += ["before", "signed"]
    of_period = ["period", "before", "signed"]
    internal = [*of_period, "unit", "edition"]
    own = ["period", "as_of", "unit", "edition", "before", "signed"]  # what is chosen is one line
    left_out = {"explore.ipynb": own, "quality.ipynb": internal, "units.ipynb": internal, "trends.ipynb": of_period}
    expected = [name for name in every if name not in left_out.get(request.node.callspec.id, [])]
    expected = ["choice", *expected] if request.node.callspec.id == "explore.ipynb" else expected
    assert re.findall(r"^(\w+): str = ", cell.source, re.MULTILINE) == expected


def test_every_section_of_remarks_has_a_place_in_the_annual_report():
    source = planning.ANNUAL.read_text("utf-8")
    own = [section for section in read_form().choices["sections"] if section not in OF_REPORT]
    assert own
    assert all(f'asked, \\"{section}\\"' in source for section in own)
    assert "show_all_remarks" in source


def test_the_page_shows_the_published_figures_and_where_the_fifteen_went(page):
    text = " ".join(html.fromstring(page.read_text("utf-8")).text_content().replace("\xa0", " ").split())
    for said in (
        "937 hồ sơ: 163 trực tuyến (17,40 %) và 774 trực tiếp (82,60 %)",
        "855 hồ sơ: 600 trước và đúng hạn, đạt 70,18 %; 255 quá hạn",
        "còn 67 hồ sơ đang giải quyết",
        "0 kỳ trước chuyển sang + 937 tiếp nhận = 855 đã giải quyết + 9 người nộp rút + 6 trả lại + 67 đang giải quyết",
        "2.734, tăng 1,03 % so với cùng kỳ năm trước (2.706)",
        "Văn bản điện tử đến: 9.505",
        "Cuộc họp trực tuyến: 23",
        "Dữ liệu mẫu, không có thật",
        "10/11/2022",
    ):
        assert said in text


def test_every_table_of_the_page_is_a_sheet_of_the_workbook_with_the_same_rows(page):
    """Read from the page as a browser has it; the workbook is made from the notebook."""
    document = html.fromstring(page.read_text("utf-8"))
    on_page = [[cell.text_content() for cell in row] for row in document.xpath("//table/tbody/tr")]
    notebook = nbformat.read(page.with_suffix(".ipynb"), as_version=4)
    tables = tables_of(notebook, lang="vi")
    assert [list(row) for table in tables for row in table.rows] == on_page
    book = openpyxl.load_workbook(io.BytesIO(tables_workbook(notebook, title="Báo cáo", lang="vi")))
    assert len(book.sheetnames) == len(tables) + 1
    sheet = next(sheet for sheet in book if sheet["A3"].value == "Chỉ tiêu" and sheet["B3"].value == "Kỳ này")
    figures = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=4)}
    assert (figures["Hồ sơ tiếp nhận"], figures["Quá hạn"], figures["Tỷ lệ trước và đúng hạn"]) == (937, 255, 0.7018)


def test_what_the_sample_s_handbook_says_is_seen_in_its_report(page):
    document = html.fromstring(page.read_text("utf-8"))
    text = " ".join(" ".join(document.itertext()).replace("\xa0", " ").split())
    for said in (
        "Chỉ tiêu 95 %: đến nay thiếu 213 hồ sơ",
        "Chỉ tiêu 50 %: đến nay thiếu 306 hồ sơ",
        "Chỉ tiêu 90 %: đến nay đạt",
        "Quá hạn 255 (không điều chỉnh: 256)",
        "Số liệu nhập tay từ sổ tay, không tính từ dữ liệu xuất",
        "412 lượt Sổ theo dõi tại quầy",
        "Sáu tháng đầu năm phòng chuyên môn thiếu hai vị trí thẩm định hồ sơ. Người viết: Văn phòng Sở",
        "Đề nghị trang bị máy quét tại quầy",
    ):
        assert said in text


def test_the_page_asks_for_nothing_and_runs_nothing(page):
    text = page.read_text("utf-8")
    document = html.fromstring(text)
    assert [dict(script.attrib) for script in document.iter("script")] == [{"id": "record", "type": "application/json"}]
    assert not document.xpath("//link | //iframe | //object")
    sources = document.xpath("//@src")
    assert sources
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert all(link.startswith("#") for link in document.xpath("//@href"))


def test_every_picture_says_what_it_shows(page):
    pictures = html.fromstring(page.read_text("utf-8")).xpath("//img")
    assert len(pictures) == 6
    said = [picture.get("alt") for picture in pictures]
    assert all(len(alt.split()) > 12 for alt in said)
    assert len(set(said)) == len(said)


def test_the_table_behind_every_chart_can_be_copied(page):
    document = html.fromstring(page.read_text("utf-8"))
    copies = [copy.text_content() for copy in document.xpath("//pre[@class='csv']")]
    assert len(copies) == len(document.xpath("//figure[@class='chart']"))
    assert copies[0].splitlines()[1] == "1/2022,5,65,70"
    assert all(len(copy.encode()) < 4096 for copy in copies)


def test_the_page_with_all_its_charts_is_small(page):
    assert page.stat().st_size < 400_000


def test_the_page_is_in_one_language(page):
    text = page.read_text("utf-8")
    assert "Kết quả chính" in text
    assert "The main figures" not in text


def test_nobody_is_named_on_the_page(page):
    assert "Tổ chức A" not in page.read_text("utf-8")


def test_no_path_of_this_machine_is_on_the_page_or_in_its_notebook(page, sample_folder):
    for file in (page, page.with_suffix(".ipynb")):
        assert str(sample_folder) not in file.read_text("utf-8")
        assert str(planning.ANNUAL.parents[1]) not in file.read_text("utf-8")


@pytest.mark.long
def test_the_same_inputs_give_the_same_bytes(page, render):
    again = render({"2022": ("annual", "vi")}, folder="again")["2022"]
    assert again.read_bytes() == page.read_bytes()
    assert again.with_suffix(".ipynb").read_bytes() == page.with_suffix(".ipynb").read_bytes()


@pytest.mark.long
def test_the_notebook_runs_top_to_bottom_without_the_command(sample_folder, tmp_path):
    """As JupyterLab runs it: from its own folder, with the parameters it holds."""
    shutil.copytree(planning.ANNUAL.parent, sample_folder / "notebooks")
    run = [
        sys.executable,
        "-m",
        "nbconvert",
        "--execute",
        "--to",
        "notebook",
        "--output-dir",
        str(tmp_path),
        "annual.ipynb",
    ]
    done = subprocess.run(run, cwd=sample_folder / "notebooks", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    cells = code(nbformat.read(tmp_path / "annual.ipynb", as_version=4))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


def test_the_page_opens_without_a_network_and_the_console_stays_empty(page, chromium, tmp_path):
    """Chromium logs every refused or failed request and every console message on standard error."""
    run = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}", "--enable-logging=stderr",
        "--v=0", "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", "--dump-dom", page.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(run, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert "937" in done.stdout
    assert "CONSOLE" not in done.stderr


HOSTILE = """<script>document.title="run"</script><img src=x onerror="document.title='run'">"""
HEADINGS = ["Mã hồ sơ", "Mã TTHC", "Tên TTHC", "Đơn vị", "Kênh tiếp nhận", "Ngày nhận", "Ngày kết thúc xử lý", HOSTILE]


@pytest.mark.long
@pytest.mark.parametrize("policy", [True, False], ids=["with the page's policy", "without it"])
def test_markup_in_every_field_of_an_export_is_shown_and_never_run(policy, tmp_path, monkeypatch, chromium):
    (tmp_path / "data/raw").mkdir(parents=True)
    with (tmp_path / "data/raw" / "<b>&.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEADINGS)
        for i in range(12):
            day = "03/01/2022" if i % 4 else HOSTILE
            lines.writerow([f"{i}{HOSTILE}", HOSTILE, HOSTILE, HOSTILE, HOSTILE, day, "", HOSTILE])
    monkeypatch.chdir(tmp_path)
    parameters = {"period": "2022", "unit": HOSTILE}
    page = render_report(planning.ANNUAL, tmp_path / "reports/2022.html", parameters=parameters, title=HOSTILE)
    text = page.read_text("utf-8")
    assert "&lt;script&gt;" in text
    shown = tmp_path / "shown.html"
    shown.write_text(text if policy else re.sub(r"<meta http-equiv[^>]*>", "", text), encoding="utf-8")
    run = [
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path}",
        "--dump-dom",
        shown.as_uri(),
    ]
    dom = subprocess.run(run, capture_output=True, text=True, timeout=PATIENCE, check=False).stdout
    assert html.fromstring(dom).findtext(".//title") == HOSTILE


def test_the_contents_name_every_section_and_lead_to_it(page):
    document = html.fromstring(page.read_text("utf-8"))
    (contents,) = document.xpath("//nav[@class='contents']")
    links = {link.get("href")[1:]: link.text_content() for link in contents.xpath(".//a")}
    heads = document.xpath("//main//h2")
    assert list(links.values()) == [head.text_content() for head in heads]
    assert [document.get_element_by_id(anchor).xpath(".//h2")[0] for anchor in links] == heads
    assert document.xpath("//a[@class='up']/@href") == [f"#{contents.get('id')}"]


def test_what_few_readers_ask_for_is_folded_and_nothing_else(page):
    document = html.fromstring(page.read_text("utf-8"))
    folded = [head.text_content() for head in document.xpath("//details[@class='annex' and not(@open)]/summary/h2")]
    assert folded[-2:] == ["Định nghĩa", "Nguồn gốc"]
    shown = [head.text_content() for head in document.xpath("//section/h2")]
    assert shown[0] == "Kết quả chính"
    assert {"Tiếp nhận", "Đúng hạn", "Thủ tục", "Văn bản"} <= set(shown)
