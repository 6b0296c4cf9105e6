"""Why something failed, as it may be kept in a log and sent to others: without values of the exports.

The screen of the one who runs a command shows an error whole. A log is kept for months and a notice leaves the house, so both have
the reason with quoted values cut, numbers of persons cut, and of a fault in the program only its kind and its place.
"""

import re
import traceback
from pathlib import Path

from analysis.identifiers import identifiers
from analysis.privacy import CUT

LONGEST = 600
"""Characters of a reason that are kept."""

QUOTED = re.compile(r"(?<!\w)'([^'\n]*)'(?!\w)|(?<!\w)\"([^\"\n]*)\"(?!\w)")
"""What Python quotes in a message is a value; file names, headings and sentences of this program stand without such quotes."""

DAY = re.compile(r"\d{1,4}([-/])\d{1,2}\1\d{1,4}")


def kept_reason(text: str) -> str:
    r"""A reason on one line, that names nobody.

    Examples
    --------
    >>> kept_reason("code cell 5 under “Kết quả” (show(table)): KeyError: 'Người Thứ Nhất'")
    "code cell 5 under “Kết quả” (show(table)): KeyError: 'Người…'"
    >>> kept_reason("dossiers.csv: row 3: 0900 000 000 is no day.\nExport it again.")
    'dossiers.csv: row 3: 0900 0… is no day. Export it again.'
    """
    one_line = " ".join(text.split())
    for found in identifiers(one_line):
        one_line = one_line.replace(found.text, _cut(found.text))
    one_line = QUOTED.sub(lambda found: found[0][0] + _cut(found[1] or found[2] or "") + found[0][0], one_line)
    return one_line if len(one_line) <= LONGEST else one_line[: LONGEST - 1].rstrip() + "…"


def _cut(value: str) -> str:
    is_told = len(value) <= CUT or value.endswith("…") or DAY.fullmatch(value)
    return value if is_told else f"{value[:CUT].rstrip()}…"


def place_of(error: BaseException) -> str:
    """Where in this program an error arose, and of which kind it is; nothing of what it says.

    Examples
    --------
    >>> try:
    ...     {}["Người Thứ Nhất"]
    ... except KeyError as error:
    ...     place_of(error).partition(",")[0]
    'KeyError'
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).parent == Path(__file__).parent] or frames
    at = f", {Path(own[-1].filename).name}:{own[-1].lineno} {own[-1].name}" if own else ""
    return f"{type(error).__name__}{at}"
