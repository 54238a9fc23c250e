"""Scripts laid out in time; the script is the test's docstring or text, lines last half a second a word."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmcast.errors import LengthError
from calmcast.model.script import Line, Segment
from calmcast.model.timeline import Clip, Rung, Silence, Spoken, Timeline
from calmcast.model.voice import Recording
from calmcast.planning.layout import Measured, feasible_lengths, lay_out, natural_length
from calmcast.planning.sequence import sequence
from calmcast.script.builder import build_script
from calmcast.script.reader import read
from calmcast.units import SAMPLE_RATE

S = SAMPLE_RATE
BELL = 5 * S


def measured(text: str) -> Measured:
    node, problems = read(text.encode(), "x.yaml")
    script, more = build_script(node, "x", "x.yaml")
    assert not problems
    assert not more
    assert script is not None
    moments = sequence(script)
    lengths = {i: len(m.step.text.split()) * S // 2 for i, m in enumerate(moments) if isinstance(m.step, Line)}
    recordings = {i: Recording(str(i), samples, (), (), 0.0) for i, samples in lengths.items()}
    segments = tuple(s for s in script.segments if isinstance(s, Segment))
    return Measured(script.title, segments, moments, recordings, {"soft": BELL})


def one_segment(*steps: str) -> Measured:
    return measured(
        "title: A\nsegments:\n  - title: One\n    steps:\n" + "".join(f"      - {step}\n" for step in steps)
    )


def shape(timeline: Timeline) -> list[tuple[str, float]]:
    """Return (kind, seconds) of each event."""
    return [
        ("bell" if isinstance(e.content, Rung) else "line", e.samples / S)
        if isinstance(e, Clip)
        else (e.kind, e.samples / S)
        for e in timeline.events
    ]


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
    script = measured(text)
    least, _ = feasible_lengths(script)
    assert shape(lay_out(script, least)) == [
        ("line", 0.5), ("pause", 6), ("line", 0.5), ("pause", 0.9), ("line", 0.5), ("pause", 0.4),
        ("line", 0.5), ("pause", 3), ("rest", 30),
    ]  # fmt: skip


def test_a_bell_that_does_not_wait_rings_under_what_follows_but_never_past_the_end() -> None:
    script = one_segment("bell: {sound: soft, wait: no}", "pause: 2s", "One two", "rest: 20s",
                         "bell: {sound: soft, wait: no}", "pause: 1s")  # fmt: skip
    timeline = lay_out(script, 40 * S)
    first, last = (e for e in timeline.events if isinstance(e, Clip) and isinstance(e.content, Rung))
    line = timeline.lines[0]
    assert line.start < first.end
    assert last.end <= timeline.samples
    assert first.samples == last.samples == BELL


def test_chapters_leave_no_gap() -> None:
    text = "title: A\nsegments:\n" + "".join(
        f"  - {{title: S{i}, steps: [One two, {{pause: 5s}}]}}\n" for i in range(5)
    )
    timeline = lay_out(measured(text), 35 * S)
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


STEPS = st.lists(
    st.one_of(
        st.integers(1, 12).map(lambda n: " ".join(["word"] * n)),
        st.integers(1, 60).map(lambda n: f"pause: {n}s"),
        st.integers(1, 60).map(lambda n: f"pause: {{about: {n + 60}s, least: {n}s, most: {n + 90}s}}"),
        st.integers(1, 20).map(lambda n: f"hold: {n}s"),
        st.integers(1, 300).map(lambda n: f"rest: {n}s"),
        st.booleans().map(lambda wait: f"bell: {{sound: soft, wait: {'yes' if wait else 'no'}}}"),
        st.integers(1, 9).map(lambda n: f"{{steps: [word word, {{pause: {n}s}}, word], keep: yes}}"),
    ),
    min_size=1,
    max_size=80,
)


@given(STEPS, st.floats(0, 1))
def test_any_script_lasts_exactly_as_asked(steps: list[str], where: float) -> None:
    script = one_segment(*steps)
    least, most = feasible_lengths(script)
    top = most if most is not None else 3 * natural_length(script)
    samples = least + int((top - least) * where)
    timeline = lay_out(script, samples)
    assert timeline == lay_out(script, samples)
    # time is accounted for from end to end: each event begins where what came before lets it
    position = 0
    for index, event in enumerate(timeline.events):
        assert event.start == position
        step = script.moments[index].step
        if isinstance(event, Silence):
            if event.kind != "hold":
                glue = step.glue  # type: ignore[union-attr]  # a pause or a rest
                assert glue.least <= event.samples
                assert glue.most is None or event.samples <= glue.most
            position = event.end
        elif isinstance(event.content, Spoken):
            assert event.samples == script.recordings[index].samples
            position = event.end
        else:
            position = timeline.events[index + 1].start if index + 1 < len(timeline.events) else event.end
            assert position in (event.start, event.end)
    assert position == samples
    assert all(event.end <= samples for event in timeline.events)
    lines = timeline.lines
    assert all(a.end <= b.start for a, b in pairwise(lines))
