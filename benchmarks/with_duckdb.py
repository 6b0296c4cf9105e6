"""The task, done by DuckDB as its documentation writes it: one SQL text over the file, its dialect found by DuckDB.

python benchmarks/with_duckdb.py FILE FOLDER
"""

import sys

import duckdb
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


def tidied(column: str) -> str:
    """Text in NFC, trimmed, with single spaces."""
    return f"""regexp_replace(trim(nfc_normalize(coalesce("{column}", ''))), '\\s+', ' ', 'g')"""


def folded(column: str) -> str:
    """A word without case and accents."""
    return (
        f"""regexp_replace(trim(replace(strip_accents(lower(coalesce("{column}", ''))), 'đ', 'd')), '\\W+', ' ', 'g')"""
    )


def instant(column: str) -> str:
    """An instant, or nothing where none stands."""
    return f"try_strptime(\"{column}\", '{FORMAT}')"


con = duckdb.connect()
for name in ("channel", "status"):
    known = meanings(name)
    con.execute(
        f"create table {name}s as select unnest($1) word, unnest($2) meaning", [list(known), list(known.values())]
    )
con.execute(
    f"""
    create table judged as
    with lines as (
        select
            {tidied(ID)} id, {tidied(PROCEDURE)} "procedure", {tidied(UNIT)} unit,
            coalesce(channels.meaning, 'unknown') channel, coalesce(statuss.meaning, 'unknown') status,
            {instant(RECEIVED)} received, {instant(DUE)} due, {instant(RESOLVED)} resolved,
            "{RECEIVED}" as received_text, "{DUE}" as due_text, "{RESOLVED}" as resolved_text
        from read_csv($1, all_varchar = true)
        left join channels on channels.word = {folded(CHANNEL)}
        left join statuss on statuss.word = {folded(STATUS)}
    )
    select
        * exclude (received_text, due_text, resolved_text),
        case
            when id = '' then '{REASONS[0]}'
            when received is null and received_text is not null then '{REASONS[1]}'
            when received is null then '{REASONS[2]}'
            when due is null and due_text is not null then '{REASONS[3]}'
            when resolved is null and resolved_text is not null then '{REASONS[4]}'
            when status in {ENDED} and resolved is null then '{REASONS[5]}'
        end reason
    from lines
    """,
    [sys.argv[1]],
)
con.execute(
    """
    create table settled as
    select * exclude reason from judged
    where reason is null and id not in (select id from judged where reason is not null);
    create table states as select distinct * from settled;
    create table latest as
    select * exclude (due, first_due), first_due as due from (
        select *, first_value(due ignore nulls) over (
            partition by id order by greatest(received, resolved) rows between unbounded preceding and unbounded following
        ) first_due
        from states
        qualify row_number() over (partition by id order by greatest(received, resolved) desc) = 1
    )
    """
)
lines = dict(con.execute("select reason, count(*) from judged where reason is not null group by reason").fetchall())
sizes = [con.execute(f"select count(*) from {t}").fetchone()[0] for t in ("settled", "states", "latest")]
good = con.execute("select count(*) from judged where reason is null").fetchone()[0]
lines |= {
    WITHHELD: good - sizes[0],
    "repeated": sizes[0] - sizes[1],
    "superseded": sizes[1] - sizes[2],
    "kept": sizes[2],
}
write_lines(sys.argv[2], lines)
con.execute(
    f"""
    create table events as
    select "procedure", unit, channel, strftime(received, '%Y-%m') as month, 'received' as event
    from latest where status <> 'not_accepted'
    union all
    select "procedure", unit, channel, strftime(greatest(received, resolved), '%Y-%m'),
        case
            when status in {(*CLOSED, "not_accepted")} then status
            when resolved is null then null
            when due is null then 'resolved_no_due'
            when resolved::date > due::date then 'resolved_late'
            when resolved::date < due::date then 'resolved_early'
            else 'resolved_on_time'
        end
    from latest
    """
)
columns = ", ".join(f"count(*) filter (event = '{event}') {event}" for event in EVENTS)
for group in ("procedure", "unit"):
    table = con.sql(f'select month, "{group}", channel, {columns} from events group by all')
    table.write_csv(f"{sys.argv[2]}/{group}.csv")
