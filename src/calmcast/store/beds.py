"""A teacher's sound file as a bed, and what is kept of it.

A kept file is a page of JSON, then the sound of the file from end to end: 16-bit little-endian samples at 44 100 Hz, at
half their level, so that what goes a little over full scale has room.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from hashlib import sha256
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from calmcast.model.sound import FileBed, Loop

Read = Callable[[int, int], NDArray[np.float32]]
"""(first, last) -> those samples of a file: (last - first, channels)."""

FORMAT = 1
"""Part of every kept file's name. Goes up when files are decoded, looped, measured or kept in another way."""
FULL_SCALE = 16_384
"""What stands for full scale in a kept file."""
HEADER = 4_096
"""Bytes before the first sample."""

_SPOTS, _SPOT = 256, 4_096
"""So many places of so many bytes tell a damaged file, however long it is."""


def kept_path(folder: Path, content: str) -> Path:
    """Return where the sound of a file is kept whose bytes have this SHA-256."""
    key = sha256(f"bed {FORMAT} {content}".encode()).hexdigest()
    return folder / f"{key}.bed"


def open_kept(kept: Path, name: str) -> FileBed | None:
    """Return the bed that is kept in a file; None where there is none, or it is damaged or something else.

    `name`: the sound file's.
    """
    try:
        with kept.open("rb") as file:
            said = json.loads(file.read(HEADER))
            mono, stereo = said["loudness"]
            bed = FileBed(
                name=name,
                kept=kept,
                channels=int(said["channels"]),
                length=int(said["length"]),
                loop=Loop(**said["loop"]),
                shares=tuple(float(share) for share in said["shares"]),
                loudness=(float(mono), float(stereo)),
                peak=float(said["peak"]),
            )
            whole = said["calmcast"] == FORMAT and said["checksum"] == _checksum(file, bed)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return bed if whole else None


def write_header(file: BinaryIO, bed: FileBed) -> None:
    """Write what is known of a bed before its samples, which are all there."""
    data = json.dumps({**_said(bed), "checksum": _checksum(file, bed)}).encode("ascii")
    file.seek(0)
    file.write(data.ljust(HEADER - 1) + b"\n")


def reading(file: BinaryIO, channels: int, mixed: Iterable[tuple[float, ...]] | None = None) -> Read:
    """Return what reads the samples of a kept file with so many channels; it raises EOFError where there are none.

    `mixed`: for each channel that is wanted, how much it takes of each in the file; None: as they are.
    """
    wanted = None if mixed is None else np.asarray([*mixed], np.float32) / np.float32(FULL_SCALE)

    def read(first: int, last: int) -> NDArray[np.float32]:
        size = 2 * channels * (last - first)
        file.seek(HEADER + 2 * channels * first)
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


def _said(bed: FileBed) -> dict[str, object]:
    """Return what a kept file says of itself: all but where it is, and what the sound file is called."""
    return {"calmcast": FORMAT} | {name: value for name, value in asdict(bed).items() if name not in {"name", "kept"}}


def _checksum(file: BinaryIO, bed: FileBed) -> str:
    """Return the checksum of what is said of a bed, of how many bytes there are, and of samples here and there."""
    size = file.seek(0, SEEK_END) - HEADER
    if size != 2 * bed.channels * bed.length:
        raise ValueError("more or fewer samples than are said to be there")
    found = sha256(f"{bed.kept.name} {json.dumps(_said(bed))}".encode())
    for spot in range(_SPOTS):
        file.seek(HEADER + max(0, size - _SPOT) * spot // (_SPOTS - 1))
        found.update(file.read(_SPOT))
    return found.hexdigest()
