"""Whatever happens to a run: the last good page or the new one is there, whole; the next run heals; the exit code says so."""

import errno
import itertools
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from patience import PATIENCE
from quick_pages import HEAD, LINES

from analysis import planning, publication, run_state

ROOT = Path(__file__).parents[1]
MORE = "H4,Chi nhánh 1,06/01/2022,Trực tiếp\nH5,Chi nhánh 1,07/01/2023,Trực tiếp\nH6,Chi nhánh 2,07/01/2021,Trực tiếp\n"
YEARS = ("2021", "2022", "2023")
INSTANTS = int(os.environ.get("INSTANTS", "50"))


# --- without a notebook ----------------------------------------------------------------------------------------------


def pages(folder):
    """What a reader finds: name -> bytes, without what the program keeps for itself."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file() and path.name[0] != "."}


@pytest.mark.parametrize("step", [pytest.param("write", marks=pytest.mark.long), "fsync", "replace"])
def test_a_disk_that_is_full_at_any_step_leaves_old_or_new_files_and_the_next_run_heals(
    quick, tmp_path, monkeypatch, step
):
    quick("report", "2022", "2023")
    old = pages(tmp_path / "reports")
    (tmp_path / "data/raw/a.csv").write_text(HEAD + LINES + MORE, "utf-8")
    failed = 0
    for number in itertools.count():
        shutil.rmtree(tmp_path / "reports")
        (tmp_path / "reports").mkdir()
        for name, content in old.items():
            (tmp_path / "reports" / name).write_bytes(content)
        with monkeypatch.context() as patch:
            filled = fill(patch, step, number)
            _, code, _, err = quick("report", "2022", "2023", "--force")
        found = pages(tmp_path / "reports")
        assert all(found[name] for name in old), "no file is lost or empty"
        assert not [name for name in found if name.endswith((".part", ".tmp"))]
        if not filled:
            break
        failed += 1
        assert code == 5, err
        assert quick("report", "2022", "2023")[1] == 0
        assert quick("status")[1] == 0
    assert failed >= 4


def fill(patch, step, number):
    """Have the n-th write, fsync or rename of the program fail; a list that is not empty once one did."""
    count, filled = itertools.count(), []
    original = {"write": Path.open, "fsync": os.fsync, "replace": Path.replace}[step]

    def failing(*args, **options):
        is_ours = step != "write" or (args[1:2] == ("wb",) and "reports" in str(args[0]))
        if is_ours and next(count) == number:
            filled.append(number)
            raise OSError(errno.ENOSPC, "No space left on device", str(args[0]))
        return original(*args, **options)

    target = {"write": (Path, "open"), "fsync": (publication.os, "fsync"), "replace": (Path, "replace")}[step]
    patch.setattr(*target, failing)
    return filled


def test_a_reader_never_finds_half_a_page(quick, tmp_path, monkeypatch):
    from analysis import report

    number = itertools.count()
    body = "".join(f"<p>{'x' * 100}</p>" for _ in range(3000))
    monkeypatch.setattr(
        report,
        "_make",
        lambda job, *_: {job.output: f"<!doctype html><title>{next(number)}</title>{body}</html>".encode()},
    )
    quick("report", "2022")
    page, stop, seen, bad = tmp_path / "reports/2022.html", threading.Event(), set(), []

    def look():
        while not stop.is_set():
            text = page.read_text("utf-8")
            seen.add(text[:60])
            if not text.endswith("</html>"):
                bad.append(text[-60:])

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for _ in range(20):
            assert quick("report", "2022", "--force")[1] == 0
    finally:
        stop.set()
        reader.join()
    assert bad == []
    assert len(seen) > 10


def test_what_was_kept_of_runs_and_is_damaged_costs_a_run_and_no_more(quick, tmp_path):
    quick("report", "2022")
    (tmp_path / "reports" / run_state.NAME).write_text("{", "utf-8")
    assert quick("report", "2022")[:2] == (["2022.html"], 0)
    assert quick("status")[1] == 0


# --- with the real notebook ------------------------------------------------------------------------------------------


@pytest.fixture
def real(tmp_path):
    """A working folder whose pages are made by the real notebooks, in processes of their own."""
    (tmp_path / "data/raw").mkdir(parents=True)
    (tmp_path / "data/raw/a.csv").write_text(HEAD + LINES, "utf-8")
    return tmp_path


def start(folder, *arguments, **environment):
    """A run in a process of its own, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "analysis", "report", *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment}, text=True, encoding="utf-8", start_new_session=True,
    )  # fmt: skip


def finished(folder, *arguments, **environment):
    """How a run ended: exit code, and what it said of what is wrong."""
    with start(folder, *arguments, **environment) as process:
        _, err = process.communicate(timeout=PATIENCE)
    return process.returncode, err


def test_an_export_replaced_while_a_notebook_runs_is_noticed_and_nothing_is_published(real, monkeypatch):
    book = json.loads(planning.ANNUAL.read_text("utf-8"))
    replacing = f"from pathlib import Path\nPath('data/raw/a.csv').write_text({HEAD + LINES + MORE!r}, 'utf-8')\n"
    book["cells"][1]["source"] = replacing + "".join(book["cells"][1]["source"])
    shutil.copytree(ROOT / "analysis", real / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "notebooks", real / "notebooks")
    (real / "notebooks/annual.ipynb").write_text(json.dumps(book), "utf-8")
    code, err = finished(real, "2022", PYTHONPATH=str(real))
    assert code == 4, err
    assert re.search(
        r"analysis: 2022\.html: .*(an export was changed|cleaned anew from other exports).*; run again\.", err
    )
    assert not (real / "reports/2022.html").exists()
    code, err = finished(real, "2022", PYTHONPATH=str(real))
    assert code == 0, err


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="signals are those of Unix")
def test_a_run_of_three_years_that_is_killed_at_any_instant_leaves_whole_pages_and_the_next_heals(real):
    """Each page is, byte for byte, the old one or the one that an undisturbed run makes."""
    assert finished(real, *YEARS)[0] == 0
    old = pages(real / "reports")
    shutil.copytree(real / "reports", real / "kept")
    (real / "data/raw/a.csv").write_text(HEAD + LINES + MORE, "utf-8")
    began = time.monotonic()
    assert finished(real, *YEARS)[0] == 0
    seconds, new = time.monotonic() - began, pages(real / "reports")
    assert {name for name in old if old[name] != new[name]} >= {f"{year}.html" for year in YEARS}
    dice = random.Random(1)
    for _ in range(INSTANTS):
        shutil.rmtree(real / "reports")
        shutil.copytree(real / "kept", real / "reports")
        with start(real, *YEARS) as process:
            time.sleep(dice.uniform(0, seconds))
            process.send_signal(signal.SIGKILL)
        found = pages(real / "reports")
        for name in (f"{year}.{ending}" for year in YEARS for ending in ("html", "ipynb", "xlsx")):
            assert found[name] in (old[name], new[name]), f"{name} is half"
        assert finished(real, *YEARS)[0] == 0
        healed = pages(real / "reports")
        assert {name: healed[name] for name in new if name != "index.html"} == {
            name: new[name] for name in new if name != "index.html"
        }
        assert not [path.name for path in (real / "reports").iterdir() if path.name.startswith((".report-", ".print-"))]


@pytest.mark.long
def test_of_two_runs_at_once_one_says_who_is_busy_and_the_pages_are_whole(real):
    with start(real, "2022") as one, start(real, "2022") as other:
        ended = [(process.communicate(timeout=PATIENCE)[1], process.returncode) for process in (one, other)]
    codes = sorted(code for _, code in ended)
    assert codes in ([0, 6], [0, 0])
    for err, code in ended:
        assert code == 0 or re.search(r"2022\.html is being written by another run: process \d+ on ", err)
    assert (real / "reports/2022.html").read_text("utf-8").rstrip().endswith("</html>")


# --- the table -------------------------------------------------------------------------------------------------------


def test_every_row_of_the_table_of_faults_names_a_test_that_exists():
    rows = re.findall(r"(?m)^\|.*`(test_\w+)\.py::(test_\w+)` \|$", (ROOT / "docs/reliability.md").read_text("utf-8"))
    assert len(rows) > 15
    for file, name in rows:
        assert f"def {name}(" in (ROOT / "tests" / f"{file}.py").read_text("utf-8"), f"{file}::{name}"
