"""What a page shows of documents and meetings."""

import pandas as pd

from analysis.answers import is_silent
from analysis.counts import by_month, total, within
from analysis.documents import (
    DIRECTIONS,
    HANDLING,
    MEETING_SHARES,
    MODES,
    TOGETHER,
    count_documents,
    count_handling,
    count_meetings,
    document_shares,
    registered_on,
)
from analysis.editions import EVERYTHING, Edition
from analysis.labels import NOTHING, Labels
from analysis.page import Html, show_list, show_notices, show_sentences, show_table
from analysis.periods import Period, year_before
from analysis.registers import SERIES, missing_numbers, number_series, repeated_numbers
from analysis.shares import shares_of
from analysis.shares_page import known_columns, show_shares
from analysis.store import Data
from analysis.symbols import BASES, kinds_of

COUNTED = ("documents", "electronic", "paper", "form_unknown", "signed")
"""Counts of documents that stand in a table, before the share."""


def show_documents(data: Data, period: Period, *, labels: Labels) -> Html:
    """Documents per direction and form, and how many of the electronic ones are signed, in two years."""
    if data.documents.empty:
        return show_notices([labels.name("sentences.nothing")])
    rows = []
    for span in (period, year_before(period)):
        documents = total(within(count_documents(data.documents), span).drop(columns="day"), by=["direction"])
        days = f"{labels.day(span.first)} – {labels.day(span.last)}"
        names = [labels.name(f"registers.{direction}") for direction in documents.index]
        rows.append(_counted(documents.reset_index(drop=True), labels).assign(direction=names, days=days))
    columns = ["direction", "days", *COUNTED, "signed_share"]
    table = pd.concat(rows)
    known = [c for c in columns if c != "form_unknown" or (table.form_unknown != "0").any()]
    headings = {c: labels.name(f"documents.{c}") for c in known}
    return show_table(table, headings=headings, caption=labels.name("captions.documents"))


def _counted(counts: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Counts of documents and the signed share, written."""
    share = counts.signed / counts.electronic.where(counts.electronic != 0)
    return counts.assign(**{c: counts[c].map(labels.number) for c in COUNTED}, signed_share=share.map(labels.percent))


def show_document_shares(data: Data, period: Period, *, labels: Labels) -> Html:
    """The share of signed and of electronic documents under each denominator in use, out, in and together."""
    if notice := _unanswered(data, "documents", period, (), labels):
        return notice
    counts = within(count_documents(data.documents), period)
    shares = document_shares(counts, known=known_columns(data, "documents"))
    parts = [
        show_shares(
            shares[shares.direction == way].reset_index(drop=True),
            labels=labels,
            caption=labels.name(f"captions.shares_{way}"),
        )
        for way in (*DIRECTIONS, TOGETHER)
    ]
    return Html("".join(parts))


def show_signatures(data: Data, period: Period, *, labels: Labels) -> Html:
    """By whom the electronic documents are signed."""
    if notice := _unanswered(data, "documents", period, ("form", "signed"), labels):
        return notice
    counts = within(count_documents(data.documents), period)
    by = ("electronic", "signed_both", "signed_person", "signed_agency", "unsigned", "signature_unknown")
    sums = counts.groupby("direction")[list(by)].sum().reindex(DIRECTIONS, fill_value=0)
    sums.loc[TOGETHER] = sums.sum()
    rows = sums.map(labels.number).assign(direction=[labels.name(f"registers.{way}") for way in sums.index])
    return show_table(rows, headings=_headings(("direction", *by), labels), caption=labels.name("captions.signatures"))


def show_document_months(data: Data, period: Period, *, labels: Labels) -> Html:
    """Electronic documents per month, out and in, and how many of them are signed; folded away."""
    if notice := _unanswered(data, "documents", period, (), labels):
        return notice
    counts = count_documents(data.documents)
    months = {way: by_month(counts[counts.direction == way], period) for way in DIRECTIONS}
    columns = ("electronic", "signed")
    rows = pd.DataFrame({f"{way}_{c}": months[way][c].map(labels.number) for way in DIRECTIONS for c in columns})
    names = {f"{way}_{c}": labels.name(f"registers.{way}_{c}") for way in DIRECTIONS for c in columns}
    shown = rows.assign(month=[labels.month(month) for month in rows.index])
    headings = {"month": labels.name("headings.month")} | names
    caption = labels.name("captions.document_months")
    return show_table(shown, headings=headings, caption=caption, summary=labels.name("registers.months"))


def show_document_units(data: Data, period: Period, *, labels: Labels) -> Html:
    """Documents per unit and direction, where the registers name the unit."""
    if notice := _unanswered(data, "documents", period, ("unit",), labels):
        return notice
    return _show_groups(data.documents, period, "unit", labels)


def show_document_kinds(data: Data, period: Period, *, labels: Labels) -> Html:
    """Documents per kind and direction, and where the kind is known from."""
    if notice := _unanswered(data, "documents", period, (), labels):
        return notice
    documents = data.documents[registered_on(data.documents).between(period.first, period.last)]
    kinds = kinds_of(documents, kinds=data.vocabulary.document_kinds)
    found = kinds.kind_basis.value_counts().reindex(BASES, fill_value=0)
    told = [
        labels.name(f"registers.kind_{basis}", number=labels.number(number))
        for basis, number in found.items()
        if number
    ]
    return Html(show_sentences(told) + _show_groups(documents.assign(kind=kinds.kind), period, "kind", labels))


def _show_groups(documents: pd.DataFrame, period: Period, column: str, labels: Labels) -> Html:
    counts = within(count_documents(documents, by=[column]), period)
    sums = counts.groupby(["direction", column], as_index=False)[list(COUNTED)].sum()
    order = sums.sort_values(["direction", "documents", column], ascending=[False, False, True], ignore_index=True)
    names = {
        "direction": pd.Series([labels.name(f"registers.{way}") for way in order.direction], dtype="str"),
        column: order[column].replace("", labels.name("registers.not_named")),
    }
    headings = {column: labels.name(f"registers.{column}"), "direction": labels.name("documents.direction")}
    headings |= {c: labels.name(f"documents.{c}") for c in ("documents", "electronic", "signed", "signed_share")}
    caption = labels.name(f"captions.documents_by_{column}")
    return show_list(_counted(order, labels).assign(**names), headings=headings, caption=caption, labels=labels)


def show_registers(data: Data, period: Period, *, labels: Labels) -> Html:
    """Numbers that are missing from a series, and numbers given more than once, as questions to the office."""
    documents, states = (_of_years(table, period) for table in (data.documents, data.document_history))
    if documents.empty:
        return show_notices([labels.name("sentences.nothing")])
    series, gaps, repeated = number_series(documents), missing_numbers(documents), repeated_numbers(states, documents)
    words = {"missing": series.missing.sum(), "repeated": len(repeated), "series": len(series)}
    told = [labels.name("registers.questions", **{name: labels.number(int(n)) for name, n in words.items()})]
    if lost := int((repeated.documents - repeated.counted).sum()):
        told.append(labels.name("registers.repeated_lost", number=labels.number(lost)))
    told_apart = [c for c in SERIES if c in {"direction", "year"} or len(series[c].unique()) > 1]
    parts = [
        show_sentences(told),
        _show_series(series[[*told_apart, *series.columns[len(SERIES) :]]], "series", labels),
        _show_series(gaps[[*told_apart, "from_number", "to_number", "missing"]], "gaps", labels, "gaps"),
        _show_series(repeated[[*told_apart, "number", "documents"]], "repeated_numbers", labels, "repeated"),
    ]
    return Html("".join(parts))


def _of_years(documents: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The documents of the years of a period, up to its last day: a series runs from January."""
    return documents[registered_on(documents).between(pd.Timestamp(period.first.year, 1, 1), period.last)]


def _show_series(table: pd.DataFrame, caption: str, labels: Labels, summary: str = "") -> Html:
    """Rows of series; a number of a register names a document, and is written without separators."""
    if table.empty:
        return Html("")
    amounts = [c for c in ("documents", "unnumbered", "missing") if c in table]
    rows = table.astype("str").replace("<NA>", NOTHING).replace("", labels.name("registers.not_named"))
    rows[amounts] = table[amounts].map(labels.number)
    rows["direction"] = [labels.name(f"registers.{way}") for way in table.direction]
    headings = _headings(tuple(table.columns), labels)
    folded = labels.name(f"registers.{summary}") if summary else ""
    return show_list(rows, headings=headings, caption=labels.name(f"captions.{caption}"), labels=labels, summary=folded)


def show_handling(data: Data, period: Period, *, labels: Labels) -> Html:
    """What became of incoming documents with a deadline; those from before the period that were still open too."""
    if notice := _unanswered(data, "documents", period, ("due_on", "handled_on"), labels):
        return notice
    counts = count_handling(data.documents, period).set_index("arrived")
    rows = counts.reindex(["in_period", "before"], fill_value=0)[list(HANDLING)].map(labels.number)
    rows = rows.assign(arrived=[labels.name(f"registers.arrived_{when}") for when in rows.index])
    return show_table(
        rows, headings=_headings(("arrived", *HANDLING), labels), caption=labels.name("captions.handling")
    )


def show_meetings(data: Data, period: Period, *, edition: Edition = EVERYTHING, labels: Labels) -> Html:
    """Meetings by mode and level, the online share with hybrid ones apart and together, and the months; in the public edition
    the shares alone.
    """
    if notice := _unanswered(data, "meetings", period, (), labels):
        return notice
    counts = within(count_meetings(data.meetings, by=["with_level"]), period)
    shares = shares_of(counts.sum(numeric_only=True), MEETING_SHARES, known=known_columns(data, "meetings"))
    if edition.is_public:
        return show_shares(shares, caption=labels.name("captions.meeting_shares"), labels=labels)
    columns = {c: labels.name(f"meetings.{c}") for c in ("meetings", *MODES) if c != "mode_unknown" or counts[c].any()}
    sums = counts.groupby("with_level")[list(columns)].sum().sort_values("meetings", ascending=False)
    levels = [labels.name(f"meetings.level_{level or 'unknown'}") for level in sums.index]
    by_level = show_table(
        sums.map(labels.number).assign(with_level=levels),
        headings={"with_level": labels.name("meetings.with_level")} | columns,
        caption=labels.name("captions.meeting_levels"),
    )
    monthly = by_month(counts.drop(columns="with_level"), period)
    by_months = show_table(
        monthly.map(labels.number).assign(month=[labels.month(month) for month in monthly.index]),
        headings={"month": labels.name("headings.month")} | columns,
        caption=labels.name("captions.meeting_months"),
        summary=labels.name("meetings.months"),
    )
    unanswered = _unanswered(data, "meetings", period, ("with_level",), labels)
    shown = show_shares(shares, labels=labels, caption=labels.name("captions.meeting_shares"))
    return Html(shown + (unanswered or by_level) + by_months)


def _unanswered(data: Data, table: str, period: Period, columns: tuple[str, ...], labels: Labels) -> Html:
    """Why nothing can be said: the exports are silent, or have no such column; empty if they say something."""
    if is_silent(data, table, period):
        return show_notices([labels.name("sentences.nothing")])
    if missing := [c for c in columns if not data.has(table, c)]:
        own = labels.texts["registers"]
        named = [labels.name(f"registers.column_{c}" if f"column_{c}" in own else f"columns.{c}") for c in missing]
        return show_notices([labels.name("shares.not_exported", columns=", ".join(named))])
    return Html("")


def _headings(columns: tuple[str, ...], labels: Labels) -> dict[str, str]:
    return {column: labels.name(f"registers.{column}") for column in columns}
