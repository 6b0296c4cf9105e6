"""The printed report: a published page becomes a PDF, by whatever Chromium, Chrome or Edge the machine has.

The browser starts with a profile of its own, reaches no network and does not outlive its task. What it leaves is proven to be
the whole page before it takes its name.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from glob import escape
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from analysis.labels import Labels
from analysis.vocabulary import fold

ASKED = "ANALYSIS_BROWSER"
"""The environment's word on the browser: its path or name, or ``none``."""

NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "microsoft-edge-stable",
    "chrome", "msedge",
)  # fmt: skip
"""What the browsers are called on the PATH, the first that is there wins."""

WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe",
)
MACOS = ("Google Chrome", "Microsoft Edge", "Chromium")

SWITCHES = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-breakpad",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # no name leads anywhere: the page needs none
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
)

DATES = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}[+-]\d\d'\d\d'")
PAGES = re.compile(rb"/Type\s*/Page\b")
TITLE = re.compile("<title>(.*?)</title>", re.DOTALL)


class PrintingError(Exception):
    """A page was not printed; the message says why and what to do."""


def find_browser(*, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The browser that prints, or none.

    Parameters
    ----------
    environ
        Its ``ANALYSIS_BROWSER`` is the path or the name of one, or ``none``; without it the PATH and the usual places of
        Chromium, Chrome and Edge are searched.

    Raises
    ------
    PrintingError
        If the one asked for is not there.

    Examples
    --------
    >>> find_browser(environ={"ANALYSIS_BROWSER": "none"}) is None
    True
    """
    asked = environ.get(ASKED, "").strip()
    if asked.lower() == "none":
        return None
    if asked:
        if found := shutil.which(asked, path=environ.get("PATH")):
            return Path(found)
        raise PrintingError(f"{ASKED} is {asked!r}, which is no program here; set it to a browser's path, or to none.")
    named = (shutil.which(name, path=environ.get("PATH")) for name in NAMES)
    return next((Path(found) for found in named if found), None) or next(filter(Path.is_file, _places(environ)), None)


def _places(environ: Mapping[str, str]) -> Iterator[Path]:
    """Where browsers are that no PATH names."""
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if folder := environ.get(variable):
            yield from (Path(folder) / browser for browser in WINDOWS)
    if sys.platform == "darwin":
        for folder in ("/Applications", str(Path.home() / "Applications")):
            yield from (Path(folder) / f"{browser}.app/Contents/MacOS/{browser}" for browser in MACOS)


def pdf_name(page: Path, *, unit: str, day: date, labels: Labels) -> str:
    """The name of a page's PDF, which is sent around without its folder: the unit, what the page is called, and its day.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> pdf_name(Path("2022.html"), unit="Sở Xây dựng", day=date(2022, 11, 10), labels=read_labels("vi"))
    'so-xay-dung_2022_den-2022-11-10.pdf'
    >>> pdf_name(Path("2022.today.en.html"), unit="Sở Xây dựng", day=date(2022, 11, 10), labels=read_labels("en"))
    'so-xay-dung_2022_today_en_to-2022-11-10.pdf'
    """
    of = re.sub(r"\W+", "-", fold(unit))[:80].strip("-")
    return labels.name("printing.file", unit=of, page=page.stem.replace(".", "_"), day=f"{day:%Y-%m-%d}")


def printed_before(page: Path, *, unit: str, labels: Labels) -> list[Path]:
    """The PDFs of a page, of whatever day.

    Parameters
    ----------
    page, unit, labels
        As ``pdf_name`` takes them.
    """
    day = date(2000, 1, 1)
    name = escape(pdf_name(page, unit=unit, day=day, labels=labels))
    return sorted(page.parent.glob(name.replace(f"{day}", "[0-9]" * 4 + "-[0-9][0-9]" * 2)))


def print_page(page: Path, pdf: Path, *, browser: Path, day: date, timeout: float = 120) -> int:
    """Print a page to a PDF: tagged, with an outline of its headings.

    Parameters
    ----------
    page
        An HTML file that needs nothing else.
    pdf
        Where the PDF goes. One that is there is removed first: older than its page, it could contradict it.
    browser
        As from ``find_browser``.
    day
        What the PDF says of when it was made; the same page, day and browser give the same bytes.
    timeout
        Seconds, after which the browser is stopped with everything that it started.

    Returns
    -------
    int
        How many pages it has.

    Raises
    ------
    PrintingError
        If there is no whole PDF of this page; nothing of it is left.
    OSError
        If it cannot be written.
    """
    pdf.unlink(missing_ok=True)
    title = _title(page)
    with TemporaryDirectory(dir=pdf.parent, prefix=".print-", ignore_cleanup_errors=True) as folder:
        printed = Path(folder) / pdf.name
        _run(_command(browser, page, printed, Path(folder)), Path(folder) / "log", timeout)
        if not printed.is_file():
            raise PrintingError(f"{browser} printed nothing: {_last_line(Path(folder) / 'log')}. {_remedy()}")
        content = _dated(printed.read_bytes(), day)
        pages = _prove(content, title, page)
        printed.write_bytes(content)
        printed.replace(pdf)
    return pages


def _command(browser: Path, page: Path, printed: Path, folder: Path) -> list[str]:
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0  # for whom Chromium has no sandbox
    own = [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={printed.resolve()}"]
    return [str(browser), *SWITCHES, *own, *["--no-sandbox"] * is_root, page.resolve().as_uri()]


def _run(command: list[str], log: Path, timeout: float) -> None:
    """Run a program until it ends; at its time limit, or if this one is interrupted, it is killed with its children."""
    with log.open("wb") as said:
        try:
            child = psutil.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        except OSError as error:
            raise PrintingError(f"{command[0]} does not start: {error.strerror}. {_remedy()}") from None
        try:
            child.wait(timeout)
        except BaseException as stop:
            _kill(child)
            if isinstance(stop, psutil.TimeoutExpired):
                raise PrintingError(f"{command[0]} had not printed after {timeout:g} s. {_remedy()}") from None
            raise


def _kill(child: psutil.Popen) -> None:
    tree = [*child.children(recursive=True), child]
    for process in tree:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(tree, timeout=10)


def _dated(content: bytes, day: date) -> bytes:
    """A PDF whose dates are a day; of the same length, so that its table of contents stays right."""
    return DATES.sub(rb"\g<1>" + f"{day:%Y%m%d}000000+00'00'".encode(), content)


def _prove(content: bytes, title: str, page: Path) -> int:
    """How many pages a PDF has, if it is whole and of this page.

    A browser that may not read a file prints what it says of that, so the title is looked at.
    """
    pages = len(PAGES.findall(content))
    if not (content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF") and pages):
        raise PrintingError(f"the PDF of {page} is not whole. Print again.")
    literal = re.sub(r"([()\\])", r"\\\1", title).encode("ascii", "replace")
    if not any(
        form in content for form in (b"(" + literal + b")", f"<FEFF{title.encode('utf-16-be').hex().upper()}>".encode())
    ):
        raise PrintingError(
            f"the browser printed something other than {page}: it may not read this folder. {_remedy()}"
        )
    return pages


def _title(page: Path) -> str:
    found = TITLE.search(page.read_text("utf-8"))
    return " ".join(unescape(found[1]).split()) if found else ""


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


def _remedy() -> str:
    return f"Set {ASKED} to another Chromium, Chrome or Edge, or to none."
