"""One pass over a track, in which everything is measured that is judged afterwards."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from calmcast.model.timeline import Clip, Rung, Spoken, Timeline
from calmcast.verify.clicks import Click, ClickFinder
from calmcast.verify.hues import hue
from calmcast.verify.listen import BLOCK, MOMENT, Recording, blocks
from calmcast.verify.peaks import PeakMeter
from calmcast.verify.weighting import Weighting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TENTH = 10 * MOMENT
"""Samples of the grid on which the two sides are compared: 100 ms."""

COLUMNS = 840
"""Of the picture."""

Report = Callable[[int], None]
"""Called with how many samples have been decoded."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a track sounds like. Times in samples at 44 100 Hz, levels with full scale = 1."""

    recording: Recording
    samples: int
    """Per channel, at 44 100 Hz."""
    powers: "NDArray[np.float32]"
    """K-weighted mean square of each MOMENT, all channels summed (BS.1770-4): a 400 ms window is the mean of 40."""
    sides: "NDArray[np.float64]"
    """Of two channels, for each TENTH: mean square left, right, and mean of left times right; shape (tenths, 3)."""
    hues: "NDArray[np.float64]"
    """The bands of both channels' mean, for each whole BLOCK: see `hue`."""
    peak: float
    """The true peak as an amplitude."""
    peak_at: int
    clipped: tuple[int, ...]
    """Where runs at full scale begin, the first of each second."""
    clicks: tuple[Click, ...]
    columns: tuple[tuple[float, float], ...]
    """The lowest and the highest sample of each of COLUMNS equal stretches of the length that it should have."""


def _is_file(content: Spoken | Rung) -> bool:
    return isinstance(content, Rung) and content.strike.file is not None


def measured(path: Path, timeline: Timeline, report: Report) -> Measured:
    """Decode a track and return what it sounds like. Raises SoundError.

    `timeline`: what it should be; its picture is as long, and where its clips begin and end there should be no click.
    """
    import numpy as np

    recording, position = Recording(), 0
    weighting = peaks = finder = None
    # A bell of somebody's own may begin as sharply as it likes; all else is faded at its edges.
    clips = [event for event in timeline.events if isinstance(event, Clip) and not _is_file(event.content)]
    powers: list[NDArray[np.float32]] = []
    sides: list[NDArray[np.float64]] = []
    hues: list[NDArray[np.float64]] = []
    clicks: list[Click] = []
    picture = _Picture(timeline.samples)
    for block in blocks(path, recording):
        if weighting is None or peaks is None or finder is None:
            channels = len(block)
            weighting, peaks = Weighting(channels), PeakMeter(channels)
            finder = ClickFinder(channels, (clip.start for clip in clips), (clip.end for clip in clips))
        powers.append(weighting.powers(block))
        peaks.take(block)
        clicks += finder.find(block)
        picture.take(block, position)
        if timeline.beds and block.shape[1] == BLOCK:
            hues.append(hue(block.mean(axis=0)))
        if len(block) == 2:
            sides.append(_sides(block))
        position += block.shape[1]
        report(position)
    if finder:
        clicks += finder.find(np.zeros((recording.channels, 0), np.float32), last=True)
    return Measured(
        recording,
        position,
        np.concatenate(powers) if powers else np.zeros(0, np.float32),
        np.concatenate(sides) if sides else np.zeros((0, 3)),
        np.array(hues),
        peaks.highest if peaks else 0.0,
        peaks.at if peaks else 0,
        tuple(peaks.clipped) if peaks else (),
        tuple(clicks),
        picture.columns,
    )


def _sides(block: "NDArray[np.float32]") -> "NDArray[np.float64]":
    """Return the rows of `Measured.sides` for a block of two channels, the last tenth filled up with silence."""
    import numpy as np

    left, right = np.pad(block, ((0, 0), (0, -block.shape[1] % TENTH))).reshape(2, -1, TENTH)
    return np.stack(
        [(a * b).mean(axis=1, dtype=np.float64) for a, b in ((left, left), (right, right), (left, right))], 1
    )


class _Picture:
    """Gathers the lowest and highest sample of each column."""

    def __init__(self, length: int) -> None:
        import numpy as np

        self._bounds = np.arange(COLUMNS + 1) * length // COLUMNS
        self._lowest = np.zeros(COLUMNS, np.float32)
        self._highest = np.zeros(COLUMNS, np.float32)

    def take(self, block: "NDArray[np.float32]", position: int) -> None:
        import numpy as np

        end = position + block.shape[1]
        first = max(0, int(np.searchsorted(self._bounds, position, "right")) - 1)
        for column in range(first, COLUMNS):
            start, stop = self._bounds[column : column + 2].tolist()
            if start >= end:
                break
            inside = block[:, max(0, start - position) : max(0, stop - position)]
            self._lowest[column] = min(self._lowest[column], inside.min(initial=0.0))
            self._highest[column] = max(self._highest[column], inside.max(initial=0.0))

    @property
    def columns(self) -> tuple[tuple[float, float], ...]:
        return tuple(zip(self._lowest.tolist(), self._highest.tolist(), strict=True))


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
