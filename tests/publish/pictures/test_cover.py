import io
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from calmcast.publish.pictures.cover import CLASS_SIDE, PALETTES, class_cover, cover, icon, poster, thumbnail
from calmcast.publish.pictures.cover_words import SIDE

Pixels = NDArray[np.int64]


@pytest.fixture(scope="module")
def empty() -> bytes:
    """Return a picture with no words."""
    return cover("", "", "a")


@pytest.fixture(scope="module")
def untitled() -> bytes:
    return cover("", "10 min", "a")


def pixels(picture: bytes, side: int = SIDE) -> Pixels:
    """Return the picture as it is seen `side` pixels wide: height by width by three."""
    with Image.open(io.BytesIO(picture)) as image:
        assert image.format == "PNG"
        assert image.size == (SIDE, SIDE)
        shown = image.convert("RGB").resize((side, side), Image.Resampling.LANCZOS)
    return np.asarray(shown, dtype=np.int64)


def luminance(rgb: Pixels) -> NDArray[np.float64]:
    """Return the relative luminance of sRGB colours (WCAG 2.2)."""
    share = rgb / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(luminance(np.array(tuple(bytes.fromhex(c))))) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def lettering_box(picture: bytes, plain: bytes) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom of where two pictures differ."""
    rows, columns = np.nonzero((pixels(picture) != pixels(plain)).any(axis=2))
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


def test_every_palette_can_be_read() -> None:
    for palette in PALETTES:
        assert contrast(palette.ink, palette.sun) > 7
        assert contrast(palette.sun, palette.hills[2]) > 4.5


def test_same_arguments_give_the_same_bytes() -> None:
    assert cover("Psoas release", "10 min", "psoas-release") == cover("Psoas release", "10 min", "psoas-release")


def test_seeds_give_different_pictures() -> None:
    assert len({cover("", "", f"script {n}") for n in range(3)}) == 3


@pytest.mark.parametrize("length", ["10 min", "7 min 30 s", "1 h 2 min 30.5 s"])
def test_the_length_is_legible_at_60_pixels(length: str) -> None:
    small = luminance(pixels(cover("Psoas release", length, "psoas-release"), side=60))
    sun = small[11:34, 18:42]
    assert (sun.max() + 0.05) / (np.percentile(sun, 2) + 0.05) > 4.5


@pytest.mark.parametrize(
    "title",
    [
        "Rest",
        "Legs-up rest — after a long day of standing",
        "A supported rest on the floor before core work, for tired hips and everything around them, once more",
        "W" * 400,
        "Müde Füße, ÄÖÜ",
        "Sūrya namaskāra, ṣaṭkoṇāsana",
        "Вечерний отдых",
        "Ήσυχη αναπνοή",
    ],
)
def test_any_title_stays_on_the_near_hill(title: str, untitled: bytes) -> None:
    left, top, right, bottom = lettering_box(cover(title, "10 min", "a"), untitled)
    assert left >= 45
    assert right <= SIDE - 45
    assert top >= 495
    assert bottom <= SIDE - 12


@pytest.mark.parametrize("length", ["10 min", "1 h 2 min 30.5 s", "1440 minutes", "a very long while"])
def test_any_length_stays_in_the_sun(length: str, empty: bytes) -> None:
    left, top, right, bottom = lettering_box(cover("", length, "a"), empty)
    for x, y in product((left, right), (top, bottom)):
        assert np.hypot(x - 300, y - 226) < 165
    assert bottom < 335


@pytest.mark.parametrize("title", ["呼吸", "🧘", "سلام", "\0", ""])
def test_a_title_that_the_font_lacks_is_left_off(title: str, untitled: bytes) -> None:
    assert cover(title, "10 min", "a") == untitled


def test_emoji_are_left_off_and_an_umlaut_is_one_however_it_was_typed() -> None:
    typed = cover("Müde Füße", "10 min", "a")
    assert cover("Mu\u0308de Fu\u0308ße 🧘🏽\u200d♀️ ❤️", "10 min", "a") == typed


def test_a_length_that_the_font_lacks_is_left_off(empty: bytes) -> None:
    assert cover("", "十分", "a") == empty


def test_the_file_is_small_and_the_sky_has_no_bands() -> None:
    for seed in ("dusk", "night", "sea"):
        picture = cover("Psoas release", "10 min", seed)
        assert len(picture) < 100_000
        sky = pixels(picture)[:300, :16].mean(axis=(1, 2))
        assert np.abs(np.diff(sky)).max() < 0.6


@pytest.mark.parametrize("words", ["4 tracks", ""])
def test_a_class_has_a_picture_as_large_as_apple_asks_for(words: str) -> None:
    picture = class_cover("Tuesday evening", words, "tuesday")
    assert len(picture) < 500_000
    with Image.open(io.BytesIO(picture)) as image:
        assert image.format == "JPEG"
        assert image.mode == "RGB"
        assert image.size == (CLASS_SIDE, CLASS_SIDE)
        shown = np.asarray(image.resize((SIDE, SIDE), Image.Resampling.LANCZOS), dtype=np.int64)
    # It is the picture that a track would have, only larger.
    apart = np.abs(shown - pixels(cover("Tuesday evening", words, "tuesday")))
    assert apart.mean() < 2.5
    assert (apart.max(axis=2) > 60).mean() < 0.02


def test_the_same_class_has_the_same_picture() -> None:
    assert class_cover("Rest", "1 track", "tuesday") == class_cover("Rest", "1 track", "tuesday")


def test_the_sky_of_a_class_has_no_bands() -> None:
    with Image.open(io.BytesIO(class_cover("", "", "night"))) as image:
        sky = np.asarray(image.convert("RGB"), dtype=np.int64)[:700, :16].mean(axis=(1, 2))
    # JPEG has blocks 8 pixels high: more than one level between two would be seen.
    assert np.abs(np.diff(sky)).max() <= 1.1


@pytest.mark.parametrize("seed", ["psoas-release", "seated-pause", "\ud800"])
def test_a_page_shows_the_picture_small_and_without_words(seed: str) -> None:
    small = thumbnail(seed, 480)
    assert len(small) < 20_000
    with Image.open(io.BytesIO(small)) as image:
        assert (image.format, image.size) == ("JPEG", (480, 480))
        shown = np.asarray(image.convert("RGB").resize((60, 60)), dtype=np.int64)
    assert np.abs(shown - pixels(cover("", "", seed), 60)).mean() < 4


@pytest.mark.parametrize("side", [180, 192, 512])
def test_an_icon_keeps_its_sun_when_it_is_cut_to_a_circle(side: int) -> None:
    with Image.open(io.BytesIO(icon("psoas-release", side))) as image:
        assert (image.format, image.size) == ("PNG", (side, side))
        shown = np.asarray(image.convert("RGB"), dtype=np.int64)
    sun = np.array(tuple(bytes.fromhex(PALETTES[5].sun)))
    across, down = np.nonzero(np.abs(shown - sun).sum(axis=2) < 12)
    # The safe zone of a maskable icon is a circle of 80 % in the middle.
    assert across.size > side * side / 10
    assert np.hypot(across - side / 2, down - side / 2).max() < 0.4 * side


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1600, 1600), (3000, 3000)])
def test_a_poster_is_the_cover_at_another_size(width: int, height: int) -> None:
    data = poster("Psoas release", "10 min", "a", width, height)
    assert data == poster("Psoas release", "10 min", "a", width, height)
    assert len(data) < 500_000
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size) == ("JPEG", (width, height))
        middle = image.crop(((width - height) // 2, 0, (width + height) // 2, height)).resize((SIDE, SIDE))
    off = np.abs(np.asarray(middle, dtype=np.int64) - pixels(cover("Psoas release", "10 min", "a")))
    assert off.mean() < 3


def test_a_poster_without_words_has_none(empty: bytes) -> None:
    with Image.open(io.BytesIO(poster("", "", "a", SIDE, SIDE))) as image:
        assert np.abs(np.asarray(image, dtype=np.int64) - pixels(empty)).mean() < 2
