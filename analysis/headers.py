"""The header of a sheet: the line, or pair of lines, of which the vocabulary understands most."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analysis.grids import FileProblem
from analysis.tables import TABLES, Table
from analysis.vocabulary import Vocabulary, fold

LOOK = 60
"""How many lines of a sheet are searched for its header."""


class Header(NamedTuple):
    """Where a sheet's header stands, and what it says."""

    score: int
    """How many columns are understood; 0 if there is no header."""
    row: int
    """The last line of the header, from 0."""
    height: int
    table: str
    columns: dict[str, int]
    """Column of the table -> position in the sheet."""
    headings: list[str]


NO_HEADER = Header(0, -1, 0, "", {}, [])


def best_header(lines: list[list[str]], vocabulary: Vocabulary | None) -> Header:
    """The line, or pair of lines, of which the vocabulary understands most; a tie between two tables is an error."""
    found = [h for i in range(len(lines)) for h in _headers_at(lines, i, vocabulary)] if vocabulary else []
    first = max(found, key=lambda h: (h.score, -h.height), default=NO_HEADER)
    rivals = {h.table for h in found if (h.score, h.row, h.height) == (first.score, first.row, first.height)}
    if len(rivals) > 1:
        both = " and ".join(sorted(rivals))
        raise FileProblem(
            f"a header fits the tables {both} equally well; rename a column, or add it to one in a vocabulary file."
        )
    return first


def _headers_at(lines: list[list[str]], i: int, vocabulary: Vocabulary) -> Iterator[Header]:
    top = lines[i]
    for name, table in TABLES.items():
        known = vocabulary.columns[name]
        single = _match([(h,) for h in top], known)
        yield _header(name, table, single, i, 1, top)
        if i + 1 < len(lines) and _is_lower_half(top, lines[i + 1], single):
            pairs = [(low, f"{high} {low}", high) for high, low in zip(top, lines[i + 1], strict=False)]
            double = _match(pairs, known)
            if len(double) > len(single):
                headings = [low or high for high, low in zip(top, lines[i + 1], strict=False)]
                yield _header(name, table, double, i + 1, 2, headings)


def _header(name: str, table: Table, columns: dict[str, int], row: int, height: int, headings: list[str]) -> Header:
    whole = all(any(c in columns for c in needed) for needed in table.required)
    return Header(len(columns), row, height, name, columns, headings) if whole else NO_HEADER


def _is_lower_half(top: list[str], low: list[str], understood: dict[str, int]) -> bool:
    """Whether a line can be the second of a header: under a heading that says all, it says nothing new."""
    return len(low) >= len(top) and all(not low[i].strip() or low[i] == top[i] for i in understood.values())


def _match(candidates: Sequence[tuple[str, ...]], known: dict[str, tuple[int, str]]) -> dict[str, int]:
    """Column -> position; where two headings mean one column, the one listed first in the vocabulary."""
    ranked: dict[str, tuple[int, int]] = {}
    for position, names in enumerate(candidates):
        hit = next((known[f] for n in names if n and (f := fold(n)) in known), None)
        if hit and (hit[1] not in ranked or hit[0] < ranked[hit[1]][0]):
            ranked[hit[1]] = (hit[0], position)
    return {column: position for column, (_, position) in ranked.items()}
