"""The signs below a ribbon: bells, comfort checks, the emotional notice, the way out. Units are pixels."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from calmcast.model.timeline import Timeline
from calmcast.publish.pictures.lettering import INK, PAPER, px, spread

LANE = 17
"""The height of the lane of marks."""
MARK = 13.0
"""The width of a mark with the space around it."""

MarkKind = Literal["bell", "check", "notice", "exit"]
_GLYPHS: dict[MarkKind, str] = {
    "bell": (
        '<path d="M-4.6 3.2C-3 1.8-3.4-4.2 0-4.6C3.4-4.2 3 1.8 4.6 3.2Z" fill="{ink}"/>'
        '<circle cy="4.4" r="1.4" fill="{ink}"/>'
    ),
    "check": (
        '<circle r="5" fill="{paper}" stroke="{ink}" stroke-width="1.2"/>'
        '<path d="M-2.3.1-.6 1.9 2.5-1.8" fill="none" stroke="{ink}" stroke-width="1.3"/>'
    ),
    "notice": (
        '<path d="M0 4.6C-3.4 2.2-4.8.4-4.8-1.4A2.4 2.4 0 0 1 0-2.2A2.4 2.4 0 0 1 4.8-1.4C4.8.4 3.4 2.2 0 4.6Z" '
        'fill="{paper}" stroke="{ink}" stroke-width="1.2"/>'
    ),
    "exit": (
        '<path d="M-3.6 5.2V-5.2H3.8V5.2" fill="{paper}" stroke="{ink}" stroke-width="1.2"/>'
        '<path d="M-3.6-5.2 1.2-3.4V6.4L-3.6 5.2Z" fill="{ink}"/>'
    ),
}


@dataclass(frozen=True, slots=True)
class Axis:
    """Where time stands: the pixel of sample 0, and samples a pixel."""

    left: float
    samples_per_pixel: float

    def x(self, sample: int) -> float:
        """Return the pixel of a sample."""
        return self.left + sample / self.samples_per_pixel


def glyph(kind: MarkKind, x: float, y: float) -> str:
    """Return a mark with its centre at (x, y)."""
    return f'<g transform="translate({px(x)} {px(y)})">{_GLYPHS[kind].format(ink=INK, paper=PAPER)}</g>'


def marks_of(timeline: Timeline) -> list[tuple[int, MarkKind]]:
    """Return (sample, kind) of each bell, check, notice and way out, in time order."""
    found: list[tuple[int, MarkKind]] = [(bell.start, "bell") for bell in timeline.bells]
    for mark in timeline.marks:
        match mark.role:
            case "exit":
                found.append((mark.start, "exit"))
            case "check" | "notice" as kind:
                found.append(((mark.start + mark.end) // 2, kind))
    return sorted(found)


def marks(timeline: Timeline, axis: Axis, top: float, foot: float) -> Iterator[str]:
    """Yield the marks of a track below the foot of its band, and a line under what each is for."""
    for mark in timeline.marks:
        if mark.role in ("announce", "sleep"):
            continue
        left, right = axis.x(mark.start), axis.x(mark.end) - 1.5
        line = f"M{px(left)} {px(foot + 2.5)}H{px(max(right, left + 1))}"
        if mark.role == "exit":
            line = f"M{px(left)} {px(top - 3)}V{px(foot + 2.5)}{line}"
        dashes = ' stroke-dasharray="2 3"' if mark.role == "setup" else ""
        yield f'<path d="{line}" fill="none" stroke="{INK}" stroke-width="1.4"{dashes}/>'
    for x, kind in _placed(timeline, axis):
        yield glyph(kind, x, foot + LANE - 6)


def _placed(timeline: Timeline, axis: Axis) -> list[tuple[float, MarkKind]]:
    """Return (x, kind) of marks that do not touch; where there are too many, fewer of each kind."""
    left = axis.left - MARK / 2
    right = max(axis.x(timeline.samples) + MARK, left + len(_GLYPHS) * MARK)
    apart = MARK
    while True:
        kept = _thinned(timeline, axis, apart)
        places = spread([x for x, _ in kept], [MARK] * len(kept), left, right)
        if places is not None:
            return [(x, kind) for x, (_, kind) in zip(places, kept, strict=True)]
        apart *= 2


def _thinned(timeline: Timeline, axis: Axis, apart: float) -> list[tuple[float, MarkKind]]:
    """Return (x, kind) of marks, those of one kind at least so many pixels apart."""
    kept, last = list[tuple[float, MarkKind]](), dict[MarkKind, float]()
    for sample, kind in marks_of(timeline):
        x = axis.x(sample)
        if kind not in last or x - last[kind] >= apart:
            kept.append((x, kind))
            last[kind] = x
    return kept
