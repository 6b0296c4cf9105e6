"""What a page shows of the dossiers that are open: how old they are, where they lie, and what was promised for them."""

import pandas as pd

from analysis import charts
from analysis.appointments import count_appointments
from analysis.counts import ended_on
from analysis.labels import NOTHING, Labels
from analysis.metrics import on_time_rate, ratio
from analysis.page import Html, show_sentences, show_table, tag
from analysis.periods import Period
from analysis.settings_page import JUDGING, rule_sentences
from analysis.stocks import at_risk, balance, count_open
from analysis.store import Data


def show_ages(still_open: pd.DataFrame, *, labels: Labels) -> Html:
    """The figures behind the chart of open dossiers."""
    ages = charts.age_classes(still_open)
    rows = ages.map(labels.number).assign(age=ages.index, total=ages.sum(axis=1).map(labels.number))
    headings = {c: labels.name(f"headings.{c}") for c in ("age", "in_time", "overdue", "total")}
    caption, summary = labels.name("captions.ages"), labels.name("headings.details")
    return show_table(rows, headings=headings, caption=caption, summary=summary, copy=labels)


def show_waiting(data: Data, period: Period, *, labels: Labels) -> Html:
    """For whom the open dossiers wait; exports say so of their own day alone."""
    if not data.has("dossiers", "waiting_for"):
        return show_sentences([labels.name("open.no_waiting_for")])
    if ended_on(data.dossiers).max() > period.last or period.last < data.as_of:
        return show_sentences([labels.name("open.waiting_for_of_another_day", day=labels.day(data.as_of))])
    table = count_open(data.dossiers, period.last, by=["waiting_for"])
    names = [labels.name(f"waiting_for.{word or 'unknown'}") for word in table.index]
    return _show_stock(table, names, labels.name("open.waiting_for"), labels)


def show_at_risk(data: Data, period: Period, *, labels: Labels) -> Html:
    """How many open dossiers are due soon, by due day; which ones is not for a page that others read."""
    calendar, within = data.calendar, int(data.vocabulary.settings["at_risk_days"])
    found = at_risk(data.dossiers, period.last, within=within, calendar=calendar)
    words = {"number": labels.number(len(found)), "days": labels.number(within), "day": labels.day(period.last)}
    paused = found.state.eq("paused")
    kind = "at_risk" if calendar.years else "at_risk_calendar_days"
    told = [labels.name(f"open.{kind}", paused=labels.number(paused.sum()), **words)]
    if unknown := int(found.days_left.isna().sum()) if calendar.years else 0:
        told.append(labels.name("open.at_risk_no_calendar", number=labels.number(unknown), file=calendar.file))
    days = found.assign(due=found.first_due_on.dt.normalize(), open=1, paused=paused.astype("int64"))
    counted = days.groupby("due").agg(open=("open", "sum"), paused=("paused", "sum"), days_left=("days_left", "first"))
    rows = (
        counted[["open", "paused"]]
        .map(labels.number)
        .assign(
            due=[labels.day(day) for day in counted.index],
            days_left=[NOTHING if pd.isna(n) else labels.number(float(n)) for n in counted.days_left],
        )
    )
    headings = {c: labels.name(f"open.{c}") for c in ("due", "days_left", "open", "paused")}
    listed = show_table(rows, headings=headings, caption=labels.name("captions.at_risk")) if len(rows) else ""
    return Html(show_sentences(told) + listed)


def show_divisions(data: Data, period: Period, *, labels: Labels) -> Html:
    """Per division: what it resolved in the period, how much of it late, and what it still has."""
    if not data.has("dossiers", "division"):
        return show_sentences([labels.name("open.no_division")])
    least = int(data.vocabulary.settings["few_dossiers"])
    flows = balance(data.dossiers, period, by=["division"]).set_index("division")
    stock = count_open(data.dossiers, period.last, by=["division"])
    table = flows[["resolved", "resolved_early", "resolved_on_time", "resolved_late"]].join(stock, how="outer")
    table = table.fillna(0).sort_values(["resolved_late", "overdue"], ascending=False, kind="stable")
    rows = table[["resolved", "resolved_late", "open", "overdue"]].map(labels.number)
    rows = rows.assign(
        division=[
            (name or labels.name("open.unnamed_division")) + "*" * bool(few)
            for name, few in zip(table.index, table.resolved < least, strict=True)
        ],
        on_time_rate=on_time_rate(table).map(labels.percent),
        share_of_late=ratio(table.resolved_late, pd.Series(table.resolved_late.sum(), table.index)).map(labels.percent),
    )
    headings = {
        "division": labels.name("open.division"),
        "resolved": labels.name("measures.resolved"),
        "resolved_late": labels.name("measures.late"),
        "share_of_late": labels.name("open.share_of_late"),
        "on_time_rate": labels.name("measures.on_time_rate"),
        "open": labels.name("measures.open"),
        "overdue": labels.name("measures.overdue"),
    }
    is_told = (table.resolved < least).any()
    note = show_sentences([labels.name("open.few", number=labels.number(least))]) if is_told else ""
    return Html(show_table(rows, headings=headings, caption=labels.name("captions.divisions")) + note)


def show_appointments(data: Data, period: Period, *, labels: Labels) -> Html:
    """How many dossiers were given a second due date, and how many met it."""
    table, rules = count_appointments(data.dossiers, period), rule_sentences(data, names=JUDGING, labels=labels)
    sections = {"resolved": "rules" if rules else "open", "open": "open"}
    told = [
        labels.name(f"{sections[str(kind)]}.{kind}_again", **{str(name): labels.number(n) for name, n in row.items()})
        for kind, row in table.to_dict("index").items()
        if row["reappointed"]
    ]
    return show_sentences([*(told or [labels.name("open.none_again")]), *rules])


def _show_stock(table: pd.DataFrame, names: list[str], what: str, labels: Labels) -> Html:
    """Open dossiers per group, with how many are overdue and how long they have waited."""
    columns = ["open", "in_time", "overdue", "paused", "median_age_days", "oldest_age_days"]
    rows = table[columns].map(labels.number).assign(group=names)
    headings = {"group": what} | {c: labels.name(f"open.{c}") for c in columns}
    if rows.empty:
        return Html(tag("p", labels.name("charts.nothing")))
    return show_table(rows, headings=headings, caption=labels.name("captions.waiting"))
