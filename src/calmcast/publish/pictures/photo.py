"""A teacher's own picture as a cover: the middle of it, square, with a track's title and length below."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile, ImageOps

from calmcast.errors import PublishError
from calmcast.publish.pictures.cover_words import length_rows, lettering, title_rows
from calmcast.text import one_line

MOST_BYTES = 20_000_000
"""Of a picture's file."""
_MOST_PIXELS = 60_000_000
_FORMATS = ("JPEG", "PNG")
_SAVE_HINT = "save it as a JPEG or PNG, 1 400 pixels square or more"
_WORDS_Y, _LENGTH_SIZE = 490, 84
"""Where the words' middle is, and how large the length is, in a cover's pixels."""
_SHADE_FROM, _DARKEST = 0.45, 0.72
"""From so far down on the picture grows darker under its words, and by how much at its foot."""
_QUALITIES = (88, 80, 70, 60, 45, 30)


def photo_cover(path: Path, title: str, length: str, width: int, height: int, most_bytes: int) -> bytes:
    """Return the middle of a picture as a JPEG file of so many pixels and at most about so many bytes.

    Title and length stand white on its foot, which is darker for them; empty: no words, and no shade. What the file
    tells besides (where it was taken) is left out. Raises PublishError where it cannot be read as a picture.
    """
    picture = ImageOps.fit(_opened(path), (width, height), Image.Resampling.LANCZOS)
    # Without rows, the font lacks its letters.
    large = [(one_line(length), _LENGTH_SIZE)] if length_rows(length) else []
    if rows := [*large, *title_rows(title)]:
        picture = _shaded(picture)
        picture.paste("#ffffff", mask=lettering(rows, _WORDS_Y, width, height))
    return _saved(picture, most_bytes)


def check_photo(path: Path) -> None:
    """Raise PublishError where a file cannot be a cover."""
    _opened(path)


def _opened(path: Path) -> Image.Image:
    """Return a picture as it is looked at, in three colours. Raises PublishError."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            message = f"{path.name} has {size / 1e6:.0f} MB, and a picture at most {MOST_BYTES // 10**6}"
            raise PublishError(message, "save it smaller: 3 000 pixels are enough")
        with _broken_off_refused(), warnings.catch_warnings(), Image.open(path, formats=_FORMATS) as file:
            warnings.simplefilter("error")
            if file.width * file.height > _MOST_PIXELS:
                message = f"{path.name} has {file.width} times {file.height} pixels, which is too large"
                raise PublishError(message, "save it smaller: 3 000 pixels are enough")
            file.draft("RGB", (3000, 3000))
            picture = ImageOps.exif_transpose(file)
            return _on_white(picture) if picture.mode in ("RGBA", "LA", "P", "PA") else picture.convert("RGB")
    except PublishError:
        raise
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as error:
        raise PublishError(f"{path.name} cannot be read as a picture", _SAVE_HINT) from error


@contextmanager
def _broken_off_refused() -> Iterator[None]:
    """Have Pillow refuse a picture that breaks off; WeasyPrint, where it is loaded, has it fill up the rest in grey."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _on_white(picture: Image.Image) -> Image.Image:
    """Return a picture whose clear parts are white."""
    whole = picture.convert("RGBA")
    paper = Image.new("RGBA", whole.size, "white")
    return Image.alpha_composite(paper, whole).convert("RGB")


def _shaded(picture: Image.Image) -> Image.Image:
    """Return a picture that grows darker towards its foot, so that white words read on any."""
    down = np.linspace(0, 1, picture.height, dtype=np.float32)
    share = np.clip((down - _SHADE_FROM) / (1 - _SHADE_FROM), 0, 1) ** 1.3 * _DARKEST
    pixels = np.asarray(picture, dtype=np.float32) * (1 - share)[:, None, None]
    return Image.fromarray(pixels.astype(np.uint8))


def _saved(picture: Image.Image, most_bytes: int) -> bytes:
    data = b""
    for quality in _QUALITIES:
        file = BytesIO()
        picture.save(file, "JPEG", quality=quality, optimize=True)
        data = file.getvalue()
        if len(data) <= most_bytes:
            break
    return data
