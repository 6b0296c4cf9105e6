"""The indicators of Decision 766/QĐ-TTg that exports can answer, and what the others would need.

The formulas are those of a working paper on the national indicators, in our own words; the full text of the decision could not
be had. Points are nowhere in here: they come from a user's table that names its source.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.codes import core_code
from analysis.counts import ended_on, is_accepted
from analysis.grids import FileProblem
from analysis.metrics import ratio
from analysis.periods import Period
from analysis.stocks import state_on
from analysis.store import Data
from analysis.take_up import OFFERED

SAID = ("yes", "no")
"""What a column of ``tables.YES_NO`` can say."""

NEVER = {
    "1.4": "national_portal", "1": "national_database", "3": "national_portal", "4.2": "attachments", "4.3": "reuse",
    "5": "feedback",
}  # fmt: skip
"""Indicator, or a group of others -> what no export of a one-stop desk holds of it."""

POINTS = ("indicator", "full_points", "threshold", "source")
"""The columns of a user's table of points; ``threshold`` is in per cent."""


class Ratio(NamedTuple):
    """One sum over another, and what stands beside it."""

    numerator: float
    denominator: float
    unknown: float = 0
    """Of how many the exports do not say it; the rule says where they stand."""
    after_pauses: float = float("nan")
    """How many are on time only because supplement time is taken out."""


class Indicator(NamedTuple):
    """How an indicator is made."""

    of: Callable[[Data, Period], Ratio]
    needs: tuple[tuple[str, str], ...]
    """(Table, column) that the exports must have; of a table without a column, rows."""
    unit: str = "share"
    """``share`` (0 to 1) or ``days``."""


def on_time(data: Data, period: Period) -> Ratio:
    """Indicator 2.1: dossiers in hand in a period that are on time, those still pending in time included.

    A dossier ends on the day of its result or, without one, of its withdrawal or return; while it waits for a supplement, on the
    day that was asked for, and late if it was asked for more than once; otherwise on the last day of the period. Days from a
    request to its supplement are taken out (calendar days). On time is an end on the first due day or before.
    """
    state, before = state_on(data.dossiers, period.last), state_on(data.dossiers, period.first - pd.Timedelta(days=1))
    in_hand = before.isin(["pending", "paused", "unknown"]) | _came(data.dossiers, period)
    dossiers, state = data.dossiers[in_hand], state[in_hand]
    asked, given, due = (dossiers[c].dt.normalize() for c in ("paused_from", "paused_to", "first_due_on"))
    waits = state == "paused"
    end = ended_on(dossiers).where(lambda days: days <= period.last)
    end = end.fillna(asked.where(waits)).fillna(period.last)
    pause = (given - asked).where((given <= end) & (given > asked), pd.Timedelta(0))
    known = due.notna() & (state != "unknown")
    often = waits & _asked_often(data, dossiers)
    timely = known & ~often & (end - pause <= due)
    numbers = int(timely.sum()), int(known.sum()), int((~known).sum()), int((timely & (end > due)).sum())
    return Ratio(*numbers)


def _came(dossiers: pd.DataFrame, period: Period) -> pd.Series:
    """Whether a dossier was accepted in a period."""
    return is_accepted(dossiers) & dossiers.received_on.dt.normalize().between(period.first, period.last)


def _asked_often(data: Data, dossiers: pd.DataFrame) -> pd.Series:
    """Whether a supplement was asked for on more than one day, as far as several exports tell."""
    keys = ["source_system", "dossier_id"]
    asked = data.history[data.history.paused_from.notna()][[*keys, "paused_from"]].drop_duplicates()
    asked = asked.astype(dict.fromkeys(keys, "str"))
    often = asked.loc[asked.duplicated(keys), keys].drop_duplicates().assign(often=True)
    table = dossiers[keys].astype("str").merge(often, on=keys, how="left", validate="m:1")
    return pd.Series(table.often.notna().to_numpy(), index=dossiers.index)


def mean_days(data: Data, period: Period) -> Ratio:
    """Indicator 2.2 of all procedures together; see ``handling_times``."""
    times = handling_times(data, period)
    return Ratio(float(times.days.sum()), float(times.dossiers.sum()))


def handling_times(data: Data, period: Period) -> pd.DataFrame:
    """Indicator 2.2: the mean handling time of each procedure, of dossiers that came and ended in a period.

    Ended in whatever way; supplement time is taken out. In calendar days: the decision counts in the unit of the procedure's
    term, which for working days needs the official calendar.

    Returns
    -------
    DataFrame
        ``procedure_code`` (its national part; empty where unknown), ``procedure``, ``dossiers`` and ``days`` (sums, int64),
        ``mean_days``, ``term_days`` and ``term_unit`` of the catalogue; most dossiers first.
    """
    came = data.dossiers[_came(data.dossiers, period)]
    ended = came[ended_on(came) <= period.last]
    pause = (ended.paused_to.dt.normalize() - ended.paused_from.dt.normalize()).dt.days.fillna(0).clip(lower=0)
    took = (ended_on(ended) - ended.received_on.dt.normalize()).dt.days
    code = core_code(ended.procedure_code).fillna("")
    marks = pd.DataFrame(
        {"procedure_code": code, "procedure": ended.procedure.astype("str").fillna("").where(code == "", ""),
         "dossiers": 1, "days": (took - pause).clip(lower=0).astype("int64")}
    )  # fmt: skip
    sums = marks.groupby(["procedure_code", "procedure"], as_index=False).sum()
    listed = data.procedures.assign(procedure_code=core_code(data.procedures.procedure_code))
    listed = listed.dropna(subset="procedure_code").drop_duplicates("procedure_code")
    named = ended.assign(procedure_code=code)[["procedure_code", "procedure"]].drop_duplicates("procedure_code")
    names = pd.concat([listed[["procedure_code", "procedure"]], named]).drop_duplicates("procedure_code")
    told = names.set_index("procedure_code").procedure.astype("str")
    terms = listed.set_index("procedure_code")
    table = sums.assign(
        procedure=sums.procedure.where(sums.procedure_code == "", sums.procedure_code.map(told)),
        mean_days=ratio(sums.days, sums.dossiers),
        term_days=pd.to_numeric(sums.procedure_code.map(terms.term_days), errors="coerce"),
        term_unit=sums.procedure_code.map(terms.term_unit.astype("str")),
    )
    return table.sort_values(
        ["dossiers", "procedure_code", "procedure"], ascending=[False, True, True], ignore_index=True
    )


def offered_online(data: Data, period: Period) -> Ratio:
    """Indicator 3.1: procedures in force that are offered online, fully or in part; of several levels the best counts."""
    offered = _services(data, period)
    level = _in_force(data, period).dropna(subset="service_level")
    unknown = set(offered.index) - set(level[level.service_level != "unknown"].code)
    return Ratio(int(offered.sum()), len(offered), len(unknown))


def _in_force(data: Data, period: Period) -> pd.DataFrame:
    """The procedures of the catalogue that are in force in a period, by the national part of their code."""
    procedures = data.procedures
    begun = procedures.valid_from.isna() | (procedures.valid_from <= period.last)
    lasts = procedures.valid_to.isna() | (procedures.valid_to >= period.first)
    code = core_code(procedures.procedure_code).fillna(procedures.procedure_code.astype("str"))
    return procedures.assign(code=code)[begun & lasts]


def _services(data: Data, period: Period) -> pd.Series:
    """Whether each procedure in force is offered online."""
    procedures = _in_force(data, period)
    return procedures.service_level.isin(OFFERED).groupby(procedures.code).any()


def used_online(data: Data, period: Period) -> Ratio:
    """Indicator 3.2: of the procedures offered online, those with at least one online dossier in the period."""
    offered = _services(data, period)
    online = data.dossiers[_came(data.dossiers, period) & data.dossiers.channel.eq("online")]
    code = core_code(online.procedure_code).fillna(online.procedure_code.astype("str"))
    services = offered.index[offered]
    return Ratio(int(services.isin(code).sum()), len(services), int((~code.isin(offered.index)).sum()))


def online_share(data: Data, period: Period) -> Ratio:
    """Indicator 3.3, without the rate of synchronisation: dossiers filed online that have an electronic result, of all accepted.

    A dossier without a known channel counts as filed in person, here and nowhere else.
    """
    came = data.dossiers[_came(data.dossiers, period)]
    electronic = came.channel.eq("online") & came.result_digitised.eq("yes")
    return Ratio(int(electronic.sum()), len(came), int((came.channel.isna() | came.channel.eq("unknown")).sum()))


def paid_online(data: Data, period: Period) -> Ratio:
    """Indicator 3.6: of the dossiers with a fee to pay, those paid online.

    Where a dossier does not say whether it has a fee, its procedure in the catalogue does.
    """
    came = data.dossiers[_came(data.dossiers, period)]
    procedures = _in_force(data, period)
    of_procedure = core_code(came.procedure_code).isin(procedures.code[procedures.has_fee.eq("yes")])
    due = came[came.fee_due.eq("yes") | (~came.fee_due.isin(SAID) & of_procedure)]
    said = due.paid_online.isin(SAID)
    return Ratio(int(due.paid_online.eq("yes").sum()), len(due), int((~said).sum()))


def digitised(data: Data, period: Period) -> Ratio:
    """Indicator 4.1: of the dossiers resolved in the period, those with an electronic result."""
    state = state_on(data.dossiers, period.last)
    resolved = data.dossiers[(state == "resolved") & (ended_on(data.dossiers) >= period.first)]
    said = resolved.result_digitised.isin(SAID)
    return Ratio(int(resolved.result_digitised.eq("yes").sum()), len(resolved), int((~said).sum()))


LEVEL, CHANNEL = ("procedures", "service_level"), ("dossiers", "channel")
RESULT = ("dossiers", "result_digitised")

INDICATORS = {
    "2.1": Indicator(on_time, (("dossiers", "due_on"), ("dossiers", "resolved_on"))),
    "2.2": Indicator(mean_days, (("dossiers", "resolved_on"),), "days"),
    "3.1": Indicator(offered_online, (LEVEL,)),
    "3.2": Indicator(used_online, (LEVEL, CHANNEL, ("dossiers", "procedure_code"))),
    "3.3": Indicator(online_share, (CHANNEL, RESULT)),
    "3.6": Indicator(paid_online, (("dossiers", "fee_due"), ("dossiers", "paid_online"))),
    "4.1": Indicator(digitised, (RESULT,)),
}
"""The indicators that exports can answer, by their number."""


def indicators(data: Data, period: Period) -> pd.DataFrame:
    """The indicators of Decision 766/QĐ-TTg of a period.

    Parameters
    ----------
    data
        What was read.
    period
        Cut at the day of the data (``periods.until``).

    Returns
    -------
    DataFrame
        Index ``indicator``, its number: those of ``INDICATORS`` and ``NEVER``, in order. ``value`` (a share of 1, or days),
        ``numerator``, ``denominator``, ``unknown`` and ``after_pauses`` (see ``Ratio``) as floats; ``unit``; ``lacks``, what is
        missing: columns as ``table.column``, or a name of ``NEVER``; empty where the indicator could be computed.
    """
    rows: dict[str, dict[str, Any]] = {}
    for number, indicator in INDICATORS.items():
        lacks = [f"{table}.{column}" for table, column in indicator.needs if not data.has(table, column)]
        found = Ratio(np.nan, np.nan, np.nan) if lacks else indicator.of(data, period)
        rows[number] = {**found._asdict(), "unit": indicator.unit, "lacks": " ".join(lacks)}
    rows |= {number: {"unit": "share", "lacks": lacks} for number, lacks in NEVER.items()}
    order = sorted(rows, key=lambda number: (number[0], "." not in number, number))
    table = pd.DataFrame.from_dict(rows, orient="index").loc[order].rename_axis("indicator")
    table = table.astype(dict.fromkeys(Ratio._fields, "float64"))
    value = ratio(table.numerator, table.denominator)
    return table.assign(value=value)[["value", *Ratio._fields, "unit", "lacks"]]


def read_points(path: Path | str) -> pd.DataFrame:
    r"""Read how many points an indicator is worth, from a user's table.

    Parameters
    ----------
    path
        A CSV file with the columns of ``POINTS``: the indicator's number, its full points, the share in per cent from which it
        has them, and where that is written.

    Returns
    -------
    DataFrame
        Index ``indicator``; ``full_points`` and ``threshold`` (floats, per cent), ``source``.

    Raises
    ------
    FileProblem
        If the file cannot be read, or a line names no known share, no number above 0 or no source.

    Examples
    --------
    >>> path = getfixture("tmp_path") / "points.csv"
    >>> _ = path.write_text("indicator,full_points,threshold,source\n3.1,6,80,Decision 766\n")
    >>> read_points(path).threshold["3.1"]
    np.float64(80.0)
    """
    name = Path(path).name
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", comment="#")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise FileProblem(f"{name}: cannot be read as a table of points ({error}).") from None
    if lacking := [column for column in POINTS if column not in table]:
        raise FileProblem(f"{name}: has no column {lacking[0]!r}; a table of points has {', '.join(POINTS)}.")
    table = table.apply(lambda column: column.str.strip())
    shares = [number for number, indicator in INDICATORS.items() if indicator.unit == "share"]
    numbers = table[["full_points", "threshold"]].apply(pd.to_numeric, errors="coerce").astype("float64")
    faults = {
        f"is none of {', '.join(shares)}": ~table.indicator.isin(shares),
        "stands twice": table.indicator.duplicated(),
        "needs full points and a threshold above 0": ~(numbers > 0).all(axis=1) | (numbers.threshold > 100),
        "names no source": table.source == "",
    }
    for fault, found in faults.items():
        if found.any():
            row = int(found.idxmax())
            raise FileProblem(f"{name}: line {row + 2}: the indicator {table.indicator[row]!r} {fault}.")
    return table.assign(**{str(c): numbers[c] for c in numbers}).set_index("indicator")[list(POINTS[1:])]


def with_points(table: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Indicators with their points: full from the threshold on, below it in proportion.

    Returns
    -------
    DataFrame
        ``table`` with ``points``, ``full_points``, ``threshold`` and ``source``; missing where the user's table has no such
        indicator or it could not be computed.

    Examples
    --------
    >>> table = pd.DataFrame({"value": [0.4, 0.9]}, index=["3.1", "4.1"])
    >>> points = pd.DataFrame({"full_points": 6.0, "threshold": 80.0, "source": "s"}, index=["3.1", "4.1"])
    >>> with_points(table, points).points.tolist()
    [3.0, 6.0]
    """
    joined = table.join(points)
    reached = (100 * joined.value / joined.threshold).clip(upper=1)
    return joined.assign(points=joined.full_points * reached)
