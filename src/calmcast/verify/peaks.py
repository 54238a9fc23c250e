"""The highest points of a track: its true peak, and where it stays at full scale."""

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.runs import runs
from calmcast.audio.truepeak import peak_envelope
from calmcast.units import SAMPLE_RATE

_CONTEXT = 32
"""Samples at each side of a stretch that are looked at with it: more than values in between are interpolated from."""

_STRETCH = 1024
_GROWTH = 2.4
"""No value between samples exceeds the samples around it by more: the sum of the interpolating filter's magnitudes."""

_LOW = 0.45
"""Under this (-7 dBFS) nobody needs to know a peak to the last decibel, and its highest sample stands for it."""

FULL = 0.94
"""From here on a sample is at full scale: LAME plays everything at 0.95 of its level, and rounds flat tops a little."""

RUN = 3
"""So many samples in a row at full scale are clipping: a sine that just touches it stays there for one or two."""


class PeakMeter:
    """Follows one block after the other."""

    def __init__(self, channels: int) -> None:
        self.highest = 0.0
        """The true peak so far as an amplitude, full scale = 1 (BS.1770-4, Annex 2)."""
        self.at = 0
        """Where that is, in samples."""
        self.clipped = list[int]()
        """Where runs at full scale begin, in samples: the first of each second."""
        self._before = np.zeros((channels, 2 * _CONTEXT), np.float32)
        self._position = -2 * _CONTEXT

    def take(self, block: NDArray[np.float32]) -> None:
        """Take the next block: (channels, samples), full scale = 1."""
        samples = np.concatenate((self._before, block), axis=1)
        magnitudes = np.abs(samples).max(axis=0)
        self._peak(samples, magnitudes)
        if magnitudes.max() >= FULL:
            self._clipping(magnitudes)
        self._position += block.shape[1]
        self._before = samples[:, -2 * _CONTEXT :]

    def _peak(self, samples: NDArray[np.float32], magnitudes: NDArray[np.float32]) -> None:
        """Look between the samples wherever something higher than what is known could be; most stretches are passed."""
        end = samples.shape[1] - _CONTEXT
        stretches = np.maximum.reduceat(magnitudes, np.arange(0, len(magnitudes), _STRETCH))
        if stretches.max() > self.highest:
            self.highest = float(stretches.max())
            self.at = max(0, self._position + int(magnitudes.argmax()))
        for nth in np.argsort(-stretches).tolist():
            if stretches[nth] * _GROWTH <= max(self.highest, _LOW):
                break
            first, last = max(_CONTEXT, nth * _STRETCH - _CONTEXT), min(end, (nth + 1) * _STRETCH + _CONTEXT)
            for channel in samples[:, first - _CONTEXT : last + _CONTEXT]:
                envelope = peak_envelope(channel.astype(np.float64))[_CONTEXT:-_CONTEXT]
                if envelope.max(initial=0.0) > self.highest:
                    self.highest = float(envelope.max())
                    self.at = max(0, self._position + first + int(envelope.argmax()))

    def _clipping(self, magnitudes: NDArray[np.float32]) -> None:
        for first, last in runs(magnitudes >= FULL).tolist():
            start = self._position + first
            if last - first >= RUN and (not self.clipped or start >= self.clipped[-1] + SAMPLE_RATE):
                self.clipped.append(start)
