import random

import pytest

from calmcast.errors import LengthError
from calmcast.model.sound import Bed, BedSound
from calmcast.model.timeline import BedSpan, Timeline, spoken_spans
from calmcast.planning.beds import AFTER, BEFORE, CROSSING, FADE_IN, FADE_OUT, bed_spans
from calmcast.planning.layout import feasible_lengths, lay_out
from tests.planning.scripts import S, measure
from tests.planning.test_properties import random_script

RAIN, SEA = Bed(BedSound("rain")), Bed(BedSound("sea"), level=-20.0, dip=4.0)


def track(beds: str = "bed: rain", *, first: str = "", second: str = "") -> Timeline:
    """Return two minutes: a line at 0, one at about 30 s, then a second part with a line at its beginning."""
    text = f"""\
title: A
{beds}
segments:
  - {{title: One, {first} steps: [One two three four, hold: 28s, One two three four, hold: 28s]}}
  - {{title: Two, {second} steps: [One two three four, rest: 10s]}}
"""
    return lay_out(measure(text), 120 * S)


def level_at(span: BedSpan, sample: int) -> float:
    """Return a span's level where it turns or between two turns, by hand."""
    before = [point for point in span.levels if point[0] <= sample] or [span.levels[0]]
    after = [point for point in span.levels if point[0] >= sample] or [span.levels[-1]]
    (left, low), (right, high) = before[-1], after[0]
    return low if right <= left else low + (high - low) * (sample - left) / (right - left)


def test_a_bed_lies_under_the_whole_track_and_fades_at_both_ends() -> None:
    (span,) = track().beds
    assert (span.start, span.end) == (0, 120 * S)
    assert (span.fade_in, span.fade_out) == (FADE_IN, FADE_OUT)
    assert span.made_of == BedSound("rain")


def test_it_has_dipped_when_words_begin_and_comes_back_slowly() -> None:
    timeline = track("bed: {sound: rain, level: -24 dB, dip: 5 dB}")
    (span,) = timeline.beds
    (_, first_end), (start, end), *_ = spoken_spans(timeline)
    assert level_at(span, first_end) == -29.0
    assert level_at(span, first_end + AFTER) == -24.0
    assert level_at(span, first_end + AFTER // 2) == pytest.approx(-26.5, abs=0.01)
    assert level_at(span, start - BEFORE) == -24.0
    assert level_at(span, start - BEFORE // 2) == pytest.approx(-26.5, abs=0.01)
    assert level_at(span, start) == -29.0
    assert level_at(span, end) == -29.0
    assert BEFORE < AFTER


def test_it_stays_down_between_words_that_follow_each_other() -> None:
    text = "title: A\nbed: rain\nsegments:\n  - {title: One, steps: [One two, hold: 2s, One two, hold: 9s, One two]}\n"
    timeline = lay_out(measure(text), 14 * S)
    (span,) = timeline.beds
    spoken = spoken_spans(timeline)
    assert level_at(span, (spoken[0][1] + spoken[1][0]) // 2) == -28.0
    assert level_at(span, (spoken[1][1] + spoken[2][0]) // 2) == -22.0


def test_no_bed_where_none_is_wanted() -> None:
    assert track("bed: none").beds == ()
    assert track("").beds == ()
    (span,) = track("bed: rain", second="bed: none,").beds
    boundary = track().chapters[0].end
    assert (span.start, span.end, span.fade_out) == (0, boundary, FADE_OUT)
    (span,) = track("bed: rain", first="bed: none,").beds
    assert (span.start, span.end, span.fade_in) == (boundary, 120 * S, FADE_IN)


def test_two_beds_cross_fade_around_the_boundary() -> None:
    timeline = track("bed: rain", second="bed: {sound: sea, level: -20 dB, dip: 4 dB},")
    rain, sea = timeline.beds
    boundary = timeline.chapters[0].end
    assert (rain.made_of.sound, sea.made_of.sound) == ("rain", "sea")
    assert rain.end - sea.start == CROSSING == rain.fade_out == sea.fade_in
    assert (rain.end + sea.start) // 2 == boundary
    assert level_at(sea, 100 * S) == -20.0
    assert level_at(rain, 20 * S) == -22.0


def test_the_same_bed_at_another_level_is_one_bed_whose_level_moves() -> None:
    timeline = track("bed: rain", second="bed: {sound: rain, level: -16 dB},")
    (span,) = timeline.beds
    assert (span.start, span.end) == (0, 120 * S)
    assert level_at(span, 20 * S) == -22.0
    assert level_at(span, 100 * S) == -16.0
    boundary = timeline.chapters[0].end
    assert -28.0 < level_at(span, boundary) < -16.0


def test_short_parts_have_short_fades() -> None:
    text = (
        "title: A\nbed: rain\nsegments:\n  - {title: One, steps: [One two]}\n  - {title: Two, bed: sea, steps: [One]}\n"
    )
    timeline = lay_out(measure(text), feasible_lengths(measure(text))[0])
    rain, sea = timeline.beds
    assert rain.fade_in <= (timeline.chapters[0].end) // 3 + 1
    assert rain.end <= timeline.samples
    assert sea.start >= 0


@pytest.mark.parametrize("seed", range(40))
def test_any_script_with_beds(seed: int) -> None:
    """Whatever a script holds: spans lie in the track, in order, and every word lies in a dip."""
    chance = random.Random(seed)
    ready = measure(random_script(chance))
    try:
        least, most = feasible_lengths(ready)
        timeline = lay_out(ready, min(least + chance.randint(0, 600 * S), most or least + 600 * S))
    except LengthError:
        return
    beds = [chance.choice([None, Bed(None), RAIN, SEA, Bed(BedSound("rain"), level=-30.0)]) for _ in timeline.chapters]
    spans = bed_spans(timeline, beds)
    if any(bed and bed.made_of for bed in beds) and all(c.end > c.start for c in timeline.chapters):
        assert spans
    for span in spans:
        assert 0 <= span.start < span.end <= timeline.samples
        assert span.fade_in + span.fade_out <= span.end - span.start
        places = [sample for sample, _ in span.levels]
        assert places == sorted(set(places))
        assert all(-36.0 <= level <= -20.0 for _, level in span.levels)
        for start, end in spoken_spans(timeline):
            for sample in (start, (start + end) // 2, end):
                if span.start <= sample <= span.end:
                    assert level_at(span, sample) <= -24.0 + 1e-6
    assert [span.start for span in spans] == sorted(span.start for span in spans)
