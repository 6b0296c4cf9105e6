"""The page about quality: its numbers are those of the data, nobody is named, and what a file says is only shown."""

import csv
import json

import pandas as pd
import pytest
from click.testing import CliRunner
from lxml import html

from analysis import __main__ as command_line
from analysis import commands, planning, quality, quality_page
from analysis.labels import read_labels
from analysis.report import render_report
from analysis.store import load

VI, EN = read_labels("vi"), read_labels("en")
HOSTILE = """<script>alert(1)</script><img src=x onerror="alert(1)">"""
SECTIONS = ["head", "cards", "ledger", "rejected", "completeness", "contradictions", "duplicates", "unmapped", "files"]
LINES = [
    "Mã hồ sơ,Chủ hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày có kết quả,Trạng thái,Hình thức nộp",
    "H-1.22,Người Thứ Nhất,03/01/2022,10/01/2022,,Đang xử lý,Trực tuyến",
    "H-2.22,Người Thứ Hai,08/01/2022,05/01/2022,,Đang xử lý,Kiosk",  # a Saturday; due before received
    "H-3.22,Người Thứ Ba,04/01/2022,,02/01/2022,Đã xử lý xong,",  # resolved before received
    "H-4.22,Người Thứ Tư,04/01/2022,,05/01/2022,Đang xử lý,KIOSK",  # open, with an end
    "H-5.22,Người Thứ Năm,04/01/2022,,,Đã xử lý xong,Trực tuyến",  # an end without a day
    "H-6.22,Người Thứ Sáu,0900 000 000,,,Đang xử lý,Trực tuyến",  # a telephone number for a day
    "H-7.22,Người Thứ Bảy,04/01/2022,,,Đang xử lý,Trực tuyến",
    "H-7.22,Người Thứ Bảy,04/01/2022,,,Đang xử lý,Trực tuyến",  # the same once more
    "H-8.22,Người Thứ Tám,04/01/2022,,,Đang xử lý,Trực tuyến",
    "H-8.22,Người Thứ Tám,04/01/2022,,,Đang xử lý,Trực tiếp",  # as new, but different
]


def read(folder, files, monkeypatch):
    (folder / "data/raw").mkdir(parents=True)
    for name, lines in files.items():
        (folder / "data/raw" / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    return load("data/raw")


@pytest.fixture
def desk(tmp_path, monkeypatch):
    return read(tmp_path, {"a.csv": LINES, "b.csv": ["gì đó", "không phải bảng"]}, monkeypatch)


def rows(piece, table=1):
    found = html.fromstring(f"<div>{piece}</div>").xpath(f"(//table)[{table}]/tbody/tr")
    return [[cell.text_content() for cell in row] for row in found]


def number(text):
    return int(text.replace(".", ""))


def page_of(data, labels=VI):
    return "".join(getattr(quality_page, f"show_{name}")(data, labels=labels) for name in SECTIONS)


# --- the tables ------------------------------------------------------------------------------------------------------


def test_each_contradiction_is_found_on_its_line(desk):
    found = quality.contradictions(desk)
    assert list(zip(found.reason, found.source_row, strict=True)) == [
        ("resolved_before_received", 4), ("due_before_received", 3), ("open_status_with_end", 5), ("end_without_day", 6),
        ("received_at_weekend", 3),
    ]  # fmt: skip


def test_a_dossier_that_was_never_accepted_was_not_accepted_at_a_weekend(tmp_path, monkeypatch):
    lines = [
        "Mã hồ sơ,Ngày tiếp nhận,Trạng thái",
        "H-1.22,08/01/2022,Không được tiếp nhận",
        "H-2.22,09/01/2022,Đang xử lý",
    ]
    found = quality.contradictions(read(tmp_path, {"a.csv": lines}, monkeypatch))
    assert found[found.reason == quality.AT_WEEKEND].source_row.tolist() == [3]


def test_completeness_counts_usable_values_of_columns_that_a_file_has(desk):
    table = quality.completeness(desk).set_index("column")
    lines = len(desk.history)
    assert set(table.lines) == {lines}
    assert table.filled["received_on"] == lines
    assert table.filled["due_on"] == 2
    assert table.filled["channel"] == (desk.history.channel != "unknown").sum()
    assert "collected_on" not in table.index


def test_duplicates_are_the_fates_and_doubts_of_the_data(desk):
    (row,) = quality.duplicates(desk).to_dict("records")
    fates = desk.fates.fate.value_counts()
    assert (row["superseded"], row["repeated"], row["rivals"]) == (fates["superseded"], fates["repeated"], 1)


def test_unmapped_words_are_those_of_the_warnings(desk):
    found = quality.unmapped_words(desk)
    assert found.lines.sum() == (desk.warnings.reason == "unmapped_word").sum() == 2
    assert set(found.column) == {"channel"}


def test_the_tables_of_the_sample_add_up_to_its_data(sample):
    assert quality.reasons(sample.fates).lines.sum() == len(sample.fates)
    table = quality.completeness(sample)
    documents = table[(table.table == "documents") & (table.column == "issued_on")]
    assert documents.lines.sum() == len(sample.documents)
    assert documents.filled.sum() == sample.documents.issued_on.notna().sum()
    dossiers = table[(table.table == "dossiers") & (table.column == "due_on")]
    assert dossiers.filled.sum() == sample.history.due_on.notna().sum()
    assert set(zip(table.source_file, table.column, strict=True)) == {
        (f, c)
        for f, held in zip(sample.files.source_file, sample.files["columns"], strict=True)
        for c in json.loads(held)
    }


def test_an_argument_is_left_as_it_was(desk):
    before = desk.files.copy(), desk.warnings.copy()
    page_of(desk)
    pd.testing.assert_frame_equal(desk.files, before[0])
    pd.testing.assert_frame_equal(desk.warnings, before[1])


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_ledger_of_every_file_adds_up_and_so_does_its_total(sample):
    table = rows(quality_page.show_ledger(sample, labels=VI))
    assert len(table) == len(sample.files) + 1
    assert all(number(lines) == sum(map(number, fates)) for _, lines, *fates in table)
    assert number(table[-1][1]) == len(sample.fates)


def test_the_cards_are_the_totals_of_the_data(desk):
    page = html.fromstring(quality_page.show_cards(desk, labels=VI))
    values = [number(value.text_content()) for value in page.xpath("//p[@class='value']")]
    assert values == [len(desk.fates), (desk.fates.fate == "rejected").sum(), 4, 2]


def test_rejected_lines_stand_by_reason_and_by_place(sample):
    piece = quality_page.show_rejected(sample, labels=VI)
    rejected = sample.fates[sample.fates.fate == "rejected"]
    assert sum(number(row[1]) for row in rows(piece)) == len(rejected)
    assert [number(row[1]) for row in rows(piece, 2)] == rejected.source_row.tolist()
    assert any("31/02/2022" in row[3] for row in rows(piece, 2))


def test_files_that_could_not_be_read_stand_first(desk):
    head = quality_page.show_head(desk, labels=VI)
    assert [row[0] for row in rows(head)] == ["b.csv"]
    assert "1 tệp không đọc được" in head


def test_a_doubt_about_a_file_is_said_with_the_file(sample):
    doubts = ['[["cut_short", "dòng 7"]]'] + ["[]"] * (len(sample.files) - 1)
    piece = quality_page.show_files(sample.with_(files=sample.files.assign(doubts=doubts)), labels=VI)
    (notice,) = html.fromstring(f"<div>{piece}</div>").xpath("//p[@class='notice']")
    assert sample.files.source_file[0] in notice.text_content()
    assert "dòng 7" in notice.text_content()


def test_a_table_that_is_too_long_says_how_much_is_left_out_and_its_totals_are_whole(sample):
    many = pd.concat([sample.rejected] * 100, ignore_index=True)
    piece = quality_page.show_rejected(sample.with_(rejected=many), labels=VI)
    assert sum(number(row[1]) for row in rows(piece)) == 500
    assert len(rows(piece, 2)) == quality_page.MOST_ROWS
    assert "300 dòng nữa" in piece


@pytest.mark.parametrize("labels", [VI, EN], ids=["vi", "en"])
def test_nobody_is_named_and_no_number_of_a_person_is_shown(desk, labels):
    page = page_of(desk, labels)
    assert "Người Thứ" not in page
    assert "0900 000 000" not in page
    assert "0900 0…" in page


def test_markup_of_an_export_is_shown_and_is_no_markup(tmp_path, monkeypatch):
    (tmp_path / "data/raw").mkdir(parents=True)
    with (tmp_path / "data/raw/<b>&.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["Mã hồ sơ", "Ngày tiếp nhận", "Hình thức nộp", "Trạng thái", HOSTILE])
        for i in range(12):
            day = "08/01/2022" if i % 3 else HOSTILE
            lines.writerow([f"{i}{HOSTILE}", day, "<b>Kiosk</b>", HOSTILE, HOSTILE])
    (tmp_path / "data/raw/<i>.csv").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    page = page_of(load("data/raw"))
    assert not html.fromstring(f"<div>{page}</div>").xpath("//script | //img | //b | //i")
    assert "&lt;b&gt;Kiosk" in page


def test_good_exports_are_said_to_be_good(tmp_path, monkeypatch):
    data = read(tmp_path, {"a.csv": LINES[:2]}, monkeypatch)
    page = html.fromstring(f"<div>{page_of(data, EN)}</div>")
    assert len(page.xpath("//p[@class='good']")) == 5
    assert not page.xpath("//p[@class='notice']")


# --- the notebook and the command ------------------------------------------------------------------------------------


def test_the_notebook_gives_a_whole_page_with_the_numbers_of_the_data(sample, sample_folder, monkeypatch):
    monkeypatch.chdir(sample_folder)
    output = sample_folder / "reports/quality.html"
    render_report(planning.QUALITY, output, parameters={"lang": "vi"}, title="Chất lượng")
    text = " ".join(html.fromstring(output.read_text("utf-8")).text_content().replace("\xa0", " ").split())
    assert VI.number(len(sample.fates)) in text
    assert "Mâu thuẫn" in text
    assert "Contradictions" not in text
    assert "Tổ chức A" not in output.read_text("utf-8")
    assert str(sample_folder) not in output.read_text("utf-8")


def test_the_command_asks_for_the_page_of_quality_without_a_period(desk, monkeypatch):
    asked = []

    def render(reports, **_):
        asked.extend(reports)
        return [None]

    monkeypatch.setattr("analysis.report.render_reports", render)
    CliRunner().invoke(command_line.cli, ["report", "--quality", "--lang", "en"])
    assert [(page.notebook.name, page.output.name) for page in asked] == [("quality.ipynb", "quality.en.html")]
    assert asked[0].parameters == {"as_of": "", "lang": "en", "data": "data/raw", "vocabulary": "", "handbook": ""}


def test_the_page_of_quality_is_refused_for_one_unit(desk):
    result = CliRunner().invoke(command_line.cli, ["report", "--quality", "--unit", "A"])
    assert result.exit_code == commands.MISUSE
    assert "--unit" in result.output
