"""What a page shows of the names of a handbook: what was put together under which name, and why."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.labels import Labels
from analysis.names_in_use import out_of_time, put_together
from analysis.page import Html, show_list, show_notices, show_sentences
from analysis.store import Data


def show_names(data: Data, *, labels: Labels) -> Html:
    """The names that stand under another one, with how many dossiers and why, and those used out of their time.

    Nothing where the handbook changes no name and none is out of its time.
    """
    table = put_together(data)
    notices = [_outside(line, labels) for line in out_of_time(data).to_dict("records")]
    if table.empty:
        return show_notices(notices)
    numbers = {c: [labels.number(n) for n in table[c]] for c in ("dossiers", "documents")}
    kinds = [labels.name(f"names.{kind}") for kind in table.kind]
    why = [labels.name("names.replaced" if replaced else "names.spelling") for replaced in table.is_replaced]
    rows = table.assign(kind=kinds, why=why, **numbers)
    columns = ["found", "name", "kind", "why", "dossiers", *(["documents"] if table.documents.any() else []), "reason"]
    headings = {column: labels.name(f"names.heading_{column}") for column in columns}
    told = [labels.name(f"names.view_{data.names}", number=labels.number(len(table)))]
    listed = show_list(rows, headings=headings, caption=labels.name("captions.names"), labels=labels)
    return Html(show_sentences(told) + listed + show_notices(notices))


def _outside(line: Mapping[Any, Any], labels: Labels) -> str:
    """A name that is used out of its time, and when that was."""
    since, until = line["valid_from"], line["valid_to"]
    ends = {(True, True): "time", (True, False): "since", (False, True): "until", (False, False): "times"}
    kind = ends[pd.notna(since), pd.notna(until)]
    valid = labels.name(f"names.valid_{kind}", first=labels.day(since), last=labels.day(until))
    return labels.name("names.out_of_time", name=line["name"], valid=valid, number=labels.number(line["dossiers"]))
