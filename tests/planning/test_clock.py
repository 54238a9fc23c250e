import pytest

from calmcast.model.timeline import Spoken, Struck, Timeline
from calmcast.planning.clock import APART, CLEAR, LEAST, NEAR, off_time_in_words
from calmcast.planning.layout import lay_out
from tests.planning.scripts import BELL, S, measure

STEPS = "[One two three four, hold: 28s, One two three four, rest: 1 min, One two]"


def bells_of(timeline: Timeline) -> list[tuple[float, str]]:
    return [(event.start / S, event.strike.sound) for event in timeline.events if isinstance(event, Struck)]


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
    assert isinstance(last, Spoken | Struck)
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


TALK = ", ".join(["one two three four five six seven eight nine ten"] * 24)


def told(timeline: Timeline) -> list[str]:
    return [off_time_in_words(each) for each in timeline.off_time]


def test_where_talk_never_pauses_long_it_rings_between_two_lines() -> None:
    timeline = track("{at: [{time: 58s, sound: soft}]}", 130, steps=f"[{TALK}]")
    ((seconds, _),) = bells_of(timeline)
    assert 0 < abs(seconds - 58) < 5.5
    after, before = LEAST
    for line in timeline.lines:
        assert seconds * S >= line.end + after - 1 or seconds * S <= line.start - before + 1
    assert told(timeline) == []


def test_a_line_that_goes_on_and_on_is_not_rung_into() -> None:
    timeline = track("{at: [{time: 30s, sound: soft}]}", 70, steps=f"[{'one ' * 120}, rest: 9s]")
    assert bells_of(timeline) == []
    assert told(timeline) == ["the bell soft of 0:30 is left out: nobody pauses near it"]


def test_a_bell_that_is_moved_far_is_told_of() -> None:
    steps = f"[{'one ' * 34}, rest: 1 min, One]"
    timeline = track("{at: [{time: 10s, sound: soft}, {time: 16s, sound: bowl}]}", 90, steps=steps)
    (first, name), *_ = bells_of(timeline)
    assert (first, name) == (17.3, "soft")
    assert told(timeline)[0] == "the bell soft of 0:10 rings at 0:17: somebody speaks at its time"
    assert abs(first - 10) < NEAR / S


@pytest.mark.parametrize(
    ("bells", "rung"),
    [
        ("{at: [{time: 3:00, sound: soft}, {time: 3:01, sound: bowl}]}", [(180.0, "soft")]),
        ("{at: [{time: 3:00, sound: soft}, {time: 3:03, sound: bowl}]}", [(180.0, "soft"), (183.0, "bowl")]),
        ("{every: {time: 3 min, sound: soft}, at: [{time: 6:00, sound: bowl}]}",
         [(180.0, "soft"), (360.0, "bowl"), (540.0, "soft")]),
        ("{every: [{time: 2 min, sound: soft}, {time: 4 min, sound: bowl}]}",
         [(120.0, "soft"), (240.0, "bowl"), (360.0, "soft"), (480.0, "bowl")]),
    ],
)  # fmt: skip
def test_where_another_bell_rings_the_lesser_gives_way(bells: str, rung: list[tuple[float, str]]) -> None:
    timeline = track(bells, steps="[One, rest: 1 min]")
    assert bells_of(timeline) == rung
    assert all(each.endswith("is left out: another bell rings then") for each in told(timeline))


def test_a_bell_among_the_steps_comes_before_those_by_the_clock() -> None:
    timeline = track(
        "{start: bowl, at: [{time: 2s, sound: soft}, {time: 5s, sound: soft}]}", steps="[rest: 1 min, One]"
    )
    assert bells_of(timeline) == [(0.0, "bowl"), (5.0, "soft")]
    assert told(timeline) == ["the bell soft of 0:02 is left out: another bell rings then"]


def test_a_track_too_short_for_a_bell_has_none() -> None:
    assert bells_of(track("{at: [{time: 1s, sound: soft}]}", 3, steps="[One, rest: 1s]")) == []
    late = track("{at: [{time: 20 min, sound: soft}, {time: -11 min, sound: soft}]}")
    assert bells_of(late) == []
    assert told(late) == [
        "the bell soft of 1:00 before the beginning is left out: the track does not last that long",
        "the bell soft of 20:00 is left out: the track does not last that long",
    ]
    assert bells_of(track("{every: {time: 20 min, sound: soft}}")) == []


def test_events_stay_in_time_order_and_the_length_exact() -> None:
    timeline = track("{start: soft, end: bowl, every: [{time: 1 min, sound: soft}, {time: 90s, sound: bowl}]}")
    starts = [event.start for event in timeline.events]
    assert starts == sorted(starts)
    assert max(event.end for event in timeline.events) == timeline.samples == 600 * S
    assert len(bells_of(timeline)) > 12
