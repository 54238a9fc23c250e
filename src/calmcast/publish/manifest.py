"""What a track is made of, as JSON that is the same for the same inputs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PureWindowsPath
from types import MappingProxyType

from calmcast.diagnostics import SourceRef
from calmcast.model.timeline import BedSpan, Breath, Chapter, Clip, Rung, Silence, Spoken, Timeline, TrackInfo
from calmcast.publish.contour import contour
from calmcast.units import SAMPLE_RATE, seconds

FORMAT = 2
"""Raised when a reader of older manifests would misread a newer one."""

_SPEECH_LUFS = {1: -19.0, 2: -16.0}
_TRUE_PEAK_DBTP = -1.0


@dataclass(frozen=True, slots=True)
class VoiceNote:
    """Who speaks a voice profile in a track."""

    engine: str
    settings: tuple[tuple[str, str], ...]
    instead_of: tuple[tuple[str, str], ...]
    """The engines that the profile would rather have, each with why it does not speak."""
    stand_in: str
    """Who speaks what the voice itself does not; nothing: nobody has to."""
    stood_in: int
    """How many lines of the track that are."""


@dataclass(frozen=True, slots=True)
class Mastering:
    """How a track came to its levels."""

    kbps: int
    gains_db: Mapping[str, float]
    """What each part was made louder by, in decibels."""
    own_db: Mapping[str, float]
    """How much louder than others a speaker is meant to be; those who are not are left out."""
    lufs: Mapping[str, float]
    """How loud each recording is in the finished track, by its key, without what its line has of its own."""


def manifest(
    info: TrackInfo,
    timeline: Timeline,
    *,
    script: str,
    options: Mapping[str, str],
    sources: Mapping[str, str],
    voices: Mapping[str, VoiceNote],
    mastering: Mastering,
    versions: Mapping[str, str],
    audio_sha256: str,
    sound_files: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return the manifest of a track as JSON text: two spaces of indent, a final newline, no dates.

    `script` is the script's name; `options` the value of each of its options;
    `sources` holds the SHA-256 of each file it was read from, by the file's path;
    `voices` who speaks each voice profile; `mastering` how it came to its levels;
    `versions` those of calmcast, the engines and the encoder; `audio_sha256` is that of the finished MP3;
    `sound_files` holds the SHA-256 of each bell and bed that is a file, by its name.
    Absolute paths lose their folders.
    Raises ValueError for a gain that is not a finite number.
    """
    content = {
        "format": FORMAT,
        "title": info.title,
        "artist": info.artist,
        "album": info.album,
        **({"number": list(info.number)} if info.number else {}),
        "about": info.about,
        "language": info.language,
        "length_s": _seconds(timeline.samples),
        "samples": timeline.samples,
        "rate": SAMPLE_RATE,
        "channels": timeline.channels,
        "kbps": mastering.kbps,
        "audio_sha256": audio_sha256,
        "script": {
            "name": script,
            "options": dict(sorted(options.items())),
            "sources": [
                {"file": file, "sha256": digest}
                for file, digest in sorted((_portable(path), digest) for path, digest in sources.items())
            ],
        },
        "voices": {name: _voice(note) for name, note in sorted(voices.items())},
        "loudness": {"speech_lufs": _SPEECH_LUFS[timeline.channels], "true_peak_dbtp": _TRUE_PEAK_DBTP},
        "gains_db": {part: round(level, 3) for part, level in sorted(mastering.gains_db.items())},
        **({"own_db": dict(sorted(mastering.own_db.items()))} if mastering.own_db else {}),
        "versions": dict(sorted(versions.items())),
        **({"sound_files": dict(sorted(sound_files.items()))} if sound_files else {}),
        "chapters": [_chapter(chapter) for chapter in timeline.chapters],
        "beds": [_bed(span) for span in timeline.beds],
        "breaths": [_breath(breath) for breath in timeline.breaths if breath.tone and breath.phase != "rest"],
        "events": [_event(event, mastering.lufs) for event in timeline.events],
    }
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def likeness(text: str) -> str:
    """Return a digest of all in a manifest that can be heard, seen or read in its track and beside it.

    Where a line stands in which file, what else those files hold, and the digest of the MP3 are left out: two manifests
    that are alike are of the same track. Empty for a text that is no manifest.
    """
    try:
        content = json.loads(text)
        content["script"].pop("sources")
        content.pop("audio_sha256")
        for event in content["events"]:
            event.pop("source")
    except (ValueError, TypeError, KeyError, AttributeError):
        return ""
    return sha256(json.dumps(content, sort_keys=True).encode(errors="replace")).hexdigest()


def audio_digest(text: str) -> str:
    """Return the SHA-256 that a manifest has of its MP3; empty for a text that is no manifest."""
    try:
        return str(json.loads(text)["audio_sha256"])
    except (ValueError, TypeError, KeyError):
        return ""


def _voice(note: VoiceNote) -> dict[str, object]:
    passed = [{"engine": engine, "reason": reason} for engine, reason in note.instead_of]
    stand_in = {"stand_in": note.stand_in, "stood_in_lines": note.stood_in} if note.stand_in else {}
    rather = {"instead_of": passed} if passed else {}
    return {"engine": note.engine, "settings": dict(note.settings), **rather, **stand_in}


def _chapter(chapter: Chapter) -> dict[str, object]:
    return {"title": chapter.title, **_span(chapter.start, chapter.end - chapter.start)}


def _event(event: Clip | Silence, lufs: Mapping[str, float]) -> dict[str, object]:
    common = {**_span(event.start, event.samples), "segment": event.segment, "source": _place(event.source)}
    if isinstance(event, Silence):
        return {"kind": event.kind, **common}
    match event.content:
        case Spoken(recording, voice, text, level, rise):
            by = {"by": recording.by} if recording.by else {}
            levels = {"level_db": level, "rise_db": rise, "heard": recording.heard or (0, recording.samples)}
            if recording.key in lufs:
                levels["lufs"] = round(lufs[recording.key] + level, 2)
            if letters := contour(recording.loudness):
                levels["contour"] = letters
            return {"kind": "line", **common, "voice": voice, **by, "text": text, **levels, "recording": recording.key}
        case Rung(strike, level):
            own = {"pitch": strike.pitch} if strike.pitch else {}
            file = {"file": strike.name} if strike.file else {}
            return {"kind": "bell", **common, "sound": strike.name, **file, **own, "level_db": level}


def _bed(span: BedSpan) -> dict[str, object]:
    key = {"key": span.made_of.key} if span.made_of.key else {}
    seed = {} if span.made_of.file else {"seed": span.made_of.seed}
    fades = {"fade_in_s": _seconds(span.fade_in), "fade_out_s": _seconds(span.fade_out)}
    levels = [[_seconds(sample), level] for sample, level in span.levels]
    place = _span(span.start, span.end - span.start)
    return {"name": span.made_of.name, **key, **seed, **place, **fades, "levels": levels}


def _breath(breath: Breath) -> dict[str, object]:
    tone = {"sound": breath.tone.sound, "key": breath.tone.key, "level_db": breath.tone.level} if breath.tone else {}
    return {"phase": breath.phase, **_span(breath.start, breath.samples), **tone}


def _span(start: int, samples: int) -> dict[str, object]:
    return {"start": start, "samples": samples, "start_s": _seconds(start), "length_s": _seconds(samples)}


def _seconds(samples: int) -> float:
    """Return samples as seconds, to the microsecond (a sample is 23)."""
    return round(seconds(samples), 6)


def _place(source: SourceRef) -> str:
    return f"{_portable(source.file)}:{source.line}:{source.column}"


def _portable(file: str) -> str:
    """Return a path with forward slashes, and of an absolute path its name alone: the same on every machine."""
    path = PureWindowsPath(file)
    return path.name if path.anchor else path.as_posix()
