"""How a line goes on, held against the contour that its manifest has: when it comes, and whether it is itself."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from calmcast.audio.loudness import AROUND_STEPS, integrated
from calmcast.model.timeline import RISE_DB_S, Clip, Spoken
from calmcast.units import SAMPLE_RATE
from calmcast.verify.listen import MOMENT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WINDOW, STEP = 40, 10
"""Moments: windows of 400 ms at steps of 100 ms (ITU-R BS.1770-4)."""

_SOFTEST = 10**-2.0
"""Windows that are 20 dB softer than a line's loudest are all alike."""
_FAINTEST = 1e-7
_TELLABLE, _LEAST, _LOUD = 4.0, 4, 0.1
"""A line can be held against its contour where at least so many windows, and half of those within 10 dB of its loudest,
are 6 dB over what else may sound."""
STRAYS_DB = 1.0
"""From here on a line is not itself. Measured: in 36 tracks, nearly all of one voice, at most 0.5; reversed, 0.86 and
more."""
_OTHER_LEVEL_DB = 10.0
"""As much softer or louder a line may be and still be itself; how loud it is, is judged elsewhere."""


@dataclass(frozen=True, slots=True)
class Contour:
    """What a line's windows should be, and from which power on they can be told from what else may sound."""

    first: int
    """The moment at which the first window begins."""
    powers: "NDArray[np.float64]"
    """K-weighted mean squares of the words alone."""
    floor: "NDArray[np.float64]"

    @property
    def can_be_told(self) -> bool:
        """Whether enough of the line is well over what else may sound."""
        clear, loud = self.powers > _TELLABLE * self.floor, self.powers > _LOUD * self.powers.max()
        return int(clear.sum()) >= max(_LEAST, int(loud.sum()) / 2)


def risen(clip: Clip, spoken: Spoken, at: int) -> float:
    """Return what the power at a sample of a line has to be multiplied by to be as if it did not begin softly."""
    softer = max(0.0, spoken.rise - RISE_DB_S * max(0, at - clip.start) / SAMPLE_RATE)
    return float(10 ** (softer / 10))


def contour(clip: Clip, spoken: Spoken, lufs: float, others: "NDArray[np.float64]") -> Contour | None:
    """Return a line's contour, or None where the manifest does not have it.

    `lufs`: how loud the line should be. `others`: the most power of all else in each moment of the track.
    """
    import numpy as np

    windows = spoken.recording.loudness
    if not windows:
        return None
    first = clip.start // MOMENT - AROUND_STEPS * STEP
    starts = first + STEP * np.arange(len(windows))
    soft = [risen(clip, spoken, (int(at) + WINDOW // 2) * MOMENT) for at in starts]
    powers = np.array(windows) / soft * 10 ** ((lufs - integrated(windows)) / 10)
    sums = np.concatenate(([0.0], np.cumsum(others)))
    return Contour(first, powers, np.maximum(_means(sums, starts), max(_SOFTEST * powers.max(), _FAINTEST)))


def strays(wanted: Contour, sums: "NDArray[np.float64]", lags: "NDArray[np.int64]") -> "NDArray[np.float64]":
    """Return by how many decibels a window is off its contour on average, for each lag that the line may have.

    `sums`: the powers of the words of a track, summed up from its beginning, one more than it has moments. `lags`: in
    moments.
    """
    off = by_window(wanted, sums, lags)
    means: NDArray[np.float64] = off.sum(axis=1) / (off > 0.0).sum(axis=1).clip(1)
    return means


def by_window(wanted: Contour, sums: "NDArray[np.float64]", lags: "NDArray[np.int64]") -> "NDArray[np.float64]":
    """Return by how many decibels each window is off its contour, shape (lags, windows); 0: nothing is to be heard.

    A line may be softer or louder than it should be as a whole. Arguments: see `strays`.
    """
    import numpy as np

    starts = wanted.first + STEP * np.arange(len(wanted.powers)) + lags[:, None]
    floor = _decibels(wanted.floor)
    heard = np.maximum(_decibels(np.maximum(_means(sums, starts), _FAINTEST / 10)), floor)
    due = _decibels(np.maximum(wanted.powers, _FAINTEST / 10))
    clear = wanted.powers > _TELLABLE * wanted.floor
    over = np.median((heard - due)[:, clear], axis=1).clip(-_OTHER_LEVEL_DB, _OTHER_LEVEL_DB)
    due = due + over[:, None]
    due = np.where(clear, due, np.maximum(due, floor))
    off: NDArray[np.float64] = np.abs(heard - due) * (clear | (np.maximum(heard, due) > floor + 1.0))
    return off


def _means(sums: "NDArray[np.float64]", starts: "NDArray[np.int64]") -> "NDArray[np.float64]":
    """Return the mean of each window of WINDOW moments; outside of the track there is silence."""
    import numpy as np

    final = len(sums) - 1
    means: NDArray[np.float64] = (sums[np.clip(starts + WINDOW, 0, final)] - sums[np.clip(starts, 0, final)]) / WINDOW
    return means


def _decibels(powers: "NDArray[np.float64]") -> "NDArray[np.float64]":
    import numpy as np

    decibels: NDArray[np.float64] = 10.0 * np.log10(powers)
    return decibels
