"""Periods: a pair of days with a name, as reports and forms use them."""

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

FORMS = "2022, 2022-Q3, 2022-H1, 2022-9M, 2022-11, 2022-official, or 2021-12-15..2022-12-14"


class Unanswerable(ValueError):
    """What was asked for does not exist: no such period, day or unit."""


class Period(NamedTuple):
    """From the first to the last day, both within it."""

    name: str
    first: "pd.Timestamp"
    last: "pd.Timestamp"

    def __repr__(self) -> str:
        """As a notebook shows it: the name, and the two days.

        Examples
        --------
        >>> read_period("2022-Q3")
        <Period 2022-Q3: 2022-07-01 to 2022-09-30>
        """
        return f"<Period {self.name}: {self.first:%Y-%m-%d} to {self.last:%Y-%m-%d}>"


def need_period(period: object, *, of: str) -> None:
    """Refuse what is no period, such as its name.

    Raises
    ------
    Unanswerable
        Saying how a name becomes a period.

    Examples
    --------
    >>> need_period("2022-Q3", of="within")
    Traceback (most recent call last):
    ...
    analysis.periods.Unanswerable: within: '2022-Q3' is no period yet; write periods.read_period('2022-Q3').
    """
    if not isinstance(period, Period):
        raise Unanswerable(f"{of}: {period!r} is no period yet; write periods.read_period({str(period)!r}).")


def read_period(name: str | int) -> Period:
    """The period that a name stands for.

    ``2022-official`` runs from 15 December to 14 December, as the quarterly and yearly forms of Circular 01/2020 are
    reported (Decree 09/2019).

    Raises
    ------
    Unanswerable
        If the name stands for none; the message lists the forms.

    Examples
    --------
    >>> period = read_period("2022-Q3")
    >>> period.first.date().isoformat(), period.last.date().isoformat()
    ('2022-07-01', '2022-09-30')
    >>> read_period("2022-official").first.date().isoformat()
    '2021-12-15'
    """
    name = str(name).strip()  # papermill's command line makes a number of 2022
    try:
        first, last = _days(name)
    except ValueError:
        from analysis.period_spelling import nearest_period  # noqa: PLC0415 - only where one is misspelt

        if near := nearest_period(name):
            raise Unanswerable(f"{name!r} is no period; a period is written {FORMS}. Did you mean {near}?") from None
        raise Unanswerable(f"{name!r} is no period; a period is written {FORMS}.") from None
    if last < first:
        raise Unanswerable(f"{name!r} ends before it begins.")
    return Period(name, first, last)


def _days(name: str) -> "tuple[pd.Timestamp, pd.Timestamp]":
    import pandas as pd  # noqa: PLC0415 - every command knows periods, and `--help` must not wait

    if ".." in name:
        first, last = (pd.Timestamp(day) for day in name.split("..") if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day))
        return first, last
    match = re.fullmatch(r"((?:19|20)\d{2})(?:-(Q[1-4]|H[12]|9M|6M|0[1-9]|1[0-2]|official))?", name)
    if not match:
        raise ValueError(name)
    year, part = int(match[1]), match[2] or ""
    if part == "official":
        return pd.Timestamp(year - 1, 12, 15), pd.Timestamp(year, 12, 14)
    start, months = _months(part)
    first = pd.Timestamp(year, start, 1)
    return first, first + pd.DateOffset(months=months, days=-1)


def _months(part: str) -> tuple[int, int]:
    """(First month, number of months) of a part of the year."""
    if part.startswith("Q"):
        return 3 * int(part[1]) - 2, 3
    if part.startswith("H"):
        return 6 * int(part[1]) - 5, 6
    if part.endswith("M"):
        return 1, int(part[0])
    return (int(part), 1) if part else (1, 12)


def same_days(names: "pd.Series", period: Period) -> "pd.Series":
    """Which names stand for exactly the days of a period, and not for a part of it; bool.

    Raises
    ------
    Unanswerable
        If a name stands for no period.

    Examples
    --------
    >>> import pandas as pd
    >>> same_days(pd.Series(["2022-H1", "2022", "2022-Q1"]), read_period("2022-6M")).tolist()
    [True, False, False]
    """
    return names.map(lambda name: read_period(name)[1:] == period[1:]).astype("bool")


def read_day(day: str) -> "pd.Timestamp":
    """A day as options and parameters write it.

    Raises
    ------
    Unanswerable
        If it is none.

    Examples
    --------
    >>> read_day("2022-11-10")
    Timestamp('2022-11-10 00:00:00')
    """
    import pandas as pd  # noqa: PLC0415 - as above

    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day.strip()):
            return pd.Timestamp(day.strip())
    except ValueError:
        pass
    raise Unanswerable(f"{day!r} is no day; a day is written 2022-11-10.")


def until(period: Period, as_of: "pd.Timestamp") -> Period:
    """A period as far as it is known: what happened after ``as_of`` has not happened.

    Raises
    ------
    Unanswerable
        If the period begins after ``as_of``.

    Examples
    --------
    >>> import pandas as pd
    >>> until(read_period("2022"), pd.Timestamp("2022-11-10")).last.date().isoformat()
    '2022-11-10'
    """
    need_period(period, of="until")
    if period.first > as_of:
        raise Unanswerable(
            f"{period.name} begins on {period.first:%Y-%m-%d}, after the day of the data, {as_of:%Y-%m-%d}."
        )
    return period._replace(last=min(period.last, as_of.normalize()))


def year_before(period: Period) -> Period:
    """The same days of the year before (cùng kỳ).

    Examples
    --------
    >>> import pandas as pd
    >>> before = year_before(until(read_period("2022"), pd.Timestamp("2022-11-10")))
    >>> before.first.date().isoformat(), before.last.date().isoformat()
    ('2021-01-01', '2021-11-10')
    """
    import pandas as pd  # noqa: PLC0415 - as above

    need_period(period, of="year_before")
    year = pd.DateOffset(years=1)
    return Period(f"{period.name} (-1)", period.first - year, period.last - year)
