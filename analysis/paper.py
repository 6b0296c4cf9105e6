"""The foot of every printed page: what it is of, and up to which day."""

import re
from collections.abc import Mapping

from analysis.labels import Labels

PLAIN = re.compile(r"[^\w .,;:/–·-]")
"""What stands in a style sheet as a number, so that no text ends the string, or the sheet, that it stands in."""


def running_foot(title: str, about: Mapping[str, str], *, labels: Labels) -> str:
    r"""The text at the foot, as a string of a style sheet.

    Parameters
    ----------
    title
        Of the page.
    about
        May have ``as_of``, a day as the page writes it.
    labels
        The language of the page.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> running_foot("Năm 2022", {"as_of": "10/11/2022"}, labels=read_labels("vi"))
    '"Năm 2022 · số liệu đến 10/11/2022"'
    >>> running_foot('"</style>', {}, labels=read_labels("vi"))
    '"\\22 \\3c /style\\3e "'
    """
    day = [labels.name("printing.as_of", day=about["as_of"])] if about.get("as_of") else []
    text = " · ".join([title, *day])
    return '"' + PLAIN.sub(lambda sign: f"\\{ord(sign[0]):x} ", text) + '"'
