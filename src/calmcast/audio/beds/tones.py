"""Tonal beds in a key: a drone that beats slowly, and a pad whose chord changes like the light."""

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.beds.chance import Chance, knots
from calmcast.audio.beds.colour import WIDTH
from calmcast.audio.beds.settings import BedSettings, root_hz
from calmcast.audio.beds.turning import turning
from calmcast.units import SAMPLE_RATE, gain

_CHORD = ((1.0, 0.0, 7), (1.5, -5.0, 5), (2.0, -6.0, 4))
"""A drone's notes: frequency relative to the root (just intonation), level in dB, partials."""

_SCALE = (1.0, 1.5, 2.0, 9 / 4, 5 / 2, 3.0, 10 / 3, 4.0)
"""A pad's notes: a major pentatonic, in which no two notes rub."""
_ALWAYS = 2
"""So many of them never fade away."""
_PAD_PARTIALS = 4

_TWIN = 0.24
"""The second of a pair, relative to the first: their sum sways by 4 dB and never beats itself away."""


def _swaying(chance: Chance, name: str, block: int) -> NDArray[np.complex128]:
    """Return a partial and its weaker twin at a block's knots, as they turn against a tone of its pitch.

    The two are a little apart, and sway against each other every 4 to 25 s. How far apart, the seed says; and both
    wander by a turn or so, so that no beat is ever quite on time.
    """
    at = knots(block)
    apart, phase, later = chance.shares(name, 0, 3)
    own = phase + 0.6 * chance.drift(f"{name}.own", 9.0, at)
    twin = phase + later + (0.04 + 0.14 * apart) * at / SAMPLE_RATE
    twin += 1.5 * chance.drift(f"{name}.twin", 7.0, at)
    sway: NDArray[np.complex128] = np.exp(2j * np.pi * own) + _TWIN * np.exp(2j * np.pi * (twin % 1.0))
    return sway


def _spread(sound: NDArray[np.complex64], channels: int) -> NDArray[np.float32]:
    """Return (channels, BLOCK): the real part as the middle, a quarter turn later as the side."""
    return np.array([sound.real, sound.imag * np.float32(WIDTH)][:channels], dtype=np.float32)


def _heard_alike(root: float) -> float:
    """Return the gain that makes a key as loud as D: the K-weighting hears low notes weaker, by 1 dB an octave here."""
    return float((root_hz("D") / root) ** (1 / 6))


def drone(chance: Chance, block: int, channels: int, settings: BedSettings) -> NDArray[np.float32]:
    """Return a block of a warm low chord, root, fifth and octave, in the chosen key: (channels, BLOCK)."""
    root, at = root_hz(settings.key), knots(block)
    partials = []
    for ratio, level, count in _CHORD:
        for nth in range(1, count + 1):
            name = f"{ratio}.{nth}"
            moving = 10.0 ** (0.06 * chance.drift(name, 8.0 + nth, at))
            strength = gain(level) * nth**-1.6 * moving
            partials.append((root * ratio * nth, _swaying(chance, name, block) * strength))
    return _spread(turning(partials, at), channels) * (gain(-21.9) * _heard_alike(root))


def pad(chance: Chance, block: int, channels: int, settings: BedSettings) -> NDArray[np.float32]:
    """Return a block of a soft chord in the chosen key whose notes come and go: (channels, BLOCK)."""
    root, at = root_hz(settings.key), knots(block)
    moves = np.array([chance.drift(f"note{nth}", 10.0, at) for nth in range(len(_SCALE))])
    levels = np.clip(0.3 + 1.4 * moves, 0.0, 1.0) ** 2
    levels[:_ALWAYS] = 0.75 + 0.4 * moves[:_ALWAYS]
    levels /= np.sqrt((levels**2).sum(axis=0))
    partials = [
        (root * ratio * partial, _swaying(chance, f"{nth}.{partial}", block) * (level / ratio**0.5 * partial**-1.7))
        for nth, (ratio, level) in enumerate(zip(_SCALE, levels, strict=True))
        if level.any()
        for partial in range(1, _PAD_PARTIALS + 1)
    ]
    return _spread(turning(partials, at), channels) * (gain(-17.85) * _heard_alike(root))
