"""The facts of a track, from timelines written by hand in seconds."""

import pytest

from calmcast.diagnostics import SourceRef
from calmcast.model.timeline import Event, Mark, Silence, Spoken, Struck, Timeline
from calmcast.model.traits import Role
from calmcast.model.voice import Recording
from calmcast.planning.report import Report, Span, report, set_up_time, usual_share
from calmcast.units import SAMPLE_RATE


def line(start: int, end: int, text: str) -> Spoken | Struck:
    recording = Recording("k", (end - start) * SAMPLE_RATE, (), (), 0.5)
    source = SourceRef("x.yaml", start + 1, 1)
    return Spoken(start * SAMPLE_RATE, recording.samples, 0, source, recording, "calm", text)


def silence(start: int, end: int, kind: str = "rest") -> Silence:
    return Silence(start * SAMPLE_RATE, (end - start) * SAMPLE_RATE, kind, 0, SourceRef("x.yaml", start + 1, 1))


def track(seconds: int, *events: Event, marks: tuple[tuple[Role, int, int], ...] = ()) -> Timeline:
    placed = tuple(Mark(role, start * SAMPLE_RATE, end * SAMPLE_RATE) for role, start, end in marks)
    return Timeline(seconds * SAMPLE_RATE, events, (), (), placed)


def facts(timeline: Timeline) -> Report:
    return report(timeline, lambda text: "quiet" in text)


def spans(*times: tuple[int, int]) -> tuple[Span, ...]:
    return tuple(Span(start * SAMPLE_RATE, end * SAMPLE_RATE) for start, end in times)


def test_words_are_counted_in_the_minute_in_which_they_sound() -> None:
    timeline = track(130, line(0, 4, "one two"), line(58, 62, "one two three four"), line(120, 122, "end"))
    assert facts(timeline).words_a_minute == (4, 2, 1)
    assert facts(timeline).words == 7


def test_a_last_word_at_the_very_end() -> None:
    assert facts(track(60, line(56, 60, "one two three four"))).words_a_minute == (4,)


def test_the_longest_silence_and_where() -> None:
    """Neighbouring silences are one; of two as long, the first is named."""
    before = (line(0, 5, "a"), silence(5, 10, "pause"), silence(10, 20))
    timeline = track(60, *before, line(20, 25, "b"), silence(25, 40), line(40, 60, "c"))
    assert facts(timeline).longest_silence == Span(5 * SAMPLE_RATE, 20 * SAMPLE_RATE)
    assert facts(track(60, line(0, 60, "a"))).longest_silence is None


def test_a_track_of_silence() -> None:
    found = facts(track(90, silence(0, 90)))
    assert (found.words, found.words_a_minute, found.silence_share) == (0, (0, 0), 1.0)


@pytest.mark.parametrize(
    ("marks", "checks", "unchecked"),
    [
        ((), (), ((0, 900),)),
        ((("exit", 240, 300),), (), ()),
        ((("exit", 241, 300),), (), ((0, 241),)),
        ((("check", 230, 240), ("check", 480, 490), ("exit", 700, 900)), ((230, 240), (480, 490)), ()),
        ((("check", 230, 240), ("check", 481, 490), ("exit", 700, 900)), ((230, 240), (481, 490)), ((240, 481),)),
        ((("check", 230, 240), ("exit", 500, 900)), ((230, 240),), ((240, 500),)),
        ((("check", 200, 240), ("check", 210, 220), ("exit", 400, 900)), ((200, 240),), ()),
        ((("exit", 100, 200), ("check", 600, 610)), ((600, 610),), ()),
        ((("exit", 250, 300), ("exit", 100, 200)), (), ()),
    ],
)
def test_comfort_checks_and_what_lies_between(
    marks: tuple[tuple[Role, int, int], ...],
    checks: tuple[tuple[int, int], ...],
    unchecked: tuple[tuple[int, int], ...],
) -> None:
    found = facts(track(900, line(0, 5, "a"), silence(5, 900), marks=marks))
    assert found.checks == spans(*checks)
    assert found.unchecked == spans(*unchecked)


def test_a_minute_of_silence_is_announced() -> None:
    def unannounced(*events: Event, marks: tuple[tuple[Role, int, int], ...] = ()) -> list[tuple[Span, int]]:
        return [(each.span, each.source.line) for each in facts(track(100, *events, marks=marks)).unannounced]

    end = line(90, 100, "z")
    (span,) = spans((10, 90))
    assert unannounced(line(0, 10, "a"), silence(10, 90), end) == [(span, 11)]
    assert unannounced(line(0, 10, "a"), silence(10, 12), silence(12, 90), end) == [(span, 13)]
    assert unannounced(line(0, 31, "a"), silence(31, 90), end) == []
    assert unannounced(line(0, 10, "now quiet"), silence(10, 90), end) == []
    assert unannounced(line(0, 5, "now quiet"), line(5, 10, "a"), silence(10, 90), end) == []
    assert unannounced(line(0, 2, "quiet"), line(2, 5, "a"), line(5, 10, "b"), silence(10, 90), end) == [(span, 11)]
    assert unannounced(line(0, 10, "a"), silence(10, 90), end, marks=(("announce", 0, 10),)) == []
    assert unannounced(line(0, 10, "a"), silence(10, 90), end, marks=(("check", 0, 10),)) == [(span, 11)]
    assert unannounced(line(0, 10, "in"), silence(10, 90, "breath"), end) == []


def test_nobody_is_asked_once_the_track_falls_silent_for_sleep() -> None:
    """From there on no check is missed, the silence is no surprise, and checks of the last third come too late."""
    asleep: tuple[tuple[Role, int, int], ...] = (("check", 200, 210), ("sleep", 440, 900))
    found = facts(track(900, line(0, 5, "a"), line(440, 450, "night"), silence(450, 900), marks=asleep))
    assert found.unchecked == ()
    assert found.unannounced == ()
    assert found.sleeps_from == 440 * SAMPLE_RATE
    two = facts(track(900, line(0, 5, "a"), marks=(("check", 580, 599), ("check", 600, 610), ("sleep", 700, 900))))
    assert two.late_checks == spans((600, 610))


def test_a_nap_from_which_one_is_brought_back() -> None:
    marks: tuple[tuple[Role, int, int], ...] = (("sleep", 100, 700), ("check", 700, 720), ("exit", 720, 900))
    found = facts(track(900, line(0, 5, "a"), silence(110, 690), line(690, 700, "b"), marks=marks))
    assert found.sleeps_from is None
    assert found.late_checks == ()
    assert found.unannounced == ()


def test_the_silence_before_sleep_is_announced_all_the_same() -> None:
    found = facts(track(300, line(0, 5, "a"), silence(5, 80), line(80, 85, "night"), marks=(("sleep", 80, 300),)))
    assert [each.span for each in found.unannounced] == [*spans((5, 80))]


def test_the_usual_share_of_silence() -> None:
    """By the row, between two rows in proportion, and a little beyond the last."""
    minute = 60 * SAMPLE_RATE
    assert usual_share(10 * minute) == (0.48, 0.62)
    assert usual_share(15 * minute) == pytest.approx((0.53, 0.66))
    assert usual_share(30 * minute) == (0.63, 0.76)
    assert usual_share(33 * minute) == (0.63, 0.76)
    assert usual_share(5 * minute) == (0.38, 0.52)
    assert usual_share(5 * minute - 1) is None
    assert usual_share(40 * minute) is None


@pytest.mark.parametrize(
    ("minutes", "words_s", "needed_s"),
    [
        (3, 100, None),
        (4, 100, 15),
        (5, 48, 22),
        (10, 75, 60),
        (10, 300, 60),
        (15, 200, 72.5),
        (60, 200, 95),
        (10, 20, 0),
        (10, 5, 0),
        (10, 47.5, 30),
    ],
)
def test_setting_up_takes_time_for_what_it_asks(minutes: int, words_s: float, needed_s: float | None) -> None:
    found = set_up_time(minutes * 60 * SAMPLE_RATE, words_s)
    assert found == (None if needed_s is None else round(needed_s * SAMPLE_RATE))


def test_the_time_that_setting_up_has() -> None:
    """Silences of a second and more inside its parts, cut where a part begins or ends."""
    events = (line(0, 100, "a"), silence(100, 110), line(110, 150, "b"), silence(150, 170), line(170, 600, "c"))
    found = facts(track(600, *events, marks=(("setup", 0, 155),)))
    assert found.set_up is not None
    assert (found.set_up.silent, found.set_up.needed) == (15 * SAMPLE_RATE, 60 * SAMPLE_RATE)
    assert facts(track(600, *events)).set_up is None
    assert facts(track(200, *events, marks=(("setup", 0, 155),))).set_up is None
