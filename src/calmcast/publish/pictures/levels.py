"""The bed of a track below its ribbon: which bed where, and how loud it seems there. Units are pixels."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from math import log10, pi, sin
from typing import Literal

from calmcast.model.sound import BedSound
from calmcast.model.timeline import BedSpan, Timeline, spoken_spans
from calmcast.publish.pictures.lettering import INK, NOTE, printable, px, width, words
from calmcast.publish.pictures.marks import Axis
from calmcast.units import SAMPLE_RATE, format_clock

STRIP = 24
"""The height of the loudest bed in a picture."""
_COARSE = 3 * SAMPLE_RATE
"""From so many samples a pixel on, dips are too narrow to be drawn one by one."""
_COLUMN = 2.0
_BACK, _BEFORE = 3 * SAMPLE_RATE // 2, SAMPLE_RATE // 2
"""So long after words a bed is back at its level, and so long before words it is still there."""
_LETTERS = 12.0
"""So high a bed has to be for its name to stand in it."""
_FADES_SEEM = 2 * log10(2)
"""`loud` of a gain is the gain to this power."""

Line = Sequence[tuple[float, float]]
"""(x, height), a straight line between two."""
Columns = Sequence[tuple[float, float, float]]
"""(left, lowest, highest) of each stretch of a line."""
Texture = Literal["plain", "dots", "upright", "flat"]


@dataclass(frozen=True, slots=True)
class Style:
    """What tells beds apart, in grey too."""

    fill: str
    line: str
    texture: Texture


_INKS = (
    ("#d3dcd2", "#5c7260"),
    ("#e3d6c6", "#846a48"),
    ("#d2d6e4", "#5d668c"),
    ("#e6d2d0", "#8a5a56"),
    ("#cfdde0", "#4f7079"),
    ("#dfdcc4", "#726d3f"),
)
_TEXTURES: tuple[Texture, ...] = ("plain", "dots", "upright", "flat")


def loud(decibels: float) -> float:
    """Return how loud something seems beside what is so many decibels softer: 10 dB more seem twice as loud.

    The sone scale (S. S. Stevens, J. Acoust. Soc. Am. 27, 1955; ISO 532-1).
    """
    return float(2.0 ** (decibels / 10))


def bed_name(made_of: BedSound) -> str:
    """Return what a bed is called in a picture: `rain`, `drone in A`, a file's name."""
    name = printable(made_of.name) or "bed"
    return f"{name} in {printable(made_of.key)}" if made_of.key else name


def styles_of(timelines: Sequence[Timeline]) -> dict[str, Style]:
    """Return the looks of each bed by its name, in the order in which they come."""
    names = dict.fromkeys(bed_name(span.made_of) for timeline in timelines for span in timeline.beds)
    return {
        name: Style(*_INKS[index % len(_INKS)], _TEXTURES[index % len(_TEXTURES)]) for index, name in enumerate(names)
    }


def loudest(timelines: Sequence[Timeline]) -> float:
    """Return how loud the loudest bed seems beside the voice; 1 where there is none."""
    levels = (level for timeline in timelines for span in timeline.beds for _, level in span.levels)
    return loud(max(levels, default=0.0))


def under_voice(timelines: Sequence[Timeline], name: str) -> str:
    """Return how loud a bed is where nobody speaks: `22 dB under the voice`, `20 to 30 dB under the voice`."""
    levels = sorted(round(-level, 1) + 0.0 for timeline in timelines for level in _alone(timeline, name))
    least, most = levels[0], levels[-1]
    if least < 0:
        return f"up to {-least:g} dB over the voice"
    if most == 0:
        return "as loud as the voice"
    return f"{most:g} dB under the voice" if least == most else f"{least:g} to {most:g} dB under the voice"


def _alone(timeline: Timeline, name: str) -> Iterator[float]:
    """Yield the levels between which a bed moves where nobody speaks; its highest where somebody always does."""
    spoken = spoken_spans(timeline)
    starts = [start for start, _ in spoken]
    for span in timeline.beds:
        if bed_name(span.made_of) == name:
            levels = list[float]()
            for at, level in span.levels:
                after = bisect_left(starts, at)
                is_back = after == 0 or at - spoken[after - 1][1] >= _BACK
                if is_back and (after == len(spoken) or starts[after] - at >= _BEFORE):
                    levels.append(level)
            yield from levels or [max(level for _, level in span.levels)]


def beds_told(timeline: Timeline) -> Iterator[str]:
    """Yield in words what the strip shows."""
    for name in styles_of([timeline]):
        spans = [span for span in timeline.beds if bed_name(span.made_of) == name]
        when = ", ".join(f"{format_clock(span.start)} to {format_clock(span.end)}" for span in spans)
        yield f"bed: {name}, {under_voice([timeline], name)}, {when}"


def bed_sign(style: Style) -> str:
    """Return a small piece of a bed with a dip in it, 20 pixels wide around height 0."""
    line = [(0.0, 11.0), (6.0, 11.0), (8.0, 6.5), (12.0, 6.5), (14.0, 11.0), (20.0, 11.0)]
    shape = f'<path d="{_closed(line, 6)}" fill="{style.fill}" fill-opacity=".8" stroke="{style.line}"'
    return f'{shape} stroke-width=".9"/>{_texture(columns_of(line, 1.0), 6, style, None)}'


def beds(timeline: Timeline, axis: Axis, top: float, styles: Mapping[str, Style], scale: float) -> Iterator[str]:
    """Yield the shapes of a track's bed in the strip that begins at `top`; what seems so loud as `scale` fills it."""
    for index, span in enumerate(timeline.beds):
        name = bed_name(span.made_of)
        style = styles[name]
        line = [(x, high * STRIP / scale) for x, high in _line(span, axis)]
        others = [other for other in timeline.beds[max(0, index - 1) : index + 2] if other is not span]
        columns = columns_of(line, 1.0)
        label = _room(columns, width(name, NOTE), axis, others)
        level = under_voice([replace(timeline, beds=(span,))], name)
        about = f"{name}, {format_clock(span.start)} to {format_clock(span.end)}, {level}"
        yield f"<g><title>{escape(about)}</title>"
        yield from _area(line, axis, top + STRIP, style)
        yield _texture(columns, top + STRIP, style, (label, label + width(name, NOTE)) if label else None)
        if label:
            yield words(label, top + STRIP - 4, name, NOTE, INK)
        yield "</g>"


def _line(span: BedSpan, axis: Axis) -> list[tuple[float, float]]:
    """Return (x, how loud it seems beside the voice) along a bed: with straight lines between, off by little."""
    turns = sorted({span.start, span.start + span.fade_in, span.end - span.fade_out, span.end})
    turns = sorted({*turns, *(at for at, _ in span.levels if span.start < at < span.end)})
    points = [(at, _seems(span, at)) for at in turns]
    found = list[tuple[int, float]]()
    for left, right in pairwise(points):
        found.append(left)
        parts = min(12, int((right[0] - left[0]) / axis.samples_per_pixel / 1.5))
        if abs(right[1] - left[1]) > 0.01 and parts > 1:
            between = (left[0] + (right[0] - left[0]) * part // parts for part in range(1, parts))
            found += [(at, _seems(span, at)) for at in between]
    return [(axis.x(at), high) for at, high in [*found, *points[-1:]]]


def _seems(span: BedSpan, sample: int) -> float:
    rising = min((sample - span.start) / span.fade_in, 1) if span.fade_in else 1.0
    falling = min((span.end - sample) / span.fade_out, 1) if span.fade_out else 1.0
    faded = sin(pi / 2 * max(rising, 0)) * sin(pi / 2 * max(falling, 0))
    return float(loud(_level(span.levels, sample)) * faded**_FADES_SEEM)


def _level(levels: Sequence[tuple[int, float]], sample: int) -> float:
    after = bisect_right(levels, sample, key=lambda turn: turn[0])
    if after in {0, len(levels)}:
        return levels[min(after, len(levels) - 1)][1]
    (left, low), (right, high) = levels[after - 1], levels[after]
    return low + (high - low) * (sample - left) / (right - left)


def columns_of(line: Line, step: float) -> Columns:
    """Return (left, lowest, highest) of each column of `step` pixels that a line through (x, y) crosses."""
    found = dict[int, tuple[float, float]]()
    for (left, first), (right, last) in pairwise(line):
        slope = (last - first) / (right - left) if right > left else 0.0
        for column in range(int(left // step), int(right // step) + 1):
            ends = (min(max(edge * step, left), right) for edge in (column, column + 1))
            heights = [first + slope * (x - left) for x in ends] if right > left else [first, last]
            low, high = found.get(column, (heights[0], heights[0]))
            found[column] = min(low, *heights), max(high, *heights)
    return [(column * step, low, high) for column, (low, high) in sorted(found.items())]


def _room(columns: Columns, wide: float, axis: Axis, others: Sequence[BedSpan]) -> float | None:
    """Return where a bed's name may stand: where the bed is high enough, and alone."""
    run = 0.0
    for x, low, _ in columns:
        crossed = any(axis.x(other.start) - 2 <= x <= axis.x(other.end) + 2 for other in others)
        run = 0.0 if crossed or low < _LETTERS else run + 1
        if run >= wide + 10:
            return x - wide - 4
    return None


def _area(line: Line, axis: Axis, foot: float, style: Style) -> Iterator[str]:
    """Yield a bed from its foot to how loud it seems; where its dips are too narrow, both without and with them."""
    edge = f'stroke="{style.line}" stroke-width=".9" stroke-linejoin="round"'
    if axis.samples_per_pixel <= _COARSE:
        yield f'<path d="{_closed(line, foot)}" fill="{style.fill}" fill-opacity=".8" {edge}/>'
        return
    columns = columns_of(line, _COLUMN)
    ends = line[0], line[-1]
    middles = [(min(max(x + _COLUMN / 2, ends[0][0]), ends[1][0]), low, high) for x, low, high in columns]
    highest = [ends[0], *((x, high) for x, _, high in middles), ends[1]]
    lowest = [ends[0], *((x, low) for x, low, _ in middles), ends[1]]
    yield f'<path d="{_closed(highest, foot)}" fill="{style.fill}" fill-opacity=".55" {edge}/>'
    yield f'<path d="{_closed(lowest, foot)}" fill="{style.line}" fill-opacity=".25"/>'


def _closed(line: Line, foot: float) -> str:
    """Return a path along a line of heights above `foot` and back along the foot."""
    level = {i for i in range(1, len(line) - 1) if line[i - 1][1] == line[i][1] == line[i + 1][1]}
    points = dict.fromkeys(f"L{px(x)} {px(foot - high)}" for i, (x, high) in enumerate(line) if i not in level)
    return f"M{px(line[0][0])} {px(foot)}{''.join(points)}V{px(foot)}z"


def _texture(columns: Columns, foot: float, style: Style, free: tuple[float, float] | None) -> str:
    """Return the texture of a bed, but for where its name stands."""
    path = ""
    for index, (x, low, _) in enumerate(columns):
        if free and free[0] - 3 <= x <= free[1] + 3:
            continue
        rows = range(4, int(low) - 1, 5)
        if style.texture == "dots" and index % 5 == 2:
            path += "".join(f"M{px(x)} {px(foot - row)}h0" for row in rows)
        elif style.texture == "upright" and index % 5 == 2 and low > 4:
            path += f"M{px(x)} {px(foot)}V{px(foot - low + 1.5)}"
        elif style.texture == "flat":
            path += "".join(f"M{px(x)} {px(foot - row)}h1" for row in rows)
    pen = 'stroke-width="1.6" stroke-linecap="round"' if style.texture == "dots" else 'stroke-width=".7"'
    return f'<path d="{path}" fill="none" stroke="{style.line}" {pen}/>' if path else ""
