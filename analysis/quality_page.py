"""The sections of the page about quality: what each of them shows of the tables of ``quality``.

Values come from cells; ``privacy.shown`` cuts those that may be of a person, and ``page`` escapes all of them.
"""

from collections.abc import Iterable, Mapping

import pandas as pd
from babel.dates import format_date

from analysis import quality
from analysis.counts import count_fates
from analysis.drift_page import show_drift
from analysis.handbook_page import mistake_sentences
from analysis.labels import Labels
from analysis.messages import in_language
from analysis.page import Html, show_notices, show_sentences, show_table, tag
from analysis.privacy import shown
from analysis.sections import show_title
from analysis.store import Data

FEW_ROWS = 15
"""Lines that are shown at once; more are folded away."""

MOST_ROWS = 200
"""Rows of a table that are shown; the totals above it are of all."""


def show_head(data: Data, *, labels: Labels) -> Html:
    """The title block, and first of all what changed in the exports, and which lines of the handbook and which files could not be read."""
    told = show_notices(mistake_sentences(data.handbook, labels=labels))
    head = Html(show_title(data, labels.name("quality.title"), labels=labels) + show_drift(data, labels=labels) + told)
    unread = data.problems
    if unread.empty:
        return head
    notice = show_notices([labels.name("quality.unread_files", number=labels.number(len(unread)))])
    headings = _headings(("source_file", "message"), labels)
    unread = unread.assign(message=[in_language(text, labels.lang) for text in unread.message])
    table = show_table(unread.head(MOST_ROWS), headings=headings, caption=labels.name("captions.unread_files"))
    return Html(head + notice + table + _rest(unread, labels))


def show_cards(data: Data, *, labels: Labels) -> Html:
    """The totals of the page."""
    values = {
        "lines": int(data.ledger.lines.sum()),
        "rejected": len(data.rejected),
        "contradictions": int((quality.contradictions(data).reason != quality.AT_WEEKEND).sum()),
        "unmapped": int(quality.unmapped_words(data).lines.sum()),
    }
    cards = [
        f'<div class="card">{tag("p", labels.name(f"quality.card_{name}"), "name")}'
        f"{tag('p', labels.number(value), 'value')}</div>"
        for name, value in values.items()
    ]
    return Html(f'<div class="cards">{"".join(cards)}</div>')


def show_ledger(data: Data, *, labels: Labels) -> Html:
    """What became of the lines of every sheet, and which lines are no data."""
    fates = count_fates(data.ledger)
    names = {fate: labels.name(f"quality.fate_{fate}") for fate in labels.texts["fates"]}
    totals = {"source_file": labels.name("headings.total"), **fates[["lines", *names]].sum().to_dict()}
    rows = pd.concat([_placed(fates).head(MOST_ROWS), pd.DataFrame([totals])], ignore_index=True)
    numbers = {c: rows[c].map(labels.number) for c in ("lines", *names)}
    headings = _headings(("source_file", "lines"), labels) | names
    table = show_table(rows.assign(**numbers), headings=headings, caption=labels.name("captions.each_file"))
    others = quality.reasons(data.fates[data.fates.fate == "not_data"])
    told = [labels.texts["quality"].get(f"line_{r}", {}).get(labels.lang, r) for r in others.reason]
    others = others.assign(reason=told, lines=others.lines.map(labels.number))
    summary = labels.name("quality.no_data")
    shown_others = show_table(
        others,
        headings=_headings(("reason", "lines"), labels),
        caption=labels.name("captions.not_data"),
        summary=summary,
    )
    return Html(table + _rest(fates, labels) + (shown_others if told else ""))


def show_rejected(data: Data, *, labels: Labels) -> Html:
    """Rejected lines by reason, then each with its place and value."""
    rejected = data.rejected
    if rejected.empty:
        return show_notices([labels.name("sentences.none_rejected")], good=True)
    return Html(_show_reasons(rejected, "rejected_reasons", labels) + _show_lines(rejected, "rejected_lines", labels))


def show_completeness(data: Data, *, labels: Labels) -> Html:
    """The columns that are not filled on every line, the emptiest first; and all columns."""
    table = quality.completeness(data)
    some = table[table.filled < table.lines].sort_values(["share", "source_file", "column"])
    number = {"full": labels.number(len(table) - len(some)), "columns": labels.number(len(table))}
    told = show_sentences([labels.name("quality.full_columns", **number)])
    columns = _headings(("source_file", "heading", "column", "lines", "filled", "share"), labels)
    of_all, summary = labels.name("captions.all_columns"), labels.name("quality.all_columns")
    every = show_table(_completeness(table, labels), headings=columns, caption=of_all, summary=summary)
    in_part = labels.name("captions.columns_in_part")
    first = show_table(_completeness(some, labels), headings=columns, caption=in_part) if len(some) else ""
    return Html(told + first + (_rest(some, labels) if len(some) else "") + every + _rest(table, labels))


def _completeness(table: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    few = _placed(table.head(MOST_ROWS))
    numbers = {c: few[c].map(labels.number) for c in ("lines", "filled")}
    return few.assign(**numbers, share=few.share.map(labels.percent), column=[_column(c, labels) for c in few.column])


def show_contradictions(data: Data, *, labels: Labels) -> Html:
    """Contradictions by kind, then each with its place and value."""
    found = quality.contradictions(data)
    if found.empty:
        return show_notices([labels.name("quality.no_contradictions")], good=True)
    least = found.reason == quality.AT_WEEKEND
    kinds = {"contradictory_lines": found[~least], "weekend_lines": found[least]}
    parts = [_show_lines(lines, caption, labels) for caption, lines in kinds.items() if len(lines)]
    return Html(_show_reasons(found, "contradictory_reasons", labels) + "".join(parts))


def show_duplicates(data: Data, *, labels: Labels) -> Html:
    """Lines that tell of what another line tells of, per sheet."""
    found = quality.duplicates(data)
    if found.empty:
        return show_notices([labels.name("quality.no_duplicates")], good=True)
    kinds = ("superseded", "repeated", "rivals")
    few = _placed(found.head(MOST_ROWS))
    rows = few.assign(**{kind: few[kind].map(labels.number) for kind in kinds})
    rivals = data.warnings[data.warnings.reason == "equal_rank_different_content"]
    shown_rivals = _show_lines(rivals, "rival_lines", labels) if len(rivals) else ""
    headings, caption = _headings(("source_file", *kinds), labels), labels.name("captions.duplicates")
    return Html(show_table(rows, headings=headings, caption=caption) + _rest(found, labels) + shown_rivals)


def show_unmapped(data: Data, *, labels: Labels) -> Html:
    """Words that nobody explained yet, with how many lines say them."""
    found = quality.unmapped_words(data)
    if found.empty:
        return show_notices([labels.name("quality.no_unmapped")], good=True)
    few = _placed(found.head(MOST_ROWS))
    rows = few.assign(
        text=[shown(v, c) for v, c in zip(few.value, few.column, strict=True)],
        column=[_column(c, labels) for c in few.column],
        lines=few.lines.map(labels.number),
        source_row=few.source_row.astype("str"),
    )
    columns = _headings(("text", "column", "source_file", "source_row", "lines"), labels)
    return Html(show_table(rows, headings=columns, caption=labels.name("captions.unmapped")) + _rest(found, labels))


def show_files(data: Data, *, labels: Labels) -> Html:
    """How every sheet was read, and the doubts about it."""
    files = _placed(quality.described_files(data))
    doubtful = files[files.doubts.map(bool)]
    told = [
        f"{file}: {labels.doubt(*doubt)}"
        for file, doubts in zip(doubtful.source_file, doubtful.doubts, strict=True)
        for doubt in doubts
    ]
    few = files.head(MOST_ROWS)
    rows = few.assign(
        table=few.table.map(lambda table: labels.name(f"tables.{table}")),
        read_as=[", ".join(_read_as(each)) for each in few.read_as],
        header_row=few.header_row.replace(0, float("nan")).map(labels.number),
        exported_on=few.exported_on.map(labels.day),
        unread=[_unread(each, labels) for each in few.unknown],
    )
    columns = _headings(("source_file", "table", "read_as", "header_row", "exported_on", "unread"), labels)
    notices = show_notices(told[:MOST_ROWS]) if told else show_notices([labels.name("quality.no_doubts")], good=True)
    return Html(
        notices + show_table(rows, headings=columns, caption=labels.name("captions.read_as")) + _rest(files, labels)
    )


def _unread(unknown: str, labels: Labels) -> str:
    headings = [str(h) for h in quality.from_json(unknown)]
    return ", ".join(h if len(h) <= 60 else f"{h[:60]}…" for h in headings) or labels.name("quality.none")


def _read_as(chosen: Mapping[str, str]) -> Iterable[str]:
    """What was chosen for a file, in the order of the choices; a delimiter by the name people know."""
    signs = {"\t": "tab", " ": "space"}
    return [signs.get(str(value), str(value)) for value in chosen.values() if value]


def _show_reasons(lines: pd.DataFrame, caption: str, labels: Labels) -> Html:
    found = quality.reasons(lines).sort_values("reason", key=lambda r: r == quality.AT_WEEKEND, kind="stable")
    rows = found.assign(
        reason=[_reason(r, c, labels) for r, c in zip(found.reason, found.column, strict=True)],
        lines=found.lines.map(labels.number),
    )
    headings = _headings(("reason", "lines"), labels)
    return show_table(rows, headings=headings, caption=labels.name(f"captions.{caption}"))


def _show_lines(lines: pd.DataFrame, caption: str, labels: Labels) -> Html:
    """Lines with their place, what is wrong, and the value; folded away."""
    few = _placed(lines.head(MOST_ROWS))
    rows = few.assign(
        source_row=few.source_row.astype("str"),
        reason=[_reason(r, c, labels) for r, c in zip(few.reason, few.column, strict=True)],
        text=[_value(*each, labels) for each in zip(few.reason, few.value, few.column, strict=True)],
    )
    columns = _headings(("source_file", "source_row", "reason", "text"), labels)
    summary = labels.name("quality.each_line") if len(lines) > FEW_ROWS else ""
    table = show_table(rows, headings=columns, caption=labels.name(f"captions.{caption}"), summary=summary)
    return Html(table + _rest(lines, labels))


def _value(reason: str, value: str, column: str, labels: Labels) -> str:
    if reason == quality.AT_WEEKEND:
        day = pd.Timestamp(value)
        return f"{format_date(day, 'EEEE', locale=labels.lang)}, {labels.day(day)}"
    return shown(value, column)


def _reason(reason: str, column: str, labels: Labels) -> str:
    return labels.name(f"quality.{reason}") if reason in labels.texts["quality"] else labels.reason(reason, column)


def _column(column: str, labels: Labels) -> str:
    return labels.name(f"columns.{column}") if column in labels.texts["columns"] else column


def _placed(lines: pd.DataFrame) -> pd.DataFrame:
    """File and sheet in one column."""
    sheets = lines.source_sheet.astype("str")
    return lines.assign(source_file=lines.source_file.astype("str").str.cat(sheets, sep=" · ").str.removesuffix(" · "))


def _rest(lines: pd.DataFrame, labels: Labels) -> str:
    """How many rows a table does not show."""
    rest = len(lines) - MOST_ROWS
    return show_sentences([labels.name("quality.more", number=labels.number(rest))]) if rest > 0 else ""


def _headings(columns: Iterable[str], labels: Labels) -> dict[str, str]:
    own = {c for c in columns if f"heading_{c}" in labels.texts["quality"]}
    return {c: labels.name(f"quality.heading_{c}" if c in own else f"headings.{c}") for c in columns}
