"""A checksum of a key depends on the key alone, and keys are not confused."""

import pandas as pd
import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.keys import checksum, key_of

PINNED = ["0xbf584768e626ded1", "0xf1d1ebe1f5c5ec1", "0x1571aa0f2a691807"]
TEXTS = st.lists(st.text(max_size=40), min_size=1, max_size=20)


@given(TEXTS, TEXTS)
def test_the_checksum_of_a_text_does_not_depend_on_what_stands_beside_it(texts, others):
    alone = [int(checksum(pa.array([text]))[0]) for text in texts]
    assert checksum(pa.array(texts)).tolist() == alone
    assert checksum(pa.array([*others, *texts, *others])).tolist()[len(others) :][: len(texts)] == alone
    assert checksum(pa.array([*others, *texts]).slice(len(others))).tolist() == alone


@example({"", "\x01"})
@given(st.sets(st.text(max_size=30), min_size=2, max_size=50))
def test_different_texts_have_different_checksums(texts):
    assert len(set(checksum(pa.array(sorted(texts))).tolist())) == len(texts)


def test_a_checksum_is_the_same_on_every_machine():
    assert [hex(n) for n in checksum(pa.array(["", "a", "H99-220103-0001"]))] == PINNED


def test_parts_of_a_key_are_not_confused_by_how_they_are_joined():
    rows = pd.DataFrame({"source_system": ["a", "ab", None], "dossier_id": ["bc", "c", "abc"]})
    assert len(set(key_of(rows, "dossiers").to_pylist())) == 3


def test_texts_by_number_and_texts_have_the_same_key():
    rows = pd.DataFrame({"source_system": ["a", None, "b"], "dossier_id": ["1", "2", None]}, dtype="str")
    assert key_of(rows, "dossiers").equals(key_of(rows.astype("category"), "dossiers"))
