"""The sea and a stream."""

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.beds.chance import CHUNK, Chance, between, knots
from calmcast.audio.beds.colour import Colour, heard, response, white
from calmcast.audio.beds.droplets import Droplets, droplets
from calmcast.audio.beds.settings import BedSettings
from calmcast.units import SAMPLE_RATE, gain

_RUMBLE = Colour(low=45.0, high=160.0, low_order=4, high_order=1)
_WASH = Colour(low=130.0, high=1_100.0, slope=-3.0, high_order=1)
_FOAM = Colour(low=1_200.0, high=3_800.0, slope=-3.0, low_order=1, high_order=3)

_EVERY = 10.8
_WANDER = (1.5, 90.0)
_UNEVEN = 1.0
"""A wave begins so many seconds before or after its turn at most; all in all, they follow each other in 8 to 14 s."""
_LASTS = 18.0

_BED = Colour(low=220.0, high=1_500.0, slope=-4.0, high_order=2)
_BUBBLES = Droplets(
    each=36, hertz=(330.0, 1_600.0), decay=(0.012, 0.032), come=0.006, bend=(0.5, 4.0), unlike=2.0, samples=CHUNK // 4
)


def _swell(seconds: NDArray[np.float64], rise: float, fall: float) -> NDArray[np.float64]:
    """Return a hump: from 0 at time 0 up to 1 after `rise` seconds, and back to 0 after `fall` more; no corners."""
    up = 0.5 - 0.5 * np.cos(np.pi * np.clip(seconds / rise, 0.0, 1.0))
    down = 0.5 + 0.5 * np.cos(np.pi * np.clip((seconds - rise) / fall, 0.0, 1.0))
    hump: NDArray[np.float64] = up * down
    return hump


def _waves(chance: Chance, at: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how much water comes in, and how much foam draws back, at sample indices: about 0 to 1 each."""
    time = at / SAMPLE_RATE
    wash, foam = np.zeros(len(at)), np.zeros(len(at))
    first, last = int(at[0] - (_LASTS + _UNEVEN) * SAMPLE_RATE), int(at[-1] + _UNEVEN * SAMPLE_RATE)
    for nth, turn in chance.rounds("waves.turns", _EVERY, *_WANDER, first, last):
        when, height, pace, froth = chance.shares("waves", nth, 4)
        since = time - turn / SAMPLE_RATE - _UNEVEN * (2 * when - 1)
        rise, size = 4.0 + 1.5 * pace, 0.65 + 0.35 * height
        wash += size * _swell(since, rise, 6.0 + 1.5 * pace)
        foam += size * (0.7 + 0.3 * froth) * _swell(since - rise + 1.8, 2.6, 7.0 + 2.0 * froth) ** 1.5
    return wash, foam


def sea(chance: Chance, block: int, channels: int, _: BedSettings) -> NDArray[np.float32]:
    """Return a block of a calm sea, waves that come and draw back: (channels, BLOCK), middle and side."""
    at = knots(block)
    wash, foam = _waves(chance, at)
    deep, near = white(chance, "deep", block, channels), white(chance, "near", block, channels)
    hiss = white(chance, "foam", block, channels)
    rumble = gain(-27.0) * 10.0 ** (0.1 * chance.drift("deep", 9.0, at)) * (0.7 + 0.3 * wash)
    sound = heard(deep * response(_RUMBLE)) * between(rumble)
    sound += heard(near * response(_WASH)) * between(gain(-21.0) * (0.4 + 0.6 * wash))
    sound += heard(hiss * response(_FOAM)) * between(gain(-30.0) * (0.2 + 0.8 * foam))
    return sound


def stream(chance: Chance, block: int, channels: int, _: BedSettings) -> NDArray[np.float32]:
    """Return a block of a small stream, bubbling over a soft flow: (channels, BLOCK), middle and side."""
    at = knots(block)
    flow = between(gain(-25.8) * 10.0 ** (0.05 * chance.drift("flow", 4.0, at)))
    gurgle = between(gain(-11.7) * 10.0 ** (0.1 * chance.drift("gurgle", 1.3, at)))
    flowing = heard(white(chance, "flow", block, channels) * response(_BED))
    sound: NDArray[np.float32] = flowing * flow + droplets(chance, "bubbles", block, channels, _BUBBLES) * gurgle
    return sound
