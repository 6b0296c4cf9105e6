"""Past runs, by their logs: which ended, how, and which is still at work; and what a log says, in words."""

import json
import re
import socket
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from analysis.labels import NOTHING, Labels, places
from analysis.messages import in_language

NAME = re.compile(r"(\d{4}-\d\d-\d\dT\d{6})(?:_(\d+))?")
"""The time of a log, and its number among several that would have the same name or one before it."""

SAME = 2
"""Seconds by which the beginning of one process may seem to differ."""


class Past(NamedTuple):
    """A run, by its log."""

    path: Path
    """The JSON lines."""
    events: list[dict[str, Any]]

    def of(self, *kinds: str) -> list[dict[str, Any]]:
        """Its events of some kinds, in order."""
        return [event for event in self.events if event.get("event") in kinds]

    @property
    def started(self) -> dict[str, Any]:
        """How it began; empty where not even that was written."""
        return next(iter(self.of("started")), {})

    @property
    def code(self) -> int | None:
        """The exit code; None for a run that did not end, or has not yet."""
        return next((int(event["code"]) for event in self.of("finished")), None)

    @property
    def is_good(self) -> bool:
        """Whether it ended so that nobody needs to do anything."""
        return any(event["good"] for event in self.of("finished"))

    @property
    def is_at_work(self) -> bool:
        """Whether its process lives on this machine."""
        if self.code is not None or self.started.get("host") != socket.gethostname():
            return False
        with suppress(psutil.Error, KeyError, TypeError, ValueError):
            began = psutil.Process(self.started["pid"]).create_time()
            return abs(began - self.started["began"]) < SAME
        return False


def read_logs(folder: Path) -> list[Past]:
    r"""The runs whose logs are kept, the newest last; lines that were cut off are left out.

    Examples
    --------
    >>> folder = getfixture("tmp_path")
    >>> said = '{"at": "2026-01-05T06:00:00", "event": "finished", "code": 4}'
    >>> _ = (folder / "2026-01-05T060000.jsonl").write_text(said + '\n{"at": "2026-')
    >>> [run.code for run in read_logs(folder)]
    [4]
    """
    return [Past(path, _events(path)) for path in paths(folder)]


def not_ended(folder: Path, *, labels: Labels) -> str:
    """That the last run did not end, in a sentence; empty if it did, or is still at work."""
    runs = read_logs(folder)
    return unended(runs[-1], labels) if runs else ""


def sentence(event: dict[str, Any], labels: Labels) -> str:
    """What happened, in words; what the log does not say is a dash.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> sentence({"event": "published", "report": "2025.html", "seconds": 8.25}, read_labels("en"))
    'Written: 2025.html (8.2 s)'
    """
    texts, name = labels.texts["run_log"], event["event"]
    if "seconds" in event and f"{name}_in" in texts:
        name = f"{name}_in"
    wanted = places(texts[name][labels.lang])
    return labels.name(f"run_log.{name}", **{place: _said(place, event.get(place), labels) for place in wanted})


def _said(place: str, value: Any, labels: Labels) -> str:
    if value is None:
        return NOTHING
    if place == "at" or place.endswith("_at"):
        return moment(value, labels)
    if isinstance(value, list):
        return " ".join(map(str, value))
    if place == "reason":
        return in_language(str(value), labels.lang)
    return labels.number(value) if isinstance(value, float) else str(value)


def moment(at: str, labels: Labels) -> str:
    """A moment of a log, as the language writes it.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> moment("2026-01-05T06:00:09+07:00", read_labels("vi"))
    '05/01/2026 06:00'
    """
    return labels.moment(datetime.fromisoformat(at))


def unended(run: Past, labels: Labels) -> str:
    """That a run did not end, in a sentence; empty if it did, or is still at work."""
    if run.code is not None or run.is_at_work:
        return ""
    facts = {"log": run.path.name, "began_at": run.started.get("at"), **who(run)}
    return sentence({"event": "before", **facts}, labels)


def who(run: Past) -> dict[str, Any]:
    """The process and the machine of a run; None where its log does not tell."""
    return {name: run.started.get(name) for name in ("pid", "host")}


def paths(folder: Path) -> list[Path]:
    """The logs of a folder, in the order of their names."""
    with suppress(OSError):
        return sorted((path for path in folder.glob("*.jsonl") if NAME.fullmatch(path.stem)), key=rank)
    return []


def rank(path: Path) -> tuple[str, int]:
    """The time in the name of a log, and its number among those of that time; by this they are in order."""
    found = NAME.fullmatch(path.stem)
    return (found[1], int(found[2] or 1)) if found else ("", 0)


def _events(path: Path) -> list[dict[str, Any]]:
    events = []
    with suppress(OSError):
        for line in path.read_text("utf-8", "replace").splitlines():
            with suppress(ValueError):  # cut off in the middle
                if isinstance(event := json.loads(line), dict):
                    events.append(event)
    return events
