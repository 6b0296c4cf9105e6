"""Lines of targets: where the target is, labelled, named in the sentence, and not there without a target."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from analysis import trend_charts, trends
from analysis.catalogue import count_procedures
from analysis.labels import read_labels
from analysis.periods import read_period, until
from analysis.procedure_charts import plot_procedures
from analysis.target_lines import own_targets

VI = read_labels("vi")
NO_BREAKS = pd.DataFrame({"first": [], "last": []}).astype("datetime64[us]")
TARGETS = pd.DataFrame({
    "measure": ["on_time_rate", "online_share", "online_share", "resolved_share"], "definition": ["D1", "O1", "O4", ""],
    "target_percent": [95.0, 80.0, 70.0, 99.0],
})  # fmt: skip


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def procedures(sample):
    return count_procedures(sample.dossiers, sample.procedures, until(read_period("2022"), sample.as_of))


def months(count, on_time=0.5):
    index = pd.period_range("2021-01", periods=count, freq="M")
    counts = {"received": 3, "online": 2, "is_whole": True, "online_share": 2 / 3, "on_time_rate": on_time}
    counts |= {"resolved_early": 1, "resolved_on_time": 0, "resolved_late": 1}
    return pd.DataFrame(counts, index=index)


def drawn(ax):
    """The heights of the lines of targets, by colour."""
    lines = [line for line in ax.lines if line.get_linewidth() == 1.4]
    return {line.get_color(): [float(y) for y in line.get_ydata()] for line in lines}


def told(ax):
    """What is written on the lines of targets."""
    return [text.get_text() for text in ax.texts if "%" in text.get_text()]


def upright(ax):
    return sorted(line.get_xdata()[0] for line in ax.lines if line.get_linewidth() == 1.4)


def test_a_target_of_the_reports_own_definition_is_drawn_and_another_is_not(procedures):
    ax = plot_procedures(procedures, targets=TARGETS, labels=VI)
    assert upright(ax) == [0.8, 0.95]
    assert {"Tỷ lệ trực tuyến: chỉ tiêu 80\xa0%", "Tỷ lệ trước và đúng hạn: chỉ tiêu 95\xa0%"} <= {
        t.get_text() for t in ax.texts
    }
    assert ax.get_label().endswith("Đường chỉ tiêu: Tỷ lệ trực tuyến 80\xa0%; Tỷ lệ trước và đúng hạn 95\xa0%.")


def test_a_chart_without_a_target_is_as_before(procedures):
    plain, none = (
        plot_procedures(procedures, labels=VI),
        plot_procedures(procedures, targets=TARGETS.iloc[:0], labels=VI),
    )
    assert upright(plain) == upright(none) == []
    assert plain.get_label() == none.get_label()
    assert plain.get_ylim() == none.get_ylim()
    rates = trend_charts.plot_rates(months(24), NO_BREAKS, targets=pd.DataFrame(), labels=VI)
    assert drawn(rates) == {}
    assert rates.get_label() == trend_charts.plot_rates(months(24), NO_BREAKS, labels=VI).get_label()


def test_a_target_is_a_step_in_each_year_that_has_one():
    yearly = pd.DataFrame({"on_time_rate": [0.9, None, 0.95], "resolved_share": 0.5}, index=[2021, 2022, 2023])
    ax = trend_charts.plot_rates(months(36), NO_BREAKS, targets=yearly, labels=VI)
    (line,) = [line for line in ax.lines if line.get_linewidth() == 1.4]
    assert line.get_xdata().tolist() == [-0.5, 11.5, 11.5, 23.5, 23.5, 35.5]
    assert [str(y) for y in line.get_ydata()] == ["0.9", "0.9", "nan", "nan", "0.95", "0.95"]
    assert told(ax) == ["Chỉ tiêu 90\xa0%", "Chỉ tiêu 95\xa0%"]
    assert ax.get_label().endswith("Tỷ lệ trước và đúng hạn 90\xa0% (2021); Tỷ lệ trước và đúng hạn 95\xa0% (2023).")


def test_equal_targets_of_years_in_a_row_have_one_label():
    yearly = pd.DataFrame({"on_time_rate": [0.9, 0.9, 0.95]}, index=[2020, 2021, 2022])
    ax = trend_charts.plot_rates(months(24), NO_BREAKS, targets=yearly, labels=VI)
    assert told(ax) == ["Chỉ tiêu 90\xa0%", "Chỉ tiêu 95\xa0%"]
    same = trend_charts.plot_rates(months(24), NO_BREAKS, targets=yearly * 0 + 0.9, labels=VI)
    assert told(same) == ["Chỉ tiêu 90\xa0%"]
    assert "(2021–2022)" in same.get_label()


def test_a_label_stands_where_the_rates_leave_room():
    rates = [0.9] * 6 + [0.2] * 6
    ax = trend_charts.plot_rates(
        months(12, rates), NO_BREAKS, targets=pd.DataFrame({"on_time_rate": [0.9]}, index=[2021]), labels=VI
    )
    assert ax.texts[0].xy[0] > 5


def test_the_targets_of_a_year_without_months_are_not_drawn():
    yearly = pd.DataFrame({"on_time_rate": [0.9]}, index=[2030])
    ax = trend_charts.plot_rates(months(12), NO_BREAKS, targets=yearly, labels=VI)
    assert drawn(ax) == {}
    assert "chỉ tiêu" not in ax.get_label()


def test_many_years_of_targets_fit_on_the_chart():
    yearly = pd.DataFrame({"on_time_rate": [0.8 + 0.01 * n for n in range(10)]}, index=range(2021, 2031))
    ax = trend_charts.plot_rates(months(120), NO_BREAKS, targets=yearly, labels=VI)
    assert told(ax)[:2] == ["80\xa0%", "81\xa0%"]


def test_a_chart_of_the_sample_draws_its_targets(sample, book_of):
    from analysis.targets import yearly_targets

    line = {"measure": "online_share", "year": 2022, "value": 57.9, "source": "s"}
    data = sample.with_(handbook=book_of("targets", line))
    ax = trend_charts.plot_rates(trends.monthly(data), NO_BREAKS, targets=yearly_targets(data), labels=VI)
    assert "Tỷ lệ trực tuyến 57,9\xa0% (2022)" in ax.get_label()
    assert own_targets(None, ["online_share"]) == {}
