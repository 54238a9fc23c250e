"""Beds as samples: each a pure function of its name, its seed and time."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.beds.catalogue import bed
from calmcast.audio.beds.chance import BLOCK, SEEDS, Chance, check_stretch
from calmcast.audio.beds.night import night
from calmcast.audio.beds.noises import brown, pink
from calmcast.audio.beds.settings import BedSettings
from calmcast.audio.beds.tones import drone, pad
from calmcast.audio.beds.water import sea, stream
from calmcast.audio.beds.weather import rain, wind

Make = Callable[[Chance, int, int, BedSettings], NDArray[np.float32]]
"""(chance, block, channels, settings) -> (channels, BLOCK): the middle and, for two channels, the side."""

MAKES: Mapping[str, Make] = MappingProxyType(
    {
        "rain": rain,
        "sea": sea,
        "stream": stream,
        "wind": wind,
        "night": night,
        "brown": brown,
        "pink": pink,
        "drone": drone,
        "pad": pad,
    }
)
"""How a block of each bed is made: one row for each of the catalogue."""

_PLAIN = BedSettings()
_KEPT = 4
"""So many blocks are kept, for calls shorter than a block. A block of two channels takes 1 MB."""


@lru_cache(maxsize=_KEPT)
def _block(name: str, seed: int, block: int, channels: int, settings: BedSettings) -> NDArray[np.float32]:
    """Return one block of a bed, shape (BLOCK, channels): the middle alone, or the middle and the side as a pair."""
    rows = MAKES[name](Chance(seed, name), block, channels, settings)
    pair = rows if channels == 1 else np.array([rows[0] + rows[1], rows[0] - rows[1]])
    return pair.T


def bed_samples(
    name: str, seed: int, start: int, samples: int, channels: int, settings: BedSettings = _PLAIN
) -> NDArray[np.float32]:
    """Return a stretch of a bed, shape (samples, channels), full scale = 1.

    `start` counts samples from the bed's beginning. Any stretch is the same bytes as that stretch of a longer call;
    nothing before it is made, but for the beginning of its first block. The bed has no beginning of its own: it is at
    its level from the first sample on. The mean of two channels is the one channel of a mono bed, so nothing is lost
    where a stereo track is heard from one loudspeaker.

    Raises SoundError for an unknown bed, and ValueError for a seed, a stretch or channels that cannot be.
    """
    bed(name)
    if not 0 <= seed < SEEDS:
        raise ValueError(f"a bed's seed is a whole number from 0 to {SEEDS - 1}, and not {seed}")
    check_stretch(start, samples, channels)
    stretch = np.empty((samples, channels), dtype=np.float32)
    for block in range(start // BLOCK, -(-(start + samples) // BLOCK)):
        first, last = max(start, block * BLOCK), min(start + samples, (block + 1) * BLOCK)
        made = _block(name, seed, block, channels, settings)
        stretch[first - start : last - start] = made[first - block * BLOCK : last - block * BLOCK]
    return stretch
