"""Form II.06a of Circular 01/2020/TT-VPCP, and the sums that each of its rows must fulfil.

The form has no column for what ended without a result, waits for the applicant, has no due date, or cannot be told. Systems
put these into other columns, each in its own way; here a policy says where, and what it puts nowhere stands beside the form.
"""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.completion import with_fields
from analysis.counts import (
    CHANNELS,
    TIMELINESS,
    count_intake,
    days_of,
    ended_on,
    timeliness,
    total,
    within,
)
from analysis.periods import Period
from analysis.policies import USUAL, Policy
from analysis.stocks import balance, open_on
from analysis.store import Data
from analysis.tables import ENDED_OTHERWISE
from analysis.vocabulary import fold

COLUMNS = {
    "total": 3, "online": 4, "in_person": 5, "carried_over": 6,
    "resolved": 7, "early": 8, "on_time": 9, "late": 10,
    "open": 11, "in_time": 12, "overdue": 13,
}  # fmt: skip
"""What the form counts -> the number of its column; (1) is the running number of a row and (2) its name."""

BESIDE = ("channel_apart", "resolved_no_due", "open_no_due", "ended_apart", "paused_apart", "unknown_state")
"""What a policy puts into no column of the form; it explains what an identity leaves."""

LAST = "\U0010ffff"
"""Comes after every name."""


class Identity(NamedTuple):
    """A sum that every row of the form must fulfil, and what may stand between its sides."""

    whole: str
    parts: tuple[str, ...]
    explained_by: tuple[str, ...]

    @property
    def name(self) -> str:
        """How the form writes it.

        >>> IDENTITIES[0].name
        '(3) = (4) + (5) + (6)'
        """
        return f"({COLUMNS[self.whole]}) = {' + '.join(f'({COLUMNS[part]})' for part in self.parts)}"


IDENTITIES = (
    Identity("total", ("online", "in_person", "carried_over"), ("channel_apart",)),
    Identity("resolved", ("early", "on_time", "late"), ("resolved_no_due",)),
    Identity("open", ("in_time", "overdue"), ("open_no_due",)),
    Identity("total", ("resolved", "open"), ("ended_apart", "paused_apart", "unknown_state")),
)
"""Receivers of the form refuse a row that breaks one of them."""


def form_06a(
    dossiers: pd.DataFrame, period: Period, *, by: str = "field", policy: Policy = USUAL, rule: str = "day"
) -> pd.DataFrame:
    """Form II.06a: received, resolved and open dossiers of a period, by field.

    Stocks are those at the end of the last day of the period, from dates, not from the status of today; so the form of an
    old period stays as it was.

    Parameters
    ----------
    dossiers
        One row per dossier; the columns of ``counts.REPORTED``.
    period
        Cut at the day of the data (``periods.until``).
    by
        The column that makes the rows: ``field``, or another.
    policy
        What becomes of dossiers that the form has no column for.
    rule
        How lateness is judged; see ``counts.timeliness``.

    Returns
    -------
    DataFrame
        ``by`` (empty where unknown), ``is_total``, and int64 counts of dossiers: the keys of ``COLUMNS``, then ``BESIDE``. In
        order of ``by``, what is unknown last; the last row is the total.

    Notes
    -----
    The columns are those of Circular 01/2020/TT-VPCP, form II.06a/VPCP/KSTT. Post has no column of its own: (5) holds what was
    filed in person or by post. The text of the annex could not be had; the layout is that of two systems that fill or read it.

    Examples
    --------
    >>> from analysis.periods import read_period
    >>> dossiers = pd.DataFrame({
    ...     "field": "Nhà ở", "channel": ["online", "in_person", "postal"], "status": ["resolved", "pending", "returned"],
    ...     "received_on": ["2021-12-30", "2022-01-03", "2022-01-04"], "first_due_on": ["2022-01-10"] * 3,
    ...     "resolved_on": ["2022-01-05", None, None], "closed_on": [None, None, "2022-01-06"],
    ...     "paused_from": [None] * 3, "paused_to": [None] * 3,
    ... })
    >>> days = [c for c in dossiers if c.endswith(("_on", "_from", "_to"))]
    >>> form = form_06a(dossiers.astype(dict.fromkeys(days, "datetime64[us]")), read_period("2022-01"))
    >>> form.loc[form.is_total, ["total", "in_person", "carried_over", "early", "overdue", "ended_apart"]]
       total  in_person  carried_over  early  overdue  ended_apart
    1      3          2             1      1        1            1
    """
    balanced = balance(dossiers, period, by=[by], rule=rule).set_index(by)
    channels = total(within(count_intake(dossiers, by=[by]), period), by=[by])
    parts = [
        balanced[["received", "carried_over", "unknown", *(f"resolved_{t}" for t in TIMELINESS)]],
        channels[list(CHANNELS)].add_prefix("channel_"),
        _ended_otherwise(dossiers, period, by, rule).add_prefix("ended_"),
        _still_open(dossiers, period, by, policy).add_prefix("open_"),
    ]
    known = pd.concat(parts, axis=1).fillna(0).astype("int64").rename_axis(by)
    return with_total(_laid_out(known, policy), by)


def _laid_out(known: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """The counts in the columns where a policy puts them."""
    ended = {t: known[f"ended_{t}"] * (policy.ended == "by_due_day") for t in TIMELINESS}
    otherwise = known[[f"ended_{t}" for t in TIMELINESS]].sum(axis=1)
    ended["on_time"] = otherwise if policy.ended == "on_time" else ended["on_time"]
    done = {t: known[f"resolved_{t}"] + ended[t] for t in TIMELINESS}
    unclear = known.channel_other + known.channel_unknown
    at_desk, has_column = policy.channel == "in_person", policy.no_due == "on_time"
    return pd.DataFrame(
        {
            "total": known.received + known.carried_over,
            "online": known.channel_online,
            "in_person": known.channel_in_person + known.channel_postal + unclear * at_desk,
            "carried_over": known.carried_over,
            "resolved": pd.DataFrame(done).sum(axis=1),
            "early": done["early"],
            "on_time": done["on_time"] + done["no_due"] * has_column,
            "late": done["late"],
            "open": known.open_in_time + known.open_overdue + known.open_no_due,
            "in_time": known.open_in_time + known.open_no_due * has_column,
            "overdue": known.open_overdue,
            "channel_apart": unclear * (not at_desk),
            "resolved_no_due": done["no_due"] * (not has_column),
            "open_no_due": known.open_no_due * (not has_column),
            "ended_apart": otherwise * (policy.ended == "apart"),
            "paused_apart": known.open_apart,
            "unknown_state": known.unknown,
        }
    )


def _ended_otherwise(dossiers: pd.DataFrame, period: Period, by: str, rule: str) -> pd.DataFrame:
    """How many ended without a result in a period, by group and timeliness."""
    others = dossiers[dossiers.status.isin(ENDED_OTHERWISE) & ended_on(dossiers).between(period.first, period.last)]
    kinds = timeliness(others.assign(resolved_on=others.closed_on.fillna(others.resolved_on)), rule=rule)
    return _marks(others, by, kinds, TIMELINESS)


def _still_open(dossiers: pd.DataFrame, period: Period, by: str, policy: Policy) -> pd.DataFrame:
    """How many are open at the end of a period, by group: in time, overdue, without a due date, or put apart."""
    still = open_on(dossiers, period.last)
    kinds, paused = still.timeliness, still.state == "paused"
    if policy.paused == "in_time":
        kinds = kinds.mask(paused, "in_time")
    elif policy.paused == "apart":
        kinds = kinds.mask(paused, "apart")
    elif policy.paused == "by_pause_day":
        since, due = days_of(still.paused_from, "day"), days_of(still.first_due_on, "day")
        judged = np.where(due < since, "overdue", "in_time")
        kinds = kinds.mask(paused & ~np.isnat(since) & ~np.isnat(due), judged)
    return _marks(still, by, kinds, ("in_time", "overdue", "no_due", "apart"))


def _marks(dossiers: pd.DataFrame, by: str, kinds: pd.Series, names: tuple[str, ...]) -> pd.DataFrame:
    groups = dossiers[by].astype("str").fillna("").rename(by)
    return pd.DataFrame({name: kinds.eq(name) for name in names}).groupby(groups).sum()


def with_total(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Rows in order, what has no name last, and their sum below them."""
    rows = table[(table != 0).any(axis=1)].rename_axis(by).reset_index()
    rows = rows.sort_values(by, key=lambda names: names.map(fold).where(names != "", LAST), ignore_index=True)
    whole = table.sum().to_frame().T.assign(**{by: ""})
    both = pd.concat([rows.assign(is_total=False), whole.assign(is_total=True)], ignore_index=True)
    kinds: dict[str, Any] = {by: "str", "is_total": "bool"} | dict.fromkeys(table.columns, "int64")
    return both[list(kinds)].astype(kinds)


def identities(form: pd.DataFrame) -> pd.DataFrame:
    """Whether each row of a form fulfils each of the four sums, and if not, what stands between.

    Parameters
    ----------
    form
        As ``form_06a`` gives it.

    Returns
    -------
    DataFrame
        One row per row of the form and identity: the form's first column, ``is_total``, ``identity``, ``whole`` (its left
        side), ``parts`` (its right), ``off_by`` (left less right), the columns of ``BESIDE`` that explain it (0 where they
        have no part in it, or are unknown), and ``unexplained``; all Int64, missing where a column of the form is.

    Examples
    --------
    >>> row = dict.fromkeys([*COLUMNS, *BESIDE], 0) | {"total": 937, "resolved": 855, "open": 67, "ended_apart": 15}
    >>> checked = identities(pd.DataFrame([{"field": "", "is_total": True, **row}]))
    >>> checked[["identity", "whole", "parts", "off_by", "ended_apart", "unexplained"]].tail(1)
               identity  whole  parts  off_by  ended_apart  unexplained
    3  (3) = (7) + (11)    937    922      15           15            0
    """
    checked = []
    for number, identity in enumerate(IDENTITIES):
        parts = form[list(identity.parts)].sum(axis=1, skipna=False)
        off = form[identity.whole] - parts
        sides = {"whole": form[identity.whole], "parts": parts, "off_by": off}
        explained = {c: form[c].fillna(0) * (c in identity.explained_by) for c in BESIDE}
        rest = {"unexplained": off - form[list(identity.explained_by)].sum(axis=1)}
        row = form.iloc[:, :2].assign(identity=identity.name, **sides, **explained, **rest)
        checked.append(row.assign(row=form.index, number=number))
    table = pd.concat(checked).sort_values(["row", "number"], ignore_index=True).drop(columns=["row", "number"])
    return table.astype(dict.fromkeys(table.columns[3:], "Int64"))


COMES_FROM = {
    "channel": ("online", "in_person", "channel_apart"),
    "due_on": ("early", "on_time", "late", "resolved_no_due", "in_time", "overdue", "open_no_due"),
    "status": ("ended_apart", "paused_apart", "unknown_state"),
}
"""A column of the exports -> the columns of the form that nothing is known of without it."""


def fill_form(
    data: Data, period: Period, *, by: str = "field", policy: Policy = USUAL, rule: str = "day"
) -> pd.DataFrame:
    """``form_06a`` of what was read; what no export has a column for is missing, not zero.

    Returns
    -------
    DataFrame
        As ``form_06a``; counts are Int64.
    """
    form = form_06a(with_fields(data.dossiers, data.procedures), period, by=by, policy=policy, rule=rule)
    missing = [c for held, columns in COMES_FROM.items() if not data.has("dossiers", held) for c in columns]
    known = form.astype(dict.fromkeys([*COLUMNS, *BESIDE], "Int64"))
    known[missing] = pd.NA
    return known
