"""What a page says of the figures that moved since the edition before, and since the one that was signed."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from analysis.handbook_form import read_form
from analysis.labels import Labels
from analysis.metrics import MEASURES
from analysis.page import Html, show_list, show_notices, show_sentences, show_table
from analysis.periods import Period, until
from analysis.record import figures_of, record
from analysis.revisions import GROUPS, PARTS, late_rows, parts, reasons, revisions
from analysis.sections import CARDS, value_of
from analysis.settings_page import said
from analysis.store import Data
from analysis.vintages import Vintage, read_vintage, said_of

MOST_NAMED = 3
"""How many figures, or files with late dossiers, a sentence names."""

NONE_LATE = pd.Series(dtype="int64")
NO_PARTS = pd.MultiIndex.from_arrays([[], []], names=["measure", "column"])


def show_revisions(
    data: Data, period: Period, figures: pd.DataFrame, *, moved: pd.DataFrame, before: str = "", signed: str = "",
    labels: Labels,
) -> Html:  # fmt: skip
    """Which headline figures are others than in the edition before and in the signed one, by how much, and what differs.

    Parameters
    ----------
    data, period
        What was read, and the period, not cut at any day.
    figures, moved
        As from ``metrics.headline`` and ``effects.effect``.
    before, signed
        The files of vintages, as ``comparison.compared`` names them; empty for none.

    Returns
    -------
    Html
        One line where nothing moved.
    """
    if not before and not signed:
        return show_sentences([labels.name("revisions.first")])
    now = record(data, until(period, data.as_of), figures, parameters={}, moved=moved)
    held = {path: read_vintage(path) for path in (before, signed) if path}
    if before and signed and said_of(held[before].record) == said_of(held[signed].record):
        del held[before]  # it is the signed one, before it was signed
    return Html("".join(_show(data, period, vintage, now, labels) for vintage in held.values()))


def show_since_signed(figures: pd.DataFrame, *, signed: str, labels: Labels) -> Html:
    """In one line at the head of a page: whether its figures are those of the signed edition; nothing if there is none."""
    if not signed:
        return Html("")
    vintage = read_vintage(signed)
    table = revisions(vintage.record, {"figures": figures_of(figures)})
    table, which = table[table.column == "value"], labels.name("revisions.signed_short", number=vintage.number)
    if table.empty:
        return show_notices([labels.name("revisions.headline_same", which=which)], good=True)
    named = [
        labels.name(
            "revisions.headline_part", name=labels.name(f"measures.{row['measure']}"),
            before=value_of(row["measure"], row["before"], labels), now=value_of(row["measure"], row["now"], labels),
        )
        for row in table[table.measure.isin(CARDS)].head(MOST_NAMED).to_dict("records")
    ]  # fmt: skip
    told = labels.name("revisions.headline_parts", parts="; ".join(named)) if named else ""
    words = {"which": which, "number": labels.number(len(table)), "parts": told}
    return show_notices([labels.name("revisions.headline", **words)])


def which_of(vintage: Vintage, labels: Labels) -> str:
    """A vintage in words: when it was made, or its number, and of which day its data are."""
    day = labels.day(pd.Timestamp(vintage.record["as_of"]))
    if not vintage.number:
        at = f"{labels.day(pd.Timestamp(vintage.at))} {vintage.at:%H:%M}"
        return labels.name("revisions.before", at=at, day=day)
    if not vintage.day:
        return labels.name("revisions.signed", number=vintage.number, day=day)
    signed = labels.day(pd.Timestamp(vintage.day))
    return labels.name("revisions.signed_on", number=vintage.number, signed=signed, day=day)


def _show(data: Data, period: Period, vintage: Vintage, now: Mapping[str, Any], labels: Labels) -> Html:
    """How the figures stand against one vintage."""
    table, why = revisions(vintage.record, now), reasons(vintage.record, now)
    late = (
        late_rows(data, until(period, data.as_of), vintage.record) if "rows" in {*why.kind.map(GROUPS)} else NONE_LATE
    )
    listed, which = _show_reasons(why, vintage, late, labels), which_of(vintage, labels)
    if table.empty:
        unmoved = labels.name("revisions.unmoved", which=which)
        return Html(show_sentences([unmoved if len(why) else f"{unmoved} {labels.name('revisions.same')}"]) + listed)
    several = len({*why.kind.map(GROUPS)}) > 1  # else the whole change is of one thing
    known = parts(data, period, vintage.record, now) if several else pd.DataFrame(index=NO_PARTS, columns=[*PARTS])
    shown = _figures(table.join(known.astype("float64"), on=["measure", "column"]), labels)
    told = [
        labels.name("revisions.moved", which=which, counts=_counts(table, labels)),
        _why(why, late, labels, is_parted="rest" in shown),
    ]
    return Html(show_sentences(told) + _show_figures(shown, vintage, labels) + listed)


def _counts(table: pd.DataFrame, labels: Labels) -> str:
    """How many figures moved, of the period and of the year before."""
    of_period = int((table.column == "value").sum())
    counts = {"of_period": of_period, "of_before": len(table) - of_period}
    return labels.several(
        labels.name(f"revisions.moved_{name}", number=labels.number(number))
        for name, number in counts.items()
        if number
    )


def _why(why: pd.DataFrame, late: "pd.Series[int]", labels: Labels, *, is_parted: bool) -> str:
    """The reason, if there is one alone; else all of them."""
    groups = {group: labels.name(f"revisions.group_{group}") for group in dict.fromkeys(why.kind.map(GROUPS))}
    if not groups:
        return labels.name("revisions.no_reason")
    if len(late):
        most = late.sort_values(ascending=False, kind="stable").head(MOST_NAMED)
        files = [
            labels.name("revisions.late_file", file=str(file), dossiers=labels.number(dossiers))
            for file, dossiers in most.items()
        ]
        groups["rows"] = labels.name("revisions.group_rows_late", files="; ".join(files))
    if len(groups) == 1:
        return labels.name("revisions.only", reason=labels.several(groups.values()))
    key = "revisions.several" if is_parted else "revisions.several_whole"
    return labels.name(key, reasons=labels.several(groups.values()))


def _figures(rows: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """The figures that moved, as texts, with those parts of the changes of which anything can be seen."""
    parted = rows.assign(rest=rows.change - rows[[*PARTS]].fillna(0.0).sum(axis=1))
    shown = pd.DataFrame(
        {
            "measure": [_named(*each, labels) for each in zip(rows.measure, rows.column, strict=True)],
            **{name: _texts(rows, name, value_of, labels) for name in ("before", "now")},
            **{name: _texts(parted, name, signed_of, labels) for name in ("change", *PARTS, "rest")},
        }
    )
    seen = [name for name in PARTS if shown[name].str.contains("[1-9]").any()]
    return shown[["measure", "before", "now", "change", *seen, *(["rest"] if seen else [])]]


def _texts(
    rows: pd.DataFrame, name: str, write: Callable[[str, float, Labels], str], labels: Labels
) -> list[str]:  # fmt: skip
    return [write(measure, value, labels) for measure, value in zip(rows.measure, rows[name], strict=True)]


def _named(measure: str, column: str, labels: Labels) -> str:
    name = labels.name(f"measures.{measure}")
    if column == "value":
        return name
    return labels.name("revisions.of_year_before", name=name, column=labels.name(f"headings.{column}"))


def signed_of(measure: str, value: float, labels: Labels) -> str:
    r"""A difference of figures with its sign, written as its measure is.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> [signed_of(name, value, read_labels("vi")) for name, value in (("late", -1.0), ("open", 1234.0), ("on_time_rate", 0.0117))]
    ['−1', '+1.234', '+1,17 điểm\xa0%']
    """
    if MEASURES[measure].is_share or pd.isna(value):
        return labels.change(value, of_rate=True)
    return ("+" if round(value, 1) > 0 else "−" if round(value, 1) < 0 else "") + labels.number(abs(value))


def _show_figures(shown: pd.DataFrame, vintage: Vintage, labels: Labels) -> Html:
    headings = {str(name): labels.name(f"revisions.head_{name}") for name in shown if name != "measure"}
    headings = {"measure": labels.name("headings.measure"), **headings, **_head_before(vintage, labels)}
    caption = labels.name("revisions.figures_caption", which=which_of(vintage, labels))
    return show_list(shown, headings=headings, caption=caption, labels=labels)


def _head_before(vintage: Vintage, labels: Labels) -> dict[str, str]:
    return {"before": labels.name("revisions.head_signed" if vintage.number else "revisions.head_before")}


def _show_reasons(why: pd.DataFrame, vintage: Vintage, late: "pd.Series[int]", labels: Labels) -> Html:
    """What differs, folded away."""
    if why.empty:
        return Html("")
    rows = [_reason(row, late, labels) for row in why.to_dict("records")]
    headings = {name: labels.name(f"revisions.head_{name}") for name in ("kind", "what", "before", "now")}
    headings |= _head_before(vintage, labels)
    caption = labels.name("revisions.reasons_caption", which=which_of(vintage, labels))
    summary = labels.name("revisions.why", number=labels.number(len(rows)))
    return show_table(pd.DataFrame(rows), headings=headings, caption=caption, summary=summary)


def _reason(row: Mapping[Any, str], late: "pd.Series[int]", labels: Labels) -> dict[str, str]:
    """One thing that differs, in words."""
    kind, what, before, now = (row[name] for name in ("kind", "what", "before", "now"))
    if kind.startswith("files_"):
        before, now = (labels.name("revisions.lines", lines=labels.number(int(n))) if n else "" for n in (before, now))
        if what in late.index:
            words = {"lines": labels.number(int(row["now"])), "dossiers": labels.number(int(late[what]))}
            now = labels.name("revisions.late", **words)
    elif kind == "as_of":
        before, now = (labels.day(pd.Timestamp(day)) for day in (before, now))
    elif kind == "setting":
        before, now = (said(what, value, labels) for value in (before, now))
        names = read_form().choices["settings"]
        what = names[what][labels.lang] if what in names else what
    elif kind in {"corrections", "names"}:
        before, now = (labels.name("revisions.number", number=labels.number(int(n or 0))) for n in (before, now))
    elif kind in {"words", "systems", "calendar"}:
        now = labels.name("revisions.other_content")
    return {"kind": labels.name(f"revisions.kind_{kind}"), "what": what, "before": before, "now": now}
