"""What a check found: its verdict, the claims it is about, and the likely reason."""

from fractions import Fraction
from typing import NamedTuple

WRONG = ("off", "wrong", "impossible", "differs")
"""Verdicts that say that something is wrong."""


class Reason(NamedTuple):
    """A likely reason, or a hint."""

    key: str
    """A name of the labels' section ``audit_reasons``."""
    number: int = 0
    claim: int = -1
    """The claim it is about."""
    names: tuple[str, ...] = ()
    """Names of the labels' sections ``audit_measures``."""


class Verdict(NamedTuple):
    """What is said of one or several claims."""

    check: str
    """``identity``, ``share``, ``change`` or ``data``."""
    name: str
    """Which identity, or what the share or change is of."""
    status: str
    """``holds``, ``explained``, ``off``; ``rounded``, ``cut_off``, ``other_base``, ``wrong``, ``possible``; ``impossible``;
    ``agrees``, ``differs``."""
    whole: int
    """The claim that is judged: of an identity the whole, of a share or change itself."""
    parts: tuple[int, ...] = ()
    """Of an identity the parts; of a share numerator claims."""
    base: int = -1
    """Of a share the claim of the denominator."""
    base_value: int = 0
    """Of a share the denominator."""
    difference: int = 0
    """Of an identity whole less parts."""
    printed: Fraction | None = None
    computed: Fraction | None = None
    """Of a share or change what it should be, in per cent; of data the computed value."""
    reasons: tuple[Reason, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether it says that something is wrong."""
        return self.status in WRONG
