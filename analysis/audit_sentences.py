"""What an audit says, in sentences: what is wrong, the likely reason, and the sentence to write instead."""

import re
from collections.abc import Iterable
from fractions import Fraction

from analysis.audit import Audit
from analysis.claim_changes import changes_of
from analysis.claim_data import value_of
from analysis.claim_measures import Measure
from analysis.claim_rounding import printed_as
from analysis.claim_verdicts import Reason, Verdict
from analysis.claims import Claim
from analysis.labels import Labels


def measure_name(measure: Measure, *, labels: Labels) -> str:
    """What is counted, in words.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> measure_name(Measure("dossiers", "resolved", "late"), labels=read_labels("vi"))
    'hồ sơ đã giải quyết quá hạn'
    """
    what, action, timeliness, channel, level, kind = measure
    order = (
        (what, kind, action, timeliness, channel, level)
        if labels.lang == "vi"
        else (kind, what, action, timeliness, channel, level)
    )
    return " ".join(labels.name(f"audit_words.{part}") for part in order if part)


def figure_name(claim: Claim, *, labels: Labels) -> str:
    """What a claim says, in words: "tỷ lệ hồ sơ tiếp nhận trực tuyến"."""
    name = measure_name(claim.measure, labels=labels)
    if claim.scope:
        scope = labels.name(f"audit_words.{claim.scope}") if claim.scope in labels.texts["audit_words"] else claim.scope
        name = labels.name("audit.within", what=name, scope=scope)
    return name if claim.kind == "count" else labels.name(f"audit.{claim.kind}_of", what=name)


def verdict_sentence(verdict: Verdict, found: Audit, *, labels: Labels) -> str:
    """A verdict, its reasons, and what to write instead, as one paragraph.

    Examples
    --------
    >>> from analysis.audit import audit
    >>> from analysis.claim_tokens import Passage
    >>> from analysis.labels import read_labels
    >>> found = audit([Passage("1", "Phát hành 2.734 văn bản điện tử, tăng 1,02% so với năm trước")])
    >>> verdict_sentence(found.verdicts[0], found, labels=read_labels("en"))
    '1,02% cannot be right: no whole number of the period before gives 2,734 electronic documents out this change (2,706 gives +1.03%; 2,707 gives +1.00%). A factor may have been written as per cent: with a factor of 1.02 the period before had about 2,680.'
    """
    told = {"identity": _identity, "share": _share, "change": _change, "data": _data}[verdict.check](
        verdict, found, labels
    )
    said = [r for r in verdict.reasons if r.key not in ("nearest", "before", "class_of_data")]
    reasons = [_reason(reason, verdict, found, labels) for reason in said]
    if classes := _classes(verdict, labels):
        reasons.append(labels.name("audit_reasons.class_of_data", names=labels.several(classes)))
    instead = _instead(verdict, found, labels)
    return " ".join([told, *reasons, *([labels.name("audit.write", text=instead)] if instead else [])])


def _term(index: int, found: Audit, labels: Labels) -> str:
    claim = found.claims[index]
    return labels.name("audit.term", number=labels.number(float(claim.value)), what=figure_name(claim, labels=labels))


def _percent(share: Fraction | None, labels: Labels) -> str:
    return labels.percent(float("nan") if share is None else float(share) / 100)


def _identity(verdict: Verdict, found: Audit, labels: Labels) -> str:
    parts = " + ".join(_term(part, found, labels) for part in verdict.parts)
    total = sum(int(found.claims[part].value) for part in verdict.parts)
    kind = verdict.status if verdict.status != "off" else "more" if verdict.difference > 0 else "less"
    return labels.name(
        f"audit.identity_{kind}", whole=_term(verdict.whole, found, labels), parts=parts, sum=labels.number(total),
        difference=labels.number(abs(verdict.difference)),
    )  # fmt: skip


def _share(verdict: Verdict, found: Audit, labels: Labels) -> str:
    top = " + ".join(_term(part, found, labels) for part in verdict.parts)
    base = _term(verdict.base, found, labels) if verdict.base >= 0 else labels.number(verdict.base_value)
    written = found.claims[verdict.whole].written
    return labels.name(
        f"audit.share_{verdict.status}", share=written, top=top, base=base, computed=_percent(verdict.computed, labels)
    )


def _change(verdict: Verdict, found: Audit, labels: Labels) -> str:
    now = _term(verdict.parts[0], found, labels)
    near = [reason.number for reason in verdict.reasons if reason.key == "nearest"]
    value = int(found.claims[verdict.parts[0]].value)
    nearest = "; ".join(
        labels.name("audit.nearest", number=labels.number(n), change=labels.change(float(change) / 100))
        for n, change in changes_of(value, near)
    )
    fits = [labels.number(reason.number) for reason in verdict.reasons if reason.key == "before"] or [""]
    before = labels.number(float(found.claims[verdict.base].value)) if verdict.base >= 0 else ""
    computed = "" if verdict.computed is None else labels.change(float(verdict.computed) / 100)
    written = found.claims[verdict.whole].written
    return labels.name(
        f"audit.change_{verdict.status}", change=written, now=now, nearest=nearest, first=fits[0], last=fits[-1],
        before=before, computed=computed,
    )  # fmt: skip


def _data(verdict: Verdict, found: Audit, labels: Labels) -> str:
    claim = found.claims[verdict.whole]
    is_share = claim.kind == "share"
    computed = _percent(verdict.computed, labels) if is_share else labels.number(float(verdict.computed or 0))
    figure = labels.name("audit.figure", written=claim.written, what=figure_name(claim, labels=labels))
    return labels.name(f"audit.data_{verdict.status}", figure=figure, computed=computed)


def _reason(reason: Reason, verdict: Verdict, found: Audit, labels: Labels) -> str:
    names = labels.several(_word(name, labels) for name in reason.names)
    key = reason.key
    if key == "no_class" and not reason.names:
        key = "no_class_left"
    if key == "factor" and not reason.number:
        key = "factor_known"
    claim = labels.number(float(found.claims[reason.claim].value)) if reason.claim >= 0 else ""
    text = labels.as_typed(float(found.claims[verdict.whole].value))
    return labels.name(f"audit_reasons.{key}", number=labels.number(reason.number), names=names, claim=claim, text=text)


def _classes(verdict: Verdict, labels: Labels) -> list[str]:
    """The classes of the data that explain a gap, with their numbers."""
    return [
        labels.name(
            "audit.term", number=labels.number(r.number), what=labels.several(_word(n, labels) for n in r.names)
        )
        for r in verdict.reasons
        if r.key == "class_of_data"
    ]


def place_name(place: str, *, labels: Labels) -> str:
    """A place in the words of a language.

    Examples
    --------
    >>> from analysis.labels import read_labels
    >>> place_name("page 2, paragraph 1", labels=read_labels("vi"))
    'trang 2, đoạn 1'
    """
    kinds = "|".join(labels.texts["audit_places"])
    return re.sub(rf"\b({kinds})(?= \d)", lambda match: labels.name(f"audit_places.{match[1]}"), place)


def _word(name: str, labels: Labels) -> str:
    return labels.name(f"audit_words.{name}") if name in labels.texts["audit_words"] else name


def _instead(verdict: Verdict, found: Audit, labels: Labels) -> str:
    """What to write in place of what is wrong or unclear; empty where nobody knows."""
    claims = found.claims
    if verdict.check == "share" and verdict.status == "wrong" and verdict.computed is not None:
        claim = claims[verdict.whole]
        share = float(printed_as(verdict.computed, claim.decimals)[0]) / 100
        top = " + ".join(_term(part, found, labels) for part in verdict.parts)
        return labels.name(
            "audit.write_share",
            top=top,
            share=labels.percent(share) if claim.decimals == 2 else labels.as_typed(share, of_share=True),
        )
    if verdict.status == "explained":
        parts = [*(_term(part, found, labels) for part in verdict.parts), *_classes(verdict, labels)]
        return labels.name(
            "audit.write_balance", whole=_term(verdict.whole, found, labels), parts=labels.several(parts)
        )
    if verdict.check == "change" and verdict.status in ("impossible", "wrong"):
        return _change_instead(verdict, found, labels)
    return ""


def _change_instead(verdict: Verdict, found: Audit, labels: Labels) -> str:
    owner = found.claims[verdict.parts[0]]
    now, before = int(owner.value), None
    if verdict.base >= 0:
        before = int(found.claims[verdict.base].value)
    elif found.figures is not None and value_of(owner.measure, found.figures, has_early=True) == now:
        earlier = found.figures.assign(value=found.figures.before)
        before = value_of(owner.measure, earlier, has_early=True)
    if not before:
        return ""
    change = labels.change((now - before) / before)
    return labels.name(
        "audit.write_change", now=_term(verdict.parts[0], found, labels), change=change, before=labels.number(before)
    )


def summary(found: Audit, *, labels: Labels) -> str:
    """How many figures were read, and how many checks hold."""
    if not found.claims:
        return labels.name("audit.nothing")
    wrong = sum(verdict.is_wrong for verdict in found.verdicts)
    return labels.name(
        "audit.read", number=labels.number(len(found.claims)), wrong=labels.number(wrong),
        holds=labels.number(len(found.verdicts) - wrong),
    )  # fmt: skip


def lines_of(found: Audit, *, labels: Labels) -> Iterable[str]:
    """An audit as lines of text: the figures, the checks with what is wrong first, the numbers that entered none."""
    yield summary(found, labels=labels)
    if found.claims:
        yield f"\n{labels.name('audit.figures')}"
        for claim in found.claims:
            yield f"  {place_name(claim.place, labels=labels)}: {labels.name('audit.figure', written=claim.written, what=figure_name(claim, labels=labels))}"
    if found.verdicts:
        yield f"\n{labels.name('audit.checks')}"
    for verdict in sorted(found.verdicts, key=lambda verdict: RANK[_mark(verdict)]):
        yield f"  [{labels.name(f'audit.{_mark(verdict)}')}] {verdict_sentence(verdict, found, labels=labels)}"
    told = [other for other in found.others if other.why in ("other_thing", "not_said")]
    if told:
        yield f"\n{labels.name('audit.others')}"
        for other in told:
            yield f"  {place_name(other.place, labels=labels)}: {other.written} ({labels.name(f'audit_others.{other.why}')})"


RANK = {"wrong": 0, "noted": 1, "holds": 2}


def _mark(verdict: Verdict) -> str:
    if verdict.is_wrong:
        return "wrong"
    return "noted" if verdict.status in ("explained", "other_base", "cut_off") else "holds"
