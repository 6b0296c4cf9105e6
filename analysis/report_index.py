"""The list of reports: a card for every report of a folder, with its first figures and how its last run ended."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import nbformat
import pandas as pd

from analysis.frozen import read_signed
from analysis.html_page import record_in, tags_of, to_html
from analysis.labels import Labels, read_labels
from analysis.page import tag
from analysis.publication import publish
from analysis.run_state import NAME as RUNS
from analysis.run_state import Run, read_runs
from analysis.sections import value_of
from analysis.vintages import SIGNED, Vintage

CARD = ("received", "online_share", "on_time_rate", "open")
"""The figures of a card."""

WIDTH, HEIGHT = 160, 32
"""Of the small line of a card, in its own units."""


class Listed(NamedTuple):
    """A report of a folder."""

    name: str
    """Its file; there may be none yet, if its first run failed."""
    about: dict[str, str]
    """What it says of itself in its head."""
    record: dict[str, Any]
    run: Run | None
    signed: Sequence[Vintage] = ()
    """Those that were signed, the latest first."""


def write_index(folder: Path, *, lang: str = "vi") -> Path:
    """Write ``index.html``: a card for every report in a folder, by unit, the newest period first.

    Other HTML files are left out: a report is known by what ``to_html`` writes into its head. A report whose last run failed
    says since when; one that never was written is named too.
    """
    labels = read_labels(lang)
    listed = _listed(folder)
    parts = [f'<header class="head">{tag("h1", labels.name("index.title"))}</header>']
    for unit, reports in groupby(listed, key=_unit):
        cards = "".join(_card(report, labels) for report in reports)
        heading = tag("h2", unit or labels.name("index.others")) if len({*map(_unit, listed)}) > 1 else ""
        parts.append(f'{heading}<ul class="reports">{cards}</ul>')
    if folders := _folders(folder):
        parts.append(f'{tag("h2", labels.name("units.folders"))}<ul class="reports">{folders}</ul>')
    if not listed:
        parts.append(tag("p", labels.name("index.none")))
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", {"text/html": "".join(parts)})])
    page = to_html(nbformat.v4.new_notebook(cells=[cell]), title=labels.name("index.title"), lang=lang)
    publish({folder / "index.html": page.encode()})
    return folder / "index.html"


def _folders(folder: Path) -> str:
    """A card for each folder of a unit below, by the name of the unit."""
    cards = []
    for place in sorted(path.parent for path in folder.glob("*/index.html") if (path.parent / RUNS).is_file()):
        units = {report.about.get("unit", "") for report in _listed(place)} - {""}
        name = " · ".join(sorted(units)) or place.name
        cards.append(f'<li><a href="{quote(place.name)}/index.html">{escape(name)}</a></li>')
    return "".join(cards)


def about_of(page: str) -> dict[str, str]:
    """What a page says of itself in its head; empty for a page that is no report."""
    head, _, _ = page.partition("</head>")
    metas = [attributes for tag, attributes in tags_of(head) if tag == "meta"]
    named = {attributes.get("name") or "": attributes.get("content") or "" for attributes in metas}
    return {name.removeprefix("analysis-"): text for name, text in named.items() if name.startswith("analysis-")}


def _listed(folder: Path) -> list[Listed]:
    """Every report of a folder: those of a period by unit, the newest first, then those of all exports."""
    runs, listed = read_runs(folder), {}
    for path in sorted(folder.glob("*.html")):
        text = path.read_text("utf-8", errors="replace")
        about = about_of(text) if path.name != "index.html" else {}
        if about.get("title"):
            listed[path.name] = Listed(
                path.name, about, record_in(text), runs.get(path.name), read_signed(folder, path)
            )
    for name, run in runs.items():
        if run.outcome.code and name not in listed:
            listed[name] = Listed(name, {"title": Path(name).stem}, {}, run)
    newest = sorted(
        listed.values(), key=lambda report: report.about.get("period", "").rpartition("..")[2], reverse=True
    )
    return sorted(newest, key=lambda report: (not report.about.get("period"), _unit(report)))


def _unit(report: Listed) -> str:
    """The unit whose card it is; empty for what is of no period."""
    if not report.about.get("period"):
        return ""
    return report.about.get("unit") or str(report.record.get("unit", ""))


def _card(report: Listed, labels: Labels) -> str:
    about, lang = report.about, escape(report.about.get("lang", ""))
    title = escape(about["title"])
    if about.get("lang"):
        title = f'<a href="{quote(report.name)}" lang="{lang}" hreflang="{lang}">{title}</a>'
    as_of = labels.name("index.as_of", day=about["as_of"]) if about.get("as_of") else ""
    facts = " · ".join(filter(None, [about.get("period"), about.get("unit"), as_of, about.get("edition")]))
    figures, months = report.record.get("figures", {}), report.record.get("months", {})
    return (
        f"<li>{title}{tag('p', facts)}{_figures(figures, labels)}{_line(months, labels)}"
        f"{_state(report.run, labels) if report.run else ''}{_signed(report, labels)}</li>"
    )


def _figures(figures: Mapping[str, Any], labels: Labels) -> str:
    """The first figures of a report that are known."""
    known = {name: figures[name]["value"] for name in CARD if figures.get(name, {}).get("value") is not None}
    items = (
        f"<div>{tag('dt', labels.name(f'measures.{name}'))}{tag('dd', value_of(name, value, labels))}</div>"
        for name, value in known.items()
    )
    return f"<dl>{''.join(items)}</dl>" if known else ""


def _line(months: Mapping[str, int], labels: Labels) -> str:
    """Dossiers received per month as a small line; nothing where there are fewer than two months."""
    if len(months) < 2:
        return ""
    values = [int(number) for number in months.values()]
    step, top = WIDTH / (len(values) - 1), max(*values, 1)
    points = " ".join(f"{i * step:.1f},{HEIGHT - value / top * HEIGHT:.1f}" for i, value in enumerate(values))
    first, last = (labels.month(pd.Period(month)) for month in (next(iter(months)), [*months][-1]))
    said = labels.name(
        "index.line", first=first, last=last, least=labels.number(min(values)), most=labels.number(max(values))
    )
    return (
        f'<svg role="img" aria-label="{escape(said)}" viewBox="0 -2 {WIDTH} {HEIGHT + 4}" preserveAspectRatio="none">'
        f'<polyline points="{points}"/></svg>'
    )


def _signed(report: Listed, labels: Labels) -> str:
    """The editions that were signed, each with a link to what was signed."""
    parts = []
    for vintage in report.signed:
        words = {"number": vintage.number, **({"signed": labels.day(pd.Timestamp(vintage.day))} if vintage.day else {})}
        text = escape(labels.name("revisions.index_signed_on" if vintage.day else "revisions.index_signed", **words))
        place = quote(f"{SIGNED}/{Path(report.name).stem}/{vintage.path.parent.name}/{report.name}")
        parts.append(f'<p class="state"><a href="{place}">{text}</a></p>')
    return "".join(parts)


def _state(run: Run, labels: Labels) -> str:
    """How the last run ended, and since when nothing good came."""
    if run.failed_since is None:
        return tag("p", labels.name("index.good", at=labels.moment(run.at)), "state")
    since, at = (labels.moment(moment) for moment in (run.failed_since, run.at))
    return tag("p", labels.name("index.failed", since=since, at=at, code=str(run.outcome.code)), "notice")
