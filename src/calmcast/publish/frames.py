"""MPEG-1 Layer III frames at 44 100 Hz (ISO/IEC 11172-3, 2.4): their sizes, and how many a track has.

A frame is 1 152 samples. What the encoder is given at sample `s` comes out of a decoder `DELAY` samples later;
the Info header (`info_header`) tells decoders how much to cut at both ends.
"""

from functools import cache
from itertools import pairwise

from calmcast.units import FRAME, SAMPLE_RATE

ENCODER_DELAY = 576
"""Samples by which LAME delays its input, the value that its tag carries."""

DECODER_DELAY = 529
"""Samples by which every Layer III decoder delays its output (528 of the filter bank, and one)."""

DELAY = ENCODER_DELAY + DECODER_DELAY
"""Samples from the encoder's input to the decoder's output."""

KBPS = (64, 80, 96, 112, 128)
"""The bit rates written here. Lower ones have no room for the Info header; from 160 on, LAME leaves joint stereo."""

PADDING_PERIOD = 49
"""Frames after which a bit rate of whole kbit/s is exact again: 144 000 and 44 100 have 900 in common."""

_FIRST_KBPS_INDEX = 5
"""The standard's number for 64 kbps; those that follow count on."""

_SIDE_INFO_BYTES = {1: 17, 2: 32}
_MODE = {1: 0b1100_0100, 2: 0b0100_0100}
"""The header's last byte: mono or joint stereo, no mode extension, original."""


def header(kbps: int, channels: int, *, padded: bool) -> bytes:
    """Return a frame's 4 header bytes: MPEG-1, Layer III, no CRC, 44 100 Hz (ISO/IEC 11172-3, 2.4.1.3)."""
    return bytes((0xFF, 0xFB, (_FIRST_KBPS_INDEX + KBPS.index(kbps)) << 4 | padded << 1, _MODE[channels]))


def side_info_bytes(channels: int) -> int:
    """Return the bytes of side information that follow the header (ISO/IEC 11172-3, 2.4.1.7)."""
    return _SIDE_INFO_BYTES[channels]


def frame_bytes(kbps: int, *, padded: bool) -> int:
    """Return a frame's size in bytes, header and padding byte included (ISO/IEC 11172-3, 2.4.3.1)."""
    return _exact_size(kbps)[0] + padded


def silent_frame(kbps: int, channels: int, *, padded: bool) -> bytes:
    """Return a frame of digital silence that refers to no other frame.

    Side information of zeros says: main_data_begin 0, and no bits at all for either granule.
    """
    return header(kbps, channels, padded=padded).ljust(frame_bytes(kbps, padded=padded), b"\0")


def owed_padding(kbps: int, frames: int) -> int:
    """Return how many of the first `frames` frames carry a padding byte where the bit rate is held as LAME holds it.

    LAME's first frame has none; from then on the total is never behind the exact rate, and less than a byte ahead.
    """
    return -(-_exact_size(kbps)[1] * max(0, frames - 1) // SAMPLE_RATE)


def paddings(kbps: int, slot: int, frames: int) -> list[bool]:
    """Return which of so many frames from `slot` on carry a padding byte, where those before have all they owe."""
    owed = [owed_padding(kbps, at) for at in range(slot, slot + frames + 1)]
    return [before < after for before, after in pairwise(owed)]


def track_frames(samples: int) -> int:
    """Return the frames of a track, the Info frame not counted: enough to decode every sample, as LAME counts them."""
    return (samples + ENCODER_DELAY + end_padding(samples)) // FRAME


def end_padding(samples: int) -> int:
    """Return the samples to cut at the end as LAME's tag counts them (decoder delay included): 576 to 1 727."""
    padding = -(samples + ENCODER_DELAY) % FRAME
    return padding if padding >= ENCODER_DELAY else padding + FRAME


def split_frames(data: bytes, kbps: int) -> tuple[list[bytes], bytes]:
    """Return the whole frames at the start of an encoder's constant-rate output, and the bytes left over.

    Raises ValueError where a frame should begin and none does.
    """
    frames, start = [], 0
    while start + 4 <= len(data):
        if data[start] != 0xFF or data[start + 1] != 0xFB:
            raise ValueError(f"no MPEG-1 Layer III frame at byte {start}")
        end = start + frame_bytes(kbps, padded=bool(data[start + 2] & 0b10))
        if end > len(data):
            break
        frames.append(data[start:end])
        start = end
    return frames, data[start:]


@cache
def _exact_size(kbps: int) -> tuple[int, int]:
    """Return a frame's whole bytes, and the rest in 44 100ths of a byte."""
    return divmod(FRAME // 8 * 1000 * kbps, SAMPLE_RATE)
