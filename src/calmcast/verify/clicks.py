"""Clicks: moments of a millisecond in which a sound bends far more sharply than in all that is around them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from calmcast.units import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SLOT = SAMPLE_RATE // 1000
"""Samples of a slot: 1 ms."""
_AROUND = 25
"""Slots at each side that a click is compared with, the next ones left out: as long as two periods of a low voice, so
that the pulse of a voice is compared with another."""
_NEXT = 1
_SILENT = 1e-9

SOFTEST = 0.004
"""Bends below this are not heard as a click: of a step of -48 dBFS, or 30 dB under a voice."""

SHARPEST = 5.0
"""Measured: in 97 tracks of Pico, espeak-ng, flite, festival, neural and human voices, no bend was more than 3.4 times
the sharpest one around it, in the beds that calmcast makes 2.4 times. Planted steps and impulses have 6 to 80."""

SOFTEST_AT_EDGE = 0.008
"""A step of -42 dBFS. The encoder's noise after a sound bends by up to 0.002."""

SHARPEST_AT_EDGE = 3.0
"""Where a sound begins or ends there is a fade: what bends there is compared with what is outside the sound alone. In
tracks as they should be that is at most 1.2."""


class Click(NamedTuple):
    """A click, or a bend that may be one."""

    at: int
    """In samples, to the millisecond."""
    bend: float
    """The largest second difference of the samples, full scale = 1."""
    sharpness: float
    """How many times the largest bend in the 25 ms before and after it; at an edge, on the edge's outer side."""
    is_at_edge: bool
    """Whether a sound begins or ends there."""


class ClickFinder:
    """Looks for clicks in one block after the other. Bends are second differences of the samples."""

    def __init__(self, channels: int, starts: Iterable[int], ends: Iterable[int]) -> None:
        """`starts`, `ends`: where sounds begin and end, in samples."""
        import numpy as np

        self._starts, self._ends = (
            np.unique([slot for at in places for slot in (at // _SLOT - 1, at // _SLOT)]) for places in (starts, ends)
        )

        self._samples = np.zeros((channels, 2), np.float32)
        self._bends = np.zeros(2 * (_AROUND + _NEXT), np.float32)
        self._first = -2 * (_AROUND + _NEXT)
        """The slot of the first of `_bends`."""

    def find(self, block: "NDArray[np.float32]", *, last: bool = False) -> list[Click]:
        """Return the clicks up to 26 ms before the block's end; with the `last` block, all that are left.

        `block`: (channels, samples), full scale = 1.
        """
        import numpy as np

        samples = np.concatenate((self._samples, block), axis=1)
        if last:
            samples = np.pad(samples, ((0, 0), (0, 2 * _SLOT * (_AROUND + _NEXT))))
        slots = (samples.shape[1] - 2) // _SLOT
        bends = np.abs(np.diff(samples[:, : slots * _SLOT + 2], 2, axis=1)).max(axis=0)
        self._samples = samples[:, slots * _SLOT :]
        self._bends = np.concatenate((self._bends, bends.reshape(-1, _SLOT).max(axis=1)))
        found = self._sharp()
        kept = 2 * (_AROUND + _NEXT)
        self._first += len(self._bends) - kept
        self._bends = self._bends[-kept:]
        return found

    def _sharp(self) -> list[Click]:
        """Return the sharp bends of the slots that have enough around them."""
        import numpy as np
        from numpy.lib.stride_tricks import sliding_window_view

        reach = _AROUND + _NEXT
        if len(self._bends) <= 2 * reach:
            return []
        middle = self._bends[reach:-reach]
        loud = np.flatnonzero(middle > SOFTEST)
        if not len(loud):
            return []
        around = sliding_window_view(self._bends, 2 * reach + 1)[loud]
        before, after = around[:, :_AROUND].max(axis=1, initial=0.0), around[:, -_AROUND:].max(axis=1, initial=0.0)
        slots = self._first + reach + loud
        begins, ends = _among(slots, self._starts), _among(slots, self._ends)
        others = np.select(
            [begins & ends, begins, ends], [np.minimum(before, after), before, after], np.maximum(before, after)
        )
        edges, sharpness = begins | ends, middle[loud] / np.maximum(others, _SILENT)
        clicks = (sharpness > np.where(edges, SHARPEST_AT_EDGE, SHARPEST)) & (~edges | (middle[loud] > SOFTEST_AT_EDGE))
        return [
            Click(int(slot) * _SLOT, float(bend), float(sharp), bool(edge))
            for slot, bend, sharp, edge in zip(
                slots[clicks], middle[loud][clicks], sharpness[clicks], edges[clicks], strict=True
            )
        ]


def _among(slots: "NDArray[np.intp]", sorted_places: "NDArray[np.intp]") -> "NDArray[np.bool_]":
    """Return which of the slots are among the places."""
    import numpy as np

    if not len(sorted_places):
        return np.zeros(len(slots), bool)
    nearest = np.minimum(np.searchsorted(sorted_places, slots), len(sorted_places) - 1)
    return np.asarray(sorted_places[nearest] == slots)
