"""What the commands print with ``--json``: one document each, of plain values; docs/json.md says what stands in it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

    from analysis.periods import Period
    from analysis.run_state import Outcome
    from analysis.store import Data
    from analysis.tally import Tally
    from analysis.verify import Verdict


def echo(command: str, document: Mapping[str, Any]) -> None:
    """Print the document of a command, and nothing else."""
    click.echo(json.dumps({"command": command, **document}, ensure_ascii=False, indent=1, allow_nan=False))


def of_data(found: "Data") -> dict[str, Any]:
    """What every document of read exports begins with: whose they are, up to when, and what could not be read."""
    return {
        "as_of": f"{found.as_of:%Y-%m-%d}", "as_of_basis": found.as_of_basis, "is_sample": found.is_sample, "unit": found.name,
        "unreadable": _unreadable(found.problems.itertuples(index=False, name=None)), "changes": len(found.drift),
    }  # fmt: skip


def of_period(period: "Period") -> dict[str, str]:
    """A period with its first and last day.

    Examples
    --------
    >>> from analysis.periods import read_period
    >>> of_period(read_period("2022-Q3"))
    {'name': '2022-Q3', 'first': '2022-07-01', 'last': '2022-09-30'}
    """
    return {"name": period.name, "first": f"{period.first:%Y-%m-%d}", "last": f"{period.last:%Y-%m-%d}"}


def of_lines(found: "Data") -> dict[str, Any]:
    """What became of the lines of each sheet, each line that was rejected, and the doubts about those that were kept."""
    from analysis.counts import count_fates  # noqa: PLC0415
    from analysis.privacy import shown  # noqa: PLC0415

    rejected = found.rejected[["source_file", "source_sheet", "source_row", "reason", "column", "value"]]
    lines = rows(
        rejected.assign(
            value=[shown(str(v), str(c)) if v else "" for v, c in zip(rejected.value, rejected.column, strict=True)]
        )
    )
    doubts = [
        {"source_file": file, "reason": reason, "detail": detail}
        for file, told in zip(found.files.source_file, found.files.doubts, strict=True)
        for reason, detail in json.loads(told)
    ]
    warned = found.warnings.groupby(["reason", "column"], observed=True).size().reset_index(name="lines")
    held = {name: len(getattr(found, name)) for name in ("dossiers", "documents", "meetings", "procedures")}
    return {
        **of_data(found), "sheets": rows(count_fates(found.ledger)), "rejected": lines, "doubts": doubts,
        "warnings": rows(warned), "rows": held,
    }  # fmt: skip


def of_counts(counted: "Tally", by: Sequence[Sequence[str]], *, per: str, written: Sequence[Path]) -> dict[str, Any]:
    """Counts by each grouping; only where they went, where they were written to files."""
    from analysis.counts import count_fates  # noqa: PLC0415

    fates = count_fates(counted.ledger).drop(columns=["source_file", "source_sheet"]).sum()
    tables = [
        {"by": list(columns), **({"file": written[number].as_posix()} if written else {"rows": rows(events)})}
        for number, (columns, events) in enumerate(zip(by, counted.events, strict=True))
    ]
    return {
        "per": per, "tables": tables, "lines": {str(fate): int(number) for fate, number in fates.items()},
        "unreadable": _unreadable(counted.problems),
    }  # fmt: skip


def of_round(found: "Data", outcomes: Mapping[Path, "Outcome"], made: Iterable[Path]) -> dict[str, Any]:
    """What became of each page that was asked for."""
    due = set(made)
    pages = [
        {
            "page": page.as_posix(), "became": "failed" if each.code else "made" if page in due else "up_to_date",
            "code": each.code, "why": each.why, "files": sorted((page.parent / name).as_posix() for name in each.files),
        }
        for page, each in outcomes.items()
    ]  # fmt: skip
    index = next(iter(outcomes)).with_name("index.html")
    numbers = {name: sum(page["became"] == name for page in pages) for name in ("made", "up_to_date", "failed")}
    return {**of_data(found), "pages": pages, "index": index.as_posix() if index.is_file() else None, **numbers}


def of_verdict(page: Path, code: int, verdict: "Verdict | None", why: str = "") -> dict[str, Any]:
    """How a page stands against the one that was made again, or why that could not be."""
    told: dict[str, Any] = {
        "page": page.as_posix(),
        "is_same": verdict is not None and verdict.is_same,
        "code": code,
        "why": why,
    }
    if verdict is None:
        return told
    for kind in ("inputs", "figures"):
        told[kind] = [{"what": what, "said": said, "now": now} for what, said, now in getattr(verdict, kind)]
    return {**told, "texts": [{"under": under, "said": said, "now": now} for under, said, now in verdict.texts]}


def rows(table: "pd.DataFrame") -> list[dict[str, Any]]:
    """The rows of a table as plain values; days as ``2022-11-10``, what is not known as None.

    Examples
    --------
    >>> import pandas as pd
    >>> rows(pd.DataFrame({"month": [pd.Timestamp("2022-11-01")], "online": [3], "share": [float("nan")]}))
    [{'month': '2022-11-01', 'online': 3, 'share': None}]
    """
    names = [str(column) for column in table.columns]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in table.itertuples(index=False, name=None)]


def _plain(value: Any) -> Any:
    """A cell as JSON has it."""
    import pandas as pd  # noqa: PLC0415 - `--help` must not wait

    if pd.isna(value):
        return None
    if isinstance(value, (pd.Timestamp, pd.Period)):
        day = value.to_timestamp() if isinstance(value, pd.Period) else value
        return f"{day:%Y-%m-%d}" if day == day.normalize() else day.isoformat()
    return value.item() if hasattr(value, "item") else value


def _unreadable(problems: Iterable[tuple[Any, ...]]) -> list[dict[str, str]]:
    return [{"source_file": str(file), "why": str(message)} for file, message in problems]
