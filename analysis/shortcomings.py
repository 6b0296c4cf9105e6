"""Shortcomings: what the figures of a period say was not as it should be. Causes are for people to name."""

from collections.abc import Callable
from math import isnan

import pandas as pd

from analysis.labels import Labels
from analysis.metrics import MEASURES
from analysis.periods import Period
from analysis.sentences import limits, unread
from analysis.store import Data
from analysis.take_up import judge_take_up, offered_online
from analysis.targets_page import target_sentences

NAMED = 3
"""How many services a sentence names."""


def shortcoming_sentences(
    data: Data, period: Period, *, figures: pd.DataFrame, targets: pd.DataFrame, procedures: pd.DataFrame, labels: Labels
) -> list[str]:  # fmt: skip
    """What was late, overdue, missed, hardly used or not delivered, each with its numbers; or that nothing of it was.

    Parameters
    ----------
    data
        What was read.
    period
        Cut at the day of the data.
    figures
        What ``metrics.headline`` gives of it.
    targets
        As from ``targets.targets_of``.
    procedures
        As from ``catalogue.count_procedures``.

    Returns
    -------
    list of str
        At least one sentence: that none was found is said too.

    Examples
    --------
    See ``late_sentences``.
    """
    missed = targets[targets.met.eq(False).fillna(value=False)]  # one that cannot be judged is not missed
    has_target = "online_share" in set(missed.measure)
    told = [
        *late_sentences(figures, period, labels=labels),
        *target_sentences(missed, labels=labels),
        *([] if has_target else _low_share(data, figures, labels)),
        *_hardly_used(data, procedures, labels),
        *unread(data, labels=labels),
        *limits(data, period, labels=labels),
    ]
    return told or [labels.name("shortcomings.none")]


def late_sentences(figures: pd.DataFrame, period: Period, *, labels: Labels) -> list[str]:
    """What was resolved late, whether that became more, and what is open and overdue.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> from analysis.periods import read_period
    >>> values = {"late": [255.0, 100.0], "timely": [600.0, 500.0], "open": [67.0, 0.0], "overdue": [20.0, 0.0]}
    >>> values["on_time_rate"] = [600 / 855, 500 / 600]
    >>> figures = pd.DataFrame.from_dict(values, orient="index", columns=["value", "before"])
    >>> for sentence in late_sentences(figures, read_period("2022"), labels=read_labels("en")):
    ...     print(sentence)
    255 dossiers were resolved late, 29.82% of the 855 with a due date; on the same days of the year before 100.
    The on-time rate is 70.18%; on the same days of the year before it was 83.33%.
    At the end of 31 Dec 2022, 20 of the 67 open dossiers were overdue.
    """
    value, before = (_reader(figures, column) for column in ("value", "before"))
    told = []
    if value("late") > 0:
        timed = value("timely") + value("late")
        text = {"late": labels.number(value("late")), "timed": labels.number(timed)}
        text |= {"share": labels.percent(value("late") / timed), "against": ""}
        if not isnan(before("late")):
            text["against"] = labels.name("shortcomings.against", before=labels.number(before("late")))
        told.append(labels.name("shortcomings.late", **text))
    if round(before("on_time_rate") - value("on_time_rate"), 4) > 0:
        rates = {"value": labels.percent(value("on_time_rate")), "before": labels.percent(before("on_time_rate"))}
        told.append(labels.name("shortcomings.rate_fell", **rates))
    if value("overdue") > 0:
        numbers = {name: labels.number(value(name)) for name in ("overdue", "open")}
        told.append(labels.name("shortcomings.overdue", day=labels.day(period.last), **numbers))
    return told


def _low_share(data: Data, figures: pd.DataFrame, labels: Labels) -> list[str]:
    """That the online share is below the threshold of the settings."""
    value, target = _reader(figures, "value"), data.vocabulary.settings["online_target_percent"] / 100
    if isnan(value("online_share")) or value("online_share") >= target:
        return []
    numbers = {name: labels.number(value(name)) for name in ("online", "received")}
    shares = {"share": labels.percent(value("online_share")), "target": labels.as_typed(target, of_share=True)}
    return [labels.name("shortcomings.online_low", **numbers, **shares)]


def _hardly_used(data: Data, procedures: pd.DataFrame, labels: Labels) -> list[str]:
    """The services that are offered online and are most short of the threshold; nothing where no export says either."""
    if not (data.has("procedures", "service_level") and data.has("dossiers", "channel")):
        return []
    target = data.vocabulary.settings["online_target_percent"]
    judged = judge_take_up(offered_online(procedures), target_percent=target)
    low = judged[judged.take_up.isin(["none_online", "low"])]
    if low.empty:
        return []
    named = [
        labels.name("shortcomings.service", name=name, online=labels.number(online), received=labels.number(received))
        for name, online, received in low[["procedure", "online", "received"]].head(NAMED).itertuples(index=False)
    ]
    words = {"number": labels.number(len(low)), "target": labels.as_typed(target / 100, of_share=True)}
    key = "services" if len(low) > NAMED else "all_services"
    return [labels.name(f"shortcomings.{key}", services="; ".join(named), **words)]


def _reader(figures: pd.DataFrame, column: str) -> Callable[[str], float]:
    """Gives a figure by its measure; missing where there is none."""
    held = figures[column].reindex(list(MEASURES)).astype("float64")
    return lambda measure: float(held[measure])
