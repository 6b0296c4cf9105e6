"""Revisions: which published figures moved between two vintages of a report, by how much, and why.

What is known is said, and nothing more: each input that differs is named, and of each change the parts that can be computed exactly are
computed: by making the figures again up to the earlier day, by the earlier rules, and without corrections. What is left is not divided.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isclose, isnan
from typing import Any

import pandas as pd

from analysis.counts import is_received
from analysis.effects import FIGURES, SAME, effect
from analysis.metrics import headline
from analysis.periods import Period, Unanswerable, until, year_before
from analysis.record import figures_of
from analysis.store import Data
from analysis.tables import SOURCE
from analysis.vocabulary import OF_DOSSIERS

PARTS = ("day", "rules", "corrections")
"""The parts of a change that can be computed, in the order in which they are taken away."""

GROUPS = {
    **dict.fromkeys(("files_added", "files_changed", "files_gone", "unreadable", "readable"), "rows"), "as_of": "day",
    "setting": "settings", "words": "words", "systems": "settings", "corrections": "corrections", "names": "names",
    "calendar": "calendar", "program": "program", "code": "program",
}  # fmt: skip
"""Kind of reason -> what it is of; if all are of one thing, that is the reason."""

REASON = ("kind", "what", "before", "now")


def revisions(before: Mapping[str, Any], now: Mapping[str, Any]) -> pd.DataFrame:
    """The headline figures that two records have differently.

    Parameters
    ----------
    before, now
        As from ``record.record``; their ``figures`` are enough.

    Returns
    -------
    DataFrame
        One row per figure: ``measure``, ``column`` (of ``effects.FIGURES``), ``before``, ``now`` and ``change``, floats,
        missing where a figure is not known. First those of the period, in the order of the page.

    Examples
    --------
    >>> one = {"figures": {"received": {"value": 937, "before": 713}, "late": {"value": 255, "before": 229}}}
    >>> other = {"figures": {"received": {"value": 940, "before": 713}, "late": {"value": None, "before": 230}}}
    >>> revisions(one, other)
        measure  column  before    now  change
    0  received   value   937.0  940.0     3.0
    1      late   value   255.0    NaN     NaN
    2      late  before   229.0  230.0     1.0
    """
    said = _joined(before["figures"], now["figures"])
    moved = said[[not _same(*pair) for pair in zip(said.before, said.now, strict=True)]].reset_index(drop=True)
    return moved.assign(change=moved.now - moved.before)


def _joined(before: Mapping[str, Any], now: Mapping[str, Any]) -> pd.DataFrame:
    """Every figure of two records, side by side."""
    rows = [
        (measure, column, before.get(measure, {}).get(column), now.get(measure, {}).get(column))
        for column in FIGURES
        for measure in {**now, **before}
    ]
    kinds = {"measure": "str", "column": "str", "before": "float64", "now": "float64"}
    return pd.DataFrame(rows, columns=[*kinds]).astype(kinds)


def _same(one: float, other: float) -> bool:
    return (isnan(one) and isnan(other)) or isclose(one, other, rel_tol=1e-12)


def reasons(before: Mapping[str, Any], now: Mapping[str, Any]) -> pd.DataFrame:
    """What two records were made from and by, where that differs.

    Parameters
    ----------
    before, now
        As from ``record.record``.

    Returns
    -------
    DataFrame
        One row per input that differs, as text: ``kind`` (a key of the labels, after ``revisions.kind_``), ``what`` (the
        file, the setting, the program), ``before`` and ``now`` (lines, days, values, versions; blank where there is none).

    Examples
    --------
    >>> one = {"as_of": "2022-11-10", "files": {"a.csv": {"sha256": "1", "lines": 4}}, "settings": {"due": "first"}}
    >>> other = {"as_of": "2022-11-10", "files": {**one["files"], "b.csv": {"sha256": "2", "lines": 3}}, "settings": {"due": "current"}}
    >>> reasons(one, other)
              kind   what before      now
    0  files_added  b.csv               3
    1      setting    due  first  current
    """
    rows = [*_rows(before, now), *_told(before, now), *_made(before, now)]
    return pd.DataFrame(rows, columns=list(REASON)).astype("str")


def _rows(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Files and days."""
    one, other = before.get("files", {}), now.get("files", {})
    for file in sorted({**one, **other}):
        lines = tuple(str(held[file]["lines"]) if file in held else "" for held in (one, other))
        if file not in one or file not in other:
            yield ("files_added" if file in other else "files_gone", file, *lines)
        elif one[file]["sha256"] != other[file]["sha256"]:
            yield ("files_changed", file, *lines)
    bad = [set(record.get("unreadable", [])) for record in (before, now)]
    for file in sorted(bad[0] ^ bad[1]):
        yield ("unreadable" if file in bad[1] else "readable", file, "", "")
    if before.get("as_of") != now.get("as_of"):
        yield ("as_of", "", str(before.get("as_of", "")), str(now.get("as_of", "")))


def _told(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """What a department says: settings, words, systems, corrections, names, days."""
    one, other = before.get("settings", {}), now.get("settings", {})
    for name in {**one, **other}:
        if one.get(name, "") != other.get(name, ""):
            yield ("setting", name, str(one.get(name, "")), str(other.get(name, "")))
    for name in ("words", "systems"):
        if _of(before, "vocabulary", name) != _of(now, "vocabulary", name):
            yield (name, "", "", "")
    for name in ("corrections", "names"):
        if _of(before, name, "sha256") != _of(now, name, "sha256"):
            yield (name, "", _of(before, name, "number"), _of(now, name, "number"))
    if _of(before, "calendar", "sha256") != _of(now, "calendar", "sha256"):
        yield ("calendar", "", _of(before, "calendar", "years"), _of(now, "calendar", "years"))


def _made(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Programs; of this one, whose text may change between versions, the beginning of its checksum."""
    one, other = before.get("programs", {}), now.get("programs", {})
    for name in {**one, **other}:
        if one.get(name) != other.get(name):
            kind = "code" if name == "code" else "program"
            yield (kind, "" if name == "code" else name, one.get(name, "")[:12], other.get(name, "")[:12])


def _of(record: Mapping[str, Any], part: str, name: str) -> str:
    return str(record.get(part, {}).get(name, ""))


def parts(data: Data, period: Period, before: Mapping[str, Any], now: Mapping[str, Any]) -> pd.DataFrame:
    """How much of the change of each figure is exactly due to what.

    The figures of today's exports are made again up to the day of the record before (what is gone by this is of ``day``: the
    period went on), then by its rules (``rules``), and then without corrections, whose effect is held against the one that
    they had (``corrections``). The rest of a change is of lines, words and all else, together.

    Parameters
    ----------
    data
        What ``now`` was made from.
    period
        Not cut at any day.
    before, now
        As from ``record.record``.

    Returns
    -------
    DataFrame
        Index: ``measure`` and ``column``; floats ``day``, ``rules``, ``corrections``: 0 where that did not differ, missing where
        it is not known.
    """
    current, steps, last = _series(now["figures"]), {}, until(period, data.as_of)
    try:
        cut = until(period, pd.Timestamp(before["as_of"]))
        if cut != last:
            last, current, steps["day"] = _replayed(data, period, cut, current)
        ruled = _by_rules(data, before.get("settings", {}))
        if ruled is not data:
            last, current, steps["rules"] = _replayed(ruled, period, last, current)
    except Unanswerable:  # of so early a day the exports say nothing
        return pd.DataFrame(index=current.index, columns=list(PARTS), dtype="float64")
    steps["corrections"] = _corrected(ruled, period, last, before, now, is_replayed=len(steps) > 0)
    return pd.DataFrame({name: steps.get(name, 0.0) for name in PARTS}, index=current.index)


def _replayed(
    data: Data, period: Period, cut: Period, current: pd.Series
) -> tuple[Period, pd.Series, pd.Series]:  # fmt: skip
    """The figures made again, and what of the present ones is gone by this."""
    made = _series(figures_of(headline(data, cut, whole_year=year_before(period)))).reindex(current.index)
    return cut, made, current - made


def _by_rules(data: Data, settings: Mapping[str, Any]) -> Data:
    """Data judged by the rules of a record; the same, if they are its own."""
    held = data.vocabulary.settings
    rules = {name: settings[name] for name in OF_DOSSIERS if name in settings and settings[name] != held[name]}
    if not rules:
        return data
    kept = {name: table for name, table in data.__dict__.items() if name in SAME}
    return replace(data, vocabulary=data.vocabulary._replace(settings={**held, **rules})).with_(**kept)


def _corrected(
    data: Data, period: Period, cut: Period, before: Mapping[str, Any], now: Mapping[str, Any], *, is_replayed: bool
) -> pd.Series:
    """By how much more the corrections move each figure than they did."""
    earlier = _effect(before)
    if not is_replayed:
        return _effect(now) - earlier
    moved = effect(data, cut, whole_year=year_before(period)).set_index(["measure", "figure"]).difference
    return moved.rename_axis(["measure", "column"]).reindex(earlier.index).fillna(0.0) - earlier


def _effect(record: Mapping[str, Any]) -> pd.Series:
    """By how much corrections move each figure of a record; missing where the record does not tell."""
    figures = _series(record["figures"])
    if "as_exported" not in record:
        return figures * float("nan")
    without = _series(record["as_exported"]).reindex(figures.index)
    return (figures - without).fillna(0.0)


def _series(figures: Mapping[str, Mapping[str, Any]]) -> pd.Series:
    """Figures of a record, by measure and column."""
    held = {(name, column): row[column] for name, row in figures.items() for column in FIGURES if column in row}
    index = pd.MultiIndex.from_tuples([*held], names=["measure", "column"])
    return pd.Series([*held.values()], index=index, dtype="float64")


def late_rows(data: Data, period: Period, before: Mapping[str, Any]) -> pd.Series:
    """Of each file that is new or was changed since, how many dossiers came late: received in a period by the day of the record
    before, they stand in such files alone.

    Parameters
    ----------
    data
        What was read now.
    period
        Not cut at any day.
    before
        The record of the vintage before.

    Returns
    -------
    Series
        int64, dossiers, by the file of their first state, as a record names it. Empty where it is not
        sure: if more lines of the old files repeat others than did, a state may be of an old file as well.
    """
    held, files = before.get("files", {}), data.files[data.files.table == "dossiers"]
    names = _places(files)
    old = [held.get(name, {}).get("sha256") == sha256 for name, sha256 in zip(names, files.sha256, strict=True)]
    repeats = _repeats(data)
    if any(
        repeats.get(name, 0) != held[name].get("repeated", 0) for name, known in zip(names, old, strict=True) if known
    ):
        return pd.Series(dtype="int64")
    fresh = set(names[[not known for known in old]])
    key = ["source_system", "dossier_id"]
    lines = data.read("history", columns=[*key, *SOURCE[:2]])
    states = lines.assign(place=_places(lines)).set_index(key).place
    new = states[~states.index.isin(states.index[~states.isin(fresh)])]
    first = new[~new.index.duplicated()]
    now = data.named("dossiers", columns=[*key, "unit", "status", "received_on"])
    of_unit = now.unit == data.unit if data.unit else True
    known = until(period, min(data.as_of, pd.Timestamp(before["as_of"])))
    received = now[is_received(now, known) & of_unit].set_index(key).index
    return first[first.index.isin(received)].value_counts(sort=False).sort_index().rename("dossiers")


def _places(table: pd.DataFrame) -> pd.Series:
    """File and sheet, as a record names them."""
    file, sheet = (table[name].astype("str") for name in SOURCE[:2])
    return file.where(sheet == "", file + " · " + sheet)


def _repeats(data: Data) -> dict[str, int]:
    """How many lines of each file repeat others."""
    repeated = data.ledger[data.ledger.fate == "repeated"]
    return {str(place): int(lines) for place, lines in repeated.groupby(_places(repeated)).lines.sum().items()}
