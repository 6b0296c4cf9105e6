"""What words with accents look like: Vietnamese syllables, and words of European languages.

Every Vietnamese word is written as syllables with blanks between them, and a syllable is an onset, a rhyme out of some
170, and one of six tones, of which a rhyme that ends in a stop takes two. So the right reading of old bytes is told
from the wrong ones without a dictionary: a wrong one gives hardly any well-formed syllable. A European word is known by
its capitals, which stand first or everywhere, and by the accents of its language.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"

RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu y yêm yên yêng yêt yêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uôc uôi uôm uôn uông uôt uơ uy uya uych uyên uyêt uynh uyp uyt uyu
ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
"""

SHAPE = re.compile(f"(?:{'|'.join(ONSETS.split())}|q(?=u))?(?:{'|'.join(RHYMES.split())})")
STOPS = ("c", "ch", "p", "t")

TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
"""The combining marks of five tones; the sixth has none."""
STOP_TONES = {"\u0301", "\u0323"}

ABBREVIATION = re.compile("[A-ZĐ]+|đ")
"""As in QĐ-UBND; and the unit of money."""

LANGUAGES = {
    "Danish": "æøåéöäü", "Dutch": "ëïéöüè", "French": "éèàêçâîôûùëïüœæÿ", "German": "äöüß", "Icelandic": "áðéíóúýþæö",
    "Italian": "àèéìòù", "Portuguese": "áâãàçéêíóôõú", "Spanish": "áéíñóúü", "Swedish": "åäöé",
}  # fmt: skip
"""Language -> its letters beyond ASCII."""

SYMBOLS = "\u00a0°²³§€£¥¢½¼¾µ±·×÷©®™ºª¿¡«»‹›„‚“”‘’–—…•"
"""What stands before, after or without a word."""
BETWEEN = re.compile("[\u00a0’–—-]")
"""What joins two words."""


def words_of(text: str) -> list[str]:
    """The different words of a text that have a character beyond ASCII, with whatever such characters touch them.

    Examples
    --------
    >>> words_of("Cấp lại giấy phép: 12 m², Cấp mới")
    ['Cấp', 'lại', 'giấy', 'phép', 'm²', 'mới']
    """
    return list(dict.fromkeys(w for w in re.findall(r"[A-Za-z\u0080-\U0010ffff]+", text) if not w.isascii()))


@lru_cache(100_000)
def is_syllable(word: str) -> bool:
    """Whether letters, in any case, are a well-formed Vietnamese syllable with its tone.

    The tone may stand over any vowel of the rhyme: both hoà and hòa are written.

    Examples
    --------
    >>> [is_syllable(word) for word in ("Nghiệp", "QUYẾT", "hoà", "Trüc", "một", "mồt", "Müller")]
    [True, True, True, False, True, False, False]
    """
    decomposed = unicodedata.normalize("NFD", word.lower())
    plain = unicodedata.normalize("NFC", decomposed.translate(TONES))
    if not SHAPE.fullmatch(plain):
        return False
    tones = [mark for mark in decomposed if ord(mark) in TONES]
    return len(tones) == 1 and tones[0] in STOP_TONES if plain.endswith(STOPS) else len(tones) < 2


def is_vietnamese(word: str) -> bool:
    """Whether a word of ``words_of`` is Vietnamese: a syllable or two, or an abbreviation.

    Examples
    --------
    >>> [is_vietnamese(word) for word in ("“Hoà", "QĐ", "VNĐ", "Hå", "Müller")]
    [True, True, True, False, False]
    """
    parts = [part for part in BETWEEN.split(word.strip(SYMBOLS)) if part]
    return all(is_syllable(part) or bool(ABBREVIATION.fullmatch(part)) or part.isascii() for part in parts)


def european_share(words: Iterable[str]) -> float:
    """The share of words that are well-formed in one language, the one that fits best.

    Examples
    --------
    >>> european_share(["Müller", "Straße", "°C"]), european_share(["Müller", "M³ller", "MŸller", "Straße"])
    (1.0, 0.5)
    """
    letters = [_letters_beyond_ascii(word) for word in words]
    fits = [sum(said is not None and said <= set(own) for said in letters) for own in LANGUAGES.values()]
    return max(fits) / max(len(letters), 1)


def is_european(word: str) -> bool:
    """Whether a word can be one of any of ``LANGUAGES``.

    Examples
    --------
    >>> is_european("Ñandú"), is_european("L’Été"), is_european("hoà"), is_european("ngöôøi")
    (True, True, True, False)
    """
    return european_share([word]) == 1


def _letters_beyond_ascii(word: str) -> set[str] | None:
    """The accented letters of a word, in lower case; None if its symbols or capitals stand where none do."""
    letters: set[str] = set()
    for part in BETWEEN.split(word.strip(SYMBOLS)):
        cased = (
            part.islower() or part.isupper() or part[1:].islower() or len(part) == 1 or part.replace("ß", "").isupper()
        )
        if part and not (part.isalpha() and cased):
            return None
        letters |= {letter for letter in part.lower() if letter > "\x7f"}
    return letters
