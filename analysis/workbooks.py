"""Workbooks -> grids: XLSX, XLS, XLSB and ODS."""

import io
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineWorkbook

from analysis.grids import FileProblem, Grid, grid_of


def read_workbook(content: bytes) -> list[Grid]:
    """Read every sheet of a workbook."""
    grids = []
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in workbook.sheet_names:
            opened = workbook.get_sheet_by_name(sheet)
            lines = [[_cell_text(c) for c in line] for line in opened.to_python(skip_empty_area=False)]
            _fill_merged(lines, opened.merged_cell_ranges or [])
            grids.append(grid_of(lines, sheet=sheet, read_as={"format": "workbook"}))
    except Exception as error:
        raise FileProblem(
            f"cannot be opened as a workbook ({error}); open it in a spreadsheet, without a password, and save it as XLSX."
        ) from None
    return grids


def _cell_text(cell: Any) -> str:
    """A workbook's cell as text: whole numbers without a fraction, days and instants in ISO form."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _fill_merged(lines: list[list[str]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Give every cell of a merged range the text of its first."""
    for (top, left), (bottom, right) in ranges:
        for line in lines[top : bottom + 1]:
            line[left : right + 1] = lines[top][left : left + 1] * len(line[left : right + 1])
