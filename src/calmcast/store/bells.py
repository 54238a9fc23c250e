"""Bells in a store: each is rung once, and how it sounds is known without its samples."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass

from calmcast.model.sound import Ringing
from calmcast.store.heads import pack, unpack
from calmcast.store.store import Store, content_key

FORMAT = 1
"""Part of every key. Goes up when bells are rung, read from files, measured or kept in another way."""

Ring = Callable[[], tuple[Ringing, bytes]]
"""Makes a bell: how it sounds, and its samples, mono, 16-bit little-endian."""


def bell_key(*content: object) -> str:
    """Return the key of a bell that follows from this content."""
    return content_key("bell", FORMAT, *content)


@dataclass(frozen=True, slots=True)
class Bells:
    """The bells of a store."""

    store: Store

    def ringing(self, key: str, ring: Ring) -> Ringing:
        """Return how a bell sounds, which is rung only where it is not kept."""
        return _ringing(self.store.heads([key]).get(key, b"")) or self._rung(key, ring)[0]

    def pcm(self, key: str, ring: Ring) -> bytes:
        """Return a bell's samples, as `Ring` makes them."""
        return self.store.get(key) or self._rung(key, ring)[1]

    def _rung(self, key: str, ring: Ring) -> tuple[Ringing, bytes]:
        made, pcm = ring()
        said = asdict(made)
        with suppress(OSError):
            self.store.put(key, pcm, pack(said, said.pop("loudness")))
        return made, pcm


def _ringing(head: bytes) -> Ringing | None:
    try:
        said, loudness = unpack(head)
        return Ringing(int(said["samples"]), loudness, float(said["peak"]))
    except (ValueError, KeyError, TypeError):
        return None
