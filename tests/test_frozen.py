"""What was signed stays as it was, under its number."""

import hashlib
import shutil
import subprocess
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html
from test_vintages import MORNING, put, record_of

from analysis.__main__ import cli
from analysis.frozen import Taken, folder_name, freeze, read_signed, standing
from analysis.grids import FileProblem
from analysis.publication import ReportBusy, hold
from analysis.report_index import write_index
from analysis.vintages import keep_vintage

NUMBER = "123/BC-SXD"


def published(folder, received=937, **more):
    """A report in a folder: page, notebook, workbook and PDF."""
    page = put(folder, record_of(received, unit="Sở", **more))
    for name in ("2022.ipynb", "2022.xlsx", "so_2022_den-2022-11-10.pdf"):
        (folder / name).write_bytes(f"{name} {received}".encode())
    return page


def content(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_signed_report_is_whole_read_only_and_its_checksums_are_right(tmp_path):
    folder, is_new = freeze(published(tmp_path), number=NUMBER, day="2023-01-15", at=MORNING)
    assert is_new
    assert folder == tmp_path / "signed/2022/123-BC-SXD"
    held = content(folder)
    assert held.keys() == {
        "2022.html", "2022.ipynb", "2022.xlsx", "so_2022_den-2022-11-10.pdf", "vintage.json", "SHA256SUMS",
    }  # fmt: skip
    assert all(path.stat().st_mode & 0o222 == 0 for path in [folder, *folder.iterdir()])
    lines = [line.split("  ") for line in held.pop("SHA256SUMS").decode().splitlines()]
    assert {name: sha256 for sha256, name in lines} == {n: hashlib.sha256(c).hexdigest() for n, c in held.items()}
    (signed,) = read_signed(tmp_path, tmp_path / "2022.html")
    assert (signed.number, signed.day, signed.at) == (NUMBER, "2023-01-15", MORNING)


def test_the_checksums_are_those_of_sha256sum(tmp_path):
    if not (program := shutil.which("sha256sum")):
        pytest.skip("no sha256sum on this machine")
    folder, _ = freeze(published(tmp_path), number=NUMBER, at=MORNING)
    assert subprocess.run([program, "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False).returncode == 0


def test_the_same_report_may_be_frozen_again_and_nothing_is_written(tmp_path):
    page = published(tmp_path)
    folder, _ = freeze(page, number=NUMBER, day="2023-01-15", at=MORNING)
    before = content(folder)
    assert freeze(page, number=NUMBER, at=MORNING + timedelta(days=9)) == (folder, False)
    assert content(folder) == before


def test_what_was_signed_is_kept_beside_the_page_and_is_in_the_checksums(tmp_path):
    page, scan = published(tmp_path), tmp_path / "scan/Báo cáo đã ký.pdf"
    scan.parent.mkdir()
    scan.write_bytes(b"%PDF-1.7")
    folder, _ = freeze(page, number=NUMBER, documents=[scan], at=MORNING)
    assert (folder / "Báo cáo đã ký.pdf").read_bytes() == b"%PDF-1.7"
    assert f"{hashlib.sha256(b'%PDF-1.7').hexdigest()}  Báo cáo đã ký.pdf" in (folder / "SHA256SUMS").read_text("utf-8")
    assert freeze(page, number=NUMBER, documents=[scan], at=MORNING) == (folder, False)
    scan.write_bytes(b"%PDF-1.7 another")
    with pytest.raises(Taken, match="is another report"):
        freeze(page, number=NUMBER, documents=[scan], at=MORNING)


@pytest.mark.parametrize(("name", "why"), [("gone.docx", "there is no such file"), ("2022.html", "is called so")])
def test_a_document_that_is_gone_or_called_as_the_page_is_refused(name, why, tmp_path):
    page = published(tmp_path)
    with pytest.raises(FileProblem, match=why):
        freeze(page, number=NUMBER, documents=[tmp_path / name], at=MORNING)
    assert not (tmp_path / "signed").exists()


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({}, r"is another report \(2022\.html, 2022\.ipynb, .*\); it stays"),
        ({"number": "123.BC.SXD"}, "the number '123/BC-SXD' is kept there"),
        ({"day": "2023-01-16"}, "as signed on 2023-01-15"),
    ],
)
def test_another_report_never_takes_a_number_that_is_there(asked, why, tmp_path):
    folder, _ = freeze(published(tmp_path), number=NUMBER, day="2023-01-15", at=MORNING)
    before = content(tmp_path / "signed")
    page = published(tmp_path, 940 if not asked else 937)
    with pytest.raises(Taken, match=why):
        freeze(page, **{"number": NUMBER, "at": MORNING, **asked})
    assert content(tmp_path / "signed") == before
    assert folder.is_dir()


@pytest.mark.parametrize("number", ["", "///", "1" * 61])
def test_what_is_no_number_is_refused(number):
    with pytest.raises(Taken, match="no number of a document"):
        folder_name(number)


def test_a_number_leads_to_no_other_folder():
    assert folder_name("../../etc/passwd") == "etc-passwd"


def test_a_page_that_holds_no_figures_or_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileProblem, match="there is no such report"):
        freeze(tmp_path / "2022.html", number=NUMBER, at=MORNING)
    (tmp_path / "2022.html").write_text("<p>937</p>")
    with pytest.raises(FileProblem, match="it holds no figures that can be read"):
        freeze(tmp_path / "2022.html", number=NUMBER, at=MORNING)
    assert not (tmp_path / "signed").exists()


def test_a_report_is_not_frozen_while_a_run_writes_it(tmp_path):
    page = published(tmp_path)
    with ExitStack() as held:
        assert hold(page, held) is None
        with pytest.raises(ReportBusy):
            freeze(page, number=NUMBER, at=MORNING)


def test_retention_touches_nothing_that_was_signed_and_what_it_was_compared_with_goes_with_it(tmp_path):
    first = keep_vintage(published(tmp_path), at=MORNING, keep=1)
    page = published(tmp_path, 940, parameters={"before": "vintages/2022/2023-01-05T060000.json"})
    folder, _ = freeze(page, number=NUMBER, at=MORNING)
    before = content(folder)
    assert before["vintages/2022/2023-01-05T060000.json"] == first.read_bytes()
    for day in range(1, 4):
        keep_vintage(published(tmp_path, 950 + day), at=MORNING + timedelta(days=day), keep=1)
    assert not first.exists()
    assert content(folder) == before


def test_when_the_disk_is_full_nothing_is_left(tmp_path, monkeypatch):
    page = published(tmp_path)
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        freeze(page, number=NUMBER, at=MORNING)
    assert [*(tmp_path / "signed").rglob("*")] == [tmp_path / "signed/2022"]


def test_the_latest_signature_comes_first_and_a_damaged_one_is_named(tmp_path):
    for number, day in (("9/BC", "2023-02-01"), ("10/BC", "2023-03-01"), ("8/BC", "2023-01-15")):
        freeze(published(tmp_path), number=number, day=day, at=MORNING)
    assert [each.number for each in read_signed(tmp_path, Path("2022.html"))] == ["10/BC", "9/BC", "8/BC"]
    damaged = tmp_path / "signed/2022/10-BC/vintage.json"
    damaged.chmod(0o644)
    damaged.write_text("{")
    told = []
    assert [each.number for each in read_signed(tmp_path, Path("2022.html"), say=told.append)] == ["9/BC", "8/BC"]
    assert str(damaged) in told[0]


def test_the_list_of_reports_leads_to_what_was_signed(tmp_path):
    freeze(published(tmp_path), number=NUMBER, day="2023-01-15", at=MORNING)
    page = html.fromstring(write_index(tmp_path).read_text("utf-8"))
    (link,) = page.xpath("//li//p/a")
    assert (link.text, link.get("href")) == (
        "Bản đã ký số 123/BC-SXD ngày 15/01/2023",
        "signed/2022/123-BC-SXD/2022.html",
    )


def test_a_signed_page_says_that_it_is_unchanged_or_that_it_is_not(tmp_path):
    assert standing(published(tmp_path)) == ""
    folder, _ = freeze(published(tmp_path), number=NUMBER, at=MORNING)
    assert "signed as no. 123/BC-SXD, unchanged since" in standing(folder / "2022.html")
    (folder / "2022.html").chmod(0o644)
    (folder / "2022.html").write_text("973")
    assert "was changed after it was kept as signed no. 123/BC-SXD" in standing(folder / "2022.html")


def test_the_command_freezes_says_so_and_refuses_another_with_code_3(tmp_path, capsys):
    published(tmp_path)
    asked = ["freeze", "2022", "--number", NUMBER, "--out", str(tmp_path)]
    for said in ("123-BC-SXD\n", "123-BC-SXD: kept already, and the same.\n"):
        assert not cli(asked, standalone_mode=False)
        assert capsys.readouterr().out.endswith(said)
    assert "Bản đã ký số 123/BC-SXD" in (tmp_path / "index.html").read_text("utf-8")
    published(tmp_path, 940)
    assert cli(asked, standalone_mode=False) == 3
    assert "is another report" in capsys.readouterr().err


def test_a_word_document_that_is_not_kept_is_named(tmp_path, capsys):
    published(tmp_path)
    (tmp_path / "bao-cao_2022.docx").write_bytes(b"PK")
    asked = ["freeze", "2022", "--number", NUMBER, "--out", str(tmp_path)]
    assert not cli(asked, standalone_mode=False)
    assert "bao-cao_2022.docx is not kept with it" in capsys.readouterr().err
    asked[3] = "124/BC-SXD"
    assert not cli([*asked, "--document", str(tmp_path / "bao-cao_2022.docx")], standalone_mode=False)
    assert capsys.readouterr().err == ""
    assert (tmp_path / "signed/2022/124-BC-SXD/bao-cao_2022.docx").read_bytes() == b"PK"
