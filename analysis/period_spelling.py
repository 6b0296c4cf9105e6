"""How people write periods otherwise than the program does, and which one they may mean; never taken for it without a word."""

import re

from analysis.vocabulary import fold

ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}

YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")

PARTS = (
    (r"q(?:uy|uarter)? ?(\d)", "Q{}", range(1, 5)),
    (r"(?:h|half|nua nam|ban nien) ?(\d)", "H{}", range(1, 3)),
    (r"(6|9) ?(?:m|t|thang|months?)(?: dau nam)?", "{}M", (6, 9)),
    (r"(?:thang|t|m|month)? ?0?(\d{1,2})", "{:02}", range(1, 13)),
    (r"(?:ca )?(?:nam|year)?()", "", ()),
    (r"official|chinh thuc()", "official", ()),
)
"""What may stand beside the year, folded; how the program writes it; which numbers there are."""


def nearest_period(text: str) -> str:
    """The period that somebody may mean; empty if no one can tell.

    Examples
    --------
    >>> [nearest_period(text) for text in ("Q3/2022", "quý III 2022", "2022Q3", "11/2022", "tháng 9 năm 2022")]
    ['2022-Q3', '2022-Q3', '2022-Q3', '2022-11', '2022-09']
    >>> [nearest_period(text) for text in ("năm 2022", "9 tháng 2022", "2022-9m", "2022-Q5", "2022-13", "last year")]
    ['2022', '2022-9M', '2022-9M', '', '', '']
    """
    years = YEAR.findall(text)
    year = years[0] if len(years) == 1 else ""
    rest = " ".join(ROMAN.get(word, word) for word in fold(text.replace(year, " ") if year else "").split())
    rest = re.sub(r" nam$|^nam (?=\w)", "", rest)
    for pattern, form, numbers in PARTS if year else ():
        if found := re.fullmatch(pattern, rest):
            number = found.group(1)
            part = form.format(int(number)) if number else form
            is_known = not number or int(number) in numbers
            return f"{year}-{part}".rstrip("-") if is_known else ""
    return ""
