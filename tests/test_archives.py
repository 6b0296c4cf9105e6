"""Archives, patterns and files in motion: each export is read like a file of its own, or refused in one sentence."""

import io
import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from analysis import archives
from analysis.archives import is_archive, read_archive
from analysis.files import BEING_WRITTEN, export_name, find_exports, open_exports, read_export, read_exports, root_of
from analysis.grids import FileProblem
from analysis.vocabulary import read_vocabulary

SHIPPED = read_vocabulary()
CSV = "Mã hồ sơ,Ngày tiếp nhận\nH1,03/01/2022\n".encode()


def packed(members, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def read(tmp_path, content, name="kho.zip"):
    """Name -> exports, or what is said of the member."""
    (tmp_path / name).write_bytes(content)
    found = read_exports(tmp_path / name, vocabulary=SHIPPED)
    return {part: str(got) if isinstance(got, FileProblem) else got for part, got in found}


def test_every_member_is_read_like_a_file_and_a_bad_one_stops_no_other(tmp_path):
    members = [
        ("2022/a.csv", CSV),
        ("b.csv", b""),
        ("__MACOSX/._a", b"x"),
        (".x", b""),
        ("readme.txt", b"r"),
        ("c/", b""),
    ]
    found = read(tmp_path, packed(members))
    assert list(found) == ["kho.zip/2022/a.csv", "kho.zip/b.csv"]
    (export,) = found["kho.zip/2022/a.csv"]
    assert (export.file, export.lines["dossier_id"].to_pylist()) == ("kho.zip/2022/a.csv", ["H1"])
    assert found["kho.zip/b.csv"] == "is empty; export it again."
    with pytest.raises(FileProblem, match=r"^kho\.zip/b\.csv: is empty"):
        read_export(tmp_path / "kho.zip", vocabulary=SHIPPED)


@pytest.mark.parametrize(("member", "archive"), [("a.csv", True), ("[Content_Types].xml", False), ("mimetype", False)])
def test_an_archive_of_exports_is_told_from_a_workbook(member, archive):
    assert is_archive(packed([(member, b"x"), ("b.csv", b"y")])) is archive


def test_what_only_begins_like_an_archive_is_none():
    whole = packed([("a.csv", CSV)])
    assert not is_archive(whole[: len(whole) // 2])
    assert not is_archive(CSV)


def test_an_archive_inside_an_archive_is_refused(tmp_path):
    inner = packed([("a.csv", CSV)])
    assert "archive inside an archive" in read(tmp_path, packed([("x.zip", inner)]))["kho.zip/x.zip"]


def test_an_empty_archive_says_so(tmp_path):
    assert "without a file" in read(tmp_path, packed([]))["kho.zip"]


@pytest.mark.parametrize("name", ["../../etc/a.csv", "/etc/a.csv", "..\\etc\\a.csv", "./etc//a.csv"])
def test_a_name_that_leads_out_of_the_archive_is_harmless(tmp_path, name):
    assert list(read(tmp_path, packed([(name, CSV)]))) == ["kho.zip/etc/a.csv"]
    assert [p.name for p in tmp_path.iterdir()] == ["kho.zip"]


def test_a_vietnamese_name_that_does_not_say_its_encoding_is_read():
    content = packed([("ho so.csv", CSV)]).replace(b"ho so.csv", "hồ.csv".encode() + b"v")
    assert [name for name, _ in read_archive(content)] == ["hồ.csvv"]


def with_password(content):
    """Both headers of the only member say that it is encrypted."""
    changed = bytearray(content)
    changed[6] |= 1
    changed[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def with_a_flipped_byte(content):
    changed = bytearray(content)
    changed[content.index(b"a.csv") + 8] ^= 0xFF
    return bytes(changed)


@pytest.mark.parametrize(("change", "said"), [(with_password, "password"), (with_a_flipped_byte, "damaged")])
def test_a_member_that_cannot_be_unpacked_says_why(tmp_path, change, said):
    assert said in read(tmp_path, change(packed([("a.csv", CSV)])))["kho.zip/a.csv"]


def test_a_member_that_stands_twice_is_refused_the_second_time():
    with pytest.warns(UserWarning, match="Duplicate"):
        content = packed([("a.csv", CSV), ("a.csv", CSV)])
    (_, first), (_, second) = read_archive(content)
    assert first == CSV
    assert "twice" in str(second)


def test_an_archive_that_declares_too_much_is_refused_before_it_is_unpacked(tmp_path):
    bomb = packed([("a.csv", bytes(1 << 20))] * 1 + [(f"{n}.csv", bytes(10 << 20)) for n in range(13)])
    assert len(bomb) < 1 << 20
    tracemalloc.start()
    found = read(tmp_path, bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "unpacks to more than 128 MB" in found["kho.zip"]
    assert peak < 8 << 20


def test_what_a_member_declares_of_its_size_is_not_believed(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "SMALL", 1000)
    content = bytearray(packed([("a.csv", bytes(100_000))]))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    (said,) = read(tmp_path, bytes(content)).values()
    assert "damaged" in said or "unpacks to more" in said


def test_more_members_than_anyone_has_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)
    assert "more than 2 files" in read(tmp_path, packed([(f"{n}.csv", CSV) for n in range(3)]))["kho.zip"]


# --- folders and patterns --------------------------------------------------------------------------------------------


@pytest.fixture
def raw(tmp_path):
    for name in (
        "raw/2022-01.csv",
        "raw/2022-02.csv",
        "raw/2021.csv",
        "raw/2022x/b.csv",
        "raw/x.xlsx/c.csv",
        "raw/sample/s.csv",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(CSV)
    return tmp_path / "raw"


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("2022-*.csv", ["2022-01.csv", "2022-02.csv"]),
        ("2022*", ["2022-01.csv", "2022-02.csv", "2022x/b.csv"]),
        ("**/[bc].csv", ["2022x/b.csv", "x.xlsx/c.csv"]),
        ("*", ["2021.csv", "2022-01.csv", "2022-02.csv", "2022x/b.csv", "x.xlsx/c.csv"]),
        ("sample/*", ["s.csv"]),
        ("x.xlsx", ["c.csv"]),
    ],
)
def test_a_pattern_finds_files_and_the_folders_that_fit(raw, pattern, names):
    assert [export_name(path, raw / pattern) for path in find_exports(raw / pattern)] == names


def test_a_pattern_that_nothing_fits_is_a_problem(raw):
    with pytest.raises(FileProblem, match=r"2023\*: no file fits this pattern"):
        find_exports(raw / "2023*")
    with pytest.raises(FileProblem, match="there is no such file or folder"):
        find_exports(raw / "nowhere/*.csv")


def test_a_folder_named_like_a_pattern_is_meant_as_it_stands(tmp_path):
    folder = tmp_path / "data [2022]"
    folder.mkdir()
    (folder / "a.csv").write_bytes(CSV)
    assert find_exports(folder) == [folder / "a.csv"]
    assert root_of(folder / "*.csv") == folder


# --- files in motion -------------------------------------------------------------------------------------------------


def only(path):
    ((name, found),) = open_exports(path)
    assert name == path.name
    return str(found)


def test_a_file_that_is_written_to_while_it_is_read_is_not_used(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_bytes(CSV)
    read_bytes = Path.read_bytes

    def meanwhile(self):
        content = read_bytes(self)
        with path.open("ab") as file:
            file.write(b"H2,04/01/2022\n")
        return content

    monkeypatch.setattr(Path, "read_bytes", meanwhile)
    assert only(path) == BEING_WRITTEN


def test_a_file_that_is_replaced_by_one_of_the_same_size_is_not_used(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_bytes(CSV)
    read_bytes = Path.read_bytes

    def meanwhile(self):
        os.utime(path, (0, path.stat().st_mtime + 10))
        return read_bytes(self)

    monkeypatch.setattr(Path, "read_bytes", meanwhile)
    assert only(path) == BEING_WRITTEN


def test_a_file_that_vanishes_and_a_link_to_nothing_are_said(tmp_path):
    assert "is not there any more" in only(tmp_path / "gone.csv")
    (tmp_path / "link.csv").symlink_to(tmp_path / "gone.csv")
    assert find_exports(tmp_path) == [tmp_path / "link.csv"]
    assert "is not there any more" in only(tmp_path / "link.csv")


def test_a_folder_that_cannot_be_opened_is_reported_like_a_file(raw, monkeypatch):
    walk = os.walk

    def refuse(top, onerror):
        yield from walk(top)
        onerror(PermissionError(13, "Permission denied", str(raw / "2022x")))

    monkeypatch.setattr(os, "walk", refuse)
    assert raw / "2022x" in find_exports(raw)
    assert "cannot be opened; check the permissions" in only(raw / "2022x")
