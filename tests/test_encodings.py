"""The encoding of a text is found by its content; what is not certain is said, and what is no text is refused."""

import contextlib
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.encodings import decode
from analysis.grids import Doubt, FileProblem

TABLE = "Mã hồ sơ;Ngày tiếp nhận;Đơn vị\r\nH99-1;03/01/2022;Phòng Quản lý xây dựng\r\n"
GERMAN = "Straße;Gebäude;Prüfung\nKöln;Höhe;Übergabe\nGrößer;Fläche;Zuständigkeit\n"
FRENCH = "Numéro;Déposé;Reçu à l'hôtel\nÉlève;Très;Où\nFrançois;Préfecture;Délai\n"
SPANISH = "Año;Señor;Número\nNiño;Málaga;Público\nÓptimo;Después;Construcción\n"


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_unicode_is_read_with_and_without_its_mark(codec, name):
    assert decode(TABLE.encode(codec)) == (TABLE, name, ())


def test_the_mark_of_big_endian_text_is_read():
    assert decode(b"\xfe\xff" + TABLE.encode("utf-16-be")) == (TABLE, "utf-16", ())
    assert decode(b"\x00\x00\xfe\xff" + TABLE.encode("utf-32-be")) == (TABLE, "utf-32", ())


@pytest.mark.parametrize("text", [GERMAN, FRENCH, SPANISH])
@pytest.mark.parametrize(
    ("codec", "name"), [("cp1252", "windows-1252"), ("cp850", "cp850"), ("mac_roman", "mac-roman")]
)
def test_western_text_is_told_by_the_words_of_its_language(text, codec, name):
    decoded = decode(text.encode(codec))
    assert (decoded.text, decoded.encoding) == (text, name)


def test_a_word_that_reads_as_well_in_another_encoding_is_a_doubt_that_names_both():
    assert decode("März".encode("mac_roman")) == (
        "März",
        "mac-roman",
        (Doubt("encoding_doubtful", "mac-roman; cp850"),),
    )


def test_text_that_reads_well_in_no_encoding_is_a_doubt():
    decoded = decode("Привет всем людям на этой земле".encode("koi8-r"))
    assert [doubt.reason for doubt in decoded.doubts] == ["encoding_doubtful"]


def test_encodings_that_give_the_same_text_are_no_doubt():
    assert decode("12 m²; 5 §; ©".encode("cp1252")) == ("12 m²; 5 §; ©", "windows-1252", ())


def test_bytes_that_windows_1252_leaves_undefined_are_kept():
    text = "Müller;Größe;Fläche;Köln;\x81\x8d\x8f\x90\x9d"
    content = "Müller;Größe;Fläche;Köln;".encode("cp1252") + b"\x81\x8d\x8f\x90\x9d"
    assert decode(content)[:2] == (text, "windows-1252")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_windows_1258_is_composed_however_it_was_written(form):
    """A few letters with a tone have a byte of their own; most are a letter, and a tone behind it."""
    written = bytearray()
    for letter in unicodedata.normalize("NFC", TABLE):
        marks = unicodedata.normalize("NFD", letter)
        tones = [m for m in marks if m in "\u0300\u0301\u0303\u0309\u0323"]
        if tones and (form == "NFD" or letter not in "àáâèéêùúíóô"):
            base = unicodedata.normalize("NFC", "".join(m for m in marks if m not in tones))
            written += (base + tones[0]).encode("cp1258")
        else:
            written += letter.encode("cp1258")
    assert decode(bytes(written)) == (TABLE, "windows-1258", ())


def test_raw_bytes_of_the_old_fonts_are_windows_1252_and_no_doubt():
    for old in ("Sè hå s¬;Ngµy tiÕp nhËn", "Soá hoà sô;Ngaøy tieáp nhaän"):
        assert decode(old.encode("cp1252")) == (old, "windows-1252", ())


# --- damage ----------------------------------------------------------------------------------------------------------


def test_a_few_invalid_bytes_in_utf8_are_replaced_counted_and_found():
    content = TABLE.encode() + b"H99-2;Tr\xfcc;\xff\n"
    assert decode(content) == (
        TABLE + "H99-2;Tr�c;�\n", "utf-8", (Doubt("invalid_bytes", "2 (3)"),)
    )  # fmt: skip


def test_a_text_cut_in_the_middle_of_a_letter_is_read_up_to_there():
    decoded = decode(TABLE.encode()[: TABLE.encode().index("hồ".encode()) + 2])
    assert decoded == ("Mã h�", "utf-8", (Doubt("invalid_bytes", "1 (1)"),))


def test_half_a_character_at_the_end_of_utf16_is_said():
    decoded = decode(TABLE.encode("utf-16")[:-1])
    assert (decoded.text[:-1], decoded.doubts) == (TABLE[:-1], (Doubt("invalid_bytes", "1 (2)"),))


def test_zero_bytes_in_a_text_are_taken_out_counted_and_found():
    content = TABLE.encode().replace(b"H99-1", b"H99\0-\x001")
    assert decode(content) == (TABLE, "utf-8", (Doubt("null_bytes", "2 (2)"),))


def test_zero_bytes_at_the_end_are_what_a_copy_that_stopped_leaves():
    assert decode(TABLE.encode() + b"\0" * 4096) == (TABLE, "utf-8", (Doubt("null_bytes", "4096 (3)"),))


def test_a_file_of_zero_bytes_is_a_copy_that_failed():
    with pytest.raises(FileProblem, match="nothing but zero bytes"):
        decode(b"\0" * 4096)


@pytest.mark.parametrize(
    "content", [bytes(range(256)) * 20, b"\x7fELF\x02\x01\x01" + b"\0" * 9 + b"\x03\0>\0\x01\0\0\0" * 20]
)
def test_binary_data_is_refused(content):
    with pytest.raises(FileProblem, match="holds binary data, not a table"):
        decode(content)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_nothing_is_an_empty_text(content):
    assert decode(content).text == ""


# --- laws ------------------------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_text_without_zeros_or_a_problem(content):
    with contextlib.suppress(FileProblem):
        assert "\0" not in decode(content).text


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_any_text_in_utf8_or_with_a_mark_comes_back(text, codec):
    if codec != "utf-8" or not text.startswith("\ufeff"):
        assert decode(text.encode(codec)).text == text


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=60),
    st.sampled_from(["utf-16-le", "utf-16-be"]),
)
def test_plain_text_in_utf16_without_a_mark_comes_back(text, codec):
    assert decode(f"{text}\r\n".encode(codec)).text == f"{text}\r\n"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from((GERMAN + FRENCH + SPANISH).split()), min_size=1, max_size=6),
    st.sampled_from(["cp1252", "cp850", "mac_roman"]),
)
def test_a_western_text_comes_back_or_its_encoding_is_a_doubt(words, codec):
    text = "\n".join(words)
    decoded = decode(text.encode(codec))
    assert decoded.text == text or [doubt.reason for doubt in decoded.doubts] == ["encoding_doubtful"]


def test_one_letter_in_ten_million_bytes_is_found():
    decoded = decode(b"abcdefghi\n" * 500_000 + "Müller\n".encode("cp1252") + b"abcdefghi\n" * 500_000)
    assert (decoded.encoding, decoded.text[5_000_000:5_000_006]) == ("windows-1252", "Müller")
