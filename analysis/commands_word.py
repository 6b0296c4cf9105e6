"""The command that writes the report that is signed: ``word``."""

from pathlib import Path

import click

from analysis.commands import complain, end, file_name, load_asked, name_drift, options
from analysis.periods import read_period


@click.command()
@click.argument("period")
@click.option("--template", default="", metavar="FILE", help="The department's own Word template; ours unless said.")
@options("as_of", "unit", "names", "lang", "data", "vocabulary", "handbook")
@click.option("--out", default="reports", metavar="FOLDER", help="Where the document goes; reports unless said.")
def word(*, period: str, template: str, out: str, lang: str, **told: str) -> None:
    """Write the report on a PERIOD that is signed, as a Word document.

    \b
    analysis word 2022
    analysis word 2022-9M --template mau-bao-cao.docx

    Results and shortcomings are computed; causes, difficulties and proposals are the sentences of the handbook, and a place
    to fill in where it has none. Number, day, recipients and signature are left to fill. docs/word.md lists what a template
    may name.

    A document that somebody changed is never written over: the new one stands beside it, as bao-cao_2022-2.docx.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    asked_for, asked = read_period(period), {"lang": lang, **told}
    from analysis.grids import FileProblem  # noqa: PLC0415 - `--help` must not wait for pandas
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.word_fields import fields_of  # noqa: PLC0415
    from analysis.word_seal import seal, write_sealed  # noqa: PLC0415
    from analysis.word_template import SHIPPED, fill_template, read_template  # noqa: PLC0415

    path = Path(template) if template else SHIPPED[lang]
    content = read_template(path)
    found = load_asked(asked)
    name_drift(found, lang)
    labels, folder = read_labels(lang), Path(out)
    fields = fields_of(found, asked_for, labels=labels)
    document = fill_template(content, fields, name=path.name)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / file_name(f"bao-cao_{asked_for.name}", asked, ".docx")
    if template and wanted.exists() and wanted.samefile(path):
        raise FileProblem(f"{path}: is the template, and would be written over; keep it in another folder.")
    written = write_sealed(seal(document, title=fields["subject"], lang=lang, day=found.as_of), wanted)
    if written != wanted:
        complain(labels.name("signed.saved_beside", path=str(wanted), other=written.name))
    click.echo(written)
    end(found)


COMMANDS = (word,)
