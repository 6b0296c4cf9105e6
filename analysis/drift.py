"""When the exports change under us: what of a new sheet is understood otherwise than before.

A renamed column must not move a rate overnight in silence. Each new content is held against what is known of its source (a
table of one system); ``memory`` says what is known, and a page says each change before any figure.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from analysis.understanding import OTHERS, Understanding, Word, key_of, series_of
from analysis.vocabulary import fold
from analysis.volume import begin_together, expected_lines

KINDS = (
    "memory_damaged", "source_gone", "other_table", "moved", "vanished", "appeared", "new_word", "rejects", "volume",
)  # fmt: skip
"""Every kind of change, the gravest first."""

TEXTS = ("table", "system", "file", "sheet", "kind", "column", "before", "after", "meaning")
"""Columns of text; ``lines`` (int64) is the only other."""

LIKE = 0.5
"""Sheets that share so much of their headings (common ÷ all) can be compared by their lines."""


class Known(NamedTuple):
    """What is known of every source."""

    sheets: Sequence[Understanding]
    """From the oldest to the latest."""
    contents: frozenset[str] = frozenset()
    """Contents that were read before; see ``Understanding.content``."""
    words: frozenset[tuple[str, str, str, str]] = frozenset()
    """(table, system, column, word as it folds) of every word that was seen before."""


def no_drift() -> pd.DataFrame:
    """No change.

    Examples
    --------
    >>> len(no_drift())
    0
    """
    return _changes([])


def find_drift(
    known: Known, now: Sequence[Understanding], *, settings: Mapping[str, Any], unread: Sequence[str] = ()
) -> pd.DataFrame:
    """What has changed in the exports since they were last accepted.

    Parameters
    ----------
    known
        What was understood before. A sheet that is still there as it was counts as it is understood now: a vocabulary that was
        changed is no change of the exports.
    now
        What all sheets are understood as.
    settings
        ``drift_rejects_points``, ``drift_least_rejects``, ``drift_volume_percent``, ``drift_least_lines`` and the calendar.
    unread
        Files that cannot be read: their sources are not gone.

    Returns
    -------
    DataFrame
        One row per change, the gravest first: ``table``, ``system``, ``file``, ``sheet``, ``kind`` (of ``KINDS``), ``column``,
        ``before``, ``after``, ``meaning`` (texts; of ``moved`` and ``appeared`` headings, of ``rejects`` shares of 1, of
        ``volume`` numbers of lines, expected and found) and ``lines`` (that are concerned; 0 where that is not known).
        No row if nothing is known of a source: its first reading is the baseline.

    Examples
    --------
    >>> old = Understanding("a_1.csv", "", "1", "dossiers", "desk", {"resolved_on": "Ngày có kết quả"}, [], {}, 9, 0, "", "")
    >>> new = old._replace(file="a_2.csv", sha256="2", columns={"resolved_on": "Ngày hoàn thành"})
    >>> settings = {"drift_volume_percent": 40, "drift_least_lines": 30, "drift_rejects_points": 5, "drift_least_rejects": 5}
    >>> find_drift(Known([old], frozenset([old.content])), [old, new], settings=settings)[["kind", "column", "before", "after"]]
        kind       column           before            after
    0  moved  resolved_on  Ngày có kết quả  Ngày hoàn thành
    """
    if not known.sheets:
        return no_drift()
    before = refreshed(known, now)
    new = [each for each in now if each.content not in known.contents]
    found = [*_gone(before, now, unread), *_other_tables(before, now, new)]
    for each in new:
        of_source = [old for old in before if old.source == each.source]
        if of_source and each.table:
            found += [
                *_columns(each, of_source),
                *_rejects(each, of_source, settings),
                *_volume(each, of_source, settings),
            ]
    return _changes([*found, *_words(known, before, new)])


def refreshed(known: Known, now: Sequence[Understanding]) -> list[Understanding]:
    """What is known, with the sheets that are still there as they are understood now."""
    held = {each.content: each for each in now if each.content in known.contents}
    gone = [old for old in known.sheets if old.content not in held]
    return sorted([*gone, *held.values()], key=_age)


def _age(sheet: Understanding) -> tuple[str, ...]:
    return sheet.last, sheet.file, sheet.sheet, sheet.sha256


def _changes(found: Sequence[dict[str, Any]]) -> pd.DataFrame:
    rows = pd.DataFrame(found, columns=[*TEXTS, "lines"]).astype({**dict.fromkeys(TEXTS, "str"), "lines": "int64"})
    return rows.assign(grave=rows.kind.map(KINDS.index)).sort_values(
        ["grave", "table", "system", "file", "sheet", "column", "after"], ignore_index=True
    ).drop(columns="grave")  # fmt: skip


def _change(sheet: Understanding, kind: str, **told: Any) -> dict[str, Any]:
    place = {name: getattr(sheet, name) for name in ("table", "system", "file", "sheet")}
    return {**dict.fromkeys(TEXTS, ""), "lines": sheet.lines, **place, "kind": kind, **told}


# --- whole sheets ----------------------------------------------------------------------------------------------------


def _gone(
    before: Sequence[Understanding], now: Sequence[Understanding], unread: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Sources of which no sheet is left; unless a file of their series could not be read, which is said elsewhere."""
    there = {each.source for each in now}
    broken = {series_of(file) for file in unread}
    latest = {old.source: old for old in before if old.table and old.source not in there}
    for source, old in latest.items():
        if not broken & {each.series[0] for each in before if each.source == source}:
            yield _change(old, "source_gone", before=old.last)


def _other_tables(
    before: Sequence[Understanding], now: Sequence[Understanding], new: Sequence[Understanding]
) -> Iterator[dict[str, Any]]:
    """Sheets that are of another table than one of their name was, or that are not understood any more."""
    for each in new:
        same = [old for old in before if (old.file, old.sheet) == (each.file, each.sheet)]
        if not same and not each.table:
            read = {
                other.table for other in now if other.file == each.file
            }  # blank sheets beside one that is read are usual
            same = [old for old in before if old.series == each.series and old.table not in read]
        tables = [old.table for old in same]
        if any(tables) and each.table not in tables:
            yield _change(each, "other_table", before=max(tables), after=each.table)


# --- columns and words -----------------------------------------------------------------------------------------------


def _likeness(one: Understanding, other: Understanding) -> float:
    """Common headings ÷ all headings."""
    return len(one.headings & other.headings) / max(1, len(one.headings | other.headings))


def _columns(sheet: Understanding, before: Sequence[Understanding]) -> Iterator[dict[str, Any]]:
    """Columns against the known sheet that is most like it; of equal ones that of its series, then the latest."""
    old = max(before, key=lambda each: (_likeness(sheet, each), each.series == sheet.series, _age(each)))
    new_headings = [h for h in sheet.unread if fold(h) not in old.headings]
    for column in dict.fromkeys([*old.columns, *sheet.columns]):
        was, is_now = old.columns.get(column, ""), sheet.columns.get(column, "")
        if was and not is_now:
            yield _change(sheet, "vanished", column=column, before=was, after="; ".join(new_headings))
        elif is_now and not was:
            yield _change(sheet, "appeared", column=column, after=is_now)
        elif fold(was) != fold(is_now):
            yield _change(sheet, "moved", column=column, before=was, after=is_now)


def _words(known: Known, before: Sequence[Understanding], new: Sequence[Understanding]) -> Iterator[dict[str, Any]]:
    """Words that a source never had; each once, at the first sheet that has it."""
    sources, seen = {old.source for old in before}, known.words | words_of(before)
    columns = {(*old.source, column) for old in before for column in old.columns}
    found: dict[tuple[str, ...], tuple[Understanding, Word, int]] = {}
    for sheet, column, word in _each_word(sorted(new, key=_age)):
        key = *sheet.source, column, key_of(word[0])
        if sheet.source in sources and key[:3] in columns and key not in seen:
            at, first, lines = found.get(key, (sheet, word, 0))
            found[key] = at, first, lines + word[2]
    for place, (sheet, (text, meaning, _), number) in found.items():
        yield _change(sheet, "new_word", column=place[2], after=text, meaning=meaning, lines=number)


def words_of(sheets: Sequence[Understanding]) -> frozenset[tuple[str, str, str, str]]:
    """Every word of some sheets, as ``Known.words`` has them."""
    return frozenset((*sheet.source, column, key_of(word[0])) for sheet, column, word in _each_word(sheets))


def _each_word(sheets: Sequence[Understanding]) -> Iterator[tuple[Understanding, str, Word]]:
    for sheet in sheets:
        for column, words in sheet.words.items():
            yield from ((sheet, column, word) for word in words)


# --- lines -----------------------------------------------------------------------------------------------------------


def _alike(sheet: Understanding, before: Sequence[Understanding]) -> list[Understanding]:
    """Known sheets whose lines can be compared: of its name but for the date, else of its series, else with like headings."""
    named = [old for old in before if old.dateless == sheet.dateless]
    of_series = named or [old for old in before if old.series == sheet.series]
    return of_series or [old for old in before if _likeness(sheet, old) >= LIKE]


def _rejects(
    sheet: Understanding, before: Sequence[Understanding], settings: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """A share of rejected lines that jumped."""
    alike = [old for old in _alike(sheet, before) if old.lines]
    if not alike or not sheet.lines or sheet.rejected < settings["drift_least_rejects"]:
        return
    was = sum(old.rejected for old in alike) / sum(old.lines for old in alike)
    share = sheet.rejected / sheet.lines
    if share - was > settings["drift_rejects_points"] / 100:
        yield _change(sheet, "rejects", before=f"{was:.6f}", after=f"{share:.6f}", lines=sheet.rejected)


def _volume(
    sheet: Understanding, before: Sequence[Understanding], settings: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """A number of lines far from that of the known sheets, for as many days; or far fewer than the same days had."""
    alike = [old for old in _alike(sheet, before) if old.lines]
    if not alike:
        return
    least, most = settings["drift_least_lines"], settings["drift_volume_percent"] / 100
    expected = expected_lines(sheet, alike, settings)
    if max(expected, sheet.lines) >= least and abs(sheet.lines - expected) > most * expected:
        yield _change(sheet, "volume", before=f"{expected:.0f}", after=str(sheet.lines))
        return
    same = [old.lines for old in alike if old.series == sheet.series and begin_together(old, sheet)]
    if same and same[-1] >= least and same[-1] - sheet.lines > most * same[-1]:
        yield _change(sheet, "volume", before=str(same[-1]), after=str(sheet.lines))


def is_others(word: str) -> bool:
    """Whether a word stands for very many that nobody explained.

    Examples
    --------
    >>> is_others("…")
    True
    """
    return word == OTHERS
