"""What sounds besides words: beds, bells and breath tones where they should be, and nothing where nothing should be."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from calmcast.audio.beds.catalogue import BEDS
from calmcast.audio.bells import bell_samples
from calmcast.audio.loudness import SPEECH_LUFS, lufs, measure, power_of
from calmcast.audio.ring import ring
from calmcast.errors import SoundError
from calmcast.model.timeline import BedSpan, Clip, Rung
from calmcast.units import SAMPLE_RATE, UnitError, format_span
from calmcast.verify.described import Described
from calmcast.verify.expected import BELL_UNDER_VOICE_LU, FAINT_LUFS, Expected
from calmcast.verify.findings import Fault, Finding, told
from calmcast.verify.listen import MOMENT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SMOOTH = 5
"""Moments that are taken together: 50 ms."""

_HOLE, _SHORT_HOLE = 10**-1.0, 10**-2.0
"""A bed that falls so far under its level (10 dB over 50 ms, 20 dB over 10 ms) has a hole. Measured over minutes, those
that calmcast makes stay within 5.3 dB over 50 ms and 9 dB over 10 ms, which the encoder changes by at most 0.3 dB."""
_NOTHING_LUFS, _NOTHING_S = -95.0, 2.0
"""Music may rest, but it is not gone for so long."""

_BED_TOLERANCE_LU, _FILE_TOLERANCE_LU = 3.0, 6.0
"""How far a bed may be from its level over half a minute and more; a calm sea's waves are within 2 LU over 10 s."""
_LEAST_BED_S = 20.0
_BELL_SOFTER_LU, _TONE_SOFTER_LU = 4.0, 8.0
"""How much softer the loudest 400 ms of a bell or a breath tone may be. Bells are within 0.7 LU of what they should be,
tones of a second by 2 LU softer, those of half a second by 4 LU."""
_MISSING_LU = 15.0
"""A bell that is so much softer is not there: something else is heard in its place."""
_UNSURE_LU = 6.0
"""How much softer a bell from a file may be at its loudest."""
_WINDOW = 40
"""Moments: 400 ms."""
_APART_S = 0.5
"""Places nearer to each other are one."""


def sound_and_silence(expected: Expected, powers: "NDArray[np.float32]") -> tuple[Finding, ...]:
    """Return what there is to say of silence where a bed should sound, and of sound where nothing should."""
    import numpy as np

    smooth = np.convolve(np.pad(powers, _SMOOTH // 2), np.full(_SMOOTH, 1 / _SMOOTH, np.float32), "valid")
    audible = expected.bed > power_of(FAINT_LUFS)
    holes = audible & expected.steady & ((smooth < _HOLE * expected.bed) | (powers < _SHORT_HOLE * expected.bed))
    gone = _lasting(audible & ~expected.steady & (smooth < power_of(_NOTHING_LUFS)), _NOTHING_S)
    over = ~expected.spoken & (smooth > expected.most)
    return (
        *told("silence", "none where a bed sounds", list(_holes(holes | gone)), "none"),
        *told("other sounds", "none but what the manifest has", list(_sounds(over, smooth)), "none"),
    )


def _holes(moments: "NDArray[np.bool_]") -> Iterator[Fault]:
    for first, last in _places(moments):
        yield Fault(f"the bed is gone for {_lasts(last - first)}", first * MOMENT)


def _sounds(moments: "NDArray[np.bool_]", smooth: "NDArray[np.float32]") -> Iterator[Fault]:
    for first, last in _places(moments):
        loudest = lufs(float(smooth[first:last].max()))
        what = f"a sound of {_lasts(last - first)} at {loudest:.0f} LUFS"
        yield Fault(what, first * MOMENT)


def _lasts(moments: int) -> str:
    samples = moments * MOMENT
    return f"{samples / SAMPLE_RATE:.2f} s" if samples < SAMPLE_RATE else format_span(samples)


def _places(moments: "NDArray[np.bool_]") -> list[tuple[int, int]]:
    """Return (first, last + 1) of each run of moments; runs nearer to each other than _APART_S are one."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate(([False], moments, [False])).astype(np.int8)))
    places = list[tuple[int, int]]()
    for first, last in edges.reshape(-1, 2).tolist():
        if places and first - places[-1][1] < _APART_S * SAMPLE_RATE / MOMENT:
            places[-1] = (places[-1][0], last)
        else:
            places.append((first, last))
    return places


def _lasting(moments: "NDArray[np.bool_]", seconds: float) -> "NDArray[np.bool_]":
    """Return the runs of moments that last at least so long."""
    import numpy as np

    lasting = np.zeros_like(moments)
    for first, last in _places(moments):
        if (last - first) * MOMENT >= seconds * SAMPLE_RATE:
            lasting[first:last] = moments[first:last]
    return lasting


def beds(described: Described, expected: Expected, powers: "NDArray[np.float32]") -> tuple[Finding, ...]:
    """Return what there is to say of how loud each bed is where nothing else sounds; a track without one: nothing."""
    import numpy as np

    spans = described.timeline.beds
    if not spans:
        return ()
    alone = expected.alone
    faults = list[Fault]()
    for nth, span in enumerate(spans):
        # Where two cross-fade, neither can be told from the other.
        others = [other for place, other in enumerate(spans) if place != nth]
        here = np.zeros_like(alone)
        here[span.start // MOMENT : span.end // MOMENT] = True
        for other in others:
            here[other.start // MOMENT : other.end // MOMENT + 1] = False
        heard = alone & here
        if np.count_nonzero(heard) * MOMENT < _LEAST_BED_S * SAMPLE_RATE:
            continue
        over = 10.0 * math.log10(max(float(powers[heard].mean() / expected.bed[heard].mean()), 1e-12))
        if abs(over) > _tolerance(span):
            word = "louder" if over > 0 else "softer"
            faults.append(Fault(f"{span.made_of.name} is {abs(over):.0f} LU {word} than it should be", span.start))
    names = ", ".join(dict.fromkeys(span.made_of.name for span in spans))
    return told("level of the bed", "as in the manifest", faults, names)


def _tolerance(span: BedSpan) -> float:
    return _BED_TOLERANCE_LU if span.made_of.sound in BEDS else _FILE_TOLERANCE_LU


def struck(described: Described, expected: Expected, powers: "NDArray[np.float32]") -> tuple[Finding, ...]:
    """Return what there is to say of bells and breath tones: whether each sounds where it should."""
    voice, timeline = described.speech_lufs, described.timeline
    rungs = [(e, e.content) for e in timeline.events if isinstance(e, Clip) and isinstance(e.content, Rung)]
    faint = list[Fault]()
    for clip, rung in rungs:
        due = voice + _under_voice(clip, rung) + rung.level
        softer = _softer(expected, powers, (clip.start, min(clip.end, clip.start + SAMPLE_RATE)), due)
        if softer > _MISSING_LU:
            faint.append(Fault(f"the bell {rung.strike.name} does not sound", clip.start))
        elif softer > _BELL_SOFTER_LU:
            faint.append(Fault(f"the bell {rung.strike.name} is {softer:.0f} LU softer than it should be", clip.start))
    still = list[Fault]()
    toned = [(breath, breath.tone) for breath in timeline.breaths if breath.tone and breath.phase in {"in", "out"}]
    for breath, tone in toned:
        if _softer(expected, powers, (breath.start, breath.end), voice + tone.level) > _TONE_SOFTER_LU:
            still.append(Fault(f"the breath {breath.phase} has no sound", breath.start))
    heard = "1 bell" if len(rungs) == 1 else f"{len(rungs)} bells"
    return (
        *(told("bells", "each sounds", faint, heard) if rungs else ()),
        *(told("breath tones", "each sounds", still, f"{len(toned)} breaths in and out") if toned else ()),
    )


def _under_voice(clip: Clip, rung: Rung) -> float:
    """Return how loud a bell's loudest 400 ms are relative to the voice, in LU."""
    name, pitch = rung.strike.sound, rung.strike.pitch
    try:
        length = None if clip.samples == bell_samples(name, pitch) else clip.samples
        windows, _ = measure(ring(name, pitch, length))
    except (SoundError, UnitError):
        return -BELL_UNDER_VOICE_LU - _UNSURE_LU
    return lufs(max(windows)) - SPEECH_LUFS


def _softer(expected: Expected, powers: "NDArray[np.float32]", place: tuple[int, int], due: float) -> float:
    """Return by how many LU a place's loudest 400 ms are under `due` LUFS; 0 where nobody could tell."""
    import numpy as np

    first, last = place[0] // MOMENT, min(len(powers), -(-place[1] // MOMENT))
    if last <= first:  # the track has ended before
        return math.inf
    spoken, bed = expected.spoken[first:last], expected.bed[first:last]
    window = max(1, min(_WINDOW, last - first))
    is_hidden = last - first >= _WINDOW > np.count_nonzero(~spoken) or bed.max(initial=0.0) > power_of(due) / 2
    if is_hidden or spoken.all():
        return 0.0
    heard = np.where(spoken, 0.0, powers[first:last] - bed)
    loudest = np.convolve(heard, np.full(window, 1 / window), "valid").max(initial=0.0)
    return due - lufs(float(loudest))
