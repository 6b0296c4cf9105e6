"""What a claim counts, from the words around its number."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from analysis.claim_tokens import Token
from analysis.claim_words import read_claim_words

TIMELY = ("early", "on_time", "timely")
WEAK = ("", "rest")
"""What says nothing of its own about what happened."""

STRANGE = ("word", "agencies", "markers")
"""Kinds of tokens that may name a part of the whole."""

NO_CLAIM = ("announced", "both")
"""Actions whose counts enter no check."""


class Measure(NamedTuple):
    """What is counted: a kind of thing, what happened to it, and how."""

    what: str = ""
    action: str = ""
    timeliness: str = ""
    channel: str = ""
    level: str = ""
    kind: str = ""

    @property
    def name(self) -> str:
        """Its parts with dots.

        Examples
        --------
        >>> Measure("dossiers", "received", channel="online").name
        'dossiers.received.online'
        """
        return ".".join(part for part in self if part)

    def agrees(self, other: "Measure") -> bool:
        """Whether all that it says, the other says too; early and on time are both timely.

        Examples
        --------
        >>> Measure("dossiers", "resolved", "on_time").agrees(Measure("dossiers", "resolved", "timely"))
        True
        """
        timely = self.timeliness in TIMELY and other.timeliness in TIMELY
        return all(
            not a or a == b or (name == "timeliness" and timely)
            for name, a, b in zip(self._fields, self, other, strict=False)
        )


class Found(NamedTuple):
    """What the words around a number say."""

    what: str = ""
    action: str = ""
    timeliness: str = ""
    channel: str = ""
    level: str = ""
    kind: str = ""
    label: str = ""
    """Words that name a part of the whole: after the number, or marked as such before it."""
    before: str = ""
    """Words before the number that name a part, or only who does something."""
    level_name: str = ""
    """A level of administration."""
    agency: str = ""
    other: bool = False
    """Whether the noun after the number is none that is known."""
    unknown: bool = False
    """Whether a share's clause has words that nobody explained."""
    base: "Found | None" = None
    """Of a share: what is said after it, the whole."""
    own: bool = False

    @property
    def says(self) -> bool:
        """Whether something is said of what happened, and how."""
        return bool(self.action or self.timeliness or self.channel or self.level)

    @property
    def says_own(self) -> bool:
        """Of a share: whether its clause says what it is of."""
        return self.own


def features_of(
    clause: Sequence[Token],
    right: Sequence[Token],
    left: Sequence[Token],
    *,
    of_share: bool = False,
    is_label: bool = False,
) -> Found:
    """What is said around a number: to its left the nearest word wins, and what stands to the right wins over it.

    Parameters
    ----------
    clause, left
        The last clause before the number, and all since the number before.
    right
        What follows, until a mark.
    of_share
        Whether the number is a share, whose whole may stand after it.
    is_label
        Whether a colon stands right before the number.
    """
    if of_share:
        return _of_share(clause, right, left)
    after = _after(right)
    before = _before(clause)
    if not before.action and not after.action:
        earlier = [t.says("action") for t in left if t.says("action")]
        before = before._replace(action=earlier[-1] if earlier else "")
    if before.what not in ("", "dossiers", "documents") and not after.what and not is_label:
        before = before._replace(what="")
    merged = {name: getattr(after, name) or getattr(before, name) for name in Measure._fields}
    if before.action in NO_CLAIM:
        merged["action"] = before.action  # "số hoá 850 hồ sơ tiếp nhận"
    label = before.label if not (before.action and before.own) else ""
    is_marked = any(t.kind in ("agencies", "markers") for t in clause)
    return _found(
        merged,
        label=" ".join(filter(None, (label if is_marked else "", after.label))),
        before="" if is_marked else label,
        level_name=before.level_name or next((t.says("levels") for t in reversed(left) if t.kind == "levels"), ""),
        agency=before.agency or _agency([t for t in left if t not in clause]),
        other=after.other,
    )


def _of_share(clause: Sequence[Token], right: Sequence[Token], left: Sequence[Token]) -> Found:
    before, after = _before(clause, of_share=True), _after(right, of_share=True)
    names = ("action", "timeliness", "channel", "level", "kind")
    if any(getattr(before, name) for name in names):
        return before._replace(
            own=True, base=after if after.action or after.what else None, unknown=bool(before.label), label=""
        )
    if any(getattr(after, name) for name in ("timeliness", "channel", "level")):
        return after._replace(own=True, unknown=bool(before.label or after.label), label=before.label)
    unknown = bool(before.label or after.other)
    return before._replace(base=after if after.action or after.what else None, unknown=unknown)


def _after(tokens: Sequence[Token], *, of_share: bool = False) -> Found:
    """What stands to the right: a noun, what happened to it, and which part it is."""
    found: dict[str, str] = {}
    label: list[str] = []
    remarks = read_claim_words().remarks
    texts = [t.text for t in tokens]
    for position, token in enumerate(tokens):
        rest = " ".join(texts[position:]) + " "
        if (
            position
            and token.kind != "feature"
            and any(rest.startswith(f"{remark} ") for remark in remarks)
            and not label
        ):
            if found.keys() - {"what"} or not any(_tells(t) for t in tokens[position:]):
                break
            continue
        if token.kind == "feature":
            if label:
                break
            found |= {name: value for name, value in token.features if name not in found}
        elif position == 0 and token.says("plain") == "people":
            return Found(other=True)
        elif token.kind in ("word", "levels", "agencies", "markers") and token.says("levels") != "whole":
            if position == 0 and not of_share and not token.text.isupper():
                return Found(other=True)
            label.append(token.text)
        elif token.kind == "skipped" or (token.relation and token.relation != "share"):
            break
        elif label:
            label.append(token.text)
    return _found(found, label=" ".join(label))


def _found(features: dict[str, str], **more: Any) -> Found:
    said: dict[str, Any] = {name: features.get(name) or "" for name in Measure._fields}
    return Found(**said, **more)


def _tells(token: Token) -> bool:
    return any(token.says(name) for name in ("action", "timeliness", "channel"))


def _before(tokens: Sequence[Token], *, of_share: bool = False) -> Found:
    """What stands to the left, in the last clause: the nearest of each kind; words before an action are its subject."""
    if _is_of_others(tokens):
        return Found(action="both")
    actions = [i for i, t in enumerate(tokens) if t.says("action")]
    last = actions[-1] if actions else -1
    found: dict[str, str] = {}
    if of_share and any(t.says("action") in NO_CLAIM for t in tokens):
        return Found(label="?")
    for position, token in enumerate(tokens):
        strange = position > 0 and tokens[position - 1].kind in STRANGE
        if token.kind == "feature" and not (strange and position < last and not token.says("action")):
            found |= dict(token.features)
    subject, rest = tokens[: last + 1], tokens[last + 1 :]
    level = next((t.says("levels") for t in tokens if t.kind == "levels"), "")
    level = level or _named(subject, "markers")
    agency = _agency(subject)
    return _found(found, label=_label(rest), level_name=level, agency=agency, own=last >= 0 and not _label(rest))


def _is_of_others(tokens: Sequence[Token]) -> bool:
    """Whether what happened is told of those to whom another thing happened: "đã giải quyết trong số tiếp nhận"."""
    at = next((i for i, t in enumerate(tokens) if t.relation == "opens"), 0)
    before, after = ({t.says("action") for t in run} - {"", "rest"} for run in (tokens[:at], tokens[at:]))
    return bool(before and after and before != after)


def _label(tokens: Sequence[Token]) -> str:
    """The words that name a part, from the first that nobody explained."""
    strange = [i for i, t in enumerate(tokens) if t.kind in STRANGE]
    if not strange:
        return ""
    run = tokens[strange[0] :]
    end = max(i for i, t in enumerate(run) if t.kind in STRANGE)
    return " ".join(t.text for t in run[: end + 1])


def _agency(subject: Sequence[Token]) -> str:
    """A named agency that something is said of: "Sở Xây dựng"."""
    return _named(subject, "agencies")


def _named(subject: Sequence[Token], kind: str) -> str:
    """The name that begins with a word of a kind; what is only spoken of after another action is no subject."""
    at = next((i for i, t in enumerate(subject) if t.kind == kind), None)
    if at is None or any(t.says("action") for t in subject[:at]):
        return ""
    run = []
    for token in subject[at:]:
        if token.kind not in (*STRANGE, "levels"):
            break
        run.append(token.text)
    return " ".join(run)


def measure_of(found: Found, what: str, context: str) -> Measure:
    """What is counted, with what the text was about where the words do not say it.

    Parameters
    ----------
    found
        What the words around the number say.
    what
        What is counted.
    context
        The action that was spoken of last.

    Returns
    -------
    Measure
        Empty where the words say too little, or something that enters no check.

    Examples
    --------
    >>> measure_of(Found(timeliness="late"), "dossiers", "pending").name
    'dossiers.pending.overdue'
    >>> measure_of(Found(action="returned", timeliness="early"), "dossiers", "").name
    'dossiers.resolved.early'
    """
    if found.action in NO_CLAIM or not what:
        return Measure()
    if what == "documents":
        return _of_documents(found, context)
    if what != "dossiers":
        return Measure(what, level=found.level, channel=found.channel) if not found.timeliness else Measure()
    return _of_dossiers(found, context)


def _of_documents(found: Found, context: str) -> Measure:
    action = {"received": "incoming", "rest": ""}.get(found.action, found.action) or context
    if action not in ("incoming", "sent", "exchanged", "") or not (action or found.kind):
        return Measure()
    return Measure("documents", action, kind=found.kind)


def _of_dossiers(found: Found, context: str) -> Measure:
    action, timeliness = found.action, found.timeliness
    if not (found.says or action):
        return Measure()
    if action in ("sent", "incoming", "exchanged"):
        return Measure()
    if timeliness in TIMELY and action in (*WEAK, "returned", "due", "pending", "carried"):
        action = "resolved"
    if timeliness == "in_time":
        action = "pending"
    if timeliness == "late" and action in WEAK:
        action = context if context in ("resolved", "pending") else "resolved"
    if timeliness == "late" and action == "returned":
        action = "resolved"
    if timeliness and action not in ("resolved", "pending"):
        return Measure()
    if action in WEAK:
        action = _without_action(found, action, context)
    timeliness = "overdue" if (action, timeliness) == ("pending", "late") else timeliness
    channel = found.channel or ("online" if found.level else "")
    return Measure("dossiers", action, timeliness, channel, found.level)


def _without_action(found: Found, action: str, context: str) -> str:
    if found.channel or found.level:
        return context if context in ("received", "handled", "resolved") else "received"
    return "pending" if action == "rest" else ""
