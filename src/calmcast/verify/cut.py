"""Where a track that is too long or too short was cut, or has something that it should not have."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.loudness import power_of
from calmcast.model.manifest import Manifest
from calmcast.units import SAMPLE_RATE
from calmcast.verify.expected import Expected, place

_WORDS_LU = -15.0
"""Most moments of words, relative to the voice, are louder."""
_BED = 10**-2.0
"""No moment of a bed that calmcast makes is so much softer than the bed (20 dB)."""
_STRUCK = SAMPLE_RATE // 2


@dataclass(frozen=True, slots=True)
class Cut:
    """A place from which on everything comes early or late."""

    at: int
    """In moments, by the manifest."""
    longer: int
    """How many moments are there that should not be; less than 0: are missing."""

    def mended(self, values: NDArray[np.float32], missing: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values of each moment as if nothing came early or late: those of `missing`, where they are."""
        put_in = missing[self.at : self.at + max(0, -self.longer)]
        parts = values[: self.at], put_in, values[self.at + max(0, self.longer) :]
        return np.concatenate(parts).astype(np.float64)


def cut(manifest: Manifest, expected: Expected, powers: NDArray[np.float32]) -> Cut:
    """Return from where on everything has to come as early or late as the track is short or long to be in its place.

    Of places that are as good as each other the last: what is missing may be the end.
    """
    least = np.where(expected.steady, _BED * expected.bed, 0.0)
    most = np.where(expected.spoken, np.inf, expected.most)
    for line in manifest.lines:
        least[place(line.start, line.end)] = power_of(manifest.loudness.speech_lufs + _WORDS_LU)
    for bell in manifest.bells:
        least[place(bell.start, min(bell.end, bell.start + _STRUCK))] += power_of(bell.lufs + _WORDS_LU)
    kept = min(len(least), len(powers))

    def off(should: slice, sounds: slice) -> NDArray[np.int64]:
        """Return how many moments are not what they should be, in those before each one."""
        wrong = (powers[sounds] < least[should]) | (powers[sounds] > most[should])
        return np.concatenate(([0], np.cumsum(wrong)))

    # The first so many are in their place, and all others as far from the end as they should be.
    before = off(slice(kept), slice(kept))
    after = off(slice(len(least) - kept, None), slice(len(powers) - kept, None))
    wrong = before + after[-1] - after
    return Cut(kept - int(wrong[::-1].argmin()), len(powers) - len(least))
