"""How every page of a folder stands: up to date, or not and why; and since when making it fails."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from analysis.comparison import with_signed
from analysis.counts import REPORTED
from analysis.grids import FileProblem
from analysis.jobs import Report
from analysis.planning import QUALITY, UNITS, find_notebook, units_of
from analysis.rounds import reasons
from analysis.run_state import Run, read_runs
from analysis.shipped import NOTEBOOKS
from analysis.sources import Sources, sources_of
from analysis.store import Data, load
from analysis.vocabulary import VocabularyError

OF_EXPORTS = ("data", "vocabulary", "handbook", "names", "as_of")
"""The parameters that say what is read."""


class Standing(NamedTuple):
    """How a page stands."""

    page: Path
    at: datetime
    """When its last run was."""
    failed_since: datetime | None
    """Since when nothing good has come; None if the last run was good."""
    why: str
    """Why the last run failed."""
    stale: list[str]
    """Why making it now would give another page, or may; none if it is up to date."""

    @property
    def is_good(self) -> bool:
        """Whether it is up to date and its last run was good."""
        return not self.stale and self.failed_since is None


def standings(folder: Path) -> Iterator[Standing]:
    """How every page stands that was made in a folder or in one just below it; in the order of their names.

    Parameters
    ----------
    folder
        Of the pages. What each was made from is kept there; the exports are read to see whether they are still the same.
    """
    read: dict[tuple[str, ...], Data | str] = {}
    for place in [folder, *sorted(path for path in folder.glob("*/") if path.is_dir())]:
        for name, run in read_runs(place).items():
            yield _standing(place, name, run, read)


def _standing(place: Path, name: str, run: Run, read: dict[tuple[str, ...], Data | str]) -> Standing:
    told = partial(Standing, place / name, run.at, run.failed_since, run.outcome.why)
    if not run.outcome.files:
        return told(["it was not made yet"])
    found = _sources_now(place / name, run.outcome.sources, read)
    return told([found] if isinstance(found, str) else reasons(place, name, found))


def _sources_now(page: Path, sources: Sources, read: dict[tuple[str, ...], Data | str]) -> Sources | str:
    """What a page would be made from now; or why it cannot be told."""
    parameters = {name: value for name, value in sources["parameters"].items() if name != "signed"}
    name = next(iter(sources["notebook"]))
    notebook = find_notebook(name, NOTEBOOKS)
    if notebook is None:
        return f"notebook: {name} is gone"
    key = tuple(parameters.get(name, "") for name in OF_EXPORTS)
    if key not in read:
        read[key] = _load(dict(zip(OF_EXPORTS, key, strict=True)))
    data, unit = read[key], parameters.get("unit", "")
    if isinstance(data, str):
        return data
    if unit and unit not in units_of(data):
        return f"exports: no dossier is of the unit {unit!r} any more"
    of_unit = replace(data, unit=unit) if unit and notebook.name not in {QUALITY.name, UNITS.name} else data
    report = with_signed(Report(notebook, page, parameters, ""))
    return sources_of(of_unit, notebook=notebook, parameters=report.parameters)


def _load(asked: Mapping[str, str]) -> Data | str:
    """What the exports say now; or why they cannot be read."""
    options: dict[str, Any] = {**asked, "vocabulary": asked["vocabulary"] or None}
    try:
        return load(options.pop("data"), **options, columns=REPORTED)
    except (FileProblem, VocabularyError) as problem:
        return f"exports: {problem}"
