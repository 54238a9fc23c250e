"""A recording as it is kept: its sharpest peaks held, measured once and for all."""

import math

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.limiter import limit
from calmcast.audio.loudness import AROUND_STEPS, STEP, integrated, measure
from calmcast.model.voice import UNSHAPED, Tone

MOST_CREST_DB = 15.0
"""A recording's true peak is at most this far over its loudness. Voices spike up to 22 dB over theirs; held to this, a
voice at -19 LUFS stays under the mix's ceiling, most of its louder lines too, and its loudness is what was measured.
Held lower, a natural voice loses: joe's predicted opinion (DNSMOS) is 3.20 at 14, 3.25 at 16, 3.31 unheld; held
higher, the mix's limiter takes from a track's loudness."""


_FULL = 0.999


def _measured(samples: NDArray[np.int16]) -> tuple[tuple[float, ...], float]:
    return measure(np.pad(samples, AROUND_STEPS * STEP))


def finish(samples: NDArray[np.int16], tone: Tone = UNSHAPED) -> tuple[NDArray[np.int16], tuple[float, ...], float]:
    """Return a mono recording with its tone shaped and its peaks held, and its windows (at 100 ms steps, as a track
    has them) and true peak as `loudness.measure` gives them.
    """
    if tone != UNSHAPED:
        from calmcast.audio.tone import shape

        shaped = shape((samples / np.float32(32_768)).astype(np.float32), tone)
        most = np.abs(shaped).max(initial=_FULL)
        samples = np.rint(shaped * (_FULL / most * 32_768)).astype(np.int16)
    windows, peak = _measured(samples)
    ceiling = integrated(windows) + MOST_CREST_DB
    if peak <= 0.0 or ceiling == -math.inf or 20.0 * math.log10(peak) <= ceiling:
        return samples, windows, peak
    held = np.rint(limit(samples / 32_768, ceiling) * 32_768).astype(np.int16)
    return held, *_measured(held)
