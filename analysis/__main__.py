"""The command line: ``analysis check``, ``clean``, ``count``, ``report``, ``figures``, ``form``, ``accept``.

Results go to standard output, progress and complaints to standard error. A complaint is one message without a
traceback, and the exit code says whose turn it is.
"""

import difflib
import json
import re
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.grids import FileProblem
from analysis.periods import FORMS, Period, Unanswerable, read_day, read_period, until, year_before
from analysis.vocabulary import VIEWS, VocabularyError, fold

if TYPE_CHECKING:
    from pandas import Timestamp

    from analysis.handbook import Handbook
    from analysis.report import Report
    from analysis.stages import Map
    from analysis.store import Data

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "annual.ipynb"
QUALITY, TRENDS = NOTEBOOK.with_name("quality.ipynb"), NOTEBOOK.with_name("trends.ipynb")

FAULT, MISUSE, BAD_INPUT, RUN_FAILED, NO_DISK, BUSY, CHANGED, INTERRUPTED = 1, 2, 3, 4, 5, 6, 7, 130

WORST_FIRST = (FAULT, NO_DISK, RUN_FAILED, BUSY)
"""When pages fail for different reasons, the first of these is the exit code."""

BY = ("field", "unit", "procedure")
ENDED, PAUSED = ("apart", "on_time", "by_due_day"), ("by_due_day", "by_pause_day", "in_time", "apart")
NO_DUE, CHANNEL = ("apart", "on_time"), ("apart", "in_person")
"""The ways of ``policies.POLICIES``, which is slow to import."""

EXIT_CODES = """\b
Exit codes:
  0  done
  1  a fault in this program
  2  the command was written wrongly
  3  a file or a vocabulary cannot be used; what the other files say was done
  4  a run failed; its page was not published, and the last good one stays
  5  the disk is full, or a permission is missing
  6  another run is busy with the same page
  7  report --scheduled: the exports changed and nobody accepted it; the last pages stay"""


def _options(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options that several commands share."""
    known = {
        "data": click.option("--data", default="data/raw", metavar="FOLDER", help="Where the exports are: a folder, a file, or a pattern in quotes; data/raw unless said."),
        "vocabulary": click.option("--vocabulary", default="", metavar="FILE", help="Your own words, laid over the shipped ones."),
        "handbook": click.option("--handbook", default="", metavar="FILE", help="The department's handbook; so-tay.xlsx beside the exports unless said; `none` for none."),
        "as_of": click.option("--as-of", default="", metavar="DAY", help="The day up to which things have happened, as 2022-11-10."),
        "unit": click.option("--unit", default="", metavar="NAME", help="One receiving unit only, as the exports or the handbook write it."),
        "names": click.option("--names", default=None, type=click.Choice(VIEWS), callback=lambda _context, _option, view: view or "", help="Names of units, divisions, fields and procedures as they were, or with the successors that the handbook names; the setting unless said."),
        "scheduler": click.option("--scheduler", default="", metavar="ADDRESS", help="A Dask scheduler whose workers do the work, or `local`."),
        "lang": click.option("--lang", default="vi", type=click.Choice(["vi", "en"]), help="The language; vi unless said."),
    }  # fmt: skip

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for name in reversed(names):
            command = known[name](command)
        return command

    return decorate


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=EXIT_CODES)
@click.version_option(package_name="one-stop-analysis", prog_name="analysis")
def cli() -> None:
    """Turn the exports of a one-stop desk into verified yearly reports.

    Put the exports into data/raw as they are, then run `analysis report --all`. While data/raw holds nothing of
    yours, the made-up sample in data/raw/sample is read.
    """


@cli.command(name="check")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text.")
@click.option(
    "--learn", is_flag=True, help="Write the words that are not understood into the handbook, to be explained there."
)
@_options("vocabulary", "handbook")
def check_files(paths: tuple[str, ...], *, as_json: bool, learn: bool, vocabulary: str, handbook: str) -> None:
    """Explain each FILE, and the files of a folder, without loading them into anything.

    Says how a file is read, what each column is understood as and how surely, which lines would be rejected, and which
    lines a vocabulary file needs. Nothing is written but, with --learn, those words into the handbook: choose the meaning
    of each there, and the next run understands them.
    """
    from analysis.check import check  # noqa: PLC0415
    from analysis.checkup import checkup  # noqa: PLC0415
    from analysis.handbook import NAME  # noqa: PLC0415
    from analysis.handbook_workbook import learned_of, write_handbook  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.told import folder_of, read_told  # noqa: PLC0415

    own, first = vocabulary or None, Path(paths[0])
    book, words = read_told(first, own, handbook)
    _name_mistakes(book)
    found = check(paths, vocabulary=words, own=own)
    lines = [json.dumps(found, ensure_ascii=False, indent=1)] if as_json else checkup(found, read_labels("en"))
    for line in lines:
        click.echo(line)
    if learn and (learned := learned_of(found)):
        path = book.path or (Path(handbook) if handbook not in {"", "none"} else folder_of(first) / NAME)
        added = write_handbook(path, vocabulary=words, learned=learned)
        _say(f"{path}: {added['words']} words were added to explain, {len(learned) - added['words']} stood there.")
    elif learn:
        _say("every word is understood; there is nothing to learn.")
    if found["unusable"]:
        sys.exit(BAD_INPUT)


@cli.command()
@click.option(
    "--data", default="data/raw", metavar="FOLDER", help="Where the exports are; the handbook lies beside them."
)
@click.option("--handbook", default="", metavar="FILE", help="The workbook, if it lies elsewhere.")
@_options("vocabulary", "lang")
def handbook(data: str, handbook: str, vocabulary: str, lang: str) -> None:
    """Write the handbook, or bring it up to date without touching what was typed.

    \b
    analysis handbook
    analysis handbook --data exports --lang en
    analysis check --learn data/raw

    In so-tay.xlsx a department says what its exports do not: its own words, corrections, figures of other sources, its own
    sentences, targets, names, days off and settings. Everything in it is optional.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
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
    told = ", ".join(f"{number} {what}" for what, number in added.items() if number) or "nothing"
    _say(f"{path}: was written." if is_new else f"{path}: {told} added; what was typed is as it was.")
    click.echo(path)


@cli.command()
@_options("data", "vocabulary", "handbook", "scheduler")
def clean(data: str, vocabulary: str, handbook: str, scheduler: str) -> None:
    """Read the exports and say what became of every line.

    The cleaned tables go to data/processed. The other commands do this by themselves when the exports changed.
    """
    from analysis.counts import count_fates  # noqa: PLC0415 - `--help` must not wait for pandas
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.privacy import shown  # noqa: PLC0415
    from analysis.store import load  # noqa: PLC0415

    with _mapped_by(scheduler) as run:
        found = load(data, vocabulary=vocabulary or None, handbook=handbook, run=run, say=_say)
    _name_problems(found)
    _name_drift(found, "en")
    labels = read_labels("en")
    fates = count_fates(found.ledger)
    for file, sheet, *numbers in fates.itertuples(index=False, name=None):
        *each, lines = zip(fates.columns[2:], numbers, strict=True)
        parts = ", ".join(f"{number} {fate.replace('_', ' ')}" for fate, number in each if number)
        click.echo(f"{file}{f' [{sheet}]' if sheet else ''}: {lines[1]} lines = {parts}")
    for file, doubts in zip(found.files.source_file, found.files.doubts, strict=True):
        for reason, detail in json.loads(doubts):
            click.echo(f"doubtful: {file}: {labels.doubt(reason, detail)}", err=True)
    for rejected in found.rejected.itertuples():
        value = f" {shown(str(rejected.value), str(rejected.column))!r}" if rejected.value else ""
        click.echo(f"rejected: {rejected.source_file}, row {rejected.source_row}: {rejected.reason}{value}", err=True)
    for doubt in found.warnings.groupby(["reason", "column"]).size().reset_index(name="lines").itertuples():
        click.echo(f"doubtful: {doubt.lines} x {doubt.reason} ({doubt.column})", err=True)
    _tell_corrections(found)
    held = ", ".join(f"{len(getattr(found, t))} {t}" for t in ("dossiers", "documents", "meetings", "procedures"))
    click.echo(f"{held}; up to {found.as_of:%Y-%m-%d}")
    _end(found)


@cli.command()
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
@_options("data", "vocabulary", "handbook", "names", "scheduler")
def count(*, groupings: tuple[str, ...], per: str, out: str, data: str, scheduler: str, **told: str) -> None:
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
    from analysis.counts import count_fates  # noqa: PLC0415
    from analysis.tally import count_exports, for_people, write_counts  # noqa: PLC0415

    with _mapped_by(scheduler) as run:
        counted = count_exports(
            data, by=by, per=per, vocabulary=told["vocabulary"], handbook=told["handbook"], names=told["names"],
            run=run, say=_say,
        )  # fmt: skip
    _name_mistakes(counted.handbook)
    for file, message in counted.problems:
        click.echo(f"analysis: {file}: {message}", err=True)
    for columns, events in zip(by, counted.events, strict=True):
        click.echo(
            write_counts(events, Path(out), columns)
            if out
            else for_people(events).to_csv(index=False, lineterminator="\n").rstrip()
        )
    fates = count_fates(counted.ledger).drop(columns=["source_file", "source_sheet"]).sum()
    said = ", ".join(
        f"{number} {str(fate).replace('_', ' ')}" for fate, number in fates.items() if number and fate != "lines"
    )
    click.echo(f"{fates['lines']} lines = {said}", err=True)
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


@contextmanager
def _mapped_by(scheduler: str) -> "Iterator[Map]":
    """What maps blocks and partitions: this process, or a cluster."""
    if not scheduler:
        yield map
        return
    from analysis.cluster import on_cluster  # noqa: PLC0415

    with on_cluster(scheduler) as run:
        yield run


@cli.command(epilog="\b\nA period is written\n  " + FORMS.replace(", ", "\n  ").replace("or ", ""))
@click.argument("periods", nargs=-1, metavar="[PERIOD]...")
@click.option("--all", "every", is_flag=True, help="Every calendar year that the exports hold.")
@click.option("--quality", is_flag=True, help="The page about the quality of all exports, beside any PERIOD.")
@click.option("--trends", is_flag=True, help="The page of all years and months, beside any PERIOD.")
@click.option("--from", "first", default="", metavar="DAY", help="The first day, instead of a PERIOD.")
@click.option("--to", "last", default="", metavar="DAY", help="The last day, instead of a PERIOD.")
@_options("as_of", "unit", "names", "lang", "data", "vocabulary", "handbook")
@click.option("--out", default="reports", metavar="FOLDER", help="Where the pages go; reports unless said.")
@click.option("--scheduled", is_flag=True, help="Write no page while the exports have changed and nobody accepted it.")
@click.option(
    "--engine", type=click.Choice(["fork", "kernel"]),
    help="How notebooks run: forked after the imports, where the system can do that, or in kernels.",
)  # fmt: skip
def report(
    *, periods: tuple[str, ...], every: bool, quality: bool, trends: bool, first: str, last: str, out: str, scheduled: bool,
    engine: str | None, **asked: str,
) -> None:  # fmt: skip
    """Write the page of each PERIOD, and the list of all pages.

    \b
    analysis report 2022
    analysis report 2022-Q3 2022-9M --lang en
    analysis report --from 2021-12-15 --to 2022-12-14
    analysis report --all
    analysis report --trends
    analysis report --quality
    analysis report --all --scheduled

    A page appears under its name only when every cell of its notebook has run; until then the last good one stays.
    So it does with --scheduled, for a run that nobody watches, where a column, a word, the share of rejects or the number of
    lines of the exports changed, until someone runs `analysis accept` or mends the export.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    names = _named(periods, first, last, every=every or quality or trends)
    if quality and asked["unit"]:
        raise click.UsageError("--quality is about all lines of the exports; leave out --unit.")
    from analysis import cells  # noqa: PLC0415

    if engine == "fork" and not cells.POSSIBLE:
        raise click.UsageError("this system cannot fork; leave out --engine.")
    engine = engine or cells.DEFAULT
    if engine == "fork":
        cells.begin_imports()  # while this process reads the exports
    from analysis.answers import require_answers  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.trends import whole_span  # noqa: PLC0415

    found = _load(asked)
    _name_drift(found, asked["lang"])
    if scheduled and len(found.drift):
        _complain(read_labels(asked["lang"]).name("drift.stopped"))
        _name_notified(found, asked["lang"])
        raise click.exceptions.Exit(CHANGED)
    if every:
        received = found.dossiers.received_on.dt.normalize()
        names += [str(year) for year in sorted(received[received <= found.as_of].dt.year.unique())]
        if not names:
            raise FileProblem(f"{asked['data']}: no dossier was received, so there is no year to report.")
    spans = [until(read_period(name), found.as_of) for name in dict.fromkeys(names)]
    for span in spans:
        require_answers(found, span)
    reports = [_of_period(span, Path(out), asked, as_of=found.as_of) for span in spans]
    if trends:
        whole_span(found)
        reports.append(_of_all("trends", TRENDS, Path(out), asked, as_of=found.as_of))
    if quality:
        without_unit = {name: value for name, value in asked.items() if name != "unit"}
        reports.append(_of_all("quality", QUALITY, Path(out), without_unit, as_of=found.as_of))
    code = _render(reports, Path(out), engine)
    if scheduled and (code or len(found.problems)):
        _name_notified(found, asked["lang"])
    if code:
        raise click.exceptions.Exit(code)
    _end(found)


@cli.command()
@click.argument("period")
@_options("as_of", "unit", "names", "lang", "data", "vocabulary", "handbook")
def figures(period: str, lang: str, **asked: str) -> None:
    """Print the headline figures of a PERIOD in sentences, ready to paste."""
    asked_for = read_period(period)
    from analysis.answers import first_day  # noqa: PLC0415
    from analysis.corrections_page import effect_sentences  # noqa: PLC0415
    from analysis.effects import effect  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.metrics import headline  # noqa: PLC0415
    from analysis.sentences import limits, sentences, unread  # noqa: PLC0415
    from analysis.targets import targets_of  # noqa: PLC0415
    from analysis.targets_page import target_sentences  # noqa: PLC0415

    found = _load(asked)
    _name_drift(found, lang)
    labels, span = read_labels(lang), until(asked_for, found.as_of)
    table = headline(found, span, whole_year=year_before(asked_for))
    if found.is_sample:
        click.echo(f"({labels.name('sentences.made_up')})")
    told = sentences(table, labels, unit=found.name, period=span, first=first_day(found, "dossiers"))
    told += target_sentences(targets_of(found, asked_for, figures=table), labels=labels)
    moved = effect(found, span, whole_year=year_before(asked_for))
    told += effect_sentences(found, moved, labels=labels)
    for sentence in [*unread(found, labels=labels), *limits(found, span, labels=labels), *told]:
        click.echo(sentence)
    click.echo(labels.name(f"sentences.as_of_{found.as_of_basis}", day=labels.day(found.as_of)) + ".")
    _end(found)


@cli.command()
@click.argument("period")
@click.option("--by", default="field", type=click.Choice(BY), help="What the rows are; field unless said.")
@click.option(
    "--ended",
    default=ENDED[0],
    type=click.Choice(ENDED),
    help="Withdrawn, returned, transferred: beside the form, as on time, or by the day they ended; apart unless said.",
)
@click.option(
    "--paused",
    default=PAUSED[0],
    type=click.Choice(PAUSED),
    help="Waiting for the applicant: by the due day, as on the day the pause began, in time, or beside the form; "
    "by_due_day unless said.",
)
@click.option(
    "--no-due",
    default=NO_DUE[0],
    type=click.Choice(NO_DUE),
    help="Without a due date: in no part of a total, or as on time; apart unless said.",
)
@click.option(
    "--channel",
    default=CHANNEL[0],
    type=click.Choice(CHANNEL),
    help="Of another or no known channel: in the total only, or as in person; apart unless said.",
)
@click.option(
    "--points", default="", metavar="FILE", help="A CSV file that says how many points an indicator is worth."
)
@_options("as_of", "unit", "names", "data", "vocabulary", "handbook")
@click.option("--out", default="reports", metavar="FOLDER", help="Where the workbook goes; reports unless said.")
def form(*, period: str, by: str, points: str, out: str, **asked: str) -> None:
    """Write form II.06a of a PERIOD as a workbook, with the channels and the indicators of Decision 766.

    \b
    analysis form 2022-official
    analysis form 2022-Q3 --ended on_time --paused in_time
    analysis form 2022 --points points.csv

    The form (Circular 01/2020/TT-VPCP) has no column for dossiers that ended without a result, wait for the applicant or have
    no due date. The options say where they go; the workbook prints which were used, and whether the form's four sums hold.

    FILE has the columns indicator, full_points, threshold (in per cent) and source; without it no points are written.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    asked_for = read_period(period)
    from analysis.answers import require_answers  # noqa: PLC0415
    from analysis.form_workbook import write_form  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.points import read_points  # noqa: PLC0415
    from analysis.policies import read_policy  # noqa: PLC0415

    worth = read_points(points) if points else None
    policy = read_policy(**{name: asked.pop(name) for name in ("ended", "paused", "no_due", "channel")})
    found = _load(asked)
    _name_drift(found, "vi")
    span = until(asked_for, found.as_of)
    require_answers(found, span)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _file_name(f"06a-{span.name}", {**asked, "lang": "vi"}, ".xlsx")
    labels = read_labels("vi")
    click.echo(write_form(found, span, path, by=by, policy=policy, points=worth, whole=asked_for, labels=labels))
    _end(found)


@cli.command()
@click.option("--who", required=True, metavar="NAME", help="Who accepts the changes.")
@click.option("--why", required=True, metavar="TEXT", help="Why they are right.")
@_options("data", "vocabulary", "handbook", "lang")
def accept(*, who: str, why: str, data: str, lang: str, **told: str) -> None:
    """Accept what changed in the exports since they were last read.

    \b
    analysis accept --who "Văn phòng" --why "Cổng dịch vụ công đổi mẫu từ tháng 12"

    Prints every change, records it with NAME, TEXT and the time beside the cleaned tables, and from then on holds exports
    against these. Until then every page names the changes first, and `analysis report --scheduled` writes none.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    for option, text in (("--who", who), ("--why", why)):
        if not text.strip():
            raise click.UsageError(f"{option} must say something.")
    from analysis.drift_sentences import drift_sentences  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.store import accept as accept_changes  # noqa: PLC0415

    labels = read_labels(lang)
    when = datetime.now(UTC).astimezone().isoformat(timespec="seconds")  # noqa: TID251 - when it was accepted
    found = accept_changes(data, **told, who=who.strip(), why=why.strip(), when=when, say=_say)
    _name_problems(found)
    for sentence in drift_sentences(found.drift, labels=labels):
        click.echo(sentence)
    number = labels.number(len(found.drift))
    click.echo(labels.name("drift.was_accepted", number=number) if number != "0" else labels.name("drift.nothing"))


def _name_notified(found: "Data", lang: str) -> None:
    """Name whom the department wants to be told that a scheduled run did not do all."""
    from analysis.labels import read_labels  # noqa: PLC0415

    if who := str(found.vocabulary.settings["notify"]):
        _complain(read_labels(lang).name("drift.tell", who=who))


def _name_drift(found: "Data", lang: str) -> None:
    """Name every change of the exports that nobody accepted."""
    if found.drift.empty:
        return
    from analysis.drift_sentences import drift_sentences  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415

    labels = read_labels(lang)
    for sentence in [*drift_sentences(found.drift, labels=labels), labels.name("drift.what_to_do")]:
        _complain(sentence)


def _load(asked: dict[str, str]) -> "Data":
    """What the options of a command ask for."""
    from analysis.counts import REPORTED  # noqa: PLC0415
    from analysis.store import load  # noqa: PLC0415

    vocabulary = asked["vocabulary"] or None
    found = load(
        asked["data"], vocabulary=vocabulary, handbook=asked["handbook"], unit=asked["unit"], as_of=asked["as_of"],
        names=asked["names"], columns=REPORTED, say=_say,
    )  # fmt: skip
    asked["unit"] = found.unit  # the page is called by its name, whichever spelling was asked for
    _name_problems(found)
    return found


def _name_mistakes(handbook: "Handbook") -> None:
    """Name every line of the handbook that counts for nothing."""
    from analysis.handbook_page import mistake_sentences  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415

    for sentence in mistake_sentences(handbook, labels=read_labels("en")):
        click.echo(f"analysis: {sentence}", err=True)


def _tell_corrections(found: "Data") -> None:
    """Say how many corrections of the handbook act, and name those that no longer do."""
    if not found.vocabulary.corrections:
        return
    from analysis.corrections_page import applied_sentence, idle_sentences  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415

    labels = read_labels("en")
    click.echo(applied_sentence(found, labels=labels))
    for sentence in idle_sentences(found, labels=labels):
        click.echo(f"analysis: {sentence}", err=True)


def _name_problems(found: "Data") -> None:
    """Name every file that could not be read, before anything that its lines may be missing from."""
    _name_mistakes(found.handbook)
    for file, message in found.problems.itertuples(index=False, name=None):
        click.echo(f"analysis: {file}: {message}", err=True)


def _end(found: "Data") -> None:
    """End a command whose work is done; with the code of a bad file, if there is one.

    Raises
    ------
    click.exceptions.Exit
        If a file could not be read.
    """
    if len(found.problems):
        raise click.exceptions.Exit(BAD_INPUT)


def _named(periods: tuple[str, ...], first: str, last: str, *, every: bool) -> list[str]:
    """The periods asked for by name or by two days; each proven to be one."""
    if bool(first) != bool(last):
        raise click.UsageError("--from and --to go together.")
    names = [*periods, *([f"{read_day(first):%Y-%m-%d}..{read_day(last):%Y-%m-%d}"] if first else [])]
    if not names and not every:
        raise click.UsageError("name a period, such as 2022, or say --all for every year of the exports.")
    for name in names:
        read_period(name)
    return names


def _of_period(span: Period, folder: Path, asked: dict[str, str], *, as_of: "Timestamp") -> "Report":
    """The page of one period."""
    from analysis.labels import read_labels  # noqa: PLC0415

    labels = read_labels(asked["lang"])
    title = labels.name("sentences.title", period=labels.period(span))
    title += f" · {asked['unit']}" if asked["unit"] else ""
    about = {"period": span.name, "as_of": labels.day(as_of), "unit": asked["unit"]}
    parameters = {"period": span.name, **_parameters(asked)}
    return _report(NOTEBOOK, folder / _file_name(span.name, asked), parameters, title, asked["lang"], about)


def _of_all(name: str, notebook: Path, folder: Path, asked: dict[str, str], *, as_of: "Timestamp") -> "Report":
    """A page of everything that the exports hold."""
    from analysis.labels import read_labels  # noqa: PLC0415

    labels, unit = read_labels(asked["lang"]), asked.get("unit", "")
    title = labels.name(f"{name}.title") + (f" · {unit}" if unit else "")
    about = {"as_of": labels.day(as_of), "unit": unit}
    return _report(notebook, folder / _file_name(name, asked), _parameters(asked), title, asked["lang"], about)


def _parameters(asked: dict[str, str]) -> dict[str, str]:
    """The parameters of a notebook; it uses the view of the settings where none was asked for."""
    return {name: value for name, value in asked.items() if value or name != "names"}


def _report(*facts: Any) -> "Report":
    # jsonschema would compile a grammar of web addresses for half a second, and no notebook needs it.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from analysis.report import Report  # noqa: PLC0415

    return Report(*facts)


def _render(reports: list["Report"], folder: Path, engine: str) -> int:
    """Write pages, with a progress bar where someone watches, and the list of pages; the worst exit code."""
    from analysis.report import render_reports, write_index  # noqa: PLC0415

    lang = reports[0].lang
    label = reports[0].output.name.partition(".")[0] if len(reports) == 1 else f"{len(reports)} pages"
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        problems = render_reports(reports, engine=engine, progress=progress, published=click.echo)
    if not all(problems):
        click.echo(write_index(folder, lang=lang))
    codes = []
    for report, problem in zip(reports, problems, strict=True):
        if problem:
            message, code = _told(problem)
            _complain(f"{report.output.name}: {message}")
            codes.append(code)
    return min(codes, key=WORST_FIRST.index, default=0)


def _file_name(period: str, asked: dict[str, str], ending: str = ".html") -> str:
    """``2022.html``; a unit, a view of names and a language other than Vietnamese are named too, where they were asked for."""
    unit = re.sub(r"\W+", "-", fold(asked.get("unit", "")))[:80].strip("-")
    view = [asked["names"]] if asked.get("names") else []
    parts = [
        period.replace("..", "_"),
        *([unit] if unit else []),
        *view,
        *([asked["lang"]] if asked["lang"] != "vi" else []),
    ]
    return ".".join(parts) + ending


def _say(text: str) -> None:
    click.echo(text, err=True)


def main() -> None:
    """Run a command; every expected failure is one message and its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a scheduler's stop cleans up as Ctrl-C does
    try:
        sys.exit(cli(standalone_mode=False, prog_name="analysis") or 0)  # what a command left with click's Exit
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(MISUSE)
    except (click.Abort, KeyboardInterrupt):
        _fail("interrupted; nothing more was published.", INTERRUPTED)
    except Unanswerable as error:
        _fail(str(error), MISUSE)
    except (FileProblem, VocabularyError) as error:
        _fail(str(error), BAD_INPUT)
    except Exception as error:
        _fail(*_told(error))


def _told(error: Exception) -> tuple[str, int]:
    """What an error says to a user, and its exit code; those of a run are known by name, for they are slow to import."""
    known = {"ReportError": RUN_FAILED, "ReportBusy": BUSY, "ParameterError": MISUSE}
    if type(error).__module__ == "analysis.report" and type(error).__name__ in known:
        return str(error), known[type(error).__name__]
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}; free some space, or give the permission, and run again.", NO_DISK
    traceback.print_exception(error)
    return "this is a fault in the program; please report it with the lines above.", FAULT


def _complain(message: str) -> None:
    for line in message.splitlines():
        click.echo(f"analysis: {line}", err=True)


def _fail(message: str, code: int) -> None:
    _complain(message)
    sys.exit(code)


if __name__ == "__main__":
    main()
