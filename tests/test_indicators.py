"""The indicators of Decision 766: ratios by hand, what cannot be computed, and points that bring their source."""

import json

import pandas as pd
import pytest

from analysis.form_sentences import data_sentences
from analysis.grids import FileProblem
from analysis.indicator_sentences import indicator_rows, indicator_sentences
from analysis.indicators import INDICATORS, NEVER, handling_times, indicators
from analysis.labels import read_labels
from analysis.periods import read_period, until
from analysis.points import read_points, with_points
from analysis.tables import DOSSIERS, PROCEDURES, Table

JANUARY = read_period("2022-01")
YEAR = read_period("2022")
KEYS = {"source_system": "one-stop", "status": "pending", "received_on": "2022-01-03", "first_due_on": "2022-01-10"}


def filled(table: Table, *lines, **usual):
    """A table of some lines; a code of its own for each where it has none."""
    rows = pd.DataFrame([{**usual, **line} for line in lines], columns=list(table.columns))
    days = {c: pd.Series([pd.Timestamp(day) for day in rows[c]], dtype="datetime64[us]") for c in table.instants}
    return rows.astype({c: "str" for c in rows if c not in table.instants}).assign(**days)


@pytest.fixture
def data(sample):
    """Made of some dossiers, procedures and earlier states; every column is in some export."""

    def of(*dossiers, procedures=(), earlier=()):
        numbered = [{"dossier_id": f"H-{number}", **line} for number, line in enumerate(dossiers)]
        table = filled(DOSSIERS, *numbered, **KEYS)
        history = pd.concat([table, filled(DOSSIERS, *earlier, **KEYS)], ignore_index=True)
        columns = {name: list(t.columns) for name, t in (("dossiers", DOSSIERS), ("procedures", PROCEDURES))}
        files = pd.DataFrame(
            {"table": list(columns), "columns": [json.dumps(dict.fromkeys(c)) for c in columns.values()]}
        )
        return sample.with_(dossiers=table, history=history, procedures=filled(PROCEDURES, *procedures), files=files)

    return of


def told(data, indicator, column="value"):
    return indicators(data, JANUARY).loc[indicator, column]


def numbers(data, indicator):
    row = indicators(data, JANUARY).loc[indicator]
    return row[["numerator", "denominator", "unknown"]].tolist()


# --- 2.1 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dossier", "timely"),
    [
        ({"status": "resolved", "resolved_on": "2022-01-10 16:00"}, 1),
        ({"status": "resolved", "resolved_on": "2022-01-11"}, 0),
        ({"status": "resolved", "resolved_on": "2022-02-05", "first_due_on": "2022-02-01"}, 1),
        ({"first_due_on": "2022-01-31"}, 1),
        ({}, 0),
        ({"status": "withdrawn", "closed_on": "2022-01-10"}, 1),
        ({"status": "returned", "closed_on": "2022-01-11"}, 0),
        ({"status": "paused", "paused_from": "2022-01-10"}, 1),
        ({"status": "paused", "paused_from": "2022-01-11"}, 0),
        ({"paused_from": "2022-01-05", "paused_to": "2022-01-06"}, 0),
        ({"received_on": "2021-12-01", "status": "resolved", "resolved_on": "2022-01-05"}, 1),
    ],
)
def test_a_dossier_is_on_time_by_the_day_it_ended_was_paused_or_the_period_ended(data, dossier, timely):
    assert numbers(data(dossier), "2.1") == [timely, 1, 0]


def test_supplement_time_is_taken_out_and_how_many_that_eases_is_told(data):
    paused = {"status": "resolved", "resolved_on": "2022-01-14", "paused_from": "2022-01-05"}
    eased = data({**paused, "paused_to": "2022-01-09"}, {**paused, "paused_to": "2022-01-08"})
    assert numbers(eased, "2.1") == [1, 2, 0]
    assert told(eased, "2.1", "after_pauses") == 1


def test_of_a_supplement_that_came_after_the_end_the_wait_up_to_the_end_is_taken_out(data):
    paused = {"status": "resolved", "resolved_on": "2022-01-14", "paused_from": "2022-01-05", "paused_to": "2022-01-20"}
    assert numbers(data(paused), "2.1") == [1, 1, 0]


def test_a_supplement_asked_for_twice_is_late_while_it_is_waited_for(data):
    waits = {"dossier_id": "H-1", "status": "paused", "paused_from": "2022-01-09"}
    before = {**waits, "paused_from": "2022-01-05"}
    assert numbers(data(waits, earlier=[waits]), "2.1") == [1, 1, 0]
    assert numbers(data(waits, earlier=[before]), "2.1") == [0, 1, 0]
    assert numbers(data(waits, earlier=[{**before, "source_system": "ministry"}]), "2.1") == [1, 1, 0]


def test_without_a_due_date_or_a_known_state_a_dossier_stands_in_neither_sum(data):
    assert numbers(data({"first_due_on": None}, {"status": "unknown"}, {}), "2.1") == [0, 1, 2]


def test_what_was_never_accepted_or_ended_before_or_came_later_is_not_in_hand(data):
    others = [
        {"status": "not_accepted"},
        {"received_on": "2021-12-01", "status": "resolved", "resolved_on": "2021-12-31"},
        {"received_on": "2022-02-01"},
    ]
    assert numbers(data(*others), "2.1") == [0, 0, 0]
    assert pd.isna(told(data(*others), "2.1"))


# --- the others ------------------------------------------------------------------------------------------------------


def test_the_mean_handling_time_is_a_ratio_of_sums_less_supplement_time(data):
    resolved = {"status": "resolved", "procedure_code": "1.000001.H99"}
    table = handling_times(
        data(
            {**resolved, "resolved_on": "2022-01-13", "paused_from": "2022-01-05", "paused_to": "2022-01-09"},
            {**resolved, "resolved_on": "2022-01-05", "procedure_code": "1.000001"},
            {**resolved, "resolved_on": "2022-02-05"},
            {**resolved, "resolved_on": "2022-01-05", "received_on": "2021-12-30"},
            {"status": "withdrawn", "closed_on": "2022-01-04", "procedure": "Không mã"},
            procedures=[
                {"procedure_code": "1.000001", "procedure": "Cấp phép", "term_days": "5", "term_unit": "hours"}
            ],
        ),
        JANUARY,
    )
    assert table[["procedure", "dossiers", "days", "mean_days", "term_days"]].iloc[0].tolist() == [
        "Cấp phép",
        2,
        8,
        4,
        5,
    ]
    assert table[["procedure", "dossiers", "days"]].iloc[1].tolist() == ["Không mã", 1, 1]


def test_days_are_counted_in_the_unit_of_the_term_and_days_of_two_units_are_not_summed(data):
    """Received on Monday 3 January: to Thursday 13 eight working days, two of them within the pause."""
    resolved = {"status": "resolved", "procedure_code": "1.000001"}
    made = data(
        {**resolved, "resolved_on": "2022-01-13", "paused_from": "2022-01-05", "paused_to": "2022-01-07"},
        {**resolved, "resolved_on": "2022-01-05"},
        {**resolved, "resolved_on": "2022-01-10", "procedure_code": "1.000002"},
        procedures=[
            {"procedure_code": "1.000001", "procedure": "Cấp phép", "term_days": "5", "term_unit": "working_days"},
            {"procedure_code": "1.000002", "procedure": "Gia hạn", "term_days": "9", "term_unit": "calendar_days"},
        ],
    )
    table = handling_times(made, JANUARY)[["procedure", "dossiers", "days", "unit"]]
    assert table.to_numpy().tolist() == [["Cấp phép", 2, 8, "working_days"], ["Gia hạn", 1, 7, "calendar_days"]]
    assert numbers(made, "2.2") == [8, 2, 1]


def test_without_a_calendar_handling_times_are_in_calendar_days_and_2_2_is_missing(data):
    made = data({"status": "resolved", "resolved_on": "2022-01-10"})
    settings = {**made.vocabulary.settings, "calendar": "none"}
    bare = made.with_(vocabulary=made.vocabulary._replace(settings=settings))
    row = handling_times(bare, JANUARY).iloc[0]
    assert (row.days, row.unit, row.no_calendar) == (7, "calendar_days", 0)
    found = indicators(bare, JANUARY).loc["2.2"]
    assert pd.isna(found.value)
    assert found.lacks == "calendar"


def test_what_the_calendar_does_not_cover_is_not_in_the_mean(data):
    old = {"status": "resolved", "received_on": "2014-12-30", "resolved_on": "2015-01-05"}
    row = handling_times(data(old), read_period("2014-12")._replace(last=pd.Timestamp("2015-01-31"))).iloc[0]
    assert (row.dossiers, row.days, row.no_calendar) == (0, 0, 1)
    assert pd.isna(row.mean_days)


@pytest.mark.parametrize(("resolved", "timely"), [("2022-01-13", 1), ("2022-01-14", 0)])
def test_days_of_a_supplement_before_receipt_are_not_taken_out(data, resolved, timely):
    """Of six days three lie before receipt."""
    paused = {"status": "resolved", "resolved_on": resolved, "paused_from": "2021-12-31", "paused_to": "2022-01-06"}
    assert numbers(data(paused), "2.1") == [timely, 1, 0]


def test_a_dossier_without_a_code_is_of_the_only_procedure_of_its_name(data):
    named = {"channel": "online", "procedure": "CAP PHEP"}
    listed = [{"procedure_code": "1.000001", "procedure": "Cấp phép", "service_level": "full"}]
    assert numbers(data(named, procedures=listed), "3.2") == [1, 1, 0]


CATALOGUE = [
    {"procedure_code": "1.000001", "service_level": "full"},
    {"procedure_code": "1.000001.H99", "service_level": "information"},
    {"procedure_code": "1.000002", "service_level": "partial"},
    {"procedure_code": "1.000003", "service_level": "information", "has_fee": "yes"},
    {"procedure_code": "1.000004", "service_level": None},
    {"procedure_code": "1.000005", "service_level": "full", "valid_to": "2021-12-31"},
]


def test_of_several_levels_the_best_counts_and_what_is_no_longer_in_force_does_not(data):
    assert numbers(data({}, procedures=CATALOGUE), "3.1") == [2, 4, 1]


def test_a_service_is_used_online_if_one_dossier_of_the_period_came_online(data):
    online = {"channel": "online", "procedure_code": "1.000002.000.00.00.H99"}
    strange = {"channel": "online", "procedure_code": "9.000009"}
    later = {**online, "procedure_code": "1.000001", "received_on": "2022-02-01"}
    assert numbers(data(online, online, strange, later, procedures=CATALOGUE), "3.2") == [1, 2, 1]


def test_only_in_indicator_3_3_an_unknown_channel_counts_as_in_person(data):
    with_result = {"channel": "online", "result_digitised": "yes"}
    assert numbers(data(with_result, {"channel": "online"}, {"channel": "unknown"}, {"channel": None}), "3.3") == [
        1,
        4,
        2,
    ]


def test_a_fee_is_that_of_the_dossier_else_of_its_procedure(data):
    of_procedure = {"procedure_code": "1.000003", "paid_online": "yes"}
    lines = [
        {"fee_due": "yes", "paid_online": "yes"}, {"fee_due": "yes", "paid_online": None}, {"fee_due": "no"},
        of_procedure, {**of_procedure, "fee_due": "no"}, {"paid_online": "yes"},
    ]  # fmt: skip
    assert numbers(data(*lines, procedures=CATALOGUE), "3.6") == [2, 3, 1]


def test_results_are_those_of_the_dossiers_resolved_in_the_period(data):
    resolved = {"status": "resolved", "resolved_on": "2022-01-05", "result_digitised": "yes"}
    lines = [resolved, {**resolved, "result_digitised": None}, {**resolved, "resolved_on": "2022-02-05"}]
    withdrawn = {**resolved, "status": "withdrawn", "closed_on": "2022-01-05", "resolved_on": None}
    assert numbers(data(*lines, withdrawn), "4.1") == [1, 2, 1]


# --- what cannot be computed -----------------------------------------------------------------------------------------


def test_what_no_export_has_a_column_for_names_it_and_is_no_zero(sample):
    table = indicators(sample.with_(files=sample.files.assign(columns="{}")), YEAR)
    assert table.value.isna().all()
    assert table.lacks["3.6"] == "dossiers.fee_due dossiers.paid_online"
    assert set(table.index) == {*INDICATORS, *NEVER}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_indicator_has_a_name_a_rule_and_says_what_it_lacks(sample, lang):
    labels = read_labels(lang)
    table = indicator_rows(indicators(sample.with_(files=sample.files.assign(columns="{}")), YEAR), labels=labels)
    start = labels.name("indicators.lacks_columns", columns="").split(":")[0]
    assert table["name"].is_unique
    assert table.rule.str.contains(start, regex=False).all()


def test_where_no_dossier_of_a_year_says_how_a_fee_was_paid_nothing_is_claimed(sample):
    table = indicators(sample, read_period("2021"))
    assert pd.isna(table.value["3.6"])
    assert table.unknown["3.6"] == table.denominator["3.6"] > 0


def test_the_indicators_of_the_sample(sample):
    table = indicators(sample, until(YEAR, sample.as_of))
    known = table.loc[["2.1", "3.1", "3.2", "4.1"], ["numerator", "denominator"]].astype(int).to_numpy().tolist()
    assert known == [[667, 937], [19, 27], [19, 19], [475, 855]]
    assert table.loc["3.3", "denominator"] == 937
    assert table.after_pauses["2.1"] == 2
    assert table.value["2.2"] == pytest.approx(16005 / 870)


def test_a_period_that_is_not_over_says_so(sample):
    labels = read_labels("vi")
    cut = until(YEAR, sample.as_of)
    assert any("31/12/2022" in text for text in data_sentences(sample, cut, whole=YEAR, labels=labels))
    assert not any("31/12/2022" in text for text in data_sentences(sample, cut, whole=cut, labels=labels))


# --- points ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def points(tmp_path):
    def write(*lines, head="indicator,full_points,threshold,source"):
        path = tmp_path / "points.csv"
        path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8-sig")
        return path

    return write


def test_points_are_full_from_the_threshold_on_and_in_proportion_below(sample, points):
    table = indicators(sample, until(YEAR, sample.as_of))
    worth = with_points(table, read_points(points('3.1,6,80,"QĐ 766, phụ lục"', "3.2,6,80,QĐ 766", "3.6,10,30,QĐ 766")))
    assert worth.points["3.1"] == pytest.approx(6 * (19 / 27) / 0.8)
    assert worth.points["3.2"] == 6
    assert worth.points["3.6"] == pytest.approx(10 * table.value["3.6"] / 0.3)
    assert pd.isna(worth.points["2.1"])
    assert worth.source["3.1"] == "QĐ 766, phụ lục"


def test_without_a_table_there_are_no_points_and_that_is_said(sample):
    table = indicators(sample, until(YEAR, sample.as_of))
    assert "points" not in table
    labels = read_labels("vi")
    assert labels.name("indicators.no_points") in indicator_sentences(table, points=False, labels=labels)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("3.9,6,80,QĐ 766", "line 2: the indicator '3.9' is none of 2.1, 3.1"),
        ("2.2,6,80,QĐ 766", "'2.2' is none of"),
        ("3.1,six,80,QĐ 766", "'3.1' needs full points and a threshold above 0"),
        ("3.1,6,0,QĐ 766", "needs full points and a threshold above 0"),
        ("3.1,6,800,QĐ 766", "needs full points and a threshold above 0"),
        ("3.1,6,80, ", "'3.1' names no source"),
        ("3.1,6,80,QĐ\n3.1,6,80,QĐ", "line 3: the indicator '3.1' stands twice"),
    ],
)
def test_a_line_of_points_that_cannot_be_used_is_named(points, line, said):
    with pytest.raises(FileProblem, match=f"points.csv: .*{said}"):
        read_points(points(line))


def test_a_table_of_points_without_a_column_or_a_file_is_refused(points, tmp_path):
    with pytest.raises(FileProblem, match="has no column 'source'; a table of points has indicator, full_points"):
        read_points(points("3.1,6,80", head="indicator,full_points,threshold"))
    with pytest.raises(FileProblem, match=r"none\.csv: cannot be read"):
        read_points(tmp_path / "none.csv")
