"""The receiving units beside each other: the same figures for each, and for all of them together."""

from collections.abc import Sequence

import pandas as pd

from analysis.counts import count_intake, total, within
from analysis.metrics import on_time_rate, online_share
from analysis.periods import Period, Unanswerable, read_period, until
from analysis.stocks import balance, count_open
from analysis.store import Data
from analysis.trends import whole_span

ALL = "*"
"""The row of all units together; no unit is called so."""

BY = ("unit",)

COLUMNS = (
    "carried_over", "received", "online_share", "resolved", "resolved_late", "on_time_rate", "ended_otherwise", "open",
    "overdue", "unknown",
)  # fmt: skip


def by_unit(data: Data, period: Period) -> pd.DataFrame:
    r"""The figures of each unit in a period.

    Parameters
    ----------
    data
        Of all units.
    period
        Up to the day of the data at most.

    Returns
    -------
    DataFrame
        Index ``unit``: in order, ``""`` for dossiers that name none, and ``ALL``. int64 ``carried_over``, ``received``,
        ``resolved``, ``resolved_late``, ``ended_otherwise`` (withdrawn, returned, transferred), ``open``, ``overdue``, ``unknown``;
        float ``online_share`` and ``on_time_rate``. The counts of the units add up to those of ``ALL``; the rates are those of its sums.

    Examples
    --------
    >>> path = getfixture("tmp_path") / "a.csv"
    >>> _ = path.write_text("Mã hồ sơ,Ngày nhận,Đơn vị\nH1,03/01/2022,Chi nhánh 1\nH2,04/01/2022,Chi nhánh 2\n", "utf-8")
    >>> from analysis.store import load
    >>> by_unit(load(path, as_of="2022-12-31"), read_period("2022"))[["received", "open"]]
                 received  open
    unit
    Chi nhánh 1         1     1
    Chi nhánh 2         1     1
    *                   2     2
    """
    units, whole = _figures(data.dossiers, period, by=BY), _figures(data.dossiers, period, by=())
    return pd.concat([units, whole.set_axis([ALL])]).rename_axis("unit")


def _figures(dossiers: pd.DataFrame, period: Period, *, by: Sequence[str]) -> pd.DataFrame:
    flows, intake = balance(dossiers, period, by=by), total(within(count_intake(dossiers, by=by), period), by=by)
    flows = flows.set_index(list(by)) if by else flows
    overdue = count_open(dossiers, period.last, by=by).overdue
    ended = flows[["withdrawn", "returned", "transferred"]].sum(axis=1)
    found = flows.assign(
        ended_otherwise=ended, on_time_rate=on_time_rate(flows), online_share=online_share(intake), overdue=overdue
    )
    return found.fillna({"overdue": 0}).astype({"overdue": "int64"})[[*COLUMNS]]


def by_unit_and_year(data: Data) -> dict[int, pd.DataFrame]:
    """The figures of each unit in each year that the exports say anything of: year -> as from ``by_unit``, the latest first."""
    span, found = whole_span(data), {}
    for year in range(span.last.year, span.first.year - 1, -1):
        try:
            found[year] = by_unit(data, until(read_period(year), data.as_of))
        except Unanswerable:
            continue
    return found
