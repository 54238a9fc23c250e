"""Chance without memory: every random number of a bed is a function of the seed, a layer's name and an index."""

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from calmcast.units import SAMPLE_RATE

CHUNK = 1 << 14
"""Samples of white noise that are drawn at once, and the span of time whose events are drawn at once: 0.37 s."""

BLOCK = 8 * CHUNK
"""Samples of a bed that are made at once: 3 s. Blocks are made whole, so they are the same wherever a call begins."""

KNOT = 256
"""Samples from one point of a slow curve to the next; between them it is a straight line."""

SEEDS = 1 << 64
"""Seeds are whole numbers from 0 up to this one, which is not among them."""


@cache
def _word(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class Chance:
    """What is random in one bed. Layers of different names know nothing of each other."""

    seed: int
    bed: str

    def _raw(self, layer: str, index: int, count: int) -> NDArray[np.uint64]:
        """Return the first words of one of 2^64 sequences: Philox 4x64 counts within it by the counter's low words.

        J. K. Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011. The raw words, because numpy
        promises that these stay as they are; its distributions may change from one version to the next.
        """
        key = np.array([self.seed, _word(f"{self.bed}.{layer}")], dtype=np.uint64)
        counter = np.array([0, 0, 0, index % SEEDS], dtype=np.uint64)
        words: NDArray[np.uint64] = np.random.Philox(key=key, counter=counter).random_raw(count)
        return words

    def white(self, layer: str, chunk: int) -> NDArray[np.float32]:
        """Return one chunk of white noise, shape (CHUNK,), evenly distributed, mean 0, variance 1."""
        words = self._raw(layer, chunk, CHUNK // 2)
        noise: NDArray[np.float32] = words.view(np.int32).astype(np.float32)
        noise *= 3.0**0.5 / 2.0**31
        return noise

    def shares(self, layer: str, index: int, *shape: int) -> NDArray[np.float64]:
        """Return numbers from 0 up to 1, evenly distributed, of the given shape."""
        words = self._raw(layer, index, int(np.prod(shape)))
        return (words >> np.uint64(11)).astype(np.float64).reshape(shape) * 2.0**-53

    def drift(self, layer: str, seconds: float, at: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return a smooth slow movement between -1 and 1 at sample indices `at`, which ascend; same shape.

        A uniform cubic B-spline over random points this many seconds apart: it and its slope have no steps, it stays
        within its points, and it never comes round again.
        """
        along = at / round(seconds * SAMPLE_RATE)
        below = np.floor(along).astype(np.int64)
        first, last = int(below[0]) - 1, int(below[-1]) + 2
        points = np.array([2.0 * self.shares(layer, index, 1)[0] - 1.0 for index in range(first, last + 1)])
        x, nth = along - below, below - 1 - first
        weights = ((1 - x) ** 3, 3 * x**3 - 6 * x**2 + 4, -3 * x**3 + 3 * x**2 + 3 * x + 1, x**3)
        moved: NDArray[np.float64] = sum((w * points[nth + n] for n, w in enumerate(weights)), np.zeros(len(at))) / 6.0
        return moved

    def rounds(
        self, layer: str, every: float, wander: float, seconds: float, first: int, last: int
    ) -> tuple[tuple[int, int], ...]:
        """Return (number, sample index) of what comes round unevenly, from sample `first` to sample `last` at least.

        It comes every so many seconds on the whole, but runs ahead or falls behind by up to `wander` of its turns, in
        a movement with points `seconds` apart: no two rounds stay in step, nor does one with itself later on.
        """
        at = np.arange(first // CHUNK, last // CHUNK + 2) * CHUNK
        turns = at / (every * SAMPLE_RATE) + wander * self.drift(layer, seconds, at)
        numbers = range(int(np.ceil(turns[0])), int(np.floor(turns[-1])) + 1)
        return tuple((number, int(np.interp(number, turns, at))) for number in numbers)


def check_stretch(start: int, samples: int, channels: int) -> None:
    """Raise ValueError for a stretch of a bed, or channels, that cannot be."""
    if start < 0 or samples < 0:
        raise ValueError("a stretch of a bed begins at sample 0 or later, and has no fewer than 0 samples")
    if channels not in {1, 2}:
        raise ValueError(f"a bed has 1 or 2 channels, and not {channels}")


def knots(block: int) -> NDArray[np.int64]:
    """Return the sample indices of a block's slow curves, from its first sample to the next block's, both included."""
    return np.arange(BLOCK // KNOT + 1) * KNOT + block * BLOCK


def between(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return a slow curve, given at `knots`, at each sample of the block: straight lines from knot to knot."""
    along = np.arange(KNOT) / KNOT
    return (values[:-1, None] + np.diff(values)[:, None] * along).reshape(-1).astype(np.float32)
