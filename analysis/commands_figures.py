"""Commands that tell figures without a page: ``figures`` as sentences, ``form`` as the official workbook."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from analysis.commands import end, file_name, load_asked, name_drift, options
from analysis.periods import read_period, until, year_before

BY = ("field", "unit", "procedure")
ENDED, PAUSED = ("apart", "on_time", "by_due_day"), ("by_due_day", "by_pause_day", "in_time", "apart")
NO_DUE, CHANNEL = ("apart", "on_time"), ("apart", "in_person")
"""The ways of ``policies.POLICIES``, which is slow to import."""


@click.command()
@click.argument("period")
@options("as_of", "unit", "names", "lang", "data", "vocabulary", "handbook", "json")
def figures(period: str, lang: str, *, as_json: bool, **asked: str) -> None:
    """Print the headline figures of a PERIOD in sentences, ready to paste.

    \b
    analysis figures 2022
    analysis figures 2022-Q3 --lang en --unit "Sở Xây dựng"
    """  # noqa: D301 - the backspace is Click's mark for lines that are not to be wrapped
    asked_for = read_period(period)
    from analysis.answers import first_day  # noqa: PLC0415
    from analysis.command_json import echo, of_data, of_period  # noqa: PLC0415
    from analysis.corrections_page import effect_sentences  # noqa: PLC0415
    from analysis.effects import effect  # noqa: PLC0415
    from analysis.labels import read_labels  # noqa: PLC0415
    from analysis.metrics import headline  # noqa: PLC0415
    from analysis.record import figures_of  # noqa: PLC0415
    from analysis.sentences import limits, sentences, unread  # noqa: PLC0415
    from analysis.targets import targets_of  # noqa: PLC0415
    from analysis.targets_page import target_sentences  # noqa: PLC0415

    found = load_asked(asked)
    name_drift(found, lang)
    labels, span = read_labels(lang), until(asked_for, found.as_of)
    table = headline(found, span, whole_year=year_before(asked_for))
    if found.is_sample and not as_json:
        click.echo(f"({labels.name('sentences.made_up')})")
    told = sentences(table, labels, unit=found.name, period=span, first=first_day(found, "dossiers"))
    told += target_sentences(targets_of(found, asked_for, figures=table), labels=labels)
    moved = effect(found, span, whole_year=year_before(asked_for))
    told += effect_sentences(found, moved, labels=labels)
    told = [*unread(found, labels=labels), *limits(found, span, labels=labels), *told]
    if as_json:
        document = {**of_data(found), "period": of_period(span), "figures": figures_of(table), "sentences": told}
        echo("figures", document)
        end(found)
        return
    for sentence in told:
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
@options("as_of", "unit", "names", "data", "vocabulary", "handbook", "json")
@click.option("--out", default="reports", metavar="FOLDER", help="Where the workbook goes; reports unless said.")
def form(*, period: str, by: str, points: str, out: str, as_json: bool, **asked: str) -> None:
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
    from analysis.command_json import echo, of_data, of_period, rows  # noqa: PLC0415
    from analysis.form_workbook import write_form  # noqa: PLC0415
    from analysis.forms import fill_form, identities  # noqa: PLC0415
    from analysis.indicators import indicators  # noqa: PLC0415
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
    if as_json:
        form = fill_form(found, span, by=by, policy=policy)
        sums, answers = identities(form), indicators(found, span).reset_index()
        tables = {"rows": rows(form), "sums": rows(sums), "indicators": rows(answers)}
        echo("form", {**of_data(found), "period": of_period(span), "file": path.as_posix(), "by": by, **tables})
    else:
        click.echo(path)
    end(found)


COMMANDS = (figures, form)
