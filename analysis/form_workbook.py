"""The official tables as a workbook, the form with the head it has on paper."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.channels import channel_table
from analysis.completion import with_fields
from analysis.counts import CHANNELS
from analysis.form_sentences import data_sentences, identity_sentences, policy_sentences, verdict
from analysis.forms import BESIDE, COLUMNS, fill_form, identities
from analysis.indicator_sentences import indicator_rows, indicator_sentences, term
from analysis.indicators import handling_times, indicators
from analysis.labels import Labels
from analysis.periods import Period
from analysis.points import with_points
from analysis.policies import USUAL, Policy
from analysis.printed import LINE, SMALL_LINE, Book, Column, height, write_table
from analysis.settings_page import JUDGING, rule_sentences
from analysis.store import Data

HEAD, NUMBERS, FIRST = 6, 9, 10
"""Rows of the sheet of the form, from 0: where its heads begin, the numbers of its columns, its first line."""

WIDTH = len(COLUMNS) + 2
"""Columns of the form."""
GAP = 1
"""Columns between the form and what stands beside it."""

DOTS = "…" * 12
"""Where something is to be filled in by hand."""


def write_form(
    data: Data, period: Period, path: Path, *, by: str = "field", policy: Policy = USUAL, rule: str = "day",
    points: pd.DataFrame | None = None, whole: Period | None = None, labels: Labels,
) -> Path:  # fmt: skip
    """Write form II.06a, its sums, the channels and the indicators of Decision 766 to one workbook.

    Parameters
    ----------
    data
        What was read.
    period
        Cut at the day of the data (``periods.until``).
    path
        Where the workbook goes (XLSX); its folder must exist.
    by
        The column that makes the rows.
    policy
        What becomes of dossiers that the form has no column for; stands below the form.
    points
        As ``points.read_points`` gives them; without them no points are written.
    whole
        The same period, uncut, to say that it is not over.

    Returns
    -------
    Path
        ``path``. The same data give the same bytes.
    """
    form = fill_form(data, period, by=by, policy=policy, rule=rule)
    checked = identities(form)
    book = Book(labels, period, data)
    told = data_sentences(data, period, whole=whole, labels=labels)
    counted = [
        *policy_sentences(policy, period, labels=labels),
        *rule_sentences(data, names=JUDGING, labels=labels),
    ]
    sums = identity_sentences(checked, labels=labels)
    _write_06a(book, form, [" ".join(told), *counted, " ".join(sums)])
    _write_identities(book, checked)
    _write_channels(book, channel_table(with_fields(data.dossiers, data.procedures), period, by=by))
    found = indicators(data, period)
    _write_indicators(book, with_points(found, points) if points is not None else found)
    _write_times(book, handling_times(data, period))
    of_indicators = indicator_sentences(found, points=points is not None, labels=labels)
    _write_notes(book, [*told, *counted, *sums, *of_indicators])
    return book.close(path)


def _write_06a(book: Book, form: pd.DataFrame, notes: Sequence[str]) -> None:
    sheet = book.sheet("form")
    extra = [c for c in BESIDE if form[c].fillna(0).any()]
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 32)
    sheet.set_column(2, WIDTH - 1, 9.3)
    sheet.set_column(4, 4, 12)
    sheet.set_column(WIDTH, WIDTH + GAP - 1, 3)
    sheet.set_column(WIDTH + GAP, WIDTH + len(BESIDE), 14)
    _write_letterhead(book, sheet)
    _write_heads(book, sheet, form.columns[0], extra)
    end = _write_rows(book, sheet, form, extra)
    for row, note in enumerate(notes, end + 1):
        sheet.merge_range(row, 0, row, WIDTH - 1, note, book.styles["note"])
        sheet.set_row(row, height(note, 195, SMALL_LINE))
    sheet.print_area(0, 0, end + len(notes), WIDTH - 1)
    sheet.repeat_rows(HEAD, NUMBERS)
    sheet.freeze_panes(FIRST, 2)


def _write_letterhead(book: Book, sheet: Any) -> None:
    """Number, title, units and period, where the form has them."""
    labels, styles, last = book.labels, book.styles, WIDTH - 1
    receiver = str(book.data.vocabulary.settings["report_to"]) or DOTS
    sheet.merge_range(0, 0, 0, 1, labels.name("forms.number"), styles["side_bold"])
    sheet.merge_range(1, 0, 2, 1, labels.name("forms.basis"), styles["small"])
    sheet.merge_range(0, 2, 2, 9, labels.name("forms.title").upper(), styles["title"])
    sheet.merge_range(0, 10, 0, last, labels.name("forms.reporter", name=book.data.name), styles["side"])
    sheet.merge_range(1, 10, 2, last, labels.name("forms.receiver", name=receiver), styles["side"])
    period = labels.period(book.period)
    sheet.merge_range(3, 2, 3, 9, period[0].upper() + period[1:], styles["subtitle"])
    sheet.merge_range(4, 2, 4, 9, book.days(), styles["days"])
    sheet.merge_range(5, 9, 5, last, labels.name("forms.counted_in"), styles["right"])
    for row, points in enumerate((32, 18, 18)):
        sheet.set_row(row, points)


def _write_heads(book: Book, sheet: Any, by: str, extra: Sequence[str]) -> None:
    """The heads of the columns, in three rows, and the row of their numbers."""
    labels, low = book.labels, NUMBERS - 1
    put = partial(sheet.merge_range, cell_format=book.styles["head"])
    put(HEAD, 0, low, 0, labels.name("forms.running"))
    put(HEAD, 1, low, 1, labels.name(f"forms.{by}"))
    for first, last, group in ((2, 5, "received"), (6, 9, "resolved"), (10, 12, "open")):
        put(HEAD, first, HEAD, last, labels.name(f"forms.group_{group}"))
        put(HEAD + 1, first, low, first, labels.name("forms.whole"))
    put(HEAD + 1, 3, HEAD + 1, 4, labels.name("forms.in_period"))
    for name, number in COLUMNS.items():
        heading = labels.name(f"forms.col_{name}")
        if name in ("online", "in_person"):
            book.write(sheet, low, number - 1, heading, "head")
        elif name not in ("total", "resolved", "open"):
            put(HEAD + 1, number - 1, low, number - 1, heading)
    for column in range(WIDTH):
        book.write(sheet, NUMBERS, column, f"({column + 1})", "mark")
    beside = WIDTH + GAP
    for column, name in enumerate(extra, beside):
        put(HEAD + 1, column, NUMBERS, column, labels.name(f"forms.beside_{name}"))
    if len(extra) > 1:
        put(HEAD, beside, HEAD, beside + len(extra) - 1, labels.name("forms.group_beside"))
    elif extra:
        book.write(sheet, HEAD, beside, labels.name("forms.group_beside"), "head")
    sheet.set_row(HEAD, 2 * LINE)
    sheet.set_row(low, 48)


def _write_rows(book: Book, sheet: Any, form: pd.DataFrame, extra: Sequence[str]) -> int:
    """The rows of the form; gives the row below them."""
    by = form.columns[0]
    for place, (_, line) in enumerate(form.iterrows()):
        row, bold = FIRST + place, "total_" if line.is_total else ""
        name = _name(line, by, book.labels)
        book.write(sheet, row, 0, "" if line.is_total else place + 1, f"{bold}text" if bold else "mark")
        book.write(sheet, row, 1, name, f"{bold}text")
        for column, count in enumerate(COLUMNS, 2):
            book.write(sheet, row, column, line[count], f"{bold}count")
        for column, count in enumerate(extra, WIDTH + GAP):
            book.write(sheet, row, column, line[count], f"{bold}count")
        sheet.set_row(row, max(height(name, 30), 18))
    return FIRST + len(form)


def _name(line: pd.Series, by: str, labels: Labels) -> str:
    return labels.name("forms.whole") if line.is_total else str(line[by]) or labels.name("forms.no_name")


def _write_identities(book: Book, checked: pd.DataFrame) -> None:
    labels, by = book.labels, checked.columns[0]
    beside = [c for c in BESIDE if checked[c].fillna(0).any()]
    rows = checked.assign(
        name=[_name(line, by, labels) for _, line in checked.iterrows()],
        result=[verdict(line, labels=labels) for _, line in checked.iterrows()],
    )
    columns = [
        Column("name", labels.name(f"forms.{by}"), 34),
        Column("identity", labels.name("forms.head_identity"), 22),
        *(Column(c, labels.name(f"forms.head_{c}"), 10, "count") for c in ("whole", "parts", "off_by")),
        *(Column(c, labels.name(f"forms.beside_{c}"), 16, "count") for c in beside),
        Column("unexplained", labels.name("forms.head_unexplained"), 12, "count"),
        Column("result", labels.name("forms.head_result"), 24),
    ]
    write_table(book, book.sheet("identities"), labels.name("forms.title_identities"), columns, rows)


def _write_channels(book: Book, channels: pd.DataFrame) -> None:
    labels, by = book.labels, channels.columns[0]
    known = channels if book.data.has("dossiers", "channel") else channels.assign(**_unknown_channels())
    rows = known.assign(name=[_name(line, by, labels) for _, line in channels.iterrows()])
    columns = [
        Column("name", labels.name(f"forms.{by}"), 34),
        Column("received", labels.name("measures.received"), 11, "count"),
    ]
    for channel in CHANNELS:
        heading = labels.name(f"measures.{'unknown_channel' if channel == 'unknown' else channel}")
        columns.append(Column(channel, heading, 11, "count"))
        columns.append(Column(f"{channel}_share", labels.name("forms.head_share"), 10, "share"))
    write_table(book, book.sheet("channels"), labels.name("forms.title_channels"), columns, rows)


def _unknown_channels() -> dict[str, float]:
    return dict.fromkeys([*CHANNELS, *(f"{c}_share" for c in CHANNELS)], float("nan"))


def _write_indicators(book: Book, found: pd.DataFrame) -> None:
    labels = book.labels
    rows = indicator_rows(found, labels=labels).assign(
        value_style=found.unit.map({"working_days": "decimal"}).fillna("share").array
    )
    head = {c: labels.name(f"indicators.head_{c}") for c in ("indicator", "name", "numerator", "denominator", "value")}
    columns = [
        Column("indicator", head["indicator"], 6),
        Column("name", head["name"], 34),
        *(Column(c, head[c], 11, "count") for c in ("numerator", "denominator")),
        Column("value", head["value"], 11, "share"),
        Column("unknown", labels.name("indicators.head_unknown"), 9, "count"),
    ]
    if "points" in rows:
        columns += [
            *(Column(c, labels.name(f"indicators.head_{c}"), 9, "decimal") for c in ("points", "full_points")),
            Column("threshold", labels.name("indicators.head_threshold"), 10, "count"),
            Column("source", labels.name("indicators.head_source"), 22),
        ]
    columns.append(Column("rule", labels.name("indicators.head_rule"), 80))
    write_table(book, book.sheet("indicators"), labels.name("indicators.title"), columns, rows)


def _write_times(book: Book, times: pd.DataFrame) -> None:
    labels = book.labels
    rows = times.assign(
        procedure=times.procedure.where(times.procedure != "", labels.name("forms.no_name")),
        unit=[labels.name(f"indicators.unit_{unit}") for unit in times.unit],
        term=[term(*each, labels=labels) for each in zip(times.term_days, times.term_unit, strict=True)],
    )
    uncounted = ["no_calendar"] if times.no_calendar.any() else []
    columns = [
        Column("procedure_code", labels.name("indicators.head_procedure_code"), 14),
        Column("procedure", labels.name("indicators.head_procedure"), 70),
        *(Column(c, labels.name(f"indicators.head_{c}"), 11, "count") for c in ("dossiers", "days")),
        Column("mean_days", labels.name("indicators.head_mean_days"), 11, "decimal"),
        Column("unit", labels.name("indicators.head_unit"), 15),
        *(Column(c, labels.name(f"indicators.head_{c}"), 11, "count") for c in uncounted),
        Column("term", labels.name("indicators.head_term"), 18),
    ]
    write_table(book, book.sheet("times"), labels.name("indicators.title_times"), columns, rows)


def _write_notes(book: Book, notes: Sequence[str]) -> None:
    sheet, labels = book.sheet("notes"), book.labels
    sheet.set_column(0, 0, 130)
    sheet.write_string(0, 0, labels.name("forms.title_notes"), book.styles["title"])
    for row, note in enumerate(notes, 2):
        sheet.write_string(row, 0, note, book.styles["note"])
        sheet.set_row(row, height(note, 150, SMALL_LINE))
