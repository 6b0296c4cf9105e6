"""Figures that agencies printed: each deviation and each share that is known of them is found.

The figures lie beside some checkouts and are no part of the project; what their sentences leave out is written here in
sentences of our own.
"""

import json

import pytest

from analysis.audit import audit
from analysis.claim_texts import read_passages

MATCH = {"rounded": ("rounded", "possible"), "truncated": ("cut_off",), "no": ("wrong",)}
PHRASES = [
    ("received_total", "tiếp nhận {} hồ sơ"),
    ("received_online", "trực tuyến {} hồ sơ"),
    ("resolved_total", "đã giải quyết {} hồ sơ"),
    ("resolved_on_time_or_early", "trước và đúng hạn {} hồ sơ"),
    ("resolved_late", "giải quyết quá hạn {} hồ sơ"),
    ("pending_total", "đang giải quyết {} hồ sơ"),
    ("pending_in_time", "trong hạn {} hồ sơ"),
    ("pending_late", "đang giải quyết quá hạn {} hồ sơ"),
]
MORE = {
    "thaibinh-2021": "Đang giải quyết 11.019 hồ sơ (trong hạn 10.686 hồ sơ, quá hạn 333 hồ sơ). Riêng Trung tâm Hành chính công phải giải quyết 996.023 hồ sơ: đúng hạn 984.856 hồ sơ, quá hạn 1.842 hồ sơ, đang giải quyết 9.319 hồ sơ.",
    "vinhphuc-2021-09": "Số quá hạn là 12 hồ sơ (0,29%); trả lại hoặc rút 90 hồ sơ (2,16%). Hồ sơ trực tuyến: 1.598 hồ sơ, gồm mức độ 3: 61 hồ sơ và mức độ 4: 1.537 hồ sơ.",
    "camau-sxd-2023": "Sở có 62 thủ tục, gồm 37 thủ tục toàn trình và 25 thủ tục một phần.",
    "department-of-construction-2022": "Đã gửi 2.734 văn bản điện tử, tăng 1,02% so với năm 2021; 9.505 văn bản điện tử đến.",
    "hoian-gpxd-2016": "Trung tâm cấp phép 52 hồ sơ (khu vực I: 36 hồ sơ, khu vực IIA: 9 hồ sơ, khu vực IIB: 7 hồ sơ). Thành phố cấp phép 94 hồ sơ (khu vực I: 29 hồ sơ, khu vực IIA: 27 hồ sơ, khu vực IIB: 38 hồ sơ). Trả lời bằng văn bản 14 hồ sơ (khu vực I: 5 hồ sơ, khu vực IIA: 5 hồ sơ, khu vực IIB: 4 hồ sơ).",
}  # fmt: skip
"""What a set holds besides its sentences."""


@pytest.fixture(scope="module")
def sets(real_files):
    path = real_files.parent / "published_figures.json"
    if not path.is_file():
        pytest.skip("the published figures do not lie beside this checkout")
    return json.loads(path.read_text("utf-8"))


def vi(number):
    return f"{number:,}".replace(",", ".")


def by_level(published):
    """A sentence per level of administration."""
    shares = {
        (s["numerator"], s["denominator"]): str(s["published_pct"]).replace(".", ",") for s in published["share_checks"]
    }
    lines = []
    for level, figures in published["figures"].get("by_level", {}).items():
        pieces = []
        for name, phrase in PHRASES:
            if name in figures:
                percent = next((p for (top, _), p in shares.items() if top == figures[name]), "")
                pieces.append(phrase.format(vi(figures[name])) + (f" ({percent}%)" if percent else ""))
        lines.append(f"Cấp {level}: " + "; ".join(pieces) + ".")
    return "\n".join(lines)


def whole_text(published):
    return "\n".join(filter(None, (published["excerpt"], MORE.get(published["id"], ""), by_level(published))))


def results(published):
    """(What is known, whether the audit says so) for each identity and share of a set."""
    found = audit(read_passages(whole_text(published).encode()))
    identities = {(int(found.claims[v.whole].value), v.difference) for v in found.verdicts if v.check == "identity"}
    shares = {(round(float(found.claims[v.whole].value), 4), v.status) for v in found.verdicts if v.check == "share"}
    for known in published["identity_checks"]:
        yield known["identity"], (known["lhs"], known["diff"]) in identities
    for known in published["share_checks"]:
        yield known["share"], any((known["published_pct"], status) in shares for status in MATCH[known["match"]])


def test_what_is_known_of_published_figures_is_found(sets):
    table = [(s["id"], what, is_found) for s in sets for what, is_found in results(s)]
    for line in table:
        print(*line, sep=" · ")
    missed = {(name, what) for name, what, is_found in table if not is_found}
    assert missed == MISSED


MISSED = set()


def test_a_set_that_balances_has_no_wrong_sum_in_its_own_sentences(sets):
    for published in sets:
        found = audit(read_passages(published["excerpt"].encode()))
        wrong = [v for v in found.verdicts if v.is_wrong]
        assert not (wrong and published["balances"]), published["id"]
