"""A recording in any format that phones and programs write -> mono samples at 44 100 Hz, a stretch at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from os import SEEK_END
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calmcast.errors import SoundError
from calmcast.takes.envelope import Envelope, envelope
from calmcast.units import SAMPLE_RATE, format_clock

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SURE_AFTER = 30 * SAMPLE_RATE
"""So much sound tells which channels carry the voice."""
_ASLEEP = 1e-3
"""A channel with less than this share of the other's power (30 dB) carries nothing."""
_SILENT = 1e-9
_MISSING_S = 1.0
"""A file that holds so much less than it says was cut off."""
_TELLS_ITS_LENGTH = ("mov", "flac", "aiff")
"""Formats whose header knows the length; others' is an estimate."""
_UNTOLD = 2**32 - 2**12
"""A WAV file that says it has so many bytes was written by a program that did not know."""
_LOCKED = ("drms", "enca", "aavd")


def listen(path: Path) -> Envelope:
    """Return the envelope of a recording, read once from end to end; memory does not grow with its sound.

    Raises SoundError where it is no whole recording.
    """
    return envelope(blocks(path))


def about_s(path: Path) -> float:
    """Return about how many seconds a recording lasts, from its header; 0 where it does not say."""
    with _opened(path) as container:
        return (container.duration or 0) / 1_000_000


def samples_between(path: Path, start: int, end: int) -> "NDArray[np.float32]":
    """Return the samples from `start` to `end`, counted at 44 100 Hz from the first that is decoded: (end - start,).

    Mono, full scale = 1. Raises SoundError where the file cannot be read or is shorter.
    """
    return next(samples_of(path, ((start, end),)))


def samples_of(path: Path, spans: Sequence[tuple[int, int]]) -> "Iterator[NDArray[np.float32]]":
    """Yield the samples of each (start, end), as `samples_between`, in one reading.

    The spans are in order and do not overlap. The file is decoded from its beginning: that is what makes a position
    the same sample every time, which seeking in compressed sound does not.
    """
    import numpy as np

    sound = blocks(path)
    held, first = np.zeros(0, np.float32), 0
    for start, end in spans:
        if not first <= start < end:
            raise ValueError(f"{start} to {end} is no span after {first}")
        parts = [held]
        there = first + len(held)
        while there < end:
            block = next(sound, None)
            if block is None:
                raise SoundError(
                    f"{path.name} ends at {format_clock(there)}, before a line that was cut from it",
                    "put the recording back as it was, or record the line again",
                )
            if there + len(block) <= start:
                parts, first = [], there + len(block)
            else:
                parts.append(block)
            there += len(block)
        held = np.concatenate(parts)
        yield held[start - first : end - first]
        held, first = held[end - first :], end


def blocks(path: Path) -> "Iterator[NDArray[np.float32]]":
    """Yield a recording as mono blocks of some tens of milliseconds at 44 100 Hz, full scale = 1.

    Channels are averaged; one that carries nothing is left out, and of two that cancel each other the first is taken.
    Raises SoundError where the file is missing, is empty, is no audio, is locked, or was cut off.
    """
    weights = _weights(path)
    there = 0
    with _opened(path) as container:
        for channels in _decoded(path, container):
            if len(channels) != len(weights):
                raise _damaged(path, there)
            there += channels.shape[1]
            yield weights @ channels
        _check_whole(path, container, there)


def _weights(path: Path) -> "NDArray[np.float32]":
    """Return by how much each channel is taken, from the first 30 s in which there is any sound."""
    import numpy as np

    heard, power, total = 0, np.zeros(0), 0.0
    with _opened(path) as container:
        for channels in _decoded(path, container):
            squares = (channels.astype(np.float64) ** 2).sum(axis=1)
            power = squares if not len(power) else power + squares[: len(power)]
            total += float((channels.mean(axis=0, dtype=np.float64) ** 2).sum())
            heard += channels.shape[1] * bool(squares.max() > _SILENT * channels.shape[1])
            if heard >= _SURE_AFTER:
                break
    if not len(power):
        raise _soundless(path)
    carries = power >= _ASLEEP * power.max()
    if total < _ASLEEP * power.max():
        carries = np.arange(len(power)) == np.argmax(power)
    return np.asarray(carries / carries.sum(), np.float32)


def _decoded(path: Path, container: Any) -> "Iterator[NDArray[np.float32]]":
    """Yield the sound as it is decoded, at 44 100 Hz: (channels, samples)."""
    import av
    import numpy as np

    resampler = av.AudioResampler(format="fltp", rate=SAMPLE_RATE)
    there = 0
    try:
        for frame in container.decode(audio=0):
            frame.pts = None
            for made in resampler.resample(frame):
                there += made.samples
                yield np.asarray(made.to_ndarray(), np.float32)
        for made in resampler.resample(None) if there else ():
            yield np.asarray(made.to_ndarray(), np.float32)
    except (av.FFmpegError, ValueError) as error:
        raise _damaged(path, there) from error


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a file that has sound in it."""
    import av

    _check_there(path)
    try:
        # A list of other files or addresses is also a format, and nothing else is to be opened.
        container = av.open(str(path.absolute()), options={"protocol_whitelist": "file"}, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as error:
        raise _unreadable(path) from error
    with container:
        if not container.streams.audio:
            raise _soundless(path)
        if container.streams.audio[0].codec_context.codec_tag.lower() in _LOCKED:
            raise SoundError(
                f"{path.name} is copy-protected, so it cannot be read",
                "record your own voice with the phone's recorder: such files are free",
            )
        yield container


def _check_there(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(12)
            size = file.seek(0, SEEK_END)
    except IsADirectoryError:
        raise SoundError(f"{path.name} is a folder, not a recording", "name a file in it") from None
    except FileNotFoundError:
        raise SoundError(f"there is no recording {path}", "check its name and its folder") from None
    except OSError as error:
        raise SoundError(
            f"{path.name} cannot be opened: {error.strerror or error}", "copy it to another place"
        ) from error
    if not header:
        raise SoundError(f"{path.name} is empty", "copy it from the phone again")
    promised = int.from_bytes(header[4:8], "little")
    if header[:4] == b"RIFF" and header[8:] == b"WAVE" and size < promised < _UNTOLD:
        raise _cut_off(path, "")


def _check_whole(path: Path, container: Any, there: int) -> None:
    """Raise SoundError where the file has less sound than its header says."""
    stream = container.streams.audio[0]
    if container.format.name.split(",")[0] not in _TELLS_ITS_LENGTH or not stream.duration:
        return
    promised_s = float(stream.duration * stream.time_base)
    if there / SAMPLE_RATE < promised_s - _MISSING_S:
        raise _cut_off(path, f" at {format_clock(there)}")


def _unreadable(path: Path) -> SoundError:
    with path.open("rb") as file:
        begins = file.read(12)
    if begins[4:8] == b"ftyp":
        return _cut_off(path, "")
    return SoundError(
        f"{path.name} is not a recording that can be read", "give an audio file: .m4a, .mp3, .wav, .flac or .ogg"
    )


def _cut_off(path: Path, where: str) -> SoundError:
    return SoundError(
        f"{path.name} was cut off{where}: its end is missing",
        "copy it from the phone again, after the recorder has said that it is saved",
    )


def _damaged(path: Path, there: int) -> SoundError:
    return SoundError(f"{path.name} is damaged at {format_clock(there)}", "copy it from the phone again")


def _soundless(path: Path) -> SoundError:
    return SoundError(f"{path.name} has no sound in it", "record it again with the microphone on")
