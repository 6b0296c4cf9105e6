"""The log of every run: JSON lines for programs, the same story in sentences for people, both written as it goes on.

A run that was killed leaves a log without its last line, which is how the next run knows. What is told of failures is cut as
``reasons`` says. A log that cannot be written stops no report.
"""

import json
import os
import platform
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import pandas as pd
import psutil

from analysis.labels import NOTHING, Labels, places
from analysis.reasons import kept_reason

FOLDER = "logs"
"""The folder of the logs, in that of the pages."""

NAME = re.compile(r"(\d{4}-\d\d-\d\dT\d{6})(?:_(\d+))?")
"""The time of a log, and its number among several that would have the same name or one before it."""

OUTCOMES = ("published", "skipped", "failed")
"""What becomes of a report."""

SAME = 2
"""Seconds by which the beginning of one process may seem to differ."""

Clock = Callable[[], datetime]


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


class RunLog:
    """The log of one run."""

    def __init__(self, folder: Path, *, now: Clock, labels: Labels, complain: Callable[[str], None]) -> None:
        self.folder, self.now, self.labels, self.complain = folder, now, labels, complain
        self.events: list[dict[str, Any]] = []
        self.told: list[str] = []
        self.keep: int | None = None
        """How many logs are kept; None while nobody knows, and then all are."""
        self.path: Path | None = None
        self.files: list[TextIO] = []
        self.turn, self.began, self.makes = threading.Lock(), time.monotonic(), dict[Any, float]()

    def event(self, event: str, **facts: Any) -> None:
        """Write that something happened.

        Parameters
        ----------
        event
            A name of the section ``run_log`` of the labels. What becomes of a report that was ``making`` before has its seconds.
        facts
            What there is to say of it; a ``reason`` is cut.
        """
        if "reason" in facts:
            facts["reason"] = kept_reason(str(facts["reason"]))
        with self.turn:
            if event == "making":
                self.makes[facts["report"]] = time.monotonic()
            if event in OUTCOMES and facts["report"] in self.makes:
                facts["seconds"] = time.monotonic() - self.makes.pop(facts["report"])
            if "seconds" in facts:
                facts["seconds"] = round(facts["seconds"], 1)
            at = self.now()
            said = {"at": at.isoformat(timespec="seconds"), "event": event, **facts}
            line = f"{at:%H:%M:%S}  {sentence(said, self.labels)}"
            self.events.append(said)
            self.told.append(line)
            self._write(json.dumps(said, ensure_ascii=False, default=str), line)

    def finish(self, code: int, *, is_good: bool) -> None:
        """Write the last line, and remove logs that are too old."""
        counts = {kind: sum(event["event"] == kind for event in self.events) for kind in OUTCOMES}
        seconds = time.monotonic() - self.began
        self.event("finished", code=code, good=is_good, **counts, seconds=seconds, peak_mib=_peak())
        if self.keep is not None:
            _remove(self.folder, keep=self.keep)

    @property
    def past(self) -> Past:
        """The run as its log tells it, also where no log could be written."""
        return Past(self.path or self.folder, self.events)

    def open(self) -> None:
        """Make the two files; their name is behind those of all logs before."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            while not self.files:
                stem = _next_name(self.folder, self.now())
                with suppress(FileExistsError):  # another run was faster
                    path = self.folder / f"{stem}.jsonl"
                    self.files.append(_new(path))
            self.path = path
            self.files.append(_new(path.with_suffix(".log")))
        except OSError as error:
            self._lost(error)

    def close(self) -> None:
        """Let go of the files."""
        for file in self.files:
            with suppress(OSError):
                file.close()
        self.files = []

    def _write(self, *lines: str) -> None:
        try:
            for file, line in zip(self.files, lines, strict=False):
                file.write(f"{line}\n")
                file.flush()
        except OSError as error:
            self._lost(error)

    def _lost(self, error: OSError) -> None:
        """Say once that no log is kept, and go on without."""
        self.close()
        why = error.strerror or str(error)
        self.complain(self.labels.name("run_log.lost", folder=str(self.folder), reason=why))


@contextmanager
def logged(
    folder: Path, *, arguments: Sequence[str], now: Clock, labels: Labels, complain: Callable[[str], None],
    watched: bool = False,
) -> Iterator[RunLog]:  # fmt: skip
    """Keep the log of a run.

    Parameters
    ----------
    folder
        Where logs are kept: ``<YYYY-MM-DDTHHMMSS>.jsonl`` and ``.log``.
    arguments
        How the command was written, without anything secret.
    now
        The clock, with its zone.
    labels
        The language of the sentences.
    complain
        Is told, once, that no log can be written.
    watched
        Whether someone is told of this run; see ``notice``.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> folder, ticks = getfixture("tmp_path"), iter(datetime(2026, 1, 5, 6, 0, second) for second in range(9))
    >>> asked = {"now": lambda: next(ticks), "labels": read_labels("en"), "complain": print}
    >>> with logged(folder, arguments=["report", "2025"], **asked) as log:
    ...     log.event("published", report="2025.html")
    ...     log.finish(0, is_good=True)
    >>> print(read_logs(folder)[-1].path.with_suffix(".log").read_text("utf-8").splitlines()[1])
    06:00:02  Written: 2025.html
    """
    log = RunLog(folder, now=now, labels=labels, complain=complain)
    before = next(iter(read_logs(folder)[-1:]), None)
    log.open()
    log.event(
        "started", arguments=list(arguments), version=_version(), python=platform.python_version(), pid=os.getpid(),
        host=socket.gethostname(), began=psutil.Process().create_time(), watched=watched,
    )  # fmt: skip
    if before:
        _tell_of_before(log, before)
    try:
        yield log
    finally:
        log.close()


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
    return [Past(path, _events(path)) for path in _paths(folder)]


def not_ended(folder: Path, *, labels: Labels) -> str:
    """That the last run did not end, in a sentence; empty if it did, or is still at work."""
    runs = read_logs(folder)
    return _not_ended(runs[-1], labels) if runs else ""


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
    return labels.number(value) if isinstance(value, float) else str(value)


def moment(at: str, labels: Labels) -> str:
    """A moment of a log, as the language writes it.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> moment("2026-01-05T06:00:09+07:00", read_labels("vi"))
    '05/01/2026 06:00'
    """
    read = datetime.fromisoformat(at)
    return f"{labels.day(pd.Timestamp(read))} {read:%H:%M}"


def _tell_of_before(log: RunLog, before: Past) -> None:
    """Say what is odd about the run before this one."""
    if _not_ended(before, log.labels):
        log.event("before", log=before.path.name, began_at=before.started.get("at"), **_who(before))
        log.complain(_not_ended(before, log.labels))
    if (at := before.started.get("at", "")) and datetime.fromisoformat(at) > log.now():
        log.event("clock", before_at=at)


def _not_ended(run: Past, labels: Labels) -> str:
    if run.code is not None or run.is_at_work:
        return ""
    facts = {"log": run.path.name, "began_at": run.started.get("at"), **_who(run)}
    return sentence({"event": "before", **facts}, labels)


def _who(run: Past) -> dict[str, Any]:
    return {name: run.started.get(name) for name in ("pid", "host")}


def _paths(folder: Path) -> list[Path]:
    """The logs of a folder, in the order of their names."""
    with suppress(OSError):
        return sorted((path for path in folder.glob("*.jsonl") if NAME.fullmatch(path.stem)), key=_rank)
    return []


def _rank(path: Path) -> tuple[str, int]:
    found = NAME.fullmatch(path.stem)
    return (found[1], int(found[2] or 1)) if found else ("", 0)


def _next_name(folder: Path, at: datetime) -> str:
    """A name behind all others; where the clock went back, or a run began in the same second, the last one with a number."""
    stamp = f"{at:%Y-%m-%dT%H%M%S}"
    last, number = max(map(_rank, _paths(folder)), default=("", 0))
    return stamp if stamp > last else f"{last}_{number + 1}"


def _new(path: Path) -> TextIO:
    return path.open("x", encoding="utf-8", errors="backslashreplace", newline="\n")


def _events(path: Path) -> list[dict[str, Any]]:
    events = []
    with suppress(OSError):
        for line in path.read_text("utf-8", "replace").splitlines():
            with suppress(ValueError):  # cut off in the middle
                if isinstance(event := json.loads(line), dict):
                    events.append(event)
    return events


def _remove(folder: Path, *, keep: int) -> None:
    """Remove the oldest logs but so many."""
    for path in _paths(folder)[:-keep]:
        for old in (path, path.with_suffix(".log")):
            with suppress(OSError):
                old.unlink()


def _version() -> str:
    try:
        return version("one-stop-analysis")
    except PackageNotFoundError:
        return NOTHING


def _peak() -> int | None:
    """Mebibytes of memory that this process took at most, without the notebooks; None where the system does not tell."""
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(most // 2**20 if sys.platform == "darwin" else most // 2**10)
