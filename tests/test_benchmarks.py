"""The benchmark compares like with like: its export is as dirty as it says, and every contender gives the same answer."""

import collections
import csv
import importlib
import importlib.util
import os
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from analysis.files import read_export
from analysis.stages import judge
from analysis.states import settle
from analysis.tables import DOSSIERS
from analysis.vocabulary import fold, read_vocabulary

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
OPPONENTS = BENCHMARKS / ".packages"
"""Where `make bench` puts what only the opponents need."""
LINES = 6000
CONTENDERS = sorted(path.stem for path in BENCHMARKS.glob("with_*.py"))
NEEDS = {
    "with_cluster": "distributed",
    "with_polars": "polars",
    "with_polars_expert": "polars",
    "with_duckdb": "duckdb",
    "with_duckdb_expert": "duckdb",
}


def run(name, *arguments, cwd=None, needs=""):
    command = [sys.executable, "-W", "error", BENCHMARKS / f"{name}.py", *arguments]
    seen = os.environ | ({"PYTHONPATH": str(OPPONENTS)} if needs else {})
    done = subprocess.run(command, cwd=cwd, env=seen, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def skip_without(module):
    if not (OPPONENTS / module).is_dir() and importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not installed; `make bench` installs it")


@pytest.fixture(scope="module", autouse=True)
def _beside_the_scripts():
    """Modules of the benchmark are imported as they import each other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    path = tmp_path_factory.mktemp("big") / "big.csv"
    run("make_big", "--lines", str(LINES), "--out", path)
    return path


@pytest.fixture(scope="module")
def lines(big):
    """The lines of the export as they stand there."""
    with big.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def expected(big, tmp_path_factory):
    """What the library's own functions answer."""
    from task import read_answer

    folder = tmp_path_factory.mktemp("ours")
    run("with_ours", big, folder)
    return read_answer(folder)


# --- the export ------------------------------------------------------------------------------------------------------


def test_the_export_is_made_byte_for_byte_the_same_again(big, tmp_path):
    run("make_big", "--lines", str(LINES), "--out", tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == big.read_bytes()


def test_it_has_as_many_lines_as_asked_for_and_the_headings_of_the_sample(lines, root):
    with (root / "data/raw/sample/ho-so-2021_20220105.csv").open(encoding="utf-8-sig") as sample:
        assert list(lines[0]) == sample.readline().strip().split(",")
    assert len(lines) == LINES


def test_it_is_utf_8_with_a_mark_and_windows_line_ends_and_quotes_only_where_a_comma_stands(big):
    content = big.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == LINES + 1
    first = content.decode("utf-8-sig").splitlines()[1:200]
    assert {'"' in line for line in first} == {True, False}


def test_a_code_stands_once_however_many_blocks_are_written(tmp_path):
    run("make_big", "--lines", "60000", "--out", tmp_path / "blocks.csv")
    with (tmp_path / "blocks.csv").open(encoding="utf-8-sig", newline="") as file:
        codes = collections.Counter(line["Mã hồ sơ"].strip() for line in csv.DictReader(file))
    del codes[""]
    assert max(codes.values()) <= 3
    assert sum(count - 1 for count in codes.values()) == pytest.approx(60000 * 0.055, rel=0.02)


def test_no_person_is_named(lines):
    assert {line["Người nộp"].rstrip("0123456789") for line in lines} == {"Người nộp "}


def test_a_channel_is_written_in_four_spellings_one_of_them_decomposed(lines):
    spelt = {line["Kênh tiếp nhận"] for line in lines if fold(line["Kênh tiếp nhận"]) == "truc tuyen"}
    assert spelt == {"Trực tuyến", "TRỰC TUYẾN", "truc tuyen", unicodedata.normalize("NFD", "Trực tuyến")}


def test_every_word_and_heading_but_one_channel_is_in_the_vocabulary(big, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    vocabulary = read_vocabulary()
    (export,) = read_export(big, vocabulary=vocabulary)
    assert (export.table, export.unknown, export.personal) == ("dossiers", [], ["Người nộp"])
    warnings = settle([judge(export, vocabulary=vocabulary)], "dossiers").warnings()
    assert set(warnings[warnings.reason == "unmapped_word"].value) == {"Kênh thử nghiệm"}


def test_one_line_in_twenty_is_a_later_state_and_one_in_two_hundred_a_copy(expected):
    assert expected.lines["superseded"] == pytest.approx(LINES * 0.05, rel=0.1)
    assert expected.lines["repeated"] == pytest.approx(LINES * 0.005, rel=0.2)


def test_one_line_in_a_hundred_is_damaged_in_each_of_the_ways_that_reject_it(expected):
    from task import REASONS, WITHHELD

    assert set(expected.lines) == {"kept", "superseded", "repeated", WITHHELD, *REASONS}
    assert sum(expected.lines[reason] for reason in REASONS) == pytest.approx(LINES * 0.01 * 6 / 7, rel=0.25)


def test_the_later_state_of_a_dossier_is_resolved_on_a_later_day_than_it_was_received(lines):
    states = collections.defaultdict(list)
    for line in lines:
        states[line["Mã hồ sơ"].strip()].append((line["Ngày nhận"], line["Ngày kết thúc xử lý"]))
    pairs = [sorted(set(of), key=lambda days: days[1]) for of in states.values() if len(set(of)) == 2]
    days = [(pd.to_datetime(of[1][0], format="%d/%m/%Y %H:%M"), of[1][1]) for of in pairs if of[0][1] == ""]
    later = [pd.to_datetime(end, format="%d/%m/%Y %H:%M").normalize() > came for came, end in days if end[:1].isdigit()]
    assert len(later) > LINES * 0.04
    assert all(later)


def test_a_workbook_of_so_many_lines_says_the_same_as_the_csv(big, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("one.xlsx", "two.xlsx"):
        run("make_big", "--lines", str(LINES), "--out", tmp_path / name)
    parts = [{i.filename: z.read(i) for i in z.infolist()} for z in map(zipfile.ZipFile, tmp_path.glob("*.xlsx"))]
    assert parts[0] == parts[1]
    words = read_vocabulary()
    both = [read_export(path, vocabulary=words)[0] for path in (big, tmp_path / "one.xlsx")]
    rows = [
        settle([judge(export, vocabulary=words)], "dossiers").cleaned().rows[list(DOSSIERS.columns)] for export in both
    ]
    pd.testing.assert_frame_equal(*rows)


# --- the contenders --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("contender", CONTENDERS)
def test_every_contender_answers_as_the_library_does(contender, big, expected, tmp_path):
    from task import difference, read_answer

    if module := NEEDS.get(contender):
        skip_without(module)
    run(contender, big, tmp_path, cwd=tmp_path, needs=module)
    assert difference(read_answer(tmp_path), expected) == ""


def test_the_answer_adds_up_to_the_lines_and_to_the_dossiers(expected):
    assert sum(expected.lines.values()) == LINES
    for group in ("procedure", "unit"):
        counts = [numbers for key, numbers in expected.counts.items() if key[0] == group]
        assert sum(numbers[0] + numbers[-1] for numbers in counts) == expected.lines["kept"]


def test_a_differing_answer_is_said_with_the_place_where_it_differs(expected):
    from task import difference

    key = ("unit", "Sở Xây dựng", "2022-03", "online")
    assert key in expected.counts
    other = expected._replace(counts=expected.counts | {key: (0,) * 9})
    assert difference(other, expected).startswith(f"{key}: (0, 0, 0, 0, 0, 0, 0, 0, 0), expected (")


@pytest.mark.parametrize("way", ["ours", "pandas-openpyxl", "pandas-calamine", "calamine"])
def test_every_reader_of_workbooks_reads_all_lines(way, tmp_path):
    needs = "openpyxl" if way == "pandas-openpyxl" else ""
    if needs:
        skip_without(needs)
    run("make_big", "--lines", "300", "--out", tmp_path / "small.xlsx")
    assert run("read_xlsx", tmp_path / "small.xlsx", way, needs=needs).strip() == "300"


# --- the measuring ---------------------------------------------------------------------------------------------------


def test_the_cost_of_a_command_is_that_of_its_children_and_of_what_they_leave_behind(tmp_path):
    from measure import measure

    work = "import time; t = time.process_time()\nwhile time.process_time() - t < 0.3: pass"
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {work!r}])"
    cost, _ = measure([sys.executable, "-c", orphan], cwd=tmp_path)
    assert cost.cpu > 0.3


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="the benchmark runs where there is os.wait4")
def test_the_peak_counts_what_a_child_holds(tmp_path):

    hold = "import time; held = bytearray(200_000_000); time.sleep(0.3)"
    child = ["sh", "-c", f'"{sys.executable}" -c "{hold}"; true']
    # Measured from a small process: the high mark of a new one begins at the size of the one that made it.
    code = f"from measure import measure; print(measure({child!r}, cwd={str(tmp_path)!r})[0].peak)"
    said = subprocess.run([sys.executable, "-c", code], cwd=BENCHMARKS, capture_output=True, text=True, check=True)
    assert 200e6 < float(said.stdout) < 300e6


def test_a_command_that_fails_is_no_measurement(tmp_path):
    from measure import CommandError, measure

    with pytest.raises(CommandError, match="ended with 3:\nno such luck"):
        measure(["sh", "-c", "echo no such luck; exit 3"], cwd=tmp_path)


def test_a_target_is_held_against_the_ratio_within_each_round():
    bench = importlib.import_module("bench")
    ours = [bench.Run(wall=1, cpu=cpu, peak=100) for cpu in (1, 2, 9)]
    theirs = [bench.Run(wall=1, cpu=cpu, peak=100) for cpu in (10, 20, 30)]
    results = {"lines 1000000": {"ours": ours, "polars, by an expert": theirs}}
    found = {t.text: bench.measured(t, results) for t in bench.TARGETS}
    assert found["1M: CPU, of polars by an expert"] == 0.1
    assert found["1M: peak, MB"] == 100
    assert found["5M: CPU, of that at 1M"] is None


def test_what_is_taken_off_is_taken_off_that_side_alone():
    bench = importlib.import_module("bench")
    costs = {"ours": 4, "ours, by two workers": 7, "the workers' start alone": 2, "floor: the imports": 1}
    runs = {name: [bench.Run(wall=1, cpu=cpu, peak=100)] for name, cpu in costs.items()}
    found = {t.text: bench.measured(t, {"dask": runs}) for t in bench.TARGETS}
    assert found["Dask: CPU, of the local blocks, its start aside"] == (7 - 2) / 4
    again = {"from data/processed": 2, "cold": 11, "floor: the imports": 1}
    runs = {name: [bench.Run(wall=1, cpu=cpu, peak=100)] for name, cpu in again.items()}
    found = {t.text: bench.measured(t, {"rerun": runs}) for t in bench.TARGETS}
    assert found["re-run: CPU, of the cold run, imports aside"] == (2 - 1) / (11 - 1)


def test_every_target_names_contenders_that_are_measured():
    bench = importlib.import_module("bench")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bench, "export", lambda lines, suffix=".csv": Path("none"))
        made = {
            "xlsx": bench.of_xlsx(),
            "reports": bench.of_reports(),
            "rerun": bench.of_rerun(1),
            "dask": bench.of_dask(1),
        }
        made |= {f"lines {size}": bench.of_lines(size) for size in (100_000, 1_000_000, 5_000_000)}
    known = {(key, contender.name) for key, section in made.items() for contender in section.contenders}
    named = {key for target in bench.TARGETS for key in target if isinstance(key, tuple)}
    assert named <= known


def test_contenders_that_answer_differently_are_not_compared(tmp_path):
    bench = importlib.import_module("bench")
    say = [bench.Contender(f"says {n}", [sys.executable, "-c", f"print({n})"], answers="printed") for n in (1, 1, 2)]
    with pytest.raises(bench.click.ClickException, match="says 2 does not answer as says 1: '2', expected '1'"):
        bench.run_section(bench.Section("", say), rounds=1, lines=0)
    alike = bench.run_section(bench.Section("", say[:2]), rounds=2, lines=0)
    assert {name: len(runs) for name, runs in alike.items()} == {"says 1": 4}


def test_a_contender_is_left_out_where_its_package_is_missing_or_the_lines_are_too_many():
    bench = importlib.import_module("bench")
    ways = [bench.Contender("first", ["true"], answers=""), bench.Contender("rare", ["true"], needs="no_such_module")]
    ways.append(bench.Contender("slow", ["true"], up_to=1000))
    assert list(bench.run_section(bench.Section("", ways), rounds=1, lines=1001)) == ["first"]
