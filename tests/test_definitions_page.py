"""The page about definitions: every one with its numbers, and none claimed that cannot be computed."""

import pandas as pd
from lxml import html

from analysis.definitions import FIRST_DUE, ON_TIME, ONLINE, on_time_definitions, online_definitions
from analysis.definitions_page import show_definitions_of
from analysis.labels import read_labels
from analysis.periods import read_period, until

VI = read_labels("vi")
SPAN = until(read_period("2022"), pd.Timestamp("2022-11-10"))


def rows(piece):
    found = html.fromstring(f"<div>{piece}</div>").xpath("//tbody/tr")
    return {row[0].text_content()[:2]: [cell.text_content() for cell in row[2:]] for row in found}


def test_every_on_time_definition_shows_its_numerator_and_denominator(sample):
    shown = rows(show_definitions_of(on_time_definitions(sample.dossiers, SPAN), labels=VI))
    assert shown["D2"][:4] == ["650", "922", "0", "70,50\xa0%"]
    assert shown["D4"][:2] == ["600", "937"]


def test_a_definition_that_cannot_be_computed_is_a_dash_and_said(sample):
    table = online_definitions(sample.dossiers, sample.procedures, SPAN, has_results=False)
    piece = show_definitions_of(table, labels=VI)
    assert set(rows(piece)["O3"]) == {"–"}
    assert VI.name("definitions_of.not_computed", name=VI.name("definitions_of.O3")) in piece
    assert piece.count("<li>") == 1


def test_every_definition_has_a_name_and_a_text():
    texts = VI.texts["definitions_of"]
    assert {name for name in texts if name[0] in "DO"} == {
        f"{n}{end}" for n in (*ON_TIME, FIRST_DUE, *ONLINE) for end in ("", "_is")
    }
