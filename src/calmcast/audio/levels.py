"""Levels that move: a bed along its span, a voice that comes up. Straight lines in decibels."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from calmcast.model.timeline import RISE_DB_S, BedSpan
from calmcast.units import SAMPLE_RATE, gain

Source = Callable[[int, int, int], NDArray[np.float32]]
"""(start, samples, channels) to that stretch of a bed, shape (samples, channels), full scale = 1."""

_KNOT = 64
"""Samples from one point of a moving level to the next: 1.5 ms; between them it is a straight line."""

_BETWEEN_SAMPLES = 1.5
"""A sound's true peak is taken to be no more than this times its highest sample: 3.5 dB."""


def risen(pcm: bytes, rise_db: float) -> bytes:
    """Return 16-bit little-endian mono samples that begin so many decibels softer and come up by RISE_DB_S."""
    samples = np.frombuffer(pcm, "<i2").astype(np.float32)
    moving = min(len(samples), int(rise_db / RISE_DB_S * SAMPLE_RATE))
    knots = np.arange(-(-moving // _KNOT) + 1) * _KNOT
    amplitudes = 10.0 ** (-np.maximum(rise_db - RISE_DB_S * knots / SAMPLE_RATE, 0.0) / 20.0)
    samples[:moving] *= _lines(amplitudes.astype(np.float32))[:moving]
    return np.rint(samples).astype("<i2").tobytes()


def laid(
    spans: Sequence[tuple[BedSpan, Source, float]], start: int, end: int, channels: int, headroom_db: float
) -> tuple[bytes, float]:
    """Return what beds sound like from `start` to `end` of the track, and the most that their true peak can be.

    `spans`: each with what it is made of, and the gain in decibels that brings that to the voice's level. The samples
    are interleaved, 32-bit little-endian, `headroom_db` below their full scale. Full scale of the peak = 1.
    """
    summed = np.zeros((end - start, channels), np.float32)
    for span, source, level in spans:
        first, last = max(start, span.start), min(end, span.end)
        if first < last:
            amplitudes = _amplitudes(span, first, last)
            summed[first - start : last - start] += source(first, last - first, channels) * (amplitudes * gain(level))
    peak = max(float(summed.max(initial=0.0)), -float(summed.min(initial=0.0))) * _BETWEEN_SAMPLES
    summed *= 2.0**31 / gain(headroom_db)
    return summed.astype("<i4").tobytes(), peak


def _amplitudes(span: BedSpan, first: int, last: int) -> NDArray[np.float32] | np.float32:
    """Return the amplitude of a bed at each sample from `first` to `last`, shape (samples, 1), or one for all."""
    knots = np.arange(first // _KNOT, -(-last // _KNOT) + 1) * _KNOT
    turns, levels = zip(*span.levels, strict=True) if span.levels else ((0,), (0.0,))
    amplitudes = 10.0 ** (np.interp(knots, turns, levels) / 20.0)
    # Sine and cosine: where one bed takes over from another, their powers sum to one.
    for edge, fade in ((knots - span.start, span.fade_in), (span.end - knots, span.fade_out)):
        if fade:
            amplitudes *= np.sin(0.5 * np.pi * np.clip(edge / fade, 0.0, 1.0))
    if np.ptp(amplitudes) == 0.0:
        return np.float32(amplitudes[0])
    return _lines(amplitudes.astype(np.float32))[first % _KNOT :][: last - first, None]


def _lines(knots: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return straight lines through knots that are _KNOT samples apart, up to the last one, one value a sample."""
    lines: NDArray[np.float32] = np.diff(knots)[:, None] * (np.arange(_KNOT, dtype=np.float32) / np.float32(_KNOT))
    lines += knots[:-1, None]
    return lines.reshape(-1)
