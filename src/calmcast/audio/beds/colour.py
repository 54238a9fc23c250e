"""Coloured noise in blocks that join without a seam: white noise and impulses through finite filters, by FFT.

Everything here works on the *sources* of a block: its own samples and the chunk before it, which is as much as the
longest filter looks back. A filter's first answers, where the FFT wraps round, fall into that chunk and are dropped
(overlap-save: A. V. Oppenheim and R. W. Schafer, Discrete-Time Signal Processing).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.beds.chance import BLOCK, CHUNK, Chance
from calmcast.units import SAMPLE_RATE

SIZE = CHUNK + BLOCK
"""Samples of a source."""

WIDTH = 0.45
"""The side's level relative to the middle's: left and right are alike by two thirds, and their mean is the middle."""


@dataclass(frozen=True, slots=True)
class Colour:
    """The spectrum of a noise: a straight slope between two gentle edges."""

    low: float
    """Hz where it has fallen by 3 dB on the low side."""
    high: float
    """Hz where it has fallen by 3 dB on the high side."""
    slope: float = 0.0
    """Decibels an octave."""
    low_order: int = 2
    """How steeply it falls below `low`: 6 dB an octave each."""
    high_order: int = 2
    """How steeply it falls above `high`."""


def chunks_of(block: int) -> range:
    """Return the indices of the chunks that a block's sources are made of."""
    first = block * (BLOCK // CHUNK)
    return range(first - 1, first + BLOCK // CHUNK)


def source_start(block: int) -> int:
    """Return the sample index at which a block's sources begin."""
    return block * BLOCK - CHUNK


@cache
def response(colour: Colour) -> NDArray[np.inexact]:
    """Return the frequency response of a colour, for `heard`; white noise of variance 1 comes out with variance 1.

    Butterworth edges, made finite by the frequency-sampling method with a Hann window.
    """
    hertz = np.fft.rfftfreq(CHUNK, 1 / SAMPLE_RATE)
    hertz[0] = 1.0
    wanted = (hertz / 1000.0) ** (colour.slope / (20.0 * np.log10(2.0)))
    wanted /= np.sqrt(1.0 + (colour.low / hertz) ** (2 * colour.low_order))
    wanted /= np.sqrt(1.0 + (hertz / colour.high) ** (2 * colour.high_order))
    wanted[0] = 0.0
    kernel = np.roll(np.fft.irfft(wanted, CHUNK), CHUNK // 2) * np.hanning(CHUNK + 1)[:-1]
    return of_kernel(kernel / np.sqrt((kernel**2).sum()))


def of_kernel(kernel: NDArray[np.float64]) -> NDArray[np.inexact]:
    """Return the frequency response of an impulse response of at most CHUNK samples. It lets no DC through."""
    answer = np.fft.rfft(kernel.astype(np.float32), SIZE)
    answer[0] = 0.0
    return answer


def white(chance: Chance, layer: str, block: int, channels: int) -> NDArray[np.inexact]:
    """Return the spectrum of white noise: the middle and, for two channels, the side; shape (channels, bins)."""
    rows = []
    for row, width in zip(("middle", "side")[:channels], (1.0, WIDTH), strict=False):
        rows.append(np.concatenate([chance.white(f"{layer}.{row}", chunk) for chunk in chunks_of(block)]) * width)
    return np.fft.rfft(np.array(rows, dtype=np.float32))


def heard(spectrum: NDArray[np.inexact]) -> NDArray[np.float32]:
    """Return the block that a source's spectrum stands for: (channels, bins) to (channels, BLOCK)."""
    return np.fft.irfft(spectrum, SIZE)[..., CHUNK:].astype(np.float32)
