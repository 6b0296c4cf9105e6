"""The command that holds published pages against their exports: ``verify``."""

from pathlib import Path
from typing import Any

import click

from analysis.colours import bad, good
from analysis.commands import BAD_INPUT, DIFFERENT, complain, failure_of, options
from analysis.messages import told as in_words
from analysis.shipped import NOTEBOOKS


@click.command()
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...")
@click.option("--data", default="", metavar="FOLDER", help="Where the exports are, if no longer where the page says.")
@options("json")
def verify(pages: tuple[str, ...], *, data: str, as_json: bool) -> None:
    """Make each PAGE again from the exports that it names, and say whether it is the same.

    \b
    analysis verify reports/2022.html
    analysis verify reports/*.html

    If it is not, says what differs: an export, a setting, the program, or else a figure or a sentence that somebody changed.
    Nothing is written. The list of reports is passed over.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    from analysis.command_json import echo  # noqa: PLC0415 - `--help` must not wait

    named = [Path(page) for page in pages]
    asked = [page for page in named if page.name != "index.html"]
    if not asked:
        raise click.UsageError("the list of reports has no figures; name a report, such as reports/2022.html.")
    told: list[dict[str, Any]] | None = [] if as_json else None
    codes = [_verify(page, data, told) for page in asked]
    if told is not None:
        echo("verify", {"pages": told})
    if worst := max(codes):
        raise click.exceptions.Exit(worst)


def _verify(page: Path, data: str, told: list[dict[str, Any]] | None) -> int:
    """Say how one page stands, or add it to what is told of all; 0 if it is the same."""
    from analysis.command_json import of_verdict  # noqa: PLC0415
    from analysis.frozen import standing  # noqa: PLC0415 - `--help` must not wait
    from analysis.grids import FileProblem  # noqa: PLC0415
    from analysis.verify import verdict_lines, verify  # noqa: PLC0415

    try:
        verdict = verify(page, notebooks=NOTEBOOKS, data=data)
    except FileProblem as error:
        complain(str(error))
        if told is not None:
            told.append(of_verdict(page, BAD_INPUT, None, str(error)))
        return BAD_INPUT
    except Exception as error:
        message, code = failure_of(error)
        complain(f"{page}: {message}")
        if told is not None:
            told.append(of_verdict(page, code, None, message))
        return code
    if told is not None:
        told.append(of_verdict(page, 0 if verdict.is_same else DIFFERENT, verdict))
        return 0 if verdict.is_same else DIFFERENT
    signed = [] if verdict.is_same else filter(None, [standing(page)])
    first, *rest = [in_words(line) for line in [*signed, *verdict_lines(verdict)]]
    for line in [(good if verdict.is_same else bad)(first), *rest]:
        click.echo(f"{page}: {line}")
    return 0 if verdict.is_same else DIFFERENT


COMMANDS = (verify,)
