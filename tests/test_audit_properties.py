"""Whatever account adds up, it holds however it is written; and no figure of it can be changed in secret."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from written_accounts import ENGLISH, VIETNAMESE, accounts, en, vi, written

from analysis.audit import audit
from analysis.claim_texts import read_passages

TEMPLATES = VIETNAMESE + ENGLISH


def audited(text):
    return audit(read_passages(text.encode()))


@pytest.mark.parametrize("template", range(len(TEMPLATES)))
@given(account=accounts())
def test_an_account_that_adds_up_holds_however_it_is_written(template, account):
    found = audited(written(TEMPLATES[template], account))
    assert {v.name for v in found.verdicts if v.check == "identity"} >= {"by_timeliness"} or "balance" in {
        v.name for v in found.verdicts
    }
    assert not [v for v in found.verdicts if v.is_wrong]
    assert not [other for other in found.others if other.why in ("not_said", "other_thing")]


@given(
    account=accounts(),
    one=st.sampled_from(TEMPLATES),
    data=st.data(),
    by=st.integers(1, 9_999),
    sign=st.sampled_from([1, -1]),
)
def test_no_figure_of_an_identity_can_be_changed_in_secret(account, one, data, by, sign):
    text = written(one, account)
    found = audited(text)
    held = sorted({i for v in found.verdicts if v.check == "identity" for i in (v.whole, *v.parts)})
    claim = found.claims[data.draw(st.sampled_from(held))]
    changed = int(claim.value) + sign * by
    rest = {account[name] for name in ("carried", "withdrawn", "returned", "overdue", "in_time")}
    assume(changed >= 0 and claim.of is None)
    assume(
        not rest & {by, *(abs(by - r) for r in rest), *(abs(by + r) for r in rest)}
    )  # another reading would explain it
    written_so = (en if one in ENGLISH else vi)(changed)
    place = read_passages(text.encode())[claim.passage].text
    spoilt = text.replace(place, place[: claim.start] + written_so + place[claim.end :])
    assert audited(spoilt).is_wrong


@given(account=accounts(), one=st.sampled_from(TEMPLATES), data=st.data(), by=st.integers(2, 40))
def test_no_share_can_be_changed_by_more_than_rounding_in_secret(account, one, data, by):
    text = written(one, account)
    found = audited(text)
    shares = [c for c in found.claims if c.kind == "share"]
    assume(shares)
    claim = data.draw(st.sampled_from(shares))
    step = claim.value + by * claim.value.scaleb(0).__class__(1).scaleb(-claim.decimals)
    place = read_passages(text.encode())[claim.passage].text
    mark = "." if one in ENGLISH else ","
    spoilt = text.replace(place, place[: claim.start] + str(step).replace(".", mark) + "%" + place[claim.end :])
    verdicts = [v for v in audited(spoilt).verdicts if v.check == "share" and v.status in ("wrong", "other_base")]
    assert verdicts
