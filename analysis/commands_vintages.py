"""The command that keeps a published report as the one that was signed: ``freeze``."""

from pathlib import Path

import click

from analysis.commands import BAD_INPUT, complain, file_name, now, options, tell
from analysis.periods import read_day, read_period


@click.command()
@click.argument("period", metavar="PERIOD")
@click.option(
    "--number", required=True, metavar="NUMBER", help="The number that the report was signed with, as 123/BC-SXD."
)
@click.option("--day", default="", metavar="DAY", help="The day of the signature, as 2023-01-15.")
@click.option(
    "--document",
    "documents",
    multiple=True,
    metavar="FILE",
    help="What was signed, as the Word document or a scan of it: it is kept beside the page. May be given again.",
)
@options("unit", "names", "lang")
@click.option("--out", default="reports", metavar="FOLDER", help="Where the pages are; reports unless said.")
@click.option(
    "--edition",
    default="internal",
    type=click.Choice(["internal", "public"]),
    help="Which edition; internal unless said.",
)
def freeze(*, period: str, number: str, day: str, documents: tuple[str, ...], out: str, **asked: str) -> None:
    """Keep the report of PERIOD, as it was published, under the number that it was signed with: for good.

    \b
    analysis freeze 2022 --number 123/BC-SXD
    analysis freeze 2022 --number 123/BC-SXD --day 2023-01-15 --document reports/bao-cao_2022.docx

    The page, its notebook, workbook and PDF are copied, for reading only, into a folder of their own below reports/signed, with a
    list of checksums that `sha256sum -c` accepts. Pages that are made afterwards say which figures moved since.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    read_period(period)
    signed_on = f"{read_day(day):%Y-%m-%d}" if day else ""
    from analysis import frozen  # noqa: PLC0415 - `--help` must not wait
    from analysis.report_index import write_index  # noqa: PLC0415

    page = Path(out) / file_name(period, asked)
    try:
        folder, is_new = frozen.freeze(
            page, number=number, day=signed_on, documents=[Path(name) for name in documents], at=now()
        )
    except frozen.Taken as problem:
        complain(str(problem))
        raise click.exceptions.Exit(BAD_INPUT) from None
    tell(str(folder) if is_new else f"{folder}: kept already, and the same.")
    unsigned = Path(out) / file_name(f"bao-cao_{period}", asked, ".docx")
    if not documents and unsigned.is_file():
        complain(f"{unsigned} is not kept with it; if it is what was signed, say --document {unsigned}.")
    if is_new:
        write_index(page.parent, lang=asked["lang"])


COMMANDS = (freeze,)
