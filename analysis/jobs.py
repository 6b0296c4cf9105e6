"""What is asked for: a page, the notebook and parameters that make it, and the exports it is of."""

from pathlib import Path
from typing import Any, NamedTuple

from analysis.periods import Period
from analysis.sources import Sources, sources_of
from analysis.store import Data


class Report(NamedTuple):
    """A page to be made."""

    notebook: Path
    """Its parameters stand in a code cell tagged ``parameters``; its last cell leaves the ``FINISHED`` output."""
    output: Path
    """The page, ``<name>.html``; the executed notebook becomes ``<name>.ipynb``, the tables of the page ``<name>.xlsx``."""
    parameters: dict[str, Any]
    title: str
    lang: str = "vi"
    about: dict[str, str] | None = None
    """What the list of reports shows of this one: ``period`` (by which it is sorted), ``as_of``, ``unit``."""


class Job(NamedTuple):
    """A page of a round."""

    report: Report
    data: Data
    """What was read, of the unit of the page."""
    asked: Period | None = None
    """The period of the page; none where it is about all exports."""

    @property
    def sources(self) -> Sources:
        return sources_of(self.data, notebook=self.report.notebook, parameters=self.report.parameters)
