"""Where a bed lies and how loud it is: stretches, fades, and the dips under words. All times in samples."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from calmcast.model.sound import Bed, BedSound
from calmcast.model.timeline import BedSpan, Timeline, spoken_spans
from calmcast.units import SAMPLE_RATE

BEFORE = 6 * SAMPLE_RATE // 10
"""A bed begins to dip so long before a word, and has dipped when the word begins."""

AFTER = 15 * SAMPLE_RATE // 10
"""So long a bed takes to come back after words."""

STAYS = BEFORE + AFTER + SAMPLE_RATE
"""A bed does not come back in silences shorter than this: it would only heave."""

FADE_IN, FADE_OUT = 4 * SAMPLE_RATE, 8 * SAMPLE_RATE
"""At the ends of a track, and next to parts without a bed."""

CROSSING = 6 * SAMPLE_RATE
"""So long one bed fades into another, or from one level to another."""


_NONE = Bed(None)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of the track with one bed."""

    bed: Bed
    start: int
    end: int


def bed_spans(timeline: Timeline, beds: Sequence[Bed | None]) -> tuple[BedSpan, ...]:
    """Return where which bed sounds and how loud, given the bed of each chapter.

    Neighbours made of the same are one span whose level moves; those of different sounds cross-fade around the
    boundary; next to none, a bed fades inside its own part. A fade takes at most a third of its part.
    """
    stretches = [
        _Stretch(bed if bed and bed.made_of else _NONE, chapter.start, chapter.end)
        for chapter, bed in zip(timeline.chapters, beds, strict=True)
        if chapter.end > chapter.start
    ]
    runs = list(_runs(stretches))
    dips = tuple(_dips(spoken_spans(timeline)))
    spans = list[BedSpan]()
    for index, run in enumerate(runs):
        if run[0].bed.made_of:
            before = runs[index - 1] if index else None
            after = runs[index + 1] if index + 1 < len(runs) else None
            spans.append(_span(run[0].bed.made_of, run, before, after, dips))
    return tuple(spans)


def _runs(stretches: Sequence[_Stretch]) -> Iterator[list[_Stretch]]:
    """Yield neighbours that are made of the same."""
    run = list[_Stretch]()
    for stretch in stretches:
        if run and run[-1].bed.made_of != stretch.bed.made_of:
            yield run
            run = []
        run.append(stretch)
    if run:
        yield run


def _span(
    made_of: BedSound,
    run: Sequence[_Stretch],
    before: Sequence[_Stretch] | None,
    after: Sequence[_Stretch] | None,
    dips: Sequence[tuple[int, float]],
) -> BedSpan:
    start, end = run[0].start, run[-1].end
    fade_in, fade_out = min(FADE_IN, (end - start) // 3), min(FADE_OUT, (end - start) // 3)
    if before and before[0].bed.made_of:
        half = _half_crossing(before, run)
        start, fade_in = start - half, 2 * half
    if after and after[0].bed.made_of:
        half = _half_crossing(run, after)
        end, fade_out = end + half, 2 * half
    return BedSpan(made_of, start, end, fade_in, fade_out, tuple(_levels(run, dips, start, end)))


def _half_crossing(left: Sequence[_Stretch], right: Sequence[_Stretch]) -> int:
    shorter = min(left[-1].end - left[0].start, right[-1].end - right[0].start)
    return min(CROSSING, shorter // 3) // 2


def _dips(spoken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, float]]:
    """Yield (sample, share of the dip) where the share turns: 0 where nobody speaks, 1 under words."""
    merged = list[tuple[int, int]]()
    for start, end in spoken:
        if merged and start - merged[-1][1] < STAYS:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    for start, end in merged:
        yield from ((start - BEFORE, 0.0), (start, 1.0), (end, 1.0), (end + AFTER, 0.0))


def _levels(
    run: Sequence[_Stretch], dips: Sequence[tuple[int, float]], start: int, end: int
) -> Iterator[tuple[int, float]]:
    """Yield (sample, decibels relative to the voice) where the level turns between `start` and `end`."""
    moves = list(_moves(run))
    turns = {start, end, *(sample for sample, _ in dips), *(sample for sample, _ in moves)}
    drops = _Line(dips)
    bases = _Line([(sample, bed.level) for sample, bed in moves])
    depths = _Line([(sample, bed.dip) for sample, bed in moves])
    points = [(at, round(bases.at(at) - depths.at(at) * drops.at(at), 3)) for at in sorted(turns) if start <= at <= end]
    for index, point in enumerate(points):
        around = points[max(0, index - 1) : index + 2]
        if len(around) < 3 or len({level for _, level in around}) > 1:
            yield point


def _moves(run: Sequence[_Stretch]) -> Iterator[tuple[int, Bed]]:
    """Yield the beds of neighbours made of the same, each where its level is reached and where it is left."""
    yield run[0].start, run[0].bed
    for left, right in pairwise(run):
        half = min(CROSSING, left.end - left.start, right.end - right.start) // 2
        yield left.end - half, left.bed
        yield left.end + half, right.bed


class _Line:
    """A piecewise linear function of time, asked at ascending times."""

    def __init__(self, points: Sequence[tuple[int, float]]) -> None:
        self._points = points
        self._next = 0

    def at(self, sample: int) -> float:
        """Return the value at a sample; before the first point and after the last, that point's."""
        points = self._points
        if not points:
            return 0.0
        while self._next < len(points) and points[self._next][0] <= sample:
            self._next += 1
        if self._next == 0:
            return points[0][1]
        if self._next == len(points):
            return points[-1][1]
        (before, low), (after, high) = points[self._next - 1], points[self._next]
        return low + (high - low) * (sample - before) / (after - before)
