"""A bell that somebody recorded, made ready to be rung: from its strike to its end, as loud as the other bells."""

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.limiter import limit
from calmcast.audio.loudness import lufs, measure
from calmcast.units import SAMPLE_RATE, gain

LOUDEST_LUFS = -23.0
"""The loudest 400 ms of every bell."""

_CEILING_DBTP = -3.1
"""Rounding to 16 bits keeps it under -3."""
_NEAR = SAMPLE_RATE // 500
"""Samples before the strike: 2 ms."""
_STRUCK, _GONE = 0.01, 0.001
"""Relative to its peak, where a bell begins (-40 dB) and where it has ended (-60 dB)."""
_WINDOW = SAMPLE_RATE // 100
_LONGEST_FADE = 2 * SAMPLE_RATE
_FAINTEST_LUFS = -60.0
"""What is softer than this with its peak at full scale is a crackle or a rumble, and no bell."""


def struck(samples: NDArray[np.float64]) -> NDArray[np.int16]:
    """Return a mono bell from 2 ms before its strike to where it has rung out; none where there is nothing to hear.

    Its loudest 400 ms are at -23 LUFS, its true peak is under -3 dBTP. One that was cut off while it rang is faded.
    """
    if not len(samples):
        return np.zeros(0, np.int16)
    # Cheap microphones have an offset, which would be a thump where it begins.
    sound = samples - np.median(samples)
    peak = float(np.abs(sound).max())
    if not peak:
        return np.zeros(0, np.int16)
    sound /= peak
    first, last = _ends(sound)
    sound = sound[first:last] * _edges(sound[first:last], ends=last < len(sound))
    windows, _ = measure(np.rint(sound * 32_767).astype(np.int16))
    loudest = lufs(max(windows))
    if loudest < _FAINTEST_LUFS:
        return np.zeros(0, np.int16)
    finished = limit(sound * gain(LOUDEST_LUFS - loudest), _CEILING_DBTP)
    return np.rint(finished * 32_767).astype(np.int16)


def _ends(sound: NDArray[np.float64]) -> tuple[int, int]:
    """Return from where to where a bell with its peak at 1 sounds."""
    first = max(0, int(np.argmax(np.abs(sound) >= _STRUCK)) - _NEAR)
    padded = np.pad(sound, (0, -len(sound) % _WINDOW)).reshape(-1, _WINDOW)
    rings = np.flatnonzero(np.square(padded).mean(axis=1) >= _GONE**2)
    last = (int(rings[-1]) + 1) * _WINDOW if len(rings) else len(sound)
    return first, min(len(sound), max(last, first + _WINDOW))


def _edges(sound: NDArray[np.float64], ends: bool) -> NDArray[np.float64]:
    """Return gains that bring a bell up over its first 2 ms, and down to nothing at its end: there, one that has not
    rung out is faded over a quarter of its length, 2 s at most.
    """
    gains = np.ones(len(sound))
    up = min(_NEAR, len(sound) // 4)
    down = min(_WINDOW if ends else _LONGEST_FADE, max(1, len(sound) // 4))
    gains[:up] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(up) / max(up, 1))
    gains[-down:] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(1, down + 1) / down)
    return gains
