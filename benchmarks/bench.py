"""Ours beside pandas, polars, DuckDB and the floors, in one run: wall, CPU, peak memory, ratios, and whether targets are met.

    make bench
    .venv/bin/python benchmarks/bench.py lines --lines 1000000 --lines 5000000 --json results.json

Every contender runs in a fresh process, by turns with the others, some rounds. Shown is the median; a ratio is the median
of the ratios within each round, since a machine may be slower in one round than in another. Contenders that do not give
the same answer are not compared: that is an error.
"""

import hashlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import click
from measure import CommandError, Run, measure, memory_kind
from task import Answer, difference, read_answer

HERE = Path(__file__).parent
ROOT = HERE.parent
CACHE = HERE / ".cache"
PACKAGES_FOLDER = HERE / ".packages"
"""Where `make bench` puts the opponents, out of sight of everything else."""
PYTHON = sys.executable

YEARS = ["2020", "2021", "2022", "2023", "2024"]
PACKAGES = [
    "pandas",
    "numpy",
    "pyarrow",
    "polars",
    "duckdb",
    "openpyxl",
    "python-calamine",
    "papermill",
    "nbconvert",
    "distributed",
]
QUARTERS = ["2024-Q1", "2024-Q2", "2024-Q3"]


class Contender(NamedTuple):
    """One way to do what a section measures."""

    name: str
    command: list[str]
    """``{folder}`` stands for an empty folder, new in each round, that it may write to."""
    needs: str = ""
    """The module without which it is left out."""
    up_to: int = sys.maxsize
    """It is left out where there are more lines: it takes too long, or too much memory."""
    answers: str = "tables"
    """What is compared with the first: the ``tables`` that it wrote, what it ``printed``, or nothing (a floor, a page)."""


class Section(NamedTuple):
    """What is compared with each other; ratios are to the first contender."""

    title: str
    contenders: list[Contender]
    prepare: Callable[[Path], None] = lambda scratch: None
    """Is called with the folder in which the commands of a round run, before they do."""


Results = dict[str, dict[str, list[Run]]]
"""Section -> contender -> its runs, one a round."""


# --- what is measured ------------------------------------------------------------------------------------------------


def export(lines: int, suffix: str = ".csv") -> Path:
    """The made-up export of so many lines, made when it is first asked for."""
    makers = b"".join((HERE / name).read_bytes() for name in ("make_big.py", "make_sample.py"))
    path = CACHE / f"{lines}-{hashlib.sha256(makers).hexdigest()[:8]}{suffix}"
    if not path.exists():
        CACHE.mkdir(exist_ok=True)
        click.echo(f"making {path.name} ...", err=True)
        part = path.with_name(f"part-{path.name}")
        subprocess.run([PYTHON, HERE / "make_big.py", "--lines", str(lines), "--out", part], check=True)
        part.replace(path)
    return path


def script(name: str, *arguments: str) -> list[str]:
    """The command of a script that lies beside this one."""
    return [PYTHON, str(HERE / f"{name}.py"), *arguments]


def of_lines(lines: int) -> Section:
    """From a CSV to the two tables of counts; see ``task``."""
    path = str(export(lines))
    return Section(
        f"{lines:,} lines of CSV to counts",
        [
            Contender("ours", script("with_ours", path, "{folder}")),
            Contender("pandas, as usual", script("with_pandas", path, "{folder}"), up_to=1_000_000),
            Contender("pandas, with care", script("with_pandas_careful", path, "{folder}"), up_to=1_000_000),
            Contender("polars, as usual", script("with_polars", path, "{folder}"), "polars", 1_000_000),
            Contender("polars, by an expert", script("with_polars_expert", path, "{folder}"), "polars"),
            Contender("DuckDB, as usual", script("with_duckdb", path, "{folder}"), "duckdb", 1_000_000),
            Contender("DuckDB, by an expert", script("with_duckdb_expert", path, "{folder}"), "duckdb"),
            Contender("floor: pyarrow cuts the cells", script("floor_tokens", path), answers=""),
            Contender("floor: the imports", script("floor_imports"), answers=""),
        ],
    )


def of_xlsx() -> Section:
    """From a workbook to lines of text."""
    path = str(export(100_000, ".xlsx"))
    ways = {"ours": "", "pandas-openpyxl": "openpyxl", "pandas-calamine": "", "calamine": ""}
    contenders = [
        Contender(way, script("read_xlsx", path, way), needs, answers="printed") for way, needs in ways.items()
    ]
    return Section("100,000 lines of XLSX to text", contenders)


def of_reports() -> Section:
    """From cleaned exports to pages."""
    notebook = str(ROOT / "notebooks/annual.ipynb")

    def by_shell(period: str) -> str:
        out = f"{{folder}}/{period}.ipynb"
        run = [PYTHON, "-m", "papermill", notebook, out, "-p", "period", period]
        return f"{shlex.join(run)} && {shlex.join([PYTHON, '-m', 'nbconvert', '--to', 'html', out])}"

    def ours(*periods: str) -> list[str]:
        return [PYTHON, "-m", "analysis", "report", *periods, "--out", "{folder}"]

    def one_by_one(commands: list[str]) -> list[str]:
        return ["sh", "-c", " && ".join(commands)]

    def prepare(scratch: Path) -> None:
        (scratch / "data/raw").mkdir(parents=True)
        (scratch / "data/raw/export.csv").symlink_to(export(20_000))
        subprocess.run([PYTHON, "-m", "analysis", "clean"], cwd=scratch, check=True, capture_output=True)

    ways = {
        "ours, five at once": ours(*YEARS),
        "ours, one": ours(YEARS[0]),
        "ours, five commands": one_by_one([shlex.join(ours(year)) for year in YEARS]),
        "ours, eight at once": ours(*YEARS, *QUARTERS),
        "papermill and nbconvert, five": one_by_one([by_shell(year) for year in YEARS]),
    }
    contenders = [Contender(name, command, answers="") for name, command in ways.items()]
    return Section("reports of 20,000 cleaned lines", contenders, prepare)


def of_rerun(lines: int) -> Section:
    """From a CSV to counts by way of data/processed, and again when they are there."""
    command = script("with_store", str(export(lines)), "{folder}")
    contenders = [
        Contender("cold", command),
        Contender("from data/processed", command),
        Contender("floor: the imports", script("floor_imports"), answers=""),
    ]
    return Section(f"{lines:,} lines, and again", contenders)


def of_dask(lines: int) -> Section:
    """From a CSV to counts here, and on workers of this machine."""
    path = str(export(lines))
    return Section(
        f"{lines:,} lines of CSV to counts",
        [
            Contender("ours", script("with_ours", path, "{folder}")),
            Contender("ours, by two workers", script("with_cluster", path, "{folder}"), "distributed"),
            Contender("the workers' start alone", script("with_cluster", path, "--start"), "distributed", answers=""),
            Contender("floor: the imports", script("floor_imports"), answers=""),
        ],
    )


# --- how it is measured ----------------------------------------------------------------------------------------------


def run_section(section: Section, rounds: int, lines: int) -> dict[str, list[Run]]:
    """Let the contenders run by turns, and hold their answers against that of the first."""
    missing = {c.needs for c in section.contenders if c.needs and not is_installed(c.needs)}
    for module in sorted(missing):
        click.echo(f"left out, since it is not installed: {module} (`make bench` installs it)", err=True)
    contenders = [c for c in section.contenders if c.needs not in missing and lines <= c.up_to]
    runs: dict[str, list[Run]] = {c.name: [] for c in contenders}
    for number in range(1, rounds + 1):
        with tempfile.TemporaryDirectory() as folder:
            scratch = Path(folder)
            section.prepare(scratch)
            expected: Answer | str | None = None
            for position, contender in enumerate(contenders):
                click.echo(f"round {number}: {contender.name}", err=True)
                out = scratch / f"answer-{position}"
                out.mkdir()
                seen = ["env", f"PYTHONPATH={PACKAGES_FOLDER}"] if contender.needs else []
                command = [*seen, *(part.replace("{folder}", str(out)) for part in contender.command)]
                run, printed = measure(command, cwd=scratch)
                runs[contender.name].append(run)
                if contender.answers:
                    found = read_answer(out) if contender.answers == "tables" else printed.strip()
                    expected = found if expected is None else expected
                    if wrong := differs(found, expected):
                        raise click.ClickException(f"{contender.name} does not answer as {contenders[0].name}: {wrong}")
    return runs


def is_installed(module: str) -> bool:
    """Whether a module is there for those who need it."""
    return (PACKAGES_FOLDER / module).is_dir() or importlib.util.find_spec(module) is not None


def differs(found: Answer | str, expected: Answer | str) -> str:
    """Where two answers differ; empty where they do not."""
    if isinstance(found, Answer) and isinstance(expected, Answer):
        return difference(found, expected)
    return "" if found == expected else f"{found!r}, expected {expected!r}"


def median(runs: list[Run], kind: str) -> float:
    """The median of a cost (``wall``, ``cpu``, ``peak``)."""
    return statistics.median(getattr(run, kind) for run in runs)


def ratio(runs: list[Run], to: list[Run], kind: str) -> float:
    """The median of the ratios within each round."""
    pairs = zip(runs, to, strict=True)
    return statistics.median(getattr(mine, kind) / getattr(theirs, kind) for mine, theirs in pairs)


# --- targets ---------------------------------------------------------------------------------------------------------


class Target(NamedTuple):
    """A bound on a ratio of two costs, or on one cost."""

    text: str
    kind: str
    cost: tuple[str, str]
    """(section, contender)."""
    to: tuple[str, str] | None
    most: float
    less: tuple[str, str] | None = None
    """What is taken off the cost first."""
    to_less: tuple[str, str] | None = None
    """What is taken off that which it is a ratio to."""


THOUSAND_100, MILLION, MILLION_5, RERUN = "lines 100000", "lines 1000000", "lines 5000000", "rerun"
IMPORTS = (RERUN, "floor: the imports")
TARGETS = [
    Target("1M: CPU, of pandas as usual", "cpu", (MILLION, "ours"), (MILLION, "pandas, as usual"), 1 / 20),
    Target("1M: CPU, of polars by an expert", "cpu", (MILLION, "ours"), (MILLION, "polars, by an expert"), 0.85),
    Target("1M: CPU, of DuckDB by an expert", "cpu", (MILLION, "ours"), (MILLION, "DuckDB, by an expert"), 0.7),
    Target("1M: CPU, of cutting the cells", "cpu", (MILLION, "ours"), (MILLION, "floor: pyarrow cuts the cells"), 2.5),
    Target("1M: peak, of polars by an expert", "peak", (MILLION, "ours"), (MILLION, "polars, by an expert"), 0.65),
    Target("1M: peak, of DuckDB by an expert", "peak", (MILLION, "ours"), (MILLION, "DuckDB, by an expert"), 0.65),
    Target("1M: peak, MB", "peak", (MILLION, "ours"), None, 512e6),
    Target("5M: peak, MB", "peak", (MILLION_5, "ours"), None, 512e6),
    Target("5M: peak, of that at 1M", "peak", (MILLION_5, "ours"), (MILLION, "ours"), 1.2),
    Target("5M: CPU, of that at 1M", "cpu", (MILLION_5, "ours"), (MILLION, "ours"), 5.3),
    Target("100k: CPU, of the imports", "cpu", (THOUSAND_100, "ours"), (THOUSAND_100, "floor: the imports"), 1.5),
    Target("XLSX: CPU, of pandas with openpyxl", "cpu", ("xlsx", "ours"), ("xlsx", "pandas-openpyxl"), 1 / 10),
    Target(
        "five reports: wall, of papermill and nbconvert", "wall",
        ("reports", "ours, five at once"), ("reports", "papermill and nbconvert, five"), 0.35,
    ),
    Target(
        "five reports: wall, of five single commands", "wall",
        ("reports", "ours, five at once"), ("reports", "ours, five commands"), 0.5,
    ),
    Target(
        "re-run: CPU, of the cold run, imports aside", "cpu",
        (RERUN, "from data/processed"), (RERUN, "cold"), 1 / 15, IMPORTS, IMPORTS,
    ),
    Target(
        "Dask: CPU, of the local blocks, its start aside", "cpu",
        ("dask", "ours, by two workers"), ("dask", "ours"), 1.5, ("dask", "the workers' start alone"),
    ),
]  # fmt: skip


def measured(target: Target, results: Results) -> float | None:
    """What a target is held against; none where one of its costs was not measured."""
    named = {key for key in target if isinstance(key, tuple)}
    if any(name not in results.get(section, {}) for section, name in named):
        return None

    def runs(key: tuple[str, str]) -> list[Run]:
        return results[key[0]][key[1]]

    def cost(key: tuple[str, str], less: tuple[str, str] | None) -> float:
        return median(runs(key), target.kind) - (median(runs(less), target.kind) if less else 0)

    if target.to is None:
        return cost(target.cost, target.less)
    if target.cost[0] == target.to[0] and not (target.less or target.to_less):
        return ratio(runs(target.cost), runs(target.to), target.kind)
    return cost(target.cost, target.less) / cost(target.to, target.to_less)


# --- what is shown ---------------------------------------------------------------------------------------------------


def show(title: str, runs: dict[str, list[Run]]) -> None:
    """One table: medians, and ratios to the first line."""
    first = next(iter(runs.values()))
    click.echo(f"\n{title:34}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}{'wall x':>12}{'CPU x':>12}{'peak x':>12}")
    click.echo("-" * 97)
    for name, of in runs.items():
        costs = f"{median(of, 'wall'):9.2f}{median(of, 'cpu'):9.2f}{median(of, 'peak') / 1e6:9,.0f}"
        click.echo(f"{name:34}{costs}" + "".join(f"{ratio(of, first, kind):12.3f}" for kind in Run._fields[:3]))


def show_targets(results: Results) -> list[dict[str, Any]]:
    """Each target that can be held against what was measured: what it wants, what was found, met or not."""
    found = [(target, measured(target, results)) for target in TARGETS]
    rows = []
    click.echo(f"\n{'target':52}{'at most':>12}{'measured':>12}")
    click.echo("-" * 97)
    for target, value in found:
        if value is not None:
            scale = 1e6 if target.to is None else 1
            is_met = value <= target.most
            click.echo(
                f"{target.text:52}{target.most / scale:12.3g}{value / scale:12.3g}   {'met' if is_met else 'NOT MET'}"
            )
            rows.append({"target": target.text, "at_most": target.most, "measured": value, "met": is_met})
    unmeasured = sum(value is None for _, value in found)
    click.echo(f"{unmeasured} targets were not measured in this run." if unmeasured else "All targets were measured.")
    return rows


def about() -> dict[str, Any]:
    """The machine and the versions, as far as they matter."""
    held = importlib.metadata.distributions(path=[*sys.path, str(PACKAGES_FOLDER)])
    versions = {package.name: package.version for package in held if package.name in PACKAGES}
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "memory": memory_kind(),
        "packages": versions,
    }


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument(
    "sections", nargs=-1, type=click.Choice(["lines", "xlsx", "reports", "rerun", "dask"]), metavar="[SECTION]..."
)
@click.option(
    "--lines",
    "sizes",
    multiple=True,
    type=int,
    default=[100_000, 1_000_000],
    show_default=True,
    help="Sizes of the CSV.",
)
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(min=1), help="Runs of each contender.")
@click.option(
    "--only", multiple=True, metavar="TEXT", help="Beside the first, only contenders whose name has this text."
)
@click.option(
    "--json", "into", type=click.Path(dir_okay=False, path_type=Path), help="Write every run and target here."
)
def main(
    sections: tuple[str, ...], sizes: tuple[int, ...], rounds: int, only: tuple[str, ...], into: Path | None
) -> None:
    """Measure SECTIONs: lines, xlsx, reports, rerun, dask; the first three unless said.

    \b
    python benchmarks/bench.py                                      what `make bench` runs
    python benchmarks/bench.py lines --lines 1000000 --lines 5000000
    python benchmarks/bench.py lines --lines 1000000 --only expert  without the slow ones
    python benchmarks/bench.py rerun dask
    """  # noqa: D301 - the bar is Click's: keep these lines as they are
    asked: list[tuple[str, Callable[[], Section], int]] = []
    for section in dict.fromkeys(sections or ("lines", "xlsx", "reports")):
        if section == "lines":
            asked += [(f"lines {size}", lambda size=size: of_lines(size), size) for size in dict.fromkeys(sizes)]
        elif section in {"rerun", "dask"}:
            of = {"rerun": of_rerun, "dask": of_dask}[section]
            asked.append((section, lambda of=of: of(1_000_000), 1_000_000))
        else:
            asked.append((section, {"xlsx": of_xlsx, "reports": of_reports}[section], 0))
    results: Results = {}
    for key, make, size in asked:
        section = make()
        wanted = [
            c for c in section.contenders if not only or c is section.contenders[0] or any(t in c.name for t in only)
        ]
        try:
            results[key] = run_section(section._replace(contenders=wanted), rounds, size)
        except CommandError as error:
            raise click.ClickException(str(error)) from None
        show(section.title, results[key])
    click.echo(
        f"\nMedians of {rounds} rounds; ratios to the first line of a table, within a round; memory is {memory_kind()}."
    )
    targets = show_targets(results)
    if into:
        runs = {
            key: {name: [run._asdict() for run in of] for name, of in table.items()} for key, table in results.items()
        }
        into.write_text(
            json.dumps({**about(), "rounds": rounds, "runs": runs, "targets": targets}, indent=1) + "\n", "utf-8"
        )
    if not sections:
        click.echo("More: benchmarks/bench.py --help (5 million lines, the re-run, Dask, results as JSON).")


if __name__ == "__main__":
    main()
