"""How long it takes from a control to a picture: at 1,000, 100,000 and 1,000,000 dossiers, beside what it is made of.

    python benchmarks/explore.py
    python benchmarks/explore.py --lines 1000 --rounds 3

The steps are those that follow a change in ``notebooks/explore.ipynb``, without the browser: the choice to the figures, to the first picture,
to all that is shown. Beside them, in the same rounds: pandas' own grouping of the same dossiers with the same drawing of one chart, which
is what an analyst would write; and reading the cleaned tables anew, which is what the notebook does not do. Seconds are of this machine;
the ratios can be compared.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import matplotlib as mpl
import pandas as pd
from make_big import write_csv

from analysis import charts, store
from analysis.counts import CHANNELS, REPORTED
from analysis.exploration import Choice
from analysis.explored import Reading, explore
from analysis.explored_page import PICTURES, show_explored, show_grid, show_picture
from analysis.labels import read_labels
from analysis.page import show_chart

VI = read_labels("vi")

CHOICES = [Choice(period="2022", channel=channel) for channel in ("online", "", "in_person")]
"""One after the other, as an analyst changes a control."""


def steps(reading: Reading, choice: Choice) -> dict[str, float]:
    """Seconds from a change until each thing is there."""
    begin, at = time.perf_counter(), {}
    explored = explore(reading, choice)
    show_explored(explored, labels=VI)
    at["figures"] = time.perf_counter() - begin
    show_picture("intake", explored, labels=VI)
    at["first picture"] = time.perf_counter() - begin
    show_grid(explored, labels=VI)
    for name in PICTURES:
        if name != "intake":
            show_picture(name, explored, labels=VI)
    at["all"] = time.perf_counter() - begin
    return at


def by_hand(dossiers: pd.DataFrame, choice: Choice) -> float:
    """Seconds for what an analyst would write: a filter, a grouping, the same chart."""
    begin = time.perf_counter()
    chosen = dossiers[dossiers.received_on.dt.year == 2022]
    chosen = chosen[chosen.channel == choice.channel] if choice.channel else chosen
    monthly = (
        chosen.groupby([chosen.received_on.dt.to_period("M"), "channel"], observed=False).size().unstack(fill_value=0)
    )
    monthly = monthly.reindex(columns=list(CHANNELS), fill_value=0)
    show_chart(charts.plot_intake(monthly.assign(received=monthly.sum(axis=1)), labels=VI))
    return time.perf_counter() - begin


def timed(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def measure(lines: int, rounds: int, folder: Path) -> dict[str, float]:
    """The medians of some rounds, in which everything takes its turn."""
    raw = folder / str(lines) / "data" / "raw"
    raw.mkdir(parents=True)
    write_csv(raw / "big.csv", lines)
    data = store.load(raw, columns=REPORTED)
    reading, rows = Reading(data), []
    steps(reading, Choice(period="2022", channel="postal"))  # imports, and what is computed once
    for at in range(rounds):
        choice = CHOICES[at % len(CHOICES)]
        own = {
            "by hand": by_hand(data.dossiers, choice),
            "read anew": timed(lambda: store.load(raw, columns=REPORTED).dossiers),
        }
        rows.append(steps(reading, choice) | own)
    return {"dossiers": len(data.dossiers)} | {name: statistics.median(row[name] for row in rows) for name in rows[0]}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--lines",
    type=click.IntRange(min=100),
    multiple=True,
    default=(1_000, 100_000, 1_000_000),
    help="How many lines; may be given again.",
)
@click.option("--rounds", type=click.IntRange(min=1), default=6, help="How often each is measured; the median counts.")
def main(lines: tuple[int, ...], rounds: int) -> None:
    """Measure from a control to a picture."""
    mpl.use("Agg")
    with tempfile.TemporaryDirectory() as folder:
        table = pd.DataFrame([measure(number, rounds, Path(folder)) for number in lines])
    ratios = {f"{name} ÷ by hand": table[name] / table["by hand"] for name in ("figures", "first picture", "all")}
    click.echo(table.assign(**ratios).astype({"dossiers": "int64"}).round(2).to_string(index=False))


if __name__ == "__main__":
    main()
