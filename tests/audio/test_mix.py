import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from calmcast.audio import bells, limiter, loudness, ring
from calmcast.audio.mix import (
    EDGE,
    HEADROOM_DB,
    LIMITER_REACH,
    LONGEST_BLOCK,
    SILENT,
    Ground,
    Sound,
    _sounding,
    blocks,
    mix,
)
from calmcast.diagnostics import SourceRef
from calmcast.errors import SoundError
from calmcast.model.timeline import Block
from calmcast.units import SAMPLE_RATE, gain

HERE = SourceRef("script.yaml", 1, 1)
LIMIT = partial(limiter.limit_mix, headroom_db=HEADROOM_DB)

Pcm = NDArray[np.int16]


@dataclass(frozen=True)
class Spoken:
    """A sound that the test's store holds, by its key."""

    start: int
    key: str
    samples: int
    voice: str = "calm"

    @property
    def end(self) -> int:
        return self.start + self.samples


def spoken(start: int, key: str, samples: int, voice: str = "calm") -> Spoken:
    return Spoken(start, key, samples, voice)


def rung(start: int, sound: str = "soft", level: float = 0.0) -> Sound:
    pcm = ring.ring(sound).astype("<i2").tobytes()
    return Sound(start, len(pcm) // 2, lambda: pcm, level, gain(level), HERE, (sound,))


def timeline(samples: int, *events: Spoken | Sound) -> tuple[int, tuple[Spoken | Sound, ...]]:
    return samples, events


def mixed(
    track: tuple[int, tuple[Spoken | Sound, ...]],
    store: Mapping[str, Pcm],
    gains: Mapping[str, float] | None = None,
    channels: int = 1,
    ground: Ground = SILENT,
    between: tuple[int, int] | None = None,
) -> list[Block]:
    def sound(event: Spoken | Sound) -> Sound:
        if isinstance(event, Sound):
            return event
        level = (gains or {"calm": 0.0})[event.voice]
        pcm = store[event.key].astype("<i2").tobytes()
        return Sound(event.start, event.samples, lambda: pcm, level, gain(level), HERE, (event.key,))

    samples, events = track
    islands = mix(samples, channels, [sound(event) for event in events], ground, LIMIT)
    return list(blocks(islands, *(between or (0, samples))))


def samples_of(blocks: list[Block]) -> Pcm:
    for block in blocks:
        assert block.samples > 0
        assert block.pcm is None or len(block.pcm) == 2 * block.samples
    pcm = b"".join(bytes(2 * block.samples) if block.pcm is None else block.pcm for block in blocks)
    return np.frombuffer(pcm, "<i2")


def tone(samples: int, amplitude: int = 5000, frequency: float = 440.0) -> Pcm:
    wave: Pcm = np.rint(amplitude * np.sin(2 * np.pi * frequency * np.arange(samples) / SAMPLE_RATE)).astype(np.int16)
    return wave


def faded(sound: Pcm) -> NDArray[np.float64]:
    """What a clip should come out as: its sound with a straight fade at each end."""
    edge = min(EDGE, len(sound) // 2)
    out = sound.astype(np.float64)
    if edge:
        out[:edge] *= np.arange(edge) / edge
        out[-edge:] *= 1 - np.arange(edge) / edge
    return out


def far(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Return the largest difference of two arrays of one length, in their own unit."""
    assert one.shape == other.shape
    return float(np.abs(one - other).max(initial=0.0))


def test_each_sound_is_at_its_sample_and_silence_is_between() -> None:
    store = {"a": tone(10_007), "b": tone(3_331, 9000)}
    blocks = mixed(timeline(50_000, spoken(1_237, "a", 10_007), spoken(20_011, "b", 3_331)), store)
    assert [(block.samples, block.pcm is None) for block in blocks] == [
        (1_237, True),
        (10_007, False),
        (8_767, True),
        (3_331, False),
        (26_658, True),
    ]
    out = samples_of(blocks)
    assert far(out[1_237:11_244], faded(store["a"])) <= 0.51
    assert far(out[20_011:23_342], faded(store["b"])) <= 0.51


def test_inside_its_edges_a_sound_at_0_db_is_unchanged() -> None:
    sound = np.random.default_rng(1).integers(-20_000, 20_000, 30_000).astype(np.int16) // 2
    out = samples_of(mixed(timeline(30_000, spoken(0, "a", 30_000)), {"a": sound}))
    assert (out[EDGE:-EDGE] == sound[EDGE:-EDGE]).all()


def test_six_hundred_silences_do_not_drift() -> None:
    """Silences of 1.337 s, which milliseconds cannot hold exactly in samples."""
    gap, sound = 58_962, tone(441)
    clips = [spoken(gap * (n + 1) + 441 * n, "a", 441) for n in range(600)]
    blocks = mixed(timeline(600 * (gap + 441), *clips), {"a": sound})
    assert sum(block.samples for block in blocks) == 600 * (gap + 441)
    assert [block.samples for block in blocks] == [gap, 441] * 600


def test_an_empty_track_is_one_silence() -> None:
    assert mixed(timeline(12_345), {}) == [Block(12_345, None)]
    assert mixed(timeline(0), {}) == []


@pytest.mark.parametrize("decibels", [-20.0, -6.0, 0.0, 3.3, 9.7])
def test_a_voices_gain_is_exact(decibels: float) -> None:
    sound = tone(20_000, 6000)
    out = samples_of(mixed(timeline(20_000, spoken(0, "a", 20_000)), {"a": sound}, {"calm": decibels}))
    level = np.linalg.norm(out[EDGE:-EDGE].astype(float)) / np.linalg.norm(sound[EDGE:-EDGE].astype(float))
    assert 20 * np.log10(level) == pytest.approx(decibels, abs=0.01)


def test_each_voice_has_its_own_gain_and_a_bell_its_own_level() -> None:
    sound, length = tone(5_000), bells.bell_samples("wood")
    track = timeline(
        100_000, spoken(0, "a", 5_000), spoken(10_000, "a", 5_000, voice="other"), rung(20_000, "wood", -6.0)
    )
    out = samples_of(mixed(track, {"a": sound}, {"calm": 0.0, "other": -12.0}))
    assert np.abs(out[:5_000]).max() == pytest.approx(5000, abs=2)
    assert np.abs(out[10_000:15_000]).max() == pytest.approx(5000 * gain(-12.0), abs=2)
    assert far(out[20_000 : 20_000 + length], faded(ring.ring("wood")) * gain(-6.0)) <= 0.51


def test_a_bell_rings_on_under_speech() -> None:
    line = tone(40_000, 8000, 250.0)
    track = timeline(500_000, rung(1_001), spoken(50_003, "a", 40_000))
    blocks = mixed(track, {"a": line})
    assert [block.pcm is None for block in blocks] == [True, False, True]
    expected = np.zeros(500_000)
    expected[1_001 : 1_001 + bells.bell_samples("soft")] += faded(ring.ring("soft"))
    expected[50_003:90_003] += faded(line)
    assert far(samples_of(blocks), expected) <= 0.51


def test_loud_sums_are_limited_and_never_clipped() -> None:
    loud = tone(60_000, 32_000, 300.0)
    track = timeline(100_000, spoken(0, "a", 60_000), spoken(20_000, "b", 60_000))
    out = samples_of(mixed(track, {"a": loud, "b": loud}, {"calm": 12.0})).astype(int)
    assert np.abs(out).max() <= 32_768 * gain(limiter.CEILING_DBTP) + 1
    assert np.corrcoef(out[1000:19_000], loud[1000:19_000])[0, 1] > 0.9999


def test_no_edge_has_a_step() -> None:
    constant = np.full(5_000, 12_000, dtype=np.int16)
    out = samples_of(mixed(timeline(9_000, spoken(2_000, "a", 5_000)), {"a": constant})).astype(int)
    assert np.abs(np.diff(out)).max() <= 12_000 / EDGE + 1


@pytest.mark.parametrize("samples", [1, 2, 3, EDGE, 2 * EDGE + 1])
def test_very_short_sounds_keep_their_length(samples: int) -> None:
    out = samples_of(mixed(timeline(1_000, spoken(500, "a", samples)), {"a": np.full(samples, 100, dtype=np.int16)}))
    assert len(out) == 1_000
    assert not out[:500].any()
    assert not out[500 + samples :].any()


def test_a_long_sound_comes_in_blocks_without_a_seam() -> None:
    samples = 2 * LONGEST_BLOCK + 7_777
    random = np.random.default_rng(3)
    sound = (tone(samples, 9000, 197.0) * random.uniform(0.2, 1.0, samples // 1000 + 1).repeat(1000)[:samples]).astype(
        np.int16
    )
    track, store = timeline(samples + 20, spoken(10, "a", samples)), {"a": sound}
    blocks = mixed(track, store)
    assert [block.samples for block in blocks] == [10, LONGEST_BLOCK, LONGEST_BLOCK, 7_777, 10]
    assert far(samples_of(blocks)[10:-10], faded(sound)) <= 0.51
    limited = samples_of(mixed(track, store, {"calm": 15.0}))[10:-10] / 32_768
    whole = limiter.limit(faded(sound) * gain(15.0) / 32_768)
    assert far(limited, whole) <= 2e-4


def test_a_clip_that_begins_at_the_edge_of_a_block_is_whole() -> None:
    """The bell's fade straddles what the second block is shown."""
    long, seam = tone(LONGEST_BLOCK + 2 * SAMPLE_RATE, 3000, 100.0), LONGEST_BLOCK
    for start in (seam - LIMITER_REACH - EDGE // 2, seam - 10, seam, seam + 10):
        track = timeline(len(long), spoken(0, "a", len(long)), rung(start, "wood"))
        expected = faded(long)
        expected[start : start + bells.bell_samples("wood")] += faded(ring.ring("wood"))
        assert far(samples_of(mixed(track, {"a": long})), expected) <= 0.51


@given(ends=st.lists(st.integers(0, 400), min_size=2, max_size=2, unique=True).map(sorted))
def test_part_of_a_sound_is_as_in_the_whole(ends: list[int]) -> None:
    """Wherever a long sound is cut into blocks, also inside its fades."""
    pcm = np.full(400, 20_000, dtype="<i2").tobytes()
    sound = Sound(0, 400, lambda: pcm, 0.0, 1.0, HERE, ())
    whole = np.frombuffer(_sounding(sound, 0, 400).raw_data, "<i4")
    part = np.frombuffer(_sounding(sound, *ends).raw_data, "<i4")
    assert part.tolist() == whole[slice(*ends)].tolist()


def test_the_mix_has_room_for_what_voices_and_limiter_may_do() -> None:
    assert limiter.REACH <= LIMITER_REACH
    assert loudness.LOUDEST_PEAK_DB + 6.0 <= HEADROOM_DB


def test_the_same_timeline_gives_the_same_bytes() -> None:
    track = timeline(600_000, rung(100), spoken(5_000, "a", 30_000), rung(30_000, "bowl", 6.0))
    store = {"a": tone(30_000, 30_000)}
    assert mixed(track, store, {"calm": 7.7}) == mixed(track, store, {"calm": 7.7})


def test_a_sound_that_has_become_shorter_is_an_error() -> None:
    with pytest.raises(SoundError, match=r"script\.yaml:1:1 is shorter") as caught:
        mixed(timeline(5_000, spoken(0, "a", 5_000)), {"a": tone(4_999)})
    assert caught.value.hint


def test_one_sound_is_read_at_a_time() -> None:
    """Nothing is read before the blocks ahead of it are taken, so memory does not grow with the track."""
    read: list[str] = []

    def reading(key: str) -> bytes:
        read.append(key)
        return bytes(1_000)

    sounds = [Sound(n * 1_000, 500, partial(reading, f"line {n}"), 0.0, 1.0, HERE, ()) for n in range(100)]
    next(blocks(mix(100_000, 1, sounds, SILENT, LIMIT), 0, 100_000))
    assert read == ["line 0"]


@given(
    clips=st.lists(st.tuples(st.integers(0, 30_000), st.integers(0, 9_000), st.integers(-8, 8)), max_size=12),
    after=st.integers(0, 5_000),
)
def test_any_timeline_is_the_sum_of_its_clips(clips: list[tuple[int, int, int]], after: int) -> None:
    starts = sorted(start for start, _, _ in clips)
    events, store = [], {}
    for number, (start, (_, samples, height)) in enumerate(zip(starts, clips, strict=True)):
        events.append(spoken(start, str(number), samples))
        store[str(number)] = np.full(samples, 300 * height, dtype=np.int16)
    length = max((event.end for event in events), default=0) + after
    expected = np.zeros(length)
    for event in events:
        expected[event.start : event.end] += faded(store[str(events.index(event))])
    track = timeline(length, *events)
    blocks = mixed(track, store)
    out = samples_of(blocks)
    assert len(out) == length
    assert far(out, expected) <= 0.6
    for one, next_one in pairwise(blocks):
        assert one.pcm is not None or next_one.pcm is not None


def hum(start: int, end: int) -> tuple[bytes, float]:
    """Return a ground that is a function of the track's samples, in two channels of unlike sound."""
    at = np.arange(start, end)
    wave = np.array([np.sin(at / 40.0), np.sin(at / 47.0)]).T * 0.05
    return (wave * 2.0**31 / gain(HEADROOM_DB)).astype("<i4").tobytes(), 0.05


def stereo(blocks: list[Block]) -> NDArray[np.float64]:
    pcm = b"".join(bytes(4 * block.samples) if block.pcm is None else block.pcm for block in blocks)
    return np.frombuffer(pcm, "<i2").reshape(-1, 2).astype(float)


def test_a_ground_lies_under_sounds_in_the_middle() -> None:
    samples, line = 2 * LONGEST_BLOCK, tone(50_000)
    track = timeline(samples, spoken(30_000, "a", 50_000))
    ground = Ground(((10_000, samples - 7_000),), hum)
    out = stereo(mixed(track, {"a": line}, channels=2, ground=ground))
    expected = np.frombuffer(hum(0, samples)[0], "<i4").reshape(-1, 2) * (gain(HEADROOM_DB) * 2.0**-16)
    expected[:10_000] = expected[-7_000:] = 0.0
    expected[30_000:80_000] += faded(line)[:, None]
    assert len(out) == samples
    inside = slice(10_000 + LIMITER_REACH, -7_000 - LIMITER_REACH)
    assert far(out[inside], expected[inside]) <= 0.52


def test_a_stretch_is_as_in_the_whole() -> None:
    samples, loud = 2 * LONGEST_BLOCK + 9_999, tone(60_000, 30_000, 300.0)
    track = timeline(samples, spoken(40_000, "a", 60_000), rung(90_000), spoken(LONGEST_BLOCK - 30_000, "a", 60_000))
    whole = samples_of(mixed(track, {"a": loud}, {"calm": 9.0}))
    for start, end in ((0, 1), (45_000, 95_000), (LONGEST_BLOCK - 10, LONGEST_BLOCK + 10), (200_000, samples)):
        part = samples_of(mixed(track, {"a": loud}, {"calm": 9.0}, between=(start, end)))
        assert len(part) == end - start
        assert far(part.astype(float), whole[start:end].astype(float)) <= 8.0


def test_a_sound_that_ends_after_its_track_is_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"at script\.yaml:1:1 ends after its track"):
        mixed(timeline(4_999, spoken(0, "a", 5_000)), {"a": tone(5_000)})


def test_pydub_is_imported_without_a_word(tmp_path: Path) -> None:
    """With no ffmpeg on the path and nothing compiled before, not even strict warnings find something to say."""
    environment = {name: value for name, value in os.environ.items() if name in {"SYSTEMROOT", "PYTHONPATH"}}
    environment |= {"PATH": str(tmp_path), "PYTHONPYCACHEPREFIX": str(tmp_path / "compiled")}
    code = "from calmcast.audio.mix import _audio_segment; assert _audio_segment().silent(1).frame_rate"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
