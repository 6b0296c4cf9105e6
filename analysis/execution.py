"""The execution of a notebook: its parameters are checked before, and every cell is proven to have run after.

What comes back is the same for the same inputs: nothing in it tells when, where or how long it ran.
"""

import ast
import difflib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook
from papermill.log import logger

from analysis.cells import Overflow
from analysis.containers import MEBIBYTE
from analysis.editions import INTERNAL, of_edition
from analysis.engines import MOST_OUTPUT
from analysis.marks import FINISHED, RECORD

SHOWN = ("text/html", "image/png")
"""The kinds of output a page shows; the HTML is made by the program's own helpers, which escape what the data say."""

TRACE = "Traceback (most recent call last)"
"""By which an error is known that a cell survived, such as one of a thread."""

PLAIN = {"str": str, "int": int, "float": float, "bool": bool, "None": type(None)}
"""The only types of parameters: papermill would write anything else into the notebook as code."""


class ParameterError(ValueError):
    """A parameter that the notebook does not have, or a value of the wrong type."""


class ReportError(Exception):
    """A notebook did not run whole, or its page may not be published; the message names the cell and why."""


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
    analysis.execution.ParameterError: annual.ipynb has no parameter 'periode'; the nearest is 'period'. It has: period.
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
    source = "\n".join(c.source for c in notebook.cells if "parameters" in tags(c) and c.cell_type == "code")
    typed = [node for node in ast.parse(source).body if isinstance(node, ast.AnnAssign)]
    return {ast.unparse(node.target): ast.unparse(node.annotation) for node in typed}


class Run(NamedTuple):
    """What all reports of one call have in common."""

    engine: str
    cell_timeout: float
    """Seconds that a cell may take."""
    timeout: float
    """Seconds that a report may take."""
    memory: int
    progress: "Progress"
    stop: threading.Event


def execute(notebook: NotebookNode, parameters: Mapping[str, Any], run: Run) -> NotebookNode:
    """The executed notebook, proven whole and free of what differs between two runs."""
    watch = _Watch(run)
    try:
        # papermill's own error leaves its trace in the cell, of which prove_run tells more.
        with suppress(PapermillExecutionError):
            execute_notebook(
                of_edition(notebook, parameters.get("edition", INTERNAL)),
                None,
                dict(parameters),
                engine_name=f"analysis-{run.engine}",
                kernel_name="report",
                language="python",
                progress_bar=False,
                memory=run.memory,
                watch=watch,
            )
    except TimeoutError:
        raise watch.problem(watch.late()) from None
    except Overflow:
        raise watch.problem(f"put out more than {MOST_OUTPUT // MEBIBYTE} MB") from None
    except RuntimeError as error:
        raise watch.problem("the kernel died", otherwise=f"the kernel did not start: {error}") from None
    prove_run(watch.notebook)
    return _normalised(watch.notebook)


class _Watch:
    """What is known of a run while it goes on."""

    def __init__(self, run: Run) -> None:
        self.stop = run.stop
        self.progress = run.progress
        self.run, self.until = run, time.monotonic() + run.timeout
        self.notebook = nbformat.v4.new_notebook()
        self.at = -1

    def notebook_started(self, notebook: NotebookNode) -> None:
        self.notebook = notebook

    def cell_started(self, cell: NotebookNode, cell_index: int) -> None:
        self.at = cell_index

    def seconds(self) -> float:
        """That the next cell may take."""
        return max(min(self.run.cell_timeout, self.until - time.monotonic()), 0.01)  # papermill takes 0 for ever

    def late(self) -> str:
        """What took too long."""
        if time.monotonic() < self.until:
            return f"timed out after {self.run.cell_timeout:g} s"
        return f"the whole report timed out after {self.run.timeout:g} s"

    def cell_finished(self, cell: NotebookNode, cell_index: int, execute_reply: Any) -> None:
        self.progress.step()

    def problem(self, why: str, *, otherwise: str = "the kernel did not start") -> ReportError:
        return _problem(self.notebook, self.at, why) if self.at >= 0 else ReportError(otherwise)


class Progress:
    """Cells that are done, of those of all reports."""

    def __init__(self, total: int, tell: Callable[[int, int], None]) -> None:
        self.tell, self.turn, self.done = tell, threading.Lock(), 0
        self.total = total

    def step(self) -> None:
        with self.turn:
            self.done += 1
            self.tell(self.done, self.total)


def code_cells(notebook: Path, parameters: Mapping[str, Any]) -> int:
    """How many cells will run: those of the notebook, and the parameters that papermill puts in."""
    of = of_edition(nbformat.read(notebook, as_version=4), parameters.get("edition", INTERNAL))
    return sum(map(_is_code, of.cells)) + bool(parameters)


@contextmanager
def quiet() -> Iterator[None]:
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
    analysis.execution.ReportError: code cell 1 (total = 1 + 1): was not run
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
        if output.get("name") == "stderr" and TRACE in output.text:
            return f"wrote a traceback: {output.text.rstrip().splitlines()[-1]}"
    if cell.metadata.get("papermill", {}).get("exception"):
        return "failed"
    if cell.execution_count is None:
        return "was not run"
    return None if cell.execution_count == count else f"ran as number {cell.execution_count} instead of {count}"


def _problem(notebook: NotebookNode, index: int, why: str) -> ReportError:
    """Where in the notebook something went wrong, and what."""
    above = notebook.cells[: index + 1]
    number = sum(_is_code(cell) and "injected-parameters" not in tags(cell) for cell in above)
    prose = [line for cell in above if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    headings = [line.lstrip("#").strip() for line in prose if line.startswith("#")]
    under = f" under “{headings[-1]}”" if headings else ""
    return ReportError(f"code cell {number}{under} ({above[-1].source.strip().splitlines()[0]}): {why}")


def _is_code(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


def tags(cell: NotebookNode) -> list[str]:
    """The tags of a cell; none where its metadata name none."""
    return list(cell.metadata.get("tags", []))


def _normalised(notebook: NotebookNode) -> NotebookNode:
    """An executed notebook without anything that differs between two runs: ids, times, paths, what was printed."""
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"cell-{number}"
        cell.metadata = NotebookNode(tags=tags(cell))
        if cell.cell_type == "code":
            cell.outputs = [output for output in map(_kept, cell.outputs) if output.get("data")]
    notebook.metadata = nbformat.from_dict({
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "papermill": {"parameters": notebook.metadata.papermill.parameters},
    })  # fmt: skip
    return notebook


def _kept(output: NotebookNode) -> NotebookNode:
    """An output with only those of its forms that a page shows, the record, and the mark of the end."""
    data = {kind: value for kind, value in output.get("data", {}).items() if kind in {*SHOWN, FINISHED, RECORD}}
    return NotebookNode({**output, "data": NotebookNode(data)})
