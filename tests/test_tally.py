"""Counting without rows says what the rows say, and every line is counted."""

import sys
import weakref

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import blocks, intake, stages, tally
from analysis.__main__ import main
from analysis.counts import CHANNELS, EVENTS, add_counts, count_events
from analysis.store import load
from analysis.tables import FATES
from analysis.tally import count_exports, write_counts

HEADER = "Mã hồ sơ,Tên TTHC,Đơn vị tiếp nhận,Hình thức nộp,Ngày tiếp nhận,Ngày hẹn trả,Ngày có kết quả,Trạng thái"
MESSY = [
    *(f"H-{n:03},Cấp phép {n % 3},Cơ sở {n % 2},{n % 2 + 1},{n % 27 + 1:02}/01/2022 08:15,10/02/2022,," for n in range(90)),
    "H-001,Cấp phép 1,Cơ sở 1,2,02/01/2022 08:15,10/02/2022,,",
    "H-002,Cấp phép 2,Cơ sở 0,1,03/01/2022 08:15,10/02/2022,11/02/2022,",
    "H-003,Cấp phép 0,Cơ sở 1,2,31/02/2022,10/02/2022,,",
    "H-004,cấp  phép 1,,bồ câu,05/01/2022,,,",
    "H-200,,,,05/03/2022,,04/03/2022,",
    "H-201,Cấp phép 1,Cơ sở 1,1,05/03/2022,05/04/2022,06/03/2022,Rút hồ sơ",
    "H-202,Cấp phép 1,Cơ sở 1,1,05/03/2022,05/04/2022,,Không được tiếp nhận",
    ",Cấp phép 1,Cơ sở 1,1,05/03/2022,05/04/2022,,",
    "Tổng cộng,,,,,,,97",
]  # fmt: skip
BY = (("channel",), ("procedure", "channel"), ("unit",), ())


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A working folder with one messy export."""
    (tmp_path / "data/raw").mkdir(parents=True)
    (tmp_path / "data/raw/a_20220501.csv").write_text("\n".join([HEADER, *MESSY, ""]), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command as a shell would; its exit code and what it printed."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["analysis", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code or 0, *capsys.readouterr()

    return run


def by_text(events):
    """Counts with their groups as text, since a table read from disk has them as categories."""
    return events.astype({c: "str" for c in events if c not in {*EVENTS, "day", "month"}})


# --- rows and counts -------------------------------------------------------------------------------------------------


def test_the_sample_is_counted_as_its_rows_are(sample_folder, sample):
    counted = count_exports(sample_folder / "data/raw", by=BY)
    assert not counted.problems
    for columns, events in zip(BY, counted.events, strict=True):
        pd.testing.assert_frame_equal(events, count_events(sample.dossiers, by=columns, per="month"))
    pd.testing.assert_frame_equal(counted.ledger, sample.ledger)


@pytest.mark.parametrize("per", ["month", "day"])
@pytest.mark.parametrize("small", [False, True], ids=["in memory", "in small blocks"])
def test_a_messy_export_is_counted_as_its_rows_are(desk, monkeypatch, per, small):
    data = load("data/raw")
    expected = [count_events(data.dossiers, by=columns, per=per) for columns in BY]
    if small:
        for name, size in (("HEAD", 1500), ("TAIL", 200), ("BLOCK", 900)):
            monkeypatch.setattr(blocks, name, size)
        monkeypatch.setattr(intake, "IN_MEMORY", 0)
        monkeypatch.setattr(intake, "PART", 600)
        monkeypatch.setattr(stages.Staged.partitions, "__kwdefaults__", {"lines": 9})
    counted = count_exports("data/raw", by=BY, per=per)
    for found, wanted in zip(counted.events, expected, strict=True):
        pd.testing.assert_frame_equal(by_text(found), by_text(wanted))
    pd.testing.assert_frame_equal(counted.ledger, data.ledger)


def test_the_fates_of_lines_add_up_to_the_lines_of_the_file(desk):
    ledger = count_exports("data/raw").ledger
    assert ledger.lines.sum() == len(MESSY) + 1
    assert set(ledger.fate) == set(FATES), "each fate is met in this case"


def test_every_dossier_that_is_kept_is_received_or_not_accepted_once(desk):
    counted = count_exports("data/raw")
    kept = counted.ledger.lines[counted.ledger.fate == "kept"].sum()
    assert counted.events[0][["received", "not_accepted"]].sum().sum() == kept


def test_exports_without_a_dossier_have_counts_of_none(desk):
    (desk / "data/raw/a_20220501.csv").write_text("Ngày họp,Hình thức họp\n03/01/2022,Trực tuyến\n", encoding="utf-8")
    (events,) = count_exports("data/raw").events
    assert events.empty
    assert list(events) == ["month", "channel", *EVENTS]


def test_counts_are_added_as_they_come_so_that_few_are_held():
    alive, most = [], 0

    def parts(number):
        nonlocal most
        for _ in range(number):
            part = pd.DataFrame({"channel": ["online"], "received": [1]})
            alive.append(weakref.ref(part))
            most = max(most, sum(held() is not None for held in alive))
            yield [part], pd.DataFrame({"fate": ["kept"], "lines": [1]})
            del part

    events, ledger = tally._added(parts(100))
    assert (events[0].received.sum(), ledger.lines.sum()) == (100, 100)
    assert most <= tally.HELD + 2


def test_nothing_is_kept_in_data_processed(desk):
    count_exports("data/raw")
    assert [p.name for p in (desk / "data/processed").iterdir()] == [".lock"]


# --- counts add ------------------------------------------------------------------------------------------------------

DAYS = pd.Series(pd.to_datetime(["2022-01-03", "2022-01-31", "2022-02-01", "2023-12-31", None]))
DOSSIER = st.fixed_dictionaries({
    "channel": st.sampled_from([*CHANNELS, None]), "unit": st.sampled_from(["Cơ sở 1", "Cơ sở 2", None]),
    "source_system": st.just("one-stop"), "status": st.sampled_from(["resolved", "withdrawn", "not_accepted", "pending"]),
    "received_on": st.sampled_from(DAYS[:4].tolist()),
    **{day: st.sampled_from(DAYS.tolist()) for day in ("first_due_on", "resolved_on", "closed_on")},
})  # fmt: skip


def dossiers(lines):
    table = pd.DataFrame(lines)
    return table.astype({c: "datetime64[us]" if c.endswith("_on") else "str" for c in table})


@settings(deadline=None)
@given(st.lists(DOSSIER, min_size=1, max_size=30), st.data())
def test_counts_do_not_depend_on_how_the_parts_were_cut(lines, data):
    whole = dossiers(lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(lines)), max_size=5)))
    order = data.draw(st.permutations(range(len(cuts) + 1)))
    parts = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(lines)], strict=True)]
    for per in ("day", "month"):
        counted = [count_events(parts[i], by=["channel", "unit"], per=per) for i in order]
        pd.testing.assert_frame_equal(add_counts(counted), count_events(whole, by=["channel", "unit"], per=per))


@settings(deadline=None)
@given(st.lists(DOSSIER, min_size=1, max_size=30))
def test_the_count_of_a_month_is_the_sum_of_its_days(lines):
    whole = dossiers(lines)
    of_days = count_events(whole, by=["channel"])
    summed = of_days.assign(day=of_days.day.dt.to_period("M").dt.to_timestamp()).rename(columns={"day": "month"})
    months = add_counts([summed.astype({"month": "datetime64[us]"})])
    pd.testing.assert_frame_equal(count_events(whole, by=["channel"], per="month"), months)


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_prints_a_table_and_says_how_many_lines_it_has(desk, run):
    code, out, err = run("count", "--by", "unit")
    assert code == 0
    assert out.startswith("month,unit,received,")
    assert f"{len(MESSY) + 1} lines = " in err


def test_a_bad_file_is_named_and_stops_no_other_and_the_command_ends_with_3(desk, run):
    (desk / "data/raw/picture.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n....")
    without = count_exports("data/raw/a*.csv")
    assert [file for file, _ in count_exports("data/raw").problems] == ["picture.xlsx"]
    code, out, err = run("count")
    assert code == 3
    assert "analysis: picture.xlsx: is a PNG picture" in err
    assert out == without.events[0].to_csv(index=False, lineterminator="\n")


@pytest.mark.parametrize("column", ["chanel", "channel,chanel", "chanel,unit"])
def test_an_unknown_column_is_a_mistake_that_names_the_nearest(desk, run, column):
    code, out, err = run("count", "--by", column)
    assert (code, out) == (2, "")
    assert "--by chanel: there is no such column; nearest is channel." in err


@pytest.mark.parametrize("column", ["dossier_id", "received_on"])
def test_nothing_is_counted_by_code_or_by_instant(desk, run, column):
    assert run("count", "--by", column)[0] == 2


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_each_table_is_a_file_named_for_its_columns(desk, run, suffix):
    code, out, _ = run("count", "--by", "procedure,channel", "--by", "unit", "--out", f"counts{suffix}")
    assert code == 0
    names = [f"counts-procedure-channel{suffix}", f"counts-unit{suffix}"]
    assert out.splitlines() == names
    expected = count_exports("data/raw", by=[["procedure", "channel"], ["unit"]]).events
    for name, events in zip(names, expected, strict=True):
        if suffix == ".parquet":
            found = pd.read_parquet(desk / name)
        else:
            found = pd.read_csv(desk / name, parse_dates=["month"], keep_default_na=False)
        pd.testing.assert_frame_equal(found, events, check_dtype=False)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_file_of_counts_is_whole_or_as_it_was(tmp_path, monkeypatch, suffix):
    events = pd.DataFrame({"channel": ["online"], "received": [1]})
    path = write_counts(events, tmp_path / f"counts{suffix}", ["channel"])
    before = path.read_bytes()

    def half(self, part, **_):
        part.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", half)
    monkeypatch.setattr(pd.DataFrame, "to_parquet", half)
    with pytest.raises(OSError, match="No space"):
        write_counts(events, tmp_path / f"counts{suffix}", ["channel"])
    assert path.read_bytes() == before


def test_lateness_is_judged_by_days_since_partitions_do_not_see_each_other():
    assert "rule" not in tally.count_exports.__kwdefaults__


def test_a_text_that_a_spreadsheet_would_run_is_no_formula_in_csv_and_as_it_is_in_parquet(tmp_path):
    events = pd.DataFrame({"unit": ["=1+1", "-2", "a=b"], "received": [1, 2, 3]})
    csv = write_counts(events, tmp_path / "counts.csv", ["unit"])
    assert csv.read_text("utf-8-sig").splitlines() == ["unit,received", "'=1+1,1", "'-2,2", "a=b,3"]
    parquet = write_counts(events, tmp_path / "counts.parquet", ["unit"])
    pd.testing.assert_frame_equal(pd.read_parquet(parquet), events)


def test_a_folder_that_is_not_there_is_told_before_anything_is_counted(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["analysis", "count", "--out", str(tmp_path / "nowhere/counts.csv")])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert "there is no folder" in capsys.readouterr().err
