"""Scripts laid out in time."""

from itertools import pairwise

import pytest

from calmcast.errors import LengthError
from calmcast.model.timeline import Struck
from calmcast.planning.choice import natural_length
from calmcast.planning.layout import feasible_lengths, lay_out
from calmcast.units import parse_duration
from tests.planning.scripts import BELL, S, measure, one_segment, shape


def test_every_kind_at_its_natural_length() -> None:
    script = one_segment("bell: soft", "One two", "Three four", "pause: 6s", "hold: 4s", "Five six", "rest: 1 min")
    assert natural_length(script) == (5 + 0.9 + 1 + 0.9 + 1 + 6 + 4 + 1 + 60) * S
    timeline = lay_out(script, natural_length(script))
    assert shape(timeline) == [
        ("bell", 5), ("pause", 0.9), ("line", 1), ("pause", 0.9), ("line", 1), ("pause", 6), ("hold", 4), ("line", 1),
        ("rest", 60),
    ]  # fmt: skip


def test_a_rest_takes_up_the_length_and_a_hold_never_changes() -> None:
    script = one_segment("One two", "pause: 6s", "hold: 4s", "rest: 1 min")
    timeline = lay_out(script, 200 * S)
    kinds = dict(shape(timeline))
    assert kinds["hold"] == 4
    assert kinds["pause"] < 8
    assert kinds["rest"] > 180
    assert sum(seconds for _, seconds in shape(timeline)) == pytest.approx(200)


def test_keep_may_grow_but_not_shrink() -> None:
    text = """
title: A
segments:
  - title: Kept
    keep: yes
    steps: [One, {pause: 6s}, Two, Three]
  - title: Free
    steps: [Four, {pause: 6s}, {rest: 60s}]
"""
    script = measure(text)
    least, _ = feasible_lengths(script)
    assert shape(lay_out(script, least)) == [
        ("line", 0.5), ("pause", 6), ("line", 0.5), ("pause", 0.9), ("line", 0.5), ("pause", 0.4),
        ("line", 0.5), ("pause", 3), ("rest", 30),
    ]  # fmt: skip


def test_a_bell_that_does_not_wait_rings_under_what_follows_but_never_past_the_end() -> None:
    script = one_segment("bell: {sound: soft, wait: no}", "pause: 2s", "One two", "rest: 20s",
                         "bell: {sound: soft, wait: no}", "pause: 1s")  # fmt: skip
    timeline = lay_out(script, 40 * S)
    first, last = (e for e in timeline.events if isinstance(e, Struck))
    line = timeline.lines[0]
    assert line.start < first.end
    assert last.end <= timeline.samples
    assert first.samples == last.samples == BELL


def test_chapters_leave_no_gap() -> None:
    text = "title: A\nsegments:\n" + "".join(
        f"  - {{title: S{i}, steps: [One two, {{pause: 5s}}]}}\n" for i in range(5)
    )
    timeline = lay_out(measure(text), 35 * S)
    assert [c.title for c in timeline.chapters] == [f"S{i}" for i in range(5)]
    assert timeline.chapters[0].start == 0
    assert timeline.chapters[-1].end == timeline.samples
    assert all(a.end == b.start for a, b in pairwise(timeline.chapters))


def test_too_short_says_what_can_be_had_and_what_binds() -> None:
    script = one_segment("One two three four", "pause: 6s", "Five")
    with pytest.raises(LengthError) as caught:
        lay_out(script, 3 * S)
    assert caught.value.feasible == feasible_lengths(script) == (int(5.5 * S), int(14.5 * S))
    assert "0:06" in caught.value.message
    assert "One (0:06)" in (caught.value.hint or "")


def test_too_long_says_what_can_be_had() -> None:
    with pytest.raises(LengthError) as caught:
        lay_out(one_segment("One two three four", "pause: 6s", "Five"), 60 * S)
    assert "0:14" in caught.value.message
    assert "rest" in (caught.value.hint or "")


def test_what_is_too_long_for_a_day_is_still_refused_in_words() -> None:
    with pytest.raises(LengthError) as caught:
        lay_out(one_segment("One two", "hold: 20 h", "hold: 20 h"), 60 * S)
    assert "need 40:00:01" in caught.value.message


def test_less_than_a_second_is_offered_exactly() -> None:
    with pytest.raises(LengthError) as caught:
        lay_out(one_segment("One"), 60 * S)
    assert "it lasts 0.50000s" in caught.value.message
    assert lay_out(one_segment("One"), parse_duration("0.50000s")).samples == S // 2


def test_no_time_at_all_is_never_offered() -> None:
    with pytest.raises(LengthError) as caught:
        lay_out(one_segment("pause: 0.00003s"), 60 * S)
    assert "it lasts 0.00005s" in caught.value.message


def test_a_segment_that_comes_round_again_is_a_chapter_each_time() -> None:
    text = """
title: A
bells: {between: soft}
segments:
  - title: Before
    steps: [One, {pause: 2s}]
  - title: Round
    repeat: 1 to 3
    steps:
      - Two
      - repeat: 2 to 2
        steps: [Three, {pause: 2s}]
  - title: After
    steps: [Four, {rest: {about: 4s, most: 5s}}]
"""
    script = measure(text)
    length = feasible_lengths(script)[1] or 0
    timeline = lay_out(script, length)
    assert [chapter.title for chapter in timeline.chapters] == ["Before", "Round", "Round 2", "Round 3", "After"]
    assert all(a.end == b.start for a, b in pairwise(timeline.chapters))
    assert (timeline.chapters[0].start, timeline.chapters[-1].end) == (0, length)
    for line in timeline.lines:
        chapter = timeline.chapters[line.segment]
        assert chapter.start <= line.start < chapter.end
