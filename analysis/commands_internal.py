"""Commands that write what stays inside the department: ``dossiers``."""

from pathlib import Path

import click

from analysis.commands import end, file_name, load_asked, name_drift, options
from analysis.periods import FORMS, read_period, until


@click.command(epilog="\b\nA period is written\n  " + FORMS.replace(", ", "\n  ").replace("or ", ""))
@click.argument("period")
@options("as_of", "unit", "names", "lang", "data", "vocabulary", "handbook")
@click.option("--out", default="internal", metavar="FOLDER", help="Where the workbook goes; internal unless said.")
def dossiers(period: str, lang: str, out: str, **asked: str) -> None:
    """Write every dossier of a PERIOD to a workbook, a line each, and the filter that gives each figure of the report.

    \b
    analysis dossiers 2022
    analysis dossiers 2022-Q3 --unit "Sở Xây dựng"

    It names dossiers by their codes and is for the department alone: the folder is made so that only its owner can read it.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    asked_for = read_period(period)
    from analysis.answers import require_answers  # noqa: PLC0415 - `--help` must not wait for pandas
    from analysis.dossier_workbook import write_dossiers  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.tables import SOURCE  # noqa: PLC0415

    found = load_asked(asked, more=SOURCE)
    name_drift(found, lang)
    span = until(asked_for, found.as_of)
    require_answers(found, span)
    path = Path(out) / file_name(f"ho-so_{span.name}", {**asked, "lang": lang}, ".xlsx")
    click.echo(write_dossiers(found, span, path, labels=read_labels(lang)))
    end(found)


COMMANDS = (dossiers,)
