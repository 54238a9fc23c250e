import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from calmcast.model.sound import BedSound
from calmcast.model.timeline import BedSpan, Timeline
from calmcast.publish.pictures.lettering import INK, PAPER
from calmcast.publish.pictures.levels import STRIP, beds, beds_told, columns_of, loud, loudest, styles_of, under_voice
from calmcast.publish.pictures.marks import Axis
from calmcast.units import SAMPLE_RATE
from tests.publish.pictures.test_picture import contrast
from tests.publish.plans import BEDS, bed_span, plan

S = SAMPLE_RATE
RAIN, SEA, DRONE = BedSound("rain"), BedSound("sea"), BedSound("drone", key="A")
QUIET = replace(plan(["Rest"], 100), events=(), breaths=(), marks=())
AXIS = Axis(100, S / 8)
"""8 pixels a second."""


def drawn(timeline: Timeline, axis: Axis = AXIS, scale: float | None = None) -> list[ET.Element]:
    """Return the group of each bed, the strip's foot at height 0."""
    shapes = beds(timeline, axis, -STRIP, styles_of([timeline]), scale or loudest([timeline]))
    return list(ET.fromstring("<svg>" + "".join(shapes) + "</svg>"))


def outline(shape: ET.Element) -> list[tuple[float, float]]:
    """Return (x, height) along the edge of a bed."""
    return [(float(x), -float(y)) for x, y in re.findall(r"L(\S+?) (\S+?)(?=[LV])", shape.get("d", ""))]


def height(shape: ET.Element, x: float) -> float:
    """Return how high a bed is at a pixel."""
    for (left, low), (right, high) in pairwise(outline(shape)):
        if left <= x <= right and left < right:
            return low + (high - low) * (x - left) / (right - left)
    raise AssertionError(x)


def beginnings(timeline: Timeline) -> list[ET.Element]:
    return [group[1] for group in drawn(timeline)]


def test_ten_decibels_more_seem_twice_as_loud() -> None:
    assert loud(0) == 1
    assert loud(10) == 2
    assert loud(-20) == 0.25


def test_a_bed_is_as_high_as_it_seems_loud_and_dips_under_words() -> None:
    level = -20.0
    levels = (
        (0, level),
        (30 * S, level),
        (31 * S, level - 10),
        (40 * S, level - 10),
        (42 * S, level),
        (100 * S, level),
    )
    (shape,) = beginnings(replace(QUIET, beds=(BedSpan(RAIN, 0, 100 * S, 0, 0, levels),)))
    assert height(shape, 100 + 8 * 20) == pytest.approx(STRIP, abs=0.06)
    assert height(shape, 100 + 8 * 35) == pytest.approx(STRIP / 2, abs=0.06)
    assert height(shape, 100 + 8 * 41) == pytest.approx(STRIP * loud(-5), abs=0.5)
    assert height(shape, 100 + 8 * 90) == pytest.approx(STRIP, abs=0.06)


def test_before_the_first_and_after_the_last_turn_the_level_stays() -> None:
    span = BedSpan(RAIN, 0, 100 * S, 0, 0, ((40 * S, -30.0), (60 * S, -20.0)))
    (shape,) = beginnings(replace(QUIET, beds=(span,)))
    assert height(shape, 100 + 8 * 10) == pytest.approx(STRIP / 2, abs=0.06)
    assert height(shape, 100 + 8 * 50) == pytest.approx(STRIP * loud(-5), abs=0.3)
    assert height(shape, 100 + 8 * 95) == pytest.approx(STRIP, abs=0.06)


def test_two_beds_cross_as_wedges_of_constant_power() -> None:
    first = BedSpan(RAIN, 0, 53 * S, 0, 6 * S, ((0, -22.0),))
    second = BedSpan(SEA, 47 * S, 100 * S, 6 * S, 8 * S, ((0, -22.0),))
    down, up = beginnings(replace(QUIET, beds=(first, second)))
    crossing = 100 + 8 * 50
    for shape in (down, up):
        assert height(shape, crossing) == pytest.approx(STRIP * loud(-3.01), abs=0.3)
    assert height(down, crossing - 20) > height(down, crossing) > height(down, crossing + 20)
    assert height(up, crossing - 20) < height(up, crossing) < height(up, crossing + 20)
    assert outline(down)[-1] == (100 + 8 * 53, 0)
    assert outline(up)[0] == (100 + 8 * 47, 0)
    assert height(up, 100 + 8 * 96) == pytest.approx(STRIP * loud(-3.01), abs=0.3)


def test_dips_narrower_than_a_pixel_are_drawn_as_what_they_reach() -> None:
    timeline = plan(["Rest"], 3 * 3600, lines=1500)
    timeline = replace(timeline, beds=(bed_span(timeline, RAIN, 0, timeline.samples, -22),))
    axis = Axis(100, timeline.samples / 800)
    (group,) = drawn(timeline, axis)
    assert len(timeline.beds[0].levels) > 4000
    assert len(ET.tostring(group)) < 20_000
    upper, lower = group[1], group[2]
    busy = [100 + 800 * share for share in (0.1, 0.2, 0.3, 0.4)]
    assert all(height(upper, x) == pytest.approx(STRIP, abs=1.5) for x in busy)
    assert all(height(lower, x) == pytest.approx(STRIP * loud(-6), abs=1.5) for x in busy)
    assert height(upper, 800) == height(lower, 800) == STRIP


def test_columns_reach_from_the_lowest_to_the_highest() -> None:
    assert list(columns_of([(0, 0), (2, 4), (2.5, 1), (2.6, 9), (4, 9)], 2.0)) == [(0, 0, 4), (2, 1, 9), (4, 9, 9)]


def test_a_name_stands_where_the_bed_is_high_and_alone() -> None:
    first = BedSpan(RAIN, 0, 53 * S, 0, 6 * S, ((0, -22.0), (10 * S, -60.0), (20 * S, -60.0), (21 * S, -22.0)))
    second = BedSpan(DRONE, 47 * S, 60 * S, 6 * S, 2 * S, ((0, -22.0),))
    timeline = replace(QUIET, beds=(first, second))
    (name,) = [text for group in drawn(timeline) for text in group.findall("text")]
    assert name.text == "rain"
    x = float(name.get("x", "0"))
    assert all(height(drawn(timeline)[0][1], at) >= 11.9 for at in (x, x + 25))
    softer = replace(QUIET, beds=(replace(first, levels=((0, -40.0),)),))
    assert not [text for group in drawn(softer, scale=loud(-22)) for text in group.findall("text")]


def test_beds_differ_in_grey_too() -> None:
    timeline = replace(QUIET, beds=tuple(BedSpan(made_of, 0, 100 * S, 0, 0, ((0, -22.0),)) for made_of in BEDS))
    styles = list(styles_of([timeline]).values())
    assert len(styles) == len(BEDS)
    assert all(one.texture != other.texture for one, other in pairwise(styles))
    textures = ["".join(path.get("d", "") for path in group.findall("path")[1:]) for group in drawn(timeline)]
    assert len({tuple(re.findall("V|h.", texture)[:9]) for texture in textures[:4]}) == 4
    for style in styles:
        assert contrast(INK, style.fill) >= 4.5
        assert contrast(style.line, PAPER) >= 3
        assert contrast(style.line, style.fill) >= 3


def test_a_bed_looks_the_same_in_every_track() -> None:
    first = replace(QUIET, beds=(BedSpan(SEA, 0, 100 * S, 0, 0, ((0, -22.0),)),))
    second = replace(QUIET, beds=(BedSpan(RAIN, 0, 50 * S, 0, 0, ((0, -22.0),)), *first.beds))
    styles = styles_of([first, second])
    assert list(styles) == ["sea", "rain"]
    assert {name: styles_of([first, second])[name] for name in styles} == styles
    assert styles["sea"] == styles_of([first])["sea"]


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ([-22.0], "22 dB under the voice"),
        ([-22.0, -22.0], "22 dB under the voice"),
        ([-22.0, -30.5], "22 to 30.5 dB under the voice"),
        ([0.0], "as loud as the voice"),
        ([0.0, -6.0], "0 to 6 dB under the voice"),
        ([3.0, -6.0], "up to 3 dB over the voice"),
    ],
)
def test_how_loud_a_bed_is_in_words(levels: list[float], words: str) -> None:
    spans = (BedSpan(RAIN, 0, 100 * S, 0, 0, ((0, level),)) for level in levels)
    timeline = replace(QUIET, beds=tuple(spans))
    assert under_voice([timeline], "rain") == words
    assert list(beds_told(timeline)) == [f"bed: rain, {words}, " + ", ".join(["0:00 to 1:40"] * len(levels))]


def test_dips_are_no_level_of_their_own() -> None:
    talk = plan(["Settle"], 100, lines=6)
    timeline = replace(talk, beds=(bed_span(talk, RAIN, 0, talk.samples, -22),))
    assert len(timeline.beds[0].levels) > 10
    assert under_voice([timeline], "rain") == "22 dB under the voice"
    begun = replace(timeline.beds[0], levels=((0, -28.0), *timeline.beds[0].levels[2:]))
    assert under_voice([replace(timeline, beds=(begun,))], "rain") == "22 dB under the voice"


def test_where_somebody_always_speaks_the_highest_level_counts() -> None:
    talk = plan(["Settle"], 100, lines=6)
    start, end = talk.lines[0].start, talk.lines[0].end
    timeline = replace(talk, beds=(BedSpan(RAIN, start, end, 0, 0, ((start, -28.0), (end, -27.0))),))
    assert under_voice([timeline], "rain") == "27 dB under the voice"
