"""The look: contrast in light, dark and print, and what page and style weigh before any figure."""

import re
from itertools import product

import pytest

KILO = 1000


@pytest.fixture(scope="module")
def style(root):
    return (root / "analysis/template/report.css").read_text("utf-8")


def colours(block):
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block))


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_what_it_is_known_to_be():
    assert contrast("#fff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("number", [0, 1], ids=["light and print", "dark"])
def test_every_text_has_the_strictest_contrast_on_every_ground(number, style):
    """7 to 1 (WCAG AAA); lines that carry a meaning have 3 to 1."""
    scheme = colours(style) if number else colours(style.partition("@media")[0])
    assert {"page", "ink", "quiet", "accent", "tint", "warn-page", "good-page"} <= set(scheme)
    for text, ground in product(("ink", "quiet", "accent"), ("page", "tint", "warn-page", "good-page")):
        assert contrast(scheme[text], scheme[ground]) >= 7, (text, ground)
    for line, ground in product(("strong-rule", "warn", "good", "accent"), ("page",)):
        assert contrast(scheme[line], scheme[ground]) >= 3, (line, ground)


def test_no_colour_is_outside_the_scheme(style):
    """But those of charts and paper, which stay white."""
    rules = re.sub(r":root \{.*?\}", "", style, flags=re.DOTALL)
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", rules)) == {"#fff", "#4a545f"}


def test_page_and_style_are_light_before_any_figure(root):
    sizes = [path.stat().st_size for path in (root / "analysis/template").iterdir() if path.suffix != ".docx"]
    assert sum(sizes) < 60 * KILO


def test_a_whole_report_with_its_pictures_is_light(page):
    assert page.stat().st_size < 400 * KILO


def test_a_whole_report_without_its_pictures_is_light(page):
    text = re.sub(r'src="data:[^"]*"', "", page.read_text("utf-8"))
    assert len(text.encode()) < 250 * KILO
