"""Old Vietnamese text comes back letter for letter, column by column; what is not old stays as it is."""

import re
import tomllib
import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.delimited import read_delimited
from analysis.encodings import decode
from analysis.grids import Doubt, grid_of
from analysis.legacy import restore
from analysis.mojibake import SCHEMES, from_utf8
from analysis.spelling import is_syllable, is_vietnamese
from analysis.vocabulary import SHIPPED

# Written out apart from the tables of the program, so that a wrong letter there shows here.
LETTERS = "à ả ã á ạ ằ ẳ ẵ ắ ặ ầ ẩ ẫ ấ ậ è ẻ ẽ é ẹ ề ể ễ ế ệ ì ỉ ĩ í ị ò ỏ õ ó ọ ồ ổ ỗ ố ộ ờ ở ỡ ớ ợ ù ủ ũ ú ụ ừ ử ữ ứ ự ỳ ỷ ỹ ý ỵ ă â ê ô ơ ư đ"
IN_TCVN3 = "µ ¶ · ¸ ¹ » ¼ ½ ¾ Æ Ç È É Ê Ë Ì Î Ï Ð Ñ Ò Ó Ô Õ Ö × Ø Ü Ý Þ ß á â ã ä å æ ç è é ê ë ì í î ï ñ ò ó ô õ ö ÷ ø ù ú û ü ý þ ¨ © ª « ¬ \xad ®"
IN_VNI = "aø aû aõ aù aï aè aú aü aé aë aà aå aã aá aä eø eû eõ eù eï eà eå eã eá eä ì æ ó í ò oø oû oõ où oï oà oå oã oá oä ôø ôû ôõ ôù ôï uø uû uõ uù uï öø öû öõ öù öï yø yû yõ yù î aê aâ eâ oâ ô ö ñ"
CAPITALS_IN_TCVN3 = dict(zip("ĂÂÊÔƠƯĐ", "¡¢£¤¥¦§", strict=True))

TCVN3 = dict(zip(LETTERS.split(" "), IN_TCVN3.split(" "), strict=True)) | CAPITALS_IN_TCVN3
VNI = dict(zip(LETTERS.split(" "), IN_VNI.split(" "), strict=True))
VNI |= {letter.upper(): written.upper() for letter, written in VNI.items()}
TONES = "\u0300\u0301\u0303\u0309\u0323"


def tcvn3(text):
    """As a font of TCVN3 shows it to every other program; capitals with a tone are written small."""
    return "".join(TCVN3.get(c) or TCVN3.get(c.lower()) or c for c in text)


def vni(text):
    return "".join(VNI.get(c, c) for c in text)


def windows_1258(text):
    """The bytes; a letter without a byte of its own is written as letter and tone."""
    written = bytearray()
    for letter in text:
        try:
            written += letter.encode("cp1258")
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in marks if mark in TONES)
            written += (unicodedata.normalize("NFC", marks.replace(tone, "")) + tone).encode("cp1258")
    return bytes(written)


def misread(content):
    """What a program that takes everything for windows-1252 shows."""
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in content)


WRITE = {
    "TCVN3": tcvn3,
    "VNI": vni,
    "UTF-8": lambda text: misread(text.encode()),
    "windows-1258": lambda text: misread(windows_1258(text)),
}
RAW = {
    "TCVN3": lambda t: tcvn3(t).encode("cp1252"),
    "VNI": lambda t: vni(t).encode("cp1252"),
    "windows-1258": windows_1258,
}


def small_where_tcvn3_is(text):
    """The text with its toned capitals small: all that TCVN3 loses."""
    return "".join(c.lower() if TCVN3.get(c.lower()) and c not in TCVN3 else c for c in text)


def expected(scheme, texts):
    return [small_where_tcvn3_is(text) if scheme == "TCVN3" else text for text in texts]


def column(texts):
    return grid_of([[text] for text in texts])


def cells(grid, position=0):
    return grid.cells.column(position).to_pylist()


@pytest.fixture(scope="module")
def phrases():
    """Every phrase of the shipped vocabulary with a letter beyond ASCII."""
    columns = tomllib.loads(SHIPPED.read_text("utf-8"))["columns"]
    found = [phrase for table in columns.values() for phrases in table.values() for phrase in phrases]
    return sorted({phrase for phrase in found if not phrase.isascii()})


@pytest.fixture(scope="module")
def procedures(real_files):
    """The names of 525 procedures as a ministry publishes them."""
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(real_files / "procedures-ministry-of-construction.xlsx")
    lines = workbook.get_sheet_by_index(0).to_python()[2:]
    names = [unicodedata.normalize("NFC", str(line[1])) for line in lines]
    assert len(names) == 525
    return names


# --- all of it comes back --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", WRITE)
def test_the_words_of_the_vocabulary_come_back_from_a_sheet(phrases, scheme):
    grid = restore(column([WRITE[scheme](phrase) for phrase in phrases]))
    assert cells(grid) == expected(scheme, phrases)
    assert grid.doubts == (Doubt("restored_text", f"{scheme}: 1"),)


@pytest.mark.parametrize("scheme", RAW)
def test_the_words_of_the_vocabulary_come_back_from_the_bytes_of_a_text(phrases, scheme):
    decoded = decode(RAW[scheme]("\n".join(f'"{phrase}";1' for phrase in phrases)))
    assert decoded.doubts == ()
    assert cells(restore(read_delimited(decoded.text))) == expected(scheme, phrases)


@pytest.mark.parametrize("scheme", WRITE)
def test_525_of_525_procedures_come_back_from_a_sheet(procedures, scheme):
    texts = [WRITE[scheme](name) for name in procedures]
    assert cells(restore(column(texts))) == expected(scheme, procedures)


@pytest.mark.parametrize("scheme", RAW)
def test_525_of_525_procedures_come_back_from_the_bytes_of_a_text(procedures, scheme):
    names = [" ".join(name.split()).replace('"', "'") for name in procedures]
    decoded = decode(RAW[scheme]("\r\n".join(f'"{name}"' for name in ["Tên thủ tục", *names])))
    assert (decoded.encoding, decoded.doubts) == ("windows-1258" if scheme == "windows-1258" else "windows-1252", ())
    assert cells(restore(read_delimited(decoded.text)))[1:] == expected(scheme, names)


def test_all_that_the_procedures_lose_in_tcvn3_is_their_toned_capitals(procedures):
    said = set("".join(procedures))
    absent = {c for c in said if not c.isascii() and c not in TCVN3 and c.lower() not in TCVN3}
    lost = {
        a
        for name, back in zip(procedures, expected("TCVN3", procedures), strict=True)
        for a, b in zip(name, back, strict=True)
        if a != b
    }
    assert all(c.isupper() and set(unicodedata.normalize("NFD", c)) & set(TONES) for c in lost)
    assert absent == set("–")


def test_every_letter_of_the_old_fonts_comes_back():
    for letter in LETTERS.split(" "):
        assert SCHEMES["TCVN3"](TCVN3[letter]) == letter
        assert SCHEMES["VNI"](VNI[letter]) == letter
        assert SCHEMES["VNI"](VNI[letter.upper()]) == letter.upper()


WORDS = st.sampled_from(sorted({w for w in re.findall(r"[^\W\d_]+", SHIPPED.read_text("utf-8")) if is_syllable(w)}))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(WRITE)), st.lists(WORDS, min_size=12, max_size=30, unique=True))
def test_vietnamese_words_come_back_from_whatever_they_went_through(scheme, words):
    text = " ".join(words)
    assume(sum(not word.isascii() for word in set(words)) > 5)
    (back,) = cells(restore(column([WRITE[scheme](text)])))
    assert back == expected(scheme, [text])[0]


# --- what is judged together -----------------------------------------------------------------------------------------


def test_each_column_is_restored_from_what_it_was():
    grid = grid_of([
        ["Mã hồ sơ", tcvn3("Lĩnh vực"), vni("Trạng thái"), WRITE["UTF-8"]("Hình thức nộp"), "Müller"],
        ["1", tcvn3("Quy hoạch kiến trúc"), vni("Đã trả kết quả"), WRITE["UTF-8"]("Trực tuyến"), "François"],
    ])  # fmt: skip
    restored = restore(grid)
    assert [cells(restored, i)[1] for i in range(5)] == [
        "1",
        "Quy hoạch kiến trúc",
        "Đã trả kết quả",
        "Trực tuyến",
        "François",
    ]
    assert [cells(restored, i)[0] for i in range(5)] == [
        "Mã hồ sơ",
        "Lĩnh vực",
        "Trạng thái",
        "Hình thức nộp",
        "Müller",
    ]
    assert {doubt.detail for doubt in restored.doubts} == {"TCVN3: 2", "VNI: 3", "UTF-8: 4"}


@pytest.mark.parametrize("scheme", WRITE)
def test_a_heading_over_numbers_is_restored_by_the_other_headings(scheme):
    headings = ["Số", "Mã số hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Phòng"]
    grid = restore(grid_of([[WRITE[scheme](h) for h in headings], *[["7", "8", "03/01/2022", "", "1"]] * 80]))
    assert list(grid.cells.slice(0, 1).to_pylist()[0].values()) == headings


def test_old_headings_over_foreign_names_are_restored_and_the_names_are_not():
    names = ["Müller", "Jørgensen", "Nuñez", "Señor", "Åse", "Hélène", "Zoë", "João", "Ærø", "Özil"] * 10
    grid = restore(grid_of([[vni("Người nộp hồ sơ")], *([name] for name in names)]))
    assert cells(grid) == ["Người nộp hồ sơ", *names]


def test_lines_with_too_many_cells_are_restored_too():
    grid = column([vni("Ngày tiếp nhận hồ sơ")])._replace(ragged=[(2, [vni("Cấp giấy phép xây dựng"), "", "x"])])
    assert restore(grid).ragged == [(2, ["Cấp giấy phép xây dựng", "", "x"])]
    assert restore(grid).doubts == (Doubt("restored_text", "VNI: 0, 1"),)


def test_unicode_beside_old_text_in_one_column_stays():
    texts = [vni("Trực tuyến"), "Trực tuyến", "Hoà Bình", vni("Bưu chính công ích"), "Nhà ở", "Toán", ""]
    grid = restore(column(texts))
    assert cells(grid) == ["Trực tuyến", "Trực tuyến", "Hoà Bình", "Bưu chính công ích", "Nhà ở", "Toán", ""]
    assert Doubt("text_may_be_legacy", "1") in grid.doubts, "Hoà can be Hồ in VNI"


def test_a_no_break_space_that_became_a_blank_is_found_in_misread_utf8():
    assert from_utf8("NgÃ y tiáº¿p nháº­n lÃ ") == "Ngày tiếp nhận là"


def test_a_text_that_reads_well_both_ways_is_left_alone_and_said():
    grid = restore(column(["Hå"]))
    assert cells(grid) == ["Hå"]
    assert grid.doubts == (Doubt("text_may_be_legacy", "1"),)


# --- what is not old -------------------------------------------------------------------------------------------------

EUROPEAN = [
    "Müller",
    "François",
    "Señor",
    "Århus",
    "IJsselmeer",
    "Åse",
    "Straße",
    "Ñandú",
    "Hélène",
    "Übergrößenträger",
    "São",
    "João",
    "Málaga",
    "Zoë",
    "così",
    "è",
    "più",
    "Ærø",
    "coördinatie",
]


@pytest.mark.parametrize("names", [EUROPEAN, *([name] for name in EUROPEAN)])
def test_european_names_are_never_restored(names):
    grid = column(names)
    assert restore(grid) is grid
    for codec in ("cp1252", "utf-8"):
        decoded = decode("\n".join(names).encode(codec))
        assert cells(restore(column(decoded.text.splitlines()))) == names


def test_vietnamese_as_it_stands_is_never_restored(phrases):
    for texts in (phrases, ["Hoà Bình", "hoà", "xoá", "Toà án"], ["Đà Nẵng → Huế", "12 m² – 5 °C"]):
        grid = column(texts)
        assert restore(grid) is grid


def test_the_sheet_given_is_not_touched():
    grid = column([vni("Ngày tiếp nhận"), "1"])
    restore(grid)
    assert cells(grid) == [vni("Ngày tiếp nhận"), "1"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=20), max_size=5))
def test_any_text_at_all_is_restored_without_an_error_and_only_once(texts):
    once = restore(column(texts))
    assert len(cells(once)) == len(texts) if texts else True
    assert all(a == b or not a.isascii() for a, b in zip(texts, cells(once) if texts else [], strict=True))


def test_a_million_lines_cost_what_their_different_texts_cost():
    words = pa.array([vni("Trực tuyến"), vni("Trực tiếp"), vni("Bưu chính công ích")]).take(
        pa.array(np.arange(1_000_000) % 3)
    )
    grid = column(["x"])._replace(cells=pa.table({"0": words}), rows=np.arange(1, 1_000_001))
    assert restore(grid).cells.column(0).unique().to_pylist() == ["Trực tuyến", "Trực tiếp", "Bưu chính công ích"]


# --- syllables -------------------------------------------------------------------------------------------------------


def test_every_word_of_the_vocabulary_is_vietnamese():
    words = {w for w in re.findall(r"[^\W\d_]+", SHIPPED.read_text("utf-8")) if not w.isascii()}
    assert {w for w in words if not is_vietnamese(w)} == {"QyĐ"}


@pytest.mark.parametrize(
    "word", ["nghiệp", "giếng", "gì", "quý", "quyết", "khuỷu", "huỵch", "ngoằn", "yết", "ưu", "oẳn", "thuở"]
)
def test_rare_syllables_are_syllables(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["tềt", "mờc", "qâ", "hồhồ", "w", "trăx", "áá", "é́"])
def test_other_letters_are_not(word):
    assert not is_syllable(word)
