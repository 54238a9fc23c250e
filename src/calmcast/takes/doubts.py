"""What a person should listen to before a line is taken for good, in plain sentences with the time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calmcast.takes.cut import Island
from calmcast.takes.envelope import WINDOW, Envelope
from calmcast.takes.order import Group
from calmcast.takes.prompts import Prompt, fixed_silences
from calmcast.units import SAMPLE_RATE, format_clock

_OFF = 1.35
_CLEARLY = 1.3
"""A silence around a line that is not so much longer than those in it may be one of them."""
_LONG_S = 1.4
"""As the sheet asks: nobody rests so long inside a line."""
_SHORT_S, _APART_S = 0.6, 0.35
"""A sound so short, so far from the rest of its line, is more often a cough than a word."""
UNSURE = 3.0
"""Nats: what stands less than 20 to 1 against another way is in doubt."""
_UNLIKE = 0.0
_EDGE = SAMPLE_RATE // 20
"""Nobody begins to speak so soon after the recorder, in samples."""
_FAR = 4
"""Lines on the sheet: who reads a part of it reads its neighbours."""
_FULL, _FULL_WINDOWS = 0.985, 3
_QUIETER_DB, _QUIET_DB = 12.0, -48.0


@dataclass(frozen=True, slots=True)
class Found:
    """A line as it was found."""

    prompt: Prompt
    group: Group
    earlier: tuple[Group, ...]
    margin: float
    """What the best way in which it is elsewhere costs more, in nats."""
    edges: float
    """What the best way in which it begins or ends elsewhere costs more, in nats."""
    lasts_s: float
    """How long the line should take at the reader's pace."""
    sounds: float
    """What its sound speaks against it, in nats; below 0 it speaks for it."""


def place_doubts(
    line: int, groups: Sequence[Group | None], islands: Sequence[Island], heard: Envelope
) -> tuple[str, ...]:
    """Return what is doubtful about where a line was found: at the recording's very edge, or far from all others.

    `groups`: the islands of each line of the sheet, in its order.
    """
    group, doubts = groups[line], list[str]()
    if not group:
        return ()
    start, end = islands[group[0]].start, islands[group[1] - 1].end
    if start < _EDGE:
        doubts.append(f"{_at(start)} the recording begins in the middle of it")
    if heard.samples - end < _EDGE:
        doubts.append(f"{_at(end)} the recording ends in the middle of it")
    others = [abs(line - other) for other, its in enumerate(groups) if its and other != line]
    if others and min(others) > _FAR:
        doubts.append(f"{_at(start)} no line near it on the sheet was read: is it this line?")
    return tuple(doubts)


def doubts_of(
    found: Found, islands: Sequence[Island], heard: Envelope, groups: Sequence[Group | None]
) -> tuple[str, ...]:
    """Return the doubts about a line, gravest first; none where all is well.

    `islands`: all that were matched, breaths and clicks left out; `groups`: those of all the lines.
    """
    return (*_about_words(found, islands), *_about_edges(found, islands, groups), *_about_sound(found, islands, heard))


def _about_words(found: Found, islands: Sequence[Island]) -> Iterator[str]:
    at = _at(islands[found.group[0]].start)
    if found.sounds > _UNLIKE:
        yield f"{at} the words do not sound like this line"
    elif found.margin < UNSURE:
        yield f"{at} this may be another line"
    elif found.edges < UNSURE:
        yield f"{at} the line may begin or end elsewhere"
    took_s = (islands[found.group[1] - 1].end - islands[found.group[0]].start) / SAMPLE_RATE
    if not 1 / _OFF <= took_s / found.lasts_s <= _OFF:
        longer = "longer" if took_s > found.lasts_s else "shorter"
        yield f"{at} this takes {took_s:.1f} s, much {longer} than the {found.lasts_s:.1f} s that the line should take"
    if found.earlier:
        first = format_clock(islands[found.earlier[0][0]].start)
        yield f"{at} the line seems to be read again after {first}, and the later reading is taken"


def _about_edges(found: Found, islands: Sequence[Island], groups: Sequence[Group | None]) -> Iterator[str]:
    first, last = found.group
    fixed = len(fixed_silences(found.prompt.text))
    inner = sorted(_gap_s(islands, i) for i in range(first + 1, last))[: last - first - 1 - fixed]
    longest = inner[-1] if inner else 0.0
    for edge, where in ((first, "before"), (last, "after")):
        if 0 < edge < len(islands) and _gap_s(islands, edge) < min(_LONG_S, _CLEARLY * longest):
            at = _at(islands[edge - 1].end)
            yield f"{at} the silence {where} the line is hardly longer than those inside it"
    for edge, gap in ((first, first + 1), (last - 1, last - 1)) if last - first > 1 else ():
        if islands[edge].samples < _SHORT_S * SAMPLE_RATE and _gap_s(islands, gap) > _APART_S:
            yield f"{_at(islands[edge].start)} a short sound may not belong to the line"
    taken = {i for group in (*groups, *found.earlier) if group for i in range(*group)}
    for beside, where in ((first - 1, "before"), (last, "after")):
        if 0 <= beside < len(islands) and beside not in taken:
            yield f"{_at(islands[beside].start)} a sound {where} the line belongs to no line"


def _about_sound(found: Found, islands: Sequence[Island], heard: Envelope) -> Iterator[str]:
    start, end = islands[found.group[0]].start, islands[found.group[1] - 1].end
    full = _full(heard.peak[start // WINDOW : end // WINDOW])
    if full is not None:
        yield f"{_at(start + full * WINDOW)} the sound is clipped: it was too loud for the microphone"
    loudness = max(island.loudness for island in islands[found.group[0] : found.group[1]])
    usual = sorted(island.loudness for island in islands)[len(islands) // 2]
    if loudness < max(usual - _QUIETER_DB, _QUIET_DB):
        yield f"{_at(start)} the line is very quiet"


def _full(peaks: NDArray[np.float32]) -> int | None:
    """Return the first window at full scale, where there are several."""
    full = (peaks >= _FULL).nonzero()[0]
    return int(full[0]) if len(full) >= _FULL_WINDOWS else None


def _gap_s(islands: Sequence[Island], i: int) -> float:
    return (islands[i].start - islands[i - 1].end) / SAMPLE_RATE


def _at(samples: int) -> str:
    return f"at {format_clock(samples)}"
