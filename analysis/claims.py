"""The claims of a published text: what each figure counts, of what it is a share, and with which year it compares.

Rules over the tokens of a passage with the words of ``claims.toml``; no figure is guessed at. A number whose words are not
understood is listed with the reason, and enters no check.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from analysis.claim_measures import STRANGE, Found, Measure, features_of, measure_of
from analysis.claim_tokens import Passage, Slot, Token, normal, slots_of, tokens_of, words

WHOLE = "*"
"""Stands for the agency where the whole province is spoken of."""

LEVELS = ("province", "district", "commune")

KINDS = ("count", "share", "change", "difference", "before", "target")


class Claim(NamedTuple):
    """A figure of a text, and what it says."""

    place: str
    """Which passage it stands in."""
    start: int
    """Where in the passage; with ``end`` as a slice of its text in NFC."""
    end: int
    written: str
    """As it is printed."""
    kind: str
    """One of ``KINDS``: a count; a share in per cent; a change in per cent, points or times; a difference; the value of an
    earlier period; a target."""
    value: Decimal
    decimals: int
    grain: Decimal
    """What the last printed digit is worth."""
    bound: str
    """``at_least``, ``at_most`` or ``about`` where it is not exact."""
    unit: str
    """``count``, ``percent``, ``points`` or ``times``."""
    measure: Measure
    scope: str
    """The part of the whole that is named: a level, a zone, a field; empty for the whole."""
    agency: str
    period: str
    passage: int
    sentence: int
    head: int = -1
    """The claim that this one is a part of ("trong đó"); -1 for none."""
    owner: int = -1
    """Of a share, a change, a value before: the claim it is said of; -1 for none."""
    together: bool = False
    """Of a share: it stands after a list joined by "và", and may be that of several parts together."""
    base: Measure = Measure()
    """Of a share: the whole, where it is named."""
    of: Decimal | None = None
    """The whole after a stroke: 855 of "600/855"."""
    falls: bool = False
    """Of a change: whether it is a decrease."""
    in_row: bool = False
    """Whether it stands in a row under headings, which have no place for what the table leaves out."""
    is_level: bool = False
    """Of a change: whether the level is printed ("bằng 114 % so với"), and not what was added."""

    @property
    def is_exact(self) -> bool:
        """Whether the printed number is the number."""
        return not self.bound and self.grain == 1


class NotUnderstood(NamedTuple):
    """A number that makes no claim, and why."""

    place: str
    start: int
    end: int
    written: str
    why: str


def read_claims(passages: Iterable[Passage]) -> tuple[list[Claim], list[NotUnderstood]]:
    """The claims of a text, and the numbers that make none.

    Parameters
    ----------
    passages
        As ``claim_texts.read_passages`` gives them.

    Returns
    -------
    tuple
        Claims, in the order of the text; and the numbers that were not understood, or are no counts.

    Examples
    --------
    >>> text = "Năm 2022 nhận 937 hồ sơ (trực tuyến 163, đạt 17%), tăng 5 tỷ đồng"
    >>> claims, others = read_claims([Passage("1", text)])
    >>> [(str(c.value), c.kind, c.measure.name) for c in claims]
    [('937', 'count', 'dossiers.received'), ('163', 'count', 'dossiers.received.online'), ('17', 'share', 'dossiers.received.online')]
    >>> [(n.written, n.why) for n in others]
    [('Năm 2022', 'period'), ('5 tỷ đồng', 'money')]
    """
    claims: list[Claim] = []
    others: list[NotUnderstood] = []
    before: _Reader | None = None
    for index, passage in enumerate(passages):
        reader = _Reader(passage._replace(text=normal(passage.text)), index, claims, others, before)
        reader.read()
        before = reader
    return claims, others


class _Reader:
    """Reads one passage; what it remembers is what the words so far were about."""

    def __init__(
        self, passage: Passage, index: int, claims: list[Claim], others: list[NotUnderstood], before: "_Reader | None"
    ) -> None:
        self.passage, self.index, self.claims, self.others = passage, index, claims, others
        self.first = len(claims)
        self.period: str = before.period if before else ""
        self.agency, self.level = "", passage.scope
        self.action, self.what = "", ""
        if before and passage.goes_on:
            self.action, self.what, self.agency = before.action, before.what, before.agency
        self.named: list[tuple[int, str]] = []
        self.bracketed = self.period
        self.head: list[int] = []
        """The heads of the groups that are open, one per depth of brackets."""
        self.sentence = -1
        self.last = -1
        """The claim of the number before; -1 where it made none."""
        self.last_count = -1
        self.joined = False

    def read(self) -> None:
        tokens, skipped = tokens_of(self.passage.text)
        for each in skipped:
            self._leave(each.start, each.end, each.why)
        self.named = _named_periods(tokens)
        for slot in slots_of(tokens):
            self._begin(slot)
            claim = self._count(slot) if slot.number.kind == "count" else self._share(slot)
            if isinstance(claim, str):
                self._leave(slot.number.start, slot.number.end, claim)
                self.last = -1
            else:
                self.claims.append(claim)
                self.last = len(self.claims) - 1
                if claim.kind == "count":
                    self.last_count = self.last
            self._end(slot)
        self._see_periods(len(self.passage.text))
        mine = [other for other in self.others if other.place == self.passage.place]
        self.others[len(self.others) - len(mine) :] = sorted(mine)

    def _leave(self, start: int, end: int, why: str) -> None:
        self.others.append(NotUnderstood(self.passage.place, start, end, self.passage.text[start:end], why))

    def _begin(self, slot: Slot) -> None:
        opens = any(t.relation == "opens" for t in slot.left)
        if slot.sentence != self.sentence:
            self.sentence, self.last = slot.sentence, -1
            if self.level not in (*LEVELS, self.passage.scope):
                self.level = self.passage.scope
        if heading := _heading(slot.left):
            self.level = heading
            if not opens:
                self.head, self.joined = [], False
        self._see_periods(slot.number.start)
        while len(self.head) > slot.depth + 1:
            self.head.pop()
        enters = slot.depth >= len(self.head) and slot.depth > 0
        if (opens or enters or _is_listed(slot, self._last())) and self.last_count >= self.first:
            while len(self.head) <= slot.depth:
                self.head.append(-1)
            self.head[slot.depth] = self.last_count
            self.joined = False

    def _see_periods(self, until: int) -> None:
        """The period that is named last, a part of a year without its year keeping the one before."""
        while self.named and self.named[0][0] < until:
            _, period = self.named.pop(0)
            if period == CLOSED:
                self.period = self.bracketed
            elif period == OPENED:
                self.bracketed = self.period
            else:
                year = self.period[:4] if self.period[:4].isdigit() else ""
                self.period = f"{year}-{period}".strip("-") if period[:1].isalpha() else period

    def _last(self) -> Claim | None:
        return self.claims[self.last] if self.last >= 0 else None

    def _end(self, slot: Slot) -> None:
        self.joined = False if slot.number.kind != "count" else self.joined

    def _count(self, slot: Slot) -> Claim | str:
        number, clause = slot.number, slot.clause
        found = features_of(clause, slot.right, slot.left, is_label=slot.label)
        if found.other or number.decimals:  # "24,2" is no count: days, or a mean
            return "other_thing"
        kind = self._kind(slot, clause)
        head = self.head[-1] if self.head and kind == "count" else -1
        head_of = self.claims[head].measure if head >= 0 else Measure()
        what = found.what or head_of.what or (self.what if found.says else "")
        if not what and slot.label and found.says:
            what = "dossiers"  # "Tiếp nhận: 7013", as a board of figures has it
        context = head_of.action or self.action
        measure = measure_of(found, what, context)
        if head >= 0 or slot.label or not found.says:
            found = found._replace(label=" ".join(filter(None, (found.before, found.label))))
        label = found.label
        if not measure.what and head >= 0 and (label or slot.label or found.level_name):
            measure = head_of
        measure = measure if measure.what else self._of_before(slot, clause, kind, found)
        if not measure.what:
            return "not_said"
        if head >= 0 and not _is_part(measure, head_of, label) and not slot.depth:
            self.head, head = [], -1
        if (
            head >= 0
            and not (label or found.level_name)
            and measure == head_of
            and self.claims[head].period == self.period
        ):
            self._widen(head)  # "tổng số 1.150 hồ sơ, trong đó kỳ trước chuyển sang 150, tiếp nhận mới 1.000"
        scope, agency = self._scope(found, head)
        claim = self._claim(slot, kind, measure, scope, agency)._replace(head=head, of=number.of)
        if kind == "count":
            self.what, self.action = measure.what, measure.action or self.action
            self.joined = any(t.relation == "and" for t in slot.between) or (
                self.joined and not any(t.text == ";" for t in slot.between)
            )
        elif kind in {"before", "difference"}:
            falls = any(t.relation == "fall" for t in clause)
            claim = claim._replace(owner=self.last_count, falls=falls)
        return claim

    def _widen(self, head: int) -> None:
        """What was taken for received is all that was to be dealt with: what was received is a part of it."""
        of = self.claims[head].measure
        if of == Measure("dossiers", "received"):
            self.claims[head] = self.claims[head]._replace(measure=of._replace(action="handled"))

    def _of_before(self, slot: Slot, clause: Sequence[Token], kind: str, found: Found) -> Measure:
        """What a count without words of its own is of: a share before its bracket, a list that it adds up, a year before."""
        last = self._last()
        if found.says or (found.what and last is not None and found.what != last.measure.what):
            return Measure()
        if kind in ("before", "difference") and self.last_count >= self.first:
            return self.claims[self.last_count].measure
        if (
            last is not None
            and last.kind == "share"
            and slot.depth
            and last.owner < 0
            and all(_is_empty(t) for t in clause)
        ):
            return last.measure
        is_total = any(t.says("plain") == "totals" for t in clause)
        if is_total and self.last_count >= self.first:
            of = self.claims[self.last_count].measure
            return Measure(of.what, of.action) if of.timeliness or of.channel else Measure()
        return Measure()

    def _kind(self, slot: Slot, clause: Sequence[Token]) -> str:
        relations = {t.relation for t in clause} | {t.relation for t in slot.right}
        last = self._last()
        if "target" in relations | {t.relation for t in slot.left}:
            return "target"
        if {"rise", "fall"} & {t.relation for t in clause}:
            return "difference"
        if "compared" in relations and last is not None:
            return "before"
        since = bool(slot.between) and all(t.kind == "plain" and t.says("plain") == "words" for t in slot.between)
        if last is not None and last.kind == "change" and since:
            return "before"
        compared_before = any(t.relation == "compared" for t in slot.between)
        if slot.depth and last is not None and (compared_before or (last.kind == "change" and not clause)):
            return "before"
        return "count"

    def _scope(self, found: Found, head: int) -> tuple[str, str]:
        label, level, agency = found.label, found.level_name, found.agency
        if level == "whole" and head < 0 and not agency and found.says:
            self.agency = WHOLE  # an agency that is named later is another
        if level:
            level = "" if level == "whole" else level
            if found.says:
                self.level = level
            return level, self.agency
        if agency and head < 0:
            self.agency = agency
            return "", agency
        inherited = self.claims[head].scope if head >= 0 else self.level
        return (f"{inherited}/{label}".strip("/") if label else inherited), self.agency

    def _claim(self, slot: Slot, kind: str, measure: Measure, scope: str, agency: str) -> Claim:
        number = slot.number
        written = self.passage.text[number.start : number.end]
        return Claim(
            self.passage.place, number.start, number.end, written, kind, number.value, number.decimals, number.grain,
            _bound(slot), number.kind, measure, scope, agency, self.period, self.index, slot.sentence, in_row=self.passage.is_row,
        )  # fmt: skip

    def _share(self, slot: Slot) -> Claim | str:
        kind, falls = self._kind_of_share(slot)
        found = features_of(slot.clause, slot.right, slot.left, of_share=True)
        owner = self._owner(slot)
        own = (
            measure_of(found, found.what or self.what, self.action if found.timeliness else "")
            if found.says_own
            else Measure()
        )
        of = self.claims[owner] if owner >= 0 else None
        if of is not None and (not own.what or own.agrees(of.measure)) and not found.label:
            base = measure_of(found.base, found.base.what or of.measure.what, "") if found.base else Measure()
            claim = self._claim(slot, kind, of.measure, of.scope, of.agency)
            is_level = kind == "change" and slot.before_what == "compared" and not _is_change(slot)
            return claim._replace(owner=owner, falls=falls, together=self.joined, base=base, is_level=is_level)
        if not own.what or found.unknown or kind == "change":
            return "not_said"
        scope, agency = self._scope(found, -1)
        self.what = own.what
        return self._claim(slot, kind, own, scope, agency)

    def _kind_of_share(self, slot: Slot) -> tuple[str, bool]:
        clause = [t.relation for t in slot.clause]
        around = clause + [t.relation for t in slot.right]
        if "target" in [t.relation for t in slot.left] + around:
            return "target", False
        if _is_change(slot):
            return "change", "fall" in clause
        last = self._last()
        if last is not None and last.kind == "difference":
            return "change", last.falls
        if slot.number.kind in ("points", "times") or "compared" in around or slot.before_what == "compared":
            return "change", False
        return "share", False

    def _owner(self, slot: Slot) -> int:
        """The count that a share is said of: the number before, with nothing strange between."""
        if self.last < 0 or self.last < self.first:
            return -1
        last = self.claims[self.last]
        if last.sentence != slot.sentence or any(t.kind == "mark" and t.text == ";" for t in slot.between):
            return -1
        if last.kind == "count":
            return self.last
        if last.kind == "difference":
            return last.owner
        is_change = self._kind_of_share(slot)[0] == "change"
        return self.last if is_change and last.kind == "share" else -1


def _is_change(slot: Slot) -> bool:
    """Whether a rise or a fall is spoken of."""
    return any(t.relation in ("rise", "fall") for t in slot.clause)


def _is_empty(token: Token) -> bool:
    """Whether a word says nothing of what is counted."""
    return token.kind in ("plain", "bounds") or token.relation == "share"


def _heading(left: Sequence[Token]) -> str:
    """A name before a colon that what follows is of: "Nhà ở: tiếp nhận 40 hồ sơ"; words of the field are no name."""
    colons = [i for i, t in enumerate(left[:-1]) if t.text == ":"]
    if not colons:
        return ""
    start = max((i + 1 for i, t in enumerate(left[: colons[-1]]) if t.kind == "mark"), default=0)
    run = left[start : colons[-1]]
    is_name = any(t.kind in STRANGE for t in run) and all(t.kind in (*STRANGE, "plain") for t in run)
    return words(" ".join(t.text for t in run)) if is_name and len(run) <= HEADING else ""


HEADING = 8
"""A heading has not more words."""

OPENED, CLOSED = "(", ")"


def _named_periods(tokens: Sequence[Token]) -> list[tuple[int, str]]:
    """Where a passage names its period, and where brackets open and close: what they name holds within them.

    The year that something is compared with is no period of what follows.
    """
    found = []
    for position, token in enumerate(tokens):
        near = [t.relation for t in tokens[max(position - 2, 0) : position]]
        if token.kind == "mark" and token.text in "()[]":
            found.append((token.start, OPENED if token.text in "([" else CLOSED))
        elif token.skipped and token.skipped.period and not {"compared", "target"} & set(near):
            found.append((token.start, token.skipped.period))
    return found


def _is_listed(slot: Slot, last: Claim | None) -> bool:
    """Whether a colon after the count before opens a list of its parts."""
    marks = [t.text for t in slot.between if t.parts]
    return last is not None and last.kind == "count" and bool(marks) and marks[0] == ":" and not slot.label


def _is_part(measure: Measure, head: Measure, label: str) -> bool:
    """Whether a measure divides that of a head; another event does not."""
    if measure.what != head.what:
        return False
    same = measure.action == head.action
    if same:
        return bool(label) or measure != head or head == Measure("dossiers", "received")
    if (head.action, measure.action) == ("pending", "paused"):
        return True
    return measure.action == "carried" or head.action in ("handled", "exchanged", "due", "")


def _bound(slot: Slot) -> str:
    """What word right before a number makes it inexact."""
    left = [t for t in slot.clause if t.text not in ("<", ">")]
    return left[-1].says("bounds") if left else ""
