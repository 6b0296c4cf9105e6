"""The record of a report: from what, by what and with what it was made, and its figures, for a program to read.

It stands in the page as JSON beside what people read; ``analysis verify`` makes it again and compares.
"""

import hashlib
import sys
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.counts import by_month, count_fates, count_intake
from analysis.editions import INTERNAL, OWN_SETTINGS
from analysis.marks import RECORD
from analysis.periods import Period
from analysis.store import Data
from analysis.tables import SOURCE

HERE, TEXTS = Path(__file__).parent, {".py", ".toml", ".csv", ".css", ".j2", ".mplstyle"}
"""Where this program's own text is."""

PROGRAMS = ("one-stop-analysis", "pandas", "pyarrow", "matplotlib", "statsmodels", "papermill", "nbconvert")

BALANCE = ("carried_over", "received", "resolved", "withdrawn", "returned", "transferred", "open", "unknown_state")
"""Carried over + received = the others."""


class Record(dict[str, Any]):
    """A record; a notebook keeps it as an output of its own kind and shows nothing."""

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {RECORD: dict(self), "text/plain": ""}


def record(
    data: Data, period: Period | None = None, figures: pd.DataFrame | None = None, *, parameters: Mapping[str, Any]
) -> Record:
    """The record of a report.

    Parameters
    ----------
    data
        What was read.
    period
        The period reported; none where the page is about all of the exports.
    figures
        As from ``metrics.headline``.
    parameters
        Those of the notebook, by which it can be run again.

    Returns
    -------
    Record
        Plain values of JSON; days as ``2022-11-10``, what is not known as None.
    """
    made: dict[str, Any] = {
        "parameters": dict(parameters),
        "as_of": f"{data.as_of:%Y-%m-%d}",
        "as_of_basis": data.as_of_basis,
        "is_sample": data.is_sample,
        "unit": data.name,
        "files": _files(data),
        "unreadable": data.problems.source_file.tolist(),
        "rejected": _by_reason(data.ledger[data.ledger.fate == "rejected"]),
        "doubts": {
            str(reason): int(number) for reason, number in data.warnings.reason.value_counts(sort=False).items()
        },
        "vocabulary": {"files": list(data.vocabulary.files), "sha256": data.vocabulary.sha256},
        "handbook": data.handbook.sha256 if data.handbook.path else None,
        "calendar": _calendar(data),
        "settings": _settings(data, parameters),
        "programs": programs(),
    }
    if period is not None and figures is not None:
        made["period"] = {"name": period.name, "first": f"{period.first:%Y-%m-%d}", "last": f"{period.last:%Y-%m-%d}"}
        made["figures"] = {str(name): {str(c): _known(v) for c, v in row.items()} for name, row in figures.iterrows()}
        intake = by_month(count_intake(data.dossiers), period).received
        made["months"] = {str(month): int(number) for month, number in intake.items()}
        made["balance"] = {name: made["figures"][name]["value"] for name in BALANCE if name in made["figures"]}
    return Record(made)


def differences(said: Mapping[str, Any], made: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """What two records say differently: where, what the first says, and what the second; None where one is silent.

    Examples
    --------
    >>> differences({"figures": {"open": 67, "late": 255}}, {"figures": {"open": 68, "late": 255}})
    [('figures.open', 67, 68)]
    >>> differences({"files": {"a.csv": "1"}}, {"files": {}})
    [('files.a.csv', '1', None)]
    """
    one, other = _flat(said), _flat(made)
    return [(name, one.get(name), other.get(name)) for name in {**one, **other} if one.get(name) != other.get(name)]


def _files(data: Data) -> dict[str, Any]:
    """Sheet -> its checksum, its lines, and how many of them have which fate."""
    fates = count_fates(data.ledger).set_index(list(SOURCE[:2]))
    files = {}
    for file, sheet, table, sha256 in data.files[[*SOURCE[:2], "table", "sha256"]].itertuples(index=False, name=None):
        held = {str(fate): int(number) for fate, number in fates.loc[(file, sheet)].items() if number}
        files[f"{file} · {sheet}" if sheet else file] = {"table": table, "sha256": sha256, **held}
    return files


def _settings(data: Data, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that say something and may be told in this edition."""
    kept = frozenset() if parameters.get("edition", INTERNAL) == INTERNAL else OWN_SETTINGS
    return {name: value for name, value in data.vocabulary.settings.items() if value != "" and name not in kept}


@cache
def programs() -> dict[str, str]:
    """The versions at work, and a checksum over this program's own text, which changes between versions too."""
    files = sorted(path for path in HERE.rglob("*") if path.suffix in TEXTS)
    text = "".join(path.read_text("utf-8") for path in files)  # line ends differ between systems
    versions = {name: metadata.version(name) for name in PROGRAMS}
    return {"python": sys.version.split()[0], **versions, "code": hashlib.sha256(text.encode()).hexdigest()}


def _calendar(data: Data) -> dict[str, str]:
    """The years a calendar covers, and a checksum over its days, those of the handbook included."""
    days = data.calendar.worked.tobytes() + data.calendar.doubtful.tobytes()
    return {"years": data.calendar.years, "sha256": hashlib.sha256(days).hexdigest()}


def _by_reason(ledger: pd.DataFrame) -> dict[str, int]:
    return {str(reason): int(number) for reason, number in ledger.groupby("reason").lines.sum().items()}


def _known(value: float) -> float | int | None:
    """A figure as JSON has it; a count without decimals."""
    if not isfinite(value):
        return None
    return int(value) if value == int(value) else float(value)


def _flat(tree: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Every leaf of a record by its path."""
    flat: dict[str, Any] = {}
    for name, value in tree.items():
        flat |= _flat(value, f"{above}{name}.") if isinstance(value, Mapping) else {f"{above}{name}": value}
    return flat
