"""A recording as it is kept: its sharpest peaks held, measured once and for all."""

import math

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.limiter import limit
from calmcast.audio.loudness import AROUND_STEPS, STEP, integrated, windows_of
from calmcast.audio.truepeak import true_peak
from calmcast.model.voice import UNSHAPED, Tone

MOST_CREST_DB = 15.0
"""A recording's true peak is at most this far over its loudness. Voices spike up to 22 dB over theirs; held to this, a
voice at -19 LUFS stays under the mix's ceiling, most of its louder lines too, and its loudness is what was measured.
Held lower, a natural voice loses: joe's predicted opinion (DNSMOS) is 3.20 at 14, 3.25 at 16, 3.31 unheld; held
higher, the mix's limiter takes from a track's loudness."""


_FULL = 0.999
_FULL_SCALE = 32_768


def finish(samples: NDArray[np.int16], tone: Tone = UNSHAPED) -> tuple[NDArray[np.int16], tuple[float, ...], float]:
    """Return a mono recording with its tone shaped and its peaks held, and its windows (at 100 ms steps, as a track
    has them) and true peak as `loudness.measure` gives them.
    """
    if tone != UNSHAPED:
        from calmcast.audio.tone import shape

        shaped = shape((samples / np.float32(_FULL_SCALE)).astype(np.float32), tone)
        most = np.abs(shaped).max(initial=_FULL)
        samples = np.rint(shaped * (_FULL / most * _FULL_SCALE)).astype(np.int16)
    windows = _windows(samples)
    loudness = integrated(windows)
    if loudness > -math.inf:
        sound = samples / np.float32(_FULL_SCALE)
        held = limit(sound, loudness + MOST_CREST_DB)
        if held is not sound:
            samples = np.rint(held * _FULL_SCALE).astype(np.int16)
            windows = _windows(samples)
    return samples, windows, true_peak(samples) / _FULL_SCALE


def _windows(samples: NDArray[np.int16]) -> tuple[float, ...]:
    """Return the windows of a recording as it stands in a track: between silences."""
    return windows_of(np.pad(samples, AROUND_STEPS * STEP))
