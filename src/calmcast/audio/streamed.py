"""The loudness and the true peak of sound that need not fit in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.loudness import STEP, measure

_STRETCH = 200 * STEP
"""Samples that are measured at once: 20 s."""
_BEFORE, _AFTER = 2 * STEP, 4 * STEP
"""What is looked at besides: the weighting filter settles before, and the last windows reach 300 ms farther. The outer
100 ms of both fade, because a cut there would be a peak."""


@dataclass(frozen=True, slots=True, eq=False)
class SoundLevels:
    """What is known of a sound."""

    samples: int
    channels: NDArray[np.float64]
    """(channels, windows) K-weighted mean square of each 400 ms at 100 ms steps, full scale = 1."""
    middle: NDArray[np.float64]
    """(windows,) the same of the mean of all channels."""
    peak: float
    """The highest true peak of a channel as an amplitude, full scale = 1."""


def measure_blocks(blocks: Iterable[NDArray[np.int16]], full_scale: int = 32_768) -> SoundLevels:
    """Return what `loudness.measure` gives of each channel and of their mean; blocks: (samples, channels), any lengths.

    `full_scale`: the sample value that stands for it.
    BS.1770-4 sums the channels: the loudness of two is that of the sum of their windows. Raises ValueError where there
    are no blocks.
    """
    rows: list[NDArray[np.float64]] = []
    samples, peak = 0, 0.0
    for stretch, first, last in _stretches(blocks):
        samples += last - first
        channels = [np.ascontiguousarray(channel) for channel in stretch.T]
        found = [measure(channel) for channel in channels]
        peak = max(peak, *(highest for _, highest in found))
        if len(channels) > 1:
            found.append(measure(np.rint(stretch.mean(axis=1)).astype(np.int16)))
        end = last // STEP if last < len(stretch) else None
        rows.append(np.array([windows[first // STEP : end] for windows, _ in found]))
    if not rows:
        raise ValueError("there is no sound to measure")
    scale = 32_768 / full_scale
    together = np.concatenate(rows, axis=1) * scale**2
    return SoundLevels(samples, together[: max(1, len(together) - 1)], together[-1], peak * scale)


def _stretches(blocks: Iterable[NDArray[np.int16]]) -> Iterator[tuple[NDArray[np.int16], int, int]]:
    """Yield (stretch, first, last): the samples from first to last follow on those of the stretch before."""
    held: list[NDArray[np.int16]] = []
    there, before = 0, 0
    for block in blocks:
        held.append(block)
        there += len(block)
        while there >= before + _STRETCH + _AFTER:
            whole = np.concatenate(held)
            last = before + _STRETCH
            yield _faded(whole[: last + _AFTER], bool(before), True), before, last
            held, before = [whole[last - _BEFORE :]], _BEFORE
            there = len(held[0])
    if there > before:
        yield _faded(np.concatenate(held), bool(before), False), before, there


def _faded(stretch: NDArray[np.int16], comes: bool, goes: bool) -> NDArray[np.int16]:
    ramp = (np.arange(STEP) / STEP)[:, None]
    faded = stretch.copy()
    if comes:
        faded[:STEP] = np.rint(faded[:STEP] * ramp)
    if goes:
        faded[-STEP:] = np.rint(faded[-STEP:] * ramp[::-1])
    return faded
