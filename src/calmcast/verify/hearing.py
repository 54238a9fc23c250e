"""The lines of a track as they are heard: how loud each is, when it begins and when it ends."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from calmcast.audio.loudness import integrated, power_of
from calmcast.model.timeline import Clip, Spoken
from calmcast.text import cut_at_word, one_line
from calmcast.units import SAMPLE_RATE
from calmcast.verify.contours import STEP, STRAYS_DB, WINDOW, Contour, contour, risen, strays
from calmcast.verify.described import Described
from calmcast.verify.expected import FREE_OVER_DB, Expected
from calmcast.verify.listen import MOMENT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_UNDER_PEAK = 1e-3
"""A line begins where it is within 30 dB of its loudest 50 ms."""
_OVER_BED = 8.0
"""What a bed may be over its power for 30 ms: those that calmcast makes are that (9 dB) for 10 ms, once in minutes."""
_OVER_WINDOW = 2.0
"""The same for 400 ms."""
_HIDDEN = 2.0
"""Words that are less than 3 dB over a bed can neither be heard nor measured."""
_FAINTEST = 1e-6
_TELLABLE = 4.0
"""Where something else may come within 6 dB of a line, nobody can tell where the line begins."""
_NEARBY = 3 * SAMPLE_RATE // MOMENT
"""Moments from its place at which a line is looked for."""
_BEFORE_S = 0.4
_ALONE_S = 3.0


@dataclass(frozen=True, slots=True)
class Heard:
    """A line as it is heard. Times in samples from the track's beginning."""

    clip: Clip
    spoken: Spoken
    level: float
    """In LUFS, as it would be without a level of its own; -inf: it is not heard."""
    meant: float | None
    """What that should be; None: the manifest does not say."""
    start: int | None
    """None: it cannot be told."""
    end: int | None
    masked: bool
    """Whether a bed or a bell hides its softest sounds."""
    hidden: bool
    """Whether a bed hides all of it."""
    contour: Contour | None
    """How it should go; None: the manifest does not say."""
    late: float | None
    """By how many seconds it comes late; None: it cannot be told, or it is not to be found near its place."""
    is_itself: bool
    """Whether it goes as its contour does, as far as that can be told."""

    @property
    def due(self) -> tuple[int, int]:
        """When it should be heard."""
        first, last = self.spoken.recording.heard or (0, self.clip.samples)
        return self.clip.start + first, self.clip.start + last

    def risen(self, at: int) -> float:
        """Return what the power at a sample has to be multiplied by to be as if the line did not begin softly."""
        return risen(self.clip, self.spoken, at)

    @property
    def words(self) -> str:
        """Its text, for a message."""
        return f"“{cut_at_word(one_line(self.spoken.text), 60)}”"


@dataclass(frozen=True, slots=True)
class Windows:
    """400 ms windows of words, 100 ms apart."""

    powers: tuple[float, ...]
    """K-weighted mean squares, without what the bed has."""
    middles: tuple[int, ...]
    """In samples."""


class Listener:
    """Hears lines out of a track's powers."""

    def __init__(self, described: Described, expected: Expected, powers: "NDArray[np.float32]") -> None:
        import numpy as np

        self._described, self._expected, self._powers = described, expected, powers
        self.bed = expected.bed * _bed_as_it_is(expected, powers)
        """The power of the beds, as loud as they are."""
        self._most_of_bed = self.bed * np.where(expected.steady, _OVER_BED, 10 ** (FREE_OVER_DB / 10))
        most_over = np.where(expected.steady, _OVER_WINDOW, 10 ** (FREE_OVER_DB / 10))
        self._others = (self.bed * most_over + expected.struck).astype(np.float64)
        # Of the words alone: what the bed has over minutes is taken away.
        words = powers.astype(np.float64) - self.bed
        self.sums = np.concatenate(([0.0], np.cumsum(words)))
        """Of the words' powers, from the beginning of the track."""

    def contours(self) -> tuple[Contour, ...]:
        """Return the contours of the lines that can be held against them, in order."""
        lines = [(clip, clip.content) for clip in self._described.timeline.lines]
        contours = [self._contour(clip, spoken) for clip, spoken in lines if isinstance(spoken, Spoken)]
        return tuple(each for each in contours if each and each.can_be_told)

    def _contour(self, clip: Clip, spoken: Spoken) -> Contour | None:
        return contour(clip, spoken, self._due_lufs(clip, spoken), self._others)

    def _due_lufs(self, clip: Clip, spoken: Spoken) -> float:
        """Return how loud a line should be by itself: as all are, where the manifest does not say."""
        described = self._described
        own = spoken.level + described.own_db.get(spoken.speaker, 0.0)
        return described.line_lufs.get(clip.start, described.speech_lufs + own)

    def lines(self) -> tuple[Heard, ...]:
        """Return every line as it is heard, in order."""
        clips = self._described.timeline.lines
        lines = [(clip, clip.content) for clip in clips if isinstance(clip.content, Spoken)]
        ends = [0, *(clip.end for clip in clips)]
        return tuple(self._line(*line, end) for line, end in zip(lines, ends, strict=False))

    def _line(self, clip: Clip, spoken: Spoken, before: int) -> Heard:
        own = spoken.level + self._described.own_db.get(spoken.speaker, 0.0)
        first, last = spoken.recording.heard or (0, clip.samples)
        windows = self.windows(clip.start + first, clip.start + last)
        pairs = zip(windows.powers, windows.middles, strict=True)
        level = integrated(power * risen(clip, spoken, at) * 10 ** (-own / 10) for power, at in pairs)
        start, end, masked = self._edges(clip, before)
        told = self._described.line_lufs.get(clip.start)
        meant = None if told is None else told - own
        bed = float(self.bed[clip.start // MOMENT : -(-clip.end // MOMENT)].max(initial=0.0))
        hidden = _HIDDEN * bed > power_of(self._due_lufs(clip, spoken))
        wanted = self._contour(clip, spoken)
        return Heard(clip, spoken, level, meant, start, end, masked, hidden, wanted, *self._course(wanted))

    def _course(self, wanted: Contour | None) -> tuple[float | None, bool]:
        """Return by how many seconds a line comes late, and whether it is itself there."""
        import numpy as np

        if wanted is None or not wanted.can_be_told:
            return None, True
        lags = np.arange(-_NEARBY, _NEARBY + 1)
        lags = lags[np.abs(lags).argsort(kind="stable")]
        off = strays(wanted, self.sums, lags)
        fits = off < STRAYS_DB
        if not fits.any():
            return None, False
        return float(lags[fits.argmax()]) * MOMENT / SAMPLE_RATE, True

    def windows(self, start: int, end: int, around: int = 0) -> Windows:
        """Return the windows of words between two samples, at least one.

        `around`: so many moments more before it and after it.
        """
        first, last = start // MOMENT - around, -(-end // MOMENT) + around
        starts = range(first, max(first + 1, last - WINDOW + 1), STEP)
        final = len(self.sums) - 1
        edges = [(min(final, max(0, at)), min(final, max(0, at + WINDOW))) for at in starts]
        powers = (max(0.0, float(self.sums[b] - self.sums[a]) / WINDOW) for a, b in edges)
        return Windows(tuple(powers), tuple((at + WINDOW // 2) * MOMENT for at in starts))

    def _edges(self, clip: Clip, before: int) -> tuple[int | None, int | None, bool]:
        """Return where a line's sound begins and ends, and whether something else hides its softest sounds."""
        import numpy as np

        first = max(before // MOMENT, clip.start // MOMENT - round(_BEFORE_S * SAMPLE_RATE / MOMENT), 0)
        last = min(len(self._powers), -(-clip.end // MOMENT) + 1)
        powers = self._powers[first:last].astype(np.float64)
        if len(powers) < 5:
            return None, None, False
        loudest = float(np.convolve(powers, np.full(5, 0.2), "valid").max())
        softest = max(loudest * _UNDER_PEAK, _FAINTEST)
        others = self._most_of_bed[first:last] + self._expected.struck[first:last]
        audible = np.flatnonzero(_in_threes(powers > np.maximum(softest, others)))
        masked = bool((others > softest).any())
        if not len(audible) or others.max() > loudest / _TELLABLE:
            return None, None, masked
        return (first + int(audible[0])) * MOMENT, (first + int(audible[-1]) + 1) * MOMENT, masked


def _bed_as_it_is(expected: Expected, powers: "NDArray[np.float32]") -> float:
    """Return how much of their power the beds have where nothing else sounds; 1 where there is no telling.

    A bed that is too loud is told of once, and not for every line over it.
    """
    import numpy as np

    alone = (
        expected.steady & ~expected.spoken & (expected.bed > 100.0 * expected.struck) & (expected.bed > _FAINTEST / 100)
    )
    if np.count_nonzero(alone) * MOMENT < _ALONE_S * SAMPLE_RATE:
        return 1.0
    return float(np.median(powers[alone] / expected.bed[alone]))


def _in_threes(audible: "NDArray[np.bool_]") -> "NDArray[np.bool_]":
    """Return the moments that are one of three audible ones in a row: not the encoder's echoes, nor drops of rain."""
    import numpy as np

    count = np.convolve(audible, np.ones(3, int), "full")
    in_row = (count == 3).astype(int)
    return np.asarray(np.convolve(in_row, np.ones(3, int), "full")[2:-2] > 0)
