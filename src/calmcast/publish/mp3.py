"""Islands of sound -> an MP3 of exactly the asked-for samples, in which silence costs nothing.

Most of a track is digital silence: one silent frame, repeated. What sounds lies in *islands* on the track's grid of
frames, each encoded by a LAME encoder of its own. A fresh encoder's first frame refers to no earlier frame, and after
`TAIL` frames of silence nothing of the island is left to encode, so the pieces lie end to end as if they had been
encoded in one go. An island that begins on the grid, with `LEAD` free frames before it, has the same frames wherever it
lies: they are kept, and serve every length.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO

from calmcast.model.timeline import Island
from calmcast.publish.frames import (
    KBPS,
    PADDING_PERIOD,
    frame_bytes,
    owed_padding,
    paddings,
    silent_frame,
    track_frames,
)
from calmcast.publish.info_header import Stream, crc16, info_frame
from calmcast.publish.lame import QUALITY, encoder_name
from calmcast.publish.pieces import LONGEST, Encoding, Frames, Piece, pieces
from calmcast.publish.reservoir import joined
from calmcast.store.store import Store
from calmcast.units import FRAME

_WRITE_BYTES = 1 << 18


def write_mp3(
    out: BinaryIO,
    islands: Iterable[Island],
    *,
    samples: int,
    channels: int = 1,
    kbps: int = 96,
    store: Store | None = None,
    jobs: int | None = None,
    tag: Callable[[], bytes] = bytes,
    on_progress: Callable[[int], None] = lambda samples: None,
) -> None:
    """Write a track as a constant-rate MP3 at 44 100 Hz that decodes to exactly `samples` samples per channel.

    `out` is written from its current position, sought back to once to fill in the Info frame, and left at its end.
    `islands` are what sounds, in order; `samples` is at least 1, `channels` 1 or 2, `kbps` one of `frames.KBPS`. Frames
    are taken from `store` where they are there, and kept in it. Up to `jobs` pieces are encoded side by side (None: one
    for each processor); memory does not grow with length, and the bytes do not depend on `jobs` or `store`. `tag` gives
    what stands before the sound, and is asked for it while the first pieces are being encoded. `on_progress` is told
    how many samples are written.

    The track plays `lame.MAKEUP_DB` softer than its islands: whoever mixes them makes up for it.

    Raises ValueError where the arguments do not fit each other, and what `out`, `tag` and the islands raise.
    """
    if samples < 1 or channels not in (1, 2) or kbps not in KBPS:
        raise ValueError(f"no MP3 of {samples} samples, {channels} channels and {kbps} kbps")
    encoding, jobs = Encoding(channels, kbps, encoder_name(kbps, channels)), jobs or os.cpu_count() or 1
    pool = ThreadPoolExecutor(jobs, "mp3")
    try:
        begun = ((piece, pool.submit(piece.frames, store)) for piece in pieces(islands, samples, encoding))
        ahead = _Ahead(begun, 2 * LONGEST * jobs)
        out.write(tag())
        _write(out, samples, encoding, _in_order(ahead), on_progress)
    finally:
        pool.shutdown(cancel_futures=True)


def _write(
    out: BinaryIO, samples: int, encoding: Encoding, sounds: Iterable[Frames], on_progress: Callable[[int], None]
) -> None:
    kbps, channels = encoding.kbps, encoding.channels
    start = out.tell()
    out.write(bytes(frame_bytes(kbps, padded=False)))
    frames = _FrameWriter(out, kbps, channels)
    for encoded in sounds:
        frames.write_silence(until=encoded.slot)
        frames.write(encoded.frames)
        on_progress(min(samples, frames.samples))
    frames.write_silence(until=track_frames(samples))
    frames.flush()
    on_progress(samples)
    end = out.tell()
    out.seek(start)
    out.write(info_frame(Stream(samples, channels, kbps, QUALITY, encoding.encoder, frames.music_bytes, frames.crc)))
    out.seek(end)


_Begun = tuple[Piece, Future[list[bytes]]]


class _Ahead:
    """Pieces that are being encoded, or are and wait to be written: of `most` frames at least, or all there are."""

    def __init__(self, begun: Iterator[_Begun], most: int) -> None:
        self._begun, self._most = begun, most
        self._there, self._frames = deque[_Begun](), 0
        self._fill()

    def __iter__(self) -> Iterator[_Begun]:
        while self._there:
            piece, future = self._there.popleft()
            self._frames -= piece.end - piece.slot
            self._fill()
            yield piece, future

    def _fill(self) -> None:
        while self._frames < self._most and (begun := next(self._begun, None)):
            self._there.append(begun)
            self._frames += begun[0].end - begun[0].slot


def _in_order(ahead: Iterable[_Begun]) -> Iterator[Frames]:
    """Yield the frames of pieces, put together where they overlap."""
    whole = _Whole()
    for piece, future in ahead:
        yield from whole.add(piece, future.result())


class _Whole:
    """Pieces put together again: those of a long island overlap, and are joined where the later one can go on."""

    def __init__(self) -> None:
        self._open: Piece | None = None
        self._slot = 0
        self._frames: list[bytes] = []
        """From `_slot` on: those of an island that the next piece may still change."""

    def add(self, piece: Piece, frames: list[bytes]) -> Iterator[Frames]:
        """Yield what is complete."""
        if self._open is None:
            self._slot, self._frames = piece.slot, frames
        else:
            both = joined(Frames(self._slot, self._frames), Frames(piece.slot, frames), piece.joint, piece.encoding)
            if both is None:  # there is no such place: the encoder of the earlier piece goes on
                piece = self._open.and_then(piece)
                both = piece.frames(None)[self._slot - piece.slot :]
            self._frames = both
        complete = len(self._frames) if piece.last else piece.settled - self._slot
        yield Frames(self._slot, self._frames[:complete])
        self._slot, self._frames = self._slot + complete, self._frames[complete:]
        self._open = None if piece.last else piece


class _FrameWriter:
    """Writes frames in order, keeping count of slots, bytes and CRC."""

    def __init__(self, out: BinaryIO, kbps: int, channels: int) -> None:
        self.music_bytes = 0
        self.crc = 0
        self._out = out
        self._kbps = kbps
        self._plain_bytes = frame_bytes(kbps, padded=False)
        self._silence = tuple(silent_frame(kbps, channels, padded=padded) for padded in (False, True))
        self._slot = 0
        self._padding = 0
        self._buffer = bytearray()

    @property
    def samples(self) -> int:
        """How much of the track is written."""
        return self._slot * FRAME

    def write(self, frames: list[bytes]) -> None:
        self._add(b"".join(frames), len(frames))

    def write_silence(self, until: int) -> None:
        """Write silent frames up to slot `until`, each padded or not so as to return to the exact bit rate.

        A piece starts LAME's padding anew and may end up to a byte short. At 64 kbps, where all frames but a few are
        padded as it is, that byte is not made up: 200 pieces in ten minutes are 200 bytes in 4.8 million.
        """
        while self._slot < until:
            periods = min((until - self._slot) // PADDING_PERIOD, _WRITE_BYTES // (PADDING_PERIOD * self._plain_bytes))
            if periods and self._padding == owed_padding(self._kbps, self._slot):
                frames = [self._silence[padded] for padded in paddings(self._kbps, self._slot, PADDING_PERIOD)]
                self._add(b"".join(frames) * periods, PADDING_PERIOD * periods)
            else:
                self._add(self._silence[self._padding < owed_padding(self._kbps, self._slot + 1)], 1)

    def flush(self) -> None:
        data = bytes(self._buffer)
        self._buffer.clear()
        self._out.write(data)
        self.crc = crc16(data, self.crc)
        self.music_bytes += len(data)

    def _add(self, data: bytes, frames: int) -> None:
        self._buffer += data
        self._slot += frames
        self._padding += len(data) - frames * self._plain_bytes
        if len(self._buffer) >= _WRITE_BYTES:
            self.flush()
