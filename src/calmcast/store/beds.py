"""Sound files as beds in a store: decoded once, and read in stretches, so that memory does not grow with their length.

What is kept is the sound of the file, its first hour: 16-bit little-endian samples at 44 100 Hz, at half their level,
so that what goes a little over full scale has room. What else is known of the bed is its head.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from os import SEEK_END
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from calmcast.jsonfile import object_of
from calmcast.model.sound import FileBed, Loop
from calmcast.store.store import BED, Draft, Store, content_key

Read = Callable[[int, int], NDArray[np.float32]]
"""(first, last) -> those samples of a file: (last - first, channels)."""

FORMAT = 3
"""Part of every key. Goes up when files are decoded, looped, measured or kept in another way."""
FULL_SCALE = 16_384
"""What stands for full scale in what is kept."""


def bed_key(content: str) -> str:
    """Return the key of the bed that is made of a file whose bytes have this SHA-256."""
    return content_key(BED, FORMAT, content)


def kept_bed(store: Store, key: str, name: str) -> FileBed | None:
    """Return the bed that is kept under a key; None where there is none, or it is damaged.

    `name`: the sound file's.
    """
    head, path = store.heads([key]).get(key), store.path(key)
    if head is None or path is None:
        return None
    try:
        said = object_of(head)
        mono, stereo = said["loudness"]
        bed = FileBed(
            name=name,
            kept=path,
            channels=int(said["channels"]),
            length=int(said["length"]),
            loop=Loop(**said["loop"]),
            shares=tuple(float(share) for share in said["shares"]),
            loudness=(float(mono), float(stereo)),
            peak=float(said["peak"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
    return bed


def describe(draft: Draft, bed: FileBed) -> None:
    """Say of a draft with all of a bed's samples what is known of it."""
    size = draft.file.seek(0, SEEK_END)
    if size != _size(bed):
        raise ValueError("more or fewer samples than are said to be there")
    said = {name: value for name, value in asdict(bed).items() if name not in {"name", "kept"}}
    draft.head = json.dumps(said).encode("ascii")


def reading(file: BinaryIO, channels: int, mixed: Iterable[tuple[float, ...]] | None = None) -> Read:
    """Return what reads the samples of a bed with so many channels; it raises EOFError where there are none.

    `mixed`: for each channel that is wanted, how much it takes of each in the file; None: as they are.
    """
    wanted = None if mixed is None else np.asarray([*mixed], np.float32) / np.float32(FULL_SCALE)

    def read(first: int, last: int) -> NDArray[np.float32]:
        size = 2 * channels * (last - first)
        file.seek(2 * channels * first)
        data = file.read(size)
        if len(data) != size:
            raise EOFError
        pcm = np.frombuffer(data, "<i2").reshape(-1, channels).astype(np.float32)
        if wanted is None:
            return pcm / np.float32(FULL_SCALE)
        # Sums of products one by one: a matrix product may round otherwise for another number of samples.
        made = pcm[:, :1] * wanted[:, 0]
        for channel in range(1, channels):
            made += pcm[:, channel : channel + 1] * wanted[:, channel]
        return np.asarray(made, np.float32)

    return read


def _size(bed: FileBed) -> int:
    return 2 * bed.channels * bed.length
