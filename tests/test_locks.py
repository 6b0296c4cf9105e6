"""Locks: one process at a time, also where the folder knows no locks; a lock of a process that died stops nobody."""

import errno
import fcntl
import os
import subprocess
import sys

import pytest
from filelock import Timeout

from analysis.locks import take
from analysis.publication import ReportBusy, hold

WITHOUT = [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP]

OF_ANOTHER = """
import errno, fcntl, os, sys
from pathlib import Path
def flock(*_):
    raise OSError(int(sys.argv[2]), "no locks here")
fcntl.flock = flock
from analysis.locks import take
lock = take(Path(sys.argv[1]))
print("taken", flush=True)
sys.stdin.read(1)
os._exit(0)
"""


@pytest.fixture
def without_locks(monkeypatch):
    """Let every folder be on a drive that knows no locks."""

    def lacking(code):
        def flock(*_):
            raise OSError(code, os.strerror(code))

        monkeypatch.setattr(fcntl, "flock", flock)

    return lacking


@pytest.mark.parametrize("code", WITHOUT)
@pytest.mark.filterwarnings("error")
def test_where_the_folder_knows_no_locks_a_file_names_the_holder(tmp_path, without_locks, code):
    without_locks(code)
    with take(tmp_path / ".2022.html.lock"):
        (file,) = [path for path in tmp_path.iterdir() if path.stat().st_size]
        assert file.read_text("utf-8").split()[0] == str(os.getpid())
        with pytest.raises(Timeout):
            take(tmp_path / ".2022.html.lock")
    with take(tmp_path / ".2022.html.lock"):
        pass


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOSYS])
def test_a_file_of_a_process_that_lives_is_respected_and_that_of_a_dead_one_taken_over(tmp_path, without_locks, code):
    without_locks(code)
    path = tmp_path / ".2022.html.lock"
    another = [sys.executable, "-c", OF_ANOTHER, str(path), str(code)]
    with subprocess.Popen(another, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "taken\n"
        with pytest.raises(Timeout):
            take(path)
        process.communicate("x")
    left = [each.name for each in tmp_path.iterdir() if each.stat().st_size]
    assert left, "it died without letting go"
    with take(path):
        pass


def test_a_file_of_another_machine_is_left_alone(tmp_path, without_locks):
    without_locks(errno.ENOLCK)
    path = tmp_path / ".2022.html.lock"
    with take(path):
        (file,) = tmp_path.glob("*.file")
        number, host, *rest = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([number, f"not-{host}", *rest]), encoding="utf-8")
    with pytest.raises(Timeout):
        take(path)


def test_any_other_error_is_told(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OSError, match=r"file"):
        take(tmp_path / "file" / ".2022.html.lock")


def test_a_page_that_another_run_holds_is_busy_where_there_are_no_locks_either(tmp_path, without_locks):
    from contextlib import ExitStack

    without_locks(errno.ENOLCK)
    with ExitStack() as first, ExitStack() as second:
        assert hold(tmp_path / "2022.html", first) is None
        assert isinstance(hold(tmp_path / "2022.html", second), ReportBusy)
