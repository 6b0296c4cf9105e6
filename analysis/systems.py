"""Systems: the rules that the dossiers of each are judged by, where a department set them.

A department may run two systems that count differently: one holds lateness against the first due day, another against the
current one. So that every figure follows, the rules go with the dossiers: a due day stands in the place of another, and
what a rule decides later is a column beside it. Without such a setting dossiers are left as they are.
"""

from collections.abc import Callable, Collection, Iterable

import pandas as pd

from analysis.calendars import latest_minute
from analysis.counts import PROMISED, has_time
from analysis.vocabulary import OF_DOSSIERS, Vocabulary

NEEDED = ("source_system", "due_on", "first_due_on")
"""The columns of dossiers that rules look at."""

OF_TABLES = ("dossiers", "documents")
"""The tables whose lines can name a system."""


def has_rules(vocabulary: Vocabulary) -> bool:
    """Whether any dossier is judged by another rule than the usual one."""
    usual = all(vocabulary.settings[name] == choices[0] for name, choices in OF_DOSSIERS.items())
    return not usual or any(system.settings for system in vocabulary.systems.values())


def with_rules(dossiers: pd.DataFrame, vocabulary: Vocabulary, *, timed: Collection[str] | None = None) -> pd.DataFrame:
    """Dossiers with the rules of their systems.

    Parameters
    ----------
    dossiers
        One row per dossier; the columns of ``NEEDED`` at least.
    vocabulary
        Its settings, and those of its systems.
    timed
        The systems whose due dates have times of day; by default as these dossiers tell.

    Returns
    -------
    DataFrame
        The same where every rule is the usual one. Else ``first_due_on`` is the due date that counts, and there is, where any
        dossier needs it: ``promised_on`` (datetime64[us], the first due date), ``judged_by`` (categorical, one of
        ``counts.RULES``), ``latest_receipt`` (int64, minutes of the day), ``pause_counts`` (bool); and ``due_is_timed`` (bool)
        if ``timed`` is given.

    Examples
    --------
    >>> from analysis.vocabulary import System, read_vocabulary
    >>> days = {"first_due_on": ["2022-03-04"] * 2, "due_on": ["2022-03-09"] * 2}
    >>> dossiers = pd.DataFrame(days).astype("datetime64[us]").assign(source_system=["A", "B"])
    >>> words = read_vocabulary()._replace(systems={"a": System("A", settings={"due": "current"})})
    >>> with_rules(dossiers, words)[["source_system", "first_due_on", "promised_on"]]
      source_system first_due_on promised_on
    0             A   2022-03-09  2022-03-04
    1             B   2022-03-04  2022-03-04
    """
    if not has_rules(vocabulary):
        return dossiers
    systems = dossiers.source_system.astype("category")
    rules = {name: _of_each(systems, vocabulary, name) for name in (*OF_DOSSIERS, "latest_receipt")}
    judged = dossiers
    if (is_current := rules["due"] == "current").any():
        counts = dossiers.first_due_on.mask(is_current & dossiers.due_on.notna(), dossiers.due_on)
        judged = judged.assign(**{PROMISED: dossiers.first_due_on, "first_due_on": counts})
    if (rules["judged_by"] == "timestamp").any():
        told = {} if timed is None else {"due_is_timed": systems.isin(timed)}
        judged = judged.assign(judged_by=rules["judged_by"].astype("category"), **told)
    if (rules["latest_receipt"] != vocabulary.settings["latest_receipt"]).any():
        judged = judged.assign(latest_receipt=rules["latest_receipt"].map(latest_minute).astype("int64"))
    if (pauses := rules["pause"] == "counts").any():
        judged = judged.assign(pause_counts=pauses)
    return judged


def _of_each(systems: pd.Series, vocabulary: Vocabulary, name: str) -> pd.Series:
    """A setting as it holds for each dossier."""
    values = {system: vocabulary.setting(name, system) for system in systems.cat.categories}
    return systems.map(values).astype("str").where(systems.notna(), vocabulary.settings[name])


def timed_systems(dossiers: pd.DataFrame, vocabulary: Vocabulary) -> set[str]:
    """The systems of which any due date that counts has a time of day."""
    judged = with_rules(dossiers, vocabulary)
    return set(judged.source_system[has_time(judged)].dropna().astype("str"))


def systems_in(read: Callable[..., pd.DataFrame], files: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The systems that some exports are of, by their lines and by the names of their files; in order.

    Parameters
    ----------
    read
        Reads a cleaned table by its name; ``columns`` as ``pyarrow.parquet.read_table`` has them.
    files
        The names of the exports.
    """
    named = {vocabulary.source_of(file) for file in files}
    for table in OF_TABLES:
        named |= set(read(table, columns=["source_system"]).source_system.dropna().astype("str").unique())
    return tuple(sorted(named))
