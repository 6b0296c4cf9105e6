"""What a page shows of remarks: the department's own sentences, as written, marked as its own and not the program's."""

from collections.abc import Sequence

import pandas as pd

from analysis.handbook_form import read_form
from analysis.labels import LANGUAGES, Labels
from analysis.page import Html, show_quote, tag
from analysis.periods import Period, same_days
from analysis.store import Data

OF_REPORT = ("results", "shortcomings", "causes", "difficulties", "proposals")
"""The sections that hold nothing but remarks; the others of the form stand in a section of figures."""


def show_remarks(data: Data, asked: Period, section: str, *, labels: Labels) -> Html:
    """The remarks of one section on a period, in the page's language; in the other one, marked, if there are no others.

    Parameters
    ----------
    data
        What was read. Remarks have no unit: on the page of one they are said to be the department's.
    asked
        The period, not cut; remarks on a part of it are not shown.
    section
        One of the form's ``sections``.

    Returns
    -------
    Html
        Empty if nobody wrote anything.

    Raises
    ------
    KeyError
        If there is no such section.
    """
    return _marked([_section(_remarks(data, asked), section, labels)], data, labels)


def show_all_remarks(data: Data, asked: Period, *, labels: Labels) -> Html:
    """The remarks of every section of ``OF_REPORT``, in the order of a report."""
    remarks = _remarks(data, asked)
    return _marked([_section(remarks, section, labels) for section in OF_REPORT], data, labels)


def remarks_of(data: Data, asked: Period, section: str, *, lang: str) -> pd.DataFrame:
    """The remarks of one section on exactly the days of a period, in a language, or in the other one if there are no others.

    Returns
    -------
    DataFrame
        The lines of the handbook, in its order: ``text``, ``who`` (empty if unknown), ``language``.
    """
    return _in_language(_of_section(_remarks(data, asked), section), lang)


def _marked(sections: Sequence[str], data: Data, labels: Labels) -> Html:
    """Sections, marked as the department's own words."""
    if not any(sections):
        return Html("")
    notes = [labels.name("remarks.own_words")]
    if data.unit:
        notes.append(labels.name("remarks.whole_department", unit=data.unit))
    marks = "".join(tag("p", note, "note") for note in notes)
    return Html(f'<div class="remarks">{"".join(sections)}{marks}</div>')


def _section(remarks: pd.DataFrame, section: str, labels: Labels) -> str:
    """The remarks of a section, each with who wrote it, below its heading."""
    name = read_form().choices["sections"][section][labels.lang]
    held = _in_language(_of_section(remarks, section), labels.lang)
    if held.empty:
        return ""
    quotes = [
        show_quote(text, by=labels.name("remarks.by", who=who) if who else "", lang="" if lang == labels.lang else lang)
        for text, who, lang in zip(held.text, held.who, held.language, strict=True)
    ]
    heading = labels.name(f"remarks.heading{'' if section in OF_REPORT else '_of_figures'}", section=name)
    return "".join([tag("h3", heading), *quotes])


def _remarks(data: Data, asked: Period) -> pd.DataFrame:
    """The remarks on exactly the days of a period; a blank language is the first one."""
    remarks = data.handbook.of("remarks")
    remarks = remarks[same_days(remarks.period, asked)]
    return remarks.assign(language=remarks.language.where(remarks.language != "", LANGUAGES[0]))


def _of_section(remarks: pd.DataFrame, section: str) -> pd.DataFrame:
    return remarks[remarks.section == section]


def _in_language(remarks: pd.DataFrame, lang: str) -> pd.DataFrame:
    own = remarks[remarks.language == lang]
    return remarks if own.empty else own
