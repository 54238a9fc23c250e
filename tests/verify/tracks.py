"""Tracks to verify: real bells, beds and breath tones, speech by numbers, written as all tracks are."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calmcast.audio.beds.catalogue import bed_lufs
from calmcast.audio.beds.samples import bed_samples
from calmcast.audio.beds.settings import BedSettings
from calmcast.audio.bells import bell_samples
from calmcast.audio.breath import breath_samples
from calmcast.audio.loudness import integrated, measure, speech_lufs
from calmcast.audio.ring import ring
from calmcast.diagnostics import SourceRef
from calmcast.model.sound import BedSound, BreathSound, BreathTone, Strike
from calmcast.model.timeline import (
    RISE_DB_S,
    BedSpan,
    Block,
    Breath,
    Chapter,
    Clip,
    Rung,
    Silence,
    Spoken,
    Timeline,
    TrackInfo,
)
from calmcast.model.voice import Recording
from calmcast.publish.captions import lrc, webvtt
from calmcast.publish.lame import MAKEUP_DB
from calmcast.publish.manifest import Mastering, VoiceNote, manifest
from calmcast.publish.mp3 import write_mp3
from calmcast.publish.pictures.cover import cover
from calmcast.publish.tags import id3_tag
from calmcast.speech.run.recording import heard
from calmcast.units import SAMPLE_RATE, gain

Sound = NDArray[np.float64]
"""(samples, channels), full scale = 1."""

SOURCE = SourceRef("scripts/rest.yaml", 3, 5)
INFO = TrackInfo("A rest", "calmcast", "Rests", "Lying on the floor.", "en-GB", "calm", (2, 5))
KBPS = {1: 96, 2: 128}
PARTS = ("Arriving", "A long rest on the floor, with a long name", "Breath", "Back")


@dataclass(frozen=True, slots=True)
class Line:
    at_s: float
    text: str
    level: float = 0.0
    rise: float = 0.0


LINES = (
    Line(2.0, "Hello. I'm glad you came."),
    Line(6.5, "Let your shoulders <soften> & [rest]."),
    Line(12.0, "Nothing here has to be right, and there is nothing that you have to do."),
    Line(21.0, "I'll be quiet for a while.", level=-3.0),
    Line(40.0, "Breathe in."),
    Line(44.0, "And out."),
    Line(54.0, "Take your time, and come back gently.", rise=6.0),
)
"""A minute of them."""


def seconds(value: float) -> int:
    return round(value * SAMPLE_RATE)


@cache
def speech(text: str) -> tuple[NDArray[np.int16], tuple[float, ...], float]:
    """Return syllables for a text, with the windows and the true peak that a recording keeps.

    A gliding voice of many harmonics and some breath, in phrases, from silence to silence.
    """
    rng = np.random.default_rng(len(text))
    samples = seconds(0.3 + 0.07 * len(text))
    time = np.arange(samples) / SAMPLE_RATE
    phase = 2 * np.pi * np.cumsum(120 + 25 * np.sin(2 * np.pi * 0.7 * time)) / SAMPLE_RATE
    voice = sum(np.sin(phase * k) / k**1.2 for k in range(1, 13)) + 0.02 * rng.standard_normal(samples)
    syllables = 0.15 + 0.85 * np.sin(np.pi * 4 * time + 1.0) ** 2
    edge = np.clip((np.minimum(np.arange(samples), np.arange(samples)[::-1]) - 400) / 220, 0, 1)
    falling = np.linspace(1.0, 0.5, samples)
    sound = np.asarray(voice * syllables * falling * edge * 6_500, dtype=np.int16)
    windows, peak = measure(np.pad(sound, 13_230))
    return sound, windows, peak


def lay_out(
    *,
    lines: Sequence[Line] = LINES,
    bells: Sequence[tuple[float, str, float]] = ((0.0, "soft", 0.0), (56.0, "bowl", -3.0)),
    beds: Sequence[BedSpan] = (),
    breaths: Sequence[Breath] = (),
    length_s: float = 70.0,
    channels: int = 1,
) -> Timeline:
    """Return a timeline of these lines and (start s, name, level) bells."""
    samples = seconds(length_s)
    clips = list[Clip]()
    for line in lines:
        sound, windows, peak = speech(line.text)
        recording = Recording(f"key-{line.text}", len(sound), (), windows, peak, heard(sound))
        spoken = Spoken(recording, "calm", line.text, line.level, line.rise)
        clips.append(Clip(seconds(line.at_s), len(sound), spoken, _part(line.at_s, length_s), SOURCE))
    for at_s, name, level in bells:
        rung = Rung(Strike(name), level, min(bell_samples(name), samples - seconds(at_s)))
        clips.append(Clip(seconds(at_s), rung.samples, rung, _part(at_s, length_s), SOURCE))
    starts = [round(samples * share) for share in (0, 0.28, 0.55, 0.75, 1)]
    chapters = [Chapter(*part) for part in zip(PARTS, starts, starts[1:], strict=False)]
    things: list[Clip | Silence] = [*clips, *_silences(clips, samples)]
    events = sorted(things, key=lambda event: event.start)
    return Timeline(samples, tuple(events), tuple(chapters), tuple(breaths), (), tuple(beds), channels)


def _part(at_s: float, length_s: float) -> int:
    return sum(at_s / length_s >= share for share in (0.28, 0.55, 0.75))


def _silences(clips: Sequence[Clip], samples: int) -> list[Silence]:
    silences, now = list[Silence](), 0
    for clip in sorted(clips, key=lambda clip: clip.start):
        if clip.start > now:
            silences.append(Silence(now, clip.start - now, "pause", clip.segment, SOURCE))
        now = max(now, clip.end)
    return [*silences, *([Silence(now, samples - now, "rest", 3, SOURCE)] if now < samples else [])]


def bed(
    sound: str, start_s: float = 0.0, end_s: float = 70.0, level: float = -22.0, dip: float = 6.0, fades: float = 4.0
) -> BedSpan:
    """Return a stretch of a bed that dips under the LINES."""
    turns = [(seconds(start_s), level)]
    for line in LINES:
        end_of_line = line.at_s + len(speech(line.text)[0]) / SAMPLE_RATE
        if start_s < line.at_s - 0.6 and end_of_line + 1.5 < end_s:
            turns += [(seconds(line.at_s - 0.6), level), (seconds(line.at_s), level - dip)]
            turns += [(seconds(end_of_line), level - dip), (seconds(end_of_line + 1.5), level)]
    made_of = BedSound(sound, key="F" if sound in {"drone", "pad"} else None, seed=3)
    in_order = tuple(sorted(turns))
    return BedSpan(made_of, seconds(start_s), seconds(end_s), seconds(fades), seconds(fades), in_order)


def paced(sound: BreathSound = "tones", level: float = -14.0) -> tuple[Breath, ...]:
    """Return a breath that sounds, at 40 s, under its cues."""
    tone = BreathTone(sound, level)
    return (
        Breath(seconds(40.0), seconds(4.0), "in", SOURCE, tone),
        Breath(seconds(44.0), seconds(5.0), "out", SOURCE, tone),
        Breath(seconds(49.0), seconds(1.0), "rest", SOURCE, tone),
    )


def sounding(timeline: Timeline) -> Sound:
    """Return what a timeline sounds like before the encoder."""
    before = MAKEUP_DB
    sound = np.zeros((timeline.samples, timeline.channels))
    lines = [(clip, clip.content) for clip in timeline.lines if isinstance(clip.content, Spoken)]
    # All lines together come to the voice's level, their own levels and slow beginnings included.
    voice = speech_lufs(1) + before - integrated(window for _, spoken in lines for window in _windows(spoken))
    for clip, spoken in lines:
        elapsed = np.arange(clip.samples) / SAMPLE_RATE
        amplitudes = gain(voice + spoken.level) * 10 ** (-np.maximum(spoken.rise - RISE_DB_S * elapsed, 0) / 20)
        sound[clip.start : clip.end] += (speech(spoken.text)[0] / 32_768 * amplitudes)[:, None]
    for event in timeline.events:
        if isinstance(event, Clip) and isinstance(event.content, Rung):
            rung = ring(event.content.strike.sound)[: event.samples] / 32_768
            sound[event.start : event.end] += (rung * gain(event.content.level))[:, None]
    for breath in timeline.breaths:
        if breath.tone and breath.phase != "rest":
            wave = breath_samples(breath.tone.sound, breath.tone.key, breath.phase, breath.start, breath.samples)
            sound[breath.start : breath.end] += (wave / 32_768 * gain(breath.tone.level + before))[:, None]
    for span in timeline.beds:
        sound[span.start : span.end] += _bed(span, timeline.channels) * gain(before)
    return sound


def _windows(spoken: Spoken) -> list[float]:
    elapsed = np.maximum(np.arange(len(spoken.recording.loudness)) - 1, 0) / 10
    levels = spoken.level - np.maximum(spoken.rise - RISE_DB_S * elapsed, 0)
    return list(np.array(spoken.recording.loudness) * 10 ** (levels / 10))


def _bed(span: BedSpan, channels: int) -> Sound:
    at = np.arange(span.start, span.end)
    turns, levels = zip(*span.levels, strict=True)
    to_level = speech_lufs(channels) - bed_lufs(span.made_of.sound, channels)
    amplitudes = 10 ** ((np.interp(at, turns, levels) + to_level) / 20)
    for edge, fade in ((at - span.start, span.fade_in), (span.end - at, span.fade_out)):
        amplitudes *= np.sin(0.5 * np.pi * np.clip(edge / max(fade, 1), 0, 1))
    settings = BedSettings(span.made_of.key) if span.made_of.key else BedSettings()
    wave = bed_samples(span.made_of.sound, span.made_of.seed, span.start, len(at), channels, settings)
    return np.asarray(wave * amplitudes[:, None], np.float64)


def published(
    path: Path,
    timeline: Timeline,
    sound: Sound | None = None,
    *,
    info: TrackInfo = INFO,
    kbps: int | None = None,
    told: Callable[[Timeline], Timeline] = lambda timeline: timeline,
) -> Path:
    """Write a track as calmcast does, with its captions and its manifest, and return where it is.

    `sound`: what is encoded instead of what the timeline sounds like. `told`: makes of the timeline the one that the
    manifest, the tags and the captions are of.
    """
    sound = sounding(timeline) if sound is None else sound
    rate = kbps or KBPS[timeline.channels]
    pcm = np.rint(sound * 32_768).clip(-32_768, 32_767).astype("<i2")
    described = told(timeline)
    with path.open("wb+") as file:
        file.write(id3_tag(info, described, cover(info.title, "1 min", "rest")))
        write_mp3(file, [Block(len(pcm), pcm.tobytes())], samples=len(pcm), channels=pcm.shape[1], kbps=rate)
    write_manifest(path, described, info=info, kbps=rate)
    path.with_suffix(".vtt").write_text(webvtt(described, info), encoding="utf-8")
    path.with_suffix(".lrc").write_text(lrc(described, info), encoding="utf-8")
    return path


def write_manifest(path: Path, timeline: Timeline, *, info: TrackInfo = INFO, kbps: int = 96) -> None:
    """Write the manifest of the track that is at `path`."""
    text = manifest(
        info,
        timeline,
        script="rest",
        options={},
        sources={},
        voices={"calm": VoiceNote("tone", (), (), "", 0)},
        mastering=Mastering(kbps, {"calm": 0.0}, {}, {}),
        versions={"calmcast": version("calmcast")},
        audio_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    path.with_suffix(".json").write_text(text, encoding="utf-8")
