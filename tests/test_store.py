"""Exports are cleaned once, and anew as soon as they, the words or the program change; a half-written folder is never read."""

import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock
from patience import PATIENCE

from analysis import files, processed, store
from analysis.counts import count_fates, count_lines
from analysis.files import BEING_WRITTEN
from analysis.grids import Doubt, FileProblem, grid_of
from analysis.processed import TABLE_NAMES, processed_folder
from analysis.stages import judge
from analysis.states import settle
from analysis.store import Changed, first_answered, load

EXPORTS = Path(__file__).parent / "exports"
SHOWN = (
    "dossiers",
    "documents",
    "meetings",
    "procedures",
    "history",
    "document_history",
    "fates",
    "warnings",
    "files",
    "problems",
    "ledger",
)
HEADER = "Mã hồ sơ,Ngày tiếp nhận,Hình thức nộp,Đơn vị tiếp nhận,Ngày hẹn trả,Ngày có kết quả"
LINES = ["H1,03/01/2022,1,Cơ sở 1,10/01/2022,", "H2,04/01/2022,2,Cơ sở 2,11/01/2022,10/01/2022 09:00"]
MEETINGS = "Ngày họp,Hình thức họp\n05/01/2022,Trực tuyến\n"


@pytest.fixture
def raw(tmp_path, monkeypatch):
    """A folder of exports in data/raw of the working folder, with one file."""
    folder = tmp_path / "data/raw"
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    put(folder, "ho-so.csv", *LINES)
    return folder


def put(folder, name, *lines, header=HEADER):
    (folder / name).write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


def read(folder, **options):
    """What was read, and whether it was cleaned for it."""
    said = []
    data = load(folder, say=said.append, **options)
    return data, any(line.startswith("cleaning") for line in said)


def written(raw):
    """Name -> content of what stands in data/processed, without the lock."""
    folder = processed_folder(raw)
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


# --- cleaned once ----------------------------------------------------------------------------------------------------


def test_what_is_read_again_is_the_same_and_not_cleaned_again(raw):
    first, cleaned = read(raw)
    assert cleaned
    second, cleaned = read(raw)
    assert not cleaned
    for name in SHOWN:
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))


def test_what_is_read_from_parquet_is_what_was_cleaned(raw):
    data, _ = read(raw)
    (export,) = files.read_export(raw / "ho-so.csv", vocabulary=data.vocabulary)
    cleaned = settle([judge(export, vocabulary=data.vocabulary)], "dossiers").cleaned()
    pd.testing.assert_frame_equal(data.dossiers, cleaned.rows, check_categorical=False)
    pd.testing.assert_frame_equal(data.history, cleaned.history, check_categorical=False)


def test_only_what_is_asked_for_is_read(raw, monkeypatch):
    asked = []
    read_whole = store.read_table
    monkeypatch.setattr(
        store, "read_table", lambda folder, name, **more: asked.append(name) or read_whole(folder, name, **more)
    )
    data, _ = read(raw)
    assert not {"dossiers", "history", "fates", "warnings", "documents"} & set(asked)
    assert len(data.dossiers) == len(data.dossiers) == 2
    assert asked.count("dossiers") == 1


def test_tables_that_were_cleaned_anew_meanwhile_are_not_mixed_with_older_ones(raw):
    before, _ = read(raw)
    put(raw, "moi.csv", "H4,05/01/2022,,,,")
    assert len(read(raw)[0].dossiers) == 3
    with pytest.raises(Changed, match="cleaned anew"):
        before.dossiers  # noqa: B018 - reading is the point


def test_a_file_that_was_only_touched_is_not_cleaned_again(raw):
    read(raw)
    (raw / "ho-so.csv").write_bytes((raw / "ho-so.csv").read_bytes())
    assert not read(raw)[1]


@pytest.mark.parametrize("change", ["content", "name", "new", "gone"])
def test_a_change_of_the_files_is_seen(raw, change):
    put(raw, "khac.csv", "H3,05/01/2022,,,,")
    read(raw)
    if change == "content":
        put(raw, "ho-so.csv", LINES[0], LINES[1].replace("10/01", "12/01"))
    elif change == "name":
        (raw / "ho-so.csv").rename(raw / "ho-so_20221110.csv")
    elif change == "new":
        put(raw, "moi.csv", "H4,05/01/2022,,,,")
    else:
        (raw / "khac.csv").unlink()
    data, cleaned = read(raw)
    assert cleaned
    expected = {"content": 3, "name": 3, "new": 4, "gone": 2}
    assert len(data.dossiers) == expected[change]
    assert (data.as_of_basis, data.as_of) == {
        "content": ("event", pd.Timestamp("2022-01-12")),
        "name": ("export", pd.Timestamp("2022-11-10")),
    }.get(change, ("event", pd.Timestamp("2022-01-10")))


def test_a_change_of_the_words_is_seen(raw, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[words.channel]\npostal = ["1"]', encoding="utf-8")
    assert read(raw)[0].dossiers.channel.tolist() == ["in_person", "online"]
    assert read(raw, vocabulary=own)[0].dossiers.channel.tolist() == ["postal", "online"]
    own.write_text('[words.channel]\nother = ["1"]', encoding="utf-8")
    assert read(raw, vocabulary=own)[0].dossiers.channel.tolist() == ["other", "online"]
    assert not read(raw, vocabulary=own)[1]


def test_a_change_of_the_program_is_seen(raw, tmp_path, monkeypatch):
    program = tmp_path / "program"
    program.mkdir()
    (program / "cleaning.py").write_text("1", encoding="utf-8")
    monkeypatch.setattr(store, "PROGRAM", program)
    read(raw)
    assert not read(raw)[1]
    (program / "cleaning.py").write_text("2", encoding="utf-8")
    assert read(raw)[1]


def break_manifest(folder):
    (folder / "manifest.json").write_text('{"digest": ', encoding="utf-8")


def lose_manifest(folder):
    (folder / "manifest.json").unlink()
    (folder / "dossiers/dossiers-0000.parquet").write_bytes(b"half")
    (folder / "history/more.parquet").write_bytes(b"half")
    (folder / ".spill").mkdir()
    (folder / ".spill/1.lines").write_bytes(b"half")


def list_manifest(folder):
    (folder / "manifest.json").write_text("[1, 2]", encoding="utf-8")


def lose_table(folder):
    (folder / "fates/others.parquet").unlink()


def cut_table(folder):
    table = folder / "dossiers/dossiers-0000.parquet"
    table.write_bytes(table.read_bytes()[: table.stat().st_size // 2])


def add_part(folder):
    shutil.copy(folder / "dossiers/dossiers-0000.parquet", folder / "dossiers/dossiers-0001.parquet")


@pytest.mark.parametrize("damage", [break_manifest, lose_manifest, list_manifest, lose_table, cut_table, add_part])
def test_a_half_written_folder_is_cleaned_anew(raw, damage):
    before, _ = read(raw)
    whole = written(raw)
    damage(processed_folder(raw))
    data, cleaned = read(raw)
    assert cleaned
    pd.testing.assert_frame_equal(before.dossiers, data.dossiers)
    assert written(raw) == whole


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_the_manifest_is_taken_away_before_a_table_is_written_and_comes_back_last(raw, monkeypatch, name):
    read(raw)
    put(raw, "moi.csv", "H4,05/01/2022,,,,")
    write = processed.pq.write_table

    def fail(table, path, **options):
        if Path(path).parent.name == name:
            raise OSError("no space left")
        write(table, path, **options)

    with monkeypatch.context() as patch:
        patch.setattr(processed.pq, "write_table", fail)
        with pytest.raises(OSError, match="no space left"):
            read(raw)
    assert "manifest.json" not in written(raw)
    data, cleaned = read(raw)
    assert cleaned
    assert len(data.dossiers) == 3


def test_the_manifest_says_how_many_lines_each_table_has(raw):
    read(raw)
    manifest = json.loads((processed_folder(raw) / "manifest.json").read_text("utf-8"))
    assert manifest["lines"] == {
        "dossiers": 2, "documents": 0, "meetings": 0, "procedures": 0, "history": 2, "document_history": 0, "fates": 3,
        "warnings": 0, "files": 1, "problems": 0, "days": 2, "spans": 1, "ledger": 2,
        "corrected": 0, "uncorrected": 0,
    }  # fmt: skip


def test_who_comes_second_waits_for_the_first(raw):
    read(raw)
    found = []
    second = threading.Thread(target=lambda: found.append(len(load(raw).dossiers)))
    with FileLock(processed_folder(raw) / ".lock"):
        second.start()
        second.join(timeout=0.5)
        assert found == []
    second.join(timeout=PATIENCE)
    assert found == [2]


LOADER = "import sys; from analysis.store import load; print(len(load(sys.argv[1]).dossiers))"


def test_two_processes_at_once_both_read_the_same(raw):
    put(raw, "nhieu.csv", *(f"N{n},03/01/2022,,,," for n in range(5000)))
    started = [
        subprocess.Popen([sys.executable, "-c", LOADER, raw], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    ended = [process.communicate(timeout=PATIENCE) for process in started]
    assert ended == [("5002\n", ""), ("5002\n", "")]
    assert not read(raw)[1]


# --- files that cannot be read ---------------------------------------------------------------------------------------


def test_files_that_cannot_be_read_stop_no_other_and_are_named_again_when_nothing_changed(raw):
    (raw / "2022").mkdir()
    shutil.copy(EXPORTS / "picture.xlsx", raw / "2022/anh.xlsx")
    shutil.copy(EXPORTS / "fits-two-tables.csv", raw)
    data, cleaned = read(raw)
    assert cleaned
    assert len(data.dossiers) == 2
    assert data.problems.source_file.tolist() == ["2022/anh.xlsx", "fits-two-tables.csv"]
    assert data.problems.message[0].startswith("is a PNG picture")
    assert data.problems.message[1].startswith("a header fits")
    again, cleaned = read(raw)
    assert not cleaned
    pd.testing.assert_frame_equal(again.problems, data.problems)
    (raw / "2022/anh.xlsx").unlink()
    assert read(raw)[0].problems.source_file.tolist() == ["fits-two-tables.csv"]


def test_where_no_file_can_be_read_all_are_named_and_nothing_is_written(raw):
    (raw / "ho-so.csv").unlink()
    shutil.copy(EXPORTS / "picture.xlsx", raw)
    shutil.copy(EXPORTS / "fits-two-tables.csv", raw)
    with pytest.raises(FileProblem) as caught:
        load(raw)
    first, second = str(caught.value).splitlines()
    assert first.startswith("fits-two-tables.csv: a header fits")
    assert second.startswith("picture.xlsx: is a PNG picture")
    assert written(raw) == {}


def test_a_file_that_is_being_written_is_looked_at_again_even_if_its_content_stays(raw, monkeypatch):
    put(raw, "moi.csv", "H4,05/01/2022,,,,")
    read_bytes = Path.read_bytes

    def meanwhile(self):
        if self.name == "moi.csv":
            os.utime(self, (0, self.stat().st_mtime + 10))
        return read_bytes(self)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", meanwhile)
        assert read(raw)[0].problems.to_numpy().tolist() == [["moi.csv", BEING_WRITTEN]]
    data, cleaned = read(raw)
    assert cleaned
    assert (len(data.problems), len(data.dossiers)) == (0, 3)
    assert not read(raw)[1]


def test_an_archive_is_read_like_a_folder_and_its_change_is_seen(raw):
    def pack(*lines):
        with zipfile.ZipFile(raw / "kho.zip", "w") as archive:
            archive.writestr("2022/moi.csv", "\n".join([HEADER, *lines]))
            archive.write(EXPORTS / "picture.xlsx", "anh.xlsx")

    pack("H4,05/01/2022,,,,")
    data, _ = read(raw)
    assert data.dossiers.set_index("dossier_id").source_file["H4"] == "kho.zip/2022/moi.csv"
    assert data.problems.source_file.tolist() == ["kho.zip/anh.xlsx"]
    assert not read(raw)[1]
    pack("H4,05/01/2022,,,,", "H5,05/01/2022,,,,")
    data, cleaned = read(raw)
    assert (cleaned, len(data.dossiers)) == (True, 4)
    assert len(read(raw / "kho.zip")[0].dossiers) == 2


def test_a_pattern_reads_only_what_fits_and_has_a_processed_folder_of_its_own(raw):
    put(raw, "khac.csv", "H3,05/01/2022,,,,")
    data, _ = read(raw / "kh*.csv")
    assert data.dossiers.dossier_id.tolist() == ["H3"]
    assert data.fates.source_file.unique().tolist() == ["khac.csv"]
    assert not data.is_sample
    assert "*" not in str(processed_folder(raw / "kh*.csv"))
    assert processed_folder(raw / "kh*.csv") != processed_folder(raw / "ho*.csv")


def test_the_files_of_two_systems_keep_their_equal_codes_apart(raw, tmp_path):
    (raw / "bo").mkdir()
    put(raw, "bo/a.csv", LINES[0])
    own = tmp_path / "own.toml"
    own.write_text('[sources]\n"bo/*.csv" = "ministry"', encoding="utf-8")
    assert len(read(raw)[0].dossiers) == 2
    both = read(raw, vocabulary=own)[0].dossiers
    assert both[["source_system", "dossier_id"]].to_numpy().tolist() == [
        ["ministry", "H1"], ["one-stop", "H1"], ["one-stop", "H2"],
    ]  # fmt: skip


def test_how_a_file_was_read_and_what_is_doubtful_stands_in_the_table_of_files(raw, monkeypatch):
    doubtful = grid_of([HEADER.split(","), LINES[0].split(",")], read_as={"format": "csv", "encoding": "x"})
    doubts = (Doubt("cut_short", "line 2"),)
    monkeypatch.setattr(files, "read_grids", lambda content, vocabulary: [doubtful._replace(doubts=doubts)])
    (row,) = read(raw)[0].files.itertuples()
    assert json.loads(row.read_as) == {"format": "csv", "encoding": "x"}
    assert json.loads(row.doubts) == [["cut_short", "line 2"]]


def test_a_month_that_no_file_of_a_year_holds_is_missing_from_the_days_answered(raw):
    (raw / "ho-so.csv").unlink()
    for month in (1, 2, 3, 5, 6):
        days = pd.bdate_range(f"2022-{month:02}-01", periods=20)
        put(raw, f"thang-{month}.csv", *(f"H{day:%m%d},{day:%d/%m/%Y},1,,," for day in days))
    found = read(raw)[0].coverage
    assert found.table.tolist() == ["dossiers", "dossiers"]
    assert found["last"].dt.strftime("%m-%d").tolist()[0] == "03-31"
    assert found["first"].dt.strftime("%m-%d").tolist()[1] == "05-01"


def test_a_folder_that_is_not_there_is_a_problem(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileProblem, match="there is no such file or folder"):
        load("data/nowhere")
    assert list(tmp_path.iterdir()) == []


# --- the ledger ------------------------------------------------------------------------------------------------------


def test_the_fates_add_up_to_the_lines_read_of_every_file(raw):
    for name in ("lines-of-other-lengths.csv", "total-and-signature.csv", "html-named.xls", "personal-columns.csv"):
        shutil.copy(EXPORTS / name, raw)
    put(raw, "lai.csv", *LINES, LINES[0], "H3,31/02/2022,,,,")
    (raw / "hop.csv").write_text(MEETINGS, encoding="utf-8")
    data, _ = read(raw)
    counted = count_fates(data.ledger).set_index("source_file")
    pd.testing.assert_frame_equal(counted.reset_index(), count_fates(count_lines(data.fates)))
    assert counted.lines.to_dict() == data.files.set_index("source_file").lines.to_dict()
    assert len(data.files) == 7
    assert counted.loc["lai.csv", ["kept", "repeated", "rejected", "not_data"]].tolist() == [0, 3, 1, 1]
    kept = {name: len(getattr(data, name)) for name in ("dossiers", "documents", "meetings", "procedures")}
    assert counted.kept.sum() == sum(kept.values())
    assert (data.fates.reason == "wrong_number_of_cells").sum() == 2


def test_no_name_and_no_number_of_a_person_reaches_the_processed_tables(raw):
    shutil.copy(EXPORTS / "personal-columns.csv", raw)
    shutil.copy(EXPORTS / "lines-of-other-lengths.csv", raw)
    shutil.copy(EXPORTS / "total-and-signature.csv", raw)
    data, _ = read(raw)
    everything = "".join(data.read(name).to_csv() for name in TABLE_NAMES)
    assert [s for s in ("Người Thứ Nhất", "Người Thứ Hai", "số của ai đó", "Nơi Nào Đó") if s in everything] == []


def test_every_sheet_of_a_file_is_described(raw):
    shutil.copy(EXPORTS / "title-block.csv", raw)
    data, _ = read(raw)
    row = data.files.set_index("source_file").loc["title-block.csv"]
    assert (row.table, row.format, row.lines, row.header_row) == ("dossiers", "csv", 8, 6)
    assert (row.exported_on, row.covers_from, row.covers_to) == (
        pd.Timestamp("2022-02-05"), pd.Timestamp("2022-01-01"), pd.Timestamp("2022-01-31"),
    )  # fmt: skip
    assert json.loads(row["columns"])["dossier_id"] == "Mã hồ sơ"


def test_data_says_whether_any_export_has_a_column(raw):
    put(raw, "khac.csv", "H9,03/01/2022,Chờ ký", header="Mã hồ sơ,Ngày tiếp nhận,Đang chờ")
    data, _ = read(raw)
    assert data.has("dossiers", "channel")
    assert data.has("dossiers", "waiting_for")
    assert not data.has("dossiers", "collected_on")
    assert not data.has("documents", "number")


def test_a_state_in_an_older_file_is_kept_in_history(raw):
    put(raw, "ho-so_20220201.csv", "H1,03/01/2022,1,Cơ sở 1,20/01/2022,")
    data, _ = read(raw)
    assert data.history[data.history.dossier_id == "H1"].due_on.dt.day.tolist() == [10, 20]
    assert data.dossiers.set_index("dossier_id").first_due_on.dt.day["H1"] == 10


# --- the day, the unit, the places -----------------------------------------------------------------------------------


def test_the_day_of_the_data_is_given_or_the_exports_or_the_last_event(raw):
    data, _ = read(raw)
    assert (data.as_of, data.as_of_basis) == (pd.Timestamp("2022-01-10"), "event")
    put(raw, "cu_20211231.csv", "H0,03/12/2021,1,Cơ sở 1,,")
    data, _ = read(raw)
    assert (data.as_of, data.as_of_basis) == (pd.Timestamp("2021-12-31"), "export")
    shutil.copy(EXPORTS / "title-block.csv", raw)
    data, _ = read(raw)
    assert (data.as_of, data.as_of_basis) == (pd.Timestamp("2022-02-05"), "export")
    data, cleaned = read(raw, as_of="2022-01-31")
    assert (data.as_of, data.as_of_basis, cleaned) == (pd.Timestamp("2022-01-31"), "given", False)
    with pytest.raises(ValueError, match="is no day"):
        load(raw, as_of="31/01/2022")


def test_a_due_date_is_not_the_last_event(raw):
    put(raw, "xa.csv", "H5,03/01/2022,,,31/12/2030,")
    assert read(raw)[0].as_of == pd.Timestamp("2022-01-10")


def test_exports_that_name_no_day_at_all_ask_for_one(raw):
    (raw / "ho-so.csv").unlink()
    put(raw, "danh-muc.csv", "1.115150,Cấp giấy phép", header="Mã số,Tên")
    with pytest.raises(FileProblem, match="give the day"):
        load(raw)
    assert read(raw, as_of="2022-11-10")[0].as_of == pd.Timestamp("2022-11-10")


def test_a_unit_keeps_its_own_dossiers_and_all_meetings(raw):
    (raw / "hop.csv").write_text(MEETINGS, encoding="utf-8")
    data, _ = read(raw, unit="Cơ sở 2")
    assert (data.dossiers.dossier_id.tolist(), data.history.dossier_id.tolist()) == (["H2"], ["H2"])
    assert (data.unit, data.name, len(data.meetings)) == ("Cơ sở 2", "Cơ sở 2", 1)
    assert read(raw)[0].name == read(raw)[0].vocabulary.settings["unit_name"]


def test_a_unit_that_no_dossier_has_is_refused_with_the_known_ones(raw):
    with pytest.raises(ValueError, match=r"no dossier is of the unit 'Cơ sở 3'.*: Cơ sở 1, Cơ sở 2\."):
        load(raw, unit="Cơ sở 3")


def test_the_sample_is_told_from_real_exports(raw):
    assert not read(raw)[0].is_sample
    (raw / "sample").mkdir()
    (raw / "ho-so.csv").rename(raw / "sample/ho-so.csv")
    assert read(raw)[0].is_sample
    assert read(raw / "sample")[0].is_sample


def test_other_data_has_a_processed_folder_of_its_own(tmp_path, monkeypatch):
    (tmp_path / "project/data/raw").mkdir(parents=True)
    (tmp_path / "project/notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "project/notebooks")
    one, other = tmp_path / "a/exports", tmp_path / "b/exports"
    processed = tmp_path / "project/data/processed"
    assert processed_folder(tmp_path / "project/data/raw") == processed
    assert processed_folder(one).parent == processed_folder(other).parent == processed
    assert processed_folder(one) != processed_folder(other)
    assert processed_folder(one / "so.csv").name.startswith("so-")


def test_data_is_found_from_a_folder_below(raw, monkeypatch):
    notebooks = raw.parents[1] / "notebooks"
    notebooks.mkdir()
    monkeypatch.chdir(notebooks)
    assert len(load("data/raw").dossiers) == 2
    assert (raw.parent / "processed/manifest.json").is_file()


def test_one_file_is_read_alone(raw):
    put(raw, "khac.csv", "H3,05/01/2022,,,,")
    data, _ = read(raw / "khac.csv")
    assert data.dossiers.dossier_id.tolist() == ["H3"]
    assert data.fates.source_file.unique().tolist() == ["khac.csv"]
    assert not data.is_sample


def test_a_newer_line_with_a_cell_too_many_withholds_its_dossier(tmp_path, monkeypatch):
    """A misplaced separator must not leave a dossier in the state it had before."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw").mkdir()
    heading = "Mã hồ sơ,Ngày tiếp nhận,Trạng thái,Ngày có kết quả\n"
    other = "H99-220104-0001,04/01/2022,Đang xử lý,\n"
    old = "H99-220103-0001,03/01/2022,Đang xử lý,\n"
    new = "0900 000 000,H99-220103-0001,03/01/2022,Đã trả kết quả,05/01/2022\n"
    (tmp_path / "raw/a_20220105.csv").write_text(heading + old + other, encoding="utf-8")
    (tmp_path / "raw/b_20220110.csv").write_text(heading + new + other, encoding="utf-8")
    data = load("raw")
    assert data.dossiers.dossier_id.tolist() == ["H99-220104-0001"]
    reasons = data.fates.set_index(["source_file", "source_row"]).reason
    assert reasons["a_20220105.csv", 2] == "newer_line_unreadable"
    assert reasons["b_20220110.csv", 2] == "wrong_number_of_cells"
    assert "0900" not in data.fates.to_csv()


def test_a_catalogue_that_names_a_day_to_come_dates_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a_20220105.csv").write_text("Mã hồ sơ,Ngày tiếp nhận\nH1,03/01/2022\n", encoding="utf-8")
    (tmp_path / "raw/list_20991231.csv").write_text("Mã TTHC,Tên TTHC\n1.001,Cấp phép\n", encoding="utf-8")
    assert load("raw").as_of == pd.Timestamp("2022-01-05")


@pytest.mark.parametrize(
    ("days", "said", "first"),
    [
        (["2021-01-04", "2021-01-05"], None, "2020-12-28"),  # a week, at least
        (["2021-01-04", "2021-01-24"], None, "2020-12-15"),  # the longest silence
        (["2021-03-04", "2021-12-24"], None, "2021-02-01"),  # a month, at most
        (["2021-01-20"], "2021-01-01", "2021-01-01"),  # what a title block says
        ([], "2021-01-01", "2021-01-01"),
        ([], None, None),
    ],
)
def test_exports_answer_for_the_silence_before_their_first_event_and_no_more(days, said, first):
    found = first_answered(pd.Series(days, dtype="datetime64[us]"), pd.Timestamp(said) if said else pd.NaT)
    assert found == pd.Timestamp(first) if first else pd.isna(found)
