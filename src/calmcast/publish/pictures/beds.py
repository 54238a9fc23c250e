"""The beds of a track below its ribbon: a plain band for each, with its name and its level. Units are pixels."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby

from calmcast.model.sound import Bed
from calmcast.model.timeline import Timeline
from calmcast.publish.pictures.lettering import INK, NOTE, printable, px, width, words
from calmcast.publish.pictures.marks import Axis
from calmcast.units import format_clock

Say = Callable[[Bed], str]
"""Says of a bed what it is, and how loud."""
STRIP = 16
"""The height of a bed's band."""
_APART = 1.5
_FILLS = ("#d3dcd2", "#e3d6c6", "#d2d6e4", "#e6d2d0", "#cfdde0", "#dfdcc4")


def in_words(bed: Bed) -> str:
    """Return what a bed is and how loud where nobody speaks: `drone in A, 22 dB under the voice`."""
    name = bed_name(bed)
    if bed.level < 0:
        return f"{name}, {-bed.level:g} dB under the voice"
    return f"{name}, {bed.level:g} dB over the voice" if bed.level else f"{name}, as loud as the voice"


def bed_name(bed: Bed) -> str:
    """Return what a bed is called in a picture: `rain`, `drone in A`, a file's name."""
    made_of = bed.made_of
    name = printable(made_of.name if made_of else "") or "bed"
    return f"{name} in {printable(made_of.key)}" if made_of and made_of.key else name


def stretches(timeline: Timeline) -> list[tuple[int, int, Bed]]:
    """Return (start, end, bed) of each stretch of a track with one bed, in samples; those without one are left out."""
    found = list[tuple[int, int, Bed]]()
    for bed, group in groupby(timeline.chapters, key=lambda chapter: chapter.bed):
        chapters = list(group)
        if bed and bed.made_of:
            found.append((chapters[0].start, chapters[-1].end, bed))
    return found


def fills_of(timelines: Sequence[Timeline], say: Say = in_words) -> dict[str, str]:
    """Return the colour of each bed by its words, in the order in which they come. `say`: as `in_words`."""
    told = dict.fromkeys(say(bed) for timeline in timelines for _, _, bed in stretches(timeline))
    return {each: _FILLS[index % len(_FILLS)] for index, each in enumerate(told)}


def beds(
    timeline: Timeline,
    axis: Axis,
    top: float,
    fills: Mapping[str, str],
    say: Say = in_words,
    name: Say = bed_name,
) -> Iterator[str]:
    """Yield a band for each bed of a track in the strip that begins at `top`, its name in it where there is room.

    `fills` and `say` are as for `fills_of`; `name`: says only what a bed is.
    """
    for start, end, bed in stretches(timeline):
        told, x = say(bed), axis.x(start)
        wide = max(axis.x(end) - x - _APART, 0.5)
        place = f'x="{px(x)}" y="{px(top)}" width="{px(wide)}" height="{STRIP}" rx="{px(min(4, wide / 3))}"'
        about = escape(f"{told}, {format_clock(start)}–{format_clock(end)}")
        yield f'<rect {place} fill="{fills[told]}"><title>{about}</title></rect>'
        fitting = [text for text in (told, name(bed)) if width(text, NOTE) + 12 <= wide]
        yield from (words(x + 6, top + STRIP - 4, text, NOTE, INK) for text in fitting[:1])


def beds_told(timeline: Timeline) -> Iterator[str]:
    """Yield in words what the strip shows."""
    for start, end, bed in stretches(timeline):
        yield f"bed: {in_words(bed)}, {format_clock(start)} to {format_clock(end)}"
