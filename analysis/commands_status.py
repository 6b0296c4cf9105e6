"""The command that says how every page stands: ``status``."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.colours import bad, good, old
from analysis.commands import NOT_FRESH, complain, say
from analysis.messages import language, told

if TYPE_CHECKING:
    from analysis.standing import Standing


@click.command()
@click.option("--out", default="reports", metavar="FOLDER", help="Where the pages are; reports unless said.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for a program.")
def status(*, out: str, as_json: bool) -> None:
    """Say of every page whether it is up to date, and if not, why; and since when making it fails.

    \b
    analysis status
    analysis status --json

    A page is up to date when its exports, words, handbook, notebook, program and parameters are the same by content as when it
    was made, and nobody changed its files. The exit code is 0 if all are and their last runs were good.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    from analysis.labels import read_labels  # noqa: PLC0415 - `--help` must not wait
    from analysis.past_runs import not_ended  # noqa: PLC0415
    from analysis.run_log import FOLDER  # noqa: PLC0415
    from analysis.standing import standings  # noqa: PLC0415

    found = list(standings(Path(out)))
    if as_json:
        click.echo(json.dumps([_as_json(each) for each in found], ensure_ascii=False, indent=1))
    elif not found:
        say(f"{out}: no page was made here yet; `analysis report --all` makes them.")
    width = max((len(str(each.page)) for each in found), default=0)
    for each in () if as_json else found:
        for number, line in enumerate(_lines(each)):
            click.echo(f"{'' if number else each.page!s:{width}}  {_painted(line)}")
    if said := not_ended(Path(out) / FOLDER, labels=read_labels(language())):
        complain(said)
    if not all(each.is_good for each in found):
        raise click.exceptions.Exit(NOT_FRESH)


def _lines(standing: "Standing") -> list[str]:
    lines = []
    if standing.failed_since:
        lines.append(f"FAILED since {standing.failed_since:%Y-%m-%d %H:%M}: {standing.why}")
    if standing.stale:
        lines += [f"stale: {why}" for why in standing.stale]
    else:
        lines.append(f"up to date, last run {standing.at:%Y-%m-%d %H:%M}")
    return lines


def _painted(line: str) -> str:
    """A line in the colour of what it says."""
    return (bad if line.startswith("FAILED") else old if line.startswith("stale") else good)(told(line))


def _as_json(standing: "Standing") -> dict[str, object]:
    since = standing.failed_since
    return {
        "page": standing.page.as_posix(), "up_to_date": not standing.stale, "stale": standing.stale,
        "last_run": standing.at.isoformat(), "failed_since": since and since.isoformat(), "why": standing.why,
    }  # fmt: skip


COMMANDS = (status,)
