"""What a store is: bytes kept by a key that follows from all that they depend on.

A key is a kind and 64 hexadecimal digits: `recording-3f2a...`. With the bytes goes a head: what is known of them, and
can be told of many at once without reading any.
"""

import json
import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Protocol

RECORDING, BED = "recording", "bed"
"""Kinds that more than one room knows of."""
KEY = re.compile(r"([a-z]+)-([0-9a-f]{64})")
"""The form of a key: kind, digits."""


@dataclass(frozen=True, slots=True)
class Holding:
    """How much a store has of one kind."""

    kind: str
    number: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """How much a store holds."""

    holdings: tuple[Holding, ...]
    """By kind, in order of their names."""
    former: Holding = Holding("former", 0, 0)
    """Files that an earlier calmcast kept, and nobody reads any more."""

    @property
    def size_bytes(self) -> int:
        """Return the bytes of all kinds."""
        return sum(holding.size_bytes for holding in self.holdings) + self.former.size_bytes

    def number(self, kind: str) -> int:
        """Return how many there are of a kind."""
        return sum(holding.number for holding in self.holdings if holding.kind == kind)


@dataclass(slots=True)
class Draft:
    """Bytes on their way into a store."""

    file: BinaryIO
    """Empty at first, open for writing, seeking and reading; all of it is kept."""
    head: bytes = b""


class Store(Protocol):
    """Bytes kept by content. It pickles, and many processes may use the same place at once."""

    @property
    def place(self) -> str:
        """Where it is, for people."""

    def get(self, key: str) -> bytes | None:
        """Return the bytes that are kept under a key, whole as they were; None where there are none."""

    def heads(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return the head of each key that is kept. It stays kept while this process runs."""

    def put(self, key: str, data: bytes, head: bytes = b"") -> None:
        """Keep bytes, in place of any of the same key. Raises OSError where it cannot."""

    def path(self, key: str) -> Path | None:
        """Return a file that begins with the bytes of a key, for whoever reads large ones in stretches.

        None where there are none, or they are not whole: all of them are read for that. They stay while this process
        runs.
        """

    def filling(self, key: str) -> AbstractContextManager[Draft]:
        """Yield a draft that is kept when the block ends well, and gone when it does not. Raises OSError as `put`."""

    def info(self) -> StoreInfo:
        """Return how much there is of what."""

    def trim(self, most_bytes: int) -> Holding:
        """Remove what was not used for longest until no more is left than so many bytes; return what was removed.

        What running processes use is left, and of former formats nothing is.
        """

    def settle(self, most_bytes: int) -> None:
        """Do what is due when a command ends: note what was used, and trim where anything may have been put."""

    def verify(self) -> tuple[str, ...]:
        """Read all that is kept; return the keys of what is damaged, which is gone then, in order."""

    def clear(self) -> int:
        """Remove all that is kept; return how many. Raises OSError where one cannot be removed."""


def content_key(kind: str, *content: object) -> str:
    """Return the key for what follows from this content: texts, numbers, None, and lists of them.

    `kind`: lower-case letters. Part of the content is a number that goes up when it is made in another way.
    """
    return f"{kind}-{sha256(json.dumps(content).encode('ascii')).hexdigest()}"


def kept(store: Store, key: str, make: Callable[[], bytes]) -> bytes:
    """Return what is kept under a key, else what `make` returns, which is kept where it can be."""
    found = store.get(key)
    if found is None:
        found = make()
        with suppress(OSError):
            store.put(key, found)
    return found
