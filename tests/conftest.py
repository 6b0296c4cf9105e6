"""What several test files share."""

import importlib.util
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")

settings.register_profile("ci", derandomize=True)  # a new counter-example is for a person to look at
if os.environ.get("CI"):
    settings.load_profile("ci")

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


@pytest.fixture(scope="session")
def soffice():
    """A LibreOffice to open workbooks with; without one a test is skipped, but never in CI."""
    if found := shutil.which("soffice"):
        return found
    if os.environ.get("CI"):
        pytest.fail("CI must have LibreOffice Calc: .ci/run installs it.")
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


@pytest.fixture(scope="session")
def pollute(root):
    """The benchmark that writes polluted copies of one export."""
    spec = importlib.util.spec_from_file_location("pollute", root / "benchmarks" / "pollute.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def write_handbook():
    """Write a handbook into a folder: sheet -> lines, each column -> text as a clerk would type it."""
    import xlsxwriter

    from analysis.handbook import NAME
    from analysis.handbook_form import read_form

    def write(folder, **sheets):
        with xlsxwriter.Workbook(folder / NAME) as book:
            for name, lines in sheets.items():
                form = read_form().sheets[name]
                sheet = book.add_worksheet(form.names["vi"])
                sheet.write_row(0, 0, [column.names["vi"] for column in form.columns.values()])
                for row, line in enumerate(lines, 1):
                    sheet.write_row(row, 0, [line.get(column, "") for column in form.columns])
        return folder / NAME

    return write
