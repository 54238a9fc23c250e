"""How a track's power is spread over low and high sounds, one block after the other."""

from functools import cache
from typing import TYPE_CHECKING

from calmcast.audio.loudness import k_weighting
from calmcast.units import SAMPLE_RATE
from calmcast.verify.listen import BLOCK

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LOWEST_HZ, _BANDS = 50.0, 24
"""Bands of a third of an octave, up to 12.8 kHz: what lies above, encoders leave out."""


def hue(samples: "NDArray[np.float32]") -> "NDArray[np.float64]":
    """Return the K-weighted mean square (BS.1770-4) of each band of BLOCK samples of one channel, full scale = 1."""
    import numpy as np

    edges, weights = _weights()
    spectrum = np.abs(np.fft.rfft(samples * _window())) ** 2 * weights
    powers: NDArray[np.float64] = np.add.reduceat(spectrum, edges[:-1])[: len(edges) - 1]
    return powers


def middles_hz() -> "NDArray[np.float64]":
    """Return the middle of each band in Hz."""
    import numpy as np

    middles: NDArray[np.float64] = _LOWEST_HZ * 2.0 ** ((np.arange(_BANDS) + 0.5) / 3)
    return middles


@cache
def _window() -> "NDArray[np.float32]":
    import numpy as np

    return np.hanning(BLOCK).astype(np.float32)


@cache
def _weights() -> "tuple[NDArray[np.intp], NDArray[np.float64]]":
    """Return at which bins of the transform bands begin and end, and what makes of a bin's square a mean square."""
    import numpy as np

    edges = np.rint(_LOWEST_HZ * 2.0 ** (np.arange(_BANDS + 1) / 3) * BLOCK / SAMPLE_RATE).astype(np.intp)
    delay = np.exp(-2j * np.pi * np.arange(BLOCK // 2 + 1) / BLOCK)
    response = np.ones(BLOCK // 2 + 1, np.complex128)
    for b0, b1, b2, a1, a2 in k_weighting(SAMPLE_RATE):
        response *= (b0 + delay * (b1 + delay * b2)) / (1.0 + delay * (a1 + delay * a2))
    weights = np.abs(response) ** 2 * (2.0 / (BLOCK * float((_window().astype(np.float64) ** 2).sum())))
    weights[edges[-1] :] = 0.0
    return edges, weights
