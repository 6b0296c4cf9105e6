"""The command that holds published pages against their exports: ``verify``."""

from pathlib import Path

import click

from analysis.commands import BAD_INPUT, DIFFERENT, complain, failure_of
from analysis.shipped import NOTEBOOKS


@click.command()
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...")
@click.option("--data", default="", metavar="FOLDER", help="Where the exports are, if no longer where the page says.")
def verify(pages: tuple[str, ...], *, data: str) -> None:
    """Make each PAGE again from the exports that it names, and say whether it is the same.

    \b
    analysis verify reports/2022.html
    analysis verify reports/*.html

    If it is not, says what differs: an export, a setting, the program, or else a figure or a sentence that somebody changed.
    Nothing is written. The list of reports is passed over.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    named = [Path(page) for page in pages]
    asked = [page for page in named if page.name != "index.html"]
    if not asked:
        raise click.UsageError("the list of reports has no figures; name a report, such as reports/2022.html.")
    codes = [_verify(page, data) for page in asked]
    if worst := max(codes):
        raise click.exceptions.Exit(worst)


def _verify(page: Path, data: str) -> int:
    """Say how one page stands; 0 if it is the same."""
    from analysis.frozen import standing  # noqa: PLC0415 - `--help` must not wait
    from analysis.grids import FileProblem  # noqa: PLC0415
    from analysis.verify import verdict_lines, verify  # noqa: PLC0415

    try:
        verdict = verify(page, notebooks=NOTEBOOKS, data=data)
    except FileProblem as error:
        complain(str(error))
        return BAD_INPUT
    except Exception as error:
        message, code = failure_of(error)
        complain(f"{page}: {message}")
        return code
    signed = [] if verdict.is_same else filter(None, [standing(page)])
    for line in [*signed, *verdict_lines(verdict)]:
        click.echo(f"{page}: {line}")
    return 0 if verdict.is_same else DIFFERENT


COMMANDS = (verify,)
