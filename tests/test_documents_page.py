"""What a page shows of documents and meetings adds up, and says what the exports do not say."""

import json

import pandas as pd
import pytest
from lxml import html

from analysis import documents_page
from analysis.documents import SHARES
from analysis.labels import read_labels
from analysis.page import MOST_ROWS
from analysis.periods import read_period, until
from analysis.symbols import BASES

VI = read_labels("vi")
SPAN = until(read_period("2022"), pd.Timestamp("2022-11-10"))
PIECES = [
    documents_page.show_documents,
    documents_page.show_document_shares,
    documents_page.show_signatures,
    documents_page.show_document_months,
    documents_page.show_document_units,
    documents_page.show_document_kinds,
    documents_page.show_registers,
    documents_page.show_handling,
    documents_page.show_meetings,
]


def rows(piece, table=1):
    page = html.fromstring(f"<div>{piece}</div>")
    found = page.xpath(f"(//table)[{table}]/tbody[not(@hidden)]/tr")
    return [[cell.text_content() for cell in row] for row in found]


def number(text):
    return int(text.replace(".", ""))


def exported(data, table, *columns):
    """The same data, as if its exports had these columns too."""
    held = [
        json.dumps(json.loads(names) | dict.fromkeys(columns, "x")) if of == table else names
        for of, names in zip(data.files.table, data.files["columns"], strict=True)
    ]
    return data.with_(files=data.files.assign(columns=held))


@pytest.fixture
def busy(sample):
    """The sample, whose incoming documents have units and deadlines."""
    documents = sample.documents
    first = documents.arrived_on.dt.day <= 10
    filled = documents.assign(
        unit=documents.direction.eq("outgoing").map({True: "<b>Văn phòng", False: None}),
        due_on=(documents.arrived_on + pd.Timedelta(days=5)).where(first),
        handled_on=(documents.arrived_on + pd.Timedelta(days=6)).where(documents.arrived_on.dt.day <= 5),
    )
    return exported(sample.with_(documents=filled), "documents", "unit", "due_on", "handled_on")


def test_the_documents_of_both_years_are_shown(sample):
    table = {(row[0], row[1][:10]): row[3] for row in rows(documents_page.show_documents(sample, SPAN, labels=VI))}
    assert table["Văn bản đi", "01/01/2022"] == "2.734"
    assert table["Văn bản đi", "01/01/2021"] == "2.706"
    assert table["Văn bản đến", "01/01/2022"] == "9.505"


def test_no_documents_is_said_and_not_shown_as_zero(sample):
    piece = documents_page.show_documents(sample.with_(documents=sample.documents.iloc[:0]), SPAN, labels=VI)
    assert VI.name("sentences.nothing") in piece


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("show", PIECES, ids=lambda show: show.__name__)
def test_every_piece_is_shown_in_both_languages_and_nothing_is_left_unwritten(busy, show, lang):
    piece = show(busy, SPAN, labels=read_labels(lang))
    assert "<table>" in piece
    assert not [word for word in ("nan", "None", "{", "<NA>", "&lt;NA") if word in piece]
    assert "<b>" not in piece


@pytest.mark.parametrize("show", PIECES, ids=lambda show: show.__name__)
def test_a_period_of_which_the_exports_say_nothing_has_no_zeros(sample, show):
    silent = sample.with_(
        coverage=sample.coverage.iloc[:0], documents=sample.documents.iloc[:0], meetings=sample.meetings.iloc[:0]
    )
    piece = show(silent.with_(document_history=sample.document_history.iloc[:0]), SPAN, labels=VI)
    assert "<table>" not in piece
    assert VI.name("sentences.nothing") in piece


@pytest.mark.parametrize(
    ("show", "column"),
    [("show_document_units", "unit"), ("show_handling", "handled_on"), ("show_signatures", "signed")],
)
def test_a_column_that_no_export_has_is_named(sample, show, column):
    without = sample.with_(files=sample.files.assign(columns="{}"))
    piece = getattr(documents_page, show)(without, SPAN, labels=VI)
    assert "không có số liệu này" in piece
    assert VI.name(f"columns.{column}") in piece
    assert "<table>" not in piece


def test_every_share_has_its_numbers_and_its_definition_in_every_direction(sample):
    piece = documents_page.show_document_shares(sample, SPAN, labels=VI)
    for table, signed in ((1, "2.558"), (2, "8.925"), (3, "11.483")):
        shown = rows(piece, table)
        assert [row[0] for row in shown] == [VI.name(f"shares.{name}") for name in SHARES]
        assert shown[0][1] == signed
        assert [row[-1] for row in shown] == [VI.name(f"share_definitions.{name}") for name in SHARES]


def test_a_share_that_cannot_be_computed_says_so_beside_those_that_can(sample):
    files = sample.files.assign(columns=sample.files["columns"].str.replace('"secret"', '"secrecy"'))
    shown = {
        row[0]: row for row in rows(documents_page.show_document_shares(sample.with_(files=files), SPAN, labels=VI))
    }
    assert shown[VI.name("shares.signed_of_electronic")][3] == "93,56\xa0%"
    row = shown[VI.name("shares.signed_of_not_secret")]
    assert row[1:3] == ["–", "–"]
    assert "độ mật" in row[3]


def test_signatures_on_the_page_sum_to_the_electronic_documents(sample):
    for row in rows(documents_page.show_signatures(sample, SPAN, labels=VI)):
        assert number(row[1]) == sum(map(number, row[2:]))


def test_months_on_the_page_sum_to_the_year(sample):
    shown = rows(documents_page.show_document_months(sample, SPAN, labels=VI))
    assert sum(number(row[1]) for row in shown) == 2734
    assert sum(number(row[3]) for row in shown) == 9505


def test_kinds_say_where_they_are_known_from_and_sum_to_the_documents(sample):
    blank = sample.documents.assign(kind=pd.Series(pd.NA, sample.documents.index, dtype="str"))
    piece = documents_page.show_document_kinds(sample.with_(documents=blank), SPAN, labels=VI)
    assert VI.name("registers.kind_no_abbreviation", number="{}").split("{}")[1] in piece
    assert sum(number(row[2]) for row in rows(piece)) == 2830 + 9793
    assert all(f"kind_{basis}" in VI.texts["registers"] for basis in BASES)


def test_missing_and_repeated_numbers_are_questions(sample):
    documents, states = sample.documents, sample.document_history
    of_2022 = documents.direction.eq("outgoing") & documents.issued_on.dt.year.eq(2022)
    fewer = documents[~(of_2022 & documents.number.isin(["5", "6", "1234"]))]
    twice = states[(states.direction == "outgoing") & states.issued_on.dt.year.eq(2022) & (states.number == "7")]
    more = pd.concat([states, twice.assign(symbol="7/QĐ-SXD")])
    piece = documents_page.show_registers(sample.with_(documents=fewer, document_history=more), SPAN, labels=VI)
    assert VI.name("registers.questions", series="2", missing="6", repeated="1") in piece
    assert VI.name("registers.repeated_lost", number="1") in piece
    gaps = [["5", "6", "2"], ["1234", "1234", "1"], ["1500", "1502", "3"]]
    assert rows(piece, 2) == [["Văn bản đi", "2022", *gap] for gap in gaps]
    assert rows(piece, 3) == [["Văn bản đi", "2022", "7", "2"]]


def test_documents_with_a_deadline_are_on_time_late_or_open(busy):
    table = rows(documents_page.show_handling(busy, SPAN, labels=VI))
    in_period = dict(
        zip(("late", "open"), (number(table[0][2]), number(table[0][3]) + number(table[0][4])), strict=True)
    )
    arrived = busy.documents[busy.documents.arrived_on.between(SPAN.first, SPAN.last)]
    assert in_period["late"] + in_period["open"] == (arrived.arrived_on.dt.day <= 10).sum()
    assert sum(map(number, table[0][1:])) == len(arrived)
    assert number(table[1][4]) > 0


def test_meetings_by_level_sum_to_all_and_a_long_list_says_how_many_more(sample, busy):
    piece = documents_page.show_meetings(sample, SPAN, labels=VI)
    assert rows(piece)[0][1:4] == ["23", "70", "32,86\xa0%"]
    assert sum(number(row[1]) for row in rows(piece, 2)) == sum(number(row[1]) for row in rows(piece, 3)) == 70
    units = busy.documents.assign(unit=busy.documents.number.astype("str"))
    piece = documents_page.show_document_units(busy.with_(documents=units), SPAN, labels=VI)
    assert len(rows(piece)) + len(rows(piece, 2)) == MOST_ROWS
    assert "dòng nữa trong bảng này" in piece
