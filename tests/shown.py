"""What a document shows: its blocks, and the commands in them with what is printed below."""

import doctest
import os
import re
import shlex
import subprocess
import sys

from patience import PATIENCE

ONLY_NAMED = {"conda", "pip", "make", "source", "dask"}
"""Programs that are not run here: they build environments or a cluster, or run these very tests."""

BLOCK = re.compile(r"(?ms)^```(\w*)\n(.*?)^```$")
SAVED = re.compile(r"`([\w./-]+\.(?:csv|toml))`[^`]*$")
"""The file that a block is to be saved as: the last that is named above it."""


def blocks(text, language):
    """The blocks of a language, in order."""
    return [block for kind, block in BLOCK.findall(text) if kind == language]


def commands_in(block):
    """Each command of a console block, with the lines that stand below it."""
    for part in re.split(r"(?m)^\$ ", block)[1:]:
        command, _, output = part.partition("\n")
        yield command.partition("  #")[0].strip(), output


def commands(text):
    """Each command of a document once, with all the lines that are shown below it."""
    shown = {}
    for block in blocks(text, "console"):
        for command, output in commands_in(block):
            shown[command] = shown.get(command, "") + output
    return shown


def run_command(command, folder, *, known=(0,)):
    """Run a command as somebody who types it; gives what it printed."""
    run = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8", "ANALYSIS_LANG": "en"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert run.returncode in known, run.stdout + run.stderr
    return run.stdout


def is_as_shown(shown, printed):
    """Whether a command printed what the document shows, where ``...`` stands for anything and all spaces are alike."""
    shown, printed = (text.replace("\xa0", " ") for text in (shown, printed))
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return not shown.strip() or doctest.OutputChecker().check_output(shown.strip() + "\n", printed, options)


def run_examples(text, name):
    """Run the examples of a document's ``python`` blocks, one after the other; gives how many there are, and what failed."""
    told = []
    examples = "\n".join(blocks(text, "python"))
    test = doctest.DocTestParser().get_doctest(examples, {}, name, name, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    runner.run(test, out=told.append)
    return len(test.examples), "".join(told)
