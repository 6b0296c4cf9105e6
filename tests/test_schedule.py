"""The files in schedule/ work as they are written: a real cron runs the line, systemd reads the units, each names the command."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

import pytest
from click.testing import CliRunner
from patience import PATIENCE

from analysis.__main__ import cli
from analysis.past_runs import read_logs

COMMAND = "report --all --units --trends --scheduled --quiet"
PLACE = "/srv/one-stop"
"""What each file asks to be changed."""

ROWS = "Mã hồ sơ,Ngày tiếp nhận,Hình thức nộp\nH1,03/01/2022,Trực tuyến\nH2,04/01/2022,Trực tiếp\n"


@pytest.fixture(scope="module")
def schedule(root):
    return root / "schedule"


def program(name, package):
    """A program of this machine; without it a test is skipped, but never in CI."""
    if found := shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
        return found
    if os.environ.get("CI"):
        pytest.fail(f"CI must have {name}: .ci/run installs {package}.")
    pytest.skip(f"no {name} on this machine")


@pytest.mark.parametrize("name", ["crontab", "analysis-report.service", "airflow_dag.py", "windows-task.cmd"])
def test_each_schedule_runs_the_same_command_and_says_what_to_change(schedule, name):
    text = (schedule / name).read_text("utf-8")
    assert COMMAND in text
    assert re.search(r"(?i)\bchange (this line|the folder)", text)


def test_the_command_of_the_schedules_can_be_written_so():
    known = {option for parameter in cli.commands["report"].params for option in parameter.opts}
    assert {word for word in COMMAND.split() if word.startswith("--")} <= known
    assert "--nothing-to-do" in known
    assert CliRunner().invoke(cli, ["notify", "--help"]).output.count("--stopped") == 1


@pytest.fixture
def place(tmp_path):
    """A folder as the schedules expect it, where it is harder than they expect: with spaces and Vietnamese letters."""
    folder = tmp_path / "Sở Xây dựng" / "một cửa"
    (folder / "data/raw").mkdir(parents=True)
    (folder / "data/raw/a.csv").write_text(ROWS, encoding="utf-8")
    (folder / ".venv/bin").mkdir(parents=True)
    run = folder / ".venv/bin/analysis"
    run.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m analysis "$@"\n', encoding="utf-8")
    run.chmod(0o755)
    return folder


def test_systemd_finds_nothing_wrong_with_the_units(schedule, tmp_path):
    verify = program("systemd-analyze", "systemd")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/analysis").write_text("#!/bin/sh\n")
    (tmp_path / ".venv/bin/analysis").chmod(0o755)
    units = []
    for unit in sorted(schedule.glob("analysis-*")):
        units.append(tmp_path / unit.name)
        units[-1].write_text(unit.read_text("utf-8").replace(PLACE, str(tmp_path)), encoding="utf-8")
    assert [unit.suffix for unit in units] == [".service", ".service", ".timer"]
    run = subprocess.run([verify, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout + run.stderr) == (0, "")
    units[1].write_text(units[1].read_text("utf-8").replace("Type=oneshot", "Type=oneshoot"), encoding="utf-8")
    run = subprocess.run([verify, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    assert "oneshoot" in run.stdout + run.stderr


def test_the_service_can_write_where_a_run_writes_and_nowhere_else(schedule):
    lines = (schedule / "analysis-report.service").read_text("utf-8").splitlines()
    settings = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]\w+=", line))
    assert settings["ProtectSystem"] == "strict"
    assert settings["ReadWritePaths"] == f"{PLACE}/reports {PLACE}/data/processed"
    assert settings["KillMode"] == "mixed"
    assert (schedule / f"{settings['OnFailure']}").exists()
    assert "Persistent=true" in (schedule / "analysis-report.timer").read_text("utf-8")


def test_the_task_of_windows_is_one_that_names_the_command(schedule):
    task = ET.parse(schedule / "windows-task.xml").getroot()
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    assert task.tag == f"{{{space['t']}}}Task"
    command = task.findtext("t:Actions/t:Exec/t:Command", namespaces=space)
    assert command.rpartition("\\")[2] == "windows-task.cmd"
    assert task.findtext("t:Settings/t:StartWhenAvailable", namespaces=space) == "true"
    assert task.findtext("t:Settings/t:ExecutionTimeLimit", namespaces=space) == "PT4H"
    lines = (schedule / "windows-task.cmd").read_bytes()
    assert lines.count(b"\r\n") == lines.count(b"\n"), "a batch file has the line ends of Windows"
    assert lines.isascii()
    assert lines.endswith(b"exit /b %CODE%\r\n")


def test_the_dag_tells_a_run_with_nothing_to_do_from_a_good_and_from_a_failed_one(schedule):
    tree = ast.parse((schedule / "airflow_dag.py").read_text("utf-8"))
    calls = {
        node.func.id: node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    task = {keyword.arg: keyword.value for keyword in calls["BashOperator"].keywords}
    assert ast.unparse(task["skip_on_exit_code"]) == "NOTHING_TO_DO"
    assert ast.unparse(task["bash_command"]).endswith("--nothing-to-do {NOTHING_TO_DO}'")
    assert ast.unparse(task["cwd"]) == "ONE_STOP"
    assert ast.unparse(task["append_env"]) == "True"
    assert {keyword.arg: ast.unparse(keyword.value) for keyword in calls["DAG"].keywords}["catchup"] == "False"


CRON = r"""
set -e
mkdir -p "$1/sbin" "$1/crontabs" "$1/cron.d"
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs "$1/sbin"
cp -a /usr/sbin/. "$1/sbin/"
cp "$1/sendmail" "$1/sbin/sendmail"
mount --bind "$1/sbin" /usr/sbin
mount --bind "$1/cron.d" /etc/cron.d
mount --bind /dev/null /etc/crontab
mount -t tmpfs tmpfs /var/spool/cron
install -d -m 1730 /var/spool/cron/crontabs
install -m 600 "$1/crontab" /var/spool/cron/crontabs/root
exec env -i "$2" -f
"""
"""A cron that sees one crontab and no other job of the machine, and hands its mail to a script; all in mounts of its own."""


@pytest.fixture
def cron():
    """Debian's cron, in mounts that only it sees."""
    found = program("cron", "cron")
    unshare = program("unshare", "util-linux")
    allowed = subprocess.run([unshare, "-m", "mount", "-t", "tmpfs", "tmpfs", "/run"], capture_output=True, check=False)
    if os.geteuid() or allowed.returncode:
        pytest.skip("a cron of its own needs root and mounts of its own")
    return [unshare, "-m", "--propagation", "private", "sh", "-c", CRON, "sh"], found


def ended(folder):
    """The exit codes of the runs of a folder that ended."""
    return [run.code for run in read_logs(folder / "reports/logs") if run.code is not None]


@pytest.mark.long
def test_a_real_cron_runs_the_line_and_mails_complaints_alone(schedule, place, cron, tmp_path):
    start, daemon = cron
    bad = tmp_path / "bad"
    shutil.copytree(place, bad)
    (bad / "data/raw/b.xlsx").write_bytes(b"no workbook")
    *head, line = (schedule / "crontab").read_text("utf-8").strip().splitlines()
    assert f"ONE_STOP={PLACE}" in head
    assert line.startswith("30 1 * * *  ")
    soon = time.strftime("%M", time.localtime(time.time() + 70))  # noqa: TID251 - a minute that cron has not passed
    line = line.replace("30 1", f"{int(soon)} *", 1)
    private = tmp_path / "cron"
    private.mkdir()
    lines = [*head, "HOME=/nonexistent", f'ONE_STOP="{place}"', line, f'ONE_STOP="{bad}"', line]
    (private / "crontab").write_text("\n".join([*lines, ""]), encoding="utf-8")
    (private / "sendmail").write_text(f'#!/bin/sh\ncat > "{private}/mail-$$"\n', encoding="utf-8")
    (private / "sendmail").chmod(0o755)
    until = time.monotonic() + PATIENCE
    with subprocess.Popen([*start, str(private), daemon]) as process:
        try:
            while not (ended(place) and ended(bad) and [*private.glob("mail-*")]) and time.monotonic() < until:
                time.sleep(0.5)
        finally:
            process.terminate()
    assert (ended(place), ended(bad)) == ([0], [3])
    assert (place / "reports/2022.html").read_text("utf-8").rstrip().endswith("</html>")
    assert {path.name for path in (place / "reports").iterdir()} >= {"index.html", "2022.html", "trends.html", "logs"}
    (mail,) = private.glob("mail-*")
    said = mail.read_text("utf-8").partition("\n\n")[2].splitlines()
    assert said
    assert all(each.startswith("analysis: b.xlsx: ") for each in said)
