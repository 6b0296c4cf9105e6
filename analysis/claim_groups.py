"""Sums over parts with names of their own: levels, zones, rows of a table, ends of several names.

What is known to be complete, as the three levels or the rows of a table, may not deviate. Of another list only is said that it
adds up, or that its parts exceed the whole: it may leave something out.
"""

from collections.abc import Sequence

from analysis.claim_accounts import OFTEN, Account
from analysis.claim_measures import Measure
from analysis.claim_verdicts import Verdict
from analysis.claims import LEVELS, Claim

ENDED = ("withdrawn", "returned", "ended_otherwise", "transferred", "paused")
"""What ends a dossier without a result, or lets it wait."""


def check_groups(accounts: Sequence[Account], claims: Sequence[Claim], known: Sequence[Verdict]) -> list[Verdict]:
    """What the parts of a text with names of their own add up to.

    Parameters
    ----------
    accounts, claims
        Of the text.
    known
        What was said of it already; nothing is said twice.

    Examples
    --------
    >>> from analysis.claim_accounts import read_accounts
    >>> from analysis.claim_tokens import Passage
    >>> from analysis.claims import read_claims
    >>> claims, _ = read_claims([Passage("1", "nhận 180 hồ sơ (khu vực I: 74 hồ sơ, khu vực II: 106 hồ sơ)")])
    >>> [(v.name, v.status) for v in check_groups(read_accounts(claims), claims, [])]
    [('list', 'holds')]
    """
    found = [*_levels(accounts), *_rows(claims), *_differences(claims)]
    found += _lists(claims, {(v.whole, v.parts) for v in [*known, *found]})
    return found + [v for account in accounts if (v := _ends(account, known)) is not None]


def _verdict(name: str, whole: int, parts: Sequence[int], claims: Sequence[Claim]) -> Verdict | None:
    """The sum of exact parts against an exact whole."""
    if not all(claims[i].is_exact for i in (whole, *parts)):
        return None
    difference = int(claims[whole].value - sum(claims[i].value for i in parts))
    return Verdict("identity", name, "off" if difference else "holds", whole, tuple(parts), difference=difference)


def _levels(accounts: Sequence[Account]) -> list[Verdict]:
    """The three levels of administration make up the whole, of every measure that all four give."""
    found = []
    for whole in [a for a in accounts if not a.scope]:
        below = [
            next((a for a in accounts if a.scope == level and a.what == whole.what and a.period == whole.period), None)
            for level in LEVELS
        ]
        for measure, index in whole.figures.items():
            parts = [_same(account, measure) if account else None for account in below]
            if None not in parts:
                verdict = _verdict("levels", index, [part for part in parts if part is not None], whole.claims)
                found += [verdict] if verdict else []
    return found


def _same(account: Account, measure: tuple[str, ...]) -> int | None:
    return next((i for m, i in account.figures.items() if m == measure), None)


def _rows(claims: Sequence[Claim]) -> list[Verdict]:
    """The rows of a table make up its total row; where they are far from it, some are totals of others."""
    tables: dict[tuple[str, Measure], list[int]] = {}
    for index, claim in enumerate(claims):
        if claim.in_row and claim.kind == "count" and claim.is_exact:
            tables.setdefault((claim.place.rpartition("row ")[0], claim.measure), []).append(index)
    found = []
    for rows in tables.values():
        totals, parts = [i for i in rows if not claims[i].scope], [i for i in rows if claims[i].scope]
        if len(totals) != 1 or len(parts) < 2:
            continue
        difference = int(claims[totals[0]].value - sum(claims[i].value for i in parts))
        if abs(difference) * FAR < claims[totals[0]].value or not difference:
            found.append(
                Verdict(
                    "identity", "rows", "off" if difference else "holds", totals[0], tuple(parts), difference=difference
                )
            )
    return found


FAR = 5
"""A total and its rows differ by less than a fifth, or something else is meant."""


def _differences(claims: Sequence[Claim]) -> list[Verdict]:
    """A rise or fall in numbers is this period's less that of the one before, where the text gives all three."""
    found = []
    for index, claim in enumerate(claims):
        before = [i for i, c in enumerate(claims) if c.kind == "before" and c.owner == claim.owner and c.is_exact]
        if claim.kind != "difference" or len(before) != 1 or not (claim.is_exact and claims[claim.owner].is_exact):
            continue
        sign = -1 if claim.falls else 1
        gap = int(claims[claim.owner].value - claims[before[0]].value - sign * claim.value)
        found.append(
            Verdict(
                "identity", "difference", "off" if gap else "holds", claim.owner, (before[0], index), difference=gap
            )
        )
    return found


def _lists(claims: Sequence[Claim], known: set[tuple[int, tuple[int, ...]]]) -> list[Verdict]:
    """Parts with names of their own, of one whole: zones, wards, fields."""
    found = []
    for head in sorted({claim.head for claim in claims if claim.head >= 0}):
        parts = tuple(
            i for i, c in enumerate(claims) if c.head == head and c.scope and c.measure == claims[head].measure
        )
        exact = all(claims[i].is_exact for i in (head, *parts))
        if len(parts) < 2 or not exact or any(whole == head and set(parts) <= set(p) for whole, p in known):
            continue
        difference = int(claims[head].value - sum(claims[i].value for i in parts))
        if difference <= 0:
            found.append(
                Verdict("identity", "list", "off" if difference else "holds", head, parts, difference=difference)
            )
    return found


def _ends(account: Account, found: Sequence[Verdict]) -> Verdict | None:
    """Ends of several names that make up what came in; said only where they do."""
    total = account.total
    if total is None or any(v.name == "balance" and v.whole == total for v in found):
        return None
    actions = ("resolved", *OFTEN, "pending", *ENDED)
    parts = [
        i
        for i in account.all
        if (m := account.claims[i].measure).action in actions and not m.timeliness and not m.channel
    ]
    verdict = _verdict("balance", total, parts, account.claims) if len(parts) >= 2 else None
    return verdict if verdict and not verdict.difference else None
