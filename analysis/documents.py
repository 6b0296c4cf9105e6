"""Documents and meetings -> counts that add, and their shares; what came in with a deadline.

There is no one share of signed documents: every report divides by something else. All of them stand side by side here,
each with its numerator and denominator (``SHARES``).
"""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from analysis.periods import Period
from analysis.shares import Share, shares_of

FORMS = ("electronic_only", "electronic_and_paper", "paper", "form_unknown")
"""In what form a document went; together all documents."""

SIGNATURES = ("signed_both", "signed_person", "signed_agency", "unsigned", "signature_unknown")
"""By whom an electronic document is signed digitally; together all electronic ones."""

DIRECTIONS = ("outgoing", "incoming")

TOGETHER = "together"
"""Sent and received as one; what both are counted by is not the same, so it stands beside them and never alone."""

SHARES = {
    "signed_of_electronic": Share("signed", "electronic", "signature_unknown", ("form", "signed")),
    "fully_signed_of_electronic": Share("signed_both", "electronic", "signature_unknown", ("form", "signed")),
    "signed_of_not_secret": Share(
        "signed_not_secret", "not_secret", "not_secret_unknown", ("form", "signed", "secret")
    ),
    "signed_of_all": Share("signed", "documents", "signature_or_form_unknown", ("form", "signed")),
    "electronic_of_all": Share("electronic", "documents", "form_unknown", ("form",)),
    "electronic_only_of_electronic": Share("electronic_only", "electronic", "form_unknown", ("form",)),
    "electronic_only_of_all": Share("electronic_only", "documents", "form_unknown", ("form",)),
}
"""The denominators met in practice. Signed by the competent person and by the agency: only then an electronic document
is worth the original (Decree 30/2020/NĐ-CP, Article 5). Not secret: secret documents stand outside the systems. Electronic
with or without paper: Decision 28/2018/QĐ-TTg and the quarterly reports of provinces after it. Signed of all: plans that
ask for the share of issued documents. Electronic is what went electronically, whether or not paper followed it."""

HANDLING = ("on_time", "late", "open_in_time", "open_overdue", "no_deadline")
"""What became of an incoming document by its deadline."""

MODES = ("online", "in_person", "hybrid", "mode_unknown")

MEETING_SHARES = {
    "online_of_meetings": Share("online", "meetings", "mode_unknown", ("mode",)),
    "online_or_hybrid_of_meetings": Share("online_or_hybrid", "meetings", "mode_unknown", ("mode",)),
}
"""A hybrid meeting is no online one; both counted together stand beside it."""


def registered_on(documents: pd.DataFrame) -> pd.Series:
    """The day on which a document was registered: an incoming one when it arrived, an outgoing one when it was issued.

    Where that day is missing, the other one. It is the day that the year of the key follows (``keys.key_of``).

    Returns
    -------
    Series
        datetime64[us], midnight.

    Examples
    --------
    >>> documents = pd.DataFrame({
    ...     "direction": ["incoming", "outgoing"], "issued_on": pd.to_datetime(["2021-12-31"] * 2),
    ...     "arrived_on": pd.to_datetime(["2022-01-03 08:15", None]),
    ... })
    >>> registered_on(documents).dt.strftime("%Y-%m-%d").tolist()
    ['2022-01-03', '2021-12-31']
    """
    is_incoming = documents.direction.eq("incoming")
    first = documents.issued_on.mask(is_incoming, documents.arrived_on)
    return first.fillna(documents.issued_on).fillna(documents.arrived_on).dt.normalize()


def count_documents(documents: pd.DataFrame, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """Documents per day, direction and group: by form, and the electronic ones by digital signature.

    Parameters
    ----------
    documents
        One row per document; the columns of ``tables.DOCUMENTS``.
    by
        Columns to group by, such as ``unit`` or ``kind`` (``symbols.kinds_of``); a missing value is an empty text.

    Returns
    -------
    DataFrame
        ``day`` (``registered_on``), ``direction``, the columns of ``by``, and int64 counts: ``documents``; the columns of
        ``FORMS``, which sum to it; ``electronic``, the first two of them; the columns of ``SIGNATURES``, which sum to
        ``electronic``; ``signed``, the first three of them; ``secret``, ``not_secret`` and ``secrecy_unknown``, which sum
        to ``documents``; and those that a share needs.

    Examples
    --------
    >>> documents = pd.DataFrame({
    ...     "direction": ["outgoing"] * 2, "form": ["electronic", "paper"], "signed": ["agency", "none"], "secret": "no",
    ...     "issued_on": pd.to_datetime(["2022-01-04"] * 2), "arrived_on": pd.to_datetime([None] * 2),
    ... })
    >>> count_documents(documents)[["direction", "documents", "electronic", "signed"]]
      direction  documents  electronic  signed
    0  outgoing          2           1       1
    """
    form, signature, secret = documents.form, documents.signed, documents.secret
    electronic = form.isin(["electronic", "both"])
    signed = electronic & signature.isin(["person", "agency", "both"])
    form_unknown = ~electronic & form.ne("paper")
    no_word = electronic & ~signed & signature.ne("none")
    not_secret = secret.eq("no")
    marks = {
        "documents": 1,
        "electronic_only": form.eq("electronic"),
        "electronic_and_paper": form.eq("both"),
        "electronic": electronic,
        "paper": form.eq("paper"),
        "form_unknown": form_unknown,
        **{f"signed_{by_whom}": electronic & signature.eq(by_whom) for by_whom in ("both", "person", "agency")},
        "signed": signed,
        "unsigned": electronic & signature.eq("none"),
        "signature_unknown": no_word,
        "signature_or_form_unknown": no_word | form_unknown,
        "secret": secret.eq("yes"),
        "not_secret": not_secret,
        "secrecy_unknown": ~secret.isin(["yes", "no"]),
        "signed_not_secret": signed & not_secret,
        "not_secret_unknown": ~secret.isin(["yes", "no"]) | (not_secret & (no_word | form_unknown)),
    }
    groups = {c: documents[c].astype("str").fillna("") for c in ("direction", *by)}
    return _summed(pd.DataFrame({"day": registered_on(documents), **groups, **marks}), ["day", *groups])


def _summed(marks: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """How many rows have each mark, per group; int64."""
    counts = [c for c in marks if c not in by]
    return marks.astype(dict.fromkeys(counts, "int64")).groupby(by, as_index=False)[counts].sum()


def document_shares(counts: pd.DataFrame, *, known: Collection[str]) -> pd.DataFrame:
    """Every share of ``SHARES``, of what went out, of what came in, and of both together.

    Parameters
    ----------
    counts
        As from ``count_documents``, of the days and groups in question.
    known
        The columns of documents that some export has.

    Returns
    -------
    DataFrame
        ``direction`` (``outgoing``, ``incoming``, ``together``) and the columns of ``shares.shares_of``.

    Examples
    --------
    >>> electronic = {"electronic": 10, "electronic_only": 8, "signed": 9, "signed_both": 6, "signature_unknown": 0}
    >>> others = {"documents": 12, "form_unknown": 0, "signed_not_secret": 9, "not_secret": 11, "not_secret_unknown": 0}
    >>> unknown = {"signature_or_form_unknown": 0}
    >>> counts = pd.DataFrame([{"direction": "outgoing"} | electronic | others | unknown])
    >>> shares = document_shares(counts, known=["form", "signed", "secret"]).set_index(["direction", "name"])
    >>> shares.loc["outgoing"].share.round(4).to_dict()
    {'signed_of_electronic': 0.9, 'fully_signed_of_electronic': 0.6, 'signed_of_not_secret': 0.8182, \
    'signed_of_all': 0.75, 'electronic_of_all': 0.8333, 'electronic_only_of_electronic': 0.8, \
    'electronic_only_of_all': 0.6667}
    """
    sums = counts.groupby("direction").sum(numeric_only=True).reindex(DIRECTIONS, fill_value=0)
    sums.loc[TOGETHER] = counts.sum(numeric_only=True)
    parts = [shares_of(sums.loc[way], SHARES, known=known).assign(direction=way) for way in sums.index]
    table = pd.concat(parts, ignore_index=True)
    return table[["direction", *(c for c in table if c != "direction")]]


def handling(documents: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """What had become of each incoming document by the end of a day, against its deadline.

    By calendar days, as ``counts.timeliness`` does: handled on the day of the deadline is on time; not handled, it is
    overdue once that day is over. What was handled after ``day`` was still open.

    Returns
    -------
    Series
        Categorical of ``HANDLING``; missing for outgoing documents, and for those that had not arrived.

    Examples
    --------
    >>> days = {"arrived_on": ["2022-01-03"] * 3, "due_on": ["2022-01-10"] * 3, "handled_on": ["2022-01-10", None, None]}
    >>> documents = pd.DataFrame(days | {"issued_on": None}).astype("datetime64[us]").assign(direction="incoming")
    >>> documents.loc[2, "due_on"] = pd.NaT
    >>> handling(documents, pd.Timestamp("2022-01-11")).tolist()
    ['on_time', 'open_overdue', 'no_deadline']
    """
    due, handled = documents.due_on.dt.normalize(), documents.handled_on.dt.normalize()
    is_done = handled <= day
    there = documents.direction.eq("incoming") & (registered_on(documents) <= day)
    choices = [~there, due.isna(), is_done & (handled <= due), is_done, due < day]
    codes = np.select([c.to_numpy(bool) for c in choices], [-1, 4, 0, 1, 3], 2)
    kind = pd.CategoricalDtype(list(HANDLING))
    return pd.Series(pd.Categorical.from_codes(codes, dtype=kind), index=documents.index)


def count_handling(documents: pd.DataFrame, period: Period, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """Incoming documents that were on the desk in a period, by what had become of them at its end.

    Parameters
    ----------
    documents
        The columns of ``tables.DOCUMENTS``.
    period
        Cut at the day of the data (``periods.until``).
    by
        Columns to group by; a missing value is an empty text.

    Returns
    -------
    DataFrame
        The columns of ``by``; ``arrived``: ``in_period``, or ``before`` it with a deadline and not handled when it
        began; int64 counts, the columns of ``HANDLING``, and ``documents``, their sum.

    Examples
    --------
    >>> days = {"arrived_on": ["2021-12-30", "2022-01-03"], "due_on": ["2022-01-04", "2022-01-10"], "handled_on": None}
    >>> documents = pd.DataFrame(days | {"issued_on": None}).astype("datetime64[us]").assign(direction="incoming")
    >>> january = Period("2022-01", pd.Timestamp("2022-01-01"), pd.Timestamp("2022-01-05"))
    >>> count_handling(documents, january)[["arrived", "open_in_time", "open_overdue"]]
         arrived  open_in_time  open_overdue
    0     before             0             1
    1  in_period             1             0
    """
    state = handling(documents, period.last)
    before = registered_on(documents) < period.first
    was_open = documents.due_on.notna() & ~(documents.handled_on.dt.normalize() < period.first)
    on_desk = state.notna() & (~before | was_open)
    groups = {c: documents[c].astype("str").fillna("") for c in by}
    marks = {name: state == name for name in HANDLING} | {"documents": 1}
    arrived = before.map({True: "before", False: "in_period"})
    return _summed(pd.DataFrame({**groups, "arrived": arrived, **marks})[on_desk], [*by, "arrived"])


def count_meetings(meetings: pd.DataFrame, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """Meetings per day, mode and group; a hybrid meeting is no online one.

    Parameters
    ----------
    meetings
        One row per meeting; the columns of ``tables.MEETINGS``.
    by
        Columns to group by, such as ``with_level``; a missing value is an empty text.

    Returns
    -------
    DataFrame
        ``day``, the columns of ``by``, and int64 counts: ``meetings``; the columns of ``MODES``, which sum to it;
        ``online_or_hybrid``.

    Examples
    --------
    >>> meetings = pd.DataFrame({"held_on": pd.to_datetime(["2022-01-04"] * 2), "mode": ["online", "hybrid"]})
    >>> count_meetings(meetings)[["meetings", "online", "hybrid", "online_or_hybrid"]]
       meetings  online  hybrid  online_or_hybrid
    0         2       1       1                 2
    """
    mode = meetings["mode"].astype("str")
    marks = {name: mode.eq(name) for name in MODES[:-1]}
    marks["mode_unknown"] = ~mode.isin(MODES[:-1])
    marks["online_or_hybrid"] = mode.isin(["online", "hybrid"])
    groups = {c: meetings[c].astype("str").fillna("") for c in by}
    table = pd.DataFrame({"day": meetings.held_on.dt.normalize(), **groups, "meetings": 1, **marks})
    return _summed(table, ["day", *by])
