"""A passage as tokens, and what stands around each number: to its left since the number before, to its right until a mark.

"937 hồ sơ, trong đó trực tuyến 163 hồ sơ" has two numbers; the words between belong to the first as far as the comma, and
to the second from there.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from analysis.claim_numbers import Number, Skipped, find_numbers
from analysis.claim_words import Phrase, plain, read_claim_words, split

MARKS = ",;:()[]"
OPEN, CLOSE = "([", ")]"


class Passage(NamedTuple):
    """A piece of text that is read by itself."""

    place: str
    """``paragraph 3``, ``page 2, paragraph 1``, ``Sheet1, row 5``."""
    text: str
    scope: str = ""
    """Of a row of a table: which part of the whole it is about."""
    goes_on: bool = False
    """Whether what was spoken of before is spoken of still, as in the rows of one table."""
    is_row: bool = False
    """Whether it is a row under headings, which have no place for what a table leaves out."""


class Token(NamedTuple):
    """A number, a phrase of ``claims.toml``, another word, or a mark."""

    start: int
    end: int
    kind: str
    """``number``, ``skipped``, ``mark``, ``word``, or the kind of a phrase."""
    text: str
    features: tuple[tuple[str, str], ...] = ()
    number: Number | None = None
    skipped: Skipped | None = None

    def says(self, dimension: str) -> str:
        """What it says of a dimension; empty where nothing."""
        return dict(self.features).get(dimension, "")

    @property
    def relation(self) -> str:
        """Which relation it is, as ``opens`` or ``share``."""
        return self.says("relation")

    @property
    def parts(self) -> bool:
        """Whether it parts clauses: a mark, or "và"."""
        return self.kind == "mark" or self.relation == "and"


class Slot(NamedTuple):
    """A number with the tokens around it."""

    number: Number
    left: tuple[Token, ...]
    right: tuple[Token, ...]
    between: tuple[Token, ...]
    """Everything since the number before."""
    sentence: int
    depth: int
    """In how many brackets it stands."""
    label: bool
    """Whether a colon stands right before it."""
    before_what: str = ""
    """The relation that ends what stands to its right, as ``compared``."""

    @property
    def clause(self) -> tuple[Token, ...]:
        """The last clause to its left."""
        return tuple(_clauses(self.left)[-1])


def tokens_of(text: str) -> tuple[list[Token], list[Skipped]]:
    """The tokens of a passage in NFC, and the numbers that are no counts.

    Examples
    --------
    >>> tokens, _ = tokens_of("Tiếp nhận trực tuyến 163 hồ sơ (17%)")
    >>> [(token.kind, token.text) for token in tokens][:4]
    [('feature', 'tiếp nhận'), ('feature', 'trực tuyến'), ('number', '163'), ('feature', 'hồ sơ')]
    """
    numbers, skipped = find_numbers(text)
    low, words = plain(text), read_claim_words()
    pieces = re.compile(r"[^\W_]+|[^\w\s]|\n")
    taken = {n.start: Token(n.start, n.end, "number", low[n.start : n.end], (), n) for n in numbers}
    taken |= {s.start: Token(s.start, s.end, "skipped", low[s.start : s.end], (), None, s) for s in skipped}
    raw: list[Token] = []
    position = 0
    while match := pieces.search(low, position):
        inside = next((t for t in taken.values() if t.start <= match.start() < t.end), None)
        token = inside or Token(*match.span(), "word", match[0])
        raw.append(token)
        position = max(token.end, match.end())
    return _phrases(raw, words.phrases, words.longest), skipped


def _phrases(raw: Sequence[Token], phrases: dict[tuple[str, ...], Phrase], longest: int) -> list[Token]:
    """Runs of words that are a phrase, the longest first; a digit of a phrase is no number."""
    found: list[Token] = []
    at = 0
    while at < len(raw):
        for size in range(min(longest, len(raw) - at), 0, -1):
            run = raw[at : at + size]
            if size == 1 and run[0].kind in ("number", "skipped"):
                continue
            phrase = phrases.get(tuple(token.text for token in run))
            if phrase and not (phrase.joined and _is_torn(found, raw[at + size : at + size + 2])):
                features = phrase.features
                found.append(Token(run[0].start, run[-1].end, phrase.kind, " ".join(t.text for t in run), features))
                at += size
                break
        else:
            found.append(_as_mark(raw, at))
            at += 1
    return found


def _is_torn(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether two of a kind belong to two numbers: "301 hồ sơ trước hạn, đúng hạn 1.299"."""
    near = [token for token in before[-2:] if not token.says("what")]
    follows = [token for token in after if token.text != ":"]
    return bool(near and near[-1].kind == "number" and follows and follows[0].kind == "number")


def _as_mark(raw: Sequence[Token], at: int) -> Token:
    token = raw[at]
    if token.kind != "word":
        return token
    if token.text in MARKS or token.text == "\n":
        return token._replace(kind="mark")
    if token.text in ".!?" and _ends_sentence(raw, at):
        return token._replace(kind="mark", text=".")
    if token.text in "-–—•+*" and _stands_apart(raw, at):
        return token._replace(kind="mark", text=",")
    if token.text in "-–—+*.\"“”'’…/<>=&!?":
        return token._replace(kind="plain")
    return token


def _ends_sentence(raw: Sequence[Token], at: int) -> bool:
    if at and raw[at - 1].text in read_claim_words().abbreviations and raw[at - 1].end == raw[at].start:
        return False
    return at + 1 >= len(raw) or raw[at + 1].start > raw[at].end


def _stands_apart(raw: Sequence[Token], at: int) -> bool:
    before = at == 0 or raw[at - 1].end < raw[at].start
    return before and (at + 1 >= len(raw) or raw[at + 1].start > raw[at].end)


def slots_of(tokens: Sequence[Token]) -> list[Slot]:
    """Every number of a passage with its surroundings, in order."""
    found: list[Slot] = []
    for sentence, run in enumerate(_sentences(tokens)):
        found += _slots_of_sentence(run, sentence)
    return found


def _sentences(tokens: Sequence[Token]) -> list[list[Token]]:
    runs: list[list[Token]] = [[]]
    for token in tokens:
        runs[-1].append(token)
        if token.kind == "mark" and token.text in (".", "\n"):
            runs.append([])
    return [run for run in runs if run]


def _slots_of_sentence(run: Sequence[Token], sentence: int) -> list[Slot]:
    at = [i for i, token in enumerate(run) if token.kind == "number"]
    if not at:
        return []
    gaps = [list(run[a + 1 : b]) for a, b in zip([-1, *at], [*at, len(run)], strict=True)]
    lefts, rights = [gaps[0]], []
    for position, gap in enumerate(gaps[1:], 1):
        is_last = position == len(at)
        following = None if is_last else run[at[position]].number
        cut = _cut(gap, following, has_label=_says_something(lefts[-1]))
        rights.append(gap[: _first_mark(gap)] if is_last else gap[:cut])
        lefts.append(gap[cut:])
    for position in range(len(at)):
        rights[position] += _behind_bracket(gaps, position) if not _says_something(rights[position]) else []
    depth, found = 0, []
    for position, index in enumerate(at):
        depth += sum((t.text in OPEN) - (t.text in CLOSE) for t in gaps[position] if t.kind == "mark")
        number = run[index].number
        assert number is not None  # noqa: S101 - only numbers are looked at
        colon = bool(gaps[position]) and gaps[position][-1].text == ":"
        found.append(
            Slot(
                number,
                tuple(_after_bracket(lefts[position])),
                tuple(rights[position]),
                tuple(gaps[position]),
                sentence,
                max(depth, 0),
                colon,
                _relation_after(gaps[position + 1]),
            )
        )
    return found


def _behind_bracket(gaps: Sequence[Sequence[Token]], position: int) -> list[Token]:
    """What is said of a number behind a bracket that holds its share: "163 (17%) were online, ..."."""
    gap = [t for t in gaps[position + 1] if not t.says("what")]
    if not gap or gap[0].text not in OPEN or position + 2 >= len(gaps):
        return []
    inside = gaps[position + 2]
    if not inside or inside[0].text not in CLOSE:
        return []
    rest = list(inside[1:])
    end = _first_mark(rest)
    return rest[:end] if end < len(rest) or position + 3 == len(gaps) else []


def _first_mark(gap: Sequence[Token]) -> int:
    """Where a mark stands, or a word of relation that begins another clause."""
    return next((i for i, t in enumerate(gap) if _cuts(t)), len(gap))


def _relation_after(gap: Sequence[Token]) -> str:
    """The relation that comes first after a number, before any mark."""
    first = next((t for t in gap if _cuts(t)), None)
    return first.relation if first else ""


def _cuts(token: Token) -> bool:
    return token.parts or token.relation in CUTS


CUTS = ("opens", "rise", "fall", "compared", "target", "nothing")


def _cut(gap: Sequence[Token], following: Number | None, *, has_label: bool) -> int:
    """How many tokens after a number belong to it; the rest belongs to the number that follows."""
    last = len(gap) - 1  # a colon there belongs to the number that follows
    first = next((i for i, t in enumerate(gap) if _cuts(t) and not (t.text == ":" and i == last)), None)
    is_share = following is not None and following.kind != "count"
    if is_share:
        share = next((i for i, t in enumerate(gap) if t.relation == "share"), None)
        known = [i for i in (first, share) if i is not None]
        return min(known) if known else len(gap)
    if first is not None:
        return first
    noun = 1 if gap and (gap[0].says("what") or gap[0].kind in ("word", "markers", "agencies")) else 0
    return noun if has_label else len(gap)


def _says_something(tokens: Sequence[Token]) -> bool:
    return any(t.kind == "feature" and not t.says("what") for t in _clauses(tokens)[-1])


def _after_bracket(left: Sequence[Token]) -> list[Token]:
    """Without what still belongs to the number before a bracket that has closed."""
    closes = [i for i, t in enumerate(left) if t.kind == "mark" and t.text in CLOSE]
    if not closes:
        return list(left)
    rest = list(left[closes[-1] + 1 :])
    mark = next((i for i, t in enumerate(rest) if t.parts), None)
    return rest if mark is None else rest[mark:]


def _clauses(tokens: Sequence[Token]) -> list[list[Token]]:
    """Tokens, parted at marks; a colon or an opening bracket right before the number parts nothing."""
    runs: list[list[Token]] = [[]]
    for position, token in enumerate(tokens):
        if token.parts and not (token.text == ":" and position == len(tokens) - 1):
            runs.append([])
        elif token.text != ":":
            runs[-1].append(token)
    return runs


def normal(text: str) -> str:
    """Text in NFC, without the marks that show nothing.

    Examples
    --------
    >>> normal("Ho\u0302\u0300 sơ\u200b") == "Hồ sơ"
    True
    """
    shown = re.sub("[\u200b\u200c\u200d\ufeff\u00ad]", "", unicodedata.normalize("NFC", text))
    return re.sub(r"(?<=\w)\[(\w[^\]]*)\]", r"\1", shown)  # letters that an editor added


def words(text: str) -> str:
    """A label as it is compared: small words, one space between."""
    return " ".join(split(text))
