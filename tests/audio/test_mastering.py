"""One level for all speech, and no start after a long silence: from the windows that recordings are kept with."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import pytest

from calmcast.audio.loudness import AROUND_STEPS, SPEECH_LUFS, integrated, lufs, power_of
from calmcast.audio.mastering import MOST_JUMP_LU, QUIET_LUFS, RISE_STEP_DB, master
from calmcast.diagnostics import SourceRef
from calmcast.model.sound import BedSound, BreathSound, BreathTone, Ringing, Strike
from calmcast.model.steps import PhaseName
from calmcast.model.timeline import (
    RISE_DB_S,
    BedSpan,
    Breath,
    Chapter,
    Event,
    Mastered,
    Silence,
    Spoken,
    Struck,
    Timeline,
)
from calmcast.model.voice import Recording
from calmcast.publish.lame import MAKEUP_DB
from calmcast.units import SAMPLE_RATE as S
from calmcast.units import gain

HERE = SourceRef("script.yaml", 1, 1)
BOWL = Strike("bowl")
RINGING = {BOWL: Ringing(10 * S, tuple(power_of(-23.0 - n) for n in range(40)), 0.3)}


def line(
    start_s: float, length_s: float = 4.0, loudness: float = -25.0, voice: str = "calm", level: float = 0.0
) -> Spoken | Struck:
    samples = round(length_s * S)
    windows = round(length_s * 10) + 2 * AROUND_STEPS - 3
    recording = Recording(f"{voice}{start_s}", samples, (), (power_of(loudness),) * windows, 0.4)
    return Spoken(round(start_s * S), samples, 0, HERE, recording, voice, "Words.", level)


def bell(start_s: float) -> Spoken | Struck:
    return Struck(round(start_s * S), 10 * S, 0, HERE, BOWL, 0.0)


def timeline(length_s: int, *events: Event, beds: tuple[BedSpan, ...] = ()) -> Timeline:
    return Timeline(length_s * S, events, (Chapter("All", 0, length_s * S),), beds=beds)


def rises(mastered: Mastered) -> list[float]:
    return [clip.rise for clip in mastered.timeline.lines]


def speech(mastered: Mastered, own: Mapping[str, float] | None = None) -> float:
    """Return the gated loudness of all lines as they are heard, a rise taken at the middle of each window."""
    heard = []
    for clip in mastered.timeline.lines:
        content = clip
        level = mastered.gains_db[content.voice] - MAKEUP_DB + content.level - (own or {}).get(content.voice, 0.0)
        for nth, window in enumerate(content.recording.loudness):
            middle_s = (nth - AROUND_STEPS + 2) / 10
            heard.append(window * gain(level - max(0.0, content.rise - RISE_DB_S * max(0.0, middle_s))) ** 2)
    return integrated(heard)


def test_speakers_of_unlike_loudness_are_matched() -> None:
    track = timeline(60, line(0, loudness=-25.0), line(6, loudness=-31.0, voice="mine"), line(12))
    mastered = master(track, {"calm": 0.0, "mine": 0.0}, {}, MAKEUP_DB)
    assert mastered.gains_db["calm"] == pytest.approx(6.0 + MAKEUP_DB)
    assert mastered.gains_db["mine"] == pytest.approx(12.0 + MAKEUP_DB)
    assert mastered.timeline == track


def test_a_voice_has_the_level_of_its_profile() -> None:
    track = timeline(60, line(0), line(6, voice="mine"))
    mastered = master(track, {"calm": 0.0, "mine": -3.0}, {}, MAKEUP_DB)
    assert mastered.gains_db["calm"] - mastered.gains_db["mine"] == pytest.approx(3.0)
    assert mastered.own_db == {"mine": -3.0}
    alone = master(timeline(60, line(0, voice="mine")), {"mine": -3.0}, {}, MAKEUP_DB)
    assert alone.gains_db["mine"] == pytest.approx(3.0 + MAKEUP_DB)


@pytest.mark.parametrize("softer", [-3.0, -6.0])
def test_authored_levels_stay_as_they_are_and_the_whole_comes_to_the_same(softer: float) -> None:
    track = timeline(60, line(0), line(6, level=softer), line(12))
    mastered = master(track, {"calm": 0.0}, {}, MAKEUP_DB)
    assert [c.level for c in mastered.timeline.lines] == [0.0, softer, 0.0]
    assert speech(mastered) == pytest.approx(SPEECH_LUFS, abs=0.01)


@pytest.mark.parametrize("level", [-18.0, -12.0, 6.0, 9.0])
def test_where_every_line_is_authored_alike_it_is_as_if_none_were(level: float) -> None:
    track = timeline(60, *(line(6 * nth, level=level) for nth in range(6)))
    mastered = master(track, {"calm": 0.0}, {}, MAKEUP_DB)
    assert {c.level for c in mastered.timeline.lines} == {level}
    assert speech(mastered) == pytest.approx(SPEECH_LUFS, abs=0.01)


def test_the_one_line_that_is_not_softer_does_not_become_loud() -> None:
    track = timeline(180, line(0, 1.0), *(line(6 * nth, level=-12.0) for nth in range(1, 26)))
    mastered = master(track, {"calm": 0.0}, {}, MAKEUP_DB)
    assert -25.0 + mastered.gains_db["calm"] - MAKEUP_DB == pytest.approx(SPEECH_LUFS + 6.0, abs=0.01)


@pytest.mark.parametrize(("length_s", "softer"), [(2.0, 4.4), (3.0, 1.2), (4.0, 0.5), (7.0, 0.3)])
def test_short_lines_that_all_come_out_of_long_silences_are_hardly_softer(length_s: float, softer: float) -> None:
    track = timeline(600, *(line(60 * nth, length_s) for nth in range(10)))
    mastered = master(track, {"calm": 0.0}, {}, MAKEUP_DB)
    assert min(rises(mastered)[1:]) > 12.0
    assert SPEECH_LUFS - softer < speech(mastered) < SPEECH_LUFS + 0.3


def test_after_a_long_silence_a_voice_comes_up_from_the_room() -> None:
    mastered = master(timeline(300, line(0), line(6), line(120), line(126), line(133)), {"calm": 0.0}, {}, MAKEUP_DB)
    first, second, third, fourth, fifth = rises(mastered)
    assert first == second == 0.0
    assert third == pytest.approx(SPEECH_LUFS - (QUIET_LUFS + MOST_JUMP_LU) + 0.5 * RISE_DB_S, abs=1.5)
    assert 0.0 < fourth < third - 4.0
    assert fifth < fourth
    assert speech(mastered) == pytest.approx(SPEECH_LUFS, abs=0.05)


def test_it_comes_up_from_the_bed_where_there_is_one() -> None:
    def bed(level: float) -> tuple[BedSpan, ...]:
        return (BedSpan(BedSound("rain"), 0, 300 * S, 0, 0, ((0, level),)),)

    track = *(line(5 * nth) for nth in range(12)), line(120)
    quiet, usual, loud = (
        rises(master(timeline(300, *track, beds=bed(level)), {"calm": 0.0}, {}, MAKEUP_DB))[-1]
        for level in (-26.0, -22.0, -14.0)
    )
    assert usual == pytest.approx(SPEECH_LUFS - (QUIET_LUFS + MOST_JUMP_LU) + 0.5 * RISE_DB_S, abs=1.0)
    assert loud == pytest.approx(usual - 8.0, abs=0.6)
    assert quiet == pytest.approx(usual, abs=0.1), "a bed that is softer than a silence counts as one"


@pytest.mark.parametrize(
    ("sound", "level", "less"), [("swell", -14.0, 4.0), ("tones", -14.0, 4.5), ("tones", -6.0, 12.0)]
)
def test_it_comes_up_from_a_tone_to_breathe_with(sound: BreathSound, level: float, less: float) -> None:
    tone = BreathTone(sound, level)
    parts = [(12 * S * nth + at * S, phase) for nth in range(1, 10) for at, phase in ((0, "in"), (6, "out"))]
    breaths = tuple(Breath(start, 6 * S, cast(PhaseName, phase), HERE, tone) for start, phase in parts)
    events = *(line(5 * nth, 4.0) for nth in range(2)), line(120), *(line(120 + 5 * nth, 4.0) for nth in range(1, 9))
    silent = timeline(300, *events)
    without = rises(master(silent, {"calm": 0.0}, {}, MAKEUP_DB))[2]
    assert rises(master(replace(silent, breaths=breaths), {"calm": 0.0}, {}, MAKEUP_DB))[2] == pytest.approx(
        max(0.0, without - less), abs=1.0
    )


def test_no_beginning_jumps_out_of_the_half_minute_before_it() -> None:
    """Looked at as the rule says it: window by window, from the levels of all that was heard before."""
    starts = (0, 5, 11, 60, 66, 71, 140, 141, 180, 230, 262, 296)
    events = sorted([*(line(at, 3.5) for at in starts), bell(100), bell(290)], key=lambda clip: clip.start)
    mastered = master(timeline(360, *events), {"calm": 0.0}, RINGING, MAKEUP_DB)
    power = [power_of(QUIET_LUFS)] * 3600
    for event in mastered.timeline.events:
        assert isinstance(event, Spoken | Struck)
        first = event.start * 10 // S
        if isinstance(event, Struck):
            heard = [w * gain(event.level - MAKEUP_DB) ** 2 for w in RINGING[BOWL].loudness]
        else:
            level = mastered.gains_db["calm"] - MAKEUP_DB
            windows = enumerate(event.recording.loudness)
            heard = [
                w * gain(level - max(0.0, event.rise - 0.1 * RISE_DB_S * max(0, nth - AROUND_STEPS + 2))) ** 2
                for nth, w in windows
            ]
        if event.start >= 30 * S:
            before = lufs(sum(power[first - 300 : first]) / 300)
            assert lufs(max(heard[:6])) <= before + MOST_JUMP_LU + 0.1
        for nth, window in enumerate(heard):
            power[first + nth] += window


def test_a_bell_after_a_long_silence_is_softer_as_a_whole() -> None:
    mastered = master(timeline(300, line(0), bell(10), bell(200)), {"calm": 0.0}, RINGING, MAKEUP_DB)
    early, late = (event for event in mastered.timeline.events if isinstance(event, Struck))
    assert early.level == 0.0
    assert late.level == pytest.approx(QUIET_LUFS + MOST_JUMP_LU - 0.6 + 23.0 + MAKEUP_DB, abs=RISE_STEP_DB / 2)


def test_estimates_have_no_levels() -> None:
    recording = Recording("", 4 * S, (), (), 0.0)
    track = timeline(300, line(0), Spoken(200 * S, 4 * S, 0, HERE, recording, "calm", "Words."))
    silent = Timeline(300 * S, (track.events[1], Silence(204 * S, 96 * S, "rest", 0, HERE)), track.chapters)
    assert master(silent, {}, {}, MAKEUP_DB) == Mastered(silent, {"calm": 0.0}, {}, {}, {}, MAKEUP_DB)
    empty = Timeline(S, (Silence(0, S, "rest", 0, HERE),), (Chapter("All", 0, S),))
    assert master(empty, {}, {}, MAKEUP_DB) == Mastered(empty, {}, {}, {}, {}, MAKEUP_DB)
