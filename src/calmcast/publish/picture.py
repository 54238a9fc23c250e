"""A plan as a picture: SVG in which tracks of one script stand above each other on one time axis. Units are pixels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from calmcast.model.timeline import Clip, Rung, Timeline
from calmcast.publish.legend import key, legend
from calmcast.publish.lettering import (
    EDGE,
    FONTS,
    GRID,
    INK,
    NAME,
    NOTE,
    PAPER,
    SOFT,
    Flag,
    fitted,
    flags,
    printable,
    px,
    spread,
    width,
    words,
    wrapped,
)
from calmcast.publish.marks import LANE, Axis
from calmcast.publish.ribbon import BAND, ribbon
from calmcast.units import SAMPLE_RATE, format_clock

WIDTH = 960
_LEFT, _RIGHT = 30, WIDTH - 30
_LABEL, _TITLE, _SUBTITLE = 15, 21, 13
_ROW = 17
"""The height of a row of names."""
_MOST_ROWS_ALONE, _MOST_ROWS = 6, 2
_NARROWEST, _WIDEST = 66, 170
"""The column of labels."""
_BEYOND = 8
"""How far names may reach into the margin."""
_ASIDE = 30
"""How far a number may be moved aside, and a track's numbers may reach beyond its end."""
_STEPS_S = (15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
_TICK = 52
"""The least room for a tick and its label."""


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A track in the picture: its label (`10 min`), and what is said of it in small type, a line each (`612 words`)."""

    timeline: Timeline
    label: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of a track's parts: shapes above height 0, and how high they are."""

    shapes: tuple[str, ...]
    height: float


def svg(title: str, ribbons: Sequence[Ribbon], *, subtitle: str = "") -> str:
    """Return a picture of one or more tracks as a whole SVG document, UTF-8 text: same arguments, same text.

    No texts overlap, and nothing is asked of the network. A part's name stands above its band; where the names do not
    all fit, parts are numbered, alike in all tracks, and a key below names them. Raises ValueError without a ribbon.
    """
    timelines = [item.timeline for item in ribbons]
    axis = _axis(ribbons)
    numbers = _numbered(timelines)
    named = [_flagged(timeline, axis, len(ribbons)) for timeline in timelines]
    flagged = [names for names in named if names]
    is_keyed = len(flagged) < len(named)
    if is_keyed:
        flagged = [_with_numbers(timeline, numbers, axis) for timeline in timelines]
    shapes, top = _heading(title, subtitle)
    tracks, y = list[str](), top
    for item, names in zip(ribbons, flagged, strict=True):
        y += names.height
        tracks += [f'<g transform="translate(0 {px(y)})">', *names.shapes, "</g>", *_label(item, y)]
        tracks += ribbon(item.timeline, [numbers[chapter.title] for chapter in item.timeline.chapters], axis, y)
        y += max(BAND + LANE, 22 + 14 * len(item.notes)) + 14
    longest = max(timeline.samples for timeline in timelines)
    signs, after = legend(timelines, _LEFT, _RIGHT, y + 44)
    meanings, after = key([_name(each) for each in numbers], _LEFT, _RIGHT, after + 2) if is_keyed else ([], after)
    return _document(title, ribbons, [*shapes, *_time(axis, longest, top, y), *tracks, *signs, *meanings], after + 8)


def _document(title: str, ribbons: Sequence[Ribbon], shapes: Sequence[str], height: float) -> str:
    size = f'width="{WIDTH}" height="{px(height)}" viewBox="0 0 {WIDTH} {px(height)}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} font-family="{FONTS}">',
        f"<title>{escape(printable(title))}</title>",
        f"<desc>{escape(_described(ribbons))}</desc>",
        f'<rect x=".5" y=".5" width="{WIDTH - 1}" height="{px(height - 1)}" rx="14" fill="{PAPER}" stroke="{EDGE}"/>',
        *shapes,
        "</svg>",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def _described(ribbons: Sequence[Ribbon]) -> str:
    """Return what is seen, in words."""
    tracks = "A track" if len(ribbons) == 1 else f"{len(ribbons)} tracks on one time axis"
    told = [f"{printable(item.label)}: {_told(item.timeline)}." for item in ribbons]
    return " ".join([f"{tracks}, each a ribbon from left to right, its parts as bands.", *told])


def _told(timeline: Timeline) -> str:
    names = ", ".join(_name(chapter.title) for chapter in timeline.chapters)
    counts = (
        (len(timeline.lines), "lines of speech"),
        (sum(breath.phase == "in" for breath in timeline.breaths), "paced breaths"),
        (sum(isinstance(e, Clip) and isinstance(e.content, Rung) for e in timeline.events), "bells"),
        (sum(mark.role == "check" for mark in timeline.marks), "comfort checks"),
    )
    heard = ", ".join(f"{what}: {count}" for count, what in counts if count)
    out = "".join(f"; the way out begins at {format_clock(m.start)}" for m in timeline.marks if m.role == "exit")
    return f"parts: {len(timeline.chapters)} ({names}); {heard or 'silence'}{out}"


def _name(title: str) -> str:
    return printable(title) or "untitled"


def _numbered(timelines: Sequence[Timeline]) -> dict[str, int]:
    """Return a number for each title, in the order of the track with most parts: the same in every track."""
    numbers = dict[str, int]()
    for timeline in sorted(timelines, key=lambda timeline: -len(timeline.chapters)):
        for chapter in timeline.chapters:
            numbers.setdefault(chapter.title, len(numbers) + 1)
    return numbers


def _axis(ribbons: Sequence[Ribbon]) -> Axis:
    """Return the axis on which the longest track ends at the right margin, beside the column of labels."""
    labels = [width(printable(item.label), _LABEL, bold=True) for item in ribbons]
    notes = [width(printable(note), NOTE) for item in ribbons for note in item.notes]
    left = _LEFT + min(max([_NARROWEST, *labels, *notes]), _WIDEST) + 18
    longest = max(item.timeline.samples for item in ribbons)
    return Axis(left, max(longest, 1) / (_RIGHT - left))


def _heading(title: str, subtitle: str) -> tuple[list[str], float]:
    name = fitted(printable(title), _TITLE, _RIGHT - _LEFT, bold=True)
    shapes, y = [words(_LEFT, 48, name, _TITLE, INK, bold=True)], 52.0
    for line in wrapped(printable(subtitle), _SUBTITLE, _RIGHT - _LEFT, 2):
        y += 19
        shapes.append(words(_LEFT, y, line, _SUBTITLE, SOFT))
    return shapes, y + 20


def _label(item: Ribbon, top: float) -> Iterator[str]:
    label = fitted(printable(item.label), _LABEL, _WIDEST, bold=True)
    yield words(_LEFT, top + 15, label, _LABEL, INK, bold=True)
    for line, note in enumerate(item.notes):
        yield words(_LEFT, top + 32 + 14 * line, fitted(printable(note), NOTE, _WIDEST), NOTE, SOFT)


def _flagged(timeline: Timeline, axis: Axis, tracks: int) -> _Names | None:
    """Return every part's whole name, each at a pole where the part begins; None where they do not all fit."""
    names = [_name(chapter.title) for chapter in timeline.chapters]
    poles = [axis.x(chapter.start) for chapter in timeline.chapters]
    widths = [width(name, NAME) + 14 for name in names]
    placed = flags(poles, widths, axis.left, _RIGHT + _BEYOND, _MOST_ROWS_ALONE if tracks == 1 else _MOST_ROWS)
    if placed is None:
        return None
    rows = 1 + max((flag.row for flag in placed), default=0)
    shapes = [shape for name, flag in zip(names, placed, strict=True) for shape in _flag(name, flag)]
    return _Names(tuple(shapes), _ROW * rows + 8)


def _flag(name: str, flag: Flag) -> Iterator[str]:
    baseline = -(flag.row * _ROW) - 10
    yield f'<path d="M{px(flag.pole + 0.5)} {px(baseline - 9)}V-2" stroke="{SOFT}" stroke-width=".8"/>'
    if flag.left < flag.pole:
        yield words(flag.pole - 5, baseline, name, NAME, INK, anchor="end")
    else:
        yield words(flag.pole + 5, baseline, name, NAME, INK)


def _with_numbers(timeline: Timeline, numbers: Mapping[str, int], axis: Axis) -> _Names:
    """Return every part's number, with its name where the band has room for it; too dense, only each so-manieth."""
    texts = list[tuple[str, float, float]]()
    for chapter in timeline.chapters:
        left, right = axis.x(chapter.start), axis.x(chapter.end)
        number, name = str(numbers[chapter.title]), _name(chapter.title)
        fits = width(f"{number} {name}", NAME) + 10 <= right - left
        texts.append((f"{number} {name}" if fits else number, left, right))
    high = min(axis.x(timeline.samples) + _ASIDE, _RIGHT + _BEYOND)
    for every in range(1, len(texts) + 1):
        shown = texts[::every]
        widths = [width(text, NAME) + 6 for text, _, _ in shown]
        wanted = [left + wide / 2 - 1 for (_, left, _), wide in zip(shown, widths, strict=True)]
        places = spread(wanted, widths, axis.left - 4, high)
        if places and all(abs(x - near) <= _ASIDE for x, near in zip(places, wanted, strict=True)):
            labels = zip(shown, places, widths, strict=True)
            return _Names(tuple(s for label in labels for s in _number(*label)), _ROW + 14)
    return _Names((), _ROW)


def _number(part: tuple[str, float, float], place: float, wide: float) -> Iterator[str]:
    text, left, right = part
    foot = left + min((right - left) / 2, 4)
    head = min(max(foot, place - wide / 2 + 4), place + wide / 2 - 4)
    yield f'<path d="M{px(head)} -11L{px(foot)} -2" stroke="{SOFT}" stroke-width=".7"/>'
    if " " in text:
        yield words(place - wide / 2 + 3, -15, text, NAME, INK)
    else:
        yield words(place, -15, text, NAME, INK, anchor="middle")


def _time(axis: Axis, longest: int, top: float, bottom: float) -> Iterator[str]:
    """Yield the time axis: a line at each full step, labelled below, its unit in the column of labels."""
    step = next((s for s in _STEPS_S if s * SAMPLE_RATE / axis.samples_per_pixel >= _TICK), _STEPS_S[-1])
    has_hours = longest > 3600 * SAMPLE_RATE
    yield words(_LEFT, bottom + 14, "h:min" if has_hours else "min:s", NOTE, SOFT)
    for second in range(0, longest // SAMPLE_RATE + 1, step):
        x = axis.x(second * SAMPLE_RATE)
        yield f'<path d="M{px(x)} {px(top)}V{px(bottom)}" stroke="{GRID}"/>'
        whole, rest = divmod(second // 60 if has_hours else second, 60)
        yield words(x, bottom + 14, f"{whole}:{rest:02}", NOTE, SOFT, anchor="middle")
