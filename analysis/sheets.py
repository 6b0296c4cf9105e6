"""What the child process that opens an untrusted file hands back, and the child itself.

Only the standard library is imported, and the reader that is asked for: a child then starts in a thirtieth of a second.
Columns travel as text under text, divided by NUL, so that the parent takes them over without running anything.
"""

import gc
import json
import os
import signal
import sys
from array import array
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from analysis.containers import BROKEN, SAVE, Refused

MISSING_TEXT = "\N{REPLACEMENT CHARACTER}"
"""Stands for a NUL in a cell, since NUL divides the cells."""


MOST_CELLS = 50_000_000
"""Of a table whose lines are not of equal length."""


class Sheet(NamedTuple):
    """One sheet as the child reads it: a ``Grid`` but for the libraries that one needs."""

    name: str
    height: int
    """Lines of the sheet; the columns have as many cells, or there are none."""
    columns: list[bytes]
    """The cells of each column in UTF-8, divided by NUL."""
    numbers: dict[int, array]
    """Position of a column -> the rows, from 1, that hold a number; 64 bits each."""
    read_as: dict[str, str]
    doubts: list[tuple[str, str]] = []  # noqa: RUF012 - nobody changes it
    skipped: str = ""


def column_of(texts: Iterable[str]) -> bytes:
    r"""Cells of one column under each other.

    Examples
    --------
    >>> column_of(["Kênh", "", "a\0b"]).decode().split("\0")
    ['Kênh', '', 'a�b']
    """
    cells = texts if isinstance(texts, Sequence) else list(texts)
    joined = "\0".join(cells)
    if joined.count("\0") != max(len(cells) - 1, 0):
        joined = "\0".join(cell.replace("\0", MISSING_TEXT) for cell in cells)
    return joined.encode("utf-8", "replace")


def sheet_of(lines: list[list[str]], name: str, form: str, **more: Any) -> Sheet:
    """Lines of text as a sheet; a short line ends in empty cells."""
    width = max(map(len, lines), default=0)
    if width * len(lines) > MOST_CELLS:
        raise Refused(f"has a table of {len(lines)} lines and {width} columns, almost all of it empty; {SAVE}")
    columns = [column_of([line[i] if i < len(line) else "" for line in lines]) for i in range(width)]
    return Sheet(name, len(lines), columns, more.pop("numbers", {}), {"format": form}, **more)


def number_text(number: float) -> str:
    """A number as its shortest digits, without an exponent, and without a fraction if it is whole.

    Examples
    --------
    >>> number_text(12.0), number_text(1e22), number_text(1e-7), number_text(44571.34375)
    ('12', '10000000000000000000000', '0.0000001', '44571.34375')
    """
    if number.is_integer():
        return str(int(number)) if abs(number) < 2**53 else format(Decimal(repr(number)).to_integral_value(), "f")
    text = repr(number)
    return format(Decimal(text), "f") if "e" in text else text


def pack(sheets: list[Sheet]) -> bytes:
    """Sheets as a line of JSON, and their buffers one after the other."""
    said = [
        {
            **sheet._asdict(),
            "columns": [len(column) for column in sheet.columns],
            "numbers": {position: 8 * len(rows) for position, rows in sheet.numbers.items()},
        }
        for sheet in sheets
    ]
    buffers = [part for s in sheets for part in (*s.columns, *(rows.tobytes() for rows in s.numbers.values()))]
    return json.dumps({"sheets": said}).encode() + b"\n" + b"".join(buffers)


def serve(reader: str, memory: int, seconds: int, parent: int) -> None:
    """Be the child: limit oneself, read a file from the standard input, and write its sheets to the output."""
    _limit(memory, seconds, parent)
    gc.disable()  # cells hold no circles, and a child is short-lived
    out = sys.stdout.buffer
    try:
        content = sys.stdin.buffer.read()
        answer = pack(_reader(reader)(content))
        if len(answer) > memory // 4:
            raise MemoryError
    except Refused as refusal:
        answer = json.dumps({"refused": str(refusal)}).encode()
    except MemoryError:
        os._exit(MEMORY_EXIT)
    except BaseException:  # a panic of the reader is none of Exception
        answer = json.dumps({"refused": BROKEN}).encode()
    try:
        out.write(answer)
        out.flush()
    finally:
        os._exit(0)  # nothing is left to tidy, and taking apart what was read takes as long as reading it


MEMORY_EXIT = 77
"""How the child ends when it has not enough memory and can still say so."""


def _reader(name: str) -> Callable[[bytes], list[Sheet]]:
    if name == "markup":
        from analysis.markup import read_markup  # noqa: PLC0415 - a child loads one reader

        return read_markup
    from analysis.workbooks import explain, read_workbook  # noqa: PLC0415

    return {"workbook": read_workbook, "explain": explain}[name]


def _limit(memory: int, seconds: int, parent: int) -> None:
    """Take limits where the system has them, and end with the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and ends the child
    try:
        import resource  # noqa: PLC0415 - Windows has none; the parent watches there
    except ImportError:
        return
    for what, most in (("RLIMIT_CORE", 0), ("RLIMIT_CPU", seconds), ("RLIMIT_AS", memory), ("RLIMIT_DATA", memory)):
        try:
            resource.setrlimit(getattr(resource, what), (most, most))
        except (ValueError, OSError, AttributeError):  # macOS refuses some; the parent watches there too
            continue
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)
