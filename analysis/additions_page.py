"""What a page shows of additions: figures that no export has, entered by hand, beside computed ones and never for them."""

from typing import Any, NamedTuple

import pandas as pd

from analysis.labels import NOTHING, Labels, read_labels
from analysis.metrics import MEASURES, headline
from analysis.page import Html, show_sentences, show_table
from analysis.periods import Period, same_days, until
from analysis.store import Data
from analysis.vocabulary import fold

COLUMNS = ("measure", "value", "measured_in", "source", "who")
BESIDE = ("measure", "value", "measured_in", "computed", "difference", "source", "who")
"""The columns where some figure is computed too."""


class Compared(NamedTuple):
    """A figure that is computed too, as the page writes it; empty texts where it is not."""

    computed: str = NOTHING
    difference: str = NOTHING
    said: str = ""


def show_additions(data: Data, asked: Period, *, figures: pd.DataFrame | None = None, labels: Labels) -> Html:
    """The figures that were entered by hand for exactly the days of a period.

    One that is called as a figure of the report stands beside the computed one, with their difference; the report uses
    the computed one.

    Parameters
    ----------
    data
        What was read. Additions have no unit: on the page of one they are said to be the department's, and are compared
        with nothing.
    asked
        The period, not cut.
    figures
        Its headline (``metrics.headline``) where it was computed already.

    Returns
    -------
    Html
        Empty if there are none.
    """
    lines = data.handbook.of("additions")
    lines = lines[same_days(lines.period, asked)]
    if lines.empty:
        return Html("")
    measures = lines.measure.map(lambda text: measure_named(text) if not data.unit else "")
    if figures is None and (measures != "").any():
        figures = headline(data, until(asked, data.as_of))
    values = {} if figures is None else figures.value.to_dict()
    beside = [
        _compared(line, values.get(measure, float("nan")), measure, labels)
        for line, measure in zip(lines.to_dict("records"), measures, strict=True)
    ]
    rows = lines.assign(
        value=[labels.as_typed(value) for value in lines.value],
        computed=[each.computed for each in beside],
        difference=[each.difference for each in beside],
    )
    said = [each.said for each in beside if each.said]
    headings = {c: labels.name(f"additions.heading_{c}") for c in (BESIDE if said else COLUMNS)}
    if data.unit:
        said.append(labels.name("additions.whole_department", unit=data.unit))
    table = show_table(rows, headings=headings, caption=labels.name("additions.caption"))
    return Html(table + (show_sentences(said) if said else ""))


def measure_named(text: str) -> str:
    """The figure of a report that a text names, in either language or by its own name; empty if it names none.

    Examples
    --------
    >>> measure_named("HỒ SƠ tiếp nhận"), measure_named("On-time rate"), measure_named("Lượt công dân")
    ('received', 'on_time_rate', '')
    """
    wanted, texts = fold(text), read_labels("vi").texts["measures"]
    names = ((m, {fold(m), *(fold(name) for name in texts[m].values())}) for m in MEASURES)
    return next((measure for measure, known in names if wanted in known), "")


def _compared(line: dict[Any, Any], value: float, measure: str, labels: Labels) -> Compared:
    """What stands beside a figure; of a share, the difference in points, if the one entered is in per cent."""
    if not measure or pd.isna(value):
        return Compared()
    is_share = MEASURES[measure].is_share
    computed = labels.percent(value) if is_share else labels.number(value)
    words = {"measure": line["measure"], "computed": computed, "value": labels.as_typed(line["value"])}
    if is_share and "%" not in line["measured_in"]:
        return Compared(computed, said=labels.name("additions.other_unit", **words))
    difference = _difference(line["value"], value, labels, is_share=is_share)
    return Compared(computed, difference, labels.name("additions.beside", difference=difference, **words))


def _difference(typed: float, value: float, labels: Labels, *, is_share: bool) -> str:
    """Entered less computed, with its sign."""
    if is_share:
        return labels.change(typed / 100 - value, of_rate=True)
    apart = round(typed - value, 6)
    return ("+" if apart > 0 else "−" if apart < 0 else "") + labels.as_typed(abs(apart))
