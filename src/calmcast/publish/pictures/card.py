"""What all pictures of a track share: the card, its heading, the names of parts, the time axis. Units are pixels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from calmcast.model.timeline import Chapter
from calmcast.publish.pictures.lettering import (
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
from calmcast.publish.pictures.marks import Axis
from calmcast.units import SAMPLE_RATE

WIDTH = 960
LEFT, RIGHT = 30, WIDTH - 30
"""The margins."""
LABEL = 15
"""The font size of a track's label."""
_TITLE, _SUBTITLE = 21, 13
_ROW = 17
"""The height of a row of names."""
_BEYOND = 8
"""How far names may reach into the margin."""
_ASIDE = 30
"""How far a number may be moved aside, and a track's numbers may reach beyond its end."""
_STEPS_S = (15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
_TICK = 52
"""The least room for a tick and its label."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a track's parts: shapes above height 0, and how high they are."""

    shapes: tuple[str, ...]
    height: float


def document(title: str, description: str, shapes: Sequence[str], height: float) -> str:
    """Return a whole SVG document, UTF-8 text: a card with these shapes on it, and what it shows in words."""
    size = f'width="{WIDTH}" height="{px(height)}" viewBox="0 0 {WIDTH} {px(height)}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} font-family="{FONTS}">',
        f"<title>{escape(printable(title))}</title>",
        f"<desc>{escape(description)}</desc>",
        f'<rect x=".5" y=".5" width="{WIDTH - 1}" height="{px(height - 1)}" rx="14" fill="{PAPER}" stroke="{EDGE}"/>',
        *shapes,
        "</svg>",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def heading(title: str, subtitle: str) -> tuple[list[str], float]:
    """Return the shapes of title and subtitle, and where what follows may begin."""
    name = fitted(printable(title), _TITLE, RIGHT - LEFT, bold=True)
    shapes, y = [words(LEFT, 48, name, _TITLE, INK, bold=True)], 52.0
    for line in wrapped(printable(subtitle), _SUBTITLE, RIGHT - LEFT, 2):
        y += 19
        shapes.append(words(LEFT, y, line, _SUBTITLE, SOFT))
    return shapes, y + 20


def time_axis(axis: Axis, longest: int, top: float, bottom: float) -> Iterator[str]:
    """Yield the time axis of `longest` samples: a line at each full step, labelled below, its unit at the left."""
    step = next((s for s in _STEPS_S if s * SAMPLE_RATE / axis.samples_per_pixel >= _TICK), _STEPS_S[-1])
    has_hours = longest > 3600 * SAMPLE_RATE
    yield words(LEFT, bottom + 14, "h:min" if has_hours else "min:s", NOTE, SOFT)
    for second in range(0, longest // SAMPLE_RATE + 1, step):
        x = axis.x(second * SAMPLE_RATE)
        yield f'<path d="M{px(x)} {px(top)}V{px(bottom)}" stroke="{GRID}"/>'
        whole, rest = divmod(second // 60 if has_hours else second, 60)
        yield words(x, bottom + 14, f"{whole}:{rest:02}", NOTE, SOFT, anchor="middle")


def name_of(title: str) -> str:
    """Return a part's title as a picture shows it."""
    return printable(title) or "untitled"


def numbers_of(tracks: Sequence[Sequence[Chapter]]) -> dict[str, int]:
    """Return a number for each title, in the order of the track with most parts: the same in every track."""
    numbers = dict[str, int]()
    for chapters in sorted(tracks, key=lambda chapters: -len(chapters)):
        for chapter in chapters:
            numbers.setdefault(chapter.title, len(numbers) + 1)
    return numbers


def with_names(chapters: Sequence[Chapter], axis: Axis, rows: int) -> Names | None:
    """Return every part's whole name, each at a pole where the part begins; None: they do not fit in so many rows."""
    names = [name_of(chapter.title) for chapter in chapters]
    poles = [axis.x(chapter.start) for chapter in chapters]
    widths = [width(name, NAME) + 14 for name in names]
    placed = flags(poles, widths, axis.left, RIGHT + _BEYOND, rows)
    if placed is None:
        return None
    rows = 1 + max((flag.row for flag in placed), default=0)
    shapes = [shape for name, flag in zip(names, placed, strict=True) for shape in _flag(name, flag)]
    return Names(tuple(shapes), _ROW * rows + 8)


def _flag(name: str, flag: Flag) -> Iterator[str]:
    baseline = -(flag.row * _ROW) - 10
    yield f'<path d="M{px(flag.pole + 0.5)} {px(baseline - 9)}V-2" stroke="{SOFT}" stroke-width=".8"/>'
    if flag.left < flag.pole:
        yield words(flag.pole - 5, baseline, name, NAME, INK, anchor="end")
    else:
        yield words(flag.pole + 5, baseline, name, NAME, INK)


def with_numbers(chapters: Sequence[Chapter], samples: int, numbers: Mapping[str, int], axis: Axis) -> Names:
    """Return every part's number, with its name where the band has room for it; too dense, only each so-manieth.

    `samples` is the track's length.
    """
    texts = list[tuple[str, float, float]]()
    for chapter in chapters:
        left, right = axis.x(chapter.start), axis.x(chapter.end)
        number, name = str(numbers[chapter.title]), name_of(chapter.title)
        fits = width(f"{number} {name}", NAME) + 10 <= right - left
        texts.append((f"{number} {name}" if fits else number, left, right))
    high = min(axis.x(samples) + _ASIDE, RIGHT + _BEYOND)
    for every in range(1, len(texts) + 1):
        shown = texts[::every]
        widths = [width(text, NAME) + 6 for text, _, _ in shown]
        wanted = [left + wide / 2 - 1 for (_, left, _), wide in zip(shown, widths, strict=True)]
        places = spread(wanted, widths, axis.left - 4, high)
        if places and all(abs(x - near) <= _ASIDE for x, near in zip(places, wanted, strict=True)):
            labels = zip(shown, places, widths, strict=True)
            return Names(tuple(s for label in labels for s in _number(*label)), _ROW + 14)
    return Names((), _ROW)


def _number(part: tuple[str, float, float], place: float, wide: float) -> Iterator[str]:
    text, left, right = part
    foot = left + min((right - left) / 2, 4)
    head = min(max(foot, place - wide / 2 + 4), place + wide / 2 - 4)
    yield f'<path d="M{px(head)} -11L{px(foot)} -2" stroke="{SOFT}" stroke-width=".7"/>'
    if " " in text:
        yield words(place - wide / 2 + 3, -15, text, NAME, INK)
    else:
        yield words(place, -15, text, NAME, INK, anchor="middle")
