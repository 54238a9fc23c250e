"""A look-ahead limiter: no peak above a ceiling, and nothing else changed."""

import math
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.truepeak import Floats, peak_envelope
from calmcast.units import SAMPLE_RATE, gain

CEILING_DBTP = -1.5

LOOK_AHEAD = 3 * SAMPLE_RATE // 1000
"""Samples over which the gain goes down before a peak."""

RELEASE = 80 * SAMPLE_RATE // 1000
"""Samples in which a reduction falls to 1/e of itself after a peak."""

REACH = SAMPLE_RATE
"""No sample is changed by a peak farther from it than this."""

_INAUDIBLE_DB = 0.001
"""A reduction below this counts as none: 24 dB come down to it within 10 releases, and so within REACH."""

_ROW = 2 * LOOK_AHEAD
"""So many samples are smoothed together."""


def limit(samples: NDArray[Floats], ceiling_dbtp: float = CEILING_DBTP) -> NDArray[Floats]:
    """Return the samples with every true peak at or under the ceiling; shape, precision and unit (full scale = 1) stay.

    `samples`: shape (samples,), or (samples, channels); all channels are turned down alike, so that nothing moves.
    The same array comes back where no peak exceeds the ceiling. Elsewhere the gain falls smoothly over LOOK_AHEAD
    before a peak and comes back exponentially over RELEASE (look-ahead limiting as in D. Giannoulis, M. Massberg and
    J. Reiss, Digital dynamic range compressor design, J. AES 60(6), 2012: peak decoupling in the log domain).
    """
    ceiling = gain(ceiling_dbtp)
    channels = np.atleast_2d(samples.T)
    envelope = np.maximum.reduce([peak_envelope(channel, ceiling) for channel in channels])
    over = np.flatnonzero(envelope > ceiling)
    if not len(over):
        return samples
    level = _released(20.0 * np.log10(envelope[over].astype(np.float64) / ceiling), over)
    limited = samples.copy()
    for peaks, lasts in _apart(over, level):
        start = max(0, int(over[peaks][0]) - 2 * LOOK_AHEAD)
        end = min(len(samples), int(over[peaks][-1]) + lasts + LOOK_AHEAD)
        turned = _gain(over[peaks] - start, level[peaks].astype(samples.dtype), lasts, end - start)
        limited[start:end] = (limited[start:end].T * turned).T
    return limited


def _released(needed: NDArray[np.float64], over: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the reduction in dB at each peak, the one that is still to be released of those before it included.

    max over k <= j of needed[k] * exp((over[k] - over[j]) / RELEASE), as a running maximum of logarithms.
    """
    slope = over / RELEASE
    released: NDArray[np.float64] = np.exp(np.maximum.accumulate(np.log(needed) + slope) - slope)
    return released


def _apart(over: NDArray[np.intp], level: NDArray[np.float64]) -> Iterator[tuple[slice, int]]:
    """Yield those peaks, together, between which the gain does not come back to 1, and how long the last is released.

    Whether peaks belong together follows from them alone, wherever a sound is cut.
    """
    lasts = 1 + np.ceil(RELEASE * np.log(np.maximum(level / _INAUDIBLE_DB, 1.0))).astype(np.intp)
    ends = np.flatnonzero(np.diff(over) > lasts[:-1] + 4 * LOOK_AHEAD) + 1
    for first, last in pairwise((0, *ends.tolist(), len(over))):
        yield slice(first, last), int(lasts[last - 1])


def _gain(peaks: NDArray[np.intp], level: NDArray[Floats], lasts: int, size: int) -> NDArray[Floats]:
    """Return the gain of a stretch as an amplitude, given where its peaks are and their reductions in dB."""
    lengths = np.diff(peaks, append=size)
    since = np.arange(peaks[0], size) - np.repeat(peaks, lengths)
    reduction = np.zeros(size, level.dtype)
    reduction[peaks[0] :] = np.repeat(level, lengths) * np.exp((since * (-1.0 / RELEASE)).astype(level.dtype))
    done = int(peaks[-1]) + lasts
    reduction[done:] = 0.0
    turned: NDArray[Floats] = np.exp(_smoothed(_held(reduction), np.append(peaks, done)) * (-math.log(10.0) / 20.0))
    return turned


def _held(reduction: NDArray[Floats]) -> NDArray[Floats]:
    """Return the highest reduction in each LOOK_AHEAD + 1 samples from n on, by doubling."""
    size, width = LOOK_AHEAD + 1, 1
    highest = np.pad(reduction, (0, size - 1))
    while width < size:
        shift = min(width, size - width)
        highest = np.maximum(highest[:-shift], highest[shift:])
        width += shift
    return highest


@cache
def _smoother(precision: str) -> tuple[NDArray[Any], float]:
    """Return what takes a row of _ROW values and the LOOK_AHEAD before it to weighted means, and a release to its own.

    A matrix of shape (LOOK_AHEAD + _ROW, _ROW), and how much higher the mean of falling values is than the last.
    """
    window = np.hanning(LOOK_AHEAD + 3)[1:-1]
    window /= math.fsum(window)
    matrix = np.zeros((LOOK_AHEAD + _ROW, _ROW))
    for n in range(_ROW):
        matrix[n : n + LOOK_AHEAD + 1, n] = window
    return matrix.astype(precision), float(window @ np.exp(np.arange(LOOK_AHEAD + 1) / RELEASE))


def _smoothed(held: NDArray[Floats], turns: NDArray[np.intp]) -> NDArray[Floats]:
    """Return a weighted mean of the LOOK_AHEAD + 1 values up to each: never less than what a sample needs.

    Only rows near the `turns` are averaged, peaks and the end of a release: elsewhere all is release, and its mean
    follows.
    """
    matrix, falling = _smoother(held.dtype.char)
    before = np.pad(held, (LOOK_AHEAD, -len(held) % _ROW), mode="edge")
    near = np.unique((turns[:, None] + (-LOOK_AHEAD, 0, LOOK_AHEAD)) // _ROW)
    near = near[(near >= 0) & (near * _ROW < len(held))]
    rows = np.lib.stride_tricks.sliding_window_view(before, LOOK_AHEAD + _ROW)[::_ROW]
    smoothed = (before[LOOK_AHEAD:] * falling).reshape(-1, _ROW)
    smoothed[near] = rows[near] @ matrix
    return smoothed.reshape(-1)[: len(held)]


def limit_mix(
    mixed: bytes, highest: float, channels: int, headroom_db: float, ceiling_dbtp: float = CEILING_DBTP
) -> bytes:
    """Return a mix as finished 16-bit samples, limited.

    `mixed`: interleaved 32-bit little-endian samples whose largest value stands for `headroom_db` over full scale.
    `highest`: the most that their true peak can be, full scale = 1; below the ceiling, nothing is measured again.
    """
    samples = np.frombuffer(mixed, dtype="<i4").reshape(-1, channels).astype(np.float32)
    samples *= np.float32(gain(headroom_db) / 2**31)
    if highest <= gain(ceiling_dbtp):
        return _finished(samples)
    # In double precision, a sound is the same wherever it is cut.
    return _finished(limit(samples.astype(np.float64), ceiling_dbtp))


def _finished(samples: NDArray[Floats]) -> bytes:
    """Return samples (full scale = 1) as 16-bit little-endian ones."""
    samples *= 32_768
    return np.rint(samples, out=samples).astype("<i2").tobytes()
