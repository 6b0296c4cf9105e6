"""How many cells of polluted text files each reader gets right, without any hint.

    python benchmarks/readers.py

Every file of ``pollute.py`` is given to each reader as it is. A cell counts as right if it stands in its place in some
line that came out, as text; quotation marks are left out of the comparison, since a damaged one may stand or go.
DuckDB is measured if it is installed (``pip install duckdb``); it is no dependency.
"""

import importlib.util
import sys
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from pollute import Polluted, polluted, right_cells

from analysis.files import read_grids

Lines = list[list[str]]


def of_frame(frame: pd.DataFrame) -> Lines:
    """A frame as lines of text, its header first."""
    lines = frame.itertuples(index=False, name=None)
    return [list(map(str, frame.columns)), *(["" if pd.isna(v) else str(v) for v in line] for line in lines)]


def pandas_default(path: Path) -> Lines:
    """``pandas.read_csv`` as everybody calls it."""
    return of_frame(pd.read_csv(path))


def pandas_sniffing(path: Path) -> Lines:
    """Pandas asked to find the delimiter, and to keep text as text."""
    return of_frame(pd.read_csv(path, sep=None, engine="python", dtype=str, keep_default_na=False))


def duckdb_auto(path: Path) -> Lines:
    """DuckDB's sniffer, asked to keep text as text and to go on past bad lines."""
    import duckdb  # noqa: PLC0415 - may be absent

    found = duckdb.read_csv(str(path), all_varchar=True, null_padding=True, ignore_errors=True, strict_mode=False)
    lines = [["" if v is None else str(v) for v in line] for line in found.fetchall()]
    return [[column[0] for column in found.description], *lines]


def clevercsv_table(path: Path) -> Lines:
    """``clevercsv.read_table``."""
    import clevercsv  # noqa: PLC0415 - as above

    return list(clevercsv.read_table(str(path)))


def ours(path: Path) -> Lines:
    """Our own reader, without its vocabulary."""
    return [cells for _, cells in read_grids(path.read_bytes())[0].lines()]


READERS: dict[str, Callable[[Path], Lines]] = {
    "pandas default": pandas_default, "pandas sniffing": pandas_sniffing, "DuckDB auto": duckdb_auto,
    "clevercsv": clevercsv_table, "ours": ours,
}  # fmt: skip


def measure(reader: Callable[[Path], Lines], files: list[Polluted]) -> pd.Series:
    """The share of cells read right, by kind of pollution."""
    right: dict[str, int] = defaultdict(int)
    cells: dict[str, int] = defaultdict(int)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        for file in files:
            path.write_bytes(file.content)
            try:
                found = reader(path)
            except Exception:
                found = []
            right[file.kind] += right_cells(file.lines, found)
            cells[file.kind] += sum(map(len, file.lines))
    return pd.Series(right) / pd.Series(cells)


def main() -> None:
    """Print one row per kind of pollution, and the means."""
    warnings.simplefilter("ignore")
    files = list(polluted())
    readers = {
        name: read for name, read in READERS.items() if name != "DuckDB auto" or importlib.util.find_spec("duckdb")
    }
    table = pd.DataFrame({name: measure(read, files) for name, read in readers.items()})
    table.insert(0, "files", pd.Series([file.kind for file in files]).value_counts())
    shares = table.drop(columns="files")
    by_file = shares.mul(table.files, axis=0).sum() / table.files.sum()
    table.loc["all, each kind alike"] = [len(files), *shares.mean()]
    table.loc["all, each file alike"] = [len(files), *by_file]
    table.to_csv(sys.stdout, float_format="%.4f")


if __name__ == "__main__":
    main()
