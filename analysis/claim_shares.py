"""Shares of a text, held against its counts with exact arithmetic.

A share is first held against the wholes that its words mean: online against what was received, late against what was
resolved or due. Another count of the text is tried only for a share with decimals: without any, too many agree by chance.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from analysis.claim_accounts import Account, account_of
from analysis.claim_measures import Measure
from analysis.claim_rounding import match
from analysis.claim_verdicts import Reason, Verdict
from analysis.claims import Claim

WHOLES: dict[str, tuple[str, ...]] = {
    "resolved": ("received", "handled", "due"), "pending": ("received", "handled"), "carried": ("handled", "received"),
    "withdrawn": ("received", "handled", "resolved", "due"), "returned": ("received", "handled", "resolved", "due"),
    "ended_otherwise": ("received", "handled", "resolved", "due"), "paused": ("received", "handled", "pending"),
    "received": ("handled",), "due": ("received", "handled", "resolved"), "licensed": ("received", "resolved"),
    "answered": ("received", "resolved"), "sent": ("exchanged",), "incoming": ("exchanged",),
}  # fmt: skip
"""What happened -> the wholes that its share may be of, the usual one first."""


class Base(NamedTuple):
    """A whole that a share may be of: a claim, or the sum of several."""

    value: int
    claim: int
    low: int
    """The least it can be where it is not exact."""


def check_shares(accounts: Sequence[Account], claims: Sequence[Claim]) -> list[Verdict]:
    """What each share of a text is worth.

    Examples
    --------
    >>> from analysis.claim_accounts import read_accounts
    >>> from analysis.claim_tokens import Passage
    >>> from analysis.claims import read_claims
    >>> text = "Nhận 26.030 hồ sơ, trong đó trực tuyến 3.399 hồ sơ (13,05%)"
    >>> claims, _ = read_claims([Passage("1", text)])
    >>> [(v.check, v.status) for v in check_shares(read_accounts(claims), claims)]
    [('share', 'cut_off')]
    """
    found = [_share(index, accounts, claims) for index, claim in enumerate(claims) if claim.kind == "share"]
    return [verdict for verdict in found if verdict is not None]


def _share(index: int, accounts: Sequence[Account], claims: Sequence[Claim]) -> Verdict | None:
    claim = claims[index]
    if claim.bound or claim.unit != "percent":
        return None
    owner, account = _numerator(claim, accounts, claims)
    if owner < 0 or account is None or claims[owner].grain != 1:
        return None
    printed = Fraction(claim.value)
    tops = _tops(claim, owner, account)
    bases = _bases(claim, owner, account, accounts)
    if not claims[owner].is_exact or any(base.low != base.value for base in bases):
        return _inexact(index, claims, owner, bases)
    found = None
    for status in ("rounded", "cut_off"):
        for top, used in tops:
            for base in bases:
                if (
                    base.value
                    and base.claim not in used
                    and match(Fraction(100 * top, base.value), printed, claim.decimals) == status
                ):
                    found = found or Verdict(
                        "share",
                        claim.measure.name,
                        status,
                        index,
                        used,
                        base.claim,
                        base.value,
                        printed=printed,
                        computed=Fraction(100 * top, base.value),
                    )
    if found or not bases:
        return found
    return _other(index, claims, tops, bases, account, printed)


def _other(
    index: int,
    claims: Sequence[Claim],
    tops: Sequence[tuple[int, tuple[int, ...]]],
    bases: Sequence[Base],
    account: Account,
    printed: Fraction,
) -> Verdict:
    """A share of another count of the text, or a wrong one."""
    claim = claims[index]
    tried = {base.claim for base in bases}
    for top, used in tops:
        for other in account.all:
            value = account.value(other)
            if other in tried or other in used or not value or value < top or claim.decimals == 0:
                continue
            if match(Fraction(100 * top, value), printed, claim.decimals):
                return Verdict(
                    "share",
                    claim.measure.name,
                    "other_base",
                    index,
                    used,
                    other,
                    value,
                    printed=printed,
                    computed=Fraction(100 * tops[0][0], bases[0].value),
                )
    rest = [
        c
        for c in claims
        if c.kind == "share" and c.passage == claim.passage and c.measure.action == claim.measure.action
    ]
    reasons = [Reason("complement")] if any(c.value + claim.value == 100 for c in rest) else []
    base = next(base for base in bases if base.value) if any(b.value for b in bases) else bases[0]
    computed = Fraction(100 * tops[0][0], base.value) if base.value else None
    return Verdict(
        "share",
        claim.measure.name,
        "wrong",
        index,
        tops[0][1],
        base.claim,
        base.value,
        printed=printed,
        computed=computed,
        reasons=tuple(reasons),
    )


def _inexact(index: int, claims: Sequence[Claim], owner: int, bases: Sequence[Base]) -> Verdict | None:
    """A share of a number that is only about so: it can be right, and is never called wrong."""
    claim, top = claims[index], claims[owner]
    high = int(top.value)
    tops = (int(_least(top)), high if top.is_exact or top.bound == "at_most" else int(_most(top)))
    for base in bases:
        if not base.value:
            continue
        half = Fraction(1, 2 * 10**claim.decimals)
        low, up = Fraction(100 * tops[0], base.value), Fraction(100 * tops[1], max(base.low, 1))
        if low - half <= Fraction(claim.value) <= up + half:
            return Verdict(
                "share",
                claim.measure.name,
                "possible",
                index,
                (owner,),
                base.claim,
                base.value,
                printed=Fraction(claim.value),
            )
    return None


def _least(claim: Claim) -> Fraction:
    """The least that an inexact count can be: one step of its last digit that is not 0 below."""
    if claim.is_exact or claim.bound == "at_least":
        return Fraction(claim.value)
    return Fraction(claim.value) - _step(claim)


def _most(claim: Claim) -> Fraction:
    return Fraction(claim.value) + (0 if claim.is_exact or claim.bound == "at_most" else _step(claim))


def _step(claim: Claim) -> Fraction:
    if claim.grain != 1:
        return Fraction(claim.grain)
    digits = str(int(claim.value))
    return Fraction(10 ** (len(digits) - len(digits.rstrip("0"))))


def _numerator(claim: Claim, accounts: Sequence[Account], claims: Sequence[Claim]) -> tuple[int, Account | None]:
    """The count that a share is said of, and its account."""
    if claim.owner >= 0:
        owner = claim.owner
        return (owner, account_of(accounts, owner)) if claims[owner].kind == "count" else (-1, None)
    near = [a for a in accounts if a.what == claim.measure.what and a.scope == claim.scope and a.period == claim.period]
    for account in reversed(near):
        same = account.figures.get(claim.measure)
        if same is None and claim.measure.timeliness in ("timely", "on_time"):
            same = account.find("resolved", "timely")
        if same is not None and claims[same].passage == claim.passage:
            return same, account
    return -1, None


def _tops(claim: Claim, owner: int, account: Account) -> list[tuple[int, tuple[int, ...]]]:
    """The numbers that may stand above: the count itself; on time with early, where both are given."""
    own = int(account.claims[owner].value)
    tops: list[tuple[int, tuple[int, ...]]] = [(own, (owner,))]
    early = account.find("resolved", "early")
    of = account.claims[owner].measure
    value = account.value(early)
    if of.action == "resolved" and of.timeliness == "on_time" and early is not None and value is not None:
        tops.append((own + value, (early, owner)))
    return tops


def _bases(claim: Claim, owner: int, account: Account, accounts: Sequence[Account]) -> list[Base]:
    """The wholes that the words of a share can mean, the likeliest first."""
    of, claims = account.claims[owner], account.claims
    found: list[int] = []
    if claim.base.what:
        found += [i for i in (account.figures.get(claim.base),) if i is not None]
    if of.head >= 0 and of.scope != claims[of.head].scope:
        found.append(of.head)
    for measure in _wholes(of.measure):
        found += [i for i in (account.figures.get(measure),) if i is not None]
    if of.measure.what == "documents":
        found += [
            i
            for m, i in account.figures.items()
            if m.action == of.measure.action and m.kind in ("electronic", "") and m.kind != of.measure.kind
        ]
        found += [i for m, i in account.figures.items() if m.action == "exchanged" and of.measure.action != "exchanged"]
    bases = [Base(int(of.of), -1, int(of.of))] if of.of is not None else []
    bases += [Base(int(claims[i].value), i, int(_least(claims[i]))) for i in dict.fromkeys(found) if i != owner]
    timed = _timed(account) if of.measure.timeliness and of.measure.action == "resolved" and not found else None
    return bases + ([timed] if timed else [])


def _timed(account: Account) -> Base | None:
    """The sum of the timely and the late, where the resolved are not given."""
    late = account.value(account.find("resolved", "late"))
    parts = [account.value(account.find("resolved", t)) for t in ("early", "on_time")]
    timely = account.value(account.find("resolved", "timely"))
    whole = timely if timely is not None else sum(p for p in parts if p is not None) if parts[1] is not None else None
    return Base(whole + late, -1, whole + late) if late is not None and whole is not None else None


def _wholes(measure: Measure) -> list[Measure]:
    """The measures that one's share may be of, the usual one first."""
    what, action, timeliness, channel, level, _kind = measure
    plain = Measure(what, action)
    if what == "procedures":
        return [Measure(what)] if level or channel else []
    if level:
        return [Measure(what, action, channel=channel), Measure(what, action), *_wholes(plain)]
    if timeliness and channel:
        return [Measure(what, action, channel=channel)]
    if timeliness:
        return [plain, Measure(what, "due")] if action == "resolved" else [plain]
    if channel:
        return (
            [plain, Measure(what, "received", channel=channel)]
            if action == "resolved"
            else [plain, Measure(what, "handled"), Measure(what, "received")]
        )
    return [Measure(what, whole) for whole in WHOLES.get(action, ())]
