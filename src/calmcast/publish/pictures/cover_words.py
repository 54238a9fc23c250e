"""The words on a cover: its length large, its title in a row or two, in Source Sans.

It has the letters of all languages of Europe, Greek and Cyrillic ones, and those of Sanskrit written in Latin ones.
"""

from functools import cache
from unicodedata import category, normalize

from font_source_sans_pro import font_files_ttf
from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from calmcast.text import cut_at_word, one_line

SIDE = 600
"""Pixels of a track's picture, both ways; all measures of covers are in these."""
_CAP_HEIGHT = 0.66
"""Height of a capital, as a share of its size."""
_ROW_GAP = 0.42
"""The space between two rows, as a share of the lower row's size."""
_WIDEST_LENGTH, _WIDEST_TITLE = 226, 500
_LONGEST_TITLE = 150
"""Characters: even the narrowest letters fill two rows with fewer."""
_LETTERS = str.maketrans("‐‑‒–—−\u00a0", "------ ")

_PARTS_OF_EMOJI = frozenset("\u200d\ufe0e\ufe0f🏻🏼🏽🏾🏿")

Row = tuple[str, int]
"""Text, and its size in pixels."""


def length_rows(length: str) -> list[Row]:
    """Return `10 min` as a large number over its unit, `7 min 30 s` as two rows, anything else as one."""
    text = one_line(length)
    if not _drawable(text):
        return []
    words = text.split()
    if len(words) == 2:
        rows = [(words[0], 152), (words[1], 80)]
    elif len(words) in (4, 6):
        size = 88 if len(words) == 4 else 66
        rows = [(f"{number} {unit}", size) for number, unit in zip(words[::2], words[1::2], strict=True)]
    else:
        rows = [(text, 88)]
    return [(row, min(size, int(size * _WIDEST_LENGTH / _width(row, size)))) for row, size in rows]


def title_rows(title: str) -> list[Row]:
    """Return the title in one row or two, smaller where it is long, shortened where it is very long."""
    text = one_line(_without_emoji(title)).translate(_LETTERS)
    if not _drawable(text):
        return []
    for rows, size in ((1, 44), (2, 38), (2, 32)):
        split = _balanced(text, rows, size)
        if split:
            return [(row, size) for row in split]
    lengths = range(min(len(text) - 1, _LONGEST_TITLE), 0, -1)
    shorter = (_balanced(cut_at_word(text, longest), 2, 32) for longest in lengths)
    return [(row, 32) for row in next(filter(None, shorter), [])]


def _balanced(text: str, rows: int, size: int) -> list[str]:
    """Return `text` in at most `rows` rows (1 or 2) of about equal width, or nothing where it is too wide."""
    words = text.split()
    splits = [[text], *([" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words)))]
    widest, best = min((max(_width(row, size) for row in split), split) for split in splits if len(split) <= rows)
    return best if widest <= _WIDEST_TITLE else []


def lettering(rows: list[Row], centre_y: float, width: int, height: int) -> Image.Image:
    """Return the rows as a mask, centred both ways; a row's height is that of its capitals."""
    sheet, scale = Image.new("L", (width, height)), height / SIDE
    draw = ImageDraw.Draw(sheet)
    gaps = [_ROW_GAP * size if above else 0 for above, (_, size) in enumerate(rows)]
    baseline = centre_y - (sum(gaps) + sum(_CAP_HEIGHT * size for _, size in rows)) / 2
    for (text, size), gap in zip(rows, gaps, strict=True):
        baseline += gap + _CAP_HEIGHT * size
        # Large letters get a little weight, for the eye that sees them small.
        place, drawn = (width / 2, baseline * scale), round(size * scale)
        draw.text(place, text, fill=255, font=_font(drawn), anchor="ms", stroke_width=drawn // 60)
    return sheet


@cache
def _font(size: int) -> FreeTypeFont:
    return ImageFont.truetype(font_files_ttf["SourceSansPro"], size)


def _width(text: str, size: int) -> float:
    return _font(size).getlength(text)


def _without_emoji(text: str) -> str:
    """Return a text with each letter as one character, and without emoji: no font of letters has them."""
    whole = normalize("NFC", text)
    return "".join(letter for letter in whole if category(letter) != "So" and letter not in _PARTS_OF_EMOJI)


def _drawable(text: str) -> bool:
    """Return whether the font has all of `text`: a letter that it lacks looks like the noncharacter U+FFFF."""
    return bool(text) and all(_glyph(letter) != _glyph("\uffff") for letter in text if letter != " ")


def _glyph(letter: str) -> tuple[tuple[int, int], bytes]:
    mask = _font(40).getmask(letter)
    return mask.size, bytes(mask)
