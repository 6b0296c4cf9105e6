"""The task, done from the tables in data/processed; they are made first where they are not there yet.

python benchmarks/with_store.py FILE FOLDER
"""

import sys
from pathlib import Path

import pyarrow as pa
from pyarrow import csv
from task import write_lines

from analysis.counts import COUNTED, count_each
from analysis.store import load

path, folder = map(Path, sys.argv[1:])
data = load(path)
lines = data.ledger[data.ledger.fate != "not_data"]
write_lines(folder, lines.groupby(lines.reason.where(lines.fate == "rejected", lines.fate)).lines.sum().to_dict())
groups = ("procedure", "unit")
dossiers = data.read("dossiers", columns=[*COUNTED, *groups, "channel"])
counted = count_each(dossiers, by=[(group, "channel") for group in groups], per="month")
for group, events in zip(groups, counted, strict=True):
    months = events.assign(month=events.month.dt.strftime("%Y-%m"))
    csv.write_csv(pa.Table.from_pandas(months, preserve_index=False), folder / f"{group}.csv")
