"""An MP3 file as two things: its sound, which is MPEG frames, and all else in it, which is its tags.

The sound begins behind the ID3v2 tag, with the Info frame, and is as many bytes as that says: what other programs lay
behind it (an ID3v1 or APE tag) is no sound. Another tag leaves every byte of the sound as it is.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from struct import unpack
from typing import BinaryIO

from calmcast.errors import PublishError
from calmcast.files import atomic_file
from calmcast.publish.frames import side_info_bytes

_BLOCK_BYTES = 1 << 20
_ID3_HEADER_BYTES = 10
_FRAMES_AND_BYTES = 0b11
_MONO = 0b11
_HEAD_BYTES = 4 + 32 + 16
"""So many bytes of the first frame hold its header, its side information and the sizes in Xing's header."""


@dataclass(frozen=True, slots=True)
class Digests:
    """SHA-256s of a file, in hexadecimal digits."""

    file: str
    """Of all of it."""
    audio: str
    """Of its MPEG frames, the Info frame among them: what sounds."""
    tag: str
    """Of all that stands before and behind them."""


def digests(path: Path) -> Digests:
    """Return the digests of an MP3; all of another file is its sound. Raises OSError."""
    with path.open("rb") as file:
        return digests_in(file)


def digests_in(file: BinaryIO) -> Digests:
    """Return the digests of an MP3 that is open for reading, from its beginning on."""
    start, end = _sound(file)
    whole, audio, tag = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
    file.seek(0)
    for until, part in ((start, tag), (end, audio), (None, tag)):
        while block := file.read(_BLOCK_BYTES if until is None else min(_BLOCK_BYTES, until - file.tell())):
            whole.update(block)
            part.update(block)
    return Digests(whole.hexdigest(), audio.hexdigest(), tag.hexdigest())


def retag(path: Path, tag: bytes, audio_sha256: str) -> Digests:
    """Put another tag before an MP3's sound, and nothing behind it; return the digests of what is there now.

    The file is replaced whole or not at all. Raises OSError where it cannot be read, and PublishError where it cannot
    be written, or its sound is not the one of this digest.
    """
    with path.open("rb") as old, atomic_file(path) as new:
        start, end = _sound(old)
        old.seek(start)
        new.write(tag)
        while block := old.read(min(_BLOCK_BYTES, end - old.tell())):
            new.write(block)
        found = digests_in(new)
        if found.audio != audio_sha256:
            raise PublishError(f"{path} has been made anew meanwhile", "run the same command again")
        return found


def _sound(file: BinaryIO) -> tuple[int, int]:
    """Return where the sound of an MP3 begins and ends, in bytes."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(_ID3_HEADER_BYTES)
    start = min(_tag_bytes(head), size)
    file.seek(start)
    return start, min(start + (_told_bytes(file.read(_HEAD_BYTES)) or size), size)


def _tag_bytes(head: bytes) -> int:
    """Return how many bytes an ID3v2 tag has, by its header (ID3v2.3 section 3.1, ID3v2.4 section 3.4)."""
    if len(head) < _ID3_HEADER_BYTES or not head.startswith(b"ID3"):
        return 0
    footer = _ID3_HEADER_BYTES if head[3] >= 4 and head[5] & 0x10 else 0
    inside = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
    return _ID3_HEADER_BYTES + inside + footer


def _told_bytes(frame: bytes) -> int | None:
    """Return how many bytes of sound an Info frame tells of, itself among them; None: it is none."""
    if len(frame) < _HEAD_BYTES:
        return None
    at = 4 + side_info_bytes(1 if frame[3] >> 6 == _MONO else 2)
    name, flags, _, told = unpack(">4sIII", frame[at : at + 16])
    return int(told) if name == b"Info" and flags & _FRAMES_AND_BYTES == _FRAMES_AND_BYTES else None
