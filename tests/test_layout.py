"""What a reader says of a sheet comes through: why it was left out, what is doubtful, where numbers stand."""

import numpy as np
import pytest

from analysis.grids import Doubt, FileProblem, grid_of
from analysis.layout import understand
from analysis.tables import NUMBER_MARK
from analysis.vocabulary import read_vocabulary

SHIPPED = read_vocabulary()
LINES = [["Mã hồ sơ", "Ngày tiếp nhận"], ["12", "03/01/2022"], ["13", "04/01/2022"], ["", ""], ["14", "05/01/2022"]]


def export(lines=LINES, **more):
    grid = grid_of(lines, sheet="Sheet1", read_as={"format": "xlsx"})._replace(**more)
    return understand(grid, "a.xlsx", "0" * 64, SHIPPED)


def test_a_sheet_that_its_reader_left_out_has_every_line_named_with_the_reason():
    found = export(skipped="sheet_hidden")
    assert (found.table, len(found.lines), found.lines_read) == ("", 0, 5)
    assert found.not_data == [(row, "sheet_hidden") for row in range(1, 6)]


@pytest.mark.parametrize("lines", [LINES, [["a", "b"]]])
def test_how_a_sheet_was_read_and_what_is_doubtful_comes_through(lines):
    doubts = (Doubt("hidden_rows", "3"),)
    found = export(lines, doubts=doubts)
    assert (found.read_as, found.doubts, found.format) == ({"format": "xlsx"}, doubts, "xlsx")


def test_codes_that_a_workbook_holds_as_numbers_are_marked_line_by_line():
    found = export(numbers={0: np.array([2, 5]), 1: np.array([3])})
    assert found.lines[NUMBER_MARK + "dossier_id"].to_pylist() == [True, False, True]
    assert NUMBER_MARK + "received_on" not in found.lines.column_names
    assert NUMBER_MARK + "dossier_id" not in export().lines.column_names


def test_a_line_of_nothing_but_errors_is_data_that_cannot_be_read():
    found = export([*LINES, ["#REF!", "#REF!"]])
    assert found.lines["dossier_id"].to_pylist()[-1] == "#REF!"


def test_a_header_with_a_column_that_no_line_has_is_refused():
    head = ["", *LINES[0]]
    grid = grid_of(LINES[1:3], read_as={"format": "csv"})._replace(ragged=[(1, head)], rows=np.array([2, 3]))
    with pytest.raises(FileProblem, match="its header has 3 cells and its lines have 2"):
        understand(grid, "a.csv", "0" * 64, SHIPPED)
