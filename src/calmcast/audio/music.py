"""A teacher's own sound files: one that goes on for ever under the voice, one that is struck as a bell.

A bed's file is decoded once and kept by its content.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.beds.chance import check_stretch
from calmcast.audio.decode import about_s, check_there, decoded, mono_shares
from calmcast.audio.loops import find_loop, looped, steady, trimmed
from calmcast.audio.loudness import STEP, integrated
from calmcast.audio.streamed import SoundLevels, measure_blocks
from calmcast.audio.struck import struck
from calmcast.audio.truepeak import true_peak
from calmcast.errors import SoundError
from calmcast.files import file_digest
from calmcast.model.sound import FileBed
from calmcast.store.beds import FULL_SCALE, bed_key, describe, kept_bed, reading
from calmcast.store.store import Draft, Store
from calmcast.units import SAMPLE_RATE, format_span

LONGEST_BELL = 60 * SAMPLE_RATE
SHORTEST_BED = SAMPLE_RATE
LONGEST_BED = 60 * 60 * SAMPLE_RATE
"""Of a longer file the first hour goes round: ten hours of rain would be 6 GB in the store."""

_PADDING = SAMPLE_RATE // 10
"""Encoders add some silence to what they are given."""
_TOLD = SAMPLE_RATE
"""Samples from one report of progress to the next, at least."""
_LONGER = "a bed needs a second of sound at least, and some minutes are better"
_ROOM = "free some space there, or name another folder in settings.yaml or with CALMCAST_STORE"


def bed_of_file(path: Path, store: Store, on_progress: Callable[[int, int], None] | None = None) -> FileBed:
    """Return a sound file as a bed. It is decoded only where the store does not have its sound already.

    Memory does not grow with its length. `on_progress` is told how many seconds are decoded, and about how many there
    are (0: nobody knows). Raises SoundError where the file cannot be read, is shorter than a second, is silent, or
    cannot be kept.
    """
    check_there(path)
    key = bed_key(file_digest(path))
    found = kept_bed(store, key, path.name)
    if found:
        return found
    try:
        with store.filling(key) as draft:
            _fill(draft, path, on_progress)
    except OSError as error:
        reason = error.strerror or error
        raise SoundError(f"the sound of {path.name} cannot be kept in {store.place}: {reason}", _ROOM) from error
    made = kept_bed(store, key, path.name)
    if made is None:
        raise SoundError(f"the sound of {path.name} was kept in {store.place}, and is gone or damaged", _ROOM)
    return made


def bell_of_file(path: Path) -> NDArray[np.int16]:
    """Return a sound file as a bell: mono samples from 2 ms before its strike to where it has rung out, read-only.

    Its loudest 400 ms are at -23 LUFS, as those of the other bells. Raises SoundError where the file cannot be read,
    is longer than a minute, or is silent.
    """
    blocks: list[NDArray[np.float32]] = []
    there = 0
    for block in decoded(path, stereo=True):
        blocks.append(block)
        there += block.shape[1]
        if there > LONGEST_BELL + _PADDING:
            message = f"{path.name} is longer than a minute, and a bell is not"
            raise SoundError(message, "cut it, or let it sound under the voice: `bed:` instead of `bell:`")
    sound = np.concatenate(blocks, axis=1).astype(np.float64)
    shares = mono_shares((sound**2).sum(axis=1), float((sound.mean(axis=0) ** 2).sum()))
    ready = struck(shares @ sound)
    if not len(ready):
        raise _silent(path)
    ready.setflags(write=False)
    return ready


def bed_samples_of(bed: FileBed, start: int, samples: int, channels: int) -> NDArray[np.float32]:
    """Return a stretch of the bed, shape (samples, channels), full scale = 1.

    `start` counts samples from the bed's beginning. Any stretch is the same bytes as that stretch of a longer
    call. A mono file is the same in both channels; of a stereo file, one channel is the mean of two, unless one of
    them carries nothing or they cancel each other.

    Raises ValueError for a stretch or channels that cannot be, SoundError where the kept file is gone.
    """
    check_stretch(start, samples, channels)
    as_it_is = channels == bed.channels == 2
    mixed = ((1.0, 0.0), (0.0, 1.0)) if as_it_is else (bed.shares,) * channels
    try:
        with bed.kept.open("rb") as file:
            return looped(reading(file, bed.channels, mixed), bed.loop, start, samples)
    except (OSError, EOFError) as error:
        message = f"the sound that was kept of {bed.name} is gone or damaged"
        raise SoundError(message, "run the command again: the file is read anew") from error


def _fill(draft: Draft, path: Path, on_progress: Callable[[int, int], None] | None) -> None:
    """Decode a file into a draft, and say of it what is needed to hear it as a bed."""
    measured = measure_blocks(_written(draft.file, path, on_progress), FULL_SCALE)
    describe(draft, _described(path, draft.file, measured))


def _written(file: BinaryIO, path: Path, on_progress: Callable[[int, int], None] | None) -> Iterator[NDArray[np.int16]]:
    """Yield a sound file's blocks, (samples, channels), as they are kept: its first hour."""
    about = min(round(about_s(path) * SAMPLE_RATE), LONGEST_BED)
    there = told = 0
    for block in decoded(path, stereo=True):
        if np.abs(block).max() * FULL_SCALE > 32_767:
            message = f"{path.name} goes far over full scale, so it would be distorted"
            raise SoundError(message, "export it again, softer by 12 dB or more")
        pcm = np.rint(block.T[: LONGEST_BED - there] * FULL_SCALE).astype("<i2")
        file.write(pcm.tobytes())
        there += len(pcm)
        if on_progress and there >= told + _TOLD:
            told = there
            on_progress(there // SAMPLE_RATE, about and max(about, there) // SAMPLE_RATE)
        yield pcm.astype(np.int16, copy=False)
        if there >= LONGEST_BED:
            break
    if on_progress:
        on_progress(there // SAMPLE_RATE, there // SAMPLE_RATE)


def _described(path: Path, file: BinaryIO, measured: SoundLevels) -> FileBed:
    """Return a sound file, whose samples are all in `file`, as a bed: where it loops, and how loud it is there."""
    if measured.samples < SHORTEST_BED:
        raise SoundError(f"{path.name} lasts only {format_span(measured.samples)}", _LONGER)
    together = measured.channels.sum(axis=0)
    if integrated(together) == -np.inf:
        raise _silent(path)
    channels = len(measured.channels)
    read = reading(file, channels)
    first, last = trimmed(read, *steady(together, measured.samples))
    if last - first < SHORTEST_BED:
        raise SoundError(f"{path.name} has only {format_span(last - first)} of sound in it", _LONGER)
    loop = find_loop(read, first, last)
    shares = mono_shares(measured.channels.sum(axis=1), float(measured.middle.sum()))
    alone = measured.middle if shares.all() else measured.channels[int(np.argmax(shares))]
    from_step = -(-loop.first // STEP)
    round_ = slice(from_step, max(from_step + 1, (loop.first + loop.period) // STEP))
    joint = looped(read, loop, loop.period, loop.fade).T.astype(np.float64)
    return FileBed(
        name=path.name,
        kept=path,  # until it is
        channels=channels,
        length=measured.samples,
        loop=loop,
        shares=tuple(shares.tolist()),
        loudness=(integrated(alone[round_]), integrated((together * (2 / channels))[round_])),
        peak=max(measured.peak, *(true_peak(channel) for channel in joint)),
    )


def _silent(path: Path) -> SoundError:
    return SoundError(f"there is nothing to hear in {path.name}", "choose another file, or make it louder")
