"""The Info frame that goes before a track's first frame: Xing's header and LAME's tag.

Source: the "Mp3 Info Tag rev 1" specification and LAME's own files. The frame is silent for a decoder that does not
know it.
"""

from dataclasses import dataclass
from functools import cache
from struct import pack
from typing import TYPE_CHECKING

import numpy as np

from calmcast.publish.frames import ENCODER_DELAY, end_padding, frame_bytes, header, side_info_bytes, track_frames
from calmcast.units import FRAME

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Words = NDArray[np.uint16]

_HAS_FRAMES_BYTES_TOC_QUALITY = 0b1111
_CBR = 1
_TAG_REVISION = 0
_NSPSYTUNE_ATH_4 = 0x14
"""Encoding flags: the nspsytune model, and absolute threshold of hearing type 4, which are LAME's defaults."""
_SOURCE_44100 = 1
_NOISE_SHAPING = 2
_STEREO_MODE = {1: 0, 2: 3}
"""LAME's numbers for mono and joint stereo."""


_BEFORE_TAG, _DELAYS, _CRC = 120, 21, 34
"""Bytes from the word Info to LAME's tag, and in that to the delays and to its CRC."""


@dataclass(frozen=True, slots=True)
class Stream:
    """What the Info frame says about the frames that follow it."""

    samples: int
    """Per channel, as asked for."""
    channels: int
    kbps: int
    quality: int
    """LAME's quality: 0 best, 9 worst."""
    encoder: str
    """As LAME writes its name: `LAME3.100`."""
    music_bytes: int
    """Of all frames after the Info frame."""
    music_crc: int
    """`crc16` of these bytes."""


def mended(frame: bytes, samples: int) -> bytes:
    """Return the first bytes of an MP3, its Info frame in them, which now says what to cut so that `samples` are left.

    ffmpeg's muxer tells of one frame at most, and LAME may have made more.
    """
    info = frame.index(b"Info")
    frames = int.from_bytes(frame[info + 8 : info + 12], "big")
    tag = info + _BEFORE_TAG
    delays = ENCODER_DELAY << 12 | frames * FRAME - ENCODER_DELAY - samples
    body = frame[: tag + _DELAYS] + delays.to_bytes(3, "big") + frame[tag + _DELAYS + 3 : tag + _CRC]
    return body + pack(">H", crc16(body)) + frame[tag + _CRC + 2 :]


def info_frame(stream: Stream) -> bytes:
    """Return the Info frame, unpadded: `frame_bytes(kbps, padded=False)` bytes, so a bit rate of 64 kbps at least."""
    total = frame_bytes(stream.kbps, padded=False) + stream.music_bytes
    body = b"".join(
        (
            header(stream.kbps, stream.channels, padded=False),
            bytes(side_info_bytes(stream.channels)),
            b"Info",
            pack(">III", _HAS_FRAMES_BYTES_TOC_QUALITY, track_frames(stream.samples), total),
            _table_of_contents(track_frames(stream.samples)),
            pack(">I", _xing_quality(stream.quality)),
            _lame_tag(stream, total),
        )
    )
    return (body + pack(">H", crc16(body))).ljust(frame_bytes(stream.kbps, padded=False), b"\0")


def _table_of_contents(frames: int) -> bytes:
    """Return where each per cent of the track begins, in 256ths of the file: at a constant bit rate, at its frame."""
    return bytes(256 * (percent * frames // 100) // frames for percent in range(100))


def _xing_quality(quality: int) -> int:
    """Return the quality indicator as LAME forms it: 100 best, its VBR quality at the default of 4."""
    return 100 - 10 * 4 - quality


def _lame_tag(stream: Stream, total: int) -> bytes:
    """Return LAME's tag of 36 bytes but for its CRC. Lowpass, peak and gain are 0: unknown."""
    delays = ENCODER_DELAY << 12 | end_padding(stream.samples)
    misc = _NOISE_SHAPING | _STEREO_MODE[stream.channels] << 2 | _SOURCE_44100 << 6
    return b"".join(
        (
            stream.encoder.encode("ascii")[:9].ljust(9, b"\0"),
            pack(">BB", _TAG_REVISION << 4 | _CBR, 0),
            pack(">IHH", 0, 0, 0),
            pack(">BB", _NSPSYTUNE_ATH_4, min(stream.kbps, 255)),
            delays.to_bytes(3, "big"),
            pack(">BBH", misc, 0, stream.kbps),
            pack(">IH", total, stream.music_crc),
        )
    )


_ROW = 128
"""Words of 16 bits in a row."""


def crc16(data: bytes, start: int = 0) -> int:
    """Return the CRC-16 of LAME's tag over `data`, continuing from `start`.

    The polynomial is 0x8005 with bits reflected, the initial value 0. The register is linear over GF(2): whole rows
    of words are taken from zero side by side, and then chained by two table look-ups a row.
    """
    whole = len(data) // (2 * _ROW) * _ROW
    rows = np.frombuffer(data, "<u2", whole).reshape(-1, _ROW)
    low, high = _past_a_row()
    value = start
    for row in _row_registers(np.zeros(len(rows), np.uint16), rows).tolist():
        value = low[value & 0xFF] ^ high[value >> 8] ^ row
    for byte in data[2 * whole :]:
        value = value >> 8 ^ _byte_table()[(value ^ byte) & 0xFF]
    return value


@cache
def _byte_table() -> tuple[int, ...]:
    """Return what the registers 0 to 255 become after 8 zero bits."""
    return tuple(_shifted(np.arange(256, dtype=np.uint16), 8).tolist())


@cache
def _past_a_row() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return what each low and each high byte of the register becomes after a row of zeros."""
    single = np.arange(256, dtype=np.uint16)
    moved = _row_registers(np.concatenate((single, single << 8)), np.zeros((512, _ROW), np.uint16)).tolist()
    return tuple(moved[:256]), tuple(moved[256:])


def _row_registers(registers: "Words", rows: "Words") -> "Words":
    """Return each register after the words of its row. `registers`: (n,), `rows`: (n, _ROW)."""
    table = _word_table()
    for column in np.ascontiguousarray(rows.T):
        registers = table[registers ^ column]
    return registers


@cache
def _word_table() -> "Words":
    """Return what every register, 0 to 65 535, becomes after 16 zero bits."""
    return _shifted(np.arange(1 << 16, dtype=np.uint16), 16)


def _shifted(registers: "Words", bits: int) -> "Words":
    """Return the registers after so many zero bits."""
    for _ in range(bits):
        registers = np.where(registers & 1, registers >> 1 ^ 0xA001, registers >> 1).astype(np.uint16)
    return registers
