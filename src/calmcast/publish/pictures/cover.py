"""The picture of a track or a class: a sun with breath rings over hills, its length large in it, its title below.

Everything follows from the arguments: the seed chooses the colours and the shape of the hills.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from calmcast.publish.pictures.cover_words import SIDE, length_rows, lettering, title_rows

Mask = NDArray[np.float32]
"""A number for each pixel, height by width; or one for each row, or each column."""

CLASS_SIDE = 1400
"""Pixels of a class's picture, both ways: the least that Apple takes for a podcast."""
_JPEG_QUALITY, _SMALL_JPEG_QUALITY = 95, 85
_ICON_SIDE = 460
"""Of a picture's 600 pixels, so many are an icon's."""
_LARGEST = 1600
"""Pixels; larger ones are painted at half their size, which takes a quarter of the memory, and nobody sees it."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as `rrggbb`. The ink reads on the sun, and the sun's colour on the near hill (WCAG contrast)."""

    zenith: str
    horizon: str
    sun: str
    ink: str
    hills: tuple[str, str, str]
    """Far, middle, near."""


PALETTES = (
    Palette("f4cdb4", "fbe9d3", "fff8ec", "5b3a4a", ("e7a48f", "c47c7a", "8a5468")),
    Palette("bfd3c1", "eaf0de", "fbfaee", "2f4a45", ("9cbca5", "6c9683", "3f6b62")),
    Palette("8fa3c8", "f0d9d6", "fff5e9", "333a63", ("a9a3c9", "7779ab", "464a7c")),
    Palette("a9cfd6", "e6f1ec", "fdfaf0", "1f4a5a", ("7fb5bf", "4c8c9d", "28637a")),
    Palette("e6d2b0", "f8eedc", "fffbf2", "5a4630", ("d3b48a", "af8a66", "765a45")),
    Palette("2e3a5e", "6d7ba6", "f6e9cf", "2b3358", ("55648f", "3d4a74", "262f52")),
    Palette("dcc3d6", "f6e6e6", "fff8f4", "553a5c", ("c79dbd", "9d7199", "6d4a73")),
    Palette("f2d9a0", "faeed2", "fffaf0", "4d4a2c", ("d9c07c", "a39a5c", "666b3e")),
)

_CENTRE = SIDE / 2
_SUN_Y, _SUN_RADIUS = 226, 152
_RINGS = ((112, 0.14), (68, 0.22), (30, 0.34))
"""How far each breath ring reaches beyond the sun, in pixels, and how much of the sun's colour it has."""
_HILLS = ((356, 17), (430, 19), (474, 13))
"""Height in pixels from the top, and swing, of the far, middle and near hill."""
_WORDS_Y = 216
_TITLE_Y = 540


def cover(title: str, length: str, seed: str) -> bytes:
    """Return a picture for a track as a PNG file, 600 pixels square, under 100 kB: same arguments, same bytes.

    `length` is as people read it (`10 min`, `7 min 30 s`), and stays legible at 60 pixels. A title with letters
    that the font lacks is left off, and so is such a length.
    """
    file = BytesIO()
    _painted(title, length, seed, SIDE, SIDE).save(file, "PNG", compress_level=6)
    return file.getvalue()


@lru_cache(maxsize=4)
def class_cover(title: str, words: str, seed: str) -> bytes:
    """Return a picture for a whole class as a JPEG file, 1400 pixels square, under 500 kB: same arguments, same bytes.

    It looks like that of a track with the same seed. `words` stand in the sun: how many tracks it has (`4 tracks`), or
    nothing. What has letters that the font lacks is left off.
    """
    file = BytesIO()
    painted = _painted(title, words, seed, CLASS_SIDE, CLASS_SIDE)
    painted.save(file, "JPEG", quality=_JPEG_QUALITY, subsampling=0, optimize=True)
    return file.getvalue()


def thumbnail(seed: str, side: int) -> bytes:
    """Return the picture of a cover with this seed, without words, as a JPEG file `side` pixels square: for pages."""
    file = BytesIO()
    _painted("", "", seed, side, side).save(file, "JPEG", quality=_SMALL_JPEG_QUALITY, optimize=True)
    return file.getvalue()


def icon(seed: str, side: int) -> bytes:
    """Return the picture of a cover with this seed as an app's icon: a PNG file, `side` pixels square.

    The sun is in the middle, so that a phone may cut the picture to a circle (W3C's maskable icons: of 80 % across).
    """
    wide = side * SIDE // _ICON_SIDE
    left, top = (wide - side) // 2, max(0, round(_SUN_Y / SIDE * wide) - side // 2)
    file = BytesIO()
    _painted("", "", seed, wide, wide).crop((left, top, left + side, top + side)).save(file, "PNG", optimize=True)
    return file.getvalue()


def poster(title: str, length: str, seed: str, width: int, height: int) -> bytes:
    """Return a track's picture as a JPEG of so many pixels, at least as wide as high: same arguments, same bytes.

    It looks like `cover`; a wide one shows more of the hills. Of no title and no length, it has no words.
    """
    shrunk = 2 if width > _LARGEST else 1
    painted = _painted(title, length, seed, width // shrunk, height // shrunk)
    file = BytesIO()
    whole = painted if shrunk == 1 else painted.resize((width, height), Image.Resampling.BICUBIC)
    whole.save(file, "JPEG", quality=_SMALL_JPEG_QUALITY, optimize=True)
    return file.getvalue()


def _painted(title: str, length: str, seed: str, width: int, height: int) -> Image.Image:
    digest = sha256(seed.encode(errors="replace")).digest()
    palette, scale = PALETTES[digest[0] % len(PALETTES)], np.float32(height / SIDE)
    aside = np.float32(0.5 - (width - height) / 2)
    x = (np.arange(width, dtype=np.float32)[None, :] + aside) / scale
    y = (np.arange(height, dtype=np.float32)[:, None] + np.float32(0.5)) / scale
    from_sun = np.hypot(x - _CENTRE, y - _SUN_Y) - _SUN_RADIUS
    picture = Image.fromarray(_sky(palette, y, from_sun, scale))
    _lay_over(picture, from_sun * scale, palette.sun)
    for line, colour in zip(_hills(x, digest[1:4]), palette.hills, strict=True):
        _lay_over(picture, (line - y) * scale, colour)
    picture.paste(f"#{palette.ink}", mask=lettering(length_rows(length), _WORDS_Y, width, height))
    picture.paste(f"#{palette.sun}", mask=lettering(title_rows(title), _TITLE_Y, width, height))
    return picture


def _sky(palette: Palette, y: Mask, from_sun: Mask, scale: np.float32) -> NDArray[np.uint8]:
    """Return the sky with its breath rings; `from_sun` is how far each pixel is outside the sun."""
    down = np.clip(y / np.float32(0.78 * SIDE), 0, 1)
    zenith, horizon, sun = map(_colour, (palette.zenith, palette.horizon, palette.sun))
    sky = zenith + (horizon - zenith) * (down**2 * (3 - 2 * down))[..., None]
    through = np.ones_like(from_sun)
    for reach, share in _RINGS:
        through *= 1 - np.float32(share) * _inside((from_sun - np.float32(reach)) * scale)
    painted: NDArray[np.uint8] = (sun + (sky - sun) * through[..., None] + _dither(*from_sun.shape)).astype(np.uint8)
    return painted


def _hills(x: Mask, phases: bytes) -> Iterator[Mask]:
    """Yield the outline of the far, the middle and the near hill: how far from the top, for each column."""
    for number, ((top, swing), phase) in enumerate(zip(_HILLS, phases, strict=True)):
        turns = x / SIDE * (0.75 + 0.12 * number) + phase / 256
        waves = np.sin(2 * np.pi * turns) + 0.35 * np.sin(2 * np.pi * (1.9 * turns + 0.3))
        line = (swing * waves).astype(np.float32)
        # The sun sinks behind the far hill equally deep in every picture.
        yield top + line - (line[0, x.size // 2] if number == 0 else np.float32(0))


def _inside(distance: Mask) -> Mask:
    """Return how much of each pixel lies inside an edge, from its distance outside the edge in pixels."""
    inside: Mask = np.clip(np.float32(0.5) - distance, 0, 1)
    return inside


def _lay_over(picture: Image.Image, distance: Mask, colour: str) -> None:
    """Paint a colour inside an edge, given how far each pixel is outside it."""
    picture.paste(f"#{colour}", mask=Image.fromarray((_inside(distance) * np.float32(255.5)).astype(np.uint8)))


def _colour(rrggbb: str) -> "NDArray[np.float32]":
    return np.array(tuple(bytes.fromhex(rrggbb)), dtype=np.float32)


def _dither(height: int, width: int) -> NDArray[np.float32]:
    """Return a threshold from 0 to 1 for each pixel, so that rounding to whole levels leaves no bands.

    Jorge Jimenez's interleaved gradient noise (Next Generation Post Processing in Call of Duty, SIGGRAPH 2014).
    """
    x, y = np.arange(width, dtype=np.float64)[None, :], np.arange(height, dtype=np.float64)[:, None]
    slope = (0.06711056 * x + 0.00583715 * y).astype(np.float32)
    turns = np.float32(52.9829189) * (slope - np.floor(slope))
    threshold: NDArray[np.float32] = (turns - np.floor(turns))[..., None]
    return threshold
