"""The page of the matured rate: what is judged, what is not, and the chart that marks it."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from lxml import html

from analysis.labels import read_labels
from analysis.maturity import on_time_rate_matured
from analysis.maturity_charts import plot_matured
from analysis.maturity_page import show_matured

VI, EN = read_labels("vi"), read_labels("en")


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def matured(sample):
    return on_time_rate_matured(sample.dossiers, as_of=sample.as_of).loc["2022"]


def sentences(piece):
    return [line.text_content() for line in html.fromstring(f"<div>{piece}</div>").xpath("//li")]


def test_the_sample_says_which_months_are_too_early_to_judge(matured):
    said = plot_matured(matured, labels=EN).get_label()
    assert said.startswith("The last month that can be judged is Sep 2022: 66.76%")
    assert "Too early to judge: Oct 2022 and Nov 2022; the 89.55% of Oct 2022" in said


def test_a_table_of_months_that_are_all_too_early_says_so(matured):
    said = plot_matured(matured.loc["2022-10":], labels=EN).get_label()
    assert said.startswith(EN.name("maturity.says_none"))


def test_the_page_says_how_the_rate_is_counted(matured):
    assert sentences(show_matured(matured, labels=EN)) == [EN.name("maturity.how")]


def test_dossiers_that_stand_in_no_rate_are_counted(matured):
    piece = show_matured(matured.assign(no_due=1, unknown=2), labels=EN)
    assert EN.name("maturity.left_out", no_due="11", unknown="22") in sentences(piece)


def test_a_month_that_is_not_ripe_has_a_dash_and_the_day_it_will_be(matured):
    page = html.fromstring(f"<div>{show_matured(matured, labels=VI)}</div>")
    october = [cell.text_content() for cell in page.xpath("//tbody/tr")[9]]
    assert october[0] == "10/2022"
    assert october[-3:] == ["–", "–", "07/12/2022"]


def test_a_month_of_few_dossiers_is_marked(matured):
    piece = show_matured(matured.assign(weight=9.0), labels=VI)
    assert "1/2022*" in piece
    assert VI.name("maturity.few", number="10") in piece
    assert "*" not in show_matured(matured, labels=VI)


def test_when_every_month_can_be_judged_nothing_is_said_of_ripening(matured):
    assert "Too early" not in plot_matured(matured.iloc[:3], labels=EN).get_label()
    assert EN.name("maturity.ripe_on") not in show_matured(matured.iloc[:3], labels=EN)
    assert EN.name("maturity.ripe_on") in show_matured(matured, labels=EN)


def test_without_due_dates_the_page_says_so(sample):
    dossiers = sample.dossiers.assign(first_due_on=pd.NaT).astype({"first_due_on": "datetime64[us]"})
    table = on_time_rate_matured(dossiers, as_of=sample.as_of)
    assert VI.name("maturity.no_due") in show_matured(table, labels=VI)
    assert plot_matured(table, labels=VI).get_label() == VI.name("charts.nothing")


def test_the_chart_draws_both_rates_and_shades_what_cannot_be_judged(matured):
    ax = plot_matured(matured, labels=VI, ax=plt.subplots()[1])
    shaded = [bar.get_x() + 0.5 for bars in ax.containers for bar in bars]
    assert shaded == [9, 10]
    plain, ripe = (line.get_ydata() for line in ax.get_lines()[:2])
    assert plain.tolist() == pytest.approx(matured.on_time_rate.tolist())
    assert ripe.tolist() == pytest.approx(matured.on_time_rate_matured.tolist(), nan_ok=True)
    assert "9/2022" in ax.get_label()


def test_the_chart_sets_no_style_and_leaves_its_table(matured):
    before, style = matured.copy(), dict(plt.rcParams)
    plot_matured(matured, labels=VI)
    assert dict(plt.rcParams) == style
    pd.testing.assert_frame_equal(matured, before)
