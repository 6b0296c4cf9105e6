"""The command that writes pages: ``report``."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from analysis.colours import bad, good
from analysis.commands import (
    BAD_INPUT,
    BUSY,
    CHANGED,
    FAULT,
    NO_DISK,
    RUN_FAILED,
    complain,
    end,
    load_asked,
    name_drift,
    name_notified,
    now,
    options,
    say,
)
from analysis.commands_notice import log_exports, log_writer, watched
from analysis.messages import told
from analysis.periods import FORMS, read_day, read_period

if TYPE_CHECKING:
    from analysis.labels import Labels
    from analysis.run_state import Outcome
    from analysis.scan import Scan
    from analysis.store import Data

WORST_FIRST = (FAULT, NO_DISK, RUN_FAILED, BAD_INPUT, CHANGED, BUSY)
"""When pages fail for different reasons, the first of these is the exit code."""


@click.command(epilog="\b\nA period is written\n  " + FORMS.replace(", ", "\n  ").replace("or ", ""))
@click.argument("periods", nargs=-1, metavar="[PERIOD]...")
@click.option("--all", "every", is_flag=True, help="Every calendar year that the exports hold.")
@click.option("--quality", is_flag=True, help="The page about the quality of all exports, beside any PERIOD.")
@click.option("--trends", is_flag=True, help="The page of all years and months, beside any PERIOD.")
@click.option("--from", "first", default="", metavar="DAY", help="The first day, instead of a PERIOD.")
@click.option("--to", "last", default="", metavar="DAY", help="The last day, instead of a PERIOD.")
@options("as_of", "unit", "names", "lang", "data", "vocabulary", "handbook", "json")
@click.option("--out", default="reports", metavar="FOLDER", help="Where the pages go; reports unless said.")
@click.option(
    "--edition", default="internal", type=click.Choice(["internal", "public"]),
    help="internal holds nothing back, public holds back small numbers and what is not for everybody; internal unless said.",
)  # fmt: skip
@click.option(
    "--notebook",
    default="",
    metavar="FILE",
    help="A copy of annual.ipynb of your own, which makes the pages of periods.",
)
@click.option(
    "--pdf/--no-pdf", default=None, help="Print each page to a PDF too; where there is a browser, unless said."
)
@click.option(
    "--units", is_flag=True, help="Also a folder of pages for each receiving unit, and a page that lists all units."
)
@click.option("--force", is_flag=True, help="Make pages that are up to date, too.")
@click.option("--scheduled", is_flag=True, help="Write no page while the exports have changed and nobody accepted it.")
@click.option("--quiet", is_flag=True, help="Say nothing but what is wrong, as a scheduler wants it.")
@click.option(
    "--nothing-to-do", "idle", default=0, metavar="CODE", type=click.IntRange(0, 125),
    help="The exit code if every page was up to date; 0 unless said.",
)  # fmt: skip
@click.option(
    "--engine", type=click.Choice(["fork", "kernel"]),
    help="How notebooks run: forked after the imports, where the system can do that, or in kernels.",
)  # fmt: skip
@watched
def report(
    *, periods: tuple[str, ...], every: bool, quality: bool, trends: bool, first: str, last: str, out: str, notebook: str, pdf: bool | None,
    units: bool, force: bool, scheduled: bool, quiet: bool, idle: int, engine: str | None, as_json: bool, **asked: str,
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
    analysis report 2022 --notebook notebooks/ours.ipynb
    analysis report --all --units --scheduled --quiet

    A page appears under its name only when every cell of its notebook has run; until then the last good one stays.
    So it does with --scheduled, for a run that nobody watches, where a column, a word, the share of rejects or the number of
    lines of the exports changed, until someone runs `analysis accept` or mends the export.

    A page whose exports, words, handbook, notebook, program and parameters are the same by content is up to date and is not
    made again; `analysis status` says which are.

    A notebook of your own lies in notebooks; its page is named after it, 2022.ours.html, and stands beside the usual one.

    Beside a page stand the notebook as it ran, a workbook with every table of the page and, where there is a browser, the page
    as PDF.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    names = _named(periods, first, last, every=every or quality or trends)
    _refuse_contradictions(asked, quality=quality, units=units)
    from analysis import cells  # noqa: PLC0415
    from analysis.run_state import Outcome, read_runs  # noqa: PLC0415

    if engine == "fork" and not cells.POSSIBLE:
        raise click.UsageError("this system cannot fork; leave out --engine.")
    engine, folder = engine or cells.DEFAULT, Path(out)
    if engine == "fork" and (force or not read_runs(folder)):
        cells.begin_imports()  # while this process reads the exports; of a later run there may be nothing to make
    # jsonschema would compile a grammar of web addresses for half a second, and no notebook needs it.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from analysis.command_json import echo, of_round  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.planning import ANNUAL, QUALITY, TRENDS, own_notebook, plan  # noqa: PLC0415
    from analysis.rounds import Round, make_round, note  # noqa: PLC0415

    made_by = own_notebook(notebook) if notebook else ANNUAL
    found, labels = load_asked(asked, quiet=quiet), read_labels(asked["lang"])
    log_exports(found)
    name_drift(found, labels.lang)
    kinds = [TRENDS] * trends + [QUALITY] * quality
    jobs = plan(found, names, every=every, kinds=kinds, units=units, asked=asked, folder=folder, notebook=made_by)
    stopped = scheduled and len(found.drift) > 0
    browser = None if stopped else _browser(asked=pdf)
    with _Progress(quiet=quiet or as_json) as shown:
        how = Round(engine, _scan(found, asked["data"], labels), browser, labels, now, shown.told, force)
        if stopped:
            complain(labels.name("drift.stopped"))
            log_writer()("refused", code=CHANGED, reason=labels.name("drift.stopped"))
            outcomes = {job.report.output: Outcome(CHANGED, labels.name("drift.stopped")) for job in jobs}
            note(outcomes, how)
        else:
            outcomes = make_round(jobs, how)
    shown.summary(outcomes)
    if as_json:
        echo("report", of_round(found, outcomes, shown.due))
    code = min((o.code for o in outcomes.values() if o.code), key=WORST_FIRST.index, default=0)
    code = code or (NO_DISK if pdf and (shown.unprinted or not browser) else 0)
    if scheduled and (code or len(found.problems)):
        name_notified(found, labels.lang)
    if code:
        raise click.exceptions.Exit(code)
    end(found)
    if not shown.due:
        raise click.exceptions.Exit(idle)


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


def _refuse_contradictions(asked: Mapping[str, str], *, quality: bool, units: bool) -> None:
    """Options that cannot go together are a mistake of writing."""
    if quality and asked["edition"] == "public":
        raise click.UsageError(
            "--quality shows single lines of the exports, so it has no public edition; leave out --edition."
        )
    if quality and asked["unit"]:
        raise click.UsageError("--quality is about all lines of the exports; leave out --unit.")
    if units and (asked["unit"] or asked["edition"] == "public"):
        raise click.UsageError("--units makes the internal pages of all units; leave out --unit and --edition.")


def _scan(found: "Data", data: str, labels: "Labels") -> "Scan":
    """The search before publication; what it needs is read when there is something to publish."""
    made: list[Scan] = []

    def scan(files: Mapping[Path, bytes]) -> None:
        from analysis.scan import scan_of  # noqa: PLC0415

        made[:] = made or [scan_of(found, data, labels=labels)]
        made[0](files)

    return scan


def _browser(*, asked: bool | None) -> Path | None:
    """The browser that prints; none where none is wanted or found, which is said if one was asked for."""
    from analysis.printing import PrintingError, find_browser  # noqa: PLC0415

    try:
        browser = None if asked is False else find_browser()
        if asked and not browser:
            raise PrintingError("no browser was found; install Chromium, Chrome or Edge, or set ANALYSIS_BROWSER.")
    except PrintingError as problem:
        complain(f"no PDF was written: {problem}")
        return None
    return browser


class _Progress:
    """What is shown of a round while it goes on, where somebody watches, and what it came to."""

    def __init__(self, *, quiet: bool) -> None:
        from analysis.rounds import Told  # noqa: PLC0415

        self.quiet, self.due, self.running, self.unprinted = quiet, dict[Path, Sequence[str]](), list[str](), False
        self.log = log_writer()
        self.told = Told(self._planned, self._progress, self._began, self._stands, self._failed, self._not_printed)
        self.bar: Any = click.progressbar(
            length=1, file=sys.stderr, hidden=quiet, item_show_func=lambda _: ", ".join(self.running[-3:])
        )

    def __enter__(self) -> Self:
        self.bar.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.__exit__(None, None, None)

    def _planned(self, due: Mapping[Path, Sequence[str]]) -> None:
        self.due = dict(due)
        self.bar.label = _label(next(iter(due))) if len(due) == 1 else told(f"{len(due)} pages")

    def _progress(self, done: int, total: int) -> None:
        self.bar.length = total
        self.bar.update(done - self.bar.pos, self.running)

    def _began(self, page: Path) -> None:
        self.running.append(_label(page))
        self.log("making", report=str(page))

    def _stands(self, file: Path) -> None:
        if _label(file) in self.running:
            self.running.remove(_label(file))
        if file.suffix == ".html":
            self.log("published" if file in self.due else "skipped", report=str(file))
        if not self.quiet:
            click.echo(file)

    def _failed(self, page: Path, why: str) -> None:
        if _label(page) in self.running:
            self.running.remove(_label(page))
        self.log("failed", report=str(page), reason=why)
        complain(f"{page.name}: {why}")

    def _not_printed(self, page: Path, why: str) -> None:
        self.unprinted = True
        self.log("unprinted", report=str(page), reason=why)
        complain(f"{page.name} was not printed: {why}")

    def summary(self, outcomes: Mapping[Path, "Outcome"]) -> None:
        """Say what became of each page, where there were several, and where the list of them is."""
        if self.quiet:
            return
        index = next(iter(outcomes)).with_name("index.html")
        if index.is_file():
            click.echo(index)
        made = sum(page in self.due and not outcome.code for page, outcome in outcomes.items())
        failed = sum(outcome.code > 0 for outcome in outcomes.values())
        rows = [(str(page), _became(page in self.due, outcome)) for page, outcome in outcomes.items()]
        width = max(len(name) for name, _ in rows)
        for name, became in rows if len(rows) > 1 else ():
            click.echo(f"{name:{width}}  {(bad if became.startswith('FAILED') else good)(told(became))}", err=True)
        fresh = len(outcomes) - made - failed
        say(f"{made} made, {fresh} up to date, {failed} failed")


def _label(page: Path) -> str:
    """A page by its folder and name, the shorter the better."""
    return f"{page.parent.name}/{page.stem}"


def _became(was_due: bool, outcome: "Outcome") -> str:
    if outcome.code:
        return f"FAILED ({outcome.code}): {outcome.why}"
    return "made" if was_due else "up to date"


COMMANDS = (report,)
