"""The handbook is read line by line: what can be used acts, what cannot is told with its place, and stops nothing else."""

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from analysis import told
from analysis.files import find_exports
from analysis.grids import FileProblem
from analysis.handbook import NAME, read_handbook
from analysis.handbook_form import chosen, meanings_of, read_form
from analysis.handbook_page import mistake_sentences
from analysis.labels import read_labels
from analysis.metrics import MEASURES, headline
from analysis.periods import read_period
from analysis.store import load
from analysis.tables import TABLES, word_list
from analysis.vocabulary import fold, read_vocabulary

GOOD = {
    "words": {"list": "Trạng thái hồ sơ", "word": "Dừng chờ dân", "meaning": "Chờ bổ sung"},
    "corrections": {
        "dossier_id": "H99-1", "column": "Ngày có kết quả", "old": "12/05/2032", "new": "12/05/2022",
        "reason": "Nhầm năm", "who": "Một cửa", "day": "20/05/2022",
    },
    "additions": {"period": "2022", "measure": "Lượt hướng dẫn", "value": 350, "source": "Sổ", "who": "Văn phòng"},
    "remarks": {"period": "2022-Q3", "section": "Nguyên nhân", "text": "Đổi phần mềm."},
    "targets": {"measure": "Tỷ lệ trước và đúng hạn", "year": 2022, "value": 95, "source": "Quyết định"},
    "names": {"kind": "Phòng chuyên môn", "name": "Phòng A", "also": "P. A"},
    "days": {"day": "02/09/2022", "kind": "Nghỉ", "basis": "Thông báo"},
    "settings": {"setting": "Tên cơ quan in trên báo cáo", "value": "Sở Xây dựng tỉnh A"},
}  # fmt: skip
"""Sheet -> a line that can be used."""

ASKED = [(sheet, c.name) for sheet, form in read_form().sheets.items() for c in form.read if c.required]

WRONG = [
    ("words", "list", "Màu sắc", "not_a_choice"),
    ("corrections", "column", "Mã hồ sơ", "not_a_choice"),
    ("corrections", "day", "31/02/2022", "not_a_day"),
    ("corrections", "day", "05/20/2022", "not_a_day"),
    ("corrections", "day", "01/01/1900", "not_a_day"),
    ("additions", "period", "Quý ba", "not_a_period"),
    ("additions", "value", "1.234", "not_a_number"),
    ("additions", "value", "nhiều", "not_a_number"),
    ("additions", "value", "1e999", "not_a_number"),
    ("remarks", "section", "Linh tinh", "not_a_choice"),
    ("remarks", "language", "fr", "not_a_choice"),
    ("targets", "measure", "Hồ sơ tiếp nhận", "not_a_choice"),
    ("targets", "year", "22", "not_a_year"),
    ("targets", "value", 0.95, "not_a_percentage"),
    ("targets", "value", 1, "not_a_percentage"),
    ("targets", "value", 101, "not_a_percentage"),
    ("names", "kind", "Người", "not_a_choice"),
    ("names", "valid_to", "hết năm", "not_a_day"),
    ("days", "kind", "Lễ", "not_a_choice"),
    ("settings", "setting", "Màu nền", "not_a_choice"),
]


@pytest.fixture
def folder(tmp_path):
    data = tmp_path / "exports"
    data.mkdir()
    lines = ["Mã hồ sơ;Ngày tiếp nhận;Trạng thái;Hình thức nộp", "H99-1;03/01/2022;Dừng chờ dân;Trực tuyến"]
    (data / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    return data


def problems(handbook):
    return handbook.mistakes.problem.tolist()


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_line_of_every_sheet_is_read(tmp_path, handbook_of):
    book = read_handbook(handbook_of(tmp_path, **{sheet: [line] for sheet, line in GOOD.items()}))
    assert problems(book) == []
    assert {sheet: len(lines) for sheet, lines in book.lines.items()} == dict.fromkeys(GOOD, 1)
    assert book.of("corrections").day[0] == pd.Timestamp("2022-05-20")
    target = book.of("targets").iloc[0]
    assert (target.measure, target.year, target.value) == ("on_time_rate", 2022, 95.0)


@pytest.mark.parametrize(("sheet", "column", "found", "problem"), WRONG)
def test_a_wrong_cell_is_told_with_its_place_and_stops_only_its_line(
    sheet, column, found, problem, tmp_path, handbook_of
):
    book = read_handbook(handbook_of(tmp_path, **{sheet: [GOOD[sheet], {**GOOD[sheet], column: found}, GOOD[sheet]]}))
    assert book.of(sheet).row.tolist() == [5, 7]
    assert problems(book) == [problem]
    names = read_form().sheets[sheet]
    for lang in ("vi", "en"):
        told_ = mistake_sentences(book, labels=read_labels(lang))[1]
        assert all(text in told_ for text in (names.names["vi"], "6", names.columns[column].names["vi"], str(found)))


@pytest.mark.parametrize(("sheet", "column"), ASKED)
def test_a_blank_that_is_needed_is_told(sheet, column, tmp_path, handbook_of):
    book = read_handbook(handbook_of(tmp_path, **{sheet: [{**GOOD[sheet], column: None}]}))
    assert problems(book) == ["blank"]
    assert book.of(sheet).empty


def test_a_choice_that_is_not_known_is_answered_with_what_may_be_chosen(tmp_path, handbook_of):
    book = read_handbook(handbook_of(tmp_path, days=[{**GOOD["days"], "kind": "Nghi le"}]))
    assert "được ghi: Nghỉ; Làm việc (làm bù)." in mistake_sentences(book, labels=read_labels("vi"))[1]


@pytest.mark.parametrize(("typed", "value"), [(1.234, 1.234), ("12,5", 12.5), ("1 234", 1234), (-3, -3), ("0", 0)])
def test_a_number_is_read_when_it_can_be_only_one(typed, value, tmp_path, handbook_of):
    book = read_handbook(handbook_of(tmp_path, additions=[{**GOOD["additions"], "value": typed}]))
    assert book.of("additions")["value"].tolist() == [value]


@pytest.mark.parametrize("typed", ["2/9/2022", "02-09-2022", "02.09.2022", "2022-09-02", pd.Timestamp("2022-09-02")])
def test_a_day_may_be_typed_or_be_a_date_of_the_workbook(typed, tmp_path, handbook_of):
    book = read_handbook(handbook_of(tmp_path, days=[{**GOOD["days"], "day": typed}]))
    assert book.of("days").day.tolist() == [pd.Timestamp("2022-09-02")]


def test_columns_may_stand_in_any_order_and_in_english(tmp_path):
    form, book = read_form().sheets["days"], openpyxl.Workbook()
    book.active.title = "days"
    for row in (
        ["Days off"],
        ["note", "Basis", "OFF OR WORKED", "Day"],
        ["", "Decision", "worked (make-up day)", "2022-09-10"],
    ):
        book.active.append(row)
    book.save(tmp_path / NAME)
    line = read_handbook(tmp_path / NAME).of("days").iloc[0]
    assert (line.kind, line.basis, line.day) == ("make-up", "Decision", pd.Timestamp("2022-09-10"))
    assert form.columns["kind"].names["en"] == "Off or worked"


def test_a_line_that_nobody_answered_yet_says_nothing(tmp_path, handbook_of):
    waiting = {"list": "Trạng thái hồ sơ", "word": "Chờ ký", "meaning": None}
    book = read_handbook(handbook_of(tmp_path, words=[waiting], settings=[{**GOOD["settings"], "value": None}]))
    assert book.of("words").empty
    assert book.of("settings").empty
    assert problems(book) == []


def test_a_sheet_of_ones_own_is_left_alone_and_a_misspelt_one_is_told(tmp_path, handbook_of):
    path = handbook_of(tmp_path, days=[GOOD["days"]])
    book = openpyxl.load_workbook(path)
    book.create_sheet("Ghi chép riêng").append(["Ngày", "31/02/2022"])
    book["Chỉ tiêu"].title = "Chỉ tiu"
    book.save(path)
    read = read_handbook(path)
    assert problems(read) == ["unknown_sheet"]
    assert "“Chỉ tiu”" in mistake_sentences(read, labels=read_labels("vi"))[1]


def test_a_sheet_without_a_column_that_is_needed_is_not_read(tmp_path, handbook_of):
    path = handbook_of(tmp_path, days=[GOOD["days"]])
    book = openpyxl.load_workbook(path)
    book["Ngày nghỉ"].delete_cols(3)
    book.save(path)
    read = read_handbook(path)
    assert read.of("days").empty
    assert "thiếu cột: Căn cứ" in mistake_sentences(read, labels=read_labels("vi"))[1]


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n....", b"", b"M\xc3\xa3;T\xc3\xaan\n1;2\n"])
def test_a_file_that_is_no_handbook_is_refused(content, tmp_path):
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(FileProblem, match=NAME):
        read_handbook(tmp_path / NAME)


def test_a_handbook_that_is_named_has_to_be_there(folder):
    with pytest.raises(FileProblem, match="cannot be read"):
        load(folder, handbook=folder / "other.xlsx")


# --- where it lies ---------------------------------------------------------------------------------------------------


def test_the_handbook_is_no_export_and_leaves_the_sample_in_its_place(tmp_path, handbook_of):
    raw = tmp_path / "data" / "raw"
    (raw / "sample").mkdir(parents=True)
    (raw / "sample" / "a.csv").write_text("Mã hồ sơ;Ngày tiếp nhận\nH-1;03/01/2022\n", encoding="utf-8")
    own = handbook_of(raw, settings=[GOOD["settings"]])
    assert [path.name for path in find_exports(raw)] == ["a.csv"]
    assert told.beside(raw) is None
    handbook_of(raw / "sample")
    assert told.beside(raw) == raw / "sample" / NAME
    (raw / "own.csv").write_text("Mã hồ sơ;Ngày tiếp nhận\nH-2;03/01/2022\n", encoding="utf-8")
    assert told.beside(raw) == own
    assert told.beside(raw / "own.csv") == own


def test_a_handbook_elsewhere_or_none_at_all_can_be_asked_for(folder, tmp_path, handbook_of):
    handbook_of(folder, settings=[GOOD["settings"]])
    other = handbook_of(tmp_path, settings=[{**GOOD["settings"], "value": "Sở khác"}])
    assert load(folder).name == "Sở Xây dựng tỉnh A"
    assert load(folder, handbook=other).name == "Sở khác"
    assert load(folder, handbook="none").name == "Sở Xây dựng"


# --- words and settings ----------------------------------------------------------------------------------------------


def test_a_word_of_the_handbook_is_understood_until_its_line_is_deleted(folder, handbook_of):
    before = load(folder)
    assert before.dossiers.status.astype("str").tolist() == ["unknown"]
    handbook_of(folder, words=[GOOD["words"]])
    assert load(folder).dossiers.status.astype("str").tolist() == ["paused"]
    handbook_of(folder)
    after = load(folder)
    pd.testing.assert_frame_equal(after.dossiers, before.dossiers)
    pd.testing.assert_frame_equal(after.warnings, before.warnings)


def test_a_heading_of_the_handbook_is_understood_and_one_that_is_not_to_be_read_is_not(folder, handbook_of):
    (folder / "a.csv").write_text("Mã hồ sơ;Vào sổ;Phòng\nH99-1;03/01/2022;Phòng A\n", encoding="utf-8")
    lines = [
        {"list": "Cột của bảng hồ sơ", "word": "Vào sổ", "meaning": "Ngày tiếp nhận"},
        {"list": "Cột của bảng hồ sơ", "word": "Phòng", "meaning": "Không đọc"},
    ]
    handbook_of(folder, words=lines)
    data = load(folder)
    assert data.dossiers.received_on.tolist() == [pd.Timestamp("2022-01-03")]
    assert data.dossiers.division.isna().all()
    assert "Phòng" in data.files.personal[0]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ({**GOOD["words"], "meaning": "Màu xanh"}, "not_a_choice"),
        ({**GOOD["words"], "word": "???"}, "no_letters"),
        ({**GOOD["words"], "meaning": "Trả lại hồ sơ"}, "twice"),
    ],
)
def test_a_word_that_cannot_be_used_stops_only_its_line(line, problem, folder, handbook_of):
    handbook_of(folder, words=[GOOD["words"], line])
    data = load(folder)
    assert problems(data.handbook) == [problem]
    assert data.dossiers.status.astype("str").tolist() == ["paused"]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("Sắp đến hạn trong (ngày làm việc)", "vài"), ("Giờ làm việc", "cả ngày"), ("Giờ nhận muộn nhất", "5 giờ chiều"),
        ("Ngưỡng tỷ lệ trực tuyến của một dịch vụ (%)", "500"), ("Lịch làm việc", "khong-co.csv"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_stops_only_its_line(setting, value, folder, handbook_of):
    handbook_of(folder, settings=[{"setting": setting, "value": value}, GOOD["settings"]])
    data = load(folder)
    assert problems(data.handbook) == ["not_a_setting"]
    assert value in mistake_sentences(data.handbook, labels=read_labels("en"))[1]
    assert data.name == "Sở Xây dựng tỉnh A"


def test_the_latest_hour_of_receipt_can_be_none(folder, handbook_of):
    handbook_of(folder, settings=[{"setting": "Giờ nhận muộn nhất", "value": "không"}])
    assert load(folder).vocabulary.settings["latest_receipt"] == ""


# --- the form --------------------------------------------------------------------------------------------------------


def test_every_list_of_words_and_every_table_can_be_explained():
    lists = {word_list(c) for table in TABLES.values() for c in table.words}
    assert set(read_form().choices["lists"]) == {
        *(f"words.{name}" for name in lists), *(f"columns.{table}" for table in TABLES),
    }  # fmt: skip


def test_every_setting_of_the_vocabulary_has_its_line():
    assert set(read_form().choices["settings"]) == set(read_vocabulary().settings)
    assert all(said["does_vi"] and said["does_en"] for said in read_form().choices["settings"].values())


def test_targets_are_shares_that_the_report_has():
    assert all(MEASURES[name].is_share for name in read_form().choices["targets"])


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_two_choices_of_a_list_have_one_name(lang):
    every = {**read_form().choices, **{list_: meanings_of(list_) for list_ in read_form().choices["lists"]}}
    for choices in every.values():
        assert all(chosen(names[lang], choices) == value for value, names in choices.items())


def test_the_examples_of_the_form_are_lines_that_can_be_used(tmp_path, handbook_of):
    lines = {sheet: [{c.name: said(c) for c in form.read}] for sheet, form in read_form().sheets.items()}
    book, _ = told.laid(read_handbook(handbook_of(tmp_path, **lines)), read_vocabulary())
    assert problems(book) == []
    assert all(len(book.of(sheet)) == 1 for sheet in lines)


def said(column):
    names = read_form().choices.get(column.choices, {}).get(column.example, {})
    return names.get("vi", column.example) or None


# --- anything at all -------------------------------------------------------------------------------------------------

CELLS = st.one_of(
    st.none(), st.integers(-5, 3000), st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
    st.sampled_from(["Nghỉ", "2022", "95", "31/12/2022", "Trạng thái hồ sơ", "=1+1", "<script>", "Chờ bổ sung", "online"]),
)  # fmt: skip


@settings(deadline=None, max_examples=20)
@given(st.data())
def test_whatever_is_typed_every_line_is_used_or_told_or_waits(tmp_path_factory, handbook_of, data):
    sheet = data.draw(st.sampled_from(list(GOOD)))
    form = read_form().sheets[sheet]
    lines = data.draw(st.lists(st.fixed_dictionaries({c.name: CELLS for c in form.read}), max_size=4))
    book = read_handbook(handbook_of(tmp_path_factory.mktemp("book"), **{sheet: lines}))
    after, words = told.laid(book, read_vocabulary())
    told_rows = set(after.mistakes.row)
    assert set(after.of(sheet).row) | told_rows <= set(range(5, 5 + len(lines)))
    assert not set(after.of(sheet).row) & told_rows
    assert len(mistake_sentences(after, labels=read_labels("vi"))) == (
        len(after.mistakes) + 1 if len(after.mistakes) else 0
    )
    if after.of("words").empty and after.of("settings").empty:
        assert words.words == read_vocabulary().words


def test_the_folded_names_of_a_period_are_those_of_the_periods(tmp_path, handbook_of):
    names = ["2022", "2022-Q3", "2022-H1", "2022-9M", "2022-11", "2022-official", "2021-12-15..2022-12-14"]
    book = read_handbook(handbook_of(tmp_path, remarks=[{**GOOD["remarks"], "period": name} for name in names]))
    assert book.of("remarks").period.tolist() == [read_period(name).name for name in names]
    assert fold("Chỉ tiêu") == "chi tieu"


FOREIGN = {
    "words": [{"list": "Trạng thái hồ sơ", "word": "Chưa ai ghi thế", "meaning": "Trả lại hồ sơ"}],
    "corrections": [{**GOOD["corrections"], "dossier_id": "H99-404"}],
    "additions": [GOOD["additions"], {**GOOD["additions"], "measure": "Hồ sơ tiếp nhận", "value": 5}],
    "remarks": [{**GOOD["remarks"], "text": "<script>alert(1)</script>", "period": "2022"}],
    "targets": [GOOD["targets"], {**GOOD["targets"], "measure": "Tỷ lệ trực tuyến", "value": 50, "unit": "Đâu đó"}],
    "names": [{"kind": "Lĩnh vực", "name": "Không có", "also": "Cũng không", "successor": "Càng không", "valid_to": "1/1/2022"}],
    "days": [{"day": "02/09/2031", "kind": "Nghỉ", "basis": "Thông báo"}],
    "settings": [{"setting": "Đơn vị nhận báo cáo", "value": "UBND tỉnh"}],
}  # fmt: skip
"""Sheet -> lines that can be used, of which no figure of the small export knows anything."""


@pytest.mark.long
@settings(deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_stands_in_a_handbook_a_figure_that_it_does_not_name_stays(
    tmp_path_factory, handbook_of, folder, data
):
    lines = {}
    for sheet, form in read_form().sheets.items():
        garbage = st.fixed_dictionaries({c.name: CELLS.filter(lambda cell: cell != "Chờ bổ sung") for c in form.read})
        lines[sheet] = data.draw(st.lists(st.one_of(garbage, st.sampled_from(FOREIGN[sheet])), max_size=3))
    assume(not any(fold(str(line.get("word") or "")) in KNOWN for line in lines["words"]))
    book = handbook_of(tmp_path_factory.mktemp("book"), **lines)
    span = read_period("2022")
    with_, without = (headline(load(folder, handbook=path), span) for path in (book, "none"))
    pd.testing.assert_frame_equal(with_, without)


KNOWN = {
    fold(word) for word in ("Mã hồ sơ", "Ngày tiếp nhận", "Trạng thái", "Hình thức nộp", "Dừng chờ dân", "Trực tuyến")
}
"""The words of the small export."""
