"""A track, decoded in blocks at 44 100 Hz."""

import errno
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import numpy as np
from av import AudioFrame, FFmpegError
from av.container import InputContainer
from numpy.typing import NDArray

from calmcast.errors import SoundError
from calmcast.publish.formats import format_of
from calmcast.units import SAMPLE_RATE

MOMENT = SAMPLE_RATE // 100
"""Samples of the grid on which sound is measured: 10 ms."""

BLOCK = 60 * MOMENT
"""Samples of a block: with the weighting filter's settling before it, it fits a transform of 2 ** 15."""

_KBPS = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 192, 224, 256, 320)
"""The bit rates of Layer III (ISO/IEC 11172-3, 2.4.2.3, and 13818-3 for the lower sample rates)."""
_SOME = 0.01
"""The share of frames from which on a bit rate counts as the track's: a few differ where a file was cut."""

ALONE = {"protocol_whitelist": "file"}
"""How a file is opened: whatever it says, nothing else is fetched for it."""
_WHICH = "name a track that calmcast made"
_CONTAINERS = {".opus": "ogg", ".m4b": "m4a"}
"""What ffmpeg calls the container of an ending, where it does not call it by that."""


@dataclass(slots=True)
class FileStream:
    """What there is to know of a file's sound besides how it sounds."""

    channels: int = 0
    rate: int = 0
    """In Hz."""
    samples: int = 0
    """Per channel, at its own rate, as a decoder gives them that honours what the file says of its ends."""
    faults: int = 0
    """Packets that could not be decoded."""
    sizes: Counter[tuple[int, int]] = field(default_factory=Counter)
    """How many packets have so many bytes and last so many ticks."""
    tick_s: float = 1.0
    """How long a tick is, in seconds."""

    @property
    def kbps(self) -> tuple[int, ...]:
        """The bit rates of its frames in kbit/s, lowest first."""
        found = Counter[int]()
        for (size, ticks), count in self.sizes.items():
            exact = 8 * size / (1000 * ticks * self.tick_s)
            found[min(_KBPS, key=lambda kbps: abs(kbps - exact))] += count
        most = _SOME * found.total()
        return tuple(sorted(kbps for kbps, count in found.items() if count >= most))


def blocks(path: Path, facts: FileStream) -> Iterator[NDArray[np.float32]]:
    """Yield the sound of a track, shape (channels, BLOCK), full scale = 1, in blocks of which the last may be shorter.

    `facts` is filled in meanwhile. A file at another rate is resampled; packets that cannot be decoded are counted
    and left out. Memory does not grow with length. Raises SoundError where there is no file, or it is not what its name
    says.
    """
    pieces: list[NDArray[np.float32]] = []
    held = 0
    try:
        # From the root on, no name looks like an address.
        with av.open(str(path.absolute()), options=ALONE, metadata_errors="replace") as file:
            if _container(path) not in file.format.name.split(",") or not _is_known(file):
                raise SoundError(f"{path} is no {_kind(path)}", _WHICH)
            for piece in _decoded(file, facts):
                pieces.append(piece)
                held += piece.shape[1]
                if held >= BLOCK:
                    joined = np.concatenate(pieces, axis=1)
                    whole = held // BLOCK * BLOCK
                    for start in range(0, whole, BLOCK):
                        yield joined[:, start : start + BLOCK]
                    pieces, held = [joined[:, whole:]], held - whole
    except av.FFmpegError as error:
        raise _refusal(path, error) from error
    if held:
        yield np.concatenate(pieces, axis=1)


def _is_known(file: InputContainer) -> bool:
    """Return whether a file has sound in a form that can be decoded."""
    stream: Any = file.streams.audio[0] if file.streams.audio else None
    return bool(stream and stream.codec_context and stream.format and stream.rate and stream.channels)


def _container(path: Path) -> str:
    ending = path.suffix.lower()
    return _CONTAINERS.get(ending, ending.removeprefix("."))


def _kind(path: Path) -> str:
    """Return what a file's name says that it is: `MP3`."""
    form = format_of(path)
    return form.name.upper() if form else "track"


def _decoded(file: InputContainer, facts: FileStream) -> Iterator[NDArray[np.float32]]:
    """Yield the sound of each frame, shape (channels, samples), at 44 100 Hz."""
    stream = file.streams.audio[0]
    facts.channels, facts.rate = stream.channels, stream.rate
    facts.tick_s = float(stream.time_base or 1)
    resampler = av.AudioResampler(format="fltp", layout=stream.layout, rate=SAMPLE_RATE)
    form = stream.rate, stream.format.name, stream.channels
    is_as_wanted = form[:2] == (SAMPLE_RATE, "fltp")
    for packet in file.demux(stream):
        if packet.size and packet.duration:
            facts.sizes[packet.size, packet.duration] += 1
        try:
            frames = packet.decode()
        except av.FFmpegError:
            facts.faults += 1
            continue
        for frame in frames:
            # Damaged AAC may claim more channels, and PyAV end the process where it makes an array of them.
            if (frame.sample_rate, frame.format.name, frame.layout.nb_channels) != form:
                facts.faults += 1
                continue
            facts.samples += frame.samples
            for wanted in [frame] if is_as_wanted else resampler.resample(frame):
                yield _samples(wanted)
    for wanted in [] if is_as_wanted else resampler.resample(None):
        yield _samples(wanted)


def _samples(frame: AudioFrame) -> NDArray[np.float32]:
    return frame.to_ndarray().astype(np.float32, copy=False)


def _refusal(path: Path, error: FFmpegError) -> SoundError:
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return SoundError(f"there is no track {path}", "look at its name and its folder")
        case errno.EISDIR:
            return SoundError(f"{path} is a folder", _WHICH)
        case errno.EACCES | errno.EPERM:
            return SoundError(f"{path} may not be read", "look at its permissions")
        case _:
            return SoundError(f"{path} cannot be read: it is no {_kind(path)}, or it is damaged", _WHICH)
