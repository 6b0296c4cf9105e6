"""The command that checks published figures: ``audit``."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from analysis.commands import load_asked, options

WRONG = 10
"""The exit code of a text in which something is wrong."""


@click.command()
@click.argument("file")
@click.option("--period", default="", metavar="PERIOD", help="Hold it against the data of this period, as 2022.")
@options("as_of", "unit", "lang", "data", "vocabulary", "handbook", "json")
def audit(file: str, *, period: str, lang: str, as_json: bool, **asked: str) -> None:
    """Check the figures of a published text: FILE, or what is pasted when it is `-`.

    \b
    analysis audit bao-cao-2022.docx
    analysis audit bao-cao-2022.txt --period 2022 --data data/raw
    analysis audit - --lang en

    FILE is text, DOCX, PDF with text, a saved page, or a table. Its sums, shares and changes are held against each other;
    with --period also against the exports. Exit code 0: nothing is wrong; 10: something is.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    from analysis.audit import audit as audited  # noqa: PLC0415
    from analysis.audit_sentences import lines_of  # noqa: PLC0415
    from analysis.claim_texts import read_passages  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.periods import read_period, until  # noqa: PLC0415

    asked_for = read_period(period) if period else None
    passages = _passages(file, read_passages)
    if asked_for:
        data = load_asked(asked | {"names": ""}, quiet=as_json)
        found = audited(passages, data=data, period=until(asked_for, data.as_of))
    else:
        found = audited(passages)
    labels = read_labels(lang)
    if as_json:
        click.echo(json.dumps(_record(found, labels), ensure_ascii=False, indent=2))
    else:
        for line in lines_of(found, labels=labels):
            click.echo(line)
    if found.is_wrong:
        raise click.exceptions.Exit(WRONG)


def _passages(file: str, read: Any) -> Any:
    """The passages of a file, or of what is pasted; a problem names the file."""
    from analysis.grids import FileProblem  # noqa: PLC0415 - `--help` must not wait

    name = "what was pasted" if file == "-" else file
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return read(content, name=name)
    except FileNotFoundError:
        raise FileProblem(f"{name}: there is no such file; check its name.") from None
    except IsADirectoryError:
        raise FileProblem(f"{name}: is a folder; name a file in it.") from None
    except FileProblem as problem:
        raise FileProblem(f"{name}: {problem}") from None


def _record(found: Any, labels: Any) -> dict[str, Any]:
    from analysis.audit import claim_table, verdict_table  # noqa: PLC0415
    from analysis.audit_sentences import verdict_sentence  # noqa: PLC0415

    verdicts = verdict_table(found)
    verdicts = verdicts.assign(sentence=[verdict_sentence(v, found, labels=labels) for v in found.verdicts])
    tables = {"claims": claim_table(found), "verdicts": verdicts}
    return {
        "is_wrong": found.is_wrong,
        **{name: json.loads(table.to_json(orient="records", force_ascii=False)) for name, table in tables.items()},
        "not_understood": [other._asdict() for other in found.others],
    }


COMMANDS = (audit,)
