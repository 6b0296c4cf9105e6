"""Numbers and addresses by which a person can be known, as they are written in Viet Nam.

A page counts dossiers, names procedures and days, and prints checksums. None of these may pass for such a number, so each
is told by how it begins, how many digits it has and how these are grouped.
"""

import re
from typing import NamedTuple

BEFORE, BEHIND = r"(?<![^\W_])(?<!\d[.,])", r"(?![^\W_])(?![.,]\d)"
"""A number stands alone: no letter, digit or decimal sign touches it."""

GAP = r"[ .\xa0\u202f-]?"

PHONES = (
    rf"0[35789](?:{GAP}\d){{8}}",
    rf"\(?02(?:\d\d\)?(?:{GAP}\d){{7}}|[48]\)?(?:{GAP}\d){{8}})",
    rf"\(?(?:\+|00)84\)?{GAP}(?:\(0\){GAP})?[2-9](?:{GAP}\d){{8,9}}",
)
"""Mobile numbers, those of a place, and both with the number of the country."""

SHAPES = {
    "email": r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "citizen_id": rf"{BEFORE}0\d\d(?:[ .]?\d{{3}}){{3}}{BEHIND}",
    "phone": rf"{BEFORE}(?:{'|'.join(PHONES)}){BEHIND}",
    "identity_card": rf"{BEFORE}\d{{3}}(?: ?\d{{3}}){{2}}{BEHIND}",
    "tax_code": rf"{BEFORE}8\d{{9}}(?:-\d{{3}})?{BEHIND}",
}
"""Kind -> what it looks like; the first that fits counts.

A citizen's number (CCCD) has 12 digits and begins with 0, so a time such as 202211100830 is none; the older identity card
(CMND) has 9. The tax code of a person begins with 8, and since 2025 is the citizen's number."""

LEAST_GROUP = 3
"""Digits of a telephone number's first group at least, so that 03-02-2022 10 is none."""


class Identifier(NamedTuple):
    """A number or an address that stands in a text."""

    kind: str
    """A key of ``SHAPES``."""
    text: str


def identifiers(text: str) -> list[Identifier]:
    """Every telephone number, identity number, tax code and e-mail address in a text, in order.

    Examples
    --------
    >>> [found.kind for found in identifiers("Gọi (0200) 3 800 000 hoặc +84 900 000 000, a@example.org; CCCD 001099000001")]
    ['phone', 'phone', 'email', 'citizen_id']
    >>> identifiers("9.505 văn bản, 1.007767, 09/11/2022, 0000.H99-220103-0001, 0123/QĐ-SXD, 20221110")
    []
    """
    found = [
        (match.start(), order, Identifier(kind, match[0]))
        for order, (kind, shape) in enumerate(SHAPES.items())
        for match in re.finditer(shape, text)
        if kind != "phone" or _is_grouped(match[0])
    ]
    return [each for at, order, each in sorted(found) if not _is_held(at, order, each, found)]


def _is_held(at: int, order: int, each: Identifier, found: list[tuple[int, int, Identifier]]) -> bool:
    """Whether a kind that comes first already has these characters."""
    end = at + len(each.text)
    return any(other < order and start < end and at < start + len(held.text) for start, other, held in found)


def _is_grouped(phone: str) -> bool:
    first, *others = (group for group in re.split(r"\D+", phone) if group)
    return not others or phone.startswith(("+", "(", "00")) or len(first) >= LEAST_GROUP
