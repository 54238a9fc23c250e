"""A recording in any format that phones and programs write -> mono samples at 44 100 Hz, a stretch at a time."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calmcast.audio import decode
from calmcast.audio.decode import FileKind, decoded, mono_shares
from calmcast.errors import SoundError
from calmcast.takes.envelope import Envelope, envelope
from calmcast.units import SAMPLE_RATE, format_clock

RECORDING = FileKind(
    "recording",
    again="copy it from the phone again, after the recorder has said that it is saved",
    unlocked="record your own voice with the phone's recorder: such files are free",
    louder="record it again with the microphone on",
)

_SURE_AFTER = 30 * SAMPLE_RATE
"""So much sound tells which channels carry the voice."""
_SILENT = 1e-9


def listen(path: Path) -> Envelope:
    """Return the envelope of a recording, read once from end to end; memory does not grow with its sound.

    Raises SoundError where it is no whole recording.
    """
    return envelope(blocks(path))


def about_s(path: Path) -> float:
    """Return about how many seconds a recording lasts, from its header; 0 where it does not say."""
    return decode.about_s(path, RECORDING)


def samples_between(path: Path, start: int, end: int) -> NDArray[np.float32]:
    """Return the samples from `start` to `end`, counted at 44 100 Hz from the first that is decoded: (end - start,).

    Mono, full scale = 1. Raises SoundError where the file cannot be read or is shorter.
    """
    return next(samples_of(path, ((start, end),)))


def samples_of(path: Path, spans: Sequence[tuple[int, int]]) -> Iterator[NDArray[np.float32]]:
    """Yield the samples of each (start, end), as `samples_between`, in one reading.

    The spans are in order and do not overlap. The file is decoded from its beginning: that is what makes a position
    the same sample every time, which seeking in compressed sound does not.
    """
    sound = blocks(path)
    held, first = np.zeros(0, np.float32), 0
    for start, end in spans:
        if not first <= start < end:
            raise ValueError(f"{start} to {end} is no span after {first}")
        parts = [held]
        there = first + len(held)
        while there < end:
            block = next(sound, None)
            if block is None:
                raise SoundError(
                    f"{path.name} ends at {format_clock(there)}, before a line that was cut from it",
                    "put the recording back as it was, or record the line again",
                )
            if there + len(block) <= start:
                parts, first = [], there + len(block)
            else:
                parts.append(block)
            there += len(block)
        held = np.concatenate(parts)
        yield held[start - first : end - first]
        held, first = held[end - first :], end


def blocks(path: Path) -> Iterator[NDArray[np.float32]]:
    """Yield a recording as mono blocks of some tens of milliseconds at 44 100 Hz, full scale = 1.

    Channels are averaged; one that carries nothing is left out, and of two that cancel each other the first is taken.
    Raises SoundError where the file is missing, is empty, is no audio, is locked, or was cut off.
    """
    shares = _shares(path)
    for channels in decoded(path, RECORDING):
        yield shares @ channels


def _shares(path: Path) -> NDArray[np.float32]:
    """Return by how much each channel is taken, from the first 30 s in which there is any sound."""
    heard, power, together = 0, np.zeros(1), 0.0
    for channels in decoded(path, RECORDING):
        squares = (channels.astype(np.float64) ** 2).sum(axis=1)
        power = power + squares
        together += float((channels.mean(axis=0, dtype=np.float64) ** 2).sum())
        heard += channels.shape[1] * bool(squares.max() > _SILENT * channels.shape[1])
        if heard >= _SURE_AFTER:
            break
    return mono_shares(power, together)
