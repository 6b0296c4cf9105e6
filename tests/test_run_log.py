"""The log of a run: the same story twice, as it happens; what ended early, what is too old, and what cannot be written."""

import json
import os
import re
import socket
from datetime import UTC, datetime, timedelta

import click
import pytest
from click.testing import CliRunner

from analysis import commands_notice, run_log
from analysis.commands_notice import log_writer, watched
from analysis.grids import FileProblem
from analysis.labels import read_labels
from analysis.past_runs import not_ended, read_logs, sentence
from analysis.run_log import logged

MORNING = datetime(2026, 1, 5, 6, tzinfo=UTC)


class Clock:
    """A clock that goes on by a second each time that it is looked at."""

    def __init__(self, at=MORNING):
        self.at = at

    def __call__(self):
        self.at += timedelta(seconds=1)
        return self.at


def keep(folder, *events, at=MORNING, code=0, keep=None, complaints=None, arguments=("report", "2025")):
    """Keep the log of a run in which some things happened; without a code it does not end."""
    complain = [].append if complaints is None else complaints.append
    labels = read_labels("en")
    with logged(folder, arguments=arguments, now=Clock(at), labels=labels, complain=complain) as log:
        for name, facts in events:
            log.event(name, **facts)
        log.keep = keep
        if code is not None:
            log.finish(code, is_good=not code)
    return log


def end_process_of(log, **facts):
    """Let a log be of another process than this one."""
    first, *others = log.path.read_text("utf-8").splitlines()
    log.path.write_text("\n".join([json.dumps(json.loads(first) | facts), *others]), encoding="utf-8")


def test_a_log_tells_the_same_story_to_programs_and_to_people(tmp_path, monkeypatch):
    monkeypatch.setattr(run_log.time, "monotonic", lambda: 100.0)
    log = keep(tmp_path, ("published", {"report": "2025.html", "seconds": 8.25}), code=4)
    assert log.path.name == "2026-01-05T060001.jsonl"
    said = [json.loads(line) for line in log.path.read_text("utf-8").splitlines()]
    assert [event["event"] for event in said] == ["started", "published", "finished"]
    assert (
        said[0].items() >= {"arguments": ["report", "2025"], "pid": os.getpid(), "host": socket.gethostname()}.items()
    )
    assert said[1] == {"at": "2026-01-05T06:00:03+00:00", "event": "published", "report": "2025.html", "seconds": 8.2}
    assert said[2].items() >= {"code": 4, "published": 1, "skipped": 0, "failed": 0}.items()
    lines = log.path.with_suffix(".log").read_text("utf-8").splitlines()
    assert lines[0].startswith("06:00:02  Started 5 Jan 2026 06:00: analysis report 2025 (version ")
    assert lines[1] == "06:00:03  Written: 2025.html (8.2 s)"
    assert lines[2].startswith("06:00:04  Ended after 0 s: 1 reports written, 0 kept, 0 not written; at most ")


def test_a_line_can_be_read_as_soon_as_it_was_told(tmp_path):
    with logged(tmp_path, arguments=[], now=Clock(), labels=read_labels("vi"), complain=print) as log:
        log.event("making", report="2025.html")
        assert read_logs(tmp_path)[-1].of("making")
        assert "Đang lập 2025.html" in log.path.with_suffix(".log").read_text("utf-8")


@pytest.mark.parametrize("another", [{"pid": 2**22 + 1}, {"began": 0.0}, {"host": "another"}])
def test_the_next_run_says_that_the_one_before_did_not_end(tmp_path, another):
    end_process_of(keep(tmp_path, code=None), **another)
    said = not_ended(tmp_path, labels=read_labels("en"))
    assert said.startswith("The run before, begun 5 Jan 2026 06:00 (process ")
    complaints = []
    log = keep(tmp_path, at=MORNING + timedelta(days=1), complaints=complaints)
    assert complaints == [said]
    assert "its log 2026-01-05T060001.jsonl has no last line" in said
    assert [event["event"] for event in log.events] == ["started", "before", "finished"]
    assert not not_ended(tmp_path, labels=read_labels("en"))


def test_status_says_that_the_last_run_did_not_end(tmp_path, run):
    end_process_of(keep(tmp_path / "logs", code=None), pid=2**22 + 1)
    _, _, err = run("status", "--out", str(tmp_path))
    assert "analysis: The run before, begun 5 Jan 2026 06:00" in err


def test_a_run_that_is_still_at_work_is_not_called_one_that_did_not_end(tmp_path):
    keep(tmp_path, code=None)
    assert not not_ended(tmp_path, labels=read_labels("en"))
    assert read_logs(tmp_path)[-1].is_at_work


def test_two_runs_of_one_second_have_two_logs(tmp_path):
    names = [keep(tmp_path).path.stem for _ in range(11)]
    assert names[0] == "2026-01-05T060001"
    assert names[1:] == [f"2026-01-05T060001_{number}" for number in range(2, 12)]
    assert [run.path.stem for run in read_logs(tmp_path)] == names


def test_a_log_stands_behind_those_before_it_where_the_clock_went_back(tmp_path):
    keep(tmp_path, at=MORNING + timedelta(days=400))
    log = keep(tmp_path)
    assert log.path.stem == "2027-02-09T060001_2"
    assert read_logs(tmp_path)[-1].path == log.path
    assert [event["event"] for event in log.events] == ["started", "clock", "finished"]
    assert "9 Feb 2027 06:00" in log.told[1]
    assert not keep(tmp_path, at=MORNING + timedelta(days=1)).past.of("clock"), "it is said once"


def test_so_many_logs_are_kept_the_oldest_go_and_nothing_else_does(tmp_path):
    (tmp_path / "notes.jsonl").write_text("mine")
    for day in range(5):
        keep(tmp_path, at=MORNING + timedelta(days=day))
    assert len(read_logs(tmp_path)) == 5, "all are kept while nobody has said how many"
    keep(tmp_path, at=MORNING + timedelta(days=5), keep=2)
    kept = ["2026-01-09T060001", "2026-01-10T060001"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *(f"{stem}.{kind}" for stem in kept for kind in ("jsonl", "log")),
        "notes.jsonl",
    ]


def test_a_log_that_cannot_be_made_is_said_once_and_stops_nothing(tmp_path):
    (tmp_path / "logs").write_text("a file where the folder should be")
    complaints = []
    log = keep(tmp_path / "logs", ("published", {"report": "2025.html"}), complaints=complaints)
    assert complaints == [
        f"no log can be written into {tmp_path / 'logs'} (File exists); the reports are made all the same."
    ]
    assert log.past.code == 0


def test_a_log_that_is_lost_on_the_way_is_said_once_and_stops_nothing(tmp_path, monkeypatch):
    complaints = []
    with logged(tmp_path, arguments=[], now=Clock(), labels=read_labels("en"), complain=complaints.append) as log:
        with open("/dev/full", "w") as full:  # noqa: PTH123 - a disk without space
            log.files[0].close()
            log.files[0] = full
            log.event("making", report="2025.html")
            log.event("published", report="2025.html")
        log.finish(0, is_good=True)
    assert complaints == [
        f"no log can be written into {tmp_path} (No space left on device); the reports are made all the same."
    ]


def test_a_reason_names_nobody(tmp_path):
    reason = "code cell 5 (show(table)): KeyError: 'Người Thứ Nhất', 0900 000 000, a.b@example.org"
    log = keep(tmp_path, ("failed", {"report": "2025.html", "code": 4, "reason": reason}))
    for path in (log.path, log.path.with_suffix(".log")):
        text = path.read_text("utf-8")
        assert "KeyError: 'Người…', 0900 0…, a.b@ex…" in text
        assert not re.search("Thứ Nhất|000 000|example", text)


def test_whatever_the_program_writes_into_a_log_has_a_sentence(root):
    sources = "".join(path.read_text("utf-8") for path in (root / "analysis").glob("*.py"))
    written = set(re.findall(r'(?:log\.event|self\.log|log_writer\(\))\(\s*"(\w+)"', sources))
    assert {"started", "read", "published", "failed", "refused"} <= written
    texts = read_labels("vi").texts["run_log"]
    assert not written - set(texts)
    for lang in ("vi", "en"):
        assert all(sentence({"event": name}, read_labels(lang)) for name in written)


def _command(outcome):
    """A command that is watched, and ends in some way."""

    @click.command()
    @click.option("--out")
    @click.option("--data", default="data/raw")
    @click.option("--lang", default="en")
    @click.option("--scheduled", is_flag=True)
    @watched
    def report(**_):
        click.echo("2025.html")
        if isinstance(outcome, BaseException):
            raise outcome
        log_writer()("published", report="2025.html")

    return report


@pytest.mark.parametrize(
    ("outcome", "code", "reason"),
    [
        (None, 0, None),
        (click.exceptions.Exit(4), 4, None),
        (FileProblem("a.csv: 0 bytes; export it again."), 3, "a.csv: 0 bytes; export it again."),
        (click.UsageError("name a period."), 2, "name a period."),
        (KeyboardInterrupt(), 130, "interrupted; nothing more was published."),
        (PermissionError(13, "Permission denied", "reports"), 5, "reports: Permission denied; free some space"),
        (KeyError("Người Thứ Nhất"), 1, "KeyError, commands_notice.py:"),
    ],
)
def test_the_log_of_a_command_ends_with_its_exit_code_and_why(tmp_path, outcome, code, reason):
    CliRunner().invoke(_command(outcome), ["--out", str(tmp_path)])
    (run,) = read_logs(tmp_path / "logs")
    assert run.code == code
    refused = [event["reason"] for event in run.of("refused")]
    assert (refused == []) if reason is None else refused[0].startswith(reason)
    assert "Người" not in run.path.read_text("utf-8")


@pytest.mark.parametrize(("idle", "is_good"), [(0, False), (99, True)])
def test_a_run_with_nothing_to_do_is_a_good_one_whatever_its_code(tmp_path, idle, is_good):
    command = _command(click.exceptions.Exit(99))
    command.params.append(click.Option(["--idle"], type=int, default=idle))
    CliRunner().invoke(command, ["--out", str(tmp_path)])
    (run,) = read_logs(tmp_path / "logs")
    assert (run.code, run.is_good) == (99, is_good)


def test_what_becomes_of_a_report_has_the_seconds_since_it_was_begun(tmp_path, monkeypatch):
    ticks = iter([100.0, 100.0, 101.0, 107.25, 109.0, 109.0, 109.0])
    monkeypatch.setattr(run_log.time, "monotonic", lambda: next(ticks))
    events = [("making", {"report": "a"}), ("making", {"report": "b"}), ("failed", {"report": "a", "reason": "no"})]
    log = keep(tmp_path, *events, ("skipped", {"report": "c"}))
    assert [event["seconds"] for event in log.past.of("failed")] == [7.2]
    assert "seconds" not in log.past.of("skipped")[0]
    assert log.told[3] == "06:00:05  Not written: a (7.2 s): no"


def test_an_address_of_the_command_line_is_not_in_the_log(tmp_path, monkeypatch):
    asked = ["--out", str(tmp_path), "--notify", "json://localhost:9/s3cret", "--notify=json://localhost:9/s3cret"]
    monkeypatch.setattr("sys.argv", ["analysis", *asked])
    CliRunner().invoke(_command(None), asked)
    (run,) = read_logs(tmp_path / "logs")
    assert run.started["arguments"] == ["--out", str(tmp_path), "--notify", "…", "--notify=…"]
    assert "s3cret" not in run.path.read_text("utf-8")


def test_the_folder_of_the_logs_is_its_owners_alone(tmp_path):
    keep(tmp_path / "reports/logs")
    assert (tmp_path / "reports/logs").stat().st_mode & 0o777 == 0o700


def test_the_clock_of_a_log_has_its_zone():
    assert commands_notice.now().tzinfo is not None
    assert run_log.FOLDER == "logs"
