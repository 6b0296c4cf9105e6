"""Untrusted files are opened in a child process with limits on memory and time.

Some files make a reader abort its whole process, run for hours, or take all memory there is. The child has as much of
both as an honest file of that size needs; when it dies, its parent says why, and goes on.
"""

import json
import os
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.containers import BROKEN, MEBIBYTE, is_markup
from analysis.grids import Doubt, FileProblem, Grid
from analysis.sheets import MEMORY_EXIT

CHILD = "import sys; sys.path[:0] = sys.argv[1:3]; from analysis.sheets import serve; serve(sys.argv[3], *map(int, sys.argv[4:]))"

MEMORY = 640 * MEBIBYTE
"""Bytes for a file of up to 10 MB; the parent needs some beside it."""

SECONDS = 20
"""For a file of up to 10 MB, and as much again for each 10 MB more."""


def read_workbook(content: bytes) -> list[Grid]:
    """Read every sheet of a workbook: XLSX, XLSM, XLS, XLSB or ODS.

    Parameters
    ----------
    content
        The whole file.

    Returns
    -------
    list of Grid
        One per sheet, in the workbook's order. A hidden sheet and a chart sheet have no cells, only ``rows`` and
        ``skipped``.

    Raises
    ------
    FileProblem
        If it is no workbook, is damaged or protected, or needs more memory or time than ``MEMORY`` and ``SECONDS``.

    Examples
    --------
    >>> read_workbook(b"PK" + bytes(100))
    Traceback (most recent call last):
    ...
    analysis.grids.FileProblem: is cut short, as if it had been copied only in part; copy or export it again.
    """
    try:
        return _read_apart("workbook", content)
    except Died as death:
        sentence = death.sentence
    try:
        _read_apart("explain", content)
    except FileProblem as reason:
        raise reason from None
    except Died:
        pass
    raise FileProblem(sentence)


def read_markup(text: str) -> list[Grid]:
    """Read every table of HTML or MHTML, or sheet of XML Spreadsheet 2003; an empty list if the text is no markup.

    Examples
    --------
    >>> (grid,) = read_markup("<table><tr><td>Số hồ sơ<tr><td>00123</table>")
    >>> grid.read_as, grid.cells.to_pylist()
    ({'format': 'html'}, [{'0': 'Số hồ sơ'}, {'0': '00123'}])
    """
    if not is_markup(text):
        return []
    try:
        return _read_apart("markup", text.encode("utf-8", "replace"))
    except Died as death:
        raise FileProblem(death.sentence) from None


class Died(Exception):
    """A child ended without an answer."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def _read_apart(reader: str, content: bytes) -> list[Grid]:
    memory, seconds = limits(len(content))
    answer = _ask(reader, content, memory, max(seconds // 3, 1) if reader == "explain" else seconds)
    try:
        head, _, rest = answer.partition(b"\n")
        said = json.loads(head)
        if "refused" in said:
            raise FileProblem(str(said["refused"]))
        return _grids(said["sheets"], memoryview(rest))
    except (ValueError, KeyError, TypeError, pa.ArrowInvalid):  # what a child says after reading a hostile file
        raise FileProblem(BROKEN) from None


def limits(size: int) -> tuple[int, int]:
    """(bytes of memory, seconds) for a file of so many bytes; never more than half of the machine's memory.

    Examples
    --------
    >>> limits(10_000_000) == limits(10) == (MEMORY, SECONDS)
    True
    """
    more = max(size / 10_000_000, 1.0)
    return min(int(MEMORY * more), max(MEMORY, machine_memory() // 2)), int(SECONDS * more)


def machine_memory() -> int:
    """Bytes of memory that the machine has."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        import psutil  # noqa: PLC0415 - Windows

        return int(psutil.virtual_memory().total)


def _ask(reader: str, content: bytes, memory: int, seconds: int) -> bytes:
    """Start a child, give it a file, and take its answer; nothing of it is left behind, whatever happens."""
    found = find_spec("python_calamine")
    places = [str(Path(__file__).parents[1]), str(Path(found.origin).parents[1]) if found and found.origin else ""]
    words = [sys.executable, "-I", "-S", "-c", CHILD, *places, reader, str(memory), str(seconds), str(os.getpid())]
    child = subprocess.Popen(
        words,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "MALLOC_ARENA_MAX": "2"},  # a thread's own arena would count against the limit
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )  # fmt: skip
    grew = threading.Event()
    if WATCH:
        threading.Thread(target=_watch, args=(child.pid, memory, grew), daemon=True).start()
    try:
        answer, _ = child.communicate(content, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise Died(_out_of_time(seconds)) from None
    finally:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                pipe.close()
    if child.returncode == 0 and answer:
        return answer
    raise Died(_last_words(child.returncode, memory, seconds, grew=grew.is_set()))


WATCH = sys.platform != "linux"
"""Whether the parent must watch the child's memory: Windows has no limits, and macOS does not keep them."""


def _watch(pid: int, memory: int, grew: threading.Event) -> None:
    import psutil  # noqa: PLC0415 - not needed where the system keeps limits

    try:
        child = psutil.Process(pid)
        while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
            if child.memory_info().rss > memory:
                grew.set()
                child.kill()
                return
            time.sleep(0.02)
    except psutil.Error:
        return


def _last_words(code: int, memory: int, seconds: int, *, grew: bool) -> str:
    import signal  # noqa: PLC0415

    if code in (-getattr(signal, "SIGXCPU", 0), -getattr(signal, "SIGKILL", 0)) and code and not grew:
        return _out_of_time(seconds)
    if grew or code in (MEMORY_EXIT, -signal.SIGABRT):
        return (
            f"needs more than the {memory // MEBIBYTE} MB of memory that a file of its size may take; "
            "split it, or delete the empty rows and columns around its table."
        )
    return BROKEN


def _out_of_time(seconds: int) -> str:
    return (
        f"takes more than the {seconds} seconds that a file of its size may take to open; split it, or save it as CSV."
    )


def _grids(sheets: list[dict], rest: memoryview) -> list[Grid]:
    """Take over what a child read; its buffers are checked, and nothing in them is run."""
    grids, at = [], 0
    for said in sheets:
        height = int(said["height"])
        cells = {}
        for position, size in enumerate(said["columns"]):
            cells[str(position)] = _column(rest[at : at + size], height)
            at += size
        numbers = {}
        for position, size in said["numbers"].items():
            numbers[int(position)] = np.frombuffer(rest[at : at + size], np.int64)
            at += size
        grids.append(
            Grid(
                str(said["name"]), pa.table(cells), np.arange(1, height + 1), [],
                read_as={str(k): str(v) for k, v in said["read_as"].items()},
                doubts=tuple(Doubt(str(reason), str(detail)) for reason, detail in said["doubts"]),
                numbers=numbers, skipped=str(said["skipped"]),
            )
        )  # fmt: skip
    return grids


def _column(cells: memoryview, height: int) -> pa.Array:
    if not height:
        return pa.array([], pa.string())
    whole = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), 1, [None, pa.py_buffer(np.array([0, len(cells)], np.int64)), pa.py_buffer(cells)]
    )
    column = pc.split_pattern(whole, b"\0").values.cast(pa.string())
    if len(column) != height:
        raise ValueError(f"{len(column)} cells in {height} lines")
    return column
