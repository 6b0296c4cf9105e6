"""Places where programs that run by themselves come to grief; what a run does in each is named in docs/scheduling.md.

Locks that a drive does not know are in test_locks.py, logs that cannot be written and clocks that go back also in test_run_log.py.
"""

import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from patience import PATIENCE

from analysis import commands_notice, commands_report
from analysis.past_runs import read_logs

ROWS = "Mã hồ sơ,Ngày tiếp nhận,Hình thức nộp\nH1,03/01/2022,Trực tuyến\nH2,04/01/2022,Trực tiếp\n"
LAST = "the last good page"


def fill(folder):
    """A working folder with one small export."""
    for part in ("data/raw", "data/processed", "reports", "home"):
        (folder / part).mkdir(parents=True)
    (folder / "data/raw/a.csv").write_text(ROWS, encoding="utf-8")
    return folder


@pytest.fixture
def place(tmp_path):
    """Such a folder, with spaces and Vietnamese letters in its name."""
    return fill(tmp_path / "Sở Xây dựng" / "một cửa")


@pytest.fixture(scope="session")
def apart():
    """Runs a shell script in mounts and a network of its own, with next to no environment; where that is allowed."""
    unshare = shutil.which("unshare")
    wanted = ["-m", "-n", "--propagation", "private"]
    trial = "mkdir -p /tmp && mount -t tmpfs tmpfs /tmp"
    if (
        not unshare
        or subprocess.run([unshare, *wanted, "sh", "-c", trial], capture_output=True, check=False).returncode
    ):
        pytest.skip("mounts of its own need root")

    def run(script, folder, *, cleared=True):
        bare = {"PATH": "/usr/bin:/bin", "HOME": str(folder / "home"), "LANG": "C", "ANALYSIS_BROWSER": "none"}
        return subprocess.run(
            [unshare, *wanted, "sh", "-c", f"set -e\n{script}", "sh", sys.executable, "-m", "analysis"],
            cwd=folder, env=bare, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE, check=False,
        )  # fmt: skip

    return run


READ_ONLY = 'for part in {}; do mount --bind "$PWD/$part" "$PWD/$part"; mount -o remount,bind,ro "$PWD/$part"; done\ncd "$PWD"\n'
REPORT = '"$@" report 2022 --scheduled --quiet'


@pytest.mark.long
def test_a_run_needs_no_network_no_home_no_language_and_no_right_to_write_the_exports(apart, place):
    """All at once, in a folder with spaces and Vietnamese letters: the page is whole, and nothing is complained of."""
    hard = """
    if touch data/raw/x 2>/dev/null || touch "$HOME/x" 2>/dev/null; then echo "could be written"; fi
    test "$(grep -c : /proc/net/dev)" = 1 || echo "there is a network"
    """
    run = apart(READ_ONLY.format("data/raw home") + hard + REPORT, place)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert (place / "reports/2022.html").read_text("utf-8").rstrip().endswith("</html>")
    assert [path.name for path in (place / "data/raw").iterdir()] == ["a.csv"]
    (log,) = read_logs(place / "reports/logs")
    assert (log.code, len(log.of("published"))) == (0, 1)


def test_a_folder_for_results_that_cannot_be_written_is_named_and_ends_with_5(apart, place):
    run = apart(READ_ONLY.format("data/processed") + f"LC_ALL=POSIX {REPORT}", place)
    assert (run.returncode, run.stdout) == (5, "")
    assert run.stderr == (
        f"analysis: {place}/data/processed/.lock: Read-only file system; free some space, or give the permission, and run again.\n"
    )


@pytest.mark.long
def test_reports_that_cannot_be_written_stay_as_they_are_and_it_ends_with_5(apart, place):
    (place / "reports/2022.html").write_text(LAST)
    run = apart(READ_ONLY.format("reports") + REPORT, place)
    assert (run.returncode, run.stdout) == (5, "")
    assert "không ghi được nhật ký vào reports/logs (Read-only file system)" in run.stderr
    assert "Read-only file system; free some space, or give the permission, and run again." in run.stderr
    assert {path.name: path.read_text() for path in (place / "reports").iterdir()} == {"2022.html": LAST}


@pytest.mark.long
def test_a_full_disk_keeps_the_last_page_and_the_next_run_heals_when_there_is_space(apart, place):
    script = f"""
    mount -t tmpfs -o size=150k tmpfs reports
    printf "{LAST}" > reports/2022.html
    {REPORT} || echo "code $?"
    cat reports/2022.html; echo
    ls reports
    mount -o remount,size=20m reports
    {REPORT}
    tail -c 8 reports/2022.html
    cat reports/logs/*.jsonl
    """
    run = apart(script, place)
    code, page, *files = run.stdout.split("</html>")[0].splitlines()
    assert (run.returncode, code, page) == (0, "code 5", LAST), run.stderr
    assert [*filter(None, files)] == ["2022.html", "index.html", "logs"]
    assert run.stderr.startswith("analysis: 2022.html: No space left on device; free some space")
    assert run.stdout.count("</html>") == 1
    assert run.stdout.count('"event": "finished"') == 2


@pytest.mark.long
def test_a_clock_that_went_back_makes_no_page_old_and_no_log_go_astray(tmp_path, run, monkeypatch):
    place = fill(tmp_path / "desk")
    monkeypatch.chdir(place)
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    today = datetime(2026, 1, 5, 6, tzinfo=UTC)
    for day in (today + timedelta(days=2000), today, today + timedelta(days=1)):
        monkeypatch.setattr(commands_notice, "now", lambda day=day: day)
        monkeypatch.setattr(commands_report, "now", lambda day=day: day)
        assert run("report", "2022", "--scheduled", "--quiet")[0] == 0
    runs = read_logs(place / "reports/logs")
    assert [log.started["at"][:10] for log in runs] == ["2031-06-28", "2026-01-05", "2026-01-06"]
    assert [[event["event"] for event in log.of("published", "skipped", "clock")] for log in runs] == [
        ["published"],
        ["clock", "skipped"],
        ["skipped"],
    ]


def test_the_docs_name_what_a_run_does_in_each_hard_place(root):
    text = (root / "docs/scheduling.md").read_text("utf-8")
    rows = [line for line in text.partition("## Hard places")[2].splitlines() if line.startswith("| ")]
    assert len(rows) == 1 + 9
