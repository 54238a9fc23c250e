"""Rain and wind."""

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.beds.chance import CHUNK, Chance, between, knots
from calmcast.audio.beds.colour import SIZE, WIDTH, Colour, chunks_of, heard, response, white
from calmcast.audio.beds.droplets import Droplets, droplets
from calmcast.audio.beds.settings import BedSettings
from calmcast.units import gain

_AIR = Colour(low=120.0, high=2_800.0, slope=-3.0, low_order=3)

_NEAR = Droplets(
    each=10, hertz=(480.0, 2_400.0), decay=(0.003, 0.008), come=0.0015, bend=(0.0, 2.0), unlike=2.5, samples=CHUNK // 8
)
_FAR = Colour(low=900.0, high=3_200.0, slope=-3.0, low_order=1)
_FAR_DROPS = 400
"""A chunk: 1 080 a second, so small and so many that each is only just not part of the air."""

_BANDS = tuple(Colour(low=hertz / 1.35, high=hertz * 1.35) for hertz in (95.0, 150.0, 235.0, 370.0, 580.0))
_LEAVES = Colour(low=700.0, high=2_600.0, slope=-5.0, low_order=1)


def _patter(chance: Chance, block: int, channels: int) -> NDArray[np.inexact]:
    """Return the spectrum of the far drops: an impulse for each, at a random time, of random size and place."""
    source = np.zeros((channels, SIZE), dtype=np.float32)
    for nth, chunk in enumerate(chunks_of(block)):
        when, size, place = chance.shares("far", chunk, _FAR_DROPS, 3).T
        at = nth * CHUNK + (when * CHUNK).astype(np.int64)
        np.add.at(source[0], at, 2 * size - 1)
        if channels > 1:
            np.add.at(source[1], at, (2 * size - 1) * WIDTH * 3.0**0.5 * (2 * place - 1))
    return np.fft.rfft(source) * response(_FAR)


def rain(chance: Chance, block: int, channels: int, _: BedSettings) -> NDArray[np.float32]:
    """Return a block of steady fine rain, near and far: (channels, BLOCK), middle and side."""
    air = heard(white(chance, "air", block, channels) * response(_AIR))
    breath = between(gain(-24.7) * 10.0 ** (0.035 * chance.drift("air", 6.0, knots(block))))
    far = heard(_patter(chance, block, channels)) * gain(-10.0)
    near = droplets(chance, "near", block, channels, _NEAR) * gain(-12.5)
    sound: NDArray[np.float32] = air * breath + far + near
    return sound


def wind(chance: Chance, block: int, channels: int, _: BedSettings) -> NDArray[np.float32]:
    """Return a block of soft wind: a broad band that wanders, higher as it freshens: (channels, BLOCK)."""
    at = knots(block)
    gust = 0.65 * chance.drift("gust", 5.0, at) + 0.35 * chance.drift("flurry", 1.7, at)
    middle = 2.0 + 1.5 * gust + 1.2 * chance.drift("place", 7.0, at)
    weights = np.array([np.exp(-0.5 * ((nth - middle) / 0.9) ** 2) for nth in range(len(_BANDS))])
    weights *= 10.0 ** (2.5 * gust / 20.0) / np.sqrt((weights**2).sum(axis=0))
    noise = white(chance, "air", block, channels)
    sound = heard(noise * response(_LEAVES)) * between(gain(-17.0) * 10.0 ** (5.0 * gust / 20.0))
    for band, weight in zip(_BANDS, weights, strict=True):
        sound += heard(noise * response(band)) * between(weight)
    return sound * gain(-27.1)
