"""Three questions that a director asks first, answered by counts: where the late dossiers are, where the open ones stand,
and what hardly anyone files online.
"""

from typing import NamedTuple

import pandas as pd

from analysis.catalogue import count_procedures
from analysis.completion import with_fields
from analysis.counts import count_events, total, within
from analysis.metrics import online_share
from analysis.periods import Period
from analysis.stocks import at_risk, open_on
from analysis.store import Data

GROUPS = ("field", "division")
"""By what late dossiers are looked for."""


class Standing(NamedTuple):
    """Where the open dossiers stand at the end of a day; the numbers overlap."""

    open: int
    overdue: int
    paused: int
    due_soon: int
    """Those that are due within ``at_risk_days`` working days and not overdue."""
    oldest_days: float
    """Calendar days since the receipt of the oldest; missing if none is open."""


def most_late(data: Data, period: Period) -> pd.DataFrame:
    """Of each grouping that the exports have, the group with the most dossiers resolved late in a period.

    Returns
    -------
    DataFrame
        Index: those of ``GROUPS`` that have a name to tell; ``group`` (text), ``late`` and ``all_late`` (int64). Empty where
        nothing was late.
    """
    dossiers = with_fields(data.dossiers, data.procedures)
    rows = {}
    for column in GROUPS:
        late = total(within(count_events(dossiers, by=[column]), period), by=[column]).resolved_late
        named = late[late.index.astype("str") != ""]
        if len(named) and named.max() > 0:
            rows[column] = {"group": str(named.idxmax()), "late": int(named.max()), "all_late": int(late.sum())}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["group", "late", "all_late"])


def standing(data: Data, day: pd.Timestamp) -> Standing:
    """Where the open dossiers stand at the end of a day."""
    still = open_on(data.dossiers, day)
    soon = at_risk(data.dossiers, day, within=int(data.vocabulary.settings["at_risk_days"]), calendar=data.calendar)
    return Standing(
        len(still), int(still.timeliness.eq("overdue").sum()), int(still.state.eq("paused").sum()), len(soon),
        float(still.age_days.max()),
    )  # fmt: skip


def least_online(data: Data, period: Period) -> pd.DataFrame:
    """The procedures with enough dossiers to judge, from the one least filed online on.

    Returns
    -------
    DataFrame
        ``procedure``, ``received``, ``online`` (int64) and ``online_share``, of procedures with at least ``few_dossiers``
        dossiers in the period; of equal shares the one with more dossiers first.
    """
    table = count_procedures(data.dossiers, data.procedures, period)
    table = table[table.received >= int(data.vocabulary.settings["few_dossiers"])]
    table = table.assign(
        online_share=online_share(table), name=table.procedure.where(table.procedure != "", table.procedure_code)
    )
    found = table.sort_values(["online_share", "received", "name"], ascending=[True, False, True], ignore_index=True)
    return found[["name", "received", "online", "online_share"]].rename(columns={"name": "procedure"})
