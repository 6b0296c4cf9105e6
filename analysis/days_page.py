"""What a page shows of the days of a handbook: where they differ from the calendar that comes with the program."""

from analysis.calendars import calendar_of
from analysis.days import compare_days, years_in_part
from analysis.labels import Labels
from analysis.page import Html, show_list, show_notices, show_sentences
from analysis.store import Data

COLUMNS = ("day", "was", "now", "basis", "note")


def show_days(data: Data, *, labels: Labels) -> Html:
    """Each day of the handbook: what the calendar made of it, what it is now, and on which basis.

    A day that changes nothing is said to; so is a year of which too few days are listed to count its working days. Nothing
    is shown where the handbook names no day.
    """
    days = data.handbook.of("days")
    if days.empty:
        return Html("")
    table = compare_days(days, calendar_of(data.vocabulary.settings), data.calendar)
    changed = table.was != table.now
    told = [labels.name("days.said", number=labels.number(len(table)), changed=labels.number(changed.sum()))]
    if not data.calendar.file:
        notices = [labels.name("days.no_calendar")]
    else:
        notices = [
            labels.name(
                "days.year_in_part", year=str(year), listed=labels.number(listed), holidays=labels.number(least)
            )
            for year, listed, least in years_in_part(table).itertuples(name=None)
        ]
    states = {column: [labels.name(f"days.{state}") for state in table[column]] for column in ("was", "now")}
    same = labels.name("days.same")
    states["now"] = [now if moves else f"{now} ({same})" for now, moves in zip(states["now"], changed, strict=True)]
    rows = table.assign(day=[labels.weekday(day) for day in table.day], **states)
    columns = [column for column in COLUMNS if column != "note" or table.note.any()]
    headings = {column: labels.name(f"days.{column}") for column in columns}
    listed = show_list(rows, headings=headings, caption=labels.name("captions.days"), labels=labels)
    return Html(show_sentences(told) + show_notices(notices) + listed)
