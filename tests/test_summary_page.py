"""The summary: figures, a balance that adds up, and three questions that counts answer."""

import pandas as pd
import pytest
from lxml import html

from analysis.effects import effect
from analysis.labels import read_labels
from analysis.metrics import headline
from analysis.periods import read_period, until
from analysis.questions import Standing, least_online, most_late, standing
from analysis.summary_page import show_balance, show_questions, show_summary
from analysis.targets import targets_of

EN = read_labels("en")
IN_SUM = {"carried_over": 2, "received": 10, "resolved": 7, "withdrawn": 0, "returned": 1, "transferred": 0, "open": 4}


@pytest.fixture(scope="module")
def period(sample):
    return until(read_period("2022"), sample.as_of)


def cells(shown, kind):
    return [element.text_content() for element in html.fromstring(shown).iter(kind)]


def test_the_balance_shows_both_sides_and_leaves_out_ways_that_nobody_went():
    shown = show_balance(pd.DataFrame({"value": IN_SUM | {"unknown_state": 0}}), labels=EN)
    assert cells(shown, "td") == ["2", "10", "7", "1", "4"]
    assert cells(shown, "th")[:6] == [
        "Balance",
        "Carried over",
        "+ Dossiers received",
        "= Dossiers resolved",
        "+ Returned",
        "+ Dossiers open",
    ]


def test_without_a_part_there_is_no_balance():
    assert show_balance(pd.DataFrame({"value": IN_SUM | {"unknown_state": float("nan")}}), labels=EN) == ""


def test_the_late_ones_are_where_most_of_them_are(sample, period):
    found = most_late(sample, period)
    late = sample.dossiers.merge(
        sample.procedures[["procedure_code", "field"]], on="procedure_code", how="left", suffixes=("", "_listed")
    )
    assert len(late) == len(sample.dossiers)
    assert found.all_late.tolist() == [255, 255]
    assert found.group.tolist() == ["Hoạt động xây dựng", "Quản lý xây dựng"]
    assert found.late.tolist() == [162, 192]


def test_open_dossiers_are_counted_as_on_the_cards(sample, period):
    found = standing(sample, period.last)
    figures = headline(sample, period).value
    assert (found.open, found.overdue, found.paused) == (67, figures.overdue, figures.paused) == (67, 20, 12)
    assert 0 < found.due_soon <= 67 - 20


def test_procedures_are_named_from_the_least_online_on(sample, period):
    found = least_online(sample, period)
    assert found.online_share.is_monotonic_increasing
    assert found.received.min() >= 10
    assert found.iloc[0].to_dict() == {
        "procedure": found.procedure[0],
        "received": 15,
        "online": 0,
        "online_share": 0.0,
    }


def test_nothing_late_nothing_open_and_no_channel_are_said(sample, period, monkeypatch):
    monkeypatch.setattr(
        "analysis.summary_page.most_late", lambda *_: pd.DataFrame({"group": [], "late": [], "all_late": []})
    )
    monkeypatch.setattr("analysis.summary_page.standing", lambda *_: Standing(0, 0, 0, 0, float("nan")))
    monkeypatch.setattr("analysis.summary_page.least_online", lambda *_: pd.DataFrame({"procedure": []}))
    assert cells(show_questions(sample, period, labels=EN), "dd") == [
        "No dossier was resolved late.",
        "No dossier was open at the end of 10 Nov 2022.",
        "No procedure has 10 dossiers or more, so there is nothing to compare.",
    ]
    monkeypatch.setattr(type(sample), "has", lambda *_: False)
    assert (
        cells(show_questions(sample, period, labels=EN), "dd")[2] == "The exports do not say how dossiers were filed."
    )


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_summary_holds_figures_balance_targets_and_three_answers(lang, sample, period):
    figures = headline(sample, period)
    goals = targets_of(sample, period, figures=figures)
    shown = show_summary(
        sample, period, figures, targets=goals, moved=effect(sample, period), labels=read_labels(lang)
    )  # fmt: skip
    page = html.fromstring(shown)
    assert page.get("class") == "summary"
    assert [cell.text for cell in page.iter("td")] == ["0", "937", "855", "9", "6", "67"]
    assert len(page.find_class("target")) == len(goals) == 3
    assert len(list(page.iter("dt"))) == len(list(page.iter("dd"))) == 3
    assert "5" in page.find_class("asof")[-1].text
