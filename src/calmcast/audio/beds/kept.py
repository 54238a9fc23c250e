"""Beds' samples kept by content: each stretch of a bed is made once, and serves every track."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.beds.chance import BLOCK
from calmcast.audio.beds.samples import bed_samples
from calmcast.audio.beds.settings import BedSettings
from calmcast.store.store import Store, content_key, kept

FORMAT = 1
"""Part of every key. Goes up when a bed is made or kept in another way."""

_STRETCH = 8 * BLOCK
"""Samples that are kept together: 24 s."""

_LONGEST = 60 * 60 * 44_100 // _STRETCH
"""Of the first hour of a bed all is kept: 300 MB a channel. What comes later is made each time."""

_FULL_SCALE = 16_384
"""What stands for full scale: what goes a little over it has room, and the steps are 70 dB under the bed."""

_AT_HAND = 6


def kept_samples(
    store: Store, name: str, seed: int, settings: BedSettings
) -> Callable[[int, int, int], NDArray[np.float32]]:
    """Return what gives (start, samples, channels) of a bed, as `bed_samples`, in 16 bits, kept in a store or not."""

    def made(stretch: int, channels: int) -> bytes:
        samples = bed_samples(name, seed, stretch * _STRETCH, _STRETCH, channels, settings)
        return np.rint(samples * _FULL_SCALE).astype("<i2").tobytes()

    @lru_cache(maxsize=_AT_HAND)
    def at_hand(stretch: int, channels: int) -> NDArray[np.int16]:
        key = content_key("ground", FORMAT, name, seed, settings.key, stretch, channels)
        pcm = kept(store, key, lambda: made(stretch, channels)) if stretch < _LONGEST else made(stretch, channels)
        return np.frombuffer(pcm, "<i2").reshape(-1, channels)

    def samples(start: int, count: int, channels: int) -> NDArray[np.float32]:
        found = np.empty((count, channels), np.float32)
        for stretch in range(start // _STRETCH, -(-(start + count) // _STRETCH)):
            begin = stretch * _STRETCH
            first, last = max(start, begin), min(start + count, begin + _STRETCH)
            found[first - start : last - start] = at_hand(stretch, channels)[first - begin : last - begin]
        found /= np.float32(_FULL_SCALE)
        return found

    return samples
