"""How surely each column of a sheet is understood.

A header that the vocabulary does not know is looked for by the shape of the lines, so that there is something to say.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from analysis.grids import Grid
from analysis.headers import Header, best_header
from analysis.suggestions import LIKELY, Look, fits, look_at, nearest
from analysis.tables import TABLES
from analysis.vocabulary import Vocabulary, fold

SAMPLE = 1000
"""How many cells of a column are looked at."""


def find_header(lines: list[tuple[int, list[str]]], vocabulary: Vocabulary | None) -> tuple[Header, str | None]:
    """The header by its words or, failing that, the first line of full width with lines of another kind below it."""
    header = best_header([cells for _, cells in lines], vocabulary)
    if header.score:
        return header, "words"
    filled = [sum(bool(cell.strip()) for cell in cells) for _, cells in lines]
    full = [at for at, number in enumerate(filled) if number and number == max(filled)]
    for at in (at for at in full if not _has_figures(lines[at][1])):
        if any(_has_figures(cells) for _, cells in lines[at + 1 : at + 6]):
            return Header(0, at, 1, "", {}, lines[at][1]), "shape"
    return (Header(0, full[0], 1, "", {}, lines[full[0]][1]), "guess") if full else (header, None)


def _has_figures(cells: list[str]) -> bool:
    """Whether a line has a day, a number or a code; a heading such as "Mức độ 4" is none."""
    return any(cell.strip()[:1].isdecimal() or sum(c.isdecimal() for c in cell) > 3 for cell in cells)


def likely_table(headings: list[str], vocabulary: Vocabulary) -> str:
    """The table of which a header that is not understood knows most words; empty if none."""
    known = {name: sum(fold(h) in vocabulary.columns[name] for h in headings) for name in TABLES}
    if not any(known.values()):
        known = {name: sum(bool(nearest(h, vocabulary.columns[name], {})) for h in headings) for name in TABLES}
    return max(known, key=lambda name: known[name]) if any(known.values()) else ""


def columns_of(
    grid: Grid,
    header: Header,
    table: str,
    *,
    data: np.ndarray,
    vocabulary: Vocabulary,
    spelt: Mapping[str, str],
) -> list[dict[str, Any]]:
    """What every column of a sheet is understood as, and how; see ``check.check``.

    Parameters
    ----------
    table
        The table it belongs to or is nearest to; empty for none.
    data
        The rows that are data.
    spelt
        Folded heading -> heading as a vocabulary writes it.
    """
    known = vocabulary.columns.get(table, {})
    meant = [known.get(fold(h), (0, ""))[1] for h in header.headings]
    at = header.columns or {column: meant.index(column) for column in meant if column}
    named = {position: column for column, position in at.items()}
    lines = np.flatnonzero(np.isin(grid.rows, data))[:SAMPLE]
    found = []
    for position, heading in enumerate(header.headings):
        told = {"position": position + 1, "heading": " ".join(heading.split()), "column": None, "unsure": ""}
        if position in named:
            column = named[position]
            rivals = [h for i, h in enumerate(header.headings) if i != position and meant[i] == column]
            unsure = _unsure(column, table, _look(grid, position, lines, vocabulary), rivals)
            how = "exact" if meant[position] else "two_rows"
            found.append(told | {"column": column, "how": how, "unsure": unsure})
        elif fold(heading) in vocabulary.personal:
            found.append(told | {"how": "personal"})
        elif meant[position]:
            found.append(told | {"how": "second_choice", "unsure": f"also means {meant[position]}"})
        elif heading.strip():
            look = _look(grid, position, lines, vocabulary)
            near = [n for n in nearest(heading, known, spelt) if n.column not in at and _may_be(look, table, n.column)]
            guess = next((n.column for n in near if n.likeness >= LIKELY and fits(look, table, n.column)), "")
            found.append(
                told | {"how": "unknown", "nearest": [n._asdict() for n in near], "guess": guess, **look._asdict()}
            )
    return found


def _look(grid: Grid, position: int, lines: np.ndarray, vocabulary: Vocabulary) -> Look:
    if position >= grid.cells.num_columns:
        return Look("", 0, 0)
    return look_at(grid.cells.column(position).take(lines).to_pylist(), vocabulary)


def _may_be(look: Look, table: str, column: str) -> bool:
    return not look.filled or fits(look, table, column)


def _unsure(column: str, table: str, look: Look, rivals: list[str]) -> str:
    """Why a column may not be what its heading says; empty if nothing speaks against it."""
    if rivals:
        return f"{', '.join(repr(r) for r in rivals)} means the same, and is not read"
    if look.filled and column in TABLES[table].instants and look.kind != "days":
        return "most of its cells are no days"
    if look.filled and column not in TABLES[table].instants and look.kind == "days":
        return "its cells are days"
    return ""
