import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFile

from calmcast.errors import PublishError
from calmcast.publish.pictures import photo
from calmcast.publish.pictures.photo import check_photo, photo_cover

ORIENTATION, SIX, GPS = 0x0112, 6, 0x8825
RED, BLUE, GREEN = (200, 30, 30), (30, 30, 200), (30, 160, 30)


def thirds(path: Path, size: tuple[int, int] = (900, 300), **how: Any) -> Path:
    """Write a picture that is red at its left, green in its middle, blue at its right."""
    wide, high = size
    pixels = np.zeros((high, wide, 3), dtype=np.uint8)
    for place, colour in enumerate((RED, GREEN, BLUE)):
        pixels[:, place * wide // 3 : (place + 1) * wide // 3] = colour
    Image.fromarray(pixels).save(path, **how)
    return path


def shown(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    return bool(np.all(np.abs(np.asarray(pixel, dtype=int) - colour) < 25))


@pytest.mark.parametrize("ending", ["jpg", "png"])
def test_the_middle_is_shown_square(tmp_path: Path, ending: str) -> None:
    data = photo_cover(thirds(tmp_path / f"me.{ending}"), "", "", 600, 600, 190_000)
    assert data.startswith(b"\xff\xd8\xff")
    picture = shown(data)
    assert picture.size == (600, 600)
    assert all(near(picture.getpixel(place), GREEN) for place in ((20, 20), (580, 300), (300, 590)))
    assert data == photo_cover(tmp_path / f"me.{ending}", "", "", 600, 600, 190_000)


def test_title_and_length_stand_white_on_its_darker_foot(tmp_path: Path) -> None:
    path = tmp_path / "me.png"
    Image.new("RGB", (700, 700), "white").save(path)
    plain = np.asarray(shown(photo_cover(path, "", "", 600, 600, 190_000)), dtype=int)
    worded = np.asarray(shown(photo_cover(path, "Psoas release", "10 min", 600, 600, 190_000)), dtype=int)
    assert plain.min() > 250
    assert worded[:240].min() > 245
    assert worded[560:, :100].max() < 110
    foot = worded[420:560, 150:450]
    assert (foot.min(axis=2) > 240).sum() > 2_000
    untold = np.asarray(shown(photo_cover(path, "休息", "", 600, 600, 190_000)), dtype=int)
    assert untold.min() > 250  # a title that the font lacks is left off, and its shade with it


def test_it_is_turned_as_it_was_taken_and_where_that_was_is_left_out(tmp_path: Path) -> None:
    told = Image.Exif()
    told[ORIENTATION] = SIX  # its right side is its top
    told.get_ifd(GPS)[1] = "N"
    path = thirds(tmp_path / "me.jpg", (900, 900), exif=told)
    data = photo_cover(path, "", "", 300, 300, 190_000)
    picture = shown(data)
    assert near(picture.getpixel((150, 20)), RED)
    assert near(picture.getpixel((150, 280)), BLUE)
    assert not Image.open(io.BytesIO(data)).getexif()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_any_kind_of_picture(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("me.jpg" if mode == "CMYK" else "me.png")
    Image.new(mode, (400, 300)).save(path)
    picture = shown(photo_cover(path, "", "", 300, 300, 190_000))
    assert near(picture.getpixel((9, 9)), (255, 255, 255) if mode in ("RGBA", "LA", "CMYK") else (0, 0, 0))


def test_however_busy_it_is_a_tag_has_room_for_it(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1200, 1200, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "me.png")
    assert len(photo_cover(tmp_path / "me.png", "Rest", "10 min", 600, 600, 190_000)) < 190_000


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb() -> bytes:
    """Return a small PNG file that says it has 40 000 pixels both ways."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "cannot be read as a picture"),
        (b"hello", "cannot be read as a picture"),
        (b"GIF89a" + bytes(100), "cannot be read as a picture"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "cannot be read as a picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "cannot be read as a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "cannot be read as a picture"),
        (bomb(), "picture|too large"),
    ],
    ids=["empty", "text", "gif", "jpeg", "png", "postscript", "bomb"],
)
def test_what_is_no_picture_is_refused(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "me.jpg").write_bytes(data)
    with pytest.raises(PublishError, match=told) as refused:
        check_photo(tmp_path / "me.jpg")
    assert refused.value.hint


@pytest.mark.parametrize("forgiving", [False, True])
def test_a_picture_that_breaks_off_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forgiving: bool) -> None:
    """However others in this process have set Pillow."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", forgiving)
    path = thirds(tmp_path / "me.jpg")
    path.write_bytes(path.read_bytes()[:-700])
    with pytest.raises(PublishError, match="cannot be read"):
        check_photo(path)


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = thirds(tmp_path / "me.jpg")
    monkeypatch.setattr(photo, "MOST_BYTES", 1_000)
    with pytest.raises(PublishError, match="a picture at most"):
        check_photo(path)
