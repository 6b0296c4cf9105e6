"""What a page shows of procedures: those nobody files online, and where dossiers and catalogue do not fit."""

import pandas as pd
import pytest
from lxml import html

from analysis import catalogue_page
from analysis.catalogue import count_procedures
from analysis.labels import read_labels
from analysis.page import show_notices
from analysis.periods import read_period, until
from analysis.take_up import TAKE_UP

VI = read_labels("vi")
SPAN = until(read_period("2022"), pd.Timestamp("2022-11-10"))


def rows(piece, table=1):
    page = html.fromstring(f"<div>{piece}</div>")
    found = page.xpath(f"(//table)[{table}]/tbody/tr")
    return [[cell.text_content() for cell in row] for row in found]


def number(text):
    return int(text.replace(".", ""))


@pytest.fixture(scope="module")
def procedures(sample):
    return count_procedures(sample.dossiers, sample.procedures, SPAN)


def without(data, column):
    """The same data, as if no export had a column."""
    return data.with_(files=data.files.assign(columns=data.files["columns"].str.replace(f'"{column}"', '"gone"')))


def test_the_procedures_nobody_files_online_are_named(sample):
    table = count_procedures(sample.dossiers, sample.procedures, SPAN)
    piece = catalogue_page.show_procedures(sample, table, SPAN, labels=VI)
    offline = table[(table.received > 0) & (table.online == 0)]
    assert len(offline) >= 3
    assert [row[0] for row in rows(piece)] == offline.procedure.tolist()
    assert sum(number(row[2]) for row in rows(piece, 3)) == 937


def test_exports_without_procedures_say_that_there_is_nothing(sample):
    dossiers = sample.dossiers.assign(procedure=pd.NA, procedure_code=pd.NA)
    table = count_procedures(dossiers, sample.procedures.iloc[:0], SPAN)
    assert VI.name("sentences.nothing") in catalogue_page.show_procedures(sample, table, SPAN, labels=VI)


def test_an_abolished_procedure_without_a_dossier_is_not_among_the_unused(sample):
    silent = sample.procedures.procedure_code == "1.007764"
    ended = sample.procedures.valid_to.where(~silent, pd.Timestamp("2021-06-30"))
    table = count_procedures(sample.dossiers, sample.procedures.assign(valid_to=ended), SPAN)
    piece = catalogue_page.show_procedures(sample, table, SPAN, labels=VI)
    assert VI.name("sentences.without_dossier", number="2") in piece
    assert "1.007764" not in {row[1] for row in rows(piece, 2)}


def test_services_offered_online_sum_to_those_in_force(sample, procedures):
    piece = catalogue_page.show_services(sample, procedures, SPAN, labels=VI)
    counted = {"in_force": "27", "offered": "19", "not_offered": "8", "level_unknown": "0", "with_online": "19"}
    assert VI.name("catalogue.services", **counted) in piece
    assert rows(piece)[0][1:4] == ["19", "19", "100,00\xa0%"]


def test_services_most_short_of_the_target_come_first_and_the_target_is_printed(sample, procedures):
    piece = catalogue_page.show_take_up(sample, procedures, SPAN, labels=VI)
    assert VI.name("catalogue.target", target="50,00\xa0%") in piece
    low = rows(piece) + rows(piece, 2)  # the first rows, and the others of the list
    short = [number(row[6]) for row in low]
    assert short == sorted(short, reverse=True)
    assert len(low) + len(rows(piece, 3)) == 19
    assert {row[-1] for row in rows(piece, 3)} == {VI.name("catalogue.reached")}


def test_a_target_of_a_user_is_the_one_that_is_used(sample, procedures):
    settings = sample.vocabulary.settings | {"online_target_percent": 1}
    easy = sample.with_(vocabulary=sample.vocabulary._replace(settings=settings))
    piece = catalogue_page.show_take_up(easy, procedures, SPAN, labels=VI)
    assert VI.name("catalogue.number_reached", number="19") in piece


def test_fields_hold_all_services_offered_online(sample, procedures):
    assert sum(number(row[1]) for row in rows(catalogue_page.show_fields(sample, procedures, SPAN, labels=VI))) == 19


def test_help_with_filing_is_shown_per_procedure_and_sums_to_all(sample, procedures):
    shown = rows(catalogue_page.show_assisted(sample, procedures, SPAN, labels=VI))
    assert sum(number(row[3]) for row in shown) == 40
    assert all(number(row[2]) == number(row[3]) + number(row[4]) for row in shown)
    none = procedures.assign(assisted=0)
    assert VI.name("catalogue.none_assisted") in catalogue_page.show_assisted(sample, none, SPAN, labels=VI)


@pytest.mark.parametrize(
    ("show", "column"),
    [
        (catalogue_page.show_services, "service_level"),
        (catalogue_page.show_services, "channel"),
        (catalogue_page.show_take_up, "service_level"),
        (catalogue_page.show_take_up, "channel"),
        (catalogue_page.show_fields, "service_level"),
        (catalogue_page.show_assisted, "assisted"),
    ],
)
def test_a_question_whose_column_no_export_has_says_so(sample, procedures, show, column):
    piece = show(without(sample, column), procedures, SPAN, labels=VI)
    assert VI.name("shares.not_exported", columns=VI.name(f"columns.{column}")) in piece
    assert not [row for row in rows(piece) if "%" in row[3]]


def test_all_is_good_where_dossiers_and_catalogue_fit(sample, procedures):
    assert 'class="good"' in catalogue_page.show_unmatched(sample, procedures, SPAN, labels=VI)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_what_does_not_fit_is_named_and_escaped(sample, lang):
    labels = read_labels(lang)
    listed = sample.procedures.astype({"procedure": "str", "procedure_code": "str"})
    listed = listed[listed.procedure_code != "1.009982"]
    listed.loc[listed.procedure_code == "1.009973", "procedure"] = "<b>Tên khác</b>"
    listed.loc[listed.procedure_code == "1.009794", "valid_to"] = pd.Timestamp("2022-06-30")
    data = sample.with_(procedures=listed)
    table = count_procedures(sample.dossiers, listed, SPAN)
    piece = catalogue_page.show_unmatched(data, table, SPAN, labels=labels)
    assert "<b>" not in piece
    outside, differing, ended = (rows(piece, n) for n in (1, 2, 3))
    assert [row[1] for row in outside] == ["1.009982"]
    assert [row[1:4] for row in differing] == [["1.009973", "<b>Tên khác</b>", "1.009973"]]
    assert [row[1:4] for row in ended] == [["1.009794", "–", labels.day(pd.Timestamp("2022-06-30"))]]


def test_every_class_of_take_up_has_a_sentence_and_a_name():
    assert {f"number_{kind}" for kind in TAKE_UP} | set(TAKE_UP) <= set(VI.texts["catalogue"])


@pytest.mark.parametrize(
    "show",
    [
        catalogue_page.show_procedures,
        catalogue_page.show_services,
        catalogue_page.show_take_up,
        catalogue_page.show_fields,
        catalogue_page.show_assisted,
        catalogue_page.show_unmatched,
    ],
)
def test_in_a_period_of_which_the_exports_say_nothing_no_procedure_is_unused(sample, procedures, show):
    piece = show(sample.with_(coverage=sample.coverage.iloc[:0]), procedures, SPAN, labels=VI)
    assert piece == show_notices([VI.name("sentences.nothing")])
