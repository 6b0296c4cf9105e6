"""A chart -> a picture: SVG for a page, PNG for a document; its title is text beside it.

Measured on the charts of the sample (bytes in the page, base64): text as outlines 49 to 59 kB a chart, a sharp PNG (twice the
pixels) 63 to 77 kB, of 64 colours 24 to 30 kB; text as text 18 to 22 kB. So text stays text: it prints as sharp as the page, and is set
in the fonts of the page, all of them narrower than DejaVu Sans, with which the room for it is measured.
"""

import io
import re
from typing import Any, Literal, NamedTuple

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.canvas import HOUSE, PARTED

FONTS = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',Arial,sans-serif"
"""As in ``template/report.css``."""

NUMBER = re.compile(r"-?\d+\.\d{2,}")
FAMILY = re.compile(r" font-family: '[^;\"]*;")
UPRIGHT = re.compile(r' transform="rotate\(-?0 [^"]*"')
OUTLINE = re.compile(r' d="([^"]*)"')
DROPPED = re.compile(r"<metadata>.*?</metadata>|<!--.*?-->", re.DOTALL)


class Head(NamedTuple):
    """What stands above a chart."""

    finding: str
    unit: str
    """What is counted, and of what; may be empty."""


def head_of(ax: Axes) -> Head:
    """The title of a chart, each part in one line.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from analysis.canvas import head
    >>> head_of(head(plt.subplots()[1], "Intake doubled", "dossiers per month"))
    Head(finding='Intake doubled', unit='dossiers per month')
    """
    finding, _, unit = (ax.get_title("left") or ax.get_title()).partition(PARTED)
    return Head(finding.replace("\n", " "), unit.replace("\n", " "))


def svg_of(ax: Axes, *, titled: bool = False, outlines: bool = False) -> str:
    """The chart as SVG that needs nothing else; the same chart is the same text.

    Parameters
    ----------
    titled
        Keep the title in the picture, for one that stands alone.
    outlines
        Draw letters as outlines, which look the same wherever the picture is pasted into.
    """
    picture = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "path"} if outlines else {}, fname=HOUSE):
        _save(ax, picture, titled=titled, format="svg", metadata={"Date": None, "Creator": None})
    text = picture.getvalue().decode()
    text = DROPPED.sub("", text[text.index("<svg") :])
    text = OUTLINE.sub(lambda found: f' d="{_tight(found[1])}"', text)
    text = FAMILY.sub("", NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), text))
    text = UPRIGHT.sub("", text).replace("</style>", f"text{{font-family:{FONTS}}}</style>", 1)
    return re.sub(r">\s+<", "><", text)


def png_of(ax: Axes, *, titled: bool = False, pixels_per_inch: int = 200) -> bytes:
    """The chart as PNG, 5.6 inches wide; with its title only if that is asked for."""
    picture = io.BytesIO()
    with mpl.rc_context(fname=HOUSE):
        _save(ax, picture, titled=titled, format="png", dpi=pixels_per_inch, metadata={"Software": None})
    return picture.getvalue()


def figure_of(ax: Axes) -> Figure:
    """The figure that an Axes stands in.

    Raises
    ------
    ValueError
        If it stands in none.
    """
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("the Axes stands in no figure, so there is nothing to show.")
    return figure


def _save(ax: Axes, picture: io.BytesIO, *, titled: bool, **options: Any) -> None:
    """Save the figure, if not ``titled`` without the title; afterwards it has it again."""
    if titled:
        figure_of(ax).savefig(picture, **options)
        return
    places: tuple[Literal["left", "center"], ...] = ("left", "center")
    titles = [ax.get_title(place) for place in places]
    for place in places:
        ax.set_title("", loc=place)
    figure_of(ax).savefig(picture, **options)
    for place, title in zip(places, titles, strict=True):
        ax.set_title(title, loc=place)


def _tight(outline: str) -> str:
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", outline).strip()
