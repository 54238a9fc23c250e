"""What is in a track of which length."""

import re
from itertools import pairwise

import pytest

from calmcast.errors import LengthError
from calmcast.model.timeline import Silence, Timeline
from calmcast.planning.layout import feasible_lengths, lay_out
from calmcast.units import parse_duration
from tests.planning.scripts import S, ends_meet, measure, one_segment, shape, texts


def said(timeline: Timeline) -> str:
    """Return the first letters of what is said."""
    return "".join(text[0] for text in texts(timeline))


def test_optional_parts_come_by_rank_and_stand_in_the_order_of_the_script() -> None:
    script = one_segment(
        "Always said",
        "{say: B two words, optional: 2}",
        "{say: C two words, optional: 1}",
        "{say: D two words, optional: yes}",
        "{say: E two words, optional: 3}",
        "{pause: {about: 2s, least: 1s, most: 4s}}",
    )
    seen = [said(lay_out(script, length * S // 2)) for length in range(6, 28)]
    assert list(dict.fromkeys(seen)) == ["A", "AC", "ACD", "ABCD", "ABCDE"]


def test_a_part_inside_an_optional_part_waits_for_it() -> None:
    script = one_segment(
        "Always", "{steps: [Band of words, {say: Cello, optional: 1}], optional: 2}", "{pause: {about: 2s, most: 20s}}"
    )
    seen = [said(lay_out(script, length * S)) for length in range(3, 12)]
    assert list(dict.fromkeys(seen)) == ["A", "ABC"]


def test_repeats_fill_evenly() -> None:
    script = one_segment(
        "{steps: [Apple pie, {pause: 1s}], repeat: 1 to 3}",
        "{steps: [Banana split, {pause: 1s}], repeat: 0 to 4}",
        "{pause: {about: 1s, least: 1s, most: 2s}}",
    )
    least, most = feasible_lengths(script)
    assert most is not None
    seen = list(dict.fromkeys(said(lay_out(script, length)) for length in range(least, most, S // 4)))
    assert seen[:2] == ["A", "AA"]
    assert [(s.count("A"), s.count("B")) for s in seen] == sorted((s.count("A"), s.count("B")) for s in seen)
    assert seen[-1] == "AAABBBB"


def test_more_repeats_than_a_track_can_have_end_the_ladder() -> None:
    script = one_segment("{steps: [{steps: [Again, {pause: 1s}], repeat: 1 to 999}], repeat: 1 to 999}")
    least, most = feasible_lengths(script)
    assert least == S
    assert most is not None
    assert lay_out(script, most).samples == most


def test_more_steps_than_a_track_can_have_are_refused_at_once() -> None:
    """A ladder that ended there would leave out what must be there."""
    again = "{steps: [{steps: [{steps: [Again, {pause: 1s}], repeat: 40}], repeat: 40}], repeat: 40}"
    with pytest.raises(LengthError, match="comes to 128000 steps at least, and 30000 is the most") as caught:
        one_segment(again)
    assert caught.value.hint == "repeat less, or leave it open: repeat: 1 or more"
    for fewer in (
        again.replace("40", "24"),
        again.replace("40", "1 to 40"),
        again.replace("40}]", "40, optional: 1}]"),
    ):
        assert feasible_lengths(one_segment(fewer))[0] >= S


def test_unbounded_repeats_go_on() -> None:
    script = one_segment("{steps: [Again, {pause: 10s}], repeat: 1 or more}")
    assert feasible_lengths(script)[1] is None
    assert len(lay_out(script, 3600 * S).lines) == pytest.approx(3600 / 10.5, abs=2)


def test_from_is_there_at_its_length_and_not_before() -> None:
    script = one_segment(
        "Always", "{say: Long enough, from: 8 min}", "{steps: [Round, {rest: 30s}], repeat: 1 or more}"
    )
    assert "L" not in said(lay_out(script, 480 * S - 1))
    for length in (480 * S, 490 * S, 3600 * S):
        assert "L" in said(lay_out(script, length))
    rounds = [said(lay_out(script, length * S)).count("R") for length in range(60, 1200, 7)]
    assert rounds == sorted(rounds)


def test_from_with_optional_may_be_left_out() -> None:
    script = one_segment(
        "Always", "{steps: [Later, {hold: 55s}], from: 1 min, optional: 1}", "{rest: {about: 30s, most: 100s}}"
    )
    assert said(lay_out(script, 59 * S)) == "A"
    assert said(lay_out(script, 60 * S)) == "A"
    assert said(lay_out(script, 100 * S)) == "AL"


def test_a_part_from_a_length_where_it_does_not_fit_comes_when_it_does() -> None:
    script = one_segment("Always", "{hold: 2 min, from: 1 min}", "{rest: {about: 30s, least: 10s}}")
    assert shape(lay_out(script, 90 * S))[-1][0] == "rest"
    assert ("hold", 120) not in shape(lay_out(script, 90 * S))
    assert ("hold", 120) in shape(lay_out(script, 150 * S))


def test_a_rest_splits_and_no_stretch_is_longer_than_every() -> None:
    text = """
title: A
segments:
  - title: One
    steps:
      - Begin
      - rest: {about: 2 min, least: 40s, every: 3 min, check: c}
      - End
"""
    from calmcast.model.script import Script, Segment
    from calmcast.planning.amounts import sayings
    from calmcast.planning.layout import measured
    from calmcast.planning.parts import parts_of
    from calmcast.script.language.builder import build_script, build_segment
    from calmcast.script.language.compose import compose
    from calmcast.script.language.reader import read
    from tests.planning.scripts import recording

    script, _ = build_script(read(text.encode(), "x.yaml")[0], "x", "x.yaml")
    check, _ = build_segment(
        read(b"title: C\nrole: check\nsteps: [{one of: [One, Two]}, {pause: 5s}]", "c.yaml")[0], "c", "c"
    )
    assert isinstance(script, Script)
    assert isinstance(check, Segment)
    composed, problems = compose(script, {"c": check}.get, lambda name, source: None)
    assert not problems
    lines = sayings(parts_of(composed).tree)
    ready = measured(composed, {saying: recording(line) for saying, line in lines.items()}, {})
    for minutes in (2, 4, 10, 45, 90):
        timeline = lay_out(ready, minutes * 60 * S)
        rests = [e.samples for e in timeline.events if isinstance(e, Silence) and e.kind == "rest"]
        assert max(rests) <= 180 * S
        assert len(timeline.marks) == len(rests) - 1
        assert "".join(word[0] for word in texts(timeline)[1:-1]) == ("OT" * 100)[: len(rests) - 1]


def test_one_of_goes_round_wherever_it_stands() -> None:
    script = one_segment("{steps: [{one of: [One, Two words, Three whole words]}, {pause: 2s}], repeat: 1 to 5}")
    assert feasible_lengths(script) == (int((0.5 + 1) * S), int((0.5 + 1 + 1.5 + 0.5 + 1 + 5 * 4) * S))
    assert texts(lay_out(script, 24 * S)) == ["One", "Two words", "Three whole words", "One", "Two words"]


def test_a_variant_that_ends_in_silence_needs_no_gap() -> None:
    script = one_segment("one of: [{steps: [One, {pause: 3s}]}, {steps: [Two, {pause: 3s}]}]", "Next")
    assert shape(lay_out(script, 4 * S)) == [("line", 0.5), ("pause", 3), ("line", 0.5)]


def test_breathing_keeps_its_counts() -> None:
    script = one_segment(
        "Now",
        "breathe: {in: 4s, hold: 1s, out: 6s, rounds: 2 to 9, say: {in: In, out: Out we go}, voice_rounds: 1,"
        " remind: 2}",
        "rest: {about: 10s, least: 1s, most: 20s}",
    )
    previous = 0
    for length in range(25, 120):
        timeline = lay_out(script, length * S)
        parts = [(b.phase, b.samples // S) for b in timeline.breaths]
        assert parts == [("in", 4), ("hold", 1), ("out", 6)] * (len(parts) // 3)
        assert len(parts) >= previous
        previous = len(parts)
    assert previous == 27
    assert texts(timeline) == [
        "Now",
        "In",
        "Out we go",
        "In",
        "Out we go",
        "In",
        "Out we go",
        "In",
        "Out we go",
        "In",
        "Out we go",
    ]
    starts = [clip.start for clip in timeline.lines[1:3]]
    assert starts == [timeline.breaths[0].start, timeline.breaths[2].start]
    assert all(a.end == b.start for a, b in pairwise(timeline.breaths))


def test_breathing_slows_down_to_half_as_slow_again() -> None:
    script = one_segment("breathe: {in: 4s, out: 6s, rounds: 120, slower: 10 % a minute}")
    timeline = lay_out(script, feasible_lengths(script)[0])
    rounds = [a.samples + b.samples for a, b in zip(timeline.breaths[::2], timeline.breaths[1::2], strict=True)]
    assert rounds[0] == 10 * S
    assert rounds == sorted(rounds)
    at_a_minute = next(r for r, b in zip(rounds, timeline.breaths[::2], strict=True) if b.start >= 60 * S)
    assert at_a_minute == pytest.approx(11 * S, abs=S // 5)
    assert rounds[-1] == 15 * S
    assert timeline.breaths[-1].samples == pytest.approx(9 * S, abs=1)


def test_no_silent_bell_rings_past_the_end_whatever_is_dropped() -> None:
    script = one_segment("Words", "{bell: {sound: soft, wait: no}}", "{hold: 20s, optional: 1}", "{pause: 1s}")
    for length in range(8, 30):
        try:
            timeline = lay_out(script, length * S)
        except LengthError:
            continue
        assert all(event.end <= timeline.samples for event in timeline.events)


def test_guidance_asks_for_more_or_less() -> None:
    steps = "      - steps: [Again and again, {rest: 20s}]\n        repeat: 1 or more\n"
    text = f"title: A\nsegments:\n  - title: One\n    steps:\n{steps}"
    more, medium, less = (
        [len(lay_out(measure(text, guidance), length * S).lines) for length in range(40, 600, 10)]
        for guidance in ("more", "medium", "less")
    )
    assert all(a >= b >= c for a, b, c in zip(more, medium, less, strict=True))
    assert sum(more) > 1.1 * sum(medium) > 1.2 * sum(less)
    assert more == sorted(more)
    assert less == sorted(less)


def test_lengths_that_no_choice_comes_to() -> None:
    script = one_segment("Always said", "{hold: 60s, optional: yes}", "pause: 2s")
    with pytest.raises(LengthError, match="no choice of its parts") as caught:
        lay_out(script, 30 * S)
    assert "0:05 or 1:02" in (caught.value.hint or "")
    assert caught.value.feasible == feasible_lengths(script)


def test_lengths_that_are_offered_can_be_had() -> None:
    script = one_segment("breathe: {in: 4s, out: 4s, rounds: 1 or more, slower: 10 % a minute}", "And out")
    with pytest.raises(LengthError) as caught:
        lay_out(script, 300 * S)
    offers = re.findall(r"[\d.:]+s?(?= or|,)", caught.value.hint or "")
    assert len(offers) == 2
    for offer in offers:
        assert ends_meet(lay_out(script, parse_duration(offer)))


def test_what_must_be_kept_is_named() -> None:
    text = """
title: A
segments:
  - {title: Setup, keep: yes, steps: [Many words that have to be said here]}
  - {title: Middle, steps: [{rest: 20s}]}
  - {title: Way out, keep: yes, steps: [Stand up slowly]}
"""
    with pytest.raises(LengthError) as caught:
        lay_out(measure(text), 10 * S)
    assert "Setup and Way out must be kept and need 0:06" in (caught.value.hint or "")
