"""What a page shows of the definitions in use: one row for each, with its numerator and denominator."""

import pandas as pd

from analysis.labels import NOTHING, Labels
from analysis.page import Html, show_sentences, show_table


def show_definitions_of(table: pd.DataFrame, *, labels: Labels) -> Html:
    """A rate under every definition, and what each of them leaves out.

    Parameters
    ----------
    table
        As from ``definitions.on_time_definitions`` or ``definitions.online_definitions``; one that cannot be computed is
        missing.
    """
    rows = pd.DataFrame(
        {
            "name": [labels.name(f"definitions_of.{name}") for name in table.index],
            "text": [labels.name(f"definitions_of.{name}_is") for name in table.index],
            **{c: [_number(n, labels) for n in table[c]] for c in ("numerator", "denominator", "left_out")},
            "rate": table.rate.map(labels.percent),
            "interval": [_interval(low, high, labels) for low, high in zip(table.low, table.high, strict=True)],
        }
    )
    headings = {str(c): labels.name(f"definitions_of.heading_{c}") for c in rows}
    missing = [labels.name("definitions_of.not_computed", name=name) for name in rows.name[table.denominator.isna()]]
    family = str(table.index[0])[0]  # D1, D2 ... are of the on-time rate, O1, O2 ... of the online share
    shown = show_table(rows, headings=headings, caption=labels.name(f"captions.definitions_{family}"))
    return Html(shown + (show_sentences(missing) if missing else ""))


def _number(value: float, labels: Labels) -> str:
    return NOTHING if pd.isna(value) else labels.number(float(value))


def _interval(low: float, high: float, labels: Labels) -> str:
    return NOTHING if pd.isna(low) else f"{labels.percent(low)} – {labels.percent(high)}"
