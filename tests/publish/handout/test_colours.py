import io
from collections.abc import Callable
from itertools import product

import pytest

from calmcast.publish.handout.colours import Colours, by_day, by_embers, by_night, mixed, palette_of
from calmcast.publish.pictures.cover import PALETTES, Palette, cover
from tests.publish.pictures.test_picture import contrast

READ = tuple(product(("ink", "soft", "accent"), ("paper", "card")))


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("colours_of", [by_day, by_night, by_embers])
def test_words_and_edges_have_contrast(palette: Palette, colours_of: Callable[[Palette], Colours]) -> None:
    colours = dict(colours_of(palette))
    for words, ground in (
        *READ,
        ("on-accent", "accent"),
        ("on-play", "play"),
        ("ink", "tint"),
        ("soft", "tint"),
        ("accent", "tint"),
    ):
        assert contrast(colours[words], colours[ground]) >= 4.5, (words, ground)
    for ground in ("paper", "card"):
        assert contrast(colours["edge"], colours[ground]) >= 3, ground


@pytest.mark.parametrize("seed", ["tuesday", "", "psoas-release", "\ud800", "x"])
def test_the_palette_is_that_of_the_cover(seed: str) -> None:
    from PIL import Image

    corner = Image.open(io.BytesIO(cover("A", "10 min", seed))).convert("RGB").getpixel((2, 2))
    assert isinstance(corner, tuple)
    wanted = bytes.fromhex(palette_of(seed).zenith)
    assert all(abs(a - b) <= 4 for a, b in zip(corner, wanted, strict=True))


def test_mixed() -> None:
    assert [mixed("000000", "ff8000", share) for share in (0, 0.5, 1)] == ["000000", "804000", "ff8000"]
