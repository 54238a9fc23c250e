"""Sounds -> a stream of finished audio, a stretch at a time, so that memory does not grow with the track."""

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from calmcast.diagnostics import SourceRef
from calmcast.errors import SoundError
from calmcast.model.timeline import Block, Island
from calmcast.units import SAMPLE_RATE

FORMAT = 2
"""Goes up when sounds are mixed, faded or limited in another way: part of what an island's sound is kept by."""

HEADROOM_DB = 24.0
"""Mixing is done in 32 bits, this far below their full scale: sums fit, and nothing of 16 bits is lost."""

EDGE = 2 * SAMPLE_RATE // 1000
"""Samples of fade at each end of a sound, so that none begins or ends with a step."""

LONGEST_BLOCK = 20 * SAMPLE_RATE

LIMITER_REACH = SAMPLE_RATE
"""The limiter is shown this much before and after a block cut from a longer sound, so that the cut can't be heard."""

_MIX_WIDTH = 4
_FRAME_RATE = 1000
"""pydub counts in milliseconds and truncates. Told that a second has 1 000 frames, its millisecond is one sample."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Something that sounds once, from `start` for `samples`."""

    start: int
    samples: int
    pcm: Callable[[], bytes]
    """Returns its mono 16-bit little-endian samples."""
    level: float
    """In decibels."""
    peak: float
    """The most that its true peak can be at its level, full scale = 1."""
    source: SourceRef
    content: tuple[str | float, ...]
    """What decides its samples, wherever it lies."""

    @property
    def end(self) -> int:
        return self.start + self.samples


@dataclass(frozen=True, slots=True)
class Ground:
    """What sounds on and on under everything."""

    spans: tuple[tuple[int, int], ...]
    """(start, end) of where it sounds, in order; they may overlap."""
    pcm: Callable[[int, int], tuple[bytes, float]]
    """Returns its interleaved 32-bit little-endian samples between two samples of the track, HEADROOM_DB below full
    scale, and the most that their true peak can be, full scale = 1."""


SILENT = Ground((), lambda start, end: (b"", 0.0))
Limit = Callable[[bytes, float, int], bytes]
"""(32-bit little-endian samples HEADROOM_DB below their full scale, the most that their true peak can be, channels) to
finished 16-bit samples."""


def mix(
    samples: int,
    channels: int,
    sounds: Iterable[Sound],
    ground: Ground,
    limit: Limit,
) -> Iterator[Island]:
    """Yield the islands of a track of so many samples in order. What overlaps is summed, and is one island.

    A sound is in the middle of a track of two channels. Raises ValueError where a sound ends after its track, and an
    island SoundError where a sound has fewer samples than it should.
    """
    for island, start, end in _islands(sounds, ground, samples):
        lies = any(begin < end and until > start for begin, until in ground.spans)
        content = None if lies else _content(island, start, channels)
        yield Island(start, end, content, _Mixed(island, ground, start, end, channels, limit))


def blocks(islands: Iterable[Island], first: int, last: int) -> Iterator[Block]:
    """Yield a stretch of a track in order as blocks: sounds of at most LONGEST_BLOCK samples, silences of any length.

    A stretch sounds as it does in the whole track.
    """
    position = first
    for island in islands:
        start, end = max(island.start, position), min(island.end, last)
        if start >= end:
            continue
        if start > position:
            yield Block(start - position, None)
        for at in range(start, end, LONGEST_BLOCK):
            until = min(at + LONGEST_BLOCK, end)
            yield Block(until - at, island.pcm(at, until))
        position = end
    if last > position:
        yield Block(last - position, None)


def _content(island: Sequence[Sound], start: int, channels: int) -> tuple[object, ...]:
    """Return what decides how these sounds sound together."""
    return (FORMAT, channels, *((s.start - start, s.samples, s.level, s.peak, *s.content) for s in island))


def _islands(sounds: Iterable[Sound], ground: Ground, samples: int) -> Iterator[tuple[list[Sound], int, int]]:
    """Yield (sounds, start, end) of each stretch in which something sounds without a break."""
    island, begin, end = list[Sound](), 0, -1
    things: list[tuple[int, int, Sound | None]] = [(first, last, None) for first, last in ground.spans]
    things += [(sound.start, sound.end, sound) for sound in sounds]
    for start, until, sound in sorted(things, key=lambda thing: thing[:2]):
        if until > samples or start < 0:
            where = f"at {sound.source} " if sound else ""
            raise ValueError(f"a sound {where}ends after its track, or begins before it")
        if start == until:
            continue
        if start >= end:
            if end >= 0:
                yield island, begin, end
            island, begin = [], start
        island += [sound] if sound else []
        end = max(end, until)
    if end >= 0:
        yield island, begin, end


@dataclass(frozen=True, slots=True)
class _Mixed:
    """What sounds together, from `start` to `end` of a track."""

    island: Sequence[Sound]
    ground: Ground
    start: int
    end: int
    channels: int
    limit: Limit

    def __call__(self, start: int, end: int) -> bytes:
        """Return the finished audio from `start` to `end`."""
        first, last = max(self.start, start - LIMITER_REACH), min(self.end, end + LIMITER_REACH)
        heard = [sound for sound in self.island if sound.start < last and sound.end > first]
        lies = any(begin < last and until > first for begin, until in self.ground.spans)
        silence = bytes((last - first) * _MIX_WIDTH * self.channels), 0.0
        pcm, peak = self.ground.pcm(first, last) if lies else silence
        mixed = _segment(pcm, _MIX_WIDTH, self.channels)
        for sound in heard:
            begin, until = max(first, sound.start), min(last, sound.end)
            part = _sounding(sound, begin - sound.start, until - sound.start)
            mixed = mixed.overlay(part.set_channels(self.channels), position=begin - first)
        finished = self.limit(mixed.raw_data, peak + _highest(heard), self.channels)
        width = 2 * self.channels
        return finished[width * (start - first) : width * (end - first)]


def _highest(sounds: Sequence[Sound]) -> float:
    """Return the most that the true peak of sounds together can be: where most of them overlap."""
    return max((sum(s.peak for s in sounds if s.start <= at.start < s.end) for at in sounds), default=0.0)


def _sounding(sound: Sound, first: int, last: int) -> Any:
    """Return samples `first` to `last` of a sound, at its level and faded at the sound's own ends."""
    pcm, samples = sound.pcm(), sound.samples
    if len(pcm) < 2 * samples:
        raise SoundError(
            f"the sound for {sound.source} is shorter than when it was measured",
            "something changed it meanwhile: run the command again",
        )
    edge = min(EDGE, samples // 2)
    # What is cut out holds each fade whole or not at all.
    start = 0 if first < edge else min(first, samples - edge)
    end = samples if last > samples - edge else max(last, edge)
    part = _segment(pcm[2 * start : 2 * end], 2, 1).set_sample_width(_MIX_WIDTH).apply_gain(sound.level - HEADROOM_DB)
    if edge and start == 0:
        part = part.fade_in(edge)
    if edge and end == samples:
        part = part.fade_out(edge)
    return part[first - start : last - start]


def _segment(pcm: bytes, width: int, channels: int) -> Any:
    return _audio_segment()(data=pcm, sample_width=width, frame_rate=_FRAME_RATE, channels=channels)


@cache
def _audio_segment() -> Any:
    """Return pydub's AudioSegment, imported without what it says about things that calmcast does without.

    It looks for an ffmpeg program to read files with, is written with escapes that newer Pythons
    warn of, and uses `audioop`, which Python 3.11 and 3.12 call deprecated and audioop-lts brings to 3.13.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Couldn't find ffmpeg or avconv", category=RuntimeWarning)
        warnings.filterwarnings("ignore", message=".*invalid escape sequence", category=SyntaxWarning)
        warnings.filterwarnings("ignore", message="invalid escape sequence", category=DeprecationWarning)
        warnings.filterwarnings("ignore", message="'audioop' is deprecated", category=DeprecationWarning)
        from pydub import AudioSegment
    return AudioSegment
