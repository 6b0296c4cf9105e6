"""A published text, audited: its claims, what was not understood, and a verdict for each check.

A text is read by ``claim_texts`` and ``claims``, checked within itself by ``claim_identities`` and ``claim_shares``, and
against the data, where there are any, by ``claim_data``.
"""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from analysis.claim_accounts import read_accounts
from analysis.claim_changes import check_changes
from analysis.claim_identities import check_identities
from analysis.claim_shares import check_shares
from analysis.claim_tokens import Passage
from analysis.claim_verdicts import Verdict
from analysis.claims import Claim, NotUnderstood, read_claims
from analysis.periods import Period
from analysis.store import Data


class Audit(NamedTuple):
    """Everything that is known of a text."""

    passages: Sequence[Passage]
    claims: Sequence[Claim]
    others: Sequence[NotUnderstood]
    """Numbers that entered no check, and why."""
    verdicts: Sequence[Verdict]
    figures: pd.DataFrame | None = None
    """What the data give (``metrics.headline``), where there are any."""

    @property
    def is_wrong(self) -> bool:
        """Whether anything is wrong."""
        return any(verdict.is_wrong for verdict in self.verdicts)


def audit(passages: Sequence[Passage], *, data: Data | None = None, period: Period | None = None) -> Audit:
    """Read a text and check its figures.

    Parameters
    ----------
    passages
        As ``claim_texts.read_passages`` gives them.
    data, period
        What to hold the text against: what was read, and the period that it is about, cut at the day of the data.

    Returns
    -------
    Audit
        Verdicts of identities first, then of shares and changes in the order of the text, then of the data.

    Raises
    ------
    Unanswerable
        If the exports say nothing of the period.

    Examples
    --------
    >>> found = audit([Passage("1", "Giải quyết 855 hồ sơ: đúng hạn 600 hồ sơ (72%), quá hạn 255 hồ sơ")])
    >>> [(verdict.name, verdict.status) for verdict in found.verdicts]
    [('by_timeliness', 'holds'), ('dossiers.resolved.on_time', 'wrong')]
    >>> found.is_wrong
    True
    """
    claims, others = read_claims(passages)
    accounts = read_accounts(claims)
    printed = sorted([*check_shares(accounts, claims), *check_changes(claims)], key=lambda verdict: verdict.whole)
    verdicts = [*check_identities(accounts, claims), *printed]
    if data is None or period is None:
        return Audit(passages, claims, others, verdicts)
    from analysis.claim_data import check_data, compute  # noqa: PLC0415 - a text alone needs no data

    computed = compute(data, period)
    return Audit(
        passages, claims, others, check_data(claims, verdicts, computed, year=period.name[:4]), computed.figures
    )


def claim_table(found: Audit) -> pd.DataFrame:
    """One row per claim.

    Returns
    -------
    DataFrame
        ``place``, ``start``, ``end``, ``written``, ``kind``, ``value`` (float; shares in per cent), ``measure``, ``scope``,
        ``period``, ``bound``.

    Examples
    --------
    >>> table = claim_table(audit([Passage("1", "Còn 67 hồ sơ đang giải quyết")]))
    >>> table[["written", "value", "measure"]]
      written  value            measure
    0      67   67.0  dossiers.pending
    """
    rows = [
        (c.place, c.start, c.end, c.written, c.kind, float(c.value), c.measure.name, c.scope, c.period, c.bound)
        for c in found.claims
    ]
    columns = ["place", "start", "end", "written", "kind", "value", "measure", "scope", "period", "bound"]
    return pd.DataFrame(rows, columns=columns)


def verdict_table(found: Audit) -> pd.DataFrame:
    """One row per verdict.

    Returns
    -------
    DataFrame
        ``check``, ``name``, ``status``, ``is_wrong``, ``written`` (the claim that is judged), ``difference`` (of
        identities), ``computed`` (float; shares and changes in per cent), ``reasons`` (their keys).

    Examples
    --------
    >>> text = "Nhận 90 hồ sơ, giải quyết 60 hồ sơ, đang giải quyết 20 hồ sơ"
    >>> verdict_table(audit([Passage("1", text)]))[["name", "status", "difference", "reasons"]]
          name status  difference   reasons
    0  balance    off          10  no_class
    """
    rows = [
        (
            v.check, v.name, v.status, v.is_wrong, found.claims[v.whole].written, v.difference,
            float("nan") if v.computed is None else float(v.computed), " ".join(reason.key for reason in v.reasons),
        )
        for v in found.verdicts
    ]  # fmt: skip
    columns = ["check", "name", "status", "is_wrong", "written", "difference", "computed", "reasons"]
    return pd.DataFrame(rows, columns=columns)
