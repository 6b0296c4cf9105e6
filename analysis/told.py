"""What a department tells the program, found beside its exports and laid over the shipped vocabulary."""

from pathlib import Path

from analysis.corrections import lay_corrections
from analysis.days import lay_days
from analysis.files import find_exports, root_of
from analysis.grids import FileProblem
from analysis.handbook import NAME, Handbook, read_handbook
from analysis.handbook_targets import lay_targets
from analysis.handbook_words import lay_settings, lay_words
from analysis.intake import find
from analysis.name_lines import lay_names
from analysis.vocabulary import Vocabulary, read_vocabulary

LAYERS = (lay_settings, lay_words, lay_targets, lay_names, lay_days, lay_corrections)
"""What lays the sheets of a handbook over the vocabulary, or finds their mistakes, in order."""


def find_told(
    folder: Path, vocabulary: str | Path | None, handbook: str | Path
) -> tuple[list[Path], Handbook, Vocabulary]:
    """The exports of a folder, what a department says of them, and the words that they are read by.

    Raises
    ------
    FileProblem, VocabularyError
        As ``load``.
    """
    book, words = read_told(folder, vocabulary, handbook)
    return [path for path in find_exports(folder) if not (book.path and path.samefile(book.path))], book, words


def read_told(
    data: Path, vocabulary: str | Path | None = None, handbook: str | Path = ""
) -> tuple[Handbook, Vocabulary]:
    """What a department says of its exports, and the words that they are read by.

    Parameters
    ----------
    data
        As ``files.find_exports`` takes it.
    vocabulary, handbook
        As ``store.load`` takes them.

    Raises
    ------
    FileProblem, VocabularyError
        As ``store.load``.
    """
    words = read_vocabulary(find(vocabulary) if vocabulary else None)
    path = None if handbook == "none" else find(handbook) if handbook else beside(data)
    return laid(read_handbook(path), words)


def laid(handbook: Handbook, vocabulary: Vocabulary) -> tuple[Handbook, Vocabulary]:
    """A handbook without the lines that turn out to be mistakes, and the vocabulary with what the others say."""
    for lay in LAYERS:
        handbook, vocabulary = lay(handbook, vocabulary)
    return handbook, vocabulary


def folder_of(data: Path) -> Path:
    """The folder that the handbook of some exports lies in.

    Examples
    --------
    >>> folder_of(Path("data/raw/2022*.csv")).as_posix()
    'data/raw'
    """
    return data.parent if data.is_file() else root_of(data)


def beside(data: Path) -> Path | None:
    """The handbook that lies with some exports, if there is one; while the sample is read, that of the sample."""
    folder = folder_of(data)
    try:
        exports = find_exports(data)
    except FileProblem:  # whoever reads them says it
        exports = []
    if exports and all(path.is_relative_to(folder / "sample") for path in exports):
        folder /= "sample"
    return folder / NAME if (folder / NAME).is_file() else None
