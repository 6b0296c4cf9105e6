"""Numbers and days as a page writes them, read back: the inverse of ``labels``, to the decimals that are printed."""

import re
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from babel.dates import get_month_names

from analysis.labels import POINTS
from analysis.page import MOVED

SEPARATORS = {"vi": (".", ","), "en": (",", ".")}
"""Language -> what stands between thousands, and before decimals."""

MOST_DIGITS = 15
"""Digits that a spreadsheet keeps; a longer number stays text."""

DAYS = {
    "vi": re.compile(r"(?P<day>\d{2})/(?P<month>\d{2})/(?P<year>19\d{2}|2\d{3})"),
    "en": re.compile(r"(?P<day>[1-9]\d?) (?P<month>[A-Z][a-z]{2}) (?P<year>19\d{2}|2\d{3})"),
}
"""How a language writes a day that a spreadsheet can hold."""

DAY_STYLES = {"vi": "dd/mm/yyyy", "en": "d mmm yyyy"}

UNSIGNED, SIGNED = "{0}", '+{0};"−"{0};{0}'
"""How a spreadsheet formats a number; a change is shown with its sign."""


class Written(NamedTuple):
    """What a text of a page says, for a spreadsheet."""

    value: float | datetime
    style: str
    """The spreadsheet's format for it, with as many decimals as were printed, and with the mark behind it."""

    @property
    def is_day(self) -> bool:
        """Whether it is a day rather than a number."""
        return isinstance(self.value, datetime)


def read_back(text: str, *, lang: str) -> Written | None:
    r"""The number or day that a text of a page is; none if it is neither, whatever another language would read in it.

    A share is a part of 1, a change in points stays in points. A code keeps its zeros: ``00123`` and ``1.007767`` are texts.

    Examples
    --------
    >>> read_back("1.234", lang="vi"), read_back("17,40\xa0%†", lang="vi")
    (Written(value=1234.0, style='#,##0'), Written(value=0.174, style='0.00%"†"'))
    >>> read_back("−2.10 pp", lang="en")
    Written(value=-2.1, style='+0.00" pp";"−"0.00" pp";0.00" pp"')
    >>> read_back("10/11/2022", lang="vi")
    Written(value=datetime.datetime(2022, 11, 10, 0, 0), style='dd/mm/yyyy')
    >>> read_back("1.007767", lang="vi"), read_back("00123", lang="en"), read_back("1.234,5", lang="en")
    (None, None, None)
    """
    return _read_number(text, lang) or _read_day(text, lang)


def _read_number(text: str, lang: str) -> Written | None:
    found = _grammar(lang).fullmatch(text)
    if not found:
        return None
    thousands, _ = SEPARATORS[lang]
    whole, decimals = found["whole"].replace(thousands, ""), found["decimals"] or ""
    if len(whole) + len(decimals) > MOST_DIGITS:
        return None
    value = Decimal(f"{whole}.{decimals or 0}") * (-1 if found["sign"] in {"-", "−"} else 1)
    if found["unit"] == "%":
        value /= 100
    return Written(float(value), _style(found.groupdict(), lang))


@cache
def _grammar(lang: str) -> re.Pattern[str]:
    """A number as a language writes it; only a short one, or a year, stands without marks between its thousands."""
    thousands, point = (re.escape(mark) for mark in SEPARATORS[lang])
    whole = rf"(?P<whole>0|[1-9]\d{{0,2}}(?:{thousands}\d{{3}})*|[1-9]\d{{3,}}(?!{point}))"
    unit = rf"(?:[ \xa0]?(?P<unit>{re.escape(POINTS[lang])}|%))?"
    return re.compile(rf"(?P<sign>[+−-])?{whole}(?:{point}(?P<decimals>\d{{1,2}}))?{unit}(?P<mark>{MOVED})?")


def _style(found: dict[str, str | None], lang: str) -> str:
    whole, decimals, unit = found["whole"] or "", found["decimals"] or "", found["unit"]
    is_year = whole.isdigit() and len(whole) > 3
    number = "0" if unit or is_year else "#,##0"
    number += f".{'0' * len(decimals)}" if decimals else ""
    number += "%" if unit == "%" else f'" {POINTS[lang]}"' if unit else ""
    number += f'"{MOVED}"' if found["mark"] else ""
    return (SIGNED if found["sign"] in {"+", "−"} else UNSIGNED).format(number)


def _read_day(text: str, lang: str) -> Written | None:
    """A day, if the language writes it just so."""
    found = DAYS[lang].fullmatch(text)
    if not found:
        return None
    month = found["month"]
    number = int(month) if month.isdecimal() else _months(lang).get(month, 0)
    try:
        return Written(datetime(int(found["year"]), number, int(found["day"])), DAY_STYLES[lang])
    except ValueError:
        return None


@cache
def _months(lang: str) -> dict[str, int]:
    return {name: number for number, name in get_month_names("abbreviated", locale=lang).items()}
