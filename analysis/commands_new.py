"""The command that lays out a folder to work in: ``new``."""

import os
import shutil
import sys
from pathlib import Path

import click

from analysis.commands import options, readable


@click.command()
@click.argument("folder", default=".", metavar="[FOLDER]")
@click.option("--sample", is_flag=True, help="With the made-up sample, to try everything before there are exports.")
@options("lang")
def new(*, folder: str, sample: bool, lang: str) -> None:
    """Lay out a FOLDER to work in: exports, handbook, notebooks, schedule; the current one unless said.

    \b
    analysis new bao-cao
    analysis new bao-cao --sample

    For a department that installed the program. The folder must be empty or not there yet; nothing else is touched. A notebook
    that you change there is used instead of the shipped one, and its pages say so.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    from analysis.labels import read_labels  # noqa: PLC0415 - `--help` must not wait
    from analysis.working_folder import lay_out  # noqa: PLC0415

    place, labels = Path(folder), read_labels(lang)
    python = Path(sys.executable).absolute()
    for name in lay_out(
        place, program=_program(python), python=python, windows=os.name == "nt", sample=sample, lang=lang
    ):
        click.echo(readable(place / name))
    steps = ["go"] * (place.resolve() != Path.cwd()) + (["try", "own"] if sample else ["put", "check", "report"])
    click.echo("\n" + labels.name("new.next"), err=True)
    for number, step in enumerate(steps, 1):
        click.echo(
            f"  {number}. {labels.name(f'new.{step}', folder=readable(place), data=str(Path('data/raw')))}", err=True
        )


def _program(python: Path) -> Path:
    """The command of a Python: beside it or, in an environment of conda on Windows, in ``Scripts``."""
    beside = os.pathsep.join([str(python.parent), str(python.parent / "Scripts")])
    found = shutil.which("analysis", path=beside)
    return Path(found) if found else python.with_name("analysis.exe" if os.name == "nt" else "analysis")


COMMANDS = (new,)
