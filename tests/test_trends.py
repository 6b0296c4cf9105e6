"""Series: a year adds up to its months, a part is never shown as a whole, and breaks are marked where they are."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from lxml import html

from analysis import trend_charts, trends, trends_page
from analysis.canvas import MOST_TICKS
from analysis.labels import read_labels
from analysis.metrics import headline
from analysis.periods import Period, Unanswerable, read_period, until
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
    table = pd.DataFrame(usual | {"on_time_rate": 0.5} | columns, index=index)
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
    marks = {text.get_text(): text.xy[0] for text in ax.texts}
    assert marks == {"[1]": -0.5, "[2]": 5.5}  # 1 January is the left edge of month 0, 1 July that of month 6
    assert [row[0] for row in rows(trends_page.show_breaks(breaks, labels=VI))] == ["[1]", "[2]"]


def test_a_break_outside_the_months_is_neither_drawn_nor_named():
    span = Period("", pd.Timestamp("2021-01-01"), pd.Timestamp("2024-12-31"))
    none = trends.breaks_within(trends.read_breaks(), span)
    assert none.empty
    assert VI.name("trends.no_breaks") in trends_page.show_breaks(none, labels=VI)
    assert not trend_charts.plot_rates(months("2021-01", 12), none, labels=VI).texts


def test_the_line_of_a_measure_is_its_series(monthly):
    lines = {line.get_label(): line for line in trend_charts.plot_rates(monthly, NONE, labels=EN).get_lines()}
    assert lines["Online share"].get_ydata().tolist() == pytest.approx(monthly.online_share.tolist(), nan_ok=True)


NONE = pd.DataFrame({"first": [], "last": []}, dtype="datetime64[us]")


@pytest.mark.parametrize("count", [1, 12, 13, 40, 130, 400])
def test_the_months_along_the_axis_never_crowd(count):
    ax = trend_charts.plot_flows(months("1995-02", count), NONE, labels=VI)
    assert 1 <= len(ax.get_xticks()) <= MOST_TICKS or count == 1


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
