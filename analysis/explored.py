"""What a choice selects: the dossiers it is about, and their figures, which are those of the report for the same choice.

Everything is computed from tables in memory. What no figure of the period or of the year before can count is left out first.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from analysis import stocks
from analysis.answers import is_silent
from analysis.catalogue import procedure_keys, procedure_names
from analysis.counts import (
    PROMISED,
    RESOLVED,
    by_month,
    count_events,
    count_intake,
    ended_on,
    promised_on,
    total,
    within,
)
from analysis.definitions import on_time_definitions, online_definitions
from analysis.exploration import BLANK, PARTS, Choice, ChoiceRefused
from analysis.labels import NOTHING
from analysis.metrics import headline, on_time_rate, online_share
from analysis.month_notes import notes_of
from analysis.periods import FORMS, Period, Unanswerable, read_day, read_period, until, year_before
from analysis.store import Data
from analysis.systems import timed_systems, with_rules
from analysis.trends import breaks_of, breaks_within
from analysis.vocabulary import Vocabulary, fold

OF_RULES = (PROMISED, "judged_by", "due_is_timed", "latest_receipt", "pause_counts")
"""The columns that ``systems.with_rules`` brings."""

KEY, NAME = "procedure_key", "procedure_name"
"""Columns of ``Reading``: what tells the procedure of a dossier, and its one name."""

COLUMN = {"procedure": KEY}
"""Part of a choice -> the column it is about, where it has another name."""


class Reading:
    """What was read, with what exploring it again and again needs, computed once.

    Parameters
    ----------
    data
        Of all units, with the columns of ``counts.REPORTED``; what the handbook says is in it.
    """

    def __init__(self, data: Data) -> None:
        keys, names = (each(data.dossiers, data.procedures) for each in (procedure_keys, procedure_names))
        own = {KEY: keys.astype("category"), NAME: names.astype("category")}
        plain = data.dossiers.assign(first_due_on=promised_on(data.dossiers), **own)
        self.data, self._plain = data, plain.drop(columns=[c for c in OF_RULES if c in plain])
        self._ruled: dict[tuple[str, str, str], pd.DataFrame] = {}

    @cached_property
    def procedures(self) -> dict[str, str]:
        """Key of each procedure -> its name; the one of most dossiers first."""
        pairs = self._plain.groupby([KEY, NAME], observed=True).size().sort_values(ascending=False, kind="stable")
        named = pd.DataFrame(pairs.index.tolist(), columns=["key", "name"]).astype("str").drop_duplicates("key")
        return dict(zip(named.key, named.name, strict=True))

    @cached_property
    def breaks(self) -> pd.DataFrame:
        """What breaks the series of all exports; see ``trends.breaks_of``."""
        whole = Period("all", self._plain.received_on.min().normalize(), self.data.as_of)
        return breaks_of(self.data, whole)

    def names(self, part: str) -> list[str]:
        """What a part of a choice can be, in order; ``BLANK`` last, where some dossier leaves it open."""
        column = self._plain[COLUMN.get(part, part)].astype("str").fillna("")
        known = sorted(set(column.unique()))
        return [name for name in known if name] + [BLANK] * ("" in known)

    def years(self) -> list[int]:
        """The years in which a dossier came in, the last first."""
        years = self._plain.received_on.dt.year.dropna().unique()
        return sorted((int(year) for year in years if year <= self.data.as_of.year), reverse=True)

    def usual(self) -> Choice:
        """The year of the data."""
        return Choice(period=str(self.data.as_of.year))

    def ruled(self, choice: Choice) -> pd.DataFrame:
        """The dossiers of the unit with the rules of the choice, and the day each left; kept for the next time."""
        key = (choice.unit, choice.due, choice.judged_by)
        if key not in self._ruled:
            of_unit = _where(self._plain, "unit", choice.unit)
            words = with_choice(self.data.vocabulary, choice)
            judged = with_rules(of_unit, words, timed=timed_systems(of_unit, words))
            if len(self._ruled) > 3:
                self._ruled.pop(next(iter(self._ruled)))
            self._ruled[key] = judged.assign(ended=ended_on(judged))
        return self._ruled[key]

    def named(self, choice: Choice) -> Choice:
        """The choice with the names of the exports, where it spells one otherwise.

        Raises
        ------
        ChoiceRefused
            If no dossier has a name; with the nearest.
        """
        found = {part: self._name(part, getattr(choice, part)) for part in PARTS if part != "channel"}
        return replace(choice, period=choice.period or self.usual().period, **found)

    def _name(self, part: str, typed: str) -> str:
        known = self.names(part) if typed else []
        if not typed or typed in known:
            return typed
        naming = self.data.naming
        wanted = {fold(typed), fold(naming.spelling_of(part, typed)), fold(naming.name_of(part, typed))}
        near = [name for name in known if fold(name) in wanted]
        if near:
            return near[0]
        raise ChoiceRefused("no_name", part=part, typed=typed, near=nearest(typed, known))


def nearest(typed: str, known: Sequence[str]) -> str:
    """The name most like one that was typed."""
    by = {fold(name): name for name in known}
    return by[difflib.get_close_matches(fold(typed), list(by), n=1, cutoff=0)[0]] if by else NOTHING


def with_choice(words: Vocabulary, choice: Choice) -> Vocabulary:
    """The vocabulary with the rules of a choice, which then hold for every system.

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> with_choice(read_vocabulary(), Choice(due="current")).setting("due", "any system")
    'current'
    """
    own = {name: value for name in ("due", "judged_by") if (value := getattr(choice, name))}
    if not own:
        return words
    systems = {
        key: system._replace(settings={n: v for n, v in system.settings.items() if n not in own})
        for key, system in words.systems.items()
    }
    return words._replace(settings={**words.settings, **own}, systems=systems)


def explore(reading: Reading, choice: Choice) -> "Explored":
    """What a choice selects.

    Raises
    ------
    ChoiceRefused
        If the period or the day is none, lies after the data, is one of which the exports say nothing, or if no dossier fits.
    """
    choice = reading.named(choice)
    data = reading.data.with_(unit=choice.unit, vocabulary=with_choice(reading.data.vocabulary, choice))
    if choice.as_of:
        data = data.with_(as_of=_day(choice.as_of), as_of_basis="given")
    asked, span = _span(choice, data)
    dossiers = reading.ruled(choice)
    for part in PARTS:
        dossiers = _where(dossiers, COLUMN.get(part, part), getattr(choice, part))
    near = _within(dossiers, year_before(span).first, span.last)
    if near.empty:
        raise ChoiceRefused("nothing", chosen=choice.line())
    return Explored(data.with_(dossiers=near), choice, asked, span, breaks_within(reading.breaks, span))


def _day(typed: str) -> pd.Timestamp:
    try:
        return read_day(typed)
    except Unanswerable:
        raise ChoiceRefused("bad_day", typed=typed) from None


def _span(choice: Choice, data: Data) -> tuple[Period, Period]:
    """The period that was asked for, and as far as it is known."""
    try:
        asked = read_period(choice.period)
    except Unanswerable:
        backwards = ".." in choice.period and choice.period.partition("..")[0] > choice.period.partition("..")[2]
        why, values = ("period_backwards", {}) if backwards else ("bad_period", {"forms": FORMS.replace(", or ", ", ")})
        raise ChoiceRefused(why, typed=choice.period, **values) from None
    days = {"first": asked.first.date().isoformat()}
    if asked.first > data.as_of:
        raise ChoiceRefused("after_data", **days, day=data.as_of.date().isoformat())
    if is_silent(data, "dossiers", until(asked, data.as_of)):
        raise ChoiceRefused("no_answers", **days, last=asked.last.date().isoformat())
    return asked, until(asked, data.as_of)


def _where(dossiers: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    """The dossiers of one name in a column; all of them for none."""
    if not value:
        return dossiers
    texts = dossiers[column]
    blank = texts.isna() | texts.eq("")
    return dossiers[blank if value == BLANK else texts.eq(value).fillna(value=False)]


def _within(dossiers: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """The dossiers that any figure of some days can count: received by the last, and open or due or ended since the first."""
    counts = dossiers.ended.isna() | (dossiers.ended >= first) | (dossiers.first_due_on >= first)
    return dossiers[counts & (dossiers.received_on < last + pd.Timedelta(days=1))]


@dataclass(frozen=True)
class Explored:
    """The dossiers of a choice, and what is shown of them."""

    data: Data
    """With these dossiers only; everything else as it was read."""
    choice: Choice
    asked: Period
    span: Period
    """As far as it is known."""
    breaks: pd.DataFrame
    """What breaks a series within it; see ``trends.breaks_of``."""

    @cached_property
    def figures(self) -> pd.DataFrame:
        """``metrics.headline`` of dossiers, the two rates by the definitions of the choice; of documents nothing is told."""
        table = headline(self.data, self.span, tables=("dossiers",))
        for measure in self.defined():
            now, before = (self.by_definition(measure, days) for days in (self.span, year_before(self.span)))
            earlier = before.rate if pd.notna(table.before["received"]) else float("nan")
            row = {"value": now.rate, "numerator": now.numerator, "denominator": now.denominator, "before": earlier}
            table.loc[measure, [*row, "whole", "change"]] = [*row.values(), float("nan"), now.rate - earlier]
        return table

    def defined(self) -> dict[str, str]:
        """The rates that are not made as usual -> their definitions."""
        told = {"on_time_rate": (self.choice.on_time, "D1"), "online_share": (self.choice.online, "O1")}
        return {measure: name for measure, (name, usual) in told.items() if name != usual}

    def by_definition(self, measure: str, period: Period) -> pd.Series:
        """``numerator``, ``denominator`` and ``rate`` of one of the rates in some days; missing where it cannot be computed."""
        dossiers = _within(self.data.dossiers, period.first, period.last)
        name = self.choice.on_time if measure == "on_time_rate" else self.choice.online
        if measure == "on_time_rate":
            table = on_time_definitions(dossiers, period, only=[name])
        else:
            has = self.data.has("dossiers", "result_digitised")
            table = online_definitions(dossiers, self.data.procedures, period, has_results=has, only=[name])
        return table.astype("float64").iloc[0]

    @cached_property
    def notes(self) -> dict[pd.Period, str]:
        """The months that are not all known; see ``month_notes.notes_of``."""
        return notes_of(self.data, self.span)

    @cached_property
    def intake(self) -> pd.DataFrame:
        """Dossiers received per month and channel."""
        return by_month(count_intake(self.data.dossiers), self.span)

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """What happened per month, the columns of ``counts.EVENTS``."""
        return by_month(count_events(self.data.dossiers), self.span)

    @cached_property
    def still_open(self) -> pd.DataFrame:
        """The dossiers open at the end."""
        return stocks.open_on(self.data.dossiers, self.span.last)

    @cached_property
    def rates(self) -> pd.DataFrame:
        """Both rates of each month, in the shape of ``trends.monthly`` as far as ``trend_charts.plot_rates`` looks.

        Where a rate is not made as usual, what stands below and above it takes the place of the counts.
        """
        table = self.monthly[list(RESOLVED)].assign(received=self.intake.received, online=self.intake.online)
        for measure in self.defined():
            parts = pd.DataFrame([self.by_definition(measure, month) for month in self._months()], index=table.index)
            left = parts.denominator - parts.numerator
            own = {"resolved_early": parts.numerator, "resolved_on_time": 0, "resolved_late": left}
            online = {"online": parts.numerator, "received": parts.denominator}
            table = table.assign(**(own if measure == "on_time_rate" else online))
        whole = [month not in self.notes for month in table.index]
        return table.assign(online_share=online_share, on_time_rate=on_time_rate, is_whole=whole)

    def _months(self) -> list[Period]:
        months = pd.PeriodIndex(self.monthly.index)
        return [
            Period(str(m), max(m.start_time, self.span.first), min(m.end_time.normalize(), self.span.last))
            for m in months
        ]

    @cached_property
    def table(self) -> pd.DataFrame:
        """Counts and rates per row of what ``choice.table`` names.

        Returns
        -------
        DataFrame
            Index: months, or names in order of ``received``, most first. int64 ``received``, ``online``, ``resolved``,
            ``timely``, ``late``; float ``online_share`` (O1) and ``on_time_rate`` (D1), missing where nothing stands below;
            and, but for months, int64 ``open`` and ``overdue`` at the end.
        """
        if self.choice.table == "month":
            return _shown(self.monthly.assign(online=self.intake.online))
        dossiers: pd.DataFrame = self.data.dossiers
        column = NAME if self.choice.table == "procedure" else self.choice.table
        events = total(within(count_events(dossiers, by=[column]), self.span), by=[column])
        filed = within(count_events(dossiers[dossiers.channel.eq("online")], by=[column]), self.span)
        online = total(filed, by=[column])["received"].reindex(events.index, fill_value=0)
        still = stocks.count_open(dossiers, self.span.last, by=[column])[["open", "overdue"]]
        every = events.index.union(still.index)
        table = _shown(events.assign(online=online).reindex(every, fill_value=0))
        table = table.join(still.reindex(every, fill_value=0))
        counted = table[["received", "resolved", "open"]].any(axis=1)
        return table[counted].sort_values("received", ascending=False, kind="stable").rename(index={"": BLANK})


def _shown(events: pd.DataFrame) -> pd.DataFrame:
    timely = events.resolved_early + events.resolved_on_time
    table = events[["received", "online"]].assign(
        online_share=online_share(events), resolved=events[list(RESOLVED)].sum(axis=1), timely=timely,
        late=events.resolved_late, on_time_rate=on_time_rate(events),
    )  # fmt: skip
    return table.rename_axis(index=None, columns=None)
