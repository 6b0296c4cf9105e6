"""Ordinary official sentences, with every kind of number but without claims that can be checked, get no verdict."""

from pathlib import Path

import pytest

from analysis.audit import audit
from analysis.claim_tokens import Passage

SENTENCES = (Path(__file__).parent / "texts/ordinary.txt").read_text("utf-8").splitlines()


def test_there_are_two_hundred_different_sentences():
    assert len(set(SENTENCES)) >= 200


@pytest.mark.parametrize("start", range(0, 200, 20))
def test_an_ordinary_sentence_gets_no_verdict(start):
    judged = {s: audit([Passage("1", s)]).verdicts for s in SENTENCES[start : start + 20]}
    assert not {sentence: verdicts for sentence, verdicts in judged.items() if verdicts}


def test_all_of_them_as_one_text_get_no_verdict():
    found = audit([Passage(str(number), sentence) for number, sentence in enumerate(SENTENCES)])
    assert not found.verdicts


def test_every_number_of_them_is_a_claim_or_said_to_be_none():
    """Nothing is dropped in silence: what has digits is listed, with its reason."""
    for sentence in SENTENCES:
        found = audit([Passage("1", sentence)])
        spans = [(c.start, c.end) for c in (*found.claims, *found.others)]
        digits = [i for i, letter in enumerate(sentence) if letter.isdigit()]
        assert [i for i in digits if not any(start <= i < end for start, end in spans)] == [], sentence
