"""A notebook of one's own makes pages of its own, beside the usual ones."""

import shutil

import pytest

from analysis import planning


@pytest.fixture
def ours(quick, tmp_path):
    """A folder in which the annual notebook was copied to ``ours.ipynb``; gives what runs a command there."""
    shutil.copy(tmp_path / "notebooks/annual.ipynb", tmp_path / "notebooks/ours.ipynb")
    return quick


def test_its_page_is_named_after_it_and_takes_the_place_of_no_other(ours, tmp_path):
    made, code, _, _ = ours("report", "2022")
    assert (made, code) == (["2022.html"], 0)
    usual = (tmp_path / "reports/2022.html").read_bytes()
    made, code, _, _ = ours("report", "2022", "--notebook", "notebooks/ours.ipynb")
    assert (made, code) == (["2022.ours.html"], 0)
    assert (tmp_path / "reports/2022.html").read_bytes() == usual
    assert b"<title>B\xc3\xa1o c\xc3\xa1o" in usual
    assert " · ours</title>" in (tmp_path / "reports/2022.ours.html").read_text("utf-8")


def test_with_units_each_unit_gets_its_own_too(ours):
    made, _, _, _ = ours("report", "2022", "--units", "--notebook", "notebooks/ours.ipynb")
    assert made == ["2022.ours.html", "chi-nhanh-1/2022.ours.html", "chi-nhanh-2/2022.ours.html", "units.html"]


def test_status_looks_at_the_notebook_itself(ours, tmp_path):
    ours("report", "2022", "--notebook", "notebooks/ours.ipynb")
    assert ours("status")[1] == 0
    (tmp_path / "notebooks/ours.ipynb").write_text("{}", "utf-8")
    _, code, out, _ = ours("status")
    assert code == 9
    assert "stale: notebook" in out
    (tmp_path / "notebooks/ours.ipynb").unlink()
    assert "notebook: ours.ipynb is gone" in ours("status")[2]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("notebooks/none.ipynb", "there is no such notebook; copy annual.ipynb"),
        ("elsewhere/ours.ipynb", "put it beside annual.ipynb, into notebooks"),
        ("notebooks/trends.ipynb", "has an option of its own, --trends"),
    ],
)
def test_one_that_could_not_be_found_again_or_is_of_another_kind_is_refused(ours, tmp_path, monkeypatch, name, told):
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(tmp_path / "notebooks/annual.ipynb", tmp_path / "elsewhere/ours.ipynb")
    monkeypatch.setattr(planning.find_notebook, "__defaults__", (tmp_path / "notebooks",))
    with pytest.raises(planning.FileProblem, match=told):
        planning.own_notebook(name)
