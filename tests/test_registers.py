"""A register has a number for every document: what is missing or there twice is a question."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.registers import SERIES, missing_numbers, number_series, repeated_numbers, serials
from analysis.store import load
from analysis.tables import DOCUMENTS

DAY = pd.Timestamp
QUICK = settings(max_examples=25, deadline=None)


def register(*lines):
    """Outgoing documents of one book and of 4 January 2022, unless they say otherwise."""
    usual = {"source_system": "one-stop", "direction": "outgoing", "issued_on": "2022-01-04"}
    table = pd.DataFrame([{**usual, **line} for line in lines], columns=list(DOCUMENTS.columns))
    days = {c: pd.Series([DAY(day) for day in table[c]], dtype="datetime64[us]") for c in DOCUMENTS.instants}
    return table.astype({c: "str" for c in table if c not in days}).assign(**days)


def numbered(*numbers, **line):
    return register(*({"number": number, **line} for number in numbers))


@pytest.mark.parametrize(
    ("number", "serial", "letter"),
    [
        ("7", 7, ""),
        ("007", 7, ""),
        ("12a", 12, "a"),
        ("12 A", 12, "a"),
        ("12đ", 12, "đ"),
        ("12ab", None, ""),
        ("7/BC", None, ""),
        ("x", None, ""),
    ],
)
def test_a_running_number_is_read_with_its_zeros_and_its_letter(number, serial, letter):
    (row,) = serials(numbered(number)).to_dict("records")
    assert pd.isna(row["serial"]) if serial is None else row["serial"] == serial
    assert row["letter"] == letter


def test_the_symbol_has_the_number_of_what_goes_out_but_not_of_what_came_in():
    lines = {"symbol": "12a/BC-SXD"}, {"symbol": "12/BC-SXD", "direction": "incoming"}
    assert serials(register(*lines)).serial.fillna(0).tolist() == [12, 0]


def test_the_year_of_an_incoming_number_is_that_of_its_arrival():
    old = {"direction": "incoming", "issued_on": "2021-12-31", "arrived_on": "2022-01-03", "number": "1"}
    assert serials(register(old)).year.tolist() == [2022]


def test_missing_numbers_are_ranges_of_one_series():
    """1, 2, 5, 5a, 9 of 2022; 3 of 2021; 4 and 6 of another book."""
    table = pd.concat(
        [numbered("1", "2", "05", "5a", "9"), numbered("3", issued_on="2021-06-01"), numbered("4", "6", book="QĐ")]
    )
    gaps = missing_numbers(table)
    assert gaps[["book", "year", "from_number", "to_number", "missing"]].to_numpy().tolist() == [
        ["", 2022, 3, 4, 2],
        ["", 2022, 6, 8, 3],
        ["QĐ", 2022, 5, 5, 1],
    ]
    series = number_series(table).set_index(["book", "year"])
    assert series.missing.to_dict() == {("", 2021): 0, ("", 2022): 5, ("QĐ", 2022): 1}
    assert series.loc[("", 2022), ["first", "last", "documents"]].tolist() == [1, 9, 5]


def test_a_series_that_begins_later_says_so_and_what_is_before_is_not_missing():
    (row,) = number_series(numbered("300", "301", None)).to_dict("records")
    assert (row["first"], row["missing"], row["unnumbered"]) == (300, 0, 1)


def test_a_register_without_any_number_has_a_series_without_numbers():
    (row,) = number_series(register({"symbol": "không số"})).to_dict("records")
    assert pd.isna(row["first"])
    assert (row["documents"], row["unnumbered"], row["missing"]) == (1, 1, 0)
    assert missing_numbers(register()).empty
    assert repeated_numbers(register(), register()).empty


@QUICK
@given(st.lists(st.integers(1, 40), min_size=1, max_size=20))
def test_held_and_missing_numbers_fill_a_series(numbers):
    table = numbered(*map(str, numbers))
    gaps, (series,) = missing_numbers(table), number_series(table).to_dict("records")
    listed = {n for _, gap in gaps.iterrows() for n in range(gap.from_number, gap.to_number + 1)}
    assert listed | set(numbers) == set(range(min(numbers), max(numbers) + 1))
    assert not listed & set(numbers)
    assert gaps.missing.sum() == series["missing"] == len(listed)


def test_a_number_of_several_documents_is_listed_once_with_how_many():
    states = register(
        {"number": "7", "symbol": "7/BC-SXD"},
        {"number": "7", "symbol": "7/QĐ-SXD"},
        {"number": "7", "symbol": "7/QĐ-SXD", "form": "paper"},
        {"number": "7a", "symbol": "7a/QĐ-SXD"},
        {"number": "8", "issued_on": "2022-01-05"},
        {"number": "8", "issued_on": "2022-01-06"},
        {"number": "9", "symbol": "9/SXD"},
        {"number": "9", "symbol": "9/SXD", "signed": "both"},
        {"number": "7", "symbol": "7/BC-SXD", "issued_on": "2021-01-04"},
    )
    found = repeated_numbers(states, states.iloc[[1, 4, 5, 6]])
    assert list(found) == [*SERIES, "number", "documents", "counted"]
    columns = ["year", "number", "documents", "counted"]
    assert found[columns].to_numpy().tolist() == [[2022, "7", 2, 1], [2022, "8", 2, 2]]


def test_a_number_written_with_and_without_zeros_is_counted_twice_and_asked_about():
    twice = numbered("12", "012")
    assert repeated_numbers(twice, twice)[["documents", "counted"]].to_numpy().tolist() == [[2, 2]]


HEADER = "Số,Số ký hiệu,Ngày ban hành,Hình thức"


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Reads a register of one export."""
    monkeypatch.chdir(tmp_path)

    def of(name, header, *lines):
        (tmp_path / name).write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return load(tmp_path / name)

    return of


def test_a_register_without_books_that_numbers_every_kind_by_itself_loses_no_document(read):
    lines = ["1,1/BC-SXD,03/01/2022,Giấy", "1,1/QĐ-SXD,04/01/2022,Giấy", "3,3/SXD,05/01/2022,Giấy"]
    data = read("van-ban-di.csv", HEADER, *lines)
    assert data.documents.symbol.tolist() == ["1/BC-SXD", "1/QĐ-SXD", "3/SXD"]
    found = repeated_numbers(data.document_history, data.documents)
    assert found[["number", "documents", "counted"]].to_numpy().tolist() == [["1", 2, 2]]
    assert missing_numbers(data.documents).from_number.tolist() == [2]


def test_in_a_named_book_a_number_is_one_document_and_what_is_lost_is_told(read):
    header = f"{HEADER},Sổ văn bản"
    data = read("van-ban-di.csv", header, "1,1/BC-SXD,03/01/2022,Giấy,A", "1,1/QĐ-SXD,04/01/2022,Giấy,A")
    assert len(data.documents) == 1
    found = repeated_numbers(data.document_history, data.documents)
    assert found[["number", "documents", "counted"]].to_numpy().tolist() == [["1", 2, 1]]


def test_a_changed_line_of_the_same_symbol_is_the_same_document_however_it_is_spelt(read):
    lines = ["1,1/BC-SXD,03/01/2022,Giấy", "1,1/bc-sxd ,03/01/2022,Điện tử"]
    assert len(read("van-ban-di.csv", HEADER, *lines).documents) == 1


def test_no_function_of_registers_changes_its_table():
    table = numbered("1", "3", "03")
    before = table.copy(deep=True)
    for call in (serials, number_series, missing_numbers, lambda states: repeated_numbers(states, states)):
        call(table)
    pd.testing.assert_frame_equal(table, before)
