"""Completion: what a dossier leaves open and the catalogue says of its procedure."""

import pandas as pd

from analysis.catalogue import in_force
from analysis.codes import core_code
from analysis.periods import Period


def with_fields(dossiers: pd.DataFrame, procedures: pd.DataFrame) -> pd.DataFrame:
    """Dossiers whose field, where the export names none, is that of their procedure in the catalogue.

    Examples
    --------
    >>> dossiers = pd.DataFrame({"procedure_code": ["1.000001.H99", "1.000002"], "field": [None, None]})
    >>> catalogue = pd.DataFrame({"procedure_code": ["1.000001"], "field": ["Nhà ở"]})
    >>> with_fields(dossiers, catalogue).field.tolist()
    ['Nhà ở', nan]
    """
    listed = pd.DataFrame({"code": core_code(procedures.procedure_code), "field": procedures.field.astype("str")})
    fields = listed.dropna().drop_duplicates("code").set_index("code").field
    named = core_code(dossiers.procedure_code).map(fields)
    return dossiers.assign(field=dossiers.field.astype("str").fillna(named.astype("str")))


def with_fees(dossiers: pd.DataFrame, procedures: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Dossiers that have a fee to pay, where they do not say it, if their procedure has one in some entry in force.

    Examples
    --------
    >>> dossiers = pd.DataFrame({"procedure_code": ["1.000001.H99", "1.000001", "1.000002"], "fee_due": [None, "no", None]})
    >>> catalogue = pd.DataFrame({"procedure_code": ["1.000001"], "has_fee": ["yes"], "valid_from": pd.NaT, "valid_to": pd.NaT})
    >>> january = Period("2022-01", pd.Timestamp("2022-01-01"), pd.Timestamp("2022-01-31"))
    >>> with_fees(dossiers, catalogue, january).fee_due.tolist()
    ['yes', 'no', nan]
    """
    with_fee = core_code(procedures.procedure_code)[in_force(procedures, period) & procedures.has_fee.eq("yes")]
    said = dossiers.fee_due.astype("str")
    open_ = ~said.isin(["yes", "no"]) & core_code(dossiers.procedure_code).isin(with_fee.dropna())
    return dossiers.assign(fee_due=said.mask(open_, "yes"))
