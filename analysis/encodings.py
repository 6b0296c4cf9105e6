"""Bytes -> text.

Unicode says what it is: by its mark, by its zero bytes, or because hardly anything else is valid UTF-8. The encodings
of one byte per letter do not; they are told apart by reading the words that have accents under each of them: as
Vietnamese syllables, or as words of one European language. Where two readings are as good, the choice is a doubt.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from analysis.grids import Doubt, FileProblem
from analysis.mojibake import FONTS
from analysis.spelling import european_share, is_vietnamese, words_of

MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""First bytes of a text -> its encoding; UTF-32 comes first, because the mark of UTF-16 begins its own."""

ENCODINGS = {"windows-1252": "cp1252", "windows-1258": "cp1258", "mac-roman": "mac_roman", "cp850": "cp850"}
"""Name -> codec of the encodings of one byte per letter; of two equally good ones the first is taken."""

BINARY = "holds binary data, not a table; export it as XLSX or CSV."

CONTROL = bytes({*range(32), 127} - {*b"\0\t\n\v\f\r\x1a\x1b"})
SAMPLE = 1 << 16
"""Bytes looked at where a look is enough."""
MOST_WORDS = 2000
"""Different words that are read under each encoding."""
SURE = 0.7
"""Share of words that must read well under an encoding, or it is doubtful."""
RIVAL = 0.75
"""An encoding under which this share of the words reads well, of those that do under the best, is a rival ..."""
FEW = 4
"""... unless it is so many words behind."""


class Decoded(NamedTuple):
    """A file's text, and how it was found."""

    text: str
    encoding: str
    doubts: tuple[Doubt, ...] = ()


def decode(content: bytes) -> Decoded:
    r"""Find the encoding of a text and decode it.

    Parameters
    ----------
    content
        The whole file. What is judged is bounded, so a big file costs little more than decoding it.

    Returns
    -------
    Decoded
        ``encoding`` is UTF-8, UTF-16 or UTF-32, with the suffix ``-sig``, ``-le`` or ``-be`` where it was found
        so; ``windows-1258`` (composed to NFC), ``windows-1252``, ``mac-roman`` or ``cp850``. Raw TCVN3 and VNI are
        ``windows-1252``: nothing is lost, and ``legacy.restore`` does the rest.

        Doubts are ``invalid_bytes`` (each shown as U+FFFD) and ``null_bytes`` (removed), both with their number and,
        in brackets, the first line; and ``encoding_doubtful``, with the choice and the encodings that read as well.

    Raises
    ------
    FileProblem
        If it holds binary data, or nothing but zero bytes.

    Examples
    --------
    >>> decode("Hồ sơ".encode())
    Decoded(text='Hồ sơ', encoding='utf-8', doubts=())
    >>> decode("Ngày hẹn trả".encode("utf-16-le")).encoding
    'utf-16-le'
    >>> decode(b"H\xf4\xcc s\xf5,Ti\xea\xecp nh\xe2\xf2n")
    Decoded(text='Hồ sơ,Tiếp nhận', encoding='windows-1258', doubts=())
    >>> decode(b"M\x8arz").doubts
    (Doubt(reason='encoding_doubtful', detail='mac-roman; cp850'),)
    """
    if encoding := next((e for mark, e in MARKS.items() if content.startswith(mark)), None) or _by_zeros(content):
        return _decode_unicode(content, encoding)
    content, doubts = _without_zeros(content)
    if content.isascii():
        return Decoded(content.decode("ascii"), "utf-8", doubts)
    try:
        read = Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        read = _decode_unicode(content, "utf-8") if _is_mostly_utf8(content) else _decode_bytewise(content)
    return read._replace(doubts=(*doubts, *read.doubts))


# --- Unicode ---------------------------------------------------------------------------------------------------------


def _by_zeros(content: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of plain letters, digits and line ends is zero."""
    sample = content[:SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < len(sample) // 20 or max(even, odd) < 20 * min(even, odd):
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = sample.decode(encoding, "replace")
    western = sum(c < "\u0370" or "\u1e00" <= c < "\u2200" for c in text)
    return encoding if text and western > 0.7 * len(text) and not _is_binary(text.encode()) else None


def _decode_unicode(content: bytes, encoding: str) -> Decoded:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode(encoding, "replace")
        doubts: tuple[Doubt, ...] = (_found("invalid_bytes", text, "\ufffd"),)
    else:
        doubts = ()
    if "\0" in text:
        if text.count("\0") > len(text) // 10:
            raise FileProblem(BINARY)
        text, doubts = text.replace("\0", ""), (*doubts, _found("null_bytes", text, "\0"))
    return Decoded(text, encoding, doubts)


def _found(reason: str, text: str, what: str) -> Doubt:
    """How often something stands in a text, and in which line first."""
    first = text.index(what)
    line = (text.count("\n", 0, first) or text.count("\r", 0, first)) + 1
    return Doubt(reason, f"{text.count(what)} ({line})")


def _is_mostly_utf8(content: bytes) -> bool:
    """Whether letters of several bytes, but for cut ones, are much more frequent than bytes that are none."""
    good = bad = 0
    for piece in _pieces(content):
        text = re.sub(rb"\A[\x80-\xbf]+|[\xc2-\xf4][\x80-\xbf]{0,2}\Z", b"", piece).decode("utf-8", "replace")
        bad += text.count("\ufffd")
        good += len(text) - len(text.encode("ascii", "ignore"))
    return good - bad > 2 * bad


# --- zero bytes and binary data --------------------------------------------------------------------------------------


def _without_zeros(content: bytes) -> tuple[bytes, tuple[Doubt, ...]]:
    """Take zero bytes away; those at the end are what a copy that stopped leaves."""
    said = content.rstrip(b"\0")
    if content and not said:
        raise FileProblem("holds nothing but zero bytes, as a copy that failed leaves it; copy or export it again.")
    if _is_binary(said):
        raise FileProblem(BINARY)
    if b"\0" not in content:
        return content, ()
    return said.replace(b"\0", b""), (_found("null_bytes", content.decode("latin-1"), "\0"),)


def _is_binary(content: bytes) -> bool:
    sample = content[:SAMPLE] + content[max(SAMPLE, len(content) - SAMPLE) :]
    zeros, control = sample.count(0), len(sample) - len(sample.translate(None, CONTROL))
    return zeros > len(sample) / 10 or control > len(sample) / 50


# --- one byte per letter ---------------------------------------------------------------------------------------------


def _decode_bytewise(content: bytes) -> Decoded:
    words = _words(content)
    texts = {name: _decode_as(name, b" ".join(words)) for name in ENCODINGS}
    shares = {name: _share_read(text, name) for name, text in texts.items()}
    best = max(shares, key=lambda name: shares[name])
    bar = max(RIVAL * shares[best], shares[best] - FEW / len(words)) if shares[best] >= SURE else 0
    rivals = [n for n in ENCODINGS if n != best and shares[n] >= bar and texts[n] != texts[best]]
    doubts = (Doubt("encoding_doubtful", "; ".join([best, *rivals])),) if rivals else ()
    return Decoded(_decode_as(best, content), best, doubts)


def _decode_as(name: str, content: bytes) -> str:
    text = content.decode(ENCODINGS[name], "pass_through")
    return unicodedata.normalize("NFC", text) if name == "windows-1258" else text


def _share_read(text: str, name: str) -> float:
    """The share of words that read well: as Vietnamese, or as words of one European language."""
    words = words_of(text)
    if name == "windows-1258":
        return _vietnamese_share(words)
    read = [european_share(words)]
    if name == "windows-1252":
        read += [_vietnamese_share([scheme(word) for word in words]) for scheme in FONTS.values()]
    return max(read)


def _vietnamese_share(words: list[str]) -> float:
    return sum(map(is_vietnamese, words)) / max(len(words), 1)


def _words(content: bytes) -> list[bytes]:
    """Different words with a byte beyond ASCII, from all over the file."""
    words: dict[bytes, None] = {}
    for piece in _pieces(content):
        words |= dict.fromkeys(w for w in re.findall(rb"[A-Za-z\x80-\xff]+", piece) if not w.isascii())
        if len(words) >= MOST_WORDS:
            break
    return list(words)[:MOST_WORDS]


def _pieces(content: bytes, most: int = 64) -> Iterator[bytes]:
    """Up to ``most`` pieces of a text that have a byte beyond ASCII, from all over it."""
    starts = range(0, len(content), SAMPLE)
    step = max(len(starts) // most, 1)
    found = 0
    for first in range(step):
        for start in starts[first::step]:
            piece = content[start : start + SAMPLE]
            if not piece.isascii():
                yield piece
                found += 1
            if found == most:
                return


def _pass_through(error: UnicodeError) -> tuple[str, int]:
    """Bytes that an encoding leaves undefined become the control characters of the same number: nothing is lost."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("pass_through", _pass_through)
