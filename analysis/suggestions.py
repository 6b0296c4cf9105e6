"""What an unknown heading or word may mean, and the lines of a vocabulary file that would say so.

Nothing here decides: a near word and a look at the cells are told to someone who knows the system.
"""

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from analysis.dates import read_instants
from analysis.tables import TABLES, word_list
from analysis.terminal import pieces, width
from analysis.vocabulary import SHIPPED, Vocabulary, fold

NEAR, LIKELY = 0.6, 0.85
"""How alike two folded headings are, from 0 to 1, to be named, and to be offered as the answer."""

WIDEST = 74
"""Characters of a line of the vocabulary that is offered."""

TO_FILL_IN = "???"
"""What stands where a meaning is unknown."""


class Look(NamedTuple):
    """What most cells of a column are."""

    kind: str
    """``count``, ``days``, ``numbers``, ``codes``, ``texts``, the name of a list of words; empty for an empty column."""
    of_kind: int
    filled: int


class Near(NamedTuple):
    """A known heading that is like an unknown one."""

    heading: str
    column: str
    likeness: float
    """1 for the same."""


def look_at(cells: list[str], vocabulary: Vocabulary) -> Look:
    """Say what most of some cells are, without a word of what they say.

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> look_at(["03/01/2022", "04/01/2022", "", "?"], read_vocabulary())
    Look(kind='days', of_kind=2, filled=3)
    """
    filled = [c.strip() for c in cells if c.strip() and not vocabulary.is_blank(c)]
    if not filled:
        return Look("", 0, 0)
    days = read_instants(pa.chunked_array([filled]), vocabulary=vocabulary).values.notna()
    folded = [fold(c) for c in filled if not c.isdecimal()]
    numbers = [int(c) if c.isdecimal() and len(c) < 10 else -2 for c in filled]
    found = {
        "count": sum(n == before + 1 for before, n in pairwise([0, *numbers])),
        "days": sum(is_day and bool(re.search(r"\d[-/.]\d", c)) for is_day, c in zip(days, filled, strict=True)),
        **{name: sum(word in known for word in folded) for name, known in vocabulary.words.items()},
        "numbers": sum(bool(re.fullmatch(r"[-+]?\d[\d.,]*", c)) for c in filled),
        "codes": sum(bool(re.search(r"\d", c)) and not re.search(r"\s", c) for c in filled),
    }
    best = max(vocabulary.words, key=lambda name: found[name])
    # A count is a number, and a number a code: the narrowest that holds of most cells is said.
    kind = next((k for k in ("count", "days", best, "numbers", "codes") if 2 * found[k] > len(filled)), "texts")
    return Look(kind, found.get(kind, len(filled)), len(filled))


def nearest(heading: str, known: Mapping[str, tuple[int, str]], spelt: Mapping[str, str], most: int = 2) -> list[Near]:
    """The known headings that are most like an unknown one, at most one per column.

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> nearest("Ngày tiếp nhận HS", read_vocabulary().columns["dossiers"], spellings(), 1)
    [Near(heading='Ngày tiếp nhận', column='received_on', likeness=0.9)]
    """
    folded = fold(heading)[:100]
    columns: dict[str, Near] = {}
    for name in difflib.get_close_matches(folded, known, n=3 * most, cutoff=NEAR):
        column = known[name][1]
        likeness = round(difflib.SequenceMatcher(None, name, folded).ratio(), 2)
        columns.setdefault(column, Near(spelt.get(name, name), column, likeness))
    return list(columns.values())[:most]


def fits(look: Look, table: str, column: str) -> bool:
    """Whether cells that look so can stand in a column."""
    if not look.filled:
        return False
    if column in TABLES[table].instants:
        return look.kind == "days"
    if column in TABLES[table].words:
        return look.kind in (word_list(column), "texts")
    return look.kind not in ("days", "count")


def spellings(own: Path | str | None = None) -> dict[str, str]:
    """Folded heading -> heading as a vocabulary file writes it.

    Examples
    --------
    >>> spellings()["ma ho so"]
    'Mã hồ sơ'
    """
    found: dict[str, str] = {}
    for path in [*([own] if own else []), SHIPPED]:
        sections: dict[str, Any] = tomllib.loads(Path(path).read_text("utf-8-sig")).get("columns", {})
        for columns in sections.values():
            for heading in (h for headings in columns.values() for h in headings):
                found.setdefault(fold(heading), unicodedata.normalize("NFC", heading))
    return found


# --- the lines to add ------------------------------------------------------------------------------------------------


def vocabulary_lines(
    headings: Iterable[Mapping[str, Any]], words: Iterable[Mapping[str, Any]], *, meanings: Any
) -> str:
    """The lines of a vocabulary file that unknown headings and words need; a meaning nobody knows is left to fill in.

    Parameters
    ----------
    headings
        ``table``, ``heading``, ``guess`` (a column, or empty) and ``said`` (what the cells are).
    words
        ``list``, ``word`` and ``lines``.
    meanings
        List -> meanings.

    Returns
    -------
    str
        TOML, valid as it stands and after each meaning is filled in; no line is wider than 80 columns.

    Examples
    --------
    >>> print(vocabulary_lines(
    ...     [{"table": "dossiers", "heading": "Màu giấy", "guess": "", "said": "10 of 10 cells are texts"}],
    ...     [{"list": "mode", "word": "Zalo", "lines": 3}], meanings={"mode": ["online", "in_person"]}))
    [columns.dossiers]
    # "Màu giấy": 10 of 10 cells are texts.
    # ??? = ["Màu giấy"]
    <BLANKLINE>
    [words.mode]
    # Move each word into the list of its meaning:
    #   "Zalo",  # lines: 3
    online = []
    in_person = []
    """
    sections: dict[str, list[str]] = {}
    guessed: dict[tuple[str, str], list[str]] = {}
    for h in headings:
        said = sections.setdefault(f"[columns.{h['table']}]", [])
        said += _comment(f"{_toml(h['heading'])}: {h['said']}.")
        if h["guess"]:
            guessed.setdefault((f"[columns.{h['table']}]", h["guess"]), []).append(h["heading"])
        else:
            said += [f"# {line}" for line in _entry(TO_FILL_IN, [h["heading"]])]
    for (section, column), names in guessed.items():
        sections[section] += ["# Likely; delete it if it is wrong:", *_entry(column, names)]
    for w in words:
        section = f"[words.{w['list']}]"
        said = sections.setdefault(section, ["# Move each word into the list of its meaning:"])
        *first, last = _text(w["word"])
        said += [f"#   {line}" for line in [*first, f"{last},"]]
        said[-1] += f"  # lines: {w['lines']}" if len(said[-1]) < WIDEST - 18 else ""
    for section in sections:
        name = section.strip("[]").partition("words.")[2]
        sections[section] += [f"{meaning} = []" for meaning in meanings[name]] if name else []
    return "\n\n".join("\n".join([section, *lines]) for section, lines in sections.items())


def _entry(name: str, texts: list[str]) -> list[str]:
    """A key with its list of texts, on as many lines as it takes."""
    whole = f"{name} = [{', '.join(_toml(t) for t in texts)}]"
    if len(whole) <= WIDEST:
        return [whole]
    lines = [f"{name} = ["]
    for text in texts:
        *first, last = _text(text)
        lines += [*first, f"{last},"]
    return [*lines, "]"]


def _text(text: str) -> list[str]:
    """A TOML text on as many lines as it takes; one that is long is broken where TOML allows it."""
    if width(_toml(text)) <= WIDEST - 6:
        return [_toml(text)]
    first, *more = pieces(_plain(text), WIDEST - 20)
    lines = [f'"""{first}', *more]
    return [*(f"{line}\\" for line in lines[:-1]), f'{lines[-1]}"""']


def _toml(text: str) -> str:
    return f'"{_plain(text)}"'


def _plain(text: str) -> str:
    """A text without signs that TOML or a terminal would obey; for the vocabulary it is the same word."""
    told = unicodedata.normalize("NFC", text).replace('"', "'").replace("\\", "/")
    return " ".join("".join(c if c.isprintable() else " " for c in told).split())


def _comment(text: str) -> list[str]:
    first, *more = pieces(text, WIDEST - 4)
    return [f"# {first}".rstrip(), *(f"#   {line}".rstrip() for line in more)]
