"""Pictures: small, sharp, the same bytes for the same chart, and legible on a phone."""

import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from lxml import etree

from analysis.canvas import head, in_house_style, say
from analysis.charts import plot_intake
from analysis.labels import read_labels
from analysis.pictures import FONTS, head_of, png_of, svg_of

VI = read_labels("vi")
PHONE, LEAST_PIXELS, MOST_BYTES = 330, 9, 25_000


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def chart(months=11):
    index = pd.period_range("2022-01", periods=months, freq="M")
    counts = {"online": 40, "in_person": 60, "postal": 0, "other": 0, "unknown": 5, "received": 105}
    return plot_intake(pd.DataFrame(counts, index=index), labels=VI)


def test_a_picture_is_small_and_names_no_other_place():
    picture = svg_of(chart())
    assert len(picture.encode()) < MOST_BYTES
    links = re.findall(r'(?:href|src)="([^"]*)"|url\(([^)]*)\)', picture)
    assert all(link.startswith("#") for pair in links for link in pair if link)
    assert "metadata" not in picture


def test_the_same_chart_is_the_same_picture():
    assert svg_of(chart()) == svg_of(chart())
    assert png_of(chart()) == png_of(chart())


def test_every_text_is_legible_on_a_phone():
    picture = etree.fromstring(svg_of(chart(14)).encode())
    width = float(picture.get("viewBox").split()[2])
    sizes = [
        float(size)
        for style in picture.xpath("//@style")
        for size in re.findall(r"font(?:-size)?: (?:\d+ )?([\d.]+)px", style)
    ]
    assert len(sizes) > 10
    assert min(sizes) * PHONE / width >= LEAST_PIXELS


def test_text_stays_text_in_the_fonts_of_the_page(root):
    picture = svg_of(chart())
    assert "Hồ sơ tiếp nhận</text>" in picture
    assert "DejaVu" not in picture
    style = (root / "analysis/template/report.css").read_text("utf-8")
    assert re.sub(r"[\s\"']", "", FONTS) in re.sub(r"[\s\"']", "", style)


def test_the_title_stands_beside_the_picture_and_the_chart_keeps_it():
    ax = chart()
    before = ax.get_title("left")
    picture = svg_of(ax)
    assert head_of(ax).unit == VI.name("charts.intake_unit")
    assert head_of(ax).unit not in picture
    assert ax.get_title("left") == before


def test_every_picture_is_as_wide_as_the_others():
    @in_house_style
    def wide(name):
        ax = plt.subplots()[1]
        ax.set_ylabel(name)
        return say(head(ax, "Một phát hiện"), "Một câu.")

    assert {svg_of(wide(name)).partition("viewBox")[2][:20] for name in ("a", "a long name " * 3)} == {
        '="0 0 403.2 280.8" x'
    }
