"""The official tables on a page: the same figures as in the workbook, every name escaped."""

import pandas as pd
import pytest
from lxml import html

from analysis import channels, forms, forms_page, policies
from analysis.indicators import handling_times, indicators
from analysis.labels import read_labels
from analysis.periods import read_period, until
from analysis.points import with_points

VI, EN = read_labels("vi"), read_labels("en")
SPAN = until(read_period("2022"), pd.Timestamp("2022-11-10"))


def rows(piece):
    found = html.fromstring(f"<div>{piece}</div>").xpath("(//table)[1]/tbody/tr")
    return [[cell.text_content() for cell in row] for row in found]


def show(sample, labels=VI, **chosen):
    policy = policies.read_policy(**chosen)
    return forms_page.show_form(forms.fill_form(sample, SPAN, policy=policy), SPAN, policy=policy, labels=labels)


def test_the_form_on_the_page_ends_with_the_published_figures_and_the_fifteen_beside(sample):
    total = rows(show(sample))[-1]
    assert total == ["Tổng số", "937", "163", "774", "0", "855", "302", "298", "255", "67", "47", "20", "15"]


@pytest.mark.parametrize("name", policies.POLICIES)
@pytest.mark.parametrize("labels", [VI, EN], ids=["vi", "en"])
def test_the_policy_that_was_used_stands_below_the_form(sample, name, labels):
    for way in policies.POLICIES[name]:
        assert (
            labels.name(f"forms.policy_{name}_{way}")
            in html.fromstring(show(sample, labels, **{name: way})).text_content()
        )


def test_a_sum_that_is_off_is_explained_and_its_rows_are_named(sample):
    piece = forms_page.show_identities(forms.identities(forms.fill_form(sample, SPAN)), labels=VI)
    assert "(3) = (7) + (11): lệch 15 (937 so với 922); trong đó 15 rút, trả lại, chuyển." in piece
    assert sum(int(row[4]) for row in rows(piece)[:-1]) == 15
    assert {row[-1] for row in rows(piece)} == {"Lệch, có giải thích"}


def test_a_difference_that_nothing_explains_is_called_that(sample):
    broken = forms.fill_form(sample, SPAN).assign(late=0)
    piece = forms_page.show_identities(forms.identities(broken), labels=VI)
    assert "lệch 255 (855 so với 600); trong đó 255 chưa giải thích được" in piece
    assert "Lệch, chưa giải thích được" in piece


def test_where_all_sums_hold_the_page_says_so_and_lists_no_row(sample):
    policy = policies.read_policy(ended="on_time", paused="in_time")
    piece = forms_page.show_identities(forms.identities(forms.fill_form(sample, SPAN, policy=policy)), labels=VI)
    assert 'class="good"' in piece
    assert rows(piece) == []


def test_a_sum_that_cannot_be_checked_is_not_called_good(sample):
    bare = forms.fill_form(sample.with_(files=sample.files.assign(columns="{}")), SPAN)
    piece = forms_page.show_identities(forms.identities(bare), labels=EN)
    assert "cannot be checked" in piece


def test_every_channel_stands_with_its_share_and_those_that_never_occur_are_left_out(sample):
    total = rows(forms_page.show_channels(channels.channel_table(sample.dossiers, SPAN), labels=VI))[-1]
    assert total == ["Tổng số", "937", "163", "17,40\xa0%", "774", "82,60\xa0%"]


def test_indicators_stand_with_numerator_and_denominator_and_what_the_others_lack_apart(sample):
    piece = forms_page.show_indicators(indicators(sample, SPAN), labels=VI)
    table = {row[0].split()[0]: row for row in rows(piece)}
    assert table["2.1"][1:4] == ["667", "937", "71,18\xa0%"]
    assert table["2.2"][3] == "18,4"
    assert "4.3" not in table
    (folded,) = html.fromstring(f"<div>{piece}</div>").xpath("//details")
    assert "4.3 Tỷ lệ khai thác" in folded.text_content()
    assert folded.text_content().count("Không tính được từ dữ liệu này") == sum(indicators(sample, SPAN).lacks != "")


def test_where_nothing_can_be_computed_there_is_no_empty_table(sample):
    bare = indicators(sample.with_(files=sample.files.assign(columns="{}")), SPAN)
    assert forms_page.show_indicators(bare, labels=VI).count("<table>") == 1


def test_points_stand_with_their_source(sample):
    worth = pd.DataFrame({"full_points": 6.0, "threshold": 80.0, "source": "<b>QĐ</b>"}, index=["3.2"])
    piece = forms_page.show_indicators(with_points(indicators(sample, SPAN), worth), labels=VI)
    assert "<b>" not in piece
    assert {row[0].split()[0]: row[5:9] for row in rows(piece)}["3.2"] == ["6", "6", "80", "<b>QĐ</b>"]


def test_handling_times_stand_beside_the_term(sample):
    piece = forms_page.show_handling_times(handling_times(sample, SPAN), labels=VI)
    assert sum(int(row[2]) for row in rows(piece)) == 870
    assert rows(piece)[0][-1].endswith("ngày làm việc")


def test_a_field_named_like_markup_is_shown_as_text(sample):
    named = sample.with_(dossiers=sample.dossiers.assign(field="<script>x</script>"))
    assert "<script>" not in show(named)
    assert "<script>" not in forms_page.show_channels(channels.channel_table(named.dossiers, SPAN), labels=VI)
