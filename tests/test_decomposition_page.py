"""The page of why a rate moved: a sentence that adds up, and a refusal where nothing can be compared."""

import re

import pandas as pd
import pytest
from lxml import html

from analysis.decomposition_page import MOST, moved_sentence, show_channel_comparison, show_decomposition
from analysis.labels import read_labels
from analysis.periods import read_period, until

VI, EN = read_labels("vi"), read_labels("en")
YEAR = until(read_period("2022"), pd.Timestamp("2022-11-10"))


def sentences(piece):
    return [line.text_content().replace("\xa0", " ") for line in html.fromstring(f"<div>{piece}</div>").xpath("//li")]


def tables(piece):
    page = html.fromstring(f"<div>{piece}</div>")
    return [[[cell.text_content() for cell in row] for row in each.xpath(".//tr")] for each in page.xpath("//table")]


def points(text):
    return float(re.sub(r"[^\d.−-]", "", text).replace("−", "-"))


def test_the_sample_says_how_far_the_rate_moved_and_why(sample):
    first = sentences(show_decomposition(sample, YEAR, by="channel", labels=EN))[0]
    assert first.startswith("On-time rate rose by 6.76 pp, from 63.42% to 70.18%")


SPLITS = [(by, "on_time_rate") for by in ("procedure", "field", "division", "channel")]
SPLITS += [(by, "online_share") for by in ("procedure", "field", "division")]


@pytest.mark.parametrize(("by", "measure"), SPLITS)
def test_the_groups_on_the_page_add_up_to_the_total_on_the_page(sample, by, measure):
    shown, *folded = tables(show_decomposition(sample, YEAR, by=by, measure=measure, labels=EN))
    *groups, total = [row for row in shown[1:] if row[0] != "All"] + [shown[-1]]
    assert len(groups) <= MOST
    groups += [row for table in folded for row in table[1:]]
    for column in (3, 4, 5):
        assert sum(points(row[column]) for row in groups) == pytest.approx(
            points(total[column]), abs=0.006 * len(groups)
        )


def test_a_group_of_few_dossiers_is_marked_and_the_mark_explained(sample):
    piece = show_decomposition(sample, YEAR, by="procedure", labels=VI)
    assert "Điều chỉnh giấy phép xây dựng*" in piece
    assert VI.name("decomposition.few", number="10") in piece


def test_a_year_that_the_exports_do_not_reach_back_to_is_not_compared_with(sample):
    piece = show_decomposition(sample, read_period("2021"), by="field", labels=VI)
    assert piece.count("<table") == 0
    assert VI.name("decomposition.no_comparison", by="lĩnh vực") in piece


@pytest.mark.parametrize("show", [show_channel_comparison, lambda *a, **k: show_decomposition(*a, by="channel", **k)])
def test_a_column_that_no_export_has_is_named(sample, show):
    nothing = sample.with_(files=sample.files.assign(columns="{}"))
    assert "hình thức nộp" in show(nothing, YEAR, labels=VI)
    assert "<table" not in show(nothing, YEAR, labels=VI)


def test_a_fall_and_a_standstill_have_their_own_verbs():
    sums = pd.Series({"rate": 0.5, "rate_before": 0.6, "change": -0.1, "within": -0.08, "mix": -0.02})
    assert "giảm 10,00" in moved_sentence(sums, by="field", labels=VI)
    assert "không đổi" in moved_sentence(sums * 0, by="field", labels=VI)


def test_the_channels_are_compared_and_chance_is_named(sample):
    told = sentences(show_channel_comparison(sample, YEAR, labels=EN))
    assert "+9.05 pp (95% interval −1.22 pp to +17.37 pp)" in told[0]
    assert told[1] == EN.name("decomposition.maybe_chance")
    assert told[-1].endswith("0 dossiers online, 57 in person.")


def test_channels_that_share_no_procedure_are_not_compared(sample):
    in_person = sample.dossiers.assign(channel="in_person")
    piece = show_channel_comparison(sample.with_(dossiers=in_person), YEAR, labels=EN)
    assert piece.startswith('<p class="notice">No procedure')


def test_an_online_share_is_not_split_by_channel(sample):
    with pytest.raises(ValueError, match="by channel"):
        show_decomposition(sample, YEAR, by="channel", measure="online_share", labels=VI)


def test_a_group_named_like_markup_is_shown_as_text(sample):
    strange = sample.dossiers.assign(field="<script>x</script>")
    piece = show_decomposition(sample.with_(dossiers=strange), YEAR, by="field", labels=VI)
    assert "<script>" not in piece
    assert "&lt;script&gt;" in piece
