"""Procedures of the catalogue: what came in under each, and where dossiers and catalogue do not fit together.

A procedure is known by the core of its code, ``1.014466``: systems write an office or a province behind it
(``2.001525.000.00.00.H13``, ``1.014466.H12``). The catalogue changes: a procedure counts while it is in force.
"""

import pandas as pd

from analysis.codes import core_code
from analysis.counts import count_events, count_intake, is_received, total, within
from analysis.digital import count_filing
from analysis.periods import Period
from analysis.vocabulary import fold

LEVELS = ("information", "partial", "full")
"""Levels of service, the best last."""


def catalogue_of(procedures: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The catalogue as it stood in a period: of several entries of one code the latest that was in force.

    Of several levels of service among those in force the best counts, as in a working paper on indicator 3.1 of Decision
    766/QĐ-TTg.

    Parameters
    ----------
    procedures
        The columns of ``tables.PROCEDURES``. Both days of validity are within it; without one it has no end there.

    Returns
    -------
    DataFrame
        Index ``procedure_code``, the core; ``procedure``, ``field``, ``service_level`` and ``successor`` (its core), text;
        ``valid_from``, ``valid_to``; ``in_force``, whether on any day of the period.

    Examples
    --------
    >>> procedures = pd.DataFrame({
    ...     "procedure_code": ["1.000001.H12", "1.000001"], "procedure": ["Old", "New"], "field": "Housing",
    ...     "service_level": ["partial", "full"], "successor": None,
    ...     "valid_from": pd.to_datetime([None, "2022-07-01"]), "valid_to": pd.to_datetime(["2022-06-30", None]),
    ... })
    >>> spring = Period("2022-Q1", pd.Timestamp("2022-01-01"), pd.Timestamp("2022-03-31"))
    >>> catalogue_of(procedures, spring)[["procedure", "service_level", "in_force"]]
                   procedure service_level  in_force
    procedure_code
    1.000001             Old       partial      True
    """
    texts = {c: procedures[c].astype("str") for c in ("procedure", "field", "service_level")}
    table = procedures[["valid_from", "valid_to"]].assign(
        procedure_code=core_code(procedures.procedure_code), **texts, successor=core_code(procedures.successor),
        in_force=in_force(procedures, period), rank=pd.Index(LEVELS).get_indexer(pd.Index(procedures.service_level)),
    )  # fmt: skip
    best, latest = (
        table.sort_values(["in_force", *order], na_position="first", kind="stable")
        .drop_duplicates("procedure_code", keep="last")
        .set_index("procedure_code")
        .sort_index()
        for order in (["rank"], ["valid_from", "procedure"])
    )
    columns = ["procedure", "field", "service_level", "successor", "valid_from", "valid_to", "in_force"]
    return latest.assign(service_level=best.service_level)[columns]


def in_force(procedures: pd.DataFrame, period: Period) -> pd.Series:
    """Whether each entry of the catalogue was in force on any day of a period; bool."""
    ended = procedures.valid_to.dt.normalize() < period.first
    return ~(procedures.valid_from.dt.normalize() > period.last) & ~ended


def procedure_keys(dossiers: pd.DataFrame, procedures: pd.DataFrame) -> pd.Series:
    """What tells the procedure of each dossier: the core of its code; without a code, that of the only procedure of
    its name; else its name, which may be empty.

    Examples
    --------
    >>> procedures = pd.DataFrame({"procedure_code": ["1.014466"], "procedure": ["Gia hạn"]})
    >>> dossiers = pd.DataFrame({"procedure_code": ["2.001525.H12", None, None], "procedure": [None, "GIA HAN", "Khác"]})
    >>> procedure_keys(dossiers, procedures).tolist()
    ['2.001525', '1.014466', 'Khác']
    """
    code = core_code(dossiers.procedure_code).fillna("")
    name = dossiers.procedure.astype("str").fillna("")
    listed = pd.DataFrame(
        {"code": core_code(procedures.procedure_code), "name": procedures.procedure.map(fold, na_action="ignore")}
    )
    once = listed.drop_duplicates().drop_duplicates("name", keep=False).set_index("name").code.to_dict()
    return code.where(code != "", name.map({each: once.get(fold(each), each) for each in name.unique()}))


def procedure_names(dossiers: pd.DataFrame, procedures: pd.DataFrame) -> pd.Series:
    """One name for each procedure, so that a name spelt anew in another year does not look like another procedure.

    It is the catalogue's, else the one that most dossiers have, else the code.

    Returns
    -------
    Series
        Text by the rows of ``dossiers``; empty where neither code nor name is known.

    Examples
    --------
    >>> codes = ["1.002701.000.00.00.H99", "1.002701", None]
    >>> dossiers = pd.DataFrame({"procedure_code": codes, "procedure": ["Plan", "plan", "Sign"]})
    >>> catalogue = pd.DataFrame({"procedure_code": ["1.002701"], "procedure": ["A plan"]})
    >>> procedure_names(dossiers, catalogue).tolist()
    ['A plan', 'A plan', 'Sign']
    """
    keyed = dossiers.assign(key=procedure_keys(dossiers, procedures))
    listed = pd.DataFrame({"key": core_code(procedures.procedure_code), "name": procedures.procedure.astype("str")})
    often = _most_frequent(keyed, "procedure")
    names = listed.drop_duplicates("key").set_index("key").name.combine_first(often[often != ""])
    return keyed.key.map(names).astype("str").fillna(keyed.key)


def count_procedures(
    dossiers: pd.DataFrame, procedures: pd.DataFrame, period: Period, *, rule: str = "day"
) -> pd.DataFrame:
    """Per procedure, what came in and how it ended in a period; also procedures of the catalogue without a dossier.

    The catalogue's name and field of a code come before those in dossiers, of which the most frequent are taken.

    Returns
    -------
    DataFrame
        ``procedure_code`` (the core; empty where unknown), ``procedure``, ``field``, ``received`` and the columns of
        ``CHANNELS``, the columns of ``EVENTS``, ``assisted``, ``alone`` and ``assistance_unknown`` (of the online ones),
        ``in_catalogue``, ``in_force`` (of which nothing says otherwise), ``service_level`` and ``successor`` (empty where
        unknown); most received first.

    Examples
    --------
    >>> instants = ["received_on", "first_due_on", "resolved_on", "closed_on"]
    >>> dossiers = pd.DataFrame({
    ...     "procedure_code": ["1.000001.H12"] * 2, "procedure": "cap moi", "field": "Housing", "status": "pending",
    ...     "channel": ["online", "in_person"], "assisted": ["yes", None], "fee_due": None, "paid_online": None,
    ...     **dict.fromkeys(instants, pd.to_datetime(["2022-01-03", "2022-01-04"])),
    ... }).assign(resolved_on=pd.NaT, closed_on=pd.NaT).astype(dict.fromkeys(instants, "datetime64[us]"))
    >>> procedures = pd.DataFrame({
    ...     "procedure_code": ["1.000001", "1.000002"], "procedure": ["Cấp mới", "Gia hạn"], "field": "Housing",
    ...     "service_level": "full", "successor": None,
    ... }).assign(valid_from=pd.NaT, valid_to=pd.NaT)
    >>> january = Period("2022-01", pd.Timestamp("2022-01-01"), pd.Timestamp("2022-01-31"))
    >>> count_procedures(dossiers, procedures, january)[["procedure_code", "procedure", "received", "online", "assisted"]]
      procedure_code procedure  received  online  assisted
    0       1.000001   Cấp mới         2       1         1
    1       1.000002   Gia hạn         0       0         0
    """
    keyed = dossiers.assign(key=procedure_keys(dossiers, procedures))
    catalogue = catalogue_of(procedures, period)
    events = total(within(count_events(keyed, by=["key"], rule=rule), period), by=["key"])
    channels = total(within(count_intake(keyed, by=["key"]), period), by=["key"])
    filing = total(within(count_filing(keyed, by=["key"]), period), by=["key"])
    keys = events.index.union(catalogue.index)
    table = channels.drop(columns="received").join(events, how="outer")
    table = table.join(filing[["assisted", "alone", "assistance_unknown"]], how="outer").reindex(keys)
    table = table.fillna(0).astype("int64")
    is_code = table.index.isin(core_code(dossiers.procedure_code).dropna()) | table.index.isin(catalogue.index)
    texts = {c: catalogue[c].dropna().combine_first(_most_frequent(keyed, c)) for c in ("procedure", "field")}
    table = table.assign(
        procedure_code=table.index.where(is_code, ""),
        **{c: text.reindex(keys).fillna("") for c, text in texts.items()},
        in_catalogue=keys.isin(catalogue.index),
        in_force=catalogue.in_force.reindex(keys, fill_value=True),
        **{c: catalogue[c].reindex(keys).fillna("") for c in ("service_level", "successor")},
    )
    order = ["procedure_code", "procedure", "field"]
    table = table.sort_values(["received", *order[:2]], ascending=[False, True, True], ignore_index=True)
    return table[[*order, *(c for c in table if c not in order)]]


def _most_frequent(keyed: pd.DataFrame, column: str) -> pd.Series:
    """What the dossiers of each key say most often; nothing where the column was not read."""
    if column not in keyed:
        return pd.Series([], dtype="str")
    said = pd.DataFrame({"key": keyed.key, "text": keyed[column].astype("str").fillna("")})
    often = said.value_counts().reset_index().sort_values(["count", "text"])
    return often.drop_duplicates("key", keep="last").set_index("key").text


def differing_names(dossiers: pd.DataFrame, procedures: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Names and codes in which dossiers and catalogue differ, of the dossiers received in a period.

    Spelling that carries no meaning (``vocabulary.fold``) makes no difference; any name the catalogue ever had counts.

    Returns
    -------
    DataFrame
        ``procedure_code`` and ``procedure`` as the dossiers have them, ``catalogue_code`` and ``catalogue_name``,
        ``differs`` (``name``: one code, another name; ``code``: one name, a code that the catalogue does not have) and
        ``dossiers``, how many; most first.

    Examples
    --------
    >>> days = pd.to_datetime(["2022-01-03", "2022-01-04"])
    >>> dossiers = pd.DataFrame({"procedure_code": ["1.000001", "7.000000"], "procedure": ["Khác", "cap moi"]})
    >>> procedures = pd.DataFrame({"procedure_code": ["1.000001"], "procedure": ["Cấp mới"]})
    >>> january = Period("2022-01", pd.Timestamp("2022-01-01"), pd.Timestamp("2022-01-31"))
    >>> found = differing_names(dossiers.assign(received_on=days, status="pending"), procedures, january)
    >>> found[["procedure_code", "procedure", "catalogue_code", "differs"]]
      procedure_code procedure catalogue_code differs
    0       1.000001      Khác       1.000001    name
    1       7.000000   cap moi       1.000001    code
    """
    received = is_received(dossiers, period)
    said = pd.DataFrame(
        {"procedure_code": core_code(dossiers.procedure_code), "procedure": dossiers.procedure.astype("str")}
    )
    counted = said[received].dropna().value_counts().reset_index(name="dossiers")
    counted = counted.assign(folded=counted.procedure.map(fold).astype("str"))
    listed = pd.DataFrame({"catalogue_code": core_code(procedures.procedure_code)})
    listed = listed.assign(
        catalogue_name=procedures.procedure.astype("str"), folded=procedures.procedure.map(fold, na_action="ignore")
    )
    same_code = counted.merge(listed, left_on="procedure_code", right_on="catalogue_code", suffixes=("", "_listed"))
    agreed = same_code[same_code.folded == same_code.folded_listed].procedure_code.str.cat(same_code.folded)
    named = same_code[~same_code.procedure_code.str.cat(same_code.folded).isin(agreed)]
    unknown = counted[~counted.procedure_code.isin(listed.catalogue_code)]
    coded = unknown.merge(listed.drop_duplicates("folded"), on="folded")
    parts = [
        found.drop_duplicates(["procedure_code", "procedure"]).assign(differs=differs)
        for differs, found in (("name", named), ("code", coded))
    ]
    columns = ["procedure_code", "procedure", "catalogue_code", "catalogue_name", "differs", "dossiers"]
    table = pd.concat(parts)[columns]
    return table.sort_values(["dossiers", *columns[:2]], ascending=[False, True, True], ignore_index=True)


def count_out_of_force(dossiers: pd.DataFrame, procedures: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Dossiers received in a period under a procedure that was not in force on their day.

    Returns
    -------
    DataFrame
        ``procedure_code``, ``procedure``, ``valid_from``, ``valid_to``, ``successor`` (its code, empty if none is named)
        and ``dossiers``, how many; most first.

    Examples
    --------
    >>> dossiers = pd.DataFrame({"procedure_code": ["1.000001"] * 2, "procedure": "Old", "status": "pending"})
    >>> dossiers = dossiers.assign(received_on=pd.to_datetime(["2022-01-14", "2022-01-15"]))
    >>> procedures = pd.DataFrame({
    ...     "procedure_code": ["1.000001"], "procedure": "Old", "field": None, "service_level": None,
    ...     "successor": "1.000002", "valid_from": pd.NaT, "valid_to": pd.to_datetime(["2022-01-14"]),
    ... }).astype({"valid_from": "datetime64[us]"})
    >>> january = Period("2022-01", pd.Timestamp("2022-01-01"), pd.Timestamp("2022-01-31"))
    >>> count_out_of_force(dossiers, procedures, january)[["procedure_code", "successor", "dossiers"]]
      procedure_code successor  dossiers
    0       1.000001  1.000002         1
    """
    day = dossiers.received_on.dt.normalize()
    received = is_received(dossiers, period)
    keys = pd.DataFrame({"procedure_code": procedure_keys(dossiers, procedures), "day": day})[received]
    valid = procedures[["valid_from", "valid_to"]].assign(procedure_code=core_code(procedures.procedure_code))
    each = keys.reset_index(names="dossier").merge(valid, on="procedure_code")
    holds = ~(each.day < each.valid_from.dt.normalize()) & ~(each.day > each.valid_to.dt.normalize())
    outside = each[~holds.groupby(each.dossier).transform("any")].drop_duplicates("dossier")
    counted = outside.groupby("procedure_code").size().rename("dossiers")
    columns = ["procedure", "valid_from", "valid_to", "successor"]
    table = catalogue_of(procedures, period)[columns].join(counted, how="inner").reset_index()
    table = table.assign(successor=table.successor.fillna("")).astype({"dossiers": "int64"})
    return table.sort_values(["dossiers", "procedure_code"], ascending=[False, True], ignore_index=True)
