"""A text held against the data: reported beside computed, and which definition gives the printed share."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from analysis.claim_groups import ENDED
from analysis.claim_measures import Measure
from analysis.claim_rounding import match
from analysis.claim_verdicts import Reason, Verdict
from analysis.claims import Claim
from analysis.definitions import on_time_definitions, online_definitions
from analysis.metrics import headline
from analysis.periods import Period
from analysis.store import Data

HEADLINE: dict[tuple[str, ...], str] = {
    ("dossiers", "received"): "received", ("dossiers", "carried"): "carried_over", ("dossiers", "resolved"): "resolved",
    ("dossiers", "received", "online"): "online", ("dossiers", "received", "in_person"): "in_person",
    ("dossiers", "received", "postal"): "postal", ("dossiers", "resolved", "early"): "early",
    ("dossiers", "resolved", "timely"): "timely", ("dossiers", "resolved", "late"): "late", ("dossiers", "pending"): "open",
    ("dossiers", "pending", "overdue"): "overdue", ("dossiers", "withdrawn"): "withdrawn", ("dossiers", "returned"): "returned",
    ("dossiers", "paused"): "paused", ("dossiers", "transferred"): "transferred",
    ("documents", "sent", "electronic"): "outgoing_electronic", ("documents", "incoming", "electronic"): "incoming_electronic",
    ("documents", "sent"): "outgoing_electronic", ("documents", "incoming"): "incoming_electronic",
}  # fmt: skip
"""What a text counts -> the figure of ``metrics.headline``; where a text says nothing of the form, electronic is meant."""


class Computed(NamedTuple):
    """What the data give for a period."""

    figures: pd.DataFrame
    """As ``metrics.headline``."""
    definitions: Mapping[str, Fraction]
    """Name of a definition (D1 ... O4) -> the share in per cent."""


def compute(data: Data, period: Period) -> Computed:
    """The figures of a period, and its shares under every definition.

    Raises
    ------
    Unanswerable
        If the exports say nothing of the period.
    """
    figures = headline(data, period)
    tables = [
        on_time_definitions(data.dossiers, period),
        online_definitions(
            data.dossiers, data.procedures, period, has_results=data.has("dossiers", "result_digitised")
        ),
    ]
    rows: list[Any] = [row for table in tables for row in table[["numerator", "denominator"]].itertuples()]
    shares = {
        str(name): Fraction(100 * int(top), int(below))
        for name, top, below in rows
        if pd.notna(top) and pd.notna(below) and below
    }
    return Computed(figures, shares)


def check_data(claims: Sequence[Claim], verdicts: Sequence[Verdict], computed: Computed, *, year: str) -> list[Verdict]:
    """What the data say of each claim of the whole in the period, and of the gaps that the text leaves.

    Parameters
    ----------
    claims, verdicts
        Of the text.
    computed
        Of the data.
    year
        The year of the period; claims of another are left alone.

    Returns
    -------
    list of Verdict
        The verdicts of the text, gaps explained where the data have the class for them; then one per claim that the data
        can be asked about.
    """
    known = [_explained(verdict, claims, computed) for verdict in verdicts]
    has_early = any(c.measure.timeliness == "early" for c in claims)
    compared = [
        verdict
        for index, claim in enumerate(claims)
        if not claim.scope and claim.period[:4] in ("", year)
        for verdict in _compared(index, claim, claims, computed, has_early=has_early)
    ]
    return [*known, *compared]


def value_of(measure: Measure, figures: pd.DataFrame, *, has_early: bool) -> int | None:
    """The computed count of a measure; None where the data cannot be asked."""
    said = measure if measure.timeliness != "on_time" or has_early else measure._replace(timeliness="timely")
    key = tuple(part for part in said if part)
    name = "on_time" if said.timeliness == "on_time" and not said.channel else HEADLINE.get(key, "")
    if not name and key == ("dossiers", "handled"):
        parts = figures.value[["received", "carried_over"]]
        return int(parts.sum()) if parts.notna().all() else None
    value = figures.value.get(name)
    return None if value is None or pd.isna(value) else int(value)


def _compared(
    index: int, claim: Claim, claims: Sequence[Claim], computed: Computed, *, has_early: bool
) -> Iterator[Verdict]:
    if claim.kind == "count" and claim.is_exact:
        value = value_of(claim.measure, computed.figures, has_early=has_early)
        if value is not None:
            status = "agrees" if value == claim.value else "differs"
            yield Verdict(
                "data",
                claim.measure.name,
                status,
                index,
                difference=int(claim.value) - value,
                printed=Fraction(claim.value),
                computed=Fraction(value),
            )
    if claim.kind == "share" and not claim.bound:
        names = _definitions(claim, claims)
        shares = {name: computed.definitions[name] for name in names if name in computed.definitions}
        fits = [name for name, share in shares.items() if match(share, Fraction(claim.value), claim.decimals)]
        if shares:
            first = next(iter(shares.values()))
            yield Verdict(
                "data",
                claim.measure.name,
                "agrees" if fits else "differs",
                index,
                printed=Fraction(claim.value),
                computed=first,
                reasons=(Reason("definition", names=tuple(fits)),) if fits else (),
            )


def _definitions(claim: Claim, claims: Sequence[Claim]) -> tuple[str, ...]:
    """The definitions that a share may be of, by what it counts."""
    measure = claim.measure
    if measure[:3] in (("dossiers", "resolved", "timely"), ("dossiers", "resolved", "on_time")) and not measure.channel:
        apart = (
            measure.timeliness == "on_time"
            and any(c.measure.timeliness == "early" for c in claims)
            and not claim.together
        )
        return () if apart else ("D1", "D2", "D3", "D4", "D1_other_rule", "D1_current_due", "D1_pauses_out")
    if measure == Measure("dossiers", "received", channel="online"):
        return ("O1", "O2", "O3", "O4")
    return ()


def _explained(verdict: Verdict, claims: Sequence[Claim], computed: Computed) -> Verdict:
    """A gap of the balance that the data have a class for."""
    if verdict.name != "balance" or verdict.status != "off" or claims[verdict.whole].scope:
        return verdict
    if verdict.difference > 0:
        counted = [(name, computed.figures.value.get(name)) for name in ENDED]
        ended = [(name, int(value)) for name, value in counted if value is not None and pd.notna(value) and value]
        given = {claims[part].measure.action for part in verdict.parts}
        parts = [(name, value) for name, value in ended if name not in given and name != "paused"]
        if sum(value for _, value in parts) != verdict.difference:
            return verdict
        reasons = tuple(Reason("class_of_data", value, names=(name,)) for name, value in parts)
        return verdict._replace(status="explained", reasons=reasons)
    carried = computed.figures.value.get("carried_over")
    if carried is not None and pd.notna(carried) and int(carried) == -verdict.difference:
        return verdict._replace(
            status="explained", reasons=(Reason("class_of_data", int(carried), names=("carried",)),)
        )
    return verdict
