from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from calmcast.model.sound import Bed, BedSound
from calmcast.model.timeline import Chapter, Timeline
from calmcast.publish.pictures.beds import STRIP, beds, beds_told, fills_of, in_words, stretches
from calmcast.publish.pictures.lettering import INK, PAPER
from calmcast.publish.pictures.marks import Axis
from calmcast.units import SAMPLE_RATE
from tests.publish.pictures.test_picture import contrast
from tests.publish.plans import BEDS, plan

S = SAMPLE_RATE
RAIN, SEA, DRONE = Bed(BedSound("rain")), Bed(BedSound("sea")), Bed(BedSound("drone", key="A"))
AXIS = Axis(100, S / 8)
"""8 pixels a second."""


def with_beds(*beds: Bed | None, part_s: int = 100) -> Timeline:
    """Return a track of a part for each bed."""
    parts = (Chapter(f"Part {i}", i * part_s * S, (i + 1) * part_s * S, bed=bed) for i, bed in enumerate(beds))
    return replace(plan(["Rest"], part_s * len(beds)), chapters=tuple(parts))


def drawn(timeline: Timeline) -> list[ET.Element]:
    """Return the shapes of a track's beds, the strip's top at height 0."""
    return list(ET.fromstring(f"<svg>{''.join(beds(timeline, AXIS, 0, fills_of([timeline])))}</svg>"))


def test_a_bed_is_a_band_over_the_parts_that_it_sounds_in() -> None:
    timeline = with_beds(None, RAIN, RAIN, SEA, Bed(None), RAIN)
    assert [(start // S, end // S, bed) for start, end, bed in stretches(timeline)] == [
        (100, 300, RAIN),
        (300, 400, SEA),
        (500, 600, RAIN),
    ]
    bands = [shape for shape in drawn(timeline) if shape.tag == "rect"]
    assert [(float(band.get("x", "0")), float(band.get("width", "0"))) for band in bands] == [
        (900, 1598.5),
        (2500, 798.5),
        (4100, 798.5),
    ]
    assert {band.get("height") for band in bands} == {str(STRIP)}
    assert [band.get("fill") for band in bands] == [fills_of([timeline])[in_words(bed)] for bed in (RAIN, SEA, RAIN)]
    assert bands[0].findtext("title") == "rain, 22 dB under the voice, 1:40–5:00"


@pytest.mark.parametrize(
    ("part_s", "told"), [(100, "drone in A, 22 dB under the voice"), (20, "drone in A"), (5, None)]
)
def test_as_much_of_its_words_stands_in_it_as_has_room(part_s: int, told: str | None) -> None:
    assert [shape.text for shape in drawn(with_beds(DRONE, part_s=part_s)) if shape.tag == "text"] == (
        [told] if told else []
    )


def test_the_same_bed_of_another_level_is_another_band() -> None:
    softer = replace(RAIN, level=-30.5)
    timeline = with_beds(RAIN, softer)
    assert list(fills_of([timeline])) == ["rain, 22 dB under the voice", "rain, 30.5 dB under the voice"]
    assert len({shape.get("fill") for shape in drawn(timeline) if shape.tag == "rect"}) == 2


def test_words_can_be_read_on_every_bed_and_no_two_beds_look_alike() -> None:
    fills = fills_of([with_beds(*map(Bed, BEDS))])
    assert len(set(fills.values())) == len(BEDS)
    for fill in fills.values():
        assert contrast(INK, fill) >= 4.5
        assert contrast(fill, PAPER) > 1.1


def test_a_bed_looks_the_same_in_every_track() -> None:
    first, second = with_beds(SEA), with_beds(RAIN, SEA)
    both = fills_of([first, second])
    assert list(both) == [in_words(SEA), in_words(RAIN)]
    assert both[in_words(SEA)] == fills_of([first])[in_words(SEA)]


@pytest.mark.parametrize(
    ("level", "words"),
    [(-22.0, "22 dB under the voice"), (-30.5, "30.5 dB under the voice"), (0.0, "as loud as the voice"),
     (3.0, "3 dB over the voice")],
)  # fmt: skip
def test_how_loud_a_bed_is_in_words(level: float, words: str) -> None:
    timeline = with_beds(replace(RAIN, level=level))
    assert list(beds_told(timeline)) == [f"bed: rain, {words}, 0:00 to 1:40"]


def test_a_file_is_called_by_its_name() -> None:
    assert in_words(Bed(BedSound("", file="music/Harfe.m4a"))) == "Harfe.m4a, 22 dB under the voice"
    assert in_words(Bed(BedSound("", file="\u202e/\x07"))) == "bed, 22 dB under the voice"
