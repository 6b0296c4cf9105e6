"""The task, done by polars as its guide writes it: a lazy query of expressions.

python benchmarks/with_polars.py FILE FOLDER
"""

import sys

import polars as pl
from task import (
    CHANNEL,
    CLOSED,
    DUE,
    ENDED,
    EVENTS,
    FORMAT,
    ID,
    PROCEDURE,
    REASONS,
    RECEIVED,
    RESOLVED,
    STATUS,
    UNIT,
    WITHHELD,
    meanings,
    write_lines,
)


def tidied(column: str) -> pl.Expr:
    """Text in NFC, trimmed, with single spaces."""
    return pl.col(column).fill_null("").str.normalize("NFC").str.strip_chars().str.replace_all(r"\s+", " ")


def folded(column: str) -> pl.Expr:
    """A word without case and accents."""
    plain = pl.col(column).fill_null("").str.to_lowercase().str.normalize("NFD").str.replace_all(r"\p{M}", "")
    return plain.str.replace_all("đ", "d").str.strip_chars().str.replace_all(r"[^\w]+", " ")


def meant(column: str, name: str) -> pl.Expr:
    """What a word means."""
    return folded(column).replace_strict(meanings(name), default="unknown", return_dtype=pl.String)


def instant(column: str) -> pl.Expr:
    """An instant, or nothing where none stands."""
    return pl.col(column).str.to_datetime(FORMAT, strict=False)


received, due, resolved, status = (pl.col(name) for name in ("received", "due", "resolved", "status"))
rejections = [
    pl.col("id") == "",
    received.is_null() & pl.col(RECEIVED).is_not_null(),
    received.is_null(),
    due.is_null() & pl.col(DUE).is_not_null(),
    resolved.is_null() & pl.col(RESOLVED).is_not_null(),
    status.is_in(ENDED) & resolved.is_null(),
]
df = (
    pl.scan_csv(sys.argv[1], infer_schema=False)
    .select(
        id=tidied(ID),
        procedure=tidied(PROCEDURE),
        unit=tidied(UNIT),
        channel=meant(CHANNEL, "channel"),
        status=meant(STATUS, "status"),
        received=instant(RECEIVED),
        due=instant(DUE),
        resolved=instant(RESOLVED),
        reason=pl.lit(""),
        **{c: pl.col(c) for c in (RECEIVED, DUE, RESOLVED)},
    )
    .with_columns(
        reason=pl.coalesce(pl.when(rule).then(pl.lit(name)) for rule, name in zip(rejections, REASONS, strict=True))
    )
    .drop(RECEIVED, DUE, RESOLVED)
    .collect()
)
bad, good = df.filter(pl.col("reason").is_not_null()), df.filter(pl.col("reason").is_null()).drop("reason")
lines = dict(bad.group_by("reason").len().iter_rows())
settled = good.join(bad, on="id", how="anti")
states = settled.unique()
latest = (
    states.with_columns(event=pl.max_horizontal("received", "resolved"))
    .sort("id", "event")
    .group_by("id")
    .agg(due.drop_nulls().first(), pl.col("procedure", "unit", "channel", "status", "received", "resolved").last())
)
lines |= {WITHHELD: len(good) - len(settled), "repeated": len(settled) - len(states)}
lines |= {"superseded": len(states) - len(latest), "kept": len(latest)}

end, last = resolved.dt.date(), due.dt.date()
outcome = (
    pl.when(status.is_in([*CLOSED, "not_accepted"])).then(status)
    .when(end.is_null()).then(None)
    .when(last.is_null()).then(pl.lit("resolved_no_due"))
    .when(end > last).then(pl.lit("resolved_late"))
    .when(end < last).then(pl.lit("resolved_early"))
    .otherwise(pl.lit("resolved_on_time"))
)  # fmt: skip
left = pl.max_horizontal("received", "resolved")
events = pl.concat(
    [
        latest.filter(status != "not_accepted").with_columns(
            event=pl.lit("received"), month=received.dt.strftime("%Y-%m")
        ),
        latest.with_columns(event=outcome, month=left.dt.strftime("%Y-%m")).drop_nulls("event"),
    ]
)
for group in ("procedure", "unit"):
    table = events.group_by("month", group, "channel").agg(**{name: (pl.col("event") == name).sum() for name in EVENTS})
    table.write_csv(f"{sys.argv[2]}/{group}.csv")
write_lines(sys.argv[2], lines)
