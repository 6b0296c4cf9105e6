"""The sections of a page about the official tables: form II.06a, its four sums, the channels, the indicators."""

import pandas as pd

from analysis.counts import CHANNELS
from analysis.form_sentences import identity_sentences, policy_sentences, verdict
from analysis.forms import BESIDE, COLUMNS
from analysis.indicator_sentences import indicator_rows, indicator_sentences, term, value_of
from analysis.labels import Labels
from analysis.page import Html, show_notices, show_sentences, show_table
from analysis.periods import Period
from analysis.policies import Policy


def show_form(form: pd.DataFrame, period: Period, *, policy: Policy, labels: Labels) -> Html:
    """Form II.06a with the numbers of its columns, what stands beside it, and how it was counted."""
    by = form.columns[0]
    extra = [c for c in BESIDE if form[c].fillna(0).any()]
    rows = form.assign(**{by: _names(form, labels)}, **{c: form[c].map(labels.number) for c in (*COLUMNS, *extra)})
    headings = {
        by: f"{labels.name(f'forms.{by}')} (2)",
        **{c: f"{labels.name(f'forms.col_{c}')} ({number})" for c, number in COLUMNS.items()},
        **{c: labels.name(f"forms.beside_{c}") for c in extra},
    }
    caption = f"{labels.name('forms.number')} {labels.name('forms.days', **_days(period, labels))}"
    told = show_sentences(policy_sentences(policy, period, labels=labels))
    return Html(show_table(rows, headings=headings, caption=caption) + told)


def show_identities(checked: pd.DataFrame, *, labels: Labels) -> Html:
    """Whether the four sums of the form hold: for the total in words, then every row that is off."""
    told = show_sentences(identity_sentences(checked, labels=labels))
    off = checked[checked.off_by.fillna(0) != 0]
    if off.empty:
        untold = checked.off_by.isna().any()
        good = show_notices([labels.name("forms.every_row_holds")], good=True)
        return told if untold else Html(told + good)
    by = checked.columns[0]
    extra = [c for c in BESIDE if off[c].any()]
    numbers = ("whole", "parts", "off_by", *extra, "unexplained")
    rows = off.assign(
        **{by: _names(off, labels)},
        **{c: off[c].map(labels.number) for c in numbers},
        result=[verdict(row, labels=labels) for _, row in off.iterrows()],
    )
    headings = {
        by: labels.name(f"forms.{by}"),
        **{c: labels.name(f"forms.head_{c}") for c in ("identity", "whole", "parts", "off_by")},
        **{c: labels.name(f"forms.beside_{c}") for c in extra},
        **{c: labels.name(f"forms.head_{c}") for c in ("unexplained", "result")},
    }
    caption = labels.name("captions.rows_off")
    return Html(told + show_table(rows, headings=headings, caption=caption, summary=labels.name("forms.rows_off")))


def show_channels(channels: pd.DataFrame, *, labels: Labels) -> Html:
    """How the dossiers received came in: each channel that occurs, with its share."""
    by = channels.columns[0]
    known = [c for c in CHANNELS if channels[c].any()]
    rows = channels.assign(
        **{by: _names(channels, labels)},
        **{c: channels[c].map(labels.number) for c in ("received", *known)},
        **{f"{c}_share": channels[f"{c}_share"].map(labels.percent) for c in known},
    )
    headings = {by: labels.name(f"forms.{by}"), "received": labels.name("measures.received")}
    for channel in known:
        headings[channel] = labels.name(f"measures.{'unknown_channel' if channel == 'unknown' else channel}")
        headings[f"{channel}_share"] = labels.name("forms.head_share")
    return show_table(rows, headings=headings, caption=labels.name("forms.title_channels"))


def show_indicators(table: pd.DataFrame, *, labels: Labels) -> Html:
    """The indicators of Decision 766 with numerator, denominator and rule; folded away, what the others lack.

    Parameters
    ----------
    table
        As ``indicators.indicators`` gives it, or ``points.with_points``.
    """
    points = ["points", "full_points", "threshold"] if "points" in table else []
    told = indicator_rows(table, labels=labels)
    told = told.assign(name=told.indicator + " " + told["name"])
    values = [value_of(v, u, labels=labels) for v, u in zip(table["value"], table.unit, strict=True)]
    counts = {c: table[c].map(labels.number).array for c in ("numerator", "denominator", "unknown", *points)}
    rows = told.assign(value=values, **counts, **({"source": told.source.fillna("")} if points else {}))
    columns = ["name", "numerator", "denominator", "value", "unknown", *points, *(["source"] if points else []), "rule"]
    headings = {c: labels.name(f"indicators.head_{c}") for c in columns}
    known = rows.lacks == ""
    shown = (
        show_table(rows[known], headings=headings, caption=labels.name("captions.indicators")) if known.any() else ""
    )
    lacking = {c: headings[c] for c in ("name", "rule")}
    summary = labels.name("indicators.not_computed")
    caption = labels.name("captions.indicators_lacking")
    others = show_table(rows[~known], headings=lacking, caption=caption, summary=summary)
    notes = show_sentences(indicator_sentences(table, points=bool(points), labels=labels))
    return Html(shown + others + notes)


def show_handling_times(times: pd.DataFrame, *, labels: Labels) -> Html:
    """Indicator 2.2 procedure by procedure, beside the term of each; folded away."""
    rows = times.assign(
        procedure=times.procedure.where(times.procedure != "", labels.name("forms.no_name")),
        **{c: times[c].map(labels.number) for c in ("dossiers", "days", "mean_days", "no_calendar")},
        unit=[labels.name(f"indicators.unit_{unit}") for unit in times.unit],
        term=[term(*each, labels=labels) for each in zip(times.term_days, times.term_unit, strict=True)],
    )
    uncounted = ["no_calendar"] if times.no_calendar.any() else []
    columns = ("procedure", "procedure_code", "dossiers", "days", "mean_days", "unit", *uncounted, "term")
    headings = {c: labels.name(f"indicators.head_{c}") for c in columns}
    caption = labels.name("captions.handling_times")
    return show_table(rows, headings=headings, caption=caption, summary=labels.name("indicators.title_times"))


def _names(table: pd.DataFrame, labels: Labels) -> pd.Series:
    """The name of every row; of the total and of what has no name, in words."""
    names = table.iloc[:, 0].replace("", labels.name("forms.no_name"))
    return names.where(~table.is_total, labels.name("forms.whole"))


def _days(period: Period, labels: Labels) -> dict[str, str]:
    return {"first": labels.day(period.first), "last": labels.day(period.last)}
