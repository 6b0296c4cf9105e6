"""How good the exports are: what is missing, what contradicts itself, what stands twice, and what nobody explained.

Tables about the data that were read; ``quality_page`` shows them. What is counted here is counted by line, so that each
number can be looked up in a file.
"""

import json
from typing import Any

import pandas as pd

from analysis.counts import is_accepted
from analysis.store import Data
from analysis.tables import SOURCE
from analysis.texts import UNKNOWN

AT_WEEKEND = "received_at_weekend"

CONTRADICTIONS = (
    "resolved_before_received",
    "closed_before_received",
    "due_before_received",
    "open_status_with_end",
    "end_without_day",
    "after_export",
    AT_WEEKEND,
)
"""What cannot be as a line says it; and what may be, but seldom is."""

SATURDAY = 5


def completeness(data: Data) -> pd.DataFrame:
    """How many lines have a value that can be used, per sheet and column.

    Lines are the different states that a sheet tells of, kept or superseded. A blank, a day that cannot be read, and a
    word that nobody explained are no value.

    Returns
    -------
    DataFrame
        One row per sheet and column that the sheet has: ``source_file``, ``source_sheet``, ``table``, ``column``,
        ``heading``, ``lines``, ``filled``, ``share`` (filled ÷ lines; missing without lines).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> place = {"source_file": ["a.csv"], "source_sheet": [""]}
    >>> files = pd.DataFrame({**place, "table": ["dossiers"], "columns": ['{"due_on": "Hạn trả"}']})
    >>> states = pd.DataFrame({"source_file": "a.csv", "source_sheet": "", "due_on": ["2022-01-10", None]})
    >>> data = SimpleNamespace(files=files, history=states)
    >>> completeness(data)[["source_file", "column", "heading", "lines", "filled", "share"]]
      source_file  column  heading  lines  filled  share
    0       a.csv  due_on  Hạn trả      2       1    0.5
    """
    rows: list[dict[str, Any]] = []
    for sheet in data.files[data.files.table != ""].itertuples():
        states = data.history if sheet.table == "dossiers" else getattr(data, str(sheet.table))
        own = states[(states.source_file == sheet.source_file) & (states.source_sheet == sheet.source_sheet)]
        headings = from_json(str(sheet.columns))
        for column, heading in headings.items():
            known = own[column].notna() & ~own[column].astype("str").eq(UNKNOWN)
            if column == "resolved_on" and "closed_on" not in headings:  # an end without a result stood there too
                known |= own.closed_on.notna()
            place = {"source_file": sheet.source_file, "source_sheet": sheet.source_sheet, "table": sheet.table}
            rows.append({**place, "column": column, "heading": heading, "lines": len(own), "filled": int(known.sum())})
    columns = [*SOURCE[:2], "table", "column", "heading", "lines", "filled"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(share=table.filled / table.lines.where(table.lines > 0))


def contradictions(data: Data) -> pd.DataFrame:
    """Every line that contradicts itself, and dossiers that were accepted on a Saturday or Sunday.

    Returns
    -------
    DataFrame
        One row per contradiction: ``source_file``, ``source_sheet``, ``source_row``, ``reason`` (one of
        ``CONTRADICTIONS``), ``column``, ``value``; ordered by reason, then by place.
    """
    columns = [*SOURCE, "reason", "column", "value"]
    parts = [data.warnings[columns], data.rejected[columns], _at_weekend(data)]
    found = pd.concat(parts, ignore_index=True)
    order = {reason: number for number, reason in enumerate(CONTRADICTIONS)}
    found = found[found.reason.isin(CONTRADICTIONS)].assign(order=found.reason.map(order))
    return found.sort_values(["order", *SOURCE], ignore_index=True)[columns]


def _at_weekend(data: Data) -> pd.DataFrame:
    accepted = data.dossiers[is_accepted(data.dossiers)]
    found = accepted[accepted.received_on.dt.day_of_week >= SATURDAY]
    texts = {name: found[name].astype("str") for name in SOURCE[:2]}
    days = found.received_on.dt.strftime("%Y-%m-%d")
    return found[list(SOURCE)].assign(**texts, reason=AT_WEEKEND, column="received_on", value=days)


def duplicates(data: Data) -> pd.DataFrame:
    """How many lines tell of what another line tells of too, per sheet.

    Returns
    -------
    DataFrame
        ``source_file``, ``source_sheet``, ``superseded`` (an older state), ``repeated`` (the same once more),
        ``rivals`` (kept, but a line as new as it says something else); sheets without any are left out.
    """
    twice = data.fates[data.fates.fate.isin(["superseded", "repeated"])][[*SOURCE[:2], "fate"]]
    rivals = data.warnings[data.warnings.reason == "equal_rank_different_content"][[*SOURCE[:2]]].assign(fate="rivals")
    kinds = ["superseded", "repeated", "rivals"]
    found = pd.concat([twice, rivals]).groupby(list(SOURCE[:2])).fate.value_counts().unstack(fill_value=0)
    return found.reindex(columns=kinds, fill_value=0).rename_axis(columns=None).reset_index()


def unmapped_words(data: Data) -> pd.DataFrame:
    """Words of kept lines that the vocabulary does not know, the most frequent first.

    Returns
    -------
    DataFrame
        ``table``, ``column``, ``value``, ``lines``, and one place: ``source_file``, ``source_sheet``, ``source_row``.
    """
    words = data.warnings[data.warnings.reason == "unmapped_word"]
    words = words.merge(data.files[[*SOURCE[:2], "table"]], on=list(SOURCE[:2]), validate="m:1")
    groups = words.groupby(["table", "column", "value"], as_index=False)
    found = groups.agg(lines=("value", "size"), **{name: (name, "first") for name in SOURCE})
    return found.sort_values(
        ["lines", "table", "column", "value"], ascending=[False, True, True, True], ignore_index=True
    )


def reasons(lines: pd.DataFrame) -> pd.DataFrame:
    """Ledger lines by reason and column: ``reason``, ``column``, ``lines``; the most frequent first.

    Examples
    --------
    >>> lines = pd.DataFrame({"reason": ["title", "total", "title"], "column": [""] * 3})
    >>> reasons(lines)
      reason column  lines
    0  title             2
    1  total             1
    """
    found = lines.groupby(["reason", "column"], as_index=False).size().rename(columns={"size": "lines"})
    return found.sort_values(["lines", "reason", "column"], ascending=[False, True, True], ignore_index=True)


def described_files(data: Data) -> pd.DataFrame:
    """How every sheet was read, and what was not certain about it.

    Returns
    -------
    DataFrame
        ``data.files`` with ``read_as`` (dict) and ``doubts`` (list of [reason, detail]).
    """
    files = data.files
    return files.assign(read_as=files["read_as"].map(from_json), doubts=files["doubts"].map(from_json))


def from_json(text: str) -> Any:
    """What a column of ``data.files`` holds as JSON."""
    return json.loads(text)
