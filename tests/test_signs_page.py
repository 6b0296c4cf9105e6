"""The page of signs: questions in words, by place, and never a dossier."""

import pandas as pd
from lxml import html

from analysis.labels import LANGUAGES, read_labels
from analysis.periods import read_period, until
from analysis.signs import SIGNS
from analysis.signs_page import show_signs

VI, EN = read_labels("vi"), read_labels("en")
YEAR = until(read_period("2022"), pd.Timestamp("2022-11-10"))


def told(piece):
    return [line.text_content() for line in html.fromstring(f"<div>{piece}</div>").xpath("//li")]


def test_every_sign_has_a_name_a_meaning_and_a_question():
    for lang in LANGUAGES:
        labels = read_labels(lang)
        assert all(labels.name(f"signs.{kind}_{sign}") for kind in ("name", "means", "ask") for sign in SIGNS)


def test_the_sample_shows_its_pile_on_the_due_day_its_moved_due_dates_and_its_one_contradiction(sample):
    first, *lines = told(show_signs(sample, YEAR, labels=EN))
    assert first == EN.name("signs.intro")
    assert lines[0].startswith("Dossiers that ended on their due day: 298;")
    assert lines[1] == "Dossiers that had their due date moved: 75 of 855 (8.77%)."
    assert "Dossiers that ended before they were received: 1 of 855 (0.12%)." in lines


def test_days_off_are_those_of_the_calendar_and_without_one_weekends_and_said(sample):
    without = sample.with_(
        vocabulary=sample.vocabulary._replace(settings=sample.vocabulary.settings | {"calendar": "none"})
    )
    assert EN.name("signs.weekends_only") in told(show_signs(without, YEAR, labels=EN))
    assert EN.name("signs.weekends_only") not in told(show_signs(sample, YEAR, labels=EN))


def test_a_sign_that_the_exports_cannot_show_is_named_not_counted_as_zero(sample):
    days = sample.dossiers.assign(resolved_on=sample.dossiers.resolved_on.dt.normalize())
    (line,) = [
        t for t in told(show_signs(sample.with_(dossiers=days), YEAR, labels=EN)) if t.startswith("Not in these")
    ]
    assert EN.name("signs.name_resolved_outside_hours") in line


def test_no_dossier_is_named(sample):
    piece = show_signs(sample, YEAR, labels=VI)
    assert not [code for code in sample.dossiers.dossier_id if code in piece]


def test_a_place_of_few_dossiers_is_marked(sample):
    few = sample.dossiers[sample.dossiers.resolved_on >= "2022-10-01"]
    assert VI.name("signs.few", number="10") in show_signs(sample.with_(dossiers=few), YEAR, labels=VI)
    assert VI.name("signs.few", number="10") not in show_signs(sample, YEAR, labels=VI)


def test_a_period_without_an_end_shows_nothing_and_says_what_could_not_be_seen(sample):
    piece = show_signs(sample, read_period("2020"), labels=EN)
    assert "<table" not in piece
    assert "Not in these exports" in piece
