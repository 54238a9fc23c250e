"""Islands of sound -> pieces, each for an encoder of its own, and their frames."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from calmcast.model.timeline import Island
from calmcast.publish.frames import split_frames, track_frames
from calmcast.publish.lame import QUALITY, new_encoder
from calmcast.store.store import Store, content_key, kept
from calmcast.units import FRAME, SAMPLE_RATE

FORMAT = 2
"""Part of every key. Goes up when the same sound is encoded to other frames."""

TAIL = 2
"""Frames of silence after an island's sound: LAME's delay carries sound into the first, the second is all zeros."""

LEAD = 4
"""Frames of silence before an island's sound, where so many are free: a new encoder has saved no bits for a sudden
beginning, and its reservoir of 511 bytes is full after three silent frames of 64 kbit/s."""

LONGEST = 60 * SAMPLE_RATE // FRAME
"""Frames of an island that are encoded by themselves: a longer one is cut, so that all processors encode it."""

WARMING, SHARED, AHEAD = 16, 48, 3
"""A piece cut from an island is encoded from so many frames before it, so that its encoder has heard what leads to it;
the one before goes on for SHARED frames, where they may be joined; and is given AHEAD frames more to look at."""

REACH = 8
"""A frame's bits begin in none farther before it than this: 511 bytes at most (ISO/IEC 11172-3, 2.4.1.7)."""

_CHUNK = 10 * SAMPLE_RATE // FRAME
"""Frames handed to an encoder at once."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a track is encoded."""

    channels: int
    kbps: int
    encoder: str
    """LAME's name and version."""


@dataclass(frozen=True, slots=True)
class Frames:
    """Frames of a track, one after the other from `slot` on."""

    slot: int
    frames: list[bytes]


@dataclass(frozen=True, slots=True)
class Piece:
    """What one encoder is given: islands that lie close together, or a part of a long one."""

    islands: tuple[Island, ...]
    slot: int
    """The frame of the track at which it begins."""
    end: int
    """The first frame of the track that it does not have."""
    joint: int
    """The first frame at which it may follow the piece before it; `slot` where there is none."""
    last: bool
    """Whether it goes to the end of its islands."""
    encoding: Encoding

    @property
    def settled(self) -> int:
        """The first frame that the next piece of the same island may change, where there is one."""
        return self.end - SHARED - REACH

    @property
    def key(self) -> str | None:
        """What its frames are kept by, wherever they lie; None: they are not kept."""
        whole = self.last and self.joint == self.slot
        if not whole or any(island.content is None for island in self.islands):
            return None
        begin, encoding = self.slot * FRAME, self.encoding
        sounds = [(island.start - begin, island.end - begin, island.content) for island in self.islands]
        said = encoding.channels, encoding.kbps, encoding.encoder, QUALITY, self.end - self.slot
        return content_key("frames", FORMAT, *said, sounds)

    def frames(self, store: Store | None) -> list[bytes]:
        """Return its frames, from the store where they are there. Raises what its islands raise."""
        if store is None or (key := self.key) is None:
            return self._encoded()
        return split_frames(kept(store, key, lambda: b"".join(self._encoded())), self.encoding.kbps)[0]

    def and_then(self, later: "Piece") -> "Piece":
        """Return this and the next piece of the same island as one."""
        return replace(self, end=later.end, last=later.last)

    def _encoded(self) -> list[bytes]:
        encoder = new_encoder(self.encoding.kbps, self.encoding.channels)
        slots = self.end - self.slot
        # LAME ends with one frame more than it was fed, for its delay.
        fed = slots - 1 if self.last else slots + AHEAD
        data = bytearray()
        for first in range(self.slot, self.slot + fed, _CHUNK):
            data += encoder.encode(self._pcm(first, min(first + _CHUNK, self.slot + fed)))
        frames, _ = split_frames(bytes(data + encoder.flush()), self.encoding.kbps)
        if self.last and len(frames) != slots:
            raise RuntimeError(f"LAME made {len(frames)} frames where {slots} were due")
        return frames[:slots]

    def _pcm(self, first: int, last: int) -> bytes:
        """Return the samples of frames `first` to `last` of the track."""
        width, begin, until = 2 * self.encoding.channels, first * FRAME, last * FRAME
        pcm = bytearray((until - begin) * width)
        for island in self.islands:
            start, end = max(begin, island.start), min(until, island.end)
            if start < end:
                sound = island.pcm(start, end)
                if len(sound) != (end - start) * width:
                    raise ValueError(f"an island of {end - start} samples holds {len(sound)} bytes")
                pcm[(start - begin) * width : (end - begin) * width] = sound
        return bytes(pcm)


def pieces(islands: Iterable[Island], samples: int, encoding: Encoding) -> Iterator[Piece]:
    """Yield a track's pieces in order. Islands too near each other for a tail between them are encoded together.

    Raises ValueError for islands that are out of order, or not inside a track of so many samples.
    """
    near, end, free = list[Island](), 0, 0
    for island in islands:
        if not end <= island.start < island.end <= samples:
            raise ValueError(f"an island from {island.start} to {island.end} in a track of {samples} samples")
        if near and island.start // FRAME >= _tail_end(end):
            yield from _cut(near, free, samples, encoding)
            near, free = [], _tail_end(end)
        near.append(island)
        end = island.end
    if near:
        yield from _cut(near, free, samples, encoding)


def _cut(islands: Sequence[Island], free: int, samples: int, encoding: Encoding) -> Iterator[Piece]:
    """Yield the pieces of islands that lie close together, behind the first free frame."""
    slot, end = max(free, islands[0].start // FRAME - LEAD), min(_tail_end(islands[-1].end), track_frames(samples))
    if end - slot <= LONGEST + SHARED:
        yield Piece((*islands,), slot, end, slot, last=True, encoding=encoding)
        return
    joints = [*range(slot, end - SHARED, LONGEST), end]
    for joint, following in pairwise(joints):
        last = following == end
        begin = joint if joint == slot else joint - WARMING
        yield Piece((*islands,), begin, end if last else following + SHARED, joint, last, encoding)


def _tail_end(end: int) -> int:
    """Return the first frame of the track that is free again after sound that ends before sample `end`."""
    return -(-end // FRAME) + TAIL
