"""The task, done by DuckDB as one who knows it well would: the dialect is given, each different text is cleaned once and
stands as a number from then on, and only dossiers with several lines are put in order.

python benchmarks/with_duckdb_expert.py FILE FOLDER
"""

import csv
import sys
from pathlib import Path

import duckdb
from task import (
    CHANNEL,
    CLOSED,
    COLUMNS,
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
    meaning,
    meanings,
    tidy,
    write_lines,
)

NAMES = {"procedure": PROCEDURE, "unit": UNIT, "channel": CHANNEL, "status": STATUS}
DAYS = {"received": RECEIVED, "due": DUE, "resolved": RESOLVED}

con = duckdb.connect()
con.execute("set preserve_insertion_order = false")
with Path(sys.argv[1]).open(encoding="utf-8-sig", newline="") as file:
    headings = next(csv.reader(file))
schema = ", ".join(f"'{heading}': 'VARCHAR'" for heading in headings)
con.execute(
    f"""
    create temp table raw as select {", ".join(f'"{c}"' for c in COLUMNS)}
    from read_csv($1, header = true, delim = ',', quote = '"', escape = '"', auto_detect = false, columns = {{{schema}}})
    """,
    [sys.argv[1]],
)

known = {name: meanings(name) for name in ("channel", "status")}
words = {}
for name, column in NAMES.items():
    spelt = [text or "" for (text,) in con.execute(f'select distinct "{column}" from raw').fetchall()]
    clean = [meaning(text, known[name]) if name in known else tidy(text) for text in spelt]
    words[name] = {word: code for code, word in enumerate(dict.fromkeys(clean))}
    lookup = f"create temp table {name}_of as select unnest($1) as text, unnest($2)::usmallint as code"
    con.execute(lookup, [spelt, [words[name][word] for word in clean]])
odd = [text for (text,) in con.execute(f"""select distinct "{ID}" from raw where "{ID}" ~ '.*[^!-~].*'""").fetchall()]
con.execute("create temp table id_of as select unnest($1) as text, unnest($2) as id", [odd, [tidy(t) for t in odd]])


def coded(*wanted: str) -> str:
    """The numbers of some statuses, as a list of SQL."""
    return f"({', '.join(str(words['status'].get(word, -1)) for word in wanted)})"


instants = ", ".join(f"try_strptime(\"{c}\", '{FORMAT}') as {name}" for name, c in DAYS.items())
lookups = " ".join(f"join {name}_of on {name}_of.text = coalesce(\"{c}\", '')" for name, c in NAMES.items())
con.execute(
    f"""
    create temp table judged as
    select
        coalesce(id_of.id, "{ID}", '') as id,
        {", ".join(f'{name}_of.code as "{name}"' for name in NAMES)},
        {instants},
        case
            when coalesce(id_of.id, "{ID}", '') = '' then 0
            when received is null and "{RECEIVED}" is not null then 1
            when received is null then 2
            when due is null and "{DUE}" is not null then 3
            when resolved is null and "{RESOLVED}" is not null then 4
            when status_of.code in {coded(*ENDED)} and resolved is null then 5
        end::utinyint as reason
    from raw {lookups} left join id_of on id_of.text = "{ID}";
    drop table raw;
    create temp table several as select id from judged group by id having count(*) > 1;
    create temp table rest as select * exclude reason from judged where reason is null and id in (from several);
    create temp table settled as from rest where id not in (select id from judged where reason is not null);
    create temp table states as select distinct * from settled;
    create temp table latest as
    select
        * exclude (id, due),
        first_value(due ignore nulls) over (
            partition by id order by greatest(received, resolved) rows between unbounded preceding and unbounded following
        ) as due
    from states
    qualify row_number() over (partition by id order by greatest(received, resolved) desc) = 1;
    create temp table events as
    with dossiers as (
        from latest
        union all by name
        select * exclude (id, reason) from judged where reason is null and id not in (from several)
    )
    select
        "procedure", unit, channel,
        datediff('month', date '1970-01-01', received) as came,
        datediff('month', date '1970-01-01', greatest(received, resolved)) as month,
        case
            when status in {coded("not_accepted")} then {EVENTS.index("not_accepted")}
            {" ".join(f"when status in {coded(word)} then {EVENTS.index(word)}" for word in CLOSED)}
            when resolved is null then null
            when due is null then {EVENTS.index("resolved_no_due")}
            when resolved::date > due::date then {EVENTS.index("resolved_late")}
            when resolved::date < due::date then {EVENTS.index("resolved_early")}
            else {EVENTS.index("resolved_on_time")}
        end::utinyint as event
    from dossiers
    """
)
lines = {REASONS[r]: n for r, n in con.execute("select reason, count(*) from judged where reason is not null group by reason").fetchall()}  # fmt: skip
rest, settled, states, latest, kept = (con.execute(f"select count(*) from {t}").fetchone()[0] for t in ("rest", "settled", "states", "latest", "events"))  # fmt: skip
lines |= {WITHHELD: rest - settled, "repeated": settled - states, "superseded": states - latest, "kept": kept}
write_lines(sys.argv[2], lines)

came = EVENTS.index("not_accepted")
columns = ", ".join(f"coalesce(sum(n) filter (event = {code}), 0) as {event}" for code, event in enumerate(EVENTS))
for group in ("procedure", "unit"):
    for name in (group, "channel"):
        con.execute(f"create or replace temp table {name}_word as select unnest($1) as word, unnest($2)::usmallint as code", [list(words[name]), list(words[name].values())])  # fmt: skip
    con.sql(
        f"""
        with counted as (
            select "{group}", channel, came as month, 0 as event, count(*) as n
            from events where event is distinct from {came} group by all
            union all
            select "{group}", channel, month, event, count(*) from events where event is not null group by all
        ), wide as (select month, "{group}", channel, {columns} from counted group by all)
        select
            strftime(date '1970-01-01' + to_months(month::integer), '%Y-%m') as month,
            {group}_word.word as "{group}", channel_word.word as channel, wide.* exclude (month, "{group}", channel)
        from wide
        join {group}_word on {group}_word.code = wide."{group}"
        join channel_word on channel_word.code = wide.channel
        """
    ).write_csv(f"{sys.argv[2]}/{group}.csv")
