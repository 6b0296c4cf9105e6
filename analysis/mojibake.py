"""Vietnamese text from before Unicode: TCVN3 (ABC) and VNI; and UTF-8 that was read as windows-1252.

The fonts of TCVN3 and VNI drew Vietnamese letters in place of Western ones, so what they wrote is Western text to every
other program: "Hå s¬" and "Hoà sô" for Hồ sơ. A program that takes UTF-8 for windows-1252 makes "Há»“ sÆ¡" of it.
"""

import re
import unicodedata
from collections.abc import Callable

from analysis.spelling import is_european, is_vietnamese, words_of

# --- fonts ------------------------------------------------------------------------------------------------------------

TCVN3_LETTERS = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò",
    0xE0: "Ổỏõóọồổỗốộờởỡớợù",
    0xF0: "Ỗủũúụừửữứựỳỷỹýỵ",
}
"""First of a run of bytes -> the letters of the run (TCVN 5712:1993). Of the capitals with a tone few have a byte, and no
font drew them: texts in capitals were written in small letters, in a font that drew those as capitals."""

TCVN3 = {first + i: letter for first, letters in TCVN3_LETTERS.items() for i, letter in enumerate(letters)}

VNI_ALONE = str.maketrans("ñôöíìæóòîÑÔÖÍÌÆÓÒÎ", "đơưíìỉĩịỵĐƠƯÍÌỈĨỊỴ")
"""Letters that are one character in VNI."""

TONE_MARKS = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
CIRCUMFLEX = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
VNI = {
    **{base + mark: base + tone for base in "aeouyôö" for mark, tone in TONE_MARKS.items()},
    **{base + mark: base + "\u0302" + tone for base in "aeo" for mark, tone in CIRCUMFLEX.items()},
    **{"a" + mark: "a\u0306" + tone for mark, tone in BREVE.items()},
}
"""A vowel and the character behind it, in lower case -> the vowel with its combining marks."""

VNI_PAIR = re.compile(f"([aeouyôö])([{''.join({pair[1] for pair in VNI})}])", re.IGNORECASE)


def from_tcvn3(text: str) -> str:
    """Text that was written in a font of TCVN3.

    Examples
    --------
    >>> from_tcvn3("Së X©y dùng")
    'Sở Xây dựng'
    """
    return text.translate(TCVN3)


def from_vni(text: str) -> str:
    """Text that was written in a font of VNI.

    Examples
    --------
    >>> from_vni("Sôû Xaây döïng")
    'Sở Xây dựng'
    """
    paired = VNI_PAIR.sub(lambda m: m[1] + VNI.get(m[0].lower(), m[0].lower())[1:], text)
    return unicodedata.normalize("NFC", paired.translate(VNI_ALONE))


FONTS: dict[str, Callable[[str], str]] = {"TCVN3": from_tcvn3, "VNI": from_vni}
"""Name of an old way to write -> what restores a text, or makes nonsense of any other."""


# --- other encodings that were read as windows-1252 ------------------------------------------------------------------

BYTES = {ord(bytes([b]).decode("cp1252", "ignore") or chr(b)): b for b in range(0x80, 0xA0)}
"""Character -> byte of windows-1252, where the two differ; bytes that stand for nothing are themselves."""

MULTIBYTE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf" + "".join(map(chr, BYTES)) + "]|(?<=[a-z])Ã(?: |$)")


def from_utf8(text: str) -> str:
    """Text of which a program read the UTF-8 as windows-1252; any other text as it is.

    Examples
    --------
    >>> from_utf8("Há»“ sÆ¡"), from_utf8("MÃ¼ller"), from_utf8("São Paulo")
    ('Hồ sơ', 'Müller', 'São Paulo')
    """
    if not MULTIBYTE.search(text):
        return text
    spaced = re.sub("Ã( |$)", "Ã\u00a0", text)  # à holds a no-break space, which programs trim and replace
    try:
        read = spaced.translate(BYTES).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
    words = words_of(read)
    return read if 2 * sum(is_vietnamese(w) or is_european(w) for w in words) >= len(words) else text


WINDOWS_1258 = str.maketrans("ÃÌÐÒÕÝÞãìðòõýþ", "Ă\u0300Đ\u0309ƠƯ\u0303ă\u0301đ\u0323ơư₫")
"""Letters of windows-1252 -> what windows-1258 has in their places."""


def from_1258(text: str) -> str:
    """Text of which a program read the windows-1258 as windows-1252.

    Examples
    --------
    >>> from_1258("Tiêìp nhâòn hôÌ sõ")
    'Tiếp nhận hồ sơ'
    """
    return unicodedata.normalize("NFC", text.translate(WINDOWS_1258))


SCHEMES = {**FONTS, "windows-1258": from_1258}
"""Name -> what restores a text, for all that the words must tell; UTF-8 shows by itself."""
