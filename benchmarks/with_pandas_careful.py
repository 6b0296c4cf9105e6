"""The task, done by pandas with care: the needed columns, whole columns at a time, a word's meaning once per word.

python benchmarks/with_pandas_careful.py FILE FOLDER
"""

import sys

import numpy as np
import pandas as pd
from task import (
    CHANNEL,
    CLOSED,
    COLUMNS,
    DUE,
    ENDED,
    EVENTS,
    FORMAT,
    ID,
    PROCEDURE,
    REASONS,
    RECEIVED,
    RESOLVED,
    STATUS,
    UNIT,
    WITHHELD,
    meaning,
    meanings,
    write_lines,
)

raw = pd.read_csv(sys.argv[1], usecols=list(COLUMNS), dtype="str", keep_default_na=False, engine="pyarrow")
df = pd.DataFrame()
for name, column in {"id": ID, "procedure": PROCEDURE, "unit": UNIT}.items():
    df[name] = raw[column].str.normalize("NFC").str.strip().str.replace(r"\s+", " ", regex=True)
for name, column in {"channel": CHANNEL, "status": STATUS}.items():
    known = meanings(name)
    df[name] = raw[column].map({text: meaning(text, known) for text in raw[column].unique()})
for name, column in {"received": RECEIVED, "due": DUE, "resolved": RESOLVED}.items():
    df[name] = pd.to_datetime(raw[column], format=FORMAT, errors="coerce")

rejections = [
    df.id == "",
    df.received.isna() & (raw[RECEIVED] != ""),
    df.received.isna(),
    df.due.isna() & (raw[DUE] != ""),
    df.resolved.isna() & (raw[RESOLVED] != ""),
    df.status.isin(ENDED) & df.resolved.isna(),
]
reason = pd.Series(np.select(rejections, REASONS, ""))
is_good = reason == ""
lines = reason[~is_good].value_counts().to_dict()
withheld = is_good & df.id.isin(df.id[~is_good])
lines[WITHHELD] = int(withheld.sum())
good = df[is_good & ~withheld]

states = good.drop_duplicates()
lines["repeated"] = len(good) - len(states)
states = states.assign(event=states[["received", "resolved"]].max(axis=1)).sort_values(["id", "event"])
latest = states.assign(due=states.groupby("id").due.transform("first")).drop_duplicates("id", keep="last")
lines["superseded"] = len(states) - len(latest)
lines["kept"] = len(latest)

end, due = latest.resolved.dt.normalize(), latest.due.dt.normalize()
choices = {
    "not_accepted": latest.status == "not_accepted",
    **{word: latest.status == word for word in CLOSED},
    "": end.isna(),
    "resolved_no_due": due.isna(),
    "resolved_late": end > due,
    "resolved_early": end < due,
}
outcome = np.select(list(choices.values()), list(choices), "resolved_on_time")
left = latest.resolved.where(~(latest.resolved < latest.received), latest.received).fillna(latest.received)
accepted = latest[latest.status != "not_accepted"]
events = pd.concat([accepted.assign(event="received", day=accepted.received), latest.assign(event=outcome, day=left)])
events = events[events.event != ""].assign(month=lambda t: t.day.dt.to_period("M"))
for group in ("procedure", "unit"):
    table = events.groupby(["month", group, "channel", "event"]).size().unstack(fill_value=0)
    table.reindex(columns=list(EVENTS), fill_value=0).to_csv(f"{sys.argv[2]}/{group}.csv")
write_lines(sys.argv[2], lines)
