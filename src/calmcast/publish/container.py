"""Blocks of sound -> a file of any kind that ffmpeg's libraries encode, of exactly the track's samples.

AAC comes in frames of 1 024 samples, and what an edit list says of a file's end few decoders heed. So the silence that
fills up a frame is put before the sound: the edit list begins after it, and the sound ends where a frame does.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, BinaryIO

import av
import numpy as np
from av.audio.stream import AudioStream
from av.codec.context import Flags
from numpy.typing import NDArray

from calmcast.model.timeline import Block
from calmcast.publish.begun import Begun
from calmcast.publish.info_header import mended
from calmcast.publish.lame import QUALITY
from calmcast.publish.places import Delivery
from calmcast.publish.resampled import pieces, samples_at
from calmcast.publish.still import Still

Span = tuple[str, int, int]
"""A chapter's title, start and end in ms."""

_WHOLE = 4_096
"""Samples that an encoder is given at once which takes as many as there are."""
_START = 1_024
"""Bytes of an MP3 in which its Info frame is."""
_LAYOUT = {1: "mono", 2: "stereo"}
_ENCODER_OPTIONS = {
    # Its other coder takes three times as long, and on speech from 32 to 80 kbit/s adds 5 to 11 dB more noise.
    "aac": {"aac_coder": "fast"},
    "libmp3lame": {"compression_level": str(QUALITY)},
    "libopus": {"application": "audio", "frame_duration": "20"},
}
_MUXER_OPTIONS = {
    "mp3": {"id3v2_version": "0", "write_xing": "1"},
    "ipod": {"movflags": "+faststart"},
    "mp4": {"movflags": "+faststart"},
}


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds besides its sound, as far as its muxer writes it."""

    chapters: Sequence[Span] = ()
    language: str = ""
    """ISO 639-2."""
    still: bytes = b""
    """A JPEG that is shown for as long as it sounds."""


def write_container(
    out: BinaryIO,
    blocks: Iterable[Block],
    delivery: Delivery,
    content: Content,
    *,
    samples: int,
    channels: int,
    on_progress: Callable[[int], None] = lambda samples: None,
) -> None:
    """Write a track of so many samples at 44 100 Hz from where `out` stands.

    It decodes to exactly `samples_at` of its rate. Memory grows by the index of an MP4 alone, half a megabyte a minute.
    Same inputs, same bytes. `on_progress` is told how many samples at 44 100 Hz are written. Raises what `out` and the
    blocks raise.
    """
    place = Begun(out)
    try:
        _write(place, blocks, delivery, content, samples, channels, on_progress)
    finally:
        if place.failure:
            raise place.failure
    if delivery.format.muxer == "mp3":
        place.replace_start(mended(place.read(0, _START), samples_at(delivery.rate, samples)))


def _write(
    out: Begun,
    blocks: Iterable[Block],
    delivery: Delivery,
    content: Content,
    samples: int,
    channels: int,
    on_progress: Callable[[int], None],
) -> None:
    form, rate = delivery.format, delivery.rate
    with _opened(out, delivery) as file:
        stream = _stream(file, delivery, delivery.kbps(samples, channels), channels)
        if content.language:
            stream.metadata["language"] = content.language
        still = Still(file, content.still, rate, samples_at(rate, samples)) if content.still else None
        if form.tagging == "atoms":
            file.set_chapters([_chapter(number, span) for number, span in enumerate(content.chapters, start=1)])
        done = 0
        for frame in _frames(pieces(blocks, channels, rate), stream, samples_at(rate, samples)):
            if out.failure:
                break
            if still:
                file.mux([*still.until(done + frame.samples)])
            file.mux(stream.encode(frame))
            done += frame.samples
            on_progress(min(samples, done * samples // samples_at(rate, samples)))
        file.mux(stream.encode(None))


def _opened(out: Begun, delivery: Delivery) -> Any:
    options = _MUXER_OPTIONS.get(delivery.format.muxer, {}) | {"fflags": "+bitexact"}
    if delivery.format.tagging == "atoms":
        options |= {"movie_timescale": str(delivery.rate)}
    if delivery.format.brand:
        options |= {"brand": delivery.format.brand}
    # The index goes before the sound when all is written: what was written is read through a handle of its own.
    return av.open(out, "w", format=delivery.format.muxer, options=options, io_open=lambda *_: out.reader())


def _stream(file: Any, delivery: Delivery, kbps: int, channels: int) -> AudioStream:
    encoder = delivery.format.encoder
    stream: AudioStream = file.add_stream(encoder, rate=delivery.rate, options=_ENCODER_OPTIONS.get(encoder, {}))
    stream.layout = _LAYOUT[channels]
    if kbps:
        stream.bit_rate = 1000 * kbps
    context = stream.codec_context
    context.flags |= Flags.bitexact
    if encoder == "libmp3lame":
        context.format = "s16p"
    context.open()
    return stream


def _chapter(number: int, span: Span) -> Any:
    title, start, end = span
    return {"id": number, "start": start, "end": end, "time_base": Fraction(1, 1000), "metadata": {"title": title}}


def _frames(sound: Iterable[NDArray[np.int16]], stream: AudioStream, samples: int) -> Iterator[av.AudioFrame]:
    """Yield the sound in frames as an encoder takes them; with AAC, what fills up a frame comes first."""
    context = stream.codec_context
    size, form, layout = context.frame_size or _WHOLE, context.format.name, context.layout.name
    early = -samples % size if context.name == "aac" else 0
    position = -early
    for piece in _equal(sound, size, early, context.channels):
        # As Any: of the arrays that it takes, PyAV names each by its type.
        values: Any = piece if form.startswith("s16") else piece.astype(np.float32) / np.float32(32_768)
        shaped = values.T if form.endswith("p") else values.reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(shaped), format=form, layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = stream.rate, position, Fraction(1, stream.rate)
        position += len(piece)
        yield frame


def _equal(sound: Iterable[NDArray[np.int16]], size: int, early: int, channels: int) -> Iterator[NDArray[np.int16]]:
    """Yield `early` samples of silence and the sound, in arrays of `size` samples, the last perhaps shorter."""
    held = np.zeros((early, channels), np.int16)
    for array in sound:
        held = np.concatenate((held, array))
        whole = len(held) // size * size
        for first in range(0, whole, size):
            yield held[first : first + size]
        held = held[whole:]
    if len(held):
        yield held
