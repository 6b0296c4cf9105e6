"""All years and months at once: the same measures as in a report of one period, as series.

Where a series breaks, a word does not mean the same before and after; ``breaks.csv`` says when and why, and so do the names of a
department's handbook.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.answers import covers, silent_months, unanswered
from analysis.counts import CHANNELS, RESOLVED, by_month, count_events, count_intake
from analysis.editions import EVERYTHING, Edition
from analysis.metrics import headline, on_time_rate, online_share
from analysis.names_in_use import own_breaks
from analysis.periods import Period, Unanswerable, read_period, until
from analysis.store import Data
from analysis.tables import ENDED_OTHERWISE

BREAKS = Path(__file__).with_name("breaks.csv")


def whole_span(data: Data) -> Period:
    """From the month of the first dossier to the day of the data.

    Raises
    ------
    Unanswerable
        If no dossier was received by that day.
    """
    first = data.dossiers.received_on.min()
    if pd.isna(first) or first > data.as_of + pd.Timedelta(days=1):
        raise Unanswerable("the exports hold no dossier, so there is no series to show.")
    return Period("all", first.to_period("M").start_time, data.as_of.normalize())


def yearly(data: Data) -> pd.DataFrame:
    """The headline figures of every year.

    Returns
    -------
    DataFrame
        Index: years (int), those that the exports say anything of; the names of ``metrics.MEASURES`` (float, missing where
        the exports do not say), ``last`` (the last day it is known up to) and ``is_whole`` (bool: the exports say something
        of every day of it).
    """
    span = whole_span(data)
    rows = {}
    for year in range(span.first.year, span.last.year + 1):
        asked = read_period(year)
        known = until(asked, data.as_of)
        try:
            figures = headline(data, known).value
        except Unanswerable:
            continue
        whole = known.last == asked.last and covers(data, "dossiers", asked) and not unanswered(data, "dossiers", asked)
        rows[year] = {**figures, "last": known.last, "is_whole": whole}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("year")


def monthly(data: Data, *, edition: Edition = EVERYTHING) -> pd.DataFrame:
    """The measures of every month, from the first dossier to the day of the data.

    Parameters
    ----------
    edition
        The public one holds the same cells back as on the page of each year; what is made of them is missing.

    Returns
    -------
    DataFrame
        Index: months (period[M]). int64 ``received``, ``online``, ``resolved``, the columns of ``counts.RESOLVED``, ``left``
        (by whatever way) and ``not_ended`` (received and not left by the end of the month: open, or of a state that nobody
        explained); float ``online_share`` and ``on_time_rate``, missing where nothing stands below them; bool ``is_whole``,
        whether the month is over and the exports say something of every day of it.

    Examples
    --------
    See ``seasons``.
    """
    span = whole_span(data)
    events = by_month(count_events(data.dossiers), span)
    intake = _told(by_month(count_intake(data.dossiers), span), CHANNELS, "received", edition)
    ends = _told(events, RESOLVED, "resolved", edition)
    table = ends[[*RESOLVED, "resolved"]].assign(received=intake.received, online=intake.online)
    table = table[["received", *RESOLVED, "online", "resolved"]]
    table = table.assign(left=table.resolved + events[list(ENDED_OTHERWISE)].sum(axis=1))
    table = table.assign(not_ended=(table.received - table.left).cumsum())
    silent = silent_months(data, "dossiers", span)
    whole = [month not in silent and month.end_time.normalize() <= span.last for month in table.index]
    return table.assign(online_share=online_share, on_time_rate=on_time_rate, is_whole=whole)


def _told(months: pd.DataFrame, parts: Sequence[str], total: str, edition: Edition) -> pd.DataFrame:
    """What may be told of each year's months."""
    years = pd.PeriodIndex(months.index).year
    return pd.concat([edition.cells(each, parts, total=total) for _, each in months.groupby(years)])


def seasons(monthly: pd.DataFrame) -> pd.DataFrame:
    """How busy each month of the year is, over the years of which every month is whole.

    Parameters
    ----------
    monthly
        As from ``monthly``.

    Returns
    -------
    DataFrame
        Index ``month`` (1 to 12); one int64 column of ``received`` per year (its number), missing (Int64) where a month is
        not whole, and ``index``: the intake of that month over the whole years ÷ a twelfth of their sum, so that 1 is a
        usual month; missing if no year is whole.

    Examples
    --------
    >>> months = pd.period_range("2021-01", periods=12, freq="M")
    >>> table = seasons(pd.DataFrame({"received": [30] + [10] * 10 + [20], "is_whole": True}, index=months))
    >>> table.loc[[1, 2, 12], "index"].round(2).tolist()
    [2.4, 0.8, 1.6]
    """
    known, months = monthly.received.astype("Int64").where(monthly.is_whole), pd.PeriodIndex(monthly.index)
    table = known.groupby([months.year, months.month]).sum(min_count=1).unstack(0)
    table = table.reindex(range(1, 13)).rename_axis(index="month", columns=None)
    whole = table.loc[:, table.notna().all()].sum(axis=1).astype("float64")
    return table.assign(index=whole / (whole.sum() / 12) if whole.sum() else float("nan"))


def read_breaks(path: Path = BREAKS) -> pd.DataFrame:
    """What breaks a series.

    Parameters
    ----------
    path
        CSV with the columns ``first`` and ``last`` (ISO days), ``vi``, ``en`` (what happened) and ``source``.

    Returns
    -------
    DataFrame
        These columns, the days as datetime64[us]; in order.

    Examples
    --------
    >>> read_breaks()["first"].dt.year.tolist()
    [2025, 2025]
    """
    table = pd.read_csv(path, dtype="str", comment="#")
    days = {"first": "datetime64[us]", "last": "datetime64[us]"}
    return table.astype(days).sort_values(["first", "last"], ignore_index=True)


def breaks_within(breaks: pd.DataFrame, span: Period) -> pd.DataFrame:
    """The breaks that fall into some days."""
    return breaks[(breaks["first"] <= span.last) & (breaks["last"] >= span.first)]


def breaks_of(data: Data, span: Period) -> pd.DataFrame:
    """What breaks the series of some data within some days: what is known everywhere, and the names of the handbook.

    Returns
    -------
    DataFrame
        As from ``read_breaks``, with ``row`` (Int64): the line of the handbook, missing where a break is not the department's.
    """
    known = pd.concat([read_breaks().assign(row=pd.Series(dtype="Int64")), own_breaks(data)], ignore_index=True)
    return breaks_within(known.sort_values(["first", "last", "row"], na_position="first", ignore_index=True), span)
