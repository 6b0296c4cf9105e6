"""Answers: of which days of a period the exports say something; of the others nothing is known, not zero."""

import pandas as pd

from analysis.coverage import Days, gaps
from analysis.periods import Period, Unanswerable
from analysis.store import Data
from analysis.tables import EVENT_DAYS


def require_answers(data: Data, period: Period) -> None:
    """Refuse a period that the exports say nothing of.

    Raises
    ------
    Unanswerable
        If no table says anything of any of its days.
    """
    if all(is_silent(data, table, period) for table in data.begins):
        first = min((day for table in data.begins if pd.notna(day := first_day(data, table))), default=None)
        last = data.coverage["last"].max()
        when = f"they begin on {first:%Y-%m-%d}" if first else "they hold no dossier, document or meeting"
        if first and first <= period.last:
            when = f"they reach {last:%Y-%m-%d}" if last < period.first else "no file holds these days"
        raise Unanswerable(f"the exports say nothing of {period.name}: {when}.")


def unanswered(data: Data, table: str, period: Period) -> list[Days]:
    """The days of a period that the exports of a table say nothing of; all of them if there is no export."""
    begin = data.begins[table]
    held = data.coverage[(data.coverage.table == table) & (data.coverage["last"] >= begin)]
    stretches = zip(held["first"], held["last"], strict=True)
    return list(gaps([(max(first, begin), last) for first, last in stretches], period))


def is_silent(data: Data, table: str, period: Period) -> bool:
    """Whether the exports of a table say nothing of a whole period; its figures are then unknown, not zero."""
    return unanswered(data, table, period)[:1] == [Days(period.first, period.last)]


def silent_months(data: Data, table: str, period: Period) -> dict[pd.Period, bool]:
    """The months of which the exports of a table do not say all, and whether they say nothing.

    Days before the first and after the last stretch count too, as far as they lie in the period.
    """
    months = {}
    for days in unanswered(data, table, period):
        for month in pd.period_range(days.first, days.last, freq="M"):
            held = Period("", max(month.start_time, period.first), min(month.end_time.normalize(), period.last))
            months[month] = is_silent(data, table, held)
    return months


def covers(data: Data, table: str, period: Period) -> bool:
    """Whether the exports of a table reach back to the first day of a period."""
    return bool(data.begins[table] <= period.first)


def first_day(data: Data, table: str) -> pd.Timestamp:
    """The first day on which something was received, registered or held; NaT if never."""
    return pd.Timestamp(getattr(data, table)[EVENT_DAYS[table]].bfill(axis=1).iloc[:, 0].min()).floor("D")
