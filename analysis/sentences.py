"""The headline figures in words, ready to paste into a report."""

from math import isnan

import pandas as pd

from analysis.answers import first_day, unanswered
from analysis.labels import NOTHING, Labels
from analysis.periods import Period, year_before
from analysis.store import Data
from analysis.tables import EVENT_DAYS

FEW = 5
"""How many files that cannot be read a sentence names."""


def sentences(headline: pd.DataFrame, labels: Labels, *, unit: str, period: Period, first: pd.Timestamp) -> list[str]:
    """The headline figures as sentences, each with its numbers.

    Parameters
    ----------
    headline
        What ``metrics.headline`` gives.
    labels
        The language.
    unit
        The name of the department or of the unit.
    period
        Cut at the day of the data.
    first
        The first day of the dossiers, for where they do not reach back to the year before.

    Returns
    -------
    list of str
        Only of what the exports say something about.
    """
    dossiers = dossier_sentences(headline, labels, unit=unit, period=period, first=first)
    balanced = [] if isnan(headline.value["received"]) else [balance_sentence(headline, labels)]
    return [*dossiers, *balanced, *document_sentences(headline, labels)]


def dossier_sentences(
    headline: pd.DataFrame, labels: Labels, *, unit: str, period: Period, first: pd.Timestamp
) -> list[str]:
    """Those of ``sentences`` that are about dossiers, without the balance."""
    figures = _Figures(headline, labels)
    if isnan(figures.of("received")):
        return [labels.name("sentences.no_dossiers")]
    return [
        _received(figures, unit, period),
        _compared(figures, first),
        *_resolved(figures),
        _open(figures, period),
        *_ended_otherwise(figures),
    ]


def document_sentences(headline: pd.DataFrame, labels: Labels) -> list[str]:
    """Those of ``sentences`` that are about documents and meetings."""
    figures = _Figures(headline, labels)
    found = [*(_documents(figures, direction) for direction in ("outgoing", "incoming")), _meetings(figures)]
    return [sentence for sentence in found if sentence]


def balance_sentence(headline: pd.DataFrame, labels: Labels) -> str:
    """Where every dossier of the period went, as one sum.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> values = {"carried_over": 0, "received": 937, "resolved": 855, "withdrawn": 9, "returned": 6, "open": 67}
    >>> print(balance_sentence(pd.DataFrame({"value": values}), read_labels("en")))
    Balance: 0 carried over + 937 received = 855 resolved + 9 withdrawn + 6 returned + 67 open.
    """
    figures = _Figures(headline, labels)
    ends = [e for e in labels.texts["ends"] if figures.of(e) > 0]
    parts = " + ".join(f"{figures.number(e)} {labels.name(f'ends.{e}')}" for e in ends)
    return figures.say("balance", carried_over="carried_over", received="received", text={"parts": parts or "0"})


def unread(data: Data, *, labels: Labels) -> list[str]:
    """That some files could not be read, and which."""
    if data.problems.empty:
        return []
    files = labels.several([*data.problems.source_file[:FEW], *["…"] * (len(data.problems) > FEW)])
    return [labels.name("sentences.unread", number=labels.number(len(data.problems)), files=files)]


def limits(data: Data, period: Period, *, labels: Labels) -> list[str]:
    """Of which days of the period, and of those that it is compared with, the exports say nothing; and where they are
    of more than the unit.
    """
    found = []
    for table in EVENT_DAYS:
        if not (data.files.table == table).any():
            continue
        name = {"table": labels.name(f"tables.{table}")}
        for days in unanswered(data, table, period):
            first, last = labels.day(days.first), labels.day(days.last)
            begun = data.begins[table] < days.first
            if days == (period.first, period.last, False):
                found.append(labels.name("sentences.silent_throughout", first=first, last=last, **name))
            elif not begun:
                begins = labels.day(first_day(data, table))
                found.append(labels.name("sentences.begins", first=begins, day=first, **name))
            elif days.last == period.last:
                reached = labels.day(days.first - pd.Timedelta(days=1))
                found.append(labels.name("sentences.behind", last=reached, day=last, **name))
            else:
                found.append(labels.name("sentences.silent", first=first, last=last, **name))
        before = year_before(period)
        for days in unanswered(data, table, before) if data.begins[table] <= before.first else []:
            words = {"first": labels.day(days.first), "last": labels.day(days.last)}
            found.append(labels.name("sentences.silent_before", **words, **name))
    if data.unit and len(data.documents) + len(data.meetings):
        found.append(labels.name("sentences.whole_department", unit=data.unit))
    return found


def matured_sentences(matured: pd.DataFrame, *, labels: Labels) -> list[str]:
    """The last month that can be judged, and those that cannot.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> matured = pd.DataFrame(
    ...     {"on_time": [9, 4], "on_time_rate": [0.75, 1.0], "on_time_rate_matured": [0.5, None], "low": [0.4, None], "high": [0.6, None],
    ...      "is_ripe": [True, False]}, index=pd.period_range("2022-09", periods=2, freq="M"))
    >>> for sentence in matured_sentences(matured, labels=read_labels("en")):
    ...     print(sentence)
    The last month that can be judged is Sep 2022: 50.00% of its dossiers have a result in time (95% interval 40.00% to
    60.00%); of those resolved so far it is 75.00%.
    Too early to judge: Oct 2022; the 100.00% of Oct 2022 are of the resolved dossiers only, which are the quick ones.
    """
    known, unripe = matured[matured.on_time_rate_matured.notna()], matured[~matured.is_ripe]
    told = [labels.name("maturity.says_none")]
    if len(known):
        last = known.iloc[-1]
        rates = {"rate": last.on_time_rate_matured, "low": last.low, "high": last.high, "plain": last.on_time_rate}
        words = {name: labels.percent(rate) for name, rate in rates.items()}
        told = [labels.name("maturity.says", month=labels.month(known.index[-1]), **words)]
    if unripe.empty:
        return told
    months = labels.several(map(labels.month, unripe.index))
    plain = unripe.on_time_rate.dropna()
    if plain.empty:
        return [*told, labels.name("maturity.says_unripe_plain", months=months)]
    fullest = unripe.loc[plain.index].sort_values("on_time", kind="stable").iloc[-1]
    words = {"plain": labels.percent(fullest.on_time_rate), "month": labels.month(fullest.name)}
    return [*told, labels.name("maturity.says_unripe", months=months, **words)]


class _Figures:
    """Headline figures that write themselves."""

    def __init__(self, headline: pd.DataFrame, labels: Labels) -> None:
        self.headline = headline
        self.labels = labels

    def of(self, measure: str, column: str = "value") -> float:
        return float(self.headline[column].get(measure, float("nan")))

    def number(self, measure: str, column: str = "value") -> str:
        return self.labels.number(self.of(measure, column))

    def say(self, sentence: str, *, text: dict[str, str] | None = None, **measures: str) -> str:
        """A sentence with the numbers of some measures."""
        numbers = {place: self.number(measure) for place, measure in measures.items()}
        return self.labels.name(f"sentences.{sentence}", **numbers, **(text or {}))

    def moved(self, measure: str) -> str:
        """The change of a count, in words."""
        change = self.of(measure, "change")
        if isnan(change):
            return NOTHING
        key = "same" if round(change, 4) == 0 else "more" if change > 0 else "fewer"
        return self.labels.name(f"sentences.{key}", size=self.labels.percent(abs(change)))

    def against(self, measure: str) -> str:
        """The change in a subordinate clause; nothing where there is none."""
        if isnan(self.of(measure, "change")):
            return ""
        text = {"change": self.moved(measure), "before": self.number(measure, "before")}
        return self.labels.name("sentences.against", **text)


def _received(figures: _Figures, unit: str, period: Period) -> str:
    labels = figures.labels
    parts = []
    for channel in labels.texts["channels"]:
        measure = "unknown_channel" if channel == "unknown" else channel
        if figures.of(measure) > 0:
            share = labels.percent(figures.of(measure) / figures.of("received"))
            text = {"number": figures.number(measure), "name": labels.name(f"channels.{channel}"), "share": share}
            parts.append(labels.name("sentences.part_share", **text))
    days = {"first": labels.day(period.first), "last": labels.day(period.last)}
    channels = f": {labels.several(parts)}" if parts else ""
    return figures.say("received", received="received", text={"unit": unit, "channels": channels, **days})


def _compared(figures: _Figures, first: pd.Timestamp) -> str:
    if isnan(figures.of("received", "before")):
        return figures.say("no_comparison", text={"first": figures.labels.day(first)})
    before, whole = (figures.number("received", column) for column in ("before", "whole"))
    rest = figures.labels.name("sentences.whole", number=whole) if whole != before else ""
    return figures.say("received_change", text={"change": figures.moved("received"), "before": before, "whole": rest})


def _resolved(figures: _Figures) -> list[str]:
    if isnan(figures.of("on_time_rate")):
        return [figures.say("resolved_only", resolved="resolved")]
    text = {"rate": figures.labels.percent(figures.of("on_time_rate"))}
    found = [figures.say("resolved", resolved="resolved", timely="timely", late="late", text=text)]
    return found + ([figures.say("resolved_no_due", number="no_due")] if figures.of("no_due") > 0 else [])


def _open(figures: _Figures, period: Period) -> str:
    known = [measure for measure in ("paused", "overdue") if not isnan(figures.of(measure))]
    parts = figures.labels.several(figures.say(measure, number=measure) for measure in known)
    among = figures.labels.name("sentences.among", parts=parts) if parts else ""
    return figures.say("open", open="open", text={"last": figures.labels.day(period.last), "among": among})


def _ended_otherwise(figures: _Figures) -> list[str]:
    ended = [e for e in ("withdrawn", "returned", "transferred") if figures.of(e) > 0]
    parts = [f"{figures.number(e)} {figures.labels.name(f'ends.{e}')}" for e in ended]
    return [figures.say("ended", text={"parts": figures.labels.several(parts)})] if parts else []


def _documents(figures: _Figures, direction: str) -> str:
    measure = f"{direction}_electronic"
    if isnan(figures.of(measure)):
        return ""
    share = figures.labels.percent(figures.of(f"{direction}_signed_share"))
    return figures.say(direction, number=measure, text={"change": figures.against(measure), "share": share})


def _meetings(figures: _Figures) -> str:
    if isnan(figures.of("meetings_online")):
        return ""
    return figures.say("meetings", number="meetings_online", text={"change": figures.against("meetings_online")})
