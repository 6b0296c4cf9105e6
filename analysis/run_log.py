"""The log of every run: JSON lines for programs, the same story in sentences for people, both written as it goes on.

A run that was killed leaves a log without its last line, which is how the next run knows. What is told of failures is cut as
``reasons`` says. A log that cannot be written stops no report.
"""

import json
import os
import platform
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TextIO

import psutil

from analysis.labels import NOTHING, Labels
from analysis.past_runs import Past, paths, rank, read_logs, sentence, unended, who
from analysis.reasons import kept_reason

FOLDER = "logs"
"""The folder of the logs, in that of the pages."""

OUTCOMES = ("published", "skipped", "failed")
"""What becomes of a report."""

Clock = Callable[[], datetime]


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


def _tell_of_before(log: RunLog, before: Past) -> None:
    """Say what is odd about the run before this one."""
    if unended(before, log.labels):
        log.event("before", log=before.path.name, began_at=before.started.get("at"), **who(before))
        log.complain(unended(before, log.labels))
    if (at := before.started.get("at", "")) and datetime.fromisoformat(at) > log.now():
        log.event("clock", before_at=at)


def _next_name(folder: Path, at: datetime) -> str:
    """A name behind all others; where the clock went back, or a run began in the same second, the last one with a number."""
    stamp = f"{at:%Y-%m-%dT%H%M%S}"
    last, number = max(map(rank, paths(folder)), default=("", 0))
    return stamp if stamp > last else f"{last}_{number + 1}"


def _new(path: Path) -> TextIO:
    return path.open("x", encoding="utf-8", errors="backslashreplace", newline="\n")


def _remove(folder: Path, *, keep: int) -> None:
    """Remove the oldest logs but so many."""
    for path in paths(folder)[:-keep]:
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
