"""What an engine wrote, read with suspicion: WAV or AIFF -> samples."""

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calmcast.speech.run.job import FaultError

_LOWEST_HZ, _HIGHEST_HZ = 4_000, 192_000
_PCM = 1


class BadRecordingError(FaultError):
    """What an engine wrote is no recording of its text: `str(error)` says why."""


def read_audio(path: Path) -> tuple[NDArray[np.float32], int]:
    """Return the samples of a file, mono, full scale = 1, and their rate in Hz.

    Raises BadRecordingError where there is no file, it is neither WAV nor AIFF, or it is shorter than its header says.
    """
    try:
        data = path.read_bytes()
    except OSError:
        raise BadRecordingError("the engine wrote no file") from None
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return _read_wave(path, data)
    if data[:4] == b"FORM" and data[8:12] in (b"AIFF", b"AIFC"):
        _check_whole(8 + int.from_bytes(data[4:8], "big"), len(data))
        return _decode(path)
    raise BadRecordingError("what the engine wrote is not audio" if data else "the engine wrote an empty file")


def _read_wave(path: Path, data: bytes) -> tuple[NDArray[np.float32], int]:
    """Read plain 16-bit PCM here, any other kind of WAV through PyAV."""
    chunks = _chunks(data)
    if len(chunks.get(b"fmt ", b"")) < 16 or b"data" not in chunks:
        raise BadRecordingError("what the engine wrote is a WAV file without sound")
    kind, channels, rate_hz, _, _, bits = struct.unpack("<HHIIHH", chunks[b"fmt "][:16])
    if (kind, bits) != (_PCM, 16) or channels not in (1, 2):
        return _decode(path)
    if not _LOWEST_HZ <= rate_hz <= _HIGHEST_HZ:
        raise BadRecordingError(f"what the engine wrote has an impossible sample rate ({rate_hz} Hz)")
    sound = chunks[b"data"]
    samples = np.frombuffer(sound[: len(sound) // (2 * channels) * 2 * channels], "<i2") / np.float32(32_768)
    return samples.reshape(-1, channels).mean(axis=1), rate_hz


def _chunks(data: bytes) -> dict[bytes, bytes]:
    """Return the chunks of a RIFF file by name; the last one may not be cut short."""
    chunks: dict[bytes, bytes] = {}
    position = 12
    while position + 8 <= len(data):
        name, size = data[position : position + 4], int.from_bytes(data[position + 4 : position + 8], "little")
        _check_whole(position + 8 + size, len(data))
        chunks.setdefault(name, data[position + 8 : position + 8 + size])
        position += 8 + size + size % 2
    return chunks


def _check_whole(promised: int, there: int) -> None:
    if promised > there:
        raise BadRecordingError(f"what the engine wrote is cut short ({there} bytes of {promised})")


def _decode(path: Path) -> tuple[NDArray[np.float32], int]:
    import av  # large, and hardly ever needed: most engines write plain WAV files

    try:
        with av.open(str(path)) as container:
            rate_hz = container.streams.audio[0].rate
            resampler = av.AudioResampler(format="fltp", rate=rate_hz)
            decoded = [frame for given in (*container.decode(audio=0), None) for frame in resampler.resample(given)]
    except (av.FFmpegError, AttributeError, IndexError, ValueError) as error:
        raise BadRecordingError(f"what the engine wrote cannot be read ({type(error).__name__})") from None
    if not decoded:
        raise BadRecordingError("what the engine wrote has no sound in it")
    return np.concatenate([frame.to_ndarray().mean(axis=0) for frame in decoded]), rate_hz
