"""The palette: parts that lie beside each other are told apart by everybody, on every printer."""

import itertools

import numpy as np
import pytest

from analysis import palette

# Viénot, Brettel & Mollon 1999: linear RGB as a deuteranope and a protanope see it.
SEEN = {
    "deuteranope": np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]),
    "protanope": np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
    "all": np.eye(3),
}
STACKS = {"channels": palette.CHANNELS, "timeliness": palette.TIMELINESS, "open": palette.OPEN}
WHITE = "#ffffff"


def linear(colour):
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(colour, seen):
    """CIE L*a*b*, in which equal distances look equally far apart."""
    rgb = np.clip(seen @ linear(colour), 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb
    x, y, z = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in xyz / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one, other, seen):
    return float(np.linalg.norm(lab(one, SEEN[seen]) - lab(other, SEEN[seen])))


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("stack", STACKS)
def test_any_two_parts_of_a_stack_look_different_to_those_who_see_colours_badly(stack, seen):
    for one, other in itertools.combinations(STACKS[stack].values(), 2):
        assert distance(one.colour, other.colour, seen) > 15 or one.hatch != other.hatch, (one, other)


@pytest.mark.parametrize("seen", SEEN)
def test_what_is_late_is_far_from_what_is_timely_to_everybody(seen):
    late = palette.TIMELINESS["late"]
    assert all(distance(late.colour, palette.TIMELINESS[t].colour, seen) > 15 for t in ("early", "on_time"))
    assert late.hatch
    assert not palette.TIMELINESS["on_time"].hatch


@pytest.mark.parametrize("stack", STACKS)
def test_neighbours_in_a_stack_differ_in_grey_or_in_their_pattern(stack):
    for one, other in itertools.pairwise(STACKS[stack].values()):
        assert contrast(one.colour, other.colour) > 1.4 or one.hatch != other.hatch, (one, other)


def test_the_lines_of_a_chart_have_dashes_of_their_own():
    for lines in (palette.RATES, palette.FLOWS):
        assert len({palette.DASHES[name] for name in lines}) == len(lines)


def test_every_colour_that_text_is_written_in_is_read_on_white():
    written = {
        *palette.RATES.values(),
        *palette.FLOWS.values(),
        palette.INK,
        palette.QUIET,
        palette.PLAIN,
        palette.OTHER_YEAR,
    }
    assert {colour: contrast(colour, WHITE) >= 4.5 for colour in written} == dict.fromkeys(written, True)


def test_equal_things_have_equal_colours():
    assert palette.OPEN["overdue"] is palette.TIMELINESS["late"]
    assert palette.OPEN["in_time"] == palette.TIMELINESS["on_time"]
    assert palette.RATES["online_share"] == palette.CHANNELS["online"].colour == palette.FLOWS["received"]
    assert palette.RATES["on_time_rate"] == palette.TIMELINESS["early"].colour == palette.FLOWS["resolved"]
