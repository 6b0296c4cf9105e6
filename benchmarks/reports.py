"""How long the pages of five periods take: papermill and nbconvert from a shell, one command per page, one command for all.

    python benchmarks/reports.py [ROUNDS]

The ways take turns in each round, on the sample, and medians are printed. A shared machine is noisy: compare the
ratios of one run. CPU is that of all processes a way starts (Linux only, since they are counted by adopting them).
"""

import ctypes
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
PERIODS = ["2021", "2022", "2022-Q1", "2022-Q2", "2022-Q3"]
BIN = Path(sys.executable).parent

BY_HAND = [
    command
    for period in PERIODS
    for command in (
        [BIN / "papermill", "notebooks/annual.ipynb", "out.ipynb", "-p", "period", period],
        [BIN / "jupyter", "nbconvert", "--to", "html", "out.ipynb"],
    )
]
REPORT = [sys.executable, "-m", "analysis", "report"]
WAYS = {
    "papermill and nbconvert, per period": BY_HAND,
    "analysis report, per period": [[*REPORT, period] for period in PERIODS],
    "analysis report, all at once": [[*REPORT, *PERIODS]],
    "the same in ordinary kernels": [[*REPORT, *PERIODS, "--engine", "kernel"]],
    "analysis report, one period": [[*REPORT, "2022"]],
    "the same in an ordinary kernel": [[*REPORT, "2022", "--engine", "kernel"]],
}


def cost(commands: list[list[str]], folder: Path) -> tuple[float, float]:
    """(seconds, CPU seconds) of some commands, one after the other, and of all that they start."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"}
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    for command in commands:
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    seconds = time.perf_counter() - began
    with suppress(ChildProcessError):
        while True:
            os.wait()  # those whose parents ended before them
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print one line per way."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "data/raw/sample", Path(folder) / "data/raw/sample")
        shutil.copytree(ROOT / "notebooks", Path(folder) / "notebooks")
        cost([[*REPORT, "2022"]], Path(folder))  # the exports are cleaned once
        measured = [{way: cost(commands, Path(folder)) for way, commands in WAYS.items()} for _ in range(rounds)]
    wall, cpu = ({way: statistics.median(each[way][i] for each in measured) for way in WAYS} for i in (0, 1))
    first = next(iter(WAYS))
    for way in WAYS:
        print(
            f"{way:<40} {wall[way]:6.1f} s {wall[way] / wall[first]:5.2f}   CPU {cpu[way]:6.1f} s {cpu[way] / cpu[first]:5.2f}"
        )


if __name__ == "__main__":
    main()
