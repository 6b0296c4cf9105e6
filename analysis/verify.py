"""Verification: a page that was published is made again from the same exports, and held against itself.

The record in the page says by which notebook and with which parameters it was made. The same inputs give the same
bytes, so a page that differs was made from other exports, by another program, or was changed by hand afterwards.
"""

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from lxml import html

from analysis.comparison import located
from analysis.grids import FileProblem
from analysis.html_page import record_in
from analysis.planning import find_notebook
from analysis.record import KINDS, differences
from analysis.report import render_report

BLOCKS = ["p", "li", "th", "td", "caption", "summary", "figcaption", "h1", "h2", "h3", "img"]
"""The elements whose text is compared, each by itself."""

MOST = 20
"""How many differences of one kind are told."""


class Verdict(NamedTuple):
    """How a page stands against the one that was made again."""

    is_same: bool
    """Whether they are the same, byte for byte."""
    inputs: list[tuple[str, Any, Any]]
    """What they were made from and by, where that differs: what, as the page says, as it is now."""
    figures: list[tuple[str, Any, Any]]
    """The figures and counts that differ: which, as the page says, as made again."""
    texts: list[tuple[str, str, str]]
    """Where the text that people read differs: the heading above, as the page has it, as made again; empty where one has
    nothing."""


def verify(page: Path, *, notebooks: Path, data: str = "") -> Verdict:
    """Make a published page again and compare.

    Parameters
    ----------
    page
        A page of this program.
    notebooks
        The folder of the notebooks; one of the working folder's own goes before, as when a page is made.
    data
        Where the exports are, if no longer where the page says.

    Raises
    ------
    FileProblem
        If the page is none of this program, or does not say how it was made, or what it is compared with is gone.
    ReportError
        If the notebook does not run.
    """
    text = _read(page)
    said = _record(text, page)
    about, parameters = {**said.get("about", {})}, {**said.get("parameters", {})}
    named = str(about.get("notebook"))
    notebook = find_notebook(f"{named}.ipynb", notebooks) if Path(named).name == named else None
    if notebook is None:
        raise FileProblem(f"{page}: it names no notebook of this program, so it cannot be made again.")
    title, lang = (str(about.pop(name, "")) for name in ("title", "lang"))
    parameters |= {"data": data} if data else {}
    parameters |= located(parameters, page.parent)
    with TemporaryDirectory() as folder:
        made = render_report(
            notebook, Path(folder) / page.name, parameters=parameters, title=title, lang=lang, about=about
        ).read_text("utf-8")
    return compare(text, made, page=page)


def compare(text: str, made: str, *, page: Path = Path("page.html")) -> Verdict:
    """Hold a page against the one that was made again.

    Examples
    --------
    >>> one = '<p>937 hồ sơ</p><script type="application/json" id="record">{"figures":{"received":937}}</script>'
    >>> compare(one, one).is_same
    True
    >>> compare(one.replace("<p>937", "<p>973"), one).texts
    [('', '973 hồ sơ', '937 hồ sơ')]
    >>> compare(one.replace(":937", ":936"), one).figures
    [('figures.received', 936, 937)]
    """
    found = differences(_record(text, page), _record(made, page))
    inputs = [difference for difference in found if difference[0].partition(".")[0] in KINDS]
    inputs.sort(key=lambda difference: KINDS.index(difference[0].partition(".")[0]))
    others = [difference for difference in found if difference not in inputs and difference[0] != "parameters.data"]
    texts = [] if text == made else list(_differing(_blocks(text), _blocks(made)))
    return Verdict(text == made, inputs, others, texts)


def verdict_lines(verdict: Verdict) -> Iterator[str]:
    """A verdict in sentences.

    Examples
    --------
    >>> list(verdict_lines(Verdict(True, [], [], [])))
    ['the same: every figure, chart and word was made again from the same exports.']
    >>> for line in verdict_lines(Verdict(False, [], [], [("Intake", "973 hồ sơ", "937 hồ sơ")])):
    ...     print(line)
    NOT the same.
    under “Intake” the page has '973 hồ sơ', made again it is '937 hồ sơ'.
    the exports and the program are those that the page names, so the page was changed after it was made.
    """
    if verdict.is_same:
        yield "the same: every figure, chart and word was made again from the same exports."
        return
    yield "NOT the same."
    yield from _told([f"{name}: {_change(said, now)}" for name, said, now in verdict.inputs])
    yield from _told(
        [f"{name}: the page says {_value(a)}, made again it is {_value(b)}." for name, a, b in verdict.figures]
    )
    yield from _told(
        [f"{_under(heading)}the page has {a!r}, made again it is {b!r}." for heading, a, b in verdict.texts]
    )
    if not (verdict.figures or verdict.texts):
        yield "no figure and no sentence differs: a picture or the markup does."
    if not verdict.inputs:
        yield "the exports and the program are those that the page names, so the page was changed after it was made."


def _under(heading: str) -> str:
    return f"under “{heading}” " if heading else ""


def _told(lines: Sequence[str]) -> list[str]:
    rest = len(lines) - MOST
    return [*lines[:MOST], *([f"... and {rest} more."] if rest > 0 else [])]


def _change(said: Any, now: Any) -> str:
    if said is None:
        return f"was not there when the page was made, and now is {_value(now)}."
    if now is None:
        return f"was {_value(said)} when the page was made, and now is not there."
    return f"was {_value(said)} when the page was made, and now is {_value(now)}."


def _value(value: Any) -> str:
    return "unknown" if value is None else str(value)


def _read(page: Path) -> str:
    try:
        return page.read_text("utf-8")
    except UnicodeDecodeError:
        raise FileProblem(f"{page}: it is no page of this program.") from None
    except OSError as error:
        raise FileProblem(f"{page}: cannot be read ({error.strerror}).") from None


def _record(text: str, page: Path) -> dict[str, Any]:
    """The record that a page holds."""
    said = record_in(text)
    if not said:
        raise FileProblem(
            f"{page}: it holds no record of how it was made, or a damaged one; it is no report of this program, or an old one."
        )
    return said


def _blocks(text: str) -> list[tuple[str, str]]:
    """The text of each block of a page, in order, with the heading it stands under; of a picture, what it says."""
    blocks, heading = [], ""
    for element in html.document_fromstring(text).iter(*BLOCKS):
        said = element.get("alt", "") if element.tag == "img" else "".join(map(str, element.itertext()))
        words = " ".join(said.split())
        heading = words if element.tag == "h2" else heading
        blocks.append((heading, words))
    return [block for block in blocks if block[1]]


def _differing(said: Sequence[tuple[str, str]], made: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    matcher = difflib.SequenceMatcher(None, said, made, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            heading = (said[a:b] or made[c:d])[0][0]
            yield heading, " / ".join(words for _, words in said[a:b]), " / ".join(words for _, words in made[c:d])
