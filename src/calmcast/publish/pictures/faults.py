"""Where something is wrong in a finished track: numbers on its picture, and a list below. Units are pixels."""

from collections.abc import Iterator, Sequence

from calmcast.publish.pictures.card import LEFT, RIGHT
from calmcast.publish.pictures.lettering import EDGE, INK, NAME, NOTE, PAPER, SOFT, px, spread, width, words, wrapped
from calmcast.publish.pictures.marks import Axis
from calmcast.units import format_clock

FAULT = "#a02c1c"
"""The colour of what is wrong."""
LANE = 30
"""The height of the lane of numbers."""
MOST = 40
"""So many are listed."""
_ASIDE = 40
"""How far a number may be moved aside."""


def fault_marks(
    faults: Sequence[int], axis: Axis, upper: tuple[float, float], lower: tuple[float, float]
) -> Iterator[str]:
    """Yield a line through two panels, (top, foot) each, at each fault, its number between them.

    The numbers count from 1; where they would touch, those that are near share one, `3–7`, and a line at the first.
    """
    middle = (upper[1] + lower[0]) / 2
    ticks = dict.fromkeys(f"M{axis.x(at):.0f} {px(upper[1] + 2)}v4" for at in faults)
    yield f'<path d="{"".join(ticks)}" stroke="{FAULT}"/>' if ticks else ""
    for (first, last, at), x in _placed(faults, axis):
        text = str(first) if first == last else f"{first}–{last}"
        wide, true = width(text, NOTE, bold=True) + 8, px(axis.x(at))
        above = f"M{true} {px(upper[0])}V{px(upper[1] + 2)}L{px(x)} {px(middle - 8)}"
        below = f"M{px(x)} {px(middle + 8)}L{true} {px(lower[0] - 2)}V{px(lower[1])}"
        yield f'<path d="{above}{below}" fill="none" stroke="{FAULT}"/>'
        pill = f'x="{px(x - wide / 2)}" y="{px(middle - 8)}" width="{px(wide)}" height="16" rx="8"'
        yield f'<rect {pill} fill="{FAULT}"/>'
        yield words(x, middle + 4, text, NOTE, PAPER, anchor="middle", bold=True)


def _placed(faults: Sequence[int], axis: Axis) -> Iterator[tuple[tuple[int, int, int], float]]:
    """Yield ((first number, last number, sample of the first), x) of marks that do not touch."""
    apart = 0.0
    while faults:
        groups = list[tuple[int, int, int]]()
        for number, at in enumerate(faults, 1):
            if groups and axis.x(at) - axis.x(groups[-1][2]) < apart:
                groups[-1] = groups[-1][0], number, groups[-1][2]
            else:
                groups.append((number, number, at))
        texts = (f"{first}–{last}" if last > first else str(first) for first, last, _ in groups)
        widths = [width(text, NOTE, bold=True) + 12 for text in texts]
        wanted = [axis.x(at) for _, _, at in groups]
        places = spread(wanted, widths, axis.left - 20, RIGHT + 16)
        if places and all(abs(x - near) <= _ASIDE for x, near in zip(places, wanted, strict=True)):
            yield from zip(groups, places, strict=True)
            return
        apart = apart * 2 or 4.0


def fault_list(faults: Sequence[tuple[int, str]], top: float) -> tuple[list[str], float]:
    """Return what is wrong in words, and where what follows may begin."""
    shapes, y = [f'<path d="M{LEFT} {px(top + 2)}H{RIGHT}" stroke="{EDGE}"/>'], top + 6
    if not faults:
        return [*shapes, words(LEFT, y + 18, "Nothing is wrong.", NAME, INK)], y + 34
    told = faults[:MOST]
    number = 8 + width(str(len(told)), NAME, bold=True)
    clock = 14 + max(width(format_clock(at), NAME) for at, _ in told)
    for index, (at, what) in enumerate(told, 1):
        y += 18
        shapes.append(words(LEFT + number - 8, y, str(index), NAME, FAULT, anchor="end", bold=True))
        shapes.append(words(LEFT + number, y, format_clock(at), NAME, SOFT))
        for line, text in enumerate(wrapped(what, NAME, RIGHT - LEFT - number - clock, 3)):
            y += 15 * bool(line)
            shapes.append(words(LEFT + number + clock, y, text, NAME, INK))
    if len(faults) > len(told):
        y += 18
        shapes.append(words(LEFT + number, y, f"and {len(faults) - len(told)} more", NAME, SOFT))
    return shapes, y + 16
