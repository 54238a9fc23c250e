"""A sound file in any format that phones, programs and shops write -> samples at 44 100 Hz, a stretch at a time."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from calmcast.errors import SoundError
from calmcast.units import SAMPLE_RATE, format_clock


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file is meant to be, for what is said where something is wrong with it."""

    noun: str
    again: str
    """What to do about one that did not arrive whole."""
    unlocked: str
    """What to do about one that is copy-protected."""
    louder: str
    """What to do about one without sound."""


SOUND_FILE = FileKind(
    "sound file",
    again="copy it again from where it came, or export it again",
    unlocked="choose one that is free of copy protection: most shops also sell MP3 or FLAC",
    louder="choose a file that has sound in it",
)

_FILTER = {"filter_size": "256", "cutoff": "0.98"}
"""How swr interpolates between sample rates. As measured: flat within 0.01 dB up to 0.95 of the lower rate's half, and
images and aliases at least 90 dB down from 0.98 of it (22.5 kHz in 96 kHz, 10.5 kHz in 22 050 Hz). Its own choice lets
11.5 kHz sound along with 10.5 kHz only 13 dB softer, and 21.6 kHz for 22.5 kHz only 14 dB softer."""
_LOWEST_HZ = 4_000
"""Sample rates below this are nobody's: 80 kB at 1 Hz would be a day."""
_ASLEEP = 1e-3
"""A channel with less than this share of the strongest one's power (30 dB) carries nothing."""
_MISSING_S = 1.0
"""A file that holds so much less than it says was cut off."""
_TELLS_ITS_LENGTH = ("mov", "flac", "aiff")
"""Formats whose header knows the length; others' may be an estimate, and MP3 has a count of its own."""
_MP3_RATES_HZ = {
    (version, index): rate >> halved
    for version, halved in ((3, 0), (2, 1), (0, 2))
    for index, rate in enumerate((44_100, 48_000, 32_000))
}
"""By the version and the number that a frame's header has for them (ISO/IEC 11172-3 and 13818-3, 2.4.2.3). MPEG-2
halves the rates and the samples of a frame; MPEG 2.5 halves the rates once more."""
_UNTOLD = 2**32 - 2**12
"""A WAV file that says it has so many bytes was written by a program that did not know."""
_LOCKED = ("drms", "enca", "aavd")
_PADDED_S = 0.1
"""What the frames of an MP3 last longer than what is decoded of them: its encoder's delay and padding."""
_STRAYS = 20
"""So many frames of MP3 may be found by chance in a picture of some megabytes."""
_LISTS = ("hls", "concat", "dash")


def about_s(path: Path, kind: FileKind = SOUND_FILE) -> float:
    """Return about how many seconds a file lasts, from its header; 0 where it does not say. Errors as `decoded`."""
    with _opened(path, kind) as container:
        return (container.duration or 0) / 1_000_000


def decoded(path: Path, kind: FileKind = SOUND_FILE, stereo: bool = False) -> Iterator[NDArray[np.float32]]:
    """Yield a file's sound at 44 100 Hz in blocks of some tens of milliseconds: (channels, samples), full scale = 1.

    Every block has as many channels as the file; where `stereo`, more than two are mixed down to two (ITU-R BS.775).
    A lossy file may go a little over full scale, one of floating-point numbers much.

    Raises SoundError where the file is missing, is empty, is no audio, is locked, is damaged, or was cut off.
    """
    with _opened(path, kind) as container:
        there, graph, form = 0, None, None
        try:
            for frame in _frames(container, _counted_s(path) if container.format.name == "mp3" else 0.0):
                if graph is None:
                    if frame.sample_rate < _LOWEST_HZ:
                        raise _no_sound(path, kind, frame.sample_rate)
                    form, graph = _form(frame), _resampling(frame, path, stereo)
                elif frame and _form(frame) != form:
                    raise ValueError("the sound changes its form on the way")
                for made in _passed(graph, frame):
                    sound = np.asarray(made.to_ndarray(), np.float32).reshape(made.samples, -1).T
                    there += made.samples
                    if not np.isfinite(sound).all():
                        raise ValueError("a sample that is no number")
                    yield sound
        except (av.FFmpegError, ValueError) as error:
            damaged = SoundError(f"{path.name} is damaged at {format_clock(there)}", kind.again)
            raise damaged if there else _unreadable(path, kind) from error
        if not there:
            raise SoundError(f"{path.name} has no sound in it", kind.louder)
        _check_whole(path, kind, container, there)


def mono_shares(power: NDArray[np.float64], together: float) -> NDArray[np.float32]:
    """Return by how much each channel is taken for one: they are averaged, shape as `power`, sum 1.

    `power`: of each channel; `together`: that of their mean. A channel that carries nothing is left out; where they
    cancel each other, the strongest is taken.
    """
    carries = power >= _ASLEEP * power.max()
    if together < _ASLEEP * power.max():
        carries = np.arange(len(power)) == np.argmax(power)
    return np.asarray(carries / carries.sum(), np.float32)


def _frames(container: Any, counted_s: float) -> Iterator[Any]:
    """Yield the decoded frames, and None after the last, where there is any.

    What is no sound at the end of an MP3 (old tags, padding) is passed over; so is whatever cannot be decoded behind as
    many frames as the file counts, for a picture there may look like frames here and there. `counted_s`: how long these
    are; 0: it does not count.
    """
    any_there = passed_over = ended = False
    done_s, strays = 0.0, 0
    for packet in container.demux(container.streams.audio[0]):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            ended = ended or 0 < counted_s < done_s + _PADDED_S < counted_s + _MISSING_S
            # Every frame of MP3 begins with eleven ones; one that does and cannot be decoded was cut off.
            if not ended and (container.format.name != "mp3" or bytes(packet)[:1] == b"\xff"):
                raise
            passed_over = True
            continue
        if passed_over and frames:
            strays += len(frames)
            if not ended or strays > _STRAYS:
                raise ValueError("a hole in the sound")
            continue
        any_there = any_there or bool(frames)
        done_s += sum(frame.samples / frame.sample_rate for frame in frames)
        yield from frames
    if any_there:
        yield None
    elif passed_over:
        raise ValueError("nothing in it is sound")


def _form(frame: Any) -> dict[str, str]:
    rate_hz = str(frame.sample_rate)
    return {"sample_fmt": frame.format.name, "channel_layout": frame.layout.name, "sample_rate": rate_hz}


def _resampling(frame: Any, path: Path, stereo: bool) -> Any:
    """Return the filter graph that brings frames like this one to 44 100 Hz, as floats.

    They are packed: PyAV ends the process where it makes an array of eight planes or more.
    """
    graph = av.filter.Graph()
    channels = frame.layout.nb_channels
    mixed = {"channel_layouts": "stereo"} if stereo and channels > 2 else {}
    graph.link_nodes(
        graph.add("abuffer", **_form(frame)),
        graph.add("aresample", sample_rate=str(SAMPLE_RATE), **_FILTER),
        graph.add("aformat", sample_fmts="flt", **mixed),
        graph.add("abuffersink"),
    )
    try:
        graph.configure()
    except (av.FFmpegError, ValueError):
        message = f"{path.name} has {channels} channels, and nothing says where they belong"
        raise SoundError(message, "export it in stereo or mono") from None
    return graph


def _passed(graph: Any, frame: Any) -> Iterator[Any]:
    """Yield what comes out of a graph when a frame is put in; for None, what is still in it."""
    if frame:
        frame.pts = None
    graph.push(frame)
    while True:
        try:
            yield graph.pull()
        except (av.EOFError, av.BlockingIOError):
            return


@contextmanager
def _opened(path: Path, kind: FileKind) -> Iterator[Any]:
    """Open a file that has sound in it."""
    check_there(path, kind)
    try:
        # A list of other files or addresses is also a format, and nothing else is to be opened.
        container = av.open(str(path.absolute()), options={"protocol_whitelist": "file"}, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as error:
        raise _unreadable(path, kind) from error
    with container:
        if container.format.name in _LISTS:
            raise _unreadable(path, kind)
        if not container.streams.audio:
            raise SoundError(f"{path.name} has no sound in it", kind.louder)
        if container.streams.audio[0].codec_context.codec_tag.lower() in _LOCKED:
            raise SoundError(f"{path.name} is copy-protected, so it cannot be read", kind.unlocked)
        yield container


def check_there(path: Path, kind: FileKind = SOUND_FILE) -> None:
    """Raise SoundError where there is no file, or one that is empty or that was cut off as it was copied."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise SoundError(f"{path.name} is a folder, not a {kind.noun}", "name a file in it")
        if not stat.S_ISREG(mode):
            raise SoundError(f"{path.name} is not a {kind.noun}", "name an ordinary file")
        with path.open("rb") as file:
            header = file.read(12)
            size = file.seek(0, SEEK_END)
    except FileNotFoundError:
        raise SoundError(f"there is no {kind.noun} {path}", "check its name and its folder") from None
    except OSError as error:
        why = error.strerror or error
        raise SoundError(f"{path.name} cannot be opened: {why}", "copy it to another place") from error
    if not header:
        raise SoundError(f"{path.name} is empty", kind.again)
    promised = int.from_bytes(header[4:8], "little")
    if header[:4] == b"RIFF" and header[8:] == b"WAVE" and size < promised < _UNTOLD:
        raise _cut_off(path, kind, "")


def _check_whole(path: Path, kind: FileKind, container: Any, there: int) -> None:
    """Raise SoundError where the file has less sound than its header says."""
    stream, form = container.streams.audio[0], container.format.name.split(",")[0]
    if form == "mp3":
        promised_s = _counted_s(path)
    else:
        promised_s = float((stream.duration or 0) * stream.time_base) if form in _TELLS_ITS_LENGTH else 0.0
    if there / SAMPLE_RATE < promised_s - _MISSING_S:
        raise _cut_off(path, kind, f" at {format_clock(there)}")


def _counted_s(path: Path) -> float:
    """Return how long an MP3 is by its own count of frames (Xing's header, LAME's too); 0.0 where it has none.

    FFmpeg's own figure is an estimate wherever something follows the last frame, as a picture in an APEv2 tag does.
    """
    with path.open("rb") as file:
        tag = file.read(10)
        file.seek(10 + (tag[6] << 21 | tag[7] << 14 | tag[8] << 7 | tag[9]) if tag[:3] == b"ID3" else 0)
        first = file.read(64)
    at = max(first.find(b"Xing"), first.find(b"Info"))
    rate_hz = _MP3_RATES_HZ.get((first[1] >> 3 & 3, first[2] >> 2 & 3)) if at > 0 and first[0] == 0xFF else None
    if rate_hz is None or not first[at + 7] & 1:
        return 0.0
    frame_samples = 1_152 if rate_hz >= 32_000 else 576
    return int.from_bytes(first[at + 8 : at + 12], "big") * frame_samples / rate_hz


def _unreadable(path: Path, kind: FileKind) -> SoundError:
    with path.open("rb") as file:
        begins = file.read(12)
    if begins[4:8] == b"ftyp":
        return _cut_off(path, kind, "")
    hint = "give an audio file: .m4a, .mp3, .wav, .flac or .ogg"
    return SoundError(f"{path.name} is not a {kind.noun} that can be read", hint)


def _no_sound(path: Path, kind: FileKind, rate_hz: int) -> SoundError:
    message = f"{path.name} has {rate_hz} samples a second, and sound has 8 000 at least"
    return SoundError(message, kind.again)


def _cut_off(path: Path, kind: FileKind, where: str) -> SoundError:
    return SoundError(f"{path.name} was cut off{where}: its end is missing", kind.again)
