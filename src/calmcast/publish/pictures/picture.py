"""A plan as a picture: SVG in which tracks of one script stand above each other on one time axis. Units are pixels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from calmcast.model.timeline import Timeline
from calmcast.publish.pictures.beds import STRIP, beds, beds_told, fills_of, stretches
from calmcast.publish.pictures.card import (
    LABEL,
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
from calmcast.publish.pictures.legend import key, legend, signs_of
from calmcast.publish.pictures.lettering import INK, NOTE, SOFT, fitted, printable, px, width, words
from calmcast.publish.pictures.marks import LANE, Axis, marks
from calmcast.publish.pictures.ribbon import BAND, ribbon
from calmcast.units import format_clock

_MOST_ROWS_ALONE, _MOST_ROWS = 6, 2
_NARROWEST, _WIDEST = 66, 170
"""The column of labels."""
_ABOVE_BED = 4


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A track in the picture: its label (`10 min`), and what is said of it in small type, a line each (`612 words`)."""

    timeline: Timeline
    label: str
    notes: tuple[str, ...] = ()


def svg(title: str, ribbons: Sequence[Ribbon], *, subtitle: str = "") -> str:
    """Return a picture of one or more tracks as a whole SVG document, UTF-8 text: same arguments, same text.

    No texts overlap, and nothing is asked of the network. A part's name stands above its band; where the names do not
    all fit, parts are numbered, alike in all tracks, and a key below names them. A bed is a band below the ribbon.
    Raises ValueError without a ribbon.
    """
    timelines = [item.timeline for item in ribbons]
    axis = _axis(ribbons)
    numbers = numbers_of([timeline.chapters for timeline in timelines])
    rows = _MOST_ROWS_ALONE if len(ribbons) == 1 else _MOST_ROWS
    named = [with_names(timeline.chapters, axis, rows) for timeline in timelines]
    flagged = [names for names in named if names]
    is_keyed = len(flagged) < len(named)
    if is_keyed:
        flagged = [with_numbers(timeline.chapters, timeline.samples, numbers, axis) for timeline in timelines]
    shapes, top = heading(title, subtitle)
    fills, tracks, y = fills_of(timelines), list[str](), top
    for item, names in zip(ribbons, flagged, strict=True):
        y += names.height
        tracks += [f'<g transform="translate(0 {px(y)})">', *names.shapes, "</g>", *_label(item, y)]
        tracks += ribbon(item.timeline, [numbers[chapter.title] for chapter in item.timeline.chapters], axis, y)
        foot = y + BAND + (_ABOVE_BED + STRIP if stretches(item.timeline) else 0)
        tracks += beds(item.timeline, axis, foot - STRIP, fills)
        tracks += marks(item.timeline, axis, y, foot)
        y = max(foot + LANE, y + 22 + 14 * len(item.notes)) + 14
    longest = max(timeline.samples for timeline in timelines)
    signs, after = legend(signs_of(timelines), LEFT, RIGHT, y + 44)
    meanings, after = key([name_of(each) for each in numbers], LEFT, RIGHT, after + 2) if is_keyed else ([], after)
    drawn = [*shapes, *time_axis(axis, longest, top, y), *tracks, *signs, *meanings]
    return document(title, _described(ribbons), drawn, after + 8)


def _described(ribbons: Sequence[Ribbon]) -> str:
    """Return what is seen, in words."""
    tracks = "A track" if len(ribbons) == 1 else f"{len(ribbons)} tracks on one time axis"
    told = [f"{printable(item.label)}: {_told(item.timeline)}." for item in ribbons]
    return " ".join([f"{tracks}, each a ribbon from left to right, its parts as bands.", *told])


def _told(timeline: Timeline) -> str:
    names = ", ".join(name_of(chapter.title) for chapter in timeline.chapters)
    counts = (
        (len(timeline.lines), "lines of speech"),
        (sum(breath.phase == "in" for breath in timeline.breaths), "paced breaths"),
        (len(timeline.bells), "bells"),
        (sum(mark.role == "check" for mark in timeline.marks), "comfort checks"),
    )
    heard = ", ".join(f"{what}: {count}" for count, what in counts if count)
    out = "".join(f"; the way out begins at {format_clock(m.start)}" for m in timeline.marks if m.role == "exit")
    sounds = ", ".join(dict.fromkeys(breath.tone.sound for breath in timeline.breaths if breath.tone))
    out += f"; the breath sounds: {sounds}" if sounds else ""
    out += "".join(f"; {bed}" for bed in beds_told(timeline))
    return f"parts: {len(timeline.chapters)} ({names}); {heard or 'silence'}{out}"


def _axis(ribbons: Sequence[Ribbon]) -> Axis:
    """Return the axis on which the longest track ends at the right margin, beside the column of labels."""
    labels = [width(printable(item.label), LABEL, bold=True) for item in ribbons]
    notes = [width(printable(note), NOTE) for item in ribbons for note in item.notes]
    left = LEFT + min(max([_NARROWEST, *labels, *notes]), _WIDEST) + 18
    longest = max(item.timeline.samples for item in ribbons)
    return Axis(left, max(longest, 1) / (RIGHT - left))


def _label(item: Ribbon, top: float) -> Iterator[str]:
    label = fitted(printable(item.label), LABEL, _WIDEST, bold=True)
    yield words(LEFT, top + 15, label, LABEL, INK, bold=True)
    for line, note in enumerate(item.notes):
        yield words(LEFT, top + 32 + 14 * line, fitted(printable(note), NOTE, _WIDEST), NOTE, SOFT)
