"""Series: a year adds up to its months, a part is never shown as a whole, and breaks are marked where they are."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from drawings import hollow_of, lines_of, texts_of, ticks_of
from lxml import html

from analysis import trend_charts, trends, trends_page
from analysis.canvas import MOST_TICKS, SHORT_SPAN
from analysis.labels import read_labels
from analysis.metrics import headline
from analysis.periods import Period, Unanswerable, read_period, until
from analysis.pictures import head_of
from analysis.stocks import open_on

VI, EN = read_labels("vi"), read_labels("en")


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def monthly(sample):
    return trends.monthly(sample)


@pytest.fixture(scope="module")
def yearly(sample):
    return trends.yearly(sample)


def months(first, count, **columns):
    """Made-up months in which three dossiers came and two left, two of them online."""
    index = pd.period_range(first, periods=count, freq="M")
    usual = {"received": 3, "resolved": 2, "left": 2, "online": 2, "is_whole": True, "online_share": 2 / 3}
    timed = {"resolved_early": 1, "resolved_on_time": 0, "resolved_late": 1, "on_time_rate": 0.5}
    table = pd.DataFrame(usual | timed | columns, index=index)
    return table.assign(not_ended=(table.received - table.left).cumsum())


def rows(piece):
    return [[cell.text_content() for cell in row] for row in html.fromstring(f"<div>{piece}</div>").xpath("//tbody/tr")]


def test_the_months_of_a_year_add_up_to_the_figures_of_the_year(monthly, yearly):
    summed = monthly.groupby(monthly.index.year)[["received", "online", "resolved"]].sum()
    assert summed.to_dict() == yearly[["received", "online", "resolved"]].to_dict()
    assert yearly.received.to_dict() == {2021: 820, 2022: 937}


def test_what_has_not_ended_at_the_end_of_a_month_is_what_is_open_then(sample, monthly):
    ends = {month: min(month.end_time.normalize(), sample.as_of) for month in monthly.index}
    assert monthly.not_ended.to_dict() == {month: len(open_on(sample.dossiers, day)) for month, day in ends.items()}


def test_a_year_says_what_the_report_of_that_year_says(sample, yearly):
    figures = headline(sample, until(read_period("2022"), sample.as_of)).value
    pd.testing.assert_series_equal(yearly.loc[2022, figures.index].astype("float64"), figures, check_names=False)


def test_a_year_or_a_month_that_is_not_over_is_not_whole(monthly, yearly):
    assert yearly.is_whole.to_dict() == {2021: True, 2022: False}
    assert monthly.index[~monthly.is_whole].astype("str").tolist() == ["2022-11"]


def test_a_month_that_nobody_delivered_is_not_whole(sample):
    stretches = pd.DataFrame({"first": ["2021-01-01", "2022-09-01"], "last": ["2022-07-31", "2022-11-10"]})
    others = sample.coverage[sample.coverage.table != "dossiers"]
    held = pd.concat([stretches.astype("datetime64[us]").assign(table="dossiers"), others], ignore_index=True)
    part = sample.with_(coverage=held)
    assert trends.monthly(part).is_whole[pd.Period("2022-08")] == False  # noqa: E712 - of numpy
    assert pd.isna(trends.seasons(trends.monthly(part)).loc[8, 2022])


def test_what_happened_after_the_day_of_the_data_stands_in_no_month(sample):
    early = trends.monthly(sample.with_(as_of=pd.Timestamp("2022-03-15")))
    assert str(early.index[-1]) == "2022-03"
    march = sample.dossiers.received_on.between("2022-03-01", "2022-03-16")
    assert early.received.iloc[-1] == (march & sample.dossiers.status.ne("not_accepted")).sum()


def test_without_a_dossier_there_is_no_series(sample):
    with pytest.raises(Unanswerable, match="no dossier"):
        trends.monthly(sample.with_(dossiers=sample.dossiers.iloc[:0]))


def test_the_seasons_are_those_of_whole_years_only():
    two = months("2021-01", 18, received=[4, *[2] * 10, 6, *[50] * 6])
    table = trends.seasons(two)
    # 2021: 4 + 10 × 2 + 6 = 30, a usual month 2.5; 2022 has six months and stands in its column only.
    assert table["index"].round(2).tolist() == [1.6, *[0.8] * 10, 2.4]
    assert table[2022].dropna().tolist() == [50] * 6


def test_without_a_whole_year_no_season_is_claimed():
    table = trends.seasons(months("2022-03", 10))
    assert table["index"].isna().all()
    assert trend_charts.plot_seasons(table, labels=VI).get_label() == VI.name("trends.no_whole_year")


def test_the_seasons_average_to_one(monthly):
    assert trends.seasons(monthly)["index"].mean() == pytest.approx(1)


def test_every_break_says_when_what_and_from_where():
    breaks = trends.read_breaks()
    assert (breaks["first"] <= breaks["last"]).all()
    assert breaks[["vi", "en", "source"]].notna().all(axis=None)


def test_a_break_is_marked_in_its_month_and_explained_by_its_number():
    breaks = trends.read_breaks()
    series = months("2025-01", 12)
    ax = trend_charts.plot_flows(series, breaks, labels=VI)
    marks = {text.get_text(): text.xy[0] for text in ax.texts if text.get_text().startswith("[")}
    assert marks == {"[1]": -0.5, "[2]": 5.5}  # 1 January is the left edge of month 0, 1 July that of month 6
    assert [row[0] for row in rows(trends_page.show_breaks(breaks, labels=VI))] == ["[1]", "[2]"]


def test_a_break_outside_the_months_is_neither_drawn_nor_named():
    span = Period("", pd.Timestamp("2021-01-01"), pd.Timestamp("2024-12-31"))
    none = trends.breaks_within(trends.read_breaks(), span)
    assert none.empty
    assert VI.name("trends.no_breaks") in trends_page.show_breaks(none, labels=VI)
    ax = trend_charts.plot_rates(months("2021-01", 12), none, labels=VI)
    assert not [text for text in ax.texts if text.get_text().startswith("[")]


def test_the_line_of_a_measure_is_its_series(monthly):
    lines = {line.get_label(): line for line in trend_charts.plot_rates(monthly, NONE, labels=EN).get_lines()}
    assert lines["online_share"].get_ydata().tolist() == pytest.approx(monthly.online_share.tolist(), nan_ok=True)


NONE = pd.DataFrame({"first": [], "last": []}, dtype="datetime64[us]")


@pytest.mark.parametrize("count", [1, 12, 13, 40, 130, 400])
def test_the_months_along_the_axis_never_crowd(count):
    ax = trend_charts.plot_flows(months("1995-02", count), NONE, labels=VI)
    assert 1 <= len(ax.get_xticks()) <= (SHORT_SPAN if count <= SHORT_SPAN else MOST_TICKS)


def test_a_month_that_is_not_whole_has_a_hollow_point_and_a_mark_in_the_table(monthly):
    ax = trend_charts.plot_flows(monthly, NONE, labels=VI)
    hollow = [line for line in ax.get_lines() if line.get_markerfacecolor() == "white"]
    assert [line.get_xdata().tolist() for line in hollow] == [[22]] * 3
    assert [row[0] for row in rows(trends_page.show_months(monthly, labels=VI)) if row[0].endswith("*")] == ["11/2022*"]


def test_the_years_on_the_page_say_which_is_not_whole(yearly):
    piece = trends_page.show_years(yearly, labels=VI)
    assert "2022 (đến 10/11/2022)" in piece
    table = {row[0]: row[1:] for row in rows(piece)}
    assert table["Hồ sơ tiếp nhận"] == ["820", "937"]
    assert table["Tỷ lệ trực tuyến"] == ["8,05\xa0%", "17,40\xa0%"]


def test_the_chart_of_flows_is_its_table():
    table = months("2021-01", 14, received=[5] * 13 + [2], left=[3] * 14, resolved=[2] * 14)
    ax = trend_charts.plot_flows(table.assign(is_whole=[True] * 13 + [False]), NONE, labels=EN)
    assert lines_of(ax) == [[5] * 13 + [2], [2] * 14, table.not_ended.tolist()]
    assert hollow_of(ax) == [13] * 3
    assert texts_of(ax) == ["Received", "Resolved", "Not ended at the end of the month"]
    assert ticks_of(ax) == [
        "Jan 2021",
        *["Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        "Jan 2022",
        "Feb",
    ]
    assert ax.get_xlabel().replace("\n", " ") == "Hollow point: the month is not over, or lacks days."
    assert head_of(ax).finding == "25 dossiers not ended where the data end; 4 at the end of Feb 2021"


def test_the_chart_of_rates_is_its_table():
    table = months("2021-01", 6, online=[0, 0, 0, 3, 3, 3], on_time_rate=[0.5, 0.25, 0, 1, 0.75, None])
    ax = trend_charts.plot_rates(table, NONE, few=1, labels=EN)
    assert lines_of(ax) == [[0.6667] * 6, [0.5, 0.25, 0, 1, 0.75, None]]
    assert hollow_of(ax) == []
    assert head_of(ax).finding.startswith(
        "Online share up from 0% (first three months) to 100% (last three); on-time rate not clearly"
    )
    few = trend_charts.plot_rates(table, NONE, few=3, labels=EN)
    assert hollow_of(few) == [0, 1, 2, 3, 4, 5]  # two dossiers with a due date in each month
    assert "fewer than 3 dossiers" in few.get_xlabel().replace("\n", " ")


def test_the_chart_of_the_seasons_is_its_table():
    table = trends.seasons(months("2021-01", 18, received=[4, *[2] * 10, 6, *[5] * 6]))
    ax = trend_charts.plot_seasons(table, labels=EN)
    assert lines_of(ax) == [[5] * 6 + [None] * 6, [4, *[2] * 10, 6]]
    assert texts_of(ax) == ["2022", "2021"]
    assert head_of(ax).finding == "Month 12 is the busiest, 2.4 times a usual month"
