"""What sounds besides words: beds, bells and breath tones where they should be, and nothing where nothing should be."""

import math

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.loudness import lufs, power_of
from calmcast.audio.runs import joined, runs
from calmcast.model.manifest import Manifest
from calmcast.text import counted
from calmcast.units import SAMPLE_RATE, format_span
from calmcast.verify.expected import FAINT_LUFS, Expected, place
from calmcast.verify.findings import Fault, Finding, told
from calmcast.verify.listen import MOMENT

_SMOOTH = 5
"""Moments that are taken together: 50 ms."""
_HOLE, _SHORT_HOLE = 10**-1.0, 10**-2.0
"""A bed that falls so far under its level (10 dB over 50 ms, 20 dB over 10 ms) has a hole. Measured over minutes, those
that calmcast makes stay within 5.3 dB over 50 ms and 9 dB over 10 ms, which the encoder changes by at most 0.3 dB."""
_NOTHING_LUFS, _NOTHING_S = -95.0, 2.0
"""Music may rest, but it is not gone for so long."""
_APART = SAMPLE_RATE // 2 // MOMENT
"""Places nearer to each other are one."""
_BED_OFF_LU, _FILE_OFF_LU = 3.0, 6.0
"""How far a bed may be from its level over half a minute and more; a calm sea's waves are within 2 LU over 10 s."""
_LEAST_BED = 20 * SAMPLE_RATE // MOMENT
_BELL_SOFTER_LU, _TONE_SOFTER_LU = 4.0, 8.0
"""How much softer the loudest 400 ms of a bell or a breath tone may be. Bells are within 0.7 LU of what they should be,
tones of a second by 2 LU softer, those of half a second by 4 LU."""
_MISSING_LU = 15.0
"""A bell that is so much softer is not there: something else is heard in its place."""
_WINDOW = 40
"""Moments: 400 ms."""


def sound_and_silence(expected: Expected, powers: NDArray[np.float64]) -> tuple[Finding, ...]:
    """Return what there is to say of silence where a bed should sound, and of sound where nothing should."""
    smooth = np.convolve(np.pad(powers, _SMOOTH // 2), np.full(_SMOOTH, 1 / _SMOOTH), "valid")
    audible = expected.bed > power_of(FAINT_LUFS)
    holes = audible & expected.steady & ((smooth < _HOLE * expected.bed) | (powers < _SHORT_HOLE * expected.bed))
    quiet = audible & ~expected.steady & (smooth < power_of(_NOTHING_LUFS))
    gone = [(first, last) for first, last in _runs(quiet) if (last - first) * MOMENT >= _NOTHING_S * SAMPLE_RATE]
    silent = [Fault(f"the bed is gone for {_lasts(*run)}", run[0] * MOMENT) for run in sorted([*_runs(holes), *gone])]
    over = [
        Fault(f"a sound of {_lasts(first, last)} at {lufs(float(smooth[first:last].max())):.0f} LUFS", first * MOMENT)
        for first, last in _runs(~expected.spoken & (smooth > expected.most))
    ]
    return (
        *told("silence", "none where a bed sounds", silent, "none"),
        *told("other sounds", "none but what the manifest has", over, "none"),
    )


def _runs(moments: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return (first, last + 1) of each run of moments; runs nearer to each other than _APART are one."""
    return joined(runs(moments), _APART)


def _lasts(first: int, last: int) -> str:
    samples = (last - first) * MOMENT
    return f"{samples / SAMPLE_RATE:.2f} s" if samples < SAMPLE_RATE else format_span(samples)


def beds(manifest: Manifest, expected: Expected, powers: NDArray[np.float64]) -> tuple[Finding, ...]:
    """Return what there is to say of how loud each bed is where nothing else sounds; a track without one: nothing."""
    faults = list[Fault]()
    for nth, span in enumerate(manifest.beds):
        here = np.zeros_like(expected.alone)
        here[place(span.start, span.end)] = True
        # Where two cross-fade, neither can be told from the other.
        for other in (*manifest.beds[:nth], *manifest.beds[nth + 1 :]):
            here[place(other.start, other.end)] = False
        heard = expected.alone & here & (powers < expected.most)
        if np.count_nonzero(heard) < _LEAST_BED:
            continue
        over = 10.0 * math.log10(max(float(powers[heard].mean() / expected.bed[heard].mean()), 1e-12))
        if abs(over) > (_FILE_OFF_LU if span.seed is None else _BED_OFF_LU):
            word = "louder" if over > 0 else "softer"
            faults.append(Fault(f"{span.name} is {abs(over):.0f} LU {word} than it should be", span.start))
    names = ", ".join(dict.fromkeys(span.name for span in manifest.beds))
    return told("level of the bed", "as in the manifest", faults, names) if manifest.beds else ()


def struck(manifest: Manifest, expected: Expected, powers: NDArray[np.float64]) -> tuple[Finding, ...]:
    """Return what there is to say of bells and breath tones: whether each sounds where it should."""
    faint, still = list[Fault](), list[Fault]()
    for bell in manifest.bells:
        # One that rings on is not heard in the place of another; how a file goes on is not known.
        end = bell.end if bell.file else min(bell.end, bell.start + SAMPLE_RATE)
        softer = _softer(expected, powers, place(bell.start, end), bell.lufs)
        if softer > _MISSING_LU:
            faint.append(Fault(f"the bell {bell.sound} does not sound", bell.start))
        elif softer > _BELL_SOFTER_LU:
            faint.append(Fault(f"the bell {bell.sound} is {softer:.0f} LU softer than it should be", bell.start))
    breaths = [breath for breath in manifest.breaths if breath.phase in {"in", "out"}]
    for breath in breaths:
        due = manifest.loudness.speech_lufs + breath.level_db
        if _softer(expected, powers, place(breath.start, breath.end), due) > _TONE_SOFTER_LU:
            still.append(Fault(f"the breath {breath.phase} has no sound", breath.start))
    heard = counted(len(manifest.bells), "bell")
    return (
        *(told("bells", "each sounds", faint, heard) if manifest.bells else ()),
        *(told("breath tones", "each sounds", still, f"{len(breaths)} breaths in and out") if breaths else ()),
    )


def _softer(expected: Expected, powers: NDArray[np.float64], here: slice, due: float) -> float:
    """Return by how many LU a place's loudest 400 ms are under `due` LUFS; 0 where nobody could tell."""
    spoken, bed = expected.spoken[here], expected.bed[here]
    window = max(1, min(_WINDOW, len(spoken)))
    is_hidden = len(spoken) >= _WINDOW > np.count_nonzero(~spoken) or bed.max(initial=0.0) > power_of(due) / 2
    if is_hidden or spoken.all():
        return 0.0
    heard = np.where(spoken, 0.0, powers[here] - bed)
    loudest = np.convolve(heard, np.full(window, 1 / window), "valid").max(initial=0.0)
    return due - lufs(float(loudest))
