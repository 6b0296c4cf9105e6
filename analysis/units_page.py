"""What the page of all units shows: a row for each, and one for all of them."""

from collections.abc import Mapping

import pandas as pd

from analysis.labels import NOTHING, Labels
from analysis.metrics import MEASURES
from analysis.page import Html, show_sentences, show_table
from analysis.store import Data
from analysis.units import ALL

SHARES = ("online_share", "on_time_rate")


def show_units(data: Data, units: pd.DataFrame, year: int, *, labels: Labels) -> Html:
    """The figures of each unit in one year, and of all units; rates of few dossiers have a mark.

    Parameters
    ----------
    data
        What was read; the setting ``few_dossiers`` says how many are few.
    units
        As from ``units.by_unit``.
    year
        Of the figures.
    """
    few = int(data.vocabulary.settings["few_dossiers"])
    of = {"online_share": units.received, "on_time_rate": units.resolved}
    rows = units.drop(columns=["unknown"] if not units.unknown.any() else [])
    told = {
        str(name): [
            _share(value, number < few, labels) if name in SHARES else labels.number(value)
            for value, number in zip(column, of.get(str(name), units.received), strict=True)
        ]
        for name, column in rows.items()
    }
    table = pd.DataFrame({"unit": _names(units.index, labels), **told})
    caption = labels.name("units.caption", year=str(year))
    note = labels.name("units.few", number=labels.number(few)) if _has_few(units, few) else ""
    shown = show_table(table, headings=_headings(table, labels), caption=caption, copy=labels)
    return Html(shown + (show_sentences([note]) if note else ""))


def show_years(years: Mapping[int, pd.DataFrame], measure: str, *, labels: Labels) -> Html:
    """One figure of each unit, year by year; nothing where there is but one year."""
    if len(years) < 2:
        return show_sentences([labels.name("units.one_year")])
    rows = pd.DataFrame({str(year): units[measure] for year, units in sorted(years.items())})
    rows = rows.loc[[*sorted(rows.index.drop(ALL)), ALL]]
    write = labels.percent if measure in SHARES else labels.number
    told = rows.map(lambda value: NOTHING if pd.isna(value) else write(float(value)))
    told.insert(0, "unit", _names(rows.index, labels))
    headings = {"unit": labels.name("units.unit")} | {str(year): str(year) for year in sorted(years)}
    caption = labels.name("units.by_year", measure=labels.name(f"measures.{measure}"))
    return show_table(told.reset_index(drop=True), headings=headings, caption=caption, copy=labels)


def _share(value: float, is_few: bool, labels: Labels) -> str:
    return NOTHING if pd.isna(value) else labels.percent(value) + "*" * is_few


def _has_few(units: pd.DataFrame, few: int) -> bool:
    return bool((units.received.between(1, few - 1) | units.resolved.between(1, few - 1)).any())


def _names(index: pd.Index, labels: Labels) -> list[str]:
    named = {"": labels.name("units.none"), ALL: labels.name("units.all")}
    return [named.get(str(unit), str(unit)) for unit in index]


def _headings(table: pd.DataFrame, labels: Labels) -> dict[str, str]:
    return {str(c): labels.name(f"measures.{c}" if c in MEASURES else f"units.{c}") for c in table}
