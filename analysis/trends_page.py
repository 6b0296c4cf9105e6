"""What the page of all years shows of the series of ``trends``."""

from typing import Any

import pandas as pd

from analysis.counts import RESOLVED
from analysis.editions import EVERYTHING, Edition
from analysis.editions_page import show_held
from analysis.labels import HELD, NOTHING, Labels
from analysis.metrics import MEASURES
from analysis.page import Html, show_sentences, show_table
from analysis.sections import value_of

SHOWN = ("received", "online", "online_share", "resolved", "on_time_rate", "not_ended")
"""The measures of a month that stand in a table."""


def show_years(yearly: pd.DataFrame, *, labels: Labels) -> Html:
    """Every headline figure of every year; a year that is not whole says up to which day it is known."""
    names: dict[Any, str] = {
        year: str(year) if whole else labels.name("trends.part_year", year=str(year), last=labels.day(last))
        for year, last, whole in zip(yearly.index, yearly["last"], yearly.is_whole, strict=True)
    }
    told = [name for name in MEASURES if yearly[name].fillna(0).ne(0).any()]
    rows = pd.DataFrame(
        {year: [value_of(name, yearly.loc[year, name], labels) for name in told] for year in yearly.index}
    )
    rows.insert(0, "measure", [labels.name(f"measures.{name}") for name in told])
    table = show_table(
        rows, headings={"measure": labels.name("headings.measure")} | names, caption=labels.name("captions.years")
    )
    note = show_sentences([labels.name("trends.part_note")]) if not yearly.is_whole.all() else ""
    return Html(table + note)


def show_months(monthly: pd.DataFrame, *, edition: Edition = EVERYTHING, labels: Labels) -> Html:
    """The figures behind the charts, folded away; a month that is not whole has a mark."""
    rows = monthly[["received", "online", "resolved", "not_ended"]].map(labels.number)
    rows = rows.assign(
        month=[labels.month(m) + "*" * (not whole) for m, whole in zip(monthly.index, monthly.is_whole, strict=True)],
        online_share=monthly.online_share.map(labels.percent),
        on_time_rate=monthly.on_time_rate.map(labels.percent),
    )
    ends_hidden = monthly[list(RESOLVED)].isna().any(axis=1)
    rows = rows.assign(
        online=rows.online.mask(monthly.online.isna(), HELD),
        online_share=rows.online_share.mask(monthly.online.isna(), HELD),
        on_time_rate=rows.on_time_rate.mask(ends_hidden, HELD),
    )
    headings: dict[Any, str] = {"month": labels.name("headings.month")}
    headings |= {c: labels.name(f"measures.{c}" if c in MEASURES else f"trends.{c}") for c in SHOWN}
    caption, summary = labels.name("captions.all_months"), labels.name("trends.all_months")
    table = show_table(rows, headings=headings, caption=caption, summary=summary, copy=labels)
    table = Html(table + show_held(rows, edition, labels=labels))
    return Html(table + ("" if monthly.is_whole.all() else show_sentences([labels.name("trends.partly_known")])))


def show_seasons(seasons: pd.DataFrame, *, labels: Labels) -> Html:
    """The figures behind the chart of the months of the year."""
    years = [c for c in seasons if c != "index"]
    rows = seasons[years].astype("Float64").map(lambda n: NOTHING if pd.isna(n) else labels.number(float(n)))
    rows = rows.assign(month=seasons.index.astype("str"), index=seasons["index"].map(labels.percent))
    headings: dict[Any, str] = {
        "month": labels.name("trends.month"),
        **{y: str(y) for y in years},
        "index": labels.name("trends.index"),
    }
    caption = labels.name("captions.seasons")
    return show_table(rows, headings=headings, caption=caption, summary=labels.name("headings.details"), copy=labels)


def show_breaks(breaks: pd.DataFrame, *, labels: Labels) -> Html:
    """What breaks the series, by the numbers in the charts; a break of the handbook says where it stands there."""
    if breaks.empty:
        return show_sentences([labels.name("trends.no_breaks")])
    days = [
        labels.day(first) if first == last else f"{labels.day(first)} – {labels.day(last)}"
        for first, last in zip(breaks["first"], breaks["last"], strict=True)
    ]
    numbers = [f"[{number}]" for number in range(1, len(breaks) + 1)]
    rows = pd.DataFrame({"number": numbers, "days": days, "text": breaks[labels.lang], "source": breaks.source})
    if "row" in breaks:
        own = [labels.name("names.break_source", row=str(row)) for row in breaks.row]
        rows = rows.assign(source=breaks.source.where(breaks.row.isna(), own))
    headings = {str(c): labels.name(f"trends.break_{c}") for c in rows}
    return show_table(rows, headings=headings, caption=labels.name("captions.breaks"))
