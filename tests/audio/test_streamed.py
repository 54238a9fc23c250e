"""What is measured in stretches is what is measured at once."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from calmcast.audio.loudness import integrated, measure
from calmcast.audio.streamed import measure_blocks
from calmcast.units import SAMPLE_RATE

pytestmark = pytest.mark.anywhere

if TYPE_CHECKING:
    from numpy.typing import NDArray


def cut(sound: "NDArray[np.int16]", size: int) -> "Iterator[NDArray[np.int16]]":
    for first in range(0, len(sound), size):
        yield sound[first : first + size]


def waves(length_s: float, seed: int = 1) -> "NDArray[np.int16]":
    """Return noise that comes and goes, (samples, 2), with its highest peak in the middle of nowhere."""
    rng = np.random.default_rng(seed)
    samples = round(length_s * SAMPLE_RATE)
    swell = 0.55 + 0.45 * np.sin(np.arange(samples)[:, None] / 60_000 + np.array([0.0, 1.0]))
    sound = rng.normal(0, 2_500, (samples, 2)) * swell
    sound[samples // 3 : samples // 3 + 40, 0] = 21_000 * np.sign(np.sin(np.arange(40) * 0.9))
    return np.asarray(np.rint(sound), np.int16)


@pytest.mark.parametrize("length_s", [0.2, 0.4, 19.99, 20.6, 41.23])
def test_it_is_as_if_measured_at_once(length_s: float) -> None:
    sound = waves(length_s)
    once = [measure(np.ascontiguousarray(channel)) for channel in sound.T]
    for size in (1_152, 100_003, 10_000_000):
        measured = measure_blocks(cut(sound, size))
        assert measured.samples == len(sound)
        assert measured.channels.shape == (2, len(once[0][0]))
        for found, (windows, _) in zip(measured.channels, once, strict=True):
            assert np.allclose(found, windows, rtol=1e-6, atol=1e-12)
        assert measured.peak == pytest.approx(max(peak for _, peak in once), rel=1e-9)


def test_the_middle_is_the_mean_of_both_channels() -> None:
    sound = waves(45.0)
    windows, _ = measure(np.rint(sound.mean(axis=1)).astype(np.int16))
    assert np.allclose(measure_blocks(cut(sound, 5_000)).middle, windows, rtol=1e-4, atol=1e-9)


def test_a_cut_between_stretches_is_no_peak() -> None:
    # Cut off where it is loudest, a low tone would ring over its own peak.
    tone = np.rint(20_000 * np.cos(2 * np.pi * 50 * np.arange(50 * SAMPLE_RATE) / SAMPLE_RATE))
    tone[: SAMPLE_RATE // 10] *= np.linspace(0, 1, SAMPLE_RATE // 10)
    tone[-SAMPLE_RATE // 10 :] *= np.linspace(1, 0, SAMPLE_RATE // 10)
    measured = measure_blocks([tone.astype(np.int16)[:, None]])
    assert measured.peak == pytest.approx(20_000 / 32_768, rel=1e-3)


def test_one_channel_is_its_own_middle() -> None:
    measured = measure_blocks(cut(waves(3.0)[:, :1], 4_096))
    assert measured.channels.shape[0] == 1
    assert np.array_equal(measured.channels[0], measured.middle)


def test_full_scale_may_be_another() -> None:
    sound = waves(3.0)
    half, whole = measure_blocks([sound], 16_384), measure_blocks([sound])
    assert half.peak == pytest.approx(2 * whole.peak)
    assert integrated(half.middle.tolist()) == pytest.approx(integrated(whole.middle.tolist()) + 6.02, abs=0.01)


def test_where_there_is_nothing_there_is_nothing_to_measure() -> None:
    with pytest.raises(ValueError, match="no sound to measure"):
        measure_blocks([])
