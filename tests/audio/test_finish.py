import numpy as np
import pytest
from numpy.typing import NDArray

from calmcast.audio.finish import MOST_CREST_DB, finish
from calmcast.audio.loudness import integrated, measure
from calmcast.audio.truepeak import true_peak
from calmcast.units import SAMPLE_RATE, gain


def between_silences(sound: NDArray[np.int16]) -> tuple[tuple[float, ...], float]:
    return measure(np.pad(sound, 3 * SAMPLE_RATE // 10))


def test_what_is_even_stays_as_it_is() -> None:
    tone = np.rint(8000 * np.sin(np.arange(2 * SAMPLE_RATE) * 0.06)).astype(np.int16)
    kept, windows, peak = finish(tone)
    assert kept is tone
    alone, highest = between_silences(tone)
    assert windows == alone
    assert peak == pytest.approx(highest, rel=1e-6)  # some processors sum more numbers at once where there are more


def test_spikes_are_held_and_the_rest_is_left_alone() -> None:
    tone = np.rint(1000 * np.sin(np.arange(4 * SAMPLE_RATE) * 0.06)).astype(np.int16)
    spiked = tone.copy()
    spiked[SAMPLE_RATE :: SAMPLE_RATE // 2] = 30_000
    kept, windows, peak = finish(spiked)
    assert (windows, peak) == between_silences(kept)
    ceiling = gain(integrated(between_silences(spiked)[0]) + MOST_CREST_DB)
    assert peak == pytest.approx(ceiling, rel=0.001)
    assert true_peak(kept.astype(np.float64)) / 32_768 == pytest.approx(peak, rel=1e-5)
    quiet = slice(0, SAMPLE_RATE // 2)
    assert np.array_equal(kept[quiet], spiked[quiet])


def test_silence_is_left_alone() -> None:
    assert finish(np.zeros(1000, np.int16))[2] == 0.0
