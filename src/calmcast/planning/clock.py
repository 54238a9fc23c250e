"""Bells that ring by the clock: put into a timeline that is laid out, where they fall into no word."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import merge

from calmcast.model.script import TimedBell
from calmcast.model.sound import Ringing, Strike
from calmcast.model.timeline import Clip, Rung, Timeline
from calmcast.units import SAMPLE_RATE

CLEAR = 3 * SAMPLE_RATE
"""So long, or as long as it rings, a bell is not spoken over."""

APART = 3 * SAMPLE_RATE // 10
"""Between the end of a word and a bell."""

NEAR = 20 * SAMPLE_RATE
"""A bell is not moved further than this to fall into no word."""


def with_clock_bells(timeline: Timeline, timed: Iterable[TimedBell], bells: Mapping[Strike, Ringing]) -> Timeline:
    """Return a timeline with the bells of a script that ring by the clock.

    Each rings at its time; where somebody speaks then, at the nearest moment that nobody does, if there is one near.
    Bells that would ring past the end are brought forward, and left out where the track is too short for them.
    """
    spoken = [(clip.start, clip.end) for clip in timeline.lines]
    found = list[Clip]()
    for each in timed:
        ringing = bells[each.bell.strike].samples
        for wanted in _times(each, timeline.samples, ringing):
            start = _clear(wanted, min(CLEAR, ringing), spoken, timeline.samples - ringing)
            rung = Rung(each.bell.strike, each.bell.level, ringing)
            found.append(Clip(start, ringing, rung, _chapter(timeline, start), each.bell.source))
    if not found:
        return timeline
    found.sort(key=lambda clip: clip.start)
    return replace(timeline, events=tuple(merge(timeline.events, found, key=lambda event: event.start)))


def _times(timed: TimedBell, samples: int, ringing: int) -> Iterator[int]:
    """Yield when a bell is to ring in a track of so many samples, as far as it can end with the track."""
    last = samples - ringing
    if timed.every:
        yield from range(timed.every, last + 1, timed.every)
        return
    wanted = round(timed.share * samples) if timed.share is not None else timed.at or 0
    wanted = wanted + samples if wanted < 0 else wanted
    if 0 <= wanted <= samples and last >= 0:
        yield min(wanted, last)


def _clear(wanted: int, needed: int, spoken: Sequence[tuple[int, int]], last: int) -> int:
    """Return the start nearest to `wanted`, and no later than `last`, from which so many samples are free of words."""
    ends = [0, *(end + APART for _, end in spoken)]
    begins = [*(start - APART for start, _ in spoken), last + needed + APART]
    free = [(first, until - needed) for first, until in zip(ends, begins, strict=True) if first <= until - needed]
    places = [min(max(wanted, first), until, last) for first, until in free if first <= last]
    near = min(places, key=lambda place: abs(place - wanted), default=wanted)
    return near if abs(near - wanted) <= NEAR else wanted


def _chapter(timeline: Timeline, sample: int) -> int:
    return max(i for i, chapter in enumerate(timeline.chapters) if i == 0 or chapter.start <= sample)
