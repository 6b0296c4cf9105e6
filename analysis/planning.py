"""Which pages a command asks for: of which periods, of which units, and where they go."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from analysis.answers import require_answers
from analysis.commands import file_name, slug
from analysis.comparison import with_signed
from analysis.grids import FileProblem
from analysis.jobs import Job, Report
from analysis.labels import Labels, read_labels
from analysis.periods import read_period, until
from analysis.shipped import NOTEBOOKS, in_use
from analysis.store import Data
from analysis.trends import whole_span

ANNUAL, TRENDS, QUALITY, UNITS = (NOTEBOOKS / f"{name}.ipynb" for name in ("annual", "trends", "quality", "units"))


class Desk(NamedTuple):
    """Whose pages go into a folder."""

    data: Data
    folder: Path
    asked: Mapping[str, str]
    """The parameters of its notebooks that the command names."""
    in_names: Mapping[str, str]
    """Those of them that the names of its pages tell."""
    notebook: Path
    """What makes the page of a period."""


def plan(
    found: Data, names: Sequence[str], *, every: bool, kinds: Iterable[Path], units: bool, asked: Mapping[str, str], folder: Path,
    notebook: Path | None = None,
) -> list[Job]:  # fmt: skip
    """The pages of one command.

    Parameters
    ----------
    found
        What was read.
    names
        Of periods.
    every
        Whether each year in which a desk received something is asked for, too.
    kinds
        Of pages about all exports: ``TRENDS``, ``QUALITY``.
    units
        Whether each unit gets its pages too, in a folder of its own, and all of them one page together.
    asked
        The options of the command that are parameters of notebooks.
    folder
        Where the pages go.
    notebook
        What makes the pages of periods, ``ANNUAL`` unless said; one of the user's own is named in the names and titles of its pages.

    Raises
    ------
    Unanswerable
        If the exports tell nothing of a period.
    FileProblem
        If nothing was received, and so there is no year.
    """
    notebook = notebook or ANNUAL
    own = {} if notebook == ANNUAL else {"notebook": notebook.stem}
    whole, kinds = Desk(found, folder, asked, {**asked, **own}, notebook), list(kinds)
    jobs = [*_periods(whole, names, every=every)]
    if every and not (jobs or kinds):
        raise FileProblem(f"{asked['data']}: no dossier was received, so there is no year to report.")
    for job in jobs:
        if job.asked is not None:
            require_answers(found, until(job.asked, found.as_of))
    if TRENDS in kinds:
        whole_span(found)
    jobs += [_of_all(kind, whole) for kind in kinds]
    if units:
        jobs.append(_of_all(UNITS, whole))
        for desk in _units(whole):
            jobs += [*_periods(desk, names, every=every)]
            jobs += [_of_all(TRENDS, desk)] * (TRENDS in kinds)
    return jobs


def find_notebook(name: str, notebooks: Path = NOTEBOOKS) -> Path | None:
    """A notebook by its file name: one of this program as it is in use, or one of the user's own in ``notebooks``."""
    found = in_use(notebooks / name)
    return found if found.is_file() else None


def own_notebook(asked: str) -> Path:
    """The notebook that the user names for pages of periods; it lies where ``verify`` and ``status`` find it again.

    Raises
    ------
    FileProblem
        If there is none, it lies elsewhere, or is a notebook of another kind of page.
    """
    path = Path(asked)
    if not path.is_file() or path.suffix != ".ipynb":
        raise FileProblem(
            f"{asked}: there is no such notebook; copy {ANNUAL.name} to a name of your own and change the copy."
        )
    if path.name in {kind.name for kind in (TRENDS, QUALITY, UNITS)}:
        raise FileProblem(f"{asked}: is not of a period; it has an option of its own, --{path.stem}.")
    if path.name == ANNUAL.name:
        return ANNUAL
    found = find_notebook(path.name)
    if found is None or found.resolve() != path.resolve():
        raise FileProblem(
            f"{asked}: put it beside {ANNUAL.name}, into notebooks, so that status and verify find it again."
        )
    return found


def units_of(found: Data) -> list[str]:
    """The units of all dossiers, by the names of the view, in order."""
    return sorted(map(str, found.named("dossiers", columns=["unit"]).unit.dropna().unique()))


def folders_of(units: Iterable[str]) -> dict[str, str]:
    """Unit -> the name of its folder; of names that would be one, each gets the beginning of its checksum.

    Examples
    --------
    >>> folders_of(["Cơ sở 1", "Cơ sở 2"])
    {'Cơ sở 1': 'co-so-1', 'Cơ sở 2': 'co-so-2'}
    >>> folders_of(["Cơ sở 1", "Co so 1"])
    {'Cơ sở 1': 'co-so-1-1efe', 'Co so 1': 'co-so-1-d6dd'}
    """
    names = {unit: slug(unit) for unit in units}
    often = Counter(names.values())
    marks = {unit: hashlib.sha256(unit.encode()).hexdigest()[:4] for unit in names}
    return {
        unit: name if name and often[name] == 1 else f"{name}-{marks[unit]}".lstrip("-") for unit, name in names.items()
    }


def _units(whole: Desk) -> Iterator[Desk]:
    for unit, name in folders_of(units_of(whole.data)).items():
        asked = {**whole.asked, "unit": unit}
        yield Desk(replace(whole.data, unit=unit), whole.folder / name, asked, whole.in_names, whole.notebook)


def _periods(desk: Desk, names: Sequence[str], *, every: bool) -> Iterator[Job]:
    """The page of each period."""
    received = desk.data.dossiers.received_on.dt.normalize() if every else None
    years = [] if received is None else sorted(received[received <= desk.data.as_of].dt.year.unique())
    for name in dict.fromkeys([*(until(read_period(n), desk.data.as_of).name for n in names), *map(str, years)]):
        yield _of_period(name, desk)


def _of_period(name: str, desk: Desk) -> Job:
    labels = read_labels(desk.asked["lang"])
    about = {"period": name, **_about(desk, labels)}
    title = _title(
        labels.name("sentences.title", period=labels.period(until(read_period(name), desk.data.as_of))), about
    )
    parameters = {"period": name, **_parameters(desk.asked)}
    page = desk.folder / file_name(name, desk.in_names)
    title = " · ".join([title, *([desk.notebook.stem] if desk.notebook != ANNUAL else [])])
    report = with_signed(Report(in_use(desk.notebook), page, parameters, title, labels.lang, about))
    return Job(report, desk.data, read_period(name))


def _of_all(kind: Path, desk: Desk) -> Job:
    """A page of everything that the exports hold; how good they are is no matter of a unit."""
    labels = read_labels(desk.asked["lang"])
    asked = {name: value for name, value in desk.asked.items() if name != "unit" or kind not in (QUALITY, UNITS)}
    about = _about(desk, labels)
    page = desk.folder / file_name(kind.stem, {**desk.in_names, "notebook": ""})
    title = _title(labels.name(f"{kind.stem}.title"), about)
    return Job(Report(in_use(kind), page, _parameters(asked), title, labels.lang, about), desk.data)


def _about(desk: Desk, labels: Labels) -> dict[str, str]:
    """What the list of pages tells of a page, besides its title."""
    public = {"edition": labels.name("editions.name_public")} if desk.asked["edition"] == "public" else {}
    return {"as_of": labels.day(desk.data.as_of), "unit": desk.asked["unit"], **public}


def _title(title: str, about: Mapping[str, str]) -> str:
    """A title with the unit and the edition, where there are such."""
    return " · ".join([title, *(about[name] for name in ("unit", "edition") if about.get(name))])


def _parameters(asked: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a notebook but those that are as it has them."""
    usual = {"names": "", "edition": "internal"}
    return {name: value for name, value in asked.items() if value != usual.get(name)}
