"""Samples -> a WAV file, without anything that a speech process would have to carry."""

import struct
from pathlib import Path


def write_wave(path: Path, pcm: bytes, rate_hz: int) -> None:
    """Write mono 16-bit little-endian samples as a WAV file (RIFF, the plain PCM format of 16 bytes)."""
    header = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", 36 + len(pcm), b"WAVE"),
        *(b"fmt ", 16, 1, 1, rate_hz, 2 * rate_hz, 2, 16),
        *(b"data", len(pcm)),
    )
    path.write_bytes(header + pcm)
