"""A look-ahead limiter: no peak above a ceiling, and nothing else changed."""

import math

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.truepeak import peak_envelope, true_peak
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


def limit(samples: NDArray[np.float64], ceiling_dbtp: float = CEILING_DBTP) -> NDArray[np.float64]:
    """Return the samples with every true peak at or under the ceiling; shape and unit (full scale = 1) stay.

    `samples`: shape (samples,), or (samples, channels); all channels are turned down alike, so that nothing moves.
    The same array comes back where no peak exceeds the ceiling. Elsewhere the gain falls smoothly over LOOK_AHEAD
    before a peak and comes back exponentially over RELEASE (look-ahead limiting as in D. Giannoulis, M. Massberg and
    J. Reiss, Digital dynamic range compressor design, J. AES 60(6), 2012: peak decoupling in the log domain).
    """
    ceiling = gain(ceiling_dbtp)
    channels = np.atleast_2d(samples.T)
    if all(true_peak(channel, ceiling) <= ceiling for channel in channels):
        return samples
    envelope = np.maximum.reduce([peak_envelope(channel) for channel in channels])
    needed = 20.0 * np.log10(np.maximum(envelope / ceiling, 1.0))
    reduction = _smoothed(_held(_released(needed)))
    limited: NDArray[np.float64] = (samples.T * 10.0 ** (-reduction / 20.0)).T
    return limited


def _released(needed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the reduction in dB that follows `needed` at once and lets go exponentially.

    max over k of needed[n - k] * exp(-k / RELEASE), as a running maximum of log(needed[n]) + n / RELEASE.
    """
    slope = np.arange(len(needed)) / RELEASE
    with np.errstate(divide="ignore"):
        rising = np.log(needed) + slope
    released: NDArray[np.float64] = np.exp(np.maximum.accumulate(rising) - slope)
    return np.where(released < _INAUDIBLE_DB, needed, released)


def _held(reduction: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the highest reduction in each LOOK_AHEAD + 1 samples from n on, by doubling."""
    size, width = LOOK_AHEAD + 1, 1
    highest = np.pad(reduction, (0, size - 1))
    while width < size:
        shift = min(width, size - width)
        highest = np.maximum(highest[:-shift], highest[shift:])
        width += shift
    return highest


def _smoothed(held: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a weighted mean of the LOOK_AHEAD + 1 values up to n: never less than what sample n needs."""
    window = np.hanning(LOOK_AHEAD + 3)[1:-1]
    before = np.pad(held, (LOOK_AHEAD, 0), mode="edge")
    return np.convolve(before, window / math.fsum(window), mode="valid")


def limit_mix(
    mixed: bytes, highest: float, channels: int, headroom_db: float, ceiling_dbtp: float = CEILING_DBTP
) -> bytes:
    """Return a mix as finished 16-bit samples, limited.

    `mixed`: interleaved 32-bit little-endian samples whose largest value stands for `headroom_db` over full scale.
    `highest`: the most that their true peak can be, full scale = 1; below the ceiling, nothing is measured again.
    """
    samples = np.frombuffer(mixed, dtype="<i4").reshape(-1, channels) * (gain(headroom_db) / 2**31)
    limited = samples if highest <= gain(ceiling_dbtp) else limit(samples, ceiling_dbtp)
    finished = np.rint(limited * 32_768)
    return finished.astype("<i2").tobytes()
