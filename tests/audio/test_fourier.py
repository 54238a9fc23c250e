import numpy as np
import pytest

from calmcast.audio.fourier import sound_of, spectrum_of


@pytest.mark.parametrize("size", [1_000, 4_096, 18_432])
def test_there_and_back_is_the_same_sound(size: int) -> None:
    sound = np.random.default_rng(1).normal(0, 0.2, (2, 900)).astype(np.float32)
    spectrum = spectrum_of(sound, size)
    back = sound_of(spectrum, size)
    assert spectrum.dtype == np.complex64
    assert back.dtype == np.float32
    assert np.abs(back[:, :900] - sound).max() < 1e-6
    assert np.abs(back[:, 900:]).max() < 1e-6
    exact = np.fft.rfft(sound.astype(np.float64), size) / np.sqrt(size)
    assert np.abs(spectrum - exact).max() < 1e-5 * np.abs(exact).max()
