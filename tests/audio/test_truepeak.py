import math

import numpy as np
import pytest
from numpy.typing import NDArray

from calmcast.audio.truepeak import peak_envelope, true_peak
from calmcast.units import SAMPLE_RATE


def swelling_sine(frequency: float, phase: float = 0.0, seconds: float = 1.0) -> NDArray[np.float64]:
    """A sine of amplitude 1 that comes and goes slowly, so that nothing overshoots at its ends."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    swell = np.clip(10 * np.minimum(time, seconds - time), 0, 1)
    return np.asarray(np.sin(2 * np.pi * frequency * time + phase) * swell**2 * (3 - 2 * swell))


def test_a_peak_between_samples_is_found() -> None:
    quarter_rate = swelling_sine(SAMPLE_RATE / 4, phase=math.pi / 4)
    assert np.abs(quarter_rate).max() == pytest.approx(math.sqrt(0.5))
    assert true_peak(quarter_rate) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("frequency", [50, 997, 4000, 10_000, 15_000])
def test_any_pitch_reads_its_own_amplitude(frequency: int) -> None:
    assert 20 * math.log10(true_peak(swelling_sine(frequency, phase=0.3))) == pytest.approx(0.0, abs=0.2)


def test_it_never_reads_less_than_a_sample() -> None:
    noise = np.random.default_rng(1).normal(0, 0.2, 30_000)
    assert (peak_envelope(noise) >= np.abs(noise)).all()


def test_the_peak_is_the_same_wherever_chunks_are_cut() -> None:
    noise = np.random.default_rng(2).normal(0, 0.2, 200_000)
    assert true_peak(noise) == pytest.approx(float(peak_envelope(noise).max()), rel=1e-12)
    for place in (65_530, 65_535, 65_536, 65_537, 131_071):
        click = np.zeros(200_000)
        click[place : place + 2] = 0.5
        assert true_peak(click) == pytest.approx(float(peak_envelope(click[place - 50 : place + 50]).max()), rel=1e-12)


def test_the_envelope_marks_the_samples_on_both_sides_of_a_peak() -> None:
    pair = np.zeros(100)
    pair[50:52] = 1.0
    envelope = peak_envelope(pair)
    assert envelope[50] == envelope[51] == envelope.max() > 1.1
    assert envelope[:40].max() < 0.1


@pytest.mark.parametrize("above", [0.1, 0.5, 0.9])
def test_what_matters_is_found_also_where_the_rest_is_passed_over(above: float) -> None:
    noise = np.random.default_rng(3).normal(0, 0.2, 30_011) * np.hanning(30_011)
    whole, some = peak_envelope(noise), peak_envelope(noise, above)
    assert some[whole > above] == pytest.approx(whole[whole > above], rel=1e-12)
    assert (some <= whole * (1 + 1e-12)).all()
    assert (some >= np.abs(noise)).all()


@pytest.mark.parametrize("length", [1, 63, 64, 65, 129])
def test_the_peak_after_the_last_sample_counts(length: int) -> None:
    """A sound that ends suddenly overshoots beside its end, wherever a row of samples ends."""
    square = np.ones(length)
    assert true_peak(square) > 1.1 if length > 1 else true_peak(square) == 1.0
    assert true_peak(square[::-1]) == true_peak(square)


def test_single_precision_reads_the_same() -> None:
    noise = np.random.default_rng(4).normal(0, 3000, 50_000).astype(np.int16)
    exact = true_peak(noise.astype(np.float64))
    assert true_peak(noise) == pytest.approx(exact, rel=1e-5)
    assert true_peak(noise.astype(np.float32)) == pytest.approx(exact, rel=1e-5)


def test_nothing_and_silence_have_no_peak() -> None:
    assert true_peak(np.zeros(0)) == 0.0
    assert true_peak(np.zeros(1000, dtype=np.int16)) == 0.0


def test_the_lowest_16_bit_sample_does_not_wrap() -> None:
    assert true_peak(np.full(100, -32_768, dtype=np.int16)) >= 32_768
