"""Resampling, trimming and laying out, by numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from calmcast.speech.run.recording import FADE, HEADROOM, MARGIN, assemble, heard, resample, trim
from calmcast.units import SAMPLE_RATE

RATES = [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000]


def single(samples: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return samples in the precision that speech works in."""
    return samples.astype(np.float32)


def sine(frequency_hz: float, rate_hz: int, seconds: float = 1.0) -> NDArray[np.float32]:
    """Return a sine that swells and fades over its whole length."""
    count = round(rate_hz * seconds)
    return single(np.hanning(count) * np.sin(2 * np.pi * frequency_hz * np.arange(count) / rate_hz))


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("share", [0.01, 0.2, 0.45, 0.49])
def test_a_tone_stays_what_it_was(rate_hz: int, share: float) -> None:
    """Below both Nyquist frequencies a tone is the same at 44 100 Hz: level, pitch and place, to 80 dB."""
    frequency_hz = share * min(rate_hz, 44_100)
    made = resample(sine(frequency_hz, rate_hz), rate_hz)
    error = (made - sine(frequency_hz, 44_100))[10:-10]
    assert np.sqrt((error**2).mean()) < 1e-4


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 24_000])
def test_nothing_appears_above_the_nyquist_frequency_of_the_source(rate_hz: int) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, rate_hz) * np.hanning(rate_hz)
    spectrum = np.abs(np.fft.rfft(resample(single(noise), rate_hz)))
    above = spectrum[np.fft.rfftfreq(44_100, 1 / 44_100) > rate_hz / 2 + 20]
    assert (above**2).sum() < 1e-7 * (spectrum**2).sum()


def test_nothing_folds_down_from_a_higher_rate() -> None:
    made = resample(sine(23_000, 48_000), 48_000)
    assert np.abs(made).max() < 1e-4


@given(st.sampled_from(RATES), st.integers(1, 5_000))
def test_the_length_is_exact(rate_hz: int, count: int) -> None:
    expected = (2 * count * 44_100 + rate_hz) // (2 * rate_hz)
    assert len(resample(single(np.ones(count)), rate_hz)) == expected


def test_silence_around_a_sound_is_cut_to_the_margin() -> None:
    sound = np.concatenate([np.zeros(20_000), 0.3 * np.sin(np.arange(8_820) / 10), np.zeros(30_000)])
    trimmed = trim(single(sound))
    assert abs(len(trimmed) - (8_820 + 2 * MARGIN)) <= 441
    loud = np.flatnonzero(np.abs(trimmed) > 0.01)
    assert MARGIN - 220 <= loud[0] <= MARGIN + 220


@pytest.mark.parametrize("cut", [0, 5, 200])
def test_a_sound_that_begins_and_ends_at_the_edge_is_kept_whole(cut: int) -> None:
    sound = 0.3 * np.sin(np.arange(8_820 + cut) / 10)
    trimmed = trim(single(sound))
    assert np.allclose(trimmed[MARGIN : MARGIN + len(sound)], sound)
    assert not trimmed[:MARGIN].any()


def test_a_soft_beginning_is_kept() -> None:
    """A breathy `h`, 45 dB under the vowel, is not cut off."""
    rng = np.random.default_rng(1)
    breath, vowel = rng.normal(0, 0.3 * 10 ** (-45 / 20), 4_410), 0.42 * np.sin(np.arange(8_820) / 20)
    trimmed = trim(single(np.concatenate([np.zeros(5_000), breath, vowel, np.zeros(5_000)])))
    assert abs(len(trimmed) - (4_410 + 8_820 + 2 * MARGIN)) <= 441


def test_faint_noise_around_a_sound_is_cut() -> None:
    rng = np.random.default_rng(1)
    sound = np.concatenate([np.zeros(9_000), 0.3 * np.sin(np.arange(8_820) / 10), np.zeros(9_000)])
    assert len(trim(single(sound + rng.normal(0, 0.3 * 10 ** (-60 / 20), len(sound))))) < 8_820 + 2 * MARGIN + 442


def test_the_edges_are_faded() -> None:
    trimmed = trim(single(np.repeat([0.001, 0.3, 0.001], 10_000)))
    assert abs(trimmed[0]) < 1e-6
    assert abs(trimmed[-1]) < 1e-6
    assert np.abs(np.diff(trimmed[:FADE])).max() < 1e-5


def test_silence_cannot_be_trimmed() -> None:
    with pytest.raises(ValueError, match="nothing is audible"):
        trim(single(np.zeros(10_000)))


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(0, 100_000)), min_size=1, max_size=5))
def test_a_line_is_its_phrases_and_their_silences_to_the_sample(phrases: list[tuple[int, int]]) -> None:
    sound, silences = assemble([(single(np.full(count, 0.5)), silence) for count, silence in phrases])
    assert sound.dtype == np.int16
    assert len(sound) == sum(count + silence for count, silence in phrases)
    assert np.count_nonzero(sound) == sum(count for count, _ in phrases)
    assert [length for _, length in silences] == [silence for _, silence in phrases if silence >= 44_100]
    assert all(not sound[start : start + length].any() for start, length in silences)
    assert all(sound[start - 1] for start, _ in silences)


def test_full_scale_keeps_its_headroom_and_never_wraps() -> None:
    sound, _ = assemble([(single(np.array([1.0, -1.0, 1.4, -1.4, 3.0, -3.0])), 0)])
    assert sound[0] == round(HEADROOM * 32_767)
    assert sound.tolist()[4:] == [32_767, -32_768]


def test_what_is_heard_leaves_out_the_faintest_ends() -> None:
    window = SAMPLE_RATE // 200
    faint, loud = np.full(20 * window, 60, np.int16), np.full(40 * window, 12_000, np.int16)
    assert heard(np.concatenate([faint, loud, faint])) == (20 * window, 60 * window)
    assert heard(np.zeros(100, np.int16)) == (0, 100)
    assert heard(np.full(100, 9, np.int16)) == (0, 100)
