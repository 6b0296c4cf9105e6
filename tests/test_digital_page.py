"""What a page shows of electronic work: shares with their denominators, or what the exports lack."""

import json

import pandas as pd
from lxml import html

from analysis.digital import SHARES
from analysis.digital_page import show_digital
from analysis.labels import read_labels
from analysis.periods import read_period, until

VI = read_labels("vi")
SPAN = until(read_period("2022"), pd.Timestamp("2022-11-10"))


def rows(piece):
    page = html.fromstring(f"<div>{piece}</div>")
    return {row[0].text_content(): [cell.text_content() for cell in row[1:]] for row in page.xpath("//tbody/tr")}


def test_what_was_never_accepted_is_not_among_the_online_dossiers(sample):
    assert rows(show_digital(sample, SPAN, labels=VI))[VI.name("shares.assisted_of_online")][:2] == ["40", "163"]


def test_what_no_export_says_is_not_claimed(sample):
    piece = show_digital(sample.with_(files=sample.files.assign(columns="{}")), SPAN, labels=VI)
    assert len(rows(piece)) == len(SHARES)
    assert all(row[:2] == ["–", "–"] and "thiếu cột" in row[2] for row in rows(piece).values())


def test_payments_are_over_the_dossiers_with_a_fee(sample):
    accepted = sample.dossiers[sample.dossiers.status.ne("not_accepted") & (sample.dossiers.received_on >= SPAN.first)]
    at = accepted.index[:4]
    fees = {"fee_due": ["yes", "yes", "no", "yes"], "paid_online": ["yes", "no", None, None]}
    filled = sample.dossiers.assign(**{c: pd.Series(words, at, dtype="str") for c, words in fees.items()})
    columns = [json.dumps(json.loads(c) | {"fee_due": "x", "paid_online": "x"}) for c in sample.files["columns"]]
    data = sample.with_(dossiers=filled, files=sample.files.assign(columns=columns))
    row = rows(show_digital(data, SPAN, labels=VI))[VI.name("shares.paid_online_of_fee_due")]
    assert row[:4] == ["1", "3", "33,33\xa0%", "934"]


def test_a_period_of_which_the_exports_say_nothing_has_no_share(sample):
    piece = show_digital(sample.with_(coverage=sample.coverage.iloc[:0]), SPAN, labels=VI)
    assert "<table>" not in piece
    assert VI.name("sentences.nothing") in piece
