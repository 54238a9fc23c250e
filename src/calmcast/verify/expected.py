"""What should sound when, by the manifest: K-weighted mean squares on the grid on which a track is measured."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from calmcast.audio.beds.catalogue import BEDS
from calmcast.audio.bells import BELLS
from calmcast.audio.loudness import power_of
from calmcast.model.timeline import BedSpan, Clip, Rung
from calmcast.units import SAMPLE_RATE
from calmcast.verify.described import Described
from calmcast.verify.listen import MOMENT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GUARD = 8
"""Moments before and after a sound in which the encoder's echoes of it may be heard: 80 ms."""

BELL_UNDER_VOICE_LU = 4.0
"""The loudest 400 ms of a bell are so much softer than the voice."""
_BELL_OVER_DB = 9.0
"""What 50 ms of a ringing bell may be over a straight line that falls by 60 dB over its length. Measured over 400 ms,
with every bell at its lowest and highest pitch, its shortest and longest: up to 3.3 dB; one begins 2.4 dB up."""
_STRIKE_S, _STRIKE_DB = 0.4, 13.0
"""A short bell's loudest 400 ms may all be in their first 50."""
_TONE_OVER_DB = 6.0
_STEADY_OVER_DB, FREE_OVER_DB = 9.0, 16.0
"""What 50 ms of a bed may be over its level: those that calmcast makes stay within 6.0 dB, music does not."""
_SILENT_LUFS = -60.0
FAINT_LUFS = -75.0
"""A bed softer than that may be silent."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What should sound in each moment, arrays as long as the measured track."""

    bed: "NDArray[np.float32]"
    """The power of the beds as it is over minutes."""
    struck: "NDArray[np.float32]"
    """The most power that bells and breath tones can have."""
    most: "NDArray[np.float32]"
    """The most power that anything but words can have."""
    steady: "NDArray[np.bool_]"
    """Whether all beds here are calmcast's own, which stay within a few decibels of their power."""
    spoken: "NDArray[np.bool_]"
    """Whether a line is here, or near."""

    @property
    def alone(self) -> "NDArray[np.bool_]":
        """Where only beds are to be heard."""
        heard: NDArray[np.bool_] = ~self.spoken & (self.struck < 0.01 * self.bed) & (self.bed > power_of(FAINT_LUFS))
        return heard


def expected(described: Described, moments: int) -> Expected:
    """Return what the manifest lets expect of so many moments."""
    import numpy as np

    timeline, voice = described.timeline, described.speech_lufs
    bed = np.zeros(moments)
    loose = np.zeros(moments, bool)
    for span in timeline.beds:
        first, last = _between(span.start, span.end, moments)
        bed[first:last] += power_of(voice) * _powers(span, first, last)
        loose[first:last] |= span.made_of.sound not in BEDS
    struck = np.zeros(moments)
    spoken = np.zeros(moments, bool)
    for event in timeline.events:
        if isinstance(event, Clip):
            first, last = _between(event.start, event.end, moments, GUARD)
            if isinstance(event.content, Rung):
                struck[first:last] += power_of(voice - BELL_UNDER_VOICE_LU) * _bell(event, event.content, first, last)
            else:
                spoken[first:last] = True
    for breath in timeline.breaths:
        if breath.tone:
            first, last = _between(breath.start, breath.end, moments, GUARD)
            struck[first:last] += power_of(voice + breath.tone.level + _TONE_OVER_DB)
    over = np.where(loose, _decibels(FREE_OVER_DB), _decibels(_STEADY_OVER_DB))
    most = bed * over + struck + power_of(_SILENT_LUFS)
    powers = [each.astype(np.float32) for each in (bed, struck, most)]
    return Expected(powers[0], powers[1], powers[2], ~loose, spoken)


def _between(start: int, end: int, moments: int, guard: int = 0) -> tuple[int, int]:
    """Return the moments from one sample to another, and so many more at each side."""
    return max(0, min(moments, start // MOMENT - guard)), max(0, min(moments, -(-end // MOMENT) + guard))


def _powers(span: BedSpan, first: int, last: int) -> "NDArray[np.float64]":
    """Return a bed's power in each moment relative to the voice: its levels and its fades (a sine's square)."""
    import numpy as np

    at = (np.arange(first, last) + 0.5) * MOMENT
    turns, levels = zip(*span.levels, strict=True) if span.levels else ((0,), (0.0,))
    powers: NDArray[np.float64] = 10.0 ** (np.interp(at, turns, levels) / 10.0)
    for edge, fade in ((at - span.start, span.fade_in), (span.end - at, span.fade_out)):
        if fade:
            powers *= np.sin(0.5 * np.pi * np.clip(edge / fade, 0.0, 1.0)) ** 2
    return powers


def _bell(clip: Clip, rung: Rung, first: int, last: int) -> "NDArray[np.float64]":
    """Return the most power that a bell can have in each moment, relative to its loudest 400 ms at its own level."""
    import numpy as np

    elapsed = np.maximum(np.arange(first, last) * MOMENT - clip.start, 0)
    # How a file's sound dies away is not known.
    falling = 60.0 * elapsed / max(1, clip.samples) if rung.strike.sound in BELLS else 0.0 * elapsed
    strike = np.where(elapsed < _STRIKE_S * SAMPLE_RATE, _STRIKE_DB, 0.0)
    powers: NDArray[np.float64] = 10.0 ** ((rung.level + _BELL_OVER_DB + strike - falling) / 10.0)
    return powers


def _decibels(decibels: float) -> float:
    return float(10.0 ** (decibels / 10.0))
