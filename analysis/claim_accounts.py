"""Claims that belong together: what one text says of one whole in one period.

An account ends where a figure is said anew with another value: what follows is another account, and nothing is checked
across the two.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analysis.claim_measures import Measure
from analysis.claims import Claim


class Account(NamedTuple):
    """Counts of one whole."""

    what: str
    scope: str
    period: str
    claims: Sequence[Claim]
    """All claims of the text."""
    figures: dict[Measure, int]
    """Measure -> the claim that gives it."""
    all: list[int]
    """Every claim of it, in order."""

    def find(self, action: str, timeliness: str = "", channel: str = "", level: str = "", kind: str = "") -> int | None:
        """The claim that gives a measure; None where the text says nothing of it."""
        return self.figures.get(Measure(self.what, action, timeliness, channel, level, kind))

    def value(self, claim: int | None) -> int | None:
        """Its value, if the text gives it exactly."""
        if claim is None or not self.claims[claim].is_exact:
            return None
        return int(self.claims[claim].value)

    @property
    def total(self) -> int | None:
        """The claim that gives all that was to be dealt with, else all that came in."""
        for action in ("handled", "received"):
            found = self.find(action)
            if found is not None:
                return found
        return None

    @property
    def carried_is_inside(self) -> bool:
        """Whether the carry-over is a part of the total, by the words of the text."""
        total, carried = self.total, self.find("carried")
        if total is None or carried is None:
            return self.find("handled") is not None
        return self.claims[total].measure.action == "handled" or self.claims[carried].head == total


def read_accounts(claims: Sequence[Claim]) -> list[Account]:
    """The accounts of a text, in the order of their first figures.

    Examples
    --------
    >>> from analysis.claim_tokens import Passage
    >>> from analysis.claims import read_claims
    >>> text = "Tháng 5 nhận 40 hồ sơ, giải quyết 38 hồ sơ. Tháng 6 nhận 50 hồ sơ, giải quyết 44 hồ sơ."
    >>> claims, _ = read_claims([Passage("1", text)])
    >>> [[str(claims[i].value) for i in account.all] for account in read_accounts(claims)]
    [['40', '38'], ['50', '44']]
    """
    accounts: list[Account] = []
    current: dict[tuple[str, str, str], Account] = {}
    agencies: dict[tuple[str, str, str], str] = {}
    for index, claim in enumerate(claims):
        if claim.kind != "count":
            continue
        key = (claim.measure.what, claim.scope, claim.period)
        account = current.get(key)
        before = account.figures.get(claim.measure) if account else None
        repeats = before is not None and claims[before].value != claim.value
        if account is None or (repeats and claim.measure.action not in OFTEN) or _differ(agencies[key], claim.agency):
            account = current[key] = Account(*key, claims, {}, [])
            agencies[key] = claim.agency
            accounts.append(account)
        account.figures.setdefault(claim.measure, index)
        account.all.append(index)
        agencies[key] = agencies[key] or claim.agency
    return accounts


OFTEN = ("licensed", "answered")
"""Ends that a text may give in several parts."""


def _differ(one: str, other: str) -> bool:
    """Whether two names are of two agencies; a shorter way to write one is no other."""
    return bool(one and other) and one not in other and other not in one


def account_of(accounts: Iterable[Account], claim: int) -> Account | None:
    """The account that a claim stands in."""
    return next((account for account in accounts if claim in account.all), None)
