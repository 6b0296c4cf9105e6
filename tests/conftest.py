"""What several test files share."""

import contextlib
import importlib
import importlib.util
import os
import shutil
import sys
from pathlib import Path

import openpyxl
import pytest
from filelock import FileLock
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ["ANALYSIS_LANG"] = "en"  # what is said does not hang on the machine's language; what is about it asks for it
os.environ["ANALYSIS_BROWSER"] = "none"  # printing takes seconds; what is about it asks for it

settings.register_profile("desk", deadline=None, max_examples=25)  # machines are slow and shared
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True)  # a new counter-example is for a person
settings.register_profile("thorough", deadline=None, max_examples=200)  # of `make test-all`
settings.load_profile("ci" if os.environ.get("CI") else "desk")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root():
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def chromium():
    """A Chromium to look at pages with; without one a test is skipped, but never in CI."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    if os.environ.get("CI"):
        pytest.fail("CI must have Chromium: .ci/run installs it.")
    pytest.skip("no Chromium on this machine")


def module(name):
    """A module of the extra ``browser``; without it a test is skipped, but never in CI."""
    try:
        return importlib.import_module(name)
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail(f"CI must have {name}: requirements.lock names it.")
        pytest.skip(f"{name} is not installed")


@pytest.fixture(scope="session")
def axe():
    """The rules of accessibility."""
    return module("axe_playwright_python.sync_playwright").Axe()


@pytest.fixture(scope="session")
def browser(chromium):
    """That Chromium, led by Playwright, which brings none of its own."""
    with module("playwright.sync_api").sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])


@pytest.fixture(scope="session")
def soffice():
    """A LibreOffice to open workbooks and documents with; without one a test is skipped, but never in CI."""
    if found := shutil.which("soffice"):
        return found
    if os.environ.get("CI"):
        pytest.fail("CI must have LibreOffice Calc and Writer: .ci/run installs it.")
    pytest.skip("no LibreOffice on this machine")


@pytest.fixture(scope="session")
def real_files():
    """Real public files that lie beside some checkouts; they are not part of the project."""
    folder = Path(__file__).parents[2] / "shared/real"
    if not folder.is_dir():
        pytest.skip("the real files do not lie beside this checkout")
    return folder


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory):
    """A folder as a clone has it, with the sample in data/raw, that tests may run in."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "data/raw/sample", folder / "data/raw/sample")
    return folder


@pytest.fixture(scope="session")
def sample(sample_folder):
    """The made-up sample, read and cleaned once."""
    from analysis.store import load

    return load(sample_folder / "data/raw")


@pytest.fixture
def quick(tmp_path, monkeypatch):
    """Runs commands in a folder where pages take no time to make; see ``quick_pages``."""
    from quick_pages import quick_rounds

    return quick_rounds(tmp_path, monkeypatch)


@pytest.fixture(scope="session")
def render(sample_folder):
    """Makes pages of the sample: name -> kind of notebook, and language."""
    from analysis.labels import read_labels
    from analysis.periods import read_period
    from analysis.report import Report, render_reports

    def made(wanted, *, folder="reports"):
        reports = []
        for name, (kind, lang) in wanted.items():
            labels, is_annual = read_labels(lang), kind == "annual"
            annual = labels.name("sentences.title", period=labels.period(read_period("2022")))
            title = annual if is_annual else labels.name(f"{kind}.title")
            asked = {"lang": lang, **({"period": "2022"} if is_annual else {})}
            about = {"period": "2022", "as_of": "10/11/2022"}
            output = sample_folder / folder / f"{name}.html"
            reports.append(Report(ROOT / "notebooks" / f"{kind}.ipynb", output, asked, title, lang, about))
        with contextlib.chdir(sample_folder):
            assert render_reports(reports) == [None] * len(reports)
        return {report.output.stem: report.output for report in reports}

    return made


@pytest.fixture(scope="session")
def render_once(render, sample_folder, tmp_path_factory):
    """Makes pages as ``render`` does, once for all workers; each has a copy of its own."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def made(wanted):
        kept = shared / "-".join(["pages", *wanted])
        with FileLock(f"{kept}.lock"):
            if not kept.exists():
                made = render(wanted, folder=kept.name)
                shutil.move(next(iter(made.values())).parent, kept)
        reports = sample_folder / "reports"
        shutil.copytree(kept, reports, dirs_exist_ok=True)
        return {name: reports / f"{name}.html" for name in wanted}

    return made


@pytest.fixture(scope="session")
def page(render_once):
    """The report of 2022 from the sample, in Vietnamese, made once."""
    return render_once({"2022": ("annual", "vi")})["2022"]


@pytest.fixture(scope="session")
def pages(render_once, page):
    """One page of each kind, in either language, and their list: name -> file."""
    from analysis.report_index import write_index

    made = render_once({"2022.en": ("annual", "en"), "trends": ("trends", "vi"), "quality.en": ("quality", "en")})
    return {"2022": page, **made, "index": write_index(page.parent)}


@pytest.fixture(scope="session")
def book_of():
    """Makes a handbook that says nothing but some lines of one sheet, from row 7 on; mistakes among them are found."""
    import pandas as pd

    from analysis.handbook import read_handbook
    from analysis.told import laid
    from analysis.vocabulary import read_vocabulary

    def made(sheet, *lines):
        book = read_handbook(None)
        kinds = book.of(sheet).dtypes
        blank = {column: "" if kind == "str" else None for column, kind in kinds.items()}
        rows = [blank | line | {"row": row} for row, line in enumerate(lines, 7)]
        table = pd.DataFrame(rows, columns=list(kinds.index)).astype(kinds)
        return laid(book._replace(lines={**book.lines, sheet: table}), read_vocabulary())[0]

    return made


@pytest.fixture(scope="session")
def pollute(root):
    """The benchmark that writes polluted copies of one export."""
    spec = importlib.util.spec_from_file_location("pollute", root / "benchmarks" / "pollute.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def handbook_of():
    """Writes ``so-tay.xlsx`` into a folder: sheet -> lines, each a dict of what is typed by the name of the column."""
    from analysis.handbook_form import read_form

    def write(folder, **sheets):
        book = openpyxl.Workbook()
        book.active.title = "Hướng dẫn"
        for name, form in read_form().sheets.items():
            sheet = book.create_sheet(form.names["vi"])
            sheet.append([form.names["vi"]])
            sheet.append([])
            sheet.append([])
            sheet.append([column.names["vi"] for column in form.columns.values()])
            for line in sheets.get(name, []):
                for number, column in enumerate(form.columns, 1):
                    cell = sheet.cell(sheet.max_row + (number == 1), number)
                    cell.value = line.get(column)
                    if isinstance(cell.value, str):
                        cell.data_type = "s"
        path = folder / "so-tay.xlsx"
        book.save(path)
        return path

    return write


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command as a shell would; its exit code and what it printed."""

    from analysis.__main__ import main

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["analysis", *arguments])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        return code, *capsys.readouterr()

    return run
