"""The task, done by pandas as a notebook usually does it: cell by cell and row by row.

python benchmarks/with_pandas.py FILE FOLDER
"""

import sys

import pandas as pd
from task import (
    CHANNEL,
    CLOSED,
    DUE,
    ENDED,
    EVENTS,
    ID,
    PROCEDURE,
    RECEIVED,
    RESOLVED,
    STATUS,
    UNIT,
    WITHHELD,
    meaning,
    meanings,
    tidy,
    write_lines,
)

channels, statuses = meanings("channel"), meanings("status")

df = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False, encoding="utf-8-sig")
for column in [ID, PROCEDURE, UNIT, RECEIVED, DUE, RESOLVED]:
    df[column] = df[column].apply(tidy)
df["channel"] = df[CHANNEL].apply(lambda text: meaning(text, channels))
df["status"] = df[STATUS].apply(lambda text: meaning(text, statuses))
for name, column in {"received": RECEIVED, "due": DUE, "resolved": RESOLVED}.items():
    df[name] = pd.to_datetime(df[column], dayfirst=True, errors="coerce")


def judge(row: pd.Series) -> str:
    """The reason for which a line is rejected."""
    if row[ID] == "":
        return "missing_dossier_id"
    if pd.isna(row["received"]):
        return "unreadable_received_on" if row[RECEIVED] else "missing_received_on"
    if pd.isna(row["due"]) and row[DUE]:
        return "unreadable_due_on"
    if pd.isna(row["resolved"]) and row[RESOLVED]:
        return "unreadable_resolved_on"
    if row["status"] in ENDED and pd.isna(row["resolved"]):
        return "end_without_day"
    return ""


df["reason"] = df.apply(judge, axis=1)
bad = df[df["reason"] != ""]
good = df[df["reason"] == ""]
lines = bad["reason"].value_counts().to_dict()
withheld = good[ID].isin(bad[ID])
lines[WITHHELD] = int(withheld.sum())
good = good[~withheld]

states = good.drop_duplicates([ID, PROCEDURE, UNIT, "channel", "status", "received", "due", "resolved"]).copy()
lines["repeated"] = len(good) - len(states)
states["event"] = states[["received", "resolved"]].max(axis=1)
states = states.sort_values([ID, "event"])
states["due"] = states.groupby(ID)["due"].transform("first")
latest = states.drop_duplicates(ID, keep="last").copy()
lines["superseded"] = len(states) - len(latest)
lines["kept"] = len(latest)


def outcome(row: pd.Series) -> str:
    """How a dossier left."""
    if row["status"] in CLOSED:
        return row["status"]
    if pd.isna(row["resolved"]):
        return ""
    if pd.isna(row["due"]):
        return "resolved_no_due"
    if row["resolved"].date() > row["due"].date():
        return "resolved_late"
    return "resolved_early" if row["resolved"].date() < row["due"].date() else "resolved_on_time"


latest["left"] = latest["resolved"].where(~(latest["resolved"] < latest["received"]), latest["received"])
accepted = latest[latest["status"] != "not_accepted"].copy()
accepted["outcome"] = accepted.apply(outcome, axis=1)
refused = latest[latest["status"] == "not_accepted"]
events = pd.concat(
    [
        accepted.assign(event="received", month=accepted["received"].dt.strftime("%Y-%m")),
        accepted.assign(event=accepted["outcome"], month=accepted["left"].dt.strftime("%Y-%m")),
        refused.assign(event="not_accepted", month=refused["left"].fillna(refused["received"]).dt.strftime("%Y-%m")),
    ]
)
events = events[events["event"] != ""].rename(columns={PROCEDURE: "procedure", UNIT: "unit"})
for group in ["procedure", "unit"]:
    table = events.pivot_table(index=["month", group, "channel"], columns="event", aggfunc="size", fill_value=0)
    table.reindex(columns=list(EVENTS), fill_value=0).to_csv(f"{sys.argv[2]}/{group}.csv")
write_lines(sys.argv[2], lines)
