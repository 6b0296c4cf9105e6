"""The task, done from the tables in data/processed; they are made first where they are not there yet.

python benchmarks/with_store.py FILE FOLDER
"""

import sys
from pathlib import Path

import pyarrow as pa
from pyarrow import csv
from task import EVENTS, write_lines

from analysis.counts import count_events
from analysis.store import load

path, folder = map(Path, sys.argv[1:])
data = load(path)
fates = data.fates.query("fate != 'not_data'")
write_lines(folder, fates.reason.where(fates.fate == "rejected", fates.fate).value_counts().to_dict())
for group in ("procedure", "unit"):
    events = count_events(data.dossiers, by=[group, "channel"])
    months = events.assign(month=events.day.dt.strftime("%Y-%m")).groupby(["month", group, "channel"], as_index=False)
    csv.write_csv(pa.Table.from_pandas(months[list(EVENTS)].sum()), folder / f"{group}.csv")
