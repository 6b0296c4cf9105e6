"""Hints at what went wrong: two digits that changed places, or one figure that would mend several sums."""

from collections.abc import Sequence

from analysis.claim_verdicts import Reason, Verdict
from analysis.claims import Claim


def with_hints(verdicts: Sequence[Verdict], claims: Sequence[Claim]) -> list[Verdict]:
    """Verdicts with the hints that can be given.

    Examples
    --------
    >>> from analysis.claim_tokens import Passage
    >>> from analysis.claims import read_claims
    >>> claims, _ = read_claims([Passage("1", "nhận 583 hồ sơ, trực tuyến 163, trực tiếp 690")])
    >>> (verdict,) = with_hints([Verdict("identity", "by_channel", "off", 0, (1, 2), difference=-270)], claims)
    >>> [(reason.key, reason.number) for reason in verdict.reasons]
    [('swapped', 853)]
    """
    return [_hinted(verdict, claims) for verdict in _with_one_figure(verdicts, claims)]


def _with_one_figure(verdicts: Sequence[Verdict], claims: Sequence[Claim]) -> list[Verdict]:
    """Where one figure, written otherwise, would mend several identities, that is said of each."""
    wanted: dict[tuple[int, int], int] = {}
    for verdict in verdicts:
        for change in _changes(verdict, claims):
            wanted[change] = wanted.get(change, 0) + 1
    several = {change for change, times in wanted.items() if times > 1}
    return [
        v._replace(reasons=(*(Reason("one_figure", new, claim) for claim, new in _changes(v, claims) if (claim, new) in several), *v.reasons))
        for v in verdicts
    ]  # fmt: skip


def _changes(verdict: Verdict, claims: Sequence[Claim]) -> list[tuple[int, int]]:
    """(Claim, its value) that would make an identity hold, one claim at a time."""
    if verdict.status != "off":
        return []
    if verdict.name == "difference":
        return []
    whole = [(verdict.whole, int(claims[verdict.whole].value) - verdict.difference)]
    return whole + [(part, int(claims[part].value) + verdict.difference) for part in verdict.parts]


def _hinted(verdict: Verdict, claims: Sequence[Claim]) -> Verdict:
    """With the hint of two digits that changed places, where that would mend it."""
    if verdict.status != "off" or verdict.difference % 9:
        return verdict
    hints = [
        Reason("swapped", new, claim)
        for claim, new in _changes(verdict, claims)
        if _swapped(int(claims[claim].value), new)
    ]
    return verdict._replace(reasons=(*verdict.reasons, *hints))


def _swapped(old: int, new: int) -> bool:
    """Whether a number becomes another when two neighbouring digits change places.

    Examples
    --------
    >>> _swapped(583, 853), _swapped(855, 865)
    (True, False)
    """
    digits = str(old)
    ways = {digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1)}
    return new >= 0 and old != new and str(new).zfill(len(digits)) in ways
