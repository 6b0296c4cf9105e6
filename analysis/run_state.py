"""How the last run of each page ended, kept beside the pages, so that a page that is no longer renewed says so."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from analysis.publication import publish

NAME = ".runs.json"
"""The file, in the folder of the pages."""


class Run(NamedTuple):
    """How the last run of a page ended."""

    at: datetime
    """When it was."""
    failed_since: datetime | None
    """When the first of the failures was that nothing good has followed yet; None if the last run was good."""
    code: int
    """Its exit code."""


def read_runs(folder: Path) -> dict[str, Run]:
    """The last run of every page of a folder, by the name of its file; none where nothing readable was kept."""
    try:
        held = json.loads((folder / NAME).read_text("utf-8"))
        return {str(name): _run(said) for name, said in held.items()}
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return {}


def note_runs(folder: Path, codes: Mapping[str, int], *, at: datetime) -> None:
    """Keep how the runs of some pages ended.

    Parameters
    ----------
    folder
        Where the pages are.
    codes
        Name of a page's file -> exit code, 0 for a page that was published.
    at
        When they ended.

    Examples
    --------
    >>> folder, day = getfixture("tmp_path"), datetime(2026, 1, 5, 6)
    >>> for number, code in enumerate([0, 4, 4]):
    ...     note_runs(folder, {"2025.html": code}, at=day.replace(day=5 + number))
    >>> last = read_runs(folder)["2025.html"]
    >>> last.at.day, last.failed_since.day, last.code
    (7, 6, 4)
    """
    runs = read_runs(folder)
    for name, code in codes.items():
        before = runs[name].failed_since if name in runs else None
        runs[name] = Run(at, (before or at) if code else None, code)
    held = {
        name: {
            "at": run.at.isoformat(),
            "failed_since": run.failed_since and run.failed_since.isoformat(),
            "code": run.code,
        }
        for name, run in sorted(runs.items())
    }
    publish({folder / NAME: json.dumps(held, indent=1).encode()})


def _run(said: Mapping[str, Any]) -> Run:
    since = said["failed_since"]
    return Run(datetime.fromisoformat(said["at"]), datetime.fromisoformat(since) if since else None, int(said["code"]))
