"""What a department tells the program, found beside its exports and laid over the shipped vocabulary."""

from pathlib import Path

from analysis.files import find_exports
from analysis.handbook import Handbook, beside, read_handbook
from analysis.handbook_targets import lay_targets
from analysis.handbook_words import lay_settings, lay_words
from analysis.intake import find
from analysis.vocabulary import Vocabulary, read_vocabulary

LAYERS = (lay_settings, lay_words, lay_targets)
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
    words = read_vocabulary(find(vocabulary) if vocabulary else None)
    paths = find_exports(folder)
    path = beside(folder, paths) if not handbook else None if handbook == "none" else find(handbook)
    if path and path in paths:
        paths = [p for p in paths if p != path]
    return paths, *laid(read_handbook(path), words)


def laid(handbook: Handbook, vocabulary: Vocabulary) -> tuple[Handbook, Vocabulary]:
    """A handbook without the lines that turn out to be mistakes, and the vocabulary with what the others say."""
    for lay in LAYERS:
        handbook, vocabulary = lay(handbook, vocabulary)
    return handbook, vocabulary
