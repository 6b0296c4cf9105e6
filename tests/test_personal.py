"""Personal: the columns that can name a person are read into memory alone, and a value counts whole."""

import shutil
import zipfile

import pyarrow as pa
import pytest

from analysis import blocks
from analysis.grids import FileProblem
from analysis.personal import Column, Own, find_values, own_words, read_columns
from analysis.vocabulary import read_vocabulary

VOCABULARY = read_vocabulary()
HEADER = "Mã hồ sơ,Ngày nhận,Người nộp,Ghi chú"


def put(folder, *lines, name="a.csv", header=HEADER):
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def read(*paths, vocabulary=VOCABULARY):
    columns = read_columns(paths, folder=paths[0].parent, vocabulary=vocabulary)
    return {(column.file, column.heading): sorted(column.values.to_pylist()) for column in columns}


def found(text, *values, own=None):
    return [
        each.value for each in find_values([text], [Column("a.csv", "Người nộp", pa.array(values))], own=own or Own(""))
    ]


def test_different_values_of_two_words_are_read_once_whatever_their_case_form_and_spaces(tmp_path):
    path = put(
        tmp_path, "H1,03/01/2022,Người Thứ Nhất,", "H2,03/01/2022,NGƯỜI  THỨ-NHẤT,Nhờ ông Thứ Hai",
        "H3,03/01/2022,Ngu\u031bo\u031b\u0300i Thu\u031b\u0301 Nh\u00e2\u0301t,", "H4,03/01/2022,Mẫu,0900 000 000",
    )  # fmt: skip
    assert read(path) == {("a.csv", "Người nộp"): ["người thứ nhất"], ("a.csv", "Ghi chú"): ["nhờ ông thứ hai"]}


def test_columns_that_are_understood_and_columns_nobody_knows_are_not_read(tmp_path):
    path = put(tmp_path, "H1,03/01/2022,Đơn Vị Một,Cột Khác", header="Mã hồ sơ,Ngày nhận,Đơn vị,Cột lạ")
    assert read(path) == {}


def test_titles_totals_and_sections_are_no_values(sample_folder):
    folder = sample_folder / "data/raw/sample"
    values = read(folder / "ho-so-quy-3-2022.xls")["ho-so-quy-3-2022.xls", "Chủ hồ sơ"]
    assert values
    assert all(value.startswith("tổ chức a") for value in values)


def test_a_long_text_gives_in_blocks_what_it_gives_whole(tmp_path, monkeypatch):
    path = put(tmp_path, *(f"H{n},03/01/2022,Người Thứ {'Xyz'[n % 3]},ghi chú {n} của ai" for n in range(9000)))
    whole = read(path)
    monkeypatch.setattr(blocks, "HEAD", 1 << 12)
    monkeypatch.setattr(blocks, "BLOCK", 1 << 14)
    monkeypatch.setattr(blocks, "TAIL", 1 << 8)
    assert len(blocks.survey([path], checked=False)[0].cuts) > 5
    assert read(path) == whole
    assert len(whole["a.csv", "Ghi chú"]) == 9000


def test_members_of_archives_and_old_encodings_are_read_as_the_exports_are(tmp_path, root):
    shutil.copy(root / "tests/exports/personal-columns.csv", tmp_path / "b.csv")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "b.csv", "c.csv")
    (tmp_path / "d.csv").write_bytes(f"{HEADER}\nH1,03/01/2022,Nguoi Thu Nhât,\n".encode("utf-16"))
    values = read(tmp_path / "a.zip", tmp_path / "d.csv")
    assert "người thứ nhất" in values["a.zip/c.csv", "Chủ hồ sơ"]
    assert values["d.csv", "Người nộp"] == ["nguoi thu nhât"]


def test_a_file_that_cannot_be_read_is_named_but_a_member_of_an_archive_is_left_out(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("broken.xlsx", b"PK\x03\x04")
        archive.write(put(tmp_path, "H1,03/01/2022,Người Thứ Nhất,", name="b.csv"), "b.csv")
    assert list(read(tmp_path / "a.zip")) == [("a.zip/b.csv", "Người nộp")]
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(FileProblem, match=r"^a\.xlsx: "):
        read(tmp_path / "a.xlsx")


def test_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    read(put(tmp_path, "H1,03/01/2022,Người Thứ Nhất,"))
    assert [path.name for path in tmp_path.rglob("*")] == ["a.csv"]


@pytest.mark.parametrize("text", ["Người Thứ Nhất", "người thứ nhất", "Do NGƯỜI THỨ NHẤT nộp", "(Người  Thứ\nNhất)"])
def test_a_value_that_stands_whole_in_a_text_is_found(text):
    assert found(text, "người thứ nhất", "người thứ hai") == ["người thứ nhất"]


@pytest.mark.parametrize("text", ["Người Thứ", "Người Thứ Nhất1", "Nguoi Thu Nhat", "Người, kể cả Thứ Nhất", ""])
def test_parts_of_a_value_and_other_words_are_not(text):
    assert found(text, "người thứ nhất") == []


def test_of_a_long_value_its_first_words_are_compared(tmp_path):
    path = put(tmp_path, "H1,03/01/2022,,một hai ba bốn năm sáu bảy tám chín mười")
    assert read(path) == {("a.csv", "Ghi chú"): ["một hai ba bốn năm sáu bảy tám"]}


@pytest.mark.parametrize(
    "value", ["trực tuyến", "đã trả kết quả", "chủ hồ sơ", "trước và đúng hạn", "tháng 3 năm 2022", "quyết định"]
)
def test_the_words_of_vocabulary_labels_and_notebooks_name_nobody(value):
    own = own_words([], vocabulary=VOCABULARY)
    assert found(value, value, own=own) == []
    assert found("Người Thứ Nhất", "người thứ nhất", own=own) == ["người thứ nhất"]


def test_what_the_department_calls_things_names_nobody():
    own = own_words(["Phân ban Thử Nghiệm", "Cấp giấy phép loại 3"], vocabulary=VOCABULARY)
    assert found("phân ban thử nghiệm; giấy phép loại 12", "phân ban thử nghiệm", "giấy phép loại 12", own=own) == []


def test_public_bodies_are_known_by_their_first_words_with_accents():
    own = own_words([], vocabulary=VOCABULARY)
    values = ["ubnd huyện a", "sở tài chính tỉnh b", "phong van mau", "sở thích riêng của ông mẫu hai ba"]
    assert found("; ".join(values), *values, own=own) == values[2:]
