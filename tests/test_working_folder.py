"""The folder that ``analysis new`` lays out, and what ``analysis start`` asks in it."""

import ast
import xml.etree.ElementTree as ET
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from click.testing import CliRunner

from analysis import commands_start
from analysis.__main__ import cli
from analysis.grids import FileProblem
from analysis.shipped import NOTEBOOKS, in_use
from analysis.vocabulary import read_vocabulary
from analysis.working_folder import lay_out

UNIX = {
    "program": PurePosixPath("/opt/một cửa/bin/analysis"),
    "python": PurePosixPath("/opt/một cửa/bin/python"),
    "windows": False,
}
WINDOWS = {
    "program": PureWindowsPath(r"C:\Apps 100%\Scripts\analysis.exe"),
    "python": PureWindowsPath(r"C:\Apps 100%\python.exe"),
    "windows": True,
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder of a department on Unix, as laid out."""
    folder = tmp_path_factory.mktemp("Sở Xây dựng") / "một cửa"
    return folder, lay_out(folder, **UNIX)


def test_a_new_folder_has_what_a_department_needs_and_says_so(desk):
    folder, told = desk
    assert told == [
        "README.md", "bat-dau.cmd", "data/processed/", "data/raw/so-tay.xlsx", "notebooks/", "ours.toml", "reports/", "schedule/",
    ]  # fmt: skip
    assert all((folder / name).exists() for name in told)
    assert {path.name for path in (folder / "notebooks").glob("*.ipynb")} >= {
        "annual.ipynb",
        "trends.ipynb",
        "quality.ipynb",
    }
    assert not (folder / "data/raw/sample").exists()


def test_the_copies_of_notebooks_count_for_nothing_until_one_is_changed(desk, monkeypatch):
    monkeypatch.chdir(desk[0])
    assert {path: in_use(path) for path in NOTEBOOKS.glob("*.ipynb")} == {
        path: path for path in NOTEBOOKS.glob("*.ipynb")
    }


def test_the_vocabulary_of_examples_changes_nothing_until_a_line_is_freed(desk, tmp_path):
    path = desk[0] / "ours.toml"
    assert read_vocabulary(path)._replace(files=(), sha256="") == read_vocabulary(None)._replace(files=(), sha256="")
    freed = path.read_text("utf-8").replace("# [settings]\n# unit_name", "[settings]\nunit_name")
    (tmp_path / "ours.toml").write_text(freed, "utf-8")
    assert read_vocabulary(tmp_path / "ours.toml").settings["unit_name"] == "Sở Xây dựng tỉnh A"


def test_every_example_of_the_vocabulary_can_be_freed(desk, tmp_path):
    lines = desk[0].joinpath("ours.toml").read_text("utf-8").splitlines()
    freed = [
        line[2:] if line.startswith(("# [", '# "')) or " = [" in line or ' = "' in line else line for line in lines
    ]
    (tmp_path / "ours.toml").write_text("\n".join(freed), "utf-8")
    words = read_vocabulary(tmp_path / "ours.toml")
    assert words.sources["cong-bo/*.csv"] == "Cổng của Bộ"


def test_the_schedules_of_a_new_folder_name_it_and_the_program(desk):
    folder = desk[0]
    crontab, unit, dag = (
        (folder / "schedule" / n).read_text("utf-8") for n in ("crontab", "analysis-report.service", "airflow_dag.py")
    )
    assert f'ONE_STOP="{folder}"' in crontab
    assert "timeout --kill-after=2m 4h '/opt/một cửa/bin/analysis' report" in crontab
    assert f"WorkingDirectory={folder}\n" in unit
    assert 'ExecStart="/opt/một cửa/bin/analysis" report' in unit
    assert f'ReadWritePaths="{folder}/reports" "{folder}/data/processed"' in unit
    values = {n.targets[0].id: n.value for n in ast.parse(dag).body if isinstance(n, ast.Assign)}
    assert ast.literal_eval(values["ONE_STOP"]) == str(folder)
    assert not [path for path in (folder / "schedule").iterdir() if "/srv/one-stop" in path.read_text("utf-8")]


@pytest.fixture
def quick(monkeypatch):
    """Without what takes a second: the handbook."""
    monkeypatch.setattr("analysis.working_folder.write_handbook", lambda path, **_: path.touch())


def test_a_new_folder_on_windows_has_its_task_and_the_python_to_start_with(tmp_path, quick):
    lay_out(tmp_path / "a", **WINDOWS)
    names = {path.name for path in (tmp_path / "a/schedule").iterdir()}
    assert names == {"windows-task.cmd", "windows-task.xml", "notify.example.yml"}
    batch = (tmp_path / "a/schedule/windows-task.cmd").read_bytes()
    assert b'set "ANALYSIS=C:\\Apps 100%%\\Scripts\\analysis.exe"\r\n' in batch
    assert batch.count(b"\r\n") == batch.count(b"\n")
    start = (tmp_path / "a/bat-dau.cmd").read_bytes()
    assert b'set "KNOWN=C:\\Apps 100%%\\python.exe"\r\n' in start
    command = ET.parse(tmp_path / "a/schedule/windows-task.xml").getroot().findtext(".//{*}Command")
    assert command == f"{tmp_path / 'a'}\\schedule\\windows-task.cmd"
    lay_out(
        tmp_path / "b",
        program=PureWindowsPath(r"C:\Sở\analysis.exe"),
        python=PureWindowsPath(r"C:\Sở\python.exe"),
        windows=True,
    )
    assert b'set "KNOWN="\r\n' in (tmp_path / "b/bat-dau.cmd").read_bytes(), "it stays ASCII, and searches"
    assert "chcp 65001 >nul\n" in (tmp_path / "b/schedule/windows-task.cmd").read_text("utf-8")


def test_a_folder_that_is_not_empty_is_not_touched_and_names_what_is_there(tmp_path):
    for name in "abcdefg":
        (tmp_path / name).touch()
    with pytest.raises(FileProblem, match=r"is not empty.*there are a, b, c, d, e and 2 more"):
        lay_out(tmp_path, **UNIX)
    assert len(list(tmp_path.iterdir())) == 7
    with pytest.raises(FileProblem, match="is a file"):
        lay_out(tmp_path / "a", **UNIX)


def test_what_was_begun_is_taken_away_again_if_it_cannot_be_ended(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.working_folder.write_handbook", full)
    for folder in (tmp_path / "new", tmp_path):
        with pytest.raises(OSError, match="No space"):
            lay_out(folder, sample=True, **UNIX)
        assert not list(tmp_path.iterdir())


def test_the_command_says_the_next_three_steps(run, tmp_path, monkeypatch, quick):
    monkeypatch.chdir(tmp_path)
    code, out, err = run("new", "a", "--lang", "en")
    assert (code, "a/ours.toml" in out.splitlines()) == (0, True)
    steps = [line.strip()[:2] for line in err.partition("Next:")[2].splitlines() if line.strip()]
    assert steps == ["1.", "2.", "3.", "4."], "and before them, to go there"
    monkeypatch.chdir(tmp_path / "a/reports")
    _, _, err = run("new", "--sample", "--lang", "vi")
    assert "1. Thử với dữ liệu mẫu: analysis report 2022" in err
    code, _, err = run("new")
    assert (code, "is not empty" in err) == (3, True)


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Runs ``start`` with what somebody types, in a folder of nothing; gives what it runs and opens, its code and what it said."""
    asked = []
    monkeypatch.chdir(tmp_path)

    def report(arguments):
        asked.append(arguments)
        Path("reports").mkdir(exist_ok=True)
        Path("reports/2022.html").touch()
        return {"bad": 3, "worse": 4}.get(arguments[3], 0)

    monkeypatch.setattr(commands_start, "_run", report)
    monkeypatch.setattr(commands_start.click, "launch", lambda page: asked.append(["launch", Path(page).name]))

    def run(*arguments, typed=""):
        result = CliRunner().invoke(cli, ["start", *arguments], input=typed)
        return asked, result.exit_code, result.output

    return run


def test_with_nothing_typed_the_sample_is_reported_and_opened(start, tmp_path):
    (tmp_path / "ours.toml").write_text("# nothing is said yet\n", "utf-8")
    asked, code, out = start(typed="\n2022\n")
    assert asked == [["report", "2022", "--data", str(Path("data/raw")), "--lang", "vi"], ["launch", "2022.html"]]
    assert code == 0
    assert "dữ liệu mẫu" in out
    assert (tmp_path / "data/raw/sample/so-tay.xlsx").is_file()


def test_what_is_dropped_is_read_with_the_handbook_and_words_of_the_folder(start, tmp_path):
    (tmp_path / "xuất ra").mkdir()
    (tmp_path / "data/raw").mkdir(parents=True)
    (tmp_path / "data/raw/so-tay.xlsx").touch()
    (tmp_path / "ours.toml").write_text('[settings]\nunit_name = "Sở A"\n', "utf-8")
    asked, _, out = start(typed="'xuất ra'\nQ3/2022\n2022-Q3\n")
    book = str(Path("data/raw/so-tay.xlsx"))
    assert asked[0] == [
        "report", "2022-Q3", "--data", "xuất ra", "--lang", "vi", "--handbook", book, "--vocabulary", "ours.toml",
    ]  # fmt: skip
    assert "“Q3/2022” không phải là một kỳ" in out


def test_an_export_that_is_not_there_is_asked_for_again_and_given_up_after_three_times(start, tmp_path):
    asked, code, out = start(typed="nowhere.xlsx\n" * 3)
    assert (asked, code, out.count("nowhere.xlsx: không có tệp")) == ([], 2, 3)


def test_a_report_that_could_not_read_all_is_opened_and_its_code_kept(start, tmp_path):
    (tmp_path / "bad").mkdir()
    asked, code, _ = start("bad", "--period", "2022", "--lang", "en", "--no-open")
    assert (asked, code) == ([["report", "2022", "--data", "bad", "--lang", "en"]], 3)


def test_an_older_page_is_not_opened_after_a_report_that_failed(start, tmp_path):
    (tmp_path / "worse").mkdir()
    asked, code, _ = start("worse", "--period", "2022")
    assert (asked, code) == ([["report", "2022", "--data", "worse", "--lang", "vi"]], 4)
    assert (tmp_path / "reports/2022.html").is_file()


def test_words_that_are_damaged_are_handed_on_for_the_report_to_say_what_is_wrong(start, tmp_path):
    (tmp_path / "ours.toml").write_text("[settings\n", "utf-8")
    asked, _, _ = start(typed="\n2022\n")
    assert asked[0][-2:] == ["--vocabulary", "ours.toml"]
