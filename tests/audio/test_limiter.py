import shutil
import subprocess

import numpy as np
import pytest
from numpy.typing import NDArray

from calmcast.audio.limiter import CEILING_DBTP, LOOK_AHEAD, REACH, limit, limit_mix
from calmcast.audio.truepeak import true_peak
from calmcast.units import SAMPLE_RATE, gain


def sine(frequency: float, amplitude: float, seconds: float = 1.0) -> NDArray[np.float64]:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return np.asarray(amplitude * np.sin(2 * np.pi * frequency * time))


def speech_like(amplitude: float) -> NDArray[np.float64]:
    random = np.random.default_rng(5)
    pulses = (np.arange(4 * SAMPLE_RATE) % 400 == 0) * random.uniform(0.3, 1.0, 4 * SAMPLE_RATE)
    ringing = np.exp(-np.arange(400) / 60) * np.sin(np.arange(400) * 0.1)
    syllables = np.clip(np.sin(np.arange(4 * SAMPLE_RATE) * 2 * np.pi * 2.3 / SAMPLE_RATE), 0, 1)
    sound = np.convolve(pulses, ringing)[: 4 * SAMPLE_RATE] * syllables + random.normal(0, 0.01, 4 * SAMPLE_RATE)
    return np.asarray(amplitude * sound / np.abs(sound).max())


def test_what_is_under_the_ceiling_is_left_alone() -> None:
    samples = speech_like(0.7)
    assert limit(samples) is samples
    nothing = np.zeros(0)
    assert limit(nothing) is nothing


@pytest.mark.parametrize("over", [0.8, 1.0, 2.0, 8.0])
def test_no_peak_is_above_the_ceiling(over: float) -> None:
    for samples in (speech_like(over), sine(997, over), np.random.default_rng(1).normal(0, over / 3, 40_000)):
        assert true_peak(limit(samples)) <= gain(CEILING_DBTP + 0.05)
        assert true_peak(limit(samples, -6.0)) <= gain(-6.0 + 0.05)


def test_a_peak_between_samples_is_limited() -> None:
    between = np.tile([0.7, 0.7, -0.7, -0.7], 5000)
    assert np.abs(between).max() < gain(-1.0) < true_peak(between)
    assert true_peak(limit(between, -1.0)) <= gain(-0.95)


def test_far_from_a_peak_nothing_changes() -> None:
    samples = sine(300, 0.2, 4.0)
    knock = 2 * SAMPLE_RATE
    samples[knock] = 3.0
    changed = np.flatnonzero(limit(samples) != samples)
    assert knock - 2 * LOOK_AHEAD <= changed[0] < knock < changed[-1] <= knock + REACH


def test_the_gain_moves_without_a_step() -> None:
    samples = sine(300, 0.5, 2.0)
    samples[SAMPLE_RATE - 200 : SAMPLE_RATE + 200] *= 4
    with np.errstate(invalid="ignore"):
        steps = np.diff(20 * np.log10(limit(samples) / samples))
    assert np.nanmax(np.abs(steps)) < 0.2


def test_a_steady_tone_stays_pure() -> None:
    """Everything but the tone itself is 60 dB below it once the gain has settled."""
    limited = limit(sine(443, 2.0, 2.0))[SAMPLE_RATE // 2 : SAMPLE_RATE // 2 + SAMPLE_RATE]
    spectrum = np.abs(np.fft.rfft(limited)) ** 2
    assert np.delete(spectrum, 443).sum() < 1e-6 * spectrum[443]


def test_a_block_cut_from_a_longer_sound_is_limited_like_the_whole() -> None:
    samples = speech_like(2.0)
    whole, first, last = limit(samples), SAMPLE_RATE + 1234, 2 * SAMPLE_RATE + 999
    part = limit(samples[first - REACH : last + REACH])[REACH : REACH + last - first]
    assert np.abs(part - whole[first:last]).max() < 1e-4


def test_a_mix_is_the_same_bytes_wherever_it_is_cut() -> None:
    mixed = (speech_like(0.9) * 2**31).astype("<i4")
    whole = np.frombuffer(limit_mix(mixed.tobytes(), 9.0, 1, 12.0), "<i2")
    for first, last in ((SAMPLE_RATE, 2 * SAMPLE_RATE), (SAMPLE_RATE + 77, 3 * SAMPLE_RATE - 1), (60_001, 60_300)):
        around = mixed[first - REACH : last + REACH].tobytes()
        part = np.frombuffer(limit_mix(around, 9.0, 1, 12.0), "<i2")[REACH : REACH + last - first]
        assert part.tobytes() == whole[first:last].tobytes()


def test_peaks_far_apart_are_limited_each_by_itself() -> None:
    samples = sine(300, 0.2, 8.0)
    knocks = (SAMPLE_RATE, 6 * SAMPLE_RATE)
    samples[[*knocks]] = 3.0
    limited = limit(samples)
    for knock in knocks:
        near = slice(knock - SAMPLE_RATE, knock + SAMPLE_RATE)
        assert np.abs(limited[near] - limit(samples[near])).max() < 1e-12
    assert np.array_equal(limited[2 * SAMPLE_RATE : 5 * SAMPLE_RATE], samples[2 * SAMPLE_RATE : 5 * SAMPLE_RATE])


def test_single_precision_gives_the_same_to_a_16_bit_sample() -> None:
    samples = speech_like(2.0)
    single = limit(samples.astype(np.float32))
    assert single.dtype == np.float32
    assert np.abs(single - limit(samples)).max() < 0.1 / 32_768


def test_a_mix_becomes_16_bit_samples_exactly() -> None:
    every = np.arange(-24_000, 24_000, dtype=np.int16)[np.argsort(np.sin(np.arange(48_000) * 0.001), kind="stable")]
    quiet = np.rint(every * 0.5).astype(np.int16)
    mixed = (quiet.astype(np.float64) * 2**16 * gain(-24.0)).astype("<i4").tobytes()
    assert np.abs(np.frombuffer(limit_mix(mixed, 1.0, 1, 24.0), "<i2") - quiet).max() == 0


def test_a_mix_is_never_clipped() -> None:
    loud = (speech_like(0.99) * 2**31).astype("<i4").tobytes()
    finished = np.frombuffer(limit_mix(loud, 9.0, 1, 24.0), "<i2")
    assert np.abs(finished.astype(int)).max() <= 32_768 * gain(CEILING_DBTP) + 1
    assert limit_mix(b"", 1.0, 1, 24.0) == b""


def test_both_channels_are_turned_down_alike() -> None:
    left, right = speech_like(1.6), sine(300.0, 0.2, 4.0)
    limited = limit(np.array([left, right]).T)
    assert true_peak(limited[:, 0]) <= gain(CEILING_DBTP) + 1e-4
    turned = limited[:, 0] / np.where(left == 0.0, 1.0, left)
    heard = np.abs(left) > 0.01
    assert np.abs(limited[heard, 1] - right[heard] * turned[heard]).max() < 1e-9
    assert turned[heard].min() < 0.7
    both = (np.array([left, left]).T * 2**31 * gain(-24.0)).astype("<i4").tobytes()
    one = (left * 2**31 * gain(-24.0)).astype("<i4").tobytes()
    pair = np.frombuffer(limit_mix(both, 9.0, 2, 24.0), "<i2").reshape(-1, 2)
    assert (pair == np.frombuffer(limit_mix(one, 9.0, 1, 24.0), "<i2")[:, None]).all()


@pytest.mark.real
@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="decodes an MP3 with ffmpeg, which is not here")
@pytest.mark.parametrize("rate", [64, 96, 128])
def test_what_an_mp3_adds_stays_under_minus_one(rate: int) -> None:
    import lameenc

    encoder = lameenc.Encoder()
    encoder.set_bit_rate(rate)
    encoder.set_in_sample_rate(SAMPLE_RATE)
    encoder.set_channels(1)
    encoder.silence()
    pcm = np.rint(limit(speech_like(2.0)) * 32_768).astype("<i2").tobytes()
    mp3 = bytes(encoder.encode(pcm)) + bytes(encoder.flush())
    command = ["ffmpeg", "-v", "error", "-i", "-", "-f", "f32le", "-c:a", "pcm_f32le", "-"]
    decoded = subprocess.run(command, input=mp3, capture_output=True, check=True).stdout
    assert true_peak(np.frombuffer(decoded, "<f4").astype(np.float64)) <= gain(-1.0)


def test_what_needs_no_limiting_is_the_same_looked_at_or_not() -> None:
    """So that it does not matter with what else a stretch was cut."""
    mixed = (np.random.default_rng(3).standard_normal((20_000, 2)) * 2**23).astype("<i4").tobytes()
    assert limit_mix(mixed, 0.1, 2, 24.0) == limit_mix(mixed, 9.0, 2, 24.0)
