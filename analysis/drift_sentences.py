"""What changed in the exports, in words; for the screen and for a page."""

import pandas as pd

from analysis.drift import is_others
from analysis.labels import Labels
from analysis.privacy import LONGEST_WORD, shown

LONGEST_HEADING = 60
"""Characters of a heading that are shown."""


def drift_sentences(drift: pd.DataFrame, *, labels: Labels) -> list[str]:
    """Every change as one sentence, in the order of the table.

    Parameters
    ----------
    drift
        As ``drift.find_drift`` gives it.

    Returns
    -------
    list of str
        Words and headings of exports are cut where they could be a person's; see ``privacy.shown``.

    Examples
    --------
    >>> from analysis.drift import no_drift
    >>> from analysis.labels import read_labels
    >>> row = dict.fromkeys(no_drift(), "") | {
    ...     "kind": "moved", "file": "a.csv", "column": "resolved_on", "before": "Ngày có kết quả", "after": "Ngày hoàn thành"}
    >>> drift_sentences(pd.DataFrame([row]), labels=read_labels("en"))
    ['a.csv: the day of the result now comes from the column “Ngày hoàn thành”; it came from “Ngày có kết quả”.']
    """
    return [_sentence({str(name): str(text) for name, text in row.items()}, labels) for row in drift.to_dict("records")]


def _sentence(row: dict[str, str], labels: Labels) -> str:
    kind, before, after, column = (row[name] for name in ("kind", "before", "after", "column"))
    name = labels.name(f"columns.{column}") if column in labels.texts["columns"] else column
    words = {
        "place": labels.name("drift.sheet", file=row["file"], sheet=row["sheet"]) if row["sheet"] else row["file"],
        "table": _table(row["table"], labels),
        "system": row["system"],
        "column": name,
        "lines": labels.number(float(row["lines"] or "nan")),
        "before": _heading(before),
        "after": _heading(after),
    }
    if kind == "other_table":
        tables = {"before": _table(before, labels), "after": _table(after, labels)}
        return labels.name("drift.kind_other_table" if after else "drift.kind_other_table_none", **words | tables)
    if kind == "vanished" and after:
        return labels.name("drift.kind_vanished_new", **words)
    if kind == "new_word":
        return _new_word(row, words, labels)
    if kind == "rejects":
        words |= {"before": labels.percent(float(before)), "after": labels.percent(float(after))}
    if kind == "volume":
        was, found = float(before), float(after)
        change = labels.change(found / was - 1) if was else "–"
        words |= {"before": labels.number(was), "after": labels.number(found), "change": change}
    return labels.name(f"drift.kind_{kind}", **words)


def _new_word(row: dict[str, str], words: dict[str, str], labels: Labels) -> str:
    told = words | {"after": shown(row["after"], row["column"])}
    if is_others(row["after"]):
        return labels.name("drift.kind_new_word_others", **told)
    if not row["meaning"]:
        return labels.name("drift.kind_new_word_unknown", **told)
    return labels.name("drift.kind_new_word", **told, meaning=labels.name(f"drift_meanings.{row['meaning']}"))


def _table(table: str, labels: Labels) -> str:
    return labels.name(f"tables.{table}") if table in labels.texts["tables"] else table


def _heading(text: str) -> str:
    """Headings as they may be shown: the beginning of long ones, little of what looks like the number of a person."""
    several = [each.strip() for each in text.split("; ")]
    cut = [shown(h, "status") if len(h) <= LONGEST_WORD else h[:LONGEST_HEADING] for h in several]
    return "; ".join(f"{c}…" if len(h) > LONGEST_HEADING else c for h, c in zip(several, cut, strict=True))
