"""Notices: one of a run that failed, one when it is good again, none of two good runs; and nobody reads a password."""

import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from analysis import notice, planning
from analysis.__main__ import EXIT_CODES
from analysis.commands_notice import log_writer, notify, watched
from analysis.labels import read_labels
from analysis.notice import LAST_LINES, notice_of, services
from analysis.past_runs import Past, read_logs

EN = read_labels("en")
ENDED = {"published": 3, "skipped": 21}


class Post:
    """What came to a web hook."""

    def __init__(self):
        self.came, self.answer = [], 200
        post = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                post.came.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(post.answer)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"json://user:s3cret@127.0.0.1:{self.server.server_port}/hook/s3cret"

    @property
    def titles(self):
        return [each["title"] for each in self.came]


@pytest.fixture
def post():
    opened = Post()
    yield opened
    opened.server.shutdown()
    opened.server.server_close()


@pytest.fixture(autouse=True)
def _nobody_else(monkeypatch, tmp_path):
    """Nobody of this machine is told."""
    monkeypatch.delenv("ANALYSIS_NOTIFY", raising=False)
    monkeypatch.chdir(tmp_path)


def past(code, *events, day=1, arguments=("report", "--all", "--scheduled"), is_watched=True):
    """A run of some day of January 2026 at six, that ended with a code, or did not end."""
    started = {"event": "started", "at": f"2026-01-{day:02}T06:00:00+07:00", "host": "desk", "watched": is_watched}
    ended = [] if code is None else [{"event": "finished", "code": code, "good": not code, **ENDED}]
    path = Path(f"logs/2026-01-{day:02}T060000.jsonl")
    return Past(path, [started | {"arguments": list(arguments)}, *events, *ended])


def failed(report, reason="code cell 5: KeyError"):
    return {"event": "failed", "report": report, "code": 4, "reason": reason}


def test_two_good_runs_are_not_told_of():
    assert notice_of(past(0, day=2), [past(0)], labels=EN) is None
    assert notice_of(past(0), [], labels=EN) is None


def test_a_failure_names_the_reports_the_cells_since_when_what_to_do_and_the_end_of_the_log():
    before = [
        past(4, failed("a/2025.html"), day=1),
        past(0, day=2),
        past(4, failed("a/2025.html"), day=3),
        past(4, failed("a/2025.html"), failed("b/2025.html"), day=4),
    ]
    run = past(4, failed("a/2025.html"), failed("b/2024.html", "timed out after 600 s"), day=5)
    lines = [f"06:00:{second:02}  a line" for second in range(30)]
    told = notice_of(run, before, labels=EN, who="Văn phòng Sở", lines=lines)
    assert not told.is_good
    assert told.title == "One-stop reports: 2 not written (code 4)"
    assert told.body.splitlines() == [
        "The run of 5 Jan 2026 06:00 on desk ended with code 4: a report did not run whole, so it was not published.",
        "That makes 3 failed runs in a row, since 3 Jan 2026 06:00.",
        "",
        "Reports that were not written:",
        "- a/2025.html (since 3 Jan 2026 06:00): code cell 5: KeyError",
        "- b/2024.html: timed out after 600 s",
        "",
        "What to do: read the reason of each report. If exports and handbook are as they were, send the log to those who maintain the program.",
        "Pages of before stay as they are and can be read.",
        "To be told: Văn phòng Sở.",
        "",
        "The end of the log 2026-01-05T060000.log:",
        *lines[-LAST_LINES:],
    ]


def test_a_run_that_stopped_before_its_reports_tells_the_reason():
    refused = {"event": "refused", "code": 3, "reason": "data/raw: there is no file."}
    told = notice_of(past(3, refused), [], labels=EN)
    assert told.title == "One-stop reports: the run stopped (code 3)"
    assert "Reason: data/raw: there is no file.\n\nWhat to do: export the files named again" in told.body


def test_an_export_that_cannot_be_read_is_named():
    told = notice_of(past(3, {"event": "unreadable", "file": "a.xlsx", "reason": "is empty."}), [], labels=EN)
    assert told.title == "One-stop reports: 1 exports cannot be read (code 3)"
    assert "Exports that cannot be read:\n- a.xlsx: is empty." in told.body


def test_the_first_good_run_after_failures_says_so_once():
    before = [past(0, day=1), past(4, day=2), past(None, day=3)]
    told = notice_of(past(0, day=4), before, labels=EN)
    assert told.is_good
    assert told.title == "One-stop reports: running again"
    assert told.body.splitlines() == [
        "The run of 4 Jan 2026 06:00 on desk went well: 3 reports written, 21 kept.",
        "Before it, 2 runs in a row had failed, since 2 Jan 2026 06:00.",
        "Among them, stopped before their end: 1.",
    ]
    assert notice_of(past(0, day=5), [*before, past(0, day=4)], labels=EN) is None


def test_only_runs_of_the_same_job_count():
    by_hand, another = (
        past(0, day=2, is_watched=False),
        past(0, day=3, arguments=["report", "--quality", "--scheduled"]),
    )
    assert notice_of(past(0, day=4), [past(4), by_hand, another], labels=EN).is_good
    assert notice_of(past(0, day=4), [past(0), past(4, day=2, is_watched=False)], labels=EN) is None
    quiet = past(0, day=4, arguments=["report", "--all", "--scheduled", "--quiet"])
    assert notice_of(quiet, [past(4)], labels=EN).is_good


def test_of_many_reports_the_first_are_listed_and_the_others_counted():
    told = notice_of(past(4, *(failed(f"{number}.html") for number in range(14))), [], labels=EN)
    assert told.body.count(".html: ") == 10
    assert "- … and 4 more" in told.body


def test_every_exit_code_of_a_report_has_a_meaning_and_something_to_do():
    texts = EN.texts["notice"]
    codes = set(re.findall(r"(?m)^ +(\d+)", EXIT_CODES)) - {"0", "8", "9", "10"} | {"130"}
    assert len(codes) >= 8
    assert {f"{kind}_{code}" for code in codes for kind in ("code", "do")} <= set(texts)


def test_the_command_line_comes_before_the_environment_and_that_before_the_file(tmp_path):
    file = tmp_path / "notify.yml"
    file.write_text("urls:\n  - json://file\n  - xml://file\n", encoding="utf-8")
    environment = {"ANALYSIS_NOTIFY": "json://one  xml://two\n form://three"}
    asked = {"file": file, "labels": EN}
    assert [s.host for s in services(["json://said"], environment=environment, **asked)[0]] == ["said"]
    assert [s.host for s in services([], environment=environment, **asked)[0]] == ["one", "two", "three"]
    assert [s.host for s in services([], environment={}, **asked)[0]] == ["file", "file"]
    assert services([], environment={}, file=tmp_path / "none.yml", labels=EN) == ([], [])


@pytest.mark.parametrize("text", ["", "urls: [", "json://in-plain-text", "urls:\n  - nonsense://s3cret\n"])
def test_a_file_without_an_address_is_named_and_nothing_of_it_shown(tmp_path, text, capfd):
    file = tmp_path / "notify.yml"
    file.write_text(text, encoding="utf-8")
    found, wrong = services([], environment={}, file=file, labels=EN)
    assert found == []
    assert wrong == [f"{file}: no address can be read; an example is schedule/notify.example.yml"]
    assert capfd.readouterr() == ("", "")


def test_the_example_of_the_file_can_be_read(root):
    found, wrong = services([], environment={}, file=root / "schedule/notify.example.yml", labels=EN)
    assert (len(found), wrong) == (1, [])


def test_without_apprise_the_command_that_installs_it_is_said(monkeypatch, project_range):
    monkeypatch.setitem(sys.modules, "apprise", None)
    found, (wrong,) = services(["json://x"], environment={}, file=Path("none"), labels=EN)
    assert found == []
    assert wrong.endswith(f'run: python -m pip install "{project_range}"')


@pytest.fixture
def project_range(root):
    import tomllib

    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    return project["project"]["optional-dependencies"]["notify"][0]


def _report(outcomes):
    """A command that is watched, of which each run ends in the next way."""

    @click.command()
    @click.option("--out", default="reports")
    @click.option("--data", default="data/raw")
    @click.option("--lang", default="en")
    @click.option("--scheduled", is_flag=True)
    @watched
    def report(**_):
        if code := next(outcomes):
            log_writer()("failed", report="2025.html", reason="code cell 5: ValueError: no")
            raise click.exceptions.Exit(code)
        log_writer()("published", report="2025.html")

    return report


def test_exactly_one_notice_is_sent_of_a_run_that_failed_and_one_of_the_first_that_is_good(post, monkeypatch):
    monkeypatch.setenv("ANALYSIS_NOTIFY", post.address)
    command, sent = _report(iter([0, 4, 4, 0, 0])), []
    for _ in range(5):
        CliRunner().invoke(command, ["--scheduled"])
        sent.append(len(post.came))
    assert sent == [0, 1, 2, 3, 3]
    failure, again = "One-stop reports: 1 not written (code 4)", "One-stop reports: running again"
    assert post.titles == [failure, failure, again]
    assert [each["type"] for each in post.came] == ["failure", "failure", "success"]
    assert "That makes 2 failed runs in a row, since " in post.came[1]["message"]
    assert "Not written: 2025.html: code cell 5: ValueError: no" in post.came[0]["message"]
    assert [len(run.of("noticed")) for run in read_logs(Path("reports/logs"))] == [0, 1, 1, 1, 0]


def test_a_run_by_hand_tells_nobody_unless_asked_to(post, monkeypatch):
    monkeypatch.setenv("ANALYSIS_NOTIFY", post.address)
    CliRunner().invoke(_report(iter([4])), [])
    assert post.came == []
    CliRunner().invoke(_report(iter([4])), ["--notify", post.address])
    assert len(post.came) == 1


@pytest.mark.parametrize("answer", [500, None])
def test_a_notice_that_does_not_go_out_is_said_and_the_run_ends_as_it_would_have(post, answer):
    if answer:
        post.answer = answer
    else:
        post.server.server_close()
    result = CliRunner().invoke(_report(iter([4])), ["--notify", post.address])
    assert result.exit_code == 4
    why = "it was refused (HTTP code 500)" if answer else "it cannot be reached"
    assert f"analysis: No notice was sent through JSON: {why}\n" in result.stderr
    (run,) = read_logs(Path("reports/logs"))
    assert [event["reason"] for event in run.of("not_noticed")] == [why]
    assert (run.code, run.of("noticed")) == (4, [])


def test_a_service_that_breaks_does_not_break_the_run(post, monkeypatch):
    import apprise

    (service,), _ = services([post.address], environment={}, file=Path("none"), labels=EN)
    monkeypatch.setattr(apprise.Apprise, "notify", lambda *_, **__: 1 / 0)
    assert notice.send(notice.trial("desk", labels=EN), service, labels=EN) == "it was not taken"


def test_no_password_is_printed_logged_or_sent(post, monkeypatch, caplog):
    asked = ["--notify", post.address, "--notify", "nonsense://user:s3cret@x"]
    monkeypatch.setattr(sys, "argv", ["analysis", "report", *asked])
    post.answer = 403
    result = CliRunner().invoke(_report(iter([4])), asked)
    assert "address 2 of --notify cannot be used" in result.stderr
    kept = "".join(path.read_text("utf-8") for path in Path("reports/logs").iterdir())
    assert len(post.came) == 1
    assert "s3cret" not in result.output + kept + json.dumps(post.came)
    assert not caplog.records, "what Apprise says may name an address"


def test_the_trial_arrives_and_names_no_failure(post):
    result = CliRunner().invoke(notify, ["--test", "--lang", "en", "--notify", post.address])
    assert (result.exit_code, result.output) == (0, "Sent through JSON.\n")
    assert post.titles == ["One-stop reports: a trial"]
    shown = CliRunner().invoke(notify, ["--notify", post.address])
    assert (shown.exit_code, shown.output, len(post.came)) == (0, "JSON\n", 1)


def test_the_trial_says_whom_nobody_named_and_what_did_not_arrive(post):
    nobody = CliRunner().invoke(notify, ["--test", "--lang", "en"])
    assert nobody.exit_code == 2
    assert "use --notify, the environment variable ANALYSIS_NOTIFY, or the file data/notify.yml." in nobody.stderr
    post.answer = 500
    assert CliRunner().invoke(notify, ["--test", "--lang", "en", "--notify", post.address]).exit_code == 5


def test_a_run_that_was_killed_is_told_of_after_it_and_one_that_ended_is_not(post, monkeypatch):
    asked = ["--stopped", "--lang", "en", "--notify", post.address]
    assert CliRunner().invoke(notify, asked).exit_code == 0, "no run yet"
    CliRunner().invoke(_report(iter([4])), ["--scheduled"])
    assert CliRunner().invoke(notify, asked).output == ""
    (run,) = read_logs(Path("reports/logs"))
    started, *_, _ = run.path.read_text("utf-8").splitlines()
    run.path.write_text(json.dumps(json.loads(started) | {"pid": 2**22 + 1}), encoding="utf-8")
    told = CliRunner().invoke(notify, asked)
    assert told.stderr.startswith("analysis: The run before, begun ")
    assert post.titles == ["One-stop reports: the run was stopped before its end"]
    assert "did not end: its process was killed." in post.came[0]["message"]
    assert "The end of the log" in post.came[0]["message"]
    by_hand = json.dumps(json.loads(started) | {"pid": 2**22 + 1, "watched": False})
    run.path.with_stem(f"{run.path.stem}_2").write_text(by_hand, encoding="utf-8")
    assert CliRunner().invoke(notify, asked).stderr.startswith("analysis: The run before, begun ")
    assert len(post.came) == 1, "who runs by hand is there"


@pytest.mark.long
def test_a_real_scheduled_run_that_fails_sends_its_cell_and_the_next_that_it_is_good_again(
    tmp_path, post, run, monkeypatch
):
    (tmp_path / "data/raw").mkdir(parents=True)
    rows = "Mã hồ sơ,Ngày tiếp nhận,Hình thức nộp\nH1,03/01/2022,Trực tuyến\n"
    (tmp_path / "data/raw/a.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "data/notify.yml").write_text(f"urls:\n  - {post.address}\n", encoding="utf-8")
    book, good = json.loads(planning.ANNUAL.read_text("utf-8")), planning.ANNUAL
    book["cells"][-2]["source"] = "{}['Người Thứ Nhất']"
    (tmp_path / "annual.ipynb").write_text(json.dumps(book), encoding="utf-8")
    monkeypatch.setattr(planning, "ANNUAL", tmp_path / "annual.ipynb")
    asked = ("report", "2022", "--scheduled", "--quiet", "--lang", "en")
    code, out, err = run(*asked)
    assert (code, out) == (4, ""), err
    assert err.startswith("analysis: 2022.en.html: code cell ")
    assert "cleaning" not in err
    (sent,) = post.came
    assert sent["title"] == "One-stop reports: 1 not written (code 4)"
    assert "KeyError: 'Người…'" in sent["message"]
    assert "Thứ Nhất" not in sent["message"]
    monkeypatch.setattr(planning, "ANNUAL", good)
    assert run(*asked) == (0, "", "")
    assert run(*asked) == (0, "", "")
    made, kept = read_logs(Path("reports/logs"))[-2:]
    assert made.of("published")[0].keys() >= {"report", "seconds"}
    assert [event["report"] for event in kept.of("skipped")] == ["reports/2022.en.html"]
    assert post.titles[1:] == ["One-stop reports: running again"]
