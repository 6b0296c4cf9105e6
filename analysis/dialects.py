"""How a delimited text is written: its delimiter, its quotation marks, and how many cells a line has.

The delimiter is the one under which the header is understood; where no header is, clevercsv judges by the shape of
the lines.
"""

import io
from collections import Counter
from itertools import islice
from typing import NamedTuple

from analysis.grids import Doubt
from analysis.headers import LOOK, best_header
from analysis.records import DELIMITERS, Dialect, records_of
from analysis.vocabulary import Vocabulary

SAMPLE = 1 << 20
"""How many characters are looked at to choose a dialect."""

JUDGED = 100, 400
"""How many lines, and characters of each, clevercsv is given: on one long word it takes the square of its length."""

CERTAIN = 0.8
"""The share of lines with the usual number of cells from which a delimiter is taken for certain."""

COUNTED = 1000
"""Of how many lines the different texts of a column are counted."""


class Writing(NamedTuple):
    """How the lines of a whole text are written."""

    dialect: Dialect
    width: int
    """How many cells a line has."""
    headings: int
    """How many of them the header has; 0 if none is known."""
    is_certain: bool
    """Whether the delimiter is."""
    line_end: str
    """``CRLF``, ``LF`` or ``CR``; empty if there is none."""
    few: frozenset[int]
    """Positions of columns in which few different texts stand, so that Arrow had better keep them by number."""

    @property
    def doubts(self) -> list[Doubt]:
        """What is not certain about it."""
        delimiter = self.dialect.delimiter
        return [] if self.is_certain else [Doubt("delimiter_doubtful", DELIMITERS.get(delimiter, delimiter))]

    @property
    def read_as(self) -> dict[str, str]:
        """What was chosen, for the table of files."""
        delimiter = DELIMITERS.get(self.dialect.delimiter, self.dialect.delimiter)
        said = {"format": "csv", "delimiter": delimiter, "line_end": self.line_end}
        return said | {k: v for k, v in {"quote": self.dialect.quote, "escape": self.dialect.escape}.items() if v}


def find_writing(text: str, vocabulary: Vocabulary | None = None) -> Writing:
    r"""Tell from the beginning of a text how it is written.

    Parameters
    ----------
    text
        The text, or at least its first ``SAMPLE`` characters.
    vocabulary
        Finds the header; without one, or without a header that it knows, the shape of the lines decides.

    Examples
    --------
    >>> find_writing("Mã;Tên\n1;Xây nhà\n2;Xây kho\n").read_as
    {'format': 'csv', 'delimiter': 'semicolon', 'line_end': 'LF', 'quote': '"'}
    """
    sample = split_lines(text[: text.find("\n", SAMPLE) + 1 or SAMPLE] if len(text) > SAMPLE else text)
    delimiter, headings, sure = _delimiter(sample, vocabulary)
    dialect = _quoting(sample, delimiter)
    width = _width(sample, dialect, headings)
    return Writing(dialect, width, headings, sure, _line_end(sample), _few(sample, dialect, width))


def split_lines(text: str) -> list[str]:
    """Lines with their ends, whichever they are."""
    return list(io.StringIO(text, newline=""))


def _delimiter(sample: list[str], vocabulary: Vocabulary | None) -> tuple[str, int, bool]:
    """The delimiter, the cells of the header if it is known (else 0), and whether the choice is certain."""
    looks = {d: [r.cells for r in records_of(sample[:LOOK], Dialect(d))] for d in DELIMITERS}
    found = {d: best_header(lines, vocabulary) for d, lines in looks.items()}
    best = max(DELIMITERS, key=lambda d: (found[d].score, max(map(len, looks[d]), default=0)))
    if found[best].score:
        return best, len(looks[best][found[best].row]), True
    said = sample[0].strip().strip('"') if sample else ""
    if said.startswith("sep=") and len(said) == 5:
        return said[-1], 0, True
    steady = {d: _steadiness(sample, d) for d in DELIMITERS}
    judged = _judge(sample)
    if steady.get(judged, 0) < CERTAIN < max(steady.values()):
        judged = max(steady, key=lambda d: steady[d])
    return judged, 0, steady.get(judged, 0) >= CERTAIN


def _steadiness(sample: list[str], delimiter: str) -> float:
    """The share of lines that have the usual number of cells, if that is more than one."""
    records = list(records_of(sample, Dialect(delimiter)))
    widths = Counter(len(r.cells) for r in records if not r.flaw)
    width, often = widths.most_common(1)[0] if widths else (1, 0)
    return often / len(records) if width > 1 else 0.0


def _judge(sample: list[str]) -> str:
    """The delimiter by the shape of the lines alone; the comma where nothing speaks for any."""
    import clevercsv  # noqa: PLC0415 - a quarter of a second that a known header saves

    lines = [line[: JUDGED[1]].rstrip("\r\n") for line in islice(sample, JUDGED[0])]
    try:
        found = clevercsv.Detector().detect("\n".join(lines), delimiters=list(DELIMITERS))
    except clevercsv.Error:
        found = None
    return (found.delimiter if found else "") or ","


def _quoting(sample: list[str], delimiter: str) -> Dialect:
    """Which mark quotes a cell and which escapes the mark: the pair under which most lines have the usual width."""
    plain = Dialect(delimiter)
    odd = [line for line in sample if "'" in line or '\\"' in line]
    if not odd:
        return plain
    usual = _width(sample, plain, 0)
    rivals = [plain, Dialect(delimiter, '"', "\\"), Dialect(delimiter, "'"), Dialect(delimiter, "'", "\\")]

    def fitting(dialect: Dialect) -> tuple[int, bool]:
        records = list(records_of(sample, dialect, usual))
        whole = sum(len(r.cells) == usual and not r.flaw for r in records)
        if dialect.quote == "'":  # an apostrophe is no mark but where every cell stands in two
            return whole, all(_is_quoted(line, dialect) for line in odd)
        return whole, bool(dialect.escape) and any('\\"' in line for line in odd)

    return max(rivals, key=fitting)


def _is_quoted(line: str, dialect: Dialect) -> bool:
    """Whether every cell of a line stands in quotation marks."""
    cells = line.rstrip("\r\n").split(dialect.delimiter)
    return all(len(c) > 1 and c[0] == c[-1] == dialect.quote for c in cells)


def _width(sample: list[str], dialect: Dialect, headings: int) -> int:
    """How many cells a line has: as many as the header or, without one, as most lines.

    Systems that end each line with a delimiter, except the header, give every line one blank cell more than the
    header; then most lines decide, and ``_without_blank_tail`` takes the blank ones off.
    """
    widths = Counter(len(r.cells) for r in records_of(sample, dialect, headings) if any(r.cells))
    several = Counter({width: often for width, often in widths.items() if width > 1}) or widths
    most, often = several.most_common(1)[0] if several else (1, 0)
    return most if not headings or (most > headings and often > CERTAIN * several.total()) else headings


def _few(sample: list[str], dialect: Dialect, width: int) -> frozenset[int]:
    """Positions of columns whose texts repeat in most lines of a sample."""
    lines = [r.cells for r in islice(records_of(sample, dialect, width), COUNTED) if len(r.cells) == width]
    columns = zip(*lines, strict=True) if len(lines) == COUNTED else ()
    return frozenset(i for i, texts in enumerate(columns) if len(set(texts)) < COUNTED / 2)


def _line_end(sample: list[str]) -> str:
    ends = Counter(line[len(line.rstrip("\r\n")) :][-2:] for line in sample)
    names = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}
    return names.get(ends.most_common(1)[0][0], "") if ends else ""
