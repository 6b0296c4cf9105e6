"""A page whose figures are not those of the library, or whose inputs changed under it, is not published."""

import json

import pytest

from analysis import proof
from analysis.execution import ReportError
from analysis.html_page import record_in
from analysis.periods import read_period
from analysis.proof import prove_page

PARAMETERS = {"lang": "vi", "period": "2022"}


@pytest.fixture(scope="module")
def text(page):
    return page.read_text("utf-8")


@pytest.fixture(scope="module")
def computed(sample):
    """The record as it must be, computed once."""
    return proof._made(sample, read_period("2022"), PARAMETERS)


def prove(text, sample, **changed):
    notebook = record_in(text)["about"]["notebook-sha256"]
    options = {"asked": read_period("2022"), "parameters": PARAMETERS, "notebook": notebook, **changed}
    prove_page(text, sample, **options)


def changed(text, *path, to):
    """A page whose record says something else in one place."""
    record = record_in(text)
    held = record
    for name in path[:-1]:
        held = held[name]
    held[path[-1]] = to
    return f'<script type="application/json" id="record">{json.dumps(record)}</script>'


def test_the_page_of_the_sample_says_what_the_library_says(text, sample):
    prove(text, sample)
    with pytest.raises(ReportError, match=r"figures\.received\.before"):
        prove(text, sample.with_(dossiers=sample.dossiers.iloc[1:]))


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("figures", "received", "value"), 938, r"says 938 for figures.received.value, .* it is 937"),
        (("balance", "open"), 66, r"says 66 for balance.open, .* it is 67"),
        (("months", "2022-03"), -1, "says -1 for months.2022-03"),
        (("rejected",), {"no_id": 99}, "rejected.no_id"),
        (("settings", "few_dossiers"), 1, "settings.few_dossiers"),
        (("as_of",), "2022-11-11", "as_of"),
        (("files",), {}, r"an export was changed while the report was made \(files\."),
        (("parameters", "period"), "2021", "did not use the parameter period='2022'"),
        (("about", "notebook-sha256"), "0", "the notebook was changed while the report was made"),
    ],
)
def test_a_record_that_differs_is_refused_and_named(path, value, said, text, sample, computed, monkeypatch):
    monkeypatch.setattr(proof, "_made", lambda *_: computed)
    with pytest.raises(ReportError, match=said):
        prove(changed(text, *path, to=value), sample, notebook=record_in(text)["about"]["notebook-sha256"])


def test_a_page_without_a_record_is_refused(sample):
    with pytest.raises(ReportError, match="holds no record"):
        prove_page("<p>937</p>", sample, asked=None, parameters={}, notebook="")
