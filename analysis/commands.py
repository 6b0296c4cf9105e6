"""What the commands have in common: their options, the exit codes, and what each says of the exports it read.

Results go to standard output, progress and complaints to standard error. A complaint is one message without a
traceback, and the exit code says whose turn it is.
"""

import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from analysis.colours import bad
from analysis.messages import language, told

if TYPE_CHECKING:
    from analysis.handbook import Handbook
    from analysis.stages import Map
    from analysis.store import Data

FAULT, MISUSE, BAD_INPUT, RUN_FAILED, NO_DISK, BUSY, CHANGED, DIFFERENT, NOT_FRESH, INTERRUPTED = (
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    130,
)

VIEWS = ("then", "today")
"""Those of ``vocabulary``, which is slow to import."""

PUBLIC_MARK = "cong-khai"
"""What stands in the name of a page of the public edition, so that it never takes the place of the internal one."""


def options(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options that several commands share."""
    known = {
        "data": click.option("--data", default="data/raw", metavar="FOLDER", help="Where the exports are: a folder, a file, or a pattern in quotes; data/raw unless said."),
        "vocabulary": click.option("--vocabulary", default="", metavar="FILE", help="Your own words, laid over the shipped ones."),
        "handbook": click.option("--handbook", default="", metavar="FILE", help="The department's handbook; so-tay.xlsx beside the exports unless said; `none` for none."),
        "as_of": click.option("--as-of", default="", metavar="DAY", help="The day up to which things have happened, as 2022-11-10."),
        "unit": click.option("--unit", default="", metavar="NAME", help="One receiving unit only, as the exports or the handbook write it."),
        "names": click.option("--names", default=None, type=click.Choice(VIEWS), callback=lambda _context, _option, view: view or "", help="Names of units, divisions, fields and procedures as they were, or with the successors that the handbook names; the setting unless said."),
        "scheduler": click.option("--scheduler", default="", metavar="ADDRESS", help="A Dask scheduler whose workers do the work, or `local`."),
        "json": click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text, for a program."),
        "lang": click.option("--lang", default="vi", type=click.Choice(["vi", "en"]), help="The language; vi unless said."),
    }  # fmt: skip

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for name in reversed(names):
            command = known[name](command)
        return command

    return decorate


def load_asked(asked: dict[str, str], *, more: Sequence[str] = (), quiet: bool = False) -> "Data":
    """What the options of a command ask for, with more columns of dossiers than a report looks at."""
    from analysis.counts import REPORTED  # noqa: PLC0415
    from analysis.store import load  # noqa: PLC0415

    vocabulary = asked["vocabulary"] or None
    found = load(
        asked["data"], vocabulary=vocabulary, handbook=asked["handbook"], unit=asked["unit"], as_of=asked["as_of"],
        names=asked["names"], columns=(*REPORTED, *more), say=(lambda _: None) if quiet else say,
    )  # fmt: skip
    asked["unit"] = found.unit  # the page is called by its name, whichever spelling was asked for
    name_problems(found)
    return found


@contextmanager
def mapped_by(scheduler: str) -> "Iterator[Map]":
    """What maps blocks and partitions: this process, or a cluster."""
    if not scheduler:
        yield map
        return
    from analysis.cluster import on_cluster  # noqa: PLC0415

    with on_cluster(scheduler) as run:
        yield run


def name_problems(found: "Data") -> None:
    """Name every file that could not be read, before anything that its lines may be missing from."""
    name_mistakes(found.handbook)
    for file, message in found.problems.itertuples(index=False, name=None):
        complain(f"{file}: {message}")


def name_mistakes(handbook: "Handbook") -> None:
    """Name every line of the handbook that counts for nothing."""
    from analysis.handbook_page import mistake_sentences  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415

    for sentence in mistake_sentences(handbook, labels=read_labels(language())):
        complain(sentence)


def tell_corrections(found: "Data") -> None:
    """Say how many corrections of the handbook act, and name those that no longer do."""
    if not found.vocabulary.corrections:
        return
    from analysis.corrections_page import applied_sentence, idle_sentences  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415

    labels = read_labels(language())
    click.echo(applied_sentence(found, labels=labels))
    for sentence in idle_sentences(found, labels=labels):
        complain(sentence)


def name_drift(found: "Data", lang: str) -> None:
    """Name every change of the exports that nobody accepted."""
    if found.drift.empty:
        return
    from analysis.drift_sentences import drift_sentences  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415

    labels = read_labels(lang)
    for sentence in [*drift_sentences(found.drift, labels=labels), labels.name("drift.what_to_do")]:
        complain(sentence)


def name_notified(found: "Data", lang: str) -> None:
    """Name whom the department wants to be told that a scheduled run did not do all."""
    from analysis.labels import read_labels  # noqa: PLC0415

    if who := str(found.vocabulary.settings["notify"]):
        complain(read_labels(lang).name("drift.tell", who=who))


def end(found: "Data") -> None:
    """End a command whose work is done; with the code of a bad file, if there is one.

    Raises
    ------
    click.exceptions.Exit
        If a file could not be read.
    """
    if len(found.problems):
        raise click.exceptions.Exit(BAD_INPUT)


def slug(name: str) -> str:
    """A name as a file may have it.

    Examples
    --------
    >>> slug("../Phòng Quản lý xây dựng ")
    'phong-quan-ly-xay-dung'
    """
    from analysis.vocabulary import fold  # noqa: PLC0415 - `--help` must not wait for pandas

    return re.sub(r"\W+", "-", fold(name))[:80].strip("-")


def file_name(period: str, asked: Mapping[str, str], ending: str = ".html") -> str:
    """``2022.html``; a unit, the public edition, a view of names and a language other than Vietnamese are named too, where they were asked for."""
    unit = slug(asked.get("unit", ""))
    view = [asked["names"]] if asked.get("names") else []
    parts = [
        period.replace("..", "_"),
        *([slug(asked["notebook"])] if asked.get("notebook") else []),
        *([unit] if unit else []),
        *([PUBLIC_MARK] if asked.get("edition") == "public" else []),
        *view,
        *([asked["lang"]] if asked["lang"] != "vi" else []),
    ]
    return ".".join(parts) + ending


def now() -> datetime:
    """The instant, with its zone: for when a run was, an acceptance or a signature; no figure looks at it."""
    return datetime.now(UTC).astimezone()  # noqa: TID251 - see above


def say(text: str) -> None:
    """Tell of progress, where results do not go."""
    click.echo(told(text), err=True)


def tell(text: str) -> None:
    """Tell a result in words."""
    click.echo(told(text))


def complain(message: str) -> None:
    """Tell what is wrong, each line as of this program."""
    for line in told(message).splitlines():
        click.echo(f"{bad('analysis:')} {line}", err=True)


def failure_of(error: BaseException) -> tuple[str, int]:
    """What an error says to a user, and its exit code; the trace of a fault is printed."""
    message, code = outcome_of(error)
    if code == FAULT:
        traceback.print_exception(error)
    return message, code


def readable(path: object) -> str:
    r"""A path as people read it, also where the system takes its letters for bytes (LC_ALL=POSIX).

    Examples
    --------
    >>> readable("S\udce1\udcbb\udc9f")
    'Sở'
    """
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def outcome_of(error: BaseException) -> tuple[str, int]:
    """What an error says to a user, and its exit code; our own errors are known by name, for they are slow to import.

    Examples
    --------
    >>> from analysis.grids import FileProblem
    >>> outcome_of(click.exceptions.Exit(7)), outcome_of(FileProblem("a.csv: 0 bytes; export it again."))
    (('', 7), ('a.csv: 0 bytes; export it again.', 3))
    """
    if isinstance(error, click.exceptions.Exit):
        return "", error.exit_code
    if isinstance(error, click.ClickException):
        return error.format_message(), MISUSE
    if isinstance(error, (click.Abort, KeyboardInterrupt)):
        return "interrupted; nothing more was published.", INTERRUPTED
    known = {
        "ReportError": RUN_FAILED, "PersonalData": RUN_FAILED, "Changed": RUN_FAILED, "ReportBusy": BUSY,
        "ParameterError": MISUSE, "Unanswerable": MISUSE, "FileProblem": BAD_INPUT, "VocabularyError": BAD_INPUT,
    }  # fmt: skip
    own = [kind.__name__ for kind in type(error).__mro__ if kind.__module__.startswith("analysis.")]
    if name := next((name for name in own if name in known), ""):
        return str(error), known[name]
    if isinstance(error, OSError):
        where = f"{readable(error.filename)}: " if error.filename else ""
        return where + f"{error.strerror or error}; free some space, or give the permission, and run again.", NO_DISK
    return "this is a fault in the program; please report it with the lines above.", FAULT
