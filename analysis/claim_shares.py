"""Shares and changes of a text, held against its counts with exact arithmetic.

A share is first held against the wholes that its words mean: online against what was received, late against what was
resolved or due. Another count of the text is tried only where two decimals or more... make a chance agreement unlikely. A change is
asked whether any whole number of the year before gives it at the printed precision (the idea of GRIM: Brown and Heathers 2017).
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from analysis.claim_accounts import Account, account_of
from analysis.claim_measures import Measure
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
    """What each share and each change of a text is worth.

    Examples
    --------
    >>> from analysis.claim_accounts import read_accounts
    >>> from analysis.claim_texts import Passage
    >>> from analysis.claims import read_claims
    >>> text = "Nhận 26.030 hồ sơ, trong đó trực tuyến 3.399 hồ sơ (13,05%); gửi 2.734 văn bản, tăng 1,02% so với năm 2021"
    >>> claims, _ = read_claims([Passage("1", text)])
    >>> [(v.check, v.status) for v in check_shares(read_accounts(claims), claims)]
    [('share', 'cut_off'), ('change', 'impossible')]
    """
    found = []
    for index, claim in enumerate(claims):
        check = {"share": _share, "change": _change}.get(claim.kind)
        verdict = check(index, accounts, claims) if check else None
        found += [verdict] if verdict else []
    return found


def printed_as(share: Fraction, decimals: int) -> tuple[Fraction, Fraction]:
    """A share rounded (half up) and cut off to some decimals.

    Examples
    --------
    >>> [float(value) for value in printed_as(Fraction(339900, 26030), 2)]
    [13.06, 13.05]
    """
    scale = 10**decimals
    return Fraction(floor(share * scale + Fraction(1, 2)), scale), Fraction(floor(share * scale), scale)


def match(share: Fraction, printed: Fraction, decimals: int) -> str:
    """``rounded``, ``cut_off``, or empty where a share is not printed so.

    Half may have been rounded to the even digit, too.
    """
    rounded, cut = printed_as(share, decimals)
    half = (share * 10**decimals) % 1 == Fraction(1, 2)
    if printed == rounded or (half and printed == cut):
        return "rounded"
    return "cut_off" if printed == cut else ""


def _share(index: int, accounts: Sequence[Account], claims: Sequence[Claim]) -> Verdict | None:
    claim = claims[index]
    if claim.bound or claim.unit != "percent":
        return None
    owner, account = _numerator(claim, accounts, claims)
    if owner < 0 or account is None or not claims[owner].grain == 1:
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
                if base.value and base.claim not in used and match(Fraction(100 * top, base.value), printed, claim.decimals) == status:
                    found = found or Verdict("share", claim.measure.name, status, index, used, base.claim, base.value, printed=printed, computed=Fraction(100 * top, base.value))
    if found or not bases:
        return found
    return _other(index, claims, tops, bases, account, printed)


def _other(index: int, claims: Sequence[Claim], tops: Sequence[tuple[int, tuple[int, ...]]], bases: Sequence[Base], account: Account, printed: Fraction) -> Verdict:
    """A share of another count of the text, or a wrong one."""
    claim = claims[index]
    tried = {base.claim for base in bases}
    for top, used in tops:
        for other in account.all:
            value = account.value(other)
            if other in tried or other in used or not value or value < top or claim.decimals == 0:
                continue
            if match(Fraction(100 * top, value), printed, claim.decimals):
                return Verdict("share", claim.measure.name, "other_base", index, used, other, value, printed=printed, computed=Fraction(100 * tops[0][0], bases[0].value))
    rest = [c for c in claims if c.kind == "share" and c.passage == claim.passage and c.measure.action == claim.measure.action]
    reasons = [Reason("complement")] if any(c.value + claim.value == 100 for c in rest) else []
    base = next(base for base in bases if base.value) if any(b.value for b in bases) else bases[0]
    computed = Fraction(100 * tops[0][0], base.value) if base.value else None
    return Verdict("share", claim.measure.name, "wrong", index, tops[0][1], base.claim, base.value, printed=printed, computed=computed, reasons=tuple(reasons))


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
            return Verdict("share", claim.measure.name, "possible", index, (owner,), base.claim, base.value, printed=Fraction(claim.value))
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
    tops = [(own, (owner,))]
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
        found += [i for m, i in account.figures.items() if m.action == of.measure.action and m.kind in ("electronic", "") and m.kind != of.measure.kind]
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
        return [plain, Measure(what, "received", channel=channel)] if action == "resolved" else [plain, Measure(what, "handled"), Measure(what, "received")]
    return [Measure(what, whole) for whole in WHOLES.get(action, ())]


def _change(index: int, accounts: Sequence[Account], claims: Sequence[Claim]) -> Verdict | None:
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
    near = [i for i, c in enumerate(claims) if c.kind == "before" and c.owner == claim.owner and c.is_exact and c.value > 0]
    return near[0] if len(near) == 1 else None


def _twin(owner: int, claims: Sequence[Claim]) -> int | None:
    """The same count of another period, said nearby: which of the two the change starts from is not written."""
    of = claims[owner]
    near = [
        i for i, c in enumerate(claims)
        if c.kind == "count" and c.measure == of.measure and c.passage == of.passage and c.period != of.period and c.scope == of.scope
    ]  # fmt: skip
    return max(near, default=None, key=lambda i: (-abs(i - owner), i))


def _against_twin(index: int, claim: Claim, owner: int, twin: int, claims: Sequence[Claim], printed: Fraction) -> Verdict | None:
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
    return Verdict("change", of.measure.name, status or "wrong", index, (claim.owner,), before, printed=printed, computed=change, reasons=tuple(reasons))


def before_within(now: int, printed: Fraction, decimals: int) -> list[int]:
    """The whole numbers of the year before that give a change as it is printed, rounded or cut off; the first and the last.

    Examples
    --------
    >>> before_within(2734, Fraction("1.03"), 2), before_within(2734, Fraction("1.02"), 2)
    ([2706, 2706], [])
    """
    step = Fraction(1, 10**decimals)
    size, sign = abs(printed), 1 if printed > 0 else -1
    ends = sorted(Fraction(100 * now) / (100 + sign * each) for each in (size - step, size + step) if sign * each > -100)
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
        return Verdict("change", claim.measure.name, "possible", index, (claim.owner,), printed=printed, reasons=(Reason("before", fits[0]), Reason("before", fits[1])))
    near = Fraction(100 * now) / (100 + printed)
    around = [n for n in (floor(near), floor(near) + 1) if n > 0]
    reasons = [Reason("nearest", n) for n in around]
    if printed > 0 and (likely := round(Fraction(now) / printed)) and match(Fraction(now, likely), printed, claim.decimals):
        reasons.append(Reason("factor", likely))
    return Verdict("change", claim.measure.name, "impossible", index, (claim.owner,), printed=printed, reasons=tuple(reasons))


def changes_of(now: int, numbers: Iterable[int]) -> list[tuple[int, Fraction]]:
    """Whole numbers of the year before with the change each gives, in per cent.

    Examples
    --------
    >>> [(n, round(float(change), 2)) for n, change in changes_of(2734, [2706, 2707])]
    [(2706, 1.03), (2707, 1.0)]
    """
    return [(n, Fraction(100 * (now - n), n)) for n in numbers]
