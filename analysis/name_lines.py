"""Lines of the handbook about names that contradict each other: a circle of successors, two of them, a spelling of two names.

A line is held against those above it, so that the first one stands.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.handbook import Handbook, Mistake
from analysis.names import KINDS, Line, core_of, names_today, spellings, successors
from analysis.vocabulary import Vocabulary, fold


def lay_names(handbook: Handbook, vocabulary: Vocabulary) -> tuple[Handbook, Vocabulary]:
    """The handbook without the names that contradict a line above them; the vocabulary stays as it is.

    Examples
    --------
    >>> from analysis.handbook import read_handbook
    >>> from analysis.vocabulary import read_vocabulary
    >>> lines = pd.DataFrame({"kind": "unit", "name": ["A", "B"], "also": "", "successor": ["B", "A"], "row": [6, 7]})
    >>> lines = lines.assign(code="", valid_from=pd.NaT, valid_to=pd.NaT, reason="")
    >>> book = read_handbook(None)
    >>> book, _ = lay_names(book._replace(lines={**book.lines, "names": lines}), read_vocabulary())
    >>> book.mistakes[["row", "problem", "detail"]].to_dict("records")
    [{'row': 7, 'problem': 'names.circle', 'detail': 'B → A → B'}]
    """
    good: dict[str, list[Line]] = {kind: [] for kind in KINDS}
    for line in handbook.of("names").to_dict("records"):
        held = good[line["kind"]]
        if wrong := _wrong(line, held):
            column, mistake = wrong
            found = line[column]
            text = f"{found:%d/%m/%Y}" if isinstance(found, pd.Timestamp) else str(found)
            handbook = handbook.without("names", line["row"], column, text, mistake)
        else:
            held.append(line)
    return handbook, vocabulary


def _wrong(line: Line, held: Sequence[Line]) -> tuple[str, Mistake] | None:
    """What is wrong with a line after those that hold, and in which column."""
    for column in ("name", "also", "successor"):
        if line[column] and not fold(line[column]):
            return column, Mistake("no_letters")
    if line["valid_from"] > line["valid_to"]:
        return "valid_to", Mistake("names.ends_before_it_begins", f"{line['valid_from']:%d/%m/%Y}")
    own, before = fold(line["name"]), spellings(held)
    for column in ("name", "also"):
        owner = before.get(fold(line[column]), "")
        if owner and fold(owner) != own:
            return column, Mistake("names.of_two_names", owner)
    after = [*held, line]
    if rival := _rival(line, after):
        return "successor", Mistake("names.two_successors", rival)
    if circle := _circle(line, after):
        return "successor" if line["successor"] else "also", Mistake("names.circle", circle)
    if owner := _other_of_code(line, after):
        return "code", Mistake("names.code_of_two_names", owner)
    return None


def _rival(line: Line, lines: Sequence[Line]) -> str:
    """Another successor that the name of a line has; empty if there is none."""
    names = spellings(lines)
    same = [of["successor"] for of in lines if of["successor"] and fold(of["name"]) == fold(line["name"])]
    different = {fold(names.get(fold(successor), successor)) for successor in same}
    return same[0] if len(different) > 1 else ""


def _circle(line: Line, lines: Sequence[Line]) -> str:
    """The names that follow each other from a line back to itself; empty if they come to an end."""
    names, ahead = spellings(lines), successors(lines)
    way = [fold(line["name"])]
    while way[-1] in ahead and len(way) <= len(ahead):
        way.append(ahead[way[-1]])
        if way[-1] == way[0]:
            return " → ".join(names.get(each, each) for each in way)
    return ""


def _other_of_code(line: Line, lines: Sequence[Line]) -> str:
    """Another procedure that has the code of a line and goes on under another name than its own; empty if there is none."""
    today, code = names_today(lines), core_of(line["code"])
    ends = {of["name"]: fold(today[fold(of["name"])]) for of in lines if code and core_of(of["code"]) == code}
    return (
        next((name for name, end in ends.items() if end != ends[line["name"]]), "")
        if line["kind"] == "procedure"
        else ""
    )
