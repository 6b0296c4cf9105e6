"""Digital take-up: whether services that are offered online are used online.

Offered online are services at the level *full* or *partial* (toàn trình, một phần; Decree 42/2022/NĐ-CP, Article 11).
Digital take-up is the share of a service's uses that come through its digital channel, as GOV.UK measures it.
"""

import numpy as np
import pandas as pd

from analysis.shares import Share

OFFERED = ("full", "partial")
"""Levels of a service that is offered online."""

TAKE_UP = ("no_dossier", "none_online", "low", "channel_unknown", "reached")
"""How far a service that is offered online is used online."""

SHARES = {"services_used_online": Share("with_online", "offered", "level_unknown", ("service_level", "channel"))}
"""Services with at least one online dossier over services offered online (Decision 766/QĐ-TTg, indicator 3.2)."""


def offered_online(table: pd.DataFrame) -> pd.DataFrame:
    """The procedures of the catalogue that are in force and offered online.

    Parameters
    ----------
    table
        As from ``catalogue.count_procedures``. An abolished procedure is not offered, and its want of dossiers says
        nothing.

    Examples
    --------
    >>> flags = {"in_catalogue": True, "in_force": [True, True, False]}
    >>> offered_online(pd.DataFrame({"service_level": ["full", "information", "full"], **flags})).index.tolist()
    [0]
    """
    return table[table.in_catalogue & table.in_force & table.service_level.isin(OFFERED)]


def count_services(table: pd.DataFrame) -> pd.Series:
    """How many procedures are in force, offered online, and have an online dossier; the sums of ``SHARES``.

    Returns
    -------
    Series
        ``in_force``; ``offered``, ``not_offered`` and ``level_unknown``, which sum to it; ``with_online``, of the offered.

    Examples
    --------
    >>> flags = {"in_catalogue": True, "in_force": [True, True, True, False]}
    >>> table = pd.DataFrame({"service_level": ["full", "partial", "", "full"], "online": [3, 0, 1, 0], **flags})
    >>> count_services(table).to_dict()
    {'in_force': 3, 'offered': 2, 'not_offered': 0, 'level_unknown': 1, 'with_online': 1}
    """
    held, offered = table[table.in_catalogue & table.in_force], offered_online(table)
    unknown = ~held.service_level.isin([*OFFERED, "information"])
    sums = {
        "in_force": len(held),
        "offered": len(offered),
        "not_offered": len(held) - len(offered) - unknown.sum(),
        "level_unknown": unknown.sum(),
        "with_online": (offered.online > 0).sum(),
    }
    return pd.Series(sums, dtype="int64")


def count_fields(table: pd.DataFrame) -> pd.DataFrame:
    """Services offered online and their dossiers, per field.

    Returns
    -------
    DataFrame
        ``field`` (empty where unknown), int64 ``procedures`` (offered online), ``received``, ``online``, ``unknown``.

    Examples
    --------
    >>> counts = {"received": [9, 1], "online": [3, 0], "unknown": 0, "in_catalogue": True, "in_force": True}
    >>> count_fields(pd.DataFrame({"field": "Housing", "service_level": "full", **counts}))
         field  procedures  received  online  unknown
    0  Housing           2        10       3        0
    """
    counts = ["received", "online", "unknown"]
    fields = offered_online(table).assign(procedures=1).groupby("field", as_index=False)
    return fields[["procedures", *counts]].sum()


def judge_take_up(table: pd.DataFrame, *, target_percent: int) -> pd.DataFrame:
    """How far services that are offered online are used online, and how many dossiers they are short of a target.

    Parameters
    ----------
    table
        ``received``, ``online`` and ``unknown`` (channel) of procedures or fields.
    target_percent
        The online share aimed at, from 1 to 100.

    Returns
    -------
    DataFrame
        The table with ``take_up``, of ``TAKE_UP``: no dossier at all; none online, all of them in person, by post or
        otherwise; low; reached; or ``channel_unknown``, where those without a channel could make the difference. And
        ``short``, int64: dossiers that should have come online besides, for the target. Most short first.

    Raises
    ------
    ValueError
        If the target is no such number.

    Examples
    --------
    >>> table = pd.DataFrame({"received": [0, 9, 10, 4], "online": [0, 0, 2, 2], "unknown": [0, 0, 0, 0]})
    >>> judge_take_up(table, target_percent=50)[["received", "take_up", "short"]]
       received      take_up  short
    0         9  none_online      5
    1        10          low      3
    2         4      reached      0
    3         0   no_dossier      0
    """
    if not 1 <= target_percent <= 100:
        raise ValueError(f"target_percent must be from 1 to 100, not {target_percent}.")
    needed = -(-table.received * target_percent // 100)
    choices = [
        table.received == 0,
        (table.online == 0) & (table.unknown == 0),
        table.online >= needed,
        table.online + table.unknown >= needed,
    ]
    kinds = ["no_dossier", "none_online", "reached", "channel_unknown"]
    judged = table.assign(take_up=np.select(choices, kinds, "low"), short=(needed - table.online).clip(lower=0))
    names = [c for c in ("procedure_code", "procedure", "field") if c in table]
    ascending = [False, False, *[True] * len(names)]
    return judged.sort_values(["short", "received", *names], ascending=ascending, ignore_index=True)
