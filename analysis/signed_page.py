"""What a page shows of the signed report: its paragraphs in every language, to be copied from it."""

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd

from analysis.labels import LANGUAGES, Labels, read_labels
from analysis.page import Html, show_sentences, tag
from analysis.periods import Period
from analysis.remarks_page import remarks_of
from analysis.signed_report import OWN, SECTIONS, TO_FILL, paragraphs
from analysis.store import Data


def show_paragraphs(
    data: Data, asked: Period, *, figures: pd.DataFrame, targets: pd.DataFrame, procedures: pd.DataFrame, labels: Labels
) -> Html:  # fmt: skip
    """The paragraphs of ``signed_report.paragraphs`` in the language of the page, then in the others, each marked as such.

    Parameters
    ----------
    data, asked, figures, targets, procedures
        As for ``signed_report.paragraphs``.
    """
    parts: list[str] = [show_sentences([labels.name("signed.page_intro")])]
    for lang in sorted(LANGUAGES, key=lambda lang: lang != labels.lang):
        words = read_labels(lang)
        told = paragraphs(data, asked, figures=figures, targets=targets, procedures=procedures, labels=words)
        sections = _sections(told, _foreign(data, asked, lang), words)
        parts.append(
            f'{tag("h3", labels.name(f"signed.in_{lang}"))}<div class="paragraphs" lang="{lang}">{sections}</div>'
        )
    return Html("".join(parts))


def _foreign(data: Data, asked: Period, lang: str) -> dict[str, str]:
    """The department's sentences that exist in another language only, and which."""
    held = pd.concat([remarks_of(data, asked, section, lang=lang) for section in OWN.values()])
    held = held[held.language != lang]
    return dict(zip(held.text, held.language, strict=True))


def _sections(told: Mapping[str, Sequence[str]], foreign: Mapping[str, str], labels: Labels) -> str:
    """Each section that says something, or must."""
    shown = []
    for section, names in SECTIONS.items():
        texts = [text for name in names for text in told[name]]
        if not texts and section in TO_FILL:
            texts = [labels.name(f"signed.fill_{section}")]
        if texts:
            shown.append(tag("h4", labels.name(f"signed.heading_{section}")))
            shown.extend(_paragraph(text, foreign.get(text, "")) for text in texts)
    return "".join(shown)


def _paragraph(text: str, lang: str) -> str:
    start = f'p lang="{escape(lang)}"' if lang else "p"
    return f"<{start}>{'<br>'.join(escape(line) for line in text.splitlines())}</p>"
