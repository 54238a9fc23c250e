"""One track as a ribbon in SVG: a band for each part, words solid, silence pale, breath as a tide. Units are pixels."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise

from calmcast.model.timeline import Breath, Chapter, Timeline, spoken_spans
from calmcast.publish.pictures.lettering import printable, px
from calmcast.publish.pictures.marks import Axis
from calmcast.units import SAMPLE_RATE, format_clock


@dataclass(frozen=True, slots=True)
class Hue:
    """The colours of a part: they tell neighbours apart. Silence, breath and words differ in lightness."""

    pale: str
    tide: str
    deep: str


HUES = (
    Hue("#dde8ee", "#a8c3d3", "#335c77"),
    Hue("#f2e8d4", "#dbc394", "#77591f"),
    Hue("#e9e1ed", "#c8b3d0", "#674774"),
    Hue("#f4e3da", "#dfb4a1", "#86472f"),
    Hue("#e4e6eb", "#b5bbc9", "#465064"),
    Hue("#dcebe4", "#a3c8b9", "#336353"),
)

BAND = 36
"""The height of a band."""
_SPEECH = 20
"""The height of words."""
_APART = 40
"""The least room between two notes."""
_SHORTEST_WAVE = 5.0


def ribbon(timeline: Timeline, numbers: Sequence[int], axis: Axis, top: float) -> Iterator[str]:
    """Yield the shapes of a track whose band begins at `top`; `numbers` are its chapters' numbers, from 1."""
    starts = [chapter.start for chapter in timeline.chapters]
    breaths = [list[Breath]() for _ in starts]
    spans = [list[tuple[int, int]]() for _ in starts]
    for breath in timeline.breaths:
        breaths[max(0, bisect_right(starts, breath.start) - 1)].append(breath)
    for span in spoken_spans(timeline):
        spans[max(0, bisect_right(starts, span[0]) - 1)].append(span)
    for index, (chapter, number) in enumerate(zip(timeline.chapters, numbers, strict=True)):
        hue = HUES[(number - 1) % len(HUES)]
        yield part_band(chapter, axis, top, BAND, hue)
        yield from _tide(breaths[index], axis, top, hue, _right(chapter, axis))
        yield _words(spans[index], axis, top, hue)
        yield from _notes(breaths[index], axis, top, hue, axis.x(chapter.start))


def part_band(chapter: Chapter, axis: Axis, top: float, high: float, hue: Hue) -> str:
    """Return the band of a part, `high` pixels high."""
    x = axis.x(chapter.start)
    wide = max(_right(chapter, axis) - x, 0.5)
    name = f"{printable(chapter.title)}, {format_clock(chapter.start)}–{format_clock(chapter.end)}"
    return (
        f'<rect x="{px(x)}" y="{px(top)}" width="{px(wide)}" height="{px(high)}" rx="{px(min(4, wide / 3))}" '
        f'fill="{hue.pale}"><title>{escape(name)}</title></rect>'
    )


def _right(chapter: Chapter, axis: Axis) -> float:
    """Return where a band ends: a little before the next begins, where there is room."""
    wide = axis.x(chapter.end) - axis.x(chapter.start)
    return axis.x(chapter.end) - (1.5 if wide > 4 else 0.5 if wide > 1.5 else 0)


def _words(spans: Sequence[tuple[int, int]], axis: Axis, top: float, hue: Hue) -> str:
    """Return the shape of what is spoken, from start to end each; those with less than half a pixel between as one."""
    joined = list[tuple[float, float]]()
    for start, end in spans:
        left, right = axis.x(start), axis.x(end)
        if joined and left - joined[-1][1] < 0.5:
            left, _ = joined.pop()
        joined.append((left, right))
    y = px(top + (BAND - _SPEECH) / 2)
    bars = (f"M{px(left)} {y}h{px(max(right - left, 0.7))}v{_SPEECH}H{px(left)}z" for left, right in joined)
    return f'<path d="{"".join(bars)}" fill="{hue.deep}"/>' if joined else ""


def _tide(breaths: Sequence[Breath], axis: Axis, top: float, hue: Hue, right: float) -> Iterator[str]:
    low, high = top + BAND - 3, top + 4
    for run in runs(breaths):
        waves = wave(run, _SHORTEST_WAVE * axis.samples_per_pixel)
        points = [(min(axis.x(sample), right), low + (high - low) * level) for sample, level in waves]
        x, y = points[0]
        curve = f"M{px(x)} {px(y)}"
        for to_x, to_y in points[1:]:
            half = px((x + to_x) / 2)
            curve += f"H{px(to_x)}" if to_y == y else f"C{half} {px(y)} {half} {px(to_y)} {px(to_x)} {px(to_y)}"
            x, y = to_x, to_y
        foot = px(top + BAND)
        yield f'<path d="{curve}V{foot}H{px(points[0][0])}z" fill="{hue.tide}"/>'
        yield f'<path d="{curve}" fill="none" stroke="{hue.deep}" stroke-width="1" stroke-opacity=".7"/>'


def _notes(breaths: Sequence[Breath], axis: Axis, top: float, hue: Hue, left: float) -> Iterator[str]:
    """Yield a note wherever the tide begins to sound; `left` is where its band begins."""
    last = -float(_APART)
    for is_sounding, group in groupby(breaths, key=lambda breath: breath.tone is not None):
        x = max(axis.x(next(group).start) - 4, left + 4)
        if is_sounding and x - last >= _APART:
            yield note(x, top + 7, hue)
            last = x


def note(x: float, y: float, hue: Hue) -> str:
    """Return the sign of a breath that sounds: a note, its head around (x, y)."""
    shape = "M-1.9 0a1.9 1.9 0 1 0 3.8 0a1.9 1.9 0 1 0-3.8 0zM.8 0V-6.2H1.9L4.7-4.6 4.2-3.6 1.9-4.9V0z"
    return f'<path transform="translate({px(x)} {px(y)})" d="{shape}" fill="{hue.deep}"/>'


def runs(breaths: Sequence[Breath]) -> Iterator[list[Breath]]:
    """Yield breaths that follow each other without a break."""
    run = list[Breath]()
    for breath in breaths:
        if run and breath.start - run[-1].end > SAMPLE_RATE:
            yield run
            run = []
        run.append(breath)
    if run:
        yield run


def wave(run: Sequence[Breath], narrowest: float) -> list[tuple[int, float]]:
    """Return (sample, level) along a run of breaths: 1 after breathing in, 0 after breathing out.

    Where a breath takes fewer samples than `narrowest`, too few to be seen, one wave stands for several.
    """
    rounds = [breath.start for breath in run if breath.phase == "in"] or [run[0].start]
    end = run[-1].end
    together = int(narrowest * len(rounds) / max(end - rounds[0], 1)) + 1
    if together > 1:
        edges = [run[0].start, *rounds[together::together], end]
        middles = [((first + last) // 2, 1.0) for first, last in pairwise(edges)]
        return sorted([*((edge, 0.0) for edge in edges), *middles])
    level = 1.0 if run[0].phase == "out" else 0.0
    points = [(run[0].start, level)]
    for breath in run:
        level = {"in": 1.0, "out": 0.0}.get(breath.phase, level)
        points.append((breath.end, level))
    return points
