"""Identities between the counts of a text: parts and their whole, what came in and what became of it.

Of a partition that is known to be complete (channels, timeliness, due or overdue) every deviation is said. Of a list with
names of its own only that it adds up, or that its parts exceed the whole: it may leave something out.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple

from analysis.claim_accounts import Account
from analysis.claim_groups import ENDED, check_groups
from analysis.claim_hints import with_hints
from analysis.claim_verdicts import Reason, Verdict
from analysis.claims import Claim


class Sum(NamedTuple):
    """Claims whose values add up to something, where all are exact."""

    claims: tuple[int, ...]
    value: int


def check_identities(accounts: Sequence[Account], claims: Sequence[Claim]) -> list[Verdict]:
    """Every identity that the counts of a text can be held to.

    Examples
    --------
    >>> from analysis.claim_accounts import read_accounts
    >>> from analysis.claim_tokens import Passage
    >>> from analysis.claims import read_claims
    >>> text = "Nhận 937 hồ sơ (trực tuyến 163, trực tiếp 774); giải quyết 855 hồ sơ; còn 67 hồ sơ đang giải quyết"
    >>> claims, _ = read_claims([Passage("1", text)])
    >>> [(v.name, v.status, v.difference, v.reasons[0].key if v.reasons else "") for v in
    ...     check_identities(read_accounts(claims), claims)]
    [('by_channel', 'holds', 0, ''), ('balance', 'off', 15, 'no_class')]
    """
    found: list[Verdict] = []
    for account in accounts:
        checks = DOSSIERS if account.what == "dossiers" else OTHERS
        found += [verdict for check in checks if (verdict := check(account)) is not None]
    return with_hints([*found, *check_groups(accounts, claims, found)], claims)


def _sum(account: Account, claims: Iterable[int | None]) -> Sum | None:
    indices = tuple(claims)
    values = [account.value(claim) for claim in indices]
    if not indices or None in values:
        return None
    return Sum(tuple(i for i in indices if i is not None), sum(v for v in values if v is not None))


def _verdict(name: str, account: Account, whole: int, parts: Sum, *, reasons: Sequence[Reason] = ()) -> Verdict | None:
    value = account.value(whole)
    if value is None:
        return None
    difference = value - parts.value
    return Verdict(
        "identity", name, "off" if difference else "holds", whole, parts.claims, difference=difference,
        reasons=tuple(reasons) if difference else (),
    )  # fmt: skip


def _partition(
    account: Account, name: str, whole: int | None, ways: Iterable[Sum | None], **more: Sequence[Reason]
) -> Verdict | None:
    """The first complete way in which the parts are given; another that adds up wins."""
    known = [way for way in ways if way is not None]
    if whole is None or account.value(whole) is None or not known:
        return None
    best = next((way for way in known if way.value == account.value(whole)), known[0])
    return _verdict(name, account, whole, best, **more)


def _by_channel(account: Account) -> Verdict | None:
    whole = account.total
    if whole is None:
        return None
    action = account.claims[whole].measure.action

    find = partial(_by_any, account, (action, "received", "handled"))
    online = find("online")
    levels = [
        i
        for m, i in account.figures.items()
        if m.channel == "online" and m.level and m.action in ("received", "handled")
    ]
    first = [online] if online is not None else levels
    second = find("in_person_or_postal")
    person, post = find("in_person"), find("postal")
    others = [second] if second is not None else [person, *([post] if post is not None else [])]
    if not first or others[0] is None:
        return None
    carried = account.find("carried")
    ways = [_sum(account, [*first, *others])]
    if carried is not None:
        ways.insert(0 if account.carried_is_inside else 1, _sum(account, [*first, *others, carried]))
    named = (["postal"] if second is None and post is None else []) + (
        ["carried"] if carried is None and account.carried_is_inside else []
    )
    missing = [Reason("not_named", names=tuple(named))] if named else []
    verdict = _partition(account, "by_channel", whole, ways)
    if verdict and verdict.difference > 0:
        return verdict._replace(reasons=(*missing,))
    return verdict


def _by_any(account: Account, actions: Iterable[str], channel: str) -> int | None:
    """The claim of a channel under the first action that has one."""
    return next((found for a in actions if (found := account.find(a, channel=channel)) is not None), None)


def _by_timeliness(account: Account) -> Verdict | None:
    whole = account.find("resolved")
    return _partition(account, "by_timeliness", whole, _timed(account)) or _at_most(account, whole)


def _timed(account: Account) -> list[Sum | None]:
    """Every complete way in which a text gives the resolved by timeliness."""
    early, on_time, timely, late = (account.find("resolved", t) for t in ("early", "on_time", "timely", "late"))
    ways = []
    if late is not None:
        if early is not None and on_time is not None:
            ways.append(_sum(account, [early, on_time, late]))
        elif on_time is not None:
            ways.append(_sum(account, [on_time, late]))
        if timely is not None:
            ways.append(_sum(account, [timely, late]))
    return ways


def _at_most(account: Account, whole: int | None) -> Verdict | None:
    """Parts of the resolved that are not all: they may not exceed it, and all is well where they make it up."""
    early, on_time = account.find("resolved", "early"), account.find("resolved", "on_time")
    both = _sum(account, [early, on_time]) if early is not None and on_time is not None else None
    if whole is None or both is None:
        return None
    verdict = _verdict("by_timeliness", account, whole, both)
    return verdict if verdict and verdict.difference <= 0 else None


def _by_due(account: Account) -> Verdict | None:
    in_time, overdue, paused = (
        account.find("pending", "in_time"),
        account.find("pending", "overdue"),
        account.find("paused"),
    )
    if in_time is None or overdue is None:
        return None
    ways = [
        _sum(account, [in_time, overdue]),
        *([_sum(account, [in_time, overdue, paused])] if paused is not None else []),
    ]
    return _partition(account, "by_due", account.find("pending"), ways)


def _due(account: Account) -> Verdict | None:
    return (
        _partition(account, "due", account.find("due"), _timed(account)) if account.find("resolved") is None else None
    )


def _handled(account: Account) -> Verdict | None:
    return _partition(account, "handled", account.find("handled"), [_given(account, ["received", "carried"])])


def _given(account: Account, actions: Iterable[str]) -> Sum | None:
    found = [account.find(action) for action in actions]
    return None if None in found else _sum(account, found)


def _by_level(account: Account) -> Verdict | None:
    for action in ("received", "handled"):
        parts = [account.find(action, channel="online", level=level) for level in ("level3", "level4")]
        whole = account.find(action, channel="online")
        if whole is not None and None not in parts:
            return _partition(account, "by_level", whole, [_sum(account, parts)])
    return None


def _balance(account: Account) -> Verdict | None:
    """Carried over + received = resolved + pending + ended otherwise, in every way that the text may mean it."""
    total = account.total
    resolved, is_all = _resolved(account)
    pending, missing = _pending(account)
    if total is None or account.value(total) is None or resolved is None or pending is None:
        return None
    inside = {
        account.find("pending"),
        *resolved.claims,
        *pending.claims,
    }  # "67 đang giải quyết, trong đó 12 chờ bổ sung"
    found = [account.find(action) for action in ENDED]
    ended = [
        i
        for i in found
        if i is not None and account.value(i) is not None and account.claims[i].head not in inside - {None}
    ]
    carried = account.find("carried")
    by_itself = (
        account.find("handled") is None and carried is not None
    )  # "(kỳ trước chuyển sang: 48)" may be within, or beside
    adds = [(carried,), ()] if by_itself and not account.carried_is_inside else [(), (carried,)] if by_itself else [()]
    whole = account.value(total) or 0
    fullest: Verdict | None = None
    for chosen in _subsets(ended):
        for more in adds:
            extra = sum(account.value(i) or 0 for i in more)
            out = resolved.value + pending.value + sum(account.value(i) or 0 for i in chosen)
            difference = whole + extra - out
            parts = (*resolved.claims, *pending.claims, *chosen)
            left_out = [Reason("inside", claim=i) for i in ended if i not in chosen]
            added = [Reason("with_carried", claim=i) for i in more if i is not None and account.value(i)]
            if difference == 0:
                return Verdict("identity", "balance", "holds", total, parts, reasons=(*added, *left_out))
            if fullest is None:
                fullest = Verdict(
                    "identity", "balance", "off", total, parts, difference=difference, reasons=tuple(added)
                )
    if (
        fullest is None
        or not is_all
        or (account.claims[total].in_row and carried is None and account.find("handled") is None)
    ):
        return None
    return fullest._replace(reasons=(*fullest.reasons, *_why(account, fullest.difference, missing)))


def _why(account: Account, difference: int, missing: str) -> list[Reason]:
    """What would explain a gap of a balance."""
    if difference < 0:
        is_open = account.find("carried") is None and account.find("handled") is None
        return [Reason("carry_over", -difference)] if is_open else []
    unnamed = tuple(action for action in ("withdrawn", "returned") if account.find(action) is None)
    if account.find("ended_otherwise") is not None:
        unnamed = ()
    names = (*([missing] if missing else []), *unnamed)
    return [Reason("no_class", difference, names=names)]


def _subsets(items: Sequence[int]) -> Iterable[tuple[int, ...]]:
    """All of them first, then with ever fewer."""
    for size in range(len(items), -1, -1):
        yield from combinations(items, size)


def _resolved(account: Account) -> tuple[Sum | None, bool]:
    """The resolved, else what they are made of; and whether that is all of them."""
    given = account.find("resolved")
    if account.value(given) is not None:
        return _sum(account, [given]), True
    ways = [way for way in _timed(account) if way is not None]
    if ways:
        return ways[0], True
    if given is not None:
        return None, False
    early, on_time, timely = (account.find("resolved", t) for t in ("early", "on_time", "timely"))
    some = [i for i in ((timely,) if timely is not None else (early, on_time)) if i is not None]
    return (_sum(account, some) if some else None), False


def _pending(account: Account) -> tuple[Sum | None, str]:
    """What is open, else what it is made of; and which part of it is not named."""
    given = account.find("pending")
    if account.value(given) is not None:
        return _sum(account, [given]), ""
    if given is not None:
        return None, ""
    in_time, overdue = account.find("pending", "in_time"), account.find("pending", "overdue")
    some = [i for i in (in_time, overdue) if i is not None]
    missing = "in_time" if in_time is None else "overdue" if overdue is None else ""
    return (_sum(account, some) if in_time is not None else None), missing


def _documents(account: Account) -> Verdict | None:
    whole = next((i for m, i in account.figures.items() if m.action == "exchanged"), None)
    parts = [[i for m, i in account.figures.items() if m.action == action] for action in ("sent", "incoming")]
    if whole is None or any(len(part) != 1 for part in parts):
        return None
    return _partition(account, "by_direction", whole, [_sum(account, [part[0] for part in parts])])


def _services(account: Account) -> Verdict | None:
    """Services fully and partly online; others may give information alone, so that only too many are wrong."""
    parts = [[i for m, i in account.figures.items() if m.level == level] for level in ("full", "partial")]
    whole = next((i for m, i in account.figures.items() if not m.level and not m.action), None)
    if whole is None or any(len(part) != 1 for part in parts):
        return None
    verdict = _partition(account, "by_service", whole, [_sum(account, [part[0] for part in parts])])
    return verdict if verdict and verdict.difference <= 0 else None


DOSSIERS = (_handled, _by_channel, _by_level, _by_timeliness, _due, _by_due, _balance)
OTHERS = (_documents, _services)
