"""Finished files, searched for what can name a person before they are published.

Columns that can name a person are never read, and whatever is shown is cut where it looks out of place. This is the last wall:
it reads what a reader of the finished files can read, and a find stops the publication.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from analysis.files import export_name, find_exports
from analysis.grids import FileProblem
from analysis.handbook_form import read_form
from analysis.identifiers import identifiers
from analysis.intake import find
from analysis.labels import Labels
from analysis.personal import Column, Own, find_values, own_words, read_columns, words_of
from analysis.privacy import CUT
from analysis.visible import Said, said_in

if TYPE_CHECKING:
    from analysis.store import Data

TABLES = ("dossiers", "documents", "procedures")
"""Where the texts of a page come from."""

OF_ITSELF = ("words", "names", "targets", "days", "settings")
"""The sheets of a handbook that say what a department calls things; its sentences and reasons are searched as all else."""

Scan = Callable[[Mapping[Path, bytes]], None]
"""Takes the files of a report, and raises ``PersonalData`` if they may not be published."""

MOST = 10
"""Finds that a message lists."""


class PersonalData(Exception):
    """Finished files hold what can name a person, so they are not published; the message says where, and what to do."""


class Finding(NamedTuple):
    """Something in a finished file that can name a person."""

    file: str
    where: str
    kind: str
    """A kind of ``identifiers``, or ``value``: a whole value of a column that is never read."""
    text: str
    """It; never to be shown whole."""
    origins: tuple[tuple[str, str], ...] = ()
    """File and column of the exports that hold it."""

    def told(self, labels: Labels) -> str:
        """The find in words, cut so that it names nobody.

        Examples
        --------
        >>> from analysis.labels import read_labels
        >>> Finding("2022.html", "Intake", "phone", "0900 000 000", (("a.csv", "Unit"),)).told(read_labels("en"))
        '2022.html, “Intake”: telephone number (0900 0…); it stands in a.csv, column “Unit”'
        """
        place = labels.name("scan.place", file=self.file, where=self.where) if self.where else self.file
        what = f"{labels.name(f'scan.{self.kind}')} ({self.text[:CUT].rstrip()}…)"
        columns = [labels.name("scan.column", file=file, column=column) for file, column in self.origins]
        held = labels.name("scan.stands_in", columns=labels.several(columns)) if columns else ""
        return f"{place}: {what}{held}"


def findings(
    files: Mapping[str, str | bytes], *, columns: Iterable[Column], own: Own, allowed: str = ""
) -> list[Finding]:
    """What in some finished files can name a person.

    Parameters
    ----------
    files
        Name -> content; see ``visible.said_in``.
    columns
        What the columns that are never read hold; see ``personal.read_columns``.
    own
        Words that name nobody; see ``personal.own_words``.
    allowed
        What may be published all the same, set apart by semicolons.

    Examples
    --------
    >>> page = "<h2>Tiếp nhận</h2><p>Gọi 0900 000 000 hoặc 0200 3 800 000</p>"
    >>> found = findings({"2022.html": page}, columns=[], own=Own(""), allowed="(0200) 3800000")
    >>> [(each.file, each.where, each.kind, each.text) for each in found]
    [('2022.html', 'Tiếp nhận', 'phone', '0900 000 000')]
    """
    free = {_letters(text) for text in allowed.split(";")}
    said = {file: said_in(file, content) for file, content in files.items()}
    once = list(dict.fromkeys(each.text for texts in said.values() for each in texts))
    origins: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for text in once:
        origins |= {(each.kind, each.text): [] for each in identifiers(text) if _letters(each.text) not in free}
    for each in find_values(once, columns, own=own):
        if _letters(each.value) not in free:
            origins.setdefault(("value", each.value), []).append((each.file, each.heading))
    return [
        Finding(file, where, kind, text, tuple(held))
        for (kind, text), held in origins.items()
        for file, where in _places(said, text)
    ]


def _letters(text: str) -> str:
    return "".join(words_of(text))


def _places(said: Mapping[str, list[Said]], text: str) -> Iterator[tuple[str, str]]:
    """File and place of the first text of each file that holds a find."""
    wanted = f" {' '.join(words_of(text))} "
    for file, texts in said.items():
        places = (each.where for each in texts if wanted in f" {' '.join(words_of(each.text))} ")
        if (first := next(places, None)) is not None:
            yield file, first


def scan_of(data: "Data", exports: str | Path = "data/raw", *, labels: Labels) -> Scan:
    """What holds finished files against the exports that they were made of.

    The exports are read at the first call, once for all files that are held against them.

    Parameters
    ----------
    data
        What was read of them.
    exports
        As ``store.load`` takes it.
    labels
        In which language a find is told.

    Returns
    -------
    Scan
        It raises ``PersonalData`` too where an export cannot be read any more, so that nothing goes out unsearched.
    """
    held: dict[str, list[Column]] = {}
    own = own_words(_own_texts(data), vocabulary=data.vocabulary)

    def scan(files: Mapping[Path, bytes]) -> None:
        if "columns" not in held:
            try:
                held["columns"] = _columns(data, find(exports))
            except FileProblem as problem:
                raise PersonalData(str(problem)) from None
        allowed = str(data.vocabulary.settings["may_be_published"])
        named = {path.name: content for path, content in files.items()}
        found = findings(named, columns=held["columns"], own=own, allowed=allowed)
        if found := [each for each in found if not _is_code(each, data)]:
            raise PersonalData(_message([_with_origins(each, data) for each in found[:MOST]], len(found), labels))

    return scan


def _columns(data: "Data", folder: Path) -> list[Column]:
    """The columns of the exports that are never read, of the files that have some."""
    some = set(data.files.source_file[data.files.personal != "[]"].map(_file_of))
    paths = {name: path for path in find_exports(folder) if (name := export_name(path, folder)) in some}
    for gone in sorted(some - set(paths)):
        raise FileProblem(f"{gone}: is not there any more; run again when nobody moves the files.")
    return read_columns(paths.values(), folder=folder, vocabulary=data.vocabulary)


def _file_of(name: str) -> str:
    """The archive that a member lies in, or the file itself."""
    return re.split(r"(?i)(?<=\.zip)/", name)[0]


def _own_texts(data: "Data") -> list[str]:
    """What a department calls things: by its handbook, its catalogue, the headings of its exports."""
    sheets = [data.handbook.of(sheet) for sheet in OF_ITSELF]
    tables = [*sheets, data.read("procedures", columns=["procedure", "field", "successor"])]
    texts = [str(text) for table in tables for name in table for text in table[name].dropna().unique()]
    headings = [json.loads(text) for name in ("columns", "personal", "unknown") for text in data.files[name]]
    return [*texts, *(text for held in headings for text in (held.values() if isinstance(held, dict) else held))]


def _is_code(found: Finding, data: "Data") -> bool:
    """Whether a number is the code of a dossier, where codes are plain numbers."""
    if found.kind in {"value", "email"}:
        return False
    codes = data.read("dossiers", columns=["dossier_id"]).dossier_id
    return bool((codes == found.text).any() and codes.str.isdecimal().mean() > 0.5)


def _with_origins(found: Finding, data: "Data") -> Finding:
    """A find with the columns, of those that are read, in which it stands."""
    wanted = f" {' '.join(words_of(found.text))} "
    origins = [*found.origins]
    for table in TABLES:
        lines = data.read(table)
        for column in lines.select_dtypes(["category", "str"]).columns.difference(["source_file", "source_sheet"]):
            texts = [text for text in lines[column].unique() if wanted in f" {' '.join(words_of(str(text)))} "]
            files = sorted(lines.source_file[lines[column].isin(texts)].astype("str").unique())
            origins += [(file, _heading(data, file, column)) for file in files[:2]]
    return found._replace(origins=tuple(origins))


def _heading(data: "Data", file: str, column: str) -> str:
    """What an export calls a column."""
    headings = data.files["columns"][data.files.source_file == file].map(json.loads)
    return next((held[column] for held in headings if column in held), column)


def _message(found: list[Finding], number: int, labels: Labels) -> str:
    more = [labels.name("scan.more", number=labels.number(number - len(found)))] if number > len(found) else []
    form = read_form()
    names, setting = form.sheets["names"].names, form.choices["settings"]["may_be_published"]
    what_to_do = labels.name("scan.what_to_do", sheet=names[labels.lang], setting=setting[labels.lang])
    return "\n".join([labels.name("scan.stopped"), *(each.told(labels) for each in found), *more, what_to_do])
