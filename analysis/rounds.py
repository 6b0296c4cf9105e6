"""A round: the pages of one command. Those that are up to date stay, the others are made, proven, published, listed and printed.

What a round did is kept as it goes, so a round that is killed leaves pages that are whole, and a list that says which.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from analysis.commands import BUSY, complain, failure_of
from analysis.comparison import with_before
from analysis.jobs import Job, Report
from analysis.labels import Labels
from analysis.printing import PrintingError, pdf_name, print_page, printed_before
from analysis.run_state import NAME as RUNS
from analysis.run_state import Outcome, Run, altered, note_runs, read_runs
from analysis.sources import Sources, changes
from analysis.vintages import keep_vintage


class Told(NamedTuple):
    """Who is told of a round while it goes on."""

    planned: Callable[[Mapping[Path, Sequence[str]]], None] = lambda due: None
    """The pages that are to be made, and why each is."""
    progress: Callable[[int, int], None] = lambda done, total: None
    """How many cells are done, of how many."""
    began: Callable[[Path], None] = lambda page: None
    stands: Callable[[Path], None] = lambda file: None
    """A page that is up to date, or a page or a PDF that just got its name."""
    failed: Callable[[Path, str], None] = lambda page, why: None
    """A page that was not made, and why."""
    not_printed: Callable[[Path, str], None] = lambda page, why: None


class Round(NamedTuple):
    """How the pages of a round are made."""

    engine: str
    scan: Callable[[Mapping[Path, bytes]], None]
    """Raises if finished files may not be published; see ``scan.scan_of``."""
    browser: Path | None
    """Prints the pages; none for no PDF."""
    labels: Labels
    now: Callable[[], datetime]
    told: Told = Told()
    force: bool = False
    """Whether pages that are up to date are made, too."""


def make_round(jobs: Sequence[Job], how: Round) -> dict[Path, Outcome]:
    """Make the pages that are not up to date.

    Parameters
    ----------
    jobs
        Each with a page of its own.
    how
        By what, and who is told.

    Returns
    -------
    dict
        Page -> how it ended, in the order of the jobs; one that was up to date ended well. What is kept of it stands beside the
        pages, which a list in each folder names.
    """
    sources = {job.report.output: job.sources for job in jobs}
    due = {job.report.output: [] if how.force else _due(job, sources[job.report.output]) for job in jobs}
    made = [_compared(job) for job in jobs if how.force or due[job.report.output]]
    how.told.planned({job.report.output: due[job.report.output] for job in made})
    ended = _made(made, sources, how)
    kept = {job.report.output: _kept(job.report.output) for job in jobs if job.report.output not in ended}
    for job in jobs:
        if job.report.output in kept:
            how.told.stands(job.report.output)
            if not _pdf(job, how).exists():
                _print(job, how)
    recovered = {page: outcome for page, outcome in kept.items() if _last(page).outcome.code}
    note({**recovered, **{page: outcome for page, outcome in ended.items() if outcome.code}}, how)
    return {job.report.output: {**kept, **ended}[job.report.output] for job in jobs}


def reasons(folder: Path, name: str, sources: Sources) -> list[str]:
    """Why a page is not up to date: it was never made, its files were changed, or what it is made from was; none if it is.

    Examples
    --------
    >>> reasons(Path("nowhere"), "2022.html", {})
    ['it was not made yet']
    """
    run = read_runs(folder).get(name)
    if run is None or not run.outcome.files:
        return ["it was not made yet"]
    files = [f"{file} is gone or was changed by hand" for file in altered(folder, run)]
    return files + [
        f"{kind}: {CHANGE[how].format(which)}" for kind, which, how in changes(run.outcome.sources, sources)
    ]


CHANGE = {"new": "{} is new", "changed": "{} changed", "gone": "{} is gone"}


def _due(job: Job, sources: Sources) -> list[str]:
    return reasons(job.report.output.parent, job.report.output.name, sources)


def _compared(job: Job) -> Job:
    """A page that says what moved since the vintage before."""
    return job._replace(report=with_before(job.report, job.data, say=complain))


def _kept(page: Path) -> Outcome:
    """The outcome of a page that is up to date, whatever its last run was."""
    last = _last(page).outcome
    return Outcome(sources=last.sources, files=last.files)


def _last(page: Path) -> Run:
    return read_runs(page.parent)[page.name]


def _made(jobs: Sequence[Job], sources: Mapping[Path, Sources], how: Round) -> dict[Path, Outcome]:
    """Make pages; how each ended."""
    if not jobs:
        return {}
    from analysis.proof import prove_page  # noqa: PLC0415 - a round with nothing to do ends at once
    from analysis.report import render_reports  # noqa: PLC0415

    by_page, ended = {job.report.output: job for job in jobs}, dict[Path, Outcome]()

    def prove(report: Report, files: Mapping[Path, bytes]) -> None:
        job, page = by_page[report.output], files[report.output].decode()
        notebook = sources[report.output]["notebook"][report.notebook.name]
        how.scan(files)
        prove_page(page, job.data, asked=job.asked, parameters=report.parameters, notebook=notebook)

    def published(report: Report, files: Mapping[Path, bytes]) -> None:
        page = report.output
        sums = {path.name: hashlib.sha256(content).hexdigest() for path, content in files.items()}
        ended[page] = Outcome(sources=sources[page], files=sums)
        how.told.stands(page)
        try:
            for pdf in printed_before(page, unit=by_page[page].data.name, labels=how.labels):
                pdf.unlink()  # it was of the page before
            keep_vintage(page, at=how.now(), keep=int(by_page[page].data.vocabulary.settings["keep_vintages"]))
            note({page: ended[page]}, how)
        except OSError as error:
            ended[page] = _failed(page, error, how)
        _print(by_page[page], how)

    problems = render_reports(
        [job.report for job in jobs], engine=how.engine, progress=how.told.progress, prove=prove, published=published,
        began=lambda report: how.told.began(report.output),
    )  # fmt: skip
    for job, problem in zip(jobs, problems, strict=True):
        if problem:
            ended[job.report.output] = _failed(job.report.output, problem, how)
    return ended


def _failed(page: Path, problem: Exception, how: Round) -> Outcome:
    why, code = failure_of(problem)
    how.told.failed(page, why)
    return Outcome(code, why)


def note(outcomes: Mapping[Path, Outcome], how: Round) -> None:
    """Keep how pages ended, and list them; another run that is busy keeps its own."""
    if not outcomes:
        return
    from analysis.report_index import write_index  # noqa: PLC0415

    by_folder: dict[Path, dict[str, Outcome]] = defaultdict(dict)
    for page, outcome in outcomes.items():
        if outcome.code != BUSY:
            by_folder[page.parent][page.name] = outcome
    for folder, of in by_folder.items():
        folder.mkdir(parents=True, exist_ok=True)
        note_runs(folder, of, at=how.now())
        is_first = not (folder / "index.html").exists()
        write_index(folder, lang=how.labels.lang)
        if is_first and (folder.parent / RUNS).is_file():
            write_index(folder.parent, lang=how.labels.lang)  # a new folder of a unit


def _pdf(job: Job, how: Round) -> Path:
    page, data = job.report.output, job.data
    return page.with_name(pdf_name(page, unit=data.name, day=data.as_of, labels=how.labels))


def _print(job: Job, how: Round) -> None:
    """Print a page where there is a browser; what cannot be printed is told, and its page stays."""
    if how.browser is None:
        return
    target = _pdf(job, how)
    try:
        print_page(job.report.output, target, browser=how.browser, day=job.data.as_of)
    except (PrintingError, OSError) as problem:
        how.told.not_printed(job.report.output, str(problem))
    else:
        how.told.stands(target)
