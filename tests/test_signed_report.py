"""The paragraphs of the signed report: computed from the figures, or the department's own; the program names no cause."""

import pandas as pd
import pytest
from lxml import html

from analysis.labels import read_labels
from analysis.metrics import MEASURES
from analysis.periods import read_period, until
from analysis.shortcomings import shortcoming_sentences
from analysis.signed_page import show_paragraphs
from analysis.signed_report import SECTIONS, figures_of, paragraphs

VI, EN = read_labels("vi"), read_labels("en")
YEAR = read_period("2022")


@pytest.fixture(scope="module")
def held(sample):
    return figures_of(sample, YEAR)


@pytest.fixture(scope="module")
def said(sample, held):
    """The shortcomings of the sample, with some figures, targets or procedures instead of its own."""

    def said(data=sample, **other):
        changed = held | {name: change(held[name]) for name, change in other.items()}
        return shortcoming_sentences(data, until(YEAR, data.as_of), **changed, labels=EN)

    return said


def none(table):
    return table.iloc[:0]


def figures(**values):
    """Headline figures that say nothing else."""
    table = pd.DataFrame(float("nan"), index=list(MEASURES), columns=["value", "before"])
    for name, value in values.items():
        table.loc[name, "value"] = value
    return lambda _: table


def test_what_was_late_overdue_and_missed_is_said_with_its_numbers(said):
    assert said(procedures=none) == [
        "255 dossiers were resolved late, 29.82% of the 855 with a due date; on the same days of the year before 229.",
        "At the end of 10 Nov 2022, 20 of the 67 open dossiers were overdue.",
        "On-time rate, target of 2022: 95% (Kế hoạch năm 2022 (dữ liệu mẫu)); reached up to 10 Nov 2022 70.18% (600 of 855), 213 dossiers short up to now.",
        "Online share, target of 2022: 50% (Kế hoạch năm 2022 (dữ liệu mẫu)); reached up to 10 Nov 2022 17.40% (163 of 937), 306 dossiers short up to now.",
    ]


def test_a_target_that_is_met_or_cannot_be_judged_is_no_shortcoming(said):
    unknown = said(targets=lambda t: t.assign(met=pd.array([None, None, True], "boolean")), procedures=none)
    assert not [sentence for sentence in unknown if "target" in sentence]


def test_without_a_target_the_online_share_is_held_against_the_threshold(said):
    low = "17.40% of the dossiers (163 of 937) were filed online, below the threshold of 50%."
    assert low in said(targets=none)
    assert low not in said()
    enough = figures(online_share=0.5, online=1, received=2)
    assert not [s for s in said(targets=none, figures=enough, procedures=none) if "threshold" in s]


def test_three_services_that_hardly_anyone_files_online_are_named(said):
    (services,) = [sentence for sentence in said() if "services" in sentence]
    assert services.startswith("18 services offered online are below the threshold of 50%; most short of it are: ")
    assert services.count(" dossiers)") == 3
    (both,) = [s for s in said(procedures=lambda table: table.head(2)) if "Services" in s]
    assert "namely" in both
    assert both.count(" dossiers)") == 2


def test_days_without_data_and_files_that_were_not_read_are_shortcomings(sample, said):
    lost = pd.DataFrame({"source_file": ["x.xlsx"], "message": ["broken"]})
    assert [s for s in said(sample.with_(problems=lost)) if "x.xlsx" in s]
    assert [s for s in said(sample.with_(coverage=none(sample.coverage))) if "say nothing" in s]


def test_where_nothing_is_amiss_that_is_said(said):
    assert said(targets=none, procedures=none, figures=figures(late=0, overdue=0)) == [EN.name("shortcomings.none")]


def test_a_rate_that_fell_by_nothing_that_shows_did_not_fall(said):
    same = figures(on_time_rate=0.70001)(None).assign(before=0.70004)
    assert said(targets=none, procedures=none, figures=lambda _: same) == [EN.name("shortcomings.none")]


def test_what_the_handbook_does_not_say_stays_empty(sample, held, book_of):
    told = paragraphs(sample.with_(handbook=book_of("remarks")), YEAR, **held, labels=VI)
    assert [name for names in SECTIONS.values() for name in names] == list(told)
    own = ("results_own", "shortcomings_own", "causes", "difficulties", "proposals")
    assert [told[name] for name in own] == [[]] * 5
    assert told["results_targets"] == [s for s in told["results_targets"] if s.endswith("đến nay đạt.")] != []


def test_the_departments_sentences_stand_in_their_sections(sample, held, book_of):
    lines = [{"period": "2022", "section": s, "text": f"{s}!"} for s in ("results", "shortcomings", "difficulties")]
    told = paragraphs(sample.with_(handbook=book_of("remarks", *lines)), YEAR, **held, labels=VI)
    assert [told[n] for n in ("results_own", "shortcomings_own", "difficulties")] == [
        ["results!"],
        ["shortcomings!"],
        ["difficulties!"],
    ]
    assert "shortcomings!" not in told["shortcomings"]


@pytest.fixture(scope="module")
def shown(sample, held, book_of):
    def shown(*lines, labels=VI):
        lines = [{"period": "2022"} | line for line in lines]
        data = sample.with_(handbook=book_of("remarks", *lines)) if lines else sample
        return html.fromstring(f"<div>{show_paragraphs(data, YEAR, **held, labels=labels)}</div>")

    return shown


def test_the_page_has_the_paragraphs_in_both_languages_its_own_first(shown):
    for labels, order in ((VI, ["vi", "en"]), (EN, ["en", "vi"])):
        page = shown(labels=labels)
        assert page.xpath("//div[@class='paragraphs']/@lang") == order
        texts = {part.get("lang"): part.text_content() for part in page.xpath("//div[@class='paragraphs']")}
        assert "855 hồ sơ: 600 trước và đúng hạn" in texts["vi"]
        assert "855 dossiers: 600 early or on time" in texts["en"]
        assert "lacked two posts" in texts["en"]
        assert "lacked two posts" not in texts["vi"]


def test_the_page_marks_what_is_still_to_be_written(shown):
    page = shown({"section": "causes", "text": "Vì sao."})
    (vi,) = page.xpath("//div[@lang='vi']")
    assert VI.name("signed.fill_proposals") in vi.text_content()
    assert VI.name("signed.fill_causes") not in vi.text_content()
    assert VI.name("signed.heading_difficulties") not in vi.xpath("h4/text()")


def test_a_sentence_in_another_language_is_marked_and_nothing_in_it_is_run(shown):
    page = shown({"section": "causes", "text": "<script>x()</script>\nhai", "language": "vi"})
    assert not page.xpath("//script")
    (paragraph,) = page.xpath("//div[@lang='en']/p[@lang='vi']")
    assert paragraph.text_content() == "<script>x()</script>hai"
    assert not page.xpath("//div[@lang='vi']/p[@lang]")
