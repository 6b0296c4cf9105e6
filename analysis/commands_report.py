"""The command that writes pages: ``report``."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
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
from analysis.periods import FORMS, Period, read_day, read_period, until

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
    unprinted = _print(pages, found, asked["lang"], asked=pdf)
    code = code or unprinted
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


def _print(pages: list[Path], found: "Data", lang: str, *, asked: bool | None) -> int:
    """Print pages where there is a browser; the exit code. What cannot be printed is said, and its page stays."""
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.printing import PrintingError, find_browser, pdf_name, print_page  # noqa: PLC0415

    labels = read_labels(lang)
    targets = {page: page.with_name(pdf_name(page, unit=found.name, day=found.as_of, labels=labels)) for page in pages}
    for target in targets.values():
        target.unlink(missing_ok=True)  # it was of the page before
    try:
        browser = None if asked is False else find_browser()
        if asked and not browser:
            raise PrintingError("no browser was found; install Chromium, Chrome or Edge, or set ANALYSIS_BROWSER.")
    except PrintingError as problem:
        complain(f"no PDF was written: {problem}")
        return NO_DISK if asked else 0
    if browser is None:
        return 0
    failed = False
    for page, target in targets.items():
        try:
            print_page(page, target, browser=browser, day=found.as_of)
        except (PrintingError, OSError) as problem:
            complain(f"{page.name} was not printed: {problem}")
            failed = True
        else:
            click.echo(target)
    return NO_DISK if failed and asked else 0


def _list(folder: Path, codes: Mapping[str, int], *, lang: str) -> None:
    """Keep how the run of each page ended, and write the list of pages; another run that is busy keeps its own."""
    from analysis.report_index import write_index  # noqa: PLC0415
    from analysis.run_state import note_runs  # noqa: PLC0415

    now = datetime.now(UTC).astimezone()  # noqa: TID251 - when pages were made, for the list of pages alone
    note_runs(folder, {name: code for name, code in codes.items() if code != BUSY}, at=now)
    click.echo(write_index(folder, lang=lang))


COMMANDS = (report,)
