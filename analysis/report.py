"""Reports: a notebook and its parameters become one verified HTML page.

A report is whole or it is not published. Parameters are checked before the run, every cell is proven after it, and the
page takes its name in one step; until then the last good page stays. The page loads nothing and runs nothing.
"""

import ast
import difflib
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from html import escape
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import quote

import nbformat
from filelock import FileLock, Timeout
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook
from papermill.log import logger

from analysis.cells import DEFAULT, Overflow
from analysis.containers import MEBIBYTE
from analysis.contents import sections_of
from analysis.engines import MOST_OUTPUT, register
from analysis.sandbox import machine_memory

FINISHED = "application/vnd.analysis.finished+json"
"""The kind of output by which a notebook's last cell says that it was reached."""

SHOWN = ("text/html", "image/png")
"""The kinds of output a page shows; the HTML is made by the program's own helpers, which escape what the data say."""

LANGUAGES = frozenset({"vi", "en"})
"""The tags of Markdown cells that a page in another language leaves out."""

PLAIN = {"str": str, "int": int, "float": float, "bool": bool, "None": type(None)}
"""The only types of parameters: papermill would write anything else into the notebook as code."""

FORBIDDEN = frozenset({"script", "iframe", "frame", "object", "embed", "applet", "link", "base", "form"})
"""Elements that run or load something."""

LEAST_MEMORY = 1024 * MEBIBYTE
"""Bytes that a notebook may take even on a small machine; else it is half of the machine, shared among those that run."""

INDEX = {
    "vi": {"title": "Các báo cáo", "as_of": "số liệu đến {}", "none": "Chưa có báo cáo nào."},
    "en": {"title": "Reports", "as_of": "data up to {}", "none": "There is no report yet."},
}
"""What the list of reports says, by language."""


CONTENTS = {
    "vi": {"contents": "Mục lục", "annex": "phụ lục"},
    "en": {"contents": "Contents", "annex": "annex"},
}
"""What the list of contents says, by language."""


class ParameterError(ValueError):
    """A parameter that the notebook does not have, or a value of the wrong type."""


class ReportError(Exception):
    """A notebook did not run whole, or its page may not be published; the message names the cell and why."""


class ReportBusy(Exception):
    """Another run is writing this report."""


class Report(NamedTuple):
    """A page to be made."""

    notebook: Path
    """Its parameters stand in a code cell tagged ``parameters``; its last cell leaves the ``FINISHED`` output."""
    output: Path
    """The page, ``<name>.html``; the executed notebook becomes ``<name>.ipynb``."""
    parameters: dict[str, Any]
    title: str
    lang: str = "vi"
    about: dict[str, str] | None = None
    """What the list of reports shows of this one: ``period`` (by which it is sorted), ``as_of``, ``unit``."""


def render_report(
    notebook: Path,
    output: Path,
    *,
    parameters: dict[str, Any],
    title: str,
    lang: str = "vi",
    about: dict[str, str] | None = None,
    engine: str = DEFAULT,
    cell_timeout: int = 600,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Path:
    """Run a notebook with parameters and publish its page, with the executed notebook beside it.

    Parameters
    ----------
    notebook, output, parameters, title, lang, about
        As in ``Report``.
    engine, cell_timeout, progress
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
    (problem,) = render_reports([report], engine=engine, cell_timeout=cell_timeout, progress=progress)
    if problem:
        raise problem
    return output


def render_reports(
    reports: Sequence[Report],
    *,
    engine: str = DEFAULT,
    cell_timeout: int = 600,
    progress: Callable[[int, int], None] = lambda done, total: None,
    published: Callable[[Path], None] = lambda output: None,
) -> list[Exception | None]:
    """Run several notebooks, as many at once as there are cores, and publish each page in the order given.

    Parameters
    ----------
    reports
        Each with an ``output`` of its own.
    engine
        ``fork`` runs the cells in a child made after the imports, ``kernel`` in an ordinary kernel, one after the other.
    cell_timeout
        Seconds that one cell may take.
    progress
        Is told, after each cell, how many cells of how many are done, of all notebooks.
    published
        Is told each page as soon as it has its name.

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
    at_once = max(min(len(reports), _cores()), 1) if engine == "fork" else 0
    memory = max(machine_memory() // 2 // max(at_once, 1), LEAST_MEMORY)
    run = _Run(engine, cell_timeout, memory, _Progress(reports, progress), threading.Event())
    register()
    with ExitStack() as held, _quiet():
        problems = [_hold(report.output, held) for report in reports]
        made = held.enter_context(
            _making([r for r, busy in zip(reports, problems, strict=True) if not busy], run, at_once)
        )
        return [busy or _outcome(report, made, published) for report, busy in zip(reports, problems, strict=True)]


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _hold(output: Path, held: ExitStack) -> Exception | None:
    """Keep other runs from an output until ``held`` ends; or why that cannot be."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        held.enter_context(FileLock(output.with_name(f".{output.name}.lock"), timeout=0))
    except Timeout:
        return ReportBusy(f"{output} is being written by another run.")
    except OSError as error:
        return error
    return None


@contextmanager
def _making(reports: list[Report], run: "_Run", at_once: int) -> Iterator[Iterator[Callable[[], dict[Path, str]]]]:
    """For each report, in order, what gives the texts of its files; so many are at work meanwhile.

    With none at once a report is made when it is asked for: a kernel is to be spoken to from the main thread.
    """
    if not at_once:
        yield (partial(_make, report, run) for report in reports)
        return
    with ThreadPoolExecutor(at_once) as workers:
        try:
            made = [workers.submit(_make, report, run).result for report in reports]
            import_module("nbconvert.exporters.html")  # while the cells run
            yield iter(made)
        except BaseException:
            run.stop.set()
            workers.shutdown(wait=False, cancel_futures=True)
            raise


def _outcome(
    report: Report, made: Iterator[Callable[[], dict[Path, str]]], published: Callable[[Path], None]
) -> Exception | None:  # fmt: skip
    """Publish a report when it is made; or why there is none."""
    try:
        _publish(next(made)())
    except Exception as error:
        return error
    published(report.output)
    return None


def check_parameters(notebook: Path, parameters: dict[str, Any]) -> dict[str, Any]:
    """Parameters, if the notebook has each of them and its value is of the type written there.

    The notebook writes them as typed assignments, ``period: str = "2022"``, in the code cell tagged ``parameters``.

    Raises
    ------
    ParameterError
        Naming the nearest known name, or the type expected and the value given.

    Examples
    --------
    >>> folder = getfixture("tmp_path")
    >>> cell = nbformat.v4.new_code_cell('period: str = "2022"', metadata={"tags": ["parameters"]})
    >>> nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "annual.ipynb")
    >>> check_parameters(folder / "annual.ipynb", {"period": "2023"})
    {'period': '2023'}
    >>> check_parameters(folder / "annual.ipynb", {"periode": "2023"})
    Traceback (most recent call last):
    ...
    analysis.report.ParameterError: annual.ipynb has no parameter 'periode'; the nearest is 'period'. It has: period.
    """
    known = _declared(nbformat.read(notebook, as_version=4))
    for name, value in parameters.items():
        if name not in known:
            near = "".join(f"; the nearest is {n!r}" for n in difflib.get_close_matches(name, known, n=1, cutoff=0))
            listed = ", ".join(known) or "none"
            raise ParameterError(f"{notebook.name} has no parameter {name!r}{near}. It has: {listed}.")
        if type(value) not in [PLAIN.get(kind.strip()) for kind in known[name].split("|")]:
            raise ParameterError(f"{name} must be {known[name]}, not {value!r} ({type(value).__name__}).")
    return dict(parameters)


def _declared(notebook: NotebookNode) -> dict[str, str]:
    """Name -> annotation of every parameter of a notebook."""
    source = "\n".join(c.source for c in notebook.cells if "parameters" in _tags(c) and c.cell_type == "code")
    typed = [node for node in ast.parse(source).body if isinstance(node, ast.AnnAssign)]
    return {ast.unparse(node.target): ast.unparse(node.annotation) for node in typed}


class _Run(NamedTuple):
    """What all reports of one call have in common."""

    engine: str
    cell_timeout: int
    memory: int
    progress: "_Progress"
    stop: threading.Event


def _make(report: Report, run: _Run) -> dict[Path, str]:
    """The texts of a report's files, the page last."""
    node = _execute(report, run)
    page = to_html(node, title=report.title, lang=report.lang, about=report.about)
    return {report.output.with_suffix(".ipynb"): nbformat.writes(node) + "\n", report.output: page}


def _execute(report: Report, run: _Run) -> NotebookNode:
    """The executed notebook, proven whole and free of what differs between two runs."""
    watch = _Watch(run)
    try:
        # papermill's own error leaves its trace in the cell, of which prove_run tells more.
        with suppress(PapermillExecutionError):
            execute_notebook(
                nbformat.read(report.notebook, as_version=4),
                None,
                dict(report.parameters),
                engine_name=f"analysis-{run.engine}",
                kernel_name="report",
                language="python",
                progress_bar=False,
                timeout=run.cell_timeout,
                memory=run.memory,
                watch=watch,
            )
    except TimeoutError:
        raise watch.problem(f"timed out after {run.cell_timeout} s") from None
    except Overflow:
        raise watch.problem(f"put out more than {MOST_OUTPUT // MEBIBYTE} MB") from None
    except RuntimeError as error:
        raise watch.problem("the kernel died", otherwise=f"the kernel did not start: {error}") from None
    prove_run(watch.notebook)
    return _normalised(watch.notebook)


class _Watch:
    """What is known of a run while it goes on."""

    def __init__(self, run: _Run) -> None:
        self.stop = run.stop
        self.progress = run.progress
        self.notebook = nbformat.v4.new_notebook()
        self.at = -1

    def notebook_started(self, notebook: NotebookNode) -> None:
        self.notebook = notebook

    def cell_started(self, cell: NotebookNode, cell_index: int) -> None:
        self.at = cell_index

    def cell_finished(self, cell: NotebookNode, cell_index: int, execute_reply: Any) -> None:
        self.progress.step()

    def problem(self, why: str, *, otherwise: str = "the kernel did not start") -> ReportError:
        return _problem(self.notebook, self.at, why) if self.at >= 0 else ReportError(otherwise)


class _Progress:
    """Cells that are done, of those of all reports."""

    def __init__(self, reports: Sequence[Report], tell: Callable[[int, int], None]) -> None:
        self.tell, self.turn, self.done = tell, threading.Lock(), 0
        self.total = sum(_code_cells(report) for report in reports)

    def step(self) -> None:
        with self.turn:
            self.done += 1
            self.tell(self.done, self.total)


def _code_cells(report: Report) -> int:
    """How many cells will run: those of the notebook, and the parameters that papermill puts in."""
    return sum(map(_is_code, nbformat.read(report.notebook, as_version=4).cells)) + bool(report.parameters)


@contextmanager
def _quiet() -> Iterator[None]:
    """Papermill says nothing: what matters is raised."""
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def prove_run(notebook: NotebookNode) -> None:
    """Every code cell of an executed notebook ran, in order and without an error, and the last one left its mark.

    Raises
    ------
    ReportError
        Naming the first cell of which this is not so, and why. Cells are numbered as in the notebook before the run.

    Examples
    --------
    >>> cell = nbformat.v4.new_code_cell("total = 1 + 1")
    >>> prove_run(nbformat.v4.new_notebook(cells=[cell]))
    Traceback (most recent call last):
    ...
    analysis.report.ReportError: code cell 1 (total = 1 + 1): was not run
    """
    code = [(index, cell) for index, cell in enumerate(notebook.cells) if _is_code(cell)]
    for count, (index, cell) in enumerate(code, start=1):
        if why := _failure(cell, count):
            raise _problem(notebook, index, why)
    if not code:
        raise ReportError("the notebook has no code.")
    index, last = code[-1]
    if not any(FINISHED in output.get("data", {}) for output in last.outputs):
        raise _problem(notebook, index, "the notebook stopped before its end: its last cell left no mark")


def _failure(cell: NotebookNode, count: int) -> str | None:
    """Why a cell, the n-th to run, did not run whole."""
    for output in cell.outputs:
        if output.output_type == "error":
            return f"{output.ename}: {output.evalue}".removesuffix(": ")
    if cell.metadata.get("papermill", {}).get("exception"):
        return "failed"
    if cell.execution_count is None:
        return "was not run"
    return None if cell.execution_count == count else f"ran as number {cell.execution_count} instead of {count}"


def _problem(notebook: NotebookNode, index: int, why: str) -> ReportError:
    """Where in the notebook something went wrong, and what."""
    above = notebook.cells[: index + 1]
    number = sum(_is_code(cell) and "injected-parameters" not in _tags(cell) for cell in above)
    prose = [line for cell in above if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    headings = [line.lstrip("#").strip() for line in prose if line.startswith("#")]
    under = f" under “{headings[-1]}”" if headings else ""
    return ReportError(f"code cell {number}{under} ({above[-1].source.strip().splitlines()[0]}): {why}")


def _is_code(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


def _tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def _normalised(notebook: NotebookNode) -> NotebookNode:
    """An executed notebook without anything that differs between two runs: ids, times, paths, what was printed."""
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"cell-{number}"
        cell.metadata = NotebookNode(tags=_tags(cell))
        if cell.cell_type == "code":
            cell.outputs = [output for output in map(_kept, cell.outputs) if output.get("data")]
    notebook.metadata = nbformat.from_dict({
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "papermill": {"parameters": notebook.metadata.papermill.parameters},
    })  # fmt: skip
    return notebook


def _kept(output: NotebookNode) -> NotebookNode:
    """An output with only those of its forms that a page shows, and the mark of the end."""
    data = {kind: value for kind, value in output.get("data", {}).items() if kind in {*SHOWN, FINISHED}}
    return NotebookNode({**output, "data": NotebookNode(data)})


def to_html(notebook: NotebookNode, *, title: str, lang: str, about: dict[str, str] | None = None) -> str:
    """One HTML page of an executed notebook: the Markdown of one language, and the outputs that may be shown.

    Raises
    ------
    ReportError
        If a picture has no description, or the page would run or load anything.

    Examples
    --------
    >>> cells = [nbformat.v4.new_markdown_cell(text, metadata={"tags": [text]}) for text in ("vi", "en")]
    >>> page = to_html(nbformat.v4.new_notebook(cells=cells), title="Năm 2022", lang="vi")
    >>> "<title>Năm 2022</title>" in page, "<p>vi</p>" in page, "<p>en</p>" in page
    (True, True, False)
    """
    from nbconvert.exporters.html import HTMLExporter  # noqa: PLC0415 - slow to import, and first needed after a run

    others = LANGUAGES - {lang}
    cells = [c for c in notebook.cells if c.cell_type == "code" or not others & set(_tags(c)) or lang in _tags(c)]
    for output in (output for cell in cells for output in cell.get("outputs", [])):
        shown = [kind for kind in SHOWN if kind in output.get("data", {})]
        if shown == ["image/png"] and not output.metadata.get("image/png", {}).get("alt"):
            raise ReportError("a picture has no description: display it with alt.")
    exporter = HTMLExporter(
        extra_template_basedirs=[str(Path(__file__).parent)], template_name="template", exclude_anchor_links=True
    )
    resources = {
        "title": title, "lang": lang, "about": {"title": title, "lang": lang, **(about or {})},
        "sections": sections_of(cells), "words": CONTENTS[lang],
    }  # fmt: skip
    page, _ = exporter.from_notebook_node(NotebookNode({**notebook, "cells": cells}), resources)
    for tag, attributes in _tags_of(page):
        loads = not (attributes.get("src") or "data:").startswith("data:")
        if tag in FORBIDDEN or loads or any(name.startswith("on") for name in attributes):
            raise ReportError(f"the page holds a <{tag}> that would run or load something: {attributes}")
    return str(page)


class _Reader(HTMLParser):
    """Collects every start tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def _tags_of(page: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = _Reader()
    reader.feed(page)
    return reader.found


def _publish(texts: dict[Path, str]) -> None:
    """Give files of one folder their new content, in the order given: all of them, or none."""
    folder = next(iter(texts)).parent
    placed = []
    with TemporaryDirectory(dir=folder, prefix=".report-") as private:
        for final, text in texts.items():
            with (Path(private) / final.name).open("w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if final.exists():
                shutil.copy2(final, Path(private) / f"old-{final.name}")
        try:
            for final in texts:
                (Path(private) / final.name).replace(final)
                placed.append(final)
        except BaseException:
            for final in placed:
                old = Path(private) / f"old-{final.name}"
                old.replace(final) if old.exists() else final.unlink()
            raise


def write_index(folder: Path, *, lang: str = "vi") -> Path:
    """Write ``index.html``: a link to every report in a folder, the newest period first.

    Other HTML files are left out: a report is known by what ``to_html`` writes into its head.
    """
    words = INDEX[lang]
    found = [(path, _about(path)) for path in sorted(folder.glob("*.html")) if path.name != "index.html"]
    reports = [(path, about) for path, about in found if about.get("title")]
    reports.sort(key=lambda report: report[1].get("period", "").rpartition("..")[2], reverse=True)
    items = "".join(_item(path, about, words) for path, about in reports)
    nav = f'<nav aria-label="{words["title"]}"><ul>{items}</ul></nav>' if items else f"<p>{words['none']}</p>"
    html = f'<header class="head"><h1>{words["title"]}</h1></header>{nav}'
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", {"text/html": html})])
    page = to_html(nbformat.v4.new_notebook(cells=[cell]), title=words["title"], lang=lang)
    _publish({folder / "index.html": page})
    return folder / "index.html"


def _about(path: Path) -> dict[str, str]:
    """What a page says of itself in its head; empty for a page that is no report."""
    head, _, _ = path.read_text("utf-8", errors="replace").partition("</head>")
    metas = [attributes for tag, attributes in _tags_of(head) if tag == "meta"]
    named = {attributes.get("name") or "": attributes.get("content") or "" for attributes in metas}
    return {name.removeprefix("analysis-"): text for name, text in named.items() if name.startswith("analysis-")}


def _item(path: Path, about: dict[str, str], words: dict[str, str]) -> str:
    """One line of the list of reports."""
    as_of = words["as_of"].format(about["as_of"]) if about.get("as_of") else ""
    facts = " · ".join(filter(None, [about.get("period"), about.get("unit"), as_of]))
    lang = escape(about.get("lang", ""))
    return (
        f'<li><a href="{quote(path.name)}" lang="{lang}" hreflang="{lang}">{escape(about["title"])}</a>'
        f"<p>{escape(facts)}</p></li>"
    )
