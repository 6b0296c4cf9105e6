"""What a public page says of itself: that it is one, what it leaves out, and where numbers are held back."""

import pandas as pd

from analysis.editions import Edition
from analysis.labels import HELD, Labels
from analysis.page import Html, show_notices, show_sentences


def show_edition(edition: Edition, *, labels: Labels) -> Html:
    """What the edition holds back; nothing of the internal one.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> show_edition(Edition(), labels=read_labels("en"))
    ''
    """
    if not edition.is_public:
        return Html("")
    least = labels.number(edition.least)
    kind = "procedures_merged" if edition.merges_procedures else "procedures_told"
    told = [labels.name(f"editions.{text}", least=least, mark=HELD) for text in ("held_back", kind, "left_out")]
    return show_notices([" ".join(told)])


def show_held(table: pd.DataFrame, edition: Edition, *, labels: Labels) -> Html:
    """What the mark in a table means, if it stands there."""
    if not (table == HELD).any(axis=None):
        return Html("")
    return show_sentences([labels.name("editions.mark", mark=HELD, least=labels.number(edition.least))])


def show_unless_merged(edition: Edition, *shown: Html, labels: Labels) -> Html:
    """What tells of each procedure by itself; in its place a sentence, where small procedures are told as one."""
    return (
        show_notices([labels.name("editions.not_by_procedure")]) if edition.merges_procedures else Html("".join(shown))
    )
