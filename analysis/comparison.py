"""With which vintages the page of a report is compared: parameters of its notebook, so that the page can be made again."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from analysis.frozen import read_signed
from analysis.record import record
from analysis.report import Report
from analysis.store import Data
from analysis.vintages import COMPARED, inputs_of, read_vintage, read_vintages


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


def compared(report: Report, data: Data, *, say: Callable[[str], None] = lambda _: None) -> Report:
    """A report that is compared with the newest vintage that was made of something else, and with the one signed last.

    Parameters
    ----------
    report
        Of a period; the public edition and pages about all exports are left as they are.
    data
        What it is made of.
    say
        As for ``read_vintages``.

    Returns
    -------
    Report
        With the parameters of ``COMPARED``, where there is such a vintage.
    """
    if "period" not in report.parameters or report.parameters.get("edition"):
        return report
    folder = report.output.parent
    before, signed = read_vintages(folder, report.output, say=say), read_signed(folder, report.output, say=say)
    if not before and not signed:
        return report
    now = inputs_of(record(data, parameters=report.parameters))
    others = [vintage for vintage in before if inputs_of(vintage.record) != now]
    found = {name: held[0].path for name, held in (("before", others), ("signed", signed)) if held}
    return report._replace(parameters=report.parameters | {name: str(path) for name, path in found.items()})
