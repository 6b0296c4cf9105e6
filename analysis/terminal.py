"""Text for a terminal of 80 columns.

A letter is as wide as a terminal draws it, not as many bytes or code points as it has. What a file says is stripped of
everything that a terminal would obey.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

WIDTH = 80


def plain(text: str) -> str:
    r"""A text in NFC on one line; what a terminal would obey is shown as a sign instead.

    Examples
    --------
    >>> plain("Ma\u0303 hồ sơ\n\x1b[31m")
    'Mã hồ sơ �[31m'
    """
    one_line = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in one_line)


def width(text: str) -> int:
    r"""Columns that a terminal needs for a text.

    Examples
    --------
    >>> width("Mã hồ sơ"), width("Ma\u0303"), width("戸籍")
    (8, 2, 4)
    """
    return sum(map(_width_of, text))


def _width_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pieces(text: str, most: int) -> list[str]:
    """A text in pieces of at most ``most`` columns, broken after a space where there is one; joined they are the text.

    Examples
    --------
    >>> pieces("Ngày tiếp nhận hồ sơ", 12)
    ['Ngày tiếp ', 'nhận hồ sơ']
    """
    found, start = [], 0
    while start < len(text):
        end, used = start, 0
        while end < len(text) and used + _width_of(text[end]) <= most:
            used += _width_of(text[end])
            end += 1
        space = text.rfind(" ", start, end) + 1
        end = space if end < len(text) and space > start else max(end, start + 1)
        found.append(text[start:end])
        start = end
    return found or [""]


def fitted(text: str, most: int) -> str:
    """A text cut to a width, and filled up to it with spaces.

    Examples
    --------
    >>> fitted("Ngày tiếp nhận", 8), fitted("Ngày", 8)
    ('Ngày ti…', 'Ngày    ')
    """
    if width(text) > most:
        text = _start(text, most - 1).rstrip() + "…"
    return text + " " * (most - width(text))


def _start(text: str, most: int) -> str:
    used = 0
    for i, character in enumerate(text):
        used += _width_of(character)
        if used > most:
            return text[:i]
    return text


def paragraph(text: str, indent: int = 0, hanging: int = 0) -> Iterator[str]:
    """The lines of a sentence; all but the first stand further in.

    Examples
    --------
    >>> for line in paragraph("one two " * 12, 2, 2): print(line)
      one two one two one two one two one two one two one two one two one two one
        two one two one two
    """
    first, *_ = pieces(plain(text), WIDTH - indent)
    yield " " * indent + first.rstrip()
    if rest := plain(text)[len(first) :]:
        further = indent + hanging
        yield from (" " * further + piece.rstrip() for piece in pieces(rest, WIDTH - further))


def aligned(rows: Iterable[Sequence[str]], indent: int = 2) -> Iterator[str]:
    """Rows of texts under each other; the last column is broken over lines, the others are cut if they must be.

    Examples
    --------
    >>> for line in aligned([("A", "Mã hồ sơ", "dossier_id"), ("AB", "Ngày", "?")]): print(line)
      A   Mã hồ sơ  dossier_id
      AB  Ngày      ?
    """
    cells = [[plain(cell) for cell in row] for row in rows]
    if not cells:
        return
    most = [min(max(width(row[i]) for row in cells), 32) for i in range(len(cells[0]) - 1)]
    left = indent + sum(most) + 2 * len(most)
    for row in cells:
        start = " " * indent + "".join(fitted(cell, size) + "  " for cell, size in zip(row, most, strict=False))
        first, *more = pieces(row[-1], WIDTH - left)
        yield (start + first).rstrip()
        yield from (" " * left + piece.rstrip() for piece in more)
