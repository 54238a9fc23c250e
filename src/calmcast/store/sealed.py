"""How bytes lie in a file of their own: the bytes, their head, and a footer that tells whether all of it is whole.

The head and the footer are the file's seal, which an index may keep a copy of: it holds for one key, and tells damage
of either. The bytes come first, so that a large file can be written, mapped and read as if it had nothing else in it.
"""

from dataclasses import dataclass
from hashlib import sha256
from os import SEEK_END
from struct import Struct
from typing import BinaryIO

_FOOTER = Struct("<QI32s16s8s")
"""Bytes, bytes of the head, SHA-256 of the bytes, that of all else and of the key, shortened, and `_MAGIC`."""
_MAGIC = b"calmkept"
_USUAL = 4_096
"""So many bytes at the end of a file usually have its seal in them."""
_PART = 1 << 20


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a seal says."""

    length: int
    """Of the bytes alone."""
    digest: bytes
    """Their SHA-256."""
    head: bytes
    seal: bytes
    """As it stands at the file's end."""

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return self.length + len(self.seal)


def sealed(key: str, length: int, digest: bytes, head: bytes) -> Sealed:
    """Return the seal for so many bytes with this SHA-256 under a key."""
    return Sealed(length, digest, head, head + _footer(key, length, digest, head))


def opened(key: str, seal: bytes) -> Sealed | None:
    """Return what a seal says that may be the end of more; None where it is damaged, or not that of this key."""
    footer = seal[-_FOOTER.size :]
    if len(footer) < _FOOTER.size:
        return None
    length, size, digest, _, _ = _FOOTER.unpack(footer)
    first = len(seal) - size - _FOOTER.size
    head = seal[max(0, first) : -_FOOTER.size]
    whole = first >= 0 and footer == _footer(key, length, digest, head)
    return Sealed(length, digest, head, seal[first:]) if whole else None


def seal_in(file: BinaryIO, key: str) -> Sealed | None:
    """Return what the seal of an open file says; None where it has none for this key, or more or fewer bytes."""
    size = file.seek(0, SEEK_END)
    file.seek(max(0, size - _USUAL))
    end = file.read()
    if len(end) == _USUAL < size and end.endswith(_MAGIC):
        _, head, *_ = _FOOTER.unpack(end[-_FOOTER.size :])
        file.seek(max(0, size - head - _FOOTER.size))
        end = file.read()
    found = opened(key, end)
    return found if found and found.size == size else None


def data_in(file: BinaryIO, key: str) -> tuple[Sealed, bytes] | None:
    """Return the seal and the bytes of an open file; None where either is damaged, or not of this key."""
    found = seal_in(file, key)
    if found is None:
        return None
    file.seek(0)
    data = file.read(found.length)
    return (found, data) if sha256(data).digest() == found.digest else None


def is_whole(file: BinaryIO, key: str) -> bool:
    """Return whether an open file is sound, however large."""
    found = seal_in(file, key)
    if found is None:
        return False
    return digest_of(file, found.length) == found.digest


def digest_of(file: BinaryIO, length: int) -> bytes:
    """Return the SHA-256 of the first so many bytes of an open file, and stand behind them."""
    file.seek(0)
    digest, left = sha256(), length
    while left and (part := file.read(min(left, _PART))):
        digest.update(part)
        left -= len(part)
    return digest.digest()


def _footer(key: str, length: int, digest: bytes, head: bytes) -> bytes:
    sign = sha256(b"%s %d %s %s" % (key.encode("ascii"), length, digest, head)).digest()[:16]
    return _FOOTER.pack(length, len(head), digest, sign, _MAGIC)
