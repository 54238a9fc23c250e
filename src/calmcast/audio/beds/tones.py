"""Tonal beds in a key: a drone that beats slowly, and a pad whose chord changes like the light."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.beds.chance import KNOT, Chance, knots
from calmcast.audio.beds.colour import WIDTH
from calmcast.audio.beds.settings import BedSettings, root_hz
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


@dataclass(frozen=True, slots=True)
class _Partial:
    """A partial of a note in one block."""

    name: str
    hertz: float
    strength: NDArray[np.float64]
    """Its amplitude at the block's knots."""


def _swaying(chance: Chance, partial: _Partial, block: int) -> NDArray[np.complex128]:
    """Return a partial and its weaker twin at a block's knots, as they turn against a tone of its pitch.

    The two are a little apart, and sway against each other every 4 to 25 s. How far apart, the seed says; and both
    wander by a turn or so, so that no beat is ever quite on time.
    """
    at = knots(block)
    apart, phase, later = chance.shares(partial.name, 0, 3)
    own = phase + 0.6 * chance.drift(f"{partial.name}.own", 9.0, at)
    twin = phase + later + (0.04 + 0.14 * apart) * at / SAMPLE_RATE
    twin += 1.5 * chance.drift(f"{partial.name}.twin", 7.0, at)
    sway: NDArray[np.complex128] = np.exp(2j * np.pi * own) + _TWIN * np.exp(2j * np.pi * (twin % 1.0))
    return sway * partial.strength


def _sum(chance: Chance, partials: Sequence[_Partial], block: int) -> NDArray[np.complex64]:
    """Return the sum of partials over a block, shape (BLOCK,), as a complex signal (real part: what is heard).

    A tone is a coarse step, from knot to knot, times a fine one between two knots: a thousand exponentials in place of
    a hundred thousand. Its slow sway is a straight line from knot to knot, so each partial is two such products.
    """
    between_knots = np.arange(KNOT)
    coarse, fine = [], []
    for partial in partials:
        turns = partial.hertz / SAMPLE_RATE * knots(block)[:-1]
        step = np.exp(2j * np.pi * (turns % 1.0))
        turning = np.exp(2j * np.pi * partial.hertz / SAMPLE_RATE * between_knots)
        sway = _swaying(chance, partial, block)
        coarse += [sway[:-1] * step, np.diff(sway) * step]
        fine += [turning, turning * between_knots / KNOT]
    # Not a matrix product: what that rounds to depends on how many cores there are.
    products = np.einsum("pi,pj->ij", np.array(coarse, dtype=np.complex64), np.array(fine, dtype=np.complex64))
    sound: NDArray[np.complex64] = products.reshape(-1)
    return sound


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
            partials.append(_Partial(name, root * ratio * nth, gain(level) * nth**-1.6 * moving))
    return _spread(_sum(chance, partials, block), channels) * (gain(-21.9) * _heard_alike(root))


def pad(chance: Chance, block: int, channels: int, settings: BedSettings) -> NDArray[np.float32]:
    """Return a block of a soft chord in the chosen key whose notes come and go: (channels, BLOCK)."""
    root, at = root_hz(settings.key), knots(block)
    moves = np.array([chance.drift(f"note{nth}", 10.0, at) for nth in range(len(_SCALE))])
    levels = np.clip(0.3 + 1.4 * moves, 0.0, 1.0) ** 2
    levels[:_ALWAYS] = 0.75 + 0.4 * moves[:_ALWAYS]
    levels /= np.sqrt((levels**2).sum(axis=0))
    partials = [
        _Partial(f"{nth}.{partial}", root * ratio * partial, level / ratio**0.5 * partial**-1.7)
        for nth, (ratio, level) in enumerate(zip(_SCALE, levels, strict=True))
        if level.any()
        for partial in range(1, _PAD_PARTIALS + 1)
    ]
    return _spread(_sum(chance, partials, block), channels) * (gain(-17.85) * _heard_alike(root))
