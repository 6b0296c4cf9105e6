"""What a page says is kept when it is published, and told from what it said before."""

import json
from datetime import UTC, datetime, timedelta

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.execution import RECORD
from analysis.grids import FileProblem
from analysis.html_page import to_html
from analysis.vintages import inputs_of, keep_vintage, named, read_vintage, read_vintages

MORNING = datetime(2023, 1, 5, 6, 0, tzinfo=UTC)


def record_of(received=937, sha256="1", **more):
    """The record of a page with one figure and one file."""
    figures = {"received": {"value": received, "before": 713, "whole": None}}
    return {"as_of": "2022-11-10", "figures": figures, "files": {"a.csv": {"sha256": sha256, "lines": 3}}, **more}


def put(folder, record, name="2022.html"):
    """A page in a folder that holds a record."""
    output = new_output("display_data", {RECORD: record})
    notebook = new_notebook(cells=[new_code_cell("record", outputs=[output])])
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(to_html(nbformat.from_dict(notebook), title="2022", lang="vi"), "utf-8")
    return folder / name


def kept(folder):
    return sorted(path.name for path in (folder / "vintages/2022").iterdir())


def test_a_page_leaves_its_record_its_figures_as_rows_and_checksums(tmp_path):
    page = put(tmp_path, record_of())
    (tmp_path / "2022.xlsx").write_bytes(b"book")
    made = keep_vintage(page, at=MORNING, keep=24)
    assert made == tmp_path / "vintages/2022/2023-01-05T060000.json"
    said = json.loads(made.read_text("utf-8"))
    assert said["figures"] == [
        {"measure": "received", "column": "value", "value": 937}, {"measure": "received", "column": "before", "value": 713},
    ]  # fmt: skip
    assert said["sha256"].keys() == {"2022.html", "2022.xlsx"}
    assert read_vintage(made).record["files"] == {"a.csv": {"sha256": "1", "lines": 3}}
    assert read_vintage(made).at == MORNING


def test_the_same_figures_of_the_same_inputs_are_kept_once(tmp_path):
    keep_vintage(put(tmp_path, record_of()), at=MORNING, keep=24)
    compared = put(tmp_path, record_of(parameters={"before": "vintages/2022/x.json", "signed": "y"}))
    assert keep_vintage(compared, at=MORNING + timedelta(days=1), keep=24) is None
    for number, other in enumerate(
        [record_of(940), record_of(940, sha256="2"), record_of(940, "2", as_of="2022-11-11")]
    ):
        assert keep_vintage(put(tmp_path, other), at=MORNING + timedelta(days=2 + number), keep=24)
    assert len(kept(tmp_path)) == 4


def test_a_page_without_figures_is_not_kept(tmp_path):
    assert keep_vintage(put(tmp_path, {"files": {}}), at=MORNING, keep=24) is None
    assert not (tmp_path / "vintages").exists()


def test_the_newest_stay_with_the_one_that_the_page_is_compared_with(tmp_path):
    for day in range(4):
        compared = {"before": "vintages/2022/2023-01-05T060000.json"} if day == 3 else {}
        page = put(tmp_path, record_of(900 + day, parameters=compared))
        keep_vintage(page, at=MORNING + timedelta(days=day), keep=0 if day < 3 else 2)
    assert kept(tmp_path) == ["2023-01-05T060000.json", "2023-01-07T060000.json", "2023-01-08T060000.json"]
    (tmp_path / "vintages/2022/notes.json").write_text("of a person")
    page = put(tmp_path, record_of(999))
    keep_vintage(page, at=MORNING + timedelta(days=5), keep=1)
    assert kept(tmp_path) == ["2023-01-10T060000.json", "notes.json"]


def test_a_clock_that_went_back_does_not_change_the_order(tmp_path):
    for number, back in enumerate((0, 3600, 3600)):
        keep_vintage(put(tmp_path, record_of(900 + number)), at=MORNING - timedelta(seconds=back), keep=24)
    assert kept(tmp_path) == ["2023-01-05T060000.json", "2023-01-05T060001.json", "2023-01-05T060002.json"]
    newest = read_vintages(tmp_path, tmp_path / "2022.html")[0]
    assert (newest.record["figures"]["received"]["value"], newest.at.hour) == (902, 5)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"record": {"figures": {}}, "sha256": {}, "at": "2023"}', "null"]
)
def test_a_damaged_file_is_named_left_where_it_is_and_stops_nothing(content, tmp_path):
    page = put(tmp_path, record_of())
    keep_vintage(page, at=MORNING, keep=24)
    damaged = tmp_path / "vintages/2022/2023-01-04T060000.json"
    damaged.write_text(content)
    told = []
    assert [vintage.at for vintage in read_vintages(tmp_path, page, say=told.append)] == [MORNING]
    assert [line.partition(":")[0] for line in told] == [str(damaged)]
    keep_vintage(put(tmp_path, record_of(1)), at=MORNING + timedelta(days=1), keep=1)
    assert damaged.read_text() == content
    with pytest.raises(FileProblem, match=r"2023-01-04T060000\.json: is no vintage, or a damaged one"):
        read_vintage(damaged)


def test_what_is_gone_is_named(tmp_path):
    with pytest.raises(FileProblem, match=r"x\.json: No such file"):
        read_vintage(tmp_path / "x.json")


def test_a_vintage_is_found_from_folders_below_as_exports_are(tmp_path, monkeypatch):
    keep_vintage(put(tmp_path / "reports", record_of()), at=MORNING, keep=24)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    found = read_vintage("reports/vintages/2022/2023-01-05T060000.json")
    assert named(found.path) == "vintages/2022/2023-01-05T060000.json"


def test_parameters_are_no_inputs_but_all_that_figures_rest_on_is():
    one, other = record_of(parameters={"lang": "vi"}), record_of(parameters={"lang": "en", "before": "x"})
    assert inputs_of(one) == inputs_of(other)
    for part in ("settings", "calendar", "corrections", "names", "vocabulary", "programs", "unreadable"):
        assert inputs_of({**one, part: {"a": 1}}) != inputs_of(one)


def test_nothing_is_removed_when_nothing_can_be_written(tmp_path, monkeypatch):
    for day in (0, 1):
        keep_vintage(put(tmp_path, record_of(day)), at=MORNING + timedelta(days=day), keep=24)
    page = put(tmp_path, record_of(9))
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        keep_vintage(page, at=MORNING + timedelta(days=2), keep=1)
    assert kept(tmp_path) == ["2023-01-05T060000.json", "2023-01-06T060000.json"]
