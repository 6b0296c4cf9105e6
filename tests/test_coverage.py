"""Coverage: a month that nobody delivered is found; a quiet month, a weekend and New Year are not."""

import numpy as np
import pandas as pd
import pytest

from analysis.coverage import answered, gaps, usual_silence
from analysis.periods import read_period

WORKDAYS = pd.bdate_range("2022-01-03", "2022-11-10")


def silences(files, period="2022-01-01..2022-11-10"):
    """The silent days of a period; a file is (claimed or None, days with an event, export day or None)."""
    rows, events = [], []
    for number, (claim, days, exported) in enumerate(files):
        name = {"source_file": f"{number}.csv", "source_sheet": ""}
        first, last = claim or (None, None)
        rows.append({**name, "exported_on": exported, "covers_from": first, "covers_to": last})
        events += [{**name, "day": day} for day in days]
    table = pd.DataFrame(rows)
    columns = ["exported_on", "covers_from", "covers_to"]
    table[columns] = table[columns].apply(pd.to_datetime)
    held = pd.DataFrame(events, columns=["source_file", "source_sheet", "day"])
    held["day"] = pd.to_datetime(held.day)
    stretches = answered(table, held, begin=pd.NaT, last_event=held.day.max())
    found = gaps([(s.first, s.last) for s in stretches], read_period(period))
    return [f"{d.first:%m-%d}..{d.last:%m-%d}" for d in found]


def month(number, days=WORKDAYS):
    return [day for day in days if day.month == number]


# --- what files claim ------------------------------------------------------------------------------------------------


def test_a_month_that_no_file_claims_is_silent():
    files = [(("2022-01-01", "2022-07-31"), [], None), (("2022-09-01", "2022-11-10"), [], None)]
    assert silences(files) == ["08-01..08-31"]


def test_claims_that_overlap_or_adjoin_leave_no_silence():
    overlapping = [(("2022-01-01", "2022-08-15"), [], None), (("2022-07-01", "2022-11-10"), [], None)]
    adjacent = [(("2022-01-01", "2022-07-31"), [], None), (("2022-08-01", "2022-11-10"), [], None)]
    within = [(("2022-01-01", "2022-11-10"), [], None), (("2022-03-01", "2022-03-31"), [], None)]
    assert silences(overlapping) == silences(adjacent) == silences(within) == []


def test_a_quiet_month_that_is_claimed_is_no_silence():
    assert silences([(("2022-01-01", "2022-11-10"), [d for d in WORKDAYS if d.month != 8], None)]) == []


def test_between_claims_a_working_day_counts_and_a_weekend_does_not():
    assert silences([(("2022-01-01", "2022-07-29"), [], None), (("2022-08-01", "2022-11-10"), [], None)]) == []
    assert silences([(("2022-01-01", "2022-07-29"), [], None), (("2022-08-02", "2022-11-10"), [], None)]) == [
        "07-30..08-01"
    ]


def test_a_claim_ends_with_the_export():
    assert silences([(("2022-01-01", "2022-12-31"), [], "2022-09-30")]) == ["10-01..11-10"]


def test_an_export_day_after_the_days_claimed_claims_no_more():
    assert silences([(("2022-01-01", "2022-06-30"), WORKDAYS, "2022-11-10")]) == ["07-01..11-10"]


def test_a_claim_that_ends_before_it_begins_is_none():
    assert silences([(("2022-11-10", "2022-01-01"), WORKDAYS, None)]) == ["01-01..01-02"]


# --- what files hold -------------------------------------------------------------------------------------------------


def test_a_month_missing_between_files_without_claims_is_silent():
    files = [(None, month(number), "2022-11-10") for number in range(1, 12) if number != 8]
    assert silences(files) == ["01-01..01-02", "08-01..08-31"]


def test_a_month_missing_inside_one_file_is_silent():
    assert silences([(None, [d for d in WORKDAYS if d.month != 8], None)]) == ["01-01..01-02", "08-01..08-31"]


def test_a_silence_that_keeps_to_no_month_is_told_by_its_days():
    days = [d for d in WORKDAYS if not pd.Timestamp("2022-07-13") <= d <= pd.Timestamp("2022-08-16")]
    assert silences([(None, days, None)]) == ["01-01..01-02", "07-13..08-16"]


def test_new_year_is_no_silence():
    days = [d for d in WORKDAYS if not pd.Timestamp("2022-01-28") <= d <= pd.Timestamp("2022-02-08")]
    assert silences([(None, days, None)]) == ["01-01..01-02"]


def test_monthly_files_of_one_event_each_leave_a_silence_only_where_a_month_is_missing():
    files = [(None, [f"2022-{m:02}-05"], None) for m in range(1, 12)]
    assert silences(files, "2022-01-05..2022-11-05") == []
    assert silences([f for f in files if f[1] != ["2022-08-05"]], "2022-01-05..2022-11-05") == ["07-06..08-31"]


@pytest.mark.parametrize("days", [["2022-01-03", "2022-10-01"], ["2022-01-03", "2022-01-04", "2022-11-01"]])
def test_one_small_file_has_no_rhythm_to_break(days):
    assert silences([(None, days, None)], "2022-01-03..2022-10-01") == []


def test_files_in_which_quiet_months_are_usual_may_begin_and_end_with_one():
    spring, autumn = ["2022-01-10", "2022-03-20", "2022-06-20"], ["2022-08-05", "2022-10-25", "2022-11-10"]
    assert silences([(None, spring, None), (None, autumn, None)], "2022-01-10..2022-11-10") == []
    lost = [(None, spring, None), (None, autumn[1:], None)]
    assert silences(lost, "2022-01-10..2022-11-10") == ["06-21..10-24"]


def test_meetings_every_other_week_may_skip_a_month():
    days = [d for d in pd.date_range("2022-01-03", "2022-11-10", freq="14D") if d.month != 8]
    assert silences([(None, days, None)], "2022-01-03..2022-11-01") == []


def test_a_file_reaches_to_its_export_day_unless_it_was_silent_for_long():
    assert silences([(None, [d for d in WORKDAYS if d.month < 11], "2022-11-10")], "2022-01-03..2022-11-10") == []
    stale = [(None, [d for d in WORKDAYS if d.month < 8], "2022-11-10")]
    assert silences(stale, "2022-01-03..2022-11-10") == ["07-30..11-10"]


def test_a_day_written_wrongly_does_not_stretch_over_the_years():
    files = [(None, [pd.Timestamp("2002-01-03"), *WORKDAYS], None)]
    assert silences(files, "2021-01-01..2021-12-31") == ["01-01..12-31"]


def test_a_file_without_events_or_claims_answers_for_nothing():
    assert silences([(None, [], "2022-11-10")]) == ["01-01..11-10"]


@pytest.mark.parametrize("seed", range(20))
def test_events_at_random_have_no_unusual_silence(seed):
    chance = np.random.default_rng(seed).random(730) < 0.15
    days = np.arange("2021-01-01", "2022-12-31", dtype="datetime64[D]")[chance[:729]]
    assert np.diff(days).astype(int).max() - 1 <= usual_silence(days)
