"""The file to double-click on Windows: held to what a batch file can get wrong and, where there is a Wine, run."""

import itertools
import os
import re
import shutil
import subprocess

import pytest
from patience import PATIENCE

NAME = "bat-dau.cmd"


@pytest.fixture(scope="module")
def content(root):
    return (root / NAME).read_bytes()


@pytest.fixture(scope="module")
def lines(content):
    return [line.strip() for line in content.decode("ascii").splitlines()]


def test_it_is_ascii_with_the_line_ends_of_windows(content):
    assert content.isascii(), "a window may show another code page"
    assert content.count(b"\r\n") == content.count(b"\n") > 50
    assert content.endswith(b"\r\n")


def test_every_label_that_is_jumped_to_stands_there_once_and_none_for_nothing(lines):
    labels = [line[1:] for line in lines if re.match(r":\w", line)]
    jumps = {name for line in lines for name in re.findall(r"(?:goto |call :)(\w+)", line)}
    assert len(labels) == len(set(labels))
    falls = {after[1:] for line, after in itertools.pairwise(lines) if after.startswith(":") and line}
    assert jumps == set(labels) - (falls - jumps)
    assert "run" in jumps


def test_every_program_it_starts_is_asked_whether_it_succeeded(lines):
    run = [number for number, line in enumerate(lines) if re.match(r'"%\w+%"|"%~1"|pushd|rd ', line)]
    assert len(run) > 8
    asked = [lines[number + 1] for number in run]
    assert not [line for line in asked if not re.search(r"errorlevel 1|%ERRORLEVEL%", line)]


def test_every_end_is_one_that_waits_for_a_key_unless_all_is_well(lines):
    text = "\n".join(lines)
    assert text.count("pause") == 1
    told = re.findall(r"(?ms)^:no_\w+\n(.*?)(?=^:)", text)
    assert len(told) == 5
    assert all(block.count("echo ") >= 2 and 'set "CODE=5"' in block for block in told), "in both languages"


def test_paths_stand_in_quotation_marks_and_exclamation_marks_in_them_are_left_alone(lines):
    assert "setlocal EnableExtensions DisableDelayedExpansion" in lines
    bare = [line for line in lines if re.search(r'(?<!["=\w\\])%(?:PYTHON|BASE|KNOWN|FOUND|~dp0|~1)%?(?!["\w])', line)]
    assert not bare
    assert not [line for line in lines if re.search(r"\$\(|\bfi$|\[\[|&&|\|\|", line)], "that is for other shells"


def test_it_takes_the_versions_that_the_package_takes(lines, root):
    low, high = re.search(
        r'requires-python = ">=3\.(\d+),<3\.(\d+)"', (root / "pyproject.toml").read_text("utf-8")
    ).groups()
    (asked,) = {found for line in lines for found in re.findall(r"\(3, (\d+)\) <= .* <= \(3, (\d+)\)", line)}
    assert (int(asked[0]), int(asked[1])) == (int(low), int(high) - 1)
    launched = next(re.findall(r"3\.(\d+)", line) for line in lines if "try_launcher %%V" in line)
    assert sorted(map(int, launched)) == list(range(int(low), int(high)))


FAKE = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>
static int is(int n, char **a, int at, const char *word) { return n > at && !strcmp(a[at], word); }
int main(int n, char **a) {
  char self[2000]; GetModuleFileNameA(0, self, 2000);
  int of_venv = strstr(self, ".venv") != 0, of_known = strstr(self, "known") != 0;
  FILE *log = fopen(getenv("FAKE_LOG"), "a");
  fprintf(log, of_venv ? "venv" : of_known ? "known" : "base");
  for (int i = 1; i < n; i++) fprintf(log, "|%s", a[i]);
  fprintf(log, "\n"); fclose(log);
  if (is(n, a, 1, "-c")) return getenv("FAKE_OLD") != 0;
  if (is(n, a, 2, "venv")) {
    if (getenv("FAKE_NO_VENV")) return 1;
    CreateDirectoryA(".venv", 0); CreateDirectoryA(".venv\\Scripts", 0);
    return !CopyFileA(self, ".venv\\Scripts\\python.exe", 0);
  }
  if (is(n, a, 2, "pip")) {
    char *fails = getenv("FAKE_PIP");
    if (fails && (!strcmp(fails, "all") || strchr(a[n - 1], '['))) return 1;
    fclose(fopen(".venv\\installed", "w"));
    return 0;
  }
  if (is(n, a, 3, "--version"))
    return of_venv ? GetFileAttributesA(".venv\\installed") == INVALID_FILE_ATTRIBUTES : !of_known;
  if (is(n, a, 3, "start")) return getenv("FAKE_CODE") ? atoi(getenv("FAKE_CODE")) : 0;
  return 0;
}
"""
"""A python.exe that writes down how it was called, and ends as it is told to."""


@pytest.fixture(scope="module")
def wine(tmp_path_factory):
    """Wine and a Python for it that is none; both are rare, so that nobody has to have them."""
    found = shutil.which("wine64", path=os.environ["PATH"] + ":/usr/lib/wine") or shutil.which("wine")
    compiler = shutil.which("x86_64-w64-mingw32-gcc")
    if not (found and compiler):
        pytest.skip("no Wine, or no compiler for Windows, on this machine")
    place = tmp_path_factory.mktemp("wine")
    (place / "fake.c").write_text(FAKE, "utf-8")
    for folder in ("bin", "known"):
        (place / folder).mkdir()
        subprocess.run([compiler, "-o", place / folder / "python.exe", place / "fake.c"], check=True)
    return found, place


@pytest.fixture
def double_click(wine, tmp_path, root):
    """Start the file in a folder with a hard name; gives what was called, the exit code and what the window shows."""
    found, place = wine
    desk, log = tmp_path / "Sở & một cửa (2022)!", tmp_path / "log"
    desk.mkdir()
    shutil.copy(root / NAME, desk)

    def start(*dropped, path="bin", known="", **how):
        log.write_text("")
        if known:
            text = (
                (root / NAME).read_text("utf-8").replace('set "KNOWN="', f'set "KNOWN=Z:{place / known}\\python.exe"')
            )
            (desk / NAME).write_bytes(text.replace("\n", "\r\n").encode())
        environment = os.environ | how | {
            "WINEPREFIX": str(place / "prefix"), "WINEDEBUG": "-all", "DISPLAY": "", "FAKE_LOG": f"Z:{log}",
            "WINEPATH": f"Z:{place / path}",
        }  # fmt: skip
        run = subprocess.run(
            [found, "cmd", "/c", NAME, *dropped], cwd=desk, env=environment, input="\r\n", capture_output=True, text=True,
            timeout=PATIENCE, check=False,
        )  # fmt: skip
        called = [line.replace("|", " ") for line in log.read_text("utf-8", "replace").splitlines()]
        return [line for line in called if " -c " not in line and "--version" not in line], run.returncode, run.stdout

    return desk, start


PIP = "venv -m pip install --quiet --disable-pip-version-check"


@pytest.mark.long
def test_it_sets_up_once_from_wheels_and_from_then_on_only_starts(double_click):
    desk, start = double_click
    (desk / "wheels").mkdir()
    called, code, shown = start(r"D:\xuat ra\a.xlsx")
    assert called == [
        "base -m venv --clear .venv",
        f"{PIP} --no-index --find-links wheels one-stop-analysis[lab,notify,word]",
        r"venv -m analysis start D:\xuat ra\a.xlsx",
    ]
    assert (code, "Dang cai dat" in shown) == (0, True)
    called, code, shown = start(FAKE_CODE="3")
    assert (called, code) == (["venv -m analysis start"], 3)
    assert "Chua xong het (ma 3)" in shown


@pytest.mark.long
@pytest.mark.parametrize(
    ("given", "how", "called", "shown"),
    [
        ("wheels", {"path": "nowhere"}, [], "Khong tim thay Python"),
        ("wheels", {"FAKE_OLD": "1"}, [], "Khong tim thay Python"),
        ("", {}, [], "khong co thu muc wheels"),
        ("wheels", {"FAKE_NO_VENV": "1"}, ["base -m venv"], "Khong tao duoc"),
        ("wheels", {"FAKE_PIP": "all"}, ["base -m venv", PIP, PIP], "Khong cai duoc"),
    ],
)
def test_what_is_missing_is_told_and_the_window_stays(double_click, given, how, called, shown):
    desk, start = double_click
    if given:
        (desk / given).mkdir()
    found, code, window = start(**how)
    assert [line[: len(begin)] for line, begin in zip(found, called, strict=True)] == called
    assert (code, shown in window) == (5, True), window
    assert not (desk / ".venv/installed").exists()


@pytest.mark.long
def test_extras_that_are_not_among_the_wheels_do_not_stop_it_and_a_clone_is_set_up_from_its_lock(double_click):
    desk, start = double_click
    (desk / "pyproject.toml").touch()
    called, code, _ = start()
    assert called[1:] == [
        f"{PIP} --require-hashes -r requirements.lock",
        f"{PIP} --no-build-isolation --no-deps -e .",
        "venv -m analysis start",
    ]
    (desk / "wheels").mkdir()
    (desk / ".venv/installed").unlink()
    called, code, _ = start(FAKE_PIP="extras")
    assert called[2:] == [f"{PIP} --no-index --find-links wheels one-stop-analysis", "venv -m analysis start"]
    assert code == 0


@pytest.mark.long
def test_the_python_that_a_new_folder_names_is_used_without_setting_up(double_click):
    _, start = double_click
    assert start(known="known")[:2] == (["known -m analysis start"], 0)
