"""A finished track as a picture: its waveform, its loudness over time, and where something is wrong. In pixels."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import isfinite, log10

from calmcast.model.timeline import Chapter
from calmcast.publish.pictures.card import (
    LEFT,
    RIGHT,
    document,
    heading,
    name_of,
    numbers_of,
    time_axis,
    with_names,
    with_numbers,
)
from calmcast.publish.pictures.faults import FAULT, LANE, MOST, fault_list, fault_marks
from calmcast.publish.pictures.legend import key, legend
from calmcast.publish.pictures.lettering import EDGE, GRID, INK, NOTE, SOFT, printable, px, words
from calmcast.publish.pictures.marks import Axis
from calmcast.publish.pictures.ribbon import HUES, part_band
from calmcast.units import format_clock

_WIDE = 840
_HALF = 60
"""The height of full scale."""
_HIGH = 110
"""The height of the loudness."""
_BETWEEN = 14
_LOWEST, _HIGHEST = -60.0, -5.0
_ROWS = 6
_DASHED = f'stroke="{INK}" stroke-width="1.1" stroke-dasharray="5 3"'


@dataclass(frozen=True, slots=True)
class Panels:
    """Where things stand: the top of the waveform, the top of the loudness below it, and time."""

    wave: float
    loudness: float
    axis: Axis

    @property
    def foot(self) -> float:
        return self.loudness + _HIGH

    def y(self, lufs: float) -> float:
        """Return the height of a loudness; what is off the scale is at its edge."""
        share = (min(max(lufs, _LOWEST), _HIGHEST) - _LOWEST) / (_HIGHEST - _LOWEST)
        return self.foot - share * _HIGH


def loud(decibels: float) -> float:
    """Return how loud something seems beside what is so many decibels softer: 10 dB more seem twice as loud.

    The sone scale (S. S. Stevens, J. Acoust. Soc. Am. 27, 1955; ISO 532-1).
    """
    return float(2.0 ** (decibels / 10))


def waveform_svg(
    title: str,
    subtitle: str,
    samples: int,
    chapters: Sequence[Chapter],
    columns: Sequence[tuple[float, float]],
    loudness: Sequence[tuple[int, float]],
    target: float,
    faults: Sequence[tuple[int, str]],
) -> str:
    """Return a picture of a finished track as a whole SVG document, UTF-8 text: same arguments, same text.

    `samples` is its length; `columns` holds the lowest and the highest sample of equal stretches, full scale = 1;
    `loudness` (sample, short-term loudness in LUFS), -inf in silence; `target` the loudness in LUFS that the voice
    should have; `faults` (sample, what is wrong). The waveform is as high as it seems loud (`loud`), so that a
    soft bed can be seen too. No texts overlap, and nothing is asked of the network.
    """
    axis = Axis(RIGHT - _WIDE, max(samples, 1) / _WIDE)
    chapters = [replace(each, end=min(each.end, samples)) for each in chapters if each.start < samples]
    numbers = numbers_of([chapters])
    names = with_names(chapters, axis, _ROWS)
    is_keyed = names is None
    names = names or with_numbers(chapters, samples, numbers, axis)
    shapes, top = heading(title, subtitle)
    wave = top + names.height
    panels = Panels(wave, wave + 2 * _HALF + (LANE if faults else _BETWEEN), axis)
    shapes += time_axis(axis, samples, top, panels.foot)
    shapes += [f'<g transform="translate(0 {px(wave)})">', *names.shapes, "</g>"]
    shapes += _wave(chapters, numbers, columns, panels)
    shapes += _loudness(loudness, target, panels)
    told = sorted((min(max(at, 0), samples), printable(what) or "something is wrong") for at, what in faults)
    at = [at for at, _ in told]
    shapes += fault_marks(at, axis, (wave, wave + 2 * _HALF), (panels.loudness, panels.foot))
    signs, after = legend(_signs(target, is_marked=bool(told)), LEFT, RIGHT, panels.foot + 44)
    listed, after = fault_list(told, after)
    meanings, after = key([name_of(each) for each in numbers], LEFT, RIGHT, after + 2) if is_keyed else ([], after)
    described = _described(samples, chapters, loudness, target, told)
    return document(title, described, [*shapes, *signs, *listed, *meanings], after + 8)


def _wave(
    chapters: Sequence[Chapter], numbers: Mapping[str, int], columns: Sequence[tuple[float, float]], panels: Panels
) -> Iterator[str]:
    """Yield a band for each part and the waveform in it, with its scale in decibels under full scale."""
    axis, middle = panels.axis, panels.wave + _HALF
    hues = [HUES[(numbers[chapter.title] - 1) % len(HUES)] for chapter in chapters] or [HUES[0]]
    yield from (part_band(c, axis, panels.wave, 2 * _HALF, hue) for c, hue in zip(chapters, hues, strict=False))
    yield words(LEFT, panels.wave + 8, "dB", NOTE, SOFT)
    for decibels in (0, -10, -20):
        high = _HALF * loud(decibels)
        baseline = middle - high + (4 if decibels else 8)
        yield words(axis.left - 8, baseline, _number(decibels), NOTE, SOFT, anchor="end")
        lines = "".join(f"M{px(axis.left)} {px(middle + side * high)}H{RIGHT}" for side in (-1, 1))
        yield f'<path d="{lines}" stroke="{EDGE}" stroke-width=".8"/>'
    starts = [axis.x(chapter.start) for chapter in chapters]
    wide = _WIDE / max(len(columns), 1)
    places = [(axis.left + index * wide, each) for index, each in enumerate(columns)]
    for part, group in groupby(places, key=lambda place: max(0, bisect_right(starts, place[0] + wide / 2) - 1)):
        yield f'<path d="{_outline(list(group), wide, middle)}" fill="{hues[part].deep}"/>'


def _outline(places: Sequence[tuple[float, tuple[float, float]]], wide: float, middle: float) -> str:
    """Return the path of a waveform through (x, (lowest, highest)), a pixel high at least."""
    heights = [(x, _high(low), _high(high)) for x, (low, high) in places]
    above = "".join(f"V{px(middle - max(high, low + 1))}H{px(x + wide)}" for x, low, high in heights)
    below = "".join(f"V{px(middle - low)}H{px(x)}" for x, low, _ in reversed(heights))
    return f"M{px(heights[0][0])} {px(middle)}{above}{below}z"


def _high(sample: float) -> float:
    """Return how far a sample is from the middle, upward."""
    size = min(abs(sample), 1.0) if isfinite(sample) else 1.0
    return (_HALF * loud(20 * log10(size)) if size else 0.0) * (-1 if sample < 0 else 1)


def _loudness(loudness: Sequence[tuple[int, float]], target: float, panels: Panels) -> Iterator[str]:
    """Yield the loudness over time with its scale, and the line of the target."""
    left, foot = panels.axis.left, panels.foot
    yield words(LEFT, foot - 2, "LUFS", NOTE, SOFT)
    for lufs in range(-50, 0, 10):
        y = panels.y(lufs)
        yield f'<path d="M{px(left)} {px(y)}H{RIGHT}" stroke="{GRID}"/>'
        if abs(y - panels.y(target)) > NOTE * 1.3:
            yield words(left - 8, y + 4, _number(lufs), NOTE, SOFT, anchor="end")
    for run in _sounding(loudness, panels):
        yield from _curve(run, foot, is_dense=len(loudness) > _WIDE)
    yield f'<path d="M{px(left)} {px(foot)}H{RIGHT}" stroke="{SOFT}" stroke-width=".8"/>'
    yield words(left - 8, panels.y(target) + 4, _number(target), NOTE, INK, anchor="end", bold=True)
    yield f'<path d="M{px(left)} {px(panels.y(target))}H{RIGHT}" {_DASHED}/>'


def _curve(run: Sequence[tuple[float, float]], foot: float, *, is_dense: bool) -> Iterator[str]:
    """Yield a stretch of the curve (x, y); where it is too dense, from its softest to its loudest in each pixel."""
    hue = HUES[4]
    if is_dense:
        columns = columns_of(run)
        run = [(x, top) for x, top, _ in columns]
        yield f'<path d="{_path(run, foot)}" fill="{hue.tide}"/>'
        yield f'<path d="{_path([(x, low) for x, _, low in columns], foot)}" fill="{hue.pale}"/>'
    else:
        yield f'<path d="{_path(run, foot)}" fill="{hue.pale}"/>'
    yield f'<path d="{_path(run)}" fill="none" stroke="{hue.deep}" stroke-width="1.3" stroke-linejoin="round"/>'


def columns_of(line: Sequence[tuple[float, float]]) -> list[tuple[float, float, float]]:
    """Return (left, lowest, highest) of each column of a pixel that a line through (x, y) crosses."""
    found = dict[int, tuple[float, float]]()
    for (left, first), (right, last) in pairwise(line):
        slope = (last - first) / (right - left) if right > left else 0.0
        for column in range(int(left), int(right) + 1):
            ends = (min(max(edge, left), right) for edge in (column, column + 1))
            heights = [first + slope * (x - left) for x in ends] if right > left else [first, last]
            low, high = found.get(column, (heights[0], heights[0]))
            found[column] = min(low, *heights), max(high, *heights)
    return [(column, low, high) for column, (low, high) in sorted(found.items())]


def _sounding(loudness: Sequence[tuple[int, float]], panels: Panels) -> Iterator[list[tuple[float, float]]]:
    """Yield the stretches of the curve (x, y) between silences, each from the foot and back to it."""
    points = [
        (min(panels.axis.x(at), RIGHT), panels.y(lufs) if isfinite(lufs) else panels.foot) for at, lufs in loudness
    ]
    for is_silent, group in groupby(range(len(points)), key=lambda index: not isfinite(loudness[index][1])):
        indexes = list(group)
        if not is_silent:
            yield points[max(0, indexes[0] - 1) : indexes[-1] + 2]


def _path(line: Sequence[tuple[float, float]], foot: float | None = None) -> str:
    """Return a path along a line; with a foot, closed along it."""
    along = "L".join(f"{px(x)} {px(y)}" for x, y in line)
    return f"M{along}" if foot is None else f"M{px(line[0][0])} {px(foot)}L{along}V{px(foot)}z"


def _signs(target: float, *, is_marked: bool) -> Iterator[tuple[str, str]]:
    block = f'<rect y="-6" width="20" height="12" rx="2.5" fill="{HUES[0].pale}"/>'
    wave = "M2 0V-1h2V-4h2V-2h2V-5h3V-3h2V-1h5V1h-5V3h-2V4h-3V2h-2V4h-2V1h-2z"
    yield f'{block}<path d="{wave}" fill="{HUES[0].deep}"/>', "waveform: twice as high is 10 dB more"
    curve = "M0 5C4 5 4-3 8-3S12 1 14 1S17-1 20-1"
    yield f'<path d="{curve}" fill="none" stroke="{HUES[4].deep}" stroke-width="1.3"/>', "loudness over 3 s"
    yield f'<path d="M0 0H20" {_DASHED}/>', f"target for the voice: {_number(target)} LUFS"
    if is_marked:
        yield f'<rect x="2" y="-6" width="16" height="12" rx="6" fill="{FAULT}"/>', "fault"


def _described(
    samples: int,
    chapters: Sequence[Chapter],
    loudness: Sequence[tuple[int, float]],
    target: float,
    faults: Sequence[tuple[int, str]],
) -> str:
    """Return what is seen, in words."""
    heard = [lufs for _, lufs in loudness if isfinite(lufs)]
    spread_of = f"from {_number(min(heard))} to {_number(max(heard))} LUFS" if heard else "silence"
    names = ", ".join(name_of(chapter.title) for chapter in chapters)
    wrong = "; ".join(f"{index} at {format_clock(at)}: {what}" for index, (at, what) in enumerate(faults[:MOST], 1))
    return (
        f"A track of {format_clock(samples)} from left to right: its waveform, and below it its loudness. "
        f"Parts: {len(chapters)} ({names}). Loudness: {spread_of}; target for the voice: {_number(target)} LUFS. "
        f"{f'What is wrong: {len(faults)} ({wrong}).' if faults else 'Nothing is wrong.'}"
    )


def _number(value: float) -> str:
    return f"{round(value, 1):g}".replace("-", "−")
