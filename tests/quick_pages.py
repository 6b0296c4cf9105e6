"""Rounds whose pages take no time to make: what a round decides and keeps is the real thing, what a notebook does is not."""

import os
import shutil

from click.testing import CliRunner

from analysis import planning, proof, report, shipped, standing
from analysis.__main__ import cli
from analysis.commands import failure_of
from analysis.execution import ReportError

HEAD = "Mã hồ sơ,Đơn vị,Ngày tiếp nhận,Hình thức nộp\n"
LINES = (
    "H1,Chi nhánh 1,03/01/2022,Trực tuyến\nH2,Chi nhánh 2,04/01/2022,Trực tiếp\nH3,Chi nhánh 2,05/01/2023,Trực tiếp\n"
)
PAGE = (
    "<!doctype html><html lang='vi'><head><meta name='analysis-title' content='{0}'><meta name='analysis-unit' content='{1}'>"
    "<title>{0}</title></head>"
)


def quick_rounds(folder, monkeypatch):
    """Make a folder with an export of two units; gives what runs a command there: what was made, exit code, what was said."""
    (folder / "data/raw").mkdir(parents=True)
    (folder / "data/raw/a.csv").write_text(HEAD + LINES, "utf-8")
    shutil.copytree(shipped.NOTEBOOKS, folder / "notebooks")
    for name in ("ANNUAL", "TRENDS", "QUALITY", "UNITS"):
        monkeypatch.setattr(planning, name, folder / "notebooks" / f"{name.lower()}.ipynb")
    monkeypatch.setattr(standing, "NOTEBOOKS", folder / "notebooks")
    monkeypatch.chdir(folder)
    made = []

    def make(job, *_):
        made.append(job.output.relative_to("reports").as_posix())
        if os.environ.get("FAILS") == job.output.name:
            raise ReportError("code cell 3: ZeroDivisionError")
        page = PAGE.format(job.title, job.about["unit"])
        return {job.output.with_suffix(".ipynb"): b"{}", job.output: page.encode()}

    monkeypatch.setattr(report, "_make", make)
    monkeypatch.setattr(proof, "prove_page", lambda *_, **__: None)  # such a page has no record

    def run(*arguments):
        made.clear()
        result = CliRunner().invoke(cli, arguments)
        expected = result.exception is None or isinstance(result.exception, SystemExit)
        code = result.exit_code if expected else failure_of(result.exception)[1]  # as ``main`` does
        return sorted(made), code, result.stdout, result.stderr

    return run
