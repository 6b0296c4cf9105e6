"""Commands that read exports: ``check``, ``handbook``, ``clean``, ``count``, ``accept``."""

import difflib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.commands import (
    BAD_INPUT,
    complain,
    end,
    mapped_by,
    name_drift,
    name_mistakes,
    name_problems,
    now,
    options,
    say,
    tell,
    tell_corrections,
)
from analysis.messages import language

if TYPE_CHECKING:
    from analysis.labels import Labels


@click.command(name="check")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text.")
@click.option(
    "--learn", is_flag=True, help="Write the words that are not understood into the handbook, to be explained there."
)
@options("vocabulary", "handbook")
def check_files(paths: tuple[str, ...], *, as_json: bool, learn: bool, vocabulary: str, handbook: str) -> None:
    """Explain each FILE, and the files of a folder, without loading them into anything.

    \b
    analysis check data/raw
    analysis check ho-so-2022.xlsx --json
    analysis check --learn data/raw

    Says how a file is read, what each column is understood as and how surely, which lines would be rejected, and which
    lines a vocabulary file needs. Nothing is written but, with --learn, those words into the handbook: choose the meaning
    of each there, and the next run understands them.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    from analysis.check import check  # noqa: PLC0415
    from analysis.checkup import checkup  # noqa: PLC0415
    from analysis.handbook import NAME  # noqa: PLC0415
    from analysis.handbook_workbook import learned_of, write_handbook  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.told import folder_of, read_told  # noqa: PLC0415

    own, first = vocabulary or None, Path(paths[0])
    book, words = read_told(first, own, handbook)
    name_mistakes(book)
    found = check(paths, vocabulary=words, own=own)
    lines = [json.dumps(found, ensure_ascii=False, indent=1)] if as_json else checkup(found, read_labels(language()))
    for line in lines:
        click.echo(line)
    if learn and (learned := learned_of(found)):
        path = book.path or (Path(handbook) if handbook not in {"", "none"} else folder_of(first) / NAME)
        added = write_handbook(path, vocabulary=words, learned=learned)
        say(f"{path}: {added['words']} words were added to explain, {len(learned) - added['words']} stood there.")
    elif learn:
        say("every word is understood; there is nothing to learn.")
    if found["unusable"]:
        sys.exit(BAD_INPUT)


@click.command()
@click.option(
    "--data", default="data/raw", metavar="FOLDER", help="Where the exports are; the handbook lies beside them."
)
@click.option("--handbook", default="", metavar="FILE", help="The workbook, if it lies elsewhere.")
@options("vocabulary", "lang")
def handbook(data: str, handbook: str, vocabulary: str, lang: str) -> None:
    """Write the handbook, or bring it up to date without touching what was typed.

    \b
    analysis handbook
    analysis handbook --data exports --lang en
    analysis check --learn data/raw

    In so-tay.xlsx a department says what its exports do not: its own words, corrections, figures of other sources, its own
    sentences, targets, names, days off and settings. Everything in it is optional.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    from analysis.grids import FileProblem  # noqa: PLC0415
    from analysis.handbook import NAME  # noqa: PLC0415
    from analysis.handbook_workbook import write_handbook  # noqa: PLC0415
    from analysis.intake import find  # noqa: PLC0415
    from analysis.told import folder_of  # noqa: PLC0415
    from analysis.vocabulary import read_vocabulary  # noqa: PLC0415

    path = Path(handbook) if handbook else folder_of(find(data)) / NAME
    if not path.parent.is_dir():
        raise FileProblem(f"{path.parent}: there is no such folder; make it, or name another with --handbook.")
    is_new = not path.exists()
    added = write_handbook(path, vocabulary=read_vocabulary(vocabulary or None), lang=lang)
    new = ", ".join(f"{number} {what}" for what, number in added.items() if number) or "nothing"
    say(f"{path}: was written." if is_new else f"{path}: {new} added; what was typed is as it was.")
    click.echo(path)


@click.command()
@options("data", "vocabulary", "handbook", "scheduler", "json")
def clean(data: str, vocabulary: str, handbook: str, scheduler: str, *, as_json: bool) -> None:
    """Read the exports and say what became of every line.

    \b
    analysis clean
    analysis clean --vocabulary ours.toml

    The cleaned tables go to data/processed. The other commands do this by themselves when the exports changed.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    from analysis.command_json import echo, of_lines  # noqa: PLC0415 - `--help` must not wait for pandas
    from analysis.counts import count_fates  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.privacy import shown  # noqa: PLC0415
    from analysis.store import load  # noqa: PLC0415

    with mapped_by(scheduler) as run:
        found = load(data, vocabulary=vocabulary or None, handbook=handbook, run=run, say=say)
    name_problems(found)
    name_drift(found, language())
    if as_json:
        echo("clean", of_lines(found))
        end(found)
        return
    labels = read_labels(language())
    fates = count_fates(found.ledger)
    for file, sheet, *numbers in fates.itertuples(index=False, name=None):
        *each, lines = zip(fates.columns[2:], numbers, strict=True)
        parts = ", ".join(f"{number} {fate.replace('_', ' ')}" for fate, number in each if number)
        tell(f"{file}{f' [{sheet}]' if sheet else ''}: {lines[1]} lines = {parts}")
    for file, doubts in zip(found.files.source_file, found.files.doubts, strict=True):
        for reason, detail in json.loads(doubts):
            say(f"doubtful: {file}: {labels.doubt(reason, detail)}")
    for rejected in found.rejected.itertuples():
        value = f" {shown(str(rejected.value), str(rejected.column))!r}" if rejected.value else ""
        why = _reason(rejected, labels) + value
        say(f"rejected: {rejected.source_file}, row {rejected.source_row}: {why}")
    for doubt in found.warnings.groupby(["reason", "column"]).size().reset_index(name="lines").itertuples():
        say(f"doubtful: {doubt.lines} x {_reason(doubt, labels)} ({doubt.column})")
    tell_corrections(found)
    held = ", ".join(f"{len(getattr(found, t))} {t}" for t in ("dossiers", "documents", "meetings", "procedures"))
    tell(f"{held}; up to {found.as_of:%Y-%m-%d}")
    end(found)


def _reason(line: Any, labels: "Labels") -> str:
    """Why a line was rejected or is doubtful: in English by the name that programs know it by."""
    return str(line.reason) if labels.lang == "en" else labels.reason(line.reason, line.column)


@click.command()
@click.option(
    "--by", "groupings", multiple=True, metavar="COLUMNS",
    help="Columns to count by, as procedure,channel; may be given again for another table. channel unless said.",
)  # fmt: skip
@click.option(
    "--per", default="month", type=click.Choice(["month", "day"]), help="What to count per; month unless said."
)
@click.option(
    "--out",
    default="",
    metavar="FILE",
    help="A CSV or Parquet file instead of the screen; COLUMNS are added to its name.",
)
@options("data", "vocabulary", "handbook", "names", "scheduler", "json")
def count(
    *, groupings: tuple[str, ...], per: str, out: str, data: str, scheduler: str, as_json: bool, **told: str
) -> None:
    """Count dossiers received and ended, without keeping the rows.

    \b
    analysis count
    analysis count --by procedure,channel --by unit --out counts.csv
    analysis count --data exports --scheduler tcp://10.0.0.1:8786

    For exports of any size: it takes the memory of one block of lines, here or on each worker of a Dask cluster.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    by = [_columns(grouping) for grouping in groupings or ("channel",)]
    if out and not Path(out).parent.is_dir():
        raise click.UsageError(f"--out {out}: there is no folder {Path(out).parent}; make it first.")
    from analysis.command_json import echo, of_counts  # noqa: PLC0415
    from analysis.counts import count_fates  # noqa: PLC0415
    from analysis.tally import count_exports, for_people, write_counts  # noqa: PLC0415

    with mapped_by(scheduler) as run:
        counted = count_exports(
            data, by=by, per=per, vocabulary=told["vocabulary"], handbook=told["handbook"], names=told["names"],
            run=run, say=say,
        )  # fmt: skip
    name_mistakes(counted.handbook)
    for file, message in counted.problems:
        complain(f"{file}: {message}")
    if as_json:
        written = [write_counts(e, Path(out), c) for c, e in zip(by, counted.events, strict=True)] if out else []
        echo("count", of_counts(counted, by, per=per, written=written))
    for columns, events in () if as_json else zip(by, counted.events, strict=True):
        click.echo(
            write_counts(events, Path(out), columns)
            if out
            else for_people(events).to_csv(index=False, lineterminator="\n").rstrip()
        )
    fates = count_fates(counted.ledger).drop(columns=["source_file", "source_sheet"]).sum()
    said = ", ".join(
        f"{number} {str(fate).replace('_', ' ')}" for fate, number in fates.items() if number and fate != "lines"
    )
    say(f"{fates['lines']} lines = {said}")
    if counted.problems:
        raise click.exceptions.Exit(BAD_INPUT)


def _columns(grouping: str) -> list[str]:
    """The columns of a grouping; each one of dossiers that can be counted by."""
    from analysis.tables import DOSSIERS  # noqa: PLC0415

    known = [c for c in DOSSIERS.columns if c not in DOSSIERS.instants and c not in DOSSIERS.distinct]
    columns = [column.strip() for column in grouping.split(",")]
    for column in columns:
        if column not in known:
            near = difflib.get_close_matches(column, known, n=1, cutoff=0)
            raise click.UsageError(
                f"--by {column}: there is no such column; nearest is {near[0]}. Known: {', '.join(known)}."
            )
    return columns


@click.command()
@click.option("--who", required=True, metavar="NAME", help="Who accepts the changes.")
@click.option("--why", required=True, metavar="TEXT", help="Why they are right.")
@options("data", "vocabulary", "handbook", "lang", "json")
def accept(*, who: str, why: str, data: str, lang: str, as_json: bool, **told: str) -> None:
    """Accept what changed in the exports since they were last read.

    \b
    analysis accept --who "Văn phòng" --why "Cổng dịch vụ công đổi mẫu từ tháng 12"

    Prints every change, records it with NAME, TEXT and the time beside the cleaned tables, and from then on holds exports
    against these. Until then every page names the changes first, and `analysis report --scheduled` writes none.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    for option, text in (("--who", who), ("--why", why)):
        if not text.strip():
            raise click.UsageError(f"{option} must say something.")
    from analysis.command_json import echo, of_data  # noqa: PLC0415
    from analysis.drift_sentences import drift_sentences  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.store import accept as accept_changes  # noqa: PLC0415

    labels = read_labels(lang)
    when = now().isoformat(timespec="seconds")
    found = accept_changes(data, **told, who=who.strip(), why=why.strip(), when=when, say=say)
    name_problems(found)
    sentences = list(drift_sentences(found.drift, labels=labels))
    if as_json:
        echo("accept", {"accepted": len(found.drift), "sentences": sentences, **of_data(found), "changes": 0})
        return
    for sentence in sentences:
        click.echo(sentence)
    number = labels.number(len(found.drift))
    click.echo(labels.name("drift.was_accepted", number=number) if number != "0" else labels.name("drift.nothing"))


COMMANDS = (check_files, handbook, clean, count, accept)
