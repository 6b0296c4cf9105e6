"""The last proof of a page: what it says is what the library says of the same exports, outside the notebook."""

import json
from collections.abc import Mapping
from typing import Any

from analysis.effects import effect
from analysis.execution import ReportError
from analysis.html_page import record_in
from analysis.metrics import headline
from analysis.periods import Period, until, year_before
from analysis.record import differences, record
from analysis.store import Data
from analysis.vintages import COMPARED, named

NOT_COMPARED = ("about.", "parameters.")
"""Parts of a record that are not computed from the exports."""


def prove_page(page: str, data: Data, *, asked: Period | None, parameters: Mapping[str, Any], notebook: str) -> None:
    """Hold the record in a page against one that is computed here.

    Parameters
    ----------
    page
        The finished page.
    data
        What was read, of the unit of the page.
    asked
        The period of the page; none where it is about all exports.
    parameters
        Those that the notebook was given.
    notebook
        The checksum of the notebook when the run was planned.

    Raises
    ------
    ReportError
        If a figure, a count of lines or a checksum differs, naming the first of them; if the notebook, a parameter or an
        export was changed while it ran.
    """
    said = record_in(page)
    if not said:
        raise ReportError("the page holds no record of what it was made from; the notebook must leave one.")
    if {**said.get("about", {})}.get("notebook-sha256") != notebook:
        raise ReportError("the notebook was changed while the report was made; run again.")
    for name, value in parameters.items():
        if said.get("parameters", {}).get(name) != (named(value) if name in COMPARED else value):
            raise ReportError(f"the notebook did not use the parameter {name}={value!r}, or says so nowhere.")
    for name, of_page, here in differences(said, _made(data, asked, parameters)):
        if name.startswith("files."):
            raise ReportError(f"an export was changed while the report was made ({name}); run again.")
        if not name.startswith(NOT_COMPARED):
            raise ReportError(
                f"the page says {of_page!r} for {name}, and computed outside the notebook it is {here!r}; run again, and "
                "report it if that happens twice."
            )


def _made(data: Data, asked: Period | None, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record as it must be."""
    if asked is None:
        made = record(data, parameters=parameters)
    else:
        span = until(asked, data.as_of)
        figures, moved = (made_by(data, span, whole_year=year_before(asked)) for made_by in (headline, effect))
        made = record(data, span, figures, parameters=parameters, moved=moved)
    written: dict[str, Any] = json.loads(json.dumps(made))
    return written
