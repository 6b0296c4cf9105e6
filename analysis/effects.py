"""What the handbook's corrections do: which of them still act, and which figures they move, and by how much.

Nothing is estimated. The lines of the dossiers concerned were settled twice, with corrections and without; every other dossier
is the same.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.metrics import headline
from analysis.periods import Period
from analysis.store import Data

FIGURES = ("value", "before", "whole")
"""The columns of ``metrics.headline`` that corrections can move; the change follows from them."""

STATES = ("no_such_dossier", "says_otherwise", "acts")
"""What a correction does, those that no longer do anything first."""


SAME = ("documents", "meetings", "procedures", "calendar", "naming")
"""What of the data no correction touches."""


def standing(data: Data) -> pd.DataFrame:
    """Every correction of the handbook, and what becomes of it.

    Parameters
    ----------
    data
        What was read; its ``corrected`` and its handbook.

    Returns
    -------
    DataFrame
        One row per correction: ``row`` (in the handbook), ``system``, ``dossier_id``, ``column``, ``old``, ``new``,
        ``reason``, ``who``, ``day``, ``state`` (one of ``STATES``), ``lines`` (that it changed), ``rejected`` (of these, all
        the same), ``files`` (in which these are) and ``says`` (what stands in the cell now, where that is something else); those that do nothing first.
    """
    usual = str(data.vocabulary.settings["source_system"])
    told, found = data.handbook.of("corrections"), data.corrected
    told = told.assign(system=told.system.where(told.system != "", usual))
    acts, others = found[found.acts], found[~found.acts]
    files = acts.drop_duplicates(["row", "source_file"]).groupby("row").source_file.agg(", ".join)
    latest = (
        others.assign(kept=others.fate == "kept").sort_values("kept", kind="stable").drop_duplicates("row", keep="last")
    )
    lines = acts.groupby("row").size().reindex(told.row, fill_value=0).to_numpy("int64")
    states = np.where(lines > 0, "acts", np.where(told.row.isin(found.row), "says_otherwise", "no_such_dossier"))
    table = told.assign(
        state=pd.Series(states, told.index, dtype="str"), lines=lines,
        rejected=acts[acts.fate == "rejected"].groupby("row").size().reindex(told.row, fill_value=0).to_numpy("int64"),
        files=files.astype("str").reindex(told.row, fill_value="").to_numpy(),
        says=latest.set_index("row")["value"].astype("str").reindex(told.row, fill_value="").to_numpy(),
    )  # fmt: skip
    table = table.assign(says=table.says.where(table.state == "says_otherwise", ""), acting=table.state == "acts")
    return table.sort_values(["acting", "row"], ignore_index=True).drop(columns="acting")


def as_exported(data: Data) -> Data:
    """The data as they are without corrections.

    Returns
    -------
    Data
        With other ``dossiers``, in no order: those of the codes that the handbook corrects are as the exports say, and exist
        if the exports alone say so. All else, also the days that the exports answer for, is as it is with corrections.
    """
    codes = sorted({each.dossier_id for each in data.vocabulary.corrections})
    if not codes:
        return data

    def read(name: str, **options: Any) -> pd.DataFrame:
        if name != "dossiers":
            return data.read(name, **options)
        others = data.read(name, filters=[("dossier_id", "not in", codes)], **options)
        few = data.read("uncorrected", **options)
        return pd.DataFrame({column: _joined(others[column], few[column]) for column in others})

    held = {name: table for name, table in data.__dict__.items() if name in SAME}
    return replace(data, read=read).with_(**held)


def _joined(one: pd.Series, other: pd.Series) -> pd.Series:
    """One column below the other; categories may differ."""
    if isinstance(one.dtype, pd.CategoricalDtype):
        known = pd.Index(sorted({*one.cat.categories, *other.cat.categories}), dtype="str")
        one, other = (part.astype(pd.CategoricalDtype(known)) for part in (one, other))
    return pd.concat([one, other], ignore_index=True)


def effect(data: Data, period: Period, *, whole_year: Period | None = None) -> pd.DataFrame:
    """The headline figures that corrections move.

    Parameters
    ----------
    data, period, whole_year
        As ``metrics.headline`` takes them.

    Returns
    -------
    DataFrame
        One row per figure that differs: ``measure`` (of ``metrics.MEASURES``), ``figure`` (of ``FIGURES``), ``with``,
        ``without`` and ``difference``, floats; missing where a figure cannot be computed.

    Raises
    ------
    Unanswerable
        As ``headline``.
    """
    columns = ["measure", "figure", "with", "without", "difference"]
    if data.corrected.empty or not data.corrected.acts.any():
        return pd.DataFrame(columns=columns).astype(
            {"measure": "str", "figure": "str"} | dict.fromkeys(columns[2:], "float64")
        )
    one, other = (_figures(headline(of, period, whole_year=whole_year)) for of in (data, as_exported(data)))
    table = pd.DataFrame({"with": one, "without": other}).assign(difference=one - other)
    moved = (one != other) & ~(one.isna() & other.isna())
    return table[moved].reset_index().astype({"measure": "str", "figure": "str"})[columns]


def _figures(table: pd.DataFrame) -> pd.Series:
    """The figures of a headline, by measure and column."""
    named = table[list(FIGURES)].rename_axis("measure").reset_index()
    return named.melt("measure", var_name="figure", value_name="of").set_index(["measure", "figure"]).of
