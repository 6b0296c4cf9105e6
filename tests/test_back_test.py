"""Published, signed, overtaken by late dossiers: the next page tells what moved, and the signed one stays as it was."""

from pathlib import Path

import nbformat
import pytest
from lxml import html
from test_corrections import LINES, put

from analysis import planning
from analysis.__main__ import cli
from analysis.comparison import located, with_before, with_signed
from analysis.grids import FileProblem
from analysis.html_page import record_in
from analysis.jobs import Report
from analysis.store import load
from analysis.vintages import read_vintages

LATE = (
    "L1,03/10/2022,10/10/2022,12/10/2022,Trực tuyến,Đã trả kết quả",
    "L2,04/11/2022,21/11/2022,,Trực tiếp,Đang xử lý",
    "L3,05/11/2022,22/11/2022,,Trực tiếp,Đang xử lý",
)


def run(*asked):
    return cli([*asked], standalone_mode=False) or 0


def content(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder where a report was made, signed, and made again when three dossiers came late; what was signed, before that."""
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        put(Path("data/raw"), *LINES)
        assert run("report", "2022") == 0
        assert run("freeze", "2022", "--number", "123/BC-SXD", "--day", "2022-11-15") == 0
        signed = content(folder / "reports/signed")
        put(Path("data/raw"), *LATE, name="muon_20221110.csv")
        assert run("report", "2022") == 0
    return folder, signed


@pytest.fixture
def at_desk(desk, monkeypatch):
    monkeypatch.chdir(desk[0])
    return desk[0]


def text_of(element):
    return " ".join(" ".join(element.itertext()).replace("\xa0", " ").split())


def test_the_next_page_says_which_figures_moved_and_why(at_desk):
    text = text_of(html.fromstring(Path("reports/2022.html").read_text("utf-8")))
    assert "đã khác bản đã ký số 123/BC-SXD: Hồ sơ tiếp nhận 3 → 6" in text
    assert "Chỉ có một điểm khác: hồ sơ đến muộn (muon_20221110.csv: 3 hồ sơ); mọi thay đổi đều do đó." in text
    assert "Hồ sơ tiếp nhận 3 6 +3" in text
    assert "Hồ sơ đang giải quyết 2 4 +2" in text
    assert "Bản đã ký số 123/BC-SXD ngày 15/11/2022" in text_of(html.parse("reports/index.html").getroot())


def test_what_was_signed_is_byte_for_byte_what_it_was(desk):
    assert content(desk[0] / "reports/signed") == desk[1]


def test_the_page_names_its_vintages_from_its_own_folder_and_no_path_of_the_machine(at_desk):
    parameters = record_in(Path("reports/2022.html").read_text("utf-8"))["parameters"]
    (before,) = {each.path.name for each in read_vintages(Path("reports"), Path("2022.html"))[1:]}
    assert parameters["before"] == f"vintages/2022/{before}"
    assert parameters["signed"] == "signed/2022/123-BC-SXD/vintage.json"
    for name in ("2022.html", "2022.ipynb"):
        assert str(at_desk) not in (at_desk / "reports" / name).read_text("utf-8")


def test_a_run_with_nothing_new_is_compared_with_the_same_vintages(at_desk):
    """So its page is the same: what it is compared with stands in its record."""
    report = Report(planning.ANNUAL, Path("reports/2022.html"), {"period": "2022", "data": "data/raw"}, "")
    asked = with_before(with_signed(report), load("data/raw")).parameters
    said = record_in(Path("reports/2022.html").read_text("utf-8"))["parameters"]
    assert [asked[name] for name in ("before", "signed")] == [f"reports/{said[name]}" for name in ("before", "signed")]
    public = report._replace(parameters={**report.parameters, "edition": "public"})
    assert with_before(with_signed(public), load("data/raw")) == public


def test_a_page_that_lost_what_it_was_compared_with_says_so(tmp_path):
    with pytest.raises(FileProblem, match=r"vintages/2022/x\.json: No such file"):
        located({"before": "vintages/2022/x.json", "signed": ""}, tmp_path)


def test_no_public_cell_shows_revisions():
    notebook = nbformat.read(planning.ANNUAL, as_version=4)
    (cell,) = [cell for cell in notebook.cells if "show_revisions" in cell.source]
    assert "public" not in cell.metadata.get("tags", [])


@pytest.mark.long
def test_the_same_exports_give_the_same_bytes_again_and_the_page_can_be_verified(at_desk, capsys):
    before = {
        path: data for path, data in content(at_desk / "reports").items() if path.suffix in {".html", ".ipynb", ".xlsx"}
    }
    before.pop(at_desk / "reports/index.html")
    assert run("report", "2022", "--force") == 0
    assert {path: path.read_bytes() for path in before} == before
    assert len(read_vintages(Path("reports"), Path("2022.html"))) == 2
    capsys.readouterr()
    assert run("verify", "reports/2022.html") == 0
    assert run("verify", "reports/signed/2022/123-BC-SXD/2022.html") == 8
    told = capsys.readouterr().out
    assert "reports/2022.html: the same: every figure" in told
    assert "was signed as no. 123/BC-SXD, unchanged since it was kept" in told


@pytest.mark.long
def test_what_was_signed_can_be_verified_where_it_lies_with_all_that_it_was_compared_with(at_desk):
    """Signed a second time, the page is compared with two vintages, which lie in its folder too."""
    assert run("status") == 0
    assert run("freeze", "2022", "--number", "124/BC-SXD") == 0
    assert run("status") == 9, "the page is to be compared with what was signed"
    folder = at_desk / "reports/signed/2022/124-BC-SXD"
    assert {path.relative_to(folder).parts[0] for path in content(folder)} >= {"vintages", "signed", "SHA256SUMS"}
    assert run("verify", f"{folder}/2022.html") == 0
