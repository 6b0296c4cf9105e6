"""Whether services that are offered online are used online; an abolished one is not unused."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.catalogue import count_procedures
from analysis.periods import read_period
from analysis.shares import shares_of
from analysis.take_up import SHARES, TAKE_UP, count_fields, count_services, judge_take_up, offered_online


def table(*lines):
    """Procedures as ``count_procedures`` has them: in force, offered in full, without a dossier."""
    usual = {"procedure_code": "", "procedure": "", "field": "Nhà ở", "received": 0, "online": 0, "unknown": 0,
             "in_catalogue": True, "in_force": True, "service_level": "full"}  # fmt: skip
    return pd.DataFrame([{**usual, **line} for line in lines], columns=list(usual))


@pytest.mark.parametrize(
    ("received", "online", "unknown", "take_up", "short"),
    [
        (0, 0, 0, "no_dossier", 0),
        (7, 0, 0, "none_online", 4),
        (7, 3, 0, "low", 1),
        (8, 4, 0, "reached", 0),
        (7, 7, 0, "reached", 0),
        (8, 3, 1, "channel_unknown", 1),
        (8, 0, 4, "channel_unknown", 4),
        (8, 0, 3, "low", 4),
    ],
)
def test_take_up_is_judged_by_what_is_known(received, online, unknown, take_up, short):
    (row,) = judge_take_up(
        table({"received": received, "online": online, "unknown": unknown}), target_percent=50
    ).to_dict("records")
    assert (row["take_up"], row["short"]) == (take_up, short)


def test_those_most_short_of_the_target_come_first():
    judged = judge_take_up(
        table({"procedure": "a", "received": 10, "online": 5}, {"procedure": "b", "received": 100, "online": 40},
              {"procedure": "c"}, {"procedure": "d", "received": 12}), target_percent=50,
    )  # fmt: skip
    assert judged.procedure.tolist() == ["b", "d", "a", "c"]
    assert judged.short.tolist() == [10, 6, 0, 0]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 100))
def test_with_the_dossiers_it_is_short_of_a_service_reaches_the_target_and_with_one_less_it_does_not(
    more, online, target
):
    received = online + more
    (row,) = judge_take_up(table({"received": received, "online": online}), target_percent=target).to_dict("records")
    assert 100 * (online + row["short"]) >= target * received
    assert row["short"] == 0 or 100 * (online + row["short"] - 1) < target * received
    assert row["take_up"] in TAKE_UP
    assert (row["take_up"] == "reached") == (received > 0 and 100 * online >= target * received and online > 0)


@pytest.mark.parametrize("target", [0, 101, -5])
def test_a_target_that_is_no_share_is_refused(target):
    with pytest.raises(ValueError, match="from 1 to 100"):
        judge_take_up(table({}), target_percent=target)


def test_what_is_abolished_informs_only_or_is_not_listed_is_not_offered():
    rows = table(
        {"procedure": "full"}, {"procedure": "partial", "service_level": "partial"},
        {"procedure": "informs", "service_level": "information"}, {"procedure": "unknown", "service_level": ""},
        {"procedure": "abolished", "in_force": False}, {"procedure": "unlisted", "in_catalogue": False},
    )  # fmt: skip
    assert offered_online(rows).procedure.tolist() == ["full", "partial"]


def test_the_share_of_services_with_an_online_dossier():
    """Four offered, of which one has an online dossier; one of unknown level; one abolished with dossiers."""
    rows = table(
        {"received": 9, "online": 1}, {"received": 9}, {}, {"service_level": "partial"},
        {"service_level": ""}, {"service_level": "information"}, {"in_force": False, "received": 3, "online": 3},
    )  # fmt: skip
    sums = count_services(rows)
    assert sums.to_dict() == {"in_force": 6, "offered": 4, "not_offered": 1, "level_unknown": 1, "with_online": 1}
    (share,) = shares_of(sums, SHARES, known=["service_level", "channel"]).to_dict("records")
    assert (share["numerator"], share["denominator"], share["share"], share["unknown"]) == (1, 4, 0.25, 1)


def test_a_field_is_the_sum_of_its_services_that_are_offered_online():
    rows = table(
        {"field": "a", "received": 5, "online": 2}, {"field": "a", "received": 3, "unknown": 1},
        {"field": "a", "received": 100, "service_level": "information"}, {"field": "b"},
    )  # fmt: skip
    assert count_fields(rows).to_numpy().tolist() == [["a", 2, 8, 2, 1], ["b", 1, 0, 0, 0]]


def test_every_service_of_the_sample_is_in_one_class(sample):
    rows = count_procedures(sample.dossiers, sample.procedures, read_period("2022"))
    judged = judge_take_up(offered_online(rows), target_percent=50)
    sums = count_services(rows)
    assert len(judged) == sums.offered
    assert set(judged.take_up) <= set(TAKE_UP)
    assert (judged.online > 0).sum() == sums.with_online
    assert judged.short.is_monotonic_decreasing
