"""The task, done by this library.

python benchmarks/with_ours.py FILE FOLDER
"""

import sys
from pathlib import Path

import pyarrow as pa
from pyarrow import csv
from task import write_lines

from analysis.tally import count_exports

path, folder = map(Path, sys.argv[1:])
groups = ("procedure", "unit")
counted = count_exports(path, by=[(group, "channel") for group in groups], per="month")
lines = counted.ledger[counted.ledger.fate != "not_data"]
write_lines(folder, lines.groupby(lines.reason.where(lines.fate == "rejected", lines.fate)).lines.sum().to_dict())
for group, events in zip(groups, counted.events, strict=True):
    months = events.assign(month=events.month.dt.strftime("%Y-%m"))
    csv.write_csv(pa.Table.from_pandas(months, preserve_index=False), folder / f"{group}.csv")
