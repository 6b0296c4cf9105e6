"""Colours are for eyes: on a terminal, unless NO_COLOR says no, and nowhere else."""

import os
import subprocess
import sys

import pytest

SAYS = [sys.executable, "-c", "from analysis.commands import complain; complain('a.csv: 0 bytes')"]
RED, PLAIN = b"\x1b[31manalysis:\x1b[0m a.csv: 0 bytes", b"analysis: a.csv: 0 bytes"


@pytest.mark.skipif(os.name == "nt", reason="a terminal of Unix")
@pytest.mark.parametrize(("no_color", "seen"), [("", RED), ("1", PLAIN)])
def test_a_complaint_is_red_on_a_terminal_unless_no_color_is_wanted(root, no_color, seen):
    ours, theirs = os.openpty()
    environment = os.environ | {"PYTHONPATH": str(root), "NO_COLOR": no_color}
    subprocess.run(SAYS, env=environment, stderr=theirs, check=True)
    assert os.read(ours, 1000).strip() == seen
    os.close(ours)
    os.close(theirs)


def test_a_complaint_has_no_colour_in_a_file(root):
    run = subprocess.run(
        SAYS, env=os.environ | {"PYTHONPATH": str(root), "NO_COLOR": ""}, capture_output=True, check=True
    )
    assert run.stderr.strip() == PLAIN


def test_a_status_is_painted_by_what_it_says(monkeypatch):
    from analysis.commands_status import _painted

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert [_painted(line)[:5] for line in ("FAILED since", "stale: exports", "up to date")] == [
        "\x1b[31m",
        "\x1b[33m",
        "\x1b[32m",
    ]
