"""What a page shows of why a rate moved, and of the channels within the same procedures."""

from collections.abc import Iterable
from math import isnan

import pandas as pd

from analysis.answers import covers
from analysis.catalogue import procedure_names
from analysis.counts import CHANNELS, count_events, count_intake, within
from analysis.decomposition import (
    SIDES,
    against_year_before,
    channel_gap,
    compare_channels,
    decompose,
    effects,
    on_time_parts,
    online_parts,
)
from analysis.labels import NOTHING, Labels
from analysis.page import Html, show_notices, show_sentences, show_table
from analysis.periods import Period, year_before
from analysis.store import Data

MOST = 5
"""Groups that are shown at once; the others are folded away."""

NEEDS = {"on_time_rate": "due_on", "online_share": "channel"}
"""Measure that can be split -> the column it needs, beside the one it is split by."""


def show_decomposition(
    data: Data, period: Period, *, by: str, measure: str = "on_time_rate", rule: str = "day", labels: Labels
) -> Html:  # fmt: skip
    """Why a rate moved against the same days of the year before, split by one column.

    Parameters
    ----------
    data
        What was read.
    period
        Cut at the day of the data (``periods.until``).
    by
        ``procedure``, ``field``, ``division`` or ``channel``.
    measure
        ``on_time_rate`` (D1) or ``online_share`` (O1).
    rule
        How lateness is judged; see ``counts.timeliness``.
    labels
        The language.

    Raises
    ------
    ValueError
        If the online share is to be split by channel: within a channel all or none are online.
    """
    if (measure, by) == ("online_share", "channel"):
        raise ValueError("the online share cannot be split by channel; split it by procedure, field or division.")
    grouped = labels.name(f"decomposition.by_{by}")
    if missing := _missing(data, (by, NEEDS[measure])):
        column = labels.name(f"columns.{missing}")
        return show_notices([labels.name("decomposition.no_column", column=column, by=grouped)])
    dossiers = _named(data, by)
    counts = (
        count_intake(dossiers, by=[by]) if measure == "online_share" else count_events(dossiers, by=[by], rule=rule)
    )
    parts = online_parts if measure == "online_share" else on_time_parts
    few = int(data.vocabulary.settings["few_dossiers"])
    table = decompose(*map(parts, against_year_before(counts, period, by=by)), few=few)
    sums = effects(table)
    if isnan(sums.change) or not covers(data, "dossiers", year_before(period)):
        return show_notices([labels.name("decomposition.no_comparison", by=grouped)])
    rows = _rows(table, by, labels)
    total = {
        "group": labels.name("decomposition.total"),
        "counted": _rated(sums.rate, table.whole.sum(), labels),
        "counted_before": _rated(sums.rate_before, table.whole_before.sum(), labels),
        **{c: labels.change(sums[c], of_rate=True) for c in ("within", "mix", "change")},
    }
    shown = pd.concat([rows.head(MOST), pd.DataFrame([total])])
    headings = _headings(("group", "counted_before", "counted", "within", "mix", "change"), labels)
    told = [moved_sentence(sums, by=by, measure=measure, labels=labels)]
    if table.is_small.any():
        told.append(labels.name("decomposition.few", number=labels.number(few)))
    rest = rows.iloc[MOST:]
    summary = labels.name("decomposition.rest", number=labels.number(len(rest)))
    words = {"measure": labels.name(f"measures.{measure}"), "by": grouped}
    others = labels.name("captions.decomposition_rest", **words)
    folded = show_table(rest, headings=headings, caption=others, summary=summary) if len(rest) else ""
    table_of = show_table(shown, headings=headings, caption=labels.name("captions.decomposition", **words))
    return Html(show_sentences(told) + table_of + folded)


def moved_sentence(sums: pd.Series, *, by: str, measure: str = "on_time_rate", labels: Labels) -> str:
    r"""How far a rate moved, and how much of it is mix.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> sums = pd.Series({"rate": 0.7018, "rate_before": 0.6342, "change": 0.0676, "within": 0.0809, "mix": -0.0133})
    >>> print(moved_sentence(sums, by="procedure", labels=read_labels("en")).replace("\xa0", " "))
    On-time rate rose by 6.76 pp, from 63.42% to 70.18%: +8.09 pp because results within each procedure changed, −1.33 pp
    because the mix of dossiers changed.
    """
    points = round(sums.change, 4)
    size = labels.change(abs(sums.change), of_rate=True).removeprefix("+")
    verb = labels.name(f"decomposition.{'rose' if points > 0 else 'fell' if points < 0 else 'same'}", size=size)
    return labels.name(
        f"decomposition.moved{'_up' if points > 0 else ''}",
        measure=labels.name(f"measures.{measure}"), verb=verb, by=labels.name(f"decomposition.by_{by}"),
        before=labels.percent(sums.rate_before), now=labels.percent(sums.rate),
        within=labels.change(sums.within, of_rate=True), mix=labels.change(sums.mix, of_rate=True),
    )  # fmt: skip


def show_channel_comparison(data: Data, period: Period, *, rule: str = "day", labels: Labels) -> Html:
    """Online against in person within the same procedures, and how many dossiers have nothing to be held against."""
    if missing := _missing(data, ("channel", "due_on", "procedure")):
        words = {"column": labels.name(f"columns.{missing}"), "by": labels.name("decomposition.by_channel")}
        return show_notices([labels.name("decomposition.no_column", **words)])
    counts = within(count_events(_named(data, "procedure"), by=["procedure", "channel"], rule=rule), period)
    table = compare_channels(counts)
    names = [labels.name(f"channels.{side}") for side in SIDES]
    sides = dict(zip(("first", "second"), names, strict=True))
    number, other = map(labels.number, table.without_counterpart)
    unmatched = labels.name("decomposition.without_counterpart", number=number, other=other, **sides)
    if table.standardised.isna().any():
        return show_notices([labels.name("decomposition.nothing_compared", **sides)])
    gap, low, high = channel_gap(table)
    rate, against = map(labels.percent, table.standardised)
    ends = {"gap": gap, "low": low, "high": high}
    words = {name: labels.change(end, of_rate=True) for name, end in ends.items()}
    told = [labels.name("decomposition.compared", rate=rate, other=against, **words, **sides)]
    if low <= 0 <= high:
        told.append(labels.name("decomposition.maybe_chance"))
    rate, against = map(labels.percent, table.rate)
    told += [labels.name("decomposition.compared_raw", rate=rate, other=against), unmatched]
    rows = pd.DataFrame(
        {
            "channel": names,
            "whole": [*map(labels.number, table.whole)],
            "rate": [*map(labels.percent, table.rate)],
            "in_both": [*map(labels.number, table.compared)],
            "in_one": [*map(labels.number, table.without_counterpart)],
            "standardised": [*map(labels.percent, table.standardised)],
            "interval": [f"{labels.percent(a)}\xa0–\xa0{labels.percent(b)}" for a, b in zip(table.low, table.high, strict=True)],
        }
    )  # fmt: skip
    headings = _headings([str(c) for c in rows], labels)
    return Html(
        show_sentences(told) + show_table(rows, headings=headings, caption=labels.name("captions.channel_comparison"))
    )


def _missing(data: Data, columns: Iterable[str]) -> str:
    """The first column that no export has; a procedure may be told by its code alone."""
    either = {"procedure": ("procedure", "procedure_code")}
    lacking = (c for c in columns if not any(data.has("dossiers", each) for each in either.get(c, (c,))))
    return next(lacking, "")


def _named(data: Data, by: str) -> pd.DataFrame:
    """The dossiers, each procedure under one name."""
    if by != "procedure":
        return data.dossiers
    return data.dossiers.assign(procedure=procedure_names(data.dossiers, data.procedures))


def _rows(table: pd.DataFrame, by: str, labels: Labels) -> pd.DataFrame:
    marks = ["*" * small for small in table.is_small]
    return pd.DataFrame(
        {
            "group": [_group(name, by, labels) + mark for name, mark in zip(table.index, marks, strict=True)],
            "counted": [_rated(*pair, labels) for pair in zip(table.rate, table.whole, strict=True)],
            "counted_before": [
                _rated(*pair, labels) for pair in zip(table.rate_before, table.whole_before, strict=True)
            ],
            **{c: [labels.change(value, of_rate=True) for value in table[c]] for c in ("within", "mix", "change")},
        }
    )


def _group(name: str, by: str, labels: Labels) -> str:
    if by == "channel" and name in CHANNELS:
        return labels.name(f"channels.{name}")
    return name or labels.name("decomposition.unknown")


def _rated(rate: float, whole: float, labels: Labels) -> str:
    """A rate with the number it is of."""
    return NOTHING if isnan(rate) else f"{labels.percent(rate)}\xa0({labels.number(whole)})"


def _headings(columns: Iterable[str], labels: Labels) -> dict[str, str]:
    return {c: labels.name(f"decomposition.{c}") for c in columns}
