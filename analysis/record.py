"""The record of a report: from what, by what and with what it was made, and its figures, for a program to read.

It stands in the page as JSON beside what people read; ``analysis verify`` makes it again and compares.
"""

import hashlib
import json
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
from analysis.shipped import PLACES
from analysis.store import Data
from analysis.tables import SOURCE
from analysis.vocabulary import Vocabulary

HERE, TEXTS = Path(__file__).parent, {".py", ".toml", ".csv", ".css", ".j2", ".mplstyle", ".po"}
"""Where this program's own text is."""

PROGRAMS = ("one-stop-analysis", "pandas", "pyarrow", "matplotlib", "statsmodels", "papermill", "nbconvert")

KINDS = (
    "files", "unreadable", "vocabulary", "handbook", "corrections", "names", "calendar", "settings", "as_of", "programs",
    "about",
)  # fmt: skip
"""What figures are made from and by, in the order in which it is told."""

BALANCE = ("carried_over", "received", "resolved", "withdrawn", "returned", "transferred", "open", "unknown_state")
"""Carried over + received = the others."""


class Record(dict[str, Any]):
    """A record; a notebook keeps it as an output of its own kind and shows nothing."""

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {RECORD: dict(self), "text/plain": ""}


def record(
    data: Data, period: Period | None = None, figures: pd.DataFrame | None = None, *, parameters: Mapping[str, Any],
    moved: pd.DataFrame | None = None,
) -> Record:  # fmt: skip
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
    moved
        As from ``effects.effect``: figures that corrections of the handbook move, which are kept as exported too. Not in the
        public edition, where the difference is of single dossiers.

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
        "vocabulary": _vocabulary(data.vocabulary),
        "handbook": data.handbook.sha256 if data.handbook.path else None,
        "corrections": _checked([each[1:] for each in data.vocabulary.corrections]),
        "names": _checked(data.handbook.of("names").drop(columns="row").astype("str").to_numpy().tolist()),
        "calendar": _calendar(data),
        "settings": _settings(data, parameters),
        "programs": programs(),
    }
    if period is not None and figures is not None:
        made["period"] = {"name": period.name, "first": f"{period.first:%Y-%m-%d}", "last": f"{period.last:%Y-%m-%d}"}
        made["figures"] = figures_of(figures)
        intake = by_month(count_intake(data.dossiers), period).received
        made["months"] = {str(month): int(number) for month, number in intake.items()}
        made["balance"] = {name: made["figures"][name]["value"] for name in BALANCE if name in made["figures"]}
        if moved is not None and parameters.get("edition", INTERNAL) == INTERNAL:
            made["as_exported"] = _as_exported(moved)
    return Record(made)


def figures_of(figures: pd.DataFrame) -> dict[str, dict[str, float | int | None]]:
    """Figures as a record has them: measure -> column -> value; None for what is not known.

    Examples
    --------
    >>> figures_of(pd.DataFrame({"value": [937.0, 0.174], "before": [713.0, float("nan")]}, index=["received", "online_share"]))
    {'received': {'value': 937, 'before': 713}, 'online_share': {'value': 0.174, 'before': None}}
    """
    return {
        str(name): {str(column): _known(value) for column, value in row.items()} for name, row in figures.iterrows()
    }


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


def _vocabulary(vocabulary: Vocabulary) -> dict[str, Any]:
    """The files of a vocabulary, and checksums: over them, and over what is laid together of them: words, single systems."""
    systems = {name: system[1:] for name, system in vocabulary.systems.items()}
    others = {"settings", "files", "sha256", "systems", "corrections"}
    words = {name: held for name, held in vocabulary._asdict().items() if name not in others}
    words["sources"] = [*vocabulary.sources.items()]  # the first that fits counts
    return {
        "files": list(vocabulary.files),
        "sha256": vocabulary.sha256,
        "words": _checksum(words),
        "systems": _checksum(systems),
    }


def _checked(lines: list[Any]) -> dict[str, Any]:
    """How many lines of the handbook there are, and a checksum over what they say, wherever they stand."""
    return {"number": len(lines), "sha256": _checksum(sorted(map(_canonical, lines)))}


def _checksum(said: Any) -> str:
    return hashlib.sha256(_canonical(said).encode()).hexdigest()


def _canonical(said: Any) -> str:
    """Plain values as one text, whatever order sets and mappings have."""
    return json.dumps(
        said,
        sort_keys=True,
        ensure_ascii=False,
        default=lambda held: sorted(held) if isinstance(held, frozenset) else str(held),
    )


def _as_exported(moved: pd.DataFrame) -> dict[str, dict[str, float | int | None]]:
    """The figures that corrections move, as they are without: measure -> column -> value."""
    held: dict[str, dict[str, float | int | None]] = {}
    for measure, figure, without in moved[["measure", "figure", "without"]].itertuples(index=False, name=None):
        held.setdefault(str(measure), {})[str(figure)] = _known(without)
    return held


def _settings(data: Data, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that say something and may be told in this edition."""
    kept = frozenset() if parameters.get("edition", INTERNAL) == INTERNAL else OWN_SETTINGS
    return {name: value for name, value in data.vocabulary.settings.items() if value != "" and name not in kept}


@cache
def programs() -> dict[str, str]:
    """The versions at work, and a checksum over this program's own text, which changes between versions too."""
    found = (path for path in HERE.rglob("*") if path.suffix in TEXTS)
    files = sorted(
        path for path in found if path.relative_to(HERE).parts[0] not in PLACES
    )  # a clone has these elsewhere
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
