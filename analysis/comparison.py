"""With which vintages the page of a report is compared: parameters of its notebook, so that the page can be made again."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.frozen import read_signed
from analysis.jobs import Report
from analysis.record import record
from analysis.store import Data
from analysis.vintages import COMPARED, Vintage, inputs_of, read_vintage, read_vintages


def located(parameters: Mapping[str, Any], folder: Path) -> dict[str, str]:
    """Where the vintages are that a page in a folder names in its record.

    Raises
    ------
    FileProblem
        If one is not there any more.
    """
    found = {name: folder / str(parameters[name]) for name in COMPARED if parameters.get(name)}
    for path in found.values():
        read_vintage(path)
    return {name: str(path) for name, path in found.items()}


def with_signed(report: Report) -> Report:
    """A report that is compared with the one of its name that was signed last, if there is one.

    The public edition, and pages about all exports, are compared with nothing.
    """
    signed = read_signed(report.output.parent, report.output) if _is_compared(report) else []
    return _with(report, "signed", signed)


def with_before(report: Report, data: Data, *, say: Callable[[str], None] = lambda _: None) -> Report:
    """A report that is compared with the newest vintage that was made of something else, if there is one.

    Parameters
    ----------
    report
        As ``with_signed`` takes it.
    data
        What it is made of.
    say
        As for ``vintages.read_vintages``.
    """
    held = read_vintages(report.output.parent, report.output, say=say) if _is_compared(report) else []
    if not held:
        return report
    now = inputs_of(record(data, parameters=report.parameters))
    return _with(report, "before", [vintage for vintage in held if inputs_of(vintage.record) != now])


def _is_compared(report: Report) -> bool:
    return "period" in report.parameters and not report.parameters.get("edition")


def _with(report: Report, name: str, held: Sequence[Vintage]) -> Report:
    """A report with the first of some vintages as a parameter."""
    return report._replace(parameters={**report.parameters, name: str(held[0].path)}) if held else report
