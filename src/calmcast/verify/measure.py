"""One pass over a track, in which everything is measured that is judged afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calmcast.verify.listen import MOMENT, FileStream, blocks
from calmcast.verify.peaks import PeakMeter
from calmcast.verify.weighting import Weighting

COLUMNS = 840
"""Of the picture."""

Report = Callable[[int], None]
"""Called with how many samples have been decoded."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a track sounds like. Times in samples at 44 100 Hz, levels with full scale = 1."""

    stream: FileStream
    samples: int
    """Per channel, at 44 100 Hz."""
    powers: NDArray[np.float32]
    """K-weighted mean square of each MOMENT, all channels summed (BS.1770-4): a 400 ms window is the mean of 40."""
    lowest: NDArray[np.float32]
    """The lowest sample of each MOMENT."""
    highest: NDArray[np.float32]
    peak: float
    """The true peak as an amplitude."""
    peak_at: int
    clipped: tuple[int, ...]
    """Where runs at full scale begin, the first of each second."""
    mean_square: float
    """Of all samples."""

    @property
    def tops(self) -> NDArray[np.float32]:
        """The highest amplitude of each MOMENT."""
        return np.maximum(-self.lowest, self.highest)

    def columns(self, samples: int) -> tuple[tuple[float, float], ...]:
        """Return the lowest and the highest sample of each of COLUMNS equal stretches of so many samples."""
        moments = max(1, -(-samples // MOMENT))
        first = np.arange(COLUMNS) * moments // COLUMNS
        low, high = (np.pad(each[:moments], (0, max(0, moments - len(each)))) for each in (self.lowest, self.highest))
        columns = np.minimum.reduceat(low, first).tolist(), np.maximum.reduceat(high, first).tolist()
        return tuple(zip(*columns, strict=True))


def measured(path: Path, report: Report) -> Measured:
    """Decode a track and return what it sounds like. Memory hardly grows with length. Raises SoundError."""
    stream, position, squares = FileStream(), 0, 0.0
    weighting = peaks = None
    parts: tuple[list[NDArray[np.float32]], ...] = [], [], []
    for block in blocks(path, stream):
        if weighting is None or peaks is None:
            weighting, peaks = Weighting(len(block)), PeakMeter(len(block))
        moments = np.pad(block, ((0, 0), (0, -block.shape[1] % MOMENT))).reshape(len(block), -1, MOMENT)
        found = weighting.powers(block), moments.min(axis=(0, 2)), moments.max(axis=(0, 2))
        for part, each in zip(parts, found, strict=True):
            part.append(each)
        peaks.take(block)
        squares += float(np.vdot(block, block)) / len(block)
        position += block.shape[1]
        report(position)
    nothing = [np.zeros(0, np.float32)]
    powers, lowest, highest = (np.concatenate(part or nothing) for part in parts)
    return Measured(
        stream,
        position,
        powers,
        lowest,
        highest,
        peaks.highest if peaks else 0.0,
        peaks.at if peaks else 0,
        tuple(peaks.clipped) if peaks else (),
        squares / max(1, position),
    )
