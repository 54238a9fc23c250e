"""What should sound when, by the manifest: K-weighted mean squares on the grid on which a track is measured."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.loudness import power_of
from calmcast.model.manifest import BedEntry, BellEntry, Manifest
from calmcast.units import SAMPLE_RATE, seconds
from calmcast.verify.listen import MOMENT

GUARD = 8
"""Moments before and after a sound in which the encoder's echoes of it may be heard: 80 ms."""

_BELL_OVER_DB = 9.0
"""What 50 ms of a ringing bell may be over a straight line that falls by 60 dB over its length. Measured over 400 ms,
with every bell at its lowest and highest pitch, its shortest and longest: up to 3.3 dB; one begins 2.4 dB up."""
_STRIKE_S, _STRIKE_DB = 0.4, 13.0
"""A short bell's loudest 400 ms may all be in their first 50."""
_TONE_OVER_DB = 6.0
_STEADY_OVER_DB, _FREE_OVER_DB = 9.0, 16.0
"""What 50 ms of a bed may be over its level: those that calmcast makes stay within 6.0 dB, music does not."""
_SILENT_LUFS = -60.0
FAINT_LUFS = -75.0
"""A bed softer than that may be silent."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What should sound in each moment, arrays as long as the track should be."""

    spoken: NDArray[np.bool_]
    """Whether a line is here, or near."""
    bed: NDArray[np.float64]
    """The power of the beds as it is over minutes."""
    most_of_bed: NDArray[np.float64]
    """The most that it can be for 50 ms."""
    steady: NDArray[np.bool_]
    """Whether all beds here are calmcast's own, which stay within a few decibels of their power."""
    struck: NDArray[np.float64]
    """The most power that bells and breath tones can have."""

    @property
    def most(self) -> NDArray[np.float64]:
        """The most power that anything but words can have."""
        return self.most_of_bed + self.struck + power_of(_SILENT_LUFS)

    @property
    def alone(self) -> NDArray[np.bool_]:
        """Where only beds are to be heard."""
        heard: NDArray[np.bool_] = ~self.spoken & (self.struck < 0.01 * self.bed) & (self.bed > power_of(FAINT_LUFS))
        return heard


def expected(manifest: Manifest) -> Expected:
    """Return what a manifest lets expect."""
    moments, voice = max(1, -(-manifest.samples // MOMENT)), manifest.loudness.speech_lufs
    spoken, steady = np.zeros(moments, bool), np.ones(moments, bool)
    bed, most_of_bed, struck = np.zeros(moments), np.zeros(moments), np.zeros(moments)
    for span in manifest.beds:
        here = place(span.start, span.end)
        powers = power_of(voice) * _powers(span, np.arange(moments)[here])
        bed[here] += powers
        most_of_bed[here] += powers * 10 ** ((_FREE_OVER_DB if span.seed is None else _STEADY_OVER_DB) / 10)
        steady[here] &= span.seed is not None
    for line in manifest.lines:
        spoken[place(line.start, line.end, GUARD)] = True
    for bell in manifest.bells:
        here = place(bell.start, bell.end, GUARD)
        struck[here] += _bell(bell, np.arange(moments)[here])
    for breath in manifest.breaths:
        struck[place(breath.start, breath.end, GUARD)] += power_of(voice + breath.level_db + _TONE_OVER_DB)
    return Expected(spoken, bed, most_of_bed, steady, struck)


def place(start: int, end: int, guard: int = 0) -> slice:
    """Return the moments from one sample to another, and so many more at each side."""
    return slice(max(0, start // MOMENT - guard), -(-end // MOMENT) + guard)


def _powers(span: BedEntry, moments: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return a bed's power in each moment relative to the voice: its levels and its fades (a sine's square)."""
    at_s = (moments + 0.5) * seconds(MOMENT)
    turns, levels = zip(*span.levels, strict=True) if span.levels else ((0,), (0.0,))
    powers: NDArray[np.float64] = 10.0 ** (np.interp(at_s, turns, levels) / 10.0)
    from_start, to_end = at_s - seconds(span.start), seconds(span.end) - at_s
    for edge, fade in ((from_start, span.fade_in_s), (to_end, span.fade_out_s)):
        if fade:
            powers *= np.sin(0.5 * np.pi * np.clip(edge / fade, 0.0, 1.0)) ** 2
    return powers


def _bell(bell: BellEntry, moments: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the most power that a bell can have in each moment."""
    elapsed = np.maximum(moments * MOMENT - bell.start, 0)
    # How a file's sound dies away is not known.
    falling = 0.0 * elapsed if bell.file else 60.0 * elapsed / max(1, bell.samples)
    strike = np.where(elapsed < _STRIKE_S * SAMPLE_RATE, _STRIKE_DB, 0.0)
    powers: NDArray[np.float64] = power_of(bell.lufs) * 10.0 ** ((_BELL_OVER_DB + strike - falling) / 10.0)
    return powers
