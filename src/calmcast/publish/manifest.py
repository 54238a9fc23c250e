"""A track's manifest: made of its timeline, as JSON that is the same for the same inputs, and read with suspicion."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath
from types import MappingProxyType
from typing import assert_never

from calmcast.diagnostics import SourceRef
from calmcast.errors import PublishError
from calmcast.jsonfile import object_of
from calmcast.model.manifest import (
    FORMAT,
    BedEntry,
    BellEntry,
    BreathEntry,
    ChapterEntry,
    FileEntry,
    LineEntry,
    Loudness,
    Manifest,
    ScriptEntry,
    SilenceEntry,
    SourceFile,
    VoiceEntry,
    to_microsecond,
)
from calmcast.model.sound import Strike
from calmcast.model.timeline import BedSpan, Event, Silence, Spoken, Struck, Timeline, TrackInfo, toned_breaths
from calmcast.publish.codec import MisfitError, plain, shaped
from calmcast.publish.tagged import Digests

_SPEECH_LUFS = {1: -19.0, 2: -16.0}
_TRUE_PEAK_DBTP = -1.0
_MOST_BYTES = 64 << 20
"""A day of one line a second has half of that."""
_AGAIN = "render the track again: calmcast writes its manifest beside it"


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
    bells_lufs: Mapping[Strike, float]
    """How loud the loudest 400 ms of each bell are there, at its own level."""
    louder_db: float = 0.0
    """What all of these were raised by, for a place that wants it louder."""
    true_peak_dbtp: float = _TRUE_PEAK_DBTP
    """What no true peak of the finished track exceeds."""


def manifest_of(
    info: TrackInfo,
    timeline: Timeline,
    *,
    script: str,
    options: Mapping[str, str],
    sources: Mapping[str, str],
    voices: Mapping[str, VoiceEntry],
    mastering: Mastering,
    versions: Mapping[str, str],
    digests: Digests,
    sound_files: Mapping[str, str] = MappingProxyType({}),
    file: FileEntry | None = None,
) -> Manifest:
    """Return the manifest of a track. Absolute paths lose their folders.

    `script` is the script's name; `options` the value of each of its options;
    `sources` holds the SHA-256 of each file it was read from, by the file's path;
    `voices` who speaks each voice profile; `mastering` how it came to its levels;
    `versions` those of calmcast, the engines and the encoder; `digests` are those of the finished file;
    `sound_files` holds the SHA-256 of each bell and bed that is a file, by its name; `file` what kind of file it is
    where it is no MP3 for a phone.
    """
    read_from = sorted((_portable(path), digest) for path, digest in sources.items())
    toned = ((breath, tone) for breath, tone, _ in toned_breaths(timeline))
    return Manifest(
        title=info.title,
        artist=info.artist,
        album=info.album,
        number=info.number,
        about=info.about,
        language=info.language,
        samples=timeline.samples,
        channels=2 if timeline.channels == 2 else 1,
        kbps=mastering.kbps,
        file=file,
        synthetic_voice=info.synthetic_voice,
        spoken_by=info.spoken_by,
        audio_sha256=digests.audio,
        tag_sha256=digests.tag,
        script=ScriptEntry(script, options, tuple(SourceFile(*each) for each in read_from)),
        voices=voices,
        loudness=Loudness(_SPEECH_LUFS[timeline.channels] + mastering.louder_db, mastering.true_peak_dbtp),
        gains_db={part: round(level + mastering.louder_db, 3) for part, level in mastering.gains_db.items()},
        own_db=mastering.own_db,
        versions=versions,
        sound_files=sound_files,
        chapters=tuple(ChapterEntry(start=c.start, samples=c.end - c.start, title=c.title) for c in timeline.chapters),
        beds=tuple(_bed(span) for span in timeline.beds),
        breaths=tuple(
            BreathEntry(
                start=breath.start,
                samples=breath.samples,
                phase=breath.phase,
                sound=tone.sound,
                key=tone.key,
                level_db=tone.level,
            )
            for breath, tone in toned
        ),
        events=tuple(_event(event, mastering) for event in timeline.events),
    )


def _event(event: Event, mastering: Mastering) -> LineEntry | BellEntry | SilenceEntry:
    start, samples, segment, source = event.start, event.samples, event.segment, _place(event.source)
    match event:
        case Silence():
            return SilenceEntry(start=start, samples=samples, segment=segment, source=source, kind=event.kind)
        case Spoken(recording=recording, voice=voice, text=text, level=level, rise=rise):
            return LineEntry(
                start=start,
                samples=samples,
                segment=segment,
                source=source,
                voice=voice,
                by=recording.by,
                text=text,
                level_db=level,
                rise_db=rise,
                heard=recording.heard or (0, recording.samples),
                lufs=round(mastering.lufs[recording.key] + mastering.louder_db + level, 2)
                if recording.key in mastering.lufs
                else None,
                recording=recording.key,
            )
        case Struck(strike=strike, level=level):
            return BellEntry(
                start=start,
                samples=samples,
                segment=segment,
                source=source,
                sound=strike.name,
                file=strike.name if strike.file else "",
                pitch=strike.pitch or "",
                level_db=level,
                lufs=round(mastering.bells_lufs[strike] + mastering.louder_db + level, 2),
            )
        case _:
            assert_never(event)


def _bed(span: BedSpan) -> BedEntry:
    return BedEntry(
        start=span.start,
        samples=span.end - span.start,
        name=span.made_of.name,
        key=span.made_of.key or "",
        seed=None if span.made_of.file else span.made_of.seed,
        fade_in_s=to_microsecond(span.fade_in),
        fade_out_s=to_microsecond(span.fade_out),
        levels=tuple((to_microsecond(sample), level) for sample, level in span.levels),
    )


def _place(source: SourceRef) -> str:
    return f"{_portable(source.file)}:{source.line}:{source.column}"


def _portable(file: str) -> str:
    """Return a path with forward slashes, and of an absolute path its name alone: the same on every machine."""
    path = PureWindowsPath(file)
    return path.name if path.anchor else path.as_posix()


def same_sound(one: Manifest, other: Manifest) -> bool:
    """Return whether two manifests are of the same sound.

    What is only read makes no difference: titles, words, chapters, the script's name and files, digests.
    """
    return _heard(one) == _heard(other)


_CHOSEN: tuple[tuple[str, Callable[[Manifest], object]], ...] = (
    ("another bed", lambda track: {(bed.name, bed.key) for bed in track.beds}),
    ("another voice", lambda track: {event.voice for event in track.events if isinstance(event, LineEntry)}),
    ("other bells", lambda track: [event.sound for event in track.events if isinstance(event, BellEntry)]),
    ("another number of channels", lambda track: track.channels),
    ("another bit rate", lambda track: track.kbps),
)
"""What a command chooses of a track without its file being called otherwise."""


def chosen_otherwise(one: Manifest, other: Manifest) -> tuple[str, ...]:
    """Return in what two tracks of one script and length differ that is chosen, in words; nothing for other tracks."""
    if (one.script, one.samples) != (other.script, other.samples):
        return ()
    return tuple(words for words, of in _CHOSEN if of(one) != of(other))


def _heard(manifest: Manifest) -> Manifest:
    """Return a manifest without what is only read."""
    return replace(
        manifest,
        title="",
        artist="",
        album="",
        number=None,
        about="",
        language="",
        synthetic_voice="",
        spoken_by="",
        audio_sha256="",
        tag_sha256="",
        script=ScriptEntry("", {}, ()),
        chapters=(),
        events=tuple(map(_sounding, manifest.events)),
    )


def _sounding(event: LineEntry | BellEntry | SilenceEntry) -> LineEntry | BellEntry | SilenceEntry:
    unplaced = replace(event, source="", segment=0)
    return replace(unplaced, text="") if isinstance(unplaced, LineEntry) else unplaced


def encode(manifest: Manifest) -> str:
    """Return a manifest as JSON text: two spaces of indent, a final newline, no dates.

    Raises ValueError for a level that is not a finite number.
    """
    return json.dumps(plain(manifest), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def decode(text: str, name: str) -> Manifest:
    """Return the manifest that `encode` made this text of. `name`: what it is called where something is wrong.

    Raises PublishError for a text that is no manifest, or that of an older or a newer calmcast.
    """
    try:
        content = object_of(text)
    except ValueError:
        raise PublishError(f"{name} is not a manifest: it is no JSON", _AGAIN) from None
    told = content.get("format")
    if type(told) is int and told > FORMAT:
        raise PublishError("the manifest was made by a newer calmcast", "verify the track with that one")
    if type(told) is int and 1 <= told < FORMAT:
        raise PublishError(f"the manifest {name} was made by an older calmcast", "make the track again with this one")
    try:
        manifest: Manifest = shaped(Manifest, content)
    except MisfitError as error:
        raise PublishError(
            f"{name} is not a manifest that can be read: `{error}` is missing or wrong", _AGAIN
        ) from None
    return manifest


def read_manifest(path: Path) -> Manifest:
    """Return the manifest at `path`. Raises PublishError as `decode`, and where it is not there or cannot be read."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise PublishError(f"{path} is not a manifest: it is far too large", _AGAIN)
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PublishError(
            f"there is no manifest {path} for the track",
            "only tracks that calmcast made have one; it lies beside the track, and has to move with it",
        ) from None
    except OSError as error:
        raise PublishError(f"the manifest {path} cannot be read: {error.strerror}", "look at its permissions") from None
    except UnicodeDecodeError:
        raise PublishError(f"{path} is not a manifest: it is no JSON", _AGAIN) from None
    return decode(text, str(path))
