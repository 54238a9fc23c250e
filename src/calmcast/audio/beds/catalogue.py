"""Every bed by its name: continuous background sound, made and not recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from calmcast.audio.beds.settings import BedSettings
from calmcast.errors import SoundError
from calmcast.model.sound import BedSound
from calmcast.text import suggestion


@dataclass(frozen=True, slots=True)
class BedKind:
    """A bed: what it is like."""

    about: str
    keyed: bool = False
    """Whether it is in a key."""


BEDS: Mapping[str, BedKind] = MappingProxyType(
    {
        "rain": BedKind("steady fine rain on leaves, drops near and far"),
        "sea": BedKind("a calm sea: slow uneven waves that come and draw back"),
        "stream": BedKind("a small stream, bubbling softly"),
        "wind": BedKind("a low soft wind that freshens and falls"),
        "night": BedKind("a summer night: quiet air and a few crickets far away"),
        "brown": BedKind("brown noise: deep and even, like a distant waterfall"),
        "pink": BedKind("pink noise: even and a little lighter than brown"),
        "drone": BedKind("a warm low chord that sways slowly, in a key of your choice", keyed=True),
        "pad": BedKind("a soft chord whose notes come and go, in a key of your choice", keyed=True),
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


def bed(name: str) -> BedKind:
    """Return the bed of that name. Raises SoundError where there is none, with the nearest name."""
    found = BEDS.get(name)
    if found is None:
        hint = suggestion(name, BEDS) or f"the beds are: {', '.join(BEDS)}"
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
