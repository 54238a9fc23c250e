"""What an engine said -> a finished line: resampled, trimmed, faded, and laid out with its silences. Pure functions."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from calmcast.units import SAMPLE_RATE

MARGIN = SAMPLE_RATE // 100
"""What is kept before the first and after the last audible sound, in samples: 10 ms."""
FADE = SAMPLE_RATE // 200
"""The length of the fade at each edge, in samples: 5 ms, inside the margin."""
HEADROOM = 0.5**0.5
"""Recordings are kept 3 dB lower than engines make them: between the samples of a full-scale voice lie higher ones."""

NOTICEABLE = 10 ** (-35 / 20)
"""Speech at -19 LUFS has its loudest moments near -12 dB: this is near the -50 dB at which silence is said to begin."""

_WINDOW = SAMPLE_RATE // 200
_STRETCH = 5
AUDIBLE = 10 ** (-47 / 20)
"""A window this far under the loudest one is not audible; the softest `f` of these voices is 44 dB under the vowels."""
FAINTLY_AUDIBLE = 10 ** (-55 / 20)
"""The same for voices without a noise of their own, whose last `t` or `k` can be this soft."""
_FAINTEST = 10 ** (-80 / 20)
_PAD = 2_048

_QUIET = 10 ** (-38 / 20)
"""Between clauses, a sentence falls at least this far under its loudest 5 ms."""
_EXACT_REACH, _EXACT_QUIET = 3 * SAMPLE_RATE // 10, SAMPLE_RATE * 6 // 100
"""How far from an exact end a silence may lie, and how long it is at least: every comma left 85 ms and more."""
_GUESSED_QUIET = SAMPLE_RATE * 14 // 100
"""How long the silence at a guessed end is at least: longer than the closure of a `t` or a `k`."""


def resample(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """Return mono samples at `rate_hz` as samples at 44 100 Hz: `round(len * 44 100 / rate_hz)` of them, in time.

    Ideal band-limited interpolation: the spectrum is kept up to the lower of the two Nyquist frequencies and nothing
    is added above it (J. O. Smith, Spectral Audio Signal Processing, "Ideal spectral interpolation"). Zeros around the
    samples keep the transform's wrap-around out of them.
    """
    if rate_hz == SAMPLE_RATE:
        return samples
    common = math.gcd(rate_hz, SAMPLE_RATE)
    up, down = SAMPLE_RATE // common, rate_hz // common
    size = _fast_multiple(len(samples) + _PAD, down)
    made = size // down * up
    # Only with `ortho` at both ends, numpy transforms single precision in single precision.
    spectrum = np.fft.rfft(samples, size, norm="ortho")
    kept = np.zeros(made // 2 + 1, spectrum.dtype)
    shared = min(len(spectrum), len(kept)) - 1
    kept[:shared] = spectrum[:shared] * math.sqrt(up / down)
    length = (2 * len(samples) * up + down) // (2 * down)
    return np.fft.irfft(kept, made, norm="ortho")[:length].astype(np.float32, copy=False)


def trim(samples: NDArray[np.float32], audible_level: float = AUDIBLE) -> NDArray[np.float32]:
    """Return samples at 44 100 Hz from 10 ms before the first to 10 ms after the last audible sound, edges faded.

    `audible_level` is an amplitude, relative to the loudest. Raises ValueError where nothing is audible.
    """
    windows = np.pad(samples, (0, -len(samples) % _WINDOW)).reshape(-1, _WINDOW)
    power = (windows**2).mean(axis=1)
    # A voice's own noise has single windows that reach the threshold, but no stretch of them.
    around = np.convolve(power, np.full(_STRETCH, 1 / _STRETCH, np.float32), "same") if len(power) > _STRETCH else power
    threshold = max(power.max(initial=0.0) * audible_level**2, _FAINTEST**2)
    audible = np.flatnonzero((power > threshold) & (around > threshold))
    if not len(audible):
        raise ValueError("nothing is audible")
    start, end = audible[0] * _WINDOW, (audible[-1] + 1) * _WINDOW
    padded = np.pad(samples, (MARGIN, MARGIN + _WINDOW))
    return _faded(padded[start : end + 2 * MARGIN])


def part(samples: NDArray[np.float32], ends: Sequence[int], *, exact: bool) -> list[NDArray[np.float32] | None]:
    """Return a sentence cut where its clauses end: one piece a clause, None where a clause runs into the next piece.

    `ends` is where, in samples, each clause but the last ends: `exact`, or a guess by the length of its text. Cuts are
    made in the middle of the longest quiet stretch near an end; where there is none, the clauses stay together.
    """
    windows = np.pad(samples, (0, -len(samples) % _WINDOW)).reshape(-1, _WINDOW)
    power = (windows**2).mean(axis=1)
    quiet = power <= max(power.max(initial=0.0) * _QUIET**2, _FAINTEST**2)
    reach, shortest = (_EXACT_REACH, _EXACT_QUIET) if exact else (len(samples) // 8, _GUESSED_QUIET)
    pieces: list[NDArray[np.float32] | None] = []
    start = 0
    for end in ends:
        near = range((end - reach) // _WINDOW, (end + reach) // _WINDOW)
        cut = _middle_of_quiet(quiet, start // _WINDOW, near, shortest // _WINDOW)
        pieces.append(None if cut is None else samples[start : cut * _WINDOW])
        start = start if cut is None else cut * _WINDOW
    return [*pieces, samples[start:]]


def _middle_of_quiet(quiet: NDArray[np.bool_], after: int, near: range, shortest: int) -> int | None:
    """Return the middle of the longest stretch of quiet windows that reaches into `near`, or None.

    It begins later than `after`, and sound follows it.
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([False], quiet, [False])).astype(np.int8)))
    stretches = [
        (end - begin, (begin + end) // 2)
        for begin, end in edges.reshape(-1, 2).tolist()
        if after < begin <= near.stop and near.start < end < len(quiet) and end - begin >= shortest
    ]
    return max(stretches)[1] if stretches else None


def assemble(
    phrases: Sequence[tuple[NDArray[np.float32], int]],
) -> tuple[NDArray[np.int16], tuple[tuple[int, int], ...]]:
    """Return phrases (samples at 44 100 Hz, full scale = 1, and the silence after each in samples) as one line.

    Gives its 16-bit samples, and (start, length) of each silence of 1 s and more in it.
    """
    sound = np.zeros(sum(len(samples) + silence for samples, silence in phrases), np.int16)
    silences: list[tuple[int, int]] = []
    position = 0
    for samples, silence in phrases:
        scaled = np.rint(samples * (HEADROOM * 32_767))
        sound[position : position + len(samples)] = np.clip(scaled, -32_768, 32_767)
        position += len(samples)
        if silence >= SAMPLE_RATE:
            silences.append((position, silence))
        position += silence
    return sound, tuple(silences)


def heard(samples: NDArray[np.int16]) -> tuple[int, int]:
    """Return where a line's first and last noticeable sound begin and end, in samples, to 5 ms.

    That is within NOTICEABLE of its loudest 5 ms: softer sounds are kept in the recording, but nobody dates it by them.
    """
    windows = np.pad(samples.astype(np.float64), (0, -len(samples) % _WINDOW)).reshape(-1, _WINDOW)
    power = (windows**2).mean(axis=1)
    loud = np.flatnonzero(power >= power.max(initial=0.0) * NOTICEABLE**2)
    return (int(loud[0]) * _WINDOW, min(len(samples), (int(loud[-1]) + 1) * _WINDOW)) if len(loud) else (0, 0)


def _faded(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    fade = (0.5 - 0.5 * np.cos(np.pi * (np.arange(FADE) + 0.5) / FADE)).astype(np.float32)
    faded = samples.copy()
    faded[:FADE] *= fade
    faded[-FADE:] *= fade[::-1]
    return faded


def _fast_multiple(least: int, factor: int) -> int:
    """Return the first multiple of `factor` from `least` on whose cofactor has no prime over 5: a fast transform."""
    cofactor = -(-least // factor)
    while not _is_smooth(cofactor):
        cofactor += 1
    return cofactor * factor


def _is_smooth(number: int) -> bool:
    for prime in (2, 3, 5):
        while number % prime == 0:
            number //= prime
    return number == 1
