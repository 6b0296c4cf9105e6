"""The kind of a document is what its register says, else what its symbol says, and never a silent guess."""

import pandas as pd
import pytest

from analysis.symbols import BASES, kinds_of
from analysis.vocabulary import read_vocabulary

KINDS = read_vocabulary().document_kinds


def kinds(*symbols, said=None):
    documents = pd.DataFrame({"symbol": pd.Series(symbols, dtype="str"), "kind": pd.Series([said] * len(symbols))})
    return kinds_of(documents.astype("str"), kinds=KINDS)


@pytest.mark.parametrize(
    ("symbol", "kind", "basis"),
    [
        ("1736/SKHĐT-TTQHKH", "Công văn", "no_abbreviation"),
        ("632/KHTC", "Công văn", "no_abbreviation"),
        ("47/BC-UBND", "Báo cáo", "abbreviation"),
        ("30191/TB-SNNMT-BTTĐC", "Thông báo", "abbreviation"),
        ("06/2024/QĐ-UBND", "Quyết định", "abbreviation"),
        ("144/2025/QĐ-CTUBND", "Quyết định", "abbreviation"),
        ("57-NQ/TW", "Nghị quyết", "abbreviation"),
        ("12a/ttr-sxd", "Tờ trình", "abbreviation"),
        ("12 / GM-SXD", "Giấy mời", "abbreviation"),
        ("3/SY-UBND", "Bản sao y", "abbreviation"),
        ("12/QD-UBND", None, "unknown"),
        ("12/CD-UBND", None, "unknown"),
        ("BC-UBND/47", None, "unknown"),
        ("47", None, "unknown"),
        ("12/2024", None, "unknown"),
        ("không số", None, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_a_symbol_says_its_kind_or_nothing(symbol, kind, basis):
    (row,) = kinds(symbol).to_dict("records")
    assert row["kind_basis"] == basis
    assert basis in BASES
    assert pd.isna(row["kind"]) if kind is None else row["kind"] == kind


def test_what_the_register_says_comes_before_the_symbol_and_is_spelt_one_way():
    assert kinds("47/BC-UBND", said="GIẤY MỜI").to_numpy().tolist() == [["Giấy mời", "said"]]
    assert kinds("47/BC-UBND", said="Loại của riêng ta").to_numpy().tolist() == [["Loại của riêng ta", "said"]]


def test_every_abbreviation_of_the_vocabulary_is_told_from_all_others():
    shorts = [short for short in KINDS if short]
    assert kinds(*(f"1/{short}-SXD" for short in shorts)).kind.tolist() == [KINDS[short] for short in shorts]
    assert kinds(*(f"1/{short.upper()}-SXD" for short in shorts)).kind.tolist() == [KINDS[short] for short in shorts]


def test_the_raw_symbols_are_kept_and_the_index_too():
    documents = pd.DataFrame({"symbol": ["47/BC-UBND", "1/SXD"], "kind": [None, None]}, index=[7, 3])
    before = documents.copy(deep=True)
    assert kinds_of(documents, kinds=KINDS).index.tolist() == [7, 3]
    pd.testing.assert_frame_equal(documents, before)


def test_a_register_without_a_line_has_no_kind():
    assert len(kinds()) == 0


def test_the_symbols_of_the_sample_say_the_kinds_that_its_registers_say(sample):
    """Official letters apart, of which some symbols of the sample's senders show nothing."""
    documents = sample.documents[sample.documents.direction == "outgoing"]
    told = kinds_of(documents.assign(kind=pd.Series(pd.NA, documents.index, dtype="str")), kinds=KINDS)
    assert (told.kind == documents.kind.astype("str")).all()
