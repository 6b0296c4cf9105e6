"""What a page shows of electronic work: help with filing, online payment, digitised results."""

from analysis.answers import is_silent
from analysis.counts import within
from analysis.digital import SHARES, count_filing, count_results
from analysis.labels import Labels
from analysis.page import Html, show_notices
from analysis.periods import Period
from analysis.shares import shares_of
from analysis.shares_page import known_columns, show_shares
from analysis.store import Data


def show_digital(data: Data, period: Period, *, labels: Labels) -> Html:
    """Every share of ``digital.SHARES``, with its numerator, denominator, and how it is made."""
    if is_silent(data, "dossiers", period):
        return show_notices([labels.name("sentences.nothing")])
    filing, results = (within(count(data.dossiers), period) for count in (count_filing, count_results))
    sums = filing.sum(numeric_only=True).combine_first(results.sum(numeric_only=True))
    shares = shares_of(sums, SHARES, known=known_columns(data, "dossiers"))
    return show_shares(shares, labels=labels, caption=labels.name("captions.digital"))
