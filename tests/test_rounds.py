"""A page that would come out the same is not made again; one that would not is, and the list tells the truth meanwhile."""

import json
import os

import pytest
from click.testing import CliRunner
from quick_pages import HEAD, LINES

from analysis import planning, rounds
from analysis.__main__ import cli
from analysis.run_state import NAME, read_runs


def test_a_second_run_makes_nothing_and_names_the_same_pages(quick):
    first = quick("report", "2022", "2023")
    assert (first[0], first[1]) == (["2022.html", "2023.html"], 0)
    assert "2 made, 0 up to date, 0 failed" in first[3]
    second = quick("report", "2022", "2023")
    assert second[:3] == ([], 0, first[2])
    assert "0 made, 2 up to date, 0 failed" in second[3]
    assert quick("report", "2022", "--nothing-to-do", "99")[1] == 99
    assert quick("report", "2022", "--force", "--nothing-to-do", "99")[:2] == (["2022.html"], 0)


CHANGES = {
    "an export": lambda folder: (folder / "data/raw/a.csv").write_text(
        HEAD + LINES + "H4,,06/01/2022,Trực tiếp\n", "utf-8"
    ),
    "another export": lambda folder: (folder / "data/raw/b.csv").write_text(
        HEAD + "H4,,06/01/2022,Trực tiếp\n", "utf-8"
    ),
    "an export that is gone": lambda folder: (folder / "data/raw/b.csv").unlink(),
    "a notebook": lambda folder: (folder / "notebooks/annual.ipynb").write_text(
        planning.ANNUAL.read_text("utf-8").replace("### ", "#### ", 1) + "\n", "utf-8"
    ),
    "a page changed by hand": lambda folder: (folder / "reports/2022.html").write_text("973", "utf-8"),
    "a file that is gone": lambda folder: (folder / "reports/2022.ipynb").unlink(),
    "a handbook": lambda folder: CliRunner().invoke(cli, ["handbook"]),
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("an export", "exports: a.csv changed"),
        ("another export", "exports: b.csv is new"),
        ("a notebook", "notebook: annual.ipynb changed"),
        ("a page changed by hand", "2022.html is gone or was changed by hand"),
        ("a file that is gone", "2022.ipynb is gone or was changed by hand"),
        ("a handbook", "handbook: so-tay.xlsx is new"),
    ],
)
def test_what_changed_is_told_and_the_page_is_made_again(quick, tmp_path, change, said):
    quick("report", "2022")
    assert quick("status")[1] == 0
    CHANGES[change](tmp_path)
    made, code, out, _ = quick("status")
    assert (made, code) == ([], 9)
    assert f"reports/2022.html  stale: {said}" in out
    assert quick("report", "2022")[0] == ["2022.html"]
    assert quick("status")[1] == 0


def test_an_export_that_is_only_touched_changes_nothing(quick, tmp_path):
    quick("report", "2022")
    os.utime(tmp_path / "data/raw/a.csv", (1, 1))
    assert quick("report", "2022")[0] == []


def test_another_parameter_is_another_page_or_makes_it_again(quick):
    quick("report", "2022")
    assert quick("report", "2022", "--lang", "en")[0] == ["2022.en.html"]
    assert quick("report", "2022", "--as-of", "2022-12-31")[0] == ["2022.html"]


def test_a_page_that_fails_is_tried_again_and_the_last_good_one_is_known_by_its_content(quick, tmp_path, monkeypatch):
    quick("report", "2022", "2023")
    good = (tmp_path / "reports/2022.html").read_bytes()
    CHANGES["another export"](tmp_path)
    monkeypatch.setenv("FAILS", "2022.html")
    made, code, _, err = quick("report", "2022", "2023")
    assert (made, code) == (["2022.html", "2023.html"], 4)
    assert "reports/2022.html  FAILED (4): code cell 3: ZeroDivisionError" in err
    assert "1 made, 0 up to date, 1 failed" in err
    assert (tmp_path / "reports/2022.html").read_bytes() == good
    out = quick("status")[2]
    assert "reports/2022.html  FAILED since 20" in out
    assert "stale: exports: b.csv is new" in out
    assert "Không lập được từ" in (tmp_path / "reports/index.html").read_text("utf-8")
    monkeypatch.delenv("FAILS")
    CHANGES["an export that is gone"](tmp_path)
    assert quick("report", "2022")[:2] == ([], 0), "the page that stayed is that of these exports"
    assert read_runs(tmp_path / "reports")["2022.html"].failed_since is None


def test_each_unit_has_a_folder_with_its_own_list_and_the_first_list_leads_there(quick, tmp_path):
    made, code, out, _ = quick("report", "--all", "--units", "--trends")
    assert code == 0
    assert made == [
        "2022.html", "2023.html", "chi-nhanh-1/2022.html", "chi-nhanh-1/trends.html", "chi-nhanh-2/2022.html",
        "chi-nhanh-2/2023.html", "chi-nhanh-2/trends.html", "trends.html", "units.html",
    ]  # fmt: skip
    assert out.splitlines()[-1] == "reports/index.html"
    index = (tmp_path / "reports/index.html").read_text("utf-8")
    assert 'href="chi-nhanh-1/index.html">Chi nhánh 1<' in index
    assert "chi-nhanh-2" not in (tmp_path / "reports/chi-nhanh-1/index.html").read_text("utf-8")
    assert (
        read_runs(tmp_path / "reports/chi-nhanh-1")["2022.html"].outcome.sources["parameters"]["unit"] == "Chi nhánh 1"
    )
    assert quick("report", "--all", "--units", "--trends", "--nothing-to-do", "99")[:2] == ([], 99)
    assert len(quick("status", "--json")[2].split('"up_to_date": true')) == 10


def test_units_go_with_neither_one_unit_nor_the_public_edition(quick):
    assert quick("report", "2022", "--units", "--unit", "Chi nhánh 1")[1] == 2
    assert quick("report", "2022", "--units", "--edition", "public")[1] == 2


def test_quiet_says_nothing_but_what_is_wrong(quick, monkeypatch):
    assert quick("report", "2022", "--quiet")[1:] == (0, "", "")
    assert quick("report", "2022", "--quiet")[1:] == (0, "", "")
    monkeypatch.setenv("FAILS", "2023.html")
    assert quick("report", "2023", "--quiet")[1:] == (4, "", "analysis: 2023.html: code cell 3: ZeroDivisionError\n")


def test_status_of_a_folder_without_pages_says_how_to_make_them(quick):
    _, code, out, err = quick("status")
    assert (code, out) == (0, "")
    assert "no page was made here yet; `analysis report --all` makes them." in err


def test_status_names_exports_that_cannot_be_read_and_units_that_are_gone(quick, tmp_path):
    quick("report", "2022", "--units")
    (tmp_path / "data/raw/a.csv").write_text(HEAD + "H1,Chi nhánh 2,03/01/2022,Trực tuyến\n", "utf-8")
    assert "exports: no dossier is of the unit 'Chi nhánh 1' any more" in quick("status")[2]
    (tmp_path / "data/raw/a.csv").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert "stale: exports: a.csv:" in quick("status")[2]


def test_what_a_round_did_is_kept_page_by_page(quick, tmp_path, monkeypatch):
    """A round that is killed leaves a list of what it did, and the next one does the rest."""
    noted = []
    note_runs = rounds.note_runs

    def note(folder, outcomes, *, at):
        noted.append([*outcomes])
        note_runs(folder, outcomes, at=at)
        if len(noted) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(rounds, "note_runs", note)
    quick("report", "2022", "2023")
    assert list(json.loads((tmp_path / "reports" / NAME).read_text("utf-8"))) == ["2022.html"]
    assert quick("report", "2022", "2023")[0] == ["2023.html"]
