"""One track as a ribbon in SVG: a band for each part, words solid, silence pale, breath as a tide, marks below."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import sqrt

from calmcast.model.timeline import Breath, Chapter, Spoken, Timeline
from calmcast.publish.lettering import printable, px
from calmcast.publish.marks import Axis, marks
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
_COARSE = 3 * SAMPLE_RATE
"""From so many samples a pixel on, words are shown by their share of the time."""
_COLUMN = 2.0
_SHORTEST_WAVE = 5.0


def spoken_spans(timeline: Timeline) -> list[tuple[int, int]]:
    """Return the (start, end) in samples of all that is spoken, in order, without the silences inside lines."""
    spans = list[tuple[int, int]]()
    for clip in timeline.lines:
        start = clip.start
        for begin, length in clip.content.recording.silences if isinstance(clip.content, Spoken) else ():
            spans.append((start, clip.start + begin))
            start = clip.start + begin + length
        spans.append((start, clip.end))
    return sorted(span for span in spans if span[0] < span[1])


def ribbon(timeline: Timeline, numbers: Sequence[int], axis: Axis, top: float) -> Iterator[str]:
    """Yield the shapes of a track whose band begins at `top`; `numbers` are its chapters' numbers, from 1."""
    spans = spoken_spans(timeline)
    starts = [chapter.start for chapter in timeline.chapters]
    breaths = [list[Breath]() for _ in starts]
    lines = [list[tuple[int, int]]() for _ in starts]
    for breath in timeline.breaths:
        breaths[max(0, bisect_right(starts, breath.start) - 1)].append(breath)
    for span in spans:
        lines[max(0, bisect_right(starts, span[0]) - 1)].append(span)
    for index, (chapter, number) in enumerate(zip(timeline.chapters, numbers, strict=True)):
        hue = HUES[(number - 1) % len(HUES)]
        yield _band(chapter, axis, top, hue)
        yield from _tide(breaths[index], axis, top, hue, _right(chapter, axis))
        yield _words(lines[index], axis, top, hue)
    yield from marks(timeline, axis, top, top + BAND)


def _band(chapter: Chapter, axis: Axis, top: float, hue: Hue) -> str:
    x = axis.x(chapter.start)
    wide = max(_right(chapter, axis) - x, 0.5)
    name = f"{printable(chapter.title)}, {format_clock(chapter.start)} to {format_clock(chapter.end)}"
    return (
        f'<rect x="{px(x)}" y="{px(top)}" width="{px(wide)}" height="{BAND}" rx="{px(min(4, wide / 3))}" '
        f'fill="{hue.pale}"><title>{escape(name)}</title></rect>'
    )


def _right(chapter: Chapter, axis: Axis) -> float:
    """Return where a band ends: a little before the next begins, where there is room."""
    wide = axis.x(chapter.end) - axis.x(chapter.start)
    return axis.x(chapter.end) - (1.5 if wide > 4 else 0.5 if wide > 1.5 else 0)


def _words(spans: Sequence[tuple[int, int]], axis: Axis, top: float, hue: Hue) -> str:
    middle = top + BAND / 2
    shapes = _columns(spans, axis) if axis.samples_per_pixel > _COARSE else _bars(spans, axis)
    path = "".join(
        f"M{px(left)} {px(middle - high / 2)}h{px(wide)}v{px(high)}h{px(-wide)}z" for left, wide, high in shapes
    )
    return f'<path d="{path}" fill="{hue.deep}"/>' if path else ""


def _bars(spans: Sequence[tuple[int, int]], axis: Axis) -> Iterator[tuple[float, float, float]]:
    """Yield (left, width, height) of each span; spans with less than half a pixel between them as one."""
    joined = list[tuple[float, float]]()
    for start, end in spans:
        left, right = axis.x(start), axis.x(end)
        if joined and left - joined[-1][1] < 0.5:
            left = joined.pop()[0]
        joined.append((left, right))
    for left, right in joined:
        yield left, max(right - left, 0.7), _SPEECH


def _columns(spans: Sequence[tuple[int, int]], axis: Axis) -> Iterator[tuple[float, float, float]]:
    """Yield (left, width, height) of columns, higher where words have a larger share of their time."""
    samples = axis.samples_per_pixel * _COLUMN
    shares = dict[int, float]()
    for start, end in spans:
        for column in range(int(start / samples), int(end / samples) + 1):
            inside = min(end, (column + 1) * samples) - max(start, column * samples)
            shares[column] = shares.get(column, 0) + max(0, inside) / samples
    for column, share in sorted(shares.items()):
        yield axis.left + column * _COLUMN, _COLUMN, 2 + (_SPEECH - 2) * sqrt(min(share, 1))


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
