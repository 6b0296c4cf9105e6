"""The command that asks what to do, for those who do not write commands: ``start``."""

import os
import shutil
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.commands import BAD_INPUT, MISUSE, complain, file_name, options
from analysis.periods import FORMS, Unanswerable, read_period

if TYPE_CHECKING:
    from analysis.labels import Labels

RAW, OUT, WORDS = Path("data/raw"), Path("reports"), Path("ours.toml")

TRIES = 3
"""How often a question is asked before the program gives up: nobody may be there."""


@click.command()
@click.argument("exports", nargs=-1, metavar="[EXPORT]...")
@click.option("--period", default=None, metavar="PERIOD", help="The period, instead of asking; `all` for every year.")
@click.option("--open/--no-open", "is_opened", default=True, help="Whether the page is opened; it is, unless said.")
@options("lang")
def start(*, exports: tuple[str, ...], period: str | None, is_opened: bool, lang: str) -> None:
    """Ask for the exports and the period, make the report, and open it.

    \b
    analysis start
    analysis start "D:\\Xuất dữ liệu\\ho-so-2022.xlsx" --period 2022

    This is what a double click on bat-dau.cmd runs. A file or folder may be dropped into the window instead of typing its name. With
    nothing typed, data/raw is read or, while nothing is there, the made-up sample.
    """  # noqa: D301 - the backspaces are Click's mark, and Windows'
    from analysis.labels import read_labels  # noqa: PLC0415 - `--help` must not wait

    labels = read_labels(lang)
    click.echo(labels.name("start.welcome") + "\n")
    data = _exports(list(exports), labels)
    name = _period(labels) if period is None else "" if period == "all" else read_period(period).name
    book = RAW / "so-tay.xlsx"
    own = ["--handbook", str(book)] if data != str(RAW) and book.is_file() else []
    words = ["--vocabulary", str(WORDS)] if _says_something(WORDS) else []
    arguments = ["report", *([name] if name else ["--all"]), "--data", data, "--lang", lang, *own, *words]
    shown = [f'"{word}"' if " " in word else word for word in arguments]
    click.echo(f"\n> analysis {' '.join(shown)}\n")
    code = _run(arguments)
    page = OUT / file_name(name, {"lang": lang}) if name else OUT / "index.html"
    opened = page if page.is_file() else OUT / "index.html"
    if code not in {0, BAD_INPUT} or not opened.is_file():  # a page that is there is an older one
        raise click.exceptions.Exit(code)
    click.echo("\n" + labels.name("start.opens" if is_opened else "start.made", page=str(opened.absolute())))
    if is_opened:
        click.launch(str(opened.absolute()))
    raise click.exceptions.Exit(code)


def _says_something(words: Path) -> bool:
    """Whether a vocabulary file has more than comments; of one that is damaged the report says what is wrong."""
    try:
        return words.is_file() and bool(tomllib.loads(words.read_text("utf-8")))
    except ValueError:
        return True


def _run(arguments: list[str]) -> int:
    """Run a command of this program; its exit code."""
    program = click.get_current_context().find_root().command
    return int(program.main(arguments, "analysis", standalone_mode=False) or 0)


def _exports(given: list[str], labels: "Labels") -> str:
    """Where the exports are: as given, as typed, or else where they usually are."""
    from analysis.asked import common, dropped  # noqa: PLC0415

    for _ in range(1 if given else TRIES):
        paths = given or dropped(_ask(labels.name("start.exports")), windows=os.name == "nt")
        missing = [path for path in paths if not Path(path).exists()]
        try:
            data = common(paths)
        except ValueError as folders:
            complain(labels.name("start.folders", folders=str(folders)))
            continue
        if missing:
            complain(labels.name("start.missing", path=missing[0]))
            continue
        if len(paths) > 1:
            click.echo(labels.name("start.folder", folder=data))
        return data or _usual(labels)
    raise click.exceptions.Exit(MISUSE)


def _usual(labels: "Labels") -> str:
    """data/raw; with the sample in it while nothing else is there."""
    from analysis.files import find_exports  # noqa: PLC0415
    from analysis.grids import FileProblem  # noqa: PLC0415
    from analysis.shipped import shipped  # noqa: PLC0415

    RAW.mkdir(parents=True, exist_ok=True)
    try:
        found = find_exports(RAW)
    except FileProblem:
        shutil.copytree(shipped("sample"), RAW / "sample", dirs_exist_ok=True)
        found = find_exports(RAW)
    if all(path.is_relative_to(RAW / "sample") for path in found):
        click.echo(labels.name("start.sample", folder=str(RAW.absolute())))
    return str(RAW)


def _period(labels: "Labels") -> str:
    """The period that was typed; empty for every year."""
    for _ in range(TRIES):
        typed = _ask(labels.name("start.period"))
        try:
            return read_period(typed).name if typed else ""
        except Unanswerable:
            complain(labels.name("start.no_period", typed=typed, forms=FORMS))
    raise click.exceptions.Exit(MISUSE)


def _ask(question: str) -> str:
    """What somebody types; nothing where nobody is there to type."""
    return str(click.prompt(question, default="", show_default=False, prompt_suffix="\n> ")).strip()


COMMANDS = (start,)
