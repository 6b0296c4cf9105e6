"""What a page shows of procedures, and of how far those offered online are used online."""

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.answers import is_silent
from analysis.catalogue import count_out_of_force, differing_names
from analysis.editions import EVERYTHING, Edition
from analysis.editions_page import show_held
from analysis.labels import HELD, NOTHING, Labels
from analysis.page import Html, show_list, show_notices, show_sentences, show_table
from analysis.periods import Period
from analysis.shares import shares_of
from analysis.shares_page import show_shares
from analysis.store import Data
from analysis.take_up import SHARES, TAKE_UP, count_fields, count_services, judge_take_up, offered_online

ASKED = (("procedures", "service_level"), ("dossiers", "channel"))
"""Table and column that every question about services offered online needs."""


def show_procedures(
    data: Data,
    procedures: pd.DataFrame,
    period: Period,
    *,
    edition: Edition = EVERYTHING,
    labels: Labels,
) -> Html:
    """All procedures with their intake and timeliness, and which ones hardly anyone files online; ``procedures`` as
    ``Edition.procedures`` gives them.
    """
    if is_silent(data, "dossiers", period) or not (procedures.procedure != "").any():
        return show_notices([labels.name("sentences.nothing")])
    offline = procedures[(procedures.received > 0) & (procedures.online == 0)]
    silent = procedures[procedures.in_catalogue & procedures.in_force & (procedures.received == 0)]
    told = Html("" if edition.merges_procedures else _show_offline(offline, labels))
    if procedures.in_catalogue.any():
        sentence = labels.name("sentences.without_dossier", number=labels.number(len(silent)))
        told = Html(
            told + show_sentences([sentence]) + (_show_names(silent, "without_dossier", labels) if len(silent) else "")
        )
    timely = procedures.resolved_early + procedures.resolved_on_time
    timed = timely + procedures.resolved_late
    rows = procedures.assign(
        procedure=procedures.procedure.replace("", labels.name("sentences.unnamed")),
        **{c: procedures[c].map(labels.number) for c in ("received", "online")},
        online_share=_rates(procedures.online, procedures.received, labels),
        resolved=(timed + procedures.resolved_no_due).map(labels.number).mask(timed.isna(), HELD),
        on_time_rate=pd.Series(_rates(timely, timed, labels), procedures.index).mask(timed.isna(), HELD),
    )
    headings = {
        **{c: labels.name(f"headings.{c}") for c in ("procedure", "procedure_code")},
        **{c: labels.name(f"measures.{c}") for c in ("received", "online", "online_share", "resolved", "on_time_rate")},
    }
    caption, summary = labels.name("captions.procedures"), labels.name("headings.all_procedures")
    table = show_table(rows, headings=headings, caption=caption, summary=summary, copy=labels)
    return Html(told + table + show_held(rows[list(headings)], edition, labels=labels))


def _show_offline(procedures: pd.DataFrame, labels: Labels) -> str:
    """How many procedures had no online dossier, and which."""
    told = show_sentences([labels.name("sentences.without_online", number=labels.number(len(procedures)))])
    return told + (_show_names(procedures, "without_online", labels) if len(procedures) else "")


def _show_names(procedures: pd.DataFrame, caption: str, labels: Labels) -> Html:
    """Procedures by name, and how many dossiers they had."""
    rows = procedures.assign(
        dossiers=procedures.received.map(labels.number),
        procedure=procedures.procedure.replace("", labels.name("sentences.unnamed")),
    )
    headings = _headings(("procedure", "procedure_code", "dossiers"), labels)
    return show_list(rows, headings=headings, caption=labels.name(f"captions.{caption}"), labels=labels)


def show_services(data: Data, procedures: pd.DataFrame, period: Period, *, labels: Labels) -> Html:
    """How many procedures are offered online, and the share of them with at least one online dossier."""
    if notice := _unanswered(data, period, [], labels):
        return notice
    sums, known = count_services(procedures), [column for table, column in ASKED if data.has(table, column)]
    shares = show_shares(shares_of(sums, SHARES, known=known), labels=labels, caption=labels.name("captions.services"))
    if "service_level" not in known:
        return shares
    numbers = {str(name): labels.number(number) for name, number in sums.items()}
    return Html(show_sentences([labels.name("catalogue.services", **numbers)]) + shares)


def show_take_up(data: Data, procedures: pd.DataFrame, period: Period, *, labels: Labels) -> Html:
    """Procedures that are offered online, by how far they are used online; those most short of the target first."""
    if notice := _unanswered(data, period, ASKED, labels):
        return notice
    target = data.vocabulary.settings["online_target_percent"]
    judged = judge_take_up(offered_online(procedures), target_percent=target)
    told = [labels.name("catalogue.target", target=labels.percent(target / 100))]
    numbers = judged.take_up.value_counts().reindex(TAKE_UP, fill_value=0)
    told += [
        labels.name(f"catalogue.number_{kind}", number=labels.number(number))
        for kind, number in numbers.items()
        if number
    ]
    short, rest = judged[judged.take_up != "reached"], judged[judged.take_up == "reached"]
    columns = ("procedure", "procedure_code", "field", "received", "online", "online_share", "short", "take_up")
    shown = _show_judged(short, columns, "take_up_short", labels)
    reached = _show_judged(rest, columns, "take_up_reached", labels, labels.name("catalogue.reached"))
    return Html(show_sentences(told) + shown + reached)


def show_fields(data: Data, procedures: pd.DataFrame, period: Period, *, labels: Labels) -> Html:
    """Fields by how far their services that are offered online are used online."""
    if notice := _unanswered(data, period, ASKED, labels):
        return notice
    target = data.vocabulary.settings["online_target_percent"]
    judged = judge_take_up(count_fields(procedures), target_percent=target)
    columns = ("field", "procedures", "received", "online", "online_share", "short", "take_up")
    return _show_judged(judged, columns, "take_up_fields", labels)


def _show_judged(
    judged: pd.DataFrame, columns: tuple[str, ...], caption: str, labels: Labels, summary: str = ""
) -> Html:
    if judged.empty:
        return Html("")
    counts = [c for c in ("procedures", "received", "online", "short") if c in columns]
    rows = judged.assign(
        **{c: judged[c].map(labels.number) for c in counts},
        online_share=_rates(judged.online, judged.received, labels),
        take_up=[labels.name(f"catalogue.{kind}") for kind in judged.take_up],
    )
    named = labels.name(f"captions.{caption}")
    return show_list(rows, headings=_headings(columns, labels), caption=named, labels=labels, summary=summary)


def show_assisted(data: Data, procedures: pd.DataFrame, period: Period, *, labels: Labels) -> Html:
    """Procedures whose online dossiers the desk helped to file, and how many were filed alone."""
    if notice := _unanswered(data, period, [("dossiers", "assisted")], labels):
        return notice
    some = procedures[procedures.assisted > 0].sort_values(["assisted", "online"], ascending=False, kind="stable")
    if some.empty:
        return show_sentences([labels.name("catalogue.none_assisted")])
    counts = ("online", "assisted", "alone", "assistance_unknown")
    used = [c for c in counts if c != "assistance_unknown" or some[c].any()]
    rows = some.assign(
        **{c: some[c].map(labels.number) for c in counts}, share=_rates(some.assisted, some.online, labels)
    )
    columns = ("procedure", "procedure_code", *used, "share")
    return show_list(rows, headings=_headings(columns, labels), caption=labels.name("captions.assisted"), labels=labels)


def show_unmatched(data: Data, procedures: pd.DataFrame, period: Period, *, labels: Labels) -> Html:
    """Where dossiers and catalogue do not fit together, as questions: codes, names, and days of validity."""
    if is_silent(data, "dossiers", period) or data.procedures.empty:
        return show_notices([labels.name("sentences.nothing")])
    outside = procedures[~procedures.in_catalogue & (procedures.received > 0)]
    found = {
        "outside": outside.rename(columns={"received": "dossiers"}),
        "differing": differing_names(data.dossiers, data.procedures, period),
        "out_of_force": count_out_of_force(data.dossiers, data.procedures, period),
    }
    if not any(map(len, found.values())):
        return show_notices([labels.name("catalogue.all_matched")], good=True)
    parts = []
    columns = {
        "outside": ("procedure", "procedure_code", "dossiers"),
        "differing": ("procedure", "procedure_code", "catalogue_name", "catalogue_code", "dossiers"),
        "out_of_force": ("procedure", "procedure_code", "valid_from", "valid_to", "successor", "dossiers"),
    }
    for name, table in found.items():
        if len(table):
            headings = _headings(columns[name], labels)
            parts.append(show_sentences([labels.name(f"catalogue.{name}", number=labels.number(len(table)))]))
            caption = labels.name(f"captions.unmatched_{name}")
            parts.append(show_list(_written(table, labels), headings=headings, caption=caption, labels=labels))
    return Html("".join(parts))


def _written(table: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    days = {c: table[c].map(labels.day) for c in ("valid_from", "valid_to") if c in table}
    named = table.procedure.replace("", labels.name("sentences.unnamed"))
    return table.assign(dossiers=table.dossiers.map(labels.number), procedure=named, **days)


def _unanswered(data: Data, period: Period, columns: Sequence[tuple[str, str]], labels: Labels) -> Html:
    """Why nothing can be said: the exports are silent, or have no such column; empty if they say something."""
    if is_silent(data, "dossiers", period):
        return show_notices([labels.name("sentences.nothing")])
    missing = [labels.name(f"columns.{column}") for table, column in columns if not data.has(table, column)]
    return show_notices([labels.name("shares.not_exported", columns=", ".join(missing))]) if missing else Html("")


def _rates(part: pd.Series, whole: pd.Series, labels: Labels) -> list[str]:
    return [labels.percent(p / w) if w else NOTHING for p, w in zip(part, whole, strict=True)]


def _headings(columns: Iterable[str], labels: Labels) -> dict[str, str]:
    return {column: labels.name(f"catalogue.heading_{column}") for column in columns}
