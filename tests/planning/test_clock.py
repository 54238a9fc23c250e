import pytest

from calmcast.model.timeline import Clip, Rung, Timeline
from calmcast.planning.clock import APART, CLEAR
from calmcast.planning.layout import lay_out
from tests.planning.scripts import BELL, S, measure

STEPS = "[One two three four, hold: 28s, One two three four, rest: 1 min, One two]"


def bells_of(timeline: Timeline) -> list[tuple[float, str]]:
    return [
        (event.start / S, event.content.strike.sound)
        for event in timeline.events
        if isinstance(event, Clip) and isinstance(event.content, Rung)
    ]


def track(bells: str, length_s: int = 600, steps: str = STEPS) -> Timeline:
    text = f"title: A\nbells: {bells}\nsegments:\n  - {{title: One, steps: {steps}}}\n"
    return lay_out(measure(text), length_s * S)


def test_start_end_and_between() -> None:
    text = """\
title: A
bells: {start: soft, between: {sound: soft, wait: no}, end: bowl}
segments:
  - {title: One, optional: yes, from: 10 min, steps: [One two]}
  - {title: Two, steps: [One two, rest: 10s]}
  - {title: Three, steps: [One two]}
"""
    timeline = lay_out(measure(text), 60 * S)
    assert [sound for _, sound in bells_of(timeline)] == ["soft", "soft", "soft", "bowl"]
    assert bells_of(timeline)[0][0] == 0.0
    assert bells_of(timeline)[-1][0] == 60.0 - 2 * BELL / S
    assert [chapter.title for chapter in timeline.chapters] == ["Two", "Three"]
    assert timeline.chapters[0].start == 0
    assert timeline.chapters[-1].end == 60 * S
    last = timeline.events[-1]
    assert isinstance(last, Clip)
    assert last.segment == 1


@pytest.mark.parametrize(
    ("time", "seconds"),
    [("3:00", 180.0), ("-2:00", 480.0), ("50 %", 300.0), ("1s", 1.0), ("-1s", 595.0)],
)
def test_a_time(time: str, seconds: float) -> None:
    steps = "[hold: 30s, One, rest: 1 min]"
    assert bells_of(track(f"{{at: [{{time: {time}, sound: soft}}]}}", steps=steps)) == [(seconds, "soft")]


def test_every_so_many_minutes_and_not_at_the_end() -> None:
    rung = [seconds for seconds, _ in bells_of(track("{every: {time: 2 min, sound: soft}}"))]
    assert rung == [120.0, 240.0, 360.0, 480.0]


def test_no_bell_falls_into_words() -> None:
    timeline = track("{at: [{time: 31s, sound: soft}]}")
    ((start, _),) = bells_of(timeline)
    assert start != 31.0
    assert abs(start - 31.0) < 20
    begin = round(start * S)
    for line in timeline.lines:
        assert begin >= line.end + APART or begin + min(CLEAR, BELL) <= line.start - APART


def test_where_words_never_end_it_rings_at_its_time() -> None:
    words = ", ".join(["one two three four five six seven eight nine ten"] * 24)
    timeline = track("{at: [{time: 60s, sound: soft}]}", 142, steps=f"[{words}]")
    assert [round(seconds) for seconds, _ in bells_of(timeline)] == [60]


def test_a_track_too_short_for_a_bell_has_none() -> None:
    assert bells_of(track("{at: [{time: 1s, sound: soft}]}", 3, steps="[One, rest: 1s]")) == []
    assert bells_of(track("{at: [{time: 20 min, sound: soft}]}")) == []
    assert bells_of(track("{every: {time: 20 min, sound: soft}}")) == []


def test_events_stay_in_time_order_and_the_length_exact() -> None:
    timeline = track("{start: soft, end: bowl, every: [{time: 1 min, sound: soft}, {time: 90s, sound: bowl}]}")
    starts = [event.start for event in timeline.events]
    assert starts == sorted(starts)
    assert max(event.end for event in timeline.events) == timeline.samples == 600 * S
    assert len(bells_of(timeline)) > 12
