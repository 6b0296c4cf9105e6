"""What a page calls things, and how it writes numbers and days, in Vietnamese and in English.

Texts stand in ``labels.toml``; numbers are written by the rules of the language (CLDR, through Babel).
"""

import difflib
import re
import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from math import isnan
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from analysis.periods import Period

LANGUAGES = ("vi", "en")
TEXTS = Path(__file__).with_name("labels.toml")
NOTHING = "–"
"""What stands where a figure cannot be computed."""

HELD = "…"
"""What stands where a figure is known and, in the public edition, not told; as in statistical yearbooks."""

PERCENT = {"vi": "#,##0.00\u00a0%", "en": "#,##0.00%"}
TYPED = "0.###############"
POINTS = {"vi": "điểm\u00a0%", "en": "pp"}
DAY = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}
PARTS = {"Q": "quarter", "H": "half"}


class Labels(NamedTuple):
    """The words of one language."""

    lang: str
    texts: dict[str, dict[str, dict[str, str]]]
    """Section -> name -> language -> text."""

    def __repr__(self) -> str:
        """Its language; the texts are thousands.

        Examples
        --------
        >>> read_labels("vi")
        <Labels: vi>
        """
        return f"<Labels: {self.lang}>"

    def name(self, key: str, **values: str) -> str:
        """The text of ``section.name``, its braces filled in.

        Raises
        ------
        KeyError
            If there is none; the message names the nearest.

        Examples
        --------
        >>> read_labels("vi").name("measures.online_share")
        'Tỷ lệ trực tuyến'
        """
        section, _, name = key.partition(".")
        texts = self.texts.get(section, {})
        if name not in texts:
            near = difflib.get_close_matches(name, texts, 1)
            raise KeyError(f"labels.toml has no {key!r}" + (f"; the nearest is {section}.{near[0]}" if near else ""))
        return texts[name][self.lang].format(**values)

    def number(self, value: float) -> str:
        """A count, or another number with one decimal at most.

        Examples
        --------
        >>> read_labels("vi").number(1234.5), read_labels("en").number(2734), read_labels("vi").number(float("nan"))
        ('1.234,5', '2,734', '–')
        """
        return NOTHING if pd.isna(value) else format_decimal(round(value, 1), "#,##0.#", locale=self.lang)

    def percent(self, value: float) -> str:
        r"""A share of 1, in per cent with two decimals, as official reports print it.

        Examples
        --------
        >>> read_labels("vi").percent(163 / 937), read_labels("en").percent(163 / 937)
        ('17,40\xa0%', '17.40%')
        """
        return NOTHING if pd.isna(value) else format_percent(value, PERCENT[self.lang], locale=self.lang)

    def as_typed(self, value: float, *, of_share: bool = False) -> str:
        r"""A number that a person typed, with all its decimals and no others; of a share of 1, in per cent.

        Examples
        --------
        >>> vi = read_labels("vi")
        >>> vi.as_typed(1234.125), vi.as_typed(0.95, of_share=True), read_labels("en").as_typed(0.875, of_share=True)
        ('1.234,125', '95\xa0%', '87.5%')
        """
        if of_share:
            return format_percent(round(value, 12), PERCENT[self.lang].replace("0.00", TYPED), locale=self.lang)
        return format_decimal(value, f"#,##{TYPED}", locale=self.lang)

    def change(self, value: float, *, of_rate: bool = False) -> str:
        r"""A change with its sign: relative of a count, in percentage points of a rate.

        Examples
        --------
        >>> vi = read_labels("vi")
        >>> vi.change(2734 / 2706 - 1), vi.change(-0.021, of_rate=True)
        ('+1,03\xa0%', '−2,10 điểm\xa0%')
        """
        if isnan(value):
            return NOTHING
        sign = "+" if round(value, 4) > 0 else "−" if round(value, 4) < 0 else ""
        if not of_rate:
            return sign + self.percent(abs(value))
        return f"{sign}{format_decimal(abs(value) * 100, '0.00', locale=self.lang)} {POINTS[self.lang]}"

    def day(self, day: pd.Timestamp) -> str:
        """A day, as the language writes it.

        Examples
        --------
        >>> read_labels("vi").day(pd.Timestamp("2022-11-10"))
        '10/11/2022'
        """
        return NOTHING if pd.isna(day) else format_date(day, DAY[self.lang], locale=self.lang)

    def moment(self, at: datetime) -> str:
        """A day and the time of it, to the minute, as the language writes it.

        Examples
        --------
        >>> read_labels("vi").moment(datetime(2026, 1, 5, 6, 0, 9))
        '05/01/2026 06:00'
        """
        return f"{self.day(pd.Timestamp(at))} {at:%H:%M}"

    def weekday(self, day: pd.Timestamp) -> str:
        """A day with its day of the week.

        Examples
        --------
        >>> read_labels("vi").weekday(pd.Timestamp("2022-11-10")), read_labels("en").weekday(pd.Timestamp("2022-11-10"))
        ('Thứ Năm, 10/11/2022', 'Thursday, 10 Nov 2022')
        """
        return f"{format_date(day, 'EEEE', locale=self.lang)}, {self.day(day)}"

    def month(self, month: Any) -> str:
        """A month (a Period), short enough for an axis.

        Examples
        --------
        >>> read_labels("vi").month(pd.Period("2022-03")), read_labels("en").month(pd.Period("2022-03"))
        ('3/2022', 'Mar 2022')
        """
        return f"{month.month}/{month.year}" if self.lang == "vi" else f"{month:%b %Y}"

    def several(self, texts: Iterable[str]) -> str:
        """Texts as an enumeration.

        Examples
        --------
        >>> read_labels("vi").several(["163 trực tuyến", "774 trực tiếp"])
        '163 trực tuyến và 774 trực tiếp'
        """
        return format_list(list(texts), locale=self.lang)

    def period(self, period: Period) -> str:
        """A period's name in words.

        Examples
        --------
        >>> from analysis.periods import read_period
        >>> read_labels("vi").period(read_period("2022-Q3")), read_labels("en").period(read_period("2022"))
        ('quý 3 năm 2022', '2022')
        """
        year, _, part = period.name.partition("-")
        if ".." in part:
            return self.name("periods.days", first=self.day(period.first), last=self.day(period.last))
        if not part or part == "official":
            return self.name(f"periods.{part or 'year'}", year=year)
        kind = PARTS.get(part[0], "months" if part.endswith("M") else "month")
        return self.name(f"periods.{kind}", number=part.strip("QHM"), year=year)

    def reason(self, reason: str, column: str) -> str:
        """Why a line was rejected, or what is doubtful in it.

        Examples
        --------
        >>> read_labels("en").reason("unreadable_due_on", "due_on")
        'Unreadable due date'
        """
        told = f"columns.{column}"
        name = self.name(told) if column in self.texts["columns"] else column
        key = reason if reason in self.texts["reasons"] else reason.removesuffix(f"_{column}")
        return self.name(f"reasons.{key}", column=name)

    def doubt(self, reason: str, detail: str = "") -> str:
        """What was not certain about a whole sheet; a reason without a text is shown as it is.

        Examples
        --------
        >>> read_labels("en").doubt("cut_short", "line 7")
        'The last line looks cut; the file may be half copied: line 7'
        >>> read_labels("en").doubt("some_reason")
        'some_reason'
        """
        text = self.texts["doubts"].get(reason, {}).get(self.lang, reason)
        told = text.replace("{detail}", detail)
        return f"{told}: {detail}" if detail and told == text else told


@cache
def read_labels(lang: str) -> Labels:
    """The labels of a language.

    Raises
    ------
    ValueError
        If there is no such language.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"the language {lang!r} is not known; known are {' and '.join(LANGUAGES)}.")
    return Labels(lang, tomllib.loads(TEXTS.read_text("utf-8")))


def places(text: str) -> set[str]:
    """The names in braces of a text.

    Examples
    --------
    >>> sorted(places("{number} of {total}"))
    ['number', 'total']
    """
    return set(re.findall(r"\{(\w+)\}", text))
