"""Editions: the internal report holds nothing back, the public one what could tell of one person's dossier.

Two walls. Of the notebook, only cells tagged ``public`` are run for the public edition, so that what nobody has thought about is not
in it. And counts finer than the official forms pass through an ``Edition`` before anything is drawn, written or said of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from nbformat import NotebookNode

from analysis.counts import EVENTS, RESOLVED
from analysis.periods import Period
from analysis.suppression import held_rows, hold_back, hold_back_list

INTERNAL, PUBLIC = "internal", "public"

YEAR_DAYS = 360
"""A period of so many days is a year; of a shorter one the table of procedures is finer than what a year's report lives on."""

OWN_SETTINGS = frozenset({"notify"})
"""Settings that are of the department alone: whom a scheduled run tells."""

TIMELINESS = ("resolved_early", "resolved_on_time")


class Edition(NamedTuple):
    """What one edition of one report may tell."""

    is_public: bool = False
    least: int = 1
    """The smallest count that may be told, besides 0."""
    few: int = 1
    """Of fewer dossiers no duration is told: a percentile of theirs is one dossier's own."""
    merges_procedures: bool = False
    """Whether small procedures are told together, too."""

    def cells(self, counts: pd.DataFrame, parts: Sequence[str], *, total: str) -> pd.DataFrame:
        """Counts in which some cells of a cross-table may be missing.

        Parameters
        ----------
        parts
            The columns of the cross-table; its rows are those of ``counts``.
        total
            What the sum of ``parts`` is to be called: it is told.

        Returns
        -------
        DataFrame
            ``counts`` with ``total``, and with the ``parts`` that may be told; in the public edition no other column of numbers.

        Examples
        --------
        >>> counts = pd.DataFrame({"online": [3, 12, 5], "in_person": [41, 75, 65], "assisted": [1, 4, 2]})
        >>> Edition(True, least=5).cells(counts, ["online", "in_person"], total="received")
           online  in_person  received
        0     NaN        NaN        44
        1    12.0       75.0        87
        2     NaN        NaN        70
        """
        whole = {total: counts[list(parts)].sum(axis=1)}
        if not self.is_public:
            return counts.assign(**whole)
        return hold_back(counts[list(parts)], least=self.least).assign(**whole)

    def procedures(self, procedures: pd.DataFrame, *, other: str) -> pd.DataFrame:
        """Procedures, without how the dossiers of small ones ended; if asked, with the small ones of each field as one.

        What each field received, resolved in time and late, and has not resolved stands in the official form, so procedures
        are held back within their field, and the only one of a field is told as the form tells it.

        Parameters
        ----------
        procedures
            As from ``catalogue.count_procedures``.
        other
            What those of one field that are told as one are called; ``{field}`` is filled in.
        """
        if not self.is_public:
            return procedures
        if self.merges_procedures:
            procedures = self._merged(procedures, other)
        rest = (procedures.received - procedures[list(RESOLVED)].sum(axis=1)).abs()
        ends = procedures[["resolved_late", "resolved_no_due"]].assign(
            timely=procedures[list(TIMELINESS)].sum(axis=1), rest=rest
        )
        hidden = self._held_within(ends, procedures.field)
        others = dict.fromkeys([c for c in EVENTS if c not in {*RESOLVED, "received"}], float("nan"))
        return procedures.assign(**procedures[list(RESOLVED)].astype("float64").mask(hidden), **others)

    def _merged(self, procedures: pd.DataFrame, other: str) -> pd.DataFrame:
        parts = pd.DataFrame({"online": procedures.online, "rest": procedures.received - procedures.online})
        hidden = self._held_within(parts, procedures.field)
        numbers = list(procedures.select_dtypes("int64"))
        whole = procedures[hidden].groupby("field", as_index=False)[numbers].sum()
        whole = whole.assign(
            procedure=[other.format(field=field) for field in whole.field], in_catalogue=False, in_force=True,
            **dict.fromkeys(("procedure_code", "service_level", "successor"), ""),
        )  # fmt: skip
        table = pd.concat([procedures[~hidden], whole[procedures.columns]])
        return table.sort_values(["received", "procedure_code"], ascending=[False, True], ignore_index=True)

    def _held_within(self, parts: pd.DataFrame, groups: pd.Series) -> pd.Series:
        held = [held_rows(each, least=self.least) for _, each in parts.groupby(groups, sort=False)]
        return pd.concat(held).reindex(parts.index) if held else pd.Series(dtype="bool")

    def durations(self, table: pd.DataFrame, *, is_in_form: bool) -> pd.DataFrame:
        """Groups with how long their dossiers took, without what is of few dossiers; and without small numbers of dossiers
        where ``is_in_form`` does not say that the official form tells them.

        Parameters
        ----------
        table
            As from ``turnaround.compared_days``.
        """
        if not self.is_public:
            return table
        for ending in ("", "_before"):
            resolved = table[f"resolved{ending}"]
            told = resolved if is_in_form else hold_back_list(resolved, least=self.least)
            days = [
                c for c in map(str, table) if c.startswith(("median", "p90")) and c.endswith("_before") == bool(ending)
            ]
            table = table.assign(**{f"resolved{ending}": told}, **table[days].where(told >= max(self.few, self.least)))
        return table


EVERYTHING = Edition()
"""The internal edition."""


def read_edition(name: str, settings: Mapping[str, Any], period: Period) -> Edition:
    """What an edition of a report of a period may tell, by the settings ``small_cell`` and ``public_procedures``.

    Raises
    ------
    ValueError
        If there is no such edition.

    Examples
    --------
    >>> from analysis.periods import read_period
    >>> from analysis.vocabulary import read_vocabulary
    >>> settings = read_vocabulary().settings
    >>> read_edition("public", settings, read_period("2022"))
    Edition(is_public=True, least=5, few=10, merges_procedures=False)
    >>> read_edition("public", settings, read_period("2022-11")).merges_procedures
    True
    """
    if name not in {INTERNAL, PUBLIC}:
        raise ValueError(f"edition must be {INTERNAL} or {PUBLIC}, not {name!r}.")
    if name == INTERNAL:
        return EVERYTHING
    is_year = (period.last - period.first).days >= YEAR_DAYS
    merges = settings["public_procedures"] != "all" or not is_year
    return Edition(is_public=True, least=settings["small_cell"], few=settings["few_dossiers"], merges_procedures=merges)


def require_internal(name: str) -> None:
    """Stop a run by hand of the public edition: only the command leaves the cells out that are not public.

    Raises
    ------
    ValueError
        For the public edition.
    """
    if name != INTERNAL:
        raise ValueError(
            "run by hand, this notebook would show everything; `analysis report PERIOD --edition public` makes the public edition."
        )


def of_edition(notebook: NotebookNode, name: str) -> NotebookNode:
    """A notebook with the cells of one edition: for the public one, those tagged ``public`` and the parameters.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> cells = [new_code_cell(tag, metadata={"tags": [tag]}) for tag in ("parameters", "public", "other")]
    >>> [cell.source for cell in of_edition(new_notebook(cells=cells), "public").cells]
    ['parameters', 'public']
    """
    if name == INTERNAL:
        return notebook
    kept = [cell for cell in notebook.cells if {PUBLIC, "parameters"} & set(cell.metadata.get("tags", []))]
    return NotebookNode({**notebook, "cells": kept})
