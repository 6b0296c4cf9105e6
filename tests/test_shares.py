"""A share is one sum over another, or says what the exports lack."""

import pandas as pd

from analysis.shares import Share, shares_of

SUMS = pd.Series({"part": 1, "whole": 4, "nothing": 0, "blank": 2})


def test_a_share_has_its_numerator_denominator_and_unknown():
    (row,) = shares_of(SUMS, {"one": Share("part", "whole", "blank")}, known=[]).to_dict("records")
    assert row == {"name": "one", "numerator": 1, "denominator": 4, "share": 0.25, "unknown": 2, "missing": ""}


def test_a_share_of_nothing_is_missing_and_never_zero():
    (row,) = shares_of(SUMS, {"one": Share("part", "nothing")}, known=[]).to_dict("records")
    assert pd.isna(row["share"])
    assert (row["denominator"], row["unknown"], row["missing"]) == (0, 0, "")


def test_a_share_that_no_export_can_give_names_every_column_it_lacks():
    share = Share("part", "whole", columns=("form", "signed", "secret"))
    (row,) = shares_of(SUMS, {"one": share}, known=["form"]).to_dict("records")
    assert row["missing"] == "signed, secret"
    assert all(pd.isna(row[c]) for c in ("numerator", "denominator", "share", "unknown"))


def test_no_share_is_a_table_with_all_its_columns():
    assert list(shares_of(SUMS, {}, known=[])) == ["name", "numerator", "denominator", "share", "unknown", "missing"]
