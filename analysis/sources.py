"""What a report is made from, by content: while none of it changes, the report would come out the same."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.record import programs
from analysis.store import Data

Sources = Mapping[str, Mapping[str, str]]
"""Kind -> what is of that kind, by name -> its checksum, or itself where it is short."""

KINDS = ("exports", "vocabulary", "handbook", "memory", "notebook", "program", "parameters")
"""The kinds, in the order in which a change is told."""

OF_THE_DAY = frozenset({"before"})
"""Parameters that name what a page is compared with: that alone makes no page out of date."""


def sources_of(data: Data, *, notebook: Path, parameters: Mapping[str, Any]) -> Sources:
    """What a report of some exports is made from.

    Parameters
    ----------
    data
        What was read.
    notebook
        Which makes the report.
    parameters
        Those of the notebook.

    Returns
    -------
    Mapping
        Text by kind and name, as JSON keeps it. File times play no part.
    """
    unread = dict(data.problems.itertuples(index=False, name=None))
    memory = {"drift": data.drift, "accepted": data.accepted}
    blind = {"unwritable": "true"} if data.memory == "unwritable" else {}
    return {
        "exports": {str(file): str(sha) for file, sha in zip(data.files.source_file, data.files.sha256, strict=True)}
        | {str(file): _checksum(str(message)) for file, message in unread.items()},
        "vocabulary": {"words": data.vocabulary.sha256},
        "handbook": {data.handbook.path.name: data.handbook.sha256} if data.handbook.path else {},
        "memory": {name: _of_table(table) for name, table in memory.items()} | blind,
        "notebook": {notebook.name: _checksum(notebook.read_text("utf-8"))},
        "program": programs(),
        "parameters": {name: str(value) for name, value in parameters.items() if name not in OF_THE_DAY},
    }


def changes(before: Sources, now: Sources) -> list[tuple[str, str, str]]:
    """What is not as it was: kind, name, and whether it is ``new``, ``changed`` or ``gone``; in the order of ``KINDS``.

    Examples
    --------
    >>> changes({"exports": {"a.csv": "1", "b.csv": "2"}}, {"exports": {"b.csv": "3", "c.csv": "4"}, "handbook": {}})
    [('exports', 'a.csv', 'gone'), ('exports', 'b.csv', 'changed'), ('exports', 'c.csv', 'new')]
    """
    found = []
    for kind in KINDS:
        one, other = before.get(kind, {}), now.get(kind, {})
        for name in sorted({**one, **other}):
            if name not in other:
                found.append((kind, name, "gone"))
            elif name not in one:
                found.append((kind, name, "new"))
            elif one[name] != other[name]:
                found.append((kind, name, "changed"))
    return found


def _of_table(table: pd.DataFrame) -> str:
    return _checksum(table.to_csv(index=False))


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
