"""How a share is printed: rounded, or cut off; with whole numbers and fractions, so that no half is lost."""

from fractions import Fraction
from math import floor


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
