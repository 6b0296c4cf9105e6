"""What every source was understood as, kept beside the processed tables, and who accepted its changes.

``remembered.json`` is written whole and by one rename, and only while there is no change that nobody accepted;
``accepted.jsonl`` gets a line for each acceptance. Neither is part of the tables, so cleaning anew leaves both. They are read
and written under the lock of the folder (``processed.locked``).
"""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from analysis.drift import TEXTS, Known, find_drift, no_drift, refreshed, words_of
from analysis.understanding import Understanding

MEMORY, SAMPLE_MEMORY = "remembered.json", "remembered-sample.json"
"""The made-up sample has a memory of its own: it is no baseline for real exports."""

ACCEPTED = "accepted.jsonl"

VERSION = 1
"""Of the form of the memory; one of another version is not read."""

MOST_SHEETS = 24
"""Sheets of a source that are remembered whole, the latest; of older ones their words."""

NOTHING_KNOWN = Known([])


class Recalled(NamedTuple):
    """What the memory says to what was read."""

    drift: pd.DataFrame
    """Changes that nobody accepted; see ``drift.find_drift``."""
    basis: str
    """``first`` (nothing was remembered), ``remembered``, ``damaged``, or ``unwritable``: it cannot be kept."""


def recall(
    folder: Path,
    now: Sequence[Understanding],
    *,
    settings: Mapping[str, Any],
    unread: Sequence[str] = (),
    is_sample: bool = False,
) -> Recalled:
    """Hold what was read against the memory of a folder; remember it, if nothing changed.

    Parameters
    ----------
    folder
        Of processed tables.
    now, settings, unread
        As ``drift.find_drift`` takes them.
    is_sample
        Whether this is the made-up sample.

    Returns
    -------
    Recalled
        A damaged memory is itself a change, until somebody accepts what is there.
    """
    path = folder / (SAMPLE_MEMORY if is_sample else MEMORY)
    known = read_memory(path)
    if known is None:
        return Recalled(_damaged(), "damaged")
    drift = find_drift(known, now, settings=settings, unread=unread)
    basis = "remembered" if known.sheets else "first"
    if len(drift):
        return Recalled(drift, basis)
    try:
        write_memory(path, remembered(known, now))
    except OSError:
        return Recalled(drift, "unwritable")
    return Recalled(drift, basis)


def accept(
    folder: Path, now: Sequence[Understanding], drift: pd.DataFrame, *, who: str, when: str, why: str, is_sample: bool
) -> None:
    """Record who accepted which changes, when and why; then remember what was read.

    Raises
    ------
    OSError
        If that cannot be written.
    """
    path = folder / (SAMPLE_MEMORY if is_sample else MEMORY)
    told = {"when": when, "who": who, "why": why, "changes": drift.to_dict("records")}
    with (folder / ACCEPTED).open("a", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(told, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    known, there = read_memory(path) or NOTHING_KNOWN, {each.source for each in now}
    kept = [old for old in known.sheets if old.source in there]  # what is gone is accepted as gone
    write_memory(path, remembered(known._replace(sheets=kept), now))


def remembered(known: Known, now: Sequence[Understanding]) -> Known:
    """What is known, and what was read.

    Examples
    --------
    >>> sheet = Understanding("a.csv", "", "1", "dossiers", "desk", {}, [], {"status": [("Rút", "withdrawn", 2)]}, 2, 0, "", "")
    >>> known = remembered(Known([]), [sheet])
    >>> sorted(known.contents), sorted(known.words)
    (['1:'], [('dossiers', 'desk', 'status', 'rut')])
    """
    contents = frozenset(each.content for each in now)
    sheets = refreshed(known._replace(contents=known.contents | contents), now)
    sources = dict.fromkeys(each.source for each in sheets)
    kept = [each for source in sources for each in [s for s in sheets if s.source == source][-MOST_SHEETS:]]
    return Known(kept, contents | {each.content for each in kept}, known.words | words_of(sheets))


def read_memory(path: Path) -> Known | None:
    """What a memory holds; nothing known if there is none.

    None if it cannot be read. A damaged one is put aside as ``.damaged``, and stays so until another is written.
    """
    aside = path.with_name(f"{path.name}.damaged")
    try:
        held = json.loads(path.read_text("utf-8"))
        if held["version"] != VERSION:
            raise ValueError(held["version"])
        return Known(
            [_sheet(each) for each in held["sheets"]],
            frozenset(map(str, held["contents"])),
            frozenset(
                (str(table), str(system), str(column), str(word)) for table, system, column, word in held["words"]
            ),
        )
    except FileNotFoundError:
        return None if aside.exists() else NOTHING_KNOWN
    except OSError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError):
        with suppress(OSError):
            path.replace(aside)
        return None


def _sheet(held: Mapping[str, Any]) -> Understanding:
    kinds = {"lines": int, "rejected": int, "columns": dict, "unread": list}
    told = {name: kinds.get(name, str)(held[name]) for name in Understanding._fields if name != "words"}
    words = {str(c): [(str(w), str(m), int(n)) for w, m, n in words] for c, words in held["words"].items()}
    return Understanding(**told, words=words)


def write_memory(path: Path, known: Known) -> None:
    """Write a memory, unless it is the one that is there."""
    held = {
        "version": VERSION,
        "sheets": [each._asdict() for each in known.sheets],
        "contents": sorted(known.contents),
        "words": sorted(map(list, known.words)),
    }
    text = json.dumps(held, ensure_ascii=False, indent=1)
    with suppress(OSError, UnicodeDecodeError):
        if path.read_text("utf-8") == text:
            return
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def read_accepted(folder: Path) -> pd.DataFrame:
    """Every acceptance, the latest first: ``when`` (ISO form), ``who``, ``why``, ``changes`` (a table, as ``find_drift`` has it).

    A line that cannot be read is left out.

    Examples
    --------
    >>> folder = getfixture("tmp_path")
    >>> accept(folder, [], no_drift(), who="Văn phòng", when="2022-12-01T08:00", why="Cổng đổi mẫu", is_sample=False)
    >>> read_accepted(folder)[["when", "who", "why"]]
                   when        who           why
    0  2022-12-01T08:00  Văn phòng  Cổng đổi mẫu
    """
    try:
        lines = (folder / ACCEPTED).read_text("utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    rows: list[dict[str, Any]] = []
    for line in lines:
        with suppress(ValueError, TypeError, KeyError):
            told = json.loads(line)
            changes = pd.DataFrame(told["changes"], columns=[*TEXTS, "lines"])
            rows.append({**{name: str(told[name]) for name in ("when", "who", "why")}, "changes": changes})
    return no_acceptance() if not rows else pd.DataFrame(rows[::-1])


def no_acceptance() -> pd.DataFrame:
    """No acceptance, as ``read_accepted`` has it.

    Examples
    --------
    >>> list(no_acceptance())
    ['when', 'who', 'why', 'changes']
    """
    return pd.DataFrame(columns=["when", "who", "why", "changes"])


def _damaged() -> pd.DataFrame:
    row = {**dict.fromkeys(TEXTS, ""), "kind": "memory_damaged", "lines": 0}
    return pd.concat([no_drift(), pd.DataFrame([row])], ignore_index=True).astype(no_drift().dtypes.to_dict())
