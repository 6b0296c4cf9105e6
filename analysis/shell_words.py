"""What a shell may complete: periods, units, columns and pages. It reads one small file and imports nothing that is slow."""

import json
import os
import shlex
from collections.abc import Callable, Iterable
from pathlib import Path

from click import Context, Parameter
from click.shell_completion import CompletionItem

MANIFEST = Path("data/processed/manifest.json")
"""``processed.MANIFEST`` of the usual exports: what was read of them last."""

PARTS = ("", "-Q1", "-Q2", "-Q3", "-Q4", "-H1", "-H2", "-9M", "-official", *(f"-{month:02}" for month in range(1, 13)))

LIST = "index"
"""The list of pages, which is none."""

Complete = Callable[[Context, Parameter, str], list[CompletionItem]]


def periods(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Years of the exports and, once one is typed, their parts; without exports the forms of a period."""
    years = [str(year) for year in _known("years")]
    typed = [year for year in years if incomplete.startswith(year)]
    return _begun([f"{year}{part}" for year in typed for part in PARTS] or years, incomplete)


def units(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """The units of the exports; in quotation marks where the shell takes words as they stand."""
    found = _begun(map(str, _known("units")), incomplete.lstrip("\"'"))
    takes_as_it_stands = os.environ.get("_ANALYSIS_COMPLETE", "").startswith("bash")
    return [CompletionItem(shlex.quote(str(item.value))) for item in found] if takes_as_it_stands else found


def columns(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """The columns of dossiers, also after a comma."""
    from analysis.tables import DOSSIERS  # noqa: PLC0415 - only where it is asked for

    before, comma, typed = incomplete.rpartition(",")
    known = [c for c in DOSSIERS.columns if c not in DOSSIERS.instants and c not in DOSSIERS.distinct]
    used = before.split(",")
    return [CompletionItem(f"{before}{comma}{c}") for c in known if c.startswith(typed) and c not in used]


def pages(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """The pages of ``reports`` and of the folders of units in it."""
    found = sorted(path for pattern in ("*.html", "*/*.html") for path in Path("reports").glob(pattern))
    return _begun((path.as_posix() for path in found if path.stem != LIST), incomplete) or files(
        context, parameter, incomplete
    )


def files(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Whatever files the shell finds."""
    return [CompletionItem(incomplete, type="file")]


def folders(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Whatever folders the shell finds."""
    return [CompletionItem(incomplete, type="dir")]


BY_NAME: dict[str, Complete] = {
    "period": periods, "periods": periods, "unit": units, "groupings": columns, "pages": pages,
    "data": files, "vocabulary": files, "handbook": files, "template": files, "points": files, "paths": files, "exports": files,
    "out": folders, "folder": folders,
}  # fmt: skip
"""Parameter of a command -> what completes it."""


def teach(parameters: Iterable[Parameter]) -> None:
    """Give each parameter what completes it, by its name; those that have choices complete themselves."""
    for parameter in parameters:
        if parameter.name in BY_NAME:
            parameter._custom_shell_complete = BY_NAME[parameter.name]  # noqa: SLF001 - as the argument shell_complete sets it


def _begun(words: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


def _known(what: str) -> list[object]:
    """What the manifest knows; nothing where there is none, or an older one."""
    try:
        known = json.loads(MANIFEST.read_text("utf-8"))["known"][what]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return known if isinstance(known, list) else []
