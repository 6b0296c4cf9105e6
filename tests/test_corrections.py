"""A correction of the handbook acts while the old value stands, is counted, and is gone when its line is deleted."""

from itertools import count

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import blocks, intake, stages
from analysis.cleaning import judge_dossiers
from analysis.effects import as_exported, effect, standing
from analysis.handbook import read_handbook
from analysis.handbook_form import read_form
from analysis.metrics import headline
from analysis.periods import read_period
from analysis.processed import processed_folder
from analysis.store import load
from analysis.tally import count_exports
from analysis.told import laid
from analysis.vocabulary import read_vocabulary

HEADER = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày có kết quả,Hình thức nộp,Trạng thái"
LINES = (
    "H1,03/01/2022,10/01/2022,12/01/2032,Trực tuyến,Đã trả kết quả",
    "H2,04/01/2022,11/01/2022,10/01/2022,Trực tiếp,Đã trả kết quả",
    "H3,31/02/2022,11/03/2022,10/03/2022,Trực tiếp,Đã trả kết quả",
    "H4,05/01/2022,12/01/2022,,Trực tiếp,Đang xử lý",
)
LATE = ("H1", "resolved_on", "12/01/2032", "09/01/2022")
YEAR = read_period("2022")
HEADINGS = [column.names["vi"] for column in read_form().sheets["corrections"].read]


def put(folder, *lines, name="ho-so_20221110.csv", header=HEADER):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("\n".join([header, *lines]) + "\n", "utf-8")


def write_book(folder, *corrections):
    """A handbook with corrections: code, column, old, new."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Điều chỉnh"
    sheet.append(HEADINGS)
    for code, column, old, new, *system in corrections:
        sheet.append([*(system or [""]), code, column, old, new, "Nhập nhầm", "Bộ phận Một cửa", "20/05/2022"])
    book.save(folder / "so-tay.xlsx")


@pytest.fixture
def raw(tmp_path, monkeypatch):
    """Four dossiers: H1 ends ten years late, H3 has a day of receipt that the calendar does not have."""
    folder = tmp_path / "data/raw"
    put(folder, *LINES)
    monkeypatch.chdir(tmp_path)
    return folder


def corrected(raw, *corrections, **options):
    write_book(raw, *corrections)
    return load(raw, **options)


def of(data, code):
    return data.dossiers[data.dossiers.dossier_id == code].iloc[0]


# --- it acts ---------------------------------------------------------------------------------------------------------


def test_a_correction_acts_while_the_old_value_stands(raw):
    data = corrected(raw, LATE)
    assert of(data, "H1").resolved_on == pd.Timestamp("2022-01-09")
    assert data.corrected[["row", "column", "value", "acts", "fate", "source_row"]].to_numpy().tolist() == [
        [2, "resolved_on", "12/01/2032", True, "kept", 2]
    ]


def test_a_correction_does_nothing_once_the_export_says_otherwise(raw):
    data = corrected(raw, ("H2", "resolved_on", "12/01/2032", "09/01/2022"))
    assert of(data, "H2").resolved_on == pd.Timestamp("2022-01-10")
    assert data.corrected[["value", "acts"]].to_numpy().tolist() == [["10/01/2022", False]]
    assert set(data.warnings.reason) == {"after_export"}  # what the handbook says is no doubt about a line


def test_a_line_that_would_be_rejected_is_saved(raw):
    assert len(corrected(raw).rejected) == 1
    data = corrected(raw, ("H3", "received_on", "31/02/2022", "28/02/2022"))
    assert data.rejected.empty
    assert of(data, "H3").received_on == pd.Timestamp("2022-02-28")


def test_a_day_that_a_workbook_made_of_a_text_is_the_same_day(raw):
    data = corrected(raw, ("H1", "resolved_on", pd.Timestamp("2032-01-12").to_pydatetime(), "2022-01-09"))
    assert of(data, "H1").resolved_on == pd.Timestamp("2022-01-09")


def test_an_old_word_is_compared_folded_and_an_old_blank_with_a_blank(raw):
    data = corrected(
        raw, ("H1", "channel", "TRUC  tuyen", "Trực tiếp"), ("H4", "resolved_on", "(trống)", "11/01/2022"),
        ("H2", "due_on", "11/01/2022", "(blank)"),
    )  # fmt: skip
    assert of(data, "H1").channel == "in_person"
    assert of(data, "H4").resolved_on == pd.Timestamp("2022-01-11")
    assert pd.isna(of(data, "H2").due_on)


def test_a_column_that_the_export_does_not_have_is_blank_and_can_be_filled(raw):
    data = corrected(raw, ("H1", "division", "(trống)", "Phòng 1"))
    assert of(data, "H1").division == "Phòng 1"
    assert data.dossiers.division.notna().sum() == 1


def test_corrections_act_one_after_the_other(raw):
    data = corrected(raw, LATE, ("H1", "resolved_on", "09/01/2022", "08/01/2022"))
    assert of(data, "H1").resolved_on == pd.Timestamp("2022-01-08")
    assert data.corrected[["row", "value", "acts"]].to_numpy().tolist() == [
        [2, "12/01/2032", True],
        [3, "09/01/2022", True],
    ]


def test_what_is_said_of_other_lines_stays_said_of_them(raw):
    before = corrected(raw).rejected
    after = corrected(raw, LATE).rejected
    pd.testing.assert_frame_equal(before, after)
    assert after.source_row.tolist() == [4]


def test_several_lines_of_one_column_each_get_their_own_value(raw):
    twice = ("H1", "resolved_on", "09/01/2022", "08/01/2022")
    data = corrected(raw, LATE, twice, ("H2", "resolved_on", "10/01/2022", "07/01/2022"))
    assert [of(data, code).resolved_on.day for code in ("H1", "H2")] == [8, 7]


def test_a_number_that_a_workbook_made_of_a_code_is_a_text_once_it_is_corrected(raw):
    (raw / "ho-so_20221110.csv").unlink()
    book = openpyxl.Workbook()
    book.active.append(["Mã hồ sơ", "Ngày tiếp nhận", "Mã TTHC", "Hình thức nộp"])
    book.active.append(["H1", "03/01/2022", 1.11515, "Trực tuyến"])
    book.active.append(["H2", "03/01/2022", "1.115150", "Trực tuyến"])
    book.save(raw / "ho-so_20221110.xlsx")
    assert "code_is_a_number" in set(corrected(raw).warnings.reason)
    data = corrected(raw, ("H1", "procedure_code", "1.11515", "1.115150"))
    assert set(data.dossiers.procedure_code) == {"1.115150"}
    assert "code_is_a_number" not in set(data.warnings.reason)


def test_an_older_state_is_corrected_too(raw):
    """The first due date is that of the oldest export, which is the one that is wrong here."""
    put(raw, "H1,03/01/2022,10/11/2022,,Trực tuyến,Đang xử lý", name="ho-so_20220105.csv")
    assert of(corrected(raw), "H1").first_due_on == pd.Timestamp("2022-11-10")
    data = corrected(raw, ("H1", "due_on", "10/11/2022", "10/01/2022"))
    assert of(data, "H1").first_due_on == pd.Timestamp("2022-01-10")
    assert data.corrected[["source_file", "acts", "fate"]].to_numpy().tolist() == [
        ["ho-so_20220105.csv", True, "superseded"], ["ho-so_20221110.csv", False, "kept"],
    ]  # fmt: skip


def test_equal_codes_of_another_system_are_left_alone(raw):
    own = raw.parent / "own.toml"
    own.write_text('[sources]\n"bo-*" = "ministry"\n', "utf-8")
    put(raw, LINES[0], name="bo-20221110.csv")
    data = corrected(raw, (*LATE, "ministry"), vocabulary=own)
    days = data.dossiers[data.dossiers.dossier_id == "H1"].set_index("source_system").resolved_on.dt.year
    assert days.to_dict() == {"one-stop": 2032, "ministry": 2022}


def test_a_ragged_line_is_not_corrected(raw):
    put(raw, LINES[0] + ",một ô thừa", *LINES[1:])
    data = corrected(raw, LATE)
    assert data.corrected.empty
    assert "wrong_number_of_cells" in set(data.rejected.reason)


def test_a_correction_touches_no_other_dossier_even_where_a_file_is_as_old_as_its_latest_event(raw):
    """Of two files that name no day the one with the later event is newer; a correction does not make it older."""
    for path in raw.glob("*.csv"):
        path.unlink()
    put(raw, LINES[0], "H2,04/01/2022,11/01/2022,,Trực tiếp,Đang xử lý", name="a.csv")
    put(raw, "H2,04/01/2022,11/01/2022,01/02/2022,Trực tiếp,Đã trả kết quả", name="b.csv")
    before, after = of(corrected(raw), "H2"), of(corrected(raw, LATE), "H2")
    pd.testing.assert_series_equal(before, after, check_names=False)


def test_counting_without_keeping_rows_corrects_too(raw):
    write_book(raw, ("H1", "channel", "Trực tuyến", "Trực tiếp"))
    (events,) = count_exports(raw).events
    assert events.groupby("channel").received.sum().to_dict() == {"in_person": 3}


def test_the_export_itself_is_never_changed(raw):
    before = {path: path.read_bytes() for path in raw.glob("*.csv")}
    corrected(raw, LATE)
    assert {path: path.read_bytes() for path in raw.glob("*.csv")} == before


# --- it is reverted --------------------------------------------------------------------------------------------------


def written(raw):
    folder = processed_folder(raw)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.parquet")}


def test_deleting_the_line_brings_back_every_byte(raw):
    without = headline(corrected(raw), YEAR)
    before = written(raw)
    assert not headline(corrected(raw, LATE), YEAR).equals(without)
    assert written(raw) != before
    assert headline(corrected(raw), YEAR).equals(without)
    assert written(raw) == before


def test_big_files_read_in_blocks_are_corrected_as_in_memory(raw, monkeypatch):
    lines = [f"B{n},{n % 27 + 1:02}/03/2022,20/05/2022,{n % 27 + 1:02}/04/2022,Trực tuyến,Đã trả" for n in range(400)]
    put(raw, *lines[:200], *LINES, *lines[200:])
    put(raw, *lines[100:300], name="cu_20220105.csv")
    told = [LATE, ("B150", "resolved_on", "16/04/2022", "30/05/2022"), ("B399", "channel", "qua mạng", "Trực tiếp")]
    whole = corrected(raw, *told)
    tables = {name: getattr(whole, name) for name in ("dossiers", "history", "rejected", "corrected")}
    tables["uncorrected"] = whole.read("uncorrected")
    assert tables["corrected"].acts.tolist() == [True, True, True, False]
    (processed_folder(raw) / "manifest.json").unlink()
    monkeypatch.setattr(blocks, "HEAD", 4096)
    monkeypatch.setattr(blocks, "TAIL", 256)
    monkeypatch.setattr(blocks, "BLOCK", 3000)
    monkeypatch.setattr(intake, "IN_MEMORY", 0)
    monkeypatch.setattr(stages.Staged.partitions, "__kwdefaults__", {"lines": 100})
    in_blocks = load(raw)
    for name, table in tables.items():
        other = in_blocks.read(name) if name == "uncorrected" else getattr(in_blocks, name)
        by = [c for c in ("dossier_id", "source_file", "source_row", "row", "column") if c in table]
        one, two = (t.sort_values(by, ignore_index=True) for t in (table, other))
        pd.testing.assert_frame_equal(one, two, check_categorical=False, check_dtype=False)


# --- what it moves ---------------------------------------------------------------------------------------------------


def same(one, other):
    by = ["source_system", "dossier_id"]
    one, other = (
        t.astype({c: "str" for c in t if t[c].dtype == "category"}).sort_values(by, ignore_index=True)
        for t in (one, other)
    )
    pd.testing.assert_frame_equal(one[sorted(one)], other[sorted(other)])


@pytest.mark.parametrize(
    "correction",
    [LATE, ("H3", "received_on", "31/02/2022", "28/02/2022"), ("H2", "status", "Đã trả kết quả", "Rút hồ sơ"),
     ("H4", "status", "Đang xử lý", "Đã trả kết quả")],
)  # fmt: skip
def test_the_data_are_known_as_they_are_without_corrections(raw, correction):
    plain = corrected(raw).dossiers
    data = corrected(raw, correction)
    same(as_exported(data).dossiers, plain)
    with pytest.raises(AssertionError):
        same(data.dossiers, plain)


def test_as_exported_keeps_to_the_unit_and_the_columns_that_are_read(raw):
    put(raw, "H1,03/01/2022,Cơ sở 1", "H2,03/01/2022,Cơ sở 2", header="Mã hồ sơ,Ngày tiếp nhận,Đơn vị tiếp nhận")
    moved = ("H1", "unit", "Cơ sở 1", "Cơ sở 2")
    data = corrected(raw, moved, unit="Cơ sở 2", columns=["dossier_id", "received_on"])
    assert sorted(data.dossiers.dossier_id) == ["H1", "H2"]
    assert as_exported(data).dossiers.dossier_id.tolist() == ["H2"]
    assert list(as_exported(data).dossiers) == list(data.dossiers)


def test_the_effect_names_the_measures_that_differ_and_no_other(raw):
    data = corrected(raw, LATE)
    moved = effect(data, YEAR)
    told = moved[moved.figure == "value"].set_index("measure")
    assert told.loc["resolved", ["with", "without", "difference"]].tolist() == [2, 1, 1]
    assert "received" not in told.index
    table, plain = headline(data, YEAR), headline(as_exported(data), YEAR)
    differs = table.value.ne(plain.value) & ~(table.value.isna() & plain.value.isna())
    assert set(told.index) == set(differs.index[differs])


def test_without_corrections_there_is_no_effect(raw):
    assert effect(corrected(raw), YEAR).empty


def test_the_year_before_is_moved_too(raw):
    put(
        raw,
        *LINES,
        "H0,05/01/2021,10/01/2021,09/01/2021,Trực tuyến,Đã trả",
        "H9,02/01/2021,10/01/2021,20/01/2021,Trực tuyến,Đã trả",
    )
    data = corrected(raw, ("H9", "resolved_on", "20/01/2021", "10/01/2021"))
    moved = effect(data, YEAR)
    assert ("late", "before") in set(zip(moved.measure, moved.figure, strict=True))
    assert "value" not in set(moved.figure)


def test_what_became_of_every_correction_is_said(raw):
    data = corrected(
        raw, LATE, ("H2", "due_on", "01/01/2022", "02/01/2022"), ("X9", "due_on", "01/01/2022", "02/01/2022")
    )
    assert standing(data)[["row", "state", "lines", "says"]].to_numpy().tolist() == [
        [3, "says_otherwise", 0, "11/01/2022"], [4, "no_such_dossier", 0, ""], [2, "acts", 1, ""],
    ]  # fmt: skip


# --- what a line of the handbook may say -----------------------------------------------------------------------------


def mistakes(raw, *corrections):
    return corrected(raw, *corrections).handbook.mistakes[["row", "problem"]].to_numpy().tolist()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (("H1", "resolved_on", "12/01/2032", "31/02/2022"), "not_an_instant"),
        (("H1", "resolved_on", "12/01/2022", "12/01/1822"), "not_an_instant"),
        (("H1", "received_on", "03/01/2022", "(trống)"), "not_an_instant"),
        (("H1", "channel", "Trực tuyến", "bồ câu"), "not_a_choice"),
        (("H1", "field", "Xây dựng", "#REF!"), "not_a_text"),
        (("H1", "due_on", "03/01/2022", "2022-01-03"), "nothing_changes"),
        (("H1", "channel", "Trực tuyến", "TRỰC TUYẾN"), "nothing_changes"),
        (("H1", "field", "(trống)", "N/A"), "nothing_changes"),
        (("H1", "dossier_id", "H1", "H2"), "not_a_choice"),
        (("H1", "resolved_on", "", "12/01/2022"), "blank"),
    ],
)
def test_a_line_that_cannot_be_used_is_a_mistake_and_stops_no_other(raw, line, problem):
    assert mistakes(raw, line, LATE) == [[2, problem]]
    assert len(load(raw).corrected) == 1


def test_the_second_line_about_the_same_value_of_a_cell_is_a_mistake(raw):
    assert mistakes(raw, LATE, ("H1", "resolved_on", "2032-01-12", "08/01/2022")) == [[3, "corrected_twice"]]
    assert of(load(raw), "H1").resolved_on == pd.Timestamp("2022-01-09")


def test_a_code_that_a_workbook_made_a_number_is_not_guessed_at(raw):
    put(raw, "00123,03/01/2022,10/01/2022,09/01/2022,Trực tuyến,Đã trả")
    data = corrected(raw, (123, "due_on", "10/01/2022", "11/01/2022"))
    assert standing(data).state.tolist() == ["no_such_dossier"]


# --- laws ------------------------------------------------------------------------------------------------------------

COLUMNS = {"due_on": "12/01/2022", "channel": "Trực tuyến", "field": "Nhà ở", "status": "Rút hồ sơ"}
numbers = count()


def words_with(*corrections):
    """The vocabulary with corrections of a handbook."""
    sheet = read_form().sheets["corrections"]
    lines = [dict(zip(["dossier_id", "column", "old", "new"], line, strict=True)) for line in corrections]
    table = pd.DataFrame([{"system": "", **line, "row": row} for row, line in enumerate(lines, 2)])
    book = read_handbook(None)
    columns = [column.name for column in sheet.read]
    filled = table.reindex(columns=[*columns, "row"]) if len(table) else book.of("corrections")
    _, words = laid(book._replace(lines={**book.lines, "corrections": filled}), read_vocabulary())
    return words


def settled(words, lines):
    """Dossiers, fates and warnings of lines, without a file."""
    import pyarrow as pa

    from analysis.corrections import correct
    from analysis.states import settle

    names = ["dossier_id", "received_on", "due_on", "resolved_on", "channel", "status"]
    cells = list(zip(*(line.split(",") for line in lines), strict=True))
    raw = pa.table({
        **dict(zip(names, map(list, cells), strict=True)), "source_file": ["a.csv"] * len(lines),
        "source_sheet": [""] * len(lines), "source_row": list(range(2, len(lines) + 2)),
    })  # fmt: skip
    both = correct(judge_dossiers(raw, vocabulary=words), raw, vocabulary=words)
    return settle([both.judged], "dossiers").cleaned()


texts = st.text(alphabet="0123456789/- aăđTt()#", max_size=12)


@pytest.mark.long
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["X1", "H", "H10", "h1 "]), st.sampled_from(list(COLUMNS)), texts, texts), max_size=4
    )
)
def test_corrections_of_codes_that_do_not_exist_change_nothing(told):
    one, other = settled(words_with(), LINES), settled(words_with(*told), LINES)
    for name in one._fields:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(["H1", "H2", "H4"]), st.sampled_from(["received_on", "due_on", "resolved_on"]),
    st.dates(pd.Timestamp("2021-01-01").date(), pd.Timestamp("2023-12-31").date()),
)  # fmt: skip
def test_a_correction_and_its_inverse_cancel(code, column, day):
    line = next(line for line in LINES if line.startswith(code)).split(",")
    old = line[["dossier_id", "received_on", "due_on", "resolved_on"].index(column)] or "(trống)"
    there, back = (code, column, old, f"{day:%d/%m/%Y}"), (code, column, f"{day:%d/%m/%Y}", old)
    if there[2] == there[3]:
        return
    one, other = settled(words_with(), LINES), settled(words_with(there, back), LINES)
    pd.testing.assert_frame_equal(one.rows, other.rows)
    pd.testing.assert_frame_equal(one.warnings, other.warnings, check_categorical=False)
    assert one.fates.fate.tolist() == other.fates.fate.tolist()


def test_the_data_as_exported_keep_the_names_the_rules_and_the_unit(tmp_path, handbook_of):
    lines = [
        "Mã hồ sơ;Ngày tiếp nhận;Ngày hẹn trả;Ngày có kết quả;Đơn vị",
        "H-1;03/01/2022;10/01/2022;12/01/2022;Cơ sở A",
        "H-2;03/01/2022;10/01/2022;09/01/2022;CS A",
    ]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    said = {"reason": "nhầm", "who": "Một cửa", "day": "20/01/2022"}
    changed = {"dossier_id": "H-1", "column": "Ngày có kết quả", "old": "12/01/2022", "new": "10/01/2022"}
    handbook_of(
        tmp_path,
        corrections=[{**changed, **said}],
        names=[{"kind": "Đơn vị tiếp nhận", "name": "Cơ sở A", "also": "CS A"}],
        settings=[{"setting": "due", "value": "hiện hành"}],
    )
    data = load(tmp_path, unit="CS A")
    exported = as_exported(data)
    assert list(exported.dossiers) == list(data.dossiers)
    assert exported.dossiers.unit.astype("str").tolist() == ["Cơ sở A"] * 2
    late = effect(data, read_period("2022")).set_index("measure").loc["late"]
    assert (late["with"], late["without"]) == (0, 1)
