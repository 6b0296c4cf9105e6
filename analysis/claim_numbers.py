"""Numbers as officials write them: 1.150.343, 99,86 %, 5,65 ngàn, gần 27.000, 600/855, 91,6/15,4 %.

What is no count (a date, the number of a decision, an article, a phone number, money, an area) is known by its form, and
said with its reason.
"""

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from analysis.claim_words import plain, read_claim_words, split

FIGURE = re.compile(r"(?<![\w.,])\d{1,3}(?:[\u00a0\u202f\u2009]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)*")


class Number(NamedTuple):
    """A number of a text that may be a count, a share or a change."""

    start: int
    end: int
    value: Decimal
    decimals: int
    """How many decimals are printed."""
    kind: str
    """``count``, ``percent``, ``points`` or ``times``."""
    grain: Decimal = Decimal(1)
    """What the last printed digit is worth; above 1 where a word such as "ngàn" stands after it."""
    of: Decimal | None = None
    """The whole that stands after a stroke: 855 of "600/855"."""
    before: Decimal | None = None
    """The share of the year before: 15.4 of "91,6/15,4 %"."""


class Skipped(NamedTuple):
    """A number that is no count, and why."""

    start: int
    end: int
    why: str
    """A reason of ``claims.toml``, or ``period``."""
    period: str = ""
    """The period it names: ``2022``, ``2022-quarter-1``; without a year where none is said."""


def find_numbers(text: str) -> tuple[list[Number], list[Skipped]]:
    """Every number of a text: those that may say something, and those that are no counts.

    Parameters
    ----------
    text
        One passage in NFC.

    Returns
    -------
    tuple
        The numbers, and what was skipped, both in their order.

    Examples
    --------
    >>> numbers, skipped = find_numbers("Theo Quyết định 2289/QĐ-TTg, năm 2022 nhận 1.150.343 hồ sơ, đạt 99,86%")
    >>> [(str(n.value), n.kind) for n in numbers], [s.why for s in skipped]
    ([('1150343', 'count'), ('99.86', 'percent')], ['document', 'period'])
    >>> [str(n.value) for n in find_numbers("received 1,294 dossiers, 86.5% early, 5.65 thousand documents")[0]]
    ['1294', '86.5', '5650']
    >>> [(str(n.value), str(n.of)) for n in find_numbers("đúng hạn 600/855 hồ sơ")[0]]
    [('600', '855')]
    """
    low = plain(text)
    skipped, covered = _skipped(low)
    found: list[Number] = []
    matches = [
        m for m in FIGURE.finditer(low) if not any(start < m.end() and m.start() < end for start, end in covered)
    ]
    position = 0
    while position < len(matches):
        number = _read(low, matches[position])
        later = matches[position + 1] if position + 1 < len(matches) else None
        if later and _is_of(low[number.end : later.start()]):
            number, taken = _pair(low, number, _read(low, later))
            position += taken
        found.append(number)
        position += 1
    return found, skipped


def _is_of(between: str) -> bool:
    """Whether what stands between two numbers makes the second the whole of the first."""
    words = read_claim_words()
    noun = _one_of(words.nouns).match(between)
    rest = between[noun.end() :] if noun else between
    return bool(_one_of(words.of).fullmatch(rest.rstrip())) and not (noun and "/" in rest)


def _pair(low: str, first: Number, second: Number) -> tuple[Number, int]:
    """Two numbers with a stroke between them, as one where that says something."""
    is_stroke = "/" in low[first.end : second.start]
    if is_stroke and "percent" in (first.kind, second.kind):
        both = _as_percent(low, first), _as_percent(low, second)
        return both[0]._replace(end=second.end, before=both[1].value, kind="percent"), 1
    counts = first.kind == second.kind == "count" and first.decimals == second.decimals == 0
    if counts and first.value <= second.value:
        return first._replace(end=second.end, of=second.value), 1
    return first, 0


def _as_percent(low: str, number: Number) -> Number:
    match = FIGURE.match(low, number.start)
    digits = match[0] if match else str(number.value)
    value, decimals = _value(digits, is_count=False)
    return number._replace(value=value, decimals=decimals)


def _read(low: str, match: re.Match[str]) -> Number:
    unit, end = _word_after(low, match.end(), tuple(read_claim_words().units))
    kind = read_claim_words().units.get(unit, "count")
    word, after_factor = _word_after(low, end, tuple(read_claim_words().multipliers)) if not unit else ("", end)
    factor = read_claim_words().multipliers.get(word, 1)
    value, decimals = _value(match[0], is_count=kind == "count" and factor == 1)
    if factor > 1:
        return Number(
            match.start(), after_factor, Decimal(int(value * factor)), 0, kind, Decimal(factor).scaleb(-decimals)
        )
    return Number(match.start(), end, value, decimals, kind)


def _word_after(low: str, end: int, words: tuple[str, ...]) -> tuple[str, int]:
    """Which of some words or marks stands right after a number, and where it ends."""
    match = _one_of(words).match(low, end)
    return (" ".join(split(match[1])), match.end()) if match else ("", end)


@cache
def _one_of(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(r"\s*(" + "|".join(re.escape(word).replace(r"\ ", r"\s*") for word in longest_first) + r")(?!\w)")


def _value(digits: str, *, is_count: bool) -> tuple[Decimal, int]:
    """The value of digits with marks between them, and how many decimals they print.

    A count has no decimals: marks before groups of three part thousands. A share has: its one mark is the decimal one.
    """
    plain_digits = re.sub(r"[\u00a0\u202f\u2009]", "", digits)
    parts = re.split(r"[.,]", plain_digits)
    if len(parts) == 1:
        return Decimal(parts[0]), 0
    grouped = all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3 and parts[0] != "0"
    marks = set(re.findall(r"[.,]", plain_digits))
    if grouped and len(marks) == 1 and (is_count or len(parts) > 2):
        return Decimal("".join(parts)), 0
    whole, last = parts[:-1], parts[-1]
    return Decimal("".join(whole) + "." + last), len(last)


def _skipped(low: str) -> tuple[list[Skipped], list[tuple[int, int]]]:
    words = read_claim_words()
    early = [pattern for pattern in words.not_counts if pattern[0] in EARLY]
    late = [pattern for pattern in words.not_counts if pattern[0] not in EARLY]
    found: list[Skipped] = []

    def is_free(match: re.Match[str]) -> bool:
        cuts = re.search(r"\d$", match[0]) and re.match(r"[.,]?\d", low[match.end() :])  # "cấp 1" of "cấp 1.250"
        return not cuts and not any(s.start < match.end() and match.start() < s.end for s in found)

    for why, pattern in early:
        found += [Skipped(*m.span(), why) for m in pattern.finditer(low) if re.search(r"\d", m[0]) and is_free(m)]
    for name, pattern in words.periods:
        found += [Skipped(*m.span(), "period", _period(name, m)) for m in pattern.finditer(low) if is_free(m)]
    for why, pattern in late:
        found += [Skipped(*m.span(), why) for m in pattern.finditer(low) if re.search(r"\d", m[0]) and is_free(m)]
    found.sort()
    return found, [(s.start, s.end) for s in found]


EARLY = ("document", "article", "day", "phone", "money", "measurement")
"""Reasons that are looked for before the names of periods, which hold numbers of days and of decisions no less."""


def _period(name: str, match: re.Match[str]) -> str:
    groups = match.groupdict()
    year, part = groups.get("year") or "", groups.get("part") or ""
    part = str(len(part)) if part and not part.strip("i") else read_claim_words().spoken.get(part, part.lstrip("0"))
    kind = {"q": "quarter", "half": "months"}.get(name, name)
    return "-".join(piece for piece in (year, *((kind, part) if part else ())) if piece)
