"""What a shell completes, and how fast: nothing slow is imported for it."""

import json
import os
import shlex
import shutil
import subprocess
import sys

import pytest
from click.shell_completion import ShellComplete
from patience import PATIENCE

from analysis.__main__ import cli


@pytest.fixture
def completed(tmp_path, monkeypatch):
    """What follows a beginning, in a folder whose exports were read."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data/processed").mkdir(parents=True)
    known = {"years": [2021, 2022], "units": ["Chi nhánh 1", "Sở Xây dựng"]}
    (tmp_path / "data/processed/manifest.json").write_text(json.dumps({"known": known}), "utf-8")
    (tmp_path / "reports/chi-nhanh-1").mkdir(parents=True)
    for name in ("2022.html", "index.html", "chi-nhanh-1/2022.html", "chi-nhanh-1/index.html"):
        (tmp_path / "reports" / name).touch()

    def complete(*words):
        found = ShellComplete(cli, {}, "analysis", "_ANALYSIS_COMPLETE").get_completions(list(words[:-1]), words[-1])
        return [item.value if item.type == "plain" else f"<{item.type}>" for item in found]

    return complete


def test_commands_come_in_the_order_in_which_they_are_needed(completed):
    assert completed("")[:3] == ["new", "start", "check"]
    assert completed("f") == ["figures", "form", "freeze"]


def test_periods_are_the_years_of_the_exports_and_then_their_parts(completed):
    assert completed("report", "") == ["2021", "2022"]
    assert completed("report", "2022-Q") == ["2022-Q1", "2022-Q2", "2022-Q3", "2022-Q4"]
    assert completed("figures", "2022-1") == ["2022-10", "2022-11", "2022-12"]
    assert completed("report", "2022", "2021-H") == ["2021-H1", "2021-H2"]


def test_units_columns_and_pages_are_completed(completed):
    assert completed("report", "2022", "--unit", "") == ["Chi nhánh 1", "Sở Xây dựng"]
    assert completed("count", "--by", "procedure") == ["procedure_code", "procedure"]
    assert completed("count", "--by", "unit,ch") == ["unit,channel"]
    assert completed("count", "--by", "channel,ch") == []
    assert completed("verify", "") == ["reports/2022.html", "reports/chi-nhanh-1/2022.html"]
    assert completed("report", "--data", "") == ["<file>"]
    assert completed("report", "--out", "") == ["<dir>"]
    assert completed("report", "--lang", "") == ["vi", "en"]


@pytest.mark.parametrize("manifest", [None, "", "[]", "{}", '{"known": {"years": 2022}}'])
def test_where_nothing_is_known_nothing_is_completed_and_nothing_is_said(completed, tmp_path, manifest, capsys):
    path = tmp_path / "data/processed/manifest.json"
    path.unlink()
    if manifest is not None:
        path.write_text(manifest)
    assert completed("report", "") == []
    assert capsys.readouterr() == ("", "")


def test_what_was_read_of_the_sample_is_known(sample, sample_folder):
    known = json.loads((sample_folder / "data/processed/manifest.json").read_text("utf-8"))["known"]
    assert known == {"years": [2021, 2022], "units": ["Sở Xây dựng"]}


def test_neither_help_nor_completion_imports_what_is_slow(root, tmp_path):
    code = (
        "import sys; from analysis.__main__ import cli; from click.shell_completion import ShellComplete\n"
        "cli.get_help(cli.make_context('analysis', ['check', 'x'], resilient_parsing=True))\n"
        "for words in (['report'], ['report', '--unit'], ['count', '--by'], ['verify']):\n"
        "    ShellComplete(cli, {}, 'analysis', 'X').get_completions(words, '')\n"
        "print(sorted({'pandas', 'numpy', 'pyarrow', 'nbformat', 'lxml', 'matplotlib'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True, text=True, check=False)  # fmt: skip
    assert run.stdout == "[]\n", run.stderr


def test_a_real_bash_completes_a_unit_with_spaces(completed, tmp_path, root):
    bash = shutil.which("bash")
    if not bash:
        pytest.skip("no bash on this machine")
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin/analysis"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m analysis "$@"\n')
    command.chmod(0o755)
    script = (
        'eval "$(_ANALYSIS_COMPLETE=bash_source analysis)"\n'
        'COMP_WORDS=(analysis report 2022 --unit S); COMP_CWORD=4; _analysis_completion analysis; echo "${COMPREPLY[@]}"\n'
    )
    environment = os.environ | {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(root)}
    run = subprocess.run([bash, "-c", script], cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False)  # fmt: skip
    assert run.stdout == "'Sở Xây dựng'\n", run.stderr
