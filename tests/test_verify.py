"""A page that was published can be made again, and what differs is named."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis import commands_verify
from analysis.grids import FileProblem
from analysis.report import render_report
from analysis.verify import compare, verdict_lines, verify

READ = """
import hashlib
from pathlib import Path
from IPython.display import HTML, display
text = Path(data).read_text()
display(HTML(f"<h2>Tiếp nhận</h2><p>{text} hồ sơ</p>"))
"""
RECORD = """
from analysis.record import Record
file = {"sha256": hashlib.sha256(text.encode()).hexdigest()}
Record(parameters={"data": data}, files={"export.txt": file}, figures={"received": int(text)})
"""
FINISH = 'get_ipython().display_pub.publish({"application/vnd.analysis.finished+json": {"finished": True}})'


@pytest.fixture
def notebooks(tmp_path):
    """A folder with one small notebook of one parameter."""
    cells = [new_code_cell('data: str = ""', metadata={"tags": ["parameters"]})]
    cells += [new_code_cell(text.strip()) for text in (READ, RECORD, FINISH)]
    folder = tmp_path / "notebooks"
    folder.mkdir()
    nbformat.write(new_notebook(cells=cells), folder / "small.ipynb")
    return folder


@pytest.fixture
def export(tmp_path):
    (tmp_path / "export.txt").write_text("937")
    return tmp_path / "export.txt"


@pytest.fixture
def page(notebooks, export, tmp_path):
    """A page of that notebook."""
    return render_report(
        notebooks / "small.ipynb", tmp_path / "2022.html", parameters={"data": str(export)}, title="Năm 2022"
    )


def test_a_page_is_the_same_when_it_is_made_again(page, notebooks):
    assert verify(page, notebooks=notebooks).is_same


def test_exports_may_have_moved(page, export, notebooks, tmp_path):
    moved = export.rename(tmp_path / "moved.txt")
    verdict = verify(page, notebooks=notebooks, data=str(moved))
    assert (verdict.inputs, verdict.figures, verdict.texts) == ([], [], [])


def test_a_changed_export_and_the_figure_it_moves_are_named(page, export, notebooks):
    export.write_text("938")
    told = list(verdict_lines(verify(page, notebooks=notebooks)))
    assert told[0] == "NOT the same."
    assert told[1].startswith("files.export.txt.sha256: was ")
    assert told[2:] == [
        "figures.received: the page says 937, made again it is 938.",
        "under “Tiếp nhận” the page has '937 hồ sơ', made again it is '938 hồ sơ'.",
    ]


def test_a_figure_changed_by_hand_is_found(page, notebooks):
    page.write_text(page.read_text("utf-8").replace("<p>937", "<p>973"), "utf-8")
    assert list(verdict_lines(verify(page, notebooks=notebooks))) == [
        "NOT the same.",
        "under “Tiếp nhận” the page has '973 hồ sơ', made again it is '937 hồ sơ'.",
        "the exports and the program are those that the page names, so the page was changed after it was made.",
    ]


def test_another_notebook_is_named_and_nobody_is_blamed(page, notebooks):
    notebook = notebooks / "small.ipynb"
    notebook.write_text(notebook.read_text("utf-8").replace(" hồ sơ", " dossiers"), "utf-8")
    told = list(verdict_lines(verify(page, notebooks=notebooks)))
    assert told[1].startswith("about.notebook-sha256: was ")
    assert told[2] == "under “Tiếp nhận” the page has '937 hồ sơ', made again it is '937 dossiers'."
    assert len(told) == 3


def test_a_changed_picture_is_found():
    record = '<script type="application/json" id="record">{"a":1}</script>'
    one, other = (f'<p>a</p><img alt="b" src="data:{picture}">{record}' for picture in "cd")
    assert "no figure and no sentence differs: a picture or the markup does." in verdict_lines(compare(one, other))


def test_many_differences_are_counted():
    record = '<script type="application/json" id="record">{{"figures":{{{}}}}}</script>'
    one, other = (record.format(",".join(f'"f{i}":{i + add}' for i in range(25))) for add in (0, 1))
    assert "... and 5 more." in verdict_lines(compare(one, other))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff\xfe picture", "it is no page of this program"),
        (b"", "it holds no record"),
        (b"<p>Another page</p>", "it holds no record"),
        (
            b'<script type="application/json" id="record">{"a":</script>',
            "it holds no record of how it was made, or a damaged one",
        ),
        (b'<script type="application/json" id="record">[]</script>', "it holds no record"),
        (b'<script type="application/json" id="record">{"about":{}}</script>', "it names no notebook"),
        (b'<script id="record">{"about":{"notebook":"../small"}}</script>', "it names no notebook"),
    ],
)
def test_what_is_no_report_is_refused_with_the_reason(content, why, notebooks, tmp_path):
    (tmp_path / "x.html").write_bytes(content)
    with pytest.raises(FileProblem, match=rf"x\.html: {why}"):
        verify(tmp_path / "x.html", notebooks=notebooks)


def test_the_command_says_by_its_code_whether_all_pages_are_the_same(page, notebooks, run, monkeypatch):
    monkeypatch.setattr(commands_verify, "NOTEBOOKS", notebooks)
    index = page.with_name("index.html")
    index.write_text("<p>list</p>")
    code, out, _ = run("verify", str(page), str(index))
    assert (code, out) == (0, f"{page}: the same: every figure, chart and word was made again from the same exports.\n")
    page.write_text(page.read_text("utf-8") + "<p>added</p>", "utf-8")
    assert run("verify", str(page))[0] == 8
    assert run("verify", str(index))[0] == 2
    code, _, err = run("verify", str(page.with_name("none.html")))
    assert (code, "No such file" in err) == (3, True)
