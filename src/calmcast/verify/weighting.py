"""The K-weighting of ITU-R BS.1770-4 as a stream: how loud each moment of a track is, all channels together."""

from functools import cache
from typing import TYPE_CHECKING

from calmcast.audio.loudness import k_weighting
from calmcast.units import SAMPLE_RATE
from calmcast.verify.listen import BLOCK, MOMENT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SIZE = 1 << 15
_SETTLE = _SIZE - BLOCK
"""Samples before a block that are filtered with it: 0.14 s, in which the filter's answer to a click falls by 200 dB."""


class Weighting:
    """Weights one block after the other, by overlap-save."""

    def __init__(self, channels: int) -> None:
        import numpy as np

        self._stretch = np.zeros((channels, _SIZE), np.float32)

    def powers(self, block: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """Return the K-weighted mean square of each moment of the next block, its channels summed (BS.1770-4, Annex 1).

        `block`: (channels, at most BLOCK samples), full scale = 1; after a shorter one no other may follow. A moment
        that it does not fill is filled up with silence.
        """
        import numpy as np

        self._stretch[:, :_SETTLE] = self._stretch[:, -_SETTLE:]
        self._stretch[:, _SETTLE:] = 0.0
        self._stretch[:, _SETTLE : _SETTLE + block.shape[1]] = block
        moments = -(-block.shape[1] // MOMENT)
        if not self._stretch.any():
            return np.zeros(moments, np.float32)
        weighted = np.fft.irfft(np.fft.rfft(self._stretch, axis=1) * _response(), _SIZE, axis=1)[:, _SETTLE:]
        squares = np.square(weighted).reshape(-1, BLOCK // MOMENT, MOMENT).mean(axis=2).sum(axis=0)
        powers: NDArray[np.float32] = squares[:moments].astype(np.float32)
        return powers


@cache
def _response() -> "NDArray[np.complex64]":
    """Return the weighting's frequency response at the bins of a real FFT of _SIZE samples."""
    import numpy as np

    delay = np.exp(-2j * np.pi * np.arange(_SIZE // 2 + 1) / _SIZE)
    response = np.ones(_SIZE // 2 + 1, np.complex128)
    for b0, b1, b2, a1, a2 in k_weighting(SAMPLE_RATE):
        response *= (b0 + delay * (b1 + delay * b2)) / (1.0 + delay * (a1 + delay * a2))
    return response.astype(np.complex64)
