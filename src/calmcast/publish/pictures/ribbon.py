"""One track as a ribbon in SVG: a band for each part, words solid, silence pale, breath as a tide. Units are pixels."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise
from math import sqrt

from calmcast.model.timeline import RISE_DB_S, Breath, Chapter, Spoken, Timeline
from calmcast.publish.pictures.lettering import printable, px
from calmcast.publish.pictures.levels import loud
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
"""The height of words at the voice's own level."""
_SOFTEST = 3
_APART = 40
"""The least room between two notes."""
_COARSE = 3 * SAMPLE_RATE
"""From so many samples a pixel on, words are shown by their share of the time."""
_COLUMN = 2.0
_SHORTEST_WAVE = 5.0


@dataclass(frozen=True, slots=True)
class Voiced:
    """A stretch that is spoken: from `start` to `end`, in samples."""

    start: int
    end: int
    level: float
    """Decibels louder than the rest of the voice."""
    rise: float
    """So many decibels softer at its start, coming up by RISE_DB_S."""

    @property
    def risen(self) -> int:
        """The sample at which it has come up."""
        return min(self.end, self.start + round(self.rise / RISE_DB_S * SAMPLE_RATE))

    def level_at(self, sample: int) -> float:
        """Return the decibels by which it is louder than the rest of the voice at a sample."""
        return self.level - max(0.0, self.rise - RISE_DB_S * (sample - self.start) / SAMPLE_RATE)


def voiced(timeline: Timeline) -> list[Voiced]:
    """Return all that is spoken, in order, without the silences inside lines."""
    found = list[Voiced]()
    for clip in timeline.lines:
        if isinstance(clip.content, Spoken):
            line = Voiced(clip.start, clip.end, clip.content.level, clip.content.rise)
            start = clip.start
            for begin, length in (*clip.content.recording.silences, (clip.samples, 0)):
                end = clip.start + begin
                if start < end:
                    found.append(Voiced(start, end, line.level, line.level - line.level_at(start)))
                start = end + length
    return sorted(found, key=lambda piece: (piece.start, piece.end))


def ribbon(timeline: Timeline, numbers: Sequence[int], axis: Axis, top: float) -> Iterator[str]:
    """Yield the shapes of a track whose band begins at `top`; `numbers` are its chapters' numbers, from 1."""
    starts = [chapter.start for chapter in timeline.chapters]
    breaths = [list[Breath]() for _ in starts]
    pieces = [list[Voiced]() for _ in starts]
    for breath in timeline.breaths:
        breaths[max(0, bisect_right(starts, breath.start) - 1)].append(breath)
    for piece in voiced(timeline):
        pieces[max(0, bisect_right(starts, piece.start) - 1)].append(piece)
    for index, (chapter, number) in enumerate(zip(timeline.chapters, numbers, strict=True)):
        hue = HUES[(number - 1) % len(HUES)]
        yield part_band(chapter, axis, top, BAND, hue)
        yield from _tide(breaths[index], axis, top, hue, _right(chapter, axis))
        yield _words(pieces[index], axis, top, hue)
        yield from _notes(breaths[index], axis, top, hue, axis.x(chapter.start))


def part_band(chapter: Chapter, axis: Axis, top: float, high: float, hue: Hue) -> str:
    """Return the band of a part, `high` pixels high."""
    x = axis.x(chapter.start)
    wide = max(_right(chapter, axis) - x, 0.5)
    name = f"{printable(chapter.title)}, {format_clock(chapter.start)} to {format_clock(chapter.end)}"
    return (
        f'<rect x="{px(x)}" y="{px(top)}" width="{px(wide)}" height="{px(high)}" rx="{px(min(4, wide / 3))}" '
        f'fill="{hue.pale}"><title>{escape(name)}</title></rect>'
    )


def _right(chapter: Chapter, axis: Axis) -> float:
    """Return where a band ends: a little before the next begins, where there is room."""
    wide = axis.x(chapter.end) - axis.x(chapter.start)
    return axis.x(chapter.end) - (1.5 if wide > 4 else 0.5 if wide > 1.5 else 0)


def _words(pieces: Sequence[Voiced], axis: Axis, top: float, hue: Hue) -> str:
    """Return the shape of what is spoken, as high as it seems loud."""
    middle = top + BAND / 2
    shapes = _columns(pieces, axis) if axis.samples_per_pixel > _COARSE else _bars(pieces, axis)
    path = "".join(_bar(left, wide, high, rising, middle) for left, wide, high, rising in shapes)
    return f'<path d="{path}" fill="{hue.deep}"/>' if path else ""


def _bar(left: float, wide: float, high: float, rising: tuple[float, float], middle: float) -> str:
    """Return a bar as a path; `rising` is how wide its beginning is that comes up, and how high it begins."""
    if rising[0] == 0:
        return f"M{px(left)} {px(middle - high / 2)}h{px(wide)}v{px(high)}h{px(-wide)}z"
    (ramp, low), right = rising, px(left + wide)
    above, below = px(middle - high / 2), px(middle + high / 2)
    over = f"M{px(left)} {px(middle - low / 2)}L{px(left + ramp)} {above}H{right}"
    return f"{over}V{below}H{px(left + ramp)}L{px(left)} {px(middle + low / 2)}z"


def _high(decibels: float) -> float:
    return min(max(_SPEECH * loud(decibels), _SOFTEST), BAND - 4)


def _bars(pieces: Sequence[Voiced], axis: Axis) -> Iterator[tuple[float, float, float, tuple[float, float]]]:
    """Yield (left, width, height, rising) of each piece; alike ones with less than half a pixel between them as one."""
    joined = list[tuple[float, float, Voiced]]()
    for piece in pieces:
        left, right, begun = axis.x(piece.start), axis.x(piece.end), piece
        if joined and left - joined[-1][1] < 0.5 and joined[-1][2].level == piece.level and not piece.rise:
            left, _, begun = joined.pop()
        joined.append((left, right, begun))
    for left, right, piece in joined:
        ramp = axis.x(piece.risen) - left
        rising = (ramp, _high(piece.level_at(piece.start))) if ramp >= 0.1 else (0.0, 0.0)
        yield left, max(right - left, 0.7), _high(piece.level_at(piece.risen)), rising


def _columns(pieces: Sequence[Voiced], axis: Axis) -> Iterator[tuple[float, float, float, tuple[float, float]]]:
    """Yield (left, width, height, rising) of columns, higher where words are louder or have more of their time."""
    samples = axis.samples_per_pixel * _COLUMN
    shares, softer = dict[int, float](), dict[int, float]()
    for piece in pieces:
        missing = 1 - loud(piece.level_at((piece.start + piece.end) // 2))
        for column in range(int(piece.start / samples), int(piece.end / samples) + 1):
            inside = min(piece.end, (column + 1) * samples) - max(piece.start, column * samples)
            share = max(0, inside) / samples
            shares[column] = shares.get(column, 0) + share
            softer[column] = softer.get(column, 0) + share * missing
    for column, share in sorted(shares.items()):
        seems = 1 - softer[column] / share if softer[column] else 1.0
        high = 2 + (_SPEECH - 2) * sqrt(min(share, 1)) * seems
        yield axis.left + column * _COLUMN, _COLUMN, min(high, BAND - 4), (0.0, 0.0)


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
