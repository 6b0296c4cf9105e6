"""The command line: what it says, what it leaves in place, and the code it ends with."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner
from filelock import FileLock
from python_calamine import CalamineWorkbook

from analysis import cells, commands, commands_figures, execution, planning, proof, publication, rounds
from analysis import report as reports
from analysis.__main__ import cli
from analysis.policies import POLICIES
from analysis.run_state import Outcome

DOSSIERS = "Mã hồ sơ,Ngày tiếp nhận,Hình thức nộp\nH1,03/01/2022,Trực tuyến\nH2,04/01/2022,Trực tiếp\n"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A working folder with one small export."""
    (tmp_path / "data/raw").mkdir(parents=True)
    (tmp_path / "data/raw/dossiers.csv").write_text(DOSSIERS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [[], ["clean"], ["report"], ["figures"], ["form"], ["word"], ["accept"], ["handbook"], ["check"], ["count"]],
)
def test_help_teaches_and_ends_with_zero(command):
    result = CliRunner().invoke(cli, [*command, "--help"])
    assert result.exit_code == 0
    assert "--help" in result.output
    assert command[:1] not in (["report"], ["figures"], ["form"], ["word"]) or "PERIOD" in result.output


def test_help_does_not_wait_for_pandas():
    loaded = "import sys; sys.argv = ['analysis', '--help']\ntry:\n from analysis.__main__ import main; main()\nfinally:\n print(*sys.modules, file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert not {"matplotlib", "statsmodels", "nbconvert", "papermill"} & set(run.stderr.split())


def test_what_reads_notebooks_starts_without_the_grammar_of_web_addresses():
    """It takes two seconds to build, where JupyterLab is installed."""
    loaded = "import sys, analysis.report; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert {"nbformat", "lark"} & set(found.stdout.split()) == {"nbformat"}


def test_clean_prints_the_fates_of_every_file(desk, run):
    code, out, _ = run("clean")
    assert code == 0
    assert "dossiers.csv: 3 lines = 2 kept, 1 not data" in out


def test_clean_names_every_rejected_line_on_standard_error(desk, run):
    (desk / "data/raw/dossiers.csv").write_text(DOSSIERS.replace("04/01", "31/02"), encoding="utf-8")
    _, out, err = run("clean")
    assert "row 3: unreadable_received_on '31/02/2022'" in err
    assert "1 rejected" in out


def test_figures_prints_sentences_with_the_day(desk, run):
    code, out, _ = run("figures", "2022", "--lang", "en", "--as-of", "2022-06-30")
    assert code == 0
    assert "received 2 dossiers: 1 online (50.00%) and 1 in person (50.00%)." in out
    assert out.rstrip().endswith("Figures up to the end of 30 Jun 2022, as asked for.")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["report"], 2, "--all"),
        (["report", "2O22"], 2, "2022-Q3"),
        (["report", "2023"], 2, "after the day of the data"),
        (["report", "1950"], 2, "begin on"),
        (["figures", "1950"], 2, "begin on"),
        (["report", "--from", "2022-01-01"], 2, "go together"),
        (["report", "--from", "2022-02-01", "--to", "2022-01-01"], 2, "ends before"),
        (["figures", "2022", "--as-of", "31/02/2022"], 2, "no day"),
        (["figures", "2022", "--unit", "Phòng X"], 2, "Phòng X"),
        (["figures", "2022", "--lang", "fr"], 2, "fr"),
        (["figures", "2022", "--langue", "vi"], 2, "--langue"),
        (["form", "2022", "--ended", "somehow"], 2, "by_due_day"),
        (["form", "1950"], 2, "begin on"),
        (["form", "2022", "--points", "nowhere.csv"], 3, "nowhere.csv"),
        (["clean", "--data", "nowhere"], 3, "nowhere"),
        (["clean", "--vocabulary", "nowhere.toml"], 3, "nowhere.toml"),
    ],
)
def test_a_mistake_is_one_message_with_its_own_code(desk, run, arguments, code, said):
    ended, out, err = run(*arguments)
    assert ended == code
    assert said in err
    assert "Traceback" not in err
    assert not out


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n....", "picture.xlsx: is a PNG picture"),
        ("empty.csv", b"", "empty.csv: is empty"),
        ("broken.xlsx", b"PK\x03\x04....", "broken.xlsx: is cut short"),
        ("other.csv", "Tên,Tuổi\na,b\n".encode(), "other.csv: no header was found"),
    ],
)
def test_a_bad_file_names_itself_and_stops_no_other(desk, run, name, content, said):
    (desk / "data/raw" / name).write_bytes(content)
    for _ in range(2):  # the second time everything comes from data/processed
        code, out, err = run("clean")
        assert code == 3
        assert f"analysis: {said}" in err
        assert "Traceback" not in err
        assert "dossiers.csv: 3 lines = 2 kept, 1 not data" in out


def test_where_no_file_can_be_read_the_last_page_stays(desk, run):
    (desk / "reports").mkdir()
    (desk / "reports/2022.html").write_text("the last good page")
    (desk / "data/raw/dossiers.csv").write_bytes(b"")
    code, out, err = run("report", "2022")
    assert (code, out) == (3, "")
    assert "dossiers.csv: is empty" in err
    assert (desk / "reports/2022.html").read_text() == "the last good page"


def test_a_page_made_without_a_bad_file_says_so_first_and_ends_with_three(desk, run):
    (desk / "data/raw/picture.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n....")
    code, _, err = run("report", "2022")
    assert code == 3
    assert "analysis: picture.xlsx: is a PNG picture" in err
    page = (desk / "reports/2022.html").read_text("utf-8")
    assert 0 < page.index("1 tệp không đọc được") < page.index("Kết quả chính")


def test_the_page_of_all_years_is_made_beside_that_of_a_period(desk, run):
    code, out, _ = run("report", "2022", "--trends")
    assert code == 0
    assert {line.rpartition("/")[2] for line in out.split()} == {"2022.html", "trends.html", "index.html"}
    assert "Diễn biến qua các năm" in (desk / "reports/trends.html").read_text("utf-8")


def test_figures_name_what_is_missing_first(desk, run):
    (desk / "data/raw/picture.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n....")
    code, out, _ = run("figures", "2022", "--lang", "en")
    assert code == 3
    assert out.startswith("Files that could not be read, so that their lines are in no figure: 1 (picture.xlsx).\n")


def test_a_period_that_nothing_is_known_of_names_the_bad_file_that_may_hold_it(desk, run):
    (desk / "data/raw/picture.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n....")
    code, _, err = run("figures", "1950")
    assert code == 2
    assert "analysis: picture.xlsx: is a PNG picture" in err


def test_data_may_be_a_pattern(desk, run):
    (desk / "data/raw/other.csv").write_text(DOSSIERS, encoding="utf-8")
    code, out, _ = run("clean", "--data", "data/raw/d*.csv")
    assert code == 0
    assert "other.csv" not in out


def test_a_mistake_in_a_vocabulary_names_the_nearest_word(desk, run):
    (desk / "ours.toml").write_text('[words.chanel]\nonline = ["App"]\n', encoding="utf-8")
    code, _, err = run("clean", "--vocabulary", "ours.toml")
    assert code == 3
    assert "ours.toml" in err
    assert "channel" in err


def test_form_writes_a_workbook_and_prints_its_name(desk, run):
    code, out, _ = run("form", "2022-01", "--ended", "on_time", "--by", "unit", "--as-of", "2022-06-30")
    assert (code, out) == (0, "reports/06a-2022-01.xlsx\n")
    with CalamineWorkbook.from_path(desk / "reports/06a-2022-01.xlsx") as book:
        rows = book.get_sheet_by_name("06a").to_python(skip_empty_area=False)
    assert [row[2:6] for row in rows if row[1] == "Tổng số"] == [[2, 1, 1, 0]]
    assert any("(9) là đúng hạn" in str(row[0]) for row in rows)
    assert [path.name for path in (desk / "reports").iterdir()] == ["06a-2022-01.xlsx"]


def test_the_form_of_one_unit_holds_its_dossiers_only_and_names_it(desk, run):
    rows = (
        DOSSIERS.replace("\n", ",Phòng A\n").replace("nộp,Phòng A", "nộp,Đơn vị") + "H3,05/01/2022,Trực tiếp,Phòng B\n"
    )
    (desk / "data/raw/dossiers.csv").write_text(rows, encoding="utf-8")
    code, out, _ = run("form", "2022-01", "--unit", "Phòng A")
    assert (code, out) == (0, "reports/06a-2022-01.phong-a.xlsx\n")
    with CalamineWorkbook.from_path(desk / out.strip()) as book:
        rows = book.get_sheet_by_name("06a").to_python(skip_empty_area=False)
    assert [row[2] for row in rows if row[1] == "Tổng số"] == [2]
    assert rows[0][10] == "Đơn vị báo cáo: Phòng A"


def test_a_form_made_without_a_bad_file_says_so_and_ends_with_three(desk, run):
    (desk / "data/raw/picture.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n....")
    code, _, err = run("form", "2022-01")
    assert code == 3
    assert "analysis: picture.xlsx: is a PNG picture" in err
    with CalamineWorkbook.from_path(desk / "reports/06a-2022-01.xlsx") as book:
        assert "picture.xlsx" in str(book.get_sheet_by_name("06a").to_python())


def test_the_ways_to_count_that_the_command_knows_are_those_of_the_form():
    ways = (commands_figures.ENDED, commands_figures.PAUSED, commands_figures.NO_DUE, commands_figures.CHANNEL)
    assert dict(zip(POLICIES, ways, strict=True)) == POLICIES


def test_a_form_that_cannot_be_written_leaves_the_last_good_one(desk, run, monkeypatch):
    (desk / "reports").mkdir()
    (desk / "reports/06a-2022-01.xlsx").write_text("the last good form")

    def write_half(path, content):
        path.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", write_half)
    code, _, err = run("form", "2022-01")
    assert code == 5
    assert "free some space" in err
    assert [path.read_text() for path in (desk / "reports").iterdir()] == ["the last good form"]


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (execution.ReportError("cell 3: ValueError"), 4),
        (publication.ReportBusy("busy"), 6),
        (OSError(28, "No space left on device", "reports/2022.html"), 5),
        (PermissionError(13, "Permission denied", "reports"), 5),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError("a bug"), 1),
    ],
)
def test_a_failed_run_ends_with_the_code_of_its_cause(desk, run, monkeypatch, failure, code):
    def fail(*_, **__):
        raise failure

    monkeypatch.setattr(reports, "_make", fail)
    ended, _, err = run("report", "2022")
    assert ended == code
    assert "analysis: " in err
    assert ("Traceback" in err) == (code == 1)


@pytest.mark.parametrize(
    ("period", "asked", "name"),
    [
        ("2022", {"unit": "", "lang": "vi"}, "2022.html"),
        ("2022-Q3", {"unit": "", "lang": "en"}, "2022-Q3.en.html"),
        ("2021-12-15..2022-12-14", {"unit": "", "lang": "vi"}, "2021-12-15_2022-12-14.html"),
        ("2022", {"unit": "../Sở Xây dựng", "lang": "vi"}, "2022.so-xay-dung.html"),
    ],
)
def test_a_page_is_named_for_what_it_is_of_and_stays_in_its_folder(period, asked, name):
    assert commands.file_name(period, asked) == name


def test_all_years_of_the_exports_get_a_page(desk, run, monkeypatch):
    rows = DOSSIERS + "H3,05/01/2020,Trực tiếp\n"
    (desk / "data/raw/dossiers.csv").write_text(rows, encoding="utf-8")
    rendered = []

    def make(jobs, how):
        rendered.extend(job.report.output.name for job in jobs)
        return {job.report.output: Outcome() for job in jobs}

    monkeypatch.setattr(rounds, "make_round", make)
    assert run("report", "2022", "--all")[0] == 0
    assert rendered == ["2022.html", "2020.html"]


def test_a_real_failing_run_keeps_the_last_page_and_says_which_cell(desk, run, monkeypatch):
    book = json.loads(planning.ANNUAL.read_text("utf-8"))
    book["cells"][-2]["source"] = "sections.show_nothing()"
    (desk / "annual.ipynb").write_text(json.dumps(book), encoding="utf-8")
    monkeypatch.setattr(planning, "ANNUAL", desk / "annual.ipynb")
    (desk / "reports").mkdir()
    (desk / "reports/2022.html").write_text("the last good page")
    code, _, err = run("report", "2022")
    assert code == 4
    assert "show_nothing" in err
    assert "Traceback" not in err
    assert (desk / "reports/2022.html").read_text() == "the last good page"


def test_a_page_that_fails_is_named_and_stops_no_other(desk, run, monkeypatch):
    book = json.loads(planning.ANNUAL.read_text("utf-8"))
    book["cells"][-3]["source"] = "assert period != '2022-Q1', 'not this one'\n" + "".join(book["cells"][-3]["source"])
    (desk / "annual.ipynb").write_text(json.dumps(book), encoding="utf-8")
    monkeypatch.setattr(planning, "ANNUAL", desk / "annual.ipynb")
    (desk / "reports").mkdir()
    (desk / "reports/2022-Q1.html").write_text("the last good page")
    with FileLock(desk / "reports/.2022-01.html.lock"):
        code, out, err = run("report", "2022-01", "2022-Q1", "2022", "2022-Q1")
    assert code == 4, "the worst of the two"
    assert out.splitlines() == ["reports/2022.html", "reports/index.html"]
    assert "analysis: 2022-01.html: reports/2022-01.html is being written by another run.\n" in err
    assert "analysis: 2022-Q1.html: code cell" in err
    assert "AssertionError: not this one\n" in err
    assert err.count("cleaning") == 1
    assert (desk / "reports/2022-Q1.html").read_text() == "the last good page"


@pytest.mark.long
def test_an_ordinary_kernel_gives_the_same_page(desk, run):
    assert run("report", "2022", "--out", "forked")[0] == 0
    assert run("report", "2022", "--out", "kernel", "--engine", "kernel")[0] == 0
    assert (desk / "forked/2022.html").read_bytes() == (desk / "kernel/2022.html").read_bytes()


def test_where_there_is_no_fork_the_kernel_is_taken(desk, run, monkeypatch):
    monkeypatch.setattr(cells, "POSSIBLE", False)
    monkeypatch.setattr(cells, "DEFAULT", "kernel")
    engines = []
    failure = execution.ReportError("not today")
    monkeypatch.setattr(reports, "render_reports", lambda pages, *, engine, **_: engines.append(engine) or [failure])
    assert run("report", "2022")[0] == 4
    assert engines == ["kernel"]
    code, _, err = run("report", "2022", "--engine", "fork")
    assert code == 2
    assert "leave out --engine" in err


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_without_permission_is_no_bug(desk, run):
    (desk / "locked").mkdir(mode=0o500)
    code, _, err = run("report", "2022", "--out", "locked")
    assert code == 5
    assert "permission" in err


PAGE = "<!doctype html><html lang='vi'><meta charset='utf-8'><title>Năm</title><h1>Năm</h1>"
PRINTER = """#!/usr/bin/env python3
import sys
out = next(a.partition("=")[2] for a in sys.argv if a.startswith("--print-to-pdf="))
if "2021" not in sys.argv[-1]:
    open(out, "w").write("%PDF-1.4\\n<</Title <FEFF004E0103006D>>>\\n/Type /Page\\n%%EOF\\n")
"""
PDF = "so-xay-dung_2022_den-2022-01-04.pdf"


@pytest.fixture
def printer(desk, monkeypatch):
    """Pages that take no time to make, and a browser that prints all of them but that of 2021."""
    monkeypatch.setattr(reports, "_make", lambda report, *_: {report.output: PAGE.encode()})
    monkeypatch.setattr(proof, "prove_page", lambda *_, **__: None)  # which has no record
    (desk / "browser").write_text(PRINTER, encoding="utf-8")
    (desk / "browser").chmod(0o755)
    monkeypatch.setenv("ANALYSIS_BROWSER", str(desk / "browser"))


@pytest.mark.skipif(os.name == "nt", reason="the browser of this test is a script")
def test_a_page_is_printed_where_there_is_a_browser_and_one_that_cannot_be_stops_no_other(desk, run, printer):
    code, out, err = run("report", "2021", "2022")
    assert code == 0
    assert out.splitlines() == ["reports/2021.html", "reports/2022.html", f"reports/{PDF}", "reports/index.html"]
    assert "analysis: 2021.html was not printed: " in err
    code, out, err = run("report", "2021", "2022", "--pdf")
    assert code == 5, "it was asked for"
    assert "0 made, 2 up to date, 0 failed" in err


@pytest.mark.skipif(os.name == "nt", reason="the browser of this test is a script")
def test_an_older_pdf_does_not_stay_beside_a_newer_page(desk, run, printer, monkeypatch):
    run("report", "2022")
    assert (desk / "reports" / PDF).is_file()
    others = [
        desk / "reports" / PDF.replace(was, is_) for was, is_ in (("2022-01-04", "2021-12-31"), ("_2022_", "_2021_"))
    ]
    for pdf in others:
        pdf.write_bytes(b"%PDF")
    run("report", "2022", "--no-pdf", "--force")
    assert [pdf.exists() for pdf in (desk / "reports" / PDF, *others)] == [False, False, True], (
        "that of 2021 is another's"
    )


def test_a_pdf_that_is_asked_for_without_a_browser_is_a_failure_and_the_page_is_there(desk, run, printer, monkeypatch):
    monkeypatch.setenv("ANALYSIS_BROWSER", "none")
    code, out, err = run("report", "2022", "--pdf")
    assert (code, out.splitlines()) == (5, ["reports/2022.html", "reports/index.html"])
    assert "analysis: no PDF was written: no browser was found; install" in err
    code, out, err = run("report", "2022")
    assert (code, "PDF" in err) == (0, False)


def test_the_command_works_from_a_folder_with_spaces_and_vietnamese_letters(desk, run, monkeypatch, tmp_path):
    there = tmp_path / "Báo cáo một cửa"
    shutil.copytree(desk / "data", there / "data")
    monkeypatch.chdir(there)
    assert run("clean")[0] == 0


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="signals are those of Unix")
@pytest.mark.parametrize("stop", ["SIGTERM", "SIGKILL"])
@pytest.mark.parametrize("after", [0.5, 1.0, 1.5, 2.0, 2.5])
def test_a_run_that_is_killed_keeps_the_last_page_and_the_next_one_succeeds(desk, stop, after):
    (desk / "reports").mkdir()
    (desk / "reports/2022.html").write_text("the last good page")
    command = [sys.executable, "-m", "analysis", "report", "2022", "2022-Q1"]
    environment = os.environ | {"PYTHONPATH": str(planning.ANNUAL.parents[1])}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(after)
        process.send_signal(signal.Signals[stop])
    page = (desk / "reports/2022.html").read_text("utf-8")
    assert page == "the last good page" or page.rstrip().endswith("</html>")
    subprocess.run(command, env=environment, check=True, capture_output=True)
    assert "Kết quả chính" in (desk / "reports/2022.html").read_text("utf-8")
    left = {path.name for path in (desk / "reports").iterdir() if path.name.startswith(".")}
    assert stop == "SIGKILL" or left <= {".runs.json", ".2022.html.lock", ".2022-Q1.html.lock"}
