"""Points: what an indicator is worth, by a table of the user's own that names its source."""

from pathlib import Path

import pandas as pd

from analysis.grids import FileProblem
from analysis.indicators import INDICATORS

POINTS = ("indicator", "full_points", "threshold", "source")
"""The columns of a user's table of points; ``threshold`` is in per cent."""


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
