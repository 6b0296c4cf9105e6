"""What a page shows of handling time: how many days dossiers took, against their terms, and what due dates say of it."""

from collections.abc import Iterable

import pandas as pd

from analysis.answers import covers
from analysis.calendars import Calendar
from analysis.due_dates import AGREEMENTS
from analysis.editions import EVERYTHING, Edition
from analysis.editions_page import show_held
from analysis.labels import HELD, NOTHING, Labels
from analysis.page import Html, show_list, show_notices, show_sentences, show_table
from analysis.periods import Period, year_before
from analysis.settings_page import rule_sentences
from analysis.store import Data
from analysis.turnaround import compared_days

DAYS = ("median_working_days", "p90_working_days", "median_calendar_days", "p90_calendar_days")


def show_turnaround(data: Data, durations: pd.DataFrame, period: Period, *, calendar: Calendar, labels: Labels) -> Html:
    """Median and 90th percentile of a period, beside the same days of the year before, and what limits them.

    Parameters
    ----------
    durations
        What ``turnaround.count_durations`` gives per day, by whatever.
    """
    row = compared_days(durations.assign(whole=""), period, by=["whole"])
    if row.empty or not row.resolved.iloc[0]:
        return show_notices([labels.name("turnaround.nothing")])
    reaches = covers(data, "dossiers", year_before(period))
    found = row.iloc[0]
    rows = [{"days": labels.name("turnaround.this_period"), **_figures(found, "", labels)}]
    if reaches:
        rows.append({"days": labels.name("turnaround.before"), **_figures(found, "_before", labels)})
    shown = _without_calendar(("days", "resolved", *DAYS, "no_calendar"), calendar)
    table = show_table(
        pd.DataFrame(rows), headings=_headings(shown, labels), caption=labels.name("captions.turnaround")
    )
    told = [_read_as(calendar, labels), *_told_pauses(data, found, labels)]
    told += rule_sentences(data, names=("latest_receipt", "pause"), labels=labels)
    told += [] if reaches else [labels.name("turnaround.not_before")]
    limited = int(found.no_calendar + (found.no_calendar_before if reaches else 0))
    return Html(_show_limits(limited, calendar, labels) + table + show_sentences(told))


def show_turnaround_by(
    data: Data, durations: pd.DataFrame, period: Period, by: str, *, calendar: Calendar,
    edition: Edition = EVERYTHING, labels: Labels,
) -> Html:  # fmt: skip
    """Median and 90th percentile per channel, field, division or unit; groups of few dossiers are marked.

    Parameters
    ----------
    durations
        What ``turnaround.count_durations`` gives per day, by this column at least.
    by
        One column of dossiers.
    """
    table = compared_days(durations, period, by=[by])
    known = table[table.resolved > 0].reset_index()
    table = edition.durations(known, is_in_form=by == "field").sort_values(["resolved", by], ascending=[False, True])
    if table.empty:
        return show_notices([labels.name("turnaround.nothing")])
    names = table[by].replace("", labels.name("turnaround.unnamed"))
    if by == "channel":
        names = table[by].map(lambda channel: labels.name(f"channels.{channel or 'unknown'}"))
    kind = "working_days" if calendar.file else "calendar_days"
    columns = ["resolved", f"median_{kind}", f"p90_{kind}"]
    if covers(data, "dossiers", year_before(period)):
        columns += [f"{c}_before" for c in columns]
    hidden = table[columns].isna() & known[columns].notna()
    rows = _numbers(table, columns, labels).mask(hidden, HELD).assign(**{by: _marked(names, table.resolved, data)})
    caption = labels.name(f"captions.turnaround_by_{by}")
    shown = show_list(rows, headings=_headings((by, *columns), labels), caption=caption, labels=labels)
    return Html(shown + show_held(rows, edition, labels=labels) + _notes(table, data, labels))


def show_against_terms(data: Data, table: pd.DataFrame, period: Period, *, calendar: Calendar, labels: Labels) -> Html:
    """Handling time per procedure against its term and the same days of the year before.

    Parameters
    ----------
    table
        What ``turnaround.against_terms`` gives.
    """
    if table.empty:
        return show_notices([labels.name("turnaround.nothing")])
    if table.term.isna().all():
        return show_notices([labels.name("turnaround.no_terms")])
    if not calendar.file:
        return _show_limits(0, calendar, labels)
    words = {"over": labels.number(table.over_term.sum()), "judged": labels.number(table.judged.sum())}
    told = [labels.name("turnaround.over_terms", **words)]
    if unjudged := int(table.resolved.sum() - table.judged.sum()):
        told.append(labels.name("turnaround.unjudged", number=labels.number(unjudged)))
    told.append(labels.name("turnaround.in_unit"))
    columns = ["resolved", "over_term", "judged", "median_days", "p90_days"]
    if covers(data, "dossiers", year_before(period)):
        columns += ["median_days_before", "p90_days_before"]
    rows = _numbers(table, columns, labels).assign(
        procedure=_marked(table.procedure.replace("", labels.name("turnaround.unnamed")), table.resolved, data),
        core_code=table.core_code,
        term=_terms(table.term, table.unit, labels),
    )
    headings = _headings(("procedure", "core_code", "term", *columns), labels)
    shown = show_list(rows, headings=headings, caption=labels.name("captions.against_terms"), labels=labels)
    limits = _show_limits(int(table.no_calendar.sum()), calendar, labels)
    return Html(limits + show_sentences(told) + shown + _notes(table, data, labels))


def show_due_dates(data: Data, counted: pd.DataFrame, *, calendar: Calendar, labels: Labels) -> Html:
    """Where the system's due date is the one that the procedure's term gives, where not, and where nobody can tell.

    Parameters
    ----------
    counted
        What ``due_dates.count_due_dates`` gives.
    """
    if not (data.has("dossiers", "due_on") or data.has("dossiers", "first_due_on")):
        return show_notices([labels.name("turnaround.no_due_column")])
    if not calendar.file:
        return _show_limits(0, calendar, labels)
    compared = counted.dossiers.reindex(list(AGREEMENTS))
    words = {"compared": compared.sum(), "agrees": compared[:2].sum(), "apart": compared[2:].sum()}
    told = labels.name("turnaround.due_agree", **{name: labels.number(number) for name, number in words.items()})
    some = counted[counted.dossiers > 0].rename(columns=lambda c: f"{c}_apart" if c.endswith("_days") else c)
    columns = ("dossiers", "off_hours", "median_days_apart", "most_days_apart")
    rows = _numbers(some, columns, labels).assign(outcome=[labels.name(f"turnaround.outcome_{o}") for o in some.index])
    limits = _show_limits(int(counted.dossiers["no_calendar"]), calendar, labels)
    table = show_table(
        rows, headings=_headings(("outcome", *columns), labels), caption=labels.name("captions.due_dates")
    )
    return Html(limits + show_sentences([told]) + table)


def show_cut_terms(data: Data, cut: pd.DataFrame, *, labels: Labels) -> Html:
    """The terms that were cut below the legal one or below the one before.

    Parameters
    ----------
    cut
        What ``terms.cut_terms`` gives.
    """
    unknown = [] if data.has("procedures", "legal_term_days") else [labels.name("turnaround.no_legal_terms")]
    if cut.empty:
        return show_sentences(unknown or [labels.name("turnaround.no_cut")])
    told = show_sentences([labels.name("turnaround.cut", number=labels.number(len(cut))), *unknown])
    terms = {c: _terms(cut[c], cut.unit, labels) for c in ("term", "legal_term", "term_before")}
    days = {c: cut[c].map(labels.day) for c in ("valid_from", "valid_to")}
    rows = cut.assign(**terms, **days, received=cut.received.map(labels.number))
    columns = ("procedure", "core_code", "legal_term", "term_before", "term", "valid_from", "valid_to", "received")
    return Html(
        told
        + show_list(rows, headings=_headings(columns, labels), caption=labels.name("captions.cut_terms"), labels=labels)
    )


def _figures(found: pd.Series, suffix: str, labels: Labels) -> dict[str, str]:
    return {name: labels.number(found[f"{name}{suffix}"]) for name in ("resolved", *DAYS, "no_calendar")}


def _without_calendar(columns: Iterable[str], calendar: Calendar) -> list[str]:
    """The columns that can hold anything where there is no calendar."""
    return [c for c in columns if calendar.file or not ("working" in c or c == "no_calendar")]


def _read_as(calendar: Calendar, labels: Labels) -> str:
    minutes = calendar.latest_receipt
    if minutes >= 24 * 60:
        return labels.name("turnaround.read_as_any_hour")
    return labels.name("turnaround.read_as", latest=f"{minutes // 60:02}:{minutes % 60:02}")


def _told_pauses(data: Data, found: pd.Series, labels: Labels) -> list[str]:
    if not data.has("dossiers", "paused_from"):
        return [labels.name("turnaround.no_pauses")]
    told = [labels.name("turnaround.pauses", number=labels.number(found.taken_out))]
    if found.unknown_pause:
        told.append(labels.name("turnaround.unknown_pauses", number=labels.number(found.unknown_pause)))
    return told


def _show_limits(number: int, calendar: Calendar, labels: Labels) -> Html:
    """What has no calendar, and the file to extend."""
    if not calendar.file:
        return show_notices([labels.name("turnaround.without_calendar")])
    if not number:
        return Html("")
    words = {"number": labels.number(number), "file": calendar.file, "years": calendar.years}
    return show_notices([labels.name("turnaround.no_calendar", **words)])


def _numbers(table: pd.DataFrame, columns: Iterable[str], labels: Labels) -> pd.DataFrame:
    return table[list(columns)].map(labels.number)


def _terms(term: pd.Series, unit: pd.Series, labels: Labels) -> list[str]:
    return [
        labels.name(f"turnaround.unit_{u}", number=labels.number(t)) if pd.notna(t) else NOTHING
        for t, u in zip(term, unit, strict=True)
    ]


def _marked(names: pd.Series, resolved: pd.Series, data: Data) -> list[str]:
    """Names, with a mark where the group is small."""
    few = data.vocabulary.settings["few_dossiers"]
    return [f"{name}*" if number < few else str(name) for name, number in zip(names, resolved, strict=True)]


def _notes(table: pd.DataFrame, data: Data, labels: Labels) -> str:
    few = data.vocabulary.settings["few_dossiers"]
    is_told = (table.resolved < few).any()
    return show_sentences([labels.name("turnaround.few", number=labels.number(few))]) if is_told else ""


def _headings(columns: Iterable[str], labels: Labels) -> dict[str, str]:
    return {column: labels.name(f"turnaround.heading_{column}") for column in columns}
