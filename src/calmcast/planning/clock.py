"""Bells that ring by the clock: put into a timeline that is laid out, where they fall into no word and on no bell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import merge

from calmcast.model.script import TimedBell
from calmcast.model.sound import Ringing, Strike
from calmcast.model.timeline import OffTime, Struck, Timeline, Why, spoken_spans
from calmcast.units import SAMPLE_RATE, format_clock

CLEAR = 3 * SAMPLE_RATE
"""So long, or as long as it rings, a bell is not spoken over, and no other is struck."""

APART = 3 * SAMPLE_RATE // 10
"""Between the end of a word and a bell, and between a bell and the next word."""

NEAR = 10 * SAMPLE_RATE
"""A bell is not moved further than this to fall into no word."""

LEAST = SAMPLE_RATE // 10, 3 * SAMPLE_RATE // 10
"""Where talk leaves no silence for CLEAR: between the end of a word and a bell, and between it and the next word."""

TOLD = 5 * SAMPLE_RATE
"""A bell that rings so much from its time is told of."""

_Span = tuple[int, int]


def with_clock_bells(timeline: Timeline, timed: Iterable[TimedBell], bells: Mapping[Strike, Ringing]) -> Timeline:
    """Return a timeline with the bells of a script that ring by the clock.

    Each rings at its time; where somebody speaks then, in the nearest silence within NEAR, or, where none is long
    enough, between two phrases. Where another bell rings at its time already, it is left out: those among the steps
    come before those with a time of their own, those before the ones that come again and again, and of these the
    rarer before the more frequent. Bells that would ring past the end are brought forward.
    """
    spoken = spoken_spans(timeline)
    struck = [(bell.start, bell.start + min(CLEAR, bell.samples)) for bell in timeline.bells]
    found, off = list[Struck](), list[OffTime]()
    for each in sorted(timed, key=lambda each: (each.every is not None, -(each.every or 0))):
        strike, source, ringing = each.bell.strike, each.bell.source, bells[each.bell.strike].samples
        for wanted in _times(each, timeline.samples, ringing):
            start, why = _place(wanted, ringing, timeline.samples, spoken, struck)
            if start is None or abs(start - wanted) > TOLD:
                off.append(OffTime(strike, wanted, start, why, source))
            if start is not None:
                struck.append((start, start + min(CLEAR, ringing)))
                found.append(Struck(start, ringing, _chapter(timeline, start), source, strike, each.bell.level))
    found.sort(key=lambda bell: bell.start)
    off.sort(key=lambda each: each.wanted)
    events = tuple(merge(timeline.events, found, key=lambda event: event.start)) if found else timeline.events
    return replace(timeline, events=events, off_time=tuple(off))


def off_time_in_words(bell: OffTime) -> str:
    """Return what became of a bell that does not ring at its time, as one plain sentence without its full stop."""
    when = format_clock(bell.wanted) if bell.wanted >= 0 else f"{format_clock(-bell.wanted)} before the beginning"
    called = f"the bell {bell.strike.name} of {when}"
    if bell.start is None:
        reasons = {
            "words": "nobody pauses near it",
            "bell": "another bell rings then",
            "end": "the track does not last that long",
        }
        return f"{called} is left out: {reasons[bell.why]}"
    reason = "somebody speaks at its time" if bell.why == "words" else "later it could not ring out"
    return f"{called} rings at {format_clock(bell.start)}: {reason}"


def _times(timed: TimedBell, samples: int, ringing: int) -> Iterator[int]:
    """Yield when a bell is to ring in a track of so many samples; one that comes again and again, while it can end."""
    if timed.every:
        yield from range(timed.every, samples - ringing + 1, timed.every)
    elif timed.share is not None:
        yield round(timed.share * samples)
    else:
        at = timed.at or 0
        yield at + samples if at < 0 else at


def _place(
    wanted: int, ringing: int, samples: int, spoken: Sequence[_Span], struck: Sequence[_Span]
) -> tuple[int | None, Why]:
    """Return where a bell is struck that is wanted at a time, None for nowhere, and what keeps it from its time."""
    last = samples - ringing
    if not 0 <= wanted <= samples or last < 0:
        return None, "end"
    near, needed = min(wanted, last), min(CLEAR, ringing)
    others = [(start - needed, end) for start, end in struck]
    if any(first < near < end for first, end in others):
        return None, "bell"
    for before, after in ((APART, needed + APART), LEAST):
        words = [(start - after, end + before) for start, end in spoken]
        start = _nearest(near, last, (*words, *others))
        if start is not None:
            return start, "words" if start != near else "end"
    return None, "words"


def _nearest(wanted: int, last: int, taken: Sequence[_Span]) -> int | None:
    """Return the sample nearest to `wanted`, within NEAR and no later than `last`, that lies inside no span."""
    spans = [(first, end) for first, end in taken if first < wanted + NEAR and end > wanted - NEAR]
    places = [place for place in (wanted, *(edge for span in spans for edge in span)) if 0 <= place <= last]
    free = [place for place in places if not any(first < place < end for first, end in spans)]
    nearest = min(free, key=lambda place: abs(place - wanted), default=None)
    return nearest if nearest is not None and abs(nearest - wanted) <= NEAR else None


def _chapter(timeline: Timeline, sample: int) -> int:
    return max(i for i, chapter in enumerate(timeline.chapters) if i == 0 or chapter.start <= sample)
