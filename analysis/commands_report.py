"""Commands that write what is read by others: ``report``, ``figures``, ``form``."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from analysis.commands import (
    BUSY,
    CHANGED,
    FAULT,
    NO_DISK,
    RUN_FAILED,
    complain,
    end,
    failure_of,
    file_name,
    load_asked,
    name_drift,
    name_notified,
    options,
)
from analysis.grids import FileProblem
from analysis.periods import FORMS, Period, read_day, read_period, until, year_before

if TYPE_CHECKING:
    from pandas import Timestamp

    from analysis.labels import Labels
    from analysis.report import Report
    from analysis.scan import Scan
    from analysis.store import Data

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "annual.ipynb"
QUALITY, TRENDS = NOTEBOOK.with_name("quality.ipynb"), NOTEBOOK.with_name("trends.ipynb")

WORST_FIRST = (FAULT, NO_DISK, RUN_FAILED, BUSY)
"""When pages fail for different reasons, the first of these is the exit code."""

BY = ("field", "unit", "procedure")
ENDED, PAUSED = ("apart", "on_time", "by_due_day"), ("by_due_day", "by_pause_day", "in_time", "apart")
NO_DUE, CHANNEL = ("apart", "on_time"), ("apart", "in_person")
"""The ways of ``policies.POLICIES``, which is slow to import."""


@click.command(epilog="\b\nA period is written\n  " + FORMS.replace(", ", "\n  ").replace("or ", ""))
@click.argument("periods", nargs=-1, metavar="[PERIOD]...")
@click.option("--all", "every", is_flag=True, help="Every calendar year that the exports hold.")
@click.option("--quality", is_flag=True, help="The page about the quality of all exports, beside any PERIOD.")
@click.option("--trends", is_flag=True, help="The page of all years and months, beside any PERIOD.")
@click.option("--from", "first", default="", metavar="DAY", help="The first day, instead of a PERIOD.")
@click.option("--to", "last", default="", metavar="DAY", help="The last day, instead of a PERIOD.")
@options("as_of", "unit", "names", "lang", "data", "vocabulary", "handbook")
@click.option("--out", default="reports", metavar="FOLDER", help="Where the pages go; reports unless said.")
@click.option(
    "--edition", default="internal", type=click.Choice(["internal", "public"]),
    help="internal holds nothing back, public holds back small numbers and what is not for everybody; internal unless said.",
)  # fmt: skip
@click.option(
    "--pdf/--no-pdf", default=None, help="Print each page to a PDF too; where there is a browser, unless said."
)
@click.option("--scheduled", is_flag=True, help="Write no page while the exports have changed and nobody accepted it.")
@click.option(
    "--engine", type=click.Choice(["fork", "kernel"]),
    help="How notebooks run: forked after the imports, where the system can do that, or in kernels.",
)  # fmt: skip
def report(
    *, periods: tuple[str, ...], every: bool, quality: bool, trends: bool, first: str, last: str, out: str, pdf: bool | None,
    scheduled: bool, engine: str | None, **asked: str,
) -> None:  # fmt: skip
    """Write the page of each PERIOD, and the list of all pages.

    \b
    analysis report 2022
    analysis report 2022-Q3 2022-9M --lang en
    analysis report --from 2021-12-15 --to 2022-12-14
    analysis report --all
    analysis report --trends
    analysis report --quality
    analysis report 2022 --edition public
    analysis report --all --scheduled

    A page appears under its name only when every cell of its notebook has run; until then the last good one stays.
    So it does with --scheduled, for a run that nobody watches, where a column, a word, the share of rejects or the number of
    lines of the exports changed, until someone runs `analysis accept` or mends the export.

    Beside a page stand the notebook as it ran, a workbook with every table of the page and, where there is a browser, the page
    as PDF.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    names = _named(periods, first, last, every=every or quality or trends)
    if quality and asked["edition"] == "public":
        raise click.UsageError(
            "--quality shows single lines of the exports, so it has no public edition; leave out --edition."
        )
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
    from analysis.scan import scan_of  # noqa: PLC0415
    from analysis.trends import whole_span  # noqa: PLC0415

    found = load_asked(asked)
    name_drift(found, asked["lang"])
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
    if scheduled and len(found.drift):
        complain(read_labels(asked["lang"]).name("drift.stopped"))
        name_notified(found, asked["lang"])
        _list(Path(out), {report.output.name: CHANGED for report in reports}, lang=asked["lang"])
        raise click.exceptions.Exit(CHANGED)
    pages, code = _render(
        reports, Path(out), engine, scan=scan_of(found, asked["data"], labels=read_labels(asked["lang"]))
    )
    _print(pages, found, asked["lang"], asked=pdf)
    if scheduled and (code or len(found.problems)):
        name_notified(found, asked["lang"])
    if code:
        raise click.exceptions.Exit(code)
    end(found)


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
    about = {"period": span.name, "as_of": labels.day(as_of), "unit": asked["unit"], **_edition(asked, labels)}
    title = _title(labels.name("sentences.title", period=labels.period(span)), about)
    parameters = {"period": span.name, **_parameters(asked)}
    return _report(NOTEBOOK, folder / file_name(span.name, asked), parameters, title, asked["lang"], about)


def _of_all(name: str, notebook: Path, folder: Path, asked: dict[str, str], *, as_of: "Timestamp") -> "Report":
    """A page of everything that the exports hold."""
    from analysis.labels import read_labels  # noqa: PLC0415

    labels, unit = read_labels(asked["lang"]), asked.get("unit", "")
    about = {"as_of": labels.day(as_of), "unit": unit, **_edition(asked, labels)}
    title = _title(labels.name(f"{name}.title"), about)
    return _report(notebook, folder / file_name(name, asked), _parameters(asked), title, asked["lang"], about)


def _edition(asked: dict[str, str], labels: "Labels") -> dict[str, str]:
    """What the public edition is called; nothing of the internal one."""
    return {"edition": labels.name("editions.name_public")} if asked["edition"] == "public" else {}


def _title(title: str, about: dict[str, str]) -> str:
    """A title with the unit and the edition, where there are such."""
    return " · ".join([title, *(about[name] for name in ("unit", "edition") if about.get(name))])


def _parameters(asked: dict[str, str]) -> dict[str, str]:
    """The parameters of a notebook but those that are as it has them."""
    usual = {"names": "", "edition": "internal"}
    return {name: value for name, value in asked.items() if value != usual.get(name)}


def _report(*facts: Any) -> "Report":
    # jsonschema would compile a grammar of web addresses for half a second, and no notebook needs it.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from analysis.report import Report  # noqa: PLC0415

    return Report(*facts)


def _render(reports: list["Report"], folder: Path, engine: str, *, scan: "Scan") -> tuple[list[Path], int]:
    """Write pages, with a progress bar where someone watches, and the list of pages; which were written, and the worst
    exit code.
    """
    from analysis.report import render_reports  # noqa: PLC0415

    lang, written = reports[0].lang, []
    label = reports[0].output.name.partition(".")[0] if len(reports) == 1 else f"{len(reports)} pages"
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        def published(page: Path) -> None:
            written.append(page)
            click.echo(page)

        problems = render_reports(reports, engine=engine, progress=progress, published=published, scan=scan)
    codes = {}
    for report, problem in zip(reports, problems, strict=True):
        message, codes[report.output.name] = failure_of(problem) if problem else ("", 0)
        if problem:
            complain(f"{report.output.name}: {message}")
    _list(folder, codes, lang=lang)
    return written, min(filter(None, codes.values()), key=WORST_FIRST.index, default=0)


def _print(pages: list[Path], found: "Data", lang: str, *, asked: bool | None) -> None:
    """Print pages where there is a browser; what cannot be printed is said, and its page stays."""
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.printing import PrintingError, find_browser, pdf_name, print_page  # noqa: PLC0415

    labels = read_labels(lang)
    targets = {page: page.with_name(pdf_name(page, unit=found.name, day=found.as_of, labels=labels)) for page in pages}
    for target in targets.values():
        target.unlink(missing_ok=True)  # it was of the page before
    if asked is False:
        return
    try:
        browser = find_browser()
        if asked and not browser:
            raise PrintingError("no browser was found; install Chromium, Chrome or Edge, or set ANALYSIS_BROWSER.")
    except PrintingError as problem:
        complain(f"no PDF was written: {problem}")
        return
    if browser is None:
        return
    for page, target in targets.items():
        try:
            print_page(page, target, browser=browser, day=found.as_of)
        except (PrintingError, OSError) as problem:
            complain(f"{page.name} was not printed: {problem}")
        else:
            click.echo(target)


def _list(folder: Path, codes: Mapping[str, int], *, lang: str) -> None:
    """Keep how the run of each page ended, and write the list of pages; another run that is busy keeps its own."""
    from analysis.report_index import write_index  # noqa: PLC0415
    from analysis.run_state import note_runs  # noqa: PLC0415

    now = datetime.now(UTC).astimezone()  # noqa: TID251 - when pages were made, for the list of pages alone
    note_runs(folder, {name: code for name, code in codes.items() if code != BUSY}, at=now)
    click.echo(write_index(folder, lang=lang))


@click.command()
@click.argument("period")
@options("as_of", "unit", "names", "lang", "data", "vocabulary", "handbook")
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

    found = load_asked(asked)
    name_drift(found, lang)
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
    end(found)


@click.command()
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
@options("as_of", "unit", "names", "data", "vocabulary", "handbook")
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
    from analysis.publication import publish  # noqa: PLC0415
    from analysis.scan import scan_of  # noqa: PLC0415

    worth = read_points(points) if points else None
    policy = read_policy(**{name: asked.pop(name) for name in ("ended", "paused", "no_due", "channel")})
    found = load_asked(asked)
    name_drift(found, "vi")
    span = until(asked_for, found.as_of)
    require_answers(found, span)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file_name(f"06a-{span.name}", {**asked, "lang": "vi"}, ".xlsx")
    labels = read_labels("vi")
    with TemporaryDirectory(dir=folder, prefix=".form-") as private:
        made = Path(private) / path.name
        write_form(found, span, made, by=by, policy=policy, points=worth, whole=asked_for, labels=labels)
        files = {path: made.read_bytes()}
    scan_of(found, asked["data"], labels=labels)(files)
    publish(files)
    click.echo(path)
    end(found)


COMMANDS = (report, figures, form)
