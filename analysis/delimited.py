"""Delimited text -> a grid."""

import csv
import io
from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from analysis.grids import FileProblem, Grid
from analysis.layout import LOOK, best_header
from analysis.vocabulary import Vocabulary

DELIMITERS = ",;\t|"

csv.field_size_limit(2**31 - 1)


def read_delimited(text: str, vocabulary: Vocabulary | None = None) -> Grid:
    """Delimited text, under the delimiter that makes its header best understood."""
    head = list(_take(io.StringIO(text, newline=""), LOOK))
    looks = {d: list(csv.reader(head, delimiter=d)) for d in DELIMITERS}
    best = max(DELIMITERS, key=lambda d: (best_header(looks[d], vocabulary).score, max(map(len, looks[d]), default=0)))
    found = best_header(looks[best], vocabulary)
    width = len(looks[best][found.row]) if found.score else max(map(len, looks[best]), default=1)
    odd: list[tuple[int, list[str]]] = []

    def keep_odd(line: pacsv.InvalidRow) -> str:
        odd.append((line.number, next(csv.reader(io.StringIO(line.text, newline=""), delimiter=best), [])))
        return "skip"

    names = [str(i) for i in range(width)]
    try:
        cells = pacsv.read_csv(
            pa.BufferReader(text.encode()),
            read_options=pacsv.ReadOptions(
                column_names=names, use_threads=False, block_size=max(1 << 24, len(text) // 8)
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=best, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=keep_odd
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        _check_quotes(text, best)
        raise FileProblem(f"cannot be read as delimited text ({error}); save it as CSV UTF-8.") from None
    if len(cells) + len(odd) < text.count("\n"):
        _check_quotes(text, best)
    rows = np.setdiff1d(np.arange(1, len(cells) + len(odd) + 1), [row for row, _ in odd], assume_unique=True)
    return Grid("", cells, rows, odd, {"format": "csv", "delimiter": best})


def _check_quotes(text: str, delimiter: str) -> None:
    """Refuse a quotation mark that is not closed where its cell ends, if it swallows the lines below."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            if next(reader, None) is None:
                return
        except csv.Error:
            if reader.line_num > line:
                raise FileProblem(
                    f"a quotation mark in line {line} is not closed in its cell, so the lines below it would be lost; "
                    "close it, or export the file again."
                ) from None


def _take(lines: Iterable[str], most: int) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == most:
            return
        yield line.replace("\0", "")
