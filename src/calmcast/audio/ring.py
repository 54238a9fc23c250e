"""Bells as samples."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.bells import BellSound, chosen
from calmcast.audio.loudness import lufs, measure
from calmcast.units import SAMPLE_RATE, gain

_TWIN = 0.2
"""The second of a pair, relative to the first: the sound sways by 3.5 dB and never beats itself away."""

_KEPT = 16
"""So many bells are kept. The longest takes 5 MB."""


def _wave(sound: BellSound) -> NDArray[np.float64]:
    """Return a bell's sound, at no level in particular: a sum of sines that decay exponentially (modal synthesis)."""
    time = np.arange(sound.samples) / SAMPLE_RATE
    wave = np.zeros(sound.samples)
    for partial in sound.partials:
        frequency, apart = sound.frequency * partial.ratio, partial.beat / 2
        pair = np.sin(2 * np.pi * (frequency - apart) * time) + _TWIN * np.cos(2 * np.pi * (frequency + apart) * time)
        wave += gain(partial.level) * pair * 10.0 ** (-3.0 * time / partial.decay)
    wave *= 0.5 - 0.5 * np.cos(np.pi * np.clip(time / sound.strike, 0.0, 1.0))
    damped = round(sound.samples * sound.damped)
    wave[-damped:] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(1, damped + 1) / damped)
    return wave


def _loudest(samples: NDArray[np.int16]) -> float:
    """Return how loud the loudest 400 ms of a bell are, in LUFS."""
    windows, _ = measure(samples)
    return lufs(max(windows))


@lru_cache(maxsize=_KEPT)
def ring(name: str, pitch: float | str | None = None, length: int | None = None) -> NDArray[np.int16]:
    """Return a bell's mono samples, `bell_samples` of them, from silence to silence; the array is read-only.

    `pitch`: of the lowest partial, in Hz or as `parse_pitch` reads it; the others move along, the beats stay as slow
    as they are. `length`: samples until the bell has fallen by 60 dB, which is also where it ends. None: as the bell is
    by itself. With either, the bell is as loud as without: its loudest 400 ms are.

    Raises SoundError for an unknown name, and UnitError, a ValueError, for a pitch or a length that it cannot have.
    """
    sound = chosen(name, pitch, length)
    wave = _wave(sound)
    wave *= 32_768 * gain(sound.peak) / np.abs(wave).max()
    if pitch is not None or length is not None:
        wave *= gain(_loudest(ring(name)) - _loudest(np.rint(wave).astype(np.int16)))
    finished: NDArray[np.int16] = np.rint(wave).astype(np.int16)
    finished.setflags(write=False)
    return finished
