"""What the program says to people, in Vietnamese: a phrase book of the English sentences that stand in the code.

A message is raised, kept in tables and logs, and handed from process to process as the English sentence that it is; so code reads
well, a log can be searched, and nothing that is made depends on the language of a machine. Only where somebody reads it, it is
looked up in ``messages.vi.po``: the sentence is known again by its fixed words, and what stands between them, a file or a number, is
put into the Vietnamese one. A sentence that the book does not have, or that could be taken apart in two ways, stays English.
"""

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

BOOK = Path(__file__).with_name("messages.vi.po")
ASKED = "ANALYSIS_LANG"
"""The variable that says the language, whatever the system's is."""

SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The variables in which a system says its language, in the order in which they count."""

PLACE = re.compile(r"\{(\w+)(?::([dmq]))?\}")
"""``{file}`` stands for any text, ``{number:d}`` for a number or a day, ``{word:q}`` for what Python quotes, ``{problem:m}`` for
a message, or several after commas, or nothing."""

QUOTED = r'"[^"\\]*(?:\\.[^"\\]*)*"'
ENTRY = re.compile(rf"^msgid ((?:{QUOTED}\s*)+)^msgstr ((?:{QUOTED}\s*)+)", re.MULTILINE)
WINDOWS_VIETNAMESE = 0x2A
"""The primary part of Windows' number for the language."""


class Phrase(NamedTuple):
    """A sentence with places for values."""

    english: str
    vietnamese: str
    longest: str
    """The longest of its fixed parts."""


class Book(NamedTuple):
    """The sentences in both languages."""

    fixed: dict[str, str]
    """English -> Vietnamese, of those without a value."""
    varied: list[Phrase]
    """The others, first those with the most fixed letters."""


def language(environ: Mapping[str, str] = os.environ) -> str:
    """The language in which a person is spoken to: ``vi`` or ``en``.

    Parameters
    ----------
    environ
        Its ``ANALYSIS_LANG`` decides, else what the system says of itself; English where it says nothing, as under cron.

    Examples
    --------
    >>> language({"LANG": "vi_VN.UTF-8"}), language({"LANG": "C"}), language({"LANG": "C", "ANALYSIS_LANG": "vi"})
    ('vi', 'en', 'vi')
    """
    said = next((environ[name] for name in SYSTEM if environ.get(name)), "")
    if said and said.partition(".")[0] not in {"C", "POSIX"}:
        said = environ.get("LANGUAGE") or said  # GNU's list of languages counts where there is a locale at all
    asked = environ.get(ASKED, "").strip().lower()
    if asked[:2] in {"vi", "en"}:
        return asked[:2]
    return "vi" if said.startswith("vi") or (not said and _windows_is_vietnamese()) else "en"


def _windows_is_vietnamese() -> bool:
    import ctypes  # noqa: PLC0415 - needed where no variable says a language

    windll: Any = getattr(ctypes, "windll", None)  # there is none but on Windows
    return windll is not None and windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == WINDOWS_VIETNAMESE


def told(text: str) -> str:
    """A message in the language of the one who runs the program; for a screen, never for what is kept or published."""
    return in_language(text, language())


def in_language(text: str, lang: str) -> str:
    """A message in a language.

    Parameters
    ----------
    text
        As the program made it, in English; each line is a message if the whole is none. What stands before a colon may be a name.
    lang
        ``vi`` or ``en``.

    Examples
    --------
    >>> in_language("thang-11.csv: is empty; export it again.", "vi")
    'thang-11.csv: tệp rỗng; hãy xuất lại tệp.'
    >>> in_language("thang-11.csv: is empty; export it again.", "en")
    'thang-11.csv: is empty; export it again.'
    >>> in_language("something else", "vi")
    'something else'
    """
    if lang == "en" or not text:
        return text
    whole = _sentence(text)
    return whole if whole is not None else "\n".join(_known(line) or line for line in text.split("\n"))


def _known(text: str) -> str | None:
    """A text in Vietnamese if it is a message, or a name, a colon and a message."""
    if (found := _sentence(text)) is not None:
        return found
    ends = [colon.end() for colon in re.finditer(": ", text)]
    said = ((text[:end], _sentence(text[end:])) for end in ends)
    return next((name + rest for name, rest in said if rest is not None), None)


def _sentence(text: str) -> str | None:
    book = read_book()
    if text in book.fixed:
        return book.fixed[text]
    for phrase in book.varied:
        if phrase.longest in text and (values := _values(phrase.english, text)) is not None:
            return PLACE.sub(lambda place: _said(values[place[1]], place[2]), phrase.vietnamese)
    return None


def _said(value: str, kind: str | None) -> str:
    """A value as it stands in a Vietnamese sentence."""
    if kind != "m" or not value:
        return value
    if (found := _known(value)) is not None:
        return found
    several = [_known(part) for part in value.split(", ")]
    return value if None in several else ", ".join(map(str, several))


def _is_said(value: str) -> bool:
    return not value or _said(value, "m") != value


def _values(english: str, text: str) -> dict[str, str] | None:
    """What stands in the places of a sentence; None if the text is another, or could be taken apart in two ways.

    Of two ways the one counts whose inner messages the book has; the shorter name, if it has both.
    """
    ways = [match.groupdict() for most in ("?", "") if (match := _pattern(english, most).fullmatch(text))]
    if len(ways) == 2 and ways[0] != ways[1]:
        inner = [place[1] for place in PLACE.finditer(english) if place[2] == "m"]
        ways = [values for values in ways if inner and all(_is_said(values[name]) for name in inner)]
    return ways[0] if ways else None


@cache
def _pattern(english: str, most: str) -> re.Pattern[str]:
    """What finds the values of a sentence; each as short as can be, or as long. A name and a colon never begin one."""
    kinds = {"d": f"[\\d.,:?-]+{most}", "m": f".*{most}", "q": "'[^']*'|\"[^\"]*\"", None: f".+{most}"}
    parts, start = [], 0
    for place in PLACE.finditer(english):
        kind = f"(?:(?!: ).)+{most}" if place.span() == (0, len(place[0])) and not place[2] else kinds[place[2]]
        parts += [re.escape(english[start : place.start()]), f"(?P<{place[1]}>{kind})"]
        start = place.end()
    return re.compile("".join([*parts, re.escape(english[start:])]), re.DOTALL)


@cache
def read_book(path: Path = BOOK) -> Book:
    """The phrase book: a PO file, as every editor of translations writes it.

    Examples
    --------
    >>> read_book().fixed["up to date"]
    'còn mới'
    """
    pairs = [(_joined(en), _joined(vi)) for en, vi in ENTRY.findall(path.read_text("utf-8"))]
    varied = [Phrase(en, vi, max(_fixed(en), key=len)) for en, vi in pairs if PLACE.search(en)]
    varied.sort(key=lambda phrase: -len("".join(_fixed(phrase.english))))
    return Book({en: vi for en, vi in pairs if en and not PLACE.search(en)}, varied)


def _fixed(english: str) -> list[str]:
    """The parts of a sentence that no value stands for."""
    return PLACE.sub("\0", english).split("\0")


def _joined(quoted: str) -> str:
    """A text of a PO file, which may stand on several lines."""
    text = "".join(part[1:-1] for part in re.findall(QUOTED, quoted))
    return (
        text if "\\" not in text else re.sub(r"\\(.)", lambda sign: {"n": "\n", "t": "\t"}.get(sign[1], sign[1]), text)
    )
