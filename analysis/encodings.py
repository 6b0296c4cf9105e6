"""Bytes -> text."""

from typing import NamedTuple

from analysis.grids import Doubt, FileProblem


class Decoded(NamedTuple):
    """A file's text, and how it was found."""

    text: str
    encoding: str
    doubts: tuple[Doubt, ...] = ()


def decode(content: bytes) -> Decoded:
    """Find the encoding of a text and decode it."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileProblem(
            f"line {line} is not {encoding.removesuffix('-sig').upper()} text; save it as CSV UTF-8."
        ) from None
    if "\0" in text:
        raise FileProblem("holds binary data, not a table; export it as XLSX or CSV.")
    return Decoded(text, encoding)
