"""Scan: finished files that hold what can name a person are not published, and the message itself names nobody."""

from pathlib import Path

import pytest

from analysis.labels import read_labels
from analysis.scan import PersonalData, scan_of
from analysis.store import load

HEADER = "Mã hồ sơ,Ngày nhận,Đơn vị,Người nộp,Số điện thoại"
LINES = [
    "H1,03/01/2022,Đơn vị một,Người Thứ Nhất,0900 000 001",
    "H2,04/01/2022,Người Thứ Hai,Người Thứ Hai,0900 000 002",
]


@pytest.fixture
def desk(tmp_path, handbook_of):
    """Reads exports of two dossiers, the second with its applicant in the column of units; scans a page."""
    raw = tmp_path / "data/raw"
    raw.mkdir(parents=True)

    def scan(page, *lines, name="2022.html", settings="", names=(), lang="vi"):
        (raw / "a.csv").write_text("\n".join([HEADER, *(lines or LINES)]) + "\n", encoding="utf-8")
        told = [{"setting": "Được phép công bố", "value": settings}] if settings else []
        named = [{"kind": "Đơn vị tiếp nhận", "name": name} for name in names]
        handbook_of(raw, settings=told, names=named)
        scan = scan_of(load(raw), raw, labels=read_labels(lang))
        try:
            scan({tmp_path / name: page.encode()})
        except PersonalData as problem:
            return str(problem).splitlines()
        return []

    return scan


def test_a_name_that_stands_in_the_wrong_column_is_found_and_told_where_it_stands(desk):
    told = desk("<h2>Đơn vị</h2><table><td>Đơn vị một</td><td>Người Thứ Hai</td></table>")
    assert told[0] == "chưa công bố, vì có nội dung có thể nhận ra một cá nhân:"
    assert told[1].startswith(
        "2022.html, mục “Đơn vị”: nội dung của cột không được đọc vì có thể nêu tên cá nhân (người…);"
    )
    assert told[1].endswith("; có trong tệp a.csv, cột “Người nộp” và tệp a.csv, cột “Đơn vị”")
    assert "“Tên gọi”" in told[2]
    assert "“Được phép công bố”" in told[2]
    assert not any("hai" in line.lower().split() for line in told)


def test_a_telephone_number_is_found_whether_or_not_an_export_has_it(desk):
    told = desk("<h2>Reasons</h2><p>Call 0900 000 009, or 0900000002</p>", lang="en")
    assert told[1:3] == [
        "2022.html, “Reasons”: telephone number (0900 0…)",
        "2022.html, “Reasons”: telephone number (090000…)",
    ]


def test_a_page_that_names_nobody_passes(desk):
    assert desk("<h2>Đơn vị</h2><p>Đơn vị một: 1.234 hồ sơ đến 10/11/2022, mã 1.007767, người thứ ba</p>") == []


def test_what_the_handbook_allows_passes_however_it_is_written(desk):
    page = "<p>Đường dây nóng (0200) 3 800 000, mau@example.org; Người Thứ Nhất</p>"
    assert len(desk(page)) == 5
    assert desk(page, settings="02003800000; MAU@example.org;người  thứ nhất") == []
    assert len(desk(page, settings="0200 3800 000")) == 4


def test_a_name_on_the_handbook_s_sheet_of_names_passes(desk):
    assert desk("<p>Người Thứ Hai</p>", names=["Người Thứ Hai"]) == []
    assert desk("<p>Người Thứ Hai</p>", names=["Người Thứ Ba"])


def test_codes_that_are_plain_numbers_are_no_identity_numbers_but_a_single_one_is(desk):
    plain = [f"{100000000 + n},03/01/2022,Đơn vị một,," for n in range(3)]
    assert desk("<td>100000001</td>", *plain) == []
    assert desk("<td>100000009</td>", *plain)
    assert desk("<td>100000001</td>", plain[1], *LINES)


def test_of_many_finds_ten_are_told_and_the_others_counted(desk):
    told = desk("".join(f"<p>{900_000_000 + n:010d}</p>" for n in range(25)))
    assert len(told) == 13
    assert told[-2] == "và 15 chỗ khác."


def test_every_file_of_the_report_is_searched(desk):
    assert desk('{"cells": [{"source": ["x = 1\\n", "# 0900 000 009"]}]}', name="2022.ipynb")[1].startswith(
        "2022.ipynb, mục “cell 1”"
    )


def test_the_pages_of_the_sample_hold_nothing_of_its_personal_columns(sample, sample_folder):
    scan = scan_of(sample, sample_folder / "data/raw", labels=read_labels("vi"))
    scan({Path("2022.html"): "<p>937 hồ sơ</p>".encode()})
    with pytest.raises(PersonalData, match=r"so-theo-doi-ho-so_20221110\.xlsx"):
        scan({Path("2022.html"): "<p>Tổ chức A6</p>".encode()})


def test_nothing_is_published_unsearched_when_an_export_is_gone(tmp_path):
    raw = tmp_path / "data/raw"
    raw.mkdir(parents=True)
    for name in ("a.csv", "b.csv"):
        (raw / name).write_text("\n".join([HEADER, *LINES]) + "\n", encoding="utf-8")
    scan = scan_of(load(raw), raw, labels=read_labels("vi"))
    (raw / "b.csv").write_bytes(b"PK\x03\x04")
    with pytest.raises(PersonalData, match=r"b\.csv"):
        scan({tmp_path / "2022.html": b"<p>937</p>"})
