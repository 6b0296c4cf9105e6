"""The record of a report: enough to make it again, in plain values."""

import json

import pytest

from analysis.effects import effect
from analysis.html_page import as_json
from analysis.metrics import headline
from analysis.periods import read_period, until
from analysis.record import differences, record


@pytest.fixture(scope="module")
def made(sample):
    """The record of the sample's 2022."""
    period = until(read_period("2022"), sample.as_of)
    return record(sample, period, headline(sample, period), parameters={"period": "2022", "lang": "vi"})


def test_a_record_holds_the_published_figures(made):
    figures = made["figures"]
    assert [figures[name]["value"] for name in ("received", "online", "in_person")] == [937, 163, 774]
    assert figures["on_time_rate"] == pytest.approx(
        {"value": 600 / 855, "numerator": 600, "denominator": 855, "before": 397 / 626, "whole": 397 / 626, "change": 600 / 855 - 397 / 626}
    )  # fmt: skip


def test_its_balance_adds_up(made):
    begun = ("carried_over", "received")
    assert (
        sum(made["balance"][name] for name in begun)
        == sum(n for name, n in made["balance"].items() if name not in begun)
        == 937
    )


def test_its_months_add_up_to_the_year(made):
    assert next(iter(made["months"])) == "2022-01"
    assert [*made["months"]][-1] == "2022-11"
    assert sum(made["months"].values()) == 937


def test_its_fates_add_up_to_the_lines_of_every_file(made, sample):
    assert len(made["files"]) == len(sample.files)
    for file in made["files"].values():
        fates = [number for name, number in file.items() if name not in {"table", "sha256", "lines"}]
        assert sum(fates) == file["lines"]
    assert sum(made["rejected"].values()) == len(sample.rejected)
    assert sum(made["doubts"].values()) == len(sample.warnings)


def test_it_names_everything_that_figures_are_made_from(made, sample):
    assert made["handbook"] == sample.handbook.sha256
    assert made["vocabulary"]["sha256"] == sample.vocabulary.sha256
    assert len(made["calendar"]["sha256"]) == len(made["programs"]["code"]) == 64
    assert made["period"] == {"name": "2022", "first": "2022-01-01", "last": "2022-11-10"}
    assert made["settings"]["due"] == "first"


def test_it_is_plain_json_and_comes_back_as_it_was(made):
    assert json.loads(as_json(made)) == made
    assert differences(made, json.loads(as_json(made))) == []


def test_a_page_about_all_exports_has_a_record_without_figures(sample):
    assert {"files", "parameters"} <= set(record(sample, parameters={})) - {"figures", "balance"}
    assert "figures" not in record(sample, parameters={})


def test_figures_without_corrections_are_for_the_department_alone(sample):
    period = until(read_period("2022"), sample.as_of)
    figures, moved = headline(sample, period), effect(sample, period)
    of = {e: record(sample, period, figures, parameters={"edition": e}, moved=moved) for e in ("internal", "public")}
    assert of["internal"]["as_exported"]["late"] == {"value": 256}
    assert "as_exported" not in of["public"]


def test_the_order_of_what_the_handbook_says_is_no_difference(sample):
    """Lines that were only moved to other rows say the same."""
    one, other = (
        record(sample.with_(vocabulary=sample.vocabulary._replace(corrections=corrections)), parameters={})[
            "corrections"
        ]
        for corrections in (
            sample.vocabulary.corrections,
            tuple(c._replace(row=99) for c in sample.vocabulary.corrections),
        )
    )
    assert one == other
    assert one["number"] == 1
