"""Blocks of sound at 44 100 Hz -> pieces at the rate of a file, exactly as many samples as that makes."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from calmcast.model.timeline import Block
from calmcast.units import SAMPLE_RATE

_AT_ONCE = SAMPLE_RATE
"""Samples of silence that are made at once."""


def samples_at(rate: int, samples: int) -> int:
    """Return how many samples at a rate in Hz hold so many at 44 100 Hz, to the next whole one."""
    return -(-samples * rate // SAMPLE_RATE)


def pieces(blocks: Iterable[Block], channels: int, rate: int) -> Iterator[NDArray[np.int16]]:
    """Yield blocks as arrays of shape (samples, channels) at a rate in Hz: exactly `samples_at` in all."""
    arrays = (array for block in blocks for array in _arrays(block, channels))
    yield from arrays if rate == SAMPLE_RATE else _converted(arrays, channels, rate)


def _arrays(block: Block, channels: int) -> Iterator[NDArray[np.int16]]:
    if block.pcm is not None:
        yield np.frombuffer(block.pcm, "<i2").reshape(-1, channels)
        return
    for first in range(0, block.samples, _AT_ONCE):
        yield np.zeros((min(_AT_ONCE, block.samples - first), channels), np.int16)


def _converted(arrays: Iterable[NDArray[np.int16]], channels: int, rate: int) -> Iterator[NDArray[np.int16]]:
    # As Any: soxr says that it is typed, but not of which arrays.
    stream: Any = soxr.ResampleStream(SAMPLE_RATE, rate, channels, dtype="float32", quality="HQ")
    heard = given = 0
    for array in arrays:
        heard += len(array)
        made = _rounded(stream.resample_chunk(array.astype(np.float32)))
        given += len(made)
        yield made
    # The rest is within what its filter holds back; rounding may leave it a sample short of the next whole one.
    left = samples_at(rate, heard) - given
    rest = _rounded(stream.resample_chunk(np.zeros((0, channels), np.float32), last=True))[:left]
    yield np.pad(rest, ((0, left - len(rest)), (0, 0)))


def _rounded(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    return np.rint(samples).clip(-32_768, 32_767).astype(np.int16)
