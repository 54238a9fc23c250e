"""The lines of a track, each and all together: whether they are there, whole, and as loud as they should be."""

import math
from statistics import median
from typing import TYPE_CHECKING

from calmcast.audio.loudness import lufs, power_of
from calmcast.units import SAMPLE_RATE
from calmcast.verify.contours import STEP, WINDOW
from calmcast.verify.described import Described
from calmcast.verify.expected import Expected
from calmcast.verify.findings import Fault, Finding, judged, told
from calmcast.verify.hearing import Heard, Listener
from calmcast.verify.listen import MOMENT

if TYPE_CHECKING:
    from collections.abc import Sequence

TOO_SOFT_LU, TOO_LOUD_LU = 12.0, 9.0
"""Against the middle one of all lines. Those of one voice lie within 3 LU of it."""

OFF_LU, MASKED_LU = 3.0, 2.0
"""Against what the manifest says of a line; and how much more, where a bed or a bell lies over its softest sounds.
Measured: lines as they should be are 0.4 LU softer to 1.7 LU louder, with and without beds."""

SPEECH_TOLERANCE_LU = 0.5

ONSET_S, MASKED_S = 0.15, 0.2
"""How far from its place a line may begin; and how much later, where it comes up from under a bed or a bell. Measured:
within 0.12 s, and under beds 14 dB under the voice within 0.16 s."""
END_S = 0.4
"""How far from its place a line may end; measured, with and without beds: 0.32 s."""

_AROUND = WINDOW - STEP
"""Moments of silence that are measured with each line, as it is with its recording."""
_ABSOLUTE_GATE_LUFS = -70.0
_GATES_LU = (-10.0, -9.0, -11.0)
"""The gate of the standard, and two beside it: where many words are about that soft, a little changes what passes."""
_BED_UNSURE = 0.4
"""The share by which a bed's power may be another under words than over minutes."""


def speech(described: Described, expected: Expected, listener: Listener, lines: tuple[Heard, ...]) -> Finding:
    """Return what there is to say of the loudness of all lines together: their windows, gated (BS.1770-4).

    Windows in which a bell or a breath tone may count are left out, unless they are most. The beds between the lines
    lower the gate, as they do for a meter that listens to the whole track. Lines that begin softer after a long silence
    may take the whole under its level, but without these beginnings it is not under it.
    """
    target = described.speech_lufs
    used, loudest_bed = _windows(described, expected, listener, lines)
    beds = listener.bed[::STEP][~expected.spoken[::STEP]].tolist()
    tolerance = SPEECH_TOLERANCE_LU + 10 * math.log10(1 + _BED_UNSURE * loudest_bed / power_of(target))
    aside = _louder_than_all(described, expected, lines, beds)
    heard, risen = ([_gated([pair[nth] for pair in used], beds, gate) - aside for gate in _GATES_LU] for nth in (0, 1))
    is_loud_enough = max(risen) >= target - tolerance
    is_soft_enough = min(heard) <= target + tolerance
    return judged(
        "loudness of the speech",
        f"{target:.1f} LUFS within {tolerance:.1f} LU",
        _measured(heard[0], risen[0], target - tolerance),
        well=(is_loud_enough and is_soft_enough) or not lines,
    )


def _measured(heard: float, risen: float, least: float) -> str:
    if heard == -math.inf:
        return "silence"
    without = f", {risen:.1f} without soft beginnings" if heard < least and risen - heard > 0.05 else ""
    return f"{heard:.1f} LUFS{without}"


def _windows(
    described: Described, expected: Expected, listener: Listener, lines: tuple[Heard, ...]
) -> tuple[list[tuple[float, float]], float]:
    """Return the power of each window of the lines, as it is and without its soft beginning, and the loudest bed's."""
    every, clear, loudest_bed = list[tuple[float, float]](), list[tuple[float, float]](), 0.0
    for line in lines:
        windows = listener.windows(*line.due, around=_AROUND)
        own = 10 ** (-described.own_db.get(line.spoken.speaker, 0.0) / 10)
        for power, middle in zip(windows.powers, windows.middles, strict=True):
            every.append((power * own, power * own * line.risen(middle)))
            if _is_clear(described, expected, middle // MOMENT):
                clear.append(every[-1])
                loudest_bed = max(loudest_bed, float(listener.bed[min(middle // MOMENT, len(listener.bed) - 1)]))
    return clear if len(clear) > len(every) / 2 else every, loudest_bed


def _louder_than_all(
    described: Described, expected: Expected, lines: tuple[Heard, ...], beds: "Sequence[float]"
) -> float:
    """Return by how many LU the windows that are looked at should be louder than all: those left out may be soft ones.

    The contours tell; where a line has none, nobody knows, and it counts as nothing.
    """
    every, clear = list[float](), list[float]()
    for line in lines:
        if line.contour is None:
            return 0.0
        own = 10 ** (-described.own_db.get(line.spoken.speaker, 0.0) / 10)
        for nth, power in enumerate(line.contour.powers.tolist()):
            every.append(power * own)
            if _is_clear(described, expected, line.contour.first + STEP * nth + WINDOW // 2):
                clear.append(power * own)
    if not len(every) / 2 < len(clear) < len(every):
        return 0.0
    return _gated(clear, beds, _GATES_LU[0]) - _gated(every, beds, _GATES_LU[0])


def _is_clear(described: Described, expected: Expected, moment: int) -> bool:
    """Return whether no bell or breath tone may count in a moment."""
    nearest = min(max(0, moment), len(expected.struck) - 1)
    return bool(expected.struck[nearest] < power_of(described.speech_lufs) / 10)


def _gated(powers: "Sequence[float]", beds: "Sequence[float]", gate: float) -> float:
    """Return the loudness in LUFS of windows among those of beds, with a relative gate in LU; -inf for silence."""
    heard = [power for power in powers if power > power_of(_ABSOLUTE_GATE_LUFS)]
    if not heard:
        return -math.inf
    among = [*heard, *(power for power in beds if power > power_of(_ABSOLUTE_GATE_LUFS))]
    least = math.fsum(among) / len(among) * 10 ** (gate / 10)
    passed = [power for power in heard if power > least]
    return lufs(math.fsum(passed) / len(passed))


def lines_there(lines: tuple[Heard, ...], target: float) -> tuple[Finding, ...]:
    """Return what there is to say of each line: whether it is there, whole, and about as loud as the others.

    `target`: what the speech should be at, in LUFS.
    """
    middle = median([line.level for line in lines]) if lines else target
    middle = middle if middle > target - 2 * TOO_SOFT_LU else target
    faults = [Fault(what, line.due[0]) for line in lines if (what := _wrong_with(line, middle))]
    expected = "every line, whole, as loud as the others"
    return told("lines", expected, faults, "1 line" if len(lines) == 1 else f"{len(lines)} lines")


def _wrong_with(line: Heard, middle: float) -> str:
    return "" if line.hidden else _wrong_level(line, middle) or _wrong_place(line)


def _wrong_level(line: Heard, middle: float) -> str:
    if line.meant is not None and line.level - line.meant >= -2 * TOO_SOFT_LU:
        off = line.level - line.meant
        if abs(off) > OFF_LU + MASKED_LU * line.masked:
            return f"{line.words} is {abs(off):.0f} LU {'louder' if off > 0 else 'softer'} than it should be"
        return ""
    over = line.level - middle
    if line.meant is not None or over < -2 * TOO_SOFT_LU:
        return f"{line.words} is not there"
    if over < -TOO_SOFT_LU:
        return f"{line.words} is {-over:.0f} LU softer than the others"
    if over > TOO_LOUD_LU:
        return f"{line.words} is {over:.0f} LU louder than the others"
    return ""


def _wrong_place(line: Heard) -> str:
    if line.late is not None and abs(line.late) > ONSET_S:
        return f"{line.words} begins {abs(line.late):.2f} s {'early' if line.late < 0 else 'late'}"
    if line.start is not None and line.end is not None and line.spoken.recording.heard is not None:
        late, missing = (line.start - line.due[0]) / SAMPLE_RATE, (line.due[1] - line.end) / SAMPLE_RATE
        slack = MASKED_S if line.masked else 0.0
        if line.late is None and not -ONSET_S <= late <= ONSET_S + slack:
            return f"{line.words} begins {abs(late):.2f} s {'early' if late < 0 else 'late'}"
        if line.late is None and missing > END_S + slack:
            return f"{line.words} ends {missing:.2f} s early"
    return "" if line.is_itself else f"{line.words} does not sound as it was spoken"
