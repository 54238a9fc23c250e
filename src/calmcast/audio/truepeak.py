"""Peaks between the samples: four-times oversampling as ITU-R BS.1770-4, Annex 2, asks for."""

from functools import cache
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

_REACH = 12
"""How many samples either side an in-between value is interpolated from."""

_PHASES = 4
_BETA = 5.0
_ROW = 64
"""So many samples are looked at together, or passed over together."""
_FIRST, _AT_ONCE = 32, 1_024
"""So many rows are interpolated in one product, which bounds the memory; of the loudest, only so many first."""

Floats = TypeVar("Floats", np.float32, np.float64)


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


@cache
def _growth() -> float:
    """Return how many times the loudest sample near it a value between samples can be: the filters' magnitudes."""
    return float(np.abs(_interpolators()).sum(axis=1).max())


@cache
def _row_interpolator(precision: str) -> NDArray[Any]:
    """Return the matrix that takes a row with _REACH samples around it to the values between its samples.

    Shape (_ROW + 2 * _REACH, 3 * (_ROW + 1)): for each phase, the gap before the first sample of the row, those
    inside, and the one after its last.
    """
    matrix = np.zeros((_ROW + 2 * _REACH, _PHASES - 1, _ROW + 1))
    for phase, taps in enumerate(_interpolators()):
        for gap in range(_ROW + 1):
            matrix[gap : gap + 2 * _REACH, phase, gap] = taps
    return matrix.reshape(len(matrix), -1).astype(precision)


class _Rows(Generic[Floats]):
    """A sound in rows of _ROW samples, the last one filled up with silence."""

    def __init__(self, samples: NDArray[Floats]) -> None:
        self.count = -(-len(samples) // _ROW)
        padded: NDArray[Floats] = np.pad(samples, (_REACH, self.count * _ROW - len(samples) + _REACH))
        self._around: NDArray[Floats] = np.lib.stride_tricks.sliding_window_view(padded, _ROW + 2 * _REACH)[::_ROW]
        self.inside: NDArray[Floats] = padded[_REACH:-_REACH].reshape(-1, _ROW)
        own = np.maximum(self.inside.max(axis=1), -self.inside.min(axis=1))
        self.highest = float(own.max())
        """The highest sample."""
        self.most = own.copy()
        """For each row, the highest amplitude that can be in it or beside it."""
        np.maximum(self.most[1:], own[:-1], out=self.most[1:])
        np.maximum(self.most[:-1], own[1:], out=self.most[:-1])
        self.most *= _growth()

    def between(self, rows: NDArray[np.intp]) -> NDArray[Floats]:
        """Return the highest amplitude between the samples of some rows: shape (rows, _ROW + 1)."""
        values: NDArray[Floats] = self._around[rows] @ _row_interpolator(self._around.dtype.char)
        np.abs(values, out=values)
        highest: NDArray[Floats] = values.reshape(len(rows), _PHASES - 1, _ROW + 1).max(axis=1)
        return highest


def peak_envelope(samples: NDArray[Floats], above: float = 0.0) -> NDArray[Floats]:
    """Return, for each sample, the highest amplitude at it and up to the samples beside it.

    Same shape, precision and unit as `samples`. Outside, silence is taken. What is not over `above` may come back as
    the sample's own magnitude, sooner than what lies beside it would be found.
    """
    if not len(samples):
        return np.abs(samples)
    sound = _Rows(samples)
    envelope: NDArray[Floats] = np.abs(sound.inside)
    matter = np.flatnonzero(sound.most > above)
    for first in range(0, len(matter), _AT_ONCE):
        rows = matter[first : first + _AT_ONCE]
        gaps = sound.between(rows)
        envelope[rows] = np.maximum(envelope[rows], np.maximum(gaps[:, :-1], gaps[:, 1:]))
    whole: NDArray[Floats] = envelope.reshape(-1)[: len(samples)]
    return whole


def true_peak(samples: NDArray[np.int16] | NDArray[np.float32] | NDArray[np.float64]) -> float:
    """Return the highest amplitude of the sound that the samples stand for, in the samples' own unit.

    The loudest rows are looked at first, and of the others only those that could be higher still: no value between
    samples exceeds the sum of the filter's magnitudes times the loudest sample near it.
    """
    if not len(samples):
        return 0.0
    floats: NDArray[Any] = samples.astype(np.float32) if samples.dtype == np.int16 else samples
    sound = _Rows(floats)
    highest = sound.highest
    rows, some = np.argsort(-sound.most), _FIRST
    while len(rows) and sound.most[rows[0]] > highest:
        highest = max(highest, float(sound.between(rows[:some]).max()))
        rows, some = rows[some:], _AT_ONCE
        rows = rows[sound.most[rows] > highest]
    return highest
