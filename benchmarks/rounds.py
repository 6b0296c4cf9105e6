"""Many reports in one run, against each of them by itself; and the run after, which has nothing to do.

    python benchmarks/rounds.py

Eight years of three units, all of them together, and the page of all units. Prints wall-clock seconds and their ratios; the runs follow each
other on the same machine, so only the ratios say anything.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import make_units


def seconds(folder: Path, *arguments: str) -> float:
    """How long a command takes that must succeed."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "analysis", "report", *arguments, "--no-pdf", "--quiet"]
    subprocess.run(command, cwd=folder, check=True)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=3)
    parser.add_argument("--years", type=int, default=8)
    parser.add_argument("--singles", type=int, default=6, help="reports that are also made by themselves")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_units.write(folder / "data/raw", units=asked.units, years=asked.years, each=200)
        subprocess.run([sys.executable, "-m", "analysis", "clean"], cwd=folder, check=True, capture_output=True)
        together = seconds(folder, "--all", "--units")
        pages = len([path for path in folder.glob("reports/**/*.html") if path.name != "index.html"])
        again = min(seconds(folder, "--all", "--units") for _ in range(3))
        years = range(make_units.LAST - asked.years + 1, make_units.LAST + 1)
        wanted = [(str(year), f"Chi nhánh {unit}") for year in years for unit in range(1, asked.units + 1)]
        some = wanted[:: max(len(wanted) // asked.singles, 1)][: asked.singles]
        single = sum(
            seconds(folder, year, "--unit", unit, "--out", f"single/{n}") for n, (year, unit) in enumerate(some)
        )
        each = single / len(some)
    print(f"{pages} pages together        {together:7.1f} s")
    print(f"one by itself           {each:7.1f} s (mean of {len(some)})")
    print(f"together / by themselves {together / (each * pages):6.2f}")
    print(f"nothing to do           {again:7.1f} s, of making them {again / together:.3f} (target 0.05)")


if __name__ == "__main__":
    main()
