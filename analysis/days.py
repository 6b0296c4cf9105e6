"""Days: days off and make-up days that a handbook adds to the calendar, or decides otherwise.

They are laid over the calendar (``calendars.calendar_of``) wherever working days are counted. Here is what is wrong with
them, and what they change.
"""

import pandas as pd

from analysis.calendars import Calendar, holidays_of
from analysis.handbook import Handbook, Mistake
from analysis.handbook_form import read_form
from analysis.vocabulary import Vocabulary


def lay_days(handbook: Handbook, vocabulary: Vocabulary) -> tuple[Handbook, Vocabulary]:
    """The handbook without the lines that call a day off which a line above calls worked, or the other way round.

    The vocabulary stays as it is: no cleaned table depends on the calendar.

    Examples
    --------
    >>> from analysis.handbook import read_handbook
    >>> from analysis.vocabulary import read_vocabulary
    >>> days = pd.DataFrame({"day": pd.to_datetime(["2022-09-02"] * 2), "kind": ["off", "make-up"], "row": [6, 7]})
    >>> book = read_handbook(None)
    >>> book, _ = lay_days(book._replace(lines={**book.lines, "days": days}), read_vocabulary())
    >>> book.of("days").row.tolist(), book.mistakes.problem.tolist()
    ([6], ['twice'])
    """
    days, called = handbook.of("days"), read_form().choices["days"]
    first = days.kind.groupby(days.day).transform("first") if len(days) else days.kind
    for row, kind, held in zip(days.row, days.kind, first, strict=True):
        if kind != held:
            mistake = Mistake("twice", called[held]["vi"])
            handbook = handbook.without("days", row, "kind", called[kind]["vi"], mistake)
    return handbook, vocabulary


def compare_days(days: pd.DataFrame, before: Calendar, after: Calendar) -> pd.DataFrame:
    """What each day of a handbook was in a calendar, and what it is with the handbook.

    Parameters
    ----------
    days
        The handbook's lines.
    before, after
        The calendar without and with them.

    Returns
    -------
    DataFrame
        One row per day, in order: the columns of ``days``; ``was`` and ``now``, as ``Calendar.state_of`` says them.

    Examples
    --------
    >>> from analysis.calendars import read_calendar
    >>> days = pd.DataFrame({"day": pd.to_datetime(["2022-09-06", "2022-09-03"]), "kind": "off"})  # a Tuesday, a Saturday
    >>> compare_days(days, read_calendar(), read_calendar(days=days))[["was", "now"]].to_numpy().tolist()
    [['off', 'off'], ['worked', 'off']]
    """
    table = days.drop_duplicates("day").sort_values("day", ignore_index=True)
    return table.assign(was=before.state_of(table.day), now=after.state_of(table.day))


def years_in_part(compared: pd.DataFrame) -> pd.DataFrame:
    """The years of which a handbook says some days, but too few to be all of its holidays.

    Such a year stays without a calendar: a year with one holiday typed would count the others as worked.

    Parameters
    ----------
    compared
        As from ``compare_days``.

    Returns
    -------
    DataFrame
        Index ``year``; ``listed``, weekdays off in the handbook, and ``holidays``, how many there must be; int64.

    Examples
    --------
    >>> days = pd.DataFrame({"day": pd.to_datetime(["2030-01-01"]), "kind": "off", "now": "not_covered"})
    >>> years_in_part(days).to_dict("index")
    {2030: {'listed': 1, 'holidays': 11}}
    """
    left = compared[compared.now == "not_covered"]
    is_counted = (left.kind == "off") & (left.day.dt.day_of_week < 5)
    listed = is_counted.astype("int64").groupby(left.day.dt.year).sum().rename("listed").rename_axis("year")
    return listed.to_frame().assign(holidays=[holidays_of(int(year)) for year in listed.index])
