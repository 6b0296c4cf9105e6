"""What a page shows of the on-time rate of each field in each quarter."""

import pandas as pd

from analysis.field_charts import field_name, name_span, sum_fields
from analysis.labels import Labels
from analysis.metrics import ratio
from analysis.page import Html, show_table


def show_field_rates(monthly: pd.DataFrame, *, labels: Labels) -> Html:
    """The figures behind the small charts of fields, folded away.

    Parameters
    ----------
    monthly
        As for ``field_charts.sum_fields``.
    """
    sums = sum_fields(monthly)
    keys = zip(sums.index.get_level_values("field"), sums.fields, strict=True)
    rows = sums[["timely", "timed"]].map(labels.number).assign(
        field=[field_name(field, fields, labels) for field, fields in keys],
        span=[name_span(span, labels, with_year=True) for span in sums.index.get_level_values("span")],
        rate=ratio(sums.timely, sums.timed).map(labels.percent),
    )  # fmt: skip
    headings = {c: labels.name(f"fields.heading_{c}") for c in ("field", "span", "timely", "timed", "rate")}
    caption, summary = labels.name("captions.fields"), labels.name("headings.details")
    return show_table(rows, headings=headings, caption=caption, summary=summary, copy=labels)
