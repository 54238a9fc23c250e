"""A quiet night: faint air and a few crickets far away."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.beds.chance import CHUNK, KNOT, Chance, between, knots
from calmcast.audio.beds.colour import SIZE, WIDTH, Colour, heard, of_kernel, response, source_start, white
from calmcast.audio.beds.settings import BedSettings
from calmcast.units import SAMPLE_RATE, gain

_AIR = Colour(low=90.0, high=1_200.0, slope=-4.0, low_order=3)
_CRICKETS = 5
_PULSES = 3
_CHIRP = CHUNK // 2
"""Samples of a chirp, with room to spare: 186 ms."""
_WANDER = (2.5, 13.0)
"""Chirps by which a cricket runs ahead or falls behind, and the seconds in which it does."""


@cache
def _distance(row: int) -> NDArray[np.inexact]:
    """Return the frequency response of the open air: what reaches the ear from afar is spread over 0.3 s, and dull.

    Decaying noise, as late reverberation is (J. A. Moorer, About This Reverberation Business, Computer Music Journal
    3, 1979); another one for the side.
    """
    tail = Chance(0, "night").white(f"distance{row}", 0).astype(np.float64)
    time = np.arange(CHUNK) / SAMPLE_RATE
    tail *= (1 - np.exp(-time / 0.008)) * 10.0 ** (-3.0 * time / 0.33)
    tail *= np.linspace(1.0, 0.0, CHUNK)
    return of_kernel(tail / np.sqrt((tail**2).sum()))


def _chirp(hertz: float, apart: float) -> NDArray[np.float64]:
    """Return one chirp: soft pulses of a tone, each a little stronger than the one before."""
    time = np.arange(_CHIRP) / SAMPLE_RATE
    pulses = np.zeros(_CHIRP)
    for nth in range(_PULSES):
        inside = np.clip((time - nth * apart) / (0.62 * apart), 0.0, 1.0)
        pulses += (0.6 + 0.2 * nth) * np.sin(np.pi * inside) ** 2
    chirp: NDArray[np.float64] = pulses * np.sin(2 * np.pi * hertz * time)
    return chirp


def _singing(chance: Chance, block: int, cricket: int) -> NDArray[np.float64]:
    """Return one cricket's chirps as a block's source, shape (SIZE,)."""
    pitch, pace, apart = chance.shares("crickets", cricket, 3)
    chirp = _chirp(3_300.0 + 220.0 * (cricket + pitch), 0.036 + 0.012 * apart)
    every = 0.75 + 0.14 * (cricket + pace)
    begin = source_start(block)
    at = np.arange(-_CHIRP // KNOT, SIZE // KNOT + 1) * KNOT + begin
    bout = np.clip(0.05 + 1.7 * chance.drift(f"bout{cricket}", 9.0, at), 0.0, 1.0)
    source = np.zeros(_CHIRP + SIZE + _CHIRP)
    for nth, turn in chance.rounds(f"wander{cricket}", every, *_WANDER, int(at[0]), int(at[-1])):
        when, level = turn - begin, float(np.interp(turn, at, bout))
        if level > 0.0 and -_CHIRP <= when < SIZE:
            strength = level * (0.6 + 0.4 * chance.shares(f"strength{cricket}", nth, 1)[0])
            source[_CHIRP + when : 2 * _CHIRP + when] += strength * chirp
    return source[_CHIRP : _CHIRP + SIZE]


def night(chance: Chance, block: int, channels: int, _: BedSettings) -> NDArray[np.float32]:
    """Return a block of a summer night: (channels, BLOCK), middle and side."""
    places = WIDTH * (2 * chance.shares("places", 0, _CRICKETS) - 1)
    singing = np.zeros((channels, SIZE))
    for cricket in range(_CRICKETS):
        far = _singing(chance, block, cricket)
        singing[0] += far
        if channels > 1:
            singing[1] += far * places[cricket]
    spectra = np.fft.rfft(singing.astype(np.float32))
    crickets = spectra * _distance(0)
    if channels > 1:
        crickets[1] += spectra[0] * _distance(1) * np.float32(WIDTH)
    air = between(gain(-22.2) * 10.0 ** (0.06 * chance.drift("air", 7.0, knots(block))))
    noise = white(chance, "air", block, channels)
    return heard(noise * response(_AIR)) * air + heard(crickets) * gain(-22.4)
