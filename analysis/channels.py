"""Channels: in what ways the dossiers of a period came in, each way with its share."""

import pandas as pd

from analysis.counts import CHANNELS, count_intake, total, within
from analysis.forms import with_total
from analysis.metrics import ratio
from analysis.periods import Period


def channel_table(dossiers: pd.DataFrame, period: Period, *, by: str = "field") -> pd.DataFrame:
    """How the dossiers received in a period came in, by field or another column; each way with its share.

    Returns
    -------
    DataFrame
        ``by`` (empty where unknown), ``is_total``, int64 ``received`` and the columns of ``CHANNELS``, and their shares of
        ``received`` as ``online_share`` and so on (0 to 1; missing where nothing was received); the last row is the total.

    Examples
    --------
    >>> dossiers = pd.DataFrame({"field": "Nhà ở", "channel": ["online", "in_person"], "status": "pending"})
    >>> days = {"received_on": "2022-01-03", "first_due_on": None, "resolved_on": None, "closed_on": None}
    >>> dossiers = dossiers.assign(**days).astype(dict.fromkeys(days, "datetime64[us]"))
    >>> january = Period("2022-01", pd.Timestamp("2022-01-01"), pd.Timestamp("2022-01-31"))
    >>> channel_table(dossiers, january)[["field", "received", "online", "online_share"]]
       field  received  online  online_share
    0  Nhà ở         2       1           0.5
    1                2       1           0.5
    """
    counts = total(within(count_intake(dossiers, by=[by]), period), by=[by])
    table = with_total(counts[["received", *CHANNELS]], by)
    return table.assign(**{f"{c}_share": ratio(table[c], table.received) for c in CHANNELS})
