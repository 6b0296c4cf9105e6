"""Procedures are known by the core of their code, and count while they are in force."""

import pandas as pd
import pytest

from analysis.catalogue import (
    catalogue_of,
    count_out_of_force,
    count_procedures,
    differing_names,
    procedure_keys,
)
from analysis.codes import core_code
from analysis.counts import CHANNELS, EVENTS, count_events, count_intake, total, within
from analysis.periods import Period, read_period
from analysis.tables import DOSSIERS, PROCEDURES

DAY = pd.Timestamp
JANUARY = read_period("2022-01")


def of_table(table, usual, lines):
    rows = pd.DataFrame([{**usual, **line} for line in lines], columns=list(table.columns))
    days = {c: pd.Series([DAY(day) for day in rows[c]], dtype="datetime64[us]") for c in table.instants}
    return rows.astype({c: "str" for c in rows if c not in days}).assign(**days)


def dossiers(*lines):
    """Dossiers as ``cleaning`` leaves them; received on 3 January 2022 and due on the 10th unless they say otherwise."""
    return of_table(
        DOSSIERS, {"received_on": "2022-01-03", "first_due_on": "2022-01-10", "channel": "in_person"}, lines
    )


def procedures(*lines):
    """Entries of a catalogue."""
    return of_table(PROCEDURES, {"procedure": "Tên"}, lines)


# --- codes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "core"),
    [
        ("2.001525.000.00.00.H13", "2.001525"),
        ("1.014466.H12", "1.014466"),
        ("1.012508.h05", "1.012508"),
        (" 1.115150 ", "1.115150"),
        ("1.115150.000.00.00", "1.115150"),
        ("1.11515", "1.11515"),
        ("11.115150", "11.115150"),
        ("1.115150.H123", "1.115150.H123"),
        ("SXD-07", "SXD-07"),
    ],
)
def test_the_core_of_a_national_code_is_what_every_system_writes(code, core):
    assert core_code(pd.Series([code])).tolist() == [core]


def test_the_core_of_a_core_is_itself_and_a_missing_code_stays_missing():
    codes = pd.Series(["2.001525.000.00.00.H13", None, "SXD-07"], dtype="str")
    once = core_code(codes)
    pd.testing.assert_series_equal(core_code(once), once, check_names=False)
    assert once.isna().tolist() == [False, True, False]
    assert core_code(pd.Series([None, None], dtype="category")).isna().all()
    assert core_code(pd.Series(["", " "])).isna().all()


# --- counts ----------------------------------------------------------------------------------------------------------


def test_procedures_are_told_by_code_then_by_name_and_the_catalogue_names_them():
    catalogue = procedures(
        {"procedure_code": "1.110", "procedure": "Cấp mới"}, {"procedure_code": "1.11", "procedure": "Cấp lại"}
    )
    table = dossiers(
        {"procedure_code": "1.110", "procedure": "cap moi", "channel": "online"},
        {"procedure_code": "1.110", "procedure": "cap moi", "resolved_on": "2022-01-05"},
        {"procedure_code": "9.999", "procedure": "Một"},
        {"procedure_code": "9.999", "procedure": "Hai"},
        {"procedure_code": "9.999", "procedure": "Hai"},
        {"procedure": "Không mã", "status": "not_accepted"},
        {},
    )
    rows = count_procedures(table, catalogue, JANUARY)
    assert rows[["procedure_code", "procedure", "received", "in_catalogue"]].to_numpy().tolist() == [
        ["9.999", "Hai", 3, False],
        ["1.110", "Cấp mới", 2, True],
        ["", "", 1, False],
        ["", "Không mã", 0, False],
        ["1.11", "Cấp lại", 0, True],
    ]
    assert rows.online.sum() == rows.resolved_early.sum() == 1
    assert rows.received.sum() == total(within(count_events(table), JANUARY)).iloc[0].received


def test_an_office_or_province_behind_a_code_makes_no_other_procedure():
    table = dossiers({"procedure_code": "1.014466.000.00.00.H12"}, {"procedure_code": "1.014466"})
    rows = count_procedures(table, procedures({"procedure_code": "1.014466.H12", "procedure": "Một"}), JANUARY)
    assert rows[["procedure_code", "procedure", "received", "in_catalogue"]].to_numpy().tolist() == [
        ["1.014466", "Một", 2, True]
    ]


def test_a_dossier_without_a_code_is_of_the_only_procedure_of_its_name():
    listed = procedures(
        {"procedure_code": "1.000001", "procedure": "Cấp mới"},
        {"procedure_code": "1.000002", "procedure": "Cấp lại"},
        {"procedure_code": "1.000003", "procedure": "Cấp lại"},
    )
    table = dossiers({"procedure": "CẤP MỚI"}, {"procedure": "cap lai"}, {"procedure": "Khác"}, {})
    assert procedure_keys(table, listed).tolist() == ["1.000001", "cap lai", "Khác", ""]


def test_online_dossiers_filed_with_help_stand_apart_from_those_filed_alone():
    table = dossiers(
        *({"procedure_code": "1", "channel": "online", "assisted": word} for word in ("yes", "yes", "no", None)),
        {"procedure_code": "1", "assisted": "yes"},
        {"procedure_code": "1", "channel": "online", "assisted": "yes", "status": "not_accepted"},
        {"procedure_code": "1", "channel": "online", "assisted": "yes", "received_on": "2022-02-01"},
    )
    (row,) = count_procedures(table, procedures(), JANUARY).to_dict("records")
    assert (row["online"], row["assisted"], row["alone"], row["assistance_unknown"]) == (4, 2, 1, 1)


def test_the_field_is_that_of_the_catalogue_else_the_most_frequent_one():
    table = dossiers(
        {"procedure_code": "1", "field": "Đất đai"},
        *({"procedure_code": "2", "field": field} for field in ("Nhà ở", "Nhà ở", "Khác")),
    )
    rows = count_procedures(table, procedures({"procedure_code": "1", "field": "Xây dựng"}), JANUARY)
    assert rows.set_index("procedure_code").field.to_dict() == {"1": "Xây dựng", "2": "Nhà ở"}
    unread = count_procedures(table.drop(columns="field"), procedures(), JANUARY)
    assert set(unread.field) == {""}


def test_procedures_sum_to_all_dossiers(sample):
    year = read_period("2022")
    rows = count_procedures(sample.dossiers, sample.procedures, year)
    assert rows[list(EVENTS)].sum().to_dict() == total(within(count_events(sample.dossiers), year)).iloc[0].to_dict()
    channels = total(within(count_intake(sample.dossiers), year)).iloc[0][list(CHANNELS)]
    assert rows[list(CHANNELS)].sum().to_dict() == channels.to_dict()
    assert (rows.assisted + rows.alone + rows.assistance_unknown == rows.online).all()


# --- validity --------------------------------------------------------------------------------------------------------


def entries():
    """Old until 14 January, new from the 15th; one abolished in 2021, one that begins in March."""
    return procedures(
        {"procedure_code": "1.000001", "procedure": "Cũ", "valid_to": "2022-01-14", "service_level": "partial"},
        {"procedure_code": "1.000001", "procedure": "Mới", "valid_from": "2022-01-15", "service_level": "full"},
        {"procedure_code": "1.000002", "valid_to": "2021-12-31", "successor": "1.000001.H12"},
        {"procedure_code": "1.000003", "valid_from": "2022-03-01"},
        {"procedure_code": "1.000004"},
    )


@pytest.mark.parametrize(
    ("first", "last", "name", "level"),
    [
        ("2022-01-01", "2022-01-14", "Cũ", "partial"),
        ("2022-01-14", "2022-01-15", "Mới", "full"),
        ("2022-02-01", "2022-02-28", "Mới", "full"),
    ],
)
def test_of_several_entries_of_a_code_the_latest_in_force_holds(first, last, name, level):
    row = catalogue_of(entries(), Period("p", DAY(first), DAY(last))).loc["1.000001"]
    assert (row.procedure, row.service_level, row.in_force) == (name, level, True)


def test_of_several_levels_in_force_the_best_counts_whichever_line_comes_last():
    levels = ["full", "information", None]
    for lines in (levels, levels[::-1]):
        listed = procedures(*({"procedure_code": "1.000001", "service_level": level} for level in lines))
        assert catalogue_of(listed, JANUARY).service_level.tolist() == ["full"]


def test_an_abolished_procedure_and_one_to_come_are_not_in_force_and_name_their_successor():
    catalogue = catalogue_of(entries(), JANUARY)
    assert catalogue.in_force.to_dict() == {"1.000001": True, "1.000002": False, "1.000003": False, "1.000004": True}
    assert catalogue.successor["1.000002"] == "1.000001"
    rows = count_procedures(dossiers(), entries(), JANUARY).set_index("procedure_code")
    assert rows.in_force.to_dict() == catalogue.in_force.to_dict()


def test_both_days_of_validity_are_within_it():
    for first, last in (("2021-12-31", "2022-01-31"), ("2022-02-01", "2022-03-01")):
        catalogue = catalogue_of(entries(), Period("p", DAY(first), DAY(last)))
        assert catalogue.in_force[["1.000002", "1.000003"]].tolist() == [first == "2021-12-31", last == "2022-03-01"]


def test_dossiers_of_a_day_on_which_their_procedure_was_not_in_force_are_named():
    table = dossiers(
        {"procedure_code": "1.000001", "received_on": "2022-01-14 16:00"},
        {"procedure_code": "1.000001", "received_on": "2022-01-15"},
        {"procedure_code": "1.000002"},
        {"procedure_code": "1.000002.H12"},
        {"procedure_code": "1.000002", "status": "not_accepted"},
        {"procedure_code": "1.000002", "received_on": "2021-12-31"},
        {"procedure_code": "1.000003"},
        {"procedure_code": "9.999999"},
    )
    rows = count_out_of_force(table, entries(), JANUARY)
    assert rows[["procedure_code", "successor", "dossiers"]].to_numpy().tolist() == [
        ["1.000002", "1.000001", 2],
        ["1.000003", "", 1],
    ]
    assert count_out_of_force(dossiers(), entries(), JANUARY).empty


# --- what does not fit together --------------------------------------------------------------------------------------


def test_names_and_codes_that_differ_are_listed_both_ways():
    listed = procedures(
        {"procedure_code": "1.000001", "procedure": "Cấp mới"},
        {"procedure_code": "1.000001", "procedure": "Cấp lần đầu", "valid_from": "2022-01-15"},
        {"procedure_code": "1.000002", "procedure": "Gia hạn"},
    )
    table = dossiers(
        *[{"procedure_code": "1.000001.H12", "procedure": "CAP MOI"}] * 2,
        {"procedure_code": "1.000001", "procedure": "Cấp lần đầu"},
        *[{"procedure_code": "1.000001", "procedure": "Cấp giấy phép"}] * 3,
        {"procedure_code": "7.000000", "procedure": "gia hạn"},
        {"procedure_code": "8.000000", "procedure": "Không ai biết"},
        {"procedure_code": "1.000002"},
        {"procedure": "Gia hạn"},
        {"procedure_code": "1.000002", "procedure": "Khác", "received_on": "2022-02-01"},
    )
    assert differing_names(table, listed, JANUARY).to_numpy().tolist() == [
        ["1.000001", "Cấp giấy phép", "1.000001", "Cấp mới", "name", 3],
        ["7.000000", "gia hạn", "1.000002", "Gia hạn", "code", 1],
    ]
    assert differing_names(dossiers(), listed, JANUARY).empty
    assert differing_names(table, procedures(), JANUARY).empty


def test_nothing_of_the_sample_differs_from_its_catalogue(sample):
    year = read_period("2022")
    assert differing_names(sample.dossiers, sample.procedures, year).empty
    assert count_out_of_force(sample.dossiers, sample.procedures, year).empty


def test_no_function_of_the_catalogue_changes_its_tables():
    table, listed = dossiers({"procedure_code": "1.000001"}, {"procedure": "Tên"}), entries()
    before = table.copy(deep=True), listed.copy(deep=True)
    for call in (count_procedures, differing_names, count_out_of_force):
        call(table, listed, JANUARY)
    pd.testing.assert_frame_equal(table, before[0])
    pd.testing.assert_frame_equal(listed, before[1])
