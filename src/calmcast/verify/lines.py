"""The lines of a track as they are heard: whether each is there, whole, in its place, and as loud as it should be."""

import math
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.loudness import AROUND_STEPS, integrated, power_of
from calmcast.model.manifest import LineEntry, Manifest
from calmcast.model.timeline import RISE_DB_S
from calmcast.text import counted, cut_at_word, one_line
from calmcast.units import SAMPLE_RATE, gain
from calmcast.verify.expected import Expected, place
from calmcast.verify.findings import Fault, Finding, judged, told
from calmcast.verify.listen import MOMENT

_WINDOW, _STEP = 40, 10
"""Moments: windows of 400 ms at steps of 100 ms (ITU-R BS.1770-4), as they are kept with a recording."""
_AROUND = AROUND_STEPS * _STEP
_OFF_LU, _SPEECH_OFF_LU = 1.0, 0.5
"""How far a line, and all together, may be from their level, besides what else sounds there."""
_LIMITED_DB, _LIMITED_LU = 1.5, 6.0
"""A line whose highest sample is that near to the highest true peak that a track may have was held down there by the
limiter, and may have lost so much. One that is softer for any other reason does not come up to it. Measured: those that
were held down lost up to 0.9 LU; all others are within 0.2 LU of their level."""
_BED_UNSURE, _FILE_UNSURE = 0.4, 10.0
"""The share by which a bed's power may be another under a line than over minutes; music comes and goes."""
_MISSING_LU = 15.0
"""A line that is so much softer is not there: something else is heard in its place."""
_HIDDEN = 2.0
"""Words that are less than 3 dB over a bed can neither be heard nor measured."""

_UNDER_PEAK = 1e-3
"""A line begins where it is within 30 dB of its loudest 50 ms."""
_FAINTEST = 1e-6
_TELLABLE = 4.0
"""Where something else may come within 6 dB of a line, nobody can tell where the line begins."""
_BEFORE = 40
"""Moments before its place at which a line is looked for."""
ONSET_S, MASKED_S = 0.15, 0.2
"""How far from its place a line may begin; and how much later, where it comes up from under a bed or a bell. Measured:
within 0.12 s, and under beds 14 dB under the voice within 0.16 s."""
_END_S = 0.4
"""How far from its place a line may end; measured, with and without beds: 0.32 s."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A line as it is heard. Times in samples from the track's beginning."""

    line: LineEntry
    windows: NDArray[np.float64]
    """K-weighted mean squares of its 400 ms windows, without what the beds have."""
    risen: NDArray[np.float64]
    """By what to multiply each, to have it as if the line did not begin softly."""
    unsure: tuple[float, float]
    """By how many LU it may be softer and louder on account of the limiter and of what else sounds there."""
    start: int | None
    """None: it cannot be told."""
    end: int | None
    masked: bool
    """Whether a bed or a bell hides its softest sounds."""
    hidden: bool
    """Whether a bed hides all of it."""

    @property
    def due(self) -> tuple[int, int]:
        """When it should be heard."""
        return self.line.start + self.line.heard[0], self.line.start + self.line.heard[1]

    @property
    def words(self) -> str:
        """Its text, for a message."""
        return f"“{cut_at_word(one_line(self.line.text), 60)}”"

    @property
    def off(self) -> float | None:
        """By how many LU it is louder than it should be; None: it cannot be told."""
        if self.line.lufs is None or self.hidden:
            return None
        return integrated(self.windows * self.risen) - self.line.lufs


def heard(
    manifest: Manifest, expected: Expected, powers: NDArray[np.float64], tops: NDArray[np.float64]
) -> tuple[Heard, ...]:
    """Return every line as it is heard, in order.

    `powers`, `tops`: the power and the highest amplitude of each moment that the track should have.
    """
    ends = [0, *(line.end for line in manifest.lines)]
    limited = tops > gain(manifest.loudness.true_peak_dbtp - _LIMITED_DB)
    return tuple(_heard(line, end, expected, powers, limited) for line, end in zip(manifest.lines, ends, strict=False))


def _heard(
    line: LineEntry, before: int, expected: Expected, powers: NDArray[np.float64], limited: NDArray[np.bool_]
) -> Heard:
    here = place(line.start, line.end)
    bed = expected.bed[here]
    more_bed = bed * np.where(expected.steady[here], _BED_UNSURE, _FILE_UNSURE)
    parts = powers[here] - bed, np.minimum(bed, more_bed), more_bed + expected.struck[here]
    windows, over, beside = map(_windows, parts)
    middles_s = (np.arange(len(windows)) * _STEP + _WINDOW / 2 - _AROUND) * MOMENT / SAMPLE_RATE
    risen = 10 ** (np.maximum(0.0, line.rise_db - RISE_DB_S * np.maximum(0.0, middles_s)) / 10)
    due = power_of(line.lufs or 0.0)
    lost = _LIMITED_LU if limited[here].any() else 0.0
    less = lost - 10 * math.log10(max(0.01, 1 - float((over * risen).mean()) / due))
    more = 10 * math.log10(1 + float((beside * risen).mean()) / due)
    edges = _edges(line, before, expected, powers)
    return Heard(line, windows.clip(0.0), risen, (less, more), *edges, bool(_HIDDEN * bed.max(initial=0.0) > due))


def _windows(powers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of each window of a line's powers, with silence before and after it."""
    sums = np.concatenate(([0.0], np.cumsum(np.pad(powers, _AROUND))))
    windows: NDArray[np.float64] = (sums[_WINDOW:] - sums[:-_WINDOW])[::_STEP] / _WINDOW
    return windows


def _edges(
    line: LineEntry, before: int, expected: Expected, powers: NDArray[np.float64]
) -> tuple[int | None, int | None, bool]:
    """Return where a line's sound begins and ends, and whether something else hides its softest sounds."""
    first = max(before // MOMENT, line.start // MOMENT - _BEFORE, 0)
    here = slice(first, -(-line.end // MOMENT) + 1)
    if not len(powers[here]):  # by a manifest that does not fit itself
        return None, None, False
    loudest = float(np.convolve(powers[here], np.full(5, 0.2), "valid").max(initial=0.0))
    softest = max(loudest * _UNDER_PEAK, _FAINTEST)
    others = expected.most_of_bed[here] + expected.struck[here]
    audible = np.flatnonzero(_in_threes(powers[here] > np.maximum(softest, others)))
    masked = bool((others > softest).any())
    if not len(audible) or others.max() > loudest / _TELLABLE:
        return None, None, masked
    return (first + int(audible[0])) * MOMENT, (first + int(audible[-1]) + 1) * MOMENT, masked


def _in_threes(audible: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the moments that are one of three audible ones in a row: not the encoder's echoes, nor drops of rain."""
    in_row = (np.convolve(audible, np.ones(3, int), "full") == 3).astype(int)
    return np.asarray(np.convolve(in_row, np.ones(3, int), "full")[2:-2] > 0)


def lines(manifest: Manifest, expected: Expected, heard: tuple[Heard, ...]) -> tuple[Finding, ...]:
    """Return what there is to say of how loud all lines are together, and of each: its level, its place, its end."""
    speech = _speech(manifest, expected, heard)
    alike = _alike(heard) if speech.severity == "off" else 0.0  # what is the same with all of them has been said
    faults = [Fault(what, line.due[0]) for line in heard if (what := _wrong(line, alike))]
    return speech, *told("lines", "every line, whole, as loud as it should be", faults, counted(len(heard), "line"))


def _alike(heard: tuple[Heard, ...]) -> float:
    """Return by how many LU nearly all lines are louder than they should be; 0 where they differ."""
    offs = [line.off for line in heard if line.off is not None and line.off > -_MISSING_LU]
    usual = median(offs or [0.0])
    return usual if 2 * sum(abs(off - usual) <= _OFF_LU for off in offs) > len(offs) else 0.0


def _speech(manifest: Manifest, expected: Expected, heard: tuple[Heard, ...]) -> Finding:
    """Judge the loudness of all lines together: their windows, gated, each as if its speaker were not louder by design.

    The beds between the lines lower the gate, as they do for a meter that listens to the whole track. Lines that begin
    softer after a long silence may take the whole under its level, but without these beginnings it is not under it.
    """
    target = manifest.loudness.speech_lufs
    beds = expected.bed[~expected.spoken][::_STEP]
    as_it_is, risen = [np.empty(0)], [np.empty(0)]
    for line in heard:
        own = 10 ** (-manifest.own_db.get(line.line.speaker, 0.0) / 10)
        as_it_is.append(line.windows * own)
        risen.append(line.windows * line.risen * own)
    less, more = (_SPEECH_OFF_LU + fmean([line.unsure[side] for line in heard] or [0.0]) for side in (0, 1))
    is_at, would_be_at = (integrated(np.concatenate(windows), beds) for windows in (as_it_is, risen))
    found = f"{is_at:.1f} LUFS" if is_at > -math.inf else "silence"
    if is_at < target - less < would_be_at:
        found += f", {would_be_at:.1f} without soft beginnings"
    well = (is_at <= target + more and would_be_at >= target - less) or not heard
    return judged("loudness of the speech", f"{target:.1f} LUFS within {more:.1f} LU", found, well=well)


def _wrong(heard: Heard, alike: float) -> str:
    """Return what is wrong with a line, or nothing. `alike`: by how many LU all are louder than they should be."""
    if heard.off is None:
        return ""
    if heard.off < -_MISSING_LU:
        return f"{heard.words} is not there"
    off, (less, more) = heard.off - alike, heard.unsure
    if not -_OFF_LU - less <= off <= _OFF_LU + more:
        return f"{heard.words} is {abs(off):.1f} LU {'louder' if off > 0 else 'softer'} than it should be"
    if heard.start is None or heard.end is None:
        return ""
    late, missing = (heard.start - heard.due[0]) / SAMPLE_RATE, (heard.due[1] - heard.end) / SAMPLE_RATE
    slack = MASKED_S if heard.masked else 0.0
    if not -ONSET_S <= late <= ONSET_S + slack:
        return f"{heard.words} begins {abs(late):.2f} s {'early' if late < 0 else 'late'}"
    return f"{heard.words} ends {missing:.2f} s early" if missing > _END_S + slack else ""
