"""A timeline as a stream of finished audio, a stretch at a time, so that memory does not grow with the track."""

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from calmcast.errors import SoundError
from calmcast.model.timeline import Block, Clip, Rung, Timeline
from calmcast.model.voice import Recording
from calmcast.units import SAMPLE_RATE, gain

HEADROOM_DB = 24.0
"""Mixing is done in 32 bits, this far below their full scale: sums fit, and nothing of 16 bits is lost."""

EDGE = 2 * SAMPLE_RATE // 1000
"""Samples of fade at each end of a clip, so that none begins or ends with a step."""

LONGEST_BLOCK = 20 * SAMPLE_RATE

LIMITER_REACH = SAMPLE_RATE
"""The limiter is shown this much before and after a block cut from a longer sound, so that the cut can't be heard."""

_MIX_WIDTH = 4
_FRAME_RATE = 1000
"""pydub counts in milliseconds and truncates. Told that a second has 1 000 frames, its millisecond is one sample."""


def mix(
    timeline: Timeline,
    read: Callable[[Recording], bytes],
    gains: Mapping[str, float],
    ring: Callable[[str], tuple[bytes, float]],
    limit: Callable[[bytes, float], bytes],
) -> Iterator[Block]:
    """Yield the track in order as mono blocks: sounds of at most LONGEST_BLOCK samples, and silences of any length.

    The blocks' samples sum to `timeline.samples`. Clips that overlap are summed, and are one stretch of sound.

    - `read`: a recording's mono 16-bit little-endian samples
    - `gains`: decibels for each speaker in the timeline (a bell's level is its own)
    - `ring`: a bell's samples by its name, as from `read`, and their true peak, full scale = 1
    - `limit`: 32-bit little-endian samples, HEADROOM_DB below their full scale, and the most that their true peak can
      be, to finished 16-bit samples

    Raises SoundError where a sound is shorter than its clip.
    """
    pcm_of = partial(_pcm_and_level, read=read, gains=gains, ring=ring)
    position = 0
    for island in _islands(timeline):
        start, end = island[0].start, max(clip.end for clip in island)
        highest = sum(_peak(clip, gains, ring) for clip in island)
        if start > position:
            yield Block(start - position, None)
        for first in range(start, end, LONGEST_BLOCK):
            last = min(first + LONGEST_BLOCK, end)
            shown = max(start, first - LIMITER_REACH)
            pcm = limit(_sum(island, shown, min(end, last + LIMITER_REACH), pcm_of), highest)
            yield Block(last - first, pcm[2 * (first - shown) : 2 * (last - shown)])
        position = end
    if timeline.samples > position:
        yield Block(timeline.samples - position, None)


def _islands(timeline: Timeline) -> Iterator[tuple[Clip, ...]]:
    """Yield the clips in groups: those of a group overlap, and between groups nothing sounds."""
    island: list[Clip] = []
    end = 0
    for event in timeline.events:
        if not isinstance(event, Clip) or not event.samples:
            continue
        if event.end > timeline.samples:
            raise ValueError(f"clip at {event.source} ends after its track")
        if island and event.start >= end:
            yield tuple(island)
            island = []
        island.append(event)
        end = max(end, event.end)
    if island:
        yield tuple(island)


def _sum(island: Iterable[Clip], start: int, end: int, pcm_of: Callable[[Clip], tuple[bytes, float]]) -> bytes:
    """Return what sounds from `start` to `end`, as 32-bit samples HEADROOM_DB below full scale."""
    mixed = _segment(bytes((end - start) * _MIX_WIDTH), _MIX_WIDTH)
    for clip in island:
        if clip.start < end and clip.end > start:
            first, last = max(start, clip.start), min(end, clip.end)
            sound = _sounding(*pcm_of(clip), clip.samples, first - clip.start, last - clip.start)
            mixed = mixed.overlay(sound, position=first - start)
    pcm: bytes = mixed.raw_data
    return pcm


def _peak(clip: Clip, gains: Mapping[str, float], ring: Callable[[str], tuple[bytes, float]]) -> float:
    """Return the true peak of a clip at its level, full scale = 1."""
    if isinstance(clip.content, Rung):
        return ring(clip.content.sound)[1] * gain(clip.content.level)
    return clip.content.recording.peak * gain(gains[clip.content.speaker])


def _pcm_and_level(
    clip: Clip,
    read: Callable[[Recording], bytes],
    gains: Mapping[str, float],
    ring: Callable[[str], tuple[bytes, float]],
) -> tuple[bytes, float]:
    """Return a clip's 16-bit samples and its level in decibels."""
    if isinstance(clip.content, Rung):
        pcm, level = ring(clip.content.sound)[0], clip.content.level
    else:
        pcm, level = read(clip.content.recording), gains[clip.content.speaker]
    if len(pcm) < 2 * clip.samples:
        raise SoundError(
            f"the sound for {clip.source} is shorter than when it was measured",
            "something changed it meanwhile: run the command again",
        )
    return pcm, level


def _sounding(pcm: bytes, level: float, samples: int, first: int, last: int) -> Any:
    """Return samples `first` to `last` of a sound `samples` long, at its level and faded at the sound's own ends."""
    edge = min(EDGE, samples // 2)
    # What is cut out holds each fade whole or not at all.
    start = 0 if first < edge else min(first, samples - edge)
    end = samples if last > samples - edge else max(last, edge)
    sound = _segment(pcm[2 * start : 2 * end], 2).set_sample_width(_MIX_WIDTH).apply_gain(level - HEADROOM_DB)
    if edge and start == 0:
        sound = sound.fade_in(edge)
    if edge and end == samples:
        sound = sound.fade_out(edge)
    return sound[first - start : last - start]


def _segment(pcm: bytes, width: int) -> Any:
    return _audio_segment()(data=pcm, sample_width=width, frame_rate=_FRAME_RATE, channels=1)


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
