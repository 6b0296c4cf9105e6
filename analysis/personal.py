"""What stands in the columns that are never read, held against texts that are to be published.

The columns that can name a person are read once more, into memory alone, and nothing of them is written anywhere. A value
counts whole and from two words on; what the program, the catalogue or the department itself says names nobody.
"""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from analysis.blocks import Block, NotPlain, Survey, blocks_of, sheets_of, survey
from analysis.files import export_name
from analysis.layout import cells_of
from analysis.messages import PLACE, read_book
from analysis.shipped import NOTEBOOKS
from analysis.vocabulary import System, Vocabulary, fold

PROGRAM = Path(__file__).parent

MOST_WORDS = 8
"""Words of a value that are compared: the first of a longer one."""

MOST_OF_OFFICE = 7
"""Words that the name of a public body has at most: a longer value was cut, and may say more."""

NAMES = r"\pL[\pL\pN]* (.* )?\pL"
"""A value has two words at least that begin with a letter; numbers are known by ``identifiers``."""


class Column(NamedTuple):
    """The values of a column that is left unread."""

    file: str
    heading: str
    values: pa.Array
    """Different texts, each as ``words_of`` writes them."""


class Found(NamedTuple):
    """A value of such a column that stands in a text."""

    value: str
    """As ``words_of`` writes it."""
    file: str
    heading: str


def words_of(text: str) -> list[str]:
    """The words of a text, as values are compared: without case, punctuation and line breaks.

    Examples
    --------
    >>> words_of("Người  Thứ-Nhất (đã mất)")
    ['người', 'thứ', 'nhất', 'đã', 'mất']
    """
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).lower())


def read_columns(paths: Iterable[Path], *, folder: Path, vocabulary: Vocabulary) -> list[Column]:
    r"""Read the columns of some exports that can name a person, a block of lines at a time.

    Parameters
    ----------
    paths
        Export files.
    folder
        Below which they are named; see ``files.export_name``.

    Returns
    -------
    list of Column
        One per file and heading that has a value of two words or more. It takes the memory of these values.

    Raises
    ------
    FileProblem
        If an export is being written meanwhile.

    Examples
    --------
    >>> from analysis.vocabulary import read_vocabulary
    >>> path = getfixture("tmp_path") / "a.csv"
    >>> lines = "Mã hồ sơ,Ngày nhận,Người nộp\nH1,03/01/2022,Người Thứ Nhất\nH2,03/01/2022,Người Thứ Nhất\n"
    >>> _ = path.write_text(lines, encoding="utf-8")
    >>> (column,) = read_columns([path], folder=path.parent, vocabulary=read_vocabulary())
    >>> column.file, column.heading, column.values.to_pylist()
    ('a.csv', 'Người nộp', ['người thứ nhất'])
    """
    found: dict[tuple[str, str], list[pa.Array]] = {}
    for seen in survey(paths, checked=False):
        for file, heading, values in _values(seen, export_name(seen.path, folder), vocabulary):
            found.setdefault((file, heading), []).append(values)
    columns = [Column(*place, pa.concat_arrays(parts).unique()) for place, parts in found.items()]
    return [column for column in columns if len(column.values)]


def _values(seen: Survey, name: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str, pa.Array]]:
    """File, heading and different values of the columns of a file that can name a person, a block at a time."""
    blocks = blocks_of(seen, name=name, vocabulary=vocabulary)
    try:
        yield from [each for block in blocks for each in _of_block(block, vocabulary)]
    except NotPlain:
        whole = blocks[0]._replace(start=0, end=0, known=None)
        yield from _of_block(whole, vocabulary)


def _of_block(block: Block, vocabulary: Vocabulary) -> Iterator[tuple[str, str, pa.Array]]:
    for file, grid, layout in sheets_of(block, vocabulary=vocabulary):
        words = vocabulary.of_file(file)
        for heading, cells in cells_of(grid, layout, words.personal, words).items():
            yield file, " ".join(heading.split()), _normalised(cells)


def _normalised(cells: pa.ChunkedArray) -> pa.Array:
    """The different values of some cells that may name somebody, as ``words_of`` writes them."""
    texts = cells.cast(pa.string()).combine_chunks().unique()
    texts = pc.utf8_lower(pc.utf8_normalize(texts, form="NFC"))
    texts = pc.utf8_trim(pc.replace_substring_regex(texts, r"[^\pL\pN]+", " "), " ")
    texts = pc.replace_substring_regex(texts, rf"^((?:\S+ ){{{MOST_WORDS - 1}}}\S+) .*$", r"\1")
    return texts.filter(pc.match_substring_regex(texts, NAMES)).unique()


def phrases_of(texts: Iterable[str]) -> set[str]:
    """Every run of two words and more that a value might be, in some texts.

    Examples
    --------
    >>> sorted(phrases_of(["Một hai ba", "bốn"]))
    ['hai ba', 'một hai', 'một hai ba']
    """
    said = [words_of(text) for text in dict.fromkeys(texts)]
    return {
        " ".join(words[at : at + size])
        for words in said
        for size in range(2, MOST_WORDS + 1)
        for at in range(len(words) - size + 1)
    }


def find_values(texts: Iterable[str], columns: Iterable[Column], *, own: "Own") -> list[Found]:
    """The values of columns that stand in some texts, and are no words of the department's or the program's own.

    Examples
    --------
    >>> column = Column("a.csv", "Người nộp", pa.array(["người thứ nhất", "trước hạn"]))
    >>> texts, own = ["Đơn vị: Người Thứ Nhất.", "trước hạn"], Own(" truoc han ")
    >>> find_values(texts, [column], own=own)
    [Found(value='người thứ nhất', file='a.csv', heading='Người nộp')]
    """
    phrases = pa.array(phrases_of(texts), pa.string())
    return [
        Found(value, column.file, column.heading)
        for column in columns
        for value in column.values.filter(pc.is_in(column.values, value_set=phrases)).to_pylist()
        if not own.says(value)
    ]


class Own(NamedTuple):
    """The words that name nobody: the program's, and those of the department about itself."""

    texts: str
    """Folded, a line each; a digit and what is filled in are ``#``."""
    offices: tuple[str, ...] = ()
    """First words of the names of public bodies."""

    def says(self, value: str) -> bool:
        """Whether a value, as ``words_of`` writes it, is a part of these words, or the name of a public body."""
        is_office = any(f"{value} ".startswith(f"{office} ") for office in self.offices)
        return (is_office and len(value.split()) <= MOST_OF_OFFICE) or f" {_bare(value)} " in self.texts


def own_words(texts: Iterable[str], *, vocabulary: Vocabulary) -> Own:
    """The words that name nobody.

    Parameters
    ----------
    texts
        What the department says of itself: its catalogue, names, targets.
    vocabulary
        Its headings and words, with those of its systems.
    """
    layers: list[Vocabulary | System] = [vocabulary, *vocabulary.systems.values()]
    words = [heading for held in layers for known in held.columns.values() for heading in known]
    words += [word for held in layers for known in held.words.values() for word in known]
    known = [*words, *vocabulary.personal, *vocabulary.document_kinds.values(), *vocabulary.sources.values()]
    known += [text for text in vocabulary.settings.values() if isinstance(text, str)]
    known += [system.name for system in vocabulary.systems.values()]
    lines = {_bare(text) for text in [*_of_program(), *known, *texts]}
    return Own("\n".join(f" {line} " for line in sorted(lines)), tuple(map(_spelt, vocabulary.offices)))


@cache
def _of_program() -> tuple[str, ...]:
    """Every text that the program itself says: labels, messages, vocabulary, calendar, and the prose of the notebooks."""
    tables = [tomllib.loads(path.read_text("utf-8")) for path in sorted(PROGRAM.glob("*.toml"))]
    lists = [path.read_text("utf-8") for path in sorted(PROGRAM.glob("*.csv"))]
    notebooks = [json.loads(path.read_text("utf-8")) for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
    prose = ["".join(c["source"]) for book in notebooks for c in book["cells"] if c["cell_type"] == "markdown"]
    book = read_book()
    messages = [*book.fixed.values(), *(PLACE.sub("{}", phrase.vietnamese) for phrase in book.varied)]
    return (*_texts(tables), *messages, *(cell for text in lists for cell in re.split('[,;"\n]', text)), *prose)


def _texts(held: Any) -> Iterator[str]:
    """Every text of a TOML value, and the names in it."""
    if isinstance(held, str):
        yield held
    elif isinstance(held, Mapping):
        for name, value in held.items():
            yield from (name, *_texts(value))
    elif isinstance(held, list):
        for value in held:
            yield from _texts(value)


def _spelt(text: str) -> str:
    return " ".join(words_of(text))


def _bare(text: str) -> str:
    return re.sub(r"\d+", "#", fold(re.sub(r"\{\w*\}", " 0 ", text)))
