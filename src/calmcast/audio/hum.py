"""Mains hum: finding 50 or 60 Hz and its harmonics in room tone, and taking them out of speech. Pure functions."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calmcast.units import SAMPLE_RATE

_MAINS_HZ = (50, 60)
_HARMONICS = 12
_OFF = 0.004
"""How far the mains, and the recorder's clock, may be off."""
_BESIDE_HZ = (12.0, 22.0)
_STANDS_OUT = 30.0
"""A power so many times the median beside it, 15 dB, is no chance in noise."""
_SIZE = 1 << 18

_BLOCK = SAMPLE_RATE // 100
_REACH = 30
"""Standard deviation, in blocks of 10 ms, of the window in which the hum is taken as steady: a notch 1 Hz wide."""


@dataclass(frozen=True, slots=True)
class Hum:
    """What hums in a recording."""

    mains_hz: int
    """50 or 60."""
    tones: tuple[tuple[float, float], ...]
    """(frequency in Hz as found, amplitude) of the fundamental and the harmonics that stand out."""


def find_hum(noise: NDArray[np.float32]) -> Hum | None:
    """Return the hum in room tone (mono, 44 100 Hz, a fifth of a second or more), or None.

    A tone counts where its peak stands 15 dB over the median of its neighbourhood; the first or second harmonic must.
    """
    noise = noise[: _SIZE // 2]
    window = np.hanning(len(noise))
    spectrum = np.abs(np.fft.rfft((noise - noise.mean()) * window, _SIZE)) * (2.0 / window.sum())
    found = [Hum(mains_hz, _tones(spectrum, mains_hz)) for mains_hz in _MAINS_HZ]
    likely = [hum for hum in found if any(hertz < 2.5 * hum.mains_hz for hertz, _ in hum.tones)]
    return max(likely, key=lambda hum: len(hum.tones), default=None)


def _tones(amplitudes: NDArray[np.float64], mains_hz: int) -> tuple[tuple[float, float], ...]:
    bin_hz = SAMPLE_RATE / _SIZE
    tones = []
    for hertz in range(mains_hz, mains_hz * _HARMONICS + 1, mains_hz):
        first, last = round(hertz * (1.0 - _OFF) / bin_hz) - 1, round(hertz * (1.0 + _OFF) / bin_hz) + 1
        peak = first + int(amplitudes[first : last + 1].argmax())
        near, far = (round(beside / bin_hz) for beside in _BESIDE_HZ)
        beside = np.concatenate((amplitudes[peak - far : peak - near], amplitudes[peak + near : peak + far]))
        if first < peak < last and amplitudes[peak] ** 2 > _STANDS_OUT * float(np.median(beside**2)):
            tones.append((peak * bin_hz, float(amplitudes[peak])))
    return tuple(tones)


def without_hum(samples: NDArray[np.float32], hum: Hum) -> NDArray[np.float32]:
    """Return a recording (mono, 44 100 Hz) without its hum; shape and unit stay.

    Each tone is followed through the recording and subtracted: demodulated, and averaged over about a second with the
    weight of each moment the inverse of its power (weighted least squares). The pauses tell what hums under the words,
    so that no voice is notched, and nothing rings before or after it. No tone is taken to be much louder than it is
    in room tone.
    """
    count = -(-len(samples) // _BLOCK)
    sound = np.pad(samples.astype(np.float64), (0, count * _BLOCK - len(samples)))
    blocks = sound.reshape(-1, _BLOCK)
    power = _averaged(blocks.var(axis=1), np.ones(5))
    weights = 1.0 / (power + 1e-12)
    kernel = np.exp(-0.5 * (np.arange(-3 * _REACH, 3 * _REACH + 1) / _REACH) ** 2)
    time = np.arange(len(sound)) / SAMPLE_RATE
    middles = np.arange(count) * _BLOCK + (_BLOCK - 1) / 2
    taken = np.zeros(len(sound))
    for hertz, amplitude in hum.tones:
        turning = np.exp(2j * np.pi * hertz * time)
        level = 2.0 * (blocks * turning.conj().reshape(-1, _BLOCK)).mean(axis=1)
        steady = _averaged(level * weights, kernel) / _averaged(weights, kernel)
        steady *= np.minimum(1.0, 1.5 * amplitude / np.maximum(np.abs(steady), 1e-12))
        taken += (np.interp(np.arange(len(sound)), middles, steady) * turning).real
    return (sound - taken)[: len(samples)].astype(np.float32)


def _averaged(values: NDArray[np.inexact], kernel: NDArray[np.float64]) -> NDArray[np.inexact]:
    """Return the sums of values under a kernel around each, of the same length."""
    reach = len(kernel) // 2
    return np.convolve(values, kernel)[reach : reach + len(values)]
