"""A page is printed whole or not at all, by a browser that reaches no network and does not outlive its task."""

import http.server
import os
import sys
import threading
import time
from datetime import date
from pathlib import Path

import psutil
import pytest

from analysis.printing import PrintingError, find_browser, print_page

DAY = date(2022, 11, 10)
WHOLE = "%PDF-1.4\\n(Năm)\\n/Type /Page\\n%%EOF"
OF_PAGE = "%PDF-1.4\\n<</Title <FEFF004E0103006D>\\n/CreationDate (D:20260101093000+07'00')>>\\n/Type /Page\\n%%EOF\\n"

needs_scripts = pytest.mark.skipif(os.name == "nt", reason="the browsers of these tests are scripts")


@pytest.fixture
def page(tmp_path):
    """A page called Năm."""
    path = tmp_path / "2022.html"
    path.write_text("<!doctype html><html lang='vi'><meta charset='utf-8'><title>Năm</title><h1>Năm</h1>", "utf-8")
    return path


@pytest.fixture
def browser_that(tmp_path):
    """Writes a program that takes a browser's switches: ``out`` is where it is to print."""

    def made(body):
        path = tmp_path / "browser"
        head = f"#!{sys.executable}\nimport subprocess, sys, time\n"
        out = 'out = next(a.partition("=")[2] for a in sys.argv if a.startswith("--print-to-pdf="))\n'
        path.write_text(head + out + body, "utf-8")
        path.chmod(0o755)
        return path

    return made


def left(folder):
    return sorted(path.name for path in folder.iterdir() if path.name not in {"2022.html", "browser", "child"})


# --- which browser ---------------------------------------------------------------------------------------------------


def test_no_browser_is_one_of_the_answers(tmp_path):
    assert find_browser(environ={"PATH": str(tmp_path)}) is None
    assert find_browser(environ={"PATH": os.environ["PATH"], "ANALYSIS_BROWSER": "none"}) is None


@needs_scripts
def test_the_browser_asked_for_goes_before_those_of_the_path(tmp_path, browser_that):
    ours, theirs = browser_that(""), tmp_path / "chromium"
    theirs.write_bytes(ours.read_bytes())
    theirs.chmod(0o755)
    assert find_browser(environ={"PATH": str(tmp_path)}) == theirs
    assert find_browser(environ={"PATH": str(tmp_path), "ANALYSIS_BROWSER": str(ours)}) == ours


def test_a_browser_asked_for_that_is_not_there_is_named():
    with pytest.raises(PrintingError, match="ANALYSIS_BROWSER is '/no/browser'"):
        find_browser(environ={"ANALYSIS_BROWSER": "/no/browser"})


def test_windows_has_browsers_where_no_path_says(tmp_path):
    edge = tmp_path / "Microsoft/Edge/Application/msedge.exe"
    edge.parent.mkdir(parents=True)
    edge.touch()
    assert find_browser(environ={"PATH": "", "PROGRAMFILES(X86)": str(tmp_path)}) == edge


# --- whole or not at all ---------------------------------------------------------------------------------------------


@needs_scripts
def test_a_pdf_is_dated_by_the_day_of_its_figures(page, browser_that, tmp_path):
    browser = browser_that(f'open(out, "w").write("""{OF_PAGE}""")')
    assert print_page(page, tmp_path / "a.pdf", browser=browser, day=DAY) == 1
    assert b"/CreationDate (D:20221110000000+00'00')>>" in (tmp_path / "a.pdf").read_bytes()
    assert left(tmp_path) == ["a.pdf"]


@needs_scripts
@pytest.mark.parametrize(
    ("body", "why"),
    [
        (f'open(out, "w").write("""{OF_PAGE[:-9]}""")', "is not whole"),
        ('open(out, "w").write("not found")', "is not whole"),
        (f'open(out, "w", encoding="utf-8").write("""{WHOLE}""")', "something other than"),
        ('print("no display"); sys.exit(1)', "printed nothing: no display"),
    ],
    ids=["cut short", "no PDF", "of another page", "none at all"],
)
def test_what_is_no_whole_pdf_of_the_page_does_not_stay_and_neither_does_an_older_one(
    body, why, page, browser_that, tmp_path
):
    (tmp_path / "a.pdf").write_bytes(b"of an older page")
    with pytest.raises(PrintingError, match=why):
        print_page(page, tmp_path / "a.pdf", browser=browser_that(body), day=DAY)
    assert left(tmp_path) == []


@needs_scripts
def test_a_file_that_cannot_be_started_is_named(page, tmp_path):
    with pytest.raises(PrintingError, match="does not start"):
        print_page(page, tmp_path / "a.pdf", browser=page, day=DAY)


@needs_scripts
def test_a_browser_that_hangs_is_stopped_with_what_it_started(page, browser_that, tmp_path):
    child = '[sys.executable, "-c", "import time; time.sleep(60)"]'
    body = f'open({str(tmp_path / "child")!r}, "w").write(str(subprocess.Popen({child}).pid)); time.sleep(60)'
    started = time.monotonic()
    with pytest.raises(PrintingError, match="had not printed after 2 s"):
        print_page(page, tmp_path / "a.pdf", browser=browser_that(body), day=DAY, timeout=2)
    assert time.monotonic() - started < 30
    assert not psutil.pid_exists(int((tmp_path / "child").read_text()))
    assert left(tmp_path) == []


# --- a real browser --------------------------------------------------------------------------------------------------


@pytest.fixture
def asked_for():
    """A server that remembers what it was asked for, by its address."""
    asked = []

    class Remembers(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Remembers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


def test_chromium_prints_the_same_bytes_twice_and_asks_nobody(page, chromium, asked_for, tmp_path):
    """The page of this test would load a picture; the program's own pages forbid it by themselves."""
    address, asked = asked_for
    picture = f"<img src='{address}/by-number'><img src='{address.replace('127.0.0.1', 'localhost')}/by-name'>"
    page.write_text(page.read_text("utf-8") + picture, "utf-8")
    pages = [print_page(page, tmp_path / f"{n}.pdf", browser=Path(chromium), day=DAY) for n in "ab"]
    assert pages == [1, 1]
    one, two = ((tmp_path / f"{n}.pdf").read_bytes() for n in "ab")
    assert one == two
    assert b"/MarkInfo" in one
    assert b"/Outlines" in one
    assert b"/Lang (vi)" in one
    assert asked == []
