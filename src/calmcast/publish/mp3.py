"""PCM blocks -> an MP3 of exactly the asked-for samples, in which silence costs nothing.

Most of a track is digital silence: one silent frame, repeated. What sounds is cut into *islands* on the track's
grid of frames, each encoded by a LAME encoder of its own. A fresh encoder's first frame refers to no earlier
frame, and after `_TAIL` frames of silence nothing of the island is left to encode, so the pieces lie end to end
as if they had been encoded in one go.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO

from calmcast.model.timeline import Block
from calmcast.publish.frames import KBPS, frame_bytes, owed_padding, silent_frame, split_frames, track_frames
from calmcast.publish.info_header import Stream, crc16, info_frame
from calmcast.publish.lame import QUALITY, encoder_name, new_encoder
from calmcast.units import FRAME, SAMPLE_RATE

_TAIL = 2
"""Frames of silence after an island's sound: LAME's delay carries sound into the first, the second is all zeros."""

_CHUNK = 10 * SAMPLE_RATE
"""The most samples handed to an encoder at once; a longer island passes in several chunks."""

_WRITE_BYTES = 1 << 18


def write_mp3(
    out: BinaryIO,
    blocks: Iterable[Block],
    *,
    samples: int,
    channels: int = 1,
    kbps: int = 96,
    jobs: int | None = None,
) -> None:
    """Write `blocks` as a constant-rate MP3 at 44 100 Hz that decodes to exactly `samples` samples per channel.

    `out` is written from its current position, sought back to once to fill in the Info frame, and left at its end.
    `blocks` are taken as they come and sum to `samples`, of at least 1; `channels` is 1 or 2, `kbps` one of
    `frames.KBPS`. Up to `jobs` islands are encoded side by side (None: one for each processor); memory does not grow
    with length, and the bytes do not depend on `jobs`.

    The track plays `lame.MAKEUP_DB` softer than its blocks: whoever mixes them makes up for it.

    Raises ValueError where the arguments do not fit each other, and what `out` and `blocks` raise.
    """
    if samples < 1 or channels not in (1, 2) or kbps not in KBPS:
        raise ValueError(f"no MP3 of {samples} samples, {channels} channels and {kbps} kbps")
    start = out.tell()
    out.write(bytes(frame_bytes(kbps, padded=False)))
    frames = _FrameWriter(out, kbps, channels)
    for piece in _encoded(_cut(blocks, samples, channels), kbps, channels, jobs or os.cpu_count() or 1):
        frames.write_silence(until=piece.slot)
        frames.write(piece.frames)
    frames.write_silence(until=track_frames(samples))
    frames.flush()
    end = out.tell()
    out.seek(start)
    encoder = encoder_name(kbps, channels)
    out.write(info_frame(Stream(samples, channels, kbps, QUALITY, encoder, frames.music_bytes, frames.crc)))
    out.seek(end)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A stretch of an island, for its encoder."""

    slot: int
    """The frame of the track at which its island begins."""
    pcm: bytes
    """An island's first chunk begins on the grid of frames, each further one where the last ended."""
    first: bool
    slots: int | None
    """On an island's last chunk: how many frames of the track the island takes, its tail included."""


def _cut(blocks: Iterable[Block], samples: int, channels: int) -> Iterator[_Chunk]:
    """Yield the islands' chunks in order. Sounds too near each other for a tail between them share an island."""
    width, total = 2 * channels, track_frames(samples)
    pcm, slot, first, end = bytearray(), 0, True, 0
    for start, sound in _sounds(blocks, samples, width):
        if pcm and start // FRAME >= _tail_end(end):
            yield _Chunk(slot, bytes(pcm), first, _tail_end(end) - slot)
            pcm.clear()
        if not pcm:
            slot, first = start // FRAME, True
            end = slot * FRAME
        pcm += bytes((start - end) * width)
        pcm += sound
        end = start + len(sound) // width
        # The last bit of sound always stays behind, for the chunk that closes the island.
        while len(pcm) > _CHUNK * width:
            yield _Chunk(slot, bytes(pcm[: _CHUNK * width]), first, None)
            del pcm[: _CHUNK * width]
            first = False
    if pcm:
        yield _Chunk(slot, bytes(pcm), first, min(_tail_end(end), total) - slot)


def _tail_end(end: int) -> int:
    """Return the first frame of the track that is free again after sound that ends before sample `end`."""
    return -(-end // FRAME) + _TAIL


def _sounds(blocks: Iterable[Block], samples: int, width: int) -> Iterator[tuple[int, bytes]]:
    """Yield each sounding block's place and PCM, without the zeros at its edges. `width`: bytes per sample."""
    position = 0
    for block in blocks:
        if position + block.samples > samples:
            raise ValueError(f"blocks of more than the track's {samples} samples")
        if block.pcm is not None:
            if len(block.pcm) != block.samples * width:
                raise ValueError(f"a block of {block.samples} samples holds {len(block.pcm)} bytes")
            lead = (len(block.pcm) - len(block.pcm.lstrip(b"\0"))) // width
            tail = -(-len(block.pcm.rstrip(b"\0")) // width)
            if lead < tail:
                yield position + lead, block.pcm[lead * width : tail * width]
        position += block.samples
    if position != samples:
        raise ValueError(f"blocks of {position} samples for a track of {samples}")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Frames of an island, to follow what is written of it, or to begin at `slot`."""

    slot: int
    frames: list[bytes]


def _encoded(chunks: Iterable[_Chunk], kbps: int, channels: int, jobs: int) -> Iterator[_Piece]:
    """Yield the encoded chunks in order, while a few that follow are being encoded."""
    with ThreadPoolExecutor(jobs, "mp3") as pool:
        ahead: deque[Future[_Piece]] = deque()
        island = _Island(kbps, channels)
        before: Future[_Piece] | None = None
        try:
            for chunk in chunks:
                if chunk.first:
                    island, before = _Island(kbps, channels), None
                before = pool.submit(island.encode, chunk, before)
                ahead.append(before)
                if len(ahead) > 2 * jobs:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for future in ahead:
                future.cancel()


class _Island:
    """An island on its way through its own encoder."""

    def __init__(self, kbps: int, channels: int) -> None:
        self._encoder = new_encoder(kbps, channels)
        self._kbps = kbps
        self._width = 2 * channels
        self._fed = 0
        self._taken = 0
        self._rest = b""

    def encode(self, chunk: _Chunk, before: "Future[_Piece] | None") -> _Piece:
        """Return the frames that are complete after `chunk`, once the chunk `before` it has passed."""
        if before:
            before.result()
        data = self._rest + self._encoder.encode(chunk.pcm)
        self._fed += len(chunk.pcm) // self._width
        if chunk.slots is not None:
            # LAME ends with one frame more than it was fed, for its delay.
            zeros = (chunk.slots - 1) * FRAME - self._fed
            data += self._encoder.encode(bytes(zeros * self._width)) + self._encoder.flush()
        frames, self._rest = split_frames(data, self._kbps)
        self._taken += len(frames)
        if chunk.slots not in (None, self._taken):
            raise RuntimeError(f"LAME made {self._taken} frames where {chunk.slots} were due")
        return _Piece(chunk.slot, frames)


class _FrameWriter:
    """Writes frames in order, keeping count of slots, bytes and CRC."""

    def __init__(self, out: BinaryIO, kbps: int, channels: int) -> None:
        self.music_bytes = 0
        self.crc = 0
        self._out = out
        self._kbps = kbps
        self._plain_bytes = frame_bytes(kbps, padded=False)
        self._silent = tuple(silent_frame(kbps, channels, padded=padded) for padded in (False, True))
        self._slot = 0
        self._padding = 0
        self._buffer = bytearray()

    def write(self, frames: Iterable[bytes]) -> None:
        for frame in frames:
            self._buffer += frame
            self._slot += 1
            self._padding += len(frame) - self._plain_bytes
            if len(self._buffer) >= _WRITE_BYTES:
                self.flush()

    def write_silence(self, until: int) -> None:
        """Write silent frames up to slot `until`, each padded or not so as to return to the exact bit rate.

        A piece starts LAME's padding anew and may end up to a byte short. At 64 kbps, where all frames but a few are
        padded as it is, that byte is not made up: 200 pieces in ten minutes are 200 bytes in 4.8 million.
        """
        while self._slot < until:
            owed = owed_padding(self._kbps, self._slot + 1)
            self.write((self._silent[self._padding < owed],))

    def flush(self) -> None:
        data = bytes(self._buffer)
        self._buffer.clear()
        self._out.write(data)
        self.crc = crc16(data, self.crc)
        self.music_bytes += len(data)
