"""The tables agree with themselves."""

import pytest

from analysis.tables import SOURCE, TABLES, YES_NO, word_list


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_a_table_speaks_of_is_one_of_its_columns(table):
    spoken_of = {*table.words, *table.instants, *table.events, *(c for needed in table.required for c in needed)}
    assert spoken_of <= set(table.columns)
    assert not set(table.words) & set(table.instants)
    assert set(table.events) <= set(table.instants)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_no_column_is_named_twice_or_like_its_source(table):
    assert len(set(table.columns)) == len(table.columns)
    assert not set(table.columns) & set(SOURCE)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_name_tells_an_instant_from_a_text(table):
    assert {c for c in table.columns if c.endswith(("_on", "_from", "_to"))} == set(table.instants)


def test_a_due_date_is_no_event():
    assert not [c for table in TABLES.values() for c in table.events if "due" in c]


def test_columns_that_say_yes_or_no_share_a_list():
    assert {word_list(column) for column in YES_NO} == {"yes_no"}
    assert word_list("status") == "status"
