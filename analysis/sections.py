"""The sections of a report: what each of them shows of the data.

A section takes what was read and counted and gives a piece of page in one language. It computes nothing that another
section or the command line could compute differently: figures come from ``metrics`` and ``counts``.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from importlib import metadata
from math import isnan
from typing import Any

import pandas as pd

from analysis.answers import first_day, silent_months
from analysis.counts import (
    CHANNELS,
    RESOLVED,
    TIMELINESS,
    count_fates,
)
from analysis.drift_page import show_accepted, show_drift
from analysis.editions import EVERYTHING, Edition
from analysis.editions_page import show_edition, show_held
from analysis.handbook_page import mistake_sentences
from analysis.labels import HELD, NOTHING, Labels
from analysis.messages import in_language
from analysis.metrics import MEASURES
from analysis.page import MOST_HELD, MOVED, Html, show_more, show_notices, show_sentences, show_table, tag
from analysis.periods import Period
from analysis.privacy import shown
from analysis.sentences import limits, sentences, unread
from analysis.settings_page import JUDGING, rule_sentences, show_settings
from analysis.store import Data
from analysis.tables import SOURCE
from analysis.targets_page import card_notes, scope_sentences

CARDS = (
    "received",
    "online_share",
    "resolved",
    "on_time_rate",
    "open",
    "overdue",
    "outgoing_electronic",
    "incoming_electronic",
)
"""The figures that stand first."""

MOST_LINES = 50
"""How many rejected lines and doubts a page names one by one."""

VERSIONS = ("pandas", "pyarrow", "matplotlib", "statsmodels", "papermill", "nbconvert")


def show_head(data: Data, period: Period, *, edition: Edition = EVERYTHING, labels: Labels) -> Html:
    """The title block of a period, and of which edition, if it is the public one."""
    title = labels.name("sentences.title", period=labels.period(period))
    head = show_title(data, title, period=period, edition=edition, labels=labels)
    return Html(head + show_edition(edition, labels=labels))


def show_title(
    data: Data, title: str, *, period: Period | None = None, edition: Edition = EVERYTHING, labels: Labels
) -> Html:
    """The title block: of whom, of which days, up to when, and whether the data are made up or for the public."""
    day = labels.name(f"sentences.as_of_{data.as_of_basis}", day=labels.day(data.as_of)) + "."
    if period:
        days = labels.name("sentences.days", first=labels.day(period.first), last=labels.day(period.last))
        day = f"{days}. {day}"
    badge = tag("p", labels.name("sentences.made_up"), "sample") if data.is_sample else ""
    badge += tag("p", labels.name("editions.name_public"), "edition") if edition.is_public else ""
    parts = [tag("p", data.name, "unit"), tag("h1", title), tag("p", day, "asof")]
    return Html(f'<header class="head">{badge}{"".join(parts)}</header>')


def show_missing(data: Data, period: Period, *, edition: Edition = EVERYTHING, labels: Labels) -> Html:
    """What limits the figures, before any of them: exports that changed, files that could not be read, and days that
    nobody delivered; in the public edition without what the files say themselves.
    """
    if edition.is_public:
        return show_notices([*unread(data, labels=labels), *limits(data, period, labels=labels)])
    unusable = [*mistake_sentences(data.handbook, labels=labels), *scope_sentences(data, labels=labels)]
    named = Html(show_drift(data, labels=labels) + show_notices([*unread(data, labels=labels), *unusable]))
    if len(data.problems):
        headings = _headings(("source_file", "message"), labels)
        told = data.problems.assign(message=[in_language(text, labels.lang) for text in data.problems.message])
        named = Html(named + show_table(told, headings=headings, caption=labels.name("captions.unread_files")))
    return Html(named + show_notices(limits(data, period, labels=labels)))


def show_cards(
    headline: pd.DataFrame, *, targets: pd.DataFrame | None = None, moved: pd.DataFrame | None = None, labels: Labels
) -> Html:
    """The first figures, large, each with its change against the same days of the year before.

    With ``targets``, as from ``targets.targets_of``, a card says whether that of its measure is met, or how many are short;
    a measure that has a target has a card. With ``moved``, as from ``effects.effect``, the figures that corrections of the
    handbook move are marked.
    """
    notes = card_notes(targets, labels=labels) if targets is not None else {}
    cards, marks = [], _marks(moved)
    for name, row in _known(headline, dict.fromkeys([*CARDS, *notes])).items():
        compared = _compared(name, row, labels)
        change = tag("p", compared, "change") if compared else ""
        goals = "".join(tag("p", note, "target") for note in notes.get(name, []))
        figure = tag("p", value_of(name, row["value"], labels) + marks.get((name, "value"), ""), "value")
        named = tag("p", labels.name(f"measures.{name}"), "name")
        cards.append(f'<div class="card">{named}{figure}{change}{goals}</div>')
    return Html(f'<div class="cards">{"".join(cards)}</div>')


def show_headline(headline: pd.DataFrame, *, moved: pd.DataFrame | None = None, labels: Labels) -> Html:
    """Every figure beside the same days of the year before, the whole of it, and the change; ``moved`` as for ``show_cards``."""
    columns = ("measure", "value", "before", "change", "whole")
    rows = headline_rows(headline, moved=moved, labels=labels)
    table, caption = pd.DataFrame(rows, columns=list(columns)), labels.name("captions.headline")
    return show_table(table, headings=_headings(columns, labels), caption=caption)


def headline_rows(headline: pd.DataFrame, *, moved: pd.DataFrame | None = None, labels: Labels) -> list[dict[str, str]]:
    """As ``show_headline``, the texts of its rows: ``measure``, ``value``, ``before``, ``change``, ``whole``."""
    marks = _marks(moved)
    return [
        {
            "measure": labels.name(f"measures.{name}"),
            "change": change_of(name, row["change"], labels),
            **{
                column: value_of(name, row[column], labels) + marks.get((name, column), "")
                for column in ("value", "before", "whole")
            },
        }
        for name, row in _known(headline, MEASURES).items()
        if any(row[column] != 0 for column in ("value", "before", "whole") if not isnan(row[column]))
    ]


def show_headline_sentences(data: Data, headline: pd.DataFrame, period: Period, *, labels: Labels) -> Html:
    """The headline in words; what limits it is said before, by ``show_missing``."""
    told = sentences(headline, labels, unit=data.name, period=period, first=first_day(data, "dossiers"))
    return show_sentences([*told, *rule_sentences(data, names=JUDGING, labels=labels)])


def show_fates(data: Data, *, edition: Edition = EVERYTHING, labels: Labels) -> Html:
    """What became of every line of every file; in the public edition no line is shown by itself."""
    fates = count_fates(data.ledger)
    sums = fates.drop(columns=["source_file", "source_sheet"]).sum()
    names = {fate: labels.name(f"fates.{fate}") for fate in labels.texts["fates"]}
    parts = [f"{labels.number(sums[fate])} {name[0].lower()}{name[1:]}" for fate, name in names.items() if sums[fate]]
    words = {"lines": labels.number(sums.lines), "files": labels.number(fates.source_file.nunique())}
    told = show_sentences([labels.name("sentences.read", parts="; ".join(parts), **words)])
    files = data.files.merge(fates.drop(columns="lines"), on=list(SOURCE[:2]), how="left", validate="1:1")
    shown = files.assign(
        source_file=_sheets(files),
        table=files.table.map(lambda table: labels.name(f"tables.{table}")),
        exported_on=files.exported_on.map(labels.day),
        **{c: files[c].fillna(0).map(labels.number) for c in ("lines", *names)},
    )
    columns = _headings(("source_file", "table", "exported_on", "lines"), labels) | names
    caption, summary = labels.name("captions.each_file"), labels.name("headings.each_file")
    files_shown = show_table(shown, headings=columns, caption=caption, summary=summary)
    if edition.is_public:
        return Html(told + files_shown)
    return Html(
        told
        + files_shown
        + show_doubtful_files(data, labels=labels)
        + show_rejected(data, labels=labels)
        + show_doubts(data, labels=labels)
    )


def show_doubtful_files(data: Data, *, labels: Labels) -> Html:
    """What was not certain about a whole file: a choice, a cut, something left out."""
    rows = [
        {"source_file": file, "doubt": labels.doubt(reason, detail)}
        for file, doubts in zip(_sheets(data.files), data.files.doubts, strict=True)
        for reason, detail in json.loads(doubts)
    ]
    if not rows:
        return Html("")
    rest = len(rows) - MOST_LINES
    more = labels.name("sentences.more_lines", number=labels.number(rest), table="files")
    notice = show_notices([labels.name("sentences.doubtful_files")])
    headings = _headings(("source_file", "doubt"), labels)
    shown = show_table(
        pd.DataFrame(rows), headings=headings, caption=labels.name("captions.doubtful_files"), most=MOST_LINES
    )
    return Html(notice + shown + (show_more(more) if rest > 0 else ""))


def _sheets(table: pd.DataFrame) -> pd.Series:
    """The file and the sheet of each row, as one text."""
    return table.source_file.str.cat(table.source_sheet, sep=" · ").str.removesuffix(" · ")


def show_rejected(data: Data, *, labels: Labels) -> Html:
    """Every rejected line, by its place, with what is wrong with it."""
    rejected = data.rejected
    if rejected.empty:
        return show_notices([labels.name("sentences.none_rejected")], good=True)
    notice = show_notices([labels.name("sentences.rejected", number=labels.number(len(rejected)))])
    return Html(notice + _show_lines(rejected, "fates", "rejected_lines", labels))


def show_doubts(data: Data, *, labels: Labels) -> Html:
    """Every doubt about a line that is used."""
    doubts = data.warnings
    if doubts.empty:
        return show_notices([labels.name("sentences.none_warned")], good=True)
    return Html(
        show_notices([labels.name("sentences.warned", number=labels.number(len(doubts)))])
        + _show_lines(doubts, "warnings", "doubtful_lines", labels)
    )


def _show_lines(lines: pd.DataFrame, table: str, caption: str, labels: Labels) -> Html:
    few = lines.head(MOST_LINES + MOST_HELD)
    told = few.assign(
        source_file=_sheets(few),
        source_row=few.source_row.astype("str"),
        reason=[labels.reason(r, c) for r, c in zip(few.reason, few.column, strict=True)],
        text=[shown(value, column) for value, column in zip(few.value, few.column, strict=True)],
    )
    rest = len(lines) - MOST_LINES
    more = labels.name("sentences.more_lines", number=labels.number(rest), table=table)
    headings = _headings(("source_file", "source_row", "reason", "text"), labels)
    named = labels.name(f"captions.{caption}")
    shown_lines = show_table(told, headings=headings, caption=named, most=MOST_LINES, of=len(lines))
    return Html(shown_lines + (show_more(more) if rest > 0 else ""))


def show_intake(
    data: Data,
    monthly: pd.DataFrame,
    period: Period,
    *,
    edition: Edition = EVERYTHING,
    labels: Labels,
) -> Html:
    """The figures behind the chart of intake; ``monthly`` as ``Edition.cells`` gives it."""
    names = {c: labels.name(f"measures.{c if c != 'unknown' else 'unknown_channel'}") for c in CHANNELS}
    names |= {"received": labels.name("headings.total")}
    return _show_months(monthly, names, "intake", data, period, edition, labels)


def show_timeliness(
    data: Data,
    monthly: pd.DataFrame,
    period: Period,
    *,
    edition: Edition = EVERYTHING,
    labels: Labels,
) -> Html:
    """The figures behind the chart of timeliness; ``monthly`` as ``Edition.cells`` gives it."""
    names = {f"resolved_{t}": labels.name(f"measures.{t}") for t in TIMELINESS}
    whole = monthly.assign(resolved=monthly.get("resolved", monthly[list(RESOLVED)].sum(axis=1)))
    names |= {"resolved": labels.name("headings.total")}
    return _show_months(whole, names, "timeliness", data, period, edition, labels)


def _show_months(
    monthly: pd.DataFrame,
    names: Mapping[str, str],
    caption: str,
    data: Data,
    period: Period,
    edition: Edition,
    labels: Labels,
) -> Html:
    """Monthly counts, folded away; columns that are 0 throughout are left out, and a month that nobody delivered has
    no zeros.
    """
    columns = [column for column in names if monthly[column].ne(0).any()]
    silent = silent_months(data, "dossiers", period)
    unknown = [bool(silent.get(month)) and not monthly.loc[month, columns].any() for month in monthly.index]
    rows = monthly[columns].map(labels.number).mask(monthly[columns].isna(), HELD)
    rows[unknown] = NOTHING
    rows = rows.assign(month=[labels.month(month) + "*" * (month in silent) for month in monthly.index])
    headings = {"month": labels.name("headings.month")} | {column: names[column] for column in columns}
    named, summary = labels.name(f"captions.{caption}"), labels.name("headings.details")
    shown = show_table(rows, headings=headings, caption=named, summary=summary, copy=labels)
    note = show_sentences([labels.name("sentences.partly_silent")]) if set(silent) & set(monthly.index) else ""
    return Html(shown + show_held(rows, edition, labels=labels) + note)


def show_definitions(headline: pd.DataFrame, period: Period, *, labels: Labels) -> Html:
    """How each figure is made, with the numerator and denominator it has here."""
    rows, known = [], _known(headline, MEASURES)
    for name in labels.texts["definitions"]:
        section = "measures" if name in MEASURES else "headings"
        if name in MEASURES and name not in known:
            continue
        row = known.get(name, {})
        definition = labels.name(f"definitions.{name}", day=labels.day(period.last))
        numbers = {c: labels.number(row.get(c, float("nan"))) for c in ("numerator", "denominator")}
        value = value_of(name, row.get("value", float("nan")), labels)
        rows.append({"measure": labels.name(f"{section}.{name}"), "definition": definition, "value": value, **numbers})
    columns = ("measure", "definition", "numerator", "denominator", "value")
    table = pd.DataFrame(rows, columns=list(columns))
    return show_table(table, headings=_headings(columns, labels), caption=labels.name("captions.definitions"))


def show_provenance(
    data: Data,
    parameters: Mapping[str, str],
    *,
    edition: Edition = EVERYTHING,
    labels: Labels,
) -> Html:
    """From what, with what, and by what this page was made: enough to make it again; who accepted changes of the exports is
    no matter of the public edition.
    """
    files = data.files.assign(
        unread=[
            ", ".join(json.loads(a) + json.loads(b))
            for a, b in zip(data.files.personal, data.files.unknown, strict=True)
        ],
        lines=data.files.lines.map(labels.number),
        read_as=[", ".join(json.loads(chosen).values()) for chosen in data.files.read_as],
        sha256=data.files.sha256.str.replace(r"(.{16})(?=.)", r"\1 ", regex=True),  # may break across lines
    )
    files = files.assign(source_file=_sheets(files))
    run = [{"parameter": name, "value": value} for name, value in parameters.items()]
    versions = [{"program": name, "version": metadata.version(name)} for name in VERSIONS]
    versions.insert(0, {"program": "Python", "version": sys.version.split()[0]})
    versions.insert(0, {"program": "one-stop-analysis", "version": metadata.version("one-stop-analysis")})
    tables = {
        "files": (files, ("source_file", "lines", "read_as", "unread", "sha256")),
        "parameters": (pd.DataFrame(run), ("parameter", "value")),
        "versions": (pd.DataFrame(versions), ("program", "version")),
    }
    shown = {
        name: show_table(table, headings=_headings(columns, labels), caption=labels.name(f"captions.{name}"))
        for name, (table, columns) in tables.items()
    }
    accepted = "" if edition.is_public else show_accepted(data, labels=labels)
    settings = show_settings(data, edition=edition, labels=labels)
    return Html(shown["files"] + accepted + shown["parameters"] + settings + shown["versions"])


def write_figures(figures: pd.DataFrame, *, labels: Labels) -> pd.DataFrame:
    r"""Figures of several periods or groups, in the words and with the numbers of a page.

    Parameters
    ----------
    figures
        Index: names of ``metrics.MEASURES``; one column per period or group.

    Returns
    -------
    DataFrame
        The same shape; texts.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> figures = pd.DataFrame({"2021": [713, 0.1], "2022": [937, 163 / 937]}, index=["received", "online_share"])
    >>> write_figures(figures, labels=read_labels("en"))
                         2021    2022
    Dossiers received     713     937
    Online share       10.00%  17.40%
    """
    names = [labels.name(f"measures.{name}") for name in figures.index]
    texts = [
        [value_of(str(name), value, labels) for value in row]
        for name, row in zip(figures.index, figures.to_numpy(), strict=True)
    ]
    return pd.DataFrame(texts, index=names, columns=figures.columns)


def value_of(measure: str, value: float, labels: Labels) -> str:
    """A figure, written as its measure is: a count or a rate."""
    return labels.percent(value) if measure in MEASURES and MEASURES[measure].is_share else labels.number(value)


def change_of(measure: str, change: float, labels: Labels) -> str:
    """A change, written as its measure is."""
    return labels.change(change, of_rate=MEASURES[measure].is_share)


def _marks(moved: pd.DataFrame | None) -> dict[tuple[str, str], str]:
    """(measure, column) -> the mark behind a figure that corrections move."""
    return {} if moved is None else dict.fromkeys(zip(moved.measure, moved.figure, strict=True), MOVED)


def _compared(name: str, row: dict[str, float], labels: Labels) -> str:
    """A change and what it is against; empty where there is nothing to compare with."""
    if isnan(row["change"]):
        return ""
    before = value_of(name, row["before"], labels)
    return f"{change_of(name, row['change'], labels)} ({labels.name('headings.before')}: {before})"


def _known(headline: pd.DataFrame, names: Iterable[str]) -> dict[str, dict[str, float]]:
    """The figures that the exports say something about: name -> column -> value."""
    rows: dict[Any, dict[Any, float]] = headline.to_dict("index")
    return {name: rows[name] for name in names if pd.notna(rows[name]["value"])}


def _headings(columns: Iterable[str], labels: Labels) -> dict[str, str]:
    return {column: labels.name(f"headings.{column}") for column in columns}
