"""What a Word template may name: texts, figures, paragraphs, tables and charts of a period."""

from collections.abc import Callable
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from analysis import charts
from analysis.answers import silent_months
from analysis.corrections_page import effect_sentences
from analysis.counts import by_month, count_events, count_intake
from analysis.effects import effect
from analysis.handbook_form import read_form
from analysis.labels import Labels
from analysis.metrics import MEASURES
from analysis.month_notes import notes_of
from analysis.page import MOVED
from analysis.periods import Period, until, year_before
from analysis.pictures import figure_of, head_of, png_of
from analysis.remarks_page import OF_REPORT, remarks_of
from analysis.sections import change_of, value_of
from analysis.settings_page import JUDGING, rule_sentences
from analysis.signed_report import SECTIONS, figures_of, paragraphs
from analysis.store import Data
from analysis.word_tables import TABLES, tables_of

DOTS_PER_INCH = 300
"""Sharp on paper: the width of a page takes about 1,400 of them."""

TEXTS = ("unit", "report_to", "period", "year", "subject", "first_day", "last_day", "as_of", "sample")
"""Single texts."""

COLUMNS = {"": "value", "_before": "before", "_change": "change", "_whole": "whole"}
"""What is added to the name of a measure -> the column of its headline."""

PARAGRAPHS = tuple(name for names in SECTIONS.values() for name in names)
REMARKS = tuple(f"remarks_{name}" for name in read_form().choices["sections"] if name not in OF_REPORT)
"""The department's sentences that belong to a section of figures."""

CHARTS = ("chart_intake", "chart_on_time")


class Chart(NamedTuple):
    """A picture and what it shows."""

    picture: bytes
    """PNG."""
    title: str
    says: str
    """The sentence for those who cannot see it."""


def placeholders() -> list[str]:
    """Every name that a template may use, in the order of the list in ``docs/word.md``.

    Examples
    --------
    >>> known = placeholders()
    >>> "received_change" in known, "causes" in known, "months" in known, len(known) == len(set(known))
    (True, True, True, True)
    """
    figures = [measure + ending for measure in MEASURES for ending in COLUMNS]
    pictures = [name + ending for name in CHARTS for ending in ("", "_title", "_says")]
    return [*TEXTS, *figures, *PARAGRAPHS, *REMARKS, "notes", *TABLES, *pictures]


def fields_of(data: Data, asked: Period, *, labels: Labels) -> dict[str, Any]:
    """The values of all ``placeholders``: texts, lists of texts, lists of rows; under the name of a chart a ``Chart``.

    Parameters
    ----------
    data
        What was read.
    asked
        The period, not cut.

    Raises
    ------
    Unanswerable
        If the exports say nothing of the period.
    """
    known, held = until(asked, data.as_of), figures_of(data, asked)
    figures, targets = held["figures"], held["targets"]
    moved = effect(data, known, whole_year=year_before(asked))
    drawn = _charts(data, known, labels)
    tables = tables_of(data, known, figures=figures, targets=targets, moved=moved, labels=labels)
    return {
        **_texts(data, asked, known, labels),
        **_figures(figures, labels),
        **paragraphs(data, asked, **held, labels=labels),
        **{n: remarks_of(data, asked, n.removeprefix("remarks_"), lang=labels.lang).text.tolist() for n in REMARKS},
        "notes": _notes(data, known, moved, labels),
        **tables,
        **drawn,
        **{f"{name}_title": chart.title for name, chart in drawn.items()},
        **{f"{name}_says": chart.says for name, chart in drawn.items()},
    }


def _texts(data: Data, asked: Period, known: Period, labels: Labels) -> dict[str, str]:
    period = labels.period(asked)
    texts = (
        data.name,
        str(data.vocabulary.settings["report_to"]),
        period,
        str(asked.last.year),
        labels.name("signed.subject", period=period),
        labels.day(known.first),
        labels.day(known.last),
        labels.name(f"sentences.as_of_{data.as_of_basis}", day=labels.day(data.as_of)) + ".",
        labels.name("sentences.made_up") if data.is_sample else "",
    )
    return dict(zip(TEXTS, texts, strict=True))


def _figures(figures: pd.DataFrame, labels: Labels) -> dict[str, str]:
    """Every figure under its name, and those of the year before under longer ones."""
    return {
        measure + ending: (change_of if column == "change" else value_of)(
            measure, float(figures[column].loc[measure]), labels
        )
        for measure in MEASURES
        for ending, column in COLUMNS.items()
    }


def _notes(data: Data, known: Period, moved: pd.DataFrame, labels: Labels) -> list[str]:
    """What a reader of the tables must know."""
    corrected = effect_sentences(data, moved, labels=labels)
    if corrected and len(moved):
        corrected = [" ".join([*corrected, labels.name("corrections.marked", mark=MOVED)])]
    of_unit = [labels.name("remarks.whole_department", unit=data.unit)] if data.unit else []
    basis = labels.name(f"sentences.as_of_{data.as_of_basis}", day=labels.day(data.as_of)) + "."
    partly = [labels.name("sentences.partly_silent")] if silent_months(data, "dossiers", known) else []
    return [basis, *partly, *rule_sentences(data, names=JUDGING, labels=labels), *corrected, *of_unit]


def _charts(data: Data, known: Period, labels: Labels) -> dict[str, Chart]:
    plots: tuple[tuple[Callable[..., Axes], Callable[..., pd.DataFrame]], ...] = (
        (charts.plot_intake, count_intake),
        (charts.plot_timeliness, count_events),
    )
    asked: dict[str, Any] = {
        "notes": notes_of(data, known), "few": data.vocabulary.settings["few_dossiers"], "labels": labels,
    }  # fmt: skip
    drawn = [_picture(plot(by_month(count(data.dossiers), known), **asked)) for plot, count in plots]
    return dict(zip(CHARTS, drawn, strict=True))


def _picture(ax: Axes) -> Chart:
    chart = Chart(png_of(ax, pixels_per_inch=DOTS_PER_INCH), head_of(ax).finding, str(ax.get_label()))
    plt.close(figure_of(ax))
    return chart
