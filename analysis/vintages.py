"""Vintages: the published states of a report, kept beside it, so that the next one can say what moved since.

The word is that of official statistics: a vintage is what was published at one time, a revision what moved between two. A vintage
is the record of a page with its figures as rows, a small file of JSON under the instant of its publication::

    reports/2022.html
    reports/vintages/2022/2023-01-05T060000.json
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from analysis.grids import FileProblem
from analysis.intake import find
from analysis.publication import publish
from analysis.record import KINDS

FOLDER, SIGNED = "vintages", "signed"
"""Below the folder of the pages: those that retention may remove, and those that were signed, which stay."""

FILE = "vintage.json"
"""What the vintage of a signed report is called."""

COMPARED = ("before", "signed")
"""The parameters of a notebook that name the vintages it is compared with: no input of its own figures."""

NAME = "%Y-%m-%dT%H%M%S"

FORM = 1
"""The form of the files; a later program may write another, and reads this one."""


class Vintage(NamedTuple):
    """What was published at one time."""

    path: Path
    at: datetime
    """When its page took its name, as the clock said."""
    record: dict[str, Any]
    """As ``record.record`` made it, with what the page says of itself as ``about``."""
    sha256: dict[str, str]
    """Name of the page, and of the workbook beside it -> checksum."""
    number: str = ""
    """The number under which it was signed, as 123/BC-SXD."""
    day: str = ""
    """The day of the signature, as 2023-01-15; empty if nobody said."""


def keep_vintage(page: Path, *, at: datetime, keep: int) -> Path | None:
    """Keep what a page says, if the newest vintage says something else; and remove the oldest ones.

    Parameters
    ----------
    page
        A page that took its name; one without figures is not kept.
    at
        When. Its vintage is called after it, or after the second that follows the newest one, if the clock went back: the names
        tell the order.
    keep
        How many stay, the newest; 0 for all. The one that the page is compared with stays too, and so does what is no vintage.

    Returns
    -------
    Path or None
        The new vintage.

    Raises
    ------
    OSError
        If it cannot be written. Nothing is removed then.
    """
    from analysis.html_page import record_in  # noqa: PLC0415 - slow to import, and a run with nothing to do keeps nothing

    record = record_in(page.read_text("utf-8"))
    if not record.get("figures"):
        return None
    held = read_vintages(page.parent, page)
    made = None
    if not held or said_of(held[0].record) != said_of(record):
        name = at if not held else max(at.replace(tzinfo=None), _named_at(held[0].path) + timedelta(seconds=1))
        made = page.parent / FOLDER / page.stem / f"{name:{NAME}}.json"
        made.parent.mkdir(parents=True, exist_ok=True)
        publish({made: vintage_of(page, record, at=at)})
    stays = {str(record.get("parameters", {}).get(name, "")) for name in COMPARED}
    kept = keep - bool(made)
    for vintage in held[max(kept, 0) :] if keep else []:
        if named(vintage.path) not in stays:
            vintage.path.unlink()
    return made


def vintage_of(page: Path, record: Mapping[str, Any], *, at: datetime, **more: str) -> bytes:
    """The file of a vintage: the record of a page, its figures as rows, and checksums over what was published."""
    said = {
        "form": FORM, "at": at.isoformat(), **more,
        "sha256": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in (page, page.with_suffix(".xlsx")) if path.is_file()
        },
        "figures": [*tidy(record["figures"])],
        "record": record,
    }  # fmt: skip
    return f"{json.dumps(said, ensure_ascii=False, indent=1)}\n".encode()


def tidy(figures: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Figures as rows, one for each that is known.

    Examples
    --------
    >>> list(tidy({"received": {"value": 937, "before": None}}))
    [{'measure': 'received', 'column': 'value', 'value': 937}]
    """
    for measure, row in figures.items():
        for column, value in row.items():
            if value is not None:
                yield {"measure": measure, "column": column, "value": value}


def read_vintages(folder: Path, page: Path, *, say: Callable[[str], None] = lambda _: None) -> list[Vintage]:
    """The vintages of a page, the newest first.

    Parameters
    ----------
    folder
        Where the page is.
    page
        The page, or its name.
    say
        Is told of each file that cannot be read; it is left out, and left where it is.
    """
    held = []
    for path in sorted((folder / FOLDER / page.stem).glob("*.json"), reverse=True):
        try:
            _named_at(path)
            held.append(read_vintage(path))
        except (FileProblem, ValueError):
            say(f"{path}: this is no vintage that can be read; it stays, and nothing is compared with it.")
    return held


def read_vintage(path: Path | str) -> Vintage:
    """One vintage; a relative path is looked for in the working folder and those above it, so that notebooks find it.

    Raises
    ------
    FileProblem
        If there is none, or it cannot be read.
    """
    place = find(path)
    try:
        said = json.loads(place.read_text("utf-8"))
        record, sums = said["record"], said["sha256"]
        if not (record["figures"]["received"] and record["files"]) or not isinstance(sums, dict):
            raise ValueError(said)
        at = datetime.fromisoformat(said["at"])
        return Vintage(place, at, record, sums, str(said.get("number", "")), str(said.get("day", "")))
    except OSError as error:
        raise FileProblem(f"{path}: {error.strerror}; it is what a page is compared with.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise FileProblem(
            f"{path}: is no vintage, or a damaged one; take it from a backup, or make the page again."
        ) from None


def inputs_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """What the figures of a record are made from and by, as plain values."""
    held = {kind: record.get(kind) for kind in KINDS if kind != "about"}
    return dict(json.loads(json.dumps(held)))


def said_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """What makes a vintage another one: inputs and figures."""
    return {**inputs_of(record), "figures": record.get("figures")}


def named(path: Path | str) -> str:
    """A vintage as pages name it, from their own folder on; empty for none.

    Examples
    --------
    >>> named("reports/vintages/2022/2023-01-05T060000.json"), named("")
    ('vintages/2022/2023-01-05T060000.json', '')
    >>> named("reports/signed/2022/123-BC-SXD/vintage.json")
    'signed/2022/123-BC-SXD/vintage.json'
    """
    parts = Path(path).parts
    length = 4 if parts[-1:] == (FILE,) else 3
    return "/".join(parts[-length:])


def _named_at(path: Path) -> datetime:
    return datetime.strptime(path.stem, NAME)  # noqa: DTZ007 - the name is a local time, of which only the order counts
