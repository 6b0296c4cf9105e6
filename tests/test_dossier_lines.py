"""Dossiers line by line: a filter gives every figure of the report, of any period."""

import pandas as pd
import pytest

from analysis.dossier_lines import COPIED, FILTERS, compare, dossier_lines, kept_by
from analysis.metrics import MEASURES
from analysis.periods import read_period, until

YEAR = read_period("2022")


@pytest.fixture(scope="module")
def lines(sample):
    return dossier_lines(sample, until(YEAR, sample.as_of))


@pytest.mark.parametrize(
    ("name", "number"),
    {
        "received": 937, "online": 163, "in_person": 774, "resolved": 855, "early": 302, "timely": 600, "late": 255, "open": 67,
        "paused": 12, "overdue": 20, "withdrawn": 9, "returned": 6, "transferred": 0, "carried_over": 0, "not_accepted": 2,
    }.items(),
)  # fmt: skip
def test_a_filter_gives_each_published_figure(lines, name, number):
    assert int(kept_by(lines, name).sum()) == number


def test_which_fifteen_ended_without_a_result_has_an_answer(lines):
    ended = lines[lines.ended_otherwise]
    assert ended.state.value_counts().to_dict() == {"withdrawn": 9, "returned": 6}
    assert ended.dossier_id.nunique() == 15
    assert ended.closed_on.between(YEAR.first, YEAR.last).all()


def test_every_dossier_stands_in_one_line(lines):
    assert lines.dossier_id.is_unique
    assert len(lines) == 937 + 2


@pytest.mark.parametrize("period", ["2021", "2022", "2022-Q2", "2022-05", "2021-12-15..2022-05-10", "2022-10"])
def test_every_figure_is_that_of_the_report_in_any_period(sample, period):
    span = until(read_period(period), sample.as_of)
    compared = compare(sample, span, dossier_lines(sample, span))
    assert set(compared.measure) == {name for name, measure in MEASURES.items() if measure.table == "dossiers"}
    assert compared.agrees.all()


def test_a_figure_that_the_lines_do_not_give_differs(sample, lines):
    compared = compare(sample, until(YEAR, sample.as_of), lines.drop(index=lines.index[lines.timeliness == "late"][0]))
    differing = set(compared.measure[~compared.agrees])
    assert {"received", "resolved", "late", "on_time_rate"} <= differing
    assert not {"early", "open", "withdrawn"} & differing


def test_a_figure_that_no_export_tells_is_not_compared(sample, lines):
    files = sample.files.assign(columns=sample.files["columns"].str.replace('"due_on"', '"other"'))
    compared = compare(sample.with_(files=files), until(YEAR, sample.as_of), lines).set_index("measure")
    assert compared.agrees.isna()["late"]
    assert compared.agrees["received"]


def test_a_dossier_of_the_year_before_is_carried_over_and_one_ended_later_is_open(sample):
    days = pd.DataFrame({
        "received_on": ["2021-12-30", "2022-01-05", "2022-01-06", "2022-02-01", "2021-11-01"],
        "resolved_on": ["2022-01-10", "2022-02-15", None, None, "2021-12-01"],
        "first_due_on": ["2022-01-09", "2022-01-20", "2022-03-01", None, None],
    }).astype("datetime64[us]")  # fmt: skip
    few = sample.dossiers.head(5).assign(
        **days, due_on=days.first_due_on, closed_on=pd.NaT, paused_from=pd.NaT, paused_to=pd.NaT, dossier_id=[*"abcde"],
        status=["resolved", "resolved", "pending", "pending", "resolved"],
    )  # fmt: skip
    span = read_period("2022-01")
    lines = dossier_lines(sample.with_(dossiers=few), span).set_index("dossier_id")
    assert lines.index.tolist() == ["a", "b", "c"]
    assert lines.carried_over.tolist() == [True, False, False]
    assert lines.resolved.tolist() == [True, False, False]
    assert lines.open.tolist() == [False, True, True]
    assert lines.overdue.tolist() == [False, True, False]
    assert lines.timeliness.astype("object").where(lines.timeliness.notna(), None).tolist() == ["late", None, None]


def test_the_line_that_the_handbook_corrected_is_marked(sample, lines):
    assert lines.source_row[lines.corrected].tolist() == sample.corrected.source_row[sample.corrected.acts].tolist()


def test_only_listed_columns_are_in_the_lines(lines):
    assert set(COPIED) <= set(lines)
    allowed = {
        *COPIED,
        "promised_on",
        "counts_on",
        "working_days",
        "corrected",
        "source_file",
        "source_sheet",
        "source_row",
    }
    assert set(lines) - allowed == {column for filters in FILTERS.values() for column in filters} - allowed
