"""Workers of a Dask cluster say what this process says, whichever of them does which block, and even if one of them dies."""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager

import openpyxl
import pandas as pd
import pytest
from patience import PATIENCE

from analysis import blocks, cluster, intake, stages, store
from analysis.__main__ import main
from analysis.cluster import on_cluster
from analysis.grids import FileProblem
from analysis.handbook_form import read_form
from analysis.store import load
from analysis.tally import count_exports

pytest.importorskip("distributed", reason="Dask is not installed; it is the extra `cluster`")

HEADER = "Mã hồ sơ,Tên TTHC,Đơn vị tiếp nhận,Hình thức nộp,Ngày tiếp nhận,Ngày hẹn trả,Ngày có kết quả"
SHOWN = ("dossiers", "history", "fates", "warnings", "ledger", "files", "problems", "coverage")
BY = (("channel",), ("procedure", "unit"))
LAST = sys.maxsize
"""The last message: every block is done, and no partition."""


def line(number):
    procedure = (
        ("Cấp phép", "CẤP PHÉP ", '"Sửa chữa, cải tạo"', "Sửa chữa")[number % 4] if number % 97 else '"hai\ndòng"'
    )
    received = "31/02/2022" if number % 41 == 0 else f"{number % 27 + 1:02}/0{number % 3 + 1}/2022 08:15"
    resolved = f"{number % 28 + 1:02}/04/2022" if number % 3 else ""
    return f"H99-{number % 331:05},{procedure},Cơ sở {number % 5},{number % 4 or 'bồ câu'},{received},15/04/2022,{resolved}"


class Cluster:
    """A scheduler and its workers, each a process that listens on the loopback only."""

    def __init__(self, folder, ended):
        self.folder, self.ended, self.workers = folder, ended, []
        self.file = folder / "scheduler.json"
        self._start("scheduler", "--port", "0", "--dashboard-address", "127.0.0.1:0", "--scheduler-file", self.file)
        self._wait_for(self.file.exists)

    @property
    def address(self):
        return pd.read_json(self.file, typ="series").address

    def add_worker(self):
        place = self.folder / f"worker-{len(self.workers)}"
        place.mkdir()
        self.workers.append(
            self._start(
                "worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", place,
                cwd=place,
            )
        )  # fmt: skip
        return self

    def wait_for_workers(self):
        from distributed import Client

        with Client(self.address) as client:
            client.wait_for_workers(len(self.workers), timeout=PATIENCE)
        return self

    def _start(self, *command, cwd=None):
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", command[0], *map(str, command[1:]), "--host", "127.0.0.1"],
                cwd=cwd or self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        self.ended.callback(process.wait)
        self.ended.callback(process.kill)
        return process

    def _wait_for(self, is_so):
        end = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < end, (self.folder / "log").read_text("utf-8")
            time.sleep(0.05)


@contextmanager
def started(folder, *, workers):
    """A cluster that is gone afterwards, whatever happens."""
    with ExitStack() as ended:
        found = Cluster(folder, ended)
        for _ in range(workers):
            found.add_worker()
        yield found.wait_for_workers() if workers else found


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A cluster of two workers."""
    with started(tmp_path_factory.mktemp("cluster"), workers=2) as found:
        yield found


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A working folder with three exports, of which two are read in a few dozen blocks and one cannot be read."""
    folder = tmp_path / "desk"
    (folder / "data/raw").mkdir(parents=True)
    for day, numbers in (("20220501", range(1, 700)), ("20220502", range(300, 800))):
        text = "\n".join([HEADER, *map(line, numbers), "Tổng cộng,,,,,,", ""])
        (folder / f"data/raw/ho-so_{day}.csv").write_text(text, "utf-8")
    (folder / "data/raw/picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n....")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(blocks, "HEAD", 4096)
    monkeypatch.setattr(blocks, "TAIL", 256)
    monkeypatch.setattr(blocks, "BLOCK", 3000)
    monkeypatch.setattr(intake, "IN_MEMORY", 0)
    monkeypatch.setattr(intake, "PART", 5000)
    monkeypatch.setattr(stages.Staged.partitions, "__kwdefaults__", {"lines": 200})
    return folder


def said(**options):
    """Everything that is said of the exports of the working folder, cleaned anew."""
    data = load("data/raw", **options)
    found = {name: getattr(data, name) for name in SHOWN} | {"as_of": data.as_of}
    found["parts"] = sorted(p.as_posix() for p in data_parts())
    (store.processed_folder(store.find("data/raw")) / "manifest.json").unlink()
    return found


def data_parts():
    return store.processed_folder(store.find("data/raw")).rglob("*.parquet")


def assert_same(one, other):
    for name in SHOWN:
        pd.testing.assert_frame_equal(one[name], other[name], check_exact=True, obj=name)
    assert (one["as_of"], one["parts"]) == (other["as_of"], other["parts"])


def assert_same_counts(one, other):
    for a, b in zip(one.events, other.events, strict=True):
        pd.testing.assert_frame_equal(a, b, check_exact=True)
    pd.testing.assert_frame_equal(one.ledger, other.ledger, check_exact=True)
    assert one.problems == other.problems


@pytest.mark.long
def test_workers_clean_to_the_same_tables_and_the_same_ledger(desk, two):
    told = []
    here = said(say=told.append)
    assert len(told) > 24, "a case of few blocks proves little"
    assert len([p for p in here["parts"] if "/dossiers/dossiers-" in p]) > 3
    with on_cluster(two.address) as run:
        assert_same(here, said(run=run))


@pytest.mark.long
def test_workers_count_to_the_same_digits(desk, two):
    here = count_exports("data/raw", by=BY)
    with on_cluster(two.address) as run:
        assert_same_counts(here, count_exports("data/raw", by=BY, run=run))
    assert [file for file, _ in here.problems] == ["picture.csv"]


@pytest.mark.long
def test_the_command_prints_with_a_scheduler_what_it_prints_without(desk, two, monkeypatch, capsys):
    printed = []
    for more in ([], ["--scheduler", two.address]):
        monkeypatch.setattr(sys, "argv", ["analysis", "count", "--by", "procedure,channel", *more])
        with pytest.raises(SystemExit) as end:
            main()
        printed.append((end.value.code, capsys.readouterr()))
    assert printed[0] == printed[1]
    assert printed[0][0] == 3
    assert printed[0][1].out.startswith("month,procedure,channel,received,")


@pytest.mark.long
def test_one_worker_says_what_two_say(desk, two, tmp_path):
    (tmp_path / "one").mkdir()
    with on_cluster(two.address) as run:
        counts = count_exports("data/raw", by=BY, run=run)
    with started(tmp_path / "one", workers=1) as one, on_cluster(one.address) as run:
        assert_same_counts(counts, count_exports("data/raw", by=BY, run=run))


@pytest.mark.skipif(os.name != "posix", reason="only POSIX kills a process at once")
@pytest.mark.parametrize("messages", [2, *(pytest.param(n, marks=pytest.mark.long) for n in (12, 24, LAST))])
def test_a_worker_that_is_killed_half_way_changes_nothing(desk, tmp_path, messages):
    told = []
    here = said(say=told.append)
    (tmp_path / "killed").mkdir()
    left = [min(messages, len(told))]
    with started(tmp_path / "killed", workers=2) as found, on_cluster(found.address) as run:
        doomed = found.workers[0]

        def kill(_):
            left[0] -= 1
            if not left[0]:
                doomed.send_signal(signal.SIGKILL)
                doomed.wait()

        assert_same(here, said(run=run, say=kill))
        assert doomed.returncode == -signal.SIGKILL
        assert found.workers[1].poll() is None


def test_an_address_where_nothing_answers_is_said_at_once():
    begin = time.monotonic()
    with (
        pytest.raises(FileProblem, match=r"^tcp://127\.0\.0\.1:9: no Dask scheduler answers there"),
        on_cluster("tcp://127.0.0.1:9", wait=1),
    ):
        pass
    assert time.monotonic() - begin < 10


def test_a_scheduler_without_workers_is_said_with_the_command_that_starts_some(tmp_path):
    with (
        started(tmp_path, workers=0) as found,
        pytest.raises(FileProblem, match=r"the scheduler has no worker; start some with `dask worker tcp://"),
        on_cluster(found.address, wait=1),
    ):
        pass


@pytest.mark.parametrize("command", ["count", "clean"])
def test_the_command_ends_with_3_and_one_line_where_no_scheduler_answers(desk, command):
    """In a process of its own, since what is left of a connection speaks up at the very end."""
    short = (
        "import sys; from analysis import cluster; from analysis.__main__ import main; "
        "cluster.on_cluster.__wrapped__.__kwdefaults__['wait'] = 1; sys.argv[0] = 'analysis'; main()"
    )
    asked = [sys.executable, "-c", short, command, "--scheduler", "tcp://127.0.0.1:9"]
    done = subprocess.run(asked, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE, check=False)
    problem = "tcp://127.0.0.1:9: no Dask scheduler answers there; start one, or leave out --scheduler."
    assert (done.returncode, done.stdout, done.stderr) == (3, "", f"analysis: {problem}\n")


def test_without_dask_the_package_to_install_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(FileProblem, match="pip install"), on_cluster(cluster.LOCAL):
        pass


@pytest.mark.long
def test_a_block_that_kills_every_worker_is_told_in_a_sentence():
    from distributed import KilledWorker

    class Gone:
        def result(self):
            raise KilledWorker("take", "worker", 3)

    class Client:
        def map(self, function, items, **_):
            return [Gone() for _ in items]

    with pytest.raises(FileProblem, match="every worker that took it died"):
        list(cluster._mapping(Client())(len, [[1]]))


@pytest.mark.long
def test_workers_correct_what_the_handbook_corrects(desk, two):
    told = [["", f"H99-{n:05}", "channel", "2", "1", "Nhầm", "Một cửa", "20/05/2022"] for n in (2, 26, 58, 330)]
    book = openpyxl.Workbook()
    book.active.title = "Điều chỉnh"
    for cells in ([column.names["vi"] for column in read_form().sheets["corrections"].read], *told):
        book.active.append(cells)
    book.save(desk / "data/raw/so-tay.xlsx")
    here = load("data/raw")
    tables = [here.corrected, here.read("uncorrected")]
    assert here.corrected.acts.sum() >= 4
    (store.processed_folder(store.find("data/raw")) / "manifest.json").unlink()
    with on_cluster(two.address) as run:
        there = load("data/raw", run=run)
    for one, other in zip(tables, [there.corrected, there.read("uncorrected")], strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)
