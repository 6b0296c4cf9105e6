"""Every line has one fate; the newest state of a dossier is kept whatever the order; doubt is a warning."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cleaning import (
    clean_documents,
    clean_dossiers,
    clean_meetings,
    clean_procedures,
)
from analysis.rules import DOUBTED, REJECTED
from analysis.tables import DOCUMENTS, DOSSIERS, EXPORTED, NUMBER_MARK, SOURCE, TABLES
from analysis.vocabulary import read_vocabulary

SHIPPED = read_vocabulary()
CLEAN = {
    "dossiers": clean_dossiers,
    "documents": clean_documents,
    "meetings": clean_meetings,
    "procedures": clean_procedures,
}
GOOD = {
    "dossiers": {"dossier_id": "H1", "received_on": "03/01/2022"},
    "documents": {"number": "7", "issued_on": "03/01/2022", "form": "Giấy"},
    "meetings": {"held_on": "03/01/2022", "mode": "Trực tiếp"},
    "procedures": {"procedure_code": "1.115150", "procedure": "Cấp giấy phép xây dựng"},
}
REST = ("file", "sheet", "row", "exported")


def raw(*lines):
    """Lines as ``store`` hands them over; ``file``, ``sheet``, ``row`` and ``exported`` say where a line stands."""
    columns = sorted({column for line in lines for column in line} - set(REST))
    return pa.table(
        {
            **{c: pa.array([line.get(c, "") for line in lines], pa.string()) for c in columns},
            "source_file": pa.array([line.get("file", "a.csv") for line in lines], pa.string()),
            "source_sheet": pa.array([line.get("sheet", "") for line in lines], pa.string()),
            "source_row": pa.array([line.get("row", at) for at, line in enumerate(lines, 2)], pa.int64()),
            EXPORTED: pa.array([pd.Timestamp(line["exported"]) if line.get("exported") else None for line in lines],
                               pa.timestamp("us")),
        }
    )  # fmt: skip


def clean(*lines, table="dossiers", vocabulary=SHIPPED):
    return CLEAN[table](raw(*lines), vocabulary=vocabulary)


def dossiers(*lines):
    """Lines of the dossier H1, received on 3 January 2022 unless they say otherwise."""
    return clean(*({**GOOD["dossiers"], **line} for line in lines))


def fates(cleaned):
    """Each line's fate, or why it is rejected, in the order of the lines."""
    order = cleaned.fates.sort_values(["source_row", "source_file"])
    return [reason or fate for fate, reason in zip(order.fate, order.reason, strict=True)]


def doubts(cleaned):
    return sorted(zip(cleaned.warnings.reason, cleaned.warnings.column, strict=True))


# --- rejections ------------------------------------------------------------------------------------------------------

BAD_DAY = "31/02/2022"
REJECTIONS = {
    ("dossiers", "unreadable_dossier_id"): {"dossier_id": "#N/A"},
    ("dossiers", "missing_dossier_id"): {"dossier_id": " - "},
    ("dossiers", "unreadable_received_on"): {"received_on": BAD_DAY},
    ("dossiers", "missing_received_on"): {"received_on": "N/A"},
    ("dossiers", "unreadable_due_on"): {"due_on": BAD_DAY},
    ("dossiers", "unreadable_first_due_on"): {"first_due_on": BAD_DAY},
    ("dossiers", "unreadable_resolved_on"): {"resolved_on": BAD_DAY},
    ("dossiers", "unreadable_closed_on"): {"closed_on": BAD_DAY},
    ("dossiers", "unreadable_collected_on"): {"collected_on": BAD_DAY},
    ("dossiers", "end_without_day"): {"status": "Đã trả kết quả"},
    ("documents", "unreadable_number"): {"number": "#REF!"},
    ("documents", "unreadable_symbol"): {"number": "", "symbol": "#REF!"},
    ("documents", "missing_number"): {"number": ""},
    ("documents", "unreadable_issued_on"): {"issued_on": BAD_DAY},
    ("documents", "unreadable_arrived_on"): {"arrived_on": BAD_DAY},
    ("documents", "missing_day"): {"issued_on": ""},
    ("meetings", "unreadable_held_on"): {"held_on": BAD_DAY},
    ("meetings", "missing_held_on"): {"held_on": ""},
    ("procedures", "unreadable_procedure_code"): {"procedure_code": "########"},
    ("procedures", "missing_procedure_code"): {"procedure_code": ""},
    ("procedures", "missing_procedure"): {"procedure": "..."},
}


def test_every_reason_to_reject_has_a_case():
    assert set(REJECTIONS) == {(table, reason) for table, rules in REJECTED.items() for reason in rules}


@pytest.mark.parametrize(("table", "reason"), REJECTIONS)
def test_a_line_is_rejected_for_one_named_reason_with_its_column_and_value(table, reason):
    change = REJECTIONS[table, reason]
    good = {**GOOD[table], "row": 9, "dossier_id": "H2"} if table == "dossiers" else {**GOOD[table], "row": 9}
    cleaned = clean({**GOOD[table], **change}, table=table)
    (line,) = cleaned.fates.to_dict("records")
    assert (line["fate"], line["reason"]) == ("rejected", reason)
    assert line["column"] == REJECTED[table][reason].column
    assert line["value"] == change.get(line["column"], GOOD[table].get(line["column"], ""))
    assert (len(cleaned.rows), len(cleaned.history), len(cleaned.warnings)) == (0, 0, 0)
    assert len(clean(good, table=table).rows) == 1


@pytest.mark.parametrize("status", ["Rút hồ sơ", "Trả lại hồ sơ", "Chuyển đơn vị khác", "Đã xử lý xong"])
def test_an_end_state_without_a_day_is_rejected_and_with_one_kept(status):
    assert fates(dossiers({"status": status})) == ["end_without_day"]
    assert fates(dossiers({"status": status, "resolved_on": "05/01/2022"})) == ["kept"]


def test_a_closing_day_does_not_say_when_a_dossier_was_resolved():
    assert fates(dossiers({"status": "Đã xử lý xong", "closed_on": "05/01/2022"})) == ["end_without_day"]


def test_an_unreadable_day_of_collection_matters_only_where_no_other_end_is_known():
    cleaned = dossiers({"collected_on": BAD_DAY, "resolved_on": "05/01/2022"})
    assert fates(cleaned) == ["kept"]
    assert doubts(cleaned) == [("unreadable_collected_on", "collected_on")]


def test_the_first_reason_that_applies_is_the_fate():
    assert fates(dossiers({"dossier_id": "", "received_on": BAD_DAY, "due_on": BAD_DAY})) == ["missing_dossier_id"]


ERRORS = ["#REF!", "#N/A", "#n/a", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "########"]


@pytest.mark.parametrize("error", [*ERRORS, "Err:502"])
def test_the_error_of_a_spreadsheet_is_never_a_blank_a_code_a_word_or_a_day(error):
    assert fates(dossiers({"dossier_id": error})) == ["unreadable_dossier_id"]
    assert fates(dossiers({"received_on": error})) == ["unreadable_received_on"]
    assert fates(dossiers({"due_on": error})) == ["unreadable_due_on"]
    cleaned = dossiers({"channel": error, "procedure": error, "procedure_code": error, "paused_from": error})
    assert fates(cleaned) == ["kept"]
    assert doubts(cleaned) == [
        ("unmapped_word", "channel"),
        ("unreadable_paused_from", "paused_from"),
        ("unreadable_procedure", "procedure"),
        ("unreadable_procedure_code", "procedure_code"),
    ]
    assert set(cleaned.warnings.value) == {error}
    assert cleaned.rows[["procedure", "procedure_code"]].isna().all(axis=None)


# --- doubts ----------------------------------------------------------------------------------------------------------

AFTER = {"exported": "2022-01-02"}
DOUBTS = {
    ("dossiers", "resolved_before_received"): {"resolved_on": "02/01/2022"},
    ("dossiers", "due_before_received"): {"due_on": "02/01/2022"},
    ("dossiers", "closed_before_received"): {"status": "Rút hồ sơ", "closed_on": "02/01/2022"},
    ("dossiers", "open_status_with_end"): {"status": "Đang xử lý", "resolved_on": "05/01/2022"},
    ("dossiers", "collected_day_taken_as_end"): {"collected_on": "05/01/2022"},
    ("dossiers", "after_export"): AFTER,
    ("documents", "after_export"): AFTER,
    ("meetings", "after_export"): AFTER,
}


def test_every_reason_to_doubt_has_a_case():
    assert set(DOUBTS) == {(table, reason) for table, rules in DOUBTED.items() for reason in rules}


@pytest.mark.parametrize(("table", "reason"), DOUBTS)
def test_a_doubtful_line_is_kept_and_warned_of(table, reason):
    cleaned = clean({**GOOD[table], **DOUBTS[table, reason]}, table=table)
    column = DOUBTED[table][reason].column
    assert fates(cleaned) == ["kept"]
    assert doubts(cleaned) == [(reason, column)]
    assert cleaned.warnings.value[0] == {**GOOD[table], **DOUBTS[table, reason]}.get(column, "")
    assert len(clean({**GOOD[table], "exported": "2022-01-03"}, table=table).warnings) == 0


@pytest.mark.parametrize(
    ("received", "resolved", "doubtful"),
    [
        ("03/01/2022 10:00", "03/01/2022", False),
        ("03/01/2022 10:00", "03/01/2022 09:59", True),
        ("03/01/2022", "03/01/2022", False),
        ("03/01/2022", "02/01/2022 23:59", True),
        ("03/01/2022 10:00", "03/01/2022 10:00", False),
    ],
)
def test_an_end_before_the_receipt_is_told_by_instants_and_a_bare_day_lasts_until_its_end(received, resolved, doubtful):
    cleaned = dossiers({"received_on": received, "resolved_on": resolved})
    assert doubts(cleaned) == [("resolved_before_received", "resolved_on")] * doubtful


@pytest.mark.parametrize(("table", "column"), [(t, c) for t, table in TABLES.items() for c in table.words])
def test_a_word_nobody_explained_is_unknown_and_warned_of(table, column):
    cleaned = clean({**GOOD[table], column: "chữ lạ"}, table=table)
    assert cleaned.rows[column].tolist() == ["unknown"]
    assert doubts(cleaned) == [("unmapped_word", column)]
    assert cleaned.warnings.value.tolist() == ["chữ lạ"]


@pytest.mark.parametrize("column", ["paused_from", "paused_to"])
def test_an_unreadable_day_that_is_not_needed_is_missing_and_warned_of(column):
    cleaned = dossiers({column: BAD_DAY})
    assert cleaned.rows[column].isna().all()
    assert doubts(cleaned) == [(f"unreadable_{column}", column)]


def test_only_kept_lines_are_doubted():
    cleaned = dossiers(
        {"due_on": "02/01/2022", "exported": "2022-01-10"},
        {"due_on": "09/01/2022", "exported": "2022-01-11"},
        {"dossier_id": "", "due_on": "02/01/2022"},
    )
    assert fates(cleaned) == ["superseded", "kept", "missing_dossier_id"]
    assert doubts(cleaned) == []


# --- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", ["", " ", "-", "N/A", "chưa có"])
def test_a_blank_channel_is_unknown_never_in_person(blank):
    cleaned = dossiers({"channel": blank})
    assert cleaned.rows.channel.tolist() == ["unknown"]
    assert doubts(cleaned) == []


def test_a_channel_that_no_export_has_is_unknown():
    assert dossiers({}).rows.channel.tolist() == ["unknown"]


@pytest.mark.parametrize(
    ("word", "channel"), [("TRUC TUYEN", "online"), ("2", "online"), ("1", "in_person"), ("BCCI", "postal")]
)
def test_a_channel_is_told_by_word_or_code_in_any_spelling(word, channel):
    assert dossiers({"channel": word}).rows.channel.tolist() == [channel]


def test_text_is_trimmed_composed_and_otherwise_as_written():
    cleaned = dossiers(
        {"dossier_id": " 00123.10 ", "field": " Nha\u0300  o\u031b\u0309 ", "procedure_code": "1.115150"}
    )
    row = cleaned.rows.iloc[0]
    assert (row.dossier_id, row.field, row.procedure_code) == ("00123.10", "Nhà ở", "1.115150")


def test_the_rows_have_every_column_and_their_source():
    rows = dossiers({}).rows
    assert list(rows) == [*DOSSIERS.columns, *SOURCE]
    assert rows.source_system.tolist() == [SHIPPED.settings["source_system"]]
    assert {str(rows[c].dtype) for c in DOSSIERS.instants} == {"datetime64[us]"}


@pytest.mark.parametrize("status", ["Rút hồ sơ", "Trả lại hồ sơ", "Chuyển đơn vị khác"])
@pytest.mark.parametrize("column", ["resolved_on", "collected_on", "closed_on"])
def test_the_end_of_a_dossier_that_ended_otherwise_is_the_day_it_closed(status, column):
    rows = dossiers({"status": status, column: "05/01/2022"}).rows
    assert rows.closed_on.tolist() == [pd.Timestamp("2022-01-05")]
    assert rows.resolved_on.isna().all()


def test_the_day_of_collection_stands_for_the_end_only_where_no_other_is_known():
    both = {"resolved_on": "05/01/2022", "collected_on": "09/01/2022"}
    assert dossiers(both).rows.resolved_on.tolist() == [pd.Timestamp("2022-01-05")]
    assert dossiers({"collected_on": "09/01/2022"}).rows.resolved_on.tolist() == [pd.Timestamp("2022-01-09")]


def test_a_dossier_never_accepted_keeps_its_state():
    rows = dossiers({"status": "Không được tiếp nhận"}).rows
    assert rows.status.tolist() == ["not_accepted"]


# --- the latest state ------------------------------------------------------------------------------------------------


def test_the_line_of_the_latest_export_is_kept_even_if_an_older_one_tells_later_events():
    cleaned = dossiers(
        {"resolved_on": "20/01/2022", "exported": "2022-02-01"},
        {"due_on": "30/01/2022", "exported": "2022-03-01"},
    )
    assert fates(cleaned) == ["superseded", "kept"]
    assert cleaned.rows.resolved_on.isna().all()


def test_within_one_export_the_line_with_the_latest_event_is_kept():
    cleaned = dossiers(
        {"resolved_on": "20/01/2022", "exported": "2022-02-01"},
        {"due_on": "30/01/2022", "exported": "2022-02-01"},
    )
    assert fates(cleaned) == ["kept", "superseded"]


def test_a_due_date_makes_no_line_newer():
    cleaned = dossiers({"due_on": "30/12/2022"}, {"paused_from": "04/01/2022"})
    assert fates(cleaned) == ["superseded", "kept"]


@pytest.mark.parametrize(("exported", "newest"), [("2022-02-28", "b.csv"), ("2022-03-02", "a.csv")])
def test_a_file_without_an_export_day_is_as_old_as_its_latest_event(exported, newest):
    cleaned = dossiers(
        {"channel": "1", "exported": exported},
        {"channel": "2", "file": "b.csv"},
        {"dossier_id": "H2", "received_on": "01/03/2022", "file": "b.csv"},
    )
    assert cleaned.rows.set_index("dossier_id").source_file["H1"] == newest


def test_equal_content_is_repeated_and_the_same_line_stays_whatever_the_order():
    lines = [{"channel": "1", "row": 2}, {"channel": "Trực tiếp", "row": 3}, {"channel": "TRUC TIEP", "row": 4}]
    assert fates(dossiers(*lines)) == fates(dossiers(*reversed(lines))) == ["kept", "repeated", "repeated"]


def test_a_state_seen_again_in_a_later_export_is_repeated():
    cleaned = dossiers({"exported": "2022-02-01"}, {"exported": "2022-03-01", "file": "b.csv"})
    assert sorted(fates(cleaned)) == ["kept", "repeated"]
    assert len(cleaned.history) == 1


def test_different_lines_of_equal_age_are_warned_of_and_the_choice_does_not_depend_on_order():
    lines = [{"channel": "1", "row": 2}, {"channel": "2", "row": 3}]
    one, other = dossiers(*lines), dossiers(*reversed(lines))
    assert sorted(fates(one)) == ["kept", "superseded"]
    assert doubts(one) == [("equal_rank_different_content", "dossier_id")]
    pd.testing.assert_frame_equal(one.rows, other.rows)


def test_one_code_in_two_systems_is_two_dossiers():
    cleaned = dossiers({"source_system": "tỉnh"}, {"source_system": "bộ"})
    assert cleaned.rows.source_system.tolist() == ["bộ", "tỉnh"]


def test_keys_are_not_confused_by_how_they_are_joined():
    cleaned = dossiers({"source_system": "a", "dossier_id": "b c"}, {"source_system": "a b", "dossier_id": "c"})
    assert fates(cleaned) == ["kept", "kept"]


def test_history_holds_every_state_from_oldest_to_latest():
    cleaned = dossiers(
        {"due_on": "12/01/2022", "exported": "2022-02-01"},
        {"due_on": "11/01/2022", "exported": "2022-01-05"},
        {"due_on": "11/01/2022", "exported": "2022-01-04"},
    )
    assert cleaned.history.due_on.dt.day.tolist() == [11, 12]
    assert cleaned.history[EXPORTED].dt.strftime("%m-%d").tolist() == ["01-04", "02-01"]


def test_lateness_is_against_the_due_date_that_was_promised_first():
    cleaned = dossiers(
        {"due_on": "20/01/2022", "exported": "2022-02-01"}, {"due_on": "10/01/2022", "exported": "2022-01-05"}
    )
    assert cleaned.rows.due_on.tolist() == [pd.Timestamp("2022-01-20")]
    assert cleaned.rows.first_due_on.tolist() == [pd.Timestamp("2022-01-10")]


def test_an_exports_own_first_due_date_comes_before_what_older_exports_said():
    cleaned = dossiers(
        {"due_on": "20/01/2022", "first_due_on": "09/01/2022", "exported": "2022-02-01"},
        {"due_on": "10/01/2022", "exported": "2022-01-05"},
    )
    assert cleaned.rows.first_due_on.tolist() == [pd.Timestamp("2022-01-09")]


def test_a_state_without_a_due_date_promised_nothing():
    cleaned = dossiers({"exported": "2022-01-04"}, {"due_on": "10/01/2022", "exported": "2022-01-05"})
    assert cleaned.rows.first_due_on.tolist() == [pd.Timestamp("2022-01-10")]


# --- a newer line that cannot be read --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "good", "withheld"),
    [
        ("2022-02-01", "2022-01-05", True),
        ("2022-02-01", "2022-02-01", True),
        ("2022-01-05", "2022-02-01", False),
        ("", "2022-01-05", True),
    ],
)
def test_a_dossier_whose_newest_line_cannot_be_read_is_withheld(bad, good, withheld):
    cleaned = dossiers(
        {"resolved_on": BAD_DAY, "received_on": "", "exported": bad}, {"exported": good, "file": "b.csv"}
    )
    assert fates(cleaned)[1] == ("newer_line_unreadable" if withheld else "kept")
    assert len(cleaned.rows) == (not withheld)
    assert len(cleaned.history) == (not withheld)


def test_every_older_line_of_a_withheld_dossier_is_withheld_and_no_other_dossier():
    cleaned = dossiers(
        {"exported": "2022-01-05"},
        {"exported": "2022-01-05", "row": 3},
        {"exported": "2022-02-01", "resolved_on": "x"},
        {"exported": "2022-01-05", "dossier_id": "H2"},
        {"exported": "2022-02-01", "dossier_id": "", "resolved_on": "x"},
    )
    assert fates(cleaned) == [
        "newer_line_unreadable", "newer_line_unreadable", "unreadable_resolved_on", "kept", "missing_dossier_id",
    ]  # fmt: skip
    assert cleaned.warnings.empty


# --- documents, meetings, procedures ---------------------------------------------------------------------------------


def documents(*lines):
    return clean(*({**GOOD["documents"], **line} for line in lines), table="documents")


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"number": "8"}, False),
        ({"number": "07"}, False),
        ({"direction": "Văn bản đi"}, True),
        ({"direction": "Văn bản đến"}, False),
        ({"book": "Sổ mật"}, False),
        ({"source_system": "bộ"}, False),
        ({"issued_on": "04/01/2022"}, True),
        ({"issued_on": "04/01/2023"}, False),
        ({"arrived_on": "03/01/2022"}, False),
    ],
)
def test_a_numbered_document_is_told_by_system_direction_book_number_and_year(change, same):
    assert len(documents({}, change).rows) == (1 if same else 2)


@pytest.mark.parametrize(
    ("line", "other", "documents_told"),
    [
        ({"symbol": "7/BC-SXD"}, {"symbol": "7/QĐ-SXD"}, 2),
        ({"symbol": "7/BC-SXD"}, {"symbol": "07/bc-sxd "}, 1),
        ({"symbol": "7/BC-SXD", "book": "Sổ A"}, {"symbol": "7/QĐ-SXD", "book": "Sổ A"}, 1),
        ({"symbol": "7/BC-SXD", "direction": "Văn bản đến"}, {"symbol": "7/QĐ-SXD", "direction": "Văn bản đến"}, 1),
    ],
)
def test_where_an_outgoing_register_names_no_book_every_kind_may_have_its_numbers(line, other, documents_told):
    assert len(documents(line, other).rows) == documents_told


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"book": "Sổ khác"}, True),
        ({"symbol": "8/TB"}, False),
        ({"sender": "Sở Y"}, False),
        ({"issued_on": "04/01/2022"}, False),
    ],
)
def test_a_document_without_a_number_is_told_by_sender_symbol_and_day(change, same):
    bare = {"number": "", "symbol": "7/TB", "sender": "Sở X"}
    assert len(documents(bare, {**bare, **change}).rows) == (1 if same else 2)


def test_the_year_of_an_incoming_document_is_that_of_its_arrival():
    december = {"issued_on": "30/12/2021", "arrived_on": "04/01/2022"}
    assert len(documents(december, {**december, "issued_on": "05/01/2022"}).rows) == 1
    assert len(documents(december, {**december, "arrived_on": "31/12/2021"}).rows) == 2


def test_a_register_without_directions_is_incoming_if_it_has_days_of_arrival():
    rows = documents({"arrived_on": "04/01/2022"}, {"number": "8"}).rows.sort_values("number")
    assert rows.direction.tolist() == ["incoming", "outgoing"]
    assert list(rows) == [*DOCUMENTS.columns, *SOURCE]


def meetings(*lines):
    return clean(*({**GOOD["meetings"], **line} for line in lines), table="meetings")


def test_each_line_of_one_list_of_meetings_is_a_meeting_and_two_lists_say_the_same():
    twice = [{}, {}, {"mode": "Trực tuyến"}]
    assert len(meetings(*twice).rows) == 3
    assert len(meetings(*twice, *({**line, "file": "b.csv"} for line in twice)).rows) == 3
    assert len(meetings(*twice, *({**line, "file": "b.csv"} for line in [*twice, {}])).rows) == 4
    assert len(meetings({}, {"sheet": "2"}).rows) == 1


def test_a_procedure_is_told_by_its_code_and_the_day_it_takes_force():
    lines = [{}, {"valid_from": "01/07/2025"}, {"procedure_code": "1.11515"}, {}]
    cleaned = clean(*({**GOOD["procedures"], **line} for line in lines), table="procedures")
    assert cleaned.rows.procedure_code.tolist() == ["1.11515", "1.115150", "1.115150"]
    assert sorted(fates(cleaned)) == ["kept", "kept", "kept", "repeated"]


# --- laws ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [clean_dossiers, clean_documents, clean_meetings, clean_procedures])
def test_nothing_in_nothing_out(function):
    cleaned = function(raw(), vocabulary=SHIPPED)
    assert [len(table) for table in cleaned] == [0, 0, 0, 0]


def test_the_raw_lines_stay_untouched():
    lines = raw(GOOD["dossiers"], {**GOOD["dossiers"], "channel": "1"})
    before = lines.to_pydict()
    clean_dossiers(lines, vocabulary=SHIPPED)
    assert lines.to_pydict() == before


def test_a_fate_tells_the_value_of_the_column_at_fault_and_no_other():
    cleaned = dossiers(
        {"procedure": "số của ai đó", "received_on": "mai"}, {"dossier_id": "", "procedure": "số của ai đó"}
    )
    assert "ai đó" not in cleaned.fates.to_csv()
    assert sorted(cleaned.fates.value) == ["", "mai"]


DAYS = st.sampled_from(["", "03/01/2022", "04/01/2022 10:00", "2022-01-05", BAD_DAY])
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "dossier_id": st.sampled_from(["H1", "H2", "H3", ""]),
            "received_on": st.sampled_from(["03/01/2022", "03/01/2022", "04/01/2022", "x", ""]),
            "due_on": DAYS,
            "resolved_on": DAYS,
            "closed_on": DAYS,
            "status": st.sampled_from(["", "Đang xử lý", "Đã trả kết quả", "Rút hồ sơ", "Mới đăng ký", "lạ"]),
            "channel": st.sampled_from(["", "1", "Trực tuyến"]),
            "file": st.sampled_from(["a.csv", "b.csv"]),
        }
    ),
    max_size=12,
)
EXPORT_DAYS = {"a.csv": "2022-01-10", "b.csv": "2022-02-10"}
QUICK = settings(max_examples=15, deadline=None)


def numbered(lines):
    return [{**line, "row": at, "exported": EXPORT_DAYS[line["file"]]} for at, line in enumerate(lines, 2)]


@QUICK
@given(LINES)
def test_every_line_has_one_fate_and_every_dossier_one_row(lines):
    cleaned = clean(*numbered(lines))
    assert len(cleaned.fates) == len(lines)
    assert not cleaned.fates.duplicated(list(SOURCE)).any()
    assert set(cleaned.fates.fate) <= {"kept", "superseded", "repeated", "rejected"}
    assert (cleaned.fates.fate == "kept").sum() == len(cleaned.rows)
    assert not cleaned.rows.duplicated(["source_system", "dossier_id"]).any()
    assert ((cleaned.fates.reason != "") == (cleaned.fates.fate == "rejected")).all()
    assert cleaned.rows.received_on.notna().all()


@QUICK
@given(st.data())
def test_the_order_of_lines_changes_nothing(data):
    lines = numbered(data.draw(LINES))
    shuffled = data.draw(st.permutations(lines))
    for one, other in zip(clean(*lines), clean(*shuffled), strict=True):
        pd.testing.assert_frame_equal(one, other)


@QUICK
@given(LINES, st.data())
def test_how_the_lines_of_one_day_are_spread_over_files_changes_no_row(lines, data):
    together = [{**line, "exported": EXPORT_DAYS[line["file"]], "row": at} for at, line in enumerate(lines, 2)]
    apart = [{**line, "file": data.draw(st.sampled_from(["c.csv", "d.xlsx", "a.csv"]))} for line in together]
    one, other = clean(*together).rows, clean(*apart).rows
    columns = list(DOSSIERS.columns)
    pd.testing.assert_frame_equal(one[columns], other[columns])


@QUICK
@given(LINES)
def test_lines_given_twice_add_only_repetitions(lines):
    once = clean(*numbered(lines))
    twice = clean(*numbered(lines), *({**line, "row": line["row"] + 100} for line in numbered(lines)))
    pd.testing.assert_frame_equal(once.rows, twice.rows)
    good = np.isin(once.fates.fate, ["kept", "superseded", "repeated"]).sum()
    assert (twice.fates.fate == "repeated").sum() == (once.fates.fate == "repeated").sum() + good


# --- codes that went through a spreadsheet ---------------------------------------------------------------------------


def test_a_code_that_a_workbook_holds_as_a_number_is_kept_as_it_is_and_warned_of():
    lines = raw({**GOOD["dossiers"], "dossier_id": "12"}, {**GOOD["dossiers"], "dossier_id": "0013"})
    marked = lines.append_column(NUMBER_MARK + "dossier_id", pa.array([True, None]))
    cleaned = clean_dossiers(marked, vocabulary=SHIPPED)
    assert cleaned.rows.dossier_id.tolist() == ["0013", "12"]
    assert cleaned.warnings[["source_row", "reason", "column", "value"]].to_numpy().tolist() == [
        [2, "code_is_a_number", "dossier_id", "12"]
    ]


@pytest.mark.parametrize(
    ("code", "doubtful"),
    [("1E+05", True), ("1,2E+10", True), ("1.00716E+11", True), ("2e-05", True), ("1.007", False), ("H99E+1", False)],
)
def test_a_code_in_scientific_notation_is_kept_as_it_is_and_warned_of(code, doubtful):
    for column in ("dossier_id", "procedure_code"):
        cleaned = dossiers({column: code})
        assert cleaned.rows[column].tolist() == [code]
        assert doubts(cleaned) == [("code_in_scientific_notation", column)] * doubtful


def test_equal_codes_of_two_systems_are_two_dossiers():
    systems = SHIPPED._replace(sources={"bo/*.csv": "ministry"})
    line = GOOD["dossiers"]
    cleaned = clean({**line, "file": "bo/A.CSV"}, {**line, "file": "so/a.csv"}, vocabulary=systems)
    assert cleaned.rows.source_system.tolist() == ["ministry", "one-stop"]
    assert len(clean({**line, "file": "bo/A.CSV"}, {**line, "file": "so/a.csv"}).rows) == 1
    said = clean({**line, "source_system": "cổng A"}, {**line, "source_system": ""}, vocabulary=systems)
    assert said.rows.source_system.tolist() == ["cổng A", "one-stop"]
