"""The words of ``claims.toml``: phrases and what they say, and what numbers are no counts."""

import re
import tomllib
import unicodedata
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

WORDS = Path(__file__).with_name("claims.toml")

FEATURES = ("what", "action", "timeliness", "channel", "level", "kind")
"""What a claim can say of what it counts; ``several`` says two of them at once."""

OTHERS = ("plain", "relation", "levels", "agencies", "markers", "bounds")

PAIRS = dict(
    zip(
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"],
        strict=True,
    )
)
"""The newer place of a tone mark -> the older one."""


class Phrase(NamedTuple):
    """What a phrase says."""

    kind: str
    """``feature``, ``scope``, or a section of the file."""
    features: tuple[tuple[str, str], ...]
    """(Dimension, value) of what it says."""
    joined: bool = False
    """Whether it is two of a kind with a word between, which may be the end of one clause and the begin of another."""


class ClaimWords(NamedTuple):
    """Everything that ``claims.toml`` says, ready to be looked up."""

    phrases: dict[tuple[str, ...], Phrase]
    """Words -> what they say."""
    longest: int
    """The most words of a phrase."""
    not_counts: tuple[tuple[str, re.Pattern[str]], ...]
    periods: tuple[tuple[str, re.Pattern[str]], ...]
    remarks: tuple[str, ...]
    """How words after a number begin that leave the whole as it is."""
    units: dict[str, str]
    """What stands right after a number -> ``percent``, ``points`` or ``times``."""
    of: tuple[str, ...]
    """What stands between a number and its whole."""
    nouns: tuple[str, ...]
    """What may stand after a number, before that: "855 hồ sơ trên tổng số 937"."""
    multipliers: dict[str, int]
    """As ``ngàn``: 1000."""
    spoken: dict[str, str]
    """Numbers in words -> digits."""
    abbreviations: frozenset[str]
    """After which a full stop ends no sentence."""


def plain(text: str) -> str:
    """Small letters and tone marks in the older place, every letter where it was.

    Examples
    --------
    >>> plain("Ủy ban, HÒA nhập"), len(plain("İ"))
    ('uỷ ban, hoà nhập', 1)
    """
    small = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    return re.sub("|".join(PAIRS), lambda match: PAIRS[match[0]], small)


def split(text: str) -> list[str]:
    """The words and marks of a phrase.

    Examples
    --------
    >>> split("tiếp nhận, giải quyết")
    ['tiếp', 'nhận', ',', 'giải', 'quyết']
    """
    return re.findall(r"[^\W_]+|[^\w\s]", plain(unicodedata.normalize("NFC", text)))


@cache
def read_claim_words() -> ClaimWords:
    """The words of ``claims.toml``.

    Examples
    --------
    >>> read_claim_words().phrases["trước", "và", "đúng", "hạn"]
    Phrase(kind='feature', features=(('timeliness', 'timely'),), joined=True)
    """
    sections = tomllib.loads(WORDS.read_text("utf-8"))
    phrases: dict[tuple[str, ...], Phrase] = {}
    for name in OTHERS:  # a feature wins over a plain word
        for value, texts in sections[name].items():
            if value != "remarks":
                _add(phrases, texts, Phrase(name, ((name, value),)))
    dimension = {value: name for name in FEATURES for value in sections[name]}
    dimension |= {value: str(told["dimension"]) for value, told in sections["joined"].items()}
    for name in FEATURES:
        for value, texts in sections[name].items():
            _add(phrases, texts, Phrase("feature", ((name, value),)))
    for values, texts in sections["several"].items():
        _add(phrases, texts, Phrase("feature", tuple((dimension[value], value) for value in values.split())))
    _join(phrases, sections)
    remarks = sections["plain"]["remarks"]
    return ClaimWords(
        phrases,
        max(map(len, phrases)),
        tuple((why, _any(told["patterns"])) for why, told in sections["not_counts"].items()),
        tuple((name, re.compile(plain_pattern(told["pattern"]))) for name, told in sections["periods"].items()),
        tuple(_texts(remarks)),
        {text: unit for unit, texts in sections["units"].items() for text in _texts(texts)},
        tuple(_texts(sections["of"]["words"])),
        tuple(text for name in ("dossiers", "documents") for text in _texts(sections["what"][name])),
        {text: int(factor) for factor, texts in sections["multipliers"].items() for text in _texts(texts)},
        {text: digits for digits, texts in sections["spoken"].items() for text in _texts(texts)},
        frozenset(_texts(sections["abbreviations"]["words"])),
    )


def plain_pattern(pattern: str) -> str:
    r"""A pattern whose letters are written as ``plain`` writes them; its marks stay.

    Examples
    --------
    >>> plain_pattern(r"\bHòa\D")
    '\\bhoà\\D'
    """
    return "".join(
        part if part.startswith(("\\", "(?P")) else plain(part) for part in re.split(r"(\\.|\(\?P<\w+>)", pattern)
    )


def _join(phrases: dict[tuple[str, ...], Phrase], sections: dict[str, dict[str, dict[str, list[str]]]]) -> None:
    """Two of a kind with a word between, in either order; of "trước và đúng hạn" the first is short of its noun."""
    joints = [tuple(split(text)) for text in _texts(sections["joints"]["words"])]
    for value, told in sections["joined"].items():
        dimension = str(told["dimension"])
        one, other = (
            [words for name in names for words in _words_of(name, dimension, sections)] for names in told["parts"]
        )
        halves = [words for name in told["parts"][0] + told["parts"][1] for words in _halves(name, sections)]
        pairs = [*product(one, other), *product(other, one), *product(halves, one), *product(halves, other)]
        for (first, second), joint in product(pairs, joints):
            phrases.setdefault((*first, *joint, *second), Phrase("feature", ((dimension, value),), joined=True))


def _words_of(name: str, dimension: str, sections: dict[str, dict[str, dict[str, list[str]]]]) -> list[tuple[str, ...]]:
    return [tuple(split(text)) for text in _texts(sections[dimension][name])]


def _halves(name: str, sections: dict[str, dict[str, dict[str, list[str]]]]) -> list[tuple[str, ...]]:
    return [tuple(split(text)) for text in _texts(sections["halves"][name])] if name in sections["halves"] else []


def _texts(texts: dict[str, list[str]]) -> list[str]:
    return [" ".join(split(text)) for told in texts.values() for text in told]


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{plain_pattern(pattern)})" for pattern in patterns))


def _add(phrases: dict[tuple[str, ...], Phrase], texts: dict[str, list[str]], phrase: Phrase) -> None:
    for told in texts.values():
        for text in told:
            phrases[tuple(split(text))] = phrase
