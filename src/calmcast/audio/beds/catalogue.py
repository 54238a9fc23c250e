"""Every bed by its name: continuous background sound, made and not recorded, as a pure function of time."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from calmcast.audio.beds.chance import BLOCK, SEEDS, Chance
from calmcast.audio.beds.night import night
from calmcast.audio.beds.noises import brown, pink
from calmcast.audio.beds.settings import BedSettings
from calmcast.audio.beds.tones import drone, pad
from calmcast.audio.beds.water import sea, stream
from calmcast.audio.beds.weather import rain, wind
from calmcast.errors import SoundError
from calmcast.model.sound import BedSound

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Make = Callable[[Chance, int, int, BedSettings], "NDArray[np.float32]"]
"""(chance, block, channels, settings) -> (channels, BLOCK): the middle and, for two channels, the side."""


@dataclass(frozen=True, slots=True)
class Bed:
    """A bed: what it is like, and how a block of it is made."""

    about: str
    make: Make
    keyed: bool = False
    """Whether it is in a key."""


BEDS: Mapping[str, Bed] = MappingProxyType(
    {
        "rain": Bed("steady fine rain on leaves, drops near and far", rain),
        "sea": Bed("a calm sea: slow uneven waves that come and draw back", sea),
        "stream": Bed("a small stream, bubbling softly", stream),
        "wind": Bed("a low soft wind that freshens and falls", wind),
        "night": Bed("a summer night: quiet air and a few crickets far away", night),
        "brown": Bed("brown noise: deep and even, like a distant waterfall", brown),
        "pink": Bed("pink noise: even and a little lighter than brown", pink),
        "drone": Bed("a warm low chord that sways slowly, in a key of your choice", drone, keyed=True),
        "pad": Bed("a soft chord whose notes come and go, in a key of your choice", pad, keyed=True),
    }
)
"""Every bed by its name."""

BED_LUFS: Mapping[str, float] = MappingProxyType(dict.fromkeys(BEDS, -23.0))
"""How loud one channel of each bed is over minutes, in LUFS. All are made alike; every key of a bed is within 0.5 LU.

Each of two channels is 0.8 dB stronger, because the side comes on top of what one channel has."""

_STEREO_LU = 3.8
"""A bed of two channels against one of one, as BS.1770 sums channels: 3 LU, and what the side adds."""


def bed_lufs(name: str, channels: int) -> float:
    """Return a bed's LUFS over minutes, all its channels together. Raises SoundError where there is none."""
    bed(name)
    return BED_LUFS[name] + _STEREO_LU * (channels - 1)


_PLAIN = BedSettings()

_KEPT = 4
"""So many blocks are kept, for calls shorter than a block. A block of two channels takes 1 MB."""


def bed(name: str) -> Bed:
    """Return the bed of that name. Raises SoundError where there is none, with the nearest name."""
    found = BEDS.get(name)
    if found is None:
        near = difflib.get_close_matches(name.lower(), BEDS, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"the beds are: {', '.join(BEDS)}"
        raise SoundError(f"there is no bed called `{name}`", hint)
    return found


def check_bed(made_of: BedSound) -> None:
    """Look whether there is such a bed; a file is not looked at.

    Raises SoundError for an unknown bed, or a key for one that has none; UnitError for a key that is none.
    """
    if made_of.file:
        return
    found = bed(made_of.sound)
    if made_of.key is not None and not found.keyed:
        keyed = " and ".join(f"`{name}`" for name, each in BEDS.items() if each.keyed)
        raise SoundError(f"the bed `{made_of.sound}` has no key", f"leave key out; {keyed} have one")
    if made_of.key is not None:
        BedSettings(made_of.key)


@lru_cache(maxsize=_KEPT)
def _block(name: str, seed: int, block: int, channels: int, settings: BedSettings) -> "NDArray[np.float32]":
    """Return one block of a bed, shape (BLOCK, channels): the middle alone, or the middle and the side as a pair."""
    import numpy as np

    rows = bed(name).make(Chance(seed, name), block, channels, settings)
    pair = rows if channels == 1 else np.array([rows[0] + rows[1], rows[0] - rows[1]])
    return pair.T


def bed_samples(
    name: str, seed: int, start: int, samples: int, channels: int, settings: BedSettings = _PLAIN
) -> "NDArray[np.float32]":
    """Return a stretch of a bed, shape (samples, channels), full scale = 1.

    `start` counts samples from the bed's beginning. Any stretch is the same bytes as that stretch of a longer call;
    nothing before it is made, but for the beginning of its first block. The bed has no beginning of its own: it is at
    its level from the first sample on. The mean of two channels is the one channel of a mono bed, so nothing is lost
    where a stereo track is heard from one loudspeaker.

    Raises SoundError for an unknown bed, and ValueError for a seed, a stretch or channels that cannot be.
    """
    import numpy as np

    bed(name)
    if not 0 <= seed < SEEDS:
        raise ValueError(f"a bed's seed is a whole number from 0 to {SEEDS - 1}, and not {seed}")
    if start < 0 or samples < 0:
        raise ValueError("a stretch of a bed begins at sample 0 or later, and has no fewer than 0 samples")
    if channels not in {1, 2}:
        raise ValueError(f"a bed has 1 or 2 channels, and not {channels}")
    stretch = np.empty((samples, channels), dtype=np.float32)
    for block in range(start // BLOCK, -(-(start + samples) // BLOCK)):
        first, last = max(start, block * BLOCK), min(start + samples, (block + 1) * BLOCK)
        made = _block(name, seed, block, channels, settings)
        stretch[first - start : last - start] = made[first - block * BLOCK : last - block * BLOCK]
    return stretch
