"""Drops and bubbles: many short damped tones, each at a time, of a pitch and from a side of its own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.beds.chance import BLOCK, CHUNK, Chance
from calmcast.audio.beds.colour import WIDTH, chunks_of
from calmcast.units import SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Droplets:
    """What one kind of droplet sounds like. Pairs are the least and the most."""

    each: int
    """So many begin in each chunk, 0.37 s."""
    hertz: tuple[float, float]
    decay: tuple[float, float]
    """Seconds in which a droplet of 600 Hz falls to 1/e; higher ones are shorter."""
    come: float
    """Seconds in which it comes up."""
    bend: tuple[float, float]
    """How fast its pitch rises, as a share a second."""
    unlike: float
    """The higher, the fewer are loud."""
    samples: int
    """How long one is, at most a chunk."""


def droplets(chance: Chance, layer: str, block: int, channels: int, kind: Droplets) -> NDArray[np.float32]:
    """Return the droplets of a block, (channels, BLOCK); the loudest have amplitudes up to about 1.

    A bubble's tone rises a little as it nears the surface: K. van den Doel, Physically Based Models for Liquid
    Sounds, ACM Transactions on Applied Perception 2, 2005.
    """
    # With room for what began before the block, and for what goes on after it.
    sound = np.zeros((channels, CHUNK + BLOCK + kind.samples), dtype=np.float32)
    for nth, chunk in enumerate(chunks_of(block)):
        when, place, *drawn = chance.shares(layer, chunk, kind.each, 6).T
        begins = (when * CHUNK).astype(int) + nth * CHUNK
        sides = (WIDTH * 3.0**0.5 * (2 * place - 1)).astype(np.float32)
        for begin, drop, side in zip(begins, _tones(kind, *drawn), sides, strict=True):
            sound[0, begin : begin + kind.samples] += drop
            if channels > 1:
                sound[1, begin : begin + kind.samples] += drop * side
    return sound[:, CHUNK : CHUNK + BLOCK]


def _tones(
    kind: Droplets,
    size: NDArray[np.float64],
    pitch: NDArray[np.float64],
    damp: NDArray[np.float64],
    bend: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Return droplets, one a row, from random numbers from 0 to 1, one of each a droplet."""
    time = np.arange(kind.samples) / SAMPLE_RATE
    hertz = kind.hertz[0] * (kind.hertz[1] / kind.hertz[0]) ** pitch
    decay = (kind.decay[0] + (kind.decay[1] - kind.decay[0]) * damp) * (600.0 / hertz) ** 0.4
    rise = kind.bend[0] + (kind.bend[1] - kind.bend[0]) * bend
    size = 2 * size - 1  # of either sign, so that they cancel each other's DC
    level = np.sign(size) * np.abs(size) ** kind.unlike * (kind.hertz[0] / hertz) ** 0.5
    shape = np.sin(np.pi / 2 * np.clip(time / kind.come, 0.0, 1.0)) ** 2
    shape *= np.cos(np.pi / 2 * np.clip(3 * time / time[-1] - 2, 0.0, 1.0)) ** 2
    # In single precision: a droplet has a hundred cycles at most, and half the time is spent here.
    cycles = np.outer(hertz, time) + np.outer(hertz * rise, time**2)
    tones: NDArray[np.float32] = np.sin((2 * np.pi * cycles).astype(np.float32))
    tones *= np.exp(np.outer(-1 / decay, time).astype(np.float32))
    tones *= np.outer(level, shape)
    return tones
