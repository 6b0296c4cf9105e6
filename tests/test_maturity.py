"""The matured rate: by hand, against statsmodels, against a known truth, and where it must stay silent."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from analysis.counts import count_events, total
from analysis.maturity import FATES, on_time_by_receipt, on_time_rate_matured
from analysis.metrics import on_time_rate

DAYS = ("received_on", "first_due_on", "resolved_on", "closed_on")
JANUARY = pd.Period("2022-01")
LATER = pd.Timestamp("2022-12-31")


def dossiers_of(*rows):
    """(day received, term, day ended or none, status) of January 2022; days of the month, a term in days."""
    first = pd.Timestamp("2021-12-31")
    table = []
    for received, term, ended, status in rows:
        end = pd.NaT if ended is None else first + pd.Timedelta(days=ended, hours=15)
        due = pd.NaT if term is None else first + pd.Timedelta(days=received + term, hours=17)
        ends = {"resolved_on": end} if status == "resolved" else {"closed_on": end}
        table.append(
            {"status": status, "received_on": first + pd.Timedelta(days=received, hours=8), "first_due_on": due, **ends}
        )
    columns = ["status", *DAYS]
    return pd.DataFrame(table, columns=columns).astype(dict.fromkeys(DAYS, "datetime64[us]"))  # fmt: skip


def simulate(seed, *, terms=(7, 15, 25), rate=0.5, withdrawn=0.05):
    """20,000 dossiers of 2022, cut at its last day; and the share that would be on time if nothing were cut."""
    rng, number, last = np.random.default_rng(seed), 20_000, 364
    received, term = rng.integers(0, last + 1, number), rng.choice(terms, number)
    in_time = rng.random(number) < rate
    early = np.where(rng.random(number) < 0.3, term, rng.integers(0, term + 1))
    end = received + np.where(in_time, early, term + rng.geometric(0.05, number))
    leave = received + rng.integers(1, 2 * term)
    leaves = (rng.random(number) < withdrawn) & (leave < end) & (leave <= last)
    resolved = ~leaves & (end <= last)
    day = lambda number, known=True: np.where(known, np.datetime64("2022-01-01") + number, np.datetime64("NaT"))  # noqa: E731
    return pd.DataFrame(
        {
            "status": np.select([leaves, resolved], ["withdrawn", "resolved"], "pending"), "received_on": day(received),
            "first_due_on": day(received + term), "resolved_on": day(end, resolved), "closed_on": day(leave, leaves),
        }
    ).astype(dict.fromkeys(DAYS, "datetime64[us]"))  # fmt: skip


def coverage(seeds):
    """How many intervals of a month cover the truth, of how many; and the plain and matured rates of the last months."""
    hits, plain, matured = [], [], []
    for seed in seeds:
        table = on_time_rate_matured(simulate(seed), as_of=LATER)
        assert table.is_ripe.all()
        hits += ((table.low <= 0.5) & (table.high >= 0.5)).tolist()
        plain.append(table.on_time_rate.iloc[-1])
        matured.append(table.on_time_rate_matured.iloc[-1])
    return sum(hits), len(hits), np.mean(plain), np.mean(matured)


def assert_covers(hits, trials):
    """As many as 95 % promise, give or take four standard errors of a binomial."""
    assert abs(hits / trials - 0.95) < 4 * np.sqrt(0.95 * 0.05 / trials)


def test_two_lengths_of_term_by_hand():
    """Ten days: 1 - (2/3)(1/2), the second being open past its due day; five days: 1/2. Weights 3 and 2."""
    dossiers = dossiers_of(
        (3, 10, 5, "resolved"), (3, 10, 13, "resolved"), (3, 10, None, "pending"),
        (4, 5, 9, "resolved"), (4, 5, 10, "resolved"),
    )  # fmt: skip
    row = on_time_rate_matured(dossiers, as_of=LATER).loc[JANUARY]
    assert row.on_time_rate_matured == pytest.approx((3 * 2 / 3 + 2 * 1 / 2) / 5)
    assert row.on_time_rate == pytest.approx(3 / 4)
    assert row[["on_time", "resolved_late", "overdue"]].tolist() == [3, 1, 1]


def test_a_withdrawn_dossier_counts_while_it_was_watched():
    """It left on the 3rd day, after one of four: of the other two one is on time: 1 - (3/4)(1/2)."""
    rows = (1, 9, 2, "resolved"), (1, 9, 4, "withdrawn"), (1, 9, 8, "resolved"), (1, 9, 20, "resolved")
    assert on_time_rate_matured(dossiers_of(*rows), as_of=LATER).on_time_rate_matured[JANUARY] == pytest.approx(5 / 8)


def test_a_result_comes_before_a_withdrawal_of_the_same_day():
    rows = (1, 9, 4, "resolved"), (1, 9, 4, "withdrawn"), (1, 9, 20, "resolved")
    assert on_time_rate_matured(dossiers_of(*rows), as_of=LATER).on_time_rate_matured[JANUARY] == pytest.approx(1 / 3)


def test_what_ends_after_its_due_day_is_late_however_it_ends():
    rows = (1, 9, 11, "withdrawn"), (1, 9, 11, "resolved"), (1, 9, None, "paused")
    row = on_time_rate_matured(dossiers_of(*rows), as_of=pd.Timestamp("2022-01-10")).loc[JANUARY]
    assert row.overdue == 3  # none of them has ended by the 10th, their due day
    assert row.on_time_rate_matured == 0
    assert row.high < 1


def test_resolved_on_the_due_day_is_on_time():
    assert on_time_rate_matured(dossiers_of((1, 9, 10, "resolved")), as_of=LATER).on_time_rate_matured[JANUARY] == 1


def test_a_length_of_term_that_nobody_was_watched_to_makes_its_month_unripe():
    rows = (1, 9, 5, "resolved"), (2, 9, None, "pending"), (1, 2, 3, "resolved")
    table = on_time_rate_matured(dossiers_of(*rows), as_of=pd.Timestamp("2022-01-10"))
    assert not table.is_ripe[JANUARY]
    assert table.loc[JANUARY, ["on_time_rate_matured", "low", "high"]].isna().all()
    assert table.ripe_on[JANUARY] == pd.Timestamp("2022-01-11")
    assert on_time_rate_matured(dossiers_of(*rows), as_of=pd.Timestamp("2022-01-11")).is_ripe[JANUARY]


def test_an_open_dossier_beside_one_watched_to_its_term_leaves_the_month_ripe():
    """One of two is late on the 10th; the open one was watched for two days less: 1 - (2/3)."""
    rows = (1, 9, 2, "resolved"), (1, 9, None, "pending"), (3, 9, None, "pending")
    row = on_time_rate_matured(dossiers_of(*rows), as_of=pd.Timestamp("2022-01-10")).loc[JANUARY]
    assert row.is_ripe
    assert row.open == 1
    assert row.on_time_rate_matured == pytest.approx(1 / 3)


def test_withdrawals_that_leave_nobody_to_watch_leave_the_weights():
    """Alone in its length of term it says nothing; after one result of two, half of the length is known."""
    rows = (1, 5, 2, "withdrawn"), (1, 9, 3, "resolved"), (1, 9, 5, "returned"), (1, 20, 30, "resolved")
    row = on_time_rate_matured(dossiers_of(*rows), as_of=LATER).loc[JANUARY]
    assert row.weight == pytest.approx(1 + 1)
    assert row.on_time_rate_matured == pytest.approx(1 / 2)


def test_dossiers_without_a_due_date_or_with_an_unexplained_state_stand_apart():
    rows = (1, None, 3, "resolved"), (1, 9, None, "unknown"), (1, 9, 3, "resolved"), (1, 9, None, "not_accepted")
    row = on_time_rate_matured(dossiers_of(*rows), as_of=LATER).loc[JANUARY]
    assert row[["received", "no_due", "unknown", "on_time", "weight"]].tolist() == [3, 1, 1, 1, 1]


def test_a_month_of_which_nothing_is_known_has_no_rate_not_zero():
    rate = on_time_rate_matured(dossiers_of((1, None, 3, "resolved")), as_of=LATER).on_time_rate_matured
    assert rate.isna().all()
    assert on_time_rate_matured(dossiers_of(), as_of=LATER).empty


def test_a_month_without_dossiers_between_two_others_is_a_row():
    assert on_time_by_receipt(dossiers_of((1, 9, 3, "resolved"), (70, 9, 75, "resolved")), as_of=LATER).received.tolist() == [
        1, 0, 1,
    ]  # fmt: skip


def test_a_term_before_the_receipt_cannot_be_met():
    assert on_time_rate_matured(dossiers_of((5, -3, 6, "resolved")), as_of=LATER).on_time_rate_matured[JANUARY] == 0


ROWS = st.lists(
    st.tuples(
        st.integers(1, 31), st.sampled_from([3, 8, None]), st.one_of(st.none(), st.integers(0, 20)),
        st.sampled_from(["resolved", "withdrawn", "pending", "unknown", "not_accepted"]),
    ),
    min_size=1, max_size=30,
)  # fmt: skip


def made(rows):
    return dossiers_of(
        *(
            (received, term, None if took is None or status in {"pending", "unknown"} else received + took,
             "pending" if took is None and status == "resolved" else status)
            for received, term, took, status in rows
        )
    )  # fmt: skip


@given(ROWS, st.integers(0, 60))
def test_the_fates_add_up_to_what_was_received(rows, day):
    dossiers, as_of = made(rows), pd.Timestamp("2022-01-01") + pd.Timedelta(days=day)
    table = on_time_rate_matured(dossiers, as_of=as_of)
    assert (table[list(FATES)].sum(axis=1) == table.received).all()
    known = table[table.on_time_rate_matured.notna()]
    assert ((known.low <= known.on_time_rate_matured) & (known.on_time_rate_matured <= known.high)).all()
    assert known.is_ripe.all()
    assert (table.is_ripe == table.ripe_on.isna()).all()


@given(ROWS)
def test_the_matured_rate_is_the_plain_cohort_rate_when_nothing_is_open_or_withdrawn(rows):
    dossiers = made([(received, term, took or 0, "resolved") for received, term, took, _ in rows])
    table = on_time_rate_matured(dossiers, as_of=LATER)
    plain = on_time_rate(total(count_events(dossiers)))[0]
    assert [*table.on_time_rate_matured] == pytest.approx([plain], nan_ok=True)
    assert [*table.on_time_rate] == pytest.approx([plain], nan_ok=True)


@given(ROWS, st.integers(0, 40))
def test_what_happened_after_the_day_has_not_happened(rows, day):
    dossiers, as_of = made(rows), pd.Timestamp("2022-01-01") + pd.Timedelta(days=day)
    known = dossiers[dossiers.received_on < as_of + pd.Timedelta(days=1)]
    late = {c: known[c].mask(known[c] >= as_of + pd.Timedelta(days=1)) for c in ("resolved_on", "closed_on")}
    then = known.assign(**late)
    pd.testing.assert_frame_equal(on_time_rate_matured(dossiers, as_of=as_of), on_time_rate_matured(then, as_of=as_of))


def test_a_stratum_is_as_statsmodels_has_it():
    dossiers = simulate(1, terms=(15,))
    december = dossiers[dossiers.received_on >= "2022-12-01"]
    row = on_time_rate_matured(december, as_of=LATER).iloc[0]
    end = december.resolved_on.fillna(december.closed_on).fillna(LATER)
    survival = SurvfuncRight((end - december.received_on).dt.days, december.resolved_on.notna().astype(int))
    at = np.searchsorted(survival.surv_times, 15, side="right") - 1
    left, error = survival.surv_prob[at], survival.surv_prob_se[at]
    assert row.on_time_rate_matured == pytest.approx(1 - left)
    worth, z = left * (1 - left) / error**2, 1.959964
    half = z / (1 + z**2 / worth) * np.sqrt(left * (1 - left) / worth + (z / (2 * worth)) ** 2)
    assert (row.high - row.low) / 2 == pytest.approx(half, rel=1e-4)


def test_the_interval_covers_a_known_truth_where_the_plain_rate_is_tens_of_points_off():
    hits, trials, plain, matured = coverage(range(12))
    assert_covers(hits, trials)
    assert plain > 0.7  # half of them are on time
    assert matured == pytest.approx(0.5, abs=0.02)


@pytest.mark.long
def test_the_interval_covers_a_known_truth_as_often_as_it_promises():
    assert_covers(*coverage(range(100, 400))[:2])


def test_the_same_dossiers_cut_before_any_term_ran_out_give_no_matured_rate():
    dossiers = simulate(3, terms=(10, 28))
    late = dossiers[dossiers.received_on >= "2022-12-20"]
    table = on_time_rate_matured(late, as_of=LATER)
    assert not table.is_ripe.any()
    assert table.on_time_rate_matured.isna().all()
    assert table.ripe_on.iloc[0] == pd.Timestamp("2023-01-28")


def test_the_table_is_left_as_it_was():
    dossiers = dossiers_of((1, 9, 3, "resolved"), (1, 9, None, "pending"))
    before = dossiers.copy()
    on_time_rate_matured(dossiers, as_of=LATER)
    pd.testing.assert_frame_equal(dossiers, before)
