"""The how-tos run from top to bottom, and the figures they show are those of the library and of the report.

The quick tests run their cells in this process; the pages of the documentation are made from kernels (``test_docs``).
"""

import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from cells_of import run_cells
from lxml import html

from analysis import counts, metrics, periods, turnaround

FOLDER = Path(__file__).parents[1] / "notebooks/how-to"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
YEAR = periods.read_period("2022-01-01..2022-11-10")


@pytest.fixture
def run(sample_folder, monkeypatch):
    """Runs a how-to where a clone would: names, and what its cells showed."""
    monkeypatch.chdir(sample_folder)
    return lambda name, **options: run_cells(FOLDER / f"{name}.ipynb", **options)


def text_of(piece):
    return " ".join(html.fromstring(f"<div>{piece}</div>").text_content().replace("\xa0", " ").split())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_how_to_is_short_holds_no_output_and_is_told_in_both_languages(path):
    cells = nbformat.read(path, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    prose = [cell.source for cell in cells if cell.cell_type == "markdown"]
    assert 6 <= len(cells) <= 15
    assert not [cell for cell in code if cell.outputs or cell.execution_count]
    accents = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
    for text in prose:
        first, second, *_ = (part for part in text.split("\n\n") if not part.startswith("#"))
        assert accents.search(first)
        assert not accents.search(second.replace("“Hẹn trả”", ""))
    own = {"own-measure"}
    assert path.stem in own or not any(re.search(r"^def ", cell.source, re.MULTILINE) for cell in code)


def test_every_how_to_is_listed_in_the_documentation():
    listed = (FOLDER.parents[1] / "docs/how-to.md").read_text("utf-8")
    assert len(NOTEBOOKS) == 5
    assert all(f"(../notebooks/how-to/{path.name})" in listed for path in NOTEBOOKS)


def test_two_quarters_are_compared_with_the_figures_of_their_own_reports(run, sample):
    names, shown = run("compare-quarters")
    for quarter in ("2022-Q2", "2022-Q3"):
        own = metrics.headline(sample, periods.read_period(quarter)).value
        pd.testing.assert_series_equal(names["figures"][quarter], own, check_names=False)
    assert shown[1].loc["Hồ sơ tiếp nhận"].tolist() == ["324", "290"]
    assert text_of(shown[3]).startswith("Tỷ lệ trước và đúng hạn giảm 1,98 điểm %, từ 67,02 % còn 65,03 %")
    assert names["split"].change.sum() == pytest.approx(
        metrics.headline(sample, periods.read_period("2022-Q3")).value.on_time_rate - 191 / 285
    )


def test_one_procedure_takes_the_days_that_the_report_gives_it(run, sample):
    names, shown = run("one-procedure")
    durations = turnaround.count_durations(sample.dossiers, calendar=sample.calendar, by=["procedure"], per="day")
    own = turnaround.typical_days(counts.within(durations, YEAR), by=["procedure"]).loc[names["procedure"]]
    assert shown[1] == (names["procedure"], own.resolved, own.median_working_days, own.p90_working_days)
    assert shown[1][1:] == (161, 20.0, 27.0)
    assert shown[-1].working_days.tolist() == [41, 40, 39, 39, 36]


def test_the_units_that_drag_the_rate_add_up_to_the_report(run, sample):
    names, shown = run("which-units")
    assert names["whole"].resolved_late[0] == metrics.headline(sample, YEAR).value.late == 255
    assert names["drag"].late_share.sum() == pytest.approx(1)
    worst = names["drag"].iloc[0]
    assert (worst.name, worst.resolved_late) == ("Quản lý xây dựng", 192)
    without = sample.dossiers[sample.dossiers.division != worst.name]
    assert worst.without == pytest.approx(metrics.on_time_rate(_resolved(without))[0])
    assert "63,42 % lên 70,18 %" in text_of(shown[4])


def _resolved(dossiers):
    return counts.count_events(dossiers).pipe(counts.within, YEAR).pipe(counts.total)


def test_our_own_export_is_not_understood_until_its_words_are_told(run):
    names, shown = run("own-export")
    assert "CANNOT BE USED" in shown[2]
    assert "/tmp" not in shown[2]
    assert '# ??? = ["Ngày vào sổ"]' in shown[2]
    assert shown[-2][["online", "in_person", "received"]].iloc[0].tolist() == [1, 2, 3]
    assert shown[-1].iloc[0].tolist() == [1, 0, 1, 0]
    assert not len(names["data"].rejected)


def test_a_measure_of_one_s_own_counts_what_the_library_counts(run, sample):
    names, shown = run("own-measure", until="import subprocess")
    durations = turnaround.count_durations(sample.dossiers, calendar=sample.calendar, per="day")
    durations = counts.within(durations, YEAR)
    assert names["monthly"].quick.sum() == durations[durations.working_days <= 5].resolved.sum() == 121
    assert names["monthly"].resolved.sum() == 855
    assert "14,15 % hồ sơ xong trong 5 ngày làm việc" in text_of(shown[3])
    written = nbformat.read(names["work"] / "notebooks/quick.ipynb", as_version=4)
    assert "def count_quick" in "".join(cell.source for cell in written.cells)


@pytest.mark.long
def test_a_measure_of_one_s_own_is_seen_in_the_report(run):
    names, shown = run("own-measure")
    assert shown[-1] == (True, True)
    page = html.parse(names["work"] / "reports/2022.quick.html")
    heads = [head.text_content() for head in page.xpath("//main//h2")]
    assert heads.index("Nhanh trong năm ngày") + 1 == heads.index("Đúng hạn")
