"""A workbook read as text in one of several ways; prints how many lines of data came out.

python benchmarks/read_xlsx.py FILE WAY
"""

import sys
from collections.abc import Callable
from pathlib import Path


def pandas_openpyxl(path: Path) -> int:
    """``pandas.read_excel`` with the engine that it has taken so far, asked to keep text as text."""
    import pandas as pd  # noqa: PLC0415 - each way pays for its own imports

    return len(pd.read_excel(path, dtype=str, engine="openpyxl"))


def pandas_calamine(path: Path) -> int:
    """The same with the faster engine."""
    import pandas as pd  # noqa: PLC0415 - as above

    return len(pd.read_excel(path, dtype=str, engine="calamine"))


def calamine(path: Path) -> int:
    """Cells as Python values, and nothing done with them: the floor."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - as above

    return sum(1 for _ in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()) - 1


def ours(path: Path) -> int:
    """Our own reader: in a child with limits, its header and lines understood, its columns named."""
    from analysis.files import read_export  # noqa: PLC0415 - as above
    from analysis.vocabulary import read_vocabulary  # noqa: PLC0415 - as above

    return sum(len(export.lines) for export in read_export(path, vocabulary=read_vocabulary()))


WAYS: dict[str, Callable[[Path], int]] = {
    "pandas-openpyxl": pandas_openpyxl,
    "pandas-calamine": pandas_calamine,
    "calamine": calamine,
    "ours": ours,
}

if __name__ == "__main__":
    print(WAYS[sys.argv[2]](Path(sys.argv[1])))
