"""What a command costs: wall time, CPU time and peak memory of the command and everything that it starts."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import psutil

EVERY = 0.02
"""Seconds between two looks at the memory of a tree of processes, at least."""
SHARE = 0.1
"""The share of the time that looking may take: to look at gigabytes takes long, and a core from what is measured."""


class Run(NamedTuple):
    """What one run of a command cost."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, user and system, of all processes."""
    peak: int
    """Bytes: of all processes together, what ``memory_kind`` says."""


class CommandError(RuntimeError):
    """A measured command failed; the message is the end of what it printed."""


def memory_kind() -> str:
    """``PSS``, in which a page that several processes share counts once, or ``RSS`` where the system does not tell it."""
    return "PSS" if hasattr(psutil.Process().memory_full_info(), "pss") else "RSS"


def measure(command: list[str], *, cwd: Path) -> tuple[Run, str]:
    """Run a command to its end; its cost, and what it printed.

    The peak is the highest memory of the tree that is seen from time to time or, where that is more, the highest that the
    system says any one of its processes had; so no short peak of a single process is missed.
    """
    _adopt_orphans()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        begin = time.perf_counter()
        child = subprocess.Popen(command, cwd=cwd, stdout=printed, stderr=subprocess.STDOUT, start_new_session=True)
        done = threading.Event()
        seen = [0]
        watcher = threading.Thread(target=_watch, args=(child.pid, done, seen))
        watcher.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:  # Ctrl-C does not reach a session of its own
            os.killpg(child.pid, signal.SIGKILL)
            raise
        finally:
            wall = time.perf_counter() - begin
            done.set()
            watcher.join()
        child.returncode = os.waitstatus_to_exitcode(status)
        cpu = usage.ru_utime + usage.ru_stime + _orphans(child.pid)
        printed.seek(0)
        said = printed.read()
    if child.returncode:
        raise CommandError(f"{' '.join(command)} ended with {child.returncode}:\n{said[-2000:]}")
    one = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Run(wall, cpu, max(seen[0], one)), said


def _watch(pid: int, done: threading.Event, seen: list[int]) -> None:
    pause = EVERY
    while not done.wait(pause):
        begin = time.perf_counter()
        with contextlib.suppress(psutil.Error):
            top = psutil.Process(pid)
            seen[0] = max(seen[0], sum(_memory(process) for process in [top, *top.children(recursive=True)]))
        pause = max(EVERY, (time.perf_counter() - begin) / SHARE)


def _memory(process: psutil.Process) -> int:
    try:
        memory = process.memory_full_info()
    except psutil.Error:  # it has just ended
        return 0
    return int(getattr(memory, "pss", memory.rss))


def _adopt_orphans() -> None:
    """On Linux, let processes whose parent ends first become ours, so that their time can be counted too."""
    if sys.platform == "linux":
        set_child_subreaper = 36
        ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)


def _orphans(group: int) -> float:
    """The CPU seconds of what a command left behind, once it has ended too."""
    seconds = 0.0
    with contextlib.suppress(ChildProcessError):
        while True:
            usage = os.wait4(-group, 0)[2]
            seconds += usage.ru_utime + usage.ru_stime
    return seconds
