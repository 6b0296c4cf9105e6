"""Targets: exact in whole dossiers, held against their own definition and scope, and one a year."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.definitions import ON_TIME, ONLINE, on_time_definitions, online_definitions
from analysis.handbook import read_handbook
from analysis.handbook_page import mistake_sentences
from analysis.handbook_targets import DEFINED
from analysis.labels import read_labels
from analysis.metrics import headline
from analysis.periods import read_period, until
from analysis.targets import shortfall, targets_of, yearly_targets

VI, EN = read_labels("vi"), read_labels("en")
YEAR = read_period("2022")
LINE = {"measure": "on_time_rate", "year": 2022, "value": 95.0, "source": "Decision 1"}


@pytest.fixture(scope="module")
def told(book_of):
    """Makes a handbook of some targets."""
    return lambda *lines: book_of("targets", *[LINE | line for line in lines])


@pytest.fixture(scope="module")
def held(told):
    """Holds some targets against data."""
    return lambda data, *lines, asked=YEAR: targets_of(data.with_(handbook=told(*lines)), asked)


def test_a_target_that_is_missed_says_how_many_dossiers_are_short(sample, held):
    (row,) = held(sample, {}).to_dict("records")
    assert (row["measure"], row["definition"], row["target_percent"]) == ("on_time_rate", "D1", 95.0)
    assert (row["numerator"], row["denominator"], row["short"], row["met"]) == (600, 855, 213, False)
    assert row["source"] == "Decision 1"


def test_without_its_line_there_is_no_target(sample, held):
    assert held(sample).empty
    assert (
        targets_of(sample.with_(handbook=read_handbook(None)), YEAR).columns.tolist()
        == held(sample, {}).columns.tolist()
    )


def test_a_target_that_is_reached_exactly_is_met(sample, held):
    """600 of 855 is 70.175...; of a target of 70.17 % nothing is short, of one of 70.18 % a single dossier."""
    table = held(sample, {"value": 70.17}, {"value": 70.18, "definition": "D1", "year": 2021})
    assert table.met.tolist() == [True]
    assert held(sample, {"value": 70.18}).short.tolist() == [1]


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(19, 20, 95.0), (644, 1000, 64.4), (161, 1000, 16.1), (111, 10_000, 1.11)]
)
def test_a_target_is_the_number_that_was_typed_and_not_the_float_nearest_to_it(part, whole, percent):
    """95 % of 20 is 19; in floats 64.4 × 1000 ÷ 100 is a hair more than 644."""
    assert shortfall(part, whole, percent) == 0
    assert shortfall(part - 1, whole, percent) == 1


counts = st.integers(1, 10**12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
percents = st.decimals(min_value="1.01", max_value=100, places=2).map(float) | st.integers(2, 100).map(float)


@given(counts=counts, percent=percents)
def test_nothing_is_short_if_and_only_if_the_target_is_met(counts, percent):
    part, whole = counts
    met = Fraction(part, whole) >= Fraction(str(percent)) / 100
    assert (shortfall(part, whole, percent) == 0) == met


@given(counts=counts, percent=percents)
def test_as_many_more_as_are_short_meet_it_and_one_fewer_does_not(counts, percent):
    part, whole = counts
    short = shortfall(part, whole, percent)
    assert part + short <= whole
    assert shortfall(part + short, whole, percent) == 0
    if short:
        assert shortfall(part + short - 1, whole, percent) == 1


def test_a_target_is_held_against_the_figure_of_its_own_definition(sample, held):
    span = until(YEAR, sample.as_of)
    on_time = on_time_definitions(sample.dossiers, span)
    online = online_definitions(sample.dossiers, sample.procedures, span)
    lines = [{"measure": m, "definition": d} for m, names in DEFINED.items() for d in names]
    table = held(sample, *lines).set_index("definition")
    for name in ("D1", "D2", "D3", "D4"):
        assert (
            table.loc[name, ["numerator", "denominator"]].tolist()
            == on_time.loc[name, ["numerator", "denominator"]].tolist()
        )
    for name in ("O1", "O2", "O4"):
        assert (
            table.loc[name, ["numerator", "denominator"]].tolist()
            == online.loc[name, ["numerator", "denominator"]].tolist()
        )


def test_the_definitions_of_a_target_are_those_that_are_computed():
    assert set(DEFINED["online_share"]) == set(ONLINE)
    assert set(DEFINED["on_time_rate"]) == {name for name in ON_TIME if "_" not in name}


def test_a_blank_definition_is_the_one_of_the_report(sample, held):
    figures = headline(sample, until(YEAR, sample.as_of))
    lines = [{"measure": m} for m in ("online_share", "resolved_share", "outgoing_signed_share")]
    table = held(sample, *lines).set_index("measure")
    assert table.definition.tolist() == ["O1", "", ""]
    assert table.value.tolist() == figures.value[table.index].tolist()


def test_what_cannot_be_computed_is_neither_met_nor_missed(sample, held):
    files = sample.files.assign(
        columns=sample.files["columns"].str.replace("due_on|result_digitised", "none", regex=True)
    )
    lines = [{}, {"definition": "D2"}, {"measure": "online_share", "definition": "O3"}, {"measure": "online_share"}]
    table = held(sample.with_(files=files), *lines)
    assert table.met.isna().tolist() == [True, True, True, False]
    assert table[["value", "short", "numerator"]].isna().all(axis=1).tolist() == [True, True, True, False]


def test_of_nothing_no_share_is_met(sample, held):
    nobody = sample.with_(dossiers=sample.dossiers.iloc[:0])
    table = held(nobody, {}, {"definition": "D3"})
    assert table.met.isna().all()
    assert table.short.isna().all()


def test_a_period_has_the_targets_of_the_year_in_which_it_ends(sample, held):
    lines = [{"year": 2021, "value": 80.0}, {"year": 2022, "value": 90.0}]
    asked = read_period("2021-12-15..2022-12-14")
    assert held(sample, *lines, asked=asked).target_percent.tolist() == [90.0]
    assert held(sample, *lines, asked=read_period("2021")).target_percent.tolist() == [80.0]


def test_a_period_that_is_not_over_says_so(sample, held):
    assert held(sample, {}).is_over.tolist() == [False]
    assert held(sample, {}, asked=read_period("2022-Q1")).is_over.tolist() == [True]


def test_a_target_of_another_scope_is_not_shown_as_this_one(sample, held):
    unit = str(sample.dossiers.unit.iloc[0])
    lines = [{"value": 95.0}, {"value": 80.0, "unit": unit.upper()}]
    assert held(sample, *lines).target_percent.tolist() == [95.0]
    assert held(sample.with_(unit=unit), *lines).target_percent.tolist() == [80.0]
    assert held(sample.with_(unit="another"), *lines).empty


WRONG = {
    "a definition of another measure": ({"definition": "O4"}, 7, "Cách tính", "“O4”, không phải cách tính của chỉ tiêu này"),
    "a definition of a measure that has one": (
        {"measure": "resolved_share", "definition": "D1"}, 7, "Cách tính", "“D1”, nhưng chỉ tiêu này chỉ có một cách tính",
    ),
    "a unit of documents": (
        {"measure": "outgoing_signed_share", "unit": "Phòng A"}, 7, "Phạm vi", "“Phòng A”, nhưng văn bản chỉ được tính cho toàn cơ quan",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_target_gives_its_sentence_and_stops_no_other(kind, sample, told):
    wrong, row, column, said = WRONG[kind]
    book = told(wrong, {"year": 2021})
    assert book.of("targets").row.tolist() == [8]
    sentence = mistake_sentences(book, labels=VI)[1]
    assert f"dòng {row}, cột “{column}" in sentence
    assert said in sentence
    assert "{" not in mistake_sentences(book, labels=EN)[1]


def test_of_two_targets_for_the_same_the_first_holds_and_the_second_is_a_mistake(told):
    book = told(
        {}, {"definition": "D1", "value": 90.0}, {"definition": "D2"}, {"year": 2023}, {"unit": "A"}, {"unit": " a"}
    )
    assert book.of("targets").row.tolist() == [7, 9, 10, 11]
    told_of = mistake_sentences(book, labels=VI)
    assert "dòng 8, cột “Giá trị (%)”: ghi “90”, nhưng dòng 7" in told_of[1]
    assert "dòng 12" in told_of[2]


def test_the_targets_of_all_years_are_those_of_the_reports_own_definitions(sample, told):
    lines = [{"year": 2021, "value": 90.0}, {}, {"definition": "D2"}, {"measure": "online_share", "definition": "O4"}]
    table = yearly_targets(
        sample.with_(handbook=told(*lines, {"measure": "online_share", "year": 2021, "value": 20.0}))
    )
    assert table.on_time_rate.to_dict() == {2021: 0.9, 2022: 0.95}
    assert table.online_share.dropna().to_dict() == {2021: 0.2}
