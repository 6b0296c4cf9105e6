"""Changes of a text, held against the year before.

Where the text gives that year, they are computed; else a change is asked whether any whole number of the year before gives it at
the printed precision (the idea of GRIM: Brown and Heathers 2017), and whether another reading does.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil, floor

from analysis.claim_rounding import match
from analysis.claim_verdicts import Reason, Verdict
from analysis.claims import Claim


def check_changes(claims: Sequence[Claim]) -> list[Verdict]:
    """What each change of a text is worth.

    Examples
    --------
    >>> from analysis.claim_tokens import Passage
    >>> from analysis.claims import read_claims
    >>> claims, _ = read_claims([Passage("1", "gửi 2.734 văn bản, tăng 1,02% so với năm 2021")])
    >>> [(v.status, [r.key for r in v.reasons]) for v in check_changes(claims)]
    [('impossible', ['nearest', 'nearest', 'factor'])]
    """
    found = [_change(index, claims) for index, claim in enumerate(claims) if claim.kind == "change"]
    return [verdict for verdict in found if verdict is not None]


def _change(index: int, claims: Sequence[Claim]) -> Verdict | None:
    claim = claims[index]
    if claim.bound or claim.owner < 0 or claim.unit != "percent":
        return None
    of = claims[claim.owner]
    if of.kind != "count" or not of.is_exact or of.value <= 0:
        return None
    printed = Fraction(claim.value) * (-1 if claim.falls else 1)
    before = _before(index, claim, claims)
    if before is not None:
        return _against(index, claim, of, before, claims, printed)
    if (twin := _twin(claim.owner, claims)) is not None:
        return _against_twin(index, claim, claim.owner, twin, claims, printed)
    if not printed or printed <= -100 or claim.is_level:
        return None
    return _any_whole_number(index, claim, int(of.value), printed)


def _before(index: int, claim: Claim, claims: Sequence[Claim]) -> int | None:
    """The value of the year before, where the text gives it beside the change."""
    near = [
        i for i, c in enumerate(claims) if c.kind == "before" and c.owner == claim.owner and c.is_exact and c.value > 0
    ]
    return near[0] if len(near) == 1 else None


def _twin(owner: int, claims: Sequence[Claim]) -> int | None:
    """The same count of another period, said nearby: which of the two the change starts from is not written."""
    of = claims[owner]
    near = [
        i for i, c in enumerate(claims)
        if c.kind == "count" and c.measure == of.measure and c.passage == of.passage and c.period != of.period and c.scope == of.scope
    ]  # fmt: skip
    return max(near, default=None, key=lambda i: (-abs(i - owner), i))


def _against_twin(
    index: int, claim: Claim, owner: int, twin: int, claims: Sequence[Claim], printed: Fraction
) -> Verdict | None:
    """The change between two periods, said only where one of them gives it."""
    for now, before in ((owner, twin), (twin, owner)):
        if claims[before].is_exact and claims[now].is_exact and claims[before].value > 0:
            verdict = _against(index, claim, claims[now], before, claims, printed)
            if not verdict.is_wrong:
                return verdict._replace(parts=(now,))
    return None


def _against(index: int, claim: Claim, of: Claim, before: int, claims: Sequence[Claim], printed: Fraction) -> Verdict:
    earlier = int(claims[before].value)
    change = Fraction(100 * (int(of.value) - (0 if claim.is_level else earlier)), earlier)
    status = match(abs(change), abs(printed), claim.decimals) if change * printed >= 0 else ""
    reasons = []
    if not status and match(Fraction(int(of.value), earlier), abs(printed), claim.decimals):
        reasons.append(Reason("factor"))
    elif not status and match(Fraction(100 * int(of.value), earlier), abs(printed), claim.decimals):
        reasons.append(Reason("level"))
    elif not status and match(abs(change), abs(printed), claim.decimals):
        reasons.append(Reason("direction"))
    return Verdict(
        "change",
        of.measure.name,
        status or "wrong",
        index,
        (claim.owner,),
        before,
        printed=printed,
        computed=change,
        reasons=tuple(reasons),
    )


def before_within(now: int, printed: Fraction, decimals: int) -> list[int]:
    """The whole numbers of the year before that give a change as it is printed, rounded or cut off; the first and the last.

    Examples
    --------
    >>> before_within(2734, Fraction("1.03"), 2), before_within(2734, Fraction("1.02"), 2)
    ([2706, 2706], [])
    """
    step = Fraction(1, 10**decimals)
    size, sign = abs(printed), 1 if printed > 0 else -1
    ends = sorted(
        Fraction(100 * now) / (100 + sign * each) for each in (size - step, size + step) if sign * each > -100
    )
    if not ends:
        return []
    numbers = range(max(floor(ends[0]), 1), ceil(ends[-1]) + 1)
    if len(numbers) > 1_000:
        return [numbers[0], numbers[-1]]
    fits = [n for n in numbers if (now - n) * sign > 0 and match(abs(Fraction(100 * (now - n), n)), size, decimals)]
    return [fits[0], fits[-1]] if fits else []


def _any_whole_number(index: int, claim: Claim, now: int, printed: Fraction) -> Verdict:
    fits = before_within(now, printed, claim.decimals)
    if fits:
        return Verdict(
            "change",
            claim.measure.name,
            "possible",
            index,
            (claim.owner,),
            printed=printed,
            reasons=(Reason("before", fits[0]), Reason("before", fits[1])),
        )
    near = Fraction(100 * now) / (100 + printed)
    around = [n for n in (floor(near), floor(near) + 1) if n > 0]
    reasons = [Reason("nearest", n) for n in around]
    if (
        printed > 0
        and (likely := round(Fraction(now) / printed))
        and match(Fraction(now, likely), printed, claim.decimals)
    ):
        reasons.append(Reason("factor", likely))
    return Verdict(
        "change", claim.measure.name, "impossible", index, (claim.owner,), printed=printed, reasons=tuple(reasons)
    )


def changes_of(now: int, numbers: Iterable[int]) -> list[tuple[int, Fraction]]:
    """Whole numbers of the year before with the change each gives, in per cent.

    Examples
    --------
    >>> [(n, round(float(change), 2)) for n, change in changes_of(2734, [2706, 2707])]
    [(2706, 1.03), (2707, 1.0)]
    """
    return [(n, Fraction(100 * (now - n), n)) for n in numbers]
