"""Two channels: both there, in phase with each other, and the voice in the middle."""

import math
from typing import TYPE_CHECKING

from calmcast.audio.beds.catalogue import BEDS
from calmcast.model.timeline import BedSpan
from calmcast.units import SAMPLE_RATE, format_span
from calmcast.verify.described import Described
from calmcast.verify.findings import Fault, Finding, judged, told
from calmcast.verify.hearing import Heard
from calmcast.verify.measure import TENTH

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SOUNDING = 10**-6.5
"""Mean square from which on a tenth of a second counts: -65 dBFS."""
_DEAD = 10**-2.0
"""A side that is 20 dB softer than the other is as good as dead."""
_LEANING_DB = 3.0
"""The two sides of the beds that calmcast makes are within 2.6 dB over any second, and equal over minutes."""
_SILENT_DB = 60.0
_OPPOSITE = -0.5
_TOGETHER = 0.9
"""How alike the sides are where somebody speaks in the middle, and a bed is far under the voice."""
_LEAST_S = 1.0


def stereo(described: Described, sides: "NDArray[np.float64]", lines: tuple[Heard, ...]) -> tuple[Finding, ...]:
    """Return what there is to say of a track's two channels. `sides`: as measured; empty: the track has one."""
    if not len(sides):
        return ()
    balance, channels = _balance(sides), _channels(described, sides)
    if all(finding.severity == "ok" for finding in (balance, *channels)):
        return (balance, *channels, *_middle(described, sides, lines))
    # Otherwise every line is out of its place, and that has been said.
    return (balance, *channels)


def _balance(sides: "NDArray[np.float64]") -> Finding:
    left, right, _ = sides.sum(axis=0).tolist()
    over = _decibels_over(left, right)
    side = "right" if over > 0 else "left"
    if abs(over) <= _LEANING_DB:
        found = f"{abs(over):.1f} dB apart"
    elif abs(over) <= _SILENT_DB:
        found = f"the {side} one is {abs(over):.0f} dB softer"
    else:
        found = f"the {side} one is silent"
    return judged("balance of the channels", "both as loud", found, well=abs(over) <= _LEANING_DB)


def _channels(described: Described, sides: "NDArray[np.float64]") -> tuple[Finding, ...]:
    """Look at each second for one channel that is dead, and for two in opposite phase."""
    import numpy as np

    span = round(_LEAST_S * SAMPLE_RATE / TENTH)
    seconds = len(sides) // span
    left, right, both = sides[: seconds * span].reshape(seconds, span, 3).mean(axis=1).T
    louder, softer = np.maximum(left, right), np.minimum(left, right)
    # What somebody else recorded may well be on one side for a while, or wide.
    judgeable = (louder > _SOUNDING) & ~_of_files(described.timeline.beds, seconds, span)
    alike = both / np.sqrt(np.maximum(left * right, 1e-24))
    dead = [
        Fault(
            f"the {'left' if left[first] < right[first] else 'right'} one is dead for {_lasts(first, last)}", _at(first)
        )
        for first, last in _runs(judgeable & (softer < _DEAD * louder))
    ]
    opposite = [
        Fault(f"the two are in opposite phase for {_lasts(first, last)}", _at(first))
        for first, last in _runs(judgeable & (alike < _OPPOSITE) & (softer >= _DEAD * louder))
    ]
    return (
        *told("both channels", "both sound", dead, "both"),
        *told("phase", "the channels are in phase", opposite, "in phase"),
    )


def _middle(described: Described, sides: "NDArray[np.float64]", lines: tuple[Heard, ...]) -> tuple[Finding, ...]:
    """Look whether each line is in the middle, as far as it is well over its bed."""
    faults = list[Fault]()
    for line in lines:
        first, last = line.due[0] // TENTH, -(-line.due[1] // TENTH)
        under = 10 ** ((described.speech_lufs - 0.691 - 12.0) / 10)
        spoken = sides[first:last][sides[first:last, :2].max(axis=1, initial=0.0) > under]
        if not len(spoken):
            continue
        left, right, both = spoken.sum(axis=0).tolist()
        over = _decibels_over(left, right)
        if abs(over) > _LEANING_DB:
            faults.append(Fault(f"{line.words} comes from the {'left' if over > 0 else 'right'}", line.due[0]))
        elif both < _TOGETHER * math.sqrt(left * right) and not _loud_bed(described.timeline.beds, line):
            faults.append(Fault(f"{line.words} is not in the middle", line.due[0]))
    return told("place of the voice", "in the middle", faults, "in the middle")


def _loud_bed(spans: tuple[BedSpan, ...], line: Heard) -> bool:
    """Return whether a bed under a line may be loud enough to widen it."""
    here = [span for span in spans if span.start < line.due[1] and span.end > line.due[0]]
    return any(level > -12.0 for span in here for _, level in span.levels)


def _of_files(spans: tuple[BedSpan, ...], seconds: int, span: int) -> "NDArray[np.bool_]":
    """Return in which seconds a bed sounds that calmcast has not made."""
    import numpy as np

    files = np.zeros(seconds, bool)
    for each in spans:
        if each.made_of.sound not in BEDS:
            files[each.start // (span * TENTH) : -(-each.end // (span * TENTH))] = True
    return files


def _runs(seconds: "NDArray[np.bool_]") -> list[tuple[int, int]]:
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate(([False], seconds, [False])).astype(np.int8)))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def _at(second: int) -> int:
    return second * SAMPLE_RATE


def _lasts(first: int, last: int) -> str:
    return format_span((last - first) * SAMPLE_RATE)


def _decibels_over(left: float, right: float) -> float:
    """Return how many decibels the left side is over the right one, at most 99 either way."""
    if left <= 0.0 or right <= 0.0:
        return 99.0 * ((left > 0.0) - (right > 0.0))
    return min(99.0, max(-99.0, 10.0 * math.log10(left / right)))
