"""How often the encoding of a text is found: by our own reading of its words, and by charset-normalizer.

    python benchmarks/encodings.py

Vietnamese words and words of five European languages are written in every encoding that can hold them, as one cell, 30
and 300. Right is what comes back letter for letter; what is wrong without a doubt is counted apart.
"""

import random
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
from charset_normalizer import from_bytes
from pollute import windows_1258

from analysis.encodings import ENCODINGS, decode
from analysis.files import read_grids
from analysis.grids import FileProblem
from analysis.mojibake import TCVN3, VNI, VNI_ALONE

WORDS = Path(__file__).parents[1] / "analysis/vocabulary.toml"

EUROPEAN = {
    "German": "Müller Straße Köln Gebäude Prüfung Änderung Übergabe Maßnahme größer Behörde Schlüssel Gemäß Fläche Höhe "
    "Grundstück Bürger München Österreich Vollständig Erklärung Geräte Jäger Weiß Türen Wärme Zuständigkeit",
    "French": "Préfecture déposé reçu Hélène François délai août hôpital forêt Noël naïf œuvre fenêtre où à là élève "
    "numéro décision traité années être même Île Été École garçon maïs cœur",
    "Dutch": "coördinatie ruïne financiële zeeën België reëel geïnformeerd één vóór Curaçao patiënt efficiënt officiële "
    "beëindigd knieën skiën poëzie egoïsme ideeën industriële",
    "Spanish": "Señor año niño Ñandú trámite número resolución público día mañana español García Muñoz café después "
    "código región construcción único óptimo línea índice árbol éxito",
    "Danish": "Århus Ålborg ærø Østergade søgning afgørelse måned år første København færdig bådplads påbegyndt kræver "
    "løbende ansøgning Jørgensen Sørensen små grøn værdi også",
}


def tcvn3(text: str) -> bytes:
    """Of small letters; toned capitals have no byte."""
    back = {letter: chr(byte) for byte, letter in TCVN3.items()}
    return "".join(back.get(c, c) for c in unicodedata.normalize("NFC", text)).encode("latin-1")


def vni(text: str) -> bytes:
    """A letter and its marks in two bytes."""
    back = {unicodedata.normalize("NFC", marks.translate(VNI_ALONE)): pair for pair, marks in VNI.items()}
    back |= {chr(letter): chr(written) for written, letter in VNI_ALONE.items()}
    return "".join(back.get(c, c) for c in unicodedata.normalize("NFC", text)).encode("latin-1")


def plainly(codec: str) -> Callable[[str], bytes]:
    """The bytes of a codec that Python has."""
    return lambda text: text.encode(codec)


VIETNAMESE = {"windows-1258": windows_1258, "TCVN3": tcvn3, "VNI": vni}
WESTERN = {"windows-1252": plainly("cp1252"), "cp850": plainly("cp850"), "Mac Roman": plainly("mac_roman")}


def ours(content: bytes) -> tuple[str, bool]:
    """The text, and whether it is doubtful."""
    try:
        doubts = {d.reason for d in decode(content).doubts}
        (grid,) = read_grids(content)
    except FileProblem:
        return "", True
    doubts |= {d.reason for d in grid.doubts}
    text = "\n".join(" ".join(cells) for _, cells in grid.lines())
    return text, bool(doubts & {"encoding_doubtful", "text_may_be_legacy"})


def charset_normalizer(content: bytes) -> str:
    """The text, of the same encodings."""
    best = from_bytes(content, cp_isolation=["utf_8", *ENCODINGS.values()]).best()
    return unicodedata.normalize("NFC", str(best)) if best else ""


def texts() -> Iterator[tuple[str, str, int, str, bytes]]:
    """(language, encoding, cells, text, bytes)."""
    rng = random.Random(7)  # noqa: S311 - nothing secret
    known = tomllib.loads(WORDS.read_text("utf-8"))["columns"].values()
    headings = {w.lower() for table in known for words in table.values() for w in words if not w.isascii()}
    tidy = sorted(unicodedata.normalize("NFC", w) for w in headings if w.replace(" ", "").isalpha())
    languages = {"Vietnamese": (tidy, VIETNAMESE)} | {n: (w.split(), WESTERN) for n, w in EUROPEAN.items()}
    for language, (words, encoders) in languages.items():
        for encoding, encode in encoders.items():
            for cells in (1, 30, 300):
                for _ in range(20 if cells == 1 else 6):
                    text = "\n".join(rng.choices(words, k=cells))
                    try:
                        yield language, encoding, cells, text, encode(text)
                    except UnicodeEncodeError:  # œ has no byte in cp850
                        continue


def main() -> None:
    """Print one row per language, encoding and length: shares of the texts."""
    rows = []
    for language, encoding, cells, text, content in texts():
        found, doubtful = ours(content)
        right = found == text
        silent = not right and not doubtful
        theirs = charset_normalizer(content) == text
        rows.append((language, encoding, cells, right, silent, doubtful, theirs))
    names = ["language", "encoding", "cells", "right", "wrong in silence", "doubtful", "charset-normalizer"]
    table = pd.DataFrame(rows, columns=names)
    table.groupby(names[:3], sort=False).mean().to_csv(sys.stdout, float_format="%.2f")
    print(table[names[3:]].mean().round(3).to_string())


if __name__ == "__main__":
    main()
