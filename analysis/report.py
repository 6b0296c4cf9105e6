"""Reports: a notebook and its parameters become one verified HTML page.

A report is whole or it is not published. Parameters are checked before the run, every cell is proven after it, and the
page takes its name in one step; until then the last good page stays. The page loads nothing and runs nothing.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat

from analysis.cells import DEFAULT
from analysis.containers import MEBIBYTE
from analysis.engines import register
from analysis.execution import Progress, Run, check_parameters, code_cells, execute, quiet
from analysis.html_page import to_html
from analysis.jobs import Report
from analysis.labels import read_labels
from analysis.publication import hold, publish
from analysis.sandbox import machine_memory
from analysis.shipped import is_own

LEAST_MEMORY = 1024 * MEBIBYTE
"""Bytes that a notebook may take even on a small machine; else it is half of the machine, shared among those that run."""


CELL_SECONDS, REPORT_SECONDS = 600, 3600


def render_report(
    notebook: Path,
    output: Path,
    *,
    parameters: dict[str, Any],
    title: str,
    lang: str = "vi",
    about: dict[str, str] | None = None,
    engine: str = DEFAULT,
    cell_timeout: float = CELL_SECONDS,
    timeout: float = REPORT_SECONDS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Path:
    """Run a notebook with parameters and publish its page, with the executed notebook beside it.

    Parameters
    ----------
    notebook, output, parameters, title, lang, about
        As in ``Report``.
    engine, cell_timeout, timeout, progress
        As in ``render_reports``.

    Returns
    -------
    Path
        ``output``. The same inputs give the same bytes.

    Raises
    ------
    ParameterError
        Before anything runs.
    ReportBusy
        If another run holds the same output.
    ReportError
        If the notebook did not run whole. Both files are then as they were.
    OSError
        If they cannot be written. Both files are then as they were.
    """
    report = Report(notebook, output, parameters, title, lang, about)
    (problem,) = render_reports([report], engine=engine, cell_timeout=cell_timeout, timeout=timeout, progress=progress)
    if problem:
        raise problem
    return output


def render_reports(
    reports: Sequence[Report],
    *,
    engine: str = DEFAULT,
    cell_timeout: float = CELL_SECONDS,
    timeout: float = REPORT_SECONDS,
    progress: Callable[[int, int], None] = lambda done, total: None,
    began: Callable[[Report], None] = lambda report: None,
    prove: Callable[[Report, Mapping[Path, bytes]], None] = lambda report, files: None,
    published: Callable[[Report, Mapping[Path, bytes]], None] = lambda report, files: None,
) -> list[Exception | None]:
    """Run several notebooks, as many at once as there are cores, and publish each page in the order given.

    Parameters
    ----------
    reports
        Each with an ``output`` of its own.
    engine
        ``fork`` runs the cells in a child made after the imports, ``kernel`` in an ordinary kernel, one after the other.
    cell_timeout, timeout
        Seconds that one cell and that one report may take.
    progress
        Is told, after each cell, how many cells of how many are done, of all notebooks.
    began
        Is told of each report when its notebook begins to run, by the thread that runs it.
    prove
        Is shown the files of each report before they take their names, and raises if they may not.
    published
        Is shown them as soon as they have their names.

    Returns
    -------
    list of Exception or None
        Why a page was not published, in the order given; its files are then as they were. One stops no other.

    Raises
    ------
    ParameterError
        Before anything runs.
    KeyboardInterrupt
        When nothing of any run is left. What ``published`` was told of stays.
    """
    for report in reports:
        check_parameters(report.notebook, report.parameters)
        beside = report.output.with_suffix(".ipynb")
        if report.output.suffix != ".html" or beside.resolve() == report.notebook.resolve():
            raise ValueError(
                f"{report.output} cannot be the page of {report.notebook}: it must end in .html and stand elsewhere."
            )
    room = machine_memory() // 2
    at_once = max(min(len(reports), _cores(), room // LEAST_MEMORY), 1) if engine == "fork" else 0
    memory = max(room // max(at_once, 1), LEAST_MEMORY)
    cells = sum(code_cells(report.notebook, report.parameters) for report in reports)
    run = Run(engine, cell_timeout, timeout, memory, Progress(cells, progress), threading.Event())
    register()
    with ExitStack() as held, quiet():
        problems = [hold(report.output, held) for report in reports]
        made = held.enter_context(
            _making([r for r, busy in zip(reports, problems, strict=True) if not busy], run, at_once, began)
        )
        return [
            busy or _outcome(report, made, prove, published) for report, busy in zip(reports, problems, strict=True)
        ]


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _making(
    reports: list[Report], run: "Run", at_once: int, began: Callable[[Report], None]
) -> Iterator[Iterator[Callable[[], dict[Path, bytes]]]]:
    """For each report, in order, what gives its files; so many are at work meanwhile.

    With none at once a report is made when it is asked for: a kernel is to be spoken to from the main thread.
    """
    if not at_once:
        yield (partial(_make, report, run, began) for report in reports)
        return
    with ThreadPoolExecutor(at_once) as workers:
        try:
            made = [workers.submit(_make, report, run, began).result for report in reports]
            for slow in ("nbconvert.exporters.html", "analysis.tables_workbook"):
                import_module(slow)  # while the cells run
            yield iter(made)
        except BaseException:
            run.stop.set()
            workers.shutdown(wait=False, cancel_futures=True)
            raise


def _outcome(
    report: Report, made: Iterator[Callable[[], dict[Path, bytes]]],
    prove: Callable[[Report, Mapping[Path, bytes]], None], published: Callable[[Report, Mapping[Path, bytes]], None],
) -> Exception | None:  # fmt: skip
    """Publish a report when it is made and proven; or why there is none."""
    try:
        files = next(made)()
        prove(report, files)
        publish(files)
    except Exception as error:
        return error
    published(report, files)
    return None


def _make(report: Report, run: Run, began: Callable[[Report], None]) -> dict[Path, bytes]:
    """A report's files, the page last; of the notebook as it is now, whoever changes it meanwhile."""
    from analysis.tables_workbook import tables_workbook  # noqa: PLC0415 - slow to import, and first needed after a run

    began(report)
    source = report.notebook.read_text("utf-8")
    node = execute(nbformat.reads(source, as_version=4), report.parameters, run)
    about = {
        **(report.about or {}),
        "notebook": report.notebook.stem,
        "notebook-sha256": hashlib.sha256(source.encode()).hexdigest(),
    }
    labels = read_labels(report.lang)
    notices = [labels.name("shipped.own", notebook=report.notebook.name)] if is_own(report.notebook) else []
    page = to_html(node, title=report.title, lang=report.lang, about=about, notices=notices)
    return {
        report.output.with_suffix(".ipynb"): f"{nbformat.writes(node)}\n".encode(),
        report.output.with_suffix(".xlsx"): tables_workbook(
            node, title=report.title, lang=report.lang, about=report.about
        ),
        report.output: page.encode(),
    }
