"""A recording as it is kept: its sharpest peaks held, measured once and for all."""

import math
from typing import TYPE_CHECKING

from calmcast.sound.limiter import limit
from calmcast.sound.loudness import integrated, measure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_CREST_DB = 16.0
"""A recording's true peak is at most this far over its loudness. Formant voices spike up to 20 dB over theirs; held to
this, a voice at -19 LUFS stays under the mix's ceiling, and its loudness is what was measured."""


def finish(samples: "NDArray[np.int16]") -> "tuple[NDArray[np.int16], tuple[float, ...], float]":
    """Return a mono recording with its peaks held, and its windows and true peak as `loudness.measure` does."""
    import numpy as np

    windows, peak = measure(samples)
    ceiling = integrated(windows) + MOST_CREST_DB
    if peak <= 0.0 or ceiling == -math.inf or 20.0 * math.log10(peak) <= ceiling:
        return samples, windows, peak
    held = np.rint(limit(samples / 32_768, ceiling) * 32_768).astype(np.int16)
    return held, *measure(held)
