"""Charts: what is drawn is what the table holds, the title is what it shows, and the sentence says it."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from drawings import (
    bars_of,
    hollow_of,
    lines_of,
    outside,
    overlaps,
    points_of,
    shaded_of,
    targets_of,
    texts_of,
    ticks_of,
)

from analysis.catalogue import count_procedures
from analysis.charts import age_classes, plot_intake, plot_open_age, plot_timeliness
from analysis.counts import by_month, count_events, count_intake
from analysis.field_charts import plot_fields, sum_fields
from analysis.labels import read_labels
from analysis.maturity import on_time_rate_matured
from analysis.maturity_charts import plot_matured
from analysis.month_notes import notes_of
from analysis.periods import read_period, until
from analysis.pictures import head_of
from analysis.procedure_charts import plot_procedures
from analysis.stocks import open_on
from analysis.targets import yearly_targets
from analysis.trend_charts import plot_flows, plot_rates, plot_seasons
from analysis.trends import breaks_of, monthly, seasons, whole_span

VI, EN = read_labels("vi"), read_labels("en")
PLOTS = {
    "intake": plot_intake, "timeliness": plot_timeliness, "procedures": plot_procedures, "open_age": plot_open_age,
    "fields": plot_fields, "matured": plot_matured,
}  # fmt: skip
TARGETS = pd.DataFrame(
    {"measure": ["online_share", "on_time_rate"], "definition": ["O1", "D1"], "target_percent": [50.0, 95.0]}
)


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def span(sample):
    return until(read_period("2022"), sample.as_of)


@pytest.fixture(scope="module")
def tables(sample, span):
    return {
        "intake": by_month(count_intake(sample.dossiers), span),
        "timeliness": by_month(count_events(sample.dossiers), span),
        "procedures": count_procedures(sample.dossiers, sample.procedures, span),
        "open_age": open_on(sample.dossiers, span.last),
        "fields": by_month(count_events(sample.dossiers, by=["field"]), span, by=["field"]),
        "matured": on_time_rate_matured(sample.dossiers, as_of=span.last).loc["2022":],
    }


def every_chart(sample, tables, span, labels):
    """Each chart of the pages of the sample, by name, as the notebooks draw it."""
    notes, series = notes_of(sample, span), monthly(sample)
    breaks = breaks_of(sample, whole_span(sample))
    return {
        "intake": plot_intake(tables["intake"], notes=notes, targets=TARGETS, labels=labels),
        "timeliness": plot_timeliness(tables["timeliness"], notes=notes, targets=TARGETS, labels=labels),
        "fields": plot_fields(tables["fields"], notes=notes, labels=labels),
        "matured": plot_matured(tables["matured"], labels=labels),
        "open_age": plot_open_age(tables["open_age"], labels=labels),
        "procedures": plot_procedures(tables["procedures"], targets=TARGETS, labels=labels),
        "flows": plot_flows(series, breaks, labels=labels),
        "rates": plot_rates(series, breaks, targets=yearly_targets(sample), labels=labels),
        "seasons": plot_seasons(seasons(series), labels=labels),
    }


@pytest.fixture(scope="module", params=["vi", "en"])
def charts(request, sample, tables, span):
    made = every_chart(sample, tables, span, read_labels(request.param))
    return {name: (ax, head_of(ax)) for name, ax in made.items()}


def months(**counts):
    """Counts per month from January on; what is not given is 0."""
    length = len(next(iter(counts.values())))
    index = pd.period_range("2022-01", periods=length, freq="M")
    blank = dict.fromkeys(
        ("in_person", "postal", "other", "unknown", *(f"resolved_{t}" for t in ("early", "on_time", "late", "no_due"))),
        0,
    )
    return pd.DataFrame(blank | counts, index=index)


def panel_of(ax):
    """The panel of the rate."""
    return next(other for other in ax.figure.axes if other is not ax)


@pytest.mark.parametrize("name", PLOTS)
def test_a_chart_draws_on_the_axes_it_is_given(name, tables):
    plt.close("all")
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
    nothing = tables[name].iloc[:0] if name in ("procedures", "open_age", "matured") else tables[name] * 0
    ax = PLOTS[name](nothing, labels=VI)
    assert ax.get_label() == VI.name("charts.nothing")
    assert head_of(ax).finding


@pytest.mark.parametrize("name", PLOTS)
def test_a_chart_sets_no_style_for_others(name, tables):
    before = dict(plt.rcParams)
    PLOTS[name](tables[name], labels=VI)
    assert dict(plt.rcParams) == before


def test_no_text_of_any_chart_lies_over_another_or_outside_the_picture(charts):
    for name, (ax, _) in charts.items():
        figure = ax.figure
        ax.set_title("", loc="left")  # stands beside the picture
        figure.draw_without_rendering()
        assert (name, overlaps(ax), outside(ax)) == (name, [], [])


def test_every_chart_has_a_finding_a_unit_and_a_sentence_of_its_own(charts):
    heads = {name: head for name, (_, head) in charts.items()}
    assert all(any(letter.isdigit() for letter in head.finding) for head in heads.values())
    assert all(head.unit for head in heads.values())
    said = [ax.get_label() for ax, _ in charts.values()]
    assert len({head.finding for head in heads.values()} | set(said)) == 2 * len(charts)
    assert all(len(sentence) > 40 for sentence in said)


def test_the_titles_of_the_sample_say_what_the_charts_show(sample, tables, span):
    findings = {name: head_of(ax).finding for name, ax in every_chart(sample, tables, span, EN).items()}
    assert findings == {
        "intake": "Online share up from 10% (first three months) to 26% (last three)",
        "timeliness": "70% of dossiers resolved on time; lowest in Aug 2022 (59%)",
        "fields": "On time least: Nhà ở và công sở (66%); most: Vật liệu xây dựng (100%)",
        "matured": "Of dossiers received in Sep 2022, the last month that can be judged, 67% had a result in time",
        "open_age": "20 of 67 open dossiers are overdue; the longest has waited 216 days",
        "procedures": "Of the 10 busiest procedures, 5% to 33% came online, 60% to 96% were on time",
        "flows": "67 dossiers not ended where the data end; 66 at the end of Nov 2021",
        "rates": "Online share up from 5% (first three months) to 26% (last three); on-time rate down from 79% (first three months) "
        "to 68% (last three)",
        "seasons": "Month 6 is the busiest, 1.3 times a usual month",
    }


def test_the_chart_of_intake_is_its_table():
    table = months(online=[5, 30, 60], in_person=[95, 70, 40]).assign(received=[100] * 3)
    ax = plot_intake(table, targets=TARGETS, labels=EN)
    assert bars_of(ax) == {"online": [5, 30, 60], "in person": [95, 70, 40]}
    assert texts_of(ax) == ["online", "in person", "Dossiers received"]
    panel = panel_of(ax)
    assert lines_of(panel)[0] == [0.05, 0.3, 0.6]
    assert targets_of(panel) == [0.5]
    assert texts_of(panel) == ["Target 50%", "5%", "60%", "Online share"]
    assert ticks_of(panel) == ["Jan 2022", "Feb", "Mar"]
    assert head_of(ax).finding == "Online share up from 5% (first month) to 60% (last month)"
    assert ax.get_label().endswith("Lines of targets: Online share 50%.")


def test_the_chart_of_timeliness_is_its_table():
    table = months(
        resolved_early=[10, 10, 10], resolved_on_time=[10, 0, 10], resolved_late=[0, 10, 0], resolved_no_due=[0, 0, 4]
    )
    ax = plot_timeliness(table, labels=EN)
    assert bars_of(ax) == {
        "Early": [10] * 3,
        "On time": [10, 0, 10],
        "Late": [0, 10, 0],
        "No due date": [0, 0, 4],
    }
    assert lines_of(panel_of(ax))[0] == [1, 0.5, 1]
    assert head_of(ax).finding == "83% of dossiers resolved on time; lowest in Feb 2022 (50%)"


def test_the_chart_of_open_dossiers_is_its_table():
    still = pd.DataFrame({"age_days": [3, 8, 9, 400], "timeliness": ["in_time", "in_time", "overdue", "overdue"]})
    ax = plot_open_age(still, labels=EN)
    assert bars_of(ax) == {"In time": [1, 1, 0, 0, 0, 0, 0, 0], "Overdue": [0, 1, 0, 0, 0, 0, 0, 1]}
    assert texts_of(ax) == ["In time", "Overdue", "1", "2", "0", "0", "0", "0", "0", "1"]
    assert ticks_of(ax) == ["0", "7", "14", "30", "60", "90", "180", "365"]


def test_the_small_charts_of_fields_are_their_tables():
    index = pd.MultiIndex.from_product(
        [["A", "B"], pd.period_range("2022-01", periods=9, freq="M")], names=["field", "month"]
    )
    counts = {"resolved_early": [4] * 9 + [5] * 9, "resolved_on_time": [0] * 18, "resolved_late": [0] * 9 + [5] * 9}
    ax = plot_fields(pd.DataFrame(counts, index=index), notes={pd.Period("2022-09"): "part"}, labels=EN)
    assert [panel.get_title("left") for panel in ax.child_axes] == ["B\n50% of 90", "A\n100% of 36"]
    assert [lines_of(panel)[0] for panel in ax.child_axes] == [[0.5] * 3, [1.0] * 3]
    assert [targets_of(panel) for panel in ax.child_axes] == [[81 / 126]] * 2
    assert [shaded_of(panel) for panel in ax.child_axes] == [[2]] * 2
    assert ticks_of(ax.child_axes[1]) == ["Q1", "Q2", "Q3"]
    assert ax.get_label() == "Resolved by field, with the on-time rate: B 50.00% (45 of 90); A 100.00% (36 of 36)."
    assert head_of(ax).finding == "On time least: B (50%); most: A (100%)"


def test_the_smallest_fields_are_one_panel_that_says_how_many_they_are():
    index = pd.MultiIndex.from_product(
        [list("abcdefghijk"), pd.period_range("2022-01", periods=1, freq="M")], names=["field", "month"]
    )
    early = list(range(20, 9, -1))
    table = pd.DataFrame({"resolved_early": early, "resolved_on_time": 0, "resolved_late": 0}, index=index)
    ax = plot_fields(table, labels=EN)
    assert [panel.get_title("left") for panel in ax.child_axes][-2:] == ["h\n100% of 13", "3 other fields\n100% of 33"]
    assert sum_fields(table).timely.sum() == sum(early)


def test_a_field_with_hardly_a_dossier_or_none_says_so():
    index = pd.MultiIndex.from_product(
        [["A", "B", ""], pd.period_range("2022-01", periods=1, freq="M")], names=["field", "month"]
    )
    table = pd.DataFrame({"resolved_early": [3, 0, 20], "resolved_on_time": 0, "resolved_late": 0}, index=index)
    titles = [panel.get_title("left") for panel in plot_fields(table, labels=EN).child_axes]
    assert titles == ["Field unknown\n100% of 20", "A\n100% of 3, few", "B\nno dossier resolved"]


def test_the_rate_of_few_dossiers_is_a_hollow_point_and_the_chart_says_so():
    table = months(online=[4, 30, 3], in_person=[5, 30, 3]).assign(received=[9, 60, 6])
    ax = plot_intake(table, labels=EN)
    assert hollow_of(panel_of(ax)) == [0, 2]
    assert panel_of(ax).get_xlabel() == "Hollow point: fewer than 10 dossiers; the rate says\nlittle."
    assert hollow_of(panel_of(plot_intake(table, few=5, labels=EN))) == []


def test_a_month_that_is_not_all_known_is_hatched_named_and_in_no_comparison():
    table = months(online=[10, 10, 90], in_person=[90, 90, 10]).assign(received=[100, 100, 100])
    notes = {pd.Period("2022-02"): "silent", pd.Period("2022-03"): "part"}
    ax = plot_intake(table, notes=notes, labels=EN)
    assert shaded_of(ax) == shaded_of(panel_of(ax)) == [1, 2]
    assert (
        panel_of(ax).get_xlabel().replace("\n", " ")
        == "Hatched ground: Feb 2022 not delivered; Mar 2022 known in part."
    )
    assert head_of(ax).finding == "Online share: 10%"
    assert "90" not in ax.get_label()


def test_exports_without_a_channel_have_no_share_and_say_so():
    ax = plot_intake(months(online=[0, 0], unknown=[4, 6]).assign(received=[4, 6]), labels=EN)
    assert len(ax.figure.axes) == 1
    assert head_of(ax).finding == "10 dossiers received; most in Feb 2022 (6)"
    assert ax.get_label().endswith("The exports say of no dossier how it was filed.")


def test_dossiers_without_a_due_date_have_no_rate_and_the_chart_says_so():
    ax = plot_timeliness(months(resolved_no_due=[4, 6]), labels=EN)
    assert len(ax.figure.axes) == 1
    assert ax.get_label() == EN.name("charts.no_due")


def test_a_chart_of_very_many_months_still_has_room_for_its_texts():
    table = months(online=[5] * 40, in_person=[95] * 40).assign(received=100)
    ax = plot_intake(table, labels=VI)
    ax.set_title("", loc="left")
    ax.figure.draw_without_rendering()
    assert overlaps(ax) == []


def test_the_bars_of_the_sample_add_up_to_its_figures(tables):
    assert sum(sum(bars) for bars in bars_of(plot_intake(tables["intake"], labels=VI)).values()) == 937
    parts = bars_of(plot_timeliness(tables["timeliness"], labels=VI))
    assert sum(sum(bars) for bars in parts.values()) == 855
    assert sum(parts["Quá hạn"]) == 255


def test_the_busiest_procedures_are_at_most_ten_and_in_order(tables):
    ax = plot_procedures(tables["procedures"], labels=VI)
    counts = [int(text.rpartition("(")[2].rstrip(")")) for text in texts_of(ax) if text.endswith(")")]
    assert len(counts) == 10
    assert counts == sorted(counts, reverse=True)


def test_the_chart_of_procedures_is_its_table():
    columns = {
        "procedure": ["A", "B"],
        "received": [20, 5],
        "online": [5, 5],
        "resolved_early": [10, 0],
        "resolved_on_time": [5, 2],
        "resolved_late": [5, 2],
    }
    ax = plot_procedures(pd.DataFrame(columns), labels=EN)
    assert texts_of(ax) == ["A (20)", "B (5)", "Online share", "On-time rate"]
    assert points_of(ax) == [(0.25, True), (1.0, False), (0.75, True), (0.5, False)]
    assert head_of(ax).finding == "Of the 2 busiest procedures, 25% to 100% came online, 50% to 75% were on time"


def test_a_procedure_named_like_mathematics_is_drawn_as_it_is_written(tables):
    strange = tables["procedures"].head(3).assign(procedure=["$x^ <script>$", "100 %", "_a_{b}"])
    ax = plot_procedures(strange, labels=VI, ax=plt.subplots()[1])
    ax.figure.canvas.draw()  # would raise on a broken formula
    assert ax.texts[0].get_text().startswith("$x^ <script>$")


def test_a_long_name_of_a_procedure_takes_two_lines_at_most_and_keeps_its_number(tables):
    long = tables["procedures"].head(1).assign(procedure="Cấp phép " * 40)
    lines = plot_procedures(long, labels=VI).texts[0].get_text().split("\n")
    assert len(lines) == 2
    assert lines[1].endswith("…\xa0(177)")


def test_every_open_dossier_is_in_one_class_of_age(tables):
    classes = age_classes(tables["open_age"])
    assert classes.to_numpy().sum() == 67
    assert classes.overdue.sum() == 20


@pytest.mark.parametrize(("days", "name"), [(0, "0–6"), (6, "0–6"), (7, "7–13"), (364, "180–364"), (365, "365+")])
def test_a_class_of_age_begins_on_its_first_day(days, name):
    classes = age_classes(pd.DataFrame({"age_days": [days], "timeliness": ["in_time"]}))
    assert classes.in_time.idxmax() == name


def test_fields_of_a_period_in_which_nothing_happened_are_no_fault(sample):
    empty = by_month(count_events(sample.dossiers.head(0), by=["field"]), read_period("2021"), by=["field"])
    assert plot_fields(empty, labels=EN).child_axes == []
