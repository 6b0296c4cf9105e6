"""What a run tells those who are not there: its log, a notice of failures; and the command ``notify``, which tries where notices go."""

import os
import socket
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.commands import FAULT, MISUSE, NO_DISK, complain, now, options, outcome_of

if TYPE_CHECKING:
    from analysis.labels import Labels
    from analysis.notice import Notice
    from analysis.run_log import RunLog
    from analysis.store import Data

LOG, WHO = "analysis.log", "analysis.who"
"""What a command's context holds."""

address = click.option(
    "--notify", "addresses", multiple=True, metavar="URL",
    help="Whom to tell, as Apprise writes addresses; better in ANALYSIS_NOTIFY or notify.yml, for other users can see a command.",
)  # fmt: skip


def watched(command: Callable[..., None]) -> Callable[..., None]:
    """Keep a log of a command that has ``out``, ``data``, ``lang`` and ``scheduled``, and tell of its failure and recovery.

    It gets one more option, ``--notify``. Who is named is told, and only of runs with ``--scheduled`` or ``--notify``: who runs a
    command by hand sees what it says. The exit code of a command that found nothing to do, its ``idle``, is a good one.
    """

    @address
    @wraps(command)
    def run(*, addresses: tuple[str, ...], **given: Any) -> None:
        from analysis.home import writable_home  # noqa: PLC0415
        from analysis.labels import read_labels  # noqa: PLC0415
        from analysis.past_runs import read_logs  # noqa: PLC0415
        from analysis.run_log import FOLDER, logged  # noqa: PLC0415

        labels, context = read_labels(given["lang"]), click.get_current_context()
        folder, is_watched = Path(given["out"]) / FOLDER, bool(given["scheduled"] or addresses)
        before = read_logs(folder) if is_watched else []
        how: dict[str, Any] = {"now": now, "labels": labels, "complain": complain, "watched": is_watched}
        with logged(folder, arguments=_without_secrets(sys.argv[1:]), **how) as log, writable_home():
            context.meta[LOG] = log
            code = FAULT
            try:
                command(**given)
                code = 0
            except BaseException as error:
                code = _refusal(log, error)
                raise
            finally:
                log.finish(code, is_good=code in {0, given.get("idle", 0)})
                if is_watched:
                    _tell(log, before, addresses, given["data"], labels, who=context.meta.get(WHO, ""))

    return run


def current_log() -> "RunLog | None":
    """The log of the command that runs; none of one that keeps none."""
    context = click.get_current_context(silent=True)
    return context.meta.get(LOG) if context else None


def log_writer() -> Callable[..., None]:
    """What writes an event into the log of the command that runs, from any thread; nothing where none is kept."""
    log = current_log()
    return log.event if log else lambda *_, **__: None


def log_exports(found: "Data") -> None:
    """Write what was read, take the settings of the log, and remember whom the department wants to be told."""
    log = current_log()
    if not log:
        return
    log.keep = int(found.vocabulary.settings["keep_logs"])
    click.get_current_context().meta[WHO] = str(found.vocabulary.settings["notify"])
    log.event("read", files=int(found.files.source_file.nunique()), unreadable=len(found.problems))
    for file, message in found.problems.itertuples(index=False, name=None):
        log.event("unreadable", file=file, reason=message)
    if len(found.drift):
        log.event("changed", number=len(found.drift))


def _refusal(log: "RunLog", error: BaseException) -> int:
    """Write why a command ended early; its exit code."""
    from analysis.reasons import place_of  # noqa: PLC0415

    message, code = outcome_of(error)
    if message:
        log.event("refused", code=code, reason=place_of(error) if code == FAULT else message)
    return code


def _tell(
    log: "RunLog", before: Sequence[Any], addresses: Sequence[str], data: str, labels: "Labels", *, who: str
) -> None:
    """Send what is to be told; what cannot be sent is said, and the run ends as it would have."""
    from analysis.notice import name_of, notice_of, notify_file, send, services  # noqa: PLC0415

    notice = notice_of(log.past, before, labels=labels, who=who, lines=log.told)
    found, wrong = services(addresses, environment=os.environ, file=notify_file(data), labels=labels)
    for problem in wrong:
        complain(problem)
        log.event("not_noticed", service="Apprise", reason=problem)
    for service in found if notice else []:
        problem = send(notice, service, labels=labels)  # type: ignore[arg-type]
        log.event("not_noticed" if problem else "noticed", service=name_of(service), reason=problem)
        if problem:
            complain(labels.name("run_log.not_noticed", service=name_of(service), reason=problem))


def _without_secrets(arguments: Sequence[str]) -> list[str]:
    """A command as it was written, but for the addresses.

    Examples
    --------
    >>> _without_secrets(["report", "--notify", "mailto://a:b@c", "--all", "--notify=json://d"])
    ['report', '--notify', '…', '--all', '--notify=…']
    """
    shown = []
    for before, argument in zip(["", *arguments], arguments, strict=False):
        name, is_one, _ = argument.partition("=")
        hidden = f"{name}=…" if is_one and name == "--notify" else argument
        shown.append("…" if before == "--notify" else hidden)
    return shown


@click.command()
@click.option("--test", "is_trial", is_flag=True, help="Send a trial notice.")
@click.option(
    "--stopped",
    is_flag=True,
    help="Send a notice if the last run was killed before it could; for the end of a schedule.",
)
@address
@options("data", "lang")
@click.option("--out", default="reports", metavar="FOLDER", help="Where the pages are; reports unless said.")
def notify(*, is_trial: bool, stopped: bool, addresses: tuple[str, ...], data: str, lang: str, out: str) -> None:
    """Name the services that are told of failed runs, and try them with --test.

    \b
    analysis notify
    analysis notify --test

    Addresses are taken from --notify, else from the environment variable ANALYSIS_NOTIFY, else from notify.yml beside the folder of
    the exports. They hold passwords, so only the kind of each is shown.
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.notice import name_of, notify_file, services, trial  # noqa: PLC0415

    labels, file = read_labels(lang), notify_file(data)
    notice = _of_stopped(Path(out), labels) if stopped else None
    if stopped and not notice:
        return
    found, wrong = services(addresses, environment=os.environ, file=file, labels=labels)
    if not found and not wrong:
        wrong = [] if stopped else [labels.name("notice.nowhere", file=str(file))]
    for problem in wrong:
        complain(problem)
    if not found and not stopped:
        raise click.exceptions.Exit(MISUSE)
    if is_trial:
        notice = trial(socket.gethostname(), labels=labels)
    sent = [_sent(notice, service, labels) for service in found] if notice else []
    for service in () if notice else found:
        click.echo(name_of(service))
    if wrong or not all(sent):
        raise click.exceptions.Exit(NO_DISK)


def _of_stopped(folder: Path, labels: "Labels") -> "Notice | None":
    """What is to be told of the last run if it was killed, after it was said here."""
    from analysis.notice import notice_of  # noqa: PLC0415
    from analysis.past_runs import not_ended, read_logs  # noqa: PLC0415
    from analysis.run_log import FOLDER  # noqa: PLC0415

    said = not_ended(folder / FOLDER, labels=labels)
    if not said:
        return None
    complain(said)
    *before, run = read_logs(folder / FOLDER)
    lines = run.path.with_suffix(".log")
    told = lines.read_text("utf-8", "replace").splitlines() if lines.exists() else []
    return notice_of(run, before, labels=labels, lines=told) if run.started.get("watched") else None


def _sent(notice: "Notice", service: Any, labels: "Labels") -> bool:
    """Send a notice, and say whether it went out."""
    from analysis.notice import name_of, send  # noqa: PLC0415

    problem = send(notice, service, labels=labels)
    if problem:
        complain(labels.name("run_log.not_noticed", service=name_of(service), reason=problem))
    else:
        click.echo(labels.name("notice.sent", service=name_of(service)))
    return not problem


COMMANDS = (notify,)
