"""Planted: a name, a telephone number and an identity number in every column that is not read never come out anywhere."""

import csv
import re
from contextlib import chdir

import openpyxl
import pyarrow.parquet as pq
import pytest

from analysis.files import read_grids
from analysis.layout import find_layout
from analysis.vocabulary import read_vocabulary

NAME, PHONE, NUMBER, ADDRESS = "Người Được Cài", "0900 000 321", "001099000321", "nguoi.cai@example.org"
PLANTED = f"{NAME}; {PHONE}; {NUMBER}; {ADDRESS}"
SEEN = re.compile(r"được cài|nguoi duoc cai|0900 ?000 ?321|001099000321|nguoi\.cai@", re.IGNORECASE)

WRONG = ["Mã hồ sơ", "Ngày nhận", "Trạng thái", "Kênh tiếp nhận", "Hạn trả", "Ngày kết thúc xử lý", "Người nộp"]
MISPLACED = [
    ["K1", PLANTED, "Đang xử lý", "Trực tuyến", "", "", PLANTED],
    ["K2", "03/01/2022", PLANTED, PHONE, "", "", PLANTED],
    ["K3", "03/01/2022", NUMBER, ADDRESS, PHONE, NUMBER, PLANTED],
    ["K4", "03/01/2022", "Đang xử lý", "Trực tuyến", NAME, NAME, PLANTED],
    ["K5", "03/01/2022", "Đang xử lý", "Trực tuyến", "", "", PLANTED, PLANTED],
]
"""Lines in which they stand in a column of days or of words, or in none."""


def plant(sample, raw):
    """The first lines of the sample's exports, planted wherever a cell is not read, and in a column that nobody knows."""
    vocabulary = read_vocabulary()
    for path in sorted(path for path in sample.iterdir() if path.suffix != ".md" and path.name != "so-tay.xlsx"):
        (grid,) = read_grids(path.read_bytes(), vocabulary=vocabulary)
        layout = find_layout(grid, vocabulary)
        read, last = set(layout.header.columns.values()), layout.last
        lines = [[*cells, "Cột lạ" if row == last else ""] for row, cells in grid.lines()[: last + 30]]
        lines[last:] = [[cell if i in read else PLANTED for i, cell in enumerate(cells)] for cells in lines[last:]]
        write(raw / f"{path.stem}.csv", lines)
    write(raw / "nham-cot_20221110.csv", [WRONG, *MISPLACED])


def write(path, lines):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)


@pytest.fixture(scope="module")
def desk(tmp_path_factory, root):
    folder = tmp_path_factory.mktemp("planted")
    (folder / "data/raw").mkdir(parents=True)
    plant(root / "data/raw/sample", folder / "data/raw")
    return folder


def held_in(path):
    """Everything that a written file says, Parquet and workbooks unpacked."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return f"{table.to_pandas().to_csv()}{pq.read_schema(path).metadata}{pq.ParquetFile(path).metadata}"
    if path.suffix == ".xlsx":
        return str([list(sheet.values) for sheet in openpyxl.load_workbook(path)])
    return path.read_bytes().decode("utf-8", "replace")


def leaks(folder):
    """The files that hold it, but for the exports themselves."""
    files = [
        path for path in folder.rglob("*") if path.is_file() and (path.parent.name, path.suffix) != ("raw", ".csv")
    ]
    return [path.name for path in files if SEEN.search(held_in(path))]


def test_it_is_planted_in_every_export_and_in_every_kind_of_column(desk):
    exports = list((desk / "data/raw").iterdir())
    assert len(exports) == 10
    assert all(path.read_text("utf-8").count(PLANTED) >= 5 for path in exports)


@pytest.mark.parametrize(
    "command",
    [
        "check data/raw", "check --json data/raw", "clean", "count --by unit --out counts.csv", "figures 2022", "form 2022",
        "accept --who A --why B", "check --learn data/raw",
    ],
)  # fmt: skip
def test_no_command_prints_or_writes_it(desk, run, command):
    with chdir(desk):
        code, out, err = run(*command.split())
    assert code == 0
    assert not SEEN.search(out + err)
    assert leaks(desk) == []


@pytest.mark.long
def test_no_page_and_no_executed_notebook_holds_it(desk, run):
    with chdir(desk):
        code, out, err = run("report", "2022", "--quality", "--trends")
    assert code == 0
    assert {path.suffix for path in (desk / "reports").iterdir()} >= {".html", ".ipynb"}
    assert leaks(desk) == []
    assert not SEEN.search(out + err)


@pytest.mark.long
def test_a_name_in_a_column_that_is_read_stops_the_page_and_the_old_one_stays(desk, run, tmp_path):
    """Nobody can tell a name from a unit's but by the columns that hold names."""
    raw = tmp_path / "data/raw"
    raw.mkdir(parents=True)
    lines = [[f"K{n}", "03/01/2022", "Đang xử lý", "Trực tuyến", "", "", NAME] for n in range(3)]
    write(raw / "a_20221110.csv", [[*WRONG, "Tên TTHC"], *([*line, "Thủ tục mẫu"] for line in lines)])
    with chdir(tmp_path):
        assert run("report", "2022")[0] == 0
        before = (tmp_path / "reports/2022.html").read_bytes()
        write(raw / "a_20221110.csv", [[*WRONG, "Tên TTHC"], *([*line, NAME] for line in lines)])
        code, out, err = run("report", "2022")
    assert code == 4
    assert "a_20221110.csv, cột “Tên TTHC”" in err
    assert not SEEN.search(out + err)
    assert (tmp_path / "reports/2022.html").read_bytes() == before
