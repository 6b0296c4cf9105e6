"""What was read, at a glance: what a notebook shows of ``Data`` when it is asked for nothing else."""

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from analysis.store import Data


def glance(data: "Data") -> pd.DataFrame:
    """Each table of what was read, from the ledger: no big table is read for it.

    Returns
    -------
    DataFrame
        Index ``table``: ``first`` and ``last`` day that its exports answer for, int64 ``sheets``, ``lines`` (read), ``kept`` and
        ``rejected``.
    """
    where, table = ["source_file", "source_sheet"], data.files["table"]
    lines = data.ledger.merge(data.files[[*where, "table"]], on=where, validate="many_to_one")
    by_fate = lines.pivot_table(index="table", columns="fate", values="lines", aggfunc="sum", fill_value=0)
    days = data.coverage.groupby("table").agg({"first": "min", "last": "max"})
    found = days.reindex(table.drop_duplicates()).rename_axis("table")
    counts = {"sheets": table.value_counts(), "lines": by_fate.sum(axis=1)}
    counts |= {fate: by_fate.get(fate, pd.Series(dtype="int64")) for fate in ("kept", "rejected")}
    counted = pd.DataFrame(counts).reindex(found.index).fillna(0).astype("int64")
    return found.assign(**{str(name): column for name, column in counted.items()})


def head(data: "Data") -> str:
    """Whose figures these are, up to which day, and what stands in their way, in a line."""
    basis = {"given": "as asked for", "export": "as the files say", "event": "the last thing that happened"}
    told = [data.name, f"up to {data.as_of:%Y-%m-%d} ({basis.get(data.as_of_basis, data.as_of_basis)})"]
    told += ["made-up sample"] * data.is_sample
    told += [f"{len(data.problems)} files cannot be read; see .problems"] * bool(len(data.problems))
    told += [f"{len(data.drift)} changes of the exports; see .drift"] * bool(len(data.drift))
    return ", ".join(told)
