"""How loud something sounds, by ITU-R BS.1770-4: K-weighting, 400 ms windows, two gates."""

import math
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.fourier import sound_of, spectrum_of
from calmcast.audio.truepeak import true_peak
from calmcast.units import SAMPLE_RATE

SPEECH_LUFS = -19.0
"""Where a mono voice sits: as loud as -16 LUFS from two loudspeakers."""


def speech_lufs(channels: int) -> float:
    """Return where a voice sits in a track of one or two channels. Two carry the same samples, and sum to 3 LU more."""
    return SPEECH_LUFS + 3.0 * (channels - 1)


MOST_GAIN_DB = 30.0
"""More than this would only bring up a recording's noise."""

LOUDEST_PEAK_DB = 18.0
"""How far over full scale a voice's highest peak may be brought before the limiter."""

STEP = SAMPLE_RATE // 10
WINDOW = 4 * STEP
AROUND_STEPS = 3
"""A recording is measured with so many steps of silence at each end: it stands between silences, and a track's windows
overlap it by so much."""

_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE_LU = -10.0
_FULL_SCALE = 32_768
_STEPS = 3
_SIZE = 9 << 11
_SETTLE = _SIZE - _STEPS * STEP
"""The weighting filter's answer to a click is 200 dB down after this many samples, 0.12 s."""
_AT_ONCE = 4
"""So many transforms side by side stay in a processor's cache."""


Powers = Sequence[float] | NDArray[np.float64]
"""Mean squares, full scale = 1."""


class Biquad(NamedTuple):
    """A second-order filter: b0 + b1/z + b2/z^2 over 1 + a1/z + a2/z^2."""

    b0: float
    b1: float
    b2: float
    a1: float
    a2: float


def k_weighting(rate: int) -> tuple[Biquad, Biquad]:
    """Return the two filters of the K-weighting, high shelf and high pass, for a sample rate in Hz.

    ITU-R BS.1770-4, Annex 1, gives them for 48 kHz only (tables 1 and 2). The corner frequencies, Qs and shelf gains
    here are those whose bilinear transform at 48 kHz gives these tables (B. De Man, Evaluation of Implementations of
    the EBU R128 Loudness Measurement, AES 145, 2018; libebur128 uses the same), so other rates follow.
    """
    k, q = math.tan(math.pi * 1681.974450955533 / rate), 0.7071752369554196
    high = 10.0 ** (3.999843853973347 / 20.0)
    middle = high**0.4996667741545416
    a0 = 1.0 + k / q + k * k
    shelf = Biquad(
        b0=(high + middle * k / q + k * k) / a0,
        b1=2.0 * (k * k - high) / a0,
        b2=(high - middle * k / q + k * k) / a0,
        a1=2.0 * (k * k - 1.0) / a0,
        a2=(1.0 - k / q + k * k) / a0,
    )
    k, q = math.tan(math.pi * 38.13547087602444 / rate), 0.5003270373238773
    a0 = 1.0 + k / q + k * k
    high_pass = Biquad(b0=1.0, b1=-2.0, b2=1.0, a1=2.0 * (k * k - 1.0) / a0, a2=(1.0 - k / q + k * k) / a0)
    return shelf, high_pass


def response_of(biquad: Biquad, size: int) -> NDArray[np.complex128]:
    """Return a filter's frequency response at the bins of a real FFT of `size` samples."""
    b0, b1, b2, a1, a2 = biquad
    delay = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    response: NDArray[np.complex128] = (b0 + delay * (b1 + delay * b2)) / (1.0 + delay * (a1 + delay * a2))
    return response


@cache
def k_response(size: int) -> NDArray[np.complex128]:
    """Return the K-weighting's frequency response at the bins of a real FFT of `size` samples."""
    shelf, high_pass = k_weighting(SAMPLE_RATE)
    return response_of(shelf, size) * response_of(high_pass, size)


@cache
def _single_k_response(size: int) -> NDArray[np.complex64]:
    return k_response(size).astype(np.complex64)


def _step_energies(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    """Return the K-weighted sum of squares of each whole 100 ms, full scale = 1.

    Filtered by overlap-save: each row of 300 ms is transformed with what came before it, to settle the filter.
    """
    steps = len(samples) // STEP
    rows = -(-steps // _STEPS)
    padded = np.zeros(_SETTLE + rows * _STEPS * STEP, np.float32)
    padded[_SETTLE : _SETTLE + steps * STEP] = samples[: steps * STEP]
    around = np.lib.stride_tricks.sliding_window_view(padded, _SIZE)[:: _STEPS * STEP]
    energies = np.empty((rows, _STEPS))
    for first in range(0, rows, _AT_ONCE):
        spectra = spectrum_of(around[first : first + _AT_ONCE], _SIZE) * _single_k_response(_SIZE)
        weighted = sound_of(spectra, _SIZE)[:, _SETTLE:]
        energies[first : first + _AT_ONCE] = np.square(weighted).reshape(-1, _STEPS, STEP).sum(axis=2)
    return energies.reshape(-1)[:steps] / _FULL_SCALE**2


def windows_of(samples: NDArray[np.int16]) -> tuple[float, ...]:
    """Return a mono recording's K-weighted mean square of each 400 ms at 100 ms steps, full scale = 1.

    A recording shorter than 400 ms is one window, filled up with silence. In single precision: what is 100 dB under
    the sound around it has no exact value.
    """
    padded = samples if len(samples) >= WINDOW else np.pad(samples, (0, WINDOW - len(samples)))
    sums = np.concatenate(([0.0], np.cumsum(_step_energies(padded))))
    return tuple(np.clip((sums[4:] - sums[:-4]) / WINDOW, 0.0, None).tolist())


def measure(samples: NDArray[np.int16]) -> tuple[tuple[float, ...], float]:
    """Return a mono recording's loudness and true peak: (windows, peak).

    `windows`: as `windows_of` gives them. `peak`: the true peak as an amplitude, full scale = 1 (BS.1770-4, Annex 2).
    """
    return windows_of(samples), true_peak(samples) / _FULL_SCALE


def lufs(mean_square: float) -> float:
    """Return a K-weighted mean square (full scale = 1) as LUFS; -inf for silence (BS.1770-4, Annex 1, formula 2)."""
    return -0.691 + 10.0 * math.log10(mean_square) if mean_square > 0.0 else -math.inf


def power_of(loudness: float) -> float:
    """Return the K-weighted mean square, full scale = 1, of a loudness in LUFS: `lufs` the other way."""
    return float(10.0 ** ((loudness + 0.691) / 10.0))


def integrated(windows: Powers, among: Powers = ()) -> float:
    """Return the gated loudness in LUFS of 400 ms windows, in any order; -inf where nothing passes the gates.

    `among`: windows of something else, softer, that is heard in the same track: they lower the relative gate, as they
    do for a meter that listens to the whole, and are not counted.

    BS.1770-4, Annex 1: windows at or under -70 LUFS are left out, then those 10 LU or more under the mean of the rest.
    """
    heard, beside = np.asarray(windows), np.asarray(among)
    gate = power_of(_ABSOLUTE_GATE_LUFS)
    heard, beside = heard[heard > gate], beside[beside > gate]
    if not len(heard):
        return -math.inf
    every = np.concatenate((heard, beside))
    gate = power_of(lufs(math.fsum(every.tolist()) / len(every)) + _RELATIVE_GATE_LU)
    speaking = heard[heard > gate]
    return lufs(math.fsum(speaking.tolist()) / len(speaking))


def voice_gain(windows: Powers, peak: float, target: float = SPEECH_LUFS) -> float:
    """Return the one gain in dB that brings a voice to `target` LUFS.

    `windows`: those of all its recordings together, so that its lines keep their level relative to each other.
    `peak`: the highest true peak of them, full scale = 1. The gain is at most `MOST_GAIN_DB`, and leaves the highest
    peak at most `LOUDEST_PEAK_DB` over full scale. A silent voice gets 0 dB.
    """
    loudness = integrated(windows)
    if loudness == -math.inf or peak <= 0.0:
        return 0.0
    return min(target - loudness, MOST_GAIN_DB, LOUDEST_PEAK_DB - 20.0 * math.log10(peak))
