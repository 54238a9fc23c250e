"""Words on a picture of a plan: how wide they are at most, and where they stand so that none overlap. In pixels."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from calmcast.text import one_line

FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif"
"""Fonts that are there already, on every system."""
PAPER, EDGE, GRID, INK, SOFT = "#fbfaf6", "#e2ded3", "#ebe7dc", "#2b3136", "#5a6167"
"""The card, its border, the lines of the time axis, what is read first, what is read second."""
NAME, NOTE = 11.5, 11
"""Font sizes: the names of parts, and small type."""
_BROADER_IF_BOLD = 1.13
_NARROW, _BROAD = " ijltfrI.,:;'!|()[]-‘’·", "mwMWæœÆŒŵŴ"
_UNSEEN = ("Mn", "Me", "Cf")


@dataclass(frozen=True, slots=True)
class Flag:
    """A name beside its pole: their ends together, the pole itself, and the row, counted from the ribbon upward."""

    left: float
    right: float
    pole: float
    row: int


def printable(text: str) -> str:
    """Return `text` on one line, with nothing that XML forbids or that would turn what stands around it."""
    kept = (c for c in one_line(text) if unicodedata.category(c) not in {"Cn", "Co"} and not _turns(c))
    return " ".join("".join(kept).split())


def _turns(character: str) -> bool:
    return "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return at most how wide `text` is at a font size: as in DejaVu Sans or Verdana, which are the broadest."""
    return sum(map(_ems, text)) * size * (_BROADER_IF_BOLD if bold else 1)


def _ems(character: str) -> float:
    if character in _NARROW:
        return 0.46
    if unicodedata.category(character) in _UNSEEN:
        return 0.0
    if unicodedata.east_asian_width(character) in "WF" or character > "\uffff":
        return 1.4
    if character in _BROAD or character > "\u024f" or not character.isalnum():
        return 1.15
    return 0.8 if character.isupper() else 0.64


def fitted(text: str, size: float, widest: float, *, bold: bool = False) -> str:
    """Return `text` where it fits in `widest`; else as much of it as does, with an ellipsis."""
    if width(text, size, bold=bold) <= widest:
        return text
    kept = text[: int(widest / size * 2)]
    while kept and width(kept + "…", size, bold=bold) > widest:
        kept = kept[:-1]
    return kept.rstrip(" ,;:-–—&(\u200d\ufe0f") + "…"


def words(x: float, y: float, text: str, size: float, fill: str, *, anchor: str = "start", bold: bool = False) -> str:
    """Return a text element with its baseline at `y`."""
    weight = ' font-weight="600"' if bold else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{px(x)}" y="{px(y)}" font-size="{px(size)}" fill="{fill}"{weight}{place}>{escape(text)}</text>'


def px(value: float) -> str:
    """Return a coordinate as SVG writes it, to a tenth of a pixel."""
    return f"{round(value, 1) + 0:.1f}".removesuffix(".0")


def wrapped(text: str, size: float, widest: float, rows: int) -> list[str]:
    """Return `text` in at most so many rows, broken between words; what does not fit ends in an ellipsis."""
    lines, rest = list[str](), text.split()
    while rest and len(lines) < rows - 1:
        count = len(rest)
        while count > 1 and width(" ".join(rest[:count]), size) > widest:
            count -= 1
        lines.append(fitted(" ".join(rest[:count]), size, widest))
        rest = rest[count:]
    return [*lines, fitted(" ".join(rest), size, widest)] if rest else lines


def spread(centres: Sequence[float], widths: Sequence[float], low: float, high: float) -> list[float] | None:
    """Return new centres, in the same order and near the old ones, at which nothing overlaps between `low` and `high`.

    None: there is too little room. Neighbours that touch move as one block, to the mean of where its parts would be
    (pool adjacent violators, which gives the least squares of the moves).
    """
    if sum(widths) > high - low:
        return None
    offsets = [sum(widths[:i]) + widths[i] / 2 for i in range(len(widths))]
    last = high - low - sum(widths)
    blocks = list[tuple[float, int]]()
    for centre, offset in zip(centres, offsets, strict=True):
        total, count = centre - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before, more = blocks.pop()
            total, count = total + before, count + more
        blocks.append((total, count))
    shifts = [min(max(total / count, low), low + last) for total, count in blocks for _ in range(count)]
    return [shift + offset for shift, offset in zip(shifts, offsets, strict=True)]


def flags(poles: Sequence[float], widths: Sequence[float], low: float, high: float, rows: int) -> list[Flag] | None:
    """Return where names stand whose poles are at `poles`, in rising order, in as few rows as will do.

    Names stand to the right of their poles, from some name on to the left. No name covers another or a pole that is not
    its own, and all are between `low` and `high`. None: they do not fit in so many rows.
    """
    if sum(widths) > (high - low) * rows:
        return None
    tried = (_flags(poles, widths, turned, rows) for turned in range(len(poles), -1, -1))
    found = [
        placed for placed in tried if placed is not None and all(low <= f.left and f.right <= high for f in placed)
    ]
    return min(found, key=lambda placed: max((flag.row for flag in placed), default=0), default=None)


def _flags(poles: Sequence[float], widths: Sequence[float], turned: int, rows: int) -> list[Flag] | None:
    """Return where names stand if those from index `turned` on are to the left of their poles.

    Each takes the lowest row that is free; the nearest to the turn come last, and so stand highest at their ends.
    """
    placed = dict[int, Flag]()
    for index in (*range(turned, len(poles)), *range(turned - 1, -1, -1)):
        pole = poles[index]
        left = pole - widths[index] if index >= turned else pole
        candidates = (Flag(left, left + widths[index], pole, row) for row in range(rows))
        flag = next((flag for flag in candidates if not any(_clash(flag, other) for other in placed.values())), None)
        if flag is None:
            return None
        placed[index] = flag
    return [placed[index] for index in range(len(poles))]


def _clash(flag: Flag, other: Flag) -> bool:
    """Return whether one name covers the other or its pole."""
    if flag.row == other.row:
        return flag.left < other.right and other.left < flag.right
    lower, higher = (flag, other) if flag.row < other.row else (other, flag)
    return lower.left < higher.pole < lower.right
