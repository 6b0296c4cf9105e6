"""What a function was not given and needs, told so that the next try works."""

import difflib
from collections.abc import Iterable

import pandas as pd

EVENTS_FIRST = "counts.total(counts.within(counts.count_events(data.dossiers), period)) gives such counts"
INTAKE_FIRST = "counts.total(counts.within(counts.count_intake(data.dossiers), period)) gives such counts"
DAYS_FIRST = "It takes counts per day, such as counts.count_events(data.dossiers) gives"
DURATIONS_FIRST = "turnaround.count_durations(data.dossiers, calendar=data.calendar) gives such durations"
DOSSIERS_FIRST = "It takes dossiers, such as store.load().dossiers"


class Lacking(ValueError):
    """A table has not the columns that a function needs; the message says what is there and what to do."""


def need(table: pd.DataFrame, columns: Iterable[str], *, of: str, otherwise: str = "") -> None:
    """Refuse a table that lacks a column.

    Parameters
    ----------
    columns
        That it must have.
    of
        Who needs them.
    otherwise
        What gives such a table.

    Raises
    ------
    Lacking
        Naming the first column that is lacking, the nearest one that is there, and all of them.

    Examples
    --------
    >>> counts = pd.DataFrame({"day": [], "channel": [], "received": []})
    >>> need(counts, ["channel"], of="total")
    >>> need(counts, ["chanel"], of="total")
    Traceback (most recent call last):
    ...
    analysis.lacking.Lacking: total: there is no column 'chanel'; the nearest is 'channel'. The columns are: day, channel, received.
    >>> need(counts, "channel", of="total")
    Traceback (most recent call last):
    ...
    analysis.lacking.Lacking: total: columns are named in a list; write ['channel'] instead of 'channel'.
    """
    if isinstance(columns, str):
        raise Lacking(f"{of}: columns are named in a list; write [{columns!r}] instead of {columns!r}.")
    known = [str(column) for column in table]
    for column in columns:
        if column not in known:
            near = "".join(f"; the nearest is {n!r}" for n in difflib.get_close_matches(str(column), known, 1))
            told = f"The columns are: {', '.join(known) or 'none'}."
            raise Lacking(
                f"{of}: there is no column {column!r}{near}. {told}" + (f" {otherwise}." if otherwise else "")
            )
