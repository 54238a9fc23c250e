"""What the signs and the numbers in a picture of a track mean. Units are pixels."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from calmcast.model.timeline import Timeline
from calmcast.publish.pictures.beds import Say, fills_of, in_words
from calmcast.publish.pictures.lettering import EDGE, INK, NAME, NOTE, SOFT, fitted, px, width, words
from calmcast.publish.pictures.marks import MarkKind, glyph, marks_of
from calmcast.publish.pictures.ribbon import HUES, note

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "words": "words",
        "silence": "silence",
        "breath": "breath",
        "tone": "breath that sounds",
        "swell": "swell",
        "tones": "tones",
        "setup": "setting up",
        "bell": "bell",
        "notice": "emotional notice",
        "check": "comfort check",
        "exit": "way out",
        "bed": "bed",
    }
)
"""What each sign means, and what a tone to breathe with is called, in English."""
_KINDS: tuple[MarkKind, ...] = ("bell", "notice", "check", "exit")
_SIGN, _BETWEEN = 26, 14


def legend(signs: Iterable[tuple[str, str]], left: float, right: float, top: float) -> tuple[list[str], float]:
    """Return the shapes that say what signs mean, and where what follows may begin.

    `signs` are (shape, meaning), each shape 20 pixels wide around height 0.
    """
    shapes, x, y = list[str](), left, top
    for sign, meaning in signs:
        text = fitted(meaning, NOTE, right - left - _SIGN)
        wide = _SIGN + width(text, NOTE)
        if x + wide > right:
            x, y = left, y + 20
        shapes += [f'<g transform="translate({px(x)} {px(y)})">{sign}</g>']
        shapes += [words(x + _SIGN, y + 4, text, NOTE, SOFT)]
        x += wide + _BETWEEN
    return shapes, y + 18


def signs_of(
    timelines: Sequence[Timeline], meanings: Mapping[str, str] = MEANINGS, say: Say = in_words
) -> Iterator[tuple[str, str]]:
    """Yield (shape, meaning) of each sign that a picture of these plans uses, for `legend`.

    `meanings` is as MEANINGS, and `say` as `in_words`.
    """
    hue = HUES[0]
    block = f'<rect y="-6" width="20" height="12" rx="2.5" fill="{hue.pale}"/>'
    yield f'{block}<path d="M4-3.5h4v7h-4zM10-3.5h6v7h-6z" fill="{hue.deep}"/>', meanings["words"]
    yield block, meanings["silence"]
    breaths = [breath for timeline in timelines for breath in timeline.breaths]
    wave = f'd="M1 5C4 5 3-5 6-5S8 5 11 5S13-5 16-5S17 5 19 5" fill="{hue.tide}" stroke="{hue.deep}"'
    if any(breath.tone is None for breath in breaths):
        yield f'{block}<path {wave} stroke-width=".8"/>', meanings["breath"]
    for tone in dict.fromkeys(breath.tone.sound for breath in breaths if breath.tone):
        yield f'{block}<path {wave} stroke-width=".8"/>{note(11, 1, hue)}', f"{meanings['tone']}: {meanings[tone]}"
    if any(mark.role == "setup" for timeline in timelines for mark in timeline.marks):
        yield f'<path d="M0 0H20" stroke="{INK}" stroke-width="1.4" stroke-dasharray="2 3"/>', meanings["setup"]
    used = {kind for timeline in timelines for _, kind in marks_of(timeline)}
    yield from ((glyph(kind, 12, 0), meanings[kind]) for kind in _KINDS if kind in used)
    for told, fill in fills_of(timelines, say).items():
        yield f'<rect y="-6" width="20" height="12" rx="2.5" fill="{fill}"/>', f"{meanings['bed']}: {told}"


def key(names: Sequence[str], left: float, right: float, top: float) -> tuple[list[str], float]:
    """Return the shapes of the names in columns, numbered from 1 downward, and where what follows may begin.

    A name that is too long for its column ends in an ellipsis.
    """
    number = 8 + width(str(len(names)), NAME)
    widest = max(width(name, NAME) for name in names) + number + 20
    fewest = 3 if len(names) > 8 else 1
    across = max(fewest, min(4, int((right - left) / widest)))
    down = -(-len(names) // across)
    column = (right - left) / across
    shapes = [f'<path d="M{px(left)} {px(top)}H{px(right)}" stroke="{EDGE}"/>']
    for index, name in enumerate(names):
        x, y = left + index // down * column, top + 22 + index % down * 18
        shapes.append(words(x + number - 8, y, str(index + 1), NAME, SOFT, anchor="end"))
        shapes.append(words(x + number, y, fitted(name, NAME, column - number - 16), NAME, INK))
    return shapes, top + 22 + down * 18
