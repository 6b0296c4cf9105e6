"""The internal workbook of a period: a line per dossier, and for each figure of the report the filter that gives it.

It holds codes of dossiers, so it goes into a folder of its own that only its owner may read, and never beside the pages. No
column that could name a person is in the tables it is made of; values of rejected lines are shown as on the page.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pandas as pd

from analysis.data_sheets import MOST_LINES, DataBook, Sheet
from analysis.dossier_lines import FILTERS, MARKS, compare, dossier_lines
from analysis.labels import NOTHING, Labels
from analysis.metrics import MEASURES
from analysis.periods import Period, Unanswerable
from analysis.privacy import shown
from analysis.sentences import limits, unread
from analysis.settings_page import JUDGING, rule_sentences
from analysis.store import Data
from analysis.tables import SOURCE
from analysis.written import Written

FIRST_DAY = pd.Timestamp("1900-03-01")
"""Before it spreadsheets count days in two ways."""

WORDS = {"channel": "channels.", "state": "dossiers.state_", "timeliness": "dossiers.timeliness_"}
"""Column -> where labels have its words."""

Cell = str | Written


def write_dossiers(data: Data, period: Period, path: Path, *, labels: Labels) -> Path:
    """Write the workbook under its name, whole or not at all; the file, and its folder if it is new, for its owner alone.

    Parameters
    ----------
    data, period
        As ``dossier_lines`` takes them.
    path
        Where it goes (XLSX).

    Returns
    -------
    Path
        ``path``. The same data give the same bytes.

    Raises
    ------
    Unanswerable
        If a sheet cannot hold so many dossiers.
    OSError
        If it cannot be written. What stood there before is then as it was.
    """
    content = dossiers_workbook(data, period, labels=labels)
    if not path.parent.exists():
        path.parent.parent.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:  # made with mode 0600
        part = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            file.close()
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    return path


def dossiers_workbook(data: Data, period: Period, *, labels: Labels) -> bytes:
    """The bytes of the workbook: a sheet of figures and filters, one of dossiers, one of rejected lines.

    Raises
    ------
    Unanswerable
        If a sheet cannot hold so many dossiers.
    """
    lines = dossier_lines(data, period)
    if len(lines) > MOST_LINES:
        raise Unanswerable(
            f"{period.name} has {len(lines):,} dossiers, and a sheet holds {MOST_LINES:,} lines; "
            "name a shorter period, such as a quarter, or one unit with --unit."
        )
    title = labels.name("dossiers.title", period=labels.period(period))
    book = DataBook(labels, title=title, made=data.as_of.to_pydatetime(), first=labels.name("dossiers.sheet_figures"))
    heads = _heads(lines, labels)
    _write_figures(book, data, period, title, compare(data, period, lines), heads)
    rows = _rows([_cells(lines[c], labels) if c in lines else _doubts(data, lines, labels) for c in heads])
    dossiers = labels.name("dossiers.sheet_dossiers")
    book.add(Sheet(dossiers, title, tuple(heads.values()), rows, is_wrapped=False))
    book.add(_rejected(data, labels))
    return book.close()


def _heads(lines: pd.DataFrame, labels: Labels) -> dict[str, str]:
    """Column of the lines -> its head, in the order of the sheet; the last is that of doubts."""
    order = [
        "dossier_id", "received_on", "promised_on", "due_on", "counts_on", "resolved_on", "closed_on", "state", "timeliness",
        "working_days", *MARKS, "channel", "field", "procedure_code", "procedure", "division", "unit", "source_system",
        "corrected", *SOURCE, "doubts",
    ]  # fmt: skip
    if lines.counts_on.equals(lines.promised_on):
        order.remove("counts_on")
    return {column: _head(column, labels) for column in order}


def _head(column: str, labels: Labels) -> str:
    if column in labels.texts["dossiers"]:
        return labels.name(f"dossiers.{column}")
    name = labels.name(f"headings.{column}" if column in SOURCE else f"columns.{column}")
    return name[0].upper() + name[1:]


def _cells(values: pd.Series, labels: Labels) -> Sequence[Cell]:
    """A column of the lines as cells."""
    if values.dtype == bool:
        return values.map({True: labels.name("dossiers.yes"), False: labels.name("dossiers.no")}).tolist()
    if values.dtype.kind == "M":
        return [_instant(at, labels) for at in values]
    if pd.api.types.is_integer_dtype(values):
        return ["" if pd.isna(number) else Written(int(number), "0") for number in values]
    texts = values.astype("str").fillna("")
    if name := WORDS.get(str(values.name)):
        said = {word: labels.name(f"{name}{word}") for word in texts.unique() if word}
        texts = texts.map(said).fillna("")
    return texts.tolist()


def _instant(at: Any, labels: Labels) -> Cell:
    if pd.isna(at):
        return ""
    if at < FIRST_DAY:
        return at.isoformat(sep=" ")
    day = labels.name("workbooks.day_style")
    return Written(at.to_pydatetime(), day if at == at.normalize() else f"{day} hh:mm")


def _rows(columns: Sequence[Sequence[Cell]]) -> list[tuple[Cell, ...]]:
    return list(zip(*columns, strict=True))


def _doubts(data: Data, lines: pd.DataFrame, labels: Labels) -> list[Cell]:
    """What is doubtful about each line, in words."""
    places = [*lines[list(SOURCE)].astype(dict.fromkeys(SOURCE[:2], "str")).itertuples(index=False, name=None)]
    wanted = set(places)
    said: dict[tuple[object, ...], dict[str, None]] = {}
    doubts = data.warnings
    for *place, reason, column in doubts[[*SOURCE, "reason", "column"]].itertuples(index=False, name=None):
        if (key := tuple(place)) in wanted:
            said.setdefault(key, {})[labels.reason(reason, column)] = None
    return ["; ".join(said.get(place, ())) for place in places]


def _write_figures(
    book: DataBook, data: Data, period: Period, title: str, figures: pd.DataFrame, heads: Mapping[str, str]
) -> None:
    """The first sheet: of whom and of which days, then each figure, in the report and by the lines, and its filter."""
    sheet, labels = book.first, book.labels
    days = labels.name("sentences.days", first=labels.day(period.first), last=labels.day(period.last))
    told = [
        *([labels.name("sentences.made_up")] if data.is_sample else []), data.name, title, f"{days}.",
        labels.name("dossiers.internal"), labels.name("dossiers.how"),
        *unread(data, labels=labels), *limits(data, period, labels=labels), *rule_sentences(data, names=JUDGING, labels=labels),
    ]  # fmt: skip
    for row, text in enumerate(told):
        book.write(sheet, row, 0, text, "title" if text in {data.name, title} else "plain")
    columns = tuple(
        labels.name(f"dossiers.head_{name}") for name in ("figure", "reported", "counted", "agrees", "filter")
    )
    how = partial(_how, heads=heads, labels=labels)
    rows = [_figure(row, how, labels) for row in figures.to_dict("records")]
    for row, name in enumerate(("dossiers", "rejected"), len(told) + 1):
        there = labels.name(f"dossiers.sheet_{name}")
        book.link(sheet, row, 0, there, f"→ {there}")
    top = len(told) + 4
    book.table(sheet, top, Sheet("", "", columns, rows))
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)


def _figure(row: Mapping[Any, Any], how: Callable[[Mapping[Any, Any]], str], labels: Labels) -> list[Cell]:
    """A line of the first sheet."""
    name, agrees = str(row["measure"]), row["agrees"]
    style = "0.00%" if MEASURES[name].is_share else "#,##0.0" if MEASURES[name].over else "#,##0"
    verdict = NOTHING if pd.isna(agrees) else labels.name("dossiers.same" if agrees else "dossiers.differs")
    values = [NOTHING if pd.isna(row[c]) else Written(float(row[c]), style) for c in ("reported", "counted")]
    return [labels.name(f"measures.{name}"), *values, verdict, how(row)]


def _how(row: Mapping[Any, Any], *, heads: Mapping[str, str], labels: Labels) -> str:
    """What to filter for a figure; of a rate, what is divided by what."""
    name = str(row["measure"])
    over = MEASURES[name].over
    if over is None:
        return _filter(name, heads, labels)
    parts = [
        labels.name("dossiers.part", number=labels.number(float(row[part])), name=_part(of, heads, labels))
        for part, of in zip(("numerator", "denominator"), over, strict=True)
    ]
    return " ÷ ".join(parts)


def _part(name: str, heads: Mapping[str, str], labels: Labels) -> str:
    """A sum that a rate is made of: a figure above, or what to filter for it."""
    if name in MEASURES:
        return labels.name(f"measures.{name}")
    return _filter(name, heads, labels) if name in FILTERS else labels.name(f"dossiers.{name}")


def _filter(name: str, heads: Mapping[str, str], labels: Labels) -> str:
    """Which values to choose in which columns."""
    chosen = []
    for column, values in FILTERS[name].items():
        words = _cells(pd.Series(values, name=column), labels)
        chosen.append(labels.name("dossiers.choose", column=heads[column], values=", ".join(map(str, words))))
    return "; ".join(chosen)


def _rejected(data: Data, labels: Labels) -> Sheet:
    """Every rejected line of the exports, by its place, with what is wrong with it."""
    lines = data.rejected
    rows = _rows([
        lines.source_file.tolist(), lines.source_sheet.tolist(), [Written(row, "0") for row in lines.source_row.head(MOST_LINES)],
        [labels.reason(r, c) for r, c in zip(lines.reason, lines.column, strict=True)],
        [shown(value, column) for value, column in zip(lines["value"], lines.column, strict=True)],
    ])  # fmt: skip
    heads = tuple(labels.name(f"headings.{name}") for name in (*SOURCE, "reason", "text"))
    left = max(len(lines) - MOST_LINES, 0)
    notes = [
        labels.name("dossiers.rejected"),
        *([labels.name("workbooks.left", number=labels.number(left))] if left else []),
    ]
    title = labels.name("headings.rejected_lines")
    return Sheet(labels.name("dossiers.sheet_rejected"), title, heads, rows, notes, is_wrapped=False)
