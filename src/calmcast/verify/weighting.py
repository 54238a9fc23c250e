"""The K-weighting of ITU-R BS.1770-4 as a stream: how loud each moment of a track is, all channels together."""

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.fourier import sound_of, spectrum_of
from calmcast.audio.loudness import k_response
from calmcast.verify.listen import BLOCK, MOMENT

_SIZE = 1 << 15
_SETTLE = _SIZE - BLOCK
"""Samples before a block that are filtered with it: 0.14 s, in which the filter's answer to a click falls by 200 dB."""


class Weighting:
    """Weights one block after the other, by overlap-save."""

    def __init__(self, channels: int) -> None:
        self._stretch = np.zeros((channels, _SIZE), np.float32)
        self._response = k_response(_SIZE).astype(np.complex64)

    def powers(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the K-weighted mean square of each moment of the next block, its channels summed (BS.1770-4, Annex 1).

        `block`: (channels, at most BLOCK samples), full scale = 1; after a shorter one no other may follow. A moment
        that it does not fill is filled up with silence.
        """
        self._stretch[:, :_SETTLE] = self._stretch[:, -_SETTLE:]
        self._stretch[:, _SETTLE:] = 0.0
        self._stretch[:, _SETTLE : _SETTLE + block.shape[1]] = block
        moments = -(-block.shape[1] // MOMENT)
        if not self._stretch.any():
            return np.zeros(moments, np.float32)
        weighted = sound_of(spectrum_of(self._stretch, _SIZE) * self._response, _SIZE)[:, _SETTLE:]
        squares = np.square(weighted).reshape(-1, BLOCK // MOMENT, MOMENT).mean(axis=2).sum(axis=0)
        powers: NDArray[np.float32] = squares[:moments].astype(np.float32)
        return powers
