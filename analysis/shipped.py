"""What is shipped with the program beside its code: notebooks, files of schedules, the made-up sample, the file to start with.

In a clone they stand beside the package; a wheel carries them inside it, as ``pyproject.toml`` maps them. A notebook of the
working folder that somebody changed goes before the shipped one of its name.
"""

import hashlib
from pathlib import Path

PACKAGE = Path(__file__).parent

PLACES = {"notebooks": "notebooks", "schedule": "schedule", "sample": "data/raw/sample", "start": "."}
"""What it is called inside the package -> where a clone has it."""

OWN = "notebooks"
"""The folder, below that in which a command runs, with the notebooks of a department's own."""

AS_LAID = ".as-shipped"
"""The file beside them with the checksums of those that were laid there as shipped, as ``sha256sum`` writes them."""


def shipped(name: str) -> Path:
    """The folder of one kind of shipped files.

    Raises
    ------
    KeyError
        If no such kind is shipped.

    Examples
    --------
    >>> sorted(path.stem for path in shipped("notebooks").glob("[at]*.ipynb"))
    ['annual', 'trends']
    """
    clone = PACKAGE.parent / PLACES[name]
    inside = PACKAGE / name
    return inside if inside.is_dir() else clone


NOTEBOOKS = shipped("notebooks")


def in_use(notebook: Path) -> Path:
    """The notebook that makes a page: the working folder's own of this name, if somebody wrote or changed it.

    Parameters
    ----------
    notebook
        As shipped.

    Returns
    -------
    Path
        ``notebook`` itself, or an absolute path into ``notebooks/`` of the working folder. A copy that was laid there and
        never touched counts for nothing, so that a newer program runs its newer notebook.

    Examples
    --------
    >>> in_use(NOTEBOOKS / "annual.ipynb") == NOTEBOOKS / "annual.ipynb"
    True
    """
    own = Path(OWN).absolute() / notebook.name
    return own if own.is_file() and own != notebook and _is_changed(own, notebook) else notebook


def is_own(notebook: Path) -> bool:
    """Whether a notebook is a department's own in place of a shipped one of the same name.

    Examples
    --------
    >>> is_own(NOTEBOOKS / "annual.ipynb"), is_own(Path("notebooks/of-mine.ipynb"))
    (False, False)
    """
    of_program = NOTEBOOKS / notebook.name
    return notebook.parent.name == OWN and of_program.is_file() and _is_changed(notebook, of_program)


def checksum(path: Path) -> str:
    """Of a text, whatever line ends a system gave it."""
    return hashlib.sha256(path.read_text("utf-8").encode()).hexdigest()


def _is_changed(own: Path, notebook: Path) -> bool:
    """Whether a notebook is neither as shipped now nor as it was when it was laid there."""
    laid = own.with_name(AS_LAID)
    known = {line.split()[0] for line in laid.read_text("utf-8").splitlines() if line} if laid.is_file() else set()
    return checksum(own) not in {*known, *([checksum(notebook)] if notebook.is_file() else [])}
