"""What a page shows of shares: each with its numerator, its denominator, and how it is made."""

import pandas as pd

from analysis.labels import NOTHING, Labels
from analysis.page import Html, show_table
from analysis.store import Data
from analysis.tables import TABLES

COLUMNS = ("name", "numerator", "denominator", "share", "unknown", "definition")


def known_columns(data: Data, table: str) -> list[str]:
    """The columns of a table that some export has."""
    return [column for column in TABLES[table].columns if data.has(table, column)]


def show_shares(shares: pd.DataFrame, *, labels: Labels, caption: str, summary: str = "") -> Html:
    """Shares beside each other; one whose column no export has says so and shows no number.

    Parameters
    ----------
    shares
        As from ``shares.shares_of``.
    caption, summary
        As ``page.show_table`` takes them.
    """
    told = labels.texts["columns"]
    missing = shares.missing.map(
        lambda columns: ", ".join(labels.name(f"columns.{c}") if c in told else c for c in columns.split(", "))
    )
    absent = [labels.name("shares.not_exported", columns=columns) for columns in missing]
    share = shares.share.map(labels.percent).where(shares.missing == "", pd.Series(absent, shares.index, dtype="str"))
    unknown = shares.unknown.map(labels.number)
    rows = pd.DataFrame(
        {
            "name": [labels.name(f"shares.{name}") for name in shares.name],
            "definition": [labels.name(f"share_definitions.{name}") for name in shares.name],
            **{c: shares[c].map(labels.number) for c in ("numerator", "denominator")},
            "share": share,
            "unknown": unknown,
        }
    )
    columns = [c for c in COLUMNS if c != "unknown" or not set(unknown) <= {"0", NOTHING}]
    headings = {c: labels.name(f"shares.heading_{c}") for c in columns}
    return show_table(rows, headings=headings, caption=caption, summary=summary)
