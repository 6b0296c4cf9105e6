"""The task, done by this library.

python benchmarks/with_ours.py FILE FOLDER
"""

import sys
from pathlib import Path

import pyarrow as pa
from pyarrow import csv
from task import EVENTS, write_lines

from analysis.counts import count_events
from analysis.store import clean
from analysis.vocabulary import read_vocabulary

path, folder = map(Path, sys.argv[1:])
tables = clean([path], folder=path, vocabulary=read_vocabulary())
fates = tables["fates"].query("fate != 'not_data'")
write_lines(folder, fates.reason.where(fates.fate == "rejected", fates.fate).value_counts().to_dict())
for group in ("procedure", "unit"):
    events = count_events(tables["dossiers"], by=[group, "channel"])
    months = events.assign(month=events.day.dt.strftime("%Y-%m")).groupby(["month", group, "channel"], as_index=False)
    csv.write_csv(pa.Table.from_pandas(months[list(EVENTS)].sum()), folder / f"{group}.csv")
