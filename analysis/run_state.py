"""How the last run of each page ended and what it was made from, kept beside the pages.

So a page that is no longer renewed says so, and one that would come out the same need not be made again.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from analysis.publication import publish

NAME = ".runs.json"
"""The file, in the folder of the pages."""


@dataclass(frozen=True)
class Outcome:
    """How making a page ended."""

    code: int = 0
    """Its exit code, 0 for a page that was published."""
    why: str = ""
    """Why it was not."""
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What it was made from; see ``sources.sources_of``. Of a failure: nothing."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The files of a published page -> their checksums."""


@dataclass(frozen=True)
class Run:
    """The last run of a page."""

    at: datetime
    """When it was."""
    failed_since: datetime | None
    """When the first of the failures was that nothing good has followed yet; None if the last run was good."""
    outcome: Outcome
    """How it ended; of a failure, with the sources and files of the page that stays."""


def read_runs(folder: Path) -> dict[str, Run]:
    """The last run of every page of a folder, by the name of its file; none where nothing readable was kept."""
    try:
        held = json.loads((folder / NAME).read_text("utf-8"))
        return {str(name): _run(said) for name, said in held.items()}
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return {}


def note_runs(folder: Path, outcomes: Mapping[str, Outcome], *, at: datetime) -> None:
    """Keep how the runs of some pages ended.

    Parameters
    ----------
    folder
        Where the pages are.
    outcomes
        By the name of a page's file.
    at
        When they ended.

    Examples
    --------
    >>> folder, day = getfixture("tmp_path"), datetime(2026, 1, 5, 6)
    >>> for number, code in enumerate([0, 4, 4]):
    ...     note_runs(folder, {"2025.html": Outcome(code)}, at=day.replace(day=5 + number))
    >>> last = read_runs(folder)["2025.html"]
    >>> last.at.day, last.failed_since.day, last.outcome.code
    (7, 6, 4)
    """
    runs = read_runs(folder)
    for name, outcome in outcomes.items():
        before = runs.get(name)
        if outcome.code:
            stays = before.outcome if before else outcome
            outcome = Outcome(outcome.code, outcome.why, stays.sources, stays.files)  # noqa: PLW2901 - what is kept of it
        runs[name] = Run(at, ((before and before.failed_since) or at) if outcome.code else None, outcome)
    held = {
        name: {
            "at": run.at.isoformat(),
            "failed_since": run.failed_since and run.failed_since.isoformat(),
            **vars(run.outcome),
        }
        for name, run in sorted(runs.items())
    }
    publish({folder / NAME: json.dumps(held, indent=1, ensure_ascii=False).encode()})


def checksums(files: Iterable[Path]) -> dict[str, str]:
    """Name -> SHA-256 of those files that can be read."""
    found = {}
    for path in files:
        try:
            with path.open("rb") as file:
                found[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            continue
    return found


def altered(folder: Path, run: Run) -> list[str]:
    """The files of a published page that are not there any more as they were published.

    Examples
    --------
    >>> folder = getfixture("tmp_path")
    >>> _ = (folder / "2025.html").write_text("937")
    >>> run = Run(datetime(2026, 1, 5), None, Outcome(files=checksums([folder / "2025.html"])))
    >>> altered(folder, run)
    []
    >>> _ = (folder / "2025.html").write_text("973")
    >>> altered(folder, run)
    ['2025.html']
    """
    now = checksums(folder / name for name in run.outcome.files)
    return [name for name, sha in run.outcome.files.items() if now.get(name) != sha]


def _run(said: Mapping[str, Any]) -> Run:
    since = said["failed_since"]
    outcome = Outcome(
        int(said["code"]), str(said.get("why", "")), {**said.get("sources", {})}, {**said.get("files", {})}
    )
    return Run(datetime.fromisoformat(said["at"]), datetime.fromisoformat(since) if since else None, outcome)
