"""What a recording sounds like, coarsely: its level every 10 ms, its spectrum every 20 ms, gathered as it is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from calmcast.units import SAMPLE_RATE

WINDOW = SAMPLE_RATE // 100
"""Samples in a window of level: 10 ms."""
FRAME = 2 * WINDOW
"""Samples from one spectrum to the next: 20 ms."""
BANDS = 20

_FFT = 1_024
_LOWEST_HZ, _HIGHEST_HZ = 120.0, 6_500.0
_FAINTEST = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """A recording, coarsely."""

    samples: int
    """Its length at 44 100 Hz."""
    power: NDArray[np.float32]
    """(windows,) mean square of each 10 ms, full scale = 1, without what is slower than the window: rumble, DC."""
    peak: NDArray[np.float32]
    """(windows,) highest amplitude of each 10 ms."""
    bands: NDArray[np.float32]
    """(frames, BANDS) natural logarithm of the power in mel bands, every 20 ms."""


def envelope(blocks: Iterable[NDArray[np.float32]]) -> Envelope:
    """Return the envelope of mono blocks at 44 100 Hz of any lengths; what does not fill 20 ms at the end is padded."""
    powers: list[NDArray[np.float32]] = []
    peaks: list[NDArray[np.float32]] = []
    spectra: list[NDArray[np.float32]] = []
    samples, rest = 0, np.zeros(0, np.float32)
    for block in blocks:
        samples += len(block)
        rest = np.concatenate([rest, block])
        whole = (len(rest) - (_FFT - FRAME)) // FRAME * FRAME
        if whole >= 50 * FRAME:
            _gather(rest, whole, powers, peaks, spectra)
            rest = rest[whole:]
    whole = -(-len(rest) // FRAME) * FRAME
    if whole:
        _gather(np.pad(rest, (0, whole + _FFT - FRAME - len(rest))), whole, powers, peaks, spectra)
    if not powers:
        nothing = np.zeros(0, np.float32)
        return Envelope(samples, nothing, nothing, np.zeros((0, BANDS), np.float32))
    return Envelope(samples, np.concatenate(powers), np.concatenate(peaks), np.concatenate(spectra))


def _gather(
    sound: NDArray[np.float32],
    whole: int,
    powers: list[NDArray[np.float32]],
    peaks: list[NDArray[np.float32]],
    spectra: list[NDArray[np.float32]],
) -> None:
    """Measure the first `whole` samples; spectra reach a little beyond them."""
    windows = sound[:whole].reshape(-1, WINDOW)
    powers.append(windows.var(axis=1))
    peaks.append(np.abs(windows).max(axis=1))
    frames = np.lib.stride_tricks.sliding_window_view(sound, _FFT)[:whole:FRAME]
    taper, filters = _filters()
    spectrum = np.abs(np.fft.rfft(frames * taper)) ** 2
    spectra.append(np.log(spectrum.astype(np.float32) @ filters + np.float32(_FAINTEST)))


@cache
def _filters() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return a Hann taper of _FFT samples, and triangles of equal width in mel: (_FFT // 2 + 1, BANDS)."""
    edges_mel = np.linspace(_mel(_LOWEST_HZ), _mel(_HIGHEST_HZ), BANDS + 2)
    edges = 700.0 * (10.0 ** (edges_mel / 2595.0) - 1.0)
    hz = np.arange(_FFT // 2 + 1)[:, None] * (SAMPLE_RATE / _FFT)
    rising = (hz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - hz) / (edges[2:] - edges[1:-1])
    taper = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(_FFT) + 0.5) / _FFT)
    return taper.astype(np.float32), np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)


def _mel(hz: float) -> float:
    return float(2595.0 * np.log10(1.0 + hz / 700.0))
