"""Bells as samples: struck bodies whose partials each ring at their own pitch, level and decay."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from calmcast.errors import SoundError
from calmcast.units import SAMPLE_RATE, gain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Partial:
    """One way in which the body rings."""

    ratio: float
    """Its frequency relative to the bell's."""
    level: float
    """Its level at the strike, in decibels relative to the lowest partial."""
    decay: float
    """Seconds in which it falls by 60 dB."""
    beat: float = 0.0
    """Beats a second. A body that is not quite round rings each partial as a pair, this many Hz apart."""


@dataclass(frozen=True, slots=True)
class BellSound:
    """A bell: what it is like, and how it is made."""

    about: str
    frequency: float
    """Of the lowest partial, in Hz."""
    strike: float
    """Seconds in which the sound comes up: the softer the mallet, the longer."""
    samples: int
    peak: float
    """The highest sample, in dBFS: well under a voice, so that no bell startles a person at rest."""
    partials: tuple[Partial, ...]


# Ratios: a bowl's rim bends as a thin ring, whose modes n = 2, 3, 4, 5 lie at n(n^2 - 1) / sqrt(n^2 + 1), so at
# 1 : 2.83 : 5.42 : 8.77; a wooden bar free at both ends bends at 1 : 2.76 : 5.40 (both: N. H. Fletcher and
# T. D. Rossing, The Physics of Musical Instruments). The tingsha's ratio, and all levels, decays and beats, are
# designed for a calm sound.
BELLS: Mapping[str, BellSound] = MappingProxyType(
    {
        "soft": BellSound(
            about="a small bowl touched with a felt mallet: warm and round, gone after eight seconds",
            frequency=396.0,
            strike=0.030,
            samples=8 * SAMPLE_RATE,
            peak=-13.0,
            partials=(
                Partial(1.0, 0.0, 7.0, beat=0.7),
                Partial(2.83, -15.0, 4.0, beat=1.1),
                Partial(5.42, -29.0, 1.8, beat=1.9),
            ),
        ),
        "bowl": BellSound(
            about="a large singing bowl: deep, slowly swaying, gone after twelve seconds",
            frequency=198.0,
            strike=0.040,
            samples=12 * SAMPLE_RATE,
            peak=-13.0,
            partials=(
                Partial(1.0, 0.0, 11.0, beat=0.5),
                Partial(2.83, -6.0, 7.5, beat=0.9),
                Partial(5.42, -18.0, 4.0, beat=1.3),
                Partial(8.77, -32.0, 2.0, beat=2.1),
            ),
        ),
        "tingsha": BellSound(
            about="two small cymbals: high, clear and shimmering, gone after six seconds",
            frequency=2100.0,
            strike=0.008,
            samples=6 * SAMPLE_RATE,
            peak=-20.0,
            partials=(
                Partial(1.0, 0.0, 5.0, beat=5.2),
                Partial(2.31, -20.0, 2.2, beat=7.4),
            ),
        ),
        "wood": BellSound(
            about="a wooden block tapped once: short and dry, for those who find bells too much",
            frequency=430.0,
            strike=0.004,
            samples=SAMPLE_RATE // 2,
            peak=-14.0,
            partials=(
                Partial(1.0, 0.0, 0.35),
                Partial(2.76, -12.0, 0.16),
                Partial(5.40, -24.0, 0.08),
            ),
        ),
    }
)
"""Every bell by its name."""

_TWIN = 0.2
"""The second of a pair, relative to the first: the sound sways by 3.5 dB and never beats itself away."""

_DAMPED = 0.25
"""The last share of a bell's samples, over which what is left of it is brought down to nothing."""


def bell(name: str) -> BellSound:
    """Return the bell of that name. Raises SoundError where there is none, with the nearest name."""
    found = BELLS.get(name)
    if found is None:
        near = difflib.get_close_matches(name.lower(), BELLS, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"the bells are: {', '.join(BELLS)}"
        raise SoundError(f"there is no bell called `{name}`", hint)
    return found


def bell_samples(name: str) -> int:
    """Return how long a bell sounds, in samples. Raises SoundError for an unknown name."""
    return bell(name).samples


@cache
def ring(name: str) -> "NDArray[np.int16]":
    """Return a bell's mono samples, `bell_samples(name)` of them, from silence to silence; the array is read-only.

    A sum of sines that decay exponentially (modal synthesis). Raises SoundError for an unknown name.
    """
    import numpy as np

    sound = bell(name)
    time = np.arange(sound.samples) / SAMPLE_RATE
    wave = np.zeros(sound.samples)
    for partial in sound.partials:
        frequency, apart = sound.frequency * partial.ratio, partial.beat / 2
        pair = np.sin(2 * np.pi * (frequency - apart) * time) + _TWIN * np.cos(2 * np.pi * (frequency + apart) * time)
        wave += gain(partial.level) * pair * 10.0 ** (-3.0 * time / partial.decay)
    wave *= 0.5 - 0.5 * np.cos(np.pi * np.clip(time / sound.strike, 0.0, 1.0))
    damped = round(sound.samples * _DAMPED)
    wave[-damped:] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(1, damped + 1) / damped)
    finished: NDArray[np.int16] = np.rint(wave * (32_768 * gain(sound.peak) / np.abs(wave).max())).astype(np.int16)
    finished.setflags(write=False)
    return finished
