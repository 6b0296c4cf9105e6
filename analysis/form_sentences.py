"""A form in words: where the policy put dossiers, whether its sums hold, and what a reader must know of the data."""

import pandas as pd

from analysis.answers import unanswered
from analysis.forms import BESIDE
from analysis.labels import Labels
from analysis.periods import Period
from analysis.policies import Policy
from analysis.sentences import unread
from analysis.store import Data


def policy_sentences(policy: Policy, period: Period, *, labels: Labels) -> list[str]:
    """How a form was counted; one sentence for each thing it does not say itself."""
    chosen = [labels.name(f"forms.policy_{name}_{way}") for name, way in policy._asdict().items()]
    rules = [labels.name(f"forms.{rule}") for rule in ("state_rule", "channel_rule")]
    return [*chosen, *rules, labels.name("forms.day_rule", day=labels.day(period.last))]


def identity_sentences(checked: pd.DataFrame, *, labels: Labels) -> list[str]:
    """Whether each sum holds in the row of the total and, if not, by what it is explained.

    Parameters
    ----------
    checked
        As ``forms.identities`` gives it.

    Examples
    --------
    >>> from analysis.forms import COLUMNS, identities
    >>> from analysis.labels import read_labels
    >>> row = dict.fromkeys([*COLUMNS, *BESIDE], 0) | {"total": 937, "resolved": 855, "open": 67, "ended_apart": 15}
    >>> checked = identities(pd.DataFrame([{"field": "", "is_total": True, **row}]))
    >>> print(identity_sentences(checked, labels=read_labels("en"))[3])
    (3) = (7) + (11): off by 15 (937 against 922); of which 15 withdrawn, returned, transferred.
    """
    whole = checked[checked.is_total]
    return [_identity_sentence(row, labels) for _, row in whole.iterrows()]


def _identity_sentence(row: pd.Series, labels: Labels) -> str:
    if pd.isna(row.off_by):
        return labels.name("forms.identity_untold", identity=row.identity)
    numbers = {c: labels.number(row[c]) for c in ("whole", "parts")}
    if row.off_by == 0 and row.unexplained == 0:
        return labels.name("forms.identity_holds", identity=row.identity, whole=numbers["whole"])
    names = {c: labels.name(f"forms.beside_{c}") for c in BESIDE if row[c]}
    reasons = [
        labels.name("forms.reason", number=labels.number(row[c]), name=f"{name[0].lower()}{name[1:]}")
        for c, name in names.items()
    ]
    if row.unexplained:
        reasons.append(labels.name("forms.reason_none", number=labels.number(row.unexplained)))
    off = labels.number(row.off_by)
    return labels.name("forms.identity_off", identity=row.identity, off=off, reasons=labels.several(reasons), **numbers)


def verdict(row: pd.Series, *, labels: Labels) -> str:
    """Whether a sum of a row holds, in a word or two."""
    if pd.isna(row.off_by):
        return labels.name("forms.untold")
    if row.unexplained:
        return labels.name("forms.unexplained")
    return labels.name("forms.explained" if row.off_by else "forms.holds")


def data_sentences(data: Data, period: Period, *, whole: Period | None = None, labels: Labels) -> list[str]:
    """What a form cannot say by itself: whether its data are made up, whole, and up to which day.

    Parameters
    ----------
    period
        Cut at the day of the data.
    whole
        The same period, uncut.
    """
    told = [labels.name("sentences.made_up") + "."] if data.is_sample else []
    told.append(labels.name(f"sentences.as_of_{data.as_of_basis}", day=labels.day(data.as_of)) + ".")
    if whole and whole.last > period.last:
        told.append(labels.name("forms.unfinished", last=labels.day(whole.last), day=labels.day(period.last)))
    words = {"table": labels.name("tables.dossiers")}
    silent = [
        labels.name("sentences.silent", first=labels.day(days.first), last=labels.day(days.last), **words)
        for days in unanswered(data, "dossiers", period)
    ]
    return [*told, *unread(data, labels=labels), *silent]
