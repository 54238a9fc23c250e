"""Peaks between the samples: four-times oversampling as ITU-R BS.1770-4, Annex 2, asks for."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

_REACH = 12
"""How many samples either side an in-between value is interpolated from."""

_PHASES = 4
_BETA = 5.0
_CHUNK = 1 << 16
_LOOK = 1 << 13


@cache
def _interpolators() -> NDArray[np.float64]:
    """Return one FIR a quarter, half and three quarters of a sample on, shape (3, 2 * _REACH).

    Sinc times a Kaiser window (A. V. Oppenheim and R. W. Schafer, Discrete-Time Signal Processing), unit gain at DC.
    """
    taps = np.arange(1 - _REACH, _REACH + 1, dtype=np.float64)
    rows = []
    for phase in range(1, _PHASES):
        offset = taps - phase / _PHASES
        window = np.i0(_BETA * np.sqrt(np.clip(1 - (offset / _REACH) ** 2, 0, None))) / np.i0(_BETA)
        row = np.sinc(offset) * window
        rows.append(row / row.sum())
    return np.array(rows)


def _between(padded: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the highest amplitude strictly between each sample and the next.

    `padded` carries _REACH samples of context at each end; the result begins with the gap before the first sample
    inside, and ends with the gap after the last.
    """
    highest = np.zeros(len(padded) - 2 * _REACH + 1)
    for taps in _interpolators():
        np.maximum(highest, np.abs(np.convolve(padded, taps[::-1], mode="valid")), out=highest)
    return highest


def peak_envelope(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return, for each sample, the highest amplitude at it and up to the samples beside it.

    Same shape and unit as `samples`. Outside, silence is taken.
    """
    padded = np.pad(samples, _REACH)
    envelope = np.abs(samples)
    for start in range(0, len(samples), _CHUNK):
        end = min(start + _CHUNK, len(samples))
        gaps = _between(padded[start : end + 2 * _REACH])
        np.maximum(envelope[start:end], np.maximum(gaps[:-1], gaps[1:]), out=envelope[start:end])
    return envelope


def true_peak(samples: NDArray[np.int16] | NDArray[np.float64], least: float = 0.0) -> float:
    """Return the highest amplitude of the sound that the samples stand for, in the samples' own unit.

    `least`: comes back where nothing is higher, sooner than what is less would be found. A stretch is oversampled
    only where it could matter: no in-between value exceeds the sum of the filter's magnitudes times the loudest
    sample near it.
    """
    if not len(samples):
        return 0.0
    growth = float(np.abs(_interpolators()).sum(axis=1).max())
    highest = max(abs(float(samples.max())), abs(float(samples.min())), least)
    for start in range(0, len(samples), _LOOK):
        end = min(start + _LOOK, len(samples))
        first, last = max(0, start - _REACH), min(len(samples), end + _REACH)
        stretch = samples[first:last].astype(np.float64)
        if float(np.abs(stretch).max()) * growth > highest:
            padded = np.pad(stretch, (_REACH - (start - first), _REACH - (last - end)))
            highest = max(highest, float(_between(padded).max()))
    return highest
