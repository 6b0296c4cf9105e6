"""The task, done by this library on workers of its own, one for each core.

python benchmarks/with_cluster.py FILE FOLDER
python benchmarks/with_cluster.py FILE --start

With ``--start`` the workers are only started and stopped: what a cluster that stands would not cost.
"""

import sys
from pathlib import Path

import pyarrow as pa
from pyarrow import csv
from task import write_lines

from analysis.cluster import LOCAL, on_cluster
from analysis.tally import count_exports

GROUPS = ("procedure", "unit")


def answer(path: Path, folder: Path) -> None:
    """Count on the workers, and write the answer."""
    with on_cluster(LOCAL) as run:
        counted = count_exports(path, by=[(group, "channel") for group in GROUPS], per="month", run=run)
    lines = counted.ledger[counted.ledger.fate != "not_data"]
    write_lines(folder, lines.groupby(lines.reason.where(lines.fate == "rejected", lines.fate)).lines.sum().to_dict())
    for group, events in zip(GROUPS, counted.events, strict=True):
        months = events.assign(month=events.month.dt.strftime("%Y-%m"))
        csv.write_csv(pa.Table.from_pandas(months, preserve_index=False), folder / f"{group}.csv")


def start() -> None:
    """Start the workers, which import this file and so all that they need, and stop them."""
    with on_cluster(LOCAL) as run:
        list(run(abs, range(2)))


if __name__ == "__main__":  # the workers import this file too
    if sys.argv[2] == "--start":
        start()
    else:
        answer(*map(Path, sys.argv[1:]))
