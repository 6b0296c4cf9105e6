"""Terms: how long a procedure may take by the catalogue, on the day a dossier was received.

The catalogue may hold several versions of a procedure, each valid for some days. A term is read where it is a number, in
a unit that the vocabulary knows; anything else is unknown, never guessed.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.codes import core_code
from analysis.counts import days_of, is_received
from analysis.periods import Period
from analysis.vocabulary import fold

UNITS = ("working_days", "calendar_days", "hours")
NO_TERM = ("no_code", "not_in_catalogue", "not_in_force", "ambiguous_term", "no_term")
"""Why the term of a dossier is unknown; the last where the catalogue says none that can be read."""

SPAN = 1 << 20
"""More days than any date is away from 1970."""


def read_terms(procedures: pd.DataFrame, *, words: Mapping[str, str]) -> pd.DataFrame:
    """The terms of a catalogue, one row per version of a procedure.

    Parameters
    ----------
    procedures
        ``tables.PROCEDURES``; ``term_days`` and ``legal_term_days`` as the export writes them, ``15`` or ``15 ngày``. A
        unit beside the number comes before the column ``term_unit``.
    words
        Folded unit -> one of ``UNITS``: the vocabulary's words of ``term_unit``.

    Returns
    -------
    DataFrame
        ``core_code``, ``procedure``, ``term`` and ``legal_term`` (float, in ``unit``), ``unit`` (empty if unknown),
        ``valid_from``, ``valid_to`` (missing: since ever, until further notice), ``is_ambiguous`` (the catalogue says
        two terms for the same days; both are then missing); in order of code and days.

    Examples
    --------
    >>> listed = {"procedure_code": ["1.009974.H12"], "procedure": ["A"], "term_days": ["15 ngày"], "legal_term_days": ["20"]}
    >>> table = pd.DataFrame(listed | {"term_unit": "calendar_days", "valid_from": pd.NaT, "valid_to": pd.NaT})
    >>> read_terms(table, words={"ngay": "calendar_days"})[["core_code", "term", "legal_term", "unit"]]
      core_code  term  legal_term           unit
    0  1.009974  15.0        20.0  calendar_days
    """
    beside = procedures.term_unit.astype("str").fillna("")
    (term, unit), (legal, legal_unit) = (
        _read_term(procedures[column], beside, words) for column in ("term_days", "legal_term_days")
    )
    told = pd.DataFrame(
        {
            "core_code": core_code(procedures.procedure_code), "procedure": procedures.procedure.astype("str"),
            "term": term, "legal_term": legal.where(legal_unit == unit), "unit": unit,
            **{c: procedures[c].astype("datetime64[us]") for c in ("valid_from", "valid_to")},
        }
    )  # fmt: skip
    versions = told.sort_values("valid_to").drop_duplicates(["core_code", "valid_from", "term", "unit"], keep="last")
    versions = versions.sort_values(["core_code", "valid_from"], na_position="first", kind="stable", ignore_index=True)
    twice = versions.duplicated(["core_code", "valid_from"], keep=False)
    unread = {c: versions[c].mask(twice) for c in ("term", "legal_term")}
    return versions.assign(**unread, is_ambiguous=twice).drop_duplicates(["core_code", "valid_from"], ignore_index=True)


def _read_term(cells: pd.Series, beside: pd.Series, words: Mapping[str, str]) -> tuple[pd.Series, pd.Series]:
    """The number in each cell, and its unit; both missing where the cell is more than that."""
    parts = cells.astype("str").fillna("").str.extract(r"^\s*(\d+(?:[.,]\d+)?)\s*(.*?)\s*$").astype("str").fillna("")
    number = pd.to_numeric(parts[0].str.replace(",", "."), errors="coerce").astype("float64")
    own = parts[1].map(lambda text: words.get(fold(text), "unknown") if fold(text) else "")
    unit = own.where(own != "", beside)
    is_read = unit.isin(UNITS) & (number > 0)
    return number.where(is_read), unit.where(is_read, "")


def terms_of(dossiers: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    """The term that held for each dossier on the day it was received.

    Parameters
    ----------
    dossiers
        ``procedure_code`` and ``received_on``.
    terms
        What ``read_terms`` gives.

    Returns
    -------
    DataFrame
        Index of the dossiers: ``version`` (position in ``terms``, -1 if none), ``core_code``, ``term``, ``legal_term``,
        ``unit`` (categorical), ``why`` (categorical, one of ``NO_TERM``; missing where the term is known).
    """
    code = core_code(dossiers.procedure_code).astype("category")
    listed = pd.Index(terms.core_code.unique())
    number = np.append(listed.get_indexer(code.cat.categories), -1)[code.cat.codes]
    owner = np.append(listed.get_indexer(pd.Index(terms.core_code)), -2)
    received, since = (
        days_of(instants, "day").astype(np.int64) for instants in (dossiers.received_on, terms.valid_from)
    )
    keys = owner[:-1] * SPAN + np.where(terms.valid_from.isna(), -SPAN // 2, since)
    order = np.argsort(keys, kind="stable")
    at = np.append(order, -1)[np.searchsorted(keys[order], number * SPAN + received, side="right") - 1]
    until = np.append(days_of(terms.valid_to, "day"), np.datetime64("NaT"))[at]
    version = np.where((owner[at] == number) & ~(until < days_of(dossiers.received_on, "day")), at, -1)
    term, legal = (np.append(terms[c].to_numpy("float64"), np.nan)[version] for c in ("term", "legal_term"))
    is_ambiguous = np.append(terms.is_ambiguous.to_numpy(bool), False)[version]
    why = np.select([code.isna(), number < 0, version < 0, is_ambiguous, np.isnan(term)], range(len(NO_TERM)), -1)
    unit = np.append(pd.Index(UNITS).get_indexer(pd.Index(terms.unit)), -1)[version]
    return pd.DataFrame(
        {
            "version": version,
            "core_code": code,
            "term": term,
            "legal_term": legal,
            "unit": pd.Categorical.from_codes(unit, dtype=pd.CategoricalDtype(list(UNITS))),
            "why": pd.Categorical.from_codes(why.astype("int8"), dtype=pd.CategoricalDtype(list(NO_TERM))),
        },
        index=dossiers.index,
    )


def last_terms(terms: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Of each procedure the last term that held by the end of a period.

    Returns
    -------
    DataFrame
        The columns of ``read_terms``; index ``core_code``.
    """
    begun = terms[~(terms.valid_from > period.last)]
    return begun.drop_duplicates("core_code", keep="last").set_index("core_code")


def cut_terms(terms: pd.DataFrame, dossiers: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The terms that were cut, in force on some day of a period: below the legal one, or below the version before.

    Reports call both "rút ngắn thời gian giải quyết"; whether dossiers then took less time is another question, which
    ``turnaround.against_terms`` answers.

    Returns
    -------
    DataFrame
        ``core_code``, ``procedure``, ``unit``, ``term``, ``legal_term``, ``term_before`` (of the version before, in the same
        unit), ``valid_from``, ``valid_to``, ``received`` (dossiers of the period that it held for); most received first.

    Examples
    --------
    >>> listed = {"procedure_code": ["1.000001", "1.000002"], "procedure": ["A", "B"], "term_days": ["15", "20"]}
    >>> table = pd.DataFrame(listed | {"legal_term_days": ["20", "20"], "term_unit": "working_days"})
    >>> terms = read_terms(table.assign(valid_from=pd.NaT, valid_to=pd.NaT), words={})
    >>> dossiers = pd.DataFrame({"procedure_code": ["1.000001"], "status": ["pending"]})
    >>> dossiers["received_on"] = pd.to_datetime(["2022-01-03"])
    >>> january = Period("", pd.Timestamp("2022-01-01"), pd.Timestamp("2022-01-31"))
    >>> cut_terms(terms, dossiers, january)[["core_code", "term", "legal_term", "received"]]
      core_code  term  legal_term  received
    0  1.000001  15.0        20.0         1
    """
    earlier = terms.groupby("core_code")[["term", "unit"]].shift()
    table = terms.assign(term_before=earlier.term.where(earlier.unit == terms.unit))
    in_period = is_received(dossiers, period)
    version = terms_of(dossiers[in_period], terms).version
    table["received"] = np.bincount(version[version >= 0], minlength=len(terms))
    in_force = ~(table.valid_from > period.last) & ~(table.valid_to < period.first)
    is_cut = (table.term < table.legal_term) | (table.term < table.term_before)
    columns = [
        "core_code",
        "procedure",
        "unit",
        "term",
        "legal_term",
        "term_before",
        "valid_from",
        "valid_to",
        "received",
    ]
    cut = table.loc[in_force & is_cut, columns]
    return cut.sort_values(["received", "core_code", "valid_from"], ascending=[False, True, True], ignore_index=True)
