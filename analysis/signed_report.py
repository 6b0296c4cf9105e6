"""The report that is signed: its paragraphs, computed from the figures or written by the department.

The program computes results and shortcomings. Causes, difficulties and proposals are the department's: what the handbook
does not say stays open, and is shown as open.
"""

import pandas as pd

from analysis.answers import first_day
from analysis.labels import Labels
from analysis.periods import Period, until
from analysis.remarks_page import remarks_of
from analysis.sentences import document_sentences, dossier_sentences
from analysis.shortcomings import shortcoming_sentences
from analysis.store import Data
from analysis.targets_page import target_sentences

SECTIONS = {
    "results": ("results_dossiers", "results_documents", "results_targets", "results_own"),
    "shortcomings": ("shortcomings", "shortcomings_own"),
    "causes": ("causes",),
    "difficulties": ("difficulties",),
    "proposals": ("proposals",),
}
"""Section -> its lists of paragraphs, in the order of the report."""

OWN = {
    "results_own": "results",
    "shortcomings_own": "shortcomings",
    "causes": "causes",
    "difficulties": "difficulties",
    "proposals": "proposals",
}
"""List of paragraphs -> the section of the handbook's remarks that it holds."""

TO_FILL = ("causes", "proposals")
"""What a report must have; where the handbook says nothing, there is a place to fill in."""


def paragraphs(
    data: Data, asked: Period, *, figures: pd.DataFrame, targets: pd.DataFrame, procedures: pd.DataFrame, labels: Labels
) -> dict[str, list[str]]:  # fmt: skip
    """The paragraphs of the signed report on a period.

    Parameters
    ----------
    data
        What was read.
    asked
        The period, not cut.
    figures, targets, procedures
        As from ``metrics.headline``, ``targets.targets_of`` and ``catalogue.count_procedures``, of the days that are known.

    Returns
    -------
    dict
        Each list of ``SECTIONS`` -> its paragraphs; empty where there is nothing to say. Those of ``OWN`` are the
        department's, as written.

    Examples
    --------
    >>> found, asked = load("data/raw"), read_period("2022")  # doctest: +SKIP
    >>> paragraphs(found, asked, **figures_of(found, asked), labels=read_labels("en"))["proposals"]  # doctest: +SKIP
    ['Scanners at the counter would help applicants to file online.']
    """
    known = until(asked, data.as_of)
    met = targets[targets.met.eq(True).fillna(value=False)]
    computed = {
        "results_dossiers": dossier_sentences(
            figures, labels, unit=data.name, period=known, first=first_day(data, "dossiers")
        ),
        "results_documents": document_sentences(figures, labels),
        "results_targets": target_sentences(met, labels=labels),
        "shortcomings": shortcoming_sentences(
            data, known, figures=figures, targets=targets, procedures=procedures, labels=labels
        ),
    }
    written = {name: remarks_of(data, asked, section, lang=labels.lang).text.tolist() for name, section in OWN.items()}
    return {name: (computed | written)[name] for names in SECTIONS.values() for name in names}


def figures_of(data: Data, asked: Period) -> dict[str, pd.DataFrame]:
    """The ``figures``, ``targets`` and ``procedures`` of a period, for where nothing has computed them yet.

    Raises
    ------
    Unanswerable
        If the exports say nothing of the period.
    """
    from analysis.catalogue import count_procedures  # noqa: PLC0415 - a page has them already
    from analysis.metrics import headline  # noqa: PLC0415
    from analysis.periods import year_before  # noqa: PLC0415
    from analysis.targets import targets_of  # noqa: PLC0415

    known = until(asked, data.as_of)
    figures = headline(data, known, whole_year=year_before(asked))
    return {
        "figures": figures,
        "targets": targets_of(data, asked, figures=figures),
        "procedures": count_procedures(data.dossiers, data.procedures, known),
    }
