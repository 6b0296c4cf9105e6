"""A notice when a run that nobody watches fails, and one when the next is good; sent through Apprise.

What is told comes from the logs alone (``run_log``): the run that just ended, and the same job's runs before it. Addresses hold
passwords, so they are named by their kind and their place, never shown.
"""

import logging
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.labels import Labels
from analysis.messages import in_language
from analysis.past_runs import Past, moment

if TYPE_CHECKING:
    from apprise import NotifyBase

NOT_OF_THE_JOB = frozenset({"--quiet", "--force"})
"""Arguments that do not make another job of a run."""

ENVIRONMENT = "ANALYSIS_NOTIFY"
"""The variable that holds addresses, set apart by spaces."""

FILE = "notify.yml"
"""Apprise's configuration, in the folder that holds the one of the exports."""

MOST, LAST_LINES = 10, 20
"""Reports or files that are listed, and lines of the log."""


class Notice(NamedTuple):
    """What is sent."""

    is_good: bool
    title: str
    body: str


def notice_of(
    run: Past, before: Sequence[Past], *, labels: Labels, who: str = "", lines: Sequence[str] = ()
) -> Notice | None:
    """What is to be told of a run: that it failed, or that it is good again; nothing of the second of two good runs.

    Parameters
    ----------
    run
        It; its log has its exit code.
    before
        All runs of the same folder before it, the newest last. Only those of the same job count.
    who
        Whom the department wants to be told, as its handbook says.
    lines
        The sentences of the run's log.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> facts = {"at": "2026-01-05T06:00:00", "host": "desk", "arguments": ["report", "--all"], "watched": True}
    >>> def ended(code):
    ...     end = {"event": "finished", "code": code, "good": code == 0}
    ...     return Past(Path("a.jsonl"), [{"event": "started", **facts}, end])
    >>> notice_of(ended(0), [ended(0)], labels=read_labels("en"))
    >>> notice_of(ended(0), [ended(5)], labels=read_labels("en")).title
    'One-stop reports: running again'
    """
    bad = _bad_before(run, before)
    if run.is_good:
        return _recovery(run, bad, labels) if bad else None
    return _failure(run, bad, labels, who=who, lines=lines)


def _bad_before(run: Past, before: Sequence[Past]) -> list[Past]:
    """The runs of the same job that failed or were stopped right before this one, the newest first."""
    same = [past for past in before if past.started.get("watched") and _job(past) == _job(run)]
    return list(takewhile(lambda past: not past.is_good, reversed([p for p in same if not p.is_at_work])))


def _job(run: Past) -> list[str]:
    return [argument for argument in run.started.get("arguments", []) if argument not in NOT_OF_THE_JOB]


def _failure(run: Past, bad: list[Past], labels: Labels, *, who: str, lines: Sequence[str]) -> Notice:
    failed, unreadable = run.of("failed"), run.of("unreadable")
    code = "stopped" if run.code is None else str(run.code)
    kind = "failed" if failed else "refused" if run.of("refused") or not unreadable else "incomplete"
    kind = kind if run.code is not None else "stopped"
    title = labels.name(f"notice.{kind}", number=labels.number(len(failed or unreadable)), code=code)
    ended = {"code": code, "meaning": _by_code("code", code, labels)}
    head = [labels.name("notice.at" if run.code is not None else "notice.at_stopped", **_of(run, labels), **ended)]
    if bad:
        head.append(labels.name("notice.again", number=labels.number(len(bad) + 1), since=_at(bad[-1], labels)))
    head += [labels.name("notice.reason", reason=_why(event, labels)) for event in run.of("refused", "unprinted")]
    files = [f"- {event['file']}: {_why(event, labels)}" for event in unreadable]
    tail = labels.name("notice.log", log=run.path.with_suffix(".log").name)
    parts = [
        head,
        _listed("reports", [_report(event, bad, labels) for event in failed], labels),
        _listed("files", files, labels),
        [
            _by_code("do", code, labels),
            labels.name("notice.old"),
            *([labels.name("drift.tell", who=who)] if who else []),
        ],
        [tail, *lines[-LAST_LINES:]] if lines else [],
    ]
    return Notice(is_good=False, title=title, body="\n\n".join("\n".join(part) for part in parts if part))


def _recovery(run: Past, bad: list[Past], labels: Labels) -> Notice:
    (ended,) = run.of("finished")
    counts = {name: labels.number(ended.get(name, 0)) for name in ("published", "skipped")}
    said = [
        labels.name("notice.good", **_of(run, labels), **counts),
        labels.name("notice.was_bad", number=labels.number(len(bad)), since=_at(bad[-1], labels)),
    ]
    if stopped := sum(past.code is None for past in bad):
        said.append(labels.name("notice.was_stopped", number=labels.number(stopped)))
    return Notice(is_good=True, title=labels.name("notice.recovered"), body="\n".join(said))


def _report(event: Mapping[str, Any], bad: list[Past], labels: Labels) -> str:
    """A report that failed, why, and since when if not for the first time."""
    facts = {"report": str(event["report"]), "reason": _why(event, labels)}
    before = list(takewhile(lambda past: event["report"] in _failed(past), bad))
    if not before:
        return labels.name("notice.report", **facts)
    return labels.name("notice.report_since", **facts, since=_at(before[-1], labels))


def _why(event: Mapping[str, Any], labels: Labels) -> str:
    """The reason of an event, which its log has in English, in the language of the notice."""
    return in_language(str(event["reason"]), labels.lang)


def _failed(run: Past) -> set[str]:
    return {event["report"] for event in run.of("failed")}


def _listed(kind: str, lines: list[str], labels: Labels) -> list[str]:
    if not lines:
        return []
    more = [labels.name("notice.more", number=labels.number(len(lines) - MOST))] if len(lines) > MOST else []
    return [labels.name(f"notice.{kind}"), *lines[:MOST], *more]


def _by_code(kind: str, code: str, labels: Labels) -> str:
    known = f"{kind}_{code}" in labels.texts["notice"]
    return labels.name(f"notice.{kind}_{code if known else 'other'}")


def _of(run: Past, labels: Labels) -> dict[str, str]:
    return {"at": _at(run, labels), "host": str(run.started.get("host", ""))}


def _at(run: Past, labels: Labels) -> str:
    return moment(run.started["at"], labels)


def trial(host: str, *, labels: Labels) -> Notice:
    """A notice that only shows that notices arrive."""
    return Notice(is_good=True, title=labels.name("notice.trial_title"), body=labels.name("notice.trial", host=host))


def notify_file(data: str | Path) -> Path:
    """Where addresses may stand for the exports of a folder: beside that folder, so that no export is near a password.

    Examples
    --------
    >>> notify_file("data/raw").as_posix()
    'data/notify.yml'
    """
    return Path(data).parent / FILE


def services(
    given: Sequence[str], *, environment: Mapping[str, str], file: Path, labels: Labels
) -> tuple[list["NotifyBase"], list[str]]:
    """Where notices go, and what is wrong with the places that are named.

    Parameters
    ----------
    given
        Addresses of the command line; where there are none, those of the environment count, and where it has none, the file's.
    environment
        Of the process.
    file
        A configuration file of Apprise.

    Returns
    -------
    tuple
        Apprise's services, and sentences. With neither nobody wants to be told.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> asked = {"environment": {ENVIRONMENT: "json://localhost nonsense://x"}, "labels": read_labels("en")}
    >>> found, wrong = services([], file=Path("notify.yml"), **asked)
    >>> [name_of(service) for service in found]
    ['JSON']
    >>> wrong
    ['address 2 of ANALYSIS_NOTIFY cannot be used; how they are written: https://appriseit.com']
    """
    origin, addresses = "--notify", list(given)
    if not addresses:
        origin, addresses = ENVIRONMENT, environment.get(ENVIRONMENT, "").split()
    if not addresses and not file.exists():
        return [], []
    try:
        from apprise import Apprise, AppriseConfig  # noqa: PLC0415 - of the extra `notify`, and slow to import
    except ImportError:
        return [], [labels.name("notice.not_installed")]
    with _listening():
        if not addresses:
            config = AppriseConfig()
            try:
                config.add_config(file.read_text("utf-8"), format="yaml")
                found = list(config.servers())
            except (OSError, ValueError):
                found = []
            return found, [] if found else [labels.name("notice.unreadable_file", file=str(file))]
        read = [Apprise.instantiate(address) for address in addresses]
    wrong = [
        labels.name("notice.unreadable_address", number=str(number), origin=origin)
        for number, service in enumerate(read, 1)
        if service is None
    ]
    return [service for service in read if service is not None], wrong


def send(notice: Notice, service: "NotifyBase", *, labels: Labels) -> str:
    """Send a notice; why it did not go out, or nothing."""
    from apprise import Apprise, NotifyFormat, NotifyType, OverflowMode  # noqa: PLC0415

    if service.overflow_mode == OverflowMode.UPSTREAM:
        service.overflow_mode = OverflowMode.TRUNCATE  # a service refuses what is too long, and the end is the log's
    post = Apprise()
    post.add(service)
    kind = NotifyType.SUCCESS if notice.is_good else NotifyType.FAILURE
    sent: bool | None = False
    with _listening() as heard, suppress(Exception):  # whatever a service throws, the run ends as it would have
        sent = post.notify(title=notice.title, body=notice.body, notify_type=kind, body_format=NotifyFormat.TEXT)
    if sent:
        return ""
    said = " ".join(heard)
    if answer := re.search(r"error=(\d{3})\b", said):
        return labels.name("notice.answered", code=answer[1])
    return labels.name("notice.unreachable" if "onnection" in said else "notice.not_taken")


def name_of(service: "NotifyBase") -> str:
    """What a service is called: ``JSON``, ``E-Mail``; nothing of its address."""
    return str(service.service_name)


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What Apprise would print; it may name an address, so it is not shown."""
    heard: list[str] = []
    logger, handler = logging.getLogger("apprise"), logging.Handler()
    handler.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    before, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Apprise's own imports
            yield heard
    finally:
        logger.removeHandler(handler)
        logger.propagate = before
