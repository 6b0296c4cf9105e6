"""When exports change under us, each change is named; and nothing else is."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import memory
from analysis.drift import KINDS, Known, find_drift
from analysis.memory import MEMORY, read_accepted, read_memory, remembered
from analysis.processed import processed_folder
from analysis.store import accept, load
from analysis.understanding import Understanding
from analysis.vocabulary import fold

HEADER = "Mã hồ sơ,Ngày tiếp nhận,Trạng thái,Ngày hẹn trả,Ngày có kết quả"
ENDED = ("da tra ket qua", "hoan thanh")
WHO = {"who": "Văn phòng", "why": "Cổng đổi mẫu", "when": "2022-12-01T08:00:00+07:00"}


def month(number, *, header=HEADER, system="H", words=("Đang xử lý", "Đã trả kết quả"), per_day=4, year=2022):
    """The lines of one month: some dossiers a working day, with a header."""
    days = pd.bdate_range(f"{year}-{number:02}-01", periods=1, freq="ME")[0]
    lines = [header]
    for day in pd.bdate_range(f"{year}-{number:02}-01", days):
        for n in range(per_day):
            word = words[n % len(words)]
            end = f"{day:%d/%m/%Y}" if fold(word) in ENDED else ""
            lines.append(f"{system}-{day:%y%m%d}-{n:04},{day:%d/%m/%Y},{word},{day:%d/%m/%Y},{end}")
    return lines


@pytest.fixture
def raw(tmp_path, monkeypatch):
    """A folder of exports in data/raw of the working folder, with the export of October, read once."""
    folder = tmp_path / "data/raw"
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    put(folder, "ho-so_20221101.csv", month(10))
    assert load(folder).drift.empty
    return folder


def put(folder, name, lines):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def changes(folder, **options):
    """Kind and what is told of each change."""
    found = load(folder, **options).drift
    return list(found[["kind", "column", "before", "after", "meaning"]].itertuples(index=False, name=None))


def in_memory(folder):
    return (processed_folder(folder) / MEMORY).read_text("utf-8")


# --- nothing changed -------------------------------------------------------------------------------------------------


def test_the_first_reading_is_the_baseline(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "data/raw", "ho-so.csv", month(10))
    first, again = load("data/raw"), load("data/raw")
    assert (first.memory, again.memory) == ("first", "remembered")
    assert first.drift.empty
    assert again.drift.empty


def test_the_next_month_of_the_same_export_is_no_change(raw):
    put(raw, "ho-so_20221201.csv", month(11))
    assert changes(raw) == []
    assert "ho-so_20221201.csv" in in_memory(raw)


def test_an_export_that_grows_by_a_month_under_the_same_name_is_no_change(raw):
    put(raw, "ho-so_20221101.csv", [*month(10), *month(11)[1:]])
    assert changes(raw) == []


def test_an_export_that_begins_a_new_month_under_the_same_name_is_no_change(raw):
    put(raw, "ho-so_20221101.csv", month(11)[:30])
    assert changes(raw) == []


def test_lines_are_counted_per_working_day():
    """In the fortnight of Tết 2023 the office worked 5 days; October 2022 had 21."""
    old = sheet_of(1, lines=168, first="2022-10-01", last="2022-10-31")
    new = sheet_of(2, lines=40, first="2023-01-16", last="2023-01-29")
    known = remembered(Known([]), [old])
    by_day, working = (
        SETTINGS,
        SETTINGS | {"calendar": "vn", "latest_receipt": "17:00", "office_hours": "07:00-11:30 13:30-17:00"},
    )
    assert find_drift(known, [old, new], settings=by_day).kind.tolist() == ["volume"]
    assert find_drift(known, [old, new], settings=working).empty


def test_months_that_are_told_by_number_alone_are_a_series():
    """Twelve small months and one big file of another kind: the thirteenth month is held against the twelve."""
    months = [sheet_of(n, lines=40) for n in range(4)]
    big = [sheet_of(n, lines=4000)._replace(file=f"toan-tinh-{name}.csv") for n, name in enumerate("abcdefgh", 20)]
    known = remembered(Known([]), [*months, *big])
    assert find_drift(known, [*months, *big, sheet_of(5, lines=44)], settings=SETTINGS).empty


def test_a_share_of_rejects_that_grew_less_than_the_setting_is_no_change():
    old, new = sheet_of(1, lines=1000, rejected=10), sheet_of(2, lines=1000, rejected=50)
    known = remembered(Known([]), [old])
    assert find_drift(known, [old, new], settings=SETTINGS).empty
    assert len(find_drift(known, [old, new], settings=SETTINGS | {"drift_rejects_points": 3})) == 1


def test_a_word_of_a_sheet_that_is_forgotten_is_no_new_word(monkeypatch):
    monkeypatch.setattr(memory, "MOST_SHEETS", 1)
    words = [{"status": [(word, "paused", 1)]} for word in ("Tạm dừng", "Chờ", "Tạm dừng")]
    first, second, third = (sheet_of(n, words=each, columns={"status": "A"}) for n, each in enumerate(words))
    known = remembered(remembered(Known([]), [first]), [second])
    assert find_drift(known, [second, third], settings=SETTINGS).empty


def test_the_same_files_again_are_no_change_even_when_they_were_changes_before(raw):
    put(raw, "ho-so_20221201.csv", month(11, header=HEADER.replace("có kết quả", "hoàn thành")))
    assert changes(raw)
    (raw / "ho-so_20221201.csv").unlink()
    assert changes(raw) == []


# --- each change is named --------------------------------------------------------------------------------------------


def test_a_renamed_end_column_is_named(raw):
    put(raw, "ho-so_20221201.csv", month(11, header=HEADER.replace("Ngày có kết quả", "Ngày hoàn thành")))
    assert changes(raw) == [("moved", "resolved_on", "Ngày có kết quả", "Ngày hoàn thành", "")]


def test_an_end_column_that_nobody_understands_is_gone(raw):
    put(
        raw,
        "ho-so_20221201.csv",
        month(11, header=HEADER.replace("Ngày có kết quả", "Mốc cuối"), words=("Đang xử lý",)),
    )
    assert changes(raw) == [("vanished", "resolved_on", "Ngày có kết quả", "Mốc cuối", "")]


def test_a_column_that_was_not_there_is_named_and_its_words_are_not_new(raw):
    lines = [line + ("Kênh tiếp nhận" if n == 0 else ",Trực tuyến") for n, line in enumerate(month(11))]
    lines[0] = f"{HEADER},Kênh tiếp nhận"
    put(raw, "ho-so_20221201.csv", lines)
    assert changes(raw) == [("appeared", "channel", "", "Kênh tiếp nhận", "")]


def test_a_new_status_word_is_named_with_its_meaning_or_that_nobody_explained_it(raw):
    words = ("Đang xử lý", "Đã trả kết quả", "Tạm dừng", "Chờ thuế")
    put(raw, "ho-so_20221201.csv", month(11, words=words))
    assert changes(raw) == [
        ("new_word", "status", "", "Chờ thuế", ""),
        ("new_word", "status", "", "Tạm dừng", "paused"),
    ]
    assert set(load(raw).drift.lines) == {22}


def test_another_spelling_of_a_known_word_is_no_new_word(raw):
    put(raw, "ho-so_20221201.csv", month(11, words=("ĐANG XỬ LÝ", "da tra ket qua")))
    assert changes(raw) == []


def test_a_column_full_of_names_is_told_by_its_number_of_lines_alone(raw):
    names = [f"Người {chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(60)]
    put(raw, "ho-so_20221201.csv", month(11, words=names, per_day=4 * 15)[:89])
    found = load(raw).drift
    assert "…" in set(found.after)
    assert not any("Người" in after for after in found.after)
    assert "Người" not in in_memory(raw)


@pytest.mark.parametrize(
    "missing",
    [
        lambda lines: [lines[0], *lines[1::2]],  # every other line
        lambda lines: lines[: len(lines) // 2],  # the end of the month
    ],
)
def test_half_of_the_lines_missing_is_named(raw, missing):
    put(raw, "ho-so_20221201.csv", missing(month(11)))
    ((kind, _, expected, found, _),) = changes(raw)
    assert (kind, expected) == ("volume", "88")  # 4 lines on each of 22 working days
    assert int(found) in {43, 44}


def test_an_export_of_the_same_days_with_half_of_its_lines_is_named(raw):
    """Without a day of the export, all that tells is that the same file had more."""
    put(raw, "so.csv", month(11))
    assert changes(raw) == []
    put(raw, "so.csv", month(11)[:45])
    assert changes(raw) == [("volume", "", "88", "44", "")]


def test_an_empty_export_is_named(raw):
    put(raw, "ho-so_20221201.csv", [HEADER])
    assert [change[0] for change in changes(raw)] == ["volume"]


def test_a_jump_of_rejected_lines_is_named(raw):
    lines = month(11)
    lines[1:11] = [line.replace("/11/2022", "/13/2022") for line in lines[1:11]]
    put(raw, "ho-so_20221201.csv", lines)
    assert [change[:4] for change in changes(raw)] == [("rejects", "", "0.000000", f"{10 / 88:.6f}")]


def test_few_rejected_lines_are_no_change(raw):
    lines = month(11)
    lines[1:5] = [line.replace("/11/2022", "/13/2022") for line in lines[1:5]]
    put(raw, "ho-so_20221201.csv", lines)
    assert changes(raw) == []


def test_a_mistyped_year_does_not_stretch_the_days_of_an_export(raw):
    lines = month(11)
    lines[1] = lines[1].replace("01/11/2022", "01/11/2002")
    put(raw, "ho-so_20221201.csv", lines)
    assert changes(raw) == []


def test_a_source_without_any_file_is_named_and_accepted_as_gone(raw):
    put(raw, "hop.csv", ["Ngày họp,Hình thức họp", "05/10/2022,Trực tuyến"])
    assert changes(raw) == []
    (raw / "hop.csv").unlink()
    assert [(c.kind, c.table, c.file) for c in load(raw).drift.itertuples()] == [("source_gone", "meetings", "hop.csv")]
    accept(raw, **WHO)
    assert changes(raw) == []


def test_a_file_that_cannot_be_read_is_a_problem_and_no_change(raw):
    put(raw, "hop.csv", ["Ngày họp,Hình thức họp", "05/10/2022,Trực tuyến"])
    load(raw)
    put(raw, "hop.csv", ["Thực đơn,Giá", "Phở,40"])
    found = load(raw)
    assert found.problems.source_file.tolist() == ["hop.csv"]
    assert found.drift.empty
    assert "hop.csv" in in_memory(raw)


def test_a_file_that_is_of_another_table_now_is_named(raw):
    put(raw, "so.csv", ["Ngày họp,Hình thức họp", "05/10/2022,Trực tuyến"])
    put(raw, "hop.csv", ["Ngày họp,Hình thức họp", "06/10/2022,Trực tuyến"])
    load(raw)
    put(raw, "so.csv", ["Mã TTHC,Tên TTHC", "1.001,Cấp phép"])
    assert [change[:4] for change in changes(raw)] == [("other_table", "", "meetings", "procedures")]


def test_a_sheet_that_is_not_understood_any_more_is_named_unless_the_file_has_another():
    one, lost, blank = (
        sheet_of(1),
        sheet_of(2, lines=0)._replace(table=""),
        sheet_of(3)._replace(sheet="Trang 2", table=""),
    )
    known = remembered(Known([]), [one._replace(sheet="Trang 1")])
    found = find_drift(known, [one._replace(sheet="Trang 1"), lost._replace(sheet="Trang 1")], settings=SETTINGS)
    assert found[["kind", "before", "after"]].to_numpy().tolist() == [["other_table", "dossiers", ""]]
    next_one = sheet_of(3)._replace(sheet="Trang 1", sha256="9")
    assert find_drift(known, [one._replace(sheet="Trang 1"), next_one, blank], settings=SETTINGS).empty


def test_the_gravest_change_stands_first():
    assert KINDS.index("moved") < KINDS.index("new_word") < KINDS.index("volume")


# --- sources ---------------------------------------------------------------------------------------------------------


def test_two_systems_of_one_table_do_not_disturb_each_other(raw, tmp_path):
    own = tmp_path / "ours.toml"
    own.write_text('[sources]\n"bo/*" = "ministry"\n', encoding="utf-8")
    other = "Mã hồ sơ,Ngày nhận,Tình trạng,Hạn xử lý,Ngày hoàn thành"
    put(raw, "bo/ho-so_20221101.csv", month(10, header=other, system="B", per_day=40, words=("Hoàn thành",)))
    assert changes(raw, vocabulary=own) == []
    put(raw, "bo/ho-so_20221201.csv", month(11, header=other, system="B", per_day=40, words=("Hoàn thành",)))
    put(raw, "ho-so_20221201.csv", month(11))
    assert changes(raw, vocabulary=own) == []
    put(raw, "ho-so_20230101.csv", month(12, words=("Hoàn thành",)))
    assert [change[:4] for change in changes(raw, vocabulary=own)] == [("new_word", "status", "", "Hoàn thành")]


def test_files_of_two_units_are_held_each_against_its_own(raw):
    put(raw, "ho-so-2_20221101.csv", month(10, system="N", per_day=40))
    accept(raw, **WHO)  # a unit with ten times the lines is news once
    put(raw, "ho-so_20221201.csv", month(11))
    put(raw, "ho-so-2_20221201.csv", month(11, system="N", per_day=40))
    assert changes(raw) == []


def test_the_order_of_files_makes_no_difference(raw, tmp_path):
    put(raw, "a.csv", month(11, header=HEADER.replace("có kết quả", "hoàn thành"), words=("Tạm dừng",), per_day=1))
    put(raw, "b.csv", month(12, words=("Chờ thuế", "Tạm dừng"), per_day=1))
    found = load(raw).drift
    known = read_memory(processed_folder(raw) / MEMORY)
    now = store_understandings(raw)
    pd.testing.assert_frame_equal(find_drift(known, now[::-1], settings=load(raw).vocabulary.settings), found)
    assert len(found) > 2


def store_understandings(raw):
    from analysis.understanding import understandings

    data = load(raw)
    return understandings(data.files, vocabulary=data.vocabulary)


def test_a_changed_vocabulary_is_no_change_of_the_exports(raw, tmp_path):
    own = tmp_path / "ours.toml"
    own.write_text('[columns.dossiers]\ncollected_on = ["Ngày có kết quả"]\n', encoding="utf-8")
    assert changes(raw, vocabulary=own) == []
    assert changes(raw) == []
    put(raw, "ho-so_20221201.csv", month(11))
    assert changes(raw, vocabulary=own) == []


def test_the_sample_is_no_baseline_for_real_exports(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    raw = tmp_path / "data/raw"
    put(raw / "sample", "hop.csv", ["Ngày họp,Hình thức họp", "05/10/2022,Trực tuyến"])
    assert load(raw).is_sample
    put(raw, "ho-so.csv", month(10))
    found = load(raw)
    assert (found.drift.empty, found.memory) == (True, "first")


# --- the memory and who accepted ---------------------------------------------------------------------------------------


def test_what_changed_is_not_remembered_until_it_is_accepted(raw):
    before = in_memory(raw)
    put(raw, "ho-so_20221201.csv", month(11, header=HEADER.replace("có kết quả", "hoàn thành")))
    assert changes(raw) == changes(raw) != []
    assert in_memory(raw) == before
    accepted = accept(raw, **WHO).drift
    assert len(accepted) == 1
    assert changes(raw) == []
    (row,) = read_accepted(processed_folder(raw)).itertuples()
    assert (row.who, row.why, row.when) == (WHO["who"], WHO["why"], WHO["when"])
    pd.testing.assert_frame_equal(row.changes, accepted, check_dtype=False)


def test_what_was_accepted_is_the_baseline_afterwards(raw):
    renamed = HEADER.replace("có kết quả", "hoàn thành")
    put(raw, "ho-so_20221201.csv", month(11, header=renamed))
    accept(raw, **WHO)
    put(raw, "ho-so_20230101.csv", month(12, header=renamed))
    assert changes(raw) == []


def test_where_nothing_changed_there_is_nothing_to_accept(raw):
    assert accept(raw, **WHO).drift.empty
    assert read_accepted(processed_folder(raw)).empty


def test_an_acceptance_without_a_reason_is_refused(raw):
    with pytest.raises(ValueError, match="must say something"):
        accept(raw, **{**WHO, "why": "  "})


def test_cleaning_anew_leaves_the_memory(raw):
    before = in_memory(raw)
    (processed_folder(raw) / "manifest.json").unlink()
    assert load(raw).memory == "remembered"
    assert in_memory(raw) == before


@pytest.mark.parametrize(
    "damage", ["{", "[]", '{"version": 99, "sheets": [], "contents": [], "words": []}', '{"version": 1}']
)
def test_a_damaged_memory_is_put_aside_and_said_until_someone_accepts(raw, damage):
    path = processed_folder(raw) / MEMORY
    path.write_text(damage, encoding="utf-8")
    for _ in range(2):
        found = load(raw)
        assert (found.drift.kind.tolist(), found.memory) == (["memory_damaged"], "damaged")
        assert not path.exists()
    assert path.with_name(f"{MEMORY}.damaged").read_text("utf-8") == damage
    accept(raw, **WHO)
    assert load(raw).drift.empty


def test_where_the_memory_cannot_be_written_a_run_goes_on_and_says_so(raw, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    put(raw, "ho-so_20221201.csv", month(11))
    monkeypatch.setattr(memory, "write_memory", full)
    found = load(raw)
    assert (found.memory, found.drift.empty, len(found.dossiers) > 100) == ("unwritable", True, True)


def test_only_the_latest_sheets_of_a_source_are_remembered_whole_and_all_words(monkeypatch):
    monkeypatch.setattr(memory, "MOST_SHEETS", 2)
    known = Known([])
    for n in range(4):
        known = remembered(known, [sheet_of(n, words={"status": [(f"từ {n}", "", 1)]})])
    assert [each.file for each in known.sheets] == ["a_2.csv", "a_3.csv"]
    assert len(known.words) == 4


def test_more_files_than_are_remembered_whole_are_no_change(monkeypatch):
    monkeypatch.setattr(memory, "MOST_SHEETS", 2)
    now = [sheet_of(n, columns={"resolved_on": "A" if n < 3 else "B"}) for n in range(6)]
    known = remembered(Known([]), now)
    assert find_drift(known, now, settings=SETTINGS).empty


# --- any exports -----------------------------------------------------------------------------------------------------

SETTINGS = {
    "drift_volume_percent": 40, "drift_least_lines": 30, "drift_rejects_points": 5, "drift_least_rejects": 5,
    "calendar": "none",
}  # fmt: skip


def sheet_of(n, **more):
    day = f"2022-{n % 12 + 1:02}-01"
    told = {"columns": {}, "unread": [], "words": {}, "lines": 9, "rejected": 0, "first": day, "last": day} | more
    return Understanding(f"a_{n}.csv", "", f"{n:016}", "dossiers", "desk", **told)


days = st.dates(pd.Timestamp("2020-01-01").date(), pd.Timestamp("2023-12-31").date()).map(str) | st.just("")
sheets = st.builds(
    Understanding,
    file=st.sampled_from(["a_1.csv", "a_2.csv", "b.csv"]), sheet=st.sampled_from(["", "T1"]), sha256=st.text("01", min_size=1, max_size=4),
    table=st.sampled_from(["dossiers", "meetings", ""]), system=st.sampled_from(["desk", "bo"]),
    columns=st.dictionaries(st.sampled_from(["status", "resolved_on"]), st.sampled_from(["A", "B", "Ă"])),
    unread=st.lists(st.text(max_size=3), max_size=2),
    words=st.dictionaries(st.just("status"), st.lists(st.tuples(st.text(min_size=1, max_size=3), st.sampled_from(["", "paused"]), st.integers(1, 9)), max_size=3)),
    lines=st.integers(0, 500), rejected=st.integers(0, 50), first=days, last=days,
)  # fmt: skip
exports = st.lists(sheets, max_size=6, unique_by=lambda each: each.content)


@settings(max_examples=50, deadline=None)
@given(exports, exports)
def test_what_was_just_remembered_is_no_change(before, now):
    known = remembered(remembered(Known([]), before), now)
    if {each.source for each in before if each.table} <= {each.source for each in now}:
        assert find_drift(known, now, settings=SETTINGS).empty


@settings(max_examples=50, deadline=None)
@given(exports, exports)
def test_any_two_readings_can_be_compared(before, now):
    found = find_drift(remembered(Known([]), before), now, settings=SETTINGS)
    assert set(found.kind) <= set(KINDS)
    assert found.astype("str").notna().all(axis=None)


@settings(max_examples=50, deadline=None)
@given(exports)
def test_what_is_read_from_a_memory_is_what_was_written(tmp_path_factory, now):
    path = tmp_path_factory.mktemp("memory") / MEMORY
    known = remembered(Known([]), now)
    memory.write_memory(path, known)
    assert read_memory(path) == known


# --- the command -----------------------------------------------------------------------------------------------------


def pages(folder):
    return {path.name: path.read_bytes() for path in (folder / "reports").iterdir() if path.suffix == ".html"}


def test_a_scheduled_run_keeps_the_last_pages_until_the_changes_are_accepted(raw, run, tmp_path, handbook_of):
    handbook_of(raw, settings=[{"setting": "notify", "value": "Văn phòng Sở"}])
    put(raw, "ho-so_20221201.csv", month(11))
    scheduled = ("report", "2022", "--scheduled", "--lang", "en")
    assert run(*scheduled)[0] == 0
    before = pages(tmp_path)
    lines = month(12, header=HEADER.replace("Ngày có kết quả", "Ngày hoàn thành"), words=("Tạm dừng", "Đã trả kết quả"))
    put(raw, "ho-so_20230101.csv", [lines[0], *lines[1::4], *lines[2::4]][: len(lines) // 2])
    code, out, err = run(*scheduled)
    assert (code, out) == (7, "reports/index.html\n")
    assert "“Ngày hoàn thành”; it came from “Ngày có kết quả”" in err
    assert "new word “Tạm dừng”" in err
    assert "lines; by earlier exports it should have about" in err
    assert "the last ones stay" in err
    assert "To be told: Văn phòng Sở." in err
    index = pages(tmp_path)["index.html"].decode()
    assert {**pages(tmp_path), "index.html": before["index.html"]} == before
    assert "(code 7)" in index

    assert run("report", "2022", "--lang", "en")[0] == 0
    said = pages(tmp_path)["2022.en.html"].decode()
    assert said.index("The exports changed and nobody has accepted it (3") < said.index('class="cards"')

    code, out, _ = run("accept", "--who", "Văn phòng", "--why", "đổi mẫu", "--lang", "en")
    assert code == 0
    assert out.count("ho-so_20230101.csv") == 3
    assert "Accepted: 3" in out
    code, _, err = run(*scheduled)
    assert code == 0
    assert "new word" not in err
    assert "To be told" not in err
    said = pages(tmp_path)["2022.en.html"].decode()
    assert "nobody has accepted" not in said
    assert said.index("Changes of the exports that were accepted") > said.index('class="cards"')


def test_nothing_to_accept_is_said(raw, run):
    code, out, _ = run("accept", "--who", "Văn phòng", "--why", "đổi mẫu", "--lang", "en")
    assert (code, out) == (0, "There is nothing to accept: the exports are as they were.\n")


@pytest.mark.parametrize("arguments", [[], ["--who", "A"], ["--why", "B"], ["--who", " ", "--why", "B"]])
def test_an_acceptance_names_who_and_why(raw, run, arguments):
    code, _, err = run("accept", *arguments)
    assert code == 2
    assert "--wh" in err


def test_every_command_that_reads_names_the_changes(raw, run):
    put(raw, "ho-so_20221201.csv", month(11, words=("Đang xử lý", "Chờ thuế")))
    for command in (("clean",), ("figures", "2022", "--lang", "en")):
        code, _, err = run(*command)
        assert code == 0
        assert "new word “Chờ thuế”" in err
