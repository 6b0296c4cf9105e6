"""Charts: what is drawn is what the table holds, and the sentence says it."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from analysis.catalogue import count_procedures
from analysis.charts import age_classes, plot_intake, plot_open_age, plot_procedures, plot_timeliness
from analysis.counts import by_month, count_events, count_intake
from analysis.labels import read_labels
from analysis.periods import read_period, until
from analysis.stocks import open_on

VI = read_labels("vi")
PLOTS = {"intake": plot_intake, "timeliness": plot_timeliness, "procedures": plot_procedures, "open_age": plot_open_age}


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def tables(sample):
    span = until(read_period("2022"), sample.as_of)
    return {
        "intake": by_month(count_intake(sample.dossiers), span),
        "timeliness": by_month(count_events(sample.dossiers), span),
        "procedures": count_procedures(sample.dossiers, sample.procedures, span),
        "open_age": open_on(sample.dossiers, span.last),
    }


@pytest.mark.parametrize("name", PLOTS)
def test_a_chart_draws_on_the_axes_it_is_given(name, tables):
    ax = plt.subplots()[1]
    assert PLOTS[name](tables[name], labels=VI, ax=ax) is ax
    assert len(plt.get_fignums()) == 1


@pytest.mark.parametrize("name", PLOTS)
def test_a_chart_leaves_its_table_as_it_was(name, tables):
    before = tables[name].copy()
    PLOTS[name](tables[name], labels=VI)
    pd.testing.assert_frame_equal(tables[name], before)


@pytest.mark.parametrize("name", PLOTS)
def test_a_chart_of_nothing_says_so(name, tables):
    nothing = tables[name].iloc[:0] if name in ("procedures", "open_age") else tables[name] * 0
    assert PLOTS[name](nothing, labels=VI).get_label() == VI.name("charts.nothing")


@pytest.mark.parametrize("name", PLOTS)
def test_a_chart_sets_no_style_for_others(name, tables):
    before = dict(plt.rcParams)
    PLOTS[name](tables[name], labels=VI)
    assert dict(plt.rcParams) == before


def test_the_bars_of_intake_add_up_to_what_was_received(tables):
    ax = plot_intake(tables["intake"], labels=VI)
    assert sum(bar.get_height() for bars in ax.containers for bar in bars) == 937
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["trực tuyến", "trực tiếp"]
    assert "937 hồ sơ trong 11 tháng" in ax.get_label()


def test_the_bars_of_timeliness_add_up_to_what_was_resolved(tables):
    ax = plot_timeliness(tables["timeliness"], labels=VI)
    heights = {bars.get_label(): sum(bar.get_height() for bar in bars) for bars in ax.containers}
    assert sum(heights.values()) == 855
    assert heights["Quá hạn"] == 255


def test_late_and_overdue_are_hatched_for_a_grey_printer(tables):
    ax = plot_timeliness(tables["timeliness"], labels=VI)
    hatches = {bars.get_label(): bars[0].get_hatch() for bars in ax.containers}
    assert hatches["Quá hạn"]
    assert not hatches["Đúng hạn"]


def test_the_busiest_procedures_are_at_most_ten_and_in_order(tables):
    ax = plot_procedures(tables["procedures"], labels=VI)
    counts = [int(text.get_text().rpartition("(")[2].rstrip(")")) for text in ax.texts]
    assert len(counts) == 10
    assert counts == sorted(counts, reverse=True)


def test_a_procedure_named_like_mathematics_is_drawn_as_it_is_written(tables):
    strange = tables["procedures"].head(3).assign(procedure=["$x^ <script>$", "100 %", "_a_{b}"])
    ax = plot_procedures(strange, labels=VI, ax=plt.subplots()[1])
    ax.figure.canvas.draw()  # would raise on a broken formula
    assert ax.texts[0].get_text().startswith("$x^ <script>$")


def test_every_open_dossier_is_in_one_class_of_age(tables):
    classes = age_classes(tables["open_age"])
    assert classes.to_numpy().sum() == 67
    assert classes.overdue.sum() == 20


@pytest.mark.parametrize(("days", "name"), [(0, "0–6"), (6, "0–6"), (7, "7–13"), (364, "180–364"), (365, "365+")])
def test_a_class_of_age_begins_on_its_first_day(days, name):
    classes = age_classes(pd.DataFrame({"age_days": [days], "timeliness": ["in_time"]}))
    assert classes.in_time.idxmax() == name
