"""The language of each part of a page: names that the exports bring are Vietnamese on an English page too.

A program that reads a page aloud takes its voice from ``lang``; an English voice makes noise of "Quyết định".
"""

import re

LETTERS = "ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
WORD = rf"[^\W\d_]*[{LETTERS}][^\W\d_]*"
"""A word that only Vietnamese writes so."""

PASSAGE = re.compile(rf"{WORD}(?:[ \-,]+(?:{WORD}|[^\W\d_]{{1,7}}(?=[ \-,]+{WORD})))*", re.IGNORECASE)
"""Such words, and the short ones between two of them."""

SYLLABLE = re.compile(
    rf"(ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?[aeiouy{LETTERS}]{{1,3}}(ng|nh|ch|[cmnpt])?",
    re.IGNORECASE,
)
"""How a Vietnamese word is built, with an accent or without."""

WORDS, WHOLE = re.compile(r"[^\W\d_]+"), re.compile(r"(?s)\A(\s*)(.*?)(\s*)\Z")
TEXT = re.compile(r"(?s)(<(?:style|title|script)\b.*?</(?:style|title|script)>|<!--.*?-->|<[^>]*>)")


def mark_vietnamese(body: str) -> str:
    r"""A page in another language, in which each Vietnamese passage says what it is.

    Parameters
    ----------
    body
        HTML. What stands in attributes stays as it is.

    Examples
    --------
    >>> mark_vietnamese("<td>Sở Xây dựng</td><td>received 937</td>")
    '<td><span lang="vi">Sở Xây dựng</span></td><td>received 937</td>'
    >>> mark_vietnamese("<td>Nội dung</td>")
    '<td><span lang="vi">Nội dung</span></td>'
    >>> mark_vietnamese("<p>Circular 01/2020/TT-VPCP of Văn phòng Chính phủ says so</p>")
    '<p>Circular 01/2020/TT-VPCP of <span lang="vi">Văn phòng Chính phủ</span> says so</p>'
    """
    parts = TEXT.split(body)
    parts[::2] = map(_marked, parts[::2])
    return "".join(parts)


def _marked(text: str) -> str:
    """A text with its passages marked; as a whole if each of its words could be Vietnamese."""
    if not PASSAGE.search(text):
        return text
    if all(map(SYLLABLE.fullmatch, WORDS.findall(text))):
        return WHOLE.sub(r'\g<1><span lang="vi">\g<2></span>\g<3>', text)
    return PASSAGE.sub(r'<span lang="vi">\g<0></span>', text)
