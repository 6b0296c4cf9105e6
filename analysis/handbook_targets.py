"""The handbook's targets: which definition belongs to which measure, and which lines cannot be used."""

from collections.abc import Mapping

import pandas as pd

from analysis.handbook import Handbook, Mistake
from analysis.handbook_form import read_form
from analysis.vocabulary import Vocabulary, fold

DEFINED: Mapping[str, tuple[str, ...]] = {
    "online_share": ("O1", "O2", "O3", "O4"),
    "on_time_rate": ("D1", "D2", "D3", "D4"),
}
"""Measure -> the definitions that a target of it can be about; the first is the report's own. Others have only one."""

OF_DEPARTMENT = ("outgoing_signed_share", "incoming_signed_share")
"""Measures that are counted for the whole department only."""


def definition_of(targets: pd.DataFrame) -> pd.Series:
    """The definition that each target is about: the report's own where none is named, empty where there is only one.

    Examples
    --------
    >>> definition_of(pd.DataFrame({"measure": ["on_time_rate", "resolved_share"], "definition": ""})).tolist()
    ['D1', '']
    """
    own = targets.measure.map({measure: names[0] for measure, names in DEFINED.items()}).fillna("")
    return targets.definition.where(targets.definition != "", own).astype("str")


def lay_targets(handbook: Handbook, vocabulary: Vocabulary) -> tuple[Handbook, Vocabulary]:
    """The handbook without the targets that cannot be used; the vocabulary is left as it was.

    A definition must belong to its measure, and documents have no unit. Of two targets of one measure, definition, scope
    and year the first holds and the second is a mistake, even if it says the same.

    Examples
    --------
    >>> from analysis.handbook import read_handbook
    >>> from analysis.vocabulary import read_vocabulary
    >>> book = read_handbook(None)
    >>> line = {"measure": "on_time_rate", "definition": "O4", "unit": "", "year": 2022, "value": 95.0, "source": "s", "row": 7}
    >>> book, _ = lay_targets(book._replace(lines={**book.lines, "targets": pd.DataFrame([line])}), read_vocabulary())
    >>> book.mistakes[["row", "column", "problem"]].values.tolist(), len(book.of("targets"))
    ([[7, 'Cách tính', 'definition_of_another']], 0)
    """
    targets = handbook.of("targets")
    first: dict[tuple[str, str, str, int], int] = {}
    for line in targets.assign(of=definition_of(targets)).to_dict("records"):
        measure, definition, unit = (str(line[c]) for c in ("measure", "of", "unit"))
        row = line["row"]
        if definition not in DEFINED.get(measure, ("",)):
            handbook = handbook.without("targets", row, "definition", definition, _misplaced(measure))
        elif unit and measure in OF_DEPARTMENT:
            handbook = handbook.without("targets", row, "unit", unit, Mistake("scope_of_documents"))
        elif (held := first.setdefault((measure, definition, fold(unit), line["year"]), row)) != row:
            handbook = handbook.without(
                "targets", row, "value", f"{line['value']:g}", Mistake("target_twice", str(held))
            )
    return handbook, vocabulary


def _misplaced(measure: str) -> Mistake:
    """That a definition does not belong to a measure, and which ones do, as the workbook calls them."""
    names = read_form().choices["definitions"]
    allowed = [names[name]["vi"] for name in DEFINED.get(measure, ())]
    return Mistake("definition_of_another", "; ".join(allowed)) if allowed else Mistake("one_definition")
