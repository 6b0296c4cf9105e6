"""What a page shows of changes in the exports: those that nobody accepted, before any figure; and those that were."""

import pandas as pd

from analysis.drift_sentences import drift_sentences
from analysis.labels import Labels
from analysis.page import Html, show_notices, show_sentences, show_table
from analysis.store import Data

MOST_ACCEPTED = 5
"""Acceptances that are shown, the latest."""

MOST_CHANGES = 30
"""Changes that are named one by one."""


def show_drift(data: Data, *, labels: Labels) -> Html:
    """Every change that nobody accepted, and what to do; nothing where there is none."""
    blind = show_notices([labels.name("drift.unwritable")] if data.memory == "unwritable" else [])
    if data.drift.empty:
        return blind
    told = drift_sentences(data.drift.head(MOST_CHANGES), labels=labels)
    rest = len(data.drift) - len(told)
    more = [labels.name("quality.more", number=labels.number(rest))] if rest else []
    notice = show_notices([labels.name("drift.changed", number=labels.number(len(data.drift)))])
    return Html(blind + notice + show_sentences([*told, *more, labels.name("drift.what_to_do")]))


def show_accepted(data: Data, *, labels: Labels) -> Html:
    """The last changes that were accepted: when, by whom, why, and which; nothing where there is none."""
    if data.accepted.empty:
        return Html("")
    few = data.accepted.head(MOST_ACCEPTED)
    rows = pd.DataFrame({
        "when": few.when.str[:16].str.replace("T", " "), "who": few.who, "why": few.why,
        "changes": [" ".join(drift_sentences(each.head(MOST_CHANGES), labels=labels)) for each in few.changes],
    })  # fmt: skip
    headings = {str(c): labels.name(f"drift.head_{c}") for c in rows}
    return show_table(rows, headings=headings, caption=labels.name("drift.accepted"))
